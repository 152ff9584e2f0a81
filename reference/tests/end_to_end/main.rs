//! The reference server and client over real sockets on the loopback interface.
// A failed helper fails the test that called it; clippy.toml excepts only the test functions themselves.
#![allow(clippy::unwrap_used)]

mod backlog;
mod log;
mod programs;
mod refusals;
mod shutdown;
mod support;
mod talk;
