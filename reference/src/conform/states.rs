//! Every packet of clients in every state, by the table of the generated session.
//!
//! A packet that the state allows is answered or taken; what that means is in [`taken`]. Any other is refused, by Error
//! with `not_allowed_now` or by the end of the connection. In `leaving` all is thrown away.

use super::check::{Check, Group, Outcome, Stop};
use super::peer::{Peer, Refusal, encode, summary};
use super::players::Account;
use super::requests::{answer, number};
use super::samples::{alive, firsts};
use super::trial::Trial;
use crate::game::{
    EnterWorld, Error, ErrorCode, GuildLeave, HeartbeatReply, Logout, LogoutResponse, Packet,
    PacketKind, Side, State, Welcome, WorldEntered,
};

const GROUP: Group = Group::States;

const STATES: [State; 5] = [
    State::Connected,
    State::Greeted,
    State::Authenticated,
    State::InWorld,
    State::Leaving,
];

pub(super) fn checks() -> Vec<Check> {
    let mut checks = Vec::new();
    for state in STATES {
        for sample in firsts().filter(|sample| sample.kind.is_sent_by(Side::Client)) {
            let (kind, packet) = (sample.kind, sample.packet);
            let name = format!("{state}/{}", kind.name());
            let allowed = kind.is_sent_in(state);
            let rule = match (state, allowed) {
                (State::Leaving, _) => format!(
                    "{} in the state `{state}` is thrown away, and the connection is closed.",
                    kind.name()
                ),
                (_, true) => {
                    format!(
                        "{} is answered or taken in the state `{state}`.",
                        kind.name()
                    )
                }
                (_, false) => format!(
                    "{} in the state `{state}` is refused, by Error with `not_allowed_now` or by closing.",
                    kind.name()
                ),
            };
            checks.push(Check::new(GROUP, name, rule, move |trial| {
                let packet = packet.clone();
                async move {
                    match (state, allowed) {
                        (State::Leaving, _) => thrown_away(trial, packet).await,
                        (_, true) => obeyed(trial, state, packet).await,
                        (_, false) => refused(trial, state, packet).await,
                    }
                }
            }));
        }
    }
    checks
}

async fn obeyed(trial: Trial, state: State, packet: Packet) -> Outcome {
    let mut players = trial.players(1).await?;
    let account = &mut players[0];
    let packet = alive(packet, &trial, account);
    let mut peer = reach(&trial, state, account).await?;
    taken(&mut peer, account, packet).await
}

async fn refused(trial: Trial, state: State, packet: Packet) -> Outcome {
    let mut players = trial.players(1).await?;
    let account = &mut players[0];
    let packet = alive(packet, &trial, account);
    let mut peer = reach(&trial, state, account).await?;
    peer.send(packet.clone()).await?;
    match peer.refusal(Some(packet.id())).await? {
        Refusal::Closed => Ok(()),
        Refusal::Error(ErrorCode::NOT_ALLOWED_NOW) if state == State::Connected => Ok(()),
        Refusal::Error(ErrorCode::NOT_ALLOWED_NOW) => peer.outlives().await,
        Refusal::Error(other) => Err(Stop::failed(
            "Error with `not_allowed_now`, or the end of the connection",
            format!("Error with {other:?}"),
        )),
    }
}

async fn thrown_away(trial: Trial, packet: Packet) -> Outcome {
    let mut players = trial.players(1).await?;
    let account = &mut players[0];
    let packet = alive(packet, &trial, account);
    let mut peer = trial.log_in("ada", account).await?;
    let request = peer.next_number();
    let logout = Logout {
        request,
        revoke_token: false,
    };
    // In one write, so that the packet is under way when the state changes.
    let mut bytes = encode(&logout.into())?;
    bytes.extend(encode(&packet)?);
    peer.write(&bytes).await?;
    peer.expect::<LogoutResponse>().await?;
    peer.closed("after LogoutResponse").await?;
    match trial
        .breaches()
        .into_iter()
        .find(|breach| breach.check == trial.name())
    {
        Some(breach) => Err(Stop::failed("no answer in `leaving`", breach.what)),
        None => Ok(()),
    }
}

/// A connection in a state.
pub(super) async fn reach(trial: &Trial, state: State, account: &mut Account) -> Outcome<Peer> {
    let mut peer = trial.connect("ada").await?;
    if state == State::Connected {
        return Ok(peer);
    }
    peer.greet().await?;
    if state == State::Greeted {
        return Ok(peer);
    }
    peer.log_in(account).await?;
    if state == State::Authenticated {
        return Ok(peer);
    }
    let request = peer.next_number();
    peer.ask::<WorldEntered>(EnterWorld {
        request,
        spawn: None,
    })
    .await?;
    peer.snapshot().await?;
    Ok(peer)
}

/// Sends a packet that is allowed now, and waits for what shows that the server took it: its answer, an Error that is not
/// about its form or its time, or, if it has no answer, that the connection goes on.
pub(super) async fn taken(peer: &mut Peer, account: &mut Account, packet: Packet) -> Outcome {
    match &packet {
        Packet::Hello(_) => {
            peer.send(packet).await?;
            peer.expect::<Welcome>().await.map(drop)
        }
        Packet::Heartbeat(heartbeat) => {
            let sequence = heartbeat.sequence;
            peer.send(packet.clone()).await?;
            let own = |reply: &HeartbeatReply| reply.sequence == sequence;
            peer.expect_that::<HeartbeatReply>("with its sequence", own)
                .await
                .map(drop)
        }
        Packet::Say(_) | Packet::Whisper(_) | Packet::Broadcast(_) | Packet::RoomMessage(_) => {
            said(peer, account, packet).await
        }
        _ if number(&packet).is_some() => {
            let kind = firsts().find(|sample| sample.packet.id() == packet.id());
            let expected = kind.and_then(|sample| answer(sample.kind));
            answered(peer, packet, expected).await
        }
        _ => {
            peer.send(packet.clone()).await?;
            for before in peer.fence().await? {
                if let Packet::Error(error) = before {
                    fits(error)?;
                }
            }
            Ok(())
        }
    }
}

async fn answered(peer: &mut Peer, packet: Packet, expected: Option<PacketKind>) -> Outcome {
    let wanted = expected.map_or("an answer", PacketKind::name);
    let founds = matches!(packet, Packet::GuildCreate(_));
    match peer.request(packet).await? {
        Packet::Error(error) => fits(error),
        answer if answer.name() == wanted && founds => {
            // No guild is left behind.
            let request = peer.next_number();
            peer.request(GuildLeave { request }).await.map(drop)
        }
        answer if answer.name() == wanted => Ok(()),
        other => Err(Stop::failed(wanted, summary(&other))),
    }
}

/// What is said comes back to its speaker, or an Error says why not.
async fn said(peer: &mut Peer, account: &Account, packet: Packet) -> Outcome {
    match peer.say(packet, &account.name).await? {
        Ok(_) => Ok(()),
        Err(error) => fits(error),
    }
}

/// Whether an Error is a legal answer to a packet that was well formed and allowed.
fn fits(error: Error) -> Outcome {
    match error.code {
        ErrorCode::MALFORMED
        | ErrorCode::NOT_ALLOWED_NOW
        | ErrorCode::UNKNOWN_PACKET
        | ErrorCode::INTERNAL => Err(Stop::failed(
            "an answer, or an Error that is not about the packet's form or time",
            summary(&error.into()),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_packet_of_clients_is_tried_in_every_state() {
        let kinds = firsts().filter(|sample| sample.kind.is_sent_by(Side::Client));
        let kinds = kinds.count();
        assert!(kinds > 25);
        assert_eq!(checks().len(), kinds * STATES.len());
    }
}
