//! How packets are delimited on a stream, and which packet an id stands for.

use super::{Endian, Layout, OnCorrupt, OnUnknownId, Packet, Sender, Varint};

/// How packets are delimited on a stream.
#[derive(Clone, Debug)]
pub struct Framing {
    /// Its name, if it is not the protocol's usual one.
    pub name: Option<String>,
    /// How packets are told from one another.
    pub mode: Mode,
    /// Most bytes that a whole packet may have.
    pub max_size: usize,
    /// What a receiver does with a packet that it does not know.
    pub on_unknown_id: OnUnknownId,
    /// What a receiver does with a broken frame.
    pub on_corrupt: OnCorrupt,
    /// The constant bytes that every packet begins with, as far as whole bytes are constant.
    pub magic: Vec<u8>,
    /// Bytes of the header; fewest, if it has varints.
    pub header_size: usize,
    /// Bytes of the trailer.
    pub trailer_size: usize,
    /// Where the size stands.
    pub size: Option<HeaderField>,
    /// Bytes of a packet that the size does not count; negative if it counts more. A size that is a varint counts what is
    /// behind it, and these are bytes of that.
    pub excluded: i64,
    /// Where the packet's id stands.
    pub id: Option<HeaderField>,
}

/// How packets are told from one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// By the size in the header.
    Size,
    /// All have this many bytes.
    Fixed(usize),
    /// Each ends with these bytes, which are the last field of its trailer.
    Delimiter(Vec<u8>),
    /// A stream is one packet.
    UntilClose,
    /// Whatever carries packets keeps them apart.
    Datagram,
}

/// An unsigned number in the header, at the same place in all packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderField {
    /// Its name.
    pub name: String,
    /// The varint in front of it, if there is one. In front of that are only fields of fixed size.
    pub behind: Option<VarintPlace>,
    /// Bytes before it, or before its bit run, if it lies in one: from the packet's start, or from the end of the varint.
    pub offset: usize,
    /// How it is written.
    pub coding: Coding,
}

/// How a size or id is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Some bits of an unsigned number of whole bytes, mostly all of them.
    Fixed {
        /// Bytes of that number, 1 to 8.
        size: usize,
        /// Their order.
        endian: Endian,
        /// Bits below it.
        shift: u32,
        /// Its width in bits.
        bits: u32,
    },
    /// A varint without a sign.
    Varint(Varint),
}

/// Where a varint of the header lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VarintPlace {
    /// Bytes before it.
    pub offset: usize,
    /// Most bytes that it has.
    pub max_bytes: usize,
}

impl VarintPlace {
    /// The byte after the varint, if that is there and not too long.
    fn end(&self, packet: &[u8]) -> Option<usize> {
        let bytes = packet.get(self.offset..)?;
        let mut bytes = bytes.iter().take(self.max_bytes);
        let last = bytes.position(|byte| byte & 0x80 == 0)?;
        Some(self.offset + last + 1)
    }
}

impl HeaderField {
    /// Reads the field from the start of a packet; `None` if that is too short.
    pub fn read(&self, packet: &[u8]) -> Option<u64> {
        self.locate(packet).map(|(value, _)| value)
    }

    /// The field's value, and the number of the byte after it.
    fn locate(&self, packet: &[u8]) -> Option<(u64, usize)> {
        let start = match self.behind {
            Some(varint) => varint.end(packet)?,
            None => 0,
        } + self.offset;
        match self.coding {
            Coding::Fixed {
                size,
                endian,
                shift,
                bits,
            } => {
                let bytes = packet.get(start..start + size)?;
                let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
                let run = match endian {
                    Endian::Big => bytes.iter().fold(0, fold),
                    Endian::Little => bytes.iter().rev().fold(0, fold),
                };
                Some((run >> shift & (u64::MAX >> (64 - bits)), start + size))
            }
            Coding::Varint(varint) => {
                let place = VarintPlace {
                    offset: start,
                    max_bytes: varint.max_bytes(),
                };
                let end = place.end(packet)?;
                let bytes = packet.get(start..end)?.iter().rev();
                let value = bytes.fold(0_u128, |value, byte| value << 7 | u128::from(byte & 0x7f));
                Some((u64::try_from(value).ok()?, end))
            }
        }
    }
}

impl Framing {
    /// Fewest bytes of a packet.
    pub fn min_size(&self) -> usize {
        self.header_size + self.trailer_size
    }

    /// The size of the packet that begins here as its header says it, possible or not, and the fewest bytes that it can have;
    /// `None` if the header does not say it, or not yet.
    pub fn claimed_size(&self, bytes: &[u8]) -> Option<(i128, usize)> {
        let size = self.size.as_ref()?;
        let (counted, end) = size.locate(bytes)?;
        let (start, shortest) = match size.coding {
            Coding::Fixed { .. } => (0, 0),
            // The header has more bytes than it could if the size is longer than it could be.
            Coding::Varint(varint) => (end, end - size.offset - varint.min_bytes()),
        };
        let claimed = i128::from(counted) + i128::from(self.excluded) + start as i128;
        Some((claimed, self.min_size() + shortest))
    }
}

/// Packets of which an id tells one from the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// Number of their framing in [`Layout::framings`].
    pub framing: usize,
    /// The side that sends them; [`Sender::Both`] if an id stands for the same packet whoever sends it.
    pub sender: Sender,
    /// Their numbers in [`Layout::packets`], in schema order.
    pub packets: Vec<usize>,
}

impl Dispatch {
    /// The packet that an id stands for.
    pub fn find<'a>(&self, layout: &'a Layout, id: u64) -> Option<&'a Packet> {
        let mut packets = self.packets.iter().map(|number| &layout.packets[*number]);
        packets.find(|packet| packet.has_id(id))
    }
}

impl Layout {
    /// All sets of packets of which an id tells one from the other: one for each framing with ids, or two if some id stands
    /// for one packet of the client and another one of the server.
    pub fn dispatches(&self) -> Vec<Dispatch> {
        let mut framed = vec![Vec::new(); self.framings.len()];
        for (number, packet) in self.packets.iter().enumerate() {
            if let Some(framing) = packet.framing {
                framed[framing].push(number);
            }
        }
        let mut dispatches = Vec::new();
        for ((number, framing), framed) in self.framings.iter().enumerate().zip(framed) {
            if framing.id.is_none() {
                continue;
            }
            let sent_by = |sender: Sender| {
                let sent = |number: &usize| {
                    let own = self.packets[*number].sender;
                    sender == Sender::Both || own == Sender::Both || own == sender
                };
                framed.iter().copied().filter(sent).collect::<Vec<_>>()
            };
            let dispatch = |sender: Sender| Dispatch {
                framing: number,
                sender,
                packets: sent_by(sender),
            };
            let all = dispatch(Sender::Both);
            if self.are_unique(&all.packets) {
                dispatches.push(all);
            } else {
                dispatches.extend([Sender::Client, Sender::Server].map(dispatch));
            }
        }
        dispatches
    }

    /// The framing of a packet.
    pub fn framing_of(&self, packet: &Packet) -> Option<&Framing> {
        self.framings.get(packet.framing?)
    }

    fn are_unique(&self, packets: &[usize]) -> bool {
        let mut ids: Vec<(u64, u64)> = packets
            .iter()
            .filter_map(|number| self.packets[*number].ids)
            .collect();
        ids.sort_unstable();
        ids.is_sorted_by(|before, after| before.1 < after.0)
    }
}
