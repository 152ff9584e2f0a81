//! Whatever schema the compiler accepts, the code generated from it compiles without a warning.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_schema::compile;
use packet_tests::schemas::schema;
use packetc::backend::rust::{Options, generate};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// Schemas with plain names, and as many with hostile ones. Few enough for the compiler to need seconds.
const SCHEMAS: u64 = 12;

#[test]
fn generated_code_compiles_without_warnings() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random-schemas");
    let source = folder.join("src");
    std::fs::create_dir_all(&source).unwrap();
    let mut modules = "//! Generated code.\n".to_owned();
    for seed in 1..=2 * SCHEMAS {
        let text = schema(seed, seed > SCHEMAS);
        let layout = compile(&text)
            .unwrap_or_else(|problems| panic!("{seed}: {problems:#?}"))
            .layout;
        let files = generate(&layout, &Options::default());
        std::fs::write(source.join(format!("m{seed}.rs")), &files[0].contents).unwrap();
        std::fs::write(source.join(format!("m{seed}.yaml")), text).unwrap();
        writeln!(modules, "pub mod m{seed};").unwrap();
    }
    std::fs::write(source.join("lib.rs"), modules).unwrap();
    let runtime = package.join("../packet-runtime");
    let manifest = format!(
        "[workspace]\n[package]\nname = \"random-schemas\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [dependencies]\npacket-runtime = {{ path = {runtime:?}, features = [\"alloc\", \"crc\"] }}\n"
    );
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    std::fs::copy(package.join("../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("RUSTFLAGS", "-D warnings")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "in {}:\n{}",
        folder.display(),
        String::from_utf8_lossy(&output.stderr)
    );
}
