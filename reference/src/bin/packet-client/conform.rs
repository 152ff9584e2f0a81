//! `packet-client conform`

use crate::connect::address;
use clap::{Args, ValueEnum};
use reference::client::Tls;
use reference::conform::{self, Options};
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

/// Test whether a server keeps the rules of the protocol
///
/// Talks with the server as its clients may, and as they must not, and reports which rules it keeps. It registers
/// accounts with names of their own, and can be run again and again, also against a server that people play on.
///
/// The exit code is 0 if no rule is broken, 1 if one is, 2 if the server cannot be reached.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  packet-client conform 127.0.0.1:7777
  packet-client conform game.example:7777 --tls --only states/greeted --only accounts
  packet-client conform 127.0.0.1:7777 --format json > report.json")]
pub(crate) struct Arguments {
    /// Server to test
    #[arg(
        id = "conform-address",
        value_name = "HOST:PORT",
        value_parser = address,
        required_unless_present = "list"
    )]
    address: Option<String>,
    /// Make only checks whose name contains this text; can be given several times
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// Show the checks and their rules, and make none
    #[arg(long)]
    list: bool,
    /// Make also the checks that wait until a server loses patience, which takes minutes
    #[arg(long)]
    slow: bool,
    /// Account to use where none can be registered; some checks need two, one needs three
    #[arg(long, value_name = "NAME:PASSWORD", value_parser = account)]
    account: Vec<(String, String)>,
    /// Seconds to wait for what the server has to do at once
    #[arg(long, value_name = "SECONDS", default_value_t = 3.0, value_parser = seconds)]
    patience: f64,
    /// How many checks to make at a time
    #[arg(long, value_name = "N", default_value_t = 8)]
    at_a_time: usize,
    /// How to show the report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// For programs
    Json,
}

/// Runs the suite and prints its report.
pub(crate) async fn run(arguments: Arguments, tls: Option<Tls>) -> ExitCode {
    let printed = match arguments.address {
        _ if arguments.list => list().map(|()| ExitCode::SUCCESS),
        Some(address) => {
            let options = Options {
                only: arguments.only,
                slow: arguments.slow,
                accounts: arguments.account,
                patience: Duration::from_secs_f64(arguments.patience),
                at_a_time: arguments.at_a_time,
                tls,
            };
            test(&address, &options, arguments.format).await
        }
        None => Ok(ExitCode::from(2)),
    };
    match printed {
        Ok(code) => code,
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => complain(&format!("cannot write: {error}")),
    }
}

async fn test(address: &str, options: &Options, format: Format) -> io::Result<ExitCode> {
    let report = match conform::run(address, options).await {
        Ok(report) => report,
        Err(error) => return Ok(complain(&error.to_string())),
    };
    let mut out = io::stdout().lock();
    match format {
        Format::Human => writeln!(out, "{report}")?,
        Format::Json => writeln!(out, "{:#}", report.to_json())?,
    }
    Ok(if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn list() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for check in conform::checks() {
        let slow = if check.is_slow() { " (slow)" } else { "" };
        writeln!(out, "{}{slow}\n    {}", check.name(), check.rule())?;
    }
    Ok(())
}

fn account(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((name, password)) if !name.is_empty() && !password.is_empty() => {
            Ok((name.to_owned(), password.to_owned()))
        }
        _ => Err("write a name, a colon and a password".to_owned()),
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.05..=600.0).contains(&seconds) => Ok(seconds),
        _ => Err("write a number from 0.05 to 600".to_owned()),
    }
}

/// Says on standard error why there is no report.
fn complain(problem: &str) -> ExitCode {
    // There is nowhere left to report that this fails.
    let _ = writeln!(io::stderr(), "error: {problem}");
    ExitCode::from(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_a_name_and_a_password() {
        let expected = ("ada".to_owned(), "se:cret".to_owned());
        assert_eq!(account("ada:se:cret"), Ok(expected));
        for text in ["ada", ":secret", "ada:", ""] {
            assert!(account(text).is_err(), "{text}");
        }
    }

    #[test]
    fn patience_has_an_end() {
        assert_eq!(seconds("0.5"), Ok(0.5));
        for text in ["0", "-1", "nan", "inf", "1e9", ""] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
