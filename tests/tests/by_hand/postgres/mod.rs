//! PostgreSQL's protocol by hand.

mod messages;
mod starting;

use crate::cursor::{ByHand, Judged, Reader, codec, fitting};
use byteorder::{BigEndian, ByteOrder, WriteBytesExt};
use packet_tests::codecs::Codec;
use std::io::{self, Write};

pub(crate) const CODECS: &[Codec] = &[
    codec::<Value>("Value"),
    codec::<starting::Parameter>("Parameter"),
    codec::<starting::ProtocolOption>("ProtocolOption"),
    codec::<starting::Mechanism>("Mechanism"),
    codec::<starting::SaslMechanisms>("SaslMechanisms"),
    codec::<starting::Md5Salt>("Md5Salt"),
    codec::<messages::Column>("Column"),
    codec::<messages::ErrorField>("ErrorField"),
    codec::<starting::StartupMessage>("StartupMessage"),
    codec::<starting::CancelRequest>("CancelRequest"),
    codec::<starting::EncryptionRequest<80_877_103>>("SSLRequest"),
    codec::<starting::EncryptionRequest<80_877_104>>("GSSENCRequest"),
    codec::<starting::EncryptionResponse>("EncryptionResponse"),
    codec::<Frame<starting::Authentication>>("Authentication"),
    codec::<Frame<Data<b'p'>>>("AuthenticationResponse"),
    codec::<Frame<starting::NegotiateProtocolVersion>>("NegotiateProtocolVersion"),
    codec::<Frame<starting::BackendKeyData>>("BackendKeyData"),
    codec::<Frame<messages::ParameterStatus>>("ParameterStatus"),
    codec::<Frame<messages::ReadyForQuery>>("ReadyForQuery"),
    codec::<Frame<messages::Text<b'Q'>>>("Query"),
    codec::<Frame<messages::RowDescription>>("RowDescription"),
    codec::<Frame<messages::DataRow>>("DataRow"),
    codec::<Frame<messages::Text<b'C'>>>("CommandComplete"),
    codec::<Frame<Empty<b'I'>>>("EmptyQueryResponse"),
    codec::<Frame<messages::Report<b'E'>>>("ErrorResponse"),
    codec::<Frame<messages::Report<b'N'>>>("NoticeResponse"),
    codec::<Frame<messages::NotificationResponse>>("NotificationResponse"),
    codec::<Frame<messages::Parse>>("Parse"),
    codec::<Frame<messages::Bind>>("Bind"),
    codec::<Frame<messages::Named<b'D'>>>("Describe"),
    codec::<Frame<messages::Execute>>("Execute"),
    codec::<Frame<messages::Named<b'C'>>>("Close"),
    codec::<Frame<Empty<b'H'>>>("Flush"),
    codec::<Frame<Empty<b'S'>>>("Sync"),
    codec::<Frame<Empty<b'1'>>>("ParseComplete"),
    codec::<Frame<Empty<b'2'>>>("BindComplete"),
    codec::<Frame<Empty<b'3'>>>("CloseComplete"),
    codec::<Frame<messages::ParameterDescription>>("ParameterDescription"),
    codec::<Frame<Empty<b'n'>>>("NoData"),
    codec::<Frame<Empty<b's'>>>("PortalSuspended"),
    codec::<Frame<messages::FunctionCall>>("FunctionCall"),
    codec::<Frame<messages::FunctionCallResponse>>("FunctionCallResponse"),
    codec::<Frame<messages::CopyResponse<b'G'>>>("CopyInResponse"),
    codec::<Frame<messages::CopyResponse<b'H'>>>("CopyOutResponse"),
    codec::<Frame<messages::CopyResponse<b'W'>>>("CopyBothResponse"),
    codec::<Frame<Data<b'd'>>>("CopyData"),
    codec::<Frame<Empty<b'c'>>>("CopyDone"),
    codec::<Frame<messages::Text<b'f'>>>("CopyFail"),
    codec::<Frame<Empty<b'X'>>>("Terminate"),
];

type From<'a> = Reader<'a, BigEndian>;

/// What a message has behind its type and its length.
trait Message: Sized {
    /// Its first byte.
    const TYPE: u8;

    fn read(from: &mut From<'_>) -> Judged<Self>;
    fn write(&self, to: &mut Vec<u8>) -> io::Result<()>;
}

/// A whole message.
struct Frame<M>(M);

impl<M: Message> ByHand for Frame<M> {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let found = from.u8("type")?;
        from.constant("type", found, M::TYPE)?;
        let length = from.u32("length")?;
        let message = M::read(from)?;
        // It counts itself, but not the type.
        from.size("length", 1, length, 1)?;
        Ok(Self(message))
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u8(M::TYPE)?;
        write_counted(to, |to| self.0.write(to))
    }
}

/// What `write` writes, behind a length that counts itself too.
fn write_counted(
    to: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
) -> io::Result<()> {
    let start = to.len();
    to.write_u32::<BigEndian>(0)?;
    write(to)?;
    let length = fitting(to.len() - start)?;
    BigEndian::write_u32(&mut to[start..], length);
    Ok(())
}

/// Text is a `String` of PostgreSQL's documentation: bytes up to a zero byte.
fn write_text(to: &mut Vec<u8>, text: &str) -> io::Result<()> {
    to.write_all(text.as_bytes())?;
    to.write_u8(0)
}

/// The elements of a list that begins with a number of them as an `Int16`.
fn list<T>(
    from: &mut From<'_>,
    field: &str,
    smallest: usize,
    read: impl Fn(&mut From<'_>) -> Judged<T>,
) -> Judged<Vec<T>> {
    let count = from.u16(field)?;
    from.elements(field, count.into(), smallest, read)
}

fn write_list<T>(
    to: &mut Vec<u8>,
    list: &[T],
    write: impl Fn(&T, &mut Vec<u8>) -> io::Result<()>,
) -> io::Result<()> {
    to.write_u16::<BigEndian>(fitting(list.len())?)?;
    list.iter().try_for_each(|item| write(item, to))
}

/// A value, or NULL, whose length is -1.
struct Value(Option<Vec<u8>>);

impl ByHand for Value {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let length = from.i32("length")?;
        from.range("length", length, -1..=1_073_741_823)?;
        match usize::try_from(length) {
            Ok(length) => Ok(Self(Some(from.bytes("data", length)?.to_vec()))),
            Err(_) => Ok(Self(None)),
        }
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        match &self.0 {
            None => to.write_i32::<BigEndian>(-1),
            Some(data) => {
                to.write_i32::<BigEndian>(fitting(data.len())?)?;
                to.write_all(data)
            }
        }
    }
}

/// A message of bytes that mean something only to those who know what came before.
struct Data<const TYPE: u8>(Vec<u8>);

impl<const TYPE: u8> Message for Data<TYPE> {
    const TYPE: u8 = TYPE;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self(from.rest()))
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_all(&self.0)
    }
}

/// A message that says all by its type.
struct Empty<const TYPE: u8>;

impl<const TYPE: u8> Message for Empty<TYPE> {
    const TYPE: u8 = TYPE;

    fn read(_: &mut From<'_>) -> Judged<Self> {
        Ok(Self)
    }

    fn write(&self, _: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }
}
