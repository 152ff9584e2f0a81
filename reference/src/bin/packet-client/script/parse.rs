//! Text into steps.

use crate::{json, packets};
use packet_schema::diagnostic::did_you_mean;
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

/// What to do, and where it stands.
#[derive(Debug, PartialEq)]
pub(super) struct Step {
    /// Counted from 1.
    pub(super) line: usize,
    pub(super) action: Action,
}

#[derive(Debug, PartialEq)]
pub(super) enum Action {
    Send {
        name: &'static str,
        fields: Value,
    },
    Expect {
        name: &'static str,
        fields: Value,
        within: Option<Duration>,
    },
    Wait(Duration),
}

/// All steps, or the line of the first mistake and what is wrong.
pub(super) fn steps(text: &str) -> Result<Vec<Step>, (usize, String)> {
    let parsed = logical_lines(text).into_iter().map(|(line, text)| {
        let action = action(&text).map_err(|problem| (line, problem))?;
        Ok(Step { line, action })
    });
    parsed.collect()
}

/// Lines with those that continue them, without comments and empty ones.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        match lines.last_mut() {
            Some((_, before)) if line.starts_with([' ', '\t']) => {
                before.push(' ');
                before.push_str(trimmed);
            }
            _ => lines.push((index + 1, trimmed.to_owned())),
        }
    }
    lines
}

fn action(line: &str) -> Result<Action, String> {
    let (verb, rest) = word(line);
    match verb {
        "send" => {
            let (name, fields) = word(rest);
            Ok(Action::Send {
                name: packets::known(name)?,
                fields: json::fields(fields)?,
            })
        }
        "expect" => {
            let (rest, within) = limit(rest)?;
            let (name, fields) = word(rest);
            let (name, fields) = (packets::any(name)?, json::fields(fields)?);
            names_of(name, &fields, &packets::field_names(name))?;
            Ok(Action::Expect {
                name,
                fields,
                within,
            })
        }
        "wait" => Ok(Action::Wait(duration(rest)?)),
        _ => Err(format!(
            "`{}` is no step; there are `send PACKET {{…}}`, `expect PACKET {{…}} within 5s` and `wait 500ms`",
            verb.escape_debug()
        )),
    }
}

/// Looks whether a packet has all fields that are expected of it: one that it has not would be waited for in vain.
fn names_of(packet: &str, fields: &Value, known: &BTreeSet<&str>) -> Result<(), String> {
    match fields {
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| {
            // The key of a case that no tag chooses.
            if name != "else" && !known.contains(name.as_str()) {
                let help = did_you_mean(name, known.iter().copied());
                let help = help.unwrap_or_else(|| "the schema shows all of them".to_owned());
                let name = name.escape_debug();
                return Err(format!("`{packet}` has no field `{name}`; {help}"));
            }
            names_of(packet, value, known)
        }),
        Value::Array(elements) => elements
            .iter()
            .try_for_each(|element| names_of(packet, element, known)),
        _ => Ok(()),
    }
}

/// Splits off the first word.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim();
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (first, rest.trim())
}

/// Splits off `within 5s` at the end. A text with that in it ends in a quote and a bracket.
fn limit(text: &str) -> Result<(&str, Option<Duration>), String> {
    match text.rsplit_once("within ") {
        Some((rest, limit)) if !limit.contains(['}', '"']) => {
            Ok((rest.trim(), Some(duration(limit)?)))
        }
        _ => Ok((text, None)),
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let digits = text.trim_end_matches(char::is_alphabetic);
    let unit = text.strip_prefix(digits).unwrap_or_default();
    let duration = digits.parse().ok().and_then(|number: u32| match unit {
        "ms" => Some(Duration::from_millis(number.into())),
        "s" => Some(Duration::from_secs(number.into())),
        _ => None,
    });
    duration.ok_or_else(|| {
        format!(
            "`{}` is no time, such as `500ms` or `5s`",
            text.escape_debug()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_step_is_a_line_with_what_continues_it() {
        let text = "# a comment\n\nsend Say {\"text\":\n  \"hi\"}\nexpect ChatMessage within 2s\nwait 50ms\n";
        let say = Action::Send {
            name: "Say",
            fields: json!({"text": "hi"}),
        };
        let chat = Action::Expect {
            name: "ChatMessage",
            fields: json!({}),
            within: Some(Duration::from_secs(2)),
        };
        let wait = Action::Wait(Duration::from_millis(50));
        let expected = [(3, say), (5, chat), (6, wait)];
        let expected = expected.map(|(line, action)| Step { line, action });
        assert_eq!(steps(text).unwrap(), expected);
    }

    #[test]
    fn a_text_about_time_is_no_limit() {
        let text = r#"expect ChatMessage {"text": "within 5s"}"#;
        let parsed = steps(text).unwrap();
        assert!(matches!(
            &parsed[0].action,
            Action::Expect { within: None, .. }
        ));
    }

    #[test]
    fn mistakes_name_the_line_and_what_to_do() {
        let check = |text: &str, line, expected: &str| {
            let (found, problem) = steps(text).unwrap_err();
            assert_eq!(found, line);
            assert!(problem.contains(expected), "{problem}");
        };
        check("wait 1s\nsned Say", 2, "`sned` is no step");
        check("send Syy {}", 1, "did you mean `Say`?");
        check("send ChatMessage {}", 1, "is sent by the server");
        check("expect ChatMassage", 1, "did you mean `ChatMessage`?");
        check("send Say {\n  \"text\": }", 1, "this is no JSON");
        check("wait 5", 1, "`5` is no time");
        check("expect Welcome within soon", 1, "`soon` is no time");
    }
}
