//! Numbers in LEB128.

use super::{Decoder, Step};
use crate::layout::{Role, Varint};
use crate::value::Value;
use packet_runtime::ErrorKind;

impl Decoder<'_> {
    pub(super) fn varint(&mut self, varint: &Varint, role: &Role) -> Step<(Value, i128)> {
        let offset = self.position;
        let number = self.leb128(varint)?;
        let scalar = varint.scalar();
        let raw = number.cast_unsigned() & crate::codec::scalar::mask(scalar.bits);
        self.judge(&scalar, role, raw, (offset, None))
    }

    /// The bytes of a number, up to the first without the highest bit; not yet held against its range.
    pub(super) fn leb128(&mut self, varint: &Varint) -> Step<i128> {
        let offset = self.position;
        let left = self.left();
        let all = self.bytes.get(offset..offset + left).unwrap_or(&[]);
        let most = varint.max_bytes();
        let Some(last) = all.iter().take(most).position(|byte| byte & 0x80 == 0) else {
            if left < most {
                return self.truncated(left + 1);
            }
            return self.stop(offset, ErrorKind::InvalidVarint);
        };
        // Ten bytes have 70 bits, so that nothing is lost before it is tested.
        let bytes = self.take(last + 1)?;
        let encoded = bytes
            .iter()
            .rev()
            .fold(0_u128, |number, byte| number << 7 | u128::from(byte & 0x7f));
        let overlong = last > 0 && bytes.last() == Some(&0);
        match u64::try_from(encoded) {
            Ok(encoded) if !(overlong && varint.canonical) => Ok(varint.decoded(encoded)),
            _ => self.stop(offset, ErrorKind::InvalidVarint),
        }
    }
}
