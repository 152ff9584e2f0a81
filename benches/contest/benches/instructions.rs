//! Instructions of the contest, counted by callgrind.

use packet_benches::callgrind::{measured, profile};
use packet_contest::eighth::{self, Logins, Way};
use packet_contest::{Aligned, Contender, Operation, Packet, Run, Sum, all, table};
use std::env;
use std::hint::black_box;
use std::path::Path;

/// How often each cell runs.
const TIMES: u32 = 1000;

fn main() {
    if env::args().any(|argument| argument == "--cells") {
        all(&mut Cells);
        let logins = Logins::new();
        for way in Way::ALL {
            measured(TIMES, || {
                black_box(logins.go(*way));
            });
        }
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("instructions");
    let counts = profile("--cells", &folder).expect("valgrind can be run");
    let mut counts = counts.iter().map(|count| count / f64::from(TIMES));
    let mut cells = Vec::new();
    for entry in table::entries() {
        for operation in entry.operations {
            let cell = (entry.packet, entry.contender, *operation);
            cells.push((cell, counts.next()));
        }
    }
    let ways: Vec<_> = Way::ALL.iter().map(|way| (way, counts.next())).collect();
    let figure = |packet: &str, contender: &str, operation| {
        let (_, count) = cells
            .iter()
            .find(|(cell, _)| *cell == (packet, contender, operation))?;
        *count
    };
    println!("{}", table::print(figure, |count| format!("{count:.0}")));
    let eighth = |name: &str| ways.iter().find(|(way, _)| way.name() == name)?.1;
    println!("{}", eighth::print(eighth, |count| format!("{count:.0}")));
}

struct Cells;

impl Run for Cells {
    fn pair<P: Packet, C: Contender<P>>(&mut self) {
        let mut buffer = Aligned::new();
        let mut value = C::value(P::sample());
        let mut input = Aligned::new();
        let encoded = C::encode(&mut value, &mut buffer.0).expect("it can be encoded");
        input.0[..encoded.len()].copy_from_slice(encoded);
        let bytes = &input.0[..encoded.len()];
        for operation in C::OPERATIONS {
            match operation {
                Operation::Encode => measured(TIMES, || {
                    let encoded = C::encode(black_box(&mut value), black_box(&mut buffer.0));
                    black_box(encoded.map(<[u8]>::len));
                }),
                Operation::Decode => measured(TIMES, || {
                    let mut sum = Sum::default();
                    black_box(C::decode(black_box(bytes), &mut sum).map(|()| sum.0));
                }),
                Operation::One => measured(TIMES, || {
                    black_box(C::one(black_box(bytes)));
                }),
            }
        }
    }
}
