//! The demo, as a process.

use std::process::{Command, Output};

fn demo() -> Output {
    Command::new(env!("CARGO_BIN_EXE_demo"))
        .output()
        .expect("the demo starts")
}

#[test]
fn shows_every_packet_and_ends_well() {
    let output = demo();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{text}{errors}");
    assert_eq!(errors, "");
    for packet in [
        "ada -> server  Hello  id 5002",
        "server -> ada  Welcome  id 5003",
        "grace -> server  RegisterRequest  id 1002",
        "server -> grace  LoginResponse  id 1001",
        "ada -> server  Heartbeat  id 5000  20 bytes",
        "server -> ada  HeartbeatReply  id 5001  16 bytes",
        "server -> ada  RoomEvent  id 4017",
        "server -> grace  ChatMessage  id 4001",
        "server -> ada  EntityEntered  id 2006",
        "ada -> server  Move  id 2002  33 bytes",
        "server -> grace  EntitiesMoved  id 2003",
        "server -> ada  LogoutResponse  id 1007",
    ] {
        assert!(text.contains(packet), "no `{packet}` in:\n{text}");
    }
    let last = text.lines().last().unwrap_or_default();
    assert!(last.starts_with("Done: 43 packets, "), "{text}");
}

#[test]
fn the_order_of_packets_is_no_matter_of_chance() {
    let packets = |output: Output| -> Vec<String> {
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = text.lines().filter(|line| line.starts_with(['#', '=']));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(packets(demo()), packets(demo()));
}
