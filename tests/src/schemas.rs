//! Random schemas that `packet_schema::compile` accepts.
//!
//! A schema grows piece by piece: a piece that the compiler refuses is left out again, so that the
//! generator needs to know the grammar only, and none of the rules.

mod choices;
mod computed;
mod fixed;
mod lengths;
mod packets;
mod words;

use crate::random::Random;
use packet_schema::compile;
use std::fmt::Write as _;
use words::{DOCS, HOSTILE_FIELDS, HOSTILE_TYPES};

/// A random schema, the same for the same seed. Names are plain or `hostile`: keywords, the names that
/// generated code uses itself, and such as become equal in another case.
pub fn schema(seed: u64, hostile: bool) -> String {
    let mut maker = Maker {
        random: Random::new(seed),
        hostile,
        head: String::new(),
        types: String::new(),
        structs: Vec::new(),
        count: 0,
    };
    maker.head = format!(
        "protocol: random{seed}\nversion: 2\nendian: {}\nbit_order: {}\n",
        maker.random.pick(&["big", "little"]),
        maker.random.pick(&["msb", "lsb"]),
    );
    maker.named_types();
    for _ in 0..3 + maker.random.below(4) {
        maker.add_struct();
    }
    maker.packets()
}

/// `lines` as a list in YAML.
fn listed(indent: &str, lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        let _ = writeln!(text, "{indent}- {line}");
    }
    text
}

struct Maker {
    random: Random,
    hostile: bool,
    head: String,
    /// Lines below `types:`.
    types: String,
    /// Names of the structs there are.
    structs: Vec<String>,
    count: u32,
}

/// A struct that is growing.
#[derive(Clone, Default)]
struct Growing {
    lines: Vec<String>,
    names: Vec<String>,
    /// Names of integer fields.
    numbers: Vec<String>,
}

impl Maker {
    fn named_types(&mut self) {
        self.types.push_str(
            "  Kind: { enum: u8, values: { a: 0, b: 1, c: 7 } }\n  \
             Open: { enum: u16, unknown: keep, values: { name: 1, ALL: 2, all_: 3 } }\n  \
             Flag: { flags: u8, bits: { a: 0, all: 7 } }\n  \
             Keep: { flags: u24, unknown: keep, bits: { a: 0, contains: 23 } }\n  \
             Wide: { enum: u64, unknown: keep, values: { largest: 18446744073709551615 } }\n  \
             Most: { flags: u64, bits: { low: 0, high: 63 } }\n  \
             One: { enum: u8, values: { only: 3 } }\n  \
             Dropped: { flags: u40, unknown: skip, bits: { low: 0, top: 39 } }\n  \
             Byte: u8\n  \
             Short: { type: i16, range: -5..=300 }\n  \
             Alias: { type: 'string<u8>', max: 12, encoding: ascii }\n  \
             Length: { type: varint, range: 0..=5000 }\n  \
             Tolerant: { type: zigzag, canonical: false, range: -70..=9000 }\n  \
             Scaled: { type: i24, scale: 0.5, range: -100..=100 }\n  \
             Padded: { type: 'string<u8>', encoding: latin1, pad_to: 9, max: 6 }\n  \
             Wide16: { type: cstring, encoding: utf16 }\n  \
             E3: { enum: u3, values: { low: 0, mid: 3, high: 5 } }\n  \
             E5: { enum: u5, unknown: keep, values: { off: 0, on: 1 } }\n  \
             F4: { flags: u4, bits: { x: 0, y: 1, z: 3 } }\n  \
             F5: { flags: u5, unknown: keep, bits: { a: 0, e: 4 } }\n",
        );
    }

    fn accepted(&self, types: &str) -> bool {
        compile(&format!("{}types:\n{}{types}", self.head, self.types)).is_ok()
    }

    fn name(&mut self, growing: &Growing) -> String {
        self.count += 1;
        if self.hostile && !self.random.one_in(3) {
            let name = self.random.pick(HOSTILE_FIELDS).to_owned();
            if !growing.names.contains(&name) {
                return name;
            }
        }
        format!("f{}", self.count)
    }

    fn type_name(&mut self) -> String {
        self.count += 1;
        if self.hostile && !self.random.one_in(3) {
            let name = self.random.pick(HOSTILE_TYPES).to_owned();
            if !self.structs.contains(&name) {
                return name;
            }
        }
        format!("S{}", self.count)
    }

    fn add_struct(&mut self) {
        let name = self.type_name();
        let mut options = String::new();
        if self.random.one_in(3) {
            let _ = writeln!(
                options,
                "    endian: {}",
                self.random.pick(&["big", "little"])
            );
        }
        if self.random.one_in(3) {
            let _ = writeln!(
                options,
                "    bit_order: {}",
                self.random.pick(&["msb", "lsb"])
            );
        }
        if self.random.one_in(4) {
            let _ = writeln!(options, "    doc: \"{}\"", self.random.pick(DOCS));
        }
        let render = |lines: &[String]| {
            let fields: String = listed("      ", lines);
            format!("  {name}:\n{options}    struct:\n{fields}")
        };
        let mut growing = Growing::default();
        for _ in 0..2 + self.random.below(9) {
            let mut next = growing.clone();
            self.piece(&mut next);
            if self.accepted(&render(&next.lines)) {
                growing = next;
            }
        }
        if growing.lines.is_empty() {
            return;
        }
        self.types.push_str(&render(&growing.lines));
        self.structs.push(name);
    }

    fn piece(&mut self, growing: &mut Growing) {
        match self.random.below(26) {
            19 | 20 => self.sized(growing),
            21 | 22 => self.ended(growing),
            23 | 24 => self.measuring(growing),
            25 => self.presence(growing),
            17 => self.computed(growing),
            18 => self.aligned(growing),
            0 | 1 => self.scalar(growing),
            2 | 3 => self.run(growing),
            4 => self.reserved(growing),
            5..=7 => self.sequence(growing),
            8 => self.nested(growing),
            9..=11 => self.optional(growing),
            12..=14 => self.variant(growing),
            15 => self.checksum(growing),
            _ => self.counted(growing),
        }
    }

    fn push(&mut self, growing: &mut Growing, name: &str, ty: &str, more: &str) {
        let doc = if self.random.one_in(8) {
            format!(
                ", doc: \"{}\", unit: \"{}\"",
                self.random.pick(DOCS),
                self.random.pick(DOCS)
            )
        } else {
            String::new()
        };
        let mut line = format!("{name}: {{ type: \"{ty}\"{more}{doc}");
        // What the compiler does not accept here is left out again by whoever asked.
        match self.random.below(24) {
            0 => line.push_str(", default: 5"),
            1 => line.push_str(", default: \"0505\""),
            2 => line.push_str(", scale: 0.25"),
            3 => line.push_str(", scale: -10, since: 2"),
            4 => line.push_str(", deprecated: true"),
            _ => {}
        }
        growing.lines.push(line + " }");
        growing.names.push(name.to_owned());
    }
}
