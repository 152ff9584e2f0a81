//! Names in generated Rust: casing, keywords, clashes. Nothing else decides on a name.
//!
//! A name that is a keyword, or that something else has already, gets `_` appended until it is free.
//! Order is the schema's, so the same schema always gives the same names.

use packet_schema::layout::{Layout, Struct, Type};
use proc_macro2::{Ident, Span};
use std::collections::HashSet;

/// Words that cannot be names of items or fields, in any edition.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Types and variants of the prelude that generated code uses by their short names.
const PRELUDE: &[&str] = &[
    "Clone",
    "Copy",
    "Debug",
    "Eq",
    "Err",
    "From",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Result",
    "Some",
];

/// Methods that views and owned structs have besides their getters.
const METHODS: &[&str] = &[
    "as_bytes",
    "borrow",
    "check",
    "clone",
    "clone_into",
    "decode",
    "encode_into",
    "encoded_len",
    "fmt",
    "from",
    "into",
    "parse",
    "to_owned",
    "to_vec",
    "try_into",
    "type_id",
    "write",
];

/// Names that generated functions use for themselves.
const LOCALS: &[&str] = &[
    "actual",
    "at",
    "bytes",
    "chosen",
    "derived",
    "elements",
    "encoded_len",
    "error",
    "expected",
    "guard",
    "inner",
    "input",
    "length",
    "measured",
    "part",
    "prefix",
    "present",
    "reader",
    "size",
    "start",
    "tag",
    "value",
    "writer",
    "wrong",
];

/// Names that must differ from each other.
#[derive(Default)]
struct Scope {
    taken: HashSet<String>,
}

impl Scope {
    fn reserving(lists: &[&[&str]]) -> Self {
        Self {
            taken: lists
                .iter()
                .flat_map(|list| list.iter().map(|name| (*name).to_owned()))
                .collect(),
        }
    }

    /// A local variable, from which others are made by [`suffixed`].
    fn local(&mut self, name: &str) -> Ident {
        let mut name = name.to_owned();
        let with_suffixes = |name: &str| {
            std::iter::once(name.to_owned())
                .chain(SUFFIXES.iter().map(|suffix| format!("{name}_{suffix}")))
                .collect::<Vec<_>>()
        };
        while KEYWORDS.contains(&name.as_str())
            || with_suffixes(&name)
                .iter()
                .any(|name| self.taken.contains(name))
        {
            name.push_str("_value");
        }
        self.taken.extend(with_suffixes(&name));
        Ident::new(&name, Span::call_site())
    }

    fn ident(&mut self, name: &str) -> Ident {
        let mut name = name.to_owned();
        while KEYWORDS.contains(&name.as_str()) || !self.taken.insert(name.clone()) {
            name.push('_');
        }
        Ident::new(&name, Span::call_site())
    }
}

/// The names of everything in a protocol.
pub(super) struct Names {
    pub(super) structs: Vec<StructNames>,
    pub(super) enums: Vec<NamedNames>,
    pub(super) flags: Vec<NamedNames>,
}

/// The names that belong to one struct.
pub(super) struct StructNames {
    pub(super) owned: Ident,
    pub(super) view: Ident,
    pub(super) shape: Ident,
    pub(super) derived: Ident,
    /// Its variant in the enums of all packets.
    pub(super) variant: Ident,
    pub(super) fields: Vec<FieldNames>,
}

/// The names that belong to one field.
pub(super) struct FieldNames {
    /// Its getter.
    pub(super) getter: Ident,
    /// Its member in the owned struct.
    pub(super) member: Ident,
    /// Its member in the view, and its local in functions.
    pub(super) local: Ident,
    /// The enums of a variant.
    pub(super) variant: Option<VariantNames>,
}

/// The names that belong to one variant.
pub(super) struct VariantNames {
    pub(super) owned: Ident,
    pub(super) view: Ident,
    pub(super) cases: Vec<Ident>,
    pub(super) otherwise: Ident,
}

/// The names that belong to an enum or a flag set.
pub(super) struct NamedNames {
    pub(super) ident: Ident,
    pub(super) values: Vec<Ident>,
    pub(super) constants: Vec<Ident>,
}

impl Names {
    /// The names of a whole protocol, which has enums of all packets.
    pub(super) fn new(layout: &Layout) -> Self {
        Self::beside(layout, &["Packet", "PacketView"])
    }

    /// The names where the owned structs are the user's: there are no such enums, and members are
    /// called what the user calls them.
    pub(super) fn written(layout: &Layout) -> Self {
        let mut names = Self::beside(layout, &[]);
        for (body, names) in layout.structs.iter().zip(&mut names.structs) {
            for (field, names) in body.fields.iter().zip(&mut names.fields) {
                if field.is_named() {
                    names.member = member(&field.name);
                }
            }
        }
        names
    }

    fn beside(layout: &Layout, dispatch: &[&str]) -> Self {
        let mut types = Scope::reserving(&[PRELUDE, dispatch]);
        let mut statics = Scope::reserving(&[&["CLOSE_ON_UNKNOWN_ID", "FRAMING", "PACKET_SHAPE"]]);
        let mut variants = Scope::reserving(&[&["Unknown"]]);
        let mut structs: Vec<StructNames> = Vec::new();
        // The schema's own names come first: what is made from them gives way.
        let owned: Vec<Ident> = layout
            .structs
            .iter()
            .map(|body| types.ident(&camel(&body.name)))
            .collect();
        let enum_idents: Vec<Ident> = layout
            .enums
            .iter()
            .map(|found| types.ident(&camel(&found.name)))
            .collect();
        let flag_idents: Vec<Ident> = layout
            .flags
            .iter()
            .map(|found| types.ident(&camel(&found.name)))
            .collect();
        for (body, owned) in layout.structs.iter().zip(owned) {
            let base = camel(&body.name);
            let view = types.ident(&format!("{base}View"));
            let derived = types.ident(&format!("{base}Derived"));
            let shape = statics.ident(&format!("{}_SHAPE", screaming(&body.name)));
            structs.push(StructNames {
                owned,
                view,
                shape,
                derived,
                variant: variants.ident(&base),
                fields: fields(body, &base, &mut types),
            });
        }
        Self {
            structs,
            enums: layout
                .enums
                .iter()
                .zip(enum_idents)
                .map(|(found, ident)| {
                    named(ident, found.values.iter().map(|value| value.name.as_str()))
                })
                .collect(),
            flags: layout
                .flags
                .iter()
                .zip(flag_idents)
                .map(|(found, ident)| {
                    named(ident, found.values.iter().map(|value| value.name.as_str()))
                })
                .collect(),
        }
    }
}

fn fields(body: &Struct, base: &str, types: &mut Scope) -> Vec<FieldNames> {
    let mut getters = Scope::reserving(&[METHODS]);
    let mut members = Scope::default();
    let parts: Vec<String> = (0..body.parts.len())
        .flat_map(|part| [format!("part_{part}"), format!("part_{part}_at")])
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let mut locals = Scope::reserving(&[LOCALS, &parts]);
    body.fields
        .iter()
        .map(|field| {
            let name = if field.is_named() {
                snake(&field.name)
            } else {
                "reserved".to_owned()
            };
            let variant = match &field.ty {
                Type::Variant(variant) => {
                    let mut cases = Scope::default();
                    let stem = format!("{base}{}", camel(&field.name));
                    Some(VariantNames {
                        owned: types.ident(&stem),
                        view: types.ident(&format!("{stem}View")),
                        cases: variant
                            .cases
                            .iter()
                            .map(|case| cases.ident(&camel(&case.name)))
                            .collect(),
                        otherwise: cases.ident("Else"),
                    })
                }
                _ => None,
            };
            FieldNames {
                getter: getters.ident(&name),
                member: members.ident(&name),
                local: locals.local(&name),
                variant,
            }
        })
        .collect()
}

/// A name as Rust writes it, `r#type` if it is a keyword.
fn member(name: &str) -> Ident {
    if KEYWORDS.contains(&name) {
        Ident::new_raw(name, Span::call_site())
    } else {
        Ident::new(name, Span::call_site())
    }
}

fn named<'a>(ident: Ident, values: impl Iterator<Item = &'a str> + Clone) -> NamedNames {
    let mut variants = Scope::default();
    let mut constants = Scope::default();
    NamedNames {
        ident,
        values: values
            .clone()
            .map(|value| variants.ident(&camel(value)))
            .collect(),
        constants: values
            .map(|value| constants.ident(&screaming(value)))
            .collect(),
    }
}

/// What is known of a field besides its value: see [`suffixed`].
const SUFFIXES: &[&str] = &["at", "end", "measured", "size", "start"];

/// A local variable made from a field's, such as `options_end`.
pub(super) fn suffixed(local: &Ident, suffix: &str) -> Ident {
    debug_assert!(
        SUFFIXES.contains(&suffix),
        "the name must have been kept free"
    );
    Ident::new(&format!("{local}_{suffix}"), Span::call_site())
}

/// `login_result` and `LoginResult` as `LoginResult`.
fn camel(name: &str) -> String {
    name.split('_')
        .filter(|word| !word.is_empty())
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_ascii_uppercase() + rest
        })
        .collect()
}

/// `LoginResult` and `login_result` as `login_result`.
fn snake(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && lower {
            text.push('_');
        }
        lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        text.push(c.to_ascii_lowercase());
    }
    text
}

fn screaming(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}
