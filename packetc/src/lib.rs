//! Compiles packet protocol schemas.
#![forbid(unsafe_code)]

pub mod render;
