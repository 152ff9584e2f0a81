//! Checksums, which may cover fields that come after them.
//!
//! Raises P0308 (a checksum).

use crate::diagnostic::{Diagnostic, Diagnostics, Spanned, did_you_mean};
use crate::model::{Algorithm, Checksum, Field, Role, ScalarKind, Type};
use crate::syntax;

/// Resolves the checksums, whose ranges may reach fields after them.
pub(super) fn check(
    fields: &[syntax::Field],
    resolved: &mut [(Field, bool)],
    first: usize,
    diagnostics: &mut Diagnostics,
) {
    for (index, field) in fields.iter().enumerate() {
        let Some(said) = &field.attributes.checksum else {
            continue;
        };
        let Some(algorithm) = Algorithm::ALL
            .iter()
            .find(|known| known.name() == said.value.algorithm.value)
        else {
            let names: Vec<&str> = Algorithm::ALL.iter().map(|known| known.name()).collect();
            diagnostics.push(
                Diagnostic::error(
                    "P0308",
                    said.value.algorithm.span,
                    format!("there is no checksum `{}`", said.value.algorithm.value),
                )
                .help(format!("the algorithms are `{}`", names.join("`, `"))),
            );
            continue;
        };
        let Some(covered) = &said.value.over else {
            continue;
        };
        let mut find = |name: &Spanned<String>| {
            let found = resolved
                .iter()
                .position(|(field, _)| field.name == name.value && field.name != "_");
            if found.is_none() {
                let known = resolved.iter().map(|(field, _)| field.name.as_str());
                diagnostics.push(
                    Diagnostic::error(
                        "P0308",
                        name.span,
                        format!("there is no field `{}` here", name.value),
                    )
                    .label("unknown field")
                    .maybe_help(did_you_mean(&name.value, known)),
                );
            }
            found
        };
        let (Some(from), Some(to)) = (find(&covered.0), find(&covered.1)) else {
            continue;
        };
        let Some((own, true)) = resolved.get_mut(first + index) else {
            continue;
        };
        let fits = matches!(own.ty, Type::Scalar(scalar) if scalar.kind == ScalarKind::Unsigned && scalar.bits == algorithm.bits());
        if !fits || !own.role.is_data() || own.when.is_some() {
            let (name, bits) = (algorithm.name(), algorithm.bits());
            diagnostics.push(
                Diagnostic::error(
                    "P0308",
                    own.type_span,
                    format!("this cannot hold a checksum `{name}`"),
                )
                .also(said.value.algorithm.span, format!("has {bits} bits"))
                .help(format!("use `u{bits}`, without `const` or `when`")),
            );
            continue;
        }
        if from > to {
            let (first, last) = (&covered.0, &covered.1);
            diagnostics.push(
                Diagnostic::error("P0308", last.span, "the checksum ends before it begins")
                    .label(format!("`{}` comes first", last.value))
                    .also(first.span, format!("`{}` comes later", first.value))
                    .help("exchange them"),
            );
            continue;
        }
        own.role = Role::Checksum(Checksum {
            algorithm: *algorithm,
            from,
            to,
        });
    }
}
