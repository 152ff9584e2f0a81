//! What is there or not, and variants.

use super::words::{NAMED, SMALL, WHOLE};
use super::{Growing, Maker};
use std::fmt::Write as _;

impl Maker {
    /// Presence bits, and a field for each.
    pub(super) fn presence(&mut self, growing: &mut Growing) {
        let (a, b) = (self.name(growing), self.name(growing));
        self.push(growing, &a, "bit", "");
        self.push(growing, &b, "u1", "");
        self.push(growing, "_", "u6", "");
        for condition in [a.clone(), format!("not {b}"), a] {
            let name = self.name(growing);
            let ty = match self.random.below(4) {
                0 => self.known_struct(),
                1 => format!("{}<varint>", self.element()),
                2 => self.random.pick(NAMED).to_owned(),
                _ => self.random.pick(WHOLE).to_owned(),
            };
            let more = self
                .random
                .pick(&["", "", ", align: 2", ", pad_to: 20", ", default: 1"]);
            self.push(growing, &name, &ty, &format!("{more}, when: {condition}"));
        }
    }

    pub(super) fn optional(&mut self, growing: &mut Growing) {
        let condition = match self.random.below(4) {
            0 => {
                let name = self.name(growing);
                growing.numbers.push(name.clone());
                self.push(growing, &name, "bool", "");
                name
            }
            1 => {
                let (a, b) = (self.name(growing), self.name(growing));
                self.push(growing, &a, "bit", "");
                self.push(growing, &b, "bit", "");
                self.push(growing, "_", "u6", "");
                growing.numbers.extend([a.clone(), b.clone()]);
                if self.random.one_in(2) {
                    a
                } else {
                    format!("not {b}")
                }
            }
            _ => self.expr(growing, 3),
        };
        for _ in 0..=self.random.below(2) {
            let before = growing.lines.len();
            let numbers = growing.numbers.len();
            match self.random.below(4) {
                0 => self.sequence(growing),
                1 => self.nested(growing),
                2 => self.variant(growing),
                _ => self.scalar(growing),
            }
            if growing.lines.len() > before {
                growing
                    .numbers
                    .truncate(numbers.max(growing.numbers.len().saturating_sub(1)));
                if let Some(line) = growing.lines.last_mut()
                    && let Some(open) = line.strip_suffix(" }")
                {
                    *line = format!("{open}, when: \"{condition}\" }}");
                }
            }
        }
    }

    pub(super) fn variant(&mut self, growing: &mut Growing) {
        if growing.numbers.is_empty() || !self.random.one_in(4) {
            let name = self.name(growing);
            let ty = if self.random.one_in(2) {
                self.random
                    .pick(&["Kind", "Open", "Wide", "One", "varint", "Length"])
            } else {
                self.random.pick(SMALL)
            };
            let more = if self.random.one_in(6) {
                ", const: 1"
            } else {
                ""
            };
            growing.numbers.push(name.clone());
            self.push(growing, &name, ty, more);
        }
        let tag = growing.numbers.last().cloned().unwrap_or_default();
        let mut cases = String::new();
        for number in 0..=self.random.below(4) {
            let ty = self.case_type();
            let name = if self.hostile {
                self.random
                    .pick(&["Self", "None", "type", "Else", "foo_bar", "FooBar", "Ok"])
                    .to_owned()
            } else {
                format!("C{number}")
            };
            let more = self.random.pick(&[
                "",
                "",
                "",
                ", range: 1..=9",
                ", max: 2",
                ", min: 1, max: 3",
                ", until: 0",
                ", encoding: utf16",
                ", encoding: latin1, max: 4",
                ", endian: little",
                ", canonical: false",
                ", finite: true",
            ]);
            let _ = write!(
                cases,
                "{number}: {{ type: \"{ty}\", name: {name}{more} }}, "
            );
        }
        if self.random.one_in(2) {
            let ty = if self.random.one_in(4) {
                "skip".to_owned()
            } else {
                self.case_type()
            };
            let _ = write!(cases, "else: \"{ty}\"");
        }
        let guard = if self.random.one_in(4) {
            format!(", guard: \"{}\"", self.expr(growing, 2))
        } else {
            String::new()
        };
        let name = self.name(growing);
        let size = match self.random.below(6) {
            0 => format!(", size: \"{}\"", self.expr(growing, 1)),
            1 => format!(", size: \"{}\", trailing: skip", self.expr(growing, 1)),
            _ => String::new(),
        };
        growing.lines.push(format!(
            "{name}: {{ match: {tag}, cases: {{ {cases} }}{guard}{size} }}"
        ));
        growing.names.push(name.clone());
        if self.random.one_in(4) {
            let rest = self.name(growing);
            self.push(growing, &rest, "bytes[]", "");
        }
    }

    pub(super) fn case_type(&mut self) -> String {
        match self.random.below(15) {
            12 => format!("{}<u8>", self.element()),
            13 => format!("{}[3]", self.element()),
            14 => format!("{}[]", self.element()),
            9 => "bytes<varint>".to_owned(),
            10 => "cstring".to_owned(),
            11 => self.random.pick(&["varint", "zigzag"]).to_owned(),
            0 => "bytes<u8>".to_owned(),
            1 => "string<u16>".to_owned(),
            2 => "bytes".to_owned(),
            3 => self.random.pick(WHOLE).to_owned(),
            4 => self.random.pick(NAMED).to_owned(),
            5 => "bytes[3]".to_owned(),
            6 => "string[5]".to_owned(),
            _ => self.known_struct(),
        }
    }
}
