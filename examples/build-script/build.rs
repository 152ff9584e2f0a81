//! Compiles all schemas of the folder `schemas`, and again when one of them, or what they import, changes or is added.

fn main() -> Result<(), packetc::BuildError> {
    packetc::Build::new()
        .schemas_in("schemas")
        // `user.Status` is imported by both protocols, and is a type of each.
        .derive("PartialOrd")
        .type_attribute(
            "chat.Say",
            "#[must_use = \"what nobody sends nobody hears\"]",
        )
        .type_attribute("presence.Beacon", "#[derive(Eq, Hash)]")
        .field_attribute("Beacon.room", "#[doc(alias = \"place\")]")
        .module("presence", "who")
        .compile()
}
