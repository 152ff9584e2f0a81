//! Calls of functions.

use super::{Format, Value};
use crate::{Twin, twins};
use packet_derive::Packet;

message! {
    #[packet(id = 0x46)]
    struct FunctionCall<'a> {
        function: u32,
        #[packet(type = "u16", len = "u16")]
        argument_formats: Vec<Format>,
        #[packet(len = "u16")]
        arguments: Vec<Value<'a>>,
        #[packet(type = "u16")]
        result_format: Format,
    }
}

message! {
    #[packet(id = 0x56)]
    struct FunctionCallResponse<'a> {
        result: Value<'a>,
    }
}

pub(super) const TWINS: &[Twin] = twins![
    FunctionCall / FunctionCallView<'_>,
    FunctionCallResponse / FunctionCallResponseView<'_>,
];
