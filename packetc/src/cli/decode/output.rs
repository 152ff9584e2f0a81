//! Decoded packets as text or JSON.

use crate::cli::input::capture::Captured;
use crate::cli::{Error, Outcome, terminal};
use clap::ValueEnum;
use packet_runtime::ErrorKind;
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

    /// Shows frame number `number`, or why it cannot be decoded.
    pub(super) fn print(
        &mut self,
        number: usize,
        bytes: &[u8],
        decoded: Result<(StructId, Decoded), Box<DecodeError>>,
    ) -> Result<(), Error> {
        match decoded {
            Ok((id, decoded)) => self.success(number, bytes, id, &decoded),
            Err(error) => self.failure(number, bytes, &Report::new(*error)),
        }
    }

    fn success(
        &mut self,
        number: usize,
        bytes: &[u8],
        id: StructId,
        decoded: &Decoded,
    ) -> Result<(), Error> {
        let name = &self.layout.get(id).name;
        match self.format {
            Format::Json => self.line(&Success {
                frame: number,
                packet: name,
                id: self.packet_id(id, &decoded.value),
                length: bytes.len(),
                value: &decoded.value,
            }),
            Format::Text => {
                let title = self.title(number, Some(name), &decoded.value, bytes);
                self.block(&title, Some(id), &decoded.value, bytes, &decoded.trace)
            }
        }
    }

    /// Shows why frame number `number` cannot be decoded, and the part that can.
    pub(super) fn failure(
        &mut self,
        number: usize,
        bytes: &[u8],
        report: &Report,
    ) -> Result<(), Error> {
        self.outcome = Outcome::Problems;
        match self.format {
            Format::Json => self.line(&Failure {
                frame: self.several.then_some(number),
                error: Problem {
                    packet: report.packet.as_deref(),
                    field: &report.field,
                    offset: report.offset,
                    kind: report.kind,
                    message: &report.message,
                },
                value: &report.value,
            }),
            Format::Text => {
                let title = self.title(number, report.packet.as_deref(), &report.value, bytes);
                let packet = report.packet.as_deref();
                let packet = packet.and_then(|name| self.layout.struct_named(name));
                self.block(&title, packet, &report.value, bytes, &report.trace)?;
                // Both streams may be the same terminal: the error follows what it is about.
                self.out.flush().map_err(Error::Output)?;
                let frame = if self.several {
                    format!("frame {number}: ")
                } else {
                    String::new()
                };
                terminal::complain_about(&format!("{frame}{}", report.text));
                Ok(())
            }
        }
    }

    /// Shows that bytes were passed over to find the next frame.
    pub(super) fn skipped(&mut self, bytes: usize) -> Result<(), Error> {
        match self.format {
            Format::Json => self.line(&Skipped { skipped: bytes }),
            Format::Text => {
                let plural = if bytes == 1 { "" } else { "s" };
                writeln!(self.out, "skipped {bytes} byte{plural}").map_err(Error::Output)
            }
        }
    }

    /// A packet's id; of one with several ids the one in its value.
    fn packet_id(&self, id: StructId, value: &Value) -> Option<u64> {
        let packet = self.layout.packet_of(id)?;
        let field = self.layout.get(id).fields.get(packet.id_field?)?;
        packet.id().or_else(|| {
            let id = value.get(&field.name)?.as_integer()?;
            u64::try_from(id).ok()
        })
    }

    fn title(&self, number: usize, name: Option<&str>, value: &Value, bytes: &[u8]) -> String {
        let number = self.several.then(|| format!("frame {number}"));
        let packet = name.and_then(|name| self.layout.struct_named(name));
        let id = packet
            .and_then(|id| self.packet_id(id, value))
            .map(|id| format!("id {id}"));
        let length = match bytes.len() {
            1 => "1 byte".to_owned(),
            length => format!("{length} bytes"),
        };
        let parts: Vec<String> = number
            .into_iter()
            .chain([name.unwrap_or("(unknown packet)").to_owned()])
            .chain(id)
            .chain([length])
            .collect();
        parts.join("  ")
    }

    fn block(
        &mut self,
        title: &str,
        packet: Option<StructId>,
        decoded: &Value,
        bytes: &[u8],
        trace: &[Leaf],
    ) -> Result<(), Error> {
        let tree = match packet {
            Some(id) => value::tree_of(self.layout, id, decoded, "  "),
            None => value::tree(decoded, "  "),
        };
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

/// Why a frame cannot be decoded, and the part that can.
pub(super) struct Report {
    packet: Option<String>,
    field: String,
    offset: usize,
    kind: &'static str,
    message: String,
    /// Place and message in one sentence.
    text: String,
    value: Value,
    trace: Vec<Leaf>,
}

impl Report {
    /// What the codec found.
    fn new(error: DecodeError) -> Self {
        let text = match error.packet.as_str() {
            "" => format!("{} at byte {}: {}", error.field, error.offset, error.kind),
            _ => error.to_string(),
        };
        Self {
            packet: Some(error.packet).filter(|name| !name.is_empty()),
            field: error.field,
            offset: error.offset,
            kind: error.kind.name(),
            message: error.kind.to_string(),
            text,
            value: error.value,
            trace: error.trace,
        }
    }

    /// The capture holds only the beginning of the frame. It is not decoded: that would look like a
    /// packet that was truncated on the network.
    pub(super) fn incomplete(packet: Option<&str>, frame: Captured<'_>) -> Self {
        let captured = frame.bytes.len();
        let message = format!(
            "the capture holds {captured} of the frame's {} bytes",
            frame.length
        );
        let kind = ErrorKind::Truncated {
            needed: frame.length,
            available: captured,
        };
        Self {
            packet: packet.map(str::to_owned),
            field: String::new(),
            offset: captured,
            kind: kind.name(),
            text: message.clone(),
            message,
            value: Value::Map(Vec::new()),
            trace: Vec::new(),
        }
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
struct Skipped {
    skipped: usize,
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
    message: &'a str,
}
