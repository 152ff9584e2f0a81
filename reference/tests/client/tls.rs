//! Connections by TLS.

use crate::peer::{Heard, Peer};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use reference::client::{Client, ClientError, Login, Options, Roots, Tls};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

fn certificate() -> (TlsAcceptor, String) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), cert.pem())
}

fn options(address: String, roots: Roots) -> Options {
    Options {
        login: Login::password("ada", "secret!"),
        tls: Some(Tls {
            roots,
            server_name: None,
        }),
        ..Options::new(address)
    }
}

#[tokio::test]
async fn a_server_is_trusted_by_its_certificate() {
    let (acceptor, pem) = certificate();
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, pem).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serve = async {
        let (stream, _) = listener.accept().await.unwrap();
        let mut heard = Heard::over(acceptor.accept(stream).await.unwrap());
        heard.greet().await;
        heard.let_in().await;
        assert_eq!(heard.next().await, None);
    };
    let connect = async {
        let client = Client::connect(options(address, Roots::File(ca))).await;
        client.unwrap().close().await.unwrap();
    };
    tokio::join!(serve, connect);
}

#[tokio::test]
async fn a_certificate_of_nobody_that_is_trusted_is_refused_for_good() {
    let (acceptor, _) = certificate();
    let (_, other) = certificate();
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, other).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serve = async {
        let (stream, _) = listener.accept().await.unwrap();
        assert!(acceptor.accept(stream).await.is_err());
    };
    let connect = async {
        let error = Client::connect(options(address, Roots::File(ca)))
            .await
            .unwrap_err();
        assert!(matches!(error, ClientError::Tls(_)), "{error}");
    };
    tokio::join!(serve, connect);
}

#[tokio::test]
async fn a_server_that_speaks_tls_alone_is_guessed() {
    let (acceptor, _) = certificate();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serve = async {
        let (stream, _) = listener.accept().await.unwrap();
        assert!(acceptor.accept(stream).await.is_err());
    };
    let connect = async {
        let options = Options {
            tls: None,
            ..options(address, Roots::System)
        };
        let error = Client::connect(options).await.unwrap_err();
        assert!(matches!(error, ClientError::Ungreeted(_)), "{error}");
        assert!(error.to_string().contains("does it speak TLS"), "{error}");
        println!("{error}");
    };
    tokio::join!(serve, connect);
}

#[tokio::test]
async fn a_file_without_certificates_is_named_before_anything_is_sent() {
    let peer = Peer::start().await;
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("empty.pem");
    let check = async |expected: &str| {
        let options = options(peer.address(), Roots::File(ca.clone()));
        let error = Client::connect(options).await.unwrap_err().to_string();
        assert!(
            error.contains("empty.pem") && error.contains(expected),
            "{error}"
        );
    };
    check("").await;
    std::fs::write(&ca, "").unwrap();
    check("no certificate").await;
}
