//! The connections of a thread: sockets with who speaks through them.
//!
//! In: events of sockets, and what is to be sent. Out: what the connections saw, in a [`Tally`]. When something is to be sent
//! is decided elsewhere, and so is what answers mean; this only carries it out.

mod ending;
mod reading;

pub(super) use ending::Seen;

use super::attack::{Attack, Rogue};
use super::login::Login;
use super::mix::Kind;
use super::plan::Entry;
use super::player::Player;
use super::shared::Shared;
use super::tally::Tally;
use super::wire::{READ, Wire};
use ending::End;
use mio::{Registry, Token};
use packet_runtime::stream::Backlog;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

/// All connections of a thread, honest ones first.
pub(super) struct Crew<'a> {
    shared: &'a Shared<'a>,
    /// Which of all connections are its own: every so many-th, from this one on.
    number: usize,
    registry: Registry,
    slots: Vec<Slot>,
    honest: usize,
    /// How many are coming in.
    coming: usize,
    pub(super) tally: Tally,
    dice: fastrand::Rng,
    /// Bytes of an echo.
    payload: Vec<u8>,
    /// Those who ask again at a later time.
    pauses: BinaryHeap<Reverse<(Instant, usize)>>,
    /// Those with more to read, and with something to write.
    unread: Vec<usize>,
    unwritten: Vec<usize>,
    buffer: Box<[u8]>,
    storms: u64,
}

struct Slot {
    wire: Option<Wire>,
    role: Role,
    /// Whether it counts among those who are coming in.
    coming: bool,
    /// Whether the server sends nothing more than what is there already.
    hung_up: bool,
}

enum Role {
    /// Not made yet.
    None,
    Honest(Box<Player>),
    Rogue(Box<Rogue>),
}

impl<'a> Crew<'a> {
    /// The connections of the thread with this number, none of which is made yet. The poll of `registry` says when to
    /// [serve](Self::serve) which.
    pub(super) fn new(shared: &'a Shared<'a>, number: usize, registry: Registry) -> Self {
        let plan = shared.plan;
        let share = |all: usize| (number..all).step_by(plan.threads).count();
        let honest = share(plan.connections);
        let all = honest + share(plan.hostile_connections());
        let mut dice = fastrand::Rng::with_seed(number as u64);
        let payload = std::iter::repeat_with(|| dice.u8(..));
        Self {
            shared,
            number,
            registry,
            slots: std::iter::repeat_with(Slot::empty).take(all).collect(),
            honest,
            coming: 0,
            tally: Tally::new(),
            payload: payload.take(plan.payload).collect(),
            dice,
            pauses: BinaryHeap::new(),
            unread: Vec::new(),
            unwritten: Vec::new(),
            buffer: vec![0; READ].into_boxed_slice(),
            storms: 0,
        }
    }

    /// How many connections there are to be, honest and hostile ones.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// How many of them are honest. Their places are the first ones.
    pub(super) const fn honest(&self) -> usize {
        self.honest
    }

    /// How many of them misbehave.
    pub(super) fn rogues(&self) -> usize {
        self.len() - self.honest
    }

    /// How many connections are coming in.
    pub(super) const fn coming(&self) -> usize {
        self.coming
    }

    /// Whether there is something to read that no event will tell of.
    pub(super) fn is_behind(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Whether honest connections have all answers.
    pub(super) fn is_quiet(&self) -> bool {
        self.slots.iter().all(|slot| match &slot.role {
            Role::Honest(player) => slot.wire.is_none() || player.is_quiet(),
            Role::None | Role::Rogue(_) => true,
        })
    }

    /// Makes the connection at this place.
    pub(super) fn open(&mut self, place: usize, now: Instant) {
        let role = self.role(place);
        let wire = Wire::connect(&self.shared.server, &self.registry, Token(place));
        let honest = place < self.honest;
        let Some(slot) = self.slots.get_mut(place) else {
            return;
        };
        slot.coming = honest;
        slot.hung_up = false;
        self.coming += usize::from(honest);
        let made = role.and_then(|role| {
            let wire = wire.map_err(End::Lost)?;
            if matches!(&role, Role::Rogue(rogue) if rogue.is_slow()) {
                wire.narrow().map_err(End::Lost)?;
            }
            slot.role = role;
            slot.wire = Some(wire);
            Ok(())
        });
        if let Err(end) = made {
            self.end(place, &end, now);
        }
    }

    fn role(&mut self, place: usize) -> Result<Role, End> {
        let shared = self.shared;
        let threads = shared.plan.threads;
        let mut out = Backlog::new();
        if place < self.honest {
            let pass = shared.pass(place * threads + self.number);
            let login = Login::begin(&shared.plan.entry, pass, &mut out);
            let login = login.map_err(|error| End::Broken(error.into()))?;
            let ready = shared.plan.entry == Entry::Raw;
            let player = Player::new(login, out, ready);
            return Ok(Role::Honest(Box::new(player)));
        }
        let attack = shared.plan.hostile.map(|hostile| hostile.attack);
        let attack = attack.unwrap_or(Attack::HalfOpen);
        let hostile = (place - self.honest) * threads + self.number;
        let pass = shared.pass_of_hostile(hostile);
        let login = attack
            .logs_in()
            .then(|| Login::begin(&shared.plan.entry, pass, &mut out));
        let login = login
            .transpose()
            .map_err(|error| End::Broken(error.into()))?;
        let rogue = Rogue::new(attack, login, out, &mut self.dice);
        Ok(Role::Rogue(Box::new(rogue.map_err(End::Broken)?)))
    }

    /// Lets those ask again whose pause is over.
    pub(super) fn ask_again(&mut self, now: Instant) {
        while let Some(Reverse((at, place))) = self.pauses.peek().copied()
            && at <= now
        {
            self.pauses.pop();
            if let Some(Slot {
                role: Role::Honest(player),
                wire: Some(_),
                ..
            }) = self.slots.get_mut(place)
            {
                if let Err(broken) = player.again() {
                    self.end(place, &End::Broken(broken), now);
                } else {
                    self.unwritten.push(place);
                }
            }
        }
    }

    /// Sends a packet that was due at `due`.
    pub(super) fn send(&mut self, place: usize, kind: Kind, due: Instant, now: Instant) {
        match self.slots.get_mut(place) {
            Some(Slot {
                role: Role::Honest(player),
                wire: Some(_),
                ..
            }) => match player.send(kind, &self.payload, due, now, &mut self.tally) {
                Ok(()) => {
                    if self.unwritten.last() != Some(&place) {
                        self.unwritten.push(place);
                    }
                }
                Err(broken) => self.end(place, &End::Broken(broken), now),
            },
            _ => self.tally.unsent(kind, due),
        }
    }

    fn is_storm(&self) -> bool {
        let hostile = self.shared.plan.hostile;
        hostile.is_some_and(|hostile| hostile.attack == Attack::ConnectStorm)
    }

    /// Writes what was added.
    pub(super) fn write_all(&mut self) {
        let mut unwritten = std::mem::take(&mut self.unwritten);
        for place in unwritten.drain(..) {
            self.write(place);
        }
        // None was added meanwhile; its memory serves again.
        self.unwritten = unwritten;
    }

    /// Somebody is no longer coming in.
    fn arrived(&mut self, place: usize, ready: bool) {
        if let Some(slot) = self.slots.get_mut(place)
            && std::mem::take(&mut slot.coming)
        {
            self.coming -= 1;
            let progress = &self.shared.progress;
            let counter = if ready {
                &progress.ready
            } else {
                &progress.refused
            };
            counter.fetch_add(1, Relaxed);
        }
    }

    fn write(&mut self, place: usize) {
        let Some(slot) = self.slots.get_mut(place) else {
            return;
        };
        let Some(wire) = &mut slot.wire else {
            return;
        };
        let out = match &mut slot.role {
            Role::Honest(player) => &mut player.out,
            Role::Rogue(rogue) => &mut rogue.out,
            Role::None => return,
        };
        // What cannot be written yet goes when an event says that it can.
        let written = match wire.is_connected() {
            Ok(true) => wire.write(out),
            Ok(false) => return,
            Err(error) => Err(error),
        };
        let now = Instant::now();
        match written {
            Ok(bytes) if place < self.honest && self.tally.counts(now) => {
                self.tally.traffic.bytes_out += bytes as u64;
            }
            Ok(_) => {}
            Err(error) => {
                // The server may have said why before it hung up.
                let end = self.read(place, now).err().unwrap_or(End::Lost(error));
                self.end(place, &end, now);
            }
        }
    }

    /// Sends one of the mix's packets, which was due at `due`.
    pub(super) fn send_any(&mut self, place: usize, due: Instant, now: Instant) {
        let kind = self.shared.plan.mix.pick(&mut self.dice);
        self.send(place, kind, due, now);
    }

    /// Lets the first honest connection send a broadcast.
    pub(super) fn broadcast(&mut self, now: Instant) {
        if let Some(Slot {
            role: Role::Honest(player),
            wire: Some(_),
            ..
        }) = self.slots.first_mut()
        {
            match player.broadcast(now, &mut self.tally) {
                Ok(()) => self.unwritten.push(0),
                Err(broken) => self.end(0, &End::Broken(broken), now),
            }
        }
    }

    /// Lets the hostile connection with this number do its work.
    pub(super) fn turn_rogue(&mut self, number: usize, now: Instant) {
        let place = self.honest + number;
        let Some(Slot {
            role: Role::Rogue(rogue),
            wire,
            ..
        }) = self.slots.get_mut(place)
        else {
            return; // not made yet
        };
        if wire.is_some() {
            match rogue.turn() {
                Ok(()) => self.unwritten.push(place),
                Err(broken) => self.end(place, &End::Broken(broken), now),
            }
        } else if self.is_storm() {
            self.open(place, now);
        }
    }
}

impl Slot {
    const fn empty() -> Self {
        Self {
            wire: None,
            role: Role::None,
            coming: false,
            hung_up: false,
        }
    }
}
