//! `serde`, if it is asked for: values as `packetc decode` shows and `packetc encode` takes them.
//!
//! In: what the other emitters made a type of. Out: its `Serialize` and `Deserialize`, which hand each field with the way
//! in which it is shown to `packet_runtime::serde`. A view shows all of its fields, an owned form its own ones. The
//! tag of a variant's `else` follows from nothing, so it is shown with the owned form too.

use super::moved::moved;
use super::names::DispatchNames;
use super::types::{default_value, id_type, owned_type, tag_type};
use super::variant::{Arm, VariantField};
use super::{Body, Emitter, inner, is_owned, scalar};
use packet_schema::layout::{ELSE, Enum, Field, Flags, ScalarKind, StructId, Type, Unknown};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// `Serialize` and `Deserialize` of everything but structs.
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

/// Those of an enum.
fn enumeration(emitter: &Emitter<'_>, index: usize, found: &Enum) -> TokenStream {
    let names = &emitter.names.enums[index];
    let raw = scalar::unsigned(found.bits);
    let values = found.values.iter();
    let values = values.map(|value| (value.name.as_str(), value.value));
    let (number, of_number) = match found.unknown {
        Unknown::Keep | Unknown::Skip => (
            quote! { u64::from(self.0) },
            quote! { #raw::try_from(number).ok().map(Self) },
        ),
        Unknown::Reject => {
            let numbers = values.clone().map(|(_, number)| literal(number));
            let variants = &names.values;
            (
                quote! { u64::from(self.value()) },
                quote! { match number { #(#numbers => Some(Self::#variants),)* _ => None } },
            )
        }
    };
    named(
        &names.ident,
        &found.name,
        [quote! { Named }, quote! { VALUES }],
        [quote! { write_named }, quote! { read_named }],
        &pairs(values),
        [number, of_number],
    )
}

/// Those of a flag set.
fn flags(emitter: &Emitter<'_>, index: usize, found: &Flags) -> TokenStream {
    let raw = scalar::unsigned(found.bits);
    let values = found.values.iter();
    let values = values.map(|flag| (flag.name.as_str(), 1 << flag.bit));
    named(
        &emitter.names.flags[index].ident,
        &found.name,
        [quote! { Bits }, quote! { FLAGS }],
        [quote! { write_bits }, quote! { read_bits }],
        &pairs(values),
        [
            quote! { u64::from(self.0) },
            quote! { #raw::try_from(number).ok().map(Self) },
        ],
    )
}

fn literal(number: u64) -> Literal {
    Literal::u64_unsuffixed(number)
}

/// Names with their numbers.
fn pairs<'a>(values: impl Iterator<Item = (&'a str, u64)>) -> TokenStream {
    let values = values.map(|(name, number)| {
        let number = literal(number);
        quote! { (#name, #number) }
    });
    quote! { &[#(#values),*] }
}

fn named(
    ident: &Ident,
    name: &str,
    [kind, table]: [TokenStream; 2],
    [write, read]: [TokenStream; 2],
    values: &TokenStream,
    [number, of_number]: [TokenStream; 2],
) -> TokenStream {
    inner(quote! {
        impl rt::serde::#kind for #ident {
            const NAME: &'static str = #name;
            const #table: &'static [(&'static str, u64)] = #values;

            fn number(self) -> u64 {
                #number
            }

            fn of_number(number: u64) -> Option<Self> {
                #of_number
            }
        }

        impl rt::serde::Serialize for #ident {
            fn serialize<__S: rt::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                rt::serde::#write(*self, serializer)
            }
        }

        impl<'de> rt::serde::Deserialize<'de> for #ident {
            fn deserialize<__D: rt::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                rt::serde::#read(deserializer)
            }
        }
    })
}

/// `Serialize` of a struct's view and owned form, `Deserialize` of what is owned, and both of its variants.
pub(super) fn structure(body: &Body<'_>) -> TokenStream {
    let has_owned = body.emitter.has_owned(body.id);
    let view = moved(serialize_view(body));
    let owned = has_owned.then(|| moved(serialize_owned(body)));
    let deserialize = has_owned.then(|| moved(deserialize(body)));
    let variants = VariantField::all(body).map(|found| moved(variant(&found, has_owned)));
    inner(quote! { #view #owned #deserialize #(#variants)* })
}

/// How a value of a type is shown and read.
fn how(ty: &Type) -> TokenStream {
    match ty {
        Type::Scalar(scalar) if scalar.kind == ScalarKind::Float => quote! { rt::serde::Float },
        Type::Bytes(_) => quote! { rt::serde::Hex },
        Type::Array { element, .. } => {
            let element = how(element);
            quote! { rt::serde::List<#element> }
        }
        Type::Variant(_) => quote! { rt::serde::Variant },
        Type::Scalar(_) | Type::Varint(_) | Type::Struct(_) | Type::Text(..) | Type::Skipped => {
            quote! { rt::serde::Plain }
        }
    }
}

fn field_how(field: &Field) -> TokenStream {
    let plain = how(&field.ty);
    if field.when.is_some() {
        quote! { rt::serde::Opt<#plain> }
    } else {
        plain
    }
}

/// How the number of a variant's tag is shown and read, which need not be one that its type allows.
fn tag_how(emitter: &Emitter<'_>, tag: &Field) -> TokenStream {
    match tag.ty.number().map(|scalar| scalar.kind) {
        Some(ScalarKind::Enum(id)) => {
            let ident = &emitter.names.enums[id.0].ident;
            quote! { rt::serde::RawEnum<#ident> }
        }
        Some(ScalarKind::Flags(id)) => {
            let ident = &emitter.names.flags[id.0].ident;
            quote! { rt::serde::RawFlags<#ident> }
        }
        Some(ScalarKind::Bool) => quote! { rt::serde::RawBool },
        _ => quote! { rt::serde::Plain },
    }
}

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

fn serialize_view(body: &Body<'_>) -> TokenStream {
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

fn serialize_owned(body: &Body<'_>) -> TokenStream {
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

fn deserialize(body: &Body<'_>) -> TokenStream {
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

/// Both enums of a variant. One with an `else` is read as a part of its struct only, since the tag stands there.
fn variant(found: &VariantField<'_>, has_owned: bool) -> TokenStream {
    let owned = &found.names.owned;
    let view = &found.names.view;
    let name = owned.to_string();
    let cases: Vec<&str> = found.arms.iter().map(case_name).collect();
    let show = |number: usize, arm: &Arm<'_>| {
        let (index, case) = (
            Literal::u32_unsuffixed(u32::try_from(number).unwrap_or(u32::MAX)),
            case_name(arm),
        );
        let (pattern, how) = (arm.binding(), how(arm.ty));
        let value = if matches!(arm.ty, Type::Skipped) {
            quote! { &() }
        } else {
            quote! { value }
        };
        quote! {
            Self::#pattern => rt::serde::case::<#how, _, __S>(serializer, #name, (#index, #case), #value),
        }
    };
    let show: Vec<TokenStream> = found
        .arms
        .iter()
        .enumerate()
        .map(|(number, arm)| show(number, arm))
        .collect();
    let phantom =
        (!found.borrows()).then(|| quote! { Self::__Borrowed(never, _) => match *never {}, });
    let read = found.arms.iter().enumerate().map(|(number, arm)| {
        let (ident, how) = (arm.ident, how(arm.ty));
        let pattern = if number + 1 == found.arms.len() {
            quote! { _ }
        } else {
            let number = Literal::usize_unsuffixed(number);
            quote! { #number }
        };
        let value = if arm.case.is_some() {
            quote! { value.read::<#how, _>().map(Self::#ident) }
        } else if matches!(arm.ty, Type::Skipped) {
            quote! { value.read::<#how, ()>().map(|()| Self::#ident { tag: 0 }) }
        } else {
            quote! { value.read::<#how, _>().map(|value| Self::#ident { tag: 0, value }) }
        };
        quote! { #pattern => #value, }
    });
    let deserialize = found.variant.otherwise.is_none().then(|| {
        quote! {
            impl<'de> rt::serde::Deserialize<'de> for #owned {
                fn deserialize<__D: rt::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                    rt::serde::variant(deserializer)
                }
            }
        }
    });
    let serialize = |ty: TokenStream, phantom: Option<TokenStream>| {
        quote! {
            impl rt::serde::Serialize for #ty {
                fn serialize<__S: rt::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                    match self { #(#show)* #phantom }
                }
            }
        }
    };
    let (of_view, of_owned) = (
        serialize(quote! { #view<'_> }, phantom),
        serialize(quote! { #owned }, None),
    );
    if !has_owned {
        return of_view;
    }
    quote! {
        #of_view

        #of_owned

        impl<'de> rt::serde::Cases<'de> for #owned {
            const NAME: &'static str = #name;
            const CASES: &'static [&'static str] = &[#(#cases),*];

            fn read<__C: rt::serde::Case<'de>>(case: usize, value: __C) -> Result<Self, __C::Error> {
                match case { #(#read)* }
            }
        }

        #deserialize
    }
}

fn case_name<'a>(arm: &Arm<'a>) -> &'a str {
    arm.case.map_or(ELSE, |case| &case.name)
}

/// Those of the enums of a set of packets: a packet is shown as a variant is.
fn dispatch(emitter: &Emitter<'_>, names: &DispatchNames) -> TokenStream {
    let layout = emitter.layout;
    let DispatchNames {
        dispatch,
        view,
        packet,
    } = names;
    let Some(id) = &layout.framings[dispatch.framing].id else {
        return TokenStream::new();
    };
    let (name, id) = (packet.to_string(), id_type(id));
    let packets = dispatch.packets.iter();
    let packets: Vec<Shown<'_>> = packets
        .map(|number| layout.packets[*number].body)
        .map(|body| Shown {
            body,
            variant: &emitter.names.structs[body.0].variant,
            text: &layout.get(body).name,
        })
        .collect();
    let mut unknown = "Unknown".to_owned();
    while packets.iter().any(|packet| packet.text == unknown) {
        unknown.push('_');
    }
    let show = |has: &dyn Fn(StructId) -> bool, has_unknown: bool| -> TokenStream {
        let known = packets
            .iter()
            .enumerate()
            .filter(|(_, packet)| has(packet.body));
        let known = known.map(|(number, Shown { variant, text, .. })| {
            let number = Literal::usize_unsuffixed(number);
            quote! {
                Self::#variant(packet) => {
                    rt::serde::case::<rt::serde::Plain, _, __S>(serializer, #name, (#number, #text), packet)
                }
            }
        });
        let number = Literal::usize_unsuffixed(packets.len());
        let unknown = has_unknown.then(|| {
            quote! {
                Self::Unknown { id, bytes } => {
                    let packet = rt::serde::Unknown { id: *id, bytes };
                    rt::serde::case::<rt::serde::Plain, _, __S>(serializer, #name, (#number, #unknown), &packet)
                }
            }
        });
        quote! {
            fn serialize<__S: rt::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                match self { #(#known)* #unknown }
            }
        }
    };
    let of_view = show(&|_| true, true);
    let all = emitter.options.alloc;
    let has_owned = all || packets.iter().any(|packet| emitter.has_owned(packet.body));
    let of_owned = has_owned.then(|| {
        let of_owned = show(&|body| emitter.has_owned(body), all);
        quote! { impl rt::serde::Serialize for #packet { #of_owned } }
    });
    // Without an allocator there would be no place for some of them.
    let deserialize = all.then(|| {
        let texts = packets.iter().map(|packet| packet.text);
        let reads = packets.iter().enumerate().map(|(number, Shown { variant, .. })| {
            let number = Literal::usize_unsuffixed(number);
            quote! { #number => value.read::<rt::serde::Plain, _>().map(Self::#variant), }
        });
        quote! {
            impl<'de> rt::serde::Cases<'de> for #packet {
                const NAME: &'static str = #name;
                const CASES: &'static [&'static str] = &[#(#texts,)* #unknown];

                fn read<__C: rt::serde::Case<'de>>(case: usize, value: __C) -> Result<Self, __C::Error> {
                    match case {
                        #(#reads)*
                        _ => {
                            let packet: rt::serde::Unknown<#id, _> = value.read::<rt::serde::Plain, _>()?;
                            Ok(Self::Unknown { id: packet.id, bytes: packet.bytes })
                        }
                    }
                }
            }

            impl<'de> rt::serde::Deserialize<'de> for #packet {
                fn deserialize<__D: rt::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                    rt::serde::variant(deserializer)
                }
            }
        }
    });
    inner(quote! {
        impl rt::serde::Serialize for #view<'_> { #of_view }

        #of_owned

        #deserialize
    })
}

/// A packet among those of its set.
struct Shown<'a> {
    body: StructId,
    variant: &'a Ident,
    text: &'a str,
}
