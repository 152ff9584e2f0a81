//! All sessions, and who is logged in on which.
//!
//! In: sessions that begin and end, and logins. Out: sessions, by player. At most one session is a
//! player's: the newest login wins. That is decided below one lock, so that of two logins at the same moment one is
//! first and is told so, whatever else happens.

use super::mailbox::{Identity, Mailbox, Order};
use super::outgoing::Outgoing;
use super::player::SessionId;
use crate::game::{KickReason, Packet, State};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tracing::error;

/// All sessions of a server.
#[derive(Debug, Default)]
pub(super) struct Registry {
    sessions: Mutex<Sessions>,
    last: AtomicU64,
    states: [AtomicI64; 5],
}

#[derive(Debug, Default)]
struct Sessions {
    all: HashMap<SessionId, Arc<Mailbox>>,
    players: HashMap<u32, SessionId>,
    /// Whether no session is let in any more.
    closed: Option<Order>,
}

impl Registry {
    /// A new session, whose queue to the client takes `limit` bytes.
    pub(super) fn open(&self, limit: usize) -> Arc<Mailbox> {
        let session = SessionId(self.last.fetch_add(1, Ordering::Relaxed) + 1);
        let mailbox = Arc::new(Mailbox::new(session, limit));
        let mut sessions = self.lock();
        sessions.all.insert(session, Arc::clone(&mailbox));
        if let Some(order) = sessions.closed {
            mailbox.order(order);
        }
        drop(sessions);
        self.count(State::default(), 1);
        mailbox
    }

    /// Makes a session the player's, and calls `then` with the one that was before anybody can take it away again. The
    /// older session is told to end.
    pub(super) fn claim(
        &self,
        mailbox: &Mailbox,
        identity: Identity,
        limit: usize,
        then: impl FnOnce(Option<SessionId>),
    ) {
        let session = mailbox.session();
        let player = identity.player.id;
        let mut sessions = self.lock();
        mailbox.identify(identity, limit);
        let older = sessions.players.insert(player, session);
        if let Some(older) = older.and_then(|older| sessions.all.get(&older)) {
            older.order(Order::Kick(KickReason::LOGGED_IN_ELSEWHERE));
        }
        then(older);
    }

    /// Forgets a session that has ended in `state`. Whether its player had no newer one.
    pub(super) fn close(&self, mailbox: &Mailbox, state: State) -> bool {
        let session = mailbox.session();
        let mut sessions = self.lock();
        sessions.all.remove(&session);
        let mut last = false;
        if let Some(identity) = mailbox.identity() {
            let player = identity.player.id;
            last = sessions.players.get(&player) == Some(&session);
            if last {
                sessions.players.remove(&player);
            }
        }
        drop(sessions);
        self.count(state, -1);
        last
    }

    /// The session of a player who is logged in.
    pub(super) fn of_player(&self, player: u32) -> Option<Arc<Mailbox>> {
        let sessions = self.lock();
        let session = sessions.players.get(&player)?;
        sessions.all.get(session).cloned()
    }

    /// Queues a packet for all clients. It is encoded once.
    pub(super) fn tell_all(&self, packet: &Packet) {
        let packet = match Outgoing::new(packet) {
            Ok(packet) => packet,
            // Nothing of ours is too long for its packet, so this is a mistake of the server.
            Err(error) => return error!(%error, "cannot encode what all are told"),
        };
        let all: Vec<_> = self.lock().all.values().cloned().collect();
        for mailbox in all {
            mailbox.post(packet.clone());
        }
    }

    /// Ends all sessions, and those that are still to come.
    pub(super) fn end_all(&self, order: Order) {
        let mut sessions = self.lock();
        sessions.closed = Some(order);
        let all: Vec<_> = sessions.all.values().cloned().collect();
        drop(sessions);
        for mailbox in all {
            mailbox.order(order);
        }
    }

    /// Counts a session in its new state.
    pub(super) fn moved(&self, from: State, to: State) {
        self.count(from, -1);
        self.count(to, 1);
    }

    /// How many sessions there are in each state.
    pub(super) fn states(&self) -> [(State, i64); 5] {
        [
            State::Connected,
            State::Greeted,
            State::Authenticated,
            State::InWorld,
            State::Leaving,
        ]
        .map(|state| (state, self.states[state as usize].load(Ordering::Relaxed)))
    }

    /// How many players are logged in.
    pub(super) fn players(&self) -> usize {
        self.lock().players.len()
    }

    /// Bytes that wait for all clients together.
    pub(super) fn waiting(&self) -> usize {
        let sessions = self.lock();
        let all: Vec<_> = sessions.all.values().cloned().collect();
        drop(sessions);
        all.iter().map(|mailbox| mailbox.waiting()).sum()
    }

    fn count(&self, state: State, by: i64) {
        self.states[state as usize].fetch_add(by, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, Sessions> {
        // Every change is finished before anything that could panic is called.
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::player::{Player, Rights};

    fn login(registry: &Registry, mailbox: &Mailbox, player: u32) -> Option<SessionId> {
        let player = Player {
            id: player,
            name: format!("player {player}").into(),
            rights: Rights::default(),
        };
        let token = [0; 32];
        let mut before = None;
        registry.claim(mailbox, Identity { player, token }, 100, |older| {
            before = older;
        });
        before
    }

    fn order(mailbox: &Mailbox) -> Option<Order> {
        mailbox.collect(true, |_| true).1
    }

    #[test]
    fn the_newest_login_wins() {
        let registry = Registry::default();
        let (first, second, other) = (registry.open(9), registry.open(9), registry.open(9));
        assert_eq!(login(&registry, &first, 7), None);
        assert_eq!(login(&registry, &other, 8), None);
        assert_eq!(login(&registry, &second, 7), Some(first.session()));
        let elsewhere = Order::Kick(KickReason::LOGGED_IN_ELSEWHERE);
        assert_eq!(order(&first), Some(elsewhere));
        assert_eq!((order(&second), order(&other)), (None, None));
        assert!(
            !registry.close(&first, State::Leaving),
            "there is a newer one"
        );
        let found = registry.of_player(7).map(|found| found.session());
        assert_eq!(found, Some(second.session()));
        assert!(registry.close(&second, State::Connected));
        assert!(registry.of_player(7).is_none());
        assert!(registry.of_player(8).is_some());
    }

    #[test]
    fn sessions_are_counted_by_state() {
        let registry = Registry::default();
        let (first, _second) = (registry.open(9), registry.open(9));
        registry.moved(State::Connected, State::Greeted);
        registry.moved(State::Greeted, State::InWorld);
        let counts = registry.states().map(|(_, count)| count);
        assert_eq!(counts, [1, 0, 0, 1, 0]);
        registry.close(&first, State::InWorld);
        let counts = registry.states().map(|(_, count)| count);
        assert_eq!(counts, [1, 0, 0, 0, 0]);
    }

    #[test]
    fn the_end_is_for_sessions_to_come_as_well() {
        let registry = Registry::default();
        let before = registry.open(9);
        let end = Order::Kick(KickReason::SHUTTING_DOWN);
        registry.end_all(end);
        assert_eq!(order(&before), Some(end));
        assert_eq!(order(&registry.open(9)), Some(end));
    }
}
