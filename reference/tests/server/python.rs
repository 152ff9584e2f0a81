//! A client in another language, `tests/peers/game.py`, of which no byte comes from generated code: what it makes of the
//! schema's vectors, and how it plays with clients of the library.
//!
//! It takes nothing but Python 3.10 or later, and without that the tests fail.

use crate::support::{PATIENCE, Server};
use packet_schema::codec::{decode, encode};
use packet_schema::fingerprint::fingerprint;
use packet_schema::layout::{Expectation, Layout, Sender};
use packet_schema::value::{parse_hex, to_hex};
use reference::client::{Client, Event, Login, Options};
use reference::game::{
    ChatMessageScope, EnterWorld, EntityKind, Motion, Move, Packet, RoomChange, RoomCreate,
    RoomJoin, RoomMessage, Vec3,
};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};
use std::thread;
use tokio::time::timeout;

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/peers/game.py");
/// The player that Python is.
const NAME: &str = "guido";

fn layout() -> Layout {
    let schema = include_str!("../../../schemas/game.yaml");
    packet_schema::compile(schema).unwrap().layout
}

fn python(arguments: &[&str]) -> Command {
    let found = Command::new("python3").arg("--version").output();
    let found = found.expect(
        "no python3, which is the other peer of this test: install it (apt-get install python3)",
    );
    assert!(found.status.success(), "python3 does not work: {found:?}");
    let mut command = Command::new("python3");
    // Without files of byte code beside the sources.
    command.args(["-B", PROGRAM]).args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What Python's codec answers to each of these.
fn ask(questions: Vec<Json>) -> Vec<Json> {
    let mut child = python(&["codec"]).stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let count = questions.len();
    let asking = thread::spawn(move || {
        for question in questions {
            // It fails if Python ended, which it says itself.
            let _ = writeln!(stdin, "{question}");
        }
    });
    let lines = BufReader::new(stdout).lines();
    let answers: Vec<_> = lines
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect();
    asking.join().unwrap();
    succeeded(&child.wait_with_output().unwrap());
    assert_eq!(answers.len(), count);
    answers
}

#[track_caller]
fn succeeded(output: &Output) {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {errors}", output.status);
}

/// What the codec of the layout makes of a packet, as Python says it.
fn decoded(layout: &Layout, bytes: &[u8]) -> Json {
    let id = u64::from(u16::from_be_bytes([bytes[2], bytes[3]]));
    let packet = layout.packets.iter().find(|packet| packet.has_id(id));
    let body = packet.unwrap().body;
    match decode(layout, body, bytes) {
        Ok(decoded) => {
            let name = &layout.structs[body.0].name;
            json!({"packet": name, "value": decoded.value})
        }
        Err(error) => {
            let at = Some(error.field).filter(|field| !field.is_empty());
            json!({"error": {"kind": error.kind.name(), "at": at}})
        }
    }
}

#[test]
fn python_writes_the_values_of_all_vectors_as_we_do() {
    let layout = layout();
    let mut covered = BTreeSet::new();
    let (mut questions, mut expected) = (Vec::new(), Vec::new());
    for packet in &layout.packets {
        let name = &layout.structs[packet.body.0].name;
        for vector in &packet.vectors {
            let Expectation::Value(value) = &vector.expect else {
                continue;
            };
            let ours = encode(&layout, packet.body, value).unwrap();
            assert_eq!(ours, vector.encoded(), "{name}: {}", vector.name);
            questions.push(json!({"packet": name, "value": value}));
            expected.push((name, &vector.name, to_hex(&ours)));
            covered.insert(name);
        }
    }
    assert_eq!(covered.len(), layout.packets.len(), "packets with a value");
    for (answer, (packet, vector, hex)) in ask(questions).iter().zip(expected) {
        assert_eq!(answer, &json!({"hex": hex}), "{packet}: {vector}");
    }
}

#[test]
fn python_reads_all_vectors_as_we_do_and_refuses_those_of_errors() {
    let layout = layout();
    let vectors: Vec<_> = layout
        .packets
        .iter()
        .flat_map(|packet| &packet.vectors)
        .collect();
    let questions = vectors
        .iter()
        .map(|vector| json!({"hex": to_hex(&vector.bytes)}));
    let mut refused = 0;
    for (answer, vector) in ask(questions.collect()).iter().zip(vectors) {
        let ours = decoded(&layout, &vector.bytes);
        assert_eq!(answer, &ours, "{}", vector.name);
        if let Expectation::Error { kind, at } = &vector.expect {
            let expected = json!({"error": {"kind": kind, "at": at}});
            assert_eq!(answer, &expected, "{}", vector.name);
            refused += 1;
        }
    }
    assert!(refused > 30, "{refused} vectors of errors");
}

/// Every beginning of each vector that has an id, and each with every byte of its body changed.
#[test]
fn python_refuses_broken_packets_for_the_same_reason_at_the_same_field() {
    const HEADER: usize = 4;
    let layout = layout();
    let mut inputs = Vec::new();
    for vector in layout.packets.iter().flat_map(|packet| &packet.vectors) {
        let bytes = &vector.bytes;
        inputs.extend((HEADER..bytes.len()).map(|end| bytes[..end].to_vec()));
        for index in HEADER..bytes.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[index] ^= change;
                inputs.push(changed);
            }
        }
    }
    let questions = inputs.iter().map(|bytes| json!({"hex": to_hex(bytes)}));
    let answers = ask(questions.collect());
    for (answer, bytes) in answers.iter().zip(&inputs) {
        assert_eq!(answer, &decoded(&layout, bytes), "{}", to_hex(bytes));
    }
}

/// A client of the library, and all that it heard.
struct Player {
    client: Client,
    heard: Vec<Packet>,
}

impl Player {
    /// One that is in the world, at a place some steps from the middle.
    async fn enter(server: &Server, name: &str, x: f32) -> Self {
        let client = Client::connect(Options {
            login: Login::registering(name, crate::support::PASSWORD),
            ..Options::new(server.address.to_string())
        });
        let client = client.await.unwrap();
        let spawn = Vec3 { x, y: 0.0, z: 0.0 };
        let entered = client.request(EnterWorld {
            request: 0,
            spawn: Some(spawn),
        });
        assert_eq!(entered.await.unwrap().arrival.position, spawn);
        Self {
            client,
            heard: Vec::new(),
        }
    }

    /// Waits until a packet was heard for which there is an answer, which may have been before.
    async fn hears<T>(&mut self, what: &str, find: impl Fn(&Packet) -> Option<T>) -> T {
        if let Some(found) = self.heard.iter().find_map(&find) {
            return found;
        }
        loop {
            let event = timeout(PATIENCE, self.client.receive()).await;
            let event = event.unwrap_or_else(|_| panic!("no {what} among {:?}", self.heard));
            let Event::Packet(packet) = event.unwrap() else {
                panic!("no {what} but the connection was lost");
            };
            self.heard.push(packet);
            if let Some(found) = self.heard.last().and_then(&find) {
                return found;
            }
        }
    }

    async fn sees_entering(&mut self, name: &str) -> u32 {
        let entity = self.hears("EntityEntered", |packet| match packet {
            Packet::EntityEntered(entered) if entered.entity.name == name => {
                assert_eq!(entered.entity.kind, EntityKind::PLAYER);
                Some(entered.entity.id)
            }
            _ => None,
        });
        entity.await
    }

    async fn sees_moving(&mut self, entity: u32) -> (Vec3, Motion) {
        let motion = self.hears("EntitiesMoved", |packet| match packet {
            Packet::EntitiesMoved(moved) => {
                let mut moves = moved.moves.iter();
                let found = moves.find(|motion| motion.entity == entity);
                found.map(|found| (found.position, found.motion))
            }
            _ => None,
        });
        motion.await
    }

    async fn hears_in_room(&mut self, room: u32, sender: &str) -> String {
        let text = self.hears("ChatMessage", |packet| match packet {
            Packet::ChatMessage(said) if said.sender == sender => {
                assert_eq!(said.scope, ChatMessageScope::Room(room));
                Some(said.text.clone())
            }
            _ => None,
        });
        text.await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn python_plays_with_two_clients_of_ours() {
    let server = Server::start(&[]);
    let mut ada = Player::enter(&server, "ada", 0.0).await;
    let mut bob = Player::enter(&server, "bob", 2.0).await;
    let create = RoomCreate {
        request: 0,
        name: "plaza".to_owned(),
    };
    let room = ada.client.request(create).await.unwrap().room;
    let join = RoomJoin { request: 0, room };
    bob.client.request(join).await.unwrap();

    let address = server.address.to_string();
    let print = fingerprint(&layout()).to_string();
    let mut program = python(&["play", &address, &print, NAME, "plaza", "ada", "bob"]);
    let guest = tokio::task::spawn_blocking(move || program.output().unwrap());
    let scene = async {
        for player in [&mut ada, &mut bob] {
            let entity = player.sees_entering(NAME).await;
            player.client.send(step()).unwrap();
            let (position, motion) = player.sees_moving(entity).await;
            let expected = Vec3 {
                x: 5.5,
                y: 0.0,
                z: 4.0,
            };
            assert_eq!(position, expected);
            assert_eq!(motion, Motion::RUNNING | Motion::JUMPING);
        }
        for (player, text) in [(&mut ada, "hello from ada"), (&mut bob, "hello from bob")] {
            let heard = player.hears_in_room(room, NAME).await;
            assert_eq!(heard, "guido is here 안녕");
            let text = text.to_owned();
            let said = RoomMessage {
                request: 0,
                room,
                text,
            };
            player.client.request(said).await.unwrap();
        }
        assert_eq!(ada.hears_in_room(room, "bob").await, "hello from bob");
        let gone = |packet: &Packet| match packet {
            Packet::RoomEvent(event) => (event.change == RoomChange::LEFT).then_some(()),
            _ => None,
        };
        ada.hears("RoomEvent", gone).await;
    };
    let guest = async {
        let output = guest.await.unwrap();
        succeeded(&output);
        String::from_utf8(output.stdout).unwrap()
    };
    // Whichever fails ends the test with what it has to say.
    let ((), said) = tokio::join!(scene, guest);
    check_transcript(&said);
}

/// A step to the south, at any place that a player of this test can be.
fn step() -> Move {
    Move {
        sequence: 1,
        position: Vec3 {
            x: 1.0,
            y: 0.0,
            z: 1.0,
        },
        velocity: Vec3 {
            x: 0.0,
            y: 0.0,
            z: 0.0,
        },
        motion: Motion::default(),
    }
}

/// What Python says that it sent and received is what the layout's codec makes of the bytes; something of each group of
/// packets went in both directions.
fn check_transcript(said: &str) {
    let layout = layout();
    let mut groups = BTreeSet::new();
    for line in said.lines() {
        let line: Json = serde_json::from_str(line).unwrap();
        let (direction, name) = match (&line["sent"], &line["received"]) {
            (Json::String(name), Json::Null) => (Sender::Client, name),
            (Json::Null, Json::String(name)) => (Sender::Server, name),
            _ => panic!("neither sent nor received: {line}"),
        };
        let bytes = parse_hex(line["hex"].as_str().unwrap()).unwrap();
        let expected = decoded(&layout, &bytes);
        let found = json!({"packet": name, "value": line["value"]});
        assert_eq!(found, expected);
        let packet = layout
            .packets
            .iter()
            .find(|packet| layout.structs[packet.body.0].name == *name)
            .unwrap();
        assert!(
            packet.sender == direction || packet.sender == Sender::Both,
            "{line}"
        );
        groups.insert((packet.group.clone().unwrap(), direction == Sender::Client));
    }
    let all = layout.packets.iter().flat_map(|packet| {
        let group = packet.group.clone().unwrap();
        [(group.clone(), true), (group, false)]
    });
    assert_eq!(groups, all.collect());
}
