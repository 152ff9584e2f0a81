//! The program as one talks with it: says what is typed, and shows what arrives.
//!
//! | Module | Purpose |
//! |---|---|
//! | `command` | what a line means |
//! | `input` | lines, from a terminal with history and completion or from a pipe |
//! | `show` | what is said about a packet |

mod command;
mod input;
mod show;

use crate::connect::{self, hex};
use crate::send::enter_if_needed;
use crate::terminal::visible;
use crate::{Failure, template};
use command::Input;
use input::{Lines, Printer};
use reference::client::{Client, ClientError, Event, RequestError, kind_of};
use reference::game::{EnterWorld, Logout, Packet};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

#[derive(Debug, clap::Args)]
#[group(id = "interactive")]
pub(crate) struct Arguments {
    /// Seconds to wait for what is still on its way when the input ends
    #[arg(long, default_value_t = 1, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=3600))]
    linger: u64,
}

pub(crate) async fn run(
    connection: &connect::Arguments,
    arguments: &Arguments,
) -> Result<(), Failure> {
    let client = connection.log_in().await?;
    let (mut lines, printer) = input::open().map_err(Failure::problem)?;
    let mut talk = Talk {
        client: &client,
        printer,
        shows_moves: false,
    };
    talk.welcome(&connection.address)?;
    let ended = talk
        .go(&mut lines, Duration::from_secs(arguments.linger))
        .await?;
    match ended {
        None => {
            // It is over either way.
            let _ = client.close().await;
            Ok(())
        }
        Some(ClientError::LoggedOut) => Ok(()),
        Some(error) => Err(Failure::Problem(format!("{}: {error}", connection.address))),
    }
}

/// A conversation with a server.
struct Talk<'a> {
    client: &'a Client,
    printer: Printer,
    shows_moves: bool,
}

impl Talk<'_> {
    /// Until the input ends, or the session does: then with the reason.
    async fn go(
        &mut self,
        lines: &mut Lines,
        linger: Duration,
    ) -> Result<Option<ClientError>, Failure> {
        loop {
            lines.prompt(&self.prompt());
            tokio::select! {
                line = lines.next() => match line {
                    Some(line) => if !self.obey(&line).await? {
                        return Ok(None);
                    },
                    None => return self.linger(Instant::now() + linger).await,
                },
                event = self.client.receive() => match event {
                    Ok(event) => self.hear(&event)?,
                    Err(error) => {
                        lines.leave(&mut self.printer).await?;
                        return Ok(Some(error));
                    }
                },
            }
        }
    }

    /// Shows what is still on its way.
    async fn linger(&mut self, until: Instant) -> Result<Option<ClientError>, Failure> {
        loop {
            match timeout_at(until, self.client.receive()).await {
                Ok(Ok(event)) => self.hear(&event)?,
                Ok(Err(error)) => return Ok(Some(error)),
                Err(_) => return Ok(None),
            }
        }
    }

    fn prompt(&self) -> String {
        let state = self.client.state().name();
        match self.client.round_trip() {
            _ if !self.client.is_connected() => "(not connected) > ".to_owned(),
            Some(round_trip) => format!("{state} {} > ", show::milliseconds(round_trip)),
            None => format!("{state} > "),
        }
    }

    fn welcome(&mut self, address: &str) -> Result<(), Failure> {
        let welcome = self.client.welcome();
        let server = welcome.map(|welcome| welcome.server).unwrap_or_default();
        let who = self
            .client
            .name()
            .unwrap_or_else(|| "the player".to_owned());
        self.say(&format!(
            "{who} is logged in to {server} at {address}; `help` lists what can be typed"
        ))?;
        for server in self.client.servers() {
            let text = format!(
                "server {} at {}:{} with {} of {} players",
                server.name, server.address, server.port, server.players, server.capacity
            );
            self.say(&text)?;
        }
        Ok(())
    }

    /// Does what a line says; whether there is more to do.
    async fn obey(&mut self, line: &str) -> Result<bool, Failure> {
        match command::parse(line) {
            Ok(Input::Nothing) => {}
            Ok(Input::Quit) => return Ok(false),
            Ok(Input::Help) => self.say_lines(command::HELP)?,
            Ok(Input::Packets) => self.say_lines(&template::list())?,
            Ok(Input::Template(name)) => match template::fillable(name) {
                Ok(text) => self.say(&format!("{name} {text}"))?,
                Err(problem) => self.complain(&problem)?,
            },
            Ok(Input::RoundTrip) => {
                let text = match self.client.round_trip() {
                    Some(round_trip) => format!("round trip {}", show::milliseconds(round_trip)),
                    None => "no heartbeat was answered yet".to_owned(),
                };
                self.say(&text)?;
            }
            Ok(Input::Token) => {
                let text = match self.client.grant() {
                    Some(grant) => format!(
                        "token {} of player {}, good for {} s and on this device",
                        hex(&grant.token),
                        grant.player,
                        grant.lifetime.as_secs()
                    ),
                    None => "the server gave no token".to_owned(),
                };
                self.say(&text)?;
            }
            Ok(Input::Moves) => {
                self.shows_moves = !self.shows_moves;
                let how = if self.shows_moves {
                    "shown"
                } else {
                    "not shown"
                };
                self.say(&format!("moves of others are {how}"))?;
            }
            Ok(Input::Enter) => self.enter().await?,
            Ok(Input::Logout) => {
                let logout = Logout {
                    request: 0,
                    revoke_token: true,
                };
                self.send(logout.into()).await?;
            }
            Ok(Input::Packet(packet)) => self.send(packet).await?,
            Err(problem) => self.complain(&problem)?,
        }
        Ok(true)
    }

    async fn enter(&mut self) -> Result<(), Failure> {
        let enter = EnterWorld {
            request: 0,
            spawn: None,
        };
        match self.client.request(enter).await {
            Ok(entered) => self.hear(&Event::Packet(entered.into())),
            Err(RequestError::Refused(error)) => self.hear(&Event::Packet(error.into())),
            Err(error) => self.complain(&error.to_string()),
        }
    }

    /// Sends a packet, in the world if it has to be there.
    async fn send(&mut self, packet: Packet) -> Result<(), Failure> {
        if let Some(kind) = kind_of(&packet)
            && !kind.is_sent_in(self.client.state())
        {
            match enter_if_needed(self.client, kind).await {
                Ok(true) => self.say("entered the world for that")?,
                Ok(false) => {}
                Err(Failure::Output(error)) => return Err(error.into()),
                Err(Failure::Refused(problem)) => {
                    return self.complain(&problem.unwrap_or_default());
                }
                Err(Failure::Problem(problem)) => return self.complain(&problem),
            }
        }
        if let Err(error) = self.client.send(packet) {
            self.complain(&error.to_string())?;
        }
        Ok(())
    }

    fn hear(&mut self, event: &Event) -> Result<(), Failure> {
        let text = match event {
            Event::Packet(Packet::EntitiesMoved(_)) if !self.shows_moves => return Ok(()),
            Event::Packet(packet) => show::packet(packet),
            Event::Disconnected { error, retry_in } => {
                format!("* the connection is lost: {error}; next attempt in {retry_in:.1?}")
            }
            Event::Reconnected { resumed, in_world } => {
                let session = if *resumed {
                    "the session goes on"
                } else {
                    "in a new session"
                };
                let place = if *in_world {
                    "in the world"
                } else {
                    "outside of the world"
                };
                format!("* connected again: {session}, {place}")
            }
            Event::NotSent { packet } => {
                format!("* {packet} was not sent: the session does not allow it any more")
            }
            Event::Missed { count } => format!("* {count} packets came too fast to be shown"),
            _ => return Ok(()),
        };
        self.say(&text)
    }

    fn complain(&mut self, problem: &str) -> Result<(), Failure> {
        self.say(&format!("? {problem}"))
    }

    fn say_lines(&mut self, text: &str) -> Result<(), Failure> {
        text.lines().try_for_each(|line| self.say(line))
    }

    /// Shows a line, in which whatever others wrote cannot steer the terminal.
    fn say(&mut self, line: &str) -> Result<(), Failure> {
        Ok(self.printer.print(&visible(line))?)
    }
}
