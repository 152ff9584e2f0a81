//! `packet-client template`: packets to fill in.

use crate::{Failure, packets};
use std::io::{self, Write};

/// Print a packet to fill in as JSON, or list all packets
#[derive(Debug, clap::Args)]
#[group(id = "template")]
pub(crate) struct Arguments {
    /// Name of the packet
    name: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let text = match &arguments.name {
        Some(name) => fillable(name).map_err(Failure::Problem)?,
        None => list(),
    };
    Ok(writeln!(io::stdout(), "{text}")?)
}

/// The fields of a packet, a line for each that stands at the top.
pub(crate) fn fillable(name: &str) -> Result<String, String> {
    let name = packets::known(name)?;
    let template = packets::template(name).unwrap_or_default();
    Ok(serde_json::to_string(&template).unwrap_or_default())
}

/// All packets that a client sends, with the first sentence about each.
pub(crate) fn list() -> String {
    let width = packets::sendable().map(str::len).max().unwrap_or(0);
    let lines: Vec<String> = packets::sendable()
        .map(|name| {
            let doc = packets::doc(name).unwrap_or_default();
            let sentence = doc.split_once(". ").map_or(doc, |(first, _)| first);
            let sentence = sentence.trim_end_matches('.');
            format!("{name:width$}  {sentence}").trim_end().to_owned()
        })
        .collect();
    lines.join("\n")
}
