//! The keys of fields.

use super::{DOC, HISTORY, Key, ORDER, Shape, Table, key};

pub(super) const FIELDS: Shape = Shape::List(&Shape::Field(&FIELD_SHAPE));

const FIELD_SHAPE: Shape = Shape::OneOf(&[Shape::Type, Shape::Map(&FIELD), Shape::Map(&VARIANT)]);

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
        HISTORY,
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
        HISTORY,
        ORDER,
    ],
    needs: &[&["match", "cases"]],
};

const CASE_SHAPE: Shape = Shape::OneOf(&[Shape::Type, Shape::Map(&CASE)]);

/// The long form of a case.
pub const CASE: Table = Table {
    name: "case",
    doc: "A case of a variant.",
    keys: &[
        &[
            key("type", Shape::Type, "What the variant holds in this case."),
            key(
                "name",
                Shape::Name,
                "The case's name in JSON and in generated code, if it is not that of the value or the type.",
            ),
        ],
        ATTRIBUTES,
        HISTORY,
        ORDER,
    ],
    needs: &[&["type"]],
};

/// What a field can say besides its type.
pub(super) const ATTRIBUTES: &[Key] = &[
    DOC,
    key(
        "unit",
        Shape::Text,
        "Unit of the number, for documentation.",
    ),
    key(
        "scale",
        Shape::Scalar,
        "What an integer is multiplied by to be in its unit: `0.1`.",
    ),
    key(
        "default",
        Shape::Any,
        "What is written where a value leaves the field out: a number, a name, text, or hexadecimal digits in quotes.",
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
        "canonical",
        Shape::Bool,
        "Of a varint: `false` accepts more bytes than the number needs.",
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
        "until",
        Shape::Scalar,
        "Of an array `T[]`: it ends at this number or enum value, which is no element.",
    ),
    key(
        "pad_to",
        Shape::Unsigned,
        "The field has this many bytes: what it needs, and then zeros.",
    ),
    key(
        "align",
        Shape::Unsigned,
        "The field begins at a multiple of this many bytes, counted from the start of its struct or packet.",
    ),
    key(
        "trailing",
        TRAILING,
        "What becomes of bytes that are left over in `size`: `reject` makes them an error, as if nothing were said; `skip` ignores them.",
    ),
    key(
        "value",
        Shape::Expression,
        "The field is computed from others, before or after it: `len(data) * 2`.",
    ),
    key(
        "encoding",
        Shape::Choice(&["utf8", "ascii", "latin1", "utf16"]),
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
        Shape::OneOf(&[Shape::Choice(&["packet", "body"]), Shape::Map(&COUNTS)]),
        "What `role: size` counts: the whole `packet`, as if nothing were said, the `body` between header and trailer, or everything from a field on.",
    ),
    key(
        "bias",
        Shape::Signed,
        "The number in `role: size` is so much more than the bytes that it counts.",
    ),
];

pub(super) const TRAILING: Shape = Shape::Choice(&["reject", "skip", "keep"]);

/// Where a size begins to count.
pub const COUNTS: Table = Table {
    name: "counts",
    doc: "What a size counts.",
    keys: &[&[key(
        "from",
        Shape::Name,
        "A field of the header: everything from it to the end of the packet is counted.",
    )]],
    needs: &[&["from"]],
};

/// What a checksum is computed from.
pub const CHECKSUM: Table = Table {
    name: "checksum",
    doc: "How a checksum is computed.",
    keys: &[&[
        key(
            "algorithm",
            Shape::Text,
            "Name of the algorithm, such as `internet` or `crc32`.",
        ),
        key(
            "over",
            Shape::Pair(&Shape::Name),
            "The first and the last field that are covered; its own bytes count as zero.",
        ),
        key(
            "extra",
            Shape::Unsigned,
            "A byte that is summed behind what is covered, and that nobody sends.",
        ),
    ]],
    needs: &[&["algorithm", "over"]],
};
