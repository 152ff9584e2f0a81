//! The stage from the checked model to the layout.
//!
//! | Module | Rules | Codes |
//! |---|---|---|
//! | this one | nesting, elements, limits, asserted sizes | P0313–P0317, P0321 |
//! | `ends` | sentinels, padding | P0327, P0328 |
//! | `run` | bit runs, and what cannot lie in one | P0308, P0311, P0312, P0320 |
//! | `rests` | fields that take the rest | P0313 |
//! | `sizes` | smallest and largest sizes | |
//! | `places` | where the fields of a header begin | |
//! | `framing` | header and trailer | P0318, P0319, P0511, P0512, P0516, P0518–P0521 |
//! | `defaults` | values of fields that are left out | P0324 |
//! | `unused` | imported types that nothing holds | |

mod defaults;
mod ends;
mod framing;
mod places;
mod rests;
mod run;
mod sizes;
mod unused;

use super::{Bound, Field, Layout, Packet, Part, Place, Struct, Trailing, Vector};
use crate::check::{MAX_ENTRIES, too_many};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::layout::Expectation;
use crate::model::{self, Derivation, Role, StructId, Type};
use packet_runtime::shape::MAX_PATH;
use sizes::min_option;
pub(super) use sizes::sizes;

/// Most bytes of neighbouring fields of fixed size.
const MAX_STATIC: usize = 64 << 10;

/// Lays out a checked protocol. The result is `None` if a rule about places or sizes is broken, or one was
/// before.
pub fn lay_out(protocol: model::Protocol, diagnostics: &mut Diagnostics) -> Option<Layout> {
    let mut placer = Placer {
        pending: &protocol.structs,
        enums: &protocol.enums,
        placed: protocol
            .structs
            .iter()
            .map(|body| {
                if body.broken {
                    State::Broken
                } else {
                    State::Unplaced
                }
            })
            .collect(),
        depth: vec![0; protocol.structs.len()],
        deep: false,
        diagnostics,
    };
    for index in 0..protocol.structs.len() {
        let name = protocol.structs[index].span;
        placer.place(StructId(index), name, &mut Vec::new());
    }
    let (mut structs, mut whole) = (Vec::new(), Vec::new());
    for (state, body) in placer.placed.into_iter().zip(&protocol.structs) {
        whole.push(matches!(state, State::Placed(_)));
        structs.push(match state {
            State::Placed(placed) => *placed,
            State::Unplaced | State::Broken => nothing(body),
        });
    }
    // What can still be said about the others.
    let packets: Vec<model::Packet> = protocol
        .packets
        .into_iter()
        .filter(|packet| whole[packet.body.0])
        .collect();
    let mut layout = Layout {
        protocol: protocol.name,
        version: protocol.version,
        doc: protocol.doc,
        framings: Vec::new(),
        structs,
        enums: protocol.enums,
        flags: protocol.flags,
        packets: Vec::new(),
        session: protocol.session,
    };
    let framings = framing::framings(&mut layout, &packets, &protocol.framings, diagnostics);
    for packet in packets {
        check_size(&layout, &packet, diagnostics);
        layout.structs[packet.body.0].trailing = packet.trailing;
        // Those without packets are left out.
        let number = packet
            .framing
            .and_then(|said| framings.binary_search_by_key(&said, |(said, _)| *said).ok());
        let said = packet.framing.and_then(|said| protocol.framings.get(said));
        layout.packets.push(self::packet(packet, number, said));
    }
    layout.framings = framings.into_iter().map(|(_, framing)| framing).collect();
    if diagnostics.has_errors() || whole.contains(&false) {
        return None;
    }
    defaults::check(&layout, &protocol.structs, diagnostics);
    unused::leave_out(&mut layout);
    (!diagnostics.has_errors()).then_some(layout)
}

/// Keeps the number of a struct that could not be laid out.
fn nothing(body: &model::Struct) -> Struct {
    Struct {
        name: body.name.clone(),
        doc: None,
        fields: Vec::new(),
        header_fields: 0,
        trailer_fields: 0,
        parts: Vec::new(),
        derive_order: Vec::new(),
        checksum_order: Vec::new(),
        min_size: 0,
        max_size: None,
        greedy: false,
        trailing: Trailing::Reject,
        span: body.span,
    }
}

#[derive(Clone)]
enum State {
    Unplaced,
    /// Being placed, or impossible to place for a reason that was reported.
    Broken,
    Placed(Box<Struct>),
}

struct Placer<'a> {
    pending: &'a [model::Struct],
    enums: &'a [model::Enum],
    placed: Vec<State>,
    /// Longest path inside each struct, in codes of [`packet_runtime::shape::Path`].
    depth: Vec<usize>,
    /// Whether nesting that is too deep was reported.
    deep: bool,
    diagnostics: &'a mut Diagnostics,
}

impl Placer<'_> {
    /// Places a struct after everything that it contains. `inside` are the structs around it, and `by` is
    /// where the innermost of them mentions it.
    fn place(&mut self, id: StructId, by: Span, inside: &mut Vec<StructId>) {
        if !matches!(self.placed[id.0], State::Unplaced) {
            return;
        }
        if let Some(start) = inside.iter().position(|outer| *outer == id) {
            let names: Vec<&str> = inside
                .iter()
                .skip(start)
                .chain([&id])
                .map(|id| self.pending[id.0].name.as_str())
                .collect();
            self.diagnostics.push(
                Diagnostic::error(
                    "P0314",
                    self.pending[id.0].span,
                    format!("a struct contains itself: {}", names.join(" → ")),
                )
                .label("contains itself")
                .also(by, "here")
                .help("break the circle: a packet's nesting has a fixed depth"),
            );
            // Once is enough for structs that contain it in several fields.
            self.placed[id.0] = State::Broken;
            return;
        }
        if inside.len() > MAX_PATH {
            self.too_deep(id, by);
            self.placed[id.0] = State::Broken;
            return;
        }
        inside.push(id);
        let body = &self.pending[id.0];
        for field in &body.fields {
            for inner in contained(&field.ty) {
                self.place(inner, field.type_span, inside);
            }
        }
        inside.pop();
        self.placed[id.0] = State::Broken;
        if body
            .fields
            .iter()
            .flat_map(|field| contained(&field.ty))
            .any(|inner| self.get(inner).is_none())
        {
            return;
        }
        if let Some(placed) = self.place_fields(body) {
            self.depth[id.0] = self.path_length(id, &placed);
            self.placed[id.0] = State::Placed(Box::new(placed));
        }
    }

    fn get(&self, id: StructId) -> Option<&Struct> {
        match &self.placed[id.0] {
            State::Placed(body) => Some(body),
            State::Unplaced | State::Broken => None,
        }
    }

    fn place_fields(&mut self, body: &model::Struct) -> Option<Struct> {
        let errors = self.diagnostics.errors();
        let mut fields: Vec<Field> = Vec::with_capacity(body.fields.len());
        let mut parts = Parts::default();
        let closing = last_reads(body);
        while let Some(field) = body.fields.get(fields.len()) {
            let index = fields.len();
            if let Some(run) = self.run(body, index) {
                for place in run.places {
                    let mut placed = self.field(&body.fields[fields.len()]);
                    placed.place = place;
                    // Bit fields are counted by their run.
                    (placed.min_size, placed.max_size) = (0, Some(0));
                    parts.push_static(fields.len(), &mut placed, 0);
                    fields.push(placed);
                }
                parts.grow(run.size);
            } else {
                let mut placed = self.field(field);
                let size = self.static_size(field);
                if let Some(align) = field.align {
                    placed.gap = parts.align(index, align.value, size.is_some());
                }
                if let Some(size) = size {
                    placed.place = Place::Bytes { offset: 0, size };
                    parts.push_static(index, &mut placed, size);
                } else {
                    parts.list.push(Part::Dynamic { field: index });
                }
                fields.push(placed);
            }
            parts.closed = closing
                .iter()
                .any(|last| (index..fields.len()).contains(last));
        }
        let parts = parts.list;
        self.rests(body, &mut fields, &parts);
        let (min_size, max_size) = extremes(&fields, &parts);
        let greedy = fields.iter().any(|field| {
            !matches!(field.bound, Some(Bound::Sized(_))) && self.may_be_greedy(&field.ty)
        });
        self.check_extent(body, &parts);
        let placed = Struct {
            name: body.name.clone(),
            doc: body.doc.clone(),
            fields,
            header_fields: body.header_fields,
            trailer_fields: body.trailer_fields,
            parts,
            derive_order: body.derive_order.clone(),
            checksum_order: body.checksum_order.clone(),
            min_size,
            max_size,
            greedy,
            trailing: Trailing::Reject,
            span: body.span,
        };
        (self.diagnostics.errors() == errors).then_some(placed)
    }

    /// Refuses a struct that generated code could not hold: it puts a static part on the stack, and numbers
    /// fields and cases in 15 bits.
    fn check_extent(&mut self, body: &model::Struct, parts: &[Part]) {
        let cases = |field: &model::Field| match &field.ty {
            Type::Variant(variant) => 1 + variant.cases.len(),
            _ => 0,
        };
        let entries: usize = body.fields.iter().map(|field| 1 + cases(field)).sum();
        if entries > MAX_ENTRIES {
            let what = format!("the {entries} fields and cases of `{}`", body.name);
            self.diagnostics.push(too_many(&what, body.span));
        }
        for part in parts {
            if let Part::Static { size, fields } = part
                && *size > MAX_STATIC
            {
                let first = &body.fields[fields.start];
                self.diagnostics.push(
                    Diagnostic::error(
                        "P0321",
                        first.span,
                        format!(
                            "the fields of fixed size from here on have {size} bytes, more than {MAX_STATIC}"
                        ),
                    )
                    .help("give the largest of them a length in front, or make them an array of structs"),
                );
            }
        }
    }

    /// The field with its sizes, not yet placed.
    fn field(&mut self, field: &model::Field) -> Field {
        let ty = self.with_sentinels(&field.ty);
        let (mut min_size, mut max_size) = self.sizes(&ty, field.length);
        if let Some(bound) = &field.bound {
            let low = u64::try_from(bound.min.max(0)).unwrap_or(u64::MAX);
            min_size = min_size.max(low);
            max_size = min_option(max_size, u64::try_from(bound.max).ok());
        }
        if let Some(pad_to) = field.pad_to {
            self.check_padding(field, pad_to, min_size);
            (min_size, max_size) = (pad_to.value as u64, Some(pad_to.value as u64));
        }
        if field.when.is_some() {
            min_size = 0;
        }
        for element in elements(&ty) {
            self.check_element(field, element);
        }
        Field {
            name: field.name.clone(),
            doc: field.doc.clone(),
            history: field.history.clone(),
            unit: field.unit.clone(),
            scale: field.scale,
            default: field.default.as_ref().map(|default| default.value.clone()),
            ty,
            role: field.role.clone(),
            when: field.when.clone(),
            bound: field.bound.clone().map(Bound::Sized),
            length: field.length,
            pad_to: field.pad_to.map(|pad_to| pad_to.value),
            trailing: field.trailing,
            place: Place::Dynamic,
            gap: 0,
            min_size,
            max_size,
            span: field.span,
        }
    }

    /// Refuses elements that could be repeated for ever, or of which the first could take everything.
    fn check_element(&mut self, field: &model::Field, element: &Type) {
        let problem = if self.sizes(element, None).0 == 0 {
            Diagnostic::error(
                "P0315",
                field.type_span,
                format!("an element of `{}` can have no bytes at all", field.name),
            )
            .help("a few bytes could then stand for any number of elements; give the element at least one byte")
        } else if self.may_be_greedy(element) {
            Diagnostic::error(
                "P0313",
                field.type_span,
                format!(
                    "an element of `{}` can take everything up to the end",
                    field.name
                ),
            )
            .help("nothing is left for the elements after it; give the element a length")
        } else {
            return;
        };
        self.diagnostics.push(problem);
    }

    /// Reports nesting that is too deep, but only once: with one struct less, many would be well.
    fn too_deep(&mut self, id: StructId, field: Span) {
        if std::mem::replace(&mut self.deep, true) {
            return;
        }
        let name = &self.pending[id.0].name;
        self.diagnostics.push(
            Diagnostic::error(
                "P0316",
                field,
                format!("structs are nested too deep in `{name}`"),
            )
            .help(format!(
                "a field's path has at most {MAX_PATH} steps; an array counts as 3"
            )),
        );
    }

    /// The longest path in a struct; reports one that is too long.
    fn path_length(&mut self, id: StructId, body: &Struct) -> usize {
        let mut longest = 0;
        for field in &body.fields {
            let inner = contained(&field.ty)
                .map(|inner| self.depth[inner.0])
                .max()
                .unwrap_or(0);
            // An array's index takes two codes.
            let index = if elements(&field.ty).next().is_some() {
                2
            } else {
                0
            };
            let length = 1 + index + inner;
            if length > MAX_PATH && longest <= MAX_PATH {
                self.too_deep(id, field.span);
            }
            longest = longest.max(length);
        }
        longest
    }
}

/// The parts of a struct so far.
#[derive(Default)]
struct Parts {
    list: Vec<Part>,
    /// Whether the next field begins a part of its own.
    closed: bool,
}

impl Parts {
    /// Adds a field to the static part at the end, or to a new one.
    fn push_static(&mut self, index: usize, field: &mut Field, grow: usize) {
        if self.closed || !matches!(self.list.last(), Some(Part::Static { .. })) {
            self.closed = false;
            self.list.push(Part::Static {
                size: 0,
                fields: index..index,
            });
        }
        if let Some(Part::Static { size, fields }) = self.list.last_mut() {
            match &mut field.place {
                Place::Bytes { offset, .. } | Place::Bits { offset, .. } => *offset = *size,
                Place::Dynamic => {}
            }
            *size += grow;
            fields.end += 1;
        }
    }

    /// Adds bytes to the static part at the end.
    fn grow(&mut self, by: usize) {
        if let Some(Part::Static { size, .. }) = self.list.last_mut() {
            *size += by;
        }
    }

    /// Brings the field `index` to a multiple of `to`: in the static part if it lies there and where it
    /// begins is known, which gives the bytes in front of it; else by a part of its own.
    fn align(&mut self, index: usize, to: usize, is_static: bool) -> usize {
        match self.list.as_slice() {
            [] => 0,
            [Part::Static { size, .. }] if is_static && !self.closed => {
                let gap = size.next_multiple_of(to) - size;
                self.grow(gap);
                gap
            }
            _ => {
                self.list.push(Part::Align { field: index, to });
                0
            }
        }
    }
}

/// The fields with which all is read that a computed value depends on. A part ends there, so that the value
/// is compared before anything else is read.
fn last_reads(body: &model::Struct) -> Vec<usize> {
    let last = |(index, field): (usize, &model::Field)| match &field.role {
        Role::Derived(Derivation::Value(expr)) => Some(expr.known_at(index)),
        _ => None,
    };
    body.fields.iter().enumerate().filter_map(last).collect()
}

/// Smallest and largest size of all parts together; `None` if only the surroundings bound it.
fn extremes(fields: &[Field], parts: &[Part]) -> (u64, Option<u64>) {
    let mut least: u64 = 0;
    let mut most = Some(0_u64);
    for part in parts {
        match part {
            Part::Static { size, .. } => {
                least = least.saturating_add(*size as u64);
                most = most.and_then(|most| most.checked_add(*size as u64));
            }
            Part::Dynamic { field } => {
                let field = &fields[*field];
                least = least.saturating_add(field.min_size);
                most = most.and_then(|most| most.checked_add(field.max_size?));
            }
            Part::Align { field, to } => {
                let to = *to as u64;
                if fields[*field].when.is_none() {
                    least = least.checked_next_multiple_of(to).unwrap_or(u64::MAX);
                }
                most = most.and_then(|most| most.checked_next_multiple_of(to));
            }
        }
    }
    (least, most)
}

/// The elements of an array, or of those that are cases of a variant.
fn elements(ty: &Type) -> impl Iterator<Item = &Type> {
    fn element(ty: &Type) -> Option<&Type> {
        match ty {
            Type::Array { element, .. } => Some(element),
            _ => None,
        }
    }
    let cases = match ty {
        Type::Variant(variant) => Some(variant.types()),
        _ => None,
    };
    element(ty)
        .into_iter()
        .chain(cases.into_iter().flatten().filter_map(element))
}

/// The structs that a value of a type contains directly.
fn contained(ty: &Type) -> Box<dyn Iterator<Item = StructId> + '_> {
    match ty {
        Type::Struct(id) => Box::new(std::iter::once(*id)),
        Type::Array { element, .. } => contained(element),
        Type::Variant(variant) => Box::new(variant.types().flat_map(contained)),
        _ => Box::new(std::iter::empty()),
    }
}

/// Compares a packet's asserted size with the one that it has.
fn check_size(layout: &Layout, packet: &model::Packet, diagnostics: &mut Diagnostics) {
    let Some(asserted) = packet.size else {
        return;
    };
    let body = layout.get(packet.body);
    let (low, high) = asserted.value;
    if body.min_size >= low && body.max_size.is_some_and(|max| max <= high) {
        return;
    }
    let has = match body.max_size {
        Some(max) if max == body.min_size => format!("{max} bytes"),
        Some(max) => format!("{} to {max} bytes", body.min_size),
        None => format!("{} bytes or more", body.min_size),
    };
    let said = if low == high {
        format!("{low}")
    } else {
        format!("{low} to {high}")
    };
    diagnostics.push(
        Diagnostic::error(
            "P0317",
            asserted.span,
            format!("`{}` has {has}, not {said}", body.name),
        )
        .label("asserted here")
        .also(
            body.span,
            match body.header_fields {
                0 => format!("has {has}"),
                _ => format!("has {has} with its header"),
            },
        )
        .help("correct the fields or the size; lengths can be limited with `max`"),
    );
}

fn packet(packet: model::Packet, framing: Option<usize>, said: Option<&model::Framing>) -> Packet {
    let vectors = packet.vectors.into_iter().map(|vector| Vector {
        name: vector.name.value,
        bytes: vector.bytes.value,
        expect: match (vector.value, vector.error) {
            (_, Some((kind, at))) => Expectation::Error {
                kind: kind.value,
                at: at.map(|at| at.value),
            },
            (value, None) => Expectation::Value(value.unwrap_or(crate::value::Value::Null)),
        },
        rewritten: vector.encoded.map(|encoded| encoded.value),
        span: vector.name.span,
    });
    Packet {
        body: packet.body,
        history: packet.history,
        framing,
        ids: packet.ids,
        id_field: said
            .and_then(|said| said.id)
            .and_then(|id| packet.header.get(id).copied()),
        group: packet.group,
        sender: packet.sender,
        steps: packet.steps,
        vectors: vectors.collect(),
    }
}

#[cfg(test)]
mod tests;
