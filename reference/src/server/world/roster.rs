//! A set that can be lent out as a slice in ascending order.
//!
//! Packets are posted to slices of sessions, and who is in them has to be the same in every run. Adding
//! and removing move what is behind, a few kilobytes even in a crowd of thousands.

/// A set in one piece, in ascending order.
#[derive(Clone, Debug)]
pub(super) struct Roster<T>(Vec<T>);

impl<T> Default for Roster<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Ord + Copy> Roster<T> {
    /// Adds `item`, and says whether it is new.
    pub(super) fn insert(&mut self, item: T) -> bool {
        match self.0.binary_search(&item) {
            Ok(_) => false,
            Err(place) => {
                self.0.insert(place, item);
                true
            }
        }
    }

    /// Takes `item` out, and says whether it was there.
    pub(super) fn remove(&mut self, item: T) -> bool {
        match self.0.binary_search(&item) {
            Ok(place) => {
                self.0.remove(place);
                true
            }
            Err(_) => false,
        }
    }

    pub(super) fn contains(&self, item: T) -> bool {
        self.0.binary_search(&item).is_ok()
    }

    pub(super) fn as_slice(&self) -> &[T] {
        &self.0
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_ascending_in_whichever_order_it_was_filled() {
        let mut roster = Roster::default();
        for item in [5, 1, 9, 3] {
            assert!(roster.insert(item));
        }
        assert_eq!(roster.as_slice(), [1, 3, 5, 9]);
        assert!(roster.contains(9));
        assert!(!roster.contains(4));
    }

    #[test]
    fn says_what_was_there_already() {
        let mut roster = Roster::default();
        assert!(roster.insert(1));
        assert!(!roster.insert(1));
        assert_eq!(roster.len(), 1);
        assert!(roster.remove(1));
        assert!(!roster.remove(1));
        assert!(roster.is_empty());
    }
}
