//! The keys of a whole schema, its framing, its packets and their test vectors.

use super::fields::{FIELDS, TRAILING};
use super::types::TYPE_SHAPE;
use super::{DOC, HISTORY, ORDER, Shape, Table, key};

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
                "imports",
                Shape::Named(&Shape::Text),
                "Other schemas whose types are used: a name, and the path from the root folder. With `common: types/common.yaml` a type is `common.Vec3`.",
            ),
            key(
                "framing",
                Shape::Map(&FRAMING),
                "How packets are delimited on a stream. Without it a packet is all the bytes that arrived.",
            ),
            key(
                "framings",
                Shape::Named(&Shape::Map(&FRAMING)),
                "Further framings of the protocol, which packets name.",
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
            key(
                "session",
                Shape::Map(&SESSION),
                "Which packet may be sent when. Without it every packet may be sent at any time.",
            ),
        ],
    ],
    needs: &[&["protocol"]],
};

/// What is said about framing.
pub const FRAMING: Table = Table {
    name: "framing",
    doc: "How packets are delimited on a stream.",
    keys: &[&[
        key(
            "max_size",
            Shape::ByteSize,
            "Most bytes of a packet with its header and trailer: `64KiB` if nothing is said.",
        ),
        key(
            "on_unknown_id",
            Shape::Choice(&["skip", "close"]),
            "What a receiver does with an id that the schema does not define: `close` if nothing is said.",
        ),
        key(
            "on_corrupt",
            Shape::Choice(&["close", "resync"]),
            "What a receiver does with a broken frame: `close` if nothing is said, or `resync` to look for the next one.",
        ),
        key(
            "header",
            FIELDS,
            "The fields that lead every packet, of fixed size or varints. One has `role: size`, and one can have `role: id`.",
        ),
        key(
            "trailer",
            FIELDS,
            "The fields that end every packet, all of fixed size.",
        ),
        key(
            "fixed",
            Shape::ByteSize,
            "Every packet has this many bytes, so that no size is needed.",
        ),
        key(
            "delimiter",
            Shape::Text,
            "Every packet ends with these 1 to 8 bytes, so that no size is needed.",
        ),
        key(
            "until_close",
            Shape::Bool,
            "A stream is one packet, so that no size is needed.",
        ),
        key(
            "datagram",
            Shape::Bool,
            "What carries packets keeps them apart, so that no size is needed.",
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
                "framing",
                Shape::Name,
                "One of the `framings`. Without it the packet has the usual one.",
            ),
            key(
                "id",
                Shape::OneOf(&[Shape::SizeRange, Shape::Name]),
                "The number in the header by which a receiver knows the packet, a range of numbers, or the name of an enum's value.",
            ),
            key(
                "header",
                Shape::Named(&Shape::OneOf(&[Shape::Scalar, FIELDS])),
                "What becomes of fields of the header in this packet: a constant, or fields of together the same width.",
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
                "trailing",
                TRAILING,
                "What becomes of bytes behind the last field: `reject` makes them an error, as if nothing were said; `skip` ignores them.",
            ),
            key(
                "in",
                STATES,
                "The states of the session in which it may be sent: all of them if nothing is said.",
            ),
            key(
                "then",
                Shape::OneOf(&[Shape::Name, Shape::Map(&THEN), Shape::List(&TRANSITION)]),
                "The state of the session that it leads to, or several under conditions. Without it the state stays.",
            ),
            key(
                "checksum_extra",
                Shape::Unsigned,
                "A byte that the frame's checksums sum behind what they cover.",
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
        HISTORY,
        ORDER,
    ],
    needs: &[],
};

/// The order of packets.
pub const SESSION: Table = Table {
    name: "session",
    doc: "The states of a connection, which decide what may be sent.",
    keys: &[&[
        key(
            "start",
            Shape::Name,
            "The state in which a connection begins.",
        ),
        key(
            "states",
            Shape::OneOf(&[
                Shape::List(&Shape::Name),
                Shape::Named(&Shape::OneOf(&[Shape::Text, Shape::Map(&STATE)])),
            ]),
            "The states: a list of names, or a map from names to descriptions. Without it they are those that `start` and `then` name.",
        ),
    ]],
    needs: &[&["start"]],
};

/// A state of a session.
pub const STATE: Table = Table {
    name: "state",
    doc: "A state of the session.",
    keys: &[&[DOC]],
    needs: &[],
};

/// What a packet does to the session.
pub const THEN: Table = Table {
    name: "then",
    doc: "A state that the packet leads to.",
    keys: &[&[
        key("state", Shape::Name, "The state."),
        key(
            "when",
            Shape::Expression,
            "Only if this computation on the packet's fields is not 0.",
        ),
        key("in", STATES, "Only from these states."),
    ]],
    needs: &[&["state"]],
};

const STATES: Shape = Shape::OneOf(&[Shape::Name, Shape::List(&Shape::Name)]);

const TRANSITION: Shape = Shape::OneOf(&[Shape::Name, Shape::Map(&THEN)]);

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
