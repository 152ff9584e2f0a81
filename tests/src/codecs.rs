//! The generated codecs behind one signature, so that a test can go over all of them.

use crate::again::{Again, Wrong, again};
use crate::values::given;
use packet_schema::codec::{decode, encode};
use packet_schema::layout::{Layout, StructId};
use packet_schema::source::File;

impl From<Box<packet_schema::codec::DecodeError>> for Wrong {
    fn from(error: Box<packet_schema::codec::DecodeError>) -> Self {
        Self {
            field: error.field,
            offset: error.offset,
            kind: error.kind,
        }
    }
}

/// The generated codec of one struct or packet, or another one of the same.
#[derive(Clone, Copy)]
pub struct Codec {
    /// The struct's name in the schema.
    pub name: &'static str,
    /// Decodes bytes as exactly one value, takes it over into the owned form, and encodes that.
    pub again: fn(&[u8]) -> Again,
}

/// What the dynamic codec makes of bytes.
///
/// # Errors
/// What is wrong with the bytes.
pub fn dynamic_again(layout: &Layout, id: StructId, bytes: &[u8]) -> Again {
    let decoded = decode(layout, id, bytes).map_err(Wrong::from)?;
    let value = given(layout, id, decoded.value);
    Ok(encode(layout, id, &value).map_err(|error| error.to_string()))
}

macro_rules! codecs {
    ($module:ident: $($owned:ident / $view:ident $(= $name:literal)?),* $(,)?) => {
        &[$(Codec {
            name: codecs!(@name $owned $($name)?),
            again: |bytes| again::<crate::$module::$view<'_>, crate::$module::$owned>(bytes),
        }),*]
    };
    (@name $owned:ident) => { stringify!($owned) };
    (@name $owned:ident $name:literal) => { $name };
}

/// A bundled protocol: its schema, and its generated codecs.
#[derive(Clone, Copy)]
pub struct Protocol {
    /// The schema's text.
    pub schema: &'static str,
    /// The codec of every struct and packet.
    pub codecs: &'static [Codec],
}

impl Protocol {
    /// The schema's layout.
    ///
    /// # Panics
    /// If the schema has an error.
    pub fn layout(&self) -> Layout {
        let file = |path: &str, text: &str| File {
            id: path.to_owned(),
            name: path.to_owned(),
            bytes: text.into(),
        };
        let mut load = |path: &str| {
            let found = IMPORTED.iter().find(|(known, _)| *known == path);
            let (_, text) = found.ok_or_else(|| format!("{path} is not among the tests' files"))?;
            Ok(file(path, text))
        };
        let (_, compiled) = packet_schema::compile_files(file("", self.schema), &mut load);
        compiled
            .unwrap_or_else(|problems| panic!("{problems:#?}"))
            .layout
    }

    /// Each codec with its struct's number in `layout`, which is this protocol's.
    ///
    /// # Panics
    /// If a codec's struct is not in the layout.
    pub fn codecs(&self, layout: &Layout) -> Vec<(StructId, Codec)> {
        let find = |codec: &Codec| {
            let id = layout.struct_named(codec.name);
            (
                id.unwrap_or_else(|| panic!("no struct {}", codec.name)),
                *codec,
            )
        };
        self.codecs.iter().map(find).collect()
    }
}

/// What the schemas import.
const IMPORTED: &[(&str, &str)] = &[
    (
        "imports/geometry.yaml",
        include_str!("../schemas/imports/geometry.yaml"),
    ),
    (
        "imports/meta.yaml",
        include_str!("../schemas/imports/meta.yaml"),
    ),
    (
        "imports/units.yaml",
        include_str!("../schemas/imports/units.yaml"),
    ),
];

/// `schemas/quickstart.yaml`.
pub const QUICKSTART: Protocol = Protocol {
    schema: include_str!("../../schemas/quickstart.yaml"),
    codecs: crate::types!(codecs quickstart),
};

/// `schemas/game.yaml`.
pub const GAME: Protocol = Protocol {
    schema: include_str!("../../schemas/game.yaml"),
    codecs: crate::types!(codecs game),
};

/// `schemas/inet.yaml`.
pub const INET: Protocol = Protocol {
    schema: include_str!("../../schemas/inet.yaml"),
    codecs: crate::types!(codecs inet),
};

/// `schemas/modbus.yaml`.
pub const MODBUS: Protocol = Protocol {
    schema: include_str!("../../schemas/modbus.yaml"),
    codecs: crate::types!(codecs modbus),
};

/// `schemas/mqtt.yaml`.
pub const MQTT: Protocol = Protocol {
    schema: include_str!("../../schemas/mqtt.yaml"),
    codecs: crate::types!(codecs mqtt),
};

/// `schemas/postgres.yaml`.
pub const POSTGRES: Protocol = Protocol {
    schema: include_str!("../../schemas/postgres.yaml"),
    codecs: crate::types!(codecs postgres),
};

/// `schemas/mavlink.yaml`.
pub const MAVLINK: Protocol = Protocol {
    schema: include_str!("../../schemas/mavlink.yaml"),
    codecs: crate::types!(codecs mavlink),
};

/// `schemas/mmo.yaml`.
pub const MMO: Protocol = Protocol {
    schema: include_str!("../../schemas/mmo.yaml"),
    codecs: crate::types!(codecs mmo),
};

/// Constructs that the bundled protocols do not have.
pub const ODDITIES: Protocol = Protocol {
    schema: include_str!("../schemas/oddities.yaml"),
    codecs: crate::types!(codecs oddities),
};

/// `tests/schemas/arrays.yaml`.
pub const ARRAYS: Protocol = Protocol {
    schema: include_str!("../schemas/arrays.yaml"),
    codecs: crate::types!(codecs arrays),
};

/// `tests/schemas/runs.yaml`.
pub const RUNS: Protocol = Protocol {
    schema: include_str!("../schemas/runs.yaml"),
    codecs: crate::types!(codecs runs),
};

/// `tests/schemas/policies.yaml`.
pub const POLICIES: Protocol = Protocol {
    schema: include_str!("../schemas/policies.yaml"),
    codecs: crate::types!(codecs policies),
};

/// Numbers whose size follows from their value.
pub const NUMBERS: Protocol = Protocol {
    schema: include_str!("../schemas/numbers.yaml"),
    codecs: crate::types!(codecs numbers),
};

/// Text in every encoding.
pub const TEXTS: Protocol = Protocol {
    schema: include_str!("../schemas/texts.yaml"),
    codecs: crate::types!(codecs texts),
};

/// Defaults, scales and versions.
pub const METADATA: Protocol = Protocol {
    schema: include_str!("../schemas/metadata.yaml"),
    codecs: crate::types!(codecs metadata),
};

/// The same ids in both directions, ranges of ids, several framings.
pub const FRAMING: Protocol = Protocol {
    schema: include_str!("../schemas/framing.yaml"),
    codecs: crate::types!(codecs framing),
};

/// Headers that packets change, trailers, and packets without a size.
pub const FRAMING_MODES: Protocol = Protocol {
    schema: include_str!("../schemas/framing_modes.yaml"),
    codecs: crate::types!(codecs framing_modes),
};

/// Headers whose size varies.
pub const FRAMING_VARYING: Protocol = Protocol {
    schema: include_str!("../schemas/framing_varying.yaml"),
    codecs: crate::types!(codecs framing_varying),
};

/// Types of other files.
pub const IMPORTS: Protocol = Protocol {
    schema: include_str!("../schemas/imports.yaml"),
    codecs: crate::types!(codecs imports),
};

/// `tests/schemas/checksums.yaml`.
pub const CHECKSUMS: Protocol = Protocol {
    schema: include_str!("../schemas/checksums.yaml"),
    codecs: crate::types!(codecs checksums),
};

/// `tests/schemas/summed.yaml`.
pub const SUMMED: Protocol = Protocol {
    schema: include_str!("../schemas/summed.yaml"),
    codecs: crate::types!(codecs summed),
};

/// `tests/schemas/bulk.yaml`.
pub const BULK: Protocol = Protocol {
    schema: include_str!("../schemas/bulk.yaml"),
    codecs: crate::types!(codecs bulk),
};

/// `tests/schemas/session.yaml`.
pub const SESSION: Protocol = Protocol {
    schema: include_str!("../schemas/session.yaml"),
    codecs: crate::types!(codecs session),
};

/// All of them.
pub const ALL: &[Protocol] = &[
    QUICKSTART,
    GAME,
    INET,
    MODBUS,
    MQTT,
    POSTGRES,
    MAVLINK,
    MMO,
    ODDITIES,
    ARRAYS,
    RUNS,
    POLICIES,
    CHECKSUMS,
    SUMMED,
    BULK,
    SESSION,
    NUMBERS,
    TEXTS,
    METADATA,
    IMPORTS,
    FRAMING,
    FRAMING_MODES,
    FRAMING_VARYING,
];
