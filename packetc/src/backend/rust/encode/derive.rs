//! The first step: measure all fields, compute the derived ones, verify the rest.
//!
//! In: a struct of the layout. Out: the body of `derive_fields`, which ends with the private struct that
//! holds what was found. Locals with raw values are bound before the expressions that read them.

use super::super::expr::{operands, wide};
use super::super::names::suffixed;
use super::super::types::tag_type;
use super::super::variant::VariantField;
use super::super::{Body, scalar, text};
use super::check::value_tests;
use super::kept;
use super::measure::{is_measured, measure, static_value};
use super::value::computed_value;
use super::verify::verify;
use packet_schema::layout::{
    Derivation, Extent, Mode, Part, Role, Scalar, ScalarKind, Type, Unknown,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// The body of `derive_fields`.
pub(super) fn derive(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let derived = &names.derived;
    let mut statements = TokenStream::new();
    let mut sum = Sum::default();
    // What is derived may have a size too, so all sizes are added in the end.
    let mut sums = TokenStream::new();
    let mut counted = None;
    for part in &body.layout.parts {
        match part {
            Part::Static { size, fields } => {
                sum.total += size;
                for index in fields.clone() {
                    statements.extend(static_value(body, index));
                }
            }
            Part::Dynamic { field } => {
                let (tokens, size) = measure(body, *field);
                statements.extend(tokens);
                sum.sizes.push(size);
                // A size that is a varint counts only what follows it, and nothing there is aligned.
                if body
                    .layout
                    .size_field()
                    .is_some_and(|(size, _)| size == *field)
                {
                    counted = Some((sum.total, sum.sizes.len()));
                }
            }
            Part::Align { field, to } => {
                let value = sum.value();
                let to = Literal::usize_unsuffixed(*to);
                let aligned = quote! { rt::aligned(encoded_len, #to) };
                let aligned = if body.field(*field).when.is_some() {
                    let member = &names.fields[*field].member;
                    quote! { if self.#member.is_some() { #aligned } else { encoded_len } }
                } else {
                    aligned
                };
                sums.extend(
                    quote! { let encoded_len: usize = #value; let encoded_len = #aligned; },
                );
                sum = Sum {
                    total: 0,
                    sizes: vec![quote! { encoded_len }],
                };
            }
        }
    }
    for index in &body.layout.derive_order {
        statements.extend(derived_value(body, *index));
    }
    for index in 0..body.layout.fields.len() {
        statements.extend(verify(body, index));
    }
    if let (Some((before, number)), Some((index, excluded))) = (counted, body.layout.size_field())
        && matches!(body.field(index).ty, Type::Varint(_))
    {
        let behind = Sum {
            total: sum.total - before,
            sizes: sum.sizes.split_off(number),
        };
        let local = &names.fields[index].local;
        let counted = suffixed(local, "measured");
        let excluded = (excluded != 0).then(|| {
            let excluded = Literal::i64_unsuffixed(excluded);
            quote! { - #excluded }
        });
        let value = behind.value();
        statements.extend(quote! {
            let #counted = (#value) as i128 #excluded;
            let #local = u64::try_from(#counted).unwrap_or(u64::MAX);
        });
        sum.sizes.extend(behind.sizes);
    }
    let sum = sum.value();
    statements.extend(quote! { #sums let encoded_len = #sum; });
    statements.extend(packet_limits(body));
    let kept = kept(body).map(|index| &names.fields[index].local);
    statements.extend(quote! { Ok(#derived { encoded_len, #(#kept),* }) });
    statements
}

/// Bytes of fields so far.
#[derive(Default)]
struct Sum {
    total: usize,
    sizes: Vec<TokenStream>,
}

impl Sum {
    fn value(&self) -> TokenStream {
        let sizes = &self.sizes;
        if let (0, [first, rest @ ..]) = (self.total, sizes.as_slice()) {
            return quote! { #first #(+ #rest)* };
        }
        let total = Literal::usize_unsuffixed(self.total);
        quote! { #total #(+ #sizes)* }
    }
}

/// A derived field's value, bound to its local.
fn derived_value(body: &Body<'_>, index: usize) -> TokenStream {
    let field = body.field(index);
    let (Some(kind), Role::Derived(derivation)) = (field.ty.number(), &field.role) else {
        return TokenStream::new();
    };
    match derivation {
        Derivation::Presence { of, inverted } => presence(body, index, &kind, *of, *inverted),
        Derivation::Tag { of } => tag(body, index, &kind, *of),
        Derivation::Value(value) => computed_value(body, index, &kind, value),
        Derivation::Length { of, scale, offset } => {
            let solve = Solve {
                site: Body::site(body.shape_index(index)),
                scale: Literal::i128_unsuffixed(*scale),
                offset: wide(offset, &operands(body)),
                range: scalar::literals(kind.allowed()),
            };
            length(body, index, &kind, *of, &solve)
        }
    }
}

/// Whether the field `of` is there, as a number.
fn presence(
    body: &Body<'_>,
    index: usize,
    kind: &Scalar,
    of: usize,
    inverted: bool,
) -> TokenStream {
    let local = &body.names().fields[index].local;
    let raw = scalar::raw_type(kind);
    let member = &body.names().fields[of].member;
    let method = if inverted {
        quote! { is_none }
    } else {
        quote! { is_some }
    };
    quote! { let #local = #raw::from(self.#member.#method()); }
}

/// The tag of the case that the variant `of` holds. Only the user's own, that of `else`, can be wrong.
fn tag(body: &Body<'_>, index: usize, kind: &Scalar, of: usize) -> TokenStream {
    let local = &body.names().fields[index].local;
    let member = &body.names().fields[of].member;
    let Some(found) = VariantField::of(body, of) else {
        return outside_tag(body, index, kind, member);
    };
    let owned = &found.written;
    let arms = found.arms.iter().map(|arm| {
        let ident = arm.ident;
        if let Some(case) = arm.case {
            let tag = Literal::u64_unsuffixed(case.tag);
            quote! { #owned::#ident(_) => #tag, }
        } else {
            let tag = scalar::kept(body.emitter, kind, &quote! { *tag });
            quote! { #owned::#ident { tag, .. } => #tag, }
        }
    });
    let ty = tag_type(body, found.variant);
    let tests = found
        .variant
        .otherwise
        .as_ref()
        .map(|_| tag_tests(body, index, kind));
    quote! {
        let #local: #ty = match &self.#member { #(#arms)* };
        #tests
    }
}

/// The tag of a variant that is not emitted here.
fn outside_tag(body: &Body<'_>, index: usize, kind: &Scalar, member: &Ident) -> TokenStream {
    let local = &body.names().fields[index].local;
    let raw = scalar::raw_type(kind);
    let site = Body::site(body.shape_index(index));
    let (min, max) = scalar::literals(kind.range.unwrap_or(kind.limits()));
    let named = body
        .emitter
        .outside_scalar(kind)
        .map(|ty| quote! { rt::encode_named::<#ty, _>(#site, #local)?; });
    quote! {
        let #local: #raw = encode::fitting(#site, rt::Cases::tag(&self.#member).into(), #min, #max)?;
        #named
    }
}

/// Tests of a tag that the user gave: here an enum that refuses unknown values is a mere number.
fn tag_tests(body: &Body<'_>, index: usize, kind: &Scalar) -> TokenStream {
    let local = &body.names().fields[index].local;
    let local = quote! { #local };
    let site = Body::site(body.shape_index(index));
    if let ScalarKind::Enum(id) = kind.kind
        && body.emitter.layout.enumeration(id).unknown == Unknown::Reject
    {
        let ident = &body.emitter.names.enums[id.0].ident;
        return quote! { encode::known(#site, #local, #ident::is_known)?; };
    }
    value_tests(body, &site, kind, &local)
}

/// How a length field's value follows from the length that it gives.
struct Solve {
    site: TokenStream,
    scale: Literal,
    offset: TokenStream,
    range: (Literal, Literal),
}

impl Solve {
    /// The value for the length `measured` of what has the site `of_site`.
    fn present(&self, of_site: &TokenStream, measured: &TokenStream) -> TokenStream {
        let Self {
            site,
            scale,
            offset,
            range: (min, max),
        } = self;
        quote! { encode::solve(#site, #of_site, #measured, #scale, #offset, (#min, #max))? }
    }

    /// The value where there is nothing to be measured.
    fn absent(&self) -> TokenStream {
        let Self {
            scale,
            offset,
            range: (min, max),
            ..
        } = self;
        quote! { encode::solve_absent(#scale, #offset, (#min, #max)) }
    }
}

/// The value of a length field.
fn length(body: &Body<'_>, index: usize, kind: &Scalar, of: usize, solve: &Solve) -> TokenStream {
    let local = &body.names().fields[index].local;
    let raw = scalar::raw_type(kind);
    if !is_measured(body.field(of)) {
        // Nothing but a variant's case can have a length then.
        let Some(found) = VariantField::of(body, of) else {
            return TokenStream::new();
        };
        let value = case_length(body, index, &found, solve);
        return quote! {
            #[allow(unreachable_patterns)]
            let #local: #raw = #value;
        };
    }
    let names = &body.names().fields[of];
    let measured = suffixed(&names.local, "measured");
    let of_site = Body::site(body.shape_index(of));
    let present = solve.present(&of_site, &quote! { #measured });
    let value = if body.field(of).when.is_some() {
        let member = &names.member;
        let absent = solve.absent();
        quote! { if self.#member.is_some() { #present } else { #absent } }
    } else {
        present
    };
    quote! { let #local: #raw = #value; }
}

/// The value of a length field that only some cases of a variant have.
fn case_length(
    body: &Body<'_>,
    index: usize,
    found: &VariantField<'_>,
    solve: &Solve,
) -> TokenStream {
    let member = &body.names().fields[found.index].member;
    let counted = |ty: &Type| {
        let (Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. }) = ty else {
            return false;
        };
        matches!(extent, Extent::Counted(expr) if expr.fields().contains(&index))
    };
    let arms = found.arms.iter().filter(|arm| counted(arm.ty)).map(|arm| {
        let pattern = found.member_pattern(&arm.binding());
        let value = quote! { value };
        let length = if let Type::Text(_, encoding) = arm.ty {
            text::len(*encoding, &value)
        } else {
            quote! { value.len() }
        };
        let value = solve.present(&Body::site(arm.entry), &length);
        quote! { #pattern => #value, }
    });
    let absent = solve.absent();
    quote! {
        match &self.#member {
            #(#arms)*
            _ => #absent,
        }
    }
}

/// A packet's largest size, and the value of its size field.
fn packet_limits(body: &Body<'_>) -> TokenStream {
    let layout = body.emitter.layout;
    let packet = layout.packet_of(body.id);
    let Some(framing) = packet.and_then(|packet| layout.framing_of(packet)) else {
        return TokenStream::new();
    };
    let most = framing.max_size as u64;
    let least = match framing.mode {
        Mode::Fixed(_) => most,
        // The layout has not the real sizes of what another item defines.
        _ if body.has_outside() => 0,
        _ => body.layout.min_size,
    };
    let fits = !body.has_outside()
        && body.layout.max_size.is_some_and(|max| max <= most)
        && body.layout.min_size >= least;
    let limit = (!fits).then(|| {
        let max = Literal::usize_unsuffixed(framing.max_size);
        let min = Literal::u64_unsuffixed(least);
        quote! { encode::packet_limits(&SHAPE, encoded_len, #min, #max)?; }
    });
    let size = body.layout.size_field().and_then(|(index, excluded)| {
        let field = body.field(index);
        let local = &body.names().fields[index].local;
        let kind = field.ty.number()?;
        let raw = scalar::raw_type(&kind);
        let site = Body::site(body.shape_index(index));
        let (min, max) = scalar::literals(kind.allowed());
        let counted = match field.ty {
            Type::Varint(_) => {
                let counted = suffixed(local, "measured");
                quote! { #counted }
            }
            _ if excluded == 0 => quote! { encoded_len as i128 },
            _ => {
                let excluded = Literal::i64_unsuffixed(excluded);
                quote! { encoded_len as i128 - #excluded }
            }
        };
        Some(quote! { let #local: #raw = encode::fitting(#site, #counted, #min, #max)?; })
    });
    quote! { #limit #size }
}
