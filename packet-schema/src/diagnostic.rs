//! Problems in a schema: a stable code, what is wrong, where, and what to do about it.
//!
//! Stages collect diagnostics in [`Diagnostics`] and go on, so that one run shows all problems. Nothing
//! here renders or prints.

use std::cmp::Ordering;
use std::collections::HashSet;

/// A range of bytes in a schema's source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to, but not including, `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}

/// A value with the place where it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The value changed by `f`, at the same place.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned::new(f(self.value), self.span)
    }

    /// The same place with a reference to the value.
    pub const fn as_ref(&self) -> Spanned<&T> {
        Spanned::new(&self.value, self.span)
    }
}

/// Whether a character has an effect other than being seen: a control character, or one that turns the direction
/// of text.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether a schema can be used in spite of a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It can; something is likely not meant.
    Warning,
    /// It cannot.
    Error,
}

/// A place with a few words about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there; may be empty.
    pub text: String,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, such as `P0203`.
    pub code: &'static str,
    /// Whether the schema can be used all the same.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// Where it is wrong.
    pub primary: Label,
    /// Other places that have to do with it.
    pub secondary: Vec<Label>,
    /// What to do, where that is one concrete thing.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error with `code` at `span`.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            primary: Label {
                span,
                text: String::new(),
            },
            secondary: Vec::new(),
            help: None,
        }
    }

    /// A warning with `code` at `span`.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, span, message)
        }
    }

    /// Adds words at the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Says what to do, if there is something to say.
    #[must_use]
    pub fn maybe_help(mut self, text: Option<String>) -> Self {
        self.help = text.or(self.help);
        self
    }

    /// Shortens what is too long, and shows characters that would do something to a terminal. Much of the text
    /// stems from the schema.
    fn readable(mut self) -> Self {
        let labels = std::iter::once(&mut self.primary).chain(&mut self.secondary);
        let texts = labels.map(|label| &mut label.text);
        for text in texts.chain([&mut self.message]).chain(&mut self.help) {
            if text.len() > MAX_TEXT {
                let half = |range: &str, end: bool| {
                    let mut at = MAX_TEXT / 2;
                    while !range.is_char_boundary(if end { range.len() - at } else { at }) {
                        at -= 1;
                    }
                    at
                };
                let (head, tail) = (half(text, false), half(text, true));
                *text = format!("{} … {}", &text[..head], &text[text.len() - tail..]);
            }
            if text.contains(is_invisible) {
                let shown = text.chars().map(|c| match c {
                    c if is_invisible(c) => c.escape_unicode().to_string(),
                    c => c.to_string(),
                });
                *text = shown.collect();
            }
        }
        self
    }
}

/// Most errors, and most warnings, that are kept. Nobody reads more at once, and a hostile schema would have one
/// for each of its bytes.
const MAX_KEPT: usize = 100;

/// Longest text of a diagnostic in bytes.
const MAX_TEXT: usize = 600;

/// The problems that a stage found, and what it could not read because of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
    gaps: usize,
    /// Names of what was read only in part.
    partial: HashSet<Span>,
}

impl Diagnostics {
    /// No problems yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// No problems yet, in a stage that knows what the stage before could not read.
    pub(crate) fn after(earlier: &Self) -> Self {
        Self {
            partial: earlier.partial.clone(),
            ..Self::default()
        }
    }

    /// Adds one. Errors beyond a hundred are counted, but not kept, and so are warnings.
    ///
    /// Raises P0102 (more than are kept).
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let count = match diagnostic.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *count += 1;
        let count = *count;
        if diagnostic.severity == Severity::Error {
            // Of two equal keys the first is still there, and an unknown one may only be one too many.
            self.gaps += usize::from(!matches!(diagnostic.code, "P0106" | "P0107"));
        }
        match count.cmp(&(MAX_KEPT + 1)) {
            Ordering::Less => self.list.push(diagnostic.readable()),
            Ordering::Equal => self.list.push(Diagnostic {
                severity: diagnostic.severity,
                ..too_many(diagnostic.primary.span)
            }),
            Ordering::Greater => {}
        }
    }

    /// Whether no more errors are kept, so that there is no sense in looking for them.
    pub(crate) fn is_full(&self) -> bool {
        self.errors > MAX_KEPT
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many of them are errors.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// How many of them may have cost a part of what was to be read.
    pub(crate) fn gaps(&self) -> usize {
        self.gaps
    }

    /// Notes that an unknown key may be a known one, misspelt.
    pub(crate) fn note_misspelt(&mut self) {
        self.gaps += 1;
    }

    /// Notes that what is called by the name at `name` was read only in part: nothing that seems to be
    /// missing in it, or wrong because of that, is reported.
    pub(crate) fn note_partial(&mut self, name: Span) {
        self.partial.insert(name);
    }

    /// Whether what is called by the name at `name` was read only in part.
    pub(crate) fn is_partial(&self, name: Span) -> bool {
        self.partial.contains(&name)
    }

    /// Whether anything with a name was read only in part.
    pub(crate) fn has_partial(&self) -> bool {
        !self.partial.is_empty()
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The problems in source order, each once even if it was met in several ways.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by(|a, b| {
            (a.primary.span.start, a.code, &a.message).cmp(&(
                b.primary.span.start,
                b.code,
                &b.message,
            ))
        });
        self.list.dedup();
        self.list
    }
}

/// That there are others from `span` on. A limit like any other: nobody writes so many by hand.
fn too_many(span: Span) -> Diagnostic {
    let message = format!("there are more than {MAX_KEPT} problems; the others are not shown");
    Diagnostic::error("P0102", span, message).help("correct those that are shown first")
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        for diagnostic in diagnostics {
            self.push(diagnostic);
        }
    }
}

/// `did you mean …?` for the candidate that is closest to `word`, if one is close.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    closest(word, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// Most names that a misspelt one is compared with.
const MAX_CANDIDATES: usize = 1000;

/// The candidate that is closest to `word`, if one is close.
pub(crate) fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // Nobody misspells a name this long, and comparing takes time.
    if word.len() > 64 {
        return None;
    }
    candidates
        .into_iter()
        // At least as many letters are missing.
        .filter(|candidate| {
            let longest = candidate.len().max(word.len());
            candidate.len().abs_diff(word.len()) <= longest.div_ceil(3).min(24)
        })
        .take(MAX_CANDIDATES)
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        // What has nothing in common with a candidate is not a misspelling of it.
        .filter(|(distance, candidate)| *distance < candidate.len().min(word.len()))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(word.len()).div_ceil(3))
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_warnings_are_kept_up_to_a_hundred_each() {
        let mut found = Diagnostics::new();
        for at in 0..MAX_KEPT + 50 {
            let span = Span::new(at, at);
            found.push(Diagnostic::warning("P0204", span, "odd"));
            if at >= 40 {
                found.push(Diagnostic::error("P0205", span, "wrong"));
            }
        }
        assert_eq!((found.errors(), found.is_full()), (MAX_KEPT + 10, true));
        let mut all = Diagnostics::new();
        all.extend(found.into_sorted());
        let list = all.into_sorted();
        let count = |code| list.iter().filter(|problem| problem.code == code).count();
        assert_eq!(
            (count("P0204"), count("P0205"), count("P0102")),
            (100, 100, 2)
        );
        assert_eq!(list.last().map(|last| last.primary.span.start), Some(140));
    }

    #[test]
    fn text_of_the_schema_is_short_and_does_nothing_to_a_terminal() {
        let message = format!("ü{}\u{1b}[31m\n\u{202e}", "é".repeat(5000));
        let mut found = Diagnostics::new();
        found.push(Diagnostic::error("P0205", Span::default(), message).help("\r"));
        let found = &found.into_sorted()[0];
        assert!(found.message.len() < 700, "{}", found.message.len());
        assert!(
            found.message.starts_with("üé")
                && found.message.ends_with("é\\u{1b}[31m\\u{a}\\u{202e}")
        );
        assert_eq!(found.help.as_deref(), Some("\\u{d}"));
    }
}
