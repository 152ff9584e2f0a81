//! How much memory a process holds.

use std::fs;
use std::io;

/// Resident memory of a process in bytes, as Linux counts it.
///
/// # Errors
/// There is no such process, or no `/proc`.
pub fn resident(process: u32) -> io::Result<u64> {
    let path = format!("/proc/{process}/status");
    let status = fs::read_to_string(path)?;
    parse(&status).ok_or_else(|| {
        let problem = "the status of the process has no line VmRSS";
        io::Error::new(io::ErrorKind::InvalidData, problem)
    })
}

fn parse(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_line_of_resident_memory() {
        let status = "Name:\tserver\nVmPeak:\t    9000 kB\nVmRSS:\t    5128 kB\n";
        assert_eq!(parse(status), Some(5128 * 1024));
        assert_eq!(parse("Name:\tserver\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_holds_memory() {
        assert!(resident(std::process::id()).unwrap() > 100_000);
        assert!(resident(u32::MAX).is_err());
    }
}
