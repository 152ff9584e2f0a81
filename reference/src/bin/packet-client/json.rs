//! Packets as JSON, by the conventions of `packetc decode` and `packetc encode`.
//!
//! In: a name and JSON as somebody typed them, or a packet. Out: a packet, or JSON.

use crate::packets;
use crate::terminal::visible;
use reference::game::Packet;
use serde_json::{Map, Value};

/// The packet called `name` with these fields. A request needs no number: the client gives it one.
pub(crate) fn packet(name: &str, fields: Value) -> Result<Packet, String> {
    let name = packets::known(name)?;
    let mut fields = match fields {
        Value::Object(fields) => fields,
        other => {
            return Err(format!(
                "the fields of `{name}` are an object {{…}}, not {other}"
            ));
        }
    };
    if packets::is_request(name) && !fields.contains_key("request") {
        fields.insert("request".to_owned(), 0.into());
    }
    let tagged: Map<String, Value> = [(name.to_owned(), fields.into())].into_iter().collect();
    serde_json::from_value(tagged.into())
        .map_err(|error| format!("{error}; `template {name}` shows all fields"))
}

/// A packet from a name and the text of its fields; without text it has none.
pub(crate) fn parse(name: &str, text: &str) -> Result<Packet, String> {
    packet(name, fields(text)?)
}

/// The fields in a text; without text there are none.
pub(crate) fn fields(text: &str) -> Result<Value, String> {
    match text.trim() {
        "" => Ok(Value::Object(Map::new())),
        text => serde_json::from_str(text).map_err(|error| format!("this is no JSON: {error}")),
    }
}

/// A packet's name and its fields.
pub(crate) fn split(packet: &Packet) -> (&'static str, Value) {
    // Every packet has JSON; one that had none would show as null.
    let value = serde_json::to_value(packet).unwrap_or_default();
    let fields = match value {
        Value::Object(fields) => fields.into_iter().next().map(|(_, fields)| fields),
        _ => None,
    };
    (packet.name(), fields.unwrap_or_default())
}

/// A packet in one line: its name and its fields, as they can be typed.
pub(crate) fn line(packet: &Packet) -> String {
    let (name, fields) = split(packet);
    visible(&format!("{name} {fields}"))
}

/// A packet in one line of JSON. What could steer a terminal is escaped as JSON escapes it.
pub(crate) fn document(packet: &Packet) -> String {
    let text = serde_json::to_string(packet).unwrap_or_default();
    text.chars().fold(String::new(), |mut shown, c| {
        if visible(c.encode_utf8(&mut [0; 4])).starts_with('\\') && c != '\\' {
            use std::fmt::Write as _;
            let _ = write!(shown, "\\u{:04x}", u32::from(c)); // all of them have four digits
        } else {
            shown.push(c);
        }
        shown
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_can_be_typed() {
        let typed = r#"Move {"sequence":1,"position":{"x":1.5,"y":0.0,"z":-2.0},"velocity":{"x":0.0,"y":0.0,"z":0.0},"motion":["running"]}"#;
        let (name, fields) = typed.split_once(' ').unwrap();
        assert_eq!(line(&parse(name, fields).unwrap()), typed);
    }

    #[test]
    fn a_request_needs_no_number() {
        assert!(matches!(
            parse("Say", r#"{"text": "hi"}"#).unwrap(),
            Packet::Say(say) if say.request == 0
        ));
    }

    #[test]
    fn mistakes_name_what_is_wrong_and_what_to_do() {
        let check = |name, fields, expected: &str| {
            let error = parse(name, fields).unwrap_err();
            assert!(error.contains(expected), "{error}");
        };
        check("Mvoe", "{}", "did you mean `Move`?");
        check("Say", "{", "this is no JSON: ");
        check("Say", "[]", "an object");
        check("Say", r#"{"txt": "hi"}"#, "`template Say` shows all fields");
    }

    #[test]
    fn json_is_printed_without_anything_that_steers_a_terminal() {
        let packet = parse("Say", r#"{"text": "\u009b31m\u202e\\"}"#).unwrap();
        assert_eq!(
            document(&packet),
            r#"{"Say":{"request":0,"text":"\u009b31m\u202e\\"}}"#
        );
    }
}
