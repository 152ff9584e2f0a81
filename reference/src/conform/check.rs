//! What a check is, and how it ends.
//!
//! A check is a name, a rule in a sentence, and an async function that tries a server. It ends with [`Outcome`]: the
//! server keeps the rule, or [`Stop`] says what it did instead, or why the check could not be made.

use super::transcript::Crossing;
use super::trial::Trial;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

/// One item of the suite.
pub struct Check {
    pub(super) group: Group,
    pub(super) name: String,
    pub(super) rule: String,
    pub(super) order: Order,
    pub(super) slow: Option<Duration>,
    pub(super) run: Box<dyn Fn(Trial) -> Running + Send + Sync>,
}

/// A check under way.
pub(super) type Running = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// How a check ends.
pub(super) type Outcome<T = ()> = Result<T, Stop>;

/// Parts of the suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Hello and Welcome.
    Greeting,
    /// The packets of clients that the schema has as test vectors.
    Vectors,
    /// How packets are cut out of the stream.
    Framing,
    /// Which packet is taken in which state.
    States,
    /// Registering, logging in and out, resuming.
    Accounts,
    /// The world.
    Game,
    /// Guilds and their wars.
    Guilds,
    /// Nearby, whispers, rooms, broadcasts.
    Chat,
    /// Heartbeats, clocks, echo.
    System,
    /// Floods, crowds, and those who do not read or write.
    Limits,
    /// The server as a sender.
    Conduct,
}

/// When a check is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    /// At the same time as others.
    Together,
    /// When no other is going on, since it burdens the server.
    Alone,
    /// Behind all others, on which it looks back.
    Last,
}

/// Why a check ended before all of it was seen to be right.
#[derive(Debug)]
pub(super) enum Stop {
    /// The server broke the rule.
    Failed(Box<Failure>),
    /// The check cannot be made here, for this reason.
    Skipped(String),
}

/// What the server did instead of keeping a rule.
#[derive(Debug)]
pub(super) struct Failure {
    /// What it had to do.
    pub(super) expected: String,
    /// What it did.
    pub(super) found: String,
    /// What crossed the wires; nothing if that is what the check's own connections carried.
    pub(super) crossings: Vec<Crossing>,
}

impl Stop {
    /// The server had to do something, and did something else.
    pub(super) fn failed(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Failed(Box::new(Failure {
            expected: expected.into(),
            found: found.into(),
            crossings: Vec::new(),
        }))
    }

    /// The check cannot be made.
    pub(super) fn skipped(reason: impl Into<String>) -> Self {
        Self::Skipped(reason.into())
    }
}

/// Fails unless a condition holds.
pub(super) fn ensure(
    holds: bool,
    expected: impl Into<String>,
    found: impl FnOnce() -> String,
) -> Outcome {
    if holds {
        Ok(())
    } else {
        Err(Stop::failed(expected, found()))
    }
}

impl Check {
    /// A check of `name` within its group.
    pub(super) fn new<F, R>(
        group: Group,
        name: impl fmt::Display,
        rule: impl Into<String>,
        run: F,
    ) -> Self
    where
        F: Fn(Trial) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        Self {
            group,
            name: format!("{}/{name}", group.name()),
            rule: rule.into(),
            order: Order::Together,
            slow: None,
            run: Box::new(move |trial| Box::pin(run(trial))),
        }
    }

    /// Made when no other is going on.
    pub(super) fn alone(mut self) -> Self {
        self.order = Order::Alone;
        self
    }

    /// Made behind all others.
    pub(super) fn last(mut self) -> Self {
        self.order = Order::Last;
        self
    }

    /// Made only when it is asked for, since it takes up to `limit`.
    pub(super) fn slow(mut self, limit: Duration) -> Self {
        self.slow = Some(limit);
        self
    }

    /// Which part of the suite it belongs to.
    pub fn group(&self) -> Group {
        self.group
    }

    /// Its name: that of its group, a slash, and its own.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What servers have to do, in a sentence.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// Whether it waits for long, so that it is only made when it is asked for.
    pub fn is_slow(&self) -> bool {
        self.slow.is_some()
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check")
            .field("name", &self.name)
            .field("rule", &self.rule)
            .finish_non_exhaustive()
    }
}

impl Group {
    /// Its name, which those of its checks begin with.
    pub fn name(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::Vectors => "vectors",
            Self::Framing => "framing",
            Self::States => "states",
            Self::Accounts => "accounts",
            Self::Game => "game",
            Self::Guilds => "guilds",
            Self::Chat => "chat",
            Self::System => "system",
            Self::Limits => "limits",
            Self::Conduct => "conduct",
        }
    }
}
