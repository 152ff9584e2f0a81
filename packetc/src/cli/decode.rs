//! `packetc decode`

mod output;
mod packets;

use super::input::{self, capture};
use super::{Error, Outcome, schema};
use clap::Args;
use output::{Format, Printer, Report};
use packets::Target;
use std::io::Write;
use std::path::PathBuf;

/// Read packets without generated code
///
/// Bytes are hexadecimal digits, in which white space, commas, colons and 0x may stand; they come from
/// --hex, a file or standard input. Without --packet, packets are cut by the size and found by the id in
/// their header, as on a stream.
///
/// A packet that cannot be decoded shows what went wrong, in which field and at which byte, and the part
/// that could be decoded; the exit code is 1 then.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  packetc decode schemas/quickstart.yaml --hex '0014 03e9 0000 3039 42c9 0000 4348 4ccd 424a cccd'
  packetc decode schemas/inet.yaml --packet Ethernet --pcap capture.pcap --format json
  packetc decode schemas/game.yaml --raw session.bin")]
pub(super) struct Arguments {
    /// Schema to read
    schema: PathBuf,
    #[command(flatten)]
    root: schema::Root,
    /// File with the bytes; standard input if it is missing or `-`
    file: Option<PathBuf>,
    /// Packet or struct that the bytes are
    #[arg(long, value_name = "NAME")]
    packet: Option<String>,
    /// The bytes themselves, in hexadecimal digits
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["file", "pcap"])]
    hex: Option<String>,
    /// Capture (pcap or pcapng) of which each frame is a packet
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    pcap: Option<PathBuf>,
    /// The file or standard input is binary
    #[arg(long, conflicts_with_all = ["hex", "pcap"])]
    raw: bool,
    /// How to show packets
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> Result<Outcome, Error> {
    let Some(layout) = schema::load(&arguments.schema, &arguments.root)? else {
        return Ok(Outcome::Problems);
    };
    let target = Target::new(&layout, arguments.packet.as_deref())?;
    if let Some(path) = &arguments.pcap {
        let mut printer = Printer::new(&layout, arguments.format, true, out);
        capture::for_each(path, |frame| {
            if frame.bytes.len() < frame.length {
                let report = Report::incomplete(target.name(&layout), frame);
                return printer.failure(frame.number, frame.bytes, &report);
            }
            printer.print(
                frame.number,
                frame.bytes,
                target.decode(&layout, frame.bytes),
            )
        })?;
        return Ok(printer.outcome());
    }
    let input = match &arguments.hex {
        Some(text) => input::hex_argument(text)?,
        None => input::bytes(arguments.file.as_deref(), arguments.raw)?,
    };
    let frames = match arguments.packet {
        // The user says that it is this one packet.
        Some(_) => vec![input.as_slice()],
        None => packets::cut(&layout, &input),
    };
    let mut printer = Printer::new(&layout, arguments.format, frames.len() > 1, out);
    for (index, frame) in frames.iter().enumerate() {
        printer.print(index + 1, frame, target.decode(&layout, frame))?;
    }
    Ok(printer.outcome())
}
