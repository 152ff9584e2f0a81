//! Fields: what they hold, and what may be said about them.
//!
//! Raises P0305 (a length or condition that has no meaning here), and what the modules below, types and expressions
//! raise.

mod attributes;
pub(super) mod checksums;
mod places;
mod type_expr;
mod values;
mod variants;

pub(super) use places::trailing;
pub(super) use variants::can_hold;

use super::expr::Names;
use super::types::Types;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned};
use crate::model::{Expr, Extent, Field, Role, Trailing, Type};
use crate::syntax::{self, Attributes, FieldKind, Order};

/// Most fields of a struct, each case of a variant counted as one.
pub(crate) const MAX_ENTRIES: usize = 4096;

/// What surrounds a list of fields.
pub(super) struct Scope<'a> {
    pub(super) types: &'a Types<'a>,
    pub(super) order: Order,
    /// Whether the header in front of the fields is without mistakes.
    pub(super) header_whole: bool,
    /// Whether the fields are the frame's, whose checksums are resolved when the body is known.
    pub(super) frame: bool,
}

/// Resolves `fields`, which follow the fields `header`, and tells whether all of them are without a mistake.
/// Expressions number the header's fields first.
pub(super) fn check(
    scope: &Scope<'_>,
    fields: &[syntax::Field],
    header: &[Field],
    diagnostics: &mut Diagnostics,
) -> (Vec<Field>, bool) {
    let errors = diagnostics.errors();
    let mut resolved: Vec<(Field, bool)> = header
        .iter()
        .map(|field| (field.clone(), scope.header_whole))
        .collect();
    for (index, field) in fields.iter().enumerate() {
        if diagnostics.is_full() {
            resolved.push((placeholder(field), false));
            continue;
        }
        let before = diagnostics.errors();
        let names = Names {
            types: scope.types,
            before: &resolved,
            after: fields.get(index..).unwrap_or(&[]),
            measures: false,
        };
        let found = Context {
            scope,
            names: &names,
            field,
            diagnostics,
        }
        .field();
        let whole = found.is_some()
            && diagnostics.errors() == before
            && !diagnostics.is_partial(field.name.span);
        resolved.push((found.unwrap_or_else(|| placeholder(field)), whole));
    }
    let first = header.len();
    values::check(scope, fields, &mut resolved, first, diagnostics);
    let (mut resolved, wholes): (Vec<Field>, Vec<bool>) = resolved.into_iter().unzip();
    if !scope.frame {
        let reach = checksums::Reach {
            first,
            body: None,
            extra: None,
        };
        checksums::check(fields, &mut resolved, &wholes, &reach, diagnostics);
    }
    let whole = diagnostics.errors() == errors && wholes.iter().skip(first).all(|whole| *whole);
    let mut fields = resolved.split_off(first);
    fields.shrink_to_fit();
    (fields, whole)
}

/// A struct of more fields than it may have, or a variant of more cases.
///
/// Raises P0321.
pub(crate) fn too_many(what: &str, span: Span) -> Diagnostic {
    let message = format!("{what} are more than {MAX_ENTRIES}");
    Diagnostic::error("P0321", span, message).help("put groups of fields into structs of their own")
}

/// Stands in for a field that has a mistake, so that numbers of fields stay right.
fn placeholder(field: &syntax::Field) -> Field {
    Field {
        name: field.name.value.clone(),
        doc: None,
        history: crate::model::History::default(),
        unit: None,
        scale: None,
        default: None,
        ty: Type::Bytes(Extent::Fixed(0)),
        role: Role::Data,
        when: None,
        bound: None,
        length: None,
        pad_to: None,
        align: None,
        trailing: Trailing::Reject,
        bit_order: crate::model::BitOrder::Msb,
        span: field.name.span,
        type_span: field.name.span,
    }
}

struct Context<'a> {
    scope: &'a Scope<'a>,
    names: &'a Names<'a>,
    field: &'a syntax::Field,
    diagnostics: &'a mut Diagnostics,
}

impl Context<'_> {
    fn report(&mut self, code: &'static str, span: Span, message: impl Into<String>, help: &str) {
        self.diagnostics
            .push(Diagnostic::error(code, span, message).help(help));
    }

    fn expr(&mut self, expr: &Spanned<syntax::Expr>) -> Option<Expr> {
        self.resolve(&expr.value)
    }

    fn resolve(&mut self, expr: &syntax::Expr) -> Option<Expr> {
        match self.names.resolve(expr) {
            Ok(expr) => Some(expr),
            Err(problem) => {
                self.diagnostics.extend(problem.map(|problem| *problem));
                None
            }
        }
    }

    fn field(mut self) -> Option<Field> {
        // What is left of it may mean something else.
        if self.diagnostics.is_partial(self.field.name.span) {
            return None;
        }
        let said = &self.field.attributes;
        let size = match &said.size {
            Some(size) => Some(self.expr(size)?),
            None => None,
        };
        let mut attributes = Attributes::clone(said);
        let (ty, bound, type_span) = match &self.field.kind {
            FieldKind::Type(ty) => {
                let resolved = self.type_expr(&ty.value, ty.span, &mut attributes, size)?;
                (resolved.0, resolved.1, ty.span)
            }
            FieldKind::Match(choice) => {
                let variant = self.variant(choice, said.order)?;
                (Type::Variant(variant), size, choice.tag.span)
            }
            FieldKind::Unread => return None,
        };
        let order = super::inherit(attributes.order, self.scope.order);
        self.until_is_used(&attributes);
        let ty = self.constrain(ty, &attributes);
        let length = self.length(&ty, &attributes);
        let when = match &said.when {
            Some(when) => Some(self.expr(when)?),
            None => None,
        };
        let scale = self.scale(&ty, &attributes);
        let default = self.default_value(&ty, said);
        let role = self.role(&ty, said)?;
        let pad_to = self.pad_to(&ty, &role, attributes.pad_to);
        let align = self.align(&ty);
        let trailing = self.trailing(bound.is_some());
        if let (Some(when), true) = (&said.when, !role.is_data()) {
            self.report(
                "P0305",
                when.span,
                "`when` needs a field with data of its own",
                "put the constant or reserved field into a struct, and `when` on that",
            );
        }
        if let (Some(when), Type::Scalar(scalar)) = (&said.when, &ty)
            && scalar.bits % 8 != 0
        {
            self.report(
                "P0305",
                when.span,
                "a bit field cannot be absent",
                "its bits lie in a run; put `when` on a field of whole bytes",
            );
        }
        Some(Field {
            name: self.field.name.value.clone(),
            doc: said.doc.clone(),
            history: (&said.history).into(),
            unit: attributes.unit,
            scale,
            default,
            ty,
            role,
            when,
            bound,
            length,
            pad_to,
            align,
            trailing,
            bit_order: order.bit_order.unwrap_or_default(),
            span: self.field.name.span,
            type_span,
        })
    }
}
