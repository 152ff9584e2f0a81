//! Interest: who is told of what, by cells of a grid over the map.
//!
//! In: places. Out: for each cell, the sessions whose players are in it and the entities that can be seen
//! there. What is told, and how, is not known here.
//!
//! A player sees the cells around its own one, all of them whole. So it is a matter of two cells, and of
//! no more, whether a player sees an entity; it is mutual, and what happens in a cell is encoded once for
//! all who see that cell. An entity stays with its cell until it is behind the border by the
//! hysteresis:
//!
//! ```text
//!              cell A                        cell B
//! |                            .  |  .                            |
//!                    from B to A  |  from A to B
//! ```
//!
//! If `r` rings of cells are seen, two entities in cells that do not see each other are at least `r` cells
//! less two hystereses apart. That is no less than the view distance.

use super::entity::EntityId;
use super::roster::Roster;
use super::rules::Rules;
use crate::game::{EntityMotion, Vec3};
use crate::server::player::SessionId;

/// The most cells of a grid. An empty one takes some 80 bytes.
pub(super) const MAX_CELLS: u64 = 1 << 18;

/// The cells of a world.
#[derive(Debug)]
pub(super) struct Grid {
    min: Vec3,
    cell_size: f32,
    hysteresis: f32,
    columns: u32,
    rows: u32,
    /// How many rings around its own cell a player sees.
    rings: u32,
    cells: Vec<Cell>,
}

/// Number of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CellId(u32);

/// A part of the map, seen as a whole or not at all.
#[derive(Debug, Default)]
pub(super) struct Cell {
    /// Sessions whose players are here, also those who cannot be seen themselves.
    pub(super) viewers: Roster<SessionId>,
    /// What can be seen here.
    pub(super) entities: Roster<EntityId>,
    /// What moved here in the present step. It is kept for its memory.
    pub(super) moves: Vec<EntityMotion>,
}

/// How far the rings of cells have to reach.
pub(super) fn coverage(rules: &Rules) -> f32 {
    rules.view_distance + 2.0 * rules.hysteresis
}

/// How many cells a world by these rules has.
pub(super) fn cell_count(rules: &Rules) -> u64 {
    let (columns, rows) = dimensions(rules);
    u64::from(columns) * u64::from(rows)
}

fn dimensions(rules: &Rules) -> (u32, u32) {
    let cells = |min: f32, max: f32| whole(((max - min) / rules.cell_size).ceil()).max(1);
    (
        cells(rules.min.x, rules.max.x),
        cells(rules.min.z, rules.max.z),
    )
}

/// The whole number below, and the nearest one for what is none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what is wanted"
)]
fn whole(number: f32) -> u32 {
    number as u32
}

impl Grid {
    /// The empty grid of a world by valid rules.
    pub(super) fn new(rules: &Rules) -> Self {
        let (columns, rows) = dimensions(rules);
        let mut cells = Vec::new();
        cells.resize_with(columns as usize * rows as usize, Cell::default);
        Self {
            min: rules.min,
            cell_size: rules.cell_size,
            hysteresis: rules.hysteresis,
            columns,
            rows,
            rings: whole((coverage(rules) / rules.cell_size).ceil()),
            cells,
        }
    }

    pub(super) fn cell(&self, cell: CellId) -> &Cell {
        &self.cells[cell.0 as usize]
    }

    pub(super) fn cell_mut(&mut self, cell: CellId) -> &mut Cell {
        &mut self.cells[cell.0 as usize]
    }

    /// The cell in which a place lies. Places outside of the world belong to the cells at its edge.
    pub(super) fn cell_at(&self, place: Vec3) -> CellId {
        let along =
            |from: f32, to: f32, cells: u32| whole((to - from) / self.cell_size).min(cells - 1);
        let column = along(self.min.x, place.x, self.columns);
        let row = along(self.min.z, place.z, self.rows);
        self.cell_of(column, row)
    }

    /// The cell of an entity that was in `cell` and is now at `place`: the same one, unless the entity is
    /// clearly out of it.
    pub(super) fn follow(&self, cell: CellId, place: Vec3) -> CellId {
        let (column, row) = self.position_of(cell);
        let stays = |from: f32, to: f32, number: u32| {
            #[expect(
                clippy::cast_precision_loss,
                reason = "there are fewer than 2^24 cells"
            )]
            let begin = from + number as f32 * self.cell_size;
            let end = begin + self.cell_size;
            (begin - self.hysteresis..=end + self.hysteresis).contains(&to)
        };
        if stays(self.min.x, place.x, column) && stays(self.min.z, place.z, row) {
            return cell;
        }
        self.cell_at(place)
    }

    /// Whether a player in one cell sees what is in the other. It is mutual.
    pub(super) fn sees(&self, one: CellId, other: CellId) -> bool {
        let ((column, row), (other_column, other_row)) =
            (self.position_of(one), self.position_of(other));
        column.abs_diff(other_column) <= self.rings && row.abs_diff(other_row) <= self.rings
    }

    /// All cells that are seen from one, itself included, in ascending order.
    pub(super) fn around(&self, cell: CellId) -> impl Iterator<Item = CellId> + use<> {
        let (column, row) = self.position_of(cell);
        let span = |middle: u32, cells: u32| {
            middle.saturating_sub(self.rings)..=(middle + self.rings).min(cells - 1)
        };
        let (width, columns) = (self.columns, span(column, self.columns));
        span(row, self.rows).flat_map(move |row| {
            let columns = columns.clone();
            columns.map(move |column| CellId(row * width + column))
        })
    }

    fn cell_of(&self, column: u32, row: u32) -> CellId {
        CellId(row * self.columns + column)
    }

    fn position_of(&self, cell: CellId) -> (u32, u32) {
        (cell.0 % self.columns, cell.0 / self.columns)
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::vec3;
    use super::*;

    /// Ten by ten cells of 100 m, of which one ring is seen.
    fn rules() -> Rules {
        Rules {
            min: vec3(0.0, 0.0, 0.0),
            max: vec3(1000.0, 100.0, 1000.0),
            view_distance: 80.0,
            cell_size: 100.0,
            hysteresis: 10.0,
            ..Rules::default()
        }
    }

    fn at(x: f32, z: f32) -> Vec3 {
        vec3(x, 0.0, z)
    }

    #[track_caller]
    fn check_cell(place: Vec3, column: u32, row: u32) {
        let grid = Grid::new(&rules());
        assert_eq!(grid.position_of(grid.cell_at(place)), (column, row));
    }

    #[test]
    fn a_place_has_a_cell() {
        check_cell(at(0.0, 0.0), 0, 0);
        check_cell(at(99.9, 100.0), 0, 1);
        check_cell(at(1000.0, 1000.0), 9, 9);
    }

    #[test]
    fn places_outside_belong_to_the_edge() {
        check_cell(at(-5.0, 2000.0), 0, 9);
        check_cell(at(f32::MAX, -f32::MAX), 9, 0);
    }

    #[test]
    fn a_border_has_to_be_left_behind() {
        let grid = Grid::new(&rules());
        let (west, east) = (grid.cell_at(at(50.0, 50.0)), grid.cell_at(at(150.0, 50.0)));
        assert_eq!(grid.follow(west, at(109.0, 50.0)), west);
        assert_eq!(grid.follow(west, at(111.0, 50.0)), east);
        assert_eq!(grid.follow(east, at(91.0, 50.0)), east);
        assert_eq!(grid.follow(east, at(89.0, 50.0)), west);
    }

    #[test]
    fn sight_is_mutual_and_covers_the_view_distance() {
        for (cell_size, rings) in [(100.0, 1), (50.0, 2)] {
            let grid = Grid::new(&Rules {
                cell_size,
                ..rules()
            });
            assert_eq!(grid.rings, rings);
            let here = grid.cell_at(at(499.0, 499.0));
            for (x, z) in [(420.0, 499.0), (578.0, 578.0), (499.0, 420.0)] {
                let there = grid.cell_at(at(x, z));
                assert!(grid.sees(here, there), "{x} {z}");
                assert!(grid.sees(there, here), "{x} {z}");
            }
            let away = grid.cell_at(at(801.0, 499.0));
            assert!(!grid.sees(here, away));
            assert!(!grid.sees(away, here));
        }
    }

    #[test]
    fn the_cells_around_one_are_those_that_it_sees() {
        for cell_size in [100.0, 50.0] {
            let grid = Grid::new(&Rules {
                cell_size,
                ..rules()
            });
            let all = || (0..grid.columns * grid.rows).map(CellId);
            for cell in all() {
                let seen: Vec<_> = all().filter(|other| grid.sees(cell, *other)).collect();
                assert_eq!(grid.around(cell).collect::<Vec<_>>(), seen);
            }
        }
    }

    #[test]
    fn a_world_smaller_than_a_cell_has_one() {
        let grid = Grid::new(&Rules {
            max: vec3(1.0, 1.0, 1.0),
            ..rules()
        });
        assert_eq!(grid.around(grid.cell_at(at(1.0, 1.0))).count(), 1);
    }
}
