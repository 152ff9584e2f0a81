//! Integers of every width, floats bit for bit, and names.

use super::build::*;
use super::{check, check_encodes, check_error, check_refused, last, to_json};
use crate::codec::{decode, encode};
use crate::layout::{Endian, Layout, Scalar, ScalarKind, Type, Unknown};
use crate::value::Value;

fn one(scalar: Scalar) -> Layout {
    let fields = vec![field("v", Type::Scalar(scalar))];
    layout(vec![structure("One", &[], fields)])
}

#[test]
fn integers_of_odd_widths_in_both_orders() {
    let little = |scalar| Scalar {
        endian: Endian::Little,
        ..scalar
    };
    let int = |bits| scalar(ScalarKind::Signed, bits);
    check(&one(uint(24)), "010203", r#"{"v":66051}"#);
    check(&one(little(uint(24))), "030201", r#"{"v":66051}"#);
    check(&one(int(24)), "fffffe", r#"{"v":-2}"#);
    check(
        &one(little(int(40))),
        "00000000 80",
        r#"{"v":-549755813888}"#,
    );
    check(
        &one(uint(64)),
        "ffffffffffffffff",
        r#"{"v":18446744073709551615}"#,
    );
    let mut run = vec![bits("a", 4), field("b", Type::Scalar(int(12))).in_run()];
    run.reverse();
    let run = layout(vec![structure("Run", &[], run)]);
    check(&run, "ffe3", r#"{"b":-2,"a":3}"#);
}

#[test]
fn integers_of_128_bits_survive() {
    for (kind, value) in [
        (ScalarKind::Unsigned, Value::Unsigned(u128::MAX)),
        (ScalarKind::Unsigned, Value::Unsigned(1 << 127)),
        (ScalarKind::Signed, Value::Signed(i128::MIN)),
        (ScalarKind::Signed, Value::Signed(-1)),
    ] {
        let layout = one(scalar(kind, 128));
        let map = Value::Map(vec![("v".to_owned(), value.clone())]);
        let bytes = encode(&layout, last(&layout), &map).expect("encodes");
        let decoded = decode(&layout, last(&layout), &bytes).expect("decodes");
        assert_eq!(decoded.value, map);
        // JSON readers without big integers can give the digits as text.
        let text = Value::Text(to_json(&value));
        let map = Value::Map(vec![("v".to_owned(), text)]);
        assert_eq!(
            encode(&layout, last(&layout), &map).expect("encodes"),
            bytes
        );
    }
}

#[test]
fn integers_that_do_not_fit_are_refused() {
    let layout = one(uint(24));
    let json = r#"{"v":16777216}"#;
    check_refused(&layout, json, "One.v: 16777216 is not in 0..=16777215");
    check_refused(&layout, r#"{"v":-1}"#, "One.v: -1 is not in 0..=16777215");
    check_refused(
        &layout,
        r#"{"v":1.5}"#,
        "One.v: expected an integer, found 1.5",
    );
    let signed = one(scalar(ScalarKind::Signed, 8));
    check_refused(&signed, r#"{"v":128}"#, "One.v: 128 is not in -128..=127");
}

#[test]
fn a_range_is_checked_both_ways() {
    let range = Some((5, 15));
    let layout = one(Scalar { range, ..uint(8) });
    check(&layout, "0f", r#"{"v":15}"#);
    check_error(&layout, "10", "One.v at byte 0: 16 is not in 5..=15", "{}");
    check_refused(&layout, r#"{"v":4}"#, "One.v: 4 is not in 5..=15");
    check_refused(&layout, r#"{"v":999}"#, "One.v: 999 is not in 5..=15");
}

#[test]
fn floats_keep_every_bit() {
    let single = one(scalar(ScalarKind::Float, 32));
    let double = one(scalar(ScalarKind::Float, 64));
    check(&single, "3dcccccd", r#"{"v":0.1}"#);
    check(&single, "80000000", r#"{"v":-0.0}"#);
    check(&single, "7fc00000", r#"{"v":"NaN"}"#);
    check(&single, "7f800001", r#"{"v":"NaN(0x7f800001)"}"#);
    check(&single, "ffc00000", r#"{"v":"NaN(0xffc00000)"}"#);
    check(&single, "ff800000", r#"{"v":"-Infinity"}"#);
    check(&double, "3fb999999999999a", r#"{"v":0.1}"#);
    check(&double, "7ff0000000000000", r#"{"v":"Infinity"}"#);
    check(&double, "7ff8000000000000", r#"{"v":"NaN"}"#);
    check(
        &double,
        "7ff0000000000001",
        r#"{"v":"NaN(0x7ff0000000000001)"}"#,
    );
}

#[test]
fn floats_are_rounded_once_and_may_be_integers() {
    let single = one(scalar(ScalarKind::Float, 32));
    // Through double precision and then to single this would end in 02.
    check_encodes(
        &single,
        r#"{"v":1.00000017881393421514957253748434595763683319091796875001}"#,
        "3f800001",
    );
    check_encodes(&single, r#"{"v":-3}"#, "c0400000");
    check_refused(
        &single,
        r#"{"v":1e300}"#,
        &format!(
            "One.v: expected a number of single precision, below 3.5e38, found {}",
            1e300
        ),
    );
    check_refused(
        &single,
        r#"{"v":"NaN(0x3f800000)"}"#,
        "One.v: expected a number, `NaN`, `NaN(0x…)`, `Infinity` or `-Infinity`, \
         found the text \"NaN(0x3f800000)\"",
    );
}

#[test]
fn only_finite_floats_where_the_schema_says_so() {
    let finite = true;
    let layout = one(Scalar {
        finite,
        ..scalar(ScalarKind::Float, 32)
    });
    let message = "One.v at byte 0: not a finite number";
    check_error(&layout, "7f800000", message, "{}");
    check_error(&layout, "7fc00001", message, "{}");
    check_refused(&layout, r#"{"v":"NaN"}"#, "One.v: not a finite number");
}

#[test]
fn bools_are_0_or_1() {
    let layout = one(scalar(ScalarKind::Bool, 8));
    check(&layout, "01", r#"{"v":true}"#);
    let message = "One.v at byte 0: unknown value 2 (0x2)";
    check_error(&layout, "02", message, "{}");
    let message = "One.v: expected true or false, found 1";
    check_refused(&layout, r#"{"v":1}"#, message);
}

fn named(unknown: Unknown) -> Layout {
    let fields = vec![color("color"), caps("caps")];
    with_names(layout(vec![structure("Named", &[], fields)]), unknown)
}

#[test]
fn names_of_enums_and_flags() {
    let keep = named(Unknown::Keep);
    check(
        &keep,
        "02 09",
        r#"{"color":"green","caps":["voice","spectate"]}"#,
    );
    check(&keep, "07 00", r#"{"color":7,"caps":[]}"#);
    check(&keep, "01 97", r#"{"color":"red","caps":["voice",150]}"#);
    check_encodes(&keep, r#"{"color":2,"caps":9}"#, "02 09");
    let message = "Named.color: 256 is not in 0..=255";
    check_refused(&keep, r#"{"color":256,"caps":9}"#, message);
}

#[test]
fn unknown_enum_values_and_flags_can_be_refused() {
    let reject = named(Unknown::Reject);
    check_error(
        &reject,
        "07 00",
        "Named.color at byte 0: unknown value 7 (0x7)",
        "{}",
    );
    check_error(
        &reject,
        "01 97",
        "Named.caps at byte 1: unknown value 150 (0x96)",
        r#"{"color":"red"}"#,
    );
    let message = "Named.color: unknown value 7 (0x7)";
    check_refused(&reject, r#"{"color":7,"caps":[]}"#, message);
    let message = "Named.caps: unknown value 16 (0x10)";
    check_refused(&reject, r#"{"color":1,"caps":17}"#, message);
    let message = "Named.color: there is no `gren`; did you mean `green`?";
    check_refused(&reject, r#"{"color":"gren","caps":[]}"#, message);
    let message = "Named.caps: there is no `fly`; use one of `voice`, `spectate`";
    check_refused(&reject, r#"{"color":"red","caps":["fly"]}"#, message);
}
