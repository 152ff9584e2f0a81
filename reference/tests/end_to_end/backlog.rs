//! Clients that do not read what they are sent.

use crate::support::{PATIENCE, Raw, Running, assert_alive, chat, heard};
use reference::client::{Client, ClientError};
use reference::server::Options;
use std::num::NonZeroU16;
use tokio::time::{Instant, timeout};

#[tokio::test]
async fn who_reads_too_slowly_is_disconnected_and_nobody_else() {
    let server = Running::start(Options {
        queue_len: NonZeroU16::MIN.saturating_add(15),
        ..Options::default()
    })
    .await;
    let mut slow = Raw::connect_with_small_window(&server).await;
    slow.log_in("slow").await;
    let mut talker = server.log_in("talker").await;
    let mut listener = server.log_in("listener").await;
    let text = "x".repeat(1000);
    let expected = heard("talker", &text);
    let deadline = Instant::now() + PATIENCE;
    // How much the system's buffers hold of what `slow` does not read is up to the system. When its
    // session is given up, its player is gone and the name is free.
    let mut again = loop {
        for _ in 0..500 {
            talker.send(chat(&text)).await.unwrap();
            assert_eq!(talker.next_packet(PATIENCE).await.unwrap(), expected);
            assert_eq!(listener.next_packet(PATIENCE).await.unwrap(), expected);
        }
        if let Some(client) = log_in_if_free(&server, "slow").await {
            break client;
        }
        assert!(Instant::now() < deadline, "the session is never given up");
    };
    // What had left the server's queue can still be read, then the connection ends.
    let drain = async { while slow.packet().await.is_some() {} };
    timeout(PATIENCE, drain).await.unwrap();
    assert_alive(&mut again, "slow").await;
    let said = heard("slow", "still here");
    assert_eq!(talker.next_packet(PATIENCE).await.unwrap(), said);
    assert_eq!(listener.next_packet(PATIENCE).await.unwrap(), said);
}

/// Logs in unless the name is taken.
async fn log_in_if_free(server: &Running, name: &str) -> Option<Client> {
    let mut client = server.connect().await;
    match client.login(name, "secret!").await {
        Ok(_) => Some(client),
        Err(ClientError::LoginRefused { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}
