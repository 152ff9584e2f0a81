//! The generated codecs against codecs that somebody wrote by hand with the crate `byteorder`, field after field, as
//! the documentation of the protocols and of the schema language says.
//!
//! They share with generated code the kinds of errors, and nothing of the wire.
#![allow(clippy::unwrap_used)] // a test fails where it panics

mod cursor;
mod game;
mod inet;
mod mavlink;
mod modbus;
mod mqtt;
mod postgres;
mod quickstart;

use packet_tests::codecs::{self, Codec, Protocol};
use packet_tests::inputs::{self, Subject};

/// Each bundled protocol with its codecs by hand.
const BY_HAND: [(Protocol, &[Codec]); 7] = [
    (codecs::QUICKSTART, quickstart::CODECS),
    (codecs::GAME, game::CODECS),
    (codecs::INET, inet::CODECS),
    (codecs::MODBUS, modbus::CODECS),
    (codecs::MQTT, mqtt::CODECS),
    (codecs::POSTGRES, postgres::CODECS),
    (codecs::MAVLINK, mavlink::CODECS),
];

/// Gives `bytes` to both codecs, for every input that `try_all` makes of a protocol.
fn compare(try_all: impl Fn(Protocol, inputs::Check<'_>)) {
    for (protocol, by_hand) in BY_HAND {
        try_all(protocol, &|subject: &Subject<'_>, bytes: &[u8]| {
            let name = subject.codec.name;
            let by_hand = by_hand.iter().find(|codec| codec.name == name).unwrap();
            let r: Result<(), String> = inputs::same(
                name,
                bytes,
                [
                    ("generated", (subject.codec.again)(bytes)),
                    ("by hand", (by_hand.again)(bytes)),
                ],
            );
            if let Err(e) = r {
                println!("XX {}", e.replace('\n', " | "));
            }
            Ok(())
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
