//! What happens in the demo: two players come, talk, move and leave.
//!
//! Every step waits for all packets that it causes, with a deadline, and compares them with what the
//! rules of the game say.

use crate::Result;
use crate::wire::Wire;
use reference::client::{Client, ClientError, Event, Login, Options, Request};
use reference::game::{
    Arrival, ChatMessage, ChatMessageScope, EnterWorld, Logout, Motion, Move, Packet, RoomChange,
    RoomCreate, RoomEvent, RoomJoin, RoomMessage, Vec3, Whisper,
};
use reference::server::Server;
use reference::server::config::Settings;
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

/// How long a single step may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Plays the whole story and prints every packet in it.
pub(crate) async fn play<W: Write>(wire: &mut Wire<W>) -> Result<()> {
    let server = Server::bind(settings()).await?;
    let address = server.local_addr();
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(server.run(async {
        // Stops as well if this story ends with an error.
        let _ = stopped.await;
    }));
    wire.say(&format!("the server listens on {address}"))?;

    let ada = log_in(wire, "ada", "correct horse", address).await?;
    let grace = log_in(wire, "grace", "battery staple", address).await?;

    wire.say("\n== ada opens a room, and grace comes in")?;
    let name = "plaza".to_owned();
    let room = ask(&ada, RoomCreate { request: 0, name }).await?.room;
    wire.show()?;
    ask(&grace, RoomJoin { request: 0, room }).await?;
    let came = RoomEvent {
        room,
        change: RoomChange::JOINED,
        player: "grace".to_owned(),
    };
    hear(&ada, came).await?;
    wire.show()?;

    wire.say("\n== ada greets the room; both hear it")?;
    let text = "안녕, world!".to_owned();
    let heard = said(ChatMessageScope::Room(room), "ada", &text);
    let request = 0;
    ask(
        &ada,
        RoomMessage {
            request,
            room,
            text,
        },
    )
    .await?;
    hear(&grace, heard).await?;
    wire.show()?;

    wire.say("\n== grace whispers to ada; both hear it, and nobody else would")?;
    let whisper = Whisper {
        request: 0,
        recipient: "ada".to_owned(),
        text: "Over here.".to_owned(),
    };
    let scope = ChatMessageScope::Whisper("ada".to_owned());
    let heard = said(scope, "grace", &whisper.text);
    ask(&grace, whisper).await?;
    hear(&ada, heard).await?;
    wire.show()?;

    wire.say("\n== both enter the world, and see each other")?;
    let arrival = enter(&ada, 1).await?;
    wire.show()?;
    enter(&grace, 2).await?;
    wait_for(
        &ada,
        "that grace comes into sight",
        |packet| matches!(packet, Packet::EntityEntered(entered) if entered.entity.name == "grace"),
    )
    .await?;
    wire.show()?;

    wire.say("\n== ada runs; grace sees it at the next step of the world")?;
    let movement = run(&arrival);
    // Time has to pass for a move to be possible.
    sleep(Duration::from_millis(100)).await;
    ada.send(movement)?;
    wait_for(&grace, "ada's move", |packet| match packet {
        Packet::EntitiesMoved(moved) => moved
            .moves
            .iter()
            .any(|moved| moved.entity == arrival.entity && moved.position == movement.position),
        _ => false,
    })
    .await?;
    wait_for(&ada, "what moved", |packet| {
        matches!(packet, Packet::EntitiesMoved(_))
    })
    .await?;
    wire.show()?;

    wire.say("\n== both log out, and the server shuts down")?;
    leave(grace).await?;
    wait_for(&ada, "that grace is gone", |packet| {
        matches!(packet, Packet::EntityLeft(_))
    })
    .await?;
    wire.show()?;
    leave(ada).await?;
    wire.show()?;
    // Nobody listens only if the server has ended already, which the next line finds out.
    let _ = stop.send(());
    timeout(PATIENCE, task)
        .await
        .map_err(|_| "the server does not shut down")??;
    let (packets, bytes) = wire.totals();
    wire.say(&format!(
        "\nDone: {packets} packets, {bytes} bytes. Generated code and layout agree on every one of them."
    ))
}

/// A server of this demo alone: on a free port, without a folder and without pages.
fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.listen.address.set_port(0);
    "memory".clone_into(&mut settings.store.data);
    "off".clone_into(&mut settings.metrics.address);
    settings
}

/// Registers a player and logs it in. Behind that the client shows that it is alive, by itself.
async fn log_in<W: Write>(
    wire: &mut Wire<W>,
    name: &'static str,
    password: &str,
    address: SocketAddr,
) -> Result<Client> {
    wire.say(&format!("\n== {name} greets, registers and logs in"))?;
    let client = Client::connect(Options {
        login: Login::registering(name, password),
        device: [7; 16],
        reconnect: None,
        tap: Some(wire.tap(name)),
        ..Options::new(address.to_string())
    })
    .await?;
    let alive = async {
        while !wire.has_heartbeats() {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(PATIENCE, alive)
        .await
        .map_err(|_| "no heartbeat is answered")?;
    wire.show()?;
    wire.say(&format!("\n== {name} shows that she is alive"))?;
    wire.show_heartbeats()?;
    Ok(client)
}

async fn enter(client: &Client, x: u8) -> Result<Arrival> {
    let spawn = Vec3 {
        x: x.into(),
        y: 0.0,
        z: 0.0,
    };
    let request = EnterWorld {
        request: 0,
        spawn: Some(spawn),
    };
    let arrival = ask(client, request).await?.arrival;
    wait_for(client, "what is to be seen", |packet| {
        matches!(packet, Packet::WorldSnapshot(_))
    })
    .await?;
    Ok(arrival)
}

async fn ask<R: Request>(client: &Client, request: R) -> Result<R::Reply> {
    Ok(client.request(request).await?)
}

/// Waits for exactly this packet, which has to be the next that comes.
async fn hear(client: &Client, expected: impl Into<Packet>) -> Result<()> {
    let expected = expected.into();
    let packet = next(client, expected.name()).await?;
    if packet == expected {
        Ok(())
    } else {
        Err(format!("expected {expected:?}, received {packet:?}").into())
    }
}

/// Waits for a packet of which not every value is known, whatever comes before it.
async fn wait_for(client: &Client, what: &str, is_it: impl Fn(&Packet) -> bool) -> Result<()> {
    while !is_it(&next(client, what).await?) {}
    Ok(())
}

async fn next(client: &Client, what: &str) -> Result<Packet> {
    let event = timeout(PATIENCE, client.receive())
        .await
        .map_err(|_| format!("waited for {what} in vain"))??;
    match event {
        Event::Packet(packet) => Ok(packet),
        other => Err(format!("expected {what}, but {other:?}").into()),
    }
}

async fn leave(client: Client) -> Result<()> {
    let logout = Logout {
        request: 0,
        revoke_token: true,
    };
    ask(&client, logout).await?;
    match timeout(PATIENCE, client.receive()).await? {
        Err(ClientError::LoggedOut) => Ok(()),
        other => Err(format!("expected the end, but {other:?}").into()),
    }
}

/// A short way to the east.
fn run(arrival: &Arrival) -> Move {
    let Vec3 { x, y, z } = arrival.position;
    Move {
        sequence: 1,
        position: Vec3 { x: x + 0.25, y, z },
        velocity: Vec3 {
            x: 1.0,
            y: 0.0,
            z: 0.0,
        },
        motion: Motion::RUNNING,
    }
}

fn said(scope: ChatMessageScope, sender: &str, text: &str) -> ChatMessage {
    ChatMessage {
        scope,
        sender: sender.to_owned(),
        text: text.to_owned(),
    }
}
