//! YAML text into a tree of nodes with spans.
//!
//! Scalars stay the text that was written: what a number is, our own grammar says, not YAML's. Anchors,
//! aliases, tags and several documents are refused, and depth and number of nodes are limited, so that
//! reading takes time and memory in proportion to the text.

use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use granit_parser::{Event, Parser, ScalarStyle};

/// Largest source in bytes.
const MAX_SOURCE: usize = 16 << 20;
/// Deepest nesting of lists and maps.
const MAX_DEPTH: usize = 24;
/// Most nodes in a source.
const MAX_NODES: usize = 4 << 20;

/// A YAML node and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// Text; `plain` if it was written without quotes.
    Scalar {
        text: String,
        plain: bool,
    },
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
}

impl Node {
    /// What the node is, for messages.
    pub(crate) fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar { text, plain: true } if text.is_empty() => "nothing",
            Kind::Scalar { .. } => "text",
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a map",
        }
    }
}

/// A list or map that has begun.
struct Open {
    span: Span,
    mapping: bool,
    items: Vec<Node>,
}

impl Open {
    fn close(self, end: usize) -> Node {
        let span = Span::new(self.span.start, end.max(self.span.end));
        let kind = if self.mapping {
            let mut items = self.items.into_iter();
            let mut entries = Vec::new();
            while let (Some(key), Some(value)) = (items.next(), items.next()) {
                entries.push((key, value));
            }
            Kind::Mapping(entries)
        } else {
            Kind::Sequence(self.items)
        };
        Node { span, kind }
    }
}

/// Reads the one document in `source`. Reports at most one problem: after a syntax error in YAML
/// nothing that follows can be trusted.
///
/// Raises P0101 (not YAML), P0102 (a limit), P0103 (a feature of YAML that is refused).
pub(crate) fn read(source: &str, diagnostics: &mut Diagnostics) -> Option<Node> {
    match read_document(source) {
        Ok(node) => Some(node),
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            None
        }
    }
}

fn read_document(source: &str) -> Result<Node, Box<Diagnostic>> {
    if source.len() > MAX_SOURCE {
        return Err(limit(
            Span::default(),
            format!(
                "the schema has {} bytes, more than {MAX_SOURCE}",
                source.len()
            ),
            "split the schema",
        ));
    }
    // A byte order mark is not text; spans still count from the file's first byte.
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    let base = source.len() - text.len();

    let mut options = granit_parser::Options::default();
    options.set_emit_comments(false);
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    let mut nodes = 0;
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| {
            let at = error.marker().byte_offset().unwrap_or(text.len());
            not_yaml(text, base, at.min(text.len()), &error.info())
        })?;
        let range = span.byte_range().unwrap_or(0..0);
        let span = Span::new(base + range.start, base + range.end);
        nodes += 1;
        if nodes > MAX_NODES {
            return Err(limit(
                span,
                format!("more than {MAX_NODES} values in one schema"),
                "split the schema",
            ));
        }
        if let Some((refused, help)) = refused_feature(&event, root.is_some()) {
            // An anchor or tag stands before the value that the parser tells the place of.
            let place = match event {
                Event::Alias(_) | Event::UnresolvedAlias(_) | Event::DocumentStart(..) => span,
                _ => before(source, span.start),
            };
            return Err(Box::new(
                Diagnostic::error("P0103", place, format!("a schema cannot use {refused}"))
                    .help(help),
            ));
        }
        let done = match event {
            Event::Scalar(text, style, ..) => Node {
                span,
                kind: Kind::Scalar {
                    // The parser writes `~` for what is not there.
                    text: match style {
                        ScalarStyle::Plain if span.start == span.end => String::new(),
                        _ => text.into_owned(),
                    },
                    plain: style == ScalarStyle::Plain,
                },
            },
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if open.len() == MAX_DEPTH {
                    return Err(limit(
                        span,
                        format!("lists and maps are nested deeper than {MAX_DEPTH}"),
                        "give what is inside a name of its own under `types`",
                    ));
                }
                open.push(Open {
                    span,
                    mapping: matches!(event, Event::MappingStart(..)),
                    items: Vec::new(),
                });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(closed) => {
                    // A block ends where the next thing begins; its last item is a better end.
                    let last = closed.items.last().map_or(0, |node| node.span.end);
                    closed.close(if span.start == span.end {
                        last
                    } else {
                        span.end
                    })
                }
                None => continue,
            },
            _ => continue,
        };
        match open.last_mut() {
            Some(parent) => parent.items.push(done),
            None => root = Some(done),
        }
    }
    root.ok_or_else(|| {
        Box::new(
            Diagnostic::error("P0101", Span::default(), "the schema is empty")
                .help("a schema begins with `protocol: NAME`"),
        )
    })
}

/// The place of the last anchor or tag that begins before `at`.
fn before(source: &str, at: usize) -> Span {
    let Some(start) = source.get(..at).and_then(|text| text.rfind(['&', '!'])) else {
        return Span::new(at, at);
    };
    let word = source[start..].split(|c: char| c.is_whitespace() || ",[]{}".contains(c));
    let length = word.into_iter().next().map_or(0, str::len);
    Span::new(start, start + length)
}

/// What a schema cannot use, and what to do instead.
fn refused_feature(event: &Event<'_>, second: bool) -> Option<(&'static str, &'static str)> {
    match event {
        Event::Alias(_) | Event::UnresolvedAlias(_) => Some((
            "aliases (`*name`)",
            "write the value out, or put quotes around a text that begins with `*`",
        )),
        Event::DocumentStart(..) if second => Some((
            "several YAML documents (`---`)",
            "put each protocol into a file of its own",
        )),
        Event::Scalar(_, _, anchor, tag)
        | Event::SequenceStart(_, anchor, tag)
        | Event::MappingStart(_, anchor, tag) => {
            if *anchor != 0 {
                Some((
                    "anchors (`&name`)",
                    "give the type a name under `types`, or put quotes around a text that begins with `&`",
                ))
            } else if tag.is_some() {
                Some((
                    "tags (`!name`)",
                    "negation is written `not`; a text that begins with `!` needs quotes",
                ))
            } else {
                None
            }
        }
        _ => None,
    }
}

fn limit(span: Span, message: String, help: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("P0102", span, message).help(help))
}

fn not_yaml(text: &str, base: usize, at: usize, info: &str) -> Box<Diagnostic> {
    let start = text
        .get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let line = text
        .get(start..)
        .and_then(|rest| rest.lines().next())
        .unwrap_or("");
    let mut diagnostic = Diagnostic::error(
        "P0101",
        Span::new(base + at, base + (at + 1).min(text.len()).max(at)),
        format!("this is not YAML: {info}"),
    );
    if let Some(help) = yaml_trap(line) {
        diagnostic = diagnostic.help(help);
    }
    Box::new(diagnostic)
}

/// What to do about the mistakes that YAML's grammar invites, judged by the line they are on.
fn yaml_trap(line: &str) -> Option<&'static str> {
    let flow = line.find(['{', '[']);
    let bracket = line
        .char_indices()
        .any(|(at, c)| c == '[' && line[..at].ends_with(|c: char| c.is_ascii_alphanumeric()));
    if flow.is_some() && bracket {
        return Some("inside `{ … }` or `[ … ]` a type with brackets needs quotes: \"u8[4]\"");
    }
    if line.contains('\t') {
        return Some("YAML is indented with spaces, not with tabs");
    }
    line.split_once(": ")
        .is_some_and(|(_, value)| !value.starts_with(['"', '\'']) && value.contains(": "))
        .then_some("text that contains `: ` needs quotes")
}
