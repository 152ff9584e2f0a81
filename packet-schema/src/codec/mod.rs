//! The dynamic codec.
