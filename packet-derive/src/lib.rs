//! Packets in Rust without a build script.
#![forbid(unsafe_code)]

mod derive;
mod fallback;
mod input;
mod owned;
mod report;
mod schema;
mod spans;

use proc_macro::TokenStream;

/// Gives a struct the codec.
#[proc_macro_derive(Packet, attributes(packet))]
pub fn derive_packet(input: TokenStream) -> TokenStream {
    derive::expand(input.into()).into()
}

/// Gives a module the codecs of a schema.
#[proc_macro]
pub fn packet_schema(input: TokenStream) -> TokenStream {
    schema::expand(input.into()).into()
}
