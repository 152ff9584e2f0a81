//! What a client may do, and what comes of it.

use crate::support::{Client, Server, echo, hello};
use packet_runtime::Encode;
use reference::game::{
    EnterWorld, Error, ErrorCode, FINGERPRINT, GuildCreate, GuildInvite, GuildJoin,
    GuildListRequest, GuildWarStart, Heartbeat, Hello, KickReason, LeaveWorld, LoginRequest,
    LoginRequestCredential, LoginResult, Logout, Motion, Move, Packet, ResumeRequest, ResumeResult,
    RoomListRequest, Say, TimeSyncRequest, Vec3, WelcomeResult,
};

#[test]
fn a_greeting_is_compared() {
    let server = Server::start(&[]);
    let check = |version, fingerprint, expected| {
        let mut client = Client::connect(&server);
        client.send(Hello {
            version,
            fingerprint,
            client: "test/1".to_owned(),
        });
        let welcome = client.welcome();
        assert_eq!(welcome.result, expected);
        assert_eq!((welcome.version, welcome.fingerprint), (2, FINGERPRINT));
        if expected != WelcomeResult::OK {
            assert_eq!(client.rest(), [], "the server closes");
        }
    };
    check(2, FINGERPRINT, WelcomeResult::OK);
    check(2, !FINGERPRINT, WelcomeResult::INCOMPATIBLE_SCHEMA);
    check(1, FINGERPRINT, WelcomeResult::UNSUPPORTED_VERSION);
    check(3, !FINGERPRINT, WelcomeResult::UNSUPPORTED_VERSION);
}

#[test]
fn heartbeats_clocks_and_echo_are_answered_in_order() {
    let server = Server::start(&[]);
    let mut client = Client::greeted(&server);
    let mut bytes = echo(1).to_vec().unwrap();
    let beat = Heartbeat {
        sequence: 5,
        sent_at: 6,
        rtt: 0,
    };
    bytes.extend(beat.to_vec().unwrap());
    let sync = TimeSyncRequest {
        request: 9,
        client_sent_at: 77,
    };
    bytes.extend(sync.to_vec().unwrap());
    client.send_bytes(&bytes);
    assert!(matches!(client.next(), Some(Packet::EchoReply(reply)) if reply.request == 1));
    let Some(Packet::HeartbeatReply(reply)) = client.next() else {
        panic!("no reply");
    };
    assert_eq!((reply.sequence, reply.sent_at), (5, 6));
    let Some(Packet::TimeSyncResponse(response)) = client.next() else {
        panic!("no response");
    };
    assert_eq!((response.request, response.client_sent_at), (9, 77));
    assert!(response.server_sent_at >= response.server_received_at);
    assert!(response.server_received_at > 1_700_000_000_000_000);
}

#[test]
fn many_packets_in_one_write_are_all_answered() {
    let server = Server::start(&[]);
    let mut client = Client::logged_in(&server, "ada");
    let bytes: Vec<u8> = (1..=5000).flat_map(|n| echo(n).to_vec().unwrap()).collect();
    let mut writer = client.stream.try_clone().unwrap();
    let writing = std::thread::spawn(move || std::io::Write::write_all(&mut writer, &bytes));
    for request in 1..=5000 {
        match client.next() {
            Some(Packet::EchoReply(reply)) => assert_eq!(reply.request, request),
            other => panic!("no reply but {other:?}"),
        }
    }
    writing.join().unwrap().unwrap();
}

#[test]
fn a_packet_of_the_largest_size_is_echoed() {
    let server = Server::start(&[]);
    let mut client = Client::logged_in(&server, "ada");
    let payload = vec![7; 32768];
    client.send(reference::game::EchoRequest {
        request: 3,
        payload: payload.clone(),
    });
    match client.next() {
        Some(Packet::EchoReply(reply)) => assert_eq!(reply.payload, payload),
        other => panic!("no reply but {other:?}"),
    }
}

#[test]
fn what_was_sent_before_closing_is_answered() {
    let server = Server::start(&[]);
    let mut client = Client::connect(&server);
    client.send(hello());
    client.send(echo(1));
    client.shut();
    let names: Vec<_> = client.rest().iter().map(Packet::name).collect();
    assert_eq!(names, ["Welcome", "EchoReply"]);
    server.logged("closed by the client");
}

#[test]
fn what_was_asked_before_logging_out_is_answered_first() {
    let server = Server::start(&[]);
    let mut client = Client::logged_in(&server, "ada");
    let mut bytes = Vec::new();
    for request in 1..=8 {
        let list = RoomListRequest { request, after: 0 };
        bytes.extend(list.to_vec().unwrap());
    }
    let logout = Logout {
        request: 9,
        revoke_token: true,
    };
    bytes.extend(logout.to_vec().unwrap());
    client.send_bytes(&bytes);
    let rest = client.rest();
    let names: Vec<_> = rest.iter().map(Packet::name).collect();
    assert_eq!(names[..8], ["RoomList"; 8]);
    assert_eq!(names[8..], ["LogoutResponse"]);
}

#[test]
fn a_login_that_fails_can_be_tried_again() {
    let server = Server::start(&[]);
    let mut client = Client::greeted(&server);
    let response = client.login("ada");
    assert_eq!(response.result, LoginResult::BAD_CREDENTIALS);
    client.register("ada");
    let response = client.login("ada");
    assert_eq!(response.result, LoginResult::OK);
    let servers = &response.servers;
    assert_eq!((servers.len(), servers[0].port), (1, server.address.port()));
    client.echo(3);
}

#[test]
fn a_login_tells_the_public_address() {
    let server = Server::start(&["--listen-public-address", "game.example:1"]);
    let mut client = Client::greeted(&server);
    client.register("ada");
    let servers = client.login("ada").servers;
    assert_eq!(
        (servers[0].address.as_str(), servers[0].port),
        ("game.example", 1)
    );
}

fn token(response: &reference::game::LoginResponse) -> [u8; 32] {
    response.session.as_ref().unwrap().token
}

#[test]
fn the_newest_login_wins() {
    let server = Server::start(&[]);
    let mut first = Client::greeted(&server);
    first.register("ada");
    let response = first.login("ada");
    let mut second = Client::greeted(&server);
    second.send(LoginRequest {
        request: 5,
        name: "ada".to_owned(),
        credential: LoginRequestCredential::Token(token(&response)),
        client_version: 1,
        device: [9; 16],
    });
    assert!(
        matches!(second.next(), Some(Packet::LoginResponse(response)) if response.result == LoginResult::OK)
    );
    let kicks = first.rest();
    assert!(
        matches!(&kicks[..], [Packet::KickNotice(kick)] if kick.reason == KickReason::LOGGED_IN_ELSEWHERE),
        "{kicks:?}"
    );
    second.echo(1);
}

#[test]
fn a_session_can_be_resumed_and_its_token_is_good_once() {
    let server = Server::start(&[]);
    let mut first = Client::greeted(&server);
    first.register("ada");
    let token = token(&first.login("ada"));
    drop(first);
    let request = |device| ResumeRequest {
        request: 6,
        token,
        device,
    };
    let check = |device: [u8; 16], expected| {
        let mut client = Client::greeted(&server);
        client.send(request(device));
        let Some(Packet::ResumeResponse(response)) = client.next() else {
            panic!("no response");
        };
        assert_eq!((response.request, response.result), (6, expected));
        client
    };
    check([1; 16], ResumeResult::WRONG_DEVICE);
    let mut client = check([9; 16], ResumeResult::OK);
    check([9; 16], ResumeResult::UNKNOWN_TOKEN);
    client.echo(7);
}

#[test]
fn who_logs_out_is_let_go() {
    let server = Server::start(&[]);
    let mut client = Client::logged_in(&server, "ada");
    client.send(Logout {
        request: 8,
        revoke_token: true,
    });
    client.send(echo(9));
    let rest = client.rest();
    let [Packet::LogoutResponse(response)] = &rest[..] else {
        panic!("{rest:?}");
    };
    assert!(response.request == 8 && response.token_revoked);
    let mut again = Client::greeted(&server);
    assert_eq!(again.login("ada").result, LoginResult::OK);
}

#[test]
fn guilds_are_founded_joined_and_at_war() {
    let server = Server::start(&[]);
    let mut ada = Client::logged_in(&server, "ada");
    let mut bob = Client::logged_in(&server, "bob");
    let mut eve = Client::logged_in(&server, "eve");
    let create = |name: &str, tag: &str| GuildCreate {
        request: 3,
        name: name.to_owned(),
        tag: tag.to_owned(),
    };
    let guild = |client: &mut Client| match client.next() {
        Some(Packet::GuildResult(result)) => result.guild,
        other => panic!("no GuildResult but {other:?}"),
    };
    ada.send(create("Dawn", "DWN"));
    let dawn = guild(&mut ada);
    eve.send(create("Dusk", "DSK"));
    let dusk = guild(&mut eve);

    let join = GuildJoin {
        request: 4,
        guild: dawn,
    };
    bob.send(join);
    assert!(
        matches!(bob.next(), Some(Packet::Error(error)) if error.code == ErrorCode::PERMISSION_DENIED && error.request == 4)
    );
    let invite = |name: &str| GuildInvite {
        request: 5,
        player: name.to_owned(),
    };
    ada.send(invite("BOB"));
    assert_eq!(guild(&mut ada), dawn);
    assert!(
        matches!(bob.next(), Some(Packet::GuildInvited(invited)) if invited.guild == dawn && invited.by == "ada")
    );
    bob.send(join);
    assert_eq!(guild(&mut bob), dawn);
    ada.send(invite("nobody"));
    assert!(
        matches!(ada.next(), Some(Packet::Error(Error { code, .. })) if code == ErrorCode::NOT_FOUND)
    );

    ada.send(GuildWarStart {
        request: 6,
        guild: dusk,
    });
    for client in [&mut ada, &mut bob, &mut eve] {
        match client.next() {
            Some(Packet::GuildWar(war)) => {
                assert_eq!((war.attacker, war.defender), (dawn, dusk));
            }
            other => panic!("no GuildWar but {other:?}"),
        }
    }
    assert_eq!(guild(&mut ada), dusk);
    bob.send(GuildListRequest {
        request: 7,
        after: 0,
    });
    let Some(Packet::GuildList(list)) = bob.next() else {
        panic!("no list");
    };
    let members: Vec<_> = list.guilds.iter().map(|guild| guild.members).collect();
    assert_eq!(members, [2, 1]);
}

fn enter(client: &mut Client, request: u32) -> reference::game::WorldEntered {
    client.send(EnterWorld {
        request,
        spawn: None,
    });
    match client.next() {
        Some(Packet::WorldEntered(entered)) => entered,
        other => panic!("no WorldEntered but {other:?}"),
    }
}

/// The next packet of this name; others about the world are passed over.
#[track_caller]
fn until(client: &mut Client, name: &str) -> Packet {
    for _ in 0..1000 {
        match client.next() {
            Some(packet) if packet.name() == name => return packet,
            Some(_) => {}
            None => panic!("closed before {name}"),
        }
    }
    panic!("no {name}");
}

#[test]
fn players_see_each_other_move_and_talk() {
    let server = Server::start(&[]);
    let mut ada = Client::logged_in(&server, "ada");
    let mut bob = Client::logged_in(&server, "bob");
    enter(&mut ada, 3);
    until(&mut ada, "WorldSnapshot");
    let bob_entered = enter(&mut bob, 4);
    let Packet::EntityEntered(entered) = until(&mut ada, "EntityEntered") else {
        panic!();
    };
    assert_eq!(entered.entity.name, "bob");
    assert_eq!(entered.entity.id, bob_entered.arrival.entity);
    let Packet::WorldSnapshot(snapshot) = until(&mut bob, "WorldSnapshot") else {
        panic!();
    };
    assert_eq!(snapshot.entities.len(), 2);

    let mut position = bob_entered.arrival.position;
    position.x += 0.1;
    bob.send(Move {
        sequence: 1,
        position,
        velocity: Vec3 {
            x: 2.0,
            y: 0.0,
            z: 0.0,
        },
        motion: Motion(0),
    });
    let Packet::EntitiesMoved(moved) = until(&mut ada, "EntitiesMoved") else {
        panic!();
    };
    assert_eq!(moved.moves.len(), 1);
    assert_eq!(moved.moves[0].position, position);

    bob.send(Say {
        request: 5,
        text: "hello".to_owned(),
    });
    for client in [&mut ada, &mut bob] {
        let Packet::ChatMessage(message) = until(client, "ChatMessage") else {
            panic!();
        };
        assert_eq!(
            (message.sender.as_str(), message.text.as_str()),
            ("bob", "hello")
        );
    }
    bob.send(LeaveWorld { request: 6 });
    until(&mut bob, "WorldLeft");
    until(&mut ada, "EntityLeft");
    bob.send(LeaveWorld { request: 7 });
    match until(&mut bob, "Error") {
        Packet::Error(error) => assert_eq!(error.code, ErrorCode::NOT_ALLOWED_NOW),
        _ => panic!(),
    }
}

#[test]
fn a_lost_connection_is_taken_up_again_where_it_was() {
    for killed in [true, false] {
        let server = Server::start(&[]);
        let mut first = Client::greeted(&server);
        first.register("ada");
        let token = token(&first.login("ada"));
        let before = enter(&mut first, 3).arrival;
        if killed {
            first.stream.shutdown(std::net::Shutdown::Both).unwrap();
            server.logged("closed by the client");
        }
        let mut second = Client::greeted(&server);
        second.send(ResumeRequest {
            request: 6,
            token,
            device: [9; 16],
        });
        let Some(Packet::ResumeResponse(response)) = second.next() else {
            panic!("no response");
        };
        assert_eq!(response.result, ResumeResult::OK);
        let arrival = response.arrival.expect("in the world");
        assert_eq!(arrival.position, before.position);
        assert!(matches!(second.next(), Some(Packet::WorldSnapshot(_))));
        second.send(LeaveWorld { request: 7 });
        until(&mut second, "WorldLeft");
    }
}

#[test]
fn what_was_forgotten_is_not_resumed() {
    let server = Server::start(&["--timeouts-resume", "0s"]);
    let mut first = Client::greeted(&server);
    first.register("ada");
    let token = token(&first.login("ada"));
    enter(&mut first, 3);
    first.stream.shutdown(std::net::Shutdown::Both).unwrap();
    server.logged("closed by the client");
    let mut second = Client::greeted(&server);
    second.send(ResumeRequest {
        request: 6,
        token,
        device: [9; 16],
    });
    let Some(Packet::ResumeResponse(response)) = second.next() else {
        panic!("no response");
    };
    assert_eq!(
        (response.result, response.arrival),
        (ResumeResult::OK, None)
    );
    enter(&mut second, 7);
}
