//! The `packetc` program.
#![forbid(unsafe_code)]

mod cli;

use clap::Parser;
use cli::{Cli, Outcome};
use std::process::ExitCode;

/// A program that makes millions of small tokens and drops them again spends a third of its time in the
/// system's allocator, and ever more of it the more memory the schema takes.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::run(&Cli::parse()) {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Problems) => ExitCode::from(1),
        // Whoever reads has seen enough, as in `packetc decode … | head`.
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            cli::terminal::complain(&error);
            ExitCode::from(2)
        }
    }
}
