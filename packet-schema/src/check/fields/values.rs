//! Fields of which the schema says what they are: `value: EXPR`, which may read and measure fields that come
//! later.
//!
//! Raises P0407 (a field that cannot be computed), and what expressions raise.

use super::Scope;
use crate::check::expr::Names;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Derivation, Field, Role, ScalarKind};
use crate::syntax;

/// Resolves the values, now that all fields are known.
pub(super) fn check(
    scope: &Scope<'_>,
    fields: &[syntax::Field],
    resolved: &mut [(Field, bool)],
    first: usize,
    diagnostics: &mut Diagnostics,
) {
    for (index, field) in fields.iter().enumerate() {
        let Some(said) = &field.attributes.value else {
            continue;
        };
        let Some((own, true)) = resolved.get(first + index) else {
            continue;
        };
        let integer = own.ty.number().is_some_and(|number| {
            matches!(number.kind, ScalarKind::Unsigned | ScalarKind::Signed) && number.bits <= 64
        });
        let said_otherwise = field.attributes.checksum.is_some() || field.attributes.role.is_some();
        if !integer
            || !own.role.is_data()
            || own.when.is_some()
            || own.name == "_"
            || said_otherwise
        {
            diagnostics.push(
                Diagnostic::error(
                    "P0407",
                    said.span,
                    format!("`{}` cannot have a computed value", own.name),
                )
                .also(field.name.span, "this field")
                .help("`value` is for an integer of at most 64 bits with a name, without `const`, `when`, `role` or `checksum`"),
            );
            continue;
        }
        let names = Names {
            types: scope.types,
            before: resolved,
            after: &[],
            measures: true,
        };
        match names.resolve(&said.value) {
            Ok(expr) => resolved[first + index].0.role = Role::Derived(Derivation::Value(expr)),
            Err(problem) => {
                diagnostics.extend(problem.map(|problem| *problem));
                resolved[first + index].1 = false;
            }
        }
    }
}
