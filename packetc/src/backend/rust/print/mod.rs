//! Tokens as text that looks as if somebody had written it, in one pass and without a syntax tree.
//!
//! In: the tokens of items. Out: their text, indented by four, with lines of at most a hundred columns where
//! tokens allow it, documentation as `///`, and without the parentheses that pieces of expressions put around
//! themselves because they do not know what they become an operand of. The tokens stay what they are, but for
//! those parentheses and commas in front of a closing delimiter.
//!
//! | Module | Does |
//! |---|---|
//! | `flat` | puts all tokens on one endless line, and marks what they are |
//! | `level` | knows what the tokens of a group so far say about the next one |
//! | `parentheses` | takes needless parentheses away |
//! | `lines` | breaks that line where it is too long or where Rust is written in lines |
//!
//! Which of two things a token is, such as `<` in a comparison or around a type's parameters, is told from
//! the tokens before it. Where that goes wrong, spaces and line ends are in other places, and no token is
//! lost, added or joined to another.

mod flat;
mod level;
mod lines;
mod parentheses;

use flat::Flat;
pub(super) use flat::is_misleading;
use lines::Lines;
use proc_macro2::TokenStream;

/// Prints items one after the other.
#[derive(Default)]
pub(super) struct Printer {
    flat: Flat,
}

impl Printer {
    /// Appends items to `text`, a blank line in front of each but the first of a file.
    pub(super) fn items(&mut self, tokens: TokenStream, text: &mut String) {
        self.flat.fill(tokens);
        Lines::new(&self.flat, text).items();
    }
}

#[cfg(test)]
pub(super) fn items(tokens: TokenStream, text: &mut String) {
    Printer::default().items(tokens, text);
}

#[cfg(test)]
mod tests;
