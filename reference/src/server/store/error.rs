//! Why the store did not do what it was asked for.
//!
//! Each error says what its caller can tell a player. What went wrong inside, such as SQLite's own words, goes to the
//! log only. None of these texts has a secret in it.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a store cannot be opened, or not be asked now.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// An option is out of its range.
    Option {
        /// Name of the option.
        name: &'static str,
        /// What it has to be.
        expected: &'static str,
    },
    /// The folder or the file in it cannot be made.
    Create {
        /// What cannot be made.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The database cannot be opened, read or brought up to date.
    Database {
        /// Where it is.
        path: PathBuf,
        /// What SQLite says.
        error: rusqlite::Error,
    },
    /// The file is an SQLite database, but of another program.
    Foreign {
        /// Where it is.
        path: PathBuf,
        /// The number by which that program marks its files; 0 for none.
        application: i32,
    },
    /// A later version of the server wrote the database.
    TooNew {
        /// Where it is.
        path: PathBuf,
        /// Version of the database.
        found: i32,
        /// The latest version that this server knows.
        known: i32,
    },
    /// The database is damaged.
    Damaged {
        /// Where it is.
        path: PathBuf,
        /// What SQLite found first.
        found: String,
    },
    /// The file system does not support write-ahead logging.
    NoWriteAheadLog {
        /// Where the database is.
        path: PathBuf,
    },
    /// The system starts no thread.
    Thread(io::Error),
    /// The system has no random numbers.
    Random(getrandom::Error),
    /// The database does not work now, or the store was closed. Later it may work.
    Unavailable,
    /// Too many requests wait already.
    Busy,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option { name, expected } => {
                write!(f, "the store's option {name} must be {expected}")
            }
            Self::Create { path, error } => write!(f, "cannot create {}: {error}", path.display()),
            Self::Database { path, error } => {
                write!(f, "cannot use the database {}: {error}", path.display())
            }
            Self::Foreign { path, application } => write!(
                f,
                "{} is a database of another program (application id {application:#010x}); choose another folder",
                path.display()
            ),
            Self::TooNew { path, found, known } => write!(
                f,
                "the database {} has version {found}, this server knows versions up to {known}; run the server that \
                 wrote it, or a later one",
                path.display()
            ),
            Self::Damaged { path, found } => write!(
                f,
                "the database {} is damaged: {found}; restore it from a copy",
                path.display()
            ),
            Self::NoWriteAheadLog { path } => write!(
                f,
                "the file system of {} does not support write-ahead logging; choose a folder on a local disk",
                path.display()
            ),
            Self::Thread(error) => write!(f, "cannot start the store's thread: {error}"),
            Self::Random(error) => write!(f, "cannot draw random numbers: {error}"),
            Self::Unavailable => f.write_str(UNAVAILABLE),
            Self::Busy => f.write_str(BUSY),
        }
    }
}

impl std::error::Error for StoreError {}

const UNAVAILABLE: &str = "the database does not work now";
const BUSY: &str = "too many requests wait already";

/// Why no account was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterError {
    /// Somebody has this name, or one that counts as the same.
    NameTaken,
    /// No account may have this name: see [`names`](super::names).
    NameNotAllowed,
    /// The password is too short or is the name.
    WeakPassword,
    /// Accounts are not made here.
    Closed,
    /// The account cannot be stored now, or too many others are being made.
    Unavailable,
}

/// Why a player was not logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginError {
    /// The name, the password or the token is wrong, or the token belongs to another player or device.
    BadCredentials,
    /// The token was good once.
    ExpiredToken,
    /// The account cannot be looked up now.
    Unavailable,
    /// Too many logins wait already.
    Busy,
}

/// Why a session does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResumeError {
    /// The token was never good, has been replaced or revoked, or expired long ago.
    UnknownToken,
    /// The token was good once.
    ExpiredToken,
    /// The token belongs to another device.
    WrongDevice,
    /// The token cannot be looked up now, or too many requests wait already.
    Unavailable,
}

/// Why a request about guilds was not obeyed. The protocol's `ErrorCode` has a value of the same name for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuildError {
    /// What it names is not there, or the player is in no guild.
    NotFound,
    /// The name or the tag is taken, the player is in a guild already, or the war is on already.
    AlreadyExists,
    /// The player does not lead the guild, or was not invited.
    PermissionDenied,
    /// The guild has no place for another member or another war.
    Full,
    /// No guild may have this name or tag, or wage war on itself.
    InvalidArgument,
    /// The database does not work now, or too many requests wait already.
    Unavailable,
}

/// Why a request was not served, whatever it asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Unavailable,
    Busy,
}

/// Why the work on a request did not come to its end: it is refused, or the database failed.
#[derive(Debug)]
pub(super) enum Fault<E> {
    Refused(E),
    Database(rusqlite::Error),
}

impl<E> From<rusqlite::Error> for Fault<E> {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

/// Texts for people, and what trouble means to each kind of request.
macro_rules! refusals {
    ($($error:ident { $($variant:ident: $text:expr,)+ } busy: $busy:ident;)+) => {$(
        impl fmt::Display for $error {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$variant => $text,)+
                })
            }
        }

        impl std::error::Error for $error {}

        impl From<Trouble> for $error {
            fn from(trouble: Trouble) -> Self {
                match trouble {
                    Trouble::Unavailable => Self::Unavailable,
                    Trouble::Busy => Self::$busy,
                }
            }
        }
    )+};
}

refusals! {
    RegisterError {
        NameTaken: "this name is taken",
        NameNotAllowed: "a name has 1 to 32 bytes of letters, digits, single spaces and the signs _ - . '",
        WeakPassword: "a password has at least 8 characters and is not the name",
        Closed: "accounts are not made here",
        Unavailable: UNAVAILABLE,
    } busy: Unavailable;

    LoginError {
        BadCredentials: "the name, the password or the token is wrong",
        ExpiredToken: "the token has expired; log in by password",
        Unavailable: UNAVAILABLE,
        Busy: BUSY,
    } busy: Busy;

    ResumeError {
        UnknownToken: "the token is not known",
        ExpiredToken: "the token has expired; log in again",
        WrongDevice: "the token belongs to another device",
        Unavailable: UNAVAILABLE,
    } busy: Unavailable;

    GuildError {
        NotFound: "there is no such guild or player",
        AlreadyExists: "this is there already",
        PermissionDenied: "the player may not do this",
        Full: "there is no place left",
        InvalidArgument: "this name, tag or guild makes no sense here",
        Unavailable: UNAVAILABLE,
    } busy: Unavailable;
}

impl From<Trouble> for StoreError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unavailable => Self::Unavailable,
            Trouble::Busy => Self::Busy,
        }
    }
}
