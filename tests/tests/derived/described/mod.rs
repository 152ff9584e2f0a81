//! Structs that name the schema which describes them: nothing of it is said again.

mod game;
mod inet;
