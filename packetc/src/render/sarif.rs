//! Diagnostics as a SARIF document, the format in which services collect the findings of many tools.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use super::diagnostics::Place;
use super::plain::severity;
use super::{Sources, Style};
use crate::explain::page;
use packet_schema::diagnostic::{Diagnostic, Span};
use serde_json::{Value, json};
use std::fmt::Write;

/// The findings of one run over any number of schemas.
#[derive(Debug, Default)]
pub struct Log {
    results: Vec<Value>,
    /// The codes of the results, each once, in the order in which they were met.
    codes: Vec<&'static str>,
}

impl Log {
    /// Adds a problem.
    pub fn add<'a>(&mut self, sources: impl Into<Sources<'a>>, diagnostic: &Diagnostic) {
        let sources = sources.into();
        let code = diagnostic.code;
        let rule = self.codes.iter().position(|known| *known == code);
        let rule = rule.unwrap_or_else(|| {
            self.codes.push(code);
            self.codes.len() - 1
        });
        let help = diagnostic.help.as_deref();
        let help = help.map_or_else(String::new, |help| format!("\nhelp: {help}"));
        let related: Vec<Value> = diagnostic
            .secondary
            .iter()
            .map(|label| location(sources, label.span, &label.text))
            .collect();
        self.results.push(json!({
            "ruleId": code,
            "ruleIndex": rule,
            "level": severity(diagnostic.severity),
            "message": { "text": format!("{}{help}", diagnostic.message) },
            "locations": [location(sources, diagnostic.primary.span, &diagnostic.primary.text)],
            "relatedLocations": related,
        }));
    }

    /// The whole document. `complete` says whether all schemas could be read.
    pub fn finish(self, complete: bool) -> String {
        let rules: Vec<Value> = self.codes.iter().map(|code| rule(code)).collect();
        let document = json!({
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {
                    "driver": {
                        "name": "packetc",
                        "semanticVersion": env!("CARGO_PKG_VERSION"),
                        "rules": rules,
                    },
                },
                "invocations": [{ "executionSuccessful": complete }],
                "columnKind": "unicodeCodePoints",
                "results": self.results,
            }],
        });
        format!("{document:#}")
    }
}

/// What there is to say about a code wherever it is met.
fn rule(code: &str) -> Value {
    match page(code) {
        Some(page) => json!({
            "id": code,
            "shortDescription": { "text": page.title },
            "help": { "text": page.shown(Style::Plain), "markdown": page.body },
        }),
        None => json!({ "id": code }),
    }
}

fn location(sources: Sources<'_>, span: Span, label: &str) -> Value {
    let (source, span) = sources.locate(span);
    let place = Place::new(source, span);
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(source.path) },
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": place.end_line,
                "endColumn": place.end_column,
            },
        },
    });
    if !label.is_empty() {
        location["message"] = json!({ "text": label });
    }
    location
}

/// A path as a reference to a file: relative if it is.
fn uri(path: &str) -> String {
    let path = if cfg!(windows) {
        path.replace('\\', "/")
    } else {
        path.to_owned()
    };
    let escaped = path.bytes().fold(String::new(), |mut text, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                text.push(char::from(byte));
            }
            // Writing to a `String` cannot fail.
            _ => drop(write!(text, "%{byte:02X}")),
        }
        text
    });
    if escaped.starts_with('/') {
        format!("file://{escaped}")
    } else {
        escaped
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Source;

    #[test]
    fn a_rule_is_there_once_and_results_name_it() {
        let mut log = Log::default();
        let source = Source::new("a b/ü.yaml", "x: é!\n");
        for (code, span) in [
            ("P0205", Span::new(0, 1)),
            ("P0204", Span::new(3, 5)),
            ("P0205", Span::new(5, 6)),
        ] {
            let problem = Diagnostic::warning(code, span, "odd").also(Span::new(0, 1), "beside it");
            log.add(source, &problem.help("do it"));
        }
        let document: Value = serde_json::from_str(&log.finish(true)).expect("JSON");
        let run = &document["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().expect("a list");
        let ids: Vec<&Value> = rules.iter().map(|rule| &rule["id"]).collect();
        assert_eq!(ids, ["P0205", "P0204"]);
        assert_eq!(rules[0]["shortDescription"]["text"], "an unknown type");
        let results = run["results"].as_array().expect("a list");
        let numbers: Vec<&Value> = results.iter().map(|result| &result["ruleIndex"]).collect();
        assert_eq!(numbers, [0, 1, 0]);
        assert_eq!(results[1]["message"]["text"], "odd\nhelp: do it");
        let place = &results[2]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b/%C3%BC.yaml");
        let region = json!({ "startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 6 });
        assert_eq!(place["region"], region);
        let related = &results[0]["relatedLocations"][0];
        assert_eq!(related["message"]["text"], "beside it");
    }

    #[test]
    fn odd_spans_do_not_panic() {
        let mut log = Log::default();
        let problem = Diagnostic::error("P0000", Span::new(9, 3), "odd");
        log.add(Source::new("/a.yaml", "x"), &problem);
        let document = log.finish(false);
        assert!(document.contains("file:///a.yaml"), "{document}");
    }
}
