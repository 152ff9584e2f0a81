//! Types and what is to be said about fields, in the notation of schemas.

use packet_schema::layout::{
    Bound, Derivation, Encoding, Endian, Expr, Extent, Field, History, Layout, Place, Prefix, Role,
    Scalar, ScalarKind, Struct, Trailing, Type, Varint,
};

/// A field's type as a schema writes it.
pub(crate) fn field_type(layout: &Layout, owner: &Struct, field: &Field) -> String {
    match &field.ty {
        Type::Scalar(scalar) if matches!(field.place, Place::Bits { .. }) => match scalar.kind {
            ScalarKind::Unsigned | ScalarKind::Bool if scalar.bits == 1 => "bit".to_owned(),
            // The run's byte order is its own, whatever the width.
            _ => scalar_type(
                layout,
                Scalar {
                    endian: Endian::Big,
                    ..*scalar
                },
            ),
        },
        ty => type_name(layout, owner, ty),
    }
}

/// A type as a schema writes it; expressions read the fields of `owner`.
pub(super) fn type_name(layout: &Layout, owner: &Struct, ty: &Type) -> String {
    match ty {
        Type::Scalar(scalar) => scalar_type(layout, *scalar),
        Type::Varint(varint) => varint_type(varint).to_owned(),
        Type::Struct(id) => layout.get(*id).name.clone(),
        Type::Bytes(extent) => format!("bytes{}", extent_text(layout, owner, extent)),
        Type::Text(Extent::Terminated, _) => "cstring".to_owned(),
        Type::Text(extent, _) => format!("string{}", extent_text(layout, owner, extent)),
        Type::Array { element, extent } => format!(
            "{}{}",
            type_name(layout, owner, element),
            extent_text(layout, owner, extent)
        ),
        Type::Skipped => "skip".to_owned(),
        Type::Variant(variant) => match owner.fields.get(variant.tag) {
            Some(tag) => format!("match {}", tag.name),
            None => "match".to_owned(),
        },
    }
}

const fn varint_type(varint: &Varint) -> &'static str {
    if varint.signed { "zigzag" } else { "varint" }
}

fn scalar_type(layout: &Layout, scalar: Scalar) -> String {
    let letter = match scalar.kind {
        ScalarKind::Unsigned => 'u',
        ScalarKind::Signed => 'i',
        ScalarKind::Float => 'f',
        ScalarKind::Bool => return "bool".to_owned(),
        ScalarKind::Enum(id) => return layout.enumeration(id).name.clone(),
        ScalarKind::Flags(id) => return layout.flag_set(id).name.clone(),
    };
    let endian = match scalar.endian {
        Endian::Little if scalar.bits > 8 => "le",
        _ => "",
    };
    format!("{letter}{}{endian}", scalar.bits)
}

fn extent_text(layout: &Layout, owner: &Struct, extent: &Extent) -> String {
    match extent {
        // Its type says so.
        Extent::Terminated => String::new(),
        Extent::Fixed(count) => format!("[{count}]"),
        Extent::Prefixed(prefix) => match prefix {
            Prefix::Fixed(scalar) => format!("<{}>", scalar_type(layout, *scalar)),
            Prefix::Varint(varint) => format!("<{}>", varint_type(varint)),
        },
        Extent::Counted(count) => format!("[{}]", expression(owner, count)),
        Extent::Sized(_) | Extent::Rest { .. } | Extent::Until(_) => "[]".to_owned(),
    }
}

/// An expression over the fields of `owner`.
pub(super) fn expression(owner: &Struct, expr: &Expr) -> String {
    expr.text(&|field| {
        owner
            .fields
            .get(field)
            .map_or("?", |field| field.name.as_str())
    })
}

/// What a field is for, which values it allows and since when it is there, as short phrases.
pub(super) fn notes(layout: &Layout, owner: &Struct, field: &Field) -> Vec<String> {
    let mut notes = facts(layout, owner, field);
    notes.extend(history_notes(&field.history));
    notes
}

/// What a field is for and which values it allows, as short phrases.
pub(crate) fn facts(layout: &Layout, owner: &Struct, field: &Field) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(role_note(owner, field));
    if let Some(condition) = &field.when {
        notes.push(format!("when {}", expression(owner, condition)));
    }
    notes.extend(size_note(owner, field));
    if let Type::Array {
        extent: Extent::Until(sentinel),
        ..
    } = &field.ty
    {
        notes.push(format!("until {}", sentinel.text));
    }
    notes.extend(field.pad_to.map(|size| format!("padded to {size} bytes")));
    notes
        .extend((field.trailing == Trailing::Skip).then(|| "ignores what is left over".to_owned()));
    match &field.ty {
        Type::Scalar(scalar) => notes.extend(scalar_notes(layout, *scalar)),
        Type::Varint(varint) => {
            notes.extend(scalar_notes(layout, varint.scalar()));
            notes.extend((!varint.canonical).then(|| "any length".to_owned()));
        }
        Type::Text(_, Encoding::Utf16(Endian::Little)) => {
            notes.push("utf16, little-endian".to_owned());
        }
        Type::Text(_, encoding) if *encoding != Encoding::Utf8 => {
            notes.push(encoding.name().to_owned());
        }
        _ => {}
    }
    notes.extend(length_note(field));
    notes.extend(unit_note(field));
    notes.extend(default_note(field));
    notes
}

/// What a value of the field must be, as short phrases.
pub(crate) fn limits(field: &Field) -> Vec<String> {
    let number = field.ty.number();
    let mut notes = number.map(limit_notes).unwrap_or_default();
    notes.extend(length_note(field));
    notes.extend(unit_note(field));
    notes.extend(default_note(field));
    notes
}

fn unit_note(field: &Field) -> Option<String> {
    match (field.scale, &field.unit) {
        (Some(scale), Some(unit)) => Some(format!("× {scale} {unit}")),
        (Some(scale), None) => Some(format!("× {scale}")),
        (None, Some(unit)) => Some(format!("in {unit}")),
        (None, None) => None,
    }
}

fn default_note(field: &Field) -> Option<String> {
    let default = field.default.as_ref()?;
    Some(format!("default {}", super::value::line(default)))
}

/// How many bytes or elements a field of varying length has.
fn length_note(field: &Field) -> Option<String> {
    let (min, max) = field.length?;
    let what = match field.ty {
        Type::Array { .. } => "element",
        _ => "byte",
    };
    let s = |count: u64| if count == 1 { "" } else { "s" };
    Some(match min {
        _ if max == u64::MAX => format!("at least {min} {what}{}", s(min)),
        0 => format!("at most {max} {what}{}", s(max)),
        _ => format!("{min}..={max} {what}s"),
    })
}

/// Since when something is there, and whether it should still be used.
pub(super) fn history_notes(history: &History) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(
        history
            .since
            .map(|version| format!("since version {version}")),
    );
    notes.extend(history.deprecated.as_ref().map(|text| match text.as_str() {
        "" => "deprecated".to_owned(),
        text => format!("deprecated: {text}"),
    }));
    notes
}

fn role_note(owner: &Struct, own: &Field) -> Option<String> {
    let name = |field: usize| {
        owner
            .fields
            .get(field)
            .map_or("?", |field| field.name.as_str())
    };
    Some(match &own.role {
        Role::Data => return None,
        Role::Reserved { strict: false } => "reserved, ignored when read".to_owned(),
        Role::Reserved { strict: true } => "reserved, must be 0".to_owned(),
        Role::Const(value) => format!("always {value:#x}"),
        Role::Derived(Derivation::Length { of, .. }) => match &owner.fields[*of].ty {
            Type::Array {
                extent: Extent::Counted(_),
                ..
            } => format!("counts {}", name(*of)),
            _ => format!("measures {}", name(*of)),
        },
        Role::Derived(Derivation::Presence { of, .. }) => format!("whether {} is there", name(*of)),
        Role::Derived(Derivation::Tag { of }) => format!("selects {}", name(*of)),
        Role::Derived(Derivation::Value(value)) => format!("is {}", expression(owner, value)),
        Role::Checksum(checksum) => {
            let over = match checksum.last() {
                Some(last) => format!("{} to {}", name(checksum.from), name(last)),
                None => "nothing".to_owned(),
            };
            let extra = checksum.extra;
            let extra = extra.map(|extra| format!(" and {extra:#04x}"));
            let algorithm = checksum.algorithm.name();
            format!(
                "{algorithm} checksum over {over}{}",
                extra.unwrap_or_default()
            )
        }
        Role::Size { excluded: 0 } if matches!(own.ty, Type::Varint(_)) => {
            "size of what follows".to_owned()
        }
        Role::Size { excluded } if matches!(own.ty, Type::Varint(_)) && *excluded > 0 => {
            format!("size of what follows less {excluded}")
        }
        Role::Size { excluded: 0 } => "size of the packet".to_owned(),
        Role::Size { excluded } if *excluded > 0 => {
            format!("size of the packet less {excluded}")
        }
        Role::Size { excluded } => {
            format!("size of the packet plus {}", excluded.unsigned_abs())
        }
        Role::Id(id) => format!("packet id, {id} here"),
    })
}

/// Bytes that an expression gives to the field, where its type does not say so.
fn size_note(owner: &Struct, field: &Field) -> Option<String> {
    let extent = match &field.ty {
        Type::Array { extent, .. } => Some(extent),
        _ => None,
    };
    match (&field.bound, extent) {
        (Some(Bound::Sized(size)), _) | (None, Some(Extent::Sized(size))) => {
            Some(format!("fills {} bytes", expression_operand(owner, size)))
        }
        (Some(Bound::Rest { .. }), _) => Some("fills the rest".to_owned()),
        _ => None,
    }
}

fn expression_operand(owner: &Struct, expr: &Expr) -> String {
    let text = expression(owner, expr);
    if text.contains(' ') {
        format!("({text})")
    } else {
        text
    }
}

fn scalar_notes(layout: &Layout, scalar: Scalar) -> Vec<String> {
    let mut notes = Vec::new();
    match scalar.kind {
        ScalarKind::Enum(id) => notes.push(format!("enum: u{}", layout.enumeration(id).bits)),
        ScalarKind::Flags(id) => notes.push(format!("flags: u{}", layout.flag_set(id).bits)),
        _ => {}
    }
    notes.extend(limit_notes(scalar));
    notes
}

fn limit_notes(scalar: Scalar) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some((min, max)) = scalar.range {
        notes.push(format!("{min}..={max}"));
    }
    if scalar.finite {
        notes.push("finite".to_owned());
    }
    notes
}

/// Sizes or offsets from `min` to `max`, written as a schema writes ranges.
pub(super) fn range(min: u64, max: Option<u64>) -> String {
    match max {
        Some(max) if max == min => min.to_string(),
        Some(max) => format!("{min}..={max}"),
        None => format!("{min}.."),
    }
}
