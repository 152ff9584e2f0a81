//! A machine against a server that the tests play, in time that they make.

use super::*;
use crate::client::PROTOCOL_VERSION;
use crate::client::options::{Login, QueueLimits, Reconnect};
use crate::game::{
    Arrival, EnterWorld, Error, ErrorCode, FINGERPRINT, Heartbeat, HeartbeatReply, KickNotice,
    KickReason, LeaveWorld, LoginResponse, Logout, LogoutResponse, Move, PacketView,
    RegisterResponse, RegisterResult, ResumeResponse, ResumeResult, RoomCreate, RoomResult,
    ServerNotice, SessionGrant, Vec3, WelcomeResult, Whisper, WorldEntered,
};

const SECOND: Duration = Duration::from_secs(1);

/// A machine, and the time.
struct Play {
    machine: Machine,
    now: Instant,
}

impl Play {
    fn new(login: Login) -> Self {
        Self::with(login, |_| {})
    }

    fn with(login: Login, change: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options {
            login,
            reconnect: Some(Reconnect {
                first_pause: SECOND,
                longest_pause: 8 * SECOND,
                attempts: Some(2),
            }),
            ..Options::new("nowhere:1")
        };
        change(&mut options);
        Self {
            machine: Machine::new(options, 7),
            now: Instant::now(),
        }
    }

    /// A machine that is logged in.
    fn ready() -> Self {
        Self::ready_with(|_| {})
    }

    fn ready_with(change: impl FnOnce(&mut Options)) -> Self {
        let mut play = Self::with(Login::password("ada", "secret!"), change);
        play.greet();
        play.log_in();
        play
    }

    fn in_world() -> Self {
        let mut play = Self::ready();
        play.hear(entered(0));
        play.events();
        play
    }

    fn greet(&mut self) {
        self.machine.connected(self.now).unwrap();
        assert!(matches!(self.written()[..], [Packet::Hello(_)]));
        self.hear(welcome(WelcomeResult::OK));
    }

    fn log_in(&mut self) {
        let written = self.written();
        let [Packet::LoginRequest(request)] = &written[..] else {
            panic!("{written:?}");
        };
        self.hear(let_in(request.request, 1));
        assert!(self.machine.is_ready());
        self.machine.tick(self.now).unwrap();
        assert!(matches!(self.written()[..], [Packet::Heartbeat(_)]));
    }

    /// The server says something.
    fn hear(&mut self, packet: impl Into<Packet>) {
        self.try_hear(packet).unwrap();
    }

    fn try_hear(&mut self, packet: impl Into<Packet>) -> Result<(), ClientError> {
        let frame = packet.into().to_vec().unwrap();
        self.machine.received(&frame, self.now)
    }

    /// All that the machine writes now.
    fn written(&mut self) -> Vec<Packet> {
        let mut bytes = Vec::new();
        while self.machine.has_output() {
            let pieces = self.machine.output();
            let before = bytes.len();
            for piece in &pieces {
                bytes.extend_from_slice(piece);
            }
            let count = bytes.len() - before;
            self.machine.wrote(count);
        }
        let mut reassembler = packet_runtime::Reassembler::new(crate::game::Framing);
        let mut chunk = reassembler.feed(&bytes);
        let mut packets = Vec::new();
        while let Some(frame) = chunk.next_frame().unwrap() {
            packets.push(PacketView::parse(frame).unwrap().into());
        }
        packets
    }

    fn send(&mut self, packet: impl Into<Packet>) -> Result<(), SendError> {
        self.machine.send(packet.into())
    }

    fn request(
        &mut self,
        packet: impl Into<Packet>,
    ) -> oneshot::Receiver<Result<Packet, RequestError>> {
        let (waiter, answer) = oneshot::channel();
        let packet = packet.into();
        self.machine.request(packet, 5 * SECOND, self.now, waiter);
        answer
    }

    fn pass(&mut self, time: Duration) -> Result<(), ClientError> {
        self.now += time;
        self.machine.tick(self.now)
    }

    fn lose(&mut self) {
        self.machine.lost(ClientError::Closed, self.now);
    }

    fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.machine.next_event()).collect()
    }

    /// The connection is lost, and made again up to the answer to the request to resume.
    fn reconnect(&mut self, result: ResumeResult, in_world: bool) {
        self.lose();
        self.pass(SECOND).unwrap();
        assert!(matches!(self.machine.step(), Step::Connect));
        self.greet();
        let written = self.written();
        let [Packet::ResumeRequest(request)] = &written[..] else {
            panic!("{written:?}");
        };
        assert_eq!(request.token, [1; 32]);
        let is_ok = result == ResumeResult::OK;
        self.hear(ResumeResponse {
            request: request.request,
            result,
            session: is_ok.then(|| grant(2)),
            arrival: in_world.then(arrival),
        });
    }
}

fn welcome(result: WelcomeResult) -> Welcome {
    Welcome {
        result,
        version: PROTOCOL_VERSION,
        fingerprint: FINGERPRINT,
        server: "test".to_owned(),
        heartbeat_seconds: 30,
    }
}

fn grant(token: u8) -> SessionGrant {
    SessionGrant {
        token: [token; 32],
        token_lifetime_seconds: 60,
        player: 7,
    }
}

fn let_in(request: u32, token: u8) -> LoginResponse {
    LoginResponse {
        request,
        result: LoginResult::OK,
        message: String::new(),
        session: Some(grant(token)),
        servers: Vec::new(),
    }
}

fn arrival() -> Arrival {
    Arrival {
        entity: 42,
        position: origin(),
        tick_hz: 20,
        view_distance: 64.0,
    }
}

fn origin() -> Vec3 {
    Vec3 {
        x: 0.0,
        y: 0.0,
        z: 0.0,
    }
}

fn entered(request: u32) -> WorldEntered {
    WorldEntered {
        request: request.max(1),
        arrival: arrival(),
    }
}

fn step() -> Move {
    Move {
        sequence: 1,
        position: origin(),
        velocity: origin(),
        motion: crate::game::Motion::default(),
    }
}

fn whisper(text: &str) -> Whisper {
    Whisper {
        request: 0,
        recipient: "eve".to_owned(),
        text: text.to_owned(),
    }
}

fn create() -> RoomCreate {
    RoomCreate {
        request: 0,
        name: "plaza".to_owned(),
    }
}

/// The numbers of the requests among packets.
fn numbers(mut packets: Vec<Packet>) -> Vec<u32> {
    let numbers = packets.iter_mut().filter_map(exchange::number_mut);
    numbers.map(|number| *number).collect()
}

#[test]
fn greets_with_version_and_fingerprint_and_logs_in() {
    let mut play = Play::new(Login::password("ada", "secret!"));
    play.machine.connected(play.now).unwrap();
    let written = play.written();
    let [Packet::Hello(hello)] = &written[..] else {
        panic!("{written:?}");
    };
    assert_eq!((hello.version, hello.fingerprint), (2, FINGERPRINT));
    play.hear(welcome(WelcomeResult::OK));
    play.log_in();
    assert_eq!(play.machine.state(), State::Authenticated);
    assert_eq!(play.machine.grant().unwrap().player, 7);
}

#[test]
fn a_refused_greeting_is_the_end_unless_it_passes() {
    let check = |result, temporary| {
        let mut play = Play::new(Login::Nobody);
        play.machine.connected(play.now).unwrap();
        let error = play.try_hear(welcome(result)).unwrap_err();
        assert!(matches!(&error, ClientError::Greeting(welcome) if welcome.result == result));
        assert_eq!(error.is_temporary(), temporary);
    };
    check(WelcomeResult::INCOMPATIBLE_SCHEMA, false);
    check(WelcomeResult::UNSUPPORTED_VERSION, false);
    check(WelcomeResult::SERVER_FULL, true);
    check(WelcomeResult::SHUTTING_DOWN, true);
}

#[test]
fn an_account_is_made_and_one_that_is_there_is_logged_in_to() {
    let check = |result, logs_in| {
        let mut play = Play::new(Login::registering("ada", "secret!"));
        play.greet();
        let [request] = numbers(play.written())[..] else {
            panic!("no request");
        };
        let heard = play.try_hear(RegisterResponse { request, result });
        if logs_in {
            heard.unwrap();
            play.log_in();
        } else {
            assert!(
                matches!(heard, Err(ClientError::RegisterRefused(refused)) if refused == result)
            );
        }
    };
    check(RegisterResult::OK, true);
    check(RegisterResult::NAME_TAKEN, true);
    check(RegisterResult::WEAK_PASSWORD, false);
    check(RegisterResult::CLOSED, false);
}

#[test]
fn a_server_that_does_not_answer_is_not_waited_for() {
    let mut play = Play::new(Login::password("ada", "secret!"));
    play.machine.connected(play.now).unwrap();
    assert_eq!(play.machine.deadline(), Some(play.now + 10 * SECOND));
    assert!(matches!(
        play.pass(10 * SECOND),
        Err(ClientError::Timeout { .. })
    ));

    let mut play = Play::new(Login::password("ada", "secret!"));
    play.greet();
    assert!(play.pass(9 * SECOND).is_ok());
    let late = play.pass(SECOND).unwrap_err();
    assert_eq!(
        late.to_string(),
        "waited 10s for the answer to the login in vain"
    );
}

#[test]
fn a_first_connection_is_tried_once() {
    let mut play = Play::new(Login::password("ada", "secret!"));
    play.lose();
    assert!(matches!(play.machine.end(), Some(ClientError::Closed)));
    assert!(matches!(play.machine.step(), Step::End));
}

#[test]
fn the_session_judges_both_directions() {
    let mut play = Play::ready();
    let refused = play.send(step()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`Move` is not sent in the state `authenticated`"
    );
    let refused = play.send(welcome(WelcomeResult::OK)).unwrap_err();
    assert_eq!(refused.to_string(), "the client does not send `Welcome`");
    let refused = play
        .try_hear(entered(1))
        .and_then(|()| play.try_hear(entered(1)));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the server broke the protocol: `WorldEntered` is not sent in the state `in_world`"
    );
    let refused = play.try_hear(step()).unwrap_err();
    assert!(matches!(refused, ClientError::NotAllowed(_)));
}

#[test]
fn what_is_sent_waits_for_the_answers_that_the_schema_names() {
    let mut play = Play::in_world();
    play.send(LeaveWorld { request: 0 }).unwrap();
    let error = play.send(step()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`Move` has to wait for the answer to `LeaveWorld`"
    );
    let [request] = numbers(play.written())[..] else {
        panic!("no request");
    };
    // Refused, so the player stays.
    play.hear(Error {
        request,
        packet: 2010,
        code: ErrorCode::UNAVAILABLE,
        text: String::new(),
    });
    play.send(step()).unwrap();
}

#[test]
fn answers_go_to_who_asked_and_errors_are_typed() {
    let mut play = Play::ready();
    let (mut first, mut second) = (play.request(create()), play.request(create()));
    let numbers = numbers(play.written());
    let [one, two] = numbers[..] else {
        panic!("{numbers:?}");
    };
    assert_ne!(one, two);
    play.hear(RoomResult {
        request: two,
        room: 3,
    });
    play.hear(Error {
        request: one,
        packet: 4010,
        code: ErrorCode::ALREADY_EXISTS,
        text: "taken".to_owned(),
    });
    assert!(matches!(second.try_recv(), Ok(Ok(Packet::RoomResult(result))) if result.room == 3));
    let Ok(Err(error)) = first.try_recv() else {
        panic!("no error");
    };
    assert_eq!(
        error.to_string(),
        "the server refused packet 4010: already_exists (\"taken\")"
    );
    assert!(play.events().is_empty());
}

#[test]
fn an_answer_that_nobody_waits_for_is_an_event() {
    let mut play = Play::ready();
    play.send(create()).unwrap();
    let [request] = numbers(play.written())[..] else {
        panic!("no request");
    };
    play.hear(RoomResult { request, room: 3 });
    assert!(matches!(
        play.events()[..],
        [Event::Packet(Packet::RoomResult(_))]
    ));
}

#[test]
fn a_request_without_an_answer_fails_in_time() {
    let mut play = Play::ready();
    let mut answer = play.request(create());
    play.written();
    assert_eq!(play.machine.deadline(), Some(play.now + 5 * SECOND));
    play.pass(5 * SECOND).unwrap();
    assert!(matches!(
        answer.try_recv(),
        Ok(Err(RequestError::Timeout {
            packet: "RoomCreate",
            ..
        }))
    ));
    let mut answer = play.request(step());
    assert!(matches!(
        answer.try_recv(),
        Ok(Err(RequestError::NoReply { packet: "Move" }))
    ));
}

#[test]
fn heartbeats_are_answered_at_once_and_are_no_events() {
    let mut play = Play::ready();
    play.hear(Heartbeat {
        sequence: 9,
        sent_at: 77,
        rtt: 0,
    });
    let written = play.written();
    let [Packet::HeartbeatReply(reply)] = &written[..] else {
        panic!("{written:?}");
    };
    assert_eq!((reply.sequence, reply.sent_at), (9, 77));
    assert!(play.events().is_empty());
}

#[test]
fn replies_give_the_round_trip_and_silence_ends_the_connection() {
    let mut play = Play::ready();
    play.pass(30 * SECOND).unwrap();
    let written = play.written();
    let [Packet::Heartbeat(heartbeat)] = written[..] else {
        panic!("{written:?}");
    };
    play.now += SECOND / 4;
    play.hear(HeartbeatReply {
        sequence: heartbeat.sequence,
        sent_at: heartbeat.sent_at,
    });
    assert_eq!(play.machine.round_trip(), Some(SECOND / 4));
    assert!(play.pass(89 * SECOND).is_ok());
    assert!(matches!(play.pass(SECOND), Err(ClientError::Silent { .. })));
}

#[test]
fn what_was_not_written_is_written_after_the_session_goes_on() {
    let mut play = Play::in_world();
    play.send(whisper("written")).unwrap();
    play.written();
    play.send(whisper("waits")).unwrap();
    play.lose();
    // Judged by the state in which the session was.
    play.send(step()).unwrap();
    assert!(!play.machine.has_output());
    play.pass(SECOND).unwrap();
    play.greet();
    let [request] = numbers(play.written())[..] else {
        panic!("no request");
    };
    play.hear(ResumeResponse {
        request,
        result: ResumeResult::OK,
        session: Some(grant(2)),
        arrival: Some(arrival()),
    });
    let written = play.written();
    assert!(
        matches!(&written[..], [Packet::Whisper(whisper), Packet::Move(_)] if whisper.text == "waits"),
        "{written:?}"
    );
    let events = play.events();
    assert!(
        matches!(
            events[..],
            [
                Event::Disconnected { .. },
                Event::Reconnected {
                    resumed: true,
                    in_world: true
                }
            ]
        ),
        "{events:?}"
    );
    assert_eq!(play.machine.grant().unwrap().token, [2; 32]);
}

#[test]
fn what_the_session_does_not_allow_any_more_is_not_sent_and_that_is_told() {
    let mut play = Play::in_world();
    play.lose();
    play.send(step()).unwrap();
    play.send(whisper("still")).unwrap();
    play.events();
    play.pass(SECOND).unwrap();
    play.greet();
    let [request] = numbers(play.written())[..] else {
        panic!("no request");
    };
    play.hear(ResumeResponse {
        request,
        result: ResumeResult::OK,
        session: Some(grant(2)),
        arrival: None,
    });
    assert!(matches!(play.written()[..], [Packet::Whisper(_)]));
    assert!(matches!(
        play.events()[..],
        [
            Event::Reconnected {
                in_world: false,
                ..
            },
            Event::NotSent { packet: "Move" }
        ]
    ));
    assert_eq!(play.machine.state(), State::Authenticated);
}

#[test]
fn requests_that_were_written_are_lost_and_others_wait_on() {
    let mut play = Play::ready();
    let mut written = play.request(create());
    play.written();
    let mut waits = play.request(create());
    play.reconnect(ResumeResult::OK, false);
    assert!(matches!(
        written.try_recv(),
        Ok(Err(RequestError::Lost { .. }))
    ));
    let [request] = numbers(play.written())[..] else {
        panic!("no request");
    };
    play.hear(RoomResult { request, room: 3 });
    assert!(matches!(waits.try_recv(), Ok(Ok(_))));
}

#[test]
fn a_request_that_expires_before_it_is_written_is_withdrawn() {
    let mut play = Play::ready();
    play.lose();
    let mut answer = play.request(create());
    play.pass(5 * SECOND).unwrap();
    assert!(matches!(
        answer.try_recv(),
        Ok(Err(RequestError::Timeout { .. }))
    ));
    assert!(play.machine.is_flushed());
}

#[test]
fn without_a_token_that_is_good_the_client_logs_in_again() {
    for result in [
        ResumeResult::UNKNOWN_TOKEN,
        ResumeResult::EXPIRED_TOKEN,
        ResumeResult::WRONG_DEVICE,
    ] {
        let mut play = Play::ready();
        play.reconnect(result, false);
        play.log_in();
        assert!(matches!(
            play.events()[..],
            [_, Event::Reconnected { resumed: false, .. }]
        ));
    }
}

#[test]
fn attempts_are_bounded_and_begin_anew_after_a_success() {
    let mut play = Play::ready();
    play.reconnect(ResumeResult::OK, false);
    play.lose();
    for _ in 0..2 {
        assert!(matches!(play.machine.step(), Step::Rest));
        play.pass(8 * SECOND).unwrap();
        play.lose();
    }
    let end = play.machine.end().unwrap();
    assert!(
        matches!(end, ClientError::GaveUp { attempts: 2, .. }),
        "{end}"
    );
}

#[test]
fn who_is_kicked_comes_back_only_if_the_reason_allows_it() {
    let check = |reason, comes_back| {
        let mut play = Play::ready();
        let text = String::new();
        let error = play.try_hear(KickNotice { reason, text }).unwrap_err();
        play.machine.lost(error, play.now);
        assert_eq!(play.machine.end().is_none(), comes_back);
    };
    check(KickReason::IDLE, true);
    check(KickReason::SHUTTING_DOWN, true);
    check(KickReason::LOGGED_IN_ELSEWHERE, false);
    check(KickReason::BY_OPERATOR, false);
    check(KickReason::PROTOCOL_VIOLATION, false);
}

#[test]
fn logging_out_is_the_end() {
    let mut play = Play::ready();
    let logout = Logout {
        request: 0,
        revoke_token: false,
    };
    let mut answer = play.request(logout);
    assert!(matches!(
        play.send(create()),
        Err(SendError::MustWait { .. })
    ));
    let [request] = numbers(play.written())[..] else {
        panic!("no request");
    };
    let end = play.try_hear(LogoutResponse {
        request,
        token_revoked: false,
    });
    assert!(matches!(
        answer.try_recv(),
        Ok(Ok(Packet::LogoutResponse(_)))
    ));
    play.machine.lost(end.unwrap_err(), play.now);
    assert!(matches!(play.machine.end(), Some(ClientError::LoggedOut)));
    assert!(matches!(
        play.send(create()),
        Err(SendError::Ended(ClientError::LoggedOut))
    ));
}

#[test]
fn a_full_queue_refuses_what_is_new() {
    let mut play = Play::ready_with(|options| {
        options.queue = QueueLimits {
            packets: 2,
            bytes: 1000,
        };
    });
    play.send(whisper("1")).unwrap();
    play.send(whisper("2")).unwrap();
    let error = play.send(whisper("3")).unwrap_err();
    assert!(
        matches!(error, SendError::QueueFull { packets: 2, .. }),
        "{error}"
    );
    assert_eq!(play.written().len(), 2);
    play.send(whisper("3")).unwrap();
}

#[test]
fn events_that_nobody_receives_are_bounded_and_counted() {
    let mut play = Play::ready_with(|options| options.events = 2);
    for text in ["1", "2", "3"] {
        play.hear(ServerNotice {
            level: crate::game::NoticeLevel::INFO,
            text: text.to_owned(),
        });
    }
    let events = play.events();
    let [
        Event::Missed { count: 1 },
        Event::Packet(Packet::ServerNotice(next)),
        _,
    ] = &events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!(next.text, "2");
}

#[test]
fn what_cannot_be_encoded_is_not_sent() {
    let mut play = Play::ready();
    assert!(matches!(play.send(whisper("")), Err(SendError::Encode(_))));
    assert!(play.machine.is_flushed());
    let enter = EnterWorld {
        request: 0,
        spawn: None,
    };
    play.send(enter).unwrap();
}

#[test]
fn bytes_that_are_no_packet_end_the_connection_and_change_nothing_else() {
    let mut play = Play::ready();
    let error = play.machine.received(&[0, 4, 0xff, 0xff], play.now);
    assert!(
        matches!(error, Err(ClientError::NotAllowed(_))),
        "{error:?}"
    );
    let error = play.machine.received(&[0, 5, 0x13, 0x93, 1], play.now);
    assert!(matches!(error, Err(ClientError::Decode(_))), "{error:?}");
}
