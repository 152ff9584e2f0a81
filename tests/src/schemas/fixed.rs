//! Numbers, bit runs, reserved fields, structs, and where they stand.

use super::words::{NAMED, SMALL, WHOLE};
use super::{Growing, Maker};

impl Maker {
    pub(super) fn scalar(&mut self, growing: &mut Growing) {
        let name = self.name(growing);
        let ty = if self.random.one_in(4) {
            self.random.pick(NAMED)
        } else if self.random.one_in(2) {
            self.random.pick(SMALL)
        } else {
            self.random.pick(WHOLE)
        };
        let more = match self.random.below(8) {
            0 => format!(
                ", range: {}..={}",
                self.random.below(3),
                3 + self.random.below(200)
            ),
            1 if ty.starts_with('i') => ", range: -7..=-1".to_owned(),
            1 | 2 if ty.starts_with('f') => ", finite: true".to_owned(),
            3 => format!(", const: {}", self.random.below(8)),
            _ => String::new(),
        };
        growing.numbers.push(name.clone());
        self.push(growing, &name, ty, &more);
    }

    pub(super) fn run(&mut self, growing: &mut Growing) {
        let mut left = 8 * (1 + self.random.below(8));
        while left > 0 {
            let (ty, bits) = match self.random.below(12) {
                0 if left >= 3 => ("E3".to_owned(), 3),
                1 if left >= 5 => ("E5".to_owned(), 5),
                2 if left >= 4 => ("F4".to_owned(), 4),
                3 if left >= 5 => ("F5".to_owned(), 5),
                4 => ("bit".to_owned(), 1),
                5 if left >= 8 => ("Flag".to_owned(), 8),
                6 if left >= 16 => ("u16".to_owned(), 16),
                7 | 8 => {
                    let bits = (2 + self.random.below(30)).min(left);
                    (format!("i{bits}"), bits)
                }
                _ => {
                    let bits = (1 + self.random.below(20)).min(left);
                    (format!("u{bits}"), bits)
                }
            };
            left -= bits;
            let more = match self.random.below(8) {
                0 => ", const: 1".to_owned(),
                1 => ", range: 0..=1".to_owned(),
                _ => String::new(),
            };
            if self.random.one_in(6) {
                let more = if self.random.one_in(2) {
                    ", strict: true"
                } else {
                    ""
                };
                self.push(growing, "_", &ty, more);
            } else {
                let name = self.name(growing);
                growing.numbers.push(name.clone());
                self.push(growing, &name, &ty, &more);
            }
        }
    }

    pub(super) fn reserved(&mut self, growing: &mut Growing) {
        let (ty, more) = match self.random.below(5) {
            0 => ("bytes[3]", ""),
            1 => (self.random.pick(WHOLE), ", strict: true"),
            2 => (self.random.pick(NAMED), ", const: 1"),
            3 => (self.random.pick(NAMED), ""),
            _ => (self.random.pick(WHOLE), ""),
        };
        self.push(growing, "_", ty, more);
    }

    /// A field at a multiple of some bytes.
    pub(super) fn aligned(&mut self, growing: &mut Growing) {
        let (name, ty) = match self.random.below(5) {
            0 => ("_".to_owned(), "bytes[0]".to_owned()),
            1 => ("_".to_owned(), "u16".to_owned()),
            2 => (self.name(growing), self.random.pick(WHOLE).to_owned()),
            3 => (self.name(growing), self.known_struct()),
            _ => (self.name(growing), "string<u8>".to_owned()),
        };
        let to = self.random.pick(&["1", "2", "3", "4", "8"]);
        self.push(growing, &name, &ty, &format!(", align: {to}"));
    }

    pub(super) fn nested(&mut self, growing: &mut Growing) {
        let name = self.name(growing);
        let ty = self.known_struct();
        let more = match self.random.below(6) {
            0 => format!(", pad_to: {}", 8 + self.random.below(40)),
            1 => format!(", size: \"{}\"", self.expr(growing, 1)),
            2 => format!(", size: \"{}\", trailing: skip", self.expr(growing, 1)),
            _ => String::new(),
        };
        self.push(growing, &name, &ty, &more);
    }

    pub(super) fn known_struct(&mut self) -> String {
        if self.structs.is_empty() {
            return "u8".to_owned();
        }
        let index = self.random.below(self.structs.len() as u64);
        usize::try_from(index)
            .ok()
            .and_then(|index| self.structs.get(index))
            .cloned()
            .unwrap_or_default()
    }
}
