//! Computations of the schema in Rust.
//!
//! The schema compiler has proved that none overflows 128 bits. Those that provably fit are computed in
//! 64 bits, all others in 128.

use super::{Body, scalar};
use packet_schema::layout::{BinaryOp, Expr, ExprOp, ScalarKind, Type};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// A field's value as an integer of its own width, and that width in bits.
pub(super) struct Operand {
    pub(super) tokens: TokenStream,
    pub(super) bits: u32,
    pub(super) signed: bool,
}

/// How a field's value is written in the surrounding code.
pub(super) type Operands<'a> = dyn Fn(usize) -> Operand + 'a;

/// Fields as a struct's functions have them: locals with raw values.
pub(super) fn operands<'a>(body: &'a Body<'_>) -> impl Fn(usize) -> Operand + 'a {
    |index| {
        let local = &body.names().fields[index].local;
        let (bits, signed) = match &body.field(index).ty {
            Type::Scalar(kind) => (
                scalar::container(kind.bits),
                kind.kind == ScalarKind::Signed,
            ),
            _ => (64, false),
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

/// Whether every step fits in an `i64`.
fn fits(expr: &Expr, operands: &Operands<'_>) -> bool {
    let range = i128::from(i64::MIN)..=i128::from(i64::MAX);
    let own = range.contains(&expr.min) && range.contains(&expr.max);
    own && match &expr.op {
        ExprOp::Int(_) => true,
        ExprOp::Field(index) => {
            let operand = operands(*index);
            operand.bits < 64 || operand.signed
        }
        ExprOp::Not(operand) => fits(operand, operands),
        ExprOp::Binary(_, a, b) => fits(a, operands) && fits(b, operands),
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
        ExprOp::Field(index) => {
            let operand = operands(*index);
            let tokens = operand.tokens;
            if operand.signed && operand.bits == 64 && narrow {
                tokens
            } else {
                quote! { #ty::from(#tokens) }
            }
        }
        ExprOp::Not(_) => {
            let condition = boolean(expr, operands, narrow);
            quote! { #ty::from(#condition) }
        }
        ExprOp::Binary(op, a, b) => {
            let symbol = match op {
                BinaryOp::Add => quote! { + },
                BinaryOp::Sub => quote! { - },
                BinaryOp::Mul => quote! { * },
                BinaryOp::Div => quote! { / },
                BinaryOp::Rem => quote! { % },
                BinaryOp::BitAnd => quote! { & },
                BinaryOp::BitOr => quote! { | },
                BinaryOp::Shl => quote! { << },
                BinaryOp::Shr => quote! { >> },
                _ => {
                    let condition = boolean(expr, operands, narrow);
                    return quote! { #ty::from(#condition) };
                }
            };
            let (a, b) = (part(a, operands, narrow), part(b, operands, narrow));
            quote! { #a #symbol #b }
        }
    }
}

/// An operand of an arithmetic operation, in parentheses if it is one itself.
fn part(expr: &Expr, operands: &Operands<'_>, narrow: bool) -> TokenStream {
    let tokens = integer(expr, operands, narrow);
    let simple = match &expr.op {
        ExprOp::Int(value) => *value >= 0,
        ExprOp::Binary(op, ..) => is_logic(*op),
        ExprOp::Field(_) | ExprOp::Not(_) => true,
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

fn boolean(expr: &Expr, operands: &Operands<'_>, narrow: bool) -> TokenStream {
    match &expr.op {
        ExprOp::Not(operand) => {
            if let ExprOp::Field(index) = operand.op {
                let tokens = operands(index).tokens;
                return quote! { #tokens == 0 };
            }
            let condition = boolean(operand, operands, narrow);
            quote! { !(#condition) }
        }
        ExprOp::Field(index) => {
            let tokens = operands(*index).tokens;
            quote! { #tokens != 0 }
        }
        ExprOp::Binary(op, a, b) if is_logic(*op) => {
            let symbol = match op {
                BinaryOp::Eq => quote! { == },
                BinaryOp::Ne => quote! { != },
                BinaryOp::Lt => quote! { < },
                BinaryOp::Le => quote! { <= },
                BinaryOp::Gt => quote! { > },
                BinaryOp::Ge => quote! { >= },
                and_or => {
                    let symbol = if *and_or == BinaryOp::And {
                        quote! { && }
                    } else {
                        quote! { || }
                    };
                    let (a, b) = (clause(a, operands, narrow), clause(b, operands, narrow));
                    return quote! { #a #symbol #b };
                }
            };
            let (a, b) = (part(a, operands, narrow), part(b, operands, narrow));
            quote! { #a #symbol #b }
        }
        _ => {
            let tokens = integer(expr, operands, narrow);
            quote! { #tokens != 0 }
        }
    }
}

/// An operand of `and` or `or`, in parentheses if it is one of those itself.
fn clause(expr: &Expr, operands: &Operands<'_>, narrow: bool) -> TokenStream {
    let tokens = boolean(expr, operands, narrow);
    match &expr.op {
        ExprOp::Binary(BinaryOp::And | BinaryOp::Or, ..) => quote! { (#tokens) },
        _ => tokens,
    }
}
