//! Reads packet protocol schemas.
#![forbid(unsafe_code)]

pub mod codec;
pub mod diagnostic;
pub mod layout;
pub mod model;
pub mod parse;
pub mod syntax;
pub mod value;
