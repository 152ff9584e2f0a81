//! The generated codecs against the dynamic one: two implementations of the same wire rules.
//!
//! They must accept the same bytes, encode the same bytes again, and otherwise find the same thing wrong
//! with the same field at the same offset.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_schema::codec::{decode, encode};
use packet_schema::layout::{Expectation, Layout, StructId};
use packet_tests::codecs::{ALL, Again, Codec, Protocol, Wrong};
use packet_tests::values::{given, values};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

fn dynamic_again(layout: &Layout, id: StructId, bytes: &[u8]) -> Again {
    let decoded = decode(layout, id, bytes).map_err(Wrong::from)?;
    let value = given(layout, id, decoded.value);
    Ok(encode(layout, id, &value).map_err(|error| error.to_string()))
}

/// Fails unless both codecs make the same of `bytes`.
fn check(layout: &Layout, id: StructId, codec: Codec, bytes: &[u8]) -> Result<(), String> {
    let generated = (codec.again)(bytes);
    let dynamic = dynamic_again(layout, id, bytes);
    if generated == dynamic {
        return Ok(());
    }
    Err(format!(
        "{} from {bytes:02x?}\ngenerated: {generated:x?}\ndynamic:   {dynamic:x?}",
        codec.name
    ))
}

#[test]
fn agree_on_every_vector_and_its_beginnings() {
    for protocol in ALL {
        let layout = protocol.layout();
        let codecs = protocol.codecs(&layout);
        for packet in &layout.packets {
            let (id, codec) = codecs.iter().find(|(id, _)| *id == packet.body).unwrap();
            for vector in &packet.vectors {
                for end in 0..=vector.bytes.len() {
                    check(&layout, *id, *codec, &vector.bytes[..end]).unwrap();
                }
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

/// Runs `test` on random values that can be encoded, for every struct of every protocol.
fn for_random_values(
    cases: u32,
    test: impl Fn(&Layout, StructId, Codec, Vec<u8>, Vec<Mutation>) -> Result<(), String>,
) {
    for protocol in ALL {
        let layout = protocol.layout();
        for (id, codec) in protocol.codecs(&layout) {
            let config = Config {
                cases,
                max_global_rejects: 100_000,
                ..Config::default()
            };
            let strategy = (
                values(&layout, id),
                prop::collection::vec(any::<Mutation>(), 1..4),
            );
            TestRunner::new(config)
                .run(&strategy, |(value, mutations)| {
                    let Ok(bytes) = encode(&layout, id, &value) else {
                        return Err(TestCaseError::reject("cannot be encoded"));
                    };
                    test(&layout, id, codec, bytes, mutations).map_err(TestCaseError::fail)
                })
                .unwrap_or_else(|error| panic!("{}: {error}", codec.name));
        }
    }
}

#[test]
fn agree_on_random_values() {
    for_random_values(128, |layout, id, codec, bytes, _| {
        check(layout, id, codec, &bytes)?;
        match (codec.again)(&bytes) {
            Ok(Ok(again)) if again == bytes => Ok(()),
            other => Err(format!("{} from {bytes:02x?}: {other:x?}", codec.name)),
        }
    });
}

/// A change to valid bytes.
#[derive(Clone, Debug)]
enum Mutation {
    Flip(prop::sample::Index, u8),
    Set(prop::sample::Index, u8),
    Truncate(prop::sample::Index),
    Extend(Vec<u8>),
}

impl Arbitrary for Mutation {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        let index = any::<prop::sample::Index>;
        prop_oneof![
            4 => (index(), 0..8_u8).prop_map(|(at, bit)| Self::Flip(at, bit)),
            4 => (index(), any::<u8>()).prop_map(|(at, value)| Self::Set(at, value)),
            2 => index().prop_map(Self::Truncate),
            1 => prop::collection::vec(any::<u8>(), 1..8).prop_map(Self::Extend),
        ]
        .boxed()
    }
}

fn mutate(bytes: &mut Vec<u8>, mutation: Mutation) {
    let len = bytes.len();
    match mutation {
        Mutation::Flip(at, bit) if len > 0 => bytes[at.index(len)] ^= 1 << bit,
        Mutation::Set(at, value) if len > 0 => bytes[at.index(len)] = value,
        Mutation::Truncate(at) if len > 0 => bytes.truncate(at.index(len)),
        Mutation::Extend(more) => bytes.extend(more),
        Mutation::Flip(..) | Mutation::Set(..) | Mutation::Truncate(_) => {}
    }
}

#[test]
fn agree_on_mutated_bytes() {
    for_random_values(256, |layout, id, codec, mut bytes, mutations| {
        for mutation in mutations {
            mutate(&mut bytes, mutation);
        }
        check(layout, id, codec, &bytes)
    });
}

fn agree_on_random_bytes(protocol: Protocol) {
    let layout = protocol.layout();
    for (id, codec) in protocol.codecs(&layout) {
        let strategy = prop::collection::vec(prop_oneof![Just(0_u8), Just(1), any::<u8>()], 0..96);
        TestRunner::new(Config::with_cases(256))
            .run(&strategy, |bytes| {
                check(&layout, id, codec, &bytes).map_err(TestCaseError::fail)
            })
            .unwrap_or_else(|error| panic!("{}: {error}", codec.name));
    }
}

#[test]
fn agree_on_noise() {
    ALL.iter().copied().for_each(agree_on_random_bytes);
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
