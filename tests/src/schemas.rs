//! Random schemas that `packet_schema::compile` accepts.
//!
//! A schema grows piece by piece: a piece that the compiler refuses is left out again, so that the
//! generator needs to know the grammar only, and none of the rules.

use packet_schema::compile;
use std::fmt::Write as _;

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

/// Numbers from xorshift64*, which is random enough for choosing.
pub struct Random(u64);

impl Random {
    /// The same numbers for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number less than `limit`, which is not 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        (self.any() >> 20) % limit
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let index = self.below(from.len() as u64);
        usize::try_from(index)
            .ok()
            .and_then(|index| from.get(index))
            .copied()
            .unwrap_or("")
    }
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

const SESSION: &str = "session: { start: type, states: [type, state, Self, else_] }\n";

const HOSTILE_FIELDS: &[&str] = &[
    "type",
    "self",
    "match",
    "reader",
    "writer",
    "value",
    "len",
    "is_empty",
    "part",
    "part_0",
    "part_0_at",
    "input",
    "start",
    "at",
    "clone",
    "parse",
    "as_bytes",
    "Foo",
    "foo",
    "fOO",
    "x_",
    "x__y",
    "x_at",
    "x",
    "derived",
    "encoded_len",
    "size",
    "length",
    "prefix",
    "bytes",
    "text",
    "padding",
    "error",
    "wrong",
    "view",
    "guard",
    "tag",
    "inner",
    "elements",
    "present",
    "self_",
    "check",
    "decode",
    "from",
    "into",
    "union",
    "gen",
    "async",
    "dyn",
    "r",
    "a",
    "packet",
    "reserved",
    "item",
    "copied",
    "iter",
    "u8",
    "usize",
    "i64",
    "str",
    "core",
    "packet_runtime",
    "other",
    "start_value",
];

const HOSTILE_TYPES: &[&str] = &[
    "Self",
    "Option",
    "Vec",
    "String",
    "Result",
    "Some",
    "None",
    "Ok",
    "Err",
    "Packet",
    "PacketView",
    "Box",
    "From",
    "View",
    "Encode",
    "Reader",
    "Array",
    "Clone",
    "Iterator",
    "Into",
    "TryFrom",
    "Unknown",
    "Default",
    "Else",
    "Copy",
    "Drop",
    "Send",
    "Be",
    "Le",
    "Fn",
    "Debug",
    "Eq",
    "Sized",
    "Array_",
    "Usize",
    "Str",
    "str",
    "usize",
];

const DOCS: &[&str] = &[
    "Plain words.",
    "*/ ends nothing",
    "\\\" quote \\\\ backslash",
    "``` fence",
    "<b>html</b> [link] [`Foo`]",
    "line one\\n\\n    indented\\n# heading",
    "\\u2028 \\r \\t \\0",
    "/* opens",
    "{} {0} {x}",
];

const WHOLE: &[&str] = &[
    "u8", "u16", "u24", "u32", "u40", "u48", "u56", "u64", "u72", "u80", "u88", "u96", "u104",
    "u112", "u120", "u128", "i8", "i16", "i24", "i32", "i40", "i48", "i56", "i64", "i72", "i96",
    "i120", "i128", "u16le", "u32be", "i24le", "i40be", "u64le", "f32", "f64", "f32le", "f64be",
    "bool", "u128le", "i128be",
];

const SMALL: &[&str] = &[
    "u8", "u16", "u24", "i8", "u16le", "u32", "i16", "u40", "u64", "i64",
];

const NAMED: &[&str] = &[
    "Kind", "Open", "Flag", "Keep", "Dropped", "Wide", "Byte", "Short", "Alias", "One", "Most",
    "Length", "Tolerant", "varint", "zigzag", "Scaled", "Padded", "Wide16",
];

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

    /// A header, and packets, after the types.
    fn packets(&mut self) -> String {
        let types = format!("types:\n{}", self.types);
        let base = format!("{}{types}", self.head);
        let size = self
            .random
            .pick(&["u8", "u16", "u24", "u32le", "u64", "u40", "varint"]);
        let counts = match size {
            "varint" => self.random.pick(&["body", "{ from: id }"]),
            _ => self
                .random
                .pick(&["packet", "body", "{ from: size }", "{ from: id }"]),
        };
        let bias = self.random.pick(&["0", "1", "-1", "4", "-7"]);
        let id = self.random.pick(&[
            "u8", "u16", "u24", "u32le", "u64", "u40le", "Byte", "varint",
        ]);
        let mut lines = vec![
            format!("size: {{ type: {size}, role: size, counts: {counts}, bias: {bias} }}"),
            format!("id: {{ type: {id}, role: id }}"),
        ];
        if self.random.one_in(2) {
            lines.swap(0, 1);
        }
        let mut header = Growing::default();
        for _ in 0..self.random.below(3) {
            if self.random.one_in(2) {
                self.scalar(&mut header);
            } else {
                self.run(&mut header);
            }
        }
        if self.random.one_in(2) {
            lines.splice(0..0, header.lines);
        } else {
            lines.extend(header.lines);
        }
        match self.random.below(4) {
            0 => lines.push(
                "sum: { type: u16, checksum: { algorithm: crc16-modbus, over: [size, body] } }"
                    .to_owned(),
            ),
            1 => lines.push(
                "sum: { type: u8, checksum: { algorithm: sum8, over: [sum, body], extra: 3 } }"
                    .to_owned(),
            ),
            _ => {}
        }
        lines.push("flags: u8".to_owned());
        let lines: String = listed("    ", &lines);
        let trailer = self.random.pick(&[
            "",
            "  trailer: [check: u16le, _: { type: u8, const: 7 }]\n",
            "  trailer: [one: u4, _: u12]\n",
            "  trailer: [sum_: { type: u32, checksum: { algorithm: crc32, over: [size, body] } }]\n",
            "  trailer: [sum_: { type: u16, checksum: { algorithm: fletcher16, over: [body, body] } }]\n",
        ]);
        let framing = format!("framing:\n  max_size: 4KiB\n  header:\n{lines}{trailer}");
        let plain = "framing:\n  header:\n    - size: { type: u16, role: size }\n    - id: { type: u8, role: id }\n    - flags: u8\n".to_owned();
        let mut packets = "packets:\n".to_owned();
        for id in 0..3 {
            let mut growing = Growing::default();
            growing.numbers.push("id".to_owned());
            for _ in 0..3 {
                self.piece(&mut growing);
            }
            let fields: String = listed("      ", &growing.lines);
            let ids = match self.random.below(4) {
                0 => format!("{}..={}", id * 100, id * 100 + 3),
                _ => (id * 100).to_string(),
            };
            let header = self.random.pick(&[
                "",
                "    header: { flags: 5 }\n",
                "    header: { flags: [low: u3, _: bit, high: u4] }\n",
            ]);
            let trailing = self.random.pick(&["", "", "    trailing: skip\n"]);
            let packet =
                format!("  P{id}:\n    id: {ids}\n{header}{trailing}    fields:\n{fields}");
            let with = format!("{base}{plain}{packets}{packet}");
            if compile(&with).is_ok() {
                packets.push_str(&packet);
                let steps = self.steps(&growing.numbers);
                let session = format!("{SESSION}{base}{plain}{packets}{steps}");
                if compile(&session).is_ok() {
                    packets.push_str(&steps);
                }
            }
        }
        let base = if packets.contains("    then:") {
            format!("{SESSION}{base}")
        } else {
            base
        };
        for framing in [framing, plain] {
            let all = format!("{base}{framing}{packets}");
            if compile(&all).is_ok() {
                return all;
            }
        }
        base
    }

    /// What a packet with these numbers does to the session.
    fn steps(&mut self, numbers: &[String]) -> String {
        let number = numbers.last().map_or("id", String::as_str);
        let other = numbers.first().map_or("id", String::as_str);
        let conditions = [
            format!("{number} == 3"),
            format!("not {number}"),
            format!("{number} and ({other} or {number} > 7)"),
            format!("{number} < 5 and {other} != 2 or {number} == 9"),
        ];
        let at = usize::try_from(self.random.below(4)).unwrap_or(0);
        let when = conditions.get(at).cloned().unwrap_or_default();
        let far =
            "{ in: type, state: state }, { in: state, state: Self }, { in: Self, state: else_ }";
        format!(
            "    then: [{far}, {{ in: else_, when: \"{when}\", state: type }}, \
             {{ in: else_, when: \"not ({when})\", state: state }}]\n"
        )
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

    fn scalar(&mut self, growing: &mut Growing) {
        let name = self.name(growing);
        let ty = if self.random.one_in(4) {
            self.random.pick(NAMED)
        } else if self.random.one_in(2) {
            self.random.pick(SMALL)
        } else {
            self.random.pick(WHOLE)
        };
        let more = match self.random.below(8) {
            0 => format!(
                ", range: {}..={}",
                self.random.below(3),
                3 + self.random.below(200)
            ),
            1 if ty.starts_with('i') => ", range: -7..=-1".to_owned(),
            1 | 2 if ty.starts_with('f') => ", finite: true".to_owned(),
            3 => format!(", const: {}", self.random.below(8)),
            _ => String::new(),
        };
        growing.numbers.push(name.clone());
        self.push(growing, &name, ty, &more);
    }

    fn run(&mut self, growing: &mut Growing) {
        let mut left = 8 * (1 + self.random.below(8));
        while left > 0 {
            let (ty, bits) = match self.random.below(12) {
                0 if left >= 3 => ("E3".to_owned(), 3),
                1 if left >= 5 => ("E5".to_owned(), 5),
                2 if left >= 4 => ("F4".to_owned(), 4),
                3 if left >= 5 => ("F5".to_owned(), 5),
                4 => ("bit".to_owned(), 1),
                5 if left >= 8 => ("Flag".to_owned(), 8),
                6 if left >= 16 => ("u16".to_owned(), 16),
                7 | 8 => {
                    let bits = (2 + self.random.below(30)).min(left);
                    (format!("i{bits}"), bits)
                }
                _ => {
                    let bits = (1 + self.random.below(20)).min(left);
                    (format!("u{bits}"), bits)
                }
            };
            left -= bits;
            let more = match self.random.below(8) {
                0 => ", const: 1".to_owned(),
                1 => ", range: 0..=1".to_owned(),
                _ => String::new(),
            };
            if self.random.one_in(6) {
                let more = if self.random.one_in(2) {
                    ", strict: true"
                } else {
                    ""
                };
                self.push(growing, "_", &ty, more);
            } else {
                let name = self.name(growing);
                growing.numbers.push(name.clone());
                self.push(growing, &name, &ty, &more);
            }
        }
    }

    fn reserved(&mut self, growing: &mut Growing) {
        let (ty, more) = match self.random.below(5) {
            0 => ("bytes[3]", ""),
            1 => (self.random.pick(WHOLE), ", strict: true"),
            2 => (self.random.pick(NAMED), ", const: 1"),
            3 => (self.random.pick(NAMED), ""),
            _ => (self.random.pick(WHOLE), ""),
        };
        self.push(growing, "_", ty, more);
    }

    fn element(&mut self) -> String {
        match self.random.below(4) {
            0 | 1 if !self.structs.is_empty() => self.known_struct(),
            2 => self
                .random
                .pick(&[
                    "u8", "u16", "i8", "i32le", "u64", "f32", "f64le", "u128", "i128", "i64",
                    "u24", "i48le", "u72", "bool", "Kind", "Open", "Flag", "Keep", "Dropped",
                    "Wide", "varint", "zigzag", "Length",
                ])
                .to_owned(),
            _ => self.random.pick(&["bytes", "string"]).to_owned(),
        }
    }

    fn known_struct(&mut self) -> String {
        if self.structs.is_empty() {
            return "u8".to_owned();
        }
        let index = self.random.below(self.structs.len() as u64);
        usize::try_from(index)
            .ok()
            .and_then(|index| self.structs.get(index))
            .cloned()
            .unwrap_or_default()
    }

    fn limits(&mut self) -> String {
        match self.random.below(5) {
            0 => ", max: 5".to_owned(),
            1 => ", min: 1".to_owned(),
            2 => format!(
                ", min: {}, max: {}",
                self.random.below(3),
                3 + self.random.below(9)
            ),
            _ => String::new(),
        }
    }

    fn sequence(&mut self, growing: &mut Growing) {
        let element = self.element();
        let suffix = match self.random.below(6) {
            0 => format!("[{}]", self.random.below(5)),
            1 => "[]".to_owned(),
            _ => format!(
                "<{}>",
                self.random.pick(&[
                    "u8", "u16", "u32le", "u64", "u24", "u40", "u16le", "varint", "Length"
                ])
            ),
        };
        let cstring = element == "string" && self.random.one_in(3);
        let mut more = self.limits();
        if suffix == "[]" && self.random.one_in(2) {
            let end = self.random.pick(&["0", "1", "255", "b", "name"]);
            let _ = write!(more, ", until: {end}");
        }
        if self.random.one_in(6) {
            let _ = write!(more, ", pad_to: {}", 8 + self.random.below(40));
        }
        if element == "string" && self.random.one_in(2) {
            more.push_str(", encoding: ");
            more.push_str(
                self.random
                    .pick(&["ascii", "latin1", "utf16", "utf16, endian: little"]),
            );
        }
        if element.starts_with('f') && self.random.one_in(2) {
            more.push_str(", finite: true");
        }
        if element.starts_with(['u', 'i']) && self.random.one_in(3) {
            more.push_str(", range: 0..=99");
        }
        let name = self.name(growing);
        let ty = if cstring {
            "cstring".to_owned()
        } else {
            format!("{element}{suffix}")
        };
        self.push(growing, &name, &ty, &more);
    }

    /// A number, and what is as long as it says.
    fn counted(&mut self, growing: &mut Growing) {
        if self.random.below(4) > 0 || growing.numbers.is_empty() {
            let name = self.name(growing);
            let (ty, more) = match self.random.below(5) {
                0 => ("i8", ""),
                4 => (self.random.pick(&["varint", "zigzag", "Length"]), ""),
                1 => (self.random.pick(SMALL), ""),
                2 => ("u16", ", range: 2..=20"),
                _ => ("u8", ""),
            };
            growing.numbers.push(name.clone());
            self.push(growing, &name, ty, more);
        }
        let number = growing.numbers.last().cloned().unwrap_or_default();
        let expr = match self.random.below(9) {
            0 => format!("{number} * 4 - 8"),
            1 => format!("{number} * 2"),
            2 => format!("{number} - 3"),
            3 => format!("{number} + 1"),
            4 => format!("10 - {number}"),
            5 => self.expr(growing, 2),
            6 => format!("{number} << 1"),
            _ => number,
        };
        let element = self.element();
        let name = self.name(growing);
        let limits = self.limits();
        match self.random.below(3) {
            0 => self.push(
                growing,
                &name,
                &format!("{element}[]"),
                &format!(", size: \"{expr}\"{limits}"),
            ),
            1 => {
                let ty = self.known_struct();
                let trailing = self.random.pick(&["", ", trailing: skip"]);
                self.push(
                    growing,
                    &name,
                    &ty,
                    &format!(", size: \"{expr}\"{trailing}"),
                );
            }
            _ => self.push(growing, &name, &format!("{element}[{expr}]"), &limits),
        }
    }

    /// A number that the schema computes from fields before it.
    fn computed(&mut self, growing: &mut Growing) {
        let mut terms = Vec::new();
        for _ in 0..=self.random.below(2) {
            let count = growing.names.len().max(1) as u64;
            let index = usize::try_from(self.random.below(count)).unwrap_or(0);
            let Some(field) = growing.names.get(index) else {
                return;
            };
            let function = self.random.pick(&["len", "size", "size", "present"]);
            terms.push(format!("{function}({field})"));
        }
        let name = self.name(growing);
        let ty = self.random.pick(&["u8", "u16le", "i32", "u64"]);
        let value = terms.join(self.random.pick(&[" + ", " * ", " - "]));
        let value = match self.random.below(4) {
            0 => format!("{value} + {}", self.expr(growing, 1)),
            1 => format!("{value} > 3"),
            _ => value,
        };
        self.push(growing, &name, ty, &format!(", value: \"{value}\""));
    }

    /// What is given as many bytes as a number in front of it says.
    fn sized(&mut self, growing: &mut Growing) {
        let length = self.name(growing);
        let ty = self
            .random
            .pick(&["u8", "u8", "u16le", "Length", "varint", "u24"]);
        self.push(growing, &length, ty, "");
        let size = match self.random.below(5) {
            0 => format!("{length} * 2"),
            1 => format!("{length} - 1"),
            2 => format!("{length} + 2"),
            _ => length,
        };
        let trailing = self.random.pick(&["", ", trailing: skip"]);
        if self.random.one_in(2) {
            let at = growing.lines.len();
            self.variant(growing);
            let line = growing.lines.iter_mut().skip(at);
            for line in line.filter(|line| line.contains("match: ") && !line.contains("size: ")) {
                let whole = line.trim_end_matches(" }").to_owned();
                *line = format!("{whole} }}, size: \"{size}\"{trailing} }}");
            }
            return;
        }
        let name = self.name(growing);
        let (ty, more) = match self.random.below(4) {
            0 => (self.known_struct(), trailing.to_owned()),
            1 => (format!("{}[]", self.element()), self.limits()),
            2 => ("cstring".to_owned(), trailing.to_owned()),
            _ => (format!("{}[]", self.element()), ", encoding: utf16".into()),
        };
        let pad = self.random.pick(&["", "", ", pad_to: 40"]);
        self.push(
            growing,
            &name,
            &ty,
            &format!(", size: \"{size}\"{more}{pad}"),
        );
    }

    /// An array up to an end.
    fn ended(&mut self, growing: &mut Growing) {
        let ty = if self.structs.is_empty() || self.random.one_in(2) {
            self.random
                .pick(&[
                    "u8", "u16", "i8", "i24le", "u64", "u128", "bool", "Kind", "Open", "Wide",
                    "varint", "zigzag", "Tolerant", "u16le",
                ])
                .to_owned()
        } else {
            self.known_struct()
        };
        let end = self
            .random
            .pick(&["0", "1", "7", "255", "-1", "b", "name", "true", "65535"]);
        let limits = self.limits();
        let more = self
            .random
            .pick(&["", "", ", pad_to: 30", ", align: 4", ", range: -1..=70"]);
        let name = self.name(growing);
        self.push(
            growing,
            &name,
            &format!("{ty}[]"),
            &format!(", until: {end}{limits}{more}"),
        );
    }

    /// Presence bits, and a field for each.
    fn presence(&mut self, growing: &mut Growing) {
        let (a, b) = (self.name(growing), self.name(growing));
        self.push(growing, &a, "bit", "");
        self.push(growing, &b, "u1", "");
        self.push(growing, "_", "u6", "");
        for condition in [a.clone(), format!("not {b}"), a] {
            let name = self.name(growing);
            let ty = match self.random.below(4) {
                0 => self.known_struct(),
                1 => format!("{}<varint>", self.element()),
                2 => self.random.pick(NAMED).to_owned(),
                _ => self.random.pick(WHOLE).to_owned(),
            };
            let more = self
                .random
                .pick(&["", "", ", align: 2", ", pad_to: 20", ", default: 1"]);
            self.push(growing, &name, &ty, &format!("{more}, when: {condition}"));
        }
    }

    /// A number that the schema computes from fields behind it.
    fn measuring(&mut self, growing: &mut Growing) {
        let name = self.name(growing);
        let line = growing.lines.len();
        growing.lines.push(String::new());
        growing.names.push(name.clone());
        let before = growing.names.len();
        match self.random.below(5) {
            0 => self.optional(growing),
            1 => self.variant(growing),
            2 => self.presence(growing),
            3 => self.ended(growing),
            _ => self.sequence(growing),
        }
        let behind: Vec<String> = growing
            .names
            .iter()
            .skip(before)
            .filter(|name| *name != "_")
            .cloned()
            .collect();
        let mut terms = Vec::new();
        for field in behind.iter().rev().take(2) {
            let function = self.random.pick(&["len", "size", "present", "", "size"]);
            terms.push(format!("{function}({field})"));
        }
        let ty = self
            .random
            .pick(&["u8", "u16le", "i32", "u64", "varint", "zigzag", "Length"]);
        let value = terms.join(self.random.pick(&[" + ", " * 3 + ", " - "]));
        growing.lines[line] = format!("{name}: {{ type: {ty}, value: \"{value}\" }}");
        if self.random.one_in(3) {
            growing.numbers.push(name);
        }
    }

    /// A field at a multiple of some bytes.
    fn aligned(&mut self, growing: &mut Growing) {
        let (name, ty) = match self.random.below(5) {
            0 => ("_".to_owned(), "bytes[0]".to_owned()),
            1 => ("_".to_owned(), "u16".to_owned()),
            2 => (self.name(growing), self.random.pick(WHOLE).to_owned()),
            3 => (self.name(growing), self.known_struct()),
            _ => (self.name(growing), "string<u8>".to_owned()),
        };
        let to = self.random.pick(&["1", "2", "3", "4", "8"]);
        self.push(growing, &name, &ty, &format!(", align: {to}"));
    }

    fn nested(&mut self, growing: &mut Growing) {
        let name = self.name(growing);
        let ty = self.known_struct();
        let more = match self.random.below(6) {
            0 => format!(", pad_to: {}", 8 + self.random.below(40)),
            1 => format!(", size: \"{}\"", self.expr(growing, 1)),
            2 => format!(", size: \"{}\", trailing: skip", self.expr(growing, 1)),
            _ => String::new(),
        };
        self.push(growing, &name, &ty, &more);
    }

    fn expr(&mut self, growing: &Growing, depth: u32) -> String {
        if depth == 0 || self.random.one_in(4) {
            if growing.numbers.is_empty() || self.random.one_in(3) {
                return self
                    .random
                    .pick(&[
                        "0",
                        "1",
                        "2",
                        "3",
                        "7",
                        "63",
                        "64",
                        "100",
                        "255",
                        "65536",
                        "9223372036854775808",
                        "-1",
                    ])
                    .to_owned();
            }
            let index = self.random.below(growing.numbers.len() as u64);
            return usize::try_from(index)
                .ok()
                .and_then(|index| growing.numbers.get(index))
                .cloned()
                .unwrap_or_default();
        }
        let a = self.expr(growing, depth - 1);
        let b = self.expr(growing, depth - 1);
        match self.random.below(9) {
            0 => format!("(not {a})"),
            1 => format!("(-({a}))"),
            _ => {
                let op = self.random.pick(&[
                    "+", "-", "*", "/", "%", "&", "|", "<<", ">>", "==", "!=", "<", "<=", ">",
                    ">=", "and", "or",
                ]);
                format!("({a} {op} {b})")
            }
        }
    }

    fn optional(&mut self, growing: &mut Growing) {
        let condition = match self.random.below(4) {
            0 => {
                let name = self.name(growing);
                growing.numbers.push(name.clone());
                self.push(growing, &name, "bool", "");
                name
            }
            1 => {
                let (a, b) = (self.name(growing), self.name(growing));
                self.push(growing, &a, "bit", "");
                self.push(growing, &b, "bit", "");
                self.push(growing, "_", "u6", "");
                growing.numbers.extend([a.clone(), b.clone()]);
                if self.random.one_in(2) {
                    a
                } else {
                    format!("not {b}")
                }
            }
            _ => self.expr(growing, 3),
        };
        for _ in 0..=self.random.below(2) {
            let before = growing.lines.len();
            let numbers = growing.numbers.len();
            match self.random.below(4) {
                0 => self.sequence(growing),
                1 => self.nested(growing),
                2 => self.variant(growing),
                _ => self.scalar(growing),
            }
            if growing.lines.len() > before {
                growing
                    .numbers
                    .truncate(numbers.max(growing.numbers.len().saturating_sub(1)));
                if let Some(line) = growing.lines.last_mut()
                    && let Some(open) = line.strip_suffix(" }")
                {
                    *line = format!("{open}, when: \"{condition}\" }}");
                }
            }
        }
    }

    fn case_type(&mut self) -> String {
        match self.random.below(15) {
            12 => format!("{}<u8>", self.element()),
            13 => format!("{}[3]", self.element()),
            14 => format!("{}[]", self.element()),
            9 => "bytes<varint>".to_owned(),
            10 => "cstring".to_owned(),
            11 => self.random.pick(&["varint", "zigzag"]).to_owned(),
            0 => "bytes<u8>".to_owned(),
            1 => "string<u16>".to_owned(),
            2 => "bytes".to_owned(),
            3 => self.random.pick(WHOLE).to_owned(),
            4 => self.random.pick(NAMED).to_owned(),
            5 => "bytes[3]".to_owned(),
            6 => "string[5]".to_owned(),
            _ => self.known_struct(),
        }
    }

    fn variant(&mut self, growing: &mut Growing) {
        if growing.numbers.is_empty() || !self.random.one_in(4) {
            let name = self.name(growing);
            let ty = if self.random.one_in(2) {
                self.random
                    .pick(&["Kind", "Open", "Wide", "One", "varint", "Length"])
            } else {
                self.random.pick(SMALL)
            };
            let more = if self.random.one_in(6) {
                ", const: 1"
            } else {
                ""
            };
            growing.numbers.push(name.clone());
            self.push(growing, &name, ty, more);
        }
        let tag = growing.numbers.last().cloned().unwrap_or_default();
        let mut cases = String::new();
        for number in 0..=self.random.below(4) {
            let ty = self.case_type();
            let name = if self.hostile {
                self.random
                    .pick(&["Self", "None", "type", "Else", "foo_bar", "FooBar", "Ok"])
                    .to_owned()
            } else {
                format!("C{number}")
            };
            let more = self.random.pick(&[
                "",
                "",
                "",
                ", range: 1..=9",
                ", max: 2",
                ", min: 1, max: 3",
                ", until: 0",
                ", encoding: utf16",
                ", encoding: latin1, max: 4",
                ", endian: little",
                ", canonical: false",
                ", finite: true",
            ]);
            let _ = write!(
                cases,
                "{number}: {{ type: \"{ty}\", name: {name}{more} }}, "
            );
        }
        if self.random.one_in(2) {
            let ty = if self.random.one_in(4) {
                "skip".to_owned()
            } else {
                self.case_type()
            };
            let _ = write!(cases, "else: \"{ty}\"");
        }
        let guard = if self.random.one_in(4) {
            format!(", guard: \"{}\"", self.expr(growing, 2))
        } else {
            String::new()
        };
        let name = self.name(growing);
        let size = match self.random.below(6) {
            0 => format!(", size: \"{}\"", self.expr(growing, 1)),
            1 => format!(", size: \"{}\", trailing: skip", self.expr(growing, 1)),
            _ => String::new(),
        };
        growing.lines.push(format!(
            "{name}: {{ match: {tag}, cases: {{ {cases} }}{guard}{size} }}"
        ));
        growing.names.push(name.clone());
        if self.random.one_in(4) {
            let rest = self.name(growing);
            self.push(growing, &rest, "bytes[]", "");
        }
    }

    fn checksum(&mut self, growing: &mut Growing) {
        let name = self.name(growing);
        let mut names = growing.names.clone();
        names.retain(|name| name != "_");
        names.push(name.clone());
        let last = names.len() - 1;
        let from = usize::try_from(self.random.below(names.len() as u64)).unwrap_or(0);
        let (from, to) = (names[from].clone(), names[last].clone());
        let choices = [
            "u16 internet",
            "u16le internet",
            "u8 xor8",
            "u32 adler32",
            "u24le crc24-openpgp",
            "u64 crc64-xz",
        ];
        let (ty, algorithm) = self
            .random
            .pick(&choices)
            .split_once(' ')
            .unwrap_or_default();
        let extra = if self.random.one_in(4) {
            ", extra: 9"
        } else {
            ""
        };
        let line = growing.lines.len();
        growing.names.push(name.clone());
        growing.numbers.push(name.clone());
        let mut to = to;
        growing.lines.push(String::new());
        if self.random.one_in(2) {
            let before = growing.names.len();
            self.sequence(growing);
            if let Some(later) = growing.names.get(before).filter(|later| *later != "_") {
                to.clone_from(later);
            }
        }
        growing.lines[line] = format!(
            "{name}: {{ type: {ty}, checksum: {{ algorithm: {algorithm}, over: [{from}, {to}]{extra} }} }}"
        );
    }
}
