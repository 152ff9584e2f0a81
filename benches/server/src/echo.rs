//! Echoes a second: the server, and the floor.

use crate::child::Server;
use crate::{Bench, Missing, machine};
use reference::load::{Entry, Pace, Plan, Report, run};
use std::time::Duration;

/// Connections and packets in flight on each.
const CASES: [(usize, u32); 6] = [
    (100, 1),
    (100, 16),
    (1000, 1),
    (1000, 16),
    (5000, 1),
    (5000, 16),
];

/// A table of medians with ratios. Rounds are taken in turn, so that what else the machine does meets both.
///
/// # Errors
/// Nothing could be measured.
pub fn table(bench: &Bench) -> Result<String, Missing> {
    let mut table = String::from(
        "| connections | in flight | floor | server | of the floor | p50, p99 of the floor | p50, p99 of the server | failed, of the floor and of the server | machine's load |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for (connections, depth) in CASES {
        if bench.quick && connections > 1000 {
            continue;
        }
        let row = row(bench, connections, depth);
        let row = row.unwrap_or_else(|missing| format!("not taken: {missing} | | | | | | "));
        let load = machine::load();
        table.push_str(&format!("| {connections} | {depth} | {row} | {load} |\n"));
    }
    Ok(table)
}

fn row(bench: &Bench, connections: usize, depth: u32) -> Result<String, Missing> {
    let rounds = if bench.quick { 1 } else { 3 };
    let (mut floor, mut server) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let peer = Server::floor()?;
        let mut plan = Plan::new(peer.address().to_string());
        plan.connections = connections;
        plan.entry = Entry::Raw;
        floor.push(measure(bench, plan, depth)?);
        drop(peer);
        let accounts = bench.accounts.copy()?;
        let peer = Server::start(&bench.server, &accounts)?;
        let plan = bench.plan(peer.address(), &accounts, connections);
        server.push(measure(bench, plan, depth)?);
    }
    let failed = [failed(&floor), failed(&server)].map(|count| count.to_string());
    let (floor, server) = (median(floor)?, median(server)?);
    let (least, most) = (floor.all.answers_per_second, server.all.answers_per_second);
    let times = |report: &Report| {
        let times = report.all.times;
        format!("{:.0}, {:.0} µs", times.p50, times.p99)
    };
    Ok(format!(
        "{least:.0}/s | {most:.0}/s | {:.0} % | {} | {} | {}",
        100.0 * most / least,
        times(&floor),
        times(&server),
        failed.join(", ")
    ))
}

/// Packets that were not answered well, in all rounds. Each round that had some is told on standard error.
fn failed(reports: &[Report]) -> u64 {
    let bad = reports.iter().filter(|report| !report.is_clean());
    bad.map(|report| {
        eprintln!("a round was not clean:\n{report}");
        report.all.errors + report.all.lost + report.all.unsent
    })
    .sum()
}

fn measure(bench: &Bench, plan: Plan, depth: u32) -> Result<Report, Missing> {
    let part = |whole: u64| Duration::from_millis(if bench.quick { whole / 4 } else { whole });
    let plan = Plan {
        pace: Pace::Closed { depth },
        warmup: part(1000),
        duration: part(4000),
        ..plan
    };
    Ok(run(&plan, |_| {})?)
}

fn median(mut reports: Vec<Report>) -> Result<Report, Missing> {
    let rate = |report: &Report| report.all.answers_per_second;
    reports.sort_by(|a, b| rate(a).total_cmp(&rate(b)));
    let middle = reports.len() / 2;
    reports
        .into_iter()
        .nth(middle)
        .ok_or_else(|| "there was no round".into())
}
