//! The order of packets: the states of a session, and which packet leads from where to where.

use crate::render::table::columns;
use packet_schema::layout::{Layout, Packet, ScalarKind, Session, StateId, Type};

/// The states with their descriptions, and a table of what may be sent in each.
pub(crate) fn session(layout: &Layout, session: &Session) -> String {
    let states = session.states.iter().enumerate().map(|(number, state)| {
        let start = if number == session.start.0 {
            "start"
        } else {
            ""
        };
        let doc = state.doc.as_deref().unwrap_or_default();
        // A cell is one line.
        let doc = doc.split_whitespace().collect::<Vec<_>>().join(" ");
        vec![state.name.clone(), start.to_owned(), doc]
    });
    let header = vec!["state".to_owned(), String::new(), String::new()];
    let states: Vec<Vec<String>> = std::iter::once(header).chain(states).collect();
    format!("{}\n{}", columns(&states), columns(&steps(layout, session)))
}

fn steps(layout: &Layout, session: &Session) -> Vec<Vec<String>> {
    let mut rows = vec![
        ["in", "from", "packet", "leads to", "when"]
            .map(str::to_owned)
            .to_vec(),
    ];
    // What changes nothing and is sent in every state need not be said for each.
    let anywhere =
        |packet: &&Packet| packet.steps.states.is_none() && packet.steps.transitions.is_empty();
    for (number, state) in session.states.iter().enumerate() {
        let first = rows.len();
        let here = |packet: &&Packet| packet.steps.allow(StateId(number)) && !anywhere(packet);
        for packet in layout.packets.iter().filter(here) {
            rows.extend(packet_rows(layout, session, packet, StateId(number)));
        }
        if rows.len() == first {
            rows.push(["", "", "-", "", ""].map(str::to_owned).to_vec());
        }
        name(&mut rows[first], &state.name);
    }
    let first = rows.len();
    for packet in layout.packets.iter().filter(anywhere) {
        rows.extend(packet_rows(layout, session, packet, session.start));
    }
    if let Some(row) = rows.get_mut(first) {
        name(row, "any state");
    }
    rows
}

/// Gives the first row of a state its name.
fn name(row: &mut [String], state: &str) {
    if let Some(cell) = row.first_mut() {
        state.clone_into(cell);
    }
}

/// Where a packet leads from a state.
fn packet_rows(
    layout: &Layout,
    session: &Session,
    packet: &Packet,
    state: StateId,
) -> Vec<Vec<String>> {
    let body = layout.get(packet.body);
    let field = |field: usize| {
        let field = body.fields.get(field);
        field.map_or("?", |field| field.name.as_str())
    };
    let value = |field: usize, number: i128| match body.fields.get(field)?.ty {
        Type::Scalar(scalar) => match scalar.kind {
            ScalarKind::Enum(id) => layout.enumeration(id).name_of(u64::try_from(number).ok()?),
            _ => None,
        },
        _ => None,
    };
    let mut targets: Vec<(String, String)> = packet
        .steps
        .from(state)
        .map(|transition| {
            let when = transition.when.as_ref();
            let when = when.map(|when| when.text_with_values(&field, &value));
            let to = session.get(transition.to).name.clone();
            (to, when.unwrap_or_default())
        })
        .collect();
    if targets.is_empty() {
        targets.push(("stays".to_owned(), String::new()));
    }
    let (mut sender, mut name) = (packet.sender.to_string(), body.name.clone());
    let rows = targets.into_iter().map(|(to, when)| {
        // The packet is named once.
        let (sender, name) = (std::mem::take(&mut sender), std::mem::take(&mut name));
        vec![String::new(), sender, name, to, when]
    });
    rows.collect()
}
