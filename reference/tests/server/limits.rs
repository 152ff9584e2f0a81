//! More than there is room for.

use crate::support::{Client, Server, echo, hello};
use packet_runtime::Encode;
use reference::game::{ErrorCode, Heartbeat, KickReason, Packet, WelcomeResult};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::Duration;

#[test]
fn who_floods_is_told_and_then_kicked() {
    let server = Server::start(&["--rates-system-burst", "5", "--rates-strikes-burst", "3"]);
    let mut client = Client::greeted(&server);
    let beat = Heartbeat {
        sequence: 1,
        sent_at: 1,
        rtt: 0,
    };
    client.send_bytes(&beat.to_vec().unwrap().repeat(200));
    let rest = client.rest();
    let count = |name| rest.iter().filter(|packet| packet.name() == name).count();
    // The greeting took one of the five.
    assert_eq!(count("HeartbeatReply"), 4, "{rest:?}");
    assert_eq!(count("Error"), 4);
    let limited = |packet: &Packet| matches!(packet, Packet::Error(error) if error.code == ErrorCode::RATE_LIMITED && error.packet == 5000);
    assert!(rest[4..8].iter().all(limited));
    assert!(
        matches!(rest.last(), Some(Packet::KickNotice(kick)) if kick.reason == KickReason::FLOODING)
    );
    server.is_well();
}

#[test]
fn who_finds_no_place_is_told() {
    let server = Server::start(&["--max-connections", "2"]);
    let mut first = Client::greeted(&server);
    let mut second = Client::greeted(&server);
    let mut third = Client::connect(&server);
    third.send(hello());
    assert_eq!(third.welcome().result, WelcomeResult::SERVER_FULL);
    assert_eq!(third.rest(), []);
    first.echo(1);
    second.echo(2);
    drop(first);
    server.logged("closed by the client");
    sleep(Duration::from_millis(50));
    server.is_well();
}

#[test]
fn an_address_has_so_many_places() {
    let server = Server::start(&["--limits-connections-per-address", "1"]);
    let mut first = Client::greeted(&server);
    let mut second = Client::connect(&server);
    assert_eq!(second.welcome().result, WelcomeResult::SERVER_FULL);
    first.echo(1);
    let metrics = server.get("/metrics");
    let line = "packet_server_refused_connections_total{reason=\"full_for_address\"} 1";
    assert!(metrics.contains(line), "{metrics}");
}

#[test]
fn few_file_descriptors_are_no_reason_to_spin_or_stop() {
    // So few that not even the connections fit for which there should always be a place.
    let server = Server::start_after("ulimit -n 40", &[]);
    let mut first = Client::greeted(&server);
    let crowd: Vec<_> = (0..60)
        .filter_map(|_| TcpStream::connect(server.address).ok())
        .collect();
    sleep(Duration::from_millis(300));
    first.echo(1);
    let before = server.computed();
    sleep(Duration::from_secs(1));
    let computed = server.computed() - before;
    assert!(computed < 20, "{computed} hundredths of a second");
    drop(crowd);
    sleep(Duration::from_millis(300));
    drop(first);
    server.logged("closed by the client");
    server.is_well();
}

#[test]
fn before_the_login_a_client_takes_little_memory() {
    // So many that it does not matter that the allocator takes memory from the system by 2 MiB.
    const CLIENTS: u64 = 3000;
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap();
    assert!(
        files > CLIENTS + 100,
        "at most {files} open files are allowed"
    );
    let server = Server::start(&[
        "--timeouts-login",
        "1m",
        "--timeouts-frame",
        "1m",
        "--timeouts-write",
        "1m",
    ]);
    let mut warm: Vec<_> = (0..20).map(|_| Client::greeted(&server)).collect();
    for client in &mut warm {
        client.echo(1);
    }
    let before = server.memory();
    let mut hostile = Vec::new();
    for number in 0..CLIENTS {
        let mut client = Client::greeted(&server);
        client.stream.set_nonblocking(true).unwrap();
        if number % 2 == 0 {
            // Nearly all of the longest packet that is taken.
            let mut frame = vec![0; 511];
            frame[..10].copy_from_slice(&[2, 0, 0x13, 0x8e, 0, 0, 0, 1, 1, 0xf6]);
            client.send_bytes(&frame);
        } else {
            // Answers that are never read.
            let request = echo(1).to_vec().unwrap().repeat(100_000 / 15);
            client.send_bytes(&request);
        }
        hostile.push(client);
    }
    sleep(Duration::from_millis(500));
    let taken = server.memory() - before;
    assert!(taken < 4 * CLIENTS, "{taken} KiB by {CLIENTS}");
    server.is_well();
}
