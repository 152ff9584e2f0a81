//! Cutting frames out of chunks: the streams, the chunks that they come in, and those who cut them.
//!
//! Every contender gets the chunks of a stream, reads the last byte of each frame, and says how many frames there were
//! and the sum of these bytes.

#[cfg(feature = "peers")]
mod peers;

#[cfg(feature = "peers")]
pub use peers::{copy, length_delimited};

use packet_runtime::stream::ConstFraming;
use packet_runtime::{Reassembler, SizeHeader};

/// Numbers in a type, as in generated code, so that the compiler sees through them.
struct Framing;

impl ConstFraming for Framing {
    type Rule = SizeHeader;

    const RULE: &'static SizeHeader = &SizeHeader {
        header_len: 4,
        size_offset: 0,
        size_width: 2,
        little_endian: false,
        excluded: 0,
        max_len: 65535,
    };
}

/// What one run of a stream looks like.
pub struct Row {
    /// Sizes of the frames.
    pub frames: &'static str,
    /// Sizes of the chunks.
    pub chunks: &'static str,
    bytes: Vec<u8>,
    largest: usize,
    /// How many frames there are.
    pub count: usize,
}

impl Row {
    /// Every row of a stream of `total` bytes.
    pub fn all(total: usize) -> Vec<Self> {
        let mixed = (0..97).map(|step| 20 + step * 15_u16);
        let streams = [
            ("20 bytes", stream(total, [20].into_iter())),
            ("20 to 1460 bytes", stream(total, mixed)),
            ("16 KiB", stream(total, [16384].into_iter())),
        ];
        let mut rows = Vec::new();
        for (frames, (bytes, count)) in streams {
            for (largest, chunks) in [(4096, "1 to 4096"), (65536, "64 KiB")] {
                let bytes = bytes.clone();
                rows.push(Self {
                    frames,
                    chunks,
                    bytes,
                    largest,
                    count,
                });
            }
        }
        rows
    }

    /// The stream in chunks of one byte.
    pub fn bytes_alone(&self) -> Vec<&[u8]> {
        self.bytes.chunks(1).collect()
    }

    /// The stream in chunks: of up to 4096 bytes each another size, the same in every run (a linear congruential
    /// generator); above, all as large as can be.
    pub fn chunks(&self) -> Vec<&[u8]> {
        let mut state = 1_u64;
        let mut rest = self.bytes.as_slice();
        let mut chunks = Vec::new();
        while !rest.is_empty() {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let size = if self.largest > 4096 {
                self.largest
            } else {
                (state >> 33) as usize % self.largest + 1
            };
            let (chunk, more) = rest.split_at(size.min(rest.len()));
            chunks.push(chunk);
            rest = more;
        }
        chunks
    }
}

/// As many frames as fit in `total` bytes, whose sizes go through `sizes` again and again.
fn stream(total: usize, sizes: impl Iterator<Item = u16> + Clone) -> (Vec<u8>, usize) {
    let mut bytes = Vec::with_capacity(total);
    let mut frames = 0;
    for size in sizes.cycle() {
        if bytes.len() + usize::from(size) > total {
            break;
        }
        bytes.extend(size.to_be_bytes());
        bytes.resize(bytes.len() + usize::from(size) - 2, 0x5a);
        frames += 1;
    }
    (bytes, frames)
}

/// The reassembler.
#[inline(never)]
pub fn reassemble(chunks: &[&[u8]]) -> (usize, u64) {
    let mut reassembler = Reassembler::new(Framing);
    let (mut frames, mut touched) = (0, 0);
    for chunk in chunks {
        let mut chunk = reassembler.feed(chunk);
        while let Ok(Some(frame)) = chunk.next_frame() {
            frames += 1;
            touched += u64::from(frame[frame.len() - 1]);
        }
    }
    (frames, touched)
}

/// A loop for this framing alone: frames that lie whole in a chunk are read there, what straddles two is put together
/// in `tail`.
#[inline(never)]
pub fn by_hand(chunks: &[&[u8]]) -> (usize, u64) {
    let mut tail: Vec<u8> = Vec::new();
    let (mut frames, mut touched) = (0, 0);
    for chunk in chunks {
        let mut rest = *chunk;
        while !tail.is_empty() {
            let goal = match tail.as_slice() {
                [high, low, ..] => usize::from(u16::from_be_bytes([*high, *low])),
                _ => 2,
            };
            let (moved, behind) = rest.split_at((goal - tail.len()).min(rest.len()));
            tail.extend_from_slice(moved);
            rest = behind;
            if tail.len() < goal {
                break;
            }
            if goal > 2 {
                frames += 1;
                touched += u64::from(tail[goal - 1]);
                tail.clear();
            }
        }
        while let Some(([high, low], _)) = rest.split_first_chunk() {
            let size = usize::from(u16::from_be_bytes([*high, *low]));
            if size < 4 {
                return (frames, touched);
            }
            let Some((frame, behind)) = rest.split_at_checked(size) else {
                break;
            };
            frames += 1;
            touched += u64::from(frame[size - 1]);
            rest = behind;
        }
        tail.extend_from_slice(rest);
    }
    (frames, touched)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_find_the_same_frames() {
        for row in Row::all(512 << 10) {
            let chunks = row.chunks();
            let expected = (row.count, 0x5a * row.count as u64);
            assert_eq!(reassemble(&chunks), expected);
            assert_eq!(by_hand(&chunks), expected);
            #[cfg(feature = "peers")]
            assert_eq!(length_delimited(&chunks), expected);
        }
    }
}
