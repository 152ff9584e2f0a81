//! What is asked of the types of fields that other items define.
//!
//! In: a struct's layout, in which such a type has a stand-in: a struct of the size that the user states, or
//! else of one byte, so that the sizes of the layout count them. Out: the real sizes as constant expressions,
//! and assertions where a type must be as the layout took it to be.

use super::super::body::Body;
use packet_schema::layout::{Bound, Extent, Field, Place, Prefix, Scalar, Type, Variant};
use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

/// A type that another item defines, as a field has it.
enum Inner<'a> {
    /// A struct; whether always of the size that the layout has.
    Struct(&'a TokenStream, Option<usize>),
    /// The enum of a variant, with its tag.
    Variant(&'a TokenStream, &'a Variant),
}

impl Inner<'_> {
    fn ty(&self) -> &TokenStream {
        match self {
            Self::Struct(ty, _) | Self::Variant(ty, _) => ty,
        }
    }

    /// The constant `name` of the type.
    fn constant(&self, name: &str) -> TokenStream {
        let name = proc_macro2::Ident::new(name, proc_macro2::Span::call_site());
        match self {
            Self::Struct(ty, _) => quote! { <#ty as rt::Nested>::#name },
            Self::Variant(ty, _) => quote! { <#ty as rt::Cases>::#name },
        }
    }

    /// The constant `name` of the type's view, or of the enum itself.
    fn size(&self, name: &str) -> TokenStream {
        let Self::Struct(ty, _) = self else {
            return self.constant(name);
        };
        let name = proc_macro2::Ident::new(name, proc_macro2::Span::call_site());
        quote! { <<#ty as rt::Nested>::View<'static> as rt::View<'static>>::#name }
    }
}

/// The structs and the variant that a type has from other items.
fn inner<'a>(body: &'a Body<'_>, field: Option<&'a Field>, ty: &'a Type) -> Option<Inner<'a>> {
    match ty {
        Type::Struct(id) => {
            let outside = body.emitter.outside_struct(*id)?;
            let size = body.emitter.layout.get(*id).static_size();
            Some(Inner::Struct(outside, size))
        }
        Type::Array { element, .. } => inner(body, None, element),
        Type::Variant(variant) => {
            let outside = body.emitter.outside.variant(field?)?;
            Some(Inner::Variant(outside, variant))
        }
        _ => None,
    }
}

/// How often a type's inner one is there at least and at most, if its size is not said otherwise.
fn times(ty: &Type, length: Option<(u64, u64)>) -> (u64, Option<u64>) {
    let Type::Array { extent, .. } = ty else {
        return (1, Some(1));
    };
    let (low, high) = length.unwrap_or((0, u64::MAX));
    let number = |value: i128| u64::try_from(value.max(0)).unwrap_or(u64::MAX);
    match extent {
        Extent::Fixed(count) => (*count as u64, Some(*count as u64)),
        Extent::Prefixed(prefix) => {
            let (min, max) = Prefix::limits(prefix);
            (number(min).max(low), Some(number(max).min(high)))
        }
        Extent::Counted(expr) => (number(expr.min).max(low), Some(number(expr.max).min(high))),
        // Their bytes are counted, or those of the surroundings.
        Extent::Sized(_) => (0, None),
        Extent::Until(_) | Extent::Rest { .. } | Extent::Terminated => (low, length.map(|_| high)),
    }
}

/// What a field whose type another item defines adds to the size of a struct.
struct Open<'a> {
    inner: Inner<'a>,
    /// How often it is there.
    times: (u64, Option<u64>),
    /// The bytes that the layout counts for it.
    counted: (u64, Option<u64>),
    /// The bytes that it is given, if earlier fields say that.
    given: Option<(u64, u64)>,
}

impl Open<'_> {
    /// Its least size.
    fn least(&self) -> TokenStream {
        let size = self.inner.size("MIN_LEN");
        match self.given {
            Some((low, _)) => {
                let low = Literal::u64_unsuffixed(low);
                quote! { rt::larger(#size, #low) }
            }
            None => size,
        }
    }

    /// Its largest size.
    fn most(&self) -> TokenStream {
        let size = self.inner.size("MAX_LEN");
        match self.given {
            Some((_, high)) => {
                let high = Literal::u64_unsuffixed(high.min(u32::MAX.into()));
                quote! { rt::smaller(#size, #high) }
            }
            None => size,
        }
    }
}

/// The fields whose size follows from a type that another item defines.
fn open<'a>(body: &'a Body<'_>) -> impl Iterator<Item = Open<'a>> {
    body.layout.fields.iter().filter_map(move |field| {
        let inner = inner(body, Some(field), &field.ty)?;
        let known = body.emitter.outside.known
            || matches!(inner, Inner::Struct(_, Some(_)))
            || matches!(
                &field.ty,
                Type::Array {
                    extent: Extent::Sized(_),
                    ..
                }
            )
            || field.pad_to.is_some();
        if known {
            return None;
        }
        let absent = field.when.is_some();
        if let Some(Bound::Sized(size)) = &field.bound {
            let number = |value: i128| u64::try_from(value.max(0)).unwrap_or(u64::MAX);
            return Some(Open {
                inner,
                times: (u64::from(!absent), Some(1)),
                counted: (field.min_size, field.max_size),
                given: Some((number(size.min), number(size.max))),
            });
        }
        let (least, most) = times(&field.ty, field.length);
        let least = if absent { 0 } else { least };
        // A stand-in that takes the rest has no byte of its own.
        let counted = if is_greedy(body, &inner) { 0 } else { least };
        Some(Open {
            inner,
            times: (least, most),
            counted: (counted, most),
            given: None,
        })
    })
}

impl Body<'_> {
    /// Whether the struct's view holds views of types that other items define.
    pub(in super::super) fn holds_outside(&self) -> bool {
        let dynamic = |field: &&Field| field.place == Place::Dynamic;
        let mut fields = self.layout.fields.iter().filter(dynamic);
        fields.any(|field| inner(self, Some(field), &field.ty).is_some())
    }

    /// Whether the struct's sizes follow from a type that another item defines.
    pub(in super::super) fn has_outside(&self) -> bool {
        open(self).next().is_some()
    }
}

/// The values of `View::MIN_LEN` and `View::MAX_LEN` of a struct whose sizes follow from others.
pub(in super::super) fn lengths(body: &Body<'_>) -> (TokenStream, TokenStream) {
    let counted = open(body).fold(0, |sum: u64, open| sum.saturating_add(open.counted.0));
    let known = Literal::u64_unsuffixed(body.layout.min_size.saturating_sub(counted));
    let sizes = open(body).map(|open| {
        let (least, size) = (Literal::u64_unsuffixed(open.times.0), open.least());
        quote! { (#least, #size) }
    });
    let min = quote! { rt::least(#known, &[#(#sizes),*]) };
    let limit = |size: &u64| u32::try_from(*size).is_ok();
    let counted = open(body).try_fold(0_u64, |sum, open| {
        open.times.1.filter(limit)?;
        sum.checked_add(open.counted.1.filter(limit)?)
    });
    let Some((known, counted)) = body.layout.max_size.filter(limit).zip(counted) else {
        return (min, quote! { None });
    };
    let known = Literal::u64_unsuffixed(known.saturating_sub(counted));
    let sizes = open(body).map(|open| {
        let most = Literal::u64_unsuffixed(open.times.1.unwrap_or(0));
        let size = open.most();
        quote! { (#most, #size) }
    });
    (min, quote! { rt::most(#known, &[#(#sizes),*]) })
}

/// Whether the layout has a type as one that takes everything up to the end.
fn is_greedy(body: &Body<'_>, inner: &Inner<'_>) -> bool {
    let name = inner.ty().to_string();
    let layout = body.emitter.layout;
    match inner {
        Inner::Struct(..) => layout.structs.iter().any(|found| {
            let ty = body.emitter.outside.types.get(&found.name);
            found.greedy && ty.is_some_and(|ty| ty.to_string() == name)
        }),
        Inner::Variant(_, variant) => variant.types().any(|ty| layout.is_greedy(ty)),
    }
}

/// How many structs lie in one another.
pub(super) fn depth(body: &Body<'_>) -> TokenStream {
    around(
        body,
        body.layout
            .fields
            .iter()
            .map(|field| (Some(field), &field.ty)),
    )
}

/// The depth of what holds these types.
pub(super) fn around<'a>(
    body: &'a Body<'_>,
    types: impl Iterator<Item = (Option<&'a Field>, &'a Type)>,
) -> TokenStream {
    let depths = types
        .filter_map(|(field, ty)| inner(body, field, ty))
        .map(|inner| inner.constant("DEPTH"));
    quote! { rt::around(&[#(#depths),*]) }
}

/// The bytes of a case at least and at most, as constant expressions.
pub(super) fn sizes(
    body: &Body<'_>,
    ty: &Type,
    length: Option<(u64, u64)>,
) -> (TokenStream, TokenStream) {
    let (min, max) = body.emitter.layout.sizes(ty, length);
    let open = inner(body, None, ty).filter(|inner| {
        !body.emitter.outside.known
            && !matches!(inner, Inner::Struct(_, Some(_)))
            && !matches!(
                ty,
                Type::Array {
                    extent: Extent::Sized(_),
                    ..
                }
            )
    });
    let (least, most) = times(ty, length);
    let limit = |size: u64| u32::try_from(size).is_ok();
    let Some(inner) = open else {
        let min = Literal::u64_unsuffixed(min);
        let max = max.filter(|max| limit(*max)).map_or_else(
            || quote! { None },
            |max| {
                let max = Literal::u64_unsuffixed(max);
                quote! { Some(#max) }
            },
        );
        return (quote! { #min }, max);
    };
    let counted = if is_greedy(body, &inner) { 0 } else { least };
    let known = Literal::u64_unsuffixed(min.saturating_sub(counted));
    let (count, size) = (Literal::u64_unsuffixed(least), inner.size("MIN_LEN"));
    let min = quote! { rt::least(#known, &[(#count, #size)]) };
    let most = most.filter(|most| limit(*most));
    let max = max.filter(|max| limit(*max)).zip(most).map_or_else(
        || quote! { None },
        |(max, most)| {
            let known = Literal::u64_unsuffixed(max.saturating_sub(most));
            let (count, size) = (Literal::u64_unsuffixed(most), inner.size("MAX_LEN"));
            quote! { rt::most(#known, &[(#count, #size)]) }
        },
    );
    (min, max)
}

/// Assertions that the types of other items are as the layout has them.
pub(super) fn assertions(body: &Body<'_>) -> TokenStream {
    let mut all = TokenStream::new();
    for field in &body.layout.fields {
        all.extend(of_type(body, Some(field), &field.name, &field.ty));
        if let Type::Variant(_) = field.ty
            && let Some(Inner::Variant(ty, variant)) = inner(body, Some(field), &field.ty)
            && let Some(kind) = body.field(variant.tag).ty.number()
        {
            let tag = &body.field(variant.tag).name;
            all.extend(of_tag(ty, tag, &kind));
        }
    }
    let nested = body
        .layout
        .fields
        .iter()
        .any(|field| inner(body, Some(field), &field.ty).is_some());
    // A path in an error has as many places.
    let deep = nested.then(|| {
        let depth = depth(body);
        let message = format!(
            "`{}` holds structs in structs too deep for errors to name",
            body.layout.name
        );
        quote! { const _: () = assert!(#depth <= 14, #message); }
    });
    let size = body.emitter.outside.size.map(|(low, high)| {
        let view = &body.names().view;
        let message = format!(
            "`{}` does not have the `size` that is said",
            body.layout.name
        );
        let (least, most) = (Literal::u64_unsuffixed(low), Literal::u64_unsuffixed(high));
        quote! {
            const _: () = assert!(
                <#view<'static> as rt::View<'static>>::MIN_LEN >= #least
                    && matches!(<#view<'static> as rt::View<'static>>::MAX_LEN, Some(0..=#most)),
                #message
            );
        }
    });
    quote! { #all #deep #size }
}

/// Assertions on the type of a case.
pub(super) fn of_case(body: &Body<'_>, name: &str, ty: &Type) -> TokenStream {
    of_type(body, None, name, ty)
}

/// Assertions on the type of a field, or of its elements.
fn of_type(body: &Body<'_>, field: Option<&Field>, name: &str, ty: &Type) -> TokenStream {
    if let Some(kind) = ty.number().or(match ty {
        Type::Array { element, .. } => element.number(),
        _ => None,
    }) && let Some(ty) = body.emitter.outside_scalar(&kind)
    {
        let raw = super::super::scalar::raw_type(&kind);
        let bits = Literal::u32_unsuffixed(kind.bits);
        let message = format!("`{name}`: this type has another width than `type` says");
        return quote_spanned! {ty.span()=>
            const _: () = assert!(matches!(<#ty as rt::Named<#raw>>::BITS, 0 | #bits), #message);
        };
    }
    let Some(inner) = inner(body, field, ty) else {
        return TokenStream::new();
    };
    let span = inner.ty().span();
    if body.emitter.outside.known {
        return same(body, name, &inner, ty, span);
    }
    let greedy = inner.constant("GREEDY");
    if let Type::Array { .. } = ty {
        let size = inner.size("MIN_LEN");
        let message = format!("`{name}`: an element must end by itself and have at least one byte");
        return quote_spanned! {span=>
            const _: () = assert!(!#greedy && #size > 0, #message);
        };
    }
    let bounded = field.is_some_and(|field| {
        matches!(field.bound, Some(Bound::Sized(_))) || field.pad_to.is_some()
    });
    if bounded || matches!(inner, Inner::Struct(_, Some(_))) {
        return TokenStream::new();
    }
    if is_greedy(body, &inner) {
        let message = format!(
            "`{name}`: `rest` is for a type that takes everything up to the end, and this one ends by itself"
        );
        quote_spanned! {span=> const _: () = assert!(#greedy, #message); }
    } else {
        let message = format!(
            "`{name}`: this type takes everything up to the end: say `rest`, or how long it is with `size`"
        );
        quote_spanned! {span=> const _: () = assert!(!#greedy, #message); }
    }
}

/// The assertion that a type is the one of this name that the layout has.
fn same(
    body: &Body<'_>,
    name: &str,
    inner: &Inner<'_>,
    ty: &Type,
    span: proc_macro2::Span,
) -> TokenStream {
    let element = match ty {
        Type::Array { element, .. } => element,
        ty => ty,
    };
    let Type::Struct(id) = element else {
        return TokenStream::new();
    };
    let found = body.emitter.layout.get(*id);
    let (shape, least) = (inner.size("SHAPE"), inner.size("MIN_LEN"));
    let (called, min) = (&found.name, Literal::u64_unsuffixed(found.min_size));
    let message = format!("`{name}`: this type is not the `{called}` of the schema");
    quote_spanned! {span=>
        const _: () = assert!(rt::is_called(#shape, #called) && #least == #min, #message);
    }
}

/// The assertion that a variant's tags are those of a field.
fn of_tag(ty: &TokenStream, tag: &str, kind: &Scalar) -> TokenStream {
    let (_, most) = kind.limits();
    let most = Literal::u64_unsuffixed(u64::try_from(most).unwrap_or(u64::MAX));
    let bits = Literal::u32_unsuffixed(kind.bits);
    let large = format!("a tag of these cases does not fit into `{tag}`");
    let narrow =
        format!("`{tag}` has tags that do not fit into the `tag` of the case for all others");
    quote_spanned! {ty.span()=>
        const _: () = assert!(<#ty as rt::Cases>::LARGEST_TAG <= #most, #large);
        const _: () = assert!(<#ty as rt::Cases>::TAG_BITS >= #bits, #narrow);
    }
}
