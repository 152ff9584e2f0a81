//! Where in a value something cannot be read.
//!
//! In: the error of what is inside. Out: one whose text begins with the path: `` `servers[2].port`: invalid type ``. An
//! error of a format cannot hold more than a text, so the path is at its start, and whoever is around it continues it.

use ::serde::de::Error;
use core::fmt::{self, Display, Write};

/// `error`, which came up in the field `name`.
pub(super) fn within<E: Error>(name: &str, error: &E) -> E {
    E::custom(At {
        step: format_args!("{name}"),
        error,
    })
}

/// `error`, which came up in element `index`.
#[cfg(feature = "alloc")]
pub(super) fn within_element<E: Error>(index: usize, error: &E) -> E {
    E::custom(At {
        step: format_args!("[{index}]"),
        error,
    })
}

/// An error with one more step in front of its path.
struct At<'e, E> {
    step: fmt::Arguments<'e>,
    error: &'e E,
}

impl<E: Display> Display for At<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}", self.step)?;
        let mut rest = Rest {
            out: f,
            seen: Seen::Nothing,
        };
        write!(rest, "{}", self.error)
    }
}

/// What follows the first step.
struct Rest<'f, 'g> {
    out: &'f mut fmt::Formatter<'g>,
    seen: Seen,
}

/// How much of the inner error was written.
enum Seen {
    Nothing,
    /// The mark with which a path begins. No other text of `serde`'s begins with it.
    Mark,
    Some,
}

impl Write for Rest<'_, '_> {
    fn write_str(&mut self, mut text: &str) -> fmt::Result {
        if text.is_empty() {
            return Ok(());
        }
        if let Seen::Nothing = self.seen {
            let Some(path) = text.strip_prefix('`') else {
                self.seen = Seen::Some;
                self.out.write_str("`: ")?;
                return self.out.write_str(text);
            };
            self.seen = Seen::Mark;
            text = path;
            if text.is_empty() {
                return Ok(());
            }
        }
        if let Seen::Mark = self.seen {
            self.seen = Seen::Some;
            if !text.starts_with('[') {
                self.out.write_char('.')?;
            }
        }
        self.out.write_str(text)
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use ::serde::de::value::Error as Plain;
    use std::string::ToString;

    #[test]
    fn steps_become_one_path() {
        let error = Plain::custom("invalid type: map, expected u16");
        let error = within("port", &error);
        assert_eq!(error.to_string(), "`port`: invalid type: map, expected u16");
        let error = within("servers", &within_element(2, &error));
        assert_eq!(
            error.to_string(),
            "`servers[2].port`: invalid type: map, expected u16"
        );
    }
}
