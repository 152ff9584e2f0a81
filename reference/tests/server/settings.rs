//! Settings, as the program takes them.

use std::process::{Command, Output};

pub(crate) fn run(flags: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_packet-server"))
        .args(flags)
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

#[track_caller]
pub(crate) fn refused(flags: &[&str], variables: &[(&str, &str)], expected: &str) {
    let output = run(flags, variables);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains(expected), "{error}");
    assert!(output.stdout.is_empty());
}

#[test]
fn settings_are_printed_with_their_origin() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.toml");
    std::fs::write(&path, "[listen]\nbacklog = 99\n").unwrap();
    let path = path.to_str().unwrap();
    let flags = ["--config", path, "--log", "warn", "--print-config"];
    let variables = [("PACKET_SERVER_TIMEOUTS_IDLE", "2m")];
    let output = run(&flags, &variables);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    for line in ["backlog = 99", "level = \"warn\"", "idle = \"2m\""] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    assert!(text.contains("(variable PACKET_SERVER_TIMEOUTS_IDLE)"));
    assert!(text.contains("(flag --log-level)"));
    assert!(text.contains(&format!("(file {path:?}, line 2)")));
}

#[test]
fn what_is_wrong_is_named() {
    refused(
        &["--listen-backlog", "0"],
        &[],
        "flag --listen-backlog: listen.backlog must be",
    );
    refused(&[], &[("PACKET_SERVER_PORT", "1")], "PACKET_SERVER_PORT");
    refused(&["--config", "/nowhere.toml"], &[], "/nowhere.toml");
    let flags = [
        "--tls-certificate",
        "/no/cert.pem",
        "--tls-key",
        "/no/key.pem",
    ];
    refused(&flags, &[], "tls.certificate: cannot read \"/no/cert.pem\"");
    refused(
        &["--tls-certificate", "cert.pem"],
        &[],
        "flag --tls-certificate: tls.certificate is set alone",
    );
    refused(
        &["--timeouts-idle", "90"],
        &[],
        "flag --timeouts-idle: timeouts.idle: \"90\" is no duration such as 90s",
    );
    refused(
        &["--world-speed=-1"],
        &[],
        "flag --world-speed: world.speed is -1, but",
    );
    let flags = ["--data", "memory", "--address", "192.0.2.1:1"];
    refused(&flags, &[], "listen.address: cannot listen on 192.0.2.1:1");
}
