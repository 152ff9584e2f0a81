//! Variants: their cases, and which value of the tag each one is for.
//!
//! Raises P0201 (a case's name), P0309 (a case), P0310 (two cases alike), and what types and expressions raise.

use super::Context;
use crate::check::names::identifier;
use crate::check::types::{Builtin, Types, builtin};
use crate::diagnostic::{Diagnostic, Span, Spanned, did_you_mean};
use crate::model::{Case, Expr, ExprOp, Scalar, ScalarKind, Type, Unknown, Variant};
use crate::syntax::{self, Attributes, Order, Suffix, TypeExpr};

impl Context<'_> {
    pub(super) fn variant(&mut self, choice: &syntax::Match, order: Order) -> Option<Variant> {
        let tag = match self.names.resolve(&syntax::Expr {
            op: syntax::ExprOp::Name(choice.tag.value.clone()),
            span: choice.tag.span,
        }) {
            Ok(Expr {
                op: ExprOp::Field(tag),
                ..
            }) => tag,
            Ok(_) => return None,
            Err(problem) => {
                self.diagnostics.extend(problem.map(|problem| *problem));
                return None;
            }
        };
        let guard = match &choice.guard {
            Some(guard) => Some(self.expr(guard)?),
            None => None,
        };
        if let (Some(guard), None) = (&choice.guard, &choice.otherwise) {
            self.report(
                "P0309",
                guard.span,
                "`guard` needs an `else` for where it does not hold",
                "add `else: TYPE` to the cases",
            );
        }
        let scalar = self.names.before[tag].0.ty.number()?;
        let enumeration = match scalar.kind {
            ScalarKind::Enum(id) => self.scope.types.enumeration(id),
            _ => None,
        };
        let mut cases: Vec<Case> = Vec::new();
        let mut seen: Vec<(Span, Span)> = Vec::new();
        for case in &choice.cases {
            let number = enumeration
                .and_then(|found| found.value_of(&case.key.value))
                .or_else(|| {
                    let value = crate::parse::expr::integer(&case.key.value)?;
                    u64::try_from(value).ok()
                })
                // A case that the tag's own rules exclude could be written but never read.
                .filter(|number| self.can_hold(&scalar, *number));
            let ty = self.case_type(&case.ty, order);
            if let Some(name) = &case.name
                && !identifier(name, "a case's name", self.diagnostics)
            {
                continue;
            }
            let Some(number) = number else {
                let names =
                    enumeration.map(|found| found.values.iter().map(|value| value.name.as_str()));
                let help = match case.key.value.as_str() {
                    "default" | "otherwise" | "other" | "_" | "*" => {
                        Some("the case of all other values is `else: TYPE`".to_owned())
                    }
                    key => names.and_then(|names| did_you_mean(key, names)),
                };
                self.diagnostics.push(
                    Diagnostic::error(
                        "P0309",
                        case.key.span,
                        format!(
                            "`{}` is not a value of `{}`",
                            case.key.value, choice.tag.value
                        ),
                    )
                    .label("no such value")
                    .also(choice.tag.span, "chosen by this field")
                    .maybe_help(help),
                );
                continue;
            };
            let name = match (&case.name, enumeration) {
                (Some(name), _) => name.value.clone(),
                (None, Some(found)) => found
                    .name_of(number)
                    .unwrap_or(&case.ty.value.name.value)
                    .to_owned(),
                (None, None) => case.ty.value.name.value.clone(),
            };
            let double = cases
                .iter()
                .position(|known| known.tag == number || known.name == name);
            if let Some((tag, ty)) = double.and_then(|double| seen.get(double)) {
                let same = cases.iter().any(|known| known.tag == number);
                let (what, first, at) = if same {
                    (
                        format!("two cases for `{}`", case.key.value),
                        *tag,
                        case.key.span,
                    )
                } else {
                    (format!("two cases are called `{name}`"), *ty, case.ty.span)
                };
                self.diagnostics.push(
                    Diagnostic::error("P0310", at, what)
                        .label("again here")
                        .also(first, "first here")
                        .maybe_help((!same).then(|| {
                            "name one of them: `VALUE: { type: TYPE, name: NAME }`".to_owned()
                        })),
                );
                continue;
            }
            seen.push((case.key.span, case.ty.span));
            if let Some(ty) = ty {
                cases.push(Case {
                    name,
                    tag: number,
                    ty,
                });
            } else {
                seen.pop();
            }
        }
        let otherwise = match &choice.otherwise {
            Some(ty) => Some(Box::new(self.case_type(ty, order)?)),
            None => None,
        };
        Some(Variant {
            tag,
            guard,
            cases,
            otherwise,
        })
    }

    /// Whether `number` is among the values of a field that holds `scalar`.
    pub(super) fn can_hold(&self, scalar: &Scalar, number: u64) -> bool {
        can_hold(self.scope.types, scalar, number)
    }

    fn case_type(&mut self, ty: &Spanned<TypeExpr>, order: Order) -> Option<Type> {
        // `bytes` alone is all there is: nothing else could be meant in a case.
        let mut written = ty.value.clone();
        if written.suffixes.is_empty()
            && matches!(
                builtin(&written.name.value),
                Some(Builtin::Bytes | Builtin::Text)
            )
        {
            written.suffixes.push(Spanned::new(Suffix::Rest, ty.span));
        }
        let mut attributes = Attributes {
            order,
            ..Attributes::default()
        };
        let (resolved, _) = self.type_expr(&written, ty.span, &mut attributes, None)?;
        if attributes.min.or(attributes.max).is_some() {
            self.report(
                "P0309",
                ty.span,
                "a case cannot limit a length directly",
                "put the field with `min` and `max` into a struct, and that into the case",
            );
            return None;
        }
        let resolved = self.constrain(resolved, &attributes);
        match &resolved {
            Type::Scalar(scalar) if scalar.bits % 8 != 0 => {
                self.report(
                    "P0309",
                    ty.span,
                    "a case has whole bytes",
                    "put the bits into a struct",
                );
                None
            }
            Type::Array { .. } => {
                self.report(
                    "P0309",
                    ty.span,
                    "a case cannot be an array directly",
                    "put the array into a struct",
                );
                None
            }
            _ => Some(resolved),
        }
    }
}

/// Whether `number` is among the values of a field that holds `scalar`.
pub(in crate::check) fn can_hold(types: &Types<'_>, scalar: &Scalar, number: u64) -> bool {
    let (min, max) = scalar.range.unwrap_or(scalar.limits());
    let known = match scalar.kind {
        ScalarKind::Bool => number <= 1,
        ScalarKind::Enum(id) => types
            .enumeration(id)
            .is_none_or(|found| found.unknown == Unknown::Keep || found.name_of(number).is_some()),
        ScalarKind::Flags(id) => types
            .flag_set(id)
            .is_none_or(|found| found.unknown == Unknown::Keep || number & !found.known() == 0),
        _ => true,
    };
    known && (min..=max).contains(&i128::from(number))
}
