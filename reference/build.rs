//! Compiles the game protocol's schema to the code that `src/lib.rs` includes.

fn main() -> Result<(), packetc::BuildError> {
    packetc::Build::new()
        .schema("../schemas/game.yaml")
        .serde(true)
        .compile()
}
