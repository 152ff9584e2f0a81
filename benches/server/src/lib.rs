//! Measures the reference server against a floor: the least that a server can do for an echo.
//!
//! In: the program `packet-server` as it is released. Out: tables in Markdown. The load is made by [`reference::load`], in the
//! same way for both. What cannot be measured here is said where its figure would stand.
#![forbid(unsafe_code)]

pub mod accounts;
pub mod child;
pub mod echo;
pub mod figures;
pub mod floor;
pub mod machine;
pub mod steady;

use reference::load::{Accounts, Entry, Plan};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a figure is not there.
pub type Missing = Box<dyn std::error::Error>;

/// What all measurements need.
#[derive(Debug)]
pub struct Bench {
    /// The program of the server.
    pub server: PathBuf,
    /// A folder with accounts, which each server gets a copy of.
    pub accounts: accounts::Seed,
    /// Whether figures need only be rough.
    pub quick: bool,
}

impl Bench {
    /// A plan for accounts of the seed, which log in by token.
    pub fn plan(&self, address: SocketAddr, folder: &accounts::Copy, connections: usize) -> Plan {
        Plan {
            connections,
            connect_at_once: 256,
            entry: Entry::Accounts(Accounts {
                tokens: Some(folder.tokens()),
                ..accounts::accounts()
            }),
            ..Plan::new(address.to_string())
        }
    }
}
