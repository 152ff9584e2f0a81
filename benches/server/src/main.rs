//! Measures the reference server, and prints Markdown.
//!
//! `cargo bench -p packet-server-bench -- --quick`

use clap::Parser;
use packet_server_bench::accounts::Seed;
use packet_server_bench::{Bench, Missing, child, echo, figures, floor, machine, steady};
use std::path::PathBuf;

/// Accounts that are made: as many as the most connections.
const ACCOUNTS: usize = 19_000;

#[derive(Debug, Parser)]
struct Arguments {
    /// Take fewer and shorter rounds
    #[arg(long)]
    quick: bool,
    /// Take only this part
    #[arg(value_name = "PART", value_parser = ["echo", "steady", "figures"])]
    only: Option<String>,
    /// Measure this program instead of one that is built first
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// Be the floor: a raw echo server
    #[arg(long, hide = true)]
    floor: bool,
    /// What Cargo tells every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<(), Missing> {
    let arguments = Arguments::parse();
    if arguments.floor {
        return floor::run();
    }
    let server = arguments.server.map_or_else(child::build, Ok)?;
    let bench = Bench {
        server,
        accounts: Seed::new(ACCOUNTS)?,
        quick: arguments.quick,
    };
    let takes = |part| arguments.only.as_deref().is_none_or(|only| only == part);
    println!("{}\n", machine::describe());
    if takes("echo") {
        println!("{}", echo::table(&bench)?);
    }
    if takes("steady") {
        println!("{}", steady::table(&bench)?);
    }
    if takes("figures") {
        println!("{}", figures::table(&bench));
    }
    println!("{}", machine::describe());
    Ok(())
}
