//! What a field holds: its type, and where that ends.

use super::{Endian, Expr, Prefix, Scalar, StructId, Varint};
use crate::diagnostic::Span;

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
