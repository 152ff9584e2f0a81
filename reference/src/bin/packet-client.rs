//! The reference client as a program: says what is typed and shows what arrives.
#![forbid(unsafe_code)]

use clap::Parser;
use reference::client::{Client, ClientError};
use reference::game::{Channel, Chat, Heartbeat, Packet};
use std::fmt::Write as _;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, interval_at};

/// A chat client for the game protocol
///
/// Every line of standard input is said to everyone. `/nearby TEXT` says it to those who are near, and
/// `/whisper NAME TEXT` to one player.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Server to connect to
    #[arg(long, default_value = "127.0.0.1:7777", value_name = "HOST:PORT")]
    address: String,
    /// Name to log in with
    #[arg(long)]
    name: String,
    /// Password to log in with
    #[arg(long)]
    password: String,
    /// Seconds to wait for what is still on its way when the input ends
    #[arg(long, default_value_t = 1, value_name = "SECONDS")]
    linger: u64,
}

/// How long connecting and logging in may take each.
const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match chat(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has seen enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(Failure::Output(error)) => {
            complain(&format!("cannot write: {error}"));
            ExitCode::from(2)
        }
        Err(Failure::Client(error)) => {
            complain(&format!("{}: {error}", arguments.address));
            ExitCode::from(2)
        }
    }
}

/// Why the program cannot go on.
enum Failure {
    Client(ClientError),
    Output(io::Error),
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

/// Only output fails with a bare error: those of the network are the client's.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

async fn chat(arguments: &Arguments) -> Result<(), Failure> {
    let mut client = Client::connect(&arguments.address, PATIENCE).await?;
    let welcome = client.login(&arguments.name, &arguments.password).await?;
    for server in &welcome.servers {
        say(&format!(
            "server {} at {}:{} with {} of {} players",
            server.name, server.address, server.port, server.players, server.capacity
        ))?;
    }
    let mut lines = lines_of_stdin();
    let pause = Duration::from_secs(u64::from(welcome.heartbeat_seconds.max(1)));
    let mut heartbeats = interval_at(Instant::now() + pause, pause);
    let (started, mut sequence) = (Instant::now(), 0);
    loop {
        tokio::select! {
            line = lines.recv() => match line {
                Some(line) => match message(&line) {
                    Ok(chat) => match client.send(chat).await {
                        // A line that is too long is the user's to correct.
                        Err(ClientError::Encode(error)) => complain(&error.to_string()),
                        sent => sent?,
                    },
                    Err(help) => complain(help),
                },
                None => break,
            },
            packet = client.receive() => show(&packet?)?,
            _ = heartbeats.tick() => {
                sequence += 1;
                let sent_at = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
                client.send(Heartbeat { sequence, sent_at }).await?;
            }
        }
    }
    let end = Instant::now() + Duration::from_secs(arguments.linger);
    loop {
        let left = end.saturating_duration_since(Instant::now());
        match client.next_packet(left).await {
            Ok(packet) => show(&packet)?,
            Err(ClientError::Timeout { .. } | ClientError::Closed) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Reads lines in a thread of its own, as reading standard input cannot be cancelled.
fn lines_of_stdin() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(16);
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// What a line that the user typed means, or what to type instead. What could be a mistyped command is not
/// said to everyone.
fn message(line: &str) -> Result<Chat, &'static str> {
    let line = line.trim();
    let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
    let (channel, recipient, text) = match command {
        "/nearby" => (Channel::Nearby, None, rest),
        "/whisper" => {
            let (name, text) = rest.trim_start().split_once(' ').unwrap_or((rest, ""));
            (Channel::Whisper, Some(name.to_owned()), text)
        }
        _ if line.starts_with('/') => {
            return Err("the commands are /nearby TEXT and /whisper NAME TEXT");
        }
        _ => (Channel::Everyone, None, line),
    };
    let text = text.trim();
    if text.is_empty() {
        return Err("there is nothing to say: type a text");
    }
    Ok(Chat {
        channel,
        recipient,
        text: text.to_owned(),
    })
}

fn show(packet: &Packet) -> io::Result<()> {
    match packet {
        Packet::ChatMessage(message) => {
            let how = match message.channel {
                Channel::Everyone => "",
                Channel::Nearby => " (nearby)",
                Channel::Whisper => " (whispers)",
            };
            say(&format!("{}{how}: {}", message.sender, message.text))
        }
        Packet::PlayerMoved(moved) => {
            let at = &moved.position;
            say(&format!(
                "player {} is at ({}, {}, {})",
                moved.player, at.x, at.y, at.z
            ))
        }
        Packet::Heartbeat(_) => Ok(()),
        other => say(&format!("received {}", other.name())),
    }
}

/// Writes a line to standard output.
fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", visible(line))?;
    out.flush()
}

/// Writes a line to standard error. There is nowhere left to report that this fails.
fn complain(problem: &str) {
    let _ = writeln!(io::stderr(), "error: {problem}");
}

/// Text without anything that could steer a terminal: others wrote it.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_direction(c) {
            let _ = write!(shown, "{}", c.escape_unicode()); // cannot fail
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Whether a character turns the direction of what follows it, so that text could pose as other text.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_who_is_to_hear_them() {
        let said = |line| {
            let chat = message(line).unwrap();
            (chat.channel, chat.recipient, chat.text)
        };
        let everyone = |text: &str| (Channel::Everyone, None, text.to_owned());
        assert_eq!(said("hello all"), everyone("hello all"));
        assert_eq!(
            said("/nearby psst"),
            (Channel::Nearby, None, "psst".to_owned())
        );
        let ada = Some("ada".to_owned());
        assert_eq!(
            said("/whisper ada a b"),
            (Channel::Whisper, ada, "a b".to_owned())
        );
    }

    #[test]
    fn a_mistyped_command_is_not_said_to_everyone() {
        for line in ["/wisper ada psst", "/nearby", "/whisper ada", "/", "", "  "] {
            assert!(message(line).is_err(), "{line}");
        }
    }

    #[test]
    fn nothing_from_the_wire_steers_the_terminal() {
        assert_eq!(visible("don't: 안녕"), "don't: 안녕");
        assert_eq!(visible("\u{1b}[31m\n"), "\\u{1b}[31m\\u{a}");
        assert_eq!(visible("\u{202e}"), "\\u{202e}");
    }
}
