//! Whether the other side is alive, and how far away it is.
//!
//! In: what came, and when. Out: heartbeats to be sent, round trips, and that it has been silent for too long.

use crate::game::{Heartbeat, HeartbeatReply};
use std::time::{Duration, Instant};

/// So many heartbeats that are missing end a connection.
const MISSING: u32 = 3;

/// The heartbeats of one connection.
#[derive(Debug)]
pub(super) struct Heartbeats {
    every: Duration,
    start: Instant,
    next: Instant,
    heard: Instant,
    sequence: u32,
    /// The latest, until it is answered.
    sent: Option<(Heartbeat, Instant)>,
    round_trip: Option<Duration>,
}

impl Heartbeats {
    /// Begins now.
    pub(super) fn new(every: Duration, now: Instant) -> Self {
        Self {
            every,
            start: now,
            next: now + every,
            heard: now,
            sequence: 0,
            sent: None,
            round_trip: None,
        }
    }

    /// Sends one ahead of time, so that a round trip is known early.
    pub(super) const fn hurry(&mut self, now: Instant) {
        self.next = now;
    }

    /// The heartbeat to be sent now, if one is due.
    pub(super) fn due(&mut self, now: Instant) -> Option<Heartbeat> {
        if now < self.next {
            return None;
        }
        self.next = now + self.every;
        self.sequence = self.sequence.wrapping_add(1);
        let heartbeat = Heartbeat {
            sequence: self.sequence,
            sent_at: micros(now - self.start),
            rtt: self.round_trip.map_or(0, rtt_field),
        };
        self.sent = Some((heartbeat, now));
        Some(heartbeat)
    }

    /// Something came.
    pub(super) const fn heard(&mut self, now: Instant) {
        self.heard = now;
    }

    /// Whether a reply answers the latest heartbeat, whose round trip is known then.
    pub(super) fn answered(&mut self, reply: &HeartbeatReply, now: Instant) -> bool {
        match self.sent {
            Some((sent, at))
                if (sent.sequence, sent.sent_at) == (reply.sequence, reply.sent_at) =>
            {
                self.sent = None;
                self.round_trip = Some(now - at);
                true
            }
            // One that is late says nothing about the way as it is now.
            _ => (1..=self.sequence).contains(&reply.sequence),
        }
    }

    /// For how long nothing came, if that is too long.
    pub(super) fn silence(&self, now: Instant) -> Option<Duration> {
        let silence = now.saturating_duration_since(self.heard);
        (silence >= self.patience()).then_some(silence)
    }

    /// When there is something to do next.
    pub(super) fn deadline(&self) -> Instant {
        self.next.min(self.heard + self.patience())
    }

    pub(super) const fn round_trip(&self) -> Option<Duration> {
        self.round_trip
    }

    fn patience(&self) -> Duration {
        self.every.saturating_mul(MISSING)
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// 0 stands for one that is not known.
fn rtt_field(round_trip: Duration) -> u32 {
    u32::try_from(round_trip.as_micros().max(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn reply(heartbeat: &Heartbeat) -> HeartbeatReply {
        HeartbeatReply {
            sequence: heartbeat.sequence,
            sent_at: heartbeat.sent_at,
        }
    }

    #[test]
    fn a_heartbeat_is_due_at_each_interval_or_when_it_is_hurried() {
        let start = Instant::now();
        let mut heartbeats = Heartbeats::new(30 * SECOND, start);
        assert_eq!(heartbeats.due(start + 29 * SECOND), None);
        heartbeats.hurry(start + 5 * SECOND);
        let first = heartbeats.due(start + 5 * SECOND).unwrap();
        assert_eq!(
            (first.sequence, first.sent_at, first.rtt),
            (1, 5_000_000, 0)
        );
        assert_eq!(heartbeats.due(start + 34 * SECOND), None);
        let second = heartbeats.due(start + 35 * SECOND).unwrap();
        assert_eq!((second.sequence, second.sent_at), (2, 35_000_000));
    }

    #[test]
    fn a_reply_gives_the_round_trip_which_the_next_heartbeat_tells() {
        let start = Instant::now();
        let mut heartbeats = Heartbeats::new(SECOND, start);
        heartbeats.hurry(start);
        let first = heartbeats.due(start).unwrap();
        assert!(heartbeats.answered(&reply(&first), start + SECOND / 8));
        assert_eq!(heartbeats.round_trip(), Some(SECOND / 8));
        assert_eq!(heartbeats.due(start + SECOND).unwrap().rtt, 125_000);
    }

    #[test]
    fn a_late_reply_is_known_and_gives_no_round_trip() {
        let start = Instant::now();
        let mut heartbeats = Heartbeats::new(SECOND, start);
        heartbeats.hurry(start);
        let first = heartbeats.due(start).unwrap();
        heartbeats.due(start + SECOND);
        assert!(heartbeats.answered(&reply(&first), start + 2 * SECOND));
        assert_eq!(heartbeats.round_trip(), None);
        let foreign = HeartbeatReply {
            sequence: 9,
            sent_at: 0,
        };
        assert!(!heartbeats.answered(&foreign, start + 2 * SECOND));
    }

    #[test]
    fn three_intervals_of_silence_are_too_many() {
        let start = Instant::now();
        let mut heartbeats = Heartbeats::new(SECOND, start);
        heartbeats.heard(start + SECOND);
        assert_eq!(heartbeats.silence(start + 3 * SECOND), None);
        assert_eq!(heartbeats.silence(start + 4 * SECOND), Some(3 * SECOND));
    }
}
