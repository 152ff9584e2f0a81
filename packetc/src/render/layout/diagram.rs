//! Draws blocks as RFCs do.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |version|  ihl  |   dscp    |ecn|         total_length          |
//! ```

use super::abbreviate::Legend;
use super::blocks::{Block, Cell};
use crate::render::table::columns;

/// Bits to a row.
const ROW: usize = 32;

/// Numbers of the bits, tens above units.
const RULER: &str = concat!(
    " 0                   1                   2                   3\n",
    " 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1\n",
);

/// A cell that fills more rows than this is drawn as one row between tildes.
const MAX_ROWS: usize = 4;

/// Characters between the two ends of a row.
const WIDTH: usize = 2 * ROW - 1;

/// The drawing, with a legend below it if names had to be shortened.
pub(super) fn draw(blocks: &[Block]) -> String {
    let mut text = RULER.to_owned();
    let mut legend = Legend::default();
    let names = all_names(blocks);
    let rows: Vec<Row> = blocks
        .iter()
        .enumerate()
        .flat_map(|(number, block)| rows(number, block, &names, &mut legend))
        .collect();
    let mut above = None;
    for row in &rows {
        text.push_str(&border(above, Some(row)));
        text.push_str(&row.draw());
        above = Some(row);
    }
    text.push_str(&border(above, None));
    text + &legend_text(&legend)
}

fn legend_text(legend: &Legend) -> String {
    let rows: Vec<Vec<String>> = legend
        .entries()
        .iter()
        .map(|(short, long)| vec![format!("  {short}"), long.clone()])
        .collect();
    if rows.is_empty() {
        String::new()
    } else {
        format!("\n{}", columns(&rows))
    }
}

fn all_names(blocks: &[Block]) -> Vec<&str> {
    blocks
        .iter()
        .flat_map(|block| match block {
            Block::Static { cells, .. } => cells.iter().map(|cell| cell.name.as_str()).collect(),
            Block::Dynamic { name, .. } => vec![name.as_str()],
        })
        .collect()
}

/// One line of the drawing.
enum Row {
    /// Segments from the row's start on, without gaps.
    Bits(Vec<Segment>),
    /// Bytes that are not drawn one by one.
    Tildes(String),
}

/// A cell's part in one row.
struct Segment {
    /// The block's and the cell's number: equal ones are one cell.
    cell: (usize, usize),
    /// First column.
    start: usize,
    /// Number of columns.
    len: usize,
    /// Text in it; a cell over several rows has it in one of them.
    label: String,
}

fn rows(number: usize, block: &Block, names: &[&str], legend: &mut Legend) -> Vec<Row> {
    match block {
        Block::Dynamic { name, long } => {
            let fits = |label: &&String| label.chars().count() <= WIDTH - 2;
            let label = [long, name].into_iter().find(fits).cloned();
            vec![Row::Tildes(
                label.unwrap_or_else(|| legend.shorten(name, WIDTH - 2, names)),
            )]
        }
        Block::Static { bits, cells } => {
            let mut drawing = StaticRows {
                block: number,
                rows: Vec::new(),
                open: Vec::new(),
            };
            for (index, cell) in cells.iter().enumerate() {
                drawing.add(index, cell, &label(cell, cells, names, legend));
            }
            debug_assert_eq!(cells.iter().map(|cell| cell.len).sum::<usize>(), *bits);
            drawing.finish()
        }
    }
}

/// The text for a cell: its name, shortened if need be, with its bits if it is one of several pieces.
fn label(cell: &Cell, cells: &[Cell], names: &[&str], legend: &mut Legend) -> String {
    let piece = |cell: &Cell| match cell.piece {
        Some((high, low)) if high == low => format!("[{high}]"),
        Some((high, low)) => format!("[{high}:{low}]"),
        None => String::new(),
    };
    let room = |cell: &Cell| widest(cell) * 2 - 1;
    let full = cell.name.clone() + &piece(cell);
    if full.len() <= room(cell) {
        return full;
    }
    // One short name for all pieces, so the smallest one decides.
    let width = cells
        .iter()
        .filter(|other| other.name == cell.name)
        .map(|other| match room(other).checked_sub(piece(other).len()) {
            None | Some(0) => room(other),
            Some(width) => width,
        })
        .min()
        .unwrap_or(1);
    let short = legend.shorten(&cell.name, width, names);
    let with_piece = short.clone() + &piece(cell);
    if with_piece.len() <= room(cell) {
        with_piece
    } else {
        short
    }
}

/// Columns of a cell's widest segment.
fn widest(cell: &Cell) -> usize {
    segments(cell).map(|(_, len)| len).max().unwrap_or(1)
}

/// First column and number of columns of a cell in each of its rows.
fn segments(cell: &Cell) -> impl Iterator<Item = (usize, usize)> {
    let end = cell.start + cell.len;
    (cell.start / ROW..end.div_ceil(ROW)).map(move |row| {
        let from = cell.start.max(row * ROW);
        (from % ROW, end.min((row + 1) * ROW) - from)
    })
}

/// The rows of one static block while they grow.
struct StaticRows {
    block: usize,
    rows: Vec<Row>,
    /// The last row, which is not full.
    open: Vec<Segment>,
}

impl StaticRows {
    fn add(&mut self, index: usize, cell: &Cell, label: &str) {
        if cell.len / ROW > MAX_ROWS {
            return self.add_long(index, cell, label);
        }
        let segments: Vec<(usize, usize)> = segments(cell).collect();
        let widest = widest(cell);
        let wide: Vec<usize> = (0..segments.len())
            .filter(|&row| segments[row].1 == widest)
            .collect();
        // The middle one, where an eye looks for it.
        let labelled = wide[(wide.len() - 1) / 2];
        for (row, (start, len)) in segments.into_iter().enumerate() {
            self.push(index, start, len, if row == labelled { label } else { "" });
        }
    }

    /// All whole rows of the cell become one row between tildes.
    fn add_long(&mut self, index: usize, cell: &Cell, label: &str) {
        let end = cell.start + cell.len;
        if !cell.start.is_multiple_of(ROW) {
            self.push(index, cell.start % ROW, ROW - cell.start % ROW, "");
        }
        let size = cell.len / 8;
        self.rows
            .push(Row::Tildes(format!("{label}: {size} bytes")));
        if !end.is_multiple_of(ROW) {
            self.push(index, 0, end % ROW, "");
        }
    }

    /// Adds a segment to the open row, which it may fill.
    fn push(&mut self, index: usize, start: usize, len: usize, label: &str) {
        self.open.push(Segment {
            cell: (self.block, index),
            start,
            len,
            label: label.to_owned(),
        });
        if start + len == ROW {
            self.rows.push(Row::Bits(std::mem::take(&mut self.open)));
        }
    }

    fn finish(mut self) -> Vec<Row> {
        if !self.open.is_empty() {
            self.rows.push(Row::Bits(self.open));
        }
        self.rows
    }
}

impl Row {
    fn draw(&self) -> String {
        match self {
            Row::Tildes(label) => format!("~{label:^WIDTH$}~\n"),
            Row::Bits(segments) => {
                let cell =
                    |segment: &Segment| format!("{:^1$}", segment.label, segment.len * 2 - 1);
                let cells: Vec<String> = segments.iter().map(cell).collect();
                format!("|{}|\n", cells.join("|"))
            }
        }
    }

    /// What is drawn in a column.
    fn column(&self, column: usize) -> Column {
        match self {
            Row::Tildes(_) => Column::Tildes,
            Row::Bits(segments) => segments
                .iter()
                .find(|segment| (segment.start..segment.start + segment.len).contains(&column))
                .map_or(Column::Empty, |segment| Column::Cell(segment.cell)),
        }
    }
}

/// What is drawn in one column of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Empty,
    Tildes,
    Cell((usize, usize)),
}

/// What is drawn in one column between two rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing; there is nothing above or below.
    Outside,
    /// Nothing; a cell goes on in the next row.
    Open,
    /// A line.
    Line,
}

/// The line between two rows, or above the first or below the last.
fn border(above: Option<&Row>, below: Option<&Row>) -> String {
    let column = |row: Option<&Row>, column| row.map_or(Column::Empty, |row| row.column(column));
    let gap = |at: usize| match (column(above, at), column(below, at)) {
        (Column::Empty, Column::Empty) => Gap::Outside,
        (Column::Cell(a), Column::Cell(b)) if a == b => Gap::Open,
        _ => Gap::Line,
    };
    let mut line = String::new();
    let mut left = Gap::Outside;
    for at in 0..=ROW {
        let right = if at < ROW { gap(at) } else { Gap::Outside };
        let is_corner = left != right || left == Gap::Line;
        line.push(if is_corner { '+' } else { ' ' });
        line.push(if right == Gap::Line { '-' } else { ' ' });
        left = right;
    }
    line.trim_end().to_owned() + "\n"
}
