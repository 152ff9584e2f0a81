//! Fields: what they hold, and what may be said about them.
//!
//! Raises P0301 (no extent), P0302 (what cannot repeat), P0303 (a length's type), P0304 (a count),
//! P0305 (a length or condition that has no meaning here), and what the modules below, types and expressions
//! raise.

mod attributes;
pub(super) mod checksums;
mod variants;

pub(super) use variants::can_hold;

use super::expr::Names;
use super::foreign;
use super::types::{Builtin, Definition, Types, builtin};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned};
use crate::model::{
    Encoding, Endian, Expr, ExprOp, Extent, Field, Prefix, Role, Scalar, ScalarKind, Type, Varint,
};
use crate::syntax::{self, Attributes, FieldKind, Order, Suffix, TypeExpr};

/// Most bytes or elements of a fixed extent.
const MAX_FIXED: i128 = 1 << 24;

/// Most bytes of fixed bytes or text: generated code holds them on the stack.
const MAX_FIXED_BYTES: usize = 1 << 16;

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
        let before = diagnostics.errors();
        let names = Names {
            types: scope.types,
            before: &resolved,
            after: fields.get(index..).unwrap_or(&[]),
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
    (resolved.split_off(first), whole)
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
        let mut attributes = said.clone();
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
        let ty = self.constrain(ty, &attributes);
        let length = self.length(&ty, &attributes);
        let when = match &said.when {
            Some(when) => Some(self.expr(when)?),
            None => None,
        };
        let scale = self.scale(&ty, &attributes);
        let default = self.default_value(&ty, said);
        let role = self.role(&ty, said)?;
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
            bit_order: order.bit_order.unwrap_or_default(),
            span: self.field.name.span,
            type_span,
        })
    }

    /// Resolves a type. `size` becomes the extent of what has none, or the second result: the bound of a
    /// struct.
    fn type_expr(
        &mut self,
        ty: &TypeExpr,
        span: Span,
        attributes: &mut Attributes,
        size: Option<Expr>,
    ) -> Option<(Type, Option<Expr>)> {
        let order = super::inherit(attributes.order, self.scope.order);
        let endian = order.endian.unwrap_or_default();
        let mut suffixes = ty.suffixes.as_slice();
        let name = &ty.name;
        let element = match builtin(&name.value) {
            Some(Builtin::Scalar(kind, bits, own)) => Type::Scalar(Scalar {
                kind,
                bits,
                endian: own.unwrap_or(endian),
                range: None,
                finite: false,
            }),
            Some(Builtin::Varint(signed)) => Type::Varint(Varint {
                signed,
                canonical: true,
                range: None,
            }),
            Some(what @ (Builtin::Bytes | Builtin::Text)) => {
                let (extent, rest) = match suffixes.split_first() {
                    Some((suffix, rest)) => (Some(self.extent(suffix, attributes.order)?), rest),
                    None => (None, suffixes),
                };
                if let (Some(Extent::Fixed(count)), Some(suffix)) = (&extent, ty.suffixes.first())
                    && *count > MAX_FIXED_BYTES
                {
                    self.report(
                        "P0304",
                        suffix.span,
                        format!("{count} is more than {MAX_FIXED_BYTES} bytes"),
                        "give long bytes and text a length in front, such as `bytes<u32>`",
                    );
                    return None;
                }
                suffixes = rest;
                let extent = match (extent, &size) {
                    (None | Some(Extent::Rest { .. }), Some(size)) => Extent::Counted(size.clone()),
                    (Some(extent), None) => extent,
                    (Some(_), Some(_)) => {
                        self.report(
                            "P0305",
                            span,
                            "the length is given twice",
                            "leave out `size` or the brackets",
                        );
                        return None;
                    }
                    (None, None) => {
                        let name = &name.value;
                        self.report("P0301", span, format!("how many bytes has `{name}`?"),
                            &format!("write `{name}[4]`, `{name}[length_field]`, `{name}<u16>` with a length in front, or `{name}[]` for the rest"));
                        return None;
                    }
                };
                let ty = if what == Builtin::Bytes {
                    Type::Bytes(extent)
                } else {
                    let encoding = encoding(attributes, endian);
                    if let (Extent::Fixed(count), Some(suffix)) = (&extent, ty.suffixes.first())
                        && !count.is_multiple_of(encoding.unit())
                    {
                        self.report(
                            "P0322",
                            suffix.span,
                            format!("text in UTF-16 never has {count} bytes"),
                            &format!(
                                "its characters have two or four bytes: write `string[{}]`",
                                count + 1
                            ),
                        );
                        return None;
                    }
                    Type::Text(extent, encoding)
                };
                if let Some(suffix) = suffixes.first() {
                    self.report(
                        "P0302",
                        suffix.span,
                        "bytes and text cannot be repeated directly",
                        "put them into a struct and repeat that",
                    );
                    return None;
                }
                return Some((ty, None));
            }
            Some(Builtin::TerminatedText) => {
                let length = suffixes.first().map(|suffix| suffix.span);
                if length.is_some() || size.is_some() {
                    self.report(
                        "P0323",
                        length.unwrap_or(span),
                        "a `cstring` is as long as its NUL says",
                        "limit it with `min` and `max`, use `string` with a length instead, or repeat a struct that holds it",
                    );
                    return None;
                }
                let text = Type::Text(Extent::Terminated, encoding(attributes, endian));
                return Some((text, None));
            }
            None => match self.scope.types.get(&name.value) {
                Some(Definition::Struct(id)) => Type::Struct(id),
                Some(Definition::Enum(id)) => {
                    Type::Scalar(self.scope.types.enum_scalar(id, endian)?)
                }
                Some(Definition::Flags(id)) => {
                    Type::Scalar(self.scope.types.flags_scalar(id, endian)?)
                }
                Some(Definition::Alias(target, own)) => {
                    inherit_attributes(attributes, own);
                    let size = if suffixes.is_empty() {
                        size.clone()
                    } else {
                        None
                    };
                    let (ty, bound) = self.type_expr(target, span, attributes, size)?;
                    if suffixes.is_empty() {
                        return Some((ty, bound));
                    }
                    ty
                }
                Some(Definition::Broken) => return None,
                None => {
                    let problem = self.scope.types.unknown(&name.value, name.span);
                    self.diagnostics.push(problem);
                    return None;
                }
            },
        };
        let Some((suffix, more)) = suffixes.split_first() else {
            return match (&element, size) {
                (Type::Scalar(_) | Type::Varint(_), Some(_)) => {
                    self.report(
                        "P0305",
                        span,
                        "`size` has no meaning for a number",
                        "leave it out",
                    );
                    None
                }
                (_, bound) => Some((element, bound)),
            };
        };
        if let Some(suffix) = more.first() {
            self.report(
                "P0302",
                suffix.span,
                "an array of arrays is not supported",
                "put the inner array into a struct and repeat that",
            );
            return None;
        }
        if !repeatable(&element) {
            self.report("P0302", span, format!("`{}` cannot be repeated directly", name.value),
                "arrays hold structs, varints, and integers or floats of 8, 16, 32, 64 or 128 bits; put anything else into a struct");
            return None;
        }
        let extent = match (self.extent(suffix, attributes.order)?, size) {
            (Extent::Rest { .. }, Some(size)) => Extent::Sized(size),
            (extent, None) => extent,
            (_, Some(_)) => {
                self.report(
                    "P0305",
                    span,
                    "the length is given twice",
                    "leave out `size`, or write `[]`",
                );
                return None;
            }
        };
        let element = Box::new(element);
        Some((Type::Array { element, extent }, None))
    }

    fn extent(&mut self, suffix: &Spanned<Suffix>, order: Order) -> Option<Extent> {
        match &suffix.value {
            Suffix::Rest => Some(Extent::Rest { after: 0 }),
            Suffix::Count(expr) => {
                let expr = self.resolve(expr)?;
                if let ExprOp::Int(count) = expr.op {
                    if let (true, Ok(count)) = (count <= MAX_FIXED, usize::try_from(count)) {
                        return Some(Extent::Fixed(count));
                    }
                    self.report(
                        "P0304",
                        suffix.span,
                        format!("{count} is not a number of elements"),
                        &format!("write a number from 0 to {MAX_FIXED}"),
                    );
                    return None;
                }
                if expr.max < 0 {
                    self.report(
                        "P0304",
                        suffix.span,
                        "this number of elements is always negative",
                        "subtract less",
                    );
                    return None;
                }
                Some(Extent::Counted(expr))
            }
            Suffix::Prefix(name) => self.prefix(name, suffix.span, order).map(Extent::Prefixed),
        }
    }

    /// The length in front that `name` stands for, in the order that the field asks for.
    fn prefix(&mut self, name: &str, span: Span, order: Order) -> Option<Prefix> {
        let known = builtin(name).is_some() || self.scope.types.get(name).is_some();
        let mut attributes = Attributes {
            order,
            ..Attributes::default()
        };
        let found = if known {
            let written = TypeExpr {
                name: Spanned::new(name.to_owned(), span),
                suffixes: Vec::new(),
            };
            let (ty, _) = self.type_expr(&written, span, &mut attributes, None)?;
            Some(self.constrain(ty, &attributes))
        } else {
            None
        };
        match found {
            Some(Type::Scalar(scalar))
                if scalar.kind == ScalarKind::Unsigned
                    && scalar.bits.is_multiple_of(8)
                    && scalar.bits <= 64 =>
            {
                Some(Prefix::Fixed(scalar))
            }
            Some(Type::Varint(varint)) if !varint.signed => Some(Prefix::Varint(varint)),
            _ => {
                let help = foreign::unsigned(name).unwrap_or_else(|| "the length in front of a field is an unsigned integer of whole bytes, such as `u16`, or a `varint`".to_owned());
                self.report(
                    "P0303",
                    span,
                    format!("`{name}` cannot hold a length"),
                    &help,
                );
                None
            }
        }
    }
}

/// The encoding of a text whose numbers have the order `endian`.
fn encoding(attributes: &Attributes, endian: Endian) -> Encoding {
    match attributes.encoding.map(|found| found.value) {
        None => Encoding::Utf8,
        Some(Encoding::Utf16(_)) => Encoding::Utf16(endian),
        Some(found) => found,
    }
}

/// What an alias says holds where the field does not say otherwise.
fn inherit_attributes(attributes: &mut Attributes, own: &Attributes) {
    attributes.order = super::inherit(attributes.order, own.order);
    attributes.range = attributes.range.or(own.range);
    attributes.canonical = attributes.canonical.or(own.canonical);
    attributes.finite = attributes.finite.or(own.finite);
    attributes.min = attributes.min.or(own.min);
    attributes.max = attributes.max.or(own.max);
    attributes.encoding = attributes.encoding.or(own.encoding);
    attributes.scale = attributes.scale.or(own.scale);
    attributes.unit = attributes.unit.take().or_else(|| own.unit.clone());
}

fn repeatable(element: &Type) -> bool {
    match element {
        Type::Struct(_) | Type::Varint(_) => true,
        Type::Scalar(scalar) => match scalar.kind {
            ScalarKind::Unsigned | ScalarKind::Signed => {
                matches!(scalar.bits, 8 | 16 | 32 | 64 | 128)
            }
            ScalarKind::Float => true,
            _ => false,
        },
        _ => false,
    }
}
