//! Diagnostics for people, for programs and for GitHub's annotations.

use super::{Source, Style, plain};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use packet_schema::diagnostic::{Diagnostic, Label, Severity, Span};
use serde::Serialize;

/// A diagnostic with the lines it is about, every place underlined and labelled.
pub fn human(source: Source<'_>, diagnostic: &Diagnostic, style: Style) -> String {
    let level = match diagnostic.severity {
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code);
    let mut report = vec![title.element(snippet(source, diagnostic))];
    if let Some(help) = &diagnostic.help {
        report.push(Group::with_title(
            Level::HELP.secondary_title(help.as_str()),
        ));
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    };
    renderer.render(&report) + "\n"
}

/// The lines from the first place to the last: a report on a long file costs no more than on a
/// short one.
fn snippet<'a>(
    source: Source<'a>,
    diagnostic: &'a Diagnostic,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let spans = std::iter::once(&diagnostic.primary)
        .chain(&diagnostic.secondary)
        .map(|label| label.span);
    let lines = source.lines_around(spans);
    let annotate = |kind: AnnotationKind, label: &'a Label| {
        let start = source.boundary(label.span.start) - lines.start;
        let end = source.boundary(label.span.end).max(start + lines.start) - lines.start;
        let annotation = kind.span(start..end);
        match label.text.as_str() {
            "" => annotation,
            text => annotation.label(text),
        }
    };
    Snippet::source(&source.text[lines.start..lines.end])
        .line_start(source.position(lines.start).line)
        .path(source.path)
        .annotation(annotate(AnnotationKind::Primary, &diagnostic.primary))
        .annotations(
            diagnostic
                .secondary
                .iter()
                .map(|label| annotate(AnnotationKind::Context, label)),
        )
}

/// A diagnostic as one line of JSON.
pub fn json(source: Source<'_>, diagnostic: &Diagnostic) -> String {
    let object = Object {
        file: source.path,
        code: diagnostic.code,
        severity: plain::severity(diagnostic.severity),
        message: &diagnostic.message,
        place: Place::new(source, diagnostic.primary.span),
        label: &diagnostic.primary.text,
        secondary: diagnostic
            .secondary
            .iter()
            .map(|label| Secondary {
                place: Place::new(source, label.span),
                label: &label.text,
            })
            .collect(),
        help: diagnostic.help.as_deref(),
    };
    serde_json::to_string(&object).expect("an object of texts and numbers is always JSON")
}

#[derive(Serialize)]
struct Object<'a> {
    file: &'a str,
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: Place,
    label: &'a str,
    secondary: Vec<Secondary<'a>>,
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct Secondary<'a> {
    #[serde(flatten)]
    place: Place,
    label: &'a str,
}

/// Lines and columns from 1, columns in characters; `offset` and `length` in bytes.
#[derive(Serialize)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
    offset: usize,
    length: usize,
}

impl Place {
    pub(super) fn new(source: Source<'_>, span: Span) -> Self {
        let start = source.position(span.start);
        let end = source.position(span.end);
        Self {
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            offset: span.start,
            length: span.end.saturating_sub(span.start),
        }
    }
}

/// A diagnostic as a workflow command, which GitHub shows beside the line of a pull request.
///
/// <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>
pub fn github(source: Source<'_>, diagnostic: &Diagnostic) -> String {
    let place = Place::new(source, diagnostic.primary.span);
    let mut message = vec![diagnostic.message.clone()];
    if !diagnostic.primary.text.is_empty() {
        message.push(diagnostic.primary.text.clone());
    }
    message.extend(diagnostic.secondary.iter().map(|label| {
        let line = source.position(label.span.start).line;
        format!("line {line}: {}", label.text)
    }));
    message.extend(diagnostic.help.iter().map(|help| format!("help: {help}")));
    // GitHub takes an end column only within one line.
    let end = if place.line == place.end_line {
        format!(",endColumn={}", place.end_column)
    } else {
        format!(",endLine={}", place.end_line)
    };
    format!(
        "::{} file={},line={},col={}{end},title={}::{}",
        plain::severity(diagnostic.severity),
        github_property(source.path),
        place.line,
        place.column,
        diagnostic.code,
        github_text(&message.join("\n"))
    )
}

fn github_text(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn github_property(text: &str) -> String {
    github_text(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: Source<'static> = Source::new(
        "a,b.yaml",
        "packets:\n  Move: {}\n  Other: {}\n  Move:\n    id: 1\n",
    );

    fn twice() -> Diagnostic {
        Diagnostic::error("P0102", Span::new(34, 38), "packet `Move` is defined twice")
            .label("again here")
            .also(Span::new(11, 15), "first defined here")
            .help("give one of them another name")
    }

    #[test]
    fn people_see_both_places() {
        assert_eq!(
            human(SOURCE, &twice(), Style::Plain),
            "\
error[P0102]: packet `Move` is defined twice
 --> a,b.yaml:4:3
  |
2 |   Move: {}
  |   ---- first defined here
3 |   Other: {}
4 |   Move:
  |   ^^^^ again here
  |
help: give one of them another name
"
        );
    }

    #[test]
    fn programs_get_one_line() {
        assert_eq!(
            json(SOURCE, &twice()),
            concat!(
                r#"{"file":"a,b.yaml","code":"P0102","severity":"error","#,
                r#""message":"packet `Move` is defined twice","#,
                r#""line":4,"column":3,"end_line":4,"end_column":7,"offset":34,"length":4,"#,
                r#""label":"again here","#,
                r#""secondary":[{"line":2,"column":3,"end_line":2,"end_column":7,"#,
                r#""offset":11,"length":4,"label":"first defined here"}],"#,
                r#""help":"give one of them another name"}"#,
            )
        );
    }

    #[test]
    fn github_gets_an_escaped_command() {
        assert_eq!(
            github(SOURCE, &twice()),
            "::error file=a%2Cb.yaml,line=4,col=3,endColumn=7,title=P0102::\
             packet `Move` is defined twice%0Aagain here%0Aline 2: first defined here%0A\
             help: give one of them another name"
        );
    }

    #[test]
    fn odd_spans_do_not_panic() {
        for span in [
            Span::new(0, 0),
            Span::new(0, 50),
            Span::new(52, 52),
            Span::new(90, 99),
        ] {
            for style in [Style::Plain, Style::Colour] {
                let odd = Diagnostic::warning("P0001", span, "odd").also(Span::new(9, 3), "");
                assert!(human(SOURCE, &odd, style).contains("odd"));
                assert!(json(SOURCE, &odd).contains("odd"));
                assert!(github(SOURCE, &odd).contains("odd"));
            }
        }
    }
}
