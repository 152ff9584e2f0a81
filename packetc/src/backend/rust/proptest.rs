//! x
use super::{Body, Emitter};
use proc_macro2::TokenStream;
pub(super) fn all(_: &Emitter<'_>) -> TokenStream {
    TokenStream::new()
}
pub(super) fn structure(_: &Body<'_>) -> TokenStream {
    TokenStream::new()
}
