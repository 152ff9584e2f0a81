//! A packet of each kind, from the schema's own test vectors.
//!
//! In: the schema. Out: packets, and the bytes that have to be refused. Names, passwords and numbers that would mean
//! somebody else on a server with players are replaced by [`alive`].

use super::peer::hello;
use super::players::{Account, PASSWORD};
use super::trial::Trial;
use crate::game::{
    Hello, LoginRequestCredential, Packet, PacketKind, PacketView, Side, State, Step,
};
use packet_schema::layout::{Expectation, Layout};
use std::sync::LazyLock;

/// A number that no entity, guild or room has, as servers count from below.
pub(super) const NOBODY: u32 = u32::MAX - 1;

/// A packet that stands in the schema as a vector.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) kind: PacketKind,
    /// Name of the vector.
    pub(super) name: String,
    pub(super) packet: Packet,
}

/// Bytes that stand in the schema as a vector with an error.
#[derive(Clone, Debug)]
pub(super) struct Faulty {
    pub(super) kind: PacketKind,
    /// Name of the vector.
    pub(super) name: String,
    /// What is wrong with them, and where.
    pub(super) error: String,
    pub(super) bytes: Vec<u8>,
}

static LAYOUT: LazyLock<Layout> = LazyLock::new(|| match packet_schema::compile(super::SCHEMA) {
    Ok(compiled) => compiled.layout,
    Err(problems) => panic!("the bundled schema is compiled by the build: {problems:?}"),
});

/// The schema, laid out.
pub(super) fn layout() -> &'static Layout {
    &LAYOUT
}

/// All valid vectors in schema order.
pub(super) fn samples() -> impl Iterator<Item = Sample> {
    let vectors = layout().packets.iter().flat_map(|packet| &packet.vectors);
    vectors.filter_map(|vector| {
        let view = PacketView::parse(&vector.bytes).ok()?;
        Some(Sample {
            kind: view.kind()?,
            name: vector.name.clone(),
            packet: view.into(),
        })
    })
}

/// The first valid vector of each packet in schema order.
pub(super) fn firsts() -> impl Iterator<Item = Sample> {
    let mut last = None;
    samples().filter(move |sample| last.replace(sample.kind) != Some(sample.kind))
}

/// All vectors with errors of packets that a side sends.
pub(super) fn faulty(side: Side) -> impl Iterator<Item = Faulty> {
    let packets = layout().packets.iter().zip(firsts());
    let ours = packets.filter(move |(_, first)| first.kind.is_sent_by(side));
    ours.flat_map(|(packet, first)| {
        packet.vectors.iter().filter_map(move |vector| {
            let Expectation::Error { kind, at } = &vector.expect else {
                return None;
            };
            let place = at.as_ref().map(|at| format!(" at {at}"));
            Some(Faulty {
                kind: first.kind,
                name: vector.name.clone(),
                error: format!("{kind}{}", place.unwrap_or_default()),
                bytes: vector.bytes.clone(),
            })
        })
    })
}

/// The states before the end in which a client may send a packet, in the order in which they are reached.
pub(super) fn states_of(kind: PacketKind) -> impl Iterator<Item = State> {
    const REACHED: [State; 4] = [
        State::Connected,
        State::Greeted,
        State::Authenticated,
        State::InWorld,
    ];
    let may = move |state: &State| kind.is_sent_by(Side::Client) && kind.is_sent_in(*state);
    REACHED.into_iter().filter(may)
}

/// A vector's name as part of a check's name.
pub(super) fn slug(name: &str) -> String {
    name.replace(' ', "_")
}

/// A sample with values of this run: its own account, names that nobody has, and things that are not there, so that no
/// player is met by what the vector says.
pub(super) fn alive(packet: Packet, trial: &Trial, account: &Account) -> Packet {
    match packet {
        Packet::Hello(it) => Hello {
            client: it.client,
            ..hello()
        }
        .into(),
        Packet::LoginRequest(mut it) => {
            it.name.clone_from(&account.name);
            it.device = account.device;
            if let LoginRequestCredential::Password(password) = &mut it.credential {
                password.clone_from(&account.password);
            }
            it.into()
        }
        Packet::RegisterRequest(mut it) => {
            it.name = trial.fresh_name();
            PASSWORD.clone_into(&mut it.password);
            it.into()
        }
        Packet::Attack(mut it) => {
            it.target = NOBODY;
            it.into()
        }
        Packet::GuildCreate(mut it) => {
            it.name = trial.fresh_name();
            it.tag = trial.fresh_tag();
            it.into()
        }
        Packet::GuildInvite(mut it) => {
            it.player = trial.fresh_name();
            it.into()
        }
        Packet::GuildJoin(mut it) => {
            it.guild = NOBODY;
            it.into()
        }
        Packet::GuildWarStart(mut it) => {
            it.guild = NOBODY;
            it.into()
        }
        Packet::GuildWarEnd(mut it) => {
            it.guild = NOBODY;
            it.into()
        }
        Packet::Whisper(mut it) => {
            it.recipient = trial.fresh_name();
            it.into()
        }
        Packet::RoomCreate(mut it) => {
            it.name = trial.fresh_name();
            it.into()
        }
        Packet::RoomJoin(mut it) => {
            it.room = NOBODY;
            it.into()
        }
        Packet::RoomLeave(mut it) => {
            it.room = NOBODY;
            it.into()
        }
        Packet::RoomMessage(mut it) => {
            it.room = NOBODY;
            it.into()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_packet_of_the_schema_has_a_sample() {
        let names: Vec<&str> = firsts().map(|sample| sample.kind.name()).collect();
        let packets = layout().packets.iter();
        let expected: Vec<&str> = packets
            .map(|packet| layout().get(packet.body).name.as_str())
            .collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn faulty_vectors_are_no_packets() {
        assert!(faulty(Side::Client).count() > 20);
        for faulty in faulty(Side::Client) {
            let parsed = PacketView::parse(&faulty.bytes);
            assert!(parsed.is_err(), "{} {}", faulty.kind.name(), faulty.name);
        }
    }

    #[test]
    fn every_packet_of_clients_has_a_state_to_be_sent_in() {
        for sample in firsts().filter(|sample| sample.kind.is_sent_by(Side::Client)) {
            let states = states_of(sample.kind).count();
            assert!(states > 0, "{}", sample.kind.name());
        }
    }
}
