//! What is compared does the same: who has our wire writes the same bytes, and all read back what was written.

use packet_contest::contenders::generated::Generated;
use packet_contest::{Aligned, Contender, Log, Operation, Packet, Run, all};

struct Agree;

impl Run for Agree {
    fn pair<P: Packet, C: Contender<P>>(&mut self) {
        let name = format!("{}, {}", P::NAME, C::NAME);
        let mut buffer = Aligned::new();
        let mut value = C::value(P::sample());
        let encoded = C::encode(&mut value, &mut buffer.0).expect(&name);
        if C::OUR_WIRE {
            assert!(encoded == wire::<P>(), "{name}");
        }
        let mut input = Aligned::new();
        input.0[..encoded.len()].copy_from_slice(encoded);
        let bytes = &input.0[..encoded.len()];

        if C::NAME == "memcpy, load" {
            return;
        }
        let (mut written, mut read) = (Log::default(), Log::default());
        P::sample().visit(&mut written);
        C::decode(bytes, &mut read).expect(&name);
        assert!(read == written, "{name}");
        assert_eq!(C::one(bytes), Some(P::sample().one()), "{name}");
        // Who tests nothing at all would not be comparable. That a text has been tested shows when it is read.
        for end in 0..bytes.len() {
            let whole = C::OPERATIONS.contains(&Operation::Decode);
            let cut = C::decode(&bytes[..end], &mut Log::default());
            assert!(
                !whole || cut.is_none() || !C::OUR_WIRE,
                "{name}, {end} bytes"
            );
        }
    }
}

/// The bytes of a packet by the schema.
fn wire<P: Packet>() -> Vec<u8> {
    struct Wire(&'static str, Vec<u8>);
    impl Run for Wire {
        fn pair<P: Packet, C: Contender<P>>(&mut self) {
            if P::NAME == self.0 && C::NAME == <Generated as packet_contest::Named>::NAME {
                let mut buffer = Aligned::new();
                let mut value = C::value(P::sample());
                self.1 = C::encode(&mut value, &mut buffer.0)
                    .expect("it can be encoded")
                    .to_vec();
            }
        }
    }
    let mut wire = Wire(P::NAME, Vec::new());
    all(&mut wire);
    wire.1
}

#[test]
fn all_write_and_read_the_same() {
    all(&mut Agree);
}
