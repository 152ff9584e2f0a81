//! MQTT 3.1.1 by hand.

use crate::cursor::{ByHand, Judged, Reader, codec, fitting};
use byteorder::{BigEndian, WriteBytesExt};
use packet_tests::codecs::Codec;
use std::io::{self, Write};

pub(crate) const CODECS: &[Codec] = &[
    codec::<Will>("Will"),
    codec::<Subscription>("Subscription"),
    codec::<TopicFilter>("TopicFilter"),
    codec::<Connect>("Connect"),
    codec::<Connack>("Connack"),
    codec::<Publish>("Publish"),
    codec::<Acknowledgement<4>>("Puback"),
    codec::<Acknowledgement<5>>("Pubrec"),
    codec::<Acknowledgement<6>>("Pubrel"),
    codec::<Acknowledgement<7>>("Pubcomp"),
    codec::<Subscribe>("Subscribe"),
    codec::<Suback>("Suback"),
    codec::<Unsubscribe>("Unsubscribe"),
    codec::<Acknowledgement<11>>("Unsuback"),
    codec::<Bare<12>>("Pingreq"),
    codec::<Bare<13>>("Pingresp"),
    codec::<Bare<14>>("Disconnect"),
];

type From<'a> = Reader<'a, BigEndian>;

/// The first byte of most packets: `kind`, and the flags that it has to have.
fn kind(from: &mut From<'_>, kind: u8) -> Judged<()> {
    let first = from.u8("type")?;
    from.constant("type", first >> 4, kind)?;
    from.constant("flags", first & 0xf, flags(kind))
}

/// The flags of all kinds of packets but Publish.
fn flags(kind: u8) -> u8 {
    // Pubrel, Subscribe and Unsubscribe.
    if matches!(kind, 6 | 8 | 10) { 2 } else { 0 }
}

/// What stands behind the first byte: the remaining length in up to four bytes, and what `body` reads.
fn remaining<T>(from: &mut From<'_>, body: impl FnOnce(&mut From<'_>) -> Judged<T>) -> Judged<T> {
    let start = from.offset();
    let length = from.varint("remaining_length", 4)?;
    let begin = from.offset();
    let packet = body(from)?;
    from.size("remaining_length", start, length, begin)?;
    Ok(packet)
}

fn packet<T>(
    from: &mut From<'_>,
    id: u8,
    body: impl FnOnce(&mut From<'_>) -> Judged<T>,
) -> Judged<T> {
    kind(from, id)?;
    remaining(from, body)
}

fn write_with(
    to: &mut Vec<u8>,
    first: u8,
    body: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
) -> io::Result<()> {
    let mut content = Vec::new();
    body(&mut content)?;
    to.write_u8(first)?;
    let mut length = content.len();
    while length > 0x7f {
        to.write_u8(fitting::<u8>(length & 0x7f)? | 0x80)?;
        length >>= 7;
    }
    to.write_u8(fitting(length)?)?;
    to.write_all(&content)
}

fn write_packet(
    to: &mut Vec<u8>,
    id: u8,
    body: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
) -> io::Result<()> {
    write_with(to, id << 4 | flags(id), body)
}

fn text(from: &mut From<'_>, field: &str, min: usize) -> Judged<String> {
    let len = from.u16(field)?;
    let len = from.length(field, len, min..=usize::MAX)?;
    from.text(field, len)
}

fn bytes(from: &mut From<'_>, field: &str) -> Judged<Vec<u8>> {
    let len = from.u16(field)?;
    Ok(from.bytes(field, len.into())?.to_vec())
}

fn write_bytes(to: &mut Vec<u8>, bytes: &[u8]) -> io::Result<()> {
    to.write_u16::<BigEndian>(fitting(bytes.len())?)?;
    to.write_all(bytes)
}

fn packet_id(from: &mut From<'_>) -> Judged<u16> {
    let id = from.u16("packet_id")?;
    from.range("packet_id", id, 1..=65535)?;
    Ok(id)
}

struct Will {
    topic: String,
    message: Vec<u8>,
}

impl ByHand for Will {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            topic: text(from, "topic", 0)?,
            message: bytes(from, "message")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_bytes(to, self.topic.as_bytes())?;
        write_bytes(to, &self.message)
    }
}

struct Subscription {
    topic_filter: String,
    qos: u8,
}

impl ByHand for Subscription {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let topic_filter = text(from, "topic_filter", 1)?;
        let options = from.u8("_")?;
        from.constant("_", options >> 2, 0_u8)?;
        let qos = options & 3;
        from.range("qos", qos, 0..=2)?;
        Ok(Self { topic_filter, qos })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_bytes(to, self.topic_filter.as_bytes())?;
        to.write_u8(self.qos)
    }
}

struct TopicFilter {
    topic_filter: String,
}

impl ByHand for TopicFilter {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let topic_filter = text(from, "topic_filter", 1)?;
        Ok(Self { topic_filter })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_bytes(to, self.topic_filter.as_bytes())
    }
}

struct Connect {
    level: u8,
    will_retain: bool,
    will_qos: u8,
    clean_session: bool,
    keep_alive: u16,
    client_id: String,
    will: Option<Will>,
    user_name: Option<String>,
    password: Option<Vec<u8>>,
}

impl ByHand for Connect {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        packet(from, 1, |from| {
            let len = from.u16("_")?;
            from.constant("_", len, 4_u16)?;
            let name = from.u32("_")?;
            from.constant("_", name, u32::from_be_bytes(*b"MQTT"))?;
            let level = from.u8("level")?;
            let flags = from.u8("has_user_name")?;
            let will_qos = flags >> 3 & 3;
            from.range("will_qos", will_qos, 0..=2)?;
            from.constant("_", flags & 1, 0_u8)?;
            let keep_alive = from.u16("keep_alive")?;
            let client_id = text(from, "client_id", 0)?;
            let mut will = None;
            if flags & 4 != 0 {
                will = Some(from.inside("will", Will::read)?);
            }
            let mut user_name = None;
            if flags & 0x80 != 0 {
                user_name = Some(text(from, "user_name", 0)?);
            }
            let mut password = None;
            if flags & 0x40 != 0 {
                password = Some(bytes(from, "password")?);
            }
            Ok(Self {
                level,
                will_retain: flags & 0x20 != 0,
                will_qos,
                clean_session: flags & 2 != 0,
                keep_alive,
                client_id,
                will,
                user_name,
                password,
            })
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_packet(to, 1, |to| {
            write_bytes(to, b"MQTT")?;
            to.write_u8(self.level)?;
            let flags = [
                (self.user_name.is_some(), 0x80),
                (self.password.is_some(), 0x40),
                (self.will_retain, 0x20),
                (self.will.is_some(), 4),
                (self.clean_session, 2),
            ];
            let set = flags.iter().filter(|(set, _)| *set);
            to.write_u8(set.fold(self.will_qos << 3, |all, (_, bit)| all | bit))?;
            to.write_u16::<BigEndian>(self.keep_alive)?;
            write_bytes(to, self.client_id.as_bytes())?;
            if let Some(will) = &self.will {
                will.write(to)?;
            }
            if let Some(user_name) = &self.user_name {
                write_bytes(to, user_name.as_bytes())?;
            }
            match &self.password {
                Some(password) => write_bytes(to, password),
                None => Ok(()),
            }
        })
    }
}

struct Connack {
    session_present: bool,
    return_code: u8,
}

impl ByHand for Connack {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        packet(from, 2, |from| {
            let flags = from.u8("_")?;
            from.constant("_", flags >> 1, 0_u8)?;
            let code = from.u8("return_code")?;
            let return_code =
                from.known("return_code", code, |code| (code <= 5).then_some(code))?;
            Ok(Self {
                session_present: flags & 1 != 0,
                return_code,
            })
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_packet(to, 2, |to| {
            to.write_u8(u8::from(self.session_present))?;
            to.write_u8(self.return_code)
        })
    }
}

struct Publish {
    dup: bool,
    qos: u8,
    retain: bool,
    topic: String,
    packet_id: Option<u16>,
    payload: Vec<u8>,
}

impl ByHand for Publish {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let first = from.u8("type")?;
        from.constant("type", first >> 4, 3_u8)?;
        let qos = first >> 1 & 3;
        from.range("qos", qos, 0..=2)?;
        remaining(from, |from| {
            let topic = text(from, "topic", 1)?;
            let packet_id = if qos > 0 {
                Some(packet_id(from)?)
            } else {
                None
            };
            Ok(Self {
                dup: first & 8 != 0,
                qos,
                retain: first & 1 != 0,
                topic,
                packet_id,
                payload: from.rest(),
            })
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        let flags = u8::from(self.dup) << 3 | self.qos << 1 | u8::from(self.retain);
        write_with(to, 3 << 4 | flags, |to| {
            write_bytes(to, self.topic.as_bytes())?;
            if let Some(id) = self.packet_id {
                to.write_u16::<BigEndian>(id)?;
            }
            to.write_all(&self.payload)
        })
    }
}

/// A packet that says which other one it answers, and nothing else.
struct Acknowledgement<const ID: u8> {
    packet_id: u16,
}

impl<const ID: u8> ByHand for Acknowledgement<ID> {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let packet_id = packet(from, ID, packet_id)?;
        Ok(Self { packet_id })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_packet(to, ID, |to| to.write_u16::<BigEndian>(self.packet_id))
    }
}

struct Subscribe {
    packet_id: u16,
    subscriptions: Vec<Subscription>,
}

impl ByHand for Subscribe {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        packet(from, 8, |from| {
            Ok(Self {
                packet_id: packet_id(from)?,
                subscriptions: from.elements_to_end(
                    "subscriptions",
                    1..=usize::MAX,
                    Subscription::read,
                )?,
            })
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_packet(to, 8, |to| {
            to.write_u16::<BigEndian>(self.packet_id)?;
            self.subscriptions
                .iter()
                .try_for_each(|subscription| subscription.write(to))
        })
    }
}

struct Suback {
    packet_id: u16,
    return_codes: Vec<u8>,
}

impl ByHand for Suback {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        packet(from, 9, |from| {
            Ok(Self {
                packet_id: packet_id(from)?,
                return_codes: from.elements_to_end("return_codes", 1..=usize::MAX, |from| {
                    let code = from.u8("")?;
                    from.known("", code, |code| {
                        matches!(code, 0..=2 | 0x80).then_some(code)
                    })
                })?,
            })
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_packet(to, 9, |to| {
            to.write_u16::<BigEndian>(self.packet_id)?;
            to.write_all(&self.return_codes)
        })
    }
}

struct Unsubscribe {
    packet_id: u16,
    topic_filters: Vec<TopicFilter>,
}

impl ByHand for Unsubscribe {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        packet(from, 10, |from| {
            Ok(Self {
                packet_id: packet_id(from)?,
                topic_filters: from.elements_to_end(
                    "topic_filters",
                    1..=usize::MAX,
                    TopicFilter::read,
                )?,
            })
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_packet(to, 10, |to| {
            to.write_u16::<BigEndian>(self.packet_id)?;
            self.topic_filters
                .iter()
                .try_for_each(|filter| filter.write(to))
        })
    }
}

/// A packet of which there is nothing to say.
struct Bare<const ID: u8>;

impl<const ID: u8> ByHand for Bare<ID> {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        packet(from, ID, |_| Ok(Self))
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_packet(to, ID, |_| Ok(()))
    }
}
