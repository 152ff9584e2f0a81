//! `packet_schema!("…")`: a schema's file to the code of the Rust backend.

use packet_schema::layout::Layout;
use packetc::backend::rust;
use packetc::load;
use packetc::render::plain;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use std::env;
use std::path::{Path, PathBuf};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Lit, LitBool, LitStr, Token, Visibility};

/// The code for a whole schema, or all that is wrong with it.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let Arguments {
        module,
        path,
        root,
        options,
    } = match syn::parse2(input) {
        Ok(arguments) => arguments,
        Err(problem) => return problem.to_compile_error(),
    };
    let start = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let root = root.map(|root| root.value());
    match compile(Path::new(&start), &path.value(), root.as_deref()) {
        Ok((layout, files)) => {
            let items = rust::items(&layout, &options);
            let watched = files.iter().map(|file| watched(file));
            let items = quote!(#items #(#watched)*);
            match module {
                Some(Module {
                    attributes,
                    visibility,
                    name,
                }) => {
                    let visibility = visibility.to_token_stream();
                    let module = rust::documented_module(&layout, &visibility, &name, &items);
                    quote!(#(#attributes)* #module)
                }
                None => items,
            }
        }
        Err(problems) => problems
            .into_iter()
            .map(|problem| syn::Error::new(path.span(), problem).to_compile_error())
            .collect(),
    }
}

/// `"schemas/game.yaml"`, or `pub mod chess = "schemas/games/chess.yaml", root = "schemas"`.
struct Arguments {
    module: Option<Module>,
    path: LitStr,
    root: Option<LitStr>,
    options: rust::Options,
}

/// Reads the value of an argument and keeps it.
type Set = fn(&mut Arguments, ParseStream<'_>) -> syn::Result<()>;

/// The arguments that can follow the path, as `KEY = VALUE`.
const KEYS: &[(&str, Set)] = &[
    ("root", |arguments, value| {
        arguments.root = Some(value.parse()?);
        Ok(())
    }),
    ("alloc", |arguments, value| {
        arguments.options.alloc = value.parse::<LitBool>()?.value;
        Ok(())
    }),
    ("derive", |arguments, value| {
        let traits: LitStr = value.parse()?;
        let attributes = &mut arguments.options.attributes;
        let result = attributes.derive(&traits.value());
        result.map_err(|problem| syn::Error::new(traits.span(), problem))
    }),
    ("serde", |arguments, value| {
        arguments.options.serde = value.parse::<LitBool>()?.value;
        Ok(())
    }),
    ("proptest", |arguments, value| {
        arguments.options.proptest = value.parse::<LitBool>()?.value;
        Ok(())
    }),
];

/// `pub mod game =`, in front of which attributes may stand.
struct Module {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    name: Ident,
}

/// The module, if one is to be made.
fn module(input: ParseStream<'_>) -> syn::Result<Option<Module>> {
    if input.is_empty() || input.peek(Lit) {
        return Ok(None);
    }
    let attributes = input.call(Attribute::parse_outer)?;
    if !(input.peek(Token![pub]) || input.peek(Token![mod])) {
        let problem = "expected the schema's path in quotes, or `mod NAME =` in front of it";
        return Err(input.error(problem));
    }
    let visibility = input.parse()?;
    input.parse::<Token![mod]>()?;
    let name = input.parse()?;
    input.parse::<Token![=]>()?;
    Ok(Some(Module {
        attributes,
        visibility,
        name,
    }))
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut arguments = Self {
            module: module(input)?,
            path: input.parse()?,
            root: None,
            options: rust::Options::default(),
        };
        let mut given: Vec<String> = Vec::new();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let key = input.call(Ident::parse_any).map_err(|problem| {
                syn::Error::new(
                    problem.span(),
                    "an argument is `KEY = VALUE`, such as `root = \"…\"`",
                )
            })?;
            let name = key.to_string();
            let Some((_, set)) = KEYS.iter().find(|(known, _)| name == *known) else {
                let known: Vec<String> = KEYS.iter().map(|(key, _)| format!("`{key}`")).collect();
                let known = known.join(", ");
                let problem = format!("there is no argument `{name}`; there are: {known}");
                return Err(syn::Error::new(key.span(), problem));
            };
            if given.contains(&name) {
                let problem = format!("`{name}` is given twice");
                return Err(syn::Error::new(key.span(), problem));
            }
            input.parse::<Token![=]>()?;
            set(&mut arguments, input)?;
            given.push(name);
        }
        Ok(arguments)
    }
}

/// The layout of the schema at `path`, and the files that make it; or each problem as text. Paths start at the
/// folder `start`.
fn compile(
    start: &Path,
    path: &str,
    root: Option<&str>,
) -> Result<(Layout, Vec<PathBuf>), Vec<String>> {
    let loaded =
        load::compile_in(start, Path::new(path), root.map(Path::new)).map_err(|error| {
            let file = start.join(path);
            vec![format!(
                "cannot read the schema {}: {error}",
                file.display()
            )]
        })?;
    let compiled = loaded.compiled.map_err(|problems| {
        let problems = problems.iter();
        problems
            .map(|problem| plain::diagnostic(&loaded.sources, problem))
            .collect::<Vec<_>>()
    })?;
    Ok((compiled.layout, loaded.files))
}

/// An item that makes the compiler, and so Cargo, watch a file.
pub(crate) fn watched(file: &Path) -> TokenStream {
    let path = file.display().to_string();
    let path = if file.is_absolute() {
        quote!(#path)
    } else {
        quote!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #path))
    };
    quote!(
        const _: &[u8] = ::core::include_bytes!(#path);
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(path: &str) -> Vec<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        compile(root, path, None).map(|_| ()).unwrap_err()
    }

    #[test]
    fn a_path_starts_at_the_crates_folder() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (layout, _) = compile(root, "../schemas/quickstart.yaml", None).unwrap();
        assert_eq!(layout.protocol, "quickstart");
        let absolute = root.join("../schemas/quickstart.yaml");
        let (layout, _) =
            compile(Path::new("elsewhere"), absolute.to_str().unwrap(), None).unwrap();
        assert_eq!(layout.protocol, "quickstart");
    }

    #[test]
    fn imports_start_at_the_schemas_folder_or_at_the_root() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = "../tests/schemas";
        let files = [
            "imports.yaml",
            "imports/geometry.yaml",
            "imports/meta.yaml",
            "imports/units.yaml",
        ];
        for given in [None, Some(folder)] {
            let found = compile(root, &format!("{folder}/imports.yaml"), given).unwrap();
            assert_eq!(found.1, files.map(|file| Path::new(folder).join(file)));
        }
        let other = compile(root, &format!("{folder}/imports.yaml"), Some(".")).map(|_| ());
        let problem = &other.unwrap_err()[0];
        assert!(problem.contains("P0121"), "{problem}");
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
