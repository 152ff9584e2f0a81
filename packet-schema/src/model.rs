//! The checked protocol: every name resolved, every rule of the language kept.
//!
//! Only [`crate::check`] makes these, so that whoever holds one need not check again. A model knows
//! what a field is, not yet where it lies: that is [`crate::layout`].

mod checksum;
mod expr;
mod named;
mod scalar;
mod session;
mod types;
mod varint;

pub use checksum::{Algorithm, Checksum, Crc};
pub use expr::{BinaryOp, Expr, ExprOp, Measure, Operand};
pub use named::{Enum, EnumValue, Flag, Flags};
pub use scalar::{Scalar, ScalarKind};
pub use session::{Session, State, StateId, Steps, Transition};
pub use types::{Case, ELSE, Encoding, Extent, Sentinel, Type, Variant};
pub use varint::{Prefix, Varint};

use crate::diagnostic::{Span, Spanned};
use crate::syntax;
use crate::value::Value;
use std::fmt;

/// Number of a struct or packet body in [`crate::layout::Layout::structs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StructId(pub usize);

/// Number of an enum in [`crate::layout::Layout::enums`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumId(pub usize);

/// Number of a flag set in [`crate::layout::Layout::flags`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlagsId(pub usize);

/// Order of the bytes of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Endian {
    /// Most significant byte first.
    #[default]
    Big,
    /// Least significant byte first.
    Little,
}

/// From which end bit fields are cut out of their run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BitOrder {
    /// The first field has the most significant bits, as in the drawings of RFCs.
    #[default]
    Msb,
    /// The first field has the least significant bits.
    Lsb,
}

/// What becomes of values that the schema does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unknown {
    /// They are an error.
    #[default]
    Reject,
    /// They are kept as they are.
    Keep,
    /// Of flags: they are dropped when read, and zero when written.
    Skip,
}

/// What becomes of bytes that are left over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trailing {
    /// They are an error.
    #[default]
    Reject,
    /// They are ignored.
    Skip,
}

/// Since when something is there, and whether it should still be used. Nothing on the wire follows from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The protocol's version that introduced it.
    pub since: Option<u64>,
    /// What to use instead; empty if the schema says only that it is deprecated.
    pub deprecated: Option<String>,
}

impl From<&crate::syntax::History> for History {
    fn from(said: &crate::syntax::History) -> Self {
        Self {
            since: said.since.map(|since| since.value),
            deprecated: said.deprecated.as_ref().map(|text| text.value.clone()),
        }
    }
}

/// What a field is for, and so where its value comes from when a packet is written.
#[derive(Clone, Debug)]
pub enum Role {
    /// The user's data.
    Data,
    /// Written as zero. Read without looking, or, if `strict`, refused unless it is zero.
    Reserved {
        /// Whether other values than zero are refused.
        strict: bool,
    },
    /// Always this value.
    Const(u64),
    /// Computed from another field.
    Derived(Derivation),
    /// Computed from the bytes of other fields.
    Checksum(Checksum),
    /// The frame's length in bytes, less `excluded`. A varint does not count itself and what is in front of it.
    Size {
        /// Bytes of the frame that it does not count; negative if it counts more.
        excluded: i64,
    },
    /// The packet's id.
    Id(u64),
}

impl Role {
    /// Whether the user gives the value when a packet is written.
    pub const fn is_data(&self) -> bool {
        matches!(self, Self::Data)
    }
}

/// How a derived field follows from another one.
#[derive(Clone, Debug)]
pub enum Derivation {
    /// (length of the field `of` − `offset`) / `scale`, which must be exact. The length is in the
    /// unit of the field's extent: bytes or elements.
    Length {
        /// The measured field.
        of: usize,
        /// The factor of this field in the extent's expression; not 0.
        scale: i128,
        /// The rest of the extent's expression; may read other fields, also derived ones.
        offset: Expr,
    },
    /// Whether the field `of` is there.
    Presence {
        /// The optional field; others may follow the same condition.
        of: usize,
        /// Whether 0 means that it is there.
        inverted: bool,
    },
    /// The tag of the case that the variant `of` holds; for `else` the user gives it.
    Tag {
        /// The variant.
        of: usize,
    },
    /// What the schema says that it is. It may read fields that come later, and measure them.
    Value(Expr),
}

/// Which side sends a packet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sender {
    /// The side that connects.
    Client,
    /// The side that listens.
    Server,
    /// Either.
    #[default]
    Both,
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Client => "client",
            Self::Server => "server",
            Self::Both => "both",
        })
    }
}

/// One of the two sides of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The side that connects.
    Client,
    /// The side that listens.
    Server,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Client => "client",
            Self::Server => "server",
        })
    }
}

impl Sender {
    /// Whether a side sends it.
    pub const fn includes(self, side: Side) -> bool {
        matches!(
            (self, side),
            (Self::Both, _) | (Self::Client, Side::Client) | (Self::Server, Side::Server)
        )
    }
}

/// What a receiver does with a packet whose id it does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnUnknownId {
    /// Leaves it out and goes on.
    Skip,
    /// Ends the connection.
    #[default]
    Close,
}

/// What a receiver does when a frame is broken: an impossible size, or bytes that are no packet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnCorrupt {
    /// Ends the connection.
    #[default]
    Close,
    /// Looks for the next beginning of a frame, and goes on there.
    Resync,
}

/// A checked protocol.
#[derive(Clone, Debug)]
pub struct Protocol {
    pub(crate) name: String,
    pub(crate) version: Option<u64>,
    pub(crate) doc: Option<String>,
    pub(crate) framings: Vec<Framing>,
    pub(crate) structs: Vec<Struct>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) flags: Vec<Flags>,
    pub(crate) packets: Vec<Packet>,
    pub(crate) session: Option<Session>,
}

/// What a framing says besides its header and trailer, whose fields are those of every packet.
#[derive(Clone, Debug)]
pub(crate) struct Framing {
    pub(crate) name: Option<String>,
    pub(crate) mode: Option<syntax::Mode>,
    pub(crate) max_size: u64,
    pub(crate) on_unknown_id: OnUnknownId,
    /// Where it says `on_corrupt: resync`.
    pub(crate) resync: Option<Span>,
    /// The names of the header's fields, as they stand in the framing.
    pub(crate) header: Vec<String>,
    /// Numbers of the fields among these that hold the size and the id.
    pub(crate) size: Option<usize>,
    pub(crate) id: Option<usize>,
    /// What the size counts, and how many bytes more than that.
    pub(crate) counts: Counted,
    pub(crate) bias: i64,
    /// Whether some of it is wrong. In a checked protocol all is right.
    pub(crate) partial: bool,
    pub(crate) span: Span,
}

/// What a size counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Counted {
    #[default]
    Packet,
    /// What lies between the header and the trailer.
    Body,
    /// Everything from this field of the framing's header on.
    From(usize),
}

/// A packet's own properties.
#[derive(Clone, Debug)]
pub(crate) struct Packet {
    pub(crate) body: StructId,
    pub(crate) history: History,
    /// Number of its framing.
    pub(crate) framing: Option<usize>,
    /// For each field of the framing's header the number of the field that stands there.
    pub(crate) header: Vec<usize>,
    /// Smallest and largest id.
    pub(crate) ids: Option<(u64, u64)>,
    pub(crate) group: Option<String>,
    pub(crate) sender: Sender,
    pub(crate) steps: Steps,
    pub(crate) size: Option<Spanned<(u64, u64)>>,
    pub(crate) trailing: Trailing,
    pub(crate) vectors: Vec<syntax::Vector>,
}

/// Fields one after the other, not yet placed.
#[derive(Clone, Debug)]
pub(crate) struct Struct {
    pub(crate) name: String,
    pub(crate) doc: Option<String>,
    pub(crate) fields: Vec<Field>,
    pub(crate) header_fields: usize,
    pub(crate) trailer_fields: usize,
    pub(crate) derive_order: Vec<usize>,
    pub(crate) checksum_order: Vec<usize>,
    /// Whether it has a mistake that was reported. A checked protocol has no such struct.
    pub(crate) broken: bool,
    pub(crate) span: Span,
}

/// One field, not yet placed. Its extents of the kind rest do not know yet what follows.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) doc: Option<String>,
    pub(crate) history: History,
    pub(crate) unit: Option<String>,
    pub(crate) scale: Option<f64>,
    pub(crate) default: Option<Spanned<Value>>,
    pub(crate) ty: Type,
    pub(crate) role: Role,
    pub(crate) when: Option<Expr>,
    pub(crate) bound: Option<Expr>,
    pub(crate) length: Option<(u64, u64)>,
    pub(crate) pad_to: Option<crate::diagnostic::Spanned<usize>>,
    pub(crate) align: Option<crate::diagnostic::Spanned<usize>>,
    pub(crate) trailing: Trailing,
    pub(crate) bit_order: BitOrder,
    pub(crate) span: Span,
    pub(crate) type_span: Span,
}
