//! What two well-behaved clients see of each other.

use crate::support::{PATIENCE, Raw, Running, SILENCE, assert_alive, bytes, chat, heard, login};
use reference::client::{ClientError, Direction};
use reference::game::{
    Channel, Chat, ChatMessage, Heartbeat, LoginResult, Motion, Move, Packet, PlayerMoved, Vec3,
};
use reference::server::Options;
use std::sync::mpsc;

fn movement() -> Move {
    Move {
        sequence: 9,
        position: Vec3 {
            x: 100.5,
            y: 200.3,
            z: 50.7,
        },
        velocity: Vec3 {
            x: 1.0,
            y: 0.0,
            z: -1.0,
        },
        motion: Motion::RUNNING | Motion::JUMPING,
    }
}

#[tokio::test]
async fn two_clients_log_in_move_and_talk() {
    let server = Running::start(Options::default()).await;
    let mut ada = server.connect().await;
    let welcome = ada.login("ada", "secret!").await.unwrap();
    assert_eq!(welcome.servers.len(), 1);
    assert_eq!(welcome.servers[0].port, server.address.port());
    assert_eq!(welcome.token.len(), 16);
    let mut grace = server.log_in("grace").await;

    ada.send(movement()).await.unwrap();
    let moved = PlayerMoved {
        player: welcome.player,
        position: movement().position,
        velocity: movement().velocity,
        motion: movement().motion,
    };
    let seen = grace.next_packet(PATIENCE).await.unwrap();
    assert_eq!(seen, Packet::from(moved));

    ada.send(chat("안녕!")).await.unwrap();
    let expected = heard("ada", "안녕!");
    // The first packet that Ada gets: she is not told of her own movement.
    assert_eq!(ada.next_packet(PATIENCE).await.unwrap(), expected);
    assert_eq!(grace.next_packet(PATIENCE).await.unwrap(), expected);
}

#[tokio::test]
async fn a_whisper_passes_third_parties_by() {
    let server = Running::start(Options::default()).await;
    let mut ada = server.log_in("ada").await;
    let mut grace = server.log_in("grace").await;
    let mut edsger = server.log_in("edsger").await;
    let whisper = Chat {
        channel: Channel::Whisper,
        recipient: Some("ada".to_owned()),
        text: "psst".to_owned(),
    };
    grace.send(whisper).await.unwrap();
    let expected = Packet::from(ChatMessage {
        channel: Channel::Whisper,
        sender: "grace".to_owned(),
        text: "psst".to_owned(),
    });
    assert_eq!(ada.next_packet(PATIENCE).await.unwrap(), expected);
    assert_eq!(grace.next_packet(PATIENCE).await.unwrap(), expected);
    let silence = edsger.next_packet(SILENCE).await;
    assert!(matches!(silence, Err(ClientError::Timeout { .. })));
    assert_alive(&mut edsger, "edsger").await;
}

#[tokio::test]
async fn heartbeats_come_back_before_login_and_after() {
    let server = Running::start(Options::default()).await;
    let mut client = server.connect().await;
    let heartbeat = |sequence| Heartbeat {
        sequence,
        sent_at: 50_000,
    };
    client.send(heartbeat(1)).await.unwrap();
    let echo = client.next_packet(PATIENCE).await.unwrap();
    assert_eq!(echo, Packet::from(heartbeat(1)));
    client.login("ada", "secret!").await.unwrap();
    client.send(heartbeat(2)).await.unwrap();
    let echo = client.next_packet(PATIENCE).await.unwrap();
    assert_eq!(echo, Packet::from(heartbeat(2)));
}

#[tokio::test]
async fn a_refused_login_can_be_tried_again() {
    let server = Running::start(Options::default()).await;
    let ada = server.log_in("ada").await;
    let mut other = server.connect().await;
    let refused = other.login("ada", "secret!").await;
    let Err(ClientError::LoginRefused { result, .. }) = refused else {
        panic!("not refused: {refused:?}");
    };
    assert_eq!(result, LoginResult::ALREADY_ONLINE);
    other.login("grace", "secret!").await.unwrap();
    assert_alive(&mut other, "grace").await;
    drop(ada);
}

#[tokio::test]
async fn packets_may_arrive_byte_by_byte_or_many_at_once() {
    let server = Running::start(Options::default()).await;
    let mut raw = Raw::connect(&server).await;
    for byte in bytes(login("ada")) {
        raw.write(&[byte]).await;
        tokio::task::yield_now().await;
    }
    assert!(matches!(
        raw.packet().await,
        Some(Packet::LoginResponse(response)) if response.result == LoginResult::OK
    ));
    let messages = ["one", "two", "three"];
    let burst: Vec<u8> = messages.iter().flat_map(|text| bytes(chat(text))).collect();
    raw.write(&burst).await;
    for text in messages {
        assert_eq!(raw.packet().await, Some(heard("ada", text)));
    }
}

#[tokio::test]
async fn a_tap_sees_every_packet_of_a_client_as_it_is_on_the_wire() {
    let server = Running::start(Options::default()).await;
    let mut client = server.connect().await;
    let (sender, seen) = mpsc::channel();
    client.set_tap(move |direction, bytes| {
        sender.send((direction, bytes.to_vec())).unwrap();
    });
    let welcome = client.login("ada", "secret!").await.unwrap();
    let request = (Direction::ToServer, bytes(login("ada")));
    let response = (Direction::ToClient, bytes(welcome));
    assert_eq!(seen.try_iter().collect::<Vec<_>>(), [request, response]);
}

#[tokio::test]
async fn a_packet_that_cannot_be_encoded_is_not_sent_at_all() {
    let server = Running::start(Options::default()).await;
    let mut client = server.log_in("ada").await;
    let refused = client.send(chat(&"x".repeat(1086))).await;
    assert!(
        matches!(refused, Err(ClientError::Encode(_))),
        "{refused:?}"
    );
    assert_alive(&mut client, "ada").await;
}
