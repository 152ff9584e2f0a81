//! Generated code against code written by hand and against `byteorder` in cursor style.
//!
//! All three write the same bytes, which is tested before anything is timed.

use byteorder::{BigEndian, ReadBytesExt, WriteBytesExt};
use criterion::{Criterion, criterion_group, criterion_main};
use packet_runtime::{Encode, View};
use packet_tests::game::{Channel, Chat, ChatView};
use packet_tests::quickstart::{Move, MoveView, Vec3};
use std::hint::black_box;
use std::io::{Cursor, Read};

/// Safe Rust with one length check, as somebody would write it for this packet alone.
mod hand {
    use super::{Channel, Chat, Move};

    pub fn encode_move(packet: &Move, buffer: &mut [u8]) -> Option<usize> {
        let position = &packet.position;
        if !(position.x.is_finite() && position.y.is_finite() && position.z.is_finite()) {
            return None;
        }
        let bytes: &mut [u8; 20] = buffer.first_chunk_mut()?;
        bytes[0..2].copy_from_slice(&20_u16.to_be_bytes());
        bytes[2..4].copy_from_slice(&1001_u16.to_be_bytes());
        bytes[4..8].copy_from_slice(&packet.player.to_be_bytes());
        bytes[8..12].copy_from_slice(&position.x.to_be_bytes());
        bytes[12..16].copy_from_slice(&position.y.to_be_bytes());
        bytes[16..20].copy_from_slice(&position.z.to_be_bytes());
        Some(20)
    }

    pub fn decode_move(bytes: &[u8]) -> Option<(u32, f32, f32, f32)> {
        let bytes: &[u8; 20] = bytes.try_into().ok()?;
        let word = |at: usize| [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        if word(0) != [0, 20, 0x03, 0xe9] {
            return None;
        }
        let (x, y, z) = (
            f32::from_be_bytes(word(8)),
            f32::from_be_bytes(word(12)),
            f32::from_be_bytes(word(16)),
        );
        (x.is_finite() && y.is_finite() && z.is_finite()).then_some((
            u32::from_be_bytes(word(4)),
            x,
            y,
            z,
        ))
    }

    pub fn encode_chat(packet: &Chat, buffer: &mut [u8]) -> Option<usize> {
        let recipient = packet.recipient.as_deref();
        let recipient_size = recipient.map_or(0, |name| 1 + name.len());
        let total = 8 + recipient_size + packet.text.len();
        if recipient.is_some_and(|name| !(1..=32).contains(&name.len())) || packet.text.len() > 1085
        {
            return None;
        }
        let buffer = buffer.get_mut(..total)?;
        let (head, mut rest) = buffer.split_first_chunk_mut::<6>()?;
        head[0..2].copy_from_slice(&u16::try_from(total).ok()?.to_be_bytes());
        head[2..4].copy_from_slice(&4000_u16.to_be_bytes());
        head[4] = packet.channel.value();
        head[5] = u8::from(recipient.is_some());
        if let Some(name) = recipient {
            let (own, tail) = rest.split_at_mut(1 + name.len());
            own[0] = u8::try_from(name.len()).ok()?;
            own[1..].copy_from_slice(name.as_bytes());
            rest = tail;
        }
        let (length, text) = rest.split_first_chunk_mut::<2>()?;
        *length = u16::try_from(packet.text.len()).ok()?.to_be_bytes();
        text.copy_from_slice(packet.text.as_bytes());
        Some(total)
    }

    pub fn decode_chat(bytes: &[u8]) -> Option<(Channel, Option<&str>, &str)> {
        let (head, mut rest) = bytes.split_first_chunk::<6>()?;
        if usize::from(u16::from_be_bytes([head[0], head[1]])) != bytes.len()
            || head[2..4] != 4000_u16.to_be_bytes()
        {
            return None;
        }
        let channel = match head[4] {
            0 => Channel::Everyone,
            1 => Channel::Nearby,
            2 => Channel::Whisper,
            _ => return None,
        };
        let recipient = match head[5] {
            0 => None,
            1 => {
                let (&length, tail) = rest.split_first()?;
                let (name, tail) = tail.split_at_checked(usize::from(length))?;
                if name.is_empty() || name.len() > 32 {
                    return None;
                }
                rest = tail;
                Some(std::str::from_utf8(name).ok()?)
            }
            _ => return None,
        };
        let (length, text) = rest.split_first_chunk::<2>()?;
        if usize::from(u16::from_be_bytes(*length)) != text.len() || text.len() > 1085 {
            return None;
        }
        Some((channel, recipient, std::str::from_utf8(text).ok()?))
    }
}

/// `byteorder` reading and writing one field after the other.
mod cursor {
    use super::{BigEndian, Chat, Cursor, Move, Read, ReadBytesExt, WriteBytesExt};
    use std::io::{Result, Write};

    pub fn encode_move(packet: &Move, buffer: &mut [u8]) -> Result<usize> {
        let mut cursor = Cursor::new(buffer);
        cursor.write_u16::<BigEndian>(20)?;
        cursor.write_u16::<BigEndian>(1001)?;
        cursor.write_u32::<BigEndian>(packet.player)?;
        cursor.write_f32::<BigEndian>(packet.position.x)?;
        cursor.write_f32::<BigEndian>(packet.position.y)?;
        cursor.write_f32::<BigEndian>(packet.position.z)?;
        Ok(20)
    }

    pub fn decode_move(bytes: &[u8]) -> Result<(u32, f32, f32, f32)> {
        let mut cursor = Cursor::new(bytes);
        cursor.read_u32::<BigEndian>()?;
        Ok((
            cursor.read_u32::<BigEndian>()?,
            cursor.read_f32::<BigEndian>()?,
            cursor.read_f32::<BigEndian>()?,
            cursor.read_f32::<BigEndian>()?,
        ))
    }

    pub fn encode_chat(packet: &Chat, buffer: &mut [u8]) -> Result<usize> {
        let recipient = packet.recipient.as_deref();
        let total = 8 + recipient.map_or(0, |name| 1 + name.len()) + packet.text.len();
        let mut cursor = Cursor::new(buffer);
        cursor.write_u16::<BigEndian>(u16::try_from(total).unwrap_or(0))?;
        cursor.write_u16::<BigEndian>(4000)?;
        cursor.write_u8(packet.channel.value())?;
        cursor.write_u8(u8::from(recipient.is_some()))?;
        if let Some(name) = recipient {
            cursor.write_u8(u8::try_from(name.len()).unwrap_or(0))?;
            cursor.write_all(name.as_bytes())?;
        }
        cursor.write_u16::<BigEndian>(u16::try_from(packet.text.len()).unwrap_or(0))?;
        cursor.write_all(packet.text.as_bytes())?;
        Ok(total)
    }

    pub fn decode_chat(bytes: &[u8]) -> Result<(u8, Option<String>, String)> {
        let mut cursor = Cursor::new(bytes);
        cursor.read_u32::<BigEndian>()?;
        let channel = cursor.read_u8()?;
        let text = |cursor: &mut Cursor<&[u8]>, length: usize| {
            let mut bytes = vec![0; length];
            cursor.read_exact(&mut bytes)?;
            String::from_utf8(bytes).map_err(std::io::Error::other)
        };
        let recipient = match cursor.read_u8()? {
            0 => None,
            _ => {
                let length = cursor.read_u8()?;
                Some(text(&mut cursor, usize::from(length))?)
            }
        };
        let length = cursor.read_u16::<BigEndian>()?;
        let text = text(&mut cursor, usize::from(length))?;
        Ok((channel, recipient, text))
    }
}

fn fixed(c: &mut Criterion) {
    let position = Vec3 {
        x: 100.5,
        y: 200.3,
        z: 50.7,
    };
    let packet = Move {
        player: 12345,
        position,
    };
    let bytes = packet.to_vec().expect("a valid packet");
    let mut buffer = [0; 64];
    assert_eq!(hand::encode_move(&packet, &mut buffer), Some(20));
    assert_eq!(buffer[..20], bytes);
    assert_eq!(cursor::encode_move(&packet, &mut buffer).ok(), Some(20));
    assert_eq!(buffer[..20], bytes);

    let mut group = c.benchmark_group("Move, 20 bytes, encode");
    group.bench_function("generated", |b| {
        b.iter(|| black_box(&packet).encode_into(black_box(&mut buffer)).ok());
    });
    group.bench_function("by hand", |b| {
        b.iter(|| hand::encode_move(black_box(&packet), black_box(&mut buffer)));
    });
    group.bench_function("byteorder", |b| {
        b.iter(|| cursor::encode_move(black_box(&packet), black_box(&mut buffer)).ok());
    });
    group.finish();

    let mut group = c.benchmark_group("Move, 20 bytes, decode all");
    group.bench_function("generated", |b| {
        b.iter(|| {
            // As an `Option`, like the others': what is timed must not be copying a result.
            let view = MoveView::parse(black_box(&bytes)).ok()?;
            let position = view.position();
            Some((view.player(), position.x(), position.y(), position.z()))
        });
    });
    group.bench_function("by hand", |b| {
        b.iter(|| hand::decode_move(black_box(&bytes)))
    });
    group.bench_function("byteorder", |b| {
        b.iter(|| cursor::decode_move(black_box(&bytes)).ok())
    });
    group.finish();
}

fn variable(c: &mut Criterion) {
    let packet = Chat {
        channel: Channel::Whisper,
        recipient: Some("grace".to_owned()),
        text: "Meet me at the harbour, 항구에서 만나요. ".repeat(5),
    };
    let bytes = packet.to_vec().expect("a valid packet");
    let mut buffer = [0; 2048];
    let length = Some(bytes.len());
    assert_eq!(hand::encode_chat(&packet, &mut buffer), length);
    assert_eq!(buffer[..bytes.len()], bytes);
    assert_eq!(cursor::encode_chat(&packet, &mut buffer).ok(), length);
    assert_eq!(buffer[..bytes.len()], bytes);

    let mut group = c.benchmark_group("Chat, mixed Korean, encode");
    group.bench_function("generated", |b| {
        b.iter(|| black_box(&packet).encode_into(black_box(&mut buffer)).ok());
    });
    group.bench_function("by hand", |b| {
        b.iter(|| hand::encode_chat(black_box(&packet), black_box(&mut buffer)));
    });
    group.bench_function("byteorder", |b| {
        b.iter(|| cursor::encode_chat(black_box(&packet), black_box(&mut buffer)).ok());
    });
    group.finish();

    let mut group = c.benchmark_group("Chat, mixed Korean, decode all");
    group.bench_function("generated", |b| {
        b.iter(|| {
            let view = ChatView::parse(black_box(&bytes)).ok()?;
            Some((view.channel(), view.recipient(), view.text()))
        });
    });
    group.bench_function("by hand", |b| {
        b.iter(|| hand::decode_chat(black_box(&bytes)))
    });
    group.bench_function("byteorder", |b| {
        b.iter(|| cursor::decode_chat(black_box(&bytes)).ok())
    });
    group.finish();
}

criterion_group!(benches, fixed, variable);
criterion_main!(benches);
