//! Defaults: whether each is a value of its field, which the codec judges as it would judge a user's.
//!
//! Raises P0324 (a default that its field cannot hold).

use crate::codec::accepts;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::layout::Layout;
use crate::model::{self, StructId, Type};
use crate::value::Value;

/// Tries every default. `pending` are the structs that were laid out, of which only the first packet's header
/// is looked at: it is the same in all.
pub(super) fn check(layout: &Layout, pending: &[model::Struct], diagnostics: &mut Diagnostics) {
    let mut headers = 0;
    for (number, (body, said)) in layout.structs.iter().zip(pending).enumerate() {
        let seen = if headers > 0 { body.header_fields } else { 0 };
        headers += body.header_fields;
        for (field, said) in body.fields.iter().zip(&said.fields).skip(seen) {
            let Some(default) = &said.default else {
                continue;
            };
            if let Err(problem) = accepts(layout, StructId(number), field, &default.value) {
                let number = matches!(
                    default.value,
                    Value::Bool(_) | Value::Unsigned(_) | Value::Signed(_) | Value::F64(_)
                );
                let text = matches!(field.ty, Type::Text(..) | Type::Bytes(_));
                diagnostics.push(
                    Diagnostic::error(
                        "P0324",
                        default.span,
                        format!("this is not a value of `{}`", field.name),
                    )
                    .label(problem.kind.to_string())
                    .also(said.type_span, "the type")
                    .maybe_help(
                        (number && text)
                            .then(|| "put quotes around what looks like a number".to_owned()),
                    ),
                );
            }
        }
    }
}
