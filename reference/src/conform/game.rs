//! The world: coming, going, moving and fighting, as its neighbours see it.

use super::check::{Check, Group, Outcome, Stop, ensure};
use super::samples::NOBODY;
use super::trial::{InWorld, Trial};
use crate::game::{
    Attack, CombatResult, EnterWorld, EntitiesMoved, EntityEntered, EntityLeft, ErrorCode,
    LeaveWorld, LeftReason, Logout, LogoutResponse, Motion, Move, MoveRejected, Packet, Vec3,
    WorldEntered, WorldLeft,
};

const GROUP: Group = Group::Game;

/// A step that nobody finds too long, in metres.
const STEP: f32 = 0.1;

/// A place that is in no world, in metres.
const FAR: f32 = 1e30;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new(
            GROUP,
            "enter",
            "EnterWorld gets WorldEntered, and then a snapshot in which the player's own entity has its name and place.",
            enter,
        ),
        Check::new(
            GROUP,
            "enter_at_a_wish",
            "A wish for a place gets a place: that one, or another one in the world.",
            enter_at_a_wish,
        ),
        Check::new(
            GROUP,
            "enter_again",
            "Who left the world can enter it again, and moves are counted from 1 anew.",
            enter_again,
        ),
        Check::new(
            GROUP,
            "arrival_is_seen",
            "Who enters is shown to neighbours by EntityEntered, with its name and place.",
            arrival_is_seen,
        ),
        Check::new(
            GROUP,
            "move_is_seen",
            "A step is shown to a neighbour by EntitiesMoved, and not rejected.",
            move_is_seen,
        ),
        Check::new(
            GROUP,
            "speeding",
            "A move out of the world is answered by MoveRejected with its number and the place where the player still is.",
            speeding,
        ),
        Check::new(
            GROUP,
            "moving_on_after_rejection",
            "After MoveRejected a step from the place that it says is taken.",
            moving_on_after_rejection,
        ),
        Check::new(
            GROUP,
            "attack_nobody",
            "An attack on an entity that is not there is refused with `not_found`.",
            attack_nobody,
        ),
        Check::new(
            GROUP,
            "attack_is_seen",
            "CombatResult of an attack comes to the attacker and to the one attacked, the same to both.",
            attack_is_seen,
        ),
        Check::new(
            GROUP,
            "leave",
            "LeaveWorld gets WorldLeft, and neighbours EntityLeft with `left_world`.",
            leave,
        ),
        Check::new(
            GROUP,
            "logout_from_the_world",
            "Who logs out in the world is taken out of it, as neighbours see.",
            logout_from_the_world,
        ),
    ]
}

async fn enter(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let ada = trial.enter("ada", &mut players[0], None).await?;
    let arrival = &ada.entered.arrival;
    let own = ada.entities.iter().find(|seen| seen.id == arrival.entity);
    let Some(own) = own else {
        return Err(Stop::failed(
            "the player's own entity in the snapshot",
            "it is missing",
        ));
    };
    ensure(
        own.name == players[0].name && own.position == arrival.position,
        format!(
            "entity {} with the name {} at {:?}",
            own.id, players[0].name, arrival.position
        ),
        || format!("the name {:?} at {:?}", own.name, own.position),
    )?;
    ensure(
        arrival.view_distance > 0.0,
        "a view distance above 0",
        || format!("{}", arrival.view_distance),
    )
}

async fn enter_at_a_wish(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    for wish in [
        Vec3 {
            x: 1.0,
            y: 0.0,
            z: -1.0,
        },
        Vec3 {
            x: FAR,
            y: 0.0,
            z: -FAR,
        },
    ] {
        let ada = trial.enter("ada", &mut players[0], Some(wish)).await?;
        let place = &ada.entered.arrival.position;
        let inside = place.x.abs() < FAR && place.z.abs() < FAR;
        ensure(inside, "a place in the world", || format!("{place:?}"))?;
    }
    Ok(())
}

async fn enter_again(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let InWorld {
        mut peer, entered, ..
    } = trial.enter("ada", &mut players[0], None).await?;
    for _ in 0..2 {
        peer.send(step(1, &entered.arrival.position, 0.0)).await?;
        let before = peer.fence().await?;
        ensure(not_rejected(&before), "the first step is taken", || {
            "MoveRejected".to_owned()
        })?;
        let request = peer.next_number();
        peer.ask::<WorldLeft>(LeaveWorld { request }).await?;
        let request = peer.next_number();
        let spawn = Some(entered.arrival.position);
        peer.ask::<WorldEntered>(EnterWorld { request, spawn })
            .await?;
        peer.snapshot().await?;
    }
    Ok(())
}

fn not_rejected(packets: &[Packet]) -> bool {
    !packets
        .iter()
        .any(|packet| matches!(packet, Packet::MoveRejected(_) | Packet::Error(_)))
}

/// A slow move of `by` metres to the east.
fn step(sequence: u32, from: &Vec3, by: f32) -> Move {
    Move {
        sequence,
        position: Vec3 {
            x: from.x + by,
            ..*from
        },
        velocity: Vec3 {
            x: by,
            y: 0.0,
            z: 0.0,
        },
        motion: Motion(0),
    }
}

async fn arrival_is_seen(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let name = players[1].name.clone();
    let (mut ada, bob) = trial.neighbours(&mut players).await?;
    let entity = bob.entered.arrival.entity;
    let entered = ada
        .peer
        .expect_that::<EntityEntered>("of the neighbour", |seen| seen.entity.id == entity)
        .await?;
    ensure(
        entered.entity.name == name,
        format!("the name {name}"),
        || format!("the name {:?}", entered.entity.name),
    )
}

/// Whether an entity is said to be at a place now.
fn tells_of(moves: &EntitiesMoved, entity: u32, place: &Vec3) -> bool {
    let mut moves = moves.moves.iter();
    moves.any(|moved| moved.entity == entity && moved.position == *place)
}

async fn move_is_seen(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let (mut ada, mut bob) = trial.neighbours(&mut players).await?;
    let arrival = &ada.entered.arrival;
    let moved = step(1, &arrival.position, STEP);
    let place = moved.position;
    ada.peer.send(moved).await?;
    let of_ada = |moves: &EntitiesMoved| tells_of(moves, arrival.entity, &place);
    bob.peer
        .expect_that::<EntitiesMoved>("with the new place", of_ada)
        .await?;
    let before = ada.peer.fence().await?;
    ensure(not_rejected(&before), "a step that is taken", || {
        "MoveRejected".to_owned()
    })
}

async fn speeding(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut ada = trial.enter("ada", &mut players[0], None).await?;
    let from = &ada.entered.arrival.position;
    ada.peer.send(step(7, from, FAR)).await?;
    let rejected = ada.peer.expect::<MoveRejected>().await?;
    let near =
        (rejected.position.x - from.x).abs() < 1.0 && (rejected.position.z - from.z).abs() < 1.0;
    ensure(
        rejected.sequence == 7 && near,
        format!("MoveRejected of move 7, at {from:?}"),
        || format!("of move {}, at {:?}", rejected.sequence, rejected.position),
    )
}

async fn moving_on_after_rejection(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let (mut ada, mut bob) = trial.neighbours(&mut players).await?;
    let arrival = &ada.entered.arrival;
    ada.peer.send(step(1, &arrival.position, FAR)).await?;
    let rejected = ada.peer.expect::<MoveRejected>().await?;
    let moved = step(2, &rejected.position, STEP);
    let place = moved.position;
    ada.peer.send(moved).await?;
    let of_ada = |moves: &EntitiesMoved| tells_of(moves, arrival.entity, &place);
    bob.peer
        .expect_that::<EntitiesMoved>("with the new place", of_ada)
        .await
        .map(drop)
}

async fn attack_nobody(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut ada = trial.enter("ada", &mut players[0], None).await?;
    let request = ada.peer.next_number();
    let attack = Attack {
        request,
        target: NOBODY,
        skill: 0,
    };
    ada.peer.refused(attack, &[ErrorCode::NOT_FOUND]).await
}

async fn attack_is_seen(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let (mut ada, mut bob) = trial.neighbours(&mut players).await?;
    let request = ada.peer.next_number();
    let (attacker, target) = (ada.entered.arrival.entity, bob.entered.arrival.entity);
    let attack = Attack {
        request,
        target,
        skill: 0,
    };
    let own = match ada.peer.request(attack).await? {
        Packet::CombatResult(own) => own,
        Packet::Error(error) => {
            let code = error.code;
            return Err(Stop::skipped(format!(
                "the server allows no attack here: {code:?}"
            )));
        }
        other => {
            return Err(Stop::failed(
                "CombatResult or Error",
                super::peer::summary(&other),
            ));
        }
    };
    ensure(
        (own.attacker, own.target) == (attacker, target),
        format!("CombatResult of {attacker} against {target}"),
        || format!("of {} against {}", own.attacker, own.target),
    )?;
    let same = |seen: &CombatResult| seen.attacker == attacker && seen.target == target;
    let seen = bob
        .peer
        .expect_that::<CombatResult>("of the neighbour", same)
        .await?;
    ensure(seen == own, format!("{own:?}"), || format!("{seen:?}"))
}

async fn leave(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let (mut ada, mut bob) = trial.neighbours(&mut players).await?;
    let entity = ada.entered.arrival.entity;
    let request = ada.peer.next_number();
    ada.peer.ask::<WorldLeft>(LeaveWorld { request }).await?;
    gone(&mut bob, entity).await?;
    // Nothing about the world may follow, which the watch sees.
    ada.peer.fence().await.map(drop)
}

async fn logout_from_the_world(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let (mut ada, mut bob) = trial.neighbours(&mut players).await?;
    let entity = ada.entered.arrival.entity;
    let request = ada.peer.next_number();
    let logout = Logout {
        request,
        revoke_token: false,
    };
    ada.peer.ask::<LogoutResponse>(logout).await?;
    gone(&mut bob, entity).await?;
    ada.peer.closed("after LogoutResponse").await
}

/// Waits until a neighbour is told that an entity left the world.
async fn gone(neighbour: &mut InWorld, entity: u32) -> Outcome {
    let own = |left: &EntityLeft| left.entity == entity;
    let left = neighbour
        .peer
        .expect_that::<EntityLeft>("of the neighbour", own)
        .await?;
    ensure(
        left.reason == LeftReason::LEFT_WORLD,
        "EntityLeft with `left_world`",
        || format!("EntityLeft with {:?}", left.reason),
    )
}
