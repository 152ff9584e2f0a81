//! Accounts that checks borrow.
//!
//! Registering and logging in by password are costly on purpose, and a server may count them. So accounts are made when
//! they are needed first, lent to one check at a time, and logged in by token from their second time on.

use super::check::{Outcome, Stop};
use super::trial::{Trial, lock};
use crate::game::{RegisterRequest, RegisterResponse, RegisterResult};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The most accounts that a run registers for its checks to borrow.
const MOST: u32 = 8;

/// The password of all accounts that are registered here. It is long, so that no server finds it weak; nobody has
/// anything of these accounts.
pub(super) const PASSWORD: &str = "Conformance-14-suite!";

/// What a player logs in with.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) password: String,
    pub(super) device: [u8; 16],
    /// The latest that the server gave for the device.
    pub(super) token: Option<[u8; 32]>,
}

/// All accounts of a run.
#[derive(Debug)]
pub(super) struct Players {
    free: Arc<Mutex<Vec<Account>>>,
    permits: Arc<Semaphore>,
    total: u32,
    /// Whether accounts are registered when none is free.
    registers: bool,
}

/// An account that nobody else uses now. It goes back when this is dropped.
#[derive(Debug)]
pub(super) struct Lent {
    account: Account,
    free: Arc<Mutex<Vec<Account>>>,
    _permit: OwnedSemaphorePermit,
}

impl Account {
    /// An account with a device of its own.
    pub(super) fn new(name: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            password: password.into(),
            device: device(),
            token: None,
        }
    }
}

/// Bytes that no other device has.
pub(super) fn device() -> [u8; 16] {
    let mut device = [0; 16];
    // Without randomness all accounts share a device, which is allowed.
    let _ = getrandom::fill(&mut device);
    device
}

impl Players {
    /// Players with accounts that are there already; if there are none, they are registered.
    pub(super) fn new(accounts: &[(String, String)]) -> Self {
        let free: Vec<Account> = accounts
            .iter()
            .map(|(name, password)| Account::new(name, password))
            .collect();
        let registers = free.is_empty();
        let total = if registers {
            MOST
        } else {
            u32::try_from(free.len()).unwrap_or(MOST)
        };
        Self {
            free: Arc::new(Mutex::new(free)),
            permits: Arc::new(Semaphore::new(total as usize)),
            total,
            registers,
        }
    }

    /// Waits for `count` accounts at once, so that two checks cannot wait for each other.
    pub(super) async fn lend(&self, trial: &Trial, count: u32) -> Outcome<Vec<Lent>> {
        if count > self.total {
            return Err(Stop::skipped(format!(
                "needs {count} accounts: give --account NAME:PASSWORD as often"
            )));
        }
        let permits = Arc::clone(&self.permits).acquire_many_owned(count).await;
        let Ok(mut permits) = permits else {
            return Err(Stop::skipped("the run is over"));
        };
        let mut lent = Vec::new();
        while let Some(permit) = permits.split(1) {
            let account = lock(&self.free).pop();
            let account = match account {
                Some(account) => account,
                None if self.registers => register(trial).await?,
                None => return Err(Stop::skipped("no account is free")),
            };
            lent.push(Lent {
                account,
                free: Arc::clone(&self.free),
                _permit: permit,
            });
        }
        Ok(lent)
    }
}

/// Registers an account on a connection of its own.
async fn register(trial: &Trial) -> Outcome<Account> {
    let (mut peer, _) = trial.greeted("registrar").await?;
    let account = Account::new(trial.fresh_name(), PASSWORD);
    let request = peer.next_number();
    let (name, password) = (account.name.clone(), account.password.clone());
    let response = peer
        .ask::<RegisterResponse>(RegisterRequest {
            request,
            name,
            password,
        })
        .await?;
    match response.result {
        RegisterResult::OK => Ok(account),
        RegisterResult::CLOSED => Err(Stop::skipped(
            "the server makes no accounts: give --account NAME:PASSWORD twice",
        )),
        other => Err(Stop::failed(
            "RegisterResponse with `ok` for a new name and a long password",
            format!("RegisterResponse with {other:?}"),
        )),
    }
}

impl Deref for Lent {
    type Target = Account;

    fn deref(&self) -> &Account {
        &self.account
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Account {
        &mut self.account
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        lock(&self.free).push(self.account.clone());
    }
}
