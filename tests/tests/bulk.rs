//! Long arrays, which are moved as a whole, and elements whose size varies, which are walked over.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_runtime::{Encode, View};
use packet_tests::bulk::{
    Entity, Kind, Numbers, NumbersView, Place, Places, PlacesView, Server, Servers, ServersView,
    Snapshot, SnapshotView,
};

/// Lengths on both sides of those from which loops are vectorised.
const LENGTHS: [usize; 8] = [0, 1, 2, 7, 8, 9, 31, 300];

fn entity(number: u16) -> Entity {
    Entity {
        id: u32::from(number) * 0x0001_0203,
        x: f32::from(number) * 0.5,
        y: -1.0,
        z: f32::NAN,
        yaw: number,
        health: !number,
    }
}

fn entities(count: usize) -> Vec<Entity> {
    (0..count)
        .map(|number| entity(u16::try_from(number).unwrap()))
        .collect()
}

fn place(number: usize) -> Place {
    Place {
        x: 0.25,
        floor: i16::try_from(number % 90).unwrap(),
        kind: [Kind::Wall, Kind::Door, Kind::Window][number % 3],
    }
}

/// What one after the other, by hand, makes of entities.
fn by_hand(entities: &[Entity]) -> Vec<u8> {
    let mut bytes = vec![1, 0, 0, 0, 9];
    bytes.extend(u16::try_from(entities.len()).unwrap().to_be_bytes());
    for entity in entities {
        bytes.extend(entity.id.to_be_bytes());
        for number in [entity.x, entity.y, entity.z] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.extend(entity.yaw.to_be_bytes());
        bytes.extend(entity.health.to_be_bytes());
    }
    bytes
}

/// As the NaN in it equals nothing.
fn shown(entities: &[Entity]) -> String {
    format!("{entities:?}")
}

#[test]
fn arrays_of_structs_move_as_a_whole() {
    for count in LENGTHS {
        let entities = entities(count);
        let packet = Snapshot {
            tick: 9,
            entities: entities.clone(),
        };
        let bytes = packet.to_vec().unwrap();
        assert_eq!(bytes, by_hand(&entities), "{count}");

        let view = SnapshotView::parse(&bytes).unwrap().entities();
        assert_eq!(shown(&view.to_vec::<Entity>()), shown(&entities));
        let one_by_one: Vec<Entity> = view.iter().map(Into::into).collect();
        assert_eq!(shown(&one_by_one), shown(&entities));
        let mut back: Vec<Entity> = view.iter().rev().map(Into::into).collect();
        back.reverse();
        assert_eq!(shown(&back), shown(&entities));
        for room in [0, 1, count, count + 1] {
            let mut out = vec![entity(7); room];
            let copied = view.copy_to(&mut out);
            assert_eq!(copied, room.min(count));
            assert_eq!(shown(&out[..copied]), shown(&entities[..copied]));
            assert_eq!(
                shown(&out[copied..]),
                shown(&vec![entity(7); room - copied])
            );
        }
        let sum = entities
            .iter()
            .map(|entity| u64::from(entity.id))
            .sum::<u64>();
        assert_eq!(
            view.iter()
                .map(|entity| u64::from(entity.id()))
                .sum::<u64>(),
            sum
        );
        assert_eq!(
            view.last().map(|entity| entity.id()),
            entities.last().map(|entity| entity.id)
        );
        let middle = view.range(count / 2..count).unwrap();
        assert_eq!(
            shown(&middle.to_vec::<Entity>()),
            shown(&entities[count / 2..])
        );
    }
}

#[test]
fn the_first_wrong_element_is_named() {
    let places = |count| (0..count).map(place).collect::<Vec<_>>();
    for count in [18, 300] {
        let mut packet = Places {
            places: places(count),
            rest: places(count),
        };
        let bytes = packet.to_vec().unwrap();
        let view = PlacesView::parse(&bytes).unwrap();
        assert_eq!(view.places().to_vec::<Place>(), packet.places);
        assert_eq!(view.rest().to_vec::<Place>(), packet.rest);

        let check = |changes: &[(usize, u8)], expected: &str| {
            let mut bytes = bytes.clone();
            for (at, value) in changes {
                bytes[*at] = *value;
            }
            assert_eq!(PlacesView::parse(&bytes).unwrap_err().to_string(), expected);
        };
        let at = 3 + 17 * 7;
        check(
            &[(at + 6, 9)],
            &format!(
                "Places.places[17].kind at byte {}: unknown value 9 (0x9)",
                at + 6
            ),
        );
        check(
            &[(at + 6, 9), (at + 4, 1)],
            &format!(
                "Places.places[17].floor at byte {}: {} is not in -3..=99",
                at + 4,
                256 + 17
            ),
        );
        let at = 3 + (count + 16) * 7;
        check(
            &[(at + 6, 0), (bytes.len() - 1, 0)],
            &format!(
                "Places.rest[16].kind at byte {}: unknown value 0 (0x0)",
                at + 6
            ),
        );

        packet.rest[17].x = f32::NAN;
        let error = packet.to_vec().unwrap_err().to_string();
        assert_eq!(error, "Places.rest[17].x: not a finite number");
    }
}

#[test]
fn arrays_of_numbers_move_as_a_whole() {
    for count in LENGTHS {
        let number = |number: usize| u16::try_from(number).unwrap();
        let packet = Numbers {
            ranks: (1..=count).map(number).collect(),
            heights: (0..count).map(|at| f32::from(number(at))).collect(),
            kinds: (0..count).map(|at| place(at).kind).collect(),
            wide: (0..count).map(|at| -i64::from(number(at)) << 40).collect(),
            rest: (0..count).map(|at| u32::from(number(at)) << 12).collect(),
        };
        let bytes = packet.to_vec().unwrap();
        let view = NumbersView::parse(&bytes).unwrap();
        assert_eq!(Numbers::from(view), packet);
        let mut heights = vec![0.0_f64; count];
        assert_eq!(view.heights().copy_to(&mut heights), count);
        assert!(
            heights
                .iter()
                .copied()
                .eq((0..count).map(|at| f64::from(number(at))))
        );

        for wrong in [0, count / 2, count.saturating_sub(1)] {
            if wrong == count {
                continue;
            }
            let mut bytes = bytes.clone();
            let at = 3 + 2 * wrong;
            bytes[at..at + 2].copy_from_slice(&[0xff, 0xff]);
            // Something wrong behind it changes nothing.
            bytes[3 + 2 * count - 2] = 0xff;
            let error = NumbersView::parse(&bytes).unwrap_err().to_string();
            assert_eq!(
                error,
                format!("Numbers.ranks[{wrong}] at byte {at}: 65535 is not in 1..=5000")
            );

            let mut packet = packet.clone();
            packet.heights[wrong] = f32::INFINITY;
            packet.heights[count - 1] = f32::NAN;
            let error = packet.to_vec().unwrap_err().to_string();
            assert_eq!(
                error,
                format!("Numbers.heights[{wrong}]: not a finite number")
            );
        }
    }
}

#[test]
fn elements_of_varying_size_are_walked_over() {
    let server = |number: u16| Server {
        id: number,
        name: "가나다 abc"
            .chars()
            .cycle()
            .take(1 + usize::from(number) % 9)
            .collect(),
        host: "h".repeat(usize::from(number) * 7),
        note: (number % 2 == 1).then(|| "note".to_owned()),
        port: 7000 + number,
        samples: vec![number.into(), 0xff_ffff],
    };
    let packet = Servers {
        servers: (0..40).map(server).collect(),
        groups: Vec::new(),
    };
    let bytes = packet.to_vec().unwrap();
    let view = ServersView::parse(&bytes).unwrap();
    assert_eq!(Servers::from(view), packet);
    for (number, server) in packet.servers.iter().enumerate() {
        let found = view.servers().get(number).unwrap();
        assert_eq!(found.name(), server.name);
        assert_eq!(found.host(), server.host);
        assert_eq!(found.note(), server.note.as_deref());
        assert_eq!(found.port(), server.port);
        assert!(found.samples().iter().eq(server.samples.iter().copied()));
    }
    assert!(view.servers().get(40).is_none());
}
