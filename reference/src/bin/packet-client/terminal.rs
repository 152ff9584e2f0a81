//! Text from the wire on a terminal.

use std::fmt::Write as _;

/// Text without anything that could steer a terminal or turn the direction of writing: others wrote it.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_direction(c) {
            let _ = write!(shown, "{}", c.escape_unicode()); // cannot fail
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Whether a character turns the direction of what follows it, so that text could pose as other text, or breaks the line.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_the_wire_steers_the_terminal() {
        assert_eq!(visible("don't: 안녕"), "don't: 안녕");
        assert_eq!(visible("\u{1b}[31m\n"), "\\u{1b}[31m\\u{a}");
        assert_eq!(visible("\u{202e}\u{9b}"), "\\u{202e}\\u{9b}");
    }
}
