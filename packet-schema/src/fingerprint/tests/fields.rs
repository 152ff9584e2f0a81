//! Fields and their types.

use super::Relation::{Different, Same};
use super::{check, check_top};

#[test]
fn numbers_count_with_width_sign_and_byte_order() {
    check("a: u16", Different, "a: u32");
    check("a: u16", Different, "a: i16");
    check("a: u32", Different, "a: f32");
    check("a: u16", Different, "a: u16le");
    check("a: u16be", Same, "a: u16");
    check("a: u8", Same, "a: { type: u8, endian: little }");
    check("a: Pair", Different, "a: Little");
    check_top(
        "packets: { P: { fields: [x: u16] } }",
        Different,
        "endian: little\npackets: { P: { fields: [x: u16] } }",
    );
    check_top(
        "packets: { P: { fields: [x: u16] } }",
        Same,
        "endian: little\npackets: { P: { endian: big, fields: [x: u16] } }",
    );
    check_top(
        "packets: { P: { fields: [x: u8] } }",
        Same,
        "endian: little\npackets: { P: { fields: [x: u8] } }",
    );
    check("a: f32", Different, "a: { type: f32, finite: true }");
    check("a: varint", Different, "a: zigzag");
    check(
        "a: varint",
        Different,
        "a: { type: varint, canonical: false }",
    );
    check(
        "a: varint",
        Different,
        "a: { type: varint, range: 0..=300 }",
    );
    check("a: u8", Different, "a: varint");
}

#[test]
fn valid_values_count_however_they_are_said() {
    check("a: u16", Different, "a: { type: u16, range: 1..=9 }");
    check("a: { type: u16, range: 1..=9 }", Same, "a: Small");
    check("a: { type: u16, range: 1..=8 }", Different, "a: Small");
    check("a: u16", Same, "a: { type: u16, range: 0..=65535 }");
    check("a: i8", Same, "a: { type: i8, range: -128..=127 }");
    check(
        "a: u128",
        Different,
        "a: { type: u128, range: 0..=170141183460469231731687303715884105727 }",
    );
    check("a: bool", Different, "a: u8");
    check("a: bool", Same, "a: { type: u8, range: 0..=1 }");
    check("a: { type: u8, range: 1..=3 }", Same, "a: Kind");
}

#[test]
fn enums_and_flags_count_with_their_numbers() {
    check("a: Kind", Same, "a: Order");
    check("a: Kind", Different, "a: More");
    check("a: Kind", Different, "a: Gap");
    check("a: Kind", Different, "a: Wide");
    check("a: Kind", Different, "a: Open");
    // All numbers are valid, with a name or without.
    check("a: Open", Same, "a: u8");
    check("a: Caps", Same, "a: Ability");
    check("a: Caps", Different, "a: Third");
    check("a: Caps", Different, "a: Kept");
    check("a: Caps", Different, "a: Dropped");
    check("a: Kept", Different, "a: Dropped");
    check("a: Caps", Different, "a: u8");
    check("a: Kept", Same, "a: u8");
}

#[test]
fn bit_runs_count_with_the_bits_of_their_fields() {
    check("a: u4, b: u4", Different, "a: u3, b: u5");
    check("a: u4, b: u4", Same, "c: u4, d: u4");
    check("a: bit, _: u7", Same, "a: u1, _: u7");
    check("a: u4, b: u4", Different, "a: u8");
    check(
        "a: bit, b: u7",
        Different,
        "a: { type: bit, const: true }, b: u7",
    );
    // What is behind it is another matter.
    check("x: u16, a: u4, b: u12", Different, "a: u4, b: u12, x: u16");
    let run =
        |order: &str, fields: &str| format!("packets: {{ P: {{ {order} fields: [{fields}] }} }}");
    let [big, little, lsb] = ["", "endian: little,", "bit_order: lsb,"];
    check_top(
        &run(big, "a: u3, b: u13"),
        Different,
        &run(little, "a: u3, b: u13"),
    );
    check_top(
        &run(big, "a: u3, b: u13"),
        Different,
        &run(lsb, "a: u3, b: u13"),
    );
    check_top(
        &run(big, "a: u3, b: u5"),
        Same,
        &run(little, "a: u3, b: u5"),
    );
    check_top(
        &run(big, "a: u3, b: u5"),
        Different,
        &run(lsb, "a: u3, b: u5"),
    );
    check_top(
        &run(big, "a: u8, b: u16, c: u4, d: u4"),
        Different,
        &run(little, "a: u8, b: u16, c: u4, d: u4"),
    );
    // Two numbers of a byte have their bits where one of two bytes has them.
    let lsb = "endian: little, bit_order: lsb,";
    let two = "a: u4, b: u4, c: { type: u4, endian: big }, d: { type: u4, endian: big }";
    check_top(
        &run(lsb, "a: u4, b: u4, c: u4, d: u4"),
        Same,
        &run(lsb, two),
    );
}

#[test]
fn bytes_text_and_arrays_count_with_how_they_end() {
    check("a: 'bytes[4]'", Different, "a: 'bytes[5]'");
    check("a: 'bytes[4]'", Different, "a: 'string[4]'");
    check("a: bytes<u8>", Different, "a: bytes<u16>");
    check("a: bytes<u16>", Different, "a: bytes<u16le>");
    check("a: bytes<u8>", Different, "a: bytes<varint>");
    check(
        "a: bytes<u8>",
        Same,
        "a: { type: bytes<u8>, endian: little }",
    );
    check("a: string<u8>", Different, "a: cstring");
    check(
        "a: string<u8>",
        Different,
        "a: { type: string<u8>, encoding: ascii }",
    );
    check(
        "a: string<u8>",
        Same,
        "a: { type: string<u8>, encoding: utf8 }",
    );
    check(
        "a: { type: string<u8>, encoding: utf16 }",
        Different,
        "a: { type: string<u8>, encoding: utf16, endian: little }",
    );
    check("a: Name", Same, "a: { type: string<u8>, max: 16 }");
    check("a: Name", Different, "a: { type: string<u8>, max: 17 }");
    check(
        "a: Name",
        Different,
        "a: { type: string<u8>, min: 1, max: 16 }",
    );
    check(
        "a: string<u8>",
        Same,
        "a: { type: string<u8>, min: 0, max: 255 }",
    );
    check("a: u16<u8>", Different, "a: i16<u8>");
    check("a: u16<u8>", Different, "a: 'u16[]'");
    check("a: 'u16[3]'", Different, "a: 'u16[4]'");
    check(
        "n: u8, a: 'u16[n]'",
        Different,
        "n: u8, a: { type: 'u16[]', size: n }",
    );
    check(
        "a: { type: 'u16[]', until: 7 }",
        Different,
        "a: { type: 'u16[]', until: 8 }",
    );
    check(
        "a: { type: 'u16[]', until: 7 }",
        Same,
        "a: { type: 'u16[]', until: 0x7 }",
    );
    check(
        "a: { type: 'Kind[]', until: a }",
        Same,
        "a: { type: 'Order[]', until: y }",
    );
    check("a: Pair<u8>", Same, "a: Two<u8>");
    check("a: Pair<u8>", Different, "a: Swapped<u8>");
    check("a: Line", Different, "a: Unlike");
}

#[test]
fn lengths_and_other_expressions_count_as_they_are_written() {
    check(
        "n: u8, a: 'bytes[n]'",
        Same,
        "length: u8, data: { type: bytes, size: length }",
    );
    check(
        "n: u8, a: 'bytes[n]'",
        Different,
        "n: u8, a: 'bytes[n + 1]'",
    );
    check(
        "n: u8, a: 'bytes[n * 2]'",
        Different,
        "n: u8, a: 'bytes[n + 2]'",
    );
    check(
        "m: u8, n: u8, a: 'bytes[m]'",
        Different,
        "m: u8, n: u8, a: 'bytes[n]'",
    );
    check(
        "n: u8, a: { type: Pair, size: n }",
        Different,
        "n: u8, a: Pair",
    );
    check(
        "n: u8, a: { type: Pair, size: n }",
        Different,
        "n: u8, a: { type: Pair, size: n, trailing: skip }",
    );
    check(
        "a: { type: u8, value: len(b) }, b: bytes<u8>",
        Different,
        "a: u8, b: bytes<u8>",
    );
    check(
        "a: { type: u8, value: len(b) }, b: bytes<u8>",
        Different,
        "a: { type: u8, value: size(b) }, b: bytes<u8>",
    );
    check(
        "a: { type: u8, value: len(b) }, b: bytes<u8>",
        Same,
        "c: { type: u8, value: len(d) }, d: bytes<u8>",
    );
}

#[test]
fn conditions_and_cases_count() {
    check(
        "p: bool, a: { type: u8, when: p }",
        Different,
        "p: bool, a: u8",
    );
    check(
        "p: bool, a: { type: u8, when: p }",
        Same,
        "there: bool, what: { type: u8, when: there }",
    );
    check(
        "p: bool, a: { type: u8, when: p }",
        Different,
        "p: bool, a: { type: u8, when: not p }",
    );
    check(
        "k: Kind, a: { type: u8, when: k == a }",
        Different,
        "k: Kind, a: { type: u8, when: k == b }",
    );
    check(
        "k: Kind, a: { type: u8, when: k == a }",
        Same,
        "k: Order, a: { type: u8, when: k == y }",
    );
    let cases = |cases: &str| format!("k: u8, v: {{ match: k, cases: {{ {cases} }} }}");
    check(
        &cases("1: Pair, 2: u8"),
        Same,
        &cases("2: { type: u8, name: Other }, 1: Two"),
    );
    check(
        &cases("1: Pair, 2: u8"),
        Different,
        &cases("2: Pair, 1: u8"),
    );
    check(&cases("1: Pair, 2: u8"), Different, &cases("1: Pair"));
    check(&cases("1: Pair"), Same, &cases("1: Pair, else: reject"));
    check(&cases("1: Pair"), Different, &cases("1: Pair, else: bytes"));
    check(
        &cases("1: Pair, else: bytes"),
        Different,
        &cases("1: Pair, else: skip"),
    );
    check(
        &cases("1: Pair, else: bytes"),
        Different,
        &cases("1: Pair, else: { type: bytes, max: 9 }"),
    );
    check(
        &cases("1: bytes"),
        Different,
        &cases("1: { type: bytes, max: 9 }"),
    );
    let guard = |guard: &str| {
        format!("p: u8, k: u8, v: {{ match: k, {guard} cases: {{ 1: Pair, else: bytes }} }}")
    };
    check(&guard(""), Different, &guard("guard: p == 1,"));
    check(
        &guard("guard: p == 1,"),
        Different,
        &guard("guard: p == 2,"),
    );
}

#[test]
fn constants_padding_and_reserved_bytes_count() {
    check("a: u8", Different, "a: { type: u8, const: 1 }");
    check(
        "a: { type: u8, const: 1 }",
        Different,
        "a: { type: u8, const: 2 }",
    );
    check(
        "a: { type: Kind, const: a }",
        Same,
        "a: { type: More, const: a }",
    );
    check(
        "a: { type: u16, const: 1 }",
        Different,
        "a: { type: u16le, const: 1 }",
    );
    check("_: u8", Different, "a: u8");
    check("_: u8", Different, "_: { type: u8, strict: true }");
    check("_: u16", Same, "_: 'bytes[2]'");
    check("_: u16", Same, "_: u16le");
    check("_: u16", Different, "_: u24");
    check(
        "a: { type: string<u8>, pad_to: 8 }",
        Different,
        "a: string<u8>",
    );
    check(
        "a: { type: string<u8>, pad_to: 8 }",
        Different,
        "a: { type: string<u8>, pad_to: 9 }",
    );
    check(
        "a: u8, b: { type: u16, align: 2 }",
        Different,
        "a: u8, b: u16",
    );
    check(
        "a: u8, b: { type: u16, align: 2 }",
        Different,
        "a: u8, b: { type: u16, align: 4 }",
    );
    check("a: u16, b: { type: u16, align: 2 }", Same, "a: u16, b: u16");
    check(
        "a: bytes<u8>, b: { type: u16, align: 2 }",
        Different,
        "a: bytes<u8>, b: u16",
    );
    check(
        "a: bytes<u8>, b: { type: u16, align: 2 }",
        Different,
        "a: bytes<u8>, b: { type: u16, align: 4 }",
    );
    check(
        "a: bytes<u8>, b: { type: u16, align: 1 }",
        Same,
        "a: bytes<u8>, b: u16",
    );
    // Whether the compiler puts the gap into a part does not matter.
    check(
        "a: { type: u8, value: 7 }, b: { type: u16, align: 2 }",
        Different,
        "a: { type: u8, value: 7 }, b: u16",
    );
    check(
        "a: { type: u16, value: 7 }, b: { type: u16, align: 2 }",
        Same,
        "a: { type: u16, value: 7 }, b: u16",
    );
}

#[test]
fn checksums_count_with_algorithm_and_reach() {
    let sum = |sum: &str| format!("a: u8, b: u8, s: {{ type: u16, checksum: {{ {sum} }} }}");
    let crc = "algorithm: crc16-modbus, over: [a, b]";
    check(&sum(crc), Different, "a: u8, b: u8, s: u16");
    check(
        &sum(crc),
        Different,
        &sum("algorithm: internet, over: [a, b]"),
    );
    check(
        &sum(crc),
        Different,
        &sum("algorithm: crc16-xmodem, over: [a, b]"),
    );
    check(
        &sum(crc),
        Different,
        &sum("algorithm: crc16-modbus, over: [b, b]"),
    );
    check(&sum(crc), Different, &sum(&format!("{crc}, extra: 7")));
    check(
        &sum("algorithm: crc16-x25, over: [a, b]"),
        Same,
        &sum("algorithm: crc16-ibm-sdlc, over: [a, b]"),
    );
}
