//! `#[derive(Packet)]`: a Rust item through the stages of a schema to the code of the Rust backend.

use crate::input::{self, Choice, Context, Kind};
use crate::{against, fallback, owned, report};
use packet_schema::diagnostic::{Diagnostic, Diagnostics};
use packet_schema::layout::Layout;
use packetc::backend::rust::{self, Number, Outside, Written};
use proc_macro2::TokenStream;
use syn::DeriveInput;

/// The code for an item, or all that is wrong with it.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(problem) => return problem.to_compile_error(),
    };
    let mut context = Context::default();
    if let Some(code) = against::expand(&input, &mut context) {
        return if context.diagnostics.has_errors() {
            let problems = std::mem::take(&mut context.diagnostics).into_sorted();
            failed(&input, &problems, &context)
        } else {
            code
        };
    }
    match compile(&input, &mut context) {
        Ok((layout, kind)) => {
            let outside = std::mem::take(&mut context.strangers.outside);
            emit(&input, &layout, kind, outside)
        }
        Err(problems) => failed(&input, &problems, &context),
    }
}

/// All that is wrong, and what stands in for the code.
fn failed(input: &DeriveInput, problems: &[Diagnostic], context: &Context) -> TokenStream {
    let mut expansion = report::compile_errors(problems, &context.spans);
    expansion.extend(fallback::expand(input));
    expansion
}

fn emit(input: &DeriveInput, layout: &Layout, kind: Kind, outside: Outside) -> TokenStream {
    let written = Written {
        ident: &input.ident,
        generics: &input.generics,
        visibility: &input.vis,
        outside,
    };
    // Types come before packets, of which there is one where something is laid out.
    let body = layout.packets.first().map(|packet| packet.body);
    match (kind, body) {
        (Kind::Struct(_), Some(body)) => rust::derived(layout, body, written),
        (Kind::Choice(Choice::Cases(variants)), Some(body)) => {
            // Behind the tag.
            rust::cases(layout, (body, 1), written, variants)
        }
        (Kind::Choice(Choice::Messages { messages, unknown }), _) => {
            rust::messages(layout, &written, &messages, unknown.as_ref())
        }
        (Kind::Choice(Choice::Named { values, other }), _) => {
            let number = match (layout.enums.first(), layout.flags.first()) {
                (Some(found), _) => Number::Enum(found),
                (None, Some(found)) => Number::Flags(found),
                (None, None) => return TokenStream::new(),
            };
            rust::named(number, &input.ident, &values, other.as_ref())
        }
        (Kind::Struct(_) | Kind::Choice(Choice::Cases(_)), None) => TokenStream::new(),
    }
}

/// The item's layout, or all problems of the first stage that finds one.
fn compile(input: &DeriveInput, context: &mut Context) -> Result<(Layout, Kind), Vec<Diagnostic>> {
    let item = input::read(input, context);
    let found = std::mem::take(&mut context.diagnostics);
    let mut item = match item {
        Some(item) if !found.has_errors() => item,
        _ => return Err(found.into_sorted()),
    };
    asserted_size(&mut item.schema, context);
    let layout = packet_schema::compile_syntax(&item.schema, found)
        .map_err(errors)?
        .layout;
    let mut found = Diagnostics::new();
    if let (Kind::Struct(origins), Some(packet)) = (&item.kind, layout.packets.first()) {
        let body = layout.get(packet.body);
        owned::check(body, origins, &context.header, &mut found);
    }
    if found.has_errors() {
        return Err(found.into_sorted());
    }
    Ok((layout, item.kind))
}

/// A packet's size follows from those of other items only when the program is compiled: then the compiler
/// compares it with the one that is said.
fn asserted_size(schema: &mut packet_schema::syntax::Schema, context: &mut Context) {
    if schema.types.iter().any(input::is_open) || !context.strangers.outside.variants.is_empty() {
        let size = schema
            .packets
            .first_mut()
            .and_then(|packet| packet.size.take());
        context.strangers.outside.size = size.map(|size| size.value);
    }
}

/// Warnings are about style, which is rustc's concern where the code is Rust.
fn errors(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.retain(|problem| problem.severity == packet_schema::diagnostic::Severity::Error);
    problems
}

#[cfg(test)]
mod tests;
