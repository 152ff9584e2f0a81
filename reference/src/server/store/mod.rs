//! Accounts, tokens and guilds, kept in an SQLite database.
//!
//! In: names, passwords and tokens as players sent them, numbers of players. Out: who they are, and what became of
//! guilds, once it is on disk. The store knows neither connections nor who is online, nor the protocol.
//!
//! ```text
//!                  .--> password: blocking threads, as many as there are permits
//! callers --> Store
//!                  '--> thread: a queue, one transaction for all that wait --> accounts, tokens, guilds
//! ```
//!
//! | Module | Purpose |
//! |---|---|
//! | [`names`] | what a name may be, and which names are the same one |
//! | `options` | how a store behaves |
//! | `password` | which passwords are too weak, hashing them |
//! | `thread` | the thread that owns the database, group commit |
//! | `database`, `migrations` | the file, its settings, its tables |
//! | `accounts`, `tokens`, `guilds` | the rows, and the rules that they keep |
//! | `error` | why something was not done |
//!
//! An answer means that what it says is on disk. If there is no answer, because the future was dropped or the process
//! ended, the request may have been carried out. While the database does not work (the disk is full, another program
//! has locked it), requests are refused as unavailable, and served again when it does.

mod accounts;
mod database;
mod error;
mod guilds;
mod migrations;
mod options;
mod password;
#[cfg(test)]
mod tests;
mod thread;
mod tokens;

pub(super) use database::create_folder;
pub use database::{FILE_NAME, Place};
pub use error::{GuildError, LoginError, RegisterError, ResumeError, StoreError};
pub use guilds::{
    Departure, Guild, GuildPage, Invitation, MAX_INVITATIONS, MAX_PAGE, MAX_WARS, War,
};
pub use options::{Clock, Options};
pub use password::{MIN_PASSWORD_CHARS, PasswordCost};
pub use tokens::{Device, Token};

use super::player::Player;
use crate::server::names::{self, Name};
use error::Fault::Refused;
use error::Trouble;
use password::{Hasher, Verdict};
use rusqlite::Connection;
use std::fmt;
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Duration;
use thread::Thread;
use tokens::Terms;
use zeroize::Zeroizing;

/// A handle on the store. Clones share it.
///
/// The futures need a tokio runtime only where passwords are hashed.
///
/// ```
/// use reference::server::store::{LoginError, Options, Place, Store};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = Store::open(&Place::Memory, Options::default())?;
/// let device = [7; 16];
/// let ada = store.register("Ada", "correct horse").await?;
/// let grant = store.login_by_password("ada", "correct horse", device).await?;
/// assert_eq!(grant.player.id, ada);
///
/// // A token is good once, and brings another one.
/// let next = store.login_by_token("ada", grant.token, device).await?;
/// let refused = store.login_by_token("ada", grant.token, device).await;
/// assert_eq!(refused.unwrap_err(), LoginError::BadCredentials);
/// store.resume(next.token, device).await?;
/// store.close().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Store {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    thread: Thread,
    hasher: Hasher,
    registration: bool,
    terms: Terms,
    max_guild_members: NonZeroU16,
}

/// What a player has who was let in.
#[derive(Clone)]
pub struct Grant {
    /// Who it is.
    pub player: Player,
    /// Resumes the session or logs in again. The device's earlier token is void.
    pub token: Token,
    /// For how long the token is good from now on, in whole seconds.
    pub lifetime: Duration,
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The token is a secret, and this ends up in logs.
        f.debug_struct("Grant")
            .field("player", &self.player)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database, makes it if it is not there, brings its tables up to date and starts the store's thread.
    /// This does IO and hashes a password once, so it blocks for some time.
    ///
    /// # Errors
    /// An option is out of range, or the database cannot be made, opened or used.
    pub fn open(place: &Place, options: Options) -> Result<Self, StoreError> {
        let lifetime = options.check()?;
        let permits = options.password_permits.get();
        let hasher = Hasher::new(options.password_cost, permits, options.password_waiters)?;
        let db = database::open(place, options.busy_timeout)?;
        let thread = Thread::start(db, options.queue.get(), options.clock);
        let shared = Shared {
            thread: thread.map_err(StoreError::Thread)?,
            hasher,
            registration: options.registration,
            terms: Terms {
                lifetime,
                max_devices: options.max_devices,
            },
            max_guild_members: options.max_guild_members,
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// Makes an account and says its number. See [`names`] for what a name may be; a password has at least
    /// [`MIN_PASSWORD_CHARS`] characters and is not the name, by the same comparison as names.
    ///
    /// # Errors
    /// The name or the password is not allowed, the name is taken, or accounts cannot be made.
    pub async fn register(&self, name: &str, password: &str) -> Result<u32, RegisterError> {
        if !self.shared.registration {
            return Err(RegisterError::Closed);
        }
        let name = Name::parse(name).map_err(|_| RegisterError::NameNotAllowed)?;
        if password::is_weak(password, name.text()) {
            return Err(RegisterError::WeakPassword);
        }
        let password = Zeroizing::new(password.to_owned());
        let seat = self.shared.hasher.enter()?;
        // Registering tells anyway whether a name is taken, so the work of hashing is saved if it is.
        let fold = name.fold().to_owned();
        let thread = &self.shared.thread;
        thread
            .read(move |db, _| match accounts::find(db, &fold)? {
                Some(_) => Err(Refused(RegisterError::NameTaken)),
                None => Ok(()),
            })
            .await?;
        let hash = self.shared.hasher.hash(seat, password).await?;
        thread
            .write(move |db, now| accounts::create(db, now, &name, &hash))
            .await
    }

    /// Lets in a player by name and password. It takes as long for a name that nobody has.
    ///
    /// # Errors
    /// Name or password is wrong, or this cannot be found out now.
    pub async fn login_by_password(
        &self,
        name: &str,
        password: &str,
        device: Device,
    ) -> Result<Grant, LoginError> {
        let password = Zeroizing::new(password.to_owned());
        let fold = names::fold(name);
        let seat = self.shared.hasher.enter()?;
        let thread = &self.shared.thread;
        let account: Result<_, LoginError> = thread
            .read(move |db, _| Ok(accounts::find(db, &fold)?))
            .await;
        let (player, stored) = match account? {
            Some(account) => (Some(account.player), Some(account.password)),
            None => (None, None),
        };
        let verdict = self.shared.hasher.verify(seat, password, stored.clone());
        let replacement = match verdict.await? {
            Verdict::Wrong => return Err(LoginError::BadCredentials),
            Verdict::Right => None,
            Verdict::Outdated(hash) => Some(hash),
        };
        let (Some(player), Some(stored)) = (player, stored) else {
            return Err(LoginError::BadCredentials);
        };
        let token = tokens::draw()?;
        let hash = tokens::digest(&token);
        let terms = self.shared.terms;
        let id = player.id;
        let issued: Result<(), LoginError> = thread
            .write(move |db, now| {
                if let Some(replacement) = &replacement {
                    accounts::replace_password(db, id, &stored, replacement)?;
                }
                Ok(tokens::issue(db, now, id, &device, &hash, terms)?)
            })
            .await;
        issued?;
        Ok(self.grant(player, token))
    }

    /// Lets in a player by a token, which has to be that player's and that device's and is replaced.
    ///
    /// # Errors
    /// The token is not good for this player on this device, or this cannot be found out now.
    pub async fn login_by_token(
        &self,
        name: &str,
        token: Token,
        device: Device,
    ) -> Result<Grant, LoginError> {
        let fold = names::fold(name);
        let judge = move |holder: Option<&tokens::Holder>, now| match holder {
            Some(holder) if holder.fold == fold && holder.device == device => {
                if now < holder.expires_at {
                    Ok(())
                } else {
                    Err(LoginError::ExpiredToken)
                }
            }
            _ => Err(LoginError::BadCredentials),
        };
        self.rotate(&token, device, judge).await
    }

    /// Finds out whose session a token continues, and replaces it.
    ///
    /// # Errors
    /// The token is not good on this device, or this cannot be found out now.
    pub async fn resume(&self, token: Token, device: Device) -> Result<Grant, ResumeError> {
        let judge = move |holder: Option<&tokens::Holder>, now| match holder {
            None => Err(ResumeError::UnknownToken),
            // First of all, so that a stranger does not learn whether the token is still good.
            Some(holder) if holder.device != device => Err(ResumeError::WrongDevice),
            Some(holder) if now < holder.expires_at => Ok(()),
            Some(_) => Err(ResumeError::ExpiredToken),
        };
        self.rotate(&token, device, judge).await
    }

    /// Makes a token worth nothing, whoever has it. One that is not known is worth nothing already.
    ///
    /// # Errors
    /// The database does not work now, or too many requests wait.
    pub async fn revoke(&self, token: Token) -> Result<(), StoreError> {
        let hash = tokens::digest(&token);
        let thread = &self.shared.thread;
        thread
            .write(move |db, _| Ok(tokens::revoke(db, &hash)?))
            .await
    }

    /// Gives or takes the right to broadcast, from the player's next login on. `false` says that nobody has this name.
    ///
    /// # Errors
    /// The database does not work now, or too many requests wait.
    pub async fn grant_broadcast(&self, name: &str, may: bool) -> Result<bool, StoreError> {
        let fold = names::fold(name);
        let thread = &self.shared.thread;
        thread
            .write(move |db, _| Ok(accounts::set_broadcast(db, &fold, may)?))
            .await
    }

    /// The player who has this name, or one that counts as the same.
    ///
    /// # Errors
    /// The database does not work now, or too many requests wait.
    pub async fn player_named(&self, name: &str) -> Result<Option<Player>, StoreError> {
        let fold = names::fold(name);
        let thread = &self.shared.thread;
        let find =
            move |db: &Connection, _| Ok(accounts::find(db, &fold)?.map(|account| account.player));
        thread.read(find).await
    }

    /// Founds a guild that `player` leads, and says its number. Name and tag keep the rules of [`names`], with 1 to 32
    /// bytes the one and 2 to 12 the other; no two guilds have the same name or the same tag.
    ///
    /// # Errors
    /// `InvalidArgument` for the name or the tag; `AlreadyExists` if one is taken or the player is in a guild.
    pub async fn create_guild(
        &self,
        player: u32,
        name: &str,
        tag: &str,
    ) -> Result<u32, GuildError> {
        let name = Name::parse(name).map_err(|_| GuildError::InvalidArgument)?;
        let tag = Name::parse_tag(tag).map_err(|_| GuildError::InvalidArgument)?;
        let thread = &self.shared.thread;
        thread
            .write(move |db, now| guilds::create(db, now, player, &name, &tag))
            .await
    }

    /// Lets `player` join the guild that `by` leads.
    ///
    /// # Errors
    /// `PermissionDenied` if `by` leads no guild, `NotFound` if there is no such player, `AlreadyExists` if the player
    /// is a member.
    pub async fn invite_to_guild(&self, by: u32, player: u32) -> Result<Invitation, GuildError> {
        let thread = &self.shared.thread;
        thread
            .write(move |db, _| guilds::invite(db, by, player))
            .await
    }

    /// Makes a player a member of a guild that has invited them.
    ///
    /// # Errors
    /// `NotFound` if there is no such guild, `AlreadyExists` if the player is in one, `PermissionDenied` without an
    /// invitation, `Full` if the guild has [`Options::max_guild_members`].
    pub async fn join_guild(&self, player: u32, guild: u32) -> Result<(), GuildError> {
        let max = self.shared.max_guild_members.get();
        let thread = &self.shared.thread;
        thread
            .write(move |db, _| guilds::join(db, player, guild, max))
            .await
    }

    /// Ends a player's membership. If the player leads the guild, who has been a member for longest does from now on;
    /// with its last member a guild ends, and so do its wars.
    ///
    /// # Errors
    /// `NotFound` if the player is in no guild.
    pub async fn leave_guild(&self, player: u32) -> Result<Departure, GuildError> {
        let thread = &self.shared.thread;
        thread.write(move |db, _| guilds::leave(db, player)).await
    }

    /// The guilds whose numbers are larger than `after`, in their order: `limit` of them, between 1 and [`MAX_PAGE`].
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn list_guilds(&self, after: u32, limit: u16) -> Result<GuildPage, GuildError> {
        let thread = &self.shared.thread;
        thread
            .read(move |db, _| Ok(guilds::list(db, after, limit)?))
            .await
    }

    /// Declares war on the guild `enemy`, for the guild that `player` leads.
    ///
    /// # Errors
    /// `PermissionDenied` if the player leads no guild, `InvalidArgument` for the own one, `NotFound` if there is no such
    /// enemy, `AlreadyExists` if the two are at war, whoever declared it, `Full` if one of them is in [`MAX_WARS`].
    pub async fn start_war(&self, player: u32, enemy: u32) -> Result<War, GuildError> {
        let thread = &self.shared.thread;
        thread
            .write(move |db, now| guilds::start_war(db, now, player, enemy))
            .await
    }

    /// Ends the war with `enemy` that was declared by the guild that `player` leads.
    ///
    /// # Errors
    /// `PermissionDenied` if the player leads no guild or the enemy declared the war, `NotFound` if there is none.
    pub async fn end_war(&self, player: u32, enemy: u32) -> Result<War, GuildError> {
        let thread = &self.shared.thread;
        thread
            .write(move |db, _| guilds::end_war(db, player, enemy))
            .await
    }

    /// The players in a guild, those who have been members for longest first; none if there is no such guild.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn guild_members(&self, guild: u32) -> Result<Vec<u32>, GuildError> {
        let thread = &self.shared.thread;
        thread
            .read(move |db, _| Ok(guilds::members(db, guild)?))
            .await
    }

    /// The guild that a player is in.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn guild_of(&self, player: u32) -> Result<Option<u32>, GuildError> {
        let thread = &self.shared.thread;
        thread
            .read(move |db, _| Ok(guilds::guild_of(db, player)?))
            .await
    }

    /// Serves what waits, then closes the database. What clones of this handle ask afterwards is unavailable.
    pub async fn close(self) {
        self.shared.thread.close().await;
    }

    /// Lets in the holder of a token if `judge` has nothing against it, and replaces the token, in one transaction.
    async fn rotate<E>(
        &self,
        token: &Token,
        device: Device,
        judge: impl Fn(Option<&tokens::Holder>, i64) -> Result<(), E> + Send + 'static,
    ) -> Result<Grant, E>
    where
        E: From<Trouble> + Send + 'static,
    {
        let old = tokens::digest(token);
        let token = tokens::draw()?;
        let new = tokens::digest(&token);
        let terms = self.shared.terms;
        let rotated = self.shared.thread.write(move |db, now| {
            let holder = tokens::find(db, &old)?;
            judge(holder.as_ref(), now).map_err(Refused)?;
            if let Some(holder) = &holder {
                tokens::issue(db, now, holder.player.id, &device, &new, terms)?;
            }
            Ok(holder.map(|holder| holder.player))
        });
        let player = rotated.await?;
        let player = player.ok_or(Trouble::Unavailable)?;
        Ok(self.grant(player, token))
    }

    fn grant(&self, player: Player, token: Token) -> Grant {
        Grant {
            player,
            token,
            lifetime: Duration::from_secs(self.shared.terms.lifetime.into()),
        }
    }
}
