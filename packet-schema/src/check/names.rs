//! Rules about names: what a name may look like, and that it is there once.
//!
//! Raises P0201 (not a name), P0202 (there twice), P0203 (a built-in type's name); warns P0204 (casing).

use super::headers;
use super::types::builtin;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned};
use crate::syntax::{Field, Framing, Schema, TypeBody};
use std::collections::HashMap;

/// Longest name in bytes.
const MAX_NAME: usize = 128;

pub(super) fn check(schema: &Schema, diagnostics: &mut Diagnostics) {
    identifier(&schema.protocol, "a protocol's name", diagnostics);
    // Types and packets share one namespace: both become types in generated code.
    let mut defined = HashMap::new();
    for (name, what) in schema
        .types
        .iter()
        .map(|definition| (&definition.name, "type"))
        .chain(schema.packets.iter().map(|packet| (&packet.name, "packet")))
    {
        if !identifier(name, "a name", diagnostics) {
            continue;
        }
        if builtin(&name.value).is_some() {
            diagnostics.push(
                Diagnostic::error(
                    "P0203",
                    name.span,
                    format!("`{}` is a built-in type", name.value),
                )
                .help("choose another name, such as one in `CamelCase`"),
            );
        } else if !is_camel(&name.value) {
            let better = camel(&name.value);
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
    for definition in &schema.types {
        match &definition.body {
            TypeBody::Struct(list) => fields(list, &[], diagnostics),
            TypeBody::Enum { values, .. } | TypeBody::Flags { bits: values, .. } => {
                for named in values {
                    identifier(&named.name, "a value's name", diagnostics);
                }
            }
            TypeBody::Alias(..) | TypeBody::Unread => {}
        }
    }
    let mut framings = HashMap::new();
    for framing in headers::framings(schema) {
        if let Some(name) = &framing.name
            && identifier(name, "a framing's name", diagnostics)
        {
            unique(name, &mut framings, diagnostics);
        }
        fields(&framing.header, &[], diagnostics);
        fields(&framing.trailer, &framing.header, diagnostics);
    }
    for packet in &schema.packets {
        let named = |framing: &&Framing| {
            framing.name.as_ref().map(|name| &name.value)
                == packet.framing.as_ref().map(|name| &name.value)
        };
        let Some(framing) = headers::framings(schema).find(named) else {
            fields(&packet.fields, &[], diagnostics);
            continue;
        };
        let (mut around, _) = headers::written(framing, packet);
        if !packet.header.is_empty() {
            fields(&around, &[], diagnostics);
        }
        around.extend(framing.trailer.iter().cloned());
        fields(&packet.fields, &around, diagnostics);
    }
}

fn fields(fields: &[Field], header: &[Field], diagnostics: &mut Diagnostics) {
    let mut seen: HashMap<String, Span> = header
        .iter()
        .filter(|field| field.name.value != "_")
        .map(|field| (field.name.value.clone(), field.name.span))
        .collect();
    for field in fields {
        if field.name.value == "_" || !identifier(&field.name, "a field's name", diagnostics) {
            continue;
        }
        warn_unless_snake(&field.name, "a field", diagnostics);
        unique(&field.name, &mut seen, diagnostics);
    }
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

fn unique(name: &Spanned<String>, seen: &mut HashMap<String, Span>, diagnostics: &mut Diagnostics) {
    if let Some(first) = seen.insert(name.value.clone(), name.span) {
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
