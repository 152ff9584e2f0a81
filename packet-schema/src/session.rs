//! The order of packets, interpreted: which packet may be sent now, and where it leads.
//!
//! In: a layout with a session, and the packets that either side sends, one after the other. Out: the state
//! that they lead to, or a refusal. It does no IO and holds nothing but the state. Generated code has the
//! same; the two share nothing but the layout.
//!
//! ```
//! use packet_schema::layout::Side;
//! use packet_schema::session::Session;
//! use packet_schema::codec::decode;
//!
//! let schema = "
//! protocol: example
//! session: { start: idle }
//! packets:
//!   Ask: { from: client, in: [idle], then: asked, fields: [number: u8] }
//!   Answer:
//!     from: server
//!     in: [asked]
//!     then: { when: final, state: idle }
//!     fields: [final: bool]
//! ";
//! let layout = packet_schema::compile(schema).unwrap().layout;
//! let [ask, answer] = ["Ask", "Answer"].map(|name| layout.struct_named(name).unwrap());
//! let mut session = Session::new(&layout).unwrap();
//!
//! let number = decode(&layout, ask, &[7]).unwrap().value;
//! assert_eq!(session.advance(Side::Client, ask, &number).unwrap().name, "asked");
//! let refused = session.advance(Side::Client, ask, &number).unwrap_err();
//! assert_eq!(refused.to_string(), "`Ask` is not sent in the state `asked`");
//!
//! let more = decode(&layout, answer, &[0]).unwrap().value;
//! assert_eq!(session.advance(Side::Server, answer, &more).unwrap().name, "asked");
//! let last = decode(&layout, answer, &[1]).unwrap().value;
//! assert_eq!(session.advance(Side::Server, answer, &last).unwrap().name, "idle");
//! ```

use crate::codec;
use crate::layout::{self, Layout, Role, Side, State, StateId, StructId, Transition};
use crate::value::Value;
use std::fmt;

/// A session between a client and a server.
#[derive(Clone, Debug)]
pub struct Session<'a> {
    layout: &'a Layout,
    rules: &'a layout::Session,
    state: StateId,
}

/// Why a packet does not belong here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The state, which stays.
    pub state: String,
    /// The side that sent the packet.
    pub side: Side,
    /// The packet's name.
    pub packet: String,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with a packet in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The other side sends it.
    Side,
    /// It is not sent in this state.
    State,
    /// The value lacks this field, or has something else in it. Values that were decoded do not.
    Field(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let packet = &self.packet;
        match &self.reason {
            Reason::Side => write!(f, "the {} does not send `{packet}`", self.side),
            Reason::State => write!(f, "`{packet}` is not sent in the state `{}`", self.state),
            Reason::Field(field) => write!(f, "`{packet}` has no `{field}` that could be read"),
        }
    }
}

impl std::error::Error for Refused {}

impl<'a> Session<'a> {
    /// A session that begins; `None` if the schema has none.
    pub fn new(layout: &'a Layout) -> Option<Self> {
        let rules = layout.session.as_ref()?;
        Some(Self {
            layout,
            rules,
            state: rules.start,
        })
    }

    /// The present state.
    pub fn state(&self) -> &'a State {
        self.rules.get(self.state)
    }

    /// Whether a side may send a packet now. Something that is no packet may not be sent.
    pub fn may_send(&self, side: Side, packet: StructId) -> bool {
        self.allows(side, packet).is_ok()
    }

    /// Goes on to the state that a packet leads to.
    ///
    /// # Errors
    /// The packet may not be sent by this side or in this state. The state stays.
    pub fn advance(
        &mut self,
        side: Side,
        packet: StructId,
        value: &Value,
    ) -> Result<&'a State, Refused> {
        let refused = |reason| Refused {
            state: self.state().name.clone(),
            side,
            packet: self.layout.get(packet).name.clone(),
            reason,
        };
        let rules = self.allows(side, packet).map_err(refused)?;
        for transition in rules.steps.from(self.state) {
            if self.holds(transition, packet, value).map_err(refused)? {
                self.state = transition.to;
                break;
            }
        }
        Ok(self.state())
    }

    fn allows(&self, side: Side, packet: StructId) -> Result<&'a layout::Packet, Reason> {
        let found = self.layout.packet_of(packet).ok_or(Reason::State)?;
        if !found.sender.includes(side) {
            return Err(Reason::Side);
        }
        if !found.steps.allow(self.state) {
            return Err(Reason::State);
        }
        Ok(found)
    }

    fn holds(
        &self,
        transition: &Transition,
        packet: StructId,
        value: &Value,
    ) -> Result<bool, Reason> {
        let Some(when) = &transition.when else {
            return Ok(true);
        };
        let fields = &self.layout.get(packet).fields;
        let mut numbers = vec![0; fields.len()];
        for index in when.fields() {
            let field = &fields[index];
            let number = match field.role {
                Role::Const(number) | Role::Id(number) => Some(number.into()),
                _ => field.ty.number().and_then(|scalar| {
                    codec::number(self.layout, &scalar, value.get(&field.name)?)
                }),
            };
            numbers[index] = number.ok_or_else(|| Reason::Field(field.name.clone()))?;
        }
        let number = |field: usize| numbers.get(field).copied().unwrap_or(0);
        Ok(when.eval(&number).is_some_and(|result| result != 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = "
protocol: example
session: { start: idle }
types:
  Kind: { enum: u8, values: { plain: 0, last: 1 } }
packets:
  Begin:
    from: client
    in: [idle]
    then: [{ when: kind == last and length > 1, state: done }, { when: kind == plain, state: busy }]
    fields: [kind: Kind, length: u8, text: 'string[length]']
  End: { in: [busy, done], then: { in: busy, state: idle }, fields: [] }
  Note: { from: server, fields: [] }
  Wait:
    in: [idle]
    then: [{ when: turns == 2, state: busy }, { when: turns == 300, state: done }]
    fields: [turns: varint]
";

    /// The states after each of these packets, which are a side, a name and bytes.
    #[track_caller]
    fn check(packets: &[(Side, &str, &[u8])], expected: &[Result<&str, Reason>]) {
        let layout = crate::compile(SCHEMA).unwrap().layout;
        let mut session = Session::new(&layout).unwrap();
        let found: Vec<Result<&str, Reason>> = packets
            .iter()
            .map(|(side, name, bytes)| {
                let id = layout.struct_named(name).unwrap();
                let value = codec::decode(&layout, id, bytes).unwrap().value;
                let may = session.may_send(*side, id);
                let state = session.advance(*side, id, &value);
                assert_eq!(may, state.is_ok());
                state
                    .map(|state| state.name.as_str())
                    .map_err(|refused| refused.reason)
            })
            .collect();
        assert_eq!(found, expected);
    }

    use Side::{Client, Server};

    #[test]
    fn a_packet_leads_where_its_condition_says_or_nowhere() {
        check(&[(Client, "Begin", &[0, 0])], &[Ok("busy")]);
        check(&[(Client, "Begin", &[1, 2, 65, 66])], &[Ok("done")]);
        // Neither of the two conditions holds.
        check(&[(Client, "Begin", &[1, 1, 65])], &[Ok("idle")]);
        check(
            &[(Client, "Begin", &[0, 0]), (Server, "End", &[])],
            &[Ok("busy"), Ok("idle")],
        );
        check(
            &[(Client, "Begin", &[1, 2, 65, 66]), (Client, "End", &[])],
            &[Ok("done"), Ok("done")],
        );
    }

    #[test]
    fn a_condition_can_read_a_varint() {
        check(&[(Client, "Wait", &[1])], &[Ok("idle")]);
        check(&[(Client, "Wait", &[2])], &[Ok("busy")]);
        check(&[(Server, "Wait", &[0xac, 2])], &[Ok("done")]);
    }

    #[test]
    fn what_does_not_belong_is_refused_and_changes_nothing() {
        check(
            &[
                (Server, "Begin", &[0, 0]),
                (Client, "End", &[]),
                (Client, "Note", &[]),
                (Server, "Note", &[]),
                (Client, "Begin", &[0, 0]),
                (Client, "Begin", &[0, 0]),
            ],
            &[
                Err(Reason::Side),
                Err(Reason::State),
                Err(Reason::Side),
                Ok("idle"),
                Ok("busy"),
                Err(Reason::State),
            ],
        );
    }

    #[test]
    fn a_value_without_what_a_condition_reads_is_refused() {
        let layout = crate::compile(SCHEMA).unwrap().layout;
        let mut session = Session::new(&layout).unwrap();
        let begin = layout.struct_named("Begin").unwrap();
        let kind = |kind: &str| ("kind".to_owned(), Value::Text(kind.to_owned()));
        let refused = session.advance(Client, begin, &Value::Map(vec![kind("last")]));
        let refused = refused.unwrap_err();
        assert_eq!(refused.reason, Reason::Field("length".to_owned()));
        assert_eq!(
            refused.to_string(),
            "`Begin` has no `length` that could be read"
        );
        assert_eq!(session.state().name, "idle");
    }

    #[test]
    fn there_is_none_without_one_in_the_schema() {
        let layout = crate::compile("protocol: example").unwrap().layout;
        assert!(Session::new(&layout).is_none());
    }
}
