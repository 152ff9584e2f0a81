//! The bundled server as a program of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

const SERVER: &str = env!("CARGO_BIN_EXE_packet-server");

/// A server that is stopped when this is dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: String,
    _data: tempfile::TempDir,
}

impl Server {
    /// Starts a server with an empty folder and these flags.
    pub(crate) fn start(flags: &[&str]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut process = Command::new(SERVER)
            .args([
                "--address",
                "127.0.0.1:0",
                "--metrics-address",
                "127.0.0.1:0",
                "--store-data",
            ])
            .arg(data.path())
            .args(flags)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let address = line.strip_prefix("listening on ").unwrap().to_owned();
        Self {
            process,
            address,
            _data: data,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is gone already if the test failed for that reason.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
