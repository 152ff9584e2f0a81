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
    /// `[T; N]` of these numbers.
    FixedArray(&'static str, u64),
    /// A type that another item defines.
    Other,
    /// `Vec` of such a type.
    List,
    /// `[T; N]` of such a type.
    FixedList(u64),
}

impl Shape {
    /// Whether it is `[T; N]`, with elements that are no bytes.
    pub(crate) fn is_array(self) -> bool {
        matches!(self, Self::FixedArray(..) | Self::FixedList(_))
    }
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
pub(crate) struct FieldType {
    pub(crate) shape: Spanned<Shape>,
    /// Where the `Option` around it stands, if there is one.
    pub(crate) optional: Option<Span>,
    /// The type that another item defines, if there is one.
    pub(crate) other: Option<Type>,
}

/// Types of Rust that would be taken for somebody's own.
const FOREIGN: &[&str] = &[
    "Arc",
    "BTreeMap",
    "BTreeSet",
    "Box",
    "Bytes",
    "Cell",
    "Cow",
    "HashMap",
    "HashSet",
    "Mutex",
    "Option",
    "PathBuf",
    "PhantomData",
    "Rc",
    "RefCell",
    "Self",
    "Vec",
    "VecDeque",
    "char",
    "f16",
    "f128",
    "isize",
    "str",
    "String",
    "usize",
];

/// The numbers that have the same name in Rust and in a schema.
const NUMBERS: &[&str] = &[
    "u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64", "i128", "f32", "f64", "bool",
];

/// Reads a field's type. Only its last name counts: a macro cannot see what a name stands for.
///
/// Raises P0702 (a type that has no meaning on the wire).
pub(crate) fn read(ty: &Type, context: &mut Context) -> Option<FieldType> {
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
    let other = match shape {
        Shape::Other => Some(unwrapped(inner).clone()),
        Shape::List => argument_of("Vec", inner).cloned(),
        Shape::FixedList(_) => element_of(inner).cloned(),
        _ => None,
    };
    Some(FieldType {
        shape: Spanned::new(shape, span),
        optional,
        other,
    })
}

const HELP: &str = "fields are `u8` to `u128`, `i8` to `i128`, `f32`, `f64`, `bool`, `[u8; 4]` with a number for the \
     length, `Vec<u8>`, `&[u8]`, `String`, `&str`, types with `#[derive(Packet)]`, `Vec<T>` and `[T; 4]` of those \
     numbers and types, and `Option` of all these";

/// `T` of `[T; N]`.
fn element_of(ty: &Type) -> Option<&Type> {
    match unwrapped(ty) {
        Type::Array(array) => Some(&array.elem),
        _ => None,
    }
}

/// The type if another item may define it.
pub(super) fn read_other(ty: &Type) -> Option<&Type> {
    (shape(ty)? == Shape::Other).then(|| unwrapped(ty))
}

/// Whether another item may define the type: it is a path with no parameters but lifetimes.
fn is_other(ty: &Type) -> bool {
    let Type::Path(path) = unwrapped(ty) else {
        return false;
    };
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    let lifetimes = match &last.arguments {
        PathArguments::None => true,
        PathArguments::AngleBracketed(arguments) => {
            let mut arguments = arguments.args.iter();
            arguments.all(|argument| matches!(argument, GenericArgument::Lifetime(_)))
        }
        PathArguments::Parenthesized(_) => false,
    };
    path.qself.is_none() && lifetimes && !FOREIGN.iter().any(|name| last.ident == name)
}

fn shape(ty: &Type) -> Option<Shape> {
    match ty {
        Type::Paren(inner) => shape(&inner.elem),
        Type::Group(inner) => shape(&inner.elem),
        Type::Array(array) => {
            let Expr::Lit(literal) = &array.len else {
                return None;
            };
            let Lit::Int(count) = &literal.lit else {
                return None;
            };
            let count = count.base10_parse().ok()?;
            match number(&array.elem) {
                Some("u8") => Some(Shape::Fixed(count)),
                Some(number) => Some(Shape::FixedArray(number, count)),
                None => is_other(&array.elem).then_some(Shape::FixedList(count)),
            }
        }
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
                return match number(element) {
                    Some("u8") => Some(Shape::Bytes(Held::Owned)),
                    Some(number) => Some(Shape::Array(number)),
                    None => is_other(element).then_some(Shape::List),
                };
            }
            if last_name(ty).is_some_and(|name| name == "String") {
                return Some(Shape::Text(Held::Owned));
            }
            is_other(ty).then_some(Shape::Other)
        }
        _ => None,
    }
}

/// The number that a type is.
pub(crate) fn number(ty: &Type) -> Option<&'static str> {
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
pub(super) fn unwrapped(ty: &Type) -> &Type {
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
