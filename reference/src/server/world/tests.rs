//! The rules of the game, without sockets: packets in, packets and their recipients out.

use super::*;
use crate::game::{Chat, Heartbeat, LoginRequest, Motion, PacketView};
use crate::server::session::{Session, Timeouts};
use packet_runtime::Encode;
use std::time::Instant;

const ADA: SessionId = SessionId(1);
const GRACE: SessionId = SessionId(2);
const EDSGER: SessionId = SessionId(3);

/// Recipients and packets that a request led to.
type Sent = Vec<(Vec<SessionId>, Packet)>;

fn caller(session: SessionId) -> Caller {
    Caller {
        session,
        token: [u8::try_from(session.0).unwrap(); 16],
        server: "127.0.0.1:7777".parse().unwrap(),
    }
}

/// Sends a packet the way that a connection does: as bytes that the session admits.
fn send(world: &mut World, session: SessionId, packet: impl Into<Packet>) -> (State, Sent) {
    let packet = packet.into();
    let now = Instant::now();
    let mut admitting = Session::new(now, Timeouts::default());
    if !matches!(packet, Packet::LoginRequest(_)) {
        admitting.enter(State::Playing, now);
    }
    let frame = packet.to_vec().unwrap();
    let request = admitting.admit(&frame, now).unwrap().unwrap();
    let mut out = Vec::new();
    let state = world.serve(&caller(session), request, &mut out);
    let sent = out.into_iter().map(|out| (out.to, out.packet)).collect();
    (state, sent)
}

fn login(name: &str) -> LoginRequest {
    LoginRequest {
        name: name.to_owned(),
        password: "secret!".to_owned(),
        client_version: 1,
    }
}

/// The answer to a login, which goes to the one who asked.
fn answer(world: &mut World, session: SessionId, request: LoginRequest) -> (State, LoginResponse) {
    let (state, sent) = send(world, session, request);
    match <[_; 1]>::try_from(sent) {
        Ok([(to, Packet::LoginResponse(response))]) if to == [session] => (state, response),
        other => panic!("no answer to a login: {other:?}"),
    }
}

/// A world with three players at the origin.
fn peopled() -> World {
    let mut world = World::new(Rules::default());
    for (session, name) in [(ADA, "ada"), (GRACE, "grace"), (EDSGER, "edsger")] {
        let (state, _) = answer(&mut world, session, login(name));
        assert_eq!(state, State::Playing, "{name}");
    }
    world
}

fn at(x: f32) -> Move {
    Move {
        sequence: 9,
        position: Vec3 { x, y: 0.0, z: 0.0 },
        velocity: Vec3 {
            x: 1.0,
            y: 0.0,
            z: -1.0,
        },
        motion: Motion::RUNNING,
    }
}

fn chat(channel: Channel, recipient: Option<&str>) -> Chat {
    Chat {
        channel,
        recipient: recipient.map(str::to_owned),
        text: "hello".to_owned(),
    }
}

/// Who hears a message of Ada's.
#[track_caller]
fn check_heard(world: &mut World, said: Chat, heard_by: &[SessionId]) {
    let channel = said.channel;
    let (_, sent) = send(world, ADA, said);
    let message = ChatMessage {
        channel,
        sender: "ada".to_owned(),
        text: "hello".to_owned(),
    };
    let expected: Sent = match heard_by {
        [] => Vec::new(),
        sessions => vec![(sessions.to_vec(), message.into())],
    };
    assert_eq!(sent, expected);
}

#[track_caller]
fn check_refused(world: &mut World, request: LoginRequest, result: LoginResult) {
    let (state, response) = answer(world, SessionId(9), request);
    assert_eq!(state, State::Connected);
    assert_eq!(response.result, result);
    assert!(!response.message.is_empty());
    assert_eq!((response.player, response.token), (0, Vec::new()));
}

#[test]
fn a_login_gets_a_number_the_servers_and_the_sessions_token() {
    let mars = ServerInfo {
        id: 2,
        name: "Mars".to_owned(),
        address: "mars.test".to_owned(),
        port: 8081,
        players: 0,
        capacity: 100,
    };
    let mut world = World::new(Rules {
        other_servers: vec![mars.clone()],
        ..Rules::default()
    });
    answer(&mut world, ADA, login("ada"));
    let (state, response) = answer(&mut world, GRACE, login("grace"));
    assert_eq!(state, State::Playing);
    let earth = ServerInfo {
        id: 1,
        name: "Earth".to_owned(),
        address: "127.0.0.1".to_owned(),
        port: 7777,
        players: 2,
        capacity: 1000,
    };
    let expected = LoginResponse {
        result: LoginResult::OK,
        message: String::new(),
        player: 2,
        heartbeat_seconds: 30,
        servers: vec![earth, mars],
        token: vec![2; 16],
    };
    assert_eq!(response, expected);
}

#[test]
fn refuses_a_login_and_says_why() {
    let mut world = peopled();
    check_refused(&mut world, login("ada"), LoginResult::ALREADY_ONLINE);
    check_refused(&mut world, login("  "), LoginResult::BAD_CREDENTIALS);
    check_refused(&mut world, login("a\nb"), LoginResult::BAD_CREDENTIALS);
    let future = LoginRequest {
        client_version: 2,
        ..login("barbara")
    };
    check_refused(&mut world, future, LoginResult::UNSUPPORTED_VERSION);
    assert_eq!(world.player_count(), 3);
}

#[test]
fn a_full_server_lets_nobody_in_until_somebody_leaves() {
    let mut world = World::new(Rules {
        capacity: 1,
        ..Rules::default()
    });
    answer(&mut world, ADA, login("ada"));
    check_refused(&mut world, login("grace"), LoginResult::SERVER_FULL);
    world.leave(ADA);
    let (state, response) = answer(&mut world, GRACE, login("grace"));
    assert_eq!(state, State::Playing);
    assert_eq!(response.player, 2, "numbers are not used again at once");
}

#[test]
fn a_name_is_free_again_when_its_player_has_left() {
    let mut world = peopled();
    world.leave(ADA);
    let (state, _) = answer(&mut world, SessionId(4), login("ada"));
    assert_eq!(state, State::Playing);
}

#[test]
fn numbers_start_again_at_one_and_skip_those_in_use() {
    let mut world = peopled();
    world.last_number = u32::MAX;
    let (_, response) = answer(&mut world, SessionId(4), login("barbara"));
    assert_eq!(response.player, 4);
}

#[test]
fn a_server_list_too_long_for_its_packet_is_cut() {
    let other = ServerInfo {
        id: 2,
        name: "Mars".to_owned(),
        address: String::new(),
        port: 1,
        players: 0,
        capacity: 0,
    };
    let mut world = World::new(Rules {
        other_servers: vec![other; 300],
        ..Rules::default()
    });
    let (_, response) = answer(&mut world, ADA, login("ada"));
    assert_eq!(response.servers.len(), 255);
    assert!(Packet::from(response).to_vec().is_ok());
}

#[test]
fn a_heartbeat_comes_back() {
    let heartbeat = Packet::from(Heartbeat {
        sequence: 7,
        sent_at: 50_000,
    });
    let mut world = World::new(Rules::default());
    let (state, sent) = send(&mut world, ADA, heartbeat.clone());
    assert_eq!(state, State::Connected, "not logged in");
    assert_eq!(sent, [(vec![ADA], heartbeat)]);
}

#[test]
fn the_others_see_a_player_move() {
    let mut world = peopled();
    let (_, sent) = send(&mut world, ADA, at(100.5));
    let moved = PlayerMoved {
        player: 1,
        position: at(100.5).position,
        velocity: at(100.5).velocity,
        motion: Motion::RUNNING,
    };
    assert_eq!(sent, [(vec![GRACE, EDSGER], moved.into())]);
}

#[test]
fn everyone_hears_what_is_said_to_everyone() {
    let mut world = peopled();
    let everyone = chat(Channel::Everyone, None);
    check_heard(&mut world, everyone, &[ADA, GRACE, EDSGER]);
}

#[test]
fn nearby_is_as_far_as_the_earshot() {
    let mut world = peopled();
    send(&mut world, GRACE, at(50.0));
    send(&mut world, EDSGER, at(50.01));
    check_heard(&mut world, chat(Channel::Nearby, None), &[ADA, GRACE]);
}

#[test]
fn the_far_ends_of_the_world_are_not_near() {
    let mut world = peopled();
    send(&mut world, ADA, at(f32::MAX));
    send(&mut world, GRACE, at(f32::MIN));
    check_heard(&mut world, chat(Channel::Nearby, None), &[ADA]);
}

#[test]
fn a_whisper_is_heard_by_its_recipient_and_the_sender() {
    let mut world = peopled();
    let whisper = chat(Channel::Whisper, Some("edsger"));
    check_heard(&mut world, whisper, &[ADA, EDSGER]);
    let to_herself = chat(Channel::Whisper, Some("ada"));
    check_heard(&mut world, to_herself, &[ADA]);
}

#[test]
fn a_whisper_to_nobody_is_heard_by_nobody() {
    let mut world = peopled();
    check_heard(&mut world, chat(Channel::Whisper, Some("barbara")), &[]);
    check_heard(&mut world, chat(Channel::Whisper, None), &[]);
}

#[test]
fn who_is_not_logged_in_neither_moves_nor_talks() {
    let mut world = peopled();
    let (state, sent) = send(&mut world, SessionId(4), at(1.0));
    assert_eq!((state, sent), (State::Connected, Vec::new()));
    let (state, sent) = send(&mut world, SessionId(4), chat(Channel::Everyone, None));
    assert_eq!((state, sent), (State::Connected, Vec::new()));
}

#[test]
fn all_that_the_world_sends_can_be_encoded() {
    let mut world = peopled();
    let longest = Chat {
        channel: Channel::Everyone,
        recipient: None,
        text: "x".repeat(1085),
    };
    let (_, sent) = send(&mut world, ADA, longest);
    let frame = sent[0].1.to_vec().unwrap();
    assert!(PacketView::parse(&frame).is_ok());
}
