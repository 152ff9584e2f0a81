//! Instructions of the contest, counted by callgrind: the same on every machine with the same compiler, however
//! busy it is.
//!
//! The program starts itself under valgrind, which dumps a profile whenever [`end`] returns: one for each cell.

use packet_contest::eighth::{self, Logins, Way};
use packet_contest::{Aligned, Contender, Operation, Packet, Run, Sum, all, table};
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// How often each cell runs, so that calls of [`start`] and [`end`] vanish among them.
const TIMES: u64 = 1000;

fn main() {
    if env::args().any(|argument| argument == "--cells") {
        all(&mut Cells);
        let logins = Logins::new();
        for way in Way::ALL {
            measured(|| {
                black_box(logins.go(*way));
            });
        }
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("instructions");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder can be made");
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet"])
        .arg(format!(
            "--callgrind-out-file={}",
            folder.join("cell").display()
        ))
        .args([
            "--zero-before=*start_of_cell*",
            "--dump-before=*end_of_cell*",
        ])
        .arg(env::current_exe().expect("a program knows its place"))
        .arg("--cells")
        .status()
        .expect("valgrind is installed");
    assert!(status.success(), "valgrind failed");

    let mut cells = Vec::new();
    for entry in table::entries() {
        for operation in entry.operations {
            let number = cells.len() + 1;
            let count = instructions(&folder.join(format!("cell.{number}")));
            cells.push(((entry.packet, entry.contender, *operation), count));
        }
    }
    let figure = |packet: &str, contender: &str, operation| {
        let (_, count) = cells
            .iter()
            .find(|(cell, _)| *cell == (packet, contender, operation))?;
        *count
    };
    println!("{}", table::print(figure, |count| format!("{count:.0}")));
    let eighth = |name: &str| {
        let index = Way::ALL.iter().position(|way| way.name() == name)?;
        instructions(&folder.join(format!("cell.{}", cells.len() + index + 1)))
    };
    println!("{}", eighth::print(eighth, |count| format!("{count:.0}")));
}

/// The instructions of one turn in a profile.
fn instructions(profile: &Path) -> Option<f64> {
    let text = fs::read_to_string(profile).ok()?;
    let line = text.lines().find_map(|line| {
        line.strip_prefix("summary: ")
            .or_else(|| line.strip_prefix("totals: "))
    })?;
    let total: f64 = line.trim().parse().ok()?;
    Some(total / TIMES as f64)
}

#[inline(never)]
fn start_of_cell() {
    black_box(0_u8);
}

#[inline(never)]
fn end_of_cell() {
    black_box(1_u16);
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
                Operation::Encode => measured(|| {
                    let encoded = C::encode(black_box(&mut value), black_box(&mut buffer.0));
                    black_box(encoded.map(<[u8]>::len));
                }),
                Operation::Decode => measured(|| {
                    let mut sum = Sum::default();
                    black_box(C::decode(black_box(bytes), &mut sum).map(|()| sum.0));
                }),
                Operation::One => measured(|| {
                    black_box(C::one(black_box(bytes)));
                }),
            }
        }
    }
}

#[inline(always)]
fn measured(mut run: impl FnMut()) {
    // What is found out once, such as the features of the processor, is nobody's cost.
    run();
    start_of_cell();
    for _ in 0..TIMES {
        run();
    }
    end_of_cell();
}
