//! The generated codecs against the dynamic one: two implementations of the same wire rules.
//!
//! They must accept the same bytes, encode the same bytes again, and otherwise find the same thing wrong
//! with the same field at the same offset.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_schema::layout::Expectation;
use packet_tests::codecs::{ALL, Codec, Protocol, dynamic_again};
use packet_tests::inputs::{self, Subject};

/// Fails unless both codecs make the same of `bytes`.
fn check(subject: &Subject<'_>, bytes: &[u8]) -> Result<(), String> {
    let Subject { layout, id, codec } = *subject;
    inputs::same(
        codec.name,
        bytes,
        [
            ("generated", (codec.again)(bytes)),
            ("dynamic", dynamic_again(layout, id, bytes)),
        ],
    )
}

fn each(test: impl Fn(Protocol)) {
    ALL.iter().copied().for_each(test);
}

#[test]
fn agree_on_every_vector_and_its_beginnings() {
    each(|protocol| inputs::vectors(protocol, &check));
}

#[test]
fn vectors_give_what_they_say() {
    for protocol in ALL {
        let layout = protocol.layout();
        let codecs = protocol.codecs(&layout);
        for packet in &layout.packets {
            let (_, codec) = codecs.iter().find(|(id, _)| *id == packet.body).unwrap();
            for vector in &packet.vectors {
                let valid = (codec.again)(&vector.bytes);
                match &vector.expect {
                    Expectation::Value(_) => assert_eq!(valid, Ok(Ok(vector.encoded().to_vec()))),
                    Expectation::Error { kind, at } => {
                        let wrong = valid.unwrap_err();
                        assert_eq!(wrong.kind.name(), kind, "{}", vector.name);
                        let at = at.as_deref().unwrap_or_default();
                        assert_eq!(wrong.field, at, "{}", vector.name);
                    }
                }
            }
        }
    }
}

#[test]
fn every_struct_has_a_generated_codec() {
    for protocol in ALL {
        let layout = protocol.layout();
        let names: Vec<&str> = protocol.codecs.iter().map(|codec| codec.name).collect();
        // Small ones are compared inside others. What `Enough` says of content that is absent is not kept.
        let small = ["Empty", "Enough", "Into", "Line", "Text"];
        for body in &layout.structs {
            let known = names.contains(&body.name.as_str()) || small.contains(&body.name.as_str());
            assert!(known, "{} is not compared", body.name);
        }
    }
}

#[test]
fn agree_on_random_values() {
    let check = |subject: &Subject<'_>, bytes: &[u8]| {
        check(subject, bytes)?;
        let Codec { name, again } = subject.codec;
        match again(bytes) {
            Ok(Ok(again)) if again == bytes => Ok(()),
            other => Err(format!("{name} from {bytes:02x?}: {other:x?}")),
        }
    };
    each(|protocol| inputs::random_values(protocol, 64, &check));
}

#[test]
fn agree_on_mutated_bytes() {
    each(|protocol| inputs::mutated(protocol, 48, &check));
}

#[test]
fn agree_on_noise() {
    each(|protocol| inputs::noise(protocol, 256, &check));
}

#[test]
fn a_condition_on_a_length_is_tested_though_the_length_is_derived() {
    use packet_runtime::Encode as _;
    use packet_tests::oddities::Enough;

    let enough = |content: Option<&[u8]>| {
        let content = content.map(<[u8]>::to_vec);
        let written = Enough { content }.to_vec();
        written.map_err(|error| error.to_string())
    };
    assert_eq!(enough(None).unwrap(), [0]);
    assert_eq!(enough(Some(b"four")).unwrap(), *b"\x04four");
    let error = enough(Some(b"two")).unwrap_err();
    assert!(error.contains("content"), "{error}");
}
