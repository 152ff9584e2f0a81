//! The contest: five packets, three operations, and everybody who can do them.
//!
//! A contender is a type with one [`Contender`] impl a packet; [`all`] lists who takes part where, a line each.
//! What decoding finds goes to a [`Visit`]: when timed a [`Sum`], in tests a [`Log`], by which everybody must have
//! found the same.
#![deny(unsafe_code)]

pub mod contenders;
pub mod eighth;
pub mod table;

mod samples;

/// Cap'n Proto's code, which wants to be at the top of a crate.
#[allow(clippy::all, clippy::pedantic, missing_docs)]
#[cfg(feature = "peers")]
mod contest_capnp {
    include!("../generated/contest_capnp.rs");
}

pub use samples::{Chat, Entity, LoginResponse, Move, ONE, Server, Snapshot, Telemetry, of_text};

#[cfg(feature = "peers")]
use contenders::{
    bincode::Bincode, binrw::Binrw, capnp::Capnp, deku::Deku, planus::Planus, postcard::Postcard,
    prost::Prost, rkyv::Rkyv,
};
use contenders::{
    cursor::Cursor,
    derived::Derived,
    floor::Floor,
    generated::Generated,
    hand::{Ascii, Hand, Peek, Simd, Swap},
    zerocopy::Zerocopy,
};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Encode into a prepared buffer.
    Encode,
    /// Decode and touch every field.
    Decode,
    /// Decode and read one field.
    One,
}

impl Operation {
    pub const ALL: &'static [Self] = &[Self::Encode, Self::Decode, Self::One];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Encode => "encode",
            Self::Decode => "decode",
            Self::One => "one",
        }
    }
}

/// A packet of the contest.
pub trait Packet: Sized + 'static {
    const NAME: &'static str;

    /// The value that everybody encodes.
    fn sample() -> &'static Self;

    /// Its fields in wire order, without the header.
    fn visit(&self, visit: &mut impl Visit);

    /// The field that [`Operation::One`] reads.
    fn one(&self) -> u64;
}

/// Who takes part.
pub trait Named {
    const NAME: &'static str;
    /// Whether its bytes are those of `schemas/contest.yaml`, and not a format of its own.
    const OUR_WIRE: bool = false;
}

/// What a contender does with a packet.
pub trait Contender<P: Packet>: Named {
    /// Which operations differ from those of others in the same family.
    const OPERATIONS: &'static [Operation] = Operation::ALL;

    /// What is encoded, and whatever can be prepared for that.
    type Value;

    fn value(packet: &'static P) -> Self::Value;

    /// Encodes into `buffer`, or into a buffer of the contender's own that was prepared.
    fn encode<'b>(value: &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]>;

    /// Decodes, and shows all fields in wire order, without the header.
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()>;

    /// Decodes, and returns the field that [`Packet::one`] does.
    fn one(bytes: &[u8]) -> Option<u64>;
}

/// What is done with the fields.
pub trait Visit: Default {
    fn int(&mut self, value: impl Into<u64>);
    fn text(&mut self, text: &str);
    fn bytes(&mut self, bytes: &[u8]);

    #[inline(always)]
    fn float(&mut self, value: f32) {
        self.int(value.to_bits());
    }
}

/// Adds all fields up; of texts and bytes, their lengths and first bytes.
#[derive(Default)]
pub struct Sum(pub u64);

impl Visit for Sum {
    #[inline(always)]
    fn int(&mut self, value: impl Into<u64>) {
        self.0 = self.0.wrapping_add(value.into());
    }

    #[inline(always)]
    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    #[inline(always)]
    fn bytes(&mut self, bytes: &[u8]) {
        self.int(bytes.len() as u64);
        self.int(bytes.first().copied().unwrap_or(0));
    }
}

/// Writes all fields down.
#[derive(Debug, Default, PartialEq)]
pub struct Log(Vec<String>);

impl Visit for Log {
    fn int(&mut self, value: impl Into<u64>) {
        self.0.push(value.into().to_string());
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.push(bytes.escape_ascii().to_string());
    }
}

/// Bytes that lie where every contender wants them to.
#[repr(align(64))]
pub struct Aligned(pub [u8; 8192]);

impl Aligned {
    pub const fn new() -> Self {
        Self([0; 8192])
    }
}

impl Default for Aligned {
    fn default() -> Self {
        Self::new()
    }
}

/// Something that is done with each pair of packet and contender.
pub trait Run {
    fn pair<P: Packet, C: Contender<P>>(&mut self);
}

/// Who takes part where.
pub fn all(run: &mut impl Run) {
    run.pair::<Move, Hand>();
    run.pair::<Move, Generated>();
    run.pair::<Move, Derived>();
    run.pair::<Move, Zerocopy>();
    run.pair::<Move, Cursor>();
    #[cfg(feature = "peers")]
    {
        run.pair::<Move, Rkyv>();
        run.pair::<Move, Bincode>();
        run.pair::<Move, Planus>();
        run.pair::<Move, Capnp>();
        run.pair::<Move, Prost>();
        run.pair::<Move, Postcard>();
        run.pair::<Move, Deku>();
        run.pair::<Move, Binrw>();
    }
    run.pair::<Move, Floor>();

    run.pair::<Telemetry, Hand>();
    run.pair::<Telemetry, Generated>();
    run.pair::<Telemetry, Derived>();
    run.pair::<Telemetry, Zerocopy>();
    run.pair::<Telemetry, Cursor>();
    #[cfg(feature = "peers")]
    {
        run.pair::<Telemetry, Rkyv>();
        run.pair::<Telemetry, Bincode>();
        run.pair::<Telemetry, Planus>();
        run.pair::<Telemetry, Capnp>();
        run.pair::<Telemetry, Prost>();
        run.pair::<Telemetry, Postcard>();
        run.pair::<Telemetry, Deku>();
        run.pair::<Telemetry, Binrw>();
    }
    run.pair::<Telemetry, Floor>();

    run.pair::<LoginResponse, Hand>();
    run.pair::<LoginResponse, Generated>();
    run.pair::<LoginResponse, Derived>();
    run.pair::<LoginResponse, Simd>();
    run.pair::<LoginResponse, Ascii>();
    run.pair::<LoginResponse, Peek>();
    run.pair::<LoginResponse, Zerocopy>();
    run.pair::<LoginResponse, Cursor>();
    #[cfg(feature = "peers")]
    {
        run.pair::<LoginResponse, Rkyv>();
        run.pair::<LoginResponse, Bincode>();
        run.pair::<LoginResponse, Planus>();
        run.pair::<LoginResponse, Capnp>();
        run.pair::<LoginResponse, Prost>();
        run.pair::<LoginResponse, Postcard>();
        run.pair::<LoginResponse, Deku>();
        run.pair::<LoginResponse, Binrw>();
    }
    run.pair::<LoginResponse, Floor>();

    run.pair::<Chat, Hand>();
    run.pair::<Chat, Generated>();
    run.pair::<Chat, Derived>();
    run.pair::<Chat, Simd>();
    run.pair::<Chat, Ascii>();
    run.pair::<Chat, Peek>();
    run.pair::<Chat, Zerocopy>();
    run.pair::<Chat, Cursor>();
    #[cfg(feature = "peers")]
    {
        run.pair::<Chat, Rkyv>();
        run.pair::<Chat, Bincode>();
        run.pair::<Chat, Planus>();
        run.pair::<Chat, Capnp>();
        run.pair::<Chat, Prost>();
        run.pair::<Chat, Postcard>();
        run.pair::<Chat, Deku>();
        run.pair::<Chat, Binrw>();
    }
    run.pair::<Chat, Floor>();

    run.pair::<Snapshot, Hand>();
    run.pair::<Snapshot, Generated>();
    run.pair::<Snapshot, Derived>();
    run.pair::<Snapshot, Swap>();
    run.pair::<Snapshot, Zerocopy>();
    run.pair::<Snapshot, Cursor>();
    #[cfg(feature = "peers")]
    {
        run.pair::<Snapshot, Rkyv>();
        run.pair::<Snapshot, Bincode>();
        run.pair::<Snapshot, Planus>();
        run.pair::<Snapshot, Capnp>();
        run.pair::<Snapshot, Prost>();
        run.pair::<Snapshot, Postcard>();
        run.pair::<Snapshot, Deku>();
        run.pair::<Snapshot, Binrw>();
    }
    run.pair::<Snapshot, Floor>();
}
