//! Bytes to value, field by field in wire order. The first thing wrong is the error.
//!
//! Memory stays in proportion to the input: a count is compared with the bytes that are left before
//! anything is made of it. How deep this recurses is up to the layout, which has no recursive structs.

mod content;
mod varint;

use super::error::DecodeError;
use super::trace::{Decoded, Leaf, LeafBits, LeafRole};
use super::{checksum, scalar};
use crate::layout::{
    Checksum, Derivation, Expr, Field, Layout, Measure, Operand, Part, Place, Role, Scalar, Struct,
    StructId, Trailing, Type,
};
use crate::value::{Value, to_hex};
use packet_runtime::ErrorKind;
use std::ops::Range;

/// Decodes `bytes`, which are exactly one packet or struct, as the struct `id` of `layout`.
///
/// # Errors
/// The first field in wire order that the bytes do not fit, with all that came before it.
pub fn decode(layout: &Layout, id: StructId, bytes: &[u8]) -> Result<Decoded, Box<DecodeError>> {
    let mut decoder = Decoder {
        layout,
        bytes,
        position: 0,
        end: bytes.len(),
        path: String::new(),
        counted: 0,
        trace: Vec::new(),
    };
    let outcome = decoder.packet(id);
    let trace = decoder.trace;
    match outcome {
        Ok(value) => Ok(Decoded { value, trace }),
        Err(stop) => Err(Box::new(DecodeError {
            packet: layout.get(id).name.clone(),
            field: stop.field,
            offset: stop.offset,
            kind: stop.kind,
            value: stop.value.unwrap_or_else(|| Value::Map(Vec::new())),
            trace,
        })),
    }
}

struct Decoder<'a> {
    layout: &'a Layout,
    bytes: &'a [u8],
    /// The next byte.
    position: usize,
    /// Where the packet, or the part of it that a length grants, ends.
    end: usize,
    /// Path of the field that is being decoded.
    path: String,
    /// Bytes or elements of what was read last that has a length.
    counted: usize,
    trace: Vec<Leaf>,
}

/// Why decoding ended. On its way out it takes along what surrounds the failed field.
struct Stop {
    field: String,
    offset: usize,
    kind: ErrorKind,
    value: Option<Value>,
}

type Step<T> = Result<T, Box<Stop>>;

/// The fields of one struct so far.
#[derive(Default)]
struct Fields {
    entries: Vec<(String, Value)>,
    /// What expressions see of each field; 0 for those that are absent or no numbers.
    numbers: Vec<i128>,
    /// Where each field lies.
    places: Vec<Range<usize>>,
    /// Bytes or elements of each field that has a length.
    lengths: Vec<usize>,
    /// Whether each field is there.
    present: Vec<bool>,
}

impl Fields {
    /// An overflow, which the check of the schema excludes, counts as a number that nothing accepts.
    fn eval(&self, expr: &Expr) -> i128 {
        let number = |field: usize| self.numbers.get(field).copied().unwrap_or(0);
        expr.eval(&number).unwrap_or(i128::MIN)
    }

    /// Like [`Self::eval`], of an expression that measures fields too.
    fn computed(&self, expr: &Expr) -> i128 {
        let operand = |operand| match operand {
            Operand::Field(field) => self.numbers.get(field).copied(),
            Operand::Measure(Measure::Len, field) => {
                self.lengths.get(field).map(|length| *length as i128)
            }
            Operand::Measure(Measure::Size, field) => {
                self.places.get(field).map(|place| place.len() as i128)
            }
            Operand::Measure(Measure::Present, field) => {
                self.present.get(field).map(|there| i128::from(*there))
            }
        };
        expr.eval_with(&|read| operand(read).unwrap_or(0))
            .unwrap_or(i128::MIN)
    }

    /// Whether a field is there, as far as its condition says.
    fn has(&self, field: &Field) -> bool {
        field.when.as_ref().is_none_or(|when| self.eval(when) != 0)
    }
}

/// A field that is compared when others have been read.
enum Compare<'a> {
    Checksum(Checksum),
    Value(&'a Expr),
}

impl<'a> Compare<'a> {
    /// How the field `index` is compared, and the last field that it takes.
    fn of(index: usize, field: &'a Field) -> Option<(Self, usize)> {
        match &field.role {
            Role::Checksum(sum) => Some((Self::Checksum(*sum), sum.verified_at(index))),
            Role::Derived(Derivation::Value(value)) => {
                Some((Self::Value(value), value.known_at(index)))
            }
            _ => None,
        }
    }
}

impl<'a> Decoder<'a> {
    /// A struct that has to be all of the bytes.
    fn packet(&mut self, id: StructId) -> Step<Value> {
        let shape = self.layout.get(id);
        let mut fields = Fields::default();
        let result = self
            .fields(shape, &mut fields)
            .and_then(|()| self.packet_size(shape, &fields))
            .and_then(|()| self.left_over(shape.trailing));
        with_value(result, Value::Map(fields.entries))
    }

    fn packet_size(&self, shape: &Struct, fields: &Fields) -> Step<()> {
        let Some((index, excluded)) = shape.size_field() else {
            return Ok(());
        };
        let field = &shape.fields[index];
        // A varint does not count itself and what is in front of it.
        let start = match field.ty {
            Type::Varint(_) => fields.places[index].end,
            _ => 0,
        };
        let counted = self.bytes.len() as i128 - start as i128 - i128::from(excluded);
        let actual = fields.numbers[index];
        if counted == actual {
            return Ok(());
        }
        let kind = ErrorKind::SizeMismatch {
            expected: u64::try_from(counted).unwrap_or(0),
            actual: u64::try_from(actual).unwrap_or(u64::MAX),
        };
        self.stop_at(&field.name, fields.places[index].start, kind)
    }

    fn structure(&mut self, id: StructId) -> Step<Value> {
        let mut fields = Fields::default();
        let result = self.fields(self.layout.get(id), &mut fields);
        with_value(result, Value::Map(fields.entries))
    }

    fn fields(&mut self, shape: &'a Struct, fields: &mut Fields) -> Step<()> {
        let compared: Vec<(usize, Compare<'a>, usize)> = (0..)
            .zip(&shape.fields)
            .filter_map(|(index, field)| {
                let (compare, last) = Compare::of(index, field)?;
                Some((index, compare, last))
            })
            .collect();
        let first = self.position;
        for part in &shape.parts {
            let start = self.position;
            let members = match part {
                Part::Static { fields, .. } => fields.clone(),
                Part::Dynamic { field } => *field..*field + 1,
                Part::Align { field, to } => {
                    self.align(&shape.fields[*field], first, *to, fields)?;
                    continue;
                }
            };
            for index in members.clone() {
                self.field(&shape.fields[index], start, fields)?;
            }
            if let Part::Static { size, .. } = part {
                self.position = start + size;
            }
            for (index, compare, last) in &compared {
                if !members.contains(last) {
                    continue;
                }
                let field = &shape.fields[*index];
                match compare {
                    Compare::Checksum(sum) => self.verify(field, *index, *sum, fields)?,
                    Compare::Value(value) => self.compare(field, *index, value, fields)?,
                }
            }
        }
        Ok(())
    }

    /// Goes on to a multiple of `to` bytes from `first`, unless the field that is to begin there is absent.
    fn align(&mut self, field: &Field, first: usize, to: usize, fields: &Fields) -> Step<()> {
        if !fields.has(field) {
            return Ok(());
        }
        let before = self.position - first;
        let gap = before.next_multiple_of(to) - before;
        let outside = self.enter(&field.name);
        let result = self.ignore(gap);
        self.leave(outside);
        result
    }

    /// One field, of a part that begins at `start`.
    fn field(&mut self, field: &'a Field, start: usize, fields: &mut Fields) -> Step<()> {
        let outside = self.enter(&field.name);
        if let Place::Bytes { offset, .. } | Place::Bits { offset, .. } = field.place {
            self.position = start + offset - field.gap;
        }
        let there = fields.has(field);
        self.counted = 0;
        let mut from = self.position;
        let outcome = if there {
            self.ignore(field.gap).and_then(|()| {
                from = self.position;
                self.content(field, fields)
            })
        } else {
            Ok((Value::Null, 0))
        };
        self.leave(outside);
        let (value, number, result) = match outcome {
            Ok((value, number)) => (Some(value), number, Ok(())),
            Err(mut stop) => (stop.value.take(), 0, Err(stop)),
        };
        if let Some(value) = value.filter(|_| field.is_named()) {
            fields.entries.push((field.name.clone(), value));
        }
        fields.numbers.push(number);
        fields.places.push(from..self.position);
        fields.lengths.push(self.counted);
        fields.present.push(there);
        result
    }

    /// The value of a field that is there, and what expressions see of it.
    fn content(&mut self, field: &'a Field, fields: &Fields) -> Step<(Value, i128)> {
        let Some(size) = field.pad_to else {
            return self.unpadded(field, fields);
        };
        if size > self.left() {
            return self.truncated(size);
        }
        self.within(size, |inside| {
            let value = inside.unpadded(field, fields)?;
            let counted = inside.counted;
            inside.ignore(inside.left())?;
            inside.counted = counted;
            Ok(value)
        })
    }

    fn unpadded(&mut self, field: &'a Field, fields: &Fields) -> Step<(Value, i128)> {
        let role = &field.role;
        let value = match &field.ty {
            Type::Scalar(scalar) => return self.scalar(scalar, role, field.place),
            Type::Varint(varint) => return self.varint(varint, role),
            Type::Bytes(extent) => self.byte_string(extent, field.length, role, fields)?,
            Type::Text(extent, encoding) => self.text(extent, *encoding, field.length, fields)?,
            Type::Array { element, extent } => self.array(element, extent, field.length, fields)?,
            Type::Struct(id) => self.bounded(field, fields, |inside| inside.structure(*id))?,
            Type::Variant(variant) => {
                self.bounded(field, fields, |inside| inside.variant(variant, fields))?
            }
            Type::Skipped => self.skipped()?,
        };
        Ok((value, 0))
    }

    fn scalar(&mut self, scalar: &Scalar, role: &Role, place: Place) -> Step<(Value, i128)> {
        let offset = self.position;
        let (raw, bits) = match place {
            Place::Bits {
                size,
                endian,
                shift,
                ..
            } => {
                let run = scalar::read(self.take(size)?, endian);
                let width = scalar.bits;
                let bits = LeafBits {
                    shift,
                    width,
                    endian,
                };
                (run >> shift & scalar::mask(width), Some(bits))
            }
            Place::Bytes { .. } | Place::Dynamic => {
                let bytes = self.take(scalar.bytes())?;
                (scalar::read(bytes, scalar.endian), None)
            }
        };
        let raw = scalar::kept(self.layout, scalar, raw);
        self.judge(scalar, role, raw, (offset, bits))
    }

    /// A number that was read from `offset` on: whether it may be there, and what it means.
    fn judge(
        &mut self,
        scalar: &Scalar,
        role: &Role,
        raw: u128,
        (offset, bits): (usize, Option<LeafBits>),
    ) -> Step<(Value, i128)> {
        self.trace.push(Leaf {
            path: self.path.clone(),
            offset,
            len: self.position - offset,
            bits,
            text: scalar::text(self.layout, scalar, raw),
            role: leaf_role(role),
        });
        let constant = match role {
            // Reserved bits may get a meaning in later versions, so nothing is asked of them.
            Role::Reserved { strict: false } => {
                let value = scalar::value(self.layout, scalar, raw);
                return Ok((value, scalar::number(scalar, raw)));
            }
            Role::Reserved { strict: true } => Some(0),
            Role::Const(value) | Role::Id(value) => Some(*value),
            _ => None,
        };
        if let Some(expected) = constant.filter(|expected| raw != u128::from(*expected)) {
            let actual = scalar::saturate(raw);
            return self.stop(offset, ErrorKind::ConstMismatch { expected, actual });
        }
        scalar::check(self.layout, scalar, raw).or_else(|kind| self.stop(offset, kind))?;
        let value = scalar::value(self.layout, scalar, raw);
        Ok((value, scalar::number(scalar, raw)))
    }

    /// What is left over, at the end of a packet or of what a length grants.
    fn left_over(&mut self, trailing: Trailing) -> Step<()> {
        match trailing {
            Trailing::Reject => self.nothing_left(),
            Trailing::Skip => self.ignore(self.left()),
        }
    }

    /// Goes past bytes that mean nothing.
    fn ignore(&mut self, size: usize) -> Step<()> {
        if size == 0 {
            return Ok(());
        }
        let bytes = self.take(size)?;
        self.trace.push(Leaf {
            path: format!("{} padding", self.path).trim_start().to_owned(),
            offset: self.position - size,
            len: size,
            bits: None,
            text: to_hex(bytes),
            role: LeafRole::Reserved,
        });
        Ok(())
    }

    fn nothing_left(&self) -> Step<()> {
        match self.left() {
            0 => Ok(()),
            extra => self.stop(self.position, ErrorKind::Trailing { extra }),
        }
    }

    fn verify(&self, field: &Field, index: usize, sum: Checksum, fields: &Fields) -> Step<()> {
        let own = fields.places[index].clone();
        if own.is_empty() {
            return Ok(()); // an absent field
        }
        let covered = checksum::covered(&sum, index, &fields.places);
        let offset = own.start;
        let expected = checksum::compute(&sum, self.bytes, covered, own);
        let actual = u64::try_from(fields.numbers[index]).unwrap_or(u64::MAX);
        if actual == expected {
            return Ok(());
        }
        let kind = ErrorKind::ChecksumMismatch { expected, actual };
        self.stop_at(&field.name, offset, kind)
    }

    /// Compares a field with what the schema computes from others.
    fn compare(&self, field: &Field, index: usize, value: &Expr, fields: &Fields) -> Step<()> {
        let (expected, actual) = (fields.computed(value), fields.numbers[index]);
        if expected == actual {
            return Ok(());
        }
        let kind = ErrorKind::ValueMismatch { expected, actual };
        self.stop_at(&field.name, fields.places[index].start, kind)
    }

    fn take(&mut self, size: usize) -> Step<&'a [u8]> {
        let left = self.bytes.get(self.position..self.end);
        let Some(bytes) = left.and_then(|left| left.get(..size)) else {
            return self.truncated(size);
        };
        self.position += size;
        Ok(bytes)
    }

    fn left(&self) -> usize {
        self.end.saturating_sub(self.position)
    }

    /// A leaf whose `len` bytes end here.
    fn leaf(&mut self, len: usize, text: String, role: LeafRole) {
        self.trace.push(Leaf {
            path: self.path.clone(),
            offset: self.position - len,
            len,
            bits: None,
            text,
            role,
        });
    }

    /// Goes into a field; gives what [`Decoder::leave`] needs to get out again.
    fn enter(&mut self, name: &str) -> usize {
        let outside = self.path.len();
        if outside > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        outside
    }

    fn leave(&mut self, outside: usize) {
        self.path.truncate(outside);
    }

    fn truncated<T>(&self, needed: usize) -> Step<T> {
        let available = self.left();
        self.stop(self.position, ErrorKind::Truncated { needed, available })
    }

    fn stop<T>(&self, offset: usize, kind: ErrorKind) -> Step<T> {
        Err(Box::new(Stop {
            field: self.path.clone(),
            offset,
            kind,
            value: None,
        }))
    }

    /// Ends in the field `name` of the struct that is being decoded.
    fn stop_at<T>(&self, name: &str, offset: usize, kind: ErrorKind) -> Step<T> {
        self.stop(offset, kind).map_err(|mut stop: Box<Stop>| {
            if !stop.field.is_empty() {
                stop.field.push('.');
            }
            stop.field.push_str(name);
            stop
        })
    }
}

/// The value, either as the result or, if there is anything in it, for the error to take along.
fn with_value(result: Step<()>, value: Value) -> Step<Value> {
    match result {
        Ok(()) => Ok(value),
        Err(mut stop) => {
            let empty = match &value {
                Value::Map(entries) => entries.is_empty(),
                Value::List(items) => items.is_empty(),
                _ => false,
            };
            stop.value = (!empty).then_some(value);
            Err(stop)
        }
    }
}

fn leaf_role(role: &Role) -> LeafRole {
    match role {
        Role::Data => LeafRole::Data,
        Role::Reserved { .. } => LeafRole::Reserved,
        Role::Const(_) => LeafRole::Constant,
        Role::Derived(_) => LeafRole::Derived,
        Role::Checksum(_) => LeafRole::Checksum,
        Role::Size { .. } => LeafRole::Size,
        Role::Id(_) => LeafRole::Id,
    }
}
