//! Between the suite and the bundled server: cuts both streams into frames, and lets a [`Mode`] break one thing.

use crate::modes::{Link, Mode};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, mpsc};
use tokio::time::sleep;

/// A proxy, until the test's runtime ends.
pub(crate) struct Proxy {
    pub(crate) address: String,
}

impl Proxy {
    pub(crate) async fn start(server: &str, mode: Mode) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = server.to_owned();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if let Ok(upstream) = TcpStream::connect(&server).await {
                    tokio::spawn(link(client, upstream, mode));
                }
            }
        });
        Self { address }
    }
}

async fn link(client: TcpStream, upstream: TcpStream, mode: Mode) {
    client.set_nodelay(true).unwrap();
    upstream.set_nodelay(true).unwrap();
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = upstream.into_split();
    let link = Arc::new(Mutex::new(Link::new(mode)));
    // Without bound, so that a mode can hoard.
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(write(receiver, to_client, mode.delay()));
    for frame in link.lock().await.opened() {
        let _ = sender.send(frame);
    }
    tokio::spawn(carry_up(
        from_client,
        to_server,
        Arc::clone(&link),
        sender.clone(),
    ));
    carry_down(from_server, link, sender.clone()).await;
    if !mode.passes_close_on() {
        sleep(Duration::from_secs(30)).await;
    }
    // An empty frame is the end.
    let _ = sender.send(Vec::new());
}

/// Writes frames to the client, until an empty one.
async fn write(
    mut frames: mpsc::UnboundedReceiver<Vec<u8>>,
    mut client: OwnedWriteHalf,
    delay: Duration,
) {
    while let Some(frame) = frames.recv().await {
        if !delay.is_zero() {
            sleep(delay).await;
        }
        if frame.is_empty() || client.write_all(&frame).await.is_err() {
            break;
        }
    }
    let _ = client.shutdown().await;
}

async fn carry_up(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    link: Arc<Mutex<Link>>,
    answers: mpsc::UnboundedSender<Vec<u8>>,
) {
    let mut chunk = vec![0; 1 << 16];
    while let Ok(count @ 1..) = client.read(&mut chunk).await {
        let (up, down) = link.lock().await.up(&chunk[..count]);
        for frame in down {
            let _ = answers.send(frame);
        }
        if server.write_all(&up).await.is_err() {
            return;
        }
    }
    let _ = server.shutdown().await;
}

async fn carry_down(
    mut server: OwnedReadHalf,
    link: Arc<Mutex<Link>>,
    client: mpsc::UnboundedSender<Vec<u8>>,
) {
    let mut chunk = vec![0; 1 << 16];
    while let Ok(count @ 1..) = server.read(&mut chunk).await {
        for frame in link.lock().await.down(&chunk[..count]) {
            if client.send(frame).is_err() {
                return;
            }
        }
    }
}
