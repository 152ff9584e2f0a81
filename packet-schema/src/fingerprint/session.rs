//! Sessions: which packet may be sent in which state, and where it leads.
//!
//! In: a session, and packets in an order that does not depend on the file's. Out: numbers for its states that depend neither
//! on their names nor on their order, and the steps of packets by these numbers.

use super::canonical::Canonical;
use super::types::expr;
use crate::layout::{Packet, Session, State, StateId, Steps, Transition};
use std::collections::BTreeMap;

/// The states of a session, numbered as they are reached from the start: first those that lie one packet away, in the order of
/// the packets that lead there.
pub(super) struct States {
    numbers: Vec<usize>,
}

impl States {
    pub(super) fn number<'a>(session: &Session, packets: impl Iterator<Item = &'a Packet>) -> Self {
        let Session { start, states } = session;
        let count = states.len();
        let next = neighbours(packets, count);
        let mut order = vec![*start];
        let mut numbers = vec![None; count];
        numbers[start.0] = Some(0);
        let mut done = 0;
        while let Some(state) = order.get(done) {
            done += 1;
            for to in &next[state.0] {
                if numbers[to.0].is_none() {
                    numbers[to.0] = Some(order.len());
                    order.push(*to);
                }
            }
        }
        let mut reached = order.len();
        let numbers = states.iter().zip(numbers).map(|(state, number)| {
            let State {
                name: _,
                doc: _,
                span: _,
            } = state;
            // Every state of a checked session can be reached.
            number.unwrap_or_else(|| {
                reached += 1;
                reached - 1
            })
        });
        Self {
            numbers: numbers.collect(),
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.numbers.len()
    }

    /// When a packet may be sent, and where it leads.
    pub(super) fn steps(&self, steps: &Steps, out: &mut Canonical) {
        let Steps {
            states,
            transitions: _,
        } = steps;
        let mut allowed = vec![false; self.count()];
        for state in listed(states.as_ref(), self.count()) {
            allowed[self.numbers[state.0]] = true;
        }
        out.list(allowed.into_iter(), Canonical::truth);
        // Two that say the same of other states are one.
        let mut leads: BTreeMap<(Vec<u8>, usize), Vec<bool>> = BTreeMap::new();
        for (when, from, to) in transitions(steps, self.count()) {
            let to = self.numbers[to.0];
            let known = leads
                .entry((when, to))
                .or_insert_with(|| vec![false; self.count()]);
            for state in from {
                let from = self.numbers[state.0];
                // To stay is what happens without a transition.
                known[from] |= from != to;
            }
        }
        leads.retain(|_, from| from.contains(&true));
        out.list(leads.into_iter(), |out, ((when, to), from)| {
            out.bytes(&when);
            out.size(to);
            out.list(from.into_iter(), Canonical::truth);
            out.end();
        });
        out.end();
    }
}

/// The states that each state leads to, in the order of packets and then of conditions.
fn neighbours<'a>(packets: impl Iterator<Item = &'a Packet>, count: usize) -> Vec<Vec<StateId>> {
    let mut next = vec![Vec::new(); count];
    let mut known = vec![vec![false; count]; count];
    for packet in packets {
        let mut transitions: Vec<_> = transitions(&packet.steps, count).collect();
        transitions.sort_by(|a, b| a.0.cmp(&b.0));
        for (_, from, to) in transitions {
            for state in from {
                if !std::mem::replace(&mut known[state.0][to.0], true) {
                    next[state.0].push(to);
                }
            }
        }
    }
    next
}

/// The transitions of a packet: the canonical form of the condition, the states that it leads from, and the one it leads to.
fn transitions(
    steps: &Steps,
    count: usize,
) -> impl Iterator<Item = (Vec<u8>, impl Iterator<Item = StateId>, StateId)> {
    let Steps {
        states: allowed,
        transitions,
    } = steps;
    transitions.iter().map(move |transition| {
        let Transition { states, when, to } = transition;
        let mut out = Canonical::default();
        out.said(1, when.as_ref(), |out, when| expr(when, out));
        out.end();
        let from = listed(states.as_ref().or(allowed.as_ref()), count);
        (out.into_bytes(), from, *to)
    })
}

/// These states, or all of so many.
fn listed(states: Option<&Vec<StateId>>, count: usize) -> impl Iterator<Item = StateId> {
    let all = states.is_none().then(|| (0..count).map(StateId));
    states
        .into_iter()
        .flatten()
        .copied()
        .chain(all.into_iter().flatten())
}
