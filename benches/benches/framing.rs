//! Cutting frames out of chunks: the reassembler against `tokio_util`'s `LengthDelimitedCodec` and against
//! copying the same bytes.

use bytes::BytesMut;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use packet_runtime::{Reassembler, SizeHeader};
use std::hint::black_box;
use tokio_util::codec::{Decoder, LengthDelimitedCodec};

const FRAMING: SizeHeader = SizeHeader {
    header_len: 4,
    size_offset: 0,
    size_width: 2,
    little_endian: false,
    excluded: 0,
    max_len: 65535,
};

/// 512 KiB of frames whose sizes go through `sizes` again and again.
fn stream(sizes: impl Iterator<Item = u16> + Clone) -> (Vec<u8>, usize) {
    let mut bytes = Vec::new();
    let mut frames = 0;
    for size in sizes.cycle() {
        if bytes.len() + usize::from(size) > 512 << 10 {
            return (bytes, frames);
        }
        bytes.extend(size.to_be_bytes());
        bytes.resize(bytes.len() + usize::from(size) - 2, 0x5a);
        frames += 1;
    }
    unreachable!("the sizes go round for ever")
}

/// Chunk sizes from 1 to `largest`, the same in every run (a linear congruential generator).
fn chunks(bytes: &[u8], largest: usize) -> Vec<&[u8]> {
    let mut state = 1_u64;
    let mut rest = bytes;
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let size = if largest > 4096 {
            largest
        } else {
            (state >> 33) as usize % largest + 1
        };
        let (chunk, more) = rest.split_at(size.min(rest.len()));
        chunks.push(chunk);
        rest = more;
    }
    chunks
}

fn reassemble(chunks: &[&[u8]]) -> (usize, u64) {
    let mut reassembler = Reassembler::new(FRAMING);
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

fn length_delimited(chunks: &[&[u8]]) -> (usize, u64) {
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

fn copy(chunks: &[&[u8]], into: &mut Vec<u8>) -> usize {
    for chunk in chunks {
        into.clear();
        into.extend_from_slice(chunk);
        black_box(&into);
    }
    into.len()
}

fn framing(c: &mut Criterion) {
    let mixed = (0..97).map(|step| 20 + step * 15_u16);
    let streams: [(&str, Vec<u8>, usize); 3] = [
        ("20 bytes", stream([20].into_iter())),
        ("20 to 1500 bytes", stream(mixed)),
        ("16 KiB", stream([16384].into_iter())),
    ]
    .map(|(name, (bytes, frames))| (name, bytes, frames));
    for (name, bytes, frames) in &streams {
        for (largest, how) in [(4096, "chunks of 1 to 4096"), (65536, "chunks of 64 KiB")] {
            let chunks = chunks(bytes, largest);
            assert_eq!(reassemble(&chunks).0, *frames);
            assert_eq!(reassemble(&chunks), length_delimited(&chunks));
            let mut group = c.benchmark_group(format!("frames of {name}, {how}"));
            group.throughput(Throughput::Elements(*frames as u64));
            group.bench_function("reassembler", |b| b.iter(|| reassemble(black_box(&chunks))));
            group.bench_function("LengthDelimitedCodec", |b| {
                b.iter(|| length_delimited(black_box(&chunks)));
            });
            let mut buffer = Vec::with_capacity(65536);
            group.bench_function("memcpy", |b| {
                b.iter(|| copy(black_box(&chunks), &mut buffer))
            });
            group.finish();
        }
    }
}

criterion_group!(benches, framing);
criterion_main!(benches);
