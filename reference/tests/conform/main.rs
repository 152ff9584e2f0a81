//! The conformance suite against the bundled server, which keeps all of its rules, and against servers each of which
//! breaks one: the bundled server behind a proxy that does so.
// A failed helper fails the test that called it; clippy.toml excepts only the test functions themselves.
#![allow(clippy::unwrap_used)]

mod modes;
mod proxy;
mod server;

use modes::{BROKEN, Broken, Mode};
use proxy::Proxy;
use reference::conform::{self, Check, Options, Report, Verdict};
use server::Server;
use std::process::Command;
use std::time::Duration;
use tokio::task::JoinSet;

const CLIENT: &str = env!("CARGO_BIN_EXE_packet-client");

/// Checks that no mode breaks, each with the reason.
const WITHOUT_A_MODE: [(&str, &str); 4] = [
    ("limits/never_greeting", "waits for three heartbeats"),
    ("limits/silent", "waits for three heartbeats"),
    ("limits/dribbling", "waits for three heartbeats"),
    ("limits/never_reading", "waits for three heartbeats"),
];

/// Broken servers that are tested at a time.
const AT_A_TIME: usize = 3;

/// Runs the program, and returns its output and exit code.
fn conform(arguments: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(CLIENT)
        .arg("conform")
        .args(arguments)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (text, output.status.code())
}

#[test]
fn the_bundled_server_conforms_with_tls() {
    let folder = tempfile::tempdir().unwrap();
    let certified = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let [certificate, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
    std::fs::write(&certificate, certified.cert.pem()).unwrap();
    std::fs::write(&key, certified.signing_key.serialize_pem()).unwrap();
    let [certificate, key] = [&certificate, &key].map(|path| path.to_str().unwrap());
    let server = Server::start(&["--tls-certificate", certificate, "--tls-key", key]);
    let (text, code) = conform(&[&server.address, "--ca", certificate]);
    assert_eq!(code, Some(0), "{text}");
    assert!(!text.contains("FAIL"), "{text}");
    // Who speaks no TLS learns why nothing works.
    let (text, code) = conform(&[&server.address, "--only", "greeting"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.trim_end()
            .ends_with("does the server speak TLS, or another protocol?"),
        "{text}"
    );
    // Who trusts others learns nothing of the rules.
    let (text, code) = conform(&[&server.address, "--ca", key]);
    assert_eq!((text.as_str(), code), ("", Some(2)));
}

#[test]
fn the_bundled_server_conforms() {
    let server = Server::start(&[]);
    let (text, code) = conform(&[&server.address]);
    assert_eq!(code, Some(0), "{text}");
    assert!(!text.contains("FAIL"), "{text}");
    // A second run meets what the first one left behind.
    let (text, code) = conform(&[
        &server.address,
        "--only",
        "accounts",
        "--only",
        "guilds",
        "--only",
        "chat",
    ]);
    assert_eq!(code, Some(0), "{text}");
}

#[test]
fn the_bundled_server_loses_patience_in_time() {
    let server = Server::start(&["--timeouts-heartbeat", "1s", "--timeouts-idle", "3s"]);
    let (text, code) = conform(&[&server.address, "--slow", "--only", "limits/"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(!text.contains("  skip  "), "{text}");
}

#[test]
fn accounts_that_are_given_are_used() {
    let server = Server::start(&[]);
    let (text, code) = conform(&[
        &server.address,
        "--account",
        "nobody:has this password",
        "--only",
        "system/echo_sizes",
    ]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("LoginResponse with LoginResult(1)"), "{text}");
}

#[test]
fn a_report_for_programs_says_the_same() {
    let server = Server::start(&[]);
    let (text, code) = conform(&[&server.address, "--only", "greeting/", "--format", "json"]);
    assert_eq!(code, Some(0), "{text}");
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["failed"], 0);
    let greetings = conform::checks()
        .iter()
        .filter(|check| check.name().starts_with("greeting/"))
        .count();
    assert_eq!(report["passed"], greetings);
    assert!(
        report["checks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|check| check["name"] == "greeting/welcome")
    );
}

#[test]
fn nobody_at_the_address_is_no_report() {
    let (text, code) = conform(&["127.0.0.1:1", "--only", "greeting"]);
    assert_eq!((text.as_str(), code), ("", Some(2)));
    let (text, code) = conform(&["127.0.0.1:1", "--only", "tea"]);
    assert_eq!((text.as_str(), code), ("", Some(2)));
}

/// Tests a server that breaks something, by the checks of these names.
async fn test_broken(server: String, mode: Mode, only: Vec<String>) -> Report {
    let proxy = Proxy::start(&server, mode).await;
    let options = Options {
        only,
        patience: Duration::from_millis(500),
        ..Options::default()
    };
    conform::run(&proxy.address, &options).await.unwrap()
}

/// Which of the checks that have to notice a broken server did not.
async fn missed(server: String, broken: &Broken) -> Vec<String> {
    let checks = conform::checks();
    let noticing = checks.iter().filter(|check| broken.is_noticed_by(check));
    let names: Vec<String> = noticing.map(|check| check.name().to_owned()).collect();
    let report = test_broken(server, broken.mode, names.clone()).await;
    let findings = report.findings().iter();
    findings
        .filter(|finding| names.iter().any(|name| name == finding.name()))
        .filter(|finding| !is_noticed(broken.mode, finding.verdict()))
        .map(|finding| {
            format!(
                "{:?}: {} {:?}",
                broken.mode,
                finding.name(),
                finding.verdict()
            )
        })
        .collect()
}

/// Whether a check failed, and not because a busy server let nobody in before it began.
fn is_noticed(mode: Mode, verdict: &Verdict) -> bool {
    let breaks_accounts = matches!(
        mode,
        Mode::Late
            | Mode::ChangesNumbers
            | Mode::Drops("Welcome" | "RegisterResponse" | "LoginResponse")
    );
    match verdict {
        Verdict::Failed { expected, .. } => {
            breaks_accounts
                || !["RegisterRequest", "LoginRequest"]
                    .iter()
                    .any(|name| expected.starts_with(&format!("an answer to {name}")))
        }
        Verdict::Passed | Verdict::Skipped(_) => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_broken_is_noticed() {
    let server = Server::start(&[]);
    let mut waiting = BROKEN.iter();
    let mut running = JoinSet::new();
    let mut all = Vec::new();
    loop {
        while running.len() < AT_A_TIME
            && let Some(broken) = waiting.next()
        {
            running.spawn(missed(server.address.clone(), broken));
        }
        match running.join_next().await {
            Some(ended) => all.extend(ended.unwrap()),
            None => break,
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_breaks_nothing_is_no_failure() {
    let server = Server::start(&[]);
    let report = test_broken(server.address.clone(), Mode::Honest, Vec::new()).await;
    assert!(report.is_clean(), "{report}");
}

#[test]
fn every_check_has_a_server_that_it_catches() {
    let caught = |check: &Check| BROKEN.iter().any(|broken| broken.is_noticed_by(check));
    let checks = conform::checks();
    let found: Vec<&str> = checks
        .iter()
        .filter(|check| !caught(check))
        .map(Check::name)
        .collect();
    let expected: Vec<&str> = WITHOUT_A_MODE.iter().map(|(name, _)| *name).collect();
    assert_eq!(found, expected);
}
