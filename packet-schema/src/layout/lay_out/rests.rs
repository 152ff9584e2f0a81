//! Fields that take the rest: what may follow them, and how much that is.
//!
//! Raises P0313 (something after a field that takes the rest).

use super::Placer;
use super::places::fixed_size;
use crate::diagnostic::Diagnostic;
use crate::layout::{Bound, Field, Part, Place};
use crate::model::{self, Extent, Type};

impl Placer<'_> {
    /// Tells the fields that take the rest what follows them, and refuses what cannot follow.
    pub(super) fn rests(&mut self, body: &model::Struct, fields: &mut [Field], parts: &[Part]) {
        for index in 0..fields.len() {
            let field = &fields[index];
            if field.bound.is_some() || field.pad_to.is_some() || !self.may_be_greedy(&field.ty) {
                continue;
            }
            let following = &fields[index + 1..];
            // How many bytes bring a field to a multiple depends on the rest.
            let aligned = body.fields[index + 1..]
                .iter()
                .position(|field| field.align.is_some());
            let fixed = |(at, field): &(usize, &Field)| {
                let place = matches!(field.place, Place::Bytes { .. } | Place::Bits { .. });
                aligned != Some(*at) && (place || field.pad_to.is_some() && field.when.is_none())
            };
            // A variant may leave something over: then one rest may take that, as the last field.
            let tail = match following {
                [last]
                    if matches!(field.ty, Type::Variant(_))
                        && last.when.is_none()
                        && is_rest(&last.ty) =>
                {
                    continue;
                }
                _ => following.iter().enumerate().find(|field| !fixed(field)),
            };
            if let Some((_, after)) = tail {
                self.diagnostics.push(
                    Diagnostic::error(
                        "P0313",
                        after.span,
                        format!("`{}` cannot follow `{}`", after.name, field.name),
                    )
                    .label("its place depends on data")
                    .also(field.span, "takes everything up to the end")
                    .help("only fields of fixed size can follow; give the first one a length"),
                );
                continue;
            }
            if field.when.is_some() && !following.is_empty() {
                self.diagnostics.push(
                    Diagnostic::error(
                        "P0313",
                        field.span,
                        format!(
                            "`{}` is optional, takes the rest, and is not the last field",
                            field.name
                        ),
                    )
                    .help("give it a length, or move it to the end"),
                );
                continue;
            }
            let after = fixed_size(fields, parts, index + 1);
            let field = &mut fields[index];
            match &mut field.ty {
                Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. } => {
                    *extent = Extent::Rest { after }
                }
                _ if after > 0 => field.bound = Some(Bound::Rest { after }),
                _ => {}
            }
        }
    }
}

fn is_rest(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Bytes(Extent::Rest { .. })
            | Type::Text(Extent::Rest { .. }, _)
            | Type::Array {
                extent: Extent::Rest { .. },
                ..
            }
    )
}
