//! Which keys the maps of a schema can have, what stands behind each, and what it means.
//!
//! The parser takes no key that is not declared here, and suggests those that are; tools describe the language
//! to others by these tables. A test compares every declaration with what the parser says to it.

mod fields;
mod protocol;
mod types;

pub use fields::{CASE, CHECKSUM, COUNTS, FIELD, VARIANT};
pub use protocol::{ERROR, FRAMING, PACKET, SCHEMA, SESSION, STATE, THEN, VECTOR};
pub use types::{ALIAS, ENUM, FLAGS, STRUCT, TYPE, VALUE};

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

const DOC: Key = key(
    "doc",
    Shape::Text,
    "Description for generated documentation.",
);

const HISTORY: &[Key] = &[
    key(
        "since",
        Shape::Unsigned,
        "The `version` of the schema that introduced it, for documentation.",
    ),
    key(
        "deprecated",
        Shape::Scalar,
        "`true`, or what to use instead, for documentation.",
    ),
];

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostic, Diagnostics};

    type Entries = &'static [(&'static str, &'static str)];

    /// A schema for each table, in which `…` stands for the entries of its map, and those that must be among
    /// them so that the map is this one.
    const PLACES: &[(&Table, &str, Entries)] = &[
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
        (
            &COUNTS,
            "types: { T: { struct: [ x: { type: u8, counts: {…} } ] } }",
            &[],
        ),
        (&SESSION, "session: {…}", &[]),
        (&STATE, "session: { states: { a: {…} } }", &[]),
        (&THEN, "packets: { P: { then: {…} } }", &[("state", "a")]),
        (&VECTOR, "packets: { P: { vectors: [ {…} ] } }", &[]),
        (
            &ERROR,
            "packets: { P: { vectors: [ { error: {…} } ] } }",
            &[],
        ),
    ];

    /// What the parser says to `key: value` in the map of a table.
    fn said(place: &str, others: Entries, key: &str, value: &str) -> Vec<Diagnostic> {
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
            Shape::Text
            | Shape::Name
            | Shape::Scalar
            | Shape::Map(_)
            | Shape::Named(_)
            | Shape::Cases(_) => ("[]", "P0104"),
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
