//! The strategies of generated types: what they make can be encoded, and decodes to the same.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_runtime::{Encode, View};
use packet_schema::codec::decode;
use packet_tests::codecs::{self, Protocol};
use packet_tests::types;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::fmt::{Debug, Write as _};

/// The protocols with `proptest`.
#[allow(missing_docs, unreachable_pub, clippy::doc_markdown)] // they are not for others, and as the schemas have them
mod generated {
    pub(super) mod quickstart {
        packet_derive::packet_schema!("../schemas/quickstart.yaml", proptest = true);
    }
    pub(super) use packet_tests::extras::game;
    pub(super) mod inet {
        packet_derive::packet_schema!("../schemas/inet.yaml", proptest = true);
    }
    pub(super) mod modbus {
        packet_derive::packet_schema!("../schemas/modbus.yaml", proptest = true);
    }
    pub(super) mod mqtt {
        packet_derive::packet_schema!("../schemas/mqtt.yaml", proptest = true);
    }
    pub(super) mod postgres {
        packet_derive::packet_schema!("../schemas/postgres.yaml", proptest = true);
    }
    pub(super) mod mavlink {
        packet_derive::packet_schema!("../schemas/mavlink.yaml", proptest = true);
    }
    pub(super) mod mmo {
        packet_derive::packet_schema!("../schemas/mmo.yaml", proptest = true);
    }
    pub(super) mod oddities {
        packet_derive::packet_schema!("schemas/oddities.yaml", proptest = true);
    }
    pub(super) mod arrays {
        packet_derive::packet_schema!("schemas/arrays.yaml", proptest = true);
    }
    pub(super) mod runs {
        packet_derive::packet_schema!("schemas/runs.yaml", proptest = true);
    }
    pub(super) mod policies {
        packet_derive::packet_schema!("schemas/policies.yaml", proptest = true);
    }
    pub(super) mod numbers {
        packet_derive::packet_schema!("schemas/numbers.yaml", proptest = true);
    }
    pub(super) mod texts {
        packet_derive::packet_schema!("schemas/texts.yaml", proptest = true);
    }
    pub(super) mod metadata {
        packet_derive::packet_schema!("schemas/metadata.yaml", proptest = true);
    }
    pub(super) mod framing {
        packet_derive::packet_schema!("schemas/framing.yaml", proptest = true);
    }
    pub(super) mod framing_modes {
        packet_derive::packet_schema!("schemas/framing_modes.yaml", proptest = true);
    }
    pub(super) mod framing_varying {
        packet_derive::packet_schema!("schemas/framing_varying.yaml", proptest = true);
    }
    pub(super) mod imports {
        packet_derive::packet_schema!("schemas/imports.yaml", proptest = true);
    }
    pub(super) mod checksums {
        packet_derive::packet_schema!("schemas/checksums.yaml", proptest = true);
    }
    pub(super) mod summed {
        packet_derive::packet_schema!("schemas/summed.yaml", proptest = true);
    }
    pub(super) mod session {
        packet_derive::packet_schema!("schemas/session.yaml", proptest = true);
    }
}

/// Tries random values; each gives its bytes to a function that says whether these are valid.
type Test = fn(&dyn Fn(&[u8]) -> bool) -> Result<(), String>;

/// Values of each type.
const CASES: u32 = 64;

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

const ALL: &[(Protocol, &[(&str, Test)])] = &[
    (codecs::QUICKSTART, types!(check quickstart)),
    (codecs::GAME, types!(check game)),
    (codecs::INET, types!(check inet)),
    (codecs::MODBUS, types!(check modbus)),
    (codecs::MQTT, types!(check mqtt)),
    (codecs::POSTGRES, types!(check postgres)),
    (codecs::MAVLINK, types!(check mavlink)),
    (codecs::MMO, types!(check mmo)),
    (codecs::ODDITIES, types!(check oddities)),
    (codecs::ARRAYS, types!(check arrays)),
    (codecs::RUNS, types!(check runs)),
    (codecs::POLICIES, types!(check policies)),
    (codecs::NUMBERS, types!(check numbers)),
    (codecs::TEXTS, types!(check texts)),
    (codecs::METADATA, types!(check metadata)),
    (codecs::FRAMING, types!(check framing)),
    (codecs::FRAMING_MODES, types!(check framing_modes)),
    (codecs::FRAMING_VARYING, types!(check framing_varying)),
    (codecs::IMPORTS, types!(check imports)),
    (codecs::CHECKSUMS, types!(check checksums)),
    (codecs::SUMMED, types!(check summed)),
    (codecs::SESSION, types!(check session)),
];

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
