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

mod framed {
    packet_derive::packet_schema!("tests/schemas/framed.yaml");
}

/// The packets of `bare` and `framed` as structs that own what they hold.
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

/// Packets of `bare` and `framed` as structs that borrow what they hold.
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
}
