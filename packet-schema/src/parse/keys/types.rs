//! The keys of named types.

use super::fields::{ATTRIBUTES, FIELDS};
use super::{DOC, HISTORY, ORDER, Shape, Table, key};

pub(super) const TYPE_SHAPE: Shape = Shape::OneOf(&[
    Shape::Type,
    Shape::Map(&STRUCT),
    Shape::Map(&ENUM),
    Shape::Map(&FLAGS),
    Shape::Map(&ALIAS),
]);

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
            "What becomes of other bits: `reject` makes them an error, as if nothing were said; `keep` leaves them as they are; `skip` drops them.",
        ),
        DOC,
    ]],
    needs: &[&["flags", "bits"]],
};

const UNKNOWN: Shape = Shape::Choice(&["reject", "keep", "skip"]);

const VALUE_SHAPE: Shape = Shape::OneOf(&[Shape::Unsigned, Shape::Map(&VALUE)]);

/// The long form of an enum's value or a flag.
pub const VALUE: Table = Table {
    name: "value",
    doc: "A number with a description.",
    keys: &[
        &[
            key(
                "value",
                Shape::Unsigned,
                "The number of an enum's value, or the position of a flag's bit.",
            ),
            DOC,
        ],
        HISTORY,
    ],
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
        HISTORY,
        ORDER,
    ],
    needs: &[&["type"]],
};
