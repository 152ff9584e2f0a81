//! Framings for the reassembler, made from a layout: what generated code has as constants, for tools that read a schema
//! at run time.

use packet_runtime::stream::{
    AnyFraming, Datagram, Delimiter, Ends, FixedSize, FrameErrorKind, FrameLen, Framing, IdCoding,
    IdField, PerId, Resync, SizeBits, SizeHeader, SizeVarint, UntilClose,
};
use packet_schema::layout::{
    self, Coding, Endian, HeaderField, Layout, Mode, OnCorrupt, Packet, Trailing,
};

/// How packets of one of a schema's framings are delimited.
///
/// ```
/// use packet_runtime::Reassembler;
/// use packet_schema::compile;
///
/// let schema = "
/// protocol: example
/// framing: { header: [size: { type: u8, role: size }, id: { type: u8, role: id }] }
/// packets: { Ping: { id: 1, fields: [sequence: u8] } }
/// ";
/// let layout = compile(schema).unwrap().layout;
/// let framing = packetc::LayoutFraming::new(&layout, 0).unwrap();
///
/// let mut reassembler = Reassembler::new(framing);
/// assert_eq!(reassembler.feed(&[3, 1, 7, 2]).next_frame(), Ok(Some(&[3, 1, 7][..])));
/// assert!(reassembler.feed(&[1]).next_frame().is_err(), "all packets with the id 1 have three bytes");
/// ```
#[derive(Clone, Debug)]
pub struct LayoutFraming<'a> {
    rule: AnyFraming<'a>,
    id: Option<IdField>,
    limits: Vec<Limits>,
    magic: &'a [u8],
}

impl<'a> LayoutFraming<'a> {
    /// The framing with this number in [`Layout::framings`]; `None` if there is none.
    pub fn new(layout: &'a Layout, number: usize) -> Option<Self> {
        let framing = layout.framings.get(number)?;
        let limits = limits(layout, number);
        Some(Self {
            rule: rule(framing)?,
            id: framing.id.as_ref().map(id_field),
            limits,
            magic: magic(framing),
        })
    }

    /// The same without the limits of each id, for a tool that shows what is wrong inside of frames.
    #[must_use]
    pub fn without_limits(mut self) -> Self {
        self.limits.clear();
        self
    }

    fn limits(&self, id: u64) -> Option<(usize, usize)> {
        let behind = self.limits.partition_point(|limits| limits.last < id);
        let found = self.limits.get(behind)?;
        (found.first <= id).then_some((found.min, found.max))
    }
}

impl Framing for LayoutFraming<'_> {
    fn frame_len(&self, bytes: &[u8], seen: usize) -> Result<FrameLen, FrameErrorKind> {
        let (framing, magic) = (self.rule, self.magic);
        match self.id {
            Some(id) if !self.limits.is_empty() => {
                let limits = |id| self.limits(id);
                let framing = PerId {
                    framing,
                    id,
                    limits,
                };
                Resync { framing, magic }.frame_len(bytes, seen)
            }
            _ => Resync { framing, magic }.frame_len(bytes, seen),
        }
    }

    fn ends(&self) -> Ends {
        self.rule.ends()
    }

    fn magic(&self) -> &[u8] {
        self.magic
    }
}

/// Sizes that the packets with some ids can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) first: u64,
    pub(crate) last: u64,
    /// Fewest bytes.
    pub(crate) min: usize,
    /// Most bytes.
    pub(crate) max: usize,
}

/// The sizes that are possible for each id of a framing, by ids, where they are not those of the framing itself. Frames
/// that do not say their size have none.
pub(crate) fn limits(layout: &Layout, number: usize) -> Vec<Limits> {
    let framing = &layout.framings[number];
    if !matches!(framing.mode, Mode::Size | Mode::Delimiter(_)) {
        return Vec::new();
    }
    let packets = layout.packets.iter();
    let of_framing = packets.filter(|packet| packet.framing == Some(number));
    let mut packets: Vec<Limits> = of_framing
        .filter_map(|packet| of_packet(layout, framing, packet))
        .collect();
    packets.sort_unstable_by_key(|limits| limits.first);
    // Where an id means one packet from the client and another one from the server, each size of either is possible.
    let mut starts: Vec<u64> = packets.iter().map(|limits| limits.first).collect();
    starts.extend(
        packets
            .iter()
            .filter_map(|limits| limits.last.checked_add(1)),
    );
    starts.sort_unstable();
    starts.dedup();
    let mut found: Vec<Limits> = Vec::new();
    let mut waiting = packets.into_iter().peekable();
    let mut active: Vec<Limits> = Vec::new();
    for (index, first) in starts.iter().copied().enumerate() {
        active.retain(|limits| limits.last >= first);
        while let Some(limits) = waiting.next_if(|limits| limits.first == first) {
            active.push(limits);
        }
        let min = active.iter().map(|limits| limits.min).min();
        let max = active.iter().map(|limits| limits.max).max();
        let (Some(min), Some(max)) = (min, max) else {
            continue;
        };
        if (min, max) == (framing.min_size(), framing.max_size) {
            continue;
        }
        let last = starts.get(index + 1).map_or(u64::MAX, |next| next - 1);
        match found.last_mut() {
            Some(before)
                if before.last.checked_add(1) == Some(first)
                    && (before.min, before.max) == (min, max) =>
            {
                before.last = last;
            }
            _ => found.push(Limits {
                first,
                last,
                min,
                max,
            }),
        }
    }
    found
}

fn of_packet(layout: &Layout, framing: &layout::Framing, packet: &Packet) -> Option<Limits> {
    let (first, last) = packet.ids?;
    let body = layout.get(packet.body);
    let min = usize::try_from(body.min_size).unwrap_or(usize::MAX);
    let max = match (body.trailing, body.max_size) {
        (Trailing::Reject, Some(max)) => usize::try_from(max).unwrap_or(usize::MAX),
        _ => usize::MAX,
    };
    Some(Limits {
        first,
        last,
        min: min.clamp(framing.min_size(), framing.max_size),
        max: max.min(framing.max_size),
    })
}

/// What every packet begins with, if a receiver is to look for that behind a broken one.
pub(crate) fn magic(framing: &layout::Framing) -> &[u8] {
    match framing.on_corrupt {
        OnCorrupt::Resync => &framing.magic,
        OnCorrupt::Close => &[],
    }
}

/// The rule that cuts frames.
pub(crate) fn rule(framing: &layout::Framing) -> Option<AnyFraming<'_>> {
    let (min_len, max_len) = (framing.min_size(), framing.max_size);
    Some(match &framing.mode {
        Mode::Size => by_size(framing, framing.size.as_ref()?),
        Mode::Fixed(len) => AnyFraming::FixedSize(FixedSize { len: *len }),
        Mode::Delimiter(bytes) => AnyFraming::Delimiter(Delimiter {
            bytes,
            min_before: min_len.saturating_sub(bytes.len()),
            max_len,
        }),
        Mode::UntilClose => AnyFraming::UntilClose(UntilClose { min_len, max_len }),
        Mode::Datagram => AnyFraming::Datagram(Datagram { min_len, max_len }),
    })
}

fn by_size(framing: &layout::Framing, size: &HeaderField) -> AnyFraming<'static> {
    let header = |size_width, little_endian| SizeHeader {
        header_len: framing.min_size(),
        size_offset: size.offset,
        size_width,
        little_endian,
        excluded: framing.excluded,
        max_len: framing.max_size,
    };
    match size.coding {
        Coding::Fixed {
            size,
            endian,
            shift,
            bits,
        } => {
            let header = header(size, endian == Endian::Little);
            if bits as usize == 8 * size {
                AnyFraming::SizeHeader(header)
            } else {
                AnyFraming::SizeBits(SizeBits {
                    header,
                    shift,
                    bits,
                })
            }
        }
        Coding::Varint(varint) => {
            let before = size.offset + varint.min_bytes();
            AnyFraming::SizeVarint(SizeVarint {
                size_offset: size.offset,
                max_width: varint.max_bytes(),
                excluded: framing.excluded,
                min_rest: framing.min_size().saturating_sub(before),
                max_len: framing.max_size,
            })
        }
    }
}

/// Where the id stands.
pub(crate) fn id_field(id: &HeaderField) -> IdField {
    IdField {
        behind: id.behind.map(|varint| (varint.offset, varint.max_bytes)),
        offset: id.offset,
        coding: match id.coding {
            Coding::Fixed {
                size,
                endian,
                shift,
                bits,
            } => IdCoding::Fixed {
                width: size,
                little_endian: endian == Endian::Little,
                shift,
                bits,
            },
            Coding::Varint(varint) => IdCoding::Varint {
                max_width: varint.max_bytes(),
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use packet_schema::compile;

    #[track_caller]
    fn check(packets: &str, expected: &[(u64, u64, usize, usize)]) {
        let header = "header: [size: { type: u8, role: size }, id: { type: u8, role: id }]";
        let schema = format!(
            "protocol: p\nframing: {{ max_size: 100, {header} }}\npackets: {{ {packets} }}\n"
        );
        let layout = compile(&schema).expect("the schema is right").layout;
        let limits: Vec<_> = limits(&layout, 0)
            .iter()
            .map(|limits| (limits.first, limits.last, limits.min, limits.max))
            .collect();
        assert_eq!(limits, expected);
    }

    #[test]
    fn limits_are_the_sizes_of_packets() {
        check("A: { id: 1, fields: [x: u32] }", &[(1, 1, 6, 6)]);
        check("A: { id: 7, fields: [x: string<u8>] }", &[(7, 7, 3, 100)]);
        check("A: { id: 1, fields: [x: \"bytes[]\"] }", &[]);
        check(
            "A: { id: 1, trailing: skip, fields: [x: u8] }",
            &[(1, 1, 3, 100)],
        );
        check(
            "B: { id: 2, fields: [x: u8] }, A: { id: 1, fields: [x: u8] }, C: { id: 9 }",
            &[(1, 2, 3, 3), (9, 9, 2, 2)],
        );
    }

    #[test]
    fn an_id_of_either_side_has_the_limits_of_both() {
        check(
            "A: { id: 1, from: client, fields: [x: u8] }, B: { id: 1, from: server, fields: [x: u32] }",
            &[(1, 1, 3, 6)],
        );
        check(
            "A: { id: 1..=9, from: client, fields: [x: u8] }, B: { id: 5..=255, from: server, fields: [x: u32] }",
            &[(1, 4, 3, 3), (5, 9, 3, 6), (10, 255, 6, 6)],
        );
    }
}
