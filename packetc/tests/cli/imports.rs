//! Schemas of several files: every command takes them, and a report names the right one.

use crate::{packetc, packetc_with_input};

/// Three files with problems.
const BROKEN: &str = "packetc/tests/diagnostics/problems_in_several_files";
/// One file that imports three others.
const IMPORTS: &str = "tests/schemas/imports.yaml";

#[test]
fn a_problem_is_shown_once_however_many_schemas_have_to_do_with_it() {
    let [main, common, items] =
        ["main", "types/common", "types/items"].map(|file| format!("{BROKEN}/{file}.yaml"));
    let run = packetc(&[
        "check", "--root", BROKEN, "--format", "json", &main, &common, &items,
    ]);
    assert_eq!(run.code, Some(1));
    let count = |part: &str| run.stdout.matches(part).count();
    assert_eq!(count("`sword` and `shield` have the same number"), 1);
    assert_eq!(count("there is no type `f23`"), 1);
    // This is only seen where the schema is checked itself.
    assert_eq!(count("there is no type `Nothing`"), 1);
    assert!(
        run.stderr
            .starts_with("3 schemas with 0 test vectors checked: "),
        "{}",
        run.stderr
    );
}

#[test]
fn programs_get_the_file_of_each_place() {
    let main = format!("{BROKEN}/main.yaml");
    let run = packetc(&["check", "--format", "json", &main]);
    let file = format!("{{\"file\":\"{BROKEN}/types/items.yaml\",\"code\":\"P0314\"");
    assert!(run.stdout.contains(&file), "{}", run.stdout);
    let run = packetc(&["check", "--format", "github", &main]);
    let place =
        format!("::error file={BROKEN}/types/common.yaml,line=4,col=32,endColumn=35,title=P0205::");
    assert!(run.stdout.contains(&place), "{}", run.stdout);
    let run = packetc(&["check", "--format", "sarif", &main]);
    let uri = format!("\"uri\": \"{BROKEN}/types/common.yaml\"");
    assert!(run.stdout.contains(&uri), "{}", run.stdout);
    let circle = "packetc/tests/diagnostics/P0122_circle";
    let run = packetc(&[
        "check",
        "--format",
        "github",
        &format!("{circle}/main.yaml"),
    ]);
    let other = format!("contains itself%0A{circle}/types/items.yaml:4: here%0A");
    assert!(run.stdout.contains(&other), "{}", run.stdout);
}

#[test]
fn a_root_further_up_is_given_by_an_argument() {
    let geometry = "tests/schemas/imports/geometry.yaml";
    let run = packetc(&["check", geometry]);
    assert_eq!(run.code, Some(1));
    let reason = "cannot import `imports/units.yaml`: there is no file tests/schemas/imports/imports/units.yaml";
    assert!(run.stdout.contains(reason), "{}", run.stdout);
    let run = packetc(&["check", "--root", "tests/schemas", geometry]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    let run = packetc(&["layout", "--root", "tests/schemas", geometry, "Box"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

#[test]
fn packets_of_imported_types_are_decoded_encoded_and_drawn() {
    let hex = "010203 0000803f 00000040 00004040 00000007 07000000 0102 2143 00 0009 0161";
    let decoded = packetc(&[
        "decode", IMPORTS, "--packet", "Placed", "--format", "json", "--hex", hex,
    ]);
    assert_eq!(decoded.code, Some(0), "{}", decoded.stderr);
    let encoded = packetc_with_input(&["encode", IMPORTS], decoded.stdout.as_bytes());
    assert_eq!(encoded.stdout.trim_end(), hex.replace(' ', ""));
    let drawn = packetc(&["layout", IMPORTS, "geometry.Vec3"]);
    assert!(drawn.stdout.contains("geometry.Vec3"), "{}", drawn.stderr);
    let struct_alone = packetc(&[
        "decode",
        IMPORTS,
        "--packet",
        "meta.Owner",
        "--hex",
        "0009 0161",
    ]);
    assert_eq!(struct_alone.code, Some(0), "{}", struct_alone.stderr);
}

#[test]
fn a_file_that_is_no_text_is_a_problem_with_a_place() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("latin1.yaml");
    std::fs::write(&path, b"protocol: caf\xe9\n").expect("a file");
    let run = packetc(&["check", path.to_str().expect("a path of text")]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("latin1.yaml:1:14"), "{}", run.stdout);
}
