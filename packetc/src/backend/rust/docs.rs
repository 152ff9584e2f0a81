//! Documentation of generated items, from the schema's own text.
//!
//! Text reaches the code as string literals only, and without characters that Rust refuses in comments,
//! since that is what a formatter makes of them.

use super::{Body, print};
use crate::render::{layout, types};
use packet_schema::layout::{Field, History, Layout, Packet, Sender};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use std::borrow::Cow;

/// A `doc` attribute with the lines of `text`.
pub(super) fn text(text: &str) -> TokenStream {
    let lines = lines(text);
    // The documentation tool drops an empty line at the beginning of an attribute, and so the end of a paragraph.
    if let Some(rest) = lines.strip_prefix('\n') {
        let rest = attribute(rest);
        return quote! { #[doc = ""] #rest };
    }
    attribute(&lines)
}

fn attribute(lines: &str) -> TokenStream {
    // A raw literal is not looked through letter by letter.
    let raw = (!lines.contains('"')).then(|| format!("r\"{lines}\"").parse::<Literal>());
    if let Some(Ok(lines)) = raw {
        quote! { #[doc = #lines] }
    } else {
        quote! { #[doc = #lines] }
    }
}

/// The lines of `text` as they stand behind `///`.
fn lines(text: &str) -> String {
    let mut lines = String::with_capacity(text.len() + text.len() / 16 + 8);
    for (number, line) in text.lines().enumerate() {
        if number > 0 {
            lines.push('\n');
        }
        let line = clean(line);
        if !line.is_empty() {
            lines.push(' ');
            lines.push_str(&line);
        }
    }
    lines
}

/// `text` without control characters and without what is misleading in code.
fn clean(text: &str) -> Cow<'_, str> {
    let text = text.trim_end();
    let is_bad = |c: char| c.is_control() || print::is_misleading(c);
    if !text.contains(is_bad) && !text.contains("*/") && !text.contains("/*") {
        return Cow::Borrowed(text);
    }
    let text: String = text
        .chars()
        .map(|c| if is_bad(c) { ' ' } else { c })
        .collect();
    Cow::Owned(text.trim_end().replace("*/", "* /").replace("/*", "/ *"))
}

/// What the schema says of an item, or else `fallback`.
pub(super) fn or(doc: Option<&str>, fallback: &str) -> TokenStream {
    match doc {
        Some(doc) if !clean(doc).trim().is_empty() => text(doc),
        _ => text(fallback),
    }
}

/// Documentation of a member: what the schema says, what it must be, and since when it is there.
pub(super) fn field(field: &Field, fallback: &str) -> TokenStream {
    let limits = types::limits(field);
    let line = (!limits.is_empty()).then(|| capitalised(&phrases(&limits)));
    let doc = with_line(field.doc.as_deref(), line.as_deref(), fallback);
    let since = since(&field.history);
    quote! { #doc #since }
}

/// Documentation of a getter: what the schema says, what stands where on the wire, and since when it is there.
pub(super) fn getter(body: &Body<'_>, index: usize, place: &str) -> TokenStream {
    let (layout, owner, field) = (body.emitter.layout, body.layout, body.field(index));
    let mut line = format!("`{}` {place}", types::field_type(layout, owner, field));
    let facts = types::facts(layout, owner, field);
    if !facts.is_empty() {
        line.push_str("; ");
    }
    line.push_str(&phrases(&facts));
    let doc = with_line(field.doc.as_deref(), Some(&line), "");
    let since = since(&field.history);
    quote! { #doc #since }
}

/// What the schema says, and a line behind it. One is enough.
fn with_line(doc: Option<&str>, line: Option<&str>, fallback: &str) -> TokenStream {
    let doc = doc.filter(|doc| !clean(doc).trim().is_empty());
    match (doc, line) {
        (Some(doc), Some(line)) => text(&format!("{}\n\n{line}.", doc.trim_end())),
        (Some(doc), None) => text(doc),
        (None, Some(line)) => text(&format!("{line}.")),
        (None, None) => text(fallback),
    }
}

fn phrases(phrases: &[String]) -> String {
    let phrases: Vec<Cow<'_, str>> = phrases.iter().map(|phrase| in_markdown(phrase)).collect();
    phrases.join("; ")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// A phrase with names of the schema or signs as code: they would mean something else in Markdown.
fn in_markdown(phrase: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || " .,;:=×°-+%/()²³'".contains(c);
    if phrase.chars().all(is_plain) {
        return Cow::Borrowed(phrase);
    }
    Cow::Owned(format!("`{}`", phrase.replace('`', "'")))
}

/// A block of text in columns.
pub(super) fn block(content: &str) -> TokenStream {
    // What stems from the schema must not end the block.
    let content = content.trim_end().replace("```", "` ` `");
    text(&format!("\n```text\n{content}\n```"))
}

/// Which packet a struct is, in one line: its ids, its size, who sends it.
fn identity(body: &Body<'_>, packet: &Packet) -> Option<String> {
    let layout = body.emitter.layout;
    let mut parts: Vec<String> = Vec::new();
    parts.extend(packet.ids.map(|ids| format!("id {}", layout::ids(ids))));
    // Of types of other items the layout has not the real sizes.
    parts.extend((!body.has_outside()).then(|| layout::packet_bytes(layout, packet)));
    parts.extend(match packet.sender {
        Sender::Client => Some("sent by the client".to_owned()),
        Sender::Server => Some("sent by the server".to_owned()),
        Sender::Both => None,
    });
    (!parts.is_empty()).then(|| capitalised(&parts.join(", ")) + ".")
}

/// A table of packets, with links to what has them in code.
pub(super) fn packets<'a>(
    layout: &Layout,
    packets: impl Iterator<Item = (&'a Packet, &'a Ident)>,
) -> TokenStream {
    let mut table = "\n| Packet | Id | Sent by | Size |\n|---|---|---|---|".to_owned();
    for (packet, item) in packets {
        let ids = packet.ids.map(layout::ids).unwrap_or_default();
        let (sender, size) = (packet.sender, layout::packet_bytes(layout, packet));
        let row = [
            "\n| [`",
            &item.to_string(),
            "`] | ",
            &ids,
            " | ",
            &sender.to_string(),
            " | ",
            &size,
            " |",
        ];
        table.extend(row);
    }
    text(&table)
}

/// Since when something is there.
pub(super) fn since(history: &History) -> Option<TokenStream> {
    let version = history.since?;
    Some(text(&format!("\nSince version {version}.")))
}

/// That something should not be used any more, where an attribute would warn of generated code itself.
pub(super) fn deprecated(history: &History) -> Option<TokenStream> {
    Some(match history.deprecated.as_deref()? {
        "" => text("\nDeprecated."),
        instead => text(&format!("\nDeprecated: {instead}")),
    })
}

/// Which packet a struct is, since when it is there, and whether it should still be used.
fn packet(body: &Body<'_>) -> TokenStream {
    let layout = body.emitter.layout;
    let Some(packet) = layout.packet_of(body.id) else {
        return TokenStream::new();
    };
    let identity = identity(body, packet).map(|identity| text(&format!("\n{identity}")));
    let (since, deprecated) = (since(&packet.history), deprecated(&packet.history));
    quote! { #identity #since #deprecated }
}

/// Documentation of an owned struct.
pub(super) fn owned(body: &Body<'_>) -> TokenStream {
    let fallback = format!("`{}` with its own data.", body.layout.name);
    let doc = or(body.layout.doc.as_deref(), &fallback);
    let packet = packet(body);
    quote! { #doc #packet }
}

/// Documentation of a borrowed struct.
pub(super) fn borrowed(body: &Body<'_>) -> TokenStream {
    let fallback = format!("`{}` with borrowed data.", body.layout.name);
    let doc = or(body.layout.doc.as_deref(), &fallback);
    let packet = packet(body);
    let note =
        text("\nTexts, bytes and arrays are borrowed, to be written without memory of their own.");
    quote! { #doc #packet #note }
}

/// Documentation of a writer in place.
pub(super) fn writer(body: &Body<'_>) -> TokenStream {
    let name = &body.layout.name;
    let doc = or(
        body.layout.doc.as_deref(),
        &format!("A writer in place of `{name}`."),
    );
    let packet = packet(body);
    let note = text("\nWrites to validated bytes, which stay valid.");
    quote! { #doc #packet #note }
}

/// A line that says the schema's name of an item, if casing alone does not make its name of that.
pub(super) fn called(name: &str, casing: fn(&str) -> String, ident: &Ident) -> TokenStream {
    if *ident == casing(name) {
        TokenStream::new()
    } else {
        text(&format!("\nCalled `{name}` in the schema."))
    }
}

/// Documentation of a protocol's module: what the schema says, and all that it consists of.
pub(super) fn module(layout: &Layout) -> TokenStream {
    let doc = or(
        layout.doc.as_deref(),
        &format!("The protocol `{}`.", layout.protocol),
    );
    let version = layout.version;
    let version = version.map(|version| text(&format!("\nVersion {version}.")));
    let outline = block(&layout::outline(layout));
    quote! { #doc #version #outline }
}

/// Documentation of a view: what the schema says, and its layout drawn.
pub(super) fn view(body: &Body<'_>) -> TokenStream {
    let name = &body.layout.name;
    let doc = or(
        body.layout.doc.as_deref(),
        &format!("The layout of `{name}`."),
    );
    let diagram = layout::diagram(body.emitter.layout, body.id);
    let intro = text("\nA view of validated bytes:");
    let drawn = block(&diagram);
    let packet = packet(body);
    quote! { #doc #packet #intro #drawn }
}

#[cfg(test)]
mod tests {
    use super::super::print;
    use super::*;

    /// The lines that a text becomes.
    fn check(given: &str, expected: &[&str]) {
        let item = text(given);
        let mut code = String::new();
        print::items(quote! { #item struct S; }, &mut code);
        let lines: Vec<String> = expected
            .iter()
            .map(|line| format!("/// {line}").trim_end().to_owned())
            .chain(["struct S;".to_owned()])
            .collect();
        let found: Vec<&str> = code.lines().map(str::trim_end).collect();
        assert_eq!(found, lines, "{given:?}");
    }

    #[test]
    fn a_line_is_a_comment() {
        check("One.", &["One."]);
        check("One.\nTwo.", &["One.", "Two."]);
        check("One.\r\nTwo.", &["One.", "Two."]);
        check("One.\n\nTwo.", &["One.", "", "Two."]);
        check("  indented", &["  indented"]);
    }

    #[test]
    fn no_text_ends_its_comment() {
        check("*/ fn f() {}", &["* / fn f() {}"]);
        check("/* fn f() {}", &["/ * fn f() {}"]);
        check("/*/ **/ */*", &["/ * / ** / * / *"]);
        check("a\rfn f() {}", &["a fn f() {}"]);
        check("a\u{2028}fn f() {}", &["a fn f() {}"]);
        check("a\u{2029}fn f() {}", &["a fn f() {}"]);
        check("a\u{85}fn f() {}", &["a fn f() {}"]);
        check("a\u{b}b\u{c}fn f() {}", &["a b fn f() {}"]);
        check("a\0fn f() {}", &["a fn f() {}"]);
    }

    #[test]
    fn no_text_ends_its_literal() {
        check("\"] fn f() {} #[doc = \"", &["\"] fn f() {} #[doc = \""]);
        check("a \\", &["a \\"]);
        check("\\u{22}", &["\\u{22}"]);
    }

    #[test]
    fn a_text_of_nothing_is_replaced() {
        let expected = text("Instead.").to_string();
        for given in [None, Some(""), Some(" \n\t"), Some("\0"), Some("\u{2028}")] {
            assert_eq!(or(given, "Instead.").to_string(), expected, "{given:?}");
        }
        assert_eq!(
            or(Some("Own."), "Instead.").to_string(),
            text("Own.").to_string()
        );
    }
}
