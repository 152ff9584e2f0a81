//! `Serialize` and `Deserialize` of structs.
//!
//! In: a struct of the layout. Out: `impl` blocks that name each field, and say how it is shown and read.

use super::super::moved::moved;
use super::super::types::{default_value, owned_type, tag_type};
use super::super::variant::VariantField;
use super::super::{Body, is_owned, scalar};
use super::{field_how, tag_how};
use packet_schema::layout::Field;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// A field that values have an entry for.
enum Entry<'a> {
    /// It is in the owned form.
    Own(usize, &'a Field),
    /// It is on the wire only.
    Wire(usize, &'a Field),
    /// Likewise, but it is the tag of these variants' `else`, which the owned form has with them.
    Tag(usize, &'a Field, Vec<VariantField<'a>>),
}

fn entries<'a>(body: &Body<'a>) -> Vec<Entry<'a>> {
    let fields = body.layout.fields.iter().enumerate();
    let named = fields.filter(|(_, field)| field.is_named());
    let entry = |(index, field): (usize, &'a Field)| {
        if is_owned(field) {
            return Entry::Own(index, field);
        }
        let by_it = VariantField::all(body)
            .filter(|found| found.variant.tag == index && found.variant.otherwise.is_some());
        let open: Vec<VariantField<'_>> = by_it.collect();
        if open.is_empty() {
            Entry::Wire(index, field)
        } else {
            Entry::Tag(index, field, open)
        }
    };
    named.map(entry).collect()
}

/// The entries that the owned form has, with the tags that are written with it.
fn kept<'a>(entries: &'a [Entry<'a>]) -> impl Iterator<Item = &'a Entry<'a>> {
    let is_wire = |entry: &&Entry<'_>| matches!(entry, Entry::Wire(..));
    entries.iter().filter(move |entry| !is_wire(entry))
}

pub(super) fn serialize_view(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let (ident, name) = (&names.view, &body.layout.name);
    let entries = entries(body);
    let shown = entries.iter().map(|entry| {
        let (method, index, field) = match entry {
            Entry::Own(index, field) => (quote! { field }, *index, *field),
            Entry::Wire(index, field) | Entry::Tag(index, field, _) => {
                (quote! { wire }, *index, *field)
            }
        };
        let (text, getter, how) = (&field.name, &names.fields[index].getter, field_how(field));
        let tag = if let Entry::Tag(_, field, open) = entry {
            let how = tag_how(body.emitter, field);
            let tag = tag(open, |found| {
                let getter = &names.fields[found.index].getter;
                (&found.names.view, quote! { self.#getter() })
            });
            quote! { out.tag::<#how, _>(#text, #tag, false)?; }
        } else {
            TokenStream::new()
        };
        quote! { out.#method::<#how, _>(#text, &self.#getter())?; #tag }
    });
    let (all, elsewhere) = (
        Literal::usize_unsuffixed(entries.len()),
        Literal::usize_unsuffixed(kept(&entries).count()),
    );
    let begin = quote! { rt::serde::fields(serializer, #name, #all, #elsewhere)? };
    serialize(
        &entries,
        &quote! { #ident<'_> },
        &TokenStream::new(),
        &begin,
        shown.collect(),
    )
}

pub(super) fn serialize_owned(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let (ident, name) = (&names.owned, &body.layout.name);
    let entries = entries(body);
    let (mut shown, mut locals, mut tags) = (Vec::new(), Vec::new(), TokenStream::new());
    for entry in kept(&entries) {
        shown.push(match entry {
            Entry::Tag(_, field, open) => {
                let local = format_ident!("tag_{}", locals.len());
                let tag = tag(open, |found| {
                    let member = &names.fields[found.index].member;
                    (&found.names.owned, quote! { &self.#member })
                });
                tags.extend(quote! { let #local = #tag; });
                let (text, how) = (&field.name, tag_how(body.emitter, field));
                let show = quote! { out.tag::<#how, _>(#text, #local, true)?; };
                locals.push(local);
                show
            }
            Entry::Own(index, field) | Entry::Wire(index, field) => {
                let (text, how) = (&field.name, field_how(field));
                let member = &names.fields[*index].member;
                quote! { out.field::<#how, _>(#text, &self.#member)?; }
            }
        });
    }
    let elsewhere = Literal::usize_unsuffixed(shown.len());
    let own = Literal::usize_unsuffixed(shown.len() - locals.len());
    let begin = quote! {
        rt::serde::fields(serializer, #name, #own #(+ usize::from(#locals.is_some()))*, #elsewhere)?
    };
    serialize(&entries, &quote! { #ident }, &tags, &begin, shown)
}

/// The tag of the first of these variants that holds its `else`; `place` gives the enum and the value.
fn tag<'a>(
    open: &'a [VariantField<'a>],
    place: impl Fn(&'a VariantField<'a>) -> (&'a Ident, TokenStream),
) -> TokenStream {
    let mut tag = quote! { None };
    for found in open.iter().rev() {
        let (ident, value) = place(found);
        let otherwise = &found.names.otherwise;
        let is_view = ident == &found.names.view;
        let pattern = quote! { #ident::#otherwise { tag, .. } };
        let pattern = if found.field.when.is_some() {
            quote! { Some(#pattern) }
        } else {
            pattern
        };
        let copy = if is_view {
            quote! { tag }
        } else {
            quote! { *tag }
        };
        tag = quote! { if let #pattern = #value { Some(#copy) } else { #tag } };
    }
    tag
}

fn serialize(
    entries: &[Entry<'_>],
    ty: &TokenStream,
    before: &TokenStream,
    begin: &TokenStream,
    shown: Vec<TokenStream>,
) -> TokenStream {
    let mutable = (!shown.is_empty()).then(|| quote! { mut });
    let has_tags = entries.iter().any(|entry| matches!(entry, Entry::Tag(..)));
    // A variant may have nothing but an `else`.
    let allow = has_tags.then(|| quote! { #[allow(irrefutable_let_patterns)] });
    let shown = shown.into_iter().map(moved);
    quote! {
        impl rt::serde::Serialize for #ty {
            #allow
            fn serialize<__S: rt::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                #before
                let #mutable out = #begin;
                #(#shown)*
                out.end()
            }
        }
    }
}

pub(super) fn deserialize(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let (owned, name) = (&names.owned, &body.layout.name);
    let entries = entries(body);
    let (mut fields, mut wire) = (Vec::new(), Vec::new());
    let (mut slots, mut reads, mut members) = (Vec::new(), Vec::new(), Vec::new());
    for entry in &entries {
        let (index, field, ty, how) = match entry {
            Entry::Own(index, field) => (
                *index,
                *field,
                owned_type(body, *index, field),
                field_how(field),
            ),
            Entry::Tag(index, field, open) => {
                let ty = open.first().map(|found| tag_type(body, found.variant));
                let how = tag_how(body.emitter, field);
                (
                    *index,
                    *field,
                    quote! { Option<#ty> },
                    quote! { rt::serde::Opt<#how> },
                )
            }
            Entry::Wire(_, field) => {
                wire.push(field.name.as_str());
                continue;
            }
        };
        let (text, member) = (field.name.as_str(), &names.fields[index].member);
        let number = Literal::usize_unsuffixed(fields.len());
        fields.push(text);
        slots.push(quote! { #member: Option<#ty>, });
        reads.push(quote! { #number => value.read::<#how, _>(&mut self.#member), });
        if let Entry::Own(..) = entry {
            let value = if field.when.is_some() {
                quote! { self.#member.flatten() }
            } else if let Some(default) = &field.default {
                let default = default_value(body.emitter, &field.ty, default);
                quote! { self.#member.unwrap_or_else(|| #default) }
            } else {
                quote! { rt::serde::given(self.#member, #text)? }
            };
            members.push(quote! { #member: #value, });
        }
    }
    let tags: Vec<TokenStream> = VariantField::all(body)
        .filter_map(|found| fill_tag(body, &found))
        .collect();
    let allow = (!tags.is_empty()).then(|| quote! { #[allow(irrefutable_let_patterns)] });
    let finish = if tags.is_empty() {
        quote! { Ok(#owned { #(#members)* }) }
    } else {
        quote! {
            let mut owned = #owned { #(#members)* };
            #(#tags)*
            Ok(owned)
        }
    };
    let read = if reads.is_empty() {
        quote! { fn read<__V: rt::serde::Values<'de>>(&mut self, _: usize, _: __V) -> Result<(), __V::Error> { Ok(()) } }
    } else {
        quote! {
            fn read<__V: rt::serde::Values<'de>>(&mut self, field: usize, value: __V) -> Result<(), __V::Error> {
                match field { #(#reads)* _ => Ok(()), }
            }
        }
    };
    let (fields, wire) = (quote! { &[#(#fields),*] }, quote! { &[#(#wire),*] });
    quote! {
        #[derive(Default)]
        struct __Fields { #(#slots)* }

        impl<'de> rt::serde::Structure<'de> for __Fields {
            type Owned = #owned;
            const NAME: &'static str = #name;
            const FIELDS: &'static [&'static str] = #fields;
            const WIRE: &'static [&'static str] = #wire;

            #read

            #allow
            fn finish(self) -> Result<#owned, &'static str> {
                #finish
            }
        }

        impl<'de> rt::serde::Deserialize<'de> for #owned {
            fn deserialize<__D: rt::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                rt::serde::structure::<__Fields, __D>(deserializer)
            }
        }
    }
}

/// A statement that gives a variant in its `else` the tag that was read beside it.
fn fill_tag(body: &Body<'_>, found: &VariantField<'_>) -> Option<TokenStream> {
    found.variant.otherwise.as_ref()?;
    let names = body.names();
    let (tag, field) = (found.variant.tag, body.field(found.variant.tag));
    let (member, text) = (&names.fields[tag].member, field.name.as_str());
    let fill = match (is_owned(field), field.when.is_some()) {
        (false, _) => quote! { *tag = rt::serde::given(self.#member.flatten(), #text)?; },
        (true, false) => {
            let raw = scalar::to_raw(body.emitter, &field.ty.number()?, &quote! { owned.#member });
            quote! { *tag = #raw; }
        }
        (true, true) => {
            let raw = scalar::to_raw(body.emitter, &field.ty.number()?, &quote! { value });
            quote! { *tag = owned.#member.map_or(0, |value| #raw); }
        }
    };
    let (ident, otherwise) = (&found.names.owned, &found.names.otherwise);
    let member = &names.fields[found.index].member;
    let pattern = quote! { #ident::#otherwise { tag, .. } };
    let pattern = if found.field.when.is_some() {
        quote! { Some(#pattern) }
    } else {
        pattern
    };
    Some(quote! { if let #pattern = &mut owned.#member { #fill } })
}
