//! Rules about names: what a name may look like, and that it is there once.
//!
//! Raises P0201 (not a name), P0202 (there twice), P0203 (a built-in type's name); warns P0204 (casing).

use super::headers;
use super::types::builtin;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned};
use crate::syntax::{Field, Schema, TypeBody};
use std::collections::HashMap;

/// Longest name in bytes.
const MAX_NAME: usize = 128;

pub(super) fn check(schema: &Schema, diagnostics: &mut Diagnostics) {
    identifier(&schema.protocol, "a protocol's name", diagnostics);
    for import in &schema.imports {
        if identifier(&import.name, "an import's name", diagnostics) {
            warn_unless_snake(&import.name, "an import", diagnostics);
        }
    }
    // Types and packets share one namespace: both become types in generated code.
    let mut defined = HashMap::new();
    let types = schema.types.iter().map(|definition| {
        // In its own file an imported type has no other names in front of its own.
        let written = definition
            .name
            .value
            .strip_prefix(definition.import.as_str());
        let written = written.unwrap_or(&definition.name.value).to_owned();
        (
            &definition.name,
            Spanned::new(written, definition.name.span),
            "type",
        )
    });
    let packets = schema
        .packets
        .iter()
        .map(|packet| (&packet.name, packet.name.clone(), "packet"));
    for (name, written, what) in types.chain(packets) {
        if !identifier(&written, "a name", diagnostics) {
            continue;
        }
        if builtin(&written.value).is_some() {
            diagnostics.push(
                Diagnostic::error(
                    "P0203",
                    name.span,
                    format!("`{}` is a built-in type", written.value),
                )
                .help("choose another name, such as one in `CamelCase`"),
            );
        } else if !is_camel(&written.value) {
            let better = camel(&written.value);
            diagnostics.push(
                Diagnostic::warning(
                    "P0204",
                    name.span,
                    format!("a {what} is named in `CamelCase`"),
                )
                .help(format!("rename it to `{better}`")),
            );
        }
        unique(name, &mut defined, diagnostics);
    }
    let mut groups = HashMap::new();
    for group in &schema.groups {
        if identifier(&group.name, "a group's name", diagnostics) {
            unique(&group.name, &mut groups, diagnostics);
        }
    }
    let none = HashMap::new();
    for definition in &schema.types {
        match &definition.body {
            TypeBody::Struct(list) => {
                fields(list, &none, diagnostics);
            }
            TypeBody::Enum { values, .. } | TypeBody::Flags { bits: values, .. } => {
                for named in values {
                    identifier(&named.name, "a value's name", diagnostics);
                }
            }
            TypeBody::Alias(..) | TypeBody::Unread => {}
        }
    }
    let mut framings = HashMap::new();
    // The names in the header and the trailer of each framing.
    let mut around = Vec::new();
    for framing in headers::framings(schema) {
        if let Some(name) = &framing.name
            && identifier(name, "a framing's name", diagnostics)
        {
            unique(name, &mut framings, diagnostics);
        }
        let mut names = fields(&framing.header, &none, diagnostics);
        names.extend(fields(&framing.trailer, &names, diagnostics));
        around.push(names);
    }
    let by_name = headers::by_name(schema);
    let excess = headers::excess(schema).is_some();
    for packet in &schema.packets {
        let name = packet.framing.as_ref().map(|name| name.value.as_str());
        let Some(number) = by_name.get(&name).copied() else {
            fields(&packet.fields, &none, diagnostics);
            continue;
        };
        let framing = headers::framings(schema).nth(number);
        if let (Some(framing), false, false) = (framing, packet.header.is_empty(), excess) {
            let (written, _) = headers::written(framing, packet);
            let mut names = fields(&written, &none, diagnostics);
            names.extend(fields(&framing.trailer, &none, &mut Diagnostics::new()));
            fields(&packet.fields, &names, diagnostics);
        } else {
            fields(&packet.fields, &around[number], diagnostics);
        }
    }
}

/// The names of some fields, none of which may be one of those in front of them.
fn fields<'a>(
    fields: &'a [Field],
    header: &HashMap<&str, Span>,
    diagnostics: &mut Diagnostics,
) -> HashMap<&'a str, Span> {
    let mut seen = HashMap::with_capacity(fields.len());
    for field in fields {
        if field.name.value == "_" || !identifier(&field.name, "a field's name", diagnostics) {
            continue;
        }
        warn_unless_snake(&field.name, "a field", diagnostics);
        match header.get(field.name.value.as_str()) {
            Some(first) => twice(&field.name, *first, diagnostics),
            None => unique(&field.name, &mut seen, diagnostics),
        }
    }
    seen
}

/// Warns of a name with capital letters.
pub(super) fn warn_unless_snake(name: &Spanned<String>, what: &str, diagnostics: &mut Diagnostics) {
    if name.value.bytes().any(|byte| byte.is_ascii_uppercase()) {
        let better = snake(&name.value);
        diagnostics.push(
            Diagnostic::warning(
                "P0204",
                name.span,
                format!("{what} is named in `snake_case`"),
            )
            .help(format!("rename it to `{better}`")),
        );
    }
}

fn unique<'a>(
    name: &'a Spanned<String>,
    seen: &mut HashMap<&'a str, Span>,
    diagnostics: &mut Diagnostics,
) {
    if let Some(first) = seen.insert(&name.value, name.span) {
        twice(name, first, diagnostics);
    }
}

/// Reports a name that is there twice, the first time at `first`.
///
/// Raises P0202.
pub(super) fn twice(name: &Spanned<String>, first: Span, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::error(
            "P0202",
            name.span,
            format!("the name `{}` is there twice", name.value),
        )
        .label("again here")
        .also(first, "first here"),
    );
}

pub(super) fn identifier(
    name: &Spanned<String>,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> bool {
    let text = &name.value;
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let rest = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    // Expressions read these words as operators, and YAML reads the others as no names at all.
    let word = ["and", "or", "not", "else", "null", "true", "false"].contains(&text.as_str());
    if starts && rest && !word && text.len() <= MAX_NAME {
        return true;
    }
    let help = if word {
        format!("`{text}` has a meaning of its own: choose another name")
    } else {
        format!("a name has 1 to {MAX_NAME} ASCII letters, digits and `_`, a letter first")
    };
    diagnostics.push(
        Diagnostic::error(
            "P0201",
            name.span,
            format!("{what} cannot be `{}`", text.escape_debug()),
        )
        .help(help),
    );
    false
}

fn is_camel(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains('_')
}

fn camel(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty());
    words
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_ascii_uppercase() + rest
        })
        .collect()
}

fn snake(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && lower {
            text.push('_');
        }
        lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        text.push(c.to_ascii_lowercase());
    }
    text
}
