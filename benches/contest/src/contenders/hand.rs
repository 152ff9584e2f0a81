//! Safe Rust for these packets alone, as somebody writes it who wants speed: lengths tested once, fixed parts as
//! arrays, all that the schema says tested.
//!
//! The others here differ in one idea each, to show what it brings: [`Simd`] and [`Ascii`] in how UTF-8 is
//! validated, [`Swap`] in how arrays are swapped, and [`Peek`] looks at nothing but what it is asked for.

use crate::samples::{Chat, Entity, LoginResponse, Move, ONE, Snapshot, Telemetry, of_text};
use crate::{Contender, Named, Operation, Visit};

pub struct Hand;

impl Named for Hand {
    const NAME: &'static str = "by hand";
    const OUR_WIRE: bool = true;
}

/// The `N` bytes at `at` of a fixed part. Inlined with constants, it tests nothing.
#[inline(always)]
fn at<const N: usize, const M: usize>(part: &[u8; M], at: usize) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&part[at..at + N]);
    bytes
}

/// Header and fixed part of a packet that has nothing else.
#[inline(always)]
fn whole<const N: usize>(bytes: &[u8], id: u16) -> Option<&[u8; N]> {
    let part: &[u8; N] = bytes.try_into().ok()?;
    (usize::from(u16::from_be_bytes(at(part, 0))) == N && u16::from_be_bytes(at(part, 2)) == id)
        .then_some(part)
}

/// Header and fixed part of a packet, and what follows.
#[inline(always)]
fn head<const N: usize>(bytes: &[u8], id: u16) -> Option<(&[u8; N], &[u8])> {
    let (part, rest) = bytes.split_first_chunk::<N>()?;
    (usize::from(u16::from_be_bytes(at(part, 0))) == bytes.len()
        && u16::from_be_bytes(at(part, 2)) == id)
        .then_some((part, rest))
}

/// Writes a whole packet of fixed size.
macro_rules! put {
    ($part:ident, $($at:literal: $value:expr),* $(,)?) => {$({
        let bytes = $value.to_be_bytes();
        $part[$at..$at + bytes.len()].copy_from_slice(&bytes);
    })*};
}

impl Contender<Move> for Hand {
    type Value = Move;

    fn value(packet: &'static Move) -> Self::Value {
        packet.clone()
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let part = buffer.first_chunk_mut::<20>()?;
        put! { part,
            0: 20_u16,
            2: 1_u16,
            4: value.player,
            8: value.x,
            12: value.y,
            16: value.z,
        }
        Some(part)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let part = whole::<20>(bytes, 1)?;
        visit.int(u32::from_be_bytes(at(part, 4)));
        visit.float(f32::from_be_bytes(at(part, 8)));
        visit.float(f32::from_be_bytes(at(part, 12)));
        visit.float(f32::from_be_bytes(at(part, 16)));
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let part = whole::<20>(bytes, 1)?;
        Some(f32::from_be_bytes(at(part, 12)).to_bits().into())
    }
}

impl Contender<Telemetry> for Hand {
    type Value = Telemetry;

    fn value(packet: &'static Telemetry) -> Self::Value {
        packet.clone()
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let part = buffer.first_chunk_mut::<68>()?;
        put! { part,
            0: 68_u16,
            2: 2_u16,
            4: value.time,
            12: value.uptime,
            20: value.voltage,
            24: value.current,
            28: value.power,
            32: value.energy,
            36: value.temperature,
            38: value.humidity,
            40: value.pressure,
            42: value.speed,
            44: value.status,
            45: value.mode,
            46: value.battery,
            47: value.signal,
            48: value.fan,
            49: value.alarm,
            50: value.fault,
            51: value.revision,
        }
        part[52..68].copy_from_slice(&value.device);
        Some(part)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let part = whole::<68>(bytes, 2)?;
        visit.int(u64::from_be_bytes(at(part, 4)));
        visit.int(u64::from_be_bytes(at(part, 12)));
        visit.int(u32::from_be_bytes(at(part, 20)));
        visit.int(u32::from_be_bytes(at(part, 24)));
        visit.int(u32::from_be_bytes(at(part, 28)));
        visit.int(u32::from_be_bytes(at(part, 32)));
        visit.int(u16::from_be_bytes(at(part, 36)));
        visit.int(u16::from_be_bytes(at(part, 38)));
        visit.int(u16::from_be_bytes(at(part, 40)));
        visit.int(u16::from_be_bytes(at(part, 42)));
        visit.int(part[44]);
        visit.int(part[45]);
        visit.int(part[46]);
        visit.int(part[47]);
        visit.int(part[48]);
        visit.int(part[49]);
        visit.int(part[50]);
        visit.int(part[51]);
        visit.bytes(&part[52..68]);
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let part = whole::<68>(bytes, 2)?;
        Some(u32::from_be_bytes(at(part, 28)).into())
    }
}

/// How text is validated.
trait Validate {
    fn utf8(bytes: &[u8]) -> Option<&str>;
}

/// With the standard library.
struct Core;

impl Validate for Core {
    #[inline(always)]
    fn utf8(bytes: &[u8]) -> Option<&str> {
        std::str::from_utf8(bytes).ok()
    }
}

/// With the crate `simdutf8`.
pub struct Simd;

impl Named for Simd {
    const NAME: &'static str = "by hand, simdutf8";
    const OUR_WIRE: bool = true;
}

impl Validate for Simd {
    #[inline(always)]
    fn utf8(bytes: &[u8]) -> Option<&str> {
        simdutf8::basic::from_utf8(bytes).ok()
    }
}

/// With the crate `simdutf8` from 64 bytes on. What is shorter is looked through for what is not ASCII first,
/// which the compiler does in steps of 16.
pub struct Ascii;

impl Named for Ascii {
    const NAME: &'static str = "by hand, ASCII first";
    const OUR_WIRE: bool = true;
}

impl Validate for Ascii {
    #[inline(always)]
    fn utf8(bytes: &[u8]) -> Option<&str> {
        if bytes.len() < 64 {
            // What is ASCII is UTF-8 as well; the standard library says so again in a few steps.
            return std::str::from_utf8(bytes).ok();
        }
        simdutf8::basic::from_utf8(bytes).ok()
    }
}

/// Text behind one byte of length, and what follows.
#[inline(always)]
fn short_text<V: Validate>(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (&length, rest) = bytes.split_first()?;
    let (text, rest) = rest.split_at_checked(length.into())?;
    Some((V::utf8(text)?, rest))
}

#[inline(always)]
fn decode_login<V: Validate>(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
    let (part, rest) = head::<15>(bytes, 3)?;
    if part[4] > 1 {
        return None;
    }
    visit.int(part[4] != 0);
    visit.int(u16::from_be_bytes(at(part, 5)));
    visit.int(u64::from_be_bytes(at(part, 7)));
    let (token, rest) = short_text::<V>(rest)?;
    visit.text(token);
    let (&count, mut rest) = rest.split_first()?;
    for _ in 0..count {
        let (id, tail) = rest.split_first_chunk::<2>()?;
        visit.int(u16::from_be_bytes(*id));
        let (name, tail) = short_text::<V>(tail)?;
        visit.text(name);
        let (numbers, tail) = tail.split_first_chunk::<4>()?;
        visit.int(u16::from_be_bytes(at(numbers, 0)));
        visit.int(u16::from_be_bytes(at(numbers, 2)));
        rest = tail;
    }
    rest.is_empty().then_some(())
}

/// Nothing to be done with what was found.
#[derive(Default)]
struct Ignore;

impl Visit for Ignore {
    fn int(&mut self, _: impl Into<u64>) {}
    fn text(&mut self, _: &str) {}
    fn bytes(&mut self, _: &[u8]) {}
}

#[inline(always)]
fn login_user<V: Validate>(bytes: &[u8]) -> Option<u64> {
    decode_login::<V>(bytes, &mut Ignore)?;
    Some(u64::from_be_bytes(*bytes.get(7..)?.first_chunk()?))
}

/// Takes the next bytes of a buffer that is large enough: the callers measured.
#[inline(always)]
fn put_text<'b>(buffer: &'b mut [u8], text: &str) -> Option<&'b mut [u8]> {
    let (own, rest) = buffer.split_at_mut_checked(1 + text.len())?;
    let (length, own) = own.split_first_mut()?;
    *length = u8::try_from(text.len()).ok()?;
    own.copy_from_slice(text.as_bytes());
    Some(rest)
}

/// The `one` and `decode` of a variant, and for `encode` that of [`Hand`].
macro_rules! variant {
    ($contender:ident, $packet:ident, $operations:expr, $decode:path, $one:path) => {
        impl Contender<$packet> for $contender {
            const OPERATIONS: &'static [Operation] = $operations;
            type Value = $packet;

            fn value(packet: &'static $packet) -> Self::Value {
                packet.clone()
            }

            #[inline(always)]
            fn encode<'b>(value: &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
                <Hand as Contender<$packet>>::encode(value, buffer)
            }

            #[inline(always)]
            fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
                $decode(bytes, visit)
            }

            #[inline(always)]
            fn one(bytes: &[u8]) -> Option<u64> {
                $one(bytes)
            }
        }
    };
}

const DECODING: &[Operation] = &[Operation::Decode, Operation::One];

variant! { Simd, LoginResponse, DECODING, decode_login::<Simd>, login_user::<Simd> }
variant! { Ascii, LoginResponse, DECODING, decode_login::<Ascii>, login_user::<Ascii> }
variant! { Simd, Chat, DECODING, decode_chat::<Simd>, chat_sender::<Simd> }
variant! { Ascii, Chat, DECODING, decode_chat::<Ascii>, chat_sender::<Ascii> }

impl Contender<LoginResponse> for Hand {
    type Value = LoginResponse;

    fn value(packet: &'static LoginResponse) -> Self::Value {
        packet.clone()
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let count = u8::try_from(value.servers.len()).ok()?;
        let mut size = 17 + value.token.len();
        for server in &value.servers {
            u8::try_from(server.name.len()).ok()?;
            size += 7 + server.name.len();
        }
        let token = u8::try_from(value.token.len()).ok()?;
        let whole = buffer.get_mut(..size)?;
        let (part, rest) = whole.split_first_chunk_mut::<16>()?;
        put! { part,
            0: u16::try_from(size).ok()?,
            2: 3_u16,
            4: u8::from(value.accepted),
            5: value.heartbeat,
            7: value.user,
            15: token,
        }
        let (token, rest) = rest.split_at_mut_checked(value.token.len())?;
        token.copy_from_slice(value.token.as_bytes());
        let (counted, mut rest) = rest.split_first_mut()?;
        *counted = count;
        for server in &value.servers {
            let (id, tail) = rest.split_first_chunk_mut::<2>()?;
            *id = server.id.to_be_bytes();
            let tail = put_text(tail, &server.name)?;
            let (numbers, tail) = tail.split_first_chunk_mut::<4>()?;
            put! { numbers, 0: server.port, 2: server.players }
            rest = tail;
        }
        buffer.get(..size)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        decode_login::<Core>(bytes, visit)
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        login_user::<Core>(bytes)
    }
}

#[inline(always)]
fn decode_chat<V: Validate>(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
    let (part, rest) = head::<5>(bytes, 4)?;
    visit.int(part[4]);
    let (sender, rest) = short_text::<V>(rest)?;
    visit.text(sender);
    let (recipient, rest) = short_text::<V>(rest)?;
    visit.text(recipient);
    let (length, text) = rest.split_first_chunk::<2>()?;
    if usize::from(u16::from_be_bytes(*length)) != text.len() {
        return None;
    }
    visit.text(V::utf8(text)?);
    Some(())
}

/// Validates everything, and takes the sender.
#[inline(always)]
fn chat_sender<V: Validate>(bytes: &[u8]) -> Option<u64> {
    let (_, rest) = head::<5>(bytes, 4)?;
    let (sender, rest) = short_text::<V>(rest)?;
    let (_, rest) = short_text::<V>(rest)?;
    let (length, text) = rest.split_first_chunk::<2>()?;
    if usize::from(u16::from_be_bytes(*length)) != text.len() {
        return None;
    }
    V::utf8(text)?;
    Some(of_text(sender))
}

impl Contender<Chat> for Hand {
    type Value = Chat;

    fn value(packet: &'static Chat) -> Self::Value {
        packet.clone()
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let size = 9 + value.sender.len() + value.recipient.len() + value.text.len();
        u8::try_from(value.sender.len()).ok()?;
        u8::try_from(value.recipient.len()).ok()?;
        let length = u16::try_from(value.text.len()).ok()?;
        let whole = buffer.get_mut(..size)?;
        let (part, rest) = whole.split_first_chunk_mut::<5>()?;
        put! { part, 0: u16::try_from(size).ok()?, 2: 4_u16, 4: value.channel }
        let rest = put_text(rest, &value.sender)?;
        let rest = put_text(rest, &value.recipient)?;
        let (prefix, text) = rest.split_first_chunk_mut::<2>()?;
        *prefix = length.to_be_bytes();
        text.copy_from_slice(value.text.as_bytes());
        Some(whole)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        decode_chat::<Core>(bytes, visit)
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        chat_sender::<Core>(bytes)
    }
}

/// All entities of a snapshot, as arrays.
#[inline(always)]
fn entities(bytes: &[u8]) -> Option<(u32, &[[u8; 20]])> {
    let (part, rest) = head::<10>(bytes, 5)?;
    let (entities, left) = rest.as_chunks::<20>();
    if !left.is_empty() || entities.len() != usize::from(u16::from_be_bytes(at(part, 8))) {
        return None;
    }
    Some((u32::from_be_bytes(at(part, 4)), entities))
}

#[inline(always)]
fn snapshot_one(bytes: &[u8]) -> Option<u64> {
    let (_, entities) = entities(bytes)?;
    Some(u32::from_be_bytes(at(entities.get(ONE)?, 8)).into())
}

/// The buffer of a snapshot: header and count written, the entities to be.
#[inline(always)]
fn snapshot_room<'b>(packet: &Snapshot, buffer: &'b mut [u8]) -> Option<&'b mut [[u8; 20]]> {
    let count = u16::try_from(packet.entities.len()).ok()?;
    let size = 10 + 20 * packet.entities.len();
    let (part, rest) = buffer.get_mut(..size)?.split_first_chunk_mut::<10>()?;
    put! { part, 0: u16::try_from(size).ok()?, 2: 5_u16, 4: packet.tick, 8: count }
    Some(rest.as_chunks_mut::<20>().0)
}

impl Contender<Snapshot> for Hand {
    type Value = Snapshot;

    fn value(packet: &'static Snapshot) -> Self::Value {
        packet.clone()
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let room = snapshot_room(value, buffer)?;
        let size = 10 + 20 * room.len();
        for (part, entity) in room.iter_mut().zip(&value.entities) {
            put! { part,
                0: entity.id,
                4: entity.x,
                8: entity.y,
                12: entity.z,
                16: entity.yaw,
                18: entity.health,
            }
        }
        buffer.get(..size)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let (tick, entities) = entities(bytes)?;
        visit.int(tick);
        for part in entities {
            visit.int(u32::from_be_bytes(at(part, 0)));
            visit.float(f32::from_be_bytes(at(part, 4)));
            visit.float(f32::from_be_bytes(at(part, 8)));
            visit.float(f32::from_be_bytes(at(part, 12)));
            visit.int(u16::from_be_bytes(at(part, 16)));
            visit.int(u16::from_be_bytes(at(part, 18)));
        }
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        snapshot_one(bytes)
    }
}

/// As [`Hand`], in code that `pulp` compiles for AVX2 as well and chooses when it runs: the compiler swaps whole
/// registers there by itself.
pub struct Swap;

impl Named for Swap {
    const NAME: &'static str = "by hand, vectorised";
    const OUR_WIRE: bool = true;
}

impl Contender<Snapshot> for Swap {
    const OPERATIONS: &'static [Operation] = &[Operation::Encode, Operation::Decode];
    type Value = (Snapshot, pulp::Arch);

    fn value(packet: &'static Snapshot) -> Self::Value {
        (packet.clone(), pulp::Arch::new())
    }

    #[inline(always)]
    fn encode<'b>((value, arch): &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let room = snapshot_room(value, buffer)?;
        let size = 10 + 20 * room.len();
        arch.dispatch(Store(room, &value.entities));
        buffer.get(..size)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let (tick, entities) = entities(bytes)?;
        visit.int(tick);
        pulp::Arch::new().dispatch(Load(entities, visit));
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        snapshot_one(bytes)
    }
}

/// Writes entities.
struct Store<'a>(&'a mut [[u8; 20]], &'a [Entity]);

impl pulp::WithSimd for Store<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        for (part, entity) in self.0.iter_mut().zip(self.1) {
            put! { part,
                0: entity.id,
                4: entity.x,
                8: entity.y,
                12: entity.z,
                16: entity.yaw,
                18: entity.health,
            }
        }
    }
}

/// Reads entities.
struct Load<'a, V>(&'a [[u8; 20]], &'a mut V);

impl<V: Visit> pulp::WithSimd for Load<'_, V> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Self(entities, visit) = self;
        for part in entities {
            visit.int(u32::from_be_bytes(at(part, 0)));
            visit.float(f32::from_be_bytes(at(part, 4)));
            visit.float(f32::from_be_bytes(at(part, 8)));
            visit.float(f32::from_be_bytes(at(part, 12)));
            visit.int(u16::from_be_bytes(at(part, 16)));
            visit.int(u16::from_be_bytes(at(part, 18)));
        }
    }
}

/// Reads one field and validates nothing else: what decoding costs who trusts the rest.
pub struct Peek;

impl Named for Peek {
    const NAME: &'static str = "by hand, that field alone";
    const OUR_WIRE: bool = true;
}

fn peek_user(bytes: &[u8]) -> Option<u64> {
    let (part, _) = head::<15>(bytes, 3)?;
    Some(u64::from_be_bytes(at(part, 7)))
}

fn peek_sender(bytes: &[u8]) -> Option<u64> {
    let (_, rest) = head::<5>(bytes, 4)?;
    Some(of_text(short_text::<Core>(rest)?.0))
}

variant! { Peek, LoginResponse, &[Operation::One], decode_login::<Core>, peek_user }
variant! { Peek, Chat, &[Operation::One], decode_chat::<Core>, peek_sender }
