//! Any operations on a reassembler, against a naive model: see `packet-runtime/tests/stream/operations.rs`.
#![no_main]

#[path = "../../packet-runtime/tests/stream/operations.rs"]
#[allow(dead_code)]
mod operations;

libfuzzer_sys::fuzz_target!(|data: &[u8]| operations::run(data));
