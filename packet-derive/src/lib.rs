//! Packets in Rust without a build script: [`macro@Packet`] gives a struct written by hand its codec, and
//! [`packet_schema!`] gives a module those of a whole schema.
//!
//! ```text
//! Rust struct --input--> syntax --packet_schema--> layout --packetc::backend::rust--> Rust
//! schema.yaml ----------------------^
//! ```
//!
//! Both take the way that `packetc generate` takes, from the syntax on: the same rules are checked, the
//! same code comes out, and so the bytes and the errors are the same. This crate knows what Rust's types
//! and attributes mean in a schema, and nothing about the wire.
//!
//! The code needs `packet-runtime` among the dependencies of the crate that it is put into, with the
//! feature `alloc` for packets that own their bytes.
#![forbid(unsafe_code)]

mod derive;
mod fallback;
mod input;
mod owned;
mod report;
mod schema;
mod spans;

use proc_macro::TokenStream;

/// Gives a struct the codec that a packet of a schema has.
///
/// ```
/// use packet_derive::Packet;
/// use packet_runtime::{Encode, View};
///
/// #[derive(Packet)]
/// #[packet(id = 1001, size = 20)]
/// struct Move {
///     player: u32,
///     #[packet(finite)]
///     x: f32,
///     #[packet(finite)]
///     y: f32,
///     #[packet(finite)]
///     z: f32,
/// }
///
/// let bytes = Move { player: 12345, x: 100.5, y: 200.3, z: 50.7 }.to_vec()?;
/// assert_eq!(bytes[..8], [0, 20, 0x03, 0xe9, 0, 0, 0x30, 0x39]);
///
/// let view = MoveView::parse(&bytes)?;
/// assert_eq!((view.player(), view.y()), (12345, 200.3));
///
/// let error = MoveView::parse(&bytes[..18]).unwrap_err();
/// assert_eq!(error.to_string(), "Move.z at byte 16: needs 4 bytes, 2 are left");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// For a struct `Move` the macro adds
///
/// - `MoveView<'a>`, a view that borrows the bytes, is validated once and has a getter for each field,
///   also for those that are on the wire only; where a field is called like a keyword or like another
///   method, its getter's name ends in `_`;
/// - `MoveMut<'a>`, a writer in place with a setter for each field that nothing else on the wire follows from, if
///   there is one: `set_player(12345)`;
/// - `impl Encode for Move` and `impl From<MoveView<'_>> for Move`;
/// - where all packets have the same size, `LEN` and `to_bytes`, which without text can be called in a constant;
/// - the constant `ID` on both, if the packet has an id.
///
/// Fields are laid out in the order in which they are written, big-endian unless something else is said.
///
/// # Types
///
/// | In Rust | On the wire |
/// |---|---|
/// | `u8` … `u128`, `i8` … `i128`, `f32`, `f64`, `bool` | the same; `type` gives another width |
/// | `u64`, `i64` | with `type`, also `varint` and `zigzag` |
/// | `[u8; 16]` | `bytes[16]`; the length is a literal |
/// | `Vec<u8>`, `&'a [u8]` | `bytes`, whose length is said by an attribute |
/// | `String`, `&'a str` | `string`, likewise, or `cstring`; Latin-1 and UTF-16 need `String` |
/// | `Vec` of one of these numbers | an array, likewise |
/// | `Option` of any of these | a field that is there only `when` a condition holds |
///
/// A struct that borrows has one lifetime parameter, that of the bytes:
///
/// ```
/// use packet_derive::Packet;
/// use packet_runtime::{Encode, View};
///
/// #[derive(Debug, Packet, PartialEq)]
/// #[packet(id = 4000, size = "8..=1126")]
/// struct Chat<'a> {
///     channel: u8,
///     #[packet(wire(has_recipient: bool), when = "has_recipient", len = "u8", min = 1, max = 32)]
///     recipient: Option<&'a str>,
///     #[packet(len = "u16", max = 1085)]
///     text: &'a str,
/// }
///
/// let chat = Chat { channel: 2, recipient: Some("ada"), text: "h" };
/// let bytes = chat.to_vec()?;
/// assert_eq!(bytes, b"\x00\x0d\x0f\xa0\x02\x01\x03ada\x00\x01h");
/// assert_eq!(Chat::from(ChatView::parse(&bytes)?), chat);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is on the wire only
///
/// Lengths, counts, conditions, constants, reserved bits and checksums follow from other fields or from
/// nothing. They are not in the struct: `wire(…)` puts them in front of a field, `wire_after(…)` behind
/// it. Each is one of
///
/// - `name: type` for what a `count`, `size` or `when` reads: it is computed when the packet is written;
/// - `name: type = 4` for a constant, and `_: type = 4` for one without a name;
/// - `_: type` for reserved bits, which are written as zero and not looked at;
/// - `name: type = internet(first, last)` for a checksum over these fields and all between them. The
///   algorithms are those of a schema, with `_` or `-` in their names; `crc16_mcrf4xx(first, last, extra =
///   50)` sums one more byte. CRCs need the feature `crc` of `packet-runtime`;
/// - `name: type = len(data) * 2` for what is computed by an expression with `len`, `size` and `present`,
///   where no `count` or `size` can be solved for it.
///
/// Attributes stand in front, as in `#[packet(range = 0..=99)] count: varint`: those of the table below
/// that say nothing of the type in Rust, and `strict` for reserved bits that must be zero.
///
/// ```
/// use packet_derive::Packet;
/// use packet_runtime::Encode;
///
/// #[derive(Packet)]
/// struct Samples {
///     #[packet(wire(version: u2 = 2, _: u2), type = "u4")]
///     channel: u8,
///     #[packet(wire(count: u8), count = "count")]
///     samples: Vec<i16>,
/// }
///
/// let samples = Samples { channel: 5, samples: vec![1, -1] };
/// assert_eq!(samples.to_vec()?, [0b10_00_0101, 2, 0, 1, 0xff, 0xff]);
/// # Ok::<(), packet_runtime::EncodeError>(())
/// ```
///
/// A CRC with a byte that nobody sends, and a length that is not a multiple of its field:
///
/// ```
/// use packet_derive::Packet;
/// use packet_runtime::{Encode, View};
///
/// #[derive(Debug, Packet, PartialEq)]
/// #[packet(endian = "little")]
/// struct Sealed {
///     #[packet(
///         wire(magic: u8 = 0xfe, twice: u8 = len(payload) * 2),
///         count = twice / 2,
///         wire_after(crc: u16 = crc16_mcrf4xx(twice, payload, extra = 50))
///     )]
///     payload: Vec<u8>,
/// }
///
/// let sealed = Sealed { payload: vec![7, 8] };
/// let mut bytes = sealed.to_vec()?;
/// assert_eq!(bytes[..4], [0xfe, 4, 7, 8]);
/// assert_eq!(Sealed::from(SealedView::parse(&bytes)?), sealed);
/// bytes[2] = 9;
/// assert_eq!(SealedView::parse(&bytes).unwrap_err().field().to_string(), "crc");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Ends, padding, small numbers
///
/// ```
/// use packet_derive::Packet;
/// use packet_runtime::{Encode, View};
///
/// #[derive(Debug, Packet, PartialEq)]
/// struct Record<'a> {
///     /// As many bytes as it needs.
///     #[packet(type = "varint")]
///     serial: u64,
///     #[packet(cstring, max = 32)]
///     name: &'a str,
///     #[packet(len = "u8", encoding = "latin1", pad_to = 8)]
///     city: String,
///     #[packet(align = 4, scale = 0.1, unit = "°C")]
///     celsius: i16,
///     #[packet(until = 0xffff)]
///     route: Vec<u16>,
/// }
///
/// let record = Record { serial: 300, name: "ada", city: "Köln".into(), celsius: 215, route: vec![1] };
/// let bytes = record.to_vec()?;
/// assert_eq!(bytes[..6], *b"\xac\x02ada\0");
/// assert_eq!(bytes[6..14], *b"\x04K\xf6ln\0\0\0");
/// assert_eq!(bytes[14..], [0, 0, 0, 215, 0, 1, 0xff, 0xff]);
///
/// let view = RecordView::parse(&bytes)?;
/// assert_eq!(view.celsius_scaled(), 21.5);
/// assert_eq!(Record::from(view), record);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Attributes of the struct
///
/// | `#[packet(…)]` | Meaning |
/// |---|---|
/// | `id = 1001` | the packet's id; gives it the header `header(size: u16, id: u16)` unless another is written |
/// | `header(size: u16, id: u16, …)` | the fields that lead the packet, as in `wire(…)`; `size` and `id` are filled in |
/// | `trailer(crc: u16 = crc16_xmodem(size, body), …)` | the fields that end it, likewise |
/// | `counts = "body"`, `counts = "from(FIELD)"` | the size counts what lies between header and trailer, or everything from this field of the header on, instead of the whole packet |
/// | `max_size = "64KiB"` | the largest packet, which is 64 KiB if nothing is said |
/// | `size = 20`, `size = "20..=1024"` | an assertion on the whole packet's size, with its header |
/// | `endian = "little"`, `bit_order = "lsb"` | of everything that does not say otherwise |
/// | `trailing = "skip"` | bytes behind the last field are ignored; `reject` if nothing is said |
/// | `since = 2` | the version that introduced it, for documentation |
///
/// # Attributes of a field
///
/// | `#[packet(…)]` | Meaning |
/// |---|---|
/// | `len = "u16"` | a length in front of the field, in bytes, or for arrays in elements |
/// | `count = "n * 4"` | as many bytes or elements as earlier fields say |
/// | `size = "n - 2"` | as many bytes as earlier fields say, also for arrays |
/// | `rest` | everything up to the end, or up to fields of fixed size that follow |
/// | `cstring` | text that ends at a NUL |
/// | `until = 0` | a `Vec` that ends at this number, which is no element |
/// | `pad_to = 16` | always 16 bytes, the content first and then zeros |
/// | `align = 4` | begins at a multiple of 4 bytes from the packet's start |
/// | `min = 1`, `max = 256` | limits of a length that varies |
/// | `when = "flags & 1 == 1"` | the condition of an `Option` |
/// | `type = "u24"` | a number's type on the wire, also of those in a `Vec`; the Rust type must be the narrowest that holds it: `u64` for `varint`, `i64` for `zigzag` |
/// | `range = "0..=100"`, `finite` | what a number may be |
/// | `canonical = false` | a varint may have more bytes than it needs |
/// | `scale = 0.1`, `unit = "V"` | what the number means: struct and view have a method more, `NAME_scaled()`, in this unit |
/// | `encoding = "ascii"`, `"latin1"`, `"utf16"` | of text, which is UTF-8 if nothing is said |
/// | `endian = "little"`, `bit_order = "lsb"` | as in a schema |
/// | `since = 2` | the version that introduced it, for documentation |
/// | `wire(…)`, `wire_after(…)` | fields that are not in the struct |
///
/// Values stand in quotes or without, as you like: `when = flags & 1 == 1` is the same, and there an error
/// points at the very word. Doc comments become those of the view and its getters, and so does
/// `#[deprecated]`.
///
/// A struct is flat: fields that are structs, enums, flags or variants take a schema, and so do sessions and imports.
///
/// # Errors
///
/// Every problem is an error at the field or attribute that has it, all of them at once, with the code
/// that it has in a schema. So that the list is not followed by another one, of every place where the
/// packet is used, a struct with problems still gets the traits.
#[proc_macro_derive(Packet, attributes(packet))]
pub fn derive_packet(input: TokenStream) -> TokenStream {
    derive::expand(input.into()).into()
}

/// Gives a module the codecs of a whole schema.
///
/// The path starts at the folder of the `Cargo.toml` of the crate that calls the macro, wherever in the
/// crate that is, and may lead out of it with `../`. What is put in is what `packetc generate` writes: for each
/// struct and packet an owned form and a view, enums, flags, and `Packet` and `PacketView` over all packets
/// of the protocol. Since these are many names, `mod NAME =` in front of the path gives them a module of their own,
/// which is documented as the protocol.
///
/// ```
/// packet_derive::packet_schema!(mod quickstart = "../schemas/quickstart.yaml");
///
/// use packet_runtime::{Encode, View};
/// use quickstart::{Move, MoveView, Vec3};
///
/// let position = Vec3 { x: 100.5, y: 200.3, z: 50.7 };
/// let bytes = Move { player: 12345, position }.to_vec()?;
/// assert_eq!(bytes.len(), 20);
/// assert_eq!(MoveView::parse(&bytes)?.player(), 12345);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A change of the schema, or of one that it imports, makes Cargo build the crate again.
///
/// # Arguments
///
/// They can follow the path, as in `packet_schema!("schemas/games/chess.yaml", root = "schemas")`:
///
/// | Argument | Meaning |
/// |---|---|
/// | `root = "schemas"` | the folder that schemas are imported from, if it is not the schema's own |
/// | `alloc = false` | no owned forms that need `Vec` and `String`; packets are written from borrowed ones |
/// | `derive = "Hash, PartialOrd"` | traits that all types derive which own their data |
/// | `serde = true` | the option `--serde` of `packetc generate`: `Serialize` and `Deserialize` |
/// | `proptest = true` | the option `--proptest`: `Arbitrary` |
///
/// # Errors
///
/// Every problem in the schema is an error that gives the file, line and column and shows the place. A
/// file that cannot be read is one that gives its path and the reason.
#[proc_macro]
pub fn packet_schema(input: TokenStream) -> TokenStream {
    schema::expand(input.into()).into()
}
