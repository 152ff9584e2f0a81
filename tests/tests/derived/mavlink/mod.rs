//! Packets of `schemas/mavlink.yaml`: little-endian, with a checksum over the frame that sums one more byte.

use super::{compare, twins};
use packet_derive::Packet;

/// A packet with the frame of MAVLink and the fields of a user's that stand in it.
macro_rules! mavlink {
    (extra = $extra:literal, $(#[$attribute:meta])* struct $name:ident { $($fields:tt)* }) => {
        #[derive(Debug, Packet)]
        #[packet(
            endian = "little",
            max_size = 263,
            header(
                magic: u8 = 0xfe,
                #[packet(role = "size")] len: u8,
                seq: u8,
                sysid: u8,
                compid: u8,
                #[packet(role = "id")] msgid: u8
            ),
            trailer(checksum: u16 = crc16_mcrf4xx(len, body, extra = $extra)),
            counts = "body"
        )]
        $(#[$attribute])*
        struct $name {
            #[packet(header)]
            seq: u8,
            #[packet(header)]
            sysid: u8,
            #[packet(header)]
            compid: u8,
            $($fields)*
        }
    };
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum MavState {
    Uninit,
    Boot,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[packet(flags(
    custom_mode_enabled = 0,
    safety_armed = 7,
    all_others = 1,
    b = 2,
    c = 3,
    d = 4,
    e = 5,
    f = 6
))]
struct MavModeFlag(u8);

mavlink! {
    extra = 50,
    #[packet(id = 0, size = 17)]
    struct Heartbeat {
        custom_mode: u32,
        r#type: u8,
        autopilot: u8,
        #[packet(type = "u8")]
        base_mode: MavModeFlag,
        #[packet(type = "u8")]
        system_status: MavState,
        mavlink_version: u8,
    }
}

mavlink! {
    extra = 214,
    #[packet(id = 20, size = 28)]
    struct ParamRequestRead {
        param_index: i16,
        target_system: u8,
        target_component: u8,
        #[packet(count = 16, encoding = "ascii")]
        param_id: String,
    }
}

mavlink! {
    extra = 39,
    #[packet(id = 30, size = 36)]
    struct Attitude {
        time_boot_ms: u32,
        roll: f32,
        pitch: f32,
        yaw: f32,
        rollspeed: f32,
        pitchspeed: f32,
        yawspeed: f32,
    }
}

#[test]
fn mavlink_is_the_same() {
    compare(
        "mavlink",
        twins![
            Heartbeat / HeartbeatView,
            ParamRequestRead / ParamRequestReadView,
            Attitude / AttitudeView,
        ],
    );
}
