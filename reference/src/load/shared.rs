//! What the threads of a run share: the plan, who the connections are, how far they have come, and when it begins.

use super::login::{Pass, World};
use super::plan::{Accounts, Entry, Plan};
use super::schedule::Course;
use super::socket::Server;
use super::tokens::Tokens;
use super::walk::place_of_crowd;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Shared by the threads of a run.
pub(super) struct Shared<'a> {
    pub(super) plan: &'a Plan,
    pub(super) server: Server,
    /// Set when all have come in.
    pub(super) course: OnceLock<Course>,
    /// Set if it does not come to that.
    pub(super) stop: AtomicBool,
    pub(super) progress: Counters,
    /// Those that connections come in with.
    tokens: Tokens,
    /// Those that the server gave.
    granted: Mutex<Vec<(String, [u8; 32])>>,
    password: Arc<str>,
}

/// How far it is.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) ready: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) answered: AtomicU64,
}

impl<'a> Shared<'a> {
    pub(super) fn new(plan: &'a Plan, server: Server, tokens: Tokens) -> Self {
        let password = match &plan.entry {
            Entry::Accounts(accounts) => accounts.password.as_str().into(),
            Entry::Raw | Entry::Guest => "".into(),
        };
        Self {
            plan,
            server,
            course: OnceLock::new(),
            stop: AtomicBool::new(false),
            progress: Counters::default(),
            tokens,
            granted: Mutex::default(),
            password,
        }
    }

    /// Who the honest connection with this number is; nobody if nobody logs in.
    pub(super) fn pass(&self, number: usize) -> Option<Pass> {
        let Entry::Accounts(accounts) = &self.plan.entry else {
            return None;
        };
        let plan = self.plan;
        let world = match number.checked_div(plan.crowd) {
            _ if !plan.enters_world() => World::Outside,
            Some(crowd) => World::At(place_of_crowd(crowd)),
            None => World::Anywhere,
        };
        Some(self.pass_of(accounts, number, world))
    }

    /// Who a hostile connection is, if it logs in: an account behind those of the honest ones.
    pub(super) fn pass_of_hostile(&self, number: usize) -> Option<Pass> {
        let Entry::Accounts(accounts) = &self.plan.entry else {
            return None;
        };
        Some(self.pass_of(accounts, self.plan.connections + number, World::Outside))
    }

    /// Remembers a token.
    pub(super) fn keep(&self, name: &str, token: [u8; 32]) {
        let mut granted = self.granted.lock().unwrap_or_else(PoisonError::into_inner);
        granted.push((name.to_owned(), token));
    }

    /// The tokens that accounts have now.
    pub(super) fn tokens(&self) -> Tokens {
        let mut tokens = self.tokens.clone();
        let granted = self.granted.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.of.extend(granted.iter().cloned());
        tokens
    }

    fn pass_of(&self, accounts: &Accounts, number: usize, world: World) -> Pass {
        let name = accounts.name(number);
        Pass {
            token: self.tokens.of.get(&name).copied(),
            name,
            password: Arc::clone(&self.password),
            device: self.tokens.device,
            world,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::mix::{Kind, Mix};
    use super::*;

    fn tokens() -> Tokens {
        let mut tokens = Tokens::none().unwrap();
        tokens.of.insert("load-1".to_owned(), [1; 32]);
        tokens
    }

    fn shared(plan: &Plan) -> Shared<'_> {
        let server = Server::new("", ([127, 0, 0, 1], 1).into(), None);
        Shared::new(plan, server.unwrap(), tokens())
    }

    #[test]
    fn everybody_has_an_account_and_its_token() {
        let plan = Plan::new("");
        let shared = shared(&plan);
        let (first, second) = (shared.pass(0).unwrap(), shared.pass(1).unwrap());
        assert_eq!((first.name.as_str(), first.token), ("load-0", None));
        assert_eq!(
            (second.name.as_str(), second.token),
            ("load-1", Some([1; 32]))
        );
        assert_eq!(shared.pass_of_hostile(0).unwrap().name, "load-100");
        shared.keep("load-1", [2; 32]);
        assert_eq!(shared.tokens().of["load-1"], [2; 32]);
    }

    #[test]
    fn crowds_begin_at_one_place() {
        let mut plan = Plan::new("");
        plan.mix = Mix::only(Kind::Move);
        plan.crowd = 2;
        let world = |plan: &Plan, number| shared(plan).pass(number).unwrap().world;
        assert_eq!(world(&plan, 0), world(&plan, 1));
        assert_ne!(world(&plan, 1), world(&plan, 2));
        plan.crowd = 0;
        assert_eq!(world(&plan, 0), World::Anywhere);
        plan.mix = Mix::default();
        assert_eq!(world(&plan, 0), World::Outside);
    }
}
