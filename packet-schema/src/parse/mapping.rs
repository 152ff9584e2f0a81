//! Reads the entries of a map by their keys and reports what is left.

use super::foreign;
use super::keys::Table;
use super::yaml::{Kind, Node};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned, closest};
use std::collections::HashMap;

/// Keys without which everything else means the same.
const HARMLESS: &[&str] = &[
    "bit_order",
    "doc",
    "endian",
    "from",
    "group",
    "on_unknown_id",
    "protocol",
    "unit",
    "vectors",
    "version",
];

/// Most entries of a map that need no table to be told apart.
const FEW: usize = 16;

/// The entries of one map that have not been asked for.
pub(super) struct Mapping {
    pub(super) span: Span,
    entries: Vec<(Spanned<String>, Node)>,
    /// The keys that are known; none where all of them are names.
    table: Option<&'static Table>,
}

impl Mapping {
    /// The entries of `node`.
    ///
    /// Raises P0104 (not a map), P0105 (a key that is not text), P0106 (a key that is there twice).
    pub(super) fn new(node: Node, what: &str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let span = node.span;
        let found = node.describe();
        let list = matches!(&node.kind, Kind::Sequence(items) if items.iter().any(|item| matches!(item.kind, Kind::Mapping(_))));
        let Kind::Mapping(raw) = node.kind else {
            diagnostics.push(
                Diagnostic::error("P0104", span, format!("{what} is a map, this is {found}"))
                    .label("expected `key: value`")
                    .maybe_help(list.then(|| "leave out the `- ` in front of the keys".to_owned())),
            );
            return None;
        };
        let mut entries: Vec<(Spanned<String>, Node)> = Vec::with_capacity(raw.len());
        // Of few entries, looking at each is cheaper than a table of them.
        let mut seen = (raw.len() > FEW).then(|| HashMap::with_capacity(raw.len()));
        for (key, value) in raw {
            if diagnostics.is_full() {
                break;
            }
            let Kind::Scalar { text, .. } = key.kind else {
                diagnostics.push(
                    Diagnostic::error("P0105", key.span, "a key must be text")
                        .help("write `key: value`"),
                );
                continue;
            };
            let first = match &mut seen {
                Some(seen) => seen.insert(text.clone(), key.span),
                None => (entries.iter().map(|(key, _)| key))
                    .find(|first| first.value == text)
                    .map(|first| first.span),
            };
            if let Some(first) = first {
                // What is there a second time is not read.
                diagnostics.push(
                    Diagnostic::error("P0106", key.span, format!("`{text}` is there twice"))
                        .label("again here")
                        .also(first, "first here"),
                );
                continue;
            }
            entries.push((Spanned::new(text, key.span), value));
        }
        Some(Self {
            span,
            entries,
            table: None,
        })
    }

    /// The same entries, of which those in `table` are known.
    pub(super) fn keyed(mut self, table: &'static Table) -> Self {
        self.table = Some(table);
        self
    }

    /// Whether there is `key`.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| name.value == key)
    }

    /// Takes the value of `key`, if it is there.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Node> {
        self.take_with_key(key).map(|(_, value)| value)
    }

    /// Takes the value of `key` together with the key's place.
    pub(super) fn take_with_key(&mut self, key: &'static str) -> Option<(Span, Node)> {
        debug_assert!(
            self.known().contains(&key),
            "`{key}` is declared in no table of `keys`"
        );
        let at = self
            .entries
            .iter()
            .position(|(name, _)| name.value == key)?;
        let (name, value) = self.entries.remove(at);
        Some((name.span, value))
    }

    fn known(&self) -> Vec<&'static str> {
        let table = self.table.iter();
        table
            .flat_map(|table| table.keys())
            .map(|key| key.name)
            .collect()
    }

    /// Takes all entries that are left, whatever their keys.
    pub(super) fn take_all(&mut self) -> Vec<(Spanned<String>, Node)> {
        std::mem::take(&mut self.entries)
    }

    /// Reports that none of `keys` is there, of which one says what the rest means; only the key that
    /// seems to be one of them, if there is one, else `otherwise`.
    ///
    /// Raises P0107 (an unknown key).
    pub(super) fn without(
        self,
        keys: &[&'static str],
        what: &str,
        otherwise: Diagnostic,
        diagnostics: &mut Diagnostics,
    ) {
        let meant = self
            .entries
            .iter()
            .find_map(|(key, _)| Some((key, meant(&key.value, keys)?.1)));
        diagnostics.push(match meant {
            Some((key, help)) => unknown_key(key, what).help(help),
            None => otherwise,
        });
    }

    /// Reports the entries that nobody asked for. Returns whether there were none: what seems to be
    /// missing may only be misspelt.
    ///
    /// Raises P0107 (an unknown key).
    pub(super) fn finish(self, what: &str, diagnostics: &mut Diagnostics) -> bool {
        let mut known = self.known();
        known.sort_unstable();
        for (key, _) in &self.entries {
            if diagnostics.is_full() {
                break;
            }
            let help = if key.value.contains(' ') {
                "inside `{ … }` a text with a comma needs quotes".to_owned()
            } else if let Some((meant, help)) = meant(&key.value, &known) {
                if !HARMLESS.contains(&meant) {
                    diagnostics.note_misspelt();
                }
                help
            } else {
                format!("{what} can have `{}`", known.join("`, `"))
            };
            diagnostics.push(unknown_key(key, what).help(help));
        }
        self.entries.is_empty()
    }
}

/// Which of the keys that are known is meant by `key`, and what to do.
fn meant(key: &str, known: &[&'static str]) -> Option<(&'static str, String)> {
    if let Some((meant, help)) = foreign::key(key, known) {
        return Some((meant, help.to_owned()));
    }
    let meant = closest(key, known.iter().copied())?;
    Some((meant, format!("did you mean `{meant}`?")))
}

fn unknown_key(key: &Spanned<String>, what: &str) -> Diagnostic {
    Diagnostic::error(
        "P0107",
        key.span,
        format!("{what} has no key `{}`", key.value),
    )
    .label("unknown key")
}
