//! Framings: how packets are delimited, how long they may be, and what becomes of others.
//!
//! In: a framing of a layout. Out: its digest, without its packets.

use super::canonical::{Canonical, Digest};
use super::places::Window;
use super::types::varint;
use crate::layout::{Coding, Framing, HeaderField, Mode, OnCorrupt, OnUnknownId, VarintPlace};

pub(super) fn digest(framing: &Framing) -> Digest {
    let Framing {
        name: _,
        mode,
        max_size,
        on_unknown_id,
        on_corrupt,
        // The header's fields have these constants.
        magic: _,
        // They say how short a packet with an unknown id can be.
        header_size,
        trailer_size,
        size,
        excluded,
        id,
    } = framing;
    let mut out = Canonical::default();
    match mode {
        Mode::Size => out.tag(0),
        Mode::Fixed(size) => {
            out.tag(1);
            out.size(*size);
        }
        Mode::Delimiter(bytes) => {
            out.tag(2);
            out.bytes(bytes);
        }
        Mode::UntilClose => out.tag(3),
        Mode::Datagram => out.tag(4),
    }
    out.size(*max_size);
    out.size(*header_size);
    out.size(*trailer_size);
    out.said(1, size.as_ref(), |out, field| {
        header_field(field, out);
        out.integer((*excluded).into());
    });
    // Without ids, none is unknown.
    out.said(2, id.as_ref(), |out, field| {
        header_field(field, out);
        out.flag(
            1,
            match on_unknown_id {
                OnUnknownId::Skip => true,
                OnUnknownId::Close => false,
            },
        );
        out.end();
    });
    out.flag(
        3,
        match on_corrupt {
            OnCorrupt::Resync => true,
            OnCorrupt::Close => false,
        },
    );
    out.end();
    out.finish()
}

fn header_field(field: &HeaderField, out: &mut Canonical) {
    let HeaderField {
        name: _,
        behind,
        offset,
        coding,
    } = field;
    match coding {
        Coding::Fixed {
            size,
            endian,
            shift,
            bits,
        } => {
            out.tag(0);
            Window::new(*offset, *size, *endian, *shift, *bits).write(out);
            out.number((*bits).into());
        }
        Coding::Varint(number) => {
            out.tag(1);
            out.size(*offset);
            varint(number, out);
        }
    }
    out.said(1, behind.as_ref(), |out, place| {
        let VarintPlace { offset, max_bytes } = place;
        out.size(*offset);
        out.size(*max_bytes);
    });
    out.end();
}
