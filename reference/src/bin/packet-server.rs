//! The reference server as a program: listens until Ctrl-C.
#![forbid(unsafe_code)]

use clap::Parser;
use reference::server::world::Rules;
use reference::server::{Options, Server};
use std::io::{self, Write};
use std::process::ExitCode;
use tracing::Level;

/// A server for the game protocol
///
/// Prints the address that it listens on, and logs to standard error. Ctrl-C shuts it down: what is on
/// its way to clients is still written.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Address to listen on; port 0 is any free one
    #[arg(long, default_value = "127.0.0.1:7777", value_name = "HOST:PORT")]
    address: String,
    /// Players that can be logged in at a time
    #[arg(long, default_value_t = Rules::default().capacity)]
    capacity: u16,
    /// What to log: error, warn, info, debug or trace
    #[arg(long, default_value_t = Level::INFO, value_name = "LEVEL")]
    log: Level,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_max_level(arguments.log)
        .with_writer(io::stderr)
        .init();
    match serve(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // There is nowhere left to report that this fails.
            let _ = writeln!(io::stderr(), "error: {}: {error}", arguments.address);
            ExitCode::from(2)
        }
    }
}

async fn serve(arguments: &Arguments) -> io::Result<()> {
    let rules = Rules {
        capacity: arguments.capacity,
        ..Rules::default()
    };
    let options = Options {
        rules,
        max_connections: 2 * usize::from(arguments.capacity),
        ..Options::default()
    };
    let server = Server::bind(&arguments.address, options).await?;
    let interrupted = interruption()?;
    let mut out = io::stdout();
    writeln!(out, "listening on {}", server.local_addr()?)?;
    out.flush()?;
    server.run(interrupted).await;
    Ok(())
}

/// Completes when somebody wants the server to stop: Ctrl-C, or a service manager.
#[cfg(unix)]
fn interruption() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Completes when somebody wants the server to stop: Ctrl-C.
#[cfg(not(unix))]
fn interruption() -> io::Result<impl Future<Output = ()>> {
    // Where Ctrl-C cannot be caught it ends the process, so there is nothing to wait for.
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
