//! `packetc decode`

mod frames;
mod output;
mod packets;

use super::input::{self, capture};
use super::{Error, Outcome, schema};
use clap::{Args, ValueEnum};
use frames::Frames;
use output::{Format, Printer, Report};
use packet_schema::layout::Sender;
use packets::{Choice, Target};
use std::io::Write;
use std::path::PathBuf;

/// Read packets without generated code
///
/// Bytes are hexadecimal digits, in which white space, commas, colons and 0x may stand; they come from
/// --hex, a file or standard input. Without --packet, packets are cut as the framing says and found by the
/// id in their header, as on a stream.
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
    /// Side that sent the bytes, where the same id means two packets
    #[arg(long, value_enum, value_name = "SIDE", conflicts_with = "packet")]
    from: Option<Side>,
    /// Framing that the bytes have, where the protocol has several
    #[arg(long, value_name = "NAME", conflicts_with = "packet")]
    framing: Option<String>,
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

/// A side of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Side {
    /// The one that connects
    Client,
    /// The one that listens
    Server,
}

pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> Result<Outcome, Error> {
    let Some(layout) = schema::load(&arguments.schema, &arguments.root)? else {
        return Ok(Outcome::Problems);
    };
    let choice = Choice {
        packet: arguments.packet.as_deref(),
        framing: arguments.framing.as_deref(),
        sender: arguments.from.map(|side| match side {
            Side::Client => Sender::Client,
            Side::Server => Sender::Server,
        }),
    };
    let target = Target::new(&layout, choice)?;
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
    // Of a packet that the user names the bytes are one.
    let cut_by = target
        .framing_number(&layout)
        .filter(|_| arguments.packet.is_none());
    let mut frames = Frames::new(&layout, cut_by, &input);
    let framing = target.framing(&layout);
    let mut next = frames.next();
    let several = frames.resyncs() || next != Some(&input[..]);
    let mut printer = Printer::new(&layout, arguments.format, several, out);
    let mut number = 0;
    // Of what is passed over in one go, the first thing that is broken is shown.
    let mut shown = false;
    while let Some(frame) = next {
        let skipped = frames.skipped();
        let decoded = target.decode(&layout, frame);
        let broken = decoded.as_ref().err().zip(framing);
        let broken = broken.is_some_and(|(error, framing)| packets::is_broken(framing, error));
        let rejected = broken && frames.reject();
        if !skipped.is_empty() && !shown {
            number += 1;
            printer.print(number, skipped, target.decode(&layout, skipped))?;
            shown = true;
        }
        if !skipped.is_empty() && !rejected {
            printer.skipped(skipped.len())?;
        }
        if !(rejected && shown) {
            number += 1;
            printer.print(number, frame, decoded)?;
        }
        shown = rejected;
        next = frames.next();
    }
    let skipped = frames.skipped();
    if !skipped.is_empty() && !shown {
        number += 1;
        printer.print(number, skipped, target.decode(&layout, skipped))?;
    }
    if !skipped.is_empty() {
        printer.skipped(skipped.len())?;
    }
    Ok(printer.outcome())
}
