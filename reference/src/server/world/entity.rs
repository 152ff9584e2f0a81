//! What is in the world, by number.
//!
//! In: players who come and go. Out: their entities, with numbers that nobody confuses: the number of an
//! entity that is gone rests before it is given to another one, so that what is still under way about the
//! old one has arrived.

use super::grid::CellId;
use super::movement::Pace;
use super::rules::Rules;
use crate::game::{EntityKind, EntityMotion, EntityRef, Motion, Move, Vec3};
use crate::server::player::SessionId;
use std::collections::VecDeque;
use std::sync::Arc;

/// Number of an entity, from 1 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct EntityId(pub(super) u32);

/// A player's figure in the world.
#[derive(Clone, Debug)]
pub(super) struct Entity {
    pub(super) id: EntityId,
    pub(super) session: SessionId,
    pub(super) name: Arc<str>,
    pub(super) position: Vec3,
    pub(super) velocity: Vec3,
    pub(super) motion: Motion,
    pub(super) health: u16,
    /// The step in which it lives again; `None` if it lives.
    pub(super) respawn_at: Option<u64>,
    /// The cell in which it is, whether it can be seen there or not. `None` until others were told that it
    /// is in the world.
    pub(super) cell: Option<CellId>,
    pub(super) pace: Pace,
    /// The latest move that it asked for since the last step.
    pub(super) wanted: Option<Move>,
}

impl Entity {
    pub(super) fn is_alive(&self) -> bool {
        self.respawn_at.is_none()
    }

    /// Stops it.
    pub(super) fn halt(&mut self) {
        self.velocity = REST;
        self.motion = Motion::default();
    }

    /// All that clients know of it.
    pub(super) fn describe(&self) -> EntityRef<'_> {
        EntityRef {
            id: self.id.0,
            kind: EntityKind::PLAYER,
            position: self.position,
            velocity: self.velocity,
            motion: self.motion,
            health: self.health,
            name: &self.name,
        }
    }

    /// Where it is and goes.
    pub(super) fn state_of_motion(&self) -> EntityMotion {
        EntityMotion {
            entity: self.id.0,
            position: self.position,
            velocity: self.velocity,
            motion: self.motion,
        }
    }
}

/// The velocity of what stands still.
pub(super) const REST: Vec3 = Vec3 {
    x: 0.0,
    y: 0.0,
    z: 0.0,
};

/// All entities.
#[derive(Debug)]
pub(super) struct Entities {
    /// The entity with number n is at n - 1.
    slots: Vec<Option<Entity>>,
    /// Numbers without an entity, with the step from which they can be used; the earliest one first.
    resting: VecDeque<(u64, EntityId)>,
    rest: u64,
    capacity: usize,
}

/// How a new entity begins.
#[derive(Clone, Debug)]
pub(super) struct Birth {
    pub(super) session: SessionId,
    pub(super) name: Arc<str>,
    pub(super) position: Vec3,
    pub(super) health: u16,
    pub(super) respawn_at: Option<u64>,
}

impl Entities {
    pub(super) fn new(rules: &Rules) -> Self {
        Self {
            slots: Vec::new(),
            resting: VecDeque::new(),
            rest: u64::from(rules.id_rest_ticks),
            capacity: rules.capacity as usize,
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.slots.len() - self.resting.len() >= self.capacity
    }

    /// Adds an entity, at rest and in no cell. `now` is the present step.
    pub(super) fn add(&mut self, birth: Birth, pace: Pace, now: u64) -> EntityId {
        let id = self.free_number(now);
        let Birth {
            session,
            name,
            position,
            health,
            respawn_at,
        } = birth;
        let entity = Entity {
            id,
            session,
            name,
            position,
            velocity: REST,
            motion: Motion::default(),
            health,
            respawn_at,
            cell: None,
            pace,
            wanted: None,
        };
        self.slots[index(id)] = Some(entity);
        id
    }

    pub(super) fn remove(&mut self, id: EntityId, now: u64) -> Option<Entity> {
        let entity = self.slots.get_mut(index(id))?.take()?;
        self.resting.push_back((now + self.rest, id));
        Some(entity)
    }

    pub(super) fn get(&self, id: EntityId) -> Option<&Entity> {
        self.slots.get(index(id))?.as_ref()
    }

    pub(super) fn get_mut(&mut self, id: EntityId) -> Option<&mut Entity> {
        self.slots.get_mut(index(id))?.as_mut()
    }

    fn free_number(&mut self, now: u64) -> EntityId {
        if let Some((from, id)) = self.resting.front().copied()
            && from <= now
        {
            self.resting.pop_front();
            return id;
        }
        self.slots.push(None);
        let number = u32::try_from(self.slots.len()).expect("there is no memory for 2^32 entities");
        EntityId(number)
    }
}

/// Where an entity is among the slots. Nothing is at the place that 0 leads to.
fn index(id: EntityId) -> usize {
    (id.0 as usize).wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn birth() -> Birth {
        Birth {
            session: SessionId(1),
            name: "ada".into(),
            position: REST,
            health: 100,
            respawn_at: None,
        }
    }

    fn entities(capacity: u32) -> Entities {
        Entities::new(&Rules {
            id_rest_ticks: 10,
            capacity,
            ..Rules::default()
        })
    }

    fn add(entities: &mut Entities, now: u64) -> u32 {
        let pace = Pace::new(&Rules::default(), now);
        entities.add(birth(), pace, now).0
    }

    #[test]
    fn numbers_begin_at_one() {
        let mut entities = entities(10);
        assert_eq!(add(&mut entities, 0), 1);
        assert_eq!(add(&mut entities, 0), 2);
        assert!(entities.get(EntityId(0)).is_none());
        assert!(entities.get(EntityId(3)).is_none());
        assert_eq!(entities.get(EntityId(2)).unwrap().id, EntityId(2));
    }

    #[test]
    fn a_number_rests_before_it_is_used_again() {
        let mut entities = entities(10);
        assert_eq!(add(&mut entities, 0), 1);
        assert!(entities.remove(EntityId(1), 5).is_some());
        assert!(entities.remove(EntityId(1), 5).is_none());
        assert_eq!(add(&mut entities, 14), 2);
        assert_eq!(add(&mut entities, 15), 1);
    }

    #[test]
    fn numbers_that_rest_take_no_place() {
        let mut entities = entities(1);
        add(&mut entities, 0);
        assert!(entities.is_full());
        entities.remove(EntityId(1), 0);
        assert!(!entities.is_full());
        add(&mut entities, 0);
        assert!(entities.is_full());
    }
}
