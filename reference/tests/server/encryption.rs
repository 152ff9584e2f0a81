//! Connections with TLS.

use crate::support::{Client, Server, echo, hello};
use packet_runtime::Encode;
use reference::game::PacketView;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

struct Encrypted {
    server: Server,
    certificate: String,
    _folder: tempfile::TempDir,
}

fn start(flags: &[&str]) -> Encrypted {
    let folder = tempfile::tempdir().unwrap();
    let pair = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let place = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let certificate = pair.cert.pem();
    let paths = [
        place("cert.pem", &certificate),
        place("key.pem", &pair.signing_key.serialize_pem()),
    ];
    let mut all = vec!["--tls-certificate", &paths[0], "--tls-key", &paths[1]];
    all.extend(flags);
    Encrypted {
        server: Server::start(&all),
        certificate,
        _folder: folder,
    }
}

fn connect(encrypted: &Encrypted) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_slice(encrypted.certificate.as_bytes());
    roots.add(certificate.unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = TcpStream::connect(encrypted.server.address).unwrap();
    stream
        .set_read_timeout(Some(crate::support::PATIENCE))
        .unwrap();
    StreamOwned::new(connection, stream)
}

#[test]
fn a_client_is_greeted_and_answered() {
    let encrypted = start(&[]);
    let mut stream = connect(&encrypted);
    let mut bytes = hello().to_vec().unwrap();
    bytes.extend(echo(3).to_vec().unwrap());
    stream.write_all(&bytes).unwrap();
    let mut answers = Vec::new();
    let mut buffer = [0; 256];
    while answers.len() < 2 {
        let count = stream.read(&mut buffer).unwrap();
        let mut rest = &buffer[..count];
        while !rest.is_empty() {
            let len = usize::from(u16::from_be_bytes([rest[0], rest[1]]));
            answers.push(PacketView::parse(&rest[..len]).unwrap().name());
            rest = &rest[len..];
        }
    }
    assert_eq!(answers, ["Welcome", "EchoReply"]);
}

#[test]
fn a_client_that_does_not_shake_hands_is_closed_and_holds_up_nobody() {
    let encrypted = start(&["--timeouts-handshake", "300ms"]);
    let start = Instant::now();
    let mut silent = TcpStream::connect(encrypted.server.address).unwrap();
    let mut stream = connect(&encrypted);
    stream.write_all(&hello().to_vec().unwrap()).unwrap();
    let mut buffer = [0; 64];
    assert!(stream.read(&mut buffer).unwrap() > 0, "others are served");
    silent
        .set_read_timeout(Some(crate::support::PATIENCE))
        .unwrap();
    assert_eq!(silent.read(&mut buffer).unwrap(), 0);
    assert!(start.elapsed() < Duration::from_secs(3));
    let metrics = encrypted.server.get("/metrics");
    assert!(
        metrics.contains("{reason=\"handshake_timeout\"} 1"),
        "{metrics}"
    );
}

#[test]
fn a_client_without_encryption_is_closed() {
    let encrypted = start(&[]);
    let mut client = Client::connect(&encrypted.server);
    client.send(hello());
    let mut buffer = Vec::new();
    // It gets an alert of TLS, or nothing.
    let _ = client.stream.read_to_end(&mut buffer);
    sleep(Duration::from_millis(50));
    let metrics = encrypted.server.get("/metrics");
    assert!(
        metrics.contains("{reason=\"handshake_failed\"} 1"),
        "{metrics}"
    );
}
