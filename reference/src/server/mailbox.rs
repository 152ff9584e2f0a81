//! What a session shares with the rest of the server: its queues, and how its task is woken.
//!
//! In: packets for the client, from any thread, and requests for the world, from the session's own task. Out: the same,
//! to the one who takes them. Both queues are bounded; a queue to the client that is full ends that session, and one to
//! the world that is full makes its task stop reading.
//!
//! The session's task never waits for a lock that somebody holds for long: all that happens below one is pushing and
//! taking.

use super::outgoing::Outgoing;
use super::player::{Player, SessionId};
use crate::game::{KickReason, Packet};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::Waker;
use tracing::error;

/// The part of a session that others have in their hands.
#[derive(Debug)]
pub(super) struct Mailbox {
    session: SessionId,
    /// Who is logged in, once somebody is.
    identity: OnceLock<Identity>,
    /// Whether something changed that the session's task has not looked at.
    signalled: AtomicBool,
    outbox: Mutex<Outbox>,
    inbox: Mutex<Inbox>,
}

/// Who logged in, and by what.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) player: Player,
    pub(super) token: [u8; 32],
}

/// Why others end a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Tell the client why, send what waits and close.
    Kick(KickReason),
    /// Close at once.
    Abort,
}

#[derive(Debug)]
struct Outbox {
    waiting: VecDeque<Outgoing>,
    bytes: usize,
    limit: usize,
    order: Option<Order>,
    waker: Option<Waker>,
}

#[derive(Debug, Default)]
struct Inbox {
    waiting: VecDeque<Packet>,
    /// Whether the session's task stopped reading until there is room.
    full: bool,
}

impl Mailbox {
    /// One whose queue to the client takes `limit` bytes.
    pub(super) fn new(session: SessionId, limit: usize) -> Self {
        Self {
            session,
            identity: OnceLock::new(),
            signalled: AtomicBool::new(false),
            outbox: Mutex::new(Outbox {
                waiting: VecDeque::new(),
                bytes: 0,
                limit,
                order: None,
                waker: None,
            }),
            inbox: Mutex::default(),
        }
    }

    pub(super) fn session(&self) -> SessionId {
        self.session
    }

    pub(super) fn identity(&self) -> Option<&Identity> {
        self.identity.get()
    }

    /// Notes who logged in, which happens once, and lets more wait from now on.
    pub(super) fn identify(&self, identity: Identity, limit: usize) {
        if self.identity.set(identity).is_ok() {
            locked(&self.outbox).limit = limit;
        }
    }

    /// Queues a packet for the client. If there is no room, the session ends, and the packet is gone.
    pub(super) fn post(&self, packet: Outgoing) {
        let mut outbox = locked(&self.outbox);
        if outbox.order.is_some() {
            return;
        }
        outbox.bytes += packet.len();
        outbox.waiting.push_back(packet);
        if outbox.bytes > outbox.limit {
            // What waits would not be read any faster.
            outbox.waiting = VecDeque::new();
            outbox.bytes = 0;
            outbox.order = Some(Order::Kick(KickReason::SLOW));
        }
        self.signal(&outbox);
    }

    /// Queues an answer of the server's own.
    pub(super) fn answer(&self, packet: &Packet) {
        match Outgoing::new(packet) {
            Ok(packet) => self.post(packet),
            // Nothing of ours is too long for its packet, so this is a mistake of the server.
            Err(error) => error!(session = self.session.0, %error, "cannot encode an answer"),
        }
    }

    /// Ends the session. The first order counts, except that nothing is too late for an end at once.
    pub(super) fn order(&self, order: Order) {
        let mut outbox = locked(&self.outbox);
        if outbox.order.is_none() || order == Order::Abort {
            outbox.order = Some(order);
        }
        self.signal(&outbox);
    }

    /// Whether the session's task has something to look at; from now on it is as if it had.
    pub(super) fn take_signal(&self) -> bool {
        self.signalled.load(Ordering::Relaxed) && self.signalled.swap(false, Ordering::Acquire)
    }

    /// Says how the session's task is woken.
    pub(super) fn set_waker(&self, waker: Waker) {
        locked(&self.outbox).waker = Some(waker);
    }

    /// Takes packets for the client, in order, as long as there is room, of which `take` says after each whether there is
    /// more. Returns whether some are left, and what order there is.
    pub(super) fn collect(
        &self,
        mut room: bool,
        mut take: impl FnMut(Outgoing) -> bool,
    ) -> (bool, Option<Order>) {
        let mut outbox = locked(&self.outbox);
        while room {
            let Some(packet) = outbox.waiting.pop_front() else {
                // An idle session holds no queue.
                outbox.waiting = VecDeque::new();
                return (false, outbox.order);
            };
            outbox.bytes -= packet.len();
            room = take(packet);
        }
        (!outbox.waiting.is_empty(), outbox.order)
    }

    /// Bytes that wait for the client.
    pub(super) fn waiting(&self) -> usize {
        locked(&self.outbox).bytes
    }

    /// Queues a request for the world, of which at most `limit` wait.
    pub(super) fn request(&self, packet: Packet, limit: usize) -> Queued {
        let mut inbox = locked(&self.inbox);
        let first = inbox.waiting.is_empty();
        inbox.waiting.push_back(packet);
        inbox.full = inbox.waiting.len() >= limit;
        Queued {
            first,
            full: inbox.full,
        }
    }

    /// Whether the world has not yet made room for requests.
    pub(super) fn is_full(&self) -> bool {
        locked(&self.inbox).full
    }

    /// Takes all requests, and lets the session's task read on if it stopped.
    pub(super) fn take_requests(&self) -> VecDeque<Packet> {
        let mut inbox = locked(&self.inbox);
        let waiting = std::mem::take(&mut inbox.waiting);
        let was_full = std::mem::take(&mut inbox.full);
        drop(inbox);
        if was_full {
            self.signal(&locked(&self.outbox));
        }
        waiting
    }

    fn signal(&self, outbox: &Outbox) {
        if !self.signalled.swap(true, Ordering::AcqRel)
            && let Some(waker) = &outbox.waker
        {
            waker.wake_by_ref();
        }
    }
}

/// What became of a request that was queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Queued {
    /// No other one waited.
    pub(super) first: bool,
    /// It was the last one for which there was room.
    pub(super) full: bool,
}

/// What a lock guards stays whole when a thread panics: every change here is one step.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::{LeaveWorld, Logout, ServerNotice};

    const LIMIT: usize = 30;

    fn mailbox() -> Mailbox {
        Mailbox::new(SessionId(1), LIMIT)
    }

    fn notice() -> Outgoing {
        let packet = Packet::from(ServerNotice {
            level: crate::game::NoticeLevel::INFO,
            text: "123456".to_owned(),
        });
        Outgoing::new(&packet).unwrap()
    }

    /// How many packets are taken by who has room for `room`, and what else there is.
    #[track_caller]
    fn check(mailbox: &Mailbox, room: usize, expected: (usize, bool, Option<Order>)) {
        let mut taken = 0;
        let (left, order) = mailbox.collect(room > 0, |_| {
            taken += 1;
            taken < room
        });
        assert_eq!((taken, left, order), expected);
    }

    #[test]
    fn packets_come_out_as_far_as_there_is_room() {
        let mailbox = mailbox();
        mailbox.post(notice());
        mailbox.post(notice());
        assert_eq!(mailbox.waiting(), 26);
        check(&mailbox, 1, (1, true, None));
        check(&mailbox, 9, (1, false, None));
        assert_eq!(mailbox.waiting(), 0);
    }

    #[test]
    fn a_full_queue_ends_the_session() {
        let mailbox = mailbox();
        for _ in 0..3 {
            mailbox.post(notice());
        }
        let slow = Some(Order::Kick(KickReason::SLOW));
        check(&mailbox, 9, (0, false, slow));
        mailbox.post(notice());
        mailbox.order(Order::Kick(KickReason::IDLE));
        check(&mailbox, 9, (0, false, slow));
        mailbox.order(Order::Abort);
        check(&mailbox, 9, (0, false, Some(Order::Abort)));
    }

    #[test]
    fn more_may_wait_once_logged_in() {
        let mailbox = mailbox();
        let player = Player {
            id: 1,
            name: "ada".into(),
            rights: crate::server::player::Rights::default(),
        };
        let token = [0; 32];
        mailbox.identify(Identity { player, token }, 100);
        for _ in 0..3 {
            mailbox.post(notice());
        }
        check(&mailbox, 9, (3, false, None));
    }

    #[test]
    fn a_signal_is_given_once() {
        let mailbox = mailbox();
        assert!(!mailbox.take_signal());
        mailbox.post(notice());
        mailbox.post(notice());
        assert!(mailbox.take_signal());
        assert!(!mailbox.take_signal());
    }

    #[test]
    fn requests_wait_up_to_a_limit() {
        let mailbox = mailbox();
        let queued = |first, full| Queued { first, full };
        let leave = Packet::from(LeaveWorld { request: 1 });
        assert_eq!(mailbox.request(leave.clone(), 2), queued(true, false));
        assert_eq!(mailbox.request(leave, 2), queued(false, true));
        assert!(mailbox.is_full());
        assert!(!mailbox.take_signal());
        assert_eq!(mailbox.take_requests().len(), 2);
        assert!(mailbox.take_signal(), "it reads on");
        assert!(!mailbox.is_full());
        let logout = Packet::from(Logout {
            request: 2,
            revoke_token: false,
        });
        assert_eq!(mailbox.request(logout, 2), queued(true, false));
    }
}
