//! Fields: their types, choices and attributes.

use super::mapping::Mapping;
use super::scalar::{
    boolean, expression, factor, one_of, range, signed, text, type_expr, unsigned, value,
};
use super::yaml::{Kind, Node};
use super::{doc, history, keys, order, word};
use crate::check::{MAX_ENTRIES, too_many};
use crate::diagnostic::{Diagnostic, Diagnostics, Spanned};
use crate::syntax::{
    Attributes, Case, Checksum, Counts, Field, FieldKind, HeaderRole, Match, Otherwise, Said,
    TypeExpr,
};

/// A list of fields.
///
/// Raises P0104 (not a list), P0321 (too many) and what [`field`] raises.
pub(super) fn fields(node: Node, what: &str, diagnostics: &mut Diagnostics) -> Vec<Field> {
    let found = node.describe();
    if let Kind::Sequence(items) = node.kind {
        if items.len() > MAX_ENTRIES {
            let what = format!("the {} fields here", items.len());
            diagnostics.push(too_many(&what, node.span));
            return Vec::new();
        }
        let mut fields: Vec<Field> = items
            .into_iter()
            .filter_map(|item| {
                // Who has so many mistakes has not seen the end of the first ones.
                (!diagnostics.is_full()).then(|| field(item, diagnostics))?
            })
            .collect();
        fields.shrink_to_fit();
        fields
    } else {
        diagnostics.push(
            Diagnostic::error(
                "P0104",
                node.span,
                format!("{what} is a list of fields, this is {found}"),
            )
            .help("put `- ` in front of each field: the order of a list is the order on the wire"),
        );
        Vec::new()
    }
}

/// `name: TYPE` or `name: { type: TYPE, … }` or `name: { match: FIELD, cases: { … } }`.
///
/// Raises P0118 (not one name and one type), P0119 (no type).
pub(super) fn field(node: Node, diagnostics: &mut Diagnostics) -> Option<Field> {
    let mut map = Mapping::new(node, "a field", diagnostics)?;
    let span = map.span;
    let mut entries = map.take_all().into_iter();
    let (Some((name, node)), None) = (entries.next(), entries.next()) else {
        diagnostics.push(
            Diagnostic::error("P0118", span, "a field is one `name: TYPE`")
                .help("write what else there is to say as `name: { type: TYPE, … }`, and each field with its own `- `"),
        );
        return None;
    };
    let gaps = diagnostics.gaps();
    let (kind, attributes) = described(&name, node, diagnostics);
    if kind.is_none() || diagnostics.gaps() != gaps {
        diagnostics.note_partial(name.span);
    }
    Some(Field {
        name,
        kind: kind.unwrap_or(FieldKind::Unread),
        attributes,
    })
}

/// What is said about a field.
fn described(
    name: &Spanned<String>,
    node: Node,
    diagnostics: &mut Diagnostics,
) -> (Option<FieldKind>, Said) {
    if let Kind::Scalar { .. } = node.kind {
        let kind = type_expr(node, diagnostics).map(FieldKind::Type);
        return (kind, Said::default());
    }
    let Some(map) = Mapping::new(node, "a field's description", diagnostics) else {
        return (None, Said::default());
    };
    let chosen = map.has("match");
    let mut map = map.keyed(if chosen { &keys::VARIANT } else { &keys::FIELD });
    let attributes = Said::from(attributes(&mut map, diagnostics));
    let tag = if chosen { map.take("match") } else { None };
    let kind = if let Some(node) = tag {
        choice(node, &mut map, diagnostics).map(FieldKind::Match)
    } else if let Some(node) = map.take("type") {
        type_expr(node, diagnostics).map(FieldKind::Type)
    } else {
        let problem = Diagnostic::error("P0119", name.span, format!("`{}` has no type", name.value))
            .help("write `name: TYPE`, `name: { type: TYPE, … }` or `name: { match: FIELD, cases: { … } }`");
        map.without(&["type", "match"], "a field", problem, diagnostics);
        return (None, attributes);
    };
    map.finish("a field", diagnostics);
    (kind, attributes)
}

fn choice(tag: Node, map: &mut Mapping, diagnostics: &mut Diagnostics) -> Option<Match> {
    let tag = text(tag, "`match`", diagnostics);
    let guard = map
        .take("guard")
        .and_then(|node| expression(node, "`guard`", diagnostics));
    let mut otherwise = Otherwise::Reject;
    let mut cases = Vec::new();
    let written = map.take("cases");
    let tag = tag?;
    let Some(node) = written else {
        diagnostics.push(
            Diagnostic::error("P0119", tag.span, "`match` needs `cases`")
                .help("write `cases: { VALUE: TYPE, else: TYPE }`"),
        );
        return None;
    };
    let listed = Mapping::new(node, "`cases`", diagnostics)?.take_all();
    if listed.len() > MAX_ENTRIES {
        let what = format!("the {} cases here", listed.len());
        diagnostics.push(too_many(&what, tag.span));
        return None;
    }
    for (key, node) in listed {
        if key.value == crate::model::ELSE {
            match &node.kind {
                Kind::Scalar { text, .. } if text == "reject" => {}
                Kind::Scalar { text, .. } if text == "skip" => {
                    otherwise = Otherwise::Skip(node.span);
                }
                _ => {
                    if let Some((ty, _, attributes)) = case(node, diagnostics) {
                        otherwise = Otherwise::Type(ty, attributes);
                    }
                }
            }
            continue;
        }
        if let Some((ty, name, attributes)) = case(node, diagnostics) {
            cases.push(Case {
                key,
                ty,
                name,
                attributes,
            });
        }
    }
    Some(Match {
        tag,
        guard,
        cases,
        otherwise,
    })
}

/// `TYPE` or `{ type: TYPE, name: NAME, … }`.
fn case(
    node: Node,
    diagnostics: &mut Diagnostics,
) -> Option<(Spanned<TypeExpr>, Option<Spanned<String>>, Said)> {
    let Kind::Mapping(_) = node.kind else {
        return Some((type_expr(node, diagnostics)?, None, Said::default()));
    };
    let mut map = Mapping::new(node, "a case", diagnostics)?.keyed(&keys::CASE);
    let name = map
        .take("name")
        .and_then(|node| text(node, "`name`", diagnostics));
    let attributes = Said::from(attributes(&mut map, diagnostics));
    let ty = map
        .take("type")
        .and_then(|node| type_expr(node, diagnostics));
    map.finish("a case", diagnostics);
    Some((ty?, name, attributes))
}

/// The attributes in a map.
pub(super) fn attributes(map: &mut Mapping, diagnostics: &mut Diagnostics) -> Attributes {
    Attributes {
        doc: doc(map, diagnostics),
        history: history(map, diagnostics),
        unit: map
            .take("unit")
            .and_then(|node| text(node, "`unit`", diagnostics))
            .map(|unit| unit.value),
        scale: map
            .take("scale")
            .and_then(|node| factor(node, "`scale`", diagnostics)),
        order: order(map, diagnostics),
        constant: map
            .take("const")
            .and_then(|node| text(node, "`const`", diagnostics)),
        default: map.take("default").map(|node| {
            let span = node.span;
            Spanned::new(value(node, diagnostics), span)
        }),
        strict: map
            .take("strict")
            .and_then(|node| boolean(node, "`strict`", diagnostics)),
        range: map.take("range").and_then(|node| range(node, diagnostics)),
        canonical: map
            .take("canonical")
            .and_then(|node| boolean(node, "`canonical`", diagnostics)),
        finite: map
            .take("finite")
            .and_then(|node| boolean(node, "`finite`", diagnostics)),
        min: map
            .take("min")
            .and_then(|node| unsigned(node, "`min`", diagnostics)),
        max: map
            .take("max")
            .and_then(|node| unsigned(node, "`max`", diagnostics)),
        when: map
            .take("when")
            .and_then(|node| expression(node, "`when`", diagnostics)),
        size: map
            .take("size")
            .and_then(|node| expression(node, "`size`", diagnostics)),
        until: map
            .take("until")
            .and_then(|node| text(node, "`until`", diagnostics)),
        pad_to: map
            .take("pad_to")
            .and_then(|node| unsigned(node, "`pad_to`", diagnostics)),
        align: map
            .take("align")
            .and_then(|node| unsigned(node, "`align`", diagnostics)),
        trailing: map
            .take("trailing")
            .and_then(|node| one_of(node, "`trailing`", word::TRAILING, diagnostics)),
        value: map
            .take("value")
            .and_then(|node| expression(node, "`value`", diagnostics)),
        encoding: map
            .take("encoding")
            .and_then(|node| one_of(node, "`encoding`", word::ENCODINGS, diagnostics)),
        checksum: map
            .take("checksum")
            .and_then(|node| checksum(node, diagnostics)),
        role: map.take("role").and_then(|node| {
            let choices = [("size", HeaderRole::Size), ("id", HeaderRole::Id)];
            one_of(node, "`role`", &choices, diagnostics)
        }),
        counts: map
            .take("counts")
            .and_then(|node| counts(node, diagnostics)),
        bias: map
            .take("bias")
            .and_then(|node| signed(node, "`bias`", diagnostics)),
    }
}

/// `packet`, `body` or `{ from: FIELD }`
fn counts(node: Node, diagnostics: &mut Diagnostics) -> Option<Spanned<Counts>> {
    if let Kind::Scalar { .. } = node.kind {
        return one_of(node, "`counts`", word::COUNTS, diagnostics);
    }
    let mut map = Mapping::new(node, "`counts`", diagnostics)?.keyed(&keys::COUNTS);
    let span = map.span;
    let from = map.take("from");
    let missing = from.is_none();
    let from = from.and_then(|node| text(node, "`from`", diagnostics));
    if map.finish("`counts`", diagnostics) && missing {
        diagnostics.push(
            Diagnostic::error("P0119", span, "`counts` does not say what it counts")
                .help("write `counts: packet`, `counts: body` or `counts: { from: FIELD }`"),
        );
    }
    Some(Spanned::new(Counts::From(from?), span))
}

/// `{ algorithm: NAME, over: [FROM, TO], extra: BYTE }`
fn checksum(node: Node, diagnostics: &mut Diagnostics) -> Option<Spanned<Checksum>> {
    let mut map = Mapping::new(node, "`checksum`", diagnostics)?.keyed(&keys::CHECKSUM);
    let span = map.span;
    let errors = diagnostics.errors();
    let algorithm = map
        .take("algorithm")
        .and_then(|node| text(node, "`algorithm`", diagnostics));
    let over = map.take("over").and_then(|node| {
        let span = node.span;
        if let Kind::Sequence(items) = node.kind {
            let mut items = items.into_iter();
            if let (Some(from), Some(to), None) = (items.next(), items.next(), items.next()) {
                return Some((
                    text(from, "a field's name", diagnostics)?,
                    text(to, "a field's name", diagnostics)?,
                ));
            }
        }
        diagnostics.push(
            Diagnostic::error("P0104", span, "`over` is a list of two fields")
                .help("write the first and the last field that the checksum covers: `over: [version, options]`"),
        );
        None
    });
    let extra = map
        .take("extra")
        .and_then(|node| unsigned(node, "`extra`", diagnostics));
    let whole = map.finish("`checksum`", diagnostics) && diagnostics.errors() == errors;
    if whole && (algorithm.is_none() || over.is_none()) {
        diagnostics.push(
            Diagnostic::error("P0119", span, "a checksum needs `algorithm` and `over`")
                .help("write `checksum: { algorithm: internet, over: [FROM, TO] }`"),
        );
    }
    Some(Spanned::new(
        Checksum {
            algorithm: algorithm?,
            over,
            extra,
        },
        span,
    ))
}
