//! What counts, and what does not: pairs of schemas.

mod fields;
mod framings;
mod sessions;

use super::fingerprint;
use crate::codec;
use Relation::{Different, Same};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Relation {
    Same,
    Different,
}

/// Compares whole schemas. Those that shall be the same, and have one packet, are tried on bytes.
#[track_caller]
fn check_schemas(left: &str, expected: Relation, right: &str) {
    let [a, b] = [left, right].map(|schema| match crate::compile(schema) {
        Ok(compiled) => compiled.layout,
        Err(problems) => panic!("{schema}\n{problems:#?}"),
    });
    let found = if fingerprint(&a) == fingerprint(&b) {
        Same
    } else {
        Different
    };
    assert_eq!(found, expected, "\n{left}\n{right}");
    if let (Same, [one], [other]) = (expected, a.packets.as_slice(), b.packets.as_slice()) {
        for bytes in any_bytes() {
            let [one, other] = [(&a, one), (&b, other)]
                .map(|(layout, packet)| codec::decode(layout, packet.body, &bytes).is_ok());
            assert_eq!(one, other, "{bytes:02x?}\n{left}\n{right}");
        }
    }
}

/// A thousand packets of a few bytes, mostly small ones: the same in every run.
fn any_bytes() -> impl Iterator<Item = Vec<u8>> {
    let mut seed = 1_u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let [byte, ..] = seed.to_be_bytes();
        byte
    };
    (0..1000).map(move |number| {
        let mask = if number % 2 == 0 { 0x03 } else { 0xff };
        (0..number % 12).map(|_| next() & mask).collect()
    })
}

/// Compares what follows the protocol's name.
#[track_caller]
fn check_top(left: &str, expected: Relation, right: &str) {
    let [left, right] = [left, right].map(|top| format!("protocol: p\n{top}\n"));
    check_schemas(&left, expected, &right);
}

const TYPES: &str = "
  Kind: { enum: u8, values: { a: 1, b: 2, c: 3 } }
  Order: { enum: u8, values: { z: 3, y: 1, x: 2 } }
  More: { enum: u8, values: { a: 1, b: 2, c: 3, d: 4 } }
  Gap: { enum: u8, values: { a: 1, b: 2, c: 4 } }
  Open: { enum: u8, unknown: keep, values: { a: 1 } }
  Wide: { enum: u16, values: { a: 1, b: 2, c: 3 } }
  Caps: { flags: u8, bits: { a: 0, b: 3 } }
  Ability: { flags: u8, bits: { y: 3, x: 0 } }
  Third: { flags: u8, bits: { a: 0, b: 3, c: 4 } }
  Kept: { flags: u8, unknown: keep, bits: { a: 0, b: 3 } }
  Dropped: { flags: u8, unknown: skip, bits: { a: 0, b: 3 } }
  Pair: { struct: [x: u8, y: u16] }
  Two: { struct: [east: u8, north: u16] }
  Swapped: { struct: [x: u16, y: u8] }
  Line: { struct: [from: Pair, to: Two] }
  Row: { struct: [a: Two, b: Pair] }
  Unlike: { struct: [from: Pair, to: Swapped] }
  Small: { type: u16, range: 1..=9 }
  Tenths: { type: u16, scale: 0.1, unit: V }
  Name: { type: string<u8>, max: 16 }
  Little: { endian: little, struct: [x: u8, y: u16] }
";

/// Compares the fields of a packet, which can have the types above.
#[track_caller]
fn check(left: &str, expected: Relation, right: &str) {
    let packet = |fields| format!("types:{TYPES}packets: {{ P: {{ fields: [{fields}] }} }}");
    check_top(&packet(left), expected, &packet(right));
}

#[test]
fn names_and_what_is_for_readers_do_not_count() {
    check("a: u16", Same, "b: u16");
    check("a: u16", Same, "a: { type: u16, doc: A number }");
    check("a: u16", Same, "a: { type: u16, unit: m }");
    check("a: u16", Same, "a: { type: u16, scale: 0.1 }");
    check("a: u16", Same, "a: Tenths");
    check("a: u16", Same, "a: { type: u16, default: 7 }");
    check("a: u16", Same, "a: { type: u16, deprecated: Use b }");
    check(
        "a: { type: u8, const: 7 }",
        Same,
        "_: { type: u8, const: 7 }",
    );
    check("a: Pair", Same, "a: Two");
    check("a: Line", Same, "a: Row");
    let packet = "packets: { P: { fields: [x: u8] } }";
    check_top(packet, Same, "packets: { Q: { fields: [x: u8] } }");
    check_top(packet, Same, "packets: { P: { doc: It, fields: [x: u8] } }");
    check_top(packet, Same, &format!("version: 3\ndoc: It\n{packet}"));
    check_top(
        packet,
        Same,
        "version: 3\npackets: { P: { since: 2, fields: [x: { type: u8, since: 3 }] } }",
    );
    check_top(
        packet,
        Same,
        &format!("types: {{ T: {{ struct: [x: u8] }} }}\n{packet}"),
    );
    check_top(packet, Same, "packets: { P: { size: 1, fields: [x: u8] } }");
    check_top(
        packet,
        Same,
        "packets: { P: { fields: [x: u8], vectors: [{ name: v, hex: '07', value: { x: 7 } }] } }",
    );
    check_schemas(
        &format!("protocol: p\n{packet}"),
        Same,
        &format!("protocol: q\n{packet}"),
    );
    check_top(packet, Different, "packets: {}");
}

#[test]
fn the_order_of_keys_types_and_packets_does_not_count() {
    check(
        "a: { type: u16, range: 1..=9, endian: little }",
        Same,
        "a: { endian: little, range: 1..=9, type: u16 }",
    );
    let types = [
        "A: { struct: [b: B, c: C] }",
        "B: { struct: [x: u8] }",
        "C: { enum: u8, values: { a: 0 } }",
        "D: { enum: u8, values: { a: 1 } }",
    ];
    let packets = "packets: { P: { fields: [a: A, d: D] } }";
    let top = |order: [usize; 4]| {
        format!(
            "types: {{ {} }}\n{packets}",
            order.map(|at| types[at]).join(", ")
        )
    };
    check_top(&top([0, 1, 2, 3]), Same, &top([3, 2, 1, 0]));
    check_top(
        &format!("{}\nendian: big", top([0, 1, 2, 3])),
        Same,
        &top([1, 3, 0, 2]),
    );
    check("a: u8, b: u16", Different, "b: u16, a: u8");
}

const HEADER: &str =
    "framing: { header: [size: { type: u16, role: size }, id: { type: u8, role: id }] }\n";

/// Compares packets with ids.
#[track_caller]
fn check_packets(left: &str, expected: Relation, right: &str) {
    let [left, right] = [left, right].map(|packets| format!("{HEADER}packets: {{ {packets} }}"));
    check_top(&left, expected, &right);
}

#[test]
fn packets_count_with_ids_and_directions_in_any_order() {
    check_packets(
        "A: { id: 1, fields: [x: u8] }, B: { id: 2 }, C: { id: 3 }",
        Same,
        "C: { id: 3 }, B: { id: 2 }, A: { id: 1, fields: [x: u8] }",
    );
    check_packets(
        "A: { id: 1 }, B: { id: 2, fields: [x: u8] }",
        Different,
        "A: { id: 2 }, B: { id: 1, fields: [x: u8] }",
    );
    check_packets("A: { id: 1 }", Different, "A: { id: 2 }");
    check_packets("A: { id: 1 }", Different, "A: { id: 1..=2 }");
    check_packets("A: { id: 1 }", Different, "A: { id: 1 }, B: { id: 2 }");
    check_packets("A: { id: 1 }", Same, "A: { id: 1, from: both }");
    check_packets(
        "A: { id: 1, from: client }",
        Different,
        "A: { id: 1, from: server }",
    );
    check_packets("A: { id: 1, from: client }", Different, "A: { id: 1 }");
    let both = |first, second| {
        format!("A: {{ id: 1, from: {first} }}, B: {{ id: 1, from: {second}, fields: [x: u8] }}")
    };
    check_packets(
        &both("client", "server"),
        Different,
        &both("server", "client"),
    );
    check_packets(
        "A: { id: 1, fields: [x: u8] }",
        Different,
        "A: { id: 1, fields: [x: u8], trailing: skip }",
    );
    check_packets("A: { id: 1 }", Same, "A: { id: 1, trailing: reject }");
    let group = format!("{HEADER}groups: {{ g: 1..=9 }}\npackets: {{ A: {{ id: 1, group: g }} }}");
    check_top(
        &group,
        Same,
        &format!("{HEADER}packets: {{ A: {{ id: 1 }} }}"),
    );
    // Without ids nobody can tell which of two it is.
    check_top(
        "packets: { A: { fields: [x: u8] }, B: {} }",
        Same,
        "packets: { B: {}, C: {}, A: { fields: [y: u8] } }",
    );
}

#[test]
fn deep_nesting_takes_no_time() {
    let deeper = (1..12).map(|depth| {
        let inner = depth - 1;
        let fields: Vec<String> = (0..200)
            .map(|field| format!("f{field}: T{inner}"))
            .collect();
        format!(
            ", T{depth}: {{ struct: [n: varint, {}] }}",
            fields.join(", ")
        )
    });
    let types = format!("T0: {{ struct: [x: u8] }}{}", deeper.collect::<String>());
    let top = |first: &str| {
        format!(
            "types: {{ {} }}\npackets: {{ P: {{ fields: [t: T11] }} }}",
            types.replace("x: u8", first)
        )
    };
    check_top(&top("x: u8"), Different, &top("x: u16"));
    check_top(&top("x: u8"), Same, &top("y: u8"));
}
