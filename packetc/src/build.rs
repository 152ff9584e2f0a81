//! Generates code from a build script.

use crate::backend::{OutputFile, rust};
use crate::emit;
use crate::load;
use crate::render::plain;
use packet_schema::diagnostic::did_you_mean;
use packet_schema::layout::Layout;
use std::env;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Compiles schemas to Rust from `build.rs`.
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), packetc::BuildError> {
///     packetc::Build::new()
///         .schemas_in("schemas")
///         .derive("PartialOrd")
///         .compile()
/// }
/// ```
///
/// The generated files are named after the protocols. One more, `packets.rs`, has a module for each of them, so that a
/// crate takes all of them in with one line:
///
/// ```ignore
/// include!(concat!(env!("OUT_DIR"), "/packets.rs"));
/// ```
///
/// Nothing is written elsewhere than in the folder that Cargo gives in `OUT_DIR`, unless [`Build::out_dir`] says so, and
/// files that are right already are not touched.
#[derive(Clone, Debug, Default)]
pub struct Build {
    sources: Vec<Source>,
    root: Option<PathBuf>,
    out_dir: Option<PathBuf>,
    /// Names of modules that are not to be called as their protocols.
    modules: Vec<(String, String)>,
    options: rust::Options,
    /// What is wrong with options, kept until there is somebody to be told.
    mistakes: Vec<String>,
}

/// Where schemas come from.
#[derive(Clone, Debug)]
enum Source {
    File(PathBuf),
    Folder(PathBuf),
}

/// The file that has all modules.
const ALL_MODULES: &str = "packets";

impl Build {
    /// Nothing to compile yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a schema; a relative path starts at the crate's folder, as build scripts run there.
    #[must_use]
    pub fn schema(mut self, path: impl Into<PathBuf>) -> Self {
        self.sources.push(Source::File(path.into()));
        self
    }

    /// Adds every schema, `*.yaml`, that lies in a folder, but not those in folders of it. A new one starts another
    /// build.
    #[must_use]
    pub fn schemas_in(mut self, dir: impl Into<PathBuf>) -> Self {
        self.sources.push(Source::Folder(dir.into()));
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

    /// Calls the module of a protocol, and its file, by another name.
    #[must_use]
    pub fn module(mut self, protocol: impl Into<String>, name: impl Into<String>) -> Self {
        self.modules.push((protocol.into(), name.into()));
        self
    }

    /// Whether there are owned forms that need `Vec` and `String`, as there are if nothing is said. Without them
    /// packets are written from borrowed forms, and the code needs no allocator: neither does `packet-runtime`
    /// need its feature `alloc`.
    #[must_use]
    pub fn alloc(mut self, alloc: bool) -> Self {
        self.options.alloc = alloc;
        self
    }

    /// Lets all types that own their data derive these traits besides those that they derive anyway: `"Hash"`,
    /// `"PartialOrd, my_crate::Trait"`.
    ///
    /// These are structs, the enums of their variants, enums, flags and the enums of all packets; views are not.
    #[must_use]
    pub fn derive(mut self, traits: &str) -> Self {
        let result = self.options.attributes.derive(traits);
        self.note(result)
    }

    /// Puts attributes in front of a type that owns its data, as in `.type_attribute("game.Chat", "#[derive(Hash)]")`.
    ///
    /// The path is the type's name in the schema, with the protocol in front or without; of a variant
    /// `"Chat.body"`; `"."` for all types.
    #[must_use]
    pub fn type_attribute(mut self, path: &str, attributes: &str) -> Self {
        let result = self.options.attributes.on_type(path, attributes);
        self.note(result)
    }

    /// Puts attributes in front of a field of an owned struct, a value of an enum, a flag, or a case of a variant:
    /// `"game.Chat.text"`, `"ErrorCode.ok"`, `"Chat.body.Ipv4"`, or `"."` for all of them.
    #[must_use]
    pub fn field_attribute(mut self, path: &str, attributes: &str) -> Self {
        let result = self.options.attributes.on_member(path, attributes);
        self.note(result)
    }

    fn note(mut self, result: Result<(), rust::AttributeError>) -> Self {
        self.mistakes
            .extend(result.err().map(|error| format!("{error}\n")));
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

    /// Compiles all schemas, writes what changed, and tells Cargo what to watch: the schemas, everything that they
    /// import, and folders of schemas. Warnings become warnings of Cargo.
    ///
    /// # Errors
    /// When a schema cannot be read or has problems, two of them would be the same module, an option is wrong or is for
    /// a type that no schema has, or a file cannot be written. All problems of all schemas are in the one error; nothing
    /// is written then.
    pub fn compile(&self) -> Result<(), BuildError> {
        let dir = self.output_folder()?;
        let mut problems = self.mistakes.clone();
        let mut compiled = Vec::new();
        for path in self.schemas(&mut problems)? {
            match self.load(&path)? {
                Ok(layout) => compiled.push((path, layout)),
                Err(problem) => problems.push(problem),
            }
        }
        // What is missing may be in a schema that has problems.
        if problems.is_empty() {
            problems = self.unmatched(&compiled);
        }
        let modules = self.named(&compiled, &mut problems)?;
        if !problems.is_empty() {
            return Err(BuildError(problems.join("\n")));
        }
        let mut files: Vec<OutputFile> = Vec::new();
        for (options, (_, layout)) in modules.iter().zip(&compiled) {
            files.extend(rust::generate(layout, options));
        }
        let layouts = compiled.iter().map(|(_, layout)| layout);
        let layouts: Vec<_> = layouts.zip(&modules).collect();
        files.push(OutputFile {
            path: format!("{ALL_MODULES}.rs"),
            contents: rust::modules(&layouts),
        });
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

    /// The paths of all schemas. They and their folders are watched even when they are missing or broken: the fix must
    /// start another build.
    fn schemas(&self, problems: &mut Vec<String>) -> Result<Vec<PathBuf>, BuildError> {
        let mut paths: Vec<PathBuf> = Vec::new();
        for source in &self.sources {
            let found = match source {
                Source::File(path) => vec![path.clone()],
                Source::Folder(dir) => {
                    watch(dir)?;
                    match schemas_of(dir) {
                        Ok(found) if found.is_empty() => {
                            problems.push(format!("no schema, *.yaml, is in {}\n", dir.display()));
                            found
                        }
                        Ok(found) => found,
                        Err(error) => {
                            let dir = dir.display();
                            problems.push(format!("cannot read the folder {dir}: {error}\n"));
                            Vec::new()
                        }
                    }
                }
            };
            for path in found {
                watch(&path)?;
                // A schema that is given and lies in a given folder is meant once.
                if !paths.contains(&path) {
                    paths.push(path);
                }
            }
        }
        Ok(paths)
    }

    /// The layout of a schema, or its problems as text.
    fn load(&self, path: &Path) -> Result<Result<Layout, String>, BuildError> {
        let loaded = match load::compile(path, self.root.as_deref()) {
            Ok(loaded) => loaded,
            Err(error) => {
                let path = path.display();
                return Ok(Err(format!("cannot read the schema {path}: {error}\n")));
            }
        };
        for import in loaded.files.iter().skip(1) {
            watch(import)?;
        }
        let compiled = match loaded.compiled {
            Ok(compiled) => compiled,
            Err(problems) => {
                let problems: Vec<String> = problems
                    .iter()
                    .map(|problem| plain::diagnostic(&loaded.sources, problem))
                    .collect();
                return Ok(Err(problems.join("\n")));
            }
        };
        for warning in &compiled.warnings {
            let line = plain::line(&loaded.sources, warning);
            tell_cargo(&format!("warning={line}"))?;
        }
        Ok(Ok(compiled.layout))
    }

    /// Options that are for nothing.
    fn unmatched(&self, compiled: &[(PathBuf, Layout)]) -> Vec<String> {
        let layouts: Vec<&Layout> = compiled.iter().map(|(_, layout)| layout).collect();
        let mut problems = Vec::new();
        for (protocol, _) in &self.modules {
            let mut protocols = layouts.iter().map(|layout| layout.protocol.as_str());
            if !protocols.clone().any(|known| known == protocol) {
                let help = did_you_mean(protocol, &mut protocols);
                let help = help.map(|help| format!("; {help}")).unwrap_or_default();
                problems.push(format!("there is no protocol `{protocol}`{help}\n"));
            }
        }
        let unmatched = self.options.attributes.unmatched(&layouts);
        problems.extend(unmatched.iter().map(|problem| format!("{problem}\n")));
        problems
    }

    /// The options for each of the schemas, with the name of its module, which is no other's.
    fn named(
        &self,
        compiled: &[(PathBuf, Layout)],
        problems: &mut Vec<String>,
    ) -> Result<Vec<rust::Options>, BuildError> {
        let mut named: Vec<rust::Options> = Vec::new();
        for (path, layout) in compiled {
            let protocol = &layout.protocol;
            let given = self.modules.iter().rev().find(|(of, _)| of == protocol);
            let mut options = self.options.clone();
            options.module = given.map(|(_, name)| name.clone());
            let module = rust::module(layout, &options);
            let path = path.display();
            if let (None, Some(rename)) = (given, rust::renamed_module(layout)) {
                let help = format!("say so with .module(\"{protocol}\", \"{module}\")");
                tell_cargo(&format!("warning={path}: {rename}; {help}"))?;
            }
            if given.is_some() && !rust::is_module(&module) {
                problems.push(format!(
                    "`{module}` cannot be the module of the protocol `{protocol}`: it is a keyword, or no name in small letters\n"
                ));
            } else if module == ALL_MODULES {
                problems.push(format!(
                    "{path}: `{module}` is the file of all modules; call that of the protocol something else with \
                     .module(\"{protocol}\", \"NAME\")\n"
                ));
            }
            let mut before = compiled.iter().zip(&named);
            let same =
                before.find(|((_, layout), options)| rust::module(layout, options) == module);
            if let Some(((other, other_layout), _)) = same {
                let what = if other_layout.protocol == *protocol {
                    format!("both are of a protocol `{protocol}`")
                } else {
                    format!("both would be the module `{module}`")
                };
                problems.push(format!(
                    "{} and {path}: {what}; give one of them another name, or compile them into different folders\n",
                    other.display()
                ));
            }
            named.push(options);
        }
        Ok(named)
    }
}

/// The schemas that lie in a folder, by name.
fn schemas_of(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Makes Cargo run the build script again when a file changes, or anything in a folder.
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
