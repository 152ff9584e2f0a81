//! Attributes of the user's own on what is generated.
//!
//! In: paths to types and members of schemas, and text that was tested to be attributes. Out: tokens to put in front
//! of a type or a member, and which paths lead nowhere.
//!
//! They go to what owns its data: structs, the enums of their variants, enums, flags and the enums of all packets.
//! A view borrows bytes, so that most derives would mean something else there or fail.

use super::names::Names;
use super::{Emitter, is_owned};
use packet_schema::diagnostic::did_you_mean;
use packet_schema::layout::{Layout, Type};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use std::fmt;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Path, Token};

/// Attributes that generated types and their members get besides those that they have anyway.
///
/// A path is `Chat` for a type, `Chat.text` for a field, a value, a flag or, as a type, a variant; `Chat.body.Ipv4`
/// is a variant's case. All names are the schema's. The protocol may stand in front, as in `game.Chat`, and `.` is
/// everything.
///
/// ```
/// use packetc::backend::rust::{Attributes, Options, generate};
///
/// let schema = "
/// protocol: example
/// packets:
///   Point: { fields: [x: u16, y: u16] }
/// ";
/// let layout = packet_schema::compile(schema).unwrap().layout;
/// let mut attributes = Attributes::default();
/// attributes.derive("Hash, PartialOrd")?;
/// attributes.on_type("Point", "#[must_use]")?;
/// attributes.on_member("example.Point.x", "#[doc(alias = \"abscissa\")]")?;
/// assert_eq!(attributes.unmatched(&[&layout]), [""; 0]);
/// let options = Options { attributes, ..Options::default() };
/// assert!(generate(&layout, &options)[0].contents.contains("\
/// #[derive(Hash, PartialOrd)]
/// #[must_use]
/// pub struct Point {
///     /// `x`.
///     #[doc(alias = \"abscissa\")]
///     pub x: u16,
/// "));
/// # Ok::<(), packetc::backend::rust::AttributeError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    types: Vec<Given>,
    members: Vec<Given>,
}

/// Attributes for a path, as text, since tokens cannot go from one thread to another.
#[derive(Clone, Debug)]
struct Given {
    path: String,
    /// Paths of derive macros.
    derives: Vec<String>,
    /// All other attributes.
    others: String,
}

impl Attributes {
    /// Lets all types derive these traits, such as `Hash, serde::Serialize`. What a type has already it does not get
    /// again.
    ///
    /// # Errors
    /// If the text is not a list of paths.
    pub fn derive(&mut self, traits: &str) -> Result<(), AttributeError> {
        let derives = Punctuated::<Path, Token![,]>::parse_terminated
            .parse_str(traits)
            .ok()
            .filter(|derives| !derives.is_empty())
            .ok_or_else(|| {
                AttributeError(format!(
                    "`{traits}` is not a list of traits such as `Hash, Ord`"
                ))
            })?;
        self.types.push(Given {
            path: ALL.to_owned(),
            derives: derives.iter().map(text).collect(),
            others: String::new(),
        });
        Ok(())
    }

    /// Puts attributes in front of the type at `path`.
    ///
    /// # Errors
    /// If the text is not one or more outer attributes such as `#[derive(Hash)]`.
    pub fn on_type(&mut self, path: &str, attributes: &str) -> Result<(), AttributeError> {
        self.types.push(Given::new(path, attributes)?);
        Ok(())
    }

    /// Puts attributes in front of the field, value, flag or case at `path`.
    ///
    /// # Errors
    /// As for [`Attributes::on_type`].
    pub fn on_member(&mut self, path: &str, attributes: &str) -> Result<(), AttributeError> {
        self.members.push(Given::new(path, attributes)?);
        Ok(())
    }

    /// What is wrong with the paths that lead to nothing in any of the layouts, one text for each.
    pub fn unmatched(&self, layouts: &[&Layout]) -> Vec<String> {
        let mut problems = Vec::new();
        if !self.types.iter().all(Given::is_for_all) {
            unmatched(&self.types, layouts, "type", types, &mut problems);
        }
        if !self.members.iter().all(Given::is_for_all) {
            let kinds = "field, value or case";
            unmatched(&self.members, layouts, kinds, members, &mut problems);
        }
        problems
    }
}

/// The path to everything.
const ALL: &str = ".";

impl Given {
    fn new(path: &str, attributes: &str) -> Result<Self, AttributeError> {
        let wrong = |reason: &dyn fmt::Display| {
            AttributeError(format!(
                "`{attributes}` for `{path}` is not one or more attributes such as `#[derive(Hash)]`: {reason}"
            ))
        };
        let parsed = Attribute::parse_outer
            .parse_str(attributes)
            .map_err(|problem| wrong(&problem))?;
        if parsed.is_empty() {
            return Err(wrong(&"there is none"));
        }
        let (mut derives, mut others) = (Vec::new(), TokenStream::new());
        for attribute in parsed {
            if attribute.path().is_ident("derive") {
                let list = attribute
                    .parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)
                    .map_err(|problem| wrong(&problem))?;
                derives.extend(list.iter().map(text));
            } else {
                attribute.to_tokens(&mut others);
            }
        }
        Ok(Self {
            path: path.to_owned(),
            derives,
            others: others.to_string(),
        })
    }

    fn is_for_all(&self) -> bool {
        self.path == ALL
    }

    /// Whether it is for what the protocol has at `path`.
    fn is_for(&self, protocol: &str, path: &str) -> bool {
        let after_protocol = || self.path.strip_prefix(protocol)?.strip_prefix('.');
        self.is_for_all() || self.path == path || after_protocol() == Some(path)
    }
}

fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

/// Tokens of what was tested when it was given.
fn tokens(text: &str) -> TokenStream {
    text.parse().unwrap_or_default()
}

/// The user's attributes for the type at `path`, which derives the traits `own` in any case.
pub(super) fn on_type(emitter: &Emitter<'_>, path: &str, own: &[&str]) -> TokenStream {
    let protocol = &emitter.layout.protocol;
    let given = emitter.options.attributes.types.iter();
    let (mut derives, mut others) = (Vec::new(), TokenStream::new());
    for given in given.filter(|given| given.is_for(protocol, path)) {
        for derive in &given.derives {
            if !is_among(derive, own) && !derives.contains(derive) {
                derives.push(derive.clone());
            }
        }
        others.extend(tokens(&given.others));
    }
    if derives.is_empty() {
        return others;
    }
    // Helper attributes stand behind the derive that they are for.
    let derives = derives.iter().map(|derive| tokens(derive));
    quote! { #[derive(#(#derives),*)] #others }
}

/// The user's attributes for the member at `path`, which is put together only if there are attributes at all.
pub(super) fn on_member(emitter: &Emitter<'_>, owner: &str, name: &str) -> TokenStream {
    let given = &emitter.options.attributes.members;
    if given.is_empty() {
        return TokenStream::new();
    }
    let path = format!("{owner}.{name}");
    let found = given
        .iter()
        .filter(|given| given.is_for(&emitter.layout.protocol, &path));
    found
        .map(|given| {
            let derives = given.derives.iter().map(|derive| tokens(derive));
            let derives = (!given.derives.is_empty()).then(|| quote! { #[derive(#(#derives),*)] });
            let others = tokens(&given.others);
            quote! { #derives #others }
        })
        .collect()
}

/// Whether a derive means one of these traits of the language.
fn is_among(derive: &str, own: &[&str]) -> bool {
    let segments: Vec<&str> = derive.split("::").map(str::trim).collect();
    match segments.as_slice() {
        [name] | ["" | "core" | "std", .., name] => own.contains(name),
        _ => false,
    }
}

/// Adds a text for each path that leads to none of what `known` tells of the layouts.
fn unmatched(
    given: &[Given],
    layouts: &[&Layout],
    kind: &str,
    known: fn(&Layout) -> Vec<String>,
    problems: &mut Vec<String>,
) {
    let known: Vec<(&str, Vec<String>)> = layouts
        .iter()
        .map(|layout| (layout.protocol.as_str(), known(layout)))
        .collect();
    for given in given.iter().filter(|given| !given.is_for_all()) {
        let is_there = known
            .iter()
            .any(|(protocol, paths)| paths.iter().any(|path| given.is_for(protocol, path)));
        if is_there {
            continue;
        }
        let qualified = |(protocol, paths): &(&str, Vec<String>)| -> Vec<String> {
            let qualified = paths.iter().map(|path| format!("{protocol}.{path}"));
            qualified.collect()
        };
        let long: Vec<String> = known.iter().flat_map(qualified).collect();
        let short = known.iter().flat_map(|(_, paths)| paths);
        let candidates = short.chain(&long).map(String::as_str);
        let help = did_you_mean(&given.path, candidates);
        let help = help.map(|help| format!("; {help}")).unwrap_or_default();
        problems.push(format!(
            "there is no {kind} `{}` that takes attributes{help}",
            given.path
        ));
    }
}

/// The paths of all types that own their data.
fn types(layout: &Layout) -> Vec<String> {
    let structs = layout.structs.iter().map(|body| body.name.clone());
    let enums = layout.enums.iter().map(|found| found.name.clone());
    let flags = layout.flags.iter().map(|found| found.name.clone());
    let variants = layout.structs.iter().flat_map(|body| {
        let variants = body.fields.iter().filter(|field| is_variant(&field.ty));
        variants.map(|field| format!("{}.{}", body.name, field.name))
    });
    let names = Names::new(layout);
    let dispatches = names
        .dispatches
        .iter()
        .map(|names| names.packet.to_string());
    let all = structs.chain(enums).chain(flags);
    all.chain(variants).chain(dispatches).collect()
}

fn is_variant(ty: &Type) -> bool {
    matches!(ty, Type::Variant(_))
}

/// The paths of all members of these types.
fn members(layout: &Layout) -> Vec<String> {
    let mut paths = Vec::new();
    for body in &layout.structs {
        for field in body.fields.iter().filter(|field| is_owned(field)) {
            let path = format!("{}.{}", body.name, field.name);
            if let Type::Variant(variant) = &field.ty {
                let cases = variant.cases.iter();
                paths.extend(cases.map(|case| format!("{path}.{}", case.name)));
            }
            paths.push(path);
        }
    }
    for found in &layout.enums {
        let values = found.values.iter();
        paths.extend(values.map(|value| format!("{}.{}", found.name, value.name)));
    }
    for found in &layout.flags {
        let values = found.values.iter();
        paths.extend(values.map(|value| format!("{}.{}", found.name, value.name)));
    }
    paths
}

/// Why a text cannot be put in front of a type or a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeError(String);

impl fmt::Display for AttributeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for AttributeError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::rust::{Options, generate};

    fn layout(protocol: &str) -> Layout {
        let source = format!(
            "protocol: {protocol}
framing: {{ header: [size: {{ type: u16, role: size }}, id: {{ type: u8, role: id }}] }}
types:
  Kind: {{ enum: u8, values: {{ plain: 0, other: 1 }} }}
  Caps: {{ flags: u8, bits: {{ voice: 0 }} }}
  Vec2: {{ struct: [x: u16, y: u16] }}
packets:
  Chat:
    id: 1
    fields:
      - kind: Kind
      - caps: Caps
      - text: string<u8>
      - body: {{ match: kind, cases: {{ plain: Vec2, other: u8 }} }}
"
        );
        let compiled = packet_schema::compile(&source);
        compiled.expect("the schema is right").layout
    }

    fn unmatched_text(set: impl Fn(&mut Attributes) -> Result<(), AttributeError>) -> Vec<String> {
        let mut attributes = Attributes::default();
        set(&mut attributes).expect("attributes");
        attributes.unmatched(&[&layout("game"), &layout("chess")])
    }

    fn code(set: impl Fn(&mut Attributes) -> Result<(), AttributeError>) -> String {
        let mut attributes = Attributes::default();
        set(&mut attributes).expect("attributes");
        let options = Options {
            attributes,
            ..Options::default()
        };
        generate(&layout("game"), &options).remove(0).contents
    }

    #[test]
    fn text_that_is_no_attribute_is_refused() {
        let wrong = |result: Result<(), AttributeError>| result.expect_err("wrong").to_string();
        let mut attributes = Attributes::default();
        for text in [
            "",
            "Hash",
            "derive(Hash)",
            "#[derive(Hash)] struct S;",
            "#![allow(dead_code)]",
            "#[derive(1)]",
            "#[derive(Hash)",
        ] {
            let problem = wrong(attributes.on_type("Chat", text));
            let start = format!("`{text}` for `Chat` is not one or more attributes");
            assert!(problem.starts_with(&start), "{problem}");
            assert!(attributes.on_member("Chat.text", text).is_err(), "{text}");
        }
        for text in ["", "1", "Hash]", "Hash Ord", "#[derive(Hash)]"] {
            let problem = wrong(attributes.derive(text));
            assert!(problem.contains("is not a list of traits"), "{problem}");
        }
    }

    #[test]
    fn a_path_that_leads_nowhere_is_told() {
        for path in [
            ".",
            "Chat",
            "chess.Chat",
            "Kind",
            "Caps",
            "Chat.body",
            "Packet",
        ] {
            let found = unmatched_text(|attributes| attributes.on_type(path, "#[must_use]"));
            assert_eq!(found, [""; 0], "{path}");
        }
        for path in [
            "Chat.text",
            "game.Kind.plain",
            "Caps.voice",
            "Chat.body.plain",
        ] {
            let found = unmatched_text(|attributes| attributes.on_member(path, "#[must_use]"));
            assert_eq!(found, [""; 0], "{path}");
        }
        let check = |path, expected: &str| {
            let found = unmatched_text(|attributes| attributes.on_type(path, "#[must_use]"));
            assert_eq!(found, [expected], "{path}");
        };
        check(
            "game.Chta",
            "there is no type `game.Chta` that takes attributes; did you mean `game.Chat`?",
        );
        check(
            "Chatt",
            "there is no type `Chatt` that takes attributes; did you mean `Chat`?",
        );
        check(
            "other.Quit",
            "there is no type `other.Quit` that takes attributes",
        );
        // What is only on the wire is not in the owned form.
        assert_eq!(
            unmatched_text(|attributes| attributes.on_member("Chat.size", "#[must_use]")).len(),
            1
        );
    }

    #[test]
    fn what_is_derived_already_is_not_derived_again() {
        let code = code(|attributes| attributes.derive("Hash, ::core::fmt::Debug, Default, a::Eq"));
        for part in [
            "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\n#[derive(Default, a::Eq)]\npub enum Kind",
            "Default, PartialEq, Eq, Hash)]\n#[derive(a::Eq)]\npub struct Caps",
            "#[derive(Clone, Debug, PartialEq)]\n#[derive(Hash, Default, a::Eq)]\npub struct Chat ",
            "#[derive(Clone, Copy, Debug, PartialEq)]\n#[derive(Hash, Default, a::Eq)]\npub enum ChatBody ",
            "#[derive(Hash, Default, a::Eq)]\n#[non_exhaustive]\npub enum Packet ",
        ] {
            assert!(code.contains(part), "{part:?} is not in {code}");
        }
        assert!(!code.contains("a::Eq)]\npub struct ChatView"), "{code}");
    }

    #[test]
    fn members_get_their_attributes() {
        let code = code(|attributes| {
            attributes.on_member("game.Chat.text", "#[serde(default)] #[cfg(unix)]")?;
            attributes.on_member("Kind.plain", "#[default]")?;
            attributes.on_member("Chat.body.plain", "/// A place.")
        });
        for part in [
            "    #[serde(default)]\n    #[cfg(unix)]\n    pub text: ",
            "    #[default]\n    Plain,\n",
            "    /// A place.\n    Plain(Vec2)",
        ] {
            assert!(code.contains(part), "{part:?} is not in {code}");
        }
    }
}
