//! Which keys the maps of a schema can have, what stands behind each, and what it means.
//!
//! The parser takes no key that is not declared here, and suggests those that are; tools describe the language
//! to others by these tables. A test compares every declaration with what the parser says to it.

/// The keys of one map.
#[derive(Debug)]
pub struct Table {
    /// Its name, unique among all tables.
    pub name: &'static str,
    /// What the map describes.
    pub doc: &'static str,
    /// Its keys, in groups that several tables share.
    pub keys: &'static [&'static [Key]],
    /// The sets of keys of which one must be there; none means that no key is required.
    pub needs: &'static [&'static [&'static str]],
}

/// One key.
#[derive(Debug)]
pub struct Key {
    /// The key itself.
    pub name: &'static str,
    /// What stands behind it.
    pub shape: Shape,
    /// What it means, as Markdown.
    pub doc: &'static str,
}

/// The form of a value.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any text.
    Text,
    /// A name of something that the schema defines.
    Name,
    /// A whole number from 0.
    Unsigned,
    /// A whole number.
    Signed,
    /// `true` or `false`.
    Bool,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// `a..=b`.
    Range,
    /// A number or `a..=b`.
    SizeRange,
    /// `512` or `64KiB`.
    ByteSize,
    /// A type as it is written: `u16`, `bytes[length]`.
    Type,
    /// A computation on fields.
    Expression,
    /// Hexadecimal digits in pairs.
    Hex,
    /// A number, text, `true` or `false`.
    Scalar,
    /// Any value.
    Any,
    /// A map with certain keys.
    Map(&'static Table),
    /// A map from names to values of one form.
    Named(&'static Shape),
    /// A map from the values of a tag to values of one form.
    Cases(&'static Shape),
    /// A list of values of one form.
    List(&'static Shape),
    /// Two values of one form.
    Pair(&'static Shape),
    /// A map with one key, the name of a field.
    Field(&'static Shape),
    /// A value of one of several forms.
    OneOf(&'static [Shape]),
}

impl Table {
    /// All keys, in the order in which they are declared.
    pub fn keys(&self) -> impl Iterator<Item = &'static Key> {
        self.keys.iter().copied().flatten()
    }
}

/// The table of a whole schema and all that it leads to, each once.
pub fn tables() -> Vec<&'static Table> {
    let mut found = Vec::new();
    collect(&SCHEMA, &mut found);
    found
}

fn collect(table: &'static Table, found: &mut Vec<&'static Table>) {
    if !found.iter().any(|known| known.name == table.name) {
        found.push(table);
        table
            .keys()
            .for_each(|key| collect_behind(key.shape, found));
    }
}

fn collect_behind(shape: Shape, found: &mut Vec<&'static Table>) {
    match shape {
        Shape::Map(table) => collect(table, found),
        Shape::Named(inner)
        | Shape::Cases(inner)
        | Shape::List(inner)
        | Shape::Pair(inner)
        | Shape::Field(inner) => collect_behind(*inner, found),
        Shape::OneOf(shapes) => shapes
            .iter()
            .for_each(|shape| collect_behind(*shape, found)),
        _ => {}
    }
}

const fn key(name: &'static str, shape: Shape, doc: &'static str) -> Key {
    Key { name, shape, doc }
}

/// A whole schema.
pub const SCHEMA: Table = Table {
    name: "schema",
    doc: "A packet protocol.",
    keys: &[
        &[
            key(
                "protocol",
                Shape::Name,
                "Name of the protocol, and of the generated file.",
            ),
            key(
                "version",
                Shape::Unsigned,
                "A number for the reader of the schema; nothing on the wire follows from it.",
            ),
            DOC,
        ],
        ORDER,
        &[
            key(
                "framing",
                Shape::Map(&FRAMING),
                "How packets are delimited on a stream. Without it a packet is all the bytes that arrived.",
            ),
            key(
                "groups",
                Shape::Named(&Shape::Range),
                "Ranges of packet ids that are reserved for parts of the protocol: `chat: 4000..=4099`.",
            ),
            key(
                "types",
                Shape::Named(&TYPE_SHAPE),
                "Enums, flags, structs and other names of types, which fields can use.",
            ),
            key(
                "packets",
                Shape::Named(&Shape::Map(&PACKET)),
                "The packets, by their names.",
            ),
        ],
    ],
    needs: &[&["protocol"]],
};

const DOC: Key = key(
    "doc",
    Shape::Text,
    "Description for generated documentation.",
);

const ORDER: &[Key] = &[
    key(
        "endian",
        Shape::Choice(&["big", "little"]),
        "Order of the bytes of a number: `big` if nothing is said here or around it.",
    ),
    key(
        "bit_order",
        Shape::Choice(&["msb", "lsb"]),
        "From which end bit runs are cut: `msb`, as in the drawings of RFCs, if nothing is said here or around it.",
    ),
];

const FIELDS: Shape = Shape::List(&Shape::Field(&FIELD_SHAPE));

const FIELD_SHAPE: Shape = Shape::OneOf(&[Shape::Type, Shape::Map(&FIELD), Shape::Map(&VARIANT)]);

const TYPE_SHAPE: Shape = Shape::OneOf(&[
    Shape::Type,
    Shape::Map(&STRUCT),
    Shape::Map(&ENUM),
    Shape::Map(&FLAGS),
    Shape::Map(&ALIAS),
]);

/// What is said about framing.
pub const FRAMING: Table = Table {
    name: "framing",
    doc: "How packets are delimited on a stream.",
    keys: &[&[
        key(
            "max_size",
            Shape::ByteSize,
            "Most bytes of a packet with its header: `64KiB` if nothing is said.",
        ),
        key(
            "on_unknown_id",
            Shape::Choice(&["skip", "close"]),
            "What a receiver does with an id that the schema does not define: `close` if nothing is said.",
        ),
        key(
            "header",
            FIELDS,
            "The fields that lead every packet, all of fixed size. One has `role: size`, and one can have `role: id`.",
        ),
    ]],
    needs: &[],
};

/// A packet.
pub const PACKET: Table = Table {
    name: "packet",
    doc: "A packet.",
    keys: &[
        &[
            DOC,
            key(
                "id",
                Shape::Unsigned,
                "The number in the header by which a receiver knows the packet.",
            ),
            key(
                "group",
                Shape::Name,
                "One of the `groups`, whose range the id must lie in.",
            ),
            key(
                "from",
                Shape::Choice(&["client", "server", "both"]),
                "Who sends it: `both` if nothing is said.",
            ),
            key(
                "size",
                Shape::SizeRange,
                "What you expect its whole size to be, header included: `20`, or `8..=1126`. It is compared with the fields.",
            ),
            key(
                "fields",
                FIELDS,
                "The fields after the header, in the order of the wire.",
            ),
            key(
                "vectors",
                Shape::List(&Shape::Map(&VECTOR)),
                "Bytes with the value or the error that they stand for; `packetc check` tests them.",
            ),
        ],
        ORDER,
    ],
    needs: &[],
};

/// What every type's map can have before its kind is known.
pub const TYPE: Table = Table {
    name: "type",
    doc: "A named type.",
    keys: &[&[
        DOC,
        key(
            "struct",
            FIELDS,
            "The fields of a struct, in the order of the wire.",
        ),
        key(
            "enum",
            Shape::Type,
            "The unsigned integer that holds the enum.",
        ),
        key(
            "flags",
            Shape::Type,
            "The unsigned integer that holds the flags.",
        ),
        key(
            "type",
            Shape::Type,
            "The type that this is another name for.",
        ),
    ]],
    needs: &[&["struct"], &["enum"], &["flags"], &["type"]],
};

/// A struct.
pub const STRUCT: Table = Table {
    name: "struct",
    doc: "Fields under one name.",
    keys: &[
        &[
            key("struct", FIELDS, "The fields, in the order of the wire."),
            DOC,
        ],
        ORDER,
    ],
    needs: &[&["struct"]],
};

/// An enum.
pub const ENUM: Table = Table {
    name: "enum",
    doc: "Names for numbers.",
    keys: &[&[
        key(
            "enum",
            Shape::Type,
            "The unsigned integer that is on the wire, of 1 to 64 bits. The byte order is that of the field.",
        ),
        key(
            "values",
            Shape::Named(&VALUE_SHAPE),
            "The names, each with its number.",
        ),
        key(
            "unknown",
            UNKNOWN,
            "What becomes of other numbers: `reject` makes them an error, as if nothing were said; `keep` hands them on.",
        ),
        DOC,
    ]],
    needs: &[&["enum", "values"]],
};

/// Flags.
pub const FLAGS: Table = Table {
    name: "flags",
    doc: "Names for the bits of a number.",
    keys: &[&[
        key(
            "flags",
            Shape::Type,
            "The unsigned integer that is on the wire, of 1 to 64 bits. The byte order is that of the field.",
        ),
        key(
            "bits",
            Shape::Named(&VALUE_SHAPE),
            "The names, each with the position of its bit; 0 is the least significant one.",
        ),
        key(
            "unknown",
            UNKNOWN,
            "What becomes of other bits: `reject` makes them an error, as if nothing were said; `keep` leaves them as they are.",
        ),
        DOC,
    ]],
    needs: &[&["flags", "bits"]],
};

const UNKNOWN: Shape = Shape::Choice(&["reject", "keep"]);

const VALUE_SHAPE: Shape = Shape::OneOf(&[Shape::Unsigned, Shape::Map(&VALUE)]);

/// The long form of an enum's value or a flag.
pub const VALUE: Table = Table {
    name: "value",
    doc: "A number with a description.",
    keys: &[&[
        key(
            "value",
            Shape::Unsigned,
            "The number of an enum's value, or the position of a flag's bit.",
        ),
        DOC,
    ]],
    needs: &[&["value"]],
};

/// An alias with constraints.
pub const ALIAS: Table = Table {
    name: "alias",
    doc: "Another name for a type, with constraints that hold wherever it is used.",
    keys: &[
        &[key(
            "type",
            Shape::Type,
            "The type that this is another name for.",
        )],
        ATTRIBUTES,
        ORDER,
    ],
    needs: &[&["type"]],
};

/// A field with a type.
pub const FIELD: Table = Table {
    name: "field",
    doc: "A field.",
    keys: &[
        &[key(
            "type",
            Shape::Type,
            "The type: `u16`, `string<u8>`, `bytes[length]`, or the name of one of the `types`.",
        )],
        ATTRIBUTES,
        ORDER,
    ],
    needs: &[&["type"]],
};

/// A field whose type another field chooses.
pub const VARIANT: Table = Table {
    name: "variant",
    doc: "A field whose type is chosen by an earlier field.",
    keys: &[
        &[
            key(
                "match",
                Shape::Name,
                "The field that chooses: an integer or an enum that comes before this one.",
            ),
            key(
                "cases",
                Shape::Cases(&CASE_SHAPE),
                "The types, each under the value that chooses it; `else` is for all other values.",
            ),
            key(
                "guard",
                Shape::Expression,
                "The cases apply only where this holds; elsewhere `else` does.",
            ),
        ],
        ATTRIBUTES,
        ORDER,
    ],
    needs: &[&["match", "cases"]],
};

const CASE_SHAPE: Shape = Shape::OneOf(&[Shape::Type, Shape::Map(&CASE)]);

/// The long form of a case.
pub const CASE: Table = Table {
    name: "case",
    doc: "A case of a variant.",
    keys: &[&[
        key("type", Shape::Type, "What the variant holds in this case."),
        key(
            "name",
            Shape::Name,
            "The case's name in JSON and in generated code, if it is not that of the value or the type.",
        ),
    ]],
    needs: &[&["type"]],
};

/// What a field can say besides its type.
const ATTRIBUTES: &[Key] = &[
    DOC,
    key(
        "unit",
        Shape::Text,
        "Unit of the number, for documentation.",
    ),
    key(
        "const",
        Shape::Scalar,
        "Always this value: a number, the name of an enum's value, `true` or `false`.",
    ),
    key(
        "strict",
        Shape::Bool,
        "Of a reserved field, which is called `_`: it must be zero.",
    ),
    key(
        "range",
        Shape::Range,
        "The values that an integer can have, both ends included: `1..=64`.",
    ),
    key(
        "finite",
        Shape::Bool,
        "Of a float: infinities and NaN are an error.",
    ),
    key(
        "min",
        Shape::Unsigned,
        "Smallest length: bytes of bytes and text, elements of arrays.",
    ),
    key(
        "max",
        Shape::Unsigned,
        "Largest length: bytes of bytes and text, elements of arrays.",
    ),
    key(
        "when",
        Shape::Expression,
        "The field is there only if this is not 0: `kind == 2`.",
    ),
    key("size", Shape::Expression, "The field has this many bytes."),
    key(
        "encoding",
        Shape::Choice(&["utf8", "ascii"]),
        "Encoding of text: `utf8` if nothing is said.",
    ),
    key(
        "checksum",
        Shape::Map(&CHECKSUM),
        "The field is computed from others when a packet is written, and verified when it is read.",
    ),
    key(
        "role",
        Shape::Choice(&["size", "id"]),
        "Of a field of the header: it holds the packet's size, or its id.",
    ),
    key(
        "counts",
        Shape::Choice(&["packet", "body"]),
        "What `role: size` counts: the whole `packet`, as if nothing were said, or the `body` behind the header.",
    ),
    key(
        "bias",
        Shape::Signed,
        "The number in `role: size` is so much more than the bytes that it counts.",
    ),
];

/// What a checksum is computed from.
pub const CHECKSUM: Table = Table {
    name: "checksum",
    doc: "How a checksum is computed.",
    keys: &[&[
        key(
            "algorithm",
            Shape::Text,
            "Name of the algorithm, such as `internet`.",
        ),
        key(
            "over",
            Shape::Pair(&Shape::Name),
            "The first and the last field that are covered; its own bytes count as zero.",
        ),
    ]],
    needs: &[&["algorithm", "over"]],
};

/// A test vector.
pub const VECTOR: Table = Table {
    name: "vector",
    doc: "A test vector: bytes and what they stand for.",
    keys: &[&[
        key("name", Shape::Text, "What a report calls it."),
        key(
            "hex",
            Shape::Hex,
            "The bytes: pairs of hexadecimal digits in quotes, with white space between them.",
        ),
        key(
            "value",
            Shape::Any,
            "The value that the bytes stand for: a map from fields to their values.",
        ),
        key(
            "encoded",
            Shape::Hex,
            "The bytes that the value is written as, where those are others.",
        ),
        key(
            "error",
            Shape::Map(&ERROR),
            "The error that the bytes give.",
        ),
    ]],
    needs: &[&["name", "hex", "value"], &["name", "hex", "error"]],
};

/// The error that a test vector gives.
pub const ERROR: Table = Table {
    name: "error",
    doc: "An error of decoding.",
    keys: &[&[
        key(
            "kind",
            Shape::Text,
            "Its kind, such as `truncated` or `out_of_range`.",
        ),
        key("at", Shape::Text, "The path of the field that it is about."),
    ]],
    needs: &[&["kind"]],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostic, Diagnostics};

    /// A schema for each table, in which `…` stands for the entries of its map, and those that must be among
    /// them so that the map is this one.
    const PLACES: &[(&Table, &str, &[(&str, &str)])] = &[
        (&SCHEMA, "{…}", &[]),
        (&FRAMING, "framing: {…}", &[]),
        (&PACKET, "packets: { P: {…} }", &[]),
        (&TYPE, "types: { T: {…} }", &[]),
        (&STRUCT, "types: { T: {…} }", &[("struct", "[]")]),
        (&ENUM, "types: { T: {…} }", &[("enum", "u8")]),
        (&FLAGS, "types: { T: {…} }", &[("flags", "u8")]),
        (&ALIAS, "types: { T: {…} }", &[("type", "u8")]),
        (
            &VALUE,
            "types: { T: { enum: u8, values: { a: {…} } } }",
            &[],
        ),
        (
            &FIELD,
            "types: { T: { struct: [ x: {…} ] } }",
            &[("type", "u8")],
        ),
        (
            &VARIANT,
            "types: { T: { struct: [ x: {…} ] } }",
            &[("match", "a"), ("cases", "{}")],
        ),
        (
            &CASE,
            "types: { T: { struct: [ x: { match: a, cases: { 1: {…} } } ] } }",
            &[],
        ),
        (
            &CHECKSUM,
            "types: { T: { struct: [ x: { type: u8, checksum: {…} } ] } }",
            &[],
        ),
        (&VECTOR, "packets: { P: { vectors: [ {…} ] } }", &[]),
        (
            &ERROR,
            "packets: { P: { vectors: [ { error: {…} } ] } }",
            &[],
        ),
    ];

    /// What the parser says to `key: value` in the map of a table.
    fn said(place: &str, others: &[(&str, &str)], key: &str, value: &str) -> Vec<Diagnostic> {
        let others = others.iter().filter(|(other, _)| *other != key);
        let entries: Vec<String> = others
            .chain([&(key, value)])
            .map(|(key, value)| format!("{key}: {value}"))
            .collect();
        let mut diagnostics = Diagnostics::new();
        crate::parse::parse(&place.replace('…', &entries.join(", ")), &mut diagnostics);
        diagnostics.into_sorted()
    }

    /// A value that the shape does not have, and the code that the parser has for it.
    fn wrong(shape: Shape) -> Option<(&'static str, &'static str)> {
        Some(match shape {
            Shape::Text | Shape::Name | Shape::Scalar => ("[]", "P0104"),
            Shape::Map(_) | Shape::Named(_) | Shape::Cases(_) => ("[]", "P0104"),
            Shape::List(_) | Shape::Pair(_) => ("{}", "P0104"),
            Shape::Unsigned | Shape::Signed | Shape::ByteSize => ("zzz", "P0114"),
            Shape::Bool | Shape::Choice(_) => ("zzz", "P0115"),
            Shape::Range | Shape::SizeRange => ("zzz", "P0116"),
            Shape::Hex => ("zzz", "P0117"),
            Shape::Type => ("'<'", "P0109"),
            Shape::Expression => ("'<'", "P0108"),
            Shape::Any | Shape::Field(_) | Shape::OneOf(_) => return None,
        })
    }

    #[test]
    fn the_parser_takes_every_key_and_expects_its_shape() {
        for (table, place, others) in PLACES {
            for key in table.keys() {
                let (value, code) = wrong(key.shape).unwrap_or(("0", ""));
                let said = said(place, others, key.name, value);
                let at = format!("`{}` of {}: {said:#?}", key.name, table.name);
                assert!(said.iter().all(|problem| problem.code != "P0107"), "{at}");
                assert!(
                    code.is_empty() || said.iter().any(|problem| problem.code == code),
                    "{at}"
                );
                if let Shape::Choice(words) = key.shape {
                    let listed = format!("`{}`", words.join("`, `"));
                    let named = |message: &str| {
                        message
                            .replace(" or ", ", ")
                            .contains(&format!(" is {listed}, not"))
                    };
                    assert!(said.iter().any(|problem| named(&problem.message)), "{at}");
                }
            }
        }
    }

    #[test]
    fn a_key_is_there_once() {
        for (table, ..) in PLACES {
            for key in table.keys() {
                let same = table.keys().filter(|other| other.name == key.name);
                assert_eq!(same.count(), 1, "`{}` of {}", key.name, table.name);
                assert!(key.doc.ends_with('.'), "{}", key.doc);
            }
            for key in table.needs.iter().copied().flatten() {
                assert!(table.keys().any(|known| known.name == *key), "{key}");
            }
        }
    }

    #[test]
    fn every_table_is_tested() {
        let mut found: Vec<&str> = tables().iter().map(|table| table.name).collect();
        let mut tested: Vec<&str> = PLACES.iter().map(|(table, ..)| table.name).collect();
        found.push(TYPE.name);
        found.sort_unstable();
        tested.sort_unstable();
        assert_eq!(found, tested);
    }
}
