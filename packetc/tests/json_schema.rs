//! What `packetc schema` prints is a JSON Schema, and says of schemas what the compiler says, as far as form goes.

#[expect(dead_code, reason = "the examples are judged here, not compiled")]
mod examples;

use examples::{blocks, read, workspace};
use packetc::render::json_schema;
use regex_lite::Regex;
use serde_json::{Map, Value};
use std::fs;
use std::path::PathBuf;

/// The document of the schema language, and what it says of schemas. Only the keywords that the document has are
/// known here; another one fails the tests.
struct Judge {
    document: Value,
}

impl Judge {
    fn new() -> Self {
        Self {
            document: json_schema::document(),
        }
    }

    /// What is wrong with a schema.
    fn problem(&self, text: &str) -> Option<String> {
        match serde_yaml::from_str(text) {
            Ok(value) => self.judge(&self.document, &json(value), "").err(),
            Err(problem) => Some(problem.to_string()),
        }
    }

    /// Whether `value`, which is at `path`, is what `form` says.
    fn judge(&self, form: &Value, value: &Value, path: &str) -> Result<(), String> {
        let form = form.as_object().expect("a form is an object");
        for (keyword, said) in form {
            let right = match (keyword.as_str(), value) {
                ("$ref", _) => {
                    let definition = said.as_str().and_then(|at| at.strip_prefix('#'));
                    let definition = definition.and_then(|at| self.document.pointer(at));
                    self.judge(definition.expect("a definition"), value, path)?;
                    true
                }
                ("type", _) => list(said).iter().any(|name| is(name, value)),
                ("enum", _) => list(said).contains(value),
                ("anyOf", _) => self.count(said, value, path) > 0,
                ("oneOf", _) => self.count(said, value, path) == 1,
                ("pattern", Value::String(text)) => {
                    let pattern = said.as_str().expect("a pattern is text");
                    Regex::new(pattern).expect(pattern).is_match(text)
                }
                ("minimum", Value::Number(number)) => number.as_f64() >= said.as_f64(),
                ("items", Value::Array(items)) => {
                    for (index, item) in items.iter().enumerate() {
                        self.judge(said, item, &format!("{path}/{index}"))?;
                    }
                    true
                }
                ("minItems", Value::Array(items)) => items.len() as u64 >= number(said),
                ("maxItems", Value::Array(items)) => items.len() as u64 <= number(said),
                ("minProperties", Value::Object(map)) => map.len() as u64 >= number(said),
                ("maxProperties", Value::Object(map)) => map.len() as u64 <= number(said),
                ("required", Value::Object(map)) => list(said)
                    .iter()
                    .all(|name| map.contains_key(name.as_str().expect("a name"))),
                ("propertyNames", Value::Object(map)) => {
                    for name in map.keys() {
                        self.judge(said, &name.as_str().into(), path)?;
                    }
                    true
                }
                ("properties", Value::Object(map)) => {
                    for (name, form) in said.as_object().expect("properties") {
                        if let Some(value) = map.get(name) {
                            self.judge(form, value, &format!("{path}/{name}"))?;
                        }
                    }
                    true
                }
                ("additionalProperties", Value::Object(map)) => {
                    let known = form.get("properties").and_then(Value::as_object);
                    for (name, value) in map {
                        let path = format!("{path}/{name}");
                        match (known.is_some_and(|known| known.contains_key(name)), said) {
                            (true, _) => {}
                            (false, Value::Bool(false)) => {
                                return Err(format!("{path} is unknown"));
                            }
                            (false, form) => self.judge(form, value, &path)?,
                        }
                    }
                    true
                }
                // Only said to people, or only of values of another type.
                (
                    "$schema"
                    | "$defs"
                    | "title"
                    | "description"
                    | "markdownDescription"
                    | "pattern"
                    | "minimum"
                    | "items"
                    | "minItems"
                    | "maxItems"
                    | "minProperties"
                    | "maxProperties"
                    | "required"
                    | "propertyNames"
                    | "properties"
                    | "additionalProperties",
                    _,
                ) => true,
                _ => panic!("the keyword `{keyword}` is not known here"),
            };
            if !right {
                return Err(format!("{path} breaks `{keyword}`: {value}"));
            }
        }
        Ok(())
    }

    /// How many of `forms` are those of `value`.
    fn count(&self, forms: &Value, value: &Value, path: &str) -> usize {
        let forms = list(forms).iter();
        forms
            .filter(|form| self.judge(form, value, path).is_ok())
            .count()
    }
}

/// The items of a list; a value alone is a list of one.
fn list(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        _ => std::slice::from_ref(value),
    }
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a number")
}

fn is(name: &Value, value: &Value) -> bool {
    match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("number") => value.is_number(),
        Some("integer") => value.is_i64() || value.is_u64(),
        _ => panic!("the type {name} is not known here"),
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
