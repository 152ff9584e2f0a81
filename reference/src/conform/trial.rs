//! What a check has at hand: the server, players, names that nobody has, and a transcript.

use super::Options;
use super::check::{Outcome, Stop};
use super::conduct::{Breach, Rule};
use super::peer::Peer;
use super::players::{Account, Lent, Players};
use super::transcript::Transcript;
use crate::client::Dialer;
use crate::game::{EnterWorld, Entity, Vec3, Welcome, WorldEntered, WorldSnapshot};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Crossings that the report of a breach shows.
const SHOWN: usize = 4;

/// The server, as all checks of a run share it.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) dialer: Dialer,
    pub(super) patience: Duration,
    pub(super) players: Players,
    /// Begins every name of this run.
    run: String,
    names: AtomicU32,
    breaches: Mutex<Vec<Breach>>,
}

/// One check's hold on the server.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    pub(super) target: Arc<Target>,
    check: Arc<str>,
    transcript: Arc<Mutex<Transcript>>,
}

/// A player in the world.
pub(super) struct InWorld {
    pub(super) peer: Peer,
    pub(super) entered: WorldEntered,
    pub(super) entities: Vec<Entity>,
}

impl Target {
    /// A server that `dialer` reaches. `run` are letters that begin all names of this run.
    pub(super) fn new(dialer: Dialer, options: &Options, run: String) -> Self {
        Self {
            dialer,
            patience: options.patience,
            players: Players::new(&options.accounts),
            run,
            names: AtomicU32::new(0),
            breaches: Mutex::new(Vec::new()),
        }
    }
}

impl Trial {
    pub(super) fn new(target: Arc<Target>, check: &str) -> Self {
        Self {
            target,
            check: check.into(),
            transcript: Arc::new(Mutex::new(Transcript::new())),
        }
    }

    /// Name of the check.
    pub(super) fn name(&self) -> &str {
        &self.check
    }

    /// How long to wait for what the server has to do at once.
    pub(super) fn patience(&self) -> Duration {
        self.target.patience
    }

    /// What crossed the wires so far.
    pub(super) fn transcript(&self) -> MutexGuard<'_, Transcript> {
        lock(&self.transcript)
    }

    /// What was wrong with the server's packets in all checks so far.
    pub(super) fn breaches(&self) -> Vec<Breach> {
        lock(&self.target.breaches).clone()
    }

    /// Keeps what was wrong with a packet for the checks of conduct.
    pub(super) fn breach(&self, rule: Rule, what: String) {
        let breach = Breach {
            rule,
            what,
            check: self.check.to_string(),
            crossings: self.transcript().last(SHOWN),
        };
        lock(&self.target.breaches).push(breach);
    }

    /// A name that nobody has, of letters and digits. Its last eight bytes are as unique.
    pub(super) fn fresh_name(&self) -> String {
        let number = self.target.names.fetch_add(1, Ordering::Relaxed);
        format!("cf{}{number:04}", self.target.run)
    }

    /// A tag of a guild that none has.
    pub(super) fn fresh_tag(&self) -> String {
        self.fresh_name().split_off(2)
    }

    /// Accounts, each for this check alone as long as it keeps them.
    pub(super) async fn players(&self, count: u32) -> Outcome<Vec<Lent>> {
        self.target.players.lend(self, count).await
    }

    /// A connection on which nothing was said yet. `label` names it in reports.
    pub(super) async fn connect(&self, label: &str) -> Outcome<Peer> {
        Peer::connect(self, label).await
    }

    /// A connection behind Welcome.
    pub(super) async fn greeted(&self, label: &str) -> Outcome<(Peer, Welcome)> {
        let mut peer = self.connect(label).await?;
        let welcome = peer.greet().await?;
        Ok((peer, welcome))
    }

    /// A connection that is logged in.
    pub(super) async fn log_in(&self, label: &str, account: &mut Account) -> Outcome<Peer> {
        let (mut peer, _) = self.greeted(label).await?;
        peer.log_in(account).await?;
        Ok(peer)
    }

    /// A player in the world, who knows what is around.
    pub(super) async fn enter(
        &self,
        label: &str,
        account: &mut Account,
        spawn: Option<Vec3>,
    ) -> Outcome<InWorld> {
        let mut peer = self.log_in(label, account).await?;
        let request = peer.next_number();
        let entered = peer
            .ask::<WorldEntered>(EnterWorld { request, spawn })
            .await?;
        let entities = peer.snapshot().await?;
        Ok(InWorld {
            peer,
            entered,
            entities,
        })
    }

    /// Two players who see each other, the first one having been there before.
    pub(super) async fn neighbours(&self, players: &mut [Lent]) -> Outcome<(InWorld, InWorld)> {
        let [first, second, ..] = players else {
            return Err(Stop::skipped("needs two players"));
        };
        let ada = self.enter("ada", first, None).await?;
        let place = ada.entered.arrival.position;
        let bob = self.enter("bob", second, Some(place)).await?;
        let entity = ada.entered.arrival.entity;
        if !bob.entities.iter().any(|seen| seen.id == entity) {
            return Err(Stop::skipped(
                "the server gave two players places out of each other's sight, although the second one wished for the \
                 place of the first",
            ));
        }
        Ok((ada, bob))
    }
}

impl Peer {
    /// Waits for a whole snapshot, and returns what is in it.
    pub(super) async fn snapshot(&mut self) -> Outcome<Vec<Entity>> {
        let mut entities = Vec::new();
        loop {
            let part = self.expect::<WorldSnapshot>().await?;
            entities.extend(part.entities);
            if !part.more {
                return Ok(entities);
            }
        }
    }
}

/// A lock whose holders cannot leave anything half done.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
