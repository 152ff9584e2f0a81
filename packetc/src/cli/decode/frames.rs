//! Where one packet ends and the next begins.

use packet_schema::layout::{Framing, Mode, OnCorrupt};

/// The frames of a stream, one after the other.
pub(super) struct Frames<'a> {
    framing: Option<&'a Framing>,
    rest: &'a [u8],
    /// Whether a frame was taken: a stream without bytes is one packet without bytes.
    started: bool,
}

impl<'a> Frames<'a> {
    /// Cuts `stream` as `framing` says; without one it is a single packet.
    pub(super) fn new(framing: Option<&'a Framing>, stream: &'a [u8]) -> Self {
        Self {
            framing,
            rest: stream,
            started: false,
        }
    }

    /// The next frame.
    ///
    /// Where a size leads beyond the end or back into the header, and where the end of a packet cannot be found, all that is
    /// left is one frame: decoding it says what is wrong.
    pub(super) fn next(&mut self) -> Option<&'a [u8]> {
        if self.started && self.rest.is_empty() {
            return None;
        }
        self.started = true;
        let size = self
            .framing
            .and_then(|framing| size(framing, self.rest))
            .filter(|size| (1..=self.rest.len()).contains(size));
        let (frame, rest) = self.rest.split_at(size.unwrap_or(self.rest.len()));
        self.rest = rest;
        Some(frame)
    }

    /// Goes back to a broken frame, the last one, and forward to where another one may begin, if that is what the framing wants.
    /// The result are the bytes in between.
    pub(super) fn resync(&mut self, stream: &'a [u8], broken: &[u8]) -> Option<usize> {
        let framing = self.framing?;
        let magic = framing.magic.as_slice();
        if framing.on_corrupt != OnCorrupt::Resync || magic.is_empty() {
            return None;
        }
        let start = stream.len() - self.rest.len() - broken.len();
        let after = stream.get(start + 1..).unwrap_or_default();
        let next = after
            .windows(magic.len())
            .position(|window| window == magic);
        let skipped = next.map_or(broken.len() + self.rest.len(), |next| next + 1);
        self.rest = stream.get(start + skipped..).unwrap_or_default();
        Some(skipped)
    }
}

/// The size of the packet that begins here, if that can be told.
fn size(framing: &Framing, bytes: &[u8]) -> Option<usize> {
    match &framing.mode {
        Mode::Size => {
            let (size, min) = framing.claimed_size(bytes)?;
            usize::try_from(size).ok().filter(|size| *size >= min)
        }
        Mode::Fixed(size) => Some(*size),
        Mode::Delimiter(delimiter) => {
            // What stands in front of the delimiter in every packet may be anything.
            let before = framing.min_size().checked_sub(delimiter.len())?;
            let after = bytes.get(before..)?;
            let found = after
                .windows(delimiter.len())
                .position(|window| window == delimiter);
            found.map(|found| before + found + delimiter.len())
        }
        Mode::UntilClose | Mode::Datagram => None,
    }
}
