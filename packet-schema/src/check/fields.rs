//! Fields: what they hold, and what may be said about them.
//!
//! Raises P0301 (no extent), P0302 (what cannot repeat), P0303 (a length's type), P0304 (a count),
//! P0305 (an attribute that has no meaning here), P0306 (a constant), P0307 (a range), P0308 (a
//! checksum), P0309 (a case), P0310 (two cases alike), and what types and expressions raise.

use super::expr::Names;
use super::types::{Builtin, Definition, Types, builtin};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned, did_you_mean};
use crate::model::{
    Algorithm, Case, Checksum, Encoding, Expr, ExprOp, Extent, Field, Role, Scalar, ScalarKind,
    Type, Variant,
};
use crate::syntax::{self, Attributes, FieldKind, Order, Suffix, TypeExpr};

/// Most bytes or elements of a fixed extent.
const MAX_FIXED: i128 = 1 << 24;

/// What surrounds a list of fields.
pub(super) struct Scope<'a> {
    pub(super) types: &'a Types<'a>,
    pub(super) order: Order,
    /// Whether the header in front of the fields is without mistakes.
    pub(super) header_whole: bool,
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
    checksums(fields, &mut resolved, first, diagnostics);
    let whole = diagnostics.errors() == errors
        && resolved.iter().skip(header.len()).all(|(_, whole)| *whole);
    let fields = resolved.into_iter().skip(first).map(|(field, _)| field);
    (fields.collect(), whole)
}

/// Stands in for a field that has a mistake, so that numbers of fields stay right.
fn placeholder(field: &syntax::Field) -> Field {
    Field {
        name: field.name.value.clone(),
        doc: None,
        unit: None,
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
        let order = super::inherit(said.order, self.scope.order);
        let size = match &said.size {
            Some(size) => Some(self.expr(size)?),
            None => None,
        };
        let mut attributes = said.clone();
        let (ty, bound, type_span) = match &self.field.kind {
            FieldKind::Type(ty) => {
                let resolved = self.type_expr(&ty.value, ty.span, order, &mut attributes, size)?;
                (resolved.0, resolved.1, ty.span)
            }
            FieldKind::Match(choice) => {
                let variant = self.variant(choice, order)?;
                (Type::Variant(variant), size, choice.tag.span)
            }
            FieldKind::Unread => return None,
        };
        let ty = self.constrain(ty, &attributes);
        let length = self.length(&ty, &attributes);
        let when = match &said.when {
            Some(when) => Some(self.expr(when)?),
            None => None,
        };
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
            unit: attributes.unit,
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
        order: Order,
        attributes: &mut Attributes,
        size: Option<Expr>,
    ) -> Option<(Type, Option<Expr>)> {
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
            Some(what @ (Builtin::Bytes | Builtin::Text)) => {
                let (extent, rest) = match suffixes.split_first() {
                    Some((suffix, rest)) => (Some(self.extent(suffix, order)?), rest),
                    None => (None, suffixes),
                };
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
                    Type::Text(
                        extent,
                        attributes
                            .encoding
                            .map_or(Encoding::Utf8, |found| found.value),
                    )
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
                    let order = super::inherit(own.order, order);
                    let size = if suffixes.is_empty() {
                        size.clone()
                    } else {
                        None
                    };
                    let (ty, bound) = self.type_expr(target, span, order, attributes, size)?;
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
                (Type::Scalar(_), Some(_)) => {
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
                "arrays hold structs, and integers or floats of 8, 16, 32, 64 or 128 bits; put anything else into a struct");
            return None;
        }
        let extent = match (self.extent(suffix, order)?, size) {
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
            Suffix::Prefix(name) => match builtin(name) {
                Some(Builtin::Scalar(ScalarKind::Unsigned, bits, endian))
                    if bits % 8 == 0 && bits <= 64 =>
                {
                    let endian = endian.or(order.endian).unwrap_or_default();
                    Some(Extent::Prefixed(Scalar::unsigned(bits, endian)))
                }
                _ => {
                    self.report("P0303", suffix.span, format!("`{name}` cannot hold a length"),
                        "the length in front of a field is an unsigned integer of whole bytes, such as `u16`");
                    None
                }
            },
        }
    }

    /// Applies `range` and `finite`.
    fn constrain(&mut self, mut ty: Type, attributes: &Attributes) -> Type {
        let scalar = match &mut ty {
            Type::Scalar(scalar) => Some(scalar),
            Type::Array { element, .. } => match element.as_mut() {
                Type::Scalar(scalar) => Some(scalar),
                _ => None,
            },
            _ => None,
        };
        let integer = scalar
            .as_ref()
            .is_some_and(|scalar| matches!(scalar.kind, ScalarKind::Unsigned | ScalarKind::Signed));
        let float = scalar
            .as_ref()
            .is_some_and(|scalar| scalar.kind == ScalarKind::Float);
        let mut problems = Vec::new();
        if let Some(range) = &attributes.range {
            match scalar.as_ref().map(|scalar| scalar.limits()) {
                Some((min, max)) if integer && (range.value.0 < min || range.value.1 > max) => {
                    problems.push((
                        "P0307",
                        range.span,
                        format!("the type holds {min} to {max} only"),
                        "narrow the range, or widen the type",
                    ));
                }
                _ if !integer => problems.push((
                    "P0305",
                    range.span,
                    "`range` needs an integer".to_owned(),
                    "use `finite: true` for floats, `min` and `max` for lengths",
                )),
                _ => {}
            }
        }
        if let Some(finite) = attributes.finite.filter(|_| !float) {
            problems.push((
                "P0305",
                finite.span,
                "`finite` needs a float".to_owned(),
                "say it at the float fields of a struct, or at an alias that they use",
            ));
        }
        if let Some(scalar) = scalar {
            scalar.range = attributes.range.map(|range| range.value);
            scalar.finite = attributes.finite.is_some_and(|finite| finite.value);
        }
        for (code, span, message, help) in problems {
            self.report(code, span, message, help);
        }
        ty
    }

    /// The limits that `min` and `max` set.
    fn length(&mut self, ty: &Type, attributes: &Attributes) -> Option<(u64, u64)> {
        let span = attributes.min.or(attributes.max)?.span;
        let countable = match ty {
            Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. } => {
                !matches!(extent, Extent::Fixed(_))
            }
            _ => false,
        };
        if !countable {
            self.report(
                "P0305",
                span,
                "`min` and `max` limit a length that can vary",
                "use `range` for numbers",
            );
            return None;
        }
        let min = attributes.min.map_or(0, |min| min.value);
        let max = attributes.max.map_or(u64::MAX, |max| max.value);
        if min > max {
            self.report(
                "P0307",
                span,
                format!("`min` {min} is more than `max` {max}"),
                "exchange them",
            );
            return None;
        }
        let most = match ty {
            Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. } => {
                match extent {
                    Extent::Prefixed(prefix) => prefix.limits().1,
                    Extent::Counted(expr) => expr.max,
                    _ => i128::MAX,
                }
            }
            _ => i128::MAX,
        };
        if i128::from(min) > most {
            self.report(
                "P0307",
                span,
                format!("a length of at most {most} is never {min}"),
                "lower `min`, or widen what holds the length",
            );
            return None;
        }
        Some((min, max))
    }

    fn role(&mut self, ty: &Type, said: &Attributes) -> Option<Role> {
        let unnamed = self.field.name.value == "_";
        if let Some(constant) = &said.constant {
            return self.constant(ty, constant).map(Role::Const);
        }
        if unnamed {
            if !matches!(ty, Type::Scalar(_) | Type::Bytes(Extent::Fixed(_))) {
                self.report(
                    "P0305",
                    self.field.name.span,
                    "an unnamed field is a number or `bytes[N]`",
                    "give the field a name",
                );
                return None;
            }
            let strict = said.strict.is_some_and(|strict| strict.value);
            if strict && !matches!(ty, Type::Scalar(_)) {
                self.report(
                    "P0305",
                    self.field.name.span,
                    "only a number can be strict",
                    "use several numbers",
                );
            }
            return Some(Role::Reserved { strict });
        }
        if let Some(strict) = said.strict {
            self.report(
                "P0305",
                strict.span,
                "`strict` needs a reserved field",
                "name the field `_`, or use `const`",
            );
        }
        Some(Role::Data)
    }

    fn constant(&mut self, ty: &Type, constant: &Spanned<String>) -> Option<u64> {
        let Type::Scalar(scalar) = ty else {
            self.report(
                "P0306",
                constant.span,
                "only a number can be constant",
                "leave `const` out",
            );
            return None;
        };
        let value = match scalar.kind {
            ScalarKind::Enum(id) => self.scope.types.enumeration(id)?.value_of(&constant.value),
            ScalarKind::Bool => match constant.value.as_str() {
                "true" => Some(1),
                "false" => Some(0),
                _ => None,
            },
            ScalarKind::Unsigned | ScalarKind::Flags(_) => None,
            ScalarKind::Signed | ScalarKind::Float => {
                self.report(
                    "P0306",
                    constant.span,
                    "a constant is unsigned",
                    "use an unsigned type",
                );
                return None;
            }
        };
        let value = value.or_else(|| {
            let value = crate::parse::expr::integer(&constant.value)?;
            let value = u64::try_from(value).ok()?;
            (i128::from(value) <= scalar.limits().1).then_some(value)
        });
        if value.is_none() {
            let names = match scalar.kind {
                ScalarKind::Enum(id) => self.scope.types.enumeration(id).map(|found| &found.values),
                _ => None,
            };
            let help = names
                .and_then(|values| {
                    let names = values.iter().map(|value| value.name.as_str());
                    did_you_mean(&constant.value, names)
                })
                .unwrap_or_else(|| format!("write a number from 0 to {}", scalar.limits().1));
            self.report(
                "P0306",
                constant.span,
                format!("`{}` is not a value of the type", constant.value),
                &help,
            );
        }
        value
    }

    fn variant(&mut self, choice: &syntax::Match, order: Order) -> Option<Variant> {
        let tag = match self.names.resolve(&syntax::Expr {
            op: syntax::ExprOp::Name(choice.tag.value.clone()),
            span: choice.tag.span,
        }) {
            Ok(Expr {
                op: ExprOp::Field(tag),
                ..
            }) => tag,
            Ok(_) => return None,
            Err(problem) => {
                self.diagnostics.extend(problem.map(|problem| *problem));
                return None;
            }
        };
        let guard = match &choice.guard {
            Some(guard) => Some(self.expr(guard)?),
            None => None,
        };
        if let (Some(guard), None) = (&choice.guard, &choice.otherwise) {
            self.report(
                "P0309",
                guard.span,
                "`guard` needs an `else` for where it does not hold",
                "add `else: TYPE` to the cases",
            );
        }
        let Type::Scalar(scalar) = self.names.before[tag].0.ty else {
            return None;
        };
        let enumeration = match scalar.kind {
            ScalarKind::Enum(id) => self.scope.types.enumeration(id),
            _ => None,
        };
        let mut cases: Vec<Case> = Vec::new();
        let mut seen: Vec<(Span, Span)> = Vec::new();
        for case in &choice.cases {
            let number = enumeration
                .and_then(|found| found.value_of(&case.key.value))
                .or_else(|| {
                    let value = crate::parse::expr::integer(&case.key.value)?;
                    u64::try_from(value)
                        .ok()
                        .filter(|value| i128::from(*value) <= scalar.limits().1)
                });
            let ty = self.case_type(&case.ty, order);
            let Some(number) = number else {
                let names =
                    enumeration.map(|found| found.values.iter().map(|value| value.name.as_str()));
                let help = names.and_then(|names| did_you_mean(&case.key.value, names));
                self.diagnostics.push(
                    Diagnostic::error(
                        "P0309",
                        case.key.span,
                        format!(
                            "`{}` is not a value of `{}`",
                            case.key.value, choice.tag.value
                        ),
                    )
                    .label("no such value")
                    .also(choice.tag.span, "chosen by this field")
                    .maybe_help(help),
                );
                continue;
            };
            let name = match (&case.name, enumeration) {
                (Some(name), _) => name.value.clone(),
                (None, Some(found)) if found.name_of(number).is_some() => case.key.value.clone(),
                _ => case.ty.value.name.value.clone(),
            };
            let double = cases
                .iter()
                .position(|known| known.tag == number || known.name == name);
            if let Some((tag, ty)) = double.and_then(|double| seen.get(double)) {
                let same = cases.iter().any(|known| known.tag == number);
                let (what, first, at) = if same {
                    (
                        format!("two cases for `{}`", case.key.value),
                        *tag,
                        case.key.span,
                    )
                } else {
                    (format!("two cases are called `{name}`"), *ty, case.ty.span)
                };
                self.diagnostics.push(
                    Diagnostic::error("P0310", at, what)
                        .label("again here")
                        .also(first, "first here")
                        .maybe_help((!same).then(|| {
                            "name one of them: `VALUE: { type: TYPE, name: NAME }`".to_owned()
                        })),
                );
                continue;
            }
            seen.push((case.key.span, case.ty.span));
            if let Some(ty) = ty {
                cases.push(Case {
                    name,
                    tag: number,
                    ty,
                });
            } else {
                seen.pop();
            }
        }
        let otherwise = match &choice.otherwise {
            Some(ty) => Some(Box::new(self.case_type(ty, order)?)),
            None => None,
        };
        Some(Variant {
            tag,
            guard,
            cases,
            otherwise,
        })
    }

    fn case_type(&mut self, ty: &Spanned<TypeExpr>, order: Order) -> Option<Type> {
        // `bytes` alone is all there is: nothing else could be meant in a case.
        let mut written = ty.value.clone();
        if written.suffixes.is_empty()
            && matches!(
                builtin(&written.name.value),
                Some(Builtin::Bytes | Builtin::Text)
            )
        {
            written.suffixes.push(Spanned::new(Suffix::Rest, ty.span));
        }
        let mut attributes = Attributes::default();
        let (resolved, _) = self.type_expr(&written, ty.span, order, &mut attributes, None)?;
        let resolved = self.constrain(resolved, &attributes);
        match &resolved {
            Type::Scalar(scalar) if scalar.bits % 8 != 0 => {
                self.report(
                    "P0309",
                    ty.span,
                    "a case has whole bytes",
                    "put the bits into a struct",
                );
                None
            }
            Type::Array { .. } => {
                self.report(
                    "P0309",
                    ty.span,
                    "a case cannot be an array directly",
                    "put the array into a struct",
                );
                None
            }
            _ => Some(resolved),
        }
    }
}

/// What an alias says holds where the field does not say otherwise.
fn inherit_attributes(attributes: &mut Attributes, own: &Attributes) {
    attributes.range = attributes.range.or(own.range);
    attributes.finite = attributes.finite.or(own.finite);
    attributes.min = attributes.min.or(own.min);
    attributes.max = attributes.max.or(own.max);
    attributes.encoding = attributes.encoding.or(own.encoding);
    attributes.unit = attributes.unit.take().or_else(|| own.unit.clone());
}

fn repeatable(element: &Type) -> bool {
    match element {
        Type::Struct(_) => true,
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

/// Resolves the checksums, whose ranges may reach fields after them.
fn checksums(
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
