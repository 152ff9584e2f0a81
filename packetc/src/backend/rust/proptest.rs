//! `proptest`, if it is asked for: strategies of values that can be encoded.
//!
//! In: what the other emitters made a type of. Out: its `Arbitrary`. A strategy makes each field within its own limits, short
//! enough for tests. What has to agree with other fields is then changed until it does, which `Mend` says how to do for
//! each field; `packet_runtime::proptest` does it.

mod content;

use super::moved::moved;
use super::names::DispatchNames;
use super::variant::VariantField;
use super::{Body, Emitter, inner, is_owned, scalar};
use content::{content, fits, literal, mask, strategy, tag};
use packet_schema::layout::{
    Derivation, Enum, Extent, Field, Flags, Role, StructId, Type, Unknown,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// The strategies of everything but structs.
pub(super) fn all(emitter: &Emitter<'_>) -> TokenStream {
    let layout = emitter.layout;
    let dispatches = emitter.names.dispatches.iter();
    let dispatches = dispatches.map(|names| dispatch(emitter, names));
    let enums = layout.enums.iter().enumerate();
    let enums = enums.map(|(index, found)| enumeration(emitter, index, found));
    let sets = layout.flags.iter().enumerate();
    let sets = sets.map(|(index, found)| flags(emitter, index, found));
    dispatches.chain(enums).chain(sets).collect()
}

/// `impl Arbitrary` with the strategy that an expression gives.
fn arbitrary(ident: &Ident, strategy: &TokenStream) -> TokenStream {
    quote! {
        impl rt::proptest::Arbitrary for #ident {
            type Parameters = ();
            type Strategy = rt::proptest::BoxedStrategy<Self>;

            fn arbitrary_with((): ()) -> Self::Strategy {
                #strategy
            }
        }
    }
}

fn enumeration(emitter: &Emitter<'_>, index: usize, found: &Enum) -> TokenStream {
    let names = &emitter.names.enums[index];
    let strategy = match found.unknown {
        Unknown::Reject => {
            let variants = &names.values;
            quote! { rt::proptest::select(&[#(Self::#variants),*]) }
        }
        Unknown::Keep | Unknown::Skip => {
            let raw = scalar::unsigned(found.bits);
            let known = found.values.iter().map(|value| literal(value.value));
            let max = literal(mask(found.bits));
            quote! { rt::proptest::map(rt::proptest::integer::<#raw>(&[#(#known),*], 0, #max), Self) }
        }
    };
    inner(arbitrary(&names.ident, &strategy))
}

fn flags(emitter: &Emitter<'_>, index: usize, found: &Flags) -> TokenStream {
    let raw = scalar::unsigned(found.bits);
    let bits = match found.unknown {
        Unknown::Keep => mask(found.bits),
        Unknown::Reject | Unknown::Skip => found.known(),
    };
    let bits = literal(bits);
    let strategy =
        quote! { rt::proptest::map(rt::proptest::bits(#bits), |bits| Self(bits as #raw)) };
    inner(arbitrary(&emitter.names.flags[index].ident, &strategy))
}

fn dispatch(emitter: &Emitter<'_>, names: &DispatchNames) -> TokenStream {
    let layout = emitter.layout;
    if layout.framings[names.dispatch.framing].id.is_none() {
        return TokenStream::new();
    }
    let packets = names.dispatch.packets.iter();
    let packets = packets.map(|number| layout.packets[*number].body);
    let packets = packets.filter(|body| emitter.has_owned(*body)).map(|body| {
        let names = &emitter.names.structs[body.0];
        let (owned, variant) = (&names.owned, &names.variant);
        quote! { rt::proptest::map(rt::proptest::any::<#owned>(), Self::#variant) }
    });
    let packets: Vec<TokenStream> = packets.collect();
    if packets.is_empty() {
        return packets.into_iter().collect();
    }
    let strategy = quote! { rt::proptest::one_of([#(#packets),*]) };
    inner(arbitrary(&names.packet, &strategy))
}

/// The strategies of a struct and of its variants.
pub(super) fn structure(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let ident = &names.owned;
    let fields = || {
        let fields = body.layout.fields.iter().enumerate();
        fields.filter(|(_, field)| is_owned(field))
    };
    let (locals, strategies): (Vec<Ident>, Vec<TokenStream>) = (0_usize..)
        .zip(fields())
        .map(|(number, (index, field))| {
            let content = content(body, index, field);
            (format_ident!("field_{number}"), content)
        })
        .unzip();
    let members = locals.iter().zip(fields()).map(|(local, (index, field))| {
        let member = &names.fields[index].member;
        if field.when.is_some() {
            quote! { #member: Some(#local), }
        } else {
            quote! { #member: #local, }
        }
    });
    let (strategies, pattern) = (
        if strategies.is_empty() {
            quote! { rt::proptest::any::<()>() }
        } else {
            tuple(strategies)
        },
        tuple(locals.iter().map(|local| quote! { #local }).collect()),
    );
    let whole = arbitrary(
        ident,
        &quote! {
            rt::proptest::valid(rt::proptest::map(#strategies, |#pattern| Self { #(#members)* }))
        },
    );
    let mend = moved(mend(body));
    let variants = VariantField::all(body).map(|found| moved(variant(body, &found)));
    inner(quote! { #whole #mend #(#variants)* })
}

/// A tuple, of tuples where it has more members than `proptest` knows.
fn tuple(mut members: Vec<TokenStream>) -> TokenStream {
    const MOST: usize = 10;
    while members.len() > MOST {
        members = members
            .chunks(MOST)
            .map(|members| quote! { (#(#members,)*) })
            .collect();
    }
    quote! { (#(#members,)*) }
}

/// What to do with fields that do not agree with others.
fn mend(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let ident = &names.owned;
    let fields = || {
        let fields = body.layout.fields.iter().enumerate();
        fields.filter(|(_, field)| is_owned(field))
    };
    let optional = fields().filter(|(_, field)| field.when.is_some());
    let thinned = optional.zip(0_u64..).map(|((index, _), number)| {
        let member = &names.fields[index].member;
        let bit = Literal::u64_unsuffixed(number % 64);
        quote! { if wanted >> #bit & 1 == 0 { self.#member = None; } }
    });
    let thin: TokenStream = thinned.collect();
    let thin = (!thin.is_empty()).then(|| {
        quote! {
            fn thin(&mut self, wanted: u64) {
                #thin
            }
        }
    });
    let flips = fields().filter(|(_, field)| field.when.is_some());
    let flips = flips.map(|(index, _)| {
        let member = &names.fields[index].member;
        let number = Literal::u16_unsuffixed(body.shape_index(index));
        quote! {
            (Some(#number), rt::EncodeErrorKind::PresenceMismatch) => {
                rt::proptest::flip(&mut self.#member, &full.#member)
            }
        }
    });
    let flips: Vec<TokenStream> = flips.collect();
    let fit = |index: usize, field: &Field| {
        let member = &names.fields[index].member;
        if field.when.is_some() {
            let fit = fits(body, &field.ty, &quote! { value })?;
            Some(quote! { self.#member.as_mut().is_some_and(|value| #fit) })
        } else {
            fits(body, &field.ty, &quote! { &mut self.#member })
        }
    };
    let fitted: Vec<(usize, TokenStream)> = fields()
        .filter_map(|(index, field)| Some((index, fit(index, field)?)))
        .collect();
    let fits = fitted.iter().map(|(index, fit)| {
        let number = Literal::u16_unsuffixed(body.shape_index(*index));
        quote! { (Some(#number), _) => #fit, }
    });
    // What is too long or too short as a whole is so by its last content.
    let whole = fitted.last();
    let whole = whole.map(|(_, fit)| quote! { (None, _) => #fit, });
    let arms: TokenStream = flips.iter().cloned().chain(fits).chain(whole).collect();
    let mend = (!arms.is_empty()).then(|| {
        let full = if flips.is_empty() {
            quote! { _ }
        } else {
            quote! { full }
        };
        quote! {
            fn mend(&mut self, #full: &Self, field: Option<u16>, kind: rt::EncodeErrorKind) -> bool {
                match (field, kind) {
                    #arms
                    _ => false,
                }
            }
        }
    });
    let settle: TokenStream = VariantField::all(body)
        .filter_map(|found| settle(body, &found))
        .collect();
    let settle = (!settle.is_empty()).then(|| {
        quote! {
            #[allow(irrefutable_let_patterns)]
            fn settle(&mut self) {
                #settle
            }
        }
    });
    quote! {
        impl rt::proptest::Mend for #ident { #thin #mend #settle }
    }
}

/// Gives the `else` of a variant the tag that is written, where it is not what says that.
fn settle(body: &Body<'_>, found: &VariantField<'_>) -> Option<TokenStream> {
    found.variant.otherwise.as_ref()?;
    let names = body.names();
    let index = found.variant.tag;
    let field = body.field(index);
    let number = field.ty.number()?;
    let member = &names.fields[index].member;
    let (before, value) = match &field.role {
        Role::Derived(Derivation::Tag { of }) if *of == found.index => return None,
        Role::Derived(_) | Role::Size { .. } => {
            let local = &names.fields[index].local;
            let value = quote! { self.derive_fields().map_or(0, |derived| derived.#local) };
            (quote! { let found = #value; }, quote! { found })
        }
        Role::Const(value) | Role::Id(value) => (TokenStream::new(), {
            let value = literal(*value);
            quote! { #value }
        }),
        Role::Data if field.is_named() && field.when.is_some() => {
            let raw = scalar::to_raw(body.emitter, &number, &quote! { value });
            (
                TokenStream::new(),
                quote! { self.#member.map_or(0, |value| #raw) },
            )
        }
        Role::Data if field.is_named() => (
            TokenStream::new(),
            scalar::to_raw(body.emitter, &number, &quote! { self.#member }),
        ),
        Role::Data | Role::Reserved { .. } | Role::Checksum(_) => return None,
    };
    let (ident, otherwise) = (&found.names.owned, &found.names.otherwise);
    let pattern = quote! { #ident::#otherwise { tag, .. } };
    let pattern = if found.field.when.is_some() {
        quote! { Some(#pattern) }
    } else {
        pattern
    };
    let member = &names.fields[found.index].member;
    Some(quote! { #before if let #pattern = &mut self.#member { *tag = #value; } })
}

/// The strategy of a variant: any of its cases.
fn variant(body: &Body<'_>, found: &VariantField<'_>) -> TokenStream {
    let arms = found.arms.iter().filter_map(|arm| {
        let ident = arm.ident;
        let value = |ty| strategy(body, found.index, ty, arm.length);
        if arm.case.is_some() {
            let value = value(arm.ty);
            return Some(quote! { rt::proptest::map(#value, Self::#ident) });
        }
        let tag = tag(body, found)?;
        if matches!(arm.ty, Type::Skipped) {
            return Some(quote! { rt::proptest::map(#tag, |tag| Self::#ident { tag }) });
        }
        let value = value(arm.ty);
        Some(quote! { rt::proptest::map((#tag, #value), |(tag, value)| Self::#ident { tag, value }) })
    });
    arbitrary(
        &found.names.owned,
        &quote! { rt::proptest::one_of([#(#arms),*]) },
    )
}

/// Bytes of one element, if that is always the same.
fn element_size(body: &Body<'_>, element: &Type) -> Option<usize> {
    match element {
        Type::Scalar(scalar) => Some(scalar.bytes()),
        Type::Struct(id) => static_size(body, *id),
        _ => None,
    }
}

fn static_size(body: &Body<'_>, id: StructId) -> Option<usize> {
    let found = body.emitter.layout.get(id);
    let size = found.max_size.filter(|size| *size == found.min_size)?;
    usize::try_from(size).ok()
}

/// Whether an extent's length is a number of bytes though it holds elements.
const fn counts_bytes(extent: &Extent) -> bool {
    matches!(extent, Extent::Sized(_))
}
