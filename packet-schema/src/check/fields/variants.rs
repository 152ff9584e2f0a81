//! Variants: their cases, and which value of the tag each one is for.
//!
//! Raises P0201 (a case's name), P0309 (a case), P0310 (two cases alike), and what types and expressions raise.

use super::Context;
use crate::check::names::identifier;
use crate::check::types::not_of_a_type;
use crate::check::types::{Builtin, Types, builtin};
use crate::diagnostic::{Diagnostic, Span, Spanned, did_you_mean};
use crate::model::{Case, Expr, ExprOp, Scalar, ScalarKind, Type, Unknown, Variant};
use crate::syntax::{self, Attributes, Order, Otherwise, Suffix, TypeExpr};

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
        if let (Some(guard), Otherwise::Reject) = (&choice.guard, &choice.otherwise) {
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
            if self.diagnostics.is_full() {
                return None;
            }
            let number = enumeration
                .and_then(|found| found.value_of(&case.key.value))
                .or_else(|| {
                    let value = crate::parse::expr::integer(&case.key.value)?;
                    u64::try_from(value).ok()
                })
                // A case that the tag's own rules exclude could be written but never read.
                .filter(|number| self.can_hold(&scalar, *number));
            let ty = self.case_type(&case.ty, &case.attributes, order);
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
                    .unwrap_or(case.ty.value.short_name())
                    .to_owned(),
                (None, None) => case.ty.value.short_name().to_owned(),
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
            if let Some((ty, length)) = ty {
                cases.push(Case {
                    name,
                    tag: number,
                    ty,
                    length,
                });
            } else {
                seen.pop();
            }
        }
        let (otherwise, otherwise_length) = match &choice.otherwise {
            Otherwise::Reject => (None, None),
            Otherwise::Skip(_) => (Some(Box::new(Type::Skipped)), None),
            Otherwise::Type(ty, attributes) => {
                let (ty, length) = self.case_type(ty, attributes, order)?;
                (Some(Box::new(ty)), length)
            }
        };
        Some(Variant {
            tag,
            guard,
            cases,
            otherwise,
            otherwise_length,
        })
    }

    /// Whether `number` is among the values of a field that holds `scalar`.
    pub(super) fn can_hold(&self, scalar: &Scalar, number: u64) -> bool {
        can_hold(self.scope.types, scalar, number)
    }

    /// What a case holds, and the limits of its length.
    fn case_type(
        &mut self,
        ty: &Spanned<TypeExpr>,
        said: &Attributes,
        order: Order,
    ) -> Option<(Type, Option<(u64, u64)>)> {
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
        for (span, key) in not_of_a_type(said) {
            self.report(
                "P0305",
                span,
                format!("a case cannot say `{key}`"),
                "put a field that says it into a struct, and that into the case",
            );
        }
        let mut attributes = Attributes {
            order: crate::check::inherit(said.order, order),
            ..said.clone()
        };
        let (resolved, _) = self.type_expr(&written, ty.span, &mut attributes, None)?;
        if let Some(pad_to) = attributes.pad_to {
            self.report(
                "P0328",
                pad_to.span,
                "a case cannot be padded by itself",
                "put the padded field into a struct, and that into the case",
            );
            return None;
        }
        self.until_is_used(&attributes);
        let resolved = self.constrain(resolved, &attributes);
        let length = self.length(&resolved, &attributes);
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
            _ => Some((resolved, length)),
        }
    }
}

/// Whether `number` is among the values of a field that holds `scalar`.
pub(in crate::check) fn can_hold(types: &Types<'_>, scalar: &Scalar, number: u64) -> bool {
    let (min, max) = scalar.allowed();
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
