//! The server's numbers, as Prometheus reads them.
//!
//! In: the [`Tally`] and the registry. Out: text in the format of `OpenMetrics`. Nothing is computed before somebody asks.

use super::registry::Registry;
use super::tally::{BUCKETS, Direction, Event, Tally, Timed, bucket_end};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, NoLabelSet, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use std::fmt;
use std::sync::Arc;

/// Content type of [`Metrics::text`].
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The server's numbers.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: prometheus_client::registry::Registry,
}

impl Metrics {
    /// Those of a server with this tally and these sessions.
    pub(super) fn new(tally: Arc<Tally>, sessions: Arc<Registry>) -> Self {
        let mut registry = prometheus_client::registry::Registry::with_prefix("packet_server");
        registry.register_collector(Box::new(Numbers { tally, sessions }));
        Self { registry }
    }

    /// All of them as text.
    ///
    /// # Errors
    /// None that is known: writing to memory does not fail.
    pub(super) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

#[derive(Debug)]
struct Numbers {
    tally: Arc<Tally>,
    sessions: Arc<Registry>,
}

type Labels<'a> = [(&'static str, &'a str)];

impl Collector for Numbers {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let encoder = &mut encoder;
        self.traffic(encoder)?;
        self.sessions(encoder)?;
        for event in [
            Event::Refused,
            Event::Rejected,
            Event::Ended,
            Event::Unlogged,
        ] {
            let (name, help) = described(event);
            let counts = self.tally.events(event);
            let counts = counts
                .iter()
                .map(|(reason, count)| ([("reason", *reason)], *count));
            counters(encoder, name, help, counts)?;
        }
        for timed in Timed::ALL {
            self.histogram(encoder, timed)?;
        }
        Ok(())
    }
}

impl Numbers {
    fn traffic(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let all: Vec<_> = Direction::BOTH
            .into_iter()
            .flat_map(|direction| {
                let counts = self.tally.traffic(direction);
                counts.map(move |(packet, packets, bytes)| {
                    let labels = [("direction", direction.name()), ("packet", packet)];
                    (labels, packets, bytes)
                })
            })
            .collect();
        let packets = all.iter().map(|(labels, packets, _)| (*labels, *packets));
        counters(
            encoder,
            "packets",
            "Packets, by direction and kind",
            packets,
        )?;
        let bytes = all.iter().map(|(labels, _, bytes)| (*labels, *bytes));
        counters(
            encoder,
            "bytes",
            "Bytes of packets, by direction and kind",
            bytes,
        )
    }

    fn sessions(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let states = self.sessions.states();
        let states = states.map(|(state, count)| ([("state", state.name())], count));
        gauges(encoder, "sessions", "Sessions, by state", states)?;
        let players = i64::try_from(self.sessions.players()).unwrap_or(i64::MAX);
        gauges(
            encoder,
            "players",
            "Players that are logged in",
            [([], players)],
        )?;
        let waiting = i64::try_from(self.sessions.waiting()).unwrap_or(i64::MAX);
        let help = "Bytes that wait for clients, other than answers at once";
        gauges(encoder, "queued_bytes", help, [([], waiting)])
    }

    fn histogram(&self, encoder: &mut DescriptorEncoder<'_>, timed: Timed) -> fmt::Result {
        let (name, help) = match timed {
            Timed::Handling => (
                "handling_seconds",
                "From reading packets to having answered",
            ),
            Timed::Stored => ("store_seconds", "Requests to accounts and guilds"),
            Timed::Tick => ("tick_seconds", "Steps of the world"),
            Timed::RoundTrip => ("round_trip_seconds", "From a heartbeat to its answer"),
        };
        let times = self.tally.times(timed);
        let buckets: [_; BUCKETS] =
            std::array::from_fn(|bucket| (bucket_end(bucket), times.buckets[bucket]));
        let count = times.buckets.iter().sum();
        let kind = MetricType::Histogram;
        let mut metric = encoder.encode_descriptor(name, help, None, kind)?;
        metric.encode_histogram::<NoLabelSet>(times.seconds, count, &buckets, None)
    }
}

fn described(event: Event) -> (&'static str, &'static str) {
    match event {
        Event::Refused => ("refused_connections", "Connections that were not let in"),
        Event::Rejected => ("rejected_packets", "Packets that were not obeyed"),
        Event::Ended => ("ended_sessions", "Sessions that ended"),
        Event::Unlogged => ("unlogged_packets", "Packets that are not in the packet log"),
    }
}

fn counters<const N: usize>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    counts: impl IntoIterator<Item = ([(&'static str, &'static str); N], u64)>,
) -> fmt::Result {
    let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
    for (labels, count) in counts {
        let labels: &Labels<'_> = &labels;
        ConstCounter::new(count).encode(family.encode_family(&labels)?)?;
    }
    Ok(())
}

fn gauges<const N: usize>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    values: impl IntoIterator<Item = ([(&'static str, &'static str); N], i64)>,
) -> fmt::Result {
    let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    for (labels, value) in values {
        let labels: &Labels<'_> = &labels;
        ConstGauge::new(value).encode(family.encode_family(&labels)?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::PacketKind;
    use crate::server::tally::Run;
    use std::time::Duration;

    #[test]
    fn all_numbers_are_told() {
        let (tally, sessions) = (Arc::new(Tally::default()), Arc::new(Registry::default()));
        let _session = sessions.open(10);
        let mut run = Run::new(Direction::In);
        run.count(PacketKind::Move, 33, &tally);
        tally.add(&mut run);
        tally.event(Event::Rejected, "wrong_state");
        tally.time(Timed::Tick, Duration::from_millis(3));
        let text = Metrics::new(tally, sessions).text().unwrap();
        for line in [
            "packet_server_packets_total{direction=\"in\",packet=\"Move\"} 1",
            "packet_server_bytes_total{direction=\"in\",packet=\"Move\"} 33",
            "packet_server_sessions{state=\"connected\"} 1",
            "packet_server_sessions{state=\"in_world\"} 0",
            "packet_server_rejected_packets_total{reason=\"wrong_state\"} 1",
            "packet_server_tick_seconds_count 1",
            "packet_server_tick_seconds_bucket{le=\"0.004096\"} 1",
            "packet_server_tick_seconds_bucket{le=\"+Inf\"} 1",
            "packet_server_players 0",
        ] {
            assert!(
                text.lines().any(|found| found == line),
                "{line} in:\n{text}"
            );
        }
    }
}
