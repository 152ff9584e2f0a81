//! A thermometer without an operating system: no standard library, no allocator, no `unsafe`.
//!
//! [`Thermometer`] answers what comes over a serial line. It owns a buffer for the packet that is coming in, reads it by
//! views and answers into a buffer that it is lent.
//!
//! ```
//! use example_no_alloc::Thermometer;
//! use example_no_alloc::sensor::{Ask, MeasuredView};
//! use packet_runtime::{Encode, View};
//!
//! let mut thermometer = Thermometer::new(2150);
//! let (mut line, mut answer) = ([0; 32], [0; 32]);
//! let asked = Ask { channel: 1 }.encode_into(&mut line)?;
//! let answers = line[..asked].iter().filter_map(|byte| thermometer.receive(*byte, &mut answer));
//! let answered = answers.last().ok_or("it says nothing")?;
//! let measured = MeasuredView::parse(&answer[..answered])?;
//! assert_eq!(measured.celsius_scaled(), 21.5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The crate builds for a chip with no more than its core, which CI does where such a target is installed:
//!
//! ```sh
//! cargo build -p example-no-alloc --target thumbv7em-none-eabi
//! ```
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]

packet_derive::packet_schema!(pub mod sensor = "sensor.yaml", alloc = false);

use packet_runtime::Encode;
use packet_runtime::stream::{FrameLen, Framing};
use sensor::{Alarm, FRAMING, IdentityRef, Measured, PacketView};

/// A device that measures and answers.
#[derive(Debug)]
pub struct Thermometer {
    /// Hundredths of a degree Celsius.
    celsius: i16,
    low: i16,
    high: i16,
    uptime: u32,
    /// What came in of a packet so far.
    input: [u8; FRAMING.max_len],
    len: usize,
}

impl Thermometer {
    /// A thermometer that measures so many hundredths of a degree Celsius.
    pub const fn new(celsius: i16) -> Self {
        Self {
            celsius,
            low: i16::MIN,
            high: i16::MAX,
            uptime: 0,
            input: [0; FRAMING.max_len],
            len: 0,
        }
    }

    /// Takes a byte from the line. If it was the last of a packet that wants an answer, the answer is in `answer`, and
    /// its length is returned.
    pub fn receive(&mut self, byte: u8, answer: &mut [u8]) -> Option<usize> {
        let place = self.input.get_mut(self.len)?;
        *place = byte;
        self.len += 1;
        let received = self.input.get(..self.len)?;
        match FRAMING.frame_len(received, 0) {
            Ok(FrameLen::Known(len)) if len == received.len() => self.len = 0,
            Ok(_) => return None,
            // What follows is not understood either, up to the next pause.
            Err(_) => {
                self.len = self.input.len();
                return None;
            }
        }
        match PacketView::parse(received).ok()? {
            PacketView::Ask(ask) => {
                let channel = ask.channel();
                self.measured(channel).encode_into(answer).ok()
            }
            PacketView::Identify(_) => {
                // The owned form would need an allocator; this one borrows the name.
                let identity = IdentityRef {
                    serial: 4711,
                    name: "attic",
                };
                identity.encode_into(answer).ok()
            }
            PacketView::Configure(limits) => {
                (self.low, self.high) = (limits.low(), limits.high());
                None
            }
            _ => None,
        }
    }

    /// Notes a pause on the line: the next byte begins a packet.
    pub fn pause(&mut self) {
        self.len = 0;
    }

    /// Counts a second.
    pub fn tick(&mut self) {
        self.uptime = self.uptime.saturating_add(1);
    }

    fn measured(&self, channel: u8) -> Measured {
        let mut alarm = Alarm::default();
        if self.celsius > self.high {
            alarm = alarm | Alarm::HOT;
        }
        if self.celsius < self.low {
            alarm = alarm | Alarm::COLD;
        }
        Measured {
            channel,
            alarm,
            celsius: self.celsius,
            uptime: self.uptime,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use packet_runtime::View;
    use sensor::{Ask, Configure, MeasuredView};

    /// The bytes of a packet.
    fn bytes<const N: usize>(packet: &impl Encode) -> [u8; N] {
        let mut bytes = [0; N];
        assert_eq!(packet.encode_into(&mut bytes), Ok(N));
        bytes
    }

    /// The answer to a packet.
    fn answer(thermometer: &mut Thermometer, packet: &[u8]) -> Option<Measured> {
        let mut buffer = [0; 32];
        let answers = packet
            .iter()
            .filter_map(|byte| thermometer.receive(*byte, &mut buffer));
        let len = answers.last()?;
        Some(MeasuredView::parse(&buffer[..len]).unwrap().into())
    }

    #[test]
    fn it_measures_and_warns() {
        let mut thermometer = Thermometer::new(2150);
        thermometer.tick();
        let ask: [u8; 4] = bytes(&Ask { channel: 2 });
        let measured = answer(&mut thermometer, &ask).unwrap();
        assert_eq!(
            (measured.channel, measured.celsius, measured.uptime),
            (2, 2150, 1)
        );
        assert_eq!(measured.alarm, Alarm::default());

        let limits: [u8; 7] = bytes(&Configure { low: 0, high: 2000 });
        assert_eq!(answer(&mut thermometer, &limits), None);
        let measured = answer(&mut thermometer, &ask).unwrap();
        assert_eq!(measured.alarm, Alarm::HOT);
    }

    #[test]
    fn it_has_a_name() {
        let mut thermometer = Thermometer::new(0);
        let mut buffer = [0; 32];
        let ask: [u8; 3] = bytes(&sensor::Identify {});
        let answers = ask.iter();
        let answers = answers.filter_map(|byte| thermometer.receive(*byte, &mut buffer));
        let len = answers.last().unwrap();
        let identity = sensor::IdentityView::parse(&buffer[..len]).unwrap();
        assert_eq!((identity.serial(), identity.name()), (4711, "attic"));
    }

    #[test]
    fn noise_is_forgotten_after_a_pause() {
        let mut thermometer = Thermometer::new(2150);
        let ask: [u8; 4] = bytes(&Ask { channel: 2 });
        assert_eq!(answer(&mut thermometer, &[0xff, 1, 2, 3]), None);
        assert_eq!(answer(&mut thermometer, &ask), None);
        thermometer.pause();
        let mut damaged = ask;
        damaged[2] ^= 1;
        assert_eq!(answer(&mut thermometer, &damaged), None);
        assert!(answer(&mut thermometer, &ask).is_some());
        let mut none = [0; 0];
        let asked = ask
            .iter()
            .filter_map(|byte| thermometer.receive(*byte, &mut none));
        assert_eq!(asked.count(), 0);
    }
}
