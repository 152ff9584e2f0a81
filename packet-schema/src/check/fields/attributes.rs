//! What may be said about a field besides its type.
//!
//! Raises P0305 (an attribute that has no meaning here), P0306 (a constant), P0307 (a range).

use super::Context;
use crate::diagnostic::{Spanned, did_you_mean};
use crate::model::{Extent, Role, ScalarKind, Type};
use crate::syntax::Attributes;
use crate::value::Value;

impl Context<'_> {
    /// Applies `range`, `finite` and `canonical`.
    pub(super) fn constrain(&mut self, mut ty: Type, attributes: &Attributes) -> Type {
        let is_text = matches!(ty, Type::Text(..));
        let number = match &mut ty {
            Type::Array { element, .. } => element.as_mut(),
            other => other,
        };
        let scalar = number.number();
        let integer = scalar
            .is_some_and(|scalar| matches!(scalar.kind, ScalarKind::Unsigned | ScalarKind::Signed));
        let float = scalar.is_some_and(|scalar| scalar.kind == ScalarKind::Float);
        let mut problems = Vec::new();
        if let Some(range) = &attributes.range {
            match scalar.map(|scalar| scalar.limits()) {
                Some((min, max)) if integer && (range.value.0 < min || range.value.1 > max) => {
                    problems.push((
                        "P0307",
                        range.span,
                        format!("the type holds {min} to {max} only"),
                        "narrow the range, or widen the type",
                    ));
                }
                _ if !integer => problems.push((
                    "P0305",
                    range.span,
                    "`range` needs an integer".to_owned(),
                    "use `finite: true` for floats, `min` and `max` for lengths",
                )),
                _ => {}
            }
        }
        if let Some(finite) = attributes.finite.filter(|_| !float) {
            problems.push((
                "P0305",
                finite.span,
                "`finite` needs a float".to_owned(),
                "say it at the float fields of a struct, or at an alias that they use",
            ));
        }
        let varint = matches!(number, Type::Varint(_));
        if let Some(canonical) = attributes.canonical.filter(|_| !varint) {
            problems.push((
                "P0305",
                canonical.span,
                "`canonical` needs a `varint` or `zigzag`".to_owned(),
                "leave it out; of a length in front, say it at an alias: `Length: { type: varint, canonical: false }`",
            ));
        }
        let encoding = attributes.encoding.filter(|_| !is_text);
        if let Some(encoding) = encoding {
            problems.push((
                "P0305",
                encoding.span,
                "`encoding` needs text".to_owned(),
                "leave it out, or use a type such as `string<u8>`",
            ));
        }
        let range = attributes.range.map(|range| range.value);
        match number {
            Type::Scalar(scalar) => {
                scalar.range = range;
                scalar.finite = attributes.finite.is_some_and(|finite| finite.value);
            }
            Type::Varint(varint) => {
                varint.range = range;
                varint.canonical = attributes.canonical.is_none_or(|canonical| canonical.value);
            }
            _ => {}
        }
        for (code, span, message, help) in problems {
            self.report(code, span, message, help);
        }
        ty
    }

    /// The limits that `min` and `max` set.
    pub(super) fn length(&mut self, ty: &Type, attributes: &Attributes) -> Option<(u64, u64)> {
        let span = attributes.min.or(attributes.max)?.span;
        let countable = match ty {
            Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. } => {
                !matches!(extent, Extent::Fixed(_))
            }
            _ => false,
        };
        if !countable {
            self.report(
                "P0305",
                span,
                "`min` and `max` limit a length that can vary",
                "use `range` for numbers",
            );
            return None;
        }
        let min = attributes.min.map_or(0, |min| min.value);
        let max = attributes.max.map_or(u64::MAX, |max| max.value);
        if min > max {
            self.report(
                "P0307",
                span,
                format!("`min` {min} is more than `max` {max}"),
                "exchange them",
            );
            return None;
        }
        let most = match ty {
            Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. } => {
                match extent {
                    Extent::Prefixed(prefix) => prefix.limits().1,
                    Extent::Counted(expr) => expr.max,
                    _ => i128::MAX,
                }
            }
            _ => i128::MAX,
        };
        if i128::from(min) > most {
            self.report(
                "P0307",
                span,
                format!("a length of at most {most} is never {min}"),
                "lower `min`, or widen what holds the length",
            );
            return None;
        }
        Some((min, max))
    }

    /// What the number is multiplied by.
    pub(super) fn scale(&mut self, ty: &Type, attributes: &Attributes) -> Option<f64> {
        let scale = attributes.scale?;
        let integer = ty
            .number()
            .is_some_and(|scalar| matches!(scalar.kind, ScalarKind::Unsigned | ScalarKind::Signed));
        if !integer {
            self.report(
                "P0305",
                scale.span,
                "`scale` needs an integer",
                "leave it out: the number on the wire is the value itself",
            );
            return None;
        }
        Some(scale.value)
    }

    /// What is written where a value leaves the field out. Whether it is a value of the type is seen when
    /// everything is laid out.
    pub(super) fn default_value(&mut self, ty: &Type, said: &Attributes) -> Option<Spanned<Value>> {
        let default = said.default.as_ref()?;
        let plain = matches!(
            ty,
            Type::Scalar(_) | Type::Varint(_) | Type::Bytes(_) | Type::Text(..)
        );
        if !plain {
            self.report(
                "P0305",
                default.span,
                "`default` needs a number, text or bytes",
                "leave it out; the fields of a struct can have defaults of their own",
            );
            return None;
        }
        let given = if said.constant.is_some() {
            "is constant"
        } else if said.checksum.is_some() {
            "is computed"
        } else if self.field.name.value == "_" {
            "is reserved"
        } else if said.role.is_some() {
            "is the frame's"
        } else if said.when.is_some() {
            "is absent if it is left out"
        } else {
            return Some(default.clone());
        };
        let name = &self.field.name.value;
        self.report(
            "P0325",
            default.span,
            format!("`{name}` {given}, so that its default is never used"),
            "leave `default` out",
        );
        None
    }

    pub(super) fn role(&mut self, ty: &Type, said: &Attributes) -> Option<Role> {
        let unnamed = self.field.name.value == "_";
        if let Some(constant) = &said.constant {
            return self.constant(ty, constant).map(Role::Const);
        }
        if unnamed {
            if !matches!(ty, Type::Scalar(_) | Type::Bytes(Extent::Fixed(_))) {
                self.report(
                    "P0305",
                    self.field.name.span,
                    "an unnamed field is a number of fixed size or `bytes[N]`",
                    "give the field a name",
                );
                return None;
            }
            let strict = said.strict.is_some_and(|strict| strict.value);
            if strict && !matches!(ty, Type::Scalar(_)) {
                self.report(
                    "P0305",
                    self.field.name.span,
                    "only a number can be strict",
                    "use several numbers",
                );
            }
            return Some(Role::Reserved { strict });
        }
        if let Some(strict) = said.strict {
            self.report(
                "P0305",
                strict.span,
                "`strict` needs a reserved field",
                "name the field `_`, or use `const`",
            );
        }
        Some(Role::Data)
    }

    fn constant(&mut self, ty: &Type, constant: &Spanned<String>) -> Option<u64> {
        let Some(scalar) = ty.number() else {
            self.report(
                "P0306",
                constant.span,
                "only a number can be constant",
                "leave `const` out",
            );
            return None;
        };
        let value = match scalar.kind {
            ScalarKind::Enum(id) => self.scope.types.enumeration(id)?.value_of(&constant.value),
            ScalarKind::Bool => match constant.value.as_str() {
                "true" => Some(1),
                "false" => Some(0),
                _ => None,
            },
            ScalarKind::Unsigned | ScalarKind::Flags(_) => None,
            ScalarKind::Signed | ScalarKind::Float => {
                self.report(
                    "P0306",
                    constant.span,
                    "a constant is unsigned",
                    "use an unsigned type",
                );
                return None;
            }
        };
        let value = value.or_else(|| {
            let value = crate::parse::expr::integer(&constant.value)?;
            u64::try_from(value).ok()
        });
        let value = value.filter(|value| self.can_hold(&scalar, *value));
        if value.is_none() {
            let names = match scalar.kind {
                ScalarKind::Enum(id) => self.scope.types.enumeration(id).map(|found| &found.values),
                _ => None,
            };
            let help = names
                .and_then(|values| {
                    let names = values.iter().map(|value| value.name.as_str());
                    did_you_mean(&constant.value, names)
                })
                .unwrap_or_else(|| {
                    let (min, max) = scalar.allowed();
                    format!("write a number from {} to {max}", min.max(0))
                });
            self.report(
                "P0306",
                constant.span,
                format!("`{}` is not a value of the type", constant.value),
                &help,
            );
        }
        value
    }
}
