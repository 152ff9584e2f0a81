//! Bytes from arguments, files and standard input.

pub(super) mod capture;
mod hex;

use super::Error;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

/// Bytes from hexadecimal digits on the command line.
pub(super) fn hex_argument(text: &str) -> Result<Vec<u8>, Error> {
    hex::parse(text).map_err(|problem| Error::Usage(format!("--hex: {problem}")))
}

/// Bytes from a file, or from standard input if there is no path or the path is `-`: hexadecimal digits,
/// or the bytes themselves if they are `raw`.
///
/// Which of the two is never guessed: a packet may well consist of bytes that are hexadecimal digits.
pub(super) fn bytes(path: Option<&Path>, raw: bool) -> Result<Vec<u8>, Error> {
    let (name, bytes) = match path {
        Some(path) if path.as_os_str() != "-" => {
            let bytes = fs::read(path).map_err(|error| Error::read(path, error))?;
            (path.display().to_string(), bytes)
        }
        _ => ("standard input".to_owned(), stdin()?),
    };
    if raw {
        return Ok(bytes);
    }
    let problem = match std::str::from_utf8(&bytes) {
        Ok(text) => match hex::parse(text) {
            Ok(bytes) => return Ok(bytes),
            Err(problem) => problem.to_string(),
        },
        Err(_) => "it is not text".to_owned(),
    };
    let advice = if capture::is_capture(&bytes) {
        "it is a capture: give it with --pcap"
    } else {
        "if it holds the packet's bytes themselves, add --raw"
    };
    Err(Error::Usage(format!(
        "{name} does not hold hexadecimal digits: {problem}; {advice}"
    )))
}

/// All of standard input as text.
pub(super) fn stdin_text() -> Result<String, Error> {
    String::from_utf8(stdin()?)
        .map_err(|error| Error::Usage(format!("standard input is not UTF-8 text: {error}")))
}

fn stdin() -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(Error::Stdin)?;
    Ok(bytes)
}
