//! `packetc explain`

use super::{Error, Outcome, terminal};
use clap::Args;
use packet_schema::diagnostic::{Diagnostic, did_you_mean};
use packetc::explain::{page, pages};
use std::io::Write;
use std::sync::OnceLock;

/// Explain a diagnostic, such as P0203
///
/// Shows what the code means, why there is such a rule and what to do, with an example that is wrong and one
/// that is right. Without a code, lists all of them.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  packetc explain P0203
  packetc explain")]
pub(super) struct Arguments {
    /// Code to explain
    code: Option<String>,
}

pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> Result<Outcome, Error> {
    if let Some(code) = &arguments.code {
        let page = page(code).ok_or_else(|| unknown(code))?;
        write!(out, "{}", page.shown(terminal::stdout_style())).map_err(Error::Output)?;
    } else {
        for page in pages() {
            writeln!(out, "{}  {}", page.code, page.title).map_err(Error::Output)?;
        }
    }
    Ok(Outcome::Clean)
}

fn unknown(code: &str) -> Error {
    let codes = pages().map(|page| page.code);
    let help = did_you_mean(&code.to_ascii_uppercase(), codes)
        .unwrap_or_else(|| "`packetc explain` lists all codes".to_owned());
    Error::Usage(format!("there is no code `{code}`; {help}"))
}

/// The code of the first problem that was shown in this run.
static SHOWN: OnceLock<&'static str> = OnceLock::new();

/// Notes that `problems` are shown to people, who are then told [once](tell) about this command.
pub(super) fn note(problems: &[Diagnostic]) {
    if let Some(first) = problems.first() {
        SHOWN.get_or_init(|| first.code);
    }
}

/// Says how to learn more about the problems that were shown, if there were any.
pub(super) fn tell() {
    if let Some(code) = SHOWN.get() {
        terminal::say(&format!(
            "for more about a code run `packetc explain {code}`\n"
        ));
    }
}
