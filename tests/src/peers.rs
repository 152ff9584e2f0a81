//! What programs of others said to each other: `tests/data/peers/*.txt`, recorded by `tests/peers/`.

/// Who sent something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who connected.
    Client,
    /// Who was connected to.
    Server,
}

/// One connection, from its first byte to its last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection<'t> {
    /// What was done with it.
    pub name: &'t str,
    /// What each read gave, in the order in which it came: parts of frames, frames, or several.
    pub reads: Vec<(Side, Vec<u8>)>,
}

impl Connection<'_> {
    /// All bytes of one side.
    pub fn sent_by(&self, side: Side) -> Vec<u8> {
        let reads = self.reads.iter().filter(|(sender, _)| *sender == side);
        reads.flat_map(|(_, bytes)| bytes).copied().collect()
    }
}

/// The connections of a recording.
///
/// # Panics
/// If a line is none of those that `tests/peers/recorder.py` writes, with its number.
pub fn connections(text: &str) -> Vec<Connection<'_>> {
    let mut connections: Vec<Connection<'_>> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let Some((word, rest)) = line.split_once(' ') else {
            panic!("line {number} has no value");
        };
        let side = match word {
            "#" => continue,
            "connection" => {
                let reads = Vec::new();
                connections.push(Connection { name: rest, reads });
                continue;
            }
            "client" => Side::Client,
            "server" => Side::Server,
            _ => panic!("line {number} begins with `{word}`"),
        };
        let bytes = bytes(rest).unwrap_or_else(|| panic!("line {number} has no bytes"));
        let Some(connection) = connections.last_mut() else {
            panic!("line {number} belongs to no connection");
        };
        connection.reads.push((side, bytes));
    }
    connections
}

/// Pairs of hexadecimal digits, at least one.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    if digits.is_empty() || !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return None;
    }
    let pairs = (0..digits.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok())
        .collect()
}
