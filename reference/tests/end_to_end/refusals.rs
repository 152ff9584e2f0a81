//! Clients that break the protocol lose their connection, say so in one line of the log, and disturb
//! nobody else.

use crate::log;
use crate::support::{PATIENCE, Raw, Running, assert_alive, bytes, chat, login};
use reference::game::{Motion, Move, Packet, Vec3};
use reference::server::Options;
use reference::server::session::Timeouts;
use std::time::Duration;

/// Lets a client that is not logged in write `wrong`: it must lose its connection without an answer,
/// the log must say `reason` in its only line, and the other client must not notice.
async fn check(wrong: &[u8], reason: &str) {
    check_after(|_| Vec::new(), wrong, reason).await;
}

/// As [`check`], with a client that is logged in.
async fn check_playing(wrong: &[u8], reason: &str) {
    check_after(|name| bytes(login(name)), wrong, reason).await;
}

async fn check_after(before: impl Fn(&str) -> Vec<u8>, wrong: &[u8], reason: &str) {
    log::clear();
    let server = Running::start(Options::default()).await;
    let mut witness = server.log_in("witness").await;
    let mut raw = Raw::connect(&server).await;
    let before = before("culprit");
    raw.write(&before).await;
    if !before.is_empty() {
        assert!(matches!(raw.packet().await, Some(Packet::LoginResponse(_))));
    }
    raw.write(wrong).await;
    assert_eq!(raw.packet().await, None, "the connection must end");
    assert_alive(&mut witness, "witness").await;
    let text = log::text();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains(reason), "{text}");
    // Where the packet lay in the stream.
    assert!(
        text.contains(&format!("position={}", before.len())),
        "{text}"
    );
}

#[tokio::test]
async fn a_size_below_the_header() {
    let reason = "claims 3 bytes, the minimum is 4";
    check(&[0, 3, 0x13, 0x88], reason).await;
    check_playing(&[0, 0], "claims 0 bytes, the minimum is 4").await;
}

#[tokio::test]
async fn a_size_over_that_of_the_packet() {
    let mut long = bytes(movement());
    long[1] += 1;
    long.push(0);
    let reason = "has id 2002 and claims 34 bytes, the maximum for it is 33";
    check_playing(&long, reason).await;
}

#[tokio::test]
async fn a_size_below_that_of_the_packet() {
    let mut short = bytes(movement());
    short[1] -= 1;
    short.pop();
    let reason = "has id 2002 and claims 32 bytes, the minimum for it is 33";
    check_playing(&short, reason).await;
}

#[tokio::test]
async fn garbage() {
    // Its first bytes claim some length, and more than the longest packet comes.
    let noise: Vec<u8> = (0..70_000_u32)
        .map(|n| n.wrapping_mul(2_654_435_769).to_be_bytes()[1])
        .collect();
    check(&noise, "no packet has the id").await;
    check(b"\0\x08GET / ", "no packet has the id 18245").await;
}

#[tokio::test]
async fn bytes_that_no_field_allows() {
    let mut wrong = bytes(movement());
    wrong[32] = 0x81;
    let reason = "Move.motion at byte 32: unknown value 128 (0x80)";
    check_playing(&wrong, reason).await;
    let not_a_number = [0x7f, 0xc0, 0, 0];
    let mut wrong = bytes(movement());
    wrong[12..16].copy_from_slice(&not_a_number);
    let reason = "Move.position.y at byte 12: not a finite number";
    check_playing(&wrong, reason).await;
}

#[tokio::test]
async fn an_unknown_id() {
    check(&[0, 4, 0x27, 0x0f], "no packet has the id 9999").await;
}

#[tokio::test]
async fn packets_in_the_wrong_state() {
    let reason = "a client may not send Chat before login";
    check(&bytes(chat("hello")), reason).await;
    let reason = "a client may not send LoginRequest after login";
    check_playing(&bytes(login("culprit")), reason).await;
}

#[tokio::test]
async fn packets_of_the_other_side() {
    let wrong = bytes(crate::support::heard("witness", "I never said that"));
    let reason = "a client may not send ChatMessage after login";
    check_playing(&wrong, reason).await;
}

#[tokio::test]
async fn what_comes_before_a_wrong_packet_is_still_served() {
    let server = Running::start(Options::default()).await;
    let mut raw = Raw::connect(&server).await;
    let mut burst = bytes(login("ada"));
    burst.extend(bytes(chat("last words")));
    burst.extend([0, 0]);
    burst.extend(bytes(chat("too late")));
    raw.write(&burst).await;
    assert!(matches!(raw.packet().await, Some(Packet::LoginResponse(_))));
    let said = crate::support::heard("ada", "last words");
    assert_eq!(raw.packet().await, Some(said));
    assert_eq!(raw.packet().await, None);
}

#[tokio::test]
async fn who_does_not_log_in_in_time_is_disconnected() {
    let timeouts = Timeouts {
        login: Duration::from_secs(1),
        idle: Duration::from_secs(60),
    };
    let server = Running::start(Options {
        timeouts,
        ..Options::default()
    })
    .await;
    let mut witness = server.log_in("witness").await;
    let mut raw = Raw::connect(&server).await;
    raw.write(&[0]).await;
    assert_eq!(raw.packet().await, None);
    assert!(log::text().contains("timed out"), "{}", log::text());
    assert_alive(&mut witness, "witness").await;
}

#[tokio::test]
async fn a_packet_that_never_ends_does_not_keep_a_session_alive() {
    let timeouts = Timeouts {
        login: Duration::from_secs(60),
        idle: Duration::from_millis(300),
    };
    let server = Running::start(Options {
        timeouts,
        // A connection that was closed takes what still comes for so long.
        drain: PATIENCE,
        ..Options::default()
    })
    .await;
    let mut raw = Raw::connect(&server).await;
    raw.log_in("ada").await;
    let dribble = async {
        // A chat packet of 1126 bytes, of which one comes every 20 ms.
        for byte in bytes(chat(&"x".repeat(1085))) {
            raw.write(&[byte]).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(1), dribble)
        .await
        .expect_err("1126 bytes take longer than that");
    assert_eq!(raw.packet().await, None);
}

fn movement() -> Move {
    let origin = Vec3 {
        x: 0.0,
        y: 0.0,
        z: 0.0,
    };
    Move {
        sequence: 1,
        position: origin,
        velocity: origin,
        motion: Motion::RUNNING,
    }
}
