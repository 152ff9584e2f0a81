//! Cutting frames out of chunks: the reassembler against a loop by hand, `tokio_util`'s `LengthDelimitedCodec`, and copying
//! the same bytes. 512 KiB again and again come from cache, 64 MiB from memory.

use bytes::BytesMut;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use packet_runtime::stream::ConstFraming;
use packet_runtime::{Reassembler, SizeHeader};
use std::hint::black_box;
use std::time::Duration;
use tokio_util::codec::{Decoder, LengthDelimitedCodec};

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

/// As many frames as fit in `total` bytes, whose sizes go through `sizes` again and again.
fn stream(total: usize, sizes: impl Iterator<Item = u16> + Clone) -> (Vec<u8>, usize) {
    let mut bytes = Vec::new();
    let mut frames = 0;
    for size in sizes.cycle() {
        if bytes.len() + usize::from(size) > total {
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

/// Frames that lie whole in a chunk are read there; what straddles two is put together in `tail`.
fn by_hand(chunks: &[&[u8]]) -> (usize, u64) {
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
    for (total, place) in [(512 << 10, "cache"), (64 << 20, "memory")] {
        let streams = [
            ("20 bytes", stream(total, [20].into_iter())),
            ("20 to 1460 bytes", stream(total, mixed.clone())),
            ("16 KiB", stream(total, [16384].into_iter())),
        ];
        for (name, (bytes, frames)) in &streams {
            for (largest, how) in [(4096, "chunks of 1 to 4096"), (65536, "chunks of 64 KiB")] {
                let chunks = chunks(bytes, largest);
                assert_eq!(reassemble(&chunks).0, *frames);
                assert_eq!(reassemble(&chunks), length_delimited(&chunks));
                assert_eq!(reassemble(&chunks), by_hand(&chunks));
                let mut group = c.benchmark_group(format!("{name}, {how}, {place}"));
                group
                    .throughput(Throughput::Elements(*frames as u64))
                    .sample_size(10)
                    .warm_up_time(Duration::from_millis(300))
                    .measurement_time(Duration::from_secs(1));
                group.bench_function("reassembler", |b| b.iter(|| reassemble(black_box(&chunks))));
                group.bench_function("by hand", |b| b.iter(|| by_hand(black_box(&chunks))));
                group.bench_function("LengthDelimitedCodec", |b| {
                    b.iter(|| length_delimited(black_box(&chunks)));
                });
                let mut buffer = Vec::with_capacity(65536);
                group.bench_function("memcpy", |b| {
                    b.iter(|| copy(black_box(&chunks), &mut buffer));
                });
                group.finish();
            }
        }
    }
}

criterion_group!(benches, framing);
criterion_main!(benches);
