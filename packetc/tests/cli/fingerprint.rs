//! `packetc fingerprint`

use super::{packetc, workspace};
use insta::{assert_snapshot, with_settings};
use std::fs;
use std::path::Path;

const QUICKSTART: &str = "schemas/quickstart.yaml";
const BROKEN: &str = "packetc/tests/data/broken.yaml";

/// The schemas of a folder, in the order of their names.
fn schemas(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(workspace().join(folder)).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut paths: Vec<String> = names
        .map(|name| format!("{folder}/{}", name.to_str().expect("text")))
        .filter(|path| Path::new(path).extension().is_some_and(|end| end == "yaml"))
        .collect();
    paths.sort();
    paths
}

#[test]
fn bundled_schemas_keep_theirs() {
    let paths = [schemas("schemas"), schemas("tests/schemas")].concat();
    let mut arguments = vec!["fingerprint"];
    arguments.extend(paths.iter().map(String::as_str));
    let run = packetc(&arguments);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(run.stdout.lines().count(), paths.len());
    with_settings!({
        description => "Peers compare these. If one changes although its schema means the same wire, the canonical form of \
            fingerprints has changed: programs that fit each other then believe that they do not. Change that form on \
            purpose only, and `FORM` with it.",
        omit_expression => true,
    }, {
        assert_snapshot!(run.stdout);
    });
}

#[test]
fn generated_code_and_the_reference_have_the_same_digits() {
    let run = packetc(&["fingerprint", QUICKSTART]);
    let (digits, path) = run.stdout.split_once("  ").expect("two columns");
    assert_eq!((digits.len(), path), (16, "schemas/quickstart.yaml\n"));
    let generated = workspace().join("tests/generated/quickstart.rs");
    let code = fs::read_to_string(generated).expect("generated code");
    let reference = fs::read_to_string(workspace().join("docs/language.md")).expect("a reference");
    assert!(reference.contains(&run.stdout), "{}", run.stdout);
    let constant = format!("pub const FINGERPRINT: u64 = 0x{digits};");
    assert!(code.contains(&constant), "{constant}");
}

#[test]
fn a_broken_schema_has_none_and_hides_no_other() {
    let run = packetc(&["fingerprint", BROKEN, QUICKSTART]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("error[P0205]"), "{}", run.stderr);
    let alone = packetc(&["fingerprint", QUICKSTART]);
    assert_eq!(run.stdout, alone.stdout);
}

#[test]
fn a_missing_schema_hides_no_other() {
    let run = packetc(&["fingerprint", "schemas/none.yaml", BROKEN, QUICKSTART]);
    assert_eq!((run.code, run.stdout.lines().count()), (Some(2), 1));
}
