//! A distribution of percentiles as text, as `HdrHistogram` prints it in other languages, so that its plotters can read it.

use hdrhistogram::Histogram;
use std::fmt::Write as _;

/// Steps between one half of what is left to 100 % and the next.
const STEPS: u32 = 5;

/// The distribution of nanoseconds, in microseconds.
pub(super) fn of(times: &Histogram<u64>) -> String {
    let mut text = format!(
        "{:>12} {:>14} {:>10} {:>14}\n\n",
        "Value", "Percentile", "TotalCount", "1/(1-Percentile)"
    );
    let mut count = 0;
    // Writing to text cannot fail.
    for step in times.iter_quantiles(STEPS) {
        count += step.count_since_last_iteration();
        let value = super::float(step.value_iterated_to()) / 1000.0;
        let quantile = step.quantile_iterated_to();
        let _ = write!(text, "{value:12.3} {quantile:14.12} {count:10}");
        let _ = if quantile < 1.0 {
            writeln!(text, " {:14.2}", 1.0 / (1.0 - quantile))
        } else {
            writeln!(text)
        };
    }
    let (mean, deviation) = (times.mean() / 1000.0, times.stdev() / 1000.0);
    let max = super::float(times.max()) / 1000.0;
    let total = times.len();
    let _ = writeln!(
        text,
        "#[Mean    = {mean:12.3}, StdDeviation   = {deviation:12.3}]"
    );
    let _ = writeln!(text, "#[Max     = {max:12.3}, Total count    = {total:12}]");
    let _ = writeln!(
        text,
        "#[Buckets = {:12}, SubBuckets     = {:12}]",
        times.buckets(),
        times.distinct_values() / usize::from(times.buckets()).max(1)
    );
    text
}

#[cfg(test)]
mod tests {
    use super::super::super::tally::histogram;
    use super::*;

    #[test]
    fn a_distribution_ends_at_the_largest_value() {
        let mut times = histogram();
        for micros in 1..=1000_u64 {
            times.record(micros * 1000).unwrap();
        }
        let text = of(&times);
        let lines: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        let header = ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"];
        assert_eq!(lines[0], header);
        let half = lines
            .iter()
            .find(|line| line.get(1).is_some_and(|at| at.starts_with("0.5")));
        let value: f64 = half.unwrap()[0].parse().unwrap();
        assert!((499.0..=502.0).contains(&value), "{value}");
        let last = lines.iter().rfind(|line| line.len() == 3).unwrap();
        assert_eq!(last[1..], ["1.000000000000", "1000"]);
        assert!(text.contains("Total count    =         1000]"), "{text}");
    }
}
