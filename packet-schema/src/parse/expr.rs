//! Expressions and types: text with places into syntax.

use crate::diagnostic::{Diagnostic, Span, Spanned};
use crate::model::BinaryOp;
use crate::syntax::{Expr, ExprOp, Suffix, Target, TypeExpr};

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
    let name = parser.type_name("a type begins with a name")?;
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
            let prefix =
                parser.type_name("`<` is followed by the length's type, as in `string<u16>`")?;
            Suffix::Prefix(prefix.value)
        } else {
            parser.end()?;
            let target = Target::Written;
            return Ok(TypeExpr {
                name,
                target,
                suffixes,
            });
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
    "]", ".",
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

    /// `Vec3`, or `common.Vec3` for a type of an imported schema.
    fn type_name(&mut self, expected: &str) -> Result<Spanned<String>> {
        let Token::Word(mut name) = self.token.value.clone() else {
            return Err(self.unexpected("P0109", expected));
        };
        let mut span = self.token.span;
        self.advance();
        if self.take(".") {
            let Token::Word(inner) = &self.token.value else {
                return Err(self.unexpected(
                    "P0109",
                    "`.` is followed by a type of the imported schema, as in `common.Vec3`",
                ));
            };
            name = format!("{name}.{inner}");
            span.end = self.token.span.end;
            self.advance();
        }
        Ok(Spanned::new(name, span))
    }

    fn end(&self) -> Result<()> {
        match &self.token.value {
            Token::End => Ok(()),
            Token::Symbol(".") => Err(self.unexpected(
                "P0109",
                "only the name of an import and that of a type can be joined by `.`",
            )),
            Token::Symbol("[" | "<") => {
                Err(self.unexpected("P0109", "only a type's name can be followed by this"))
            }
            _ => Err(self.unexpected("P0108", "an operator or the end was expected")),
        }
    }

    fn unexpected(&self, code: &'static str, expected: &str) -> Box<Diagnostic> {
        let found = match &self.token.value {
            Token::Int(value) => format!("`{value}`"),
            Token::Word(word) | Token::Bad(word) => format!("`{word}`"),
            Token::Symbol(symbol) => format!("`{symbol}`"),
            Token::End => "the end".to_owned(),
        };
        let help = match &self.token.value {
            Token::Bad(text) => match text.as_str() {
                "=" => Some("a comparison is written `==`"),
                "!" => Some("negation is written `not`"),
                number if number.contains('_') => Some("write the digits without `_`"),
                number if number.starts_with('0') && number.len() > 1 => {
                    Some("a number is written without leading zeros, or as `0x…`")
                }
                _ => None,
            },
            Token::Symbol("&") => Some("both conditions are written `a and b`"),
            Token::Symbol("|") => Some("either condition is written `a or b`"),
            _ => None,
        };
        Box::new(
            Diagnostic::error(code, self.token.span, format!("{expected}, found {found}"))
                .maybe_help(help.map(str::to_owned)),
        )
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
            Token::Word(word) => {
                self.advance();
                if !self.take("(") {
                    let op = ExprOp::Name(word);
                    return Ok(Expr { op, span });
                }
                return self.call(Spanned::new(word, span));
            }
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

    /// The rest of `function(field)`, from the field on.
    fn call(&mut self, function: Spanned<String>) -> Result<Expr> {
        let Token::Word(field) = self.token.value.clone() else {
            return Err(self.unexpected("P0108", "a function is given the name of a field"));
        };
        let field = Spanned::new(field, self.token.span);
        self.advance();
        let span = Span::new(function.span.start, self.token.span.end);
        if !self.take(")") {
            return Err(self.unexpected("P0108", "`)` is missing"));
        }
        let op = ExprOp::Call(function, field);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// An expression with all its parentheses; or, of a refused one, the code, the text that the diagnostic
    /// points at, and the message.
    fn shown(text: &str) -> String {
        match expression(text, 0) {
            Ok(expr) => full(&expr),
            Err(problem) => refused(text, &problem),
        }
    }

    fn refused(text: &str, problem: &Diagnostic) -> String {
        let span = problem.primary.span;
        let at = text.get(span.start..span.end).expect("a place in the text");
        format!("{} `{at}` {}", problem.code, problem.message)
    }

    fn full(expr: &Expr) -> String {
        match &expr.op {
            ExprOp::Int(value) => value.to_string(),
            ExprOp::Name(name) => name.clone(),
            ExprOp::Call(function, field) => format!("{}({})", function.value, field.value),
            ExprOp::Not(operand) => format!("not({})", full(operand)),
            ExprOp::Neg(operand) => format!("-({})", full(operand)),
            ExprOp::Binary(op, a, b) => format!("({} {} {})", full(a), op.symbol(), full(b)),
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(shown(text), expected, "{text}");
    }

    #[test]
    fn operators_bind_as_usual() {
        check("a + b * c", "(a + (b * c))");
        check("a - b - c", "((a - b) - c)");
        check("a / b * c % d", "(((a / b) * c) % d)");
        check("(a + b) * c", "((a + b) * c)");
        check("a << 2 + 1", "(a << (2 + 1))");
        check("a & 3 | b >> 1", "((a & 3) | (b >> 1))");
        check("a & 1 == 0", "((a & 1) == 0)");
        check(
            "a < b and b >= c or d != 0",
            "(((a < b) and (b >= c)) or (d != 0))",
        );
        check("a or b and c", "(a or (b and c))");
        check("-a + -1", "(-(a) + -(1))");
        check("  a+b  ", "(a + b)");
    }

    #[test]
    fn not_takes_a_whole_comparison() {
        check("not a == b", "not((a == b))");
        check("not a and b", "(not(a) and b)");
        check("not not a", "not(not(a))");
        check("not a + 1 > 2 or b", "(not(((a + 1) > 2)) or b)");
        check("a == not b", "(a == not(b))");
    }

    #[test]
    fn numbers_are_decimal_hexadecimal_or_binary() {
        check("0x1F + 0b101", "(31 + 5)");
        check("0", "0");
        check("18446744073709551616", "18446744073709551616");
        for bad in ["010", "1_000", "1e3", "0x", "0xg", "0b2", "00", "12ab"] {
            check(
                bad,
                &format!("P0108 `{bad}` a number or a field's name was expected, found `{bad}`"),
            );
        }
        let large = "9".repeat(40);
        assert!(shown(&large).starts_with("P0108"));
    }

    #[test]
    fn integers_have_one_way_to_be_written() {
        for (text, value) in [
            ("0", Some(0)),
            ("-5", Some(-5)),
            ("-0x10", Some(-16)),
            ("0b11", Some(3)),
            ("+5", None),
            ("0x-5", None),
            ("0x+5", None),
            ("--5", None),
            ("", None),
            ("-", None),
            ("010", None),
            ("1_000", None),
            (" 1", None),
            ("١", None),
        ] {
            assert_eq!(integer(text), value, "{text}");
        }
        assert_eq!(integer(&i128::MAX.to_string()), Some(i128::MAX));
        assert_eq!(integer("170141183460469231731687303715884105728"), None);
    }

    #[test]
    fn places_are_those_of_the_parts() {
        let text = "  aa + bb * c";
        let expr = expression(text, 100).expect("it is an expression");
        let ExprOp::Binary(_, a, b) = &expr.op else {
            panic!("{expr:?}");
        };
        assert_eq!((a.span, b.span), (Span::new(102, 104), Span::new(107, 113)));
        assert_eq!(expr.span, Span::new(102, 113));
    }

    #[test]
    fn what_is_no_expression_is_refused_at_its_place() {
        check(
            "",
            "P0108 `` a number or a field's name was expected, found the end",
        );
        check(
            "a +",
            "P0108 `` a number or a field's name was expected, found the end",
        );
        check(
            "a b",
            "P0108 `b` an operator or the end was expected, found `b`",
        );
        check("(a", "P0108 `` `)` is missing, found the end");
        check(
            "a)",
            "P0108 `)` an operator or the end was expected, found `)`",
        );
        check(
            "a = b",
            "P0108 `=` an operator or the end was expected, found `=`",
        );
        check(
            "!a",
            "P0108 `!` a number or a field's name was expected, found `!`",
        );
        check(
            "a && b",
            "P0108 `&` a number or a field's name was expected, found `&`",
        );
        check(
            "and",
            "P0108 `and` a number or a field's name was expected, found `and`",
        );
        check(
            "a ∧ b",
            "P0108 `∧` an operator or the end was expected, found `∧`",
        );
        check(
            "a[1]",
            "P0109 `[` only a type's name can be followed by this, found `[`",
        );
    }

    #[test]
    fn depth_and_length_are_limited() {
        for deep in [
            "(".repeat(1000) + "a" + &")".repeat(1000),
            "not ".repeat(1000) + "a",
            "-".repeat(1000) + "a",
            "a == (".repeat(1000),
        ] {
            let found = shown(&deep);
            assert!(
                found.contains("an expression nests at most 32 deep"),
                "{found}"
            );
        }
        check(
            &"a + ".repeat(1000),
            "P0108 `+` an expression has at most 32 operators in a row, found `+`",
        );
        let long = vec!["a"; 33].join(" + ");
        assert!(!shown(&long).starts_with("P0"));
        let nested = "(".repeat(32) + "a" + &")".repeat(32);
        check(&nested, "a");
    }

    /// A type's name and suffixes, or why it is refused.
    #[track_caller]
    fn check_type(text: &str, expected: &str) {
        let found = match type_expression(text, 0) {
            Ok(ty) => ty
                .suffixes
                .iter()
                .fold(ty.name.value, |shown, suffix| match &suffix.value {
                    Suffix::Count(expr) => format!("{shown} [{}]", full(expr)),
                    Suffix::Prefix(name) => format!("{shown} <{name}>"),
                    Suffix::Rest => format!("{shown} []"),
                }),
            Err(problem) => refused(text, &problem),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn types_are_names_with_suffixes() {
        check_type("u16le", "u16le");
        check_type("bytes[]", "bytes []");
        check_type("string<u8>[ n * 2 ]", "string <u8> [(n * 2)]");
        check_type("u8[a[b]]", "P0109 `[` `]` is missing, found `[`");
        check_type("u8[4", "P0109 `` `]` is missing, found the end");
        check_type("<u8>", "P0109 `<` a type begins with a name, found `<`");
        check_type("4", "P0109 `4` a type begins with a name, found `4`");
        check_type("", "P0109 `` a type begins with a name, found the end");
        check_type(
            "u8<4>",
            "P0109 `4` `<` is followed by the length's type, as in `string<u16>`, found `4`",
        );
        check_type(
            "u8 u8",
            "P0108 `u8` an operator or the end was expected, found `u8`",
        );
        check_type("é", "P0109 `é` a type begins with a name, found `é`");
    }

    #[test]
    fn suffixes_are_not_limited_but_read_in_a_loop() {
        let text = "u8".to_owned() + &"[]".repeat(10_000);
        assert_eq!(
            type_expression(&text, 0).map(|ty| ty.suffixes.len()),
            Ok(10_000)
        );
    }
}
