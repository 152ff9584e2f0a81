//! Passwords: which are too weak, how they are hashed, and how many at a time.
//!
//! In: passwords in clear and what is stored of them. Out: PHC strings of Argon2id, and whether a password is right.
//! This module knows neither accounts nor the database.
//!
//! A hash takes tens of milliseconds and megabytes on purpose, so no more are computed at a time than there are
//! permits, on threads that may block, and a bounded number waits. Whoever finds the waiting room full is told at once
//! that the server is busy. A password of nobody is compared with a hash made at the start, so that how long a login
//! takes does not tell whether there is such an account.
//!
//! Passwords are taken as the bytes they are, in no normal form; the copies that are made here are wiped.

use super::error::{StoreError, Trouble};
use crate::server::names;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::fmt;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::error;
use zeroize::Zeroizing;

/// Fewest characters of a password.
pub const MIN_PASSWORD_CHARS: usize = 8;

/// A password in clear, which is wiped when it is dropped.
pub(super) type Password = Zeroizing<String>;

/// How much work a hash is. The default is what OWASP recommends for Argon2id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB; at least 8 for each lane.
    pub memory_kib: u32,
    /// Passes over the memory; at least 1.
    pub passes: u32,
    /// Parts of the memory that could be filled at the same time; at least 1. They are filled one after the other.
    pub lanes: u32,
}

impl Default for PasswordCost {
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            passes: 2,
            lanes: 1,
        }
    }
}

/// Hashes and verifies, a limited number at a time.
#[derive(Clone, Debug)]
pub(super) struct Hasher {
    argon2: Argon2<'static>,
    /// A hash that no password is known for.
    decoy: Arc<str>,
    /// Seats of those who hash or wait for it.
    seats: Arc<Semaphore>,
    /// Those who may hash now.
    permits: Arc<Semaphore>,
}

/// A seat among those who hash or wait for it.
#[derive(Debug)]
pub(super) struct Seat(OwnedSemaphorePermit);

/// What a password is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Wrong,
    Right,
    /// Right, but hashed at another cost than is wanted now. This hash shall replace it.
    Outdated(String),
}

impl Hasher {
    /// Lets `permits` hash at a time and `waiters` wait. This hashes once itself.
    pub(super) fn new(
        cost: PasswordCost,
        permits: usize,
        waiters: usize,
    ) -> Result<Self, StoreError> {
        let argon2 = argon2(cost)?;
        let mut nobodys = Zeroizing::new([0; 32]);
        getrandom::fill(nobodys.as_mut()).map_err(StoreError::Random)?;
        let decoy = hash(&argon2, nobodys.as_ref()).map_err(|error| match error {
            HashError::Random(error) => StoreError::Random(error),
            HashError::Argon2(_) => OUT_OF_MEMORY,
        })?;
        Ok(Self {
            argon2,
            decoy: decoy.into(),
            seats: Arc::new(Semaphore::new(permits.saturating_add(waiters))),
            permits: Arc::new(Semaphore::new(permits)),
        })
    }

    /// A seat, if there is one.
    pub(super) fn enter(&self) -> Result<Seat, Trouble> {
        let seat = Arc::clone(&self.seats).try_acquire_owned();
        seat.map(Seat).map_err(|_| Trouble::Busy)
    }

    /// Hashes a new password.
    pub(super) async fn hash(&self, seat: Seat, password: Password) -> Result<String, Trouble> {
        let argon2 = self.argon2.clone();
        let hashed = self.compute(seat, move || hash(&argon2, password.as_bytes()));
        hashed.await?.map_err(|error| {
            error!(%error, "cannot hash a password");
            Trouble::Unavailable
        })
    }

    /// Compares a password with the stored hash, or with one of nobody if there is none.
    pub(super) async fn verify(
        &self,
        seat: Seat,
        password: Password,
        stored: Option<String>,
    ) -> Result<Verdict, Trouble> {
        let argon2 = self.argon2.clone();
        let decoy = Arc::clone(&self.decoy);
        let work = move || match &stored {
            Some(stored) => verify(&argon2, password.as_bytes(), stored),
            None => verify(&argon2, password.as_bytes(), &decoy).map(|_| Verdict::Wrong),
        };
        self.compute(seat, work).await?.map_err(|error| {
            error!(%error, "cannot verify a password");
            Trouble::Unavailable
        })
    }

    /// Waits for a permit, then for the work. Seat and permit stay taken until the work is done, even if nobody waits
    /// for it any more: what counts is what is computed.
    async fn compute<T: Send + 'static>(
        &self,
        seat: Seat,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Trouble> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|_| Trouble::Unavailable)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((permit, seat.0));
            done
        });
        // An error says that the runtime is shutting down.
        done.await.map_err(|_| Trouble::Unavailable)
    }
}

/// Whether a password is too short, or is the name.
pub(super) fn is_weak(password: &str, name: &str) -> bool {
    password.chars().count() < MIN_PASSWORD_CHARS
        || *Zeroizing::new(names::fold(password)) == names::fold(name)
}

const OUT_OF_MEMORY: StoreError = StoreError::Option {
    name: "password_cost",
    expected: "so low that the memory is there",
};

fn argon2(cost: PasswordCost) -> Result<Argon2<'static>, StoreError> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None);
    let params = params.map_err(|_| StoreError::Option {
        name: "password_cost",
        expected: "at least one pass, one lane, and 8 KiB of memory for each lane",
    })?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[derive(Debug)]
enum HashError {
    Random(getrandom::Error),
    /// Of Argon2, such as that there is no memory, or of the stored string.
    Argon2(password_hash::Error),
}

impl fmt::Display for HashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Random(error) => error.fmt(f),
            Self::Argon2(error) => error.fmt(f),
        }
    }
}

fn hash(argon2: &Argon2<'_>, password: &[u8]) -> Result<String, HashError> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(HashError::Random)?;
    let hash: PasswordHash = argon2
        .hash_password_with_salt(password, &salt)
        .map_err(HashError::Argon2)?;
    Ok(hash.to_string())
}

/// The comparison of the two hashes takes the same time wherever they differ.
fn verify(argon2: &Argon2<'_>, password: &[u8], stored: &str) -> Result<Verdict, HashError> {
    let stored = PasswordHash::new(stored).map_err(|error| HashError::Argon2(error.into()))?;
    match argon2.verify_password(password, &stored) {
        Ok(()) if is_current(argon2, &stored) => Ok(Verdict::Right),
        Ok(()) => hash(argon2, password).map(Verdict::Outdated),
        Err(password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
        Err(error) => Err(HashError::Argon2(error)),
    }
}

fn is_current(argon2: &Argon2<'_>, stored: &PasswordHash) -> bool {
    let wanted = argon2.params();
    let is_wanted = |params: &Params| {
        (params.m_cost(), params.t_cost(), params.p_cost())
            == (wanted.m_cost(), wanted.t_cost(), wanted.p_cost())
    };
    stored.algorithm == argon2::ARGON2ID_IDENT
        && stored.version == Some(Version::V0x13.into())
        && Params::try_from(stored).is_ok_and(|params| is_wanted(&params))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};
    use tokio::time::timeout;

    const CHEAP: PasswordCost = PasswordCost {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };

    fn hasher(cost: PasswordCost) -> Hasher {
        Hasher::new(cost, 1, 1).unwrap()
    }

    fn password(text: &str) -> Password {
        Zeroizing::new(text.to_owned())
    }

    async fn hash_of(hasher: &Hasher, text: &str) -> String {
        let seat = hasher.enter().unwrap();
        hasher.hash(seat, password(text)).await.unwrap()
    }

    async fn verdict(
        hasher: &Hasher,
        text: &str,
        stored: Option<&str>,
    ) -> Result<Verdict, Trouble> {
        let seat = hasher.enter().unwrap();
        hasher
            .verify(seat, password(text), stored.map(str::to_owned))
            .await
    }

    #[tokio::test]
    async fn tells_the_right_password_from_wrong_ones() {
        let hasher = hasher(CHEAP);
        let stored = hash_of(&hasher, "correct horse").await;
        let check = async |text| verdict(&hasher, text, Some(&stored)).await.unwrap();
        assert_eq!(check("correct horse").await, Verdict::Right);
        assert_eq!(check("correct hors").await, Verdict::Wrong);
        assert_eq!(check("").await, Verdict::Wrong);
    }

    #[tokio::test]
    async fn the_password_of_nobody_is_wrong() {
        assert_eq!(
            verdict(&hasher(CHEAP), "whatever", None).await,
            Ok(Verdict::Wrong)
        );
    }

    #[tokio::test]
    async fn the_password_of_nobody_is_as_much_work() {
        let hasher = hasher(PasswordCost {
            memory_kib: 1024,
            passes: 4,
            lanes: 1,
        });
        let stored = hash_of(&hasher, "correct horse").await;
        let fastest = async |stored: Option<&str>| {
            let mut fastest = Duration::MAX;
            for _ in 0..5 {
                let begun = Instant::now();
                assert_eq!(
                    verdict(&hasher, "wrong horse", stored).await,
                    Ok(Verdict::Wrong)
                );
                fastest = fastest.min(begun.elapsed());
            }
            fastest
        };
        let (somebody, nobody) = (fastest(Some(&stored)).await, fastest(None).await);
        // Others use the machine too; without the work it would be a hundredth.
        assert!(nobody > somebody / 4, "{nobody:?} against {somebody:?}");
    }

    #[tokio::test]
    async fn the_same_password_never_has_the_same_hash() {
        let hasher = hasher(CHEAP);
        assert_ne!(
            hash_of(&hasher, "correct horse").await,
            hash_of(&hasher, "correct horse").await
        );
    }

    #[tokio::test]
    async fn the_default_is_what_owasp_recommends() {
        let stored = hash_of(&hasher(PasswordCost::default()), "correct horse").await;
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_replaced() {
        let stored = hash_of(&hasher(CHEAP), "correct horse").await;
        let dearer = hasher(PasswordCost { passes: 2, ..CHEAP });
        let Ok(Verdict::Outdated(replacement)) =
            verdict(&dearer, "correct horse", Some(&stored)).await
        else {
            panic!("the old hash is kept");
        };
        assert_eq!(
            verdict(&dearer, "correct horse", Some(&replacement)).await,
            Ok(Verdict::Right)
        );
        assert_eq!(
            verdict(&dearer, "wrong horse", Some(&stored)).await,
            Ok(Verdict::Wrong)
        );
    }

    #[tokio::test]
    async fn a_stored_hash_that_is_none_makes_logins_unavailable() {
        assert_eq!(
            verdict(&hasher(CHEAP), "whatever", Some("plain")).await,
            Err(Trouble::Unavailable)
        );
    }

    #[tokio::test]
    async fn who_finds_no_place_is_told_at_once() {
        let hasher = hasher(CHEAP);
        let first = hasher.enter().unwrap();
        let second = hasher.enter().unwrap();
        assert_eq!(hasher.enter().unwrap_err(), Trouble::Busy);
        drop(first);
        hasher
            .hash(second, password("correct horse"))
            .await
            .unwrap();
        assert!(hasher.enter().is_ok());
    }

    #[tokio::test]
    async fn who_has_a_place_waits_for_a_permit() {
        let hasher = hasher(CHEAP);
        let permit = Arc::clone(&hasher.permits).acquire_owned().await.unwrap();
        let seat = hasher.enter().unwrap();
        let mut waiting = Box::pin(hasher.hash(seat, password("correct horse")));
        timeout(Duration::from_millis(20), &mut waiting)
            .await
            .unwrap_err();
        drop(permit);
        waiting.await.unwrap();
    }

    #[test]
    fn weak_passwords_are_short_or_the_name() {
        assert!(is_weak("", "ada"));
        assert!(is_weak("seven77", "ada"));
        assert!(!is_weak("eight888", "ada"));
        assert!(!is_weak("여덟글자비밀번호", "ada"));
        assert!(
            is_weak("일곱글자비밀번", "ada"),
            "characters count, not bytes"
        );
        assert!(is_weak("ADA LOVELACE", "Ada Lovelace"));
    }

    #[test]
    fn refuses_a_cost_that_argon2_does_not_have() {
        let cost = PasswordCost {
            memory_kib: 7,
            ..CHEAP
        };
        let error = Hasher::new(cost, 1, 1).unwrap_err();
        assert!(error.to_string().contains("password_cost"), "{error}");
    }
}
