//! A struct with `#[derive(Packet)]` and the same packet in a schema: equal bytes for equal values, and
//! equal errors (packet, field, offset and kind) for what has no bytes or is no packet.

use packet_runtime::{DecodeError, EncodeError, View};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::fmt::Debug;

mod bare {
    packet_derive::packet_schema!("tests/schemas/bare.yaml");
}

mod ended {
    packet_derive::packet_schema!("tests/schemas/ended.yaml");
}

mod framed {
    packet_derive::packet_schema!("tests/schemas/framed.yaml");
}

/// The packets of `bare`, `ended` and `framed` as structs that own what they hold.
mod owned {
    use packet_derive::Packet;

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Numbers {
        pub(crate) a: u8,
        pub(crate) b: u16,
        pub(crate) c: u32,
        pub(crate) d: u64,
        pub(crate) e: u128,
        pub(crate) f: i8,
        pub(crate) g: i16,
        pub(crate) h: i32,
        pub(crate) i: i64,
        pub(crate) j: i128,
        pub(crate) k: f32,
        pub(crate) l: f64,
        pub(crate) m: bool,
        pub(crate) n: [u8; 5],
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct OddWidths {
        #[packet(wire(version: u4 = 4), type = "u3")]
        pub(crate) kind: u8,
        #[packet(type = "bit")]
        pub(crate) last: bool,
        #[packet(wire(_: u2), type = "i6")]
        pub(crate) signed: i8,
        #[packet(type = "u24")]
        pub(crate) wide: u32,
        #[packet(type = "i48")]
        pub(crate) wider: i64,
        #[packet(endian = "little")]
        pub(crate) little: u16,
        #[packet(wire(_: u3 = 0), type = "u13")]
        pub(crate) tail: u16,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Limits {
        #[packet(range = 10..=200)]
        pub(crate) low: u8,
        #[packet(range = "-5..=5")]
        pub(crate) negative: i16,
        #[packet(finite)]
        pub(crate) finite: f32,
        #[packet(len = "u8", min = 1, max = 8, encoding = "ascii")]
        pub(crate) name: String,
        #[packet(count = 6)]
        pub(crate) fixed: String,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Lengths {
        #[packet(len = "u16", max = 20)]
        pub(crate) prefixed: Vec<u8>,
        #[packet(wire(count: u8), count = "count")]
        pub(crate) counted: String,
        #[packet(wire(size: u8), size = "size - 2")]
        pub(crate) sized: Vec<u16>,
        #[packet(wire(words: u8), count = "words * 4 - 4")]
        pub(crate) options: Vec<u8>,
        #[packet(len = "u8", max = 5)]
        pub(crate) pairs: Vec<i32>,
        #[packet(wire(floats: u8), count = "floats")]
        pub(crate) many: Vec<f64>,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Optional {
        #[packet(wire(has_number: bool), when = "has_number")]
        pub(crate) number: Option<u32>,
        #[packet(wire(absent_text: bool), when = "not absent_text", len = "u8")]
        pub(crate) text: Option<String>,
        pub(crate) level: u8,
        #[packet(when = level > 100, finite)]
        pub(crate) deep: Option<f32>,
        #[packet(when = level & 1 == 1, len = "u8")]
        pub(crate) list: Option<Vec<u16>>,
        #[packet(when = level == 7)]
        pub(crate) block: Option<[u8; 3]>,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Rest {
        pub(crate) kind: u8,
        #[packet(rest, wire_after(end: u16 = 0xbeef))]
        pub(crate) data: Vec<u8>,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Elements {
        #[packet(rest)]
        pub(crate) elements: Vec<u32>,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Sealed {
        pub(crate) kind: u8,
        #[packet(wire(_: u8, checksum: u16 = internet(kind, data)), rest)]
        pub(crate) data: Vec<u8>,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Varints {
        #[packet(type = "varint")]
        pub(crate) a: u64,
        #[packet(type = zigzag, range = -1000..=1000)]
        pub(crate) b: i64,
        #[packet(wire(#[packet(range = 0..=16383)] n: varint), count = n)]
        pub(crate) data: Vec<u8>,
        #[packet(len = "varint")]
        pub(crate) name: String,
        #[packet(type = "zigzag", len = varint)]
        pub(crate) list: Vec<i64>,
        #[packet(type = "varint", canonical = false)]
        pub(crate) loose: u64,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Encodings {
        #[packet(len = "u8", encoding = "latin1")]
        pub(crate) latin: String,
        #[packet(count = 8, encoding = "utf16")]
        pub(crate) wide: String,
        #[packet(cstring, encoding = "utf16", endian = "little", max = 8)]
        pub(crate) little: String,
        #[packet(cstring, min = 1, max = 8)]
        pub(crate) text: String,
        #[packet(wire(has_more: bool), when = "has_more", cstring, encoding = latin1)]
        pub(crate) more: Option<String>,
        #[packet(rest, encoding = "ascii")]
        pub(crate) rest: String,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Ends {
        #[packet(until = 0xffff, max = 4)]
        pub(crate) route: Vec<u16>,
        #[packet(until = 0)]
        pub(crate) bytes: Vec<u8>,
        #[packet(type = "varint", until = "0")]
        pub(crate) numbers: Vec<u64>,
        pub(crate) last: u8,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Elements24 {
        #[packet(len = "u8")]
        pub(crate) bools: Vec<bool>,
        #[packet(type = "u24", len = "u8")]
        pub(crate) wide: Vec<u32>,
        #[packet(type = "i48", count = 2, range = -100..=100)]
        pub(crate) signed: Vec<i64>,
        #[packet(type = "u40", rest, endian = "little")]
        pub(crate) little: Vec<u64>,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    #[packet(trailing = "skip")]
    pub(crate) struct Places {
        pub(crate) kind: u8,
        #[packet(align = 4)]
        pub(crate) size: u32,
        #[packet(len = "u8", pad_to = 8)]
        pub(crate) name: String,
        #[packet(len = "u8", pad_to = 6, align = 2)]
        #[packet(wire_after(#[packet(align = 4)] _: bytes[0]))]
        pub(crate) list: Vec<u16>,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Computed {
        #[packet(wire(half: u8 = len(data) * 2, total: u16le = "size(data) + size(name)"), count = half / 2)]
        pub(crate) data: Vec<u8>,
        #[packet(len = "u8")]
        pub(crate) name: String,
        #[packet(wire(#[packet(range = 0..=1)] has_more: u8 = not (present(more) == 0)), when = has_more == 1)]
        pub(crate) more: Option<u8>,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Summed {
        #[packet(
            wire(magic: u8 = 0xfe, length: u8),
            count = "length",
            wire_after(
                a: u16le = crc16_mcrf4xx(length, data, extra = 50),
                b: u8 = sum8(magic, data),
                c: u8 = xor8(magic, data, extra = 7),
                d: u32 = adler32(magic, data),
                e: u16 = fletcher16(magic, data),
                f: u8 = crc8(magic, data),
                g: u24 = crc24_os_9(magic, data),
                h: u32 = crc32-mpeg-2(magic, data),
                i: u40 = crc40_gsm(magic, data),
                j: u64 = crc64_xz(magic, data),
                k: u16 = internet(magic, k, extra = 1),
            )
        )]
        pub(crate) data: Vec<u8>,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Scaled {
        #[packet(scale = 0.1, unit = "V")]
        pub(crate) voltage: u16,
        #[packet(wire(#[packet(range = 0..=1)] has_current: u8 = present(current)))]
        #[packet(scale = "-0.5", when = has_current == 1)]
        pub(crate) current: Option<i16>,
        #[packet(wire(#[packet(strict)] _: u4), type = "u4")]
        pub(crate) level: u8,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    #[packet(
        id = 3,
        header(id: u4, flags: u4 = 2, size: varint, mark: u8 = 7),
        trailer(sum: u16le = crc16_xmodem(mark, body, extra = 3), _: u8 = 10),
        counts = "from(mark)",
        max_size = 200
    )]
    pub(crate) struct Publish {
        #[packet(cstring)]
        pub(crate) topic: String,
        #[packet(rest)]
        pub(crate) data: Vec<u8>,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    #[packet(
        id = 3,
        size = "9..=265",
        endian = "little",
        bit_order = "lsb",
        header(magic: u16 = 0xcafe, size: u32be, id: u8),
        counts = "body",
        max_size = 100
    )]
    pub(crate) struct Hello {
        #[packet(type = "u4")]
        pub(crate) version: u8,
        #[packet(type = "u4")]
        pub(crate) flags: u8,
        #[packet(len = "u8")]
        pub(crate) name: String,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    #[packet(
        id = 4,
        endian = "little",
        header(magic: u16 = 0xcafe, size: u32be, id: u8),
        counts = "body",
        max_size = 100
    )]
    pub(crate) struct Blob {
        #[packet(rest)]
        pub(crate) data: Vec<u8>,
    }
}

/// Packets of `bare`, `ended` and `framed` as structs that borrow what they hold.
mod borrowed {
    use packet_derive::Packet;

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Limits<'bytes> {
        #[packet(range = 10..=200)]
        pub(crate) low: u8,
        #[packet(range = "-5..=5")]
        pub(crate) negative: i16,
        #[packet(finite)]
        pub(crate) finite: f32,
        #[packet(len = "u8", min = 1, max = 8, encoding = "ascii")]
        pub(crate) name: &'bytes str,
        #[packet(count = 6)]
        pub(crate) fixed: &'bytes str,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Lengths<'a> {
        #[packet(len = "u16", max = 20)]
        pub(crate) prefixed: &'a [u8],
        #[packet(wire(count: u8), count = "count")]
        pub(crate) counted: &'a str,
        #[packet(wire(size: u8), size = "size - 2")]
        pub(crate) sized: Vec<u16>,
        #[packet(wire(words: u8), count = "words * 4 - 4")]
        pub(crate) options: &'a [u8],
        #[packet(len = "u8", max = 5)]
        pub(crate) pairs: Vec<i32>,
        #[packet(wire(floats: u8), count = "floats")]
        pub(crate) many: Vec<f64>,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Optional<'a> {
        #[packet(wire(has_number: bool), when = "has_number")]
        pub(crate) number: Option<u32>,
        #[packet(wire(absent_text: bool), when = "not absent_text", len = "u8")]
        pub(crate) text: Option<&'a str>,
        pub(crate) level: u8,
        #[packet(when = level > 100, finite)]
        pub(crate) deep: Option<f32>,
        #[packet(when = level & 1 == 1, len = "u8")]
        pub(crate) list: Option<Vec<u16>>,
        #[packet(when = level == 7)]
        pub(crate) block: Option<[u8; 3]>,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    #[packet(
        id = 3,
        header(id: u4, flags: u4 = 2, size: varint, mark: u8 = 7),
        trailer(sum: u16le = crc16_xmodem(mark, body, extra = 3), _: u8 = 10),
        counts = from(mark),
        max_size = 200
    )]
    pub(crate) struct Publish<'a> {
        #[packet(cstring)]
        pub(crate) topic: &'a str,
        #[packet(rest)]
        pub(crate) data: &'a [u8],
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    #[packet(trailing = skip)]
    pub(crate) struct Places<'a> {
        pub(crate) kind: u8,
        #[packet(align = 4)]
        pub(crate) size: u32,
        #[packet(len = "u8", pad_to = 8)]
        pub(crate) name: &'a str,
        #[packet(len = "u8", pad_to = 6, align = 2)]
        #[packet(wire_after(#[packet(align = 4)] _: bytes[0]))]
        pub(crate) list: Vec<u16>,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Varints<'a> {
        #[packet(type = "varint")]
        pub(crate) a: u64,
        #[packet(type = "zigzag", range = "-1000..=1000")]
        pub(crate) b: i64,
        #[packet(wire(#[packet(range = "0..=16383")] n: varint), count = "n")]
        pub(crate) data: &'a [u8],
        #[packet(len = "varint")]
        pub(crate) name: &'a str,
        #[packet(type = "zigzag", len = "varint")]
        pub(crate) list: Vec<i64>,
        #[packet(type = "varint", canonical = "false")]
        pub(crate) loose: u64,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    pub(crate) struct Encodings<'a> {
        #[packet(len = "u8", encoding = "latin1")]
        pub(crate) latin: String,
        #[packet(count = 8, encoding = "utf16")]
        pub(crate) wide: String,
        #[packet(cstring, encoding = "utf16", endian = "little", max = 8)]
        pub(crate) little: String,
        #[packet(cstring, min = 1, max = 8)]
        pub(crate) text: &'a str,
        #[packet(wire(has_more: bool), when = "has_more", cstring, encoding = "latin1")]
        pub(crate) more: Option<String>,
        #[packet(rest, encoding = "ascii")]
        pub(crate) rest: &'a str,
    }

    #[derive(Clone, Debug, Packet, PartialEq)]
    #[packet(
        id = 4,
        endian = "little",
        header(magic: u16 = 0xcafe, size: u32be, id: u8),
        counts = "body",
        max_size = 100
    )]
    pub(crate) struct Blob<'a> {
        #[packet(rest)]
        pub(crate) data: &'a [u8],
    }
}

/// Bytes near to those of a valid packet, and others.
#[derive(Clone, Debug)]
struct Noise {
    /// Bytes to be changed, and how.
    changes: Vec<(prop::sample::Index, u8)>,
    random: Vec<u8>,
}

fn noise() -> impl Strategy<Value = Noise> {
    let changes = vec((any::<prop::sample::Index>(), any::<u8>()), 1..4);
    (changes, vec(any::<u8>(), 0..48)).prop_map(|(changes, random)| Noise { changes, random })
}

impl Noise {
    /// `valid`, all its beginnings, `valid` with changes one after the other, with more at the end, and
    /// something else.
    fn around(&self, valid: &[u8]) -> Vec<Vec<u8>> {
        let mut all: Vec<Vec<u8>> = (0..=valid.len()).map(|end| valid[..end].to_vec()).collect();
        let mut changed = valid.to_vec();
        for (at, change) in &self.changes {
            if !changed.is_empty() {
                let at = at.index(changed.len());
                changed[at] ^= change;
                all.push(changed.clone());
            }
        }
        all.push([valid, &self.random].concat());
        all.push(self.random.clone());
        all
    }
}

/// A wire error taken apart: packet, field, offset and kind.
fn wrong(error: DecodeError) -> (&'static str, String, usize, packet_runtime::ErrorKind) {
    (
        error.packet(),
        error.field().to_string(),
        error.offset(),
        error.kind(),
    )
}

/// What becomes of a value when it is written. The error's text has packet, field and kind.
fn written(value: &impl packet_runtime::Encode) -> Result<Vec<u8>, String> {
    value
        .to_vec()
        .map_err(|error: EncodeError| error.to_string())
}

/// What all getters of a view show.
fn shown(view: &impl Debug) -> String {
    format!("{view:?}")
}

/// What a view makes of bytes, and what its owned form writes then.
macro_rules! read {
    ($view:path, $owned:path, $bytes:expr) => {
        <$view>::parse($bytes)
            .map(|view| (shown(&view), written(&<$owned>::from(view))))
            .map_err(wrong)
    };
}

/// The same value in a schema and in Rust: the same bytes, and the same made of these and others.
macro_rules! same {
    ($noise:ident, $schema:path, $schema_view:path: $value:expr, $($packet:path, $view:path: $other:expr),+) => {
        let expected = written(&$value);
        $(prop_assert_eq!(&written(&$other), &expected);)+
        for bytes in $noise.around(&expected.unwrap_or_default()) {
            let expected = read!($schema_view, $schema, &bytes);
            $(prop_assert_eq!(&read!($view, $packet, &bytes), &expected, "{:02x?}", bytes);)+
        }
    };
}

proptest! {
    #[test]
    fn numbers_are_the_same(
        (a, b, c, d, e) in any::<(u8, u16, u32, u64, u128)>(),
        (f, g, h, i, j) in any::<(i8, i16, i32, i64, i128)>(),
        (k, l, m, n) in any::<(f32, f64, bool, [u8; 5])>(),
        noise in noise(),
    ) {
        same!(
            noise,
            bare::Numbers, bare::NumbersView: bare::Numbers { a, b, c, d, e, f, g, h, i, j, k, l, m, n },
            owned::Numbers, owned::NumbersView: owned::Numbers { a, b, c, d, e, f, g, h, i, j, k, l, m, n }
        );
    }

    #[test]
    fn odd_widths_are_the_same(
        kind in 0_u8..=8,
        last: bool,
        signed in -33_i8..=32,
        wide in 0_u32..=(1 << 24),
        wider in -(1_i64 << 47)..=(1 << 47),
        little: u16,
        tail in 0_u16..=(1 << 13),
        noise in noise(),
    ) {
        same!(
            noise,
            bare::OddWidths, bare::OddWidthsView:
                bare::OddWidths { kind, last, signed, wide, wider, little, tail },
            owned::OddWidths, owned::OddWidthsView:
                owned::OddWidths { kind, last, signed, wide, wider, little, tail }
        );
    }

    #[test]
    fn limits_are_the_same(
        low in 9_u8..=201,
        negative in -6_i16..=6,
        finite: f32,
        name in "[a-z]{1,8}|[a-zé]{0,9}",
        fixed in "[a-z]{0,6}|[a-zé\0]{0,7}",
        noise in noise(),
    ) {
        same!(
            noise,
            bare::Limits, bare::LimitsView:
                bare::Limits { low, negative, finite, name: name.clone(), fixed: fixed.clone() },
            owned::Limits, owned::LimitsView:
                owned::Limits { low, negative, finite, name: name.clone(), fixed: fixed.clone() },
            borrowed::Limits, borrowed::LimitsView:
                borrowed::Limits { low, negative, finite, name: &name, fixed: &fixed }
        );
    }

    #[test]
    fn lengths_are_the_same(
        prefixed in vec(any::<u8>(), 0..=21),
        counted in "[a-zé]{0,9}",
        sized in vec(any::<u16>(), 0..5),
        options in prop_oneof![Just(vec![]), Just(vec![7; 4]), Just(vec![9; 8]), vec(any::<u8>(), 0..5)],
        pairs in vec(any::<i32>(), 0..=6),
        many in vec(any::<f64>(), 0..4),
        noise in noise(),
    ) {
        same!(
            noise,
            bare::Lengths, bare::LengthsView: bare::Lengths {
                prefixed: prefixed.clone(),
                counted: counted.clone(),
                sized: sized.clone(),
                options: options.clone(),
                pairs: pairs.clone(),
                many: many.clone(),
            },
            owned::Lengths, owned::LengthsView: owned::Lengths {
                prefixed: prefixed.clone(),
                counted: counted.clone(),
                sized: sized.clone(),
                options: options.clone(),
                pairs: pairs.clone(),
                many: many.clone(),
            },
            borrowed::Lengths, borrowed::LengthsView: borrowed::Lengths {
                prefixed: &prefixed,
                counted: &counted,
                sized: sized.clone(),
                options: &options,
                pairs: pairs.clone(),
                many: many.clone(),
            }
        );
    }

    #[test]
    fn optional_fields_are_the_same(
        number: Option<u32>,
        text in option::of("[a-zé]{0,9}"),
        level in prop_oneof![Just(7_u8), Just(101), Just(102), any::<u8>()],
        deep: Option<f32>,
        list in option::of(vec(any::<u16>(), 0..4)),
        block: Option<[u8; 3]>,
        right in prop::bool::weighted(0.8),
        noise in noise(),
    ) {
        // Mostly what `level` asks for.
        let deep = if right { (level > 100).then_some(deep.unwrap_or(1.0)) } else { deep };
        let list = if right { (level & 1 == 1).then(|| list.unwrap_or_default()) } else { list };
        let block = if right { (level == 7).then_some(block.unwrap_or([1; 3])) } else { block };
        same!(
            noise,
            bare::Optional, bare::OptionalView: bare::Optional {
                number, text: text.clone(), level, deep, list: list.clone(), block,
            },
            owned::Optional, owned::OptionalView: owned::Optional {
                number, text: text.clone(), level, deep, list: list.clone(), block,
            },
            borrowed::Optional, borrowed::OptionalView: borrowed::Optional {
                number, text: text.as_deref(), level, deep, list: list.clone(), block,
            }
        );
    }

    #[test]
    fn rests_and_checksums_are_the_same(
        kind: u8,
        data in vec(any::<u8>(), 0..20),
        elements in vec(any::<u32>(), 0..5),
        noise in noise(),
    ) {
        same!(
            noise,
            bare::Rest, bare::RestView: bare::Rest { kind, data: data.clone() },
            owned::Rest, owned::RestView: owned::Rest { kind, data: data.clone() }
        );
        same!(
            noise,
            bare::Elements, bare::ElementsView: bare::Elements { elements: elements.clone() },
            owned::Elements, owned::ElementsView: owned::Elements { elements: elements.clone() }
        );
        same!(
            noise,
            bare::Sealed, bare::SealedView: bare::Sealed { kind, data: data.clone() },
            owned::Sealed, owned::SealedView: owned::Sealed { kind, data: data.clone() }
        );
    }

    #[test]
    fn varints_are_the_same(
        a in any::<u64>().prop_flat_map(|a| (0..64_u32).prop_map(move |shift| a >> shift)),
        b in -1001_i64..=1001,
        data in vec(any::<u8>(), 0..200),
        name in "[a-zé]{0,9}",
        list in vec(any::<i64>().prop_flat_map(|a| (0..64_u32).prop_map(move |shift| a >> shift)), 0..4),
        loose in 0_u64..1000,
        noise in noise(),
    ) {
        same!(
            noise,
            bare::Varints, bare::VarintsView:
                bare::Varints { a, b, data: data.clone(), name: name.clone(), list: list.clone(), loose },
            owned::Varints, owned::VarintsView:
                owned::Varints { a, b, data: data.clone(), name: name.clone(), list: list.clone(), loose },
            borrowed::Varints, borrowed::VarintsView:
                borrowed::Varints { a, b, data: &data, name: &name, list: list.clone(), loose }
        );
    }

    #[test]
    fn encodings_are_the_same(
        latin in "[a-zé]{0,9}|[a-z€]{0,3}",
        wide in "[a-z€]{0,4}|[a-z😀\0]{0,5}",
        little in "[a-z€]{0,4}|[a-z😀\0]{0,5}",
        text in "[a-zé]{1,4}|[a-zé\0]{0,9}",
        more in option::of("[a-zé]{0,9}|[a-z€\0]{0,3}"),
        rest in "[a-z]{0,9}|[a-zé]{0,3}",
        noise in noise(),
    ) {
        same!(
            noise,
            bare::Encodings, bare::EncodingsView: bare::Encodings {
                latin: latin.clone(),
                wide: wide.clone(),
                little: little.clone(),
                text: text.clone(),
                more: more.clone(),
                rest: rest.clone(),
            },
            owned::Encodings, owned::EncodingsView: owned::Encodings {
                latin: latin.clone(),
                wide: wide.clone(),
                little: little.clone(),
                text: text.clone(),
                more: more.clone(),
                rest: rest.clone(),
            },
            borrowed::Encodings, borrowed::EncodingsView: borrowed::Encodings {
                latin: latin.clone(),
                wide: wide.clone(),
                little: little.clone(),
                text: &text,
                more: more.clone(),
                rest: &rest,
            }
        );
    }

    #[test]
    fn ends_and_elements_are_the_same(
        route in vec(prop_oneof![9 => any::<u16>(), 1 => Just(0xffff)], 0..=5),
        bytes in vec(prop_oneof![9 => 1_u8.., 1 => Just(0)], 0..5),
        numbers in vec(prop_oneof![9 => 1_u64.., 1 => Just(0)], 0..5),
        last: u8,
        bools in vec(any::<bool>(), 0..4),
        wide in vec(prop_oneof![9 => 0_u32..1 << 24, 1 => any::<u32>()], 0..4),
        signed in prop_oneof![9 => vec(-100_i64..=100, 2), 1 => vec(-101_i64..=101, 0..4)],
        little in vec(prop_oneof![9 => 0_u64..1 << 40, 1 => any::<u64>()], 0..4),
        noise in noise(),
    ) {
        same!(
            noise,
            bare::Ends, bare::EndsView:
                bare::Ends { route: route.clone(), bytes: bytes.clone(), numbers: numbers.clone(), last },
            owned::Ends, owned::EndsView:
                owned::Ends { route: route.clone(), bytes: bytes.clone(), numbers: numbers.clone(), last }
        );
        same!(
            noise,
            bare::Elements24, bare::Elements24View: bare::Elements24 {
                bools: bools.clone(),
                wide: wide.clone(),
                signed: signed.clone(),
                little: little.clone(),
            },
            owned::Elements24, owned::Elements24View: owned::Elements24 {
                bools: bools.clone(),
                wide: wide.clone(),
                signed: signed.clone(),
                little: little.clone(),
            }
        );
    }

    #[test]
    fn places_are_the_same(
        kind: u8,
        size: u32,
        name in "[a-z]{0,7}|[a-zé]{0,9}",
        list in vec(any::<u16>(), 0..4),
        noise in noise(),
    ) {
        same!(
            noise,
            bare::Places, bare::PlacesView:
                bare::Places { kind, size, name: name.clone(), list: list.clone() },
            owned::Places, owned::PlacesView:
                owned::Places { kind, size, name: name.clone(), list: list.clone() },
            borrowed::Places, borrowed::PlacesView:
                borrowed::Places { kind, size, name: &name, list: list.clone() }
        );
    }

    #[test]
    fn what_is_computed_is_the_same(
        data in prop_oneof![9 => vec(any::<u8>(), 0..20), 1 => vec(any::<u8>(), 120..140)],
        name in "[a-zé]{0,9}",
        more: Option<u8>,
        noise in noise(),
    ) {
        same!(
            noise,
            bare::Computed, bare::ComputedView:
                bare::Computed { data: data.clone(), name: name.clone(), more },
            owned::Computed, owned::ComputedView:
                owned::Computed { data: data.clone(), name: name.clone(), more }
        );
        same!(
            noise,
            bare::Summed, bare::SummedView: bare::Summed { data: data.clone() },
            owned::Summed, owned::SummedView: owned::Summed { data: data.clone() }
        );
    }

    #[test]
    fn scales_are_the_same(
        voltage: u16,
        current: Option<i16>,
        level in 0_u8..=16,
        noise in noise(),
    ) {
        let expected = bare::Scaled { voltage, current, level };
        let found = owned::Scaled { voltage, current, level };
        let bits = |volts: f64, amperes: Option<f64>| (volts.to_bits(), amperes.map(f64::to_bits));
        prop_assert_eq!(
            bits(expected.voltage_scaled(), expected.current_scaled()),
            bits(found.voltage_scaled(), found.current_scaled())
        );
        same!(
            noise,
            bare::Scaled, bare::ScaledView: expected,
            owned::Scaled, owned::ScaledView: found
        );
    }

    #[test]
    fn trailers_are_the_same(
        topic in "[a-zé]{0,9}|[a-zé\0]{0,9}",
        data in vec(any::<u8>(), 0..180),
        noise in noise(),
    ) {
        same!(
            noise,
            ended::Publish, ended::PublishView:
                ended::Publish { topic: topic.clone(), data: data.clone() },
            owned::Publish, owned::PublishView:
                owned::Publish { topic: topic.clone(), data: data.clone() },
            borrowed::Publish, borrowed::PublishView:
                borrowed::Publish { topic: &topic, data: &data }
        );
    }

    #[test]
    fn headers_are_the_same(
        version in 0_u8..=16,
        flags in 0_u8..=16,
        name in "[a-zé]{0,9}|[a-z]{80,120}",
        data in vec(any::<u8>(), 0..120),
        noise in noise(),
    ) {
        same!(
            noise,
            framed::Hello, framed::HelloView: framed::Hello { version, flags, name: name.clone() },
            owned::Hello, owned::HelloView: owned::Hello { version, flags, name: name.clone() }
        );
        same!(
            noise,
            framed::Blob, framed::BlobView: framed::Blob { data: data.clone() },
            owned::Blob, owned::BlobView: owned::Blob { data: data.clone() },
            borrowed::Blob, borrowed::BlobView: borrowed::Blob { data: &data }
        );
    }
}

#[test]
fn ids_are_the_same() {
    assert_eq!(owned::Hello::ID, framed::Hello::ID);
    assert_eq!(owned::HelloView::ID, framed::HelloView::ID);
    assert_eq!(borrowed::Blob::ID, framed::Blob::ID);
    assert_eq!(borrowed::Publish::ID, ended::Publish::ID);
}
