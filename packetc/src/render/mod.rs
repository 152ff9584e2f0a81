//! Everything as text for people and machines: diagnostics, layouts, packets.
//!
//! Renderers return text and know neither files nor terminals; who prints it is decided elsewhere.

#[cfg(feature = "cli")]
pub mod diagnostics;
pub mod hex;
#[cfg(feature = "cli")]
pub mod json_schema;
pub mod layout;
pub mod plain;
#[cfg(feature = "cli")]
pub mod sarif;
mod source;
mod table;
pub(crate) mod types;
pub mod value;

pub use source::{Position, Source, Sources};

/// How a report looks on a terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Text only.
    #[default]
    Plain,
    /// With ANSI colours.
    Colour,
}
