//! From the network connection to a session that is ready: greeting, registration, login, resuming.
//!
//! In: packets of the server while one of these is under way. Out: the next request of the login, a session that is ready, or why there
//! is none.

use super::heartbeats::Heartbeats;
use super::{ClientError, Event, Machine, Pending, Phase, Reason, Refused, SendError, answer};
use crate::client::options::Login;
use crate::game::{
    LoginRequest, LoginRequestCredential, LoginResult, Packet, RegisterRequest, RegisterResult,
    ResumeRequest, ResumeResult, Side, State, WelcomeResult,
};
use std::time::{Duration, Instant};

impl Machine {
    pub(super) fn greeted(&mut self, packet: Packet, now: Instant) -> Result<(), ClientError> {
        let Packet::Welcome(welcome) = packet else {
            return self.deliver_early(packet);
        };
        if welcome.result != WelcomeResult::OK {
            return Err(ClientError::Greeting(welcome));
        }
        let every = Duration::from_secs(welcome.heartbeat_seconds.into());
        self.heartbeats = Some(Heartbeats::new(every, now));
        self.welcome = Some(welcome);
        match &self.grant {
            Some(grant) => self.resume(grant.token, now),
            None => self.log_in(true, now),
        }
    }

    /// The first step of the login as it was asked for, or the one behind the registration.
    fn log_in(&mut self, may_register: bool, now: Instant) -> Result<(), ClientError> {
        let (name, credential) = match self.options.login.clone() {
            Login::Nobody => {
                self.ready(false, now);
                return Ok(());
            }
            Login::Resume { token } => return self.resume(token, now),
            Login::Password {
                name,
                password,
                register: true,
            } if may_register && self.ready_since.is_none() => {
                let request = RegisterRequest {
                    request: 0,
                    name,
                    password,
                };
                return self.log_in_by(request, now);
            }
            Login::Password { name, password, .. } => {
                (name, LoginRequestCredential::Password(password))
            }
            Login::Token { name, token } => (name, LoginRequestCredential::Token(token)),
        };
        let request = LoginRequest {
            request: 0,
            name,
            credential,
            client_version: self.options.client_version,
            device: self.options.device,
        };
        self.log_in_by(request, now)
    }

    fn resume(&mut self, token: [u8; 32], now: Instant) -> Result<(), ClientError> {
        let request = ResumeRequest {
            request: 0,
            token,
            device: self.options.device,
        };
        self.log_in_by(request, now)
    }

    fn log_in_by(&mut self, packet: impl Into<Packet>, now: Instant) -> Result<(), ClientError> {
        let mut packet = packet.into();
        let number = self.number(&mut packet).unwrap_or_default();
        let until = now + self.options.login_timeout;
        self.phase = Phase::LoggingIn { number, until };
        self.push_own(packet)
    }

    /// A packet came while the answer to a request of the login is awaited.
    pub(super) fn answered(
        &mut self,
        number: u32,
        packet: Packet,
        now: Instant,
    ) -> Result<(), ClientError> {
        match packet {
            Packet::RegisterResponse(response) if response.request == number => {
                match response.result {
                    RegisterResult::OK | RegisterResult::NAME_TAKEN => self.log_in(false, now),
                    result => Err(ClientError::RegisterRefused(result)),
                }
            }
            Packet::LoginResponse(response) if response.request == number => {
                if response.result == LoginResult::OK {
                    self.ready(false, now);
                    return Ok(());
                }
                Err(ClientError::LoginRefused {
                    result: response.result,
                    message: response.message,
                })
            }
            Packet::ResumeResponse(response) if response.request == number => {
                match response.result {
                    ResumeResult::OK => {
                        self.ready(true, now);
                        Ok(())
                    }
                    // Tokens are worth nothing: whatever else there is to log in with counts.
                    ResumeResult::UNKNOWN_TOKEN
                    | ResumeResult::EXPIRED_TOKEN
                    | ResumeResult::WRONG_DEVICE
                        if !matches!(self.options.login, Login::Resume { .. }) =>
                    {
                        self.grant = None;
                        self.log_in(false, now)
                    }
                    result => Err(ClientError::ResumeRefused(result)),
                }
            }
            Packet::Error(error) if error.request == number => Err(ClientError::Refused(error)),
            other => self.deliver_early(other),
        }
    }

    /// A packet that may come at any time, such as a notice, while something else is awaited.
    #[expect(clippy::unnecessary_wraps, reason = "it ends what has a result")]
    fn deliver_early(&mut self, packet: Packet) -> Result<(), ClientError> {
        self.push_event(Event::Packet(packet));
        Ok(())
    }

    fn ready(&mut self, resumed: bool, now: Instant) {
        let is_first = self.ready_since.is_none();
        self.phase = Phase::Ready;
        self.ready_since = Some(now);
        if let Some(heartbeats) = &mut self.heartbeats {
            heartbeats.hurry(now);
        }
        if is_first {
            return;
        }
        let state = self.session.state();
        self.push_event(Event::Reconnected {
            resumed,
            in_world: state == State::InWorld,
        });
        for refused in self.outbox.retain(|kind| kind.is_sent_in(state)) {
            let packet = refused.kind.name();
            self.push_event(Event::NotSent { packet });
        }
        // Whoever waits for a packet that was thrown away waits for nothing.
        let outbox = &self.outbox;
        self.rules.lost(|number| outbox.has(number));
        for Pending { kind, waiter, .. } in self.requests.written(|number| outbox.has(number)) {
            let refused = Refused {
                state,
                side: Side::Client,
                packet: kind.name(),
                reason: Reason::State,
            };
            answer(waiter, Err(SendError::NotAllowed(refused).into()));
        }
    }
}
