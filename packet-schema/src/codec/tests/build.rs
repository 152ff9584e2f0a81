//! Builds layouts by hand: just enough of the real stage to give every field its place.

use crate::diagnostic::Span;
use crate::layout::{
    Algorithm, BinaryOp, BitOrder, Bound, Case, Checksum, Derivation, Encoding, Endian, Enum,
    EnumId, EnumValue, Expr, ExprOp, Extent, Field, Flag, Flags, FlagsId, Framing, History, Layout,
    Mode, OnCorrupt, OnUnknownId, Packet, Part, Place, Prefix, Role, Scalar, ScalarKind, Sender,
    Struct, StructId, Trailing, Type, Unknown, Variant,
};
use crate::value::Value;

pub(super) fn hex(text: &str) -> Vec<u8> {
    crate::value::parse_hex(text).expect("pairs of hexadecimal digits")
}

pub(super) fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("valid JSON")
}

/// A protocol of these structs, the last of which is what a test is about.
pub(super) fn layout(structs: Vec<Struct>) -> Layout {
    Layout {
        protocol: "test".to_owned(),
        version: None,
        doc: None,
        framings: Vec::new(),
        structs,
        enums: Vec::new(),
        flags: Vec::new(),
        packets: Vec::new(),
        session: None,
    }
}

/// A protocol whose last struct is a packet of at most `max_size` bytes.
pub(super) fn framed(structs: Vec<Struct>, max_size: usize) -> Layout {
    let mut layout = layout(structs);
    layout.framings.push(Framing {
        name: None,
        mode: Mode::Datagram,
        max_size,
        on_unknown_id: OnUnknownId::Close,
        on_corrupt: OnCorrupt::Close,
        magic: Vec::new(),
        header_size: 0,
        trailer_size: 0,
        size: None,
        excluded: 0,
        id: None,
    });
    layout.packets.push(Packet {
        history: History::default(),
        body: StructId(layout.structs.len() - 1),
        framing: Some(0),
        ids: None,
        id_field: None,
        group: None,
        sender: Sender::Both,
        steps: crate::layout::Steps::default(),
        vectors: Vec::new(),
    });
    layout
}

/// An enum `Color` and flags `Caps` of 8 bits, as number 0 of their kind.
pub(super) fn with_names(mut layout: Layout, unknown: Unknown) -> Layout {
    let value = |(name, value): (&str, u64)| EnumValue {
        history: History::default(),
        name: name.to_owned(),
        value,
        doc: None,
    };
    layout.enums.push(Enum {
        name: "Color".to_owned(),
        doc: None,
        bits: 8,
        unknown,
        values: [("red", 1), ("green", 2)].map(value).to_vec(),
        span: Span::default(),
    });
    let flag = |(name, bit): (&str, u32)| Flag {
        history: History::default(),
        name: name.to_owned(),
        bit,
        doc: None,
    };
    layout.flags.push(Flags {
        name: "Caps".to_owned(),
        doc: None,
        bits: 8,
        unknown,
        values: [("voice", 0), ("spectate", 3)].map(flag).to_vec(),
        span: Span::default(),
    });
    layout
}

pub(super) fn field(name: &str, ty: Type) -> Field {
    Field {
        history: History::default(),
        scale: None,
        default: None,
        name: name.to_owned(),
        doc: None,
        unit: None,
        ty,
        role: Role::Data,
        when: None,
        bound: None,
        length: None,
        pad_to: None,
        trailing: Trailing::Reject,
        place: Place::Dynamic,
        gap: 0,
        min_size: 0,
        max_size: None,
        span: Span::default(),
    }
}

impl Field {
    pub(super) fn role(self, role: Role) -> Self {
        Self { role, ..self }
    }

    pub(super) fn when(self, when: Expr) -> Self {
        let when = Some(when);
        Self { when, ..self }
    }

    pub(super) fn sized(self, size: Expr) -> Self {
        let bound = Some(Bound::Sized(size));
        Self { bound, ..self }
    }

    pub(super) fn rest(self, after: usize) -> Self {
        let bound = Some(Bound::Rest { after });
        Self { bound, ..self }
    }

    pub(super) fn length(self, min: u64, max: u64) -> Self {
        let length = Some((min, max));
        Self { length, ..self }
    }

    /// In a bit run; the width says how many bits.
    pub(super) fn in_run(self) -> Self {
        let place = Place::Bits {
            offset: 0,
            size: 0,
            endian: Endian::Big,
            shift: 0,
        };
        Self { place, ..self }
    }
}

pub(super) fn uint(bits: u32) -> Scalar {
    Scalar::unsigned(bits, Endian::Big)
}

pub(super) fn scalar(kind: ScalarKind, bits: u32) -> Scalar {
    Scalar { kind, ..uint(bits) }
}

/// An unsigned integer field.
pub(super) fn u(name: &str, bits: u32) -> Field {
    field(name, Type::Scalar(uint(bits)))
}

/// An unsigned integer in a bit run.
pub(super) fn bits(name: &str, bits: u32) -> Field {
    u(name, bits).in_run()
}

pub(super) fn bool(name: &str, bits: u32) -> Field {
    field(name, Type::Scalar(scalar(ScalarKind::Bool, bits)))
}

pub(super) fn float(name: &str, bits: u32) -> Field {
    field(name, Type::Scalar(scalar(ScalarKind::Float, bits)))
}

pub(super) fn color(name: &str) -> Field {
    field(name, Type::Scalar(scalar(ScalarKind::Enum(EnumId(0)), 8)))
}

pub(super) fn caps(name: &str) -> Field {
    field(name, Type::Scalar(scalar(ScalarKind::Flags(FlagsId(0)), 8)))
}

pub(super) fn bytes(name: &str, extent: Extent) -> Field {
    field(name, Type::Bytes(extent))
}

pub(super) fn text(name: &str, extent: Extent) -> Field {
    field(name, Type::Text(extent, Encoding::Utf8))
}

pub(super) fn ascii(name: &str, extent: Extent) -> Field {
    field(name, Type::Text(extent, Encoding::Ascii))
}

pub(super) fn inner(name: &str, id: usize) -> Field {
    field(name, Type::Struct(StructId(id)))
}

pub(super) fn array(name: &str, element: Type, extent: Extent) -> Field {
    let element = Box::new(element);
    field(name, Type::Array { element, extent })
}

pub(super) fn variant(
    name: &str,
    tag: usize,
    cases: Vec<(&str, u64, Type)>,
    otherwise: Option<Type>,
    guard: Option<Expr>,
) -> Field {
    let case = |(name, tag, ty): (&str, u64, Type)| Case {
        name: name.to_owned(),
        tag,
        ty,
        length: None,
    };
    let variant = Variant {
        tag,
        guard,
        cases: cases.into_iter().map(case).collect(),
        otherwise: otherwise.map(Box::new),
        otherwise_length: None,
    };
    field(name, Type::Variant(variant))
}

pub(super) fn prefixed(bits: u32) -> Extent {
    Extent::Prefixed(Prefix::Fixed(uint(bits)))
}

/// A number that follows from the length of the field `of`: length = scale × number + offset.
pub(super) fn length_of(of: usize, scale: i128, offset: Expr) -> Role {
    Role::Derived(Derivation::Length { of, scale, offset })
}

pub(super) fn presence_of(of: usize) -> Role {
    let inverted = false;
    Role::Derived(Derivation::Presence { of, inverted })
}

pub(super) fn tag_of(of: usize) -> Role {
    Role::Derived(Derivation::Tag { of })
}

pub(super) fn internet(from: usize, to: usize) -> Role {
    Role::Checksum(Checksum {
        algorithm: Algorithm::Internet,
        from,
        end: to + 1,
        extra: None,
    })
}

pub(super) fn value(field: usize) -> Expr {
    Expr {
        op: ExprOp::Field(field),
        min: 0,
        max: 255,
    }
}

pub(super) fn op(a: Expr, op: BinaryOp, b: Expr) -> Expr {
    Expr {
        op: ExprOp::Binary(op, Box::new(a), Box::new(b)),
        min: -1000,
        max: 1000,
    }
}

/// A struct with big-endian runs, cut from the most significant end.
pub(super) fn structure(name: &str, known: &[Struct], fields: Vec<Field>) -> Struct {
    structure_with_runs(name, known, fields, Endian::Big, BitOrder::Msb)
}

/// Gives every field its place. `known` are the structs that come before this one.
pub(super) fn structure_with_runs(
    name: &str,
    known: &[Struct],
    mut fields: Vec<Field>,
    endian: Endian,
    order: BitOrder,
) -> Struct {
    let derived = |field: &Field| matches!(field.role, Role::Derived(_));
    let derive_order = (0..fields.len())
        .filter(|index| derived(&fields[*index]))
        .collect();
    let checksum_order = (0..fields.len())
        .filter(|index| matches!(fields[*index].role, Role::Checksum(_)))
        .collect();
    let mut parts: Vec<Part> = Vec::new();
    let mut index = 0;
    while index < fields.len() {
        let run = run_length(&fields[index..]);
        let size = match run {
            0 => static_size(&fields[index], known),
            run => Some(bits_of(&fields[index..index + run]) as usize / 8),
        };
        let next = index + run.max(1);
        let Some(size) = size else {
            parts.push(Part::Dynamic { field: index });
            index = next;
            continue;
        };
        if !matches!(parts.last(), Some(Part::Static { .. })) {
            let (size, fields) = (0, index..index);
            parts.push(Part::Static { size, fields });
        }
        if let Some(Part::Static {
            size: total,
            fields: members,
        }) = parts.last_mut()
        {
            if run == 0 {
                let offset = *total;
                fields[index].place = Place::Bytes { offset, size };
            } else {
                place_run(&mut fields[index..next], (*total, size), endian, order);
            }
            *total += size;
            members.end = next;
        }
        index = next;
    }
    for field in &mut fields {
        field.min_size = match &field.ty {
            _ if field.when.is_some() => 0,
            Type::Bytes(Extent::Prefixed(prefix)) => prefix.sizes(0, 0).0,
            _ => static_size(field, known).unwrap_or(0) as u64,
        };
    }
    Struct {
        name: name.to_owned(),
        doc: None,
        min_size: fields.iter().map(|field| field.min_size).sum(),
        fields,
        header_fields: 0,
        trailer_fields: 0,
        parts,
        derive_order,
        checksum_order,
        max_size: None,
        greedy: false,
        trailing: Trailing::Reject,
        span: Span::default(),
    }
}

/// How many of the fields make one bit run.
fn run_length(fields: &[Field]) -> usize {
    let is_bits = |field: &&Field| matches!(field.place, Place::Bits { .. });
    let fields: Vec<Field> = fields.iter().take_while(is_bits).cloned().collect();
    (1..=fields.len())
        .find(|run| bits_of(&fields[..*run]).trailing_zeros() >= 3)
        .unwrap_or(0)
}

fn bits_of(fields: &[Field]) -> u32 {
    let width = |field: &Field| match &field.ty {
        Type::Scalar(ty) => ty.bits,
        _ => 0,
    };
    fields.iter().map(width).sum()
}

fn place_run(
    fields: &mut [Field],
    (offset, size): (usize, usize),
    endian: Endian,
    order: BitOrder,
) {
    let total = bits_of(fields);
    let mut before = 0;
    for field in fields {
        let width = bits_of(std::slice::from_ref(field));
        let shift = match order {
            BitOrder::Msb => total - before - width,
            BitOrder::Lsb => before,
        };
        field.place = Place::Bits {
            offset,
            size,
            endian,
            shift,
        };
        before += width;
    }
}

fn static_size(field: &Field, known: &[Struct]) -> Option<usize> {
    if field.when.is_some() || field.bound.is_some() {
        return None;
    }
    match &field.ty {
        Type::Scalar(ty) => Some(ty.bytes()),
        Type::Struct(id) => known[id.0].static_size(),
        Type::Bytes(Extent::Fixed(size)) | Type::Text(Extent::Fixed(size), _) => Some(*size),
        _ => None,
    }
}
