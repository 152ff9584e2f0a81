//! Every rule of the wire, on layouts made by hand.

mod build;
mod decode_errors;
mod encode_errors;
mod numbers;
mod properties;
mod round_trips;
mod texts;
mod vectors;

use super::{decode, encode};
use crate::layout::{Layout, StructId};
use crate::value::Value;
use build::{hex, json};

fn to_json(value: &Value) -> String {
    serde_json::to_string(value).expect("values have only text keys")
}

/// The bytes decode to the JSON text, and that encodes to the bytes again.
#[track_caller]
fn check(layout: &Layout, bytes: &str, value: &str) {
    let id = last(layout);
    let decoded = decode(layout, id, &hex(bytes)).expect("decodes");
    assert_eq!(to_json(&decoded.value), value);
    let encoded = encode(layout, id, &json(value)).expect("encodes");
    assert_eq!(encoded, hex(bytes));
}

/// The JSON text encodes to the bytes.
#[track_caller]
fn check_encodes(layout: &Layout, value: &str, bytes: &str) {
    let encoded = encode(layout, last(layout), &json(value)).expect("encodes");
    assert_eq!(encoded, hex(bytes));
}

/// The bytes fail to decode with this message, after the fields in the JSON text.
#[track_caller]
fn check_error(layout: &Layout, bytes: &str, message: &str, so_far: &str) {
    let error = decode(layout, last(layout), &hex(bytes)).expect_err("does not decode");
    assert_eq!(error.to_string(), message);
    assert_eq!(to_json(&error.value), so_far);
}

/// The JSON text fails to encode with this message.
#[track_caller]
fn check_refused(layout: &Layout, value: &str, message: &str) {
    let error = encode(layout, last(layout), &json(value)).expect_err("does not encode");
    assert_eq!(error.to_string(), message);
}

/// What all tests look at: the struct that was added last.
fn last(layout: &Layout) -> StructId {
    StructId(layout.structs.len() - 1)
}
