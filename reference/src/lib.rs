//! A TCP server and a client that speak the bundled game protocol, `schemas/game.yaml`.
//!
//! They are what other implementations of the protocol can test against, and an example of how to put
//! generated code to use: every byte on the wire is read and written by [`game`], which `build.rs`
//! generates from the schema, and cut into packets by [`packet_runtime::Reassembler`].
//!
//! | Module | Purpose |
//! |---|---|
//! | [`game`] | the generated codec |
//! | [`server`] | a server for many clients; its rules are state machines that do no IO |
//! | [`client`] | connects, logs in, asks, listens, and connects again; its rules are a state machine that does no IO |
//! | [`conform`] | tests any server against the rules of the protocol |
//! | [`load`] | a load generator |
#![forbid(unsafe_code)]

/// Version of the protocol, as its schema has it: what a client says in Hello and a server in Welcome.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a version that does not fit into Hello fails the test below"
)]
pub const PROTOCOL_VERSION: u16 = game::VERSION as u16;

pub mod client;
pub mod conform;
pub mod load;
pub mod server;

#[allow(
    clippy::doc_markdown,
    reason = "the schema's documentation names packets without backquotes"
)]
pub mod game {
    //! The codec that is generated from `schemas/game.yaml`.
    include!(concat!(env!("OUT_DIR"), "/game.rs"));
}

/// The Rust of the client's guide, as a test of documentation.
#[cfg(doctest)]
#[doc = include_str!("../../docs/client.md")]
pub struct ClientGuide;

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_fits_into_a_hello() {
        assert_eq!(u64::from(super::PROTOCOL_VERSION), super::game::VERSION);
    }
}
