//! What the schema says of packets: their names, their fields, and values to fill in.
//!
//! In: names. Out: names and JSON. It reads the same schema that the codec was generated from.

use packet_schema::diagnostic::did_you_mean;
use packet_schema::layout::{
    Extent, Field, Layout, Packet, Role, ScalarKind, Sender, Side, StructId, Type,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static LAYOUT: LazyLock<Layout> = LazyLock::new(|| {
    packet_schema::compile(include_str!("../../../../schemas/game.yaml"))
        .expect("the schema that the codec was generated from has no errors")
        .layout
});

/// The packets of the client, in the order of the schema.
pub(crate) fn sendable() -> impl Iterator<Item = &'static str> {
    let packets = LAYOUT.packets.iter();
    packets
        .filter(|packet| is_from(packet, Side::Client))
        .map(|packet| LAYOUT.get(packet.body).name.as_str())
}

/// A packet of the client by its name.
pub(crate) fn known(name: &str) -> Result<&'static str, String> {
    sendable().find(|known| *known == name).ok_or_else(|| {
        let of_server = packet(name).is_some();
        if of_server {
            return format!("`{name}` is sent by the server");
        }
        let help = did_you_mean(name, sendable())
            .unwrap_or_else(|| "`template` lists all of them".to_owned());
        format!("there is no packet `{}`; {help}", name.escape_debug())
    })
}

/// A packet of either side by its name.
pub(crate) fn any(name: &str) -> Result<&'static str, String> {
    let names = || {
        LAYOUT
            .packets
            .iter()
            .map(|packet| LAYOUT.get(packet.body).name.as_str())
    };
    names().find(|known| *known == name).ok_or_else(|| {
        let help = did_you_mean(name, names())
            .unwrap_or_else(|| "the schema and `packet-client template` name them".to_owned());
        format!("there is no packet `{}`; {help}", name.escape_debug())
    })
}

/// What the schema says about a packet.
pub(crate) fn doc(name: &str) -> Option<&'static str> {
    LAYOUT.get(packet(name)?.body).doc.as_deref()
}

/// Whether a packet has the number of a request.
pub(crate) fn is_request(name: &str) -> bool {
    packet(name).is_some_and(|packet| {
        let fields = &LAYOUT.get(packet.body).fields;
        fields.iter().any(|field| field.name == "request")
    })
}

/// The names of all fields that can be given in a packet, those of structs inside of it included.
pub(crate) fn field_names(name: &str) -> BTreeSet<&'static str> {
    let mut names = BTreeSet::new();
    if let Some(packet) = packet(name) {
        collect(packet.body, &mut names);
    }
    names
}

/// The fields of a packet with values that can be sent as they are, or changed: the smallest numbers and texts that are allowed,
/// the first case of what has several, optional fields filled in.
pub(crate) fn template(name: &str) -> Option<Value> {
    let mut fields = structure(packet(name)?.body);
    if let Value::Object(fields) = &mut fields {
        // The client gives numbers to requests.
        fields.shift_remove("request");
        // What is counted is counted from 1 on.
        if let Some(sequence) = fields.get_mut("sequence") {
            *sequence = 1.into();
        }
    }
    Some(fields)
}

fn packet(name: &str) -> Option<&'static Packet> {
    let mut packets = LAYOUT.packets.iter();
    packets.find(|packet| LAYOUT.get(packet.body).name == name)
}

fn is_from(packet: &Packet, side: Side) -> bool {
    match packet.sender {
        Sender::Client => side == Side::Client,
        Sender::Server => side == Side::Server,
        Sender::Both => true,
    }
}

/// The fields that a user gives.
fn given(id: StructId) -> impl Iterator<Item = &'static Field> {
    let fields = LAYOUT.get(id).fields.iter();
    fields.filter(|field| field.is_named() && matches!(field.role, Role::Data))
}

fn collect(id: StructId, names: &mut BTreeSet<&'static str>) {
    for field in given(id) {
        names.insert(&field.name);
        collect_type(&field.ty, names);
    }
}

fn collect_type(ty: &'static Type, names: &mut BTreeSet<&'static str>) {
    match ty {
        Type::Struct(id) => collect(*id, names),
        Type::Array { element, .. } => collect_type(element, names),
        Type::Variant(variant) => {
            for case in &variant.cases {
                names.insert(&case.name);
                collect_type(&case.ty, names);
            }
        }
        _ => {}
    }
}

fn structure(id: StructId) -> Value {
    let fields = given(id).map(|field| {
        let value = value(&field.ty, field.length, &field.name);
        (field.name.clone(), value)
    });
    Value::Object(fields.collect())
}

fn value(ty: &Type, length: Option<(u64, u64)>, name: &str) -> Value {
    let shortest = length.map_or(0, |(shortest, _)| usize::try_from(shortest).unwrap_or(0));
    match ty {
        Type::Struct(id) => structure(*id),
        Type::Bytes(_) | Type::Text(..) => match (ty, ty_len(ty)) {
            (Type::Bytes(_), fixed) => json!("00".repeat(fixed.unwrap_or(shortest))),
            _ if shortest == 0 => json!(""),
            _ => json!(
                name.chars()
                    .cycle()
                    .take(shortest.max(name.len()))
                    .collect::<String>()
            ),
        },
        Type::Array { .. } => json!([]),
        Type::Variant(variant) => match variant.cases.first() {
            Some(case) => {
                let inner = value(&case.ty, case.length, &case.name);
                let entry: Map<_, _> = [(case.name.clone(), inner)].into_iter().collect();
                entry.into()
            }
            None => Value::Null,
        },
        Type::Scalar(_) | Type::Varint(_) => ty.number().map_or(Value::Null, |scalar| match scalar
            .kind
        {
            ScalarKind::Float => json!(0.0),
            ScalarKind::Bool => json!(false),
            ScalarKind::Flags(_) => json!([]),
            ScalarKind::Enum(id) => {
                let first = LAYOUT.enumeration(id).values.first();
                first.map_or(json!(0), |first| json!(first.name))
            }
            ScalarKind::Unsigned | ScalarKind::Signed => {
                let (smallest, largest) = scalar.allowed();
                i64::try_from(0.clamp(smallest, largest)).map_or(json!(0), |number| json!(number))
            }
        }),
        Type::Skipped => Value::Null,
    }
}

/// How many bytes there are always.
fn ty_len(ty: &Type) -> Option<usize> {
    match ty {
        Type::Bytes(Extent::Fixed(len)) => Some(*len),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use packet_runtime::Encode;
    use reference::game::Packet;

    #[test]
    fn every_template_can_be_sent() {
        let mut count = 0;
        for name in sendable() {
            let packet = json::packet(name, template(name).unwrap()).unwrap();
            let bytes = match packet {
                // The server's own requests for time and the like need a number, which the client gives.
                packet if is_request(name) => {
                    let mut value = serde_json::to_value(&packet).unwrap();
                    value[name]["request"] = 1.into();
                    serde_json::from_value::<Packet>(value).unwrap().to_vec()
                }
                packet => packet.to_vec(),
            };
            assert!(bytes.is_ok(), "{name}: {bytes:?}");
            count += 1;
        }
        assert!(count > 25, "{count}");
    }

    #[test]
    fn a_template_shows_every_field_that_can_be_given() {
        let template = template("LoginRequest").unwrap().to_string();
        assert_eq!(
            template,
            r#"{"name":"name","credential":{"password":"password"},"client_version":0,"device":"00000000000000000000000000000000"}"#
        );
    }

    #[test]
    fn fields_of_structs_inside_are_known() {
        let names = field_names("Move");
        assert!(
            ["sequence", "position", "x", "motion"]
                .iter()
                .all(|name| names.contains(name))
        );
        assert!(!names.contains("size"));
    }
}
