//! Keys and words as other languages call them, for help with one that does not exist.

/// Words, the key that is meant by them where a map can have it, and what to do. Of several entries with one
/// word the first counts whose key the map can have.
const KEYS: &[(&[&str], &str, &str)] = &[
    (
        &[
            "if",
            "optional",
            "condition",
            "present_if",
            "only_if",
            "presence",
        ],
        "when",
        "write `when: CONDITION`, as in `when: kind == 2`",
    ),
    (
        &[
            "repeat",
            "repeated",
            "length",
            "len",
            "count",
            "times",
            "array",
            "repeat_expr",
            "n",
        ],
        "type",
        "say it in the type: `bytes[length]`, `u16[count]`, or `string<u8>` with a length in front",
    ),
    (
        &["padding", "pad", "reserved", "unused", "spare", "skip"],
        "type",
        "a reserved field is named `_`: `- _: u8`",
    ),
    (
        &["width", "bits", "signed", "unsigned"],
        "type",
        "say it in the type: `u12` has 12 bits and `i16` is signed",
    ),
    (
        &[
            "endianness",
            "endianess",
            "byte_order",
            "byteorder",
            "byteOrder",
            "order",
        ],
        "endian",
        "write `endian: big` or `endian: little`",
    ),
    (
        &["bitorder", "bitOrder", "bit_numbering", "bit_endian"],
        "bit_order",
        "write `bit_order: msb` or `bit_order: lsb`",
    ),
    (
        &[
            "description",
            "comment",
            "desc",
            "note",
            "documentation",
            "summary",
            "brief",
            "help",
        ],
        "doc",
        "write `doc: TEXT`",
    ),
    (
        &[
            "switch",
            "switch-on",
            "switch_on",
            "union",
            "oneof",
            "choice",
            "variant",
            "tag",
        ],
        "match",
        "write `match: FIELD` and `cases: { VALUE: TYPE }`",
    ),
    (
        &["default", "otherwise", "else"],
        "cases",
        "write `else: TYPE` among the cases",
    ),
    (
        &[
            "valid", "limits", "bounds", "between", "interval", "minimum", "maximum", "allowed",
        ],
        "range",
        "write `range: 1..=9`; `min` and `max` are for lengths",
    ),
    (
        &[
            "value", "constant", "fixed", "equals", "magic", "contents", "expected",
        ],
        "const",
        "write `const: VALUE`",
    ),
    (
        &["charset", "codec", "character_set"],
        "encoding",
        "write `encoding: utf8`",
    ),
    (
        &[
            "terminator",
            "terminated",
            "terminated_by",
            "sentinel",
            "end",
        ],
        "until",
        "write `until: VALUE`",
    ),
    (
        &["factor", "multiplier", "resolution", "scaling"],
        "scale",
        "write `scale: 0.1`",
    ),
    (&["alignment", "aligned"], "align", "write `align: BYTES`"),
    (
        &[
            "since_version",
            "added",
            "version",
            "added_in",
            "introduced",
        ],
        "since",
        "write `since: VERSION`",
    ),
    (
        &["crc", "hash", "digest"],
        "checksum",
        "write `checksum: { algorithm: NAME, over: [FROM, TO] }`",
    ),
    (
        &["bytes", "data", "raw", "input"],
        "hex",
        "write the bytes as `hex: \"00 01\"`",
    ),
    (
        &["expect", "expected", "json", "output", "decoded", "fields"],
        "value",
        "write `value: { FIELD: VALUE }`",
    ),
    (
        &[
            "members",
            "elements",
            "body",
            "payload",
            "content",
            "items",
            "parameters",
            "arguments",
            "seq",
        ],
        "fields",
        "write `fields: [ … ]`",
    ),
    (
        &["enumeration", "choices"],
        "enum",
        "write `enum: u8` and `values: { NAME: NUMBER }`",
    ),
    (
        &["bitfield", "bitflags", "bitmask", "bitset", "mask"],
        "flags",
        "write `flags: u8` and `bits: { NAME: POSITION }`",
    ),
    (
        &["alias", "typedef", "is", "base", "underlying"],
        "type",
        "write `type: TYPE`",
    ),
    (
        &["members", "variants", "items", "cases", "choices", "names"],
        "values",
        "write `values: { NAME: NUMBER }`",
    ),
    (
        &["values", "positions", "members", "names", "masks"],
        "bits",
        "write `bits: { NAME: POSITION }`",
    ),
    (
        &[
            "fields", "members", "record", "object", "message", "seq", "class",
        ],
        "struct",
        "write `struct: [ … ]`",
    ),
    (
        &["default", "other", "others", "open", "closed", "strict"],
        "unknown",
        "write `unknown: keep` or `unknown: reject`",
    ),
    (
        &[
            "opcode",
            "packet_id",
            "message_id",
            "msg_id",
            "command",
            "number",
            "code",
        ],
        "id",
        "write `id: NUMBER`",
    ),
    (
        &["direction", "sender", "sent_by", "origin", "source"],
        "from",
        "write `from: client`, `from: server` or `from: both`",
    ),
    (
        &["length", "len", "total"],
        "size",
        "write `size: 20` or `size: 8..=1126`",
    ),
    (
        &["tests", "test", "examples", "samples", "test_vectors"],
        "vectors",
        "write `vectors: [ … ]`",
    ),
    (
        &["name", "id", "meta", "namespace", "package", "title"],
        "protocol",
        "write `protocol: NAME`",
    ),
    (
        &["messages", "commands", "frames", "pdus", "requests"],
        "packets",
        "write `packets: { NAME: { fields: [ … ] } }`",
    ),
    (
        &["enums", "structs", "definitions", "defs", "typedefs"],
        "types",
        "write `types: { NAME: TYPE }`",
    ),
    (
        &["header", "frame", "transport"],
        "framing",
        "write `framing: { header: [ … ] }`",
    ),
    (
        &["max_length", "max_len", "limit", "mtu"],
        "max_size",
        "write `max_size: 64KiB`",
    ),
    (
        &["algo", "type", "kind", "method", "name"],
        "algorithm",
        "write `algorithm: NAME`",
    ),
    (
        &["covers", "range", "from", "of"],
        "over",
        "write the first and the last field: `over: [FROM, TO]`",
    ),
];

/// Words for what is another word here.
const WORDS: &[(&str, &[&str])] = &[
    ("true", &["yes", "on", "1", "y"]),
    ("false", &["no", "off", "0", "n"]),
    ("big", &["be", "msb", "network", "motorola"]),
    ("little", &["le", "lsb", "intel", "host"]),
    ("msb", &["big", "be", "msb0", "msb_first", "left"]),
    ("lsb", &["little", "le", "lsb0", "lsb_first", "right"]),
    (
        "latin1",
        &[
            "iso-8859-1",
            "iso8859-1",
            "iso88591",
            "cp1252",
            "windows-1252",
            "ansi",
        ],
    ),
    (
        "utf16",
        &["ucs2", "ucs-2", "unicode", "utf-16le", "utf-16be", "wide"],
    ),
    (
        "reject",
        &[
            "error", "fail", "deny", "refuse", "strict", "forbid", "closed",
        ],
    ),
    ("keep", &["allow", "accept", "preserve", "open", "pass"]),
    ("skip", &["ignore", "drop", "discard"]),
    ("close", &["disconnect", "error", "fail", "abort"]),
    ("client", &["c2s", "request"]),
    ("server", &["s2c", "response", "reply"]),
    ("both", &["any", "either", "all", "bidirectional", "peer"]),
    ("body", &["payload", "content"]),
    ("packet", &["total", "all", "frame", "whole"]),
    ("size", &["length", "len"]),
    ("id", &["type", "opcode", "kind", "command"]),
];

/// The key that is meant by `word`, if it is one of those `known` here, and what to do.
pub(super) fn key(word: &str, known: &[&'static str]) -> Option<(&'static str, &'static str)> {
    KEYS.iter()
        .find(|(words, key, _)| known.contains(key) && words.contains(&word))
        .map(|(_, key, help)| (*key, *help))
}

/// The word that is meant by `word`, if it is one of `choices`.
pub(super) fn choice(word: &str, choices: &[&str]) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    WORDS
        .iter()
        .find(|(meant, words)| choices.contains(meant) && words.contains(&lower.as_str()))
        .map(|(meant, _)| *meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The help about the only mistake in a schema.
    fn check(schema: &str, expected: &str) {
        let problems = crate::compile(schema).expect_err("the schema is wrong");
        let found: Vec<_> = problems
            .iter()
            .map(|problem| problem.help.as_deref())
            .collect();
        assert_eq!(found, [Some(expected)], "{schema}\n{problems:#?}");
    }

    fn check_field(said: &str, expected: &str) {
        let schema = format!(
            "protocol: example\npackets: {{ P: {{ fields: [kind: u8, x: {{ {said} }}] }} }}"
        );
        check(&schema, expected);
    }

    #[test]
    fn attributes_of_other_languages_are_recognised() {
        let when = "write `when: CONDITION`, as in `when: kind == 2`";
        check_field("type: u8, if: kind == 1", when);
        check_field("type: u8, optional: true", when);
        let repeat = "say it in the type: `bytes[length]`, `u16[count]`, or `string<u8>` with a length in front";
        check_field("type: u8, repeat: 4", repeat);
        check_field("type: u8, length: 4", repeat);
        check_field("type: u8, count: kind", repeat);
        let endian = "write `endian: big` or `endian: little`";
        check_field("type: u16, endianness: big", endian);
        check_field("type: u16, byte_order: big", endian);
        check_field("type: u8, description: Of it.", "write `doc: TEXT`");
        check_field("type: u8, comment: Of it.", "write `doc: TEXT`");
        check_field(
            "type: u8, reserved: true",
            "a reserved field is named `_`: `- _: u8`",
        );
        let range = "write `range: 1..=9`; `min` and `max` are for lengths";
        check_field("type: u8, valid: 1", range);
        let choice = "write `match: FIELD` and `cases: { VALUE: TYPE }`";
        check_field("switch-on: kind, cases: { 1: u8 }", choice);
        check_field("switch: kind, cases: { 1: u8 }", choice);
    }

    #[test]
    fn a_word_means_what_the_map_can_have() {
        let packet = |said: &str| format!("protocol: example\npackets: {{ P: {{ {said} }} }}");
        let size = "write `size: 20` or `size: 8..=1126`";
        check(&packet("length: 1, fields: [x: u8]"), size);
        check(&packet("payload: [x: u8]"), "write `fields: [ … ]`");
        let ty = |said: &str| format!("protocol: example\ntypes: {{ T: {{ {said} }} }}");
        check(&ty("fields: [x: u8]"), "write `struct: [ … ]`");
        let values = "write `values: { NAME: NUMBER }`";
        check(&ty("enum: u8, members: { a: 1 }"), values);
        let bits = "write `bits: { NAME: POSITION }`";
        check(&ty("flags: u8, members: { a: 1 }"), bits);
        check("name: example", "write `protocol: NAME`");
        check(
            "protocol: example\nmessages: {}",
            "write `packets: { NAME: { fields: [ … ] } }`",
        );
    }

    #[test]
    fn words_of_other_languages_are_recognised() {
        check("protocol: example\nendian: LE", "write `little`");
        check("protocol: example\nendian: network", "write `big`");
        check("protocol: example\nbit_order: big", "write `msb`");
        check_field("type: f32, finite: yes", "write `true`");
    }

    #[test]
    fn every_key_that_is_offered_exists() {
        let tables = crate::parse::keys::tables();
        for (_, key, _) in KEYS {
            let mut known = tables.iter().flat_map(|table| table.keys());
            let known = known.any(|known| known.name == *key);
            assert!(known, "{key}");
        }
    }

    #[test]
    fn every_word_is_there_once_for_a_key() {
        for (words, key, help) in KEYS {
            for word in *words {
                assert_ne!(word, key);
                let same = |(words, other, _): &&(&[&str], &str, &str)| {
                    other == key && words.contains(word)
                };
                assert_eq!(KEYS.iter().filter(same).count(), 1, "{word} for {key}");
            }
            assert!(help.contains('`'), "{help}");
        }
    }
}
