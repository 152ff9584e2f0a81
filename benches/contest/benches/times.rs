//! Times of the contest. Prints medians as Markdown in the end, also of what was measured before.
//!
//! `cargo bench -p packet-contest --bench times -- Chat/decode` measures what the words match.

use criterion::Criterion;
use packet_contest::eighth::{self, Logins, Way};
use packet_contest::{Aligned, Contender, Operation, Packet, Run, Sum, all, table};
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;
use std::{env, fs};

struct Times(Criterion);

impl Run for Times {
    fn pair<P: Packet, C: Contender<P>>(&mut self) {
        let mut buffer = Aligned::new();
        let mut value = C::value(P::sample());
        let mut input = Aligned::new();
        let encoded = C::encode(&mut value, &mut buffer.0).expect("it can be encoded");
        input.0[..encoded.len()].copy_from_slice(encoded);
        let bytes = &input.0[..encoded.len()];
        for operation in C::OPERATIONS {
            let mut group = self
                .0
                .benchmark_group(format!("{}/{}", P::NAME, operation.name()));
            match operation {
                Operation::Encode => group.bench_function(C::NAME, |b| {
                    b.iter(|| {
                        let encoded = C::encode(black_box(&mut value), black_box(&mut buffer.0));
                        black_box(encoded.map(<[u8]>::len))
                    });
                }),
                Operation::Decode => group.bench_function(C::NAME, |b| {
                    b.iter(|| {
                        let mut sum = Sum::default();
                        C::decode(black_box(bytes), &mut sum).map(|()| sum.0)
                    });
                }),
                Operation::One => group.bench_function(C::NAME, |b| {
                    b.iter(|| C::one(black_box(bytes)));
                }),
            };
            group.finish();
        }
    }
}

fn main() {
    let criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(700))
        .sample_size(30)
        .without_plots()
        .configure_from_args();
    let mut times = Times(criterion);
    all(&mut times);
    let logins = Logins::new();
    for way in Way::ALL {
        let mut group = times.0.benchmark_group("8th server");
        group.bench_function(way.name(), |b| b.iter(|| logins.go(*way)));
        group.finish();
    }
    times.0.final_summary();
    println!("{}", table::print(median, |time| format!("{time:.1} ns")));
    let eighth = |way: &str| estimate("8th server", way);
    println!("{}", eighth::print(eighth, |time| format!("{time:.1} ns")));
}

/// The median that criterion wrote down last.
fn median(packet: &str, contender: &str, operation: Operation) -> Option<f64> {
    estimate(&format!("{packet}_{}", operation.name()), contender)
}

fn estimate(group: &str, function: &str) -> Option<f64> {
    let home = env::var_os("CRITERION_HOME").map_or_else(
        || {
            let target = env::var_os("CARGO_TARGET_DIR").map(Into::into);
            target
                .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"))
                .join("criterion")
        },
        Into::into,
    );
    let file = home.join(group).join(function).join("new/estimates.json");
    let text = fs::read_to_string(file).ok()?;
    let (_, median) = text.split_once("\"median\":")?;
    let (_, value) = median.split_once("\"point_estimate\":")?;
    value.split([',', '}']).next()?.parse().ok()
}
