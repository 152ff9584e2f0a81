//! Servers as processes of their own: the real one, and the floor.

use crate::{Missing, accounts};
use rustix::process::{Pid, Signal, kill_process};
use std::env;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A server that listens. It ends with this value.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// The reference server, with metrics, on a free port.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(program: &Path, accounts: &accounts::Copy) -> Result<Self, Missing> {
        let mut command = Command::new(program);
        command
            .args(["--address", "127.0.0.1:0", "--metrics-address"])
            .args(["127.0.0.1:0", "--log", "warn", "--data"])
            .arg(accounts.folder());
        Self::launch(command)
    }

    /// The floor: this program, told to be it.
    ///
    /// # Errors
    /// It does not start.
    pub fn floor() -> Result<Self, Missing> {
        let mut command = Command::new(env::current_exe()?);
        command.arg("--floor");
        Self::launch(command)
    }

    fn launch(mut command: Command) -> Result<Self, Missing> {
        let program = command.get_program().to_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        match line.trim().strip_prefix("listening on ").map(str::parse) {
            Some(Ok(address)) => Ok(Self { child, address }),
            _ => {
                // It may have ended already.
                let _ = child.kill();
                let status = child.wait()?;
                let program = program.display();
                Err(format!("{program} does not listen ({status}); it said {line:?}").into())
            }
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop.
    ///
    /// # Errors
    /// It is gone already.
    pub fn stop(&self) -> Result<(), Missing> {
        Ok(kill_process(Pid::from_child(&self.child), Signal::TERM)?)
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// It still runs after `patience`.
    pub fn ended(&mut self, patience: Duration) -> Result<ExitStatus, Missing> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if start.elapsed() > patience {
                return Err(format!("the server still runs after {patience:?}").into());
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Builds the server as it is released, and says where it is.
///
/// # Errors
/// Cargo says no.
pub fn build() -> Result<PathBuf, Missing> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args([
            "build",
            "--release",
            "-p",
            "reference",
            "--bin",
            "packet-server",
        ])
        .arg("--manifest-path")
        .arg(root.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .status()?;
    if !built.success() {
        return Err(format!("the server cannot be built: {built}").into());
    }
    let program = format!("packet-server{}", env::consts::EXE_SUFFIX);
    Ok(target.join("release").join(program))
}
