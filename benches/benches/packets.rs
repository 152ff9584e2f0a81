//! What generated code costs whoever compiles it: the time of `cargo check` and the size of a program.

use packet_benches::schema;
use packetc::backend::rust;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

/// Packets of the schema whose cost is shown; that of a schema with one packet is taken away.
const PACKETS: usize = 200;
const RUNS: usize = 5;

/// Uses every packet of the protocol, read and written.
const MAIN: &str = "
mod big;

use packet_runtime::Encode;
use std::io::Read;

fn main() {
    let mut input = Vec::new();
    std::io::stdin().read_to_end(&mut input).unwrap();
    let view = big::PacketView::parse(&input).unwrap();
    println!(\"{view:?}\");
    let packet = big::Packet::from(view);
    println!(\"{packet:?} {:?}\", packet.to_vec());
}
";

fn main() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packets");
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packet-runtime");
    fs::create_dir_all(folder.join("src")).expect("a folder can be made");
    let manifest = format!(
        "[workspace]\n[package]\nname = \"packets\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [dependencies]\npacket-runtime = {{ path = {runtime:?}, features = [\"std\"] }}\n\
         [profile.release]\nstrip = true\n"
    );
    write(&folder.join("Cargo.toml"), &manifest);

    // The first build is that of the runtime as well.
    let base = generated(&folder, 1);
    cargo(&folder, &["check"]);
    cargo(&folder, &["build", "--release"]);
    let base_size = size(&folder);
    let base_time = checked(&folder);

    let bytes = generated(&folder, PACKETS);
    let time = checked(&folder);
    let built = Instant::now();
    cargo(&folder, &["build", "--release"]);
    let built = built.elapsed();
    let added = size(&folder).saturating_sub(base_size);

    let more = (PACKETS - 1) as f64;
    println!("{PACKETS} packets of ten fields, against one:");
    println!(
        "generated code   {} bytes, {:.1} KB a packet",
        bytes,
        bytes.saturating_sub(base) as f64 / more / 1e3
    );
    println!(
        "cargo check      {:.2} s against {:.2} s, {:.1} ms a packet",
        time.as_secs_f64(),
        base_time.as_secs_f64(),
        time.saturating_sub(base_time).as_secs_f64() * 1e3 / more
    );
    println!("release build    {:.1} s", built.as_secs_f64());
    println!(
        "size of program  {base_size} bytes, and {:.1} KB more a packet",
        added as f64 / more / 1e3
    );
}

/// Writes the code for `packets` packets, and returns how long it is.
fn generated(folder: &Path, packets: usize) -> usize {
    let compiled = packet_schema::compile(&schema(packets)).expect("the schema is right");
    let files = rust::generate(&compiled.layout, &rust::Options::default());
    write(&folder.join("src/big.rs"), &files[0].contents);
    write(&folder.join("src/main.rs"), MAIN);
    files[0].contents.len()
}

/// The middle time of `cargo check` of this crate alone.
fn checked(folder: &Path) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            // Newer than what was checked.
            write(&folder.join("src/main.rs"), MAIN);
            let start = Instant::now();
            cargo(folder, &["check"]);
            start.elapsed()
        })
        .collect();
    times.sort();
    times[RUNS / 2]
}

fn cargo(folder: &Path, arguments: &[&str]) {
    let status = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--quiet", "--target-dir", "target"])
        .current_dir(folder)
        // What cargo tells a benchmark about itself is not for others.
        .env_remove("CARGO_TARGET_DIR")
        .status()
        .expect("cargo can be started");
    assert!(status.success(), "cargo {arguments:?} failed");
}

fn size(folder: &Path) -> usize {
    let program: PathBuf = folder
        .join("target/release")
        .join(format!("packets{}", env::consts::EXE_SUFFIX));
    let metadata = fs::metadata(program).expect("the program was built");
    usize::try_from(metadata.len()).expect("programs are smaller than memory")
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("the folder can be written to");
}
