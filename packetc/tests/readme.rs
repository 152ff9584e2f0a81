//! The README's commands print what it shows.
//!
//! In a fenced `console` block, a line that begins with `$ cargo run -q -p packetc -- ` is a command, and
//! the lines up to the next one are all that it prints, standard output before standard error; `…` at the
//! end of a block stands for more. Commands run one after the other in a folder that has the files that
//! they read and, as `sensor.yaml`, the README's schema.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files of the workspace that commands read.
const FILES: &[&str] = &["schemas/inet.yaml", "tests/data/inet.pcap"];

const PROMPT: &str = "$ cargo run -q -p packetc -- ";

#[test]
fn the_commands_print_what_the_readme_shows() {
    let readme = fs::read_to_string(workspace().join("README.md")).expect("a README");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let schema = blocks(&readme, "yaml").next().expect("a schema");
    fs::write(folder.path().join("sensor.yaml"), schema).expect("a file");
    for file in FILES {
        let to = folder.path().join(file);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(workspace().join(file), to).expect("a copy");
    }
    let shown: Vec<String> = blocks(&readme, "console").collect();
    assert!(!shown.is_empty(), "the README has no commands");
    for shown in shown {
        let printed: Vec<String> = commands(&shown)
            .map(|command| format!("{PROMPT}{command}\n{}", run(command, folder.path())))
            .collect();
        let printed = printed.concat();
        match shown.strip_suffix("…\n") {
            Some(start) => assert_eq!(printed.get(..start.len()), Some(start)),
            None => assert_eq!(printed, shown),
        }
    }
}

/// The fenced blocks in a language.
fn blocks<'a>(text: &'a str, language: &'a str) -> impl Iterator<Item = String> + 'a {
    let opening = format!("```{language}\n");
    text.split("\n```\n").filter_map(move |part| {
        let (_, block) = part.split_once(&opening)?;
        Some(format!("{block}\n"))
    })
}

fn commands(block: &str) -> impl Iterator<Item = &str> {
    block.lines().filter_map(|line| line.strip_prefix(PROMPT))
}

/// Everything that a command prints.
fn run(command: &str, folder: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_packetc"))
        .args(words(command))
        .current_dir(folder)
        .output()
        .expect("packetc starts");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    text(output.stdout) + &text(output.stderr)
}

/// The words of a command line, of which some stand in single quotes.
fn words(command: &str) -> Vec<&str> {
    command
        .split('\'')
        .enumerate()
        .flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().collect(),
            _ => vec![part],
        })
        .collect()
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
