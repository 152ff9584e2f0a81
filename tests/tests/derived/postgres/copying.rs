//! Copying rows to and from tables.

use super::Format;
use crate::{Twin, twins};
use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum CopyFormat {
    Text,
    Binary,
}

message! {
    #[packet(id = 0x47)]
    struct CopyInResponse {
        #[packet(type = "u8")]
        format: CopyFormat,
        #[packet(type = "u16", len = "u16")]
        columns: Vec<Format>,
    }
}

message! {
    #[packet(id = 0x48)]
    struct CopyOutResponse {
        #[packet(type = "u8")]
        format: CopyFormat,
        #[packet(type = "u16", len = "u16")]
        columns: Vec<Format>,
    }
}

message! {
    #[packet(id = 0x57)]
    struct CopyBothResponse {
        #[packet(type = "u8")]
        format: CopyFormat,
        #[packet(type = "u16", len = "u16")]
        columns: Vec<Format>,
    }
}

message! {
    #[packet(id = 0x64)]
    struct CopyData<'a> {
        #[packet(rest)]
        data: &'a [u8],
    }
}

message! {
    #[packet(id = 0x63, size = 5)]
    struct CopyDone {}
}

message! {
    #[packet(id = 0x66)]
    struct CopyFail<'a> {
        #[packet(cstring)]
        message: &'a str,
    }
}

pub(super) const TWINS: &[Twin] = twins![
    CopyInResponse / CopyInResponseView,
    CopyOutResponse / CopyOutResponseView,
    CopyBothResponse / CopyBothResponseView,
    CopyData / CopyDataView<'_>,
    CopyDone / CopyDoneView,
    CopyFail / CopyFailView<'_>,
];
