//! The game protocol by hand.

mod auth;
mod chat;
mod guild;
mod parts;
mod shapes;
mod system;
mod world;

use crate::cursor::{ByHand, Judged, Reader, codec, fitting};
use crate::quickstart::Vec3;
use byteorder::{BigEndian, ByteOrder, WriteBytesExt};
use packet_tests::codecs::Codec;
use shapes::{About, Echo, Named, Request, Spoken, Switched};
use std::io;

pub(crate) const CODECS: &[Codec] = &[
    codec::<auth::SessionGrant>("SessionGrant"),
    codec::<auth::ServerInfo>("ServerInfo"),
    codec::<Vec3>("Vec3"),
    codec::<world::Entity>("Entity"),
    codec::<world::EntityMotion>("EntityMotion"),
    codec::<world::Arrival>("Arrival"),
    codec::<guild::GuildInfo>("GuildInfo"),
    codec::<chat::RoomInfo>("RoomInfo"),
    codec::<Framed<auth::LoginRequest>>("LoginRequest"),
    codec::<Framed<auth::LoginResponse>>("LoginResponse"),
    codec::<Framed<auth::RegisterRequest>>("RegisterRequest"),
    codec::<Framed<auth::RegisterResponse>>("RegisterResponse"),
    codec::<Framed<auth::ResumeRequest>>("ResumeRequest"),
    codec::<Framed<auth::ResumeResponse>>("ResumeResponse"),
    codec::<Framed<Switched<1006>>>("Logout"),
    codec::<Framed<Switched<1007>>>("LogoutResponse"),
    codec::<Framed<world::EnterWorld>>("EnterWorld"),
    codec::<Framed<world::WorldEntered>>("WorldEntered"),
    codec::<Framed<world::Move>>("Move"),
    codec::<Framed<world::EntitiesMoved>>("EntitiesMoved"),
    codec::<Framed<world::MoveRejected>>("MoveRejected"),
    codec::<Framed<world::WorldSnapshot>>("WorldSnapshot"),
    codec::<Framed<world::EntityEntered>>("EntityEntered"),
    codec::<Framed<world::EntityLeft>>("EntityLeft"),
    codec::<Framed<world::Attack>>("Attack"),
    codec::<Framed<world::CombatResult>>("CombatResult"),
    codec::<Framed<Request<2010>>>("LeaveWorld"),
    codec::<Framed<Request<2011>>>("WorldLeft"),
    codec::<Framed<guild::GuildCreate>>("GuildCreate"),
    codec::<Framed<Named<3001>>>("GuildInvite"),
    codec::<Framed<guild::GuildInvited>>("GuildInvited"),
    codec::<Framed<About<3003>>>("GuildJoin"),
    codec::<Framed<Request<3004>>>("GuildLeave"),
    codec::<Framed<About<3005>>>("GuildListRequest"),
    codec::<Framed<guild::GuildList>>("GuildList"),
    codec::<Framed<About<3007>>>("GuildWarStart"),
    codec::<Framed<About<3008>>>("GuildWarEnd"),
    codec::<Framed<guild::GuildWar>>("GuildWar"),
    codec::<Framed<About<3010>>>("GuildResult"),
    codec::<Framed<Spoken<4000>>>("Say"),
    codec::<Framed<chat::ChatMessage>>("ChatMessage"),
    codec::<Framed<chat::Whisper>>("Whisper"),
    codec::<Framed<Spoken<4003>>>("Broadcast"),
    codec::<Framed<Named<4010>>>("RoomCreate"),
    codec::<Framed<About<4011>>>("RoomJoin"),
    codec::<Framed<About<4012>>>("RoomLeave"),
    codec::<Framed<About<4013>>>("RoomListRequest"),
    codec::<Framed<chat::RoomList>>("RoomList"),
    codec::<Framed<chat::RoomMessage>>("RoomMessage"),
    codec::<Framed<About<4016>>>("RoomResult"),
    codec::<Framed<chat::RoomEvent>>("RoomEvent"),
    codec::<Framed<system::Heartbeat>>("Heartbeat"),
    codec::<Framed<system::HeartbeatReply>>("HeartbeatReply"),
    codec::<Framed<system::Hello>>("Hello"),
    codec::<Framed<system::Welcome>>("Welcome"),
    codec::<Framed<system::TimeSyncRequest>>("TimeSyncRequest"),
    codec::<Framed<system::TimeSyncResponse>>("TimeSyncResponse"),
    codec::<Framed<Echo<5006>>>("EchoRequest"),
    codec::<Framed<Echo<5007>>>("EchoReply"),
    codec::<Framed<system::ServerNotice>>("ServerNotice"),
    codec::<Framed<system::KickNotice>>("KickNotice"),
    codec::<Framed<system::Error>>("Error"),
];

type From<'a> = Reader<'a, BigEndian>;

/// What a packet has behind its size and its id.
trait Body: Sized {
    const ID: u16;

    fn read(from: &mut From<'_>) -> Judged<Self>;
    fn write(&self, to: &mut Vec<u8>) -> io::Result<()>;
}

/// A whole packet.
struct Framed<B>(B);

impl<B: Body> ByHand for Framed<B> {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let size = from.u16("size")?;
        let found = from.u16("id")?;
        from.constant("id", found, B::ID)?;
        let body = B::read(from)?;
        from.size("size", 0, size, 0)?;
        Ok(Self(body))
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        let start = to.len();
        to.write_u16::<BigEndian>(0)?;
        to.write_u16::<BigEndian>(B::ID)?;
        self.0.write(to)?;
        let size = fitting(to.len() - start)?;
        BigEndian::write_u16(&mut to[start..], size);
        Ok(())
    }
}
