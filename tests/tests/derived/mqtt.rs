//! Packets of `schemas/mqtt.yaml`: a size that is a varint, constant bits in the header, optional structs, arrays up
//! to the end.

use super::{compare, twins};
use packet_derive::Packet;

/// A packet with the header of MQTT.
macro_rules! mqtt {
    (flags($($flags:tt)*) $(#[$attribute:meta])* struct $name:ident $(<$lifetime:lifetime>)? { $($fields:tt)* }) => {
        #[derive(Debug, Packet)]
        #[packet(
            max_size = 268435460,
            header(
                #[packet(role = "id")] type: u4,
                $($flags)*,
                #[packet(role = "size", range = 0..=268435455, canonical = false)]
                remaining_length: varint
            ),
            counts = "body"
        )]
        $(#[$attribute])*
        struct $name $(<$lifetime>)? { $($fields)* }
    };
}

#[derive(Debug, Packet)]
struct Will<'a> {
    #[packet(len = "u16")]
    topic: &'a str,
    #[packet(len = "u16")]
    message: &'a [u8],
}

#[derive(Debug, Packet)]
struct Subscription<'a> {
    #[packet(len = "u16", min = 1)]
    topic_filter: &'a str,
    #[packet(wire(#[packet(strict)] _: u6), type = "u2", range = 0..=2)]
    qos: u8,
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum SubackReturnCode {
    MaximumQos0,
    MaximumQos1,
    MaximumQos2,
    Failure = 0x80,
}

mqtt! {
    flags(flags: u4 = 0)
    #[packet(id = 1)]
    struct Connect<'a> {
        #[packet(wire(_: u16 = 4, _: u32 = 0x4d515454))]
        level: u8,
        #[packet(wire(has_user_name: bit, has_password: bit), type = "bit")]
        will_retain: bool,
        #[packet(type = "u2", range = 0..=2)]
        will_qos: u8,
        #[packet(wire(has_will: bit), type = "bit")]
        clean_session: bool,
        #[packet(wire(#[packet(strict)] _: bit))]
        keep_alive: u16,
        #[packet(len = "u16")]
        client_id: &'a str,
        #[packet(when = "has_will")]
        will: Option<Will<'a>>,
        #[packet(when = "has_user_name", len = "u16")]
        user_name: Option<&'a str>,
        #[packet(when = "has_password", len = "u16")]
        password: Option<&'a [u8]>,
    }
}

mqtt! {
    flags(dup: bit, #[packet(range = 0..=2)] qos: u2, retain: bit)
    #[packet(id = 3)]
    struct Publish<'a> {
        #[packet(header)]
        dup: bool,
        #[packet(header)]
        qos: u8,
        #[packet(header)]
        retain: bool,
        #[packet(len = "u16", min = 1)]
        topic: &'a str,
        #[packet(when = qos > 0, range = 1..=65535)]
        packet_id: Option<u16>,
        #[packet(rest)]
        payload: &'a [u8],
    }
}

mqtt! {
    flags(flags: u4 = 2)
    #[packet(id = 8)]
    struct Subscribe<'a> {
        #[packet(range = 1..=65535)]
        packet_id: u16,
        #[packet(rest, min = 1)]
        subscriptions: Vec<Subscription<'a>>,
    }
}

mqtt! {
    flags(flags: u4 = 0)
    #[packet(id = 9)]
    struct Suback {
        #[packet(range = 1..=65535)]
        packet_id: u16,
        #[packet(type = "u8", rest, min = 1)]
        return_codes: Vec<SubackReturnCode>,
    }
}

mqtt! {
    flags(flags: u4 = 0)
    #[packet(id = 12, size = 2..=5)]
    struct Pingreq {}
}

#[test]
fn mqtt_is_the_same() {
    compare(
        "mqtt",
        twins![
            Will / WillView<'_>,
            Subscription / SubscriptionView<'_>,
            Connect / ConnectView<'_>,
            Publish / PublishView<'_>,
            Subscribe / SubscribeView<'_>,
            Suback / SubackView,
            Pingreq / PingreqView,
        ],
    );
}
