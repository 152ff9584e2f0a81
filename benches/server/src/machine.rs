//! The machine that figures are of.

use std::fs;
use std::thread;

/// Processor, cores and how busy the machine is, in one line.
pub fn describe() -> String {
    let cores = thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find(|line| line.starts_with("model name"));
    let model = model
        .and_then(|line| line.split_once(": "))
        .map_or("processor unknown", |(_, model)| model);
    format!("{model}, {cores} cores, load {}", load())
}

/// How many threads wanted to run in the last minute.
pub fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace()
        .next()
        .unwrap_or("unknown")
        .to_owned()
}
