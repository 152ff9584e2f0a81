//! Results as Markdown.

use crate::{Contender, Operation, Packet, Run, all};

/// A pair of packet and contender with the operations that it takes part in.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub packet: &'static str,
    pub contender: &'static str,
    pub operations: &'static [Operation],
}

/// Who takes part where, in the order of the tables.
pub fn entries() -> Vec<Entry> {
    struct Entries(Vec<Entry>);
    impl Run for Entries {
        fn pair<P: Packet, C: Contender<P>>(&mut self) {
            self.0.push(Entry {
                packet: P::NAME,
                contender: C::NAME,
                operations: C::OPERATIONS,
            });
        }
    }
    let mut entries = Entries(Vec::new());
    all(&mut entries);
    entries.0
}

/// A table for each packet: a row for each contender, a column for each operation. `figure` has what was
/// measured, if it was, and `show` prints it. Behind it stands the ratio to the first contender's.
pub fn print(
    figure: impl Fn(&str, &str, Operation) -> Option<f64>,
    show: impl Fn(f64) -> String,
) -> String {
    let entries = entries();
    let mut out = String::new();
    let mut packet = "";
    let mut first = "";
    for entry in &entries {
        if entry.packet != packet {
            packet = entry.packet;
            first = entry.contender;
            out.push_str(&format!(
                "\n| `{packet}` | encode | decode all | decode one |\n|---|---|---|---|\n"
            ));
        }
        out.push_str(&format!("| {} |", entry.contender));
        for operation in Operation::ALL {
            let found = figure(packet, entry.contender, *operation)
                .filter(|_| entry.operations.contains(operation));
            out.push_str(&match (found, figure(packet, first, *operation)) {
                (Some(found), _) if entry.contender == first => format!(" {} |", show(found)),
                (Some(found), Some(base)) => format!(" {} ({:.2}) |", show(found), found / base),
                (Some(found), None) => format!(" {} |", show(found)),
                (None, _) => " |".to_owned(),
            });
        }
        out.push('\n');
    }
    out
}
