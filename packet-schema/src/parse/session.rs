//! The session: its states, and what packets say about them.

use super::mapping::Mapping;
use super::scalar::{expression, text};
use super::yaml::{Kind, Node};
use super::{doc, keys, named_entries};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned};
use crate::syntax::{Session, State, Then};

/// `{ start: STATE, states: … }`
pub(super) fn session(span: Span, node: Node, diagnostics: &mut Diagnostics) -> Option<Session> {
    let mut map = Mapping::new(node, "`session`", diagnostics)?.keyed(&keys::SESSION);
    let gaps = diagnostics.gaps();
    let session = Session {
        span,
        start: map
            .take("start")
            .and_then(|node| text(node, "`start`", diagnostics)),
        states: map.take("states").map(|node| states(node, diagnostics)),
    };
    map.finish("`session`", diagnostics);
    if diagnostics.gaps() != gaps {
        diagnostics.note_partial(span);
    }
    Some(session)
}

/// A list of names, or a map from names to descriptions.
fn states(node: Node, diagnostics: &mut Diagnostics) -> Vec<State> {
    if let Kind::Sequence(_) = node.kind {
        let names = names(node, "`states`", diagnostics).into_iter();
        return names.map(|name| State { name, doc: None }).collect();
    }
    let read = |name: Spanned<String>, node: Node, diagnostics: &mut Diagnostics| {
        let doc = match node.kind {
            Kind::Mapping(_) => {
                let mut map = Mapping::new(node, "a state", diagnostics)?.keyed(&keys::STATE);
                let doc = doc(&mut map, diagnostics);
                map.finish("a state", diagnostics);
                doc
            }
            _ => text(node, "a state's description", diagnostics).map(|doc| doc.value),
        };
        Some(State { name, doc })
    };
    named_entries(node, "`states`", diagnostics, read).unwrap_or_default()
}

/// One name, or a list of names.
pub(super) fn names(node: Node, what: &str, diagnostics: &mut Diagnostics) -> Vec<Spanned<String>> {
    match node.kind {
        Kind::Sequence(items) => {
            let read = |node| text(node, "a state's name", diagnostics);
            items.into_iter().filter_map(read).collect()
        }
        _ => text(node, what, diagnostics).into_iter().collect(),
    }
}

/// `STATE` or `{ in: [STATE], when: EXPR, state: STATE }`, or a list of these.
///
/// Raises P0119 (a transition without a state).
pub(super) fn then(node: Node, diagnostics: &mut Diagnostics) -> Vec<Then> {
    match node.kind {
        Kind::Sequence(items) => items
            .into_iter()
            .filter_map(|node| transition(node, diagnostics))
            .collect(),
        _ => transition(node, diagnostics).into_iter().collect(),
    }
}

fn transition(node: Node, diagnostics: &mut Diagnostics) -> Option<Then> {
    let Kind::Mapping(_) = node.kind else {
        return Some(Then {
            states: None,
            when: None,
            to: text(node, "`then`", diagnostics)?,
        });
    };
    let mut map = Mapping::new(node, "`then`", diagnostics)?.keyed(&keys::THEN);
    let span = map.span;
    let errors = diagnostics.errors();
    let states = map.take("in").map(|node| names(node, "`in`", diagnostics));
    let when = map.take("when");
    let conditional = when.is_some();
    let when = when.and_then(|node| expression(node, "`when`", diagnostics));
    let to = map
        .take("state")
        .and_then(|node| text(node, "`state`", diagnostics));
    let whole = map.finish("`then`", diagnostics) && diagnostics.errors() == errors;
    if whole && to.is_none() {
        diagnostics.push(
            Diagnostic::error("P0119", span, "this leads to no state")
                .help("write `then: { when: CONDITION, state: STATE }`"),
        );
    }
    // Without the condition that it has, it would mean something else.
    (when.is_some() == conditional).then_some(Then {
        states,
        when,
        to: to?,
    })
}
