//! A steady load of honest players: alone, at half of what the server can do, and beside connections that misbehave.
//!
//! Those do so from the first moment on, and as hard as they are let.

use crate::child::Server;
use crate::{Bench, Missing, machine};
use reference::load::{Attack, Entry, Hostile, Pace, Plan, Report, run};
use std::time::Duration;

/// Honest connections.
const CONNECTIONS: usize = 1000;
/// Packets of each in a second.
const RATE: f64 = 10.0;
/// About half of the echoes that this many connections get out of a server in a closed loop on two cores.
const HALF_LOAD: f64 = 100.0;
/// Hostile connections, as a share of the honest ones.
const PERCENT: f64 = 10.0;

/// A table of all runs. Each is compared with the first one, which is clean.
///
/// # Errors
/// The clean run cannot be made.
pub fn table(bench: &Bench) -> Result<String, Missing> {
    let mut table = String::from(
        "| run | answered | failed | p50 | p99 | of the clean run | longest | the generator was late, p99 | hostile ones | machine's load |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    let seconds = |full| if bench.quick { 5 } else { full };
    let clean = measure(bench, RATE, None, seconds(60))?;
    let base = clean.all.times.p99;
    let mut add = |name: &str, report: Result<Report, Missing>| {
        let row = match report {
            Ok(report) => row(&report, base),
            Err(missing) => format!("not taken: {missing} | | | | | | | "),
        };
        let load = machine::load();
        table.push_str(&format!("| {name} | {row} | {load} |\n"));
    };
    add("clean", Ok(clean));
    let half = measure(bench, HALF_LOAD, None, seconds(20));
    add(&format!("{HALF_LOAD} packets a second each"), half);
    for attack in Attack::ALL {
        let report = measure(bench, RATE, Some(attack), seconds(60));
        add(&format!("beside {PERCENT} % {attack}"), report);
    }
    // What a storm costs the system and the generator, which have the same two cores, is no matter of the server.
    add("floor, clean", floor(None, seconds(20)));
    let storm = Attack::ConnectStorm;
    let report = floor(Some(storm), seconds(60));
    add(&format!("floor, beside {PERCENT} % {storm}"), report);
    Ok(table)
}

fn measure(
    bench: &Bench,
    per_second: f64,
    attack: Option<Attack>,
    seconds: u64,
) -> Result<Report, Missing> {
    let accounts = bench.accounts.copy()?;
    let server = Server::start(&bench.server, &accounts)?;
    let plan = bench.plan(server.address(), &accounts, CONNECTIONS);
    carry_out(plan, per_second, attack, seconds)
}

fn floor(attack: Option<Attack>, seconds: u64) -> Result<Report, Missing> {
    let server = Server::floor()?;
    let plan = Plan {
        connections: CONNECTIONS,
        entry: Entry::Raw,
        ..Plan::new(server.address().to_string())
    };
    carry_out(plan, RATE, attack, seconds)
}

fn carry_out(
    plan: Plan,
    per_second: f64,
    attack: Option<Attack>,
    seconds: u64,
) -> Result<Report, Missing> {
    let plan = Plan {
        pace: Pace::Open { per_second },
        duration: Duration::from_secs(seconds),
        hostile: attack.map(|attack| Hostile {
            attack,
            percent: PERCENT,
        }),
        ..plan
    };
    Ok(run(&plan, |_| {})?)
}

fn row(report: &Report, clean: f64) -> String {
    let all = report.all;
    let ms = |micros: f64| micros / 1000.0;
    let mut fates = String::new();
    if let Some(hostile) = &report.hostile {
        if hostile.storms > 0 {
            fates.push_str(&format!("{} connections made", hostile.storms));
        }
        for (fate, count) in &hostile.fates {
            fates.push_str(&format!("{count} {fate}; "));
        }
    }
    format!(
        "{} of {} | {} | {:.2} ms | {:.2} ms | {:.2} | {:.1} ms | {:.2} ms | {}",
        all.answered,
        all.sent,
        all.errors + all.lost + all.unsent,
        ms(all.times.p50),
        ms(all.times.p99),
        all.times.p99 / clean,
        ms(all.times.max),
        ms(report.lateness.p99),
        fates.trim_end_matches("; "),
    )
}
