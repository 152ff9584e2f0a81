//! Runs the `packetc` program as users do: arguments and standard input in, text and an exit code out.

mod check;
mod decode;
mod encode;
mod explain;
mod fingerprint;
mod generate;
mod imports;
mod layout;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// How a run ended.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Run {
    /// All of it as one text, for snapshots.
    fn transcript(&self) -> String {
        let code = self
            .code
            .map_or("signal".to_owned(), |code| code.to_string());
        let parts = [
            format!("exit code {code}\n"),
            section("stdout", &self.stdout),
            section("stderr", &self.stderr),
        ];
        parts.concat()
    }
}

fn section(name: &str, text: &str) -> String {
    match text {
        "" => String::new(),
        text => format!("--- {name}\n{text}"),
    }
}

/// Runs `packetc` in the workspace's folder, so that paths in its output are the same everywhere.
fn packetc(arguments: &[&str]) -> Run {
    packetc_with_input(arguments, b"")
}

fn packetc_with_input(arguments: &[&str], input: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_packetc"))
        .args(arguments)
        .current_dir(workspace())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("packetc starts");
    // Inputs of tests fit the pipe, or are read to their end before packetc writes.
    let mut stdin = child.stdin.take().expect("a pipe");
    // A run that fails early does not read its input.
    let _ = stdin.write_all(input);
    drop(stdin);
    let output = child.wait_with_output().expect("packetc ends");
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

fn workspace() -> PathBuf {
    let crate_folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    crate_folder
        .parent()
        .expect("the crate lies in the workspace")
        .to_owned()
}

/// The bytes of hexadecimal digits.
fn bytes(hex: &str) -> Vec<u8> {
    packet_schema::value::parse_hex(hex).expect("digits")
}

#[test]
fn wrong_usage_is_exit_code_2() {
    for arguments in [
        &["compile"] as &[&str],
        &[],
        &["check"],
        &["fingerprint"],
        &["layout", "schemas/game.yaml", "Move", "Say"],
        &["generate", "schemas/game.yaml"],
        &["decode", "schemas/game.yaml", "--hex", "00", "--raw"],
    ] {
        let run = packetc(arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}");
        assert!(
            run.stdout.is_empty() && !run.stderr.is_empty(),
            "{arguments:?}"
        );
    }
}

#[test]
fn help_is_data() {
    for command in [
        "check",
        "explain",
        "generate",
        "layout",
        "fingerprint",
        "decode",
        "encode",
        "schema",
    ] {
        let run = packetc(&[command, "--help"]);
        assert_eq!(run.code, Some(0), "{command}");
        assert!(
            run.stdout.contains("Examples:\n  packetc "),
            "{}",
            run.stdout
        );
    }
}

#[test]
fn a_missing_schema_is_named_with_the_reason() {
    for arguments in [
        &["layout", "schemas/none.yaml"] as &[&str],
        &["generate", "schemas/none.yaml", "--out", "."],
        &["decode", "schemas/none.yaml", "--hex", ""],
        &["encode", "schemas/none.yaml", "{}"],
        &["check", "schemas/none.yaml"],
        &["fingerprint", "schemas/none.yaml"],
    ] {
        let run = packetc(arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}");
        let problem = "error: cannot read schemas/none.yaml: No such file or directory";
        assert!(run.stderr.starts_with(problem), "{}", run.stderr);
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_packetc"))
        .args(["decode", "schemas/game.yaml"])
        .current_dir(workspace())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("packetc starts");
    drop(child.stdout.take());
    let heartbeats = "0014 1388 00000001 000000000000c350 00000000\n".repeat(1000);
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin
        .write_all(heartbeats.as_bytes())
        .expect("it reads all");
    drop(stdin);
    let output = child.wait_with_output().expect("packetc ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn the_language_is_printed_as_a_json_schema() {
    let run = packetc(&["schema"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let document: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let field = &document["$defs"]["field"]["properties"];
    assert_eq!(field["type"]["$ref"], "#/$defs/type");
    assert_eq!(
        field["endian"]["enum"],
        serde_json::json!(["big", "little"])
    );
}
