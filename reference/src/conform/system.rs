//! Heartbeats, clocks and echo, in every state after the greeting.

use super::check::{Check, Group, Outcome, ensure};
use super::states::reach;
use super::trial::Trial;
use crate::game::{Heartbeat, HeartbeatReply, State, TimeSyncRequest, TimeSyncResponse};

const GROUP: Group = Group::System;

/// 2020-01-01 and 2200-01-01, in microseconds since 1970: a clock outside of it does not count from 1970.
const PLAUSIBLE: std::ops::Range<u64> = 1_577_836_800_000_000..7_258_118_400_000_000;

/// The largest payload of an echo.
const LONGEST: usize = 32768;

pub(super) fn checks() -> Vec<Check> {
    let mut checks = vec![
        Check::new(
            GROUP,
            "echo_sizes",
            "An echo brings back a payload of any size up to the largest.",
            echo_sizes,
        ),
        Check::new(
            GROUP,
            "echo_bytes",
            "An echo brings back every byte as it is, also what looks like a packet.",
            echo_bytes,
        ),
        Check::new(
            GROUP,
            "clock",
            "TimeSyncResponse has the client's time, and the server's since 1970, which does not go back.",
            clock,
        ),
    ];
    for state in [State::Greeted, State::Authenticated, State::InWorld] {
        checks.push(Check::new(
            GROUP,
            format!("heartbeat/{state}"),
            format!("In the state `{state}` HeartbeatReply has the values of Heartbeat, whatever these are."),
            move |trial| heartbeat(trial, state),
        ));
    }
    checks
}

async fn heartbeat(trial: Trial, state: State) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut peer = reach(&trial, state, &mut players[0]).await?;
    for (sequence, sent_at, rtt) in [
        (1, 50_000, 0),
        (2, 0, 1),
        (u32::MAX, u64::MAX, u32::MAX),
        (0, 0x0014_1388_0000_0001, 7),
    ] {
        peer.send(Heartbeat {
            sequence,
            sent_at,
            rtt,
        })
        .await?;
        let reply = peer.expect::<HeartbeatReply>().await?;
        let expected = HeartbeatReply { sequence, sent_at };
        ensure(reply == expected, format!("{expected:?}"), || {
            format!("{reply:?}")
        })?;
    }
    Ok(())
}

async fn echo_sizes(trial: Trial) -> Outcome {
    // Behind a login, since servers take less of who did not log in.
    let mut players = trial.players(1).await?;
    let mut peer = trial.log_in("ada", &mut players[0]).await?;
    for len in [
        0,
        1,
        2,
        9,
        10,
        255,
        256,
        1024,
        4095,
        4096,
        16384,
        LONGEST - 1,
        LONGEST,
    ] {
        // No two neighbouring blocks are the same.
        let payload = (0..len).map(|at| (at ^ (at >> 8)).to_le_bytes()[0]);
        peer.echo(payload.collect()).await?;
    }
    Ok(())
}

async fn echo_bytes(trial: Trial) -> Outcome {
    let (mut peer, _) = trial.greeted("ada").await?;
    peer.echo((0..=255).collect()).await?;
    peer.echo((0..=255).rev().collect()).await?;
    peer.echo(vec![0; 64]).await?;
    peer.echo(vec![0xff; 64]).await?;
    peer.echo(super::peer::encode(&super::peer::hello().into())?)
        .await
}

async fn clock(trial: Trial) -> Outcome {
    let (mut peer, _) = trial.greeted("ada").await?;
    let mut last = 0;
    for client_sent_at in [0, 1_000_000, u64::MAX] {
        let request = peer.next_number();
        let sync = TimeSyncRequest {
            request,
            client_sent_at,
        };
        let answer = peer.ask::<TimeSyncResponse>(sync).await?;
        let ordered =
            last <= answer.server_received_at && answer.server_received_at <= answer.server_sent_at;
        last = answer.server_sent_at;
        ensure(
            answer.client_sent_at == client_sent_at && ordered && PLAUSIBLE.contains(&last),
            format!("client_sent_at {client_sent_at}, and two times since 1970 in their order"),
            || format!("{answer:?}"),
        )?;
    }
    Ok(())
}
