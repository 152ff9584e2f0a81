//! Computations of the schema in Rust.
//!
//! The schema compiler has proved that none overflows 128 bits. Those that provably fit are computed in
//! 64 bits, all others in 128.

use super::{Body, scalar};
use packet_schema::layout::{BinaryOp, Expr, ExprOp, Measure, Operand as Read, ScalarKind};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// A field's value as an integer of its own width, and that width in bits.
pub(super) struct Operand {
    pub(super) tokens: TokenStream,
    pub(super) bits: u32,
    pub(super) signed: bool,
}

impl Operand {
    /// Whether an `i64` holds all of its values.
    const fn fits(&self) -> bool {
        self.bits < 64 || self.signed
    }

    /// The value as an `i64`, if it is to be narrow, else as an `i128`.
    fn integer(&self, narrow: bool) -> TokenStream {
        let tokens = &self.tokens;
        match narrow {
            true if self.signed && self.bits == 64 => tokens.clone(),
            true => quote! { i64::from(#tokens) },
            false => quote! { i128::from(#tokens) },
        }
    }
}

/// How what is read of a field is written in the surrounding code.
pub(super) type Operands<'a> = dyn Fn(Read) -> Operand + 'a;

/// Fields as a struct's functions have them: locals with raw values. Nothing is measured.
pub(super) fn operands<'a>(body: &'a Body<'_>) -> impl Fn(Read) -> Operand + 'a {
    measuring(body, |_, _| quote! { 0 })
}

/// Like [`operands`]; `measure` gives what is known of a field besides its value, as a `u64`.
pub(super) fn measuring<'a>(
    body: &'a Body<'_>,
    measure: impl Fn(Measure, usize) -> TokenStream + 'a,
) -> impl Fn(Read) -> Operand + 'a {
    move |read| {
        let index = match read {
            Read::Field(index) => index,
            Read::Measure(what, index) => {
                return Operand {
                    tokens: measure(what, index),
                    bits: 64,
                    signed: false,
                };
            }
        };
        let local = &body.names().fields[index].local;
        let (bits, signed) = match body.field(index).ty.number() {
            Some(kind) => (
                scalar::container(kind.bits),
                kind.kind == ScalarKind::Signed,
            ),
            None => (64, false),
        };
        Operand {
            tokens: quote! { #local },
            bits,
            signed,
        }
    }
}

/// The value as `i128`.
pub(super) fn wide(expr: &Expr, operands: &Operands<'_>) -> TokenStream {
    if let ExprOp::Int(value) = expr.op {
        let literal = Literal::i128_unsuffixed(value);
        return quote! { #literal };
    }
    let narrow = fits(expr, operands);
    let tokens = integer(expr, operands, narrow);
    if narrow {
        quote! { i128::from(#tokens) }
    } else {
        tokens
    }
}

/// The value as a condition.
pub(super) fn condition(expr: &Expr, operands: &Operands<'_>) -> TokenStream {
    boolean(expr, operands, fits(expr, operands))
}

/// Whether every step fits in an `i64`, and none of them panics there.
fn fits(expr: &Expr, operands: &Operands<'_>) -> bool {
    let range = i128::from(i64::MIN)..=i128::from(i64::MAX);
    let own = range.contains(&expr.min) && range.contains(&expr.max);
    own && match &expr.op {
        ExprOp::Int(_) => true,
        ExprOp::Field(index) => operands(Read::Field(*index)).fits(),
        ExprOp::Measure(measure, index) => operands(Read::Measure(*measure, *index)).fits(),
        ExprOp::Not(operand) => fits(operand, operands),
        ExprOp::Binary(op, a, b) => {
            let defined = match op {
                // A shift by the width or more is an overflow whatever is shifted.
                BinaryOp::Shl | BinaryOp::Shr => b.max < 64,
                // So is the remainder of the smallest number by -1.
                BinaryOp::Rem => a.min > *range.start() || b.min > -1 || b.max < -1,
                _ => true,
            };
            defined && fits(a, operands) && fits(b, operands)
        }
    }
}

fn integer(expr: &Expr, operands: &Operands<'_>, narrow: bool) -> TokenStream {
    let ty = if narrow {
        quote! { i64 }
    } else {
        quote! { i128 }
    };
    match &expr.op {
        ExprOp::Int(value) => {
            let literal = if narrow {
                // `fits` has seen the value.
                Literal::i64_suffixed(i64::try_from(*value).unwrap_or(i64::MAX))
            } else {
                Literal::i128_suffixed(*value)
            };
            quote! { #literal }
        }
        ExprOp::Field(index) => operands(Read::Field(*index)).integer(narrow),
        ExprOp::Measure(measure, index) => {
            operands(Read::Measure(*measure, *index)).integer(narrow)
        }
        ExprOp::Binary(op, a, b) if !is_logic(*op) => {
            let symbol = match op {
                BinaryOp::Add => quote! { + },
                BinaryOp::Sub => quote! { - },
                BinaryOp::Mul => quote! { * },
                BinaryOp::Div => quote! { / },
                BinaryOp::Rem => quote! { % },
                BinaryOp::BitAnd => quote! { & },
                BinaryOp::BitOr => quote! { | },
                BinaryOp::Shl => quote! { << },
                _ => quote! { >> },
            };
            let (a, b) = parts(*op, a, b, operands, narrow);
            quote! { #a #symbol #b }
        }
        ExprOp::Not(_) | ExprOp::Binary(..) => {
            let condition = boolean(expr, operands, narrow);
            quote! { #ty::from(#condition) }
        }
    }
}

/// Both operands of `op`. A literal beside something with a type of its own needs none.
fn parts(
    op: BinaryOp,
    a: &Expr,
    b: &Expr,
    operands: &Operands<'_>,
    narrow: bool,
) -> (TokenStream, TokenStream) {
    let shift = matches!(op, BinaryOp::Shl | BinaryOp::Shr);
    let plain = |expr: &Expr, beside: &Expr| match expr.op {
        ExprOp::Int(value) if value >= 0 && is_typed(beside) => {
            let literal = Literal::i128_unsuffixed(value);
            Some(quote! { #literal })
        }
        _ => None,
    };
    let first = if shift { None } else { plain(a, b) };
    (
        first.unwrap_or_else(|| part(a, operands, narrow)),
        plain(b, a).unwrap_or_else(|| part(b, operands, narrow)),
    )
}

/// Whether the type of the expression's Rust code does not hang on its literals.
fn is_typed(expr: &Expr) -> bool {
    match &expr.op {
        ExprOp::Int(_) => false,
        ExprOp::Field(_) | ExprOp::Measure(..) | ExprOp::Not(_) => true,
        ExprOp::Binary(op, a, b) => is_logic(*op) || is_typed(a) || is_typed(b),
    }
}

/// An operand of an arithmetic operation, in parentheses if it is one itself.
fn part(expr: &Expr, operands: &Operands<'_>, narrow: bool) -> TokenStream {
    let tokens = integer(expr, operands, narrow);
    let simple = match &expr.op {
        ExprOp::Int(value) => *value >= 0,
        ExprOp::Binary(op, ..) => is_logic(*op),
        ExprOp::Field(_) | ExprOp::Measure(..) | ExprOp::Not(_) => true,
    };
    if simple {
        tokens
    } else {
        quote! { (#tokens) }
    }
}

const fn is_logic(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Eq
            | BinaryOp::Ne
            | BinaryOp::Lt
            | BinaryOp::Le
            | BinaryOp::Gt
            | BinaryOp::Ge
            | BinaryOp::And
            | BinaryOp::Or
    )
}

/// The comparison that holds where `op` does not; of `and` and `or`, the one that joins the opposites.
const fn opposite(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Eq => BinaryOp::Ne,
        BinaryOp::Ne => BinaryOp::Eq,
        BinaryOp::Lt => BinaryOp::Ge,
        BinaryOp::Le => BinaryOp::Gt,
        BinaryOp::Gt => BinaryOp::Le,
        BinaryOp::Ge => BinaryOp::Lt,
        BinaryOp::And => BinaryOp::Or,
        BinaryOp::Or => BinaryOp::And,
        other => other,
    }
}

fn boolean(expr: &Expr, operands: &Operands<'_>, narrow: bool) -> TokenStream {
    truth(expr, true, operands, narrow)
}

/// The condition that the expression is, or is not, other than zero. What is not is said of the innermost
/// conditions, so that no `!` is left.
fn truth(expr: &Expr, is: bool, operands: &Operands<'_>, narrow: bool) -> TokenStream {
    let zero = if is {
        quote! { != 0 }
    } else {
        quote! { == 0 }
    };
    match &expr.op {
        ExprOp::Not(operand) => truth(operand, !is, operands, narrow),
        ExprOp::Field(index) => {
            let tokens = operands(Read::Field(*index)).tokens;
            quote! { #tokens #zero }
        }
        ExprOp::Binary(op, a, b) if is_logic(*op) => {
            let op = if is { *op } else { opposite(*op) };
            let symbol = match op {
                BinaryOp::Eq => quote! { == },
                BinaryOp::Ne => quote! { != },
                BinaryOp::Lt => quote! { < },
                BinaryOp::Le => quote! { <= },
                BinaryOp::Gt => quote! { > },
                BinaryOp::Ge => quote! { >= },
                and_or => {
                    let symbol = if and_or == BinaryOp::And {
                        quote! { && }
                    } else {
                        quote! { || }
                    };
                    let (a, b) = (
                        clause(a, is, operands, narrow),
                        clause(b, is, operands, narrow),
                    );
                    return quote! { #a #symbol #b };
                }
            };
            let (a, b) = parts(op, a, b, operands, narrow);
            quote! { #a #symbol #b }
        }
        _ => {
            let tokens = integer(expr, operands, narrow);
            quote! { #tokens #zero }
        }
    }
}

/// An operand of `and` or `or`, in parentheses if it is one of those itself.
fn clause(expr: &Expr, is: bool, operands: &Operands<'_>, narrow: bool) -> TokenStream {
    let tokens = truth(expr, is, operands, narrow);
    let mut inner = expr;
    while let ExprOp::Not(operand) = &inner.op {
        inner = operand;
    }
    match inner.op {
        ExprOp::Binary(BinaryOp::And | BinaryOp::Or, ..) => quote! { (#tokens) },
        _ => tokens,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTE: (i128, i128) = (0, 255);

    fn int(value: i128) -> Expr {
        Expr::int(value)
    }

    fn field((min, max): (i128, i128), index: usize) -> Expr {
        Expr {
            op: ExprOp::Field(index),
            min,
            max,
        }
    }

    fn not(operand: Expr) -> Expr {
        Expr {
            op: ExprOp::Not(Box::new(operand)),
            min: 0,
            max: 1,
        }
    }

    /// Operands of a byte each, a result of 16 bits.
    fn op(a: Expr, op: BinaryOp, b: Expr) -> Expr {
        within((-65_536, 65_535), a, op, b)
    }

    fn within((min, max): (i128, i128), a: Expr, op: BinaryOp, b: Expr) -> Expr {
        Expr {
            op: ExprOp::Binary(op, Box::new(a), Box::new(b)),
            min,
            max,
        }
    }

    /// The fields `f0: u8`, `f1: u8`, `f2: u64`, `f3: i64`, `f4: u128`.
    fn operand(read: Read) -> Operand {
        let index = read.field();
        let local = quote::format_ident!("f{index}");
        let (bits, signed) = [
            (8, false),
            (8, false),
            (64, false),
            (64, true),
            (128, false),
        ][index];
        Operand {
            tokens: quote! { #local },
            bits,
            signed,
        }
    }

    fn check(found: &TokenStream, expected: &str) {
        let expected: TokenStream = expected.parse().expect(expected);
        assert_eq!(found.to_string(), expected.to_string());
    }

    fn check_value(expr: &Expr, expected: &str) {
        check(&wide(expr, &operand), expected);
    }

    fn check_condition(expr: &Expr, expected: &str) {
        check(&condition(expr, &operand), expected);
    }

    #[test]
    fn what_fits_is_computed_in_64_bits() {
        use BinaryOp::{Add, Mul};
        let (a, b) = (|| field(BYTE, 0), || field(BYTE, 1));
        check_value(&int(5), "5");
        check_value(&a(), "i128::from(i64::from(f0))");
        check_value(
            &op(a(), Add, b()),
            "i128::from(i64::from(f0) + i64::from(f1))",
        );
        let signed = field((i128::from(i64::MIN), i128::from(i64::MAX)), 3);
        check_value(&signed, "i128::from(f3)");
        let largest = i128::from(i64::MAX);
        check_value(
            &within((0, largest), a(), Mul, int(2)),
            "i128::from(i64::from(f0) * 2)",
        );
    }

    #[test]
    fn what_may_not_fit_is_computed_in_128_bits() {
        use BinaryOp::{Mul, Shr, Sub};
        let (min, max) = (i128::from(i64::MIN), i128::from(i64::MAX));
        check_value(&int(max + 1), "9223372036854775808");
        check_value(
            &within((0, max + 1), field(BYTE, 0), Mul, int(2)),
            "i128::from(f0) * 2",
        );
        check_value(
            &within((min - 1, 0), field(BYTE, 0), Sub, int(2)),
            "i128::from(f0) - 2",
        );
        // A step on the way does not fit, though the result does.
        let step = within((0, max + 1), field(BYTE, 0), Mul, int(2));
        check_value(
            &within((0, 1), step, Shr, int(63)),
            "(i128::from(f0) * 2) >> 63",
        );
        // A `u64` is no `i64`, even where the schema says that its values are small.
        check_value(&field(BYTE, 2), "i128::from(f2)");
        check_value(&field(BYTE, 4), "i128::from(f4)");
    }

    #[test]
    fn an_operation_in_an_operation_has_parentheses() {
        use BinaryOp::{Add, Mul, Shl, Sub};
        let (a, b) = (|| field(BYTE, 0), || field(BYTE, 1));
        check_value(
            &op(a(), Mul, op(b(), Add, int(1))),
            "i128::from(i64::from(f0) * (i64::from(f1) + 1))",
        );
        check_value(
            &op(op(a(), Sub, b()), Sub, op(a(), Sub, b())),
            "i128::from((i64::from(f0) - i64::from(f1)) - (i64::from(f0) - i64::from(f1)))",
        );
        check_value(&op(int(-1), Shl, a()), "(-1i128) << i128::from(f0)");
    }

    #[test]
    fn a_condition_compares() {
        use BinaryOp::{And, Eq, Ge, Lt, Or};
        let (a, b) = (|| field(BYTE, 0), || field(BYTE, 1));
        check_condition(&a(), "f0 != 0");
        check_condition(&not(a()), "f0 == 0");
        check_condition(&int(1), "1i64 != 0");
        check_condition(&op(a(), Ge, b()), "i64::from(f0) >= i64::from(f1)");
        check_condition(&not(op(a(), Lt, b())), "i64::from(f0) >= i64::from(f1)");
        check_condition(
            &op(op(a(), Or, b()), And, op(a(), Eq, int(1))),
            "(f0 != 0 || f1 != 0) && i64::from(f0) == 1",
        );
        check_condition(&op(a(), BinaryOp::BitAnd, int(4)), "i64::from(f0) & 4 != 0");
    }

    #[test]
    fn a_condition_as_a_number_is_0_or_1() {
        use BinaryOp::{Add, Eq};
        let a = || field(BYTE, 0);
        check_value(&not(a()), "i128::from(i64::from(f0 == 0))");
        check_value(
            &op(op(a(), Eq, int(1)), Add, int(2)),
            "i128::from(i64::from(i64::from(f0) == 1) + 2)",
        );
    }

    #[test]
    fn what_would_overflow_in_64_bits_only_is_computed_in_128() {
        use BinaryOp::{Rem, Shr};
        let (a, by) = (|| field(BYTE, 0), |max| field((0, max), 1));
        check_value(
            &op(a(), Shr, by(63)),
            "i128::from(i64::from(f0) >> i64::from(f1))",
        );
        check_value(&op(a(), Shr, by(64)), "i128::from(f0) >> i128::from(f1)");
        check_value(&op(a(), Shr, int(64)), "i128::from(f0) >> 64");
        let any = || field((i64::MIN.into(), i64::MAX.into()), 3);
        check_value(
            &op(any(), Rem, field((-5, -1), 0)),
            "i128::from(f3) % i128::from(f0)",
        );
        check_value(
            &op(any(), Rem, field((-5, -2), 0)),
            "i128::from(f3 % i64::from(f0))",
        );
    }

    #[test]
    fn what_is_not_is_said_of_the_innermost_conditions() {
        use BinaryOp::{And, Eq, Or};
        let (a, b) = (|| field(BYTE, 0), || field(BYTE, 1));
        check_condition(
            &not(op(op(a(), Eq, int(1)), And, not(b()))),
            "i64::from(f0) != 1 || f1 != 0",
        );
        check_condition(&not(not(op(a(), Or, b()))), "f0 != 0 || f1 != 0");
        check_condition(
            &op(not(op(a(), Or, b())), Or, a()),
            "(f0 == 0 && f1 == 0) || f0 != 0",
        );
    }
}
