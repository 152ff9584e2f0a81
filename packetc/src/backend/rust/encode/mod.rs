//! `Encode`: first everything is computed and tested, then everything is written.
//!
//! In: a struct of the layout, the header of its owned form. Out: its `impl Encode`, and a private struct
//! that holds what the first step found: the encoded length and the values of derived fields. Nothing is
//! written before that step has succeeded.
//!
//! | Module | Emits |
//! |---|---|
//! | `derive` | the first step, and in it the values of derived fields |
//! | `measure` | lengths and sizes of fields, with the tests of what they hold |
//! | `check` | tests that a number can be written |
//! | `value` | the values that the schema gives |
//! | `verify` | comparisons with expressions that gave no value |
//! | `write` | the second step |
//! | `checksum` | what comes last in it |

mod check;
mod checksum;
mod derive;
mod measure;
mod value;
mod verify;
mod write;

use super::moved::moved;
use super::names::suffixed;
use super::{Body, Owner, scalar};
use derive::derive;
use measure::can_be_refused;
pub(super) use measure::variant_measure;
use packet_schema::layout::{Part, Role};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use write::write;
pub(super) use write::write_variant;

/// `impl Encode` for a struct's owned form.
pub(super) fn encode(body: &Body<'_>, owner: &Owner) -> TokenStream {
    let names = body.names();
    let derived = &names.derived;
    let ident = &owner.ident;
    let (generics, arguments, clause) = owner.generics.split_for_impl();
    let members = kept(body).map(|index| {
        let local = &names.fields[index].local;
        let ty = kept_type(body, index);
        quote! { #local: #ty, }
    });
    let derive = moved(derive(body));
    let inline = body.inline();
    let (helper, trait_functions) = writing(body, write(body), &inline);
    let (helper, trait_functions) = (moved(helper), moved(trait_functions));
    let constants = constants(body);
    let fixed = to_bytes(body);
    let fixed = if fixed.is_empty() {
        fixed
    } else {
        let fixed = moved(fixed);
        quote! { impl #generics #ident #arguments #clause { #fixed } }
    };
    quote! {
        #[derive(Clone, Copy)]
        struct #derived { encoded_len: usize, #(#members)* }

        impl #generics #ident #arguments #clause {
            #inline
            fn derive_fields(&self) -> rt::Encoded<#derived> {
                #derive
            }

            #helper
        }

        #fixed

        impl #generics rt::Encode for #ident #arguments #clause {
            const SHAPE: &'static rt::Shape = &SHAPE;
            #constants

            #inline
            fn encoded_len(&self) -> rt::Encoded<usize> {
                Ok(self.derive_fields()?.encoded_len)
            }

            #trait_functions
        }
    }
}

/// What arrays of the struct need to know of it.
fn constants(body: &Body<'_>) -> TokenStream {
    let Some(size) = body.emitter.element_size(body.id) else {
        return TokenStream::new();
    };
    let size = Literal::usize_unsuffixed(size);
    let unchecked = (!can_be_refused(body)).then(|| quote! { const CHECKED: bool = false; });
    quote! { const FIXED_LEN: Option<usize> = Some(#size); #unchecked }
}

/// The second step as a function of its own, if it needs the values of derived fields, and the trait's
/// functions for writing. With derived fields, `encode_into` hands them on instead of computing them twice.
fn writing(
    body: &Body<'_>,
    write: TokenStream,
    inline: &TokenStream,
) -> (TokenStream, TokenStream) {
    let writer = quote! { writer: &mut rt::Writer<'_> };
    let write = moved(write);
    let nothing = quote! { rt::Encoded<()> };
    if kept(body).next().is_none() {
        let write = quote! {
            #inline
            fn write(&self, #writer) -> #nothing { #write }
        };
        return (TokenStream::new(), write);
    }
    let derived = &body.names().derived;
    let helper = quote! {
        #inline
        fn write_fields(&self, derived: #derived, #writer) -> #nothing { #write }
    };
    let functions = quote! {
        #inline
        fn write(&self, #writer) -> #nothing {
            self.write_fields(self.derive_fields()?, writer)
        }

        #inline
        fn encode_into(&self, buffer: &mut [u8]) -> rt::Encoded<usize> {
            let derived = self.derive_fields()?;
            let room = encode::room(&SHAPE, buffer, derived.encoded_len)?;
            self.write_fields(derived, &mut rt::Writer::new(room))?;
            Ok(derived.encoded_len)
        }
    };
    (helper, functions)
}

/// Encoding into an array, for structs of fixed size.
fn to_bytes(body: &Body<'_>) -> TokenStream {
    let Some(size) = body.static_size() else {
        return TokenStream::new();
    };
    let size = Literal::usize_unsuffixed(size);
    quote! {
        /// The length in bytes.
        pub const LEN: usize = #size;

        /// The value as bytes.
        ///
        /// # Errors
        /// The first field that cannot be represented.
        #[inline]
        pub fn to_bytes(&self) -> rt::Encoded<[u8; #size]> {
            let mut bytes = [0; #size];
            rt::Encode::encode_into(self, &mut bytes)?;
            Ok(bytes)
        }
    }
}

/// The fields whose values the first step finds: derived ones and the size.
fn kept<'a>(body: &'a Body<'_>) -> impl Iterator<Item = usize> + 'a {
    let fields = body.layout.fields.iter().enumerate();
    fields
        .filter(|(_, field)| matches!(field.role, Role::Derived(_) | Role::Size { .. }))
        .map(|(index, _)| index)
}

fn kept_type(body: &Body<'_>, index: usize) -> TokenStream {
    if let Some(kind) = body.field(index).ty.number() {
        let raw = scalar::raw_type(&kind);
        quote! { #raw }
    } else {
        quote! { u64 }
    }
}

/// The local that holds where a part begins in the buffer: it is named after the part's first field.
fn part_at(body: &Body<'_>, part: &Part) -> Ident {
    let (first, suffix) = match part {
        Part::Static { fields, .. } => (fields.start, "at"),
        Part::Dynamic { field } => (*field, "at"),
        Part::Align { field, .. } => (*field, "gap"),
    };
    suffixed(&body.names().fields[first].local, suffix)
}

/// How code refers to a value of the owned struct.
#[derive(Clone)]
pub(super) struct Source {
    /// A reference to it.
    reference: TokenStream,
    /// What methods are called on.
    place: TokenStream,
    /// A copy of it, if it is a number.
    copy: TokenStream,
}

impl Source {
    /// A member of `self`.
    fn member(member: &Ident) -> Self {
        Self {
            reference: quote! { &self.#member },
            place: quote! { self.#member },
            copy: quote! { self.#member },
        }
    }

    /// The value itself, `self`.
    pub(super) fn this() -> Self {
        Self {
            reference: quote! { self },
            place: quote! { self },
            copy: quote! { (*self) },
        }
    }

    /// The reference `value`.
    fn bound() -> Self {
        Self {
            reference: quote! { value },
            place: quote! { value },
            copy: quote! { (*value) },
        }
    }
}
