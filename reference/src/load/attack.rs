//! Connections that misbehave, each in one way, to see that honest ones do not suffer.
//!
//! In: frames of the server and the time. Out: bytes to be written, and how it ended. This knows no sockets.

use super::login::{Login, Outcome, hello};
use super::player::{Broken, named};
use crate::game::{EchoRequestRef, Heartbeat, HeartbeatReply, PacketView};
use packet_runtime::Encode;
use packet_runtime::stream::Backlog;
use std::fmt;
use std::str::FromStr;
use std::time::Instant;

/// A way to misbehave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attack {
    /// Greets, and then sends a packet byte by byte.
    Dribble,
    /// Logs in, asks for echoes without end, and reads none of them.
    SlowReader,
    /// Logs in, and sends far more heartbeats than anybody needs.
    Flood,
    /// Sends what is no packet.
    Garbage,
    /// Sends half a Hello, and then nothing.
    HalfOpen,
    /// Connects and hangs up, over and over.
    ConnectStorm,
}

impl Attack {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Dribble,
        Self::SlowReader,
        Self::Flood,
        Self::Garbage,
        Self::HalfOpen,
        Self::ConnectStorm,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dribble => "dribble",
            Self::SlowReader => "slow-reader",
            Self::Flood => "flood",
            Self::Garbage => "garbage",
            Self::HalfOpen => "half-open",
            Self::ConnectStorm => "connect-storm",
        }
    }

    /// Whether it logs in first.
    pub(super) const fn logs_in(self) -> bool {
        matches!(self, Self::SlowReader | Self::Flood)
    }
}

impl fmt::Display for Attack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Attack {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut all = Self::ALL.into_iter();
        all.find(|attack| attack.name() == text).ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            format!("`{text}` is none of {known}")
        })
    }
}

/// How much a flood has waiting at a time.
const FLOOD: usize = 32 * 1024;
/// Payload of the echoes that nobody reads.
const UNREAD: &[u8] = &[0; 1024];
/// Bytes of garbage.
const GARBAGE: usize = 64;

/// A connection that misbehaves.
#[derive(Debug)]
pub(super) struct Rogue {
    attack: Attack,
    login: Option<Login>,
    /// What is to be written.
    pub(super) out: Backlog,
    /// What is sent byte by byte, in reverse.
    drops: Vec<u8>,
    /// Whether the attack itself has begun.
    begun: bool,
    /// The last thing that the server said.
    heard: Option<String>,
    sequence: u32,
}

impl Rogue {
    /// One that misbehaves in this way. `login` is there for those that log in.
    ///
    /// # Errors
    /// Something cannot be said in the protocol.
    pub(super) fn new(
        attack: Attack,
        login: Option<Login>,
        out: Backlog,
        dice: &mut fastrand::Rng,
    ) -> Result<Self, Broken> {
        let mut rogue = Self {
            attack,
            login,
            out,
            drops: Vec::new(),
            begun: false,
            heard: None,
            sequence: 0,
        };
        let out = &mut rogue.out;
        match attack {
            Attack::Dribble => {
                out.push(&hello())?;
                let echo = EchoRequestRef {
                    request: 1,
                    payload: &UNREAD[..256],
                };
                rogue.drops = echo.to_vec()?;
                rogue.drops.reverse();
                rogue.begun = true;
            }
            Attack::Garbage => {
                let mut bytes = [0; GARBAGE];
                dice.fill(&mut bytes);
                out.push_frame(&bytes);
                rogue.begun = true;
            }
            Attack::HalfOpen => {
                let bytes = hello().to_vec()?;
                out.push_frame(&bytes[..bytes.len() / 2]);
                rogue.begun = true;
            }
            Attack::SlowReader | Attack::Flood | Attack::ConnectStorm => {}
        }
        Ok(rogue)
    }

    /// Whether it reads what the server sends.
    pub(super) fn reads(&self) -> bool {
        !self.is_slow() || !self.begun
    }

    /// Whether it will come to not reading what the server sends.
    pub(super) const fn is_slow(&self) -> bool {
        matches!(self.attack, Attack::SlowReader)
    }

    /// It is time to do something, as it is every few milliseconds.
    ///
    /// # Errors
    /// Something cannot be said in the protocol.
    pub(super) fn turn(&mut self) -> Result<(), Broken> {
        if !self.begun {
            return Ok(());
        }
        if let Some(drop) = self.drops.pop() {
            self.out.push_frame(&[drop]);
        }
        while self.out.len() < FLOOD {
            self.sequence = self.sequence.wrapping_add(1).max(1);
            let sequence = self.sequence;
            match self.attack {
                Attack::SlowReader => self.out.push(&EchoRequestRef {
                    request: sequence,
                    payload: UNREAD,
                })?,
                Attack::Flood => self.out.push(&Heartbeat {
                    sequence,
                    sent_at: 0,
                    rtt: 0,
                })?,
                _ => break,
            };
        }
        Ok(())
    }

    /// Takes a frame of the server.
    ///
    /// # Errors
    /// Something cannot be said in the protocol.
    pub(super) fn receive(&mut self, frame: &[u8], now: Instant) -> Result<(), Broken> {
        let packet = PacketView::parse(frame)?;
        match &packet {
            PacketView::KickNotice(kick) => {
                let reason = kick.reason();
                self.heard = Some(format!("KickNotice {}", named(reason.name(), reason.0)));
            }
            PacketView::Error(error) => {
                let code = error.code();
                self.heard = Some(format!("Error {}", named(code.name(), code.0)));
            }
            PacketView::Heartbeat(heartbeat) if self.attack != Attack::Flood => {
                self.out.push(&HeartbeatReply {
                    sequence: heartbeat.sequence(),
                    sent_at: heartbeat.sent_at(),
                })?;
            }
            _ => {}
        }
        if let Some(login) = &mut self.login
            && !self.begun
        {
            match login.receive(&packet, now, &mut self.out)? {
                Outcome::Granted { .. } => self.begun = true,
                // What could not be now is asked for at once: this one need not be polite.
                Outcome::Pause(_) => {
                    login.again(&mut self.out)?;
                }
                Outcome::Refused(why) => self.heard = Some(why),
                Outcome::Going | Outcome::Entered { .. } | Outcome::Greeted => {}
            }
        }
        Ok(())
    }

    /// What became of it.
    pub(super) fn fate(&self, open: bool) -> String {
        let end = if open { "still open" } else { "closed" };
        match &self.heard {
            Some(heard) => format!("{end}, {heard}"),
            None if open => end.to_owned(),
            None => format!("{end} without a word"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::login::{Pass, World};
    use super::super::plan::Entry;
    use super::*;
    use crate::game::{
        KickNotice, KickReason, LoginResponse, LoginResult, Packet, SessionGrant, Welcome,
        WelcomeResult,
    };

    fn rogue(attack: Attack) -> Rogue {
        let mut out = Backlog::new();
        let login = attack.logs_in().then(|| {
            let pass = Pass {
                name: "load-0".to_owned(),
                password: "under load 1!".into(),
                token: None,
                device: [1; 16],
                world: World::Outside,
            };
            Login::begin(&Entry::Guest, Some(pass), &mut out).unwrap()
        });
        let mut dice = fastrand::Rng::with_seed(1);
        Rogue::new(attack, login, out, &mut dice).unwrap()
    }

    fn receive(rogue: &mut Rogue, packet: impl Into<Packet>) {
        let bytes = packet.into().to_vec().unwrap();
        rogue.receive(&bytes, Instant::now()).unwrap();
    }

    fn log_in(rogue: &mut Rogue) {
        receive(
            rogue,
            Welcome {
                result: WelcomeResult::OK,
                version: 2,
                fingerprint: 1,
                server: "test".to_owned(),
                heartbeat_seconds: 30,
            },
        );
        receive(
            rogue,
            LoginResponse {
                request: 1,
                result: LoginResult::OK,
                message: String::new(),
                session: Some(SessionGrant {
                    token: [0; 32],
                    token_lifetime_seconds: 60,
                    player: 1,
                }),
                servers: Vec::new(),
            },
        );
    }

    #[test]
    fn a_dribble_is_one_byte_in_a_turn_and_never_a_whole_packet_soon() {
        let mut rogue = rogue(Attack::Dribble);
        let greeting = rogue.out.len();
        for turn in 1..100 {
            rogue.turn().unwrap();
            assert_eq!(rogue.out.len(), greeting + turn);
        }
    }

    #[test]
    fn half_a_hello_is_no_hello() {
        let mut rogue = rogue(Attack::HalfOpen);
        let whole = hello().to_vec().unwrap();
        rogue.turn().unwrap();
        let sent = rogue.out.pieces().collect::<Vec<_>>().concat();
        assert_eq!(sent, whole[..whole.len() / 2]);
    }

    #[test]
    fn who_logs_in_begins_behind_the_login() {
        for (attack, reads) in [(Attack::SlowReader, false), (Attack::Flood, true)] {
            let mut rogue = rogue(attack);
            rogue.turn().unwrap();
            assert!(rogue.out.len() < 1000 && rogue.reads(), "{attack}");
            log_in(&mut rogue);
            rogue.turn().unwrap();
            assert!(rogue.out.len() >= FLOOD, "{attack}");
            assert_eq!(rogue.reads(), reads, "{attack}");
        }
    }

    #[test]
    fn a_fate_is_what_was_said_and_whether_it_is_open() {
        let mut rogue = rogue(Attack::Garbage);
        assert_eq!(rogue.fate(true), "still open");
        assert_eq!(rogue.fate(false), "closed without a word");
        receive(
            &mut rogue,
            KickNotice {
                reason: KickReason::FLOODING,
                text: String::new(),
            },
        );
        assert_eq!(rogue.fate(false), "closed, KickNotice flooding");
    }

    #[test]
    fn attacks_are_read_by_name() {
        for attack in Attack::ALL {
            assert_eq!(attack.to_string().parse(), Ok(attack));
        }
        let error = "shout".parse::<Attack>().unwrap_err();
        assert!(error.starts_with("`shout` is none of dribble, "), "{error}");
    }
}
