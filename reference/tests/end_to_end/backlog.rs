//! Clients that do not read what they are sent.

use crate::support::{PATIENCE, Raw, Running, assert_alive, chat, heard};
use reference::server::Options;
use std::num::NonZeroU16;
use tokio::time::timeout;

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
    // More than the system's buffers hold of what `slow` does not read.
    for _ in 0..16_000 {
        talker.send(chat(&text)).await.unwrap();
        assert_eq!(talker.next_packet(PATIENCE).await.unwrap(), expected);
        assert_eq!(listener.next_packet(PATIENCE).await.unwrap(), expected);
    }
    // What had left the server's queue can still be read, then the connection ends.
    let drain = async { while slow.packet().await.is_some() {} };
    timeout(PATIENCE, drain).await.unwrap();
    // Its player is gone, so the name is free.
    let mut again = server.log_in("slow").await;
    assert_alive(&mut again, "slow").await;
    assert_eq!(
        talker.next_packet(PATIENCE).await.unwrap(),
        heard("slow", "still here")
    );
}
