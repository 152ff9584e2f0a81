//! The library.

use crate::peer::{PATIENCE, Peer, login, welcome};
use reference::client::{
    Client, ClientError, Direction, Event, Login, Options, Reconnect, RequestError, SendError, Tap,
};
use reference::game::{
    ChatMessage, ChatMessageScope, EchoReply, EchoRequest, Error, ErrorCode, LoginResult, Packet,
    RoomCreate, RoomResult, State, WelcomeResult, Whisper,
};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::timeout;

fn options(peer: &Peer) -> Options {
    Options {
        login: Login::password("ada", "secret!"),
        reconnect: Some(Reconnect {
            first_pause: Duration::from_millis(10),
            longest_pause: Duration::from_millis(50),
            attempts: None,
        }),
        ..Options::new(peer.address())
    }
}

async fn event(client: &Client) -> Event {
    let event = timeout(PATIENCE, client.receive()).await;
    event.expect("nothing happens").unwrap()
}

fn create() -> RoomCreate {
    RoomCreate {
        request: 0,
        name: "plaza".to_owned(),
    }
}

fn whisper(text: &str) -> Whisper {
    Whisper {
        request: 0,
        recipient: "eve".to_owned(),
        text: text.to_owned(),
    }
}

#[tokio::test]
async fn logs_in_asks_and_hears() {
    let peer = Peer::start().await;
    let serve = async {
        let mut heard = peer.let_in().await;
        let Packet::RoomCreate(request) = heard.packet().await else {
            panic!("no RoomCreate");
        };
        let said = ChatMessage {
            scope: ChatMessageScope::Room(3),
            sender: "eve".to_owned(),
            text: "hi".to_owned(),
        };
        heard.say(said).await;
        let request = request.request;
        heard.say(RoomResult { request, room: 3 }).await;
        assert_eq!(heard.next().await, None);
    };
    let ask = async {
        let client = Client::connect(options(&peer)).await.unwrap();
        assert_eq!(client.state(), State::Authenticated);
        assert_eq!(client.grant().unwrap().player, 7);
        assert_eq!(client.request(create()).await.unwrap().room, 3);
        assert!(matches!(
            event(&client).await,
            Event::Packet(Packet::ChatMessage(_))
        ));
        client.close().await.unwrap();
    };
    tokio::join!(serve, ask);
}

#[tokio::test]
async fn an_error_in_place_of_an_answer_is_typed() {
    let peer = Peer::start().await;
    let serve = async {
        let mut heard = peer.let_in().await;
        let Packet::RoomCreate(request) = heard.packet().await else {
            panic!("no RoomCreate");
        };
        let error = Error {
            request: request.request,
            packet: 4010,
            code: ErrorCode::ALREADY_EXISTS,
            text: String::new(),
        };
        heard.say(error).await;
        heard.next().await
    };
    let ask = async {
        let client = Client::connect(options(&peer)).await.unwrap();
        let error = client.request(create()).await.unwrap_err();
        assert!(
            matches!(error, RequestError::Refused(error) if error.code == ErrorCode::ALREADY_EXISTS)
        );
    };
    tokio::join!(serve, ask);
}

#[tokio::test]
async fn who_is_not_let_in_knows_why() {
    let check = |greeting, result, expected: &'static str| async move {
        let peer = Peer::start().await;
        let serve = async {
            let mut heard = peer.accept().await;
            heard.packet().await;
            heard.say(welcome(greeting)).await;
            if let Some(Packet::LoginRequest(request)) = heard.next().await {
                heard.say(login(request.request, result)).await;
                heard.next().await;
            }
        };
        let connect = async {
            let error = Client::connect(options(&peer)).await.unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        };
        tokio::join!(serve, connect);
    };
    let ok = LoginResult::OK;
    check(WelcomeResult::INCOMPATIBLE_SCHEMA, ok, "another schema").await;
    check(WelcomeResult::SERVER_FULL, ok, "is full; try later").await;
    check(
        WelcomeResult::OK,
        LoginResult::BAD_CREDENTIALS,
        "bad_credentials",
    )
    .await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let address = Peer::start().await.address(); // nobody listens any more
    let error = Client::connect(Options::new(&address)).await.unwrap_err();
    assert!(matches!(error, ClientError::Connect { .. }));
    assert!(error.to_string().contains(&address), "{error}");
}

#[tokio::test]
async fn a_lost_connection_is_made_again_and_what_waited_goes_out() {
    let peer = Peer::start().await;
    let serve = async {
        drop(peer.let_in().await);
        let mut heard = peer.greet().await;
        let Packet::ResumeRequest(request) = heard.packet().await else {
            panic!("no ResumeRequest");
        };
        assert_eq!(request.token, [0xab; 32]);
        let refused = reference::game::ResumeResponse {
            request: request.request,
            result: reference::game::ResumeResult::EXPIRED_TOKEN,
            session: None,
            arrival: None,
        };
        heard.say(refused).await;
        heard.let_in().await;
        let Packet::Whisper(whisper) = heard.packet().await else {
            panic!("no Whisper");
        };
        assert_eq!(whisper.text, "while nobody hears");
        assert_eq!(heard.next().await, None);
    };
    let talk = async {
        let client = Client::connect(options(&peer)).await.unwrap();
        let Event::Disconnected { error, .. } = event(&client).await else {
            panic!("not disconnected");
        };
        assert!(error.is_temporary());
        client.send(whisper("while nobody hears")).unwrap();
        assert!(matches!(
            event(&client).await,
            Event::Reconnected {
                resumed: false,
                in_world: false
            }
        ));
        client.flush().await.unwrap();
        client.close().await.unwrap();
    };
    tokio::join!(serve, talk);
}

#[tokio::test]
async fn without_reconnecting_a_lost_connection_is_the_end() {
    let peer = Peer::start().await;
    let connect = Client::connect(Options {
        reconnect: None,
        ..options(&peer)
    });
    let (heard, client) = tokio::join!(peer.let_in(), connect);
    drop(heard);
    let client = client.unwrap();
    let ended = timeout(PATIENCE, client.receive()).await.unwrap();
    assert!(matches!(
        ended,
        Err(ClientError::Closed | ClientError::Io(_))
    ));
    assert!(matches!(
        client.send(whisper("hi")),
        Err(SendError::Ended(_))
    ));
    assert!(matches!(
        client.request(create()).await,
        Err(RequestError::Send(_))
    ));
}

#[tokio::test]
async fn a_dropped_client_leaves_no_task_and_no_connection() {
    let peer = Peer::start().await;
    let connect = async { Client::connect(options(&peer)).await.unwrap() };
    let (mut heard, client) = tokio::join!(peer.let_in(), connect);
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    assert_eq!(tasks(), 1);
    drop(client);
    assert_eq!(heard.next().await, None);
    assert_eq!(tasks(), 0);
}

#[tokio::test]
async fn a_connection_attempt_that_is_dropped_leaves_no_task() {
    let peer = Peer::start().await;
    // Nobody answers the greeting.
    let connect = timeout(Duration::from_millis(50), Client::connect(options(&peer)));
    assert!(connect.await.is_err());
    tokio::task::yield_now().await;
    let tasks = tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks();
    assert_eq!(tasks, 0);
}

#[tokio::test]
async fn much_goes_through_in_both_directions() {
    const COUNT: usize = 200;
    let peer = Peer::start().await;
    let serve = async {
        let mut heard = peer.let_in().await;
        while let Some(packet) = heard.next().await {
            let Packet::EchoRequest(request) = packet else {
                panic!("no EchoRequest");
            };
            heard
                .say(EchoReply {
                    request: request.request,
                    payload: request.payload,
                })
                .await;
        }
    };
    let ask = async {
        let client = Client::connect(options(&peer)).await.unwrap();
        for index in 0..COUNT {
            let payload = vec![index.to_le_bytes()[0]; 30_000];
            let echo = EchoRequest {
                request: 0,
                payload,
            };
            while let Err(error) = client.send(echo.clone()) {
                assert!(matches!(error, SendError::QueueFull { .. }), "{error}");
                client.flush().await.unwrap();
            }
        }
        for index in 0..COUNT {
            let Event::Packet(Packet::EchoReply(reply)) = event(&client).await else {
                panic!("no EchoReply");
            };
            assert_eq!(reply.payload[0], index.to_le_bytes()[0]);
        }
    };
    tokio::join!(serve, ask);
}

#[tokio::test]
async fn a_tap_sees_every_packet_of_both_directions() {
    let peer = Peer::start().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let tapped = seen.clone();
    let tap = Tap::new(move |direction, frame: &[u8]| {
        let id = u16::from_be_bytes([frame[2], frame[3]]);
        tapped.lock().unwrap().push((direction, id));
    });
    let connect = async {
        let options = Options {
            tap: Some(tap),
            ..options(&peer)
        };
        Client::connect(options)
            .await
            .unwrap()
            .close()
            .await
            .unwrap();
    };
    let serve = async { peer.let_in().await.next().await };
    tokio::join!(serve, connect);
    let seen = seen.lock().unwrap();
    let (up, down) = (Direction::ToServer, Direction::ToClient);
    assert_eq!(
        seen[..4],
        [(up, 5002), (down, 5003), (up, 1000), (down, 1001)]
    );
}
