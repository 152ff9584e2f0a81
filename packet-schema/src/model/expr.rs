//! Computations on integers: sizes, counts, conditions.
//!
//! In: what [`crate::check`] resolved, with fields as numbers and the range of every result. Out: a value,
//! the fields that are read, or the schema's own notation. Where a field's value comes from is the
//! caller's affair.

/// A computation on integers. It cannot overflow: [`crate::check`] refuses one that could.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What is computed.
    pub op: ExprOp,
    /// Smallest possible result.
    pub min: i128,
    /// Largest possible result.
    pub max: i128,
}

impl Expr {
    /// The constant `value`.
    pub const fn int(value: i128) -> Self {
        Self {
            op: ExprOp::Int(value),
            min: value,
            max: value,
        }
    }

    /// The value with the fields' values from `field`; `None` on overflow, which a checked schema
    /// excludes for values that fit their fields.
    pub fn eval(&self, field: &impl Fn(usize) -> i128) -> Option<i128> {
        self.eval_with(&|operand| match operand {
            Operand::Field(index) => field(index),
            // Only `value` measures fields, and is computed by the other function.
            Operand::Measure(..) => 0,
        })
    }

    /// Like [`Self::eval`], also of expressions that measure fields.
    pub fn eval_with(&self, operand: &impl Fn(Operand) -> i128) -> Option<i128> {
        Some(match &self.op {
            ExprOp::Int(value) => *value,
            ExprOp::Field(index) => operand(Operand::Field(*index)),
            ExprOp::Measure(measure, index) => operand(Operand::Measure(*measure, *index)),
            ExprOp::Not(inner) => i128::from(inner.eval_with(operand)? == 0),
            ExprOp::Binary(op, a, b) => op.apply(a.eval_with(operand)?, b.eval_with(operand)?)?,
        })
    }

    /// Calls `visit` with every field whose value the expression reads or that it measures.
    pub fn visit_operands(&self, visit: &mut impl FnMut(Operand)) {
        match &self.op {
            ExprOp::Int(_) => {}
            ExprOp::Field(index) => visit(Operand::Field(*index)),
            ExprOp::Measure(measure, index) => visit(Operand::Measure(*measure, *index)),
            ExprOp::Not(operand) => operand.visit_operands(visit),
            ExprOp::Binary(_, a, b) => {
                a.visit_operands(visit);
                b.visit_operands(visit);
            }
        }
    }

    /// Calls `visit` with every field whose value the expression reads.
    pub fn visit_fields(&self, visit: &mut impl FnMut(usize)) {
        self.visit_operands(&mut |operand| {
            if let Operand::Field(index) = operand {
                visit(index);
            }
        });
    }

    /// The fields that the expression reads, each once, in order.
    pub fn fields(&self) -> Vec<usize> {
        let mut fields = Vec::new();
        self.visit_fields(&mut |field| fields.push(field));
        fields.sort_unstable();
        fields.dedup();
        fields
    }

    /// The field with which all is read that the value of the field `index` depends on, if it is computed so: the last of
    /// those that it reads or measures, or itself.
    pub fn known_at(&self, index: usize) -> usize {
        let mut last = index;
        self.visit_operands(&mut |operand| last = last.max(operand.field()));
        last
    }

    /// The expression in the schema's notation, with names from `name`.
    pub fn text<'a>(&self, name: &impl Fn(usize) -> &'a str) -> String {
        self.text_with_values(name, &|_, _| None)
    }

    /// As [`Self::text`]; numbers that a field is equal to or not have names from `value`, if there are.
    pub fn text_with_values<'a>(
        &self,
        name: &impl Fn(usize) -> &'a str,
        value: &impl Fn(usize, i128) -> Option<&'a str>,
    ) -> String {
        match &self.op {
            ExprOp::Int(value) => value.to_string(),
            ExprOp::Field(index) => name(*index).to_owned(),
            ExprOp::Measure(measure, index) => format!("{}({})", measure.name(), name(*index)),
            ExprOp::Not(operand) => format!(
                "not {}",
                operand.operand_text(name, value, BinaryOp::Eq.precedence())
            ),
            ExprOp::Binary(op, a, b) => {
                let named = match (op, &a.op, &b.op) {
                    (BinaryOp::Eq | BinaryOp::Ne, ExprOp::Field(field), ExprOp::Int(number)) => {
                        value(*field, *number)
                    }
                    _ => None,
                };
                // Operators of the same strength are taken from left to right.
                let b = named.map_or_else(
                    || b.operand_text(name, value, op.precedence() + 1),
                    str::to_owned,
                );
                let a = a.operand_text(name, value, op.precedence());
                format!("{a} {} {b}", op.symbol())
            }
        }
    }

    /// The text of an operand of an operator, in parentheses if its own operator is weaker.
    fn operand_text<'a>(
        &self,
        name: &impl Fn(usize) -> &'a str,
        value: &impl Fn(usize, i128) -> Option<&'a str>,
        precedence: u8,
    ) -> String {
        match &self.op {
            ExprOp::Binary(op, ..) if op.precedence() < precedence => {
                format!("({})", self.text_with_values(name, value))
            }
            ExprOp::Int(value) if *value < 0 => format!("({value})"),
            _ => self.text_with_values(name, value),
        }
    }
}

/// One step of a computation. Comparisons and logic give 0 or 1; every other number is true.
#[derive(Clone, Debug)]
pub enum ExprOp {
    /// A constant.
    Int(i128),
    /// The value of an earlier field of the same struct, by its number.
    Field(usize),
    /// A measure of a field of the same struct, by its number.
    Measure(Measure, usize),
    /// 1 if the operand is 0, else 0.
    Not(Box<Expr>),
    /// Two operands.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
}

/// What a computation reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// The value of a field.
    Field(usize),
    /// A measure of a field.
    Measure(Measure, usize),
}

impl Operand {
    /// The field.
    pub const fn field(self) -> usize {
        match self {
            Self::Field(index) | Self::Measure(_, index) => index,
        }
    }
}

/// What can be known of a field besides its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// `len`: bytes of bytes and text, elements of arrays; 0 if the field is absent.
    Len,
    /// `size`: bytes on the wire, with a length in front, a sentinel and padding; 0 if the field is absent.
    Size,
    /// `present`: whether the field is there.
    Present,
}

impl Measure {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Len, Self::Size, Self::Present];

    /// Its name in a schema.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Len => "len",
            Self::Size => "size",
            Self::Present => "present",
        }
    }
}

/// An operation on two integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`, rounded towards zero; the divisor cannot be 0.
    Div,
    /// `%`, with the dividend's sign; the divisor cannot be 0.
    Rem,
    /// `&`
    BitAnd,
    /// `|`
    BitOr,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `and`
    And,
    /// `or`
    Or,
}

impl BinaryOp {
    /// As it is written in a schema.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Rem => "%",
            Self::BitAnd => "&",
            Self::BitOr => "|",
            Self::Shl => "<<",
            Self::Shr => ">>",
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::And => "and",
            Self::Or => "or",
        }
    }

    /// How strongly it binds: a larger number binds its operands first.
    pub const fn precedence(self) -> u8 {
        match self {
            Self::Or => 0,
            Self::And => 1,
            Self::Eq | Self::Ne | Self::Lt | Self::Le | Self::Gt | Self::Ge => 2,
            Self::BitOr => 3,
            Self::BitAnd => 4,
            Self::Shl | Self::Shr => 5,
            Self::Add | Self::Sub => 6,
            Self::Mul | Self::Div | Self::Rem => 7,
        }
    }

    /// The operation's result; `None` on overflow or division by zero.
    pub fn apply(self, a: i128, b: i128) -> Option<i128> {
        Some(match self {
            Self::Add => a.checked_add(b)?,
            Self::Sub => a.checked_sub(b)?,
            Self::Mul => a.checked_mul(b)?,
            Self::Div => a.checked_div(b)?,
            Self::Rem => a.checked_rem(b)?,
            Self::BitAnd => a & b,
            Self::BitOr => a | b,
            Self::Shl => {
                let factor = 1_i128.checked_shl(u32::try_from(b).ok()?)?;
                a.checked_mul(factor)?
            }
            Self::Shr => a.checked_shr(u32::try_from(b).ok()?)?,
            Self::Eq => i128::from(a == b),
            Self::Ne => i128::from(a != b),
            Self::Lt => i128::from(a < b),
            Self::Le => i128::from(a <= b),
            Self::Gt => i128::from(a > b),
            Self::Ge => i128::from(a >= b),
            Self::And => i128::from(a != 0 && b != 0),
            Self::Or => i128::from(a != 0 || b != 0),
        })
    }
}
