//! Fields that are on the wire but not in the struct: `name: type`, `name: type = value`, `_: type`.

use super::Context;
use super::attribute::Keys;
use packet_schema::diagnostic::{Span, Spanned};
use packet_schema::parse::word;
use packet_schema::syntax::{Attributes, Checksum, Field, FieldKind};
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// The fields of `key(…)`.
pub(super) fn fields(key: &'static str, keys: &mut Keys, context: &mut Context) -> Vec<Field> {
    let items = keys.list(key, context).unwrap_or_default().1;
    items
        .into_iter()
        .filter_map(|item| field(item, context))
        .collect()
}

/// Reads one field. Its value is a constant, or a checksum: `= internet(first, last)`.
///
/// Raises P0704 (another form), P0108, P0109 (not a type).
pub(super) fn field(item: TokenStream, context: &mut Context) -> Option<Field> {
    let place = context.spans.place(&item);
    let mut tokens = item.into_iter();
    let (Some(TokenTree::Ident(name)), Some(TokenTree::Punct(colon))) =
        (tokens.next(), tokens.next())
    else {
        return malformed(place, context);
    };
    if colon.as_char() != ':' {
        return malformed(place, context);
    }
    let name = context.spans.spanned(name.to_string(), &name);
    let ty: TokenStream = tokens
        .by_ref()
        .take_while(|token| !is_equals(token))
        .collect();
    let value: Vec<TokenTree> = tokens.collect();
    if ty.is_empty() {
        return malformed(place, context);
    }
    let ty = context.spans.text(ty);
    let ty = word::type_expr(&ty, ty.span.start, &mut context.diagnostics)?;
    let mut attributes = Attributes::default();
    match value.as_slice() {
        [] => {}
        [TokenTree::Ident(algorithm), TokenTree::Group(range)]
            if range.delimiter() == Delimiter::Parenthesis =>
        {
            attributes.checksum = Some(checksum(algorithm, range, place, context)?);
        }
        _ => attributes.constant = Some(context.spans.text(value.into_iter().collect())),
    }
    Some(Field {
        name,
        kind: FieldKind::Type(ty),
        attributes: attributes.into(),
    })
}

fn is_equals(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '=')
}

/// `internet(first, last)`, or a CRC such as `crc16_modbus(first, last)`.
fn checksum(
    algorithm: &Ident,
    range: &Group,
    place: Span,
    context: &mut Context,
) -> Option<Spanned<Checksum>> {
    let range: Vec<TokenTree> = range.stream().into_iter().collect();
    let [
        TokenTree::Ident(from),
        TokenTree::Punct(comma),
        TokenTree::Ident(to),
    ] = range.as_slice()
    else {
        return malformed(place, context);
    };
    if comma.as_char() != ',' {
        return malformed(place, context);
    }
    // Rust has no `-` in names.
    let algorithm = context
        .spans
        .spanned(algorithm.to_string().replace('_', "-"), algorithm);
    let mut name = |ident: &Ident| context.spans.spanned(ident.to_string(), ident);
    let checksum = Checksum {
        algorithm,
        over: Some((name(from), name(to))),
        extra: None,
    };
    Some(Spanned::new(checksum, place))
}

fn malformed<T>(place: Span, context: &mut Context) -> Option<T> {
    context.error(
        "P0704",
        place,
        "this is not a field",
        "write `name: type`, `name: type = constant`, `name: type = internet(first, last)` for a checksum, or `_: type` for reserved bits",
    );
    None
}
