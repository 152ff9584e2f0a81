//! The schema's test vectors of packets that clients send, at a live server.

use super::check::{Check, Group, Outcome, Stop};
use super::peer::Refusal;
use super::samples::{Faulty, alive, faulty, samples, slug, states_of};
use super::states::{reach, taken};
use super::trial::Trial;
use crate::game::{ErrorCode, Packet, PacketKind, Side};

const GROUP: Group = Group::Vectors;

pub(super) fn checks() -> Vec<Check> {
    let mut checks = Vec::new();
    for sample in samples().filter(|sample| sample.kind.is_sent_by(Side::Client)) {
        let name = format!("{}/{}", sample.kind.name(), slug(&sample.name));
        let rule = format!(
            "{}, \"{}\", is answered or taken.",
            sample.kind.name(),
            sample.name
        );
        let (kind, packet) = (sample.kind, sample.packet);
        checks.push(Check::new(GROUP, name, rule, move |trial| {
            valid(trial, kind, packet.clone())
        }));
    }
    for faulty in faulty(Side::Client) {
        let name = format!("{}/{}", faulty.kind.name(), slug(&faulty.name));
        let rule = format!(
            "{}, \"{}\" ({}), is refused by Error with `malformed` or by closing, and the server lives on.",
            faulty.kind.name(),
            faulty.name,
            faulty.error
        );
        checks.push(Check::new(GROUP, name, rule, move |trial| {
            invalid(trial, faulty.clone())
        }));
    }
    checks
}

async fn valid(trial: Trial, kind: PacketKind, packet: Packet) -> Outcome {
    let Some(state) = states_of(kind).next() else {
        return Err(Stop::skipped("no state allows it"));
    };
    let mut players = trial.players(1).await?;
    let account = &mut players[0];
    let packet = alive(packet, &trial, account);
    let mut peer = reach(&trial, state, account).await?;
    taken(&mut peer, account, packet).await
}

async fn invalid(trial: Trial, faulty: Faulty) -> Outcome {
    let Some(state) = states_of(faulty.kind).next() else {
        return Err(Stop::skipped("no state allows it"));
    };
    let mut players = trial.players(1).await?;
    let mut peer = reach(&trial, state, &mut players[0]).await?;
    let mut bytes = faulty.bytes;
    let id = match bytes[..] {
        [high, low, first, second, ..] => {
            // What the size claims comes, too, so that the server has nothing to wait for.
            let size = usize::from(u16::from_be_bytes([high, low]));
            bytes.resize(bytes.len().max(size), 0);
            u16::from_be_bytes([first, second])
        }
        _ => return Err(Stop::skipped("the vector has no header")),
    };
    peer.write(&bytes).await?;
    match peer.refusal(Some(id)).await? {
        Refusal::Error(ErrorCode::MALFORMED | ErrorCode::TOO_LARGE) | Refusal::Closed => {}
        Refusal::Error(other) => {
            return Err(Stop::failed(
                "Error with `malformed`, or the end of the connection",
                format!("Error with {other:?}"),
            ));
        }
    }
    trial.greeted("another").await.map(drop)
}
