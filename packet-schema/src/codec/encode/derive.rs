//! Fields that follow from others, and fields that nobody gives.

use super::{Content, Encoder, Slot, Step, eval};
use crate::codec::scalar;
use crate::layout::{Derivation, Expr, Extent, Field, Role, Struct, Type};
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
                    let measured = &slots[*of];
                    // A field that is not the user's is there if the user says so.
                    let there = measured.present || measured.given.is_some();
                    let raw = u128::from(there != *inverted);
                    self.inside(&field.name, |inside| {
                        inside.set_computed(field, &mut slots[index], raw)
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
        let length = measure(&shape.fields[of], &slots[of].content) as i128;
        let rest = length.checked_sub(eval(offset, slots));
        let exact = rest.filter(|rest| rest.checked_rem(scale) == Some(0));
        let number = exact.and_then(|rest| rest.checked_div(scale));
        if !slots[of].present {
            // Nothing is measured, so any length decodes: the user's, else that of nothing.
            return self.inside(&field.name, |inside| {
                inside.set_free(field, &mut slots[index], number.unwrap_or(0))
            });
        }
        let Some(number) = number else {
            return self.inside(&shape.fields[of].name, |inside| {
                inside.wire(EncodeErrorKind::LengthNotRepresentable { length })
            });
        };
        self.inside(&field.name, |inside| {
            inside.set_number(field, &mut slots[index], number)
        })
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
        self.inside(&field.name, |inside| {
            let slot = &mut slots[index];
            match tag {
                Some(tag) => inside.set_computed(field, slot, tag.into()),
                None if slot.given.is_none() => inside.fail(super::EncodeProblem::Missing),
                None => inside.set_free(field, slot, 0),
            }
        })
    }

    /// Sets a field that follows from nothing this time: to what the user gives, else to `number`.
    fn set_free(&self, field: &Field, slot: &mut Slot, number: i128) -> Step<()> {
        let Type::Scalar(ty) = &field.ty else {
            return Ok(());
        };
        slot.raw = match slot.given {
            Some(value) => scalar::raw(self.layout, ty, value).or_else(|error| self.fail(error))?,
            None => number.cast_unsigned() & scalar::mask(ty.bits),
        };
        slot.number = scalar::number(ty, slot.raw);
        Ok(())
    }

    /// Fills a field that nobody gives, once all that it can depend on is known. Reserved fields are
    /// zero, as many bytes of it as other fields say.
    pub(super) fn fill(&mut self, field: &Field, index: usize, slots: &mut [Slot]) -> Step<()> {
        if let Some(when) = &field.when {
            let there = eval(when, slots) != 0;
            let slot = &mut slots[index];
            slot.present = there;
            if !there && slot.given.is_some() {
                return self.wire(EncodeErrorKind::PresenceMismatch);
            }
            if !there {
                (slot.raw, slot.number) = (0, 0);
            }
        }
        if !slots[index].present {
            return Ok(());
        }
        let size = match &field.ty {
            Type::Scalar(_) => return Ok(()),
            Type::Bytes(Extent::Counted(expr))
            | Type::Text(Extent::Counted(expr), _)
            | Type::Array {
                extent: Extent::Sized(expr),
                ..
            } => eval(expr, slots),
            _ => field.min_size.into(),
        };
        // The number can be the user's, and there is no sense in gigabytes of padding.
        let max = self
            .layout
            .framing
            .as_ref()
            .map_or(MAX_PADDING, |framing| framing.max_size);
        let Some(size) = usize::try_from(size).ok().filter(|size| *size <= max) else {
            return self.wire(EncodeErrorKind::OutOfRange {
                value: size,
                min: 0,
                max: max as i128,
            });
        };
        slots[index].content = Content {
            bytes: vec![0; size],
            length: size,
            ..Content::default()
        };
        Ok(())
    }
}

/// Most bytes of padding where no framing limits the packet.
const MAX_PADDING: usize = 1 << 24;

/// The length that other fields count: elements of a counted array, bytes of anything else.
fn measure(field: &Field, content: &Content) -> usize {
    match (&field.bound, &field.ty) {
        (Some(_), _) | (None, Type::Struct(_) | Type::Variant(_)) => content.bytes.len(),
        _ => content.length,
    }
}
