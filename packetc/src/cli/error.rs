//! Errors of the tool itself: it could not do its work, whatever the schema says.

use packetc::emit::EmitError;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Error {
    /// A file cannot be read.
    Read {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Standard input cannot be read.
    Stdin(io::Error),
    /// Standard output cannot be written.
    Output(io::Error),
    /// Generated files cannot be written.
    Emit(EmitError),
    /// Arguments or input that make no sense; says what does.
    Usage(String),
    /// Errors that were shown already.
    Shown,
}

impl Error {
    /// The file at `path` cannot be read because of `source`.
    pub(crate) fn read(path: &Path, source: io::Error) -> Self {
        Self::Read {
            path: path.to_owned(),
            source,
        }
    }

    /// Whether nobody reads the output any more.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { path, source } => write!(f, "cannot read {}: {source}", path.display()),
            Self::Stdin(source) => write!(f, "cannot read standard input: {source}"),
            Self::Output(source) => write!(f, "cannot write to standard output: {source}"),
            Self::Emit(error) => error.fmt(f),
            Self::Usage(problem) => f.write_str(problem),
            Self::Shown => Ok(()),
        }
    }
}

impl From<EmitError> for Error {
    fn from(error: EmitError) -> Self {
        Self::Emit(error)
    }
}
