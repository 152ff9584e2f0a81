//! Counts and times of a run.
//!
//! In: what was sent, answered and received, and when. Out: a tally for each thread, which are added up in the end. Only what
//! lies between warm-up and end counts; a request counts if it was due then, whenever its answer comes.

use super::broadcasts::Broadcasts;
use super::flight::Sent;
use super::mix::Kind;
use super::schedule::Course;
use hdrhistogram::Histogram;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The longest time that is told apart, in nanoseconds. Longer ones count as this.
const LONGEST: u64 = 120_000_000_000;

/// How often things happened, by their names.
pub(super) type Names = BTreeMap<String, u64>;

/// What one thread saw.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    /// When the run is; `None` as long as it has not begun, and nothing counts.
    pub(super) course: Option<Course>,
    kinds: [Counts; Kind::ALL.len()],
    /// How late packets were sent, in nanoseconds: the generator's own delay, which is part of all times.
    pub(super) late: Histogram<u64>,
    /// Errors of the server, by code.
    pub(super) errors: Names,
    /// Why connections ended before their time.
    pub(super) closed: Names,
    /// Why connections did not come in.
    pub(super) refused: Names,
    pub(super) traffic: Traffic,
    pub(super) broadcasts: Broadcasts,
}

/// What became of the packets of a kind.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    /// Packets that were due and sent.
    pub(super) sent: u64,
    /// Packets that were due, but whose connection was gone or took nothing more.
    pub(super) unsent: u64,
    /// Packets that were due, and whose answers came, whenever.
    pub(super) answered: u64,
    /// Answers that were errors or not what was asked for.
    pub(super) errors: u64,
    /// Packets without an answer.
    pub(super) lost: u64,
    /// Answers that came before the end, whenever their packets were due.
    pub(super) arrived: u64,
    /// From the moment at which a packet was due to its answer, in nanoseconds.
    pub(super) times: Histogram<u64>,
}

/// What came and went while it was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traffic {
    pub(super) bytes_in: u64,
    pub(super) bytes_out: u64,
    pub(super) packets_in: u64,
    /// Movements of entities that were told to players, and the packets that they came in.
    pub(super) moves: u64,
    pub(super) move_packets: u64,
    /// Moves that the server did not take over.
    pub(super) rejected: u64,
    /// Messages that players heard, those of others included.
    pub(super) messages: u64,
}

impl Tally {
    pub(super) fn new() -> Self {
        Self {
            course: None,
            kinds: std::array::from_fn(|_| Counts::new()),
            late: histogram(),
            errors: Names::new(),
            closed: Names::new(),
            refused: Names::new(),
            traffic: Traffic::default(),
            broadcasts: Broadcasts::default(),
        }
    }

    /// Whether what happens at this time counts.
    pub(super) fn counts(&self, at: Instant) -> bool {
        self.course.is_some_and(|course| course.counts(at))
    }

    /// A packet was sent that was due at `due`.
    pub(super) fn sent(&mut self, kind: Kind, due: Instant, now: Instant) {
        if self.counts(due) {
            self.of_mut(kind).sent += 1;
            record(&mut self.late, now.saturating_duration_since(due));
        }
    }

    /// A packet could not be sent that was due at `due`.
    pub(super) fn unsent(&mut self, kind: Kind, due: Instant) {
        if self.counts(due) {
            self.of_mut(kind).unsent += 1;
        }
    }

    /// An answer came, which is right or not.
    pub(super) fn answered(&mut self, sent: Sent, right: bool, now: Instant) {
        let (due, arrived) = (self.counts(sent.at), self.counts(now));
        let counts = self.of_mut(sent.kind);
        if due {
            counts.answered += 1;
            if right {
                record(&mut counts.times, now.saturating_duration_since(sent.at));
            } else {
                counts.errors += 1;
            }
        }
        if arrived && right {
            counts.arrived += 1;
        }
    }

    /// No answer came.
    pub(super) fn lost(&mut self, sent: Sent) {
        if self.counts(sent.at) {
            self.of_mut(sent.kind).lost += 1;
        }
    }

    /// What became of the packets of a kind.
    pub(super) fn of(&self, kind: Kind) -> &Counts {
        &self.kinds[kind as usize]
    }

    /// Adds what another thread saw.
    pub(super) fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.kinds.iter_mut().zip(&other.kinds) {
            mine.add(theirs);
        }
        add_times(&mut self.late, &other.late);
        for (mine, theirs) in [
            (&mut self.errors, &other.errors),
            (&mut self.closed, &other.closed),
            (&mut self.refused, &other.refused),
        ] {
            add_names(mine, theirs);
        }
        self.traffic.add(&other.traffic);
        self.broadcasts.add(&other.broadcasts);
    }

    fn of_mut(&mut self, kind: Kind) -> &mut Counts {
        &mut self.kinds[kind as usize]
    }
}

impl Counts {
    pub(super) fn new() -> Self {
        Self {
            sent: 0,
            unsent: 0,
            answered: 0,
            errors: 0,
            lost: 0,
            arrived: 0,
            times: histogram(),
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        self.unsent += other.unsent;
        self.answered += other.answered;
        self.errors += other.errors;
        self.lost += other.lost;
        self.arrived += other.arrived;
        add_times(&mut self.times, &other.times);
    }
}

impl Traffic {
    fn add(&mut self, other: &Self) {
        self.bytes_in += other.bytes_in;
        self.bytes_out += other.bytes_out;
        self.packets_in += other.packets_in;
        self.moves += other.moves;
        self.move_packets += other.move_packets;
        self.rejected += other.rejected;
        self.messages += other.messages;
    }
}

/// Counts something by its name.
pub(super) fn count(names: &mut Names, name: &str) {
    if let Some(count) = names.get_mut(name) {
        *count += 1;
    } else {
        names.insert(name.to_owned(), 1);
    }
}

/// Adds counts by name.
pub(super) fn add_names(mine: &mut Names, theirs: &Names) {
    for (name, count) in theirs {
        *mine.entry(name.clone()).or_default() += count;
    }
}

/// A histogram of nanoseconds, exact to a thousandth.
pub(super) fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, LONGEST, 3).expect("these bounds are far enough apart")
}

/// Counts a time.
pub(super) fn record(times: &mut Histogram<u64>, time: Duration) {
    let nanos = u64::try_from(time.as_nanos()).unwrap_or(LONGEST);
    times.saturating_record(nanos.clamp(1, LONGEST));
}

fn add_times(mine: &mut Histogram<u64>, theirs: &Histogram<u64>) {
    mine.add(theirs)
        .expect("histograms of the same bounds can be added");
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// A tally in which the second second of a run counts.
    fn tally(begin: Instant) -> Tally {
        let mut tally = Tally::new();
        tally.course = Some(Course::new(begin, SECOND, SECOND, SECOND));
        tally
    }

    fn sent(at: Instant) -> Sent {
        Sent {
            number: 1,
            kind: Kind::Echo,
            at,
        }
    }

    #[test]
    fn times_run_from_the_moment_at_which_a_packet_was_due() {
        let begin = Instant::now();
        let mut tally = tally(begin);
        let due = begin + SECOND;
        tally.sent(Kind::Echo, due, due + SECOND / 2);
        tally.answered(sent(due), true, due + SECOND);
        let counts = tally.of(Kind::Echo);
        assert!(counts.times.equivalent(counts.times.max(), 1_000_000_000));
        assert!(tally.late.equivalent(tally.late.max(), 500_000_000));
        let shown = (counts.sent, counts.answered, counts.arrived);
        assert_eq!(shown, (1, 1, 0), "the answer came behind the end");
    }

    #[test]
    fn warm_up_and_end_do_not_count() {
        let begin = Instant::now();
        let mut tally = tally(begin);
        for due in [begin, begin + SECOND * 2] {
            tally.sent(Kind::Echo, due, due);
            tally.unsent(Kind::Echo, due);
            tally.answered(sent(due), true, due);
            tally.lost(sent(due));
        }
        let counts = tally.of(Kind::Echo);
        let all = counts.sent + counts.unsent + counts.answered + counts.arrived + counts.lost;
        assert_eq!((all, counts.times.len()), (0, 0));
    }

    #[test]
    fn a_wrong_answer_is_an_error_and_has_no_time() {
        let begin = Instant::now();
        let mut tally = tally(begin);
        tally.answered(sent(begin + SECOND), false, begin + SECOND);
        let counts = tally.of(Kind::Echo);
        let shown = (counts.answered, counts.errors, counts.arrived);
        assert_eq!((shown, counts.times.len()), ((1, 1, 0), 0));
    }

    #[test]
    fn tallies_are_added_up() {
        let begin = Instant::now();
        let due = begin + SECOND;
        let mut all = tally(begin);
        for lag in [1, 3] {
            let mut one = tally(begin);
            one.answered(sent(due), true, due + Duration::from_millis(lag));
            one.lost(sent(due));
            count(&mut one.errors, "full");
            one.traffic.moves = 5;
            all.add(&one);
        }
        let counts = all.of(Kind::Echo);
        assert_eq!((counts.answered, counts.lost), (2, 2));
        assert!(counts.times.equivalent(counts.times.max(), 3_000_000));
        assert_eq!(all.errors, Names::from([("full".to_owned(), 2)]));
        assert_eq!(all.traffic.moves, 10);
    }
}
