//! Which packets are sent, and in which shares.

use std::fmt;
use std::str::FromStr;

/// A kind of packet that load is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `EchoRequest`, answered by `EchoReply`.
    Echo,
    /// `Heartbeat`, answered by `HeartbeatReply`.
    Heartbeat,
    /// `TimeSyncRequest`, answered by `TimeSyncResponse`.
    Time,
    /// `Move`, which has no answer; what others see of it is counted as deliveries.
    Move,
    /// `Say`, answered by the player's own `ChatMessage`.
    Say,
    /// `RoomListRequest`, answered by `RoomList`.
    Rooms,
    /// `GuildListRequest`, answered by `GuildList`.
    Guilds,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Echo,
        Self::Heartbeat,
        Self::Time,
        Self::Move,
        Self::Say,
        Self::Rooms,
        Self::Guilds,
    ];

    /// Its name in a mix.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Echo => "echo",
            Self::Heartbeat => "heartbeat",
            Self::Time => "time",
            Self::Move => "move",
            Self::Say => "say",
            Self::Rooms => "rooms",
            Self::Guilds => "guilds",
        }
    }

    /// Whether the server answers it, so that there is a time to measure.
    pub const fn is_answered(self) -> bool {
        !matches!(self, Self::Move)
    }

    /// Whether only players in the world send it.
    pub const fn is_of_the_world(self) -> bool {
        matches!(self, Self::Move | Self::Say)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Kinds of packets with their shares.
///
/// ```
/// use reference::load::{Kind, Mix};
///
/// let mix: Mix = "echo=80,move=20".parse()?;
/// assert_eq!(mix.kinds().collect::<Vec<_>>(), [Kind::Echo, Kind::Move]);
/// # Ok::<(), reference::load::MixError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mix {
    shares: Vec<(Kind, u32)>,
    total: u32,
}

impl Mix {
    /// Nothing but one kind.
    pub fn only(kind: Kind) -> Self {
        Self {
            shares: vec![(kind, 1)],
            total: 1,
        }
    }

    /// What it is made of.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.shares.iter().map(|(kind, _)| *kind)
    }

    /// Whether it needs players in the world.
    pub fn needs_world(&self) -> bool {
        self.kinds().any(Kind::is_of_the_world)
    }

    /// The next kind, by chance.
    pub(super) fn pick(&self, dice: &mut fastrand::Rng) -> Kind {
        let [(only, _)] = self.shares[..] else {
            return self.at(dice.u32(..self.total));
        };
        only
    }

    /// The kind at a place below the sum of all shares.
    fn at(&self, place: u32) -> Kind {
        let mut end = 0;
        let found = self.shares.iter().find(|(_, share)| {
            end += share;
            place < end
        });
        found.map_or(Kind::Echo, |(kind, _)| *kind)
    }
}

impl Default for Mix {
    /// Echoes alone.
    fn default() -> Self {
        Self::only(Kind::Echo)
    }
}

impl fmt::Display for Mix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (kind, share)) in self.shares.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}{kind}={share}")?;
        }
        Ok(())
    }
}

/// What is wrong with the text of a mix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MixError(String);

impl fmt::Display for MixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MixError {}

impl FromStr for Mix {
    type Err = MixError;

    /// Reads `echo=80,move=15,say=5`; a kind without a share has 1.
    fn from_str(text: &str) -> Result<Self, MixError> {
        let mut shares: Vec<(Kind, u32)> = Vec::new();
        let mut total = 0_u32;
        for part in text.split(',') {
            let (name, share) = part.split_once('=').unwrap_or((part, "1"));
            let name = name.trim();
            let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
            let kind = kind.ok_or_else(|| {
                let known = Kind::ALL.map(Kind::name).join(", ");
                MixError(format!("`{name}` is none of {known}"))
            })?;
            if shares.iter().any(|(known, _)| *known == kind) {
                return Err(MixError(format!("`{name}` stands there twice")));
            }
            let share = share.trim().parse().ok().filter(|share| *share > 0);
            let sum = share.and_then(|share: u32| Some((share, total.checked_add(share)?)));
            let (share, sum) = sum.ok_or_else(|| {
                MixError(format!(
                    "the share of `{name}` has to be a whole number from 1 on"
                ))
            })?;
            total = sum;
            shares.push((kind, share));
        }
        Ok(Self { shares, total })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, &str>) {
        let read = text.parse::<Mix>();
        let shown = read.map(|mix| mix.to_string());
        let shown = shown.map_err(|error| error.to_string());
        assert_eq!(shown.as_deref(), expected.map_err(str::to_owned).as_deref());
    }

    #[test]
    fn reads_shares() {
        check("echo=80,move=15,say=5", Ok("echo=80,move=15,say=5"));
        check("time, rooms = 3", Ok("time=1,rooms=3"));
    }

    #[test]
    fn refuses_what_is_no_mix() {
        let kinds = "echo, heartbeat, time, move, say, rooms, guilds";
        check("", Err(&format!("`` is none of {kinds}")));
        check("fly=1", Err(&format!("`fly` is none of {kinds}")));
        check("echo=1,echo=2", Err("`echo` stands there twice"));
        let share = "the share of `echo` has to be a whole number from 1 on";
        for text in ["echo=0", "echo=-1", "echo=x", "echo=4294967296"] {
            check(text, Err(share));
        }
        let share = "the share of `say` has to be a whole number from 1 on";
        check("echo=4294967295,say=1", Err(share));
    }

    #[test]
    fn a_share_is_how_often_a_kind_is_picked() {
        let mix: Mix = "echo=80,move=15,say=5".parse().unwrap();
        let picked: Vec<_> = (0..100).map(|place| mix.at(place)).collect();
        let count = |kind| picked.iter().filter(|picked| **picked == kind).count();
        assert_eq!([Kind::Echo, Kind::Move, Kind::Say].map(count), [80, 15, 5]);
        let mut dice = fastrand::Rng::with_seed(1);
        let says = (0..10_000).filter(|_| mix.pick(&mut dice) == Kind::Say);
        assert!((400..600).contains(&says.count()));
    }
}
