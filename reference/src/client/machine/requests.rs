//! Requests that wait for their answers.
//!
//! In: requests, packets of the server, the time. Out: who waited for what. `W` is who waits; this knows no channels.

use crate::client::exchange::{Own, answered, is_heard};
use crate::game::{Packet, PacketKind};
use std::time::{Duration, Instant};

/// A request without an answer.
#[derive(Debug)]
pub(super) struct Pending<W> {
    pub(super) number: u32,
    pub(super) kind: PacketKind,
    pub(super) patience: Duration,
    deadline: Instant,
    /// What was said, if that is what its answer is known by.
    said: Option<Packet>,
    pub(super) waiter: W,
}

/// All requests without an answer, in the order in which they were made.
#[derive(Debug)]
pub(super) struct Requests<W> {
    pending: Vec<Pending<W>>,
}

impl<W> Requests<W> {
    pub(super) const fn new() -> Self {
        Self {
            pending: Vec::new(),
        }
    }

    pub(super) fn has(&self, number: u32) -> bool {
        self.pending.iter().any(|pending| pending.number == number)
    }

    /// Adds a request that was made now.
    pub(super) fn add(
        &mut self,
        (number, kind): (u32, PacketKind),
        packet: Packet,
        patience: Duration,
        now: Instant,
        waiter: W,
    ) {
        let is_said = matches!(
            packet,
            Packet::Say(_) | Packet::Whisper(_) | Packet::RoomMessage(_) | Packet::Broadcast(_)
        );
        self.pending.push(Pending {
            number,
            kind,
            patience,
            deadline: now + patience,
            said: is_said.then_some(packet),
            waiter,
        });
    }

    /// The request that a packet answers.
    pub(super) fn answered_by(&mut self, packet: &Packet, own: &Own) -> Option<Pending<W>> {
        let number = answered(packet, own);
        let index = self.pending.iter().position(|pending| match packet {
            Packet::ChatMessage(message) => pending
                .said
                .as_ref()
                .is_some_and(|said| is_heard(said, message, own)),
            _ => number == Some(pending.number),
        })?;
        Some(self.pending.remove(index))
    }

    /// The requests whose time is over.
    pub(super) fn expired(&mut self, now: Instant) -> Vec<Pending<W>> {
        self.remove(|pending| pending.deadline <= now)
    }

    /// The requests that are not among those that still wait to be written.
    pub(super) fn written(&mut self, waits: impl Fn(u32) -> bool) -> Vec<Pending<W>> {
        self.remove(|pending| !waits(pending.number))
    }

    /// When the next one's time is over.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.pending.iter().map(|pending| pending.deadline).min()
    }

    fn remove(&mut self, gone: impl Fn(&Pending<W>) -> bool) -> Vec<Pending<W>> {
        let (removed, kept) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(gone);
        self.pending = kept;
        removed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::{ChatMessage, ChatMessageScope, ErrorCode, RoomJoin, RoomResult, Whisper};

    const SECOND: Duration = Duration::from_secs(1);

    fn join(requests: &mut Requests<&'static str>, number: u32, now: Instant, who: &'static str) {
        let packet = RoomJoin {
            request: number,
            room: 1,
        };
        let kind = PacketKind::RoomJoin;
        requests.add((number, kind), packet.into(), SECOND, now, who);
    }

    #[test]
    fn an_answer_finds_its_request_by_number_in_any_order() {
        let now = Instant::now();
        let mut requests = Requests::new();
        join(&mut requests, 1, now, "first");
        join(&mut requests, 2, now, "second");
        let mut answer = |packet: Packet| {
            let found = requests.answered_by(&packet, &Own::default());
            found.map(|pending| pending.waiter)
        };
        let result = |request| RoomResult { request, room: 1 }.into();
        assert_eq!(answer(result(2)), Some("second"));
        assert_eq!(answer(result(2)), None);
        let error = crate::game::Error {
            request: 1,
            packet: 4011,
            code: ErrorCode::NOT_FOUND,
            text: String::new(),
        };
        assert_eq!(answer(error.into()), Some("first"));
    }

    #[test]
    fn what_is_said_is_answered_by_its_message() {
        let now = Instant::now();
        let mut requests = Requests::new();
        let packet = Whisper {
            request: 7,
            recipient: "eve".to_owned(),
            text: "hi".to_owned(),
        };
        let kind = PacketKind::Whisper;
        requests.add((7, kind), packet.into(), SECOND, now, "whisper");
        let mut heard = |sender: &str| {
            let message = ChatMessage {
                scope: ChatMessageScope::Whisper("eve".to_owned()),
                sender: sender.to_owned(),
                text: "hi".to_owned(),
            };
            let own = Own {
                name: Some("ada".to_owned()),
                entity: None,
            };
            requests.answered_by(&message.into(), &own).is_some()
        };
        assert!(!heard("bob"));
        assert!(heard("ada"));
        assert!(!heard("ada"), "it is answered once");
    }

    #[test]
    fn requests_expire_each_at_its_time() {
        let now = Instant::now();
        let mut requests = Requests::new();
        join(&mut requests, 1, now, "first");
        join(&mut requests, 2, now + SECOND, "second");
        assert_eq!(requests.deadline(), Some(now + SECOND));
        let expired = requests.expired(now + SECOND);
        assert_eq!(expired.len(), 1);
        assert_eq!(expired[0].waiter, "first");
        assert_eq!(requests.deadline(), Some(now + 2 * SECOND));
    }

    #[test]
    fn only_requests_that_wait_to_be_written_survive_the_connection() {
        let now = Instant::now();
        let mut requests = Requests::new();
        join(&mut requests, 1, now, "written");
        join(&mut requests, 2, now, "waits");
        let lost = requests.written(|number| number == 2);
        assert_eq!(lost.len(), 1);
        assert_eq!(lost[0].waiter, "written");
        assert!(requests.has(2));
    }
}
