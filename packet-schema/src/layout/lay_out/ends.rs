//! Where a field ends besides what its length says: sentinels and padding.
//!
//! Raises P0327 (a sentinel that no element can be told from), P0328 (padding that has no room for its field).

use super::Placer;
use crate::diagnostic::{Diagnostic, Spanned, did_you_mean};
use crate::model::{self, Endian, Extent, Scalar, ScalarKind, Sentinel, Type};

impl Placer<'_> {
    /// The type with the bytes of its sentinels, which depend on how elements begin.
    pub(super) fn with_sentinels(&mut self, ty: &Type) -> Type {
        let mut ty = ty.clone();
        match &mut ty {
            Type::Array { element, extent } => self.find_sentinel(element, extent),
            Type::Variant(variant) => {
                let cases = variant.cases.iter_mut().map(|case| &mut case.ty);
                for case in cases.chain(variant.otherwise.as_deref_mut()) {
                    if let Type::Array { element, extent } = case {
                        self.find_sentinel(element, extent);
                    }
                }
            }
            _ => {}
        }
        ty
    }

    fn find_sentinel(&mut self, element: &Type, extent: &mut Extent) {
        let Extent::Until(sentinel) = extent else {
            return;
        };
        let Some(beginning) = self.beginning(element) else {
            self.diagnostics.push(
                Diagnostic::error(
                    "P0327",
                    sentinel.span,
                    "no element can be compared with an end",
                )
                .help("an array with `until` holds integers, enums or structs, or varints in canonical form"),
            );
            return;
        };
        match self.bytes(&beginning, sentinel) {
            Some(bytes) => sentinel.bytes = bytes,
            None => self.no_such_value(&beginning, sentinel),
        }
    }

    /// What stands at the beginning of an element, if that can be compared.
    fn beginning(&self, element: &Type) -> Option<Type> {
        match element {
            Type::Scalar(scalar) => match scalar.kind {
                ScalarKind::Float | ScalarKind::Bool => None,
                _ => Some(element.clone()),
            },
            // Another form of the same number would be an element, and could not be written.
            Type::Varint(varint) => varint.canonical.then(|| element.clone()),
            Type::Struct(id) => {
                let first = self.get(*id)?.fields.first()?;
                let whole = |scalar: &Scalar| {
                    first.when.is_none()
                        && scalar.bits.is_multiple_of(8)
                        && matches!(scalar.kind, ScalarKind::Unsigned | ScalarKind::Enum(_))
                };
                Some(match &first.ty {
                    Type::Scalar(scalar) if whole(scalar) => first.ty.clone(),
                    _ => Type::Scalar(Scalar::unsigned(8, Endian::Big)),
                })
            }
            _ => None,
        }
    }

    fn bytes(&self, beginning: &Type, sentinel: &Sentinel) -> Option<Vec<u8>> {
        let scalar = beginning.number()?;
        let named = match scalar.kind {
            ScalarKind::Enum(id) => self.enums[id.0].value_of(&sentinel.text),
            _ => None,
        };
        let number = named
            .map(i128::from)
            .or_else(|| crate::parse::expr::integer(&sentinel.text))?;
        let (min, max) = scalar.limits();
        if !(min..=max).contains(&number) {
            return None;
        }
        if let Type::Varint(varint) = beginning {
            return Some(leb128(varint.encoded(number)));
        }
        let mut bytes = number.to_le_bytes()[..scalar.bytes()].to_vec();
        if scalar.endian == Endian::Big {
            bytes.reverse();
        }
        Some(bytes)
    }

    fn no_such_value(&mut self, beginning: &Type, sentinel: &Sentinel) {
        let scalar = beginning.number();
        let suggestion = match scalar.map(|scalar| scalar.kind) {
            Some(ScalarKind::Enum(id)) => {
                let names = self.enums[id.0].values.iter();
                did_you_mean(&sentinel.text, names.map(|value| value.name.as_str()))
            }
            _ => None,
        };
        let (min, max) = scalar.map_or((0, 0), |scalar| scalar.limits());
        self.diagnostics.push(
            Diagnostic::error(
                "P0327",
                sentinel.span,
                format!("no element can begin with `{}`", sentinel.text),
            )
            .help(suggestion.unwrap_or_else(|| format!("write a number from {min} to {max}"))),
        );
    }

    /// Refuses padding that has no room for the smallest value, or no end.
    pub(super) fn check_padding(
        &mut self,
        field: &model::Field,
        pad_to: Spanned<usize>,
        least: u64,
    ) {
        let (message, help) = if self.may_be_greedy(&field.ty) {
            (
                format!("`{}` has no end of its own before the padding", field.name),
                "give it a length, such as one in front",
            )
        } else if least > pad_to.value as u64 {
            (
                format!(
                    "`{}` has at least {least} bytes, more than {}",
                    field.name, pad_to.value
                ),
                "pad to more bytes",
            )
        } else {
            return;
        };
        self.diagnostics.push(
            Diagnostic::error("P0328", pad_to.span, message)
                .also(field.type_span, "this type")
                .help(help),
        );
    }
}

/// The shortest LEB128 form of a number.
fn leb128(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            bytes.push(low & 0x7f);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}
