//! Values of anything but scalar fields: how long they are, and what is in them.

use super::{Decoder, Fields, Step, leaf_role, with_value};
use crate::codec::trace::{Leaf, LeafRole};
use crate::codec::{scalar, text};
use crate::layout::{
    Bound, ELSE, Encoding, Expr, Extent, Field, Place, Prefix, Role, Sentinel, Type, Variant,
};
use crate::value::{Value, to_hex};
use packet_runtime::ErrorKind;
use std::fmt::Write;

/// Smallest and largest length.
type Limits = Option<(u64, u64)>;

impl<'a> Decoder<'a> {
    pub(super) fn byte_string(
        &mut self,
        extent: &Extent,
        limits: Limits,
        role: &Role,
        fields: &Fields,
    ) -> Step<Value> {
        let bytes = self.counted_bytes(extent, limits, fields)?;
        let digits = to_hex(bytes);
        self.leaf(bytes.len(), digits.clone(), leaf_role(role));
        Ok(Value::Text(digits))
    }

    fn counted_bytes(
        &mut self,
        extent: &Extent,
        limits: Limits,
        fields: &Fields,
    ) -> Step<&'a [u8]> {
        let count = self.count(extent, limits, fields)?;
        self.counted = usize::try_from(count).unwrap_or(usize::MAX);
        self.take(self.counted)
    }

    pub(super) fn text(
        &mut self,
        extent: &Extent,
        encoding: Encoding,
        limits: Limits,
        fields: &Fields,
    ) -> Step<Value> {
        let (bytes, content) = match extent {
            Extent::Fixed(_) => {
                let bytes = self.counted_bytes(extent, limits, fields)?;
                (bytes, text::without_padding(bytes, encoding))
            }
            Extent::Terminated => self.terminated(encoding, limits)?,
            _ => {
                let bytes = self.counted_bytes(extent, limits, fields)?;
                (bytes, bytes)
            }
        };
        let inside = match extent {
            Extent::Fixed(_) => text::nul(content, encoding),
            _ => None,
        };
        let decoded = match (text::decode(content, encoding), inside) {
            (decoded, None) => decoded,
            (decoded, Some(nul)) => Err(decoded.map_or_else(|bad| bad.min(nul), |_| nul)),
        };
        match decoded {
            Ok(text) => {
                self.counted = match extent {
                    Extent::Terminated => content.len(),
                    _ => bytes.len(),
                };
                self.leaf(bytes.len(), format!("{text:?}"), LeafRole::Data);
                Ok(Value::Text(text))
            }
            Err(bad) => {
                self.leaf(bytes.len(), to_hex(bytes), LeafRole::Data);
                let start = self.position - bytes.len();
                self.stop(start + bad, ErrorKind::InvalidText)
            }
        }
    }

    /// The bytes of a text up to its NUL, with and without that. No further is looked than the longest
    /// text would reach.
    fn terminated(&mut self, encoding: Encoding, limits: Limits) -> Step<(&'a [u8], &'a [u8])> {
        let start = self.position;
        let unit = encoding.unit();
        let left = self.left();
        let most = limits.map_or(usize::MAX, |(_, max)| {
            usize::try_from(max).unwrap_or(usize::MAX)
        });
        let window = (most / unit).saturating_add(1).saturating_mul(unit);
        let all = self
            .bytes
            .get(start..start + left.min(window))
            .unwrap_or(&[]);
        let Some(length) = text::nul(all, encoding) else {
            if left >= window {
                self.limit(window as i128, limits, start)?;
            }
            return self.truncated(left.saturating_add(1));
        };
        self.limit(length as i128, limits, start)?;
        let bytes = self.take(length + unit)?;
        Ok((bytes, bytes.get(..length).unwrap_or(bytes)))
    }

    pub(super) fn array(
        &mut self,
        element: &'a Type,
        extent: &Extent,
        limits: Limits,
        fields: &Fields,
    ) -> Step<Value> {
        let mut items = Vec::new();
        let result = match extent {
            Extent::Fixed(_) | Extent::Prefixed(_) | Extent::Counted(_) | Extent::Terminated => {
                self.known_count(element, extent, limits, fields, &mut items)
            }
            Extent::Sized(_) | Extent::Rest { .. } => {
                self.until_end(element, extent, limits, fields, &mut items)
            }
            Extent::Until(sentinel) => self.until(element, sentinel, limits, fields, &mut items),
        };
        self.counted = items.len();
        with_value(result, Value::List(items))
    }

    fn known_count(
        &mut self,
        element: &'a Type,
        extent: &Extent,
        limits: Limits,
        fields: &Fields,
        items: &mut Vec<Value>,
    ) -> Step<()> {
        let count = self.count(extent, limits, fields)?;
        let smallest = match element {
            Type::Scalar(scalar) => scalar.bytes() as u64,
            Type::Varint(varint) => varint.min_bytes() as u64,
            Type::Struct(id) => self.layout.get(*id).min_size,
            _ => 0,
        };
        // No claim of the input may cost more than it has bytes, even if an element can be empty.
        let smallest = match extent {
            Extent::Fixed(_) => smallest,
            _ => smallest.max(1),
        };
        let needed = count.saturating_mul(smallest.into());
        let needed = usize::try_from(needed).unwrap_or(usize::MAX);
        if needed > self.left() {
            return self.truncated(needed);
        }
        for _ in 0..count {
            self.element(element, fields, items)?;
        }
        Ok(())
    }

    fn until_end(
        &mut self,
        element: &'a Type,
        extent: &Extent,
        limits: Limits,
        fields: &Fields,
        items: &mut Vec<Value>,
    ) -> Step<()> {
        let start = self.position;
        let size = match extent {
            Extent::Sized(size) => self.sized(size, fields)?,
            Extent::Rest { after } => self.rest(*after)?,
            _ => 0,
        };
        self.within(size, |inside| {
            while inside.position < inside.end {
                let before = inside.position;
                inside.element(element, fields, items)?;
                if inside.position == before {
                    break; // an element without bytes: there would be no end to them
                }
            }
            inside.nothing_left()
        })?;
        self.limit(items.len() as i128, limits, start)
    }

    /// Elements up to one that begins with the sentinel, which is no element.
    fn until(
        &mut self,
        element: &'a Type,
        sentinel: &Sentinel,
        limits: Limits,
        fields: &Fields,
        items: &mut Vec<Value>,
    ) -> Step<()> {
        let start = self.position;
        let size = sentinel.bytes.len();
        loop {
            let before = self.position;
            if self.take(size)? == sentinel.bytes {
                break;
            }
            self.position = before;
            self.element(element, fields, items)?;
            if self.position == before {
                return self.truncated(size); // an element without bytes: there would be no end to them
            }
        }
        self.trace.push(Leaf {
            path: format!("{} end", self.path),
            offset: self.position - size,
            len: size,
            bits: None,
            text: sentinel.text.clone(),
            role: LeafRole::Constant,
        });
        self.limit(items.len() as i128, limits, start)
    }

    /// What is left, which nobody asked for.
    pub(super) fn skipped(&mut self) -> Step<Value> {
        self.ignore(self.left())?;
        Ok(Value::Null)
    }

    fn element(&mut self, element: &'a Type, fields: &Fields, items: &mut Vec<Value>) -> Step<()> {
        let outside = self.path.len();
        // Writing to a `String` cannot fail.
        let _ = write!(self.path, "[{}]", items.len());
        let outcome = self.plain(element, None, fields);
        self.leave(outside);
        let (value, result) = match outcome {
            Ok(value) => (Some(value), Ok(())),
            Err(mut stop) => (stop.value.take(), Err(stop)),
        };
        items.extend(value);
        result
    }

    pub(super) fn variant(&mut self, variant: &'a Variant, fields: &Fields) -> Step<Value> {
        let tag = fields.numbers.get(variant.tag).copied().unwrap_or(0);
        let guard = variant.guard.as_ref();
        let guard = guard.is_none_or(|guard| fields.eval(guard) != 0);
        let (name, ty, limits) = match (variant.select(tag, guard), &variant.otherwise) {
            (Some(case), _) => (case.name.as_str(), &case.ty, case.length),
            (None, Some(otherwise)) => (ELSE, &**otherwise, variant.otherwise_length),
            (None, None) => {
                let value = u64::try_from(tag).unwrap_or(u64::MAX);
                return self.stop(self.position, ErrorKind::UnknownValue { value });
            }
        };
        let outside = self.enter(name);
        let outcome = self.plain(ty, limits, fields);
        self.leave(outside);
        let case = |value| Value::Map(vec![(name.to_owned(), value)]);
        outcome.map(case).map_err(|mut stop| {
            stop.value = stop.value.take().map(case);
            stop
        })
    }

    /// A value that is no field: an array's element or what a variant's case holds.
    fn plain(&mut self, ty: &'a Type, limits: Limits, fields: &Fields) -> Step<Value> {
        match ty {
            Type::Scalar(scalar) => {
                let (value, _) = self.scalar(scalar, &Role::Data, Place::Dynamic)?;
                Ok(value)
            }
            Type::Varint(varint) => {
                let (value, _) = self.varint(varint, &Role::Data)?;
                Ok(value)
            }
            Type::Struct(id) => self.structure(*id),
            Type::Bytes(extent) => self.byte_string(extent, limits, &Role::Data, fields),
            Type::Text(extent, encoding) => self.text(extent, *encoding, limits, fields),
            Type::Array { element, extent } => self.array(element, extent, limits, fields),
            Type::Variant(variant) => self.variant(variant, fields),
            Type::Skipped => self.skipped(),
        }
    }

    /// How many bytes or elements there are, within `limits`. Whether that many are left is up to
    /// the caller.
    fn count(&mut self, extent: &Extent, limits: Limits, fields: &Fields) -> Step<i128> {
        let start = self.position;
        let count = match extent {
            Extent::Fixed(count) => *count as i128,
            Extent::Prefixed(prefix) => self.prefix(prefix)?,
            Extent::Counted(expr) | Extent::Sized(expr) => self.natural(expr, fields)?,
            Extent::Rest { after } => self.rest(*after)? as i128,
            // Where these end shows when they are read.
            Extent::Terminated | Extent::Until(_) => 0,
        };
        self.limit(count, limits, start)?;
        Ok(count)
    }

    fn prefix(&mut self, prefix: &Prefix) -> Step<i128> {
        let offset = self.position;
        let count = match prefix {
            Prefix::Fixed(scalar) => {
                let raw = scalar::read(self.take(scalar.bytes())?, scalar.endian);
                scalar::number(scalar, raw)
            }
            Prefix::Varint(varint) => self.leb128(varint)?,
        };
        self.trace.push(Leaf {
            path: format!("{} length", self.path),
            offset,
            len: self.position - offset,
            bits: None,
            text: count.to_string(),
            role: LeafRole::Prefix,
        });
        let (value, (min, max)) = (count, prefix.limits());
        if !(min..=max).contains(&value) {
            return self.stop(offset, ErrorKind::OutOfRange { value, min, max });
        }
        Ok(count)
    }

    fn limit(&self, count: i128, limits: Limits, offset: usize) -> Step<()> {
        let Some((min, max)) = limits else {
            return Ok(());
        };
        let (length, min, max) = (count, i128::from(min), i128::from(max));
        if (min..=max).contains(&length) {
            return Ok(());
        }
        self.stop(offset, ErrorKind::LengthOutOfRange { length, min, max })
    }

    /// A length or count from other fields, which must not be negative.
    fn natural(&self, expr: &Expr, fields: &Fields) -> Step<i128> {
        let length = fields.eval(expr);
        if length >= 0 {
            return Ok(length);
        }
        let (min, max) = (0, expr.max);
        self.stop(
            self.position,
            ErrorKind::LengthOutOfRange { length, min, max },
        )
    }

    /// That many bytes, if they are there.
    fn sized(&self, expr: &Expr, fields: &Fields) -> Step<usize> {
        let size = usize::try_from(self.natural(expr, fields)?).unwrap_or(usize::MAX);
        if size > self.left() {
            return self.truncated(size);
        }
        Ok(size)
    }

    /// The bytes up to the end, less those of the fields that follow.
    fn rest(&self, after: usize) -> Step<usize> {
        self.left()
            .checked_sub(after)
            .map_or_else(|| self.truncated(after), Ok)
    }

    /// Reads something that is given certain bytes and must use them up.
    pub(super) fn bounded(
        &mut self,
        field: &Field,
        fields: &Fields,
        read: impl FnOnce(&mut Self) -> Step<Value>,
    ) -> Step<Value> {
        let size = match &field.bound {
            None => return read(self),
            Some(Bound::Sized(size)) => self.sized(size, fields)?,
            Some(Bound::Rest { after }) => self.rest(*after)?,
        };
        self.within(size, |inside| {
            let value = read(inside)?;
            with_value(inside.left_over(field.trailing), value)
        })
    }

    /// Lets the next `size` bytes, which are there, be all that `read` sees.
    pub(super) fn within<T>(
        &mut self,
        size: usize,
        read: impl FnOnce(&mut Self) -> Step<T>,
    ) -> Step<T> {
        let outer = self.end;
        self.end = self.position + size;
        let result = read(self);
        self.end = outer;
        result
    }
}
