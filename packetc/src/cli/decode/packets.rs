//! Which packet some bytes are, and where one packet ends and the next begins.

use crate::cli::{Error, schema};
use packet_runtime::ErrorKind;
use packet_schema::codec::{DecodeError, Decoded, decode};
use packet_schema::layout::{Framing, Layout, StructId};

/// What to decode bytes as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// This packet or struct.
    Struct(StructId),
    /// The packet whose id the header says.
    ById,
}

impl Target {
    /// What the user named; without a name the only packet, or the one that the header says.
    pub(super) fn new(layout: &Layout, name: Option<&str>) -> Result<Self, Error> {
        if let Some(name) = name {
            return schema::struct_named(layout, name).map(Self::Struct);
        }
        let has_ids = layout
            .framing
            .as_ref()
            .is_some_and(|framing| framing.id.is_some());
        match layout.packets.as_slice() {
            [_, ..] if has_ids => Ok(Self::ById),
            [packet] => Ok(Self::Struct(packet.body)),
            [] => Err(Error::Usage(format!(
                "protocol {} has no packets; choose a struct with --packet",
                layout.protocol
            ))),
            packets => {
                let names: Vec<&str> = packets
                    .iter()
                    .map(|packet| layout.get(packet.body).name.as_str())
                    .collect();
                Err(Error::Usage(format!(
                    "packets of {} do not say which they are; choose one with --packet: {}",
                    layout.protocol,
                    names.join(", ")
                )))
            }
        }
    }

    /// The packet's name, if it does not depend on the bytes.
    pub(super) fn name(self, layout: &Layout) -> Option<&str> {
        match self {
            Self::Struct(id) => Some(&layout.get(id).name),
            Self::ById => None,
        }
    }

    /// Decodes a whole packet.
    pub(super) fn decode(
        self,
        layout: &Layout,
        frame: &[u8],
    ) -> Result<(StructId, Decoded), Box<DecodeError>> {
        let id = match self {
            Self::Struct(id) => id,
            Self::ById => by_id(layout, frame)?,
        };
        match (&layout.framing, layout.packet_of(id)) {
            (Some(framing), Some(_)) if frame.len() > framing.max_size => {
                Err(Box::new(over_limit(layout, framing, id, frame.len())))
            }
            _ => decode(layout, id, frame).map(|decoded| (id, decoded)),
        }
    }
}

/// The packet whose id the header says, if its size is a possible one.
fn by_id(layout: &Layout, frame: &[u8]) -> Result<StructId, Box<DecodeError>> {
    if let Some(framing) = &layout.framing
        && let Some(claimed) = claimed_size(framing, frame)
        && !(framing.header_size as i128..=framing.max_size as i128).contains(&claimed)
    {
        return Err(Box::new(impossible_size(layout, framing, claimed)));
    }
    let id_field = layout.framing.as_ref().and_then(|framing| framing.id);
    let id = id_field.and_then(|field| field.read(frame));
    if let Some(packet) = id.and_then(|id| layout.packet_with_id(id)) {
        return Ok(packet.body);
    }
    if let (None, [only]) = (id, layout.packets.as_slice()) {
        return Ok(only.body);
    }
    // All packets begin with the same header, so the first one's decoder says what is wrong with it: at the
    // latest that the id is not its own.
    let any = layout
        .packets
        .first()
        .map_or(StructId(0), |packet| packet.body);
    let id_name = id_field
        .and_then(|field| layout.get(any).fields.get(field.field))
        .map(|field| field.name.as_str());
    let Err(mut error) = decode(layout, any, frame) else {
        unreachable!(
            "{} was decoded from another packet's id",
            layout.get(any).name
        )
    };
    error.packet.clear();
    if let (ErrorKind::ConstMismatch { actual, .. }, Some(name)) = (error.kind, id_name)
        && error.field == name
    {
        error.kind = ErrorKind::UnknownValue { value: actual };
    }
    Err(error)
}

fn over_limit(layout: &Layout, framing: &Framing, id: StructId, len: usize) -> DecodeError {
    let body = layout.get(id);
    DecodeError {
        packet: body.name.clone(),
        kind: ErrorKind::LengthOutOfRange {
            length: len as i128,
            min: body.min_size.into(),
            max: framing.max_size as i128,
        },
        ..impossible_size(layout, framing, len as i128)
    }
}

/// The error that no packet has the size that the header says.
fn impossible_size(layout: &Layout, framing: &Framing, claimed: i128) -> DecodeError {
    let any = layout.packets.first().map(|packet| layout.get(packet.body));
    let name = framing
        .size
        .zip(any)
        .and_then(|(size, body)| body.fields.get(size.field))
        .map(|field| field.name.clone());
    DecodeError {
        packet: String::new(),
        field: name.unwrap_or_default(),
        offset: framing.size.map_or(0, |size| size.offset),
        kind: ErrorKind::LengthOutOfRange {
            length: claimed,
            min: framing.header_size as i128,
            max: framing.max_size as i128,
        },
        value: packet_schema::value::Value::Map(Vec::new()),
        trace: Vec::new(),
    }
}

/// Cuts a stream into packets by the sizes in their headers.
///
/// Where a size leads beyond the end or back into the header, all that is left is one packet: decoding it
/// says what is wrong. So is input without framing, and empty input.
pub(super) fn cut<'a>(layout: &Layout, input: &'a [u8]) -> Vec<&'a [u8]> {
    let mut frames = Vec::new();
    let mut rest = input;
    loop {
        let size = layout
            .framing
            .as_ref()
            .and_then(|framing| frame_size(framing, rest))
            .filter(|&size| size < rest.len());
        let Some(size) = size else {
            frames.push(rest);
            return frames;
        };
        let (frame, after) = rest.split_at(size);
        frames.push(frame);
        rest = after;
    }
}

/// The size of the packet that begins here, if its header is there and says a possible one.
fn frame_size(framing: &Framing, bytes: &[u8]) -> Option<usize> {
    let size = usize::try_from(claimed_size(framing, bytes)?).ok()?;
    Some(size).filter(|&size| size >= framing.header_size && size > 0)
}

/// The size of the packet that begins here as its header says it, possible or not.
fn claimed_size(framing: &Framing, bytes: &[u8]) -> Option<i128> {
    let counted = framing.size?.read(bytes)?;
    Some(i128::from(counted) + i128::from(framing.excluded))
}
