//! What the type of a field says: what it holds, and how much of it.
//!
//! Raises P0301 (no extent), P0302 (what cannot repeat), P0303 (a length's type), P0304 (a count), P0305 (a length given
//! twice), P0322 (text of half a code unit), P0323 (a length for what ends by itself), P0327 (an end for what has one),
//! P0328 (a padded element).

use super::super::foreign;
use super::super::types::{Builtin, Definition, builtin};
use super::Context;
use crate::diagnostic::{Diagnostic, Span, Spanned};
use crate::model::{
    Encoding, Endian, Expr, ExprOp, Extent, Prefix, Scalar, ScalarKind, Sentinel, Type, Varint,
};
use crate::syntax::{Attributes, Order, Suffix, Target, TypeExpr};

/// Most bytes or elements of a fixed extent.
const MAX_FIXED: i128 = 1 << 24;

/// Most bytes of fixed bytes or text: generated code holds them on the stack.
const MAX_FIXED_BYTES: usize = 1 << 16;

impl Context<'_> {
    /// Resolves a type. `size` becomes the extent of what has none, or the second result: the bound of a
    /// struct.
    pub(super) fn type_expr(
        &mut self,
        ty: &TypeExpr,
        span: Span,
        attributes: &mut Attributes,
        size: Option<Expr>,
    ) -> Option<(Type, Option<Expr>)> {
        if ty.target == Target::Unread {
            return None;
        }
        let order = super::super::inherit(attributes.order, self.scope.order);
        let endian = order.endian.unwrap_or_default();
        let element = match builtin(&ty.name.value) {
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
                let encoding = (what == Builtin::Text).then(|| encoding(attributes, endian));
                let found = self.bytes(ty, span, attributes, size, encoding)?;
                return Some((found, None));
            }
            Some(Builtin::TerminatedText) => {
                let length = ty.suffixes.first().map(|suffix| suffix.span);
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
                Some(Definition::Alias(target, own)) if ty.suffixes.is_empty() => {
                    if let Some(own) = own {
                        inherit_attributes(attributes, own);
                    }
                    return self.type_expr(target, span, attributes, size);
                }
                Some(Definition::Alias(target, own)) => {
                    self.alias_element(target, own, span, attributes)?
                }
                Some(Definition::Broken) => return None,
                None => {
                    let problem = self.scope.types.unknown(ty);
                    self.diagnostics.push(problem);
                    return None;
                }
            },
        };
        match (ty.suffixes.split_first(), size) {
            (Some((suffix, more)), size) => {
                if let Some(suffix) = more.first() {
                    self.report(
                        "P0302",
                        suffix.span,
                        "an array of arrays is not supported",
                        "put the inner array into a struct and repeat that",
                    );
                    return None;
                }
                let array = self.array(ty, element, suffix, span, attributes, size)?;
                Some((array, None))
            }
            (None, Some(_)) if matches!(element, Type::Scalar(_) | Type::Varint(_)) => {
                self.report(
                    "P0305",
                    span,
                    "`size` has no meaning for a number",
                    "leave it out",
                );
                None
            }
            (None, bound) => Some((element, bound)),
        }
    }

    /// Bytes, or text in an encoding.
    fn bytes(
        &mut self,
        ty: &TypeExpr,
        span: Span,
        attributes: &Attributes,
        size: Option<Expr>,
        encoding: Option<Encoding>,
    ) -> Option<Type> {
        let mut suffixes = ty.suffixes.iter();
        let suffix = suffixes.next();
        let extent = match suffix {
            Some(suffix) => Some(self.extent(suffix, attributes.order)?),
            None => None,
        };
        if let (Some(Extent::Fixed(count)), Some(suffix)) = (&extent, suffix)
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
        let extent = match (extent, size) {
            (None | Some(Extent::Rest { .. }), Some(size)) => Extent::Counted(size),
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
                let name = &ty.name.value;
                self.report("P0301", span, format!("how many bytes has `{name}`?"),
                    &format!("write `{name}[4]`, `{name}[length_field]`, `{name}<u16>` with a length in front, or `{name}[]` for the rest"));
                return None;
            }
        };
        if let (Some(encoding), Extent::Fixed(count), Some(suffix)) = (encoding, &extent, suffix)
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
        if let Some(suffix) = suffixes.next() {
            self.report(
                "P0302",
                suffix.span,
                "bytes and text cannot be repeated directly",
                "put them into a struct and repeat that",
            );
            return None;
        }
        Some(match encoding {
            None => Type::Bytes(extent),
            Some(encoding) => Type::Text(extent, encoding),
        })
    }

    /// An element of an array that is called by an alias.
    fn alias_element(
        &mut self,
        target: &TypeExpr,
        own: Option<&Attributes>,
        span: Span,
        attributes: &mut Attributes,
    ) -> Option<Type> {
        // What the field says of its length is about the array, not about an element.
        let (pad_to, until) = (attributes.pad_to.take(), attributes.until.take());
        if let Some(own) = own {
            inherit_attributes(attributes, own);
        }
        let (ty, _) = self.type_expr(target, span, attributes, None)?;
        if let Some(padded) = attributes.pad_to {
            self.diagnostics.push(
                Diagnostic::error("P0328", span, "an element cannot be padded by itself")
                    .also(padded.span, "said here")
                    .help("make it the field of a struct, and repeat that"),
            );
            return None;
        }
        (attributes.pad_to, attributes.until) = (pad_to, until);
        Some(ty)
    }

    /// An array, of which `suffix` and `size` say the length.
    fn array(
        &mut self,
        ty: &TypeExpr,
        element: Type,
        suffix: &Spanned<Suffix>,
        span: Span,
        attributes: &mut Attributes,
        size: Option<Expr>,
    ) -> Option<Type> {
        if !repeatable(&element) {
            self.report(
                "P0302",
                span,
                format!("`{}` cannot be repeated directly", ty.name.value),
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
        Some(Type::Array { element, extent })
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
    attributes.order = super::super::inherit(attributes.order, own.order);
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
