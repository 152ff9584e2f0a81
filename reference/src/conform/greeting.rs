//! Hello and Welcome.

use super::check::{Check, Group, Outcome, Stop, ensure};
use super::peer::{Event, Refusal, encode, hello, summary};
use super::trial::Trial;
use crate::PROTOCOL_VERSION;
use crate::game::{FINGERPRINT, Hello, Packet, State, Welcome, WelcomeResult};
use std::time::Duration;
use tokio::time::Instant;

const GROUP: Group = Group::Greeting;

/// How long a server that waits for Hello is listened to.
const SILENCE: Duration = Duration::from_millis(300);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new(
            GROUP,
            "welcome",
            "A Hello that fits is answered by Welcome with `ok` and the server's version and fingerprint, the same ones.",
            welcome,
        ),
        Check::new(
            GROUP,
            "client_speaks_first",
            "Before Hello the server says nothing but notices.",
            client_speaks_first,
        ),
        Check::new(
            GROUP,
            "wrong_fingerprint",
            "A Hello with another fingerprint gets Welcome with `incompatible_schema`, and the connection is closed.",
            wrong_fingerprint,
        ),
        Check::new(
            GROUP,
            "wrong_version",
            "A Hello of another version gets Welcome with `unsupported_version` or `incompatible_schema`, and the \
             connection is closed.",
            wrong_version,
        ),
        Check::new(
            GROUP,
            "second_hello",
            "Of two Hellos in one write the first gets Welcome, and the second is refused.",
            second_hello,
        ),
        Check::new(
            GROUP,
            "longest_client_name",
            "A Hello of the largest size is answered as any other.",
            longest_client_name,
        ),
    ]
}

async fn welcome(trial: Trial) -> Outcome {
    let (_, welcome) = trial.greeted("ada").await?;
    let found = (welcome.version, welcome.fingerprint);
    ensure(
        found == (PROTOCOL_VERSION, FINGERPRINT),
        format!("Welcome with version {PROTOCOL_VERSION} and fingerprint {FINGERPRINT:#018x}"),
        || format!("version {} and fingerprint {:#018x}", found.0, found.1),
    )
}

async fn client_speaks_first(trial: Trial) -> Outcome {
    let mut peer = trial.connect("ada").await?;
    match peer.next(Instant::now() + SILENCE).await? {
        Event::Quiet => peer.greet().await.map(drop),
        Event::Closed => Err(Stop::failed(
            "the server waits for Hello",
            "it closed the connection",
        )),
        Event::Packet(packet) => Err(Stop::failed("the server waits for Hello", summary(&packet))),
    }
}

async fn wrong_fingerprint(trial: Trial) -> Outcome {
    let wrong = Hello {
        fingerprint: FINGERPRINT ^ 1,
        ..hello()
    };
    turned_away(&trial, wrong, &[WelcomeResult::INCOMPATIBLE_SCHEMA]).await
}

async fn wrong_version(trial: Trial) -> Outcome {
    let results = [
        WelcomeResult::UNSUPPORTED_VERSION,
        WelcomeResult::INCOMPATIBLE_SCHEMA,
    ];
    for version in [0, 1, PROTOCOL_VERSION + 1, u16::MAX] {
        let wrong = Hello { version, ..hello() };
        turned_away(&trial, wrong, &results).await?;
    }
    Ok(())
}

/// Says a Hello that does not fit, and waits for the end.
async fn turned_away(trial: &Trial, wrong: Hello, results: &[WelcomeResult]) -> Outcome {
    let mut peer = trial.connect("stranger").await?;
    peer.send(wrong).await?;
    let welcome = peer.expect::<Welcome>().await?;
    ensure(
        results.contains(&welcome.result),
        format!("Welcome with {results:?}"),
        || format!("Welcome with {:?}", welcome.result),
    )?;
    peer.closed("after a Welcome that refuses").await
}

async fn second_hello(trial: Trial) -> Outcome {
    let mut peer = trial.connect("ada").await?;
    let one: Packet = hello().into();
    let mut bytes = encode(&one)?;
    bytes.extend_from_within(..);
    peer.write(&bytes).await?;
    peer.expect::<Welcome>().await?;
    match peer.refusal(Some(one.id())).await? {
        Refusal::Error(_) => peer.outlives().await,
        Refusal::Closed => Ok(()),
    }
}

async fn longest_client_name(trial: Trial) -> Outcome {
    let mut peer = trial.connect("ada").await?;
    let client = "ä".repeat(32);
    peer.send(Hello { client, ..hello() }).await?;
    peer.expect::<Welcome>().await?;
    ensure(peer.state() == State::Greeted, "Welcome with `ok`", || {
        "Welcome with another result".to_owned()
    })
}
