//! `packetc fingerprint`

use super::{Error, Outcome, schema, terminal};
use clap::Args;
use packet_schema::fingerprint::fingerprint;
use std::io::Write;
use std::path::PathBuf;

/// Show whether schemas mean the same wire
///
/// Prints a number of 16 hexadecimal digits for each schema. Those with the same number read and write the same bytes, whatever
/// the names in them are; generated code has it as the constant FINGERPRINT.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  packetc fingerprint schemas/*.yaml
  packetc fingerprint old/game.yaml new/game.yaml")]
pub(super) struct Arguments {
    /// Schemas to read
    #[arg(required = true, value_name = "SCHEMA")]
    schemas: Vec<PathBuf>,
    #[command(flatten)]
    root: schema::Root,
}

pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> Result<Outcome, Error> {
    let mut outcome = Outcome::Clean;
    let mut unreadable = false;
    for path in &arguments.schemas {
        match schema::load(path, &arguments.root) {
            Ok(Some(layout)) => {
                writeln!(out, "{}  {}", fingerprint(&layout), path.display())
                    .map_err(Error::Output)?;
            }
            Ok(None) => outcome = Outcome::Problems,
            // The other files have a fingerprint as well.
            Err(error) => {
                terminal::complain(&error);
                unreadable = true;
            }
        }
    }
    if unreadable {
        return Err(Error::Shown);
    }
    Ok(outcome)
}
