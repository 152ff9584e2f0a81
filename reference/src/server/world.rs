//! The rules of the game: who is logged in, where everyone is, and who hears what.
//!
//! In: the requests that sessions admitted. Out: packets, each with the sessions that it goes to. This
//! does no IO, takes no time and draws no random numbers: whatever it needs comes in.

use super::session::{Request, State};
use crate::game::{
    Channel, ChatMessage, ChatView, Heartbeat, LoginRequestView, LoginResponse, LoginResult, Move,
    Packet, PlayerMoved, ServerInfo, Vec3,
};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::RangeInclusive;

/// Number of a session, never used twice by a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// What a login hands to the client so that the session could be resumed.
pub type Token = [u8; 16];

/// Who sends a request, as the connection knows it.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// Its session.
    pub session: SessionId,
    /// The session's token: random bytes.
    pub token: Token,
    /// The server's address, as the client reached it.
    pub server: SocketAddr,
}

/// A packet on its way out.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Sessions that it goes to, in ascending order.
    pub to: Vec<SessionId>,
    /// The packet.
    pub packet: Packet,
}

/// What can differ from one server to the next.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Number of this server in the list that clients get.
    pub server_id: u16,
    /// Name of this server in that list.
    pub server_name: String,
    /// Players that can be logged in at a time.
    pub capacity: u16,
    /// Other servers in the list. More than 255 altogether do not fit the packet and are left out.
    pub other_servers: Vec<ServerInfo>,
    /// Versions of the client that are let in.
    pub client_versions: RangeInclusive<u32>,
    /// How often a client is asked for a heartbeat, in seconds.
    pub heartbeat_seconds: u16,
    /// How far a nearby message is heard, in metres.
    pub earshot: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            server_id: 1,
            server_name: "Earth".to_owned(),
            capacity: 1000,
            other_servers: Vec::new(),
            client_versions: 1..=1,
            heartbeat_seconds: 30,
            earshot: 50.0,
        }
    }
}

/// All players of a server.
#[derive(Debug)]
pub struct World {
    rules: Rules,
    // Ordered, so that packets go out in the same order every time.
    players: BTreeMap<SessionId, Player>,
    last_number: u32,
}

#[derive(Debug)]
struct Player {
    number: u32,
    name: String,
    position: Vec3,
}

impl World {
    /// A world without players.
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            players: BTreeMap::new(),
            last_number: 0,
        }
    }

    /// How many players are logged in.
    pub fn player_count(&self) -> usize {
        self.players.len()
    }

    /// Does what a client asks for, adds what is to be sent to `out`, and says in which state the
    /// session is now.
    pub fn serve(
        &mut self,
        caller: &Caller,
        request: Request<'_>,
        out: &mut Vec<Outgoing>,
    ) -> State {
        match request {
            Request::Login(view) => out.push(self.log_in(caller, view)),
            Request::Heartbeat(view) => out.push(Outgoing {
                to: vec![caller.session],
                packet: Heartbeat::from(view).into(),
            }),
            Request::Move(view) => out.extend(self.move_player(caller.session, view.into())),
            Request::Chat(view) => out.extend(self.chat(caller.session, view)),
        }
        if self.players.contains_key(&caller.session) {
            State::Playing
        } else {
            State::Connected
        }
    }

    /// Forgets a session that has ended. Its name can be used again.
    pub fn leave(&mut self, session: SessionId) {
        self.players.remove(&session);
    }

    fn log_in(&mut self, caller: &Caller, request: LoginRequestView<'_>) -> Outgoing {
        let response = match self.objection(request) {
            Some((result, message)) => LoginResponse {
                result,
                message: message.to_owned(),
                player: 0,
                heartbeat_seconds: self.rules.heartbeat_seconds,
                servers: Vec::new(),
                token: Vec::new(),
            },
            None => LoginResponse {
                result: LoginResult::OK,
                message: String::new(),
                player: self.admit(caller.session, request.name()),
                heartbeat_seconds: self.rules.heartbeat_seconds,
                servers: self.servers(caller.server),
                token: caller.token.to_vec(),
            },
        };
        Outgoing {
            to: vec![caller.session],
            packet: response.into(),
        }
    }

    /// Why a login is refused: a result and a text for people.
    fn objection(&self, request: LoginRequestView<'_>) -> Option<(LoginResult, &'static str)> {
        let name = request.name();
        if !self
            .rules
            .client_versions
            .contains(&request.client_version())
        {
            let problem = "this version of the client is not supported";
            return Some((LoginResult::UNSUPPORTED_VERSION, problem));
        }
        // There are no accounts, so any password will do. A name has to be visible to others.
        if name.trim().is_empty() || name.chars().any(char::is_control) {
            let problem = "a name needs a visible character, and no control characters";
            return Some((LoginResult::BAD_CREDENTIALS, problem));
        }
        if self.session_of(name).is_some() {
            let problem = "the player is logged in on another connection";
            return Some((LoginResult::ALREADY_ONLINE, problem));
        }
        if self.players.len() >= usize::from(self.rules.capacity) {
            return Some((LoginResult::SERVER_FULL, "the server is full"));
        }
        None
    }

    /// Adds a player and returns the player's number.
    fn admit(&mut self, session: SessionId, name: &str) -> u32 {
        let number = self.free_number();
        let player = Player {
            number,
            name: name.to_owned(),
            position: Vec3 {
                x: 0.0,
                y: 0.0,
                z: 0.0,
            },
        };
        self.players.insert(session, player);
        number
    }

    /// The next number that no player has; 0 stands for none. There are far fewer players than
    /// numbers, so one is found.
    fn free_number(&mut self) -> u32 {
        loop {
            self.last_number = self.last_number.wrapping_add(1).max(1);
            let mut taken = self.players.values().map(|player| player.number);
            if !taken.any(|number| number == self.last_number) {
                return self.last_number;
            }
        }
    }

    fn servers(&self, address: SocketAddr) -> Vec<ServerInfo> {
        let this = ServerInfo {
            id: self.rules.server_id,
            name: self.rules.server_name.clone(),
            address: address.ip().to_canonical().to_string(),
            port: address.port(),
            players: u16::try_from(self.players.len()).unwrap_or(u16::MAX),
            capacity: self.rules.capacity,
        };
        let others = self.rules.other_servers.iter().cloned();
        [this]
            .into_iter()
            .chain(others)
            .take(usize::from(u8::MAX))
            .collect()
    }

    /// Moves a player and tells the others.
    fn move_player(&mut self, session: SessionId, movement: Move) -> Option<Outgoing> {
        let player = self.players.get_mut(&session)?;
        player.position = movement.position;
        let packet = PlayerMoved {
            player: player.number,
            position: movement.position,
            velocity: movement.velocity,
            motion: movement.motion,
        };
        Some(Outgoing {
            to: self.sessions_where(|id, _| id != session),
            packet: packet.into(),
        })
    }

    /// Passes a message on. The sender hears it too, which shows that it was delivered: a whisper to
    /// somebody who is not there is heard by nobody.
    fn chat(&self, session: SessionId, chat: ChatView<'_>) -> Option<Outgoing> {
        let sender = self.players.get(&session)?;
        let channel = chat.channel();
        let to = match channel {
            Channel::Everyone => self.sessions_where(|_, _| true),
            Channel::Nearby => self.sessions_where(|_, player| {
                distance(&sender.position, &player.position) <= self.rules.earshot
            }),
            Channel::Whisper => {
                let recipient = self.session_of(chat.recipient()?)?;
                self.sessions_where(|id, _| id == session || id == recipient)
            }
        };
        let packet = ChatMessage {
            channel,
            sender: sender.name.clone(),
            text: chat.text().to_owned(),
        };
        Some(Outgoing {
            to,
            packet: packet.into(),
        })
    }

    fn session_of(&self, name: &str) -> Option<SessionId> {
        self.players
            .iter()
            .find(|(_, player)| player.name == name)
            .map(|(session, _)| *session)
    }

    fn sessions_where(&self, wanted: impl Fn(SessionId, &Player) -> bool) -> Vec<SessionId> {
        self.players
            .iter()
            .filter(|(session, player)| wanted(**session, player))
            .map(|(session, _)| *session)
            .collect()
    }
}

/// In metres. The squares of coordinates overflow `f32` and do not overflow `f64`.
fn distance(a: &Vec3, b: &Vec3) -> f64 {
    let square = |a: f32, b: f32| (f64::from(a) - f64::from(b)).powi(2);
    (square(a.x, b.x) + square(a.y, b.y) + square(a.z, b.z)).sqrt()
}

#[cfg(test)]
mod tests;
