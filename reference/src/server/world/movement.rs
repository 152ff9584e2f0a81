//! Moves: which ones the world agrees to, and who is told.
//!
//! In: the latest move that each player asked for since the last step. Out: `MoveRejected` to those who
//! went too far, and what moved, once for each cell, to all who see the cell.
//!
//! Clients move their own entities and report where they are; the world judges whether they can be there.
//! The time that a way takes at full speed is paid from an allowance, which grows with each step of the
//! world and has a maximum: who was silent for a while can make up for it, and nobody gains by sending
//! more moves. The client's clock plays no part.

use super::entity::{EntityId, REST};
use super::rules::Rules;
use super::{Post, Refusal, World, encode, post_to, send};
use crate::game::{EntitiesMovedRef, Move, MoveRejected, Vec3};
use crate::server::player::SessionId;

/// The most entities in a packet, as the schema has it.
const MOVES_IN_A_PACKET: usize = 2250;

/// What a player may still do by way of moving.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Number of the latest move.
    sequence: u32,
    /// Seconds at full speed that may be used up.
    allowance: f64,
    /// The step up to which the allowance was paid out.
    paid: u64,
}

impl Pace {
    /// That of a player who begins to move in step `now`.
    pub(super) fn new(rules: &Rules, now: u64) -> Self {
        Self {
            sequence: 0,
            allowance: f64::from(rules.burst_seconds),
            paid: now,
        }
    }

    /// As if the player had just come, but for the number of the latest move.
    pub(super) fn restart(&mut self, rules: &Rules, now: u64) {
        *self = Self {
            sequence: self.sequence,
            ..Self::new(rules, now)
        };
    }

    /// Whether a move is newer than all before.
    fn is_news(&mut self, sequence: u32) -> bool {
        let news = sequence > self.sequence;
        self.sequence = self.sequence.max(sequence);
        news
    }

    /// Whether an entity can have got from one place to another one until step `now`. If so, it is paid.
    fn pays_for(&mut self, rules: &Rules, from: Vec3, wanted: &Move, now: u64) -> bool {
        let tolerance = f64::from(rules.speed_tolerance);
        #[expect(
            clippy::cast_precision_loss,
            reason = "2^53 steps take longer than anybody waits"
        )]
        let passed = (now - self.paid) as f64 / f64::from(rules.tick_hz);
        let most = f64::from(rules.burst_seconds);
        self.allowance = (self.allowance + passed * tolerance).min(most);
        self.paid = now;
        let way = difference(from, wanted.position);
        let seconds = seconds_for(rules, way);
        let speed = difference(REST, wanted.velocity);
        let fine = rules.contains(wanted.position)
            && seconds <= self.allowance
            && seconds_for(rules, speed) <= tolerance;
        if fine {
            self.allowance -= seconds;
        }
        fine
    }
}

impl World {
    /// Takes note of a move. It is judged in the next step, and only if no newer one comes before.
    pub(super) fn want_to_move(
        &mut self,
        session: SessionId,
        wanted: &Move,
        out: &mut impl Post,
    ) -> Result<(), Refusal> {
        let entity = self
            .entity_of(session)
            .and_then(|id| self.entities.get_mut(id))
            .ok_or(Refusal::OUTSIDE)?;
        let is_news = entity.pace.is_news(wanted.sequence);
        if !is_news || !entity.is_alive() {
            let rejected = MoveRejected {
                sequence: wanted.sequence,
                position: entity.position,
            };
            send(out, &[session], &rejected);
            return Ok(());
        }
        if entity.wanted.replace(*wanted).is_none() {
            self.movers.push(entity.id);
        }
        Ok(())
    }

    /// Judges the moves that were asked for, and tells who sees them.
    pub(super) fn move_entities(&mut self, out: &mut impl Post) {
        let mut movers = std::mem::take(&mut self.movers);
        for id in movers.drain(..) {
            self.move_entity(id, out);
        }
        self.movers = movers;
        self.publish_moves(out);
    }

    fn move_entity(&mut self, id: EntityId, out: &mut impl Post) {
        let now = self.now;
        let Some(entity) = self.entities.get_mut(id) else {
            return; // it left in the meantime
        };
        let Some(wanted) = entity.wanted.take() else {
            return; // it died
        };
        let before = entity.state_of_motion();
        let fine = entity
            .pace
            .pays_for(&self.rules, entity.position, &wanted, now);
        if fine {
            entity.position = wanted.position;
            entity.velocity = wanted.velocity;
            entity.motion = wanted.motion;
        } else {
            entity.halt();
            let rejected = MoveRejected {
                sequence: wanted.sequence,
                position: entity.position,
            };
            send(out, &[entity.session], &rejected);
        }
        let after = entity.state_of_motion();
        if after == before {
            return;
        }
        self.follow(id, out);
        let Some(cell) = self.entities.get(id).and_then(|entity| entity.cell) else {
            return; // nobody was told of it yet, so nobody has to be told that it moved
        };
        let moves = &mut self.grid.cell_mut(cell).moves;
        if moves.is_empty() {
            self.stirred.push(cell);
        }
        moves.push(after);
    }

    /// Tells what moved to all who see it. The packets of a cell are the same for all, so an entity's own
    /// player finds it among them.
    fn publish_moves(&mut self, out: &mut impl Post) {
        // In the order of the cells, not in that of the requests.
        self.stirred.sort_unstable();
        for cell in self.stirred.drain(..) {
            let tick = wire_tick(self.now);
            for moves in self.grid.cell(cell).moves.chunks(MOVES_IN_A_PACKET) {
                let packet = EntitiesMovedRef { tick, moves };
                if let Some(packet) = encode(&packet) {
                    post_to(&self.grid, self.grid.around(cell), &packet, out);
                }
            }
            self.grid.cell_mut(cell).moves.clear();
        }
    }
}

/// A step's number as packets carry it, which begins again at 0.
#[expect(clippy::cast_possible_truncation, reason = "that is its meaning")]
pub(super) fn wire_tick(tick: u64) -> u32 {
    tick as u32
}

/// How far it is from one place to another one, in metres.
pub(super) fn distance(from: Vec3, to: Vec3) -> f64 {
    let [x, y, z] = difference(from, to);
    x.hypot(y).hypot(z)
}

/// The squares of coordinates overflow `f32` and do not overflow `f64`.
fn difference(from: Vec3, to: Vec3) -> [f64; 3] {
    [(from.x, to.x), (from.y, to.y), (from.z, to.z)]
        .map(|(from, to)| f64::from(to) - f64::from(from))
}

/// How long a way takes at full speed.
fn seconds_for(rules: &Rules, [x, y, z]: [f64; 3]) -> f64 {
    let level = x.hypot(z) / f64::from(rules.speed);
    let vertical = y.abs() / f64::from(rules.vertical_speed);
    level.max(vertical)
}

#[cfg(test)]
mod tests {
    use super::super::rules::vec3;
    use super::super::testing::{Stage, at, step_to};
    use super::*;
    use crate::game::{EntityMotion, Error, ErrorCode, Motion, Packet};

    /// Ten steps a second, 10 m/s, and a second's worth at once.
    fn rules() -> Rules {
        Rules {
            tick_hz: 10,
            speed: 10.0,
            vertical_speed: 20.0,
            speed_tolerance: 1.2,
            burst_seconds: 1.0,
            ..Rules::default()
        }
    }

    /// Ada at x = 0 and grace close to her.
    fn stage() -> Stage {
        let mut stage = Stage::new(rules());
        stage.enter("ada", at(0.0, 0.0));
        stage.enter("grace", at(5.0, 0.0));
        stage.read_all();
        stage
    }

    /// What a player is told of moves in one step: entities and where they are along x.
    fn moves(packets: &[Packet]) -> Vec<(u32, f32)> {
        let moves = packets.iter().filter_map(|packet| match packet {
            Packet::EntitiesMoved(moved) => Some(moved.moves.iter()),
            _ => None,
        });
        moves
            .flatten()
            .map(|moved| (moved.entity, moved.position.x))
            .collect()
    }

    fn rejection(packets: &[Packet]) -> Option<MoveRejected> {
        packets.iter().find_map(|packet| match packet {
            Packet::MoveRejected(rejected) => Some(*rejected),
            _ => None,
        })
    }

    #[test]
    fn all_who_see_a_move_are_told_in_the_next_step() {
        let mut stage = stage();
        stage.send("ada", step_to(1, 0.5));
        assert_eq!(stage.read("grace"), []);
        stage.tick();
        let expected = [EntityMotion {
            entity: stage.entity("ada"),
            position: at(0.5, 0.0),
            velocity: vec3(1.0, 0.0, 0.0),
            motion: Motion::RUNNING,
        }];
        for name in ["ada", "grace"] {
            match &stage.read(name)[..] {
                [Packet::EntitiesMoved(moved)] => {
                    assert_eq!(moved.tick, 1);
                    assert_eq!(moved.moves, expected);
                }
                other => panic!("{name} got {other:?}"),
            }
        }
        stage.tick();
        assert_eq!(stage.read("grace"), []);
    }

    #[test]
    fn the_latest_move_of_a_step_counts() {
        let mut stage = stage();
        for (sequence, x) in [(1, 0.2), (2, 0.4), (3, 0.3)] {
            stage.send("ada", step_to(sequence, x));
        }
        stage.tick();
        assert_eq!(moves(&stage.read("grace")), [(stage.entity("ada"), 0.3)]);
    }

    #[test]
    fn moves_that_are_not_newer_are_rejected() {
        let mut stage = stage();
        let check = |stage: &mut Stage, sequence, x| {
            stage.send("ada", step_to(sequence, 0.9));
            let rejected = rejection(&stage.read("ada"));
            let expected = MoveRejected {
                sequence,
                position: step_to(1, x).position,
            };
            assert_eq!(rejected, Some(expected));
        };
        check(&mut stage, 0, 0.0);
        stage.send("ada", step_to(7, 0.5));
        check(&mut stage, 7, 0.0);
        check(&mut stage, 3, 0.0);
        stage.tick();
        assert_eq!(moves(&stage.read("ada")), [(stage.entity("ada"), 0.5)]);
        check(&mut stage, 7, 0.5);
        stage.tick();
        assert_eq!(stage.read("ada"), []);
    }

    #[test]
    fn who_stands_still_is_not_talked_about() {
        let mut stage = stage();
        stage.send("ada", step_to(1, 0.5));
        stage.tick();
        stage.read_all();
        stage.send("ada", step_to(2, 0.5));
        stage.tick();
        assert_eq!(stage.read("grace"), []);
    }

    #[test]
    fn a_leap_is_rejected_and_the_entity_stays() {
        let mut stage = stage();
        stage.send("ada", step_to(1, 11.0));
        stage.tick();
        let expected = MoveRejected {
            sequence: 1,
            position: at(0.0, 0.0),
        };
        assert_eq!(rejection(&stage.read("ada")), Some(expected));
        assert_eq!(stage.read("grace"), []);
        // Those behind it are judged from the place where it stayed.
        stage.send("ada", step_to(2, 1.0));
        stage.tick();
        assert_eq!(moves(&stage.read("grace")), [(stage.entity("ada"), 1.0)]);
    }

    #[test]
    fn others_see_a_runner_stop_whose_move_is_rejected() {
        let mut stage = stage();
        stage.send("ada", step_to(1, 1.0));
        stage.tick();
        stage.read_all();
        stage.send("ada", step_to(2, 100.0));
        stage.tick();
        match &stage.read("grace")[..] {
            [Packet::EntitiesMoved(moved)] => {
                assert_eq!(moved.moves[0].position, at(1.0, 0.0));
                assert_eq!(moved.moves[0].velocity, at(0.0, 0.0));
                assert_eq!(moved.moves[0].motion, Motion::default());
            }
            other => panic!("grace got {other:?}"),
        }
    }

    #[test]
    fn nobody_is_faster_by_sending_more() {
        let mut stage = stage();
        let mut reached = 0.0;
        let mut sequence = 0;
        for _ in 0..100 {
            for _ in 0..4 {
                sequence += 1;
                stage.send("ada", step_to(sequence, reached + 2.0));
            }
            stage.tick();
            let packets = stage.read("ada");
            if rejection(&packets).is_none() {
                reached += 2.0;
            }
        }
        // Ten seconds at 12 m/s, and what may be made up at once.
        assert!((110.0..=130.0).contains(&reached), "{reached}");
    }

    #[test]
    fn who_keeps_to_the_speed_is_never_rejected() {
        let mut stage = stage();
        let mut x = 0.0;
        for sequence in 1..200 {
            // The network delivers two moves in one step, and none in the next.
            if sequence % 2 == 0 {
                stage.tick();
                stage.tick();
            }
            x += 1.0;
            stage.send("ada", step_to(sequence, x));
            assert_eq!(rejection(&stage.read("ada")), None, "{sequence}");
        }
    }

    #[test]
    fn a_pause_is_made_up_for_but_not_a_long_one() {
        let check = |ticks: u32, x: f32, fine: bool| {
            let mut stage = stage();
            stage.send("ada", step_to(1, 10.0)); // all that may be made up at once
            stage.tick();
            (0..ticks).for_each(|_| stage.tick());
            stage.send("ada", step_to(2, 10.0 + x));
            stage.tick();
            assert_eq!(rejection(&stage.read("ada")).is_none(), fine, "{ticks} {x}");
        };
        check(0, 1.2, true);
        check(0, 1.3, false);
        check(4, 5.9, true);
        check(4, 6.1, false);
        check(1000, 9.9, true);
        check(1000, 10.1, false);
    }

    #[test]
    fn height_has_a_speed_of_its_own() {
        let check = |y: f32, fine: bool| {
            let mut stage = stage();
            let mut up = step_to(1, 0.0);
            up.position.y = y;
            stage.send("ada", up);
            stage.tick();
            assert_eq!(rejection(&stage.read("ada")).is_none(), fine, "{y}");
        };
        check(19.0, true);
        check(-19.0, true);
        check(21.0, false);
    }

    #[test]
    fn a_velocity_that_nobody_has_is_rejected() {
        let check = |x: f32, fine: bool| {
            let mut stage = stage();
            let mut claim = step_to(1, 0.5);
            claim.velocity.x = x;
            stage.send("ada", claim);
            stage.tick();
            assert_eq!(rejection(&stage.read("ada")).is_none(), fine, "{x}");
        };
        check(-11.9, true);
        check(12.1, false);
        check(f32::MAX, false);
    }

    #[test]
    fn the_world_ends_at_its_bounds() {
        let mut stage = Stage::new(rules());
        stage.enter("ada", at(2047.5, 0.0));
        stage.read_all();
        stage.send("ada", step_to(1, 2048.0));
        stage.tick();
        assert_eq!(rejection(&stage.read("ada")), None);
        stage.send("ada", step_to(2, 2048.1));
        stage.tick();
        assert!(rejection(&stage.read("ada")).is_some());
        stage.send("ada", step_to(3, f32::MAX));
        stage.tick();
        assert!(rejection(&stage.read("ada")).is_some());
    }

    #[test]
    fn who_is_outside_of_the_world_does_not_move() {
        let mut stage = stage();
        stage.join("edsger");
        stage.send("edsger", step_to(1, 1.0));
        match &stage.read("edsger")[..] {
            [
                Packet::Error(Error {
                    request: 0,
                    packet: 2002,
                    code: ErrorCode::NOT_ALLOWED_NOW,
                    ..
                }),
            ] => {}
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_crowd_of_more_than_a_packet_holds_gets_several() {
        let mut stage = Stage::new(rules());
        let crowd = stage.crowd(MOVES_IN_A_PACKET, at(1.0, 1.0));
        stage.enter("ada", at(1.0, 1.0));
        stage.read_all();
        stage.send("ada", step_to(1, 1.5));
        for session in crowd {
            stage.send_as(session, step_to(1, 1.5));
        }
        stage.tick();
        let sizes: Vec<_> = stage
            .read("ada")
            .iter()
            .map(|packet| match packet {
                Packet::EntitiesMoved(moved) => moved.moves.len(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(sizes, [MOVES_IN_A_PACKET, 1]);
    }

    #[test]
    fn steps_are_counted_from_0_again() {
        assert_eq!(wire_tick(7), 7);
        assert_eq!(wire_tick((1 << 32) + 3), 3);
    }
}
