//! Structs of fixed size: their values are tested and stored by functions that constants can be made by.
//!
//! In: such a struct. Out: `LEN`, `to_bytes`, the two functions that it calls, as those of the structs around
//! do, and the functions of `Encode` that call them too. Text is in no constant, and so no struct with any.

use super::super::{Body, docs, is_owned, scalar, text};
use super::check::{Test, is_tested, test, value_tests};
use super::write::write_fields;
use packet_schema::layout::{Extent, Mode, Scalar, Type};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The struct's own functions, and those of the trait.
pub(super) fn fixed(body: &Body<'_>, size: usize) -> (TokenStream, TokenStream) {
    let is_const = body.emitter.is_const(body.id);
    let constant = is_const.then(|| quote! { const });
    let note = docs::text(if is_const {
        "The value as bytes, also in a constant."
    } else {
        "The value as bytes. It has text, which is in no constant."
    });
    let mut tests = TokenStream::new();
    for index in 0..body.layout.fields.len() {
        tests.extend(field_tests(body, index));
    }
    tests.extend(size_test(body, size));
    let (check, own_check, trait_check) = if tests.is_empty() {
        Default::default()
    } else {
        let check = quote! {
            #[inline]
            #constant fn check_fields(&self) -> rt::Encoded<()> {
                #tests
                Ok(())
            }
        };
        let own = if is_const {
            quote! { rt::test!(self.check_fields()); }
        } else {
            quote! { self.check_fields()?; }
        };
        (check, own, quote! { self.check_fields()?; })
    };
    let store = write_fields(body, 0..body.layout.fields.len());
    let unused = store.is_empty().then(|| quote! { let _ = part; });
    let size = Literal::usize_unsuffixed(size);
    let own = quote! {
        /// The length in bytes.
        pub const LEN: usize = #size;

        #note
        ///
        /// # Errors
        /// The first field that cannot be represented.
        #[inline]
        pub #constant fn to_bytes(&self) -> rt::Encoded<[u8; #size]> {
            #own_check
            let mut bytes = [0; #size];
            self.put_fields(&mut bytes);
            Ok(bytes)
        }

        #check

        #[inline]
        #constant fn put_fields(&self, part: &mut [u8; #size]) {
            #store
            #unused
        }
    };
    let functions = quote! {
        #[inline]
        fn encoded_len(&self) -> rt::Encoded<usize> {
            #trait_check
            Ok(#size)
        }

        #[inline]
        fn write(&self, writer: &mut rt::Writer<'_>) -> rt::Encoded<()> {
            self.put_fields(writer.array::<#size>(&SHAPE)?);
            Ok(())
        }
    };
    (own, functions)
}

/// Tests of one field.
fn field_tests(body: &Body<'_>, index: usize) -> TokenStream {
    let field = body.field(index);
    if !is_owned(field) {
        return TokenStream::new();
    }
    let entry = body.shape_index(index);
    let site = Body::site(entry);
    let member = &body.names().fields[index].member;
    match &field.ty {
        Type::Scalar(kind) => {
            let raw = scalar::to_raw(body.emitter, kind, &quote! { self.#member });
            number_test(body, &site, kind, &raw)
        }
        Type::Struct(id) if body.emitter.is_outside(*id) => {
            let number = Literal::u16_unsuffixed(entry);
            quote! {
                rt::Encode::encoded_len(&self.#member).map_err(|error| error.within(&SHAPE, #number))?;
            }
        }
        Type::Struct(id) if is_tested(body.emitter, *id) => {
            let number = Literal::u16_unsuffixed(entry);
            let tested = quote! {
                encode::fixed::within(self.#member.check_fields(), &SHAPE, #number)
            };
            if body.emitter.is_const(body.id) {
                quote! { rt::test!(#tested); }
            } else {
                quote! { #tested?; }
            }
        }
        Type::Text(Extent::Fixed(size), encoding) => {
            let size = Literal::usize_unsuffixed(*size);
            let (reference, place) = (quote! { &self.#member }, quote! { self.#member });
            text::padded_test(*encoding, &site, (&reference, &place), &size)
        }
        _ => TokenStream::new(),
    }
}

/// The test of a number, if there is something to be tested.
fn number_test(
    body: &Body<'_>,
    site: &TokenStream,
    kind: &Scalar,
    raw: &TokenStream,
) -> TokenStream {
    let tested = match test(body.emitter, kind) {
        None => return TokenStream::new(),
        Some(Test::Finite) if kind.bits == 32 => quote! { finite_f32(#site, #raw) },
        Some(Test::Finite) => quote! { finite_f64(#site, #raw) },
        Some(Test::Flags(ident)) => quote! { flags(#site, #raw as u64, #ident::ALL.0 as u64) },
        Some(Test::Outside(..)) => return value_tests(body, site, kind, raw),
        Some(Test::Range(min, max)) => {
            let (min, max) = scalar::literals((min, max));
            if scalar::is_in_i128(kind) {
                quote! { range(#site, #raw as i128, #min, #max) }
            } else {
                quote! { range_u128(#site, #raw, #min, #max) }
            }
        }
    };
    if body.emitter.is_const(body.id) {
        quote! { rt::test!(encode::fixed::#tested); }
    } else {
        quote! { encode::fixed::#tested?; }
    }
}

/// The test of the size, should the framing not allow it or its field not hold it.
pub(super) fn size_test(body: &Body<'_>, size: usize) -> TokenStream {
    let layout = body.emitter.layout;
    let Some(framing) = (layout.packet_of(body.id)).and_then(|packet| layout.framing_of(packet))
    else {
        return TokenStream::new();
    };
    let least = match framing.mode {
        Mode::Fixed(_) => framing.max_size,
        _ => 0,
    };
    let fits = (least..=framing.max_size).contains(&size);
    let limits = (!fits).then(|| {
        let min = Literal::usize_unsuffixed(least);
        let (max, size) = (
            Literal::usize_unsuffixed(framing.max_size),
            Literal::usize_unsuffixed(size),
        );
        quote! { rt::test!(encode::packet_limits(&SHAPE, #size, #min, #max)); }
    });
    let field = body.layout.size_field().and_then(|(index, excluded)| {
        let kind = body.field(index).ty.number()?;
        let (min, max) = kind.range.unwrap_or(kind.limits());
        let value = size as i128 - i128::from(excluded);
        if (min..=max).contains(&value) {
            return None;
        }
        let site = Body::site(body.shape_index(index));
        let value = Literal::i128_unsuffixed(value);
        let (min, max) = scalar::literals((min, max));
        Some(quote! { rt::test!(encode::fixed::range(#site, #value, #min, #max)); })
    });
    quote! { #limits #field }
}

/// The value of the size field of a packet that always has `size` bytes.
pub(super) fn size_value(kind: &Scalar, size: usize, excluded: i64) -> TokenStream {
    let (min, max) = kind.range.unwrap_or(kind.limits());
    let value = Literal::i128_unsuffixed((size as i128 - i128::from(excluded)).clamp(min, max));
    quote! { #value }
}
