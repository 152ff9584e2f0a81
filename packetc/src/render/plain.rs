//! Diagnostics as plain text without any dependency, for build scripts.

use super::Sources;
use packet_schema::diagnostic::{Diagnostic, Label, Severity};
use std::fmt::Write;

/// One diagnostic over several lines, the first of which is `file:line:column: error[P0101]: …`.
pub fn diagnostic<'a>(sources: impl Into<Sources<'a>>, diagnostic: &Diagnostic) -> String {
    let sources = sources.into();
    let mut text = line(sources, diagnostic);
    text.push('\n');
    snippet(sources, &diagnostic.primary, &mut text);
    for label in &diagnostic.secondary {
        let (source, span) = sources.locate(label.span);
        let at = source.position(span.start);
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            text,
            "{}:{}:{}: {}",
            source.path, at.line, at.column, label.text
        );
        let shown_above = Label {
            text: String::new(),
            ..label.clone()
        };
        snippet(sources, &shown_above, &mut text);
    }
    if let Some(help) = &diagnostic.help {
        let _ = writeln!(text, "help: {help}");
    }
    text
}

/// The diagnostic's first line by itself.
pub fn line<'a>(sources: impl Into<Sources<'a>>, diagnostic: &Diagnostic) -> String {
    let (source, span) = sources.into().locate(diagnostic.primary.span);
    let at = source.position(span.start);
    format!(
        "{}:{}:{}: {}[{}]: {}",
        source.path,
        at.line,
        at.column,
        severity(diagnostic.severity),
        diagnostic.code,
        diagnostic.message
    )
}

/// The word for a severity.
pub(super) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// The label's first line with its part of it underlined.
fn snippet(sources: Sources<'_>, label: &Label, text: &mut String) {
    let (source, span) = sources.locate(label.span);
    let at = source.position(span.start);
    let lines = source.window(span, WIDEST);
    let first = source.text[lines.start..lines.end]
        .lines()
        .next()
        .unwrap_or_default();
    let before = source.text[lines.start..source.boundary(span.start)]
        .chars()
        .count();
    let start = source.boundary(span.start);
    let end = source
        .boundary(span.end)
        .clamp(start, lines.start + first.len().max(start - lines.start));
    let underline = "^".repeat(source.text[start..end].chars().count().max(1));
    let number = at.line.to_string();
    let margin = " ".repeat(number.len());
    let code = format!(
        " {margin} |\n {number} | {}\n {margin} | {}{underline} {}",
        visible(first),
        " ".repeat(before),
        label.text
    );
    text.push_str(code.trim_end());
    text.push('\n');
}

/// Most bytes of lines that are shown whole.
const WIDEST: usize = 2 << 10;

/// A line in which every character has a place of its own: a tab would shift what stands below it, and others do
/// worse to a terminal.
fn visible(line: &str) -> String {
    let shown = line.chars().map(|c| match c {
        '\t' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Source;
    use packet_schema::diagnostic::Span;

    const SOURCE: Source<'static> =
        Source::new("game.yaml", "packets:\n  Move: {}\n  Move:\n    id: 1\n");

    #[test]
    fn shows_both_places_and_the_help() {
        let twice = Diagnostic::error("P0102", Span::new(22, 26), "packet `Move` is defined twice")
            .label("again here")
            .also(Span::new(11, 15), "first defined here")
            .help("give one of them another name");
        assert_eq!(
            diagnostic(SOURCE, &twice),
            "\
game.yaml:3:3: error[P0102]: packet `Move` is defined twice
   |
 3 |   Move:
   |   ^^^^ again here
game.yaml:2:3: first defined here
   |
 2 |   Move: {}
   |   ^^^^
help: give one of them another name
"
        );
    }

    #[test]
    fn survives_spans_that_are_empty_multi_line_or_beyond_the_end() {
        for span in [
            Span::new(0, 0),
            Span::new(0, 40),
            Span::new(39, 39),
            Span::new(90, 99),
        ] {
            let text = diagnostic(SOURCE, &Diagnostic::warning("P0001", span, "odd"));
            assert!(
                text.contains("warning[P0001]: odd") && text.contains('^'),
                "{text}"
            );
        }
    }
}
