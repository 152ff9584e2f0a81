//! Shows packets as they cross the wire.
//!
//! In: the bytes that clients wrote to their sockets and read from them. Out: text. Every packet is read
//! twice, by the generated code and by following the schema's layout, and both have to agree.

use crate::Result;
use packet_runtime::Encode;
use packet_schema::codec;
use packet_schema::layout::Layout;
use packetc::render::{Source, hex, plain, value};
use reference::client::{Direction, Tap};
use reference::game::{Heartbeat, HeartbeatReply, Packet, PacketView};
use std::io::Write;
use std::sync::mpsc;

/// Where the schema lies in the workspace.
const SCHEMA_PATH: &str = "schemas/game.yaml";
const SCHEMA: &str = include_str!("../../../../schemas/game.yaml");

/// The wires of all clients, in the order in which packets cross them.
pub(crate) struct Wire<W> {
    layout: Layout,
    sender: mpsc::Sender<Crossing>,
    crossings: mpsc::Receiver<Crossing>,
    /// What crossed since the last time that packets were shown.
    unshown: Vec<Crossing>,
    out: W,
    packets: usize,
    bytes: usize,
}

/// A packet on its way.
struct Crossing {
    client: &'static str,
    direction: Direction,
    id: u16,
    bytes: Vec<u8>,
}

impl Crossing {
    /// The heartbeats of the two sides cross each other by chance. This puts each in front of its reply, the client's first.
    fn place_among_heartbeats(&self) -> (bool, u16) {
        let is_reply = self.id == HeartbeatReply::ID;
        let is_of_server = (self.direction == Direction::ToClient) != is_reply;
        (is_of_server, self.id)
    }
}

impl<W: Write> Wire<W> {
    /// Wires without traffic so far. Packets are printed to `out`.
    pub(crate) fn new(out: W) -> Result<Self> {
        let compiled = packet_schema::compile(SCHEMA).map_err(|problems| {
            let source = Source::new(SCHEMA_PATH, SCHEMA);
            let problems: Vec<String> = problems
                .iter()
                .map(|problem| plain::diagnostic(source, problem))
                .collect();
            problems.join("\n")
        })?;
        let (sender, crossings) = mpsc::channel();
        let mut wire = Self {
            layout: compiled.layout,
            sender,
            crossings,
            unshown: Vec::new(),
            out,
            packets: 0,
            bytes: 0,
        };
        let version = wire.layout.version.unwrap_or(0);
        wire.say(&format!(
            "{SCHEMA_PATH}: protocol {}, version {version}, {} packets",
            wire.layout.protocol,
            wire.layout.packets.len()
        ))?;
        Ok(wire)
    }

    /// What listens to the packets of a client.
    pub(crate) fn tap(&self, name: &'static str) -> Tap {
        let crossings = self.sender.clone();
        Tap::new(move |direction, bytes: &[u8]| {
            // Nobody listens any more only when the demo is over.
            let id = PacketView::parse(bytes).map_or(0, |view| view.id());
            let _ = crossings.send(Crossing {
                client: name,
                direction,
                id,
                bytes: bytes.to_vec(),
            });
        })
    }

    /// Prints a line of its own.
    pub(crate) fn say(&mut self, line: &str) -> Result<()> {
        writeln!(self.out, "{line}")?;
        Ok(self.out.flush()?)
    }

    /// Whether a heartbeat was answered since the last time that packets were shown.
    pub(crate) fn has_heartbeats(&mut self) -> bool {
        self.unshown.extend(self.crossings.try_iter());
        self.unshown
            .iter()
            .any(|crossing| crossing.id == HeartbeatReply::ID)
    }

    /// Prints what has crossed the wires since the last time, but for heartbeats: the packets of each client in their order. The
    /// client that sent something comes first, since the order between two wires is chance.
    pub(crate) fn show(&mut self) -> Result<()> {
        self.unshown.extend(self.crossings.try_iter());
        let is_heartbeat =
            |crossing: &mut Crossing| matches!(crossing.id, Heartbeat::ID | HeartbeatReply::ID);
        let heartbeats: Vec<_> = self.unshown.extract_if(.., is_heartbeat).collect();
        let mut crossings = std::mem::replace(&mut self.unshown, heartbeats);
        let is_cause = |crossing: &&Crossing| crossing.direction == Direction::ToServer;
        if let Some(cause) = crossings.iter().find(is_cause) {
            let first = cause.client;
            crossings.sort_by_key(|crossing| crossing.client != first);
        }
        self.print(&crossings)
    }

    /// Prints the heartbeats that have crossed the wires.
    pub(crate) fn show_heartbeats(&mut self) -> Result<()> {
        let mut crossings = std::mem::take(&mut self.unshown);
        crossings.sort_by_key(Crossing::place_among_heartbeats);
        self.print(&crossings)
    }

    fn print(&mut self, crossings: &[Crossing]) -> Result<()> {
        for crossing in crossings {
            self.packets += 1;
            self.bytes += crossing.bytes.len();
            let text = self.describe(crossing)?;
            self.say(&text)?;
        }
        Ok(())
    }

    /// How many packets and bytes were shown.
    pub(crate) fn totals(&self) -> (usize, usize) {
        (self.packets, self.bytes)
    }

    fn describe(&self, crossing: &Crossing) -> Result<String> {
        let Crossing {
            client,
            direction,
            bytes,
            ..
        } = crossing;
        let view = PacketView::parse(bytes)?;
        let (name, id) = (view.name(), view.id());
        let packet = self
            .layout
            .packets
            .iter()
            .find(|packet| packet.has_id(id.into()));
        let body = packet
            .ok_or_else(|| format!("the schema has no packet with the id {id}"))?
            .body;
        let decoded = codec::decode(&self.layout, body, bytes)?;
        let again = Packet::from(view).to_vec()?;
        if self.layout.get(body).name != name || again != *bytes {
            return Err(format!("generated code and layout disagree about {name}").into());
        }
        let way = match direction {
            Direction::ToServer => format!("{client} -> server"),
            Direction::ToClient => format!("server -> {client}"),
        };
        let dump = hex::annotated(bytes, &decoded.trace, "  ");
        Ok(format!(
            "\n#{}  {way}  {name}  id {id}  {} bytes\n{}\n{}",
            self.packets,
            bytes.len(),
            value::tree(&decoded.value, "  "),
            dump.trim_end()
        ))
    }
}
