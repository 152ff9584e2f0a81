//! Writers in place: setters for what can be changed in a packet's bytes without anything else in them changing.
//!
//! In: a struct of the layout. Out: a struct that holds validated bytes, with a setter for each field that is the
//! user's to give, lies at a known place, and that nothing else follows from. Static parts behind dynamic fields
//! are found when the bytes are validated. Checksums over a field are computed again when it is set; where one
//! begins or ends at a place that is not known, there is no setter for what it covers.

use super::super::decode::{compute, extra};
use super::super::encode::{bytes, is_tested, value_tests};
use super::super::moved::moved;
use super::super::names::is_changed_inside;
use super::super::{Body, Emitter, after, docs, is_owned, names, place_bytes, scalar};
use packet_schema::layout::{
    Checksum, Endian, Extent, Field, Part, Place, Role, Scalar, StructId, Trailing, Type,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// Whether a struct of fixed size has a setter.
fn is_settable(emitter: &Emitter<'_>, id: StructId) -> bool {
    let body = Body::new(emitter, id);
    (0..body.layout.fields.len()).any(|index| can_be_set(&body, index))
}

/// The writer's struct, if it has a setter.
pub(in super::super) fn writer(body: &Body<'_>) -> TokenStream {
    if !is_settable(body.emitter, body.id) {
        return TokenStream::new();
    }
    let ident = &body.names().writer;
    let visibility = &body.visibility;
    let doc = docs::writer(body);
    let members = if let Some(size) = body.static_size() {
        let size = Literal::usize_unsuffixed(size);
        quote! { part_0: &'a mut [u8; #size], }
    } else {
        let places = sought(body).into_iter();
        let places = places.map(|(member, _)| quote! { #member: usize, });
        quote! { bytes: &'a mut [u8], #(#places)* }
    };
    quote! {
        #doc
        #[allow(clippy::all, dead_code)]
        #[derive(Debug)]
        #visibility struct #ident<'a> { #members }
    }
}

/// What the writer can do.
pub(in super::super) fn setters(body: &Body<'_>) -> TokenStream {
    if !is_settable(body.emitter, body.id) {
        return TokenStream::new();
    }
    let names = body.names();
    let (ident, view) = (&names.writer, &names.view);
    let setters = (0..body.layout.fields.len())
        .filter(|index| can_be_set(body, *index))
        .map(|index| moved(setter(body, index)));
    let (parse, as_view, as_bytes) = if body.static_size().is_some() {
        (
            quote! {
                <#view<'_> as rt::View<'_>>::parse(bytes)?;
                Ok(Self { part_0: rt::fixed_mut(&SHAPE, bytes)? })
            },
            quote! { #view { part_0: self.part_0 } },
            quote! { self.part_0 },
        )
    } else {
        let (members, places): (Vec<_>, Vec<_>) = sought(body).into_iter().unzip();
        let skips = body.layout.trailing == Trailing::Skip;
        let bind = (skips || !places.is_empty()).then(|| quote! { let view = });
        let shorten = skips.then(|| {
            quote! {
                let len = view.bytes.len();
                let bytes = bytes.get_mut(..len).unwrap_or_default();
            }
        });
        (
            quote! {
                #bind <#view<'_> as rt::View<'_>>::parse(bytes)?;
                #(let #members = #places;)*
                #shorten
                Ok(Self { bytes, #(#members),* })
            },
            quote! { rt::valid(<#view<'_> as rt::View<'_>>::parse(self.bytes)) },
            quote! { self.bytes },
        )
    };
    let note = docs::text(if body.static_size().is_some() {
        "A view of the bytes."
    } else {
        "A view of the bytes, which are read again for it."
    });
    let update = update(body);
    quote! {
        impl<'a> #ident<'a> {
            /// Validates `bytes` as exactly one value.
            ///
            /// # Errors
            /// The first thing, in wire order, that is wrong.
            pub fn parse(bytes: &'a mut [u8]) -> rt::Decoded<Self> { #parse }

            #note
            pub fn as_view(&self) -> #view<'_> { #as_view }

            /// The bytes of the value.
            pub fn as_bytes(&self) -> &[u8] { #as_bytes }

            #(#setters)*

            #update
        }
    }
}

/// Whether a field has a setter.
fn can_be_set(body: &Body<'_>, index: usize) -> bool {
    let field = body.field(index);
    let is_id = || {
        let packet = body.emitter.layout.packet_of(body.id);
        packet.is_some_and(|packet| packet.id_field == Some(index))
    };
    is_owned(field)
        && field.when.is_none()
        && !body.is_read(index)
        && body.part_of(index).is_some()
        && extent(body, index).is_some()
        && match &field.ty {
            Type::Scalar(_) | Type::Bytes(Extent::Fixed(_)) => true,
            Type::Struct(id) if is_changed_inside(body.layout, field) => {
                is_settable(body.emitter, *id)
            }
            // All of it is written.
            Type::Struct(id) => body.emitter.has_owned(*id),
            _ => false,
        }
        && (!is_covered(body, index) || checksums(body).is_some())
        && !is_id()
}

/// Whether a checksum changes with the field. It covers whole bytes, and so all fields of a run.
fn is_covered(body: &Body<'_>, index: usize) -> bool {
    let part = body.part_number(index);
    let (offset, _) = place_bytes(body.field(index).place);
    let shares = |other: usize| {
        let place = body.field(other).place;
        other == index
            || matches!(place, Place::Bits { offset: found, .. } if found == offset)
                && body.part_number(other) == part
    };
    let checksums = || body.layout.fields.iter().filter_map(checksum);
    let mut fields = 0..body.layout.fields.len();
    checksums().next().is_some()
        && fields.any(|other| shares(other) && checksums().any(|checksum| checksum.covers(other)))
}

fn checksum(field: &Field) -> Option<&Checksum> {
    match &field.role {
        Role::Checksum(checksum) => Some(checksum),
        _ => None,
    }
}

/// A place that is known when the bytes are validated.
#[derive(Clone, Copy)]
enum Spot {
    /// So many bytes behind where a static part begins.
    Part(usize, usize),
    /// Behind the bytes of a dynamic field.
    Behind(usize),
    Start,
    End,
}

impl Spot {
    /// The beginning of a static part, if a view knows where that is.
    fn of(body: &Body<'_>, part: usize) -> Option<Self> {
        let is_found = part == 0 || body.is_shown(&body.layout.parts[part]);
        is_found.then_some(Self::Part(part, 0))
    }

    /// Where a part ends, if a view knows that.
    fn end_of(body: &Body<'_>, part: usize) -> Option<Self> {
        match &body.layout.parts[part] {
            Part::Static { size, .. } => Some(Self::of(body, part)?.behind(*size)),
            // Of other types, what a view holds is not all that is on the wire, or no part of the bytes.
            Part::Dynamic { field: index } => {
                let field = body.field(*index);
                let is_found = matches!(field.ty, Type::Bytes(_))
                    && field.is_named()
                    && field.when.is_none()
                    && field.pad_to.is_none();
                is_found.then_some(Self::Behind(*index))
            }
            Part::Align { .. } => None,
        }
    }

    const fn behind(self, bytes: usize) -> Self {
        match self {
            Self::Part(part, offset) => Self::Part(part, offset + bytes),
            spot => spot,
        }
    }

    /// The member that remembers the place, and the code that finds it in `view`.
    fn found(self, body: &Body<'_>) -> Option<(Ident, TokenStream)> {
        match self {
            Self::Part(0, _) | Self::Start | Self::End => None,
            Self::Part(part, _) => {
                let held = names::part(part);
                let found = quote! { rt::offset(view.bytes, view.#held) };
                Some((names::part_at(part), found))
            }
            Self::Behind(field) => {
                let held = &body.names().fields[field].local;
                let found = quote! { rt::offset(view.bytes, view.#held) + view.#held.len() };
                Some((names::suffixed(held, "end"), found))
            }
        }
    }

    /// The place as a number of bytes.
    fn tokens(self, body: &Body<'_>) -> TokenStream {
        match self {
            Self::Start => quote! { 0 },
            Self::End => quote! { self.bytes.len() },
            Self::Part(0, offset) => {
                let offset = Literal::usize_unsuffixed(offset);
                quote! { #offset }
            }
            Self::Part(part, offset) => {
                let at = names::part_at(part);
                after(&quote! { self.#at }, offset)
            }
            Self::Behind(field) => {
                let end = names::suffixed(&body.names().fields[field].local, "end");
                quote! { self.#end }
            }
        }
    }
}

/// Where a field begins, and where it ends, if that is known.
fn extent(body: &Body<'_>, index: usize) -> Option<[Spot; 2]> {
    let parts = &body.layout.parts;
    if let Some((part, _)) = body.part_of(index) {
        let spot = Spot::of(body, part)?;
        let (offset, size) = place_bytes(body.field(index).place);
        return Some([spot.behind(offset), spot.behind(offset + size)]);
    }
    let part = body.part_number(index);
    let start = match part.checked_sub(1) {
        None => Spot::Start,
        Some(before) => Spot::end_of(body, before)?,
    };
    let end = match parts.get(part + 1) {
        None => Spot::End,
        Some(Part::Static { .. }) => Spot::of(body, part + 1)?,
        Some(_) => Spot::end_of(body, part)?,
    };
    Some([start, end])
}

/// A checksum that is computed again: its field, itself, where its bytes lie, and which it covers.
type Computed = (usize, Checksum, [Spot; 2], [Spot; 2]);

/// The checksums, each behind those that it covers; `None` if the place of one is not known.
fn checksums(body: &Body<'_>) -> Option<Vec<Computed>> {
    let checksums = body.layout.checksums();
    let found = checksums.into_iter().map(|(index, checksum)| {
        let own = extent(body, index)?;
        let covered = match (checksum.first(), checksum.last()) {
            (Some(first), Some(last)) => [extent(body, first)?[0], extent(body, last)?[1]],
            _ => [own[0]; 2],
        };
        Some((index, checksum, own, covered))
    });
    found.collect()
}

/// The places that are remembered: of the static parts with setters, and those that checksums ask for.
fn sought(body: &Body<'_>) -> Vec<(Ident, TokenStream)> {
    let set = (0..body.layout.fields.len()).filter(|index| can_be_set(body, *index));
    let mut spots: Vec<Spot> = set
        .clone()
        .map(|index| Spot::Part(body.part_number(index), 0))
        .collect();
    if set.clone().any(|index| is_covered(body, index)) {
        let checksums = checksums(body).unwrap_or_default();
        let asked = checksums.iter();
        spots.extend(asked.flat_map(|(_, _, own, covered)| [own[0], covered[0], covered[1]]));
    }
    let mut found: Vec<(Ident, TokenStream)> = Vec::new();
    for (member, code) in spots.into_iter().filter_map(|spot| spot.found(body)) {
        if !found.iter().any(|(known, _)| *known == member) {
            found.push((member, code));
        }
    }
    found
}

fn setter(body: &Body<'_>, index: usize) -> TokenStream {
    let field = body.field(index);
    let setter = &body.names().fields[index].setter;
    let (offset, size) = place_bytes(field.place);
    let (at, len) = (
        Literal::usize_unsuffixed(offset),
        Literal::usize_unsuffixed(size),
    );
    if let (Type::Struct(id), true) = (&field.ty, is_changed_inside(body.layout, field))
        && !body.emitter.is_outside(*id)
    {
        let inner = &body.emitter.names.structs[id.0].writer;
        let doc = docs::text(&format!("Writes to `{}`.", field.name));
        return quote! {
            #doc
            #[inline]
            pub fn #setter(&mut self) -> #inner<'_> {
                #inner { part_0: rt::sub_mut::<#at, #len, _>(self.part_0) }
            }
        };
    }
    let part = if body.static_size().is_some() {
        quote! { self.part_0 }
    } else {
        quote! { part }
    };
    let site = Body::site(body.shape_index(index));
    let value = quote! { value };
    let (ty, tests, store) = match &field.ty {
        Type::Scalar(kind) => {
            let raw = scalar::to_raw(body.emitter, kind, &value);
            let written = scalar::Written {
                place: field.place,
                scalar: *kind,
                raw: raw.clone(),
            };
            (
                scalar::rust_type(body.emitter, kind),
                value_tests(body, &site, kind, &raw),
                scalar::replace(&part, &written),
            )
        }
        Type::Struct(id) if body.emitter.is_outside(*id) => {
            let outside = body.emitter.outside_struct(*id);
            let number = Literal::u16_unsuffixed(body.shape_index(index));
            (
                quote! { &#outside },
                quote! {
                    rt::Encode::encoded_len(value).map_err(|error| error.within(&SHAPE, #number))?;
                },
                quote! {
                    let _ = rt::Encode::write(value, &mut rt::Writer::new(rt::sub_mut::<#at, #len, _>(#part)));
                },
            )
        }
        Type::Struct(id) => {
            let owned = &body.emitter.names.structs[id.0].owned;
            let number = Literal::u16_unsuffixed(body.shape_index(index));
            let tests = is_tested(body.emitter, *id).then(|| {
                quote! { encode::fixed::within(value.check_fields(), &SHAPE, #number)?; }
            });
            (
                quote! { &#owned },
                quote! { #tests },
                quote! { value.put_fields(rt::sub_mut::<#at, #len, _>(#part)); },
            )
        }
        _ => (
            quote! { [u8; #len] },
            TokenStream::new(),
            quote! { rt::put::<#at, #len, _>(#part, value); },
        ),
    };
    let store = match body.part_of(index) {
        Some((part, size)) if body.static_size().is_none() => {
            let place = Spot::Part(part, 0).tokens(body);
            let size = Literal::usize_unsuffixed(size);
            let bytes = match (&field.ty, field.place) {
                (Type::Scalar(kind), Place::Bytes { .. }) => {
                    let raw = scalar::to_raw(body.emitter, kind, &value);
                    Some(scalar::to_bytes_of(kind, &raw))
                }
                (Type::Bytes(_), _) => Some(value),
                _ => None,
            };
            if let Some(bytes) = bytes {
                quote! { rt::set::<#at, #len, #size>(self.bytes, #place, #bytes); }
            } else {
                quote! {
                    if let Some(part) = rt::part_mut::<#size>(self.bytes, #place) { #store }
                }
            }
        }
        _ => store,
    };
    let update = is_covered(body, index).then(|| quote! { self.update_checksums(); });
    if tests.is_empty() {
        let doc = docs::text(&format!("Sets `{}`.", field.name));
        return quote! {
            #doc
            #[inline]
            pub fn #setter(&mut self, value: #ty) { #store #update }
        };
    }
    let doc = docs::text(&format!(
        "Sets `{}`, or says why it cannot be that.",
        field.name
    ));
    quote! {
        #doc
        #[inline]
        pub fn #setter(&mut self, value: #ty) -> rt::Encoded<()> {
            #tests
            #store
            #update
            Ok(())
        }
    }
}

/// The function that computes the checksums again, if a setter calls it.
fn update(body: &Body<'_>) -> Option<TokenStream> {
    let mut fields = 0..body.layout.fields.len();
    if !fields.any(|index| can_be_set(body, index) && is_covered(body, index)) {
        return None;
    }
    let statements = checksums(body)?.into_iter().map(|(index, checksum, [own, _], [from, to])| {
        let kind = body.field(index).ty.number().unwrap_or(Scalar::unsigned(8, Endian::Big));
        let (own, from, to) = (own.tokens(body), from.tokens(body), to.tokens(body));
        let (compute, extra) = (compute(checksum.algorithm), extra(&checksum));
        let size = Literal::usize_unsuffixed(kind.bytes());
        let bytes = bytes(&kind);
        quote! {
            let value = #compute(&rt::checksum::around(self.bytes, #from, #to, #own, #size, #extra));
            rt::overwrite(self.bytes, #own, &value.#bytes);
        }
    });
    let statements = statements.collect::<TokenStream>();
    Some(quote! {
        fn update_checksums(&mut self) { #statements }
    })
}
