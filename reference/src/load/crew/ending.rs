//! How connections end, and what is left at the end of a run.

use super::super::player::Broken;
use super::super::tally::{Names, Tally, count};
use super::super::wire::Got;
use super::{Crew, Role, Slot};
use std::io;
use std::time::Instant;

/// What a thread saw.
pub(in super::super) struct Seen {
    pub(in super::super) tally: Tally,
    /// What became of hostile connections.
    pub(in super::super) fates: Names,
    /// Connections that storms made.
    pub(in super::super) storms: u64,
}

/// Why a connection is over.
pub(super) enum End {
    /// The server closed it.
    Closed,
    Lost(io::Error),
    Broken(Broken),
}

impl Crew<'_> {
    /// A connection is over.
    pub(super) fn end(&mut self, place: usize, end: &End, now: Instant) {
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
    pub(in super::super) fn finish(mut self) -> Seen {
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
}

/// An error of a socket, in the same words for all connections.
fn described(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::InvalidData => format!("the server sends what is no packet: {error}"),
        _ => error.to_string(),
    }
}
