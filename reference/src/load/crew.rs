//! The connections of a thread: sockets with who speaks through them.
//!
//! In: events of sockets, and what is to be sent. Out: what the connections saw, in a [`Tally`]. When something is to be sent
//! is decided elsewhere, and so is what answers mean; this only carries it out.

use super::attack::{Attack, Rogue};
use super::login::Login;
use super::mix::Kind;
use super::plan::{Entry, Pace};
use super::player::{Broken, Event, Player};
use super::shared::Shared;
use super::tally::{Names, Tally, count};
use super::wire::{Got, READ, Wire};
use mio::{Registry, Token};
use packet_runtime::stream::Backlog;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

/// Reads of one connection before others have their turn.
const TURNS: usize = 4;

/// What a thread saw.
pub(super) struct Seen {
    pub(super) tally: Tally,
    /// What became of hostile connections.
    pub(super) fates: Names,
    /// Connections that storms made.
    pub(super) storms: u64,
}

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
}

enum Role {
    /// Not made yet.
    None,
    Honest(Box<Player>),
    Rogue(Box<Rogue>),
}

/// Why a connection is over.
enum End {
    /// The server closed it.
    Closed,
    Lost(io::Error),
    Broken(Broken),
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

    pub(super) fn open(&mut self, place: usize, now: Instant) {
        let role = self.role(place);
        let address = self.shared.address;
        let wire = Wire::connect(address, &self.registry, Token(place));
        let honest = place < self.honest;
        let Some(slot) = self.slots.get_mut(place) else {
            return;
        };
        slot.coming = honest;
        self.coming += usize::from(honest);
        let made = role.and_then(|role| {
            slot.role = role;
            slot.wire = Some(wire.map_err(End::Lost)?);
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

    pub(super) fn read_on(&mut self) {
        for place in std::mem::take(&mut self.unread) {
            self.serve(place, Instant::now());
        }
    }

    pub(super) fn write_all(&mut self) {
        let mut unwritten = std::mem::take(&mut self.unwritten);
        for place in unwritten.drain(..) {
            self.write(place);
        }
        // None was added meanwhile; its memory serves again.
        self.unwritten = unwritten;
    }

    /// The socket of a connection has something to read, takes more, or has come to an end.
    pub(super) fn serve(&mut self, place: usize, now: Instant) {
        let Some(Slot {
            wire: Some(wire), ..
        }) = self.slots.get_mut(place)
        else {
            return; // it ended by an earlier event
        };
        match wire.is_connected() {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return self.end(place, &End::Lost(error), now),
        }
        if self.shared.plan.entry == Entry::Raw {
            self.arrived(place, true); // there is nobody to greet
        }
        if place >= self.honest && self.is_storm() {
            self.storms += 1;
            if let Some(wire) = self.slots.get_mut(place).and_then(|slot| slot.wire.take()) {
                wire.reset();
            }
            return;
        }
        if let Err(end) = self.read(place, now) {
            // What the server said last may lie behind a write that failed, so writing comes second.
            return self.end(place, &end, now);
        }
        self.write(place);
    }

    /// Reads what is there, and answers it.
    fn read(&mut self, place: usize, now: Instant) -> Result<(), End> {
        for _ in 0..TURNS {
            let Some(Slot {
                wire: Some(wire),
                role,
                ..
            }) = self.slots.get_mut(place)
            else {
                return Ok(());
            };
            let mut answered = 0_usize;
            let mut packets = 0;
            let mut event = Event::None;
            let (payload, tally) = (&self.payload, &mut self.tally);
            let got = match role {
                Role::Honest(player) => wire.read(&mut self.buffer, |frame| {
                    packets += 1;
                    match player.receive(frame, payload, now, tally)? {
                        Event::None => {}
                        Event::Answered => answered += 1,
                        // One at a time: who is coming in waits for each answer.
                        other => event = other,
                    }
                    Ok(())
                }),
                Role::Rogue(rogue) if rogue.reads() => {
                    wire.read(&mut self.buffer, |frame| rogue.receive(frame, now))
                }
                Role::Rogue(_) | Role::None => return Ok(()),
            };
            let got = got.map_err(End::Lost)?.map_err(End::Broken)?;
            let bytes = match got {
                Got::Bytes(bytes) | Got::Last(bytes) => bytes,
                Got::Nothing => return Ok(()),
                Got::End => return Err(End::Closed),
            };
            if place < self.honest && self.tally.counts(now) {
                self.tally.traffic.bytes_in += bytes as u64;
                self.tally.traffic.packets_in += packets;
            }
            self.note(place, event);
            self.follow(place, answered, now);
            if let Got::Last(_) = got {
                return Ok(());
            }
        }
        self.unread.push(place);
        Ok(())
    }

    /// In a closed loop each answer is followed by the next packet.
    fn follow(&mut self, place: usize, answered: usize, now: Instant) {
        if answered == 0 {
            return;
        }
        self.shared
            .progress
            .answered
            .fetch_add(answered as u64, Relaxed);
        let going = self.tally.course.is_some_and(|course| now < course.end);
        if !going || !matches!(self.shared.plan.pace, Pace::Closed { .. }) {
            return;
        }
        let plan = self.shared.plan;
        if let Some(Slot {
            role: Role::Honest(player),
            ..
        }) = self.slots.get_mut(place)
        {
            for _ in 0..answered {
                let kind = plan.mix.pick(&mut self.dice);
                let sent = player.send(kind, &self.payload, now, now, &mut self.tally);
                if let Err(broken) = sent {
                    return self.end(place, &End::Broken(broken), now);
                }
            }
        }
    }

    /// Something happened to somebody who is coming in.
    fn note(&mut self, place: usize, event: Event) {
        let Some(slot) = self.slots.get_mut(place) else {
            return;
        };
        let Role::Honest(player) = &mut slot.role else {
            return;
        };
        let ready = match event {
            Event::None | Event::Answered => return,
            Event::Pause(until) => {
                self.pauses.push(Reverse((until, place)));
                return;
            }
            Event::Refused(why) => {
                count(&mut self.tally.refused, &why);
                slot.wire = None;
                return self.arrived(place, false);
            }
            Event::Granted { token, ready } => {
                if let Some(name) = player.name() {
                    self.shared.keep(name, token);
                }
                ready
            }
            Event::Ready => true,
        };
        if ready {
            self.arrived(place, true);
        }
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

    /// A connection is over.
    fn end(&mut self, place: usize, end: &End, now: Instant) {
        let Some(slot) = self.slots.get_mut(place) else {
            return;
        };
        slot.wire = None;
        let why = match end {
            End::Closed => None,
            End::Lost(error) => Some(described(error)),
            End::Broken(broken) => Some(broken.to_string()),
        };
        let Role::Honest(player) = &mut slot.role else {
            if slot.coming {
                count(&mut self.tally.refused, why.as_deref().unwrap_or("closed"));
                self.arrived(place, false);
            }
            return;
        };
        player.give_up(&mut self.tally);
        let why = match why {
            Some(why) if player.farewell().starts_with("without") => why,
            _ => format!("closed {}", player.farewell()),
        };
        if slot.coming {
            count(&mut self.tally.refused, &why);
            return self.arrived(place, false);
        }
        let course = self.tally.course;
        if course.is_none_or(|course| now < course.end) {
            count(&mut self.tally.closed, &why);
        }
    }

    /// Counts what is left.
    pub(super) fn finish(mut self) -> Seen {
        let mut fates = Names::new();
        let now = Instant::now();
        for place in 0..self.slots.len() {
            if place >= self.honest && self.is_storm() {
                continue;
            }
            let mut open = false;
            if let Some(slot) = self.slots.get_mut(place) {
                open = slot.wire.is_some();
            }
            if place >= self.honest && open {
                open = !self.last_words(place, now);
            }
            match self.slots.get_mut(place).map(|slot| &mut slot.role) {
                Some(Role::Honest(player)) => player.give_up(&mut self.tally),
                Some(Role::Rogue(rogue)) => count(&mut fates, &rogue.fate(open)),
                Some(Role::None) | None => {}
            }
        }
        Seen {
            tally: self.tally,
            fates,
            storms: self.storms,
        }
    }

    /// Reads what a hostile connection did not read, to know what the server said in the end. Whether it has hung up.
    fn last_words(&mut self, place: usize, now: Instant) -> bool {
        let Some(Slot {
            wire: Some(wire),
            role: Role::Rogue(rogue),
            ..
        }) = self.slots.get_mut(place)
        else {
            return false;
        };
        loop {
            match wire.read(&mut self.buffer, |frame| rogue.receive(frame, now)) {
                Ok(Ok(Got::Bytes(_) | Got::Last(_))) => {}
                Ok(Ok(Got::Nothing)) => return false,
                Ok(Ok(Got::End) | Err(_)) | Err(_) => return true,
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

    /// Lets hostile connections do their work.
    pub(super) fn turn_rogues(&mut self, now: Instant) {
        for place in self.honest..self.slots.len() {
            let Some(slot) = self.slots.get_mut(place) else {
                continue;
            };
            let Role::Rogue(rogue) = &mut slot.role else {
                continue;
            };
            if slot.wire.is_some() {
                match rogue.turn() {
                    Ok(()) => self.unwritten.push(place),
                    Err(broken) => self.end(place, &End::Broken(broken), now),
                }
            } else if self.is_storm() {
                self.open(place, now);
            }
        }
    }
}

impl Slot {
    const fn empty() -> Self {
        Self {
            wire: None,
            role: Role::None,
            coming: false,
        }
    }
}

/// An error of a socket, in the same words for all connections.
fn described(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::InvalidData => format!("the server sends what is no packet: {error}"),
        _ => error.to_string(),
    }
}
