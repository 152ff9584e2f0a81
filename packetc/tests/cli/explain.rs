//! `packetc explain`

use super::packetc;
use insta::assert_snapshot;

#[test]
fn shows_the_page_of_a_code() {
    let run = packetc(&["explain", "p0203"]);
    assert_snapshot!(run.transcript());
    assert_eq!(run.stdout, packetc(&["explain", "P0203"]).stdout);
}

#[test]
fn lists_all_codes_with_their_titles() {
    let run = packetc(&["explain"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(
        run.stdout
            .contains("\nP0203  the name of a built-in type\n")
    );
    let codes: Vec<&str> = run.stdout.lines().map(|line| &line[..5]).collect();
    assert!(codes.len() > 70 && codes.is_sorted(), "{codes:?}");
}

#[test]
fn a_code_that_does_not_exist_may_be_meant_differently() {
    let run = packetc(&["explain", "P02O3"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert_eq!(
        run.stderr,
        "error: there is no code `P02O3`; did you mean `P0203`?\n"
    );
    let run = packetc(&["explain", "everything"]);
    assert!(run.stderr.ends_with("`packetc explain` lists all codes\n"));
}

#[test]
fn is_recommended_once_where_problems_are_shown_to_people() {
    let broken = "packetc/tests/data/broken.yaml";
    let line = "for more about a code run `packetc explain P0311`\n";
    for arguments in [
        &["check", broken, broken] as &[&str],
        &["generate", broken, broken, "--out", "nowhere"],
        &["layout", broken],
    ] {
        let run = packetc(arguments);
        assert_eq!(run.stderr.matches("packetc explain").count(), 1);
        assert!(run.stderr.ends_with(line), "{}", run.stderr);
    }
    for format in ["json", "github", "sarif"] {
        let run = packetc(&["check", "--format", format, broken]);
        assert!(!run.stderr.contains("explain"), "{}", run.stderr);
    }
}
