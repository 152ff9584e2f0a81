//! Clients that let the server wait.

use crate::support::{Client, Server, echo};
use packet_runtime::Encode;
use reference::game::{KickReason, Packet};
use std::thread::sleep;
use std::time::{Duration, Instant};

#[track_caller]
fn kicked(client: &mut Client, reason: KickReason, text: &str) {
    let rest = client.rest();
    let [Packet::KickNotice(kick)] = &rest[..] else {
        panic!("{rest:?}");
    };
    assert_eq!((kick.reason, kick.text.as_str()), (reason, text));
}

#[test]
fn a_client_that_says_nothing_is_closed() {
    let server = Server::start(&["--timeouts-hello", "200ms"]);
    let mut client = Client::connect(&server);
    kicked(&mut client, KickReason::IDLE, "no Hello came in time");
}

#[test]
fn a_client_that_does_not_log_in_is_closed_whatever_it_says() {
    let server = Server::start(&["--timeouts-login", "300ms"]);
    let mut client = Client::greeted(&server);
    let start = Instant::now();
    client.echo(1);
    sleep(Duration::from_millis(150));
    client.echo(2);
    kicked(&mut client, KickReason::IDLE, "nobody logged in in time");
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_player_who_is_silent_is_closed() {
    let server = Server::start(&["--timeouts-idle", "1s", "--timeouts-heartbeat", "1s"]);
    let mut client = Client::logged_in(&server, "ada");
    for request in 1..=4 {
        sleep(Duration::from_millis(350));
        client.echo(request);
    }
    kicked(&mut client, KickReason::IDLE, "no packet came for too long");
}

#[test]
fn a_packet_that_dribbles_for_too_long_is_not_waited_for() {
    let server = Server::start(&["--timeouts-frame", "300ms"]);
    let mut client = Client::logged_in(&server, "ada");
    let frame = echo(1).to_vec().unwrap();
    let start = Instant::now();
    let mut stream = client.stream.try_clone().unwrap();
    std::thread::spawn(move || {
        for byte in &frame[..frame.len() - 1] {
            let _ = std::io::Write::write_all(&mut stream, &[*byte]);
            sleep(Duration::from_millis(50));
        }
    });
    kicked(
        &mut client,
        KickReason::IDLE,
        "a packet took too long to arrive",
    );
    let took = start.elapsed();
    assert!(took >= Duration::from_millis(290), "{took:?}");
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[test]
fn a_client_that_reads_nothing_is_closed_and_holds_up_nobody() {
    let server = Server::start(&["--timeouts-write", "300ms", "--timeouts-drain", "200ms"]);
    let mut slow = Client::logged_in(&server, "ada");
    slow.stream
        .set_write_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    let request = reference::game::EchoRequest {
        request: 1,
        payload: vec![0; 32768],
    };
    let frame = request.to_vec().unwrap();
    for _ in 0..2000 {
        if std::io::Write::write_all(&mut slow.stream, &frame).is_err() {
            break;
        }
    }
    server.logged("the client reads too slowly");
    server.is_well();
    assert!(server.memory() < 200 * 1024, "{} KiB", server.memory());
}

/// A machine that is switched off closes nothing: its side of the connection is there and never says anything again.
#[test]
fn a_client_that_vanished_is_forgotten() {
    let server = Server::start(&[
        "--timeouts-idle",
        "1s",
        "--timeouts-heartbeat",
        "1s",
        "--timeouts-drain",
        "200ms",
    ]);
    let vanished = Client::logged_in(&server, "ada");
    server.logged("no packet came for too long");
    for line in [
        "packet_server_sessions{state=\"authenticated\"} 0",
        "packet_server_sessions{state=\"leaving\"} 0",
        "packet_server_players 0",
    ] {
        server.measures(line);
    }
    server.is_well();
    drop(vanished);
}

#[test]
fn the_server_sends_heartbeats_to_players() {
    let server = Server::start(&["--timeouts-heartbeat", "1s"]);
    let mut client = Client::logged_in(&server, "ada");
    let mut sequences = Vec::new();
    while sequences.len() < 2 {
        if let Some(Packet::Heartbeat(beat)) = client.next_of_all() {
            client.send(reference::game::HeartbeatReply {
                sequence: beat.sequence,
                sent_at: beat.sent_at,
            });
            sequences.push(beat.sequence);
            if beat.sequence == 2 {
                assert!(beat.rtt > 0);
            }
        }
    }
    assert_eq!(sequences, [1, 2]);
    client.echo(1);
    let metrics = server.get("/metrics");
    assert!(
        metrics.contains("packet_server_round_trip_seconds_count 2"),
        "{metrics}"
    );
}
