//! Enums and flag sets with their values.

use super::{bits, policy};
use crate::render::table::{columns, paragraph};
use crate::render::types::history_notes;
use packet_schema::layout::{Enum, Flags, History};

/// An enum's values.
pub(super) fn enumeration(shown: &Enum) -> String {
    let title = format!(
        "{}  enum  {}  {}",
        shown.name,
        bits(shown.bits),
        policy(shown.unknown)
    );
    let rows = shown.values.iter().map(|value| {
        vec![
            value.name.clone(),
            value.value.to_string(),
            format!("{:#x}", value.value),
            meaning(value.doc.as_deref(), &value.history),
        ]
    });
    page(
        &title,
        shown.doc.as_deref(),
        ["value", "number", "", "meaning"],
        rows,
    )
}

/// A flag set's bits.
pub(super) fn flags(shown: &Flags) -> String {
    let title = format!(
        "{}  flags  {}  {}",
        shown.name,
        bits(shown.bits),
        policy(shown.unknown)
    );
    let rows = shown.values.iter().map(|flag| {
        vec![
            flag.name.clone(),
            flag.bit.to_string(),
            format!("{:#x}", 1_u64 << flag.bit),
            meaning(flag.doc.as_deref(), &flag.history),
        ]
    });
    page(
        &title,
        shown.doc.as_deref(),
        ["flag", "bit", "mask", "meaning"],
        rows,
    )
}

fn page(
    title: &str,
    doc: Option<&str>,
    header: [&str; 4],
    rows: impl Iterator<Item = Vec<String>> + Clone,
) -> String {
    let has_docs = rows.clone().any(|row| !row[3].is_empty());
    let mut header = header.map(str::to_owned).to_vec();
    if !has_docs {
        header.pop();
    }
    let doc = doc.map(paragraph).unwrap_or_default();
    let rows: Vec<Vec<String>> = std::iter::once(header).chain(rows).collect();
    format!("{title}\n{doc}\n{}", columns(&rows))
}

/// What the schema says of a value: the description's first line, and since when it is there.
fn meaning(doc: Option<&str>, history: &History) -> String {
    let first_line = doc.and_then(|doc| doc.lines().next()).unwrap_or_default();
    let notes = history_notes(history).join("; ");
    match (first_line, notes.as_str()) {
        ("", _) => notes,
        (_, "") => first_line.to_owned(),
        _ => format!("{first_line} ({notes})"),
    }
}
