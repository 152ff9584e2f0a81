//! The forms of generated packets besides views and owned structs: writers in place, borrowed forms, and constants.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_runtime::{Encode, EncodeError, EncodeErrorKind, View};
use packet_schema::codec::encode;
use packet_schema::layout::{Expectation, Layout};
use packet_tests::codecs::{self, Protocol};
use packet_tests::values::values as random;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

/// Random values of each struct.
const VALUES: usize = 64;

/// The bytes of a packet's test vectors as they are written, and of random values.
fn values(layout: &Layout, name: &str) -> Vec<Vec<u8>> {
    let found = layout.struct_named(name).unwrap();
    let vectors = layout.packet_of(found).map(|packet| &packet.vectors);
    let valid = vectors
        .into_iter()
        .flatten()
        .filter(|vector| matches!(vector.expect, Expectation::Value(_)));
    let mut bytes: Vec<Vec<u8>> = valid.map(|vector| vector.encoded().to_vec()).collect();
    let mut runner = TestRunner::deterministic();
    let strategy = random(layout, found);
    let values = (0..VALUES).map(|_| strategy.new_tree(&mut runner).unwrap().current());
    bytes.extend(values.filter_map(|value| encode(layout, found, &value).ok()));
    bytes
}

/// Sets fields in each value, and compares the bytes with those of the owned form with the same change.
macro_rules! check {
    ($layout:expr, $module:ident: $($owned:ident / $view:ident / $writer:ident {
        $($field:ident = $setter:ident($value:expr) $($unwrap:ident)?),* $(,)?
    })*) => {$({
        use packet_tests::$module::{$owned, $view, $writer};
        let values = values(&$layout, stringify!($owned));
        assert!(!values.is_empty(), stringify!($owned));
        for bytes in &values {
            let mut owned = $owned::from($view::parse(bytes).unwrap());
            let mut copy = bytes.clone();
            let mut writer = $writer::parse(&mut copy).unwrap();
            assert_eq!(writer.as_bytes(), bytes);
            $(
                owned.$field = $value;
                writer.$setter(owned.$field)$(.$unwrap())?;
                assert_eq!(writer.as_bytes(), owned.to_vec().unwrap(), stringify!($owned.$field));
                let again = $owned::from(writer.as_view());
                assert_eq!(again, owned, stringify!($owned.$field));
            )*
        }
    })*};
}

#[test]
fn what_is_set_is_what_the_owned_form_would_write() {
    check!(codecs::GAME.layout(), game:
        LoginRequest / LoginRequestView / LoginRequestMut {
            client_version = set_client_version(0x0102_0304),
        }
        LoginResponse / LoginResponseView / LoginResponseMut {
            request = set_request(77) unwrap,
        }
        Heartbeat / HeartbeatView / HeartbeatMut {
            sequence = set_sequence(u32::MAX),
            sent_at = set_sent_at(1),
            rtt = set_rtt(0x0102_0304),
        }
        CombatResult / CombatResultView / CombatResultMut {
            target = set_target(3),
            damage = set_damage(500),
        }
    );
    check!(codecs::INET.layout(), inet:
        Arp / ArpView / ArpMut {
            operation = set_operation(2),
            target_mac = set_target_mac([1, 2, 3, 4, 5, 6]),
        }
    );
    check!(codecs::QUICKSTART.layout(), quickstart:
        Move / MoveView / MoveMut { player = set_player(0x0a0b_0c0d) }
    );
    check!(codecs::MAVLINK.layout(), mavlink:
        Heartbeat / HeartbeatView / HeartbeatMut {
            seq = set_seq(200),
            sysid = set_sysid(7),
            custom_mode = set_custom_mode(0x0102_0304),
        }
    );
}

#[test]
fn a_checksum_follows_what_it_covers() {
    use packet_tests::inet::{Ipv4, Ipv4Mut, Ipv4Payload, Ipv4View};

    let packet = Ipv4 {
        dscp: 5,
        ecn: 1,
        identification: 7,
        df: true,
        mf: false,
        fragment_offset: 0,
        ttl: 64,
        src: [10, 0, 0, 1],
        dst: [10, 0, 0, 2],
        options: vec![1, 1, 1, 0],
        payload: Ipv4Payload::Else {
            tag: 200,
            value: vec![9; 5],
        },
    };
    let mut bytes = packet.to_vec().unwrap();
    let mut writer = Ipv4Mut::parse(&mut bytes).unwrap();
    writer.set_ttl(63);
    writer.set_src([192, 168, 0, 1]);
    writer.set_dscp(63).unwrap();
    writer.set_df(false);
    let error = writer.set_dscp(64).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Ipv4.dscp: 64 is not in 0..=63",
        "what cannot be is not written"
    );
    let changed = Ipv4 {
        ttl: 63,
        src: [192, 168, 0, 1],
        dscp: 63,
        df: false,
        ..packet
    };
    assert_eq!(Ipv4::from(writer.as_view()), changed);
    assert_eq!(bytes, changed.to_vec().unwrap());
    assert!(Ipv4View::parse(&bytes).is_ok());
}

#[test]
fn what_lies_inside_is_written_through_its_own_writer() {
    use packet_tests::quickstart::{Move, MoveMut, Vec3};

    let position = Vec3 {
        x: 1.0,
        y: 2.0,
        z: 3.0,
    };
    let mut bytes = Move {
        player: 1,
        position,
    }
    .to_bytes()
    .unwrap();
    let mut writer = MoveMut::parse(&mut bytes).unwrap();
    writer.position_mut().set_y(-2.5).unwrap();
    let refused = writer.position_mut().set_z(f32::NAN).unwrap_err();
    assert_eq!(refused.kind(), EncodeErrorKind::NotFinite);
    let position = Vec3 {
        y: -2.5,
        ..position
    };
    assert_eq!(
        bytes,
        Move {
            player: 1,
            position
        }
        .to_bytes()
        .unwrap()
    );
}

#[test]
fn bytes_that_are_no_packet_have_no_writer() {
    use packet_tests::quickstart::{MoveMut, MoveView};

    for len in 0..20 {
        let mut bytes = vec![0; len];
        let error = MoveMut::parse(&mut bytes).unwrap_err();
        assert_eq!(error, MoveView::parse(&vec![0; len]).unwrap_err());
    }
}

#[test]
fn a_constant_has_the_bytes_of_a_packet() {
    use packet_tests::inet::Arp;
    use packet_tests::quickstart::{Move, Vec3};

    const MOVE: Move = Move {
        player: 12345,
        position: Vec3 {
            x: 100.5,
            y: 200.3,
            z: 50.7,
        },
    };
    const BYTES: [u8; Move::LEN] = match MOVE.to_bytes() {
        Ok(bytes) => bytes,
        Err(_) => panic!("the packet can be written"),
    };
    const WRONG: Result<[u8; 20], EncodeError> = Move {
        player: 1,
        position: Vec3 {
            x: 0.0,
            y: f32::INFINITY,
            z: 0.0,
        },
    }
    .to_bytes();
    const ARP: Result<[u8; Arp::LEN], EncodeError> = Arp {
        hardware_type: 1,
        protocol_type: 0x0800,
        operation: 1,
        sender_mac: [1; 6],
        sender_ip: [2; 4],
        target_mac: [3; 6],
        target_ip: [4; 4],
    }
    .to_bytes();
    assert_eq!(BYTES[..], MOVE.to_vec().unwrap());
    let mut buffer = [0xff; 24];
    assert_eq!(MOVE.encode_into(&mut buffer), Ok(20));
    assert_eq!((&buffer[..20], &buffer[20..]), (&BYTES[..], &[0xff; 4][..]));

    assert_eq!(
        WRONG.unwrap_err().to_string(),
        "Move.position.y: not a finite number"
    );

    assert_eq!(ARP.unwrap()[..8], [0, 1, 8, 0, 6, 4, 0, 1]);
}

/// The borrowed form of a view writes the same bytes as the owned one.
macro_rules! check_borrowed {
    ($protocol:expr, $module:ident: $($owned:ident / $view:ident / $borrowed:ident),* $(,)?) => {
        let protocol: Protocol = $protocol;
        let layout = protocol.layout();
        $({
            use packet_tests::$module::{$owned, $view, $borrowed};
            for bytes in values(&layout, stringify!($owned)) {
                let view = $view::parse(&bytes).unwrap();
                let borrowed = $borrowed::from(view);
                assert_eq!(borrowed.to_vec().unwrap(), bytes);
                assert_eq!(borrowed.encoded_len(), $owned::from(view).encoded_len());
                let copy = borrowed;
                assert_eq!(copy, borrowed);
                assert_eq!(format!("{borrowed:?}").split(' ').next(), Some(stringify!($borrowed)));
            }
        })*
    };
}

#[test]
fn what_is_borrowed_is_written_as_what_is_owned() {
    check_borrowed!(codecs::GAME, game:
        LoginRequest / LoginRequestView / LoginRequestRef,
        Hello / HelloView / HelloRef,
        ChatMessage / ChatMessageView / ChatMessageRef,
    );
    check_borrowed!(codecs::INET, inet:
        Ipv4 / Ipv4View / Ipv4Ref,
        Ethernet / EthernetView / EthernetRef,
    );
}

#[test]
fn arrays_are_borrowed_as_slices() {
    use packet_tests::game::{
        LoginResponse, LoginResponseRef, LoginResult, ServerInfo, ServerInfoRef, SessionGrant,
    };

    let server = ServerInfoRef {
        id: 1,
        name: "eu",
        address: "127.0.0.1",
        port: 4000,
        players: 2,
        capacity: 100,
        load: 2,
    };
    let borrowed = LoginResponseRef {
        request: 1,
        result: LoginResult::OK,
        message: "welcome",
        session: Some(SessionGrant {
            token: [7; 32],
            token_lifetime_seconds: 60,
            player: 5,
        }),
        servers: &[
            server,
            ServerInfoRef {
                id: 2,
                name: "us",
                ..server
            },
        ],
    };
    let owned = |server: &ServerInfoRef<'_>| ServerInfo {
        id: server.id,
        name: server.name.into(),
        address: server.address.into(),
        port: server.port,
        players: server.players,
        capacity: server.capacity,
        load: server.load,
    };
    let owned = LoginResponse {
        request: borrowed.request,
        result: borrowed.result,
        message: borrowed.message.into(),
        session: borrowed.session,
        servers: borrowed.servers.iter().map(owned).collect(),
    };
    assert_eq!(borrowed.to_vec(), owned.to_vec());

    let wrong = [ServerInfoRef { port: 0, ..server }];
    let borrowed = LoginResponseRef {
        servers: &wrong,
        ..borrowed
    };
    let owned = LoginResponse {
        servers: vec![ServerInfo {
            port: 0,
            ..owned.servers[0].clone()
        }],
        ..owned
    };
    let error = borrowed.to_vec().unwrap_err();
    assert_eq!(Err(error), owned.to_vec());
    assert_eq!(error.field().to_string(), "servers[0].port");
}

#[test]
fn an_unknown_packet_is_kept_and_written_as_it_is() {
    use packet_tests::game::{Packet, PacketView};

    let bytes = [0, 6, 0x7f, 0xff, 1, 2];
    let packet = Packet::from(PacketView::parse(&bytes).unwrap());
    assert_eq!((packet.id(), packet.name()), (0x7fff, "Unknown"));
    assert_eq!(packet.to_vec().unwrap(), bytes);
    let mut short = [0; 5];
    assert_eq!(
        packet.encode_into(&mut short).unwrap_err().kind(),
        EncodeErrorKind::BufferTooSmall {
            needed: 6,
            available: 5
        }
    );
    let mut buffer = vec![1];
    assert_eq!(packet.append_to(&mut buffer), Ok(6));
    assert_eq!(buffer[1..], bytes);
}
