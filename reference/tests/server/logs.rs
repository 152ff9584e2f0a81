//! What the server writes for people and for tools.

use crate::support::{Client, Server};
use pcap_file::pcapng::PcapNgReader;
use reference::game::{FINGERPRINT, Hello, LoginResult, PacketView};
use std::fs::File;

#[test]
fn what_clients_call_themselves_cannot_disturb_a_terminal() {
    for format in ["human", "json"] {
        let server = Server::start(&["--log-format", format]);
        let mut client = Client::connect(&server);
        client.send(Hello {
            version: 2,
            fingerprint: FINGERPRINT,
            client: "\u{1b}[2J\u{7}\r\n\u{202e}INFO all is well".to_owned(),
        });
        client.welcome();
        let response = client.login("\u{1b}]0;mine\u{7}\nada");
        assert_eq!(response.result, LoginResult::BAD_CREDENTIALS);
        server.logged("greeted");
        let log = server.log();
        let escapes = log.replace("\u{1b}[0m", "");
        for bad in ["\u{1b}[2J", "\u{1b}]", "\u{7}", "\u{202e}"] {
            assert!(!escapes.contains(bad), "{format}: {log:?}");
        }
        assert!(
            !log.lines().any(|line| line.starts_with("INFO all")),
            "{log}"
        );
    }
}

#[test]
fn secrets_are_in_no_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("packets.pcapng");
    let flags = ["--log", "trace", "--packet-log", path.to_str().unwrap()];
    let mut server = Server::start(&flags);
    let mut client = Client::logged_in(&server, "ada");
    client.echo(1);
    drop(client);
    server.signal("TERM");
    assert!(server.ended().success());
    assert!(!server.log().contains(crate::support::PASSWORD));
    let bytes = std::fs::read(&path).unwrap();
    let secret = crate::support::PASSWORD.as_bytes();
    assert!(!bytes.windows(secret.len()).any(|part| part == secret));
}

#[test]
fn the_packet_log_is_a_capture_of_packets() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("packets.pcapng");
    let mut server = Server::start(&["--packet-log", path.to_str().unwrap()]);
    let mut client = Client::greeted(&server);
    client.echo(1);
    drop(client);
    server.logged("closed by the client");
    server.signal("TERM");
    assert!(server.ended().success());
    let mut reader = PcapNgReader::new(File::open(&path).unwrap()).unwrap();
    let mut names = Vec::new();
    while let Some(block) = reader.next_block() {
        if let Some(packet) = block.unwrap().into_enhanced_packet() {
            names.push(PacketView::parse(&packet.data).unwrap().name());
        }
    }
    assert_eq!(names, ["Hello", "Welcome", "EchoRequest", "EchoReply"]);
}
