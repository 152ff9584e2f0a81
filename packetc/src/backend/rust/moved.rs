//! Tokens that go into others without a copy.

use proc_macro2::TokenStream;
use quote::ToTokens;
use std::cell::RefCell;

/// Tokens that are interpolated once: `quote!` copies what it is given, and the body of a function is long.
pub(super) struct Moved(RefCell<TokenStream>);

/// `tokens`, to be interpolated once; a second time there would be nothing.
pub(super) fn moved(tokens: TokenStream) -> Moved {
    Moved(RefCell::new(tokens))
}

impl ToTokens for Moved {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(std::iter::once(self.0.take()));
    }
}
