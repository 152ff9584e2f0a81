//! Compiles packet protocol schemas: diagnostics and layouts for people, codecs for programs.
//!
//! ```text
//! schema --packet_schema::compile--> layout --backend--> files --emit--> disk
//!                                       \--render--> text
//! ```
//!
//! ```
//! use packetc::backend::rust;
//!
//! let schema = "
//! protocol: example
//! packets:
//!   Point: { fields: [x: u16, y: u16] }
//! ";
//! let layout = packet_schema::compile(schema).unwrap().layout;
//! let files = rust::generate(&layout, &rust::Options::default());
//! assert_eq!(files[0].path, "example.rs");
//! assert!(files[0].contents.contains("pub struct PointView<'a>"));
//! ```
//!
//! | Module | Purpose |
//! |---|---|
//! | [`backend`] | layouts into source code |
//! | [`load`] | schemas from disk, with what they import |
//! | [`mod@emit`] | source code into files, or what would change |
//! | `explain` | what each diagnostic means; with the feature `cli` |
//! | [`render`] | diagnostics, layouts, packets and dumps as text |
//!
//! [`Build`] does all of it from a build script. The feature `cli`, on by default, adds the `packetc`
//! program; build scripts turn it off and compile none of its dependencies:
//!
//! ```toml
//! [build-dependencies]
//! packetc = { path = "../packetc", default-features = false }
//! ```
#![forbid(unsafe_code)]

pub mod backend;
mod build;
pub mod emit;
#[cfg(feature = "cli")]
pub mod explain;
mod framing;
pub mod load;
pub mod render;

pub use build::{Build, BuildError};
pub use framing::LayoutFraming;
