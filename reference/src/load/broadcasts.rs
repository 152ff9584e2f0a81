//! How long it takes until a broadcast is heard by everybody.
//!
//! In: when broadcasts were sent, and when each session heard one. Out: for each broadcast how many heard it, and how long it
//! took until the last one did. Sender and hearers can be in different threads, so this is put together in the end.

use super::tally::{histogram, record};
use hdrhistogram::Histogram;
use std::time::{Duration, Instant};

/// What the text of a broadcast begins with; its number follows.
const TEXT: &str = "load broadcast ";

/// Broadcasts by their numbers, from 0 on.
#[derive(Clone, Debug, Default)]
pub(super) struct Broadcasts {
    sent: Vec<Option<Instant>>,
    heard: Vec<Heard>,
    /// Those that the server refused.
    pub(super) refused: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Heard {
    by: u64,
    last: Option<Instant>,
}

/// What came of all broadcasts.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) sent: u64,
    /// Those that everybody heard.
    pub(super) complete: u64,
    /// From sending to the last session that heard it, of those that everybody heard; in nanoseconds.
    pub(super) times: Histogram<u64>,
}

impl Broadcasts {
    /// The text of the next one, which is sent now.
    pub(super) fn next(&mut self, now: Instant) -> String {
        let number = self.sent.len();
        self.sent.push(Some(now));
        format!("{TEXT}{number}")
    }

    /// A session heard this text. Those of others do not count.
    pub(super) fn heard(&mut self, text: &str, now: Instant) {
        /// Far more than a run has: a peer chooses the number.
        const MOST: usize = 1_000_000;
        let number = text.strip_prefix(TEXT).and_then(|text| text.parse().ok());
        let Some(number) = number.filter(|number| *number < MOST) else {
            return;
        };
        if self.heard.len() <= number {
            self.heard.resize(number + 1, Heard::default());
        }
        if let Some(heard) = self.heard.get_mut(number) {
            heard.by += 1;
            heard.last = heard.last.max(Some(now));
        }
    }

    /// Adds what another thread sent and heard.
    pub(super) fn add(&mut self, other: &Self) {
        if self.sent.len() < other.sent.len() {
            self.sent.resize(other.sent.len(), None);
        }
        for (mine, theirs) in self.sent.iter_mut().zip(&other.sent) {
            *mine = mine.or(*theirs);
        }
        if self.heard.len() < other.heard.len() {
            self.heard.resize(other.heard.len(), Heard::default());
        }
        for (mine, theirs) in self.heard.iter_mut().zip(&other.heard) {
            mine.by += theirs.by;
            mine.last = mine.last.max(theirs.last);
        }
        self.refused += other.refused;
    }

    /// What came of them if there are so many who should have heard each.
    pub(super) fn outcome(&self, sessions: u64) -> Outcome {
        let mut outcome = Outcome {
            sent: self.sent.len() as u64,
            complete: 0,
            times: histogram(),
        };
        for (sent, heard) in self.sent.iter().zip(&self.heard) {
            if let (Some(sent), Some(last)) = (sent, heard.last)
                && heard.by >= sessions
            {
                outcome.complete += 1;
                let time: Duration = last.saturating_duration_since(*sent);
                record(&mut outcome.times, time);
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broadcast_takes_until_the_last_one_heard_it() {
        let start = Instant::now();
        let after = |millis| start + Duration::from_millis(millis);
        let (mut sender, mut other) = (Broadcasts::default(), Broadcasts::default());
        let texts = [sender.next(start), sender.next(after(100))];
        sender.heard(&texts[0], after(7));
        other.heard(&texts[0], after(3));
        other.heard(&texts[1], after(104));
        other.heard("something else", after(104));
        other.heard("load broadcast 99999999999", after(104));
        let mut all = Broadcasts::default();
        all.add(&other);
        all.add(&sender);
        let outcome = all.outcome(2);
        assert_eq!((outcome.sent, outcome.complete), (2, 1));
        let times = outcome.times;
        assert!(times.equivalent(times.max(), 7_000_000), "{}", times.max());
        assert_eq!(all.outcome(1).complete, 2);
    }
}
