//! Expressions: what their names stand for, and that they cannot overflow.
//!
//! Every step knows the smallest and largest result it can have. A computation that could leave 128
//! bits, or divide by zero, is refused here, so that none can fail on the wire.
//!
//! Raises P0401 (an unknown field), P0402 (a field that comes later), P0403 (a division by what can be
//! zero, an operand that can be negative), P0404 (an overflow; a field that is no integer), P0408 (a function).

use super::types::Types;
use crate::diagnostic::{Diagnostic, Span, Spanned, did_you_mean};
use crate::model::{BinaryOp, Expr, ExprOp, Extent, Field, Measure, Role, ScalarKind, Type};
use crate::syntax;

/// What an expression may refer to.
pub(super) struct Names<'a> {
    pub(super) types: &'a Types<'a>,
    /// The fields before the expression's; `None` where a field has a mistake that was reported.
    pub(super) before: &'a [(Field, bool)],
    /// The fields from the expression's on; none if it stands behind all of them.
    pub(super) after: &'a [syntax::Field],
    /// Whether fields can be measured: only where all of them are known.
    pub(super) measures: bool,
}

/// A problem, or nothing if it was reported already.
type Problem = Option<Box<Diagnostic>>;

fn problem(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, span, message)
}

impl Names<'_> {
    /// The number of the earlier field called `name`.
    pub(super) fn field(&self, name: &str, span: Span) -> Result<usize, Problem> {
        if let Some(index) = self
            .before
            .iter()
            .rposition(|(field, _)| field.name == name && name != "_")
        {
            return match self.before.get(index) {
                Some((_, true)) => Ok(index),
                _ => Err(None),
            };
        }
        if let Some(later) = self.after.iter().find(|field| field.name.value == name) {
            let own = self
                .after
                .first()
                .is_some_and(|first| first.name.value == name);
            return Err(Some(Box::new(
                problem("P0402", span, format!("`{name}` is used before it is read"))
                    .label("needs its value here")
                    .also(later.name.span, "but it comes only here")
                    .help(if own {
                        "a field cannot describe itself: name an earlier one".to_owned()
                    } else {
                        format!("move `{name}` in front of what it describes")
                    }),
            )));
        }
        let known = self
            .before
            .iter()
            .map(|(field, _)| field.name.as_str())
            .filter(|name| *name != "_");
        Err(Some(Box::new(
            problem(
                "P0401",
                span,
                if self.after.is_empty() {
                    format!("there is no field `{name}` here")
                } else {
                    format!("there is no field `{name}` before this one")
                },
            )
            .label("unknown field")
            .maybe_help(did_you_mean(name, known)),
        )))
    }

    /// The scalar that the earlier field `index` holds.
    fn scalar(&self, index: usize) -> Option<crate::model::Scalar> {
        match self.before.get(index) {
            Some((Field { ty, when: None, .. }, _)) => ty.number(),
            _ => None,
        }
    }

    /// Resolves a whole expression.
    pub(super) fn resolve(&self, expr: &syntax::Expr) -> Result<Expr, Problem> {
        match &expr.op {
            syntax::ExprOp::Int(value) => Ok(Expr::int(*value)),
            syntax::ExprOp::Name(name) => self.name(name, expr.span),
            syntax::ExprOp::Call(function, field) => self.measure(function, field),
            syntax::ExprOp::Not(operand) => {
                let operand = self.resolve(operand)?;
                Ok(Expr {
                    op: ExprOp::Not(Box::new(operand)),
                    min: 0,
                    max: 1,
                })
            }
            syntax::ExprOp::Neg(operand) => {
                let operand = self.resolve(operand)?;
                binary(BinaryOp::Sub, Expr::int(0), operand, expr.span).map_err(Some)
            }
            syntax::ExprOp::Binary(op @ (BinaryOp::Eq | BinaryOp::Ne), a, b) => {
                let (a, b) = match (self.enum_value(a, b)?, self.enum_value(b, a)?) {
                    (Some(value), _) => (self.resolve(a)?, Expr::int(value)),
                    (_, Some(value)) => (Expr::int(value), self.resolve(b)?),
                    _ => (self.resolve(a)?, self.resolve(b)?),
                };
                binary(*op, a, b, expr.span).map_err(Some)
            }
            syntax::ExprOp::Binary(op, a, b) => {
                binary(*op, self.resolve(a)?, self.resolve(b)?, expr.span).map_err(Some)
            }
        }
    }

    fn name(&self, name: &str, span: Span) -> Result<Expr, Problem> {
        let index = self.field(name, span)?;
        let (field, _) = &self.before[index];
        if matches!(field.role, Role::Size { .. }) {
            return Err(Some(Box::new(
                problem(
                    "P0404",
                    span,
                    format!("`{name}` is known only when the whole packet is"),
                )
                .help("the rest of a packet is written `[]`, as in `bytes[]`"),
            )));
        }
        match self.scalar(index) {
            Some(scalar) if scalar.kind != ScalarKind::Float && scalar.bits <= 64 => {
                let (min, max) = match field.role {
                    Role::Const(value) | Role::Id(value) => (i128::from(value), i128::from(value)),
                    _ => scalar.allowed(),
                };
                Ok(Expr {
                    op: ExprOp::Field(index),
                    min,
                    max,
                })
            }
            _ => Err(Some(Box::new(
                problem("P0404", span, format!("`{name}` is not an integer that is always there"))
                    .label("used as a number")
                    .also(field.span, "defined here")
                    .help("an expression reads integers of at most 64 bits, bools, enums and flags without `when`"),
            ))),
        }
    }

    /// What `function` says of `field`.
    fn measure(
        &self,
        function: &Spanned<String>,
        field: &Spanned<String>,
    ) -> Result<Expr, Problem> {
        let refuse = |span, message: String, help: &str| {
            Err(Some(Box::new(problem("P0408", span, message).help(help))))
        };
        let name = function.value.as_str();
        let Some(measure) = Measure::ALL.iter().find(|known| known.name() == name) else {
            return refuse(
                function.span,
                format!("there is no function `{name}`"),
                "the functions are `len`, `size` and `present`",
            );
        };
        if !self.measures {
            return refuse(
                function.span,
                format!("`{name}` needs fields that are not read yet"),
                "functions are for `value: EXPR` of a field; here, name a field that holds the number",
            );
        }
        let index = self.field(&field.value, field.span)?;
        let (found, _) = &self.before[index];
        let what = &field.value;
        let help = match (measure, &found.ty) {
            (Measure::Present, _) if found.when.is_some() => None,
            (Measure::Present, _) => Some("a field without `when` is always there"),
            (Measure::Len, Type::Bytes(_) | Type::Text(..) | Type::Array { .. }) => None,
            (Measure::Len, _) => {
                Some("`len` is of bytes, text and arrays; `size` gives the bytes of anything")
            }
            (Measure::Size, Type::Scalar(scalar)) if scalar.bits % 8 != 0 => {
                Some("a bit field has no bytes of its own")
            }
            (Measure::Size, _) => None,
        };
        if let Some(help) = help {
            return refuse(
                field.span,
                format!("`{name}` says nothing of `{what}`"),
                help,
            );
        }
        let (min, max) = match measure {
            Measure::Present => (0, 1),
            Measure::Len => lengths(found),
            Measure::Size => (0, MAX_MEASURE),
        };
        Ok(Expr {
            op: ExprOp::Measure(*measure, index),
            min,
            max,
        })
    }

    /// If `side` is an enum field and `other` a name that is no field: that enum value's number.
    fn enum_value(
        &self,
        side: &syntax::Expr,
        other: &syntax::Expr,
    ) -> Result<Option<i128>, Problem> {
        let (syntax::ExprOp::Name(field), syntax::ExprOp::Name(value)) = (&side.op, &other.op)
        else {
            return Ok(None);
        };
        let Ok(index) = self.field(field, side.span) else {
            return Ok(None);
        };
        let Some(ScalarKind::Enum(id)) = self.scalar(index).map(|scalar| scalar.kind) else {
            return Ok(None);
        };
        let Some(enumeration) = self.types.enumeration(id) else {
            return Err(None);
        };
        if self.field(value, other.span).is_ok() {
            return Ok(None);
        }
        match enumeration.value_of(value) {
            Some(number) => Ok(Some(number.into())),
            None => Err(Some(Box::new(
                problem(
                    "P0401",
                    other.span,
                    format!("`{}` has no value `{value}`", enumeration.name),
                )
                .maybe_help(did_you_mean(
                    value,
                    enumeration.values.iter().map(|known| known.name.as_str()),
                )),
            ))),
        }
    }
}

/// More than any memory holds.
const MAX_MEASURE: i128 = i64::MAX as i128;

/// The smallest and largest length of bytes, text or an array; 0 if it can be absent.
fn lengths(field: &Field) -> (i128, i128) {
    let (Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. }) = &field.ty
    else {
        return (0, MAX_MEASURE);
    };
    let (low, high) = field.length.map_or((0, MAX_MEASURE), |(min, max)| {
        (
            i128::from(min).min(MAX_MEASURE),
            i128::from(max).min(MAX_MEASURE),
        )
    });
    let (min, max) = match extent {
        Extent::Fixed(count) => (*count as i128, *count as i128),
        Extent::Prefixed(prefix) => (low, high.min(prefix.limits().1)),
        Extent::Counted(expr) => (low, high.min(expr.max.max(0))),
        Extent::Terminated | Extent::Sized(_) | Extent::Rest { .. } | Extent::Until(_) => {
            (low, high)
        }
    };
    (if field.when.is_some() { 0 } else { min }, max)
}

/// `a op b` with the range of its results.
pub(super) fn binary(op: BinaryOp, a: Expr, b: Expr, span: Span) -> Result<Expr, Box<Diagnostic>> {
    let refuse = |code, message: &str| Err(Box::new(problem(code, span, message)));
    let spread = |f: fn(i128, i128) -> Option<i128>| {
        let corners = [
            f(a.min, b.min),
            f(a.min, b.max),
            f(a.max, b.min),
            f(a.max, b.max),
        ];
        let mut range: Option<(i128, i128)> = None;
        for corner in corners {
            let corner = corner?;
            let (min, max) = range.unwrap_or((corner, corner));
            range = Some((min.min(corner), max.max(corner)));
        }
        range
    };
    let natural = a.min >= 0 && b.min >= 0;
    let range = match op {
        BinaryOp::Add => spread(i128::checked_add),
        BinaryOp::Sub => spread(i128::checked_sub),
        BinaryOp::Mul => spread(i128::checked_mul),
        BinaryOp::Div | BinaryOp::Rem if b.min <= 0 && b.max >= 0 => {
            let help = "a field's `range: 1..=255` leaves zero out";
            return Err(Box::new(
                problem("P0403", span, "this divides by what can be zero").help(help),
            ));
        }
        BinaryOp::Div => spread(i128::checked_div),
        BinaryOp::Rem => {
            let largest = b.min.saturating_abs().max(b.max.saturating_abs()) - 1;
            let min = if a.min < 0 { -largest } else { 0 };
            let max = if a.max > 0 { largest } else { 0 };
            Some((min, max))
        }
        BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::Shl | BinaryOp::Shr if !natural => {
            return refuse(
                "P0403",
                "bit operations need operands that cannot be negative",
            );
        }
        BinaryOp::BitAnd => Some((0, a.max.min(b.max))),
        BinaryOp::BitOr => {
            let bits = 128 - (a.max | b.max).leading_zeros();
            Some((
                a.min.max(b.min),
                if bits >= 127 {
                    i128::MAX
                } else {
                    (1 << bits) - 1
                },
            ))
        }
        BinaryOp::Shl if b.max > 126 => None,
        BinaryOp::Shl => spread(|a, b| BinaryOp::Shl.apply(a, b)),
        BinaryOp::Shr if b.max > 127 => {
            return refuse("P0403", "this shifts by more than 127 bits");
        }
        BinaryOp::Shr => spread(|a, b| BinaryOp::Shr.apply(a, b)),
        _ => Some((0, 1)),
    };
    let Some((min, max)) = range else {
        return refuse("P0404", "this computation can overflow 128 bits");
    };
    Ok(Expr {
        op: ExprOp::Binary(op, Box::new(a), Box::new(b)),
        min,
        max,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(min: i128, max: i128) -> Expr {
        Expr {
            op: ExprOp::Field(0),
            min,
            max,
        }
    }

    /// The smallest and largest result of `a op b`, or the code of the refusal.
    #[track_caller]
    fn check(a: (i128, i128), op: BinaryOp, b: (i128, i128), expected: Result<(i128, i128), &str>) {
        let found = binary(op, between(a.0, a.1), between(b.0, b.1), Span::default());
        let found = found
            .map(|expr| (expr.min, expr.max))
            .map_err(|problem| problem.code);
        assert_eq!(found, expected, "{a:?} {} {b:?}", op.symbol());
    }

    const U64: (i128, i128) = (0, u64::MAX as i128);

    #[test]
    fn sums_and_products_reach_from_corner_to_corner() {
        check((0, 15), BinaryOp::Add, (5, 7), Ok((5, 22)));
        check((0, 15), BinaryOp::Sub, (5, 7), Ok((-7, 10)));
        check((-2, 3), BinaryOp::Mul, (-5, 7), Ok((-15, 21)));
        check((-20, 20), BinaryOp::Div, (2, 4), Ok((-10, 10)));
        check((10, 20), BinaryOp::Div, (-5, -2), Ok((-10, -2)));
        check(
            U64,
            BinaryOp::Mul,
            (0, 1 << 62),
            Ok((0, i128::from(u64::MAX) << 62)),
        );
    }

    #[test]
    fn remainders_have_the_sign_of_the_dividend() {
        check((0, 255), BinaryOp::Rem, (1, 4), Ok((0, 3)));
        check((-9, 0), BinaryOp::Rem, (1, 4), Ok((-3, 0)));
        check((-9, 9), BinaryOp::Rem, (-4, -2), Ok((-3, 3)));
    }

    #[test]
    fn bits_stay_within_their_operands() {
        check((0, 255), BinaryOp::BitAnd, (0, 7), Ok((0, 7)));
        check((0, 8), BinaryOp::BitOr, (1, 3), Ok((1, 15)));
        check((0, 0), BinaryOp::BitOr, (0, 0), Ok((0, 0)));
        check((1, 3), BinaryOp::Shl, (0, 4), Ok((1, 48)));
        check((1, 48), BinaryOp::Shr, (0, 4), Ok((0, 48)));
        check((0, i128::MAX), BinaryOp::BitOr, (0, 1), Ok((0, i128::MAX)));
    }

    #[test]
    fn comparisons_and_logic_give_zero_or_one() {
        for op in [BinaryOp::Eq, BinaryOp::Lt, BinaryOp::And, BinaryOp::Or] {
            check((i128::MIN, i128::MAX), op, (0, 0), Ok((0, 1)));
        }
    }

    #[test]
    fn what_could_fail_on_the_wire_is_refused() {
        check((0, 9), BinaryOp::Div, (0, 9), Err("P0403"));
        check((0, 9), BinaryOp::Rem, (-1, 1), Err("P0403"));
        check((-1, 9), BinaryOp::BitAnd, (0, 9), Err("P0403"));
        check((0, 9), BinaryOp::Shl, (-1, 9), Err("P0403"));
        check((0, 9), BinaryOp::Shr, (0, 128), Err("P0403"));
        check((0, 1), BinaryOp::Shl, (0, 127), Err("P0404"));
        check((0, i128::MAX), BinaryOp::Add, (0, 1), Err("P0404"));
        check((i128::MIN, 0), BinaryOp::Sub, (0, 1), Err("P0404"));
        check((0, i128::MAX), BinaryOp::Mul, (2, 2), Err("P0404"));
        check((i128::MIN, 0), BinaryOp::Div, (-1, -1), Err("P0404"));
    }

    /// Every result of an operation lies in the range that was found for it.
    #[test]
    fn ranges_hold_for_all_small_operands() {
        const OPS: [BinaryOp; 9] = [
            BinaryOp::Add,
            BinaryOp::Sub,
            BinaryOp::Mul,
            BinaryOp::Div,
            BinaryOp::Rem,
            BinaryOp::BitAnd,
            BinaryOp::BitOr,
            BinaryOp::Shl,
            BinaryOp::Shr,
        ];
        let ranges = || (-3..5_i128).flat_map(|min| (min..6).map(move |max| (min, max)));
        for op in OPS {
            for (a, b) in ranges().flat_map(|a| ranges().map(move |b| (a, b))) {
                let Ok(found) = binary(op, between(a.0, a.1), between(b.0, b.1), Span::default())
                else {
                    continue;
                };
                for (x, y) in (a.0..=a.1).flat_map(|x| (b.0..=b.1).map(move |y| (x, y))) {
                    let result = op.apply(x, y).expect("the operation was not refused");
                    assert!(
                        (found.min..=found.max).contains(&result),
                        "{x} {} {y} is outside {}..={}",
                        op.symbol(),
                        found.min,
                        found.max
                    );
                }
            }
        }
    }
}
