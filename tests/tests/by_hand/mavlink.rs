//! MAVLink 1 by hand.

use crate::cursor::{ByHand, Judged, Reader, codec, fail, fitting};
use byteorder::{ByteOrder, LittleEndian, WriteBytesExt};
use packet_runtime::ErrorKind;
use packet_tests::codecs::Codec;
use std::io::{self, Write};

pub(crate) const CODECS: &[Codec] = &[
    codec::<Frame<Heartbeat>>("Heartbeat"),
    codec::<Frame<SysStatus>>("SysStatus"),
    codec::<Frame<ParamRequestRead>>("ParamRequestRead"),
    codec::<Frame<ParamValue>>("ParamValue"),
    codec::<Frame<Attitude>>("Attitude"),
    codec::<Frame<GlobalPositionInt>>("GlobalPositionInt"),
    codec::<Frame<CommandLong>>("CommandLong"),
    codec::<Frame<CommandAck>>("CommandAck"),
    codec::<Frame<Statustext>>("Statustext"),
];

type From<'a> = Reader<'a, LittleEndian>;

/// One of the messages of `common.xml`.
trait Message: Sized {
    /// Its number.
    const ID: u8;
    /// Stands in the checksum for the definition of its fields (`CRC_EXTRA`).
    const EXTRA: u8;

    fn read(from: &mut From<'_>) -> Judged<Self>;
    fn write(&self, to: &mut Vec<u8>) -> io::Result<()>;
}

/// A message, and what every frame says besides.
struct Frame<M> {
    seq: u8,
    sysid: u8,
    compid: u8,
    message: M,
}

/// The X.25 CRC of the MAVLink Developer Guide, which calls this `crc_accumulate`.
fn crc(bytes: &[u8], extra: u8) -> u16 {
    bytes.iter().chain([&extra]).fold(0xffff_u16, |crc, byte| {
        let [_, low] = crc.to_be_bytes();
        let tmp = byte ^ low;
        let tmp = u16::from(tmp ^ (tmp << 4));
        (crc >> 8) ^ (tmp << 8) ^ (tmp << 3) ^ (tmp >> 4)
    })
}

/// Puts the checksum right, if these are as many bytes as the message has.
pub(crate) fn repair(bytes: &mut [u8]) {
    const EXTRAS: [(u8, u8); 9] = [
        (Heartbeat::ID, Heartbeat::EXTRA),
        (SysStatus::ID, SysStatus::EXTRA),
        (ParamRequestRead::ID, ParamRequestRead::EXTRA),
        (ParamValue::ID, ParamValue::EXTRA),
        (Attitude::ID, Attitude::EXTRA),
        (GlobalPositionInt::ID, GlobalPositionInt::EXTRA),
        (CommandLong::ID, CommandLong::EXTRA),
        (CommandAck::ID, CommandAck::EXTRA),
        (Statustext::ID, Statustext::EXTRA),
    ];
    let Some(end) = bytes.len().checked_sub(2).filter(|end| *end > 5) else {
        return;
    };
    if let Some((_, extra)) = EXTRAS.iter().find(|(id, _)| *id == bytes[5]) {
        let crc = crc(&bytes[1..end], *extra);
        LittleEndian::write_u16(&mut bytes[end..], crc);
    }
}

impl<M: Message> ByHand for Frame<M> {
    type Order = LittleEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let magic = from.u8("magic")?;
        from.constant("magic", magic, 0xfe_u8)?;
        let len = from.u8("len")?;
        let seq = from.u8("seq")?;
        let sysid = from.u8("sysid")?;
        let compid = from.u8("compid")?;
        let msgid = from.u8("msgid")?;
        from.constant("msgid", msgid, M::ID)?;
        let message = M::read(from)?;
        let expected = crc(from.since(1), M::EXTRA);
        let at = from.offset();
        let actual = from.u16("checksum")?;
        if actual != expected {
            let kind = ErrorKind::ChecksumMismatch {
                expected: expected.into(),
                actual: actual.into(),
            };
            return fail("checksum", at, kind);
        }
        // It counts neither the six bytes in front nor the checksum.
        from.size("len", 1, len, 8)?;
        Ok(Self {
            seq,
            sysid,
            compid,
            message,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        let mut message = Vec::new();
        self.message.write(&mut message)?;
        to.write_u8(0xfe)?;
        let start = to.len();
        to.write_u8(fitting(message.len())?)?;
        to.write_u8(self.seq)?;
        to.write_u8(self.sysid)?;
        to.write_u8(self.compid)?;
        to.write_u8(M::ID)?;
        to.write_all(&message)?;
        let crc = crc(&to[start..], M::EXTRA);
        to.write_u16::<LittleEndian>(crc)
    }
}

fn write_padded(to: &mut Vec<u8>, text: &str, len: usize) -> io::Result<()> {
    to.write_all(text.as_bytes())?;
    to.write_all(&vec![0; len - text.len()])
}

struct Heartbeat {
    custom_mode: u32,
    /// Type, autopilot, base mode, system status and version, of which every number means something, if only
    /// to those who know it.
    rest: [u8; 5],
}

impl Message for Heartbeat {
    const ID: u8 = 0;
    const EXTRA: u8 = 50;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            custom_mode: from.u32("custom_mode")?,
            rest: [
                from.u8("type")?,
                from.u8("autopilot")?,
                from.u8("base_mode")?,
                from.u8("system_status")?,
                from.u8("mavlink_version")?,
            ],
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<LittleEndian>(self.custom_mode)?;
        to.write_all(&self.rest)
    }
}

struct SysStatus {
    /// Which are present, enabled, and well.
    sensors: [u32; 3],
    load: u16,
    voltage_battery: u16,
    current_battery: i16,
    drop_rate_comm: u16,
    errors_comm: u16,
    errors_count: [u16; 4],
    battery_remaining: i8,
}

impl Message for SysStatus {
    const ID: u8 = 1;
    const EXTRA: u8 = 124;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            sensors: [
                from.u32("onboard_control_sensors_present")?,
                from.u32("onboard_control_sensors_enabled")?,
                from.u32("onboard_control_sensors_health")?,
            ],
            load: from.u16("load")?,
            voltage_battery: from.u16("voltage_battery")?,
            current_battery: from.i16("current_battery")?,
            drop_rate_comm: from.u16("drop_rate_comm")?,
            errors_comm: from.u16("errors_comm")?,
            errors_count: [
                from.u16("errors_count1")?,
                from.u16("errors_count2")?,
                from.u16("errors_count3")?,
                from.u16("errors_count4")?,
            ],
            battery_remaining: from.i8("battery_remaining")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        for sensors in self.sensors {
            to.write_u32::<LittleEndian>(sensors)?;
        }
        to.write_u16::<LittleEndian>(self.load)?;
        to.write_u16::<LittleEndian>(self.voltage_battery)?;
        to.write_i16::<LittleEndian>(self.current_battery)?;
        to.write_u16::<LittleEndian>(self.drop_rate_comm)?;
        to.write_u16::<LittleEndian>(self.errors_comm)?;
        for count in self.errors_count {
            to.write_u16::<LittleEndian>(count)?;
        }
        to.write_i8(self.battery_remaining)
    }
}

/// A parameter's name.
fn param_id(from: &mut From<'_>) -> Judged<String> {
    from.padded("param_id", 16, Reader::ascii)
}

struct ParamRequestRead {
    param_index: i16,
    target_system: u8,
    target_component: u8,
    param_id: String,
}

impl Message for ParamRequestRead {
    const ID: u8 = 20;
    const EXTRA: u8 = 214;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            param_index: from.i16("param_index")?,
            target_system: from.u8("target_system")?,
            target_component: from.u8("target_component")?,
            param_id: param_id(from)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_i16::<LittleEndian>(self.param_index)?;
        to.write_u8(self.target_system)?;
        to.write_u8(self.target_component)?;
        write_padded(to, &self.param_id, 16)
    }
}

struct ParamValue {
    value: f32,
    count: u16,
    index: u16,
    id: String,
    kind: u8,
}

impl Message for ParamValue {
    const ID: u8 = 22;
    const EXTRA: u8 = 220;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            value: from.f32("param_value")?,
            count: from.u16("param_count")?,
            index: from.u16("param_index")?,
            id: param_id(from)?,
            kind: from.u8("param_type")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_f32::<LittleEndian>(self.value)?;
        to.write_u16::<LittleEndian>(self.count)?;
        to.write_u16::<LittleEndian>(self.index)?;
        write_padded(to, &self.id, 16)?;
        to.write_u8(self.kind)
    }
}

struct Attitude {
    time_boot_ms: u32,
    /// Roll, pitch and yaw, and how fast they change.
    angles: [f32; 6],
}

impl Message for Attitude {
    const ID: u8 = 30;
    const EXTRA: u8 = 39;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            time_boot_ms: from.u32("time_boot_ms")?,
            angles: [
                from.f32("roll")?,
                from.f32("pitch")?,
                from.f32("yaw")?,
                from.f32("rollspeed")?,
                from.f32("pitchspeed")?,
                from.f32("yawspeed")?,
            ],
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<LittleEndian>(self.time_boot_ms)?;
        self.angles
            .iter()
            .try_for_each(|angle| to.write_f32::<LittleEndian>(*angle))
    }
}

struct GlobalPositionInt {
    time_boot_ms: u32,
    lat: i32,
    lon: i32,
    alt: i32,
    relative_alt: i32,
    velocity: [i16; 3],
    hdg: u16,
}

impl Message for GlobalPositionInt {
    const ID: u8 = 33;
    const EXTRA: u8 = 104;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            time_boot_ms: from.u32("time_boot_ms")?,
            lat: from.i32("lat")?,
            lon: from.i32("lon")?,
            alt: from.i32("alt")?,
            relative_alt: from.i32("relative_alt")?,
            velocity: [from.i16("vx")?, from.i16("vy")?, from.i16("vz")?],
            hdg: from.u16("hdg")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<LittleEndian>(self.time_boot_ms)?;
        for number in [self.lat, self.lon, self.alt, self.relative_alt] {
            to.write_i32::<LittleEndian>(number)?;
        }
        for speed in self.velocity {
            to.write_i16::<LittleEndian>(speed)?;
        }
        to.write_u16::<LittleEndian>(self.hdg)
    }
}

struct CommandLong {
    params: [f32; 7],
    command: u16,
    target_system: u8,
    target_component: u8,
    confirmation: u8,
}

impl Message for CommandLong {
    const ID: u8 = 76;
    const EXTRA: u8 = 152;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            params: [
                from.f32("param1")?,
                from.f32("param2")?,
                from.f32("param3")?,
                from.f32("param4")?,
                from.f32("param5")?,
                from.f32("param6")?,
                from.f32("param7")?,
            ],
            command: from.u16("command")?,
            target_system: from.u8("target_system")?,
            target_component: from.u8("target_component")?,
            confirmation: from.u8("confirmation")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        for param in self.params {
            to.write_f32::<LittleEndian>(param)?;
        }
        to.write_u16::<LittleEndian>(self.command)?;
        to.write_u8(self.target_system)?;
        to.write_u8(self.target_component)?;
        to.write_u8(self.confirmation)
    }
}

struct CommandAck {
    command: u16,
    result: u8,
}

impl Message for CommandAck {
    const ID: u8 = 77;
    const EXTRA: u8 = 143;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            command: from.u16("command")?,
            result: from.u8("result")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u16::<LittleEndian>(self.command)?;
        to.write_u8(self.result)
    }
}

struct Statustext {
    severity: u8,
    text: String,
}

impl Message for Statustext {
    const ID: u8 = 253;
    const EXTRA: u8 = 83;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            severity: from.u8("severity")?,
            text: from.padded("text", 50, Reader::text)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u8(self.severity)?;
        write_padded(to, &self.text, 50)
    }
}
