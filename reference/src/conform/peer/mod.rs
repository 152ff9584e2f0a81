//! A raw connection: writes whatever it is told to, and waits for what the server does, for so long and no longer.
//!
//! In: bytes and packets of a check. Out: packets of the server, each of which was judged by
//! [`conduct`](super::conduct::Watch), or why the check ends here. It keeps the transcript, answers heartbeats, and knows
//! no rule of the game. It is not the client library, which would refuse to send what is wrong on purpose.

mod talk;

use super::check::{Outcome, Stop};
use super::conduct::{Rule, Watch};
use super::requests::Received;
use super::trial::Trial;
use crate::PROTOCOL_VERSION;
use crate::client::Stream;
use crate::game::{
    Error, ErrorCode, FINGERPRINT, Framing, HeartbeatReply, Hello, Packet, PacketView, State,
};
use packet_runtime::{Encode, Reassembler};
use std::io::ErrorKind;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout, timeout_at};

/// A connection to the server.
#[derive(Debug)]
pub(super) struct Peer {
    label: String,
    trial: Trial,
    stream: Stream,
    reassembler: Reassembler<Framing>,
    watch: Watch,
    numbers: u32,
    is_closed: bool,
    /// Whether heartbeats of the server are left unanswered.
    pub(super) is_mute: bool,
    /// Whether the server may cut the stream inside a packet, since this side did not read.
    pub(super) is_slow: bool,
}

/// What happens next on a connection.
#[derive(Debug)]
pub(super) enum Event {
    /// A packet came. Heartbeats of the server were answered and do not count, neither do its notices.
    Packet(Packet),
    /// The server closed the connection.
    Closed,
    /// Nothing came in time.
    Quiet,
}

/// How a packet was refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// By an answer; the connection goes on.
    Error(ErrorCode),
    /// The connection was closed, with or without a word.
    Closed,
}

impl Peer {
    pub(super) async fn connect(trial: &Trial, label: &str) -> Outcome<Self> {
        let connecting = trial.target.dialer.dial();
        let stream = match timeout(trial.patience(), connecting).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(Stop::failed("a connection", error.to_string())),
            Err(_) => return Err(Stop::failed("a connection", quiet(trial.patience()))),
        };
        Ok(Self {
            label: label.to_owned(),
            trial: trial.clone(),
            stream,
            reassembler: Reassembler::new(Framing),
            watch: Watch::default(),
            numbers: 0,
            is_closed: false,
            is_mute: false,
            is_slow: false,
        })
    }

    /// The state that the server's packets led to.
    pub(super) fn state(&self) -> State {
        self.watch.state()
    }

    /// A number for a request.
    pub(super) fn next_number(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }

    /// Writes bytes as they are. That the server has closed shows when the connection is read.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Outcome {
        self.trial.transcript().wrote(&self.label, bytes);
        self.watch.wrote(bytes);
        let writing = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        match timeout(self.trial.patience(), writing).await {
            Ok(_) => Ok(()),
            Err(_) => Err(Stop::failed(
                "the server reads",
                quiet(self.trial.patience()),
            )),
        }
    }

    /// Writes as much as fits within `patience`, and returns how many bytes that were.
    pub(super) async fn write_some(&mut self, bytes: &[u8], patience: Duration) -> usize {
        let written = match timeout(patience, self.stream.write(bytes)).await {
            Ok(Ok(count)) => count,
            Ok(Err(_)) => {
                self.is_closed = true;
                0
            }
            Err(_) => 0,
        };
        self.watch.wrote(&bytes[..written]);
        written
    }

    /// Says that nothing more will be written.
    pub(super) async fn finish(&mut self) {
        // If it is closed already, so much the better.
        let _ = self.stream.shutdown().await;
    }

    /// Sends a packet.
    pub(super) async fn send(&mut self, packet: impl Into<Packet>) -> Outcome {
        let bytes = encode(&packet.into())?;
        self.write(&bytes).await
    }

    /// Waits for what happens next.
    pub(super) async fn next(&mut self, deadline: Instant) -> Outcome<Event> {
        loop {
            match self.take_frame()? {
                Some(Packet::Heartbeat(heartbeat)) if !self.is_mute => {
                    self.send(HeartbeatReply {
                        sequence: heartbeat.sequence,
                        sent_at: heartbeat.sent_at,
                    })
                    .await?;
                    continue;
                }
                Some(Packet::Heartbeat(_) | Packet::ServerNotice(_)) => continue,
                Some(packet) => return Ok(Event::Packet(packet)),
                None => {}
            }
            if self.is_closed {
                return Ok(Event::Closed);
            }
            let read = self.stream.read(self.reassembler.spare_mut());
            match timeout_at(deadline, read).await {
                Err(_) => return Ok(Event::Quiet),
                Ok(Ok(0)) => {
                    self.is_closed = true;
                    if self.reassembler.buffered() > 0 && !self.is_slow {
                        return Err(self.undecodable("the connection ended inside a packet"));
                    }
                }
                Ok(Ok(count)) => self.reassembler.advance(count),
                Ok(Err(error)) if error.kind() == ErrorKind::Interrupted => {}
                Ok(Err(_)) => self.is_closed = true,
            }
        }
    }

    /// The next packet that is there already.
    fn take_frame(&mut self) -> Outcome<Option<Packet>> {
        let judged = match self.reassembler.next_frame() {
            Ok(None) => return Ok(None),
            Err(error) => Err(error.to_string()),
            Ok(Some(frame)) => {
                self.trial.transcript().read(&self.label, frame);
                match PacketView::parse(frame) {
                    Ok(PacketView::Unknown { id, .. }) => Err(format!("no packet has the id {id}")),
                    Ok(view) => Ok((self.watch.read(&view), Packet::from(view))),
                    Err(error) => Err(error.to_string()),
                }
            }
        };
        match judged {
            Ok((breaches, packet)) => {
                for (rule, what) in breaches {
                    self.trial.breach(rule, what);
                }
                Ok(Some(packet))
            }
            Err(what) => Err(self.undecodable(&what)),
        }
    }

    fn undecodable(&self, what: &str) -> Stop {
        self.trial.breach(Rule::Decodes, what.to_owned());
        Stop::failed("packets of the schema", what)
    }

    /// Waits for a packet, whatever else comes before.
    pub(super) async fn expect<T: Received>(&mut self) -> Outcome<T> {
        self.expect_that("", |_| true).await
    }

    /// Waits for a packet of which something is true, whatever else comes before. An Error and the end of the
    /// connection end the wait, too.
    pub(super) async fn expect_that<T: Received>(
        &mut self,
        what: &str,
        is_it: impl Fn(&T) -> bool,
    ) -> Outcome<T> {
        let wanted = || format!("{} {what} for {}", T::NAME, self.label);
        let wanted = wanted().replace("  ", " ");
        let deadline = Instant::now() + self.trial.patience();
        let mut other = None;
        loop {
            let found = match self.next(deadline).await? {
                Event::Packet(packet) => {
                    let name = packet.name();
                    match T::pick(packet) {
                        Ok(packet) if is_it(&packet) => return Ok(packet),
                        Ok(_) => {
                            other = Some(format!("{name} of another content"));
                            continue;
                        }
                        Err(packet) => match *packet {
                            packet @ (Packet::Error(_) | Packet::KickNotice(_)) => summary(&packet),
                            _ => continue,
                        },
                    }
                }
                Event::Closed => "the connection was closed".to_owned(),
                Event::Quiet => quiet(self.trial.patience()),
            };
            let found = match other {
                Some(other) => format!("{found}, after {other}"),
                None => found,
            };
            return Err(Stop::failed(wanted, found));
        }
    }
}

/// The greeting of a client that fits.
pub(super) fn hello() -> Hello {
    Hello {
        version: PROTOCOL_VERSION,
        fingerprint: FINGERPRINT,
        client: concat!("packet-client conform/", env!("CARGO_PKG_VERSION")).to_owned(),
    }
}

/// The bytes of a packet.
pub(super) fn encode(packet: &Packet) -> Outcome<Vec<u8>> {
    let bytes = packet.to_vec();
    bytes.map_err(|error| Stop::skipped(format!("the packet has no bytes: {error}")))
}

/// A packet on one line.
pub(super) fn summary(packet: &Packet) -> String {
    const MOST: usize = 240;
    let text = match packet {
        Packet::Error(Error {
            request,
            packet,
            code,
            text,
        }) => {
            let code = code
                .name()
                .map_or_else(|| format!("{code:?}"), |name| format!("`{name}`"));
            format!("Error with {code} about packet {packet}, request {request}: {text:?}")
        }
        other => format!("{other:?}"),
    };
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// What came, if nothing did.
pub(super) fn quiet(patience: Duration) -> String {
    format!("nothing of the kind within {patience:?}")
}

/// Codes by their names in the schema.
pub(super) fn names(codes: &[ErrorCode]) -> String {
    let names: Vec<String> = codes
        .iter()
        .map(|code| format!("`{}`", code.name().unwrap_or("?")))
        .collect();
    names.join(" or ")
}
