//! What codecs are tried on: vectors and their beginnings, the bytes of random values, whole and changed, and noise.

use crate::again::Again;
use crate::codecs::{Codec, Protocol};
use crate::random::Random;
use crate::values::values;
use packet_schema::codec::encode;
use packet_schema::layout::{Layout, StructId};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// A struct or packet whose codecs are tried.
#[derive(Clone, Copy)]
pub struct Subject<'l> {
    /// The layout of its schema.
    pub layout: &'l Layout,
    /// Its number there.
    pub id: StructId,
    /// Its generated codec.
    pub codec: Codec,
}

/// Says what is wrong with what codecs make of bytes.
pub type Check<'c> = &'c dyn Fn(&Subject<'_>, &[u8]) -> Result<(), String>;

/// Whether all ways made the same of `bytes`.
///
/// # Errors
/// If not, with all that they made of them.
pub fn same<const N: usize>(
    name: &str,
    bytes: &[u8],
    ways: [(&str, Again); N],
) -> Result<(), String> {
    if ways.windows(2).all(|pair| pair[0].1 == pair[1].1) {
        return Ok(());
    }
    let ways = ways.map(|(way, again)| format!("\n{way}: {again:x?}"));
    Err(format!("{name} from {bytes:02x?}{}", ways.concat()))
}

/// Tries every beginning of every vector of the protocol.
///
/// # Panics
/// If one is not as `check` wants it.
pub fn vectors(protocol: Protocol, check: Check<'_>) {
    let layout = &protocol.layout();
    let codecs = protocol.codecs(layout);
    for packet in &layout.packets {
        let found = codecs.iter().find(|(id, _)| *id == packet.body);
        let Some(&(id, codec)) = found else {
            panic!("no codec of {}", layout.get(packet.body).name);
        };
        let subject = Subject { layout, id, codec };
        for vector in &packet.vectors {
            for end in 0..=vector.bytes.len() {
                if let Err(wrong) = check(&subject, &vector.bytes[..end]) {
                    panic!("{}: {wrong}", vector.name);
                }
            }
        }
    }
}

/// Tries the bytes of random values, `cases` of every struct of the protocol.
///
/// # Panics
/// If one is not as `check` wants it.
pub fn random_values(protocol: Protocol, cases: u32, check: Check<'_>) {
    changed(protocol, cases, Just(Vec::new()), check);
}

/// How often the bytes of one value are changed: making a value takes longer than changing it.
const CHANGES: usize = 8;

/// Tries the bytes of random values, `cases` of every struct of the protocol, and each of them in which something was
/// changed.
///
/// # Panics
/// If one is not as `check` wants it.
pub fn mutated(protocol: Protocol, cases: u32, check: Check<'_>) {
    let mutations = prop::collection::vec(any::<Mutation>(), 1..4);
    changed(
        protocol,
        cases,
        prop::collection::vec(mutations, CHANGES),
        check,
    );
}

/// Tries random bytes, `cases` for every struct of the protocol.
///
/// # Panics
/// If one is not as `check` wants it.
pub fn noise(protocol: Protocol, cases: u32, check: Check<'_>) {
    let layout = &protocol.layout();
    for (id, codec) in protocol.codecs(layout) {
        let bytes = (any::<u64>(), 0..96_usize).prop_map(|(seed, len)| some(seed, len));
        let subject = Subject { layout, id, codec };
        TestRunner::new(config(cases))
            .run(&bytes, |bytes| {
                check(&subject, &bytes).map_err(TestCaseError::fail)
            })
            .unwrap_or_else(|error| panic!("{}: {error}", codec.name));
    }
}

/// Bytes of which many are 0 or 1.
fn some(seed: u64, len: usize) -> Vec<u8> {
    let mut random = Random::new(seed);
    let byte = |_| match random.below(3) {
        0 => 0,
        1 => 1,
        _ => random.any().to_be_bytes()[0],
    };
    (0..len).map(byte).collect()
}

fn config(cases: u32) -> Config {
    Config {
        cases,
        // Many values cannot be encoded.
        max_global_rejects: 100_000,
        // What failed is shown, and belongs into a vector.
        failure_persistence: None,
        ..Config::default()
    }
}

fn changed(
    protocol: Protocol,
    cases: u32,
    changes: impl Strategy<Value = Vec<Vec<Mutation>>>,
    check: Check<'_>,
) {
    let layout = &protocol.layout();
    for (id, codec) in protocol.codecs(layout) {
        let subject = Subject { layout, id, codec };
        TestRunner::new(config(cases))
            .run(&(values(layout, id), &changes), |(value, changes)| {
                let Ok(bytes) = encode(layout, id, &value) else {
                    return Err(TestCaseError::reject("cannot be encoded"));
                };
                check(&subject, &bytes).map_err(TestCaseError::fail)?;
                for mutations in changes {
                    let mut bytes = bytes.clone();
                    for mutation in mutations {
                        mutate(&mut bytes, mutation);
                    }
                    check(&subject, &bytes).map_err(TestCaseError::fail)?;
                }
                Ok(())
            })
            .unwrap_or_else(|error| panic!("{}: {error}", codec.name));
    }
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
