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
        vec![format!(
            "cannot read the schema {}: {error}",
            file.display()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(path: &str) -> Vec<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        compile(root, path).map(|_| ()).unwrap_err()
    }

    #[test]
    fn a_path_starts_at_the_crates_folder() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let layout = compile(root, "../schemas/quickstart.yaml").unwrap();
        assert_eq!(layout.protocol, "quickstart");
        let absolute = root.join("../schemas/quickstart.yaml");
        let layout = compile(Path::new("elsewhere"), absolute.to_str().unwrap()).unwrap();
        assert_eq!(layout.protocol, "quickstart");
    }

    #[test]
    fn what_cannot_be_read_is_named_with_the_reason() {
        let [problem] = problems("schemas/no_such.yaml").try_into().unwrap();
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/no_such.yaml");
        let start = format!("cannot read the schema {}: ", file.display());
        assert!(
            problem.len() > start.len() && problem.starts_with(&start),
            "{problem}"
        );
    }

    #[test]
    fn every_problem_shows_its_place_in_the_schema() {
        let problems = problems("tests/schemas/wrong.yaml");
        assert_eq!(
            problems,
            [
                "\
tests/schemas/wrong.yaml:6:22: error[P0205]: there is no type `u23x`
   |
 6 |     fields: [player: u23x]
   |                      ^^^^ unknown type
help: did you mean `u24`?
",
                "\
tests/schemas/wrong.yaml:9:22: error[P0402]: `count` is used before it is read
   |
 9 |       - text: string[count]
   |                      ^^^^^ needs its value here
tests/schemas/wrong.yaml:10:9: but it comes only here
    |
 10 |       - count: u8
    |         ^^^^^
help: move `count` in front of what it describes
",
            ]
        );
    }
}
