//! What is said: nearby, by whispers, in rooms and to everybody.

use super::check::{Check, Group, Outcome, Stop, ensure};
use super::peer::{Peer, summary};
use super::samples::NOBODY;
use super::trial::Trial;
use crate::game::{
    Broadcast, ChatMessage, ChatMessageScope, ErrorCode, Packet, RoomChange, RoomCreate, RoomEvent,
    RoomInfo, RoomJoin, RoomLeave, RoomList, RoomListRequest, RoomMessage, RoomResult, Say,
    Whisper,
};

const GROUP: Group = Group::Chat;

/// A text of several scripts, with what could steer a terminal.
const TEXT: &str = "안녕! grüße \u{1f30d} \u{202e}\"quoted\"\n";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new(
            GROUP,
            "say",
            "What is said nearby comes to a neighbour and to the speaker, with the speaker's entity and name.",
            say,
        ),
        Check::new(
            GROUP,
            "whisper",
            "A whisper comes to its recipient and to its sender, and says for whom it is.",
            whisper,
        ),
        Check::new(
            GROUP,
            "whisper_to_nobody",
            "A whisper to a name that nobody has is refused with `not_found`.",
            whisper_to_nobody,
        ),
        Check::new(
            GROUP,
            "longest_text",
            "A text of 512 bytes arrives whole.",
            longest_text,
        ),
        Check::new(
            GROUP,
            "broadcast_without_right",
            "A broadcast of a player without the right is refused with `permission_denied`.",
            broadcast_without_right,
        ),
        Check::new(
            GROUP,
            "room_create",
            "Who opens a room gets its number and is in it: the list has it with one member.",
            room_create,
        ),
        Check::new(
            GROUP,
            "room_name_taken",
            "A room whose name another one has is refused with `already_exists`.",
            room_name_taken,
        ),
        Check::new(
            GROUP,
            "room_join_and_leave",
            "Who comes into a room or goes out of it is shown to the others by RoomEvent.",
            room_join_and_leave,
        ),
        Check::new(
            GROUP,
            "room_message",
            "What is said in a room comes to all who are in it, the speaker included, and to nobody else.",
            room_message,
        ),
        Check::new(
            GROUP,
            "room_message_from_outside",
            "Who is not in a room says nothing in it.",
            room_message_from_outside,
        ),
        Check::new(
            GROUP,
            "room_not_there",
            "A room that is not there cannot be joined: `not_found`.",
            room_not_there,
        ),
        Check::new(
            GROUP,
            "room_left_by_closing",
            "Who loses the connection is out of the room, as the others are shown.",
            room_left_by_closing,
        ),
        Check::new(
            GROUP,
            "empty_room_closes",
            "A room is closed when the last one goes, and listed no more.",
            empty_room_closes,
        ),
        Check::new(
            GROUP,
            "room_list_in_order",
            "The list of rooms comes in the order of their numbers, part by part to its end.",
            room_list_in_order,
        ),
    ]
}

/// Sends what is said, which has to come back to its speaker.
async fn spoken(peer: &mut Peer, packet: impl Into<Packet>, speaker: &str) -> Outcome<ChatMessage> {
    let said = peer.say(packet, speaker).await?;
    said.map_err(|error| Stop::failed("ChatMessage to the speaker", summary(&error.into())))
}

/// Waits for the same message at another peer.
async fn heard(peer: &mut Peer, said: &ChatMessage) -> Outcome {
    let what = format!("with {:?} from {}", said.text, said.sender);
    peer.expect_that::<ChatMessage>(&what, |heard| heard == said)
        .await
        .map(drop)
}

fn matches(said: &ChatMessage, scope: ChatMessageScope, sender: &str, text: &str) -> Outcome {
    let expected = ChatMessage {
        scope,
        sender: sender.to_owned(),
        text: text.to_owned(),
    };
    ensure(*said == expected, format!("{expected:?}"), || {
        format!("{said:?}")
    })
}

async fn say(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let (mut ada, mut bob) = trial.neighbours(&mut players).await?;
    let (name, request) = (&players[0].name, ada.peer.next_number());
    let text = TEXT.to_owned();
    let said = spoken(&mut ada.peer, Say { request, text }, name).await?;
    let scope = ChatMessageScope::Nearby(ada.entered.arrival.entity);
    matches(&said, scope, name, TEXT)?;
    heard(&mut bob.peer, &said).await
}

async fn whisper(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let mut bob = trial.log_in("bob", &mut players[1]).await?;
    let (sender, recipient) = (&players[0].name, &players[1].name);
    let whisper = Whisper {
        request: ada.next_number(),
        recipient: recipient.clone(),
        text: TEXT.to_owned(),
    };
    let said = spoken(&mut ada, whisper, sender).await?;
    matches(
        &said,
        ChatMessageScope::Whisper(recipient.clone()),
        sender,
        TEXT,
    )?;
    heard(&mut bob, &said).await
}

async fn whisper_to_nobody(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let whisper = Whisper {
        request: ada.next_number(),
        recipient: trial.fresh_name(),
        text: TEXT.to_owned(),
    };
    ada.refused(whisper, &[ErrorCode::NOT_FOUND]).await
}

async fn longest_text(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let name = &players[0].name;
    let room = open(&trial, &mut ada).await?;
    let text = "ä".repeat(256);
    let request = ada.next_number();
    let message = RoomMessage {
        request,
        room: room.id,
        text: text.clone(),
    };
    let said = spoken(&mut ada, message, name).await?;
    matches(&said, ChatMessageScope::Room(room.id), name, &text)
}

async fn broadcast_without_right(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let broadcast = Broadcast {
        request: ada.next_number(),
        text: "a conformance suite says hello".to_owned(),
    };
    ada.refused(broadcast, &[ErrorCode::PERMISSION_DENIED])
        .await
}

/// Opens a room.
async fn open(trial: &Trial, peer: &mut Peer) -> Outcome<RoomInfo> {
    let request = peer.next_number();
    let name = trial.fresh_name();
    let create = RoomCreate {
        request,
        name: name.clone(),
    };
    let id = peer.ask::<RoomResult>(create).await?.room;
    Ok(RoomInfo {
        id,
        name,
        members: 1,
    })
}

async fn join(peer: &mut Peer, room: u32) -> Outcome {
    let request = peer.next_number();
    let joined = peer.ask::<RoomResult>(RoomJoin { request, room }).await?;
    ensure(
        joined.room == room,
        format!("RoomResult with {room}"),
        || format!("RoomResult with {}", joined.room),
    )
}

async fn go_out(peer: &mut Peer, room: u32) -> Outcome {
    let request = peer.next_number();
    peer.ask::<RoomResult>(RoomLeave { request, room })
        .await
        .map(drop)
}

/// How the list has a room, if it does.
async fn listed(peer: &mut Peer, room: u32) -> Outcome<Option<RoomInfo>> {
    let request = peer.next_number();
    let after = room.saturating_sub(1);
    let list = peer
        .ask::<RoomList>(RoomListRequest { request, after })
        .await?;
    Ok(list.rooms.into_iter().find(|info| info.id == room))
}

async fn room_create(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let room = open(&trial, &mut ada).await?;
    let found = listed(&mut ada, room.id).await?;
    ensure(
        found.as_ref() == Some(&room),
        format!("the list has {room:?}"),
        || format!("{found:?}"),
    )
}

async fn room_name_taken(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let mut bob = trial.log_in("bob", &mut players[1]).await?;
    let room = open(&trial, &mut ada).await?;
    let request = bob.next_number();
    let name = room.name;
    bob.refused(RoomCreate { request, name }, &[ErrorCode::ALREADY_EXISTS])
        .await
}

/// Waits until somebody is shown to have come or gone.
async fn shown(peer: &mut Peer, room: u32, change: RoomChange, player: &str) -> Outcome {
    let what = format!("with {change:?} of {player}");
    let own =
        |event: &RoomEvent| event.room == room && event.change == change && event.player == player;
    peer.expect_that::<RoomEvent>(&what, own).await.map(drop)
}

async fn room_join_and_leave(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let mut bob = trial.log_in("bob", &mut players[1]).await?;
    let mut room = open(&trial, &mut ada).await?;
    join(&mut bob, room.id).await?;
    shown(&mut ada, room.id, RoomChange::JOINED, &players[1].name).await?;
    room.members = 2;
    let found = listed(&mut ada, room.id).await?;
    ensure(
        found.as_ref() == Some(&room),
        format!("the list has {room:?}"),
        || format!("{found:?}"),
    )?;
    go_out(&mut bob, room.id).await?;
    shown(&mut ada, room.id, RoomChange::LEFT, &players[1].name).await
}

async fn room_message(trial: Trial) -> Outcome {
    let mut players = trial.players(3).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let mut bob = trial.log_in("bob", &mut players[1]).await?;
    let mut eve = trial.log_in("eve", &mut players[2]).await?;
    let room = open(&trial, &mut ada).await?.id;
    join(&mut bob, room).await?;
    let (name, request) = (&players[0].name, ada.next_number());
    let text = TEXT.to_owned();
    let said = spoken(
        &mut ada,
        RoomMessage {
            request,
            room,
            text,
        },
        name,
    )
    .await?;
    matches(&said, ChatMessageScope::Room(room), name, TEXT)?;
    heard(&mut bob, &said).await?;
    let overheard = eve.fence().await?;
    let overheard = overheard
        .iter()
        .any(|packet| matches!(packet, Packet::ChatMessage(heard) if *heard == said));
    ensure(!overheard, "nothing for who is not in the room", || {
        "the message".to_owned()
    })
}

async fn room_message_from_outside(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let mut bob = trial.log_in("bob", &mut players[1]).await?;
    let room = open(&trial, &mut ada).await?.id;
    let request = bob.next_number();
    let text = TEXT.to_owned();
    let codes = [ErrorCode::PERMISSION_DENIED, ErrorCode::NOT_FOUND];
    bob.refused(
        RoomMessage {
            request,
            room,
            text,
        },
        &codes,
    )
    .await
}

async fn room_not_there(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let request = ada.next_number();
    let room = NOBODY;
    ada.refused(RoomJoin { request, room }, &[ErrorCode::NOT_FOUND])
        .await
}

async fn room_left_by_closing(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let mut bob = trial.log_in("bob", &mut players[1]).await?;
    let room = open(&trial, &mut ada).await?.id;
    join(&mut bob, room).await?;
    drop(bob);
    shown(&mut ada, room, RoomChange::LEFT, &players[1].name).await
}

async fn empty_room_closes(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let room = open(&trial, &mut ada).await?.id;
    go_out(&mut ada, room).await?;
    let found = listed(&mut ada, room).await?;
    ensure(
        found.is_none(),
        "no room without members in the list",
        || format!("{found:?}"),
    )
}

async fn room_list_in_order(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let mut mine = vec![
        open(&trial, &mut ada).await?.id,
        open(&trial, &mut ada).await?.id,
    ];
    let mut after = 0;
    loop {
        let request = ada.next_number();
        let list = ada
            .ask::<RoomList>(RoomListRequest { request, after })
            .await?;
        for info in &list.rooms {
            ensure(info.id > after, format!("a number above {after}"), || {
                format!("{}", info.id)
            })?;
            after = info.id;
            mine.retain(|room| *room != info.id);
        }
        ensure(
            !(list.more && list.rooms.is_empty()),
            "rooms, as there are more",
            || "an empty part".to_owned(),
        )?;
        if !list.more {
            return ensure(mine.is_empty(), "both rooms in the list", || {
                format!("the list lacks {mine:?}")
            });
        }
    }
}
