//! Reading and writing whole parts of packets, and the traits that generated code implements.

use crate::error::{DecodeError, EncodeError, EncodeErrorKind, ErrorKind};
use crate::shape::{FieldShape, Path, Shape};

/// The bytes of one packet that have not been read yet, and how many have.
///
/// Generated code takes whole static parts from it as arrays, so that reading a field of one needs no
/// bounds check.
///
/// ```
/// let mut reader = packet_runtime::Reader::new(&[0x00, 0x07, 0xff]);
/// assert_eq!(reader.array().map(|part| u16::from_be_bytes(*part)), Some(7));
/// assert_eq!(reader.take(2), None);
/// assert_eq!(reader.position(), 2);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    position: usize,
    /// Whether the bytes were validated before, so that reading them again is finding where things are.
    trusted: bool,
}

impl<'a> Reader<'a> {
    /// Reads `bytes` from their start.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            position: 0,
            trusted: false,
        }
    }

    /// Reads `bytes`, which were validated before: values are not tested again. If they were not, what is
    /// read is meaningless, and nothing worse happens.
    #[inline]
    pub(crate) const fn trusted(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            position: 0,
            trusted: true,
        }
    }

    /// Whether values need no test, as they passed it before.
    #[inline]
    pub const fn is_trusted(&self) -> bool {
        self.trusted
    }

    /// Takes the next `N` bytes if `check` accepts them or they need no test.
    #[inline]
    pub fn part<const N: usize>(
        &mut self,
        check: impl Fn(&[u8; N], usize) -> Result<(), DecodeError>,
    ) -> Option<&'a [u8; N]> {
        let part = self.array::<N>()?;
        (self.trusted || check(part, 0).is_ok()).then_some(part)
    }

    /// Takes the next `count` bytes if `test` accepts them or they need no test.
    #[inline]
    pub fn tested<T>(
        &mut self,
        count: usize,
        test: impl FnOnce(&'a [u8]) -> Result<T, usize>,
    ) -> Option<&'a [u8]> {
        let bytes = self.take(count)?;
        if self.trusted {
            return Some(bytes);
        }
        test(bytes).ok().map(|_| bytes)
    }

    /// `length` if it is in `min..=max` or needs no test.
    #[inline]
    pub const fn within(&self, length: usize, min: u64, max: u64) -> Option<usize> {
        if self.trusted || (length as u64 >= min && length as u64 <= max) {
            Some(length)
        } else {
            None
        }
    }

    /// Bytes from the packet's start to the next byte.
    #[inline]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// The bytes that have not been read.
    #[inline]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// How many bytes have not been read.
    #[inline]
    pub const fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// The bytes that were read since the reader had `before` in front of it.
    #[inline]
    pub fn since(&self, before: &'a [u8]) -> &'a [u8] {
        let read = before.len().saturating_sub(self.rest.len());
        before.get(..read).unwrap_or_default()
    }

    /// Takes the next `N` bytes; `None`, and nothing taken, if there are fewer.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (array, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        self.position += N;
        Some(array)
    }

    /// Takes the next `count` bytes; `None`, and nothing taken, if there are fewer.
    #[inline]
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        self.position += count;
        Some(taken)
    }

    /// Takes the next `count` bytes as a reader of their own, whose positions still count from the
    /// packet's start; `None`, and nothing taken, if there are fewer.
    #[inline]
    pub fn bounded(&mut self, count: usize) -> Option<Reader<'a>> {
        let before = *self;
        let rest = self.take(count)?;
        Some(Reader { rest, ..before })
    }
}

/// Takes a static part of `N` bytes whose values `check` accepts. It holds the fields of `shape` from number
/// `first` on.
///
/// `check` gets the part and its offset in the packet and reports the first field, in wire order,
/// that is wrong. Fields are judged in wire order also where the packet ends inside the part: a wrong
/// value before the end is reported, else the first field that is not all there.
///
/// # Errors
/// What `check` reports, or [`ErrorKind::Truncated`] at the first field that is not whole.
#[inline]
pub fn part<'a, const N: usize>(
    reader: &mut Reader<'a>,
    shape: &'static Shape,
    first: u16,
    check: impl Fn(&[u8; N], usize) -> Result<(), DecodeError>,
) -> Result<&'a [u8; N], DecodeError> {
    let position = reader.position();
    match reader.array::<N>() {
        Some(part) => {
            if !reader.is_trusted() {
                check(part, position)?;
            }
            Ok(part)
        }
        None => Err(short_part(reader.rest(), position, shape, first, check)),
    }
}

#[cold]
#[inline(never)]
fn short_part<const N: usize>(
    rest: &[u8],
    position: usize,
    shape: &'static Shape,
    first: u16,
    check: impl Fn(&[u8; N], usize) -> Result<(), DecodeError>,
) -> DecodeError {
    let available = rest.len();
    // The missing bytes read as zero: an error that they cause lies at or after the first field
    // that is not whole, and is not the one to report.
    let mut padded = [0; N];
    for (to, from) in padded.iter_mut().zip(rest) {
        *to = *from;
    }
    let mut path = Path::fields(&[]);
    let fields = shape.fields.get(usize::from(first)..).unwrap_or(&[]);
    let (start, end) = match missing(fields, first, 0, available) {
        Search::Found {
            path: found,
            start,
            end,
        } => {
            path = found;
            (start, end)
        }
        Search::Passed { .. } => (0, N),
    };
    match check(&padded, position) {
        Err(error) if error.offset() < position + start => error,
        _ => DecodeError::at(
            shape,
            path,
            position + start,
            ErrorKind::Truncated {
                needed: end - start,
                available: available.saturating_sub(start),
            },
        ),
    }
}

/// Where fields that lie one behind the other, the first at `at`, reach over the bytes that there are.
fn missing(fields: &[FieldShape], first: u16, mut at: usize, available: usize) -> Search {
    for (number, field) in (first..).zip(fields) {
        let field_at = at + field.gap;
        let found = match field.inner {
            _ if field.gap > 0 && field_at > available => Search::Found {
                path: Path::fields(&[]),
                start: at,
                end: field_at,
            },
            Some(inner) => missing(inner.fields, 0, field_at, available),
            None if field_at + field.size > available => Search::Found {
                path: Path::fields(&[]),
                start: field_at,
                end: field_at + field.size,
            },
            None => Search::Passed {
                at: field_at + field.size,
            },
        };
        match found {
            Search::Found { path, start, end } => {
                return Search::Found {
                    path: path.within(number),
                    start,
                    end,
                };
            }
            Search::Passed { at: next } => at = next,
        }
    }
    Search::Passed { at }
}

enum Search {
    Found {
        path: Path,
        start: usize,
        end: usize,
    },
    Passed {
        at: usize,
    },
}

/// The `N` bytes at `AT` in an array of `M` bytes. That they lie inside is checked when the program
/// is compiled, so this costs nothing.
#[inline]
pub const fn sub<const AT: usize, const N: usize, const M: usize>(bytes: &[u8; M]) -> &[u8; N] {
    const { assert!(AT + N <= M, "the part must lie inside the whole") };
    let (_, tail) = bytes.split_at(AT);
    match tail.first_chunk::<N>() {
        Some(part) => part,
        None => &[0; N],
    }
}

/// The next multiple of `to` from `length` on; `length` if there is none.
///
/// ```
/// use packet_runtime::codec::aligned;
///
/// assert_eq!([0, 1, 4, 5].map(|length| aligned(length, 4)), [0, 4, 4, 8]);
/// ```
#[inline]
pub const fn aligned(length: usize, to: usize) -> usize {
    match length.checked_next_multiple_of(to) {
        Some(aligned) => aligned,
        None => length,
    }
}

/// A zero-copy view of a packet or struct: borrowed bytes that were validated once, when it was made.
///
/// Every getter of a view is infallible.
pub trait View<'a>: Sized + Copy {
    /// The names of the packet and its fields.
    const SHAPE: &'static Shape;
    /// Fewest bytes that a valid value takes.
    const MIN_LEN: usize;
    /// Most bytes that a valid value takes; `None` if only the surroundings bound it, or if that is 4 GiB
    /// or more.
    const MAX_LEN: Option<usize>;
    /// Whether there are bytes of a right length that are no valid value. If not, arrays of fixed-size values
    /// are validated by their length.
    const CHECKED: bool = true;

    /// Validates a value at the start of what the reader holds and takes it.
    ///
    /// # Errors
    /// The first thing, in wire order, that is wrong.
    fn decode(reader: &mut Reader<'a>) -> Result<Self, DecodeError>;

    /// As [`View::decode`], without saying what is wrong; the reader is anywhere then.
    ///
    /// Elements of arrays are validated so, since code that says nothing is short, and decoded only to find out what is
    /// wrong with one. Their views are made so as well, again and again, by a reader under which nothing is tested:
    /// where lengths alone say how far a value reaches, generated code looks at nothing else then.
    #[inline]
    fn read(reader: &mut Reader<'a>) -> Option<Self> {
        Self::decode(reader).ok()
    }

    /// The bytes of this value.
    fn as_bytes(&self) -> &'a [u8];

    /// Validates `bytes` as exactly one value.
    ///
    /// # Errors
    /// The first thing, in wire order, that is wrong; bytes left over are an error.
    fn parse(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let view = Self::decode(&mut reader)?;
        match reader.remaining() {
            0 => Ok(view),
            extra => Err(DecodeError::at(
                Self::SHAPE,
                Path::fields(&[]),
                reader.position(),
                ErrorKind::Trailing { extra },
            )),
        }
    }
}

/// A buffer that a packet is written to, part by part.
///
/// Parts are handed out as arrays; what does not fit is an error and nothing of it is written.
///
/// ```
/// use packet_runtime::{EncodeError, Shape, Writer};
///
/// static PING: Shape = Shape { name: "Ping", fields: &[] };
/// let mut buffer = [0; 3];
/// let mut writer = Writer::new(&mut buffer);
/// *writer.array(&PING)? = 7_u16.to_be_bytes();
/// assert!(writer.bytes(&PING, b"ab").is_err());
/// assert_eq!(writer.position(), 2);
/// # Ok::<(), EncodeError>(())
/// ```
#[derive(Debug)]
pub struct Writer<'b> {
    buffer: &'b mut [u8],
    position: usize,
}

impl<'b> Writer<'b> {
    /// Writes to `buffer` from its start.
    pub const fn new(buffer: &'b mut [u8]) -> Self {
        Self {
            buffer,
            position: 0,
        }
    }

    /// Bytes written so far.
    #[inline]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// The next `N` bytes, to be filled.
    ///
    /// # Errors
    /// [`EncodeErrorKind::BufferTooSmall`] if the buffer has fewer.
    #[inline(always)]
    pub fn array<const N: usize>(
        &mut self,
        shape: &'static Shape,
    ) -> Result<&mut [u8; N], EncodeError> {
        let (from, size) = (self.position, self.buffer.len());
        if from > size || size - from < N {
            return Err(full(shape, N, from, size));
        }
        self.position = from + N;
        let rest = self
            .buffer
            .get_mut(from..)
            .and_then(<[u8]>::first_chunk_mut);
        rest.ok_or_else(|| full(shape, N, from, size))
    }

    /// Writes the `N` bytes of a number.
    ///
    /// # Errors
    /// [`EncodeErrorKind::BufferTooSmall`] if they do not fit.
    #[inline(always)]
    pub fn put<const N: usize>(
        &mut self,
        shape: &'static Shape,
        bytes: [u8; N],
    ) -> Result<(), EncodeError> {
        *self.array::<N>(shape)? = bytes;
        Ok(())
    }

    /// Writes `bytes`.
    ///
    /// # Errors
    /// [`EncodeErrorKind::BufferTooSmall`] if they do not fit.
    #[inline(always)]
    pub fn bytes(&mut self, shape: &'static Shape, bytes: &[u8]) -> Result<(), EncodeError> {
        self.space(shape, bytes.len())?.copy_from_slice(bytes);
        Ok(())
    }

    /// Writes `value` as a [varint](crate::varint).
    ///
    /// # Errors
    /// [`EncodeErrorKind::BufferTooSmall`] if it does not fit.
    #[inline]
    pub fn varint(&mut self, shape: &'static Shape, value: u64) -> Result<(), EncodeError> {
        let (bytes, len) = crate::varint::bytes(value);
        self.bytes(shape, bytes.get(..len).unwrap_or(&bytes))
    }

    /// The next `len` bytes, to be filled.
    ///
    /// # Errors
    /// [`EncodeErrorKind::BufferTooSmall`] if the buffer has fewer.
    #[inline(always)]
    pub fn space(&mut self, shape: &'static Shape, len: usize) -> Result<&mut [u8], EncodeError> {
        let (from, size) = (self.position, self.buffer.len());
        if from > size || size - from < len {
            return Err(full(shape, len, from, size));
        }
        self.position = from + len;
        let part = self
            .buffer
            .get_mut(from..)
            .and_then(|rest| rest.get_mut(..len));
        part.ok_or_else(|| full(shape, len, from, size))
    }

    /// Writes zeros up to `to`, a position.
    ///
    /// # Errors
    /// [`EncodeErrorKind::BufferTooSmall`] if they do not fit.
    pub fn zeros(&mut self, shape: &'static Shape, to: usize) -> Result<(), EncodeError> {
        let count = to.saturating_sub(self.position);
        self.space(shape, count)?.fill(0);
        Ok(())
    }

    /// The bytes written between two positions; empty if they are not in order.
    pub fn written(&self, from: usize, to: usize) -> &[u8] {
        self.buffer.get(from..to.min(self.position)).unwrap_or(&[])
    }

    /// Overwrites bytes written at `at`; what lies past the end is left out.
    pub fn patch(&mut self, at: usize, bytes: &[u8]) {
        let written = self.buffer.get_mut(at..self.position).unwrap_or(&mut []);
        for (to, from) in written.iter_mut().zip(bytes) {
            *to = *from;
        }
    }
}

#[cold]
#[inline(never)]
fn full(shape: &'static Shape, needed: usize, from: usize, size: usize) -> EncodeError {
    too_small(shape, needed, size.saturating_sub(from))
}

#[cold]
#[inline(never)]
pub(crate) fn too_small(shape: &'static Shape, needed: usize, available: usize) -> EncodeError {
    EncodeError::whole(shape, EncodeErrorKind::BufferTooSmall { needed, available })
}

/// A value that can be written as a packet or as a part of one.
pub trait Encode {
    /// The names of the packet and its fields.
    const SHAPE: &'static Shape;
    /// How many bytes every value takes; `None` if that depends on the value.
    const FIXED_LEN: Option<usize> = None;
    /// Whether there are values that cannot be written. If not, arrays of fixed-size values are measured by
    /// counting.
    const CHECKED: bool = true;

    /// Validates the value and says how many bytes it takes.
    ///
    /// # Errors
    /// The first field that cannot be represented.
    fn encoded_len(&self) -> Result<usize, EncodeError>;

    /// Writes the value. Generated code calls this after [`Encode::encoded_len`] on a buffer of that
    /// size; [`Encode::encode_into`] does both.
    ///
    /// # Errors
    /// As [`Encode::encoded_len`], and a buffer that is too small.
    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EncodeError>;

    /// Writes the value to the buffer that `room` gives for its length, and returns the length. All others
    /// that write are this one with a room of their own.
    ///
    /// # Errors
    /// The first field that cannot be represented, or what `room` says. Nothing is written then.
    fn encode_with<'b>(
        &self,
        room: impl FnOnce(usize) -> Result<&'b mut [u8], EncodeError>,
    ) -> Result<usize, EncodeError> {
        let needed = self.encoded_len()?;
        self.write(&mut Writer::new(room(needed)?))?;
        Ok(needed)
    }

    /// Writes the value to the start of `buffer` and returns how many bytes that were.
    ///
    /// # Errors
    /// The first field that cannot be represented, or a buffer that is too small. Nothing is written
    /// then.
    // The buffer's length is compared in the midst of `encode_with`.
    #[inline(always)]
    fn encode_into(&self, buffer: &mut [u8]) -> Result<usize, EncodeError> {
        self.encode_with(|needed| crate::encode::room(Self::SHAPE, buffer, needed))
    }

    /// The value as a byte vector.
    ///
    /// # Errors
    /// The first field that cannot be represented.
    #[cfg(feature = "alloc")]
    fn to_vec(&self) -> Result<alloc::vec::Vec<u8>, EncodeError> {
        let mut bytes = alloc::vec::Vec::new();
        self.encode_with(|needed| {
            bytes = alloc::vec![0; needed];
            Ok(&mut bytes)
        })?;
        Ok(bytes)
    }

    /// Writes the value behind what is in `buffer`, a `Vec<u8>` or with the feature `bytes` a `BytesMut`, which grows
    /// by exactly the value's length, and returns that.
    ///
    /// # Errors
    /// The first field that cannot be represented. The buffer stays as it was.
    ///
    /// ```
    /// use packet_runtime::{Encode, EncodeError, Shape, Writer};
    ///
    /// static PING: Shape = Shape { name: "Ping", fields: &[] };
    /// struct Ping(u16);
    ///
    /// impl Encode for Ping {
    ///     const SHAPE: &'static Shape = &PING;
    ///     fn encoded_len(&self) -> Result<usize, EncodeError> {
    ///         Ok(2)
    ///     }
    ///     fn write(&self, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
    ///         writer.put(&PING, self.0.to_be_bytes())
    ///     }
    /// }
    ///
    /// let mut buffer = vec![9];
    /// assert_eq!(Ping(7).append_to(&mut buffer)?, 2);
    /// assert_eq!(Ping(8).append_to(&mut buffer)?, 2);
    /// assert_eq!(buffer, [9, 0, 7, 0, 8]);
    /// # Ok::<(), EncodeError>(())
    /// ```
    #[cfg(feature = "alloc")]
    fn append_to(&self, buffer: &mut impl crate::grow::Grow) -> Result<usize, EncodeError> {
        crate::grow::append(self, buffer)
    }

    /// Writes the value to a buffer of the crate `bytes` and returns its length.
    ///
    /// Up to 256 bytes are put together on the stack, more in memory that is freed again. For a `BytesMut` or a
    /// `Vec<u8>`, [`Encode::append_to`] writes in place.
    ///
    /// # Errors
    /// The first field that cannot be represented, or a buffer that has no room for all of the value. Nothing is
    /// written then.
    ///
    /// ```
    /// # use packet_runtime::{Encode, EncodeError, Shape, Writer};
    /// # static PING: Shape = Shape { name: "Ping", fields: &[] };
    /// # struct Ping(u16);
    /// # impl Encode for Ping {
    /// #     const SHAPE: &'static Shape = &PING;
    /// #     fn encoded_len(&self) -> Result<usize, EncodeError> { Ok(2) }
    /// #     fn write(&self, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
    /// #         writer.put(&PING, self.0.to_be_bytes())
    /// #     }
    /// # }
    /// let mut buffer = bytes::BytesMut::new();
    /// assert_eq!(Ping(7).encode_to(&mut buffer)?, 2);
    /// assert_eq!(buffer[..], [0, 7]);
    ///
    /// let mut full = [0; 1];
    /// assert!(Ping(7).encode_to(&mut &mut full[..]).is_err());
    /// # Ok::<(), EncodeError>(())
    /// ```
    #[cfg(feature = "bytes")]
    fn encode_to(&self, buffer: &mut impl bytes::BufMut) -> Result<usize, EncodeError> {
        crate::grow::put(self, buffer)
    }
}

impl<E: Encode + ?Sized> Encode for &E {
    const SHAPE: &'static Shape = E::SHAPE;
    const FIXED_LEN: Option<usize> = E::FIXED_LEN;
    const CHECKED: bool = E::CHECKED;

    fn encoded_len(&self) -> Result<usize, EncodeError> {
        (**self).encoded_len()
    }

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
        (**self).write(writer)
    }

    fn encode_with<'b>(
        &self,
        room: impl FnOnce(usize) -> Result<&'b mut [u8], EncodeError>,
    ) -> Result<usize, EncodeError> {
        (**self).encode_with(room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    static SHAPE: Shape = Shape {
        name: "Login",
        fields: &[
            FieldShape::fixed("version", 1),
            FieldShape::fixed("token", 4),
            FieldShape::fixed("mode", 1),
        ],
    };

    /// A version byte that is 1, four bytes of token and a mode byte below 3.
    #[allow(clippy::trivially_copy_pass_by_ref)] // as `part` wants it
    fn check_values(part: &[u8; 6], position: usize) -> Result<(), DecodeError> {
        let [version, _, _, _, _, mode] = *part;
        if version != 1 {
            let kind = ErrorKind::ConstMismatch {
                expected: 1,
                actual: u64::from(version),
            };
            return Err(DecodeError::new(&SHAPE, 0, position, kind));
        }
        if mode == 0 || mode > 3 {
            let kind = ErrorKind::OutOfRange {
                value: i128::from(mode),
                min: 1,
                max: 3,
            };
            return Err(DecodeError::new(&SHAPE, 2, position + 5, kind));
        }
        Ok(())
    }

    /// Decodes a part that stands after two other bytes.
    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let bytes = [&[0xaa, 0xbb], bytes].concat();
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.array(), Some(&[0xaa, 0xbb]));
        let text = match part::<6>(&mut reader, &SHAPE, 0, check_values) {
            Ok(_) => {
                assert_eq!(reader.position(), 8);
                "fine".to_string()
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn a_part_is_taken_when_its_values_are_right() {
        check(&[1, 0, 0, 0, 0, 2], "fine");
        check(&[1, 0, 0, 0, 0, 2, 9, 9], "fine");
        check(
            &[1, 0, 0, 0, 0, 4],
            "Login.mode at byte 7: 4 is not in 1..=3",
        );
    }

    #[test]
    fn a_short_part_names_the_first_field_that_is_not_whole() {
        check(&[], "Login.version at byte 2: needs 1 byte, 0 are left");
        check(&[1], "Login.token at byte 3: needs 4 bytes, 0 are left");
        check(
            &[1, 7, 7],
            "Login.token at byte 3: needs 4 bytes, 2 are left",
        );
        check(
            &[1, 7, 7, 7, 7],
            "Login.mode at byte 7: needs 1 byte, 0 are left",
        );
    }

    #[test]
    fn a_wrong_value_before_the_end_of_a_short_part_comes_first() {
        let wrong = "Login.version at byte 2: expected the constant 0x1, found 0x2";
        check(&[2], wrong);
        check(&[2, 7, 7, 7, 7], wrong);
    }

    #[test]
    fn a_reader_takes_whole_pieces_or_nothing() {
        let mut reader = Reader::new(&[1, 2, 3, 4, 5]);
        assert_eq!(reader.array::<6>(), None);
        assert_eq!(reader.take(usize::MAX), None);
        assert_eq!((reader.position(), reader.remaining()), (0, 5));
        assert_eq!(reader.take(2), Some(&[1, 2][..]));
        let mut inner = reader.bounded(2).expect("two bytes are left");
        assert_eq!((inner.position(), reader.position()), (2, 4));
        assert!(inner.bounded(3).is_none());
        assert_eq!(inner.array(), Some(&[3, 4]));
        assert_eq!((inner.position(), inner.rest()), (4, &[][..]));
        assert_eq!(reader.rest(), [5]);
    }

    #[test]
    fn sub_is_a_part_at_its_offset() {
        let bytes = [1, 2, 3, 4];
        assert_eq!(sub::<0, 2, 4>(&bytes), &[1, 2]);
        assert_eq!(sub::<2, 2, 4>(&bytes), &[3, 4]);
        assert_eq!(sub::<4, 0, 4>(&bytes), &[0_u8; 0]);
    }

    #[test]
    fn a_writer_stays_in_its_bounds() {
        let mut buffer = [0; 5];
        let mut writer = Writer::new(&mut buffer);
        *writer.array(&SHAPE).expect("two bytes fit") = [1, 2];
        writer.bytes(&SHAPE, &[3, 4]).expect("two more fit");
        let kind = EncodeErrorKind::BufferTooSmall {
            needed: 2,
            available: 1,
        };
        let too_small = Err(EncodeError::whole(&SHAPE, kind));
        assert_eq!(writer.array::<2>(&SHAPE).map(|_| ()), too_small);
        assert_eq!(writer.bytes(&SHAPE, &[5, 6]), too_small);
        assert_eq!(writer.position(), 4);

        assert_eq!(writer.written(1, 3), [2, 3]);
        assert_eq!(writer.written(1, usize::MAX), [2, 3, 4]);
        assert!(writer.written(3, 1).is_empty());
        assert!(writer.written(9, 10).is_empty());
        writer.patch(3, &[8, 8, 8]);
        writer.patch(5, &[9]);
        writer.patch(usize::MAX, &[9]);
        assert_eq!(buffer, [1, 2, 3, 8, 0]);
    }

    #[test]
    fn zeros_reach_to_a_position() {
        let mut buffer = [7; 4];
        let mut writer = Writer::new(&mut buffer);
        writer.zeros(&SHAPE, 2).expect("two bytes fit");
        writer.zeros(&SHAPE, 1).expect("nothing is written");
        assert!(writer.zeros(&SHAPE, 5).is_err());
        assert_eq!((writer.position(), buffer), (2, [0, 0, 7, 7]));
    }

    /// Its length and then itself.
    struct Text(&'static [u8]);

    impl Encode for Text {
        const SHAPE: &'static Shape = &SHAPE;

        fn encoded_len(&self) -> Result<usize, EncodeError> {
            match self.0.len() {
                len @ 0..=3 => Ok(1 + len),
                _ => Err(EncodeError::new(&SHAPE, 1, EncodeErrorKind::InvalidText)),
            }
        }

        fn write(&self, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
            let [len] = writer.array(&SHAPE)?;
            *len = u8::try_from(self.0.len()).unwrap_or(0);
            writer.bytes(&SHAPE, self.0)
        }
    }

    #[test]
    fn encode_into_fills_the_start_of_the_buffer() {
        let mut buffer = [7; 6];
        assert_eq!(Text(b"abc").encode_into(&mut buffer), Ok(4));
        assert_eq!(&buffer, b"\x03abc\x07\x07");
    }

    #[test]
    fn encode_into_writes_nothing_unless_it_writes_everything() {
        let mut buffer = [7; 3];
        let kind = EncodeErrorKind::BufferTooSmall {
            needed: 4,
            available: 3,
        };
        let too_small = Err(EncodeError::whole(&SHAPE, kind));
        assert_eq!(Text(b"abc").encode_into(&mut buffer), too_small);
        assert!(Text(b"abcd").encode_into(&mut buffer).is_err());
        assert_eq!(buffer, [7; 3]);
    }

    #[cfg(feature = "alloc")]
    #[test]
    fn to_vec_is_as_long_as_the_value() {
        assert_eq!(Text(b"ab").to_vec().as_deref(), Ok(&b"\x02ab"[..]));
        assert!(Text(b"abcd").to_vec().is_err());
    }

    /// One byte.
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Byte<'a>(&'a [u8; 1]);

    impl<'a> View<'a> for Byte<'a> {
        const SHAPE: &'static Shape = &SHAPE;
        const MIN_LEN: usize = 1;
        const MAX_LEN: Option<usize> = Some(1);

        fn decode(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
            part(reader, &SHAPE, 0, |_, _| Ok(())).map(Self)
        }

        fn as_bytes(&self) -> &'a [u8] {
            self.0
        }
    }

    #[test]
    fn parse_wants_exactly_one_value() {
        assert_eq!(Byte::parse(&[5]), Ok(Byte(&[5])));
        let error = |bytes| Byte::parse(bytes).expect_err("not one byte").to_string();
        assert_eq!(
            error(&[]),
            "Login.version at byte 0: needs 1 byte, 0 are left"
        );
        assert_eq!(error(&[5, 6, 7]), "Login at byte 1: 2 bytes are left over");
    }
}
