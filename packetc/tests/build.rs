//! Compiling from a build script.

use packetc::Build;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn schema(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(path)
}

#[test]
fn writes_a_file_for_each_schema_and_leaves_it_alone_while_it_is_right() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let build = Build::new()
        .schema(schema("schemas/quickstart.yaml"))
        .schema(schema("schemas/game.yaml"))
        .out_dir(dir.path());
    build.compile().expect("good schemas");
    let written = |name: &str| {
        let metadata = fs::metadata(dir.path().join(name)).expect("a generated file");
        metadata.modified().expect("a time")
    };
    let first = (written("quickstart.rs"), written("game.rs"));
    build.compile().expect("good schemas");
    assert_eq!((written("quickstart.rs"), written("game.rs")), first);
}

#[test]
fn what_needs_an_allocator_can_be_left_out() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let build = Build::new()
        .schema(schema("schemas/game.yaml"))
        .alloc(false)
        .out_dir(dir.path());
    build.compile().expect("a good schema");
    let code = fs::read_to_string(dir.path().join("game.rs")).expect("a generated file");
    assert!(code.contains("pub struct SayRef<'a>") && !code.contains("::alloc"));
}

#[test]
fn all_problems_of_all_schemas_are_in_the_error_and_nothing_is_written() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let error = Build::new()
        .schema(schema("schemas/quickstart.yaml"))
        .schema(schema("packetc/tests/data/broken.yaml"))
        .schema("none.yaml")
        .out_dir(dir.path())
        .compile()
        .expect_err("broken schemas");
    let text = format!("{error:?}");
    for part in [
        "broken.yaml:13:25: error[P0205]: there is no type `f33`\n",
        " 13 |     fields: [x: f32, y: f33]\n    |                         ^^^ unknown type\n",
        "broken.yaml:15:9: error[P0504]",
        "broken.yaml:11:9: first here\n",
        "cannot read the schema none.yaml: ",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    assert_eq!(fs::read_dir(dir.path()).expect("readable").count(), 0);
}

#[test]
fn schemas_import_others_from_their_folder_or_the_root() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let build = Build::new()
        .schema(schema("tests/schemas/imports.yaml"))
        .out_dir(dir.path());
    build.compile().expect("a good schema");
    let code = fs::read_to_string(dir.path().join("imports.rs")).expect("a generated file");
    assert!(code.contains("pub struct GeometryVec3View<'a>"));
    let geometry = Build::new()
        .schema(schema("tests/schemas/imports/geometry.yaml"))
        .out_dir(dir.path());
    let error = geometry
        .compile()
        .expect_err("its imports start further up");
    assert!(
        error
            .to_string()
            .contains("geometry.yaml:7:10: error[P0121]"),
        "{error}"
    );
    let geometry = geometry.root(schema("tests/schemas"));
    geometry.compile().expect("a good schema");
}

/// A folder with files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

/// A schema with a packet `Chat`.
fn chat(protocol: &str) -> String {
    format!("protocol: {protocol}\npackets: {{ Chat: {{ fields: [text: string<u8>] }} }}\n")
}

/// The problems of compiling the schemas of a folder.
fn problems(files: &[(&str, &str)], set: impl Fn(Build) -> Build) -> String {
    let folder = folder(files);
    let out = folder.path().join("out");
    let build = Build::new()
        .schemas_in(folder.path().join("schemas"))
        .out_dir(&out);
    let error = set(build).compile().expect_err("a mistake").to_string();
    assert!(!out.exists(), "{error}");
    error.replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn a_folder_is_all_schemas_in_it() {
    let folder = folder(&[
        ("schemas/chess.yaml", &chat("chess")),
        ("schemas/game.yaml", &chat("game")),
        ("schemas/readme.md", "no schema"),
        ("schemas/deeper/other.yaml", "protocol: other"),
    ]);
    let out = folder.path().join("out");
    let build = Build::new()
        .schemas_in(folder.path().join("schemas"))
        .schema(folder.path().join("schemas/game.yaml"))
        .out_dir(&out);
    build.compile().expect("good schemas");
    let entries = fs::read_dir(&out).expect("a folder");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("a file").file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["chess.rs", "game.rs", "packets.rs"]);
    let modules = fs::read_to_string(out.join("packets.rs")).expect("a file");
    for part in [
        "/// The protocol `chess`.\n",
        "pub mod chess {\n    include!(\"chess.rs\");\n}\n",
        "pub mod game {\n    include!(\"game.rs\");\n}\n",
    ] {
        assert!(modules.contains(part), "{part:?} is not in {modules}");
    }
}

#[test]
fn a_folder_without_schemas_is_a_mistake() {
    let error = problems(&[("schemas/readme.md", "")], |build| build);
    assert_eq!(error, "no schema, *.yaml, is in schemas");
    let error = problems(&[], |build| build);
    assert!(
        error.starts_with("cannot read the folder schemas: "),
        "{error}"
    );
}

#[test]
fn modules_have_names_of_their_own() {
    let (game, packets) = (chat("game"), chat("packets"));
    let two = [("schemas/a.yaml", game.as_str()), ("schemas/b.yaml", &game)];
    assert_eq!(
        problems(&two, |build| build),
        "schemas/a.yaml and schemas/b.yaml: both are of a protocol `game`; give one of them another name, or compile \
         them into different folders"
    );
    let two = [
        ("schemas/a.yaml", game.as_str()),
        ("schemas/b.yaml", &packets),
    ];
    assert_eq!(
        problems(&two, |build| build),
        "schemas/b.yaml: `packets` is the file of all modules; call that of the protocol something else with \
         .module(\"packets\", \"NAME\")"
    );
    assert!(
        problems(&two, |build| build.module("packets", "game"))
            .contains("schemas/a.yaml and schemas/b.yaml: both would be the module `game`"),
    );
    assert_eq!(
        problems(&two, |build| build
            .module("packet", "other")
            .module("packets", "p")),
        "there is no protocol `packet`; did you mean `packets`?"
    );
    for name in ["", "_", "mod", "lib", "match", "Game", "a-b", "../a", "é"] {
        let error = problems(&two[..1], |build| build.module("game", name));
        let start = format!("`{name}` cannot be the module of the protocol `game`: ");
        assert!(error.starts_with(&start), "{error}");
    }
    let folder = folder(&two);
    let out = folder.path().join("out");
    let build = Build::new()
        .schemas_in(folder.path().join("schemas"))
        .module("packets", "wire_packets")
        .out_dir(&out);
    build.compile().expect("good schemas");
    let modules = fs::read_to_string(out.join("packets.rs")).expect("a file");
    assert!(
        modules.contains("pub mod wire_packets {\n    include!(\"wire_packets.rs\");\n}\n"),
        "{modules}"
    );
}

#[test]
fn attributes_go_where_they_should_or_are_mistakes() {
    let game = chat("game");
    let schemas = [("schemas/game.yaml", game.as_str())];
    assert_eq!(
        problems(&schemas, |build| build
            .type_attribute("game.Chta", "#[must_use]")),
        "there is no type `game.Chta` that takes attributes; did you mean `game.Chat`?"
    );
    let error = problems(&schemas, |build| {
        build
            .derive("Hash Ord")
            .type_attribute("Chat", "derive(Hash)")
            .field_attribute("Chat.text", "")
    });
    for part in [
        "`Hash Ord` is not a list of traits such as `Hash, Ord`\n",
        "`derive(Hash)` for `Chat` is not one or more attributes such as `#[derive(Hash)]`: ",
        "`` for `Chat.text` is not one or more attributes",
    ] {
        assert!(error.contains(part), "{part:?} is not in {error}");
    }
    let folder = folder(&schemas);
    let out = folder.path().join("out");
    let build = Build::new()
        .schemas_in(folder.path().join("schemas"))
        .derive("Hash")
        .type_attribute("game.Chat", "#[derive(Eq)] #[must_use]")
        .field_attribute("Chat.text", "#[doc(alias = \"message\")]")
        .out_dir(&out);
    build.compile().expect("good schemas");
    let code = fs::read_to_string(out.join("game.rs")).expect("a file");
    for part in [
        "#[derive(Hash, Eq)]\n#[must_use]\npub struct Chat {",
        "    #[doc(alias = \"message\")]\n    pub text: ",
    ] {
        assert!(code.contains(part), "{part:?} is not in {code}");
    }
}

/// The variable that makes [`in_a_build_script`] one.
const SCHEMAS: &str = "SCHEMAS_OF_A_BUILD_SCRIPT";

/// What a build script does, with the folder that Cargo gives; run by [`cargo_is_told_what_to_watch`], since it prints
/// what Cargo reads.
#[test]
fn in_a_build_script() {
    if let Some(schemas) = env::var_os(SCHEMAS) {
        Build::new()
            .schemas_in(schemas)
            .compile()
            .expect("good schemas");
    }
}

/// What Cargo is told when the folder's schemas are compiled.
fn instructions(folder: &Path) -> Vec<String> {
    let output = Command::new(env::current_exe().expect("this program"))
        .args(["--exact", "in_a_build_script", "--nocapture"])
        .env(SCHEMAS, folder.join("schemas"))
        .env("OUT_DIR", folder.join("out"))
        .output()
        .expect("this program starts");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("text");
    let lines = text.lines().filter_map(|line| line.split_once("cargo::"));
    let folder = format!("{}/", folder.display());
    lines.map(|(_, told)| told.replace(&folder, "")).collect()
}

#[test]
fn cargo_is_told_what_to_watch() {
    let folder = folder(&[
        (
            "schemas/a.yaml",
            "protocol: mod\nimports: { id: types/id.yaml }\n",
        ),
        (
            "schemas/types/id.yaml",
            "protocol: id\ntypes: { Id: u32 }\n",
        ),
        ("schemas/b.yaml", &chat("b")),
    ]);
    assert_eq!(
        instructions(folder.path()),
        [
            "rerun-if-changed=schemas",
            "rerun-if-changed=schemas/a.yaml",
            "rerun-if-changed=schemas/b.yaml",
            "rerun-if-changed=schemas/types/id.yaml",
            "warning=schemas/a.yaml:2:12: warning[P0902]: the import `id` is not used",
            "warning=schemas/a.yaml: file of protocol `mod` is `mod_` (a keyword); say so with .module(\"mod\", \"mod_\")",
        ]
    );
    assert!(folder.path().join("out/mod_.rs").exists());
}
