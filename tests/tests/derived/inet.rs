//! All of `schemas/inet.yaml`: Ethernet and what it carries, with variants in variants.

use super::{Twin, compare, every_struct_has_a_twin, twins};
use packet_derive::Packet;

#[derive(Debug, Packet)]
struct Arp {
    hardware_type: u16,
    protocol_type: u16,
    #[packet(wire(hardware_size: u8 = 6, protocol_size: u8 = 4))]
    operation: u16,
    sender_mac: [u8; 6],
    sender_ip: [u8; 4],
    target_mac: [u8; 6],
    target_ip: [u8; 4],
}

#[derive(Debug, Packet)]
struct Ipv4<'a> {
    #[packet(wire(version: u4 = 4, #[packet(range = 5..=15)] ihl: u4), type = "u6")]
    dscp: u8,
    #[packet(type = "u2")]
    ecn: u8,
    #[packet(wire(total_length: u16))]
    identification: u16,
    #[packet(wire(_: u1), type = "bit")]
    df: bool,
    #[packet(type = "bit")]
    mf: bool,
    #[packet(type = "u13")]
    fragment_offset: u16,
    ttl: u8,
    #[packet(wire(protocol: u8, checksum: u16 = internet(version, options)))]
    src: [u8; 4],
    dst: [u8; 4],
    #[packet(count = ihl * 4 - 20)]
    options: &'a [u8],
    #[packet(size = total_length - ihl * 4, match = "protocol", guard = not mf and fragment_offset == 0)]
    payload: Ipv4Payload<'a>,
}

#[derive(Debug, Packet)]
enum Ipv4Payload<'a> {
    #[packet(tag = 1, rest)]
    Icmp(Icmp<'a>),
    #[packet(tag = 6, rest)]
    Tcp(Tcp<'a>),
    #[packet(tag = 17)]
    Udp(Udp<'a>),
    #[packet(else, rest)]
    Else { tag: u8, value: &'a [u8] },
}

#[derive(Debug, Packet)]
struct Ipv6<'a> {
    #[packet(wire(version: u4 = 6), type = "u8")]
    traffic_class: u8,
    #[packet(type = "u20")]
    flow_label: u32,
    #[packet(wire(payload_length: u16, next_header: u8))]
    hop_limit: u8,
    src: [u8; 16],
    dst: [u8; 16],
    #[packet(size = payload_length, match = "next_header")]
    payload: Ipv6Payload<'a>,
}

#[derive(Debug, Packet)]
enum Ipv6Payload<'a> {
    #[packet(tag = 6, rest)]
    Tcp(Tcp<'a>),
    #[packet(tag = 17)]
    Udp(Udp<'a>),
    #[packet(tag = 58, rest)]
    Icmpv6(Icmpv6<'a>),
    #[packet(else, rest)]
    Else { tag: u8, value: &'a [u8] },
}

#[derive(Debug, Packet)]
struct IcmpEcho<'a> {
    identifier: u16,
    sequence: u16,
    #[packet(rest)]
    data: &'a [u8],
}

#[derive(Debug, Packet)]
struct IcmpError<'a> {
    rest: u32,
    #[packet(rest)]
    original: &'a [u8],
}

#[derive(Debug, Packet)]
struct Icmp<'a> {
    #[packet(wire(type: u8))]
    code: u8,
    #[packet(wire(checksum: u16 = internet(type, body)), match = "type", rest)]
    body: IcmpBody<'a>,
}

#[derive(Debug, Packet)]
enum IcmpBody<'a> {
    #[packet(tag = 0, rest)]
    EchoReply(IcmpEcho<'a>),
    #[packet(tag = 3, rest)]
    DestinationUnreachable(IcmpError<'a>),
    #[packet(tag = 8, rest)]
    EchoRequest(IcmpEcho<'a>),
    #[packet(tag = 11, rest)]
    TimeExceeded(IcmpError<'a>),
    #[packet(else, rest)]
    Else { tag: u8, value: &'a [u8] },
}

#[derive(Debug, Packet)]
enum Icmpv6Body<'a> {
    #[packet(tag = 1, rest)]
    DestinationUnreachable(IcmpError<'a>),
    #[packet(tag = 3, rest)]
    TimeExceeded(IcmpError<'a>),
    #[packet(tag = 128, rest)]
    EchoRequest(IcmpEcho<'a>),
    #[packet(tag = 129, rest)]
    EchoReply(IcmpEcho<'a>),
    #[packet(else, rest)]
    Else { tag: u8, value: &'a [u8] },
}

#[derive(Debug, Packet)]
struct Icmpv6<'a> {
    #[packet(wire(type: u8))]
    code: u8,
    checksum: u16,
    #[packet(match = "type", rest)]
    body: Icmpv6Body<'a>,
}

#[derive(Debug, Packet)]
struct Udp<'a> {
    src_port: u16,
    dst_port: u16,
    #[packet(wire(length: u16))]
    checksum: u16,
    #[packet(size = length - 8)]
    payload: &'a [u8],
}

#[derive(Clone, Copy, Debug, Packet)]
#[packet(
    flags(fin = 0, syn = 1, rst = 2, psh = 3, ack = 4, urg = 5, ece = 6, cwr = 7),
    repr = "u12",
    unknown = "keep"
)]
struct TcpFlags(u16);

#[derive(Debug, Packet)]
struct Tcp<'a> {
    src_port: u16,
    dst_port: u16,
    seq: u32,
    ack: u32,
    #[packet(wire(#[packet(range = 5..=15)] data_offset: u4), type = "u12")]
    flags: TcpFlags,
    window: u16,
    checksum: u16,
    urgent_pointer: u16,
    #[packet(count = data_offset * 4 - 20)]
    options: &'a [u8],
    #[packet(rest)]
    payload: &'a [u8],
}

#[derive(Debug, Packet)]
struct Ethernet<'a> {
    dst: [u8; 6],
    src: [u8; 6],
    #[packet(wire(ethertype: u16), match = "ethertype", rest)]
    payload: EthernetPayload<'a>,
    #[packet(rest)]
    padding: &'a [u8],
}

#[derive(Debug, Packet)]
enum EthernetPayload<'a> {
    #[packet(tag = 0x0800)]
    Ipv4(Ipv4<'a>),
    #[packet(tag = 0x0806)]
    Arp(Arp),
    #[packet(tag = 0x86dd)]
    Ipv6(Ipv6<'a>),
    #[packet(else, rest)]
    Else { tag: u16, value: &'a [u8] },
}

const TWINS: &[Twin] = twins![
    Arp / ArpView,
    Ipv4 / Ipv4View<'_>,
    Ipv6 / Ipv6View<'_>,
    IcmpEcho / IcmpEchoView<'_>,
    IcmpError / IcmpErrorView<'_>,
    Icmp / IcmpView<'_>,
    Icmpv6 / Icmpv6View<'_>,
    Udp / UdpView<'_>,
    Tcp / TcpView<'_>,
    Ethernet / EthernetView<'_>,
];

#[test]
fn inet_is_the_same() {
    compare("inet", TWINS);
}

#[test]
fn every_struct_of_inet_has_a_twin() {
    every_struct_has_a_twin("inet", TWINS);
}
