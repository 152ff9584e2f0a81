//! The header and trailer of each packet: what its framing says, and what the packet makes of it.
//!
//! Raises P0501 (a size or id of the wrong type), P0507 (an id that does not fit), P0513 (an unknown framing), P0514
//! (something else in place of a field that cannot be replaced), P0515 (a replacement of another width), P0517 (a range
//! of ids that the field cannot have).

use super::MAX_HEADERS;
use super::fields::{self, Scope};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::model::{Extent, Field, Role, ScalarKind, Type};
use crate::syntax::{self, HeaderRole, PacketId, Replacement, Schema};
use std::collections::HashMap;

/// A framing's header, resolved as it is written there.
pub(super) struct Header<'a> {
    pub(super) said: &'a syntax::Framing,
    pub(super) fields: Vec<Field>,
    /// Whether it is without mistakes.
    pub(super) whole: bool,
    /// Whether mistakes in the trailer and in checksums were reported.
    closed: bool,
}

impl<'a> Header<'a> {
    pub(super) fn new(
        scope: &Scope<'_>,
        said: &'a syntax::Framing,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let errors = diagnostics.errors();
        let (fields, whole) = fields::check(scope, &said.header, &[], diagnostics);
        for (field, said) in fields.iter().zip(&said.header) {
            if let Some(role) = said.attributes.role.filter(|_| whole) {
                check_role(role.value, field, said, diagnostics);
            }
        }
        Self {
            said,
            fields,
            whole: whole && diagnostics.errors() == errors,
            closed: false,
        }
    }

    /// The number of the header's field with this role.
    fn with_role(&self, role: HeaderRole) -> Option<usize> {
        position(self.said, role)
    }

    /// The header of one packet and, for each of the framing's fields, the number of the field that stands there.
    /// The last result tells whether all is well.
    pub(super) fn of_packet(
        &self,
        scope: &Scope<'_>,
        packet: &syntax::Packet,
        diagnostics: &mut Diagnostics,
    ) -> (Vec<Field>, Vec<usize>, bool) {
        let (written, map) = written(self.said, packet);
        if packet.header.is_empty() || !self.whole {
            return (self.fields.clone(), map, self.whole);
        }
        let errors = diagnostics.errors();
        self.check_overrides(packet, diagnostics);
        let (fields, whole) = fields::check(scope, &written, &[], diagnostics);
        let whole = whole && diagnostics.errors() == errors;
        if whole {
            self.check_widths(packet, &fields, &map, diagnostics);
        }
        (fields, map, whole && diagnostics.errors() == errors)
    }

    fn check_overrides(&self, packet: &syntax::Packet, diagnostics: &mut Diagnostics) {
        for said in &packet.header {
            let name = &said.name;
            let found = self
                .said
                .header
                .iter()
                .find(|field| field.name.value == name.value && name.value != "_");
            let Some(field) = found else {
                let known = self
                    .said
                    .header
                    .iter()
                    .map(|field| field.name.value.as_str());
                diagnostics.push(
                    Diagnostic::error(
                        "P0514",
                        name.span,
                        format!("the header has no field `{}`", name.value),
                    )
                    .label("unknown field")
                    .maybe_help(did_you_mean(&name.value, known.filter(|name| *name != "_"))),
                );
                continue;
            };
            let attributes = &field.attributes;
            let taken = if attributes.role.is_some() {
                Some("means something to the framing")
            } else if attributes.constant.is_some() {
                Some("is constant already")
            } else if attributes.checksum.is_some() {
                Some("is a checksum")
            } else {
                None
            };
            if let Some(reason) = taken {
                diagnostics.push(
                    Diagnostic::error(
                        "P0514",
                        name.span,
                        format!("a packet cannot replace `{}`, which {reason}", name.value),
                    )
                    .also(field.name.span, "defined here")
                    .help("leave it out of the packet's `header`"),
                );
            }
        }
    }

    fn check_widths(
        &self,
        packet: &syntax::Packet,
        fields: &[Field],
        map: &[usize],
        diagnostics: &mut Diagnostics,
    ) {
        for said in &packet.header {
            let Replacement::Fields(parts) = &said.with else {
                continue;
            };
            let position = self
                .said
                .header
                .iter()
                .position(|field| field.name.value == said.name.value);
            let Some((old, start)) =
                position.and_then(|index| Some((self.fields.get(index)?, *map.get(index)?)))
            else {
                continue;
            };
            let new = fields.iter().skip(start).take(parts.len());
            let widths: Option<u64> = new.map(width).sum();
            let problem = match (width(old), widths) {
                (Some(old), Some(new)) if old == new => continue,
                (Some(old), Some(new)) => {
                    format!(
                        "`{}` has {old} bits, these fields have {new}",
                        said.name.value
                    )
                }
                _ => format!(
                    "`{}` and what replaces it must be numbers or `bytes[N]`",
                    said.name.value
                ),
            };
            diagnostics.push(
                Diagnostic::error("P0515", said.name.span, problem)
                    .also(old.span, "replaces this")
                    .help("what replaces a field has its width; add reserved bits such as `_: u2`"),
            );
        }
    }

    /// Adds the trailer to a packet's `fields`, of which the first `header_fields` are the header's, and resolves the
    /// checksums of both. The result tells whether all is well.
    ///
    /// What the trailer says holds for every packet, so it cannot name fields of this one, and its mistakes are reported
    /// once.
    pub(super) fn close(
        &mut self,
        scope: &Scope<'_>,
        packet: &syntax::Packet,
        fields: &mut Vec<Field>,
        header_fields: usize,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        let mut again = Diagnostics::after(diagnostics);
        let first = !std::mem::replace(&mut self.closed, true);
        let into = if first { diagnostics } else { &mut again };
        let errors = into.errors();
        let mut before = fields.clone();
        for field in before.iter_mut().skip(header_fields) {
            "_".clone_into(&mut field.name);
        }
        let (trailer, whole) = fields::check(scope, &self.said.trailer, &before, into);
        let body = header_fields..fields.len();
        fields.extend(trailer);
        if whole && self.whole {
            let wholes = vec![true; fields.len()];
            let (header, _) = written(self.said, packet);
            for (said, first) in [(&header, 0), (&self.said.trailer, body.end)] {
                let reach = fields::checksums::Reach {
                    first,
                    body: Some(body.clone()),
                    extra: packet.checksum_extra.map(|extra| extra.value),
                };
                fields::checksums::check(said, fields, &wholes, &reach, into);
            }
        }
        whole && into.errors() == errors
    }

    /// Gives the fields of one packet's header their roles. The result are the packet's smallest and largest id.
    pub(super) fn assign_roles(
        &self,
        scope: &Scope<'_>,
        packet: &syntax::Packet,
        fields: &mut [Field],
        map: &[usize],
        diagnostics: &mut Diagnostics,
    ) -> Option<(u64, u64)> {
        if !self.whole {
            return None;
        }
        let at = |role| map.get(self.with_role(role)?).copied();
        if let Some(size) = at(HeaderRole::Size).and_then(|size| fields.get_mut(size)) {
            // Where counting begins is found when places are known.
            size.role = Role::Size { excluded: 0 };
        }
        let field = at(HeaderRole::Id).and_then(|id| fields.get_mut(id))?;
        let said = packet.id.as_ref()?;
        let scalar = field.ty.number()?;
        let enumeration = match scalar.kind {
            ScalarKind::Enum(id) => Some(scope.types.enumeration(id)?),
            _ => None,
        };
        let ids = match (&said.value, enumeration) {
            (PacketId::Numbers(low, high), _) => Some((*low, *high)),
            (PacketId::Name(name), Some(found)) => found.value_of(name).map(|id| (id, id)),
            (PacketId::Name(_), None) => None,
        };
        let limit = u64::try_from(scalar.allowed().1).unwrap_or(u64::MAX);
        let fits = |id: u64| fields::can_hold(scope.types, &scalar, id);
        let Some((low, high)) = ids.filter(|(low, high)| fits(*low) && fits(*high)) else {
            let names =
                enumeration.map(|found| found.values.iter().map(|value| value.name.as_str()));
            let (message, help) = match (&said.value, names) {
                (PacketId::Name(name), Some(names)) => (
                    format!("`{name}` is not a value of the header's `{}`", field.name),
                    did_you_mean(name, names),
                ),
                (PacketId::Numbers(id, _), Some(_)) => (
                    format!("{id} is not a value of the header's `{}`", field.name),
                    Some(
                        "add it to the enum's values, or let the enum have `unknown: keep`"
                            .to_owned(),
                    ),
                ),
                (PacketId::Name(name), None) => (format!("the id is a number, not `{name}`"), None),
                (PacketId::Numbers(_, high), None) => {
                    (format!("the id is at most {limit}, not {high}"), None)
                }
            };
            diagnostics.push(
                Diagnostic::error("P0507", said.span, message)
                    .also(field.span, "the header's field holds no such id")
                    .maybe_help(help),
            );
            return None;
        };
        if low == high {
            field.role = Role::Id(low);
        } else if enumeration.is_some() {
            diagnostics.push(
                Diagnostic::error("P0517", said.span, "only numbers have ranges of ids")
                    .also(field.span, "is an enum")
                    .help("give the header's field an unsigned type, or write a packet for each value"),
            );
        } else {
            let range = Some((low.into(), high.into()));
            match &mut field.ty {
                Type::Scalar(scalar) => scalar.range = range,
                Type::Varint(varint) => varint.range = range,
                _ => {}
            }
        }
        Some((low, high))
    }
}

/// The number of the field of a framing's header that has this role.
pub(super) fn position(framing: &syntax::Framing, role: HeaderRole) -> Option<usize> {
    framing.header.iter().position(|field| {
        field
            .attributes
            .role
            .is_some_and(|found| found.value == role)
    })
}

/// Refuses a size or an id that is no number of its own.
fn check_role(
    role: HeaderRole,
    field: &Field,
    said: &syntax::Field,
    diagnostics: &mut Diagnostics,
) {
    let varint = matches!(field.ty, Type::Varint(_));
    let fits = field.ty.number().is_some_and(|number| {
        // A range says how many bytes a varint has, so that it may have one.
        let free = varint || number.range.is_none();
        number.bits <= 64
            && free
            && match number.kind {
                ScalarKind::Unsigned => true,
                ScalarKind::Enum(_) => role == HeaderRole::Id,
                _ => false,
            }
    });
    if fits && field.role.is_data() && field.when.is_none() {
        return;
    }
    let (what, help) = match role {
        HeaderRole::Size => (
            "a size is an unsigned integer of at most 64 bits",
            "use a type such as `u16`, without `const`, `range` or `when`",
        ),
        HeaderRole::Id => (
            "an id is an unsigned integer of at most 64 bits, or an enum",
            "use a type such as `u16`, without `const`, `range` or `when`",
        ),
    };
    diagnostics.push(Diagnostic::error("P0501", said.name.span, what).help(help));
}

/// The fields of a packet's header as they are written, and for each of the framing's fields the number of the field
/// that stands there.
pub(super) fn written(
    framing: &syntax::Framing,
    packet: &syntax::Packet,
) -> (Vec<syntax::Field>, Vec<usize>) {
    let mut fields = Vec::with_capacity(framing.header.len());
    let mut map = Vec::with_capacity(framing.header.len());
    for field in &framing.header {
        map.push(fields.len());
        let said = packet
            .header
            .iter()
            .find(|said| said.name.value == field.name.value && field.name.value != "_");
        match said.map(|said| &said.with) {
            None => fields.push(field.clone()),
            Some(Replacement::Value(value)) => {
                let mut field = field.clone();
                field.attributes.constant = Some(value.clone());
                fields.push(field);
            }
            Some(Replacement::Fields(parts)) => fields.extend(parts.iter().cloned()),
        }
    }
    (fields, map)
}

/// The framing of a packet, by its number among [`framings`]; `Err` if there is none of this name.
///
/// Raises P0513 (an unknown framing).
pub(super) fn framing_of(
    by_name: &HashMap<Option<&str>, usize>,
    packet: &syntax::Packet,
    diagnostics: &mut Diagnostics,
) -> Result<Option<usize>, ()> {
    let name = packet.framing.as_ref();
    let found = by_name.get(&name.map(|name| name.value.as_str())).copied();
    let Some(name) = name.filter(|_| found.is_none()) else {
        return Ok(found);
    };
    let mut known: Vec<&str> = by_name.keys().copied().flatten().collect();
    known.sort_unstable();
    diagnostics.push(
        Diagnostic::error(
            "P0513",
            name.span,
            format!("there is no framing `{}`", name.value),
        )
        .label("unknown framing")
        .maybe_help(
            did_you_mean(&name.value, known).or_else(|| {
                Some("define it in `framings: { NAME: { header: [ … ] } }`".to_owned())
            }),
        ),
    );
    Err(())
}

/// The numbers of all framings by their names.
pub(super) fn by_name(schema: &Schema) -> HashMap<Option<&str>, usize> {
    let mut found = HashMap::new();
    for (number, framing) in framings(schema).enumerate() {
        let name = framing.name.as_ref().map(|name| name.value.as_str());
        found.entry(name).or_insert(number);
    }
    found
}

/// Where there is too much to copy: the framing with the most fields, all of which every packet may have, and how many these
/// would be.
pub(super) fn excess(schema: &Schema) -> Option<(Span, usize)> {
    let fields = |framing: &syntax::Framing| framing.header.len() + framing.trailer.len();
    let largest = framings(schema).max_by_key(|framing| fields(framing))?;
    let copies = fields(largest).saturating_mul(schema.packets.len());
    (copies > MAX_HEADERS).then_some((largest.span, copies))
}

/// All framings, the one without a name first.
pub(super) fn framings(schema: &Schema) -> impl Iterator<Item = &syntax::Framing> {
    schema.framing.iter().chain(&schema.framings)
}

/// The bits of a field that always has as many.
fn width(field: &Field) -> Option<u64> {
    match &field.ty {
        _ if field.when.is_some() || field.bound.is_some() => None,
        Type::Scalar(scalar) => Some(scalar.bits.into()),
        Type::Bytes(Extent::Fixed(size)) | Type::Text(Extent::Fixed(size), _) => {
            Some(8 * *size as u64)
        }
        _ => None,
    }
}
