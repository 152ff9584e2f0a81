//! How a connection begins and how it ends.

use crate::{Twin, twins};
use packet_derive::Packet;

#[derive(Debug, Packet)]
struct Parameter<'a> {
    #[packet(cstring, min = 1)]
    name: &'a str,
    #[packet(cstring)]
    value: &'a str,
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum EncryptionSupport {
    Gss = b'G',
    Refused = b'N',
    Tls = b'S',
}

message! {
    startup
    #[packet(id = 0x00030000..=0x0003ffff)]
    struct StartupMessage<'a> {
        #[packet(header)]
        code: u32,
        #[packet(until = 0)]
        parameters: Vec<Parameter<'a>>,
    }
}

message! {
    startup
    #[packet(id = 80877102)]
    struct CancelRequest<'a> {
        process_id: u32,
        #[packet(rest, min = 4, max = 256)]
        secret_key: &'a [u8],
    }
}

message! {
    startup
    #[packet(id = 80877103, size = 8)]
    struct SSLRequest {}
}

message! {
    startup
    #[packet(id = 80877104, size = 8)]
    struct GSSENCRequest {}
}

// Its framing is that it has one byte.
#[derive(Debug, Packet)]
#[packet(size = 1)]
struct EncryptionResponse {
    #[packet(type = "u8")]
    support: EncryptionSupport,
}

message! {
    #[packet(id = 0x4b)]
    struct BackendKeyData {
        process_id: u32,
        #[packet(rest, min = 4, max = 256)]
        secret_key: Vec<u8>,
    }
}

message! {
    #[packet(id = 0x53)]
    struct ParameterStatus<'a> {
        #[packet(cstring, min = 1)]
        name: &'a str,
        #[packet(cstring)]
        value: &'a str,
    }
}

message! {
    #[packet(id = 0x58, size = 5)]
    struct Terminate {}
}

pub(super) const TWINS: &[Twin] = twins![
    Parameter / ParameterView<'_>,
    StartupMessage / StartupMessageView<'_>,
    CancelRequest / CancelRequestView<'_>,
    SSLRequest / SSLRequestView,
    GSSENCRequest / GSSENCRequestView,
    EncryptionResponse / EncryptionResponseView,
    BackendKeyData / BackendKeyDataView,
    ParameterStatus / ParameterStatusView<'_>,
    Terminate / TerminateView,
];
