//! Floods, crowds, and clients that do not write or do not read. These burden the server, so each is made alone.

use super::check::{Check, Group, Outcome, Stop, ensure};
use super::peer::{Event, Peer, encode, hello, quiet, summary};
use super::trial::Trial;
use crate::game::{EchoRequest, ErrorCode, KickNotice, KickReason, Packet, Welcome, WelcomeResult};
use std::time::Duration;
use tokio::time::{Instant, sleep};

const GROUP: Group = Group::Limits;

/// Packets of a flood.
const FLOOD: u32 = 2_000;

/// Connections of a crowd.
const CROWD: usize = 64;

/// How many bytes of requests a client writes that reads no answers.
const ASKED: usize = 64 << 20;

/// How many bytes of answers a server may owe to who does not read them, in its own memory and that of both systems.
const OWED: usize = 32 << 20;

/// How long a slow check may take: three heartbeats of the longest pause that servers of sense ask for.
const SLOW: Duration = Duration::from_secs(240);

/// What is granted on top of a time that the server states.
const GRACE: Duration = Duration::from_secs(10);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new(
            GROUP,
            "flood",
            "Of a flood each request is answered or refused with `rate_limited`, in order, or else the client is kicked \
             for `flooding`.",
            flood,
        )
        .alone(),
        Check::new(
            GROUP,
            "crowd",
            "Many connections at once are all greeted, or told that the server is full.",
            crowd,
        )
        .alone(),
        Check::new(
            GROUP,
            "not_reading",
            "Who reads no answers is owed no more than 32 MiB of them, and others are answered meanwhile.",
            not_reading,
        )
        .alone(),
        Check::new(
            GROUP,
            "never_greeting",
            "A connection that says nothing is closed within three heartbeats.",
            never_greeting,
        )
        .slow(SLOW),
        Check::new(
            GROUP,
            "silent",
            "A client whose heartbeats stay away three times is kicked for being `idle`, or closed.",
            silent,
        )
        .slow(SLOW),
        Check::new(
            GROUP,
            "dribbling",
            "A client that sends a packet a byte at a time without end is closed within three heartbeats.",
            dribbling,
        )
        .slow(SLOW),
        Check::new(
            GROUP,
            "never_reading",
            "A client that does not read for three heartbeats is closed.",
            never_reading,
        )
        .slow(SLOW),
    ]
}

async fn flood(trial: Trial) -> Outcome {
    let (mut peer, _) = trial.greeted("flood").await?;
    let mut next = 0;
    let mut sent = 0;
    while next < FLOOD {
        // So many that answers and requests never fill both directions at once.
        let until = (sent + 250).min(FLOOD);
        let mut bytes = Vec::new();
        while sent < until {
            sent += 1;
            let request = sent;
            let payload = Vec::new();
            bytes.extend(encode(&EchoRequest { request, payload }.into())?);
        }
        peer.write(&bytes).await?;
        let deadline = Instant::now() + trial.patience();
        while next < sent {
            let expected = next + 1;
            let found = match peer.next(deadline).await? {
                Event::Packet(Packet::EchoReply(reply)) if reply.request == expected => {
                    next += 1;
                    continue;
                }
                Event::Packet(Packet::Error(error))
                    if error.code == ErrorCode::RATE_LIMITED && error.request == expected =>
                {
                    next += 1;
                    continue;
                }
                Event::Packet(Packet::KickNotice(KickNotice {
                    reason: KickReason::FLOODING,
                    ..
                })) => return peer.closed("after KickNotice").await,
                Event::Packet(packet) => summary(&packet),
                Event::Closed => "the connection was closed without a KickNotice".to_owned(),
                Event::Quiet => quiet(trial.patience()),
            };
            return Err(Stop::failed(
                format!(
                    "EchoReply or Error `rate_limited` for request {expected}, or KickNotice `flooding`"
                ),
                found,
            ));
        }
    }
    Ok(())
}

async fn crowd(trial: Trial) -> Outcome {
    let mut peers = Vec::new();
    for number in 0..CROWD {
        let mut peer = trial.connect(&format!("peer {number}")).await?;
        peer.send(hello()).await?;
        peers.push(peer);
    }
    for peer in &mut peers {
        let welcome = peer.expect::<Welcome>().await?;
        let known = [WelcomeResult::OK, WelcomeResult::SERVER_FULL];
        ensure(
            known.contains(&welcome.result),
            "Welcome with `ok` or `server_full`",
            || format!("Welcome with {:?}", welcome.result),
        )?;
    }
    Ok(())
}

/// Asks for as many echoes as the server takes, up to [`ASKED`] bytes, and reads none.
async fn ask_without_reading(trial: &Trial, peer: &mut Peer) -> Outcome {
    const PAYLOAD: usize = 32768;
    peer.is_slow = true;
    let mut asked = 0;
    let mut bytes = Vec::new();
    let mut at = 0;
    while asked < ASKED {
        if at == bytes.len() {
            let request = peer.next_number();
            let payload = vec![0x55; PAYLOAD];
            bytes = encode(&EchoRequest { request, payload }.into())?;
            at = 0;
        }
        let written = peer.write_some(&bytes[at..], trial.patience()).await;
        if written == 0 {
            break;
        }
        at += written;
        asked += written;
    }
    Ok(())
}

async fn not_reading(trial: Trial) -> Outcome {
    let (mut peer, _) = trial.greeted("not reading").await?;
    let (mut other, _) = trial.greeted("other").await?;
    ask_without_reading(&trial, &mut peer).await?;
    other.fence().await?;
    let mut owed = 0;
    loop {
        match peer.next(Instant::now() + trial.patience() / 2).await? {
            Event::Packet(packet) => owed += encode(&packet)?.len(),
            Event::Closed | Event::Quiet => break,
        }
        ensure(
            owed <= OWED,
            format!("at most {OWED} bytes of answers"),
            || "more".to_owned(),
        )?;
    }
    Ok(())
}

/// How long three heartbeats are, as the server says, and some time to act.
fn three_heartbeats(welcome: &Welcome) -> Outcome<Duration> {
    let stated = Duration::from_secs(u64::from(welcome.heartbeat_seconds)) * 3 + GRACE;
    if stated < SLOW {
        Ok(stated)
    } else {
        Err(Stop::skipped(format!(
            "the server asks for a heartbeat every {} s, which is too long to wait for",
            welcome.heartbeat_seconds
        )))
    }
}

/// Waits until the connection is closed, for as long as a heartbeat may stay away.
async fn closed_in_time(peer: &mut Peer, limit: Duration) -> Outcome<Option<KickReason>> {
    let deadline = Instant::now() + limit;
    let mut reason = None;
    loop {
        match peer.next(deadline).await? {
            Event::Packet(Packet::KickNotice(kick)) => reason = Some(kick.reason),
            Event::Packet(_) => {}
            Event::Closed => return Ok(reason),
            Event::Quiet => {
                return Err(Stop::failed(
                    "the server closes the connection",
                    format!("it is still open after {limit:?}"),
                ));
            }
        }
    }
}

async fn never_greeting(trial: Trial) -> Outcome {
    let (_, welcome) = trial.greeted("greeted").await?;
    let limit = three_heartbeats(&welcome)?;
    let mut peer = trial.connect("silent").await?;
    closed_in_time(&mut peer, limit).await.map(drop)
}

async fn silent(trial: Trial) -> Outcome {
    let (mut peer, welcome) = trial.greeted("silent").await?;
    let limit = three_heartbeats(&welcome)?;
    peer.is_mute = true;
    let reason = closed_in_time(&mut peer, limit).await?;
    ensure(
        reason.is_none_or(|reason| reason == KickReason::IDLE),
        "KickNotice with `idle`",
        || format!("KickNotice with {reason:?}"),
    )
}

async fn dribbling(trial: Trial) -> Outcome {
    const PAUSE: Duration = Duration::from_millis(500);
    let (mut peer, welcome) = trial.greeted("dribbling").await?;
    let limit = three_heartbeats(&welcome)?;
    peer.is_mute = true;
    let echo = EchoRequest {
        request: 1,
        payload: vec![0; 32768],
    };
    let bytes = encode(&echo.into())?;
    let deadline = Instant::now() + limit;
    for byte in bytes.chunks(1) {
        // A closed connection shows when it is read.
        peer.write_some(byte, trial.patience()).await;
        match peer.next(Instant::now() + PAUSE).await? {
            Event::Closed => return Ok(()),
            _ if Instant::now() > deadline => break,
            _ => {}
        }
    }
    Err(Stop::failed(
        "the server closes the connection",
        format!("it is still open after {limit:?}"),
    ))
}

async fn never_reading(trial: Trial) -> Outcome {
    let (mut peer, welcome) = trial.greeted("never reading").await?;
    let limit = three_heartbeats(&welcome)?;
    ask_without_reading(&trial, &mut peer).await?;
    sleep(limit).await;
    // What was sent before the end is still there to be read.
    closed_in_time(&mut peer, trial.patience()).await.map(drop)
}
