//! Random valid values of any struct of any layout.

use packet_schema::layout::{
    Derivation, ELSE, Encoding, Extent, Field, Layout, Role, Scalar, ScalarKind, StructId, Type,
    Unknown, Variant,
};
use packet_schema::value::Value;
use proptest::prelude::*;

/// Values of a struct. Most can be encoded; some cannot, since lengths and conditions are not always
/// what the schema can express.
pub fn values(layout: &Layout, id: StructId) -> BoxedStrategy<Value> {
    within(layout, id, MOST)
}

/// How much longer than the shortest the longest texts and lists are.
const MOST: usize = 24;

/// Values of a struct in which nothing is longer than it must be by more than `most`.
pub fn within(layout: &Layout, id: StructId, most: usize) -> BoxedStrategy<Value> {
    let body = layout.get(id);
    let fields: Vec<BoxedStrategy<Option<(String, Value)>>> = body
        .fields
        .iter()
        .enumerate()
        .filter(|(index, field)| {
            field.is_named() && (field.role.is_data() || is_open_tag(body, *index))
        })
        .map(|(index, field)| {
            let name = field.name.clone();
            let value = self::field(layout, field, unit(body, index), most);
            // The tag of an `else` is the user's; that of a case is not needed.
            let given = if field.role.is_data() {
                Just(true).boxed()
            } else {
                any::<bool>().boxed()
            };
            (given, value)
                .prop_map(move |(given, value)| given.then(|| (name.clone(), value)))
                .boxed()
        })
        .collect();
    fields
        .prop_map(|entries| Value::Map(entries.into_iter().flatten().collect()))
        .boxed()
}

/// A decoded value without what follows from the rest of it: bytes that were skipped are not in the value, so
/// that lengths, sizes and checksums are others when it is encoded again.
pub fn given(layout: &Layout, id: StructId, value: Value) -> Value {
    let Value::Map(entries) = value else {
        return value;
    };
    let fields = &layout.get(id).fields;
    let given = entries.into_iter().filter_map(|(name, value)| {
        let field = fields.iter().find(|field| field.name == name)?;
        let follows = matches!(
            field.role,
            Role::Derived(Derivation::Length { .. } | Derivation::Value(_))
                | Role::Size { .. }
                | Role::Checksum(_)
        );
        (!follows).then(|| (name, given_content(layout, &field.ty, value)))
    });
    Value::Map(given.collect())
}

fn given_content(layout: &Layout, ty: &Type, value: Value) -> Value {
    match (ty, value) {
        (Type::Struct(id), value) => given(layout, *id, value),
        (Type::Array { element, .. }, Value::List(items)) => {
            let items = items.into_iter();
            Value::List(
                items
                    .map(|item| given_content(layout, element, item))
                    .collect(),
            )
        }
        (Type::Variant(variant), Value::Map(entries)) => {
            let case = |name: &str| variant.cases.iter().find(|case| case.name == name);
            let entries = entries.into_iter().map(|(name, value)| {
                let ty = match case(&name) {
                    Some(case) => Some(&case.ty),
                    None => variant.otherwise.as_deref(),
                };
                match ty {
                    Some(ty) => (name, given_content(layout, ty, value)),
                    None => (name, value),
                }
            });
            Value::Map(entries.collect())
        }
        (_, value) => value,
    }
}

fn is_open_tag(body: &packet_schema::layout::Struct, index: usize) -> bool {
    match body.fields[index].role {
        Role::Derived(Derivation::Tag { of }) => {
            matches!(
                &body.fields[of].ty,
                Type::Variant(Variant {
                    otherwise: Some(_),
                    ..
                })
            )
        }
        _ => false,
    }
}

/// The unit in which a field's length is counted, so that most lengths can be expressed.
fn unit(body: &packet_schema::layout::Struct, index: usize) -> usize {
    let scale = body.fields.iter().find_map(|field| match &field.role {
        Role::Derived(Derivation::Length { of, scale, .. }) if *of == index => Some(*scale),
        _ => None,
    });
    scale
        .and_then(|scale| usize::try_from(scale).ok())
        .unwrap_or(1)
}

fn field(layout: &Layout, field: &Field, unit: usize, most: usize) -> BoxedStrategy<Value> {
    // What is padded has little room.
    let most = field.pad_to.map_or(most, |_| 2);
    let value = content(layout, &field.ty, field.length, unit, most);
    if field.when.is_some() {
        prop_oneof![Just(Value::Null), value].boxed()
    } else {
        value
    }
}

fn content(
    layout: &Layout,
    ty: &Type,
    length: Option<(u64, u64)>,
    unit: usize,
    most: usize,
) -> BoxedStrategy<Value> {
    match ty {
        Type::Skipped => Just(Value::Null).boxed(),
        Type::Scalar(kind) => scalar(layout, kind),
        Type::Varint(varint) => scalar(layout, &varint.scalar()),
        Type::Struct(id) => within(layout, *id, most),
        Type::Bytes(extent) => {
            let range = lengths(extent, length, most);
            prop::collection::vec(any::<u8>(), range)
                .prop_map(move |mut bytes| {
                    bytes.truncate(bytes.len() / unit * unit);
                    Value::bytes(&bytes)
                })
                .boxed()
        }
        Type::Text(extent, encoding) => text(extent, *encoding, length, most),
        Type::Array { element, extent } => {
            // Of long lists, hardly any would have no element that looks like the end.
            let most = match extent {
                Extent::Until(_) => most.min(3),
                _ => most,
            };
            let range = lengths(extent, length, most);
            prop::collection::vec(content(layout, element, None, 1, most), range)
                .prop_map(Value::List)
                .boxed()
        }
        Type::Variant(variant) => {
            let cases = variant
                .cases
                .iter()
                .map(|case| (case.name.clone(), &case.ty, case.length));
            let otherwise = variant
                .otherwise
                .iter()
                .map(|ty| (ELSE.to_owned(), ty.as_ref(), variant.otherwise_length));
            let all: Vec<BoxedStrategy<Value>> = cases
                .chain(otherwise)
                .map(|(name, ty, length)| {
                    content(layout, ty, length, 1, most)
                        .prop_map(move |value| Value::Map(vec![(name.clone(), value)]))
                        .boxed()
                })
                .collect();
            prop::strategy::Union::new(all).boxed()
        }
    }
}

/// Lengths to try: short ones within the limits.
fn lengths(
    extent: &Extent,
    limits: Option<(u64, u64)>,
    most: usize,
) -> std::ops::RangeInclusive<usize> {
    if let Extent::Fixed(count) = extent {
        return *count..=*count;
    }
    let (min, max) = limits.unwrap_or((0, u64::MAX));
    let min = usize::try_from(min).unwrap_or(0);
    min..=usize::try_from(max).unwrap_or(usize::MAX).min(min + most)
}

fn text(
    extent: &Extent,
    encoding: Encoding,
    limits: Option<(u64, u64)>,
    most: usize,
) -> BoxedStrategy<Value> {
    let (min, max) = if let Extent::Fixed(size) = extent {
        (0, *size)
    } else {
        lengths(extent, limits, most).into_inner()
    };
    let character = match encoding {
        Encoding::Ascii => prop::char::range(' ', '~').boxed(),
        Encoding::Utf8 => {
            prop_oneof![prop::char::range(' ', '~'), prop::char::range('가', '힣')].boxed()
        }
        Encoding::Latin1 => prop::char::range(' ', 'ÿ').boxed(),
        Encoding::Utf16(_) => prop_oneof![
            prop::char::range(' ', '~'),
            prop::char::range('가', '힣'),
            prop::char::range('😀', '😿')
        ]
        .boxed(),
    };
    prop::collection::vec(character, min..=max)
        .prop_map(move |characters| {
            let mut text: String = characters.into_iter().collect();
            let len = |text: &str| match encoding {
                Encoding::Utf8 | Encoding::Ascii => text.len(),
                Encoding::Latin1 => text.chars().count(),
                Encoding::Utf16(_) => 2 * text.encode_utf16().count(),
            };
            while len(&text) > max {
                text.pop();
            }
            while len(&text) < min {
                text.push('x');
            }
            // An even length suits most expressions.
            if len(&text) % 2 == 1 && len(&text) < max {
                text.push('.');
            }
            Value::Text(text)
        })
        .boxed()
}

fn scalar(layout: &Layout, kind: &Scalar) -> BoxedStrategy<Value> {
    let (min, max) = kind.range.unwrap_or(kind.limits());
    let integers = || {
        prop_oneof![
            Just(0.clamp(min, max)),
            Just(1.clamp(min, max)),
            Just(min),
            Just(max),
            min..=max
        ]
    };
    match kind.kind {
        ScalarKind::Unsigned | ScalarKind::Signed => integers().prop_map(Value::integer).boxed(),
        ScalarKind::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        ScalarKind::Float => {
            let finite = kind.finite;
            if kind.bits == 32 {
                prop_oneof![any::<f32>(), prop::num::f32::ANY]
                    .prop_filter("must be finite", |value| value.is_finite())
                    .prop_map(Value::F32)
                    .boxed()
            } else if finite {
                any::<f64>()
                    .prop_filter("must be finite", |value| value.is_finite())
                    .prop_map(Value::F64)
                    .boxed()
            } else {
                prop_oneof![
                    any::<f64>()
                        .prop_filter("must be finite", |value| value.is_finite())
                        .prop_map(Value::F64),
                    Just(Value::Text("NaN".to_owned())),
                    Just(Value::Text("-Infinity".to_owned())),
                    Just(Value::Text("NaN(0x7ff0000000000001)".to_owned())),
                ]
                .boxed()
            }
        }
        ScalarKind::Enum(id) => {
            let found = layout.enumeration(id);
            let names: Vec<Value> = found
                .values
                .iter()
                .map(|value| Value::Text(value.name.clone()))
                .collect();
            let known = prop::sample::select(names);
            match found.unknown {
                Unknown::Reject | Unknown::Skip => known.boxed(),
                Unknown::Keep => {
                    let values: Vec<u64> = found.values.iter().map(|value| value.value).collect();
                    let unknown = integers()
                        .prop_filter("must be unknown", move |value| {
                            !values.iter().any(|known| i128::from(*known) == *value)
                        })
                        .prop_map(Value::integer);
                    prop_oneof![known, unknown].boxed()
                }
            }
        }
        ScalarKind::Flags(id) => {
            let found = layout.flag_set(id);
            let names: Vec<Value> = found
                .values
                .iter()
                .map(|value| Value::Text(value.name.clone()))
                .collect();
            let count = names.len();
            let known = prop::sample::subsequence(names, 0..=count).prop_map(Value::List);
            match found.unknown {
                Unknown::Reject | Unknown::Skip => known.boxed(),
                Unknown::Keep => prop_oneof![known, integers().prop_map(Value::integer)].boxed(),
            }
        }
    }
}
