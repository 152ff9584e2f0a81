//! What can differ from one world to the next, and what holds among these numbers.

use super::grid;
use crate::game::Vec3;
use std::collections::BTreeMap;
use std::fmt;

/// The rules of a world.
///
/// ```
/// use reference::server::world::Rules;
///
/// let rules = Rules { tick_hz: 0, ..Rules::default() };
/// let error = rules.validate().unwrap_err();
/// assert_eq!(error.to_string(), "`tick_hz` is 0, but has to be at least 1");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// The corner of the world with the smallest coordinates, in metres.
    pub min: Vec3,
    /// The corner with the largest ones.
    pub max: Vec3,
    /// Where those begin, and go on after death, who cannot or do not choose a place.
    pub spawn: Vec3,
    /// How far from `spawn` that may be, to the east, west, north and south; in metres.
    pub spawn_radius: f32,
    /// Whether players may choose where they enter the world.
    pub spawn_wishes: bool,
    /// Steps in a second.
    pub tick_hz: u8,
    /// How far players see for certain, in metres. Height does not count.
    ///
    /// What is seen is decided by cells of a grid and not by pairs of entities, so players see somewhat
    /// further: see `cell_size`.
    pub view_distance: f32,
    /// Length of the sides of the grid's cells, in metres. A player sees its own cell and one or two rings
    /// of cells around it, whichever it takes to cover the view distance. Nothing is seen that is further
    /// away, in x or z, than one cell more than these rings and twice the hysteresis.
    pub cell_size: f32,
    /// How far an entity has to be behind the border of its cell to belong to the next one, in metres. It
    /// keeps those who walk along a border from appearing and disappearing.
    pub hysteresis: f32,
    /// How fast players go, in metres per second.
    pub speed: f32,
    /// How fast players rise and fall, in metres per second.
    pub vertical_speed: f32,
    /// By how much moves may be faster than that, as a factor: clocks differ.
    pub speed_tolerance: f32,
    /// For how many seconds of silence a player may make up at once, since networks stumble.
    pub burst_seconds: f32,
    /// The most players that are in the world at a time.
    pub capacity: u32,
    /// Health of those who are well.
    pub health: u16,
    /// Steps from death to life.
    pub respawn_ticks: u32,
    /// Steps for which the number of an entity that is gone is given to no other.
    pub id_rest_ticks: u32,
    /// What players attack with. 0 is the bare hand.
    pub skills: BTreeMap<u16, Skill>,
    /// How many attacks in a hundred miss.
    pub miss_percent: u8,
    /// How many are blocked.
    pub block_percent: u8,
    /// How many hit for double damage.
    pub critical_percent: u8,
    /// The most rooms that there are at a time.
    pub max_rooms: u32,
    /// The most players in a room.
    pub max_room_members: u16,
    /// The most rooms that a player is in.
    pub max_rooms_per_player: u16,
}

/// Something to attack with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Skill {
    /// How far it reaches, in metres; not further than players see.
    pub range: f32,
    /// What a hit takes.
    pub damage: u16,
    /// Steps until it can be used again; 0 is at once.
    pub cooldown_ticks: u32,
}

impl Default for Rules {
    /// A map of 4 by 4 kilometres at 20 steps in a second.
    fn default() -> Self {
        let skill = |range, damage, cooldown_ticks| Skill {
            range,
            damage,
            cooldown_ticks,
        };
        Self {
            min: vec3(-2048.0, -256.0, -2048.0),
            max: vec3(2048.0, 1024.0, 2048.0),
            spawn: vec3(0.0, 0.0, 0.0),
            spawn_radius: 32.0,
            spawn_wishes: true,
            tick_hz: 20,
            view_distance: 64.0,
            cell_size: 72.0,
            hysteresis: 4.0,
            speed: 12.0,
            vertical_speed: 60.0,
            speed_tolerance: 1.25,
            burst_seconds: 1.0,
            capacity: 20_000,
            health: 100,
            respawn_ticks: 100,
            id_rest_ticks: 200,
            skills: BTreeMap::from([
                (0, skill(2.0, 5, 10)),
                (1, skill(3.0, 12, 20)),
                (2, skill(40.0, 8, 30)),
                (3, skill(30.0, 25, 100)),
            ]),
            miss_percent: 10,
            block_percent: 10,
            critical_percent: 10,
            max_rooms: 1000,
            max_room_members: 1000,
            max_rooms_per_player: 16,
        }
    }
}

impl Rules {
    /// Looks for rules that contradict each other, or that no world can keep.
    ///
    /// # Errors
    /// The first one.
    pub fn validate(&self) -> Result<(), RulesError> {
        self.validate_space()?;
        self.validate_motion()?;
        self.validate_combat()?;
        self.validate_limits()
    }

    fn validate_space(&self) -> Result<(), RulesError> {
        for (rule, from, to) in [
            ("max.x", self.min.x, self.max.x),
            ("max.y", self.min.y, self.max.y),
            ("max.z", self.min.z, self.max.z),
        ] {
            // Written so that what is no number is refused as well.
            let fine = from.is_finite() && to.is_finite() && from < to;
            require(fine, rule, to, || {
                format!("has to be finite and more than that of `min`, which is {from}")
            })?;
        }
        let spawn = self.spawn;
        require(self.contains(spawn), "spawn", show(spawn), || {
            "has to be inside of the world".to_owned()
        })?;
        not_negative("spawn_radius", self.spawn_radius)?;
        for edge in [
            vec3(
                spawn.x - self.spawn_radius,
                spawn.y,
                spawn.z - self.spawn_radius,
            ),
            vec3(
                spawn.x + self.spawn_radius,
                spawn.y,
                spawn.z + self.spawn_radius,
            ),
        ] {
            let fine = self.contains(edge);
            require(fine, "spawn_radius", self.spawn_radius, || {
                format!("has to end inside of the world; {} is outside", show(edge))
            })?;
        }
        positive("view_distance", self.view_distance)?;
        not_negative("hysteresis", self.hysteresis)?;
        positive("cell_size", self.cell_size)?;
        let least = grid::coverage(self) / 2.0;
        let fine = self.cell_size >= least && least.is_finite();
        require(fine, "cell_size", self.cell_size, || {
            format!(
                "has to be at least {least}, so that two rings of cells cover the view distance and twice \
                 the hysteresis"
            )
        })?;
        let cells = grid::cell_count(self);
        require(
            cells <= grid::MAX_CELLS,
            "cell_size",
            self.cell_size,
            || {
                format!(
                    "has to be larger: the world would have {cells} cells, of which {} are allowed",
                    grid::MAX_CELLS
                )
            },
        )
    }

    fn validate_motion(&self) -> Result<(), RulesError> {
        at_least("tick_hz", u32::from(self.tick_hz), 1)?;
        positive("speed", self.speed)?;
        positive("vertical_speed", self.vertical_speed)?;
        let fine = self.speed_tolerance.is_finite() && self.speed_tolerance >= 1.0;
        require(fine, "speed_tolerance", self.speed_tolerance, || {
            "has to be a factor of 1 or more".to_owned()
        })?;
        let tick = 1.0 / f32::from(self.tick_hz);
        let fine = self.burst_seconds.is_finite() && self.burst_seconds >= tick;
        require(fine, "burst_seconds", self.burst_seconds, || {
            format!("has to be at least the {tick} seconds of a step")
        })
    }

    fn validate_combat(&self) -> Result<(), RulesError> {
        // 65535 is what cannot be hurt has.
        let fine = (1..u16::MAX).contains(&self.health);
        require(fine, "health", self.health, || {
            "has to be from 1 to 65534".to_owned()
        })?;
        at_least("respawn_ticks", self.respawn_ticks, 1)?;
        let hand = self.skills.contains_key(&0);
        require(hand, "skills", self.skills.len(), || {
            "skills have to have number 0 among them, the bare hand".to_owned()
        })?;
        for (number, skill) in &self.skills {
            let fine = skill.range > 0.0 && skill.range <= self.view_distance;
            require(fine, "skills.range", skill.range, || {
                format!(
                    "of skill {number} has to be more than 0 and at most the view distance, {}",
                    self.view_distance
                )
            })?;
        }
        let percent = u32::from(self.miss_percent)
            + u32::from(self.block_percent)
            + u32::from(self.critical_percent);
        require(
            percent <= 100,
            "critical_percent",
            self.critical_percent,
            || {
                format!(
                    "has to make up at most 100 with those of misses and blocks; it is {percent}"
                )
            },
        )
    }

    fn validate_limits(&self) -> Result<(), RulesError> {
        at_least("capacity", self.capacity, 1)?;
        at_least("id_rest_ticks", self.id_rest_ticks, 1)?;
        at_least("max_rooms", self.max_rooms, 1)?;
        at_least("max_room_members", u32::from(self.max_room_members), 1)?;
        at_least(
            "max_rooms_per_player",
            u32::from(self.max_rooms_per_player),
            1,
        )
    }

    /// Whether a place is inside of the world.
    pub(super) fn contains(&self, place: Vec3) -> bool {
        (self.min.x..=self.max.x).contains(&place.x)
            && (self.min.y..=self.max.y).contains(&place.y)
            && (self.min.z..=self.max.z).contains(&place.z)
    }
}

/// A rule that no world can keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesError {
    rule: &'static str,
    found: String,
    expected: String,
}

impl RulesError {
    /// The field of [`Rules`] that has to change.
    pub fn rule(&self) -> &'static str {
        self.rule
    }

    /// What is wrong with it: a sentence whose subject is the rule.
    pub fn problem(&self) -> String {
        format!("is {}, but {}", self.found, self.expected)
    }
}

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.rule, self.problem())
    }
}

impl std::error::Error for RulesError {}

pub(super) const fn vec3(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3 { x, y, z }
}

fn require(
    fine: bool,
    rule: &'static str,
    found: impl fmt::Display,
    expected: impl FnOnce() -> String,
) -> Result<(), RulesError> {
    if fine {
        return Ok(());
    }
    Err(RulesError {
        rule,
        found: found.to_string(),
        expected: expected(),
    })
}

fn at_least(rule: &'static str, found: u32, least: u32) -> Result<(), RulesError> {
    require(found >= least, rule, found, || {
        format!("has to be at least {least}")
    })
}

fn positive(rule: &'static str, found: f32) -> Result<(), RulesError> {
    require(found.is_finite() && found > 0.0, rule, found, || {
        "has to be more than 0".to_owned()
    })
}

fn not_negative(rule: &'static str, found: f32) -> Result<(), RulesError> {
    require(found.is_finite() && found >= 0.0, rule, found, || {
        "has to be 0 or more".to_owned()
    })
}

fn show(place: Vec3) -> String {
    format!("({}, {}, {})", place.x, place.y, place.z)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Changes one thing about the default rules, and expects it to be refused with this text.
    #[track_caller]
    fn check(change: impl FnOnce(&mut Rules), expected: &str) {
        let mut rules = Rules::default();
        change(&mut rules);
        assert_eq!(rules.validate().unwrap_err().to_string(), expected);
    }

    #[test]
    fn the_default_rules_can_be_kept() {
        assert_eq!(Rules::default().validate(), Ok(()));
    }

    #[test]
    fn refuses_a_world_without_room() {
        check(
            |rules| rules.max.x = -2048.0,
            "`max.x` is -2048, but has to be finite and more than that of `min`, which is -2048",
        );
        check(
            |rules| rules.max.y = f32::NAN,
            "`max.y` is NaN, but has to be finite and more than that of `min`, which is -256",
        );
        check(
            |rules| rules.spawn.y = 2000.0,
            "`spawn` is (0, 2000, 0), but has to be inside of the world",
        );
        check(
            |rules| rules.spawn_radius = 3000.0,
            "`spawn_radius` is 3000, but has to end inside of the world; (-3000, 0, -3000) is outside",
        );
    }

    #[test]
    fn refuses_cells_that_do_not_cover_the_view() {
        check(
            |rules| rules.cell_size = 35.0,
            "`cell_size` is 35, but has to be at least 36, so that two rings of cells cover the view \
             distance and twice the hysteresis",
        );
        check(
            |rules| rules.view_distance = f32::INFINITY,
            "`view_distance` is inf, but has to be more than 0",
        );
    }

    #[test]
    fn refuses_more_cells_than_memory_should_hold() {
        check(
            |rules| {
                rules.view_distance = 2.0;
                rules.hysteresis = 0.0;
                rules.cell_size = 1.0;
                rules.skills.retain(|number, _| *number == 0);
            },
            "`cell_size` is 1, but has to be larger: the world would have 16777216 cells, of which 262144 \
             are allowed",
        );
    }

    #[test]
    fn refuses_a_speed_that_is_none() {
        check(
            |rules| rules.speed = 0.0,
            "`speed` is 0, but has to be more than 0",
        );
        check(
            |rules| rules.speed_tolerance = 0.9,
            "`speed_tolerance` is 0.9, but has to be a factor of 1 or more",
        );
        check(
            |rules| rules.burst_seconds = 0.01,
            "`burst_seconds` is 0.01, but has to be at least the 0.05 seconds of a step",
        );
    }

    #[test]
    fn refuses_fights_that_nobody_could_follow() {
        check(
            |rules| rules.health = u16::MAX,
            "`health` is 65535, but has to be from 1 to 65534",
        );
        check(
            |rules| rules.skills.clear(),
            "`skills` is 0, but skills have to have number 0 among them, the bare hand",
        );
        check(
            |rules| rules.view_distance = 30.0,
            "`skills.range` is 40, but of skill 2 has to be more than 0 and at most the view distance, 30",
        );
        check(
            |rules| rules.miss_percent = 90,
            "`critical_percent` is 10, but has to make up at most 100 with those of misses and blocks; it is \
             110",
        );
    }

    #[test]
    fn refuses_limits_that_let_nobody_in() {
        check(
            |rules| rules.capacity = 0,
            "`capacity` is 0, but has to be at least 1",
        );
        check(
            |rules| rules.max_room_members = 0,
            "`max_room_members` is 0, but has to be at least 1",
        );
    }
}
