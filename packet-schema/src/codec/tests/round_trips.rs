//! Bytes that decode, and encode to the same bytes again.

use super::build::*;
use super::{check, check_encodes, last};
use crate::codec::{Leaf, LeafBits, LeafRole, decode};
use crate::layout::{BinaryOp, BitOrder, Endian, Expr, Extent, Layout, Role, StructId, Type};

#[test]
fn bit_runs_in_every_order() {
    let run = |endian, order| {
        let fields = vec![bits("a", 4), bits("b", 7), bits("c", 5)];
        let shape = structure_with_runs("Run", &[], fields, endian, order);
        layout(vec![shape])
    };
    // 0x1234 is 0001_0010001_10100 from the top, 10100 from the bottom.
    let msb = r#"{"a":1,"b":17,"c":20}"#;
    let lsb = r#"{"a":4,"b":35,"c":2}"#;
    check(&run(Endian::Big, BitOrder::Msb), "12 34", msb);
    check(&run(Endian::Little, BitOrder::Msb), "34 12", msb);
    check(&run(Endian::Big, BitOrder::Lsb), "12 34", lsb);
    check(&run(Endian::Little, BitOrder::Lsb), "34 12", lsb);
}

#[test]
fn a_static_struct_inside_another() {
    let fields = vec![float("x", 32), float("y", 32)];
    let point = structure("Point", &[], fields);
    let fields = vec![u("id", 16), inner("at", 0), bool("there", 8)];
    let shape = structure("Move", std::slice::from_ref(&point), fields);
    check(
        &layout(vec![point, shape]),
        "0102 42c90000 be800000 01",
        r#"{"id":258,"at":{"x":100.5,"y":-0.25},"there":true}"#,
    );
}

#[test]
fn texts_of_every_extent() {
    let fields = vec![
        text("fixed", Extent::Fixed(4)),
        text("prefixed", prefixed(16)),
        ascii("rest", Extent::Rest { after: 1 }),
        u("tail", 8),
    ];
    let layout = layout(vec![structure("Texts", &[], fields)]);
    check(
        &layout,
        "61620000 0003e282ac 7879 09",
        r#"{"fixed":"ab","prefixed":"€","rest":"xy","tail":9}"#,
    );
    check(
        &layout,
        "00000000 0000 09",
        r#"{"fixed":"","prefixed":"","rest":"","tail":9}"#,
    );
    // Only fixed text is padded with NUL; elsewhere it is a character.
    check(
        &layout,
        "61626364 000100 00 09",
        r#"{"fixed":"abcd","prefixed":"\u0000","rest":"\u0000","tail":9}"#,
    );
}

#[test]
fn bytes_are_hexadecimal_in_any_spelling() {
    let layout = layout(vec![structure(
        "Blob",
        &[],
        vec![bytes("data", prefixed(8))],
    )]);
    check(&layout, "03 0aff10", r#"{"data":"0aff10"}"#);
    check(&layout, "00", r#"{"data":""}"#);
    check_encodes(&layout, r#"{"data":" 0x0A fF\n10 "}"#, "03 0aff10");
}

#[test]
fn a_counted_array_of_structs() {
    let server = structure(
        "Server",
        &[],
        vec![u("port", 16), bytes("key", prefixed(8))],
    );
    let fields = vec![
        u("n", 8).role(length_of(1, 1, Expr::int(0))),
        array(
            "servers",
            Type::Struct(StructId(0)),
            Extent::Counted(value(0)),
        ),
    ];
    let list = structure("List", std::slice::from_ref(&server), fields);
    let layout = layout(vec![server, list]);
    check(
        &layout,
        "02 0050 01aa 01bb 00",
        r#"{"n":2,"servers":[{"port":80,"key":"aa"},{"port":443,"key":""}]}"#,
    );
    check_encodes(
        &layout,
        r#"{"servers":[{"port":80,"key":"aa"}]}"#,
        "01 0050 01aa",
    );
    check_encodes(&layout, r#"{"servers":[]}"#, "00");
}

#[test]
fn arrays_of_every_other_extent() {
    let word = || Type::Scalar(uint(16));
    let fields = vec![
        u("size", 8).role(length_of(2, 1, Expr::int(0))),
        array("pair", word(), Extent::Fixed(2)),
        array("sized", word(), Extent::Sized(value(0))),
        array("prefixed", word(), prefixed(8)),
        array("rest", word(), Extent::Rest { after: 0 }),
    ];
    let layout = layout(vec![structure("Arrays", &[], fields)]);
    check(
        &layout,
        "04 00010002 00030004 010005 00060007",
        r#"{"size":4,"pair":[1,2],"sized":[3,4],"prefixed":[5],"rest":[6,7]}"#,
    );
}

/// Like IPv4: lengths in words that include the header, and a checksum over that.
pub(super) fn ip() -> Layout {
    use BinaryOp::{Mul, Sub};
    let header = || op(value(1), Mul, Expr::int(4));
    let options = op(header(), Sub, Expr::int(8));
    let payload = op(value(2), Sub, header());
    let minus_header = op(Expr::int(0), Sub, header());
    let fields = vec![
        bits("version", 4).role(Role::Const(4)),
        bits("ihl", 4).role(length_of(5, 4, Expr::int(-8))),
        u("total", 16).role(length_of(6, 1, minus_header)),
        u("check", 16).role(internet(0, 5)),
        bytes("_", Extent::Fixed(3)).role(Role::Reserved { strict: false }),
        bytes("options", Extent::Counted(options)),
        bytes("payload", Extent::Counted(payload)),
    ];
    layout(vec![structure("Ip", &[], fields)])
}

#[test]
fn lengths_that_are_derived_and_a_checksum() {
    // !(0x4300 + 0x0e00 + 0 + 0 + 0xdead + 0xbeef), with the carry added.
    let json =
        r#"{"version":4,"ihl":3,"total":14,"check":4450,"options":"deadbeef","payload":"0102"}"#;
    check(&ip(), "43 000e 1162 000000 deadbeef 0102", json);
    let short = r#"{"options":"deadbeef","payload":"0102"}"#;
    check_encodes(&ip(), short, "43 000e 1162 000000 deadbeef 0102");
}

#[test]
fn an_optional_field_and_its_bit() {
    let fields = vec![
        bool("has", 1).in_run().role(presence_of(2)),
        bits("_", 7).role(Role::Reserved { strict: true }),
        u("extra", 16).when(value(0)),
    ];
    let layout = layout(vec![structure("Opt", &[], fields)]);
    check(&layout, "80 0005", r#"{"has":true,"extra":5}"#);
    check(&layout, "00", r#"{"has":false,"extra":null}"#);
    check_encodes(&layout, r#"{"extra":5}"#, "80 0005");
    check_encodes(&layout, "{}", "00");
}

/// A variant like that of IP's payload: the tag names the protocol, but only of first fragments.
pub(super) fn frames() -> Layout {
    let tcp = structure("Tcp", &[], vec![u("port", 16)]);
    let cases = vec![
        ("Tcp", 6, Type::Struct(StructId(0))),
        ("word", 7, Type::Scalar(uint(32))),
        ("note", 8, Type::Bytes(prefixed(8))),
    ];
    let first = op(value(0), BinaryOp::Eq, Expr::int(0));
    let otherwise = Some(Type::Bytes(Extent::Rest { after: 0 }));
    let fields = vec![
        u("fragment", 8),
        u("kind", 8).role(tag_of(2)),
        variant("payload", 1, cases, otherwise, Some(first)),
        bytes("padding", Extent::Rest { after: 0 }),
    ];
    let shape = structure("Frame", std::slice::from_ref(&tcp), fields);
    layout(vec![tcp, shape])
}

#[test]
fn a_variant_with_a_guard_and_another_case() {
    let layout = frames();
    check(
        &layout,
        "00 06 0050 0000",
        r#"{"fragment":0,"kind":6,"payload":{"Tcp":{"port":80}},"padding":"0000"}"#,
    );
    check(
        &layout,
        "00 07 00000001",
        r#"{"fragment":0,"kind":7,"payload":{"word":1},"padding":""}"#,
    );
    check(
        &layout,
        "00 08 01ff",
        r#"{"fragment":0,"kind":8,"payload":{"note":"ff"},"padding":""}"#,
    );
    check(
        &layout,
        "01 06 005000",
        r#"{"fragment":1,"kind":6,"payload":{"else":"005000"},"padding":""}"#,
    );
    let short = r#"{"fragment":0,"payload":{"Tcp":{"port":80}},"padding":""}"#;
    check_encodes(&layout, short, "00 06 0050");
}

#[test]
fn a_packet_with_size_and_id() {
    let fields = vec![
        u("size", 16).role(Role::Size { excluded: 2 }),
        u("id", 16).role(Role::Id(2002)),
        bytes("data", Extent::Rest { after: 0 }),
    ];
    let layout = framed(vec![structure("Packet", &[], fields)], 100);
    check(
        &layout,
        "0004 07d2 0102",
        r#"{"size":4,"id":2002,"data":"0102"}"#,
    );
    check_encodes(&layout, r#"{"data":"0102"}"#, "0004 07d2 0102");
}

#[test]
fn bounded_structs_end_where_they_are_told() {
    let all = vec![bytes("all", Extent::Rest { after: 0 })];
    let body = structure("Body", &[], all);
    let fields = vec![
        u("size", 8).role(length_of(1, 1, Expr::int(0))),
        inner("a", 0).sized(value(0)),
        inner("b", 0).rest(1),
        u("tail", 8),
    ];
    let shape = structure("Two", std::slice::from_ref(&body), fields);
    let json = r#"{"size":2,"a":{"all":"0102"},"b":{"all":"030405"},"tail":6}"#;
    check(&layout(vec![body, shape]), "02 0102 030405 06", json);
}

#[test]
fn reserved_bytes_are_neither_looked_at_nor_shown() {
    let fields = vec![
        bytes("_", Extent::Fixed(2)).role(Role::Reserved { strict: false }),
        u("_", 8).role(Role::Const(7)),
        u("a", 8),
    ];
    let layout = layout(vec![structure("Odd", &[], fields)]);
    check(&layout, "0000 07 01", r#"{"a":1}"#);
    let decoded = decode(&layout, last(&layout), &[1, 2, 7, 1]).expect("decodes");
    assert_eq!(decoded.trace[0].text, "0102");
}

#[test]
fn reserved_bytes_can_be_optional() {
    let reserved = Role::Reserved { strict: false };
    let fields = vec![
        u("more", 8),
        bytes("_", Extent::Fixed(2)).role(reserved).when(value(0)),
        u("five", 8).role(Role::Const(5)).when(value(0)),
    ];
    let layout = layout(vec![structure("Odd", &[], fields)]);
    check(&layout, "01 0000 05", r#"{"more":1,"five":5}"#);
    check(&layout, "00", r#"{"more":0,"five":null}"#);
    check_encodes(&layout, r#"{"more":1}"#, "01 0000 05");
}

#[test]
fn a_length_that_counts_nothing_this_time_is_free() {
    let counted = bytes("data", Extent::Counted(value(0))).when(value(1));
    let length = length_of(2, 1, Expr::int(0));
    let fields = vec![u("n", 8).role(length), u("has", 8), counted];
    let layout_absent = layout(vec![structure("Free", &[], fields)]);
    check(&layout_absent, "07 00", r#"{"n":7,"has":0,"data":null}"#);
    check_encodes(&layout_absent, r#"{"has":0}"#, "00 00");

    let cases = vec![
        ("data", 1, Type::Bytes(Extent::Counted(value(0)))),
        ("word", 2, Type::Scalar(uint(16))),
    ];
    let length = length_of(2, 1, Expr::int(0));
    let fields = vec![
        u("n", 8).role(length),
        u("kind", 8).role(tag_of(2)),
        variant("body", 1, cases, None, None),
    ];
    let layout_case = layout(vec![structure("Free", &[], fields)]);
    check(
        &layout_case,
        "07 02 0001",
        r#"{"n":7,"kind":2,"body":{"word":1}}"#,
    );
    check_encodes(&layout_case, r#"{"body":{"data":"aabb"}}"#, "02 01 aabb");
}

#[test]
fn the_trace_has_every_leaf_with_its_place() {
    let point = structure("Point", &[], vec![u("x", 8)]);
    let fields = vec![
        bits("a", 3),
        bits("_", 5).role(Role::Reserved { strict: false }),
        text("name", prefixed(16)),
        array("points", Type::Struct(StructId(0)), prefixed(8)),
        array("words", Type::Scalar(uint(16)), Extent::Fixed(2)),
        u("check", 16).role(internet(0, 4)),
    ];
    let shape = structure("All", std::slice::from_ref(&point), fields);
    let layout = layout(vec![point, shape]);
    let bytes = hex("a0 0002 610a 01 07 0001 0002 499d");
    let trace = decode(&layout, last(&layout), &bytes)
        .expect("decodes")
        .trace;
    let leaf = |path: &str, offset, len, text: &str, role| Leaf {
        path: path.to_owned(),
        offset,
        len,
        bits: None,
        text: text.to_owned(),
        role,
    };
    let bits = |shift, width, leaf| Leaf {
        bits: Some(LeafBits {
            shift,
            width,
            endian: Endian::Big,
        }),
        ..leaf
    };
    let expected = vec![
        bits(5, 3, leaf("a", 0, 1, "5", LeafRole::Data)),
        bits(0, 5, leaf("_", 0, 1, "0", LeafRole::Reserved)),
        leaf("name length", 1, 2, "2", LeafRole::Prefix),
        leaf("name", 3, 2, r#""a\n""#, LeafRole::Data),
        leaf("points length", 5, 1, "1", LeafRole::Prefix),
        leaf("points[0].x", 6, 1, "7", LeafRole::Data),
        leaf("words[0]", 7, 2, "1", LeafRole::Data),
        leaf("words[1]", 9, 2, "2", LeafRole::Data),
        leaf("check", 11, 2, "18845", LeafRole::Checksum),
    ];
    assert_eq!(trace, expected);
}
