//! The framing, packet ids and their groups.
//!
//! Raises P0501 (a header's size or id that is there twice), P0502 (`role` outside a header), P0503 (a packet without
//! an id, or an id without a place), P0504 (two packets with one id), P0505 (an id outside its group), P0506 (an unknown
//! group), P0508 (framing without a size), P0509 (groups that overlap), P0510 (two sizes), P0512 (counting from an unknown
//! field), P0521 (what does not go with a trailer), P0305 (`counts` or `bias` elsewhere), P0335 (`checksum_extra` without a checksum of the frame).

use super::headers;
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use crate::model::{Counted, Framing, Packet, Sender, Steps, StructId, Trailing};
use crate::syntax::{self, Counts, HeaderRole, Replacement, Schema, TrailingSaid};
use std::collections::{BTreeMap, HashMap};

/// Largest packet if the schema does not say.
const DEFAULT_MAX_SIZE: u64 = 64 << 10;

/// Refuses `role`, `counts` and `bias` outside of a header.
pub(super) fn roles_elsewhere(schema: &Schema, diagnostics: &mut Diagnostics) {
    let bodies = schema.packets.iter().map(|packet| &packet.fields);
    let trailers = headers::framings(schema).map(|framing| &framing.trailer);
    let overrides = schema.packets.iter().flat_map(|packet| &packet.header);
    let replacements = overrides.filter_map(|said| match &said.with {
        Replacement::Fields(fields) => Some(fields),
        Replacement::Value(_) => None,
    });
    let structs = schema
        .types
        .iter()
        .filter_map(|definition| match &definition.body {
            syntax::TypeBody::Struct(fields) => Some(fields),
            _ => None,
        });
    for field in bodies
        .chain(trailers)
        .chain(replacements)
        .chain(structs)
        .flatten()
    {
        let attributes = &field.attributes;
        let spans = [
            (attributes.role.map(|role| role.span), "role"),
            (
                attributes.counts.as_ref().map(|counts| counts.span),
                "counts",
            ),
            (attributes.bias.map(|bias| bias.span), "bias"),
        ];
        // One of them is enough to see what is meant.
        if let Some((span, key)) = spans.into_iter().find_map(|(span, key)| Some((span?, key))) {
            diagnostics.push(
                Diagnostic::error(
                    "P0502",
                    span,
                    format!("`{key}` is for fields of the header"),
                )
                .help("move the field to `framing: { header: [ … ] }`"),
            );
        }
    }
}

/// Checks what a framing says besides its fields.
pub(super) fn framing(framing: &syntax::Framing, diagnostics: &mut Diagnostics) -> Framing {
    let with_role = |role: HeaderRole| {
        framing.header.iter().filter(move |field| {
            field
                .attributes
                .role
                .is_some_and(|found| found.value == role)
        })
    };
    for (role, name) in [(HeaderRole::Size, "size"), (HeaderRole::Id, "id")] {
        let mut found = with_role(role);
        if let (Some(first), Some(second)) = (found.next(), found.next()) {
            diagnostics.push(
                Diagnostic::error(
                    "P0501",
                    second.name.span,
                    format!("the header has two fields with `role: {name}`"),
                )
                .label("again here")
                .also(first.name.span, "first here"),
            );
        }
    }
    let size = with_role(HeaderRole::Size).next();
    let partial = diagnostics.is_partial(framing.span);
    let misplaced = in_trailer(framing, HeaderRole::Size);
    if size.is_none() && framing.mode.is_none() && !partial && !misplaced {
        diagnostics.push(
            Diagnostic::error("P0508", framing.span, "packets cannot be delimited without a size")
                .help("give the header a field `size: { type: u16, role: size }`, or say `fixed`, `delimiter`, `until_close` or `datagram: true`"),
        );
    }
    for field in &framing.trailer {
        if let Some(align) = &field.attributes.align {
            diagnostics.push(
                Diagnostic::error(
                    "P0521",
                    align.span,
                    "a trailer has the same size in all packets",
                )
                .help("leave `align` out; reserved bytes can stand in front of the field"),
            );
        }
    }
    let mode = framing.mode.as_ref().map(|mode| &mode.value);
    if let (Some(syntax::Mode::Fixed(_)), Some(max)) = (mode, framing.max_size) {
        diagnostics.push(
            Diagnostic::error(
                "P0510",
                max.span,
                "packets of a fixed size have no other maximum",
            )
            .help("leave `max_size` out"),
        );
    }
    if let (Some(syntax::Mode::Fixed(0)), Some(said)) = (mode, &framing.mode) {
        diagnostics.push(
            Diagnostic::error(
                "P0510",
                said.span,
                "a packet of a fixed size has at least one byte",
            )
            .help("write the number of bytes of every packet"),
        );
    }
    for field in &framing.header {
        let attributes = &field.attributes;
        let is_size = attributes
            .role
            .is_some_and(|role| role.value == HeaderRole::Size);
        let span = attributes
            .counts
            .as_ref()
            .map(|counts| counts.span)
            .or(attributes.bias.map(|bias| bias.span));
        if let (Some(span), false) = (span, is_size) {
            diagnostics.push(
                Diagnostic::error(
                    "P0305",
                    span,
                    "`counts` and `bias` are for the field with `role: size`",
                )
                .help("leave them out"),
            );
        }
    }
    let said = size.map(|field| &field.attributes);
    let counts = match said
        .and_then(|said| said.counts.as_ref())
        .map(|said| &said.value)
    {
        None | Some(Counts::Packet) => Counted::Packet,
        Some(Counts::Body) => Counted::Body,
        Some(Counts::From(name)) => {
            let mut names = framing.header.iter().map(|field| field.name.value.as_str());
            let found = names
                .clone()
                .position(|found| found == name.value && found != "_");
            if found.is_none() && !partial {
                diagnostics.push(
                    Diagnostic::error(
                        "P0512",
                        name.span,
                        format!("the header has no field `{}` to count from", name.value),
                    )
                    .label("unknown field")
                    .maybe_help(did_you_mean(&name.value, names.by_ref())),
                );
            }
            found.map_or(Counted::Packet, Counted::From)
        }
    };
    let max_size = match mode {
        Some(syntax::Mode::Fixed(size)) => *size,
        _ => framing.max_size.map_or(DEFAULT_MAX_SIZE, |size| size.value),
    };
    Framing {
        name: framing.name.as_ref().map(|name| name.value.clone()),
        mode: mode.cloned(),
        max_size,
        on_unknown_id: framing.on_unknown_id,
        resync: framing.resync,
        header: framing
            .header
            .iter()
            .map(|field| field.name.value.clone())
            .collect(),
        size: headers::position(framing, HeaderRole::Size),
        id: headers::position(framing, HeaderRole::Id),
        counts,
        bias: said.and_then(|said| said.bias).map_or(0, |bias| bias.value),
        partial,
        span: framing.span,
    }
}

/// How a packet is framed.
pub(super) struct Frame {
    /// The packet's struct.
    pub(super) body: StructId,
    /// Number of its framing.
    pub(super) framing: Option<usize>,
    /// For each field of the framing's header the number of the field that stands there.
    pub(super) header: Vec<usize>,
    /// Smallest and largest id.
    pub(super) ids: Option<(u64, u64)>,
}

/// Checks ids and groups; `frames` say how each packet is framed.
pub(super) fn check(
    schema: &Schema,
    frames: Vec<Frame>,
    diagnostics: &mut Diagnostics,
) -> Vec<Packet> {
    groups(schema, diagnostics);
    let by_name: HashMap<&str, &syntax::Group> = schema
        .groups
        .iter()
        .rev()
        .map(|group| (group.name.value.as_str(), group))
        .collect();
    let mut known = Ids::default();
    let mut packets = Vec::new();
    for (packet, frame) in schema.packets.iter().zip(frames) {
        let framing = frame
            .framing
            .and_then(|number| headers::framings(schema).nth(number));
        placed_id(packet, framing, diagnostics);
        if let (Some(said), Some(ids)) = (&packet.id, frame.ids)
            && let Some(first) = known.insert(frame.framing, packet, ids)
        {
            let shared = match ids {
                (low, high) if low == high => format!("the same id {low}"),
                (low, high) => format!("ids among {low}..={high}"),
            };
            let first_span = first.id.as_ref().map_or(first.name.span, |id| id.span);
            diagnostics.push(
                Diagnostic::error(
                    "P0504",
                    said.span,
                    format!(
                        "`{}` and `{}` have {shared}",
                        first.name.value, packet.name.value,
                    ),
                )
                .label("again here")
                .also(first_span, "first here"),
            );
        }
        checksum_extra(packet, framing, diagnostics);
        if let Some(name) = &packet.group {
            group(schema, &by_name, packet, frame.ids, name, diagnostics);
        }
        packets.push(Packet {
            body: frame.body,
            history: (&packet.history).into(),
            framing: frame.framing,
            header: frame.header,
            ids: frame.ids,
            group: packet.group.as_ref().map(|group| group.value.clone()),
            sender: packet.sender,
            steps: Steps::default(),
            size: packet.size,
            trailing: trailing(packet, framing, diagnostics),
            vectors: packet.vectors.clone(),
        });
    }
    packets
}

/// What becomes of bytes behind a packet's fields. With a trailer nothing can be left over: it would be found too early.
fn trailing(
    packet: &syntax::Packet,
    framing: Option<&syntax::Framing>,
    diagnostics: &mut Diagnostics,
) -> Trailing {
    let Some(said) = packet.trailing else {
        return Trailing::Reject;
    };
    if let (TrailingSaid::Skip, Some(end)) = (
        said.value,
        framing.and_then(|framing| framing.trailer.first()),
    ) {
        diagnostics.push(
            Diagnostic::error(
                "P0521",
                said.span,
                "nothing can be left over in front of a trailer",
            )
            .also(end.name.span, "the trailer")
            .help("add a last field `rest: bytes[]`, and leave `trailing` out"),
        );
    }
    super::fields::trailing(said, diagnostics)
}

/// Refuses a byte for the frame's checksums that is none, or that nothing sums.
fn checksum_extra(
    packet: &syntax::Packet,
    framing: Option<&syntax::Framing>,
    diagnostics: &mut Diagnostics,
) {
    let Some(extra) = packet.checksum_extra else {
        return;
    };
    super::fields::checksums::byte(extra, "checksum_extra", diagnostics);
    let whole = framing.is_none_or(|framing| !diagnostics.is_partial(framing.span));
    let mut fields = framing
        .into_iter()
        .flat_map(|framing| framing.header.iter().chain(&framing.trailer));
    if whole && !fields.any(|field| field.attributes.checksum.is_some()) {
        diagnostics.push(
            Diagnostic::error(
                "P0335",
                extra.span,
                "there is no checksum that could sum this",
            )
            .help("`checksum_extra` is for the checksums of the frame; write `extra: N` in a checksum of the packet's own"),
        );
    }
}

/// Whether the trailer has a field with a role, which was refused there and is meant for the header.
fn in_trailer(framing: &syntax::Framing, role: HeaderRole) -> bool {
    let mut roles = framing
        .trailer
        .iter()
        .filter_map(|field| field.attributes.role);
    roles.any(|found| found.value == role)
}

/// Refuses an id without a place, and a place without an id.
fn placed_id(
    packet: &syntax::Packet,
    framing: Option<&syntax::Framing>,
    diagnostics: &mut Diagnostics,
) {
    let whole = framing.is_none_or(|framing| {
        !diagnostics.is_partial(framing.span) && !in_trailer(framing, HeaderRole::Id)
    });
    let field = framing.and_then(|framing| {
        framing
            .header
            .get(headers::position(framing, HeaderRole::Id)?)
    });
    match (&packet.id, field) {
        (None, Some(_)) if diagnostics.is_partial(packet.name.span) => {}
        (None, Some(field)) => diagnostics.push(
            Diagnostic::error(
                "P0503",
                packet.name.span,
                format!("`{}` has no id", packet.name.value),
            )
            .label("needs `id: NUMBER`")
            .also(field.name.span, "since the header holds one"),
        ),
        (Some(id), None) if whole => diagnostics.push(
            Diagnostic::error("P0503", id.span, "an id has no place in this protocol")
                .help("give the header a field with `role: id`, or leave the id out"),
        ),
        _ => {}
    }
}

/// The ids that packets have, for each framing and side.
#[derive(Default)]
struct Ids<'a> {
    taken: HashMap<(Option<usize>, bool), Taken<'a>>,
}

/// By the smallest id of each packet: the largest one and the packet.
type Taken<'a> = BTreeMap<u64, (u64, &'a syntax::Packet)>;

impl<'a> Ids<'a> {
    /// Adds a packet's ids; the result is the packet that has some of them already.
    fn insert(
        &mut self,
        framing: Option<usize>,
        packet: &'a syntax::Packet,
        (low, high): (u64, u64),
    ) -> Option<&'a syntax::Packet> {
        let mut clash = None;
        for (server, other) in [(false, Sender::Server), (true, Sender::Client)] {
            if packet.sender == other {
                continue;
            }
            let taken = self.taken.entry((framing, server)).or_default();
            // Those that are there do not overlap, so only the nearest one below can reach this far.
            let below = taken.range(..=high).next_back();
            let found = below.filter(|(_, (last, _))| *last >= low);
            if let Some((_, (_, first))) = found {
                clash = clash.or(Some(*first));
            } else {
                taken.insert(low, (high, packet));
            }
        }
        clash
    }
}

/// Refuses groups that overlap.
fn groups(schema: &Schema, diagnostics: &mut Diagnostics) {
    let ranged: Vec<&syntax::Group> = schema
        .groups
        .iter()
        .filter(|group| !diagnostics.is_partial(group.name.span))
        .collect();
    overlaps(&ranged, diagnostics);
}

/// Groups that share ids: each with one that begins before it.
///
/// Raises P0509.
fn overlaps(groups: &[&syntax::Group], diagnostics: &mut Diagnostics) {
    let mut sorted: Vec<(usize, &syntax::Group)> = groups.iter().copied().enumerate().collect();
    sorted.sort_by_key(|(_, group)| group.range.value);
    let mut furthest: Option<(usize, &syntax::Group)> = None;
    for (index, group) in sorted {
        if let Some((other_index, other)) = furthest
            && group.range.value.0 <= other.range.value.1
        {
            // The second one in the file is at fault.
            let (first, second) = if other_index < index {
                (other, group)
            } else {
                (group, other)
            };
            let (first_name, name) = (&first.name.value, &second.name.value);
            diagnostics.push(
                Diagnostic::error(
                    "P0509",
                    second.range.span,
                    format!("the groups `{first_name}` and `{name}` overlap"),
                )
                .label("this range")
                .also(first.range.span, "shares ids with this one"),
            );
        }
        if furthest.is_none_or(|(_, other)| other.range.value.1 < group.range.value.1) {
            furthest = Some((index, group));
        }
    }
}

fn group(
    schema: &Schema,
    groups: &HashMap<&str, &syntax::Group>,
    packet: &syntax::Packet,
    ids: Option<(u64, u64)>,
    name: &crate::diagnostic::Spanned<String>,
    diagnostics: &mut Diagnostics,
) {
    let Some(group) = groups.get(name.value.as_str()) else {
        if diagnostics.is_full() {
            return;
        }
        let known = schema.groups.iter().map(|group| group.name.value.as_str());
        diagnostics.push(
            Diagnostic::error(
                "P0506",
                name.span,
                format!("there is no group `{}`", name.value),
            )
            .label("unknown group")
            .maybe_help(did_you_mean(&name.value, known)),
        );
        return;
    };
    if diagnostics.is_partial(group.name.span) {
        return;
    }
    let (low, high) = group.range.value;
    if let (Some(said), Some(ids)) = (&packet.id, ids)
        && !(low <= ids.0 && ids.1 <= high)
    {
        let what = match ids {
            (low, high) if low == high => format!("the id {low} is"),
            (low, high) => format!("the ids {low}..={high} are"),
        };
        diagnostics.push(
            Diagnostic::error(
                "P0505",
                said.span,
                format!("{what} not in the group `{}`", name.value),
            )
            .label(format!("must be in {low}..={high}"))
            .also(group.range.span, "the group's ids"),
        );
    }
}
