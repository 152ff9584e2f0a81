//! What comes from sockets, and what follows from it.

use super::super::plan::{Entry, Pace};
use super::super::player::Event;
use super::super::tally::count;
use super::super::wire::Got;
use super::{Crew, End, Role, Slot};
use std::cmp::Reverse;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

/// Reads of one connection before others have their turn.
const TURNS: usize = 4;

impl Crew<'_> {
    /// Goes on where others had their turn.
    pub(in super::super) fn read_on(&mut self) {
        for place in std::mem::take(&mut self.unread) {
            self.serve(place, false, Instant::now());
        }
    }

    /// The socket of a connection has something to read, takes more, or has come to an end.
    pub(in super::super) fn serve(&mut self, place: usize, hung_up: bool, now: Instant) {
        let Some(slot) = self.slots.get_mut(place) else {
            return;
        };
        slot.hung_up |= hung_up;
        let Some(wire) = &mut slot.wire else {
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
    pub(super) fn read(&mut self, place: usize, now: Instant) -> Result<(), End> {
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
            self.note(place, event, now);
            self.follow(place, answered, now);
            let slot = self.slots.get(place);
            let hung_up = slot.is_some_and(|slot| slot.hung_up);
            if matches!(got, Got::Last(_)) && !hung_up {
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
    fn note(&mut self, place: usize, event: Event, now: Instant) {
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
            Event::Kicked => {
                return self.end(place, &End::Closed, now);
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
}
