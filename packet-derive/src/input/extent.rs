//! How long a field is: `len`, `count`, `rest` and `size`.

use super::attribute::Keys;
use super::field::expression;
use super::{Context, Shape};
use packet_schema::diagnostic::{Diagnostic, Span, Spanned};
use packet_schema::syntax::{Expr, ExprOp, Suffix};

/// What is said about a field's length.
pub(super) struct Extents(Vec<Extent>);

struct Extent {
    key: &'static str,
    place: Span,
    /// `None` if it could not be read, which was reported.
    suffix: Option<Spanned<Suffix>>,
}

impl Extents {
    /// Reads the keys; `size`, which is an attribute in a schema too, is left for whoever reads those.
    pub(super) fn read(keys: &mut Keys, context: &mut Context) -> Self {
        let mut found = Vec::new();
        for key in ["len", "count", "rest", "size"] {
            let Some(place) = keys.place(key) else {
                continue;
            };
            let suffix = match key {
                "len" => keys.text(key, context).map(|text| text.map(Suffix::Prefix)),
                "count" => expression(key, keys, context)
                    .map(|expr| Spanned::new(Suffix::Count(expr.value), expr.span)),
                "rest" => match keys.flag(key, context) {
                    Some(rest) if !rest.value => continue,
                    rest => rest.map(|rest| Spanned::new(Suffix::Rest, rest.span)),
                },
                // The field goes on as long as `size` lets it.
                _ => Some(Spanned::new(Suffix::Rest, place)),
            };
            found.push(Extent { key, place, suffix });
        }
        Self(found)
    }

    /// What follows the type's name in a schema.
    ///
    /// Raises P0705 (none, several, or one where none belongs).
    pub(super) fn suffixes(
        self,
        name: &str,
        shape: Spanned<Shape>,
        context: &mut Context,
    ) -> Option<Vec<Spanned<Suffix>>> {
        let mut found = self.0.into_iter();
        let first = found.next();
        if let Shape::Number(_) | Shape::Fixed(_) = shape.value {
            if let Some(Extent { key, place, .. }) = first {
                context.diagnostics.push(
                    Diagnostic::error("P0705", place, format!("`{key}` is for lengths that vary"))
                        .also(shape.span, "this type always has the same size")
                        .help("leave it out"),
                );
                return None;
            }
            return Some(match shape.value {
                Shape::Fixed(count) => {
                    let op = ExprOp::Int(count.into());
                    let count = Expr {
                        op,
                        span: shape.span,
                    };
                    vec![Spanned::new(Suffix::Count(count), shape.span)]
                }
                _ => Vec::new(),
            });
        }
        let Some(first) = first else {
            context.error(
                "P0705",
                shape.span,
                format!("how long is `{name}`?"),
                "`len = \"u16\"` puts a length in front, `count = \"n\"` and `size = \"n\"` take the number of \
                 elements or of bytes from a field before it, `rest` is everything up to the end",
            );
            return None;
        };
        if let Some(second) = found.next() {
            context.diagnostics.push(
                Diagnostic::error(
                    "P0705",
                    second.place,
                    format!("the length of `{name}` is given twice"),
                )
                .also(first.place, "first here")
                .help("leave one of them out"),
            );
            return None;
        }
        Some(vec![first.suffix?])
    }
}
