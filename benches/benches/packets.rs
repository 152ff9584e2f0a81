//! What generated code costs whoever compiles it: the time of `cargo check` and of an optimised build, and the size
//! of a program.

use packet_benches::schema;
use packetc::backend::rust;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

/// Packets of the schema whose cost is shown; that of a schema with one packet is taken away.
const PACKETS: usize = 200;
/// Structs with `#[derive(Packet)]`; the time of the same ones without is taken away.
const DERIVED: usize = 100;
const RUNS: usize = 5;

/// Uses every packet of the protocol, read and written.
const MAIN: &str = "
mod protocol;

use packet_runtime::Encode;
use std::io::Read;

fn main() {
    let mut input = Vec::new();
    std::io::stdin().read_to_end(&mut input).unwrap();
    let view = protocol::PacketView::parse(&input).unwrap();
    println!(\"{view:?}\");
    let packet = protocol::Packet::from(view);
    println!(\"{packet:?} {:?}\", packet.to_vec());
}
";

fn main() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packets");
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::create_dir_all(folder.join("src")).expect("a folder can be made");
    let manifest = format!(
        "[workspace]\n[package]\nname = \"packets\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [dependencies]\npacket-runtime = {{ path = {:?}, features = [\"std\"] }}\n\
         packet-derive = {{ path = {:?} }}\n\
         [profile.release]\nstrip = true\n",
        home.join("packet-runtime"),
        home.join("packet-derive"),
    );
    write(&folder.join("Cargo.toml"), &manifest);
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock")).expect("the folder can be written to");

    // The first builds are those of the dependencies as well.
    let base = generated(&folder, &schema(1));
    cargo(&folder, &["check"]);
    cargo(&folder, &["build", "--release"]);
    let base_size = size(&folder);
    let base_time = timed(&folder, RUNS, &["check"]);

    let bytes = generated(&folder, &schema(PACKETS));
    let time = timed(&folder, RUNS, &["check"]);
    let built = timed(&folder, 1, &["build", "--release"]);
    let added = size(&folder).saturating_sub(base_size);

    let more = (PACKETS - 1) as f64;
    println!("{PACKETS} packets of ten fields, against one:");
    println!(
        "generated code   {bytes} bytes, {:.1} KB a packet",
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

    let game = fs::read_to_string(home.join("schemas/game.yaml")).expect("the schema is there");
    let bytes = generated(&folder, &game);
    let packets = compiled(&game).packets.len();
    println!("\nschemas/game.yaml, {packets} packets:");
    println!("generated code   {bytes} bytes");
    let time = timed(&folder, RUNS, &["check"]);
    println!("cargo check      {:.2} s (limit 1.5 s)", time.as_secs_f64());
    let built = timed(&folder, RUNS, &["build", "--release"]);
    println!("release build    {:.2} s (limit 4 s)", built.as_secs_f64());
    write(
        &folder.join("src/main.rs"),
        "fn main() { println!(\"{:?}\", std::env::args()); }",
    );
    let game = size(&folder);
    cargo(&folder, &["build", "--release"]);
    let added = game.saturating_sub(size(&folder));
    println!(
        "size of program  {game} bytes, {:.1} KB a packet",
        added as f64 / packets as f64 / 1e3
    );

    let time = |derive| {
        write(&folder.join("src/main.rs"), &structs(derive));
        timed(&folder, RUNS, &["check"])
    };
    let (without, with) = (time(false), time(true));
    println!("\n{DERIVED} structs of ten fields with `#[derive(Packet)]`:");
    println!(
        "cargo check      {:.2} s against {:.2} s without, {:.1} ms a struct (limit 30 ms)",
        with.as_secs_f64(),
        without.as_secs_f64(),
        with.saturating_sub(without).as_secs_f64() * 1e3 / DERIVED as f64
    );
}

/// A program of structs with or without the derive.
fn structs(derive: bool) -> String {
    let mut text = "#![allow(dead_code)]\nfn main() {}\n".to_owned();
    for number in 0..DERIVED {
        let (traits, packet, finite, length, least) = if derive {
            (
                "packet_derive::Packet, ",
                format!("#[packet(id = {number})]\n"),
                "#[packet(finite)] ",
                "#[packet(len = \"u8\")] ",
                "#[packet(range = 1..=10)] ",
            )
        } else {
            ("", String::new(), "", "", "")
        };
        text.push_str(&format!(
            "#[derive({traits}Clone, Debug, PartialEq)]\n{packet}pub struct Packet{number} {{\n\
             a: u32, b: u16, {least}c: u8, d: bool, {finite}x: f32, {finite}y: f32, e: u64,\n\
             {length}name: String, {length}data: Vec<u8>, {length}list: Vec<u16>,\n}}\n"
        ));
    }
    text
}

fn compiled(schema: &str) -> packet_schema::layout::Layout {
    packet_schema::compile(schema)
        .expect("the schema is right")
        .layout
}

/// Writes the code for a schema and a program that uses it, and returns how long the code is.
fn generated(folder: &Path, schema: &str) -> usize {
    let files = rust::generate(&compiled(schema), &rust::Options::default());
    write(&folder.join("src/protocol.rs"), &files[0].contents);
    write(&folder.join("src/main.rs"), MAIN);
    files[0].contents.len()
}

/// The middle time of what cargo does with this crate alone.
fn timed(folder: &Path, runs: usize, arguments: &[&str]) -> Duration {
    let main = folder.join("src/main.rs");
    let text = fs::read_to_string(&main).expect("it was written");
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            // Newer than what was built.
            write(&main, &text);
            let start = Instant::now();
            cargo(folder, arguments);
            start.elapsed()
        })
        .collect();
    times.sort();
    times[runs / 2]
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
