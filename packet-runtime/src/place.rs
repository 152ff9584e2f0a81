//! Writing to places in bytes that are known to be there.
//!
//! In: bytes, a place in them, and what is to stand there. Nothing here can panic on what a peer sent: what does
//! not lie inside is left out.

use crate::error::{DecodeError, ErrorKind};
use crate::shape::{Path, Shape};

/// Writes `bytes` at `AT` in an array of `M` bytes. That they lie inside is checked when the program is
/// compiled, so this is a store and nothing else.
///
/// ```
/// let mut whole = [0; 6];
/// packet_runtime::place::put::<2, 4, _>(&mut whole, 7_u32.to_be_bytes());
/// assert_eq!(whole, [0, 0, 0, 0, 0, 7]);
/// ```
#[inline]
pub const fn put<const AT: usize, const N: usize, const M: usize>(
    whole: &mut [u8; M],
    bytes: [u8; N],
) {
    *sub_mut::<AT, N, M>(whole) = bytes;
}

/// The `N` bytes at `AT` in an array of `M` bytes, to be filled. That they lie inside is checked when the program
/// is compiled, so this costs nothing.
#[inline]
pub const fn sub_mut<const AT: usize, const N: usize, const M: usize>(
    whole: &mut [u8; M],
) -> &mut [u8; N] {
    const { assert!(AT + N <= M, "the part must lie inside the whole") };
    let (_, tail) = whole.split_at_mut(AT);
    match tail.first_chunk_mut::<N>() {
        Some(part) => part,
        // The compiler knows both lengths, and leaves this out.
        None => panic!("the part lies inside the whole"),
    }
}

/// The `N` bytes at `at`, to be changed; `None` if there are fewer.
#[inline]
pub fn part_mut<const N: usize>(bytes: &mut [u8], at: usize) -> Option<&mut [u8; N]> {
    bytes.get_mut(at..)?.first_chunk_mut::<N>()
}

/// Writes `value` at `AT` in the part of `N` bytes at `at`, if that is all there.
#[inline]
pub fn set<const AT: usize, const SIZE: usize, const N: usize>(
    bytes: &mut [u8],
    at: usize,
    value: [u8; SIZE],
) {
    if let Some(part) = part_mut::<N>(bytes, at) {
        put::<AT, SIZE, N>(part, value);
    }
}

/// Writes `with` over the bytes at `at`, if they are all there.
pub fn overwrite(bytes: &mut [u8], at: usize, with: &[u8]) {
    let place = bytes
        .get_mut(at..)
        .and_then(|rest| rest.get_mut(..with.len()));
    if let Some(place) = place {
        place.copy_from_slice(with);
    }
}

/// How many bytes of `whole` lie in front of `part`, which is a part of it.
///
/// ```
/// let whole = [1, 2, 3];
/// assert_eq!(packet_runtime::place::offset(&whole, &whole[2..]), 2);
/// ```
#[inline]
pub fn offset(whole: &[u8], part: &[u8]) -> usize {
    part.as_ptr().addr().saturating_sub(whole.as_ptr().addr())
}

/// The bytes of a packet of fixed size, which were validated.
///
/// # Errors
/// [`ErrorKind::Truncated`] if they were not, and are fewer.
#[inline]
pub fn fixed_mut<'a, const N: usize>(
    shape: &'static Shape,
    bytes: &'a mut [u8],
) -> Result<&'a mut [u8; N], DecodeError> {
    let available = bytes.len();
    match bytes.first_chunk_mut::<N>() {
        Some(part) => Ok(part),
        None => Err(DecodeError::at(
            shape,
            Path::fields(&[]),
            0,
            ErrorKind::Truncated {
                needed: N,
                available,
            },
        )),
    }
}

/// A view of bytes that are valid whatever was set in them.
///
/// # Panics
/// If they are not. That would be a mistake of the generator: setters keep a packet valid.
#[inline]
pub fn valid<T>(parsed: Result<T, DecodeError>) -> T {
    match parsed {
        Ok(view) => view,
        Err(error) => invalid(error),
    }
}

#[cold]
fn invalid(error: DecodeError) -> ! {
    panic!("a setter left a packet that is not valid: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SET: [u8; 4] = {
        let mut whole = [0; 4];
        put::<1, 2, _>(&mut whole, [1, 2]);
        sub_mut::<3, 1, _>(&mut whole)[0] = 3;
        whole
    };

    #[test]
    fn writes_when_the_program_is_compiled() {
        assert_eq!(SET, [0, 1, 2, 3]);
    }

    #[test]
    fn leaves_out_what_does_not_lie_inside() {
        let mut bytes = [1, 2, 3];
        overwrite(&mut bytes, 1, &[9, 9]);
        assert_eq!(bytes, [1, 9, 9]);
        for (at, with) in [(2, &[7, 7][..]), (4, &[7]), (usize::MAX, &[7, 7])] {
            overwrite(&mut bytes, at, with);
            assert_eq!(bytes, [1, 9, 9]);
        }
        assert_eq!(part_mut::<2>(&mut bytes, 1), Some(&mut [9, 9]));
        assert_eq!(part_mut::<2>(&mut bytes, 2), None);
        assert_eq!(part_mut::<1>(&mut bytes, usize::MAX), None);
        set::<1, 1, 2>(&mut bytes, 1, [5]);
        set::<0, 1, 2>(&mut bytes, 2, [6]);
        assert_eq!(bytes, [1, 9, 5]);
    }

    #[test]
    fn fewer_bytes_than_a_packet_has_are_an_error() {
        static PAIR: Shape = Shape {
            name: "Pair",
            fields: &[],
        };
        assert_eq!(fixed_mut::<2>(&PAIR, &mut [1, 2, 3]), Ok(&mut [1, 2]));
        let error = fixed_mut::<2>(&PAIR, &mut [1]).unwrap_err();
        let (needed, available) = (2, 1);
        assert_eq!(error.kind(), ErrorKind::Truncated { needed, available });
    }
}
