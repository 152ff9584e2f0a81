//! Extended queries: prepared statements and portals.

use super::{Format, Value};
use crate::{Twin, twins};
use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum Target {
    Portal = b'P',
    Statement = b'S',
}

message! {
    #[packet(id = 0x50)]
    struct Parse<'a> {
        #[packet(cstring)]
        statement: &'a str,
        #[packet(cstring)]
        query: &'a str,
        #[packet(len = "u16")]
        parameter_types: Vec<u32>,
    }
}

message! {
    #[packet(id = 0x42)]
    struct Bind<'a> {
        #[packet(cstring)]
        portal: &'a str,
        #[packet(cstring)]
        statement: &'a str,
        #[packet(type = "u16", len = "u16")]
        parameter_formats: Vec<Format>,
        #[packet(len = "u16")]
        parameters: Vec<Value<'a>>,
        #[packet(type = "u16", len = "u16")]
        result_formats: Vec<Format>,
    }
}

message! {
    #[packet(id = 0x44)]
    struct Describe<'a> {
        #[packet(type = "u8")]
        target: Target,
        #[packet(cstring)]
        name: &'a str,
    }
}

message! {
    #[packet(id = 0x45)]
    struct Execute<'a> {
        #[packet(cstring)]
        portal: &'a str,
        max_rows: u32,
    }
}

message! {
    #[packet(id = 0x43)]
    struct Close {
        #[packet(type = "u8")]
        target: Target,
        #[packet(cstring)]
        name: String,
    }
}

message! {
    #[packet(id = 0x48, size = 5)]
    struct Flush {}
}

message! {
    #[packet(id = 0x53, size = 5)]
    struct Sync {}
}

message! {
    #[packet(id = 0x31, size = 5)]
    struct ParseComplete {}
}

message! {
    #[packet(id = 0x32, size = 5)]
    struct BindComplete {}
}

message! {
    #[packet(id = 0x33, size = 5)]
    struct CloseComplete {}
}

message! {
    #[packet(id = 0x74)]
    struct ParameterDescription {
        #[packet(len = "u16")]
        types: Vec<u32>,
    }
}

message! {
    #[packet(id = 0x6e, size = 5)]
    struct NoData {}
}

message! {
    #[packet(id = 0x73, size = 5)]
    struct PortalSuspended {}
}

pub(super) const TWINS: &[Twin] = twins![
    Parse / ParseView<'_>,
    Bind / BindView<'_>,
    Describe / DescribeView<'_>,
    Execute / ExecuteView<'_>,
    Close / CloseView,
    Flush / FlushView,
    Sync / SyncView,
    ParseComplete / ParseCompleteView,
    BindComplete / BindCompleteView,
    CloseComplete / CloseCompleteView,
    ParameterDescription / ParameterDescriptionView,
    NoData / NoDataView,
    PortalSuspended / PortalSuspendedView,
];
