//! What the names of types mean, in the file that is compiled and in those that it imports.
//!
//! Raises P0901 (no import of that name), P0902 (an import that is not used).

use super::Module;
use crate::check::is_builtin;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::syntax::{
    Field, FieldKind, Otherwise, Replacement, Schema, Suffix, Target, TypeBody, TypeExpr,
};
use std::collections::{HashMap, HashSet};

/// Says at every name of a type which definition it means.
pub(super) fn resolve(modules: &mut [Module], diagnostics: &mut Diagnostics) {
    // The name of each module's types, unless it could not be read.
    let names: Vec<Option<String>> = modules
        .iter()
        .map(|module| module.schema.as_ref().map(|_| module.name.clone()))
        .collect();
    for (index, module) in modules.iter_mut().enumerate() {
        let Some(schema) = &mut module.schema else {
            continue;
        };
        let imports = schema.imports.iter().zip(&module.imports);
        let imports = imports.map(|(import, found)| {
            let target = found.and_then(|found| names[found].as_deref());
            (
                import.name.value.clone(),
                Import {
                    target,
                    used: false,
                },
            )
        });
        let mut scope = Scope {
            own: &module.name,
            imports: imports.collect(),
            diagnostics: &mut *diagnostics,
        };
        scope.schema(schema, index == 0);
        let mut used = scope.imports;
        used.retain(|_, import| import.used);
        let used: HashSet<String> = used.into_keys().collect();
        // What could not be read may be what uses it, and others' warnings are theirs.
        if index > 0 || diagnostics.has_errors() {
            continue;
        }
        let unused = schema
            .imports
            .iter()
            .filter(|import| !used.contains(&import.name.value));
        for import in unused {
            let name = &import.name;
            let message = format!("the import `{}` is not used", name.value);
            let help = format!("leave it out, or use its types as `{}.NAME`", name.value);
            diagnostics.push(Diagnostic::warning("P0902", name.span, message).help(help));
        }
    }
}

struct Import<'a> {
    /// The name in front of its types; `None` if it could not be read, which was reported.
    target: Option<&'a str>,
    used: bool,
}

/// What a file's names can mean.
struct Scope<'a> {
    /// The name in front of the file's own types.
    own: &'a str,
    imports: HashMap<String, Import<'a>>,
    diagnostics: &'a mut Diagnostics,
}

impl Scope<'_> {
    /// All names of a schema; those of packets and their header only in the file that is compiled.
    fn schema(&mut self, schema: &mut Schema, packets: bool) {
        for definition in &mut schema.types {
            if self.diagnostics.is_full() {
                break;
            }
            match &mut definition.body {
                TypeBody::Alias(ty, _) => self.ty(&mut ty.value),
                TypeBody::Struct(fields) => self.fields(fields),
                // Their types are built in.
                TypeBody::Enum { .. } | TypeBody::Flags { .. } | TypeBody::Unread => {}
            }
        }
        if packets {
            for framing in schema.framing.iter_mut().chain(&mut schema.framings) {
                self.fields(&mut framing.header);
                self.fields(&mut framing.trailer);
            }
            for packet in &mut schema.packets {
                self.fields(&mut packet.fields);
                for replaced in &mut packet.header {
                    if let Replacement::Fields(fields) = &mut replaced.with {
                        self.fields(fields);
                    }
                }
            }
        }
    }

    fn fields(&mut self, fields: &mut [Field]) {
        for field in fields {
            match &mut field.kind {
                FieldKind::Type(ty) => self.ty(&mut ty.value),
                FieldKind::Match(choice) => {
                    for case in &mut choice.cases {
                        self.ty(&mut case.ty.value);
                    }
                    if let Otherwise::Type(ty, _) = &mut choice.otherwise {
                        self.ty(&mut ty.value);
                    }
                }
                FieldKind::Unread => {}
            }
        }
    }

    fn ty(&mut self, ty: &mut TypeExpr) {
        ty.target = self.target(&ty.name.value, ty.name.span);
        for suffix in &mut ty.suffixes {
            let Suffix::Prefix(name) = &mut suffix.value else {
                continue;
            };
            match self.target(name, suffix.span) {
                Target::Written => {}
                Target::Imported(full) => *name = full,
                Target::Unread => ty.target = Target::Unread,
            }
        }
    }

    /// What a name means that stands at `span`.
    fn target(&mut self, name: &str, span: Span) -> Target {
        let Some((import, name)) = name.split_once('.') else {
            return if self.own.is_empty() || is_builtin(name) {
                Target::Written
            } else {
                Target::Imported(full_name(self.own, name))
            };
        };
        if let Some(found) = self.imports.get_mut(import) {
            found.used = true;
            return match found.target {
                Some(target) => Target::Imported(full_name(target, name)),
                None => Target::Unread,
            };
        }
        let mut known: Vec<&str> = self.imports.keys().map(String::as_str).collect();
        known.sort_unstable();
        let help = did_you_mean(import, known).unwrap_or_else(|| {
            format!("name the file: `imports: {{ {import}: types/{import}.yaml }}`")
        });
        let message = format!("there is no import `{import}`");
        let problem = Diagnostic::error("P0901", span, message);
        self.diagnostics
            .push(problem.label("unknown import").help(help));
        Target::Unread
    }
}

/// The name of a type of the file whose types have `module` in front of theirs.
fn full_name(module: &str, name: &str) -> String {
    match module {
        // A file on the way back to the first one means its types.
        "" => name.to_owned(),
        _ => format!("{module}.{name}"),
    }
}
