//! What the server counts while it works.
//!
//! In: what happened, from any thread. Out: sums, when somebody asks. Counting must not make threads wait for each
//! other, nor for who asks: each thread counts in a place of its own, and a connection counts packets of one kind that
//! come one behind the other together.

use crate::game::PacketKind;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// More than there are kinds of packets.
const KINDS: usize = 64;
const _: () = assert!((PacketKind::Error as usize) < KINDS);
/// More than there are threads that count much.
const SHARDS: usize = 16;
/// A histogram's buckets; the first ends at a microsecond, each further one at twice as much.
pub(super) const BUCKETS: usize = 24;

/// Where a packet goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// From a client.
    In,
    /// To a client.
    Out,
}

impl Direction {
    pub(super) const BOTH: [Self; 2] = [Self::In, Self::Out];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// What is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timed {
    /// From reading bytes off a socket to having written what could be answered at once.
    Handling,
    /// A request that the accounts or guilds were asked for.
    Stored,
    /// One step of the world, until all that it tells is queued.
    Tick,
    /// From a heartbeat of the server to its answer.
    RoundTrip,
}

impl Timed {
    pub(super) const ALL: [Self; 4] = [Self::Handling, Self::Stored, Self::Tick, Self::RoundTrip];
}

/// What happens seldom, and is counted by a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    /// A connection that was not let in.
    Refused,
    /// A packet that was not obeyed.
    Rejected,
    /// A session that ended.
    Ended,
    /// A packet that is not in the packet log.
    Unlogged,
}

/// All counts of a server.
#[derive(Debug)]
pub(super) struct Tally {
    shards: [Shard; SHARDS],
    /// The names of the kinds that were counted.
    names: [OnceLock<&'static str>; KINDS],
    events: Mutex<BTreeMap<(Event, &'static str), u64>>,
}

/// The counts of one thread, which shares no line of the processor's cache with others.
#[derive(Debug)]
#[repr(align(128))]
struct Shard {
    traffic: [[Traffic; KINDS]; 2],
    histograms: [Histogram; Timed::ALL.len()],
}

#[derive(Debug)]
struct Traffic {
    packets: AtomicU64,
    bytes: AtomicU64,
}

#[derive(Debug)]
struct Histogram {
    buckets: [AtomicU64; BUCKETS],
    nanoseconds: AtomicU64,
}

/// Packets of one kind that came one behind the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    direction: Direction,
    kind: PacketKind,
    packets: u64,
    bytes: u64,
}

/// How long something took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Times {
    /// How often, by [`BUCKETS`]; what took longer than the last one is in that.
    pub(super) buckets: [u64; BUCKETS],
    pub(super) seconds: f64,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            shards: std::array::from_fn(|_| Shard::new()),
            names: [const { OnceLock::new() }; KINDS],
            events: Mutex::default(),
        }
    }
}

impl Tally {
    /// Counts packets.
    pub(super) fn add(&self, run: &mut Run) {
        if run.packets == 0 {
            return;
        }
        let kind = run.kind as usize;
        self.names[kind].get_or_init(|| run.kind.name());
        let traffic = &self.shard().traffic[run.direction as usize][kind];
        traffic.packets.fetch_add(run.packets, Ordering::Relaxed);
        traffic.bytes.fetch_add(run.bytes, Ordering::Relaxed);
        (run.packets, run.bytes) = (0, 0);
    }

    /// Counts how long something took.
    pub(super) fn time(&self, timed: Timed, took: Duration) {
        let histogram = &self.shard().histograms[timed as usize];
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        histogram.buckets[bucket(nanoseconds)].fetch_add(1, Ordering::Relaxed);
        histogram
            .nanoseconds
            .fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// Counts something that happens seldom.
    pub(super) fn event(&self, event: Event, reason: &'static str) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        *events.entry((event, reason)).or_default() += 1;
    }

    /// How many packets and bytes of each kind went in a direction.
    pub(super) fn traffic(
        &self,
        direction: Direction,
    ) -> impl Iterator<Item = (&'static str, u64, u64)> {
        let counted = self.names.iter().enumerate();
        counted.filter_map(move |(kind, name)| {
            let name = *name.get()?;
            let all = self.shards.iter();
            let all = all.map(|shard| &shard.traffic[direction as usize][kind]);
            let (packets, bytes) = all.fold((0, 0), |(packets, bytes), traffic| {
                (
                    packets + traffic.packets.load(Ordering::Relaxed),
                    bytes + traffic.bytes.load(Ordering::Relaxed),
                )
            });
            (packets > 0).then_some((name, packets, bytes))
        })
    }

    /// How long something took.
    pub(super) fn times(&self, timed: Timed) -> Times {
        let histograms = || {
            let all = self.shards.iter();
            all.map(|shard| &shard.histograms[timed as usize])
        };
        let sum = |count: &dyn Fn(&Histogram) -> u64| histograms().map(count).sum::<u64>();
        Times {
            buckets: std::array::from_fn(|bucket| {
                sum(&|histogram| histogram.buckets[bucket].load(Ordering::Relaxed))
            }),
            seconds: Duration::from_nanos(sum(&|histogram| {
                histogram.nanoseconds.load(Ordering::Relaxed)
            }))
            .as_secs_f64(),
        }
    }

    /// How often what happens seldom happened, by reason.
    pub(super) fn events(&self, event: Event) -> Vec<(&'static str, u64)> {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let some = events.iter().filter(|((kind, _), _)| *kind == event);
        some.map(|((_, reason), count)| (*reason, *count)).collect()
    }

    fn shard(&self) -> &Shard {
        &self.shards[place()]
    }
}

impl Shard {
    fn new() -> Self {
        Self {
            traffic: std::array::from_fn(|_| {
                std::array::from_fn(|_| Traffic {
                    packets: AtomicU64::new(0),
                    bytes: AtomicU64::new(0),
                })
            }),
            histograms: std::array::from_fn(|_| Histogram {
                buckets: [const { AtomicU64::new(0) }; BUCKETS],
                nanoseconds: AtomicU64::new(0),
            }),
        }
    }
}

impl Run {
    /// Nothing yet.
    pub(super) fn new(direction: Direction) -> Self {
        Self {
            direction,
            kind: PacketKind::EchoRequest,
            packets: 0,
            bytes: 0,
        }
    }

    /// Counts one packet; those of another kind are added to `tally` before.
    pub(super) fn count(&mut self, kind: PacketKind, len: usize, tally: &Tally) {
        if kind != self.kind {
            tally.add(self);
            self.kind = kind;
        }
        self.packets += 1;
        self.bytes += len as u64;
    }
}

/// The place in which this thread counts.
fn place() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static PLACE: Cell<usize> = Cell::new(NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS);
    }
    PLACE.get()
}

/// The bucket of a time.
fn bucket(nanoseconds: u64) -> usize {
    let over = nanoseconds.saturating_sub(1) / 1000; // 0 for a microsecond and less
    let bits = u64::BITS - over.leading_zeros();
    (bits as usize).min(BUCKETS - 1)
}

/// Where a bucket ends, in seconds. The last one has no end.
pub(super) fn bucket_end(bucket: usize) -> f64 {
    if bucket + 1 >= BUCKETS {
        return f64::INFINITY;
    }
    Duration::from_micros(1 << bucket).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_counted_by_kind_and_direction() {
        let tally = Tally::default();
        let mut run = Run::new(Direction::In);
        run.count(PacketKind::Move, 33, &tally);
        run.count(PacketKind::Move, 33, &tally);
        run.count(PacketKind::Say, 12, &tally);
        tally.add(&mut run);
        tally.add(&mut run);
        let counts: Vec<_> = tally.traffic(Direction::In).collect();
        assert_eq!(counts, [("Move", 2, 66), ("Say", 1, 12)]);
        assert_eq!(tally.traffic(Direction::Out).count(), 0);
    }

    #[test]
    fn counts_of_several_threads_are_added() {
        let tally = Tally::default();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let mut run = Run::new(Direction::Out);
                    run.count(PacketKind::Heartbeat, 20, &tally);
                    tally.add(&mut run);
                    tally.time(Timed::Tick, Duration::from_millis(2));
                });
            }
        });
        let counts: Vec<_> = tally.traffic(Direction::Out).collect();
        assert_eq!(counts, [("Heartbeat", 3, 60)]);
        let times = tally.times(Timed::Tick);
        assert_eq!(times.buckets.iter().sum::<u64>(), 3);
        assert!((times.seconds - 0.006).abs() < 1e-9);
    }

    #[test]
    fn a_time_is_in_the_bucket_that_ends_behind_it() {
        for nanoseconds in [
            0,
            1,
            999,
            1000,
            1001,
            2000,
            2001,
            4000,
            1_000_000,
            3_000_000_000,
        ] {
            let bucket = bucket(nanoseconds);
            let seconds = Duration::from_nanos(nanoseconds).as_secs_f64();
            assert!(seconds <= bucket_end(bucket), "{nanoseconds}");
            let before = bucket.checked_sub(1).map_or(-1.0, bucket_end);
            assert!(seconds > before, "{nanoseconds}");
        }
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
    }

    #[test]
    fn events_are_counted_by_reason() {
        let tally = Tally::default();
        tally.event(Event::Ended, "idle");
        tally.event(Event::Ended, "closed");
        tally.event(Event::Ended, "idle");
        tally.event(Event::Refused, "full");
        assert_eq!(tally.events(Event::Ended), [("closed", 1), ("idle", 2)]);
    }
}
