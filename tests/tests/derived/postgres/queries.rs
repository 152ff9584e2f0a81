//! Simple queries and what answers them.

use super::{Format, Value};
use crate::{Twin, twins};
use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum TransactionStatus {
    Idle = b'I',
    Failed = b'E',
    InTransaction = b'T',
}

#[derive(Debug, Packet)]
struct Column<'a> {
    #[packet(cstring)]
    name: &'a str,
    table: u32,
    attribute: i16,
    r#type: u32,
    type_size: i16,
    type_modifier: i32,
    #[packet(type = "u16")]
    format: Format,
}

message! {
    #[packet(id = 0x5a, size = 6)]
    struct ReadyForQuery {
        #[packet(type = "u8")]
        status: TransactionStatus,
    }
}

message! {
    #[packet(id = 0x51)]
    struct Query<'a> {
        #[packet(cstring)]
        query: &'a str,
    }
}

message! {
    #[packet(id = 0x54)]
    struct RowDescription<'a> {
        #[packet(len = "u16")]
        columns: Vec<Column<'a>>,
    }
}

message! {
    #[packet(id = 0x44)]
    struct DataRow<'a> {
        #[packet(len = "u16")]
        values: Vec<Value<'a>>,
    }
}

message! {
    #[packet(id = 0x43)]
    struct CommandComplete {
        #[packet(cstring)]
        tag: String,
    }
}

message! {
    #[packet(id = 0x49, size = 5)]
    struct EmptyQueryResponse {}
}

pub(super) const TWINS: &[Twin] = twins![
    Column / ColumnView<'_>,
    ReadyForQuery / ReadyForQueryView,
    Query / QueryView<'_>,
    RowDescription / RowDescriptionView<'_>,
    DataRow / DataRowView<'_>,
    CommandComplete / CommandCompleteView,
    EmptyQueryResponse / EmptyQueryResponseView,
];
