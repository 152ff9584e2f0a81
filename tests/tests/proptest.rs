//! The strategies of generated types: what they make can be encoded, and decodes to the same.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_runtime::{Encode, View};
use packet_schema::codec::decode;
use packet_tests::codecs::Protocol;
use packet_tests::every_protocol;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::fmt::{Debug, Write as _};

packet_tests::generated_with!(proptest);

/// Tries random values; each gives its bytes to a function that says whether these are valid.
type Test = fn(&dyn Fn(&[u8]) -> bool) -> Result<(), String>;

/// Values of each type: so many that chance has little to say about how many are rejected.
const CASES: u32 = 256;

/// How many values may be rejected for each that is taken.
const REJECTS: u32 = 2;

fn config() -> Config {
    Config {
        cases: CASES,
        max_local_rejects: CASES * REJECTS,
        failure_persistence: None,
        ..Config::default()
    }
}

fn test<O>(
    again: impl Fn(&[u8]) -> Result<O, String>,
    is_valid: &dyn Fn(&[u8]) -> bool,
) -> Result<(), String>
where
    O: Encode + Arbitrary + PartialEq + Debug,
{
    let run = TestRunner::new(config()).run(&any::<O>(), |value| {
        let bytes = value.to_vec().unwrap();
        prop_assert!(is_valid(&bytes), "not for the dynamic codec: {bytes:02x?}");
        let again = again(&bytes).map_err(TestCaseError::fail)?;
        prop_assert_eq!(again, value, "from {:02x?}", bytes);
        Ok(())
    });
    run.map_err(|error| error.to_string())
}

macro_rules! check {
    ($module:ident: $($owned:ident / $view:ident $(= $name:literal)?),* $(,)?) => {
        &[$((
            check!(@name $owned $($name)?),
            |is_valid| {
                let again = |bytes: &[u8]| {
                    let view = generated::$module::$view::parse(bytes);
                    view.map(generated::$module::$owned::from).map_err(|error| error.to_string())
                };
                test::<generated::$module::$owned>(again, is_valid)
            },
        )),*]
    };
    (@name $owned:ident) => { stringify!($owned) };
    (@name $owned:ident $name:literal) => { $name };
}

const ALL: &[(Protocol, &[(&str, Test)])] = every_protocol!(check);

#[test]
fn what_is_made_decodes_to_the_same() {
    let mut failures = String::new();
    for (protocol, types) in ALL {
        let layout = protocol.layout();
        for (name, test) in *types {
            let id = layout.struct_named(name).unwrap();
            if let Err(error) = test(&|bytes| decode(&layout, id, bytes).is_ok()) {
                writeln!(failures, "{}.{name}: {error}", layout.protocol).unwrap();
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

macro_rules! packets {
    ($($name:ident: $($module:ident)::+, $packet:ident, $view:ident;)*) => {$(
        #[test]
        fn $name() {
            use generated::$($module)::+::{$packet, $view};
            let again = |bytes: &[u8]| match $view::parse(bytes) {
                Ok(view) => Ok($packet::from(view)),
                Err(error) => Err(error.to_string()),
            };
            test::<$packet>(again, &|_| true).unwrap();
        }
    )*};
}

packets! {
    packets_of_the_game: game, Packet, PacketView;
    packets_of_modbus: modbus, ClientPacket, ClientPacketView;
    packets_of_mqtt: mqtt, Packet, PacketView;
    packets_of_mavlink: mavlink, Packet, PacketView;
}
