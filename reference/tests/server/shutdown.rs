//! How a server stops.

use crate::support::{Client, Server, echo};
use packet_runtime::Encode;
use reference::game::{KickReason, Packet};
use std::io::Write;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Clients in the midst of their traffic.
pub(crate) fn traffic(server: &Server) -> Vec<Client> {
    let mut clients: Vec<_> = (0..20).map(|_| Client::greeted(server)).collect();
    clients.push(Client::logged_in(server, "ada"));
    for client in &clients {
        let mut stream = client.stream.try_clone().unwrap();
        std::thread::spawn(move || {
            let frame = echo(1).to_vec().unwrap();
            while stream.write_all(&frame).is_ok() {
                sleep(Duration::from_millis(1));
            }
        });
    }
    sleep(Duration::from_millis(100));
    clients
}

#[track_caller]
fn stops_kindly(signal: &str) {
    let mut server = Server::start(&[]);
    let clients = traffic(&server);
    let start = Instant::now();
    server.signal(signal);
    for mut client in clients {
        let rest = client.rest();
        assert!(
            matches!(rest.last(), Some(Packet::KickNotice(kick)) if kick.reason == KickReason::SHUTTING_DOWN),
            "{:?}",
            rest.last()
        );
    }
    assert_eq!(server.ended().code(), Some(0), "{}", server.log());
    assert!(start.elapsed() < Duration::from_secs(5));
    server.logged("stopped");
}

#[test]
fn sigterm_tells_clients_and_ends_well() {
    stops_kindly("TERM");
}

#[test]
fn so_does_ctrl_c() {
    stops_kindly("INT");
}

#[test]
fn clients_that_stay_are_not_waited_for() {
    let mut server = Server::start(&["--timeouts-stop", "300ms", "--timeouts-drain", "1m"]);
    let _client = Client::logged_in(&server, "ada");
    let start = Instant::now();
    server.signal("TERM");
    assert_eq!(server.ended().code(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(3));
    server.logged("closing at once");
}

#[test]
fn a_second_signal_ends_at_once() {
    let mut server = Server::start(&["--timeouts-stop", "1m", "--timeouts-drain", "1m"]);
    let _client = Client::greeted(&server);
    server.signal("TERM");
    server.logged("stopping");
    let start = Instant::now();
    server.signal("INT");
    assert_eq!(server.ended().code(), Some(130));
    assert!(start.elapsed() < Duration::from_secs(1));
}
