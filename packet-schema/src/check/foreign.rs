//! Types as other languages call them, for help with a type that does not exist.

use super::types::builtin;

/// Words for what is a built-in type here.
const WORDS: &[(&str, &[&str])] = &[
    ("u4", &["nibble"]),
    (
        "u8",
        &["byte", "octet", "uchar", "ubyte", "char8", "char8_t"],
    ),
    ("i8", &["sbyte", "schar"]),
    ("u16", &["ushort", "word", "char16", "char16_t", "wchar"]),
    ("i16", &["short"]),
    (
        "u32",
        &["uint", "unsigned", "dword", "ulong", "char32", "char32_t"],
    ),
    ("i32", &["int", "integer", "signed"]),
    ("u64", &["ulonglong", "qword"]),
    ("i64", &["longlong"]),
    ("f32", &["float", "single", "real", "float32_t"]),
    ("f64", &["double", "number", "float64_t"]),
    ("bool", &["boolean", "bool8", "_bool"]),
    ("bit", &["flag", "bool1"]),
    (
        "varint",
        &[
            "leb128", "uleb128", "uleb", "vlq", "varuint", "uvarint", "varlong", "compact",
        ],
    ),
    (
        "zigzag",
        &["sleb128", "svarint", "sint", "sint32", "sint64"],
    ),
    ("cstring", &["strz", "cstr", "asciiz", "stringz", "string0"]),
];

/// Words for what is written in another way here, and what to do.
const PHRASES: &[(&str, &[&str])] = &[
    (
        "write `i32` or `i64`: a `long` is not as wide everywhere",
        &["long", "clong"],
    ),
    (
        "write `u8` for a number, or `string[1]` for text of one byte",
        &["char", "character", "rune"],
    ),
    (
        "write `u32` or `u64`: a size is not as wide everywhere",
        &[
            "usize",
            "size_t",
            "size",
            "uintptr",
            "uintptr_t",
            "nuint",
            "pointer",
        ],
    ),
    (
        "write `i32` or `i64`: a size is not as wide everywhere",
        &[
            "isize",
            "ssize_t",
            "ptrdiff_t",
            "intptr",
            "intptr_t",
            "off_t",
            "nint",
        ],
    ),
    (
        "write `string<u8>` with a length in front, `string[16]`, `string[length]` or `string[]`",
        &[
            "str",
            "text",
            "varchar",
            "utf8",
            "ascii",
            "nvarchar",
            "wstring",
            "char_array",
        ],
    ),
    (
        "write `bytes<u16>` with a length in front, `bytes[16]`, `bytes[length]` or `bytes[]`",
        &[
            "blob",
            "binary",
            "buffer",
            "bytearray",
            "byte_array",
            "raw",
            "opaque",
            "data",
            "octets",
            "octet_string",
            "slice",
        ],
    ),
    (
        "say what is repeated and how often: `u16[4]`, `u16[count]`, `u16<u8>` with a count in front, or `u16[]`",
        &[
            "array", "list", "vec", "vector", "sequence", "seq", "repeated", "repeat", "set",
        ],
    ),
    (
        "make it an array of structs with a key and a value",
        &["map", "dict", "dictionary", "hashmap", "object_map"],
    ),
    (
        "define it under `types`, as `Name: { struct: [ … ] }`, and write its name here",
        &["struct", "record", "object", "class", "message", "tuple"],
    ),
    (
        "define it under `types`, as `Name: { enum: u8, values: { … } }`, and write its name here",
        &["enum", "enumeration"],
    ),
    (
        "define it under `types`, as `Name: { flags: u8, bits: { … } }`, and write its name here",
        &["flags", "bitflags", "bitmask", "bitset", "bitfield"],
    ),
    (
        "write `{ match: TAG, cases: { VALUE: TYPE } }` instead of a type",
        &[
            "union", "variant", "oneof", "one_of", "choice", "switch", "match",
        ],
    ),
    (
        "write the type that is there, and `when: CONDITION` beside it",
        &["optional", "option", "nullable", "maybe"],
    ),
    (
        "name the field `_` and give it a number's type: `- _: u8`",
        &["padding", "pad", "reserved", "unused", "spare", "skip"],
    ),
    (
        "floats have 32 or 64 bits; take `u16` and convert it in your program",
        &["f16", "half", "float16", "bfloat16"],
    ),
    ("write `bytes[16]`", &["uuid", "guid"]),
    (
        "write the integer that is on the wire, and its unit beside it: `{ type: u32, unit: s }`",
        &[
            "timestamp",
            "time",
            "time_t",
            "datetime",
            "date",
            "duration",
        ],
    ),
];

/// What to write for a type that another language calls `name`.
pub(super) fn help(name: &str) -> Option<String> {
    match word(name) {
        Some(word) => Some(format!("write `{word}`")),
        None => listed(PHRASES, name).map(str::to_owned),
    }
}

/// What to write where the type must be an unsigned integer.
pub(super) fn unsigned(name: &str) -> Option<String> {
    let word = word(name)?;
    let digits = word.strip_prefix(['u', 'i'])?;
    Some(format!("write `u{digits}`"))
}

fn word(name: &str) -> Option<String> {
    let word = listed(WORDS, name).map(str::to_owned);
    let word = word.or_else(|| number(&name.to_ascii_lowercase()))?;
    (builtin(name).is_none() && builtin(&word).is_some()).then_some(word)
}

fn listed(list: &[(&'static str, &[&str])], name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let found = list
        .iter()
        .find(|(_, words)| words.contains(&lower.as_str()));
    found.map(|(meant, _)| *meant)
}

/// `uint32_t`, `int16_le` or `__be32` as this language writes it.
fn number(lower: &str) -> Option<String> {
    let lower = lower.trim_start_matches('_');
    for order in ["le", "be"] {
        let front = lower.strip_prefix(order);
        let end = lower.strip_suffix(order);
        if let Some(body) = front.or(end).map(|body| body.trim_matches('_')) {
            let digits = body.bytes().all(|byte| byte.is_ascii_digit());
            let body = if digits { &format!("u{body}") } else { body };
            return Some(without_order(body)? + order);
        }
    }
    without_order(lower)
}

fn without_order(name: &str) -> Option<String> {
    let name = name.strip_suffix("_t").unwrap_or(name);
    let letter = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let bits = &name[letter.len()..];
    let letter = match letter.trim_end_matches('_') {
        "u" | "uint" | "unsigned" | "ui" => 'u',
        "i" | "int" | "s" | "signed" | "integer" => 'i',
        "f" | "float" | "real" => 'f',
        _ => return None,
    };
    Some(format!("{letter}{bits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: &str) {
        assert_eq!(help(name).as_deref(), Some(expected), "{name}");
    }

    #[test]
    fn numbers_of_other_languages_are_recognised() {
        for (word, here) in [
            ("float", "f32"),
            ("double", "f64"),
            ("Float64", "f64"),
            ("int", "i32"),
            ("uint32", "u32"),
            ("uint32_t", "u32"),
            ("int8_t", "i8"),
            ("UInt16", "u16"),
            ("uint_24", "u24"),
            ("U32", "u32"),
            ("s16", "i16"),
            ("short", "i16"),
            ("DWORD", "u32"),
            ("byte", "u8"),
            ("boolean", "bool"),
            ("uint16_le", "u16le"),
            ("int32be", "i32be"),
            ("le32", "u32le"),
            ("__be16", "u16be"),
        ] {
            check(word, &format!("write `{here}`"));
        }
    }

    #[test]
    fn what_is_written_in_another_way_is_explained() {
        check("uuid", "write `bytes[16]`");
        for (word, part) in [
            ("usize", "`u32` or `u64`"),
            ("str", "`string<u8>`"),
            ("text", "`string<u8>`"),
            ("blob", "`bytes<u16>`"),
            ("array", "`u16[count]`"),
            ("list", "`u16[count]`"),
            ("long", "`i64`"),
            ("optional", "`when: CONDITION`"),
        ] {
            let help = help(word).expect(word);
            assert!(help.contains(part), "{word}: {help}");
        }
    }

    #[test]
    fn a_length_and_an_enum_are_unsigned() {
        assert_eq!(unsigned("int").as_deref(), Some("write `u32`"));
        assert_eq!(unsigned("uint16").as_deref(), Some("write `u16`"));
        for name in ["float", "boolean", "i8", "u4", "u16le", "Length", "str"] {
            assert_eq!(unsigned(name), None, "{name}");
        }
    }

    #[test]
    fn what_is_no_type_anywhere_is_left_alone() {
        for name in [
            "u8", "i16le", "f33", "u65", "u32x", "uint65", "le", "be", "", "_", "é32", "Player",
        ] {
            assert_eq!(help(name), None, "{name}");
        }
    }

    #[test]
    fn what_is_offered_exists_and_what_exists_is_not_listed() {
        for (word, others) in WORDS {
            assert!(builtin(word).is_some(), "{word}");
            for other in *others {
                assert!(builtin(other).is_none(), "{other}");
            }
        }
        for other in PHRASES.iter().flat_map(|(_, words)| *words) {
            assert!(builtin(other).is_none(), "{other}");
        }
        let words = || WORDS.iter().chain(PHRASES).flat_map(|(_, words)| *words);
        for word in words() {
            assert_eq!(words().filter(|other| *other == word).count(), 1, "{word}");
            assert_eq!(word.to_ascii_lowercase(), *word);
        }
    }
}
