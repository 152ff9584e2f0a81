//! The order of packets: a session's states, and how packets move it from one to the next.

use super::Expr;
use crate::diagnostic::Span;

/// Number of a state in [`Session::states`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateId(pub usize);

/// The states of a session, all of which can be reached.
#[derive(Clone, Debug)]
pub struct Session {
    /// Where it begins.
    pub start: StateId,
    /// The states in schema order; names are unique.
    pub states: Vec<State>,
}

impl Session {
    /// The state with this number.
    pub fn get(&self, id: StateId) -> &State {
        &self.states[id.0]
    }
}

/// A state of a session.
#[derive(Clone, Debug)]
pub struct State {
    /// Name in the schema.
    pub name: String,
    /// Description for generated documentation.
    pub doc: Option<String>,
    /// Where it is named first.
    pub span: Span,
}

/// When a packet may be sent, and where it leads.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    /// The states in which it may be sent, in their order; `None` for every state.
    pub states: Option<Vec<StateId>>,
    /// Where it leads. In each state at most one of those that hold leads elsewhere than the others; if none
    /// holds, the state stays.
    pub transitions: Vec<Transition>,
}

/// What a packet does to a session.
#[derive(Clone, Debug)]
pub struct Transition {
    /// Only in these states, in their order, in all of which the packet may be sent; `None` for all of those.
    pub states: Option<Vec<StateId>>,
    /// Only if this is not zero; its fields are those of the packet.
    pub when: Option<Expr>,
    /// The next state.
    pub to: StateId,
}

impl Steps {
    /// Whether the packet may be sent in a state.
    pub fn allow(&self, state: StateId) -> bool {
        contains(self.states.as_ref(), state)
    }

    /// The transitions that there are in a state in which the packet may be sent.
    pub fn from(&self, state: StateId) -> impl Iterator<Item = &Transition> {
        self.transitions
            .iter()
            .filter(move |transition| contains(transition.states.as_ref(), state))
    }
}

fn contains(states: Option<&Vec<StateId>>, state: StateId) -> bool {
    states.is_none_or(|states| states.binary_search(&state).is_ok())
}
