//! Leaves imported types out that nothing of the schema's own holds: whoever imports a file for two of its
//! types does not want code for all of them.

use crate::layout::Layout;
use crate::model::{EnumId, FlagsId, ScalarKind, StructId, Type};

/// Leaves unused imported types out, and numbers the others anew.
pub(super) fn leave_out(layout: &mut Layout) {
    let mut kept = Kept {
        // Only names of imported types have a `.` in them.
        structs: own(layout.structs.iter().map(|found| &found.name)),
        enums: own(layout.enums.iter().map(|found| &found.name)),
        flags: own(layout.flags.iter().map(|found| &found.name)),
    };
    let all = [&kept.structs, &kept.enums, &kept.flags];
    if all.into_iter().flatten().all(|kept| *kept) {
        return;
    }
    let mut pending: Vec<usize> = (0..layout.structs.len())
        .filter(|index| kept.structs[*index])
        .collect();
    while let Some(index) = pending.pop() {
        for field in &mut layout.structs[index].fields {
            visit(&mut field.ty, &mut |id| match id {
                Id::Struct(id) => {
                    if !std::mem::replace(&mut kept.structs[id.0], true) {
                        pending.push(id.0);
                    }
                }
                Id::Enum(id) => kept.enums[id.0] = true,
                Id::Flags(id) => kept.flags[id.0] = true,
            });
        }
    }
    retain(&mut layout.structs, &kept.structs);
    retain(&mut layout.enums, &kept.enums);
    retain(&mut layout.flags, &kept.flags);
    let (structs, enums, flags) = (
        numbers(&kept.structs),
        numbers(&kept.enums),
        numbers(&kept.flags),
    );
    for field in layout
        .structs
        .iter_mut()
        .flat_map(|found| &mut found.fields)
    {
        visit(&mut field.ty, &mut |id| match id {
            Id::Struct(id) => id.0 = structs[id.0],
            Id::Enum(id) => id.0 = enums[id.0],
            Id::Flags(id) => id.0 = flags[id.0],
        });
    }
    for packet in &mut layout.packets {
        packet.body.0 = structs[packet.body.0];
    }
}

/// Which types stay.
struct Kept {
    structs: Vec<bool>,
    enums: Vec<bool>,
    flags: Vec<bool>,
}

fn own<'a>(names: impl Iterator<Item = &'a String>) -> Vec<bool> {
    names.map(|name| !name.contains('.')).collect()
}

fn retain<T>(list: &mut Vec<T>, kept: &[bool]) {
    let mut kept = kept.iter();
    list.retain(|_| kept.next() == Some(&true));
}

/// The number that each has when those before it that do not stay are gone.
fn numbers(kept: &[bool]) -> Vec<usize> {
    let mut next = 0;
    kept.iter()
        .map(|kept| {
            let number = next;
            next += usize::from(*kept);
            number
        })
        .collect()
}

/// A named type inside another type.
enum Id<'a> {
    Struct(&'a mut StructId),
    Enum(&'a mut EnumId),
    Flags(&'a mut FlagsId),
}

/// Goes over the named types in a type.
fn visit(ty: &mut Type, found: &mut impl FnMut(Id<'_>)) {
    match ty {
        Type::Scalar(scalar) => match &mut scalar.kind {
            ScalarKind::Enum(id) => found(Id::Enum(id)),
            ScalarKind::Flags(id) => found(Id::Flags(id)),
            ScalarKind::Unsigned | ScalarKind::Signed | ScalarKind::Float | ScalarKind::Bool => {}
        },
        Type::Struct(id) => found(Id::Struct(id)),
        Type::Bytes(_) | Type::Text(..) | Type::Varint(_) | Type::Skipped => {}
        Type::Array { element, .. } => visit(element, found),
        Type::Variant(variant) => {
            for case in &mut variant.cases {
                visit(&mut case.ty, found);
            }
            if let Some(ty) = &mut variant.otherwise {
                visit(ty, found);
            }
        }
    }
}
