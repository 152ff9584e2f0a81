//! Sequence numbers: what is missing, and what came again.
//!
//! In: the number of each packet of one sender, in the order in which they came. Out: whether it is the next one. What to
//! do about it is up to the caller.

/// Watches the sequence numbers of one sender.
///
/// The first number is taken as it comes; each further one is expected to be the one before plus 1. After the largest
/// number comes none, so a sender that could get there has to begin another session.
///
/// ```
/// use packet_runtime::sequence::{Order, Sequence};
///
/// let mut sequence = Sequence::new();
/// assert_eq!(sequence.check(7), Order::Next);
/// assert_eq!(sequence.check(8), Order::Next);
/// assert_eq!(sequence.check(11), Order::Gap { missing: 2 });
/// assert_eq!(sequence.check(9), Order::Replay { behind: 3 });
/// assert_eq!(sequence.check(12), Order::Next);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sequence {
    /// The number that is due, which behind the largest is one that never comes; none if any may be the first.
    due: Option<u128>,
}

/// How a sequence number follows those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Order {
    /// It is the first, or the next one.
    Next,
    /// Numbers in front of it did not come. The sequence goes on behind it.
    Gap {
        /// How many.
        missing: u64,
    },
    /// It was due earlier: it came already, or was missing and counted as such. The sequence goes on as if it had not come.
    Replay {
        /// How far it lies behind the number that is due.
        behind: u64,
    },
}

impl Sequence {
    /// Nothing has come yet, and any number may be the first.
    pub const fn new() -> Self {
        Self { due: None }
    }

    /// `first` is due, for senders whose first number is known.
    ///
    /// ```
    /// use packet_runtime::sequence::{Order, Sequence};
    ///
    /// assert_eq!(Sequence::starting_at(1).check(2), Order::Gap { missing: 1 });
    /// assert_eq!(Sequence::starting_at(1).check(0), Order::Replay { behind: 1 });
    /// ```
    pub const fn starting_at(first: u64) -> Self {
        Self {
            due: Some(first as u128),
        }
    }

    /// Tells how `number` follows those before it.
    pub fn check(&mut self, number: u64) -> Order {
        let number = u128::from(number);
        let due = self.due.unwrap_or(number);
        let narrow = |distance| u64::try_from(distance).unwrap_or(u64::MAX);
        if number < due {
            let behind = narrow(due - number);
            return Order::Replay { behind };
        }
        self.due = Some(number + 1);
        match narrow(number - due) {
            0 => Order::Next,
            missing => Order::Gap { missing },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_largest_number_ends_the_sequence() {
        let mut sequence = Sequence::starting_at(u64::MAX);
        assert_eq!(sequence.check(u64::MAX), Order::Next);
        assert_eq!(sequence.check(u64::MAX), Order::Replay { behind: 1 });
        // The distance is one more, which is as far as 64 bits can say.
        assert_eq!(sequence.check(0), Order::Replay { behind: u64::MAX });
    }

    proptest! {
        #[test]
        fn every_number_is_counted_once(numbers in prop::collection::vec(0_u64..20, 0..40)) {
            let mut sequence = Sequence::starting_at(0);
            let (mut came, mut due) = (0, 0);
            for number in numbers {
                match sequence.check(number) {
                    Order::Next => { prop_assert_eq!(number, due); came += 1; due += 1; }
                    Order::Gap { missing } => {
                        prop_assert_eq!(number, due + missing);
                        came += 1 + missing;
                        due = number + 1;
                    }
                    Order::Replay { behind } => prop_assert_eq!(number + behind, due),
                }
                prop_assert_eq!(came, due);
            }
        }
    }
}
