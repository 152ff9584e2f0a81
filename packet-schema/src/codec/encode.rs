//! Value to bytes: the user's fields first, then what follows from them, then the bytes.
//!
//! A struct is encoded from the inside out. Every field becomes a [`Slot`], a raw number or finished
//! bytes; derived fields are computed from the slots; all expressions are verified on the result, so
//! that decoding gives the same value again; only then are the slots put together.

mod assemble;
mod content;
mod derive;
mod varint;

use assemble::{length, size_field, takes_rest};

use super::error::{EncodeError, EncodeProblem};
use super::scalar;
use crate::layout::{Bound, Expr, Extent, Field, Layout, Mode, Role, Struct, StructId, Type};
use crate::value::Value;
use packet_runtime::EncodeErrorKind;

/// Encodes `value`, a map, as the struct or packet `id` of `layout`.
///
/// Fields that follow from others (lengths, counts, tags, sizes, ids, constants, checksums) can be left
/// out, and have to be right if they are there.
///
/// # Errors
/// A field that is missing, of another type, unknown, or that breaks a rule of the schema.
pub fn encode(layout: &Layout, id: StructId, value: &Value) -> Result<Vec<u8>, Box<EncodeError>> {
    let mut encoder = Encoder {
        layout,
        packet: id,
        path: String::new(),
    };
    encoder.structure(id, value)
}

/// Whether the field `field` of the struct `owner` can be given `value`, as far as that does not depend on other
/// fields.
///
/// # Errors
/// Why it cannot.
pub(crate) fn accepts(
    layout: &Layout,
    owner: StructId,
    field: &Field,
    value: &Value,
) -> Result<(), Box<EncodeError>> {
    let mut encoder = Encoder {
        layout,
        packet: owner,
        path: field.name.clone(),
    };
    let mut slot = Slot {
        given: Some(value),
        ..Slot::default()
    };
    encoder.data(field, &mut slot)?;
    let (length, expected) = match &field.ty {
        Type::Bytes(Extent::Counted(expr)) | Type::Text(Extent::Counted(expr), _) => {
            (slot.content.length as i128, expr)
        }
        _ => return Ok(()),
    };
    let (min, max) = (expected.min.max(0), expected.max);
    if (min..=max).contains(&length) {
        return Ok(());
    }
    encoder.wire(EncodeErrorKind::LengthOutOfRange { length, min, max })
}

struct Encoder<'a> {
    layout: &'a Layout,
    /// What is encoded as a whole.
    packet: StructId,
    /// Path of the field that is being encoded.
    path: String,
}

type Step<T> = Result<T, Box<EncodeError>>;

/// One field on its way into bytes.
#[derive(Default)]
struct Slot<'v> {
    /// The user's value; null counts as none.
    given: Option<&'v Value>,
    /// Whether it takes any bytes.
    present: bool,
    /// The raw number of a scalar or varint.
    raw: u128,
    /// What expressions see of it.
    number: i128,
    /// Anything else, with its prefix.
    content: Content,
}

/// The encoded value of anything but a scalar field.
#[derive(Default)]
struct Content {
    /// Its bytes, with a length prefix if it has one.
    bytes: Vec<u8>,
    /// Its length in the unit of its extent, without the prefix.
    length: usize,
    /// Its bytes or, of an array, elements, without a prefix or an end.
    count: usize,
    /// The number of a variant's case; `None` for `else`.
    case: Option<usize>,
    /// Whether decoding would let it take all bytes up to the end.
    greedy: bool,
}

impl Encoder<'_> {
    fn structure(&mut self, id: StructId, value: &Value) -> Step<Vec<u8>> {
        let shape = self.layout.get(id);
        let mut slots = self.given(shape, value)?;
        for (index, field) in shape.fields.iter().enumerate() {
            self.inside(&field.name, |inside| inside.data(field, &mut slots[index]))?;
        }
        // A length can be derived from the packet's size. Whether reserved fields are there can depend
        // on what is derived, and the final size on that.
        if let Some((index, _, counted)) = size_field(shape, &slots) {
            slots[index].number = counted;
        }
        self.derive(shape, &mut slots)?;
        for (index, field) in shape.fields.iter().enumerate() {
            if !field.role.is_data() || !field.is_named() {
                self.inside(&field.name, |inside| inside.fill(field, index, &mut slots))?;
            }
        }
        let size = size_field(shape, &slots);
        if let Some((index, _, counted)) = size {
            slots[index].number = counted;
        }
        if id == self.packet && self.path.is_empty() {
            self.limit(shape, &slots)?;
        }
        if let Some((index, field, counted)) = size {
            self.inside(&field.name, |inside| {
                inside.set_number(field, &mut slots[index], counted)
            })?;
        }
        self.verify(shape, &slots)?;
        self.assemble(shape, &slots)
    }

    /// A slot for each field, with the user's values.
    fn given<'v>(&mut self, shape: &Struct, value: &'v Value) -> Step<Vec<Slot<'v>>> {
        let Value::Map(entries) = value else {
            return self.fail(scalar::wrong_type("a map of its fields", value));
        };
        let mut slots: Vec<Slot> = shape.fields.iter().map(|_| Slot::default()).collect();
        let mut next = 0;
        for (name, value) in entries {
            // Most maps are in wire order, so that the search ends where it starts.
            let later = (next..slots.len()).chain(0..next);
            let found = later
                .filter(|index| shape.fields[*index].is_named())
                .find(|index| shape.fields[*index].name == *name);
            let Some(index) = found else {
                let problem = unknown_field(shape, name);
                return self.inside(name, |inside| inside.fail(problem));
            };
            if slots[index].given.is_some() {
                let help = Some("it is there twice".to_owned());
                let problem = EncodeProblem::UnknownField { help };
                return self.inside(name, |inside| inside.fail(problem));
            }
            slots[index].given = Some(value).filter(|value| **value != Value::Null);
            next = index + 1;
        }
        Ok(slots)
    }

    /// Encodes a field that the user gives.
    fn data(&mut self, field: &Field, slot: &mut Slot) -> Step<()> {
        slot.present = field.when.is_none();
        if let Role::Const(raw) | Role::Id(raw) = field.role {
            return self.set_computed(field, slot, raw.into());
        }
        if !field.role.is_data() || !field.is_named() {
            return Ok(());
        }
        let Some(value) = slot.given.or(field.default.as_ref()) else {
            return match field.when {
                Some(_) => Ok(()),
                None => self.fail(EncodeProblem::Missing),
            };
        };
        slot.present = true;
        let Some(ty) = field.ty.number() else {
            let content = self.content(&field.ty, field.length, value)?;
            slot.content = self.padded(content, field.pad_to)?;
            return Ok(());
        };
        slot.raw = scalar::raw(self.layout, &ty, value).or_else(|error| self.fail(error))?;
        slot.number = scalar::number(&ty, slot.raw);
        Ok(())
    }

    /// Fills up what has a size of its own with zeros.
    fn padded(&self, mut content: Content, pad_to: Option<usize>) -> Step<Content> {
        let Some(size) = pad_to else {
            return Ok(content);
        };
        if content.bytes.len() > size {
            return self.wire(EncodeErrorKind::LengthOutOfRange {
                length: content.bytes.len() as i128,
                min: 0,
                max: size as i128,
            });
        }
        content.bytes.resize(size, 0);
        Ok(content)
    }

    /// Sets a scalar that is not the user's; a value that the user gives all the same must agree.
    fn set_computed(&self, field: &Field, slot: &mut Slot, raw: u128) -> Step<()> {
        let Some(ty) = field.ty.number() else {
            return Ok(());
        };
        let raw = raw & scalar::mask(ty.bits);
        if let Some(value) = slot.given {
            let given = scalar::raw(self.layout, &ty, value).or_else(|error| self.fail(error))?;
            if given != raw {
                return self.fail(EncodeProblem::Derived {
                    expected: scalar::text(self.layout, &ty, raw),
                    actual: scalar::text(self.layout, &ty, given),
                });
            }
        }
        slot.raw = raw;
        slot.number = scalar::number(&ty, raw);
        Ok(())
    }

    /// Like [`Self::set_computed`] for a number that may not fit the field.
    fn set_number(&self, field: &Field, slot: &mut Slot, number: i128) -> Step<()> {
        let Some(ty) = field.ty.number() else {
            return Ok(());
        };
        let (min, max) = ty.allowed();
        if !(min..=max).contains(&number) {
            return self.fail(scalar::out_of_range(&ty, number));
        }
        self.set_computed(field, slot, number.cast_unsigned())
    }

    /// Holds a whole packet against the framing's limit.
    fn limit(&self, shape: &Struct, slots: &[Slot]) -> Step<()> {
        let packet = self.layout.packet_of(self.packet);
        let Some(framing) = packet.and_then(|packet| self.layout.framing_of(packet)) else {
            return Ok(());
        };
        let size = length(shape, slots) as i128;
        let max = framing.max_size as i128;
        let min = match framing.mode {
            Mode::Fixed(_) => max,
            _ => shape.min_size.into(),
        };
        if (min..=max).contains(&size) {
            return Ok(());
        }
        let length = size;
        self.wire(EncodeErrorKind::LengthOutOfRange { length, min, max })
    }

    /// Checks that the expressions give what is in the slots, in wire order.
    fn verify(&mut self, shape: &Struct, slots: &[Slot]) -> Step<()> {
        let mut after_rest = false;
        for (field, slot) in shape.fields.iter().zip(slots) {
            self.inside(&field.name, |inside| {
                inside.verify_field(field, slot, slots)?;
                let has_bytes = slot.present && !slot.content.bytes.is_empty();
                if after_rest && has_bytes && takes_rest(field, slot) {
                    inside.wire(EncodeErrorKind::AfterRest)
                } else {
                    Ok(())
                }
            })?;
            after_rest |= slot.present && field.bound.is_none() && slot.content.greedy;
        }
        Ok(())
    }

    fn verify_field(&mut self, field: &Field, slot: &Slot, slots: &[Slot]) -> Step<()> {
        let there = field
            .when
            .as_ref()
            .is_none_or(|when| eval(when, slots) != 0);
        if slot.present != there {
            return self.wire(EncodeErrorKind::PresenceMismatch);
        }
        if !slot.present {
            return Ok(());
        }
        if let Some(Bound::Sized(size)) = &field.bound {
            self.expect(size, slot.content.bytes.len(), slots)?;
        }
        let Type::Variant(variant) = &field.ty else {
            return self.verify_extent(&field.ty, &slot.content, slots);
        };
        let tag = slots[variant.tag].number;
        let guard = variant.guard.as_ref();
        let guard = guard.is_none_or(|guard| eval(guard, slots) != 0);
        let selected = variant.select(tag, guard).map(|case| case.name.as_str());
        let chosen = slot.content.case.map(|case| &variant.cases[case]);
        if selected != chosen.map(|case| case.name.as_str()) {
            return self.wire(EncodeErrorKind::CaseMismatch);
        }
        match (chosen, &variant.otherwise) {
            (Some(case), _) => self.inside(&case.name, |inside| {
                inside.verify_extent(&case.ty, &slot.content, slots)
            }),
            (None, Some(otherwise)) => self.inside(crate::layout::ELSE, |inside| {
                inside.verify_extent(otherwise, &slot.content, slots)
            }),
            (None, None) => Ok(()),
        }
    }

    fn verify_extent(&self, ty: &Type, content: &Content, slots: &[Slot]) -> Step<()> {
        match ty {
            Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. } => {
                match extent {
                    Extent::Counted(expr) | Extent::Sized(expr) => {
                        self.expect(expr, content.length, slots)
                    }
                    Extent::Fixed(_)
                    | Extent::Prefixed(_)
                    | Extent::Terminated
                    | Extent::Rest { .. }
                    | Extent::Until(_) => Ok(()),
                }
            }
            Type::Scalar(_)
            | Type::Varint(_)
            | Type::Struct(_)
            | Type::Variant(_)
            | Type::Skipped => Ok(()),
        }
    }

    fn expect(&self, expr: &Expr, length: usize, slots: &[Slot]) -> Step<()> {
        let (expected, actual) = (eval(expr, slots), length as i128);
        if expected == actual {
            return Ok(());
        }
        self.wire(EncodeErrorKind::LengthMismatch { expected, actual })
    }

    fn inside<T>(&mut self, name: &str, encode: impl FnOnce(&mut Self) -> Step<T>) -> Step<T> {
        let outside = self.path.len();
        if outside > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        let result = encode(self);
        self.path.truncate(outside);
        result
    }

    fn wire<T>(&self, kind: EncodeErrorKind) -> Step<T> {
        self.fail(kind.into())
    }

    fn fail<T>(&self, kind: EncodeProblem) -> Step<T> {
        Err(Box::new(EncodeError {
            packet: self.layout.get(self.packet).name.clone(),
            field: self.path.clone(),
            kind,
        }))
    }
}

/// An overflow, which the check of the schema excludes, counts as a number that nothing equals.
fn eval(expr: &Expr, slots: &[Slot]) -> i128 {
    let number = |field: usize| slots.get(field).map_or(0, |slot: &Slot| slot.number);
    expr.eval(&number).unwrap_or(i128::MIN)
}

fn unknown_field(shape: &Struct, name: &str) -> EncodeProblem {
    let named = shape.fields.iter().filter(|field| field.is_named());
    let help = match name {
        "_" => Some("fields without a name are written by themselves".to_owned()),
        _ => scalar::suggest(name, named.map(|field| field.name.as_str())),
    };
    EncodeProblem::UnknownField { help }
}
