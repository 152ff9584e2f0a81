//! How often a session may send what: a token bucket for each group of packets.
//!
//! In: which packet came, and when. Out: whether there was a token for it. This knows neither sessions nor what happens
//! to who sends too much.
//!
//! A bucket is kept as the generic cell rate algorithm does (ITU-T I.371): not as a number of tokens, but as the moment
//! at which it will be full again. That is one number for each group, and nothing has to be refilled.

use crate::game::PacketKind;
use std::time::{Duration, Instant};

/// How many packets of one group a session may send.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// On average, in a second. 0 is as many as it likes.
    pub per_second: f64,
    /// At once, after a pause.
    pub burst: u32,
}

impl Rate {
    /// From one token to the next; zero without a limit.
    fn interval(self) -> Duration {
        if self.per_second > 0.0 {
            Duration::try_from_secs_f64(self.per_second.recip()).unwrap_or(Duration::MAX)
        } else {
            Duration::ZERO
        }
    }
}

/// Packets that share a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Registering, logging in and out, resuming. These cost the server most.
    Auth,
    /// Going into the world and out of it.
    World,
    /// Moving.
    Movement,
    /// Attacking.
    Combat,
    /// All that is said, and rooms.
    Chat,
    /// Guilds.
    Guild,
    /// Greeting, heartbeats and clocks.
    System,
    /// Echo.
    Echo,
}

impl Group {
    /// All of them, each at the place of its number.
    pub const ALL: [Self; 8] = [
        Self::Auth,
        Self::World,
        Self::Movement,
        Self::Combat,
        Self::Chat,
        Self::Guild,
        Self::System,
        Self::Echo,
    ];

    /// The group of a packet that clients send. What only servers send has one, too, but no use for it.
    pub fn of(kind: PacketKind) -> Self {
        match kind {
            PacketKind::LoginRequest
            | PacketKind::RegisterRequest
            | PacketKind::ResumeRequest
            | PacketKind::Logout => Self::Auth,
            PacketKind::EnterWorld | PacketKind::LeaveWorld => Self::World,
            PacketKind::Move => Self::Movement,
            PacketKind::Attack => Self::Combat,
            PacketKind::Say
            | PacketKind::Whisper
            | PacketKind::Broadcast
            | PacketKind::RoomCreate
            | PacketKind::RoomJoin
            | PacketKind::RoomLeave
            | PacketKind::RoomListRequest
            | PacketKind::RoomMessage => Self::Chat,
            PacketKind::GuildCreate
            | PacketKind::GuildInvite
            | PacketKind::GuildJoin
            | PacketKind::GuildLeave
            | PacketKind::GuildListRequest
            | PacketKind::GuildWarStart
            | PacketKind::GuildWarEnd => Self::Guild,
            PacketKind::EchoRequest => Self::Echo,
            _ => Self::System,
        }
    }
}

/// What sessions may send, and how often they may be wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Of each [`Group`], at the place of its number.
    pub groups: [Rate; Group::ALL.len()],
    /// Packets that are passed over because they come too often or at the wrong moment. One more ends the session.
    pub strikes: Rate,
}

/// The buckets of one session.
#[derive(Debug)]
pub struct Buckets {
    since: Instant,
    groups: [Bucket; Group::ALL.len()],
    strikes: Bucket,
}

impl Buckets {
    /// Full ones.
    pub fn new(now: Instant) -> Self {
        Self {
            since: now,
            groups: [Bucket::FULL; Group::ALL.len()],
            strikes: Bucket::FULL,
        }
    }

    /// Takes a token for a packet, if there is one.
    pub fn take(&mut self, kind: PacketKind, limits: &Limits, now: Instant) -> bool {
        let group = Group::of(kind) as usize;
        let now = now.saturating_duration_since(self.since);
        self.groups[group].take(limits.groups[group], now)
    }

    /// Takes a token for a packet that is passed over, if there is one.
    pub fn strike(&mut self, limits: &Limits, now: Instant) -> bool {
        let now = now.saturating_duration_since(self.since);
        self.strikes.take(limits.strikes, now)
    }
}

/// When the bucket is full again, in nanoseconds from the session's start. 584 years fit.
#[derive(Clone, Copy, Debug)]
struct Bucket(u64);

impl Bucket {
    const FULL: Self = Self(0);

    fn take(&mut self, rate: Rate, now: Duration) -> bool {
        let interval = nanoseconds(rate.interval());
        let now = nanoseconds(now);
        let depth = interval.saturating_mul(u64::from(rate.burst));
        let full = self.0.max(now).saturating_add(interval);
        let fits = full - now <= depth || interval == 0;
        if fits {
            self.0 = full;
        }
        fits
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(per_second: f64, burst: u32) -> Limits {
        let rate = Rate { per_second, burst };
        Limits {
            groups: [rate; Group::ALL.len()],
            strikes: rate,
        }
    }

    /// How many of `count` moves that come at this moment are taken.
    fn taken(buckets: &mut Buckets, limits: &Limits, count: usize, now: Instant) -> usize {
        (0..count)
            .filter(|_| buckets.take(PacketKind::Move, limits, now))
            .count()
    }

    #[test]
    fn a_burst_is_taken_and_then_the_rate() {
        let start = Instant::now();
        let limits = limits(10.0, 5);
        let mut buckets = Buckets::new(start);
        let at = |millis| start + Duration::from_millis(millis);
        assert_eq!(taken(&mut buckets, &limits, 9, at(0)), 5);
        assert_eq!(taken(&mut buckets, &limits, 9, at(99)), 0);
        assert_eq!(taken(&mut buckets, &limits, 9, at(100)), 1);
        assert_eq!(taken(&mut buckets, &limits, 9, at(300)), 2);
        assert_eq!(
            taken(&mut buckets, &limits, 9, at(60_000)),
            5,
            "never more than a burst"
        );
    }

    #[test]
    fn groups_do_not_take_from_each_other() {
        let now = Instant::now();
        let limits = limits(1.0, 1);
        let mut buckets = Buckets::new(now);
        assert!(buckets.take(PacketKind::Move, &limits, now));
        assert!(!buckets.take(PacketKind::Move, &limits, now));
        assert!(buckets.take(PacketKind::Attack, &limits, now));
        assert!(buckets.strike(&limits, now));
        assert!(!buckets.strike(&limits, now));
    }

    #[test]
    fn no_rate_is_no_limit_and_no_burst_is_nothing() {
        let now = Instant::now();
        let mut buckets = Buckets::new(now);
        assert_eq!(taken(&mut buckets, &limits(0.0, 0), 1000, now), 1000);
        assert_eq!(taken(&mut buckets, &limits(5.0, 0), 1000, now), 0);
    }

    #[test]
    fn a_group_stands_at_the_place_of_its_number() {
        for (place, group) in Group::ALL.into_iter().enumerate() {
            assert_eq!(group as usize, place);
        }
    }
}
