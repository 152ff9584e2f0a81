//! Arrays: how long they are, and writing them as a whole.

use super::Site;
use crate::codec::{Encode, Writer};
use crate::error::{EncodeError, EncodeErrorKind};
use crate::shape::Shape;
use crate::vector::{Loop, vectorized};

/// The encoded size of structs one after the other.
///
/// # Errors
/// The first element's.
#[inline]
pub fn structs<E: Encode>(site: Site, elements: &[E]) -> Result<usize, EncodeError> {
    if let (Some(len), false) = (E::FIXED_LEN, E::CHECKED) {
        return Ok(elements.len().saturating_mul(len));
    }
    let mut sum = 0;
    for (index, element) in elements.iter().enumerate() {
        sum += element
            .encoded_len()
            .map_err(|error| error.within_element(site.shape, site.field, index))?;
    }
    Ok(sum)
}

/// The encoded size of structs one after the other, of which none may look like the end of the array.
///
/// # Errors
/// The first element's, or [`EncodeErrorKind::Sentinel`] at one of which `ends` holds.
pub fn structs_until<E: Encode>(
    site: Site,
    elements: &[E],
    ends: impl Fn(&E) -> bool,
) -> Result<usize, EncodeError> {
    let mut sum = 0;
    for (index, element) in elements.iter().enumerate() {
        sum += element
            .encoded_len()
            .map_err(|error| error.within_element(site.shape, site.field, index))?;
        if ends(element) {
            return Err(site.element_refused(index, EncodeErrorKind::Sentinel));
        }
    }
    Ok(sum)
}

/// Whether the bytes of a value begin with `start`. Takes memory for all of them: where the first field
/// tells, comparing that is cheaper.
#[cfg(feature = "alloc")]
pub fn begins_with<E: Encode>(value: &E, start: &[u8]) -> bool {
    value.to_vec().is_ok_and(|bytes| bytes.starts_with(start))
}

/// Whether something is true of any of the `values`. All are tested: the compiler can test several at once.
#[inline]
pub fn any<T: Copy>(values: &[T], is_so: impl Fn(T) -> bool) -> bool {
    vectorized(size_of_val(values), Any { values, is_so })
}

struct Any<'v, T, F> {
    values: &'v [T],
    is_so: F,
}

impl<T: Copy, F: Fn(T) -> bool> Loop for Any<'_, T, F> {
    type Output = bool;

    #[inline(always)]
    fn run(self) -> bool {
        let is_so = |any: bool, value: &T| any | (self.is_so)(*value);
        self.values.iter().fold(false, is_so)
    }
}

/// Writes structs one after the other.
///
/// # Errors
/// [`EncodeErrorKind::BufferTooSmall`], and the first element's.
#[inline]
pub fn put_structs<E: Encode>(writer: &mut Writer<'_>, elements: &[E]) -> Result<(), EncodeError> {
    let Some(len) = E::FIXED_LEN.filter(|len| *len > 0) else {
        return elements
            .iter()
            .try_for_each(|element| element.write(writer));
    };
    // The whole place is taken once. That each element fits in its own then goes without saying.
    let all = writer.space(E::SHAPE, elements.len().saturating_mul(len))?;
    let structs = Structs { elements, all };
    if vectorized(structs.all.len(), structs) {
        return Ok(());
    }
    elements
        .iter()
        .try_for_each(|element| element.encoded_len().map(|_| ()))
}

struct Structs<'v, E> {
    elements: &'v [E],
    all: &'v mut [u8],
}

impl<E: Encode> Loop for Structs<'_, E> {
    type Output = bool;

    #[inline(always)]
    fn run(self) -> bool {
        let mut written = true;
        // A constant here, as it would not be if it was handed in.
        let places = self.all.chunks_exact_mut(E::FIXED_LEN.unwrap_or(1));
        for (element, place) in self.elements.iter().zip(places) {
            written &= element.write(&mut Writer::new(place)).is_ok();
        }
        written
    }
}

/// Writes numbers one after the other, each as the `N` bytes that `bytes` makes of it.
///
/// # Errors
/// [`EncodeErrorKind::BufferTooSmall`].
#[inline]
pub fn put_scalars<T: Copy, const N: usize>(
    writer: &mut Writer<'_>,
    shape: &'static Shape,
    values: &[T],
    bytes: impl Fn(T) -> [u8; N],
) -> Result<(), EncodeError> {
    let all = writer.space(shape, values.len().saturating_mul(N))?;
    let (places, _) = all.as_chunks_mut();
    let scalars = Scalars {
        values,
        places,
        bytes,
    };
    vectorized(size_of_val(scalars.places), scalars);
    Ok(())
}

struct Scalars<'v, T, F, const N: usize> {
    values: &'v [T],
    places: &'v mut [[u8; N]],
    bytes: F,
}

impl<T: Copy, F: Fn(T) -> [u8; N], const N: usize> Loop for Scalars<'_, T, F, N> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (value, place) in self.values.iter().zip(self.places) {
            *place = (self.bytes)(*value);
        }
    }
}
