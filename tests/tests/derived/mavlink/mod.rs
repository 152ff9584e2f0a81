//! All of `schemas/mavlink.yaml`: little-endian, with a checksum over the frame that sums one more byte.

mod names;

use super::{Twin, compare, every_struct_has_a_twin, twins};
use names::{
    MavAutopilot, MavCmd, MavModeFlag, MavParamType, MavResult, MavSeverity, MavState,
    MavSysStatusSensor, MavType,
};
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

mavlink! {
    extra = 50,
    #[packet(id = 0, size = 17)]
    struct Heartbeat {
        custom_mode: u32,
        #[packet(type = "u8")]
        r#type: MavType,
        #[packet(type = "u8")]
        autopilot: MavAutopilot,
        #[packet(type = "u8")]
        base_mode: MavModeFlag,
        #[packet(type = "u8")]
        system_status: MavState,
        mavlink_version: u8,
    }
}

mavlink! {
    extra = 124,
    #[packet(id = 1, size = 39)]
    struct SysStatus {
        #[packet(type = "u32")]
        onboard_control_sensors_present: MavSysStatusSensor,
        #[packet(type = "u32")]
        onboard_control_sensors_enabled: MavSysStatusSensor,
        #[packet(type = "u32")]
        onboard_control_sensors_health: MavSysStatusSensor,
        #[packet(scale = 0.1, unit = "%")]
        load: u16,
        #[packet(scale = 0.001, unit = "V")]
        voltage_battery: u16,
        #[packet(scale = 0.01, unit = "A")]
        current_battery: i16,
        #[packet(scale = 0.01, unit = "%")]
        drop_rate_comm: u16,
        errors_comm: u16,
        errors_count1: u16,
        errors_count2: u16,
        errors_count3: u16,
        errors_count4: u16,
        #[packet(unit = "%")]
        battery_remaining: i8,
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
    extra = 220,
    #[allow(clippy::struct_field_names)] // as in common.xml
    #[packet(id = 22, size = 33)]
    struct ParamValue {
        param_value: f32,
        param_count: u16,
        param_index: u16,
        #[packet(count = 16, encoding = "ascii")]
        param_id: String,
        #[packet(type = "u8")]
        param_type: MavParamType,
    }
}

mavlink! {
    extra = 39,
    #[packet(id = 30, size = 36)]
    struct Attitude {
        #[packet(unit = "ms")]
        time_boot_ms: u32,
        roll: f32,
        pitch: f32,
        yaw: f32,
        rollspeed: f32,
        pitchspeed: f32,
        yawspeed: f32,
    }
}

mavlink! {
    extra = 104,
    #[packet(id = 33, size = 36)]
    struct GlobalPositionInt {
        time_boot_ms: u32,
        #[packet(scale = 0.0000001, unit = "deg")]
        lat: i32,
        #[packet(scale = 0.0000001, unit = "deg")]
        lon: i32,
        #[packet(scale = 0.001, unit = "m")]
        alt: i32,
        #[packet(scale = 0.001, unit = "m")]
        relative_alt: i32,
        vx: i16,
        vy: i16,
        vz: i16,
        hdg: u16,
    }
}

mavlink! {
    extra = 152,
    #[packet(id = 76, size = 41)]
    struct CommandLong {
        param1: f32,
        param2: f32,
        param3: f32,
        param4: f32,
        param5: f32,
        param6: f32,
        param7: f32,
        #[packet(type = "u16")]
        command: MavCmd,
        target_system: u8,
        target_component: u8,
        confirmation: u8,
    }
}

mavlink! {
    extra = 143,
    #[packet(id = 77, size = 11)]
    struct CommandAck {
        #[packet(type = "u16")]
        command: MavCmd,
        #[packet(type = "u8")]
        result: MavResult,
    }
}

mavlink! {
    extra = 83,
    #[packet(id = 253, size = 59)]
    struct Statustext {
        #[packet(type = "u8")]
        severity: MavSeverity,
        #[packet(count = 50)]
        text: String,
    }
}

const TWINS: &[Twin] = twins![
    Heartbeat / HeartbeatView,
    SysStatus / SysStatusView,
    ParamRequestRead / ParamRequestReadView,
    ParamValue / ParamValueView,
    Attitude / AttitudeView,
    GlobalPositionInt / GlobalPositionIntView,
    CommandLong / CommandLongView,
    CommandAck / CommandAckView,
    Statustext / StatustextView,
];

#[test]
fn mavlink_is_the_same() {
    compare("mavlink", TWINS);
}

#[test]
fn every_struct_of_mavlink_has_a_twin() {
    every_struct_has_a_twin("mavlink", TWINS);
}
