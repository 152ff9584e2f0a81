//! The pages for machines.

use crate::support::{Client, Server};

#[test]
fn healthz_says_that_the_server_is_up() {
    let server = Server::start(&[]);
    let answer = server.get("/healthz");
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.ends_with("ok\n"), "{answer}");
    assert!(server.get("/other").starts_with("HTTP/1.1 404"));
}

#[test]
fn metrics_count_what_happened() {
    let server = Server::start(&[]);
    let mut client = Client::logged_in(&server, "ada");
    for request in 1..=10 {
        client.echo(request);
    }
    let metrics = server.get("/metrics");
    for line in [
        "packet_server_packets_total{direction=\"in\",packet=\"EchoRequest\"} 10",
        "packet_server_bytes_total{direction=\"out\",packet=\"EchoReply\"} 150",
        "packet_server_sessions{state=\"authenticated\"} 1",
        "packet_server_sessions{state=\"connected\"} 0",
        "packet_server_players 1",
    ] {
        assert!(
            metrics.lines().any(|found| found == line),
            "{line} in {metrics}"
        );
    }
}
