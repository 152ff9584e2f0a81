//! What a store promises to those who hold a handle on it.

mod accounts;
mod failures;
mod guilds;
mod tokens;

use super::{Clock, Device, Options, PasswordCost, Place, Store};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

const PASSWORD: &str = "correct horse";
const PHONE: Device = [1; 16];
const DESK: Device = [2; 16];

/// A clock that stands still until a test puts it on.
#[derive(Clone, Debug)]
struct Time(Arc<AtomicU64>);

impl Time {
    fn new() -> Self {
        Self(Arc::new(AtomicU64::new(1_800_000_000)))
    }

    fn pass(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }

    fn clock(&self) -> Clock {
        let Self(seconds) = self.clone();
        Clock::new(move || UNIX_EPOCH + Duration::from_secs(seconds.load(Ordering::Relaxed)))
    }
}

/// As by default, but with passwords that cost nothing.
fn options() -> Options {
    Options {
        password_cost: PasswordCost {
            memory_kib: 8,
            passes: 1,
            lanes: 1,
        },
        ..Options::default()
    }
}

fn store(options: Options) -> Store {
    Store::open(&Place::Memory, options).unwrap()
}

/// A store with players whose numbers count up from 1.
async fn store_with(players: &[&str], options: Options) -> Store {
    let store = store(options);
    for (id, name) in (1..).zip(players) {
        assert_eq!(store.register(name, PASSWORD).await, Ok(id));
    }
    store
}
