//! The codec of an enum whose cases are told apart by a field of another item.
//!
//! In: the layout of a struct with a variant that a tag chooses, and what the user calls the cases. Out: the view of the enum, and its `Cases`. The tag itself is on the wire where the other item has it.

use super::super::body::{Body, Emitter, Form};
use super::super::decode::{plain, scoped};
use super::super::encode::{Source, variant_measure, write_variant};
use super::super::moved::moved;
use super::super::names::VariantNames;
use super::super::types::{convert_variant, shape_entry, view_variant};
use super::super::variant::{Arm, VariantField};
use super::super::{Options, Owner, inner, scalar};
use super::{Written, outside};
use packet_schema::layout::{ELSE, Layout, Role, StructId, Type};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;

/// What an enum's variants are to the cases of a layout.
#[derive(Debug, Default)]
pub struct Variants {
    /// The variants of the cases, in the order of the layout.
    pub cases: Vec<Ident>,
    /// The variant for all other tags.
    pub otherwise: Option<Ident>,
    /// The tags of the cases, if they are values of another item's enum, `Kind::Echo`: then the layout has their numbers
    /// in the order of the cases instead. Nothing if the layout's tags are right.
    pub tags: Vec<TokenStream>,
}

/// The codec of an enum with these variants, which the field number `at` of the struct `id` lays out.
pub fn cases(
    layout: &Layout,
    (id, at): (StructId, usize),
    written: Written<'_>,
    variants: Variants,
) -> TokenStream {
    let Variants {
        cases,
        otherwise,
        tags,
    } = variants;
    let options = Options::default();
    let mut emitter = Emitter::written(layout, &options, written.outside);
    let view = format_ident!("{}View", written.ident);
    emitter.names.structs[id.0].fields[at].variant = Some(VariantNames {
        owned: written.ident.clone(),
        borrowed: written.ident.clone(),
        view: view.clone(),
        cases,
        otherwise: otherwise.unwrap_or_else(|| Ident::new("Else", Span::call_site())),
    });
    let mut body = Body::new(&emitter, id);
    let visibility = written.visibility;
    body.visibility = quote! { #visibility };
    body.form = Form::Owned;
    let owner = Owner::written(written.ident, written.generics);
    let Some(found) = VariantField::of(&body, at) else {
        return TokenStream::new();
    };
    let declared = view_variant(&body, &found);
    let shape = shape(&body, &found);
    let site = Body::site_function();
    let convert = convert_variant(&body, &found, &owner.with_lifetime);
    let tags = Tags::new(&found, &tags);
    let implementation = implementation(&body, &found, &tags, &owner);
    let tag_constants = &tags.constants;
    let assertions = found
        .arms
        .iter()
        .map(|arm| outside::of_case(&body, &arm.ident.to_string(), arm.ty));
    let inner = inner(quote! {
        #shape #site #convert #tag_constants #implementation #(#assertions)*
    });
    quote! { #declared #inner }
}

/// The tags of the cases.
struct Tags {
    /// The items that the others need.
    constants: TokenStream,
    /// The tag of each case, as an expression and as a pattern.
    each: Vec<TokenStream>,
    /// The largest one.
    largest: TokenStream,
}

impl Tags {
    /// The numbers of the layout, or else those of the enum's `values`, which only the compiler knows.
    fn new(found: &VariantField<'_>, values: &[TokenStream]) -> Self {
        if values.is_empty() {
            let tags = found.variant.cases.iter().map(|case| case.tag);
            let largest = Literal::u64_unsuffixed(tags.clone().max().unwrap_or(0));
            let each = tags.map(Literal::u64_unsuffixed);
            return Self {
                constants: TokenStream::new(),
                each: each.map(|tag| quote! { #tag }).collect(),
                largest: quote! { #largest },
            };
        }
        let names: Vec<Ident> = (0..values.len())
            .map(|number| format_ident!("TAG_{number}"))
            .collect();
        let constants = names.iter().zip(values).map(|(name, value)| {
            quote_spanned! {value.span()=> const #name: u64 = #value.__packet_tag(); }
        });
        let count = Literal::usize_unsuffixed(names.len());
        let assertions = found.arms.iter().zip(values).enumerate();
        let assertions = assertions.map(|(at, (arm, value))| {
            let message = format!("`{}` has the tag of another case", arm.ident);
            let at = Literal::usize_unsuffixed(at);
            quote_spanned! {value.span()=> const _: () = assert!(rt::is_new_tag(&TAGS, #at), #message); }
        });
        Self {
            constants: quote! {
                #(#constants)*
                const TAGS: [u64; #count] = [#(#names),*];
                #(#assertions)*
            },
            each: names.iter().map(|name| quote! { #name }).collect(),
            largest: quote! { rt::largest_tag(&TAGS) },
        }
    }
}

/// The names of the cases, each at the number that it has in the struct.
fn shape(body: &Body<'_>, found: &VariantField<'_>) -> TokenStream {
    let name = found.names.owned.to_string();
    let before = (0..=body.shape_index(found.index)).map(|_| quote! { rt::leaf("") });
    let arms = found.arms.iter().map(|arm| {
        let case = arm.case.map_or(ELSE, |case| &case.name);
        shape_entry(body, case, arm.ty, 0)
    });
    quote! {
        static SHAPE: rt::Shape = rt::shape(#name, &[#(#before,)* #(#arms),*]);
    }
}

fn implementation(
    body: &Body<'_>,
    found: &VariantField<'_>,
    tags: &Tags,
    owner: &Owner,
) -> TokenStream {
    let ident = &owner.ident;
    let view = &found.names.view;
    let (generics, arguments, clause) = owner.generics.split_for_impl();
    let greedy = |ty: &Type| body.emitter.layout.is_greedy(ty);
    let is_greedy = found.arms.iter().any(|arm| greedy(arm.ty));
    let depth = outside::around(body, found.arms.iter().map(|arm| (None, arm.ty)));
    let sizes = found
        .arms
        .iter()
        .map(|arm| outside::sizes(body, arm.ty, arm.length));
    let (least, most): (Vec<_>, Vec<_>) = sizes.unzip();
    let largest = &tags.largest;
    let tag = body.field(found.variant.tag).ty.number();
    let bits = match (&found.variant.otherwise, tag) {
        (Some(_), Some(kind)) => scalar::container(kind.bits),
        _ => 64,
    };
    let bits = Literal::u32_unsuffixed(bits);
    // `else` comes behind the cases, and has no tag of its own.
    let arms = || {
        let tags = tags.each.iter().map(Some).chain([None]);
        found.arms.iter().zip(tags)
    };
    let decode = arms().map(|(arm, tag)| decode_arm(body, found, arm, tag));
    let unknown = found
        .variant
        .otherwise
        .is_none()
        .then(|| quote! { _ => return Ok(None), });
    let of_each = arms().map(|(arm, tag)| {
        if let Some(tag) = tag {
            let pattern = arm.ignoring();
            return quote! { Self::#pattern => #tag, };
        }
        let ident = arm.ident;
        quote! { Self::#ident { tag, .. } => u64::from(*tag), }
    });
    let known = &tags.each;
    let chosen = arms().map(|(arm, tag)| {
        let pattern = arm.ignoring();
        if let Some(tag) = tag {
            return quote! { Self::#pattern => guarded && tag == #tag, };
        }
        quote! { Self::#pattern => !(guarded && [#(#known),*].contains(&tag)), }
    });
    let rests = found.arms.iter().map(|arm| {
        let (pattern, greedy) = (arm.ignoring(), greedy(arm.ty));
        quote! { Self::#pattern => #greedy, }
    });
    let this = Source::this();
    let measure = moved(variant_measure(body, found, &this));
    let write = moved(write_variant(body, found, &this));
    quote! {
        impl<'a> #view<'a> {
            fn decode_case(
                reader: &mut rt::Reader<'a>,
                tag: u64,
                guarded: bool,
            ) -> rt::Decoded<Option<Self>> {
                Ok(Some(match tag { #(#decode)* #unknown }))
            }
        }

        impl #generics rt::Cases for #ident #arguments #clause {
            type View<'__view> = #view<'__view>;
            const SHAPE: &'static rt::Shape = &SHAPE;
            const MIN_LEN: usize = rt::smallest(&[#(#least),*]);
            const MAX_LEN: Option<usize> = rt::largest(&[#(#most),*]);
            const GREEDY: bool = #is_greedy;
            const DEPTH: usize = #depth;
            const LARGEST_TAG: u64 = #largest;
            const TAG_BITS: u32 = #bits;

            fn decode<'__view>(
                reader: &mut rt::Reader<'__view>,
                tag: u64,
                guarded: bool,
            ) -> rt::Decoded<Option<Self::View<'__view>>> {
                #view::decode_case(reader, tag, guarded)
            }

            fn tag(&self) -> u64 {
                match self { #(#of_each)* }
            }

            fn is_chosen(&self, tag: u64, guarded: bool) -> bool {
                match self { #(#chosen)* }
            }

            fn takes_rest(&self) -> bool {
                match self { #(#rests)* }
            }

            fn encoded_len(&self) -> rt::Encoded<usize> {
                let (_, size): (usize, usize) = #measure;
                Ok(size)
            }

            fn write(&self, writer: &mut rt::Writer<'_>) -> rt::Encoded<()> {
                #write
                Ok(())
            }
        }
    }
}

/// The arm that reads a case.
fn decode_arm(
    body: &Body<'_>,
    found: &VariantField<'_>,
    arm: &Arm<'_>,
    tag: Option<&TokenStream>,
) -> TokenStream {
    let view = &found.names.view;
    let ident = arm.ident;
    let value = moved(scoped(plain(
        body,
        arm.entry,
        arm.ty,
        arm.length,
        &Role::Data,
    )));
    if let Some(tag) = tag {
        return quote! { #tag if guarded => #view::#ident(#value), };
    }
    let kind = body.field(found.variant.tag).ty.number();
    let raw = kind.map(|kind| scalar::raw_type(&kind));
    // The field that the tag is read from is as narrow.
    let tag = quote! { #raw::try_from(tag).unwrap_or(#raw::MAX) };
    if matches!(arm.ty, Type::Skipped) {
        return quote! { tag => { reader.take(reader.remaining()); #view::#ident { tag: #tag } } };
    }
    quote! { tag => #view::#ident { tag: #tag, value: #value }, }
}
