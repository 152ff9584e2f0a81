//! The stage from the syntax of one file to that of a schema with everything that it imports.
//!
//! In: a file, and a [`Loader`] for those that it imports. Out: one [`Schema`] in which the types of imported
//! files stand behind the file's own under names such as `common.Vec3`, every name of a type says which
//! definition it means, and the structs of a file have that file's byte and bit order. Nothing that follows
//! knows of files.
//!
//! | Module | Rules | Codes |
//! |---|---|---|
//! | this one | which files are read | P0102, P0120–P0122, P0124 |
//! | `names` | what the names of types mean | P0901, P0902 |

mod names;

use crate::check::check_history;
use crate::diagnostic::{Diagnostic, Diagnostics, Spanned};
use crate::parse;
use crate::source::{File, Loader, SourceMap};
use crate::syntax::{Order, Schema, TypeBody, TypeDef};
use std::collections::HashMap;

/// Most files of a schema.
const MAX_FILES: usize = 256;

/// Most files between a schema and one that it imports through others.
const MAX_DEPTH: usize = 16;

/// Longest path in bytes.
const MAX_PATH: usize = 1024;

/// A file of the schema.
struct Module {
    /// What diagnostics call it.
    file: String,
    /// The name that its types have in front of their own; empty in the file that is compiled.
    name: String,
    /// How many files lead to it.
    depth: usize,
    /// What it says; `None` if it could not be read.
    schema: Option<Schema>,
    /// The modules that it imports, one for each of its imports; `None` for those without one.
    imports: Vec<Option<usize>>,
}

/// Reads a file with all that it imports.
pub(crate) fn read(
    main: File,
    loader: &mut dyn Loader,
    diagnostics: &mut Diagnostics,
) -> (SourceMap, Option<Schema>) {
    let mut reader = Reader {
        sources: SourceMap::default(),
        modules: Vec::new(),
        by_path: HashMap::new(),
        by_id: HashMap::new(),
        full: false,
        loader,
        diagnostics,
    };
    reader.add(main, String::new(), 0);
    let mut next = 0;
    // Nearest files first, so that each has the shortest of its names.
    while next < reader.modules.len() {
        reader.imports(next);
        next += 1;
    }
    let Reader {
        sources,
        mut modules,
        ..
    } = reader;
    circles(&modules, diagnostics);
    names::resolve(&mut modules, diagnostics);
    for module in modules.iter().skip(1) {
        if let Some(schema) = &module.schema {
            check_history(schema, diagnostics);
        }
    }
    let mut modules = modules.into_iter();
    let mut schema = modules.next().and_then(|main| main.schema);
    if let Some(schema) = &mut schema {
        schema.types.extend(modules.flat_map(types));
    }
    (sources, schema)
}

/// A text without imports, or with some that it cannot have.
pub(crate) fn alone(schema: Schema, diagnostics: &mut Diagnostics) -> Schema {
    let imports = schema.imports.iter().map(|import| {
        let message = format!(
            "cannot import `{}`: the schema is no file",
            import.path.value.escape_debug()
        );
        Diagnostic::error("P0121", import.path.span, message)
    });
    diagnostics.extend(imports.collect::<Vec<_>>());
    let mut modules = vec![Module {
        file: String::new(),
        name: String::new(),
        depth: 0,
        imports: vec![None; schema.imports.len()],
        schema: Some(schema),
    }];
    names::resolve(&mut modules, diagnostics);
    let main = modules.pop().and_then(|main| main.schema);
    main.expect("the schema was put in above")
}

/// The types of an imported module as types of the whole.
fn types(module: Module) -> Vec<TypeDef> {
    let Some(schema) = module.schema else {
        return Vec::new();
    };
    let own = |mut definition: TypeDef| {
        definition.import = format!("{}.", module.name);
        definition.name.value.insert_str(0, &definition.import);
        if let TypeBody::Struct(_) = definition.body {
            // What the file does not say is what the language says, whoever imports it.
            definition.order = Order {
                endian: Some(
                    (definition.order.endian)
                        .or(schema.order.endian)
                        .unwrap_or_default(),
                ),
                bit_order: Some(
                    (definition.order.bit_order)
                        .or(schema.order.bit_order)
                        .unwrap_or_default(),
                ),
            };
        }
        definition
    };
    schema.types.into_iter().map(own).collect()
}

struct Reader<'a> {
    sources: SourceMap,
    modules: Vec<Module>,
    by_path: HashMap<String, Option<usize>>,
    by_id: HashMap<String, usize>,
    /// Whether it was reported that there are too many files.
    full: bool,
    loader: &'a mut dyn Loader,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    /// The module of a file.
    fn add(&mut self, file: File, name: String, depth: usize) -> usize {
        let shown = file.name.clone();
        let text = self.sources.add(file.name, file.bytes, self.diagnostics);
        let schema = text.and_then(|(text, base)| parse::parse_at(text, base, self.diagnostics));
        self.modules.push(Module {
            file: shown,
            name,
            depth,
            schema,
            imports: Vec::new(),
        });
        let module = self.modules.len() - 1;
        self.by_id.insert(file.id, module);
        module
    }

    /// Reads what a module imports.
    ///
    /// Raises P0124 (the same file twice).
    fn imports(&mut self, module: usize) {
        let Some(schema) = &self.modules[module].schema else {
            return;
        };
        let imports = schema.imports.clone();
        for import in &imports {
            if self.diagnostics.is_full() {
                break;
            }
            let found = self.import(module, &import.name.value, &import.path);
            let known = &mut self.modules[module].imports;
            let first = found.and_then(|_| known.iter().position(|known| *known == found));
            known.push(found);
            if let Some(first) = first {
                let problem = Diagnostic::error(
                    "P0124",
                    import.path.span,
                    format!("`{}` is imported already", import.path.value),
                );
                self.diagnostics.push(
                    problem
                        .label("again here")
                        .also(imports[first].path.span, "first here")
                        .help(format!(
                            "use its types as `{}.NAME`",
                            imports[first].name.value
                        )),
                );
            }
        }
    }

    /// The module at a path, which is read when it is met for the first time.
    ///
    /// Raises P0121 (a file that cannot be read), P0102 (a limit) and what [`check_path`] raises.
    fn import(&mut self, by: usize, name: &str, path: &Spanned<String>) -> Option<usize> {
        if let Some(known) = self.by_path.get(&path.value) {
            return *known;
        }
        if let Err(problem) = check_path(path) {
            self.diagnostics.push(*problem);
            return None;
        }
        let depth = self.modules[by].depth + 1;
        if depth > MAX_DEPTH || self.modules.len() >= MAX_FILES {
            let (message, help) = if depth > MAX_DEPTH {
                (
                    format!("this file is reached through more than {MAX_DEPTH} others"),
                    "import it in the schema itself",
                )
            } else {
                (
                    format!("a schema has at most {MAX_FILES} files"),
                    "put types that belong together into one file",
                )
            };
            if !self.full {
                self.diagnostics
                    .push(Diagnostic::error("P0102", path.span, message).help(help));
            }
            self.full = true;
            return None;
        }
        let found = match self.loader.load(&path.value) {
            Ok(file) => Some(self.by_id.get(&file.id).copied().unwrap_or_else(|| {
                let outer = &self.modules[by].name;
                let name = if outer.is_empty() {
                    name.to_owned()
                } else {
                    format!("{outer}.{name}")
                };
                self.add(file, name, depth)
            })),
            Err(reason) => {
                let message = format!("cannot import `{}`: {reason}", path.value);
                self.diagnostics
                    .push(Diagnostic::error("P0121", path.span, message));
                None
            }
        };
        self.by_path.insert(path.value.clone(), found);
        found
    }
}

/// A path must stay inside the root folder, whatever system reads it.
///
/// Raises P0120 (it does not).
fn check_path(path: &Spanned<String>) -> Result<(), Box<Diagnostic>> {
    let text = &path.value;
    let mut parts = text.split('/');
    let help = if text.contains("://") {
        "a schema is imported from a file below the root folder, not from elsewhere"
    } else if text.starts_with('/') || text.starts_with('~') || text.get(1..2) == Some(":") {
        "write the path from the root folder, which is that of the schema unless `--root` says otherwise"
    } else if text.contains('\\') {
        "folders are separated by `/`, on every system"
    } else if parts.clone().any(|part| part == "..") {
        "paths start at the root folder and stay in it; `--root` can make a folder further up the root"
    } else if parts.any(|part| part.is_empty() || part == ".") {
        "leave out what is no name of a folder or file"
    } else if text.len() > MAX_PATH
        || text.contains(|c: char| c.is_control() || ":*?\"<>|".contains(c))
    {
        "write a path such as `types/common.yaml`"
    } else {
        return Ok(());
    };
    let visible = text.chars().take(80);
    let shown: String = visible
        .map(|c| if c.is_control() { '?' } else { c })
        .collect();
    let message = format!("an import cannot be at `{shown}`");
    Err(Box::new(
        Diagnostic::error("P0120", path.span, message).help(help),
    ))
}

/// Files that import one another.
///
/// Raises P0122.
fn circles(modules: &[Module], diagnostics: &mut Diagnostics) {
    /// Follows the imports of the last module of `way`. What is `done` was followed already.
    fn follow(
        modules: &[Module],
        way: &mut Vec<usize>,
        done: &mut [bool],
        diagnostics: &mut Diagnostics,
    ) {
        let Some(&module) = way.last() else { return };
        let written = modules[module]
            .schema
            .iter()
            .flat_map(|schema| &schema.imports);
        for (import, target) in written.zip(&modules[module].imports) {
            let Some(target) = *target else { continue };
            if let Some(start) = way.iter().position(|known| *known == target) {
                let files = way[start..].iter().chain([&target]);
                let files: Vec<&str> = files.map(|module| modules[*module].file.as_str()).collect();
                let message = format!("a file imports itself: {}", files.join(" → "));
                diagnostics.push(
                    Diagnostic::error("P0122", import.path.span, message)
                        .label("leads back")
                        .help("move the types that both need into a file that imports neither"),
                );
            } else if !done[target] {
                way.push(target);
                follow(modules, way, done, diagnostics);
                way.pop();
            }
        }
        done[module] = true;
    }
    follow(
        modules,
        &mut vec![0],
        &mut vec![false; modules.len()],
        diagnostics,
    );
}

#[cfg(test)]
mod tests;
