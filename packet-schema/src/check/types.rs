//! Named types: enums, flags, aliases, and what a type's name stands for.
//!
//! Raises P0305 (what only a field can say), P0205 (an unknown type), P0206 (a name or number there twice), P0207 (a value that does not
//! fit), P0330 (an enum that skips), P0208 (an enum or flag set without values), P0209 (not an integer type), P0210 (an alias that
//! leads to itself), P0211 (an alias of an alias of too many others).

use super::foreign;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned, closest};
use crate::model::{
    Endian, Enum, EnumId, EnumValue, Flag, Flags, FlagsId, Scalar, ScalarKind, StructId, Unknown,
};
use crate::syntax::{Attributes, Named, Schema, Target, TypeBody, TypeExpr, short_name};
use std::collections::HashMap;

/// A type without parameters that the language brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Builtin {
    /// A number; the byte order if its name says so.
    Scalar(ScalarKind, u32, Option<Endian>),
    /// A LEB128 integer; whether it is signed.
    Varint(bool),
    Bytes,
    Text,
    /// Text that ends with a NUL.
    TerminatedText,
}

/// Whether `name` is a built-in type's.
pub(crate) fn is_builtin(name: &str) -> bool {
    builtin(name).is_some()
}

/// The built-in type called `name`.
pub(super) fn builtin(name: &str) -> Option<Builtin> {
    match name {
        "bytes" => return Some(Builtin::Bytes),
        "string" => return Some(Builtin::Text),
        "varint" => return Some(Builtin::Varint(false)),
        "zigzag" => return Some(Builtin::Varint(true)),
        "cstring" => return Some(Builtin::TerminatedText),
        "bool" => return Some(Builtin::Scalar(ScalarKind::Bool, 8, None)),
        "bit" => return Some(Builtin::Scalar(ScalarKind::Bool, 1, None)),
        _ => {}
    }
    let (body, endian) = if let Some(body) = name.strip_suffix("le") {
        (body, Some(Endian::Little))
    } else if let Some(body) = name.strip_suffix("be") {
        (body, Some(Endian::Big))
    } else {
        (name, None)
    };
    let kind = match body.get(..1)? {
        "u" => ScalarKind::Unsigned,
        "i" => ScalarKind::Signed,
        "f" => ScalarKind::Float,
        _ => return None,
    };
    let digits = body.get(1..)?;
    if digits.starts_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let bits: u32 = digits.parse().ok()?;
    let whole = bits.is_multiple_of(8);
    let valid = match kind {
        ScalarKind::Float => bits == 32 || bits == 64,
        ScalarKind::Signed if bits == 1 => false,
        // A byte order has no meaning for a part of a run.
        _ => bits <= 64 && (whole || endian.is_none()) || bits <= 128 && whole,
    };
    (valid && bits > 0).then_some(Builtin::Scalar(kind, bits, endian))
}

/// Most aliases between a name and its type.
const MAX_ALIASES: usize = 16;

/// Names offered when a type is misspelt, besides the schema's own.
const COMMON: &[&str] = &[
    "u8", "u16", "u24", "u32", "u48", "u64", "u128", "i8", "i16", "i32", "i64", "f32", "f64",
    "bool", "bit", "varint", "zigzag", "bytes", "string", "cstring",
];

/// What a named type is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Definition<'a> {
    Struct(StructId),
    Enum(EnumId),
    Flags(FlagsId),
    Alias(&'a TypeExpr, Option<&'a Attributes>),
    /// Its definition has a mistake that was reported.
    Broken,
}

/// All named types of a schema.
pub(super) struct Types<'a> {
    names: HashMap<&'a str, Definition<'a>>,
    /// The names in alphabetical order.
    sorted: Vec<&'a str>,
    enums: Vec<Enum>,
    flags: Vec<Flags>,
}

impl<'a> Types<'a> {
    pub(super) fn collect(schema: &'a Schema, diagnostics: &mut Diagnostics) -> Self {
        let mut types = Self {
            names: HashMap::new(),
            sorted: Vec::new(),
            enums: Vec::new(),
            flags: Vec::new(),
        };
        let mut structs = 0;
        for definition in &schema.types {
            let named = match &definition.body {
                TypeBody::Struct(_) => {
                    structs += 1;
                    Definition::Struct(StructId(structs - 1))
                }
                TypeBody::Unread => Definition::Broken,
                _ if diagnostics.is_partial(definition.name.span) => Definition::Broken,
                TypeBody::Enum {
                    repr,
                    unknown,
                    values,
                } => {
                    if unknown.value == Unknown::Skip {
                        diagnostics.push(
                            Diagnostic::error(
                                "P0330",
                                unknown.span,
                                "an enum has no value to put in the place of an unknown one",
                            )
                            .label("only flags can be skipped")
                            .help("write `unknown: keep` to hand on other numbers, or `unknown: reject` to refuse them"),
                        );
                    }
                    let bits = integer_width(repr, diagnostics);
                    let limit = bits.map_or(u64::MAX, |bits| u64::MAX >> (64 - bits));
                    distinct(
                        values,
                        limit,
                        "a value",
                        &definition.name,
                        repr.span,
                        diagnostics,
                    );
                    let kept = values.iter().map(|value| EnumValue {
                        name: value.name.value.clone(),
                        value: value.value.value,
                        doc: value.doc.clone(),
                        history: (&value.history).into(),
                    });
                    types.enums.push(Enum {
                        name: definition.name.value.clone(),
                        doc: definition.doc.clone(),
                        bits: bits.unwrap_or(8),
                        unknown: unknown.value,
                        values: kept.collect(),
                        span: definition.name.span,
                    });
                    bits.map_or(Definition::Broken, |_| {
                        Definition::Enum(EnumId(types.enums.len() - 1))
                    })
                }
                TypeBody::Flags {
                    repr,
                    unknown,
                    bits: values,
                } => {
                    let bits = integer_width(repr, diagnostics);
                    let limit = bits.map_or(63, |bits| u64::from(bits) - 1);
                    distinct(
                        values,
                        limit,
                        "a bit's position",
                        &definition.name,
                        repr.span,
                        diagnostics,
                    );
                    let kept = values.iter().map(|value| Flag {
                        name: value.name.value.clone(),
                        bit: u32::try_from(value.value.value).unwrap_or(0).min(63),
                        doc: value.doc.clone(),
                        history: (&value.history).into(),
                    });
                    types.flags.push(Flags {
                        name: definition.name.value.clone(),
                        doc: definition.doc.clone(),
                        bits: bits.unwrap_or(8),
                        unknown: *unknown,
                        values: kept.collect(),
                        span: definition.name.span,
                    });
                    bits.map_or(Definition::Broken, |_| {
                        Definition::Flags(FlagsId(types.flags.len() - 1))
                    })
                }
                TypeBody::Alias(ty, attributes) => {
                    let attributes = attributes.as_deref();
                    for (span, key) in attributes.into_iter().flat_map(not_of_a_type) {
                        diagnostics.push(
                            Diagnostic::error("P0305", span, format!("a type cannot say `{key}`"))
                                .help("say it at the fields that have the type"),
                        );
                    }
                    Definition::Alias(&ty.value, attributes)
                }
            };
            types.names.entry(&definition.name.value).or_insert(named);
        }
        types.sorted = types.names.keys().copied().collect();
        types.sorted.sort_unstable();
        types.check_aliases(schema, diagnostics);
        types
    }

    /// Refuses aliases of nothing, of themselves or over too many others, so that following one always
    /// ends soon.
    fn check_aliases(&mut self, schema: &'a Schema, diagnostics: &mut Diagnostics) {
        for definition in &schema.types {
            let mut steps = vec![definition.name.value.as_str()];
            let mut name = definition.name.value.as_str();
            while let Some(Definition::Alias(ty, _)) = self.names.get(name) {
                name = ty.full_name();
                let known = self.names.contains_key(name) || builtin(name).is_some();
                let problem = if ty.target == Target::Unread || diagnostics.is_full() {
                    None
                } else if let Some(start) = steps.iter().position(|step| *step == name) {
                    let circle: Vec<&str> = steps[start..].iter().copied().chain([name]).collect();
                    let first = schema
                        .types
                        .iter()
                        .find(|definition| definition.name.value == name);
                    let problem = Diagnostic::error(
                        "P0210",
                        first.map_or(ty.name.span, |first| first.name.span),
                        format!("the alias leads to itself: {}", circle.join(" → ")),
                    );
                    Some(problem.help("let one of them be a type of its own"))
                } else if !known {
                    Some(self.unknown(ty))
                } else if steps.len() == MAX_ALIASES {
                    let problem = Diagnostic::error(
                        "P0211",
                        definition.name.span,
                        format!("this leads through more than {MAX_ALIASES} aliases"),
                    );
                    Some(problem.help("name the type at the end directly"))
                } else {
                    steps.push(name);
                    continue;
                };
                diagnostics.extend(problem);
                for step in steps {
                    self.names.insert(step, Definition::Broken);
                }
                break;
            }
        }
    }

    /// What the name of `ty` stands for, if it is a named type.
    pub(super) fn get(&self, ty: &TypeExpr) -> Option<Definition<'a>> {
        match ty.target {
            Target::Unread => Some(Definition::Broken),
            _ => self.names.get(ty.full_name()).copied(),
        }
    }

    /// The problem that the name of `ty` is no type.
    pub(super) fn unknown(&self, ty: &TypeExpr) -> Diagnostic {
        let name = ty.name.value.as_str();
        let width = name
            .strip_prefix(['u', 'i'])
            .and_then(|digits| digits.parse::<u32>().ok());
        let help = if width.is_some() {
            Some("integers have 1 to 64 bits, or 72 to 128 in whole bytes".to_owned())
        } else {
            self.meant(ty)
        };
        Diagnostic::error("P0205", ty.name.span, format!("there is no type `{name}`"))
            .label("unknown type")
            .maybe_help(help)
    }

    /// What to write instead of the name of `ty`, where that stands.
    fn meant(&self, ty: &TypeExpr) -> Option<String> {
        let (short, full) = (ty.short_name(), ty.full_name());
        let written = &ty.name.value[..ty.name.value.len() - short.len()];
        let did_you_mean = |name: &str| format!("did you mean `{written}{name}`?");
        // The types of one file have names that begin alike.
        let file = &full[..full.len() - short_name(full).len()];
        let first = self.sorted.partition_point(|known| *known < file);
        let names = self.sorted[first..].iter();
        let mut known = names
            .map_while(|known| known.strip_prefix(file))
            .filter(|known| !known.contains('.'));
        if let Some(own) = known.clone().find(|own| own.eq_ignore_ascii_case(short)) {
            return Some(did_you_mean(own));
        }
        if !written.is_empty() {
            return closest(short, &mut known).map(did_you_mean);
        }
        let imported = self.sorted.iter().find(|known| {
            ty.target == Target::Written
                && short_name(known) == short
                && known.matches('.').count() == 1
        });
        if let Some(imported) = imported {
            return Some(did_you_mean(imported));
        }
        let known = known.chain(COMMON.iter().copied());
        foreign::help(short).or_else(|| closest(short, known).map(did_you_mean))
    }

    pub(super) fn enumeration(&self, id: EnumId) -> Option<&Enum> {
        self.enums.get(id.0)
    }

    pub(super) fn flag_set(&self, id: FlagsId) -> Option<&Flags> {
        self.flags.get(id.0)
    }

    pub(super) fn enum_scalar(&self, id: EnumId, endian: Endian) -> Option<Scalar> {
        self.enums.get(id.0).map(|found| Scalar {
            kind: ScalarKind::Enum(id),
            ..Scalar::unsigned(found.bits, endian)
        })
    }

    pub(super) fn flags_scalar(&self, id: FlagsId, endian: Endian) -> Option<Scalar> {
        self.flags.get(id.0).map(|found| Scalar {
            kind: ScalarKind::Flags(id),
            ..Scalar::unsigned(found.bits, endian)
        })
    }

    pub(super) fn into_named(self) -> (Vec<Enum>, Vec<Flags>) {
        (self.enums, self.flags)
    }
}

/// What an alias says that only one field can mean: where it stands, and its key.
pub(super) fn not_of_a_type(attributes: &Attributes) -> Vec<(Span, &'static str)> {
    let Attributes {
        history,
        constant,
        strict,
        when,
        size,
        checksum,
        default,
        role,
        counts,
        bias,
        align,
        trailing,
        value,
        ..
    } = attributes;
    let spans = [
        (history.since.map(|said| said.span), "since"),
        (
            history.deprecated.as_ref().map(|said| said.span),
            "deprecated",
        ),
        (constant.as_ref().map(|said| said.span), "const"),
        (strict.as_ref().map(|said| said.span), "strict"),
        (when.as_ref().map(|said| said.span), "when"),
        (size.as_ref().map(|said| said.span), "size"),
        (checksum.as_ref().map(|said| said.span), "checksum"),
        (default.as_ref().map(|said| said.span), "default"),
        (role.as_ref().map(|said| said.span), "role"),
        (counts.as_ref().map(|said| said.span), "counts"),
        (bias.as_ref().map(|said| said.span), "bias"),
        (align.as_ref().map(|said| said.span), "align"),
        (trailing.as_ref().map(|said| said.span), "trailing"),
        (value.as_ref().map(|said| said.span), "value"),
    ];
    let said = spans
        .into_iter()
        .filter_map(|(span, key)| Some((span?, key)));
    said.collect()
}

/// The width of an unsigned integer type of at most 64 bits.
fn integer_width(ty: &Spanned<TypeExpr>, diagnostics: &mut Diagnostics) -> Option<u32> {
    match builtin(&ty.value.name.value) {
        Some(Builtin::Scalar(ScalarKind::Unsigned, bits, None))
            if bits <= 64 && ty.value.suffixes.is_empty() =>
        {
            Some(bits)
        }
        _ => {
            diagnostics.push(
                Diagnostic::error(
                    "P0209",
                    ty.span,
                    "enums and flags are unsigned integers of 1 to 64 bits",
                )
                .help("write a type such as `u8`; the byte order is the field's")
                .maybe_help(foreign::unsigned(&ty.value.name.value)),
            );
            None
        }
    }
}

/// Names and numbers must each be there once, and the numbers fit.
fn distinct(
    values: &[Named],
    limit: u64,
    what: &str,
    definition: &Spanned<String>,
    width: Span,
    diagnostics: &mut Diagnostics,
) {
    if values.is_empty() {
        diagnostics.push(
            Diagnostic::error(
                "P0208",
                definition.span,
                format!("`{}` has no values", definition.value),
            )
            .help(
                "an enum needs `values: { NAME: NUMBER }`, flags need `bits: { NAME: POSITION }`",
            ),
        );
    }
    let mut numbers: HashMap<u64, &Named> = HashMap::new();
    for value in values {
        if diagnostics.is_full() {
            break;
        }
        if value.value.value > limit {
            diagnostics.push(
                Diagnostic::error(
                    "P0207",
                    value.value.span,
                    format!(
                        "{what} of `{}` is at most {limit}, not {}",
                        definition.value, value.value.value
                    ),
                )
                .also(width, "has no room for it"),
            );
        }
        if let Some(first) = numbers.insert(value.value.value, value) {
            diagnostics.push(
                Diagnostic::error(
                    "P0206",
                    value.value.span,
                    format!(
                        "`{}` and `{}` have the same number {}",
                        first.name.value, value.name.value, value.value.value
                    ),
                )
                .label("again here")
                .also(first.value.span, "first here"),
            );
        }
    }
}
