//! Diagnostics for people, for programs and for GitHub's annotations.

use super::{Source, Sources, Style, plain};
use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet,
};
use packet_schema::diagnostic::{Diagnostic, Severity, Span};
use serde::Serialize;

/// A diagnostic with the lines it is about, every place underlined and labelled.
pub fn human<'a>(sources: impl Into<Sources<'a>>, diagnostic: &Diagnostic, style: Style) -> String {
    let level = match diagnostic.severity {
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code);
    let elements = elements(sources.into(), diagnostic);
    let mut report = vec![title.elements(elements)];
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

/// The places of a diagnostic with their lines, the primary one first: a snippet for each file.
fn elements<'a>(sources: Sources<'a>, diagnostic: &'a Diagnostic) -> Vec<Element<'a>> {
    let mut files: Vec<(Source<'a>, Vec<Labelled<'a>>)> = Vec::new();
    let primary = (AnnotationKind::Primary, &diagnostic.primary);
    let context = (diagnostic.secondary.iter()).map(|label| (AnnotationKind::Context, label));
    for (kind, label) in std::iter::once(primary).chain(context) {
        let (source, span) = sources.locate(label.span);
        let text = &label.text;
        match files.iter_mut().find(|(file, _)| file.path == source.path) {
            Some((_, places)) => places.push((kind, span, text)),
            None => files.push((source, vec![(kind, span, text)])),
        }
    }
    let mut elements = Vec::new();
    for (source, places) in files {
        let lines = source.lines_around(places.iter().map(|(_, span, _)| *span));
        if lines.end - lines.start <= WHOLE {
            elements.push(snippet(source, lines, &places).path(source.path).into());
            continue;
        }
        // Far apart, or in lines that no screen holds: a report on a large file costs no more than on a small one.
        for place in places {
            let (_, span, _) = place;
            let at = source.position(span.start);
            let origin = Origin::path(source.path)
                .line(at.line)
                .char_column(at.column);
            elements.push(origin.into());
            let window = source.window(span, WHOLE);
            elements.push(snippet(source, window, &[place]).into());
        }
    }
    elements
}

/// Most bytes of lines that are shown together.
const WHOLE: usize = 8 << 10;

/// How a place is underlined, where it is in its file, and what is said about it.
type Labelled<'a> = (AnnotationKind, Span, &'a str);

/// A part of a source with the places in it.
fn snippet<'a>(
    source: Source<'a>,
    part: Span,
    places: &[Labelled<'a>],
) -> Snippet<'a, Annotation<'a>> {
    let annotate = |(kind, span, text): &Labelled<'a>| {
        let start = source.boundary(span.start).clamp(part.start, part.end);
        let end = source.boundary(span.end).clamp(start, part.end);
        let annotation = kind.span(start - part.start..end - part.start);
        if text.is_empty() {
            annotation
        } else {
            annotation.label(*text)
        }
    };
    Snippet::source(&source.text[part.start..part.end])
        .line_start(source.position(part.start).line)
        .annotations(places.iter().map(annotate))
}

/// A diagnostic as one line of JSON.
pub fn json<'a>(sources: impl Into<Sources<'a>>, diagnostic: &Diagnostic) -> String {
    let sources = sources.into();
    let (source, span) = sources.locate(diagnostic.primary.span);
    let object = Object {
        file: source.path,
        code: diagnostic.code,
        severity: plain::severity(diagnostic.severity),
        message: &diagnostic.message,
        place: Place::new(source, span),
        label: &diagnostic.primary.text,
        secondary: diagnostic
            .secondary
            .iter()
            .map(|label| {
                let (source, span) = sources.locate(label.span);
                Secondary {
                    file: source.path,
                    place: Place::new(source, span),
                    label: &label.text,
                }
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
    file: &'a str,
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
pub fn github<'a>(sources: impl Into<Sources<'a>>, diagnostic: &Diagnostic) -> String {
    let sources = sources.into();
    let (source, span) = sources.locate(diagnostic.primary.span);
    let place = Place::new(source, span);
    let mut message = vec![diagnostic.message.clone()];
    if !diagnostic.primary.text.is_empty() {
        message.push(diagnostic.primary.text.clone());
    }
    message.extend(diagnostic.secondary.iter().map(|label| {
        let (file, span) = sources.locate(label.span);
        let line = file.position(span.start).line;
        if file.path == source.path {
            format!("line {line}: {}", label.text)
        } else {
            format!("{}:{line}: {}", file.path, label.text)
        }
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
                r#""secondary":[{"file":"a,b.yaml","line":2,"column":3,"end_line":2,"end_column":7,"#,
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
