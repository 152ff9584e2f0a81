//! Reads and compiles the schema that a command works with.

use super::{Error, explain, terminal};
use clap::Args;
use packet_schema::diagnostic::{Diagnostic, did_you_mean};
use packet_schema::layout::{Layout, StructId};
use packet_schema::source::SourceMap;
use packetc::load::{self, Loaded};
use packetc::render::diagnostics;
use std::path::{Path, PathBuf};

/// Where a schema's imports lie.
#[derive(Args, Clone, Debug)]
pub(super) struct Root {
    /// Folder from which schemas import others, and which they cannot leave; that of the schema if missing
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

/// A schema's layout; `None` if it has errors. Problems are shown on standard error, since the
/// command's own output is something else.
pub(super) fn load(path: &Path, root: &Root) -> Result<Option<Layout>, Error> {
    let loaded = read(path, root)?;
    match loaded.compiled {
        Ok(compiled) => {
            show(&loaded.sources, &compiled.warnings);
            Ok(Some(compiled.layout))
        }
        Err(problems) => {
            show(&loaded.sources, &problems);
            Ok(None)
        }
    }
}

/// A schema, right or wrong.
pub(super) fn read(path: &Path, root: &Root) -> Result<Loaded, Error> {
    load::compile(path, root.root.as_deref()).map_err(|error| Error::read(path, error))
}

fn show(sources: &SourceMap, problems: &[Diagnostic]) {
    explain::note(problems);
    for problem in problems {
        terminal::say(&diagnostics::human(
            sources,
            problem,
            terminal::stderr_style(),
        ));
        terminal::say("\n");
    }
}

/// The packet or struct called `name`.
pub(super) fn struct_named(layout: &Layout, name: &str) -> Result<StructId, Error> {
    layout.struct_named(name).ok_or_else(|| {
        let names = layout.structs.iter().map(|found| found.name.as_str());
        unknown_name(layout, "packet or struct", name, names)
    })
}

/// There is no `name` in the protocol; says which one may be meant, or else which ones there are.
pub(super) fn unknown_name<'a>(
    layout: &Layout,
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Error {
    let help = did_you_mean(name, known.clone())
        .unwrap_or_else(|| format!("there are: {}", known.collect::<Vec<_>>().join(", ")));
    Error::Usage(format!(
        "protocol {} has no {what} `{name}`; {help}",
        layout.protocol
    ))
}
