//! Readings of the same things by others: packets by who reads the documentation, schemas by `serde_yaml`, values
//! by way of JSON and YAML.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_runtime::{Encode, View};
use packet_tests::codecs::{ALL, GAME};
use packet_tests::game::{LoginResult, Motion, Move, Packet, PacketView, Vec3, Whisper};
use packet_tests::quickstart;

#[test]
fn the_quickstart_packet_has_the_bytes_of_the_documentation() {
    let packet = quickstart::Move {
        player: 12345,
        position: quickstart::Vec3 {
            x: 100.5,
            y: 200.3,
            z: 50.7,
        },
    };
    let bytes = packet.to_bytes().unwrap();
    let expected = [
        0x00, 0x14, 0x03, 0xe9, 0x00, 0x00, 0x30, 0x39, 0x42, 0xc9, 0x00, 0x00, 0x43, 0x48, 0x4c,
        0xcd, 0x42, 0x4a, 0xcc, 0xcd,
    ];
    assert_eq!(bytes, expected);
    let view = quickstart::MoveView::parse(&bytes).unwrap();
    assert_eq!((view.size(), view.id(), view.player()), (20, 1001, 12345));
    assert_eq!(quickstart::Move::from(view), packet);
}

#[test]
fn values_that_cannot_be_written_name_their_field() {
    let mut whisper = Whisper {
        request: 0,
        recipient: String::new(),
        text: "h".to_owned(),
    };
    let why = |whisper: &Whisper| whisper.to_vec().unwrap_err().to_string();
    assert_eq!(why(&whisper), "Whisper.request: 0 is not in 1..=4294967295");
    whisper.request = 1;
    assert_eq!(
        why(&whisper),
        "Whisper.recipient: has length 0, must have 1 to 32"
    );
    whisper.recipient = "x".repeat(33);
    assert_eq!(
        why(&whisper),
        "Whisper.recipient: has length 33, must have 1 to 32"
    );
    whisper.recipient = "ada".to_owned();
    whisper.text = "x".repeat(513);
    assert_eq!(
        why(&whisper),
        "Whisper.text: has length 513, must have 1 to 512"
    );

    let still = Vec3 {
        x: 0.0,
        y: 0.0,
        z: 0.0,
    };
    let mut movement = Move {
        sequence: 0,
        position: still,
        velocity: still,
        motion: Motion(0x80),
    };
    assert_eq!(
        movement.to_bytes().unwrap_err().to_string(),
        "Move.motion: unknown value 128 (0x80)"
    );
    movement.motion = Motion::RUNNING | Motion::JUMPING;
    movement.velocity.y = f32::NAN;
    assert_eq!(
        movement.to_bytes().unwrap_err().to_string(),
        "Move.velocity.y: not a finite number"
    );

    let mut short = [0xaa; 10];
    movement.velocity.y = 0.0;
    let error = movement.encode_into(&mut short).unwrap_err();
    assert_eq!(error.to_string(), "Move: needs 33 bytes, the buffer has 10");
    assert_eq!(short, [0xaa; 10], "nothing was written");
}

#[test]
fn unknown_enum_values_survive_where_they_are_kept() {
    let bytes = [0, 11, 3, 0xe9, 0, 0, 0, 1, 99, 0, 0];
    let PacketView::LoginResponse(view) = PacketView::parse(&bytes).unwrap() else {
        panic!("id 1001 is a login response");
    };
    assert_eq!(view.result(), LoginResult(99));
    assert_eq!(
        (view.result().name(), LoginResult::OK.name()),
        (None, Some("ok"))
    );
    let packet = Packet::from(PacketView::LoginResponse(view));
    assert_eq!(packet.to_vec().unwrap(), bytes);
}

/// `serde_yaml` knows nothing of our syntax: it must see the same names, ids and order.
#[test]
fn serde_yaml_reads_the_same_schemas() {
    for protocol in ALL {
        let layout = protocol.layout();
        let yaml: serde_yaml::Value = serde_yaml::from_str(protocol.schema).unwrap();
        assert_eq!(yaml["protocol"].as_str(), Some(layout.protocol.as_str()));
        let packets = yaml["packets"].as_mapping().unwrap();
        assert_eq!(packets.len(), layout.packets.len());
        for ((name, packet), ours) in packets.iter().zip(&layout.packets) {
            let body = layout.get(ours.body);
            assert_eq!(name.as_str(), Some(body.name.as_str()));
            // An id may also be a range, or the name of a value.
            let id = packet["id"].as_u64();
            assert!(id.is_none() || id == ours.id());
            let fields = packet
                .get("fields")
                .map(|fields| fields.as_sequence().unwrap());
            let fields = fields.map_or(&[][..], Vec::as_slice);
            let end = body.fields.len() - body.trailer_fields;
            let own = &body.fields[body.header_fields..end];
            assert_eq!(fields.len(), own.len());
            for (field, ours) in fields.iter().zip(own) {
                let (name, _) = field.as_mapping().unwrap().iter().next().unwrap();
                assert_eq!(name.as_str(), Some(ours.name.as_str()));
            }
            let vectors = packet
                .get("vectors")
                .and_then(serde_yaml::Value::as_sequence);
            assert_eq!(vectors.map_or(0, Vec::len), ours.vectors.len());
        }
    }
}

#[test]
fn values_survive_json_and_yaml() {
    let layout = GAME.layout();
    for packet in &layout.packets {
        for vector in &packet.vectors {
            let Ok(decoded) = packet_schema::codec::decode(&layout, packet.body, &vector.bytes)
            else {
                continue;
            };
            let json = serde_json::to_string(&decoded.value).unwrap();
            let again: packet_schema::value::Value = serde_json::from_str(&json).unwrap();
            assert_eq!(
                packet_schema::codec::encode(&layout, packet.body, &again).unwrap(),
                vector.encoded()
            );
            let yaml = serde_yaml::to_string(&decoded.value).unwrap();
            let again: packet_schema::value::Value = serde_yaml::from_str(&yaml).unwrap();
            assert_eq!(
                packet_schema::codec::encode(&layout, packet.body, &again).unwrap(),
                vector.encoded()
            );
        }
    }
}
