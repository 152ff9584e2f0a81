//! Lists the pages of `docs/errors` for `packetc explain`, so that a new one is put nowhere else.

use std::io::Write;
use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    // Asked when it runs: another checkout may use what was compiled for this one.
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let folder = package.join("../docs/errors");
    writeln!(
        io::stdout(),
        "cargo::rerun-if-changed=embed_pages.rs\ncargo::rerun-if-changed={}",
        folder.display()
    )?;
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("pages.rs");
    let mut pages = Vec::new();
    // Build scripts of others use the library, which explains nothing.
    if env::var_os("CARGO_FEATURE_CLI").is_some() {
        for entry in fs::read_dir(&folder)? {
            pages.push(entry?.path());
        }
    }
    pages.sort();
    let list = pages.iter().fold(String::new(), |list, page| {
        list + &format!("include_str!({:?}),\n", page.display().to_string())
    });
    fs::write(out, format!("&[\n{list}]\n"))
}
