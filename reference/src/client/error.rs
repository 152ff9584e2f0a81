//! Why a client cannot go on, and why it did not send a packet.

use crate::game::{
    self, FINGERPRINT, KickReason, LoginResult, PacketKind, RegisterResult, ResumeResult, State,
    WelcomeResult,
};
use packet_runtime::session::Refused;
use packet_runtime::{DecodeError, EncodeError, FrameError};
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Why a connection could not be made or has ended.
///
/// A client that reconnects goes on after those that [pass](ClientError::is_temporary); any other is the end.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ClientError {
    /// The network connection could not be made.
    Connect {
        /// Where to.
        address: String,
        /// What the system says.
        error: Arc<io::Error>,
    },
    /// TLS cannot be used as it was asked for, before anything was sent.
    Tls(String),
    /// Something took too long.
    Timeout {
        /// What the client waited for.
        waiting_for: &'static str,
        /// For how long.
        patience: Duration,
    },
    /// The network failed.
    Io(Arc<io::Error>),
    /// The server closed the connection without a word.
    Closed,
    /// The connection ended before the first packet came, as it does if the server speaks TLS or another protocol.
    Ungreeted(Box<ClientError>),
    /// Nothing came, not even an answer to heartbeats.
    Silent {
        /// For how long.
        silence: Duration,
    },
    /// What the server sends cannot be cut into packets.
    Frame(FrameError),
    /// The server sent a packet that does not decode.
    Decode(DecodeError),
    /// The server sent a packet that the protocol does not have, or not now.
    NotAllowed(Refused<State>),
    /// A packet of the greeting or the login cannot be encoded: the name or the password that was given is empty or too long.
    Unsendable(EncodeError),
    /// The server answered the greeting with another result than `ok`.
    Greeting(game::Welcome),
    /// The server refused to make the account.
    RegisterRefused(RegisterResult),
    /// The server refused the login.
    LoginRefused {
        /// Why, for programs.
        result: LoginResult,
        /// Why, for people.
        message: String,
    },
    /// The server does not go on with the session, and nothing else is known to log in with.
    ResumeRefused(ResumeResult),
    /// The server answered a packet of the login with an error.
    Refused(game::Error),
    /// The server ended the connection.
    Kicked {
        /// Why, for programs.
        reason: KickReason,
        /// Why, for people.
        text: String,
    },
    /// The client logged out.
    LoggedOut,
    /// The client was closed by its user.
    Finished,
    /// The connection was lost and could not be made again.
    GaveUp {
        /// How often that was tried.
        attempts: u32,
        /// Why the last attempt failed.
        last: Box<ClientError>,
    },
}

impl ClientError {
    /// Whether another attempt may go better. Not so if the two sides do not understand each other, if the server refused who the
    /// player is, or if somebody wants the connection to be over.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Connect { .. }
            | Self::Timeout { .. }
            | Self::Io(_)
            | Self::Closed
            | Self::Silent { .. } => true,
            Self::Ungreeted(error) => error.is_temporary(),
            Self::Greeting(welcome) => matches!(
                welcome.result,
                WelcomeResult::SERVER_FULL | WelcomeResult::SHUTTING_DOWN
            ),
            Self::RegisterRefused(result) => *result == RegisterResult::UNAVAILABLE,
            Self::LoginRefused { result, .. } => matches!(
                *result,
                LoginResult::UNAVAILABLE | LoginResult::SERVER_FULL | LoginResult::ALREADY_ONLINE
            ),
            Self::ResumeRefused(result) => matches!(
                *result,
                ResumeResult::UNAVAILABLE | ResumeResult::SERVER_FULL
            ),
            Self::Refused(error) => matches!(
                error.code,
                game::ErrorCode::UNAVAILABLE | game::ErrorCode::RATE_LIMITED
            ),
            Self::Kicked { reason, .. } => matches!(
                *reason,
                KickReason::IDLE | KickReason::SLOW | KickReason::SHUTTING_DOWN
            ),
            Self::Tls(_)
            | Self::Frame(_)
            | Self::Decode(_)
            | Self::NotAllowed(_)
            | Self::Unsendable(_)
            | Self::LoggedOut
            | Self::Finished
            | Self::GaveUp { .. } => false,
        }
    }
}

impl fmt::Display for ClientError {
    // Text of the server is quoted, so that it cannot steer a terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect { address, error } => write!(
                f,
                "cannot connect to {address}: {error}; is the server running there?"
            ),
            Self::Tls(problem) => write!(f, "TLS: {problem}"),
            Self::Timeout {
                waiting_for,
                patience,
            } => write!(f, "waited {patience:?} for {waiting_for} in vain"),
            Self::Io(error) => write!(f, "the connection failed: {error}"),
            Self::Closed => f.write_str("the server closed the connection"),
            Self::Ungreeted(error) => write!(
                f,
                "{error}, before the server had said anything; does it speak TLS, or another protocol?"
            ),
            Self::Silent { silence } => write!(
                f,
                "nothing came from the server for {silence:?}, not even an answer to a heartbeat"
            ),
            Self::Frame(error) => write!(f, "the server broke the framing: {error}"),
            Self::Decode(error) => write!(f, "the server sent an invalid packet: {error}"),
            Self::NotAllowed(refused) => write!(f, "the server broke the protocol: {refused}"),
            Self::Unsendable(error) => write!(f, "cannot log in: {error}"),
            Self::Greeting(welcome) => greeting(f, welcome),
            Self::RegisterRefused(result) => {
                f.write_str("the server does not make the account: ")?;
                f.write_str(match *result {
                    RegisterResult::NAME_TAKEN => "the name is taken",
                    RegisterResult::NAME_NOT_ALLOWED => "the name is not allowed; choose another",
                    RegisterResult::WEAK_PASSWORD => {
                        "the password is too weak; choose a longer one"
                    }
                    RegisterResult::CLOSED => {
                        "registration is closed; log in with an account that is there"
                    }
                    RegisterResult::UNAVAILABLE => "accounts cannot be stored now; try later",
                    other => return write!(f, "result {}", other.0),
                })
            }
            Self::LoginRefused { result, message } => {
                f.write_str("the login was refused: ")?;
                named(f, result.name(), result.0)?;
                quoted(f, message)
            }
            Self::ResumeRefused(result) => {
                f.write_str("the session is not resumed: ")?;
                named(f, result.name(), result.0)?;
                f.write_str("; log in with the password")
            }
            Self::Refused(error) => refusal(f, error),
            Self::Kicked { reason, text } => {
                f.write_str("the server ended the connection: ")?;
                named(f, reason.name(), reason.0)?;
                quoted(f, text)
            }
            Self::LoggedOut => f.write_str("logged out"),
            Self::Finished => f.write_str("the client was closed"),
            Self::GaveUp { attempts, last } => {
                write!(f, "gave up after {attempts} attempts to reconnect: {last}")
            }
        }
    }
}

impl std::error::Error for ClientError {}

/// Why a packet was not taken for sending. The client goes on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SendError {
    /// A field has a value that cannot be represented.
    Encode(EncodeError),
    /// The session does not allow the packet now.
    NotAllowed(Refused<State>),
    /// The packet has to wait for the answer to another one, since it might arrive when it is not allowed any more.
    MustWait {
        /// The packet.
        packet: &'static str,
        /// What has no answer yet.
        behind: &'static str,
    },
    /// Too much waits to be written. [`Client::flush`](super::Client::flush) waits until it is.
    QueueFull {
        /// Packets that wait.
        packets: usize,
        /// Bytes that wait.
        bytes: usize,
    },
    /// The client has ended.
    Ended(ClientError),
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encode(error) => error.fmt(f),
            Self::NotAllowed(refused) => refused.fmt(f),
            Self::MustWait { packet, behind } => {
                write!(f, "`{packet}` has to wait for the answer to `{behind}`")
            }
            Self::QueueFull { packets, bytes } => write!(
                f,
                "the queue is full: {packets} packets, {bytes} bytes wait to be written"
            ),
            Self::Ended(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SendError {}

impl From<EncodeError> for SendError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

/// Why a request got no answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RequestError {
    /// It was not sent.
    Send(SendError),
    /// The packet asks for nothing.
    NoReply {
        /// The packet.
        packet: &'static str,
    },
    /// The server did not obey.
    Refused(game::Error),
    /// The server answered with a packet that is no answer to it.
    WrongReply {
        /// The packet.
        packet: &'static str,
    },
    /// The answer did not come in time. It is not known whether the server obeyed, unless the client was not connected: then the
    /// request was withdrawn.
    Timeout {
        /// The packet.
        packet: &'static str,
        /// How long the client waited.
        patience: Duration,
    },
    /// The connection was lost behind the request. It is not known whether the server obeyed, and the client does not
    /// ask again by itself.
    Lost {
        /// The packet.
        packet: &'static str,
    },
    /// The client has ended.
    Ended(ClientError),
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(error) => error.fmt(f),
            Self::NoReply { packet } => {
                write!(f, "`{packet}` has no answer: send it, and do not wait")
            }
            Self::Refused(error) => refusal(f, error),
            Self::WrongReply { packet } => {
                write!(
                    f,
                    "the server broke the protocol: it answered `{packet}` with a packet of another kind"
                )
            }
            Self::Timeout { packet, patience } => {
                write!(f, "no answer to `{packet}` came within {patience:?}")
            }
            Self::Lost { packet } => write!(
                f,
                "the connection was lost before the answer to `{packet}` came"
            ),
            Self::Ended(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for RequestError {}

impl From<SendError> for RequestError {
    fn from(error: SendError) -> Self {
        Self::Send(error)
    }
}

fn greeting(f: &mut fmt::Formatter<'_>, welcome: &game::Welcome) -> fmt::Result {
    let server = &welcome.server;
    match welcome.result {
        WelcomeResult::INCOMPATIBLE_SCHEMA => write!(
            f,
            "the server {server:?} has another schema: its fingerprint is {:016x}, this client's {FINGERPRINT:016x}; \
             build both from the same schema",
            welcome.fingerprint
        ),
        WelcomeResult::UNSUPPORTED_VERSION => write!(
            f,
            "the server {server:?} speaks version {} of the protocol and not version {}",
            welcome.version,
            super::PROTOCOL_VERSION
        ),
        WelcomeResult::SERVER_FULL => write!(f, "the server {server:?} is full; try later"),
        WelcomeResult::SHUTTING_DOWN => write!(f, "the server {server:?} is about to stop"),
        other => write!(
            f,
            "the server {server:?} refuses the greeting: result {}",
            other.0
        ),
    }
}

fn refusal(f: &mut fmt::Formatter<'_>, error: &game::Error) -> fmt::Result {
    write!(f, "the server refused packet {}: ", error.packet)?;
    named(f, error.code.name(), error.code.0)?;
    quoted(f, &error.text)
}

fn named(f: &mut fmt::Formatter<'_>, name: Option<&str>, value: u8) -> fmt::Result {
    match name {
        Some(name) => f.write_str(name),
        None => write!(f, "{value}"),
    }
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    if text.is_empty() {
        Ok(())
    } else {
        write!(f, " ({text:?})")
    }
}

/// A packet's name, for messages.
pub(super) const fn name_of(kind: Option<PacketKind>) -> &'static str {
    match kind {
        Some(kind) => kind.name(),
        None => "Unknown",
    }
}
