//! Compares a layout with the struct that is to hold its values.
//!
//! The stages before know the wire and do not care who holds what. Here it must come out even: what
//! follows from other fields is not in the struct, what does not is, and every number fits its type.
//!
//! Raises P0708 (a field that is on the wrong side), P0709 (a type that does not hold what is on the wire).

use crate::input::{Held, Origin, Shape};
use packet_schema::diagnostic::{Diagnostic, Diagnostics, Spanned};
use packet_schema::layout::{
    Derivation, Encoding, Extent, Field, Role, Scalar, ScalarKind, Struct, Type,
};

/// Compares the fields of `body` between its header and its trailer with `origins`; the others are on the
/// wire only.
///
/// Those of `header` are in the struct too, though the header says what they are on the wire.
pub(crate) fn check(
    body: &Struct,
    origins: &[Origin],
    header: &[(Spanned<String>, Spanned<Shape>)],
    diagnostics: &mut Diagnostics,
) {
    let framed = |index: usize| {
        index < body.header_fields || index >= body.fields.len().saturating_sub(body.trailer_fields)
    };
    for (name, _) in header {
        let mut fields = body.fields.iter().enumerate();
        if !fields.any(|(index, field)| framed(index) && field.name == name.value) {
            let message = format!("there is no `{}` in the header", name.value);
            diagnostics.push(Diagnostic::error("P0708", name.span, message).help(format!(
                "write it there, as in `header(size: u16, id: u16, {}: u32)`, or leave `header` out",
                name.value
            )));
        }
    }
    let own = body.fields.len().saturating_sub(body.trailer_fields);
    for (index, field) in body.fields.iter().enumerate() {
        let place = index
            .checked_sub(body.header_fields)
            .filter(|_| index < own);
        let problem = match place.and_then(|place| origins.get(place)) {
            Some(Origin::Struct(shape)) if field.role.is_data() => holds(field, *shape),
            Some(Origin::Struct(_)) => Some(computed(body, field)),
            Some(Origin::Wire) => wire(field, true),
            None => match header.iter().find(|(name, _)| name.value == field.name) {
                Some((_, shape)) if field.role.is_data() => holds(field, *shape),
                Some(_) => Some(computed(body, field)),
                None => wire(field, false),
            },
        };
        if let Some(problem) = problem {
            diagnostics.push(problem);
        }
    }
}

/// What is on the wire only must follow from something; `own` if it is no part of the frame.
fn wire(field: &Field, own: bool) -> Option<Diagnostic> {
    field.role.is_data().then(|| {
        let name = &field.name;
        if !own {
            return Diagnostic::error("P0708", field.span, format!("nothing says what to write into `{name}`"))
                .help(format!(
                    "make it a constant, `{name}: TYPE = 1`, or reserved, `_: TYPE`; or give the struct a field \
                     `#[packet(header)] {name}: TYPE`"
                ));
        }
        Diagnostic::error("P0708", field.span, format!("nothing says what to write into `{name}`"))
            .help(format!(
                "make it a field of the struct; or a constant, `{name}: TYPE = 1`; or a length or condition of \
                 another field, as in `count = \"{name}\"`, `when = \"{name}\"`"
            ))
    })
}

fn computed(body: &Struct, field: &Field) -> Diagnostic {
    let name = &field.name;
    let problem = Diagnostic::error(
        "P0708",
        field.span,
        format!("`{name}` follows from another field"),
    )
    .help(format!(
        "only bytes have it, the struct does not: write `wire({name}: TYPE)` at the next field"
    ));
    match &field.role {
        Role::Derived(
            Derivation::Length { of, .. }
            | Derivation::Presence { of, .. }
            | Derivation::Tag { of },
        ) => problem.also(body.fields[*of].span, "from this one"),
        _ => problem,
    }
}

/// Whether the Rust type `shape` holds what the field does.
fn holds(field: &Field, shape: Spanned<Shape>) -> Option<Diagnostic> {
    let (ty, declared) = match (&field.ty, shape.value) {
        (ty, Shape::Number(declared)) => (ty, declared),
        (Type::Array { element, .. }, Shape::Array(declared) | Shape::FixedArray(declared, _)) => {
            (&**element, declared)
        }
        (Type::Text(_, Encoding::Latin1 | Encoding::Utf16(_)), Shape::Text(Held::Borrowed)) => {
            return Some(
                Diagnostic::error(
                    "P0709",
                    shape.span,
                    "this encoding is another one than that of `str`, so that nothing can be borrowed",
                )
                .help("write `String`"),
            );
        }
        (Type::Bytes(Extent::Fixed(count)), Shape::Bytes(_)) => {
            return Some(
                Diagnostic::error(
                    "P0709",
                    shape.span,
                    format!("this is always {count} bytes long"),
                )
                .help(format!("write `[u8; {count}]` without `count`")),
            );
        }
        _ => return None,
    };
    let fits = in_rust(ty.number()?);
    (fits != declared).then(|| {
        let wire = on_the_wire(ty);
        Diagnostic::error(
            "P0709",
            shape.span,
            format!("`{wire}` on the wire is `{fits}` in Rust, not `{declared}`"),
        )
        .help(format!("write `{fits}`, or another `type`"))
    })
}

/// A number's type as it is written in a schema.
pub(crate) fn on_the_wire(ty: &Type) -> String {
    let scalar = match ty {
        Type::Scalar(scalar) => scalar,
        Type::Varint(varint) if varint.signed => return "zigzag".to_owned(),
        // There is no other number.
        _ => return "varint".to_owned(),
    };
    let letter = match scalar.kind {
        ScalarKind::Bool if scalar.bits == 1 => return "bit".to_owned(),
        ScalarKind::Bool => return "bool".to_owned(),
        ScalarKind::Float => 'f',
        ScalarKind::Signed => 'i',
        ScalarKind::Unsigned | ScalarKind::Enum(_) | ScalarKind::Flags(_) => 'u',
    };
    format!("{letter}{}", scalar.bits)
}

/// The Rust type of a number: the narrowest that holds it.
pub(crate) fn in_rust(scalar: Scalar) -> &'static str {
    let widths = match scalar.kind {
        ScalarKind::Bool => return "bool",
        ScalarKind::Float if scalar.bits == 32 => return "f32",
        ScalarKind::Float => return "f64",
        ScalarKind::Signed => ["i8", "i16", "i32", "i64", "i128"],
        ScalarKind::Unsigned | ScalarKind::Enum(_) | ScalarKind::Flags(_) => {
            ["u8", "u16", "u32", "u64", "u128"]
        }
    };
    let width = scalar.bits.div_ceil(8).next_power_of_two().trailing_zeros();
    widths[width as usize]
}
