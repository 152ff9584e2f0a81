//! Where connections meet: the world and the queues of outgoing packets, behind one lock.
//!
//! In: the requests of all connections. Out: encoded packets in the queues of those that they go to. The
//! lock is held while a request is served and its packets are queued, which takes no IO and never
//! waits, so every client sees the world's packets in the order in which the world made them.
//!
//! A queue is bounded. When a packet finds it full, the client reads too slowly: that session is given
//! up and the others do not notice.

use super::session::{Request, State};
use super::world::{Caller, Outgoing, SessionId, Token, World};
use packet_runtime::Encode;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tracing::error;

/// An encoded packet, shared by all queues that it is in.
pub(super) type Frame = Arc<[u8]>;

#[derive(Debug)]
pub(super) struct Hub {
    shared: Mutex<Shared>,
    queue_len: NonZeroU16,
}

#[derive(Debug)]
struct Shared {
    world: World,
    queues: BTreeMap<SessionId, Queue>,
    last_session: u64,
    /// What the request at hand sends; kept for its memory.
    outgoing: Vec<Outgoing>,
}

#[derive(Debug)]
struct Queue {
    frames: mpsc::Sender<Frame>,
    overflow: oneshot::Sender<()>,
}

/// A connection's place in the hub. Dropping it ends the session: the world forgets the player, and the
/// queue ends after the packets that are in it.
#[derive(Debug)]
pub(super) struct Seat {
    hub: Arc<Hub>,
    caller: Caller,
}

/// The connection's end of its queue.
#[derive(Debug)]
pub(super) struct Outbox {
    /// Packets to be written.
    pub(super) frames: mpsc::Receiver<Frame>,
    /// Completes if the queue was full and the session is given up.
    pub(super) overflow: oneshot::Receiver<()>,
}

impl Hub {
    pub(super) fn new(world: World, queue_len: NonZeroU16) -> Self {
        let shared = Shared {
            world,
            queues: BTreeMap::new(),
            last_session: 0,
            outgoing: Vec::new(),
        };
        Self {
            shared: Mutex::new(shared),
            queue_len,
        }
    }

    /// Takes in a connection that reached this server at the address `server`.
    pub(super) fn join(self: &Arc<Self>, token: Token, server: SocketAddr) -> (Seat, Outbox) {
        let (sender, frames) = mpsc::channel(usize::from(self.queue_len.get()));
        let (overflow_sender, overflow) = oneshot::channel();
        let queue = Queue {
            frames: sender,
            overflow: overflow_sender,
        };
        let mut shared = self.lock();
        shared.last_session += 1;
        let session = SessionId(shared.last_session);
        shared.queues.insert(session, queue);
        let caller = Caller {
            session,
            token,
            server,
        };
        let hub = Arc::clone(self);
        (Seat { hub, caller }, Outbox { frames, overflow })
    }

    /// A panic in another connection's task, which would be a bug, must not end this one's. What the
    /// lock guards is a map of players and a map of queues, each whole after every single change.
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    pub(super) fn session(&self) -> SessionId {
        self.caller.session
    }

    /// Lets the world serve a request and queues what is to be sent.
    pub(super) fn serve(&self, request: Request<'_>) -> State {
        let mut shared = self.hub.lock();
        let Shared {
            world,
            queues,
            outgoing,
            ..
        } = &mut *shared;
        outgoing.clear();
        let state = world.serve(&self.caller, request, outgoing);
        for outgoing in outgoing {
            queue(queues, outgoing);
        }
        state
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut shared = self.hub.lock();
        shared.queues.remove(&self.caller.session);
        shared.world.leave(self.caller.session);
    }
}

/// Encodes a packet once and puts it into the queues of all its recipients.
fn queue(queues: &mut BTreeMap<SessionId, Queue>, outgoing: &Outgoing) {
    let frame = match outgoing.packet.to_vec() {
        Ok(bytes) => Frame::from(bytes),
        // The world makes packets of what it received, within the same limits.
        Err(error) => return error!(%error, "the world made a packet that cannot be encoded"),
    };
    for session in &outgoing.to {
        let Some(queue) = queues.get(session) else {
            continue; // given up, and about to leave
        };
        let sent = queue.frames.try_send(Arc::clone(&frame));
        if let Err(TrySendError::Full(_)) = sent
            && let Some(queue) = queues.remove(session)
        {
            // If nobody listens, the connection is ending anyway.
            let _ = queue.overflow.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::{Channel, Chat, LoginRequest, Packet};
    use crate::server::session::{Session, Timeouts};
    use crate::server::world::Rules;
    use std::time::Instant;
    use tokio::sync::mpsc::error::TryRecvError;

    fn hub(queue_len: u16) -> Arc<Hub> {
        let queue_len = NonZeroU16::new(queue_len).unwrap();
        Arc::new(Hub::new(World::new(Rules::default()), queue_len))
    }

    fn serve(seat: &Seat, packet: impl Into<Packet>) -> State {
        let now = Instant::now();
        let packet = packet.into();
        let mut session = Session::new(now, Timeouts::default());
        if !matches!(packet, Packet::LoginRequest(_)) {
            session.enter(State::Playing, now);
        }
        let frame = packet.to_vec().unwrap();
        seat.serve(session.admit(&frame, now).unwrap().unwrap())
    }

    /// A player who has taken the answer to the login from the queue.
    fn log_in(hub: &Arc<Hub>, name: &str) -> (Seat, Outbox) {
        let (seat, mut outbox) = hub.join([7; 16], "127.0.0.1:7777".parse().unwrap());
        let request = LoginRequest {
            name: name.to_owned(),
            password: "secret!".to_owned(),
            client_version: 1,
        };
        assert_eq!(serve(&seat, request), State::Playing);
        assert!(outbox.frames.try_recv().is_ok());
        (seat, outbox)
    }

    fn hello() -> Chat {
        Chat {
            channel: Channel::Everyone,
            recipient: None,
            text: "hello".to_owned(),
        }
    }

    #[test]
    fn a_packet_is_encoded_once_for_all_its_recipients() {
        let hub = hub(2);
        let (ada, mut to_ada) = log_in(&hub, "ada");
        let (_grace, mut to_grace) = log_in(&hub, "grace");
        serve(&ada, hello());
        let heard = to_ada.frames.try_recv().unwrap();
        assert!(Arc::ptr_eq(&heard, &to_grace.frames.try_recv().unwrap()));
    }

    #[test]
    fn a_full_queue_gives_up_its_session_and_no_other() {
        let hub = hub(2);
        let (ada, mut to_ada) = log_in(&hub, "ada");
        let (_slow, mut to_slow) = log_in(&hub, "slow");
        for _ in 0..3 {
            serve(&ada, hello());
            assert!(to_ada.frames.try_recv().is_ok());
        }
        assert_eq!(to_slow.overflow.try_recv(), Ok(()));
        // What was queued before is there; nothing follows.
        assert!(to_slow.frames.try_recv().is_ok());
        assert!(to_slow.frames.try_recv().is_ok());
        let end = to_slow.frames.try_recv();
        assert_eq!(end, Err(TryRecvError::Disconnected));
        assert!(to_ada.overflow.try_recv().is_err());
    }

    #[test]
    fn a_seat_that_is_given_up_ends_its_queue_and_frees_its_name() {
        let hub = hub(2);
        let (seat, mut outbox) = log_in(&hub, "ada");
        serve(&seat, hello());
        drop(seat);
        assert!(outbox.frames.try_recv().is_ok(), "still to be written");
        let end = outbox.frames.try_recv();
        assert_eq!(end, Err(TryRecvError::Disconnected));
        log_in(&hub, "ada");
    }
}
