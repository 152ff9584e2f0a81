//! What goes with types that the user of a macro wrote.
//!
//! In: the layout of one item, and what the user wrote: its name, and the Rust types of those of its fields
//! that other items define. Out: the item's codec. Of types *outside* only their names are known here; what
//! else must be known is asked of the traits in `packet_runtime::generated` when the program is compiled.
//!
//! | Module | Emits |
//! |---|---|
//! | this one | the codec of a struct |
//! | `outside` | what is asked of the types of its fields: sizes, and that they are as the layout has them |
//! | `named` | what makes an enum or flags a number on the wire |
//! | `cases` | the codec of an enum whose cases are told apart by a field |
//! | `messages` | the choice of a packet by its id |

mod cases;
mod messages;
mod named;
mod outside;

pub use cases::{Variants, cases};
pub use messages::{Message, messages};
pub use named::{Number, named};
pub(super) use outside::lengths;

use super::body::{Body, Emitter, Form};
use super::{Options, Owner, codec, inner, scalar, types};
use packet_schema::layout::{Coding, Endian, Field, Layout, Scalar, ScalarKind, StructId, Type};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use std::collections::{BTreeMap, BTreeSet};
use syn::spanned::Spanned as _;

/// An item that a user wrote.
pub struct Written<'a> {
    /// Its name.
    pub ident: &'a Ident,
    /// Its parameters: nothing, or one lifetime.
    pub generics: &'a syn::Generics,
    /// Who sees it, and so its view.
    pub visibility: &'a syn::Visibility,
    /// The types that its fields have from other items.
    pub outside: Outside,
}

/// Types that other items define.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// By the name that they have in the layout. A lifetime in them is `'static`.
    pub types: BTreeMap<String, TokenStream>,
    /// The enums of fields that are variants, by the field's name.
    pub variants: BTreeMap<String, TokenStream>,
    /// The fields that are `[T; N]` in Rust.
    pub arrays: BTreeSet<String>,
    /// Whether the layout has these types as they are, and not stand-ins.
    pub known: bool,
    /// The sizes between which the packet's must lie, if they follow from those of other items.
    pub size: Option<(u64, u64)>,
}

impl Outside {
    /// The enum of a field that is a variant.
    pub(super) fn variant(&self, field: &Field) -> Option<&TokenStream> {
        let is_variant = matches!(field.ty, Type::Variant(_));
        self.variants.get(&field.name).filter(|_| is_variant)
    }

    /// Whether a field is `[T; N]` in Rust.
    pub(super) fn is_array(&self, field: &Field) -> bool {
        self.arrays.contains(&field.name)
    }
}

impl Emitter<'_> {
    /// The type of a struct that is not emitted here.
    pub(super) fn outside_struct(&self, id: StructId) -> Option<&TokenStream> {
        self.outside.types.get(&self.layout.get(id).name)
    }

    /// Whether a struct is not emitted here.
    pub(super) fn is_outside(&self, id: StructId) -> bool {
        self.outside_struct(id).is_some()
    }

    /// What an enum or flags that are not emitted here are, seen as a number.
    pub(super) fn outside_number(&self, scalar: &Scalar) -> Option<TokenStream> {
        let ty = self.outside_scalar(scalar)?;
        let raw = scalar::raw_type(scalar);
        Some(quote_spanned! {ty.span()=> <#ty as rt::Named<#raw>> })
    }

    /// The type of an enum or flags that are not emitted here.
    pub(super) fn outside_scalar(&self, scalar: &Scalar) -> Option<&TokenStream> {
        let name = match scalar.kind {
            ScalarKind::Enum(id) => &self.layout.enumeration(id).name,
            ScalarKind::Flags(id) => &self.layout.flag_set(id).name,
            _ => return None,
        };
        self.outside.types.get(name)
    }

    /// A struct's view of bytes that live for `'a`.
    pub(super) fn view(&self, id: StructId) -> TokenStream {
        self.view_in(id, &quote! { 'a })
    }

    /// A struct's view of bytes that live for `lifetime`.
    pub(super) fn view_in(&self, id: StructId, lifetime: &TokenStream) -> TokenStream {
        if let Some(ty) = self.outside_struct(id) {
            // What is wrong with the type is wrong where it stands.
            return quote_spanned! {ty.span()=>
                <#ty as ::packet_runtime::generated::Nested>::View<#lifetime>
            };
        }
        let view = &self.names.structs[id.0].view;
        quote! { #view<#lifetime> }
    }
}

/// The codec of one struct whose owned form the user wrote: everything that [`items`](super::items) has for it
/// but that struct itself.
pub fn derived(layout: &Layout, id: StructId, written: Written<'_>) -> TokenStream {
    let known = written.outside.known;
    let options = Options::default();
    let mut emitter = Emitter::written(layout, &options, written.outside);
    // What has no header may be an element of something.
    let packet = layout.packet_of(id);
    emitter.walked[id.0] |= packet.is_none_or(|packet| packet.framing.is_none())
        && layout.get(id).static_size().is_none();
    if known {
        // The user may call it as the schema does not.
        let names = &mut emitter.names.structs[id.0];
        names.view = format_ident!("{}View", written.ident);
        names.derived = format_ident!("{}Derived", written.ident);
        names.writer = format_ident!("{}Mut", written.ident);
    }
    let mut body = Body::new(&emitter, id);
    let visibility = written.visibility;
    body.visibility = quote! { #visibility };
    body.form = Form::Owned;
    let owner = Owner::written(written.ident, written.generics);
    let codec = codec(&body, &owner);
    let scaled = types::scaled_members(&body, &owner);
    let nested = nested(&body, &owner);
    let identified = identified(&body, &owner);
    let assertions = outside::assertions(&body);
    let copy = body.holds_outside().then(|| {
        let view = &body.names().view;
        // A derive would say again what is wrong with each field's type.
        quote! {
            impl Clone for #view<'_> {
                #[inline]
                fn clone(&self) -> Self {
                    *self
                }
            }

            impl Copy for #view<'_> {}
        }
    });
    let inner = inner(quote! { #copy #scaled #nested #identified #assertions });
    quote! { #codec #inner }
}

/// What other items ask of the struct.
fn nested(body: &Body<'_>, owner: &Owner) -> TokenStream {
    let ident = &owner.ident;
    let view = &body.names().view;
    let (generics, arguments, clause) = owner.generics.split_for_impl();
    let greedy = body.layout.greedy;
    let depth = outside::depth(body);
    let fixed = body.static_size().map(|size| {
        let size = Literal::usize_unsuffixed(size);
        let test = if body.emitter.has_checks(body.id) {
            quote! { Self::check(part, at) }
        } else {
            quote! { let _ = (part, at); Ok(()) }
        };
        quote! {
            impl<'a> rt::Fixed<'a, #size> for #view<'a> {
                #[inline]
                fn test(part: &[u8; #size], at: usize) -> rt::Decoded<()> {
                    #test
                }

                #[inline]
                fn of_tested(part: &'a [u8; #size]) -> Self {
                    Self { part_0: part }
                }
            }
        }
    });
    quote! {
        impl #generics rt::Nested for #ident #arguments #clause {
            type View<'__view> = #view<'__view>;
            const GREEDY: bool = #greedy;
            const DEPTH: usize = #depth;
        }

        #fixed
    }
}

/// What the choice of a packet by its id asks of the struct, if it has an id of fixed place.
fn identified(body: &Body<'_>, owner: &Owner) -> Option<TokenStream> {
    let layout = body.emitter.layout;
    let packet = layout.packet_of(body.id)?;
    let (low, high) = packet.ids?;
    let place = id_place(layout, packet.framing?)?;
    let id = if let (Some(field), None) = (packet.id_field, packet.id()) {
        let names = &body.names().fields[field];
        if body.field(field).role.is_data() {
            let member = &names.member;
            quote! { self.#member.into() }
        } else {
            let local = &names.local;
            let low = Literal::u64_unsuffixed(low);
            quote! { self.derive_fields().map_or(#low, |derived| derived.#local.into()) }
        }
    } else {
        let low = Literal::u64_unsuffixed(low);
        quote! { #low }
    };
    let (low, high) = (Literal::u64_unsuffixed(low), Literal::u64_unsuffixed(high));
    let ident = &owner.ident;
    let (generics, arguments, clause) = owner.generics.split_for_impl();
    Some(quote! {
        impl #generics rt::Identified for #ident #arguments #clause {
            const IDS: (u64, u64) = (#low, #high);
            const ID_PLACE: rt::IdPlace = #place;

            fn id(&self) -> u64 {
                #id
            }
        }
    })
}

/// Where the id stands in the header of a framing; `None` behind or in what varies.
fn id_place(layout: &Layout, framing: usize) -> Option<TokenStream> {
    let id = layout.framings[framing].id.as_ref()?;
    let (
        Coding::Fixed {
            size,
            endian,
            shift,
            bits,
        },
        None,
    ) = (id.coding, &id.behind)
    else {
        return None;
    };
    let little = endian == Endian::Little;
    let (offset, size) = (
        Literal::usize_unsuffixed(id.offset),
        Literal::usize_unsuffixed(size),
    );
    let (bits, shift) = (
        Literal::u32_unsuffixed(bits),
        Literal::u32_unsuffixed(shift),
    );
    Some(quote! {
        rt::IdPlace { offset: #offset, size: #size, bits: #bits, shift: #shift, little: #little }
    })
}
