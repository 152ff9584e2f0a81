//! Turns layouts into source code of a language. Backends see layouts, never YAML, and write no files.

pub mod rust;

use std::fmt;

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Path relative to the output folder, with `/` between its parts.
    pub path: String,
    /// The whole text.
    pub contents: String,
}

/// A name of a schema that cannot be the same in generated code, apart from its casing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// What is called so, such as `field` or `getter of field`.
    pub what: &'static str,
    /// The type, packet or field that it belongs to, if it belongs to one.
    pub owner: Option<String>,
    /// Its name in the schema.
    pub name: String,
    /// Its name in generated code.
    pub generated: String,
    /// Why.
    pub reason: Reason,
}

/// Why a name is another one in generated code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The language has a keyword of this name.
    Keyword,
    /// Generated code has something else of this name, or uses it.
    Reserved,
    /// Something else in the schema has this name once casing is applied.
    Clash,
    /// A file of this name is not the module of this name.
    File,
}

/// One line without its end: ``field `type` of `Packet` is `type_` (a keyword)``.
impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.what, self.name)?;
        if let Some(owner) = &self.owner {
            write!(f, " of `{owner}`")?;
        }
        let reason = match self.reason {
            Reason::Keyword => "a keyword",
            Reason::Reserved => "generated code has one of this name itself",
            Reason::Clash => "something else has this name",
            Reason::File => "a file of that name is something else",
        };
        write!(f, " is `{}` ({reason})", self.generated)
    }
}
