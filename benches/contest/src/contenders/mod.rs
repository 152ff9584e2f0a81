//! One module a contender.

pub mod bincode;
pub mod binrw;
mod borrowed;
pub mod capnp;
mod counted;
pub mod cursor;
pub mod deku;
pub mod derived;
mod fields;
pub mod floor;
pub mod generated;
pub mod hand;
pub mod planus;
pub mod postcard;
pub mod prost;
pub mod rkyv;
pub mod zerocopy;
