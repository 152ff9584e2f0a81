//! Fights: what comes of an attack, who dies, and who comes back.
//!
//! In: an attack, and the world's own dice. Out: `CombatResult` to all who see the target, or why there was
//! no attack. Distances are those of the last step; moves that were asked for since do not count yet.

use super::entity::EntityId;
use super::rules::Rules;
use super::{Post, Refusal, World, encode, post_to};
use crate::game::{Attack, CombatOutcome, CombatResult, ErrorCode, LeftReason};
use crate::server::player::SessionId;

/// When a player may use its skills again, by their numbers. Those that are ready are left out. It stays
/// with the player, so that nobody is faster by leaving the world and coming back.
#[derive(Clone, Debug, Default)]
pub(super) struct Cooldowns(Vec<(u16, u64)>);

impl Cooldowns {
    /// Uses a skill in step `now`, unless it is too early. It says whether it was used.
    fn take(&mut self, skill: u16, ticks: u32, now: u64) -> bool {
        self.0.retain(|(_, ready)| *ready > now);
        if self.0.iter().any(|(number, _)| *number == skill) {
            return false;
        }
        if ticks > 0 {
            self.0.push((skill, now + u64::from(ticks)));
        }
        true
    }
}

/// What an attack does to a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Blow {
    outcome: CombatOutcome,
    damage: u16,
}

impl Blow {
    /// What comes of an attack that does `damage` if it hits, by a roll of the dice from 0 to 99, on a
    /// target with so much health.
    fn new(rules: &Rules, damage: u16, roll: u8, health: u16) -> Self {
        let blocked = rules.miss_percent + rules.block_percent;
        let nothing = |outcome| Self { outcome, damage: 0 };
        if roll < rules.miss_percent {
            return nothing(CombatOutcome::MISSED);
        }
        if roll < blocked {
            return nothing(CombatOutcome::BLOCKED);
        }
        let (outcome, damage) = if roll < blocked + rules.critical_percent {
            (CombatOutcome::CRITICAL, damage.saturating_mul(2))
        } else {
            (CombatOutcome::HIT, damage)
        };
        if damage >= health {
            return Self {
                outcome: CombatOutcome::KILLED,
                damage: health,
            };
        }
        Self { outcome, damage }
    }
}

impl World {
    /// Lets a player attack an entity.
    pub(super) fn attack(
        &mut self,
        session: SessionId,
        attack: &Attack,
        out: &mut impl Post,
    ) -> Result<(), Refusal> {
        let (attacker, target) = self.opponents(session, attack)?;
        let invalid = |text| Refusal {
            code: ErrorCode::INVALID_ARGUMENT,
            text,
        };
        let Some(skill) = self.rules.skills.get(&attack.skill).copied() else {
            return Err(invalid("there is no such skill"));
        };
        let (Some(from), Some(to)) = (self.entities.get(attacker), self.entities.get(target))
        else {
            return Err(Refusal::NO_SUCH_ENTITY);
        };
        if super::movement::distance(from.position, to.position) > f64::from(skill.range) {
            return Err(invalid("the target is out of the skill's range"));
        }
        let now = self.now;
        let ready = self.members.get_mut(&session).is_some_and(|member| {
            member
                .cooldowns
                .take(attack.skill, skill.cooldown_ticks, now)
        });
        if !ready {
            return Err(Refusal {
                code: ErrorCode::RATE_LIMITED,
                text: "the skill has to cool down",
            });
        }
        let blow = Blow::new(&self.rules, skill.damage, self.dice.u8(0..100), to.health);
        self.strike(attacker, target, blow, attack, out);
        Ok(())
    }

    /// The entities of an attack: both alive, two, and in sight of each other.
    fn opponents(
        &self,
        session: SessionId,
        attack: &Attack,
    ) -> Result<(EntityId, EntityId), Refusal> {
        let attacker = self.living_entity(session)?;
        let target = self
            .entities
            .get(EntityId(attack.target))
            .filter(|target| target.is_alive());
        let seen = target.filter(|target| match (attacker.cell, target.cell) {
            (Some(here), Some(there)) => self.grid.sees(here, there),
            _ => false,
        });
        // What is out of sight is as good as not there: nobody learns of it by attacking.
        let Some(target) = seen else {
            return Err(Refusal::NO_SUCH_ENTITY);
        };
        if target.id == attacker.id {
            return Err(Refusal {
                code: ErrorCode::INVALID_ARGUMENT,
                text: "nobody attacks itself",
            });
        }
        Ok((attacker.id, target.id))
    }

    fn strike(
        &mut self,
        attacker: EntityId,
        target: EntityId,
        blow: Blow,
        attack: &Attack,
        out: &mut impl Post,
    ) {
        let Some(entity) = self.entities.get_mut(target) else {
            return;
        };
        entity.health -= blow.damage;
        let result = CombatResult {
            request: attack.request,
            attacker: attacker.0,
            target: target.0,
            skill: attack.skill,
            outcome: blow.outcome,
            damage: blow.damage,
            target_health: entity.health,
        };
        let killed = entity.health == 0;
        if let (Some(cell), Some(packet)) = (entity.cell, encode(&result)) {
            post_to(&self.grid, self.grid.around(cell), &packet, out);
        }
        if killed {
            self.die(target, out);
        }
    }

    /// Takes a dead entity out of sight. Its player goes on seeing what happens around the place.
    fn die(&mut self, id: EntityId, out: &mut impl Post) {
        let respawn_at = self.now + u64::from(self.rules.respawn_ticks);
        let Some(entity) = self.entities.get_mut(id) else {
            return;
        };
        entity.respawn_at = Some(respawn_at);
        entity.wanted = None;
        entity.halt();
        self.respawns.insert((respawn_at, id));
        self.hide(id, LeftReason::DIED, out);
    }

    /// Brings back those whose time has come.
    pub(super) fn respawn_the_dead(&mut self, out: &mut impl Post) {
        while let Some((at, id)) = self.respawns.first().copied()
            && at <= self.now
        {
            self.respawns.pop_first();
            let position = self.somewhere();
            let now = self.now;
            self.retire(id);
            if let Some(entity) = self.entities.get_mut(id) {
                entity.respawn_at = None;
                entity.health = self.rules.health;
                entity.position = position;
                entity.pace.restart(&self.rules, now);
            }
            self.appear(id, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::Skill;
    use super::super::testing::{Stage, at, step_to};
    use super::*;
    use crate::game::{Error, Packet};
    use std::collections::BTreeMap;

    /// Every attack hits.
    fn rules() -> Rules {
        let skill = |range, damage, cooldown_ticks| Skill {
            range,
            damage,
            cooldown_ticks,
        };
        Rules {
            skills: BTreeMap::from([(0, skill(2.0, 40, 0)), (1, skill(20.0, 10, 5))]),
            miss_percent: 0,
            block_percent: 0,
            critical_percent: 0,
            respawn_ticks: 3,
            spawn: at(500.0, 0.0),
            spawn_radius: 0.0,
            ..Rules::default()
        }
    }

    /// Ada and grace a metre apart, edsger 10 m away, and dorothy out of sight.
    fn stage() -> Stage {
        let mut stage = Stage::new(rules());
        for (name, x) in [
            ("ada", 0.0),
            ("grace", 1.0),
            ("edsger", 10.0),
            ("dorothy", 400.0),
        ] {
            stage.enter(name, at(x, 0.0));
        }
        stage.read_all();
        stage
    }

    fn attack(stage: &mut Stage, attacker: &str, target: &str, skill: u16) {
        let target = stage.entity(target);
        let attack = Attack {
            request: 9,
            target,
            skill,
        };
        stage.send(attacker, attack);
    }

    #[track_caller]
    fn check_refused(stage: &mut Stage, attacker: &str, code: ErrorCode) {
        match &stage.read(attacker)[..] {
            [Packet::Error(error)] => {
                let Error {
                    request,
                    packet,
                    code: found,
                    text,
                } = error;
                assert_eq!((*request, *packet, *found), (9, 2008, code), "{text}");
            }
            other => panic!("{other:?}"),
        }
    }

    fn result(packets: &[Packet]) -> Option<CombatResult> {
        packets.iter().find_map(|packet| match packet {
            Packet::CombatResult(result) => Some(*result),
            _ => None,
        })
    }

    #[test]
    fn all_who_see_a_hit_are_told() {
        let mut stage = stage();
        attack(&mut stage, "ada", "grace", 1);
        let expected = CombatResult {
            request: 9,
            attacker: stage.entity("ada"),
            target: stage.entity("grace"),
            skill: 1,
            outcome: CombatOutcome::HIT,
            damage: 10,
            target_health: 90,
        };
        for name in ["ada", "grace", "edsger"] {
            assert_eq!(stage.read(name), [Packet::from(expected)], "{name}");
        }
        assert_eq!(stage.read("dorothy"), []);
    }

    #[test]
    fn a_target_that_is_not_in_sight_is_not_found() {
        let mut stage = stage();
        attack(&mut stage, "ada", "dorothy", 1);
        check_refused(&mut stage, "ada", ErrorCode::NOT_FOUND);
        for target in [0, 77, u32::MAX] {
            let attack = Attack {
                request: 9,
                target,
                skill: 0,
            };
            stage.send("ada", attack);
            check_refused(&mut stage, "ada", ErrorCode::NOT_FOUND);
        }
    }

    #[test]
    fn an_attack_that_makes_no_sense_is_refused() {
        let mut stage = stage();
        attack(&mut stage, "ada", "grace", 77);
        check_refused(&mut stage, "ada", ErrorCode::INVALID_ARGUMENT);
        attack(&mut stage, "ada", "ada", 0);
        check_refused(&mut stage, "ada", ErrorCode::INVALID_ARGUMENT);
        attack(&mut stage, "ada", "edsger", 0);
        check_refused(&mut stage, "ada", ErrorCode::INVALID_ARGUMENT);
        assert_eq!(stage.read("edsger"), []);
    }

    #[test]
    fn a_skill_cools_down() {
        let mut stage = stage();
        attack(&mut stage, "ada", "grace", 1);
        assert!(result(&stage.read("ada")).is_some());
        for _ in 0..4 {
            stage.tick();
        }
        attack(&mut stage, "ada", "grace", 1);
        check_refused(&mut stage, "ada", ErrorCode::RATE_LIMITED);
        attack(&mut stage, "ada", "grace", 0);
        assert!(result(&stage.read("ada")).is_some(), "another skill");
        stage.tick();
        attack(&mut stage, "ada", "grace", 1);
        assert!(result(&stage.read("ada")).is_some(), "the same skill later");
    }

    #[test]
    fn leaving_the_world_does_not_cool_a_skill() {
        let mut stage = stage();
        attack(&mut stage, "ada", "grace", 1);
        stage.leave_world("ada");
        stage.enter("ada", at(0.0, 0.0));
        stage.read_all();
        attack(&mut stage, "ada", "grace", 1);
        check_refused(&mut stage, "ada", ErrorCode::RATE_LIMITED);
    }

    /// Grace is hit three times by 40.
    fn kill_grace(stage: &mut Stage) {
        for _ in 0..3 {
            attack(stage, "ada", "grace", 0);
        }
    }

    #[test]
    fn the_dead_are_gone_for_all_who_saw_them() {
        let mut stage = stage();
        kill_grace(&mut stage);
        let grace = stage.entity("grace");
        for name in ["ada", "grace", "edsger"] {
            let packets = stage.read(name);
            match &packets[..] {
                [_, _, Packet::CombatResult(last), Packet::EntityLeft(left)] => {
                    assert_eq!(last.outcome, CombatOutcome::KILLED);
                    assert_eq!((last.damage, last.target_health), (20, 0));
                    assert_eq!((left.entity, left.reason), (grace, LeftReason::DIED));
                }
                other => panic!("{name} got {other:?}"),
            }
        }
        attack(&mut stage, "ada", "grace", 0);
        check_refused(&mut stage, "ada", ErrorCode::NOT_FOUND);
    }

    #[test]
    fn the_dead_do_nothing() {
        let mut stage = stage();
        kill_grace(&mut stage);
        stage.read_all();
        attack(&mut stage, "grace", "ada", 0);
        check_refused(&mut stage, "grace", ErrorCode::UNAVAILABLE);
        stage.send("grace", step_to(1, 1.5));
        match &stage.read("grace")[..] {
            [Packet::MoveRejected(rejected)] => assert_eq!(rejected.position, at(1.0, 0.0)),
            other => panic!("{other:?}"),
        }
        stage.tick();
        assert_eq!(stage.read("ada"), []);
    }

    #[test]
    fn a_move_does_not_survive_its_player() {
        let mut stage = stage();
        stage.send("grace", step_to(1, 1.5));
        kill_grace(&mut stage);
        stage.read_all();
        stage.tick();
        assert_eq!(stage.read("ada"), []);
        assert_eq!(stage.read("grace"), []);
    }

    #[test]
    fn the_dead_come_back_well_where_the_rules_say() {
        let mut stage = stage();
        kill_grace(&mut stage);
        stage.read_all();
        stage.tick();
        stage.tick();
        assert_eq!(stage.read("grace"), []);
        stage.tick();
        match &stage.read("grace")[..] {
            [Packet::WorldSnapshot(snapshot)] => {
                let own = stage.entity("grace");
                let entity = snapshot.entities.iter().find(|entity| entity.id == own);
                let entity = entity.expect("the own entity");
                assert_eq!((entity.health, entity.position), (100, at(500.0, 0.0)));
            }
            other => panic!("{other:?}"),
        }
        // Where she died nobody sees her, but others do.
        assert_eq!(stage.read("ada"), []);
        match &stage.read("dorothy")[..] {
            [Packet::EntityEntered(entered)] => assert_eq!(entered.entity.name, "grace"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn who_leaves_dead_comes_back_only_as_somebody_new() {
        let mut stage = stage();
        kill_grace(&mut stage);
        stage.leave_world("grace");
        stage.read_all();
        for _ in 0..5 {
            stage.tick();
        }
        assert_eq!(stage.read("ada"), []);
        assert_eq!(stage.read("grace"), []);
    }

    #[track_caller]
    fn check_blow(roll: u8, health: u16, outcome: CombatOutcome, damage: u16) {
        let rules = Rules {
            miss_percent: 10,
            block_percent: 20,
            critical_percent: 30,
            ..Rules::default()
        };
        let blow = Blow::new(&rules, 15, roll, health);
        assert_eq!(blow, Blow { outcome, damage });
    }

    #[test]
    fn the_dice_decide() {
        check_blow(0, 100, CombatOutcome::MISSED, 0);
        check_blow(9, 1, CombatOutcome::MISSED, 0);
        check_blow(10, 100, CombatOutcome::BLOCKED, 0);
        check_blow(29, 100, CombatOutcome::BLOCKED, 0);
        check_blow(30, 100, CombatOutcome::CRITICAL, 30);
        check_blow(59, 100, CombatOutcome::CRITICAL, 30);
        check_blow(60, 100, CombatOutcome::HIT, 15);
        check_blow(99, 16, CombatOutcome::HIT, 15);
        check_blow(99, 15, CombatOutcome::KILLED, 15);
        check_blow(59, 20, CombatOutcome::KILLED, 20);
    }

    #[test]
    fn outcomes_come_as_often_as_the_rules_say() {
        let mut stage = Stage::new(Rules {
            miss_percent: 20,
            block_percent: 30,
            critical_percent: 10,
            health: 65534,
            ..rules()
        });
        stage.enter("ada", at(0.0, 0.0));
        stage.enter("grace", at(1.0, 0.0));
        stage.read_all();
        let mut counts = BTreeMap::new();
        for _ in 0..1000 {
            attack(&mut stage, "ada", "grace", 0);
            let result = result(&stage.read("ada")).unwrap();
            *counts.entry(result.outcome.0).or_insert(0) += 1;
        }
        let check = |outcome: CombatOutcome, expected: i32| {
            let found: i32 = counts[&outcome.0];
            assert!((found - expected).abs() < 60, "{outcome:?}: {found}");
        };
        check(CombatOutcome::MISSED, 200);
        check(CombatOutcome::BLOCKED, 300);
        check(CombatOutcome::CRITICAL, 100);
        check(CombatOutcome::HIT, 400);
    }
}
