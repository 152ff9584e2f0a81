//! `#[packet(schema = "…")]`: an item that a schema describes already.
//!
//! In: the item, and the file that it names. Out: the code of what the schema calls so, with the user's own types in
//! it, or each thing in which the two differ.
//!
//! | File | Compares |
//! |---|---|
//! | [`fields`] | a struct with a struct or a packet |
//! | [`choices`] | an enum with an enum or with the cases of a variant, a `struct NAME(u8)` with flags |
//!
//! Raises P0712 (a difference), P0713 (a schema that cannot be used).

mod choices;
mod fields;

use crate::input::Context;
use crate::input::attribute::Keys;
use packet_schema::diagnostic::{Span, Spanned};
use packet_schema::layout::{Layout, ScalarKind, StructId, Type};
use packetc::backend::rust::{Outside, Written, type_name};
use packetc::load::{self, Loaded};
use packetc::render::plain;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use std::path::{Path, PathBuf};
use std::{env, io};
use syn::{Data, DeriveInput, Fields};

/// Where an item says that it is described.
struct Reference {
    path: Spanned<String>,
    root: Option<String>,
    name: Spanned<String>,
}

/// What the item is compared with.
struct Described<'a> {
    layout: &'a Layout,
    loaded: &'a Loaded,
}

impl Described<'_> {
    /// Where a place of the schema is, as `schemas/game.yaml:12`.
    fn place(&self, span: Span) -> String {
        let Some(file) = self.loaded.sources.file_of(span) else {
            return String::new();
        };
        let before = file
            .text()
            .get(..file.local(span).start)
            .unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        format!("`{}:{line}`", file.name())
    }
}

/// The code for an item that says which schema describes it, with what makes Cargo watch the schema; `None` if it
/// says nothing of that. What is wrong is in `context`.
pub(crate) fn expand(input: &DeriveInput, context: &mut Context) -> Option<TokenStream> {
    if !mentions_schema(input) {
        return None;
    }
    let mut keys = Keys::read("an item that a schema describes", &input.attrs, context);
    let reference = reference(input, &mut keys, context);
    let code = reference.and_then(|reference| described(input, &reference, keys, context));
    Some(code.unwrap_or_default())
}

/// Whether `schema` is among the item's keys.
fn mentions_schema(input: &DeriveInput) -> bool {
    // Nothing of this reading is reported: it is done again.
    let mut context = Context::default();
    Keys::read("", &input.attrs, &mut context)
        .place("schema")
        .is_some()
}

fn reference(input: &DeriveInput, keys: &mut Keys, context: &mut Context) -> Option<Reference> {
    let path = keys.text("schema", context);
    let root = keys.text("root", context).map(|root| root.value);
    let name = keys.text("name", context);
    Some(Reference {
        path: path?,
        root,
        name: name.unwrap_or_else(|| context.spans.spanned(input.ident.to_string(), &input.ident)),
    })
}

fn load(reference: &Reference) -> io::Result<(Loaded, PathBuf)> {
    let start = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let root = reference.root.as_deref().map(Path::new);
    let loaded = load::compile_in(&start, Path::new(&reference.path.value), root)?;
    Ok((loaded, start))
}

fn described(
    input: &DeriveInput,
    reference: &Reference,
    mut keys: Keys,
    context: &mut Context,
) -> Option<TokenStream> {
    let loaded = match load(reference) {
        Ok((loaded, _)) => loaded,
        Err(error) => {
            let message = format!("cannot read the schema `{}`: {error}", reference.path.value);
            let help = "the path starts at the folder of the `Cargo.toml` of this crate";
            context.error("P0713", reference.path.span, message, help);
            return None;
        }
    };
    let layout = match &loaded.compiled {
        Ok(compiled) => &compiled.layout,
        Err(problems) => {
            for problem in problems {
                let message = plain::line(&loaded.sources, problem);
                let help = "mend the schema; `packetc check` shows the place";
                context.error("P0713", reference.path.span, message, help);
            }
            return None;
        }
    };
    let described = Described {
        layout,
        loaded: &loaded,
    };
    let watched: Vec<TokenStream> = loaded
        .files
        .iter()
        .map(|file| crate::schema::watched(file))
        .collect();
    let code = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(named) => fields::expand(
                input,
                named,
                &described,
                &reference.name,
                &mut keys,
                context,
            ),
            _ => choices::flags(input, &data.fields, &described, &reference.name, context),
        },
        Data::Enum(data) => choices::enumeration(input, data, &described, &reference.name, context),
        Data::Union(_) => None,
    };
    keys.finish(context);
    code.map(|code| quote! { #code #(#watched)* })
}

/// Raises P0713: the schema has nothing of this name that could be such an item.
fn nothing_called(name: &Spanned<String>, what: &str, names: Vec<&str>, context: &mut Context) {
    let message = format!("the schema has no {what} called `{}`", name.value);
    let near = packet_schema::diagnostic::did_you_mean(&name.value, names);
    let help = near.unwrap_or_else(|| "say what it is called there: `name = \"…\"`".to_owned());
    context.error("P0713", name.span, message, &help);
}

/// What the code needs of the item: the types of its fields, and for all others of the schema those in scope that
/// have the name of the schema's.
fn written<'a>(
    input: &'a DeriveInput,
    layout: &Layout,
    except: StructId,
    own: Outside,
) -> Written<'a> {
    let mut outside = Outside { known: true, ..own };
    let structs = (0..layout.structs.len()).filter(|id| *id != except.0);
    let names = structs
        .map(|id| &layout.structs[id].name)
        .chain(layout.enums.iter().map(|found| &found.name))
        .chain(layout.flags.iter().map(|found| &found.name));
    for name in names {
        outside.types.entry(name.clone()).or_insert_with(|| {
            let ident = format_ident!("{}", type_name(name));
            quote! { #ident }
        });
    }
    Written {
        ident: &input.ident,
        generics: &input.generics,
        visibility: &input.vis,
        outside,
    }
}

/// The name in the layout of the type of a value or of its elements, if another item has it.
fn name_of<'a>(layout: &'a Layout, ty: &Type) -> Option<&'a str> {
    match ty {
        Type::Struct(id) => Some(&layout.get(*id).name),
        Type::Scalar(scalar) => match scalar.kind {
            ScalarKind::Enum(id) => Some(&layout.enumeration(id).name),
            ScalarKind::Flags(id) => Some(&layout.flag_set(id).name),
            _ => None,
        },
        Type::Array { element, .. } => name_of(layout, element),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
