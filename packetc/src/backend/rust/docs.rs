//! Documentation of generated items, from the schema's own text.
//!
//! Text reaches the code as string literals only, and without characters that Rust refuses in comments,
//! since that is what a formatter makes of them.

use super::Body;
use packet_schema::layout::Field;
use proc_macro2::TokenStream;
use quote::quote;

/// A `doc` attribute for each line of `text`.
pub(super) fn text(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| {
        let line = format!(" {}", clean(line));
        quote! { #[doc = #line] }
    });
    quote! { #(#lines)* }
}

/// `text` without control characters and without the two separators that some tools take for line ends.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            }
        })
        .collect::<String>()
        .trim_end()
        .replace("*/", "* /")
        .replace("/*", "/ *")
}

/// What the schema says of an item, or else `fallback`.
pub(super) fn or(doc: Option<&str>, fallback: &str) -> TokenStream {
    match doc {
        Some(doc) if !clean(doc).trim().is_empty() => text(doc),
        _ => text(fallback),
    }
}

/// Documentation of a field: what the schema says, and its unit.
pub(super) fn field(field: &Field, fallback: &str) -> TokenStream {
    let doc = or(field.doc.as_deref(), fallback);
    match &field.unit {
        Some(unit) => {
            let unit = text(&format!("\nUnit: {unit}"));
            quote! { #doc #unit }
        }
        None => doc,
    }
}

/// Documentation of a view: what the schema says, and its layout drawn.
pub(super) fn view(body: &Body<'_>) -> TokenStream {
    let name = &body.layout.name;
    let doc = or(
        body.layout.doc.as_deref(),
        &format!("The layout of `{name}`."),
    );
    let diagram = crate::render::layout::diagram(body.emitter.layout, body.id);
    let drawn = text(&format!(
        "\nA view of validated bytes:\n\n```text\n{diagram}\n```"
    ));
    quote! { #doc #drawn }
}
