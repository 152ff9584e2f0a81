//! Derived fields: which fields are computed from others when a packet is written, and how.
//!
//! A field that only says how long, how many, whether or which is derived. For a length the expression
//! is solved for the one field in it that is not known yet; it must be of the form `a × field + b`.
//!
//! Raises P0405 (several unknown fields), P0406 (not solvable).

use super::expr::binary;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::model::{BinaryOp, Derivation, Expr, ExprOp, Extent, Role, Struct, Type, Variant};

/// Gives derived fields their roles and the struct its order of derivation.
pub(super) fn check(body: &mut Struct, diagnostics: &mut Diagnostics) {
    for of in 0..body.fields.len() {
        let field = &body.fields[of];
        if let (Some(when), true) = (field.when.clone(), field.role.is_data()) {
            presence(body, of, &when);
        }
        let field = &body.fields[of];
        let lengths: Vec<Expr> = extents(&field.ty)
            .chain(field.bound.iter())
            .cloned()
            .collect();
        let span = field.type_span;
        for expr in lengths {
            if let Err(problem) = length(body, of, &expr, span) {
                diagnostics.push(*problem);
            }
        }
        // An absent variant has no case that could give its tag, so that stays the user's.
        if let (Type::Variant(Variant { tag, .. }), None) =
            (&body.fields[of].ty, &body.fields[of].when)
        {
            let tag = *tag;
            derive(body, tag, Derivation::Tag { of });
        }
    }
}

/// The expressions that give lengths.
fn extents(ty: &Type) -> impl Iterator<Item = &Expr> {
    let (extent, cases) = match ty {
        Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. } => {
            (Some(extent), None)
        }
        Type::Variant(variant) => (None, Some(variant)),
        Type::Scalar(_) | Type::Struct(_) => (None, None),
    };
    let of_cases = cases.into_iter().flat_map(|variant| {
        let types = variant
            .cases
            .iter()
            .map(|case| &case.ty)
            .chain(variant.otherwise.as_deref());
        types.filter_map(|ty| match ty {
            Type::Bytes(extent) | Type::Text(extent, _) => Some(extent),
            _ => None,
        })
    });
    extent
        .into_iter()
        .chain(of_cases)
        .filter_map(|extent| match extent {
            Extent::Counted(expr) | Extent::Sized(expr) => Some(expr),
            _ => None,
        })
}

/// Makes `field` derived, if its value is the user's so far.
fn derive(body: &mut Struct, field: usize, derivation: Derivation) {
    if let Some(found) = body.fields.get_mut(field)
        && found.role.is_data()
    {
        found.role = Role::Derived(derivation);
        body.derive_order.push(field);
    }
}

/// `when: flag` and `when: not flag` make the flag derived; other conditions are only tested.
fn presence(body: &mut Struct, of: usize, when: &Expr) {
    let (flag, inverted) = match &when.op {
        ExprOp::Field(flag) => (*flag, false),
        ExprOp::Not(operand) => match operand.op {
            ExprOp::Field(flag) => (flag, true),
            _ => return,
        },
        _ => return,
    };
    // A number with more than two values says more than whether.
    let two = matches!(body.fields[flag].ty, Type::Scalar(scalar) if scalar.limits() == (0, 1) || scalar.kind == crate::model::ScalarKind::Bool);
    if two {
        derive(body, flag, Derivation::Presence { of, inverted });
    }
}

fn length(body: &mut Struct, of: usize, expr: &Expr, span: Span) -> Result<(), Box<Diagnostic>> {
    let unknown: Vec<usize> = expr
        .fields()
        .into_iter()
        .filter(|field| body.fields[*field].role.is_data())
        .collect();
    let name = |field: usize| body.fields[field].name.as_str();
    let field = match unknown.as_slice() {
        [] => return Ok(()),
        [field] => *field,
        several => {
            let names: Vec<&str> = several.iter().map(|field| name(*field)).collect();
            let mut problem = Diagnostic::error(
                "P0405",
                span,
                format!("the length of `{}` does not say what to write into `{}`", name(of), names.join("` and `")),
            )
            .help("a length can leave one field open; make the others constant, or derived from something else");
            for field in several {
                problem = problem.also(body.fields[*field].span, "not known");
            }
            return Err(Box::new(problem));
        }
    };
    match affine(expr, field) {
        Some((scale, offset)) if scale != 0 => {
            derive(body, field, Derivation::Length { of, scale, offset });
            Ok(())
        }
        _ => Err(Box::new(
            Diagnostic::error(
                "P0406",
                span,
                format!("`{}` cannot be computed back from the length of `{}`", name(field), name(of)),
            )
            .also(body.fields[field].span, "would have to be computed")
            .help("write the length as a multiple of the field plus or minus something, such as `n * 4 - 20`"),
        )),
    }
}

/// `expr` as `scale × field + offset`, if it has that form.
fn affine(expr: &Expr, field: usize) -> Option<(i128, Expr)> {
    if !expr.fields().contains(&field) {
        return Some((0, expr.clone()));
    }
    let at = Span::default();
    match &expr.op {
        ExprOp::Field(_) => Some((1, Expr::int(0))),
        ExprOp::Binary(op, a, b) => match op {
            BinaryOp::Add | BinaryOp::Sub => {
                let (a_scale, a_offset) = affine(a, field)?;
                let (b_scale, b_offset) = affine(b, field)?;
                let scale = op.apply(a_scale, b_scale)?;
                Some((scale, simplified(*op, a_offset, b_offset, at)?))
            }
            BinaryOp::Mul | BinaryOp::Shl => {
                let (factor, inner) = match (&a.op, &b.op) {
                    (_, ExprOp::Int(factor)) => (op.apply(1, *factor)?, a),
                    (ExprOp::Int(factor), _) if *op == BinaryOp::Mul => (*factor, b),
                    _ => return None,
                };
                let (scale, offset) = affine(inner, field)?;
                let offset = simplified(BinaryOp::Mul, offset, Expr::int(factor), at)?;
                Some((scale.checked_mul(factor)?, offset))
            }
            _ => None,
        },
        _ => None,
    }
}

/// `a op b`, computed now if both are known.
fn simplified(op: BinaryOp, a: Expr, b: Expr, span: Span) -> Option<Expr> {
    if let (ExprOp::Int(a), ExprOp::Int(b)) = (&a.op, &b.op) {
        return Some(Expr::int(op.apply(*a, *b)?));
    }
    binary(op, a, b, span).ok()
}
