//! Real traffic: `tests/data/peers/*.txt`, what programs of others said to each other.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_runtime::stream::{FrameLen, Framing};
use packet_runtime::{Encode, FrameErrorKind, Reassembler, View};
use packet_schema::codec::{decode, encode};
use packet_schema::layout::{self, Dispatch, Layout, Mode, Packet, Sender};
use packet_schema::session;
use packet_schema::value::to_hex;
use packet_tests::codecs::{MAVLINK, MODBUS, MQTT, POSTGRES, Protocol};
use packet_tests::peers::{Connection, Side, connections};
use packet_tests::{mavlink, modbus, mqtt, postgres};
use serde_json::json;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

const RECORDINGS: [(&str, &str); 6] = [
    ("mavlink1", include_str!("../data/peers/mavlink1.txt")),
    ("mavlink2", include_str!("../data/peers/mavlink2.txt")),
    (
        "mavlink2-signed",
        include_str!("../data/peers/mavlink2-signed.txt"),
    ),
    ("modbus", include_str!("../data/peers/modbus.txt")),
    ("mqtt", include_str!("../data/peers/mqtt.txt")),
    ("postgres", include_str!("../data/peers/postgres.txt")),
];

fn recording(name: &str) -> Vec<Connection<'static>> {
    let (_, text) = RECORDINGS.iter().find(|(known, _)| *known == name).unwrap();
    connections(text)
}

#[test]
fn recordings_are_small_and_say_of_whom() {
    for (name, text) in RECORDINGS {
        assert!(text.len() < 60_000, "{name}");
        assert!(text.starts_with("# "), "{name}");
        let connections = connections(text);
        assert!(!connections.is_empty(), "{name}");
        for connection in connections {
            assert_eq!(
                connection.reads[0].0,
                Side::Client,
                "{name}: {}",
                connection.name
            );
        }
    }
}

/// What generated code makes of a frame.
struct Read {
    /// The packet's name.
    packet: &'static str,
    /// Its bytes again, by way of the owned form.
    again: Vec<u8>,
    /// Where it leads, or why it does not belong; `None` without a session.
    state: Option<Result<&'static str, String>>,
}

/// Generated code for one connection. It sees what both sides send.
trait Program {
    /// How the next frame of one side is delimited: the framing's name in the schema, and the generated constant.
    fn framing(&self, side: Side) -> (Option<&'static str>, &'static dyn Framing);

    /// Decodes a frame, goes on in the session, and encodes the frame again.
    fn read(&mut self, side: Side, frame: &[u8]) -> Read;
}

/// Reads a frame with one generated set of packets.
macro_rules! read {
    ($module:ident::$view:ident / $owned:ident, $frame:expr, $advance:expr) => {{
        let view = $module::$view::parse($frame).unwrap();
        let state = $advance(&view);
        let packet = view.name();
        let again = $module::$owned::from(view).to_vec().unwrap();
        Read {
            packet,
            again,
            state,
        }
    }};
}

/// `state` of [`Read`], from a generated session.
macro_rules! advance {
    ($session:expr, $side:expr) => {
        |view: &_| {
            let state = $session.advance(runtime_side($side), view);
            Some(
                state
                    .map(|state| state.name())
                    .map_err(|refused| refused.to_string()),
            )
        }
    };
}

struct Modbus;

impl Program for Modbus {
    fn framing(&self, _: Side) -> (Option<&'static str>, &'static dyn Framing) {
        (None, &modbus::Framing)
    }

    fn read(&mut self, side: Side, frame: &[u8]) -> Read {
        match side {
            Side::Client => read!(modbus::ClientPacketView / ClientPacket, frame, |_| None),
            Side::Server => read!(modbus::ServerPacketView / ServerPacket, frame, |_| None),
        }
    }
}

struct Mavlink;

impl Program for Mavlink {
    fn framing(&self, _: Side) -> (Option<&'static str>, &'static dyn Framing) {
        (None, &mavlink::Framing)
    }

    fn read(&mut self, _: Side, frame: &[u8]) -> Read {
        read!(mavlink::PacketView / Packet, frame, |_| None)
    }
}

#[derive(Default)]
struct Mqtt(mqtt::Session);

impl Program for Mqtt {
    fn framing(&self, _: Side) -> (Option<&'static str>, &'static dyn Framing) {
        (None, &mqtt::Framing)
    }

    fn read(&mut self, side: Side, frame: &[u8]) -> Read {
        read!(mqtt::PacketView / Packet, frame, advance!(self.0, side))
    }
}

#[derive(Default)]
struct Postgres(postgres::Session);

impl Program for Postgres {
    fn framing(&self, side: Side) -> (Option<&'static str>, &'static dyn Framing) {
        match (self.0.state(), side) {
            (postgres::State::Opened, Side::Client) => (Some("startup"), &postgres::StartupFraming),
            (postgres::State::Negotiating, Side::Server) => {
                (Some("encryption"), &postgres::EncryptionFraming)
            }
            _ => (None, &postgres::Framing),
        }
    }

    fn read(&mut self, side: Side, frame: &[u8]) -> Read {
        match (self.framing(side).0, side) {
            (Some("startup"), _) => {
                read!(
                    postgres::StartupPacketView / StartupPacket,
                    frame,
                    advance!(self.0, side)
                )
            }
            // A framing without ids has a single packet.
            (Some(_), _) => {
                let view = postgres::EncryptionResponseView::parse(frame);
                let view = view.unwrap();
                let state = advance!(self.0, side)(&view);
                let again = postgres::EncryptionResponse::from(view).to_vec().unwrap();
                Read {
                    packet: "EncryptionResponse",
                    again,
                    state,
                }
            }
            (None, Side::Client) => {
                read!(
                    postgres::ClientPacketView / ClientPacket,
                    frame,
                    advance!(self.0, side)
                )
            }
            (None, Side::Server) => {
                read!(
                    postgres::ServerPacketView / ServerPacket,
                    frame,
                    advance!(self.0, side)
                )
            }
        }
    }
}

const fn runtime_side(side: Side) -> packet_runtime::session::Side {
    match side {
        Side::Client => packet_runtime::session::Side::Client,
        Side::Server => packet_runtime::session::Side::Server,
    }
}

const fn layout_side(side: Side) -> layout::Side {
    match side {
        Side::Client => layout::Side::Client,
        Side::Server => layout::Side::Server,
    }
}

/// The framing of what one side sends next. It changes between two frames, never within one.
#[derive(Clone)]
struct Current(Rc<Cell<&'static dyn Framing>>);

impl Framing for Current {
    fn frame_len(&self, bytes: &[u8], seen: usize) -> Result<FrameLen, FrameErrorKind> {
        self.0.get().frame_len(bytes, seen)
    }
}

/// The packet that a frame is, as the layout says it; `None` if no packet has its id.
fn packet_of<'a>(
    layout: &'a Layout,
    dispatches: &[Dispatch],
    framing: Option<&str>,
    side: Side,
    frame: &[u8],
) -> Option<&'a Packet> {
    let found = |known: &layout::Framing| known.name.as_deref() == framing;
    let number = layout.framings.iter().position(found).unwrap();
    let framing = &layout.framings[number];
    match framing.mode {
        Mode::Size => {
            let (size, _) = framing.claimed_size(frame).unwrap();
            assert_eq!(size, frame.len() as i128);
        }
        Mode::Fixed(size) => assert_eq!(size, frame.len()),
        _ => panic!("no recording has such a framing"),
    }
    let Some(id) = &framing.id else {
        let mut packets = layout.packets.iter();
        return packets.find(|packet| packet.framing == Some(number));
    };
    let sender = match side {
        Side::Client => Sender::Client,
        Side::Server => Sender::Server,
    };
    let dispatch = dispatches.iter().find(|dispatch| {
        dispatch.framing == number && [Sender::Both, sender].contains(&dispatch.sender)
    });
    dispatch.unwrap().find(layout, id.read(frame).unwrap())
}

/// What a recording consists of.
#[derive(Debug, PartialEq, Eq)]
struct Summary {
    connections: usize,
    /// Frames of the client, and of the server.
    frames: (usize, usize),
    /// Frames of packets that the schema does not define.
    unknown: Vec<(Side, String)>,
    /// Packets that nobody sends.
    never: Vec<String>,
    /// States that no session comes to.
    avoided: Vec<String>,
}

/// A frame of a packet that the schema defines.
struct Frame {
    packet: String,
    bytes: Vec<u8>,
    /// What the interpreting codec decodes, as JSON.
    value: serde_json::Value,
}

/// Sends every frame of a recording through both codecs and both sessions, which must agree with each other and with
/// the bytes, and must have nothing against any of it.
fn replay<P: Program>(
    name: &str,
    protocol: Protocol,
    program: impl Fn() -> P,
) -> (Summary, Vec<Frame>) {
    let layout = protocol.layout();
    let dispatches = layout.dispatches();
    let (mut frames, mut unknown) = (Vec::new(), Vec::new());
    let mut counts = [0, 0];
    let mut states = BTreeSet::new();
    let connections = recording(name);
    for connection in &connections {
        let mut program = program();
        let mut interpreted = session::Session::new(&layout);
        let current = |side| Current(Rc::new(Cell::new(program.framing(side).1)));
        let currents = [Side::Client, Side::Server].map(current);
        let mut reassemblers = currents.clone().map(Reassembler::new);
        states.extend(
            interpreted
                .iter()
                .map(|session| session.state().name.clone()),
        );
        for (side, bytes) in &connection.reads {
            let side = *side;
            let index = usize::from(side == Side::Server);
            let mut chunk = reassemblers[index].feed(bytes);
            loop {
                let (framing, constant) = program.framing(side);
                currents[index].0.set(constant);
                let Some(frame) = chunk.next_frame().unwrap() else {
                    break;
                };
                counts[index] += 1;
                let packet = packet_of(&layout, &dispatches, framing, side, frame);
                let read = program.read(side, frame);
                let Some(packet) = packet else {
                    assert_eq!((read.packet, read.again.as_slice()), ("Unknown", frame));
                    unknown.push((side, to_hex(frame)));
                    continue;
                };
                let body = layout.get(packet.body);
                assert_eq!(read.packet, body.name);
                assert_eq!(read.again, frame, "{}", body.name);
                let value = decode(&layout, packet.body, frame).unwrap().value;
                let again = encode(&layout, packet.body, &value).unwrap();
                assert_eq!(again, frame, "{}", body.name);
                let state = interpreted.as_mut().map(|session| {
                    let state = session.advance(layout_side(side), packet.body, &value);
                    state.unwrap().name.as_str()
                });
                let found = read.state.transpose().unwrap();
                assert_eq!(found, state, "{}", connection.name);
                states.extend(state.map(str::to_owned));
                frames.push(Frame {
                    packet: body.name.clone(),
                    bytes: frame.to_vec(),
                    value: serde_json::to_value(&value).unwrap(),
                });
            }
        }
        for reassembler in reassemblers {
            assert_eq!(reassembler.buffered(), 0, "{}", connection.name);
        }
    }
    let sent: BTreeSet<&str> = frames.iter().map(|frame| frame.packet.as_str()).collect();
    let packets = layout
        .packets
        .iter()
        .map(|packet| &layout.get(packet.body).name);
    let all = layout.session.iter().flat_map(|session| &session.states);
    let summary = Summary {
        connections: connections.len(),
        frames: counts.into(),
        unknown,
        never: packets
            .filter(|name| !sent.contains(name.as_str()))
            .cloned()
            .collect(),
        avoided: all
            .map(|state| state.name.clone())
            .filter(|state| !states.contains(state))
            .collect(),
    };
    (summary, frames)
}

/// The frames of one packet; at least one.
fn all<'f>(frames: &'f [Frame], packet: &'f str) -> impl Iterator<Item = &'f Frame> {
    assert!(
        frames.iter().any(|frame| frame.packet == packet),
        "{packet}"
    );
    frames.iter().filter(move |frame| frame.packet == packet)
}

#[test]
fn modbus_is_what_pymodbus_says() {
    let (summary, frames) = replay("modbus", MODBUS, || Modbus);
    let expected = Summary {
        connections: 1,
        frames: (19, 19),
        // A function that there is not, for the exception that answers it.
        unknown: vec![(Side::Client, "00130000000411410001".to_owned())],
        never: vec![],
        avoided: vec![],
    };
    assert_eq!(summary, expected);
    for frame in all(&frames, "ReadHoldingRegistersResponse") {
        let view = modbus::ReadHoldingRegistersResponseView::parse(&frame.bytes).unwrap();
        let registers: Vec<u16> = view.registers().iter().collect();
        assert_eq!(frame.value["registers"], json!(registers));
        assert_eq!(frame.value["transaction"], view.transaction());
    }
    for frame in all(&frames, "Exception") {
        let view = modbus::ExceptionView::parse(&frame.bytes).unwrap();
        assert_eq!(frame.value["function"], view.function());
        let code = match frame.value["code"].as_str().unwrap() {
            "illegal_function" => modbus::ExceptionCode::ILLEGAL_FUNCTION,
            "illegal_data_address" => modbus::ExceptionCode::ILLEGAL_DATA_ADDRESS,
            other => panic!("{other}"),
        };
        assert_eq!(view.code(), code);
    }
}

#[test]
fn mavlink_1_is_what_pymavlink_says() {
    let (summary, frames) = replay("mavlink1", MAVLINK, || Mavlink);
    let expected = Summary {
        connections: 1,
        frames: (3, 9),
        unknown: vec![],
        never: vec![],
        avoided: vec![],
    };
    assert_eq!(summary, expected);
    for frame in all(&frames, "ParamValue") {
        let view = mavlink::ParamValueView::parse(&frame.bytes).unwrap();
        assert_eq!(frame.value["param_value"], view.param_value());
        assert_eq!(frame.value["param_id"], view.param_id());
        assert_eq!(frame.value["checksum"], view.checksum());
    }
    for frame in all(&frames, "GlobalPositionInt") {
        let view = mavlink::GlobalPositionIntView::parse(&frame.bytes).unwrap();
        assert_eq!(frame.value["lat"], view.lat());
        assert!((view.lat_scaled() - 47.397_741_8).abs() < 1e-9);
        assert!((view.alt_scaled() - 488.0).abs() < 1e-9);
    }
}

#[test]
fn mqtt_is_what_paho_and_mosquitto_say() {
    let (summary, frames) = replay("mqtt", MQTT, Mqtt::default);
    let expected = Summary {
        connections: 8,
        frames: (37, 32),
        unknown: vec![],
        never: vec![],
        avoided: vec![],
    };
    assert_eq!(summary, expected);
    for frame in all(&frames, "Publish") {
        let view = mqtt::PublishView::parse(&frame.bytes).unwrap();
        assert_eq!(frame.value["dup"], view.dup());
        assert_eq!(frame.value["qos"], view.qos());
        assert_eq!(frame.value["retain"], view.retain());
        assert_eq!(frame.value["topic"], view.topic());
        assert_eq!(frame.value["packet_id"], json!(view.packet_id()));
        assert_eq!(frame.value["payload"], to_hex(view.payload()));
    }
    for frame in all(&frames, "Connect") {
        let view = mqtt::ConnectView::parse(&frame.bytes).unwrap();
        let will = view
            .will()
            .map(|will| json!({ "topic": will.topic(), "message": to_hex(will.message()) }));
        assert_eq!(frame.value["will"], json!(will));
        assert_eq!(frame.value["client_id"], view.client_id());
        assert_eq!(frame.value["password"], json!(view.password().map(to_hex)));
    }
}

#[test]
fn postgres_is_what_its_clients_and_its_server_say() {
    let (summary, frames) = replay("postgres", POSTGRES, Postgres::default);
    let strings = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    let expected = Summary {
        connections: 14,
        frames: (125, 372),
        unknown: vec![],
        // No Kerberos, no protocol but 3.0, no replication.
        never: strings(&[
            "GSSENCRequest",
            "NegotiateProtocolVersion",
            "CopyBothResponse",
        ]),
        avoided: strings(&["copying_both"]),
    };
    assert_eq!(summary, expected);
    for frame in all(&frames, "DataRow") {
        let view = postgres::DataRowView::parse(&frame.bytes).unwrap();
        let values = view.values();
        let values = values
            .iter()
            .map(|value| json!({ "length": value.length(), "data": value.data().map(to_hex) }));
        assert_eq!(frame.value["values"], values.collect::<serde_json::Value>());
    }
    for frame in all(&frames, "RowDescription") {
        let view = postgres::RowDescriptionView::parse(&frame.bytes).unwrap();
        let columns = frame.value["columns"].as_array().unwrap();
        assert_eq!(view.columns().iter().count(), columns.len());
        for (column, value) in view.columns().iter().zip(columns) {
            assert_eq!(value["name"], column.name());
            assert_eq!(value["type"], column.type_());
            assert_eq!(value["type_modifier"], column.type_modifier());
        }
    }
    for frame in all(&frames, "ErrorResponse") {
        let view = postgres::ErrorResponseView::parse(&frame.bytes).unwrap();
        let fields = frame.value["fields"].as_array().unwrap();
        let values = view.fields();
        let values = values.iter().map(|field| field.value());
        assert!(values.eq(fields.iter().map(|field| field["value"].as_str().unwrap())));
    }
    for frame in all(&frames, "StartupMessage") {
        let view = postgres::StartupMessageView::parse(&frame.bytes).unwrap();
        let parameters = view.parameters();
        let parameters = parameters
            .iter()
            .map(|parameter| json!({ "name": parameter.name(), "value": parameter.value() }));
        assert_eq!(
            frame.value["parameters"],
            parameters.collect::<serde_json::Value>()
        );
        assert_eq!(frame.value["code"], view.code());
    }
}
