//! How players move: in circles, at a walk, so that all stay near where they began.

use crate::game::{Motion, Move, Vec3};
use std::f64::consts::TAU;
use std::time::Instant;

/// Radius of the circles, in metres.
const RADIUS: f64 = 4.0;
/// Speed, in metres per second.
const SPEED: f64 = 3.0;
/// How far crowds are from each other, in metres: further than anybody sees.
const APART: f32 = 256.0;
/// Places for crowds in a row, and rows.
const ROW: usize = 15;

/// A player who walks.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    from: Vec3,
    since: Option<Instant>,
    sequence: u32,
}

impl Walk {
    /// Walks from here on.
    pub(super) const fn new(from: Vec3) -> Self {
        Self {
            from,
            since: None,
            sequence: 0,
        }
    }

    /// The next move, at this time.
    pub(super) fn step(&mut self, at: Instant) -> Move {
        let since = *self.since.get_or_insert(at);
        let walked = at.saturating_duration_since(since).as_secs_f64() * SPEED;
        let angle = (walked / RADIUS) % TAU;
        let (sin, cos) = angle.sin_cos();
        self.sequence = self.sequence.wrapping_add(1);
        Move {
            sequence: self.sequence,
            position: Vec3 {
                x: self.from.x + single(RADIUS * sin),
                y: self.from.y,
                z: self.from.z + single(RADIUS * (1.0 - cos)),
            },
            velocity: Vec3 {
                x: single(SPEED * cos),
                y: 0.0,
                z: single(SPEED * sin),
            },
            motion: Motion::default(),
        }
    }

    /// The server says that the player is here.
    pub(super) fn put_back(&mut self, to: Vec3) {
        self.from = to;
        self.since = None;
    }
}

/// Where the crowd of a player stands, around the middle of the world.
pub(super) fn place_of_crowd(crowd: usize) -> Vec3 {
    let place = |number: usize| {
        let number = u16::try_from(number % ROW).unwrap_or(0);
        (f32::from(number) - 7.0) * APART
    };
    Vec3 {
        x: place(crowd),
        y: 0.0,
        z: place(crowd / ROW),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a few metres, exact enough"
)]
fn single(metres: f64) -> f32 {
    metres as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn apart(a: Vec3, b: Vec3) -> f32 {
        (a.x - b.x).hypot(a.z - b.z)
    }

    #[test]
    fn a_walk_stays_near_and_keeps_its_speed() {
        let from = place_of_crowd(3);
        let start = Instant::now();
        let mut walk = Walk::new(from);
        let mut before = walk.step(start);
        assert_eq!(before.position, from);
        for step in 1..1000 {
            let next = walk.step(start + Duration::from_millis(50) * step);
            assert_eq!(next.sequence, before.sequence + 1);
            let way = apart(next.position, before.position);
            assert!((0.14..0.16).contains(&way), "{way}");
            assert!(apart(next.position, from) <= 8.01);
            before = next;
        }
    }

    #[test]
    fn who_is_put_back_goes_on_from_there() {
        let start = Instant::now();
        let mut walk = Walk::new(place_of_crowd(0));
        walk.step(start);
        let there = place_of_crowd(1);
        walk.put_back(there);
        let next = walk.step(start + Duration::from_secs(9));
        assert_eq!((next.position, next.sequence), (there, 2));
    }

    #[test]
    fn crowds_do_not_see_each_other() {
        for crowd in 1..ROW * ROW {
            for other in 0..crowd {
                let way = apart(place_of_crowd(crowd), place_of_crowd(other));
                assert!(way >= APART, "{crowd} and {other}: {way}");
            }
        }
    }
}
