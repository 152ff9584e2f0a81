//! Fields that are on the wire but not in the struct: `name: type`, `name: type = value`, `_: type`.

use super::Context;
use super::attribute::{self, Keys};
use super::outside::{self, StandIn};
use packet_schema::diagnostic::{Span, Spanned};
use packet_schema::parse::word;
use packet_schema::syntax::{Checksum, Field, FieldKind, HeaderRole, TypeExpr};
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::parse::Parser;

/// The fields of `key(…)`.
pub(super) fn fields(key: &'static str, keys: &mut Keys, context: &mut Context) -> Vec<Field> {
    let items = keys.list(key, context).unwrap_or_default().1;
    items
        .into_iter()
        .filter_map(|item| field(item, context))
        .collect()
}

/// Reads one field, with attributes in front of it if need be. Its value is a constant; a checksum,
/// `= internet(first, last)`; or computed, `= len(data) * 2`.
///
/// Raises P0704 (another form), P0108, P0109 (not a type).
pub(super) fn field(item: TokenStream, context: &mut Context) -> Option<Field> {
    let place = context.spans.place(&item);
    let parts = |input: syn::parse::ParseStream<'_>| {
        Ok((syn::Attribute::parse_outer(input)?, input.parse()?))
    };
    let Ok((found, item)): Result<(Vec<syn::Attribute>, TokenStream), _> = parts.parse2(item)
    else {
        return malformed(place, context);
    };
    let mut keys = Keys::read("a field on the wire", &found, context);
    let mut attributes = super::field::attributes(&found, &mut keys, context);
    attributes.strict = keys.flag("strict", context);
    attributes.role = keys.text("role", context).and_then(|text| {
        let roles = [("size", HeaderRole::Size), ("id", HeaderRole::Id)];
        word::one_of(&text, "`role`", &roles, &mut context.diagnostics)
    });
    let repr = keys.text("type", context);
    keys.finish(context);
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
    let ty = if let Some(repr) = repr {
        named(ty, &repr, place, context)?
    } else {
        let ty = context.spans.text(ty);
        word::type_expr(&ty, ty.span.start, &mut context.diagnostics)?
    };
    match value.as_slice() {
        [] => {}
        [algorithm @ .., TokenTree::Group(range)] if is_checksum(algorithm, range) => {
            attributes.checksum = Some(checksum(algorithm, range, place, context)?);
        }
        _ => {
            let text = context.spans.text(value.into_iter().collect());
            if is_constant(&text.value) {
                attributes.constant = Some(text);
            } else {
                let start = text.span.start;
                attributes.value = Some(word::expression(&text, start, &mut context.diagnostics)?);
            }
        }
    }
    Some(Field {
        name,
        kind: FieldKind::Type(ty),
        attributes: attributes.into(),
    })
}

/// What stands for an enum or flags that another item defines, which are the number `repr` on the wire.
fn named(
    ty: TokenStream,
    repr: &Spanned<String>,
    place: Span,
    context: &mut Context,
) -> Option<Spanned<TypeExpr>> {
    let span = context.spans.place(&ty);
    let repr = word::type_expr(repr, repr.span.start, &mut context.diagnostics)?;
    let Ok(ty) = syn::parse2(ty) else {
        return malformed(place, context);
    };
    let name = context
        .strangers
        .name(&ty, &StandIn::Named(repr.value), span);
    Some(Spanned::new(outside::type_expr(&name, None, span), span))
}

fn is_equals(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '=')
}

/// Whether this is a number or a truth value, and nothing is computed.
fn is_constant(text: &str) -> bool {
    let digits = text.trim_start_matches('-');
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '.');
    is_number || text == "true" || text == "false"
}

/// Whether `name(…)` is a checksum: it has a list of fields, or is called like no function.
fn is_checksum(name: &[TokenTree], range: &Group) -> bool {
    let function = |name: &Ident| {
        ["len", "size", "present", "not"]
            .iter()
            .any(|known| name == known)
    };
    range.delimiter() == Delimiter::Parenthesis
        && !name.is_empty()
        && (attribute::split(range.stream()).len() > 1
            || matches!(name, [TokenTree::Ident(name)] if !function(name)))
}

/// `internet(first, last)`, `crc16_mcrf4xx(first, last, extra = 50)`.
fn checksum(
    algorithm: &[TokenTree],
    range: &Group,
    place: Span,
    context: &mut Context,
) -> Option<Spanned<Checksum>> {
    let items: Vec<Vec<TokenTree>> = attribute::split(range.stream())
        .into_iter()
        .map(|item| item.into_iter().collect())
        .collect();
    let (from, to, extra) = match items.as_slice() {
        [from, to] => (from, to, None),
        [from, to, extra] => (from, to, Some(extra)),
        _ => return malformed(place, context),
    };
    let ([TokenTree::Ident(from)], [TokenTree::Ident(to)]) = (from.as_slice(), to.as_slice())
    else {
        return malformed(place, context);
    };
    // Rust has no `-` in names, but the catalogue has.
    let algorithm = context.spans.text(algorithm.iter().cloned().collect());
    let algorithm = algorithm.map(|name| name.replace('_', "-"));
    let extra = match extra.map(Vec::as_slice) {
        None => None,
        Some([TokenTree::Ident(key), equals, number @ ..])
            if key == "extra" && is_equals(equals) =>
        {
            let number = context.spans.text(number.iter().cloned().collect());
            Some(word::unsigned(
                &number,
                "`extra`",
                &mut context.diagnostics,
            )?)
        }
        Some(_) => return malformed(place, context),
    };
    let mut name = |ident: &Ident| context.spans.spanned(ident.to_string(), ident);
    let checksum = Checksum {
        algorithm,
        over: Some((name(from), name(to))),
        extra,
    };
    Some(Spanned::new(checksum, place))
}

fn malformed<T>(place: Span, context: &mut Context) -> Option<T> {
    context.error(
        "P0704",
        place,
        "this is not a field",
        "write `name: type`, `name: type = constant`, `name: type = internet(first, last)` for a checksum, \
         `name: type = len(data) * 2` for what is computed, or `_: type` for reserved bits",
    );
    None
}
