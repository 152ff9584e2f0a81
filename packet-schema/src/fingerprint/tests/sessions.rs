//! Sessions.

use super::Relation::{self, Different, Same};
use super::{HEADER, check_top};

const DOOR: &str = "
session: { start: outside, states: [outside, asked, inside] }
packets:
  Knock: { from: client, in: outside, then: asked, fields: [name: string<u8>] }
  Reply:
    from: server
    in: [asked]
    then: [{ when: answer == 0, state: inside }, { when: answer == 1, state: outside }]
    fields: [answer: u8]
  Talk: { in: [inside], fields: [text: string<u16>] }
  Leave: { from: client, in: [asked, inside], then: outside }
";

/// Compares a session with what it is after some of it was replaced.
#[track_caller]
fn check_session(expected: Relation, replaced: &[(&str, &str)]) {
    let mut other = DOOR.to_owned();
    for (old, new) in replaced {
        assert!(other.contains(old), "{old}");
        other = other.replace(old, new);
    }
    check_top(DOOR, expected, &other);
}

#[test]
fn sessions_count_whatever_their_states_are_called() {
    check_session(Same, &[("outside", "start")]);
    check_session(
        Same,
        &[("[outside, asked, inside]", "[inside, asked, outside]")],
    );
    check_session(
        Same,
        &[(
            "states: [outside, asked, inside]",
            "states: { asked: Who is it?, inside: In, outside: Out }",
        )],
    );
    check_session(
        Same,
        &[(
            "{ when: answer == 0, state: inside }, { when: answer == 1, state: outside }",
            "{ when: answer == 1, state: outside }, { when: answer == 0, state: inside }",
        )],
    );
    check_session(
        Same,
        &[(
            "in: [asked, inside], then: outside",
            "in: [inside, asked], then: [{ in: [inside], state: outside }, { in: [asked], state: outside }]",
        )],
    );
    check_session(
        Same,
        &[(
            "Talk: { in: [inside],",
            "Talk: { in: [inside], then: inside,",
        )],
    );
    check_session(Different, &[("start: outside", "start: inside")]);
    check_session(
        Different,
        &[("Talk: { in: [inside],", "Talk: { in: [asked, inside],")],
    );
    check_session(
        Different,
        &[(
            "Talk: { in: [inside],",
            "Talk: { in: [inside], from: client,",
        )],
    );
    check_session(Different, &[("answer == 1", "answer == 2")]);
    check_session(
        Different,
        &[(
            "{ when: answer == 1, state: outside }",
            "{ when: answer == 1, state: asked }",
        )],
    );
    check_session(
        Different,
        &[(
            "in: [asked, inside], then: outside",
            "in: [asked, inside], then: { in: [inside], state: outside }",
        )],
    );
    check_session(
        Different,
        &[(
            "in: outside, then: asked",
            "in: [outside, inside], then: asked",
        )],
    );
    check_top(
        "packets: { P: { fields: [x: u8] } }",
        Different,
        "session: { start: a }\npackets: { P: { fields: [x: u8] } }",
    );
    let every = "packets: { P: { then: b, fields: [x: u8] }, Q: { in: [b], then: a } }";
    check_top(
        &format!("session: {{ start: a }}\n{every}"),
        Same,
        &format!(
            "session: {{ start: a }}\n{}",
            every.replace("then: b", "in: [b, a], then: { in: a, state: b }")
        ),
    );
}

#[test]
fn sessions_count_in_any_order_of_packets() {
    let packets = [
        "A: { id: 1, in: [s], then: t }",
        "B: { id: 2, in: [s], then: u }",
        "C: { id: 3, in: [t], then: s }",
        "D: { id: 4, in: [u, t], then: s }",
    ];
    let top = |order: [usize; 4]| {
        format!(
            "{HEADER}session: {{ start: s }}\npackets: {{ {} }}",
            order.map(|at| packets[at]).join(", ")
        )
    };
    for order in [[1, 0, 2, 3], [3, 2, 1, 0], [2, 3, 0, 1], [0, 3, 1, 2]] {
        check_top(&top([0, 1, 2, 3]), Same, &top(order));
    }
    let other = top([0, 1, 2, 3]).replace("in: [t], then: s", "in: [u], then: s");
    check_top(&top([0, 1, 2, 3]), Different, &other);
}
