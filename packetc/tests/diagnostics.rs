//! Every diagnostic as a user sees it: the schemas in `tests/diagnostics`, one for each case and named after
//! the code that it shows, beside what `packetc check` says about them. A folder is a case of several files, of
//! which `main.yaml` is checked.

use packet_schema::vectors;
use packetc::load;
use packetc::render::{Source, Sources, Style, diagnostics};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// One case.
struct Case {
    name: String,
    /// Its one file, or all of them.
    text: String,
    /// Where its files are, if they are several.
    folder: Option<PathBuf>,
}

/// The cases, in the order of their names.
fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut cases: Vec<Case> = entries
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| !path.ends_with("snapshots"))
        .map(|path| {
            let name = path.file_stem().expect("a file has a name");
            let name = name.to_string_lossy().into_owned();
            if !path.is_dir() {
                let text = fs::read_to_string(&path).expect("a case is text");
                return Case {
                    name,
                    text,
                    folder: None,
                };
            }
            let mut files = files(&path);
            // The main one first.
            files.sort_by_key(|file| (!file.ends_with("main.yaml"), file.clone()));
            let shown = files.iter().map(|file| {
                let name = file.strip_prefix(&path).expect("it is in the folder");
                let text = fs::read(file).expect("it can be read");
                format!("# {}\n{}", name.display(), String::from_utf8_lossy(&text))
            });
            Case {
                name,
                text: shown.collect::<Vec<_>>().join("\n"),
                folder: Some(path),
            }
        })
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

/// All files in a folder and its folders.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    entries
        .map(|entry| entry.expect("the folder can be read").path())
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// What `packetc check` says about a case.
fn rendered(case: &Case) -> String {
    let loaded;
    let (compiled, sources) = match &case.folder {
        None => (
            packet_schema::compile(&case.text),
            Sources::One(Source::new("example.yaml", &case.text)),
        ),
        Some(folder) => {
            loaded = load::compile_in(folder, Path::new("main.yaml"), None).expect("it is there");
            (loaded.compiled, Sources::Files(&loaded.sources))
        }
    };
    let problems = match compiled {
        Ok(compiled) => {
            let mut problems = compiled.warnings;
            problems.extend(vectors::check(&compiled.layout));
            problems
        }
        Err(problems) => problems,
    };
    problems
        .iter()
        .map(|problem| diagnostics::human(sources, problem, Style::Plain) + "\n")
        .collect()
}

#[test]
fn every_case_says_what_was_reviewed() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("diagnostics/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for case in cases() {
        let shown = format!("{}\n────────\n\n{}", case.text, rendered(&case));
        settings.bind(|| insta::assert_snapshot!(case.name, shown));
    }
}

#[test]
fn a_case_shows_the_code_that_it_is_named_after() {
    for case in cases() {
        let Some(code) = case.name.split('_').next().filter(|code| is_code(code)) else {
            continue;
        };
        let shown = rendered(&case);
        let name = &case.name;
        assert!(shown.contains(&format!("[{code}]: ")), "{name}:\n{shown}");
    }
}

#[test]
fn every_code_has_a_case() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packet-schema/src");
    let codes: BTreeSet<String> = files(&sources)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|found| found == "rs"))
        .flat_map(|path| codes_in(&fs::read_to_string(path).expect("a source is text")))
        .collect();
    assert!(
        codes.len() > 50,
        "only {codes:?} found: were the sources moved?"
    );
    let names: Vec<String> = cases().into_iter().map(|case| case.name).collect();
    let lacking: Vec<&String> = codes
        .iter()
        .filter(|code| !names.iter().any(|name| name.starts_with(code.as_str())))
        .collect();
    assert!(lacking.is_empty(), "codes without a case: {lacking:?}");
}

#[test]
fn one_mistake_is_one_problem() {
    let problems = |name: &str| {
        let case = cases()
            .into_iter()
            .find(|case| case.name == name)
            .expect("the case is there");
        let problems = packet_schema::compile(&case.text).expect_err("the case has mistakes");
        problems
            .iter()
            .map(|problem| problem.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        problems("five_mistakes"),
        ["P0107", "P0317", "P0504", "P0205", "P0114"]
    );
    assert_eq!(
        problems("every_mistake_of_a_newcomer"),
        [
            "P0107", "P0205", "P0504", "P0505", "P0317", "P0402", "P0311", "P0106"
        ]
    );
}

fn is_code(text: &str) -> bool {
    text.len() == 5 && text.starts_with("P0") && text[2..].bytes().all(|byte| byte.is_ascii_digit())
}

/// The codes that stand as whole string literals in a source.
fn codes_in(source: &str) -> Vec<String> {
    let literals = source.split('"').skip(1);
    literals
        .filter(|literal| is_code(literal))
        .map(str::to_owned)
        .collect()
}
