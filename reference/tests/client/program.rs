//! The program, as a process of its own.

use crate::peer::{Heard, Peer, login};
use reference::game::{
    ChatMessage, ChatMessageScope, Error, ErrorCode, LoginResult, MoveRejected, Packet, RoomResult,
    Vec3,
};
use std::io::Write;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;
use tokio::net::TcpStream;

/// What a process said, and how it ended.
struct Ended {
    out: String,
    errors: String,
    code: Option<i32>,
}

impl Ended {
    #[track_caller]
    fn check(&self, code: i32, out: &str, errors: &str) {
        let Self {
            out: o, errors: e, ..
        } = self;
        assert_eq!(self.code, Some(code), "{o}{e}");
        assert_eq!((o.as_str(), e.as_str()), (out, errors));
    }
}

/// Runs the program with what is typed, as ada.
async fn run(address: &str, arguments: &[&str], typed: &str) -> Ended {
    let arguments = [&["--name", "ada", "--password", "secret!"], arguments].concat();
    run_as_nobody(address, &arguments, typed).await
}

async fn run_as_nobody(address: &str, arguments: &[&str], typed: &str) -> Ended {
    let state = TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_packet-client"));
    command
        .args(["--address", address])
        .args(arguments)
        .env("XDG_STATE_HOME", state.path())
        .env_remove("PACKET_CLIENT_PASSWORD")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let typed = typed.to_owned();
    let output = tokio::task::spawn_blocking(move || -> Output {
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A program that does not read what is typed may have ended already.
        let _ = stdin.write_all(typed.as_bytes());
        drop(stdin);
        child.wait_with_output().unwrap()
    })
    .await
    .unwrap();
    drop(state);
    Ended {
        out: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

fn said(scope: ChatMessageScope, sender: &str, text: &str) -> ChatMessage {
    ChatMessage {
        scope,
        sender: sender.to_owned(),
        text: text.to_owned(),
    }
}

/// Serves rooms and whispers until the client goes.
async fn serve_rooms(heard: &mut Heard<TcpStream>) {
    while let Some(packet) = heard.next().await {
        match packet {
            Packet::RoomCreate(packet) => {
                let request = packet.request;
                heard.say(RoomResult { request, room: 3 }).await;
            }
            Packet::RoomJoin(packet) => {
                let error = Error {
                    request: packet.request,
                    packet: 4011,
                    code: ErrorCode::NOT_FOUND,
                    text: String::new(),
                };
                heard.say(error).await;
            }
            Packet::RoomMessage(packet) => {
                let scope = ChatMessageScope::Room(packet.room);
                heard.say(said(scope, "ada", &packet.text)).await;
            }
            Packet::Whisper(packet) => {
                let scope = ChatMessageScope::Whisper(packet.recipient);
                heard.say(said(scope, "ada", &packet.text)).await;
            }
            Packet::EchoRequest(packet) => {
                let (request, payload) = (packet.request, packet.payload);
                heard
                    .say(reference::game::EchoReply { request, payload })
                    .await;
            }
            other => panic!("unexpected {other:?}"),
        }
    }
}

#[tokio::test]
async fn flags_that_are_not_heeded_are_refused() {
    for (subcommand, flag) in [("conform", "--timeout=3"), ("load", "--name=ada")] {
        let ended = run_as_nobody("127.0.0.1:7777", &[flag, subcommand, "127.0.0.1:1"], "").await;
        let (flag, _) = flag.split_once('=').unwrap_or((flag, ""));
        let error = format!(
            "error: {subcommand} does not take {flag}: the server's address stands behind `{subcommand}`, and it uses accounts \
             of its own\n"
        );
        ended.check(2, "", &error);
    }
}

#[tokio::test]
async fn what_is_typed_is_sent_and_what_comes_is_shown() {
    let peer = Peer::start().await;
    let serve = async {
        let mut heard = peer.let_in().await;
        serve_rooms(&mut heard).await;
    };
    let typed = "/create plaza\n/room 3 hello\nWhisper {\"recipient\": \"ada\", \"text\": \"\\u001b[31m\"}\ntemplate RoomJoin\nMvoe {}\n";
    let address = peer.address();
    let (ended, ()) = tokio::join!(run(&address, &[], typed), serve);
    let mut shown: Vec<&str> = ended.out.lines().collect();
    // What comes from the server may come between what is said about lines.
    shown.sort_unstable();
    let welcome =
        format!("ada is logged in to scripted at {address}; `help` lists what can be typed");
    let mut expected = [
        &welcome,
        r#"RoomResult {"request":2,"room":3}"#,
        "ada (room 3): hello",
        "ada (whispers to ada): \\u{1b}[31m",
        r#"RoomJoin {"room":0}"#,
        "? there is no packet `Mvoe`; did you mean `Move`?",
    ];
    expected.sort_unstable();
    assert_eq!(shown, expected);
    assert_eq!((ended.code, ended.errors.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn without_any_name_a_guest_is_registered() {
    let peer = Peer::start().await;
    let serve = async {
        let mut heard = peer.greet().await;
        let Packet::RegisterRequest(request) = heard.packet().await else {
            panic!("no RegisterRequest");
        };
        heard
            .say(reference::game::RegisterResponse {
                request: request.request,
                result: reference::game::RegisterResult::OK,
            })
            .await;
        heard.let_in().await;
        heard.next().await;
        request.name
    };
    let address = peer.address();
    let (ended, name) = tokio::join!(run_as_nobody(&address, &["--linger", "0"], ""), serve);
    assert!(name.starts_with("guest-"), "{name}");
    assert!(
        ended.out.starts_with(&format!("{name} is logged in")),
        "{}",
        ended.out
    );
    assert_eq!(ended.code, Some(0));
}

#[tokio::test]
async fn one_packet_is_sent_and_its_answer_printed() {
    let peer = Peer::start().await;
    let serve = async {
        let mut heard = peer.let_in().await;
        serve_rooms(&mut heard).await;
    };
    let address = peer.address();
    let arguments = ["send", "RoomCreate", r#"{"name": "plaza"}"#];
    let (ended, ()) = tokio::join!(run(&address, &arguments, ""), serve);
    ended.check(0, "{\"RoomResult\":{\"request\":2,\"room\":3}}\n", "");
}

#[tokio::test]
async fn a_packet_of_the_world_is_sent_in_the_world() {
    let peer = Peer::start().await;
    let template = run(&peer.address(), &["template", "Move"], "").await;
    let serve = async {
        let mut heard = peer.let_in().await;
        heard.enter_world().await;
        let Packet::Move(moved) = heard.packet().await else {
            panic!("no Move");
        };
        let (sequence, position) = (
            moved.sequence,
            Vec3 {
                x: 1.0,
                y: 0.0,
                z: 0.0,
            },
        );
        heard.say(MoveRejected { sequence, position }).await;
        serve_rooms(&mut heard).await;
    };
    let address = peer.address();
    let arguments = ["send", "Move", template.out.trim()];
    let (ended, ()) = tokio::join!(run(&address, &arguments, ""), serve);
    let rejected =
        "{\"MoveRejected\":{\"sequence\":1,\"position\":{\"x\":1.0,\"y\":0.0,\"z\":0.0}}}\n";
    ended.check(1, rejected, "");
}

#[tokio::test]
async fn a_refusal_is_printed_and_is_another_exit_code() {
    let peer = Peer::start().await;
    let serve = async {
        let mut heard = peer.let_in().await;
        let Packet::RoomJoin(request) = heard.packet().await else {
            panic!("no RoomJoin");
        };
        let error = Error {
            request: request.request,
            packet: 4011,
            code: ErrorCode::NOT_FOUND,
            text: String::new(),
        };
        heard.say(error).await;
        heard.next().await;
    };
    let address = peer.address();
    let arguments = ["send", "RoomJoin", r#"{"room": 9}"#];
    let (ended, ()) = tokio::join!(run(&address, &arguments, ""), serve);
    let error =
        "{\"Error\":{\"request\":2,\"packet\":4011,\"code\":\"not_found\",\"text\":\"\"}}\n";
    ended.check(1, error, "");
}

#[tokio::test]
async fn what_comes_before_a_login_is_sent_without_one() {
    let peer = Peer::start().await;
    let serve = async {
        let mut heard = peer.greet().await;
        let Packet::LoginRequest(request) = heard.packet().await else {
            panic!("no LoginRequest");
        };
        let result = LoginResult::BAD_CREDENTIALS;
        heard.say(login(request.request, result)).await;
        heard.next().await;
        request.name
    };
    let address = peer.address();
    let fields = r#"{"name": "eve", "credential": {"password": "x"}, "client_version": 1, "device": "000102030405060708090a0b0c0d0e0f"}"#;
    let arguments = ["send", "LoginRequest", fields];
    let (ended, name) = tokio::join!(run(&address, &arguments, ""), serve);
    assert_eq!(name, "eve");
    let response = "{\"LoginResponse\":{\"request\":1,\"result\":\"bad_credentials\",\"message\":\"\",\"session\":null,\"servers\":[]}}\n";
    ended.check(1, response, "");
}

#[tokio::test]
async fn mistakes_say_what_to_do() {
    let peer = Peer::start().await;
    let address = peer.address();
    let check = async |arguments: &[&str], expected: &str| {
        let ended = run(&address, arguments, "").await;
        assert_eq!(ended.code, Some(2), "{}", ended.errors);
        assert!(ended.errors.contains(expected), "{}", ended.errors);
    };
    check(&["send", "RomCreate"], "did you mean `RoomCreate`?").await;
    check(
        &["send", "RoomCreate", "{\"nme\": 1}"],
        "`template RoomCreate`",
    )
    .await;
    check(&["template", "ChatMessage"], "is sent by the server").await;
    check(
        &["--script", "nowhere.txt"],
        "cannot read the script nowhere.txt",
    )
    .await;
    check(&["--token", "12"], "64 hexadecimal digits").await;
    let ended = run_as_nobody(&address, &["--name", "ada"], "").await;
    let expected =
        "error: there is no password for ada: give --password or set PACKET_CLIENT_PASSWORD\n";
    ended.check(2, "", expected);
    drop(peer);
    check(&[], "is the server running there?").await;
}

#[tokio::test]
async fn a_refused_login_says_how_to_make_an_account() {
    let peer = Peer::start().await;
    let serve = async {
        let mut heard = peer.greet().await;
        let Packet::LoginRequest(request) = heard.packet().await else {
            panic!("no LoginRequest");
        };
        let result = LoginResult::BAD_CREDENTIALS;
        heard.say(login(request.request, result)).await;
        heard.next().await;
    };
    let address = peer.address();
    let (ended, ()) = tokio::join!(run(&address, &[], ""), serve);
    let expected = format!(
        "error: {address}: the login was refused: bad_credentials; --register makes an account\n"
    );
    ended.check(2, "", &expected);
}

/// Runs a script against rooms; also returns its path.
async fn script(text: &str) -> (Ended, String) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("rooms.txt");
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_owned();
    let peer = Peer::start().await;
    let serve = async {
        let mut heard = peer.let_in().await;
        serve_rooms(&mut heard).await;
    };
    let address = peer.address();
    let arguments = ["--script", path.as_str()];
    let (ended, ()) = tokio::join!(run(&address, &arguments, ""), serve);
    (ended, path)
}

#[tokio::test]
async fn a_script_passes_with_variables_in_any_order_of_what_comes() {
    let text = r#"
# Two messages are expected in another order than they come in.
send RoomCreate {"name": "plaza"}
expect RoomResult {"room": "$room"}
send RoomMessage {"room": "$room", "text": "one"}
send RoomMessage
  {"room": "$room", "text": "two"}
expect ChatMessage {"scope": {"room": "$room"}, "text": "two"} within 10s
expect ChatMessage {"text": "one"}
wait 1ms
"#;
    let (ended, path) = script(text).await;
    ended.check(0, &format!("{path}: 7 steps passed\n"), "");
}

#[tokio::test]
async fn an_expectation_that_is_not_met_says_where_what_and_what_came() {
    let text = "send RoomCreate {\"name\": \"plaza\"}\nexpect RoomResult {\"room\": \"$room\"}\nsend RoomMessage {\"room\": \"$room\", \"text\": \"hullo\"}\nexpect ChatMessage {\"scope\": {\"room\": \"$room\"}, \"text\": \"hello\"} within 200ms\n";
    let (ended, path) = script(text).await;
    let expected = format!(
        "error: {path}:4: step 4, expect ChatMessage {{\"scope\":{{\"room\":3}},\"text\":\"hello\"}}: none came within 200ms
  found ChatMessage {{\"scope\":{{\"room\":3}},\"sender\":\"ada\",\"text\":\"hullo\"}}
    `text` is \"hullo\", not \"hello\"\n"
    );
    ended.check(1, "", &expected);
}

#[tokio::test]
async fn an_error_that_no_step_expects_is_told() {
    let refused = "send RoomJoin {\"room\": 77}\n";
    let (ended, path) = script(&format!("{refused}expect Error {{}}\n")).await;
    ended.check(0, &format!("{path}: 2 steps passed\n"), "");
    let (ended, path) = script(&format!("{refused}wait 300ms\n")).await;
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""));
    let told = format!(
        "error: {path}: the server refused what was sent, and no step expects that:\n  \
         Error {{\"request\":2,\"packet\":4011,\"code\":\"not_found\",\"text\":\"\"}}\n"
    );
    assert_eq!(ended.errors, told);
}

#[tokio::test]
async fn a_mistake_in_a_script_names_its_line_before_anything_is_sent() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("wrong.txt");
    let path = path.to_str().unwrap();
    for (step, problem) in [
        (
            "send Sya {}",
            "there is no packet `Sya`; did you mean `Say`?",
        ),
        (
            "expect RoomResult {\"rom\": 1}",
            "`RoomResult` has no field `rom`; did you mean `room`?",
        ),
    ] {
        std::fs::write(path, format!("wait 1ms\n{step}\n")).unwrap();
        // Nobody listens there.
        let ended = run("127.0.0.1:1", &["--script", path], "").await;
        ended.check(2, "", &format!("error: {path}:2: {problem}\n"));
    }
}
