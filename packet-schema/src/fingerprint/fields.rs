//! Structs: their fields, what these are for and when they are there.
//!
//! In: the structs, enums and flags of a layout. Out: a digest of each struct that something asks for, which has those of the
//! structs inside of it.

use super::canonical::{Canonical, Digest};
use super::places::{Placed, places};
use super::types::expr;
use crate::layout::{
    Algorithm, Bound, Checksum, Crc, Derivation, Endian, Enum, Extent, Field, Flags, Place, Role,
    Scalar, Struct, StructId, Trailing, Type,
};

/// The structs of a layout with the digests that are known.
pub(super) struct Bodies<'a> {
    structs: &'a [Struct],
    pub(super) enums: &'a [Enum],
    pub(super) flags: &'a [Flags],
    digests: Vec<Option<Digest>>,
}

impl<'a> Bodies<'a> {
    pub(super) fn new(structs: &'a [Struct], enums: &'a [Enum], flags: &'a [Flags]) -> Self {
        Self {
            structs,
            enums,
            flags,
            digests: vec![None; structs.len()],
        }
    }

    /// The digest of a struct. Structs are nested a few deep and never in themselves.
    pub(super) fn digest(&mut self, id: StructId) -> Digest {
        if let Some(known) = self.digests[id.0] {
            return known;
        }
        let digest = self.structure(&self.structs[id.0]);
        self.digests[id.0] = Some(digest);
        digest
    }

    fn structure(&mut self, body: &Struct) -> Digest {
        let Struct {
            name: _,
            doc: _,
            fields,
            // A border between header and body shows in the framing, and in where bit runs lie.
            header_fields: _,
            trailer_fields: _,
            parts,
            // All others are concluded from the fields.
            derive_order: _,
            checksum_order: _,
            min_size: _,
            max_size: _,
            greedy: _,
            trailing: left_over,
            span: _,
        } = body;
        let mut out = Canonical::default();
        let placed = fields.iter().zip(places(fields, parts));
        out.list(placed, |out, (field, placed)| {
            self.field(field, &placed, out);
        });
        out.flag(1, skips(*left_over));
        out.end();
        out.finish()
    }

    fn field(&mut self, field: &Field, placed: &Placed, out: &mut Canonical) {
        let Field {
            name: _,
            doc: _,
            history: _,
            unit: _,
            scale: _,
            default: _,
            ty,
            role: purpose,
            when,
            bound,
            length,
            pad_to,
            trailing: left_over,
            // What does not follow from the fields before it is in `placed`.
            place,
            gap: _,
            min_size: _,
            max_size: _,
            span: _,
        } = field;
        placed.write(out);
        let bare = bare(purpose, ty, *place);
        let ty = bare.as_ref().unwrap_or(ty);
        match (ty, place) {
            // The byte order is that of the window.
            (Type::Scalar(scalar), Place::Bits { .. }) => {
                let endian = Endian::Big;
                self.ty(&Type::Scalar(Scalar { endian, ..*scalar }), *length, out);
            }
            _ => self.ty(ty, *length, out),
        }
        role(purpose, out);
        out.said(1, when.as_ref(), |out, when| expr(when, out));
        let sized = match bound {
            Some(Bound::Sized(size)) => Some(size),
            // What follows says how much it leaves.
            Some(Bound::Rest { after: _ }) | None => None,
        };
        out.said(2, sized, |out, size| expr(size, out));
        out.said(3, *pad_to, Canonical::size);
        out.flag(4, skips(*left_over));
        out.end();
    }
}

/// A type that says no more than how many bits there are, for fields that have one value whatever their type.
fn bare(role: &Role, ty: &Type, place: Place) -> Option<Type> {
    match (role, ty, place) {
        // All bits are zero, also of numbers that have a meaning elsewhere.
        (Role::Reserved { strict: _ }, _, Place::Bytes { offset: _, size }) => {
            Some(Type::Bytes(Extent::Fixed(size)))
        }
        (Role::Reserved { .. } | Role::Const(_) | Role::Id(_), Type::Scalar(scalar), _) => {
            Some(Type::Scalar(Scalar::unsigned(scalar.bits, scalar.endian)))
        }
        _ => None,
    }
}

fn role(role: &Role, out: &mut Canonical) {
    match role {
        // That a length follows from what it measures shows in the type of that, as do conditions and tags.
        Role::Data
        | Role::Derived(
            Derivation::Length {
                of: _,
                scale: _,
                offset: _,
            }
            | Derivation::Presence { of: _, inverted: _ }
            | Derivation::Tag { of: _ },
        ) => out.tag(0),
        Role::Reserved { strict } => {
            out.tag(1);
            out.truth(*strict);
        }
        Role::Const(value) => {
            out.tag(2);
            out.number(*value);
        }
        Role::Derived(Derivation::Value(value)) => {
            out.tag(3);
            expr(value, out);
        }
        Role::Checksum(sum) => {
            out.tag(4);
            checksum(sum, out);
        }
        Role::Size { excluded } => {
            out.tag(5);
            out.integer((*excluded).into());
        }
        Role::Id(id) => {
            out.tag(6);
            out.number(*id);
        }
    }
}

fn checksum(checksum: &Checksum, out: &mut Canonical) {
    let Checksum {
        algorithm,
        from,
        end,
        extra,
    } = checksum;
    match algorithm {
        Algorithm::Internet => out.tag(0),
        Algorithm::Sum8 => out.tag(1),
        Algorithm::Xor8 => out.tag(2),
        Algorithm::Adler32 => out.tag(3),
        Algorithm::Fletcher16 => out.tag(4),
        Algorithm::Crc(crc) => {
            let Crc {
                name: _,
                bits,
                poly,
                init,
                reflected,
                xor_out,
                // It follows from the others.
                check: _,
            } = crc;
            out.tag(5);
            out.number((*bits).into());
            out.number(*poly);
            out.number(*init);
            out.truth(*reflected);
            out.number(*xor_out);
        }
    }
    // Where nothing begins makes no difference.
    out.said(
        1,
        (from < end).then_some((*from, *end)),
        |out, (from, end)| {
            out.size(from);
            out.size(end);
        },
    );
    out.said(2, *extra, Canonical::tag);
    out.end();
}

/// Whether what is left over is ignored.
const fn skips(trailing: Trailing) -> bool {
    match trailing {
        Trailing::Reject => false,
        Trailing::Skip => true,
    }
}
