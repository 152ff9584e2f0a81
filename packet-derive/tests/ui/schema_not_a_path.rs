//! The first argument is a literal, others have a name.

packet_derive::packet_schema!();
packet_derive::packet_schema!(schemas / game);
packet_derive::packet_schema!("schemas/game.yaml", "schemas/inet.yaml");
packet_derive::packet_schema!("schemas/game.yaml", rot = "schemas");
packet_derive::packet_schema!("schemas/game.yaml", root = schemas);
packet_derive::packet_schema!("schemas/game.yaml", root = "schemas", root = "schemas");
packet_derive::packet_schema!("schemas/game.yaml", derive = "Hash Ord");
packet_derive::packet_schema!(pub mod = "schemas/game.yaml");
packet_derive::packet_schema!("schemas/game.yaml" root = "schemas");

fn main() {}
