//! What is kept from run to run, in the user's folder for the state of programs: the device that tokens are good on, and the
//! history of what was typed.

use crate::connect::{from_hex, hex};
use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

/// Identifies this installation: drawn once. Where nothing can be kept it is drawn for this run, and tokens are worth nothing
/// in the next.
pub(crate) fn device() -> [u8; 16] {
    let path = folder().map(|folder| folder.join("device"));
    let kept = path.as_ref().and_then(|path| fs::read_to_string(path).ok());
    if let Some(device) = kept.and_then(|text| from_hex(text.trim())) {
        return device;
    }
    let mut device = [0; 16];
    let drawn = getrandom::fill(&mut device).map_err(io::Error::other);
    let written = drawn.and_then(|()| match &path {
        Some(path) => fs::write(path, hex(&device)),
        None => Err(io::ErrorKind::NotFound.into()),
    });
    if let Err(error) = written {
        // A notice only, and nowhere left to report that it fails.
        let _ = writeln!(
            io::stderr(),
            "note: this device is not remembered, so tokens are good for this run alone: {error}"
        );
    }
    device
}

/// Where the lines that were typed are kept, if anywhere.
pub(crate) fn history() -> Option<PathBuf> {
    folder().map(|folder| folder.join("history"))
}

/// The folder, which is there.
fn folder() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    let base = set("XDG_STATE_HOME")
        .or_else(|| set("LOCALAPPDATA"))
        .map(PathBuf::from)
        .or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".local/state")))?;
    let folder = base.join("packet-client");
    fs::create_dir_all(&folder).ok()?;
    Some(folder)
}
