//! The commands of the `packetc` program: arguments in, text and an [`Outcome`] out.
//!
//! Data goes to standard output and everything else to standard error. What a command computes is in
//! the libraries; here are only files, streams and their errors.

mod check;
mod decode;
mod encode;
mod error;
mod explain;
mod fingerprint;
mod generate;
mod input;
mod json;
mod language;
mod layout;
mod schema;
pub(crate) mod terminal;

pub(crate) use error::Error;

use clap::{Parser, Subcommand};
use std::io::{self, BufWriter, Write};

/// Compiles packet protocol schemas.
///
/// A schema describes a wire protocol once: packets, fields, bit layouts, framing. packetc checks it,
/// draws it, generates codecs from it, and reads and writes packets without any generated code.
#[derive(Debug, Parser)]
#[command(version, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 all is well; 1 the schema has problems, the packet cannot be decoded or encoded, or \
generated files are out of date; 2 wrong usage, or a file cannot be read or written.";

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Arguments),
    Explain(explain::Arguments),
    Generate(generate::Arguments),
    Layout(layout::Arguments),
    Fingerprint(fingerprint::Arguments),
    Decode(decode::Arguments),
    Encode(encode::Arguments),
    #[command(name = "schema")]
    Language(language::Arguments),
}

/// How a command ended that could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Clean,
    /// The user's schema, packet or files have problems, which were shown.
    Problems,
}

impl Outcome {
    fn problems_if(problems: bool) -> Self {
        if problems {
            Self::Problems
        } else {
            Self::Clean
        }
    }

    /// The worse of the two.
    fn and(self, other: Self) -> Self {
        Self::problems_if(self == Self::Problems || other == Self::Problems)
    }
}

/// Runs a command.
pub(crate) fn run(cli: &Cli) -> Result<Outcome, Error> {
    let mut out = BufWriter::new(io::stdout().lock());
    let outcome = match &cli.command {
        Command::Check(arguments) => check::run(arguments, &mut out),
        Command::Explain(arguments) => explain::run(arguments, &mut out),
        Command::Generate(arguments) => generate::run(arguments, &mut out),
        Command::Layout(arguments) => layout::run(arguments, &mut out),
        Command::Fingerprint(arguments) => fingerprint::run(arguments, &mut out),
        Command::Decode(arguments) => decode::run(arguments, &mut out),
        Command::Encode(arguments) => encode::run(arguments, &mut out),
        Command::Language(arguments) => language::run(arguments, &mut out),
    };
    // What was written before an error is still wanted.
    let flushed = out.flush();
    explain::tell();
    let outcome = outcome?;
    flushed.map_err(Error::Output)?;
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
