//! How a session starts: what comes before the first message with a type, and who the client is.

use super::{From, Message, write_counted, write_text};
use crate::cursor::{ByHand, Judged, at_most, fitting};
use byteorder::{BigEndian, WriteBytesExt};
use std::io::{self, Write};

/// A message without a type: its length, its code, and what `body` reads.
fn untyped<T>(
    from: &mut From<'_>,
    code: impl FnOnce(&mut From<'_>) -> Judged<u32>,
    body: impl FnOnce(&mut From<'_>) -> Judged<T>,
) -> Judged<(u32, T)> {
    let length = from.u32("length")?;
    let code = code(from)?;
    let body = body(from)?;
    from.size("length", 0, length, 0)?;
    Ok((code, body))
}

fn write_untyped(
    to: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
) -> io::Result<()> {
    let start = to.len();
    write_counted(to, write)?;
    at_most(10_000, to.len() - start)
}

fn code(from: &mut From<'_>, expected: u32) -> Judged<u32> {
    let code = from.u32("code")?;
    from.constant("code", code, expected)?;
    Ok(code)
}

/// What the server gives a client to cancel queries with; it takes everything up to the end.
fn secret_key(from: &mut From<'_>) -> Judged<Vec<u8>> {
    from.rest_within("secret_key", 4..=256)
}

pub(super) struct Parameter {
    name: String,
    value: String,
}

impl ByHand for Parameter {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            name: from.cstring("name", 1)?,
            value: from.cstring("value", 0)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_text(to, &self.name)?;
        write_text(to, &self.value)
    }
}

pub(super) struct StartupMessage {
    /// 3 in the upper half, the minor version in the lower one.
    code: u32,
    parameters: Vec<Parameter>,
}

impl ByHand for StartupMessage {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let any_of_3 = |from: &mut From<'_>| {
            let code = from.u32("code")?;
            from.range("code", code, 0x0003_0000..=0x0003_ffff)?;
            Ok(code)
        };
        let (code, parameters) = untyped(from, any_of_3, |from| {
            from.elements_to_zero("parameters", Parameter::read)
        })?;
        Ok(Self { code, parameters })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_untyped(to, |to| {
            to.write_u32::<BigEndian>(self.code)?;
            for parameter in &self.parameters {
                parameter.write(to)?;
            }
            to.write_u8(0)
        })
    }
}

pub(super) struct CancelRequest {
    process_id: u32,
    secret_key: Vec<u8>,
}

impl CancelRequest {
    const CODE: u32 = 80_877_102;
}

impl ByHand for CancelRequest {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let (_, packet) = untyped(
            from,
            |from| code(from, Self::CODE),
            |from| {
                Ok(Self {
                    process_id: from.u32("process_id")?,
                    secret_key: secret_key(from)?,
                })
            },
        )?;
        Ok(packet)
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_untyped(to, |to| {
            to.write_u32::<BigEndian>(Self::CODE)?;
            to.write_u32::<BigEndian>(self.process_id)?;
            to.write_all(&self.secret_key)
        })
    }
}

/// Asks whether the server speaks TLS or GSSAPI.
pub(super) struct EncryptionRequest<const CODE: u32>;

impl<const CODE: u32> ByHand for EncryptionRequest<CODE> {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let (_, packet) = untyped(from, |from| code(from, CODE), |_| Ok(Self))?;
        Ok(packet)
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_untyped(to, |to| to.write_u32::<BigEndian>(CODE))
    }
}

pub(super) struct EncryptionResponse {
    support: u8,
}

impl ByHand for EncryptionResponse {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let support = from.u8("support")?;
        let support = from.known("support", support, |support| {
            matches!(support, b'G' | b'N' | b'S').then_some(support)
        })?;
        Ok(Self { support })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u8(self.support)
    }
}

pub(super) struct Mechanism {
    name: String,
}

impl ByHand for Mechanism {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let name = from.cstring("name", 1)?;
        Ok(Self { name })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_text(to, &self.name)
    }
}

pub(super) struct SaslMechanisms {
    mechanisms: Vec<Mechanism>,
}

impl ByHand for SaslMechanisms {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let mechanisms = from.elements_to_zero("mechanisms", Mechanism::read)?;
        Ok(Self { mechanisms })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        for mechanism in &self.mechanisms {
            mechanism.write(to)?;
        }
        to.write_u8(0)
    }
}

pub(super) struct Md5Salt {
    salt: [u8; 4],
}

impl ByHand for Md5Salt {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let salt = from.array("salt")?;
        Ok(Self { salt })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_all(&self.salt)
    }
}

pub(super) enum Authentication {
    /// Ok, Kerberos V5, a password, GSSAPI or SSPI: the number says all.
    Plain(u32),
    Md5Password(Md5Salt),
    Sasl(SaslMechanisms),
    /// What GSSAPI or SASL goes on with.
    Data(u32, Vec<u8>),
}

impl Message for Authentication {
    const TYPE: u8 = b'R';

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let kind = from.u32("kind")?;
        match kind {
            0 | 2 | 3 | 7 | 9 => Ok(Self::Plain(kind)),
            5 => Ok(Self::Md5Password(
                from.inside("body.md5_password", Md5Salt::read)?,
            )),
            10 => Ok(Self::Sasl(from.inside("body.sasl", SaslMechanisms::read)?)),
            8 | 11 | 12 => Ok(Self::Data(kind, from.rest())),
            _ => from.known("kind", kind, |_| None),
        }
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Plain(kind) => to.write_u32::<BigEndian>(*kind),
            Self::Md5Password(salt) => {
                to.write_u32::<BigEndian>(5)?;
                salt.write(to)
            }
            Self::Sasl(mechanisms) => {
                to.write_u32::<BigEndian>(10)?;
                mechanisms.write(to)
            }
            Self::Data(kind, data) => {
                to.write_u32::<BigEndian>(*kind)?;
                to.write_all(data)
            }
        }
    }
}

pub(super) struct ProtocolOption {
    name: String,
}

impl ByHand for ProtocolOption {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let name = from.cstring("name", 0)?;
        Ok(Self { name })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_text(to, &self.name)
    }
}

pub(super) struct NegotiateProtocolVersion {
    newest_minor: u32,
    options: Vec<ProtocolOption>,
}

impl Message for NegotiateProtocolVersion {
    const TYPE: u8 = b'v';

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let newest_minor = from.u32("newest_minor")?;
        let count = from.u32("options")?;
        let count = from.length("options", count, 0..=usize::MAX)?;
        Ok(Self {
            newest_minor,
            options: from.elements("options", count, 1, ProtocolOption::read)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.newest_minor)?;
        to.write_u32::<BigEndian>(fitting(self.options.len())?)?;
        self.options.iter().try_for_each(|option| option.write(to))
    }
}

pub(super) struct BackendKeyData {
    process_id: u32,
    secret_key: Vec<u8>,
}

impl Message for BackendKeyData {
    const TYPE: u8 = b'K';

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            process_id: from.u32("process_id")?,
            secret_key: secret_key(from)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.process_id)?;
        to.write_all(&self.secret_key)
    }
}
