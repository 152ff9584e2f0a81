//! How packets are cut out of the stream: in whichever pieces they come, and what sizes and ids are refused.

use super::check::{Check, Group, Outcome, Stop, ensure};
use super::peer::{Event, Peer, Refusal, encode, hello, quiet};
use super::samples::firsts;
use super::states::reach;
use super::trial::Trial;
use crate::game::{
    EchoRequest, FRAMING, GuildListRequest, Heartbeat, LoginRequest, LoginRequestCredential,
    LoginResponse, Packet, PacketKind, RoomListRequest, Side, State, TimeSyncRequest, Welcome,
};
use std::time::Duration;
use tokio::time::{Instant, sleep};

const GROUP: Group = Group::Framing;

/// Between two pieces, so that they arrive as two.
const GAP: Duration = Duration::from_millis(1);

/// Packets in one write.
const MANY: u32 = 64;

/// An id that no packet of the schema has, and none of its groups.
const UNKNOWN_ID: u16 = 9999;

pub(super) fn checks() -> Vec<Check> {
    let mut checks = vec![
        Check::new(
            GROUP,
            "hello_in_two",
            "Hello gets Welcome wherever it is cut in two.",
            hello_in_two,
        ),
        Check::new(
            GROUP,
            "requests_in_two",
            "Requests in a row are all answered wherever their bytes are cut in two.",
            requests_in_two,
        ),
        Check::new(
            GROUP,
            "byte_at_a_time",
            "A conversation from Hello to a login and requests goes on when each byte comes by itself.",
            byte_at_a_time,
        ),
        Check::new(
            GROUP,
            "many_in_one_write",
            "Packets that come in one piece are all answered, and in order where nothing else has to be waited for.",
            many_in_one_write,
        ),
        Check::new(
            GROUP,
            "unknown_id",
            "A packet with an unknown id ends the connection, as the schema says by `on_unknown_id`.",
            unknown_id,
        ),
        Check::new(
            GROUP,
            "cut_off",
            "A client that goes away in the middle of a packet troubles nobody else.",
            cut_off,
        ),
    ];
    for (size, what) in [(0, "of 0"), (1, "of 1"), (3, "of less than the header")] {
        checks.push(Check::new(
            GROUP,
            format!("size_{size}"),
            format!("A size {what} ends the connection, since no packet can be found behind it, and no other."),
            move |trial| size_below_header(trial, size),
        ));
    }
    checks.push(Check::new(
        GROUP,
        "size_under_that_of_the_packet",
        "A packet of fewer bytes than its fields have is refused.",
        size_under,
    ));
    for (name, size, kind) in [
        ("size_over_that_of_the_packet", 34, PacketKind::Move),
        ("size_over_the_longest_echo", 32779, PacketKind::EchoRequest),
        ("largest_size", u16::MAX, PacketKind::Heartbeat),
    ] {
        checks.push(Check::new(
            GROUP,
            name,
            format!(
                "{} that claims {size} bytes is refused before these have come.",
                kind.name()
            ),
            move |trial| size_over(trial, size, kind),
        ));
    }
    for sample in firsts().filter(|sample| !sample.kind.is_sent_by(Side::Client)) {
        let packet = sample.packet;
        checks.push(Check::new(
            GROUP,
            format!("from_client/{}", sample.kind.name()),
            format!(
                "{}, which only servers send, is refused.",
                sample.kind.name()
            ),
            move |trial| packet_of_the_server(trial, packet.clone()),
        ));
    }
    checks
}

async fn hello_in_two(trial: Trial) -> Outcome {
    let bytes = encode(&hello().into())?;
    for cut in 1..bytes.len() {
        let mut peer = trial.connect("ada").await?;
        let (first, second) = bytes.split_at(cut);
        peer.write(first).await?;
        sleep(GAP).await;
        peer.write(second).await?;
        peer.expect::<Welcome>()
            .await
            .map_err(|stop| cut_at(stop, cut))?;
    }
    Ok(())
}

/// Requests of each length, none of which waits for anybody, and the names of what answers each.
fn requests(peer: &mut Peer, logged_in: bool) -> Outcome<(Vec<u8>, Vec<Awaited>)> {
    let mut packets: Vec<(Packet, &str)> = vec![
        (
            Heartbeat {
                sequence: 7,
                sent_at: 9,
                rtt: 0,
            }
            .into(),
            "HeartbeatReply",
        ),
        (
            TimeSyncRequest {
                request: peer.next_number(),
                client_sent_at: 5,
            }
            .into(),
            "TimeSyncResponse",
        ),
        (
            EchoRequest {
                request: peer.next_number(),
                payload: vec![0, 20, 19, 136],
            }
            .into(),
            "EchoReply",
        ),
    ];
    if logged_in {
        let request = peer.next_number();
        packets.push((RoomListRequest { request, after: 0 }.into(), "RoomList"));
        let request = peer.next_number();
        packets.push((GuildListRequest { request, after: 0 }.into(), "GuildList"));
    }
    let (mut bytes, mut answers) = (Vec::new(), Vec::new());
    for (packet, answer) in packets {
        bytes.extend(encode(&packet)?);
        answers.push(Awaited {
            request: packet.id(),
            answer,
        });
    }
    Ok((bytes, answers))
}

/// An answer that has to come.
struct Awaited {
    /// Id of the request, which an Error names.
    request: u16,
    answer: &'static str,
}

/// Waits until each of these came, or an Error in its place; their order is the server's.
async fn all(peer: &mut Peer, trial: &Trial, mut answers: Vec<Awaited>) -> Outcome {
    let deadline = Instant::now() + trial.patience();
    while !answers.is_empty() {
        let found = match peer.next(deadline).await? {
            Event::Packet(packet) => {
                answers.retain(|awaited| match &packet {
                    Packet::Error(error) => awaited.request != error.packet,
                    packet => awaited.answer != packet.name(),
                });
                continue;
            }
            Event::Closed => "the connection was closed".to_owned(),
            Event::Quiet => quiet(trial.patience()),
        };
        let names: Vec<&str> = answers.iter().map(|awaited| awaited.answer).collect();
        return Err(Stop::failed(names.join(" and "), found));
    }
    Ok(())
}

async fn requests_in_two(trial: Trial) -> Outcome {
    // A connection for each cut, so that no server finds these too many.
    let mut cut = 1;
    loop {
        let (mut peer, _) = trial.greeted("ada").await?;
        let (bytes, answers) = requests(&mut peer, false)?;
        let (first, second) = bytes.split_at(cut);
        peer.write(first).await?;
        sleep(GAP).await;
        peer.write(second).await?;
        all(&mut peer, &trial, answers)
            .await
            .map_err(|stop| cut_at(stop, cut))?;
        cut += 1;
        if cut == bytes.len() {
            return Ok(());
        }
    }
}

/// Says at which byte the pieces were cut.
fn cut_at(stop: Stop, cut: usize) -> Stop {
    match stop {
        Stop::Failed(mut failure) => {
            failure.expected = format!("{}, cut at byte {cut}", failure.expected);
            Stop::Failed(failure)
        }
        skipped @ Stop::Skipped(_) => skipped,
    }
}

async fn byte_at_a_time(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let account = &mut players[0];
    // A token, so that the login is cheap.
    drop(trial.log_in("ada", account).await?);
    let mut peer = trial.connect("ada").await?;
    let bytes = encode(&hello().into())?;
    dribble(&mut peer, &bytes).await?;
    peer.expect::<Welcome>().await?;
    let Some(token) = account.token.take() else {
        return Err(Stop::failed("a token with the login", "none"));
    };
    let login = LoginRequest {
        request: peer.next_number(),
        name: account.name.clone(),
        credential: LoginRequestCredential::Token(token),
        client_version: 1,
        device: account.device,
    };
    let bytes = encode(&login.into())?;
    dribble(&mut peer, &bytes).await?;
    let response = peer.expect::<LoginResponse>().await?;
    account.token = response.session.map(|session| session.token);
    ensure(account.token.is_some(), "LoginResponse with `ok`", || {
        format!("LoginResponse with {:?}", response.result)
    })?;
    let (bytes, answers) = requests(&mut peer, true)?;
    dribble(&mut peer, &bytes).await?;
    all(&mut peer, &trial, answers).await
}

async fn dribble(peer: &mut Peer, bytes: &[u8]) -> Outcome {
    for byte in bytes {
        peer.write(&[*byte]).await?;
        sleep(GAP).await;
    }
    Ok(())
}

async fn many_in_one_write(trial: Trial) -> Outcome {
    let (mut peer, _) = trial.greeted("ada").await?;
    let mut bytes = Vec::new();
    let mut numbers = Vec::new();
    for _ in 0..MANY {
        let request = peer.next_number();
        numbers.push(request);
        let payload = request.to_be_bytes().to_vec();
        bytes.extend(encode(&EchoRequest { request, payload }.into())?);
    }
    peer.write(&bytes).await?;
    let deadline = Instant::now() + trial.patience();
    for request in numbers {
        let found = loop {
            match peer.next(deadline).await? {
                Event::Packet(Packet::EchoReply(reply)) if reply.request == request => break None,
                Event::Packet(Packet::Error(error)) if error.request == request => break None,
                Event::Packet(packet @ (Packet::EchoReply(_) | Packet::Error(_))) => {
                    break Some(super::peer::summary(&packet));
                }
                Event::Packet(_) => {}
                Event::Closed => break Some("the connection was closed".to_owned()),
                Event::Quiet => break Some(quiet(trial.patience())),
            }
        };
        if let Some(found) = found {
            return Err(Stop::failed(
                format!("EchoReply with the number {request}"),
                found,
            ));
        }
    }
    Ok(())
}

async fn unknown_id(trial: Trial) -> Outcome {
    let (mut peer, _) = trial.greeted("ada").await?;
    let mut bytes = vec![0, 8];
    bytes.extend(UNKNOWN_ID.to_be_bytes());
    bytes.extend([0; 4]);
    peer.write(&bytes).await?;
    peer.closed("after a packet with an unknown id").await?;
    trial.greeted("another").await.map(drop)
}

async fn cut_off(trial: Trial) -> Outcome {
    let bytes = encode(&hello().into())?;
    for cut in [1, FRAMING.header_len, bytes.len() - 1] {
        let mut peer = trial.connect("ada").await?;
        peer.write(&bytes[..cut]).await?;
        peer.finish().await;
        peer.closed("when the client is gone").await?;
    }
    trial.greeted("another").await.map(drop)
}

async fn size_below_header(trial: Trial, size: u16) -> Outcome {
    let (mut peer, _) = trial.greeted("ada").await?;
    peer.write(&header(size, PacketKind::Heartbeat)).await?;
    peer.closed("after a size below that of the header").await?;
    trial.greeted("another").await.map(drop)
}

async fn size_under(trial: Trial) -> Outcome {
    let (mut peer, _) = trial.greeted("ada").await?;
    let mut bytes = header(19, PacketKind::Heartbeat);
    bytes.resize(19, 0);
    peer.write(&bytes).await?;
    match peer.refusal(None).await? {
        Refusal::Closed => Ok(()),
        Refusal::Error(_) => peer.outlives().await,
    }
}

async fn size_over(trial: Trial, size: u16, kind: PacketKind) -> Outcome {
    let mut players = trial.players(1).await?;
    let state = match kind {
        PacketKind::Move => State::InWorld,
        _ => State::Greeted,
    };
    let mut peer = reach(&trial, state, &mut players[0]).await?;
    peer.write(&header(size, kind)).await?;
    peer.refusal(None).await?;
    trial.greeted("another").await.map(drop)
}

/// A header that claims a size.
fn header(size: u16, kind: PacketKind) -> Vec<u8> {
    let id = firsts().find(|sample| sample.kind == kind);
    let id = id.map_or(0, |sample| sample.packet.id());
    [size.to_be_bytes(), id.to_be_bytes()].concat()
}

async fn packet_of_the_server(trial: Trial, packet: Packet) -> Outcome {
    let (mut peer, _) = trial.greeted("ada").await?;
    let id = packet.id();
    peer.send(packet).await?;
    match peer.refusal(Some(id)).await? {
        Refusal::Closed => Ok(()),
        Refusal::Error(_) => peer.outlives().await,
    }
}
