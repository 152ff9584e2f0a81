//! A play in which every packet of the schema crosses the wire: the server counts each that clients may send, and clients
//! hear each that the server may send.

use crate::support::{Client, PASSWORD, PATIENCE, Server, echo, login};
use packet_schema::layout::Sender;
use reference::game::{
    Attack, Broadcast, EnterWorld, GuildCreate, GuildInvite, GuildJoin, GuildLeave,
    GuildListRequest, GuildWarEnd, GuildWarStart, Heartbeat, HeartbeatReply, LeaveWorld, Logout,
    Motion, Move, Packet, RegisterRequest, ResumeRequest, ResumeResult, RoomCreate, RoomJoin,
    RoomLeave, RoomListRequest, RoomMessage, Say, TimeSyncRequest, Vec3, Whisper,
};
use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

/// A client that keeps account of what it heard.
struct Actor<'s> {
    name: &'static str,
    server: &'s Server,
    client: Client,
    heard: BTreeSet<&'static str>,
    token: [u8; 32],
}

impl<'s> Actor<'s> {
    /// Greets, registers and logs in.
    fn new(server: &'s Server, name: &'static str) -> Self {
        let mut actor = Self {
            name,
            server,
            client: Client::connect(server),
            heard: BTreeSet::new(),
            token: [0; 32],
        };
        actor.greet();
        actor.client.send(RegisterRequest {
            request: 1,
            name: name.to_owned(),
            password: PASSWORD.to_owned(),
        });
        actor.hears("RegisterResponse");
        actor.client.send(login(name));
        let Packet::LoginResponse(response) = actor.hears("LoginResponse") else {
            unreachable!("that is what it hears");
        };
        actor.token = response.session.unwrap().token;
        actor
    }

    fn greet(&mut self) {
        self.client = Client::connect(self.server);
        self.client.send(crate::support::hello());
        self.hears("Welcome");
    }

    /// Reads until a packet of this name comes.
    #[track_caller]
    fn hears(&mut self, name: &str) -> Packet {
        let mut others = Vec::new();
        while let Some(packet) = self.client.next_of_all() {
            self.heard.insert(packet.name());
            if packet.name() == name {
                return packet;
            }
            others.push(packet);
        }
        panic!("{} heard no {name} but {others:?}", self.name);
    }

    /// Sends a packet and reads until its answer comes.
    #[track_caller]
    fn asks(&mut self, packet: impl Into<Packet>, answer: &str) -> Packet {
        self.client.send(packet);
        self.hears(answer)
    }

    #[track_caller]
    fn enters(&mut self) -> u32 {
        let spawn = Some(place(0.0));
        let entered = self.asks(EnterWorld { request: 3, spawn }, "WorldEntered");
        let Packet::WorldEntered(entered) = entered else {
            unreachable!("that is what it hears");
        };
        entered.arrival.entity
    }

    #[track_caller]
    fn founds(&mut self, name: &str, tag: &str) -> u32 {
        let create = GuildCreate {
            request: 4,
            name: name.to_owned(),
            tag: tag.to_owned(),
        };
        match self.asks(create, "GuildResult") {
            Packet::GuildResult(result) => result.guild,
            _ => unreachable!("that is what it hears"),
        }
    }
}

#[test]
fn every_packet_of_the_schema_crosses_the_wire() {
    let server = Server::start(&["--timeouts-heartbeat", "1s"]);
    let mut ada = Actor::new(&server, "ada");
    let mut bob = Actor::new(&server, "bob");
    connection(&mut ada);
    world(&mut ada, &mut bob);
    guilds(&mut ada, &mut bob);
    chat(&mut ada, &mut bob);
    endings(&mut ada, &mut bob);

    let (to_receive, to_send) = packets();
    // A session adds up what it counted after it has answered.
    let start = Instant::now();
    loop {
        let received = counted(&server.get("/metrics"));
        let missing: Vec<_> = to_receive.difference(&received).collect();
        if missing.is_empty() {
            break;
        }
        assert!(start.elapsed() < PATIENCE, "not received: {missing:?}");
        thread::sleep(Duration::from_millis(20));
    }
    // What it says when it stops is the last.
    let mut eve = Actor::new(&server, "eve");
    server.signal("TERM");
    eve.hears("ServerNotice");
    let heard = [&ada, &bob, &eve].map(|actor| actor.heard.clone());
    let sent: BTreeSet<_> = heard.into_iter().flatten().collect();
    let mut unsent = to_send.iter().filter(|name| !sent.contains(&***name));
    assert_eq!(unsent.next(), None, "not sent by it");
}

/// The packets that the server may receive, and those that it may send, as the schema has them.
fn packets() -> (BTreeSet<String>, BTreeSet<String>) {
    let schema = include_str!("../../../schemas/game.yaml");
    let layout = packet_schema::compile(schema).unwrap().layout;
    let but = |sender| {
        let packets = layout.packets.iter();
        let packets = packets.filter(move |packet| packet.sender != sender);
        packets.map(|packet| layout.structs[packet.body.0].name.clone())
    };
    let (to_receive, to_send): (BTreeSet<_>, BTreeSet<_>) =
        (but(Sender::Server).collect(), but(Sender::Client).collect());
    assert!(!to_receive.is_empty() && !to_send.is_empty());
    (to_receive, to_send)
}

/// The packets of clients that the server took, as its metrics say.
fn counted(metrics: &str) -> BTreeSet<String> {
    let lines = metrics.lines().filter_map(|line| {
        let rest = line.strip_prefix("packet_server_packets_total{direction=\"in\",packet=\"")?;
        let (name, count) = rest.split_once("\"} ")?;
        (count != "0").then(|| name.to_owned())
    });
    lines.collect()
}

fn connection(ada: &mut Actor<'_>) {
    ada.asks(echo(1), "EchoReply");
    let beat = Heartbeat {
        sequence: 1,
        sent_at: 1,
        rtt: 0,
    };
    ada.asks(beat, "HeartbeatReply");
    let sync = TimeSyncRequest {
        request: 2,
        client_sent_at: 1,
    };
    ada.asks(sync, "TimeSyncResponse");
    let Packet::Heartbeat(beat) = ada.hears("Heartbeat") else {
        unreachable!("that is what it hears");
    };
    ada.client.send(HeartbeatReply {
        sequence: beat.sequence,
        sent_at: beat.sent_at,
    });
}

fn world(ada: &mut Actor<'_>, bob: &mut Actor<'_>) {
    ada.enters();
    ada.hears("WorldSnapshot");
    let target = bob.enters();
    ada.hears("EntityEntered");
    ada.client.send(step(1, 2.0));
    bob.hears("EntitiesMoved");
    ada.asks(step(2, 2000.0), "MoveRejected");
    let attack = Attack {
        request: 5,
        target,
        skill: 2,
    };
    ada.asks(attack, "CombatResult");
    let text = "hi".to_owned();
    ada.asks(Say { request: 6, text }, "ChatMessage");
    bob.asks(LeaveWorld { request: 7 }, "WorldLeft");
    ada.hears("EntityLeft");
}

fn guilds(ada: &mut Actor<'_>, bob: &mut Actor<'_>) {
    let dawn = ada.founds("Dawn", "DWN");
    let dusk = bob.founds("Dusk", "DSK");
    let start = GuildWarStart {
        request: 5,
        guild: dusk,
    };
    ada.asks(start, "GuildWar");
    bob.hears("GuildWar");
    let end = GuildWarEnd {
        request: 6,
        guild: dusk,
    };
    ada.asks(end, "GuildWar");
    bob.asks(GuildLeave { request: 7 }, "GuildResult");
    let invite = GuildInvite {
        request: 8,
        player: "bob".to_owned(),
    };
    ada.client.send(invite);
    bob.hears("GuildInvited");
    let join = GuildJoin {
        request: 9,
        guild: dawn,
    };
    bob.asks(join, "GuildResult");
    let list = GuildListRequest {
        request: 10,
        after: 0,
    };
    ada.asks(list, "GuildList");
}

fn chat(ada: &mut Actor<'_>, bob: &mut Actor<'_>) {
    let create = RoomCreate {
        request: 11,
        name: "plaza".to_owned(),
    };
    let Packet::RoomResult(created) = ada.asks(create, "RoomResult") else {
        unreachable!("that is what it hears");
    };
    let room = created.room;
    let list = RoomListRequest {
        request: 12,
        after: 0,
    };
    bob.asks(list, "RoomList");
    bob.asks(RoomJoin { request: 13, room }, "RoomResult");
    ada.hears("RoomEvent");
    let text = || "hi".to_owned();
    let said = RoomMessage {
        request: 14,
        room,
        text: text(),
    };
    ada.client.send(said);
    bob.hears("ChatMessage");
    bob.asks(RoomLeave { request: 15, room }, "RoomResult");
    let whisper = Whisper {
        request: 16,
        recipient: "ada".to_owned(),
        text: text(),
    };
    bob.asks(whisper, "ChatMessage");
    let broadcast = Broadcast {
        request: 17,
        text: text(),
    };
    // They do not have the right.
    bob.asks(broadcast, "Error");
}

/// Bob's connection is lost and resumed; then both leave, each in a way of their own.
fn endings(ada: &mut Actor<'_>, bob: &mut Actor<'_>) {
    bob.greet();
    let resume = ResumeRequest {
        request: 18,
        token: bob.token,
        device: [9; 16],
    };
    let Packet::ResumeResponse(resumed) = bob.asks(resume, "ResumeResponse") else {
        unreachable!("that is what it hears");
    };
    assert_eq!(resumed.result, ResumeResult::OK);
    let logout = Logout {
        request: 19,
        revoke_token: true,
    };
    bob.asks(logout, "LogoutResponse");
    ada.client.send_bytes(&[0, 4, 0x27, 0x0f]);
    ada.hears("KickNotice");
}

fn place(x: f32) -> Vec3 {
    Vec3 { x, y: 0.0, z: 0.0 }
}

fn step(sequence: u32, x: f32) -> Move {
    Move {
        sequence,
        position: place(x),
        velocity: place(0.0),
        motion: Motion::default(),
    }
}
