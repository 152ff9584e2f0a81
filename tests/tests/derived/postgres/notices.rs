//! Errors, notices and notifications.

use crate::{Twin, twins};
use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum ErrorFieldKind {
    Column = b'c',
    DataType = b'd',
    Constraint = b'n',
    InternalPosition = b'p',
    InternalQuery = b'q',
    Schema = b's',
    Table = b't',
    Code = b'C',
    Detail = b'D',
    File = b'F',
    Hint = b'H',
    Line = b'L',
    Message = b'M',
    Position = b'P',
    Routine = b'R',
    Severity = b'S',
    SeverityUntranslated = b'V',
    Where = b'W',
    #[packet(other)]
    Other(u8),
}

#[derive(Debug, Packet)]
struct ErrorField<'a> {
    #[packet(type = "u8")]
    kind: ErrorFieldKind,
    #[packet(cstring)]
    value: &'a str,
}

message! {
    #[packet(id = 0x45)]
    struct ErrorResponse<'a> {
        #[packet(until = 0)]
        fields: Vec<ErrorField<'a>>,
    }
}

message! {
    #[packet(id = 0x4e)]
    struct NoticeResponse<'a> {
        #[packet(until = 0)]
        fields: Vec<ErrorField<'a>>,
    }
}

message! {
    #[packet(id = 0x41)]
    struct NotificationResponse<'a> {
        process_id: u32,
        #[packet(cstring)]
        channel: &'a str,
        #[packet(cstring)]
        payload: &'a str,
    }
}

pub(super) const TWINS: &[Twin] = twins![
    ErrorField / ErrorFieldView<'_>,
    ErrorResponse / ErrorResponseView<'_>,
    NoticeResponse / NoticeResponseView<'_>,
    NotificationResponse / NotificationResponseView<'_>,
];
