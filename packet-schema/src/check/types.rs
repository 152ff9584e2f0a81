//! Named types: enums, flags, aliases, and what a type's name stands for.
//!
//! Raises P0305 (what only a field can say), P0205 (an unknown type), P0206 (a name or number there twice), P0207 (a value that does not
//! fit), P0208 (an enum or flag set without values), P0209 (not an integer type), P0210 (an alias that
//! leads to itself), P0211 (an alias of an alias of too many others).

use super::foreign;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned, did_you_mean};
use crate::model::{
    Endian, Enum, EnumId, EnumValue, Flag, Flags, FlagsId, Scalar, ScalarKind, StructId,
};
use crate::syntax::{Attributes, Named, Schema, TypeBody, TypeExpr};
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
    Alias(&'a TypeExpr, &'a Attributes),
    /// Its definition has a mistake that was reported.
    Broken,
}

/// All named types of a schema.
pub(super) struct Types<'a> {
    names: HashMap<&'a str, Definition<'a>>,
    enums: Vec<Enum>,
    flags: Vec<Flags>,
}

impl<'a> Types<'a> {
    pub(super) fn collect(schema: &'a Schema, diagnostics: &mut Diagnostics) -> Self {
        let mut types = Self {
            names: HashMap::new(),
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
                        unknown: *unknown,
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
                    for (span, key) in not_of_a_type(attributes) {
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
        types.check_aliases(schema, diagnostics);
        types
    }

    /// Refuses aliases of nothing, of themselves or over too many others, so that following one always
    /// ends soon.
    fn check_aliases(&mut self, schema: &'a Schema, diagnostics: &mut Diagnostics) {
        for definition in &schema.types {
            let mut steps = vec![&definition.name];
            let mut name = definition.name.value.as_str();
            while let Some(Definition::Alias(ty, _)) = self.names.get(name) {
                let target = &ty.name;
                name = &target.value;
                let known = self.names.contains_key(name) || builtin(name).is_some();
                let problem = if let Some(start) = steps.iter().position(|step| step.value == name)
                {
                    let circle: Vec<&str> = steps[start..]
                        .iter()
                        .map(|step| step.value.as_str())
                        .chain([name])
                        .collect();
                    let first = schema
                        .types
                        .iter()
                        .find(|definition| definition.name.value == name);
                    Diagnostic::error(
                        "P0210",
                        first.map_or(target.span, |first| first.name.span),
                        format!("the alias leads to itself: {}", circle.join(" → ")),
                    )
                    .help("let one of them be a type of its own")
                } else if !known {
                    self.unknown(name, target.span)
                } else if steps.len() == MAX_ALIASES {
                    Diagnostic::error(
                        "P0211",
                        definition.name.span,
                        format!("this leads through more than {MAX_ALIASES} aliases"),
                    )
                    .help("name the type at the end directly")
                } else {
                    steps.push(target);
                    continue;
                };
                diagnostics.push(problem);
                for step in steps {
                    self.names.insert(&step.value, Definition::Broken);
                }
                break;
            }
        }
    }

    /// What `name` stands for, if it is a named type.
    pub(super) fn get(&self, name: &str) -> Option<Definition<'a>> {
        self.names.get(name).copied()
    }

    /// The problem that `name` is no type.
    pub(super) fn unknown(&self, name: &str, span: Span) -> Diagnostic {
        let mut known: Vec<&str> = self.names.keys().copied().collect();
        known.sort_unstable();
        let width = name
            .strip_prefix(['u', 'i'])
            .and_then(|digits| digits.parse::<u32>().ok());
        let help = if width.is_some() {
            Some("integers have 1 to 64 bits, or 72 to 128 in whole bytes".to_owned())
        } else if let Some(own) = known.iter().find(|own| own.eq_ignore_ascii_case(name)) {
            Some(format!("did you mean `{own}`?"))
        } else {
            let known = known.into_iter().chain(COMMON.iter().copied());
            foreign::help(name).or_else(|| did_you_mean(name, known))
        };
        Diagnostic::error("P0205", span, format!("there is no type `{name}`"))
            .label("unknown type")
            .maybe_help(help)
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
fn not_of_a_type(attributes: &Attributes) -> Vec<(Span, &'static str)> {
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
