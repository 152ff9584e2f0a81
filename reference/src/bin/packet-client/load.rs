//! `packet-client load`: many connections at once, and how the server bears them.

use crate::Failure;
use indicatif::{ProgressBar, ProgressStyle};
use reference::client::Tls;
use reference::load::{
    Accounts, Attack, Entry, Hostile, LoadError, Mix, Pace, Plan, Progress, Report,
    run as carry_out,
};
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

/// Put a server under load, and measure how long it takes to answer
///
/// Sends at a fixed rate whether answers come or not, and measures from the moment at which a packet was due, so that a server
/// that stalls shows. With --closed the next packet waits for an answer instead. Accounts are made if they are not there.
///
/// Exit code 1 says that some packets were not answered well, or connections did not come in or stay.
#[derive(Debug, clap::Args)]
#[group(id = "load")]
#[allow(clippy::struct_excessive_bools, reason = "flags")]
pub(crate) struct Arguments {
    /// Server to load
    #[arg(
        id = "load-address",
        value_name = "HOST:PORT",
        value_parser = crate::connect::address,
        default_value = "127.0.0.1:7777"
    )]
    address: String,
    /// Honest connections
    #[arg(long, short = 'n', default_value_t = 100, value_name = "N")]
    connections: usize,
    /// Packets per second on each connection
    #[arg(long, value_name = "N", default_value_t = 20.0, conflicts_with_all = ["closed", "idle"])]
    rate: f64,
    /// Keep so many packets in flight on each connection instead
    #[arg(long, value_name = "DEPTH", conflicts_with = "idle")]
    closed: Option<u32>,
    /// Send one packet of each kind, and then hold the connections in silence
    #[arg(long)]
    idle: bool,
    /// Packets and their shares, such as echo=80,move=15,say=5; there are also heartbeat, time, rooms and guilds
    #[arg(long, value_name = "KIND=SHARE,…", default_value_t = Mix::default())]
    mix: Mix,
    /// Bytes of an echo's payload; 10 make a packet of 20 bytes
    #[arg(long, value_name = "BYTES", default_value_t = 10)]
    size: usize,
    /// How long is measured
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = humantime::parse_duration)]
    duration: Duration,
    /// How long packets are sent before that
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = humantime::parse_duration)]
    warmup: Duration,
    /// How long answers are waited for at the end
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = humantime::parse_duration)]
    patience: Duration,
    /// Threads of the generator
    #[arg(long, value_name = "N", default_value_t = 1)]
    threads: usize,
    /// Connections that may be connecting or logging in at a time
    #[arg(long, value_name = "N", default_value_t = 64)]
    connect_at_once: usize,
    #[command(flatten)]
    who: Who,
    /// Enter the world, though the mix does not need it
    #[arg(long)]
    world: bool,
    /// Players that stand together in the world; with 0 the server chooses their places
    #[arg(long, value_name = "N", default_value_t = 25)]
    crowd: usize,
    /// Let the first account broadcast so often in a second; it needs the right
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1")]
    broadcast: Option<f64>,
    /// Let other connections misbehave meanwhile: dribble, slow-reader, flood, garbage, half-open or connect-storm
    #[arg(long, value_name = "ATTACK")]
    attack: Option<Attack>,
    /// How many these are, as a share of the honest ones
    #[arg(long, value_name = "PERCENT", default_value = "10%", value_parser = percent, requires = "attack")]
    hostile: f64,
    /// Look at the memory of a server on this machine
    #[arg(long, value_name = "PID")]
    server_pid: Option<u32>,
    /// Write all percentiles to a file, in the form that plotters for HDR histograms read
    #[arg(long, value_name = "FILE")]
    hgrm: Option<PathBuf>,
    /// How the report is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Who the connections are.
#[derive(Debug, clap::Args)]
struct Who {
    /// Accounts: PREFIX-0 and so on
    #[arg(long, value_name = "PREFIX", default_value = "load")]
    accounts: String,
    /// Password of all accounts
    #[arg(long, value_name = "PASSWORD", default_value = "under load 1!")]
    accounts_password: String,
    /// File to keep tokens in: with these, later runs log in much faster than by password
    #[arg(long, value_name = "FILE")]
    tokens: Option<PathBuf>,
    /// Greet, but do not log in
    #[arg(long, conflicts_with = "tokens")]
    guests: bool,
    /// Neither greet nor log in: the peer is one that sends back every byte
    #[arg(long, conflicts_with_all = ["guests", "tokens"])]
    raw: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Carries out the load and prints the report.
pub(crate) fn run(arguments: &Arguments, tls: Option<Tls>) -> Result<(), Failure> {
    let plan = Plan {
        tls,
        ..arguments.plan()
    };
    let bar = bar(&plan);
    let report = carry_out(&plan, |progress| show(&bar, &plan, progress));
    bar.finish_and_clear();
    let report = report.map_err(failure)?;
    if let Some(path) = &arguments.hgrm {
        fs::write(path, report.percentiles()).map_err(|error| {
            Failure::Problem(format!("cannot write {}: {error}", path.display()))
        })?;
    }
    print(&report, arguments.format)?;
    if report.is_clean() {
        Ok(())
    } else {
        Err(Failure::Refused(None))
    }
}

impl Arguments {
    fn plan(&self) -> Plan {
        let who = &self.who;
        Plan {
            connections: self.connections,
            pace: match self.closed {
                Some(depth) => Pace::Closed { depth },
                None if self.idle => Pace::Idle,
                None => Pace::Open {
                    per_second: self.rate,
                },
            },
            mix: self.mix.clone(),
            payload: self.size,
            warmup: self.warmup,
            duration: self.duration,
            patience: self.patience,
            threads: self.threads,
            connect_at_once: self.connect_at_once,
            entry: match (who.raw, who.guests) {
                (true, _) => Entry::Raw,
                (_, true) => Entry::Guest,
                _ => Entry::Accounts(Accounts {
                    prefix: who.accounts.clone(),
                    password: who.accounts_password.clone(),
                    tokens: who.tokens.clone(),
                }),
            },
            world: self.world,
            crowd: self.crowd,
            broadcasts: self.broadcast,
            hostile: self.attack.map(|attack| Hostile {
                attack,
                percent: self.hostile,
            }),
            server_process: self.server_pid,
            ..Plan::new(&self.address)
        }
    }
}

/// What stops a load is the server's doing or the user's.
fn failure(error: LoadError) -> Failure {
    match error {
        LoadError::NobodyIn(_) => Failure::Refused(Some(error.to_string())),
        _ => Failure::problem(error),
    }
}

fn print(report: &Report, format: Format) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match format {
        Format::Text => write!(out, "{report}")?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, report)
                .map_err(|error| Failure::Output(error.into()))?;
            writeln!(out)?;
        }
    }
    Ok(())
}

/// A bar for those who wait; nothing if standard error is no terminal.
fn bar(plan: &Plan) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(plan.connections as u64);
    // A template that cannot be read shows in the first run, and a plain bar does as well.
    if let Ok(style) = ProgressStyle::with_template("{msg:32} {wide_bar} {pos}/{len}") {
        bar.set_style(style);
    }
    bar
}

fn show(bar: &ProgressBar, plan: &Plan, progress: Progress) {
    if bar.is_hidden() {
        return;
    }
    if let Some(running) = progress.running {
        let all = plan.warmup + plan.duration;
        bar.set_length(all.as_secs());
        bar.set_position(running.as_secs().min(all.as_secs()));
        bar.set_message(format!("{} answers", progress.answered));
    } else {
        bar.set_position(progress.ready);
        bar.set_message(match progress.refused {
            0 => "connecting".to_owned(),
            refused => format!("connecting, {refused} refused"),
        });
    }
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text);
    let number = number.trim().parse().ok();
    number
        .filter(|number: &f64| number.is_finite())
        .ok_or_else(|| "a share is a number with or without %".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Program {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn plan(line: &str) -> Result<Plan, String> {
        let words = ["load"].into_iter().chain(line.split_whitespace());
        let program = Program::try_parse_from(words).map_err(|error| error.to_string())?;
        Ok(program.arguments.plan())
    }

    #[test]
    fn no_flags_are_the_plan_without_choices() {
        let (flags, none) = (plan("").unwrap(), Plan::new("127.0.0.1:7777"));
        assert_eq!(format!("{flags:?}"), format!("{none:?}"));
    }

    #[test]
    fn flags_make_a_plan() {
        let plan = plan(
            "host:1 -n 5000 --closed 16 --mix echo=80,say=5 --broadcast --attack flood --hostile 25% --warmup 500ms",
        )
        .unwrap();
        assert_eq!(plan.address, "host:1");
        assert_eq!(plan.pace, Pace::Closed { depth: 16 });
        assert_eq!(plan.mix.to_string(), "echo=80,say=5");
        assert_eq!(plan.broadcasts, Some(1.0));
        assert_eq!(plan.hostile_connections(), 1250);
        assert_eq!(plan.warmup, Duration::from_millis(500));
    }

    #[test]
    fn flags_that_exclude_each_other_are_refused() {
        for line in [
            "--rate 5 --closed 1",
            "--closed 1 --idle",
            "--raw --guests",
            "--raw --tokens x",
            "--hostile 10%",
            "--mix fly",
        ] {
            assert!(plan(line).is_err(), "{line}");
        }
    }
}
