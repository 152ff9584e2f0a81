//! A type without a meaning on the wire is an error at that type; all of a struct's are found at once.

use packet_derive::Packet;
use std::collections::HashMap;

const LENGTH: usize = 4;

struct Other;

#[derive(Packet)]
struct Everything<'a> {
    fits: u8,
    size: usize,
    letter: char,
    map: HashMap<u8, u8>,
    constant: [u8; LENGTH],
    wide: [u16; 4],
    nested: Other,
    list: Vec<Vec<u8>>,
    twice: Option<Option<u8>>,
    mutable: &'a mut [u8],
    numbers: &'a [u16],
    tuple: (u8, u8),
    associated: <Other as Iterator>::Item,
}

impl Iterator for Other {
    type Item = u8;
    fn next(&mut self) -> Option<u8> {
        None
    }
}

fn main() {}
