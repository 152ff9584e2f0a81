//! `packetc generate`

use super::packetc;
use std::fs;
use std::path::Path;

fn generate(dir: &Path, more: &[&str]) -> super::Run {
    let dir = dir.to_str().expect("a path of text");
    packetc(
        &[
            &[
                "generate",
                "schemas/quickstart.yaml",
                "--lang",
                "rust",
                "--out",
                dir,
            ],
            more,
        ]
        .concat(),
    )
}

#[test]
fn writes_files_and_then_has_nothing_to_do() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let target = dir.path().join("deep").join("er");
    let first = generate(&target, &[]);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    let files: Vec<&str> = first.stdout.lines().collect();
    assert!(!files.is_empty() && files.iter().all(|file| Path::new(file).is_file()));
    let second = generate(&target, &[]);
    assert_eq!((second.code, second.stdout.as_str()), (Some(0), ""));
    assert!(second.stderr.starts_with("0 of "), "{}", second.stderr);
}

#[test]
fn check_finds_what_is_missing_or_out_of_date() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let missing = generate(dir.path(), &["--check"]);
    assert_eq!(missing.code, Some(1));
    assert!(missing.stdout.contains(": missing\n"), "{}", missing.stdout);
    assert_eq!(
        fs::read_dir(dir.path()).expect("readable").count(),
        0,
        "--check writes nothing"
    );

    let written = generate(dir.path(), &[]).stdout;
    let clean = generate(dir.path(), &["--check"]);
    assert_eq!(
        (clean.code, clean.stdout.as_str()),
        (Some(0), ""),
        "{}",
        clean.stderr
    );

    let file = written.lines().next().expect("a file");
    let contents = fs::read_to_string(file).expect("readable");
    fs::write(file, contents + "// edited by hand\n").expect("writable");
    let differs = generate(dir.path(), &["--check"]);
    assert_eq!(differs.code, Some(1));
    assert!(
        differs.stdout.contains(": differs, -1 +0 lines\n"),
        "{}",
        differs.stdout
    );
    assert!(
        differs.stdout.contains("\n  -// edited by hand\n"),
        "{}",
        differs.stdout
    );
    assert!(differs.stderr.contains("out of date"), "{}", differs.stderr);
}

#[test]
fn what_needs_an_allocator_can_be_left_out() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let run = generate(dir.path(), &["schemas/game.yaml", "--no-alloc"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(run.stdout.lines().count(), 2);
    for file in run.stdout.lines() {
        let code = fs::read_to_string(file).expect("readable");
        assert!(!code.contains("::alloc"), "{file}");
        // Nothing varies in the other one.
        assert!(
            code.contains("Ref<'a>") || file.contains("quickstart"),
            "{file}"
        );
    }
}

#[test]
fn names_that_cannot_stay_are_told() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let schema = dir.path().join("renamed.yaml");
    let text = "protocol: renamed\npackets: { Entry: { fields: [type: u8, size: u8] } }\n";
    fs::write(&schema, text).expect("writable");
    let run = generate(dir.path(), &[schema.to_str().expect("a path of text")]);
    assert_eq!(run.code, Some(0));
    let notes: Vec<&str> = run
        .stderr
        .lines()
        .filter(|line| line.starts_with("note"))
        .collect();
    let path = schema.display();
    assert_eq!(
        notes,
        [format!(
            "note: {path}: in Rust, field `type` of `Entry` is `type_` (a keyword)"
        )]
    );
}

#[test]
fn a_protocol_called_like_another_file_is_told() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let schema = dir.path().join("mod.yaml");
    fs::write(
        &schema,
        "protocol: mod\npackets: { P: { fields: [x: u8] } }\n",
    )
    .expect("writable");
    let run = generate(dir.path(), &[schema.to_str().expect("a path of text")]);
    assert_eq!(run.code, Some(0));
    assert!(
        run.stderr
            .contains(": in Rust, file of protocol `mod` is `mod_` (a keyword)\n"),
        "{}",
        run.stderr
    );
    assert!(dir.path().join("mod_.rs").exists() && !dir.path().join("mod.rs").exists());
}

#[test]
fn types_and_members_get_attributes() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let schema = dir.path().join("chat.yaml");
    let text = "protocol: chat\npackets: { Chat: { fields: [text: string<u8>] } }\n";
    fs::write(&schema, text).expect("writable");
    let path = schema.to_str().expect("a path of text");
    let with = |more: &[&str]| generate(dir.path(), &[&[path], more].concat());
    let run = with(&[
        "--derive=Hash,Eq",
        "--type-attribute=Chat=#[must_use]",
        "--field-attribute=chat.Chat.text=#[doc(alias = \"message\")]",
    ]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let code = fs::read_to_string(dir.path().join("chat.rs")).expect("a file");
    assert!(
        code.contains("#[derive(Hash, Eq)]\n#[must_use]\npub struct Chat {"),
        "{code}"
    );
    assert!(code.contains("#[doc(alias = \"message\")]"), "{code}");
    for (wrong, problem) in [
        ("--derive=Hash Eq", "`Hash Eq` is not a list of traits"),
        ("--type-attribute=Chat", "`Chat` is not PATH=ATTRIBUTES"),
        (
            "--type-attribute=Chat=x",
            "`x` for `Chat` is not one or more attributes",
        ),
        ("--type-attribute=Chta=#[must_use]", "did you mean `Chat`?"),
        (
            "--field-attribute=Chat.test=#[must_use]",
            "did you mean `Chat.text`?",
        ),
    ] {
        let run = with(&[wrong]);
        assert_eq!(run.code, Some(2), "{wrong}");
        assert!(run.stderr.contains(problem), "{}", run.stderr);
    }
}

#[test]
fn a_broken_schema_writes_nothing() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let run = generate(dir.path(), &["packetc/tests/data/broken.yaml"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("error[P0205]"), "{}", run.stderr);
    assert_eq!(fs::read_dir(dir.path()).expect("readable").count(), 0);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = dir.path().join("file");
    fs::write(&file, "").expect("writable");
    let run = generate(&file.join("inside"), &[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.starts_with("error: cannot "), "{}", run.stderr);
    assert!(run.stderr.contains("file/inside"), "{}", run.stderr);
}
