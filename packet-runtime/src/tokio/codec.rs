//! The traits of `tokio_util::codec`.

use crate::codec::Encode;
use crate::io::{ReadError, WriteError};
use crate::stream::{BytesCutter, Framing};
use bytes::{Bytes, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

impl<F: Framing> Decoder for BytesCutter<F> {
    type Item = Bytes;
    type Error = ReadError;

    fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<Bytes>, ReadError> {
        Ok(self.next_frame(buffer)?)
    }

    fn decode_eof(&mut self, buffer: &mut BytesMut) -> Result<Option<Bytes>, ReadError> {
        Ok(self.finish(buffer)?)
    }
}

impl<F, E: Encode> Encoder<E> for BytesCutter<F> {
    type Error = WriteError;

    fn encode(&mut self, packet: E, buffer: &mut BytesMut) -> Result<(), WriteError> {
        packet.append_to(buffer)?;
        Ok(())
    }
}
