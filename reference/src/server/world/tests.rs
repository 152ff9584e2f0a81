//! The world as a whole: coming, going, coming back, and what holds in all of it.

use super::testing::{Stage, at, step_to};
use super::*;
use crate::game::{Attack, Error, LogoutResponse, Move, Say, State};
use crate::server::player::Rights;

fn stage() -> Stage {
    let mut stage = Stage::new(Rules::default());
    stage.enter("ada", at(0.0, 0.0));
    stage.enter("grace", at(10.0, 0.0));
    stage.read_all();
    stage
}

#[track_caller]
fn check_refused(packets: &[Packet], request: u32, packet: u16, code: ErrorCode) {
    match packets {
        [Packet::Error(error)] => {
            let Error { text, .. } = error;
            let found = (error.request, error.packet, error.code);
            assert_eq!(found, (request, packet, code), "{text}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn who_enters_is_told_where_and_then_what_is_there() {
    let mut stage = stage();
    stage.enter("edsger", at(5.0, 0.0));
    match &stage.read("edsger")[..] {
        [
            Packet::WorldEntered(entered),
            Packet::WorldSnapshot(snapshot),
        ] => {
            let arrival = entered.arrival;
            assert_eq!(entered.request, 1);
            assert_eq!((arrival.position, arrival.tick_hz), (at(5.0, 0.0), 20));
            let names: Vec<_> = snapshot
                .entities
                .iter()
                .map(|entity| &*entity.name)
                .collect();
            assert_eq!(names, ["ada", "grace", "edsger"]);
            assert!(!snapshot.more);
        }
        other => panic!("{other:?}"),
    }
    match &stage.read("ada")[..] {
        [Packet::EntityEntered(entered)] => {
            assert_eq!(entered.entity.name, "edsger");
            assert_eq!(entered.entity.health, 100);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn who_wishes_nothing_or_the_impossible_begins_where_the_rules_say() {
    let spawn = |spawn_wishes, spawn: Option<Vec3>| {
        let mut stage = Stage::new(Rules {
            spawn_wishes,
            ..Rules::default()
        });
        stage.join("ada");
        stage.send("ada", EnterWorld { request: 1, spawn });
        stage.position("ada")
    };
    let far = at(1000.0, 1000.0);
    assert_eq!(spawn(true, Some(far)), far);
    for place in [
        spawn(true, None),
        spawn(true, Some(at(1e9, 0.0))),
        spawn(false, Some(far)),
    ] {
        assert!(place.x.abs() <= 32.0 && place.z.abs() <= 32.0, "{place:?}");
        assert_ne!(place, at(0.0, 0.0));
    }
}

#[test]
fn the_world_is_entered_once_and_left_once() {
    let mut stage = stage();
    stage.enter("ada", at(1.0, 1.0));
    check_refused(&stage.read("ada"), 1, 2000, ErrorCode::NOT_ALLOWED_NOW);
    stage.leave_world("ada");
    assert_eq!(stage.read("ada"), [WorldLeft { request: 1 }.into()]);
    match &stage.read("grace")[..] {
        [Packet::EntityLeft(left)] => assert_eq!(left.reason, LeftReason::LEFT_WORLD),
        other => panic!("{other:?}"),
    }
    stage.leave_world("ada");
    check_refused(&stage.read("ada"), 1, 2010, ErrorCode::NOT_ALLOWED_NOW);
}

#[test]
fn who_left_hears_nothing_of_the_world() {
    let mut stage = stage();
    stage.send("ada", step_to(1, 0.5));
    stage.leave_world("ada");
    stage.read_all();
    stage.send("grace", step_to(1, 10.5));
    stage.tick();
    assert_eq!(stage.read("ada"), []);
    assert_eq!(stage.read("grace").len(), 1, "of her own move alone");
}

#[test]
fn a_full_world_takes_nobody_in() {
    let mut stage = Stage::new(Rules {
        capacity: 1,
        ..Rules::default()
    });
    stage.enter("ada", at(0.0, 0.0));
    stage.enter("grace", at(0.0, 0.0));
    check_refused(&stage.read("grace"), 1, 2000, ErrorCode::FULL);
    stage.leave_world("ada");
    stage.enter("grace", at(0.0, 0.0));
    assert_eq!(stage.knows("grace"), ["grace"]);
}

#[test]
fn a_number_is_not_given_to_somebody_else_at_once() {
    let mut stage = stage();
    let ada = stage.entity("ada");
    stage.leave_world("ada");
    stage.enter("edsger", at(0.0, 0.0));
    assert_ne!(stage.entity("edsger"), ada);
    for _ in 0..Rules::default().id_rest_ticks {
        stage.tick();
    }
    stage.enter("ada", at(0.0, 0.0));
    assert_eq!(stage.entity("ada"), ada);
}

#[test]
fn a_lost_connection_takes_its_player_out() {
    let mut stage = stage();
    let ada = stage.entity("ada");
    assert!(stage.leave("ada").is_some());
    stage.tick();
    match &stage.read("grace")[..] {
        [Packet::EntityLeft(left)] => {
            assert_eq!((left.entity, left.reason), (ada, LeftReason::LEFT_WORLD));
        }
        other => panic!("{other:?}"),
    }
    stage.join("edsger");
    assert!(stage.leave("edsger").is_none(), "it was not in the world");
}

#[test]
fn who_enters_behind_a_loss_is_not_told_of_it() {
    let mut stage = stage();
    stage.leave("ada");
    stage.enter("edsger", at(0.0, 0.0));
    assert_eq!(stage.knows("edsger"), ["edsger", "grace"]);
    stage.tick();
    assert_eq!(stage.read("edsger").len(), 2, "the entry and the snapshot");
    assert_eq!(stage.knows("grace"), ["edsger", "grace"]);
}

#[test]
fn who_resumes_is_where_it_was_and_as_well_as_it_was() {
    let mut stage = stage();
    let attack = |stage: &mut Stage| {
        let target = stage.entity("ada");
        for _ in 0..2 {
            let attack = Attack {
                request: 1,
                target,
                skill: 2,
            };
            stage.send("grace", attack);
        }
    };
    attack(&mut stage);
    stage.send("ada", step_to(1, 0.5));
    stage.tick();
    let health = stage.world.entities.get(EntityId(stage.entity("ada")));
    let health = health.unwrap().health;
    let afterlife = stage.leave("ada").unwrap();
    stage.tick();
    stage.read_all();
    let arrival = stage.resume("ada", afterlife).unwrap();
    assert_eq!(arrival.position, at(0.5, 0.0));
    assert_eq!(stage.read("grace"), []);
    stage.tick();
    match &stage.read("ada")[..] {
        [Packet::WorldSnapshot(snapshot)] => {
            let own = snapshot.entities.iter().find(|entity| entity.name == "ada");
            assert_eq!(own.unwrap().health, health);
            assert_eq!(own.unwrap().id, arrival.entity);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(stage.knows("grace"), ["ada", "grace"]);
    stage.send("ada", step_to(1, 1.0));
    stage.tick();
    assert_eq!(stage.read("ada").len(), 1, "moves are counted from 1 again");
}

#[test]
fn a_session_that_resumes_and_is_lost_again_leaves_nothing_behind() {
    let mut stage = stage();
    let afterlife = stage.leave("ada").unwrap();
    stage.resume("ada", afterlife).unwrap();
    let afterlife = stage.leave("ada").unwrap();
    stage.tick();
    assert_eq!(stage.knows("grace"), ["grace"]);
    assert!(stage.resume("ada", afterlife).is_some());
    stage.tick();
    assert_eq!(stage.knows("grace"), ["ada", "grace"]);
}

#[test]
fn who_resumes_is_not_told_of_a_loss_that_came_behind() {
    let mut stage = stage();
    let afterlife = stage.leave("ada").unwrap();
    stage.resume("ada", afterlife).unwrap();
    stage.leave("grace");
    stage.tick();
    assert_eq!(stage.read("ada").len(), 1, "the snapshot");
    assert_eq!(stage.knows("ada"), ["ada"]);
}

#[test]
fn skills_that_cool_down_do_so_while_their_player_is_away() {
    let mut stage = stage();
    let attack = |stage: &mut Stage| {
        let target = stage.entity("grace");
        let attack = Attack {
            request: 1,
            target,
            skill: 2,
        };
        stage.send("ada", attack);
        stage.read("ada").pop()
    };
    assert!(matches!(attack(&mut stage), Some(Packet::CombatResult(_))));
    let afterlife = stage.leave("ada").unwrap();
    stage.resume("ada", afterlife);
    assert!(matches!(attack(&mut stage), Some(Packet::Error(_))));
    let afterlife = stage.leave("ada").unwrap();
    for _ in 0..30 {
        stage.tick();
    }
    stage.resume("ada", afterlife);
    stage.tick();
    assert!(matches!(attack(&mut stage), Some(Packet::CombatResult(_))));
}

#[test]
fn the_dead_resume_dead_and_live_again_later() {
    let mut stage = Stage::new(Rules {
        health: 1,
        miss_percent: 0,
        block_percent: 0,
        respawn_ticks: 5,
        ..Rules::default()
    });
    stage.enter("ada", at(0.0, 0.0));
    stage.enter("grace", at(1.0, 0.0));
    let attack = Attack {
        request: 1,
        target: stage.entity("ada"),
        skill: 0,
    };
    stage.send("grace", attack);
    let afterlife = stage.leave("ada").unwrap();
    assert!(stage.resume("ada", afterlife).is_some());
    stage.tick();
    assert_eq!(stage.knows("ada"), ["grace"]);
    for _ in 0..4 {
        stage.tick();
    }
    assert_eq!(stage.knows("ada"), ["ada", "grace"]);
    assert_eq!(stage.knows("grace"), ["ada", "grace"]);
}

#[test]
fn nobody_resumes_as_somebody_else() {
    let mut stage = stage();
    let afterlife = stage.leave("ada").unwrap();
    assert_eq!(stage.resume("edsger", afterlife), None);
    stage.enter("edsger", at(0.0, 0.0));
    assert_eq!(stage.knows("edsger"), ["edsger", "grace"]);
}

#[test]
fn players_are_found_by_number_and_name() {
    let mut world = World::new(Rules::default(), 1);
    let player = || Player {
        id: 7,
        name: "ada".into(),
        rights: Rights::default(),
    };
    world.join(SessionId(1), player());
    assert_eq!(world.player_session(7), Some(SessionId(1)));
    assert_eq!(world.session_of_name("ada"), Some(SessionId(1)));
    assert_eq!(world.session_of_name("Ada"), Some(SessionId(1)));
    assert_eq!(world.session_of_name("adam"), None);
    // The newer session of the two counts, in whichever order they go.
    world.join(SessionId(2), player());
    world.leave(SessionId(1));
    assert_eq!(world.player_session(7), Some(SessionId(2)));
    assert_eq!(world.session_of_name("ada"), Some(SessionId(2)));
    world.leave(SessionId(2));
    assert_eq!(world.player_session(7), None);
    assert_eq!(world.session_of_name("ada"), None);
}

#[test]
fn a_session_that_is_not_here_gets_nothing() {
    let mut stage = stage();
    let say = Say {
        request: 1,
        text: "hello".to_owned(),
    };
    stage.send_as(SessionId(77), say);
    assert_eq!(stage.read("ada"), []);
}

#[test]
fn packets_that_are_no_request_to_the_world_are_refused() {
    let mut stage = stage();
    let logout = LogoutResponse {
        request: 1,
        token_revoked: true,
    };
    stage.send("ada", logout);
    check_refused(&stage.read("ada"), 0, 1007, ErrorCode::INTERNAL);
}

#[test]
#[should_panic(expected = "`tick_hz` is 0")]
fn there_is_no_world_by_rules_that_cannot_be_kept() {
    let rules = Rules {
        tick_hz: 0,
        ..Rules::default()
    };
    World::new(rules, 1);
}

/// Everything that is posted, in order.
#[derive(Default, PartialEq, Debug)]
struct Record(Vec<(Vec<SessionId>, Vec<u8>)>);

impl Post for Record {
    fn post(&mut self, to: &[SessionId], packet: Outgoing) {
        self.0.push((to.to_vec(), packet.bytes().to_vec()));
    }
}

/// A crowd that does what the dice say, for a while; and what the world makes of it.
fn play(seed: u64) -> Record {
    let mut dice = Rng::with_seed(7);
    let mut world = World::new(Rules::default(), seed);
    let mut out = Record::default();
    for number in 1..=40 {
        let player = Player {
            id: u32::try_from(number).unwrap(),
            name: format!("p{number}").into(),
            rights: Rights::default(),
        };
        world.join(SessionId(number), player);
    }
    for step in 1..200 {
        for number in 1..=40 {
            let enter = EnterWorld {
                request: 1,
                spawn: None,
            };
            let packet: Packet = match dice.u8(0..10) {
                0 => enter.into(),
                1 => Attack {
                    request: 1,
                    target: dice.u32(1..40),
                    skill: 2,
                }
                .into(),
                2 if dice.u8(0..10) == 0 => LeaveWorld { request: 1 }.into(),
                _ => step_to(step, dice.f32() * 30.0).into(),
            };
            world.request(SessionId(number), &packet, &mut out);
        }
        world.tick(&mut out);
    }
    out
}

#[test]
fn the_same_calls_lead_to_the_same_packets() {
    let record = play(1);
    assert!(record.0.len() > 1000);
    assert!(record == play(1));
    assert!(record != play(2), "the seed decides");
}

/// Lets players do anything for a while. The clients fail if they are told something that they cannot
/// understand; here it is checked that they know what they should.
#[test]
fn clients_know_what_is_around_them_whatever_happens() {
    let mut dice = Rng::with_seed(3);
    let rules = Rules {
        min: at(-100.0, -100.0),
        max: super::rules::vec3(100.0, 10.0, 100.0),
        view_distance: 20.0,
        cell_size: 12.0,
        hysteresis: 2.0,
        speed: 1000.0,
        health: 10,
        respawn_ticks: 10,
        id_rest_ticks: 5,
        skills: [(
            0,
            Skill {
                range: 20.0,
                damage: 5,
                cooldown_ticks: 0,
            },
        )]
        .into(),
        ..Rules::default()
    };
    let mut stage = Stage::new(rules.clone());
    let names: Vec<String> = (0..30).map(|number| format!("p{number}")).collect();
    let mut sequences = vec![0; names.len()];
    let mut gone: Vec<Option<Afterlife>> = names.iter().map(|_| None).collect();
    for name in &names {
        stage.enter(name, at(0.0, 0.0));
    }
    let mut deaths = 0;
    for _ in 0..400 {
        for (number, name) in names.iter().enumerate() {
            let mut place = || (dice.f32() - 0.5) * 120.0;
            let position = at(place(), place());
            if let Some(afterlife) = gone[number].take() {
                if dice.u8(0..4) == 0 {
                    stage.resume(name, afterlife);
                    sequences[number] = 0;
                } else {
                    gone[number] = Some(afterlife);
                }
                continue;
            }
            sequences[number] += 1;
            match dice.u8(0..40) {
                0 => {
                    gone[number] = stage.leave(name).or_else(|| {
                        stage.join(name);
                        None
                    });
                }
                1 => stage.leave_world(name),
                2..6 => {
                    let session = stage.session(name);
                    if stage.world.entity_of(session).is_none() {
                        sequences[number] = 0;
                    }
                    stage.enter(name, position);
                }
                6..16 => {
                    let attack = Attack {
                        request: 1,
                        target: dice.u32(1..40),
                        skill: 0,
                    };
                    stage.send(name, attack);
                }
                _ => {
                    let step = Move {
                        sequence: sequences[number],
                        position,
                        ..step_to(0, 0.0)
                    };
                    stage.send(name, step);
                }
            }
        }
        stage.tick();
        deaths += stage.world.respawns.len();
        let present =
            |name: &&String| gone[names.iter().position(|n| n == *name).unwrap()].is_none();
        for name in names.iter().filter(present) {
            check_knowledge(&stage, &rules, &names, name);
        }
        stage.read_all();
    }
    assert!(deaths > 100, "{deaths}");
}

/// A client in the world knows all within its view, nothing that is too far away, and nobody outside.
#[track_caller]
fn check_knowledge(stage: &Stage, rules: &Rules, names: &[String], name: &str) {
    let session = stage.session(name);
    let known = stage.knows(name);
    let Some(own) = stage.world.entity_of(session) else {
        assert!(
            known.is_empty(),
            "{name} is not in the world, and knows {known:?}"
        );
        return;
    };
    let entity = |id| stage.world.entities.get(id).unwrap();
    let here = entity(own).position;
    let furthest = 3.0 * rules.cell_size + 2.0 * rules.hysteresis;
    for other in names {
        let there = stage
            .world
            .session_of_name(other)
            .and_then(|session| stage.world.entity_of(session))
            .map(entity)
            .filter(|entity| entity.is_alive());
        let Some(there) = there else {
            assert!(
                !known.contains(other),
                "{name} knows {other}, who is not there"
            );
            continue;
        };
        let (x, z) = (
            (there.position.x - here.x).abs(),
            (there.position.z - here.z).abs(),
        );
        if x.hypot(z) <= rules.view_distance {
            assert!(known.contains(other), "{name} does not know {other}");
        }
        if x.max(z) > furthest {
            assert!(!known.contains(other), "{name} still knows {other}");
        }
    }
}

#[test]
fn packets_of_the_session_move_it_as_the_world_says() {
    let mut out = Record::default();
    let mut world = World::new(Rules::default(), 1);
    let player = Player {
        id: 1,
        name: "ada".into(),
        rights: Rights::default(),
    };
    world.join(SessionId(1), player);
    let enter = EnterWorld {
        request: 1,
        spawn: None,
    };
    world.request(SessionId(1), &enter.into(), &mut out);
    let states: Vec<_> = out
        .0
        .iter()
        .map(|(_, bytes)| {
            let packet = Packet::from(crate::game::PacketView::parse(bytes).unwrap());
            Outgoing::new(&packet).unwrap().moves_to()
        })
        .collect();
    assert_eq!(states, [Some(State::InWorld), None]);
}

/// A crowd in which everybody moves in every step costs memory for its packets, and for nothing else.
#[test]
fn a_steady_step_allocates_its_packets_and_nothing_else() {
    struct Count(usize);
    impl Post for Count {
        fn post(&mut self, to: &[SessionId], _: Outgoing) {
            self.0 += to.len();
        }
    }
    let mut stage = Stage::new(Rules::default());
    let crowd = stage.crowd(200, at(1.0, 1.0));
    let mut out = Count(0);
    let mut step = |world: &mut World, number: u32| {
        for session in &crowd {
            let step = step_to(number, if number.is_multiple_of(2) { 0.5 } else { 0.0 });
            world.request(*session, &step.into(), &mut out);
        }
        world.tick(&mut out);
    };
    for number in 1..10 {
        step(&mut stage.world, number);
    }
    let info = allocation_counter::measure(|| step(&mut stage.world, 10));
    // The bytes of the packet, and the count of those who share it.
    assert_eq!(info.count_total, 2);
    assert_eq!(out.0, 200 * 10);
}
