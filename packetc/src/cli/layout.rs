//! `packetc layout`

use super::{Error, Outcome, schema};
use clap::Args;
use packetc::render::layout;
use std::io::Write;
use std::path::PathBuf;

/// Draw where every field lies
///
/// Shows a packet or type as a bit diagram like those of RFCs, with a table of its fields. Without a
/// name, lists all packets and types of the protocol.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  packetc layout schemas/inet.yaml
  packetc layout schemas/inet.yaml Ipv4")]
pub(super) struct Arguments {
    /// Schema to read
    schema: PathBuf,
    #[command(flatten)]
    root: schema::Root,
    /// Packet or type to draw
    name: Option<String>,
}

pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> Result<Outcome, Error> {
    let Some(layout) = schema::load(&arguments.schema, &arguments.root)? else {
        return Ok(Outcome::Problems);
    };
    let text = match &arguments.name {
        None => layout::overview(&layout),
        Some(name) => layout::named(&layout, name).ok_or_else(|| {
            schema::unknown_name(&layout, "packet or type", name, layout::names(&layout))
        })?,
    };
    write!(out, "{text}").map_err(Error::Output)?;
    Ok(Outcome::Clean)
}
