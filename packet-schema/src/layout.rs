//! Where every field lies: offsets, bit runs, static and dynamic parts, smallest and largest sizes.
//!
//! In: the checked model. Out: [`Layout`], all that a backend or the dynamic codec needs. A layout
//! knows nothing of YAML.

mod framing;
mod lay_out;

pub use crate::model::{
    Algorithm, BinaryOp, BitOrder, Case, Checksum, Crc, Derivation, ELSE, Encoding, Endian, Enum,
    EnumId, EnumValue, Expr, ExprOp, Extent, Flag, Flags, FlagsId, History, Measure, OnCorrupt,
    OnUnknownId, Operand, Prefix, Role, Scalar, ScalarKind, Sender, Sentinel, Session, Side, State,
    StateId, Steps, StructId, Trailing, Transition, Type, Unknown, Variant, Varint,
};
pub use framing::{Coding, Dispatch, Framing, HeaderField, Mode, VarintPlace};
pub use lay_out::lay_out;

use crate::diagnostic::Span;
use crate::value::Value;
use std::ops::Range;

/// A protocol, laid out.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its name.
    pub protocol: String,
    /// Its version, if the schema gives one.
    pub version: Option<u64>,
    /// Description for generated documentation.
    pub doc: Option<String>,
    /// How packets are delimited on a stream: the usual way first, then further ones; empty for datagrams and nested
    /// protocols.
    pub framings: Vec<Framing>,
    /// All structs: named types first, then packets, each in schema order.
    pub structs: Vec<Struct>,
    /// All enums in schema order.
    pub enums: Vec<Enum>,
    /// All flag sets in schema order.
    pub flags: Vec<Flags>,
    /// The packets in schema order.
    pub packets: Vec<Packet>,
    /// The order in which packets may be sent, if the schema has one.
    pub session: Option<Session>,
}

/// What may be sent by itself: a struct with an id, a sender and test vectors.
#[derive(Clone, Debug)]
pub struct Packet {
    /// Its fields, header first.
    pub body: StructId,
    /// Since when it is there.
    pub history: History,
    /// Number of its framing in [`Layout::framings`].
    pub framing: Option<usize>,
    /// Its smallest and largest id, if the framing has ids.
    pub ids: Option<(u64, u64)>,
    /// Number of the field that holds the id, if the framing has ids.
    pub id_field: Option<usize>,
    /// Name of its group of ids.
    pub group: Option<String>,
    /// Which side sends it.
    pub sender: Sender,
    /// When it may be sent, and where it leads; nothing without a session.
    pub steps: Steps,
    /// Its test vectors.
    pub vectors: Vec<Vector>,
}

impl Packet {
    /// Its id, if that is always the same.
    pub fn id(&self) -> Option<u64> {
        self.ids.filter(|(low, high)| low == high).map(|(id, _)| id)
    }

    /// Whether an id stands for this packet.
    pub fn has_id(&self, id: u64) -> bool {
        self.ids
            .is_some_and(|(low, high)| (low..=high).contains(&id))
    }
}

/// Bytes with the value that they stand for, or the error that they give.
#[derive(Clone, Debug)]
pub struct Vector {
    /// Name, for messages.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// What decoding them gives.
    pub expect: Expectation,
    /// What the value becomes when it is encoded, if those are other bytes: reading may ignore or accept
    /// what is never written.
    pub rewritten: Option<Vec<u8>>,
    /// Where it stands.
    pub span: Span,
}

impl Vector {
    /// The bytes that the vector's value encodes to.
    pub fn encoded(&self) -> &[u8] {
        self.rewritten.as_ref().unwrap_or(&self.bytes)
    }
}

/// What decoding a test vector gives.
#[derive(Clone, Debug)]
pub enum Expectation {
    /// This value; derived fields may be left out. Encoding it gives [`Vector::encoded`].
    Value(Value),
    /// An error of this kind.
    Error {
        /// Name of the kind, as in [`packet_runtime::ErrorKind::name`].
        kind: String,
        /// The field's path, if the vector says so.
        at: Option<String>,
    },
}

/// Fields one after the other.
#[derive(Clone, Debug)]
pub struct Struct {
    /// Its name: a type's or a packet's.
    pub name: String,
    /// Description for generated documentation.
    pub doc: Option<String>,
    /// The fields in wire order. Those of the header come first in a packet.
    pub fields: Vec<Field>,
    /// How many of the fields are the header's.
    pub header_fields: usize,
    /// How many of the fields, the last ones, are the trailer's.
    pub trailer_fields: usize,
    /// The fields grouped into parts, in wire order; together they are all fields.
    pub parts: Vec<Part>,
    /// Derived fields in an order in which each depends on earlier ones only.
    pub derive_order: Vec<usize>,
    /// Checksums in an order in which each covers earlier ones only.
    pub checksum_order: Vec<usize>,
    /// Fewest bytes.
    pub min_size: u64,
    /// Most bytes; `None` if only the surroundings bound it.
    pub max_size: Option<u64>,
    /// Whether it takes all bytes up to the end of what surrounds it.
    pub greedy: bool,
    /// Of a packet, what becomes of bytes behind its last field.
    pub trailing: Trailing,
    /// Where its name stands.
    pub span: Span,
}

impl Struct {
    /// The size in bytes if it is always the same, the fields lie at fixed places, and each can be tested
    /// by itself. A checksum needs the bytes of others, and a computed value their values.
    pub fn static_size(&self) -> Option<usize> {
        if self.fields.iter().any(|field| {
            matches!(
                field.role,
                Role::Checksum(_) | Role::Derived(Derivation::Value(_))
            )
        }) {
            return None;
        }
        match self.parts.as_slice() {
            [] => Some(0),
            [Part::Static { size, .. }] => Some(*size),
            _ => None,
        }
    }

    /// The number of the field that holds a packet's size, and how many bytes that does not count.
    pub fn size_field(&self) -> Option<(usize, i64)> {
        let mut fields = self.fields.iter().enumerate();
        fields.find_map(|(index, field)| match field.role {
            Role::Size { excluded } => Some((index, excluded)),
            _ => None,
        })
    }

    /// The checksums with the numbers of their fields, each behind those that it covers.
    pub fn checksums(&self) -> impl Iterator<Item = (usize, Checksum)> {
        self.checksum_order
            .iter()
            .filter_map(|index| match self.fields[*index].role {
                Role::Checksum(checksum) => Some((*index, checksum)),
                _ => None,
            })
    }
}

/// Neighbouring fields.
#[derive(Clone, Debug)]
pub enum Part {
    /// Fields at fixed places from the part's start.
    Static {
        /// The part's size in bytes.
        size: usize,
        /// Numbers of the fields.
        fields: Range<usize>,
    },
    /// One field whose size depends on data.
    Dynamic {
        /// Number of the field.
        field: usize,
    },
    /// Bytes up to a multiple of `to`, counted from the struct's start. They are zero when they are
    /// written and ignored when they are read. If the field can be absent, so are they.
    Align {
        /// Number of the field that follows.
        field: usize,
        /// At least 1.
        to: usize,
    },
}

/// One field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name; `_` if it has none. Names other than `_` are unique in a struct.
    pub name: String,
    /// Description for generated documentation.
    pub doc: Option<String>,
    /// Since when it is there.
    pub history: History,
    /// Unit of its value, for documentation.
    pub unit: Option<String>,
    /// What its number is multiplied by to be in that unit. Nothing on the wire follows from it.
    pub scale: Option<f64>,
    /// What is written where a value leaves it out.
    pub default: Option<Value>,
    /// What it holds.
    pub ty: Type,
    /// What it is for.
    pub role: Role,
    /// It is there only if this holds.
    pub when: Option<Expr>,
    /// A struct or variant is given these bytes and must use them up; `None` lets it end by itself.
    pub bound: Option<Bound>,
    /// Smallest and largest length of bytes and text in bytes, of an array in elements.
    pub length: Option<(u64, u64)>,
    /// It has this many bytes: what it needs, and then zeros, which are ignored when it is read.
    pub pad_to: Option<usize>,
    /// What becomes of bytes that it leaves over in its bound.
    pub trailing: Trailing,
    /// Where it lies in its part.
    pub place: Place,
    /// Bytes in front of it in its static part that bring it to a multiple: zero when they are written,
    /// ignored when they are read.
    pub gap: usize,
    /// Fewest bytes; 0 if it can be absent.
    pub min_size: u64,
    /// Most bytes; `None` if only the surroundings bound it.
    pub max_size: Option<u64>,
    /// Where its name stands.
    pub span: Span,
}

impl Field {
    /// Whether it has a name, and so shows in values.
    pub fn is_named(&self) -> bool {
        self.name != "_"
    }
}

/// The bytes that a struct or variant is given.
#[derive(Clone, Debug)]
pub enum Bound {
    /// As many as earlier fields say.
    Sized(Expr),
    /// All up to the end, less `after` bytes of fields of fixed size that follow.
    Rest {
        /// Bytes of the fields that follow.
        after: usize,
    },
}

/// Where a field lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In whole bytes of a static part.
    Bytes {
        /// Offset from the part's start.
        offset: usize,
        /// Size in bytes.
        size: usize,
    },
    /// In some bits of a static part. The run's bytes are one unsigned number; the field is that
    /// number shifted right by `shift`, of which the lowest bits count, as many as the field has.
    Bits {
        /// Offset of the run from the part's start.
        offset: usize,
        /// Size of the run in bytes, 1 to 8.
        size: usize,
        /// Byte order of the run.
        endian: Endian,
        /// Bits of the run below the field.
        shift: u32,
    },
    /// At a place that depends on data.
    Dynamic,
}

impl Layout {
    /// The struct with this number.
    pub fn get(&self, id: StructId) -> &Struct {
        &self.structs[id.0]
    }

    /// The struct or packet called `name`.
    pub fn struct_named(&self, name: &str) -> Option<StructId> {
        self.structs
            .iter()
            .position(|found| found.name == name)
            .map(StructId)
    }

    /// The packet whose body is the struct `id`.
    pub fn packet_of(&self, id: StructId) -> Option<&Packet> {
        // Both are in the order of the schema.
        let at = self.packets.partition_point(|packet| packet.body.0 < id.0);
        self.packets.get(at).filter(|packet| packet.body == id)
    }

    /// The enum with this number.
    pub fn enumeration(&self, id: EnumId) -> &Enum {
        &self.enums[id.0]
    }

    /// The flag set with this number.
    pub fn flag_set(&self, id: FlagsId) -> &Flags {
        &self.flags[id.0]
    }

    /// Whether holding a value of its own, not a view of bytes, needs memory whose size is known only
    /// when a program runs. Fields that nobody gives, such as lengths, are not part of a value.
    pub fn needs_allocator(&self, id: StructId) -> bool {
        let fields = &self.get(id).fields;
        let given = fields
            .iter()
            .filter(|field| field.is_named() && field.role.is_data());
        given
            .map(|field| &field.ty)
            .any(|ty| self.type_needs_allocator(ty))
    }

    /// Whether [`Layout::needs_allocator`] holds of what contains a value of this type.
    pub fn type_needs_allocator(&self, ty: &Type) -> bool {
        match ty {
            Type::Scalar(_) | Type::Varint(_) | Type::Skipped | Type::Bytes(Extent::Fixed(_)) => {
                false
            }
            Type::Struct(id) => self.needs_allocator(*id),
            Type::Variant(variant) => variant.types().any(|ty| self.type_needs_allocator(ty)),
            Type::Bytes(_) | Type::Text(..) | Type::Array { .. } => true,
        }
    }

    /// Smallest and largest size of a type's values, of which `length` limits the length; `None` if only the
    /// surroundings bound them.
    pub fn sizes(&self, ty: &Type, length: Option<(u64, u64)>) -> (u64, Option<u64>) {
        lay_out::sizes(ty, length, &|id| {
            let inner = self.get(id);
            (inner.min_size, inner.max_size)
        })
    }

    /// Whether a value of this type takes all bytes up to the end of what surrounds it.
    pub fn is_greedy(&self, ty: &Type) -> bool {
        match ty {
            Type::Struct(id) => self.get(*id).greedy,
            Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. } => {
                matches!(extent, Extent::Rest { .. })
            }
            Type::Skipped => true,
            Type::Scalar(_) | Type::Varint(_) | Type::Variant(_) => false,
        }
    }
}
