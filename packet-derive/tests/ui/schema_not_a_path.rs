//! The argument is one literal.

packet_derive::packet_schema!();
packet_derive::packet_schema!(schemas / game);
packet_derive::packet_schema!("schemas/game.yaml", "schemas/inet.yaml");

fn main() {}
