//! Real frames: `tests/data/inet.pcap`, and beside it `inet.csv`, Wireshark's reading of the same frames.
//!
//! Every frame is decoded by the generated codec and by the dynamic one, compared with Wireshark field by
//! field, and encoded again to the same bytes.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value)] // a test fails where it panics

use packet_runtime::{Encode, View};
use packet_schema::codec::{decode, encode};
use packet_schema::layout::{Layout, StructId};
use packet_schema::value::Value;
use packet_tests::codecs::INET;
use packet_tests::inet::{
    Ethernet, EthernetPayloadView, EthernetView, IcmpBodyView, Ipv4PayloadView, Ipv4View,
    Ipv6PayloadView, TcpView, UdpView,
};
use pcap_parser::traits::PcapReaderIterator;
use pcap_parser::{LegacyPcapReader, PcapBlockOwned, PcapError};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

const CAPTURE: &[u8] = include_bytes!("../data/inet.pcap");
const WIRESHARK: &str = include_str!("../data/inet.csv");

fn frames() -> Vec<Vec<u8>> {
    let mut reader = LegacyPcapReader::new(65536, CAPTURE).unwrap();
    let mut frames = Vec::new();
    loop {
        match reader.next() {
            Ok((used, block)) => {
                if let PcapBlockOwned::Legacy(packet) = block {
                    assert_eq!(packet.caplen, packet.origlen, "captured whole");
                    frames.push(packet.data.to_vec());
                }
                reader.consume(used);
            }
            Err(PcapError::Eof) => return frames,
            Err(PcapError::Incomplete(_)) => reader.refill().unwrap(),
            Err(error) => panic!("{error}"),
        }
    }
}

/// A frame as a table of Wireshark's names and values; what is empty is left out.
type Row = BTreeMap<String, String>;

fn wireshark() -> Vec<Row> {
    let mut lines = WIRESHARK.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let values = line.split(',');
            let pairs = names
                .iter()
                .zip(values)
                .filter(|(_, value)| !value.is_empty());
            pairs
                .map(|(name, value)| ((*name).to_owned(), value.to_owned()))
                .collect()
        })
        .collect()
}

fn frames_with_rows() -> Vec<(Vec<u8>, Row)> {
    let (frames, rows) = (frames(), wireshark());
    assert_eq!(frames.len(), 202);
    assert_eq!(frames.len(), rows.len());
    frames.into_iter().zip(rows).collect()
}

fn put(row: &mut Row, name: &str, value: impl ToString) {
    row.insert(name.to_owned(), value.to_string());
}

fn mac(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(":")
}

/// What Wireshark shows of a fragment although its payload need not begin with a header.
fn without_fragments(mut row: Row) -> Row {
    if row.get("ip.flags.mf").is_some_and(|mf| mf == "1") {
        row.retain(|name, _| {
            !name.starts_with("icmp.") && !name.starts_with("udp.") && !name.starts_with("tcp.")
        });
    }
    row
}

#[test]
fn the_generated_codec_reads_what_wireshark_reads() {
    for (number, (frame, expected)) in frames_with_rows().into_iter().enumerate() {
        let view = EthernetView::parse(&frame)
            .unwrap_or_else(|error| panic!("frame {}: {error}", number + 1));
        let mut row = Row::new();
        put(&mut row, "frame.number", number + 1);
        put(&mut row, "frame.len", frame.len());
        put(&mut row, "eth.dst", mac(view.dst()));
        put(&mut row, "eth.src", mac(view.src()));
        put(&mut row, "eth.type", format!("{:#06x}", view.ethertype()));
        ethernet_payload(&mut row, view.payload());
        assert_eq!(row, without_fragments(expected), "frame {}", number + 1);
    }
}

fn ethernet_payload(row: &mut Row, payload: EthernetPayloadView<'_>) {
    match payload {
        EthernetPayloadView::Arp(arp) => {
            put(row, "arp.opcode", arp.operation());
            put(row, "arp.src.proto_ipv4", Ipv4Addr::from(*arp.sender_ip()));
            put(row, "arp.dst.proto_ipv4", Ipv4Addr::from(*arp.target_ip()));
        }
        EthernetPayloadView::Ipv4(ip) => {
            put(row, "ip.version", ip.version());
            put(row, "ip.hdr_len", u32::from(ip.ihl()) * 4);
            put(row, "ip.dsfield.dscp", ip.dscp());
            put(row, "ip.len", ip.total_length());
            put(row, "ip.id", format!("{:#06x}", ip.identification()));
            put(row, "ip.flags.df", u8::from(ip.df()));
            put(row, "ip.flags.mf", u8::from(ip.mf()));
            put(row, "ip.frag_offset", ip.fragment_offset());
            put(row, "ip.ttl", ip.ttl());
            put(row, "ip.proto", ip.protocol());
            put(row, "ip.checksum", format!("{:#06x}", ip.checksum()));
            put(row, "ip.src", Ipv4Addr::from(*ip.src()));
            put(row, "ip.dst", Ipv4Addr::from(*ip.dst()));
            match ip.payload() {
                Ipv4PayloadView::Icmp(icmp) => {
                    put(row, "icmp.type", icmp.type_());
                    put(row, "icmp.code", icmp.code());
                    put(row, "icmp.checksum", format!("{:#06x}", icmp.checksum()));
                    match icmp.body() {
                        IcmpBodyView::EchoRequest(echo) | IcmpBodyView::EchoReply(echo) => {
                            put(row, "icmp.ident", echo.identifier());
                            put(row, "icmp.seq", echo.sequence());
                        }
                        // Wireshark goes on to read the packet that the error quotes.
                        IcmpBodyView::DestinationUnreachable(error) => {
                            let quoted = Ipv4View::parse(error.original()).unwrap();
                            if let Ipv4PayloadView::Udp(udp) = quoted.payload() {
                                udp_fields(row, udp);
                            }
                        }
                        _ => {}
                    }
                }
                Ipv4PayloadView::Tcp(tcp) => tcp_fields(row, tcp),
                Ipv4PayloadView::Udp(udp) => udp_fields(row, udp),
                Ipv4PayloadView::Else { .. } => {}
            }
        }
        EthernetPayloadView::Ipv6(ip) => {
            put(row, "ip.version", ip.version());
            put(row, "ipv6.plen", ip.payload_length());
            put(row, "ipv6.nxt", ip.next_header());
            put(row, "ipv6.hlim", ip.hop_limit());
            put(row, "ipv6.src", Ipv6Addr::from(*ip.src()));
            put(row, "ipv6.dst", Ipv6Addr::from(*ip.dst()));
            match ip.payload() {
                Ipv6PayloadView::Tcp(tcp) => tcp_fields(row, tcp),
                Ipv6PayloadView::Udp(udp) => udp_fields(row, udp),
                Ipv6PayloadView::Icmpv6(_) | Ipv6PayloadView::Else { .. } => {}
            }
        }
        EthernetPayloadView::Else { tag, .. } => panic!("no such frame was captured: {tag:#06x}"),
    }
}

fn tcp_fields(row: &mut Row, tcp: TcpView<'_>) {
    put(row, "tcp.srcport", tcp.src_port());
    put(row, "tcp.dstport", tcp.dst_port());
    put(row, "tcp.seq_raw", tcp.seq());
    put(row, "tcp.ack_raw", tcp.ack());
    put(row, "tcp.hdr_len", u32::from(tcp.data_offset()) * 4);
    put(row, "tcp.flags", format!("{:#06x}", tcp.flags().0));
    put(row, "tcp.window_size_value", tcp.window());
    put(row, "tcp.checksum", format!("{:#06x}", tcp.checksum()));
    put(row, "tcp.urgent_pointer", tcp.urgent_pointer());
    put(row, "tcp.len", tcp.payload().len());
}

fn udp_fields(row: &mut Row, udp: UdpView<'_>) {
    put(row, "udp.srcport", udp.src_port());
    put(row, "udp.dstport", udp.dst_port());
    put(row, "udp.length", udp.length());
    put(row, "udp.checksum", format!("{:#06x}", udp.checksum()));
}

#[test]
fn the_generated_codec_writes_the_same_bytes() {
    for (frame, _) in frames_with_rows() {
        let view = EthernetView::parse(&frame).unwrap();
        assert_eq!(Ethernet::from(view).to_vec().unwrap(), frame);
    }
}

fn layout() -> (Layout, StructId) {
    let layout = INET.layout();
    let id = layout.struct_named("Ethernet").unwrap();
    (layout, id)
}

/// Follows names through maps.
fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

/// Each of Wireshark's numbers with the place of the same number in the decoded value.
const NUMBERS: &[(&str, &[&str], &str)] = &[
    ("eth.type", &[], "ethertype"),
    ("arp.opcode", &["payload", "Arp"], "operation"),
    ("ip.len", &["payload", "Ipv4"], "total_length"),
    ("ip.id", &["payload", "Ipv4"], "identification"),
    ("ip.dsfield.dscp", &["payload", "Ipv4"], "dscp"),
    ("ip.frag_offset", &["payload", "Ipv4"], "fragment_offset"),
    ("ip.ttl", &["payload", "Ipv4"], "ttl"),
    ("ip.proto", &["payload", "Ipv4"], "protocol"),
    ("ip.checksum", &["payload", "Ipv4"], "checksum"),
    ("ipv6.plen", &["payload", "Ipv6"], "payload_length"),
    ("ipv6.nxt", &["payload", "Ipv6"], "next_header"),
    ("ipv6.hlim", &["payload", "Ipv6"], "hop_limit"),
    ("icmp.type", &["payload", "Ipv4", "payload", "Icmp"], "type"),
    ("icmp.code", &["payload", "Ipv4", "payload", "Icmp"], "code"),
    (
        "icmp.checksum",
        &["payload", "Ipv4", "payload", "Icmp"],
        "checksum",
    ),
    (
        "tcp.srcport",
        &["payload", "Ipv4", "payload", "Tcp"],
        "src_port",
    ),
    (
        "tcp.dstport",
        &["payload", "Ipv4", "payload", "Tcp"],
        "dst_port",
    ),
    ("tcp.seq_raw", &["payload", "Ipv4", "payload", "Tcp"], "seq"),
    ("tcp.ack_raw", &["payload", "Ipv4", "payload", "Tcp"], "ack"),
    (
        "tcp.window_size_value",
        &["payload", "Ipv4", "payload", "Tcp"],
        "window",
    ),
    (
        "tcp.checksum",
        &["payload", "Ipv4", "payload", "Tcp"],
        "checksum",
    ),
    (
        "tcp.urgent_pointer",
        &["payload", "Ipv4", "payload", "Tcp"],
        "urgent_pointer",
    ),
    (
        "udp.srcport",
        &["payload", "Ipv4", "payload", "Udp"],
        "src_port",
    ),
    (
        "udp.dstport",
        &["payload", "Ipv4", "payload", "Udp"],
        "dst_port",
    ),
    (
        "udp.length",
        &["payload", "Ipv4", "payload", "Udp"],
        "length",
    ),
    (
        "udp.checksum",
        &["payload", "Ipv4", "payload", "Udp"],
        "checksum",
    ),
];

fn number(text: &str) -> i128 {
    match text.strip_prefix("0x") {
        Some(digits) => i128::from_str_radix(digits, 16).unwrap(),
        None => text.parse().unwrap(),
    }
}

#[test]
fn the_dynamic_codec_reads_what_wireshark_reads() {
    let (layout, id) = layout();
    let mut compared = 0;
    for (frame, expected) in frames_with_rows() {
        let frame_number = expected["frame.number"].clone();
        let mut expected = without_fragments(expected);
        if expected.get("icmp.type").is_some_and(|kind| kind == "3") {
            // What Wireshark reads in the packet that the error quotes is bytes to us.
            expected.retain(|name, _| !name.starts_with("udp."));
        }
        let decoded = decode(&layout, id, &frame)
            .unwrap_or_else(|error| panic!("frame {frame_number}: {error}"));
        for (name, path, field) in NUMBERS {
            let found = at(&decoded.value, path)
                .and_then(|inner| inner.get(field))
                .and_then(Value::as_integer);
            let ours = found.filter(|_| !name.starts_with("eth") || expected.contains_key(*name));
            assert_eq!(
                ours,
                expected.get(*name).map(|text| number(text)),
                "frame {frame_number}: {name}"
            );
            compared += u32::from(found.is_some());
        }
        for (name, path) in [("eth.dst", ["dst"]), ("eth.src", ["src"])] {
            let Some(Value::Text(ours)) = at(&decoded.value, &path) else {
                panic!("frame {frame_number} has no {name}");
            };
            assert_eq!(*ours, expected[name].replace(':', ""));
        }
    }
    assert!(compared > 2500, "only {compared} numbers were compared");
}

#[test]
fn the_dynamic_codec_writes_the_same_bytes() {
    let (layout, id) = layout();
    for (frame, _) in frames_with_rows() {
        let decoded = decode(&layout, id, &frame).unwrap();
        assert_eq!(encode(&layout, id, &decoded.value).unwrap(), frame);
        // JSON holds all that is needed.
        let text = serde_json::to_string(&decoded.value).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(encode(&layout, id, &value).unwrap(), frame);
    }
}

#[test]
fn padding_of_short_frames_is_read_and_written() {
    let (short, _) = frames_with_rows().swap_remove(0);
    let mut padded = short.clone();
    padded.resize(60, 0);
    *padded.last_mut().unwrap() = 0x7e;
    let view = EthernetView::parse(&padded).unwrap();
    assert_eq!(view.padding().len(), 60 - short.len());
    assert_eq!(Ethernet::from(view).to_vec().unwrap(), padded);
    let (layout, id) = layout();
    let decoded = decode(&layout, id, &padded).unwrap();
    assert_eq!(encode(&layout, id, &decoded.value).unwrap(), padded);
}

#[test]
fn a_fragment_holds_bytes() {
    let fragments = frames_with_rows().into_iter().filter(|(_, row)| {
        row.get("ip.flags.mf").is_some_and(|mf| mf == "1")
            || row.get("ip.frag_offset").is_some_and(|at| at != "0")
    });
    let mut count = 0;
    for (frame, row) in fragments {
        let EthernetPayloadView::Ipv4(ip) = EthernetView::parse(&frame).unwrap().payload() else {
            panic!("fragments are IPv4");
        };
        assert!(
            matches!(ip.payload(), Ipv4PayloadView::Else { tag: 1, .. }),
            "frame {}",
            row["frame.number"]
        );
        count += 1;
    }
    assert_eq!(count, 12);
}
