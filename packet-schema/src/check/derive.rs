//! Derived fields: which fields are computed from others when a packet is written, and how.
//!
//! A field that only says how long, how many, whether or which is derived. For a length the expression
//! is solved for the one field in it that is not known yet; it must be of the form `a × field + b`.
//!
//! Raises P0308 (checksums that cover each other), P0325 (a default of a derived field), P0404 (a computation with
//! a checksum), P0405 (several unknown fields), P0406 (not solvable), P0409 (a value that is computed from itself).

use super::expr::binary;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::model::{
    BinaryOp, Derivation, Enum, Expr, ExprOp, Flags, Measure, Operand, Role, ScalarKind, Struct,
    Type, Unknown, Variant,
};

/// The types that may not have a value for every number.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) enums: &'a [Enum],
    pub(super) flags: &'a [Flags],
}

impl Named<'_> {
    /// Whether whatever number is computed is a value of `ty`, if it is in its range.
    fn holds_any(self, ty: &Type) -> bool {
        let (unknown, count, all) = match ty.number().map(|number| number.kind) {
            Some(ScalarKind::Enum(id)) => {
                let Enum {
                    unknown,
                    values,
                    bits,
                    ..
                } = &self.enums[id.0];
                (*unknown, values.len(), 1_u128 << bits)
            }
            Some(ScalarKind::Flags(id)) => {
                let Flags {
                    unknown,
                    values,
                    bits,
                    ..
                } = &self.flags[id.0];
                (*unknown, values.len(), u128::from(*bits))
            }
            _ => return true,
        };
        unknown == Unknown::Keep || count as u128 == all
    }
}

/// Gives derived fields their roles and the struct its order of derivation.
pub(super) fn check(body: &mut Struct, named: Named<'_>, diagnostics: &mut Diagnostics) {
    checksums(body, diagnostics);
    order_checksums(body, diagnostics);
    for of in 0..body.fields.len() {
        let field = &body.fields[of];
        if let (Some(when), true) = (field.when.clone(), field.role.is_data()) {
            presence(body, named, of, &when);
        }
        let field = &body.fields[of];
        let lengths: Vec<Expr> = field
            .ty
            .lengths()
            .chain(field.bound.iter())
            .cloned()
            .collect();
        let span = field.type_span;
        for expr in lengths {
            if let Err(problem) = length(body, named, of, &expr, span) {
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
    let computed = (0..body.fields.len()).filter(|index| {
        matches!(
            body.fields[*index].role,
            Role::Derived(Derivation::Value(_))
        )
    });
    body.derive_order.splice(0..0, computed.collect::<Vec<_>>());
    order(body, diagnostics);
    // The header is the same in all packets, and a field of it may be derived in some of them only.
    for field in body.fields.iter().skip(body.header_fields) {
        if let (Some(default), Role::Derived(_)) = (&field.default, &field.role) {
            diagnostics.push(
                Diagnostic::error(
                    "P0325",
                    default.span,
                    format!(
                        "`{}` follows from other fields, so that its default is never used",
                        field.name
                    ),
                )
                .help("leave `default` out"),
            );
        }
    }
}

/// Puts every derived field behind those that it is computed from.
///
/// Raises P0409 (a circle).
fn order(body: &mut Struct, diagnostics: &mut Diagnostics) {
    let mut done = Vec::with_capacity(body.derive_order.len());
    let mut path = Vec::new();
    for index in std::mem::take(&mut body.derive_order) {
        if let Err(circle) = visit(body, index, &mut path, &mut done) {
            let names: Vec<&str> = circle
                .iter()
                .map(|index| body.fields[*index].name.as_str())
                .collect();
            diagnostics.push(
                Diagnostic::error(
                    "P0409",
                    body.fields[index].span,
                    format!("a value is computed from itself: {}", names.join(" → ")),
                )
                .help("let one of them follow from data alone"),
            );
            return;
        }
    }
    body.derive_order = done;
}

/// Appends the derived field `index` to `done` behind those that it needs; `path` leads to it. The error is
/// a circle.
fn visit(
    body: &Struct,
    index: usize,
    path: &mut Vec<usize>,
    done: &mut Vec<usize>,
) -> Result<(), Vec<usize>> {
    let Role::Derived(derivation) = &body.fields[index].role else {
        return Ok(());
    };
    if done.contains(&index) {
        return Ok(());
    }
    if let Some(start) = path.iter().position(|known| *known == index) {
        return Err(path[start..].iter().copied().chain([index]).collect());
    }
    path.push(index);
    if let Derivation::Length { offset: expr, .. } | Derivation::Value(expr) = derivation {
        let mut needed = expr.fields();
        expr.visit_operands(&mut |operand| {
            // The size of a varint follows from its value.
            if let Operand::Measure(Measure::Size, field) = operand
                && matches!(body.fields[field].ty, Type::Varint(_))
            {
                needed.push(field);
            }
        });
        for needed in needed {
            visit(body, needed, path, done)?;
        }
    }
    path.pop();
    done.push(index);
    Ok(())
}

/// Checksums are computed last, from the bytes of everything else and each after those that it covers.
fn checksums(body: &Struct, diagnostics: &mut Diagnostics) {
    let checksum = |index: usize| match body.fields[index].role {
        Role::Checksum(checksum) => Some(checksum),
        _ => None,
    };
    for field in &body.fields {
        let value = match &field.role {
            Role::Derived(Derivation::Value(expr)) => Some(expr),
            _ => None,
        };
        let own = field.bound.iter().chain(&field.when).chain(value);
        let own = own.flat_map(Expr::fields);
        let mut reads = field.ty.reads().into_iter().chain(own);
        let read = reads.find(|read| checksum(*read).is_some());
        if let Some(read) = read {
            let name = &body.fields[read].name;
            diagnostics.push(
                Diagnostic::error(
                    "P0404",
                    field.span,
                    format!("`{}` depends on the checksum `{name}`", field.name),
                )
                .also(
                    body.fields[read].span,
                    "known only when everything else is written",
                )
                .help("a computation reads fields that are known before"),
            );
        }
    }
}

/// Puts every checksum behind those that it covers.
///
/// Raises P0308 (two that cover one another: each would need the other one's value).
fn order_checksums(body: &mut Struct, diagnostics: &mut Diagnostics) {
    let covers = |a: usize, b: usize| match body.fields[a].role {
        Role::Checksum(checksum) => a != b && checksum.covers(b),
        _ => false,
    };
    let is_checksum = |index: &usize| matches!(body.fields[*index].role, Role::Checksum(_));
    let mut open: Vec<usize> = (0..body.fields.len()).filter(is_checksum).collect();
    let mut ordered = Vec::with_capacity(open.len());
    let free = |open: &[usize]| {
        open.iter()
            .position(|a| !open.iter().any(|b| covers(*a, *b)))
    };
    while let Some(free) = free(&open) {
        ordered.push(open.remove(free));
    }
    // What is left covers something that is left.
    let circle = open.first().and_then(|first| {
        let covered = open.iter().find(|other| covers(*first, **other))?;
        Some((&body.fields[*first], &body.fields[*covered]))
    });
    if let Some((first, covered)) = circle {
        diagnostics.push(
            Diagnostic::error(
                "P0308",
                first.span,
                format!(
                    "`{}` covers the checksum `{}`, which depends on it",
                    first.name, covered.name
                ),
            )
            .also(covered.span, "needs the first one in turn")
            .help("let one of the two end before the other"),
        );
    }
    body.checksum_order = ordered;
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
fn presence(body: &mut Struct, named: Named<'_>, of: usize, when: &Expr) {
    let (flag, inverted) = match &when.op {
        ExprOp::Field(flag) => (*flag, false),
        ExprOp::Not(operand) => match operand.op {
            ExprOp::Field(flag) => (flag, true),
            _ => return,
        },
        _ => return,
    };
    // A number with more than two values says more than whether.
    let two = matches!(body.fields[flag].ty, Type::Scalar(scalar) if scalar.limits() == (0, 1) || scalar.kind == ScalarKind::Bool);
    if two && named.holds_any(&body.fields[flag].ty) {
        derive(body, flag, Derivation::Presence { of, inverted });
    }
}

fn length(
    body: &mut Struct,
    named: Named<'_>,
    of: usize,
    expr: &Expr,
    span: Span,
) -> Result<(), Box<Diagnostic>> {
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
    if !named.holds_any(&body.fields[field].ty) {
        return Err(Box::new(
            Diagnostic::error(
                "P0406",
                span,
                format!(
                    "`{}` cannot be computed back from the length of `{}`, since not all numbers are values of its type",
                    name(field),
                    name(of)
                ),
            )
            .also(body.fields[field].span, "would have to be computed")
            .help("make it a plain number, or give its type `unknown: keep`"),
        ));
    }
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

#[cfg(test)]
mod tests {
    use crate::layout::{Derivation, Role};

    /// Compiles a packet with these fields and compares how its derived fields are computed, or the code of the
    /// first problem.
    #[track_caller]
    fn check(fields: &str, expected: &str) {
        let source = format!("protocol: p\npackets:\n  P:\n    fields: [{fields}]\n");
        let found = match crate::compile(&source) {
            Err(problems) => problems
                .iter()
                .map(|problem| problem.code)
                .collect::<Vec<_>>()
                .join(" "),
            Ok(compiled) => {
                let body = &compiled.layout.structs[0];
                let name = |field: usize| body.fields[field].name.as_str();
                let derived = body.derive_order.iter().map(|field| {
                    let Role::Derived(derivation) = &body.fields[*field].role else {
                        panic!("{} is in the order, but not derived", name(*field));
                    };
                    let how = match derivation {
                        Derivation::Length { of, scale, offset } => {
                            format!("({} - ({})) / {scale}", name(*of), offset.text(&name))
                        }
                        Derivation::Presence { of, inverted } => {
                            format!("{}has {}", if *inverted { "not " } else { "" }, name(*of))
                        }
                        Derivation::Tag { of } => format!("tag of {}", name(*of)),
                        Derivation::Value(expr) => expr.text(&name),
                    };
                    format!("{} = {how}", name(*field))
                });
                derived.collect::<Vec<_>>().join("; ")
            }
        };
        assert_eq!(found, expected, "{fields}");
    }

    #[test]
    fn a_length_is_solved_for_its_one_field() {
        check("n: u8, a: 'bytes[n]'", "n = (a - (0)) / 1");
        check("ihl: u8, a: 'bytes[ihl * 4 - 20]'", "ihl = (a - (-20)) / 4");
        check(
            "length: u8, a: 'bytes[length - 8]'",
            "length = (a - (-8)) / 1",
        );
        check("n: u8, a: 'u16[(n + 1) * 2]'", "n = (a - (2)) / 2");
        check("n: u8, a: 'u16[2 * (n + 1) + 3]'", "n = (a - (5)) / 2");
        check("n: u8, a: 'bytes[n << 3]'", "n = (a - (0)) / 8");
        check("n: u8, a: 'bytes[100 - n]'", "n = (a - (100)) / -1");
        check("n: u8, a: 'bytes[n + n * 3]'", "n = (a - (0)) / 4");
        check(
            "n: u8, a: { type: 'u16[]', size: n * 2 }",
            "n = (a - (0)) / 2",
        );
    }

    #[test]
    fn other_fields_may_be_part_of_the_rest() {
        check(
            "ihl: u8, total: u16, options: 'bytes[ihl * 4 - 20]', a: 'bytes[total - ihl * 4]'",
            "ihl = (options - (-20)) / 4; total = (a - (0 - ihl * 4)) / 1",
        );
        check(
            "k: { type: u8, const: 4 }, n: u8, a: 'bytes[n * 2 + k]'",
            "n = (a - (0 + k)) / 2",
        );
    }

    #[test]
    fn a_field_is_derived_once() {
        check("n: u8, a: 'bytes[n]', b: 'bytes[n]'", "n = (a - (0)) / 1");
        check(
            "n: u8, a: 'bytes[n]', b: 'bytes[n / 2]'",
            "n = (a - (0)) / 1",
        );
    }

    #[test]
    fn what_has_no_inverse_is_refused() {
        for length in [
            "n / 2",
            "n % 4",
            "n & 3",
            "n * n",
            "n * 0",
            "n - n",
            "n == 1",
            "1 << (n & 7)",
        ] {
            check(&format!("n: u8, a: 'bytes[{length}]'"), "P0406");
        }
        check("n: u8, m: u8, a: 'bytes[n + m]'", "P0405");
        check("n: u8, m: u8, a: 'bytes[n * m]'", "P0405");
    }

    #[test]
    fn constants_need_no_derivation() {
        check("k: { type: u8, const: 4 }, a: 'bytes[k / 2]'", "");
        check("a: 'bytes[]'", "");
    }

    #[test]
    fn a_bool_that_says_whether_is_derived() {
        check("has: bool, a: { type: u8, when: has }", "has = has a");
        check(
            "none: bool, a: { type: u8, when: not none }",
            "none = not has a",
        );
        check("kind: u8, a: { type: u8, when: kind }", "");
        check("kind: u8, a: { type: u8, when: kind == 1 }", "");
        check(
            "has: bool, a: { type: u8, when: has }, b: { type: u8, when: has }",
            "has = has a",
        );
    }

    #[test]
    fn the_tag_of_a_variant_is_derived() {
        check(
            "kind: u8, a: { match: kind, cases: { 1: u8 } }",
            "kind = tag of a",
        );
        check(
            "kind: u8, has: bool, a: { match: kind, when: has, cases: { 1: u8 } }",
            "has = has a",
        );
    }

    #[test]
    fn checksums_are_known_last() {
        let sum = |name: &str, from: &str, to: &str| {
            format!(
                "{name}: {{ type: u16, checksum: {{ algorithm: internet, over: [{from}, {to}] }} }}"
            )
        };
        let (first, both) = (sum("a", "a", "a"), sum("a", "a", "b"));
        let (second, own) = (sum("b", "a", "b"), sum("b", "b", "b"));
        check(&format!("{first}, {second}"), "");
        check(&format!("{both}, {own}"), "");
        check(&format!("{both}, {second}"), "P0308");
        let circle = [sum("a", "b", "b"), sum("b", "c", "c"), sum("c", "a", "a")];
        check(&circle.join(", "), "P0308");
        check(&format!("{first}, c: 'bytes[a]'"), "P0404");
        check(&format!("{first}, c: {{ type: u8, when: a > 3 }}"), "P0404");
        check(
            &format!("{first}, c: {{ match: a, cases: {{ 1: u8 }} }}"),
            "P0404",
        );
    }
}
