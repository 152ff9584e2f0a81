//! Buffers that grow with what is written to them.
//!
//! In: a value, and a buffer with other bytes in front. Out: the value's bytes behind them, or an error and the
//! buffer as it was.

#[cfg(feature = "alloc")]
pub use growing::Grow;
#[cfg(feature = "alloc")]
pub(crate) use growing::append;
#[cfg(feature = "bytes")]
pub(crate) use putting::put;

#[cfg(feature = "alloc")]
mod growing {
    use crate::codec::Encode;
    use crate::error::EncodeError;
    use alloc::vec::Vec;

    /// A buffer that [`Encode::append_to`] can write behind the end of.
    pub trait Grow {
        /// How many bytes there are.
        fn len(&self) -> usize;

        /// Whether there are none.
        fn is_empty(&self) -> bool {
            self.len() == 0
        }

        /// Adds `count` zeros, and gives them to be filled.
        fn grow(&mut self, count: usize) -> &mut [u8];

        /// Takes bytes from the end until there are `len`.
        fn shrink(&mut self, len: usize);
    }

    impl Grow for Vec<u8> {
        fn len(&self) -> usize {
            self.len()
        }

        fn grow(&mut self, count: usize) -> &mut [u8] {
            let len = self.len();
            self.resize(len.saturating_add(count), 0);
            self.get_mut(len..).unwrap_or_default()
        }

        fn shrink(&mut self, len: usize) {
            self.truncate(len);
        }
    }

    #[cfg(feature = "bytes")]
    impl Grow for bytes::BytesMut {
        fn len(&self) -> usize {
            self.len()
        }

        fn grow(&mut self, count: usize) -> &mut [u8] {
            let len = self.len();
            self.resize(len.saturating_add(count), 0);
            self.get_mut(len..).unwrap_or_default()
        }

        fn shrink(&mut self, len: usize) {
            self.truncate(len);
        }
    }

    /// [`Encode::append_to`].
    pub(crate) fn append(
        value: &(impl Encode + ?Sized),
        buffer: &mut impl Grow,
    ) -> Result<usize, EncodeError> {
        let len = buffer.len();
        let written = value.encode_with(|needed| Ok(buffer.grow(needed)));
        if written.is_err() {
            buffer.shrink(len);
        }
        written
    }
}

#[cfg(feature = "bytes")]
mod putting {
    use crate::codec::{Encode, too_small};
    use crate::error::EncodeError;
    use alloc::vec::Vec;
    use bytes::BufMut;

    /// Bytes that are put together on the stack.
    const SMALL: usize = 256;

    /// [`Encode::encode_to`].
    pub(crate) fn put<E: Encode + ?Sized>(
        value: &E,
        buffer: &mut impl BufMut,
    ) -> Result<usize, EncodeError> {
        let mut small = [0; SMALL];
        let mut large = Vec::new();
        let available = buffer.remaining_mut();
        let needed = value.encode_with(|needed| {
            if available < needed {
                return Err(too_small(E::SHAPE, needed, available));
            }
            if needed > SMALL {
                large.resize(needed, 0);
                return Ok(&mut large);
            }
            Ok(small.get_mut(..needed).unwrap_or_default())
        })?;
        buffer.put_slice(small.get(..needed).unwrap_or(&large));
        Ok(needed)
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use crate::codec::{Encode, Writer};
    use crate::error::{EncodeError, EncodeErrorKind};
    use crate::shape::{FieldShape, Shape};
    use std::vec;
    use std::vec::Vec;

    static SHAPE: Shape = Shape {
        name: "Ones",
        fields: &[FieldShape::leaf("count")],
    };

    /// As many ones, but not 13. Of 14, writing fails in the middle.
    struct Ones(usize);

    impl Encode for Ones {
        const SHAPE: &'static Shape = &SHAPE;

        fn encoded_len(&self) -> Result<usize, EncodeError> {
            match self.0 {
                13 => Err(EncodeError::new(&SHAPE, 0, EncodeErrorKind::InvalidText)),
                len => Ok(len),
            }
        }

        fn write(&self, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
            for _ in 0..self.0 {
                writer.put(&SHAPE, [1])?;
            }
            match self.0 {
                14 => writer.put(&SHAPE, [1]),
                _ => Ok(()),
            }
        }
    }

    #[test]
    fn a_vector_grows_by_the_length_or_stays_as_it_was() {
        let mut buffer = vec![9];
        assert_eq!(Ones(2).append_to(&mut buffer), Ok(2));
        assert_eq!(buffer, [9, 1, 1]);
        assert!(Ones(13).append_to(&mut buffer).is_err());
        assert!(Ones(14).append_to(&mut buffer).is_err());
        assert_eq!(buffer, [9, 1, 1]);
        assert_eq!(Ones(0).append_to(&mut buffer), Ok(0));
        assert_eq!(buffer.len(), 3);
        assert_eq!(Ones(3).to_vec(), Ok(vec![1; 3]));
    }

    #[cfg(feature = "bytes")]
    #[test]
    fn buffers_of_bytes_take_small_and_large_values() {
        use bytes::BytesMut;

        for len in [0, 1, 255, 256, 257, 5000] {
            let mut put = BytesMut::from(&[9][..]);
            let mut appended = put.clone();
            assert_eq!(Ones(len).encode_to(&mut put), Ok(len));
            assert_eq!(Ones(len).append_to(&mut appended), Ok(len));
            let expected: Vec<u8> = [vec![9], vec![1; len]].concat();
            assert_eq!((&put[..], &appended[..]), (&expected[..], &expected[..]));
        }
        let mut put = BytesMut::new();
        assert!(Ones(13).encode_to(&mut put).is_err());
        assert!(Ones(14).encode_to(&mut put).is_err());
        assert!(put.is_empty());

        let mut room = [0; 300];
        let mut rest = &mut room[..];
        assert_eq!(Ones(290).encode_to(&mut rest), Ok(290));
        let error = Ones(11).encode_to(&mut rest).unwrap_err();
        let (needed, available) = (11, 10);
        let kind = EncodeErrorKind::BufferTooSmall { needed, available };
        assert_eq!(error.kind(), kind);
        assert_eq!(room[289..291], [1, 0]);
    }
}
