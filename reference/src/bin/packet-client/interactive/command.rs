//! What a line that was typed means.

use crate::{json, packets};
use packet_schema::diagnostic::did_you_mean;
use reference::game::{Packet, RoomCreate, RoomJoin, RoomLeave, RoomMessage, Say, Whisper};

pub(super) const HELP: &str = "\
say TEXT               to all who are close by, from within the world
/whisper NAME TEXT     to one player
/create NAME           opens a room; the answer has its number
/join ROOM             goes into a room
/room ROOM TEXT        to all who are in a room
/leave ROOM            goes out of a room
/enter                 enters the world
PACKET {…}             sends any packet, such as RoomListRequest
template PACKET        shows a packet to fill in
packets                lists all packets
/moves                 shows what moves nearby, or not
/rtt                   the round trip of the last heartbeat
/token                 the token with which this session can be resumed: a secret
/logout                logs out for good: the token is worth nothing any more
/quit                  ends the program";

/// The first words of lines, for completion.
pub(super) const WORDS: &[&str] = &[
    "say", "template", "packets", "help", "/whisper", "/create", "/join", "/room", "/leave",
    "/enter", "/moves", "/rtt", "/token", "/logout", "/quit",
];

/// What a line means.
#[derive(Debug, PartialEq)]
pub(super) enum Input {
    Nothing,
    Packet(Packet),
    Template(&'static str),
    Packets,
    Help,
    Enter,
    Moves,
    RoundTrip,
    Token,
    Logout,
    Quit,
}

/// What a line means, or what is wrong with it.
pub(super) fn parse(line: &str) -> Result<Input, String> {
    let (command, rest) = word(line);
    Ok(match command {
        "" => Input::Nothing,
        "help" | "/help" | "?" => Input::Help,
        "packets" => Input::Packets,
        "template" if rest.is_empty() => Input::Packets,
        "template" => Input::Template(packets::known(rest)?),
        "/enter" => Input::Enter,
        "/moves" => Input::Moves,
        "/rtt" => Input::RoundTrip,
        "/token" => Input::Token,
        "/logout" => Input::Logout,
        "/quit" | "/exit" | "quit" | "exit" => Input::Quit,
        "say" | "/say" => said(Say {
            request: 0,
            text: text(rest, "say TEXT")?,
        }),
        "/whisper" => {
            let (recipient, rest) = word(rest);
            said(Whisper {
                request: 0,
                recipient: recipient.to_owned(),
                text: text(rest, "/whisper NAME TEXT")?,
            })
        }
        "/create" => said(RoomCreate {
            request: 0,
            name: text(rest, "/create NAME")?,
        }),
        "/join" => said(RoomJoin {
            request: 0,
            room: room(rest, "/join ROOM")?,
        }),
        "/leave" => said(RoomLeave {
            request: 0,
            room: room(rest, "/leave ROOM")?,
        }),
        "/room" => {
            let (number, rest) = word(rest);
            said(RoomMessage {
                request: 0,
                room: room(number, "/room ROOM TEXT")?,
                text: text(rest, "/room ROOM TEXT")?,
            })
        }
        name if name.starts_with(|c: char| c.is_ascii_uppercase()) => {
            // Without white space in between, as in `Say{"text": "hi"}`, it is meant as well.
            let (name, fields) = match line.trim().find(|c: char| !c.is_ascii_alphanumeric()) {
                Some(end) => line.trim().split_at(end),
                None => (line.trim(), ""),
            };
            Input::Packet(json::parse(name, fields)?)
        }
        other => {
            let words = WORDS.iter().copied().chain(packets::sendable());
            let help = did_you_mean(other, words).unwrap_or_else(|| {
                "`help` lists what there is; `say TEXT` says something".to_owned()
            });
            return Err(format!("there is no `{other}`; {help}"));
        }
    })
}

fn said(packet: impl Into<Packet>) -> Input {
    Input::Packet(packet.into())
}

/// Splits off the first word.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim();
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (first, rest.trim())
}

fn text(text: &str, usage: &str) -> Result<String, String> {
    if text.is_empty() {
        Err(format!("something is missing: {usage}"))
    } else {
        Ok(text.to_owned())
    }
}

fn room(text: &str, usage: &str) -> Result<u32, String> {
    text.parse()
        .map_err(|_| format!("`{text}` is no number of a room: {usage}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: impl Into<Packet>) {
        assert_eq!(parse(line), Ok(Input::Packet(expected.into())));
    }

    #[test]
    fn lines_say_who_is_to_hear_them() {
        let text = "hello all".to_owned();
        check(" say  hello all ", Say { request: 0, text });
        let (recipient, text) = ("ada".to_owned(), "a b".to_owned());
        check(
            "/whisper ada a b",
            Whisper {
                request: 0,
                recipient,
                text,
            },
        );
        let text = "hi".to_owned();
        check(
            "/room 3 hi",
            RoomMessage {
                request: 0,
                room: 3,
                text,
            },
        );
    }

    #[test]
    fn a_name_of_a_packet_sends_it() {
        let say = || Say {
            request: 0,
            text: "hi there".to_owned(),
        };
        check(r#"Say {"text": "hi there"}"#, say());
        check(r#"Say{"text": "hi there"}"#, say());
        check(
            "RoomListRequest",
            reference::game::RoomListRequest {
                request: 0,
                after: 0,
            },
        );
    }

    #[test]
    fn a_mistyped_command_is_not_said_to_anybody() {
        for line in [
            "/wisper ada psst",
            "hello",
            "say",
            "/whisper ada",
            "/",
            "/join x",
            "Mov {}",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
        assert_eq!(parse("  "), Ok(Input::Nothing));
        assert!(
            parse("/wisper ada psst")
                .unwrap_err()
                .contains("did you mean `/whisper`?")
        );
    }

    #[test]
    fn every_word_that_is_completed_is_known() {
        for word in WORDS {
            let parsed = parse(word);
            assert!(
                !parsed.is_err_and(|error| error.starts_with("there is no")),
                "{word}"
            );
        }
    }
}
