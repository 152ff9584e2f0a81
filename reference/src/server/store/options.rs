//! How a store behaves, and by which clock.

use super::error::StoreError;
use super::password::PasswordCost;
use std::fmt;
use std::num::{NonZeroU16, NonZeroUsize};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::Semaphore;

/// How a store behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether accounts are made.
    pub registration: bool,
    /// For how long a token is good, in whole seconds from 1 to 4,294,967,295.
    pub token_lifetime: Duration,
    /// Devices of a player that have a token at a time. With a further one, that which did not log in for longest has
    /// to use the password again.
    pub max_devices: NonZeroU16,
    /// How much work the hash of a password is. Stored ones of another cost are replaced when their players log in.
    pub password_cost: PasswordCost,
    /// Passwords that are hashed at a time. Each takes a core, and the memory of [`PasswordCost`].
    pub password_permits: NonZeroUsize,
    /// Further passwords that wait to be hashed. What comes on top is refused at once.
    pub password_waiters: usize,
    /// Requests that wait for the database. What comes on top is refused at once.
    pub queue: NonZeroUsize,
    /// How long a request waits for a database that another program has locked, before it is refused.
    pub busy_timeout: Duration,
    /// Members of a guild.
    pub max_guild_members: NonZeroU16,
    /// What time it is.
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            registration: true,
            token_lifetime: Duration::from_secs(24 * 60 * 60),
            max_devices: at_least_one(16),
            password_cost: PasswordCost::default(),
            password_permits: thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            password_waiters: 64,
            queue: NonZeroUsize::MIN.saturating_add(8191),
            busy_timeout: Duration::from_millis(500),
            max_guild_members: at_least_one(500),
            clock: Clock::default(),
        }
    }
}

impl Options {
    /// Judges what a type alone does not, and gives the lifetime of tokens in seconds.
    pub(super) fn check(&self) -> Result<u32, StoreError> {
        let refuse = |name, expected| Err(StoreError::Option { name, expected });
        if self.busy_timeout > Duration::from_secs(60) {
            return refuse("busy_timeout", "a minute at most");
        }
        // What tokio's channels and semaphores can count.
        let most = Semaphore::MAX_PERMITS;
        if self.queue.get() > most {
            return refuse("queue", "a number of requests that fit into memory");
        }
        if self.password_waiters > most / 2 || self.password_permits.get() > most / 2 {
            return refuse(
                "password_permits and password_waiters",
                "numbers that fit into memory",
            );
        }
        match u32::try_from(self.token_lifetime.as_secs()) {
            Ok(seconds @ 1..) => Ok(seconds),
            _ => refuse(
                "token_lifetime",
                "between one second and 4294967295 seconds",
            ),
        }
    }
}

const fn at_least_one(value: u16) -> NonZeroU16 {
    NonZeroU16::MIN.saturating_add(value - 1)
}

/// Says what time it is. The default is the system's clock.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    /// A clock of one's own.
    pub fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Seconds since 1970; 0 for all that was before.
    pub(super) fn now(&self) -> i64 {
        let since = (self.0)().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(SystemTime::now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(change: impl FnOnce(&mut Options), name: &str) {
        let mut options = Options::default();
        change(&mut options);
        let error = options.check().unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
    }

    #[test]
    fn the_defaults_are_allowed() {
        assert_eq!(Options::default().check().unwrap(), 86_400);
    }

    #[test]
    fn refuses_what_is_out_of_range() {
        refused(
            |options| options.token_lifetime = Duration::from_millis(999),
            "token_lifetime",
        );
        refused(
            |options| options.token_lifetime = Duration::from_secs(1 << 32),
            "token_lifetime",
        );
        refused(|options| options.queue = NonZeroUsize::MAX, "queue");
        refused(
            |options| options.password_waiters = usize::MAX,
            "password_waiters",
        );
        refused(
            |options| options.busy_timeout = Duration::from_secs(61),
            "busy_timeout",
        );
    }

    #[test]
    fn before_1970_it_is_1970() {
        assert_eq!(Clock::new(|| UNIX_EPOCH - Duration::from_secs(1)).now(), 0);
        assert_eq!(Clock::new(|| UNIX_EPOCH + Duration::from_secs(7)).now(), 7);
    }
}
