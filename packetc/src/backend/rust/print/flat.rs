//! All tokens on one endless line, with what `lines` must know of each.

use super::level::{Last, Level};
use super::parentheses;
use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Group, Literal, Punct, Spacing, TokenStream, TokenTree};
use std::fmt::Write;
use std::iter::Peekable;

type Tokens = Peekable<IntoIter>;

/// How many punctuation marks are looked at together.
const MARKS: usize = 8;

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
    /// Puts all of `tokens` on the line, and nothing else.
    pub(super) fn fill(&mut self, tokens: TokenStream) {
        self.text.clear();
        self.tokens.clear();
        self.breaks = 0;
        self.level(tokens, Contents::Items);
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

    /// Puts the tokens of one group on the line. Returns what is known at its end.
    fn level(&mut self, tokens: TokenStream, contents: Contents) -> Level {
        let mut level = Level {
            contents,
            in_pattern: contents == Contents::Arms,
            ..Level::default()
        };
        self.sequence(tokens, &mut level);
        level
    }

    /// Puts tokens on the line, in the middle of a group.
    fn sequence(&mut self, tokens: TokenStream, level: &mut Level) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(punct) => self.punctuation(&punct, &mut tokens, level),
                TokenTree::Ident(ident) => {
                    let start = self.space(level, true);
                    // Writing to a `String` cannot fail.
                    let _ = write!(self.text, "{ident}");
                    self.push(Kind::Plain, start);
                    level.ident(&self.text[start..]);
                }
                TokenTree::Literal(literal) => {
                    let start = self.space(level, true);
                    let _ = write!(self.text, "{literal}");
                    if let Some(text) = separated(&self.text[start..]) {
                        self.text.truncate(start);
                        self.text.push_str(&text);
                    }
                    self.push(Kind::Plain, start);
                    level.set(true, true, Last::Other);
                }
                TokenTree::Group(group) => match group.delimiter() {
                    Delimiter::Bracket if level.last == Last::Hash => self.attribute(level, group),
                    // Invisible, around what a macro has put in: the code here comes from none.
                    Delimiter::None => self.sequence(group.stream(), level),
                    Delimiter::Parenthesis
                        if parentheses::are_needless(&group, level.last, tokens.peek()) =>
                    {
                        self.sequence(group.stream(), level);
                    }
                    _ => {
                        let goes_on = matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), ',' | '.' | '?'));
                        self.group(level, group, goes_on);
                    }
                },
            }
        }
    }

    /// A punctuation mark with those that it is joined to, or a lifetime.
    fn punctuation(&mut self, first: &Punct, tokens: &mut Tokens, level: &mut Level) {
        if first.as_char() == '\'' && matches!(tokens.peek(), Some(TokenTree::Ident(_))) {
            let start = self.space(level, true);
            if let Some(name) = tokens.next() {
                let _ = write!(self.text, "'{name}");
            }
            self.push(Kind::Plain, start);
            level.set(true, false, Last::Other);
            return;
        }
        let mut marks = [0_u8; MARKS];
        let mut len = 0;
        let mut mark = first.clone();
        loop {
            // All punctuation of Rust is ASCII, and no operators are as long as this.
            if let Some(place) = marks.get_mut(len) {
                *place = u8::try_from(mark.as_char()).unwrap_or(b'?');
                len += 1;
            }
            if mark.spacing() == Spacing::Alone {
                break;
            }
            let next = tokens
                .next_if(|next| matches!(next, TokenTree::Punct(next) if next.as_char() != '\''));
            let Some(TokenTree::Punct(next)) = next else {
                break;
            };
            mark = next;
        }
        let mut marks = std::str::from_utf8(&marks[..len]).unwrap_or_default();
        while !marks.is_empty() {
            let (operator, rest) = marks.split_at(operator_len(marks, level.angles));
            let next = if rest.is_empty() { tokens.peek() } else { None };
            self.operator(level, operator, next);
            marks = rest;
        }
    }

    /// A space, if the token before wants one after it and the next one `before` it. Returns where the next
    /// token starts.
    fn space(&mut self, level: &Level, before: bool) -> usize {
        if before && level.after {
            self.text.push(' ');
        }
        self.text.len()
    }

    /// `#[…]`: documentation as one token for each line if it can be, else as it is.
    fn attribute(&mut self, level: &mut Level, group: Group) {
        let started = level.started;
        let tokens = group.stream();
        drop(group);
        if let Some(text) = comment(&tokens) {
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
        let (contents_kind, always) = if brace {
            level.brace()
        } else if open == '[' && level.is_operand {
            (Contents::Operand, false)
        } else {
            (Contents::List, false)
        };
        let inner = group.stream();
        // Tokens are copied as long as somebody else has them.
        drop(group);
        let index = self.tokens.len();
        self.text.push(open);
        self.push(Kind::Open(contents_kind), start);
        let is_empty = inner.is_empty();
        let is_spaced = brace && !is_empty && !level.is_import;
        if is_spaced {
            self.text.push(' ');
        }
        let found = self.level(inner, contents_kind);
        // The comma of a tuple of one value stays.
        if found.last == Last::Comma
            && (open != '(' || is_called || found.commas > 1)
            && let Some(comma) = self.tokens.pop()
        {
            self.text.truncate(comma.start);
        }
        if open == '(' && !is_called && found.commas == 0 {
            self.tokens[index].kind = Kind::Open(Contents::Operand);
        }
        let semicolon = found.has_semicolon;
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

    fn operator(&mut self, level: &mut Level, operator: &str, next: Option<&TokenTree>) {
        let operand = level.is_operand;
        let other = |before, after, operand| (Kind::Plain, before, after, operand, Last::Other);
        let binary = (Kind::Binary, true, true, false, Last::Other);
        let (kind, before, after, is_operand, last) = match operator {
            "," if level.angles > 0 || level.in_bars => {
                (Kind::Plain, false, true, false, Last::Value)
            }
            "," => {
                level.element();
                level.commas += 1;
                (Kind::Comma, false, true, false, Last::Comma)
            }
            ";" => (Kind::Semicolon, false, true, false, Last::Value),
            "." => (Kind::Dot, false, false, false, Last::Other),
            "?" => other(false, true, true),
            "$" => other(true, false, false),
            "::" => (Kind::Plain, !operand, false, false, Last::Path),
            ":" => (Kind::Plain, false, true, false, Last::Value),
            "#" => (Kind::Hash, true, false, false, Last::Hash),
            ".." | "..=" => other(!operand, false, false),
            "=" => {
                level.in_pattern = false;
                level.assigned = true;
                (Kind::Assign, true, true, false, Last::Value)
            }
            "=>" => {
                level.arrow();
                (Kind::Arrow, true, true, false, Last::Arrow)
            }
            "!" if operand && matches!(next, Some(TokenTree::Group(_))) => {
                (Kind::Plain, false, false, false, Last::Calling)
            }
            // Of `macro_rules`, which a name follows.
            "!" if operand => other(false, true, false),
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

/// The documentation that `///` in front of its lines gives without a change, if the tokens in an attribute
/// are documentation.
fn comment(tokens: &TokenStream) -> Option<String> {
    let mut tokens = tokens.clone().into_iter();
    let (Some(TokenTree::Ident(name)), Some(_), Some(TokenTree::Literal(literal))) =
        (tokens.next(), tokens.next(), tokens.next())
    else {
        return None;
    };
    if name != "doc" {
        return None;
    }
    let text = value(&literal)?;
    let plain = |c: char| c == '\n' || c == '\t' || !(c.is_control() || is_misleading(c));
    // Four slashes begin a comment of another kind.
    let fits = text.chars().all(plain) && !text.split('\n').any(|line| line.starts_with('/'));
    fits.then_some(text)
}

/// The text that a literal stands for.
fn value(literal: &Literal) -> Option<String> {
    let text = literal.to_string();
    if let Some(raw) = text.strip_prefix("r\"") {
        return raw.strip_suffix('"').map(str::to_owned);
    }
    let mut rest = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut value = String::with_capacity(rest.len());
    while let Some(at) = rest.find('\\') {
        value.push_str(&rest[..at]);
        let escape = rest.as_bytes().get(at + 1)?;
        value.push(match escape {
            b'n' => '\n',
            b't' => '\t',
            b'"' | b'\'' | b'\\' => char::from(*escape),
            // What else is escaped has no place in a comment.
            _ => return None,
        });
        rest = &rest[at + 2..];
    }
    value.push_str(rest);
    Some(value)
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
