//! Cap'n Proto, little-endian, read without a pass of validation: each getter tests what it reads.

use crate::contest_capnp::{chat, login_response, move_, snapshot, telemetry};
use crate::samples::{Chat, LoginResponse, Move, ONE, Snapshot, Telemetry, of_text};
use crate::{Contender, Named, Visit};
use ::capnp::Word;
use ::capnp::message::{Builder, ReaderOptions, ScratchSpaceHeapAllocator};
use ::capnp::serialize::{
    NoAllocSliceSegments, read_message_from_flat_slice_no_alloc, write_message,
};
use ::capnp::traits::Owned;

pub struct Capnp;

impl Named for Capnp {
    const NAME: &'static str = "capnp";
}

/// Builds a message in memory that was prepared, and writes it.
#[inline(always)]
fn encode<'b>(
    scratch: &mut [Word],
    buffer: &'b mut [u8],
    fill: impl FnOnce(&mut Builder<&mut ScratchSpaceHeapAllocator<'_>>),
) -> Option<&'b [u8]> {
    let mut allocator = ScratchSpaceHeapAllocator::new(Word::words_to_bytes_mut(scratch));
    let mut message = Builder::new(&mut allocator);
    fill(&mut message);
    let room = buffer.len();
    let mut rest = &mut *buffer;
    write_message(&mut rest, &message).ok()?;
    let length = room - rest.len();
    buffer.get(..length)
}

type Message<'a> = ::capnp::message::Reader<NoAllocSliceSegments<'a>>;

#[inline(always)]
fn message(mut bytes: &[u8]) -> Option<Message<'_>> {
    read_message_from_flat_slice_no_alloc(&mut bytes, ReaderOptions::new()).ok()
}

#[inline(always)]
fn root<'m, T: Owned>(message: &'m Message<'_>) -> Option<T::Reader<'m>> {
    message.get_root().ok()
}

macro_rules! value {
    ($packet:ident) => {
        type Value = ($packet, Vec<Word>);

        fn value(packet: &'static $packet) -> Self::Value {
            (packet.clone(), Word::allocate_zeroed_vec(1024))
        }
    };
}

impl Contender<Move> for Capnp {
    value! { Move }

    #[inline(always)]
    fn encode<'b>((value, scratch): &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        encode(scratch, buffer, |message| {
            let mut packet = message.init_root::<move_::Builder<'_>>();
            packet.set_player(value.player);
            packet.set_x(value.x);
            packet.set_y(value.y);
            packet.set_z(value.z);
        })
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let message = message(bytes)?;
        let packet = root::<move_::Owned>(&message)?;
        visit.int(packet.get_player());
        visit.float(packet.get_x());
        visit.float(packet.get_y());
        visit.float(packet.get_z());
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let message = message(bytes)?;
        Some(root::<move_::Owned>(&message)?.get_y().to_bits().into())
    }
}

impl Contender<Telemetry> for Capnp {
    value! { Telemetry }

    #[inline(always)]
    fn encode<'b>((value, scratch): &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        encode(scratch, buffer, |message| {
            let mut packet = message.init_root::<telemetry::Builder<'_>>();
            packet.set_time(value.time);
            packet.set_uptime(value.uptime);
            packet.set_voltage(value.voltage);
            packet.set_current(value.current);
            packet.set_power(value.power);
            packet.set_energy(value.energy);
            packet.set_temperature(value.temperature);
            packet.set_humidity(value.humidity);
            packet.set_pressure(value.pressure);
            packet.set_speed(value.speed);
            packet.set_status(value.status);
            packet.set_mode(value.mode);
            packet.set_battery(value.battery);
            packet.set_signal(value.signal);
            packet.set_fan(value.fan);
            packet.set_alarm(value.alarm);
            packet.set_fault(value.fault);
            packet.set_revision(value.revision);
            packet.set_device(&value.device);
        })
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let message = message(bytes)?;
        let packet = root::<telemetry::Owned>(&message)?;
        visit.int(packet.get_time());
        visit.int(packet.get_uptime());
        visit.int(packet.get_voltage());
        visit.int(packet.get_current());
        visit.int(packet.get_power());
        visit.int(packet.get_energy());
        visit.int(packet.get_temperature());
        visit.int(packet.get_humidity());
        visit.int(packet.get_pressure());
        visit.int(packet.get_speed());
        visit.int(packet.get_status());
        visit.int(packet.get_mode());
        visit.int(packet.get_battery());
        visit.int(packet.get_signal());
        visit.int(packet.get_fan());
        visit.int(packet.get_alarm());
        visit.int(packet.get_fault());
        visit.int(packet.get_revision());
        visit.bytes(packet.get_device().ok()?);
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let message = message(bytes)?;
        Some(root::<telemetry::Owned>(&message)?.get_power().into())
    }
}

impl Contender<LoginResponse> for Capnp {
    value! { LoginResponse }

    #[inline(always)]
    fn encode<'b>((value, scratch): &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        encode(scratch, buffer, |message| {
            let mut packet = message.init_root::<login_response::Builder<'_>>();
            packet.set_accepted(value.accepted);
            packet.set_heartbeat(value.heartbeat);
            packet.set_user(value.user);
            packet.set_token(&value.token[..]);
            let count = u32::try_from(value.servers.len()).unwrap_or(0);
            let mut servers = packet.init_servers(count);
            for (index, server) in (0..count).zip(&value.servers) {
                let mut to = servers.reborrow().get(index);
                to.set_id(server.id);
                to.set_name(&server.name[..]);
                to.set_port(server.port);
                to.set_players(server.players);
            }
        })
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let message = message(bytes)?;
        let packet = root::<login_response::Owned>(&message)?;
        visit.int(packet.get_accepted());
        visit.int(packet.get_heartbeat());
        visit.int(packet.get_user());
        visit.text(packet.get_token().ok()?.to_str().ok()?);
        for server in packet.get_servers().ok()? {
            visit.int(server.get_id());
            visit.text(server.get_name().ok()?.to_str().ok()?);
            visit.int(server.get_port());
            visit.int(server.get_players());
        }
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let message = message(bytes)?;
        Some(root::<login_response::Owned>(&message)?.get_user())
    }
}

impl Contender<Chat> for Capnp {
    value! { Chat }

    #[inline(always)]
    fn encode<'b>((value, scratch): &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        encode(scratch, buffer, |message| {
            let mut packet = message.init_root::<chat::Builder<'_>>();
            packet.set_channel(value.channel);
            packet.set_sender(&value.sender[..]);
            packet.set_recipient(&value.recipient[..]);
            packet.set_text(&value.text[..]);
        })
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let message = message(bytes)?;
        let packet = root::<chat::Owned>(&message)?;
        visit.int(packet.get_channel());
        visit.text(packet.get_sender().ok()?.to_str().ok()?);
        visit.text(packet.get_recipient().ok()?.to_str().ok()?);
        visit.text(packet.get_text().ok()?.to_str().ok()?);
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let message = message(bytes)?;
        let packet = root::<chat::Owned>(&message)?;
        Some(of_text(packet.get_sender().ok()?.to_str().ok()?))
    }
}

impl Contender<Snapshot> for Capnp {
    value! { Snapshot }

    #[inline(always)]
    fn encode<'b>((value, scratch): &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        encode(scratch, buffer, |message| {
            let mut packet = message.init_root::<snapshot::Builder<'_>>();
            packet.set_tick(value.tick);
            let count = u32::try_from(value.entities.len()).unwrap_or(0);
            let mut entities = packet.init_entities(count);
            for (index, entity) in (0..count).zip(&value.entities) {
                let mut to = entities.reborrow().get(index);
                to.set_id(entity.id);
                to.set_x(entity.x);
                to.set_y(entity.y);
                to.set_z(entity.z);
                to.set_yaw(entity.yaw);
                to.set_health(entity.health);
            }
        })
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let message = message(bytes)?;
        let packet = root::<snapshot::Owned>(&message)?;
        visit.int(packet.get_tick());
        for entity in packet.get_entities().ok()? {
            visit.int(entity.get_id());
            visit.float(entity.get_x());
            visit.float(entity.get_y());
            visit.float(entity.get_z());
            visit.int(entity.get_yaw());
            visit.int(entity.get_health());
        }
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let message = message(bytes)?;
        let packet = root::<snapshot::Owned>(&message)?;
        let entity = packet
            .get_entities()
            .ok()?
            .try_get(u32::try_from(ONE).ok()?)?;
        Some(entity.get_y().to_bits().into())
    }
}
