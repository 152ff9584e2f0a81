//! The schema language as a JSON Schema, for editors.
//!
//! In: the tables of keys that the parser itself uses. Out: a document of the 2020-12 edition. It describes the
//! form of a schema; names, sizes and everything else that needs the whole are for `packetc check`.

use packet_schema::parse::keys::{self, Key, Shape, Table};
use serde_json::{Map, Value, json};

/// The whole document.
pub fn document() -> Value {
    let mut definitions = Map::new();
    for table in keys::tables() {
        definitions.insert(table.name.to_owned(), map(table));
    }
    for (name, definition) in texts() {
        definitions.insert(name.to_owned(), definition);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "packetc schema",
        "description": "A packet protocol in the language of packetc.",
        "$ref": "#/$defs/schema",
        "$defs": definitions,
    })
}

/// The forms of single values that patterns describe.
fn texts() -> [(&'static str, Value); 9] {
    const NUMBER: &str = "(0x[0-9A-Fa-f]+|0b[01]+|0|[1-9][0-9]*)";
    let text = |description: &str, pattern: String| json!({ "type": "string", "description": description, "pattern": pattern });
    let number = |low: Option<u8>, pattern: String| {
        let mut number = json!({ "type": "integer" });
        if let Some(low) = low {
            number["minimum"] = low.into();
        }
        json!({ "anyOf": [number, { "type": "string", "pattern": pattern }] })
    };
    let range = format!("-?{NUMBER}\\s*\\.\\.=\\s*-?{NUMBER}");
    // YAML has read what looks like a number, so names of digits alone are no text here.
    let name = "^[A-Za-z][A-Za-z0-9_]{0,127}$";
    let suffix = r"\[[^\]]*\]|<\s*[A-Za-z][A-Za-z0-9_.]*\s*>";
    [
        (
            "name",
            text(
                "A name: a letter, then letters, digits and `_`.",
                name.to_owned(),
            ),
        ),
        (
            "fieldName",
            text(
                "The name of a field, or `_` for a reserved one.",
                format!("^_$|{name}"),
            ),
        ),
        (
            "type",
            text(
                "A type: `u16`, `string<u8>`, `bytes[length]`, `Name[4]`, `bytes[]`.",
                format!(r"^\s*[A-Za-z][A-Za-z0-9_.]*\s*(({suffix})\s*)*$"),
            ),
        ),
        ("unsigned", number(Some(0), format!("^{NUMBER}$"))),
        ("signed", number(None, format!("^-?{NUMBER}$"))),
        (
            "byteSize",
            number(Some(0), format!("^{NUMBER}\\s*(KiB|MiB|GiB)?$")),
        ),
        (
            "range",
            text("A range with both ends: `1..=9`.", format!("^{range}$")),
        ),
        (
            "sizeRange",
            number(Some(0), format!("^({NUMBER}|{range})$")),
        ),
        (
            "hex",
            text(
                "Pairs of hexadecimal digits with white space between them.",
                r"^\s*([0-9A-Fa-f]{2}\s*)*$".to_owned(),
            ),
        ),
    ]
}

fn map(table: &Table) -> Value {
    let mut properties = Map::new();
    for key in table.keys() {
        properties.insert(key.name.to_owned(), property(key));
    }
    let mut map = json!({
        "title": table.name,
        "description": table.doc,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    match table.needs {
        [] => {}
        [needed] => map["required"] = json!(needed),
        several => {
            let several = several.iter().map(|needed| json!({ "required": needed }));
            map["oneOf"] = several.collect();
        }
    }
    map
}

fn property(key: &Key) -> Value {
    let mut value = form(key.shape);
    value["title"] = key.name.into();
    value["description"] = key.doc.into();
    // Editors that know it show it formatted.
    value["markdownDescription"] = key.doc.into();
    value
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn form(shape: Shape) -> Value {
    match shape {
        // Text is what stands in the file, also where YAML sees a number.
        Shape::Text | Shape::Scalar => json!({ "type": ["string", "number", "boolean"] }),
        Shape::Name => reference("name"),
        Shape::Unsigned => reference("unsigned"),
        Shape::Signed => reference("signed"),
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Choice(words) => json!({ "enum": words }),
        Shape::Range => reference("range"),
        Shape::SizeRange => reference("sizeRange"),
        Shape::ByteSize => reference("byteSize"),
        Shape::Type => reference("type"),
        Shape::Expression => json!({ "type": ["string", "integer"] }),
        Shape::Hex => reference("hex"),
        Shape::Any => json!({}),
        Shape::Map(table) => reference(table.name),
        Shape::Named(inner) => json!({
            "type": "object",
            "propertyNames": reference("name"),
            "additionalProperties": form(*inner),
        }),
        Shape::Cases(inner) => json!({ "type": "object", "additionalProperties": form(*inner) }),
        Shape::List(inner) => json!({ "type": "array", "items": form(*inner) }),
        Shape::Pair(inner) => json!({
            "type": "array",
            "items": form(*inner),
            "minItems": 2,
            "maxItems": 2,
        }),
        Shape::Field(inner) => json!({
            "type": "object",
            "propertyNames": reference("fieldName"),
            "additionalProperties": form(*inner),
            "minProperties": 1,
            "maxProperties": 1,
        }),
        Shape::OneOf(shapes) => {
            let shapes: Vec<Value> = shapes.iter().map(|shape| form(*shape)).collect();
            json!({ "anyOf": shapes })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_definition_hides_another() {
        let document = document();
        let definitions = document["$defs"].as_object().expect("an object");
        assert_eq!(definitions.len(), keys::tables().len() + texts().len());
    }
}
