//! What `packetc schema` prints is a JSON Schema, and says of schemas what the compiler says, as far as form goes.

#[expect(dead_code, reason = "the examples are judged here, not compiled")]
mod examples;

use boon::{Compiler, SchemaIndex, Schemas};
use examples::{blocks, read, workspace};
use packetc::render::json_schema;
use serde_json::{Map, Value};
use std::fs;
use std::path::PathBuf;

/// The document of the schema language, ready to judge.
struct Judge {
    schemas: Schemas,
    language: SchemaIndex,
}

impl Judge {
    /// Compiling it compares it with the JSON Schema of JSON Schemas.
    fn new() -> Self {
        let mut schemas = Schemas::new();
        let mut compiler = Compiler::new();
        let at = "https://example.com/packetc.schema.json";
        let document = json_schema::document();
        compiler.add_resource(at, document).expect("an address");
        let language = compiler.compile(at, &mut schemas);
        let language = language.unwrap_or_else(|problem| panic!("{problem:#}"));
        Self { schemas, language }
    }

    /// What is wrong with a schema.
    fn problem(&self, text: &str) -> Option<String> {
        let value = match serde_yaml::from_str(text) {
            Ok(value) => json(value),
            Err(problem) => return Some(problem.to_string()),
        };
        let found = self.schemas.validate(&value, self.language);
        found.err().map(|problem| format!("{problem:#}"))
    }
}

/// A YAML value as editors see it: keys are text.
fn json(value: serde_yaml::Value) -> Value {
    match value {
        serde_yaml::Value::Mapping(entries) => {
            let entries = entries.into_iter().map(|(key, value)| {
                let key = match json(key) {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                (key, json(value))
            });
            Value::Object(entries.collect::<Map<_, _>>())
        }
        serde_yaml::Value::Sequence(items) => items.into_iter().map(json).collect(),
        other => serde_json::to_value(other).expect("a scalar"),
    }
}

fn schemas_in(folder: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(workspace().join(folder))
        .expect("the folder is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|found| found == "yaml"))
        .collect();
    paths.sort();
    paths
}

#[test]
fn what_compiles_is_valid() {
    let judge = Judge::new();
    let mut problems = Vec::new();
    let mut judged = 0;
    for path in [schemas_in("schemas"), schemas_in("tests/schemas")].concat() {
        let text = fs::read_to_string(&path).expect("a schema");
        judged += 1;
        problems.extend(
            judge
                .problem(&text)
                .map(|problem| format!("{}: {problem}", path.display())),
        );
    }
    for document in ["docs/language.md", "README.md"] {
        let text = read(document);
        for block in blocks(&text, &["yaml"]) {
            if block.word("error").is_none() {
                let schema = block.schema();
                judged += 1;
                problems.extend(
                    judge
                        .problem(&schema)
                        .map(|problem| format!("{document}: {problem}\n{schema}")),
                );
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
    assert!(judged > 30);
}

#[test]
fn mistakes_of_form_are_seen() {
    let judge = Judge::new();
    let mut unseen = Vec::new();
    let mut judged = 0;
    for path in schemas_in("packetc/tests/diagnostics") {
        let name = path
            .file_stem()
            .expect("a file has a name")
            .to_string_lossy();
        let of_form = [
            "P0104", "P0107", "P0110", "P0111", "P0112", "P0113", "P0114", "P0115", "P0116",
            "P0117", "P0118", "P0119",
        ];
        if !of_form.iter().any(|code| name.starts_with(code)) {
            continue;
        }
        judged += 1;
        let text = fs::read_to_string(&path).expect("a schema");
        if judge.problem(&text).is_none() {
            unseen.push(name.into_owned());
        }
    }
    assert!(unseen.is_empty(), "{unseen:?}");
    assert!(judged > 20);
}
