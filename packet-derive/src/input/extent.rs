//! How long a field is: `len`, `count`, `size`, `rest`, `until` and `cstring`.

use super::attribute::Keys;
use super::field::expression;
use super::{Context, Held, Shape};
use packet_schema::diagnostic::{Diagnostic, Span, Spanned};
use packet_schema::syntax::{Expr, ExprOp, Suffix};

/// What is said about a field's length.
pub(super) struct Extents(Vec<Extent>);

struct Extent {
    key: &'static str,
    place: Span,
    /// What follows the type's name in a schema; `None` if it could not be read, which was reported, and of
    /// `cstring`, which is a name.
    suffix: Option<Spanned<Suffix>>,
}

impl Extents {
    /// Reads the keys; `size` and `until`, which are attributes in a schema too, are left for whoever reads those.
    pub(super) fn read(keys: &mut Keys, context: &mut Context) -> Self {
        let mut found = Vec::new();
        for key in ["len", "count", "rest", "size", "until", "cstring"] {
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
                "cstring" => match keys.flag(key, context) {
                    Some(ended) if !ended.value => continue,
                    _ => None,
                },
                // The field goes on as long as `size` or `until` lets it.
                _ => Some(Spanned::new(Suffix::Rest, place)),
            };
            found.push(Extent { key, place, suffix });
        }
        Self(found)
    }

    /// Whether the field takes everything up to the end.
    pub(super) fn is_rest(&self) -> bool {
        self.0.iter().any(|extent| extent.key == "rest")
    }

    /// Whether the field has as many bytes as earlier ones say.
    pub(super) fn is_sized(&self) -> bool {
        self.0.iter().any(|extent| extent.key == "size")
    }

    /// What is said of a type that another item defines, which is as long as it is: nothing but `rest` and `size`.
    ///
    /// Raises P0705 (another).
    fn of_other(self, shape: Spanned<Shape>, context: &mut Context) {
        for extent in self.0 {
            if !matches!(extent.key, "rest" | "size") {
                let message = format!("`{}` is for bytes, texts and `Vec`", extent.key);
                let help = "leave it out: the type says how long it is";
                let _: Option<()> = not_for(&extent, shape, &message, help, context);
            }
        }
    }

    /// The name of the type in a schema, and what follows it.
    ///
    /// Raises P0705 (none, several, or one where none belongs).
    pub(super) fn ty(
        self,
        name: &str,
        shape: Spanned<Shape>,
        context: &mut Context,
    ) -> Option<(&'static str, Vec<Spanned<Suffix>>)> {
        let in_schema = match shape.value {
            Shape::Number(name) | Shape::Array(name) | Shape::FixedArray(name, _) => name,
            Shape::Fixed(_) | Shape::Bytes(_) => "bytes",
            Shape::Text(_) => "string",
            // Its stand-in's is taken instead.
            Shape::Other | Shape::List | Shape::FixedList(_) => "",
        };
        if shape.value == Shape::Other {
            self.of_other(shape, context);
            return Some((in_schema, Vec::new()));
        }
        let mut found = self.0.into_iter();
        let first = found.next();
        if let Shape::Number(_) | Shape::Fixed(_) | Shape::FixedArray(..) | Shape::FixedList(_) =
            shape.value
        {
            if let Some(Extent { key, place, .. }) = first {
                context.diagnostics.push(
                    Diagnostic::error("P0705", place, format!("`{key}` is for lengths that vary"))
                        .also(shape.span, "this type always has the same size")
                        .help("leave it out"),
                );
                return None;
            }
            let suffixes = match shape.value {
                Shape::Fixed(count) | Shape::FixedArray(_, count) | Shape::FixedList(count) => {
                    let op = ExprOp::Int(count.into());
                    let count = Expr {
                        op,
                        span: shape.span,
                    };
                    vec![Spanned::new(Suffix::Count(count), shape.span)]
                }
                _ => Vec::new(),
            };
            return Some((in_schema, suffixes));
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
        match (first.key, shape.value) {
            ("cstring", Shape::Text(_)) => Some(("cstring", Vec::new())),
            ("cstring", _) => {
                let help = "write `until = 0` for an array that ends at a zero";
                not_for(&first, shape, "`cstring` is for text", help, context)
            }
            ("until", Shape::Text(_)) => {
                let help = "write `cstring` for text that ends at a NUL";
                not_for(&first, shape, "`until` is for arrays", help, context)
            }
            ("until", Shape::Bytes(Held::Borrowed)) => {
                let help = "write `Vec<u8>`";
                not_for(&first, shape, "`until` is for `Vec`", help, context)
            }
            // Bytes have no elements that could be an end.
            ("until", Shape::Bytes(Held::Owned)) => Some(("u8", vec![first.suffix?])),
            _ => Some((in_schema, vec![first.suffix?])),
        }
    }
}

fn not_for<T>(
    extent: &Extent,
    shape: Spanned<Shape>,
    message: &str,
    help: &str,
    context: &mut Context,
) -> Option<T> {
    context.diagnostics.push(
        Diagnostic::error("P0705", extent.place, message)
            .also(shape.span, "this type")
            .help(help),
    );
    None
}
