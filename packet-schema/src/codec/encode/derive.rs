//! Fields that follow from others, and fields that nobody gives.

use super::assemble::dynamic_size;
use super::{Encoder, Slot, Step, eval};
use crate::codec::error::EncodeProblem;
use crate::codec::scalar;
use crate::layout::{Derivation, Expr, Extent, Field, Measure, Operand, Role, Struct, Type};
use packet_runtime::EncodeErrorKind;

impl Encoder<'_> {
    /// Computes the derived fields, each after those that it needs.
    pub(super) fn derive(&mut self, shape: &Struct, slots: &mut [Slot]) -> Step<()> {
        for &index in &shape.derive_order {
            let field = &shape.fields[index];
            match &field.role {
                Role::Derived(Derivation::Length { of, scale, offset }) => {
                    self.derive_length(shape, index, (*of, *scale, offset), slots)?;
                }
                Role::Derived(Derivation::Presence { of, inverted }) => {
                    let raw = u128::from(slots[*of].present != *inverted);
                    self.inside(&field.name, |inside| {
                        inside.set_computed(field, &mut slots[index], raw)
                    })?;
                }
                Role::Derived(Derivation::Value(value)) => {
                    let number = computed(value, shape, slots);
                    self.inside(&field.name, |inside| {
                        inside.set_number(field, &mut slots[index], number)
                    })?;
                }
                Role::Derived(Derivation::Tag { of }) => {
                    self.derive_tag(shape, index, *of, slots)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn derive_length(
        &mut self,
        shape: &Struct,
        index: usize,
        (of, scale, offset): (usize, i128, &Expr),
        slots: &mut [Slot],
    ) -> Step<()> {
        let field = &shape.fields[index];
        let measured = measure(&shape.fields[of], &slots[of]);
        let length = measured.unwrap_or(0) as i128;
        let rest = length.checked_sub(eval(offset, slots));
        let exact = rest.filter(|rest| rest.checked_rem(scale) == Some(0));
        let number = exact.and_then(|rest| rest.checked_div(scale));
        match (measured, number) {
            (Some(_), Some(number)) => self.inside(&field.name, |inside| {
                inside.set_number(field, &mut slots[index], number)
            }),
            (Some(_), None) => self.inside(&shape.fields[of].name, |inside| {
                inside.wire(EncodeErrorKind::LengthNotRepresentable { length })
            }),
            (None, _) => self.inside(&field.name, |inside| {
                inside.set_free(field, &mut slots[index], number.unwrap_or(0))
            }),
        }
    }

    fn derive_tag(
        &mut self,
        shape: &Struct,
        index: usize,
        of: usize,
        slots: &mut [Slot],
    ) -> Step<()> {
        let field = &shape.fields[index];
        let tag = match (&shape.fields[of].ty, slots[of].content.case) {
            (Type::Variant(variant), Some(case)) => Some(variant.cases[case].tag),
            _ => None,
        };
        // Without a tag there is nothing to say which case it is.
        let absent = matches!(&field.when, Some(when) if eval(when, slots) == 0);
        self.inside(&field.name, |inside| {
            let slot = &mut slots[index];
            match tag {
                Some(tag) => inside.set_computed(field, slot, tag.into()),
                None if slot.given.is_none() && !absent => inside.fail(EncodeProblem::Missing),
                None => inside.set_free(field, slot, 0),
            }
        })
    }

    /// Sets a field that nothing follows from this time, so that any value decodes: to what the user
    /// gives, else to the allowed number next to `number`.
    fn set_free(&self, field: &Field, slot: &mut Slot, number: i128) -> Step<()> {
        let Some(ty) = field.ty.number() else {
            return Ok(());
        };
        let (min, max) = ty.allowed();
        slot.raw = match slot.given {
            Some(value) => {
                scalar::raw(self.layout, &ty, value).or_else(|error| self.fail(error))?
            }
            None => number.max(min).min(max).cast_unsigned() & scalar::mask(ty.bits),
        };
        slot.number = scalar::number(&ty, slot.raw);
        Ok(())
    }

    /// Decides whether a field that nobody gives is there, now that its condition is known. Reserved
    /// bytes are zero.
    pub(super) fn fill(&mut self, field: &Field, index: usize, slots: &mut [Slot]) -> Step<()> {
        let there = field
            .when
            .as_ref()
            .is_none_or(|when| eval(when, slots) != 0);
        let slot = &mut slots[index];
        slot.present = there;
        if !there {
            (slot.raw, slot.number) = (0, 0);
            if slot.given.is_some() {
                return self.wire(EncodeErrorKind::PresenceMismatch);
            }
        } else if let Type::Bytes(Extent::Fixed(size)) = field.ty {
            slot.content.bytes = vec![0; size];
        }
        Ok(())
    }
}

/// The value of an expression that measures fields too.
fn computed(expr: &Expr, shape: &Struct, slots: &[Slot]) -> i128 {
    let operand = |operand: Operand| {
        let (field, slot) = (&shape.fields[operand.field()], &slots[operand.field()]);
        match operand {
            Operand::Field(_) => slot.number,
            Operand::Measure(Measure::Present, _) => i128::from(slot.present),
            Operand::Measure(..) if !slot.present => 0,
            Operand::Measure(Measure::Len, _) => slot.content.count as i128,
            Operand::Measure(Measure::Size, _) => dynamic_size(field, slot) as i128,
        }
    };
    expr.eval_with(&operand).unwrap_or(i128::MIN)
}

/// The length that other fields count: elements of a counted array, bytes of anything else. `None`
/// if the field is absent, or a variant in a case that is not counted.
fn measure(field: &Field, slot: &Slot) -> Option<usize> {
    let content = &slot.content;
    let counted = match (&field.ty, &field.bound) {
        _ if !slot.present => return None,
        (_, Some(_)) => return Some(content.bytes.len()),
        (Type::Variant(variant), None) => match content.case {
            Some(case) => &variant.cases[case].ty,
            None => variant.otherwise.as_deref()?,
        },
        (ty, None) => ty,
    };
    match counted {
        Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. } => {
            extent.length().map(|_| content.length)
        }
        Type::Scalar(_) | Type::Varint(_) | Type::Struct(_) | Type::Variant(_) | Type::Skipped => {
            None
        }
    }
}
