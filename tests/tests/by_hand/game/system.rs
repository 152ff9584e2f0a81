//! Greeting, heartbeats, clocks, notices and errors.

use super::parts::{remark, request, short, words, write_short, write_words};
use super::{Body, From};
use crate::cursor::Judged;
use byteorder::{BigEndian, WriteBytesExt};
use std::io;

pub(super) struct Heartbeat {
    sequence: u32,
    sent_at: u64,
    rtt: u32,
}

impl Body for Heartbeat {
    const ID: u16 = 5000;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            sequence: from.u32("sequence")?,
            sent_at: from.u64("sent_at")?,
            rtt: from.u32("rtt")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.sequence)?;
        to.write_u64::<BigEndian>(self.sent_at)?;
        to.write_u32::<BigEndian>(self.rtt)
    }
}

pub(super) struct HeartbeatReply {
    sequence: u32,
    sent_at: u64,
}

impl Body for HeartbeatReply {
    const ID: u16 = 5001;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            sequence: from.u32("sequence")?,
            sent_at: from.u64("sent_at")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.sequence)?;
        to.write_u64::<BigEndian>(self.sent_at)
    }
}

/// Name and version of the software of one side.
fn software(from: &mut From<'_>, field: &str) -> Judged<String> {
    short(from, field, 1..=64)
}

pub(super) struct Hello {
    version: u16,
    fingerprint: u64,
    client: String,
}

impl Body for Hello {
    const ID: u16 = 5002;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            version: from.u16("version")?,
            fingerprint: from.u64("fingerprint")?,
            client: software(from, "client")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u16::<BigEndian>(self.version)?;
        to.write_u64::<BigEndian>(self.fingerprint)?;
        write_short(to, &self.client)
    }
}

pub(super) struct Welcome {
    result: u8,
    version: u16,
    fingerprint: u64,
    server: String,
    heartbeat_seconds: u16,
}

impl Body for Welcome {
    const ID: u16 = 5003;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let result = from.u8("result")?;
        let version = from.u16("version")?;
        let fingerprint = from.u64("fingerprint")?;
        let server = software(from, "server")?;
        let heartbeat_seconds = from.u16("heartbeat_seconds")?;
        from.range("heartbeat_seconds", heartbeat_seconds, 1..=3600)?;
        Ok(Self {
            result,
            version,
            fingerprint,
            server,
            heartbeat_seconds,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u8(self.result)?;
        to.write_u16::<BigEndian>(self.version)?;
        to.write_u64::<BigEndian>(self.fingerprint)?;
        write_short(to, &self.server)?;
        to.write_u16::<BigEndian>(self.heartbeat_seconds)
    }
}

pub(super) struct TimeSyncRequest {
    request: u32,
    client_sent_at: u64,
}

impl Body for TimeSyncRequest {
    const ID: u16 = 5004;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            request: request(from)?,
            client_sent_at: from.u64("client_sent_at")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_u64::<BigEndian>(self.client_sent_at)
    }
}

pub(super) struct TimeSyncResponse {
    request: u32,
    client_sent_at: u64,
    server_received_at: u64,
    server_sent_at: u64,
}

impl Body for TimeSyncResponse {
    const ID: u16 = 5005;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            request: request(from)?,
            client_sent_at: from.u64("client_sent_at")?,
            server_received_at: from.u64("server_received_at")?,
            server_sent_at: from.u64("server_sent_at")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_u64::<BigEndian>(self.client_sent_at)?;
        to.write_u64::<BigEndian>(self.server_received_at)?;
        to.write_u64::<BigEndian>(self.server_sent_at)
    }
}

pub(super) struct ServerNotice {
    level: u8,
    text: String,
}

impl Body for ServerNotice {
    const ID: u16 = 5010;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            level: from.u8("level")?,
            text: words(from)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u8(self.level)?;
        write_words(to, &self.text)
    }
}

pub(super) struct KickNotice {
    reason: u8,
    text: String,
}

impl Body for KickNotice {
    const ID: u16 = 5011;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            reason: from.u8("reason")?,
            text: remark(from, "text")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u8(self.reason)?;
        write_short(to, &self.text)
    }
}

pub(super) struct Error {
    /// 0 for a packet that carries none.
    request: u32,
    packet: u16,
    code: u8,
    text: String,
}

impl Body for Error {
    const ID: u16 = 5012;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            request: from.u32("request")?,
            packet: from.u16("packet")?,
            code: from.u8("code")?,
            text: remark(from, "text")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_u16::<BigEndian>(self.packet)?;
        to.write_u8(self.code)?;
        write_short(to, &self.text)
    }
}
