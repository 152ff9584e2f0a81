//! Names in generated Rust: casing, keywords, clashes. Nothing else decides on a name.
//!
//! A name that is a keyword, or that something else has already, gets `_` appended until it is free.
//! Order is the schema's, so the same schema always gives the same names.

use packet_schema::layout::{Dispatch, Field, Framing, Layout, Sender, Struct, Type};
use proc_macro2::{Ident, Span};
use std::collections::{HashMap, HashSet};

/// Words that cannot be names of items or fields, in any edition.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Types, traits and variants of the prelude that generated code uses by their short names.
const PRELUDE: &[&str] = &[
    "Clone",
    "Copy",
    "Debug",
    "Eq",
    "Err",
    "From",
    "Into",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Result",
    "Some",
];

/// Constants that generated code has beside its types, which have names of values too if they are tuples.
const CONSTANTS: &[&str] = &[
    "CLOSE_ON_UNKNOWN_ID",
    "FINGERPRINT",
    "FRAMING",
    "SHAPE",
    "VERSION",
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

/// Methods that writers in place have besides their setters.
const SETTERS: &[&str] = &["as_mut", "borrow_mut"];

/// The enums of all packets.
const DISPATCH: &[&str] = &["Packet", "PacketView"];

/// The items of a session.
const SESSION: &[&str] = &["PacketKind", "Session", "Side", "State", "Step"];

/// Names that generated functions use for themselves.
const LOCALS: &[&str] = &[
    "actual",
    "at",
    "bytes",
    "chosen",
    "derived",
    "element",
    "elements",
    "encoded_len",
    "end",
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
    "site",
    "size",
    "start",
    "tag",
    "value",
    "wide",
    "room",
    "writer",
    "wrong",
];

/// Names that must differ from each other.
#[derive(Default)]
struct Scope {
    reserved: Vec<&'static [&'static str]>,
    /// How many static parts have a name here.
    parts: usize,
    taken: HashSet<String>,
    /// What [`suffixed`] would make the locals that end like its results from.
    bases: HashSet<String>,
}

impl Scope {
    fn reserving(lists: &[&'static [&'static str]]) -> Self {
        Self {
            reserved: lists.to_vec(),
            ..Self::default()
        }
    }

    fn is_free(&self, name: &str) -> bool {
        !is_keyword(name)
            && !self.reserved.iter().any(|list| list.contains(&name))
            && !self.is_part(name)
            && !self.taken.contains(name)
    }

    /// Whether [`part`] or [`part_at`] gives the name.
    fn is_part(&self, name: &str) -> bool {
        name.strip_prefix("part_")
            .map(|rest| rest.strip_suffix("_at").unwrap_or(rest))
            .and_then(|number| number.parse::<usize>().ok())
            .is_some_and(|number| number < self.parts)
    }

    /// A local variable, from which others are made by [`suffixed`].
    fn local(&mut self, name: &str) -> Ident {
        let mut name = name.to_owned();
        while !self.is_free_with_suffixes(&name) {
            name.push_str("_value");
        }
        let ident = Ident::new(&name, Span::call_site());
        if let Some(base) = base(&name) {
            self.bases.insert(base.to_owned());
        }
        self.taken.insert(name);
        ident
    }

    /// Whether nothing is called like a local or like what is made from it. No keyword and nothing reserved
    /// ends as that does.
    fn is_free_with_suffixes(&self, name: &str) -> bool {
        !base(name).is_some_and(|base| self.taken.contains(base))
            && !self.bases.contains(name)
            && self.is_free(name)
    }

    /// Takes a name that something has whatever the schema says.
    fn reserve(&mut self, name: &Ident) {
        self.taken.insert(name.to_string());
    }

    fn ident(&mut self, name: &str) -> Ident {
        let mut name = name.to_owned();
        while !self.is_free(&name) {
            name.push('_');
        }
        let ident = Ident::new(&name, Span::call_site());
        self.taken.insert(name);
        ident
    }
}

/// The names of the enums of all sets of packets: `Packet`, or `StartUpClientPacket` of a framing and a side.
fn dispatch_names(layout: &Layout) -> Vec<DispatchNames> {
    let sets = layout.dispatches();
    let mut prefixes: Vec<String> = Vec::new();
    for sets in sets.chunk_by(|a, b| a.framing == b.framing) {
        let framing = sets.first().map(|set| &layout.framings[set.framing]);
        let name = framing.and_then(|framing| framing.name.as_deref());
        let mut base = name.map(camel).unwrap_or_default();
        let own = |base: &str| -> Vec<String> {
            let sides = sets.iter().map(|set| match set.sender {
                Sender::Both => "",
                Sender::Client => "Client",
                Sender::Server => "Server",
            });
            sides.map(|side| format!("{base}{side}")).collect()
        };
        // A framing `client` beside one whose packets are told apart by the sender, or beside `Client`.
        while own(&base).iter().any(|prefix| prefixes.contains(prefix)) {
            base.push_str("Framing");
        }
        prefixes.extend(own(&base));
    }
    let ident = |prefix: &str, name| Ident::new(&format!("{prefix}{name}"), Span::call_site());
    let names = sets.into_iter().zip(prefixes);
    names
        .map(|(dispatch, prefix)| DispatchNames {
            dispatch,
            view: ident(&prefix, "PacketView"),
            packet: ident(&prefix, "Packet"),
        })
        .collect()
}

/// The name of a constant of the framing with this number, which mostly has no name: `FRAMING`, else `START_UP_FRAMING`.
pub(super) fn framing_constant(layout: &Layout, framing: usize, name: &str) -> Ident {
    let owner = |framing: &Framing| framing.name.as_deref().map(screaming);
    let name = match owner(&layout.framings[framing]) {
        Some(own) => {
            // What differs in casing alone would be the same constant.
            let before = layout.framings[..framing].iter().map(owner);
            let same = before.filter(|name| name.as_ref() == Some(&own)).count();
            format!("{own}{}_{name}", "_".repeat(same))
        }
        None => name.to_owned(),
    };
    Ident::new(&name, Span::call_site())
}

/// The name of the type of the framing with this number: `Framing`, else `StartUpFraming`.
pub(super) fn framing_type(layout: &Layout, framing: usize) -> Ident {
    let owner = |framing: &Framing| framing.name.as_deref().map(camel).unwrap_or_default();
    let own = owner(&layout.framings[framing]);
    // What differs in casing alone would be the same type.
    let before = layout.framings[..framing].iter().map(owner);
    let same = before.filter(|name| *name == own).count();
    let name = format!("{own}Framing{}", "_".repeat(same));
    Ident::new(&name, Span::call_site())
}

/// Names of files that mean something else to Cargo or the compiler than a module of that name.
const FILES: &[&str] = &["lib", "main", "mod"];

/// The name of the file and module of a protocol.
pub(super) fn module(protocol: &str) -> String {
    let mut name = snake(protocol);
    while name.is_empty() || is_keyword(&name) || FILES.contains(&name.as_str()) || name == "_" {
        name.push('_');
    }
    name
}

/// Whether `name` is a keyword, which no item or field can be called.
pub(super) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// Whether generated code has or uses something called `name`, whatever the schema has.
pub(super) fn is_reserved(name: &str) -> bool {
    let lists = [
        PRELUDE,
        CONSTANTS,
        METHODS,
        DISPATCH,
        SESSION,
        &["Unknown", "Else", "ALL"],
    ];
    lists.iter().any(|list| list.contains(&name))
}

/// The names of everything in a protocol.
pub(super) struct Names {
    pub(super) structs: Vec<StructNames>,
    pub(super) enums: Vec<NamedNames>,
    pub(super) flags: Vec<NamedNames>,
    /// The states of the session.
    pub(super) states: Vec<Ident>,
    /// The sets of packets that have enums.
    pub(super) dispatches: Vec<DispatchNames>,
}

/// A set of packets, and the names of its enums.
pub(super) struct DispatchNames {
    pub(super) dispatch: Dispatch,
    pub(super) view: Ident,
    pub(super) packet: Ident,
}

/// The names that belong to one struct.
pub(super) struct StructNames {
    pub(super) owned: Ident,
    pub(super) view: Ident,
    /// Its borrowed form, if it has one.
    pub(super) borrowed: Ident,
    /// Its writer in place, if it has one.
    pub(super) writer: Ident,
    pub(super) derived: Ident,
    /// Its variant in the enums of all packets.
    pub(super) variant: Ident,
    pub(super) fields: Vec<FieldNames>,
}

/// The names that belong to one field.
pub(super) struct FieldNames {
    /// Its getter.
    pub(super) getter: Ident,
    /// The getter of its value in its unit, if it is scaled.
    pub(super) scaled: Option<Ident>,
    /// Its setter in the writer in place, if it has one.
    pub(super) setter: Ident,
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
    /// The enum of the borrowed form, if that has one of its own.
    pub(super) borrowed: Ident,
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
        let session = layout.session.as_ref().map_or(&[][..], |_| SESSION);
        Self::beside(layout, [DISPATCH, session])
    }

    /// The names where the owned structs are the user's: there are no such enums, and members are
    /// called what the user calls them.
    pub(super) fn written(layout: &Layout) -> Self {
        let mut names = Self::beside(layout, [&[], &[]]);
        for (body, names) in layout.structs.iter().zip(&mut names.structs) {
            for (field, names) in body.fields.iter().zip(&mut names.fields) {
                if field.is_named() {
                    names.member = member(&field.name);
                }
                // The writer of another item's type is not seen: all of it is set.
                if is_changed_inside(body, field) {
                    names.setter =
                        Ident::new(&format!("set_{}", snake(&field.name)), Span::call_site());
                }
            }
        }
        names
    }

    fn beside(layout: &Layout, [dispatch, session]: [&'static [&'static str]; 2]) -> Self {
        let mut types = Scope::reserving(&[PRELUDE, CONSTANTS, dispatch, session]);
        let mut dispatches = Vec::new();
        if !dispatch.is_empty() {
            dispatches = dispatch_names(layout);
            for found in &dispatches {
                types.reserve(&found.view);
                types.reserve(&found.packet);
            }
            for framing in 0..layout.framings.len() {
                for name in ["CLOSE_ON_UNKNOWN_ID", "FRAMING"] {
                    types.reserve(&framing_constant(layout, framing, name));
                }
                types.reserve(&framing_type(layout, framing));
            }
        }
        let mut variants = Scope::reserving(&[&["Unknown"]]);
        let mut structs: Vec<StructNames> = Vec::new();
        // The schema's own names come first, then those of imports: what is made from them gives way.
        let mut own = HashMap::new();
        let names = (layout.structs.iter().map(|body| body.name.as_str()))
            .chain(layout.enums.iter().map(|found| found.name.as_str()))
            .chain(layout.flags.iter().map(|found| found.name.as_str()));
        for imported in [false, true] {
            for name in names.clone().filter(|name| name.contains('.') == imported) {
                own.insert(name, types.ident(&camel(name)));
            }
        }
        let own = |name: &String| own[name.as_str()].clone();
        for body in &layout.structs {
            let base = camel(&body.name);
            let view = types.ident(&format!("{base}View"));
            let borrowed = types.ident(&format!("{base}Ref"));
            let writer = types.ident(&format!("{base}Mut"));
            let derived = types.ident(&format!("{base}Derived"));
            structs.push(StructNames {
                owned: own(&body.name),
                view,
                borrowed,
                writer,
                derived,
                variant: variants.ident(&base),
                fields: fields(body, &base, &mut types),
            });
        }
        let mut states = Scope::default();
        let session = layout.session.iter();
        let session = session.flat_map(|session| &session.states);
        Self {
            structs,
            dispatches,
            states: session
                .map(|state| states.ident(&camel(&state.name)))
                .collect(),
            enums: layout
                .enums
                .iter()
                .map(|found| {
                    named(
                        own(&found.name),
                        found.values.iter().map(|value| value.name.as_str()),
                        &[],
                    )
                })
                .collect(),
            flags: layout
                .flags
                .iter()
                .map(|found| {
                    // All flags together are `ALL`.
                    named(
                        own(&found.name),
                        found.values.iter().map(|value| value.name.as_str()),
                        &["ALL"],
                    )
                })
                .collect(),
        }
    }
}

fn fields(body: &Struct, base: &str, types: &mut Scope) -> Vec<FieldNames> {
    let mut getters = Scope::reserving(&[METHODS]);
    let mut setters = Scope::reserving(&[SETTERS]);
    let mut members = Scope::default();
    let mut locals = Scope {
        parts: body.parts.len(),
        ..Scope::reserving(&[LOCALS])
    };
    let mut fields: Vec<FieldNames> = body
        .fields
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
                        borrowed: types.ident(&format!("{stem}Ref")),
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
                scaled: None,
                setter: setters.ident(&if is_changed_inside(body, field) {
                    format!("{name}_mut")
                } else {
                    format!("set_{name}")
                }),
                member: members.ident(&name),
                local: locals.local(&name),
                variant,
            }
        })
        .collect();
    // The schema's own names come first here too.
    for (field, names) in body.fields.iter().zip(&mut fields) {
        if field.scale.is_some() && field.is_named() {
            names.scaled = Some(getters.ident(&format!("{}_scaled", snake(&field.name))));
        }
    }
    fields
}

/// Whether the writer in place of a struct lends one for the field, rather than to set all of it.
pub(super) fn is_changed_inside(body: &Struct, field: &Field) -> bool {
    matches!(field.ty, Type::Struct(_)) && body.static_size().is_some()
}

/// A name as Rust writes it, `r#type` if it is a keyword.
fn member(name: &str) -> Ident {
    if KEYWORDS.contains(&name) {
        Ident::new_raw(name, Span::call_site())
    } else {
        Ident::new(name, Span::call_site())
    }
}

/// Names of values, and of constants for them that differ from `reserved`.
fn named<'a>(
    ident: Ident,
    values: impl Iterator<Item = &'a str> + Clone,
    reserved: &'static [&'static str],
) -> NamedNames {
    let mut variants = Scope::default();
    let mut constants = Scope::reserving(&[reserved]);
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
const SUFFIXES: &[&str] = &["at", "end", "gap", "measured", "size", "start"];

/// What a name with a suffix is made from.
fn base(name: &str) -> Option<&str> {
    let (base, suffix) = name.rsplit_once('_')?;
    SUFFIXES.contains(&suffix).then_some(base)
}

/// A local variable made from a field's, such as `options_end`.
pub(super) fn suffixed(local: &Ident, suffix: &str) -> Ident {
    debug_assert!(
        SUFFIXES.contains(&suffix),
        "the name must have been kept free"
    );
    Ident::new(&format!("{local}_{suffix}"), Span::call_site())
}

/// A view's member, and the local of its decoder, that holds the bytes of a static part.
pub(super) fn part(number: usize) -> Ident {
    Ident::new(&format!("part_{number}"), Span::call_site())
}

/// The local that holds where a static part begins.
pub(super) fn part_at(number: usize) -> Ident {
    Ident::new(&format!("part_{number}_at"), Span::call_site())
}

/// `login_result` and `LoginResult` as `LoginResult`, `common.Vec3` as `CommonVec3`.
pub fn camel(name: &str) -> String {
    name.split(['_', '.'])
        .filter(|word| !word.is_empty())
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_ascii_uppercase() + rest
        })
        .collect()
}

/// `LoginResult` and `login_result` as `login_result`, `common.Vec3` as `common_vec3`.
pub fn snake(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut lower = false;
    for c in name.chars().map(|c| if c == '.' { '_' } else { c }) {
        // The compiler warns of `__`, and locals are made by putting `_` behind a name.
        if (c.is_ascii_uppercase() && lower || c == '_') && !text.ends_with('_') {
            text.push('_');
        }
        lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        if c != '_' {
            text.push(c.to_ascii_lowercase());
        }
    }
    text.truncate(text.trim_end_matches('_').len());
    text
}

pub(super) fn screaming(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(source: &str) -> Layout {
        packet_schema::compile(source)
            .expect("the schema is right")
            .layout
    }

    #[test]
    fn a_module_has_a_name_that_a_module_can_have() {
        for (protocol, name) in [
            ("game", "game"),
            ("GameServer", "game_server"),
            ("mod", "mod_"),
            ("Lib", "lib_"),
            ("match", "match_"),
            ("Self", "self_"),
            ("_", "__"),
        ] {
            assert_eq!(module(protocol), name);
        }
    }

    /// Fields of one packet, each with its getter, its member and its local.
    fn check_fields(fields: &[(&str, [&str; 3])]) {
        let list: Vec<String> = fields
            .iter()
            .map(|(name, _)| format!("{name}: u8"))
            .collect();
        let layout = layout(&format!(
            "protocol: example\npackets:\n  Point: {{ fields: [{}] }}",
            list.join(", ")
        ));
        let names = Names::new(&layout);
        for (found, (name, expected)) in names.structs[0].fields.iter().zip(fields) {
            let found = [&found.getter, &found.member, &found.local];
            assert_eq!(found.map(ToString::to_string), *expected, "{name}");
        }
    }

    /// Types, each a struct, with the names of their owned form and their view.
    fn check_types(types: &[(&str, [&str; 2])]) {
        let list: Vec<String> = types
            .iter()
            .map(|(name, _)| format!("  {name}: {{ struct: [x: u8] }}\n"))
            .collect();
        let layout = layout(&format!(
            "protocol: example\ntypes:\n{}packets: {{ P: {{ fields: [{}] }} }}",
            list.concat(),
            (types.iter().enumerate())
                .map(|(index, (name, _))| format!("f{index}: {name}"))
                .collect::<Vec<_>>()
                .join(", ")
        ));
        let names = Names::new(&layout);
        for (name, expected) in types {
            let index = layout.structs.iter().position(|body| body.name == *name);
            let found = &names.structs[index.expect("every type is used")];
            let found = [&found.owned, &found.view];
            assert_eq!(found.map(ToString::to_string), *expected, "{name}");
        }
    }

    #[test]
    fn a_field_keeps_a_name_that_nothing_else_has() {
        check_fields(&[
            ("x", ["x", "x", "x"]),
            ("option", ["option", "option", "option"]),
            ("union", ["union", "union", "union"]),
        ]);
    }

    #[test]
    fn a_field_named_as_a_keyword_gives_way() {
        check_fields(&[
            ("type", ["type_", "type_", "type_value"]),
            ("self", ["self_", "self_", "self_value"]),
            ("gen", ["gen_", "gen_", "gen_value"]),
        ]);
    }

    #[test]
    fn a_field_named_as_what_another_became_gives_way_to_it() {
        check_fields(&[
            ("type", ["type_", "type_", "type_value"]),
            ("type_", ["type__", "type__", "type_value_value"]),
            (
                "type_value",
                ["type_value", "type_value", "type_value_value_value"],
            ),
        ]);
        check_fields(&[
            ("type_", ["type_", "type_", "type_value"]),
            ("type", ["type__", "type__", "type_value_value"]),
        ]);
    }

    #[test]
    fn only_a_local_gives_way_to_what_functions_use() {
        check_fields(&[
            ("reader", ["reader", "reader", "reader_value"]),
            ("bytes", ["bytes", "bytes", "bytes_value"]),
            ("part_0", ["part_0", "part_0", "part_0_value"]),
            ("part_0_at", ["part_0_at", "part_0_at", "part_0_at_value"]),
            ("part_1", ["part_1", "part_1", "part_1"]),
        ]);
    }

    #[test]
    fn only_a_getter_gives_way_to_a_method() {
        check_fields(&[
            ("parse", ["parse_", "parse", "parse"]),
            ("as_bytes", ["as_bytes_", "as_bytes", "as_bytes"]),
        ]);
    }

    #[test]
    fn what_is_known_of_one_field_is_not_the_name_of_another() {
        check_fields(&[
            ("text", ["text", "text", "text"]),
            ("text_size", ["text_size", "text_size", "text_size_value"]),
        ]);
        check_fields(&[
            ("text_size", ["text_size", "text_size", "text_size"]),
            ("text", ["text", "text", "text_value"]),
        ]);
    }

    #[test]
    fn nothing_reserved_looks_like_what_is_known_of_a_field() {
        for name in LOCALS.iter().chain(KEYWORDS) {
            assert_eq!(base(name), None, "{name}");
        }
    }

    #[test]
    fn fields_that_differ_in_case_alone_have_names_of_their_own() {
        check_fields(&[
            ("fooBar", ["foo_bar", "foo_bar", "foo_bar"]),
            ("foo_bar", ["foo_bar_", "foo_bar_", "foo_bar_value"]),
        ]);
    }

    #[test]
    fn a_type_gives_way_to_the_prelude_and_to_the_enums_of_all_packets() {
        check_types(&[
            ("Option", ["Option_", "OptionView"]),
            ("Packet", ["Packet_", "PacketView__"]),
            ("PacketView", ["PacketView_", "PacketViewView"]),
        ]);
    }

    #[test]
    fn a_view_gives_way_to_a_type_of_the_schema() {
        check_types(&[
            ("Foo", ["Foo", "FooView_"]),
            ("FooView", ["FooView", "FooViewView"]),
        ]);
    }

    #[test]
    fn a_written_struct_has_its_own_names() {
        let layout = layout("protocol: example\npackets: { Packet: { fields: [type: u8] } }");
        let names = Names::written(&layout);
        let names = &names.structs[0];
        assert_eq!(names.owned.to_string(), "Packet");
        assert_eq!(names.view.to_string(), "PacketView");
        assert_eq!(names.fields[0].member.to_string(), "r#type");
        assert_eq!(names.fields[0].getter.to_string(), "type_");
    }

    #[test]
    fn a_case_has_a_name_beside_else() {
        let layout = layout(
            "protocol: example
packets:
  P:
    fields:
      - tag: u8
      - body: { match: tag, cases: { 0: { type: u8, name: self }, 1: { type: u8, name: Else }, else: u8 } }",
        );
        let names = Names::new(&layout);
        let variant = names.structs[0].fields[1].variant.as_ref();
        let variant = variant.expect("the field is a variant");
        let cases: Vec<String> = variant.cases.iter().map(ToString::to_string).collect();
        assert_eq!(cases, ["Self_", "Else"]);
        assert_eq!(variant.otherwise.to_string(), "Else_");
        assert_eq!(variant.owned.to_string(), "PBody");
        assert_eq!(variant.view.to_string(), "PBodyView");
    }
}
