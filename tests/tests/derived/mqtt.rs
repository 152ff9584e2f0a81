//! All of `schemas/mqtt.yaml`: a size that is a varint, constant bits in the header, optional structs, arrays up
//! to the end.

use super::{Twin, compare, every_struct_has_a_twin, twins};
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

#[derive(Debug, Packet)]
struct TopicFilter {
    #[packet(len = "u16", min = 1)]
    topic_filter: String,
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum ConnectReturnCode {
    Accepted,
    UnacceptableProtocolVersion,
    IdentifierRejected,
    ServerUnavailable,
    BadUserNameOrPassword,
    NotAuthorized,
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
    flags(flags: u4 = 0)
    #[packet(id = 2, size = 4..=7)]
    struct Connack {
        #[packet(wire(#[packet(strict)] _: u7), type = "bit")]
        session_present: bool,
        #[packet(type = "u8")]
        return_code: ConnectReturnCode,
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
    flags(flags: u4 = 0)
    #[packet(id = 4, size = 4..=7)]
    struct Puback {
        #[packet(range = 1..=65535)]
        packet_id: u16,
    }
}

mqtt! {
    flags(flags: u4 = 0)
    #[packet(id = 5, size = 4..=7)]
    struct Pubrec {
        #[packet(range = 1..=65535)]
        packet_id: u16,
    }
}

mqtt! {
    flags(flags: u4 = 2)
    #[packet(id = 6, size = 4..=7)]
    struct Pubrel {
        #[packet(range = 1..=65535)]
        packet_id: u16,
    }
}

mqtt! {
    flags(flags: u4 = 0)
    #[packet(id = 7, size = 4..=7)]
    struct Pubcomp {
        #[packet(range = 1..=65535)]
        packet_id: u16,
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
    flags(flags: u4 = 2)
    #[packet(id = 10)]
    struct Unsubscribe {
        #[packet(range = 1..=65535)]
        packet_id: u16,
        #[packet(rest, min = 1)]
        topic_filters: Vec<TopicFilter>,
    }
}

mqtt! {
    flags(flags: u4 = 0)
    #[packet(id = 11, size = 4..=7)]
    struct Unsuback {
        #[packet(range = 1..=65535)]
        packet_id: u16,
    }
}

mqtt! {
    flags(flags: u4 = 0)
    #[packet(id = 12, size = 2..=5)]
    struct Pingreq {}
}

mqtt! {
    flags(flags: u4 = 0)
    #[packet(id = 13, size = 2..=5)]
    struct Pingresp {}
}

mqtt! {
    flags(flags: u4 = 0)
    #[packet(id = 14, size = 2..=5)]
    struct Disconnect {}
}

const TWINS: &[Twin] = twins![
    Will / WillView<'_>,
    Subscription / SubscriptionView<'_>,
    TopicFilter / TopicFilterView,
    Connect / ConnectView<'_>,
    Connack / ConnackView,
    Publish / PublishView<'_>,
    Puback / PubackView,
    Pubrec / PubrecView,
    Pubrel / PubrelView,
    Pubcomp / PubcompView,
    Subscribe / SubscribeView<'_>,
    Suback / SubackView,
    Unsubscribe / UnsubscribeView,
    Unsuback / UnsubackView,
    Pingreq / PingreqView,
    Pingresp / PingrespView,
    Disconnect / DisconnectView,
];

#[test]
fn mqtt_is_the_same() {
    compare("mqtt", TWINS);
}

#[test]
fn every_struct_of_mqtt_has_a_twin() {
    every_struct_has_a_twin("mqtt", TWINS);
}
