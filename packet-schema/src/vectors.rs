//! Runs a schema's test vectors through the dynamic codec.
//!
//! In: a layout with its vectors. Out: a diagnostic for each vector that does not hold.
//!
//! Raises P0601 to P0603.

use crate::codec::{decode, encode};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::layout::{Expectation, Layout, Packet, Vector};
use crate::value::{Value, parse_hex, to_hex};
use std::fmt;

/// What is wrong with the test vectors of a protocol, in schema order.
///
/// The bytes of a vector with a value must decode to that value, of which derived fields may be left out,
/// and the value must encode to the same bytes, or to those that `encoded` says. The bytes of a vector with an error must give an error of
/// that kind, at that field if the vector names one.
///
/// ```
/// let source = "
/// protocol: example
/// packets:
///   Point:
///     fields: [x: u8, y: u8]
///     vectors:
///       - { name: origin, hex: 00 01, value: { x: 0, y: 0 } }
/// ";
/// let layout = packet_schema::compile(source).unwrap().layout;
/// let problems = packet_schema::vectors::check(&layout);
/// assert_eq!(problems[0].primary.text, "the bytes say that `y` is 1, the vector says 0");
/// ```
pub fn check(layout: &Layout) -> Vec<Diagnostic> {
    let mut diagnostics = Diagnostics::new();
    let packets = layout.packets.iter();
    for (packet, vector) in
        packets.flat_map(|packet| packet.vectors.iter().map(move |vector| (packet, vector)))
    {
        if diagnostics.is_full() {
            break;
        }
        diagnostics.extend(check_vector(layout, packet, vector));
    }
    diagnostics.into_sorted()
}

fn check_vector(layout: &Layout, packet: &Packet, vector: &Vector) -> Option<Diagnostic> {
    match &vector.expect {
        Expectation::Value(value) => check_decoded(layout, packet, vector, value)
            .or_else(|| check_encoded(layout, packet, vector, value)),
        Expectation::Error { kind, at } => check_error(layout, packet, vector, kind, at.as_deref()),
    }
}

/// Raises P0601.
fn check_decoded(
    layout: &Layout,
    packet: &Packet,
    vector: &Vector,
    expected: &Value,
) -> Option<Diagnostic> {
    let problem = match decode(layout, packet.body, &vector.bytes) {
        Ok(decoded) => difference(expected, &decoded.value, "")?,
        Err(error) => error.to_string(),
    };
    let message = format!("vector `{}` does not decode to its value", vector.name);
    Some(Diagnostic::error("P0601", vector.span, message).label(problem))
}

/// Raises P0602.
fn check_error(
    layout: &Layout,
    packet: &Packet,
    vector: &Vector,
    kind: &str,
    at: Option<&str>,
) -> Option<Diagnostic> {
    let found = match decode(layout, packet.body, &vector.bytes) {
        Ok(_) => "the bytes are a valid packet".to_owned(),
        Err(error) if error.kind.name() == kind && at.is_none_or(|field| field == error.field) => {
            return None;
        }
        Err(error) => format!("the error is {}: {error}", error.kind.name()),
    };
    let message = format!("vector `{}` does not give its error", vector.name);
    Some(Diagnostic::error("P0602", vector.span, message).label(found))
}

/// Raises P0603.
fn check_encoded(
    layout: &Layout,
    packet: &Packet,
    vector: &Vector,
    value: &Value,
) -> Option<Diagnostic> {
    let problem = match encode(layout, packet.body, value) {
        Ok(bytes) if bytes == vector.encoded() => return None,
        Ok(bytes) => first_difference(&bytes, vector.encoded()),
        Err(error) => error.to_string(),
    };
    let message = format!(
        "the value of vector `{}` does not encode to its bytes",
        vector.name
    );
    Some(Diagnostic::error("P0603", vector.span, message).label(problem))
}

fn first_difference(encoded: &[u8], expected: &[u8]) -> String {
    match encoded.iter().zip(expected).position(|(a, b)| a != b) {
        Some(at) => format!(
            "byte {at} becomes {:02x}, the vector has {:02x}",
            encoded[at], expected[at]
        ),
        None => format!(
            "it becomes {} bytes, the vector has {}",
            encoded.len(),
            expected.len()
        ),
    }
}

/// The first place where `actual` is not what `expected` says.
///
/// What a vector can write in several ways, such as an enum's value by name or by number, is left to the
/// encoder, which must turn it into the vector's bytes.
fn difference(expected: &Value, actual: &Value, path: &str) -> Option<String> {
    match (expected, actual) {
        (Value::Map(expected), Value::Map(_)) => expected.iter().find_map(|(name, expected)| {
            let path = match path {
                "" => name.clone(),
                _ => format!("{path}.{name}"),
            };
            match actual.get(name) {
                Some(actual) => difference(expected, actual, &path),
                None => Some(format!("the bytes have no field `{path}`")),
            }
        }),
        (Value::List(expected), Value::List(actual)) if expected.len() == actual.len() => expected
            .iter()
            .zip(actual)
            .enumerate()
            .find_map(|(index, (expected, actual))| {
                difference(expected, actual, &format!("{path}[{index}]"))
            }),
        (Value::List(expected), Value::List(actual)) => Some(format!(
            "the bytes say that `{path}` has {} entries, the vector says {}",
            actual.len(),
            expected.len()
        )),
        _ if agree(expected, actual) => None,
        _ => Some(format!(
            "the bytes say that `{path}` is {}, the vector says {}",
            Shown(actual),
            Shown(expected)
        )),
    }
}

/// Whether two leaves may stand for the same.
fn agree(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        // A name and a number, or names and a mask.
        (Value::Unsigned(_), Value::Text(_) | Value::List(_)) => true,
        (Value::Text(expected), Value::Text(actual)) => {
            expected == actual || parse_hex(expected).is_some_and(|bytes| to_hex(&bytes) == *actual)
        }
        (_, Value::F32(actual)) => {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the wire has single precision"
            )]
            let rounded = number(expected).map(|expected| expected as f32);
            rounded.map(f32::to_bits) == Some(actual.to_bits())
        }
        (_, Value::F64(actual)) => number(expected).map(f64::to_bits) == Some(actual.to_bits()),
        _ => expected == actual,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a float field holds no more digits"
)]
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Unsigned(value) => Some(*value as f64),
        Value::Signed(value) => Some(*value as f64),
        Value::F32(value) => Some((*value).into()),
        Value::F64(value) => Some(*value),
        _ => None,
    }
}

/// A value in a message.
struct Shown<'a>(&'a Value);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Bool(value) => value.fmt(f),
            Value::Unsigned(value) => value.fmt(f),
            Value::Signed(value) => value.fmt(f),
            Value::F32(value) => value.fmt(f),
            Value::F64(value) => value.fmt(f),
            Value::Text(text) => write!(f, "{text:?}"),
            value => f.write_str(value.kind()),
        }
    }
}

#[cfg(test)]
mod tests {
    /// Checks one vector, and the code and label of the diagnostic that it gives.
    fn check(vector: &str, expected: Option<(&str, &str)>) {
        let source = format!(
            "
protocol: example
types:
  Colour: {{ enum: u8, unknown: keep, values: {{ red: 1 }} }}
  Inner: {{ struct: [f: f32, g: f64] }}
packets:
  P:
    fields:
      - count: u8
      - list: {{ type: \"u8[count]\" }}
      - colour: Colour
      - inner: Inner
      - key: bytes[2]
      - _: u8
    vectors:
      - name: v
        {vector}
"
        );
        let compiled = crate::compile(&source);
        let layout = compiled
            .unwrap_or_else(|problems| panic!("{problems:#?}"))
            .layout;
        let problems = super::check(&layout);
        let found = problems
            .first()
            .map(|problem| (problem.code, problem.primary.text.as_str()));
        assert_eq!(found, expected, "{vector}");
    }

    const BYTES: &str = "hex: 02 0506 01 3dcccccd 3fb999999999999a ab12 00\n        ";
    const VALUE: &str = "list: [5, 6], colour: red, inner: { f: 0.1, g: 0.1 }, key: AB 12";

    fn check_value(value: &str, expected: Option<(&str, &str)>) {
        check(&format!("{BYTES}value: {{ {value} }}"), expected);
    }

    fn check_error(error: &str, expected: Option<(&str, &str)>) {
        check(
            &format!("hex: 03 0506\n        error: {{ {error} }}"),
            expected,
        );
    }

    #[test]
    fn derived_fields_may_be_left_out_and_enums_given_by_number() {
        check_value(VALUE, None);
        check_value(&VALUE.replace("red", "1"), None);
        check_value(&format!("count: 2, {VALUE}"), None);
    }

    #[test]
    fn a_value_that_the_bytes_do_not_have_is_an_error() {
        for (from, to, problem) in [
            (
                "g: 0.1",
                "g: 0.2",
                "the bytes say that `inner.g` is 0.1, the vector says 0.2",
            ),
            (
                "f: 0.1",
                "f: 1",
                "the bytes say that `inner.f` is 0.1, the vector says 1",
            ),
            (
                "[5, 6]",
                "[5, 7]",
                "the bytes say that `list[1]` is 6, the vector says 7",
            ),
            (
                "[5, 6]",
                "[5]",
                "the bytes say that `list` has 2 entries, the vector says 1",
            ),
            (
                "list",
                "count: 3, list",
                "the bytes say that `count` is 2, the vector says 3",
            ),
            ("list", "lust: 3, list", "the bytes have no field `lust`"),
            (
                "red",
                "null",
                "the bytes say that `colour` is \"red\", the vector says null",
            ),
        ] {
            check_value(&VALUE.replace(from, to), Some(("P0601", problem)));
        }
        check(
            "hex: 03 0506\n        value: {}",
            Some(("P0601", "P.list at byte 1: needs 3 bytes, 2 are left")),
        );
    }

    #[test]
    fn a_value_that_becomes_other_bytes_is_an_error() {
        check_value(
            &VALUE.replace("red", "2"),
            Some(("P0603", "byte 3 becomes 02, the vector has 01")),
        );
        check_value(
            "list: [5, 6]",
            Some(("P0603", "P.colour: is missing; give it a value")),
        );
        check(
            &format!("{}value: {{ {VALUE} }}", BYTES.replace("12 00", "12 ff")),
            Some(("P0603", "byte 18 becomes 00, the vector has ff")),
        );
    }

    #[test]
    fn an_error_must_be_of_its_kind_and_at_its_field() {
        check_error("kind: truncated", None);
        check_error("kind: truncated, at: list", None);
        let found = "the error is truncated: P.list at byte 1: needs 3 bytes, 2 are left";
        check_error("kind: truncated, at: count", Some(("P0602", found)));
        check_error("kind: trailing", Some(("P0602", found)));
        check(
            &format!("{BYTES}error: {{ kind: truncated }}"),
            Some(("P0602", "the bytes are a valid packet")),
        );
    }
}
