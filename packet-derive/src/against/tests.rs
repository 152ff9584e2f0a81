//! What is said where an item and its schema differ, and where it is said.

use crate::input::Context;

/// The item's problems: line, column, and message.
fn problems(item: &str) -> Vec<String> {
    let mut context = Context::default();
    let input = syn::parse_str(item).unwrap();
    assert!(super::expand(&input, &mut context).is_some());
    let found = std::mem::take(&mut context.diagnostics).into_sorted();
    let shown = found.iter().map(|problem| {
        let at = context.spans.in_rust(problem.primary.span).0.start();
        let message = problem.message.lines().next().unwrap_or_default();
        format!("{}:{} {}: {message}", at.line, at.column + 1, problem.code)
    });
    shown.collect()
}

fn check(item: &str, expected: &[&str]) {
    let found = problems(item);
    assert_eq!(found, expected, "{item}");
}

#[test]
fn what_is_the_same_is_accepted() {
    check(
        r#"#[packet(schema = "../schemas/quickstart.yaml", id = 1001, size = 20)]
        struct Move { player: u32, position: space::Vec3 }"#,
        &[],
    );
}

#[test]
fn a_field_that_is_missing_or_too_much_is_named() {
    check(
        r#"#[packet(schema = "../schemas/quickstart.yaml")]
struct Move {
    player: u32,
    positon: Vec3,
    size: u16,
}"#,
        &[
            "4:5 P0712: schema `../schemas/quickstart.yaml:18` has no field `positon` in `Move`",
            "5:5 P0712: `size` follows from other fields in schema `../schemas/quickstart.yaml:8`, and is not in the struct",
            "2:8 P0712: a field is missing: schema `../schemas/quickstart.yaml:25` has `position: Vec3`",
        ],
    );
}

#[test]
fn another_type_is_named_with_that_of_the_schema() {
    check(
        r#"#[packet(schema = "tests/schemas/lobby.yaml")]
struct ServerInfo {
    id: Option<u16>,
    name: Vec<u8>,
    address: &'a str,
    port: u32,
    players: u16,
    capacity: Capacity,
}"#,
        &[
            "3:9 P0712: schema `tests/schemas/lobby.yaml:10` has `id: u16` here",
            "4:11 P0712: schema `tests/schemas/lobby.yaml:11` has `name: String` here",
            "6:11 P0712: schema `tests/schemas/lobby.yaml:13` has `port: u16` here",
            "8:15 P0712: schema `tests/schemas/lobby.yaml:15` has `capacity: u16` here",
        ],
    );
}

#[test]
fn another_order_is_a_difference() {
    check(
        r#"#[packet(schema = "../schemas/quickstart.yaml")]
struct Vec3 { x: f32, z: f32, y: f32 }"#,
        &["2:31 P0712: schema `../schemas/quickstart.yaml:14` has `y` in front of `z`"],
    );
}

#[test]
fn what_is_said_again_must_be_the_same() {
    check(
        r#"#[packet(schema = "tests/schemas/lobby.yaml", id = 7, size = 12..=13)]
struct ChatMessage {
    #[packet(type = "u16")]
    channel: Channel,
    #[packet(min = 2, max = 32)]
    sender: String,
    #[packet(range = 1..=3, finite)]
    text: String,
}"#,
        &[
            "1:52 P0712: schema `tests/schemas/lobby.yaml:19` has the id 4001 here",
            "1:62 P0712: schema `tests/schemas/lobby.yaml:19` has 9 to 1125 bytes here",
            "3:21 P0712: schema `tests/schemas/lobby.yaml:22` has `u8` here",
            "5:20 P0712: schema `tests/schemas/lobby.yaml:23` has min 1 here",
            "7:22 P0712: schema `tests/schemas/lobby.yaml:24` has no range here",
            "7:29 P0712: schema `tests/schemas/lobby.yaml:24` has all numbers here",
        ],
    );
    check(
        r#"#[packet(schema = "../schemas/quickstart.yaml", endian = "little")]
struct Vec3 {
    #[packet(len = "u8")]
    x: f32,
    y: f32,
    z: f32
}"#,
        &[
            "1:49 P0107: an item that a schema describes has no key `endian`",
            "3:14 P0107: a field that a schema describes has no key `len`",
        ],
    );
}

#[test]
fn values_and_cases_are_compared_by_their_names() {
    check(
        r#"#[packet(schema = "tests/schemas/lobby.yaml")]
enum Channel { Everyone = 1, Nearby = 1, Shout, Other(u8) }"#,
        &[
            "2:16 P0712: schema `tests/schemas/lobby.yaml:17` has the number 0 here",
            "2:42 P0712: schema `tests/schemas/lobby.yaml:17` has no value `Shout`",
            "2:49 P0712: schema `tests/schemas/lobby.yaml:17` refuses other values than the named ones",
            "2:6 P0712: a value is missing: schema `tests/schemas/lobby.yaml:17` has `Whisper = 2`",
        ],
    );
    check(
        r#"#[packet(schema = "tests/schemas/lobby.yaml")]
struct Motion(u16);"#,
        &["2:8 P0712: schema `tests/schemas/lobby.yaml:16` has `struct Motion(u8)` here"],
    );
    check(
        r#"#[packet(schema = "../schemas/inet.yaml", name = "Ethernet.payload")]
enum Payload { Arp(u8), Ipv4(Ipv4), Ipx([u8; 4]) }"#,
        &[
            "2:20 P0712: schema `../schemas/inet.yaml:151` has `Arp` here",
            "2:37 P0712: schema `../schemas/inet.yaml:151` has no case `Ipx` that holds this",
            "2:6 P0712: a case is missing: schema `../schemas/inet.yaml:151` has `Ipv6(Ipv6)`",
            "2:6 P0712: a case is missing: schema `../schemas/inet.yaml:151` has one for all other tags, `Else { tag, value }`",
        ],
    );
}

#[test]
fn a_schema_must_be_there_be_right_and_have_the_name() {
    let [problem] = problems(
        r#"#[packet(schema = "schemas/no_such.yaml")]
struct Move { player: u32 }"#,
    )
    .try_into()
    .unwrap();
    let start = "1:19 P0713: cannot read the schema `schemas/no_such.yaml`: ";
    assert!(problem.starts_with(start), "{problem}");
    check(
        r#"#[packet(schema = "tests/schemas/wrong.yaml")]
struct Move { player: u32 }"#,
        &[
            "1:19 P0713: tests/schemas/wrong.yaml:6:22: error[P0205]: there is no type `u23x`",
            "1:19 P0713: tests/schemas/wrong.yaml:9:22: error[P0402]: `count` is used before it is read",
        ],
    );
    check(
        r#"#[packet(schema = "../schemas/quickstart.yaml", name = "Mvoe")]
struct Moved { player: u32 }"#,
        &["1:56 P0713: the schema has no packet and no struct called `Mvoe`"],
    );
    check(
        r#"#[packet(schema = "../schemas/quickstart.yaml")]
enum Channel { One }"#,
        &["2:6 P0713: the schema has no enum, and no variant `STRUCT.FIELD`, called `Channel`"],
    );
}
