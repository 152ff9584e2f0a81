//! What large schemas cost `packetc check` and `packetc generate`: time and memory, which must grow with the
//! schema and no faster. Every figure is of a process of its own, with the program's allocator.

use packet_benches::schema;
use packetc::backend::rust;
use std::process::Command;
use std::time::{Duration, Instant};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: [usize; 3] = [1_000, 3_000, 10_000];
/// Runs of each, of which the middle one by time is shown.
const RUNS: usize = 5;

/// What one run took.
struct Run {
    time: Duration,
    /// Bytes of the schema, or of the generated code.
    bytes: usize,
    /// Peak of the process's memory in KiB, where the system tells it.
    peak: Option<usize>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, one, stage, packets] = arguments.as_slice()
        && one == "--one"
    {
        let packets = packets.parse().expect("a number of packets");
        let (time, bytes) = run(stage, packets);
        println!("{} {bytes}", time.as_nanos());
        println!("{}", peak().map_or("?".to_owned(), |peak| peak.to_string()));
        return;
    }
    println!("             packets     total   a packet   peak memory   a packet   text");
    for stage in ["check", "generate"] {
        for packets in SIZES {
            let mut runs: Vec<Run> = (0..RUNS).map(|_| child(stage, packets)).collect();
            runs.sort_by_key(|run| run.time);
            let Run { time, bytes, peak } = &runs[RUNS / 2];
            let each = time.as_secs_f64() * 1e6 / packets as f64;
            let memory = peak.map_or("?".to_owned(), |peak| {
                let each = peak as f64 / packets as f64;
                format!("{:7.1} MiB   {each:4.1} KiB", peak as f64 / 1024.0)
            });
            println!(
                "{stage:12}{packets:8}  {:6.3} s  {each:6.1} µs   {memory}   {:.1} MB",
                time.as_secs_f64(),
                *bytes as f64 / 1e6
            );
        }
    }
}

/// Checks, or checks and generates, in this process.
fn run(stage: &str, packets: usize) -> (Duration, usize) {
    let text = schema(packets);
    let start = Instant::now();
    let compiled = packet_schema::compile(&text).expect("the schema is right");
    if stage == "check" {
        return (start.elapsed(), text.len());
    }
    drop(text);
    let files = rust::generate(&compiled.layout, &rust::Options::default());
    let bytes = files.iter().map(|file| file.contents.len()).sum();
    (start.elapsed(), bytes)
}

/// A run in a process of its own, so that the memory of others is not counted.
fn child(stage: &str, packets: usize) -> Run {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new(program)
        .args(["--one", stage, &packets.to_string()])
        .output()
        .expect("this program can be started");
    let text = String::from_utf8(output.stdout).expect("the child writes text");
    let mut words = text.split_whitespace();
    let mut number = || words.next()?.parse::<usize>().ok();
    Run {
        time: Duration::from_nanos(number().expect("a time") as u64),
        bytes: number().expect("a size"),
        peak: number(),
    }
}

/// The most memory that this process had, in KiB.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
