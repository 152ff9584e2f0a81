//! Reads and compiles the schema that a command works with.

use super::{Error, explain, terminal};
use packet_schema::diagnostic::{Diagnostic, did_you_mean};
use packet_schema::layout::{Layout, StructId};
use packetc::render::{Source, diagnostics};
use std::fs;
use std::path::Path;

/// A schema's layout; `None` if it has errors. Problems are shown on standard error, since the
/// command's own output is something else.
pub(super) fn load(path: &Path) -> Result<Option<Layout>, Error> {
    let text = read(path)?;
    let shown = path.display().to_string();
    let source = Source::new(&shown, &text);
    match packet_schema::compile(&text) {
        Ok(compiled) => {
            show(source, &compiled.warnings);
            Ok(Some(compiled.layout))
        }
        Err(problems) => {
            show(source, &problems);
            Ok(None)
        }
    }
}

/// A schema's text.
pub(super) fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|error| Error::read(path, error))
}

fn show(source: Source<'_>, problems: &[Diagnostic]) {
    explain::note(problems);
    for problem in problems {
        terminal::say(&diagnostics::human(
            source,
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
