//! Fields: what they hold, and what may be said about them.
//!
//! Raises P0301 (no extent), P0302 (what cannot repeat), P0303 (a length's type), P0304 (a count),
//! P0305 (a length or condition that has no meaning here), P0327 (an end for what has one), P0328 (a padded
//! element), and what the modules below, types and expressions raise.

mod attributes;
pub(super) mod checksums;
mod places;
mod values;
mod variants;

pub(super) use places::trailing;
pub(super) use variants::can_hold;

use super::expr::Names;
use super::foreign;
use super::types::{Builtin, Definition, Types, builtin};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned};
use crate::model::{
    Encoding, Endian, Expr, ExprOp, Extent, Field, Prefix, Role, Scalar, ScalarKind, Sentinel,
    Trailing, Type, Varint,
};
use crate::syntax::{self, Attributes, FieldKind, Order, Suffix, Target, TypeExpr};

/// Most fields of a struct, each case of a variant counted as one.
pub(crate) const MAX_ENTRIES: usize = 4096;

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

    /// Resolves a type. `size` becomes the extent of what has none, or the second result: the bound of a
    /// struct.
    fn type_expr(
        &mut self,
        ty: &TypeExpr,
        span: Span,
        attributes: &mut Attributes,
        size: Option<Expr>,
    ) -> Option<(Type, Option<Expr>)> {
        if ty.target == Target::Unread {
            return None;
        }
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
            None => match self.scope.types.get(ty) {
                Some(Definition::Struct(id)) => Type::Struct(id),
                Some(Definition::Enum(id)) => {
                    Type::Scalar(self.scope.types.enum_scalar(id, endian)?)
                }
                Some(Definition::Flags(id)) => {
                    Type::Scalar(self.scope.types.flags_scalar(id, endian)?)
                }
                Some(Definition::Alias(target, own)) => {
                    if suffixes.is_empty() {
                        if let Some(own) = own {
                            inherit_attributes(attributes, own);
                        }
                        return self.type_expr(target, span, attributes, size);
                    }
                    // What the field says of its length is about the array, not about an element.
                    let (pad_to, until) = (attributes.pad_to.take(), attributes.until.take());
                    if let Some(own) = own {
                        inherit_attributes(attributes, own);
                    }
                    let (ty, _) = self.type_expr(target, span, attributes, None)?;
                    if let Some(padded) = attributes.pad_to {
                        self.diagnostics.push(
                            Diagnostic::error(
                                "P0328",
                                span,
                                "an element cannot be padded by itself",
                            )
                            .also(padded.span, "said here")
                            .help("make it the field of a struct, and repeat that"),
                        );
                        return None;
                    }
                    (attributes.pad_to, attributes.until) = (pad_to, until);
                    ty
                }
                Some(Definition::Broken) => return None,
                None => {
                    let problem = self.scope.types.unknown(ty);
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
            self.report(
                "P0302",
                span,
                format!("`{}` cannot be repeated directly", name.value),
                "arrays hold structs, varints and numbers of whole bytes; put anything else into a struct",
            );
            return None;
        }
        let extent = match (
            self.extent(suffix, attributes.order)?,
            size,
            &attributes.until,
        ) {
            (Extent::Rest { .. }, None, Some(until)) => Extent::Until(Sentinel {
                text: until.value.clone(),
                bytes: Vec::new(),
                span: until.span,
            }),
            (Extent::Rest { .. }, Some(size), None) => Extent::Sized(size),
            (extent, None, None) => extent,
            (_, Some(_), None) => {
                self.report(
                    "P0305",
                    span,
                    "the length is given twice",
                    "leave out `size`, or write `[]`",
                );
                return None;
            }
            (_, _, Some(until)) => {
                let span = until.span;
                self.report(
                    "P0327",
                    span,
                    "the array has a length already",
                    "leave out `until`, or write `[]` without `size`",
                );
                return None;
            }
        };
        attributes.until = None;
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
        let written = TypeExpr {
            name: Spanned::new(name.to_owned(), span),
            // Names of imported types are full ones by now, and no others have a dot.
            target: if name.contains('.') {
                Target::Imported(name.to_owned())
            } else {
                Target::Written
            },
            suffixes: Vec::new(),
        };
        let known = builtin(name).is_some() || self.scope.types.get(&written).is_some();
        let mut attributes = Attributes {
            order,
            ..Attributes::default()
        };
        let found = if known {
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
    attributes.pad_to = attributes.pad_to.or(own.pad_to);
    attributes.until = attributes.until.take().or_else(|| own.until.clone());
    attributes.scale = attributes.scale.or(own.scale);
    attributes.unit = attributes.unit.take().or_else(|| own.unit.clone());
}

fn repeatable(element: &Type) -> bool {
    match element {
        Type::Struct(_) | Type::Varint(_) => true,
        Type::Scalar(scalar) => scalar.bits.is_multiple_of(8),
        _ => false,
    }
}
