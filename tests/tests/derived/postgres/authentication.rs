//! How a client proves who it is.

use crate::{Twin, twins};
use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u32)]
enum AuthenticationKind {
    Ok,
    KerberosV5 = 2,
    CleartextPassword,
    Md5Password = 5,
    Gss = 7,
    GssContinue,
    Sspi,
    Sasl,
    SaslContinue,
    SaslFinal,
}

#[derive(Debug, Packet)]
struct Mechanism<'a> {
    #[packet(cstring, min = 1)]
    name: &'a str,
}

#[derive(Debug, Packet)]
struct SaslMechanisms<'a> {
    #[packet(until = 0)]
    mechanisms: Vec<Mechanism<'a>>,
}

#[derive(Debug, Packet)]
struct Md5Salt {
    salt: [u8; 4],
}

#[derive(Debug, Packet)]
enum AuthenticationBody<'a> {
    #[packet(tag = AuthenticationKind::Ok)]
    Ok([u8; 0]),
    #[packet(tag = AuthenticationKind::KerberosV5)]
    KerberosV5([u8; 0]),
    #[packet(tag = AuthenticationKind::CleartextPassword)]
    CleartextPassword([u8; 0]),
    #[packet(tag = AuthenticationKind::Md5Password)]
    Md5Password(Md5Salt),
    #[packet(tag = AuthenticationKind::Gss)]
    Gss([u8; 0]),
    #[packet(tag = AuthenticationKind::GssContinue, rest)]
    GssContinue(&'a [u8]),
    #[packet(tag = AuthenticationKind::Sspi)]
    Sspi([u8; 0]),
    #[packet(tag = AuthenticationKind::Sasl)]
    Sasl(SaslMechanisms<'a>),
    #[packet(tag = AuthenticationKind::SaslContinue, rest)]
    SaslContinue(&'a [u8]),
    #[packet(tag = AuthenticationKind::SaslFinal, rest)]
    SaslFinal(&'a [u8]),
}

message! {
    #[packet(id = 0x52)]
    struct Authentication<'a> {
        #[packet(wire(#[packet(type = "u32")] kind: AuthenticationKind), match = "kind", rest)]
        body: AuthenticationBody<'a>,
    }
}

message! {
    #[packet(id = 0x70)]
    struct AuthenticationResponse<'a> {
        #[packet(rest)]
        data: &'a [u8],
    }
}

#[derive(Debug, Packet)]
struct ProtocolOption<'a> {
    #[packet(cstring)]
    name: &'a str,
}

message! {
    #[packet(id = 0x76)]
    struct NegotiateProtocolVersion<'a> {
        newest_minor: u32,
        #[packet(len = "u32")]
        options: Vec<ProtocolOption<'a>>,
    }
}

pub(super) const TWINS: &[Twin] = twins![
    Mechanism / MechanismView<'_>,
    SaslMechanisms / SaslMechanismsView<'_>,
    Md5Salt / Md5SaltView,
    Authentication / AuthenticationView<'_>,
    AuthenticationResponse / AuthenticationResponseView<'_>,
    ProtocolOption / ProtocolOptionView<'_>,
    NegotiateProtocolVersion / NegotiateProtocolVersionView<'_>,
];
