//! Every reason to refuse a value, and what the message says to do.

use super::build::*;
use super::{check_refused, round_trips};
use crate::codec::encode;
use crate::layout::{BinaryOp, Expr, Extent, Layout, Role, Type};
use crate::value::Value;

fn one(fields: Vec<crate::layout::Field>) -> Layout {
    layout(vec![structure("T", &[], fields)])
}

#[test]
fn missing_unknown_and_repeated_fields() {
    let point = structure("Point", &[], vec![u("left", 8), u("top", 8)]);
    let fields = vec![
        inner("at", 0),
        u("_", 8).role(Role::Reserved { strict: true }),
    ];
    let shape = structure("T", std::slice::from_ref(&point), fields);
    let layout = layout(vec![point, shape]);
    check_refused(&layout, "{}", "T.at: is missing; give it a value");
    let message = "T.at.top: is missing; give it a value";
    check_refused(&layout, r#"{"at":{"left":1}}"#, message);
    check_refused(&layout, r#"{"at":{"left":1,"top":null}}"#, message);
    let message = "T.at.lefd: there is no such field; did you mean `left`?";
    check_refused(&layout, r#"{"at":{"lefd":1}}"#, message);
    let message = "T.colour: there is no such field";
    check_refused(&layout, r#"{"colour":1}"#, message);
    let message = "T._: there is no such field; fields without a name are written by themselves";
    check_refused(&layout, r#"{"_":0}"#, message);
    let message = "T: expected a map of its fields, found 5";
    check_refused(&layout, "5", message);
    let message = "T.at: expected a map of its fields, found a list";
    check_refused(&layout, r#"{"at":[]}"#, message);
    let at = ("at".to_owned(), Value::Bool(true));
    let twice = Value::Map(vec![at.clone(), at]);
    let error = encode(&layout, super::last(&layout), &twice).expect_err("twice");
    assert_eq!(
        error.to_string(),
        "T.at: there is no such field; it is there twice"
    );
}

#[test]
fn wrong_types() {
    let layout = one(vec![bytes("b", prefixed(8))]);
    let expected = "T.b: expected hexadecimal digits, two for each byte, found";
    for (value, found) in [
        ("\"abc\"", "the text \"abc\""),
        ("\"0xzz\"", "the text \"0xzz\""),
        ("[1]", "a list"),
    ] {
        check_refused(
            &layout,
            &format!(r#"{{"b":{value}}}"#),
            &format!("{expected} {found}"),
        );
    }
    let layout = one(vec![text("t", prefixed(8))]);
    check_refused(&layout, r#"{"t":true}"#, "T.t: expected text, found true");
    let layout = one(vec![array("a", Type::Scalar(uint(8)), prefixed(8))]);
    check_refused(&layout, r#"{"a":{}}"#, "T.a: expected a list, found a map");
    let message = "T.a[1]: expected an integer, found the text \"x\"";
    check_refused(&layout, r#"{"a":[1,"x"]}"#, message);
}

#[test]
fn derived_fields_that_contradict_what_they_follow_from() {
    let layout = one(vec![
        u("n", 8).role(length_of(2, 1, Expr::int(0))),
        u("version", 8).role(Role::Const(4)),
        bytes("b", Extent::Counted(value(0))),
        u("check", 16).role(internet(0, 2)),
    ]);
    let message = |field, actual, expected| {
        format!(
            "T.{field}: is {actual}, but {expected} follows from the schema and the other \
             fields; leave it out"
        )
    };
    check_refused(&layout, r#"{"n":2,"b":"aa"}"#, &message("n", 2, 1));
    check_refused(
        &layout,
        r#"{"version":6,"b":"aa"}"#,
        &message("version", 6, 4),
    );
    let sum = i32::from(!(0x0104_u16 + 0xaa00));
    check_refused(
        &layout,
        r#"{"b":"aa","check":1}"#,
        &message("check", 1, sum),
    );
}

#[test]
fn lengths() {
    let four = op(value(0), BinaryOp::Mul, Expr::int(4));
    let layout = one(vec![
        bits("n", 4).role(length_of(2, 4, Expr::int(0))),
        bits("x", 4),
        bytes("b", Extent::Counted(four.clone())),
        array("c", Type::Scalar(uint(8)), Extent::Counted(four)),
    ]);
    let message = "T.b: its length field has no value for a length of 3";
    check_refused(&layout, r#"{"x":0,"b":"010203","c":[]}"#, message);
    let message = "T.n: 16 is not in 0..=15";
    let long = "00".repeat(64);
    check_refused(
        &layout,
        &format!(r#"{{"x":0,"b":"{long}","c":[]}}"#),
        message,
    );
    let message = "T.c: has length 1, must have 4";
    check_refused(&layout, r#"{"x":0,"b":"01020304","c":[1]}"#, message);

    let layout = one(vec![
        text("t", Extent::Fixed(2)),
        bytes("b", Extent::Fixed(2)),
        bytes("p", prefixed(8)),
        array("l", Type::Scalar(uint(8)), prefixed(8)).length(1, 2),
    ]);
    let refuse = |field: &str, value: &str, message: &str| {
        let mut all = vec![
            ("t", "\"\""),
            ("b", "\"0000\""),
            ("p", "\"\""),
            ("l", "[1]"),
        ];
        for entry in &mut all {
            if entry.0 == field {
                entry.1 = value;
            }
        }
        let entries: Vec<String> = all.iter().map(|(k, v)| format!(r#""{k}":{v}"#)).collect();
        let json = format!("{{{}}}", entries.join(","));
        check_refused(&layout, &json, &format!("T.{field}: {message}"));
    };
    refuse("t", "\"abc\"", "has length 3, must have at most 2");
    refuse("t", "\"\\u0000\"", "text that its encoding cannot express");
    refuse("b", "\"00\"", "has length 1, must have 2");
    let long = format!("\"{}\"", "00".repeat(256));
    refuse("p", &long, "has length 256, must have at most 255");
    refuse("l", "[]", "has length 0, must have 1 to 2");
    refuse("l", "[1,2,3]", "has length 3, must have 1 to 2");
}

#[test]
fn text_outside_of_ascii() {
    let layout = one(vec![ascii("t", prefixed(8))]);
    let message = "T.t: text that its encoding cannot express";
    check_refused(&layout, r#"{"t":"é"}"#, message);
}

#[test]
fn presence_that_contradicts_its_condition() {
    let layout = one(vec![
        bool("has", 8).role(presence_of(1)),
        u("a", 8).when(value(0)),
        u("b", 8).when(value(0)),
    ]);
    let message = "T.b: present although its condition says absent, or the other way round";
    check_refused(&layout, r#"{"a":1}"#, message);
    check_refused(&layout, r#"{"b":1}"#, message);
}

#[test]
fn variants() {
    let frames = round_trips::frames();
    let message = "Frame.payload: holds another case than its tag selects";
    let json = r#"{"fragment":1,"payload":{"Tcp":{"port":80}},"padding":""}"#;
    check_refused(&frames, json, message);
    let json = r#"{"fragment":0,"kind":6,"payload":{"else":"00"},"padding":""}"#;
    check_refused(&frames, json, message);
    let message = "Frame.kind: is missing; give it a value";
    let json = r#"{"fragment":1,"payload":{"else":""},"padding":""}"#;
    check_refused(&frames, json, message);
    let message = "Frame.padding: must be empty after a field that takes everything up to the end";
    let json = r#"{"fragment":1,"kind":6,"payload":{"else":""},"padding":"00"}"#;
    check_refused(&frames, json, message);
    let message = "Frame.payload: there is no `tcp`; did you mean `Tcp`?";
    let json = r#"{"fragment":0,"payload":{"tcp":{}},"padding":""}"#;
    check_refused(&frames, json, message);
    let message = "Frame.payload.Tcp.port: 65536 is not in 0..=65535";
    let json = r#"{"fragment":0,"payload":{"Tcp":{"port":65536}},"padding":""}"#;
    check_refused(&frames, json, message);
    let message = "Frame.payload: expected a map with one entry, the case's name, found a map";
    check_refused(
        &frames,
        r#"{"fragment":0,"payload":{},"padding":""}"#,
        message,
    );
}

#[test]
fn packets_that_are_too_long() {
    let fields = vec![
        u("size", 8).role(Role::Size { excluded: 0 }),
        bytes("data", Extent::Rest { after: 0 }),
    ];
    let shape = structure("P", &[], fields);
    let json = |bytes: usize| format!(r#"{{"data":"{}"}}"#, "00".repeat(bytes));
    let small = framed(vec![shape.clone()], 4);
    check_refused(&small, &json(4), "P: has length 5, must have 1 to 4");
    let large = framed(vec![shape], 1000);
    check_refused(&large, &json(255), "P.size: 256 is not in 0..=255");
    check_refused(
        &large,
        &json(1000),
        "P: has length 1001, must have 1 to 1000",
    );
}

#[test]
fn bounded_structs_have_the_length_that_others_say() {
    let body = structure("Body", &[], vec![bytes("all", Extent::Rest { after: 0 })]);
    let fields = vec![u("n", 8), inner("b", 0).sized(value(0))];
    let shape = structure("T", std::slice::from_ref(&body), fields);
    let layout = layout(vec![body, shape]);
    let message = "T.b: has length 1, must have 2";
    check_refused(&layout, r#"{"n":2,"b":{"all":"00"}}"#, message);
}
