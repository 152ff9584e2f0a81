//! `packetc layout`

use super::packetc;
use insta::assert_snapshot;

const BITS: &str = "packetc/tests/data/bits.yaml";

#[test]
fn draws_an_ip_header_as_its_rfc_does() {
    assert_snapshot!(packetc(&["layout", "schemas/inet.yaml", "Ipv4"]).stdout);
}

#[test]
fn leaves_fields_over_several_rows_open_between_them() {
    assert_snapshot!(packetc(&["layout", "schemas/inet.yaml", "Ethernet"]).stdout);
}

#[test]
fn shows_protocols_with_real_peers() {
    let layout = |arguments: &[&str]| packetc(&[&["layout"], arguments].concat()).stdout;
    assert_snapshot!("modbus", layout(&["schemas/modbus.yaml"]));
    assert_snapshot!("mqtt", layout(&["schemas/mqtt.yaml"]));
    assert_snapshot!("mqtt_publish", layout(&["schemas/mqtt.yaml", "Publish"]));
    assert_snapshot!("postgres", layout(&["schemas/postgres.yaml"]));
    assert_snapshot!(
        "postgres_row",
        layout(&["schemas/postgres.yaml", "DataRow"])
    );
    assert_snapshot!("mavlink", layout(&["schemas/mavlink.yaml"]));
    assert_snapshot!(
        "mavlink_status",
        layout(&["schemas/mavlink.yaml", "SysStatus"])
    );
}

#[test]
fn takes_structs_of_fixed_size_apart() {
    assert_snapshot!(packetc(&["layout", "schemas/quickstart.yaml", "Move"]).stdout);
}

#[test]
fn shows_the_pieces_of_little_endian_bit_fields_and_abbreviates() {
    assert_snapshot!(packetc(&["layout", BITS, "Frame"]).stdout);
}

#[test]
fn cuts_runs_from_the_least_significant_bit() {
    assert_snapshot!(packetc(&["layout", BITS, "Lsb"]).stdout);
}

#[test]
fn lists_packets_and_types_without_a_name() {
    assert_snapshot!(packetc(&["layout", "schemas/game.yaml"]).stdout);
}

#[test]
fn shows_the_states_of_a_session_and_what_leads_from_one_to_another() {
    assert_snapshot!(packetc(&["layout", "tests/schemas/session.yaml"]).stdout);
}

#[test]
fn lists_the_values_of_enums_and_flags() {
    assert_snapshot!("enum", packetc(&["layout", BITS, "Mode"]).stdout);
    assert_snapshot!(
        "flags",
        packetc(&["layout", "schemas/inet.yaml", "TcpFlags"]).stdout
    );
}

#[test]
fn an_unknown_name_is_answered_with_a_guess_or_all_names() {
    assert_snapshot!(
        "guess",
        packetc(&["layout", "schemas/game.yaml", "Hartbeat"]).transcript()
    );
    assert_snapshot!(
        "all",
        packetc(&["layout", "schemas/quickstart.yaml", "Login"]).transcript()
    );
}

#[test]
fn a_broken_schema_shows_its_problems_on_stderr() {
    let run = packetc(&["layout", "packetc/tests/data/broken.yaml"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert!(run.stderr.contains("error[P0205]"), "{}", run.stderr);
}
