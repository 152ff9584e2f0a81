//! The bundled protocols as generated code, for the tests of this package.
//!
//! The modules are the committed output of `packetc generate`, which CI compares with what the present
//! generator makes; they stay as it made them.
#![forbid(unsafe_code)]

pub mod again;
pub mod codecs;
pub mod frames;
pub mod inputs;
pub mod peers;
pub mod random;
pub mod schemas;
#[macro_use]
mod types;
pub mod values;

/// `schemas/game.yaml`.
// Names of packets are not written for rustdoc.
#[allow(clippy::doc_markdown)]
#[rustfmt::skip]
#[path = "../generated/game.rs"]
pub mod game;

/// `tests/schemas/imports.yaml`.
#[rustfmt::skip]
#[path = "../generated/imports.rs"]
pub mod imports;

/// `schemas/inet.yaml`.
// The words of RFCs, `ICMPv6` among them, are not written for rustdoc.
#[allow(clippy::doc_markdown)]
#[rustfmt::skip]
#[path = "../generated/inet.rs"]
pub mod inet;

/// `schemas/modbus.yaml`.
// Names of products and constants are not written for rustdoc.
#[allow(clippy::doc_markdown)]
#[rustfmt::skip]
#[path = "../generated/modbus.rs"]
pub mod modbus;

/// `schemas/mqtt.yaml`.
// Names of products and constants are not written for rustdoc.
#[allow(clippy::doc_markdown)]
#[rustfmt::skip]
#[path = "../generated/mqtt.rs"]
pub mod mqtt;

/// `schemas/postgres.yaml`.
// Names of products and constants are not written for rustdoc.
#[allow(clippy::doc_markdown)]
#[rustfmt::skip]
#[path = "../generated/postgres.rs"]
pub mod postgres;

/// `schemas/mavlink.yaml`.
// Names of products and constants are not written for rustdoc.
#[allow(clippy::doc_markdown)]
#[rustfmt::skip]
#[path = "../generated/mavlink.rs"]
pub mod mavlink;

/// `schemas/mmo.yaml`.
#[rustfmt::skip]
#[path = "../generated/mmo.rs"]
pub mod mmo;

/// `schemas/quickstart.yaml`.
#[rustfmt::skip]
#[path = "../generated/quickstart.rs"]
pub mod quickstart;

/// `tests/schemas/arrays.yaml`.
#[rustfmt::skip]
#[path = "../generated/arrays.rs"]
pub mod arrays;

/// `tests/schemas/runs.yaml`.
#[rustfmt::skip]
#[path = "../generated/runs.rs"]
pub mod runs;

/// `tests/schemas/policies.yaml`.
#[rustfmt::skip]
#[path = "../generated/policies.rs"]
pub mod policies;

/// `tests/schemas/oddities.yaml`.
// Some of its descriptions try to be anything but text.
#[allow(clippy::doc_markdown, rustdoc::all)]
#[rustfmt::skip]
#[path = "../generated/oddities.rs"]
pub mod oddities;

/// `tests/schemas/numbers.yaml`.
#[rustfmt::skip]
#[path = "../generated/numbers.rs"]
pub mod numbers;

/// `tests/schemas/texts.yaml`.
#[rustfmt::skip]
#[path = "../generated/texts.rs"]
pub mod texts;

/// `tests/schemas/metadata.yaml`.
#[rustfmt::skip]
#[path = "../generated/metadata.rs"]
pub mod metadata;
/// `tests/schemas/checksums.yaml`.
#[rustfmt::skip]
#[path = "../generated/checksums.rs"]
pub mod checksums;

/// `tests/schemas/summed.yaml`.
#[rustfmt::skip]
#[path = "../generated/summed.rs"]
pub mod summed;

/// `tests/schemas/bulk.yaml`.
#[rustfmt::skip]
#[path = "../generated/bulk.rs"]
pub mod bulk;

/// `tests/schemas/session.yaml`.
#[rustfmt::skip]
#[path = "../generated/session.rs"]
pub mod session;

/// `tests/schemas/framing.yaml`.
#[rustfmt::skip]
#[path = "../generated/framing.rs"]
pub mod framing;

/// `tests/schemas/framing_modes.yaml`.
#[rustfmt::skip]
#[path = "../generated/framing_modes.rs"]
pub mod framing_modes;

/// `tests/schemas/framing_varying.yaml`.
#[rustfmt::skip]
#[path = "../generated/framing_varying.rs"]
pub mod framing_varying;

/// Protocols with all that can be asked for besides.
#[path = "../generated/extras"]
pub mod extras {
    /// `schemas/game.yaml`.
    // Names of packets are not written for rustdoc.
    #[allow(clippy::doc_markdown)]
    #[rustfmt::skip]
    pub mod game;
}

/// The README's Rust, as tests of documentation.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The guide's Rust, likewise.
#[cfg(doctest)]
#[doc = include_str!("../../docs/rust.md")]
pub struct RustGuide;
