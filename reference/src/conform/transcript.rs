//! What crossed the wire during a check, kept for the report of a failure.
//!
//! In: bytes that were written and packets that were read, in order. Out: the same as text, every packet with its
//! fields and bytes as `packetc decode` shows them. It judges nothing, and reads packets by the schema's layout and not
//! by generated code, so that bytes which are no packet are shown as well.

use crate::game::{FRAMING, Side};
use packet_schema::codec::{self, Leaf};
use packet_schema::layout::{Layout, Sender};
use packet_schema::value::{Value, to_hex};
use packetc::render::{hex, value};
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Crossings that are kept; floods would take memory without bound.
const KEPT: usize = 64;

/// Bytes of a crossing that are kept and shown.
const SHOWN_BYTES: usize = 512;

/// What crossed the wires of a check's connections, the latest last.
#[derive(Debug)]
pub(super) struct Transcript {
    began: Instant,
    crossings: VecDeque<Crossing>,
}

/// Bytes that went one way without a pause in which anything came the other way.
#[derive(Clone, Debug)]
pub(super) struct Crossing {
    /// Name of the connection, such as `ada`.
    pub(super) peer: String,
    /// Who sent the bytes.
    pub(super) side: Side,
    /// The first of the bytes.
    pub(super) bytes: Vec<u8>,
    /// How many there were.
    pub(super) len: usize,
    /// When the first one crossed, since the check began.
    pub(super) at: Duration,
}

impl Transcript {
    pub(super) fn new() -> Self {
        Self {
            began: Instant::now(),
            crossings: VecDeque::new(),
        }
    }

    /// Adds bytes that the suite wrote. They follow those that it wrote before on the same connection, if nothing
    /// crossed any wire in between: what was cut into pieces on purpose is shown as the packets that it is.
    pub(super) fn wrote(&mut self, peer: &str, bytes: &[u8]) {
        if let Some(last) = self.crossings.back_mut()
            && last.side == Side::Client
            && last.peer == peer
            && last.len + bytes.len() <= SHOWN_BYTES
        {
            last.bytes.extend_from_slice(bytes);
            last.len += bytes.len();
            return;
        }
        self.push(peer, Side::Client, bytes);
    }

    /// Adds a frame of the server.
    pub(super) fn read(&mut self, peer: &str, frame: &[u8]) {
        self.push(peer, Side::Server, frame);
    }

    /// The last `count` crossings.
    pub(super) fn last(&self, count: usize) -> Vec<Crossing> {
        let skipped = self.crossings.len().saturating_sub(count);
        self.crossings.iter().skip(skipped).cloned().collect()
    }

    fn push(&mut self, peer: &str, side: Side, bytes: &[u8]) {
        if self.crossings.len() == KEPT {
            self.crossings.pop_front();
        }
        self.crossings.push_back(Crossing {
            peer: peer.to_owned(),
            side,
            bytes: bytes[..bytes.len().min(SHOWN_BYTES)].to_vec(),
            len: bytes.len(),
            at: self.began.elapsed(),
        });
    }
}

impl Crossing {
    /// The bytes in hexadecimal; of many only the first ones.
    pub(super) fn hex(&self) -> String {
        to_hex(&self.bytes)
    }

    /// The packets with their fields and bytes, each line indented by `indent`.
    pub(super) fn describe(&self, layout: &Layout, indent: &str) -> String {
        let way = match self.side {
            Side::Client => format!("{} -> server", self.peer),
            Side::Server => format!("server -> {}", self.peer),
        };
        let mut text = String::new();
        let mut rest = &self.bytes[..];
        while !rest.is_empty() {
            let size = match rest {
                [high, low, ..] => usize::from(u16::from_be_bytes([*high, *low])),
                _ => 0,
            };
            let (frame, behind) = match rest.split_at_checked(size) {
                Some(parts) if size >= FRAMING.header_len => parts,
                _ => (rest, &rest[rest.len()..]),
            };
            describe_frame(&mut text, layout, self, &way, frame, indent);
            rest = behind;
        }
        if self.len > self.bytes.len() {
            let more = self.len - self.bytes.len();
            let _ = writeln!(text, "{indent}  … and {more} more bytes"); // cannot fail
        }
        text
    }
}

/// Writes one packet, or bytes that are none.
fn describe_frame(
    text: &mut String,
    layout: &Layout,
    crossing: &Crossing,
    way: &str,
    frame: &[u8],
    indent: &str,
) {
    let inner = format!("{indent}  ");
    let sender = match crossing.side {
        Side::Client => Sender::Client,
        Side::Server => Sender::Server,
    };
    let id = match frame {
        [_, _, high, low, ..] => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    };
    let packet = id.and_then(|id| {
        // A packet of the wrong side is shown as what it is.
        let all = || {
            layout
                .packets
                .iter()
                .filter(|packet| packet.has_id(id.into()))
        };
        all()
            .find(|packet| packet.sender == sender)
            .or(all().next())
    });
    let at = crossing.at.as_secs_f64() * 1000.0;
    let len = frame.len();
    let (name, problem, value, trace): (&str, _, Option<Value>, Vec<Leaf>) = match packet {
        Some(packet) => {
            let name = &layout.get(packet.body).name;
            match codec::decode(layout, packet.body, frame) {
                Ok(decoded) => (name, None, Some(decoded.value), decoded.trace),
                Err(error) => (
                    name,
                    Some(error.to_string()),
                    Some(error.value),
                    error.trace,
                ),
            }
        }
        None => ("no packet of the protocol", None, None, Vec::new()),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{indent}{way}  {name}  {len} bytes  after {at:.1} ms");
    if let Some(value) = value {
        text.push_str(&value::tree(&value, &inner));
    }
    if let Some(problem) = problem {
        let _ = writeln!(text, "{inner}cannot be decoded: {problem}");
    }
    text.push_str(&hex::annotated(frame, &trace, &inner));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::{Heartbeat, Packet};
    use packet_runtime::Encode;

    fn layout() -> Layout {
        packet_schema::compile(crate::conform::SCHEMA)
            .unwrap()
            .layout
    }

    fn heartbeat() -> Vec<u8> {
        let heartbeat = Heartbeat {
            sequence: 1,
            sent_at: 2,
            rtt: 3,
        };
        Packet::from(heartbeat).to_vec().unwrap()
    }

    #[test]
    fn pieces_of_a_packet_are_shown_as_the_packet() {
        let mut transcript = Transcript::new();
        for byte in heartbeat() {
            transcript.wrote("ada", &[byte]);
        }
        let crossings = transcript.last(2);
        assert_eq!(crossings.len(), 1);
        let text = crossings[0].describe(&layout(), "");
        assert!(
            text.starts_with("ada -> server  Heartbeat  20 bytes"),
            "{text}"
        );
        assert!(
            text.contains("0004  00 00 00 01              sequence  1"),
            "{text}"
        );
    }

    #[test]
    fn bytes_that_are_no_packet_are_shown_all_the_same() {
        let mut transcript = Transcript::new();
        transcript.read("ada", &[0, 3, 0]);
        transcript.read("ada", &heartbeat()[..10]);
        transcript.read("ada", &[0, 5, 0xff, 0xff, 7]);
        let crossings = transcript.last(3);
        let text = crossings[0].describe(&layout(), "");
        assert!(
            text.contains("no packet of the protocol  3 bytes"),
            "{text}"
        );
        let text = crossings[1].describe(&layout(), "");
        assert!(
            text.contains("cannot be decoded: Heartbeat.sent_at"),
            "{text}"
        );
        let text = crossings[2].describe(&layout(), "");
        assert!(text.contains("ff ff"), "{text}");
    }

    #[test]
    fn a_flood_keeps_its_end_alone() {
        let mut transcript = Transcript::new();
        for number in 0..100 {
            transcript.read("ada", &[number]);
        }
        assert_eq!(transcript.last(1)[0].bytes, [99]);
        assert_eq!(transcript.last(100).len(), KEPT);
    }
}
