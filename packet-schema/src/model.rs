//! The checked protocol: every name resolved, every rule of the language kept.
//!
//! Only [`crate::check`] makes these, so that whoever holds one need not check again. A model knows
//! what a field is, not yet where it lies: that is [`crate::layout`].

mod checksum;
mod expr;
mod session;
mod varint;

pub use checksum::{Algorithm, Checksum, Crc};
pub use expr::{BinaryOp, Expr, ExprOp, Measure, Operand};
pub use session::{Session, State, StateId, Steps, Transition};
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

/// A set of named numbers.
#[derive(Clone, Debug)]
pub struct Enum {
    /// Name in the schema.
    pub name: String,
    /// Description for generated documentation.
    pub doc: Option<String>,
    /// Width on the wire in bits.
    pub bits: u32,
    /// What becomes of other values.
    pub unknown: Unknown,
    /// The values in schema order; names and numbers are unique.
    pub values: Vec<EnumValue>,
    /// Where it is defined.
    pub span: Span,
}

/// One named number.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// Name in the schema.
    pub name: String,
    /// Number on the wire.
    pub value: u64,
    /// Description for generated documentation.
    pub doc: Option<String>,
    /// Since when it is there.
    pub history: History,
}

impl Enum {
    /// The name of `value`, if it has one.
    pub fn name_of(&self, value: u64) -> Option<&str> {
        self.values
            .iter()
            .find(|known| known.value == value)
            .map(|known| known.name.as_str())
    }

    /// The number that `name` stands for.
    pub fn value_of(&self, name: &str) -> Option<u64> {
        self.values
            .iter()
            .find(|known| known.name == name)
            .map(|known| known.value)
    }
}

/// A set of named bits.
#[derive(Clone, Debug)]
pub struct Flags {
    /// Name in the schema.
    pub name: String,
    /// Description for generated documentation.
    pub doc: Option<String>,
    /// Width on the wire in bits.
    pub bits: u32,
    /// What becomes of bits without a name.
    pub unknown: Unknown,
    /// The named bits in schema order; names and positions are unique.
    pub values: Vec<Flag>,
    /// Where it is defined.
    pub span: Span,
}

/// One named bit.
#[derive(Clone, Debug)]
pub struct Flag {
    /// Name in the schema.
    pub name: String,
    /// Position; 0 is the least significant bit.
    pub bit: u32,
    /// Description for generated documentation.
    pub doc: Option<String>,
    /// Since when it is there.
    pub history: History,
}

impl Flags {
    /// All bits that have a name.
    pub fn known(&self) -> u64 {
        self.values
            .iter()
            .fold(0, |known, flag| known | 1 << flag.bit)
    }
}

/// What a number on the wire means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarKind {
    /// An integer from 0.
    Unsigned,
    /// A two's complement integer.
    Signed,
    /// IEEE 754 binary32 or binary64.
    Float,
    /// 0 or 1.
    Bool,
    /// One of an enum's values.
    Enum(EnumId),
    /// A set of flags.
    Flags(FlagsId),
}

impl ScalarKind {
    /// Whether the numbers stand for something else: true or false, or what has a name.
    pub const fn is_named(self) -> bool {
        matches!(self, Self::Bool | Self::Enum(_) | Self::Flags(_))
    }
}

/// A number of fixed width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// What it means.
    pub kind: ScalarKind,
    /// Width in bits, 1 to 128. Not a multiple of 8 only inside a bit run.
    pub bits: u32,
    /// Byte order. A bit field follows its run's.
    pub endian: Endian,
    /// Smallest and largest allowed value of an integer, if the schema says so.
    pub range: Option<(i128, i128)>,
    /// Whether infinities and NaN are refused.
    pub finite: bool,
}

impl Scalar {
    /// An unsigned integer without constraints.
    pub const fn unsigned(bits: u32, endian: Endian) -> Self {
        Self {
            kind: ScalarKind::Unsigned,
            bits,
            endian,
            range: None,
            finite: false,
        }
    }

    /// Width in whole bytes.
    pub const fn bytes(&self) -> usize {
        (self.bits as usize).div_ceil(8)
    }

    /// Smallest and largest number that the width can hold. Unsigned 128-bit values beyond the
    /// largest `i128` are cut off there.
    pub const fn limits(&self) -> (i128, i128) {
        match self.kind {
            ScalarKind::Signed if self.bits >= 128 => (i128::MIN, i128::MAX),
            ScalarKind::Signed => (-(1 << (self.bits - 1)), (1 << (self.bits - 1)) - 1),
            _ if self.bits >= 127 => (0, i128::MAX),
            _ => (0, (1 << self.bits) - 1),
        }
    }

    /// Smallest and largest number that it can be: its range, else all of its width.
    pub const fn allowed(&self) -> (i128, i128) {
        match self.range {
            Some(range) => range,
            None => self.limits(),
        }
    }
}

/// What the bytes of a text mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 (RFC 3629).
    #[default]
    Utf8,
    /// 7-bit ASCII.
    Ascii,
    /// ISO 8859-1: every byte is the character U+0000 to U+00FF of its number.
    Latin1,
    /// UTF-16 (RFC 2781), code units in this byte order.
    Utf16(Endian),
}

impl Encoding {
    /// Its name in a schema.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf8",
            Self::Ascii => "ascii",
            Self::Latin1 => "latin1",
            Self::Utf16(_) => "utf16",
        }
    }

    /// Bytes of a code unit, and so of a NUL.
    pub const fn unit(self) -> usize {
        match self {
            Self::Utf8 | Self::Ascii | Self::Latin1 => 1,
            Self::Utf16(_) => 2,
        }
    }
}

/// How many bytes or elements a field has.
#[derive(Clone, Debug)]
pub enum Extent {
    /// Always this many.
    Fixed(usize),
    /// As many as an unsigned number in front of the field says.
    Prefixed(Prefix),
    /// Up to the first NUL, which belongs to the field but is not counted. Text only.
    Terminated,
    /// As many as earlier fields say.
    Counted(Expr),
    /// As many elements as fill the bytes that earlier fields say. Arrays only.
    Sized(Expr),
    /// All up to the end, less `after` bytes of fields that follow.
    Rest {
        /// Bytes of the fields of fixed size that follow.
        after: usize,
    },
    /// All up to a sentinel, which is consumed. Arrays only.
    Until(Sentinel),
}

/// What stands behind the last element of an array, where another element would begin.
#[derive(Clone, Debug)]
pub struct Sentinel {
    /// As it is written in the schema: a number, or an enum value's name.
    pub text: String,
    /// Its bytes, at least one. The layout stage finds them.
    pub bytes: Vec<u8>,
    /// Where it is written.
    pub span: Span,
}

impl Extent {
    /// The expression that gives the number, if one does.
    pub const fn length(&self) -> Option<&Expr> {
        match self {
            Self::Counted(expr) | Self::Sized(expr) => Some(expr),
            Self::Fixed(_)
            | Self::Prefixed(_)
            | Self::Terminated
            | Self::Rest { .. }
            | Self::Until(_) => None,
        }
    }
}

/// What a field holds.
#[derive(Clone, Debug)]
pub enum Type {
    /// A number of fixed width.
    Scalar(Scalar),
    /// A number whose size follows from its value.
    Varint(Varint),
    /// A struct.
    Struct(StructId),
    /// Bytes; the extent counts bytes.
    Bytes(Extent),
    /// Text; the extent counts bytes. Of fixed extent it is padded with NULs.
    Text(Extent, Encoding),
    /// Repeated elements; the extent counts elements.
    Array {
        /// One element: a scalar of whole bytes, a varint, or a struct.
        element: Box<Type>,
        /// How many.
        extent: Extent,
    },
    /// One of several types.
    Variant(Variant),
    /// Bytes up to the end that are ignored and not kept; the `else` of a variant only.
    Skipped,
}

impl Type {
    /// What a number means, if it is one; a varint means an integer of 64 bits.
    pub const fn number(&self) -> Option<Scalar> {
        match self {
            Self::Scalar(scalar) => Some(*scalar),
            Self::Varint(varint) => Some(varint.scalar()),
            _ => None,
        }
    }

    /// The expressions that give lengths: the type's own, or those of a variant's cases.
    pub fn lengths(&self) -> impl Iterator<Item = &Expr> {
        fn extent(ty: &Type) -> Option<&Expr> {
            match ty {
                Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. } => {
                    extent.length()
                }
                Type::Scalar(_)
                | Type::Varint(_)
                | Type::Struct(_)
                | Type::Variant(_)
                | Type::Skipped => None,
            }
        }
        let cases = match self {
            Self::Variant(variant) => Some(variant.types()),
            _ => None,
        };
        let of_cases = cases.into_iter().flatten().filter_map(extent);
        extent(self).into_iter().chain(of_cases)
    }

    /// The fields that its lengths, tag and guard read.
    pub fn reads(&self) -> Vec<usize> {
        let mut fields: Vec<usize> = self.lengths().flat_map(Expr::fields).collect();
        if let Self::Variant(variant) = self {
            fields.push(variant.tag);
            fields.extend(variant.guard.iter().flat_map(Expr::fields));
        }
        fields
    }
}

/// A field whose type depends on an earlier field.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Number of the field that holds the tag.
    pub tag: usize,
    /// The cases apply only where this holds; elsewhere it is `otherwise`.
    pub guard: Option<Expr>,
    /// The cases; names and tags are unique.
    pub cases: Vec<Case>,
    /// What there is for other tags; `None` refuses them.
    pub otherwise: Option<Box<Type>>,
    /// Smallest and largest length of what there is for other tags.
    pub otherwise_length: Option<(u64, u64)>,
}

/// One case of a variant.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name, the key in JSON.
    pub name: String,
    /// The tag that selects it.
    pub tag: u64,
    /// What it holds.
    pub ty: Type,
    /// Smallest and largest length, as of a field.
    pub length: Option<(u64, u64)>,
}

/// The JSON key of a variant's `else` case.
pub const ELSE: &str = "else";

impl Variant {
    /// The case that a tag selects where the guard holds or not; `None` is `else`.
    pub fn select(&self, tag: i128, guard: bool) -> Option<&Case> {
        if !guard {
            return None;
        }
        self.cases.iter().find(|case| i128::from(case.tag) == tag)
    }

    /// What the cases hold, in schema order, and then what `else` does.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        let cases = self.cases.iter().map(|case| &case.ty);
        cases.chain(self.otherwise.as_deref())
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
