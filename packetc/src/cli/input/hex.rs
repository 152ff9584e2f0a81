//! Hexadecimal digits as people and tools write them.

use packetc::render::{Position, Source};
use std::fmt;

/// The bytes that hexadecimal digits stand for.
///
/// White space, commas and colons may stand between bytes, and `0x` in front of them. The two digits of a
/// byte stand together: a digit that got lost is an error rather than another packet.
pub(super) fn parse(text: &str) -> Result<Vec<u8>, HexError> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut start = 0;
    for word in text.split_inclusive(is_separator) {
        let digits = word.trim_end_matches(is_separator);
        let prefix = if digits.starts_with("0x") || digits.starts_with("0X") {
            2
        } else {
            0
        };
        parse_word(text, start + prefix, &digits[prefix..], &mut bytes)?;
        start += word.len();
    }
    Ok(bytes)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ':')
}

fn parse_word(text: &str, start: usize, digits: &str, bytes: &mut Vec<u8>) -> Result<(), HexError> {
    let mut high = None;
    for (offset, c) in digits.char_indices() {
        let Some(digit) = c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()) else {
            let problem = format!("{c:?} is not a hexadecimal digit");
            return Err(HexError::new(text, start + offset, problem));
        };
        high = match high {
            None => Some(digit),
            Some(high) => {
                bytes.push(high << 4 | digit);
                None
            }
        };
    }
    if high.is_none() {
        return Ok(());
    }
    let problem = format!("`{digits}` has an odd number of digits; a byte has two");
    Err(HexError::new(text, start, problem))
}

/// What is wrong with the digits, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HexError {
    at: Position,
    problem: String,
}

impl HexError {
    fn new(text: &str, offset: usize, problem: String) -> Self {
        let at = Source::new("", text).position(offset);
        Self { at, problem }
    }
}

impl fmt::Display for HexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.at;
        write!(f, "line {line}, column {column}: {}", self.problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&[u8], &str>) {
        let found = parse(text).map_err(|error| error.to_string());
        assert_eq!(
            found.as_deref().map_err(String::as_str),
            expected,
            "{text:?}"
        );
    }

    #[test]
    fn reads_what_people_paste() {
        for text in [
            "0014 03E9",
            "0x00 0x14 0x03 0xe9",
            "00:14:03:e9",
            "00,14,\n03, e9\n",
            "0x001403e9",
        ] {
            check(text, Ok(&[0x00, 0x14, 0x03, 0xe9]));
        }
        for text in ["", " \n", "0x"] {
            check(text, Ok(&[]));
        }
    }

    #[test]
    fn says_where_the_digits_end() {
        check(
            "00 1g",
            Err("line 1, column 5: 'g' is not a hexadecimal digit"),
        );
        check(
            "00\n0xé",
            Err("line 2, column 3: 'é' is not a hexadecimal digit"),
        );
        check(
            "00 123 4",
            Err("line 1, column 4: `123` has an odd number of digits; a byte has two"),
        );
    }
}
