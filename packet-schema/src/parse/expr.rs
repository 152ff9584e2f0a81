//! Expressions and types: text with places into syntax.

use crate::diagnostic::{Diagnostic, Span, Spanned};
use crate::model::BinaryOp;
use crate::syntax::{Expr, ExprOp, Suffix, TypeExpr};

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// Deepest nesting of parentheses and operators.
const MAX_DEPTH: usize = 32;

/// Reads a whole expression that begins at byte `base` of the source.
///
/// Raises P0108 (not an expression).
pub(crate) fn expression(text: &str, base: usize) -> Result<Expr> {
    let mut parser = Parser::new(text, base);
    let expr = parser.expression(0, 0)?;
    parser.end()?;
    Ok(expr)
}

/// Reads a whole type that begins at byte `base` of the source.
///
/// Raises P0108 (not an expression), P0109 (not a type).
pub(crate) fn type_expression(text: &str, base: usize) -> Result<TypeExpr> {
    let mut parser = Parser::new(text, base);
    let Token::Word(name) = parser.token.value.clone() else {
        return Err(parser.unexpected("P0109", "a type begins with a name"));
    };
    let name = Spanned::new(name, parser.token.span);
    parser.advance();
    let mut suffixes = Vec::new();
    loop {
        let start = parser.token.span.start;
        let suffix = if parser.take("[") {
            if parser.token.value == Token::Symbol("]") {
                Suffix::Rest
            } else {
                Suffix::Count(parser.expression(0, 0)?)
            }
        } else if parser.take("<") {
            let Token::Word(prefix) = parser.token.value.clone() else {
                return Err(parser.unexpected(
                    "P0109",
                    "`<` is followed by the length's type, as in `string<u16>`",
                ));
            };
            parser.advance();
            Suffix::Prefix(prefix)
        } else {
            parser.end()?;
            return Ok(TypeExpr { name, suffixes });
        };
        let end = parser.token.span.end;
        let closing = if matches!(suffix, Suffix::Prefix(_)) {
            ">"
        } else {
            "]"
        };
        if !parser.take(closing) {
            return Err(parser.unexpected("P0109", &format!("`{closing}` is missing")));
        }
        suffixes.push(Spanned::new(suffix, Span::new(start, end)));
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Int(i128),
    Word(String),
    Symbol(&'static str),
    Bad(String),
    End,
}

/// Longer symbols first: `<=` is not `<` and `=`.
const SYMBOLS: &[&str] = &[
    "<<", ">>", "<=", ">=", "==", "!=", "+", "-", "*", "/", "%", "&", "|", "<", ">", "(", ")", "[",
    "]",
];

struct Parser<'a> {
    text: &'a str,
    base: usize,
    at: usize,
    token: Spanned<Token>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, base: usize) -> Self {
        let mut parser = Self {
            text,
            base,
            at: 0,
            token: Spanned::new(Token::End, Span::default()),
        };
        parser.advance();
        parser
    }

    fn advance(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or("");
        let trimmed = rest.trim_start();
        let start = self.at + rest.len() - trimmed.len();
        let (token, len) = next_token(trimmed);
        self.at = start + len;
        self.token = Spanned::new(token, Span::new(self.base + start, self.base + self.at));
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = self.token.value
            == Token::Symbol(
                SYMBOLS
                    .iter()
                    .find(|known| **known == symbol)
                    .copied()
                    .unwrap_or(""),
            );
        if found {
            self.advance();
        }
        found
    }

    fn end(&self) -> Result<()> {
        match &self.token.value {
            Token::End => Ok(()),
            Token::Symbol("[" | "<") => {
                Err(self.unexpected("P0109", "only a type's name can be followed by this"))
            }
            _ => Err(self.unexpected("P0108", "the end was expected here")),
        }
    }

    fn unexpected(&self, code: &'static str, expected: &str) -> Box<Diagnostic> {
        let found = match &self.token.value {
            Token::Int(value) => format!("`{value}`"),
            Token::Word(word) | Token::Bad(word) => format!("`{word}`"),
            Token::Symbol(symbol) => format!("`{symbol}`"),
            Token::End => "the end".to_owned(),
        };
        Box::new(Diagnostic::error(
            code,
            self.token.span,
            format!("{expected}, found {found}"),
        ))
    }

    /// Precedence climbing; `level` is the weakest operator that may be taken.
    fn expression(&mut self, level: u8, depth: usize) -> Result<Expr> {
        let mut left = self.operand(depth)?;
        let mut links = 0;
        while let Some(op) = self.operator() {
            let precedence = op.precedence();
            if precedence < level {
                break;
            }
            links += 1;
            if links > MAX_DEPTH {
                return Err(self.unexpected(
                    "P0108",
                    &format!("an expression has at most {MAX_DEPTH} operators in a row"),
                ));
            }
            self.advance();
            let right = self.expression(precedence + 1, depth + 1)?;
            let span = Span::new(left.span.start, right.span.end);
            left = Expr {
                op: ExprOp::Binary(op, Box::new(left), Box::new(right)),
                span,
            };
        }
        Ok(left)
    }

    fn operand(&mut self, depth: usize) -> Result<Expr> {
        if depth > MAX_DEPTH {
            return Err(self.unexpected(
                "P0108",
                &format!("an expression nests at most {MAX_DEPTH} deep"),
            ));
        }
        let Spanned { value, span } = self.token.clone();
        let op = match value {
            Token::Int(value) => ExprOp::Int(value),
            Token::Word(word) if word == "not" => {
                self.advance();
                // `not` binds weaker than a comparison: `not a == b` is `not (a == b)`.
                let operand = self.expression(BinaryOp::Eq.precedence(), depth + 1)?;
                let span = Span::new(span.start, operand.span.end);
                return Ok(Expr {
                    op: ExprOp::Not(Box::new(operand)),
                    span,
                });
            }
            Token::Word(word) if word == "and" || word == "or" => {
                return Err(self.unexpected("P0108", "a number or a field's name was expected"));
            }
            Token::Word(word) => ExprOp::Name(word),
            Token::Symbol("-") => {
                self.advance();
                let operand = self.operand(depth + 1)?;
                let span = Span::new(span.start, operand.span.end);
                return Ok(Expr {
                    op: ExprOp::Neg(Box::new(operand)),
                    span,
                });
            }
            Token::Symbol("(") => {
                self.advance();
                let inner = self.expression(0, depth + 1)?;
                if !self.take(")") {
                    return Err(self.unexpected("P0108", "`)` is missing"));
                }
                return Ok(inner);
            }
            _ => return Err(self.unexpected("P0108", "a number or a field's name was expected")),
        };
        self.advance();
        Ok(Expr { op, span })
    }

    fn operator(&self) -> Option<BinaryOp> {
        Some(match &self.token.value {
            Token::Word(word) if word == "or" => BinaryOp::Or,
            Token::Word(word) if word == "and" => BinaryOp::And,
            Token::Symbol(symbol) => match *symbol {
                "==" => BinaryOp::Eq,
                "!=" => BinaryOp::Ne,
                "<" => BinaryOp::Lt,
                "<=" => BinaryOp::Le,
                ">" => BinaryOp::Gt,
                ">=" => BinaryOp::Ge,
                "|" => BinaryOp::BitOr,
                "&" => BinaryOp::BitAnd,
                "<<" => BinaryOp::Shl,
                ">>" => BinaryOp::Shr,
                "+" => BinaryOp::Add,
                "-" => BinaryOp::Sub,
                "*" => BinaryOp::Mul,
                "/" => BinaryOp::Div,
                "%" => BinaryOp::Rem,
                _ => return None,
            },
            _ => return None,
        })
    }
}

fn next_token(text: &str) -> (Token, usize) {
    let Some(first) = text.chars().next() else {
        return (Token::End, 0);
    };
    if first.is_ascii_alphanumeric() || first == '_' {
        let len = text
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(text.len());
        let (word, _) = text.split_at(len);
        if !first.is_ascii_digit() {
            return (Token::Word(word.to_owned()), len);
        }
        return match integer(word) {
            Some(value) => (Token::Int(value), len),
            None => (Token::Bad(word.to_owned()), len),
        };
    }
    for symbol in SYMBOLS {
        if text.starts_with(symbol) {
            return (Token::Symbol(symbol), symbol.len());
        }
    }
    (Token::Bad(first.to_string()), first.len_utf8())
}

/// An integer as it is written everywhere in a schema: decimal without leading zeros, `0x…` or `0b…`.
pub(crate) fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let magnitude = if let Some(hex) = digits.strip_prefix("0x") {
        radix(hex, 16)
    } else if let Some(binary) = digits.strip_prefix("0b") {
        radix(binary, 2)
    } else if digits.len() > 1 && digits.starts_with('0') {
        None
    } else {
        radix(digits, 10)
    }?;
    Some(if negative { -magnitude } else { magnitude })
}

fn radix(digits: &str, radix: u32) -> Option<i128> {
    // `from_str_radix` takes a sign, which belongs in front of `0x`.
    if !digits.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    i128::from_str_radix(digits, radix).ok()
}
