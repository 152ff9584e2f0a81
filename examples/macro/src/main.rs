//! A protocol that a macro reads from its schema, `lamp.yaml`: nothing is generated into files, and no script runs.
//!
//! Mistakes in the schema are errors of the compiler that show its line, and a change of it builds the crate again.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    reason = "a program that shows something prints it"
)]

packet_derive::packet_schema!(
    mod lamp = "lamp.yaml",
    derive = "PartialOrd",
);

use lamp::{Blink, Colour, Command, CommandAction, CommandActionView, CommandView};
use packet_runtime::{DecodeError, Encode, View};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let commands = [
        Command {
            lamp: 3,
            action: CommandAction::Colour(Colour {
                red: 255,
                green: 0,
                blue: 0,
                fade: 20,
            }),
        },
        Command {
            lamp: 0,
            action: CommandAction::Blink(Blink { times: 3 }),
        },
    ];
    for command in commands {
        let datagram = command.to_vec()?;
        println!("{}: {datagram:02x?}", said(&datagram)?);
    }
    Ok(())
}

/// What a command means, in words.
fn said(datagram: &[u8]) -> Result<String, DecodeError> {
    let command = CommandView::parse(datagram)?;
    let lamp = match command.lamp() {
        0 => "all lamps".to_owned(),
        lamp => format!("lamp {lamp}"),
    };
    Ok(match command.action() {
        CommandActionView::Switch(switch) if switch.on() => format!("{lamp}: on"),
        CommandActionView::Switch(_) => format!("{lamp}: off"),
        CommandActionView::Colour(colour) => format!(
            "{lamp}: #{:02x}{:02x}{:02x} in {} s",
            colour.red(),
            colour.green(),
            colour.blue(),
            colour.fade_scaled()
        ),
        CommandActionView::Blink(blink) => format!("{lamp}: blink {} times", blink.times()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_said_in_words() {
        let red = [0, 3, 2, 255, 0, 0, 0, 20];
        assert_eq!(said(&red).unwrap(), "lamp 3: #ff0000 in 2 s");
        assert_eq!(said(&[0, 0, 1, 0]).unwrap(), "all lamps: off");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = said(&[0, 1, 3, 21]).unwrap_err();
        assert_eq!(error.field().to_string(), "action.blink.times");
        let command = Command {
            lamp: 1,
            action: CommandAction::Blink(Blink { times: 0 }),
        };
        assert!(command.to_vec().is_err());
    }
}
