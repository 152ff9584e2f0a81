//! Benchmarks only: see `benches/`. Here is what they share.

pub mod callgrind;

use std::fmt::Write;

/// A schema of `packets` packets with ten fields each, and of a fiftieth as many types.
pub fn schema(packets: usize) -> String {
    let types = (packets / 100).max(1);
    let mut text = String::from(
        "protocol: big\nversion: 1\nframing:\n  header:\n    - size: { type: u16, role: size }\n    - id: { type: u16, role: id }\ntypes:\n",
    );
    for number in 0..types {
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            text,
            "  Kind{number}: {{ enum: u8, values: {{ a: 0, b: 1, c: 2 }} }}\n  Vec{number}: {{ struct: [x: f32, y: f32, z: f32] }}"
        );
    }
    text.push_str("packets:\n");
    for number in 0..packets {
        let of = number % types;
        let _ = writeln!(
            text,
            "  Packet{number}:
    id: {number}
    fields:
      - player: u32
      - flag: bit
      - level: u7
      - count: u16
      - kind: Kind{of}
      - position: Vec{of}
      - name: string<u8>
      - data: bytes[count]
      - list: Vec{of}<u8>
      - time: u64"
        );
    }
    text
}
