//! What reading JSON takes, and how it says what it does not take.

use super::generated::{game, metadata, oddities};
use packet_runtime::View;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

#[track_caller]
fn refused<T: DeserializeOwned + Debug>(json: &str, expected: &str) {
    let error = serde_json::from_str::<T>(json).unwrap_err().to_string();
    let (message, place) = error.rsplit_once(" at line 1 column ").unwrap();
    assert_eq!(message, expected);
    assert!(place.parse::<u32>().is_ok(), "{error}");
}

const ANSWER: &str = r#"{
    "request": 1, "result": "ok", "message": "",
    "session": {
        "token": "a0a1a2a3a4a5a6a7 a8a9aaabacadaeaf b0b1b2b3b4b5b6b7 b8b9babb dead BEEF",
        "token_lifetime_seconds": 60,
        "player": 7
    },
    "servers": [
        {"id": 1, "name": "Earth", "address": "127.0.0.1", "port": 8080, "players": 3, "capacity": 1000, "load": 0}
    ]
}"#;

#[test]
fn errors_name_the_field() {
    refused::<game::Whisper>(
        r#"{"request": 1, "recipient": 7, "text": ""}"#,
        "`recipient`: invalid type: integer `7`, expected a string",
    );
    refused::<game::Whisper>(r#"{"request": 1, "recipient": ""}"#, "missing field `text`");
    refused::<game::Whisper>(
        r#"{"request": 1, "text": "", "txet": ""}"#,
        "unknown field `txet`, expected one of `request`, `recipient`, `text`",
    );
    refused::<game::Whisper>(
        r#"{"request": 1, "text": "", "text": ""}"#,
        "duplicate field `text`",
    );
    refused::<game::LoginResponse>(
        &ANSWER.replace("8080", "-1").replace('\n', ""),
        "`servers[0].port`: invalid value: integer `-1`, expected u16",
    );
    refused::<game::LoginResponse>(
        &ANSWER.replace("BEEF", "BEE").replace('\n', ""),
        "`session.token`: invalid value: string \"a0a1a2a3a4a5a6a7 a8a9aaabacadaeaf b0b1b2b3b4b5b6b7 b8b9babb dead BEE\", \
         expected hexadecimal digits, two for each byte",
    );
    refused::<oddities::Nested>(
        r#"{"choice": {"kind": "point", "tag": 1, "after": 0, "body": {"point": {"x": true}}}}"#,
        "`choice.body.point.x`: invalid type: boolean `true`, expected i16",
    );
    refused::<oddities::Choice>(
        r#"{"body": {"line": null}}"#,
        "`body`: unknown variant `line`, expected one of `point`, `text`, `none`, `number`",
    );
    refused::<metadata::Defaults>(
        r#"{"limits": {}, "mode": "fast"}"#,
        "`mode`: invalid value: string \"fast\", expected a value of Mode: `off`, `eco`, `turbo`",
    );
    refused::<metadata::Defaults>(
        r#"{"limits": {}, "mode": 3}"#,
        "`mode`: invalid value: integer `3`, expected a value of Mode: `off`, `eco`, `turbo`",
    );
    refused::<metadata::Defaults>(
        r#"{"limits": {}, "caps": ["voice", "smell"]}"#,
        "`caps`: invalid value: string \"smell\", expected a number, or a flag of Caps: `voice`, `video`",
    );
    refused::<metadata::Defaults>(
        r#"{"limits": {}, "key": "000102"}"#,
        "`key`: invalid length 3, expected 4 bytes",
    );
    refused::<metadata::Defaults>(
        r#"{"limits": {}, "single": 1e39}"#,
        "`single`: invalid value: floating point `1e+39`, expected a number of single precision, below 3.5e38",
    );
}

#[test]
fn what_follows_from_others_is_passed_over() {
    let enter: game::EnterWorld = serde_json::from_str(
        r#"{"size": 1, "id": 9, "request": 3, "has_spawn": false, "spawn": {"x": 1, "y": 2, "z": 3}}"#,
    )
    .unwrap();
    let bytes = b"\x00\x15\x07\xd0\0\0\0\x03\x01\x3f\x80\0\0\x40\0\0\0\x40\x40\0\0";
    assert_eq!(enter, game::EnterWorldView::parse(bytes).unwrap().into());
}

#[test]
fn what_can_be_left_out_is_what_the_schema_says() {
    let all: metadata::Defaults = serde_json::from_str(r#"{"limits": {}}"#).unwrap();
    assert_eq!(all, metadata::Defaults::default());
    let none: game::EnterWorld = serde_json::from_str(r#"{"request": 3}"#).unwrap();
    assert_eq!(none.spawn, None);
}

#[test]
fn numbers_stand_for_names() {
    let some: metadata::Defaults = serde_json::from_str(
        r#"{"limits": {}, "mode": 2, "open": 7, "caps": 8, "single": 16777217, "endless": "NaN(0x7fc00001)"}"#,
    )
    .unwrap();
    assert_eq!(some.mode, metadata::Mode::Turbo);
    assert_eq!(some.open, metadata::Open::SOME);
    assert_eq!(some.caps.0, 8);
    assert_eq!(some.single.to_bits(), 16_777_216_f32.to_bits());
    assert_eq!(some.endless.to_bits(), 0x7fc0_0001);
}

#[test]
fn the_tag_of_an_else_stands_beside_it() {
    let json = r#"{"body":{"none":{}},"tag":9,"open":{"else":"hi"},"after":1}"#;
    let choice: oddities::Choice = serde_json::from_str(json).unwrap();
    let value = "hi".to_owned();
    assert_eq!(choice.open, oddities::ChoiceOpen::Else { tag: 9, value });
    assert_eq!(serde_json::to_string(&choice).unwrap(), json);
    refused::<oddities::Choice>(&json.replace("\"tag\":9,", ""), "missing field `tag`");
}

#[test]
fn packets_are_shown_as_variants_are() {
    let bytes = b"\x00\x13\x0f\xa1\x01\x03ada\x06\xec\xa7\x80\xec\x97\xb0\x00\x01h";
    let view = game::PacketView::parse(bytes).unwrap();
    let own = r#"{"ChatMessage":{"scope":{"whisper":"ada"},"sender":"지연","text":"h"}}"#;
    assert_eq!(
        serde_json::to_string(&view).unwrap(),
        own.replace(
            "{\"scope",
            "{\"size\":19,\"id\":4001,\"channel\":\"whisper\",\"scope"
        )
    );
    let packet = game::Packet::from(view);
    assert_eq!(serde_json::to_string(&packet).unwrap(), own);
    assert_eq!(serde_json::from_str::<game::Packet>(own).unwrap(), packet);
    assert_eq!(
        super::tokens::read::<game::Packet>(super::tokens::write(&packet)).unwrap(),
        packet
    );

    let view = game::PacketView::parse(b"\x00\x05\x00\x01\xff").unwrap();
    let json = r#"{"Unknown":{"id":1,"bytes":"00050001ff"}}"#;
    assert_eq!(serde_json::to_string(&view).unwrap(), json);
    let packet = game::Packet::from(view);
    assert_eq!(serde_json::to_string(&packet).unwrap(), json);
    assert_eq!(serde_json::from_str::<game::Packet>(json).unwrap(), packet);
    let wrong = json.replace("1,", "65536,");
    refused::<game::Packet>(
        &wrong,
        "`Unknown.id`: invalid value: integer `65536`, expected u16",
    );
}
