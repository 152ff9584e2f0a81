//! A protocol for tests of readers and writers: notes, each behind a size of two bytes that counts the whole packet.

use packet_runtime::{
    DecodeError, Encode, EncodeError, EncodeErrorKind, ErrorKind, FieldShape, Shape, SizeHeader,
    Writer,
};

pub(crate) const FRAMING: SizeHeader = SizeHeader {
    header_len: 2,
    size_offset: 0,
    size_width: 2,
    little_endian: false,
    excluded: 0,
    max_len: 40_000,
};

static SHAPE: Shape = Shape {
    name: "Note",
    fields: &[FieldShape::leaf("text")],
};

/// Bytes of which the first is not 0, neither on the wire nor to be written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Note(pub(crate) Vec<u8>);

impl Encode for Note {
    const SHAPE: &'static Shape = &SHAPE;

    fn encoded_len(&self) -> Result<usize, EncodeError> {
        match self.0.first() {
            Some(0) => Err(EncodeError::new(&SHAPE, 0, EncodeErrorKind::InvalidText)),
            _ => Ok(2 + self.0.len()),
        }
    }

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
        let len = u16::try_from(2 + self.0.len()).unwrap_or(0);
        writer.put(&SHAPE, len.to_be_bytes())?;
        writer.bytes(&SHAPE, &self.0)
    }
}

pub(crate) fn parse(frame: &[u8]) -> Result<Note, DecodeError> {
    let text = frame.get(2..).unwrap_or_default();
    match text.first() {
        Some(0) => Err(DecodeError::new(&SHAPE, 0, 2, ErrorKind::InvalidText)),
        _ => Ok(Note(text.to_vec())),
    }
}

/// Notes of many sizes, and their bytes.
pub(crate) fn notes() -> (Vec<Note>, Vec<u8>) {
    let lens = [0, 1, 3, 20, 20, 1500, 0, 30_000, 7, 16 * 1024, 2, 2];
    let note = |(number, len): (u8, &usize)| Note(vec![number; *len]);
    let notes: Vec<Note> = (1..).zip(&lens).map(note).collect();
    let bytes = notes.iter().flat_map(|note| note.to_vec().expect("a note"));
    (notes.clone(), bytes.collect())
}
