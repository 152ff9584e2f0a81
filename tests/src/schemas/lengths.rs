//! Bytes, texts and arrays, in every way in which their end can be found.

use super::words::SMALL;
use super::{Growing, Maker};
use std::fmt::Write as _;

impl Maker {
    pub(super) fn sequence(&mut self, growing: &mut Growing) {
        let element = self.element();
        let suffix = match self.random.below(6) {
            0 => format!("[{}]", self.random.below(5)),
            1 => "[]".to_owned(),
            _ => format!(
                "<{}>",
                self.random.pick(&[
                    "u8", "u16", "u32le", "u64", "u24", "u40", "u16le", "varint", "Length"
                ])
            ),
        };
        let cstring = element == "string" && self.random.one_in(3);
        let mut more = self.limits();
        if suffix == "[]" && self.random.one_in(2) {
            let end = self.random.pick(&["0", "1", "255", "b", "name"]);
            let _ = write!(more, ", until: {end}");
        }
        if self.random.one_in(6) {
            let _ = write!(more, ", pad_to: {}", 8 + self.random.below(40));
        }
        if element == "string" && self.random.one_in(2) {
            more.push_str(", encoding: ");
            more.push_str(
                self.random
                    .pick(&["ascii", "latin1", "utf16", "utf16, endian: little"]),
            );
        }
        if element.starts_with('f') && self.random.one_in(2) {
            more.push_str(", finite: true");
        }
        if element.starts_with(['u', 'i']) && self.random.one_in(3) {
            more.push_str(", range: 0..=99");
        }
        let name = self.name(growing);
        let ty = if cstring {
            "cstring".to_owned()
        } else {
            format!("{element}{suffix}")
        };
        self.push(growing, &name, &ty, &more);
    }

    /// A number, and what is as long as it says.
    pub(super) fn counted(&mut self, growing: &mut Growing) {
        if self.random.below(4) > 0 || growing.numbers.is_empty() {
            let name = self.name(growing);
            let (ty, more) = match self.random.below(5) {
                0 => ("i8", ""),
                4 => (self.random.pick(&["varint", "zigzag", "Length"]), ""),
                1 => (self.random.pick(SMALL), ""),
                2 => ("u16", ", range: 2..=20"),
                _ => ("u8", ""),
            };
            growing.numbers.push(name.clone());
            self.push(growing, &name, ty, more);
        }
        let number = growing.numbers.last().cloned().unwrap_or_default();
        let expr = match self.random.below(9) {
            0 => format!("{number} * 4 - 8"),
            1 => format!("{number} * 2"),
            2 => format!("{number} - 3"),
            3 => format!("{number} + 1"),
            4 => format!("10 - {number}"),
            5 => self.expr(growing, 2),
            6 => format!("{number} << 1"),
            _ => number,
        };
        let element = self.element();
        let name = self.name(growing);
        let limits = self.limits();
        match self.random.below(3) {
            0 => self.push(
                growing,
                &name,
                &format!("{element}[]"),
                &format!(", size: \"{expr}\"{limits}"),
            ),
            1 => {
                let ty = self.known_struct();
                let trailing = self.random.pick(&["", ", trailing: skip"]);
                self.push(
                    growing,
                    &name,
                    &ty,
                    &format!(", size: \"{expr}\"{trailing}"),
                );
            }
            _ => self.push(growing, &name, &format!("{element}[{expr}]"), &limits),
        }
    }

    /// What is given as many bytes as a number in front of it says.
    pub(super) fn sized(&mut self, growing: &mut Growing) {
        let length = self.name(growing);
        let ty = self
            .random
            .pick(&["u8", "u8", "u16le", "Length", "varint", "u24"]);
        self.push(growing, &length, ty, "");
        let size = match self.random.below(5) {
            0 => format!("{length} * 2"),
            1 => format!("{length} - 1"),
            2 => format!("{length} + 2"),
            _ => length,
        };
        let trailing = self.random.pick(&["", ", trailing: skip"]);
        if self.random.one_in(2) {
            let at = growing.lines.len();
            self.variant(growing);
            let line = growing.lines.iter_mut().skip(at);
            for line in line.filter(|line| line.contains("match: ") && !line.contains("size: ")) {
                let whole = line.trim_end_matches(" }").to_owned();
                *line = format!("{whole} }}, size: \"{size}\"{trailing} }}");
            }
            return;
        }
        let name = self.name(growing);
        let (ty, more) = match self.random.below(4) {
            0 => (self.known_struct(), trailing.to_owned()),
            1 => (format!("{}[]", self.element()), self.limits()),
            2 => ("cstring".to_owned(), trailing.to_owned()),
            _ => (format!("{}[]", self.element()), ", encoding: utf16".into()),
        };
        let pad = self.random.pick(&["", "", ", pad_to: 40"]);
        self.push(
            growing,
            &name,
            &ty,
            &format!(", size: \"{size}\"{more}{pad}"),
        );
    }

    /// An array up to an end.
    pub(super) fn ended(&mut self, growing: &mut Growing) {
        let ty = if self.structs.is_empty() || self.random.one_in(2) {
            self.random
                .pick(&[
                    "u8", "u16", "i8", "i24le", "u64", "u128", "bool", "Kind", "Open", "Wide",
                    "varint", "zigzag", "Tolerant", "u16le",
                ])
                .to_owned()
        } else {
            self.known_struct()
        };
        let end = self
            .random
            .pick(&["0", "1", "7", "255", "-1", "b", "name", "true", "65535"]);
        let limits = self.limits();
        let more = self
            .random
            .pick(&["", "", ", pad_to: 30", ", align: 4", ", range: -1..=70"]);
        let name = self.name(growing);
        self.push(
            growing,
            &name,
            &format!("{ty}[]"),
            &format!(", until: {end}{limits}{more}"),
        );
    }

    pub(super) fn element(&mut self) -> String {
        match self.random.below(4) {
            0 | 1 if !self.structs.is_empty() => self.known_struct(),
            2 => self
                .random
                .pick(&[
                    "u8", "u16", "i8", "i32le", "u64", "f32", "f64le", "u128", "i128", "i64",
                    "u24", "i48le", "u72", "bool", "Kind", "Open", "Flag", "Keep", "Dropped",
                    "Wide", "varint", "zigzag", "Length",
                ])
                .to_owned(),
            _ => self.random.pick(&["bytes", "string"]).to_owned(),
        }
    }

    pub(super) fn limits(&mut self) -> String {
        match self.random.below(5) {
            0 => ", max: 5".to_owned(),
            1 => ", min: 1".to_owned(),
            2 => format!(
                ", min: {}, max: {}",
                self.random.below(3),
                3 + self.random.below(9)
            ),
            _ => String::new(),
        }
    }
}
