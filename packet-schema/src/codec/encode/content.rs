//! Values of anything but scalar fields, as bytes.

use super::{Content, Encoder, Step, varint};
use crate::codec::error::EncodeProblem;
use crate::codec::{scalar, text};
use crate::layout::{ELSE, Encoding, Extent, Prefix, Type, Variant};
use crate::value::{Value, parse_hex};
use packet_runtime::EncodeErrorKind;
use std::fmt::Write;

/// Smallest and largest length.
type Limits = Option<(u64, u64)>;

impl Encoder<'_> {
    pub(super) fn content(&mut self, ty: &Type, limits: Limits, value: &Value) -> Step<Content> {
        let mut content = match ty {
            Type::Scalar(ty) => {
                let raw = scalar::raw(self.layout, ty, value).or_else(|error| self.fail(error))?;
                let mut bytes = vec![0; ty.bytes()];
                scalar::write(&mut bytes, ty.endian, raw);
                Content {
                    bytes,
                    ..Content::default()
                }
            }
            Type::Varint(ty) => {
                let scalar = ty.scalar();
                let raw =
                    scalar::raw(self.layout, &scalar, value).or_else(|error| self.fail(error))?;
                let number = scalar::number(&scalar, raw);
                let mut bytes = vec![0; varint::len(ty, number)];
                varint::write(&mut bytes, ty, number);
                Content {
                    bytes,
                    ..Content::default()
                }
            }
            Type::Struct(id) => Content {
                bytes: self.structure(*id, value)?,
                ..Content::default()
            },
            Type::Bytes(extent) => {
                let bytes = hexadecimal(value).or_else(|error| self.fail(error))?;
                self.counted(bytes.len(), extent, limits)?;
                with_prefix(bytes, None, extent)
            }
            Type::Text(extent, encoding) => self.text(extent, *encoding, limits, value)?,
            Type::Array { element, extent } => self.array(element, extent, limits, value)?,
            Type::Variant(variant) => return self.variant(variant, value),
            Type::Skipped => match value {
                Value::Null => Content::default(),
                value => {
                    let problem = scalar::wrong_type("null: what it holds is not kept", value);
                    return self.fail(problem);
                }
            },
        };
        content.greedy = self.layout.is_greedy(ty);
        Ok(content)
    }

    fn text(
        &mut self,
        extent: &Extent,
        encoding: Encoding,
        limits: Limits,
        value: &Value,
    ) -> Step<Content> {
        let Value::Text(text) = value else {
            return self.fail(scalar::wrong_type("text", value));
        };
        let encoded = text::bytes(text, encoding);
        let length = text::length(text, encoding);
        let padded = match extent {
            Extent::Fixed(size) => Some(*size),
            _ => None,
        };
        match padded {
            Some(size) if length > size => {
                return self.wire(EncodeErrorKind::LengthOutOfRange {
                    length: length as i128,
                    min: 0,
                    max: size as i128,
                });
            }
            Some(_) => {}
            None => self.counted(length, extent, limits)?,
        }
        let terminated = matches!(extent, Extent::Terminated);
        let nul = (terminated || padded.is_some()) && text.contains('\0');
        let Some(mut bytes) = encoded.filter(|_| !nul) else {
            return self.wire(EncodeErrorKind::InvalidText);
        };
        if let Some(size) = padded {
            bytes.resize(size, 0);
        }
        if terminated {
            bytes.resize(length + encoding.unit(), 0);
        }
        let content = with_prefix(bytes, None, extent);
        let count = if terminated { length } else { content.count };
        Ok(Content { count, ..content })
    }

    fn array(
        &mut self,
        element: &Type,
        extent: &Extent,
        limits: Limits,
        value: &Value,
    ) -> Step<Content> {
        let Value::List(items) = value else {
            return self.fail(scalar::wrong_type("a list", value));
        };
        self.counted(items.len(), extent, limits)?;
        let mut bytes = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let outside = self.path.len();
            // Writing to a `String` cannot fail.
            let _ = write!(self.path, "[{index}]");
            let item = self.content(element, None, item)?;
            if let Extent::Until(sentinel) = extent
                && item.bytes.starts_with(&sentinel.bytes)
            {
                return self.wire(EncodeErrorKind::Sentinel);
            }
            self.path.truncate(outside);
            bytes.extend_from_slice(&item.bytes);
        }
        let count = match extent {
            Extent::Sized(_) => None,
            _ => Some(items.len()),
        };
        let content = with_prefix(bytes, count, extent);
        Ok(Content {
            count: items.len(),
            ..content
        })
    }

    fn variant(&mut self, variant: &Variant, value: &Value) -> Step<Content> {
        let entries = match value {
            Value::Map(entries) => entries.as_slice(),
            _ => &[],
        };
        let [(name, value)] = entries else {
            let expected = "a map with one entry, the case's name";
            return self.fail(scalar::wrong_type(expected, value));
        };
        let case = variant.cases.iter().position(|case| case.name == *name);
        let (ty, limits) = match (case, &variant.otherwise) {
            (Some(case), _) => (&variant.cases[case].ty, variant.cases[case].length),
            (None, Some(otherwise)) if name == ELSE => (&**otherwise, variant.otherwise_length),
            (None, otherwise) => {
                let cases = variant.cases.iter().map(|case| case.name.as_str());
                let known = cases.chain(otherwise.as_ref().map(|_| ELSE));
                return self.fail(scalar::unknown_name(name, known));
            }
        };
        let content = self.inside(name, |inside| inside.content(ty, limits, value))?;
        Ok(Content { case, ..content })
    }

    /// Whether an extent can have this many bytes or elements, as far as it knows by itself.
    fn counted(&self, count: usize, extent: &Extent, limits: Limits) -> Step<()> {
        let length = count as i128;
        match extent {
            Extent::Fixed(expected) if *expected != count => {
                return self.wire(EncodeErrorKind::LengthMismatch {
                    expected: *expected as i128,
                    actual: length,
                });
            }
            Extent::Prefixed(prefix) => {
                let (min, max) = prefix.limits();
                if !(min..=max).contains(&length) {
                    return self.wire(EncodeErrorKind::LengthOutOfRange { length, min, max });
                }
            }
            _ => {}
        }
        let (min, max) = limits.map_or((0, i128::MAX), |(min, max)| (min.into(), max.into()));
        if !(min..=max).contains(&length) {
            return self.wire(EncodeErrorKind::LengthOutOfRange { length, min, max });
        }
        Ok(())
    }
}

/// `content` behind its prefix or in front of its end, if the extent has one. The length is `count`, else that in bytes.
fn with_prefix(content: Vec<u8>, count: Option<usize>, extent: &Extent) -> Content {
    let length = count.unwrap_or(content.len());
    let bytes = match extent {
        Extent::Prefixed(prefix) => {
            let mut bytes;
            match prefix {
                Prefix::Fixed(scalar) => {
                    bytes = vec![0; scalar.bytes()];
                    scalar::write(&mut bytes, scalar.endian, length as u128);
                }
                Prefix::Varint(ty) => {
                    bytes = vec![0; varint::len(ty, length as i128)];
                    varint::write(&mut bytes, ty, length as i128);
                }
            }
            bytes.extend_from_slice(&content);
            bytes
        }
        Extent::Until(sentinel) => {
            let mut bytes = content;
            bytes.extend_from_slice(&sentinel.bytes);
            bytes
        }
        _ => content,
    };
    Content {
        bytes,
        length,
        count: length,
        ..Content::default()
    }
}

/// Bytes from hexadecimal digits.
fn hexadecimal(value: &Value) -> Result<Vec<u8>, EncodeProblem> {
    let bytes = match value {
        Value::Text(text) => parse_hex(text),
        _ => None,
    };
    bytes.ok_or_else(|| scalar::wrong_type("hexadecimal digits, two for each byte", value))
}
