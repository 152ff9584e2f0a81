//! How connections end, and what is left at the end of a run.

use super::super::attack::Rogue;
use super::super::player::Broken;
use super::super::tally::{Names, Tally, count};
use super::super::wire::{Got, Wire};
use super::{Crew, Role};
use std::time::{Duration, Instant};
use std::{io, thread};

/// How long what a hostile connection left unread is waited for at the end.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How long nothing is read meanwhile, so that more can come.
const PAUSE: Duration = Duration::from_millis(5);

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
        self.hear_last_words();
        let storm = self.is_storm();
        for slot in &mut self.slots {
            match &mut slot.role {
                Role::Honest(player) => player.give_up(&mut self.tally),
                Role::Rogue(rogue) if !storm => count(&mut fates, &rogue.fate(slot.wire.is_some())),
                Role::Rogue(_) | Role::None => {}
            }
        }
        Seen {
            tally: self.tally,
            fates,
            storms: self.storms,
        }
    }

    /// Reads what hostile connections did not read, to know what the server said in the end and whether it has hung up. What the
    /// server's kernel still holds for them comes only as they read, so this takes a moment.
    fn hear_last_words(&mut self) {
        let end = Instant::now() + LAST_WORDS;
        loop {
            let now = Instant::now();
            let mut waits = false;
            for slot in self.slots.iter_mut().skip(self.honest) {
                let (Some(wire), Role::Rogue(rogue)) = (&mut slot.wire, &mut slot.role) else {
                    continue;
                };
                let unread = !rogue.reads();
                match read_all(wire, rogue, &mut self.buffer, now) {
                    Ok(()) => waits |= unread,
                    Err(_) => slot.wire = None,
                }
            }
            if !waits || now >= end {
                return;
            }
            thread::sleep(PAUSE);
        }
    }
}

/// Reads until there is nothing for now.
///
/// # Errors
/// The connection is over.
fn read_all(
    wire: &mut Wire,
    rogue: &mut Rogue,
    buffer: &mut [u8],
    now: Instant,
) -> Result<(), End> {
    loop {
        let got = wire.read(buffer, |frame| rogue.receive(frame, now));
        match got.map_err(End::Lost)?.map_err(End::Broken)? {
            Got::Bytes(_) | Got::Last(_) => {}
            Got::Nothing => return Ok(()),
            Got::End => return Err(End::Closed),
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
