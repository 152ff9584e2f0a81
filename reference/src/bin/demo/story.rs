//! What happens in the demo: two players log in, move, talk and leave.
//!
//! Every step waits for all packets that it causes, with a deadline, and compares them with what the
//! rules of the game say.

use crate::Result;
use crate::wire::Wire;
use reference::client::{Client, ClientError};
use reference::game::{
    Channel, Chat, ChatMessage, Heartbeat, Motion, Move, Packet, PlayerMoved, ServerInfo, Vec3,
};
use reference::server::world::Rules;
use reference::server::{Options, Server};
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// How long a single step may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Plays the whole story and prints every packet in it.
pub(crate) async fn play<W: Write>(wire: &mut Wire<W>) -> Result<()> {
    let server = Server::bind("127.0.0.1:0", options()).await?;
    let address = server.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(server.run(async {
        // Stops as well if this story ends with an error.
        let _ = stopped.await;
    }));
    wire.say(&format!("the server listens on {address}"))?;

    let (mut ada, ada_number) = log_in(wire, "ada", "secret!", address).await?;
    let (mut grace, _) = log_in(wire, "grace", "hopper", address).await?;

    wire.say("\n== ada shows that she is alive")?;
    let heartbeat = Heartbeat {
        sequence: 1,
        sent_at: 50_000,
    };
    ada.send(heartbeat).await?;
    expect(wire, &mut ada, heartbeat).await?;

    wire.say("\n== ada runs; grace sees it")?;
    let movement = running();
    ada.send(movement).await?;
    let moved = PlayerMoved {
        player: ada_number,
        position: movement.position,
        velocity: movement.velocity,
        motion: movement.motion,
    };
    expect(wire, &mut grace, moved).await?;

    wire.say("\n== ada greets everyone; both hear it")?;
    ada.send(say(Channel::Everyone, None, "안녕, world!"))
        .await?;
    let heard = hear(Channel::Everyone, "ada", "안녕, world!");
    expect(wire, &mut ada, heard.clone()).await?;
    expect(wire, &mut grace, heard).await?;

    wire.say("\n== grace whispers to ada; both hear it, and nobody else would")?;
    grace
        .send(say(Channel::Whisper, Some("ada"), "Over here."))
        .await?;
    let heard = hear(Channel::Whisper, "grace", "Over here.");
    expect(wire, &mut grace, heard.clone()).await?;
    expect(wire, &mut ada, heard).await?;

    wire.say("\n== both leave, and the server shuts down")?;
    leave(ada).await?;
    leave(grace).await?;
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
) -> Result<(Client, u32)> {
    wire.say(&format!("\n== {name} logs in"))?;
    let mut client = Client::connect(address, PATIENCE).await?;
    wire.tap(name, &mut client);
    let response = client.login(name, password).await?;
    wire.show()?;
    wire.say(&format!("\n== {name} shows that she is alive"))?;
    wire.show_heartbeats()?;
    Ok(client)
}

/// Waits for the packet that has to come next, and prints what crossed the wire.
async fn expect<W: Write>(
    wire: &mut Wire<W>,
    client: &mut Client,
    expected: impl Into<Packet>,
) -> Result<()> {
    let (packet, expected) = (client.next_packet(PATIENCE).await?, expected.into());
    wire.show()?;
    if packet == expected {
        Ok(())
    } else {
        Err(format!("expected {expected:?}, received {packet:?}").into())
    }
}

async fn leave(mut client: Client) -> Result<()> {
    client.finish().await?;
    match client.next_packet(PATIENCE).await {
        Err(ClientError::Closed) => Ok(()),
        Err(error) => Err(error.into()),
        Ok(packet) => Err(format!("unexpected {packet:?} at the end").into()),
    }
}

fn running() -> Move {
    Move {
        sequence: 1,
        position: Vec3 {
            x: 100.5,
            y: 200.3,
            z: 50.7,
        },
        velocity: Vec3 {
            x: 1.0,
            y: 0.0,
            z: -1.0,
        },
        motion: Motion::RUNNING,
    }
}

fn say(channel: Channel, recipient: Option<&str>, text: &str) -> Chat {
    Chat {
        channel,
        recipient: recipient.map(str::to_owned),
        text: text.to_owned(),
    }
}

fn hear(channel: Channel, sender: &str, text: &str) -> ChatMessage {
    ChatMessage {
        channel,
        sender: sender.to_owned(),
        text: text.to_owned(),
    }
}
