//! One module a contender.

#[cfg(feature = "peers")]
pub mod bincode;
#[cfg(feature = "peers")]
pub mod binrw;
#[cfg(feature = "peers")]
mod borrowed;
#[cfg(feature = "peers")]
pub mod capnp;
#[cfg(feature = "peers")]
mod counted;
pub mod cursor;
#[cfg(feature = "peers")]
pub mod deku;
pub mod derived;
#[cfg(feature = "peers")]
mod fields;
pub mod floor;
pub mod generated;
pub mod hand;
#[cfg(feature = "peers")]
pub mod planus;
#[cfg(feature = "peers")]
pub mod postcard;
#[cfg(feature = "peers")]
pub mod prost;
#[cfg(feature = "peers")]
pub mod rkyv;
pub mod zerocopy;
