//! What is said about a packet.

use crate::json;
use reference::game::{ChatMessageScope, NoticeLevel, Packet};
use std::time::Duration;

/// A line about a packet that came: chat as one reads it, everything else as it could be typed.
pub(super) fn packet(packet: &Packet) -> String {
    match packet {
        Packet::ChatMessage(message) => {
            let how = match &message.scope {
                ChatMessageScope::Nearby(_) => " (nearby)".to_owned(),
                ChatMessageScope::Whisper(recipient) => format!(" (whispers to {recipient})"),
                ChatMessageScope::Room(room) => format!(" (room {room})"),
                ChatMessageScope::Broadcast(_) => " (to everybody)".to_owned(),
            };
            format!("{}{how}: {}", message.sender, message.text)
        }
        Packet::ServerNotice(notice) => {
            let level = match notice.level {
                NoticeLevel::INFO => "",
                NoticeLevel::WARNING => ", warning",
                _ => ", urgent",
            };
            format!("* notice of the server{level}: {}", notice.text)
        }
        other => json::line(other),
    }
}

/// A round trip, to a hundredth of a millisecond.
pub(super) fn milliseconds(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reference::game::{ChatMessage, RoomResult};

    #[test]
    fn chat_reads_as_chat_and_the_rest_as_it_could_be_typed() {
        let message = ChatMessage {
            scope: ChatMessageScope::Room(3),
            sender: "ada".to_owned(),
            text: "hi".to_owned(),
        };
        assert_eq!(packet(&message.into()), "ada (room 3): hi");
        let result = RoomResult {
            request: 1,
            room: 3,
        };
        assert_eq!(
            packet(&result.into()),
            r#"RoomResult {"request":1,"room":3}"#
        );
        assert_eq!(milliseconds(Duration::from_micros(1234)), "1.23 ms");
    }
}
