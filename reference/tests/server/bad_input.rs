//! Whatever a client sends: an Error where the protocol has one, one line in the log, and only that session ends.

use crate::support::{Client, Server, echo, hello, login};
use packet_runtime::Encode;
use reference::game::{ErrorCode, KickReason, LeaveWorld, Packet, ServerNotice};
use std::io::Write;
use std::thread::sleep;
use std::time::Duration;

/// A client is greeted and sends bytes: what the server says before it closes.
#[track_caller]
fn check(bytes: &[u8], code: ErrorCode, logged: &str) {
    let server = Server::start(&[]);
    let mut client = Client::greeted(&server);
    client.send_bytes(bytes);
    refused(&mut client, code, KickReason::PROTOCOL_VIOLATION);
    server.logged(logged);
    let lines = server.log();
    assert_eq!(lines.matches("rejected").count(), 1, "one line: {lines}");
    server.is_well();
}

#[track_caller]
fn refused(client: &mut Client, code: ErrorCode, reason: KickReason) {
    let rest = client.rest();
    let [Packet::Error(error), Packet::KickNotice(kick)] = &rest[..] else {
        panic!("{rest:?}");
    };
    assert_eq!((error.code, kick.reason), (code, reason));
}

#[test]
fn a_size_of_nothing() {
    check(&[0, 0, 0, 0], ErrorCode::MALFORMED, "claims 0 bytes");
}

#[test]
fn a_size_below_the_header() {
    check(&[0, 3, 0x13, 0x8e], ErrorCode::MALFORMED, "claims 3 bytes");
}

#[test]
fn a_size_over_the_limit_of_its_packet() {
    // A heartbeat of 21 bytes, of which only the header comes.
    let logged = "the maximum for it is 20";
    check(&[0, 21, 0x13, 0x88], ErrorCode::TOO_LARGE, logged);
}

#[test]
fn a_size_over_the_limit_before_the_login() {
    // An echo of 1,000 bytes, of which only the header comes.
    let logged = "needs 1000 bytes, 512 are left";
    check(&[3, 0xe8, 0x13, 0x8e], ErrorCode::TOO_LARGE, logged);
}

#[test]
fn an_id_that_is_none() {
    check(
        &[0, 4, 0x27, 0x0f],
        ErrorCode::UNKNOWN_PACKET,
        "no packet with this id",
    );
}

#[test]
fn a_packet_that_does_not_decode() {
    // An echo request of number 0.
    let bytes = [0, 10, 0x13, 0x8e, 0, 0, 0, 0, 0, 0];
    check(&bytes, ErrorCode::MALFORMED, "EchoRequest.request");
}

#[test]
fn a_packet_of_the_server() {
    let notice = ServerNotice {
        level: reference::game::NoticeLevel::INFO,
        text: "I am the server".to_owned(),
    };
    let logged = "the client does not send `ServerNotice`";
    check(
        &notice.to_vec().unwrap(),
        ErrorCode::NOT_ALLOWED_NOW,
        logged,
    );
}

#[test]
fn another_protocol() {
    let server = Server::start(&[]);
    let mut client = Client::connect(&server);
    client.send_bytes(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n");
    // Its first two letters are a size of 18,245 bytes.
    refused(
        &mut client,
        ErrorCode::TOO_LARGE,
        KickReason::PROTOCOL_VIOLATION,
    );
    server.is_well();
}

#[test]
fn a_packet_before_the_greeting() {
    let server = Server::start(&[]);
    let mut client = Client::connect(&server);
    client.send(login("ada"));
    refused(
        &mut client,
        ErrorCode::NOT_ALLOWED_NOW,
        KickReason::PROTOCOL_VIOLATION,
    );
}

#[test]
fn packets_at_the_wrong_moment_are_forgiven_for_a_while() {
    let server = Server::start(&[
        "--rates-strikes-burst",
        "3",
        "--rates-strikes-per-second",
        "0.01",
    ]);
    let mut client = Client::greeted(&server);
    for request in 1..=4 {
        client.send(LeaveWorld { request });
        match client.next() {
            Some(Packet::Error(error)) => {
                assert_eq!(error.code, ErrorCode::NOT_ALLOWED_NOW);
                assert_eq!((error.request, error.packet), (request, 2010));
            }
            other => panic!("no Error but {other:?}"),
        }
        if request == 2 {
            client.echo(9);
        }
    }
    let rest = client.rest();
    assert!(
        matches!(&rest[..], [Packet::KickNotice(kick)] if kick.reason == KickReason::PROTOCOL_VIOLATION),
        "{rest:?}"
    );
}

#[test]
fn bytes_that_dribble_are_put_together() {
    let server = Server::start(&[]);
    let mut client = Client::connect(&server);
    for byte in hello().to_vec().unwrap() {
        client.send_bytes(&[byte]);
    }
    client.welcome();
    for byte in echo(4).to_vec().unwrap() {
        client.send_bytes(&[byte]);
        sleep(Duration::from_millis(1));
    }
    assert!(matches!(client.next(), Some(Packet::EchoReply(reply)) if reply.request == 4));
}

#[test]
fn an_end_inside_of_a_packet() {
    let server = Server::start(&[]);
    let mut client = Client::greeted(&server);
    client.send_bytes(&echo(1).to_vec().unwrap()[..9]);
    client.shut();
    assert_eq!(client.rest(), []);
    server.logged("closed by the client inside a packet");
    server.is_well();
}

#[test]
fn a_reset_inside_of_a_packet() {
    let server = Server::start(&[]);
    let mut client = Client::greeted(&server);
    // A socket that is closed while something is unread resets the connection.
    client.send(echo(1));
    client.stream.write_all(&[0, 20]).unwrap();
    sleep(Duration::from_millis(100));
    drop(client);
    server.logged("connection lost");
    server.is_well();
}
