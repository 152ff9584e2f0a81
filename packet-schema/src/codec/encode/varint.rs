//! Numbers in LEB128, always in their shortest form.

use crate::layout::Varint;

/// Bytes of `number`.
pub(super) fn len(varint: &Varint, number: i128) -> usize {
    let mut encoded = varint.encoded(number);
    let mut len = 1;
    while encoded > 0x7f {
        encoded >>= 7;
        len += 1;
    }
    len
}

/// Writes `number` over `bytes`, of which there are as many as [`len`] says.
pub(super) fn write(bytes: &mut [u8], varint: &Varint, number: i128) {
    let mut encoded = varint.encoded(number);
    let last = bytes.len().saturating_sub(1);
    for (index, byte) in bytes.iter_mut().enumerate() {
        let more = if index < last { 0x80 } else { 0 };
        *byte = encoded.to_le_bytes()[0] & 0x7f | more;
        encoded >>= 7;
    }
}
