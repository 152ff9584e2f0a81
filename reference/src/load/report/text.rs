//! A report for people.

use super::{Figures, Report, Times};
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            connections,
            address,
            pace,
            mix,
            entry,
            seconds,
            ..
        } = self;
        writeln!(f, "{connections} connections to {address}: {mix}, {pace}")?;
        writeln!(
            f,
            "in         {} of {connections} within {:.2} s",
            entry.ready, entry.seconds
        )?;
        names(f, "refused", &entry.refused)?;
        writeln!(f, "measured   {seconds:.1} s\n")?;
        writeln!(
            f,
            "{:10} {:>11} {:>11} {:>9} {:>7} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9}",
            "",
            "sent",
            "answers/s",
            "failed %",
            "lost",
            "unsent",
            "p50",
            "p90",
            "p99",
            "p99.9",
            "max"
        )?;
        for (name, figures) in &self.kinds {
            row(f, name, figures)?;
        }
        if self.kinds.len() > 1 {
            row(f, "all", &self.all)?;
        }
        writeln!(
            f,
            "{:10} {:>11} {:>11} {:>9} {:>7} {:>7} {}",
            "sent late",
            "",
            "",
            "",
            "",
            "",
            Quantiles(&self.lateness)
        )?;
        writeln!(f)?;
        self.write_rest(f)
    }
}

impl Report {
    fn write_rest(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let traffic = &self.traffic;
        writeln!(
            f,
            "traffic    {:.2} MB/s out, {:.2} MB/s in, {:.0} packets/s in",
            traffic.bytes_out / 1e6,
            traffic.bytes_in / 1e6,
            traffic.packets_in
        )?;
        if traffic.deliveries > 0.0 || traffic.moves_rejected > 0 {
            writeln!(
                f,
                "world      {:.0} movements/s delivered in {:.0} packets/s, {} moves rejected",
                traffic.deliveries, traffic.delivery_packets, traffic.moves_rejected
            )?;
        }
        if traffic.messages > 0.0 {
            writeln!(f, "chat       {:.0} messages/s heard", traffic.messages)?;
        }
        if let Some(broadcasts) = &self.broadcasts {
            writeln!(
                f,
                "broadcasts {} sent, {} refused, {} heard by all; until the last one: p50 {}, p99 {}, max {}",
                broadcasts.sent,
                broadcasts.refused,
                broadcasts.complete,
                Micros(broadcasts.times.p50),
                Micros(broadcasts.times.p99),
                Micros(broadcasts.times.max)
            )?;
        }
        names(f, "errors", &self.errors)?;
        names(f, "ended", &self.closed)?;
        if let Some(hostile) = &self.hostile {
            writeln!(
                f,
                "hostile    {} by {}",
                hostile.connections, hostile.attack
            )?;
            if hostile.storms > 0 {
                writeln!(f, "           {} connections made", hostile.storms)?;
            }
            names(f, "", &hostile.fates)?;
        }
        if let Some(memory) = &self.memory {
            let mib = |bytes| super::float(bytes) / f64::from(1 << 20);
            writeln!(
                f,
                "memory     {:.1} MiB before, {:.1} MiB when all were in, {:.1} MiB at the end: {:.0} bytes for each connection",
                mib(memory.before),
                mib(memory.ready),
                mib(memory.end),
                memory.per_connection
            )?;
        }
        Ok(())
    }
}

fn row(f: &mut Formatter<'_>, name: &str, figures: &Figures) -> fmt::Result {
    // Some packets have no answers, by design.
    let rate = match figures.answered + figures.lost {
        0 => "-".to_owned(),
        _ => format!("{:.0}", figures.answers_per_second),
    };
    writeln!(
        f,
        "{name:10} {:>11} {rate:>11} {:>9.3} {:>7} {:>7} {}",
        figures.sent,
        figures.failed_percent(),
        figures.lost,
        figures.unsent,
        Quantiles(&figures.times)
    )
}

fn names(f: &mut Formatter<'_>, title: &str, names: &BTreeMap<String, u64>) -> fmt::Result {
    for (place, (name, count)) in names.iter().enumerate() {
        let title = if place == 0 { title } else { "" };
        // Only words of ours and names of the protocol come here, so no peer's text reaches a terminal.
        writeln!(f, "{title:10} {count} {name}")?;
    }
    Ok(())
}

struct Quantiles<'a>(&'a Times);

impl Display for Quantiles<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Times {
            p50,
            p90,
            p99,
            p99_9,
            max,
            ..
        } = *self.0;
        let [p50, p90, p99, p99_9, max] =
            [p50, p90, p99, p99_9, max].map(|time| Micros(time).to_string());
        write!(f, "{p50:>9} {p90:>9} {p99:>9} {p99_9:>9} {max:>9}")
    }
}

/// A time with the unit that suits it.
struct Micros(f64);

impl Display for Micros {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            0.0 => f.write_str("-"),
            micros if micros < 1000.0 => write!(f, "{micros:.0} us"),
            micros if micros < 1e6 => write!(f, "{:.2} ms", micros / 1e3),
            micros => write!(f, "{:.2} s", micros / 1e6),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;

    #[test]
    fn a_report_can_be_read() {
        let text = report().to_string();
        for line in [
            "100 connections to localhost:7777: echo=1, 20 a second on each connection",
            "in         100 of 100 within 1.50 s",
            "echo                 4           0    25.000       1       0   2.00 ms   3.00 ms   3.00 ms   3.00 ms   3.00 ms",
            "ended      1 closed by KickNotice idle",
            "memory     1.0 MiB before, 1.1 MiB when all were in, 1.2 MiB at the end: 3000 bytes for each connection",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
    }
}
