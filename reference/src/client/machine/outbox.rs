//! Packets that wait to be written.
//!
//! In: encoded packets, how many bytes were written, and that a connection was lost. Out: bytes to write.
//!
//! A packet leaves when its last byte was handed to the network. Until then it survives the connection: of a packet that was
//! written in part, the server cannot have taken anything, so it is written again from its start. One that was handed over is
//! never written again, whether it arrived or not.

use crate::client::options::QueueLimits;
use crate::game::PacketKind;
use std::collections::VecDeque;
use std::io::IoSlice;

/// Most pieces in one write.
const PIECES: usize = 64;

/// A packet that waits.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) bytes: Vec<u8>,
    pub(super) kind: PacketKind,
    /// The request's number, if it is one.
    pub(super) number: Option<u32>,
}

/// The queue, and in front of it what belongs to the connection that there is.
#[derive(Debug)]
pub(super) struct Outbox {
    limits: QueueLimits,
    /// Of this connection: greeting, login, heartbeats.
    own: VecDeque<Waiting>,
    queue: VecDeque<Waiting>,
    /// Bytes in `queue`.
    len: usize,
    /// Bytes of the packet being written that were; that of `own` if there are any, unless `split`.
    written: usize,
    /// The packet being written is the first of `queue`, whatever stands in `own`.
    split: bool,
}

impl Outbox {
    pub(super) const fn new(limits: QueueLimits) -> Self {
        Self {
            limits,
            own: VecDeque::new(),
            queue: VecDeque::new(),
            len: 0,
            written: 0,
            split: false,
        }
    }

    /// Packets and bytes in the queue.
    pub(super) fn waiting(&self) -> (usize, usize) {
        (self.queue.len(), self.len)
    }

    /// Whether a packet of this length may be put into the queue.
    pub(super) fn has_room(&self, len: usize) -> bool {
        self.queue.len() < self.limits.packets && self.len.saturating_add(len) <= self.limits.bytes
    }

    pub(super) fn push(&mut self, packet: Waiting) {
        self.len += packet.bytes.len();
        self.queue.push_back(packet);
    }

    /// Puts a packet of the connection in front of the queue.
    pub(super) fn push_own(&mut self, bytes: Vec<u8>, kind: PacketKind) {
        self.own.push_back(Waiting {
            bytes,
            kind,
            number: None,
        });
    }

    /// Whether there is something to write; without the queue if that is not `open`.
    pub(super) fn is_empty(&self, open: bool) -> bool {
        self.own.is_empty() && (self.queue.is_empty() || !open)
    }

    /// What is to be written next, for a vectored write.
    pub(super) fn pieces(&self, open: bool) -> Vec<IoSlice<'_>> {
        let split = usize::from(self.split);
        let queue = if open { self.queue.len() } else { split };
        let first = self.queue.iter().take(split);
        let rest = self.queue.iter().take(queue).skip(split);
        let mut written = self.written;
        first
            .chain(&self.own)
            .chain(rest)
            .take(PIECES)
            .map(|packet| {
                let skipped = std::mem::take(&mut written);
                IoSlice::new(packet.bytes.get(skipped..).unwrap_or_default())
            })
            .collect()
    }

    /// Tells that so many bytes of the pieces were written; returns the packets that are complete thereby.
    pub(super) fn advance(&mut self, count: usize) -> Vec<Waiting> {
        let mut done = Vec::new();
        self.written += count;
        loop {
            let from_queue = self.split || self.own.is_empty();
            let packets = if from_queue {
                &mut self.queue
            } else {
                &mut self.own
            };
            let Some(first) = packets.front() else {
                break;
            };
            if self.written < first.bytes.len() {
                self.split = from_queue && self.written > 0;
                break;
            }
            self.written -= first.bytes.len();
            self.split = false;
            if let Some(first) = packets.pop_front() {
                if from_queue {
                    self.len -= first.bytes.len();
                }
                done.push(first);
            }
        }
        done
    }

    /// The connection is gone, and with it what was its own.
    pub(super) fn lost(&mut self) {
        self.own.clear();
        self.written = 0;
        self.split = false;
    }

    /// Throws away what is not allowed, and returns it.
    pub(super) fn retain(&mut self, allowed: impl Fn(PacketKind) -> bool) -> Vec<Waiting> {
        let (kept, refused) = std::mem::take(&mut self.queue)
            .into_iter()
            .partition(|packet: &Waiting| allowed(packet.kind));
        self.queue = kept;
        self.len = self.queue.iter().map(|packet| packet.bytes.len()).sum();
        Vec::from(refused)
    }

    /// Whether a request waits.
    pub(super) fn has(&self, number: u32) -> bool {
        self.queue
            .iter()
            .any(|packet| packet.number == Some(number))
    }

    /// Takes back a request of which nothing was written; whether that was so.
    pub(super) fn withdraw(&mut self, number: u32) -> bool {
        let found = self
            .queue
            .iter()
            .position(|packet| packet.number == Some(number));
        match found {
            Some(0) if self.split => false,
            Some(index) => {
                let packet = self.queue.remove(index);
                self.len -= packet.map_or(0, |packet| packet.bytes.len());
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox() -> Outbox {
        Outbox::new(QueueLimits {
            packets: 3,
            bytes: 10,
        })
    }

    fn waiting(bytes: &str, number: u32) -> Waiting {
        Waiting {
            bytes: bytes.as_bytes().to_vec(),
            kind: PacketKind::Say,
            number: Some(number),
        }
    }

    fn own(outbox: &mut Outbox, bytes: &str) {
        outbox.push_own(bytes.as_bytes().to_vec(), PacketKind::Heartbeat);
    }

    #[track_caller]
    fn check(outbox: &Outbox, open: bool, expected: &[&str]) {
        let pieces = outbox.pieces(open);
        let pieces: Vec<_> = pieces
            .iter()
            .map(|piece| std::str::from_utf8(piece).unwrap())
            .collect();
        assert_eq!(pieces, expected);
    }

    #[test]
    fn packets_of_the_connection_overtake_the_queue_but_do_not_cut_a_packet() {
        let mut outbox = outbox();
        outbox.push(waiting("abc", 1));
        outbox.push(waiting("def", 2));
        assert!(outbox.advance(1).is_empty());
        own(&mut outbox, "H");
        own(&mut outbox, "I");
        check(&outbox, true, &["bc", "H", "I", "def"]);
        check(&outbox, false, &["bc", "H", "I"]);
        assert_eq!(outbox.advance(3).len(), 2);
        check(&outbox, true, &["I", "def"]);
        assert_eq!(outbox.advance(2).len(), 1);
        own(&mut outbox, "J");
        check(&outbox, true, &["ef", "J"]);
        assert_eq!(outbox.advance(3).len(), 2);
        assert!(outbox.is_empty(true));
        assert_eq!(outbox.waiting(), (0, 0));
    }

    #[test]
    fn until_it_is_open_the_queue_waits() {
        let mut outbox = outbox();
        outbox.push(waiting("abc", 1));
        assert!(outbox.is_empty(false) && !outbox.is_empty(true));
        own(&mut outbox, "H");
        check(&outbox, false, &["H"]);
        assert_eq!(outbox.advance(1).len(), 1);
        check(&outbox, false, &[]);
    }

    #[test]
    fn a_packet_that_was_written_in_part_is_written_again_and_a_whole_one_is_not() {
        let mut outbox = outbox();
        outbox.push(waiting("abc", 1));
        outbox.push(waiting("def", 2));
        outbox.advance(5);
        own(&mut outbox, "H");
        outbox.lost();
        check(&outbox, true, &["def"]);
        assert!(outbox.has(2) && !outbox.has(1));
    }

    #[test]
    fn the_queue_is_bounded_in_packets_and_bytes() {
        let mut outbox = outbox();
        assert!(outbox.has_room(10) && !outbox.has_room(11));
        outbox.push(waiting("abcd", 1));
        assert!(outbox.has_room(6) && !outbox.has_room(7));
        outbox.push(waiting("e", 2));
        outbox.push(waiting("f", 3));
        assert!(!outbox.has_room(1));
        outbox.advance(4);
        assert!(outbox.has_room(8));
    }

    #[test]
    fn a_request_can_be_taken_back_until_it_is_being_written() {
        let mut outbox = outbox();
        outbox.push(waiting("abc", 1));
        outbox.push(waiting("def", 2));
        outbox.advance(1);
        assert!(!outbox.withdraw(1) && outbox.withdraw(2) && !outbox.withdraw(3));
        check(&outbox, true, &["bc"]);
        assert_eq!(outbox.waiting(), (1, 3));
    }

    #[test]
    fn what_is_not_allowed_any_more_is_returned() {
        let mut outbox = outbox();
        outbox.push(waiting("abc", 1));
        outbox.push(Waiting {
            kind: PacketKind::Whisper,
            ..waiting("de", 2)
        });
        let refused = outbox.retain(|kind| kind == PacketKind::Whisper);
        assert_eq!((refused.len(), outbox.waiting()), (1, (1, 2)));
    }
}
