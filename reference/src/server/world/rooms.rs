//! Rooms: who talks with whom, wherever they are.
//!
//! In: requests about rooms, and sessions that end. Out: `RoomResult`, `RoomList`, `RoomEvent`, or why a
//! request was not met. What is said in a room is the business of [`super::chat`].
//!
//! A room is there as long as somebody is in it. Its number is given to no other one, until all four
//! thousand million of them were used.

use super::roster::Roster;
use super::rules::Rules;
use super::{Post, Refusal, World, send};
use crate::game::{
    ErrorCode, RoomChange, RoomCreate, RoomEventRef, RoomInfoRef, RoomJoin, RoomLeave, RoomListRef,
    RoomListRequest, RoomResult,
};
use crate::server::names::Name;
use crate::server::player::SessionId;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The most rooms in a list, as the schema has it.
const ROOMS_IN_A_LIST: usize = 1000;

/// All rooms.
#[derive(Debug)]
pub(super) struct Rooms {
    by_number: BTreeMap<u32, Room>,
    /// By what is the same in all ways of writing a name.
    by_name: HashMap<Box<str>, u32>,
    last: u32,
    capacity: usize,
    room_capacity: usize,
}

#[derive(Debug)]
struct Room {
    name: Name,
    members: Roster<SessionId>,
}

impl Rooms {
    pub(super) fn new(rules: &Rules) -> Self {
        Self {
            by_number: BTreeMap::new(),
            by_name: HashMap::new(),
            last: 0,
            capacity: rules.max_rooms as usize,
            room_capacity: usize::from(rules.max_room_members),
        }
    }

    /// Opens a room with one player in it and returns its number. Its name is judged and compared as those of players.
    fn create(&mut self, name: &str, session: SessionId) -> Result<u32, Refusal> {
        let name = Name::parse(name).map_err(|_| Refusal {
            code: ErrorCode::INVALID_ARGUMENT,
            text: "a room cannot have this name",
        })?;
        if self.by_name.contains_key(name.fold()) {
            return Err(Refusal {
                code: ErrorCode::ALREADY_EXISTS,
                text: "a room has this name",
            });
        }
        if self.by_number.len() >= self.capacity {
            return Err(Refusal {
                code: ErrorCode::FULL,
                text: "there are as many rooms as there may be",
            });
        }
        let number = self.free_number();
        let mut members = Roster::default();
        members.insert(session);
        self.by_name.insert(name.fold().into(), number);
        self.by_number.insert(number, Room { name, members });
        Ok(number)
    }

    /// Lets a player in.
    fn join(&mut self, number: u32, session: SessionId) -> Result<(), Refusal> {
        let room = self
            .by_number
            .get_mut(&number)
            .ok_or(Refusal::NO_SUCH_ROOM)?;
        if room.members.contains(session) {
            return Err(Refusal {
                code: ErrorCode::ALREADY_EXISTS,
                text: "the player is in this room already",
            });
        }
        if room.members.len() >= self.room_capacity {
            return Err(Refusal {
                code: ErrorCode::FULL,
                text: "there are as many players in the room as there may be",
            });
        }
        room.members.insert(session);
        Ok(())
    }

    /// Lets a player out, and closes the room if it was the last one.
    pub(super) fn leave(&mut self, number: u32, session: SessionId) -> Result<(), Refusal> {
        let room = self
            .by_number
            .get_mut(&number)
            .ok_or(Refusal::NO_SUCH_ROOM)?;
        if !room.members.remove(session) {
            return Err(Refusal {
                code: ErrorCode::INVALID_ARGUMENT,
                text: "the player is not in this room",
            });
        }
        if room.members.is_empty() {
            self.by_name.remove(room.name.fold());
            self.by_number.remove(&number);
        }
        Ok(())
    }

    /// Who is in a room, in ascending order; `None` if there is no such room.
    pub(super) fn members(&self, number: u32) -> Option<&Roster<SessionId>> {
        self.by_number.get(&number).map(|room| &room.members)
    }

    /// The first rooms whose numbers are larger than `after`, and whether there are more.
    fn page(&self, after: u32) -> (Vec<RoomInfoRef<'_>>, bool) {
        let Some(from) = after.checked_add(1) else {
            return (Vec::new(), false);
        };
        let mut rooms = self.by_number.range(from..);
        let page = rooms
            .by_ref()
            .take(ROOMS_IN_A_LIST)
            .map(|(number, room)| RoomInfoRef {
                id: *number,
                name: room.name.text(),
                members: u16::try_from(room.members.len()).unwrap_or(u16::MAX),
            })
            .collect();
        (page, rooms.next().is_some())
    }

    fn free_number(&mut self) -> u32 {
        loop {
            // 0 is no room: lists begin behind it.
            self.last = self.last.wrapping_add(1).max(1);
            if !self.by_number.contains_key(&self.last) {
                return self.last;
            }
        }
    }
}

impl World {
    pub(super) fn create_room(
        &mut self,
        session: SessionId,
        request: &RoomCreate,
        out: &mut impl Post,
    ) -> Result<(), Refusal> {
        self.check_room_count(session)?;
        let room = self.rooms.create(&request.name, session)?;
        if let Some(member) = self.members.get_mut(&session) {
            member.rooms.insert(room);
        }
        let request = request.request;
        send(out, &[session], &RoomResult { request, room });
        Ok(())
    }

    pub(super) fn join_room(
        &mut self,
        session: SessionId,
        request: RoomJoin,
        out: &mut impl Post,
    ) -> Result<(), Refusal> {
        let RoomJoin { request, room } = request;
        // Who is in it already is told so, also with as many rooms as there may be.
        let inside = self.members.get(&session);
        if !inside.is_some_and(|member| member.rooms.contains(room)) {
            self.check_room_count(session)?;
        }
        self.rooms.join(room, session)?;
        if let Some(member) = self.members.get_mut(&session) {
            member.rooms.insert(room);
            let name = Arc::clone(&member.player.name);
            send(out, &[session], &RoomResult { request, room });
            self.tell_room(room, RoomChange::JOINED, &name, Some(session), out);
        }
        Ok(())
    }

    pub(super) fn leave_room(
        &mut self,
        session: SessionId,
        request: RoomLeave,
        out: &mut impl Post,
    ) -> Result<(), Refusal> {
        let RoomLeave { request, room } = request;
        self.rooms.leave(room, session)?;
        if let Some(member) = self.members.get_mut(&session) {
            member.rooms.remove(room);
            let name = Arc::clone(&member.player.name);
            send(out, &[session], &RoomResult { request, room });
            self.tell_room(room, RoomChange::LEFT, &name, None, out);
        }
        Ok(())
    }

    pub(super) fn list_rooms(
        &self,
        session: SessionId,
        request: RoomListRequest,
        out: &mut impl Post,
    ) {
        let (rooms, more) = self.rooms.page(request.after);
        let list = RoomListRef {
            request: request.request,
            more,
            rooms: &rooms,
        };
        send(out, &[session], &list);
    }

    /// Tells those in a room, but for `except`, what a player did.
    pub(super) fn tell_room(
        &self,
        room: u32,
        change: RoomChange,
        player: &str,
        except: Option<SessionId>,
        out: &mut impl Post,
    ) {
        let Some(members) = self.rooms.members(room) else {
            return;
        };
        let event = RoomEventRef {
            room,
            change,
            player,
        };
        let members = members.as_slice();
        // The others are what is before and behind the one.
        let place = except.and_then(|session| members.binary_search(&session).ok());
        let (before, behind) = match place {
            Some(place) => (&members[..place], &members[place + 1..]),
            None => (members, &[][..]),
        };
        super::send_all(out, &[before, behind], &event);
    }

    fn check_room_count(&self, session: SessionId) -> Result<(), Refusal> {
        let most = usize::from(self.rules.max_rooms_per_player);
        let rooms = self
            .members
            .get(&session)
            .map_or(0, |member| member.rooms.len());
        if rooms >= most {
            return Err(Refusal {
                code: ErrorCode::FULL,
                text: "the player is in as many rooms as it may be",
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Stage;
    use super::*;
    use crate::game::{Packet, RoomEvent};

    fn stage() -> Stage {
        let mut stage = Stage::new(Rules {
            max_rooms: 3,
            max_room_members: 2,
            max_rooms_per_player: 2,
            ..Rules::default()
        });
        for name in ["ada", "grace", "edsger"] {
            stage.join(name);
        }
        stage
    }

    fn create(stage: &mut Stage, player: &str, name: &str) -> Vec<Packet> {
        let name = name.to_owned();
        stage.send(player, RoomCreate { request: 1, name });
        stage.read(player)
    }

    fn join(stage: &mut Stage, player: &str, room: u32) -> Vec<Packet> {
        stage.send(player, RoomJoin { request: 2, room });
        stage.read(player)
    }

    fn leave(stage: &mut Stage, player: &str, room: u32) -> Vec<Packet> {
        stage.send(player, RoomLeave { request: 3, room });
        stage.read(player)
    }

    fn list(stage: &mut Stage, after: u32) -> (Vec<(u32, String, u16)>, bool) {
        stage.send("ada", RoomListRequest { request: 4, after });
        match stage.read("ada").pop() {
            Some(Packet::RoomList(list)) => {
                assert_eq!(list.request, 4);
                let rooms = list.rooms.into_iter();
                let rooms = rooms.map(|room| (room.id, room.name, room.members));
                (rooms.collect(), list.more)
            }
            other => panic!("{other:?}"),
        }
    }

    fn obeyed(request: u32, room: u32) -> [Packet; 1] {
        [RoomResult { request, room }.into()]
    }

    fn event(change: RoomChange, player: &str) -> [Packet; 1] {
        let player = player.to_owned();
        [RoomEvent {
            room: 1,
            change,
            player,
        }
        .into()]
    }

    #[track_caller]
    fn check_refused(packets: &[Packet], request: u32, code: ErrorCode) {
        match packets {
            [Packet::Error(error)] => {
                assert_eq!(
                    (error.request, error.code),
                    (request, code),
                    "{}",
                    error.text
                );
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn who_opens_a_room_is_in_it() {
        let mut stage = stage();
        assert_eq!(create(&mut stage, "ada", "plaza"), obeyed(1, 1));
        assert_eq!(
            list(&mut stage, 0),
            (vec![(1, "plaza".to_owned(), 1)], false)
        );
    }

    #[test]
    fn the_others_are_told_who_comes_and_goes() {
        let mut stage = stage();
        create(&mut stage, "ada", "plaza");
        assert_eq!(join(&mut stage, "grace", 1), obeyed(2, 1));
        assert_eq!(stage.read("ada"), event(RoomChange::JOINED, "grace"));
        assert_eq!(leave(&mut stage, "ada", 1), obeyed(3, 1));
        assert_eq!(stage.read("grace"), event(RoomChange::LEFT, "ada"));
    }

    #[test]
    fn a_session_that_ends_leaves_its_rooms() {
        let mut stage = stage();
        create(&mut stage, "ada", "plaza");
        join(&mut stage, "grace", 1);
        stage.read_all();
        stage.leave("grace");
        stage.tick();
        assert_eq!(stage.read("ada"), event(RoomChange::LEFT, "grace"));
        stage.leave("ada");
        stage.tick();
        stage.join("ada");
        assert_eq!(list(&mut stage, 0), (vec![], false));
    }

    #[test]
    fn an_empty_room_vanishes_and_its_name_is_free() {
        let mut stage = stage();
        create(&mut stage, "ada", "plaza");
        leave(&mut stage, "ada", 1);
        assert_eq!(list(&mut stage, 0), (vec![], false));
        check_refused(&join(&mut stage, "grace", 1), 2, ErrorCode::NOT_FOUND);
        assert_eq!(create(&mut stage, "grace", "plaza"), obeyed(1, 2));
    }

    #[test]
    fn a_name_is_given_once() {
        let mut stage = stage();
        create(&mut stage, "ada", "plaza");
        for name in ["plaza", "Plaza"] {
            let refused = create(&mut stage, "grace", name);
            check_refused(&refused, 1, ErrorCode::ALREADY_EXISTS);
        }
        assert_eq!(create(&mut stage, "grace", "piazza"), obeyed(1, 2));
    }

    #[test]
    fn a_name_that_steers_a_terminal_is_no_name() {
        let mut stage = stage();
        for name in ["\u{1b}[31mplaza", "\u{202e}plaza", " "] {
            let refused = create(&mut stage, "ada", name);
            check_refused(&refused, 1, ErrorCode::INVALID_ARGUMENT);
        }
    }

    #[test]
    fn a_room_is_joined_once_and_left_once() {
        let mut stage = stage();
        create(&mut stage, "ada", "plaza");
        check_refused(&join(&mut stage, "ada", 1), 2, ErrorCode::ALREADY_EXISTS);
        check_refused(
            &leave(&mut stage, "grace", 1),
            3,
            ErrorCode::INVALID_ARGUMENT,
        );
        check_refused(&leave(&mut stage, "grace", 7), 3, ErrorCode::NOT_FOUND);
    }

    #[test]
    fn rooms_and_players_have_maxima() {
        let mut stage = stage();
        create(&mut stage, "ada", "one");
        create(&mut stage, "ada", "two");
        check_refused(&create(&mut stage, "ada", "three"), 1, ErrorCode::FULL);
        create(&mut stage, "grace", "three");
        check_refused(&join(&mut stage, "ada", 3), 2, ErrorCode::FULL);
        check_refused(&create(&mut stage, "grace", "four"), 1, ErrorCode::FULL);
        join(&mut stage, "grace", 1);
        check_refused(&join(&mut stage, "edsger", 1), 2, ErrorCode::FULL);
        stage.read_all();
        check_refused(&join(&mut stage, "ada", 1), 2, ErrorCode::ALREADY_EXISTS);
    }

    #[test]
    fn long_lists_come_in_pages() {
        let rules = Rules {
            max_rooms: 2000,
            ..Rules::default()
        };
        let mut rooms = Rooms::new(&rules);
        for number in 1..=1001_u32 {
            let name = format!("room {number}");
            assert_eq!(rooms.create(&name, SessionId(7)), Ok(number));
        }
        let check = |after, first: Option<u32>, count: usize, more: bool| {
            let (page, found) = rooms.page(after);
            assert_eq!(page.first().map(|room| room.id), first);
            assert_eq!((page.len(), found), (count, more));
            assert!(page.is_sorted_by_key(|room| room.id));
        };
        check(0, Some(1), 1000, true);
        check(1, Some(2), 1000, false);
        check(1000, Some(1001), 1, false);
        check(1001, None, 0, false);
        check(u32::MAX, None, 0, false);
    }
}
