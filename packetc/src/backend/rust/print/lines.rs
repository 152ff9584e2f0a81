//! Where lines end.
//!
//! In: the endless line. Out: its text in lines. What fits on a line stays on one, unless Rust is written
//! otherwise: statements, items, arms, documentation.

use super::flat::{Contents, Flat, Kind};

/// Columns of a line, if tokens allow it.
const WIDTH: usize = 100;

/// Columns that one step to the right takes.
const STEP: usize = 4;

/// Elements as short as this share lines.
const SHORT: usize = 10;

pub(super) struct Lines<'a> {
    flat: &'a Flat,
    text: &'a mut String,
    /// Where the last line begins.
    line: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(flat: &'a Flat, text: &'a mut String) -> Self {
        let line = text.len();
        Self { flat, text, line }
    }

    /// Puts everything into lines, as the items of a file.
    pub(super) fn items(&mut self) {
        let mut at = 0;
        while at < self.flat.len() {
            let end = self.statement_end(at, self.flat.len());
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.line = self.text.len();
            self.attributed(at, end, 0);
            self.text.push('\n');
            at = end;
        }
    }

    fn newline(&mut self, indent: usize) {
        self.text.push('\n');
        self.line = self.text.len();
        self.text.extend(std::iter::repeat_n(' ', indent));
    }

    fn push(&mut self, from: usize, to: usize) {
        let is_doc = |at| self.flat.token(at).kind == Kind::Doc;
        if to > from + 1 && !self.flat.is_flat(from, to) && (from..to).any(is_doc) {
            // What stands behind documentation on its line would be part of it.
            for at in from..to {
                self.push(at, at + 1);
                self.newline(0);
            }
            return;
        }
        self.text.push_str(self.flat.text(from, to));
    }

    fn column(&self) -> usize {
        self.text.len() - self.line
    }

    fn kind(&self, at: usize) -> Kind {
        self.flat.token(at).kind
    }

    /// The token behind a token, or behind the group that it opens.
    fn behind(&self, at: usize) -> usize {
        match self.kind(at) {
            Kind::Open(_) => self.flat.token(at).close + 1,
            _ => at + 1,
        }
    }

    /// The first token from `from` to before `to`, outside of groups, that is `found`.
    fn find(&self, from: usize, to: usize, found: impl Fn(usize) -> bool) -> Option<usize> {
        let mut at = from;
        while at < to {
            if found(at) {
                return Some(at);
            }
            at = self.behind(at);
        }
        None
    }

    fn fits(&self, from: usize, to: usize) -> bool {
        self.flat.is_flat(from, to) && self.column() + self.flat.text(from, to).len() <= WIDTH
    }

    /// Attributes and documentation in lines of their own, then an item, a statement or an element.
    fn attributed(&mut self, from: usize, to: usize, indent: usize) {
        let mut at = from;
        while at < to {
            let end = match self.kind(at) {
                Kind::Doc => at + 1,
                Kind::Hash => self.behind(at + 1),
                _ => break,
            };
            // What is said of an item is not broken inside its text.
            if self.kind(at) == Kind::Doc || self.flat.word(at + 2) == "doc" {
                self.push(at, end);
            } else {
                self.expression(at, end, indent);
            }
            at = end;
            if at < to {
                self.newline(indent);
            }
        }
        self.expression(at, to, indent);
    }

    /// Items or statements in lines of their own.
    fn statements(&mut self, from: usize, to: usize, indent: usize, are_items: bool) {
        let mut at = from;
        let mut was_short = true;
        while at < to {
            let end = self.statement_end(at, to);
            let is_short = !are_items
                || self.flat.is_flat(at, end)
                    && self
                        .find(at, end, |at| self.kind(at) == Kind::Hash)
                        .is_none();
            if at > from && !(was_short && is_short) {
                self.text.push('\n');
            }
            was_short = is_short;
            self.newline(indent);
            self.attributed(at, end, indent);
            at = end;
        }
    }

    /// The end of the item or statement that begins at `from`.
    fn statement_end(&self, from: usize, to: usize) -> usize {
        let mut at = from;
        while at < to {
            at = match self.kind(at) {
                Kind::Doc => at + 1,
                Kind::Hash => self.behind(at + 1),
                _ => break,
            };
        }
        let head = self.head(at);
        let defines = matches!(head, "struct" | "enum");
        let mut ends_with_braces = defines
            || matches!(
                head,
                "if" | "match"
                    | "for"
                    | "while"
                    | "loop"
                    | "impl"
                    | "fn"
                    | "trait"
                    | "mod"
                    | "macro_rules"
                    | "{"
            );
        while at < to {
            let kind = self.kind(at);
            let next = self.behind(at);
            let braces = matches!(kind, Kind::Open(_)) && self.flat.word(at) == "{";
            // A list in braces is a pattern or a value, unless it defines the type.
            let is_body = defines || !matches!(kind, Kind::Open(Contents::List));
            if kind == Kind::Semicolon {
                return next;
            }
            if ends_with_braces && braces && is_body {
                match self.flat.word(next) {
                    "else" => {}
                    "." | "?" => ends_with_braces = false,
                    ";" => return next + 1,
                    _ => return next,
                }
            }
            at = next;
        }
        to
    }

    /// The word that says what the item or statement at `at` is.
    fn head(&self, mut at: usize) -> &'a str {
        // A constant has a name, a function's `const` stands in front of a keyword.
        while matches!(self.flat.word(at), "pub" | "unsafe" | "(")
            || self.flat.word(at) == "const" && matches!(self.flat.word(at + 1), "fn" | "unsafe")
        {
            at = self.behind(at);
        }
        self.flat.word(at)
    }

    /// Tokens behind what stands on the line already, on that line if they fit.
    fn expression(&mut self, from: usize, to: usize, indent: usize) {
        if self.fits(from, to) {
            self.push(from, to);
            return;
        }
        let opens = |at| matches!(self.kind(at), Kind::Open(_));
        // The left of an assignment is short.
        if let Some(assign) = self.find(from, to, |at| self.kind(at) == Kind::Assign)
            && self.flat.is_flat(from, assign)
        {
            let right = assign + 1;
            let breaks = |at| opens(at) || self.kind(at) == Kind::Binary;
            let can_break = self.find(right, to, breaks).is_some();
            self.push(from, right);
            if can_break {
                self.text.push(' ');
                self.expression(right, to, indent);
            } else {
                self.newline(indent + STEP);
                self.push(right, to);
            }
            return;
        }
        let stands_in_lines = |at| {
            matches!(self.kind(at), Kind::Open(Contents::Block | Contents::Arms))
                || opens(at) && !self.flat.is_flat(at, self.behind(at))
        };
        if self.find(from, to, stands_in_lines).is_none() {
            let places = match self.operators(from, to) {
                operators if operators.is_empty() => self.links(from, to),
                operators => operators,
            };
            if !places.is_empty() {
                self.split(from, to, &places, indent + STEP);
                return;
            }
        }
        self.groups(from, to, indent);
    }

    /// The operators that bind their operands least.
    fn operators(&self, from: usize, to: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut lowest = usize::MAX;
        let mut at = from;
        while at < to {
            if at > from && self.kind(at) == Kind::Binary {
                let rank = rank(self.flat.word(at));
                if rank < lowest {
                    lowest = rank;
                    found.clear();
                }
                if rank == lowest {
                    found.push(at);
                }
            }
            at = self.behind(at);
        }
        found
    }

    /// The dots of calls behind calls.
    fn links(&self, from: usize, to: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = from;
        while at < to {
            let is_link = at > from
                && self.kind(at) == Kind::Dot
                && (self.kind(at - 1) == Kind::Close || self.flat.word(at - 1) == "?");
            if is_link {
                found.push(at);
            }
            at = self.behind(at);
        }
        found
    }

    /// Tokens with a new line in front of each of `places`.
    fn split(&mut self, from: usize, to: usize, places: &[usize], indent: usize) {
        let first = places.first().copied().unwrap_or(to);
        self.expression(from, first, indent);
        for (number, place) in places.iter().copied().enumerate() {
            let end = places.get(number + 1).copied().unwrap_or(to);
            self.newline(indent);
            if self.kind(place) == Kind::Binary {
                self.push(place, place + 1);
                self.text.push(' ');
                self.expression(place + 1, end, indent);
            } else {
                self.groups(place, end, indent);
            }
        }
    }

    /// Tokens of which groups are broken, from the left, if they do not fit with what is behind them.
    fn groups(&mut self, from: usize, to: usize, indent: usize) {
        let mut run = from;
        let mut at = from;
        while at < to {
            let Kind::Open(contents) = self.kind(at) else {
                at += 1;
                continue;
            };
            let close = self.flat.token(at).close;
            let next = close + 1;
            let breaks =
                |at| matches!(self.kind(at), Kind::Open(_)) && self.flat.token(at).close > at + 1;
            let tail = self.find(next, to, breaks);
            let tail = tail.map_or(to, |at| at + 1);
            let is_branch = contents == Contents::Block
                && (self.flat.word(next) == "else"
                    || at > from && self.flat.word(at - 1) == "else");
            let fits = self.flat.is_flat(at, next)
                && !is_branch
                && self.column() + self.flat.text(run, tail).len() <= WIDTH;
            if !fits && close > at + 1 {
                self.push(run, at + 1);
                self.group(at, close, contents, indent);
                run = close;
            }
            at = next;
        }
        self.push(run, to);
    }

    /// What is between the first and the last token of a group.
    fn group(&mut self, open: usize, close: usize, contents: Contents, indent: usize) {
        match contents {
            Contents::Block => self.statements(open + 1, close, indent + STEP, false),
            Contents::Items => self.statements(open + 1, close, indent + STEP, true),
            Contents::Arms => self.arms(open + 1, close, indent + STEP),
            Contents::List | Contents::Operand => return self.elements(open, close, indent),
        }
        self.newline(indent);
    }

    fn elements(&mut self, open: usize, close: usize, indent: usize) {
        let mut elements = Vec::new();
        let mut from = open + 1;
        while from < close {
            let comma = self.find(from, close, |at| self.kind(at) == Kind::Comma);
            let to = comma.unwrap_or(close);
            elements.push((from, to));
            from = to + 1;
        }
        if self.hangs(open, &elements) {
            let (from, to) = elements[elements.len() - 1];
            self.push(open + 1, from);
            if elements.len() > 1 {
                self.text.push(' ');
            }
            self.groups(from, to, indent);
            return;
        }
        let indent_inner = indent + STEP;
        let is_short = |(from, to): &(usize, usize)| {
            self.flat.is_flat(*from, *to) && self.flat.text(*from, *to).len() <= SHORT
        };
        let share =
            self.flat.word(open) == "[" && elements.len() > 1 && elements.iter().all(is_short);
        for (number, (from, to)) in elements.iter().copied().enumerate() {
            let len = self.flat.text(from, to).len();
            if share && number > 0 && self.column() + len + 2 <= WIDTH {
                self.text.push(' ');
            } else {
                self.newline(indent_inner);
            }
            self.attributed(from, to, indent_inner);
            // A comma would make a tuple of an operand, and cannot stand behind the rest of a pattern.
            let is_operand = self.kind(open) == Kind::Open(Contents::Operand);
            if !is_operand && self.flat.text(from, to) != ".." {
                self.text.push(',');
            }
        }
        self.newline(indent);
    }

    /// Whether the last argument begins on the line of the call and ends on that of its end: a closure, a
    /// match, or a single argument that is itself something in delimiters.
    fn hangs(&self, open: usize, elements: &[(usize, usize)]) -> bool {
        let Some((from, to)) = elements.last().copied() else {
            return false;
        };
        if self.flat.word(open) == "{" || matches!(self.kind(from), Kind::Doc | Kind::Hash) {
            return false;
        }
        let mut last = None;
        let mut at = from;
        while at < to {
            if self.kind(at) == Kind::Binary {
                return false;
            }
            if matches!(self.kind(at), Kind::Open(_)) {
                last = Some(at);
            }
            at = self.behind(at);
        }
        let Some(last) = last else {
            return false;
        };
        let stands_in_lines =
            self.flat.word(last) == "{" && !self.flat.is_flat(last, self.behind(last));
        self.behind(last) == to
            && (elements.len() == 1 || stands_in_lines)
            && self.links(from, to).is_empty()
            && self.flat.is_flat(open, last)
            && self.column() + self.flat.text(open + 1, last + 1).len() <= WIDTH
    }

    /// The arms of a match.
    fn arms(&mut self, from: usize, to: usize, indent: usize) {
        let mut at = from;
        while at < to {
            self.newline(indent);
            let arrow = self.find(at, to, |at| self.kind(at) == Kind::Arrow);
            let body = arrow.map_or(to, |arrow| arrow + 1);
            self.attributed(at, body, indent);
            if body >= to {
                return;
            }
            self.text.push(' ');
            let next = self.behind(body);
            let is_block = self.kind(body) == Kind::Open(Contents::Block);
            if is_block && !matches!(self.flat.word(next), "," | "." | "?") {
                self.expression(body, next, indent);
                at = next;
                continue;
            }
            let comma = self.find(body, to, |at| self.kind(at) == Kind::Comma);
            let end = comma.unwrap_or(to);
            self.expression(body, end, indent);
            self.text.push(',');
            at = end + 1;
        }
    }
}

/// How closely an operator binds.
fn rank(operator: &str) -> usize {
    const RANKS: &[&[&str]] = &[
        &["||"],
        &["&&"],
        &["==", "!=", "<", "<=", ">", ">="],
        &["|"],
        &["^"],
        &["&"],
        &["<<", ">>"],
        &["+", "-"],
    ];
    RANKS
        .iter()
        .position(|rank| rank.contains(&operator))
        .unwrap_or(RANKS.len())
}
