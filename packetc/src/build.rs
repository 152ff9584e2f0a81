//! Generates code from a build script.

use crate::backend::{self, OutputFile};
use crate::emit;
use crate::load;
use crate::render::plain;
use std::env;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Compiles schemas to Rust from `build.rs`.
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), packetc::BuildError> {
///     packetc::Build::new().schema("schemas/game.yaml").compile()
/// }
/// ```
///
/// The generated file is named after the protocol; a crate takes it in with
/// `include!(concat!(env!("OUT_DIR"), "/game.rs"))`.
#[derive(Clone, Debug, Default)]
pub struct Build {
    schemas: Vec<PathBuf>,
    root: Option<PathBuf>,
    out_dir: Option<PathBuf>,
    options: backend::rust::Options,
}

impl Build {
    /// Nothing to compile yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a schema; a relative path starts at the crate's folder, as build scripts run there.
    #[must_use]
    pub fn schema(mut self, path: impl Into<PathBuf>) -> Self {
        self.schemas.push(path.into());
        self
    }

    /// The folder from which schemas import others, if it is not that of the schema itself.
    #[must_use]
    pub fn root(mut self, dir: impl Into<PathBuf>) -> Self {
        self.root = Some(dir.into());
        self
    }

    /// Writes to this folder instead of the one that Cargo gives in `OUT_DIR`.
    #[must_use]
    pub fn out_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(dir.into());
        self
    }

    /// Whether the generated types have `serde`'s `Serialize` and `Deserialize`, in the manner of `packetc decode` and
    /// `packetc encode`. The crate then needs `packet-runtime` with the feature `serde`.
    #[must_use]
    pub fn serde(mut self, wanted: bool) -> Self {
        self.options.serde = wanted;
        self
    }

    /// Whether the generated types have `proptest`'s `Arbitrary`, which gives packets that can be encoded. The crate
    /// then needs `packet-runtime` with the feature `proptest`; one that wants that in its tests alone can have a feature
    /// of its own for it:
    ///
    /// ```no_run
    /// // build.rs
    /// # fn main() -> Result<(), packetc::BuildError> {
    /// let wanted = std::env::var_os("CARGO_FEATURE_PROPTEST").is_some();
    /// packetc::Build::new().schema("schemas/game.yaml").proptest(wanted).compile()
    /// # }
    /// ```
    #[must_use]
    pub fn proptest(mut self, wanted: bool) -> Self {
        self.options.proptest = wanted;
        self
    }

    /// Compiles all schemas, writes what changed, and tells Cargo which files to watch: the schemas and
    /// everything that they import. Warnings become warnings of Cargo.
    ///
    /// # Errors
    /// When a schema cannot be read or has problems, or a file cannot be written. All problems of
    /// all schemas are in the one error; nothing is written then.
    pub fn compile(&self) -> Result<(), BuildError> {
        let dir = self.output_folder()?;
        let mut files = Vec::new();
        let mut problems = Vec::new();
        for path in &self.schemas {
            // Watched even when it is missing or broken: the fix must start another build.
            watch(path)?;
            match self.generate(path) {
                Ok(generated) => files.extend(generated),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(BuildError(problems.join("\n")));
        }
        emit::emit(&files, &dir).map_err(|error| BuildError(error.to_string()))?;
        Ok(())
    }

    fn output_folder(&self) -> Result<PathBuf, BuildError> {
        let given = self.out_dir.clone();
        given
            .or_else(|| env::var_os("OUT_DIR").map(PathBuf::from))
            .ok_or_else(|| {
                let problem = "Cargo sets OUT_DIR only for build scripts; call out_dir elsewhere";
                BuildError(problem.to_owned())
            })
    }

    fn generate(&self, path: &Path) -> Result<Vec<OutputFile>, String> {
        let loaded = load::compile(path, self.root.as_deref())
            .map_err(|error| format!("cannot read the schema {}: {error}\n", path.display()))?;
        for import in loaded.files.iter().skip(1) {
            watch(import).map_err(|error| error.0)?;
        }
        let compiled = loaded.compiled.map_err(|problems| {
            let problems: Vec<String> = problems
                .iter()
                .map(|problem| plain::diagnostic(&loaded.sources, problem))
                .collect();
            problems.join("\n")
        })?;
        for warning in &compiled.warnings {
            let line = plain::line(&loaded.sources, warning);
            tell_cargo(&format!("warning={line}")).map_err(|error| error.0)?;
        }
        Ok(backend::rust::generate(&compiled.layout, &self.options))
    }
}

/// Makes Cargo run the build script again when a file changes.
fn watch(path: &Path) -> Result<(), BuildError> {
    tell_cargo(&format!("rerun-if-changed={}", path.display()))
}

/// Writes one instruction for Cargo, which reads the standard output of build scripts.
fn tell_cargo(instruction: &str) -> Result<(), BuildError> {
    // What stems from a schema must not begin an instruction of its own.
    let instruction = instruction.replace(['\n', '\r'], " ");
    writeln!(io::stdout(), "cargo::{instruction}")
        .map_err(|error| BuildError(format!("cannot write to Cargo: {error}")))
}

/// Why a build script could not generate code: text for the user, with places and help.
pub struct BuildError(String);

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.trim_end())
    }
}

/// As [`fmt::Display`]: a `main` that returns the error shows it this way.
impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for BuildError {}
