//! Which packet some bytes are.

use crate::cli::{Error, schema};
use packet_runtime::ErrorKind;
use packet_schema::codec::{DecodeError, Decoded, decode};
use packet_schema::layout::{Dispatch, Framing, Layout, Mode, Sender, StructId};
use packet_schema::value::Value;

/// What to decode bytes as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// This packet or struct.
    Struct(StructId),
    /// The packet whose id the header says.
    ById(Dispatch),
}

/// What the user says about the packets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'a> {
    /// Name of the packet or struct.
    pub(super) packet: Option<&'a str>,
    /// Name of the framing.
    pub(super) framing: Option<&'a str>,
    /// The side that sent the packets.
    pub(super) sender: Option<Sender>,
}

impl Target {
    /// What the user named; without a name the only packet, or the one that the header says.
    pub(super) fn new(layout: &Layout, choice: Choice<'_>) -> Result<Self, Error> {
        if let Some(name) = choice.packet {
            return schema::struct_named(layout, name).map(Self::Struct);
        }
        let framing = framing(layout, choice.framing)?;
        let of_framing = layout.dispatches().into_iter();
        let mut dispatches = of_framing.filter(|found| Some(found.framing) == framing);
        match (dispatches.next(), dispatches.next()) {
            (Some(only), None) => return Ok(Self::ById(only)),
            (Some(first), Some(second)) => {
                return match choice.sender {
                    Some(sender) if first.sender == sender => Ok(Self::ById(first)),
                    Some(_) => Ok(Self::ById(second)),
                    None => Err(Error::Usage(format!(
                        "an id of {} means one packet from the client and another one from the server; say who sent these with --from client or --from server",
                        layout.protocol
                    ))),
                };
            }
            (None, _) => {}
        }
        let packets: Vec<StructId> = layout
            .packets
            .iter()
            .filter(|packet| packet.framing == framing)
            .map(|packet| packet.body)
            .collect();
        match packets.as_slice() {
            [packet] => Ok(Self::Struct(*packet)),
            [] => Err(Error::Usage(format!(
                "protocol {} has no packets; choose a struct with --packet",
                layout.protocol
            ))),
            packets => {
                let names: Vec<&str> = packets
                    .iter()
                    .map(|packet| layout.get(*packet).name.as_str())
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
    pub(super) fn name<'a>(&self, layout: &'a Layout) -> Option<&'a str> {
        match self {
            Self::Struct(id) => Some(&layout.get(*id).name),
            Self::ById(_) => None,
        }
    }

    /// How packets are delimited.
    pub(super) fn framing<'a>(&self, layout: &'a Layout) -> Option<&'a Framing> {
        layout.framings.get(self.framing_number(layout)?)
    }

    /// The number of their framing.
    pub(super) fn framing_number(&self, layout: &Layout) -> Option<usize> {
        match self {
            Self::Struct(id) => layout.packet_of(*id)?.framing,
            Self::ById(dispatch) => Some(dispatch.framing),
        }
    }

    /// Decodes a whole packet.
    pub(super) fn decode(
        &self,
        layout: &Layout,
        frame: &[u8],
    ) -> Result<(StructId, Decoded), Box<DecodeError>> {
        let framing = self.framing(layout);
        let id = match (self, framing) {
            (Self::Struct(id), _) => *id,
            (Self::ById(dispatch), Some(framing)) => by_id(layout, dispatch, framing, frame)?,
            (Self::ById(_), None) => StructId(0),
        };
        if let Some(framing) = framing {
            let fixed = matches!(framing.mode, Mode::Fixed(size) if frame.len() != size);
            if fixed || frame.len() > framing.max_size {
                return Err(Box::new(wrong_length(layout, framing, id, frame.len())));
            }
        }
        decode(layout, id, frame).map(|decoded| (id, decoded))
    }
}

/// The number of the framing called `name`; without a name the usual one, or the only one.
fn framing(layout: &Layout, name: Option<&str>) -> Result<Option<usize>, Error> {
    let position = |name: Option<&str>| {
        let mut framings = layout.framings.iter();
        framings.position(|framing| framing.name.as_deref() == name)
    };
    let names = layout
        .framings
        .iter()
        .filter_map(|framing| framing.name.as_deref());
    match name {
        Some(name) => position(Some(name))
            .map(Some)
            .ok_or_else(|| schema::unknown_name(layout, "framing", name, names)),
        None => match (position(None), layout.framings.as_slice()) {
            (Some(usual), _) => Ok(Some(usual)),
            (None, []) => Ok(None),
            (None, [_]) => Ok(Some(0)),
            (None, _) => Err(Error::Usage(format!(
                "{} has several framings; choose one with --framing: {}",
                layout.protocol,
                names.collect::<Vec<_>>().join(", ")
            ))),
        },
    }
}

/// The packet whose id the header says, if its size is a possible one.
fn by_id(
    layout: &Layout,
    dispatch: &Dispatch,
    framing: &Framing,
    frame: &[u8],
) -> Result<StructId, Box<DecodeError>> {
    if let Some((claimed, min)) = framing.claimed_size(frame)
        && !(min as i128..=framing.max_size as i128).contains(&claimed)
    {
        return Err(Box::new(impossible_size(framing, claimed)));
    }
    let id_field = framing.id.as_ref();
    let id = id_field.and_then(|field| field.read(frame));
    if let Some(packet) = id.and_then(|id| dispatch.find(layout, id)) {
        return Ok(packet.body);
    }
    let packets = dispatch.packets.iter();
    let bodies: Vec<StructId> = packets.map(|number| layout.packets[*number].body).collect();
    if let (None, [only]) = (id, bodies.as_slice()) {
        return Ok(*only);
    }
    // All packets begin with much the same header, so a decoder says what is wrong with it: at the latest that the id is not
    // its own. One that comes that far says that nothing else is.
    let name = id_field.map_or("", |field| field.name.as_str());
    let mut first = None;
    for body in bodies {
        let Err(mut error) = decode(layout, body, frame) else {
            continue;
        };
        error.packet.clear();
        if let (Some(value), true) = (id, error.field == name) {
            error.kind = ErrorKind::UnknownValue { value };
            return Err(error);
        }
        first = first.or(Some(error));
    }
    Err(first.unwrap_or_else(|| Box::new(nowhere(0, ErrorKind::UnknownValue { value: 0 }))))
}

/// A packet whose length its framing does not allow.
fn wrong_length(layout: &Layout, framing: &Framing, id: StructId, len: usize) -> DecodeError {
    let body = layout.get(id);
    let min = match framing.mode {
        Mode::Fixed(size) => size as i128,
        _ => body.min_size.into(),
    };
    let kind = ErrorKind::LengthOutOfRange {
        length: len as i128,
        min,
        max: framing.max_size as i128,
    };
    DecodeError {
        packet: body.name.clone(),
        kind,
        ..impossible_size(framing, len as i128)
    }
}

/// The error that no packet has the size that the header says.
fn impossible_size(framing: &Framing, claimed: i128) -> DecodeError {
    let size = framing.size.as_ref();
    let kind = ErrorKind::LengthOutOfRange {
        length: claimed,
        min: framing.min_size() as i128,
        max: framing.max_size as i128,
    };
    DecodeError {
        field: size.map_or_else(String::new, |size| size.name.clone()),
        ..nowhere(size.map_or(0, |size| size.offset), kind)
    }
}

/// An error of no packet in particular.
fn nowhere(offset: usize, kind: ErrorKind) -> DecodeError {
    DecodeError {
        packet: String::new(),
        field: String::new(),
        offset,
        kind,
        value: Value::Map(Vec::new()),
        trace: Vec::new(),
    }
}

/// Whether an error is that the frame is broken, and not just that nobody knows its id.
pub(super) fn is_broken(framing: &Framing, error: &DecodeError) -> bool {
    let unknown = matches!(error.kind, ErrorKind::UnknownValue { .. })
        && error.packet.is_empty()
        && framing.id.as_ref().is_some_and(|id| id.name == error.field);
    !unknown
}
