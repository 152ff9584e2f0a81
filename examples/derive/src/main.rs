//! Packets that are structs of one's own: `#[derive(Packet)]` gives them the codec that a schema would.
//!
//! A tracker sends positions over a serial line: a start byte, a length, what it has to say, and a CRC. What follows from
//! other fields is not in the struct; it is written and tested all the same.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    reason = "a program that shows something prints it"
)]

use packet_derive::Packet;
use packet_runtime::{DecodeError, Encode, View};
use std::error::Error;

/// Where the tracker is.
#[derive(Clone, Debug, Packet, PartialEq)]
#[packet(endian = "little")]
pub struct Fix<'a> {
    /// Degrees north.
    #[packet(wire(start: u8 = 0x7e), scale = 1e-7, range = "-900000000..=900000000")]
    pub latitude: i32,
    /// Degrees east.
    #[packet(scale = 1e-7, range = "-1800000000..=1800000000")]
    pub longitude: i32,
    /// Metres above the sea, if it is known.
    #[packet(wire(has_altitude: u1, _: u7), when = has_altitude)]
    pub altitude: Option<i16>,
    /// What the tracker is called.
    #[packet(len = "u8", max = 16, wire_after(crc: u16 = crc16_ibm_sdlc(latitude, name)))]
    pub name: &'a str,
}

fn main() -> Result<(), Box<dyn Error>> {
    let fix = Fix {
        latitude: 375_665_000,
        longitude: 1_269_780_000,
        altitude: Some(38),
        name: "bus 7",
    };
    let bytes = fix.to_vec()?;
    println!("{bytes:02x?}");
    let (latitude, longitude) = place(&bytes)?;
    println!("{} is at {latitude:.4}, {longitude:.4}", fix.name);

    let mut damaged = bytes;
    damaged[3] ^= 0x10;
    if let Err(error) = place(&damaged) {
        println!("{error}");
    }
    Ok(())
}

/// Degrees north and east, read straight from the bytes.
fn place(bytes: &[u8]) -> Result<(f64, f64), DecodeError> {
    let fix = FixView::parse(bytes)?;
    Ok((fix.latitude_scaled(), fix.longitude_scaled()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIX: Fix<'_> = Fix {
        latitude: -1,
        longitude: 10_000_000,
        altitude: None,
        name: "a",
    };

    #[test]
    fn what_is_written_is_read() {
        for altitude in [None, Some(-3)] {
            let fix = Fix { altitude, ..FIX };
            let bytes = fix.to_vec().unwrap();
            assert_eq!(bytes[0], 0x7e);
            assert_eq!(Fix::from(FixView::parse(&bytes).unwrap()), fix);
            assert!((place(&bytes).unwrap().1 - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_flipped_bit_is_found() {
        let bytes = FIX.to_vec().unwrap();
        for bit in 0..8 * bytes.len() {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            // Reserved bits are not looked at, but the sum is over them too.
            assert!(place(&damaged).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let fix = Fix {
            name: "a name that is too long",
            ..FIX
        };
        assert_eq!(fix.to_vec().unwrap_err().field().to_string(), "name");
    }
}
