//! What a peer can notice of a schema, as one number: two programs compare theirs to learn whether they speak the same protocol.
//!
//! In: a layout. Out: a [`Fingerprint`]. It knows nothing of YAML, and nothing of the code that is generated.
//!
//! **What counts** is all that decides which bytes are valid, what number they hold, who may send them, and what a receiver does
//! with others: fields and their places, types and valid values, lengths, conditions, expressions, padding, checksums, ids and
//! directions, framings with their limits, sessions.
//!
//! **What does not count**, although the layout has it:
//!
//! | | Why |
//! |---|---|
//! | names of all kinds | they are not on the wire: who renames a field still understands those who did not |
//! | documentation, `version`, `since`, `deprecated` | for readers |
//! | `unit`, `scale` | they say what a number means; which number it is stays |
//! | `default` | only a writer looks at it, and what it writes could have been said |
//! | groups of ids, test vectors, types that no packet has | nothing is sent because of them |
//! | the order of types, packets, enum values, cases, framings and states | they are found by number |
//! | what the compiler concludes: sizes, parts, derived fields, ranges of expressions | it follows from the rest, and a cleverer compiler may conclude more |
//!
//! Equal fingerprints so mean the same wire. The reverse holds for everything in this table, for numbers with the same valid
//! values however these are said (a `bool` is a `u8` of the range `0..=1`), and for bit runs with the same bits. It does not hold for bytes that are
//! described by other means: with other fields, another nesting of structs, or `2 * a` for `a + a`.
//!
//! **How.** What counts is written down in a form of which every piece says where it ends, and what has no order is sorted
//! (`canonical`); the first eight bytes of that form's SHA-256, most significant first, are the fingerprint. Structs go into
//! others as their own SHA-256, since they would otherwise multiply. All structs of the layout are taken apart
//! without `..`, so that the compiler asks of each new field whether it counts.
//!
//! A hash for tables would do against accidents: whoever lies about its schema can lie about the fingerprint, too. SHA-256 is
//! there in every language, and costs a crate that needs no other.
//!
//! Packets without ids of which nothing but the session can tell one from the other keep the order of the file, in which their
//! transitions number the states.

mod canonical;
mod fields;
mod framing;
mod places;
mod session;
mod types;

use crate::layout::{Layout, Packet, Sender};
use canonical::{Canonical, Digest};
use fields::Bodies;
use session::States;
use std::collections::BTreeMap;
use std::fmt;

/// Stands in front of the canonical form. Whoever changes the form on purpose changes this, too.
const FORM: &[u8] = b"packetc fingerprint 1";

/// What a peer can notice of a schema, as a number. It is shown as 16 hexadecimal digits.
///
/// ```
/// let fingerprint = |schema| {
///     let layout = packet_schema::compile(schema).unwrap().layout;
///     packet_schema::fingerprint::fingerprint(&layout)
/// };
/// let point = fingerprint("protocol: a\npackets: { Point: { fields: [x: u16, y: u16] } }");
/// let place = fingerprint("protocol: b\npackets: { Place: { fields: [east: u16, north: u16] } }");
/// let other = fingerprint("protocol: a\npackets: { Point: { fields: [x: u16, y: i16] } }");
/// assert_eq!(point, place);
/// assert_ne!(point, other);
/// assert_eq!(point.to_string().len(), 16);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The number, as generated code has it.
    pub const fn value(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The fingerprint of a schema.
pub fn fingerprint(layout: &Layout) -> Fingerprint {
    let Layout {
        protocol: _,
        version: _,
        doc: _,
        framings,
        structs,
        enums,
        flags,
        packets,
        session,
    } = layout;
    let mut bodies = Bodies::new(structs, enums, flags);
    let framings: Vec<Digest> = framings.iter().map(framing::digest).collect();
    let mut found: Vec<(Option<Digest>, Digest, &Packet)> = packets
        .iter()
        .map(|packet| {
            let framing = packet.framing.map(|number| framings[number]);
            (framing, without_session(packet, &mut bodies), packet)
        })
        .collect();
    found.sort_by_key(|(framing, own, _)| (*framing, *own));

    let in_order = found.iter().map(|(_, _, packet)| *packet);
    let states = session
        .as_ref()
        .map(|session| States::number(session, in_order));
    let mut framed: BTreeMap<Option<usize>, Vec<Digest>> = BTreeMap::new();
    for (_, own, packet) in &found {
        let mut out = Canonical::default();
        out.digest(own);
        out.said(1, states.as_ref(), |out, states| {
            states.steps(&packet.steps, out);
        });
        out.end();
        framed.entry(packet.framing).or_default().push(out.finish());
    }
    // Those of a framing stay together: two framings may look alike, and have other packets.
    let framed = framed.into_iter().map(|(framing, packets)| {
        let mut out = Canonical::default();
        out.set(packets);
        out.said(1, framing, |out, number| out.digest(&framings[number]));
        out.end();
        out.finish()
    });
    let framed = framed.collect();

    let mut out = Canonical::default();
    out.bytes(FORM);
    out.set(framed);
    out.said(1, states, |out, states| out.size(states.count()));
    out.end();
    let first = out.finish().into_iter().take(8);
    Fingerprint(first.fold(0, |number, byte| number << 8 | u64::from(byte)))
}

/// A packet as its framing, its id and its sender tell it from others, and its fields.
fn without_session(packet: &Packet, bodies: &mut Bodies<'_>) -> Digest {
    let Packet {
        body,
        history: _,
        framing: _,
        ids,
        // It follows from where the framing has the id.
        id_field: _,
        group: _,
        sender,
        steps: _,
        vectors: _,
    } = packet;
    let mut out = Canonical::default();
    out.digest(&bodies.digest(*body));
    out.tag(match sender {
        Sender::Client => 0,
        Sender::Server => 1,
        Sender::Both => 2,
    });
    out.said(1, *ids, |out, (low, high)| {
        out.number(low);
        out.number(high);
    });
    out.end();
    out.finish()
}

#[cfg(test)]
mod tests;
