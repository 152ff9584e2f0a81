//! Generated code that is committed and reviewed like any other: nothing is generated when the crate is built.
//!
//! ```sh
//! packetc generate door.yaml --lang rust --out src/generated --derive Hash
//! ```
//!
//! wrote `src/generated/door.rs`. A test fails when the schema has changed since; in CI, the same command with `--check` does
//! it as well.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    reason = "a program that shows something prints it"
)]

/// The door's protocol.
// Formatted otherwise, it would not be what `packetc generate` writes.
#[rustfmt::skip]
#[path = "generated/door.rs"]
pub mod door;

use door::{Answer, Answered, Opened, Packet, PacketView, Session, Side, Unlock};
use packet_runtime::Encode;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut session = Session::new();
    let sent: [(Side, Packet); 4] = [
        (Side::Client, Unlock { code: 123_456 }.into()),
        (
            Side::Server,
            Answered {
                answer: Answer::Granted,
            }
            .into(),
        ),
        (Side::Server, Opened { at: 60 }.into()),
        (Side::Server, Opened { at: 61 }.into()),
    ];
    for (side, packet) in sent {
        match follow(&mut session, side, &packet.to_vec()?) {
            Ok(line) => println!("{line}"),
            Err(error) => println!("refused: {error}"),
        }
    }
    Ok(())
}

/// Takes a packet that was sent, if it may be, and says where it leads.
fn follow(session: &mut Session, side: Side, bytes: &[u8]) -> Result<String, Box<dyn Error>> {
    let packet = PacketView::parse(bytes)?;
    let before = session.state();
    let after = session.advance(side, &packet)?;
    Ok(format!("{}: {before} -> {after}", packet.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use packetc::backend::rust::{self, Options};
    use packetc::{emit, load};
    use std::path::Path;

    #[test]
    fn the_committed_code_is_up_to_date() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let loaded = load::compile(&folder.join("door.yaml"), None).unwrap();
        let mut options = Options::default();
        options.attributes.derive("Hash").unwrap();
        let files = rust::generate(&loaded.compiled.unwrap().layout, &options);
        let differences = emit::check(&files, &folder.join("src/generated")).unwrap();
        assert!(
            differences.is_empty(),
            "run `packetc generate` as the documentation of this crate says"
        );
    }

    #[test]
    fn a_door_opens_once_for_a_code() {
        let mut session = Session::new();
        let mut send = |side, packet: Packet| {
            let line = follow(&mut session, side, &packet.to_vec().unwrap());
            line.map_err(|error| error.to_string())
        };
        let opened = || Packet::from(Opened { at: 1 });
        assert!(send(Side::Server, opened()).is_err());
        let granted = Answered {
            answer: Answer::Granted,
        };
        assert_eq!(
            send(Side::Server, granted.into()).unwrap(),
            "Answered: locked -> unlocked"
        );
        assert_eq!(
            send(Side::Server, opened()).unwrap(),
            "Opened: unlocked -> locked"
        );
        assert!(send(Side::Server, opened()).is_err());
    }
}
