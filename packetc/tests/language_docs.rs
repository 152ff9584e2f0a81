//! The schemas in the documentation mean what the text around them says.
//!
//! Every fenced `yaml` block of the language reference and the README is compiled, and its test vectors
//! run. The words after `yaml` say what a block is:
//!
//! | Word | Meaning |
//! |---|---|
//! | none | a whole schema |
//! | `fragment=fields` | the fields of a packet |
//! | `fragment=types`, `fragment=packets` | what stands under that key |
//! | `fragment=top` | keys of the schema; what is missing is added |
//! | `error=P0311` | gives just this error |
//! | `warning=P0204` | gives just this warning |

use packet_schema::diagnostic::{Diagnostic, Severity};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn the_language_reference() {
    check("docs/language.md", 40);
}

#[test]
fn the_readme() {
    check("README.md", 1);
}

#[test]
fn every_code_is_in_the_language_reference_and_no_other() {
    let text = read("docs/language.md");
    let (_, table) = text
        .split_once("## Diagnostics")
        .expect("the reference has a list of codes");
    let listed: Vec<&str> = table.lines().filter_map(code_of_row).collect();
    let mut raised = Vec::new();
    for sources in ["packet-schema/src", "packet-derive/src"] {
        collect_codes(&workspace().join(sources), &mut raised);
    }
    raised.sort_unstable();
    raised.dedup();
    assert_eq!(listed, raised);
}

/// `P0101` of a row that begins with "| `P0101` |".
fn code_of_row(line: &str) -> Option<&str> {
    line.strip_prefix("| `")?.split('`').next()
}

/// The codes that a folder's sources give to a diagnostic. Tests have some that nothing else has.
fn collect_codes(folder: &Path, codes: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            collect_codes(&path, codes);
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source");
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        for found in code.split("\"P").skip(1) {
            let (digits, end) = (found.get(..4).unwrap_or(""), found.get(4..5));
            if digits.bytes().all(|digit| digit.is_ascii_digit()) && end == Some("\"") {
                codes.push(format!("P{digits}"));
            }
        }
    }
}

/// Checks all blocks of a document, of which there are at least some.
fn check(document: &str, fewest: usize) {
    let text = read(document);
    let blocks = blocks(&text);
    assert!(
        blocks.len() >= fewest,
        "{document} has {} examples",
        blocks.len()
    );
    let problems: Vec<String> = blocks
        .iter()
        .filter_map(|block| {
            let problem = block.problem()?;
            Some(format!("{document}:{}: {problem}", block.line))
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A fenced block of YAML.
struct Block<'a> {
    /// The line of its first line, from 1.
    line: usize,
    /// The words after `yaml`.
    words: Vec<&'a str>,
    text: String,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut fence = None;
    for (index, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), fence) {
            (Some(info), None) => {
                let mut words = info.split_whitespace();
                let is_yaml = words.next() == Some("yaml");
                fence = Some(is_yaml);
                if is_yaml {
                    blocks.push(Block {
                        line: index + 2,
                        words: words.collect(),
                        text: String::new(),
                    });
                }
            }
            (Some(_), Some(_)) => fence = None,
            (None, Some(true)) => {
                if let Some(block) = blocks.last_mut() {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
            }
            _ => {}
        }
    }
    assert_eq!(fence, None, "a block has no end");
    blocks
}

impl Block<'_> {
    fn word(&self, key: &str) -> Option<&str> {
        self.words
            .iter()
            .find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }

    /// What the block does not do that it should.
    fn problem(&self) -> Option<String> {
        for word in &self.words {
            let key = word.split('=').next();
            if !["fragment", "error", "warning"].map(Some).contains(&key) {
                return Some(format!("the test does not know `{word}`"));
            }
        }
        let found = match packet_schema::compile(&self.schema()) {
            Ok(compiled) => {
                let mut found = compiled.warnings;
                found.extend(packet_schema::vectors::check(&compiled.layout));
                found
            }
            Err(problems) => problems,
        };
        let codes = |severity| -> Vec<&str> {
            let mut codes: Vec<&str> = found
                .iter()
                .filter(|problem| problem.severity == severity)
                .map(|problem| problem.code)
                .collect();
            codes.dedup();
            codes
        };
        let right = codes(Severity::Error) == Vec::from_iter(self.word("error"))
            && codes(Severity::Warning) == Vec::from_iter(self.word("warning"));
        (!right).then(|| {
            let found: Vec<String> = found.iter().map(describe).collect();
            format!(
                "`{}` gives {found:?}\n{}",
                self.words.join(" "),
                self.schema()
            )
        })
    }

    /// The block as a whole schema.
    fn schema(&self) -> String {
        let indented = |by: usize| -> String {
            let space = " ".repeat(by);
            let lines = self.text.lines().map(|line| format!("{space}{line}\n"));
            lines.collect()
        };
        match self.word("fragment") {
            None => self.text.clone(),
            Some("top") => {
                let protocol = if self.text.starts_with("protocol:") {
                    ""
                } else {
                    "protocol: example\n"
                };
                format!("{protocol}{}", self.text)
            }
            Some("fields") => {
                format!(
                    "protocol: example\npackets:\n  Example:\n    fields:\n{}",
                    indented(6)
                )
            }
            Some(key) => format!("protocol: example\n{key}:\n{}", indented(2)),
        }
    }
}

fn describe(problem: &Diagnostic) -> String {
    format!("{} {}", problem.code, problem.message)
}

fn read(document: &str) -> String {
    let path = workspace().join(document);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
