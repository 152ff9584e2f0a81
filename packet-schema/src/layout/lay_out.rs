//! The stage from the checked model to the layout.
//!
//! Raises P0308 (a checksum in a bit run), P0311 (a bit run that is not whole bytes), P0312 (a run over 64
//! bits), P0313 (something after a field that takes the rest), P0314 (a struct inside itself), P0315
//! (elements without bytes), P0316 (nested too deep), P0317 (a size that is not the packet's), P0318 (a
//! header of varying size), P0319 (a packet over the maximum), P0320 (a bit run with two orders), P0321 (a
//! struct that is too large), P0501 (a size or id in a bit run).

use super::{Bound, Field, Framing, HeaderField, Layout, Packet, Part, Place, Struct, Vector};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::layout::Expectation;
use crate::model::{self, BitOrder, Endian, Extent, Role, Scalar, ScalarKind, StructId, Type};
use packet_runtime::shape::MAX_PATH;

/// Most fields of a struct, each case of a variant counted as one.
const MAX_ENTRIES: usize = 4096;

/// Most bytes of neighbouring fields of fixed size.
const MAX_STATIC: usize = 64 << 10;

/// Lays out a checked protocol. The result is `None` if a rule about places or sizes is broken, or one was
/// before.
pub fn lay_out(protocol: model::Protocol, diagnostics: &mut Diagnostics) -> Option<Layout> {
    let mut placer = Placer {
        pending: &protocol.structs,
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
        framing: None,
        structs,
        enums: protocol.enums,
        flags: protocol.flags,
        packets: Vec::new(),
    };
    if let Some(said) = protocol.framing {
        layout.framing = framing(&mut layout, &packets, &said, diagnostics);
    }
    for packet in packets {
        check_size(&layout, &packet, diagnostics);
        layout.packets.push(self::packet(packet));
    }
    (!diagnostics.has_errors() && whole.into_iter().all(|whole| whole)).then_some(layout)
}

/// Keeps the number of a struct that could not be laid out.
fn nothing(body: &model::Struct) -> Struct {
    Struct {
        name: body.name.clone(),
        doc: None,
        fields: Vec::new(),
        header_fields: 0,
        parts: Vec::new(),
        derive_order: Vec::new(),
        min_size: 0,
        max_size: None,
        greedy: false,
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
        let problems = self.diagnostics.len();
        let mut fields: Vec<Field> = Vec::with_capacity(body.fields.len());
        let mut parts: Vec<Part> = Vec::new();
        let mut index = 0;
        while let Some(field) = body.fields.get(index) {
            if let Some(run) = self.run(body, index) {
                for place in run.places {
                    let mut placed = self.field(&body.fields[fields.len()]);
                    placed.place = place;
                    // Bit fields are counted by their run.
                    (placed.min_size, placed.max_size) = (0, Some(0));
                    push_static(&mut parts, &mut fields, placed, 0);
                }
                grow_static(&mut parts, run.size);
                index = run.end;
                continue;
            }
            let mut placed = self.field(field);
            if let Some(size) = self.static_size(field) {
                placed.place = Place::Bytes { offset: 0, size };
                push_static(&mut parts, &mut fields, placed, size);
            } else {
                parts.push(Part::Dynamic { field: index });
                fields.push(placed);
            }
            index += 1;
        }
        self.rests(&mut fields);
        let min_size = fields
            .iter()
            .fold(0, |sum: u64, field| sum.saturating_add(field.min_size));
        let bits = |field: &&Field| matches!(field.place, Place::Bits { .. });
        let runs: u64 = parts
            .iter()
            .map(|part| match part {
                Part::Static {
                    size,
                    fields: range,
                } => {
                    let bytes: u64 = fields[range.clone()]
                        .iter()
                        .filter(|field| !bits(field))
                        .map(|field| field.min_size)
                        .sum();
                    *size as u64 - bytes
                }
                Part::Dynamic { .. } => 0,
            })
            .sum();
        let max_size = fields
            .iter()
            .try_fold(runs, |sum: u64, field| sum.checked_add(field.max_size?));
        let greedy = fields.iter().any(|field| {
            !matches!(field.bound, Some(Bound::Sized(_))) && self.may_be_greedy(&field.ty)
        });
        self.check_extent(body, &parts);
        let placed = Struct {
            name: body.name.clone(),
            doc: body.doc.clone(),
            fields,
            header_fields: body.header_fields,
            parts,
            derive_order: body.derive_order.clone(),
            min_size: min_size.saturating_add(runs),
            max_size,
            greedy,
            span: body.span,
        };
        (self.diagnostics.len() == problems).then_some(placed)
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
            self.diagnostics.push(
                Diagnostic::error(
                    "P0321",
                    body.span,
                    format!(
                        "`{}` has {entries} fields and cases, more than {MAX_ENTRIES}",
                        body.name
                    ),
                )
                .help("put groups of fields into structs of their own"),
            );
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
        let (mut min_size, mut max_size) = self.sizes(&field.ty, field.length);
        if let Some(bound) = &field.bound {
            let low = u64::try_from(bound.min.max(0)).unwrap_or(u64::MAX);
            min_size = min_size.max(low);
            max_size = min_option(max_size, u64::try_from(bound.max).ok());
        }
        if field.when.is_some() {
            min_size = 0;
        }
        if let Type::Array { element, .. } = &field.ty
            && self.sizes(element, None).0 == 0
        {
            self.diagnostics.push(
                Diagnostic::error("P0315", field.type_span, format!("an element of `{}` can have no bytes at all", field.name))
                    .help("a few bytes could then stand for any number of elements; give the element at least one byte"),
            );
        } else if let Type::Array { element, .. } = &field.ty
            && self.may_be_greedy(element)
        {
            self.diagnostics.push(
                Diagnostic::error(
                    "P0313",
                    field.type_span,
                    format!(
                        "an element of `{}` can take everything up to the end",
                        field.name
                    ),
                )
                .help("nothing is left for the elements after it; give the element a length"),
            );
        }
        Field {
            name: field.name.clone(),
            doc: field.doc.clone(),
            unit: field.unit.clone(),
            ty: field.ty.clone(),
            role: field.role.clone(),
            when: field.when.clone(),
            bound: field.bound.clone().map(Bound::Sized),
            length: field.length,
            place: Place::Dynamic,
            min_size,
            max_size,
            span: field.span,
        }
    }

    /// The size of a field that is always there and always has the same size, with its own fields at
    /// fixed places.
    fn static_size(&self, field: &model::Field) -> Option<usize> {
        if field.when.is_some() || field.bound.is_some() {
            return None;
        }
        match &field.ty {
            Type::Scalar(scalar) => Some(scalar.bytes()),
            Type::Bytes(Extent::Fixed(size)) | Type::Text(Extent::Fixed(size), _) => Some(*size),
            Type::Struct(id) => self.get(*id)?.static_size(),
            _ => None,
        }
    }

    /// Smallest and largest size of a type's values; `None` if only the surroundings bound them.
    fn sizes(&self, ty: &Type, length: Option<(u64, u64)>) -> (u64, Option<u64>) {
        let (unit_min, unit_max, extent) = match ty {
            Type::Scalar(scalar) => {
                let bytes = scalar.bytes() as u64;
                return (bytes, Some(bytes));
            }
            Type::Struct(id) => {
                return self
                    .get(*id)
                    .map_or((0, None), |inner| (inner.min_size, inner.max_size));
            }
            Type::Variant(variant) => {
                let types = variant
                    .cases
                    .iter()
                    .map(|case| &case.ty)
                    .chain(variant.otherwise.as_deref());
                let sizes: Vec<_> = types.map(|ty| self.sizes(ty, None)).collect();
                let min = sizes.iter().map(|(min, _)| *min).min().unwrap_or(0);
                let max = sizes
                    .iter()
                    .try_fold(0, |max: u64, (_, size)| Some(max.max((*size)?)));
                return (min, max);
            }
            Type::Bytes(extent) | Type::Text(extent, _) => (1, Some(1), extent),
            Type::Array { element, extent } => {
                let (min, max) = self.sizes(element, None);
                (min, max, extent)
            }
        };
        let (low, high) = length.unwrap_or((0, u64::MAX));
        let (prefix, min, max) = match extent {
            Extent::Fixed(count) => (0, *count as u64, Some(*count as u64)),
            Extent::Prefixed(prefix) => {
                let max = u64::try_from(prefix.limits().1).unwrap_or(u64::MAX);
                (prefix.bytes() as u64, low, Some(max.min(high)))
            }
            Extent::Counted(expr) => {
                let min = u64::try_from(expr.min.max(0)).unwrap_or(u64::MAX);
                let max = u64::try_from(expr.max.max(0)).unwrap_or(u64::MAX);
                (0, min.max(low), Some(max.min(high)))
            }
            Extent::Sized(expr) => {
                let min = u64::try_from(expr.min.max(0)).unwrap_or(u64::MAX);
                let max = u64::try_from(expr.max.max(0)).unwrap_or(u64::MAX);
                return (min.max(low.saturating_mul(unit_min)), Some(max));
            }
            Extent::Rest { .. } => (0, low, length.map(|_| high)),
        };
        let least = min.saturating_mul(unit_min).saturating_add(prefix);
        let most = max
            .zip(unit_max)
            .and_then(|(max, unit)| max.checked_mul(unit)?.checked_add(prefix));
        (least, most)
    }

    fn may_be_greedy(&self, ty: &Type) -> bool {
        match ty {
            Type::Variant(variant) => {
                let mut types = variant
                    .cases
                    .iter()
                    .map(|case| &case.ty)
                    .chain(variant.otherwise.as_deref());
                types.any(|ty| self.may_be_greedy(ty))
            }
            Type::Struct(id) => self.get(*id).is_some_and(|inner| inner.greedy),
            Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. } => {
                matches!(extent, Extent::Rest { .. })
            }
            Type::Scalar(_) => false,
        }
    }

    /// Tells the fields that take the rest what follows them, and refuses what cannot follow.
    fn rests(&mut self, fields: &mut [Field]) {
        for index in 0..fields.len() {
            let field = &fields[index];
            if field.bound.is_some() || !self.may_be_greedy(&field.ty) {
                continue;
            }
            let following = &fields[index + 1..];
            let fixed =
                |field: &&Field| matches!(field.place, Place::Bytes { .. } | Place::Bits { .. });
            // A variant may leave something over: then one rest may take that, as the last field.
            let tail = match following {
                [last]
                    if matches!(field.ty, Type::Variant(_))
                        && last.when.is_none()
                        && is_rest(&last.ty) =>
                {
                    continue;
                }
                _ => following.iter().find(|field| !fixed(field)),
            };
            if let Some(after) = tail {
                self.diagnostics.push(
                    Diagnostic::error(
                        "P0313",
                        after.span,
                        format!("`{}` cannot follow `{}`", after.name, field.name),
                    )
                    .label("its place depends on data")
                    .also(field.span, "takes everything up to the end")
                    .help("only fields of fixed size can follow; give the first one a length"),
                );
                continue;
            }
            if field.when.is_some() && !following.is_empty() {
                self.diagnostics.push(
                    Diagnostic::error(
                        "P0313",
                        field.span,
                        format!(
                            "`{}` is optional, takes the rest, and is not the last field",
                            field.name
                        ),
                    )
                    .help("give it a length, or move it to the end"),
                );
                continue;
            }
            let after: usize = following_size(following);
            let field = &mut fields[index];
            match &mut field.ty {
                Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. } => {
                    *extent = Extent::Rest { after }
                }
                _ if after > 0 => field.bound = Some(Bound::Rest { after }),
                _ => {}
            }
        }
    }

    /// The bit run that begins at field `first`, if one does.
    fn run(&mut self, body: &model::Struct, first: usize) -> Option<Run> {
        let bits_of = |field: &model::Field| match &field.ty {
            Type::Scalar(scalar) if field.when.is_none() => Some(*scalar),
            _ => None,
        };
        let start = bits_of(body.fields.get(first)?)?;
        if start.bits % 8 == 0 {
            return None;
        }
        let bit_order = body.fields[first].bit_order;
        // Most significant bits first in big-endian bytes is the same in any whole number of bytes, so
        // the smallest runs are taken. In other orders the neighbours are one number.
        let smallest = start.endian == Endian::Big && bit_order == BitOrder::Msb;
        let mut widths: Vec<u32> = Vec::new();
        let mut total = 0;
        let mut end = first;
        while let Some(scalar) = body.fields.get(end).and_then(bits_of) {
            let same = scalar.endian == start.endian && body.fields[end].bit_order == bit_order;
            let begins = end == first || (!smallest && same);
            let joins = total % 8 != 0 || (scalar.bits % 8 != 0 && begins);
            if !joins || scalar.kind == ScalarKind::Float {
                break;
            }
            if !same {
                self.diagnostics.push(
                    Diagnostic::error(
                        "P0320",
                        body.fields[end].type_span,
                        "the fields of a bit run have one byte order and one bit order",
                    )
                    .label("differs from the run's")
                    .also(body.fields[first].span, "the run begins here")
                    .help("say `endian` and `bit_order` at the struct or packet, or at all fields of the run"),
                );
            }
            widths.push(scalar.bits);
            total += scalar.bits;
            end += 1;
        }
        let range = first..end;
        if total % 8 != 0 {
            // Fields of whole bytes at its end were hardly meant to be in the run.
            let whole = |width: &&u32| width.is_multiple_of(8);
            let tail = widths.iter().rev().take_while(whole);
            let (count, bits) = tail.fold((end - first, total), |(count, bits), width| {
                (count - 1, bits - width)
            });
            let last = &body.fields[first + count - 1];
            let missing = 8 - bits % 8;
            let plural = |number: u32| if number == 1 { "" } else { "s" };
            let mut problem = Diagnostic::error(
                "P0311",
                Span::new(body.fields[first].span.start, last.type_span.end),
                format!(
                    "this bit run has {bits} bit{}, which are not whole bytes",
                    plural(bits)
                ),
            )
            .label(format!("{bits} bit{}", plural(bits)))
            .help(format!(
                "add {missing} reserved bit{} after `{}`: `- _: u{missing}`",
                plural(missing),
                last.name
            ));
            if let Some(next) = body.fields.get(first + count) {
                problem = problem.also(next.span, "would begin inside a byte");
            }
            self.diagnostics.push(problem);
        } else if total > 64 {
            self.diagnostics.push(
                Diagnostic::error(
                    "P0312",
                    Span::new(
                        body.fields[first].span.start,
                        body.fields[end - 1].type_span.end,
                    ),
                    format!("this bit run has {total} bits, more than 64"),
                )
                .help("put a field of whole bytes in between, or part of the fields into a struct"),
            );
        }
        for field in &body.fields[range.clone()] {
            let (code, what) = match field.role {
                Role::Checksum(_) => ("P0308", "a checksum"),
                Role::Size { .. } => ("P0501", "the packet's size"),
                Role::Id(_) => ("P0501", "the packet's id"),
                _ => continue,
            };
            self.diagnostics.push(
                Diagnostic::error(
                    code,
                    field.span,
                    format!(
                        "{what} has bytes of its own, and `{}` lies in a bit run",
                        field.name
                    ),
                )
                .help("let the bits before it fill whole bytes"),
            );
        }
        let size = (total as usize).div_ceil(8);
        let mut used = 0;
        let places = range
            .zip(&widths)
            .map(|(_, width)| {
                let shift = match bit_order {
                    BitOrder::Msb => (total - used).saturating_sub(*width),
                    BitOrder::Lsb => used,
                };
                used += width;
                Place::Bits {
                    offset: 0,
                    size,
                    endian: start.endian,
                    shift,
                }
            })
            .collect();
        Some(Run { places, size, end })
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
            let index = if matches!(field.ty, Type::Array { .. }) {
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

/// Bit fields that share bytes.
struct Run {
    /// Each field's place, with the offset 0.
    places: Vec<Place>,
    /// Bytes of the run.
    size: usize,
    /// Number of the field after the last.
    end: usize,
}

/// Adds a field to the static part at the end, or to a new one.
fn push_static(parts: &mut Vec<Part>, fields: &mut Vec<Field>, mut field: Field, grow: usize) {
    if !matches!(parts.last(), Some(Part::Static { .. })) {
        parts.push(Part::Static {
            size: 0,
            fields: fields.len()..fields.len(),
        });
    }
    if let Some(Part::Static {
        size,
        fields: range,
    }) = parts.last_mut()
    {
        match &mut field.place {
            Place::Bytes { offset, .. } | Place::Bits { offset, .. } => *offset = *size,
            Place::Dynamic => {}
        }
        *size += grow;
        range.end += 1;
    }
    fields.push(field);
}

/// Adds the bytes of a bit run, whose fields were added, to the static part at the end.
fn grow_static(parts: &mut [Part], by: usize) {
    if let Some(Part::Static { size, .. }) = parts.last_mut() {
        *size += by;
    }
}

/// Bytes of fields at fixed places.
fn following_size(fields: &[Field]) -> usize {
    let mut sum = 0;
    let mut last_run = None;
    for field in fields {
        match field.place {
            Place::Bytes { size, .. } => sum += size,
            Place::Bits { offset, size, .. } if last_run != Some(offset) => {
                last_run = Some(offset);
                sum += size;
            }
            Place::Bits { .. } | Place::Dynamic => {}
        }
    }
    sum
}

fn is_rest(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Bytes(Extent::Rest { .. })
            | Type::Text(Extent::Rest { .. }, _)
            | Type::Array {
                extent: Extent::Rest { .. },
                ..
            }
    )
}

fn min_option(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// The structs that a value of a type contains directly.
fn contained(ty: &Type) -> Box<dyn Iterator<Item = StructId> + '_> {
    match ty {
        Type::Struct(id) => Box::new(std::iter::once(*id)),
        Type::Array { element, .. } => contained(element),
        Type::Variant(variant) => Box::new(
            variant
                .cases
                .iter()
                .map(|case| &case.ty)
                .chain(variant.otherwise.as_deref())
                .flat_map(contained),
        ),
        _ => Box::new(std::iter::empty()),
    }
}

fn framing(
    layout: &mut Layout,
    packets: &[model::Packet],
    said: &model::Framing,
    diagnostics: &mut Diagnostics,
) -> Option<Framing> {
    let mut framing = Framing {
        max_size: usize::try_from(said.max_size).unwrap_or(usize::MAX),
        on_unknown_id: said.on_unknown_id,
        header_size: 0,
        size: None,
        excluded: said.bias.saturating_neg(),
        id: None,
    };
    // The header is the same in all packets, so that of the first one tells.
    let first = layout.get(packets.first()?.body);
    let mut offset = 0;
    let mut last_run = None;
    for (number, field) in first.fields.iter().enumerate().take(first.header_fields) {
        let size = match field.place {
            Place::Bytes { size, .. } => size,
            Place::Bits { offset, size, .. } if last_run != Some(offset) => {
                last_run = Some(offset);
                size
            }
            Place::Bits { .. } => 0,
            Place::Dynamic => {
                diagnostics.push(
                    Diagnostic::error(
                        "P0318",
                        field.span,
                        format!("the header's field `{}` has no fixed size", field.name),
                    )
                    .help("fields of varying size go into the packets"),
                );
                return None;
            }
        };
        if let Type::Scalar(Scalar { endian, .. }) = field.ty {
            let place = HeaderField {
                field: number,
                offset,
                size,
                endian,
            };
            match field.role {
                Role::Size { .. } => framing.size = Some(place),
                Role::Id(_) => framing.id = Some(place),
                _ => {}
            }
        }
        offset += size;
    }
    framing.header_size = offset;
    if said.counts_body {
        framing.excluded = framing
            .excluded
            .saturating_add(i64::try_from(offset).unwrap_or(i64::MAX));
    }
    if let Some(size) = framing.size {
        // No more than the size field can say.
        let largest = u64::MAX >> (64 - 8 * size.size);
        let largest = i128::from(largest) + i128::from(framing.excluded);
        framing.max_size = framing
            .max_size
            .min(usize::try_from(largest).unwrap_or(usize::MAX));
    }
    let excluded = framing.excluded;
    for packet in packets {
        for field in &mut layout.structs[packet.body.0].fields {
            if let Role::Size { excluded: known } = &mut field.role {
                *known = excluded;
            }
        }
        let body = layout.get(packet.body);
        if body.min_size > framing.max_size as u64 {
            diagnostics.push(
                Diagnostic::error(
                    "P0319",
                    body.span,
                    format!("`{}` has at least {} bytes", body.name, body.min_size),
                )
                .also(
                    said.span,
                    format!("packets have at most {}", framing.max_size),
                ),
            );
        }
    }
    Some(framing)
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

fn packet(packet: model::Packet) -> Packet {
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
        span: vector.name.span,
    });
    Packet {
        body: packet.body,
        id: packet.id,
        group: packet.group,
        sender: packet.sender,
        vectors: vectors.collect(),
    }
}

#[cfg(test)]
mod tests;
