//! `packetc encode`

use super::{bytes, packetc, packetc_with_input};
use insta::assert_snapshot;

const QUICKSTART: &str = "schemas/quickstart.yaml";
const GAME: &str = "schemas/game.yaml";
const BITS: &str = "packetc/tests/data/bits.yaml";

const MOVE: &str = "001403e90000303942c9000043484ccd424acccd";
const VALUE: &str = r#"{"player": 12345, "position": {"x": 100.5, "y": 200.3, "z": 50.7}}"#;

#[test]
fn prints_hexadecimal_digits() {
    let run = packetc(&["encode", QUICKSTART, "--packet", "Move", VALUE]);
    assert_eq!(
        (run.code, run.stdout),
        (Some(0), format!("{MOVE}\n")),
        "{}",
        run.stderr
    );
    let run = packetc(&["encode", QUICKSTART, "--format", "spaced", VALUE]);
    assert_eq!(run.stdout.replace(' ', ""), format!("{MOVE}\n"));
    let run = packetc(&["encode", QUICKSTART, "--format", "json", VALUE]);
    let expected = format!("{{\"packet\":\"Move\",\"length\":20,\"hex\":\"{MOVE}\"}}\n");
    assert_eq!(run.stdout, expected);
}

#[test]
fn raw_writes_the_bytes() {
    let value = r#"{"low": 1, "middle": 12, "high": 2}"#;
    let run = packetc(&["encode", BITS, "--packet", "Lsb", "--raw", value]);
    assert_eq!(
        (run.code, run.stdout.as_bytes()),
        (Some(0), bytes("61 40").as_slice())
    );
}

#[test]
fn takes_what_decode_prints() {
    let stream = format!(
        "0014 1388 00000001 000000000000c350 000004e2 {}",
        "0019 0fa1 00 0000002a 06 eca780ec97b0 0007 ec9588eb859521"
    );
    let decoded = packetc(&["decode", GAME, "--format", "json", "--hex", &stream]);
    assert_eq!(decoded.code, Some(0), "{}", decoded.stdout);
    let encoded = packetc_with_input(&["encode", GAME], decoded.stdout.as_bytes());
    assert_eq!(encoded.stdout.lines().count(), 2);
    assert_eq!(bytes(&encoded.stdout), bytes(&stream));
}

#[test]
fn integers_of_any_width_keep_all_their_digits() {
    let hex = format!("{}{}80feffffffffffffff", "ff".repeat(16), "00".repeat(15));
    let decode = [
        "decode", BITS, "--packet", "Wide", "--format", "json", "--hex", &hex,
    ];
    let decoded = packetc(&decode).stdout;
    let digits = "{\"u\":340282366920938463463374607431768211455,\
                  \"i\":-170141183460469231731687303715884105728,\"w\":18446744073709551614}";
    assert!(decoded.contains(digits), "{decoded}");
    let encoded = packetc_with_input(&["encode", BITS], decoded.as_bytes());
    assert_eq!(encoded.stdout, format!("{hex}\n"), "{}", encoded.stderr);
}

#[test]
fn a_value_that_has_no_bytes_says_which_field_and_why() {
    let encode = |format: &str, value: &str| {
        packetc(&["encode", QUICKSTART, "--format", format, value]).transcript()
    };
    assert_snapshot!("missing", encode("hex", r#"{"player": 1}"#));
    assert_snapshot!(
        "range",
        encode("hex", &VALUE.replace("12345", "4294967296"))
    );
    assert_snapshot!(
        "derived",
        encode(
            "json",
            &VALUE.replace("{\"player", "{\"size\": 21, \"player")
        )
    );
    assert_snapshot!("unknown", encode("json", &VALUE.replace("player", "plyer")));
}

#[test]
fn later_values_are_encoded_after_one_that_cannot_be() {
    let values = format!("{{}} {VALUE}");
    let run = packetc(&["encode", QUICKSTART, &values]);
    assert_eq!((run.code, run.stdout), (Some(1), format!("{MOVE}\n")));
}

#[test]
fn input_that_is_no_value_of_a_packet_is_refused() {
    let encode = |schema: &str, value: &str| packetc(&["encode", schema, value]).transcript();
    assert_snapshot!("not_json", encode(QUICKSTART, "{player: 1}"));
    assert_snapshot!("nothing", encode(QUICKSTART, " "));
    assert_snapshot!("no_packet", encode(GAME, VALUE));
    assert_snapshot!(
        "unknown_packet",
        encode(GAME, r#"{"packet": "Mve", "value": {}}"#)
    );
    let error = r#"{"error": {"packet": "Move"}, "value": {}}"#;
    assert_snapshot!("an_error", encode(GAME, error));
    let other = r#"{"packet": "Move", "value": {}}"#;
    let run = packetc(&["encode", GAME, "--packet", "Say", other]);
    assert_snapshot!("other_packet", run.transcript());
}

#[test]
fn names_in_the_input_cannot_steer_the_terminal() {
    let value = r#"{"low": 1, "middle": 12, "high": 2, "\u001b[2J\u202e": 3}"#;
    let run = packetc(&["encode", BITS, "--packet", "Lsb", value]);
    let expected = "error: Lsb.\\u{1b}[2J\\u{202e}: there is no such field\n";
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (Some(1), expected),
        "{}",
        run.stdout
    );
    let run = packetc(&["encode", BITS, r#"{"packet": "\u001b[2J", "value": {}}"#]);
    assert!(run.stderr.contains(r"`\u{1b}[2J`"), "{}", run.stderr);
}
