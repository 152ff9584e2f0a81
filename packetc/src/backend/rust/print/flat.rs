//! All tokens on one endless line, with what `lines` must know of each.

use super::level::{Last, Level};
use super::parentheses::{contents, without};
use proc_macro2::{Delimiter, Group, Literal, Spacing, TokenStream, TokenTree};
use std::fmt::Write;

/// What a token is to whoever breaks lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a keyword, a literal, an operator that no line is broken at.
    Plain,
    /// An operator between two operands, before which a line can be broken.
    Binary,
    /// A `.`.
    Dot,
    /// A `=` that assigns.
    Assign,
    /// A `=>`.
    Arrow,
    /// A `,` between the elements of a group; not one between the parameters of a type or a closure.
    Comma,
    Semicolon,
    /// The `#` of an attribute, which its brackets follow.
    Hash,
    /// One line of documentation.
    Doc,
    /// The first token of a group.
    Open(Contents),
    /// The last token of a group.
    Close,
}

/// What is in a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Contents {
    /// Elements with commas between them.
    #[default]
    List,
    /// An operand in parentheses, an index in brackets.
    Operand,
    /// Statements.
    Block,
    /// Items.
    Items,
    /// The arms of a match.
    Arms,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Where its text is.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Of a group's first token: its last one.
    pub(super) close: usize,
    /// How many groups and comments that cannot stand on one line end in front of the token.
    breaks: usize,
}

/// The line.
#[derive(Default)]
pub(super) struct Flat {
    text: String,
    tokens: Vec<Token>,
    breaks: usize,
}

impl Flat {
    pub(super) fn new(tokens: TokenStream) -> Self {
        let mut flat = Self::default();
        flat.level(tokens.into_iter().collect(), Contents::Items);
        flat
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn token(&self, at: usize) -> Token {
        self.tokens[at]
    }

    pub(super) fn word(&self, at: usize) -> &str {
        self.tokens
            .get(at)
            .map_or("", |token| &self.text[token.start..token.end])
    }

    /// The text of the tokens from `from` to before `to`.
    pub(super) fn text(&self, from: usize, to: usize) -> &str {
        if from >= to {
            return "";
        }
        &self.text[self.tokens[from].start..self.tokens[to - 1].end]
    }

    /// Whether nothing from `from` to before `to` needs a line of its own.
    pub(super) fn is_flat(&self, from: usize, to: usize) -> bool {
        let after = self
            .tokens
            .get(to)
            .map_or(self.breaks, |token| token.breaks);
        from >= to || after == self.tokens[from].breaks
    }

    fn push(&mut self, kind: Kind, start: usize) {
        self.tokens.push(Token {
            kind,
            start,
            end: self.text.len(),
            close: 0,
            breaks: self.breaks,
        });
    }

    /// Puts the tokens of one group on the line. Returns whether there is a `;` among them.
    fn level(&mut self, tokens: Vec<TokenTree>, contents: Contents) -> bool {
        let mut tokens = without(tokens).into_iter().peekable();
        let mut level = Level {
            contents,
            in_pattern: contents == Contents::Arms,
            ..Level::default()
        };
        let mut joint = String::new();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(punct) => {
                    joint.push(punct.as_char());
                    let goes_on = punct.spacing() == Spacing::Joint
                        && matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() != '\'');
                    if joint == "'"
                        && let Some(TokenTree::Ident(name)) = tokens.peek()
                    {
                        let start = self.space(&mut level, true);
                        let _ = write!(self.text, "'{name}");
                        tokens.next();
                        self.push(Kind::Plain, start);
                        level.set(true, false, Last::Other);
                        joint.clear();
                    } else if !goes_on {
                        self.operators(&mut level, &joint, tokens.peek());
                        joint.clear();
                    }
                }
                TokenTree::Ident(ident) => {
                    let start = self.space(&mut level, true);
                    // Writing to a `String` cannot fail.
                    let _ = write!(self.text, "{ident}");
                    self.push(Kind::Plain, start);
                    level.ident(&self.text[start..]);
                }
                TokenTree::Literal(literal) => {
                    let start = self.space(&mut level, true);
                    let _ = write!(self.text, "{literal}");
                    if let Some(text) = separated(&self.text[start..]) {
                        self.text.truncate(start);
                        self.text.push_str(&text);
                    }
                    self.push(Kind::Plain, start);
                    level.set(true, true, Last::Other);
                }
                TokenTree::Group(group) => {
                    if level.last == Last::Hash && group.delimiter() == Delimiter::Bracket {
                        self.attribute(&mut level, group);
                    } else if group.delimiter() == Delimiter::None {
                        // Invisible, around what a macro has put in: the code here comes from none.
                        self.level(group.stream().into_iter().collect(), Contents::List);
                    } else {
                        let goes_on = matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), ',' | '.' | '?'));
                        self.group(&mut level, group, goes_on);
                    }
                }
            }
        }
        level.has_semicolon
    }

    /// A space, if the token before wants one after it and the next one `before` it. Returns where the next
    /// token starts.
    fn space(&mut self, level: &mut Level, before: bool) -> usize {
        if before && level.after {
            self.text.push(' ');
        }
        self.text.len()
    }

    /// `#[…]`: documentation as one token for each line if it can be, else as it is.
    fn attribute(&mut self, level: &mut Level, group: Group) {
        let started = level.started;
        let tokens = contents(group);
        if let [
            TokenTree::Ident(name),
            TokenTree::Punct(_),
            TokenTree::Literal(literal),
        ] = tokens.as_slice()
            && name == "doc"
            && let Some(text) = comment(literal)
        {
            // The `#`.
            if let Some(hash) = self.tokens.pop() {
                self.text.truncate(hash.start);
            }
            for line in text.split('\n') {
                let start = self.text.len();
                self.text.push_str("///");
                self.text.push_str(line.trim_end());
                self.push(Kind::Doc, start);
                self.breaks += 1;
            }
            level.set(false, false, Last::Other);
            level.started = started;
            return;
        }
        let open = self.tokens.len();
        let start = self.text.len();
        self.text.push('[');
        self.push(Kind::Open(Contents::List), start);
        self.level(tokens, Contents::List);
        self.close(open, ']');
        level.set(true, false, Last::Other);
        level.started = started;
    }

    fn group(&mut self, level: &mut Level, group: Group, goes_on: bool) {
        let brace = group.delimiter() == Delimiter::Brace;
        let (open, close) = match group.delimiter() {
            Delimiter::Brace => ('{', '}'),
            Delimiter::Bracket => ('[', ']'),
            Delimiter::Parenthesis | Delimiter::None => ('(', ')'),
        };
        let is_called = level.is_operand || level.last == Last::Calling;
        let start = self.space(level, brace && !level.is_import || !is_called);
        let mut inner = contents(group);
        let (contents_kind, always) = if brace {
            level.brace()
        } else if open == '(' && !is_called && commas(&inner) == 0
            || open == '[' && level.is_operand
        {
            (Contents::Operand, false)
        } else {
            (Contents::List, false)
        };
        // The comma of a tuple of one value stays.
        if is_comma(inner.last()) && (open != '(' || is_called || commas(&inner) > 1) {
            inner.pop();
        }
        let index = self.tokens.len();
        self.text.push(open);
        self.push(Kind::Open(contents_kind), start);
        let is_empty = inner.is_empty();
        let is_spaced = brace && !is_empty && !level.is_import;
        if is_spaced {
            self.text.push(' ');
        }
        let semicolon = self.level(inner, contents_kind);
        if is_spaced {
            self.text.push(' ');
        }
        if brace && !is_empty && (always || semicolon) {
            self.breaks += 1;
            // Counted behind what is in the group.
            self.close(index, close);
            if let Some(last) = self.tokens.last_mut() {
                last.breaks -= 1;
            }
        } else {
            self.close(index, close);
        }
        let is_value = !brace || contents_kind == Contents::List && !always;
        let ends_arm = level.last == Last::Arrow && brace && !goes_on;
        level.set(true, is_value, Last::Other);
        if ends_arm {
            level.element();
        } else if !is_value && !level.assigned {
            level.started = false;
        }
    }

    fn close(&mut self, open: usize, c: char) {
        let start = self.text.len();
        self.text.push(c);
        self.tokens[open].close = self.tokens.len();
        self.push(Kind::Close, start);
    }

    /// Neighbouring punctuation: one operator or more.
    fn operators(&mut self, level: &mut Level, mut joint: &str, next: Option<&TokenTree>) {
        while !joint.is_empty() {
            let len = operator_len(joint, level.angles);
            let (operator, rest) = joint.split_at(len);
            let next = if rest.is_empty() { next } else { None };
            self.operator(level, operator, next);
            joint = rest;
        }
    }

    fn operator(&mut self, level: &mut Level, operator: &str, next: Option<&TokenTree>) {
        let operand = level.is_operand;
        let other = |before, after, operand| (Kind::Plain, before, after, operand, Last::Other);
        let binary = (Kind::Binary, true, true, false, Last::Other);
        let (kind, before, after, is_operand, last) = match operator {
            "," if level.angles > 0 || level.in_bars => other(false, true, false),
            "," => {
                level.element();
                (Kind::Comma, false, true, false, Last::Other)
            }
            ";" => (Kind::Semicolon, false, true, false, Last::Other),
            "." => (Kind::Dot, false, false, false, Last::Other),
            "?" => other(false, true, true),
            "::" => (Kind::Plain, !operand, false, false, Last::Path),
            ":" => other(false, true, false),
            "#" => (Kind::Hash, true, false, false, Last::Hash),
            ".." | "..=" => other(!operand, false, false),
            "=" => {
                level.in_pattern = false;
                level.assigned = true;
                (Kind::Assign, true, true, false, Last::Other)
            }
            "=>" => {
                level.arrow();
                (Kind::Arrow, true, true, false, Last::Arrow)
            }
            "!" if operand && matches!(next, Some(TokenTree::Group(_))) => {
                (Kind::Plain, false, false, false, Last::Calling)
            }
            "<" if level.begins_parameters() => {
                level.angles += 1;
                if level.angles == 1 {
                    level.declares = level.last == Last::Calling;
                }
                let tight = operand || matches!(level.last, Last::Path | Last::Calling);
                other(!tight, false, false)
            }
            ">" if level.angles > 0 => {
                level.angles -= 1;
                if level.angles == 0 && level.declares {
                    (Kind::Plain, false, true, false, Last::Calling)
                } else {
                    other(false, true, true)
                }
            }
            "|" if level.in_bars => {
                level.in_bars = false;
                other(false, true, false)
            }
            "|" if !operand => {
                level.in_bars = true;
                other(true, false, false)
            }
            "-" | "*" | "&" | "&&" | "!" if !operand => other(true, false, false),
            "||" if !operand => other(true, true, false),
            "->" | "+=" | "-=" | "*=" | "|=" | "&=" | "^=" | "<<=" | ">>=" => {
                other(true, true, false)
            }
            _ => binary,
        };
        let start = self.space(level, before);
        self.text.push_str(operator);
        self.push(kind, start);
        level.set(after, is_operand, last);
        if operator == ";" {
            level.statement();
        }
    }
}

fn is_comma(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ',')
}

fn commas(tokens: &[TokenTree]) -> usize {
    tokens.iter().filter(|token| is_comma(Some(token))).count()
}

/// How much of `joint` is the first operator.
fn operator_len(joint: &str, angles: usize) -> usize {
    const LONG: &[&str] = &[
        "<<=", ">>=", "..=", "...", "::", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "<<",
        ">>", "..", "+=", "-=", "*=", "/=", "%=", "^=", "&=", "|=",
    ];
    if angles > 0 && joint.starts_with('>') {
        return 1;
    }
    LONG.iter()
        .find(|operator| joint.starts_with(**operator))
        .map_or(1, |operator| operator.len())
}

/// The documentation that `///` in front of its lines gives without a change.
fn comment(literal: &Literal) -> Option<String> {
    let text = literal.to_string();
    let inner = text
        .strip_prefix("r\"")
        .or(text.strip_prefix('"').filter(|_| !text.contains('\\')));
    let value = if let Some(inner) = inner.and_then(|inner| inner.strip_suffix('"')) {
        inner.to_owned()
    } else if let syn::Lit::Str(value) = syn::Lit::new(literal.clone()) {
        value.value()
    } else {
        return None;
    };
    let plain = |c: char| c == '\n' || c == '\t' || !(c.is_control() || is_misleading(c));
    // Four slashes begin a comment of another kind.
    let fits = value.chars().all(plain) && !value.split('\n').any(|line| line.starts_with('/'));
    fits.then_some(value)
}

/// Separators that some tools take for line ends, and marks that turn the direction of text, which let code
/// look like something else.
pub(in super::super) const fn is_misleading(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// `1048575` as `1_048_575`; `None` if a number needs no separators, or is none.
fn separated(text: &str) -> Option<String> {
    let len = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, suffix) = text.split_at(len);
    if len <= 5 || suffix.starts_with(['.', '_', 'x', 'b', 'o', 'e']) {
        return None;
    }
    let mut separated = String::with_capacity(text.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (len - index).is_multiple_of(3) {
            separated.push('_');
        }
        separated.push(digit);
    }
    separated.push_str(suffix);
    Some(separated)
}
