//! Where one packet ends and the next begins.

use packet_runtime::Reassembler;
use packet_runtime::stream::{Ends, Framing};
use packet_schema::layout::Layout;
use packetc::LayoutFraming;

/// The frames of a stream, one after the other.
///
/// Where a size is impossible or leads beyond the end, and the framing doesn't look for the next packet then, all that is
/// left is one frame: decoding it says what is wrong.
pub(super) struct Frames<'a> {
    /// Nothing if the stream is a single packet.
    reassembler: Option<Reassembler<LayoutFraming<'a>>>,
    resyncs: bool,
    stream: &'a [u8],
    /// The first byte behind the last frame that was not rejected.
    taken: usize,
    /// Where the last frame begins and where it ends, if it was not rejected.
    frame: Option<(usize, usize)>,
    done: bool,
}

impl<'a> Frames<'a> {
    /// Cuts `stream` as the framing with this number says; without one it is a single packet.
    pub(super) fn new(layout: &'a Layout, framing: Option<usize>, stream: &'a [u8]) -> Self {
        let framing = framing.and_then(|number| LayoutFraming::new(layout, number));
        // What is wrong with a packet of an impossible size, its decoder says better.
        let framing = framing.map(LayoutFraming::without_limits);
        // A stream without bytes is one packet without bytes.
        let framing = framing.filter(|found| found.ends() == Ends::Inside && !stream.is_empty());
        let resyncs = framing
            .as_ref()
            .is_some_and(|framing| !framing.magic().is_empty());
        let reassembler = framing.map(|framing| {
            let mut reassembler = Reassembler::with_read_len(framing, stream.len());
            for (to, from) in reassembler.spare_mut().iter_mut().zip(stream) {
                *to = *from;
            }
            reassembler.advance(stream.len());
            reassembler
        });
        Self {
            reassembler,
            resyncs,
            stream,
            taken: 0,
            frame: None,
            done: false,
        }
    }

    /// Whether a broken frame is passed over up to where the next one may begin.
    pub(super) fn resyncs(&self) -> bool {
        self.resyncs
    }

    /// The next frame.
    pub(super) fn next(&mut self) -> Option<&'a [u8]> {
        if let Some((_, end)) = self.frame.take() {
            self.taken = end;
        }
        if self.done {
            return None;
        }
        self.frame = match self.reassembler.as_mut().map(next_frame) {
            Some(Ok(found)) => found,
            None | Some(Err(())) => Some((self.taken, self.stream.len())),
        };
        let cut = matches!(self.frame, Some((_, end)) if end < self.stream.len());
        self.done = !cut && (self.frame.is_none() || !self.resyncs);
        self.frame
            .and_then(|(start, end)| self.stream.get(start..end))
    }

    /// What was passed over in front of the last frame, or behind all of them.
    pub(super) fn skipped(&self) -> &'a [u8] {
        let end = self.frame.map_or(self.stream.len(), |(start, _)| start);
        self.stream.get(self.taken..end).unwrap_or_default()
    }

    /// Passes over the last frame, which is broken, if that is what the framing wants.
    pub(super) fn reject(&mut self) -> bool {
        if self.resyncs
            && let Some(reassembler) = &mut self.reassembler
        {
            reassembler.reject();
            self.frame = None;
        }
        self.resyncs
    }
}

/// Where the next frame begins and ends; an error if the stream cannot be cut any further.
fn next_frame(
    reassembler: &mut Reassembler<LayoutFraming<'_>>,
) -> Result<Option<(usize, usize)>, ()> {
    let len = match reassembler.next_frame().map(|frame| frame.map(<[u8]>::len)) {
        Ok(None) => reassembler.finish().map(|frame| frame.map(<[u8]>::len)),
        found => found,
    };
    let end = usize::try_from(reassembler.position()).unwrap_or(usize::MAX);
    let len = len.map_err(|_| ())?;
    Ok(len.map(|len| (end.saturating_sub(len), end)))
}
