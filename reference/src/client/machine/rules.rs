//! The three rules of clients that the session's states cannot express, as the schema states them.
//!
//! In: packets of the client and answers. Out: whether a packet has to wait, and for what.

use crate::game::Packet;

/// Which requests are under way that hold others up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rules {
    under_way: [Option<(u32, Gate)>; GATES],
}

const GATES: usize = 4;

/// A request that holds others up until it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gate {
    /// Whatever makes a player of somebody.
    Login = 0,
    EnterWorld = 1,
    LeaveWorld = 2,
    Logout = 3,
}

impl Gate {
    const fn of(packet: &Packet) -> Option<(u32, Self)> {
        Some(match packet {
            Packet::RegisterRequest(packet) => (packet.request, Self::Login),
            Packet::LoginRequest(packet) => (packet.request, Self::Login),
            Packet::ResumeRequest(packet) => (packet.request, Self::Login),
            Packet::EnterWorld(packet) => (packet.request, Self::EnterWorld),
            Packet::LeaveWorld(packet) => (packet.request, Self::LeaveWorld),
            Packet::Logout(packet) => (packet.request, Self::Logout),
            _ => return None,
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Login => "the last request to register, log in or resume",
            Self::EnterWorld => "EnterWorld",
            Self::LeaveWorld => "LeaveWorld",
            Self::Logout => "Logout",
        }
    }

    /// Whether the packet has to wait while this is under way.
    const fn holds(self, packet: &Packet) -> bool {
        match self {
            Self::Login => matches!(
                packet,
                Packet::RegisterRequest(_) | Packet::LoginRequest(_) | Packet::ResumeRequest(_)
            ),
            Self::EnterWorld => matches!(packet, Packet::EnterWorld(_)),
            Self::LeaveWorld => matches!(
                packet,
                Packet::LeaveWorld(_) | Packet::Move(_) | Packet::Attack(_) | Packet::Say(_)
            ),
            Self::Logout => !matches!(
                packet,
                Packet::Heartbeat(_)
                    | Packet::HeartbeatReply(_)
                    | Packet::TimeSyncRequest(_)
                    | Packet::EchoRequest(_)
            ),
        }
    }
}

impl Rules {
    /// What a packet has to wait for.
    pub(super) fn holds(&self, packet: &Packet) -> Option<&'static str> {
        let mut under_way = self.under_way.iter().flatten();
        under_way
            .find(|(_, gate)| gate.holds(packet))
            .map(|(_, gate)| gate.name())
    }

    /// A packet is under way.
    pub(super) fn sent(&mut self, packet: &Packet) {
        if let Some((number, gate)) = Gate::of(packet)
            && let Some(place) = self.under_way.get_mut(gate as usize)
        {
            *place = Some((number, gate));
        }
    }

    /// A request was answered, or will never be.
    pub(super) fn answered(&mut self, number: u32) {
        for place in &mut self.under_way {
            if place.is_some_and(|(waiting, _)| waiting == number) {
                *place = None;
            }
        }
    }

    /// Forgets requests that are not among those that still wait to be written.
    pub(super) fn lost(&mut self, waits: impl Fn(u32) -> bool) {
        for place in &mut self.under_way {
            if place.is_some_and(|(number, _)| !waits(number)) {
                *place = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::{EchoRequest, EnterWorld, LeaveWorld, Logout, Say, Whisper};

    fn say() -> Packet {
        let text = "hi".to_owned();
        Say { request: 9, text }.into()
    }

    fn whisper() -> Packet {
        let (recipient, text) = ("eve".to_owned(), "hi".to_owned());
        Whisper {
            request: 9,
            recipient,
            text,
        }
        .into()
    }

    fn echo() -> Packet {
        let payload = Vec::new();
        EchoRequest {
            request: 9,
            payload,
        }
        .into()
    }

    #[track_caller]
    fn check(under_way: impl Into<Packet>, packet: &Packet, holds: bool) {
        let mut rules = Rules::default();
        assert_eq!(rules.holds(packet), None);
        rules.sent(&under_way.into());
        assert_eq!(rules.holds(packet).is_some(), holds);
        rules.answered(2);
        assert_eq!(rules.holds(packet).is_some(), holds);
        rules.answered(1);
        assert_eq!(rules.holds(packet), None);
    }

    #[test]
    fn the_world_is_entered_once_at_a_time() {
        let enter = EnterWorld {
            request: 1,
            spawn: None,
        };
        check(enter, &enter.into(), true);
        check(enter, &whisper(), false);
    }

    #[test]
    fn who_leaves_the_world_does_nothing_in_it() {
        check(LeaveWorld { request: 1 }, &say(), true);
        check(LeaveWorld { request: 1 }, &whisper(), false);
    }

    #[test]
    fn who_logs_out_sends_only_packets_of_the_system() {
        let logout = || Logout {
            request: 1,
            revoke_token: false,
        };
        check(logout(), &whisper(), true);
        check(logout(), &echo(), false);
    }

    #[test]
    fn what_was_under_way_when_the_connection_was_lost_holds_nothing_up() {
        let mut rules = Rules::default();
        rules.sent(&LeaveWorld { request: 1 }.into());
        rules.lost(|number| number == 1);
        assert!(rules.holds(&say()).is_some());
        rules.lost(|_| false);
        assert_eq!(rules.holds(&say()), None);
    }
}
