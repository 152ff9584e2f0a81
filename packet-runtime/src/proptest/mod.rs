//! Strategies for values that can be encoded. Generated code calls this; it is not meant for code written by hand, and
//! comes without a promise.
//!
//! In: what a schema says of each field. Out: strategies of whole values. Fields are made one by one, within their own
//! limits; then [`valid`] makes them agree with each other, as far as one field has to follow another: a field that is
//! there only if a flag says so, two lists of one length. What cannot be made to agree is rejected.

mod fields;
mod mend;

pub use ::proptest::arbitrary::Arbitrary;
pub use ::proptest::strategy::{BoxedStrategy, Strategy};
pub use fields::{
    Encoding, Integer, Real, any, bits, byte_array, bytes, except, float, integer, list, map,
    one_of, select, text,
};
pub use mend::{Mend, fit, fit_text, flip, valid, within};
