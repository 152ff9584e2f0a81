//! A server that stops: what is on its way still arrives, and nothing hangs.

use crate::support::{PATIENCE, Raw, Running, bytes, chat, heard};
use reference::client::ClientError;
use reference::server::Options;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::time::timeout;

#[tokio::test]
async fn clients_get_what_is_queued_and_then_an_orderly_end() {
    let server = Running::start(Options::default()).await;
    let address = server.address;
    let mut ada = server.log_in("ada").await;
    let mut grace = server.log_in("grace").await;
    for number in 0..100 {
        ada.send(chat(&format!("message {number}"))).await.unwrap();
    }
    // All of them are served once Ada hears the last one; Grace has read none of hers.
    for number in 0..100 {
        let message = ada.next_packet(PATIENCE).await.unwrap();
        assert_eq!(message, heard("ada", &format!("message {number}")));
    }
    let stopped = server.stop();
    for number in 0..100 {
        let message = grace.next_packet(PATIENCE).await.unwrap();
        assert_eq!(message, heard("ada", &format!("message {number}")));
    }
    for client in [&mut ada, &mut grace] {
        let end = client.next_packet(PATIENCE).await;
        assert!(matches!(end, Err(ClientError::Closed)), "{end:?}");
    }
    drop((ada, grace));
    timeout(PATIENCE, stopped).await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn clients_that_do_not_close_cannot_hold_up_the_server() {
    let server = Running::start(Options {
        drain: Duration::from_millis(200),
        ..Options::default()
    })
    .await;
    let mut raw = Raw::connect(&server).await;
    raw.log_in("ada").await;
    raw.write(&bytes(chat("half"))[..5]).await;
    let start = Instant::now();
    timeout(PATIENCE, server.stop()).await.unwrap().unwrap();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(raw.packet().await, None);
}

#[tokio::test]
async fn a_server_without_clients_stops_at_once() {
    let server = Running::start(Options::default()).await;
    timeout(PATIENCE, server.stop()).await.unwrap().unwrap();
}

#[tokio::test]
async fn further_connections_than_allowed_are_closed() {
    let server = Running::start(Options {
        max_connections: 1,
        ..Options::default()
    })
    .await;
    let ada = server.log_in("ada").await;
    let mut other = Raw::connect(&server).await;
    assert_eq!(other.packet().await, None);
    drop(ada);
    // The place is free as soon as the server has noticed.
    let deadline = Instant::now() + PATIENCE;
    loop {
        let mut client = server.connect().await;
        if client.login("grace", "secret!").await.is_ok() {
            break;
        }
        assert!(Instant::now() < deadline, "the place is never free again");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
