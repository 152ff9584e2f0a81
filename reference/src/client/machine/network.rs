//! What a client does about its network: connections that are made and lost, frames that came, bytes to be written, time that
//! passes.

use super::super::options::Direction;
use super::super::{ClientError, Event, PROTOCOL_VERSION, RequestError};
use super::heartbeats::Heartbeats;
use super::requests::Pending;
use super::{Machine, Phase, Step, answer};
use crate::game::{FINGERPRINT, HeartbeatReply, Hello, Packet, PacketView, Session, Side};
use std::io::IoSlice;
use std::time::Instant;

impl Machine {
    /// What there is to do while there is no connection.
    pub(in super::super) const fn step(&self) -> Step {
        match self.phase {
            Phase::Resting { .. } => Step::Rest,
            Phase::Ended(_) => Step::End,
            _ => Step::Connect,
        }
    }

    /// A network connection is there.
    pub(in super::super) fn connected(&mut self, now: Instant) -> Result<(), ClientError> {
        self.session = Session::new();
        self.phase = Phase::Greeting {
            until: now + self.options.login_timeout,
        };
        let hello = Hello {
            version: PROTOCOL_VERSION,
            fingerprint: FINGERPRINT,
            client: self.options.software.clone(),
        };
        self.push_own(hello)
    }

    /// A frame came. An error ends the connection, and is to be reported as its loss.
    pub(in super::super) fn received(
        &mut self,
        frame: &[u8],
        now: Instant,
    ) -> Result<(), ClientError> {
        if let Some(tap) = &self.options.tap {
            tap.show(Direction::ToClient, frame);
        }
        if let Some(heartbeats) = &mut self.heartbeats {
            heartbeats.heard(now);
        }
        let view = PacketView::parse(frame).map_err(ClientError::Decode)?;
        self.session
            .advance(Side::Server, &view)
            .map_err(ClientError::NotAllowed)?;
        let packet = Packet::from(view);
        self.learn(&packet);
        match packet {
            Packet::Heartbeat(heartbeat) => self.push_own(HeartbeatReply {
                sequence: heartbeat.sequence,
                sent_at: heartbeat.sent_at,
            }),
            Packet::HeartbeatReply(reply) => {
                let heartbeats = self.heartbeats.as_mut();
                if !heartbeats.is_some_and(|heartbeats| heartbeats.answered(&reply, now)) {
                    self.push_event(Event::Packet(reply.into()));
                }
                Ok(())
            }
            Packet::KickNotice(kick) => Err(ClientError::Kicked {
                reason: kick.reason,
                text: kick.text,
            }),
            packet => match self.phase {
                Phase::Greeting { .. } => self.greeted(packet, now),
                Phase::LoggingIn { number, .. } => self.answered(number, packet, now),
                _ => self.deliver(packet),
            },
        }
    }

    /// Time has passed. An error ends the connection, and is to be reported as its loss.
    pub(in super::super) fn tick(&mut self, now: Instant) -> Result<(), ClientError> {
        for Pending {
            number,
            kind,
            patience,
            waiter,
            ..
        } in self.requests.expired(now)
        {
            // Of a request that is written its answer can still come, so what it holds up stays held up.
            if self.outbox.withdraw(number) {
                self.rules.answered(number);
            }
            let packet = kind.name();
            answer(waiter, Err(RequestError::Timeout { packet, patience }));
        }
        let patience = self.options.login_timeout;
        match self.phase {
            Phase::Greeting { until } if until <= now => {
                let waiting_for = "the answer to the greeting";
                return Err(ClientError::Timeout {
                    waiting_for,
                    patience,
                });
            }
            Phase::LoggingIn { until, .. } if until <= now => {
                let waiting_for = "the answer to the login";
                return Err(ClientError::Timeout {
                    waiting_for,
                    patience,
                });
            }
            Phase::Resting { until } if until <= now => self.phase = Phase::Connecting,
            _ => {}
        }
        let Some(heartbeats) = &mut self.heartbeats else {
            return Ok(());
        };
        if let Some(silence) = heartbeats.silence(now) {
            return Err(ClientError::Silent { silence });
        }
        match heartbeats.due(now) {
            Some(heartbeat) => self.push_own(heartbeat),
            None => Ok(()),
        }
    }

    /// When [`Machine::tick`] has something to do.
    pub(in super::super) fn deadline(&self) -> Option<Instant> {
        let phase = match self.phase {
            Phase::Greeting { until }
            | Phase::LoggingIn { until, .. }
            | Phase::Resting { until } => Some(until),
            _ => None,
        };
        let heartbeat = self.heartbeats.as_ref().map(Heartbeats::deadline);
        [phase, heartbeat, self.requests.deadline()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Whether there is something to write.
    pub(in super::super) fn has_output(&self) -> bool {
        !self.outbox.is_empty(self.is_ready())
    }

    /// What is to be written next, for a vectored write.
    pub(in super::super) fn output(&self) -> Vec<IoSlice<'_>> {
        self.outbox.pieces(self.is_ready())
    }

    /// So many bytes of the output were written.
    pub(in super::super) fn wrote(&mut self, count: usize) {
        for packet in self.outbox.advance(count) {
            if let Some(tap) = &self.options.tap {
                tap.show(Direction::ToServer, &packet.bytes);
            }
        }
    }

    /// Whether the connection is to be closed since the client's user is done.
    pub(in super::super) fn is_finished(&self) -> bool {
        self.finishing && !self.has_output()
    }

    /// The connection is gone, or could not be made.
    pub(in super::super) fn lost(&mut self, error: ClientError, now: Instant) {
        if self.is_ready() {
            self.last_state = self.session.state();
        }
        if let Some(since) = self.ready_since.filter(|_| self.is_ready())
            && let Some(backoff) = &mut self.backoff
        {
            backoff.succeeded(now.saturating_duration_since(since));
        }
        self.heartbeats = None;
        self.outbox.lost();
        let outbox = &self.outbox;
        self.rules.lost(|number| outbox.has(number));
        for Pending { kind, waiter, .. } in self.requests.written(|number| outbox.has(number)) {
            let packet = kind.name();
            answer(waiter, Err(RequestError::Lost { packet }));
        }
        if self.finishing {
            return self.end_with(ClientError::Finished);
        }
        let random = self.random();
        let was_ready = self.ready_since.is_some();
        match &mut self.backoff {
            Some(backoff) if was_ready && error.is_temporary() => {
                if let Some(retry_in) = backoff.pause(random) {
                    self.phase = Phase::Resting {
                        until: now + retry_in,
                    };
                    self.push_event(Event::Disconnected { error, retry_in });
                } else {
                    let attempts = backoff.attempts();
                    let last = Box::new(error);
                    self.end_with(ClientError::GaveUp { attempts, last });
                }
            }
            _ => self.end_with(error),
        }
    }
}
