//! What cannot be written: the generated codecs and the dynamic one refuse the same values for the same reason.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_runtime::{Encode, View};
use packet_schema::codec::encode;
use packet_schema::value::Value;
use packet_tests::codecs::{ARRAYS, Protocol, RUNS};
use packet_tests::{arrays, policies, runs};

/// The dynamic codec refuses the JSON text with `message`, and the generated one `value`.
#[track_caller]
fn check(protocol: Protocol, json: &str, value: &impl Encode, message: &str) {
    let name = message.split(['.', ':']).next().unwrap();
    let layout = protocol.layout();
    let id = layout.struct_named(name).unwrap();
    let given: Value = serde_json::from_str(json).unwrap();
    let error = encode(&layout, id, &given).unwrap_err();
    assert_eq!(error.to_string(), message, "dynamic");
    let error = value.to_vec().unwrap_err();
    assert_eq!(error.to_string(), message, "generated");
}

fn until() -> arrays::Until {
    arrays::Until {
        route: vec![1],
        ports: vec![5],
        deltas: vec![7],
        colors: vec![arrays::Color::Red],
        shades: vec![arrays::Shade(9)],
        tail: 0,
    }
}

#[test]
fn an_element_that_looks_like_the_end_is_refused() {
    let end = "begins like the end of its array";
    check(
        ARRAYS,
        r#"{"route":[1,0],"ports":[5],"deltas":[],"colors":[],"shades":[],"tail":0}"#,
        &arrays::Until {
            route: vec![1, 0],
            ..until()
        },
        &format!("Until.route[1]: {end}"),
    );
    check(
        ARRAYS,
        r#"{"route":[1],"ports":[5],"deltas":[7,-1],"colors":[],"shades":[],"tail":0}"#,
        &arrays::Until {
            deltas: vec![7, -1],
            ..until()
        },
        &format!("Until.deltas[1]: {end}"),
    );
    check(
        ARRAYS,
        r#"{"route":[1],"ports":[5],"deltas":[],"colors":["blue"],"shades":[],"tail":0}"#,
        &arrays::Until {
            colors: vec![arrays::Color::Blue],
            ..until()
        },
        &format!("Until.colors[0]: {end}"),
    );
    let structs = || arrays::UntilStructs {
        options: Vec::new(),
        attributes: Vec::new(),
        names: Vec::new(),
        shorts: Vec::new(),
        flagged: Vec::new(),
        rest: Vec::new(),
    };
    check(
        ARRAYS,
        r#"{"options":[{"kind":255,"data":""}],"attributes":[],"names":[],"shorts":[],"flagged":[],"rest":""}"#,
        &arrays::UntilStructs {
            options: vec![arrays::Tlv {
                kind: 255,
                data: Vec::new(),
            }],
            ..structs()
        },
        &format!("UntilStructs.options[0]: {end}"),
    );
    check(
        ARRAYS,
        r#"{"options":[],"attributes":[],"names":[{"name":"","value":1}],"shorts":[],"flagged":[],"rest":""}"#,
        &arrays::UntilStructs {
            names: vec![arrays::Named {
                name: String::new(),
                value: 1,
            }],
            ..structs()
        },
        &format!("UntilStructs.names[0]: {end}"),
    );
    check(
        ARRAYS,
        r#"{"options":[],"attributes":[],"names":[],"shorts":[],"flagged":[{"sign":1,"number":0}],"rest":""}"#,
        &arrays::UntilStructs {
            flagged: vec![arrays::Flagged { sign: 1, number: 0 }],
            ..structs()
        },
        &format!("UntilStructs.flagged[0]: {end}"),
    );
}

#[test]
fn what_is_padded_has_room() {
    let named = |name: &str| arrays::Named {
        name: name.to_owned(),
        value: 5,
    };
    let padded = || arrays::Padded {
        name: "hi".to_owned(),
        code: "ab".to_owned(),
        data: Vec::new(),
        route: Vec::new(),
        options: Vec::new(),
        best: arrays::Tlv {
            kind: 1,
            data: Vec::new(),
        },
        extra: None,
        rest: Vec::new(),
        end: named("a"),
    };
    let json = |data: &str, end: &str| {
        format!(
            r#"{{"name":"hi","code":"ab","data":"{data}","route":[],"options":[],"best":{{"kind":1,"data":""}},"rest":"","end":{{"name":"{end}","value":5}}}}"#
        )
    };
    check(
        ARRAYS,
        &json("0102030405", "a"),
        &arrays::Padded {
            data: vec![1, 2, 3, 4, 5],
            ..padded()
        },
        "Padded.data: has length 5, must have at most 4",
    );
    check(
        ARRAYS,
        &json("", "abc"),
        &arrays::Padded {
            end: named("abc"),
            ..padded()
        },
        "Padded.end: has length 5, must have at most 4",
    );
}

#[test]
fn elements_and_cases_keep_their_limits() {
    let named = |shades: Vec<arrays::Shade>, caps: Vec<arrays::Caps>| arrays::Named24 {
        a: Vec::new(),
        colors: Vec::new(),
        shades,
        caps,
        marks: vec![arrays::Marks(0)],
        bits: Vec::new(),
    };
    check(
        ARRAYS,
        r#"{"a":[],"colors":[],"shades":[1,16777216],"caps":[],"marks":[0],"bits":[]}"#,
        &named(
            vec![arrays::Shade(1), arrays::Shade(0x0100_0000)],
            Vec::new(),
        ),
        "Named24.shades[1]: 16777216 is not in 0..=16777215",
    );
    check(
        ARRAYS,
        r#"{"a":[],"colors":[],"shades":[1,1],"caps":[2],"marks":[0],"bits":[]}"#,
        &named(vec![arrays::Shade(1); 2], vec![arrays::Caps(2)]),
        "Named24.caps[0]: unknown value 2 (0x2)",
    );
    check(
        ARRAYS,
        r#"{"body":{"options":[]}}"#,
        &arrays::Cases {
            body: arrays::CasesBody::Options(Vec::new()),
        },
        "Cases.body.options: has length 0, must have at least 1",
    );
    check(
        ARRAYS,
        r#"{"kind":9,"body":{"else":[1,2,3]}}"#,
        &arrays::Cases {
            body: arrays::CasesBody::Else {
                tag: 9,
                value: vec![1, 2, 3],
            },
        },
        "Cases.body.else: has length 3, must have at most 2",
    );
}

#[test]
fn one_bit_governs_all_of_its_fields() {
    let presence = |c: Option<u16>| runs::Presence {
        caps: runs::Caps(0),
        a: Some(1),
        b: Some("a".to_owned()),
        key: None,
        volume: None,
        c,
    };
    assert!(presence(Some(1)).to_vec().is_ok());
    check(
        RUNS,
        r#"{"caps":[],"a":1,"b":"a"}"#,
        &presence(None),
        "Presence.c: present although its condition says absent, or the other way round",
    );
}

#[test]
fn a_computed_value_fits_its_field() {
    let values = |data: Vec<u8>| runs::Values {
        data,
        name: String::new(),
        list: Vec::new(),
        fixed: 0,
        extra: None,
    };
    let data = "00".repeat(128);
    check(
        RUNS,
        &format!(r#"{{"data":"{data}","name":"","list":[],"fixed":0}}"#),
        &values(vec![0; 128]),
        "Values.half: 256 is not in 0..=255",
    );
}

#[test]
fn unknown_flags_are_dropped_when_they_are_written() {
    let flags = policies::Flags {
        caps: policies::Caps(0xf6),
        list: vec![policies::Wide(0x00ff_ffff)],
        volume: None,
        last: policies::FlagsLast::Else { tag: 0xf },
    };
    let bytes = flags.to_vec().unwrap();
    assert_eq!(bytes, [0, 0x90, 1, 0x80, 0, 0, 1]);
    let view = policies::FlagsView::parse(&bytes).unwrap();
    assert_eq!(view.small(), policies::Small::LOW | policies::Small::HIGH);
}

#[test]
fn elements_of_fixed_size_are_reached_in_one_step() {
    let bytes = [2, 0, 0, 1, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 1, 0, 0];
    let rest = [0; 6 + 1 + 5];
    let packet = [&bytes[..], &rest[..]].concat();
    let view = arrays::OddView::parse(&packet).unwrap();
    assert_eq!(view.a().get(1), Some(0x00ff_ffff));
    assert_eq!(view.b().get(0), Some(-2));
}
