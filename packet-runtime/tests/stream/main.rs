//! Any operations on a reassembler, against a naive model.
#![cfg(feature = "alloc")]
#![allow(clippy::unwrap_used)] // a test fails where it panics

mod ends;
mod limits;
mod operations;
mod resync;

use operations::{FRAMINGS, header, operation, run};
use proptest::prelude::*;

/// Bytes that come together: frames of some framing, beginnings of them, and noise.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let small = 0_u8..12;
    let body = prop::collection::vec(any::<u8>(), 0..12);
    let piece = prop_oneof![
        // A size of two bytes that counts the whole packet, one that counts the body, one of seven bits, and a varint.
        (any::<u8>(), body.clone()).prop_map(|(id, body)| {
            let size = u8::try_from(body.len() + 4).unwrap_or(4);
            [&[id, 0, size, 9], &body[..]].concat()
        }),
        (0_u8..12, body.clone()).prop_map(|(id, body)| {
            let size = u8::try_from(body.len()).unwrap_or(0);
            [&[0xfe, size, 0, id], &body[..]].concat()
        }),
        (0_u8..12, body.clone()).prop_map(|(id, body)| {
            let size = u8::try_from(body.len()).unwrap_or(0);
            [&[0xbe, size, 0, id], &body[..]].concat()
        }),
        (small, body.clone()).prop_map(|(id, body)| [&[id], &body[..], b"\r\n"].concat()),
        body.clone()
            .prop_map(|body| [b"GO", &body[..], b"\r\n"].concat()),
        body.prop_map(|body| [&[1, 1, 2], &body[..]].concat()),
        prop::sample::select(&[0xfe_u8, 0xbe, 1, b'G', b'\r', 0][..])
            .prop_flat_map(|byte| prop::collection::vec(Just(byte), 1..60)),
        prop::collection::vec(any::<u8>(), 0..20),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| {
        let mut bytes = pieces.concat();
        bytes.truncate(255);
        bytes
    })
}

/// What a fuzzer found worth keeping, from the vectors of the bundled schemas on.
#[test]
fn the_corpus_of_the_fuzzer_gives_what_the_model_gives() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus/reassembler");
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        run(&std::fs::read(entry.unwrap().path()).unwrap());
        found += 1;
    }
    assert!(found > 100, "{found}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_operations_give_what_the_model_gives(
        framing in 0..FRAMINGS,
        storage: u8,
        read_len in prop_oneof![0_u8..20, any::<u8>()],
        operations in prop::collection::vec((0_u8..8, 0_u8..8, bytes()), 0..12),
    ) {
        let operations = operations.iter().flat_map(|(kind, take, bytes)| operation(*kind, *take, bytes));
        let data: Vec<u8> = header(framing, storage, read_len).into_iter().chain(operations).collect();
        run(&data);
    }

    #[test]
    fn any_bytes_are_operations(data in prop::collection::vec(any::<u8>(), 0..400)) {
        run(&data);
    }
}
