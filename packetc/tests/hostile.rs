//! Schemas that are meant to do harm: each gives a clear answer, soon and with little memory.
//!
//! The limits are those of a slow machine and an unoptimized program. What the optimized one takes is
//! measured by `cargo test --release -p packetc --test hostile -- --nocapture`, which uses inputs of a whole
//! mebibyte and prints the seconds of each.
#![cfg(unix)]
#![allow(clippy::print_stderr)] // what a run took is shown to who asks for it

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Bytes of an input.
const SIZE: usize = if cfg!(debug_assertions) {
    1 << 17
} else {
    1 << 20
};

/// Memory that the program may ask the system for, in KiB, with its code and its stack.
const MEMORY: usize = 160 << 10;

/// How long the program may take.
const TIME: Duration = Duration::from_secs(20);

/// Checks a file in a folder; gives the exit code and what was written.
fn run(folder: &Path, file: &str) -> (Option<i32>, String) {
    let output = fs::File::create(folder.join("output")).expect("a file for the output");
    let begun = Instant::now();
    let limited = format!("ulimit -v {MEMORY}; exec \"$0\" check \"$1\"");
    let mut child = Command::new("sh")
        .args(["-c", &limited, env!("CARGO_BIN_EXE_packetc"), file])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(output.try_clone().expect("one more handle"))
        .stderr(output)
        .spawn()
        .expect("a shell");
    let status = loop {
        if let Some(status) = child.try_wait().expect("it is our child") {
            break status;
        }
        if begun.elapsed() > TIME {
            // It may have ended by itself in this moment.
            let _ = child.kill();
            panic!("{file} takes more than {TIME:?}");
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    eprintln!("{:5.2} s {file}", begun.elapsed().as_secs_f64());
    let bytes = fs::read(folder.join("output")).expect("the output");
    let text = String::from_utf8(bytes).expect("the output is text");
    (status.code(), text)
}

/// What the program makes of a file: no code is all is well.
#[track_caller]
fn check(name: &str, text: impl AsRef<[u8]>, codes: &[&str]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("schema.yaml"), text).expect("a file");
    check_in(folder.path(), name, codes);
}

#[track_caller]
fn check_in(folder: &Path, name: &str, codes: &[&str]) {
    let renamed = format!("{name}.yaml");
    fs::rename(folder.join("schema.yaml"), folder.join(&renamed)).expect("the file is there");
    let (code, output) = run(folder, &renamed);
    let brief: String = output.chars().take(2000).collect();
    let expected = i32::from(!codes.is_empty());
    assert_eq!(code, Some(expected), "{name}: {brief}");
    for code in codes {
        assert!(
            output.contains(&format!("[{code}]: ")),
            "{name} has no {code}: {brief}"
        );
    }
    assert!(output.len() < 200_000, "{name} says {} bytes", output.len());
    let odd = output.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(odd, None, "{name}: {brief}");
}

/// So often `text` that it is an input.
fn many(text: &str) -> String {
    text.repeat(SIZE / text.len())
}

/// A section of so many `entries` that it is an input.
fn section(head: &str, entry: impl Fn(usize) -> String) -> String {
    let mut text = format!("protocol: p\n{head}\n");
    for number in 0.. {
        if text.len() >= SIZE {
            break;
        }
        text.push_str(&entry(number));
    }
    text
}

#[test]
fn yaml_of_one_thing() {
    for (name, text, code) in [
        ("brackets", "[", "P0101"),
        ("braces", "{", "P0101"),
        ("dashes", "- ", "P0102"),
        ("dash lines", "-\n", "P0104"),
        ("questions", "? ", "P0102"),
        ("colons", ": ", "P0102"),
        ("maps in maps", "{a: ", "P0101"),
        ("pairs of brackets", "[]", "P0101"),
        ("quotes", "\"", "P0101"),
        ("apostrophes", "'", "P0104"),
        ("anchors", "&a ", "P0103"),
        ("bangs", "!", "P0101"),
        ("tags", "!a ", "P0103"),
        ("documents", "---\n", "P0103"),
        ("ends", "...\n", "P0101"),
        ("directives", "%A b\n", "P0101"),
        ("tabs", "\t", "P0101"),
        ("spaces", " ", "P0101"),
        ("lines", "\n", "P0101"),
        ("carriage returns", "\r", "P0101"),
        ("lines of Windows", "\r\n", "P0101"),
        ("NULs", "\0", "P0101"),
        ("byte order marks", "\u{feff}", "P0101"),
        ("complex keys", "? [a, b]\n: c\n", "P0105"),
        ("nulls", "- ~\n", "P0104"),
        ("the same key", "a: 1\n", "P0102"),
    ] {
        check(name, many(text), &[code]);
    }
    check("comments", section("# c", |_| "# c\n".to_owned()), &[]);
    check(
        "a list of aliases",
        format!("[{}]", many("*a,")),
        &["P0103"],
    );
    check("a list of letters", format!("[{}]", many("a,")), &["P0104"]);
    check("a list of lists", format!("[{}]", many("[],")), &["P0104"]);
    check("a list of nothing", format!("[{}]", many(",")), &["P0101"]);
    check(
        "steps",
        (0..1400)
            .map(|at| " ".repeat(at) + "a:\n")
            .collect::<String>(),
        &["P0102"],
    );
    let laughs: Vec<String> = (0..9)
        .map(|at| {
            format!(
                "a{}: &a{} [{}]\n",
                at + 1,
                at + 1,
                format!("*a{at},").repeat(9)
            )
        })
        .collect();
    check(
        "a billion laughs",
        format!("protocol: p\na0: &a0 [x]\n{}", laughs.concat()),
        &["P0103"],
    );
    check("a merge", "<<: { a: b }\nprotocol: p\n", &["P0107"]);
}

#[test]
fn long_texts() {
    let long = "a".repeat(SIZE);
    let digits = "9".repeat(SIZE);
    let field =
        |ty: &str| format!("protocol: p\npackets: {{ P: {{ fields: [a: u8, b: \"{ty}\"] }} }}");
    check("a key", format!("{long}: b"), &["P0101"]);
    check("a name", format!("protocol: {long}"), &["P0201"]);
    check(
        "a type",
        format!("protocol: p\ntypes: {{ T: {long} }}"),
        &["P0205"],
    );
    check(
        "a description",
        format!("protocol: p\ndoc: \"{}\"", many("x ")),
        &[],
    );
    check("a block", section("doc: |", |_| "  x\n".to_owned()), &[]);
    check("a quote without an end", format!("a: \"{long}"), &["P0101"]);
    check(
        "escapes",
        format!("protocol: \"{}\"", many("\\x41")),
        &["P0201"],
    );
    check(
        "longer than it is written",
        format!("protocol: p\ntypes: {{ T: \"{}\" }}", many("\\L")),
        &["P0109"],
    );
    check(
        "digits",
        format!("protocol: p\nversion: {digits}"),
        &["P0114"],
    );
    check(
        "an exponent",
        format!("protocol: p\nversion: 1e{digits}"),
        &["P0114"],
    );
    check(
        "hexadecimal digits",
        format!("protocol: p\nversion: 0x{}", many("f")),
        &["P0114"],
    );
    check(
        "a range",
        format!("protocol: p\ntypes: {{ T: {{ type: u8, range: 1..={digits} }} }}"),
        &["P0116"],
    );
    check("a count", field(&format!("bytes[{digits}]")), &["P0108"]);
    check(
        "a sum",
        field(&format!("bytes[{}1]", many("a+"))),
        &["P0108"],
    );
    check(
        "parentheses",
        field(&format!("bytes[{}", many("("))),
        &["P0108"],
    );
    check(
        "minuses",
        field(&format!("bytes[{}", many("-"))),
        &["P0108"],
    );
    check(
        "an import",
        format!("protocol: p\nimports: {{ a: {}a }}", many("a/")),
        &["P0120"],
    );
    let hex = format!(
        "protocol: p\npackets: {{ P: {{ fields: [a: 'bytes[]'], vectors: [{{ name: a, hex: '{}', value: {{}} }}] }} }}",
        many("00")
    );
    check("a vector", hex, &["P0603"]);
}

#[test]
fn many_things() {
    let list =
        |entry: &dyn Fn(usize) -> String| (0..SIZE / 12).map(entry).collect::<Vec<_>>().join(", ");
    let fields = |entry: &dyn Fn(usize) -> String| {
        format!(
            "protocol: p\ntypes: {{ A: {{ struct: [{}] }} }}",
            list(entry)
        )
    };
    check(
        "unknown keys",
        section("x:", |at| format!("k{at}: 1\n")),
        &["P0107", "P0102"],
    );
    check(
        "unknown keys in a line",
        format!("{{ {} }}", list(&|at| format!("a{at}: 1"))),
        &["P0107", "P0102"],
    );
    check(
        "the same type",
        section("types:", |_| "  T: u8\n".to_owned()),
        &["P0106", "P0102"],
    );
    check(
        "aliases",
        section("types:", |at| format!("  T{at}: u8\n")),
        &[],
    );
    check(
        "unknown types",
        section("types:", |at| format!("  Abcdefgh{at}: Stuvwxyz{at}\n")),
        &["P0205", "P0102"],
    );
    check(
        "a chain of aliases",
        section("types:", |at| format!("  T{at}: T{}\n", at + 1)),
        &["P0211", "P0102"],
    );
    check(
        "a circle of aliases",
        section("types:", |at| format!("  T{at}: T{}\n", (at + 1) % 5000)),
        &["P0211", "P0102"],
    );
    check("fields", fields(&|at| format!("a{at}: u8")), &["P0321"]);
    check(
        "fields of one name",
        fields(&|_| "a: u8".to_owned()),
        &["P0321"],
    );
    check("bits", fields(&|at| format!("a{at}: u1")), &["P0321"]);
    check(
        "unknown lengths",
        fields(&|at| format!("a{at}: 'bytes[b{at}]'")),
        &["P0321"],
    );
    let most: Vec<String> = (0..4000)
        .map(|at| format!("a{at}: 'bytes[b{at}]'"))
        .collect();
    check(
        "as many unknown lengths as can be",
        format!(
            "protocol: p\ntypes: {{ A: {{ struct: [{}] }} }}",
            most.join(", ")
        ),
        &["P0401", "P0102"],
    );
    let values = list(&|at| format!("a{at}: {at}"));
    check(
        "values",
        format!("protocol: p\ntypes: {{ A: {{ enum: u32, values: {{ {values} }} }} }}"),
        &[],
    );
    check(
        "values that do not fit",
        format!("protocol: p\ntypes: {{ A: {{ enum: u8, values: {{ {values} }} }} }}"),
        &["P0207", "P0102"],
    );
    let same = list(&|at| format!("a{at}: 1"));
    check(
        "the same value",
        format!("protocol: p\ntypes: {{ A: {{ enum: u32, values: {{ {same} }} }} }}"),
        &["P0206", "P0102"],
    );
    let cases = list(&|at| format!("{at}: u8"));
    check(
        "cases",
        format!(
            "protocol: p\npackets: {{ P: {{ fields: [t: u32, v: {{ match: t, cases: {{ {cases} }} }}] }} }}"
        ),
        &["P0321"],
    );
    check(
        "groups",
        section("groups:", |at| {
            format!("  g{at}: {}..={}\n", 10 * at, 10 * at + 5)
        }),
        &[],
    );
    check(
        "groups that overlap",
        section("groups:", |at| format!("  g{at}: 1..=2\n")),
        &["P0509", "P0102"],
    );
    check(
        "vectors",
        section("packets:\n  P:\n    fields: [a: u8]\n    vectors:", |_| {
            "      - { name: a, hex: \"01\", value: { a: 0 } }\n".to_owned()
        }),
        &["P0601", "P0102"],
    );
    let header: Vec<String> = (0..4000).map(|at| format!("h{at}: u8")).collect();
    let framing = format!(
        "framing: {{ header: [size: {{ type: u16, role: size }}, {}] }}\npackets:",
        header.join(", ")
    );
    check(
        "headers",
        section(&framing, |at| format!("  P{at}: {{}}\n")),
        &["P0102"],
    );
    check(
        "imports",
        section("imports:", |at| format!("  a{at}: none{at}.yaml\n")),
        &["P0121", "P0102"],
    );
    check(
        "unknown imports",
        section("types:", |at| format!("  T{at}: i{at}.X\n")),
        &["P0901", "P0102"],
    );
    let nested: Vec<String> = (0..13)
        .map(|at| {
            let fields: Vec<String> = (0..50)
                .map(|field| format!("a{field}: T{}", at + 1))
                .collect();
            format!("  T{at}: {{ struct: [{}] }}\n", fields.join(", "))
        })
        .collect();
    check(
        "structs that grow",
        format!(
            "protocol: p\ntypes:\n{}  T13: {{ struct: [a: 'bytes[65536]'] }}\n",
            nested.concat()
        ),
        &["P0321"],
    );
}

#[test]
fn bytes_that_are_no_text_and_ends_of_lines() {
    let utf16 = |text: &str, big: bool| -> Vec<u8> {
        let units = std::iter::once('\u{feff}')
            .chain(text.chars())
            .map(|c| c as u16);
        units
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    };
    check(
        "UTF-16 of Windows",
        utf16("protocol: p\n", false),
        &["P0123"],
    );
    check("UTF-16", utf16("protocol: p\n", true), &["P0123"]);
    check("much UTF-16", utf16(&many("a: b\n"), false), &["P0123"]);
    check(
        "UTF-16 without a mark",
        &utf16("protocol: p\n", false)[2..],
        &["P0101"],
    );
    check("Latin-1", b"protocol: caf\xe9\n", &["P0123"]);
    check("no UTF-8", vec![0xff; SIZE], &["P0123"]);
    check(
        "half a character",
        [many("#").as_bytes(), b"\xc3"].concat(),
        &["P0123"],
    );
    check("a surrogate", b"protocol: p\n# \xed\xa0\x80\n", &["P0123"]);
    check("a mark", "\u{feff}protocol: p\ntypes: { A: u8 }\n", &[]);
    check(
        "ends of Windows",
        "protocol: p\r\ntypes:\r\n  A: u8\r\n",
        &[],
    );
    check("ends of old", "protocol: p\rtypes:\r  A: u8\r", &[]);
    check(
        "a problem behind ends of old",
        "protocol: p\rtypes:\r  A: u9x\r",
        &["P0205"],
    );
    check("a tab", "protocol: p\ntypes:\n\tA: u8\n", &["P0101"]);
    check(
        "control characters",
        "protocol: \"\\e[31mred\\a\\b\\r\"\nversion: \"\\e]0;x\\a\"\n",
        &["P0201", "P0114"],
    );
    check(
        "a raw control character",
        "protocol: p\n# \u{1b}[31m\ntypes: { A: x }\n",
        &["P0101"],
    );
    check(
        "turned text",
        "protocol: p\ntypes: { \"\u{202e}abc\u{2066}\": u8 }\n",
        &["P0201"],
    );
}

#[test]
fn imports_that_lead_astray() {
    let importing = |path: &str| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let text = format!("protocol: p\nimports: {{ a: {path:?} }}\ntypes: {{ T: a.T }}\n");
        fs::write(folder.path().join("schema.yaml"), text).expect("a file");
        folder
    };
    for path in [
        "../a.yaml",
        "/dev/zero",
        "/etc/passwd",
        "~/a.yaml",
        "a/../../b",
        "file:///etc/passwd",
        "C:\\a",
        ".",
        "",
    ] {
        check_in(importing(path).path(), "path", &["P0120"]);
    }
    for path in ["none.yaml", "folder"] {
        let folder = importing(path);
        fs::create_dir(folder.path().join("folder")).expect("a folder");
        check_in(folder.path(), "main", &["P0121"]);
    }
    for target in [
        "/dev/zero",
        "/dev/stdin",
        "/etc/passwd",
        "..",
        ".",
        "link.yaml",
    ] {
        let folder = importing("link.yaml");
        std::os::unix::fs::symlink(target, folder.path().join("link.yaml")).expect("a link");
        check_in(folder.path(), "main", &["P0121"]);
    }
    let folder = importing("pipe.yaml");
    let made = Command::new("mkfifo")
        .arg(folder.path().join("pipe.yaml"))
        .status();
    assert!(made.expect("mkfifo runs").success());
    check_in(folder.path(), "main", &["P0121"]);
    let folder = importing("itself.yaml");
    check_in(folder.path(), "itself", &["P0122"]);
    let folder = importing("large.yaml");
    fs::write(folder.path().join("large.yaml"), vec![b'#'; (16 << 20) + 1]).expect("a file");
    check_in(folder.path(), "main", &["P0102"]);
}
