//! Figures of the server alone: logins, memory, the world, broadcasts, and its end.

use crate::child::Server;
use crate::{Bench, Missing};
use reference::load::{Kind, Mix, Pace, Plan, Report, run};
use std::process::ExitStatus;
use std::time::{Duration, Instant};

/// What is measured, with its name. Each is Markdown: cells of a row behind the name.
pub const ALL: [(&str, fn(&Bench) -> Result<String, Missing>); 7] = [
    ("login by token, 5,000", login),
    ("memory of an idle session, of 5,000", memory_of_5000),
    ("memory of an idle session, of 19,000", memory_of_19000),
    ("movements delivered, 1,000 movers in crowds of 25", fan_out),
    (
        "movements delivered, 2,000 movers in crowds of 50",
        more_fan_out,
    ),
    ("broadcast until the last of 5,000", broadcast),
    ("end of a server with 5,000 sessions on SIGTERM", drain),
];

/// A table of all of them.
pub fn table(bench: &Bench) -> String {
    let mut table = String::from("| figure | value | beside it |\n|---|---|---|\n");
    for (name, measure) in ALL {
        let row = measure(bench).unwrap_or_else(|missing| format!("not taken: {missing} | "));
        table.push_str(&format!("| {name} | {row} |\n"));
    }
    table
}

fn login(bench: &Bench) -> Result<String, Missing> {
    let (report, _) = idle(bench, 5000)?;
    Ok(format!(
        "{:.2} s | {}",
        report.entry.seconds,
        entered(&report)
    ))
}

fn memory_of_5000(bench: &Bench) -> Result<String, Missing> {
    memory(bench, 5000)
}

fn memory_of_19000(bench: &Bench) -> Result<String, Missing> {
    memory(bench, 19_000)
}

fn memory(bench: &Bench, connections: usize) -> Result<String, Missing> {
    let (report, _) = idle(bench, connections)?;
    let memory = report.memory.ok_or("the server's memory is not known")?;
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    // How long it took them to come in says little of the server: from some 14,000 connections to one address on, most of that
    // time Linux looks for a free port on the generator's side.
    Ok(format!(
        "{:.0} bytes | {:.1} MiB before, {:.1} MiB behind; {}{}",
        memory.per_connection,
        mib(memory.before),
        mib(memory.end),
        entered(&report),
        ended(&report)
    ))
}

/// Sessions that echo once and are idle then.
fn idle(bench: &Bench, connections: usize) -> Result<(Report, Server), Missing> {
    let accounts = bench.accounts.copy()?;
    let server = Server::start(&bench.server, &accounts)?;
    let plan = Plan {
        pace: Pace::Idle,
        warmup: Duration::ZERO,
        // A connection gives memory back a second after it has fallen silent.
        duration: Duration::from_secs(4),
        server_process: Some(server.process()),
        ..bench.plan(server.address(), &accounts, connections)
    };
    Ok((run(&plan, |_| {})?, server))
}

fn fan_out(bench: &Bench) -> Result<String, Missing> {
    movers(bench, 1000, 25)
}

fn more_fan_out(bench: &Bench) -> Result<String, Missing> {
    movers(bench, 2000, 50)
}

/// Players who move 20 times a second, each seen by its crowd.
fn movers(bench: &Bench, connections: usize, crowd: usize) -> Result<String, Missing> {
    const HZ: usize = 20;
    let accounts = bench.accounts.copy()?;
    let server = Server::start(&bench.server, &accounts)?;
    let plan = Plan {
        pace: Pace::Open {
            per_second: HZ as f64,
        },
        mix: Mix::only(Kind::Move),
        crowd,
        duration: Duration::from_secs(if bench.quick { 2 } else { 8 }),
        ..bench.plan(server.address(), &accounts, connections)
    };
    let report = run(&plan, |_| {})?;
    let traffic = report.traffic;
    let expected = (connections * crowd * HZ) as f64;
    Ok(format!(
        "{:.0}/s | {:.0} % of those that there should be; {:.0} packets/s, {:.1} MB/s, {} moves rejected; {}{}",
        traffic.deliveries,
        100.0 * traffic.deliveries / expected,
        traffic.delivery_packets,
        traffic.bytes_in / 1e6,
        traffic.moves_rejected,
        entered(&report),
        ended(&report)
    ))
}

fn broadcast(bench: &Bench) -> Result<String, Missing> {
    let accounts = bench.accounts.copy()?;
    let server = Server::start(&bench.server, &accounts)?;
    let plan = Plan {
        pace: Pace::Idle,
        warmup: Duration::from_secs(1),
        duration: Duration::from_secs(if bench.quick { 5 } else { 25 }),
        // As many as the server allows a player to say.
        broadcasts: Some(4.0),
        ..bench.plan(server.address(), &accounts, 5000)
    };
    let report = run(&plan, |_| {})?;
    let broadcasts = report.broadcasts.ok_or("nothing was broadcast")?;
    if broadcasts.complete == 0 {
        return Err(format!(
            "none of {} broadcasts was heard by all ({} refused)",
            broadcasts.sent, broadcasts.refused
        )
        .into());
    }
    let ms = |micros: f64| micros / 1000.0;
    Ok(format!(
        "p99 {:.1} ms | p50 {:.1} ms, max {:.1} ms; {} of {} heard by all{}",
        ms(broadcasts.times.p99),
        ms(broadcasts.times.p50),
        ms(broadcasts.times.max),
        broadcasts.complete,
        broadcasts.sent,
        ended(&report)
    ))
}

fn drain(bench: &Bench) -> Result<String, Missing> {
    let accounts = bench.accounts.copy()?;
    let mut server = Server::start(&bench.server, &accounts)?;
    let plan = Plan {
        pace: Pace::Idle,
        warmup: Duration::ZERO,
        duration: Duration::from_secs(8),
        ..bench.plan(server.address(), &accounts, 5000)
    };
    let mut end = None;
    let report = run(&plan, |progress| {
        let due = progress.running >= Some(Duration::from_secs(1));
        if due && end.is_none() {
            end = Some(stop(&mut server));
        }
    })?;
    let (time, status) = end.ok_or("the run was over too soon")??;
    Ok(format!(
        "{:.2} s | {status}{}",
        time.as_secs_f64(),
        ended(&report)
    ))
}

/// How long a server takes to end.
fn stop(server: &mut Server) -> Result<(Duration, ExitStatus), Missing> {
    let start = Instant::now();
    server.stop()?;
    let status = server.ended(Duration::from_secs(6))?;
    Ok((start.elapsed(), status))
}

fn entered(report: &Report) -> String {
    let mut text = format!("{} of {} in", report.entry.ready, report.connections);
    for (why, count) in &report.entry.refused {
        text.push_str(&format!(", {count} {why}"));
    }
    text
}

fn ended(report: &Report) -> String {
    let mut text = String::new();
    for (why, count) in &report.closed {
        text.push_str(&format!("; {count} {why}"));
    }
    text
}
