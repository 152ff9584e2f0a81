//! What numbers of varying size and texts cannot hold, and what is written where nobody says a value. What they
//! can hold is in the vectors of `tests/schemas`.

use super::{check_encodes, check_error, check_refused};
use crate::layout::Layout;

/// The layout of a packet `P` with these fields.
#[track_caller]
fn packet(fields: &str) -> Layout {
    let source = format!("protocol: p\nversion: 1\npackets:\n  P:\n    fields: [{fields}]\n");
    crate::compile(&source).expect(fields).layout
}

const INVALID: &str = ": text that its encoding cannot express";

#[test]
fn characters_that_an_encoding_lacks() {
    let latin = packet("t: { type: string<u8>, encoding: latin1, max: 2 }");
    check_encodes(&latin, r#"{"t":"\u00ff"}"#, "01 ff");
    check_refused(&latin, r#"{"t":"\u0100"}"#, &format!("P.t{INVALID}"));
    // The length comes first, and counts what it would be.
    check_refused(
        &latin,
        r#"{"t":"\u0100\u0100\u0100"}"#,
        "P.t: has length 3, must have at most 2",
    );
    let ascii = packet("t: { type: 'string[2]', encoding: ascii }");
    check_refused(&ascii, r#"{"t":"\u00ff"}"#, &format!("P.t{INVALID}"));
    let wide = packet("t: { type: 'string[4]', encoding: utf16 }");
    check_encodes(&wide, r#"{"t":"\ud83d\ude00"}"#, "d83d de00");
    check_refused(
        &wide,
        r#"{"t":"abc"}"#,
        "P.t: has length 6, must have at most 4",
    );
    check_refused(&wide, r#"{"t":"\u0000a"}"#, &format!("P.t{INVALID}"));
}

#[test]
fn the_first_bad_byte_of_a_padded_text_may_be_a_nul() {
    let bad = |at| format!("P.t at byte {at}: not valid text in its encoding");
    for encoding in ["utf8", "ascii"] {
        let text = packet(&format!("t: {{ type: 'string[4]', encoding: {encoding} }}"));
        check_error(&text, "61 00 ff 00", &bad(1), "{}");
        check_error(&text, "61 ff 00 62", &bad(1), "{}");
        check_error(&text, "61 62 00 63", &bad(2), "{}");
    }
    let wide = packet("t: { type: 'string[6]', encoding: utf16 }");
    check_error(&wide, "0000 d800 0061", &bad(0), "{}");
    check_error(&wide, "d800 0000 0061", &bad(0), "{}");
}

#[test]
fn a_text_that_a_nul_ends_has_none_inside() {
    let text = packet("t: { type: cstring, min: 1, max: 3 }, n: u8");
    check_encodes(&text, r#"{"t":"abc","n":7}"#, "616263 00 07");
    check_refused(&text, r#"{"t":"a\u0000b","n":7}"#, &format!("P.t{INVALID}"));
    check_refused(
        &text,
        r#"{"t":"","n":7}"#,
        "P.t: has length 0, must have 1 to 3",
    );
    check_refused(
        &text,
        r#"{"t":"abcd","n":7}"#,
        "P.t: has length 4, must have 1 to 3",
    );
    let needs = "P.t at byte 0: needs 4 bytes, 3 are left";
    check_error(&text, "616263", needs, "{}");
    let long = "P.t at byte 0: has length 4, must have 1 to 3";
    check_error(&text, "61626364", long, "{}");
    // An odd limit of UTF-16 ends with the unit before it.
    let wide = packet("t: { type: cstring, encoding: utf16, max: 3 }");
    let long = "P.t at byte 0: has length 4, must have at most 3";
    check_error(&wide, "0061 0062", long, "{}");
    check_error(
        &wide,
        "0061 00",
        "P.t at byte 0: needs 4 bytes, 3 are left",
        "{}",
    );
}

#[test]
fn numbers_of_varying_size() {
    let number = packet("a: { type: varint, range: 5..=300 }, b: zigzag");
    check_encodes(&number, r#"{"a":300,"b":-65}"#, "ac02 8101");
    check_refused(&number, r#"{"a":4,"b":0}"#, "P.a: 4 is not in 5..=300");
    check_refused(&number, r#"{"a":-1,"b":0}"#, "P.a: -1 is not in 5..=300");
    check_refused(
        &number,
        r#"{"a":5,"b":9223372036854775808}"#,
        "P.b: 9223372036854775808 is not in -9223372036854775808..=9223372036854775807",
    );
    check_error(
        &number,
        "80",
        "P.a at byte 0: needs 2 bytes, 1 is left",
        "{}",
    );
    let invalid = "P.a at byte 0: not a variable-length number, or longer than allowed";
    check_error(&number, "858000", invalid, "{}");
    let length = packet("n: { type: varint, range: 0..=3 }, t: 'bytes[n * 2]'");
    check_encodes(&length, r#"{"t":"cafecafe"}"#, "02 cafecafe");
    check_refused(
        &length,
        r#"{"t":"cafecafecafecafe"}"#,
        "P.n: 4 is not in 0..=3",
    );
}

#[test]
fn a_default_is_written_where_nothing_is_said() {
    let layout =
        packet("a: { type: u8, default: 3 }, n: u8, t: { type: 'string[n]', default: ab }");
    check_encodes(&layout, "{}", "03 02 6162");
    check_encodes(&layout, r#"{"a":null,"t":"c"}"#, "03 01 63");
    check_encodes(&layout, r#"{"a":4,"t":""}"#, "04 00");
}
