//! Types: which bytes are a value, and which value they are.
//!
//! In: types of fields, cases and elements, and expressions. Out: their canonical form, in which it makes no difference how
//! valid values are said, and what the number of a struct, an enum or a flag set is.

use super::canonical::Canonical;
use super::fields::Bodies;
use crate::layout::{
    BinaryOp, Case, Encoding, Endian, Enum, EnumValue, Expr, ExprOp, Extent, Flags, Measure,
    Prefix, Scalar, ScalarKind, Sentinel, Type, Unknown, Variant, Varint,
};

impl Bodies<'_> {
    /// A type, and the smallest and largest length of its values.
    pub(super) fn ty(&mut self, ty: &Type, length: Option<(u64, u64)>, out: &mut Canonical) {
        match ty {
            Type::Scalar(scalar) => {
                out.tag(0);
                self.scalar(scalar, out);
            }
            Type::Varint(number) => {
                out.tag(1);
                varint(number, out);
            }
            Type::Struct(id) => {
                out.tag(2);
                out.digest(&self.digest(*id));
            }
            Type::Bytes(end) => {
                out.tag(3);
                extent(end, length, out);
            }
            Type::Text(end, coding) => {
                out.tag(4);
                encoding(*coding, out);
                extent(end, length, out);
            }
            Type::Array {
                element,
                extent: end,
            } => {
                out.tag(5);
                self.ty(element, None, out);
                extent(end, length, out);
            }
            Type::Variant(choice) => {
                out.tag(6);
                self.variant(choice, out);
            }
            Type::Skipped => out.tag(7),
        }
    }

    fn variant(&mut self, variant: &Variant, out: &mut Canonical) {
        let Variant {
            tag,
            guard,
            cases,
            otherwise,
            otherwise_length,
        } = variant;
        out.size(*tag);
        let mut cases: Vec<&Case> = cases.iter().collect();
        cases.sort_unstable_by_key(|case| case.tag);
        out.list(cases.into_iter(), |out, case| {
            let Case {
                name: _,
                tag,
                ty,
                length,
            } = case;
            out.number(*tag);
            self.ty(ty, *length, out);
            out.end();
        });
        out.said(1, otherwise.as_deref(), |out, ty| {
            self.ty(ty, *otherwise_length, out);
        });
        out.said(2, guard.as_ref(), |out, guard| expr(guard, out));
        out.end();
    }

    fn scalar(&self, scalar: &Scalar, out: &mut Canonical) {
        let Scalar {
            kind,
            bits,
            endian,
            range: _,
            finite,
        } = scalar;
        out.tag(match kind {
            ScalarKind::Unsigned
            | ScalarKind::Bool
            | ScalarKind::Enum(_)
            | ScalarKind::Flags(_) => 0,
            ScalarKind::Signed => 1,
            ScalarKind::Float => 2,
        });
        out.number((*bits).into());
        byte_order(if *bits > 8 { *endian } else { Endian::Big }, out);
        match self.valid(scalar) {
            Valid::All => {}
            Valid::In(ranges) => {
                out.tag(1);
                out.list(ranges.into_iter(), |out, (low, high)| {
                    out.integer(low);
                    out.integer(high);
                });
            }
            Valid::Bits { known, dropped } => {
                out.tag(2);
                out.number(known);
                out.truth(dropped);
            }
        }
        out.flag(3, *finite);
        out.end();
    }

    fn valid(&self, scalar: &Scalar) -> Valid {
        let Scalar {
            kind,
            bits,
            endian: _,
            range,
            finite: _,
        } = scalar;
        let (least, most) = scalar.limits();
        let mut ranges = match kind {
            ScalarKind::Float => return Valid::All,
            ScalarKind::Flags(id) => return flags(&self.flags[id.0]),
            ScalarKind::Unsigned | ScalarKind::Signed => vec![(least, most)],
            ScalarKind::Bool => vec![(0, 1)],
            ScalarKind::Enum(id) => enumeration(&self.enums[id.0], (least, most)),
        };
        if let Some((low, high)) = range {
            for own in &mut ranges {
                *own = (own.0.max(*low), own.1.min(*high));
            }
            ranges.retain(|(low, high)| low <= high);
        }
        // Of 128 bits without a sign the upper half is beyond the limits, but not beyond what is valid without a range.
        let cut_off = *kind != ScalarKind::Signed && *bits > 127 && range.is_some();
        if ranges == [(least, most)] && !cut_off {
            Valid::All
        } else {
            Valid::In(ranges)
        }
    }
}

/// Which numbers are valid.
enum Valid {
    All,
    /// Those in these ranges, which are sorted and have gaps between them.
    In(Vec<(i128, i128)>),
    /// Those that have none but these bits, or, if others are dropped, all.
    Bits {
        known: u64,
        dropped: bool,
    },
}

fn enumeration(named: &Enum, all: (i128, i128)) -> Vec<(i128, i128)> {
    let Enum {
        name: _,
        doc: _,
        bits: _,
        unknown,
        values,
        span: _,
    } = named;
    match unknown {
        // A number with a name is a number like others.
        Unknown::Keep => return vec![all],
        // Enums cannot skip.
        Unknown::Reject | Unknown::Skip => {}
    }
    let numbers = values.iter().map(|value| {
        let EnumValue {
            name: _,
            value,
            doc: _,
            history: _,
        } = value;
        i128::from(*value)
    });
    let mut numbers: Vec<i128> = numbers.collect();
    numbers.sort_unstable();
    let mut ranges: Vec<(i128, i128)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, high)) if *high + 1 == number => *high = number,
            _ => ranges.push((number, number)),
        }
    }
    ranges
}

fn flags(named: &Flags) -> Valid {
    let Flags {
        name: _,
        doc: _,
        bits,
        unknown,
        // Only which bits have names matters.
        values: _,
        span: _,
    } = named;
    let known = named.known();
    let all = known.count_ones() == *bits;
    match unknown {
        Unknown::Keep => Valid::All,
        _ if all => Valid::All,
        Unknown::Reject => Valid::Bits {
            known,
            dropped: false,
        },
        Unknown::Skip => Valid::Bits {
            known,
            dropped: true,
        },
    }
}

/// A number of varying size. Its range says how many bytes it has at most.
pub(super) fn varint(varint: &Varint, out: &mut Canonical) {
    let Varint {
        signed,
        canonical,
        range: _,
    } = varint;
    let (low, high) = varint.limits();
    out.truth(*signed);
    out.truth(*canonical);
    out.integer(low);
    out.integer(high);
    out.end();
}

fn encoding(encoding: Encoding, out: &mut Canonical) {
    match encoding {
        Encoding::Utf8 => out.tag(0),
        Encoding::Ascii => out.tag(1),
        Encoding::Latin1 => out.tag(2),
        Encoding::Utf16(endian) => {
            out.tag(3);
            byte_order(endian, out);
        }
    }
}

fn extent(extent: &Extent, length: Option<(u64, u64)>, out: &mut Canonical) {
    match extent {
        Extent::Fixed(size) => {
            out.tag(0);
            out.size(*size);
        }
        Extent::Prefixed(number) => {
            out.tag(1);
            prefix(number, out);
        }
        Extent::Terminated => out.tag(2),
        Extent::Counted(count) => {
            out.tag(3);
            expr(count, out);
        }
        Extent::Sized(size) => {
            out.tag(4);
            expr(size, out);
        }
        // What follows says how much it leaves.
        Extent::Rest { after: _ } => out.tag(5),
        Extent::Until(sentinel) => {
            let Sentinel {
                text: _,
                bytes,
                span: _,
            } = sentinel;
            out.tag(6);
            out.bytes(bytes);
        }
    }
    let (mut low, mut high) = length.unwrap_or((0, u64::MAX));
    // A limit that the length in front cannot pass, or keeps anyway, says nothing.
    if let Extent::Prefixed(prefix) = extent {
        let (least, most) = prefix.limits();
        low = low.max(u64::try_from(least).unwrap_or(0));
        high = high.min(u64::try_from(most).unwrap_or(u64::MAX));
    }
    out.number(low);
    out.number(high);
    out.end();
}

/// A length in front, but for its range: which lengths are valid is said for all extents in the same way.
fn prefix(prefix: &Prefix, out: &mut Canonical) {
    match prefix {
        Prefix::Fixed(scalar) => {
            let Scalar {
                kind: _,
                bits,
                endian,
                range: _,
                finite: _,
            } = scalar;
            out.tag(0);
            out.number((*bits).into());
            byte_order(if *bits > 8 { *endian } else { Endian::Big }, out);
        }
        Prefix::Varint(number) => {
            let Varint {
                signed: _,
                canonical,
                range: _,
            } = number;
            out.tag(1);
            // How many bytes a number can have at most matters only where it can have more than it needs.
            let most = (!canonical).then(|| number.max_bytes());
            out.said(1, most, Canonical::size);
        }
    }
    out.end();
}

/// A computation as it is written; which results it can have is concluded.
pub(super) fn expr(expr: &Expr, out: &mut Canonical) {
    let Expr { op, min: _, max: _ } = expr;
    match op {
        ExprOp::Int(value) => {
            out.tag(0);
            out.integer(*value);
        }
        ExprOp::Field(field) => {
            out.tag(1);
            out.size(*field);
        }
        ExprOp::Measure(measure, field) => {
            out.tag(2);
            out.tag(match measure {
                Measure::Len => 0,
                Measure::Size => 1,
                Measure::Present => 2,
            });
            out.size(*field);
        }
        ExprOp::Not(operand) => {
            out.tag(3);
            self::expr(operand, out);
        }
        ExprOp::Binary(op, left, right) => {
            out.tag(4);
            out.tag(operator(*op));
            self::expr(left, out);
            self::expr(right, out);
        }
    }
}

const fn operator(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Add => 0,
        BinaryOp::Sub => 1,
        BinaryOp::Mul => 2,
        BinaryOp::Div => 3,
        BinaryOp::Rem => 4,
        BinaryOp::BitAnd => 5,
        BinaryOp::BitOr => 6,
        BinaryOp::Shl => 7,
        BinaryOp::Shr => 8,
        BinaryOp::Eq => 9,
        BinaryOp::Ne => 10,
        BinaryOp::Lt => 11,
        BinaryOp::Le => 12,
        BinaryOp::Gt => 13,
        BinaryOp::Ge => 14,
        BinaryOp::And => 15,
        BinaryOp::Or => 16,
    }
}

pub(super) fn byte_order(endian: Endian, out: &mut Canonical) {
    out.tag(match endian {
        Endian::Big => 0,
        Endian::Little => 1,
    });
}
