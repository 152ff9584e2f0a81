//! `packetc check`

use super::{Error, Outcome, explain, schema, terminal};
use clap::{Args, ValueEnum};
use packet_schema::diagnostic::{Diagnostic, Severity, Span};
use packet_schema::vectors;
use packetc::render::{diagnostics, sarif};
use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Check schemas, and run their test vectors
///
/// Shows all problems of all files: what is wrong, where, and what to do. A schema's test vectors are
/// decoded, compared and encoded again. Imported schemas are looked at as far as they are imported; their test
/// vectors are run when they are named themselves.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  packetc check schemas/*.yaml
  packetc check --root schemas schemas/games/chess.yaml
  packetc check --format github schemas/game.yaml")]
pub(super) struct Arguments {
    /// Schemas to check
    #[arg(required = true, value_name = "SCHEMA")]
    schemas: Vec<PathBuf>,
    #[command(flatten)]
    root: schema::Root,
    /// How to show problems
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// With the lines of the schema that they are about
    #[default]
    Human,
    /// One JSON object a line
    Json,
    /// Annotations for GitHub's workflows
    Github,
    /// One SARIF 2.1.0 document, for services that collect findings
    Sarif,
}

pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> Result<Outcome, Error> {
    let mut tally = Tally::default();
    let mut shown = HashSet::new();
    let mut log = sarif::Log::default();
    for path in &arguments.schemas {
        match check(path, arguments, &mut shown, &mut tally, &mut log, out) {
            // The other files have their problems as well.
            Err(error @ Error::Read { .. }) => {
                terminal::complain(&error);
                tally.unreadable += 1;
            }
            result => result?,
        }
    }
    if let Format::Sarif = arguments.format {
        let shown = log.finish(tally.unreadable == 0);
        writeln!(out, "{shown}").map_err(Error::Output)?;
    }
    out.flush().map_err(Error::Output)?;
    terminal::say(&tally.summary());
    if tally.unreadable > 0 {
        return Err(Error::Shown);
    }
    Ok(Outcome::problems_if(tally.errors > 0))
}

/// What tells a problem from others: the file, the place in it, and the code.
type Known = (PathBuf, Span, &'static str);

/// Shows what is wrong with a schema, other than what was shown with another one that has to do with the same
/// file.
fn check(
    path: &Path,
    arguments: &Arguments,
    shown: &mut HashSet<Known>,
    tally: &mut Tally,
    log: &mut sarif::Log,
    out: &mut impl Write,
) -> Result<(), Error> {
    let loaded = schema::read(path, &arguments.root)?;
    let mut problems = match loaded.compiled {
        Ok(compiled) => {
            tally.vectors += compiled
                .layout
                .packets
                .iter()
                .map(|packet| packet.vectors.len())
                .sum::<usize>();
            let mut problems = compiled.warnings;
            problems.extend(vectors::check(&compiled.layout));
            problems
        }
        Err(problems) => problems,
    };
    let sources = &loaded.sources;
    if arguments.schemas.len() > 1 {
        let earlier = shown.clone();
        problems.retain(|problem| {
            let Some(file) = sources.file_of(problem.primary.span) else {
                return true;
            };
            let path = fs::canonicalize(file.name()).unwrap_or_else(|_| file.name().into());
            let known = (path, file.local(problem.primary.span), problem.code);
            let again = earlier.contains(&known);
            shown.insert(known);
            !again
        });
    }
    tally.add(&problems);
    if matches!(arguments.format, Format::Human) {
        explain::note(&problems);
    }
    for problem in &problems {
        let shown = match arguments.format {
            Format::Human => diagnostics::human(sources, problem, terminal::stdout_style()),
            Format::Json => diagnostics::json(sources, problem),
            Format::Github => diagnostics::github(sources, problem),
            Format::Sarif => {
                log.add(sources, problem);
                continue;
            }
        };
        writeln!(out, "{shown}").map_err(Error::Output)?;
    }
    Ok(())
}

/// What was found in all files.
#[derive(Default)]
struct Tally {
    schemas: usize,
    vectors: usize,
    unreadable: usize,
    errors: usize,
    warnings: usize,
}

impl Tally {
    fn add(&mut self, problems: &[Diagnostic]) {
        let errors = problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .count();
        self.schemas += 1;
        self.errors += errors;
        self.warnings += problems.len() - errors;
    }

    fn summary(&self) -> String {
        let found = match (self.errors, self.warnings) {
            (0, 0) => "no problems".to_owned(),
            (errors, 0) => count(errors, "error"),
            (0, warnings) => count(warnings, "warning"),
            (errors, warnings) => {
                format!("{}, {}", count(errors, "error"), count(warnings, "warning"))
            }
        };
        let checked = format!(
            "{} with {} checked: {found}",
            count(self.schemas, "schema"),
            count(self.vectors, "test vector")
        );
        match (self.unreadable, self.schemas) {
            (0, _) => format!("{checked}\n"),
            (_, 0) => "no schema was checked\n".to_owned(),
            (unread, _) => format!("{checked}; {} could not be read\n", count(unread, "file")),
        }
    }
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_counts() {
        let tally = Tally {
            unreadable: 0,
            schemas: 2,
            vectors: 1,
            errors: 1,
            warnings: 3,
        };
        assert_eq!(
            tally.summary(),
            "2 schemas with 1 test vector checked: 1 error, 3 warnings\n"
        );
    }
}
