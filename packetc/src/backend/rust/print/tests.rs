use super::items;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Prints `source` and compares the lines.
#[track_caller]
fn check(source: &TokenStream, expected: &str) {
    let mut text = String::new();
    items(source.clone(), &mut text);
    assert_eq!(text, expected);
}

#[test]
fn a_macro_holds_items() {
    check(
        &quote! {
            macro_rules! written {
                ($packet:ty, $Body:ident) => { impl A for $packet { fn f() { $Body::B(c) } } };
            }
            written!(A, B); written!(C<'_>, D);
        },
        "\
macro_rules! written {
    ($packet: ty, $Body: ident) => {
        impl A for $packet {
            fn f() {
                $Body::B(c)
            }
        }
    };
}

written!(A, B);

written!(C<'_>, D);
",
    );
}

/// Prints the statement of a function.
#[track_caller]
fn check_statement(source: &str, expected: &str) {
    let statement: TokenStream = source.parse().expect(source);
    let mut text = String::new();
    items(quote! { fn f() { #statement } }, &mut text);
    let lines = text
        .strip_prefix("fn f() {\n")
        .and_then(|rest| rest.strip_suffix("}\n"));
    let lines: Vec<&str> = lines.expect(&text).lines().map(|line| &line[4..]).collect();
    assert_eq!(lines.join("\n"), expected);
}

/// Prints documentation of an item.
#[track_caller]
fn check_doc(text: &str, expected: &str) {
    let literal = Literal::string(text);
    check(
        &quote! { #[doc = #literal] struct S; },
        &format!("{expected}\nstruct S;\n"),
    );
}

#[test]
fn items_stand_apart() {
    check(
        &quote! {
            use a::b as c; static S: X = X { a: 1 };
            #[derive(Clone, Copy)] pub struct T<'a>(pub &'a [u8; 4]);
            pub(crate) struct U { a: u8, pub b: Option<Vec<u8>>, }
            pub enum V { A, B { a: u8 }, C(u8), }
            impl<'a> ::x::Y<'a> for T<'a> {
                const A: usize = 3; const B: Option<usize> = None;
                #[inline] fn f<const N: usize>(&self, &mut b: &mut u8) -> Result<(), E> { a; b() }
                pub const fn g() {}
            }
            #[allow(x)] const _: () = { use a::{self as b, c}; impl A { fn a() {} } };
        },
        "\
use a::b as c;

static S: X = X { a: 1 };

#[derive(Clone, Copy)]
pub struct T<'a>(pub &'a [u8; 4]);

pub(crate) struct U {
    a: u8,
    pub b: Option<Vec<u8>>,
}

pub enum V {
    A,
    B { a: u8 },
    C(u8),
}

impl<'a> ::x::Y<'a> for T<'a> {
    const A: usize = 3;
    const B: Option<usize> = None;

    #[inline]
    fn f<const N: usize>(&self, &mut b: &mut u8) -> Result<(), E> {
        a;
        b()
    }

    pub const fn g() {}
}

#[allow(x)]
const _: () = {
    use a::{self as b, c};

    impl A {
        fn a() {}
    }
};
",
    );
}

#[test]
fn documentation_is_comments() {
    check_doc(" One.", "/// One.");
    check_doc(" One.\n Two.", "/// One.\n/// Two.");
    check_doc("", "///");
    check_doc("One.", "///One.");
    check_doc(" \"quoted\" \\ \u{e9}", "/// \"quoted\" \\ \u{e9}");
    check_doc(" */ fn f() {}", "/// */ fn f() {}");
}

#[test]
fn documentation_that_no_comment_holds_is_a_literal() {
    check_doc("/ One.", r#"#[doc = "/ One."]"#);
    check_doc(" One.\n/ Two.", r#"#[doc = " One.\n/ Two."]"#);
    check_doc(" a\rb", r#"#[doc = " a\rb"]"#);
    check_doc(" a\0b", r#"#[doc = " a\0b"]"#);
    check_doc(" a\u{7}b", r#"#[doc = " a\u{7}b"]"#);
    check_doc(" a\u{85}b", r#"#[doc = " a\u{85}b"]"#);
    check_doc(" a\u{202e}b", r#"#[doc = " a\u{202e}b"]"#);
    check_doc(" a\u{2028}b", r#"#[doc = " a\u{2028}b"]"#);
}

#[test]
fn statements_stand_in_lines() {
    check_statement(
        "let a = b; if a { c } else if d { e } else { f; } let Some(x) = y else { return Err(z); }; Ok(())",
        "\
let a = b;
if a {
    c
} else if d {
    e
} else {
    f;
}
let Some(x) = y else {
    return Err(z);
};
Ok(())",
    );
    check_statement(
        "match a { 1 | 2 => b, A::B { c, .. } if c => { d; } _ => {} } for (a, b) in c.d() { e } { f; }",
        "\
match a {
    1 | 2 => b,
    A::B { c, .. } if c => {
        d;
    }
    _ => {}
}
for (a, b) in c.d() {
    e
}
{
    f;
}",
    );
    check_statement(
        "let a = if b { c } else { d }; let e = match f { g => h };",
        "\
let a = if b { c } else { d };
let e = match f {
    g => h,
};",
    );
    check_statement(
        "if let A { b, .. } = c { d }",
        "if let A { b, .. } = c {\n    d\n}",
    );
}

#[test]
fn operators_have_spaces_as_they_are_meant() {
    for line in [
        "let a = -b - *c & &d | !e;",
        "let a = b < c && d > e || f >> 3 == 1 << 4;",
        "a::b::<12>(c)?.d::<E<'a>>()?;",
        "let a: Option<Vec<E<'static>>> = <F as ::g::H>::i();",
        "let a = |b: &u8, _| (b as u16) < 3;",
        "let a = || b;",
        "a[1..4].b(&c[..2]);",
        "assert!(matches!(a, 1..=3 | 7), \"x\");",
        "let [_, a, b @ ..] = c;",
        "a += &mut b.0;",
        "return;",
    ] {
        check_statement(line, line);
    }
}

#[test]
fn what_is_too_long_is_broken() {
    check_statement(
        "aaaaaaaaaaaaaaaaaaaa(bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccccccccccccc, ddddddddddddddddddd)?;",
        "\
aaaaaaaaaaaaaaaaaaaa(
    bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,
    cccccccccccccccccccccccccccccc,
    ddddddddddddddddddd,
)?;",
    );
    check_statement(
        "aaaaaaaaaaaaaaaaaaaa(bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccc).dddddddddddd().eeeeeeeeeeeeeee(fffffffff);",
        "\
aaaaaaaaaaaaaaaaaaaa(bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccc)
    .dddddddddddd()
    .eeeeeeeeeeeeeee(fffffffff);",
    );
    check_statement(
        "let a = bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb && ccccccccccccccccccccccc(ddddddddd) && eeeeeeeeeeeeeeeeeeeeeeeeee;",
        "\
let a = bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
    && ccccccccccccccccccccccc(ddddddddd)
    && eeeeeeeeeeeeeeeeeeeeeeeeee;",
    );
    check_statement(
        "Err(Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa::new(bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, Ccccc { d: 1, eeeeeeeeeeeeeeeeeeeee }))",
        "\
Err(Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa::new(
    bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,
    Ccccc { d: 1, eeeeeeeeeeeeeeeeeeeee },
))",
    );
    check_statement(
        "let a = ((bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb::<ccccccccc>(dddddddddddddddd, eeeeeeeeeeee) >> 4) & fffffffff) as u8;",
        "\
let a = (
    (bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb::<ccccccccc>(dddddddddddddddd, eeeeeeeeeeee) >> 4)
        & fffffffff
) as u8;",
    );
    check_statement("a(b, |c| { d; e })?;", "a(b, |c| {\n    d;\n    e\n})?;");
}

#[test]
fn parentheses_go_where_nothing_is_an_operand() {
    for (before, after) in [
        ("let a = (b + c);", "let a = b + c;"),
        ("a = (b + c);", "a = b + c;"),
        ("f((a + b), c);", "f(a + b, c);"),
        ("a.f((b + c));", "a.f(b + c);"),
        ("if (a == b) {}", "if a == b {}"),
        ("return (a + b);", "return a + b;"),
        ("S { a: (b + c) }", "S { a: b + c }"),
        ("(a + b)", "a + b"),
        ("let a = (((b)));", "let a = b;"),
        ("let a = ((b + c)) * d;", "let a = (b + c) * d;"),
    ] {
        check_statement(before, after);
    }
}

#[test]
fn parentheses_of_operands_and_tuples_stay() {
    for line in [
        "let a = (b + c) * d;",
        "let a = -(b + c);",
        "let a = (b + c).f();",
        "let a = (b as u8) < c;",
        "let a = b == (c + d);",
        "let a = b..=(c + d);",
        "f((a, b));",
        "let a = (b,);",
        "f(());",
        "if (A { b: 1 } == c) {}",
    ] {
        check_statement(line, line);
    }
}

#[test]
fn long_decimal_numbers_get_separators() {
    check_statement("f(12345);", "f(12345);");
    check_statement("f(123456);", "f(123_456);");
    check_statement("f(1048575u64);", "f(1_048_575u64);");
    check_statement("f(-1234567);", "f(-1_234_567);");
    check_statement(
        "f(0x1234567, 123456.5, 1234567e3);",
        "f(0x1234567, 123456.5, 1234567e3);",
    );
}
