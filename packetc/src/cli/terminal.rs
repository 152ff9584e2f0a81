//! What standard output and standard error can show.

use super::Error;
use packet_schema::diagnostic::is_invisible;
use packetc::render::Style;
use std::env;
use std::io::{self, IsTerminal, Write};

/// Colours if standard output is a terminal and nobody asked for none.
pub(crate) fn stdout_style() -> Style {
    style(io::stdout().is_terminal())
}

/// Colours if standard error is a terminal and nobody asked for none.
pub(crate) fn stderr_style() -> Style {
    style(io::stderr().is_terminal())
}

/// <https://no-color.org>
fn style(is_terminal: bool) -> Style {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    if is_terminal && !refused && !is_dumb {
        Style::Colour
    } else {
        Style::Plain
    }
}

/// Writes to standard error. There is nowhere left to report that this fails.
pub(crate) fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Shows an error of the tool.
pub(crate) fn complain(error: &Error) {
    if !matches!(error, Error::Shown) {
        complain_about(&error.to_string());
    }
}

/// Shows that a packet could not be decoded or encoded.
pub(crate) fn complain_about(problem: &str) {
    say(&format!("{}: {}\n", error_word(), visible(problem)));
}

/// Names from arguments and input as they are, but for what would steer the terminal.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && is_invisible(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

fn error_word() -> &'static str {
    match stderr_style() {
        Style::Colour => "\x1b[1;91merror\x1b[0m",
        Style::Plain => "error",
    }
}
