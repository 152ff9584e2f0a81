//! What the codecs by hand read from: `byteorder` over a cursor that knows where in the packet it is, so that what
//! is wrong has a place, and where what surrounds it ends.

use byteorder::{ByteOrder, ReadBytesExt};
use packet_runtime::ErrorKind;
use packet_tests::again::{Again, Wrong};
use packet_tests::codecs::Codec;
use std::io::{self, Cursor};
use std::marker::PhantomData;
use std::ops::RangeInclusive;

/// What was read, or the first thing wrong with it.
pub(crate) type Judged<T> = Result<T, Wrong>;

/// A struct or packet that somebody wrote a codec for.
pub(crate) trait ByHand: Sized {
    /// Byte order of its protocol.
    type Order: ByteOrder;

    /// Reads one, field after field.
    fn read(from: &mut Reader<'_, Self::Order>) -> Judged<Self>;

    /// Writes it behind what is there.
    fn write(&self, to: &mut Vec<u8>) -> io::Result<()>;
}

/// The codec of `T`, behind the signature that all have.
pub(crate) const fn codec<T: ByHand>(name: &'static str) -> Codec {
    Codec {
        name,
        again: again::<T>,
    }
}

fn again<T: ByHand>(bytes: &[u8]) -> Again {
    let mut reader = Reader::new(bytes);
    let value = T::read(&mut reader)?;
    reader.end("")?;
    let mut again = Vec::new();
    let written = value.write(&mut again);
    Ok(written.map(|()| again).map_err(|error| error.to_string()))
}

/// Reads a packet, or the part of it that a length grants.
pub(crate) struct Reader<'a, O> {
    bytes: Cursor<&'a [u8]>,
    /// Where these bytes begin in the packet.
    base: usize,
    /// Where the number or length began that was read last: what is wrong with it is wrong there.
    last: usize,
    order: PhantomData<O>,
}

impl<'a, O: ByteOrder> Reader<'a, O> {
    fn new(bytes: &'a [u8]) -> Self {
        Self::part_at(bytes, 0)
    }

    fn part_at(bytes: &'a [u8], base: usize) -> Self {
        Self {
            bytes: Cursor::new(bytes),
            base,
            last: base,
            order: PhantomData,
        }
    }

    fn position(&self) -> usize {
        usize::try_from(self.bytes.position()).expect("the bytes are in memory")
    }

    /// Offset from the packet's start of what comes next.
    pub(crate) fn offset(&self) -> usize {
        self.base + self.position()
    }

    /// What has been read since `start`, an offset from the packet's start.
    pub(crate) fn since(&self, start: usize) -> &'a [u8] {
        &self.bytes.get_ref()[start - self.base..self.position()]
    }

    pub(crate) fn left(&self) -> usize {
        self.bytes.get_ref().len() - self.position()
    }

    /// All that comes, which stays.
    fn ahead(&self) -> &'a [u8] {
        &self.bytes.get_ref()[self.position()..]
    }

    /// Something is wrong with what was read last.
    pub(crate) fn fail<T>(&self, field: &str, kind: ErrorKind) -> Judged<T> {
        fail(field, self.last, kind)
    }

    fn truncated<T>(&self, field: &str, needed: usize) -> Judged<T> {
        let available = self.left();
        let kind = ErrorKind::Truncated { needed, available };
        fail(field, self.offset(), kind)
    }

    fn number<T>(
        &mut self,
        field: &str,
        read: impl FnOnce(&mut Cursor<&'a [u8]>) -> io::Result<T>,
    ) -> Judged<T> {
        if self.left() < size_of::<T>() {
            return self.truncated(field, size_of::<T>());
        }
        self.last = self.offset();
        Ok(read(&mut self.bytes).expect("the bytes are there"))
    }

    pub(crate) fn u8(&mut self, field: &str) -> Judged<u8> {
        self.number(field, ReadBytesExt::read_u8)
    }

    pub(crate) fn i8(&mut self, field: &str) -> Judged<i8> {
        self.number(field, ReadBytesExt::read_i8)
    }

    pub(crate) fn u16(&mut self, field: &str) -> Judged<u16> {
        self.number(field, ReadBytesExt::read_u16::<O>)
    }

    pub(crate) fn i16(&mut self, field: &str) -> Judged<i16> {
        self.number(field, ReadBytesExt::read_i16::<O>)
    }

    pub(crate) fn u32(&mut self, field: &str) -> Judged<u32> {
        self.number(field, ReadBytesExt::read_u32::<O>)
    }

    pub(crate) fn i32(&mut self, field: &str) -> Judged<i32> {
        self.number(field, ReadBytesExt::read_i32::<O>)
    }

    pub(crate) fn u64(&mut self, field: &str) -> Judged<u64> {
        self.number(field, ReadBytesExt::read_u64::<O>)
    }

    pub(crate) fn f32(&mut self, field: &str) -> Judged<f32> {
        self.number(field, ReadBytesExt::read_f32::<O>)
    }

    /// An unsigned number in LEB128, of at most `most` bytes, which may be more than it needs.
    pub(crate) fn varint(&mut self, field: &str, most: usize) -> Judged<u64> {
        let start = self.offset();
        let all = self.ahead();
        let ends = |byte: &u8| *byte < 0x80;
        let Some(last) = all.iter().take(most).position(ends) else {
            if all.len() < most {
                return self.truncated(field, all.len() + 1);
            }
            return fail(field, start, ErrorKind::InvalidVarint);
        };
        let bytes = self.bytes(field, last + 1)?.iter().rev();
        Ok(bytes.fold(0, |value, byte| value << 7 | u64::from(byte & 0x7f)))
    }

    pub(crate) fn bytes(&mut self, field: &str, len: usize) -> Judged<&'a [u8]> {
        let Some(bytes) = self.ahead().get(..len) else {
            return self.truncated(field, len);
        };
        self.bytes.set_position(self.bytes.position() + len as u64);
        Ok(bytes)
    }

    pub(crate) fn array<const N: usize>(&mut self, field: &str) -> Judged<[u8; N]> {
        let bytes = self.bytes(field, N)?;
        Ok(bytes.try_into().expect("there are as many as asked for"))
    }

    /// Everything up to the end.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        let rest = self.ahead();
        self.bytes.set_position(self.bytes.get_ref().len() as u64);
        rest.to_vec()
    }

    /// Everything up to the end, which must be neither short nor long.
    pub(crate) fn rest_within(
        &mut self,
        field: &str,
        range: RangeInclusive<usize>,
    ) -> Judged<Vec<u8>> {
        let start = self.offset();
        let rest = self.rest();
        if range.contains(&rest.len()) {
            return Ok(rest);
        }
        let kind = wrong_length(rest.len(), *range.start(), *range.end());
        fail(field, start, kind)
    }

    pub(crate) fn text(&mut self, field: &str, len: usize) -> Judged<String> {
        let start = self.offset();
        let bytes = self.bytes(field, len)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(bad) => fail(field, start + bad.valid_up_to(), ErrorKind::InvalidText),
        }
    }

    pub(crate) fn ascii(&mut self, field: &str, len: usize) -> Judged<String> {
        let start = self.offset();
        let bytes = self.bytes(field, len)?;
        match bytes.iter().position(|byte| !byte.is_ascii()) {
            None => Ok(bytes.iter().copied().map(char::from).collect()),
            Some(bad) => fail(field, start + bad, ErrorKind::InvalidText),
        }
    }

    /// Text up to a NUL, which is not part of it.
    pub(crate) fn cstring(&mut self, field: &str, min: usize) -> Judged<String> {
        let start = self.offset();
        let Some(len) = self.ahead().iter().position(|byte| *byte == 0) else {
            let needed = self.left() + 1;
            return self.truncated(field, needed);
        };
        if len < min {
            return fail(field, start, wrong_length(len, min, usize::MAX));
        }
        let text = self.text(field, len)?;
        self.bytes(field, 1)?;
        Ok(text)
    }

    /// Text of `len` bytes with NULs behind it.
    pub(crate) fn padded(
        &mut self,
        field: &str,
        len: usize,
        text: impl Fn(&mut Self, &str, usize) -> Judged<String>,
    ) -> Judged<String> {
        let start = self.offset();
        let bytes = self.bytes(field, len)?;
        let used = len - bytes.iter().rev().take_while(|byte| **byte == 0).count();
        let before = bytes[..used].iter().position(|byte| *byte == 0);
        // What stands in front of a NUL is looked at before it.
        let mut inner = Self::part_at(bytes, start);
        let read = text(&mut inner, field, before.unwrap_or(used))?;
        match before {
            None => Ok(read),
            Some(nul) => fail(field, start + nul, ErrorKind::InvalidText),
        }
    }

    /// Refuses a number that was just read if it is not in `range`.
    pub(crate) fn range(
        &self,
        field: &str,
        value: impl Into<i128>,
        range: RangeInclusive<i128>,
    ) -> Judged<()> {
        let value = value.into();
        if range.contains(&value) {
            return Ok(());
        }
        let (min, max) = range.into_inner();
        self.fail(field, ErrorKind::OutOfRange { value, min, max })
    }

    /// Refuses a number that was just read if it is not `expected`.
    pub(crate) fn constant(
        &self,
        field: &str,
        actual: impl Into<u64>,
        expected: impl Into<u64>,
    ) -> Judged<()> {
        let (actual, expected) = (actual.into(), expected.into());
        if actual == expected {
            return Ok(());
        }
        self.fail(field, ErrorKind::ConstMismatch { expected, actual })
    }

    /// Refuses a number that was just read if `known` has no meaning for it.
    pub(crate) fn known<T, N: Into<u64> + Copy>(
        &self,
        field: &str,
        value: N,
        known: impl FnOnce(N) -> Option<T>,
    ) -> Judged<T> {
        match known(value) {
            Some(meaning) => Ok(meaning),
            None => self.fail(
                field,
                ErrorKind::UnknownValue {
                    value: value.into(),
                },
            ),
        }
    }

    /// A length that was just read, if it is in `range`.
    ///
    /// A range up to `usize::MAX` has no end.
    pub(crate) fn length(
        &self,
        field: &str,
        len: impl Into<u64>,
        range: RangeInclusive<usize>,
    ) -> Judged<usize> {
        let len = usize::try_from(len.into()).expect("lengths are read as 32 bits at most");
        if range.contains(&len) {
            return Ok(len);
        }
        self.fail(field, wrong_length(len, *range.start(), *range.end()))
    }

    /// Refuses a size that does not say how many bytes the packet has without the `uncounted` ones.
    pub(crate) fn size(
        &self,
        field: &str,
        offset: usize,
        actual: impl Into<u64>,
        uncounted: usize,
    ) -> Judged<()> {
        let total = self.base + self.bytes.get_ref().len();
        let (actual, expected) = (actual.into(), (total - uncounted) as u64);
        if actual == expected {
            return Ok(());
        }
        fail(field, offset, ErrorKind::SizeMismatch { expected, actual })
    }

    /// Refuses bytes that are left over.
    pub(crate) fn end(&self, field: &str) -> Judged<()> {
        match self.left() {
            0 => Ok(()),
            extra => fail(field, self.offset(), ErrorKind::Trailing { extra }),
        }
    }

    /// What `read` makes of the next `len` bytes, all of which it has to use up.
    pub(crate) fn part<T>(
        &mut self,
        field: &str,
        len: usize,
        read: impl FnOnce(&mut Self) -> Judged<T>,
    ) -> Judged<T> {
        let start = self.offset();
        let mut part = Self::part_at(self.bytes(field, len)?, start);
        let value = read(&mut part)?;
        part.end(field)?;
        Ok(value)
    }

    /// What `read` makes of what stands in `field`.
    pub(crate) fn inside<T>(
        &mut self,
        field: &str,
        read: impl FnOnce(&mut Self) -> Judged<T>,
    ) -> Judged<T> {
        read(self).map_err(|wrong| {
            let dot = if wrong.field.is_empty() { "" } else { "." };
            let field = format!("{field}{dot}{}", wrong.field);
            Wrong { field, ..wrong }
        })
    }

    fn element<T>(
        &mut self,
        field: &str,
        at: usize,
        read: impl FnOnce(&mut Self) -> Judged<T>,
    ) -> Judged<T> {
        self.inside(&format!("{field}[{at}]"), read)
    }

    /// `count` elements, of which each has at least `smallest` bytes.
    pub(crate) fn elements<T>(
        &mut self,
        field: &str,
        count: usize,
        smallest: usize,
        read: impl Fn(&mut Self) -> Judged<T>,
    ) -> Judged<Vec<T>> {
        let needed = count * smallest;
        if self.left() < needed {
            return self.truncated(field, needed);
        }
        (0..count)
            .map(|at| self.element(field, at, &read))
            .collect()
    }

    /// Elements up to the end of these bytes.
    pub(crate) fn elements_to_end<T>(
        &mut self,
        field: &str,
        range: RangeInclusive<usize>,
        read: impl Fn(&mut Self) -> Judged<T>,
    ) -> Judged<Vec<T>> {
        let start = self.offset();
        let mut all = Vec::new();
        while self.left() > 0 {
            all.push(self.element(field, all.len(), &read)?);
        }
        if !range.contains(&all.len()) {
            let kind = wrong_length(all.len(), *range.start(), *range.end());
            return fail(field, start, kind);
        }
        Ok(all)
    }

    /// Elements up to a byte of 0, where another one would begin.
    pub(crate) fn elements_to_zero<T>(
        &mut self,
        field: &str,
        read: impl Fn(&mut Self) -> Judged<T>,
    ) -> Judged<Vec<T>> {
        let mut all = Vec::new();
        loop {
            match self.ahead().first() {
                None => return self.truncated(field, 1),
                Some(0) => {
                    self.bytes(field, 1)?;
                    return Ok(all);
                }
                Some(_) => all.push(self.element(field, all.len(), &read)?),
            }
        }
    }
}

/// Something is wrong with `field` at `offset`.
pub(crate) fn fail<T>(field: &str, offset: usize, kind: ErrorKind) -> Judged<T> {
    let field = field.to_owned();
    Err(Wrong {
        field,
        offset,
        kind,
    })
}

fn wrong_length(len: usize, min: usize, max: usize) -> ErrorKind {
    ErrorKind::LengthOutOfRange {
        length: len as i128,
        min: min as i128,
        max: match max {
            usize::MAX => i128::from(u64::MAX),
            max => max as i128,
        },
    }
}

/// A length that the standard gives as many bytes as `T` has.
pub(crate) fn fitting<T: TryFrom<usize>>(len: usize) -> io::Result<T> {
    T::try_from(len).map_err(|_| io::Error::other("a length does not fit its field"))
}

/// Refuses a packet that is longer than its protocol allows.
pub(crate) fn at_most(max: usize, len: usize) -> io::Result<()> {
    if len <= max {
        Ok(())
    } else {
        Err(io::Error::other("a packet is longer than allowed"))
    }
}
