//! Turns layouts into source code of a language. Backends see layouts, never YAML, and write no files.

pub mod rust;

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Path relative to the output folder, with `/` between its parts.
    pub path: String,
    /// The whole text.
    pub contents: String,
}
