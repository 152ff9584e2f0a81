//! Structs that are walked over: elements of arrays that must be read one after the other to find the next.
//!
//! In: the layout. Out: of each struct, whether views of it are made again and again. Such views keep UTF-8 as the
//! bytes that were tested once, and only the getter makes a `str` of them; others keep the `str`.

use super::Body;
use packet_schema::layout::{Encoding, Extent, Field, Layout, StructId, Type};

/// Of each struct, whether it is an element whose size varies, or lies in one.
pub(super) fn walked(layout: &Layout) -> Vec<bool> {
    let mut walked = vec![false; layout.structs.len()];
    let mut found = Vec::new();
    for field in layout.structs.iter().flat_map(|body| &body.fields) {
        each(&field.ty, &mut |id, is_element| {
            if is_element && layout.get(id).static_size().is_none() {
                found.push(id);
            }
        });
    }
    while let Some(StructId(id)) = found.pop() {
        if !std::mem::replace(&mut walked[id], true) {
            for field in &layout.structs[id].fields {
                each(&field.ty, &mut |id, _| found.push(id));
            }
        }
    }
    walked
}

/// Visits the structs in a type: their numbers, and whether they are elements.
fn each(ty: &Type, visit: &mut dyn FnMut(StructId, bool)) {
    match ty {
        Type::Struct(id) => visit(*id, false),
        Type::Array { element, .. } => {
            if let Type::Struct(id) = element.as_ref() {
                visit(*id, true);
            }
        }
        Type::Variant(variant) => variant.types().for_each(|ty| each(ty, visit)),
        _ => {}
    }
}

impl Body<'_> {
    /// Whether the view keeps a field's text as bytes.
    pub(super) fn keeps_bytes(&self, index: usize, field: &Field) -> bool {
        let is_str = matches!(
            &field.ty,
            Type::Text(extent, Encoding::Utf8 | Encoding::Ascii) if !matches!(extent, Extent::Fixed(_))
        );
        is_str && self.part_of(index).is_none() && self.emitter.walked[self.id.0]
    }
}
