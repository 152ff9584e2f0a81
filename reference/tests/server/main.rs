//! The server as a program, over TCP on this machine: what it says to clients, good ones and others.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may, as tests may; clippy knows only those"
)]

mod bad_input;
mod crowd;
mod encryption;
mod every_packet;
mod limits;
mod logs;
mod pages;
mod python;
mod settings;
mod shutdown;
mod storage;
mod support;
mod talk;
mod waits;
