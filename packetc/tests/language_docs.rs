//! The schemas in the documentation mean what the text around them says: every fenced `yaml` block of the
//! language reference and the README is compiled, and its test vectors run.

mod examples;

use examples::{blocks, codes_in_the_sources, problems, read};

#[test]
fn the_language_reference() {
    check("docs/language.md", 40);
}

#[test]
fn coming_from_other_languages() {
    check("docs/coming-from.md", 4);
}

#[test]
fn the_readme() {
    check("README.md", 1);
}

#[test]
fn the_guide_for_rust() {
    check("docs/rust.md", 1);
    // Its snippets take in a file, which readers do not see.
    let schema = read("docs/depot.yaml");
    assert!(read("docs/rust.md").contains(&format!("```yaml\n{schema}```\n")));
}

#[test]
fn every_code_is_in_the_language_reference_and_no_other() {
    let text = read("docs/language.md");
    let (_, table) = text
        .split_once("## Diagnostics")
        .expect("the reference has a list of codes");
    let listed: Vec<&str> = table.lines().filter_map(code_of_row).collect();
    assert_eq!(listed, codes_in_the_sources());
}

/// `P0101` of a row that begins with "| `P0101` |".
fn code_of_row(line: &str) -> Option<&str> {
    line.strip_prefix("| `")?.split('`').next()
}

/// Checks all blocks of a document, of which there are at least some.
fn check(document: &str, fewest: usize) {
    let text = read(document);
    let blocks = blocks(&text, &["yaml"]);
    assert!(
        blocks.len() >= fewest,
        "{document} has {} examples",
        blocks.len()
    );
    let problems = problems(document, &blocks);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
