//! Packets in Rust without a build script: [`macro@Packet`] gives structs and enums written by hand their codec, and
//! [`packet_schema!`] gives a module those of a whole schema.
//!
//! ```text
//! Rust item --input--> syntax --packet_schema--> layout --packetc::backend::rust--> Rust
//! schema.yaml --------------------^
//! ```
//!
//! Both take the way that `packetc generate` takes, from the syntax on: the same rules are checked, the
//! same code comes out, and so the bytes and the errors are the same. This crate knows what Rust's types
//! and attributes mean in a schema, and nothing about the wire.
//!
//! The code needs `packet-runtime` among the dependencies of the crate that it is put into, with the
//! feature `alloc` for packets that own their bytes.
#![forbid(unsafe_code)]

mod against;
mod derive;
mod fallback;
mod input;
mod owned;
mod report;
mod schema;
mod spans;

use proc_macro::TokenStream;

/// Gives a struct or an enum the codec that a packet or type of a schema has.
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
/// - where all packets have the same size, `LEN` and `to_bytes`, which without text and types of your own can be called in a
///   constant;
/// - the constant `ID` on both, if the packet has an id, or `IDS` if it has several.
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
/// | a type with `#[derive(Packet)]` | [what that is](#types-of-your-own) |
/// | `Vec` of one of these numbers or types | an array, likewise |
/// | `[u16; 4]`, `[Vec3; 2]` | an array of as many elements |
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
/// # Types of your own
///
/// A field can have any type with `#[derive(Packet)]`, wherever that is defined. The macro sees its name alone, so the
/// field says what kind of type it is, and the compiler compares.
///
/// **Structs** need nothing said. One that always has the same size should say so: `fixed = 12` makes it a part of the
/// struct around it, which is read and tested at once, as fast as a field of a schema. A struct that takes everything up
/// to the end has `rest`, or `size` if earlier fields say how long it is.
///
/// **Enums** of variants that hold nothing are numbers of the width that `#[repr(u8)]` or `#[packet(repr = "u3")]` gives;
/// a field of one says `type = "u8"`. A number without a name is an error, unless a variant with `other` holds it.
///
/// **Flags** are a struct that holds their bits, with a constant for each. `unknown` says what becomes of bits without a
/// name: `reject`, `keep` or `skip`.
///
/// ```
/// use packet_derive::Packet;
/// use packet_runtime::{Encode, View};
///
/// mod space {
///     #[derive(Clone, Copy, Debug, PartialEq, packet_derive::Packet)]
///     pub struct Vec3 {
///         #[packet(finite)]
///         pub x: f32,
///         #[packet(finite)]
///         pub y: f32,
///         #[packet(finite)]
///         pub z: f32,
///     }
/// }
///
/// #[derive(Clone, Copy, Debug, Packet, PartialEq)]
/// #[repr(u8)]
/// enum Gait {
///     Walking = 1,
///     Running = 2,
///     #[packet(other)]
///     Other(u8),
/// }
///
/// #[derive(Clone, Copy, Debug, Packet, PartialEq)]
/// #[packet(flags(crouching = 0, jumping = 1), repr = "u4", unknown = "reject")]
/// struct Motion(u8);
///
/// #[derive(Debug, Packet, PartialEq)]
/// #[packet(id = 2002)]
/// struct Move {
///     player: u32,
///     #[packet(fixed = 12)]
///     position: space::Vec3,
///     #[packet(type = "u8")]
///     gait: Gait,
///     #[packet(wire(_: u4), type = "u4")]
///     motion: Motion,
///     #[packet(len = "u8")]
///     route: Vec<space::Vec3>,
/// }
///
/// let position = space::Vec3 { x: 1.0, y: 2.0, z: 3.0 };
/// let moved = Move { player: 7, position, gait: Gait::Running, motion: Motion::JUMPING, route: vec![position] };
/// let mut bytes = moved.to_vec()?;
/// assert_eq!(MoveView::parse(&bytes)?.position().y(), 2.0);
/// assert_eq!(Move::from(MoveView::parse(&bytes)?), moved);
///
/// bytes[31..35].copy_from_slice(&f32::NAN.to_be_bytes());
/// let error = MoveView::parse(&bytes).unwrap_err();
/// assert_eq!(error.field().to_string(), "route[0].z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// **A choice** that an earlier field makes is an enum with `tag = …` at its variants, each of which holds one type with
/// the attributes of a field. `else` is for all other tags: it holds the tag and what comes with it, or the tag alone if
/// that is ignored. Where a variant takes everything up to the end it says `rest`, and so does the field. The field
/// says `match`; `guard` is a condition without which it is `else`.
///
/// ```
/// use packet_derive::Packet;
/// use packet_runtime::{Encode, View};
///
/// #[derive(Debug, Packet, PartialEq)]
/// struct Echo {
///     sequence: u16,
/// }
///
/// #[derive(Debug, Packet, PartialEq)]
/// enum Body<'a> {
///     #[packet(tag = 1)]
///     Echo(Echo),
///     #[packet(tag = 2, len = "u8", max = 100)]
///     Text(&'a str),
///     #[packet(else, rest)]
///     Other { tag: u8, value: &'a [u8] },
/// }
///
/// #[derive(Debug, Packet, PartialEq)]
/// struct Event<'a> {
///     #[packet(wire(kind: u8), match = "kind", rest)]
///     body: Body<'a>,
/// }
///
/// let event = Event { body: Body::Text("hi") };
/// assert_eq!(event.to_vec()?, b"\x02\x02hi");
/// assert_eq!(Event::from(EventView::parse(b"\x09abc")?).body, Body::Other { tag: 9, value: b"abc" });
/// let error = EventView::parse(&[1, 0]).unwrap_err();
/// assert_eq!(error.to_string(), "Event.body.Echo.sequence at byte 1: needs 2 bytes, 1 is left");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A tag can be the value of an enum, wherever that is defined. Then its number stands in one place, and errors call the case
/// as a schema names that value, in `snake_case`; otherwise it is called as the variant, unless `name` says something else.
///
/// ```
/// use packet_derive::Packet;
/// use packet_runtime::{Encode, View};
///
/// #[derive(Clone, Copy, Debug, Packet, PartialEq)]
/// #[repr(u8)]
/// enum ProofKind {
///     Password = 1,
///     OneTimeCode = 4,
/// }
///
/// #[derive(Debug, Packet, PartialEq)]
/// enum Proof<'a> {
///     #[packet(tag = ProofKind::Password, len = "u8")]
///     Password(&'a str),
///     #[packet(tag = ProofKind::OneTimeCode, range = 0..=999999)]
///     OneTimeCode(u32),
/// }
///
/// #[derive(Debug, Packet, PartialEq)]
/// struct Login<'a> {
///     #[packet(wire(#[packet(type = "u8")] kind: ProofKind), match = "kind")]
///     proof: Proof<'a>,
/// }
///
/// assert_eq!(Login { proof: Proof::OneTimeCode(7) }.to_vec()?, [4, 0, 0, 0, 7]);
/// let error = LoginView::parse(&[4, 0]).unwrap_err();
/// assert_eq!(error.field().to_string(), "proof.one_time_code");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// **Any packet** of some is an enum with one in each variant, which the id chooses; `header` and `endian` are those of
/// the packets. Its view has a variant `Unknown` more. With a variant `#[packet(unknown)]` the enum itself holds packets
/// with other ids too; without one, the way from the view is `TryFrom`.
///
/// ```
/// use packet_derive::Packet;
/// use packet_runtime::Encode;
///
/// #[derive(Debug, Packet, PartialEq)]
/// #[packet(id = 1)]
/// struct Join {
///     player: u32,
/// }
///
/// #[derive(Debug, Packet, PartialEq)]
/// #[packet(id = 2)]
/// struct Say<'a> {
///     #[packet(rest)]
///     text: &'a str,
/// }
///
/// #[derive(Debug, Packet, PartialEq)]
/// enum Message<'a> {
///     Join(Join),
///     Say(Say<'a>),
///     #[packet(unknown)]
///     Unknown { id: u16, bytes: &'a [u8] },
/// }
///
/// let bytes = Message::Say(Say { text: "hi" }).to_vec()?;
/// assert_eq!(bytes, b"\0\x06\0\x02hi");
/// match MessageView::parse(&bytes)? {
///     MessageView::Say(say) => assert_eq!(say.text(), "hi"),
///     other => panic!("{} came", other.name()),
/// }
/// assert_eq!(Message::from(MessageView::parse(b"\0\x04\0\x09")?).id(), 9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # A schema beside the struct
///
/// `schema` names a schema that describes the type already; nothing of it is said again. The struct has the fields that a
/// value has in the schema, and the types of your own in it name the same schema. Where struct and schema differ, the
/// compiler says what, and where the schema says so; Cargo builds again when the schema changes.
///
/// ```
/// use packet_derive::Packet;
/// use packet_runtime::Encode;
///
/// #[derive(Packet)]
/// #[packet(schema = "../schemas/quickstart.yaml", name = "Vec3")]
/// struct Position {
///     x: f32,
///     y: f32,
///     z: f32,
/// }
///
/// #[derive(Packet)]
/// #[packet(schema = "../schemas/quickstart.yaml")]
/// struct Move {
///     player: u32,
///     position: Position,
/// }
///
/// let moved = Move { player: 12345, position: Position { x: 100.5, y: 200.3, z: 50.7 } };
/// assert_eq!(moved.to_bytes()?.len(), 20);
/// # Ok::<(), packet_runtime::EncodeError>(())
/// ```
///
/// `name` is that of a packet, a struct, an enum or flags, which is otherwise the item's; of the cases of a variant it is
/// `STRUCT.FIELD`, as in `name = "Ipv4.payload"`. `root` is the folder that [imports](packet_schema!) start from. `id`, `size`, `range`,
/// `min`, `max`, `finite` and `type` can be said again, and are compared. A named type that no field of the struct has,
/// such as that of a tag, must be in scope under its own name.
///
/// # Attributes of the struct
///
/// | `#[packet(…)]` | Meaning |
/// |---|---|
/// | `id = 1001`, `id = 0x81..=0xff` | the packet's id, or all its ids, one of which the field of the header then holds; gives it the header `header(size: u16, id: u16)` unless another is written |
/// | `header(size: u16, id: u16, …)` | the fields that lead the packet, as in `wire(…)`; `size` and `id` are filled in, and so are fields with `#[packet(role = "size")]` or `#[packet(role = "id")]` in front |
/// | `trailer(crc: u16 = crc16_xmodem(size, body), …)` | the fields that end it, likewise |
/// | `counts = "body"`, `counts = "from(FIELD)"` | the size counts what lies between header and trailer, or everything from this field of the header on, instead of the whole packet |
/// | `bias = 1` | the size is so much more than that |
/// | `max_size = "64KiB"` | the largest packet, which is 64 KiB if nothing is said |
/// | `size = 20`, `size = "20..=1024"` | an assertion on the whole packet's size, with its header |
/// | `endian = "little"`, `bit_order = "lsb"` | of everything that does not say otherwise |
/// | `trailing = "skip"` | bytes behind the last field are ignored; `reject` if nothing is said |
/// | `since = 2` | the version that introduced it, for documentation |
/// | `repr = "u3"` | of an enum of numbers and of flags, the number on the wire |
/// | `flags(name = 0, …)`, `unknown = "keep"` | of flags, their names and bits, and what becomes of others |
/// | `schema = "…"`, `name = "…"`, `root = "…"` | the schema that describes it, and what it is called there |
///
/// # Attributes of a variant
///
/// | `#[packet(…)]` | Meaning |
/// |---|---|
/// | `tag = 1`, `tag = Kind::Echo` | the tag that chooses it, a number or the value of an enum; the attributes of a field say what it holds |
/// | `name = "echo"` | what errors call it; otherwise the name that the enum's value has in a schema, `echo`, or that of the variant |
/// | `else` | what all other tags choose |
/// | `other` | the number that has no name |
/// | `unknown` | the packet whose id is none of the others' |
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
/// | `until = 0` | a `Vec` that ends at this number, which is no element; of structs, at this byte, with which no element begins |
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
/// | `header` | the field stands in the header, where its type is written: `header(size: u16, id: u16, sequence: u32)` |
/// | `fixed = 12` | of a struct: it always has 12 bytes |
/// | `match = "kind"`, `guard = "not more"` | of an enum with tags: the field that chooses, and when it does |
/// | `trailing = "skip"` | of a struct or choice with `size`: bytes that it leaves over are ignored |
///
/// Values stand in quotes or without, as you like: `when = flags & 1 == 1` is the same, and there an error
/// points at the very word. Doc comments become those of the view and its getters, and so does
/// `#[deprecated]`.
///
/// What is about a protocol rather than about a packet takes a schema: sessions, groups of ids, who sends a packet, ways to
/// delimit packets other than a size, test vectors. Conditions know enums and flags of your own as numbers. `default` is
/// Rust's: implement `Default`.
///
/// # Errors
///
/// Every problem is an error at the field or attribute that has it, all of them at once, with the code
/// that it has in a schema. So that the list is not followed by another one, of every place where the
/// packet is used, an item with problems still gets the traits. What only the types of other items can tell is compared
/// when the program is compiled, and is an error at the field as well.
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
