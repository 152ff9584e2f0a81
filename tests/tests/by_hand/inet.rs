//! Ethernet and what it carries, by hand.

use crate::cursor::{ByHand, Judged, Reader, codec, fail, fitting};
use byteorder::{BigEndian, ByteOrder, WriteBytesExt};
use packet_runtime::ErrorKind;
use packet_tests::codecs::Codec;
use std::io::{self, Write};

pub(crate) const CODECS: &[Codec] = &[
    codec::<Arp>("Arp"),
    codec::<Ipv4>("Ipv4"),
    codec::<Ipv6>("Ipv6"),
    codec::<IcmpEcho>("IcmpEcho"),
    codec::<IcmpError>("IcmpError"),
    codec::<Icmp>("Icmp"),
    codec::<Icmpv6>("Icmpv6"),
    codec::<Udp>("Udp"),
    codec::<Tcp>("Tcp"),
    codec::<Ethernet>("Ethernet"),
];

type From<'a> = Reader<'a, BigEndian>;

const TCP: u8 = 6;
const UDP: u8 = 17;

/// RFC 1071: the complement of the sum of the 16-bit words in one's complement, an odd byte at the upper end of
/// the last word.
fn internet(bytes: &[u8]) -> u16 {
    let mut sum = 0_u32;
    for word in bytes.chunks(2) {
        let word = match *word {
            [high, low] => u16::from_be_bytes([high, low]),
            _ => u16::from(word[0]) << 8,
        };
        sum += u32::from(word);
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).expect("carries are folded")
}

/// Compares a checksum, `at` bytes after the packet's start, with `bytes`, which begin at `start`.
fn verify(bytes: &[u8], start: usize, at: usize) -> Judged<()> {
    let place = at - start..at - start + 2;
    let actual = BigEndian::read_u16(&bytes[place.clone()]);
    let mut bytes = bytes.to_vec();
    bytes[place].fill(0);
    let expected = internet(&bytes);
    if actual == expected {
        return Ok(());
    }
    let kind = ErrorKind::ChecksumMismatch {
        expected: expected.into(),
        actual: actual.into(),
    };
    fail("checksum", at, kind)
}

/// Puts the checksum right that comes first in these bytes.
pub(crate) fn repair(name: &str, bytes: &mut [u8]) {
    let (covered, at) = match name {
        "Ethernet" => return repair("Ipv4", bytes.get_mut(14..).unwrap_or_default()),
        "Ipv4" => {
            let ihl = bytes.first().map_or(0, |first| first & 0xf);
            (usize::from(ihl) * 4, 10)
        }
        "Icmp" => (bytes.len(), 2),
        _ => return,
    };
    let Some(bytes) = bytes.get_mut(..covered) else {
        return;
    };
    if bytes.len() >= at + 2 {
        BigEndian::write_u16(&mut bytes[at..], 0);
        let checksum = internet(bytes);
        BigEndian::write_u16(&mut bytes[at..], checksum);
    }
}

/// The length of a payload, where `total` says how long it is with its header.
fn without(from: &From<'_>, total: u16, header: u16, shortest_header: u16) -> Judged<usize> {
    if let Some(len) = total.checked_sub(header) {
        return Ok(len.into());
    }
    let kind = ErrorKind::LengthOutOfRange {
        length: i128::from(total) - i128::from(header),
        min: 0,
        max: i128::from(u16::MAX - shortest_header),
    };
    fail("payload", from.offset(), kind)
}

struct Arp {
    hardware_type: u16,
    protocol_type: u16,
    operation: u16,
    sender_mac: [u8; 6],
    sender_ip: [u8; 4],
    target_mac: [u8; 6],
    target_ip: [u8; 4],
}

impl ByHand for Arp {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let hardware_type = from.u16("hardware_type")?;
        let protocol_type = from.u16("protocol_type")?;
        let hardware_size = from.u8("hardware_size")?;
        from.constant("hardware_size", hardware_size, 6_u8)?;
        let protocol_size = from.u8("protocol_size")?;
        from.constant("protocol_size", protocol_size, 4_u8)?;
        Ok(Self {
            hardware_type,
            protocol_type,
            operation: from.u16("operation")?,
            sender_mac: from.array("sender_mac")?,
            sender_ip: from.array("sender_ip")?,
            target_mac: from.array("target_mac")?,
            target_ip: from.array("target_ip")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u16::<BigEndian>(self.hardware_type)?;
        to.write_u16::<BigEndian>(self.protocol_type)?;
        to.write_u8(6)?;
        to.write_u8(4)?;
        to.write_u16::<BigEndian>(self.operation)?;
        to.write_all(&self.sender_mac)?;
        to.write_all(&self.sender_ip)?;
        to.write_all(&self.target_mac)?;
        to.write_all(&self.target_ip)
    }
}

struct Ipv4 {
    dscp: u8,
    ecn: u8,
    identification: u16,
    df: bool,
    mf: bool,
    fragment_offset: u16,
    ttl: u8,
    src: [u8; 4],
    dst: [u8; 4],
    options: Vec<u8>,
    payload: Ipv4Payload,
}

enum Ipv4Payload {
    Icmp(Icmp),
    Tcp(Tcp),
    Udp(Udp),
    /// A fragment's, or that of another protocol.
    Other(u8, Vec<u8>),
}

impl ByHand for Ipv4 {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let start = from.offset();
        let first = from.u8("version")?;
        from.constant("version", first >> 4, 4_u8)?;
        let ihl = first & 0xf;
        from.range("ihl", ihl, 5..=15)?;
        let class = from.u8("dscp")?;
        let total_length = from.u16("total_length")?;
        let identification = from.u16("identification")?;
        // Reserved, don't fragment, more fragments, and 13 bits of offset.
        let fragment = from.u16("_")?;
        let ttl = from.u8("ttl")?;
        let protocol = from.u8("protocol")?;
        let checksum = from.offset();
        from.u16("checksum")?;
        let src = from.array("src")?;
        let dst = from.array("dst")?;
        let header = usize::from(ihl) * 4;
        let options = from.bytes("options", header - 20)?.to_vec();
        verify(from.since(start), start, checksum)?;
        let (mf, fragment_offset) = (fragment & 0x2000 != 0, fragment & 0x1fff);
        let len = without(from, total_length, u16::from(ihl) * 4, 20)?;
        let whole = !mf && fragment_offset == 0;
        let payload = from.part("payload", len, |from| match protocol {
            1 if whole => Ok(Ipv4Payload::Icmp(from.inside("payload.Icmp", Icmp::read)?)),
            TCP if whole => Ok(Ipv4Payload::Tcp(from.inside("payload.Tcp", Tcp::read)?)),
            UDP if whole => Ok(Ipv4Payload::Udp(from.inside("payload.Udp", Udp::read)?)),
            _ => Ok(Ipv4Payload::Other(protocol, from.rest())),
        })?;
        Ok(Self {
            dscp: class >> 2,
            ecn: class & 3,
            identification,
            df: fragment & 0x4000 != 0,
            mf,
            fragment_offset,
            ttl,
            src,
            dst,
            options,
            payload,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        let mut payload = Vec::new();
        let protocol = match &self.payload {
            Ipv4Payload::Icmp(icmp) => icmp.write(&mut payload).map(|()| 1),
            Ipv4Payload::Tcp(tcp) => tcp.write(&mut payload).map(|()| TCP),
            Ipv4Payload::Udp(udp) => udp.write(&mut payload).map(|()| UDP),
            Ipv4Payload::Other(protocol, bytes) => payload.write_all(bytes).map(|()| *protocol),
        }?;
        let start = to.len();
        let header = 20 + self.options.len();
        let ihl: u8 = fitting(header / 4)?;
        to.write_u8(4 << 4 | ihl)?;
        to.write_u8(self.dscp << 2 | self.ecn)?;
        to.write_u16::<BigEndian>(fitting(header + payload.len())?)?;
        to.write_u16::<BigEndian>(self.identification)?;
        let flags = u16::from(self.df) << 14 | u16::from(self.mf) << 13;
        to.write_u16::<BigEndian>(flags | self.fragment_offset)?;
        to.write_u8(self.ttl)?;
        to.write_u8(protocol)?;
        to.write_u16::<BigEndian>(0)?;
        to.write_all(&self.src)?;
        to.write_all(&self.dst)?;
        to.write_all(&self.options)?;
        let checksum = internet(&to[start..]);
        BigEndian::write_u16(&mut to[start + 10..], checksum);
        to.write_all(&payload)
    }
}

struct Ipv6 {
    traffic_class: u8,
    flow_label: u32,
    hop_limit: u8,
    src: [u8; 16],
    dst: [u8; 16],
    payload: Ipv6Payload,
}

enum Ipv6Payload {
    Tcp(Tcp),
    Udp(Udp),
    Icmpv6(Icmpv6),
    Other(u8, Vec<u8>),
}

impl ByHand for Ipv6 {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let first = from.u32("version")?;
        from.constant("version", first >> 28, 6_u8)?;
        let payload_length = from.u16("payload_length")?;
        let next_header = from.u8("next_header")?;
        let hop_limit = from.u8("hop_limit")?;
        let src = from.array("src")?;
        let dst = from.array("dst")?;
        let payload = from.part("payload", payload_length.into(), |from| match next_header {
            TCP => Ok(Ipv6Payload::Tcp(from.inside("payload.Tcp", Tcp::read)?)),
            UDP => Ok(Ipv6Payload::Udp(from.inside("payload.Udp", Udp::read)?)),
            58 => Ok(Ipv6Payload::Icmpv6(
                from.inside("payload.Icmpv6", Icmpv6::read)?,
            )),
            _ => Ok(Ipv6Payload::Other(next_header, from.rest())),
        })?;
        Ok(Self {
            traffic_class: first.to_be_bytes()[0] << 4 | first.to_be_bytes()[1] >> 4,
            flow_label: first & 0xf_ffff,
            hop_limit,
            src,
            dst,
            payload,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        let mut payload = Vec::new();
        let next_header = match &self.payload {
            Ipv6Payload::Tcp(tcp) => tcp.write(&mut payload).map(|()| TCP),
            Ipv6Payload::Udp(udp) => udp.write(&mut payload).map(|()| UDP),
            Ipv6Payload::Icmpv6(icmp) => icmp.write(&mut payload).map(|()| 58),
            Ipv6Payload::Other(next, bytes) => payload.write_all(bytes).map(|()| *next),
        }?;
        let class = u32::from(self.traffic_class) << 20;
        to.write_u32::<BigEndian>(6 << 28 | class | self.flow_label)?;
        to.write_u16::<BigEndian>(fitting(payload.len())?)?;
        to.write_u8(next_header)?;
        to.write_u8(self.hop_limit)?;
        to.write_all(&self.src)?;
        to.write_all(&self.dst)?;
        to.write_all(&payload)
    }
}

struct IcmpEcho {
    identifier: u16,
    sequence: u16,
    data: Vec<u8>,
}

impl ByHand for IcmpEcho {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            identifier: from.u16("identifier")?,
            sequence: from.u16("sequence")?,
            data: from.rest(),
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u16::<BigEndian>(self.identifier)?;
        to.write_u16::<BigEndian>(self.sequence)?;
        to.write_all(&self.data)
    }
}

struct IcmpError {
    rest: u32,
    original: Vec<u8>,
}

impl ByHand for IcmpError {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            rest: from.u32("rest")?,
            original: from.rest(),
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.rest)?;
        to.write_all(&self.original)
    }
}

/// What both versions of ICMP have: an echo, an error, or something else, with its type.
enum Body {
    Echo(IcmpEcho),
    Error(IcmpError),
    Other(Vec<u8>),
}

/// The types that have the form of an echo, or of an error, with the names of both versions.
type Forms = [(u8, &'static str); 4];

const ICMP: Forms = [
    (0, "EchoReply"),
    (8, "EchoRequest"),
    (3, "DestinationUnreachable"),
    (11, "TimeExceeded"),
];

const ICMPV6: Forms = [
    (129, "EchoReply"),
    (128, "EchoRequest"),
    (1, "DestinationUnreachable"),
    (3, "TimeExceeded"),
];

impl Body {
    fn read(from: &mut From<'_>, kind: u8, forms: &Forms) -> Judged<Self> {
        let Some(at) = forms.iter().position(|(known, _)| *known == kind) else {
            return Ok(Self::Other(from.rest()));
        };
        let path = format!("body.{}", forms[at].1);
        if at < 2 {
            Ok(Self::Echo(from.inside(&path, IcmpEcho::read)?))
        } else {
            Ok(Self::Error(from.inside(&path, IcmpError::read)?))
        }
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Echo(echo) => echo.write(to),
            Self::Error(error) => error.write(to),
            Self::Other(bytes) => to.write_all(bytes),
        }
    }
}

struct Icmp {
    kind: u8,
    code: u8,
    body: Body,
}

impl ByHand for Icmp {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let start = from.offset();
        let kind = from.u8("type")?;
        let code = from.u8("code")?;
        let checksum = from.offset();
        from.u16("checksum")?;
        let body = Body::read(from, kind, &ICMP)?;
        verify(from.since(start), start, checksum)?;
        Ok(Self { kind, code, body })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        let start = to.len();
        to.write_u8(self.kind)?;
        to.write_u8(self.code)?;
        to.write_u16::<BigEndian>(0)?;
        self.body.write(to)?;
        let checksum = internet(&to[start..]);
        BigEndian::write_u16(&mut to[start + 2..], checksum);
        Ok(())
    }
}

struct Icmpv6 {
    kind: u8,
    code: u8,
    checksum: u16,
    body: Body,
}

impl ByHand for Icmpv6 {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let kind = from.u8("type")?;
        Ok(Self {
            kind,
            code: from.u8("code")?,
            checksum: from.u16("checksum")?,
            body: Body::read(from, kind, &ICMPV6)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u8(self.kind)?;
        to.write_u8(self.code)?;
        to.write_u16::<BigEndian>(self.checksum)?;
        self.body.write(to)
    }
}

struct Udp {
    src_port: u16,
    dst_port: u16,
    checksum: u16,
    payload: Vec<u8>,
}

impl ByHand for Udp {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let src_port = from.u16("src_port")?;
        let dst_port = from.u16("dst_port")?;
        let length = from.u16("length")?;
        let checksum = from.u16("checksum")?;
        let len = without(from, length, 8, 8)?;
        Ok(Self {
            src_port,
            dst_port,
            checksum,
            payload: from.bytes("payload", len)?.to_vec(),
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u16::<BigEndian>(self.src_port)?;
        to.write_u16::<BigEndian>(self.dst_port)?;
        to.write_u16::<BigEndian>(fitting(8 + self.payload.len())?)?;
        to.write_u16::<BigEndian>(self.checksum)?;
        to.write_all(&self.payload)
    }
}

struct Tcp {
    src_port: u16,
    dst_port: u16,
    seq: u32,
    ack: u32,
    flags: u16,
    window: u16,
    checksum: u16,
    urgent_pointer: u16,
    options: Vec<u8>,
    payload: Vec<u8>,
}

impl ByHand for Tcp {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let src_port = from.u16("src_port")?;
        let dst_port = from.u16("dst_port")?;
        let seq = from.u32("seq")?;
        let ack = from.u32("ack")?;
        let fourth = from.u16("data_offset")?;
        let data_offset = fourth >> 12;
        from.range("data_offset", data_offset, 5..=15)?;
        Ok(Self {
            src_port,
            dst_port,
            seq,
            ack,
            flags: fourth & 0xfff,
            window: from.u16("window")?,
            checksum: from.u16("checksum")?,
            urgent_pointer: from.u16("urgent_pointer")?,
            options: from
                .bytes("options", usize::from(data_offset) * 4 - 20)?
                .to_vec(),
            payload: from.rest(),
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u16::<BigEndian>(self.src_port)?;
        to.write_u16::<BigEndian>(self.dst_port)?;
        to.write_u32::<BigEndian>(self.seq)?;
        to.write_u32::<BigEndian>(self.ack)?;
        let data_offset: u16 = fitting((20 + self.options.len()) / 4)?;
        to.write_u16::<BigEndian>(data_offset << 12 | self.flags)?;
        to.write_u16::<BigEndian>(self.window)?;
        to.write_u16::<BigEndian>(self.checksum)?;
        to.write_u16::<BigEndian>(self.urgent_pointer)?;
        to.write_all(&self.options)?;
        to.write_all(&self.payload)
    }
}

struct Ethernet {
    dst: [u8; 6],
    src: [u8; 6],
    payload: Payload,
    padding: Vec<u8>,
}

enum Payload {
    Ipv4(Box<Ipv4>),
    Arp(Arp),
    Ipv6(Box<Ipv6>),
    Other(u16, Vec<u8>),
}

impl ByHand for Ethernet {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let dst = from.array("dst")?;
        let src = from.array("src")?;
        let ethertype = from.u16("ethertype")?;
        let payload = match ethertype {
            0x0800 => Payload::Ipv4(Box::new(from.inside("payload.Ipv4", Ipv4::read)?)),
            0x0806 => Payload::Arp(from.inside("payload.Arp", Arp::read)?),
            0x86dd => Payload::Ipv6(Box::new(from.inside("payload.Ipv6", Ipv6::read)?)),
            _ => Payload::Other(ethertype, from.rest()),
        };
        Ok(Self {
            dst,
            src,
            payload,
            padding: from.rest(),
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_all(&self.dst)?;
        to.write_all(&self.src)?;
        match &self.payload {
            Payload::Ipv4(packet) => {
                to.write_u16::<BigEndian>(0x0800)?;
                packet.write(to)?;
            }
            Payload::Arp(packet) => {
                to.write_u16::<BigEndian>(0x0806)?;
                packet.write(to)?;
            }
            Payload::Ipv6(packet) => {
                to.write_u16::<BigEndian>(0x86dd)?;
                packet.write(to)?;
            }
            Payload::Other(ethertype, bytes) => {
                to.write_u16::<BigEndian>(*ethertype)?;
                to.write_all(bytes)?;
            }
        }
        to.write_all(&self.padding)
    }
}
