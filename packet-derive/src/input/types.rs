//! Rust's types as those of a schema.

use super::Context;
use packet_schema::diagnostic::{Span, Spanned};
use syn::{Expr, GenericArgument, Lit, PathArguments, Type};

/// What a type holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A number or a truth value; the type's name is the same in Rust and in a schema.
    Number(&'static str),
    /// `[u8; N]`
    Fixed(u64),
    /// `Vec<u8>` or `&[u8]`
    Bytes(Held),
    /// `String` or `&str`
    Text(Held),
    /// `Vec` of these numbers.
    Array(&'static str),
}

/// Who has the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// The struct itself.
    Owned,
    /// Whoever lends the packet: they are the bytes on the wire.
    Borrowed,
}

/// A field's type.
pub(super) struct FieldType {
    pub(super) shape: Spanned<Shape>,
    /// Where the `Option` around it stands, if there is one.
    pub(super) optional: Option<Span>,
}

/// The numbers that have the same name in Rust and in a schema.
const NUMBERS: &[&str] = &[
    "u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64", "i128", "f32", "f64", "bool",
];

/// Reads a field's type. Only its last name counts: a macro cannot see what a name stands for.
///
/// Raises P0702 (a type that has no meaning on the wire).
pub(super) fn read(ty: &Type, context: &mut Context) -> Option<FieldType> {
    let (optional, inner) = match argument_of("Option", ty) {
        Some(inner) => (Some(context.spans.place(ty)), inner),
        None => (None, ty),
    };
    let span = context.spans.place(inner);
    let Some(shape) = shape(inner) else {
        let text = quote::quote!(#inner).to_string();
        context.error(
            "P0702",
            span,
            format!("`{}` cannot be a field of a packet", tidy(&text)),
            HELP,
        );
        return None;
    };
    Some(FieldType {
        shape: Spanned::new(shape, span),
        optional,
    })
}

const HELP: &str = "fields are `u8` to `u128`, `i8` to `i128`, `f32`, `f64`, `bool`, `[u8; 4]` with a number for the \
     length, `Vec<u8>`, `&[u8]`, `String`, `&str`, `Vec` of those numbers, and `Option` of all these";

fn shape(ty: &Type) -> Option<Shape> {
    match ty {
        Type::Paren(inner) => shape(&inner.elem),
        Type::Group(inner) => shape(&inner.elem),
        Type::Array(array) if number(&array.elem)? == "u8" => match &array.len {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(count) => count.base10_parse().ok().map(Shape::Fixed),
                _ => None,
            },
            _ => None,
        },
        Type::Reference(reference) if reference.mutability.is_none() => match &*reference.elem {
            Type::Slice(slice) => {
                (number(&slice.elem)? == "u8").then_some(Shape::Bytes(Held::Borrowed))
            }
            Type::Path(_) => {
                (last_name(&reference.elem)? == "str").then_some(Shape::Text(Held::Borrowed))
            }
            _ => None,
        },
        Type::Path(_) => {
            if let Some(number) = number(ty) {
                return Some(Shape::Number(number));
            }
            if let Some(element) = argument_of("Vec", ty) {
                return Some(match number(element)? {
                    "u8" => Shape::Bytes(Held::Owned),
                    number => Shape::Array(number),
                });
            }
            (last_name(ty)? == "String").then_some(Shape::Text(Held::Owned))
        }
        _ => None,
    }
}

fn number(ty: &Type) -> Option<&'static str> {
    let name = last_name(ty)?;
    NUMBERS.iter().copied().find(|number| name == number)
}

/// The last name of a path without arguments.
fn last_name(ty: &Type) -> Option<&syn::Ident> {
    let Type::Path(path) = unwrapped(ty) else {
        return None;
    };
    let last = path.path.segments.last()?;
    (path.qself.is_none() && last.arguments.is_none()).then_some(&last.ident)
}

/// `T` of `name<T>`.
fn argument_of<'a>(name: &str, ty: &'a Type) -> Option<&'a Type> {
    let Type::Path(path) = unwrapped(ty) else {
        return None;
    };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    let mut arguments = arguments.args.iter();
    match (arguments.next(), arguments.next()) {
        (Some(GenericArgument::Type(argument)), None) if last.ident == name => Some(argument),
        _ => None,
    }
}

/// The type without parentheses, and without the invisible ones of a `macro_rules!` macro.
fn unwrapped(ty: &Type) -> &Type {
    match ty {
        Type::Paren(inner) => unwrapped(&inner.elem),
        Type::Group(inner) => unwrapped(&inner.elem),
        _ => ty,
    }
}

/// Tokens as people write types.
fn tidy(tokens: &str) -> String {
    tokens
        .replace(" < ", "<")
        .replace(" >", ">")
        .replace(" :: ", "::")
        .replace("& ", "&")
        .replace(" ;", ";")
        .replace(" ,", ",")
}
