//! `packet-client send`: one packet, and its answer.

use crate::{Failure, connect, json};
use reference::client::{self, Client, Event, Login, RequestError};
use reference::game::{EchoRequest, EnterWorld, Packet, PacketKind, State};
use std::io::{self, Write};
use std::time::Duration;
use tokio::time::sleep;

/// Send a packet, and print its answer as JSON
///
/// Logs in first unless the packet is one that is sent before, and enters the world if the packet needs it. Exit code 1 says that
/// the server refused the packet, in an `Error`, a `MoveRejected` or a result other than `ok`, which is printed as well.
#[derive(Debug, clap::Args)]
#[group(id = "send")]
pub(crate) struct Arguments {
    /// Name of the packet
    packet: String,
    /// Its fields as JSON, as `packet-client template` shows them
    #[arg(value_name = "JSON", default_value = "{}")]
    fields: String,
}

pub(crate) async fn run(
    connection: &connect::Arguments,
    arguments: &Arguments,
) -> Result<(), Failure> {
    let packet = json::parse(&arguments.packet, &arguments.fields).map_err(Failure::Problem)?;
    let kind =
        client::kind_of(&packet).ok_or_else(|| Failure::problem("this packet is unknown"))?;
    if matches!(packet, Packet::Hello(_)) {
        return Err(Failure::problem(
            "the client says Hello by itself when it connects; send any other packet",
        ));
    }
    let client = if needs_nobody(kind, connection) {
        connection.connect(Login::Nobody).await?
    } else {
        connection.log_in().await?
    };
    enter_if_needed(&client, kind).await?;
    let refused = exchange(&client, packet, connection).await?;
    // The answer is there; what becomes of the connection now changes nothing.
    let _ = client.close().await;
    if refused {
        Err(Failure::Refused(None))
    } else {
        Ok(())
    }
}

/// Whether a packet can be sent without a login: it belongs there, or nobody was named whom it could matter to.
fn needs_nobody(kind: PacketKind, connection: &connect::Arguments) -> bool {
    kind.is_sent_in(State::Greeted)
        && (!kind.is_sent_in(State::Authenticated) || !connection.names_somebody())
}

/// Enters the world if the packet is sent nowhere else.
pub(crate) async fn enter_if_needed(client: &Client, kind: PacketKind) -> Result<bool, Failure> {
    let state = client.state();
    if kind.is_sent_in(state) || !kind.is_sent_in(State::InWorld) || state != State::Authenticated {
        return Ok(false);
    }
    let enter = EnterWorld {
        request: 0,
        spawn: None,
    };
    match client.request(enter).await {
        Ok(_) => Ok(true),
        Err(RequestError::Refused(error)) => Err(Failure::Refused(Some(format!(
            "the world cannot be entered: {}",
            RequestError::Refused(error)
        )))),
        Err(error) => Err(Failure::problem(error)),
    }
}

/// Sends the packet, prints what answers it, and says whether that is a refusal.
async fn exchange(
    client: &Client,
    packet: Packet,
    connection: &connect::Arguments,
) -> Result<bool, Failure> {
    if client::reply_to(&packet).is_none() {
        return send(client, packet, connection).await;
    }
    match client.request_packet(packet, connection.patience()).await {
        Ok(reply) => {
            print(&reply)?;
            Ok(is_refusal(&reply))
        }
        Err(RequestError::Refused(error)) => {
            print(&error.into())?;
            Ok(true)
        }
        Err(error) => Err(Failure::problem(error)),
    }
}

/// Some steps of a world: it may tell only then what it has against a move.
const STEPS: Duration = Duration::from_millis(150);

/// Sends a packet without an answer. The server takes packets in order, so what it has against this one comes before the answer to
/// an echo behind it, or with one of the next steps of the world.
async fn send(
    client: &Client,
    packet: Packet,
    connection: &connect::Arguments,
) -> Result<bool, Failure> {
    let id = packet.id();
    client.send(packet).map_err(Failure::problem)?;
    let echo = EchoRequest {
        request: 0,
        payload: Vec::new(),
    };
    let echoed = client.request_packet(echo, connection.patience()).await;
    echoed.map_err(Failure::problem)?;
    if client.state() == State::InWorld {
        sleep(STEPS).await;
    }
    let mut refused = false;
    while let Some(event) = client.try_receive() {
        match event {
            Event::Packet(Packet::Error(error)) if error.packet == id => {
                print(&error.into())?;
                refused = true;
            }
            Event::Packet(Packet::MoveRejected(rejected)) => {
                print(&rejected.into())?;
                refused = true;
            }
            _ => {}
        }
    }
    Ok(refused)
}

/// Whether an answer has a result that says no.
fn is_refusal(reply: &Packet) -> bool {
    let (_, fields) = json::split(reply);
    let result = fields.get("result");
    result.is_some_and(|result| result.as_str() != Some("ok"))
}

fn print(packet: &Packet) -> Result<(), Failure> {
    Ok(writeln!(io::stdout(), "{}", json::document(packet))?)
}
