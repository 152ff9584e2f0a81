//! Where a field begins and ends besides what its type says: sentinels, padding, alignment, and what becomes
//! of bytes that are left over.
//!
//! Raises P0327 (an end that nothing has), P0328 (padding), P0329 (alignment), P0331 (bytes left over).

use super::Context;
use crate::diagnostic::{Diagnostic, Diagnostics, Spanned};
use crate::model::{Role, Trailing, Type};
use crate::syntax::{Attributes, TrailingSaid};

/// Most bytes that `pad_to` and `align` can ask for: generated code may hold them on the stack.
const MAX_PLACE: u64 = 1 << 16;

impl Context<'_> {
    /// Reports an `until` that no array has taken.
    pub(super) fn until_is_used(&mut self, attributes: &Attributes) {
        if let Some(until) = &attributes.until {
            self.report(
                "P0327",
                until.span,
                "`until` ends an array of the form `T[]`",
                "write the type as `T[]`, or leave `until` out",
            );
        }
    }

    pub(super) fn pad_to(
        &mut self,
        ty: &Type,
        role: &Role,
        said: Option<Spanned<u64>>,
    ) -> Option<Spanned<usize>> {
        let said = said?;
        let padded = matches!(
            ty,
            Type::Bytes(_) | Type::Text(..) | Type::Array { .. } | Type::Struct(_)
        );
        if !padded || !role.is_data() {
            self.report(
                "P0328",
                said.span,
                "`pad_to` is for bytes, text, arrays and structs",
                "put the field into a struct, and pad that",
            );
            return None;
        }
        if let Some(size) = &self.field.attributes.size {
            self.diagnostics.push(
                Diagnostic::error("P0328", said.span, "the field has a `size` already")
                    .also(size.span, "given here")
                    .help("leave out one of the two"),
            );
            return None;
        }
        self.place(said, "P0328", "`pad_to`")
    }

    pub(super) fn align(&mut self, ty: &Type) -> Option<Spanned<usize>> {
        let said = self.field.attributes.align?;
        if matches!(ty, Type::Scalar(scalar) if scalar.bits % 8 != 0) {
            self.report(
                "P0329",
                said.span,
                "a bit field begins where the one before it ends",
                "put `- _: { type: \"bytes[0]\", align: N }` in front of the run",
            );
            return None;
        }
        self.place(said, "P0329", "`align`")
    }

    fn place(
        &mut self,
        said: Spanned<u64>,
        code: &'static str,
        what: &str,
    ) -> Option<Spanned<usize>> {
        match usize::try_from(said.value) {
            Ok(bytes) if (1..=MAX_PLACE).contains(&said.value) => {
                Some(Spanned::new(bytes, said.span))
            }
            _ => {
                let message = format!("{what} is a number of bytes, not {}", said.value);
                self.report(
                    code,
                    said.span,
                    message,
                    &format!("write a number from 1 to {MAX_PLACE}"),
                );
                None
            }
        }
    }

    /// What becomes of bytes that the field leaves over in its `size`.
    pub(super) fn trailing(&mut self, bounded: bool) -> Trailing {
        let Some(said) = self.field.attributes.trailing else {
            return Trailing::Reject;
        };
        if !bounded {
            self.report(
                "P0331",
                said.span,
                "`trailing` is for packets, and for structs and variants with `size`",
                "leave it out: this field leaves no bytes over",
            );
        }
        trailing(said, self.diagnostics)
    }
}

/// What becomes of bytes that are left over. Keeping them takes a field.
///
/// Raises P0331.
pub(in super::super) fn trailing(
    said: Spanned<TrailingSaid>,
    diagnostics: &mut Diagnostics,
) -> Trailing {
    match said.value {
        TrailingSaid::Reject => Trailing::Reject,
        TrailingSaid::Skip => Trailing::Skip,
        TrailingSaid::Keep => {
            diagnostics.push(
                Diagnostic::error("P0331", said.span, "bytes that are kept need a field")
                    .help("add a last field such as `rest: bytes[]`, and leave `trailing` out"),
            );
            Trailing::Reject
        }
    }
}
