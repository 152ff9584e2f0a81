use super::{MAX_DEPTH, MAX_FILES};
use crate::diagnostic::Diagnostic;
use crate::layout::Layout;
use crate::source::{File, SourceMap};
use crate::value::Value;
use std::collections::HashMap;

/// Compiles the first of some files, each a path and a text behind `protocol: p`; the others can be imported.
fn compile(files: &[(&str, &str)]) -> (SourceMap, Result<Layout, Vec<Diagnostic>>) {
    let file = |(path, text): &(&str, &str)| File {
        id: (*path).to_owned(),
        name: (*path).to_owned(),
        bytes: format!("protocol: p\n{text}\n").into_bytes(),
    };
    let known: HashMap<&str, File> = files.iter().map(|found| (found.0, file(found))).collect();
    let mut read = Vec::new();
    let mut load = |path: &str| {
        assert!(!read.contains(&path.to_owned()), "{path} is read twice");
        read.push(path.to_owned());
        known.get(path).cloned().ok_or("it is not there".to_owned())
    };
    let (sources, compiled) = crate::compile_files(file(&files[0]), &mut load);
    (sources, compiled.map(|compiled| compiled.layout))
}

/// The names of structs, enums and flags of some files.
fn check(files: &[(&str, &str)], names: &[&str]) -> Layout {
    let layout = compile(files)
        .1
        .unwrap_or_else(|problems| panic!("{problems:#?}"));
    let found = (layout.structs.iter().map(|found| found.name.as_str()))
        .chain(layout.enums.iter().map(|found| found.name.as_str()))
        .chain(layout.flags.iter().map(|found| found.name.as_str()));
    assert_eq!(found.collect::<Vec<_>>(), names);
    layout
}

/// The problems of some files, each with its code, file, place and message.
fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let (sources, compiled) = compile(files);
    let shown = |problem: &Diagnostic| {
        let file = sources
            .file_of(problem.primary.span)
            .expect("it has a file");
        let at = file.local(problem.primary.span);
        format!(
            "{} {} `{}` {}",
            problem.code,
            file.name(),
            &file.text()[at.start..at.end],
            problem.message
        )
    };
    compiled
        .expect_err("there are problems")
        .iter()
        .map(shown)
        .collect()
}

#[test]
fn headers_and_trailers_of_all_framings_can_hold_imported_types() {
    let main = "imports: { geo: g }
framing: { header: [size: { type: u8, role: size }, id: { type: u8, role: id }, kind: geo.A], trailer: [end: geo.B] }
framings: { other: { header: [id: { type: u8, role: id }, kind: geo.C], fixed: 3, trailer: [end: geo.D] } }
packets:
  P: { id: 1, header: { kind: [low: geo.Low, high: u4] } }
  Q: { id: 1, framing: other }";
    let enums = ["A", "B", "C", "D", "Low"].map(|name| {
        let width = if name == "Low" { 4 } else { 8 };
        format!("{name}: {{ enum: u{width}, unknown: keep, values: {{ a: 0 }} }}")
    });
    let g = format!("types: {{ {} }}", enums.join(", "));
    let files = [("main", main), ("g", g.as_str())];
    let (_, compiled) = compile(&files);
    let layout = compiled.unwrap_or_else(|problems| panic!("{problems:#?}"));
    // `A` is in the header that the only packet changes.
    let held: Vec<&str> = layout.enums.iter().map(|found| &*found.name).collect();
    assert_eq!(held, ["geo.B", "geo.C", "geo.D", "geo.Low"]);

    let main = main.replace("end: geo.B", "end: oeg.B");
    let found = problems(&[("main", &main), ("g", &g)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("P0901 main `oeg.B`"), "{found:?}");
}

#[test]
fn types_of_other_files_have_a_name_in_front() {
    let layout = check(
        &[
            (
                "main",
                "imports: { geo: geo }\ntypes: { Own: { struct: [at: geo.Point] } }\npackets: { P: { fields: [own: Own, colour: geo.Hue, caps: geo.Caps, list: 'geo.Point<u8>'] } }",
            ),
            (
                "geo",
                "types: { Point: { struct: [x: Length, y: Length] }, Length: u16, Unused: { struct: [u: Never] }, Never: { enum: u8, values: { a: 1 } }, Hue: Colour, Colour: { enum: u8, values: { red: 0 } }, Caps: { flags: u8, bits: { a: 0 } } }",
            ),
        ],
        &["Own", "geo.Point", "P", "geo.Colour", "geo.Caps"],
    );
    let packet = layout.struct_named("P").expect("the packet");
    let decoded = crate::codec::decode(&layout, packet, &[0, 1, 0, 2, 0, 1, 1, 0, 3, 0, 4]);
    let value = decoded.expect("it decodes").value;
    assert_eq!(
        crate::codec::encode(&layout, packet, &value)
            .expect("it encodes")
            .len(),
        11
    );
    let colour = value.get("colour");
    assert!(matches!(colour, Some(Value::Text(name)) if name == "red"));
}

#[test]
fn a_struct_has_the_orders_of_its_own_file() {
    let little = "endian: little\ntypes: { S: { struct: [a: u16, b: Id] }, B: { endian: big, struct: [a: u16] }, Id: u16 }";
    let unsaid = "types: { S: { struct: [a: u16] } }";
    let layout = check(
        &[
            (
                "main",
                "endian: big\nimports: { l: l, u: u }\npackets: { P: { fields: [s: l.S, b: l.B, id: l.Id] }, Q: { endian: little, fields: [s: u.S, a: u16] } }",
            ),
            ("l", little),
            ("u", unsaid),
        ],
        &["l.S", "l.B", "u.S", "P", "Q"],
    );
    let check = |packet: &str, bytes: &[u8]| {
        let id = layout.struct_named(packet).expect("the packet");
        let value = crate::codec::decode(&layout, id, bytes)
            .expect("it decodes")
            .value;
        let ones = format!("{value:?}").matches("Unsigned(1)").count();
        assert_eq!(ones, bytes.len() / 2, "{value:?}");
    };
    check("P", &[1, 0, 1, 0, 0, 1, 0, 1]);
    check("Q", &[0, 1, 1, 0]);
}

#[test]
fn a_file_that_is_reached_twice_is_there_once() {
    check(
        &[
            (
                "main",
                "imports: { a: a, b: b }\npackets: { P: { fields: [a: a.A, b: b.B] } }",
            ),
            (
                "a",
                "imports: { units: c }\ntypes: { A: { struct: [u: units.Unit] } }",
            ),
            (
                "b",
                "imports: { c: c }\ntypes: { B: { struct: [u: c.Unit] } }",
            ),
            ("c", "types: { Unit: { struct: [u: u8] } }"),
        ],
        &["a.A", "b.B", "a.units.Unit", "P"],
    );
    // The shortest way to a file names it.
    check(
        &[
            (
                "main",
                "imports: { a: a, b: b }\npackets: { P: { fields: [a: a.A] } }\ntypes: { Used: { struct: [b: b.B] } }",
            ),
            ("a", "imports: { x: b }\ntypes: { A: { struct: [b: x.B] } }"),
            ("b", "types: { B: { struct: [u: u8] } }"),
        ],
        &["Used", "a.A", "b.B", "P"],
    );
}

#[test]
fn names_of_two_files_do_not_meet() {
    check(
        &[
            (
                "main",
                "imports: { a: a }\ntypes: { Id: { struct: [a: u8] }, A: u8 }\npackets: { P: { fields: [own: Id, theirs: a.Id, s: a.S] } }",
            ),
            (
                "a",
                "types: { Id: { struct: [b: u16] }, S: { struct: [id: Id] } }\npackets: { P: { fields: [x: Nonsense] } }",
            ),
        ],
        &["Id", "a.Id", "a.S", "P"],
    );
}

#[test]
fn problems_are_in_the_file_that_has_them() {
    assert_eq!(
        problems(&[
            (
                "main",
                "imports: { a: a }\npackets: { P: { fields: [x: a.B, y: b.A, z: A, w: a.C, v: u23x] } }"
            ),
            (
                "a",
                "types: { A: { struct: [x: Main] }, Main: [], C: { struct: [d: B, d: u8] } }"
            ),
        ]),
        [
            "P0205 main `a.B` there is no type `a.B`",
            "P0901 main `b.A` there is no import `b`",
            "P0205 main `A` there is no type `A`",
            "P0205 main `u23x` there is no type `u23x`",
            "P0104 a `[]` a type is a map, this is a list",
            "P0205 a `B` there is no type `B`",
            "P0202 a `d` the name `d` is there twice",
        ]
    );
}

#[test]
fn what_cannot_be_read_is_told_once() {
    let main = "imports: { a: a, b: b }\ntypes: { T: a.T, U: b.X }\npackets: { P: { fields: [x: a.A, y: T, z: 'bytes<b.L>', u: U, w: Wrong] } }";
    assert_eq!(
        problems(&[("main", main), ("b", "types: [")]),
        [
            "P0121 main `a` cannot import `a`: it is not there",
            "P0205 main `Wrong` there is no type `Wrong`",
            "P0101 b `[` this is not YAML: unclosed bracket '['",
        ]
    );
    let alone = crate::compile(&format!("protocol: p\n{main}")).expect_err("it cannot import");
    let codes: Vec<&str> = alone.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["P0121", "P0121", "P0205"]);
}

#[test]
fn a_circle_is_shown() {
    assert_eq!(
        problems(&[(
            "main",
            "imports: { me: main }\ntypes: { S: { struct: [x: u8] }, T: me.S }"
        )]),
        ["P0122 main `main` a file imports itself: main → main"]
    );
    assert_eq!(
        problems(&[
            (
                "main",
                "imports: { a: a }\npackets: { P: { fields: [x: a.A] } }"
            ),
            ("a", "imports: { b: b }\ntypes: { A: { struct: [b: b.B] } }"),
            (
                "b",
                "imports: { c: c, a: a }\ntypes: { B: { struct: [x: a.X] } }"
            ),
            ("c", "imports: { a: a }\n"),
        ]),
        [
            "P0122 b `a` a file imports itself: a → b → a",
            "P0205 b `a.X` there is no type `a.X`",
            "P0122 c `a` a file imports itself: a → b → c → a",
        ]
    );
}

#[test]
fn paths_stay_inside_the_root() {
    for path in [
        "../a.yaml",
        "a/../../b",
        "..",
        "/etc/passwd",
        "~/a",
        "C:/a",
        "c:\\a",
        "a\\b",
        "./a",
        "a//b",
        "a/",
        "a/./b",
        "http://x/y",
        "a\u{0}b",
        "a\u{1b}[31mb",
        "a:b",
        "con|x",
        "file?",
    ] {
        let text = format!("imports: {{ a: {path:?} }}")
            .replace("\\u{0}", "\\0")
            .replace("\\u{1b}", "\\e");
        let found = problems(&[("main", &text)]);
        assert!(found[0].starts_with("P0120 main "), "{path:?}: {found:?}");
        assert!(
            !found[0].contains("] an import cannot be at \u{1b}"),
            "{found:?}"
        );
    }
    let long = "a/".repeat(600) + "a";
    assert!(problems(&[("main", &format!("imports: {{ a: {long} }}"))])[0].starts_with("P0120"));
}

#[test]
fn a_file_is_imported_under_one_name() {
    assert_eq!(
        problems(&[
            (
                "main",
                "imports: { a: x, b: x }\npackets: { P: { fields: [a: a.T, b: b.T] } }"
            ),
            ("x", "types: { T: u8 }")
        ]),
        ["P0124 main `x` `x` is imported already"]
    );
}

#[test]
fn ways_and_numbers_of_files_are_limited() {
    let chain: Vec<(String, String)> = (0..MAX_DEPTH + 9)
        .map(|at| {
            (
                format!("f{at}"),
                format!("imports: {{ next: f{} }}\ntypes: {{ T{at}: u8 }}", at + 1),
            )
        })
        .collect();
    let chain: Vec<(&str, &str)> = chain
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let found = problems(&chain);
    assert_eq!(
        found,
        [format!(
            "P0102 f{MAX_DEPTH} `f{}` this file is reached through more than {MAX_DEPTH} others",
            MAX_DEPTH + 1
        )]
    );
    let wide: Vec<(String, String)> = (0..MAX_FILES + 9)
        .map(|at| (format!("f{at}"), String::new()))
        .collect();
    let list: Vec<String> = wide
        .iter()
        .map(|(path, _)| format!("{path}: {path}"))
        .collect();
    let text = format!("imports: {{ {} }}", list.join(", "));
    let wide: Vec<(&str, &str)> = std::iter::once(("main", text.as_str()))
        .chain(
            wide.iter()
                .map(|(path, text)| (path.as_str(), text.as_str())),
        )
        .collect();
    let found = problems(&wide);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with("P0102 main "), "{found:?}");
}

#[test]
fn warnings_of_imported_files_stay_with_them() {
    let files = [
        (
            "main",
            "imports: { a: a, unused: b }\npackets: { P: { fields: [x: a.small] } }",
        ),
        ("a", "types: { small: u8 }"),
        ("b", ""),
    ];
    let file = |index: usize| File {
        id: index.to_string(),
        name: index.to_string(),
        bytes: format!("protocol: p\n{}\n", files[index].1).into_bytes(),
    };
    let mut load = |path: &str| {
        Ok(file(
            files
                .iter()
                .position(|found| found.0 == path)
                .expect("it is there"),
        ))
    };
    let compiled = crate::compile_files(file(0), &mut load)
        .1
        .expect("it is right");
    let codes: Vec<&str> = compiled
        .warnings
        .iter()
        .map(|warning| warning.code)
        .collect();
    assert_eq!(codes, ["P0902"]);
}
