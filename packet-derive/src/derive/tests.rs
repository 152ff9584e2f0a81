//! A struct and the YAML that says the same have the same layout.

use super::*;
use quote::quote;

/// The struct's layout is that of the packets in `yaml`.
fn check(item: TokenStream, yaml: &str) {
    let layout = compile(&syn::parse2(item).unwrap(), &mut Context::default())
        .map_or_else(|problems| panic!("{problems:#?}"), |(layout, _)| layout);
    let expected = packet_schema::compile(&format!("protocol: derived\n{yaml}"))
        .unwrap_or_else(|problems| panic!("{problems:#?}"))
        .layout;
    let lines = |layout: &Layout| without_places(&format!("{layout:#?}"));
    let (found, expected) = (lines(&layout), lines(&expected));
    let first = found.iter().zip(&expected).position(|(a, b)| a != b);
    let around = |lines: &[String]| match first {
        Some(at) => lines[at.saturating_sub(12)..lines.len().min(at + 3)].join("\n"),
        None => format!("{} lines", lines.len()),
    };
    assert!(
        found == expected,
        "found\n{}\nexpected\n{}",
        around(&found),
        around(&expected)
    );
}

/// A layout's lines without those that say where something was written.
fn without_places(text: &str) -> Vec<String> {
    let mut lines = text.lines();
    let mut kept = Vec::new();
    while let Some(line) = lines.next() {
        if line.trim_start().starts_with("span: Span {") {
            lines.by_ref().find(|line| line.trim_start() == "},");
        } else {
            kept.push(line.to_owned());
        }
    }
    kept
}

/// The struct is refused with exactly these codes, in this order.
fn refuse(item: TokenStream, codes: &[&str]) {
    let problems = compile(&syn::parse2(item).unwrap(), &mut Context::default())
        .map(|_| ())
        .unwrap_err();
    let found: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(found, codes, "{problems:#?}");
}

const HEADER: &str =
    "framing: { header: [ size: { type: u16, role: size }, id: { type: u16, role: id } ] }";

#[test]
fn numbers_are_themselves() {
    check(
        quote! {
            struct Numbers {
                a: u8, b: u16, c: u32, d: u64, e: u128, f: i8, g: i16, h: i32, i: i64, j: i128,
                k: f32, l: f64, m: bool, n: [u8; 0x10],
            }
        },
        "packets: { Numbers: { fields: [ a: u8, b: u16, c: u32, d: u64, e: u128, f: i8, g: i16, \
         h: i32, i: i64, j: i128, k: f32, l: f64, m: bool, n: 'bytes[16]' ] } }",
    );
}

#[test]
fn an_id_brings_the_usual_header() {
    check(
        quote! {
            /// A player has moved.
            ///
            /// Often.
            #[packet(id = 1001, size = 8)]
            pub struct Move {
                /// Who.
                player: u32,
            }
        },
        &format!(
            "{HEADER}\npackets: {{ Move: {{ id: 1001, size: 8, doc: \"A player has moved.\\n\\nOften.\", \
             fields: [ player: {{ type: u32, doc: Who. }} ] }} }}"
        ),
    );
}

#[test]
fn a_header_can_be_written_out() {
    check(
        quote! {
            #[packet(
                id = 0x7, endian = "little", max_size = "1KiB", counts = "body",
                header(magic: u16 = 0xcafe, size: u32be, id: u8, _: u8)
            )]
            struct Move { player: u32 }
        },
        "endian: little\nframing: { max_size: 1KiB, header: [ magic: { type: u16, const: 0xcafe }, \
         size: { type: u32be, role: size, counts: body }, id: { type: u8, role: id }, _: u8 ] }\n\
         packets: { Move: { id: 7, fields: [ player: u32 ] } }",
    );
    check(
        quote! {
            #[packet(header(size: u8))]
            struct Move { player: u32 }
        },
        "framing: { header: [ size: { type: u8, role: size } ] }\npackets: { Move: { fields: [ player: u32 ] } }",
    );
}

#[test]
fn headers_and_trailers_are_those_of_a_framing() {
    check(
        quote! {
            #[packet(
                id = 3, counts = body, max_size = 1000,
                header(id: u4, flags: u4 = 2, size: varint), trailer(sum: u16 = internet(flags, body), _: u8 = 10)
            )]
            struct Publish { #[packet(rest)] data: Vec<u8> }
        },
        "framing: { max_size: 1000, header: [ id: { type: u4, role: id }, flags: { type: u4, const: 2 }, \
         size: { type: varint, role: size, counts: body } ], trailer: [ sum: { type: u16, \
         checksum: { algorithm: internet, over: [flags, body] } }, _: { type: u8, const: 10 } ] }\n\
         packets: { Publish: { id: 3, fields: [ data: 'bytes[]' ] } }",
    );
    check(
        quote! {
            #[packet(id = 0x51, header(id: u8, size: u32), counts = "from(size)")]
            struct Query<'a> { #[packet(cstring)] text: &'a str }
        },
        "framing: { header: [ id: { type: u8, role: id }, size: { type: u32, role: size, counts: { from: size } } ] }\n\
         packets: { Query: { id: 0x51, fields: [ text: cstring ] } }",
    );
    refuse(
        quote! {
            #[packet(header(size: u16, flags: u8), trailer(_: u8, end: u8))]
            struct Wrong { a: u8 }
        },
        &["P0708", "P0708"],
    );
    refuse(
        quote! { #[packet(trailer(end: u8 = 0))] struct Wrong { a: u8 } },
        &["P0703"],
    );
}

#[test]
fn what_varies_has_one_extent() {
    check(
        quote! {
            struct Everything<'a> {
                #[packet(len = "u16", min = 1, max = 256)]
                a: Vec<u8>,
                #[packet(wire(n: u8), count = n * 4)]
                b: std::string::String,
                #[packet(wire(m: u16), size = "m - 2")]
                c: &'a [u8],
                #[packet(len = u8, encoding = "ascii")]
                d: &'a str,
                #[packet(len = u8le)]
                e: Vec<f32>,
                #[packet(wire(o: u8), count = "o")]
                f: Vec<i64>,
                #[packet(wire(p: u8), size = "p")]
                g: Vec<u16>,
                #[packet(count = 8)]
                h: String,
                #[packet(rest, wire_after(end: u8 = 0))]
                i: Vec<u32>,
            }
        },
        "packets:
  Everything:
    fields:
      - a: { type: bytes<u16>, min: 1, max: 256 }
      - n: u8
      - b: string[n * 4]
      - m: u16
      - c: { type: 'bytes[]', size: m - 2 }
      - d: { type: string<u8>, encoding: ascii }
      - e: f32<u8le>
      - o: u8
      - f: i64[o]
      - p: u8
      - g: { type: 'u16[]', size: p }
      - h: string[8]
      - i: u32[]
      - end: { type: u8, const: 0 }
",
    );
}

#[test]
fn attributes_mean_the_same() {
    check(
        quote! {
            #[packet(endian = "little")]
            struct Everything {
                #[packet(range = -5..=5)]
                a: i8,
                #[packet(finite, unit = "m")]
                b: f32,
                #[packet(endian = "big")]
                c: u64,
                #[packet(type = "u24")]
                d: u32,
                #[packet(type = "u16be", len = "u8")]
                e: Vec<u16>,
                #[packet(wire(has_f: bool), when = "has_f")]
                f: Option<u32>,
                #[packet(when = "not (d == 3 or a < 0)", finite = true)]
                g: Option<f64>,
            }
        },
        "endian: little
packets:
  Everything:
    fields:
      - a: { type: i8, range: -5..=5 }
      - b: { type: f32, finite: true, unit: m }
      - c: { type: u64, endian: big }
      - d: u24
      - e: u16be<u8>
      - has_f: bool
      - f: { type: u32, when: has_f }
      - g: { type: f64, when: not (d == 3 or a < 0), finite: true }
",
    );
}

#[test]
fn bits_make_runs_with_what_is_only_on_the_wire() {
    check(
        quote! {
            #[packet(endian = "little", bit_order = "lsb")]
            struct Header {
                #[packet(wire(version: u4 = 4, _: bit), type = "u3")]
                kind: u8,
                #[packet(type = "bit", wire_after(_: u7 = 0))]
                last: bool,
            }
        },
        "endian: little
bit_order: lsb
packets:
  Header:
    fields:
      - version: { type: u4, const: 4 }
      - _: bit
      - kind: u3
      - last: bit
      - _: { type: u7, const: 0 }
",
    );
}

#[test]
fn checksums_are_on_the_wire_only() {
    check(
        quote! {
            struct Sealed {
                #[packet(wire(checksum: u16 = internet(checksum, data)), rest)]
                data: Vec<u8>,
            }
        },
        "packets: { Sealed: { fields: [ \
         checksum: { type: u16, checksum: { algorithm: internet, over: [checksum, data] } }, data: 'bytes[]' ] } }",
    );
}

#[test]
fn checksums_have_the_names_of_the_catalogue() {
    check(
        quote! {
            #[packet(id = 1, header(size: u16, id: u16, crc: u16le = crc16_xmodem(size, body)))]
            struct Sealed {
                #[packet(
                    len = u8,
                    wire_after(
                        first: u32 = crc32_mpeg_2(data, data),
                        second: u32 = crc32-mpeg-2(data, first, extra = 0x32),
                    )
                )]
                data: Vec<u8>,
            }
        },
        "framing:
  header:
    - size: { type: u16, role: size }
    - id: { type: u16, role: id }
    - crc: { type: u16le, checksum: { algorithm: crc16-xmodem, over: [size, body] } }
packets:
  Sealed:
    id: 1
    fields:
      - data: bytes<u8>
      - first: { type: u32, checksum: { algorithm: crc32-mpeg-2, over: [data, data] } }
      - second: { type: u32, checksum: { algorithm: crc32-mpeg-2, over: [data, first], extra: 50 } }
",
    );
}

#[test]
fn fields_on_the_wire_have_attributes_and_values() {
    check(
        quote! {
            struct Sized {
                #[packet(wire(
                    /// Twice the bytes.
                    #[packet(range = 0..=200)]
                    half: varint = len(data) * 2,
                    same: u8 = half,
                    #[packet(strict, align = 2)]
                    _: u8,
                    #[packet(endian = little)]
                    mark: u16 = 0x10,
                ))]
                #[packet(count = half / 2)]
                data: Vec<u8>,
            }
        },
        "packets:
  Sized:
    fields:
      - half: { type: varint, range: 0..=200, value: len(data) * 2, doc: Twice the bytes. }
      - same: { type: u8, value: half }
      - _: { type: u8, strict: true, align: 2 }
      - mark: { type: u16, endian: little, const: 0x10 }
      - data: bytes[half / 2]
",
    );
}

#[test]
fn varints_encodings_ends_and_places_mean_the_same() {
    check(
        quote! {
            #[packet(trailing = skip)]
            struct Everything<'a> {
                #[packet(type = varint, canonical = false, scale = 0.5)]
                a: u64,
                #[packet(type = zigzag, len = varint)]
                b: Vec<i64>,
                #[packet(cstring, encoding = latin1, min = 1)]
                c: String,
                #[packet(cstring, pad_to = 16)]
                d: &'a str,
                #[packet(count = 8, encoding = utf16, endian = little, align = 4)]
                e: String,
                #[packet(type = u24, until = 0xffffff)]
                f: Vec<u32>,
                #[packet(until = 0, max = 9)]
                g: Vec<u8>,
                #[packet(len = u8)]
                h: Vec<bool>,
            }
        },
        "packets:
  Everything:
    trailing: skip
    fields:
      - a: { type: varint, canonical: false, scale: 0.5 }
      - b: zigzag<varint>
      - c: { type: cstring, encoding: latin1, min: 1 }
      - d: { type: cstring, pad_to: 16 }
      - e: { type: 'string[8]', encoding: utf16, endian: little, align: 4 }
      - f: { type: 'u24[]', until: 0xffffff }
      - g: { type: 'u8[]', until: 0, max: 9 }
      - h: bool<u8>
",
    );
}

#[test]
fn versions_and_what_rust_calls_deprecated_are_documented() {
    check(
        quote! {
            #[deprecated]
            struct Start {
                #[packet(since = 2)]
                mode: u8,
                #[deprecated = "Use `mode` instead."]
                speed: u8,
                #[deprecated(since = "1.2", note = "it does nothing")]
                #[packet(since = 3)]
                colour: u8,
            }
        },
        "version: 3
packets:
  Start:
    deprecated: true
    fields:
      - mode: { type: u8, since: 2 }
      - speed: { type: u8, deprecated: Use `mode` instead. }
      - colour: { type: u8, since: 3, deprecated: it does nothing }
",
    );
}

#[test]
fn types_that_a_macro_puts_in_are_looked_through() {
    let inner: syn::Type = syn::parse_quote!(u16);
    let grouped = proc_macro2::Group::new(proc_macro2::Delimiter::None, quote!(#inner));
    check(
        quote! { struct Macro { a: #grouped, #[packet(len = u8)] b: Vec<#grouped>, c: (u8) } },
        "packets: { Macro: { fields: [ a: u16, b: u16<u8>, c: u8 ] } }",
    );
}

#[test]
fn all_problems_of_a_stage_are_found_in_source_order() {
    refuse(
        quote! {
            #[packet(id = "many", colour = "red")]
            struct Wrong<T> {
                a: Vec<T>,
                b: Vec<u8>,
                c: Option<u8>,
                #[packet(len = u8, len = u16)]
                d: String,
            }
        },
        &[
            "P0701", "P0114", "P0107", "P0705", "P0705", "P0706", "P0106",
        ],
    );
    refuse(
        quote! {
            struct Wrong {
                #[packet(count = "n")]
                a: Vec<u8>,
                #[packet(wire(n: u8), type = "u7x")]
                b: u8,
            }
        },
        &["P0402", "P0205"],
    );
    refuse(
        quote! {
            struct Wrong {
                #[packet(wire(n: u8))]
                m: u8,
                #[packet(count = "m")]
                a: Vec<u8>,
                #[packet(type = "u24")]
                b: u64,
                #[packet(count = 4)]
                c: Vec<u8>,
            }
        },
        &["P0708", "P0708", "P0709", "P0709"],
    );
}

/// The blocks of Rust in a page of `docs/errors`, each with the code that it is said to give.
fn examples(page: &str) -> Vec<(Option<&str>, &str)> {
    let blocks = page.split("```rust").skip(1).map(|block| {
        let (words, rest) = block.split_once('\n').unwrap();
        let (item, _) = rest.split_once("```").unwrap();
        (words.trim().strip_prefix("error="), item)
    });
    blocks.collect()
}

#[test]
fn the_examples_of_the_pages_about_errors_do_what_they_say() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/errors");
    let pages = std::fs::read_dir(folder).unwrap().map(|page| page.unwrap());
    let pages: Vec<_> = pages
        .filter(|page| page.file_name().to_string_lossy().starts_with("P07"))
        .map(|page| page.path())
        .collect();
    assert!(pages.len() > 8, "{pages:?}");
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        let examples = examples(&text);
        assert!(examples.len() > 1, "{page:?}");
        for (code, item) in examples {
            let mut item: DeriveInput = syn::parse_str(item).unwrap();
            item.attrs
                .retain(|attribute| !attribute.path().is_ident("derive"));
            let mut context = Context::default();
            let problems = match against::expand(&item, &mut context) {
                Some(_) => Some(std::mem::take(&mut context.diagnostics).into_sorted()),
                None => compile(&item, &mut context).err(),
            };
            let found = problems.iter().flatten().map(|problem| problem.code);
            assert_eq!(found.collect::<Vec<_>>(), Vec::from_iter(code), "{page:?}");
        }
    }
}
