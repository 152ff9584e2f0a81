//! Who learns what of whom: entities that come into sight and go out of it.
//!
//! In: an entity that enters the world, goes from one cell to another one, dies or leaves. Out:
//! `WorldSnapshot`, `EntityEntered` and `EntityLeft`.
//!
//! What holds between any two calls: a player whose session is in a cell has been told of exactly the
//! entities in the cells that are seen from it.

use super::entity::{Entity, EntityId};
use super::movement::wire_tick;
use super::{Post, World, encode, post_to, send};
use crate::game::{EntityEnteredRef, EntityLeft, EntityRef, LeftReason, WorldSnapshotRef};

/// The most entities in a part of a snapshot, as the schema has it.
const ENTITIES_IN_A_PART: usize = 1000;
/// If a player comes to see more than this many entities at once, it gets a snapshot rather than a packet
/// for each.
const WORTH_A_SNAPSHOT: usize = 128;

impl World {
    /// Puts an entity that is in no cell where its position is: its player is told what is there, and if it
    /// lives, others are told of it.
    pub(super) fn appear(&mut self, id: EntityId, out: &mut impl Post) {
        let Some(entity) = self.entities.get_mut(id) else {
            return;
        };
        let home = self.grid.cell_at(entity.position);
        entity.cell = Some(home);
        let (session, alive) = (entity.session, entity.is_alive());
        if alive {
            let entered = EntityEnteredRef {
                entity: entity.describe(),
            };
            if let Some(packet) = encode(&entered) {
                post_to(&self.grid, self.grid.around(home), &packet, out);
            }
            self.grid.cell_mut(home).entities.insert(id);
        }
        self.grid.cell_mut(home).viewers.insert(session);
        self.send_snapshot(id, out);
    }

    /// Lets the others forget an entity, whose player goes on seeing what is around.
    pub(super) fn hide(&mut self, id: EntityId, reason: LeftReason, out: &mut impl Post) {
        let Some(cell) = self.entities.get(id).and_then(|entity| entity.cell) else {
            return;
        };
        if self.grid.cell_mut(cell).entities.remove(id) {
            let left = EntityLeft {
                entity: id.0,
                reason,
            };
            if let Some(packet) = encode(&left) {
                post_to(&self.grid, self.grid.around(cell), &packet, out);
            }
        }
    }

    /// Takes an entity out of its cell, without a word. It says whether it could be seen there, by all who
    /// see the cell that is returned too.
    pub(super) fn retire(&mut self, id: EntityId) -> Option<super::grid::CellId> {
        let entity = self.entities.get_mut(id)?;
        let cell = entity.cell.take()?;
        let cell_mut = self.grid.cell_mut(cell);
        cell_mut.viewers.remove(entity.session);
        cell_mut.entities.remove(id).then_some(cell)
    }

    /// Puts an entity that can be seen, and that has moved, into the cell where it is now.
    pub(super) fn follow(&mut self, id: EntityId, out: &mut impl Post) {
        let Some(entity) = self.entities.get_mut(id) else {
            return;
        };
        let Some(from) = entity.cell else {
            return;
        };
        let to = self.grid.follow(from, entity.position);
        if to == from {
            return;
        }
        entity.cell = Some(to);
        let session = entity.session;
        self.grid.cell_mut(from).viewers.remove(session);
        self.grid.cell_mut(from).entities.remove(id);
        let grid = &self.grid;
        let gained = || grid.around(to).filter(move |cell| !grid.sees(*cell, from));
        let lost = || grid.around(from).filter(move |cell| !grid.sees(*cell, to));
        // The others first, as long as the entity's own session is in neither cell.
        let entered = EntityEnteredRef {
            entity: entity.describe(),
        };
        if let Some(packet) = encode(&entered) {
            post_to(grid, gained(), &packet, out);
        }
        let left = |id: EntityId| EntityLeft {
            entity: id.0,
            reason: LeftReason::OUT_OF_SIGHT,
        };
        if let Some(packet) = encode(&left(id)) {
            post_to(grid, lost(), &packet, out);
        }
        let news: usize = gained().map(|cell| grid.cell(cell).entities.len()).sum();
        if news <= WORTH_A_SNAPSHOT {
            for id in lost().flat_map(|cell| grid.cell(cell).entities.as_slice()) {
                send(out, &[session], &left(*id));
            }
            for entity in gained()
                .flat_map(|cell| grid.cell(cell).entities.as_slice())
                .filter_map(|id| self.entities.get(*id))
            {
                let entered = EntityEnteredRef {
                    entity: entity.describe(),
                };
                send(out, &[session], &entered);
            }
        }
        self.grid.cell_mut(to).viewers.insert(session);
        self.grid.cell_mut(to).entities.insert(id);
        if news > WORTH_A_SNAPSHOT {
            self.send_snapshot(id, out);
        }
    }

    /// Tells a player of all that it sees, in parts that follow one right behind the other.
    fn send_snapshot(&self, id: EntityId, out: &mut impl Post) {
        let Some(Entity {
            session,
            cell: Some(cell),
            ..
        }) = self.entities.get(id)
        else {
            return;
        };
        let seen: Vec<EntityRef<'_>> = self
            .grid
            .around(*cell)
            .flat_map(|cell| self.grid.cell(cell).entities.as_slice())
            .filter_map(|id| self.entities.get(*id))
            .map(Entity::describe)
            .collect();
        let tick = wire_tick(self.now);
        let mut rest = seen.as_slice();
        loop {
            let (entities, behind) = rest.split_at(rest.len().min(ENTITIES_IN_A_PART));
            rest = behind;
            let more = !rest.is_empty();
            let part = WorldSnapshotRef {
                tick,
                more,
                entities,
            };
            send(out, &[*session], &part);
            if !more {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::Rules;
    use super::super::testing::{Stage, at, step_to};
    use super::*;
    use crate::game::Packet;

    /// Cells of 72 m, of which one ring is seen; a border is at x = 0.
    fn stage(players: &[(&str, f32)]) -> Stage {
        let mut stage = Stage::new(Rules {
            min: at(-720.0, -720.0),
            max: super::super::rules::vec3(720.0, 100.0, 720.0),
            ..Rules::default()
        });
        for (name, x) in players {
            stage.enter(name, at(*x, 1.0));
        }
        stage.read_all();
        stage
    }

    /// Lets a player run to a place, a step at a time.
    fn run(stage: &mut Stage, name: &str, to: f32) {
        let mut x = stage.position(name).x;
        while (to - x).abs() > f32::EPSILON {
            x += (to - x).clamp(-0.6, 0.6);
            let mut step = step_to(stage.next_sequence(name), x);
            step.position.z = 1.0;
            stage.send(name, step);
            stage.tick();
        }
    }

    /// Who entered and left in a player's eyes, in order.
    fn events(stage: &mut Stage, name: &str) -> Vec<String> {
        let packets = stage.read(name);
        let events = packets.into_iter().filter_map(|packet| match packet {
            Packet::EntityEntered(entered) => Some(format!("+{}", entered.entity.name)),
            Packet::EntityLeft(left) if left.reason == LeftReason::OUT_OF_SIGHT => {
                Some(format!("-{}", left.entity))
            }
            Packet::EntityLeft(left) => Some(format!("-{} {:?}", left.entity, left.reason)),
            _ => None,
        });
        events.collect()
    }

    #[test]
    fn players_see_each_other_come_and_go() {
        let mut stage = stage(&[("ada", -10.0), ("grace", 80.0)]);
        assert_eq!(stage.knows("ada"), ["ada"]);
        run(&mut stage, "ada", 5.0);
        assert_eq!(events(&mut stage, "ada"), ["+grace"]);
        assert_eq!(events(&mut stage, "grace"), ["+ada"]);
        run(&mut stage, "ada", -5.0);
        let (ada, grace) = (stage.entity("ada"), stage.entity("grace"));
        assert_eq!(events(&mut stage, "ada"), [format!("-{grace}")]);
        assert_eq!(events(&mut stage, "grace"), [format!("-{ada}")]);
    }

    #[test]
    fn a_border_does_not_make_anybody_flicker() {
        let mut stage = stage(&[("ada", -1.0), ("grace", 80.0)]);
        for _ in 0..5 {
            run(&mut stage, "ada", 3.9);
            run(&mut stage, "ada", -3.9);
        }
        assert_eq!(events(&mut stage, "grace"), [""; 0]);
        run(&mut stage, "ada", 4.1);
        assert_eq!(events(&mut stage, "grace"), ["+ada"]);
        for _ in 0..5 {
            run(&mut stage, "ada", -3.9);
            run(&mut stage, "ada", 3.9);
        }
        assert_eq!(events(&mut stage, "grace"), [""; 0]);
    }

    #[test]
    fn who_is_within_the_view_distance_is_always_seen() {
        let mut stage = stage(&[("ada", -71.0), ("grace", -7.0)]);
        for _ in 0..60 {
            for name in ["ada", "grace"] {
                let to = stage.position(name).x + 0.5;
                run(&mut stage, name, to);
            }
            assert_eq!(stage.knows("ada"), ["ada", "grace"]);
            assert_eq!(stage.knows("grace"), ["ada", "grace"]);
        }
    }

    #[test]
    fn who_is_out_of_sight_is_not_talked_about() {
        let mut stage = stage(&[("ada", 0.0), ("grace", 300.0)]);
        run(&mut stage, "grace", 310.0);
        assert_eq!(stage.read("ada"), []);
    }

    #[test]
    fn a_large_snapshot_comes_in_parts() {
        let mut stage = stage(&[]);
        stage.crowd(2000, at(1.0, 1.0));
        stage.enter("ada", at(1.0, 1.0));
        let parts: Vec<_> = stage
            .read("ada")
            .into_iter()
            .filter_map(|packet| match packet {
                Packet::WorldSnapshot(part) => Some((part.entities.len(), part.more)),
                _ => None,
            })
            .collect();
        assert_eq!(parts, [(1000, true), (1000, true), (1, false)]);
        assert_eq!(stage.knows("ada").len(), 2001);
    }

    #[test]
    fn who_comes_upon_a_crowd_gets_a_snapshot() {
        let mut stage = stage(&[]);
        stage.crowd(WORTH_A_SNAPSHOT, at(80.0, 1.0));
        for (name, x) in [("ada", -1.0), ("grace", -100.0), ("edsger", 80.0)] {
            stage.enter(name, at(x, 1.0));
        }
        stage.read_all();
        run(&mut stage, "ada", 5.0);
        let packets = stage.read("ada");
        let snapshots = packets
            .iter()
            .filter(|packet| matches!(packet, Packet::WorldSnapshot(_)));
        assert_eq!(snapshots.count(), 1);
        let known = stage.knows("ada");
        assert_eq!(
            known.len(),
            WORTH_A_SNAPSHOT + 2,
            "the crowd, edsger and herself"
        );
        assert!(!known.contains(&"grace".to_owned()));
        assert!(stage.knows("edsger").contains(&"ada".to_owned()));
    }
}
