//! `packetc check`

use super::packetc;
use insta::assert_snapshot;
use serde_json::Value;

const BROKEN: &str = "packetc/tests/data/broken.yaml";
const WRONG_VECTORS: &str = "packetc/tests/data/wrong_vectors.yaml";

#[test]
fn the_bundled_schemas_have_no_problems() {
    let schemas = [
        "schemas/quickstart.yaml",
        "schemas/game.yaml",
        "schemas/inet.yaml",
        "schemas/modbus.yaml",
        "schemas/mqtt.yaml",
        "schemas/postgres.yaml",
        "schemas/mavlink.yaml",
    ];
    let run = packetc(&[&["check"], schemas.as_slice()].concat());
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(0), ""),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.ends_with("checked: no problems\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn people_see_all_problems_with_their_places() {
    assert_snapshot!(packetc(&["check", BROKEN]).transcript());
}

#[test]
fn programs_get_one_object_a_line() {
    assert_snapshot!(packetc(&["check", "--format", "json", BROKEN]).transcript());
}

#[test]
fn github_gets_annotations() {
    assert_snapshot!(packetc(&["check", "--format", "github", BROKEN]).transcript());
}

#[test]
fn services_get_one_sarif_document() {
    let run = packetc(&["check", "--format", "sarif", BROKEN, WRONG_VECTORS]);
    assert_eq!(run.code, Some(1));
    let mut document: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let rules = &mut document["runs"][0]["tool"]["driver"]["rules"];
    for rule in rules.as_array_mut().expect("a list") {
        let help = rule["help"]["text"].take();
        assert!(help.as_str().is_some_and(|text| text.contains("Wrong:")));
        rule["help"] = "the code's page".into();
    }
    assert_snapshot!(format!("{document:#}"));
    let clean = packetc(&["check", "--format", "sarif", "schemas/quickstart.yaml"]);
    assert!(clean.stdout.contains("\"results\": []"), "{}", clean.stdout);
}

#[test]
fn a_sarif_document_says_whether_all_files_were_read() {
    let run = packetc(&["check", "--format", "sarif", "schemas/none.yaml", BROKEN]);
    assert_eq!(run.code, Some(2));
    assert!(run.stdout.contains("\"executionSuccessful\": false"));
    assert!(run.stdout.contains("P0205"), "{}", run.stdout);
}

#[test]
fn vectors_that_do_not_hold_are_problems() {
    assert_snapshot!(packetc(&["check", WRONG_VECTORS]).transcript());
}

#[test]
fn an_unreadable_file_does_not_hide_the_problems_of_the_others() {
    let run = packetc(&["check", "schemas/none.yaml", BROKEN, "schemas"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stdout.contains("P0205"), "{}", run.stdout);
    assert!(
        run.stderr.contains("cannot read schemas/none.yaml: "),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("cannot read schemas: "),
        "{}",
        run.stderr
    );
}
