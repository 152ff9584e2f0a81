//! Every reason to refuse bytes: where it is found, and what came before.

use super::build::*;
use super::{check_error, round_trips};
use crate::codec::decode;
use crate::layout::{BinaryOp, Expr, Extent, Layout, Role, StructId, Type};

fn one(fields: Vec<crate::layout::Field>) -> Layout {
    layout(vec![structure("T", &[], fields)])
}

#[test]
fn a_packet_that_ends_inside_a_number() {
    let layout = one(vec![u("a", 8), u("b", 32)]);
    check_error(&layout, "", "T.a at byte 0: needs 1 byte, 0 are left", "{}");
    let message = "T.b at byte 1: needs 4 bytes, 2 are left";
    check_error(&layout, "07 0102", message, r#"{"a":7}"#);
    let message = "T at byte 5: 1 byte is left over";
    check_error(
        &layout,
        "07 01020304 05",
        message,
        r#"{"a":7,"b":16909060}"#,
    );
}

#[test]
fn a_bit_run_fails_as_a_whole_at_its_first_field() {
    let strict = Role::Reserved { strict: true };
    let layout = one(vec![
        u("x", 8),
        bits("a", 4),
        bits("b", 4),
        bits("_", 8).role(strict),
    ]);
    let layout_run = one(vec![u("x", 8), bits("a", 4), bits("b", 12)]);
    let message = "T.a at byte 1: needs 2 bytes, 1 is left";
    check_error(&layout_run, "01 12", message, r#"{"x":1}"#);
    let message = "T._ at byte 2: expected the constant 0x0, found 0xff";
    check_error(&layout, "01 12 ff", message, r#"{"x":1,"a":1,"b":2}"#);
    let fields = vec![u("x", 8), bits("a", 4), bits("b", 12).role(Role::Const(1))];
    let message = "T.b at byte 1: expected the constant 0x1, found 0x234";
    check_error(&one(fields), "01 1234", message, r#"{"x":1,"a":1}"#);
}

#[test]
fn nested_and_partial_values() {
    let point = structure("Point", &[], vec![u("x", 8), u("y", 8)]);
    let fields = vec![u("id", 8), inner("at", 0)];
    let shape = structure("Move", std::slice::from_ref(&point), fields);
    let layout = layout(vec![point, shape]);
    let message = "Move.at.y at byte 2: needs 1 byte, 0 are left";
    check_error(&layout, "01 02", message, r#"{"id":1,"at":{"x":2}}"#);
    let message = "Move.at.x at byte 1: needs 1 byte, 0 are left";
    check_error(&layout, "01", message, r#"{"id":1}"#);
}

#[test]
fn fixed_text() {
    let layout = one(vec![u("a", 8), text("t", Extent::Fixed(4))]);
    let message = "T.t at byte 1: needs 4 bytes, 2 are left";
    check_error(&layout, "01 6162", message, r#"{"a":1}"#);
    let invalid = |byte| format!("T.t at byte {byte}: not valid text in its encoding");
    check_error(&layout, "01 61ff0000", &invalid(2), r#"{"a":1}"#);
    check_error(&layout, "01 61006200", &invalid(2), r#"{"a":1}"#);
    // The first bad byte counts, whatever is wrong with it.
    check_error(&layout, "01 610062ff", &invalid(2), r#"{"a":1}"#);
    let layout = one(vec![ascii("t", prefixed(8))]);
    check_error(&layout, "03 61c3a9", &invalid(2), "{}");
}

#[test]
fn prefixed_bytes() {
    let layout = one(vec![u("a", 8), bytes("b", prefixed(16)).length(1, 4)]);
    let message = "T.b at byte 1: needs 2 bytes, 1 is left";
    check_error(&layout, "07 00", message, r#"{"a":7}"#);
    // The limit goes before what is there, and counts from before the prefix.
    let message = "T.b at byte 1: has length 5, must have 1 to 4";
    check_error(&layout, "07 0005", message, r#"{"a":7}"#);
    let message = "T.b at byte 1: has length 0, must have 1 to 4";
    check_error(&layout, "07 0000", message, r#"{"a":7}"#);
    let message = "T.b at byte 3: needs 4 bytes, 1 is left";
    check_error(&layout, "07 0004 01", message, r#"{"a":7}"#);
}

#[test]
fn counted_bytes_and_the_rest() {
    let n = op(value(0), BinaryOp::Sub, Expr::int(2));
    let layout = one(vec![
        u("n", 8),
        bytes("b", Extent::Counted(n)),
        bytes("c", Extent::Rest { after: 2 }),
        u("d", 16),
    ]);
    let message = "T.b at byte 1: has length -1, must have at most 1000";
    check_error(&layout, "01", message, r#"{"n":1}"#);
    let message = "T.b at byte 1: needs 253 bytes, 1 is left";
    check_error(&layout, "ff 00", message, r#"{"n":255}"#);
    let message = "T.c at byte 2: needs 2 bytes, 1 is left";
    check_error(&layout, "03 aa 01", message, r#"{"n":3,"b":"aa"}"#);
}

#[test]
fn arrays_with_a_count() {
    let server = structure(
        "Server",
        &[],
        vec![u("port", 16), bytes("key", prefixed(8))],
    );
    let servers = array("servers", Type::Struct(StructId(0)), prefixed(32));
    let shape = structure(
        "T",
        std::slice::from_ref(&server),
        vec![servers.length(0, 1 << 31)],
    );
    let layout = layout(vec![server, shape]);
    let message = "T.servers at byte 0: needs 4 bytes, 3 are left";
    check_error(&layout, "000000", message, "{}");
    let message = "T.servers at byte 0: has length 4294967295, must have at most 2147483648";
    check_error(&layout, "ffffffff", message, "{}");
    let message = "T.servers at byte 4: needs 6442450944 bytes, 2 are left";
    check_error(&layout, "80000000 0000", message, "{}");
    let message = "T.servers[1].key at byte 9: needs 2 bytes, 1 is left";
    let so_far = r#"{"servers":[{"port":80,"key":"aa"},{"port":443}]}"#;
    // Two servers of at least 3 bytes are there, but the second says more than it has.
    check_error(
        &layout,
        "00000002 005001aa 01bb 02 cc",
        message.replace("byte 9", "byte 11").as_str(),
        so_far,
    );
}

#[test]
fn arrays_that_fill_their_bytes() {
    let word = || Type::Scalar(uint(16));
    let layout = one(vec![
        u("n", 8),
        array("v", word(), Extent::Sized(value(0))).length(0, 2),
    ]);
    let message = "T.v at byte 1: needs 4 bytes, 2 are left";
    check_error(&layout, "04 0001", message, r#"{"n":4}"#);
    let message = "T.v[1] at byte 3: needs 2 bytes, 1 is left";
    check_error(&layout, "03 0001 0002", message, r#"{"n":3,"v":[1]}"#);
    let message = "T.v at byte 1: has length 3, must have at most 2";
    check_error(
        &layout,
        "06 000100020003",
        message,
        r#"{"n":6,"v":[1,2,3]}"#,
    );
    let layout = one(vec![
        array("v", word(), Extent::Rest { after: 2 }),
        u("t", 16),
    ]);
    let message = "T.v at byte 0: needs 2 bytes, 1 is left";
    check_error(&layout, "01", message, "{}");
    let message = "T.v[0] at byte 0: needs 2 bytes, 1 is left";
    check_error(&layout, "01 0203", message, "{}");
}

#[test]
fn bounded_structs() {
    let body = structure("Body", &[], vec![u("x", 16)]);
    let fields = vec![u("n", 8), inner("b", 0).sized(value(0)), u("end", 8)];
    let shape = structure("T", std::slice::from_ref(&body), fields);
    let layout_sized = layout(vec![body.clone(), shape]);
    let message = "T.b at byte 1: needs 5 bytes, 2 are left";
    check_error(&layout_sized, "05 0102", message, r#"{"n":5}"#);
    let message = "T.b.x at byte 1: needs 2 bytes, 1 is left";
    check_error(&layout_sized, "01 0102", message, r#"{"n":1}"#);
    let message = "T.b at byte 3: 1 byte is left over";
    check_error(
        &layout_sized,
        "03 010203 04",
        message,
        r#"{"n":3,"b":{"x":258}}"#,
    );
    let fields = vec![inner("b", 0).rest(2), u("end", 16)];
    let shape = structure("T", std::slice::from_ref(&body), fields);
    let layout_rest = layout(vec![body, shape]);
    let message = "T.b at byte 0: needs 2 bytes, 1 is left";
    check_error(&layout_rest, "01", message, "{}");
    let message = "T.b at byte 2: 1 byte is left over";
    check_error(&layout_rest, "010203 0405", message, r#"{"b":{"x":258}}"#);
}

#[test]
fn variants() {
    let frames = round_trips::frames();
    let message = "Frame.payload.Tcp.port at byte 2: needs 2 bytes, 1 is left";
    check_error(&frames, "00 06 00", message, r#"{"fragment":0,"kind":6}"#);
    let message = "Frame.payload.word at byte 2: needs 4 bytes, 1 is left";
    check_error(&frames, "00 07 00", message, r#"{"fragment":0,"kind":7}"#);
    let message = "Frame.payload.note at byte 3: needs 9 bytes, 1 is left";
    check_error(
        &frames,
        "00 08 09 00",
        message,
        r#"{"fragment":0,"kind":8}"#,
    );

    let cases = vec![("a", 1, Type::Scalar(uint(8)))];
    let choice = variant("v", 0, cases, None, None).rest(0);
    let layout = one(vec![u("tag", 8), choice]);
    let message = "T.v at byte 1: unknown value 9 (0x9)";
    check_error(&layout, "09 00", message, r#"{"tag":9}"#);
    let message = "T.v at byte 2: 1 byte is left over";
    check_error(&layout, "01 02 03", message, r#"{"tag":1,"v":{"a":2}}"#);
}

#[test]
fn checksums_are_verified_as_soon_as_all_is_read() {
    let layout = one(vec![
        u("check", 16).role(internet(0, 1)),
        bytes("data", prefixed(8)),
        u("late", 16),
    ]);
    let message = "T.check at byte 0: the bytes give checksum 0xfe01, the packet says 0x1234";
    let so_far = r#"{"check":4660,"data":"fe"}"#;
    check_error(&layout, "1234 01fe", message, so_far);
    let message = "T.late at byte 4: needs 2 bytes, 0 are left";
    check_error(
        &layout,
        "fe01 01fe",
        message,
        r#"{"check":65025,"data":"fe"}"#,
    );
}

#[test]
fn the_size_field_goes_before_bytes_left_over() {
    let fields = vec![
        u("size", 8).role(Role::Size { excluded: 1 }),
        u("id", 8).role(Role::Id(5)),
    ];
    let layout = one(fields);
    let message = "T.size at byte 0: says 9, must say 1 for these bytes";
    check_error(&layout, "09 05", message, r#"{"size":9,"id":5}"#);
    let message = "T at byte 2: 1 byte is left over";
    check_error(&layout, "02 05 00", message, r#"{"size":2,"id":5}"#);
    let message = "T.id at byte 1: expected the constant 0x5, found 0x6";
    check_error(&layout, "09 06", message, r#"{"size":9}"#);
}

#[test]
fn the_trace_ends_with_what_failed() {
    let layout = one(vec![u("a", 8), u("b", 8).role(Role::Const(1))]);
    let error = decode(&layout, super::last(&layout), &[7, 8]).expect_err("8 is not 1");
    assert_eq!(error.trace.len(), 2);
    assert_eq!(
        (error.trace[1].path.as_str(), error.trace[1].text.as_str()),
        ("b", "8")
    );
}

#[test]
fn elements_that_can_be_empty_cost_no_memory() {
    let empty = structure("Empty", &[], Vec::new());
    let many = array("many", Type::Struct(StructId(0)), prefixed(64));
    let shape = structure("T", std::slice::from_ref(&empty), vec![many]);
    let layout = layout(vec![empty, shape]);
    let message = format!("T.many at byte 8: needs {} bytes, 0 are left", usize::MAX);
    check_error(&layout, "ffffffffffffffff", &message, "{}");
}
