//! The programs: the demo, and server and client as processes of their own.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
#[cfg(unix)]
use {
    crate::support::PATIENCE,
    std::process::ExitStatus,
    std::thread,
    std::time::{Duration, Instant},
};

fn demo() -> Output {
    Command::new(env!("CARGO_BIN_EXE_demo")).output().unwrap()
}

#[test]
fn the_demo_shows_every_packet_and_ends_well() {
    let output = demo();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{text}{errors}");
    assert_eq!(errors, "");
    for packet in [
        "ada -> server  LoginRequest  id 1000  20 bytes",
        "server -> grace  LoginResponse  id 1001",
        "ada -> server  Heartbeat  id 5000  16 bytes",
        "server -> ada  Heartbeat  id 5000  16 bytes",
        "ada -> server  Move  id 2002  33 bytes",
        "server -> grace  PlayerMoved  id 2003  33 bytes",
        "ada -> server  Chat  id 4000",
        "server -> grace  ChatMessage  id 4001",
    ] {
        assert!(text.contains(packet), "no `{packet}` in:\n{text}");
    }
    let last = text.lines().last().unwrap_or_default();
    assert!(last.starts_with("Done: 14 packets, "), "{text}");
}

#[test]
fn the_demo_differs_from_run_to_run_only_in_port_and_token() {
    let fixed = |output: Output| -> Vec<String> {
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .filter(|line| {
                !["port", "token", "listens on", "(not"]
                    .iter()
                    .any(|word| line.contains(word))
            })
            .map(str::to_owned)
            .collect()
    };
    let (first, second) = (fixed(demo()), fixed(demo()));
    let differing: Vec<_> = first.iter().zip(&second).filter(|(a, b)| a != b).collect();
    // The token's 16 bytes take two lines of each of the two dumps.
    assert!(differing.len() <= 2, "{differing:#?}");
    assert_eq!(first.len(), second.len());
}

/// A process that does not outlive its test.
struct Process(Child);

impl Process {
    /// Waits for the end, but not for ever.
    #[cfg(unix)]
    fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the process does not end");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the server; also returns its address.
fn server() -> (Process, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_packet-server"))
        .args(["--address", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let stdout = child.stdout.take().unwrap();
    let process = Process(child);
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on ").unwrap();
    (process, address.to_owned())
}

fn client(address: &str, name: &str) -> (Child, ChildStdin) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_packet-client"))
        .args([
            "--address",
            address,
            "--name",
            name,
            "--password",
            "secret!",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdin = child.stdin.take().unwrap();
    (child, stdin)
}

#[test]
fn a_client_says_what_is_typed_and_shows_what_it_hears() {
    let (_server, address) = server();
    let (child, mut stdin) = client(&address, "ada");
    stdin
        .write_all("hello\n/whisper ada \u{1b}[31m\n".as_bytes())
        .unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let expected = format!(
        "server Earth at 127.0.0.1:{} with 1 of 1000 players\nada: hello\nada (whispers): \\u{{1b}}[31m\n",
        address.rsplit(':').next().unwrap()
    );
    assert_eq!(text, expected);
    assert!(output.status.success());
}

#[test]
fn a_client_without_a_server_says_so() {
    // Nothing listens on this port any more.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let (child, _stdin) = client(&address, "ada");
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        errors.starts_with(&format!("error: {address}: ")),
        "{errors}"
    );
}

#[test]
fn a_server_on_an_address_in_use_says_so() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_packet-server"))
        .args(["--address", &address])
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        errors.starts_with(&format!("error: {address}: ")),
        "{errors}"
    );
}

/// Ctrl-C is a signal that only Unix lets one process send to another.
#[cfg(unix)]
#[test]
fn ctrl_c_shuts_the_server_down_and_clients_see_an_orderly_end() {
    let (mut server, address) = server();
    let (child, stdin) = client(&address, "ada");
    let mut stdout = BufReader::new(child.stdout.unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert!(line.starts_with("server Earth"), "{line}");
    let sent = Command::new("kill")
        .args(["-INT", &server.0.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    assert!(server.wait().success());
    let mut errors = String::new();
    BufReader::new(child.stderr.unwrap())
        .read_line(&mut errors)
        .unwrap();
    assert_eq!(
        errors,
        format!("error: {address}: the server closed the connection\n")
    );
    drop(stdin);
}
