//! What is in flight on a connection: requests that have no answer yet.

use super::mix::Kind;
use std::collections::VecDeque;
use std::time::Instant;

/// Requests in the order in which they were sent.
#[derive(Debug)]
pub(super) struct Flight {
    sent: VecDeque<Sent>,
    last: u32,
}

/// A request that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) number: u32,
    pub(super) kind: Kind,
    /// When it was due.
    pub(super) at: Instant,
}

impl Flight {
    /// Nothing in flight.
    pub(super) const fn new() -> Self {
        Self {
            sent: VecDeque::new(),
            last: 0,
        }
    }

    /// Draws a number for a request, which is never 0.
    pub(super) fn number(&mut self) -> u32 {
        self.last = self.last.wrapping_add(1).max(1);
        self.last
    }

    /// A request is under way.
    pub(super) fn sent(&mut self, number: u32, kind: Kind, at: Instant) {
        self.sent.push_back(Sent { number, kind, at });
    }

    /// An answer to the request with this number, if there is one. Most answers are to the oldest one.
    pub(super) fn answered(&mut self, number: u32) -> Option<Sent> {
        self.take(|sent| sent.number == number)
    }

    /// An answer to the oldest request of a kind whose answers carry no number.
    pub(super) fn answered_oldest(&mut self, kind: Kind) -> Option<Sent> {
        self.take(|sent| sent.kind == kind)
    }

    /// What has no answer, which leaves nothing in flight.
    pub(super) fn lost(&mut self) -> impl Iterator<Item = Sent> {
        self.sent.drain(..)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sent.is_empty()
    }

    fn take(&mut self, is_it: impl Fn(&Sent) -> bool) -> Option<Sent> {
        if self.sent.front().is_some_and(&is_it) {
            return self.sent.pop_front();
        }
        let place = self.sent.iter().position(is_it)?;
        self.sent.remove(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flight(kinds: &[Kind]) -> Flight {
        let mut flight = Flight::new();
        for kind in kinds {
            let number = flight.number();
            flight.sent(number, *kind, Instant::now());
        }
        flight
    }

    fn number(sent: Option<Sent>) -> Option<u32> {
        sent.map(|sent| sent.number)
    }

    #[test]
    fn answers_are_found_by_number_in_any_order_and_once() {
        let mut flight = flight(&[Kind::Echo, Kind::Time, Kind::Echo]);
        let answered = [2, 1, 2, 9, 3].map(|asked| number(flight.answered(asked)));
        assert_eq!(answered, [Some(2), Some(1), None, None, Some(3)]);
        assert!(flight.is_empty());
    }

    #[test]
    fn answers_without_a_number_are_to_the_oldest_of_their_kind() {
        let mut flight = flight(&[Kind::Echo, Kind::Say, Kind::Say]);
        let answered = [(); 3].map(|()| number(flight.answered_oldest(Kind::Say)));
        assert_eq!(answered, [Some(2), Some(3), None]);
        let lost: Vec<_> = flight.lost().map(|sent| sent.number).collect();
        assert_eq!(lost, [1]);
    }

    #[test]
    fn no_number_is_0() {
        let mut flight = Flight {
            last: u32::MAX,
            ..Flight::new()
        };
        assert_eq!(flight.number(), 1);
    }
}
