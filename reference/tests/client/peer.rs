//! A server that does what a test says: it greets and lets in by itself, and the rest is for the test to hear and to say.

use packet_runtime::tokio::Connection;
use reference::game::{
    Arrival, FINGERPRINT, Framing, LoginResponse, LoginResult, Packet, PacketView,
    RegisterResponse, RegisterResult, ResumeResponse, ResumeResult, SessionGrant, Vec3, Welcome,
    WelcomeResult, WorldEntered,
};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// Long enough for whatever has to happen, on the slowest machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Where clients connect to.
pub(crate) struct Peer(TcpListener);

impl Peer {
    pub(crate) async fn start() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    pub(crate) fn address(&self) -> String {
        self.0.local_addr().unwrap().to_string()
    }

    /// The next connection, as it comes.
    pub(crate) async fn accept(&self) -> Heard<TcpStream> {
        let accepted = timeout(PATIENCE, self.0.accept()).await;
        Heard::over(accepted.expect("nobody connects").unwrap().0)
    }

    /// The next connection, greeted.
    pub(crate) async fn greet(&self) -> Heard<TcpStream> {
        let mut heard = self.accept().await;
        heard.greet().await;
        heard
    }

    /// The next connection, of a player who is let in by whatever they ask.
    pub(crate) async fn let_in(&self) -> Heard<TcpStream> {
        let mut heard = self.greet().await;
        heard.let_in().await;
        heard
    }
}

/// The server's end of a connection.
pub(crate) struct Heard<S>(Connection<S, Framing, Packet>);

impl<S: AsyncRead + AsyncWrite + Unpin> Heard<S> {
    pub(crate) fn over(stream: S) -> Self {
        Self(Connection::new(stream, Framing, |frame| {
            Ok(PacketView::parse(frame)?.into())
        }))
    }

    /// The next packet but heartbeats, which are answered; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Packet> {
        loop {
            let next = timeout(PATIENCE, self.0.next()).await;
            match next.expect("the client says nothing") {
                Some(Ok(Packet::Heartbeat(heartbeat))) => {
                    self.say(reference::game::HeartbeatReply {
                        sequence: heartbeat.sequence,
                        sent_at: heartbeat.sent_at,
                    })
                    .await;
                }
                Some(Ok(packet)) => return Some(packet),
                // A client that is killed resets its connection.
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// The next packet, which has to be there.
    pub(crate) async fn packet(&mut self) -> Packet {
        self.next().await.expect("the client closes the connection")
    }

    pub(crate) async fn say(&mut self, packet: impl Into<Packet>) {
        self.0.feed(&packet.into()).unwrap();
        // A client that is gone already hears nothing.
        let _ = self.0.flush().await;
    }

    pub(crate) async fn greet(&mut self) {
        let Packet::Hello(hello) = self.packet().await else {
            panic!("no Hello");
        };
        assert_eq!(hello.fingerprint, FINGERPRINT);
        self.say(welcome(WelcomeResult::OK)).await;
    }

    /// Obeys whatever makes a player of the client.
    pub(crate) async fn let_in(&mut self) {
        loop {
            match self.packet().await {
                Packet::RegisterRequest(request) => {
                    let request = request.request;
                    let result = RegisterResult::OK;
                    self.say(RegisterResponse { request, result }).await;
                }
                Packet::LoginRequest(request) => {
                    return self.say(login(request.request, LoginResult::OK)).await;
                }
                Packet::ResumeRequest(request) => {
                    let resumed = ResumeResponse {
                        request: request.request,
                        result: ResumeResult::OK,
                        session: Some(grant()),
                        arrival: None,
                    };
                    return self.say(resumed).await;
                }
                other => panic!("unexpected {other:?}"),
            }
        }
    }

    /// Lets the player into the world.
    pub(crate) async fn enter_world(&mut self) {
        let Packet::EnterWorld(request) = self.packet().await else {
            panic!("no EnterWorld");
        };
        self.say(WorldEntered {
            request: request.request,
            arrival: Arrival {
                entity: 42,
                position: Vec3 {
                    x: 0.0,
                    y: 0.0,
                    z: 0.0,
                },
                tick_hz: 20,
                view_distance: 64.0,
            },
        })
        .await;
    }
}

pub(crate) fn welcome(result: WelcomeResult) -> Welcome {
    Welcome {
        result,
        version: 2,
        fingerprint: FINGERPRINT,
        server: "scripted".to_owned(),
        heartbeat_seconds: 30,
    }
}

pub(crate) fn login(request: u32, result: LoginResult) -> LoginResponse {
    let is_ok = result == LoginResult::OK;
    LoginResponse {
        request,
        result,
        message: String::new(),
        session: is_ok.then(grant),
        servers: Vec::new(),
    }
}

fn grant() -> SessionGrant {
    SessionGrant {
        token: [0xab; 32],
        token_lifetime_seconds: 60,
        player: 7,
    }
}
