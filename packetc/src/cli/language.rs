//! `packetc schema`

use super::{Error, Outcome};
use clap::Args;
use packetc::render::json_schema;
use std::io::Write;

/// Print a JSON Schema of the schema language, for editors
///
/// An editor with a YAML language server completes keys, explains them and marks mistakes of form. What only
/// `packetc check` can see, such as a name that is not defined, it does not mark.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  packetc schema > packetc.schema.json

The first line of a schema tells the language server where the file is:
  # yaml-language-server: $schema=packetc.schema.json")]
pub(super) struct Arguments {}

pub(super) fn run(_arguments: &Arguments, out: &mut impl Write) -> Result<Outcome, Error> {
    writeln!(out, "{:#}", json_schema::document()).map_err(Error::Output)?;
    Ok(Outcome::Clean)
}
