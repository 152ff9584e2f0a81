//! A thread of the generator: one poll, and what its connections do when.
//!
//! In: the plan, the clock, and the moment at which all threads begin. Out: what the connections saw.

use super::crew::{Crew, Seen};
use super::plan::Pace;
use super::schedule::Schedule;
use super::shared::Shared;
use super::timer::Timer;
use mio::{Events, Poll, Token};
use std::io;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// How often what is shared is looked after, and each hostile connection has its turn.
const TICK: Duration = Duration::from_millis(10);
/// The token of the timer, which is none of a connection.
const TIMER: Token = Token(usize::MAX - 1);
/// Packets of an open loop that are due within this time are sent together.
const TOGETHER: Duration = Duration::from_micros(50);

/// A thread with its connections.
pub(super) struct Worker<'a> {
    shared: &'a Shared<'a>,
    number: usize,
    poll: Poll,
    timer: Timer,
    crew: Crew<'a>,
    /// The next connection to be made.
    next: usize,
    /// Whether packets are sent.
    begun: bool,
    schedule: Option<Schedule>,
    broadcasts: Option<Schedule>,
    /// When which hostile connection has its turn.
    turns: Option<Schedule>,
}

impl<'a> Worker<'a> {
    /// Prepares the thread with this number.
    ///
    /// # Errors
    /// There are no descriptors left.
    pub(super) fn new(shared: &'a Shared<'a>, number: usize) -> io::Result<Self> {
        let poll = Poll::new()?;
        Ok(Self {
            shared,
            number,
            timer: Timer::new(poll.registry(), TIMER)?,
            crew: Crew::new(shared, number, poll.registry().try_clone()?),
            poll,
            next: 0,
            begun: false,
            schedule: None,
            broadcasts: None,
            turns: None,
        })
    }

    /// Connects, waits until all others have, and runs to the end.
    ///
    /// # Errors
    /// Polling does not work.
    pub(super) fn run(mut self) -> io::Result<Seen> {
        let mut events = Events::with_capacity(1024);
        loop {
            let now = Instant::now();
            self.connect(now);
            self.crew.ask_again(now);
            self.send_what_is_due(now);
            // Behind what is due, so that a thread that was held up until the end still sends it.
            if self.is_over(now) {
                return Ok(self.crew.finish());
            }
            self.crew.read_on();
            self.crew.write_all();
            self.wait(&mut events)?;
            for event in &events {
                if event.token() != TIMER {
                    let hung_up = event.is_read_closed() || event.is_error();
                    self.crew.serve(event.token().0, hung_up, Instant::now());
                }
            }
        }
    }

    fn is_over(&mut self, now: Instant) -> bool {
        let course = self.crew.tally.course;
        let course = course.or_else(|| self.shared.course.get().copied());
        self.crew.tally.course = course;
        let Some(course) = course else {
            return self.shared.stop.load(Relaxed);
        };
        now >= course.end && (now >= course.given_up || self.crew.is_quiet())
    }

    /// Makes connections, as many at a time as it may.
    fn connect(&mut self, now: Instant) {
        let plan = self.shared.plan;
        let most = (plan.connect_at_once / plan.threads).max(1);
        // Hostile ones come when the others are at work.
        let end = if self.begun {
            self.crew.len()
        } else {
            self.crew.honest()
        };
        while self.next < end && self.crew.coming() < most {
            self.crew.open(self.next, now);
            self.next += 1;
        }
    }

    /// Sends what the plan has for this moment.
    fn send_what_is_due(&mut self, now: Instant) {
        let Some(course) = self.crew.tally.course else {
            return;
        };
        if !self.begun && course.begin <= now {
            self.begun = true;
            self.begin(course.begin, now);
        }
        while let Some(due) = self.schedule.as_mut().and_then(|all| all.take(now)) {
            self.crew.send_any(due.connection, due.at, now);
        }
        while let Some(due) = self.turns.as_mut().and_then(|all| all.take(now)) {
            self.crew.turn_rogue(due.connection, now);
        }
        while let Some(_due) = self.broadcasts.as_mut().and_then(|all| all.take(now)) {
            self.crew.broadcast(now);
        }
    }

    /// The first packets, or when they are due.
    fn begin(&mut self, begin: Instant, now: Instant) {
        let (plan, honest) = (self.shared.plan, self.crew.honest());
        let course = self.crew.tally.course;
        let end = course.map_or(begin, |course| course.end);
        match plan.pace {
            Pace::Open { per_second } => {
                let mine = Schedule::new(begin, end, honest, per_second);
                self.schedule = Some(mine.shifted(self.number, plan.threads));
            }
            Pace::Closed { depth } => {
                for place in 0..honest {
                    for _ in 0..depth {
                        self.crew.send_any(place, now, now);
                    }
                }
            }
            Pace::Idle => {
                for place in 0..honest {
                    for kind in plan.mix.kinds() {
                        self.crew.send(place, kind, now, now);
                    }
                }
            }
        }
        let turns_per_second = 1.0 / TICK.as_secs_f64();
        self.turns = Some(Schedule::new(
            begin,
            end,
            self.crew.rogues(),
            turns_per_second,
        ));
        if let Some(per_second) = plan.broadcasts.filter(|_| self.number == 0) {
            let measured = course.map_or(begin, |course| course.measured);
            self.broadcasts = Some(Schedule::new(measured, end, 1, per_second));
        }
    }

    fn wait(&mut self, events: &mut Events) -> io::Result<()> {
        let mut timeout = TICK;
        if self.crew.is_behind() {
            timeout = Duration::ZERO;
        } else if let Some(next) = [&self.schedule, &self.turns]
            .into_iter()
            .flatten()
            .filter_map(Schedule::next)
            .min()
        {
            let left = next.saturating_duration_since(Instant::now());
            if left < TICK {
                timeout = left.max(TOGETHER);
                self.timer.set(timeout)?;
            }
        }
        match self.poll.poll(events, Some(timeout)) {
            // Whatever else there is to do is done, and then it waits again.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            done => done,
        }
    }
}
