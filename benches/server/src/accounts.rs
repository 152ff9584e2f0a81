//! Accounts that can log in by token at once.
//!
//! They are put into the server's own store by its own code, but with passwords that are hashed with next to no work: nobody
//! logs in by them here.

use crate::Missing;
use reference::load::{self, Tokens};
use reference::server::store::{Options, PasswordCost, Place, Store};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::runtime;

/// How the accounts are called.
pub fn accounts() -> load::Accounts {
    load::Accounts {
        prefix: "bench".to_owned(),
        password: "a quick brown fox 7".to_owned(),
        tokens: None,
    }
}

/// A folder with accounts and their tokens. Tokens are good for one login, so it is copied for each server.
#[derive(Debug)]
pub struct Seed(TempDir);

impl Seed {
    /// So many accounts, of which the first one may broadcast.
    ///
    /// # Errors
    /// The folder cannot be written, or the store does not take them.
    pub fn new(count: usize) -> Result<Self, Missing> {
        let folder = tempfile::tempdir()?;
        let runtime = runtime::Builder::new_current_thread().build()?;
        let tokens = runtime.block_on(fill(folder.path(), count))?;
        tokens.save(&folder.path().join(TOKENS))?;
        Ok(Self(folder))
    }

    /// A copy for a server of its own.
    ///
    /// # Errors
    /// It cannot be copied.
    pub fn copy(&self) -> Result<Copy, Missing> {
        let copy = tempfile::tempdir()?;
        for entry in fs::read_dir(self.0.path())? {
            let entry = entry?;
            fs::copy(entry.path(), copy.path().join(entry.file_name()))?;
        }
        Ok(Copy(copy))
    }
}

/// A copy of the accounts.
#[derive(Debug)]
pub struct Copy(TempDir);

impl Copy {
    /// The folder for the server.
    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// The file of tokens for the generator.
    pub fn tokens(&self) -> PathBuf {
        self.0.path().join(TOKENS)
    }
}

const TOKENS: &str = "tokens";

async fn fill(folder: &Path, count: usize) -> Result<Tokens, Missing> {
    let options = Options {
        password_cost: PasswordCost {
            memory_kib: 8,
            passes: 1,
            lanes: 1,
        },
        ..Options::default()
    };
    let store = Store::open(&Place::Folder(folder.to_owned()), options)?;
    let accounts = accounts();
    let mut tokens = Tokens::none()?;
    let numbers: Vec<usize> = (0..count).collect();
    // Each commit is for all that wait, so that many have to.
    for numbers in numbers.chunks(48) {
        let mut tasks = Vec::new();
        for number in numbers {
            let (store, name) = (store.clone(), accounts.name(*number));
            let (password, device) = (accounts.password.clone(), tokens.device);
            let task = async move {
                store
                    .register(&name, &password)
                    .await
                    .map_err(|error| format!("{name} cannot be registered: {error}"))?;
                let granted = store.login_by_password(&name, &password, device).await;
                let granted = granted.map_err(|error| format!("{name} cannot log in: {error}"))?;
                Ok::<_, String>((name, granted.token))
            };
            tasks.push(tokio::task::spawn(task));
        }
        for task in tasks {
            tokens.of.extend([task.await??]);
        }
    }
    store.grant_broadcast(&accounts.name(0), true).await?;
    store.close().await;
    Ok(tokens)
}
