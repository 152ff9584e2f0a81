//! `#[derive(Packet)]`: a Rust struct through the stages of a schema to the code of the Rust backend.

use crate::input::{self, Context};
use crate::{fallback, owned, report};
use packet_schema::diagnostic::{Diagnostic, Diagnostics};
use packet_schema::layout::{Layout, StructId};
use packetc::backend::rust;
use proc_macro2::TokenStream;
use syn::DeriveInput;

/// The code for a struct, or all that is wrong with it.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(problem) => return problem.to_compile_error(),
    };
    let mut context = Context::default();
    match compile(&input, &mut context) {
        Ok((layout, id)) => rust::derived(&layout, id, &input.ident, &input.generics, &input.vis),
        Err(problems) => {
            let mut expansion = report::compile_errors(&problems, &context.spans);
            expansion.extend(fallback::expand(&input));
            expansion
        }
    }
}

/// The struct's layout, or all problems of the first stage that finds one.
fn compile(
    input: &DeriveInput,
    context: &mut Context,
) -> Result<(Layout, StructId), Vec<Diagnostic>> {
    let packet = input::read(input, context);
    let found = std::mem::take(&mut context.diagnostics);
    let packet = match packet {
        Some(packet) if !found.has_errors() => packet,
        _ => return Err(found.into_sorted()),
    };
    let layout = packet_schema::compile_syntax(&packet.schema, found)
        .map_err(errors)?
        .layout;
    // Types come before packets, and there are none.
    let id = layout.packets[0].body;
    let mut found = Diagnostics::new();
    owned::check(layout.get(id), &packet.origins, &mut found);
    if found.has_errors() {
        return Err(found.into_sorted());
    }
    Ok((layout, id))
}

/// Warnings are about style, which is rustc's concern where the code is Rust.
fn errors(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.retain(|problem| problem.severity == packet_schema::diagnostic::Severity::Error);
    problems
}

#[cfg(test)]
mod tests;
