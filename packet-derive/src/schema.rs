//! `packet_schema!("…")`: a schema's file to the code of the Rust backend.

use packet_schema::layout::Layout;
use packetc::backend::rust;
use packetc::render::{Source, plain};
use proc_macro2::TokenStream;
use quote::quote;
use std::path::Path;
use std::{env, fs};
use syn::LitStr;

/// The code for a whole schema, or all that is wrong with it.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let path: LitStr = match syn::parse2(input) {
        Ok(path) => path,
        Err(problem) => return problem.to_compile_error(),
    };
    let root = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    match compile(Path::new(&root), &path.value()) {
        Ok(layout) => {
            let items = rust::items(&layout, &rust::Options::default());
            let watched = watched(&path);
            quote!(#items #watched)
        }
        Err(problems) => problems
            .into_iter()
            .map(|problem| syn::Error::new(path.span(), problem).to_compile_error())
            .collect(),
    }
}

/// The layout of the schema at `path`, which starts at the folder `root`; or each problem as text.
fn compile(root: &Path, path: &str) -> Result<Layout, Vec<String>> {
    let file = root.join(path);
    let text = fs::read_to_string(&file).map_err(|error| {
        let folder = root.display();
        vec![format!(
            "cannot read the schema {path}: {error}\nnote: the path starts at {folder}, the folder of the crate's Cargo.toml"
        )]
    })?;
    let source = Source::new(path, &text);
    let compiled = packet_schema::compile(&text).map_err(|problems| {
        let problems = problems.iter();
        problems
            .map(|problem| plain::diagnostic(source, problem))
            .collect::<Vec<_>>()
    })?;
    Ok(compiled.layout)
}

/// An item that makes the compiler, and so Cargo, watch the schema.
fn watched(path: &LitStr) -> TokenStream {
    let file = if Path::new(&path.value()).is_absolute() {
        quote!(#path)
    } else {
        quote!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #path))
    };
    quote!(
        const _: &[u8] = ::core::include_bytes!(#file);
    )
}
