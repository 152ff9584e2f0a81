//! Reads packet protocol schemas and interprets them.
//!
//! ```text
//! text --parse, link--> syntax --check--> model --lay_out--> layout --codec--> bytes <-> Value
//! ```
//!
//! In: the text of a schema, or [`syntax`] that another front end made. Out: a [`layout::Layout`], which
//! is all that backends see, or every problem as a [`diagnostic::Diagnostic`]. This crate reads no files
//! and prints nothing.
//!
//! ```
//! let compiled = packet_schema::compile("
//! protocol: example
//! packets:
//!   Point: { fields: [ x: u16, y: u16 ] }
//! ").unwrap();
//! let point = compiled.layout.struct_named("Point").unwrap();
//! let decoded = packet_schema::codec::decode(&compiled.layout, point, &[0, 1, 0, 2]).unwrap();
//! assert_eq!(decoded.value.get("y").and_then(|y| y.as_integer()), Some(2));
//! ```
//!
//! Problems have a code, a place in the text and often a help:
//!
//! ```
//! let schema = "
//! protocol: example
//! packets:
//!   Point: { fields: [ x: u16, y: u61 ] }
//!   Line: { sise: 4 }
//! ";
//! let problems = packet_schema::compile(schema).unwrap_err();
//! assert_eq!(problems.len(), 2);
//! let (width, key) = (&problems[0], &problems[1]);
//! assert_eq!((width.code, key.code), ("P0311", "P0107"));
//! assert_eq!(&schema[key.primary.span.start..key.primary.span.end], "sise");
//! assert_eq!(key.help.as_deref(), Some("did you mean `size`?"));
//! ```
//!
//! | Module | Purpose |
//! |---|---|
//! | [`source`] | the files of a schema, and where they come from |
//! | [`mod@parse`] | text into syntax |
//! | [`syntax`] | a schema as it was written |
//! | [`mod@check`], [`model`] | the rules, and what has passed them |
//! | [`layout`] | where everything lies; all that backends see |
//! | [`codec`], [`value`] | packets without generated code |
//! | [`session`] | the order of packets, without generated code |
//! | [`vectors`] | runs the test vectors of a schema |
//! | [`mod@fingerprint`] | whether two schemas mean the same wire |
//! | [`diagnostic`] | problems with codes and places |
#![forbid(unsafe_code)]

pub mod check;
pub mod codec;
pub mod diagnostic;
pub mod fingerprint;
pub mod layout;
mod link;
pub mod model;
pub mod parse;
pub mod session;
pub mod source;
pub mod syntax;
pub mod value;
pub mod vectors;

use diagnostic::{Diagnostic, Diagnostics, Severity};
use layout::Layout;
use source::{File, Loader, SourceMap};

/// A schema without errors.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Where everything lies.
    pub layout: Layout,
    /// What is likely not meant.
    pub warnings: Vec<Diagnostic>,
}

/// Parses, checks and lays out a schema that stands alone: it can import nothing.
///
/// # Errors
/// All problems in source order. A definition in which a stage finds an error is not looked at by the next
/// one, and neither is what depends on it; all others are.
pub fn compile(source: &str) -> Result<Compiled, Vec<Diagnostic>> {
    let mut diagnostics = Diagnostics::new();
    let schema = parse::parse(source, &mut diagnostics);
    match schema {
        Some(schema) if !diagnostics.is_full() => {
            let schema = link::alone(schema, &mut diagnostics);
            compile_owned(schema, diagnostics)
        }
        _ => Err(diagnostics.into_sorted()),
    }
}

/// Parses, checks and lays out a schema with all that it imports.
///
/// The sources are those of all files that were read, in which the places of problems lie, whether there are
/// errors or not. Warnings are about the schema itself; those of imported ones are seen where they are
/// compiled themselves.
pub fn compile_files(
    main: File,
    loader: &mut dyn Loader,
) -> (SourceMap, Result<Compiled, Vec<Diagnostic>>) {
    let mut diagnostics = Diagnostics::new();
    let (sources, schema) = link::read(main, loader, &mut diagnostics);
    let compiled = match schema {
        Some(schema) if !diagnostics.is_full() => compile_owned(schema, diagnostics),
        _ => Err(diagnostics.into_sorted()),
    };
    let own = |problem: &Diagnostic| {
        problem.severity == Severity::Error || !sources.is_imported(problem.primary.span)
    };
    let compiled = match compiled {
        Ok(mut compiled) => {
            compiled.warnings.retain(own);
            Ok(compiled)
        }
        Err(mut problems) => {
            problems.retain(own);
            Err(problems)
        }
    };
    (sources, compiled)
}

/// Checks and lays out a schema that another front end read; `diagnostics` are that one's.
///
/// # Errors
/// As [`compile`].
pub fn compile_syntax(
    schema: &syntax::Schema,
    diagnostics: Diagnostics,
) -> Result<Compiled, Vec<Diagnostic>> {
    let mut found = Diagnostics::after(&diagnostics);
    let protocol = check::resolve(schema, &mut found);
    lay_out(protocol, found, diagnostics)
}

/// As [`compile_syntax`], but gives the memory of the syntax back before more is needed.
fn compile_owned(
    schema: syntax::Schema,
    diagnostics: Diagnostics,
) -> Result<Compiled, Vec<Diagnostic>> {
    let mut found = Diagnostics::after(&diagnostics);
    let protocol = check::resolve(&schema, &mut found);
    drop(schema);
    lay_out(protocol, found, diagnostics)
}

/// Lays out what was checked; `found` are the problems of that, `diagnostics` earlier ones.
fn lay_out(
    protocol: model::Protocol,
    mut found: Diagnostics,
    mut diagnostics: Diagnostics,
) -> Result<Compiled, Vec<Diagnostic>> {
    let layout = layout::lay_out(protocol, &mut found);
    diagnostics.extend(found.into_sorted());
    match layout {
        Some(layout) if !diagnostics.has_errors() => Ok(Compiled {
            layout,
            warnings: diagnostics.into_sorted(),
        }),
        _ => Err(diagnostics.into_sorted()),
    }
}
