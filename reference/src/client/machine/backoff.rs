//! How long to wait before connecting again.
//!
//! In: failures, successes, and randomness. Out: pauses. It has no clock.

use crate::client::options::Reconnect;
use std::time::Duration;

/// Pauses that double, each drawn from the upper half of what it may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    reconnect: Reconnect,
    /// Attempts since the last success.
    attempts: u32,
    /// How often the longest pause was doubled.
    doublings: u32,
}

impl Backoff {
    pub(super) const fn new(reconnect: Reconnect) -> Self {
        Self {
            reconnect,
            attempts: 0,
            doublings: 0,
        }
    }

    /// Attempts since the last success.
    pub(super) const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The pause before the next attempt; `None` if there were enough of them. `random` is any number.
    pub(super) fn pause(&mut self, random: u64) -> Option<Duration> {
        let allowed = self.reconnect.attempts;
        if allowed.is_some_and(|allowed| self.attempts >= allowed) {
            return None;
        }
        let factor = 1u32.checked_shl(self.doublings).unwrap_or(u32::MAX);
        let longest = self.reconnect.first_pause.saturating_mul(factor);
        if longest < self.reconnect.longest_pause {
            self.doublings += 1;
        }
        self.attempts += 1;
        let half = longest.min(self.reconnect.longest_pause) / 2;
        let nanoseconds = u64::try_from(half.as_nanos()).unwrap_or(u64::MAX);
        let drawn = random % nanoseconds.saturating_add(1).max(1);
        Some(half.saturating_add(Duration::from_nanos(drawn)))
    }

    /// An attempt succeeded, and the connection lasted this long. After a short one pauses go on where they were: a server that
    /// closes at once is not asked in a loop.
    pub(super) fn succeeded(&mut self, lasted: Duration) {
        self.attempts = 0;
        if lasted >= self.reconnect.longest_pause {
            self.doublings = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn backoff(attempts: Option<u32>) -> Backoff {
        Backoff::new(Reconnect {
            first_pause: SECOND,
            longest_pause: 5 * SECOND,
            attempts,
        })
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let mut backoff = backoff(None);
        let pauses: Vec<_> = (0..6).map(|_| backoff.pause(0).unwrap() * 2).collect();
        assert_eq!(pauses, [1, 2, 4, 5, 5, 5].map(Duration::from_secs));
    }

    #[test]
    fn a_pause_lies_in_the_upper_half() {
        for random in [0, 1, 499_999_999, 500_000_000, 500_000_001, u64::MAX] {
            let pause = backoff(None).pause(random).unwrap();
            assert!((SECOND / 2..=SECOND).contains(&pause), "{pause:?}");
        }
        assert_eq!(backoff(None).pause(500_000_000), Some(SECOND));
    }

    #[test]
    fn attempts_in_a_row_are_bounded() {
        let mut backoff = backoff(Some(2));
        assert!(backoff.pause(0).is_some() && backoff.pause(0).is_some());
        assert_eq!((backoff.pause(0), backoff.attempts()), (None, 2));
        backoff.succeeded(Duration::ZERO);
        assert!(backoff.pause(0).is_some());
    }

    #[test]
    fn only_a_connection_that_lasts_makes_pauses_short_again() {
        let mut backoff = backoff(None);
        backoff.pause(0);
        backoff.succeeded(SECOND);
        assert_eq!(backoff.pause(0), Some(SECOND));
        backoff.succeeded(5 * SECOND);
        assert_eq!(backoff.pause(0), Some(SECOND / 2));
    }

    #[test]
    fn pauses_of_any_length_are_fine() {
        let mut backoff = Backoff::new(Reconnect {
            first_pause: Duration::MAX,
            longest_pause: Duration::MAX,
            attempts: None,
        });
        assert!(backoff.pause(u64::MAX).is_some());
        let mut backoff = Backoff::new(Reconnect {
            first_pause: Duration::ZERO,
            longest_pause: Duration::ZERO,
            attempts: None,
        });
        for _ in 0..100 {
            assert_eq!(backoff.pause(u64::MAX), Some(Duration::ZERO));
        }
    }
}
