//! Nothing that reads or writes a packet of fixed size can panic: the compiler has left no call of what panics
//! in the optimised code of `parse`, of the getters and of `encode_into`, nor in what they call, be it to make an error.
//!
//! The code of some schemas is compiled to assembly, together with the runtime, behind a function each. Every function
//! that one of those mentions is followed.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packetc::backend::rust::{Options, generate};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

const SCHEMAS: &[&str] = &["quickstart", "game", "inet"];

/// What the names of all functions contain that the compiler puts in where a panic is possible.
const PANICS: &[&str] = &["panic", "_fail"];

/// A function that panics, to show that one is found.
const INDEXED: &str = "
#[inline(never)]
pub fn wrapped_indexed(bytes: &[u8], at: usize) -> u8 {
    bytes[at]
}
";

/// Functions around what all packets and structs of fixed size in generated code have.
fn wrappers(module: &str, code: &str) -> String {
    let mut wrappers = String::new();
    // A part for each struct; what is in front of the first is no struct's.
    for part in code.split("static SHAPE: rt::Shape = rt::shape(").skip(1) {
        let Some((before, behind)) = part.split_once("rt::View<'a> for ") else {
            continue;
        };
        let number = |name: &str| {
            let (_, value) = behind.split_once(name)?;
            let digits = |character: char| !character.is_ascii_digit();
            let value = value.trim_start_matches(digits);
            value.split(digits).next()
        };
        let is_fixed =
            number("const MIN_LEN: usize = ") == number("const MAX_LEN: Option<usize> = ");
        if !is_fixed {
            continue;
        }
        let (view, _) = behind.split_once("<'a>").unwrap();
        let (_, owned) = part
            .split_once(&format!("impl<'a> From<{view}<'a>> for "))
            .unwrap();
        let (owned, _) = owned.split_once(' ').unwrap();
        writeln!(
            wrappers,
            "
#[inline(never)]
pub fn wrapped_parse_{module}_{owned}(bytes: &[u8]) -> Result<{module}::{view}<'_>, packet_runtime::DecodeError> {{
    packet_runtime::View::parse(bytes)
}}

#[inline(never)]
pub fn wrapped_encode_{module}_{owned}(packet: &{module}::{owned}, buffer: &mut [u8]) -> Result<usize, packet_runtime::EncodeError> {{
    packet_runtime::Encode::encode_into(packet, buffer)
}}"
        )
        .unwrap();
        let getters = before.split("pub fn ").skip(1);
        for getter in getters.filter_map(|text| text.split_once("(&self)")) {
            let (name, ty) = getter;
            // Associated functions are in front of that too.
            if !ty.starts_with(" -> ") || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            writeln!(
                wrappers,
                "
#[inline(never)]
pub fn wrapped_getter_{module}_{owned}_{name}(view: &{module}::{view}<'_>) {{
    std::hint::black_box(view.{name}());
}}"
            )
            .unwrap();
        }
    }
    wrappers
}

/// The assembly of the code of all schemas and of the runtime.
fn assembly() -> Vec<String> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixed-packets");
    let source = folder.join("src");
    std::fs::create_dir_all(&source).unwrap();
    let mut main = INDEXED.to_owned();
    for name in SCHEMAS {
        let schema = package.join(format!("../schemas/{name}.yaml"));
        let schema = std::fs::read_to_string(schema).unwrap();
        let layout = packet_schema::compile(&schema).unwrap().layout;
        let code = &generate(&layout, &Options::default())[0].contents;
        std::fs::write(source.join(format!("{name}.rs")), code).unwrap();
        writeln!(main, "pub mod {name};{}", wrappers(name, code)).unwrap();
    }
    std::fs::write(source.join("lib.rs"), main).unwrap();
    let runtime = package.join("../packet-runtime").display().to_string();
    let manifest = format!(
        "[workspace]\n[package]\nname = \"fixed-packets\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [dependencies]\npacket-runtime = {{ path = {runtime:?}, features = [\"alloc\"] }}\n\
         [profile.release]\ncodegen-units = 1\n"
    );
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    std::fs::copy(package.join("../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let target = folder.join("target");
    let dependencies = target.join("release").join("deps");
    // What an earlier run has left there is of other code.
    let _ = std::fs::remove_dir_all(&dependencies);
    let output = Command::new(env!("CARGO"))
        .args(["build", "--release", "--offline", "--quiet"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTFLAGS", "--emit=asm")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let files = std::fs::read_dir(dependencies).unwrap();
    let files = files.map(|file| file.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|found| found == "s"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

/// The symbols that each function mentions.
fn mentions(assembly: &[String]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut functions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in assembly.iter().flat_map(|file| file.lines()) {
        if let Some(label) = line.strip_suffix(':')
            && !label.starts_with('.')
        {
            functions.entry(label).or_default();
        }
    }
    let names: BTreeSet<&str> = functions.keys().copied().collect();
    let is_name = |character: char| character.is_alphanumeric() || "_.$".contains(character);
    for file in assembly {
        let mut function = None;
        for line in file.lines() {
            if line.trim_start().starts_with('.') && line.starts_with(char::is_whitespace) {
                continue; // tells the assembler something
            }
            match line.strip_suffix(':') {
                Some(label) if names.contains(label) => function = Some(label),
                _ => {
                    let symbols = line.split(|character| !is_name(character));
                    let symbols = symbols.filter(|symbol| symbol.len() > 3);
                    if let Some(found) = function.and_then(|name| functions.get_mut(name)) {
                        found.extend(symbols);
                    }
                }
            }
        }
    }
    functions
}

/// The way from a function to one that panics.
fn way_to_panic<'a>(
    functions: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    from: &'a str,
) -> Option<Vec<&'a str>> {
    let mut seen = BTreeSet::new();
    let mut ways = vec![vec![from]];
    while let Some(way) = ways.pop() {
        let last = *way.last()?;
        if PANICS.iter().any(|name| last.contains(name)) {
            return Some(way);
        }
        if !seen.insert(last) {
            continue;
        }
        for next in functions.get(last).into_iter().flatten() {
            let mut way = way.clone();
            way.push(next);
            ways.push(way);
        }
    }
    None
}

#[test]
fn packets_of_fixed_size_have_no_way_to_panic() {
    let assembly = assembly();
    let functions = mentions(&assembly);
    let wrapped = |kind: &str| {
        let kind = format!("wrapped_{kind}");
        let found = functions.keys().filter(move |name| name.contains(&kind));
        found.copied().collect::<Vec<_>>()
    };
    // Of functions with the same instructions the compiler leaves one.
    let (parse, getters) = (wrapped("parse"), wrapped("getter"));
    assert!(parse.len() > 3 && getters.len() > 10, "{getters:?}");
    let mut ways = String::new();
    for function in parse.iter().chain(&getters).chain(&wrapped("encode")) {
        if let Some(way) = way_to_panic(&functions, function) {
            writeln!(ways, "{}", way.join("\n    -> ")).unwrap();
        }
    }
    assert!(ways.is_empty(), "\n{ways}");

    // That one would be found.
    let [indexed] = wrapped("indexed")[..] else {
        panic!("the function that panics is missing");
    };
    assert!(way_to_panic(&functions, indexed).is_some());
}
