//! The test vectors of the bundled schemas.

use crate::codec::{decode, encode};
use crate::layout::Expectation;

#[track_caller]
fn check(source: &str) {
    let layout = crate::compile(source)
        .expect("a bundled schema compiles")
        .layout;
    for packet in &layout.packets {
        for vector in &packet.vectors {
            let name = &vector.name;
            let decoded = decode(&layout, packet.body, &vector.bytes);
            match &vector.expect {
                Expectation::Value(value) => {
                    let decoded = decoded.unwrap_or_else(|error| panic!("{name}: {error}"));
                    // What was skipped is not in the value, so that its lengths are others.
                    let whole = vector.encoded() == vector.bytes;
                    for value in [Some(value), whole.then_some(&decoded.value)] {
                        let Some(value) = value else { continue };
                        let encoded = encode(&layout, packet.body, value);
                        let encoded = encoded.unwrap_or_else(|error| panic!("{name}: {error}"));
                        assert_eq!(encoded, vector.encoded(), "{name}");
                    }
                }
                Expectation::Error { kind, at } => {
                    let error = decoded.expect_err(name);
                    assert_eq!(error.kind.name(), kind, "{name}: {error}");
                    if let Some(at) = at {
                        assert_eq!(error.field, *at, "{name}: {error}");
                    }
                }
            }
        }
    }
}

#[test]
fn of_the_quickstart() {
    check(include_str!("../../../../schemas/quickstart.yaml"));
}

#[test]
fn of_the_game() {
    check(include_str!("../../../../schemas/game.yaml"));
}

#[test]
fn of_arrays_runs_and_policies() {
    check(include_str!("../../../../tests/schemas/arrays.yaml"));
    check(include_str!("../../../../tests/schemas/runs.yaml"));
    check(include_str!("../../../../tests/schemas/policies.yaml"));
}

#[test]
fn of_the_internet_protocols() {
    check(include_str!("../../../../schemas/inet.yaml"));
}

#[test]
fn of_protocols_with_real_peers() {
    check(include_str!("../../../../schemas/modbus.yaml"));
    check(include_str!("../../../../schemas/mqtt.yaml"));
    check(include_str!("../../../../schemas/postgres.yaml"));
    check(include_str!("../../../../schemas/mavlink.yaml"));
}

#[test]
fn of_numbers_of_varying_size() {
    check(include_str!("../../../../tests/schemas/numbers.yaml"));
}

#[test]
fn of_text_in_every_encoding() {
    check(include_str!("../../../../tests/schemas/texts.yaml"));
}

#[test]
fn of_defaults_scales_and_versions() {
    check(include_str!("../../../../tests/schemas/metadata.yaml"));
}

#[test]
fn of_framings() {
    check(include_str!("../../../../tests/schemas/framing.yaml"));
    check(include_str!("../../../../tests/schemas/framing_modes.yaml"));
    check(include_str!(
        "../../../../tests/schemas/framing_varying.yaml"
    ));
}
