//! The server as a sender: what every packet of it has to keep, whichever check is going on.
//!
//! In: the bytes that the suite wrote and the packets that it read, on each connection. Out: [`Breach`]es. [`Watch`]
//! does no IO and has no clock; [`peer`](super::peer) feeds it. The checks of this group come last: each makes a
//! conversation of its own, and then reports the breaches of its rule that any check met.

use super::check::{Check, Failure, Group, Outcome, Stop};
use super::requests::{answer, is_answer, number};
use super::transcript::Crossing;
use super::trial::Trial;
use crate::game::{
    EchoReply, EchoRequest, EnterWorld, Error, Framing, Heartbeat, HeartbeatReply, LeaveWorld,
    Logout, LogoutResponse, Packet, PacketKind, PacketView, RoomCreate, RoomLeave, RoomListRequest,
    RoomResult, Session, Side, State, Step, TimeSyncRequest, TimeSyncResponse, Whisper,
    WorldEntered, WorldLeft,
};
use packet_runtime::Reassembler;
use std::collections::BTreeSet;

/// What a server has to keep with every packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rule {
    Decodes,
    InState,
    Numbers,
    Errors,
    SnapshotFirst,
    Ends,
}

impl Rule {
    const ALL: [Self; 6] = [
        Self::Decodes,
        Self::InState,
        Self::Numbers,
        Self::Errors,
        Self::SnapshotFirst,
        Self::Ends,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Decodes => "decodes",
            Self::InState => "in_state",
            Self::Numbers => "numbers",
            Self::Errors => "errors",
            Self::SnapshotFirst => "snapshot_first",
            Self::Ends => "ends",
        }
    }

    fn statement(self) -> &'static str {
        match self {
            Self::Decodes => {
                "Whatever the server sends is a packet of the schema, whole and within its sizes."
            }
            Self::InState => {
                "The server sends no packet that its side may not send in the session's state."
            }
            Self::Numbers => {
                "An answer carries the number of a request that has none yet, and is of the kind that answers it."
            }
            Self::Errors => {
                "An Error names a packet that the client sent, and no request that was not made."
            }
            Self::SnapshotFirst => {
                "After the arrival in the world comes WorldSnapshot, with all of its parts in a row and of the same \
                 tick, before anything else about the world."
            }
            Self::Ends => {
                "Behind Welcome that refuses, LogoutResponse and KickNotice nothing is answered, and the connection is closed."
            }
        }
    }
}

/// A rule that the server broke.
#[derive(Clone, Debug)]
pub(super) struct Breach {
    pub(super) rule: Rule,
    /// What it did.
    pub(super) what: String,
    /// Name of the check during which it did so.
    pub(super) check: String,
    /// What crossed the wires before it.
    pub(super) crossings: Vec<Crossing>,
}

/// Watches one connection.
#[derive(Debug, Default)]
pub(super) struct Watch {
    session: Session,
    written: Written,
    /// Own entity, to know whose `CombatResult` carries a number of this client.
    entity: Option<u32>,
    snapshot: Snapshot,
}

/// What the client wrote.
#[derive(Debug)]
struct Written {
    /// `None` once the bytes made no frame: what follows them cannot be told.
    frames: Option<Reassembler<Framing>>,
    ids: BTreeSet<u16>,
    /// Requests without an answer.
    open: Vec<(u32, PacketKind)>,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            frames: Some(Reassembler::new(Framing)),
            ids: BTreeSet::new(),
            open: Vec::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Snapshot {
    /// None is due.
    #[default]
    Complete,
    /// It has to be the next that is said about the world.
    Due,
    /// It has to be the next packet, and of this tick.
    Further(u32),
}

impl Watch {
    /// The state that the server's packets led to.
    pub(super) fn state(&self) -> State {
        self.session.state()
    }

    /// The number of this client's request that a packet answers. In `CombatResult` of another's attack the number means
    /// nothing.
    pub(super) fn answered(&self, packet: &Packet) -> Option<u32> {
        match packet {
            Packet::CombatResult(result) if Some(result.attacker) != self.entity => None,
            packet => number(packet),
        }
    }

    /// Takes bytes that the client wrote.
    pub(super) fn wrote(&mut self, bytes: &[u8]) {
        let Written { frames, ids, open } = &mut self.written;
        let Some(reassembler) = frames else {
            return;
        };
        let mut chunk = reassembler.feed(bytes);
        let broken = loop {
            match chunk.next_frame() {
                Ok(Some(frame)) => {
                    if let [_, _, high, low, ..] = frame {
                        ids.insert(u16::from_be_bytes([*high, *low]));
                    }
                    // What cannot be decoded has no number that an answer could carry.
                    let Ok(view) = PacketView::parse(frame) else {
                        continue;
                    };
                    let kind = view.kind();
                    if let (Some(kind), Some(number)) = (kind, number(&view.into())) {
                        open.push((number, kind));
                    }
                }
                Ok(None) => break false,
                Err(_) => break true,
            }
        };
        drop(chunk);
        if broken {
            *frames = None;
        }
    }

    /// Takes a packet of the server, and tells which rules it breaks.
    pub(super) fn read(&mut self, view: &PacketView<'_>) -> Vec<(Rule, String)> {
        let mut breaches = Vec::new();
        let before = self.session.state();
        if let Err(refused) = self.session.advance(Side::Server, view) {
            let rule = match before {
                State::Leaving => Rule::Ends,
                _ => Rule::InState,
            };
            breaches.push((rule, refused.to_string()));
            return breaches;
        }
        let packet = Packet::from(*view);
        if before == State::Leaving && matches!(packet, Packet::Error(_)) {
            breaches.push((
                Rule::Ends,
                "`Error` answers a packet in the state `leaving`".to_owned(),
            ));
        }
        if let Err(what) = self.number_is_open(&packet, view.kind()) {
            let rule = match packet {
                Packet::Error(_) => Rule::Errors,
                _ => Rule::Numbers,
            };
            breaches.push((rule, what));
        }
        if let Err(what) = self.snapshot_is_first(&packet) {
            breaches.push((Rule::SnapshotFirst, what));
        }
        breaches
    }

    fn number_is_open(&mut self, packet: &Packet, kind: Option<PacketKind>) -> Result<(), String> {
        let answered = self.answered(packet);
        let Written { frames, ids, open } = &mut self.written;
        if let Packet::Error(error) = packet
            && frames.is_some()
            && !ids.contains(&error.packet)
            && error.packet != 0
        {
            let id = error.packet;
            return Err(format!(
                "`Error` is about a packet with the id {id}, of which none was sent"
            ));
        }
        let Some(number) = answered else {
            return match kind {
                Some(kind) if is_answer(kind) && kind != PacketKind::CombatResult => {
                    Err(format!("`{}` carries the number 0", kind.name()))
                }
                _ => Ok(()),
            };
        };
        let place = open.iter().position(|&(open, request)| {
            open == number && (matches!(packet, Packet::Error(_)) || answer(request) == kind)
        });
        match place {
            Some(place) => {
                open.remove(place);
                Ok(())
            }
            None => Err(format!(
                "`{}` carries the number {number}, which no open request of its kind has",
                packet.name()
            )),
        }
    }

    fn snapshot_is_first(&mut self, packet: &Packet) -> Result<(), String> {
        if let Snapshot::Further(tick) = self.snapshot {
            let fits = matches!(packet, Packet::WorldSnapshot(part) if part.tick == tick);
            if !fits {
                self.snapshot = Snapshot::Complete;
                let name = packet.name();
                return Err(format!(
                    "`{name}` comes between the parts of a snapshot of tick {tick}"
                ));
            }
        }
        let arrival = match packet {
            Packet::WorldEntered(entered) => Some(&entered.arrival),
            Packet::ResumeResponse(resumed) => resumed.arrival.as_ref(),
            _ => None,
        };
        if let Some(arrival) = arrival {
            self.entity = Some(arrival.entity);
            self.snapshot = Snapshot::Due;
        }
        match packet {
            Packet::WorldSnapshot(part) => {
                self.snapshot = if part.more {
                    Snapshot::Further(part.tick)
                } else {
                    Snapshot::Complete
                };
            }
            Packet::EntitiesMoved(_)
            | Packet::EntityEntered(_)
            | Packet::EntityLeft(_)
            | Packet::CombatResult(_)
            | Packet::MoveRejected(_)
                if self.snapshot == Snapshot::Due =>
            {
                self.snapshot = Snapshot::Complete;
                return Err(format!(
                    "`{}` comes before the first `WorldSnapshot`",
                    packet.name()
                ));
            }
            Packet::WorldLeft(_) | Packet::LogoutResponse(_) | Packet::KickNotice(_) => {
                self.snapshot = Snapshot::Complete;
            }
            _ => {}
        }
        Ok(())
    }
}

/// The checks of this group.
pub(super) fn checks() -> Vec<Check> {
    let check = |rule: Rule| {
        Check::new(
            Group::Conduct,
            rule.name(),
            rule.statement(),
            move |trial| judge(trial, rule),
        )
        .last()
    };
    Rule::ALL.into_iter().map(check).collect()
}

async fn judge(trial: Trial, rule: Rule) -> Outcome {
    let walked = walk(&trial).await;
    match trial
        .breaches()
        .into_iter()
        .find(|breach| breach.rule == rule)
    {
        Some(breach) => {
            let found = format!("{} (during {})", breach.what, breach.check);
            Err(Stop::Failed(Box::new(Failure {
                expected: rule.statement().to_owned(),
                found,
                crossings: breach.crossings,
            })))
        }
        None => walked,
    }
}

/// A conversation with something of each group.
async fn walk(trial: &Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut peer = trial.log_in("walker", &mut players[0]).await?;
    let heartbeat = Heartbeat {
        sequence: 1,
        sent_at: 1,
        rtt: 0,
    };
    peer.send(heartbeat).await?;
    peer.expect::<HeartbeatReply>().await?;
    let request = peer.next_number();
    peer.ask::<TimeSyncResponse>(TimeSyncRequest {
        request,
        client_sent_at: 1,
    })
    .await?;
    let request = peer.next_number();
    peer.ask::<EchoReply>(EchoRequest {
        request,
        payload: vec![1, 2, 3],
    })
    .await?;
    let request = peer.next_number();
    let name = trial.fresh_name();
    let room = peer
        .ask::<RoomResult>(RoomCreate { request, name })
        .await?
        .room;
    let request = peer.next_number();
    peer.ask::<crate::game::RoomList>(RoomListRequest { request, after: 0 })
        .await?;
    let request = peer.next_number();
    peer.ask::<RoomResult>(RoomLeave { request, room }).await?;
    let request = peer.next_number();
    let recipient = trial.fresh_name();
    peer.ask::<Error>(Whisper {
        request,
        recipient,
        text: "nobody hears this".to_owned(),
    })
    .await?;
    let request = peer.next_number();
    peer.ask::<WorldEntered>(EnterWorld {
        request,
        spawn: None,
    })
    .await?;
    peer.expect::<crate::game::WorldSnapshot>().await?;
    let request = peer.next_number();
    peer.ask::<WorldLeft>(LeaveWorld { request }).await?;
    let request = peer.next_number();
    peer.ask::<LogoutResponse>(Logout {
        request,
        revoke_token: false,
    })
    .await?;
    peer.closed("after LogoutResponse").await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::{
        Arrival, CombatOutcome, CombatResult, EntityLeft, ErrorCode, LeftReason, LoginResponse,
        LoginResult, SessionGrant, Vec3, Welcome, WelcomeResult, WorldSnapshot,
    };
    use packet_runtime::Encode;

    /// Lets packets of the server follow those of the client, and returns the rules that they break.
    #[track_caller]
    fn check(client: &[Packet], server: &[Packet], expected: &[Rule]) {
        let mut watch = Watch::default();
        for packet in client {
            watch.wrote(&packet.to_vec().unwrap());
        }
        let mut rules = Vec::new();
        for packet in server {
            let bytes = packet.to_vec().unwrap();
            let breaches = watch.read(&PacketView::parse(&bytes).unwrap());
            rules.extend(breaches.into_iter().map(|(rule, _)| rule));
        }
        assert_eq!(rules, expected);
    }

    fn welcome() -> Packet {
        Welcome {
            result: WelcomeResult::OK,
            version: 2,
            fingerprint: 1,
            server: "x".to_owned(),
            heartbeat_seconds: 1,
        }
        .into()
    }

    fn echo(request: u32) -> Packet {
        EchoRequest {
            request,
            payload: Vec::new(),
        }
        .into()
    }

    fn reply(request: u32) -> Packet {
        EchoReply {
            request,
            payload: Vec::new(),
        }
        .into()
    }

    fn error(request: u32, packet: u16) -> Packet {
        Error {
            request,
            packet,
            code: ErrorCode::INTERNAL,
            text: String::new(),
        }
        .into()
    }

    fn in_world() -> Vec<Packet> {
        let session = SessionGrant {
            token: [0; 32],
            token_lifetime_seconds: 1,
            player: 1,
        };
        let login = LoginResponse {
            request: 1,
            result: LoginResult::OK,
            message: String::new(),
            session: Some(session),
            servers: Vec::new(),
        };
        let position = Vec3 {
            x: 0.0,
            y: 0.0,
            z: 0.0,
        };
        let arrival = Arrival {
            entity: 42,
            position,
            tick_hz: 20,
            view_distance: 1.0,
        };
        vec![
            welcome(),
            login.into(),
            WorldEntered {
                request: 2,
                arrival,
            }
            .into(),
        ]
    }

    fn snapshot(tick: u32, more: bool) -> Packet {
        WorldSnapshot {
            tick,
            more,
            entities: Vec::new(),
        }
        .into()
    }

    fn requests() -> Vec<Packet> {
        let credential = crate::game::LoginRequestCredential::Token([0; 32]);
        let login = crate::game::LoginRequest {
            request: 1,
            name: "ada".to_owned(),
            credential,
            client_version: 1,
            device: [0; 16],
        };
        vec![
            login.into(),
            EnterWorld {
                request: 2,
                spawn: None,
            }
            .into(),
        ]
    }

    /// As [`check`], behind the arrival in the world.
    #[track_caller]
    fn check_in_world(server: &[Packet], expected: &[Rule]) {
        let all: Vec<Packet> = in_world()
            .into_iter()
            .chain(server.iter().cloned())
            .collect();
        check(&requests(), &all, expected);
    }

    #[test]
    fn answers_carry_the_number_of_an_open_request_once() {
        check(&[echo(1), echo(2)], &[welcome(), reply(2), reply(1)], &[]);
        check(
            &[echo(1)],
            &[welcome(), reply(1), reply(1)],
            &[Rule::Numbers],
        );
        check(&[echo(1)], &[welcome(), reply(2)], &[Rule::Numbers]);
    }

    #[test]
    fn an_answer_is_of_the_kind_of_its_request() {
        let sync = TimeSyncResponse {
            request: 1,
            client_sent_at: 0,
            server_received_at: 0,
            server_sent_at: 0,
        };
        check(&[echo(1)], &[welcome(), sync.into()], &[Rule::Numbers]);
    }

    #[test]
    fn errors_are_about_packets_that_were_sent() {
        check(&[echo(1)], &[welcome(), error(1, 5006)], &[]);
        check(&[echo(1)], &[welcome(), error(0, 5006)], &[]);
        check(&[echo(1)], &[welcome(), error(2, 5006)], &[Rule::Errors]);
        check(&[echo(1)], &[welcome(), error(0, 2002)], &[Rule::Errors]);
    }

    #[test]
    fn packets_of_the_wrong_state_and_side_are_breaches() {
        check(&[echo(1)], &[reply(1)], &[Rule::InState]);
        check(&[], &[welcome(), welcome()], &[Rule::InState]);
        check(&[], &[welcome(), echo(1)], &[Rule::InState]);
    }

    #[test]
    fn nothing_is_answered_once_the_session_is_over() {
        let kick = crate::game::KickNotice {
            reason: crate::game::KickReason::IDLE,
            text: String::new(),
        };
        let notice = crate::game::ServerNotice {
            level: crate::game::NoticeLevel::INFO,
            text: "x".to_owned(),
        };
        check(
            &[echo(1)],
            &[welcome(), kick.clone().into(), notice.into()],
            &[],
        );
        check(
            &[echo(1)],
            &[welcome(), kick.clone().into(), reply(1)],
            &[Rule::Ends],
        );
        check(
            &[echo(1)],
            &[welcome(), kick.into(), error(1, 5006)],
            &[Rule::Ends],
        );
    }

    #[test]
    fn the_snapshot_is_the_first_word_about_the_world() {
        let left = || {
            Packet::from(EntityLeft {
                entity: 7,
                reason: LeftReason::OUT_OF_SIGHT,
            })
        };
        check_in_world(&[snapshot(5, true), snapshot(5, false), left()], &[]);
        check_in_world(&[left(), snapshot(5, false)], &[Rule::SnapshotFirst]);
        check_in_world(&[snapshot(5, true), left()], &[Rule::SnapshotFirst]);
        check_in_world(
            &[snapshot(5, true), snapshot(6, false)],
            &[Rule::SnapshotFirst],
        );
    }

    #[test]
    fn numbers_in_the_attacks_of_others_mean_nothing() {
        let result = |attacker| {
            Packet::from(CombatResult {
                request: 9,
                attacker,
                target: 1,
                skill: 0,
                outcome: CombatOutcome::HIT,
                damage: 1,
                target_health: 1,
            })
        };
        check_in_world(&[snapshot(5, false), result(7)], &[]);
        check_in_world(&[snapshot(5, false), result(42)], &[Rule::Numbers]);
    }

    #[test]
    fn what_follows_bytes_that_are_no_frame_is_not_guessed() {
        let mut watch = Watch::default();
        watch.wrote(&[0, 0]);
        watch.wrote(&echo(1).to_vec().unwrap());
        for packet in [welcome(), error(0, 1234)] {
            let bytes = packet.to_vec().unwrap();
            let breaches = watch.read(&PacketView::parse(&bytes).unwrap());
            assert!(breaches.is_empty(), "{breaches:?}");
        }
    }
}
