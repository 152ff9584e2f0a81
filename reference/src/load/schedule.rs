//! When packets are due in an open loop, and what of a run is measured.
//!
//! In: the time. Out: which connection is to send, and when that was due. This knows neither sockets nor packets.

use std::time::{Duration, Instant};

/// The times of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    /// The first packet is due.
    pub(super) begin: Instant,
    /// Measuring begins.
    pub(super) measured: Instant,
    /// Nothing more is sent or measured.
    pub(super) end: Instant,
    /// Answers are no longer waited for.
    pub(super) given_up: Instant,
}

impl Course {
    /// A run that begins now.
    pub(super) fn new(
        begin: Instant,
        warmup: Duration,
        duration: Duration,
        patience: Duration,
    ) -> Self {
        let measured = begin + warmup;
        let end = measured + duration;
        Self {
            begin,
            measured,
            end,
            given_up: end + patience,
        }
    }

    /// Whether what happens at this time counts.
    pub(super) fn counts(&self, at: Instant) -> bool {
        self.measured <= at && at < self.end
    }
}

/// Spreads packets evenly: over time, and over connections in turn. All connections have one rate, so which one is next and
/// when needs no queue.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    first: Instant,
    until: Instant,
    /// Seconds between two packets of whichever connections.
    gap: f64,
    connections: usize,
    /// Packets that were due so far.
    count: u64,
}

/// A packet that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) connection: usize,
    /// When it should have been sent.
    pub(super) at: Instant,
}

impl Schedule {
    /// So many packets a second for each connection, from `first` on.
    pub(super) fn new(first: Instant, until: Instant, connections: usize, per_second: f64) -> Self {
        #[expect(
            clippy::cast_precision_loss,
            reason = "far fewer connections than that"
        )]
        let all = per_second * connections.max(1) as f64;
        Self {
            first,
            until,
            gap: 1.0 / all,
            connections,
            count: 0,
        }
    }

    /// The same a little later, so that threads do not send at the same moments: by the share of a gap that belongs to the
    /// thread with this number.
    pub(super) fn shifted(mut self, number: usize, threads: usize) -> Self {
        let share = |count: usize| u32::try_from(count).map_or(1.0, f64::from);
        self.first += Duration::from_secs_f64(self.gap * share(number) / share(threads.max(1)));
        self
    }

    /// The next packet that is due by now.
    pub(super) fn take(&mut self, now: Instant) -> Option<Due> {
        let at = self.next().filter(|at| *at <= now)?;
        let turn = self.count % self.connections as u64;
        self.count += 1;
        Some(Due {
            // Smaller than a number of connections.
            connection: usize::try_from(turn).unwrap_or(0),
            at,
        })
    }

    /// When the next one is due; `None` if none is any more.
    pub(super) fn next(&self) -> Option<Instant> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "exact for centuries of a million packets a second"
        )]
        let after = self.gap * self.count as f64;
        let at = self.first + Duration::from_secs_f64(after);
        (self.connections > 0 && at < self.until).then_some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn taken(schedule: &mut Schedule, now: Instant) -> Vec<Due> {
        std::iter::from_fn(|| schedule.take(now)).collect()
    }

    #[test]
    fn packets_are_spread_over_time_and_connections() {
        let start = Instant::now();
        // Two connections with five packets a second each: one every 100 ms.
        let mut schedule = Schedule::new(start, start + millis(1000), 2, 5.0);
        assert_eq!(schedule.next(), Some(start));
        let due = |connection, after| Due {
            connection,
            at: start + millis(after),
        };
        assert_eq!(taken(&mut schedule, start), [due(0, 0)]);
        assert_eq!(taken(&mut schedule, start + millis(99)), []);
        let late = taken(&mut schedule, start + millis(310));
        assert_eq!(
            late,
            [due(1, 100), due(0, 200), due(1, 300)],
            "they keep the time at which they were due"
        );
        assert_eq!(schedule.next(), Some(start + millis(400)));
    }

    #[test]
    fn threads_share_the_time_between_two_packets() {
        let start = Instant::now();
        let schedule = Schedule::new(start, start + millis(1000), 2, 5.0);
        let next = |number| schedule.clone().shifted(number, 4).next();
        let expected = [0, 25, 50, 75].map(|after| Some(start + millis(after)));
        assert_eq!([0, 1, 2, 3].map(next), expected);
    }

    #[test]
    fn nothing_is_due_behind_the_end() {
        let start = Instant::now();
        let mut schedule = Schedule::new(start, start + millis(1000), 3, 7.0);
        assert_eq!(taken(&mut schedule, start + millis(9000)).len(), 21);
        assert_eq!(schedule.next(), None);
    }

    #[test]
    fn nobody_sends_nothing() {
        let start = Instant::now();
        let mut schedule = Schedule::new(start, start + millis(1000), 0, 7.0);
        assert_eq!(schedule.take(start + millis(10)), None);
    }

    #[test]
    fn only_what_is_between_warm_up_and_end_counts() {
        let begin = Instant::now();
        let course = Course::new(begin, millis(10), millis(20), millis(5));
        let counts = [0, 9, 10, 29, 30].map(|after| course.counts(begin + millis(after)));
        assert_eq!(counts, [false, false, true, true, false]);
        assert_eq!(course.given_up, begin + millis(35));
    }
}
