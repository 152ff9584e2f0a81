//! What holds for any bytes and any value.

use super::build::*;
use super::{last, round_trips};
use crate::codec::{Leaf, LeafRole, decode, encode};
use crate::layout::{
    BinaryOp, Expr, Extent, Layout, Packet, Role, ScalarKind, StructId, Type, Unknown,
};
use crate::value::Value;
use proptest::prelude::*;

/// A bit of everything.
fn all() -> Layout {
    let item = structure("Item", &[], vec![float("f", 32), text("t", prefixed(8))]);
    let body = structure(
        "Body",
        &[],
        vec![array(
            "rest",
            Type::Scalar(uint(24)),
            Extent::Rest { after: 0 },
        )],
    );
    let known = [item, body];
    let words = op(value(1), BinaryOp::Mul, Expr::int(2));
    let fields = vec![
        bool("has", 1).in_run().role(presence_of(5)),
        bits("n", 3).role(length_of(6, 2, Expr::int(0))),
        bits("size", 4).role(length_of(7, 1, Expr::int(0))),
        color("color"),
        caps("caps"),
        inner("item", 0).when(value(0)),
        bytes("bytes", Extent::Counted(words)),
        inner("body", 1).sized(value(2)),
        array("items", Type::Struct(StructId(0)), prefixed(8)).length(0, 3),
        field("wide", Type::Scalar(scalar(ScalarKind::Signed, 128))),
        text("name", Extent::Fixed(3)),
        u("check", 16).role(internet(0, 10)),
        bytes("tail", Extent::Rest { after: 1 }),
        u("_", 8).role(Role::Reserved { strict: true }),
    ];
    let shape = structure("All", &known, fields);
    let [item, body] = known;
    with_names(layout(vec![item, body, shape]), Unknown::Keep)
}

const ALL: &str = r#"{"color":"red","caps":["voice"],"item":{"f":1.5,"t":"ab"},"bytes":"01020304",
    "body":{"rest":[1,2,3]},"items":[{"f":2,"t":""}],"wide":-1,"name":"x","tail":"00ff"}"#;

const FRAME: &str = r#"{"fragment":0,"kind":6,"payload":{"Tcp":{"port":1}},"padding":""}"#;

const BUNDLED: &[&str] = &[
    include_str!("../../../../schemas/quickstart.yaml"),
    include_str!("../../../../schemas/game.yaml"),
    include_str!("../../../../schemas/inet.yaml"),
];

fn layouts() -> [Layout; 3] {
    [all(), round_trips::frames(), round_trips::ip()]
}

/// What decodes, encodes to the same bytes, unless something that is reserved was not zero.
fn check_round_trip(layout: &Layout, id: StructId, bytes: &[u8]) -> Result<(), TestCaseError> {
    let decoded = match decode(layout, id, bytes) {
        Ok(decoded) => decoded,
        Err(error) => {
            prop_assert!(error.offset <= bytes.len());
            return Ok(());
        }
    };
    let ends = decoded.trace.iter().map(|leaf| leaf.offset + leaf.len);
    prop_assert_eq!(ends.max().unwrap_or(0), bytes.len());
    let reserved = |leaf: &Leaf| leaf.role == LeafRole::Reserved;
    let mut reserved = decoded.trace.iter().filter(|leaf| reserved(leaf));
    if reserved.all(|leaf| leaf.text.bytes().all(|digit| digit == b'0')) {
        let again = encode(layout, id, &decoded.value);
        let again = again.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(again, bytes);
    }
    Ok(())
}

fn any_value() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "has", "n", "color", "item", "f", "t", "bytes", "items", "tail", "fragment", "kind",
        "payload", "padding", "Tcp", "port", "else", "ihl", "options", "_", "other",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<u128>().prop_map(Value::Unsigned),
        (0_u128..300).prop_map(Value::Unsigned),
        any::<i128>().prop_map(Value::Signed),
        any::<f32>().prop_map(Value::F32),
        any::<f64>().prop_map(Value::F64),
        "[0-9a-zA-F ]{0,8}|NaN\\(0x[0-9a-f]{0,9}\\)|red|voice|é".prop_map(Value::Text),
    ];
    leaf.prop_recursive(4, 40, 6, move |inside| {
        prop_oneof![
            prop::collection::vec(inside.clone(), 0..4).prop_map(Value::List),
            prop::collection::vec((key.clone().prop_map(str::to_owned), inside), 0..6)
                .prop_map(Value::Map),
        ]
    })
}

/// Replaces one entry of a map.
fn replace(value: &mut Value, at: usize, by: Value) {
    if let Value::Map(entries) = value
        && !entries.is_empty()
    {
        let at = at % entries.len();
        entries[at].1 = by;
    }
}

proptest! {
    #[test]
    fn any_bytes_give_a_value_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        for layout in layouts() {
            check_round_trip(&layout, last(&layout), &bytes)?;
        }
    }

    #[test]
    fn mutated_packets_give_a_value_or_an_error(
        at in any::<prop::sample::Index>(),
        by in any::<u8>(),
        cut in 0_usize..40,
    ) {
        let layout = all();
        let mut bytes = encode(&layout, last(&layout), &json(ALL)).expect("encodes");
        check_round_trip(&layout, last(&layout), &bytes)?;
        let _ = decode(&layout, last(&layout), &bytes[..cut]);
        let index = at.index(bytes.len());
        bytes[index] = by;
        check_round_trip(&layout, last(&layout), &bytes)?;
    }

    #[test]
    fn mutated_vectors_give_a_value_or_an_error(
        schema in prop::sample::select(BUNDLED),
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let layout = crate::compile(schema).expect("a bundled schema compiles").layout;
        let of = |packet: &Packet| (packet.body, packet.vectors.clone());
        let vectors: Vec<_> = layout
            .packets
            .iter()
            .map(of)
            .flat_map(|(id, vectors)| vectors.into_iter().map(move |vector| (id, vector.bytes)))
            .collect();
        let (id, mut bytes) = vectors[which.index(vectors.len())].clone();
        for (at, by) in changes {
            let at = at.index(bytes.len());
            bytes[at] = by;
        }
        check_round_trip(&layout, id, &bytes)?;
    }

    #[test]
    fn any_value_gives_bytes_or_an_error(value in any_value(), at in any::<usize>()) {
        for layout in layouts() {
            let _ = encode(&layout, last(&layout), &value);
        }
        let mut packet = json(FRAME);
        replace(&mut packet, at, value.clone());
        let frames = round_trips::frames();
        if let Ok(bytes) = encode(&frames, last(&frames), &packet) {
            check_round_trip(&frames, last(&frames), &bytes)?;
        }
        let mut packet = json(ALL);
        replace(&mut packet, at, value);
        let all = all();
        if let Ok(bytes) = encode(&all, last(&all), &packet) {
            check_round_trip(&all, last(&all), &bytes)?;
        }
    }
}
