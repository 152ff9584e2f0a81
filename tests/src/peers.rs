//! What programs of others said to each other: `tests/data/peers/*.txt`, recorded by `tests/peers/`.

use packet_schema::value::parse_hex;

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
        let bytes = parse_hex(rest).filter(|bytes| !bytes.is_empty());
        let bytes = bytes.unwrap_or_else(|| panic!("line {number} has no bytes"));
        let Some(connection) = connections.last_mut() else {
            panic!("line {number} belongs to no connection");
        };
        connection.reads.push((side, bytes));
    }
    connections
}
