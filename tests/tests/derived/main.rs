//! Structs with `#[derive(Packet)]` against the dynamic codec of the schema that says the same: they must accept the
//! same bytes, encode the same bytes again, and otherwise find the same thing wrong with the same field at the same
//! offset.
#![allow(clippy::unwrap_used)] // a test fails where it panics

mod described;
mod game;
mod inet;
mod mavlink;
mod mmo;
mod modbus;
mod mqtt;
mod postgres;
mod quickstart;

use packet_runtime::{Encode, View};
use packet_schema::codec::encode;
use packet_schema::layout::{Layout, StructId};
use packet_tests::again::Again;
use packet_tests::codecs::{ALL, Protocol, dynamic_again};
use packet_tests::values::values;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeSet;
use std::fs;

/// The derived codec of one struct or packet.
struct Twin {
    /// Its name in the schema.
    name: &'static str,
    /// Decodes bytes as exactly one value, takes it over into the owned form, and encodes that.
    again: fn(&[u8]) -> Again,
    /// Its fewest and its most bytes.
    lengths: (usize, Option<usize>),
}

fn again<'a, V, O>(bytes: &'a [u8]) -> Again
where
    V: View<'a>,
    O: From<V> + Encode,
{
    let view = V::parse(bytes)?;
    assert!(bytes.starts_with(view.as_bytes()), "a view has its bytes");
    Ok(O::from(view).to_vec().map_err(|error| error.to_string()))
}

const fn lengths<'a, V: View<'a>>() -> (usize, Option<usize>) {
    (V::MIN_LEN, V::MAX_LEN)
}

/// The twins that are called as in the schema.
macro_rules! twins {
    ($($owned:ident / $view:ident $(<$lifetime:lifetime>)?),* $(,)?) => {
        &[$($crate::Twin {
            name: stringify!($owned),
            again: |bytes| $crate::again::<$view<'_>, $owned $(<$lifetime>)?>(bytes),
            lengths: $crate::lengths::<$view<'_>>(),
        }),*]
    };
}
use twins;

/// The layout of the protocol of this name.
fn layout(name: &str) -> Layout {
    let mut layouts = ALL.iter().map(Protocol::layout);
    layouts.find(|layout| layout.protocol == name).unwrap()
}

/// The protocols that have a twin for each of their structs and packets, as a test of each module says.
const PROTOCOLS: [&str; 8] = [
    "game",
    "inet",
    "mavlink",
    "mmo",
    "modbus",
    "mqtt",
    "postgres",
    "quickstart",
];

#[test]
fn every_bundled_schema_has_twins() {
    let schemas = format!("{}/../schemas", env!("CARGO_MANIFEST_DIR"));
    let schemas: BTreeSet<String> = fs::read_dir(schemas)
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap().path().file_stem()?.to_str()?.to_owned()))
        .collect();
    assert_eq!(schemas, PROTOCOLS.map(str::to_owned).into());
}

/// Fails if a struct or packet of the protocol has no twin.
fn every_struct_has_a_twin<'t>(protocol: &str, twins: impl IntoIterator<Item = &'t Twin>) {
    let layout = layout(protocol);
    let structs: BTreeSet<&str> = layout.structs.iter().map(|found| &*found.name).collect();
    let twins = twins.into_iter().map(|twin| twin.name);
    assert_eq!(twins.collect::<BTreeSet<_>>(), structs);
}

fn check(layout: &Layout, id: StructId, twin: &Twin, bytes: &[u8]) -> Result<(), String> {
    let derived = (twin.again)(bytes);
    let dynamic = dynamic_again(layout, id, bytes);
    if derived == dynamic {
        return Ok(());
    }
    Err(format!(
        "{} from {bytes:02x?}\nderived: {derived:x?}\ndynamic: {dynamic:x?}",
        twin.name
    ))
}

/// Compares the twins with the structs of the schema, on their vectors and the beginnings of these, on random values,
/// on these with some bytes changed, and on noise.
fn compare<'t>(protocol: &str, twins: impl IntoIterator<Item = &'t Twin>) {
    let layout = layout(protocol);
    for twin in twins {
        let id = layout.struct_named(twin.name).unwrap();
        let body = layout.get(id);
        let size = |size: u64| usize::try_from(size).unwrap();
        // `View::MAX_LEN` knows none of 4 GiB and more.
        let most = body.max_size.filter(|most| u32::try_from(*most).is_ok());
        let lengths = (size(body.min_size), most.map(size));
        assert_eq!(twin.lengths, lengths, "{}", twin.name);
        for packet in layout.packets.iter().filter(|packet| packet.body == id) {
            for vector in &packet.vectors {
                for end in 0..=vector.bytes.len() {
                    check(&layout, id, twin, &vector.bytes[..end]).unwrap();
                }
            }
        }
        let run = |strategy: BoxedStrategy<Vec<u8>>| {
            let config = Config {
                cases: 48,
                max_global_rejects: 100_000,
                ..Config::default()
            };
            TestRunner::new(config)
                .run(&strategy, |bytes| {
                    check(&layout, id, twin, &bytes).map_err(TestCaseError::fail)
                })
                .unwrap_or_else(|error| panic!("{}: {error}", twin.name));
        };
        let valid = values(&layout, id).prop_filter_map("cannot be encoded", {
            let layout = layout.clone();
            move |value| encode(&layout, id, &value).ok()
        });
        let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3);
        let changed = (valid, changes, any::<Option<prop::sample::Index>>());
        run(changed
            .prop_map(|(mut bytes, changes, end)| {
                let len = bytes.len();
                for (at, value) in changes {
                    if len > 0 {
                        bytes[at.index(len)] = value;
                    }
                }
                if let Some(end) = end {
                    bytes.truncate(end.index(len + 1));
                }
                bytes
            })
            .boxed());
        run(prop::collection::vec(prop_oneof![Just(0_u8), Just(1), any::<u8>()], 0..96).boxed());
    }
}
