//! Types of fields that other items define, of which a macro sees the name alone.
//!
//! In: such a type, and what the user says about it. Out: a stand-in in the schema of the same place and the same
//! meaning to the rules: a struct of as many bytes as were said or of one, a struct that takes the rest, or flags
//! of the width that was said. What the type really is, the compiler compares with that later.

use packet_schema::diagnostic::{Span, Spanned};
use packet_schema::model::Unknown;
use packet_schema::syntax::{
    Attributes, Expr, ExprOp, Field, FieldKind, History, Named, Order, Suffix, Target, TypeBody,
    TypeDef, TypeExpr,
};
use packetc::backend::rust::Outside;
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;

/// What stands for a type.
#[derive(Clone, Debug)]
pub(crate) enum StandIn {
    /// A struct that always has this many bytes.
    Fixed(u64),
    /// A struct that ends by itself.
    Open,
    /// A struct that takes everything up to the end.
    Rest,
    /// An enum or flags of this integer type.
    Named(TypeExpr),
}

/// The stand-ins that an item has so far.
#[derive(Default)]
pub(crate) struct Strangers {
    /// Their definitions.
    pub(crate) types: Vec<TypeDef>,
    /// What they stand for.
    pub(crate) outside: Outside,
    /// The type and the kind of each definition, to have one for equal ones.
    known: Vec<String>,
    /// Names that they cannot have.
    taken: Vec<String>,
}

impl Strangers {
    /// Keeps the name of the item itself.
    pub(crate) fn take(&mut self, name: String) {
        self.taken.push(name);
    }

    /// Whether a type is the item itself. Under another name it can be, which the compiler finds.
    pub(crate) fn is_item(&self, ty: &syn::Type) -> bool {
        let syn::Type::Path(path) = super::types::unwrapped(ty) else {
            return false;
        };
        let mut segments = path.path.segments.iter();
        match (segments.next(), segments.next()) {
            (Some(name), None) => self.taken.first().is_some_and(|own| name.ident == own),
            _ => false,
        }
    }

    /// The name in the schema of what stands for `ty`, which is written at `span`.
    pub(crate) fn name(&mut self, ty: &syn::Type, kind: &StandIn, span: Span) -> String {
        let tokens = anywhere(ty);
        let known = match kind {
            StandIn::Named(repr) => format!("{tokens} {}", repr.name.value),
            kind => format!("{tokens} {kind:?}"),
        };
        if let Some(at) = self.known.iter().position(|other| *other == known) {
            return self.types[at].name.value.clone();
        }
        let base = last_name(ty).unwrap_or_default();
        let is_word = base.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let base = if is_word && base.starts_with(|c: char| c.is_ascii_uppercase()) {
            base
        } else {
            "Type".to_owned()
        };
        let names = (1..).map(|number: usize| match number {
            1 => base.clone(),
            number => format!("{base}{number}"),
        });
        let name = names
            .into_iter()
            .find(|name| !self.taken.contains(name))
            .unwrap_or_default();
        self.taken.push(name.clone());
        self.known.push(known);
        self.outside.types.insert(name.clone(), tokens);
        self.types.push(TypeDef {
            name: Spanned::new(name.clone(), span),
            import: String::new(),
            doc: None,
            order: Order::default(),
            body: body(kind, span),
        });
        name
    }
}

/// A type as it is called where no lifetime is known: with `'static` for all that are in it.
pub(crate) fn anywhere(ty: &syn::Type) -> TokenStream {
    everlasting(ty.to_token_stream())
}

fn everlasting(tokens: TokenStream) -> TokenStream {
    let mut quote = false;
    let replace = |token| {
        let is_lifetime = std::mem::take(&mut quote);
        match token {
            TokenTree::Ident(ident) if is_lifetime => Ident::new("static", ident.span()).into(),
            TokenTree::Group(group) => {
                let mut replaced = Group::new(group.delimiter(), everlasting(group.stream()));
                replaced.set_span(group.span());
                replaced.into()
            }
            token => {
                quote = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\'');
                token
            }
        }
    };
    tokens.into_iter().map(replace).collect()
}

fn last_name(ty: &syn::Type) -> Option<String> {
    let syn::Type::Path(path) = super::types::unwrapped(ty) else {
        return None;
    };
    Some(path.path.segments.last()?.ident.to_string())
}

fn body(kind: &StandIn, span: Span) -> TypeBody {
    let (name, suffix, attributes) = match kind {
        StandIn::Named(repr) => {
            let bit = Named {
                name: Spanned::new("first".to_owned(), span),
                value: Spanned::new(0, span),
                doc: None,
                history: History::default(),
            };
            return TypeBody::Flags {
                repr: Spanned::new(repr.clone(), span),
                unknown: Unknown::Keep,
                bits: vec![bit],
            };
        }
        StandIn::Fixed(size) => {
            let op = ExprOp::Int((*size).into());
            (
                "bytes",
                Some(Suffix::Count(Expr { op, span })),
                Attributes::default(),
            )
        }
        StandIn::Rest => ("bytes", Some(Suffix::Rest), Attributes::default()),
        StandIn::Open => {
            // One byte, whose place depends on what was read.
            let max = Some(Spanned::new(0, span));
            (
                "cstring",
                None,
                Attributes {
                    max,
                    ..Attributes::default()
                },
            )
        }
    };
    TypeBody::Struct(vec![Field {
        name: Spanned::new("content".to_owned(), span),
        kind: FieldKind::Type(Spanned::new(type_expr(name, suffix, span), span)),
        attributes: attributes.into(),
    }])
}

/// Whether a definition stands for a struct whose size is not known.
pub(crate) fn is_open(definition: &TypeDef) -> bool {
    match &definition.body {
        TypeBody::Struct(fields) => fields.iter().all(|field| match &field.kind {
            FieldKind::Type(ty) => {
                let counted = ty.value.suffixes.first();
                !counted.is_some_and(|suffix| matches!(suffix.value, Suffix::Count(_)))
            }
            _ => true,
        }),
        _ => false,
    }
}

/// A type with this name.
pub(crate) fn type_expr(name: &str, suffix: Option<Suffix>, span: Span) -> TypeExpr {
    TypeExpr {
        name: Spanned::new(name.to_owned(), span),
        target: Target::Written,
        suffixes: suffix
            .map(|suffix| Spanned::new(suffix, span))
            .into_iter()
            .collect(),
    }
}
