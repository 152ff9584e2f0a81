//! Fields that have to agree with each other.

use super::fields::Encoding;
use crate::codec::Encode;
use crate::error::EncodeErrorKind;
use ::proptest::arbitrary::{Arbitrary, any};
use ::proptest::strategy::{BoxedStrategy, Strategy};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Debug;

/// A value that can be changed until it can be encoded.
pub trait Mend: Encode + Clone + Debug + 'static {
    /// Leaves out optional fields, one for each bit that is not set.
    fn thin(&mut self, _wanted: u64) {}

    /// Changes a field that cannot be encoded; [`None`] is the value as a whole. All optional fields of `full` are there.
    /// Whether there was something to change.
    fn mend(&mut self, _full: &Self, _field: Option<u16>, _kind: EncodeErrorKind) -> bool {
        false
    }

    /// Sets what no encoding looks at to what decoding would give.
    fn settle(&mut self) {}
}

/// Those of the values, with all of their optional fields or some, that can be encoded.
pub fn valid<T: Mend>(full: BoxedStrategy<T>) -> BoxedStrategy<T> {
    let mended = |(full, wanted): (T, u64)| mended(&full, wanted);
    let all = (full, any::<u64>());
    all.prop_filter_map("cannot be encoded", mended).boxed()
}

/// Values that have at most `room` bytes.
pub fn within<T: Arbitrary + Mend>(room: usize) -> BoxedStrategy<T> {
    let shortened = move |full: T| {
        let mut value = full.clone();
        for _ in 0..CHANGES {
            let kind = match value.encoded_len() {
                Ok(length) if length <= room => return Some(value),
                Ok(length) => EncodeErrorKind::LengthOutOfRange {
                    length: length as i128,
                    min: 0,
                    max: room as i128,
                },
                Err(_) => return None,
            };
            if !value.mend(&full, None, kind) {
                break;
            }
        }
        None
    };
    let all = any::<T>();
    all.prop_filter_map("is too long", shortened).boxed()
}

/// More often than any list here has to be shortened by one element.
const CHANGES: usize = 80;

fn mended<T: Mend>(full: &T, wanted: u64) -> Option<T> {
    let mut value = full.clone();
    value.thin(wanted);
    for _ in 0..CHANGES {
        let Err(error) = value.encoded_len() else {
            value.settle();
            return Some(value);
        };
        if !value.mend(full, error.first_field(), error.kind()) {
            break;
        }
    }
    None
}

/// Puts in an optional field that is not there, and leaves out one that is.
pub fn flip<T: Clone>(value: &mut Option<T>, full: &Option<T>) -> bool {
    *value = match value {
        Some(_) => None,
        None => full.clone(),
    };
    true
}

/// The length, in the unit of the error, that would not be refused for that reason.
fn wanted(kind: EncodeErrorKind, now: usize) -> Option<usize> {
    /// What another field asks for may be far too much.
    const MOST: usize = 4096;
    let wanted = match kind {
        EncodeErrorKind::LengthMismatch { expected, actual } => {
            now as i128 + expected.checked_sub(actual)?
        }
        EncodeErrorKind::LengthOutOfRange { length, min, max } => {
            let change = length.clamp(min, max.max(min)).checked_sub(length)?;
            // Elements have more bytes than one: where too many are asked for, none are left.
            (now as i128 + change).max(0)
        }
        EncodeErrorKind::LengthNotRepresentable { .. } | EncodeErrorKind::Sentinel => {
            now as i128 - 1
        }
        EncodeErrorKind::AfterRest => 0,
        _ => return None,
    };
    let wanted = usize::try_from(wanted).ok()?;
    (wanted <= MOST && wanted != now).then_some(wanted)
}

/// Gives a list the length that another field says. Errors count it in units of `width` elements' bytes; with 0, in bytes of
/// elements that differ.
pub fn fit<T: Clone>(list: &mut Vec<T>, kind: EncodeErrorKind, width: usize) -> bool {
    let len = list.len();
    let is_step = matches!(
        kind,
        EncodeErrorKind::LengthNotRepresentable { .. } | EncodeErrorKind::Sentinel
    );
    let unit = if is_step { 1 } else { width.max(1) };
    let Some(wanted) = wanted(kind, len * unit) else {
        return false;
    };
    let wanted = match (wanted.checked_rem(unit), width) {
        // One by one until it fits.
        (_, 0) if !is_step && wanted > len => len + 1,
        (_, 0) if !is_step => len.saturating_sub(1),
        (Some(0), _) => wanted / unit,
        _ => return false,
    };
    list.truncate(wanted);
    while let Some(item) = list.first().filter(|_| list.len() < wanted).cloned() {
        list.push(item);
    }
    list.len() == wanted && wanted != len
}

/// Likewise for text, whose length is in bytes.
pub fn fit_text(text: &mut String, kind: EncodeErrorKind, encoding: Encoding) -> bool {
    let len = encoding.len(text);
    let Some(wanted) = wanted(kind, len) else {
        return false;
    };
    encoding.fit(text, wanted, wanted);
    encoding.len(text) != len
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    #[test]
    fn lists_get_the_length_that_another_field_says() {
        let check = |len: usize, expected: i128, width: usize, to: Option<usize>| {
            let mut list = vec![7_u8; len];
            let kind = EncodeErrorKind::LengthMismatch {
                expected,
                actual: (len * width.max(1)) as i128,
            };
            let fits = fit(&mut list, kind, width);
            assert_eq!(fits.then_some(list.len()), to, "{len} to {expected}");
        };
        check(3, 5, 1, Some(5));
        check(3, 0, 1, Some(0));
        check(3, 8, 4, Some(2));
        check(3, 9, 4, None);
        check(0, 2, 1, None);
        check(3, 100, 0, Some(4));
        check(3, -1, 1, None);
        check(3, 1 << 40, 1, None);
    }

    #[test]
    fn what_cannot_be_divided_gets_shorter() {
        let kind = EncodeErrorKind::LengthNotRepresentable { length: 21 };
        let mut list = vec![0_u8; 21];
        assert!(fit(&mut list, kind, 1));
        assert_eq!(list.len(), 20);
        let mut text = String::from("aé");
        assert!(fit_text(&mut text, kind, Encoding::Utf8));
        assert_eq!(text, "ax");
        assert!(!fit_text(&mut String::new(), kind, Encoding::Utf8));
    }
}
