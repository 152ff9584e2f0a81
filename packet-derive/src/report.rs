//! Problems in a struct as errors of the compiler, at the place in the user's code.
//!
//! A compiler error has one place and a text. The other places of a diagnostic are named in the text by
//! line and column.

use crate::spans::Spans;
use packet_schema::diagnostic::{Diagnostic, Label};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::borrow::Cow;
use std::fmt::Write;

/// One `compile_error!` for each of `problems`.
pub(crate) fn compile_errors(problems: &[Diagnostic], spans: &Spans) -> TokenStream {
    problems
        .iter()
        .map(|problem| compile_error(problem, spans))
        .collect()
}

fn compile_error(problem: &Diagnostic, spans: &Spans) -> TokenStream {
    let (first, last) = spans.in_rust(problem.primary.span);
    // An error reaches from its first to its last token; what they are does not matter.
    let (first, last) = (Ident::new("first", first), Ident::new("last", last));
    syn::Error::new_spanned(quote!(#first #last), text(problem, spans)).to_compile_error()
}

fn text(problem: &Diagnostic, spans: &Spans) -> String {
    let mut text = format!("{} [{}]", problem.message, problem.code);
    for label in &problem.secondary {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "\nnote: {}", label.text);
        if let Some((line, column)) = elsewhere(label, problem, spans) {
            let _ = write!(text, ": line {line}, column {column}");
        }
    }
    if let Some(help) = help(problem) {
        let _ = write!(text, "\nhelp: {help}");
    }
    text
}

/// The line and column of `label`, unless it points where the error does.
fn elsewhere(label: &Label, problem: &Diagnostic, spans: &Spans) -> Option<(usize, usize)> {
    let at = spans.in_rust(label.span).0.start();
    let primary = spans.in_rust(problem.primary.span).0.start();
    (at != primary).then_some((at.line, at.column + 1))
}

/// What to do. Where the rule's own help shows YAML, this says it in Rust.
fn help(problem: &Diagnostic) -> Option<Cow<'_, str>> {
    let helps_with = |words: &str| {
        let help = problem.help.as_deref();
        help.is_some_and(|help| help.contains(words))
    };
    Some(match problem.code {
        "P0311" => "fill the bytes up with reserved bits: `wire(_: u4)` in front of a field, `wire_after(_: u4)` behind it".into(),
        "P0503" if problem.help.is_some() => "give the header an id, as in `header(size: u16, id: u16)`, or leave the id out".into(),
        "P0508" => "give the header a size, as in `header(size: u16, id: u16)`, or leave it out".into(),
        "P0322" => "its characters have two or four bytes: write an even `count`".into(),
        "P0328" if helps_with("struct") => "leave it out: `wire_after(_: bytes[N])` puts bytes behind the field".into(),
        "P0329" if helps_with("- _:") => "put `wire(#[packet(align = N)] _: bytes[0])` in front of the run".into(),
        "P0331" if helps_with("bytes[]") => "add a last field such as `#[packet(rest)] rest: Vec<u8>`, and leave `trailing` out".into(),
        "P0408" if helps_with("EXPR") => "functions are for what `wire(name: TYPE = VALUE)` computes; here, name a field that holds the number".into(),
        _ => problem.help.as_deref()?.into(),
    })
}
