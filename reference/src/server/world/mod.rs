//! The world: who is in it, where everyone is, who fights and who talks.
//!
//! In: sessions whose players are logged in, their requests, and the steps of the clock. Out: packets, each
//! with the sessions that get it, and an `Error` for each request that is not met. This does no IO, knows
//! no time but its own steps, and draws random numbers from a seed that comes in: the same calls lead to
//! the same packets in the same order.
//!
//! | Module | What it decides |
//! |---|---|
//! | `rules` | what can differ from one world to the next |
//! | `movement` | which moves are possible |
//! | `combat` | what comes of an attack |
//! | `chat` | who hears what |
//! | `rooms` | who is in which room |
//! | `sight` | who learns what of whom, and when |
//! | `grid` | who sees whom: interest, by cells |
//! | `entity` | what is in the world, and its numbers |
//! | `roster` | sets of sessions that packets can be posted to |
//!
//! What a request leads to is posted at once. Moves are the exception: they are judged in the next
//! [`World::tick`], once a step for each player, and told once for each cell.

mod chat;
mod combat;
mod entity;
mod grid;
mod movement;
mod rooms;
mod roster;
mod rules;
mod sight;
#[cfg(test)]
mod testing;

pub use rules::{Rules, RulesError, Skill};

use super::names::fold;
use super::outgoing::Outgoing;
use super::player::{Player, SessionId};
use crate::game::{
    Arrival, EnterWorld, EntityLeft, ErrorCode, ErrorRef, LeaveWorld, LeftReason, Packet,
    RoomChange, Vec3, WorldEntered, WorldLeft,
};
use combat::Cooldowns;
use entity::{Birth, Entities, Entity, EntityId};
use fastrand::Rng;
use grid::{CellId, Grid};
use movement::Pace;
use packet_runtime::Encode;
use rooms::Rooms;
use roster::Roster;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Where packets go.
pub trait Post {
    /// Sends a packet to some sessions, each of which is named once, in ascending order. Sessions that are
    /// not there any more are passed over.
    fn post(&mut self, to: &[SessionId], packet: Outgoing);
}

/// All who are logged in, and the world that they can enter.
///
/// Sessions [`join`](Self::join) when their players have logged in, and [`leave`](Self::leave) when their
/// connections are gone. What others have to be told of that is posted by the next call that can post.
#[derive(Debug)]
pub struct World {
    rules: Rules,
    /// The present step. It has many more bits than a packet's, so that times can be compared.
    now: u64,
    dice: Rng,
    members: HashMap<SessionId, Member>,
    /// All members.
    everyone: Roster<SessionId>,
    by_player: HashMap<u32, SessionId>,
    /// By what is the same in all ways of writing a name.
    by_name: HashMap<String, SessionId>,
    entities: Entities,
    grid: Grid,
    rooms: Rooms,
    /// Entities that want to move, in the order in which they asked. The lists are kept for their memory.
    movers: Vec<EntityId>,
    /// Cells in which something moved in the present step.
    stirred: Vec<CellId>,
    /// Dead entities, and the step in which each lives again.
    respawns: BTreeSet<(u64, EntityId)>,
    /// Who went while nothing could be posted.
    departures: Vec<Departure>,
    /// Entities that came back while nothing could be posted.
    returns: Vec<EntityId>,
}

/// A player who is logged in.
#[derive(Debug)]
struct Member {
    player: Player,
    /// Its entity, if it is in the world.
    entity: Option<EntityId>,
    rooms: Roster<u32>,
    cooldowns: Cooldowns,
}

/// Who went without others being told.
#[derive(Debug)]
enum Departure {
    /// An entity that was seen in a cell.
    World { cell: CellId, entity: EntityId },
    /// A player who was in a room.
    Room { room: u32, player: Arc<str> },
}

/// What becomes of a player whose connection is lost: what it takes to be in the world again as if it had
/// not been away. It is good for the world that it came from.
#[derive(Clone, Debug)]
pub struct Afterlife {
    player: u32,
    position: Vec3,
    health: u16,
    respawn_at: Option<u64>,
    cooldowns: Cooldowns,
}

/// Why a request is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Refusal {
    code: ErrorCode,
    /// For developers, at most 255 bytes.
    text: &'static str,
}

impl Refusal {
    const OUTSIDE: Self = Self {
        code: ErrorCode::NOT_ALLOWED_NOW,
        text: "the player is not in the world",
    };
    const DEAD: Self = Self {
        code: ErrorCode::UNAVAILABLE,
        text: "the player is dead, and lives again later",
    };
    const NO_SUCH_ENTITY: Self = Self {
        code: ErrorCode::NOT_FOUND,
        text: "nothing in sight has this number",
    };
    const NO_SUCH_ROOM: Self = Self {
        code: ErrorCode::NOT_FOUND,
        text: "no room has this number",
    };
}

impl World {
    /// A world with nobody in it. The seed decides what chance would.
    ///
    /// # Panics
    /// If [`Rules::validate`] finds something. Rules that come from outside are to be validated first.
    pub fn new(rules: Rules, seed: u64) -> Self {
        if let Err(error) = rules.validate() {
            panic!("rules are validated before there is a world by them: {error}");
        }
        Self {
            now: 0,
            dice: Rng::with_seed(seed),
            members: HashMap::new(),
            everyone: Roster::default(),
            by_player: HashMap::new(),
            by_name: HashMap::new(),
            entities: Entities::new(&rules),
            grid: Grid::new(&rules),
            rooms: Rooms::new(&rules),
            movers: Vec::new(),
            stirred: Vec::new(),
            respawns: BTreeSet::new(),
            departures: Vec::new(),
            returns: Vec::new(),
            rules,
        }
    }

    /// The rules of this world.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Takes in a session whose player has logged in. It can chat, and it is not in the world yet.
    ///
    /// If the player has another session here, the new one is found by its number and its name from now
    /// on; the old one keeps what it has until it leaves.
    pub fn join(&mut self, session: SessionId, player: Player) {
        self.leave(session);
        self.everyone.insert(session);
        self.by_player.insert(player.id, session);
        self.by_name.insert(fold(&player.name), session);
        let member = Member {
            player,
            entity: None,
            rooms: Roster::default(),
            cooldowns: Cooldowns::default(),
        };
        self.members.insert(session, member);
    }

    /// Forgets a session whose connection is gone: it is taken out of its rooms and of the world. If it
    /// was in the world, the result brings it back there. Sessions that never joined are passed over.
    pub fn leave(&mut self, session: SessionId) -> Option<Afterlife> {
        let member = self.members.remove(&session)?;
        let Player { id, name, .. } = member.player;
        self.everyone.remove(session);
        if self.by_player.get(&id) == Some(&session) {
            self.by_player.remove(&id);
        }
        let folded = fold(&name);
        if self.by_name.get(&folded) == Some(&session) {
            self.by_name.remove(&folded);
        }
        for room in member.rooms.as_slice() {
            if self.rooms.leave(*room, session).is_ok() {
                self.departures.push(Departure::Room {
                    room: *room,
                    player: Arc::clone(&name),
                });
            }
        }
        let (entity, seen_in) = self.remove_entity(member.entity?)?;
        if let Some(cell) = seen_in {
            self.departures.push(Departure::World {
                cell,
                entity: entity.id,
            });
        }
        Some(Afterlife {
            player: id,
            position: entity.position,
            health: entity.health,
            respawn_at: entity.respawn_at,
            cooldowns: member.cooldowns,
        })
    }

    /// As [`join`](Self::join), and puts the player into the world where it was, with the health that it
    /// had. Rooms have to be joined again, as the protocol says.
    ///
    /// `None` says that the player is logged in and not in the world: the world is full, or what comes in is another
    /// player's. With an arrival, the snapshot of what the player sees is posted by the next call that can
    /// post, so the answer with the arrival has to be sent before.
    pub fn resume(
        &mut self,
        session: SessionId,
        player: Player,
        afterlife: Afterlife,
    ) -> Option<Arrival> {
        let (id, name) = (player.id, Arc::clone(&player.name));
        self.join(session, player);
        if id != afterlife.player || self.entities.is_full() {
            return None;
        }
        let birth = Birth {
            session,
            name,
            position: afterlife.position,
            health: afterlife.health,
            respawn_at: afterlife.respawn_at,
        };
        let entity = self.add_entity(birth)?;
        if let Some(member) = self.members.get_mut(&session) {
            member.cooldowns = afterlife.cooldowns;
        }
        if let Some(at) = afterlife.respawn_at {
            self.respawns.insert((at, entity));
        }
        self.returns.push(entity);
        Some(self.arrival(entity, afterlife.position))
    }

    /// Does what a client asks for and posts what comes of it, be it an `Error` with the request's number.
    ///
    /// A session that is not here gets nothing: it left while its request was under way.
    pub fn request(&mut self, session: SessionId, packet: &Packet, out: &mut impl Post) {
        self.settle(out);
        if !self.members.contains_key(&session) {
            return;
        }
        let done = match packet {
            Packet::EnterWorld(request) => self.enter(session, *request, out),
            Packet::LeaveWorld(request) => self.exit(session, *request, out),
            Packet::Move(wanted) => self.want_to_move(session, wanted, out),
            Packet::Attack(attack) => self.attack(session, attack, out),
            Packet::Say(said) => self.say(session, said, out),
            Packet::Whisper(said) => self.whisper(session, said, out),
            Packet::Broadcast(said) => self.broadcast(session, said, out),
            Packet::RoomCreate(request) => self.create_room(session, request, out),
            Packet::RoomJoin(request) => self.join_room(session, *request, out),
            Packet::RoomLeave(request) => self.leave_room(session, *request, out),
            Packet::RoomMessage(said) => self.say_in_room(session, said, out),
            Packet::RoomListRequest(request) => {
                self.list_rooms(session, *request, out);
                Ok(())
            }
            _ => Err(Refusal {
                code: ErrorCode::INTERNAL,
                text: "the world does not serve this packet",
            }),
        };
        if let Err(Refusal { code, text }) = done {
            let error = ErrorRef {
                request: request_number(packet),
                packet: packet.id(),
                code,
                text,
            };
            send(out, &[session], &error);
        }
    }

    /// Goes one step on: brings the dead back, judges the moves that were asked for and tells of them.
    pub fn tick(&mut self, out: &mut impl Post) {
        self.settle(out);
        self.now += 1;
        self.respawn_the_dead(out);
        self.move_entities(out);
    }

    /// The session of a player who is logged in; the latest, if there are two.
    pub fn player_session(&self, player: u32) -> Option<SessionId> {
        self.by_player.get(&player).copied()
    }

    /// The session of the player with this name, in any way of writing it.
    pub fn session_of_name(&self, name: &str) -> Option<SessionId> {
        self.by_name.get(&fold(name)).copied()
    }

    fn enter(
        &mut self,
        session: SessionId,
        request: EnterWorld,
        out: &mut impl Post,
    ) -> Result<(), Refusal> {
        let Some(member) = self.members.get(&session) else {
            return Err(Refusal::OUTSIDE);
        };
        if member.entity.is_some() {
            return Err(Refusal {
                code: ErrorCode::NOT_ALLOWED_NOW,
                text: "the player is in the world already",
            });
        }
        let name = Arc::clone(&member.player.name);
        let wish = request
            .spawn
            .filter(|place| self.rules.spawn_wishes && self.rules.contains(*place));
        let position = wish.unwrap_or_else(|| self.somewhere());
        let birth = Birth {
            session,
            name,
            position,
            health: self.rules.health,
            respawn_at: None,
        };
        let Some(entity) = self.add_entity(birth) else {
            return Err(Refusal {
                code: ErrorCode::FULL,
                text: "there are as many players in the world as there may be",
            });
        };
        let entered = WorldEntered {
            request: request.request,
            arrival: self.arrival(entity, position),
        };
        send(out, &[session], &entered);
        self.appear(entity, out);
        Ok(())
    }

    fn exit(
        &mut self,
        session: SessionId,
        request: LeaveWorld,
        out: &mut impl Post,
    ) -> Result<(), Refusal> {
        let member = self.members.get_mut(&session);
        let entity = member.and_then(|member| member.entity.take());
        let entity = entity.ok_or(Refusal::OUTSIDE)?;
        if let Some((entity, Some(cell))) = self.remove_entity(entity) {
            self.tell_gone(cell, entity.id, out);
        }
        let request = request.request;
        send(out, &[session], &WorldLeft { request });
        Ok(())
    }

    /// Posts what could not be posted when it happened. Who comes back does so behind all departures, also
    /// later ones, as its snapshot does not have those who went.
    fn settle(&mut self, out: &mut impl Post) {
        for departure in std::mem::take(&mut self.departures) {
            match departure {
                Departure::World { cell, entity } => self.tell_gone(cell, entity, out),
                Departure::Room { room, player } => {
                    self.tell_room(room, RoomChange::LEFT, &player, None, out);
                }
            }
        }
        for entity in std::mem::take(&mut self.returns) {
            self.appear(entity, out);
        }
    }

    fn tell_gone(&self, cell: CellId, entity: EntityId, out: &mut impl Post) {
        let left = EntityLeft {
            entity: entity.0,
            reason: LeftReason::LEFT_WORLD,
        };
        if let Some(packet) = encode(&left) {
            post_to(&self.grid, self.grid.around(cell), &packet, out);
        }
    }

    /// Adds an entity, which is in no cell yet; `None` if the world is full.
    fn add_entity(&mut self, birth: Birth) -> Option<EntityId> {
        if self.entities.is_full() {
            return None;
        }
        let member = self.members.get_mut(&birth.session)?;
        let pace = Pace::new(&self.rules, self.now);
        let entity = self.entities.add(birth, pace, self.now);
        member.entity = Some(entity);
        Some(entity)
    }

    /// Takes an entity out, without a word, and says in which cell it could be seen, if in any.
    fn remove_entity(&mut self, id: EntityId) -> Option<(Entity, Option<CellId>)> {
        let seen_in = self.retire(id);
        let entity = self.entities.remove(id, self.now)?;
        if let Some(at) = entity.respawn_at {
            self.respawns.remove(&(at, id));
        }
        Some((entity, seen_in))
    }

    fn arrival(&self, entity: EntityId, position: Vec3) -> Arrival {
        Arrival {
            entity: entity.0,
            position,
            tick_hz: self.rules.tick_hz,
            view_distance: self.rules.view_distance,
        }
    }

    /// A place where players begin.
    fn somewhere(&mut self) -> Vec3 {
        let Rules {
            spawn,
            spawn_radius,
            ..
        } = self.rules;
        let mut off = || (self.dice.f32() * 2.0 - 1.0) * spawn_radius;
        Vec3 {
            x: spawn.x + off(),
            y: spawn.y,
            z: spawn.z + off(),
        }
    }

    fn entity_of(&self, session: SessionId) -> Option<EntityId> {
        self.members.get(&session)?.entity
    }

    fn living_entity(&self, session: SessionId) -> Result<&Entity, Refusal> {
        let entity = self
            .entity_of(session)
            .and_then(|entity| self.entities.get(entity))
            .ok_or(Refusal::OUTSIDE)?;
        if entity.is_alive() {
            Ok(entity)
        } else {
            Err(Refusal::DEAD)
        }
    }
}

/// The number that the client gave a request; 0 for one that carries none.
fn request_number(packet: &Packet) -> u32 {
    match packet {
        Packet::EnterWorld(request) => request.request,
        Packet::LeaveWorld(request) => request.request,
        Packet::Attack(request) => request.request,
        Packet::Say(request) => request.request,
        Packet::Whisper(request) => request.request,
        Packet::Broadcast(request) => request.request,
        Packet::RoomCreate(request) => request.request,
        Packet::RoomJoin(request) => request.request,
        Packet::RoomLeave(request) => request.request,
        Packet::RoomListRequest(request) => request.request,
        Packet::RoomMessage(request) => request.request,
        _ => 0,
    }
}

/// Encodes a packet that the world made. Names and texts come from accounts and packets with the same
/// limits, so one that cannot be encoded is our mistake; it costs that packet and nothing else.
fn encode(packet: &impl Encode) -> Option<Outgoing> {
    Outgoing::encode(packet)
        .inspect_err(|error| tracing::error!(%error, "the world made a packet that is none"))
        .ok()
}

/// Encodes a packet and posts it to some sessions.
fn send(out: &mut impl Post, to: &[SessionId], packet: &impl Encode) {
    send_all(out, &[to], packet);
}

/// Encodes a packet and posts it to several lists of sessions.
fn send_all(out: &mut impl Post, to: &[&[SessionId]], packet: &impl Encode) {
    let Some(packet) = encode(packet) else {
        return;
    };
    for to in to.iter().filter(|to| !to.is_empty()) {
        out.post(to, packet.clone());
    }
}

/// Posts a packet to all sessions in some cells.
fn post_to(
    grid: &Grid,
    cells: impl Iterator<Item = CellId>,
    packet: &Outgoing,
    out: &mut impl Post,
) {
    for cell in cells {
        let viewers = &grid.cell(cell).viewers;
        if !viewers.is_empty() {
            out.post(viewers.as_slice(), packet.clone());
        }
    }
}

#[cfg(test)]
mod tests;
