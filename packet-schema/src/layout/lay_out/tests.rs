//! Places and sizes of structs, each given by its fields.

use super::*;
use crate::model::{Endian, Extent};

/// Lays out a schema with these types and one packet `P` with these fields.
fn compile(top: &str, types: &str, fields: &str) -> Result<Layout, String> {
    let types = if types.is_empty() { "{}" } else { types };
    let source =
        format!("protocol: p\n{top}types: {types}\npackets:\n  P:\n    fields: [{fields}]\n");
    match crate::compile(&source) {
        Ok(compiled) => Ok(compiled.layout),
        Err(problems) => {
            let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
            Err(codes.join(" "))
        }
    }
}

/// Where the fields lie: `offset+size` for bytes, `offset+size>>shift` with the width for bits, `?` for
/// dynamic places; `!` stands between the parts.
fn places(layout: &Layout) -> String {
    let body = layout.get(layout.packets[0].body);
    let place = |field: &Field| match (field.place, &field.ty) {
        (Place::Bytes { offset, size }, _) => format!("{offset}+{size}"),
        (
            Place::Bits {
                offset,
                size,
                endian,
                shift,
            },
            Type::Scalar(scalar),
        ) => {
            let endian = match endian {
                Endian::Big => "be",
                Endian::Little => "le",
            };
            format!("{offset}+{size}{endian}>>{shift}:{}", scalar.bits)
        }
        _ => "?".to_owned(),
    };
    let parts = body.parts.iter().map(|part| match part {
        Part::Static { fields, .. } => body.fields[fields.clone()]
            .iter()
            .map(place)
            .collect::<Vec<_>>()
            .join(" "),
        Part::Dynamic { field } => place(&body.fields[*field]),
        Part::Align { to, .. } => format!("to {to}"),
    });
    parts.collect::<Vec<_>>().join(" ! ")
}

#[track_caller]
fn check(fields: &str, expected: &str) {
    check_with("", "", fields, expected);
}

#[track_caller]
fn check_with(top: &str, types: &str, fields: &str, expected: &str) {
    let found = compile(top, types, fields).map_or_else(|codes| codes, |layout| places(&layout));
    assert_eq!(found, expected, "{top}{types} {fields}");
}

/// Smallest and largest size of the packet.
#[track_caller]
fn check_sizes(types: &str, fields: &str, expected: (u64, Option<u64>)) {
    let layout = compile("", types, fields).unwrap_or_else(|codes| panic!("{fields}: {codes}"));
    let body = layout.get(layout.packets[0].body);
    assert_eq!((body.min_size, body.max_size), expected, "{types} {fields}");
}

#[test]
fn whole_bytes_lie_one_after_the_other() {
    check("a: u8, b: u24, c: f64, d: 'bytes[3]'", "0+1 1+3 4+8 12+3");
    check("", "");
}

#[test]
fn bit_runs_have_their_shifts_in_every_order() {
    let fields = "a: u3, b: u8, c: u5, d: u8";
    let order = |endian, bits| format!("endian: {endian}\nbit_order: {bits}\n");
    for (endian, bits, expected) in [
        ("big", "msb", "0+2be>>13:3 0+2be>>5:8 0+2be>>0:5 2+1"),
        ("big", "lsb", "0+2be>>0:3 0+2be>>3:8 0+2be>>11:5 2+1"),
        ("little", "msb", "0+2le>>13:3 0+2le>>5:8 0+2le>>0:5 2+1"),
        ("little", "lsb", "0+2le>>0:3 0+2le>>3:8 0+2le>>11:5 2+1"),
    ] {
        check_with(&order(endian, bits), "", fields, expected);
    }
}

#[test]
fn only_most_significant_bits_first_in_big_endian_split_runs() {
    let fields = "a: u4, b: u4, c: u12, d: u4";
    check(fields, "0+1be>>4:4 0+1be>>0:4 1+2be>>4:12 1+2be>>0:4");
    check_with(
        "endian: little\n",
        "",
        fields,
        "0+3le>>20:4 0+3le>>16:4 0+3le>>4:12 0+3le>>0:4",
    );
    check_with(
        "bit_order: lsb\n",
        "",
        fields,
        "0+3be>>0:4 0+3be>>4:4 0+3be>>8:12 0+3be>>20:4",
    );
}

#[test]
fn runs_end_where_bytes_begin() {
    check(
        "a: u16, b: u4, c: u4, d: u16, e: bit, f: u7",
        "0+2 2+1be>>4:4 2+1be>>0:4 3+2 5+1be>>7:1 5+1be>>0:7",
    );
    check("a: u4, b: u3", "P0311");
    check("a: u4, b: 'bytes[1]', c: u4", "P0311 P0311");
    check("a: u4, b: f32", "P0311");
    check("a: u1, b: u63", "0+8be>>63:1 0+8be>>0:63");
    check("a: u1, b: u64, c: u7", "P0312");
    check(
        "n: u8, x: 'bytes[n]', a: u4, b: u4",
        "0+1 ! ? ! 0+1be>>4:4 0+1be>>0:4",
    );
}

#[test]
fn enums_and_flags_lie_in_runs() {
    check_with(
        "",
        "{ E: { enum: u3, values: { a: 1 } }, F: { flags: u5, bits: { b: 0 } } }",
        "e: E, f: F",
        "0+1be>>5:3 0+1be>>0:5",
    );
}

#[test]
fn dynamic_fields_part_the_static_ones() {
    check("a: u8, b: string<u8>, c: u16, d: u8", "0+1 ! ? ! 0+2 2+1");
    check(
        "has: bool, a: { type: u8, when: has }, b: u8",
        "0+1 ! ? ! 0+1",
    );
}

#[test]
fn structs_of_fixed_size_stay_static() {
    let types = "{ V: { struct: [x: f32, y: f32] }, W: { struct: [v: V, n: string<u8>] } }";
    check_with("", types, "a: u8, v: V, b: u8", "0+1 1+8 9+1");
    check_with("", types, "a: u8, w: W, b: u8", "0+1 ! ? ! 0+1");
    check_with("", types, "v: 'V[2]'", "?");
}

#[test]
fn a_rest_leaves_the_bytes_that_follow() {
    let after = |fields: &str, index: usize| {
        let layout = compile("", "", fields).unwrap_or_else(|codes| panic!("{fields}: {codes}"));
        let body = layout.get(layout.packets[0].body);
        let field = &body.fields[index];
        if let Some(Bound::Rest { after }) = field.bound {
            return after;
        }
        match &field.ty {
            Type::Bytes(Extent::Rest { after })
            | Type::Array {
                extent: Extent::Rest { after },
                ..
            } => *after,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(after("a: 'bytes[]'", 0), 0);
    assert_eq!(after("a: 'bytes[]', b: u16, c: u4, d: u12, e: u8", 0), 5);
    assert_eq!(after("x: u8, a: 'u16[]', b: u32", 1), 4);
    assert_eq!(
        after(
            "k: u8, a: { match: k, cases: { 1: u8, else: bytes } }, b: u32",
            1
        ),
        4
    );
    check("a: 'bytes[]', b: string<u8>", "P0313");
    check("a: 'bytes[]', b: 'bytes[]'", "P0313");
    check(
        "has: bool, a: { type: 'bytes[]', when: has }, b: u8",
        "P0313",
    );
    check(
        "k: u8, a: { match: k, cases: { 1: u8, else: bytes } }, b: 'bytes[]'",
        "0+1 ! ? ! ?",
    );
}

#[test]
fn sizes_are_sums_of_the_smallest_and_largest() {
    check_sizes("", "", (0, Some(0)));
    check_sizes("", "a: u16, b: u4, c: u4", (3, Some(3)));
    check_sizes("", "a: string<u8>", (1, Some(256)));
    check_sizes(
        "",
        "a: { type: string<u16>, min: 1, max: 32 }",
        (3, Some(34)),
    );
    check_sizes("", "n: u4, _: u4, a: 'u16[n]'", (1, Some(31)));
    check_sizes(
        "",
        "n: { type: u8, range: 5..=15 }, a: 'bytes[n * 4 - 20]'",
        (1, Some(41)),
    );
    check_sizes("", "has: bool, a: { type: u32, when: has }", (1, Some(5)));
    check_sizes("", "a: 'bytes[]'", (0, None));
    check_sizes("", "a: { type: 'bytes[]', max: 9 }", (0, Some(9)));
    check_sizes(
        "",
        "k: u8, a: { match: k, cases: { 1: u8, 2: u32 } }",
        (2, Some(5)),
    );
    check_sizes(
        "{ S: { struct: [x: u8, y: string<u8>] } }",
        "s: 'S[3]'",
        (6, Some(771)),
    );
    check_sizes("", "n: u64, a: 'u64[n]'", (8, None));
}

#[test]
fn a_struct_that_contains_itself_is_reported_once() {
    check_with("", "{ A: { struct: [a: A] } }", "x: u8", "P0314");
    check_with(
        "",
        "{ A: { struct: [n: u8, a: 'A[n]', b: A] } }",
        "a: A",
        "P0314",
    );
    check_with(
        "",
        "{ A: { struct: [b: B, c: C] }, B: { struct: [k: u8, a: { match: k, cases: { 1: A } }] }, C: { struct: [a: A] } }",
        "a: A",
        "P0314",
    );
}

#[test]
fn long_chains_of_structs_are_refused_once() {
    let chain = |length: usize| {
        let links = (1..length).map(|at| format!("S{at}: {{ struct: [s: S{}] }}", at + 1));
        let types: Vec<String> = links
            .chain([format!("S{length}: {{ struct: [x: u8] }}")])
            .collect();
        compile("", &format!("{{ {} }}", types.join(", ")), "s: S1")
    };
    assert!(chain(MAX_PATH - 1).is_ok());
    for length in [MAX_PATH, 100, 20_000] {
        assert_eq!(chain(length).err().as_deref(), Some("P0316"), "{length}");
    }
}

#[test]
fn elements_need_bytes() {
    check_with("", "{ E: { struct: [] } }", "n: u8, a: 'E[n]'", "P0315");
    check_with(
        "",
        "{ E: { struct: [b: 'bytes[]'] } }",
        "a: 'E[2]'",
        "P0315",
    );
}

#[test]
fn one_broken_struct_does_not_hide_the_mistakes_of_others() {
    let types = "{ A: { struct: [x: nope] }, B: { struct: [x: u3] }, C: { struct: [a: A, b: B] } }";
    check_with("", types, "y: u4", "P0205 P0311 P0311");
}

#[test]
fn elements_do_not_take_the_rest() {
    let check = |field: &str, expected: &str| {
        let types = "{ G: { struct: [a: u8, r: 'bytes[]'] }, F: { struct: [g: G, t: u16] } }";
        check_with("", types, field, expected);
    };
    check("a: 'G[]'", "P0313");
    check("n: u8, a: { type: 'G[]', size: n }", "P0313");
    // What it leaves to its own last field, it does not leave to what follows it.
    check("a: 'F<u8>'", "P0313");
    check("a: F, b: 'bytes<u8>'", "P0313");
}

#[test]
fn checksums_have_bytes_of_their_own() {
    let sum = "a: u4, s: { type: u16, checksum: { algorithm: internet, over: [a, b] } }, b: u4";
    check_with("", "{}", sum, "P0308");
}

#[test]
fn header_and_body_share_no_byte() {
    let header = "framing: { header: [a: u4, s: { type: u16, role: size }, b: u4] }\n";
    let expected = "0+3be>>20:4 0+3be>>4:16 0+3be>>0:4 3+1be>>4:4 3+1be>>0:4";
    check_with(header, "{}", "x: u4, y: u4", expected);
    let order = format!("endian: little\n{header}");
    let expected = "0+3le>>20:4 0+3le>>4:16 0+3le>>0:4 3+1le>>4:4 3+1le>>0:4";
    check_with(&order, "{}", "x: u4, y: u4", expected);
    let uneven = "framing: { header: [s: { type: u12, role: size }] }\n";
    check_with(uneven, "{}", "x: u4", "P0311 P0311");
}

/// Where size and id are, `bytes behind a varint+offset`, and the bytes of header and trailer.
fn header(framing: &str) -> Result<String, String> {
    let top = format!("framing: {{ {framing} }}\n");
    let source = format!("protocol: p\n{top}packets: {{ P: {{ id: 1, fields: [x: u8] }} }}\n");
    let layout = match crate::compile(&source) {
        Ok(compiled) => compiled.layout,
        Err(problems) => return Err(problems.iter().map(|problem| problem.code).collect()),
    };
    let framing = &layout.framings[0];
    let place = |field: &crate::layout::HeaderField| match field.behind {
        Some(varint) => format!("{}..+{}", varint.offset, field.offset),
        None => format!("{}", field.offset),
    };
    let [size, id] =
        [&framing.size, &framing.id].map(|field| field.as_ref().map_or("-".to_owned(), place));
    Ok(format!(
        "{size} {id} {}+{} {:02x?}",
        framing.header_size, framing.trailer_size, framing.magic
    ))
}

#[test]
fn headers_can_have_several_parts() {
    let check = |framing: &str, expected: &str| match header(framing) {
        Ok(found) | Err(found) => assert_eq!(found, expected, "{framing}"),
    };
    let (size, id) = (
        "size: { type: u16, role: size }",
        "id: { type: u8, role: id }",
    );
    check(&format!("header: [{size}, {id}]"), "0 2 3+0 []");
    // A computed value ends a part.
    let twice = "k: u8, v: { type: u8, value: k * 2 }";
    check(&format!("header: [{size}, {twice}, {id}]"), "0 4 5+0 []");
    check(
        &format!(
            "header: [{twice}, {size}, {id}], trailer: [m: u8, n: {{ type: u8, value: m }}, e: u16]"
        ),
        "2 4 5+4 []",
    );
    let aligned = "id: { type: u8, role: id, align: 8 }";
    check(
        &format!("header: [{size}, {twice}, {aligned}]"),
        "0 8 9+0 []",
    );
    check(
        &format!("header: [{size}, s: varint, {id}]"),
        "0 2..+0 4+0 []",
    );
    check(&format!("header: [{size}, s: varint, {aligned}]"), "P0521");
    check(
        &format!("header: [{size}, s: varint, t: u16, {twice}, {id}]"),
        "0 2..+4 8+0 []",
    );
    // What a gap holds is ignored, so nobody can look for it.
    let magic = "a: { type: u8, const: 0xfe }, b: { type: u16, const: 0xcafe, align: 2 }";
    check(&format!("header: [{magic}, {size}, {id}]"), "4 6 7+0 [fe]");
}
