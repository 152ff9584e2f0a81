//! Versions: since when things are there.
//!
//! Raises P0212 (a version that the schema has not reached, or has not at all).

use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::syntax::{Field, History, Replacement, Schema, TypeBody};

/// Compares every `since` with the schema's version.
pub(crate) fn check(schema: &Schema, diagnostics: &mut Diagnostics) {
    let mut said: Vec<&History> = Vec::new();
    for framing in super::headers::framings(schema) {
        said.extend(of_fields(&framing.header));
        said.extend(of_fields(&framing.trailer));
    }
    // What is imported has the version of its own file.
    let own = schema.types.iter().filter(|found| found.import.is_empty());
    for definition in own {
        match &definition.body {
            TypeBody::Struct(fields) => said.extend(of_fields(fields)),
            TypeBody::Enum { values, .. } | TypeBody::Flags { bits: values, .. } => {
                said.extend(values.iter().map(|value| &value.history));
            }
            TypeBody::Alias(..) | TypeBody::Unread => {}
        }
    }
    for packet in &schema.packets {
        said.push(&packet.history);
        said.extend(of_fields(&packet.fields));
        for replaced in &packet.header {
            if let Replacement::Fields(fields) = &replaced.with {
                said.extend(of_fields(fields));
            }
        }
    }
    for since in said.into_iter().filter_map(|history| history.since) {
        let Some(version) = schema.version else {
            diagnostics.push(
                Diagnostic::error("P0212", since.span, "the schema has no version")
                    .label("what came with it is not known")
                    .help(format!("write `version: {}` at the top", since.value)),
            );
            continue;
        };
        if since.value > version.value {
            diagnostics.push(too_new(
                since.value,
                since.span,
                version.value,
                version.span,
            ));
        }
    }
}

fn of_fields(fields: &[Field]) -> impl Iterator<Item = &History> {
    fields.iter().map(|field| &field.attributes.history)
}

fn too_new(since: u64, at: Span, version: u64, written: Span) -> Diagnostic {
    Diagnostic::error(
        "P0212",
        at,
        format!("the schema has version {version}, not yet {since}"),
    )
    .also(written, "the version")
    .help(format!("raise it to {since}, or correct `since`"))
}
