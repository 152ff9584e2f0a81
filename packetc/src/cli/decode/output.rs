//! Decoded packets as text or JSON.

use crate::cli::{Error, Outcome, terminal};
use clap::ValueEnum;
use packet_schema::codec::{DecodeError, Decoded, Leaf};
use packet_schema::layout::{Layout, StructId};
use packet_schema::value::Value;
use packetc::render::{hex, value};
use serde::Serialize;
use std::io::Write;

/// How to show packets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Fields as a tree, then a dump that says which bytes are which field
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// Shows packets one after the other.
pub(super) struct Printer<'a, W> {
    layout: &'a Layout,
    format: Format,
    /// Whether the packet is one of several, and so its number matters.
    several: bool,
    out: &'a mut W,
    outcome: Outcome,
}

impl<'a, W: Write> Printer<'a, W> {
    pub(super) fn new(layout: &'a Layout, format: Format, several: bool, out: &'a mut W) -> Self {
        Self {
            layout,
            format,
            several,
            out,
            outcome: Outcome::Clean,
        }
    }

    /// Whether all packets could be decoded.
    pub(super) fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Shows frame number `number` or why it cannot be decoded.
    pub(super) fn print(
        &mut self,
        number: usize,
        bytes: &[u8],
        decoded: Result<(StructId, Decoded), Box<DecodeError>>,
    ) -> Result<(), Error> {
        if decoded.is_err() {
            self.outcome = Outcome::Problems;
        }
        match (self.format, decoded) {
            (Format::Json, Ok((id, decoded))) => self.line(&Success {
                frame: number,
                packet: &self.layout.get(id).name,
                id: self.packet_id(id),
                length: bytes.len(),
                value: &decoded.value,
            }),
            (Format::Json, Err(error)) => self.line(&Failure {
                frame: self.several.then_some(number),
                error: Problem {
                    packet: Some(error.packet.as_str()).filter(|name| !name.is_empty()),
                    field: &error.field,
                    offset: error.offset,
                    kind: error.kind.name(),
                    message: error.kind.to_string(),
                },
                value: &error.value,
            }),
            (Format::Text, Ok((id, decoded))) => {
                let name = &self.layout.get(id).name;
                let title = self.title(number, name, bytes);
                self.block(&title, &decoded.value, bytes, &decoded.trace)
            }
            (Format::Text, Err(error)) => {
                let name = match error.packet.as_str() {
                    "" => "(unknown packet)",
                    name => name,
                };
                let title = self.title(number, name, bytes);
                self.block(&title, &error.value, bytes, &error.trace)?;
                // Both streams may be the same terminal: the error follows what it is about.
                self.out.flush().map_err(Error::Output)?;
                terminal::complain_about(&message(&error));
                Ok(())
            }
        }
    }

    fn packet_id(&self, id: StructId) -> Option<u64> {
        self.layout.packet_of(id).and_then(|packet| packet.id)
    }

    fn title(&self, number: usize, name: &str, bytes: &[u8]) -> String {
        let number = self.several.then(|| format!("frame {number}"));
        let packet = self.layout.struct_named(name);
        let id = packet
            .and_then(|id| self.packet_id(id))
            .map(|id| format!("id {id}"));
        let length = match bytes.len() {
            1 => "1 byte".to_owned(),
            length => format!("{length} bytes"),
        };
        let parts: Vec<String> = number
            .into_iter()
            .chain([name.to_owned()])
            .chain(id)
            .chain([length])
            .collect();
        parts.join("  ")
    }

    fn block(
        &mut self,
        title: &str,
        decoded: &Value,
        bytes: &[u8],
        trace: &[Leaf],
    ) -> Result<(), Error> {
        let tree = value::tree(decoded, "  ");
        let dump = hex::annotated(bytes, trace, "  ");
        let parts: Vec<&str> = [tree.as_str(), dump.as_str()]
            .into_iter()
            .filter(|part| !part.trim().is_empty())
            .collect();
        writeln!(self.out, "{title}\n{}", parts.join("\n")).map_err(Error::Output)
    }

    fn line(&mut self, object: &impl Serialize) -> Result<(), Error> {
        serde_json::to_writer(&mut *self.out, object)
            .map_err(|error| Error::Output(error.into()))?;
        writeln!(self.out).map_err(Error::Output)
    }
}

fn message(error: &DecodeError) -> String {
    match error.packet.as_str() {
        "" => format!("{} at byte {}: {}", error.field, error.offset, error.kind),
        _ => error.to_string(),
    }
}

#[derive(Serialize)]
struct Success<'a> {
    frame: usize,
    packet: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    length: usize,
    value: &'a Value,
}

#[derive(Serialize)]
struct Failure<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<usize>,
    error: Problem<'a>,
    value: &'a Value,
}

#[derive(Serialize)]
struct Problem<'a> {
    packet: Option<&'a str>,
    field: &'a str,
    offset: usize,
    kind: &'a str,
    message: String,
}
