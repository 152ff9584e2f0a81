//! Fenced examples in documents, compiled.
//!
//! The words behind the language of a block of `yaml` say what it is:
//!
//! | Word | Meaning |
//! |---|---|
//! | none | a whole schema |
//! | `fragment=fields` | the fields of a packet |
//! | `fragment=types`, `fragment=packets` | what stands under that key |
//! | `fragment=top` | keys of the schema; what is missing is added |
//! | `file=types/common.yaml` | a schema in this file, which others of the document can import |
//! | `encoding=latin1` | not saved as UTF-8 |
//! | `error=P0311` | gives just this error |
//! | `warning=P0204` | gives just this warning |
//!
//! Blocks of other languages are left alone.

use packet_schema::diagnostic::{Diagnostic, Severity};
use packet_schema::source::File;
use std::fs;
use std::path::{Path, PathBuf};

/// Every code that a source gives to a diagnostic, in order.
pub(crate) fn codes_in_the_sources() -> Vec<String> {
    let mut codes = Vec::new();
    for sources in ["packet-schema/src", "packet-derive/src"] {
        collect_codes(&workspace().join(sources), &mut codes);
    }
    codes.sort_unstable();
    codes.dedup();
    codes
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

/// What is wrong with the blocks of a document.
pub(crate) fn problems(document: &str, blocks: &[Block]) -> Vec<String> {
    let problems = blocks.iter().filter_map(|block| {
        let problem = block.problem(blocks)?;
        Some(format!("{document}:{}: {problem}", block.line))
    });
    problems.collect()
}

/// A fenced block.
pub(crate) struct Block<'a> {
    /// The line of its first line, from 1.
    line: usize,
    language: &'a str,
    /// The words after the language.
    words: Vec<&'a str>,
    text: String,
}

/// The blocks of a document that are in one of `languages`.
pub(crate) fn blocks<'a>(text: &'a str, languages: &[&str]) -> Vec<Block<'a>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut fence = None;
    for (index, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), fence) {
            (Some(info), None) => {
                let mut words = info.split_whitespace();
                let language = words.next().unwrap_or("");
                let is_wanted = languages.contains(&language);
                fence = Some(is_wanted);
                if is_wanted {
                    blocks.push(Block {
                        line: index + 2,
                        language,
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
    /// The value of the word `key=value`.
    pub(crate) fn word(&self, key: &str) -> Option<&str> {
        self.words
            .iter()
            .find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }

    /// What the block does not do that it should.
    fn problem(&self, document: &[Block]) -> Option<String> {
        if self.language != "yaml" {
            return None;
        }
        for word in &self.words {
            let key = word.split('=').next();
            let known = ["fragment", "file", "encoding", "error", "warning"];
            if !known.map(Some).contains(&key) {
                return Some(format!("the test does not know `{word}`"));
            }
        }
        let mut load = |path: &str| {
            let found = document
                .iter()
                .find(|block| block.word("file") == Some(path));
            let reason = || format!("there is no file {path}");
            found.map(Block::file).ok_or_else(reason)
        };
        let found = match packet_schema::compile_files(self.file(), &mut load).1 {
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

    /// The block as a file.
    fn file(&self) -> File {
        let name = self.word("file").unwrap_or("example.yaml").to_owned();
        let bytes = match self.word("encoding") {
            // Of other characters there is none in such a block.
            Some("latin1") => self.schema().chars().map(|c| c as u8).collect(),
            _ => self.schema().into_bytes(),
        };
        File {
            id: name.clone(),
            name,
            bytes,
        }
    }

    /// The block as a whole schema.
    pub(crate) fn schema(&self) -> String {
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

/// A document's text.
pub(crate) fn read(document: &str) -> String {
    let path = workspace().join(document);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The folder that documents are named from.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
