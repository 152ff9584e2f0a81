//! How many connections there may be: in all, and from one address.
//!
//! In: the address of a connection that was accepted. Out: a [`Permit`], which counts as long as it is there, or why there
//! is none.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Counts connections.
#[derive(Debug)]
pub(super) struct Admission {
    most: usize,
    most_of_one: usize,
    counts: Mutex<Counts>,
    left: Notify,
}

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    /// Only kept if there is a limit.
    of_one: HashMap<IpAddr, usize>,
}

/// Why a connection is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There are too many.
    Full,
    /// There are too many from its address.
    FullForAddress,
}

impl Refusal {
    /// A stable name for metrics.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::FullForAddress => "full_for_address",
        }
    }
}

/// A connection's place.
#[derive(Debug)]
pub(super) struct Permit {
    admission: Arc<Admission>,
    address: IpAddr,
}

impl Admission {
    /// For `most` connections, and `most_of_one` from one address; 0 of these is no limit.
    pub(super) fn new(most: usize, most_of_one: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            most_of_one,
            counts: Mutex::default(),
            left: Notify::new(),
        })
    }

    /// Gives a place to a connection from this address.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Result<Permit, Refusal> {
        let address = network(address);
        let mut counts = self.lock();
        if counts.all >= self.most {
            return Err(Refusal::Full);
        }
        if self.most_of_one > 0 {
            let count = counts.of_one.entry(address).or_default();
            if *count >= self.most_of_one {
                return Err(Refusal::FullForAddress);
            }
            *count += 1;
        }
        counts.all += 1;
        drop(counts);
        Ok(Permit {
            admission: Arc::clone(self),
            address,
        })
    }

    /// How many connections there are.
    pub(super) fn count(&self) -> usize {
        self.lock().all
    }

    /// Completes when there is no connection.
    pub(super) async fn emptied(&self) {
        loop {
            let left = self.left.notified();
            if self.count() == 0 {
                return;
            }
            left.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        // Counting does not panic halfway.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = self.admission.lock();
        counts.all -= 1;
        if let Some(count) = counts.of_one.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.of_one.remove(&self.address);
            }
        }
        let last = counts.all == 0;
        drop(counts);
        if last {
            self.admission.left.notify_waiters();
        }
    }
}

/// What counts as one address: providers give a home 2^64 of version 6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admit(admission: &Arc<Admission>, address: &str) -> Result<Permit, Refusal> {
        admission.admit(address.parse().unwrap())
    }

    #[test]
    fn a_place_is_free_again_when_its_connection_is_gone() {
        let admission = Admission::new(2, 0);
        let first = admit(&admission, "10.0.0.1").unwrap();
        let _second = admit(&admission, "10.0.0.1").unwrap();
        assert_eq!(admit(&admission, "10.0.0.2").unwrap_err(), Refusal::Full);
        drop(first);
        assert!(admit(&admission, "10.0.0.2").is_ok());
        assert_eq!(admission.count(), 1);
    }

    #[track_caller]
    fn check(first: &str, second: &str, same: bool) {
        let admission = Admission::new(10, 1);
        let permit = admit(&admission, first).unwrap();
        let other = admit(&admission, second).map(drop);
        assert_eq!(other == Err(Refusal::FullForAddress), same);
        drop(permit);
        assert!(admit(&admission, second).is_ok());
        assert!(admission.lock().of_one.is_empty(), "nothing is left behind");
    }

    #[test]
    fn an_address_has_so_many_places() {
        check("10.0.0.1", "10.0.0.1", true);
        check("10.0.0.1", "10.0.0.2", false);
        check("10.0.0.1", "::ffff:10.0.0.1", true);
        check("2001:db8::1", "2001:db8::ffff:0:0:2", true);
        check("2001:db8:0:1::1", "2001:db8:0:2::1", false);
    }
}
