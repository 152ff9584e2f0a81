//! What a run has shown, as numbers, as text for people, and as JSON by [`serde`].

mod percentiles;
mod text;

use super::plan::{Pace, Plan};
use super::tally::{Counts, Names, Tally};
use hdrhistogram::Histogram;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// What a run has shown. Rates are per second of the measured time.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The server.
    pub address: String,
    /// Honest connections that were asked for.
    pub connections: usize,
    /// When packets were sent, in words.
    pub pace: String,
    /// Which packets, as shares.
    pub mix: String,
    /// Seconds that were measured.
    pub seconds: f64,
    /// How connections came in.
    pub entry: EntryFigures,
    /// All packets that have answers.
    pub all: Figures,
    /// The packets of each kind.
    pub kinds: BTreeMap<&'static str, Figures>,
    /// How late packets were sent: the generator's own delay, which is part of all times.
    pub lateness: Times,
    /// What came and went.
    pub traffic: TrafficFigures,
    /// Broadcasts, if there were any.
    pub broadcasts: Option<BroadcastFigures>,
    /// The server's errors to honest connections, by code.
    pub errors: BTreeMap<String, u64>,
    /// Why honest connections ended before the run did.
    pub closed: BTreeMap<String, u64>,
    /// Connections that misbehaved, if there were any.
    pub hostile: Option<HostileFigures>,
    /// The server's memory, if its process is known.
    pub memory: Option<MemoryFigures>,
    #[serde(skip)]
    times: Histogram<u64>,
}

/// How connections came in.
#[derive(Clone, Debug, Serialize)]
pub struct EntryFigures {
    /// Those that did.
    pub ready: u64,
    /// Seconds until all had, or had been refused.
    pub seconds: f64,
    /// Why others did not.
    pub refused: BTreeMap<String, u64>,
}

/// What became of packets.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Figures {
    /// Packets that were sent.
    pub sent: u64,
    /// Packets that were due, but whose connection was gone or took nothing more.
    pub unsent: u64,
    /// Answers, errors included.
    pub answered: u64,
    /// Answers that were errors, or not what was asked for.
    pub errors: u64,
    /// Packets without an answer.
    pub lost: u64,
    /// Good answers per second.
    pub answers_per_second: f64,
    /// From the moment at which a packet was due to its good answer.
    pub times: Times,
}

/// Times in microseconds.
#[derive(Clone, Copy, Debug, Serialize)]
#[allow(missing_docs)] // the names say it
pub struct Times {
    pub mean: f64,
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
    pub p99_9: f64,
    pub max: f64,
}

/// What came and went, per second.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct TrafficFigures {
    /// Bytes from the server.
    pub bytes_in: f64,
    /// Bytes to the server.
    pub bytes_out: f64,
    /// Packets from the server.
    pub packets_in: f64,
    /// Movements of entities that were told to players: a step of one entity that fifty see is fifty.
    pub deliveries: f64,
    /// The packets that these came in.
    pub delivery_packets: f64,
    /// Messages of the chat that players heard.
    pub messages: f64,
    /// Moves that the server did not take over, in all.
    pub moves_rejected: u64,
}

/// What came of broadcasts.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct BroadcastFigures {
    /// Those that were sent.
    pub sent: u64,
    /// Those that the server refused.
    pub refused: u64,
    /// Those that every connection heard.
    pub complete: u64,
    /// From sending one to the last connection that heard it, of those that all heard.
    pub times: Times,
}

/// What became of connections that misbehaved.
#[derive(Clone, Debug, Serialize)]
pub struct HostileFigures {
    /// How they did.
    pub attack: &'static str,
    /// How many there were at a time.
    pub connections: usize,
    /// How they ended.
    pub fates: BTreeMap<String, u64>,
    /// Connections that a storm made, in all.
    pub storms: u64,
}

/// Resident memory of the server in bytes.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct MemoryFigures {
    /// Before the first connection.
    pub before: u64,
    /// When all had come in.
    pub ready: u64,
    /// At the end, before connections are closed.
    pub end: u64,
    /// What was more at the end than before, for each connection.
    pub per_connection: f64,
}

/// What else a report is made of.
pub(super) struct Observed {
    pub(super) tally: Tally,
    pub(super) fates: Names,
    pub(super) storms: u64,
    pub(super) ready: u64,
    pub(super) came_in: Duration,
    pub(super) memory: Option<[u64; 3]>,
}

impl Report {
    pub(super) fn new(plan: &Plan, observed: Observed) -> Self {
        let Observed {
            tally,
            fates,
            storms,
            ready,
            came_in,
            memory,
        } = observed;
        let seconds = plan.duration.as_secs_f64();
        let mut all = Counts::new();
        let mut kinds = BTreeMap::new();
        for kind in plan.mix.kinds() {
            let counts = tally.of(kind);
            kinds.insert(kind.name(), Figures::new(counts, seconds));
            if kind.is_answered() {
                all.add(counts);
            }
        }
        let per_second = |count: u64| float(count) / seconds;
        let traffic = tally.traffic;
        Self {
            address: plan.address.clone(),
            connections: plan.connections,
            pace: match plan.pace {
                Pace::Open { per_second } => format!("{per_second} a second on each connection"),
                Pace::Closed { depth } => format!("{depth} in flight on each connection"),
                Pace::Idle => "one of each kind, and then silence".to_owned(),
            },
            mix: plan.mix.to_string(),
            seconds,
            entry: EntryFigures {
                ready,
                seconds: came_in.as_secs_f64(),
                refused: tally.refused,
            },
            all: Figures::new(&all, seconds),
            kinds,
            lateness: Times::new(&tally.late),
            traffic: TrafficFigures {
                bytes_in: per_second(traffic.bytes_in),
                bytes_out: per_second(traffic.bytes_out),
                packets_in: per_second(traffic.packets_in),
                deliveries: per_second(traffic.moves),
                delivery_packets: per_second(traffic.move_packets),
                messages: per_second(traffic.messages),
                moves_rejected: traffic.rejected,
            },
            broadcasts: plan.broadcasts.map(|_| {
                let outcome = tally.broadcasts.outcome(ready);
                BroadcastFigures {
                    sent: outcome.sent,
                    refused: tally.broadcasts.refused,
                    complete: outcome.complete,
                    times: Times::new(&outcome.times),
                }
            }),
            errors: tally.errors,
            closed: tally.closed,
            hostile: plan.hostile.map(|hostile| HostileFigures {
                attack: hostile.attack.name(),
                connections: plan.hostile_connections(),
                fates,
                storms,
            }),
            memory: memory.map(|[before, at_ready, end]| MemoryFigures {
                before,
                ready: at_ready,
                end,
                per_connection: (float(end) - float(before)) / float(ready.max(1)),
            }),
            times: all.times,
        }
    }

    /// All percentiles of the times of all answers, in microseconds, in the form that the plotters of `HdrHistogram` read.
    pub fn percentiles(&self) -> String {
        percentiles::of(&self.times)
    }

    /// Whether every packet that was due was sent and answered well, and every connection came in and stayed.
    pub fn is_clean(&self) -> bool {
        let kinds = self.kinds.values();
        let good = |figures: &Figures| figures.errors + figures.lost + figures.unsent == 0;
        kinds.into_iter().all(good) && self.entry.refused.is_empty() && self.closed.is_empty()
    }
}

impl Figures {
    fn new(counts: &Counts, seconds: f64) -> Self {
        Self {
            sent: counts.sent,
            unsent: counts.unsent,
            answered: counts.answered,
            errors: counts.errors,
            lost: counts.lost,
            answers_per_second: float(counts.arrived) / seconds,
            times: Times::new(&counts.times),
        }
    }

    /// The share of packets that were sent and not answered well, in percent.
    pub fn failed_percent(&self) -> f64 {
        100.0 * float(self.errors + self.lost) / float(self.sent.max(1))
    }
}

impl Times {
    fn new(times: &Histogram<u64>) -> Self {
        let at = |quantile| float(times.value_at_quantile(quantile)) / 1000.0;
        Self {
            mean: times.mean() / 1000.0,
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
            p99_9: at(0.999),
            max: float(times.max()) / 1000.0,
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "figures for people, who look at three digits"
)]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::super::flight::Sent;
    use super::super::mix::Kind;
    use super::super::schedule::Course;
    use super::super::tally::count;
    use super::*;
    use std::time::Instant;

    /// A report of a run of 10 s in which three of four echoes were answered, in 1, 2 and 3 ms.
    pub(super) fn report() -> Report {
        let plan = Plan::new("localhost:7777");
        let now = Instant::now();
        let mut tally = Tally::new();
        let zero = Duration::ZERO;
        tally.course = Some(Course::new(now, zero, plan.duration, zero));
        for number in 1..=4 {
            tally.sent(Kind::Echo, now, now);
            let kind = Kind::Echo;
            let sent = Sent {
                number,
                kind,
                at: now,
            };
            match number {
                4 => tally.lost(sent),
                _ => tally.answered(sent, true, now + Duration::from_millis(number.into())),
            }
        }
        count(&mut tally.closed, "closed by KickNotice idle");
        Report::new(
            &plan,
            Observed {
                tally,
                fates: Names::new(),
                storms: 0,
                ready: 100,
                came_in: Duration::from_millis(1500),
                memory: Some([1_000_000, 1_200_000, 1_300_000]),
            },
        )
    }

    #[test]
    fn figures_follow_from_what_was_seen() {
        let report = report();
        let all = &report.all;
        assert_eq!((all.sent, all.answered, all.lost), (4, 3, 1));
        assert!((all.failed_percent() - 25.0).abs() < 1e-9);
        assert!((all.answers_per_second - 0.3).abs() < 1e-9);
        let close = |time: f64, expected: f64| (time / expected - 1.0).abs() < 0.002;
        assert!(close(all.times.p50, 2000.0), "{}", all.times.p50);
        assert!(close(all.times.max, 3000.0), "{}", all.times.max);
        let memory = report.memory.unwrap();
        assert!((memory.per_connection - 3000.0).abs() < 1e-9);
        assert!(!report.is_clean());
    }
}
