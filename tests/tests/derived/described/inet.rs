//! Packets of `schemas/inet.yaml`.

use crate::{compare, twins};
use packet_derive::Packet;

macro_rules! inet {
    ($($(#[$attribute:meta])* struct $name:ident $(<$lifetime:lifetime>)? { $($fields:tt)* })*) => {
        $(
            #[derive(Debug, Packet)]
            #[packet(schema = "../schemas/inet.yaml")]
            struct $name $(<$lifetime>)? { $($fields)* }
        )*
    };
}

inet! {
    struct Arp {
        hardware_type: u16,
        protocol_type: u16,
        operation: u16,
        sender_mac: [u8; 6],
        sender_ip: [u8; 4],
        target_mac: [u8; 6],
        target_ip: [u8; 4],
    }

    struct Ipv4<'a> {
        dscp: u8,
        ecn: u8,
        identification: u16,
        df: bool,
        mf: bool,
        fragment_offset: u16,
        ttl: u8,
        src: [u8; 4],
        dst: [u8; 4],
        options: &'a [u8],
        payload: Ipv4Payload<'a>,
    }

    struct Ipv6<'a> {
        traffic_class: u8,
        flow_label: u32,
        hop_limit: u8,
        src: [u8; 16],
        dst: [u8; 16],
        payload: Ipv6Payload<'a>,
    }

    struct IcmpEcho<'a> { identifier: u16, sequence: u16, data: &'a [u8] }

    struct IcmpError<'a> { rest: u32, original: &'a [u8] }

    struct Icmp<'a> { code: u8, body: IcmpBody<'a> }

    struct Icmpv6<'a> { code: u8, checksum: u16, body: Icmpv6Body<'a> }

    struct Udp<'a> { src_port: u16, dst_port: u16, checksum: u16, payload: &'a [u8] }

    struct Tcp<'a> {
        src_port: u16,
        dst_port: u16,
        seq: u32,
        ack: u32,
        flags: TcpFlags,
        window: u16,
        checksum: u16,
        urgent_pointer: u16,
        options: &'a [u8],
        payload: Vec<u8>,
    }

    struct Ethernet<'a> {
        dst: [u8; 6],
        src: [u8; 6],
        payload: EthernetPayload<'a>,
        padding: &'a [u8],
    }
}

#[derive(Clone, Copy, Debug, Packet)]
#[packet(schema = "../schemas/inet.yaml")]
struct TcpFlags(u16);

#[derive(Debug, Packet)]
#[packet(schema = "../schemas/inet.yaml", name = "Ethernet.payload")]
enum EthernetPayload<'a> {
    Ipv4(Ipv4<'a>),
    Arp(Arp),
    Ipv6(Ipv6<'a>),
    Else { tag: u16, value: &'a [u8] },
}

#[derive(Debug, Packet)]
#[packet(schema = "../schemas/inet.yaml", name = "Ipv4.payload")]
enum Ipv4Payload<'a> {
    Icmp(Icmp<'a>),
    Tcp(Tcp<'a>),
    Udp(Udp<'a>),
    Else { tag: u8, value: &'a [u8] },
}

#[derive(Debug, Packet)]
#[packet(schema = "../schemas/inet.yaml", name = "Ipv6.payload")]
enum Ipv6Payload<'a> {
    Tcp(Tcp<'a>),
    Udp(Udp<'a>),
    Icmpv6(Icmpv6<'a>),
    Else { tag: u8, value: &'a [u8] },
}

#[derive(Debug, Packet)]
#[packet(schema = "../schemas/inet.yaml", name = "Icmp.body")]
enum IcmpBody<'a> {
    EchoReply(IcmpEcho<'a>),
    DestinationUnreachable(IcmpError<'a>),
    EchoRequest(IcmpEcho<'a>),
    TimeExceeded(IcmpError<'a>),
    Other { tag: u8, value: &'a [u8] },
}

#[derive(Debug, Packet)]
#[packet(schema = "../schemas/inet.yaml", name = "Icmpv6.body")]
enum Icmpv6Body<'a> {
    DestinationUnreachable(IcmpError<'a>),
    TimeExceeded(IcmpError<'a>),
    EchoRequest(IcmpEcho<'a>),
    EchoReply(IcmpEcho<'a>),
    Else { tag: u8, value: Vec<u8> },
}

#[test]
fn inet_is_the_same() {
    compare(
        "inet",
        twins![
            Arp / ArpView,
            Ipv4 / Ipv4View<'_>,
            Ipv6 / Ipv6View<'_>,
            Icmp / IcmpView<'_>,
            Icmpv6 / Icmpv6View<'_>,
            Udp / UdpView<'_>,
            Tcp / TcpView<'_>,
            Ethernet / EthernetView<'_>,
        ],
    );
}
