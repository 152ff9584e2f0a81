//! Coming in: greeting, logging in and entering the world, with an account that is made if it is not there.
//!
//! In: packets of the server and the time. Out: packets to be sent, and what has become of it. A token is tried first; the
//! password follows if it is no longer good, and registering if there is no such account.

use super::plan::Entry;
use crate::PROTOCOL_VERSION;
use crate::game::{
    EnterWorld, ErrorCode, FINGERPRINT, HelloRef, LoginRequestCredentialRef, LoginRequestRef,
    LoginResult, PacketView, RegisterRequestRef, RegisterResult, Vec3, WelcomeResult,
};
use packet_runtime::stream::Backlog;
use packet_runtime::{Encode, EncodeError};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long is waited after the server said that it cannot now.
const PAUSE: Duration = Duration::from_secs(1);
/// How often it is tried again.
const TRIES: u32 = 30;

/// Who comes in, and where to.
#[derive(Clone, Debug)]
pub(super) struct Pass {
    pub(super) name: String,
    pub(super) password: Arc<str>,
    pub(super) token: Option<[u8; 32]>,
    pub(super) device: [u8; 16],
    pub(super) world: World,
}

/// Whether the world is entered behind the login, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum World {
    /// It is not.
    Outside,
    /// Where the server likes.
    Anywhere,
    /// At this place, as far as wishes count.
    At(Vec3),
}

/// Somebody who is coming in.
#[derive(Debug)]
pub(super) struct Login {
    /// `None` for guests, who are only greeted.
    pass: Option<Pass>,
    request: u32,
    step: Step,
    tries: u32,
    registered: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Hello,
    Token,
    Password,
    Register,
    Enter,
}

/// What has become of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// An answer is waited for.
    Going,
    /// [`Login::again`] is to be called then.
    Pause(Instant),
    /// A token was given, and an answer is waited for or not.
    Granted { token: [u8; 32], done: bool },
    /// The player is in the world.
    Entered { entity: u32, position: Vec3 },
    /// The greeting is over, and it was all.
    Greeted,
    /// The server does not want to.
    Refused(String),
}

impl Login {
    /// Begins with a Hello, if there is anybody to greet.
    ///
    /// # Errors
    /// Something cannot be said in the protocol.
    pub(super) fn begin(
        entry: &Entry,
        pass: Option<Pass>,
        out: &mut Backlog,
    ) -> Result<Self, EncodeError> {
        if *entry != Entry::Raw {
            out.push(&hello())?;
        }
        Ok(Self {
            pass,
            request: 0,
            step: Step::Hello,
            tries: 0,
            registered: false,
        })
    }

    /// Takes a packet of the server. One that is not about coming in changes nothing.
    ///
    /// # Errors
    /// Something cannot be said in the protocol.
    pub(super) fn receive(
        &mut self,
        packet: &PacketView<'_>,
        now: Instant,
        out: &mut Backlog,
    ) -> Result<Outcome, EncodeError> {
        match packet {
            PacketView::Welcome(welcome) if welcome.result() == WelcomeResult::OK => {
                if self.pass.is_none() {
                    return Ok(Outcome::Greeted);
                }
                self.step = Step::Token;
                self.again(out)
            }
            PacketView::Welcome(welcome) => {
                let result = welcome.result();
                Ok(refused("Welcome", result.name(), result.0))
            }
            PacketView::LoginResponse(response) => {
                let result = response.result();
                match response.session() {
                    Some(grant) => self.granted(*grant.token(), out),
                    None => self.not_let_in(result, now, out),
                }
            }
            PacketView::RegisterResponse(response) => {
                let result = response.result();
                match result {
                    RegisterResult::OK | RegisterResult::NAME_TAKEN => {
                        self.registered = true;
                        self.step = Step::Password;
                        self.again(out)
                    }
                    RegisterResult::UNAVAILABLE => Ok(
                        self.pause(now, || refused("RegisterResponse", result.name(), result.0))
                    ),
                    _ => Ok(refused("RegisterResponse", result.name(), result.0)),
                }
            }
            PacketView::WorldEntered(entered) => {
                let arrival = entered.arrival();
                Ok(Outcome::Entered {
                    entity: arrival.entity(),
                    position: arrival.position().into(),
                })
            }
            PacketView::Error(error) if error.request() == self.request => {
                let code = error.code();
                let refusal = || refused("Error", code.name(), code.0);
                match code {
                    ErrorCode::RATE_LIMITED | ErrorCode::UNAVAILABLE => {
                        Ok(self.pause(now, refusal))
                    }
                    _ => Ok(refusal()),
                }
            }
            _ => Ok(Outcome::Going),
        }
    }

    /// Asks again for what the server could not do.
    ///
    /// # Errors
    /// Something cannot be said in the protocol.
    pub(super) fn again(&mut self, out: &mut Backlog) -> Result<Outcome, EncodeError> {
        let Some(pass) = &self.pass else {
            return Ok(Outcome::Going);
        };
        self.request += 1;
        let request = self.request;
        let login = |credential| LoginRequestRef {
            request,
            name: &pass.name,
            credential,
            client_version: 1,
            device: pass.device,
        };
        match (self.step, pass.token) {
            (Step::Hello, _) => {}
            (Step::Token, Some(token)) => {
                out.push(&login(LoginRequestCredentialRef::Token(token)))?;
            }
            (Step::Token | Step::Password, _) => {
                self.step = Step::Password;
                out.push(&login(LoginRequestCredentialRef::Password(&pass.password)))?;
            }
            (Step::Register, _) => {
                out.push(&RegisterRequestRef {
                    request,
                    name: &pass.name,
                    password: &pass.password,
                })?;
            }
            (Step::Enter, _) => {
                let spawn = match pass.world {
                    World::At(place) => Some(place),
                    World::Outside | World::Anywhere => None,
                };
                out.push(&EnterWorld { request, spawn })?;
            }
        }
        Ok(Outcome::Going)
    }

    /// Who comes in; guests have no name.
    pub(super) fn name(&self) -> Option<&str> {
        self.pass.as_ref().map(|pass| pass.name.as_str())
    }

    fn granted(&mut self, token: [u8; 32], out: &mut Backlog) -> Result<Outcome, EncodeError> {
        let pass = self.pass.as_ref();
        let enters = pass.is_some_and(|pass| pass.world != World::Outside);
        if enters {
            self.step = Step::Enter;
            self.again(out)?;
        }
        Ok(Outcome::Granted {
            token,
            done: !enters,
        })
    }

    fn not_let_in(
        &mut self,
        result: LoginResult,
        now: Instant,
        out: &mut Backlog,
    ) -> Result<Outcome, EncodeError> {
        let refusal = || refused("LoginResponse", result.name(), result.0);
        match (result, self.step) {
            (LoginResult::UNAVAILABLE, _) => Ok(self.pause(now, refusal)),
            (LoginResult::BAD_CREDENTIALS | LoginResult::EXPIRED_TOKEN, Step::Token) => {
                self.step = Step::Password;
                self.again(out)
            }
            (LoginResult::BAD_CREDENTIALS, Step::Password) if !self.registered => {
                self.step = Step::Register;
                self.again(out)
            }
            _ => Ok(refusal()),
        }
    }

    fn pause(&mut self, now: Instant, refusal: impl Fn() -> Outcome) -> Outcome {
        self.tries += 1;
        if self.tries > TRIES {
            return refusal();
        }
        Outcome::Pause(now + PAUSE)
    }
}

/// What a client says first.
pub(super) fn hello() -> impl Encode {
    HelloRef {
        version: PROTOCOL_VERSION,
        fingerprint: FINGERPRINT,
        client: concat!("packet-client load/", env!("CARGO_PKG_VERSION")),
    }
}

fn refused(packet: &str, name: Option<&str>, value: u8) -> Outcome {
    Outcome::Refused(match name {
        Some(name) => format!("{packet} {name}"),
        None => format!("{packet} {value}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::{
        Arrival, Error, LoginResponse, Packet, RegisterResponse, SessionGrant, Welcome,
    };
    use packet_runtime::Reassembler;

    const TOKEN: [u8; 32] = [7; 32];

    struct Talk {
        login: Login,
        out: Backlog,
        now: Instant,
    }

    impl Talk {
        fn new(token: Option<[u8; 32]>, world: bool) -> Self {
            let mut out = Backlog::new();
            let pass = Pass {
                name: "load-0".to_owned(),
                password: "under load 1!".into(),
                token,
                device: [1; 16],
                world: if world {
                    World::Anywhere
                } else {
                    World::Outside
                },
            };
            let login = Login::begin(&Entry::Guest, Some(pass), &mut out).unwrap();
            Self {
                login,
                out,
                now: Instant::now(),
            }
        }

        fn say(&mut self, packet: impl Into<Packet>) -> Outcome {
            let bytes = packet.into().to_vec().unwrap();
            let packet = PacketView::parse(&bytes).unwrap();
            self.login
                .receive(&packet, self.now, &mut self.out)
                .unwrap()
        }

        /// The names of the packets that were sent, with what proves who sends them.
        #[track_caller]
        fn sent(&mut self, expected: &[&str]) {
            let bytes = self.out.pieces().collect::<Vec<_>>().concat();
            self.out.advance(bytes.len());
            let mut frames = Reassembler::new(crate::game::Framing);
            let mut chunk = frames.feed(&bytes);
            let mut sent = Vec::new();
            while let Some(frame) = chunk.next_frame().unwrap() {
                let packet = PacketView::parse(frame).unwrap();
                sent.push(match packet {
                    PacketView::LoginRequest(login) => {
                        format!("LoginRequest {:?}", login.credential_kind())
                    }
                    other => other.name().to_owned(),
                });
            }
            assert_eq!(sent, expected);
        }
    }

    fn welcome(result: WelcomeResult) -> Welcome {
        Welcome {
            result,
            version: PROTOCOL_VERSION,
            fingerprint: FINGERPRINT,
            server: "test".to_owned(),
            heartbeat_seconds: 30,
        }
    }

    fn response(result: LoginResult) -> LoginResponse {
        LoginResponse {
            request: 1,
            result,
            message: String::new(),
            session: (result == LoginResult::OK).then_some(SessionGrant {
                token: TOKEN,
                token_lifetime_seconds: 60,
                player: 1,
            }),
            servers: Vec::new(),
        }
    }

    fn granted(done: bool) -> Outcome {
        Outcome::Granted { token: TOKEN, done }
    }

    #[test]
    fn a_token_lets_in() {
        let mut talk = Talk::new(Some([3; 32]), false);
        talk.sent(&["Hello"]);
        assert_eq!(talk.say(welcome(WelcomeResult::OK)), Outcome::Going);
        talk.sent(&["LoginRequest Token"]);
        assert_eq!(talk.say(response(LoginResult::OK)), granted(true));
        talk.sent(&[]);
    }

    #[test]
    fn what_fails_is_followed_by_what_may_help() {
        let mut talk = Talk::new(Some([3; 32]), false);
        talk.say(welcome(WelcomeResult::OK));
        talk.say(response(LoginResult::EXPIRED_TOKEN));
        talk.say(response(LoginResult::BAD_CREDENTIALS));
        let (request, result) = (3, RegisterResult::OK);
        talk.say(RegisterResponse { request, result });
        assert_eq!(talk.say(response(LoginResult::OK)), granted(true));
        let (token, password) = ("LoginRequest Token", "LoginRequest Password");
        talk.sent(&["Hello", token, password, "RegisterRequest", password]);
    }

    #[test]
    fn a_wrong_password_is_not_tried_for_ever() {
        let mut talk = Talk::new(None, false);
        talk.say(welcome(WelcomeResult::OK));
        talk.say(response(LoginResult::BAD_CREDENTIALS));
        let (request, result) = (2, RegisterResult::NAME_TAKEN);
        talk.say(RegisterResponse { request, result });
        let refused = Outcome::Refused("LoginResponse bad_credentials".to_owned());
        assert_eq!(talk.say(response(LoginResult::BAD_CREDENTIALS)), refused);
    }

    #[test]
    fn the_world_is_entered_behind_the_login() {
        let mut talk = Talk::new(None, true);
        talk.say(welcome(WelcomeResult::OK));
        assert_eq!(talk.say(response(LoginResult::OK)), granted(false));
        talk.sent(&["Hello", "LoginRequest Password", "EnterWorld"]);
        let position = Vec3 {
            x: 1.0,
            y: 2.0,
            z: 3.0,
        };
        let arrival = Arrival {
            entity: 42,
            position,
            tick_hz: 20,
            view_distance: 64.0,
        };
        let entered = crate::game::WorldEntered {
            request: 2,
            arrival,
        };
        let entity = 42;
        assert_eq!(talk.say(entered), Outcome::Entered { entity, position });
    }

    #[test]
    fn a_busy_server_is_asked_again_after_a_pause_but_not_for_ever() {
        let mut talk = Talk::new(None, false);
        talk.say(welcome(WelcomeResult::OK));
        let pause = Outcome::Pause(talk.now + PAUSE);
        for _ in 0..TRIES {
            assert_eq!(talk.say(response(LoginResult::UNAVAILABLE)), pause);
        }
        let refused = Outcome::Refused("LoginResponse unavailable".to_owned());
        assert_eq!(talk.say(response(LoginResult::UNAVAILABLE)), refused);
        talk.sent(&["Hello", "LoginRequest Password"]);
        talk.login.again(&mut talk.out).unwrap();
        talk.sent(&["LoginRequest Password"]);
    }

    #[test]
    fn errors_and_a_full_server_refuse() {
        let mut talk = Talk::new(None, false);
        let refused = |text: &str| Outcome::Refused(text.to_owned());
        let full = talk.say(welcome(WelcomeResult::SERVER_FULL));
        assert_eq!(full, refused("Welcome server_full"));
        talk.say(welcome(WelcomeResult::OK));
        let error = |code| Error {
            request: 1,
            packet: 1000,
            code,
            text: String::new(),
        };
        let internal = talk.say(error(ErrorCode::INTERNAL));
        assert_eq!(internal, refused("Error internal"));
        let limited = talk.say(error(ErrorCode::RATE_LIMITED));
        assert_eq!(limited, Outcome::Pause(talk.now + PAUSE));
    }
}
