//! The generated codecs against codecs that somebody wrote by hand with the crate `byteorder`, field after field, as
//! the documentation of the protocols and of the schema language says.
//!
//! They share with generated code the kinds of errors, and nothing of the wire.
#![allow(clippy::unwrap_used)] // a test fails where it panics

mod cursor;
mod game;
mod inet;
mod mavlink;
mod mmo;
mod modbus;
mod mqtt;
mod postgres;
mod quickstart;

use packet_tests::codecs::{self, Codec, Protocol};
use packet_tests::inputs::{self, Subject};

/// Each bundled protocol with its codecs by hand.
const BY_HAND: [(Protocol, &[Codec]); 8] = [
    (codecs::QUICKSTART, quickstart::CODECS),
    (codecs::GAME, game::CODECS),
    (codecs::INET, inet::CODECS),
    (codecs::MODBUS, modbus::CODECS),
    (codecs::MQTT, mqtt::CODECS),
    (codecs::POSTGRES, postgres::CODECS),
    (codecs::MAVLINK, mavlink::CODECS),
    (codecs::MMO, mmo::CODECS),
];

/// Fails unless both codecs make the same of `bytes`; why something cannot be written, each says in its own words.
fn check(by_hand: &[Codec], generated: Codec, bytes: &[u8]) -> Result<(), String> {
    let name = generated.name;
    let by_hand = by_hand.iter().find(|codec| codec.name == name).unwrap();
    let again = |codec: &Codec| {
        let again = (codec.again)(bytes)?;
        Ok(again.map_err(|_| "cannot be written".to_owned()))
    };
    let ways = [
        ("generated", again(&generated)),
        ("by hand", again(by_hand)),
    ];
    inputs::same(name, bytes, ways)
}

/// Gives all inputs that `try_all` makes of a protocol to both codecs.
fn compare(try_all: impl Fn(Protocol, inputs::Check<'_>)) {
    for (protocol, by_hand) in BY_HAND {
        try_all(protocol, &|subject: &Subject<'_>, bytes: &[u8]| {
            check(by_hand, subject.codec, bytes)
        });
    }
}

#[test]
fn every_struct_has_a_codec_by_hand() {
    for (protocol, by_hand) in BY_HAND {
        let names =
            |codecs: &[Codec]| -> Vec<&str> { codecs.iter().map(|codec| codec.name).collect() };
        assert_eq!(names(by_hand), names(protocol.codecs));
    }
}

#[test]
fn agree_on_every_vector_and_its_beginnings() {
    compare(inputs::vectors);
}

#[test]
fn agree_on_random_values_and_mutated_bytes() {
    compare(|protocol, check| inputs::mutated(protocol, 48, check));
}

/// Most changes make a checksum wrong, and nothing behind it is looked at.
#[test]
fn agree_behind_checksums_that_are_right_again() {
    compare(|protocol, check| {
        let check = |subject: &Subject<'_>, bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            match (subject.layout.protocol.as_str(), subject.codec.name) {
                ("inet", name) => inet::repair(name, &mut bytes),
                ("mavlink", _) => mavlink::repair(&mut bytes),
                _ => return Ok(()),
            }
            check(subject, &bytes)
        };
        if [codecs::INET.schema, codecs::MAVLINK.schema].contains(&protocol.schema) {
            inputs::mutated(protocol, 48, &check);
        }
    });
}

#[test]
fn agree_on_noise() {
    compare(|protocol, check| inputs::noise(protocol, 256, check));
}

#[test]
fn agree_on_packets_that_are_too_long() {
    for len in [250, 251, 252, 253, 1000] {
        let mut interface = vec![0, 1, 0, 0, 0, 0, 17, 43, 13];
        interface.resize(9 + len, 7);
        let length = u16::try_from(len + 3).unwrap();
        interface[4..6].copy_from_slice(&length.to_be_bytes());
        for codec in codecs::MODBUS.codecs {
            check(modbus::CODECS, *codec, &interface).unwrap();
        }
    }
    for len in [9_988, 9_989, 9_990, 20_000] {
        let mut startup = b"\0\0\0\0\0\x03\0\0".to_vec();
        startup.resize(8 + len, b'a');
        startup.extend(b"\0\0\0");
        let length = u32::try_from(startup.len()).unwrap();
        startup[..4].copy_from_slice(&length.to_be_bytes());
        for codec in codecs::POSTGRES.codecs {
            check(postgres::CODECS, *codec, &startup).unwrap();
        }
    }
}
