//! Compiling from a build script.

use packetc::Build;
use std::fs;
use std::path::PathBuf;

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
