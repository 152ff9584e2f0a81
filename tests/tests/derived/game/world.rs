//! The world: who is where, and who hits whom.

use super::Vec3;
use crate::{Twin, twins};
use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[packet(flags(running = 0, jumping = 1, crouching = 2, swimming = 3))]
struct Motion(u8);

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum EntityKind {
    Player,
    Monster,
    Npc,
    Item,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum LeftReason {
    OutOfSight,
    LeftWorld,
    Died,
    Taken,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum CombatOutcome {
    Hit,
    Critical,
    Missed,
    Blocked,
    Killed,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Debug, Packet)]
struct Entity {
    id: u32,
    #[packet(type = "u8")]
    kind: EntityKind,
    #[packet(fixed = 12)]
    position: Vec3,
    #[packet(fixed = 12)]
    velocity: Vec3,
    #[packet(type = "u8")]
    motion: Motion,
    health: u16,
    #[packet(len = "u8", max = 32)]
    name: String,
}

#[derive(Clone, Copy, Debug, Packet)]
struct EntityMotion {
    entity: u32,
    #[packet(fixed = 12)]
    position: Vec3,
    #[packet(fixed = 12)]
    velocity: Vec3,
    #[packet(type = "u8")]
    motion: Motion,
}

#[derive(Debug, Packet)]
pub(super) struct Arrival {
    entity: u32,
    #[packet(fixed = 12)]
    position: Vec3,
    #[packet(range = 1..=255)]
    tick_hz: u8,
    #[packet(finite)]
    view_distance: f32,
}

#[derive(Debug, Packet)]
#[packet(id = 2000, size = 9..=21)]
struct EnterWorld {
    #[packet(range = 1..=4294967295)]
    request: u32,
    #[packet(wire(has_spawn: bool), when = "has_spawn", fixed = 12)]
    spawn: Option<Vec3>,
}

#[derive(Debug, Packet)]
#[packet(id = 2001, size = 29)]
struct WorldEntered {
    #[packet(range = 1..=4294967295)]
    request: u32,
    #[packet(fixed = 21)]
    arrival: Arrival,
}

#[derive(Debug, Packet)]
#[packet(id = 2002, size = 33)]
struct Move {
    sequence: u32,
    // Slower, and the same wire.
    position: Vec3,
    velocity: Vec3,
    #[packet(type = "u8")]
    motion: Motion,
}

#[derive(Debug, Packet)]
#[packet(id = 2003, size = 10..=65260)]
struct EntitiesMoved {
    tick: u32,
    #[packet(len = "u16", max = 2250)]
    moves: Vec<EntityMotion>,
}

#[derive(Debug, Packet)]
#[packet(id = 2004, size = 20)]
struct MoveRejected {
    sequence: u32,
    #[packet(fixed = 12)]
    position: Vec3,
}

#[derive(Debug, Packet)]
#[packet(id = 2005, size = 11..=65011)]
struct WorldSnapshot {
    tick: u32,
    more: bool,
    #[packet(len = "u16", max = 1000)]
    entities: Vec<Entity>,
}

#[derive(Debug, Packet)]
#[packet(id = 2006, size = 37..=69)]
struct EntityEntered {
    entity: Entity,
}

#[derive(Debug, Packet)]
#[packet(id = 2007, size = 9)]
struct EntityLeft {
    entity: u32,
    #[packet(type = "u8")]
    reason: LeftReason,
}

#[derive(Debug, Packet)]
#[packet(id = 2008, size = 14)]
struct Attack {
    #[packet(range = 1..=4294967295)]
    request: u32,
    target: u32,
    skill: u16,
}

#[derive(Debug, Packet)]
#[packet(id = 2009, size = 23)]
struct CombatResult {
    request: u32,
    attacker: u32,
    target: u32,
    skill: u16,
    #[packet(type = "u8")]
    outcome: CombatOutcome,
    damage: u16,
    target_health: u16,
}

#[derive(Debug, Packet)]
#[packet(id = 2010, size = 8)]
struct LeaveWorld {
    #[packet(range = 1..=4294967295)]
    request: u32,
}

#[derive(Debug, Packet)]
#[packet(id = 2011, size = 8)]
struct WorldLeft {
    #[packet(range = 1..=4294967295)]
    request: u32,
}

pub(super) const TWINS: &[Twin] = twins![
    Entity / EntityView,
    EntityMotion / EntityMotionView,
    Arrival / ArrivalView,
    EnterWorld / EnterWorldView,
    WorldEntered / WorldEnteredView,
    Move / MoveView,
    EntitiesMoved / EntitiesMovedView,
    MoveRejected / MoveRejectedView,
    WorldSnapshot / WorldSnapshotView,
    EntityEntered / EntityEnteredView,
    EntityLeft / EntityLeftView,
    Attack / AttackView,
    CombatResult / CombatResultView,
    LeaveWorld / LeaveWorldView,
    WorldLeft / WorldLeftView,
];
