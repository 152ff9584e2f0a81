//! What moving the bytes costs: encoding copies the finished packet, decoding loads all its bytes.

use crate::contenders::hand::Hand;
use crate::{Contender, Named, Operation, Packet, Visit};

pub struct Floor;

impl Named for Floor {
    const NAME: &'static str = "memcpy, load";
    const OUR_WIRE: bool = true;
}

impl<P: Packet> Contender<P> for Floor
where
    Hand: Contender<P>,
{
    const OPERATIONS: &'static [Operation] = &[Operation::Encode, Operation::Decode];
    type Value = Vec<u8>;

    fn value(packet: &'static P) -> Vec<u8> {
        let mut buffer = vec![0; 8192];
        let mut value = <Hand as Contender<P>>::value(packet);
        <Hand as Contender<P>>::encode(&mut value, &mut buffer).map_or(Vec::new(), <[u8]>::to_vec)
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Vec<u8>, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let buffer = buffer.get_mut(..value.len())?;
        buffer.copy_from_slice(value);
        Some(buffer)
    }

    /// Not what the others see: all words, one by one.
    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            visit.int(u64::from_ne_bytes(*word));
        }
        for byte in rest {
            visit.int(*byte);
        }
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        Some(bytes.len() as u64)
    }
}
