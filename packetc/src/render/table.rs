//! Text in columns and paragraphs.

use packet_schema::diagnostic::is_invisible;

/// Text of a schema on one line, in which nothing steers a terminal or turns what stands beside it.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(seen).collect()
}

fn seen(c: char) -> char {
    if is_invisible(c) { ' ' } else { c }
}

/// Lines with their cells padded to columns two spaces apart; nothing trails.
pub(super) fn columns(rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| one_line(cell)).collect())
        .collect();
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            // A column that is empty in all rows takes no room.
            .filter(|(_, width)| **width > 0)
            .map(|(cell, &width)| format!("{cell:width$}"))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// Characters to a line of running text.
const LINE: usize = 80;

/// Running text in lines of at most 80 characters; a line break in the text stays one.
pub(super) fn paragraph(text: &str) -> String {
    let mut lines = Vec::new();
    for paragraph in text.trim_end().lines() {
        let mut line = String::new();
        for word in one_line(paragraph).split_whitespace() {
            let length = line.chars().count() + 1 + word.chars().count();
            if !line.is_empty() && length > LINE {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_nothing_trails() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        assert_eq!(
            columns(&[
                row(["field", "", "type"]),
                row(["x", "", "f32"]),
                row(["long_name", "", ""])
            ]),
            "field      type\nx          f32\nlong_name\n"
        );
    }

    #[test]
    fn texts_of_schemas_stay_in_their_place() {
        let hostile = "a\u{1b}[2J\r\n\u{202e}b\u{2028}c\0";
        let rows = [vec![hostile.to_owned(), "d".to_owned()]];
        assert_eq!(columns(&rows), "a [2J   b c   d\n");
        assert_eq!(paragraph(hostile), "a [2J\nb c\n");
    }

    #[test]
    fn paragraphs_are_wrapped_between_words() {
        let text = format!("{} {}\nb\n", "a".repeat(40), "a".repeat(40));
        let half = "a".repeat(40);
        assert_eq!(paragraph(&text), format!("{half}\n{half}\nb\n"));
    }
}
