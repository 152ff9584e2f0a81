//! Times of cutting frames: 512 KiB again and again come from cache, 64 MiB from memory.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use packet_framing::{Row, by_hand, copy, length_delimited, reassemble};
use std::hint::black_box;
use std::time::Duration;

fn framing(c: &mut Criterion) {
    for (total, place) in [(512 << 10, "cache"), (64 << 20, "memory")] {
        for row in Row::all(total) {
            let chunks = row.chunks();
            let mut group =
                c.benchmark_group(format!("{}, chunks of {}, {place}", row.frames, row.chunks));
            group
                .throughput(Throughput::Elements(row.count as u64))
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

/// A peer that sends one byte at a time.
fn dribble(c: &mut Criterion) {
    for frames in Row::all(1 << 20).iter().step_by(2) {
        let bytes = frames.bytes_alone();
        let mut group = c.benchmark_group(format!("{}, a byte at a time", frames.frames));
        group
            .throughput(Throughput::Elements(bytes.len() as u64))
            .sample_size(10)
            .warm_up_time(Duration::from_millis(300))
            .measurement_time(Duration::from_secs(1));
        group.bench_function("reassembler", |b| b.iter(|| reassemble(black_box(&bytes))));
        group.bench_function("by hand", |b| b.iter(|| by_hand(black_box(&bytes))));
        group.finish();
    }
}

criterion_group!(benches, framing, dribble);
criterion_main!(benches);
