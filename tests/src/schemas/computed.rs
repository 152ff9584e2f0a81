//! What follows from other fields: expressions, computed values and checksums.

use super::{Growing, Maker};

impl Maker {
    pub(super) fn expr(&mut self, growing: &Growing, depth: u32) -> String {
        if depth == 0 || self.random.one_in(4) {
            if growing.numbers.is_empty() || self.random.one_in(3) {
                return self
                    .random
                    .pick(&[
                        "0",
                        "1",
                        "2",
                        "3",
                        "7",
                        "63",
                        "64",
                        "100",
                        "255",
                        "65536",
                        "9223372036854775808",
                        "-1",
                    ])
                    .to_owned();
            }
            let index = self.random.below(growing.numbers.len() as u64);
            return usize::try_from(index)
                .ok()
                .and_then(|index| growing.numbers.get(index))
                .cloned()
                .unwrap_or_default();
        }
        let a = self.expr(growing, depth - 1);
        let b = self.expr(growing, depth - 1);
        match self.random.below(9) {
            0 => format!("(not {a})"),
            1 => format!("(-({a}))"),
            _ => {
                let op = self.random.pick(&[
                    "+", "-", "*", "/", "%", "&", "|", "<<", ">>", "==", "!=", "<", "<=", ">",
                    ">=", "and", "or",
                ]);
                format!("({a} {op} {b})")
            }
        }
    }

    /// A number that the schema computes from fields before it.
    pub(super) fn computed(&mut self, growing: &mut Growing) {
        let mut terms = Vec::new();
        for _ in 0..=self.random.below(2) {
            let count = growing.names.len().max(1) as u64;
            let index = usize::try_from(self.random.below(count)).unwrap_or(0);
            let Some(field) = growing.names.get(index) else {
                return;
            };
            let function = self.random.pick(&["len", "size", "size", "present"]);
            terms.push(format!("{function}({field})"));
        }
        let name = self.name(growing);
        let ty = self.random.pick(&["u8", "u16le", "i32", "u64"]);
        let value = terms.join(self.random.pick(&[" + ", " * ", " - "]));
        let value = match self.random.below(4) {
            0 => format!("{value} + {}", self.expr(growing, 1)),
            1 => format!("{value} > 3"),
            _ => value,
        };
        self.push(growing, &name, ty, &format!(", value: \"{value}\""));
    }

    /// A number that the schema computes from fields behind it.
    pub(super) fn measuring(&mut self, growing: &mut Growing) {
        let name = self.name(growing);
        let line = growing.lines.len();
        growing.lines.push(String::new());
        growing.names.push(name.clone());
        let before = growing.names.len();
        match self.random.below(5) {
            0 => self.optional(growing),
            1 => self.variant(growing),
            2 => self.presence(growing),
            3 => self.ended(growing),
            _ => self.sequence(growing),
        }
        let behind: Vec<String> = growing
            .names
            .iter()
            .skip(before)
            .filter(|name| *name != "_")
            .cloned()
            .collect();
        let mut terms = Vec::new();
        for field in behind.iter().rev().take(2) {
            let function = self.random.pick(&["len", "size", "present", "", "size"]);
            terms.push(format!("{function}({field})"));
        }
        let ty = self
            .random
            .pick(&["u8", "u16le", "i32", "u64", "varint", "zigzag", "Length"]);
        let value = terms.join(self.random.pick(&[" + ", " * 3 + ", " - "]));
        growing.lines[line] = format!("{name}: {{ type: {ty}, value: \"{value}\" }}");
        if self.random.one_in(3) {
            growing.numbers.push(name);
        }
    }

    pub(super) fn checksum(&mut self, growing: &mut Growing) {
        let name = self.name(growing);
        let mut names = growing.names.clone();
        names.retain(|name| name != "_");
        names.push(name.clone());
        let last = names.len() - 1;
        let from = usize::try_from(self.random.below(names.len() as u64)).unwrap_or(0);
        let (from, to) = (names[from].clone(), names[last].clone());
        let choices = [
            "u16 internet",
            "u16le internet",
            "u8 xor8",
            "u32 adler32",
            "u24le crc24-openpgp",
            "u64 crc64-xz",
        ];
        let (ty, algorithm) = self
            .random
            .pick(&choices)
            .split_once(' ')
            .unwrap_or_default();
        let extra = if self.random.one_in(4) {
            ", extra: 9"
        } else {
            ""
        };
        let line = growing.lines.len();
        growing.names.push(name.clone());
        growing.numbers.push(name.clone());
        let mut to = to;
        growing.lines.push(String::new());
        if self.random.one_in(2) {
            let before = growing.names.len();
            self.sequence(growing);
            if let Some(later) = growing.names.get(before).filter(|later| *later != "_") {
                to.clone_from(later);
            }
        }
        growing.lines[line] = format!(
            "{name}: {{ type: {ty}, checksum: {{ algorithm: {algorithm}, over: [{from}, {to}]{extra} }} }}"
        );
    }
}
