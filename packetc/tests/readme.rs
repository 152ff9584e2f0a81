//! The README's commands print what it shows.
//!
//! In a fenced `console` block, a line that begins with `$ cargo run -q -p packetc -- ` is a command, and
//! the lines up to the next one are all that it prints, standard output before standard error. Commands
//! run one after the other in a folder that has `schemas/` and, as `sensor.yaml`, the README's schema.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PROMPT: &str = "$ cargo run -q -p packetc -- ";

#[test]
fn the_commands_print_what_the_readme_shows() {
    let readme = fs::read_to_string(workspace().join("README.md")).expect("a README");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let schema = blocks(&readme, "yaml").next().expect("a schema");
    fs::write(folder.path().join("sensor.yaml"), schema).expect("a file");
    copy_schemas(folder.path());
    let shown: Vec<String> = blocks(&readme, "console").collect();
    assert!(!shown.is_empty(), "the README has no commands");
    for shown in shown {
        let printed: Vec<String> = commands(&shown)
            .map(|command| format!("{PROMPT}{command}\n{}", run(command, folder.path())))
            .collect();
        assert_eq!(printed.concat(), shown);
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

fn copy_schemas(folder: &Path) {
    let to = folder.join("schemas");
    fs::create_dir(&to).expect("a folder");
    for entry in fs::read_dir(workspace().join("schemas")).expect("schemas") {
        let path = entry.expect("a schema").path();
        let name = path.file_name().expect("a name");
        fs::copy(&path, to.join(name)).expect("a copy");
    }
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
