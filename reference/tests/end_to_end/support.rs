//! A server on a free port, clients, and raw connections that break rules no client would break.

use crate::log;
use packet_runtime::{Encode, Reassembler};
use reference::client::Client;
use reference::game::{Channel, Chat, ChatMessage, Framing, LoginRequest, Packet, PacketView};
use reference::server::{Options, Server};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Long enough for whatever has to happen, on the slowest machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Time in which nothing must happen.
pub(crate) const SILENCE: Duration = Duration::from_millis(100);

/// A running server.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    pub(crate) async fn start(options: Options) -> Self {
        log::collect();
        let server = Server::bind("127.0.0.1:0", options).await.unwrap();
        let address = server.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        Self {
            address,
            stop,
            task,
        }
    }

    /// A client that is connected.
    pub(crate) async fn connect(&self) -> Client {
        Client::connect(self.address, PATIENCE).await.unwrap()
    }

    /// A client that is logged in.
    pub(crate) async fn log_in(&self, name: &str) -> Client {
        let mut client = self.connect().await;
        client.login(name, "secret!").await.unwrap();
        client
    }

    /// Tells the server to stop; the task ends when it has.
    pub(crate) fn stop(self) -> JoinHandle<()> {
        self.stop.send(()).unwrap();
        self.task
    }
}

/// A connection whose bytes a test writes itself.
pub(crate) struct Raw {
    pub(crate) stream: TcpStream,
    reassembler: Reassembler<Framing>,
}

impl Raw {
    pub(crate) async fn connect(server: &Running) -> Self {
        let stream = TcpStream::connect(server.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self::new(stream)
    }

    /// A connection that holds little of what its test does not read.
    pub(crate) async fn connect_with_small_window(server: &Running) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        Self::new(socket.connect(server.address).await.unwrap())
    }

    fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            reassembler: Reassembler::new(Framing),
        }
    }

    pub(crate) async fn log_in(&mut self, name: &str) {
        self.write(&bytes(login(name))).await;
        let response = self.packet().await;
        assert!(matches!(response, Some(Packet::LoginResponse(_))));
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        timeout(PATIENCE, self.stream.write_all(bytes))
            .await
            .expect("the server does not read")
            .unwrap();
    }

    /// The next packet; `None` if the connection has ended, in whatever way.
    pub(crate) async fn packet(&mut self) -> Option<Packet> {
        loop {
            if let Some(frame) = self.reassembler.next_frame().unwrap() {
                return Some(PacketView::parse(frame).unwrap().into());
            }
            match self.read().await {
                Ok(0) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    async fn read(&mut self) -> io::Result<usize> {
        let read = self.stream.read(self.reassembler.spare_mut());
        let count = timeout(PATIENCE, read)
            .await
            .expect("the server says nothing")?;
        self.reassembler.advance(count);
        Ok(count)
    }
}

pub(crate) fn bytes(packet: impl Into<Packet>) -> Vec<u8> {
    packet.into().to_vec().unwrap()
}

pub(crate) fn login(name: &str) -> LoginRequest {
    LoginRequest {
        name: name.to_owned(),
        password: "secret!".to_owned(),
        client_version: 1,
    }
}

pub(crate) fn chat(text: &str) -> Chat {
    Chat {
        channel: Channel::Everyone,
        recipient: None,
        text: text.to_owned(),
    }
}

pub(crate) fn heard(sender: &str, text: &str) -> Packet {
    Packet::from(ChatMessage {
        channel: Channel::Everyone,
        sender: sender.to_owned(),
        text: text.to_owned(),
    })
}

/// What a client says is heard by itself: its session is alive and well.
pub(crate) async fn assert_alive(client: &mut Client, name: &str) {
    client.send(chat("still here")).await.unwrap();
    let packet = client.next_packet(PATIENCE).await.unwrap();
    assert_eq!(packet, heard(name, "still here"));
}
