//! Framing, packets, and what they do to a session.

use super::{Growing, Maker, listed};
use packet_schema::compile;

const SESSION: &str = "session: { start: type, states: [type, state, Self, else_] }\n";

impl Maker {
    /// A header, and packets, after the types.
    pub(super) fn packets(&mut self) -> String {
        let types = format!("types:\n{}", self.types);
        let base = format!("{}{types}", self.head);
        let size = self
            .random
            .pick(&["u8", "u16", "u24", "u32le", "u64", "u40", "varint"]);
        let counts = match size {
            "varint" => self.random.pick(&["body", "{ from: id }"]),
            _ => self
                .random
                .pick(&["packet", "body", "{ from: size }", "{ from: id }"]),
        };
        let bias = self.random.pick(&["0", "1", "-1", "4", "-7"]);
        let id = self.random.pick(&[
            "u8", "u16", "u24", "u32le", "u64", "u40le", "Byte", "varint",
        ]);
        let mut lines = vec![
            format!("size: {{ type: {size}, role: size, counts: {counts}, bias: {bias} }}"),
            format!("id: {{ type: {id}, role: id }}"),
        ];
        if self.random.one_in(2) {
            lines.swap(0, 1);
        }
        let mut header = Growing::default();
        for _ in 0..self.random.below(3) {
            if self.random.one_in(2) {
                self.scalar(&mut header);
            } else {
                self.run(&mut header);
            }
        }
        if self.random.one_in(2) {
            lines.splice(0..0, header.lines);
        } else {
            lines.extend(header.lines);
        }
        match self.random.below(4) {
            0 => lines.push(
                "sum: { type: u16, checksum: { algorithm: crc16-modbus, over: [size, body] } }"
                    .to_owned(),
            ),
            1 => lines.push(
                "sum: { type: u8, checksum: { algorithm: sum8, over: [sum, body], extra: 3 } }"
                    .to_owned(),
            ),
            _ => {}
        }
        lines.push("flags: u8".to_owned());
        let lines: String = listed("    ", &lines);
        let trailer = self.random.pick(&[
            "",
            "  trailer: [check: u16le, _: { type: u8, const: 7 }]\n",
            "  trailer: [one: u4, _: u12]\n",
            "  trailer: [sum_: { type: u32, checksum: { algorithm: crc32, over: [size, body] } }]\n",
            "  trailer: [sum_: { type: u16, checksum: { algorithm: fletcher16, over: [body, body] } }]\n",
        ]);
        let framing = format!("framing:\n  max_size: 4KiB\n  header:\n{lines}{trailer}");
        let plain = "framing:\n  header:\n    - size: { type: u16, role: size }\n    - id: { type: u8, role: id }\n    - flags: u8\n".to_owned();
        let mut packets = "packets:\n".to_owned();
        for id in 0..3 {
            let mut growing = Growing::default();
            growing.numbers.push("id".to_owned());
            for _ in 0..3 {
                self.piece(&mut growing);
            }
            let fields: String = listed("      ", &growing.lines);
            let ids = match self.random.below(4) {
                0 => format!("{}..={}", id * 100, id * 100 + 3),
                _ => (id * 100).to_string(),
            };
            let header = self.random.pick(&[
                "",
                "    header: { flags: 5 }\n",
                "    header: { flags: [low: u3, _: bit, high: u4] }\n",
            ]);
            let trailing = self.random.pick(&["", "", "    trailing: skip\n"]);
            let packet =
                format!("  P{id}:\n    id: {ids}\n{header}{trailing}    fields:\n{fields}");
            let with = format!("{base}{plain}{packets}{packet}");
            if compile(&with).is_ok() {
                packets.push_str(&packet);
                let steps = self.steps(&growing.numbers);
                let session = format!("{SESSION}{base}{plain}{packets}{steps}");
                if compile(&session).is_ok() {
                    packets.push_str(&steps);
                }
            }
        }
        let base = if packets.contains("    then:") {
            format!("{SESSION}{base}")
        } else {
            base
        };
        for framing in [framing, plain] {
            let all = format!("{base}{framing}{packets}");
            if compile(&all).is_ok() {
                return all;
            }
        }
        base
    }

    /// What a packet with these numbers does to the session.
    pub(super) fn steps(&mut self, numbers: &[String]) -> String {
        let number = numbers.last().map_or("id", String::as_str);
        let other = numbers.first().map_or("id", String::as_str);
        let conditions = [
            format!("{number} == 3"),
            format!("not {number}"),
            format!("{number} and ({other} or {number} > 7)"),
            format!("{number} < 5 and {other} != 2 or {number} == 9"),
        ];
        let at = usize::try_from(self.random.below(4)).unwrap_or(0);
        let when = conditions.get(at).cloned().unwrap_or_default();
        let far =
            "{ in: type, state: state }, { in: state, state: Self }, { in: Self, state: else_ }";
        format!(
            "    then: [{far}, {{ in: else_, when: \"{when}\", state: type }}, \
             {{ in: else_, when: \"not ({when})\", state: state }}]\n"
        )
    }
}
