//! Which names of a schema are not what casing alone makes of them in generated Rust.
//!
//! In: a layout. Out: a list in the schema's order. `names` decides, here is only told.

use super::names::{FieldNames, Names, camel, is_keyword, is_reserved, module, screaming, snake};
use crate::backend::{Reason, Rename};
use packet_schema::layout::{Field, Layout, Type};
use packet_schema::model::Unknown;
use proc_macro2::Ident;

/// The names that generated code cannot have as the schema has them.
///
/// ```
/// let schema = "
/// protocol: example
/// packets:
///   Entry: { fields: [type: u8, parse: u8] }
/// ";
/// let layout = packet_schema::compile(schema).unwrap().layout;
/// let renames = packetc::backend::rust::renames(&layout);
/// let told: Vec<String> = renames.iter().map(ToString::to_string).collect();
/// assert_eq!(told, [
///     "field `type` of `Entry` is `type_` (a keyword)",
///     "getter of field `parse` of `Entry` is `parse_` (generated code has one of this name itself)",
/// ]);
/// ```
pub fn renames(layout: &Layout) -> Vec<Rename> {
    let names = Names::new(layout);
    let mut list = List::default();
    list.renames.extend(renamed_module(layout));
    for (found, names) in layout.enums.iter().zip(&names.enums) {
        list.add("enum", None, &found.name, camel, &names.ident);
        // A reader of the code sees variants or constants, not both.
        let open = found.unknown == Unknown::Keep;
        for (index, value) in found.values.iter().enumerate() {
            let owner = Some(&found.name);
            if open {
                list.add(
                    "value",
                    owner,
                    &value.name,
                    screaming,
                    &names.constants[index],
                );
            } else {
                list.add("value", owner, &value.name, camel, &names.values[index]);
            }
        }
    }
    for (found, names) in layout.flags.iter().zip(&names.flags) {
        list.add("flags", None, &found.name, camel, &names.ident);
        for (value, constant) in found.values.iter().zip(&names.constants) {
            list.add("flag", Some(&found.name), &value.name, screaming, constant);
        }
    }
    let states = layout.session.iter().flat_map(|session| &session.states);
    for (state, ident) in states.zip(&names.states) {
        list.add("state", None, &state.name, camel, ident);
    }
    for (body, names) in layout.structs.iter().zip(&names.structs) {
        let name = &body.name;
        list.add("struct", None, name, camel, &names.owned);
        let view = |name: &str| camel(name) + "View";
        list.add("view of struct", None, name, view, &names.view);
        for (index, (field, names)) in body.fields.iter().zip(&names.fields).enumerate() {
            if field.is_named() {
                let header = index < body.header_fields;
                list.field(name, header, field, names);
            }
        }
    }
    for packet in layout.packets.iter().filter(|packet| packet.ids.is_some()) {
        let variant = &names.structs[packet.body.0].variant;
        let name = &layout.get(packet.body).name;
        list.add("case for packet", None, name, camel, variant);
    }
    list.renames
}

/// The name of the protocol's module and file, if it is not what casing alone makes of it.
pub fn renamed_module(layout: &Layout) -> Option<Rename> {
    let (wanted, generated) = (snake(&layout.protocol), module(&layout.protocol));
    (generated != wanted).then(|| Rename {
        what: "file of protocol",
        owner: None,
        name: layout.protocol.clone(),
        generated,
        reason: if is_keyword(&wanted) {
            Reason::Keyword
        } else {
            Reason::File
        },
    })
}

#[derive(Default)]
struct List {
    renames: Vec<Rename>,
}

impl List {
    /// Adds `name` if it became something else than `casing` makes of it.
    fn add(
        &mut self,
        what: &'static str,
        owner: Option<&String>,
        name: &str,
        casing: fn(&str) -> String,
        generated: &Ident,
    ) {
        let wanted = casing(name);
        if *generated == wanted || *generated == name {
            return;
        }
        let reason = if is_keyword(&wanted) {
            Reason::Keyword
        } else if is_reserved(&wanted) {
            Reason::Reserved
        } else {
            Reason::Clash
        };
        self.renames.push(Rename {
            what,
            owner: owner.cloned(),
            name: name.to_owned(),
            generated: generated.to_string(),
            reason,
        });
    }

    /// Fields of the header are told once, unless their name depends on the packet.
    fn field(&mut self, owner: &String, header: bool, field: &Field, names: &FieldNames) {
        let before = self.renames.len();
        let (owner, name) = (Some(owner), &field.name);
        self.add("field", owner, name, snake, &names.member);
        if names.member != names.getter {
            self.add("getter of field", owner, name, snake, &names.getter);
        }
        for mut rename in self.renames.split_off(before) {
            if header && rename.reason != Reason::Clash {
                rename.what = match rename.what {
                    "field" => "header field",
                    _ => "getter of header field",
                };
                rename.owner = None;
                if self.renames.contains(&rename) {
                    continue;
                }
            }
            self.renames.push(rename);
        }
        let (Type::Variant(variant), Some(names)) = (&field.ty, &names.variant) else {
            return;
        };
        for (case, ident) in variant.cases.iter().zip(&names.cases) {
            self.add("case", Some(name), &case.name, camel, ident);
        }
        if variant.otherwise.is_some() {
            self.add("case", Some(name), "else", camel, &names.otherwise);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(schema: &str, expected: &[&str]) {
        let layout = packet_schema::compile(&format!("protocol: example\n{schema}"))
            .expect("the schema is right")
            .layout;
        let told: Vec<String> = renames(&layout).iter().map(ToString::to_string).collect();
        assert_eq!(told, expected, "{schema}");
    }

    #[test]
    fn names_that_stay_are_not_told() {
        check(
            "types: { Kind: { enum: u8, values: { plain: 0, self_made: 1 } } }
packets: { PlayerMoved: { fields: [kind: Kind, playerId: u8, _: u8, reader: u8] } }",
            &[],
        );
    }

    #[test]
    fn a_protocol_that_is_called_like_another_file_is_told() {
        for (protocol, told) in [
            ("GameServer", None),
            ("mod", Some("file of protocol `mod` is `mod_` (a keyword)")),
            (
                "lib",
                Some("file of protocol `lib` is `lib_` (a file of that name is something else)"),
            ),
        ] {
            let source = format!("protocol: {protocol}\npackets: {{ P: {{ fields: [x: u8] }} }}");
            let compiled = packet_schema::compile(&source).expect("the schema is right");
            let renames = renames(&compiled.layout);
            let found: Vec<String> = renames.iter().map(ToString::to_string).collect();
            assert_eq!(found, Vec::from_iter(told));
        }
    }

    #[test]
    fn fields_are_told_with_their_packet() {
        check(
            "packets: { P: { fields: [fooBar: u8, foo_bar: u8, match: u8, to_vec: u8] } }",
            &[
                "field `foo_bar` of `P` is `foo_bar_` (something else has this name)",
                "field `match` of `P` is `match_` (a keyword)",
                "getter of field `to_vec` of `P` is `to_vec_` (generated code has one of this name itself)",
            ],
        );
    }

    #[test]
    fn fields_of_the_header_are_told_once() {
        check(
            "framing: { header: [size: { type: u16, role: size }, type: { type: u8, role: id }, parse: u8] }
packets: { P: { id: 1 }, Q: { id: 2, fields: [move: u8] } }",
            &[
                "header field `type` is `type_` (a keyword)",
                "getter of header field `parse` is `parse_` (generated code has one of this name itself)",
                "field `move` of `Q` is `move_` (a keyword)",
            ],
        );
    }

    #[test]
    fn types_values_and_cases_are_told() {
        check(
            "types:
  Option: { struct: [x: u8] }
  Kind: { enum: u8, values: { self: 0, other: 1 } }
  Open: { enum: u8, unknown: keep, values: { self: 0, Self_: 1 } }
  Caps: { flags: u8, bits: { all: 0 } }
packets:
  Packet:
    fields:
      - kind: Kind
      - open: Open
      - caps: Caps
      - body: { match: kind, cases: { self: Option, other: { type: u8, name: Self_ } } }",
            &[
                "value `self` of `Kind` is `Self_` (a keyword)",
                "value `Self_` of `Open` is `SELF_` (something else has this name)",
                "flag `all` of `Caps` is `ALL_` (generated code has one of this name itself)",
                "struct `Option` is `Option_` (generated code has one of this name itself)",
                "struct `Packet` is `Packet_` (generated code has one of this name itself)",
                "view of struct `Packet` is `PacketView_` (generated code has one of this name itself)",
                "case `self` of `body` is `Self_` (a keyword)",
                "case `Self_` of `body` is `Self__` (a keyword)",
            ],
        );
    }
}
