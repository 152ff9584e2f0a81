//! Compiles packet protocol schemas: diagnostics and layouts for people, codecs for programs.
//!
//! ```text
//! schema --packet_schema::compile--> layout --backend--> files --emit--> disk
//!                                       \--render--> text
//! ```
//!
//! [`Build`] does all of it from a build script. The feature `cli`, on by default, adds the `packetc`
//! program; build scripts turn it off and compile none of its dependencies:
//!
//! ```toml
//! [build-dependencies]
//! packetc = { version = "0.1", default-features = false }
//! ```
#![forbid(unsafe_code)]

pub mod backend;
mod build;
pub mod emit;
pub mod render;

pub use build::{Build, BuildError};
