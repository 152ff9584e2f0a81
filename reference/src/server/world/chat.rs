//! What players say, and who hears it.
//!
//! In: text for those nearby, for one player, for a room or for all. Out: `ChatMessage` to those who hear
//! it and to the one who spoke, or why nobody heard it. Text is passed on as it is; how it is shown is the
//! clients' business.

use super::{Post, Refusal, World, encode, post_to, send, send_all};
use crate::game::{
    Broadcast, ChatMessageRef, ChatMessageScopeRef, ErrorCode, RoomMessage, Say, Whisper,
};
use crate::server::player::SessionId;

impl World {
    /// Says something to all who see the speaker, the dead among them. The dead are heard by nobody.
    pub(super) fn say(
        &self,
        session: SessionId,
        said: &Say,
        out: &mut impl Post,
    ) -> Result<(), Refusal> {
        let speaker = self.living_entity(session)?;
        let message = ChatMessageRef {
            scope: ChatMessageScopeRef::Nearby(speaker.id.0),
            sender: &speaker.name,
            text: &said.text,
        };
        if let (Some(cell), Some(packet)) = (speaker.cell, encode(&message)) {
            post_to(&self.grid, self.grid.around(cell), &packet, out);
        }
        Ok(())
    }

    /// Says something to the player of this name, wherever it is.
    pub(super) fn whisper(
        &self,
        session: SessionId,
        whispered: &Whisper,
        out: &mut impl Post,
    ) -> Result<(), Refusal> {
        let Some(recipient) = self.session_of_name(&whispered.recipient) else {
            return Err(Refusal {
                code: ErrorCode::NOT_FOUND,
                text: "nobody who is online has this name",
            });
        };
        let message = ChatMessageRef {
            scope: ChatMessageScopeRef::Whisper(&whispered.recipient),
            sender: self.name_of(session)?,
            text: &whispered.text,
        };
        let (first, second) = (session.min(recipient), session.max(recipient));
        if first == second {
            send(out, &[session], &message);
        } else {
            send(out, &[first, second], &message);
        }
        Ok(())
    }

    /// Says something to all who are in a room, in which the speaker has to be.
    pub(super) fn say_in_room(
        &self,
        session: SessionId,
        said: &RoomMessage,
        out: &mut impl Post,
    ) -> Result<(), Refusal> {
        let members = self.rooms.members(said.room);
        let members = members.ok_or(Refusal::NO_SUCH_ROOM)?;
        if !members.contains(session) {
            return Err(Refusal {
                code: ErrorCode::PERMISSION_DENIED,
                text: "the player is not in this room",
            });
        }
        let message = ChatMessageRef {
            scope: ChatMessageScopeRef::Room(said.room),
            sender: self.name_of(session)?,
            text: &said.text,
        };
        send_all(out, &[members.as_slice()], &message);
        Ok(())
    }

    /// Says something to everybody who is logged in.
    pub(super) fn broadcast(
        &self,
        session: SessionId,
        said: &Broadcast,
        out: &mut impl Post,
    ) -> Result<(), Refusal> {
        let speaker = self.members.get(&session).map(|member| &member.player);
        let speaker = speaker.filter(|player| player.rights.broadcast);
        let Some(speaker) = speaker else {
            return Err(Refusal {
                code: ErrorCode::PERMISSION_DENIED,
                text: "the player may not speak to everybody",
            });
        };
        let message = ChatMessageRef {
            scope: ChatMessageScopeRef::Broadcast([]),
            sender: &speaker.name,
            text: &said.text,
        };
        send_all(out, &[self.everyone.as_slice()], &message);
        Ok(())
    }

    fn name_of(&self, session: SessionId) -> Result<&str, Refusal> {
        let member = self.members.get(&session).ok_or(Refusal::OUTSIDE)?;
        Ok(&member.player.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::Rules;
    use super::super::testing::{Stage, at};
    use super::*;
    use crate::game::{ChatMessage, ChatMessageScope, Packet, RoomCreate, RoomJoin};
    use crate::server::player::Rights;

    /// Ada and grace see each other, edsger is far away, and dorothy is not in the world.
    fn stage() -> Stage {
        let mut stage = Stage::new(Rules::default());
        stage.join_with("dorothy", Rights { broadcast: true });
        stage.enter("ada", at(0.0, 0.0));
        stage.enter("grace", at(50.0, 0.0));
        stage.enter("edsger", at(500.0, 0.0));
        stage.read_all();
        stage
    }

    const ALL: [&str; 4] = ["ada", "grace", "edsger", "dorothy"];

    /// Expects that these players, and no others, get a message.
    #[track_caller]
    fn check(stage: &mut Stage, heard_by: &[&str], sender: &str, scope: &ChatMessageScope) {
        for name in ALL {
            let expected = Packet::from(ChatMessage {
                scope: scope.clone(),
                sender: sender.to_owned(),
                text: "hello".to_owned(),
            });
            let expected = heard_by.contains(&name).then_some(expected);
            assert_eq!(stage.read(name), Vec::from_iter(expected), "{name}");
        }
    }

    #[track_caller]
    fn check_refused(stage: &mut Stage, name: &str, packet: u16, code: ErrorCode) {
        check_error(&stage.read(name), packet, code);
        for name in ALL {
            assert_eq!(stage.read(name), [], "{name}");
        }
    }

    #[track_caller]
    fn check_error(packets: &[Packet], packet: u16, code: ErrorCode) {
        match packets {
            [Packet::Error(error)] => {
                let found = (error.request, error.packet, error.code);
                assert_eq!(found, (7, packet, code), "{}", error.text);
            }
            other => panic!("{other:?}"),
        }
    }

    fn say() -> Say {
        Say {
            request: 7,
            text: "hello".to_owned(),
        }
    }

    fn whisper(recipient: &str) -> Whisper {
        Whisper {
            request: 7,
            recipient: recipient.to_owned(),
            text: "hello".to_owned(),
        }
    }

    fn broadcast() -> Broadcast {
        Broadcast {
            request: 7,
            text: "hello".to_owned(),
        }
    }

    fn in_room(room: u32) -> RoomMessage {
        RoomMessage {
            request: 7,
            room,
            text: "hello".to_owned(),
        }
    }

    #[test]
    fn those_who_see_the_speaker_hear_it() {
        let mut stage = stage();
        stage.send("ada", say());
        let scope = ChatMessageScope::Nearby(stage.entity("ada"));
        check(&mut stage, &["ada", "grace"], "ada", &scope);
    }

    #[test]
    fn who_is_outside_of_the_world_says_nothing_nearby() {
        let mut stage = stage();
        stage.send("dorothy", say());
        check_refused(&mut stage, "dorothy", 4000, ErrorCode::NOT_ALLOWED_NOW);
    }

    #[test]
    fn a_whisper_is_heard_by_two() {
        let mut stage = stage();
        stage.send("ada", whisper("edsger"));
        let scope = ChatMessageScope::Whisper("edsger".to_owned());
        check(&mut stage, &["ada", "edsger"], "ada", &scope);
        stage.send("dorothy", whisper("edsger"));
        check(&mut stage, &["dorothy", "edsger"], "dorothy", &scope);
        stage.send("edsger", whisper("dorothy"));
        let scope = ChatMessageScope::Whisper("dorothy".to_owned());
        check(&mut stage, &["dorothy", "edsger"], "edsger", &scope);
    }

    #[test]
    fn who_whispers_to_itself_hears_it_once() {
        let mut stage = stage();
        stage.send("ada", whisper("ada"));
        let scope = ChatMessageScope::Whisper("ada".to_owned());
        check(&mut stage, &["ada"], "ada", &scope);
    }

    #[test]
    fn a_whisper_needs_the_name_of_somebody_online() {
        let mut stage = stage();
        for name in ["nobody", "edsger2"] {
            stage.send("ada", whisper(name));
            check_refused(&mut stage, "ada", 4002, ErrorCode::NOT_FOUND);
        }
        stage.leave("edsger");
        stage.tick();
        stage.read_all();
        stage.send("ada", whisper("edsger"));
        check_error(&stage.read("ada"), 4002, ErrorCode::NOT_FOUND);
    }

    #[test]
    fn a_broadcast_is_heard_by_all() {
        let mut stage = stage();
        stage.send("dorothy", broadcast());
        check(
            &mut stage,
            &ALL,
            "dorothy",
            &ChatMessageScope::Broadcast([]),
        );
    }

    #[test]
    fn a_broadcast_needs_the_right() {
        let mut stage = stage();
        stage.send("ada", broadcast());
        check_refused(&mut stage, "ada", 4003, ErrorCode::PERMISSION_DENIED);
    }

    #[test]
    fn those_in_a_room_hear_what_is_said_in_it() {
        let mut stage = stage();
        let name = "plaza".to_owned();
        stage.send("dorothy", RoomCreate { request: 1, name });
        let join = RoomJoin {
            request: 2,
            room: 1,
        };
        stage.send("edsger", join);
        stage.read_all();
        stage.send("edsger", in_room(1));
        let scope = ChatMessageScope::Room(1);
        check(&mut stage, &["edsger", "dorothy"], "edsger", &scope);
        stage.send("ada", in_room(1));
        check_refused(&mut stage, "ada", 4015, ErrorCode::PERMISSION_DENIED);
        stage.send("ada", in_room(2));
        check_refused(&mut stage, "ada", 4015, ErrorCode::NOT_FOUND);
    }
}
