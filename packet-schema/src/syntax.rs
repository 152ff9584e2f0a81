//! A schema as it was written: spanned, not yet checked. The YAML reader and the derive macro both
//! make one, so that every rule is checked in one place.

use crate::diagnostic::{Span, Spanned};
use crate::model::{BinaryOp, BitOrder, Encoding, Endian, OnUnknownId, Sender, Unknown};
use crate::value::Value;
use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

/// A whole schema.
#[derive(Clone, Debug)]
pub struct Schema {
    /// `protocol`
    pub protocol: Spanned<String>,
    /// `version`
    pub version: Option<Spanned<u64>>,
    /// `doc`
    pub doc: Option<String>,
    /// `endian` and `bit_order` at the top.
    pub order: Order,
    /// `imports`
    pub imports: Vec<Import>,
    /// `framing`
    pub framing: Option<Framing>,
    /// `framings`: further ones, with names.
    pub framings: Vec<Framing>,
    /// `groups`
    pub groups: Vec<Group>,
    /// `types`
    pub types: Vec<TypeDef>,
    /// `packets`
    pub packets: Vec<Packet>,
    /// `session`
    pub session: Option<Session>,
}

/// Since when something is there, and whether it should still be used.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// `since`: the protocol's version that introduced it.
    pub since: Option<Spanned<u64>>,
    /// `deprecated`: what to use instead; empty if only that it is.
    pub deprecated: Option<Spanned<String>>,
}

/// Another schema whose types are used.
#[derive(Clone, Debug)]
pub struct Import {
    /// What it is called here.
    pub name: Spanned<String>,
    /// Where it is, from the root folder.
    pub path: Spanned<String>,
}

/// The byte and bit order that something asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Order {
    /// `endian`
    pub endian: Option<Endian>,
    /// `bit_order`
    pub bit_order: Option<BitOrder>,
}

/// How packets are delimited.
#[derive(Clone, Debug, Default)]
pub struct Framing {
    /// Where the key stands.
    pub span: Span,
    /// Its name, if it stands in `framings`.
    pub name: Option<Spanned<String>>,
    /// How packets are told from one another; `None` by a size in the header.
    pub mode: Option<Spanned<Mode>>,
    /// `max_size` in bytes.
    pub max_size: Option<Spanned<u64>>,
    /// `on_unknown_id`
    pub on_unknown_id: OnUnknownId,
    /// `on_corrupt: resync`; where it says so.
    pub resync: Option<Span>,
    /// `header`
    pub header: Vec<Field>,
    /// `trailer`
    pub trailer: Vec<Field>,
}

/// How packets are told from one another where no size in the header says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `fixed`: all have this many bytes.
    Fixed(u64),
    /// `delimiter`: each ends with these bytes.
    Delimiter(Vec<u8>),
    /// `until_close`: a stream is one packet.
    UntilClose,
    /// `datagram`: whatever carries packets keeps them apart.
    Datagram,
}

/// A named range of packet ids.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name.
    pub name: Spanned<String>,
    /// Smallest and largest id.
    pub range: Spanned<(u64, u64)>,
}

/// A named type.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// Its name, behind those of imports that lead to it.
    pub name: Spanned<String>,
    /// The names of those imports, each with a `.` behind it; empty for a type of the schema's own.
    pub import: String,
    /// Description.
    pub doc: Option<String>,
    /// `endian` and `bit_order` of its fields.
    pub order: Order,
    /// What it is.
    pub body: TypeBody,
}

/// What a named type is.
#[derive(Clone, Debug)]
pub enum TypeBody {
    /// Another name for a type, perhaps with constraints.
    Alias(Spanned<TypeExpr>, Option<Box<Attributes>>),
    /// Fields one after the other.
    Struct(Vec<Field>),
    /// Named numbers.
    Enum {
        /// The integer type on the wire.
        repr: Spanned<TypeExpr>,
        /// What becomes of other numbers.
        unknown: Spanned<Unknown>,
        /// Names, numbers and descriptions.
        values: Vec<Named>,
    },
    /// Named bits.
    Flags {
        /// The integer type on the wire.
        repr: Spanned<TypeExpr>,
        /// What becomes of other bits.
        unknown: Unknown,
        /// Names, positions and descriptions.
        bits: Vec<Named>,
    },
    /// Something that could not be read, which was reported.
    Unread,
}

/// An enum value or a flag.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its name.
    pub name: Spanned<String>,
    /// The value, or the bit's position.
    pub value: Spanned<u64>,
    /// Description.
    pub doc: Option<String>,
    /// `since` and `deprecated`
    pub history: History,
}

/// One field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name, `_` if it has none.
    pub name: Spanned<String>,
    /// What it holds.
    pub kind: FieldKind,
    /// Everything else that is said about it.
    pub attributes: Said,
}

/// What a field holds.
#[derive(Clone, Debug)]
pub enum FieldKind {
    /// A type.
    Type(Spanned<TypeExpr>),
    /// A choice of types.
    Match(Match),
    /// Something that could not be read, which was reported.
    Unread,
}

/// A choice of types by an earlier field.
#[derive(Clone, Debug)]
pub struct Match {
    /// Name of the field that holds the tag.
    pub tag: Spanned<String>,
    /// The cases apply only where this holds.
    pub guard: Option<Spanned<Expr>>,
    /// The cases other than `else`.
    pub cases: Vec<Case>,
    /// What other tags have.
    pub otherwise: Otherwise,
}

/// What `else` says.
#[derive(Clone, Debug, Default)]
pub enum Otherwise {
    /// `reject`, or nothing: other tags are an error.
    #[default]
    Reject,
    /// `skip`: what there is for other tags is ignored.
    Skip(Span),
    /// A type, and what is said about it.
    Type(Spanned<TypeExpr>, Said),
}

/// One case of a match.
#[derive(Clone, Debug)]
pub struct Case {
    /// An enum value's name, or a number.
    pub key: Spanned<String>,
    /// What it holds.
    pub ty: Spanned<TypeExpr>,
    /// The case's name, if it is given.
    pub name: Option<Spanned<String>>,
    /// What else is said about it.
    pub attributes: Said,
}

/// A type as it is written: `u16le`, `string<u8>`, `Server[count]`, `common.Vec3`.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// The type's name.
    pub name: Spanned<String>,
    /// Which definition the name means.
    pub target: Target,
    /// What follows it, from left to right.
    pub suffixes: Vec<Spanned<Suffix>>,
}

impl TypeExpr {
    /// The name that the definition has in the schema with all its imports.
    pub fn full_name(&self) -> &str {
        match &self.target {
            Target::Written | Target::Unread => &self.name.value,
            Target::Imported(name) => name,
        }
    }

    /// The name without that of the import in front of it.
    pub fn short_name(&self) -> &str {
        short_name(&self.name.value)
    }
}

/// Which definition the name of a type means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// The one with the name as it is written.
    #[default]
    Written,
    /// The one of an imported schema that has this name in the whole.
    Imported(String),
    /// One that could not be read, which was reported.
    Unread,
}

/// A type's name without that of the import in front of it.
pub(crate) fn short_name(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// How many.
#[derive(Clone, Debug)]
pub enum Suffix {
    /// `[expr]`
    Count(Expr),
    /// `<type>`
    Prefix(String),
    /// `[]`
    Rest,
}

/// A computation as it is written.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What is computed.
    pub op: ExprOp,
    /// Where it stands.
    pub span: Span,
}

/// One step of a computation.
#[derive(Clone, Debug)]
pub enum ExprOp {
    /// A number.
    Int(i128),
    /// A field, or an enum value beside `==` and `!=`.
    Name(String),
    /// `not x`
    Not(Box<Expr>),
    /// `-x`
    Neg(Box<Expr>),
    /// `len(x)`, `size(x)`, `present(x)`
    Call(Spanned<String>, Spanned<String>),
    /// `x op y`
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
}

/// What may be said about a field besides its type.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    /// `doc`
    pub doc: Option<String>,
    /// `since` and `deprecated`
    pub history: History,
    /// `unit`
    pub unit: Option<String>,
    /// `scale`: what the number is multiplied by.
    pub scale: Option<Spanned<f64>>,
    /// `endian` and `bit_order`
    pub order: Order,
    /// `const`: a number, or an enum value's name.
    pub constant: Option<Spanned<String>>,
    /// `default`
    pub default: Option<Spanned<Value>>,
    /// `strict`
    pub strict: Option<Spanned<bool>>,
    /// `range`
    pub range: Option<Spanned<(i128, i128)>>,
    /// `canonical`, of a varint.
    pub canonical: Option<Spanned<bool>>,
    /// `finite`
    pub finite: Option<Spanned<bool>>,
    /// `min`
    pub min: Option<Spanned<u64>>,
    /// `max`
    pub max: Option<Spanned<u64>>,
    /// `when`
    pub when: Option<Spanned<Expr>>,
    /// `size`
    pub size: Option<Spanned<Expr>>,
    /// `until`: a number, or an enum value's name.
    pub until: Option<Spanned<String>>,
    /// `pad_to`
    pub pad_to: Option<Spanned<u64>>,
    /// `align`
    pub align: Option<Spanned<u64>>,
    /// `trailing`
    pub trailing: Option<Spanned<TrailingSaid>>,
    /// `value`
    pub value: Option<Spanned<Expr>>,
    /// `encoding`; the byte order of UTF-16 is the field's.
    pub encoding: Option<Spanned<Encoding>>,
    /// `checksum`
    pub checksum: Option<Spanned<Checksum>>,
    /// `role`, in a header.
    pub role: Option<Spanned<HeaderRole>>,
    /// `counts`, of a size.
    pub counts: Option<Spanned<Counts>>,
    /// `bias`, of a size: added to what is counted.
    pub bias: Option<Spanned<i64>>,
}

/// [`Attributes`] that take memory only where something is said: of most fields that is nothing.
#[derive(Clone, Debug, Default)]
pub struct Said(Option<Box<Attributes>>);

static NOTHING: LazyLock<Attributes> = LazyLock::new(Attributes::default);

impl Deref for Said {
    type Target = Attributes;

    fn deref(&self) -> &Attributes {
        self.0.as_deref().unwrap_or_else(|| &NOTHING)
    }
}

impl DerefMut for Said {
    fn deref_mut(&mut self) -> &mut Attributes {
        self.0.get_or_insert_default()
    }
}

impl From<Attributes> for Said {
    fn from(attributes: Attributes) -> Self {
        Self(Some(Box::new(attributes)))
    }
}

/// `checksum: { algorithm, over, extra }`
#[derive(Clone, Debug)]
pub struct Checksum {
    /// Name of the algorithm.
    pub algorithm: Spanned<String>,
    /// First and last field that it covers.
    pub over: Option<(Spanned<String>, Spanned<String>)>,
    /// A byte that is summed behind them.
    pub extra: Option<Spanned<u64>>,
}

/// What a header field means to the framing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderRole {
    /// The packet's size.
    Size,
    /// The packet's id.
    Id,
}

/// What a size counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Counts {
    /// The whole packet.
    #[default]
    Packet,
    /// What lies between the header and the trailer.
    Body,
    /// Everything from this field of the header on.
    From(Spanned<String>),
}

/// What `trailing` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrailingSaid {
    /// Bytes left over are an error.
    Reject,
    /// They are ignored.
    Skip,
    /// They are kept, which takes a field of their own.
    Keep,
}

/// A packet.
#[derive(Clone, Debug)]
pub struct Packet {
    /// Its name.
    pub name: Spanned<String>,
    /// `doc`
    pub doc: Option<String>,
    /// `since` and `deprecated`
    pub history: History,
    /// `endian` and `bit_order`
    pub order: Order,
    /// `framing`: the name of one of `framings`.
    pub framing: Option<Spanned<String>>,
    /// `id`
    pub id: Option<Spanned<PacketId>>,
    /// `header`: what this packet says about fields of the header.
    pub header: Vec<HeaderOverride>,
    /// `group`
    pub group: Option<Spanned<String>>,
    /// `size`: smallest and largest size of the whole packet.
    pub size: Option<Spanned<(u64, u64)>>,
    /// `from`
    pub sender: Sender,
    /// `trailing`
    pub trailing: Option<Spanned<TrailingSaid>>,
    /// `in`: the states in which it may be sent.
    pub states: Option<Vec<Spanned<String>>>,
    /// `then`
    pub then: Vec<Then>,
    /// `checksum_extra`: the extra byte of the frame's checksums.
    pub checksum_extra: Option<Spanned<u64>>,
    /// `fields`
    pub fields: Vec<Field>,
    /// `vectors`
    pub vectors: Vec<Vector>,
}

/// Which ids say that it is this packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PacketId {
    /// The numbers from the first to the second; mostly these are the same.
    Numbers(u64, u64),
    /// The name of an enum's value.
    Name(String),
}

/// What a packet makes of one field of the header.
#[derive(Clone, Debug)]
pub struct HeaderOverride {
    /// The field.
    pub name: Spanned<String>,
    /// What stands there instead.
    pub with: Replacement,
}

/// What stands in a packet instead of a field of the header.
#[derive(Clone, Debug)]
pub enum Replacement {
    /// Always this value.
    Value(Spanned<String>),
    /// Fields of together the same width.
    Fields(Vec<Field>),
}

/// The order of packets.
#[derive(Clone, Debug)]
pub struct Session {
    /// Where the key stands.
    pub span: Span,
    /// `start`
    pub start: Option<Spanned<String>>,
    /// `states`
    pub states: Option<Vec<State>>,
}

/// A state of a session.
#[derive(Clone, Debug)]
pub struct State {
    /// Its name.
    pub name: Spanned<String>,
    /// Description.
    pub doc: Option<String>,
}

/// What a packet does to the state.
#[derive(Clone, Debug)]
pub struct Then {
    /// `in`: only in these states.
    pub states: Option<Vec<Spanned<String>>>,
    /// `when`: only if this holds.
    pub when: Option<Spanned<Expr>>,
    /// `state`: the next one.
    pub to: Spanned<String>,
}

/// A test vector.
#[derive(Clone, Debug)]
pub struct Vector {
    /// `name`
    pub name: Spanned<String>,
    /// `hex`
    pub bytes: Spanned<Vec<u8>>,
    /// `value`
    pub value: Option<Value>,
    /// `encoded`: what the value becomes where that is not `hex`.
    pub encoded: Option<Spanned<Vec<u8>>>,
    /// `error`: kind and place.
    pub error: Option<(Spanned<String>, Option<Spanned<String>>)>,
}
