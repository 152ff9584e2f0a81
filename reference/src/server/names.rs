//! What a name may be, and which names are the same one.
//!
//! In: text that a player chose for an account, a guild, a guild's tag or a room. Out: the text as it is kept, and its
//! *fold*, by which it is found and which nobody else may have. This module knows nothing of where names are kept.
//!
//! A name is kept without white space around it and in Unicode's composed form (NFC). Then it has
//!
//! - a length within limits, counted in bytes of UTF-8;
//! - letters, digits and combining marks of any script, at most [`MAX_MARKS`] marks behind one character;
//! - `_`, `-`, `.`, `'` and single spaces, but at least one letter or digit, and no space at either end.
//!
//! Everything else is refused, and so are control characters, those that change the direction of text, joiners,
//! emoji, and what is called a letter or a mark but cannot be seen.
//!
//! Two names are the same if their folds are equal. The fold is the name in the compatibility form (NFKC), each
//! character in lower, upper and lower case: "Ada", "ADA" and "Ａｄａ" are one name, and so are "groß" and
//! "GROSS". Letters of different scripts that look alike are not the same; that would take a table of its own.

use std::iter;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Combining marks that may follow each other. Scripts that stack marks need no more.
pub const MAX_MARKS: usize = 3;

/// A name that keeps the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    text: String,
    fold: String,
}

impl Name {
    /// Most bytes of the name of an account, a guild or a room, as in the protocol.
    pub const MAX_LEN: usize = 32;
    /// Fewest bytes of a guild's tag.
    pub const MIN_TAG_LEN: usize = 2;
    /// Most bytes of a guild's tag.
    pub const MAX_TAG_LEN: usize = 12;

    /// The name of an account, a guild or a room.
    ///
    /// # Errors
    /// The text breaks one of the rules above.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        Self::within(text, 1, Self::MAX_LEN)
    }

    /// A guild's tag: a name of [`Name::MIN_TAG_LEN`] to [`Name::MAX_TAG_LEN`] bytes.
    ///
    /// # Errors
    /// The text breaks one of the rules above.
    pub fn parse_tag(text: &str) -> Result<Self, NameError> {
        Self::within(text, Self::MIN_TAG_LEN, Self::MAX_TAG_LEN)
    }

    fn within(text: &str, min: usize, max: usize) -> Result<Self, NameError> {
        let trimmed = text.trim();
        // Composing can make a text a little longer or much shorter. What is far too long is not even looked at.
        if trimmed.len() > max.saturating_mul(4) {
            return Err(NameError::Length);
        }
        let text: String = trimmed.nfc().collect();
        if !(min..=max).contains(&text.len()) {
            return Err(NameError::Length);
        }
        check_characters(&text)?;
        let fold = fold(&text);
        Ok(Self { text, fold })
    }

    /// The name as it is kept and shown.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the name is compared by.
    pub fn fold(&self) -> &str {
        &self.fold
    }
}

/// Why a text cannot be a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// It is too short or too long.
    Length,
    /// It has a character that no name may have, or one where it may not be.
    Character(char),
    /// It has neither a letter nor a digit.
    Blank,
}

/// What a name, or what is meant to be one, is compared by.
pub fn fold(text: &str) -> String {
    let cased = text
        .trim()
        .nfkc()
        // In lower case first, for the capital ẞ: only the small one becomes SS.
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase);
    // A change of case can leave characters that compose.
    cased.nfkc().collect()
}

fn check_characters(text: &str) -> Result<(), NameError> {
    // The beginning counts as a space, so that neither a space nor a mark comes first.
    let previous = iter::once(' ').chain(text.chars());
    let mut marks = 0;
    for (previous, c) in previous.zip(text.chars()) {
        let mark = is_combining_mark(c);
        marks = if mark { marks + 1 } else { 0 };
        let allowed = match c {
            _ if is_invisible(c) => false,
            ' ' => previous != ' ',
            '_' | '-' | '.' | '\'' => true,
            _ if mark => {
                marks <= MAX_MARKS && (previous.is_alphanumeric() || is_combining_mark(previous))
            }
            _ => c.is_alphanumeric(),
        };
        if !allowed {
            return Err(NameError::Character(c));
        }
    }
    if text.chars().any(char::is_alphanumeric) {
        Ok(())
    } else {
        Err(NameError::Blank)
    }
}

/// Letters and marks that show nothing: fillers of Hangul, inherent vowels of Khmer, the grapheme joiner and selectors
/// of variants. Other characters that cannot be seen are neither letters nor marks.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{034f}'
        | '\u{115f}' | '\u{1160}'
        | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{ffa0}'
        | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, NameError>) {
        let name = Name::parse(text);
        assert_eq!(
            name.as_ref().map(Name::text).map_err(|error| *error),
            expected,
            "{text:?}"
        );
    }

    #[track_caller]
    fn refused(text: &str, c: char) {
        check(text, Err(NameError::Character(c)));
    }

    #[test]
    fn takes_letters_and_digits_of_every_script() {
        for name in [
            "ada",
            "Ada Lovelace",
            "지연",
            "हिन्दी",
            "Łukasz_77",
            "O'Neil",
            "x-ray.2",
            "ת'א",
            "7",
        ] {
            check(name, Ok(name));
        }
    }

    #[test]
    fn white_space_around_a_name_is_cut_off() {
        check("  ada\t\n", Ok("ada"));
    }

    #[test]
    fn keeps_the_composed_form() {
        check("Zoe\u{308}", Ok("Zo\u{eb}"));
        check("\u{110c}\u{1175}\u{110b}\u{1167}\u{11ab}", Ok("지연"));
    }

    #[test]
    fn refuses_a_length_outside_of_the_limits() {
        check("", Err(NameError::Length));
        check(" \t ", Err(NameError::Length));
        check(&"a".repeat(32), Ok(&"a".repeat(32)));
        check(&"a".repeat(33), Err(NameError::Length));
        check(&"a".repeat(1_000_000), Err(NameError::Length));
        // One character for the eye, 11 of 3 bytes.
        check(&"지".repeat(11), Err(NameError::Length));
        assert_eq!(Name::parse_tag("x"), Err(NameError::Length));
        assert_eq!(Name::parse_tag("xy").unwrap().text(), "xy");
        assert_eq!(Name::parse_tag("thirteenbytes"), Err(NameError::Length));
    }

    #[test]
    fn refuses_what_controls_terminals_or_the_direction_of_text() {
        refused("a\0b", '\0');
        refused("a\x1b[31m", '\x1b');
        refused("a\nb", '\n');
        refused("a\u{7f}b", '\u{7f}');
        refused("ab\u{202e}cd", '\u{202e}');
        refused("ab\u{2066}cd", '\u{2066}');
    }

    #[test]
    fn refuses_what_cannot_be_seen() {
        for c in [
            '\u{200b}',
            '\u{200d}',
            '\u{feff}',
            '\u{3164}',
            '\u{115f}',
            '\u{fe0f}',
            '\u{34f}',
            '\u{e0041}',
            '\u{2800}',
        ] {
            refused(&format!("ad{c}a"), c);
        }
    }

    #[test]
    fn refuses_other_signs_and_spaces() {
        refused("a/b", '/');
        refused("<b>", '<');
        refused("ada😀", '😀');
        refused("a  b", ' ');
        refused("a\u{a0}b", '\u{a0}');
        check("---", Err(NameError::Blank));
    }

    #[test]
    fn refuses_marks_in_front_and_in_towers() {
        refused("\u{300}a", '\u{300}');
        refused("_\u{300}a", '\u{300}');
        refused("q\u{300}\u{300}\u{300}\u{300}", '\u{300}');
    }

    #[test]
    fn names_that_differ_in_case_form_or_width_are_the_same() {
        for (one, other) in [
            ("Ada", "aDA"),
            ("Ａｄａ", "ada"),
            ("ZOË", "zoe\u{308}"),
            ("groß", "GROSS"),
            ("ΟΔΟΣ", "οδος"),
            ("ﬁn", "FIN"),
            (" ada ", "ada"),
        ] {
            assert_eq!(fold(one), fold(other), "{one:?} and {other:?}");
        }
        assert_ne!(fold("ada"), fold("adda"));
        assert_ne!(fold("zoe"), fold("zoë"));
    }

    #[test]
    fn a_fold_is_its_own_fold() {
        for c in ('\0'..=char::MAX).filter(|c| c.is_alphanumeric()) {
            let once = fold(&format!("a{c}b"));
            assert_eq!(fold(&once), once, "{c:?}");
        }
    }
}
