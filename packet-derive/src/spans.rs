//! Places in Rust as places in a schema.
//!
//! Syntax and diagnostics know a place as a range of bytes in one source text. A Rust struct has no such
//! text, it has tokens, each with a span of the compiler. So we imagine a text: every token that means
//! something to the schema is given a stretch of it, in the order in which the tokens are read, and
//! [`Spans`] knows whose stretch is where. Diagnostics sorted by their place are then in source order.

use packet_schema::diagnostic::{Span, Spanned};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

/// The imagined text: which stretch belongs to which token.
#[derive(Default)]
pub(crate) struct Spans {
    /// Where each stretch begins, ascending, and its token's place in Rust.
    stretches: Vec<(usize, proc_macro2::Span)>,
    end: usize,
}

impl Spans {
    /// Gives the whole of `tokens` one place.
    pub(crate) fn place(&mut self, tokens: &impl ToTokens) -> Span {
        let mut tokens = tokens.to_token_stream().into_iter();
        let first = tokens
            .next()
            .map_or_else(proc_macro2::Span::call_site, |token| token.span());
        let start = self.stretch(1, first).start;
        match tokens.last() {
            Some(last) => Span::new(start, self.stretch(1, last.span()).end),
            None => Span::new(start, self.end),
        }
    }

    /// `value`, written as `tokens`.
    pub(crate) fn spanned<T>(&mut self, value: T, tokens: &impl ToTokens) -> Spanned<T> {
        Spanned::new(value, self.place(tokens))
    }

    /// The text that a value of an attribute stands for: what is in the quotes, or else the tokens, each
    /// of which keeps its own place.
    pub(crate) fn text(&mut self, tokens: TokenStream) -> Spanned<String> {
        let mut words = Vec::new();
        flatten(tokens, &mut words);
        if let [(word, _)] = words.as_mut_slice()
            && let Ok(quoted) = syn::parse_str::<syn::LitStr>(word)
        {
            quoted.value().trim().clone_into(word);
        }
        let start = self.end;
        let mut text = String::new();
        for (word, span) in words {
            if text.ends_with(is_word) && word.starts_with(is_word) {
                text.push(' ');
                self.end += 1;
            }
            self.stretch(word.len(), span);
            text.push_str(&word);
        }
        let span = Span::new(start, self.end);
        // What ends too early is missing something behind its last byte, which is still this text's.
        self.end += 1;
        Spanned::new(text, span)
    }

    /// The first and the last place in Rust that `span` touches.
    pub(crate) fn in_rust(&self, span: Span) -> (proc_macro2::Span, proc_macro2::Span) {
        let at = |offset: usize| {
            let after = self
                .stretches
                .partition_point(|(start, _)| *start <= offset);
            self.stretches
                .get(after.saturating_sub(1))
                .map_or_else(proc_macro2::Span::call_site, |(_, span)| *span)
        };
        let last = span.end.saturating_sub(1).max(span.start);
        (at(span.start), at(last))
    }

    fn stretch(&mut self, len: usize, span: proc_macro2::Span) -> Span {
        let start = self.end;
        self.stretches.push((start, span));
        self.end += len;
        Span::new(start, self.end)
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The tokens as text with their places; a group as what opens it, its contents and what closes it.
fn flatten(tokens: TokenStream, words: &mut Vec<(String, proc_macro2::Span)>) {
    for token in tokens {
        let TokenTree::Group(group) = token else {
            let mut word = token.to_string();
            if word.starts_with(|c: char| c.is_ascii_digit()) {
                // Rust's way of grouping digits is not the schema's.
                word.retain(|c| c != '_');
            }
            words.push((word, token.span()));
            continue;
        };
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => ("{", "}"),
            // Invisible: around what a `macro_rules!` macro has put in.
            Delimiter::None => {
                flatten(group.stream(), words);
                continue;
            }
        };
        words.push((open.to_owned(), group.span_open()));
        flatten(group.stream(), words);
        words.push((close.to_owned(), group.span_close()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tokens: &str, text: &str) -> (Spans, Spanned<String>) {
        let mut spans = Spans::default();
        // Something in front, so that no offset is right by chance.
        spans.place(&quote::quote!(in front));
        let found = spans.text(tokens.parse().unwrap());
        assert_eq!(found.value, text);
        (spans, found)
    }

    #[test]
    fn quotes_do_not_count() {
        check("big", "big");
        check("\"big\"", "big");
        check("\" n * 4 \"", "n * 4");
        check("r#\"0..=100\"#", "0..=100");
    }

    #[test]
    fn tokens_are_text_that_reads_the_same() {
        check("0 ..= 100", "0..=100");
        check("- 5 ..= 5", "-5..=5");
        check("bytes [ n ]", "bytes[n]");
        check("string<u16>", "string<u16>");
        check("not a and (b or c)", "not a and(b or c)");
        check("64KiB", "64KiB");
        check("70_000", "70000");
    }

    #[test]
    fn every_token_keeps_its_place() {
        let (spans, found) = check("first - second", "first-second");
        let column = |start, end| {
            let start = found.span.start + start;
            let (first, last) = spans.in_rust(Span::new(start, found.span.start + end));
            (first.start().column, last.end().column)
        };
        assert_eq!(column(0, 5), (0, 5));
        assert_eq!(column(6, 12), (8, 14));
        assert_eq!(column(0, 12), (0, 14));
        // Behind the end is where something is missing.
        assert_eq!(column(12, 12), (8, 14));
    }

    #[test]
    fn a_place_reaches_from_the_first_to_the_last_token() {
        let mut spans = Spans::default();
        let tokens: TokenStream = "Vec < u8 > ,".parse().unwrap();
        let place = spans.place(&tokens);
        spans.place(&quote::quote!(behind));
        let (first, last) = spans.in_rust(place);
        assert_eq!((first.start().column, last.end().column), (0, 12));
    }
}
