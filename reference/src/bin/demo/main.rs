//! Runs the reference server and two clients against each other on the loopback interface, and prints
//! every packet that crosses the wire: its fields, and which of its bytes are which field.
//!
//! Exit code 0 says that everything went as it should.
#![forbid(unsafe_code)]

mod story;
mod wire;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;
use tokio::time::timeout;
use wire::Wire;

/// Whatever can go wrong here ends the demo.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How long the demo may take. It needs far less than a second, and it never hangs.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = demo().await else {
        return ExitCode::SUCCESS;
    };
    let output = error.downcast_ref::<io::Error>();
    if output.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS; // whoever reads has seen enough
    }
    // There is nowhere left to report that this fails.
    let _ = writeln!(io::stderr(), "error: the demo failed: {error}");
    ExitCode::FAILURE
}

async fn demo() -> Result<()> {
    let mut wire = Wire::new(io::stdout())?;
    timeout(PATIENCE, story::play(&mut wire))
        .await
        .map_err(|_| "it took too long")?
}
