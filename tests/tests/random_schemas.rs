//! Whatever schema the compiler accepts, the code generated from it compiles without a warning, and does
//! with bytes what the dynamic codec does with them.
//!
//! `PACKETC_RANDOM_SCHEMAS` sets how many schemas are tried, and `PACKETC_RANDOM_SEED` with which one they begin.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_schema::codec::encode;
use packet_schema::compile;
use packet_schema::layout::{Layout, StructId};
use packet_schema::value::{Value, to_hex};
use packet_tests::codecs::dynamic_again;
use packet_tests::random::Random;
use packet_tests::schemas::schema;
use packet_tests::values::within;
use packetc::backend::rust::{Options, generate};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Half of them with plain names, half with hostile ones. Few enough for the compiler to need seconds.
const SCHEMAS: u64 = 12;

/// Values that are tried of each struct.
const VALUES: u64 = 24;

/// How much longer than the shortest the longest texts and lists are.
const MOST: usize = 3;

/// Behind the generated modules: decodes and encodes again what lines of a file say, one result a line.
const HARNESS: &str = r#"
mod again;

fn shown<'a, V, O>(bytes: &'a [u8]) -> String
where
    V: packet_runtime::View<'a> + std::fmt::Debug,
    O: From<V> + packet_runtime::Encode + PartialEq + Clone + std::fmt::Debug,
{
    format!("{:x?}", again::again::<V, O>(bytes))
}

/// What became of bytes, as text.
type Again = fn(&[u8]) -> String;

/// What a borrowed form and a writer in place made wrong of `bytes` and of bytes that were valid before.
type Others = fn(&[u8], &[u8]) -> String;

/// Says what differs.
fn same<E: packet_runtime::Encode>(what: &str, value: &E, bytes: &[u8]) -> String {
    match value.to_vec() {
        Ok(encoded) if encoded == bytes => String::new(),
        encoded => format!(" {what}: {encoded:x?}, not {bytes:x?}"),
    }
}

/// Makes values of a type, and takes them through bytes and JSON.
macro_rules! sample {
    ($owned:path, $view:path) => {
        || {
            use packet_runtime::{Encode as _, View};
            use proptest::prelude::{Strategy as _, any};
            use proptest::strategy::ValueTree as _;
            let mut runner = proptest::test_runner::TestRunner::deterministic();
            let strategy = any::<$owned>();
            for _ in 0..16 {
                // What no field can mend is not made.
                let Ok(tree) = strategy.new_tree(&mut runner) else { break };
                let value = tree.current();
                let bytes = value.to_vec().unwrap();
                type Shown<'a> = $view;
                let view = <Shown<'_> as View<'_>>::parse(&bytes).unwrap();
                let json = serde_json::to_string(&view).unwrap();
                assert_eq!(<$owned>::from(view), value, "from {bytes:02x?}");
                let read: $owned = serde_json::from_str(&json).expect(&json);
                assert_eq!(read, value, "from {json}");
                let json = serde_json::to_string(&value).unwrap();
                let read: $owned = serde_json::from_str(&json).expect(&json);
                assert_eq!(read, value, "from {json}");
            }
        }
    };
}

fn main() {
    SAMPLES.iter().for_each(|sample| sample());
    std::panic::set_hook(Box::new(|_| {}));
    let mut valid: Vec<Vec<u8>> = vec![Vec::new(); CODECS.len()];
    let mut arguments = std::env::args().skip(1);
    let cases = std::fs::read_to_string(arguments.next().unwrap()).unwrap();
    let mut results = String::new();
    for case in cases.lines() {
        let (codec, hex) = case.split_once(' ').unwrap();
        let bytes: Vec<u8> = hex
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect();
        let number = codec.parse::<usize>().unwrap();
        let (codec, others) = CODECS[number];
        let result = std::panic::catch_unwind(|| {
            let mut result = codec(&bytes);
            result.push_str(&others(&bytes, &valid[number]));
            result
        });
        let result = result.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or(panic.downcast_ref::<&str>().copied());
            format!("panic: {}", text.unwrap_or_default())
        });
        if result.starts_with("Ok(Ok(") {
            valid[number] = bytes;
        }
        results.push_str(&result);
        results.push('\n');
    }
    std::fs::write(arguments.next().unwrap(), results).unwrap();
}
"#;

/// As for the bundled protocols.
const AGAIN: &str = include_str!("../src/again.rs");

/// A struct of one of the schemas.
struct Codec {
    seed: u64,
    layout: usize,
    id: StructId,
}

/// A number that the environment gives.
fn setting(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap(),
        Err(_) => otherwise,
    }
}

/// A struct in generated code.
struct Types<'a> {
    name: &'a str,
    owned: &'a str,
    view: &'a str,
    /// The code between this struct's table of names and the next one's.
    code: &'a str,
}

/// The structs in generated code.
fn types(code: &str) -> Vec<Types<'_>> {
    let shapes = code.split("static SHAPE: rt::Shape = rt::shape(").skip(1);
    let named = shapes.filter_map(|part| {
        let name = part.split('"').nth(1).unwrap();
        // That of the dispatch has none.
        let (_, view) = part.split_once("rt::View<'a> for ")?;
        let (view, _) = view.split_once("<'a>").unwrap();
        let from = format!("impl<'a> From<{view}<'a>> for ");
        let (_, owned) = part.split_once(&from).unwrap();
        let (owned, _) = owned.split_once(' ').unwrap();
        Some(Types {
            name,
            owned,
            view,
            code: part,
        })
    });
    named.collect()
}

/// A function that compares a struct's borrowed form and its writer in place with the owned form. `all` is the code
/// of the whole module.
fn others(module: &str, all: &str, found: &Types<'_>) -> String {
    let Types {
        owned, view, code, ..
    } = found;
    let mut body = format!(
        "let (Ok(a), b) = ({module}::{view}::parse(bytes), {module}::{view}::parse(before)) else {{ return wrong }};
         let mut owned = {module}::{owned}::from(a);
         if owned.to_vec().as_deref() != Ok(bytes) {{ return wrong }}\n"
    );
    let end = |text: &'static str| format!("impl<'a> From<{view}<'a>> for {text}");
    if let Some((_, rest)) = code
        .split_once(&end(""))
        .and_then(|(_, rest)| rest.split_once(&end("")))
    {
        let (borrowed, _) = rest.split_once("<'a>").unwrap();
        writeln!(
            body,
            "wrong += &same(\"borrowed\", &{module}::{borrowed}::from(a), bytes);"
        )
        .unwrap();
    }
    let writer = code.split_once("pub fn parse(bytes: &'a mut [u8])");
    if let Some((before, setters)) = writer {
        let (_, writer) = before.rsplit_once("impl<'a> ").unwrap();
        let (writer, _) = writer.split_once('<').unwrap();
        let (setters, _) = setters.split_once("\n    }\n\n").unwrap();
        let members = all.split_once(&format!("pub struct {owned} {{")).unwrap().1;
        let (members, _) = members.split_once("\n}").unwrap();
        writeln!(
            body,
            "let mut copy = bytes.to_vec();
             let mut writer = {module}::{writer}::parse(&mut copy).unwrap();
             let Ok(b) = b else {{ return wrong }};
             let other = {module}::{owned}::from(b);"
        )
        .unwrap();
        for setter in setters.split("pub fn set_").skip(1) {
            let (member, rest) = setter.split_once("(&mut self, value: ").unwrap();
            // Some are called otherwise, because of a keyword or of one another.
            if !members.contains(&format!("pub {member}: ")) {
                continue;
            }
            let by = if rest.starts_with('&') { "&" } else { "" };
            let (head, _) = rest.split_once('{').unwrap();
            let unwrap = if head.contains("->") { ".unwrap()" } else { "" };
            writeln!(
                body,
                "owned.{member} = other.{member};
                 writer.set_{member}({by}other.{member}){unwrap};
                 let _ = format!(\"{{:?}}\", writer.as_view());
                 wrong += &same(\"{member} is set\", &owned, writer.as_bytes());"
            )
            .unwrap();
        }
    }
    format!(
        "|bytes, before| {{
            use packet_runtime::{{Encode as _, View as _}};
            let mut wrong = String::new();
            {body}
            wrong
        }}"
    )
}

/// A crate with the code of the schemas, and the codecs that its program knows.
fn write_crate(folder: &Path, seeds: std::ops::Range<u64>) -> (Vec<Layout>, Vec<Codec>) {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = folder.join("src");
    let bare_source = folder.join("bare/src");
    std::fs::create_dir_all(&source).unwrap();
    std::fs::create_dir_all(&bare_source).unwrap();
    let mut bare_main = "//! Generated code.\n#![no_std]\n#![forbid(unsafe_code)]\n".to_owned();
    let mut main = "//! Generated code.\n#![forbid(unsafe_code)]\n".to_owned();
    let (mut table, mut samples) = (String::new(), String::new());
    let (mut layouts, mut codecs) = (Vec::new(), Vec::new());
    for seed in seeds {
        let text = schema(seed, seed % 2 == 1);
        std::fs::write(source.join(format!("m{seed}.yaml")), &text).unwrap();
        let layout = compile(&text)
            .unwrap_or_else(|problems| panic!("{seed}: {problems:#?}"))
            .layout;
        let _ = packetc::render::layout::overview(&layout);
        for body in &layout.structs {
            assert!(packetc::render::layout::named(&layout, &body.name).is_some());
        }
        // Of each kind of names, half with what can be asked for besides.
        let wanted = seed % 4 < 2;
        let options = Options {
            alloc: false,
            serde: wanted,
            ..Options::default()
        };
        let bare = &generate(&layout, &options)[0].contents;
        assert!(!bare.contains("::alloc"), "{seed}");
        std::fs::write(bare_source.join(format!("m{seed}.rs")), bare).unwrap();
        let options = Options {
            serde: wanted,
            proptest: wanted,
            ..Options::default()
        };
        let files = generate(&layout, &options);
        let code = &files[0].contents;
        for found in types(code) {
            let module = format!("m{seed}");
            let Types {
                name, owned, view, ..
            } = found;
            let others = others(&module, code, &found);
            // A closure lets the view borrow from the bytes.
            let again = format!("|bytes| shown::<{module}::{view}<'_>, {module}::{owned}>(bytes)");
            writeln!(table, "    ({again}, {others}),").unwrap();
            // The compiler takes its time for these.
            if seed % 12 < 2 {
                let sample = format!("sample!({module}::{owned}, {module}::{view}<'a>)");
                writeln!(samples, "    {sample},").unwrap();
            }
            codecs.push(Codec {
                seed,
                layout: layouts.len(),
                id: layout.struct_named(name).unwrap(),
            });
        }
        std::fs::write(source.join(format!("m{seed}.rs")), code).unwrap();
        writeln!(main, "pub mod m{seed};").unwrap();
        writeln!(bare_main, "pub mod m{seed};").unwrap();
        layouts.push(layout);
    }
    write!(
        main,
        "{HARNESS}\n#[allow(unused)]\nconst CODECS: &[(Again, Others)] = &[\n{table}];\n\
         const SAMPLES: &[fn()] = &[\n{samples}];\n"
    )
    .unwrap();
    std::fs::write(source.join("main.rs"), main).unwrap();
    std::fs::write(source.join("again.rs"), AGAIN).unwrap();
    std::fs::write(bare_source.join("lib.rs"), bare_main).unwrap();
    let runtime = package.join("../packet-runtime").display().to_string();
    let others = "proptest = { version = \"1\", default-features = false }\n\
                  serde_json = { version = \"1\", features = [\"float_roundtrip\"] }\n";
    for (folder, features, others) in [
        (folder, "\"crc\", \"proptest\", \"serde\"", others),
        (&folder.join("bare"), "\"crc\", \"serde\"", ""),
    ] {
        let manifest = format!(
            "[workspace]\n[package]\nname = \"random-codecs\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             [dependencies]\npacket-runtime = {{ path = {runtime:?}, features = [{features}] }}\n{others}\
             [profile.dev]\ndebug = false\n"
        );
        std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        std::fs::copy(package.join("../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    }
    (layouts, codecs)
}

/// Compiles the crate and gives its program. What needs no allocator compiles without one.
fn build(folder: &Path) -> PathBuf {
    let target = folder.join("target");
    for (command, folder) in [
        ("check", &folder.join("bare")),
        ("build", &folder.to_path_buf()),
    ] {
        let output = Command::new(env!("CARGO"))
            .args([command, "--offline", "--quiet"])
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", &target)
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
    target.join("debug").join("random-codecs")
}

/// A value that someone spoiled in one place.
fn spoiled(random: &mut Random, value: &mut Value) {
    let inner = match value {
        Value::Map(entries) if !entries.is_empty() && random.below(8) > 0 => {
            let at = usize::try_from(random.below(entries.len() as u64)).unwrap();
            if random.below(6) == 0 {
                entries.remove(at);
                return;
            }
            entries.get_mut(at).map(|(_, value)| value)
        }
        Value::List(items) if !items.is_empty() && random.below(4) > 0 => {
            let at = usize::try_from(random.below(items.len() as u64)).unwrap();
            items.get_mut(at)
        }
        _ => None,
    };
    match inner {
        Some(inner) => spoiled(random, inner),
        None => {
            *value = match random.below(9) {
                0 => Value::Null,
                1 => Value::Bool(true),
                2 => Value::integer(i128::from(random.any())),
                3 => Value::integer(-1),
                4 => Value::integer(i128::MAX),
                5 => Value::Text("\u{0}ä€😀".to_owned()),
                6 => Value::List(vec![Value::integer(0); 300]),
                7 => Value::Map(vec![("else".to_owned(), Value::Null)]),
                _ => Value::Text("0102".to_owned()),
            };
        }
    }
}

/// Bytes to try on a struct: those of random values, whole, cut off and changed, and noise.
fn inputs(random: &mut Random, layout: &Layout, id: StructId) -> (Vec<Vec<u8>>, usize) {
    let seed: Vec<u8> = (0..4).flat_map(|_| random.any().to_le_bytes()).collect();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = within(layout, id, MOST);
    let mut inputs = Vec::new();
    for _ in 0..VALUES {
        let Ok(tree) = strategy.new_tree(&mut runner) else {
            continue;
        };
        let mut value = tree.current();
        if let Ok(bytes) = encode(layout, id, &value) {
            inputs.push(bytes);
        }
        spoiled(random, &mut value);
        if let Ok(bytes) = encode(layout, id, &value) {
            inputs.push(bytes);
        }
    }
    inputs.retain(|bytes| bytes.len() < 4000);
    let valid = inputs.len();
    let mut below = |limit: usize| usize::try_from(random.below(limit as u64)).unwrap();
    for at in 0..valid {
        let bytes = inputs[at].clone();
        for _ in 0..8 {
            let mut bytes = bytes.clone();
            for _ in 0..=below(2) {
                let len = bytes.len();
                match below(8) {
                    0..=2 if len > 0 => bytes[below(len)] ^= 1 << below(8),
                    3 if len > 0 => bytes[below(len)] = u8::try_from(below(256)).unwrap(),
                    4 | 5 if len > 0 => bytes.truncate(below(len)),
                    6 if len > 0 => bytes[below(len)] = 0,
                    _ => bytes.extend((0..=below(3)).map(|at| u8::try_from(at).unwrap())),
                }
            }
            inputs.push(bytes);
        }
    }
    for _ in 0..VALUES {
        let len = below(40);
        let any = |below: &mut dyn FnMut(usize) -> usize| match below(4) {
            0 => 0,
            1 => u8::try_from(below(4)).unwrap(),
            _ => u8::try_from(below(256)).unwrap(),
        };
        inputs.push((0..len).map(|_| any(&mut below)).collect());
    }
    (inputs, valid)
}

#[test]
fn generated_code_compiles_and_agrees_with_the_dynamic_codec() {
    let first = setting("PACKETC_RANDOM_SEED", 1);
    let folder = format!("random-codecs-{first}");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    let count = setting("PACKETC_RANDOM_SCHEMAS", SCHEMAS);
    let (layouts, codecs) = write_crate(&folder, first..first + count);
    let program = build(&folder);

    let (mut cases, mut expected) = (String::new(), Vec::new());
    for (number, codec) in codecs.iter().enumerate() {
        let layout = &layouts[codec.layout];
        let mut random = Random::new(codec.seed * 100 + number as u64);
        let (inputs, valid) = inputs(&mut random, layout, codec.id);
        for (at, bytes) in inputs.iter().enumerate() {
            writeln!(cases, "{number} {}", to_hex(bytes)).unwrap();
            let again = dynamic_again(layout, codec.id, bytes);
            let right = at >= valid || matches!(&again, Ok(Ok(again)) if again == bytes);
            expected.push((number, bytes.clone(), again, right));
        }
    }
    let (file, results) = (folder.join("cases"), folder.join("results"));
    std::fs::write(&file, cases).unwrap();
    let status = Command::new(program)
        .args([&file, &results])
        .status()
        .unwrap();
    assert!(status.success(), "{status}");
    let results = std::fs::read_to_string(results).unwrap();
    assert_eq!(results.lines().count(), expected.len());

    let mut failures = String::new();
    let mut failed = Vec::new();
    for ((number, bytes, again, right), generated) in expected.iter().zip(results.lines()) {
        let dynamic = format!("{again:x?}");
        if (*right && dynamic == generated) || failed.contains(number) {
            continue;
        }
        // One of each struct is enough.
        failed.push(*number);
        let codec = &codecs[*number];
        let name = &layouts[codec.layout].get(codec.id).name;
        writeln!(
            failures,
            "{} {name} from {}\ngenerated: {generated}\ndynamic:   {dynamic}",
            folder.join(format!("src/m{}.yaml", codec.seed)).display(),
            to_hex(bytes)
        )
        .unwrap();
    }
    assert!(
        failures.is_empty(),
        "{} cases, {} structs\n{failures}",
        expected.len(),
        codecs.len()
    );
}
