//! `#[packet(key, key = value, key(…))]` into keys and values.
//!
//! Keys are asked for one by one and what is left over is unknown, so that no list of keys has to be
//! kept up to date.

use crate::input::Context;
use packet_schema::diagnostic::{Span, Spanned, did_you_mean};
use packet_schema::parse::word;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::Meta;

/// Keys of a schema for which Rust has something else.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "checksum",
        "write it as the value of a field on the wire: `wire(sum: u16 = internet(first, last))`",
    ),
    (
        "const",
        "write it as the value of a field on the wire: `wire(version: u8 = 4)`",
    ),
    ("default", "implement `Default` for the struct"),
    ("deprecated", "write `#[deprecated]`, as everywhere in Rust"),
    ("doc", "write a doc comment"),
    (
        "value",
        "what is computed is on the wire only: `wire(double: u8 = len(data) * 2)`",
    ),
];

/// What the `packet` attributes of one thing say and nobody has asked for yet.
pub(crate) struct Keys {
    /// What the attributes stand at, for messages.
    what: &'static str,
    entries: Vec<Entry>,
    asked: Vec<&'static str>,
}

struct Entry {
    key: Spanned<String>,
    value: Value,
}

enum Value {
    /// `key`
    None,
    /// `key = value`; the value may be missing.
    Text(Spanned<String>),
    /// `key(…)`
    List(TokenStream),
}

impl Keys {
    /// Reads the `packet` attributes among `attributes`, which stand at `what`.
    ///
    /// Raises P0703 (not a list of keys).
    pub(crate) fn read(
        what: &'static str,
        attributes: &[syn::Attribute],
        context: &mut Context,
    ) -> Self {
        let mut keys = Self {
            what,
            entries: Vec::new(),
            asked: Vec::new(),
        };
        for attribute in attributes {
            if !attribute.path().is_ident("packet") {
                continue;
            }
            if let Meta::List(list) = &attribute.meta {
                for tokens in split(list.tokens.clone()) {
                    keys.entry(tokens, context);
                }
            } else {
                let span = context.spans.place(&attribute.meta);
                context.error(
                    "P0703",
                    span,
                    "`packet` needs a list of keys",
                    "write `#[packet(…)]`",
                );
            }
        }
        keys
    }

    fn entry(&mut self, tokens: TokenStream, context: &mut Context) {
        let place = context.spans.place(&tokens);
        let mut tokens = tokens.into_iter();
        let Some(TokenTree::Ident(name)) = tokens.next() else {
            context.error(
                "P0703",
                place,
                "a key was expected",
                "write `key`, `key = value` or `key(…)`",
            );
            return;
        };
        let key = context.spans.spanned(name.to_string(), &name);
        let value = match tokens.next() {
            None => Value::None,
            Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
                Value::Text(context.spans.text(tokens.collect()))
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
                Value::List(group.stream())
            }
            Some(_) => {
                context.error(
                    "P0703",
                    place,
                    format!("`{name}` is followed by something odd"),
                    "write `key`, `key = value` or `key(…)`, with `,` between them",
                );
                return;
            }
        };
        if let Some(first) = self
            .entries
            .iter()
            .find(|entry| entry.key.value == key.value)
        {
            let first = first.key.span;
            context.twice(&key, first);
            return;
        }
        self.entries.push(Entry { key, value });
    }

    /// Where `key` stands, if it is there and was not taken yet.
    pub(crate) fn place(&mut self, key: &'static str) -> Option<Span> {
        self.asked.push(key);
        let found = self.entries.iter().find(|entry| entry.key.value == key);
        found.map(|entry| entry.key.span)
    }

    /// The value of `key = value`.
    ///
    /// Raises P0703 (another form).
    pub(crate) fn text(
        &mut self,
        key: &'static str,
        context: &mut Context,
    ) -> Option<Spanned<String>> {
        let entry = self.take(key)?;
        if let Value::Text(text) = entry.value {
            return Some(text);
        }
        context.error(
            "P0703",
            entry.key.span,
            format!("`{key}` needs a value"),
            &format!("write `{key} = …`"),
        );
        None
    }

    /// Whether there is `key`, or `key = true`.
    ///
    /// Raises P0115 (neither `true` nor `false`), P0703 (another form).
    pub(crate) fn flag(
        &mut self,
        key: &'static str,
        context: &mut Context,
    ) -> Option<Spanned<bool>> {
        let entry = self.take(key)?;
        match entry.value {
            Value::None => Some(Spanned::new(true, entry.key.span)),
            Value::Text(text) => {
                word::boolean(&text, &format!("`{key}`"), &mut context.diagnostics)
            }
            Value::List(_) => {
                context.error(
                    "P0703",
                    entry.key.span,
                    format!("`{key}` has no list"),
                    &format!("write `{key}`"),
                );
                None
            }
        }
    }

    /// The items of `key(…)`, and where `key` stands.
    ///
    /// Raises P0703 (another form).
    pub(crate) fn list(
        &mut self,
        key: &'static str,
        context: &mut Context,
    ) -> Option<(Span, Vec<TokenStream>)> {
        let entry = self.take(key)?;
        if let Value::List(tokens) = entry.value {
            return Some((entry.key.span, split(tokens)));
        }
        context.error(
            "P0703",
            entry.key.span,
            format!("`{key}` needs a list of fields"),
            &format!("write `{key}(name: type, …)`"),
        );
        None
    }

    fn take(&mut self, key: &'static str) -> Option<Entry> {
        self.asked.push(key);
        let at = self
            .entries
            .iter()
            .position(|entry| entry.key.value == key)?;
        Some(self.entries.remove(at))
    }

    /// Reports what nobody has asked for.
    ///
    /// Raises P0107 (an unknown key).
    pub(crate) fn finish(self, context: &mut Context) {
        let mut known = self.asked;
        known.sort_unstable();
        known.dedup();
        for entry in &self.entries {
            let key = &entry.key;
            let elsewhere = ELSEWHERE.iter().find(|(name, _)| *name == key.value);
            let help = elsewhere
                .map(|(_, help)| (*help).to_owned())
                .or_else(|| did_you_mean(&key.value, known.iter().copied()))
                .unwrap_or_else(|| format!("{} can have `{}`", self.what, known.join("`, `")));
            context.error(
                "P0107",
                key.span,
                format!("{} has no key `{}`", self.what, key.value),
                &help,
            );
        }
    }
}

/// What stands between the commas.
pub(super) fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut items = vec![TokenStream::new()];
    for token in tokens {
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',') {
            items.push(TokenStream::new());
        } else if let Some(item) = items.last_mut() {
            item.extend([token]);
        }
    }
    // A comma may stand at the end.
    items.retain(|item| !item.is_empty());
    items
}
