//! Contenders from crates of others.

use bytes::BytesMut;
use std::hint::black_box;
use tokio_util::codec::{Decoder, LengthDelimitedCodec};

/// `tokio_util`'s codec over a `BytesMut` into which each chunk is copied.
#[inline(never)]
pub fn length_delimited(chunks: &[&[u8]]) -> (usize, u64) {
    let mut codec = LengthDelimitedCodec::builder()
        .length_field_length(2)
        .num_skip(0)
        .max_frame_length(65535)
        .new_codec();
    let mut buffer = BytesMut::new();
    let (mut frames, mut touched) = (0, 0);
    for chunk in chunks {
        buffer.extend_from_slice(chunk);
        while let Ok(Some(frame)) = codec.decode(&mut buffer) {
            frames += 1;
            touched += u64::from(frame[frame.len() - 1]);
        }
    }
    (frames, touched)
}

/// No framing at all: copies the chunks.
#[inline(never)]
pub fn copy(chunks: &[&[u8]], into: &mut Vec<u8>) -> usize {
    for chunk in chunks {
        into.clear();
        into.extend_from_slice(chunk);
        black_box(&into);
    }
    into.len()
}
