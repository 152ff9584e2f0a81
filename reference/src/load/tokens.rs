//! The file in which tokens are kept from run to run.
//!
//! It is text: the device that the tokens are good on, and a line for each account. Whoever reads it can log in as these, so
//! on Unix only its owner may.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Tokens by the names of their accounts, and the device that they are good on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Identifies this installation to servers.
    pub device: [u8; 16],
    /// The latest token of each account.
    pub of: BTreeMap<String, [u8; 32]>,
}

impl Tokens {
    /// None yet, on a device that is drawn.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub fn none() -> io::Result<Self> {
        let mut device = [0; 16];
        getrandom::fill(&mut device).map_err(io::Error::other)?;
        Ok(Self {
            device,
            of: BTreeMap::new(),
        })
    }

    /// Those in a file; none if it is not there.
    ///
    /// # Errors
    /// It cannot be read, or is no such file.
    pub fn load(path: &Path) -> io::Result<Self> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Self::none(),
            Err(error) => return Err(error),
        };
        Self::parse(&text).map_err(|line| {
            let problem = format!("line {line} is none of a file of tokens; remove the file");
            io::Error::new(io::ErrorKind::InvalidData, problem)
        })
    }

    /// Puts them into a file, all or nothing.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let new = Path::new(&name);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        options.open(new)?.write_all(self.text().as_bytes())?;
        fs::rename(new, path)
    }

    fn text(&self) -> String {
        let mut text = String::from("device ");
        hex(&self.device, &mut text);
        for (name, token) in &self.of {
            text.push_str("\ntoken ");
            hex(token, &mut text);
            text.push(' ');
            text.push_str(name);
        }
        text.push('\n');
        text
    }

    /// The number of the line that is wrong is the error.
    fn parse(text: &str) -> Result<Self, usize> {
        let mut lines = text.lines().enumerate();
        let first = lines
            .next()
            .and_then(|(_, line)| line.strip_prefix("device "));
        let device = first.and_then(from_hex).ok_or(1_usize)?;
        let mut of = BTreeMap::new();
        for (number, line) in lines {
            let parts = line
                .strip_prefix("token ")
                .and_then(|line| line.split_once(' '));
            let parsed = parts.and_then(|(token, name)| Some((from_hex(token)?, name)));
            let (token, name) = parsed.ok_or(number + 1)?;
            of.insert(name.to_owned(), token);
        }
        Ok(Self { device, of })
    }
}

fn hex(bytes: &[u8], text: &mut String) {
    for byte in bytes {
        let _ = write!(text, "{byte:02x}"); // cannot fail
    }
}

fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        let digits = text.get(2 * place..2 * place + 2)?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_as_they_were_saved() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens");
        let mut tokens = Tokens::load(&path).unwrap();
        assert!(tokens.of.is_empty());
        tokens.of.insert("load 1".to_owned(), [0xa5; 32]);
        tokens.of.insert("지연".to_owned(), [1; 32]);
        tokens.save(&path).unwrap();
        assert_eq!(Tokens::load(&path).unwrap(), tokens);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[track_caller]
    fn check(text: &str, line: usize) {
        assert_eq!(Tokens::parse(text), Err(line), "{text}");
    }

    #[test]
    fn says_which_line_is_wrong() {
        let device = "device 000102030405060708090a0b0c0d0e0f";
        check("", 1);
        check("device 00", 1);
        check(&format!("{device}\ntoken 00 ada"), 2);
        let token = "ab".repeat(32);
        check(&format!("{device}\ntoken {token} ada\n{token} eve"), 3);
        check(&format!("{device}\ntoken {}g0 ada", &token[2..]), 2);
    }
}
