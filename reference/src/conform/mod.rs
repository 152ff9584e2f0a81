//! A conformance suite for servers that speak `schemas/game.yaml`.
//!
//! In: the address of a server. Out: a [`Report`] that says of each rule whether the server keeps it, and for one that it
//! breaks, what was sent, what had to come and what came. The suite knows the schema and the generated codec; it knows
//! nothing of the bundled server, nor of the client library but how that makes a connection, and needs no privileges. It can run again and again
//! against the same server, also one that people play on: whatever it makes has a name of its own, guilds are left again.
//!
//! ```text
//! mod       the suite: an ordered list of checks, and their run
//!   greeting … limits, conduct   one file for each group of checks
//!   trial     what a check has at hand
//!     peer      a raw connection, with patience; conduct::Watch judges all that comes
//!     players   accounts that are lent to checks
//!   samples, requests            a packet of each kind, and what answers it
//!   transcript, report           what crossed the wire, and the result
//! ```

mod accounts;
mod chat;
mod check;
mod conduct;
mod framing;
mod game;
mod greeting;
mod guilds;
mod limits;
mod peer;
mod players;
mod report;
mod requests;
mod samples;
mod states;
mod system;
mod transcript;
mod trial;
mod vectors;

pub use check::{Check, Group};
pub use report::{Finding, Report, Verdict};

use crate::client::{ClientError, Dialer, Tls};
use check::{Order, Stop};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::lookup_host;
use tokio::task::JoinSet;
use tokio::time::timeout;
use trial::{Target, Trial};

/// The schema that is tested.
pub(crate) const SCHEMA: &str = include_str!("../../../schemas/game.yaml");

/// How long a check may take that does not wait on purpose, in units of the patience.
const LIMIT: u32 = 20;

/// What to test, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Only checks whose name contains one of these; all if there are none.
    pub only: Vec<String>,
    /// Also checks that wait for long.
    pub slow: bool,
    /// Names and passwords of accounts that are there already, for servers that register none.
    pub accounts: Vec<(String, String)>,
    /// How long to wait for what the server has to do at once.
    pub patience: Duration,
    /// How many checks are made at a time.
    pub at_a_time: usize,
    /// How the server proves who it is; plain TCP if `None`. With TLS bytes arrive in the same pieces, each in a record of its own.
    pub tls: Option<Tls>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            only: Vec::new(),
            slow: false,
            accounts: Vec::new(),
            patience: Duration::from_secs(3),
            at_a_time: 8,
            tls: None,
        }
    }
}

/// Why there is no report.
#[derive(Debug)]
pub enum ConformError {
    /// The address could not be resolved, or nobody listens there.
    Unreachable {
        /// The address, as it was given.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// Nobody is trusted, or the server is not.
    Tls(ClientError),
    /// No check has such a name.
    NoSuchCheck {
        /// What was to be found in it.
        pattern: String,
    },
    /// The system has no random numbers for names.
    NoRandomness(getrandom::Error),
}

/// All checks in the order in which they are reported.
pub fn checks() -> Vec<Check> {
    [
        greeting::checks(),
        vectors::checks(),
        framing::checks(),
        states::checks(),
        accounts::checks(),
        game::checks(),
        guilds::checks(),
        chat::checks(),
        system::checks(),
        limits::checks(),
        conduct::checks(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Tests the server at `address`, a host and a port.
///
/// # Errors
/// The server cannot be reached at all, or `only` names no check.
pub async fn run(address: &str, options: &Options) -> Result<Report, ConformError> {
    let began = Instant::now();
    let chosen = choose(checks(), options)?;
    let dialer = Dialer::new(address, options.tls.as_ref()).map_err(ConformError::Tls)?;
    let dialer = reach(address, dialer, options.patience).await?;
    let mut random = [0; 3];
    getrandom::fill(&mut random).map_err(ConformError::NoRandomness)?;
    let [a, b, c] = random;
    let target = Arc::new(Target::new(
        dialer,
        options,
        format!("{a:02x}{b:02x}{c:02x}"),
    ));
    let mut findings = BTreeMap::new();
    for (order, at_a_time) in [
        (Order::Together, options.at_a_time),
        (Order::Alone, 1),
        (Order::Last, 1),
    ] {
        let mut waiting = chosen
            .iter()
            .enumerate()
            .filter(|(_, check)| check.order == order);
        let mut running = JoinSet::new();
        loop {
            while running.len() < at_a_time.max(1)
                && let Some((place, check)) = waiting.next()
            {
                running.spawn(make(
                    place,
                    Arc::clone(check),
                    Arc::clone(&target),
                    options.slow,
                ));
            }
            match running.join_next().await {
                Some(Ok((place, finding))) => {
                    findings.insert(place, finding);
                }
                Some(Err(error)) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => unreachable!("no check is cancelled"),
                },
                None => break,
            }
        }
    }
    Ok(Report {
        address: address.to_owned(),
        tls: options.tls.clone(),
        findings: findings.into_values().collect(),
        took: began.elapsed(),
    })
}

/// The checks that are asked for.
fn choose(checks: Vec<Check>, options: &Options) -> Result<Vec<Arc<Check>>, ConformError> {
    let holds = |check: &Check, pattern: &String| check.name().contains(pattern.as_str());
    for pattern in &options.only {
        if !checks.iter().any(|check| holds(check, pattern)) {
            let pattern = pattern.clone();
            return Err(ConformError::NoSuchCheck { pattern });
        }
    }
    let asked = |check: &Check| {
        options.only.is_empty() || options.only.iter().any(|pattern| holds(check, pattern))
    };
    Ok(checks.into_iter().filter(asked).map(Arc::new).collect())
}

/// The dialer for the first of the host's addresses at which somebody listens.
async fn reach(address: &str, dialer: Dialer, patience: Duration) -> Result<Dialer, ConformError> {
    let unreachable = |source| ConformError::Unreachable {
        address: address.to_owned(),
        source,
    };
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for candidate in lookup_host(address).await.map_err(unreachable)? {
        let dialer = dialer.at(candidate);
        match timeout(patience, dialer.dial()).await {
            Ok(Ok(_)) => return Ok(dialer),
            Ok(Err(ClientError::Connect { error, .. })) => {
                last = io::Error::new(error.kind(), error);
            }
            Ok(Err(error)) => return Err(ConformError::Tls(error)),
            Err(_) => last = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(unreachable(last))
}

/// Makes a check, for as long as it may take.
async fn make(
    place: usize,
    check: Arc<Check>,
    target: Arc<Target>,
    slow: bool,
) -> (usize, Finding) {
    let began = Instant::now();
    let limit = check.slow.unwrap_or(target.patience * LIMIT);
    let trial = Trial::new(target, check.name());
    let outcome = if check.is_slow() && !slow {
        Err(Stop::skipped("waits for long: give --slow"))
    } else {
        match timeout(limit, (check.run)(trial.clone())).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Stop::failed(
                format!("an end within {limit:?}"),
                "the check is still under way",
            )),
        }
    };
    (
        place,
        Finding::new(&check, outcome, &trial, began.elapsed()),
    )
}

impl fmt::Display for ConformError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable { address, source } => {
                write!(f, "cannot connect to {address}: {source}")
            }
            Self::Tls(error) => error.fmt(f),
            Self::NoSuchCheck { pattern } => write!(
                f,
                "no check has `{pattern}` in its name: --list shows all of them"
            ),
            Self::NoRandomness(error) => write!(f, "no random numbers: {error}"),
        }
    }
}

impl std::error::Error for ConformError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreachable { source, .. } => Some(source),
            Self::Tls(_) | Self::NoSuchCheck { .. } => None,
            Self::NoRandomness(error) => Some(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_begin_with_their_group() {
        let mut names = BTreeSet::new();
        for check in checks() {
            let group = format!("{}/", check.group().name());
            assert!(check.name().starts_with(&group), "{}", check.name());
            assert!(names.insert(check.name().to_owned()), "{}", check.name());
        }
    }

    #[test]
    fn rules_are_sentences() {
        for check in checks() {
            let rule = check.rule();
            let begins = rule.chars().next().is_some_and(char::is_uppercase);
            assert!(begins && rule.ends_with('.'), "{}: {rule}", check.name());
            assert!(!rule.contains("  "), "{}: {rule}", check.name());
        }
    }

    #[test]
    fn a_pattern_that_no_check_has_is_told() {
        let options = Options {
            only: vec!["greeting".to_owned(), "tea".to_owned()],
            ..Options::default()
        };
        let error = choose(checks(), &options).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no check has `tea` in its name: --list shows all of them"
        );
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_gives_no_report() {
        // A port that was free a moment ago.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        drop(listener);
        let error = run(&address, &Options::default()).await.unwrap_err();
        assert!(matches!(error, ConformError::Unreachable { .. }), "{error}");
    }
}
