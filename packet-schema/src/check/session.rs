//! The session: its states, and what packets do to them.
//!
//! Proves that every state can be reached, that every packet can be sent in one, and that a packet leads from
//! a state to one other at most: conditions that could hold together are refused.
//!
//! Raises P0801 (no start), P0802 (an unknown state), P0803 (no session), P0804 (a state out of reach), P0805
//! (a packet or transition in no state), P0806 (two transitions at once), P0807 (two that may be at once),
//! P0808 (a condition that never holds), P0809 (too many), and for names P0201, P0202 and P0204.

mod values;

use super::expr::Names;
use super::names::{identifier, twice, warn_unless_snake};
use super::types::Types;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned, did_you_mean};
use crate::model::{BinaryOp, Expr, ExprOp, Field, Session, State, StateId, Steps, Transition};
use crate::syntax::{self, Schema};
use std::collections::{BTreeMap, HashMap};
use values::{Found, Values};

/// Most states of a session.
const MAX_STATES: usize = 256;

/// Most transitions of a packet, which are compared with each other.
const MAX_TRANSITIONS: usize = 32;

/// The states by their names.
pub(super) struct States {
    session: Session,
    numbers: HashMap<String, StateId>,
    /// Whether everything that was said of the session so far is right.
    whole: bool,
    /// How many values may still be tried in proofs: a schema cannot make the compiler slow.
    budget: u64,
}

/// The states of the schema's session, if it has one that begins somewhere.
pub(super) fn states(schema: &Schema, diagnostics: &mut Diagnostics) -> Option<States> {
    let Some(session) = &schema.session else {
        without(schema, diagnostics);
        return None;
    };
    let errors = diagnostics.errors();
    let mut states = States {
        session: Session {
            start: StateId(0),
            states: Vec::new(),
        },
        numbers: HashMap::new(),
        whole: true,
        budget: 1 << 22,
    };
    if let Some(declared) = &session.states {
        for state in declared {
            states.declare(state, diagnostics);
        }
    } else {
        let targets = schema.packets.iter().flat_map(|packet| &packet.then);
        let targets = targets.map(|then| &then.to);
        for name in session.start.iter().chain(targets) {
            states.mention(name, diagnostics);
        }
    }
    let count = states.session.states.len();
    if count > MAX_STATES {
        diagnostics.push(
            Diagnostic::error(
                "P0809",
                session.span,
                format!("a session has at most {MAX_STATES} states, this one has {count}"),
            )
            .help("leave to the program what is not about the order of packets"),
        );
        return None;
    }
    let Some(start) = &session.start else {
        if !diagnostics.is_partial(session.span) {
            diagnostics.push(
                Diagnostic::error("P0801", session.span, "where does the session begin?")
                    .help("add `start: STATE`"),
            );
        }
        return None;
    };
    states.session.start = states.find(start, diagnostics)?;
    // A packet that could not be read may be what leads to a state.
    states.whole = diagnostics.errors() == errors && !diagnostics.has_partial();
    Some(states)
}

/// Packets that say something of states, though there are none.
fn without(schema: &Schema, diagnostics: &mut Diagnostics) {
    let said = schema.packets.iter().find_map(|packet| {
        let states = packet.states.iter().flatten();
        let targets = packet.then.iter().map(|then| &then.to);
        states.chain(targets).next()
    });
    if let Some(said) = said {
        diagnostics.push(
            Diagnostic::error(
                "P0803",
                said.span,
                "states need a session that says where they begin",
            )
            .help(format!(
                "add `session: {{ start: {} }}` to the schema",
                said.value
            )),
        );
    }
}

impl States {
    fn declare(&mut self, state: &syntax::State, diagnostics: &mut Diagnostics) {
        let name = &state.name;
        if let Some(first) = self.numbers.get(&name.value) {
            twice(name, self.session.get(*first).span, diagnostics);
            return;
        }
        if identifier(name, "a state's name", diagnostics) {
            warn_unless_snake(name, "a state", diagnostics);
        }
        let id = StateId(self.session.states.len());
        self.numbers.insert(name.value.clone(), id);
        self.session.states.push(State {
            name: name.value.clone(),
            doc: state.doc.clone(),
            span: name.span,
        });
    }

    /// Declares a state where it is named first.
    fn mention(&mut self, name: &Spanned<String>, diagnostics: &mut Diagnostics) {
        if !self.numbers.contains_key(&name.value) {
            let (name, doc) = (name.clone(), None);
            self.declare(&syntax::State { name, doc }, diagnostics);
        }
    }

    fn find(&self, name: &Spanned<String>, diagnostics: &mut Diagnostics) -> Option<StateId> {
        let found = self.numbers.get(&name.value).copied();
        if found.is_none() {
            let known = self.session.states.iter().map(|state| state.name.as_str());
            let help = did_you_mean(&name.value, known).unwrap_or_else(|| {
                "a state is one of `states`, or without these where the session starts or a packet leads".to_owned()
            });
            diagnostics.push(
                Diagnostic::error(
                    "P0802",
                    name.span,
                    format!("there is no state `{}`", name.value),
                )
                .label("unknown state")
                .help(help),
            );
        }
        found
    }

    /// The states of a list, in their order.
    fn list(
        &self,
        names: &[Spanned<String>],
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<StateId>> {
        let mut seen: BTreeMap<StateId, Span> = BTreeMap::new();
        let mut whole = true;
        for name in names {
            let Some(id) = self.find(name, diagnostics) else {
                whole = false;
                continue;
            };
            if let Some(first) = seen.insert(id, name.span) {
                twice(name, first, diagnostics);
                whole = false;
            }
        }
        whole.then(|| seen.into_keys().collect())
    }

    /// What a packet with these fields says; nothing if there is a mistake, or one in the fields.
    pub(super) fn steps(
        &mut self,
        packet: &syntax::Packet,
        fields: Option<&[Field]>,
        types: &Types<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Steps {
        let errors = diagnostics.errors();
        let found = self.read(packet, fields, types, diagnostics);
        self.whole &= found.is_some() && diagnostics.errors() == errors;
        found.unwrap_or_default()
    }

    fn read(
        &mut self,
        packet: &syntax::Packet,
        fields: Option<&[Field]>,
        types: &Types<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Steps> {
        let states = match &packet.states {
            Some(names) => {
                let states = self.list(names, diagnostics)?;
                // An empty list may be one whose names could not be read.
                if states.is_empty() && !diagnostics.is_partial(packet.name.span) {
                    diagnostics.push(
                        Diagnostic::error(
                            "P0805",
                            packet.name.span,
                            format!("`{}` can be sent in no state", packet.name.value),
                        )
                        .help("name one in `in`, or leave `in` out for all of them"),
                    );
                    return None;
                }
                Some(states)
            }
            None => None,
        };
        if let Some(extra) = packet.then.get(MAX_TRANSITIONS) {
            diagnostics.push(
                Diagnostic::error(
                    "P0809",
                    extra.to.span,
                    format!("a packet has at most {MAX_TRANSITIONS} transitions"),
                )
                .help("leave to the program what is not about the order of packets"),
            );
            return None;
        }
        let mut steps = Steps {
            states,
            transitions: Vec::new(),
        };
        let mut whole = true;
        for then in &packet.then {
            match self.transition(packet, then, &steps, fields, types, diagnostics) {
                Some(transition) => steps.transitions.push(transition),
                None => whole = false,
            }
        }
        if !whole {
            return None;
        }
        if let Some(fields) = fields {
            self.exclusive(packet, &steps, fields, types, diagnostics);
        }
        Some(steps)
    }

    fn transition(
        &mut self,
        packet: &syntax::Packet,
        then: &syntax::Then,
        steps: &Steps,
        fields: Option<&[Field]>,
        types: &Types<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Transition> {
        let to = self.find(&then.to, diagnostics);
        let states = match &then.states {
            Some(names) => {
                let states = self.list(names, diagnostics)?;
                let outside = names.iter().find(|name| {
                    self.numbers
                        .get(&name.value)
                        .is_some_and(|id| !steps.allow(*id))
                });
                if let Some(outside) = outside {
                    diagnostics.push(
                        Diagnostic::error(
                            "P0805",
                            outside.span,
                            format!("`{}` is not sent in `{}`", packet.name.value, outside.value),
                        )
                        .help("name the state in the packet's own `in` as well"),
                    );
                    return None;
                }
                if states.is_empty() && !diagnostics.is_partial(packet.name.span) {
                    diagnostics.push(
                        Diagnostic::error("P0805", then.to.span, "this leads on from no state")
                            .help("name one in `in`, or leave `in` out for all of the packet's"),
                    );
                    return None;
                }
                Some(states)
            }
            None => None,
        };
        let when = match &then.when {
            Some(when) => Some(self.condition(when, fields?, types, diagnostics)?),
            None => None,
        };
        let to = to?;
        Some(Transition { states, when, to })
    }

    fn condition(
        &mut self,
        when: &Spanned<syntax::Expr>,
        fields: &[Field],
        types: &Types<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Expr> {
        let before: Vec<(Field, bool)> = fields.iter().map(|field| (field.clone(), true)).collect();
        let names = Names {
            types,
            before: &before,
            after: &[],
            measures: false,
        };
        let expr = match names.resolve(&when.value) {
            Ok(expr) => expr,
            Err(problem) => {
                diagnostics.extend(problem.map(|problem| *problem));
                return None;
            }
        };
        let values = Values { fields, types };
        let never = (expr.min, expr.max) == (0, 0)
            || matches!(values.together(&[&expr], &mut self.budget), Found::Never);
        if never {
            diagnostics.push(
                Diagnostic::error("P0808", when.span, "this never holds").help(
                    "no values of the fields make it true: correct it, or leave the transition out",
                ),
            );
            return None;
        }
        Some(expr)
    }

    /// In every state, at most one of a packet's transitions holds, or those that do lead to the same state.
    fn exclusive(
        &mut self,
        packet: &syntax::Packet,
        steps: &Steps,
        fields: &[Field],
        types: &Types<'_>,
        diagnostics: &mut Diagnostics,
    ) {
        let values = Values { fields, types };
        for (index, second) in steps.transitions.iter().enumerate() {
            for (earlier, first) in steps.transitions.iter().enumerate().take(index) {
                let Some(state) = self.common(steps, first, second) else {
                    continue;
                };
                if first.to == second.to {
                    continue;
                }
                let conditions: Vec<&Expr> = first.when.iter().chain(&second.when).collect();
                if opposite(&conditions) {
                    continue;
                }
                let state = &self.session.get(state).name;
                let (said, before) = (&packet.then[index], &packet.then[earlier]);
                let place =
                    |then: &syntax::Then| then.when.as_ref().map_or(then.to.span, |when| when.span);
                let problem = match values.together(&conditions, &mut self.budget) {
                    Found::Never => continue,
                    Found::Where(example) => Diagnostic::error(
                        "P0806",
                        place(said),
                        format!(
                            "in `{state}` this leads to `{}`, and at the same time to `{}`",
                            said.to.value, before.to.value
                        ),
                    )
                    .label(if example.is_empty() {
                        "always holds".to_owned()
                    } else {
                        format!("holds where {example}")
                    })
                    .also(place(before), "so does this"),
                    Found::TooMany => Diagnostic::error(
                        "P0807",
                        place(said),
                        format!(
                            "in `{state}` this may lead to `{}` and at the same time to `{}`",
                            said.to.value, before.to.value
                        ),
                    )
                    .label("cannot be shown to exclude the other one")
                    .also(place(before), "the other one"),
                };
                diagnostics.push(problem.help(values.advice(first, second)));
                // One pair is enough to say so.
                return;
            }
        }
    }

    /// A state that both transitions are in.
    fn common(&self, steps: &Steps, first: &Transition, second: &Transition) -> Option<StateId> {
        let mut all = (0..self.session.states.len()).map(StateId);
        let is_in = |transition: &Transition, state: &StateId| {
            let states = transition.states.as_ref();
            states.is_none_or(|states| states.contains(state))
        };
        all.find(|state| steps.allow(*state) && is_in(first, state) && is_in(second, state))
    }

    /// The session, when all packets have been read: every state must be reached.
    pub(super) fn finish<'a>(
        self,
        packets: impl Iterator<Item = &'a Steps>,
        diagnostics: &mut Diagnostics,
    ) -> Session {
        // What could not be read may lead anywhere.
        if !self.whole {
            return self.session;
        }
        let count = self.session.states.len();
        let mut leads = vec![vec![false; count]; count];
        for steps in packets.filter(|steps| !steps.transitions.is_empty()) {
            for state in (0..count).filter(|state| steps.allow(StateId(*state))) {
                for transition in steps.from(StateId(state)) {
                    leads[state][transition.to.0] = true;
                }
            }
        }
        let mut reached = vec![false; count];
        let mut open = vec![self.session.start.0];
        while let Some(state) = open.pop() {
            if std::mem::replace(&mut reached[state], true) {
                continue;
            }
            open.extend((0..count).filter(|next| leads[state][*next]));
        }
        for (state, _) in self
            .session
            .states
            .iter()
            .zip(reached)
            .filter(|(_, reached)| !reached)
        {
            diagnostics.push(
                Diagnostic::error(
                    "P0804",
                    state.span,
                    format!("the state `{}` cannot be reached", state.name),
                )
                .label("no packets lead here from the start")
                .help(format!(
                    "let a packet that can be sent before it say `then: {}`",
                    state.name
                )),
            );
        }
        self.session
    }
}

/// Whether one of two conditions says that the other one does not hold.
fn opposite(conditions: &[&Expr]) -> bool {
    /// Whether `a` is `not b`, or says so among other things.
    fn denies(a: &Expr, b: &Expr) -> bool {
        match &a.op {
            ExprOp::Not(operand) => same(operand, b),
            ExprOp::Binary(BinaryOp::And, first, second) => denies(first, b) || denies(second, b),
            _ => false,
        }
    }
    matches!(conditions, [a, b] if denies(a, b) || denies(b, a))
}

/// Whether two expressions are written alike.
fn same(a: &Expr, b: &Expr) -> bool {
    match (&a.op, &b.op) {
        (ExprOp::Int(a), ExprOp::Int(b)) => a == b,
        (ExprOp::Field(a), ExprOp::Field(b)) => a == b,
        (ExprOp::Not(a), ExprOp::Not(b)) => same(a, b),
        (ExprOp::Binary(op, a, b), ExprOp::Binary(other, c, d)) => {
            op == other && same(a, c) && same(b, d)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    /// What the compiler finds wrong with a packet of these fields and transitions.
    #[track_caller]
    fn check(fields: &str, then: &[&str], expected: &[&str]) {
        let then: Vec<String> = then
            .iter()
            .zip(["first", "second", "third", "fourth"])
            .map(|(when, state)| format!("{{ when: {when}, state: {state} }}"))
            .collect();
        let schema = format!(
            "protocol: example\nsession: {{ start: first }}\ntypes:\n  \
             Kind: {{ enum: u32, values: {{ a: 0, b: 70000 }} }}\n  \
             Kept: {{ enum: u32, unknown: keep, values: {{ a: 0, b: 70000 }} }}\n  \
             Flags: {{ flags: u64, bits: {{ x: 0, y: 63 }} }}\npackets:\n  \
             P: {{ fields: [{fields}], then: [{}] }}\n",
            then.join(", ")
        );
        let found = match crate::compile(&schema) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(|problem| problem.code).collect(),
        };
        assert_eq!(found, expected, "{schema}");
    }

    const TWO_WAYS: &[&str] = &["P0806"];
    const NOT_SHOWN: &[&str] = &["P0807"];
    const NEVER: &[&str] = &["P0808"];

    #[test]
    fn few_values_are_all_tried() {
        check("a: u8", &["a * a > 100", "a < 10"], &[]);
        check("a: u8", &["a * a > 100", "a < 12"], TWO_WAYS);
        check("a: u16, b: bool", &["a % 7 == 3", "a % 7 == 2"], &[]);
        check("a: u8, b: u8", &["a + b == 3", "a + b == 4"], &[]);
        check(
            "a: u8, b: u8, c: bit, _: u7",
            &["a + b == 3", "a + b > 3 and c"],
            NOT_SHOWN,
        );
        check(
            "a: { type: i32, range: -9..=9 }",
            &["a * a > 80", "a > -9 and a < 9"],
            &[],
        );
    }

    #[test]
    fn of_many_values_those_beside_numbers_are_tried() {
        check("a: u64", &["a > 5", "a <= 5"], &[]);
        check("a: u64", &["a > 5", "a < 7"], TWO_WAYS);
        check("a: i64", &["a", "a == 0"], &[]);
        check("a: i64", &["a", "not a"], &[]);
        check("a: i64", &["a < 0 or a > 9", "0 <= a and 9 >= a"], &[]);
        check("a: u64, b: u64", &["a == b", "a == 3"], NOT_SHOWN);
        check("a: u64", &["(a == 3) == (a > 2)", "a == 3"], NOT_SHOWN);
    }

    #[test]
    fn enums_and_flags_have_the_values_that_they_name() {
        check("a: Kind", &["a == a", "a != 0"], TWO_WAYS);
        check("a: Kind", &["a * 2 < 2", "a * 2 == 140000"], &[]);
        check("a: Kept", &["a * 2 < 2", "a * 2 == 140000"], NOT_SHOWN);
        check("a: Kept", &["a < 1", "a == b"], &[]);
        check("a: Flags", &["a & 1 == 1", "a & 1 == 0"], &[]);
        check("a: Flags", &["a & 2 == 2"], NEVER);
    }

    #[test]
    fn what_denies_the_other_one_excludes_it() {
        check("a: u64, b: u64", &["a == b", "not a == b"], &[]);
        check(
            "a: u64, b: u64",
            &["a == b", "a > 3 and b > 3 and not (a == b)"],
            &[],
        );
        check(
            "a: u64, b: u64",
            &["a == b", "a > 3 or not (a == b)"],
            NOT_SHOWN,
        );
    }

    #[test]
    fn a_condition_that_never_holds_is_refused() {
        check("a: u8", &["a > 255"], NEVER);
        check("a: u64", &["a > 3 and a < 4"], NEVER);
        check("a: { type: u8, const: 3 }", &["a == 3", "a == 4"], NEVER);
    }
}
