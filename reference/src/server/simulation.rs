//! The world's own thread: the only one that touches the [`World`].
//!
//! In: who comes and goes, in order, and sessions that have requests. Out: packets in the queues of sessions. Steps come
//! at their rate; steps that are missed are left out rather than made up for.
//!
//! A session that has requests stands in a row once, however many it has, and in its turn all of them are taken, which
//! are no more than its queue holds. So one that sends much waits as long as the others.
//!
//! It is a thread rather than a task so that a step of a full world keeps no socket waiting.

use super::mailbox::Mailbox;
use super::outgoing::Outgoing;
use super::player::{Player, SessionId};
use super::tally::{Tally, Timed};
use super::world::{Afterlife, Post, Rules, World};
use crate::game::{Arrival, LogoutResponse, Packet, ResumeResponse, ResumeResult, SessionGrant};
use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tracing::error;

/// Sessions that have their turn before it is looked whether a step is due.
const TURNS: usize = 256;

/// The world's thread, as others see it.
#[derive(Debug)]
pub(super) struct Simulation {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the world does besides its steps.
#[derive(Debug)]
pub(super) enum Command {
    /// A player logged in. What is remembered of an earlier session is forgotten.
    Join {
        mailbox: Arc<Mailbox>,
        player: Player,
        older: Option<SessionId>,
    },
    /// A player goes on with an earlier session. The answer is queued here, in front of what it causes.
    Resume {
        mailbox: Arc<Mailbox>,
        player: Player,
        older: Option<SessionId>,
        request: u32,
        grant: SessionGrant,
    },
    /// A player logs out. The answer is queued here, behind those to what was asked before.
    Logout {
        mailbox: Arc<Mailbox>,
        answer: LogoutResponse,
        /// Told when that is done.
        done: oneshot::Sender<()>,
    },
    /// A session has ended. Its player may come back to the same place.
    Lose { session: SessionId, player: u32 },
}

/// How the world's thread works.
#[derive(Clone, Debug)]
pub(super) struct Options {
    pub(super) rules: Rules,
    pub(super) seed: u64,
    pub(super) tick: Duration,
    /// For how long a player can come back.
    pub(super) memory: Duration,
    /// How many players can.
    pub(super) memories: usize,
}

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    commands: VecDeque<Command>,
    ready: VecDeque<Arc<Mailbox>>,
    stop: bool,
    /// Whether the thread waits, so that it has to be woken.
    waits: bool,
}

impl Simulation {
    /// Begins a world on a thread of its own.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(super) fn start(options: Options, tally: Arc<Tally>) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("world".to_owned())
            .spawn(move || Steps::new(options, tally).run(&theirs))?;
        Ok(Self {
            shared,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Has a command done, behind those that were given before.
    pub(super) fn command(&self, command: Command) {
        self.shared.push(|queue| queue.commands.push_back(command));
    }

    /// Gives a session a turn, whose first request was queued.
    pub(super) fn ready(&self, mailbox: Arc<Mailbox>) {
        self.shared.push(|queue| queue.ready.push_back(mailbox));
    }

    /// Ends the world, behind all that was given before.
    pub(super) fn stop(&self) {
        self.shared.push(|queue| queue.stop = true);
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            error!("the world's thread panicked");
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Below the lock there is only pushing and taking, so the queue is whole.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, push: impl FnOnce(&mut Queue)) {
        let mut queue = self.lock();
        push(&mut queue);
        if std::mem::take(&mut queue.waits) {
            self.changed.notify_one();
        }
    }

    /// All that is queued, as soon as there is something, or nothing at `until`.
    fn take(&self, until: Instant) -> Queue {
        let mut queue = self.lock();
        while queue.commands.is_empty() && queue.ready.is_empty() && !queue.stop {
            let wait = until.saturating_duration_since(Instant::now());
            if wait.is_zero() {
                break;
            }
            queue.waits = true;
            let waited = self.changed.wait_timeout(queue, wait);
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
            queue.waits = false;
        }
        std::mem::take(&mut *queue)
    }
}

/// The world and what its thread knows of sessions.
struct Steps {
    world: World,
    sessions: Sessions,
    memories: Memories,
    tick: Duration,
    next: Instant,
    tally: Arc<Tally>,
}

impl Steps {
    fn new(options: Options, tally: Arc<Tally>) -> Self {
        Self {
            world: World::new(options.rules, options.seed),
            sessions: Sessions::default(),
            memories: Memories {
                lifetime: options.memory,
                most: options.memories,
                ..Memories::default()
            },
            tick: options.tick,
            next: Instant::now() + options.tick,
            tally,
        }
    }

    fn run(mut self, shared: &Shared) {
        loop {
            let queue = shared.take(self.next);
            for command in queue.commands {
                self.command(command);
            }
            for (turn, mailbox) in queue.ready.into_iter().enumerate() {
                self.serve(&mailbox);
                if turn % TURNS == TURNS - 1 {
                    self.step();
                }
            }
            self.step();
            if queue.stop {
                return;
            }
        }
    }

    /// Serves all that a session asks for.
    fn serve(&mut self, mailbox: &Mailbox) {
        for packet in mailbox.take_requests() {
            let session = mailbox.session();
            self.world.request(session, &packet, &mut self.sessions);
        }
    }

    /// Makes a step if one is due.
    fn step(&mut self) {
        let begun = Instant::now();
        if begun < self.next {
            return;
        }
        self.world.tick(&mut self.sessions);
        self.tally.time(Timed::Tick, begun.elapsed());
        self.next += self.tick;
        let now = Instant::now();
        if self.next < now {
            self.next = now + self.tick;
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Join {
                mailbox,
                player,
                older,
            } => {
                self.forget(older);
                self.memories.take(player.id);
                self.sessions
                    .0
                    .insert(mailbox.session(), Arc::clone(&mailbox));
                self.world.join(mailbox.session(), player);
            }
            Command::Resume {
                mailbox,
                player,
                older,
                request,
                grant,
            } => {
                let afterlife = self.forget(older).or_else(|| self.memories.take(player.id));
                let session = mailbox.session();
                self.sessions.0.insert(session, Arc::clone(&mailbox));
                let arrival = if let Some(afterlife) = afterlife {
                    self.world.resume(session, player, afterlife)
                } else {
                    self.world.join(session, player);
                    None
                };
                // What the player sees is posted by the world's next call, so behind this.
                mailbox.answer(&resumed(request, grant, arrival));
            }
            Command::Logout {
                mailbox,
                answer,
                done,
            } => {
                self.serve(&mailbox);
                self.forget(Some(mailbox.session()));
                mailbox.answer(&Packet::from(answer));
                // Nobody waits for it any more if the connection is gone.
                let _ = done.send(());
            }
            Command::Lose { session, player } => {
                if let Some(afterlife) = self.forget(Some(session)) {
                    self.memories.keep(player, afterlife);
                }
            }
        }
    }

    fn forget(&mut self, session: Option<SessionId>) -> Option<Afterlife> {
        let session = session?;
        self.sessions.0.remove(&session)?;
        self.world.leave(session)
    }
}

fn resumed(request: u32, grant: SessionGrant, arrival: Option<Arrival>) -> Packet {
    Packet::from(ResumeResponse {
        request,
        result: ResumeResult::OK,
        session: Some(grant),
        arrival,
    })
}

/// The sessions that are logged in, as the world posts to them.
#[derive(Default)]
struct Sessions(HashMap<SessionId, Arc<Mailbox>>);

impl Post for Sessions {
    fn post(&mut self, to: &[SessionId], packet: Outgoing) {
        for session in to {
            if let Some(mailbox) = self.0.get(session) {
                mailbox.post(packet.clone());
            }
        }
    }
}

/// What is remembered of players who lost their connection.
#[derive(Default)]
struct Memories {
    players: HashMap<u32, (Afterlife, Instant)>,
    /// In the order in which they end.
    ends: VecDeque<(Instant, u32)>,
    lifetime: Duration,
    most: usize,
}

impl Memories {
    fn keep(&mut self, player: u32, afterlife: Afterlife) {
        let now = Instant::now();
        self.expire(now);
        while self.players.len() >= self.most {
            // The oldest has waited longest.
            let Some((end, oldest)) = self.ends.pop_front() else {
                return;
            };
            self.end(oldest, end);
        }
        if let Some(end) = now.checked_add(self.lifetime).filter(|end| *end > now) {
            self.players.insert(player, (afterlife, end));
            self.ends.push_back((end, player));
        }
    }

    fn take(&mut self, player: u32) -> Option<Afterlife> {
        self.expire(Instant::now());
        Some(self.players.remove(&player)?.0)
    }

    fn expire(&mut self, now: Instant) {
        while let Some(&(end, player)) = self.ends.front()
            && end <= now
        {
            self.ends.pop_front();
            self.end(player, end);
        }
    }

    /// Forgets a player, unless that was kept again later.
    fn end(&mut self, player: u32, end: Instant) {
        if self.players.get(&player).is_some_and(|kept| kept.1 == end) {
            self.players.remove(&player);
        }
    }
}
