//! What the suite found, for people and for programs.
//!
//! In: how each check ended. Out: text or JSON. What came from the server is shown escaped, so that it cannot steer a
//! terminal.

use super::check::{Check, Group, Outcome, Stop};
use super::samples::layout;
use super::transcript::Crossing;
use super::trial::Trial;
use crate::client::{Roots, Tls};
use serde_json::json;
use std::fmt;
use std::time::Duration;

/// Crossings that are shown of a failed check.
const SHOWN: usize = 8;

/// What became of all checks.
#[derive(Debug)]
pub struct Report {
    pub(super) address: String,
    pub(super) tls: Option<Tls>,
    pub(super) findings: Vec<Finding>,
    pub(super) took: Duration,
}

/// What became of a check.
#[derive(Debug)]
pub struct Finding {
    group: Group,
    name: String,
    rule: String,
    verdict: Verdict,
    took: Duration,
}

/// Whether the server keeps a rule.
#[derive(Debug)]
pub enum Verdict {
    /// It does.
    Passed,
    /// It does not.
    Failed {
        /// What had to come.
        expected: String,
        /// What came.
        found: String,
        /// What crossed the wires, in order.
        crossings: Vec<Exchange>,
    },
    /// It could not be tried, for this reason.
    Skipped(String),
}

/// Bytes that crossed a wire during a failed check.
#[derive(Debug)]
pub struct Exchange(Crossing);

impl Report {
    /// What became of each check, in the order of the suite.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether no check failed. Skipped ones do not count.
    pub fn is_clean(&self) -> bool {
        self.count(|verdict| matches!(verdict, Verdict::Failed { .. })) == 0
    }

    /// How long the run took.
    pub fn took(&self) -> Duration {
        self.took
    }

    /// The command that makes a check again.
    fn reproduce(&self, name: &str) -> String {
        let trust = match self.tls.as_ref().map(|tls| &tls.roots) {
            None => String::new(),
            Some(Roots::System) => "--tls ".to_owned(),
            Some(Roots::File(path)) => format!("--ca '{}' ", path.display()),
        };
        let address = &self.address;
        format!("packet-client {trust}conform {address} --only '{name}'")
    }

    fn count(&self, is_it: impl Fn(&Verdict) -> bool) -> usize {
        let counted = |finding: &&Finding| is_it(&finding.verdict);
        self.findings.iter().filter(counted).count()
    }

    /// How many checks passed, failed and were skipped.
    pub fn counts(&self) -> (usize, usize, usize) {
        (
            self.count(|verdict| matches!(verdict, Verdict::Passed)),
            self.count(|verdict| matches!(verdict, Verdict::Failed { .. })),
            self.count(|verdict| matches!(verdict, Verdict::Skipped(_))),
        )
    }

    /// Everything as JSON.
    pub fn to_json(&self) -> serde_json::Value {
        let (passed, failed, skipped) = self.counts();
        json!({
            "address": self.address,
            "passed": passed,
            "failed": failed,
            "skipped": skipped,
            "milliseconds": millis(self.took),
            "checks": self.findings.iter().map(|finding| finding.to_json(self)).collect::<Vec<_>>(),
        })
    }
}

impl Finding {
    pub(super) fn new(check: &Check, outcome: Outcome, trial: &Trial, took: Duration) -> Self {
        let verdict = match outcome {
            Ok(()) => Verdict::Passed,
            Err(Stop::Skipped(reason)) => Verdict::Skipped(reason),
            Err(Stop::Failed(failure)) => {
                let crossings = if failure.crossings.is_empty() {
                    trial.transcript().last(SHOWN)
                } else {
                    failure.crossings
                };
                Verdict::Failed {
                    expected: failure.expected,
                    found: failure.found,
                    crossings: crossings.into_iter().map(Exchange).collect(),
                }
            }
        };
        Self {
            group: check.group(),
            name: check.name().to_owned(),
            rule: check.rule().to_owned(),
            verdict,
            took,
        }
    }

    /// Name of the check.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What servers have to do, in a sentence.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// Whether the server does so.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    fn to_json(&self, report: &Report) -> serde_json::Value {
        let mut json = json!({
            "group": self.group.name(),
            "name": self.name,
            "rule": self.rule,
            "milliseconds": millis(self.took),
        });
        match &self.verdict {
            Verdict::Passed => json["verdict"] = "passed".into(),
            Verdict::Skipped(reason) => {
                json["verdict"] = "skipped".into();
                json["reason"] = reason.as_str().into();
            }
            Verdict::Failed {
                expected,
                found,
                crossings,
            } => {
                let exchanges = crossings.iter().map(|Exchange(crossing)| {
                    json!({
                        "connection": crossing.peer,
                        "from": crossing.side.to_string(),
                        "milliseconds": millis(crossing.at),
                        "bytes": crossing.len,
                        "hex": crossing.hex(),
                    })
                });
                json["verdict"] = "failed".into();
                json["expected"] = expected.as_str().into();
                json["found"] = found.as_str().into();
                json["exchanges"] = exchanges.collect();
                json["reproduce"] = report.reproduce(&self.name).into();
            }
        }
        json
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut group = None;
        for finding in &self.findings {
            if group != Some(finding.group) {
                group = Some(finding.group);
                writeln!(f, "{}", finding.group.name())?;
            }
            write_finding(f, finding, self)?;
        }
        let (passed, failed, skipped) = self.counts();
        let seconds = self.took.as_secs_f64();
        write!(
            f,
            "\n{passed} passed, {failed} failed, {skipped} skipped in {seconds:.1} s"
        )?;
        if passed == 0 && failed > 1 {
            f.write_str("; does the server speak TLS, or another protocol?")?;
        }
        Ok(())
    }
}

fn write_finding(f: &mut fmt::Formatter<'_>, finding: &Finding, report: &Report) -> fmt::Result {
    let name = finding.name.split_once('/').map_or("", |(_, name)| name);
    match &finding.verdict {
        Verdict::Passed => writeln!(f, "  pass  {name}"),
        Verdict::Skipped(reason) => writeln!(f, "  skip  {name}: {reason}"),
        Verdict::Failed {
            expected,
            found,
            crossings,
        } => {
            writeln!(f, "  FAIL  {name}")?;
            writeln!(f, "        rule       {}", finding.rule)?;
            writeln!(f, "        expected   {}", visible(expected))?;
            writeln!(f, "        found      {}", visible(found))?;
            writeln!(f, "        reproduce  {}", report.reproduce(&finding.name))?;
            for Exchange(crossing) in crossings {
                writeln!(f)?;
                f.write_str(&crossing.describe(layout(), "        "))?;
            }
            writeln!(f)
        }
    }
}

/// Text without control characters.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() {
                c.escape_unicode().to_string()
            } else {
                c.to_string()
            }
        })
        .collect()
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_made_again_with_the_same_trust() {
        let check = |roots: Option<Roots>, expected: &str| {
            let report = Report {
                address: "game.test:1".to_owned(),
                tls: roots.map(|roots| Tls {
                    roots,
                    server_name: None,
                }),
                findings: Vec::new(),
                took: Duration::ZERO,
            };
            assert_eq!(report.reproduce("chat/say"), expected);
        };
        let conform = "conform game.test:1 --only 'chat/say'";
        check(None, &format!("packet-client {conform}"));
        check(
            Some(Roots::System),
            &format!("packet-client --tls {conform}"),
        );
        let file = Roots::File("a b.pem".into());
        check(
            Some(file),
            &format!("packet-client --ca 'a b.pem' {conform}"),
        );
    }
}
