//! Instructions a frame, counted by callgrind.
//!
//! Prints them as Markdown. With the path of a file that holds such a table, compares them with it, and fails if the
//! reassembler takes more now; with `--record` in front of the path, writes the table there.

use packet_benches::callgrind::{measured, profile};
use packet_framing::{Row, by_hand, reassemble};
use std::hint::black_box;
use std::process::ExitCode;
use std::{env, fs, io};

/// Bytes of a stream, so that it stays in the cache as it does where times are taken.
const TOTAL: usize = 512 << 10;
/// By how much a count may grow: the C library copies by other instructions on other processors.
const TOLERANCE: f64 = 1.03;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if arguments == ["--cells"] {
        cells();
        return ExitCode::SUCCESS;
    }
    match run(&arguments) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[&str]) -> io::Result<ExitCode> {
    let table = table(&counts()?);
    print!("{table}");
    match arguments {
        [] => Ok(ExitCode::SUCCESS),
        ["--record", path] => fs::write(path, table).map(|()| ExitCode::SUCCESS),
        [path] => {
            let grown = grown(&fs::read_to_string(path)?, &table);
            for line in &grown {
                eprintln!("{line}");
            }
            Ok(ExitCode::from(u8::from(!grown.is_empty())))
        }
        _ => Err(io::Error::other("expected nothing, PATH or --record PATH")),
    }
}

/// What runs under valgrind.
fn cells() {
    for row in Row::all(TOTAL) {
        let chunks = row.chunks();
        measured(1, || {
            black_box(reassemble(black_box(&chunks)));
        });
        measured(1, || {
            black_box(by_hand(black_box(&chunks)));
        });
    }
}

/// For each row, the instructions a frame of the reassembler and of the loop by hand.
fn counts() -> io::Result<Vec<(Row, f64, f64)>> {
    let folder = env::temp_dir().join(format!("packet-framing-{}", std::process::id()));
    let profiled = profile("--cells", &folder);
    let _ = fs::remove_dir_all(&folder); // whoever reads the temporary folder next can do that, too
    let mut counts = profiled?.into_iter();
    let rows = Row::all(TOTAL).into_iter().map(|row| {
        let mut next = || Some(counts.next()? / row.count as f64);
        let (reassembler, hand) = (next()?, next()?);
        Some((row, reassembler, hand))
    });
    let rows: Option<Vec<_>> = rows.collect();
    rows.ok_or_else(|| io::Error::other("callgrind wrote fewer profiles than there are rows"))
}

fn table(rows: &[(Row, f64, f64)]) -> String {
    let mut table = "| Frames | Chunks | reassembler | by hand |\n|---|---|---|---|\n".to_owned();
    for (row, reassembler, hand) in rows {
        let ratio = reassembler / hand;
        table.push_str(&format!(
            "| {} | {} | {reassembler:.1} ({ratio:.2}) | {hand:.1} |\n",
            row.frames, row.chunks
        ));
    }
    table
}

/// A line for each row in which the reassembler takes more instructions than was recorded, and for each that was not.
fn grown(recorded: &str, now: &str) -> Vec<String> {
    let counts = |table: &str| -> Vec<(String, f64)> {
        let rows = table.lines().filter_map(|line| {
            let mut cells = line.split('|').map(str::trim);
            let name = format!("{} in chunks of {}", cells.nth(1)?, cells.next()?);
            let count = cells.next()?.split_whitespace().next()?.parse().ok()?;
            Some((name, count))
        });
        rows.collect()
    };
    let recorded = counts(recorded);
    let judged = counts(now).into_iter().map(|(name, count)| {
        match recorded.iter().find(|(row, _)| *row == name) {
            None => Some(format!("{name}: not recorded")),
            Some((_, before)) if count > before * TOLERANCE => Some(format!(
                "{name}: {count} instructions a frame, {before} were recorded"
            )),
            Some(_) => None,
        }
    });
    judged.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_grew_and_what_is_new() {
        let row =
            |frames: &str, count: &str| format!("| {frames} | 64 KiB | {count} (1.00) | 9.0 |\n");
        let recorded = row("a", "10.0") + &row("b", "10.0") + &row("gone", "1.0");
        let now = row("a", "10.2") + &row("b", "10.4") + &row("new", "1.0");
        assert_eq!(
            grown(&recorded, &now),
            [
                "b in chunks of 64 KiB: 10.4 instructions a frame, 10 were recorded",
                "new in chunks of 64 KiB: not recorded",
            ]
        );
        assert!(grown(&now, &now).is_empty());
    }
}
