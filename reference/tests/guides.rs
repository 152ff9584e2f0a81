//! The guides say what the programs do: `docs/server.md` names every setting and every metric, and shows what
//! `--print-config` prints; the script in `docs/client.md` passes.
// A failed helper fails the test that called it; clippy.toml excepts only the test functions themselves.
#![allow(clippy::unwrap_used)]

use reference::server::Server;
use reference::server::config::{Settings, keys::KEYS};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;

const SERVER_GUIDE: &str = include_str!("../../docs/server.md");
const CLIENT_GUIDE: &str = include_str!("../../docs/client.md");

/// What all names of metrics begin with.
const PREFIX: &str = "packet_server_";

#[test]
fn the_configuration_in_the_guide_is_what_is_printed() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packet-server"));
    for key in KEYS {
        command.env_remove(key.variable());
    }
    let output = command.arg("--print-config").output().unwrap();
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(block(SERVER_GUIDE, "toml"), printed);
}

#[test]
fn the_guide_explains_every_setting() {
    let missing: Vec<_> = KEYS
        .iter()
        .map(|key| format!("`{}`", key.path))
        .filter(|key| !SERVER_GUIDE.contains(key))
        .collect();
    assert!(missing.is_empty(), "docs/server.md lacks {missing:?}");
    for key in KEYS {
        if let Some(alias) = key.alias {
            let named = format!("`{}`, also `--{alias}`", key.path);
            assert!(
                SERVER_GUIDE.contains(&named),
                "docs/server.md lacks {named}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_explains_every_metric_and_no_other() {
    let (_, metrics) = serve().await;
    let page = tokio::task::spawn_blocking(move || get(metrics, "/metrics"))
        .await
        .unwrap();
    let mut told: Vec<(&str, &str)> = page
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
        .collect();
    let mut explained: Vec<(&str, &str)> = SERVER_GUIDE
        .lines()
        .filter(|line| line.starts_with(&format!("| `{PREFIX}")))
        .filter_map(|line| {
            let mut cells = line.trim_matches('|').split('|').map(str::trim);
            Some((cells.next()?.trim_matches('`'), cells.next()?))
        })
        .collect();
    told.sort_unstable();
    explained.sort_unstable();
    assert!(!told.is_empty(), "{page}");
    assert_eq!(explained, told);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_in_the_guide_passes() {
    let (address, _) = serve().await;
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("plaza.script");
    std::fs::write(&script, block(CLIENT_GUIDE, "text")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_packet-client"));
    command
        .args(["--address", &address.to_string(), "--script"])
        .arg(&script)
        .env("XDG_STATE_HOME", folder.path());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{errors}");
    let (_, shown) = said.trim_end().rsplit_once("plaza.script: ").unwrap();
    assert!(
        CLIENT_GUIDE.contains(&format!("\nplaza.script: {shown}\n")),
        "docs/client.md does not show {shown:?}"
    );
}

/// A server of which nothing is left, and its addresses: that for clients and that of its pages.
async fn serve() -> (SocketAddr, SocketAddr) {
    let mut settings = Settings::default();
    settings.listen.address.set_port(0);
    "memory".clone_into(&mut settings.store.data);
    "127.0.0.1:0".clone_into(&mut settings.metrics.address);
    let server = Server::bind(settings).await.unwrap();
    let addresses = (server.local_addr(), server.metrics_addr().unwrap());
    tokio::spawn(server.run(std::future::pending()));
    addresses
}

/// A page, with its head.
fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    page
}

/// The first fenced block in a language.
fn block<'a>(guide: &'a str, language: &str) -> &'a str {
    let (_, rest) = guide.split_once(&format!("\n```{language}\n")).unwrap();
    let (block, _) = rest.split_once("```\n").unwrap();
    block
}
