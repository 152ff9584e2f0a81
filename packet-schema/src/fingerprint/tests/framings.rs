//! Framings, and what of them is a packet's own.

use super::Relation::{self, Different, Same};
use super::check_top;

/// Compares framings around the same packets.
#[track_caller]
fn check_framing(left: &str, expected: Relation, right: &str) {
    let top = |framing| {
        format!(
            "framing: {{ {framing} }}\npackets: {{ A: {{ id: 1 }}, B: {{ id: 2, fields: [x: u8] }} }}"
        )
    };
    check_top(&top(left), expected, &top(right));
}

#[test]
fn framings_count_with_roles_limits_and_policies() {
    let size = "size: { type: u16, role: size }";
    let id = "id: { type: u8, role: id }";
    let plain = &format!("header: [{size}, {id}]");
    check_framing(
        plain,
        Same,
        "header: [length: { type: u16, role: size, counts: packet }, kind: { type: u8, role: id }]",
    );
    check_framing(plain, Different, &format!("header: [{id}, {size}]"));
    check_framing(
        plain,
        Different,
        &format!("header: [size: {{ type: u16, role: size, counts: body }}, {id}]"),
    );
    check_framing(
        plain,
        Different,
        &format!("header: [size: {{ type: u16, role: size, bias: 1 }}, {id}]"),
    );
    check_framing(
        plain,
        Different,
        &format!("header: [size: {{ type: u16le, role: size }}, {id}]"),
    );
    check_framing(
        plain,
        Different,
        &format!("header: [size: {{ type: u24, role: size }}, {id}]"),
    );
    check_framing(
        "header: [size: { type: u16, role: size, counts: body }, id: { type: u8, role: id }]",
        Same,
        "header: [size: { type: u16, role: size, bias: -3 }, id: { type: u8, role: id }]",
    );
    check_framing(
        plain,
        Same,
        &format!("on_unknown_id: close, on_corrupt: close, max_size: 64KiB, {plain}"),
    );
    check_framing(plain, Different, &format!("on_unknown_id: skip, {plain}"));
    check_framing(plain, Different, &format!("max_size: 4KiB, {plain}"));
    check_framing(plain, Different, &format!("{plain}, trailer: [end: u8]"));
    check_framing(
        plain,
        Different,
        &format!("header: [{size}, {id}, extra: u8]"),
    );
    let magic = &format!("header: [magic: {{ type: u8, const: 0xfe }}, {size}, {id}]");
    check_framing(magic, Different, &format!("on_corrupt: resync, {magic}"));
    check_framing(
        magic,
        Different,
        &format!("header: [magic: {{ type: u8, const: 0xff }}, {size}, {id}]"),
    );
    let bits = "header: [kind: { type: u4, role: id }, flags: u4, length: { type: varint, range: 0..=9999, role: size, counts: body }]";
    check_framing(bits, Different, &bits.replace("9999", "99999"));
    check_framing(
        bits,
        Different,
        "header: [flags: u4, kind: { type: u4, role: id }, length: { type: varint, range: 0..=9999, role: size, counts: body }]",
    );
    let alone = |framing: &str| format!("{framing}packets: {{ P: {{ fields: [x: 'bytes[]'] }} }}");
    let line = |end: &str| alone(&format!("framing: {{ delimiter: {end} }}\n"));
    check_top(&line("\";\""), Different, &line("\",\""));
    let fixed = |bytes: u8| alone(&format!("framing: {{ fixed: {bytes} }}\n"));
    check_top(&fixed(8), Different, &fixed(9));
    check_top(&fixed(8), Different, &line("\";\""));
    check_top(
        &alone("framing: { until_close: true }\n"),
        Different,
        &alone("framing: { datagram: true }\n"),
    );
    // Without ids, none is unknown.
    check_top(
        &alone("framing: { until_close: true }\n"),
        Same,
        &alone("framing: { until_close: true, on_unknown_id: skip }\n"),
    );
}

#[test]
fn packets_belong_to_their_framing_whatever_that_is_called() {
    let header = |bits| {
        format!(
            "{{ header: [size: {{ type: u{bits}, role: size }}, id: {{ type: u8, role: id }}] }}"
        )
    };
    let (a, b) = (&header(16), &header(32));
    let packets = |first: &str, second: &str| {
        format!("packets: {{ A: {{ {first} id: 1 }}, B: {{ {second} id: 2 }} }}")
    };
    let usual = &format!(
        "framing: {a}\nframings: {{ other: {b} }}\n{}",
        packets("", "framing: other,")
    );
    check_top(
        usual,
        Same,
        &format!(
            "framing: {b}\nframings: {{ more: {a} }}\n{}",
            packets("framing: more,", "")
        ),
    );
    check_top(
        usual,
        Different,
        &format!(
            "framing: {a}\nframings: {{ other: {b} }}\n{}",
            packets("framing: other,", "")
        ),
    );
    // Two that look alike keep their packets apart.
    let alike = |second: &str| {
        format!(
            "framing: {a}\nframings: {{ other: {a} }}\n{}",
            packets("", second)
        )
    };
    check_top(&alike("framing: other,"), Different, &alike(""));
}

#[test]
fn a_packets_own_header_counts() {
    let top = |own: &str| {
        format!(
            "framing: {{ header: [id: {{ type: u8, role: id }}, flags: u8, size: {{ type: u8, role: size }}] }}\npackets: {{ A: {{ id: 1, {own} }} }}"
        )
    };
    check_top(&top(""), Different, &top("header: { flags: 2 }"));
    check_top(
        &top("header: { flags: [a: u4, b: u4] }"),
        Different,
        &top("header: { flags: [a: u3, b: u5] }"),
    );
    check_top(
        &top("header: { flags: [a: u4, b: u4] }"),
        Same,
        &top("header: { flags: [x: u4, y: u4] }"),
    );
}
