//! Every diagnostic's page in `docs/errors`: there is one, it has the form of the others, and its examples give
//! the error or compile as it says. The examples of P07xx are Rust, and `packet-derive` tests them.

mod examples;

use examples::{blocks, codes_in_the_sources, problems, read, workspace};
use std::fs;

/// The codes that have pages, in order.
fn pages() -> Vec<String> {
    let folder = workspace().join("docs/errors");
    let mut codes: Vec<String> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .map(|path| {
            let code = path.file_stem().expect("a file has a name");
            code.to_string_lossy().into_owned()
        })
        .collect();
    codes.sort();
    codes
}

#[test]
fn every_code_has_a_page_and_no_other() {
    assert_eq!(pages(), codes_in_the_sources());
}

#[test]
fn a_page_has_a_title_a_wrong_example_and_a_right_one() {
    for code in pages() {
        let text = read(&format!("docs/errors/{code}.md"));
        let (title, prose) = text.split_once("\n\n").expect("a page has a title");
        let named = title
            .strip_prefix("# ")
            .and_then(|title| title.strip_prefix(&code))
            .and_then(|title| title.strip_prefix(": "));
        assert!(named.is_some_and(|title| !title.is_empty()), "{code}");
        assert!(!prose.starts_with("```"), "{code} explains nothing");
        let blocks = blocks(&text, &["yaml", "rust"]);
        let shows = |block: &&examples::Block| {
            let shown = block.word("error").or(block.word("warning"));
            shown == Some(code.as_str())
        };
        let wrong = blocks.iter().filter(shows).count();
        assert!(wrong > 0, "{code} has no wrong example");
        assert!(blocks.len() > wrong, "{code} has no right example");
    }
}

#[test]
fn the_examples_do_what_the_pages_say() {
    let mut found = Vec::new();
    for code in pages() {
        let page = format!("docs/errors/{code}.md");
        found.extend(problems(&page, &blocks(&read(&page), &["yaml"])));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
