//! A world and clients that believe what they are told, for tests.
//!
//! A client goes through the protocol's session and keeps what it knows of the world. It fails if a packet
//! is not allowed in its state, or speaks of what it was not told of.

use super::rules::{Rules, vec3};
use super::*;
use crate::game::{
    ChatMessageScope, LoginResponse, LoginResult, Motion, Move, PacketView, ResumeResponse,
    ResumeResult, Session, SessionGrant, Side, Welcome, WelcomeResult,
};
use crate::server::player::Rights;
use std::collections::BTreeMap;

/// A place at ground level.
pub(super) fn at(x: f32, z: f32) -> Vec3 {
    vec3(x, 0.0, z)
}

/// A move along z = 0.
pub(super) fn step_to(sequence: u32, x: f32) -> Move {
    Move {
        sequence,
        position: at(x, 0.0),
        velocity: at(1.0, 0.0),
        motion: Motion::RUNNING,
    }
}

/// A world, and those who play in it, by name.
pub(super) struct Stage {
    pub(super) world: World,
    sessions: BTreeMap<String, SessionId>,
    clients: Clients,
    last: u64,
}

#[derive(Default)]
struct Clients(BTreeMap<SessionId, Client>);

#[derive(Default)]
struct Client {
    session: Session,
    inbox: Vec<Packet>,
    /// Its own entity, or the last one that it had.
    own: u32,
    /// Names of the entities that it was told of.
    known: BTreeMap<u32, String>,
    /// It is in the world and waits for the first part of a snapshot, or for another one.
    waits_for_part: bool,
    /// A part came that is not the last one.
    in_parts: bool,
    sequence: u32,
}

impl Stage {
    pub(super) fn new(rules: Rules) -> Self {
        Self {
            world: World::new(rules, 1),
            sessions: BTreeMap::new(),
            clients: Clients::default(),
            last: 0,
        }
    }

    pub(super) fn join(&mut self, name: &str) {
        self.join_with(name, Rights::default());
    }

    pub(super) fn join_with(&mut self, name: &str, rights: Rights) {
        let (session, player) = self.connect(name, rights);
        self.world.join(session, player);
        self.clients.0.insert(session, Client::logged_in());
    }

    /// Joins if need be, and enters the world at a place.
    pub(super) fn enter(&mut self, name: &str, place: Vec3) {
        if !self.sessions.contains_key(name) {
            self.join(name);
        }
        let enter = EnterWorld {
            request: 1,
            spawn: Some(place),
        };
        self.send(name, enter);
    }

    /// Puts many into the world to whom nobody listens, before anybody else is there. Telling them of each
    /// other would take most of a test's time.
    pub(super) fn crowd(&mut self, count: usize, position: Vec3) -> Vec<SessionId> {
        assert!(self.clients.0.is_empty(), "somebody would not be told");
        let enter = |number| {
            let (session, player) = self.connect(&format!("crowd {number}"), Rights::default());
            let name = Arc::clone(&player.name);
            let world = &mut self.world;
            world.join(session, player);
            let birth = Birth {
                session,
                name,
                position,
                health: world.rules.health,
                respawn_at: None,
            };
            let id = world.add_entity(birth).unwrap();
            let home = world.grid.cell_at(position);
            world.entities.get_mut(id).unwrap().cell = Some(home);
            world.grid.cell_mut(home).viewers.insert(session);
            world.grid.cell_mut(home).entities.insert(id);
            session
        };
        (0..count).map(enter).collect()
    }

    pub(super) fn leave_world(&mut self, name: &str) {
        self.send(name, LeaveWorld { request: 1 });
    }

    /// Ends the connection.
    pub(super) fn leave(&mut self, name: &str) -> Option<Afterlife> {
        let session = self.sessions.remove(name).unwrap();
        self.clients.0.remove(&session);
        self.world.leave(session)
    }

    /// Comes back by a new connection, as the server would have it: the answer goes out before anything
    /// that the world posts.
    pub(super) fn resume(&mut self, name: &str, afterlife: Afterlife) -> Option<Arrival> {
        let (session, player) = self.connect(name, Rights::default());
        let arrival = self.world.resume(session, player, afterlife);
        let mut client = Client::greeted();
        client.take(&Packet::from(ResumeResponse {
            request: 1,
            result: ResumeResult::OK,
            session: Some(grant()),
            arrival,
        }));
        client.inbox.clear();
        self.clients.0.insert(session, client);
        arrival
    }

    pub(super) fn send(&mut self, name: &str, packet: impl Into<Packet>) {
        self.send_as(self.session(name), packet);
    }

    pub(super) fn send_as(&mut self, session: SessionId, packet: impl Into<Packet>) {
        self.world
            .request(session, &packet.into(), &mut self.clients);
    }

    pub(super) fn tick(&mut self) {
        self.world.tick(&mut self.clients);
    }

    pub(super) fn session(&self, name: &str) -> SessionId {
        self.sessions[name]
    }

    /// What a client got since it was last read.
    pub(super) fn read(&mut self, name: &str) -> Vec<Packet> {
        std::mem::take(&mut self.client_mut(name).inbox)
    }

    pub(super) fn read_all(&mut self) {
        for client in self.clients.0.values_mut() {
            client.inbox.clear();
        }
    }

    /// Number of a client's own entity.
    pub(super) fn entity(&self, name: &str) -> u32 {
        self.client(name).own
    }

    pub(super) fn position(&self, name: &str) -> Vec3 {
        let entity = EntityId(self.entity(name));
        self.world.entities.get(entity).unwrap().position
    }

    pub(super) fn next_sequence(&mut self, name: &str) -> u32 {
        let client = self.client_mut(name);
        client.sequence += 1;
        client.sequence
    }

    /// Names of the entities that a client was told of, in ascending order.
    pub(super) fn knows(&self, name: &str) -> Vec<String> {
        let mut names: Vec<_> = self.client(name).known.values().cloned().collect();
        names.sort();
        names
    }

    fn connect(&mut self, name: &str, rights: Rights) -> (SessionId, Player) {
        self.last += 1;
        let session = SessionId(self.last);
        self.sessions.insert(name.to_owned(), session);
        let player = Player {
            // Of the same name, the same.
            id: name.bytes().fold(7, |sum: u32, byte| {
                sum.wrapping_mul(31).wrapping_add(byte.into())
            }),
            name: name.into(),
            rights,
        };
        (session, player)
    }

    fn client(&self, name: &str) -> &Client {
        &self.clients.0[&self.session(name)]
    }

    fn client_mut(&mut self, name: &str) -> &mut Client {
        let session = self.session(name);
        self.clients.0.get_mut(&session).unwrap()
    }
}

impl Post for Clients {
    fn post(&mut self, to: &[SessionId], packet: Outgoing) {
        assert!(to.is_sorted_by(|one, next| one < next), "{to:?}");
        assert!(!to.is_empty());
        for session in to {
            if let Some(client) = self.0.get_mut(session) {
                client.take_bytes(packet.bytes());
                if let Some(state) = packet.moves_to() {
                    assert_eq!(client.session.state(), state);
                }
            }
        }
    }
}

impl Client {
    fn greeted() -> Self {
        let mut client = Self::default();
        client.take(&Packet::from(Welcome {
            result: WelcomeResult::OK,
            version: 2,
            fingerprint: 0,
            server: "test".to_owned(),
            heartbeat_seconds: 1,
        }));
        client
    }

    fn logged_in() -> Self {
        let mut client = Self::greeted();
        client.take(&Packet::from(LoginResponse {
            request: 1,
            result: LoginResult::OK,
            message: String::new(),
            session: Some(grant()),
            servers: Vec::new(),
        }));
        client.inbox.clear();
        client
    }

    fn take(&mut self, packet: &Packet) {
        self.take_bytes(&packet.to_vec().unwrap());
    }

    fn take_bytes(&mut self, bytes: &[u8]) {
        let view = PacketView::parse(bytes).unwrap();
        self.session.advance(Side::Server, &view).unwrap();
        let packet = Packet::from(view);
        self.learn(&packet);
        self.inbox.push(packet);
    }

    fn learn(&mut self, packet: &Packet) {
        let about_the_world = (2000..3000).contains(&packet.id());
        let is_part = matches!(packet, Packet::WorldSnapshot(_));
        if self.waits_for_part && about_the_world {
            assert!(is_part, "got {packet:?} before a snapshot");
        }
        match packet {
            Packet::WorldEntered(entered) => self.arrive(entered.arrival),
            Packet::ResumeResponse(response) => {
                if let Some(arrival) = response.arrival {
                    self.arrive(arrival);
                }
            }
            Packet::WorldLeft(_) => self.known.clear(),
            Packet::WorldSnapshot(part) => {
                if !self.in_parts {
                    self.known.clear();
                }
                for entity in &part.entities {
                    let before = self.known.insert(entity.id, entity.name.clone());
                    assert_eq!(before, None, "twice in a snapshot");
                }
                self.in_parts = part.more;
                self.waits_for_part = part.more;
            }
            Packet::EntityEntered(entered) => {
                let entity = &entered.entity;
                let before = self.known.insert(entity.id, entity.name.clone());
                assert_eq!(before, None, "entered twice");
            }
            Packet::EntityLeft(left) => {
                let before = self.known.remove(&left.entity);
                assert!(before.is_some(), "left without being there: {left:?}");
            }
            Packet::EntitiesMoved(moved) => {
                for entity in &moved.moves {
                    self.check_known(entity.entity);
                }
            }
            Packet::CombatResult(result) => self.check_known(result.target),
            Packet::ChatMessage(message) => {
                if let ChatMessageScope::Nearby(entity) = message.scope {
                    self.check_known(entity);
                }
            }
            _ => {}
        }
    }

    fn arrive(&mut self, arrival: Arrival) {
        self.own = arrival.entity;
        self.known.clear();
        self.waits_for_part = true;
        self.in_parts = false;
        self.sequence = 0;
    }

    #[track_caller]
    fn check_known(&self, entity: u32) {
        assert!(
            self.known.contains_key(&entity),
            "{entity} is unknown, {:?} are known",
            self.known
        );
    }
}

fn grant() -> SessionGrant {
    SessionGrant {
        token: [7; 32],
        token_lifetime_seconds: 60,
        player: 1,
    }
}
