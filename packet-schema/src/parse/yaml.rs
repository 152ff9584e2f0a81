//! YAML text into a tree of nodes with spans.
//!
//! Scalars stay the text that was written: what a number is, our own grammar says, not YAML's. Anchors,
//! aliases, tags and several documents are refused, and depth and number of nodes are limited, so that
//! reading takes time and memory in proportion to the text.

use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::source::MAX_SOURCE;
use granit_parser::{Event, Parser, ScalarStyle};

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
            // Most maps are small, and there are many of them: none has room for more than it holds.
            let mut entries = Vec::with_capacity(self.items.len() / 2);
            let mut items = self.items.into_iter();
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

/// Reads the one document in `source`, whose first byte has the offset `at`. Reports at most one problem: after a syntax error in YAML
/// nothing that follows can be trusted.
///
/// Raises P0101 (not YAML), P0102 (a limit), P0103 (a feature of YAML that is refused).
pub(crate) fn read(source: &str, at: usize, diagnostics: &mut Diagnostics) -> Option<Node> {
    match read_document(source, at) {
        Ok(node) => Some(node),
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            None
        }
    }
}

fn read_document(source: &str, at: usize) -> Result<Node, Box<Diagnostic>> {
    if source.len() > MAX_SOURCE {
        return Err(limit(
            Span::new(at, at),
            format!(
                "the schema has {} bytes, more than {MAX_SOURCE}",
                source.len()
            ),
            "split the schema",
        ));
    }
    // A byte order mark is not text; spans still count from the file's first byte.
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    let base = at + source.len() - text.len();

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
        let start = boundary(text, range.start);
        let end = boundary(text, range.end).max(start);
        let span = Span::new(base + start, base + end);
        nodes += 1;
        if nodes > MAX_NODES {
            return Err(limit(
                span,
                format!("more than {MAX_NODES} values in one schema"),
                "split the schema",
            ));
        }
        if let Some(found) = refused_feature(&event, root.is_some()) {
            // An anchor or tag stands before the value that the parser tells the place of.
            let place = match event {
                Event::Alias(_) | Event::UnresolvedAlias(_) | Event::DocumentStart(..) => span,
                _ => before(text, base, span.start),
            };
            return Err(refused(found, place));
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
            Diagnostic::error("P0101", Span::new(at, at), "the schema is empty")
                .help("a schema begins with `protocol: NAME`"),
        )
    })
}

/// The place of the last anchor or tag that begins before `at` in a text that begins at `base`.
fn before(text: &str, base: usize, at: usize) -> Span {
    let last = text
        .get(..at - base)
        .and_then(|text| text.rfind(['&', '!']));
    let Some(last) = last else {
        return Span::new(at, at);
    };
    let start = text[..last].trim_end_matches('!').len();
    let word = text[start..].split(|c: char| c.is_whitespace() || ",[]{}".contains(c));
    let length = word.into_iter().next().map_or(0, str::len);
    Span::new(base + start, base + start + length)
}

type Refused = (&'static str, &'static str);

const ALIAS: Refused = (
    "aliases (`*name`)",
    "write the value out, or put quotes around a text that begins with `*`",
);

fn refused((what, help): Refused, place: Span) -> Box<Diagnostic> {
    let message = format!("a schema cannot use {what}");
    Box::new(Diagnostic::error("P0103", place, message).help(help))
}

/// What a schema cannot use, and what to do instead.
fn refused_feature(event: &Event<'_>, second: bool) -> Option<Refused> {
    match event {
        Event::Alias(_) | Event::UnresolvedAlias(_) => Some(ALIAS),
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
    let at = boundary(text, at);
    if text[at..].starts_with('*') {
        // An alias of nothing was hardly meant as one.
        let word = text[at..].find(|c: char| c.is_whitespace() || ",[]{}".contains(c));
        let end = word.map_or(text.len(), |length| at + length);
        return refused(ALIAS, Span::new(base + at, base + end));
    }
    let character = text[at..].chars().next().map_or(0, char::len_utf8);
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
        Span::new(base + at, base + at + character),
        format!("this is not YAML: {info}"),
    );
    let before = text.get(start..at).unwrap_or("").trim_end();
    let help = if before.ends_with(['"', '\'']) && !before.contains(['{', '[']) {
        Some(
            "the text ends at this quote: inside of `\"…\"` write it as `\\\"`, inside of `'…'` as `''`",
        )
    } else {
        yaml_trap(line)
    };
    if let Some(help) = help {
        diagnostic = diagnostic.help(help);
    }
    Box::new(diagnostic)
}

/// `at` moved back, if need be, to where a character starts.
fn boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
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
    let count = |c| line.matches(c).count();
    if count('{') > count('}') || count('[') > count(']') {
        return Some("a `{` or `[` of the line is not closed, or what follows it needs quotes");
    }
    line.split_once(": ")
        .is_some_and(|(_, value)| !value.starts_with(['"', '\'', '{', '[']) && value.contains(": "))
        .then_some("text that contains `: ` needs quotes")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in short: quoted texts in quotes, lists and maps in brackets; or the code of the refusal and
    /// the text that it points at.
    fn shown(source: &str) -> String {
        let mut diagnostics = Diagnostics::new();
        if let Some(node) = read(source, 0, &mut diagnostics) {
            return brief(&node);
        }
        let found = diagnostics.into_sorted();
        let [problem] = found.as_slice() else {
            panic!("one problem is all that is told of what is not YAML: {found:?}");
        };
        let span = problem.primary.span;
        let at = source.get(span.start..span.end);
        format!("{} `{}`", problem.code, at.expect("a place in the source"))
    }

    fn brief(node: &Node) -> String {
        let list = |nodes: &[Node]| nodes.iter().map(brief).collect::<Vec<_>>().join(" ");
        match &node.kind {
            Kind::Scalar { text, plain: true } => text.clone(),
            Kind::Scalar { text, plain: false } => format!("{text:?}"),
            Kind::Sequence(items) => format!("[{}]", list(items)),
            Kind::Mapping(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| format!("{}: {}", brief(key), brief(value)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
        }
    }

    #[track_caller]
    fn check(source: &str, expected: &str) {
        assert_eq!(shown(source), expected, "{source:?}");
    }

    #[test]
    fn scalars_stay_as_they_are_written() {
        check(
            "a: 010\nb: 1_000\nc: 1e3\nd: no",
            "{a: 010, b: 1_000, c: 1e3, d: no}",
        );
        check("a: \"x\\ty\"\nb: 'it''s'", "{a: \"x\\ty\", b: \"it's\"}");
        check("a: >-\n  two\n  lines\n", "{a: \"two lines\"}");
        check("{ a: [b, \"c\"], d: {} }", "{a: [b \"c\"], d: {}}");
    }

    #[test]
    fn what_is_not_there_is_empty() {
        check("a:\nb: ~\n", "{a: , b: ~}");
        check("{ a, b: }", "{a: , b: }");
        check("- \n- x", "[ x]");
    }

    #[test]
    fn a_byte_order_mark_is_no_text_but_counts() {
        check("\u{feff}a: b", "{a: b}");
        let node = read("\u{feff}a: b", 0, &mut Diagnostics::new()).expect("it is YAML");
        assert_eq!(node.span, Span::new(3, 7));
        check("\u{feff}a: &b c", "P0103 `&b`");
    }

    #[test]
    fn lines_may_end_as_on_any_system() {
        check("a: b\r\nc:\r\n  - d\r\n", "{a: b, c: [d]}");
        check("a: b\rc: d\r", "{a: b, c: d}");
    }

    #[test]
    fn places_are_bytes() {
        let source = "é: [ü, 'ö x']\n";
        let node = read(source, 0, &mut Diagnostics::new()).expect("it is YAML");
        let Kind::Mapping(entries) = &node.kind else {
            panic!("{node:?}");
        };
        let (key, value) = &entries[0];
        let Kind::Sequence(items) = &value.kind else {
            panic!("{value:?}");
        };
        let texts: Vec<&str> = [key, value, &items[0], &items[1]]
            .map(|node| &source[node.span.start..node.span.end])
            .to_vec();
        assert_eq!(texts, ["é", "[ü, 'ö x']", "ü", "'ö x'"]);
    }

    #[test]
    fn features_with_side_effects_are_refused_at_their_place() {
        check("a: &x b\nc: *x", "P0103 `&x`");
        check("a: *x", "P0103 `*x`");
        check("a: !x b", "P0103 `!x`");
        check("a: { b: !x }", "P0103 `!x`");
        check("a: !!str b", "P0103 `!!str`");
        check("a: &x { b: c }", "P0103 `&x`");
        check("a: b\n---\nc: d", "P0103 `---`");
        check("--- \na: b\n", "{a: b}");
    }

    #[test]
    fn what_is_not_yaml_is_one_problem() {
        for source in [
            "a: b: c",
            "a: [b",
            "a: }",
            "a: \"b",
            "a: 'b\n",
            "a: @b",
            "a: `b`",
            "a: %b",
            "- a\nb: c",
            "a: \"\\q\"",
            "a: \0",
            "%YAML 9.9\n---\n",
            "? [",
            "a: {b: u8[4]}",
        ] {
            let found = shown(source);
            assert!(found.starts_with("P0101"), "{source:?}: {found}");
        }
        check("", "P0101 ``");
        check("# nothing\n", "P0101 ``");
        check("\u{feff}", "P0101 ``");
    }

    #[test]
    fn nesting_is_limited() {
        for nested in ["[", "{ a: ", "- ", "? "] {
            let found = shown(&nested.repeat(1 << 20 >> 2));
            assert!(found.starts_with("P010"), "{nested}");
        }
        let within = "[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH);
        check(&within, &within);
        let beyond = "[".repeat(MAX_DEPTH + 1) + &"]".repeat(MAX_DEPTH + 1);
        check(&beyond, "P0102 `[`");
    }

    #[test]
    fn a_mebibyte_of_brackets_is_refused() {
        let found = shown(&"[".repeat(1 << 20));
        assert!(found.starts_with("P010"), "{}", found.len());
    }

    #[test]
    fn size_is_limited() {
        let found = shown(&"#".repeat(MAX_SOURCE + 1));
        assert_eq!(found, "P0102 ``");
    }
}
