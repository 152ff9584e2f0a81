//! The client library and its program against a server that follows a script.
// A failed helper fails the test that called it; clippy.toml excepts only the test functions themselves.
#![allow(clippy::unwrap_used)]

mod library;
mod peer;
mod program;
mod tls;
