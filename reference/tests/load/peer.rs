//! A peer that sends back what it gets, or does not.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// What a peer does with what it gets.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Habit {
    /// Sends it back.
    Good,
    /// Reads it, and is silent.
    Deaf,
    /// Sends it back, but after the first piece it does nothing for a while.
    Stalls(Duration),
    /// Closes the connection.
    HangsUp,
    /// Sends it back and closes the connection at once, so that both come together.
    SaysGoodbye,
}

/// A peer that listens as long as the process is there.
pub(crate) struct Echo {
    pub(crate) address: SocketAddr,
}

impl Echo {
    pub(crate) fn start(habit: Habit) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                thread::spawn(move || serve(stream, habit));
            }
        });
        Self { address }
    }
}

fn serve(mut stream: TcpStream, habit: Habit) {
    let mut buffer = [0; 8 * 1024];
    let mut first = true;
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        match habit {
            Habit::Deaf => continue,
            Habit::HangsUp => return,
            Habit::Stalls(pause) if std::mem::take(&mut first) => thread::sleep(pause),
            Habit::Good | Habit::SaysGoodbye | Habit::Stalls(_) => {}
        }
        if stream.write_all(&buffer[..count]).is_err() || matches!(habit, Habit::SaysGoodbye) {
            return;
        }
    }
}
