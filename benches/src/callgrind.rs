//! Counting instructions with callgrind: the same on every machine with the same compiler, however busy it is.
//!
//! A program starts itself under valgrind with [`profile`]. In there it calls [`measured`] for one thing after the other,
//! and callgrind writes a profile for each.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::{env, fs, io};

/// Runs this program again, under valgrind and with `argument`, and returns how many instructions each call of
/// [`measured`] took, in their order, all its turns together. Profiles are written to `folder`, which is emptied before.
///
/// # Errors
/// A folder that cannot be written, or valgrind that is not there or fails.
pub fn profile(argument: &str, folder: &Path) -> io::Result<Vec<f64>> {
    let _ = fs::remove_dir_all(folder); // it need not be there
    fs::create_dir_all(folder)?;
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
        .arg(env::current_exe()?)
        .arg(argument)
        .status()
        .map_err(|error| io::Error::new(error.kind(), format!("valgrind: {error}")))?;
    if !status.success() {
        return Err(io::Error::other(format!("valgrind failed: {status}")));
    }
    let cells = (1..).map(|number| folder.join(format!("cell.{number}")));
    Ok(cells.map_while(|cell| instructions(&cell)).collect())
}

/// All instructions of a profile.
fn instructions(profile: &Path) -> Option<f64> {
    let text = fs::read_to_string(profile).ok()?;
    let line = text.lines().find_map(|line| {
        line.strip_prefix("summary: ")
            .or_else(|| line.strip_prefix("totals: "))
    })?;
    line.trim().parse().ok()
}

/// Runs something once, since what is found out once, such as the features of the processor, is nobody's cost, and then
/// `times` times under callgrind's eyes. Make it so often that the calls around it vanish.
#[inline(always)]
pub fn measured(times: u32, mut run: impl FnMut()) {
    run();
    start_of_cell();
    for _ in 0..times {
        run();
    }
    end_of_cell();
}

#[inline(never)]
fn start_of_cell() {
    black_box(0_u8);
}

#[inline(never)]
fn end_of_cell() {
    black_box(1_u16);
}
