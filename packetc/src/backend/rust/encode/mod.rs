//! `Encode`: first everything is computed and tested, then everything is written.
//!
//! In: a struct of the layout, the header of its owned form. Out: its `impl Encode`, and a private struct
//! that holds what the first step found: the encoded length and the values of derived fields. Nothing is
//! written before that step has succeeded. A borrowed form has the same code, by a macro over both types.
//!
//! | Module | Emits |
//! |---|---|
//! | `fixed` | both steps of a struct of fixed size, which constants can be made by |
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
mod fixed;
mod measure;
mod value;
mod verify;
mod write;

use super::body::Form;
use super::moved::moved;
use super::names::suffixed;
use super::variant::VariantField;
use super::{Body, Owner, scalar};
pub(super) use check::{is_tested, value_tests};
pub(super) use checksum::bytes;

use derive::derive;
use fixed::{fixed, size_test};
pub(super) use measure::variant_measure;
use packet_schema::layout::{Part, Role};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use write::write;
pub(super) use write::write_variant;

/// `impl Encode` for the forms of a struct that can be written.
pub(super) fn encode(body: &Body<'_>, owner: &Owner) -> TokenStream {
    let names = body.names();
    let (owned, borrowed) = (&names.owned, &names.borrowed);
    let own = body.static_size().is_none().then(|| derived_struct(body));
    let generics = &owner.generics;
    let code = match body.form {
        Form::Owned => {
            let ident = &owner.ident;
            let (_, arguments, clause) = generics.split_for_impl();
            forms(body, generics, &quote! { #ident #arguments }, clause)
        }
        Form::Borrowed => forms(body, generics, &quote! { #borrowed<'_> }, None),
        Form::Both => {
            let variants: Vec<_> = VariantField::all(body)
                .filter(|found| found.variant.types().any(|ty| body.emitter.borrows(ty)))
                .map(|found| found.names)
                .collect();
            let owned_variants = variants.iter().map(|names| &names.owned);
            let parameters = owned_variants.clone();
            let borrowed_variants = variants.iter().map(|names| &names.borrowed);
            let forms = moved(forms(body, generics, &quote! { $packet }, None));
            quote! {
                // Both forms are written by the same code.
                macro_rules! written {
                    ($packet:ty #(, $#parameters:ident)*) => { #forms };
                }
                written!(#owned #(, #owned_variants)*);
                written!(#borrowed<'_> #(, #borrowed_variants)*);
            }
        }
    };
    quote! { #own #code }
}

/// The functions of a type that can be written.
fn forms(
    body: &Body<'_>,
    generics: &syn::Generics,
    ty: &TokenStream,
    clause: Option<&syn::WhereClause>,
) -> TokenStream {
    let (generics, _, _) = generics.split_for_impl();
    let (own, functions) = match body.static_size() {
        Some(size) => fixed(body, size),
        None => varying(body),
    };
    let (own, functions) = (moved(own), moved(functions));
    let constants = constants(body);
    quote! {
        impl #generics #ty #clause { #own }

        impl #generics rt::Encode for #ty #clause {
            const SHAPE: &'static rt::Shape = &SHAPE;
            #constants

            #functions
        }
    }
}

/// What arrays of the struct need to know of it.
fn constants(body: &Body<'_>) -> TokenStream {
    let Some(size) = body.emitter.element_size(body.id) else {
        return TokenStream::new();
    };
    let is_checked = is_tested(body.emitter, body.id) || !size_test(body, size).is_empty();
    let unchecked = (!is_checked).then(|| quote! { const CHECKED: bool = false; });
    let size = Literal::usize_unsuffixed(size);
    quote! { const FIXED_LEN: Option<usize> = Some(#size); #unchecked }
}

/// What the first step finds, for the second one.
fn derived_struct(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let derived = &names.derived;
    let members = kept(body).map(|index| {
        let local = &names.fields[index].local;
        let ty = kept_type(body, index);
        quote! { #local: #ty, }
    });
    quote! {
        #[derive(Clone, Copy)]
        struct #derived { encoded_len: usize, #(#members)* }
    }
}

/// The functions of a struct whose size is not known: its own, and those of the trait. With derived fields, the
/// values of the first step are handed on instead of computing them twice, and the place in the buffer as well, so
/// that the writer that counts its bytes is local and stays in registers.
fn varying(body: &Body<'_>) -> (TokenStream, TokenStream) {
    let derived = &body.names().derived;
    let derive = moved(derive(body));
    let write = moved(write(body));
    let inline = body.inline_encode();
    let derive = quote! {
        #inline
        fn derive_fields(&self) -> rt::Encoded<#derived> {
            #derive
        }
    };
    let encoded_len = quote! {
        #inline
        fn encoded_len(&self) -> rt::Encoded<usize> {
            Ok(self.derive_fields()?.encoded_len)
        }
    };
    if kept(body).next().is_none() {
        let functions = quote! {
            #encoded_len

            #inline
            fn write(&self, writer: &mut rt::Writer<'_>) -> rt::Encoded<()> { #write }
        };
        return (derive, functions);
    }
    let own = quote! {
        #derive

        #inline
        fn write_fields(&self, derived: #derived, room: &mut [u8]) -> rt::Encoded<()> {
            let writer = &mut rt::Writer::new(room);
            #write
        }
    };
    let functions = quote! {
        #encoded_len

        #inline
        fn write(&self, writer: &mut rt::Writer<'_>) -> rt::Encoded<()> {
            let derived = self.derive_fields()?;
            self.write_fields(derived, writer.space(&SHAPE, derived.encoded_len)?)
        }

        #inline
        fn encode_with<'b>(
            &self,
            room: impl FnOnce(usize) -> rt::Encoded<&'b mut [u8]>,
        ) -> rt::Encoded<usize> {
            let derived = self.derive_fields()?;
            self.write_fields(derived, room(derived.encoded_len)?)?;
            Ok(derived.encoded_len)
        }
    };
    (own, functions)
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
