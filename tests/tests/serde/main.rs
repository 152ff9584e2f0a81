//! JSON of generated types: the one of `packetc decode`, field for field, and read as `packetc encode` reads it.
#![allow(clippy::unwrap_used)] // a test fails where it panics

mod json;
mod tokens;

use packet_runtime::{Encode, View};
use packet_schema::codec::{decode, encode};
use packet_schema::layout::{ELSE, Expectation, Layout, Role, StructId, Type, Variant};
use packet_schema::value::Value;
use packet_tests::codecs::Protocol;
use packet_tests::every_protocol;
use packet_tests::values::values;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde::Serialize;
use serde::de::DeserializeOwned;

packet_tests::generated_with!(serde);

/// What generated types make of the bytes of one struct.
struct Shown {
    /// The view's JSON.
    view: String,
    /// The owned form's.
    own: String,
    /// The JSON of the owned form that was read from each of the texts, or why that could not be.
    again: Vec<Result<String, String>>,
}

type Show = fn(&[u8], &[&str]) -> Shown;

fn show<'a, V, O>(bytes: &'a [u8], texts: &[&str]) -> Shown
where
    V: View<'a> + Serialize,
    O: From<V> + Encode + Serialize + DeserializeOwned,
{
    let view = V::parse(bytes).unwrap();
    let json = serde_json::to_string(&view).unwrap();
    let owned = O::from(view);
    let own = serde_json::to_string(&owned).unwrap();
    // Elsewhere a view is what its owned form is, and read as that.
    let tokens = tokens::write(&owned);
    assert_eq!(format!("{:?}", tokens::write(&view)), format!("{tokens:?}"));
    let read: O = tokens::read(tokens).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), own);
    let texts = texts.iter().copied().chain([json.as_str(), own.as_str()]);
    let again = texts.map(|text| {
        let read: O = serde_json::from_str(text).map_err(|error| error.to_string())?;
        // Floats that are no numbers do not equal themselves, but their JSON does.
        Ok(serde_json::to_string(&read).unwrap())
    });
    Shown {
        again: again.collect(),
        view: json,
        own,
    }
}

macro_rules! check {
    ($module:ident: $($owned:ident / $view:ident $(= $name:literal)?),* $(,)?) => {
        &[$((
            check!(@name $owned $($name)?),
            |bytes, texts| show::<generated::$module::$view<'_>, generated::$module::$owned>(bytes, texts),
        )),*]
    };
    (@name $owned:ident) => { stringify!($owned) };
    (@name $owned:ident $name:literal) => { $name };
}

const ALL: &[(Protocol, &[(&str, Show)])] = every_protocol!(check);

/// The part of a decoded value that an owned form has: the user's fields, and the tag of what is in its `else`.
fn own(layout: &Layout, id: StructId, value: Value) -> Value {
    let Value::Map(entries) = value else {
        return value;
    };
    let fields = &layout.get(id).fields;
    let is_open = |tag: usize| {
        fields.iter().any(|field| {
            let value = entries.iter().find(|(name, _)| *name == field.name);
            matches!(&field.ty, Type::Variant(variant) if variant.tag == tag)
                && value.is_some_and(|(_, value)| value.get(ELSE).is_some())
        })
    };
    let keep: Vec<bool> = entries
        .iter()
        .map(|(name, _)| {
            let index = fields.iter().position(|field| field.name == *name).unwrap();
            matches!(fields[index].role, Role::Data) || is_open(index)
        })
        .collect();
    let entries = entries.into_iter().zip(keep).filter(|(_, keep)| *keep);
    let entries = entries.map(|((name, value), _)| {
        let field = fields.iter().find(|field| field.name == name).unwrap();
        (name, own_content(layout, &field.ty, value))
    });
    Value::Map(entries.collect())
}

fn own_content(layout: &Layout, ty: &Type, value: Value) -> Value {
    match (ty, value) {
        (Type::Struct(id), value) => own(layout, *id, value),
        (Type::Array { element, .. }, Value::List(items)) => {
            let items = items.into_iter();
            Value::List(
                items
                    .map(|item| own_content(layout, element, item))
                    .collect(),
            )
        }
        (Type::Variant(variant), Value::Map(entries)) => {
            let entries = entries.into_iter();
            Value::Map(
                entries
                    .map(|(name, value)| own_case(layout, variant, name, value))
                    .collect(),
            )
        }
        (_, value) => value,
    }
}

fn own_case(layout: &Layout, variant: &Variant, name: String, value: Value) -> (String, Value) {
    let case = variant.cases.iter().find(|case| case.name == name);
    let ty = case.map(|case| &case.ty).or(variant.otherwise.as_deref());
    let value = match ty {
        Some(ty) => own_content(layout, ty, value),
        None => value,
    };
    (name, value)
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).unwrap()
}

/// Fails unless views and owned forms are shown and read as the dynamic codec says.
fn check(layout: &Layout, id: StructId, show: Show, bytes: &[u8]) {
    let name = &layout.get(id).name;
    let value = decode(layout, id, bytes).unwrap().value;
    let decoded = json(&value);
    let own = json(&own(layout, id, value));
    let shown = show(bytes, &[&decoded, &own]);
    assert_eq!(shown.view, decoded, "the view of {name}");
    assert_eq!(shown.own, own, "the owned form of {name}");
    for again in shown.again {
        assert_eq!(again.as_deref(), Ok(own.as_str()), "{name} from {decoded}");
    }
}

fn show_of(types: &[(&str, Show)], name: &str) -> Option<Show> {
    let found = types.iter().find(|(known, _)| *known == name);
    found.map(|(_, show)| *show)
}

#[test]
fn vectors_are_shown_and_read_as_the_dynamic_codec_does() {
    let mut checked = 0;
    for (protocol, types) in ALL {
        let layout = protocol.layout();
        for packet in &layout.packets {
            let show = show_of(types, &layout.get(packet.body).name).unwrap();
            for vector in &packet.vectors {
                if let Expectation::Value(_) = vector.expect {
                    check(&layout, packet.body, show, &vector.bytes);
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 200, "{checked} vectors");
}

#[test]
fn random_values_are_shown_and_read_as_the_dynamic_codec_does() {
    for (protocol, types) in ALL {
        let layout = protocol.layout();
        for (name, show) in *types {
            let id = layout.struct_named(name).unwrap();
            let config = Config {
                cases: 32,
                max_global_rejects: 100_000,
                ..Config::default()
            };
            TestRunner::new(config)
                .run(&values(&layout, id), |value| {
                    let Ok(bytes) = encode(&layout, id, &value) else {
                        return Err(TestCaseError::reject("cannot be encoded"));
                    };
                    check(&layout, id, *show, &bytes);
                    Ok(())
                })
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
}
