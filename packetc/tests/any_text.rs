//! Whatever a schema's text is, it is compiled or refused with places that exist, and both can be shown.

use packet_schema::diagnostic::{Severity, Span};
use packet_schema::vectors;
use packetc::render::{Source, Style, diagnostics};
use proptest::prelude::*;
use proptest::sample::{Index, select};

const SCHEMAS: &[&str] = &[
    include_str!("../../schemas/quickstart.yaml"),
    include_str!("../../schemas/game.yaml"),
    include_str!("../../schemas/inet.yaml"),
    include_str!("diagnostics/every_mistake_of_a_newcomer.yaml"),
    include_str!("diagnostics/P0305_attribute_without_meaning.yaml"),
    include_str!("diagnostics/P0309_case.yaml"),
    include_str!("diagnostics/P0402_length_after_what_it_measures.yaml"),
];

/// What a slip of the hand, or a hostile one, writes into a schema.
const PIECES: &[&str] = &[
    "",
    " ",
    "\n",
    "\r\n",
    "\t",
    "- ",
    ": ",
    ":",
    ",",
    "{",
    "}",
    "[",
    "]",
    "[]",
    "<u8>",
    "\"",
    "'",
    "#",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "?",
    "%",
    "0",
    "-1",
    "010",
    "0xffffffffffffffffffffffffffffffff",
    "170141183460469231731687303715884105727",
    "..=",
    "é",
    "\u{feff}",
    "\u{0}",
    "\u{2028}",
    "😀",
    "~",
    "null",
    "type",
    "struct",
    "fields",
    "size: 3",
    "when: x",
    "match: x",
    "const: 1",
    "u1",
    "u7",
    "u64",
    "i128",
    "f32",
    "bytes",
    "bytes[]",
    "Ipv4",
    "x: u8\n",
    "not ",
    " and ",
    " * 9223372036854775807",
    " << 100",
    "_",
    "else",
];

/// Compiles a text, and shows everything that is said about it.
fn check(text: &str) {
    let problems = match packet_schema::compile(text) {
        Ok(compiled) => {
            let mut problems = compiled.warnings;
            problems.extend(vectors::check(&compiled.layout));
            problems
        }
        Err(problems) => {
            assert!(
                problems
                    .iter()
                    .any(|problem| problem.severity == Severity::Error),
                "refused without an error"
            );
            problems
        }
    };
    let source = Source::new("any.yaml", text);
    for problem in &problems {
        let labels = std::iter::once(&problem.primary).chain(&problem.secondary);
        for Span { start, end } in labels.map(|label| label.span) {
            assert!(
                start <= end && text.get(start..end).is_some(),
                "{start}..{end} is no place in {text:?}: {problem:?}"
            );
        }
        for style in [Style::Plain, Style::Colour] {
            assert!(diagnostics::human(source, problem, style).contains(problem.code));
        }
        assert!(diagnostics::json(source, problem).contains(problem.code));
        assert!(diagnostics::github(source, problem).contains(problem.code));
    }
}

/// Where a change begins, how many characters it takes away, and what it puts there.
fn changes() -> impl Strategy<Value = Vec<(Index, usize, &'static str)>> {
    let change = (
        any::<Index>(),
        prop_oneof![Just(0), 0..12_usize],
        select(PIECES),
    );
    prop::collection::vec(change, 1..6)
}

fn changed(text: &str, changes: &[(Index, usize, &str)]) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for (at, length, piece) in changes {
        let at = at.index(text.len() + 1);
        let end = text.len().min(at + length);
        text.splice(at..end, piece.chars());
    }
    text.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_schemas(schema in select(SCHEMAS), changes in changes()) {
        check(&changed(schema, &changes));
    }

    #[test]
    fn cut_schemas(schema in select(SCHEMAS), at in any::<Index>()) {
        let text: String = schema.chars().take(at.index(schema.len())).collect();
        check(&text);
    }

    #[test]
    fn random_pieces(pieces in prop::collection::vec(select(PIECES), 0..40)) {
        check(&pieces.concat());
        check(&format!("protocol: p\npackets:\n  P:\n    fields:\n      - x: u8\n      - y: {}", pieces.concat()));
    }

    #[test]
    fn random_texts(bytes in prop::collection::vec(any::<u8>(), 0..200), text in ".{0,80}") {
        check(&String::from_utf8_lossy(&bytes));
        check(&text);
    }
}
