//! The load generator, against a peer that does what a test wants, and against the server.
#![allow(clippy::unwrap_used)]

mod peer;

use peer::{Echo, Habit};
use reference::client::{Roots, Tls};
use reference::load::{
    Accounts, Attack, Entry, Hostile, LoadError, Mix, Pace, Plan, Report, Tokens, run,
};
use reference::server::Server;
use reference::server::config::Settings;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(300);

/// A plan for a few connections and a short time.
fn plan(address: SocketAddr, entry: Entry) -> Plan {
    Plan {
        connections: 4,
        warmup: Duration::from_millis(50),
        duration: SHORT,
        patience: SHORT,
        entry,
        ..Plan::new(address.to_string())
    }
}

fn carry_out(plan: &Plan) -> Report {
    run(plan, |_| {}).unwrap()
}

#[test]
fn an_open_loop_sends_what_is_due_and_no_more() {
    let peer = Echo::start(Habit::Good);
    let mut plan = plan(peer.address, Entry::Raw);
    plan.pace = Pace::Open { per_second: 100.0 };
    let report = carry_out(&plan);
    assert!(report.is_clean(), "{report}");
    // 4 connections, 100 a second, 300 ms.
    assert_eq!(report.all.sent, 120);
    assert_eq!(report.all.answered, 120);
    assert!(report.all.times.p50 > 0.0 && report.percentiles().contains("Total count"));
}

#[test]
fn a_closed_loop_goes_on_with_each_answer() {
    let peer = Echo::start(Habit::Good);
    let mut plan = plan(peer.address, Entry::Raw);
    plan.pace = Pace::Closed { depth: 3 };
    plan.threads = 2;
    let report = carry_out(&plan);
    assert!(report.is_clean(), "{report}");
    assert!(report.all.answered > 12, "{report}");
}

#[test]
fn answers_that_never_come_are_lost_and_slow_ones_are_slow() {
    let peer = Echo::start(Habit::Deaf);
    let mut plan = plan(peer.address, Entry::Raw);
    plan.pace = Pace::Open { per_second: 100.0 };
    let report = carry_out(&plan);
    assert_eq!((report.all.sent, report.all.lost), (120, 120));
    assert!(!report.is_clean());
}

#[test]
fn a_peer_that_stalls_cannot_hide_it() {
    let pause = Duration::from_millis(200);
    let peer = Echo::start(Habit::Stalls(pause));
    let mut plan = plan(peer.address, Entry::Raw);
    plan.connections = 1;
    plan.pace = Pace::Open { per_second: 100.0 };
    plan.warmup = Duration::ZERO;
    let report = carry_out(&plan);
    // The first packet waits for 200 ms, and so do those behind it, each 10 ms less.
    assert_eq!(report.all.answered, 30, "{report}");
    assert!(report.all.times.p50 > 30_000.0, "{report}");
    assert!(report.all.times.max >= 200_000.0, "{report}");
}

#[test]
fn connections_that_a_peer_closes_are_named() {
    let peer = Echo::start(Habit::HangsUp);
    let mut plan = plan(peer.address, Entry::Raw);
    plan.pace = Pace::Open { per_second: 100.0 };
    plan.warmup = Duration::ZERO;
    let report = carry_out(&plan);
    assert_eq!(report.closed.values().sum::<u64>(), 4, "{report}");
    assert!(report.all.lost > 0 && report.all.unsent > 0, "{report}");
}

#[test]
fn an_end_that_comes_with_an_answer_is_seen() {
    let peer = Echo::start(Habit::SaysGoodbye);
    let mut plan = plan(peer.address, Entry::Raw);
    plan.connections = 50;
    plan.pace = Pace::Idle;
    plan.warmup = Duration::ZERO;
    let report = carry_out(&plan);
    assert_eq!(report.closed.values().sum::<u64>(), 50, "{report}");
}

#[test]
fn nobody_there_is_an_error() {
    let address = Echo::start(Habit::Good).address;
    // The peer still listens, in a thread of its own; this port is nobody's.
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = unused.local_addr().unwrap();
    drop(unused);
    assert_ne!(address, nobody);
    let error = run(&plan(nobody, Entry::Raw), |_| {}).unwrap_err();
    match error {
        LoadError::NobodyIn(why) => assert_eq!(why.values().sum::<u64>(), 4),
        other => panic!("{other}"),
    }
}

/// A server that ends with the tests.
fn server(change: impl FnOnce(&mut Settings) + Send + 'static) -> SocketAddr {
    let (tell, told) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut settings = Settings::default();
            settings.listen.address.set_port(0);
            "memory".clone_into(&mut settings.store.data);
            // A hash that is worth something takes seconds in a build for debugging.
            settings.store.password_memory_kib = 8;
            settings.store.password_passes = 1;
            "off".clone_into(&mut settings.metrics.address);
            change(&mut settings);
            let server = Server::bind(settings).await.unwrap();
            tell.send(server.local_addr()).unwrap();
            server.run(std::future::pending()).await;
        });
    });
    told.recv().unwrap()
}

fn accounts(tokens: Option<PathBuf>) -> Entry {
    Entry::Accounts(Accounts {
        tokens,
        ..Accounts::default()
    })
}

#[test]
fn with_tls_a_load_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let certified = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let [certificate, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
    std::fs::write(&certificate, certified.cert.pem()).unwrap();
    std::fs::write(&key, certified.signing_key.serialize_pem()).unwrap();
    let text = |path: &PathBuf| path.to_str().unwrap().to_owned();
    let (for_server, for_key) = (text(&certificate), text(&key));
    let address = server(|settings| {
        settings.tls.certificate = for_server;
        settings.tls.key = for_key;
    });
    let mut plan = plan(address, accounts(None));
    plan.pace = Pace::Closed { depth: 8 };
    plan.payload = 20_000;
    plan.tls = Some(Tls {
        roots: Roots::File(certificate),
        server_name: None,
    });
    let report = carry_out(&plan);
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.entry.ready, 4, "{report}");
    assert!(report.all.answered > 32, "{report}");
    plan.tls = Some(Tls {
        roots: Roots::File(key),
        server_name: None,
    });
    let error = run(&plan, |_| {}).unwrap_err();
    assert!(matches!(error, LoadError::Tls(_)), "{error}");
    plan.tls = None;
    let error = run(&plan, |_| {}).unwrap_err();
    assert!(matches!(error, LoadError::NobodyIn(_)), "{error}");
    let hint = "4 times closed without a word; does the server speak TLS, or another protocol?";
    assert!(error.to_string().ends_with(hint), "{error}");
}

#[test]
fn accounts_are_made_once_and_log_in_by_token_then() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens");
    let address = server(|_| {});
    let mut plan = plan(address, accounts(Some(file.clone())));
    for _ in 0..2 {
        let report = carry_out(&plan);
        assert!(report.is_clean(), "{report}");
        assert_eq!(report.entry.ready, 4);
    }
    assert_eq!(Tokens::load(&file).unwrap().of.len(), 4);
    // With another password only tokens let in.
    if let Entry::Accounts(accounts) = &mut plan.entry {
        accounts.password = "not the password 1".to_owned();
    }
    assert!(carry_out(&plan).is_clean());
    if let Entry::Accounts(accounts) = &mut plan.entry {
        accounts.tokens = None;
    }
    let error = run(&plan, |_| {}).unwrap_err().to_string();
    assert_eq!(
        error,
        "no connection came in: 4 times LoginResponse bad_credentials"
    );
}

#[test]
fn all_kinds_of_packets_are_answered_and_moves_are_seen() {
    let address = server(|_| {});
    let mut plan = plan(address, accounts(None));
    plan.mix = "echo=4,heartbeat=1,time=1,move=8,say=1,rooms=1,guilds=1"
        .parse()
        .unwrap();
    plan.pace = Pace::Open { per_second: 20.0 };
    plan.duration = Duration::from_secs(2);
    plan.patience = Duration::from_secs(5);
    let report = carry_out(&plan);
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.kinds.len(), 7);
    for (name, figures) in &report.kinds {
        assert!(figures.sent > 0, "{name}: {report}");
    }
    assert_eq!(report.traffic.moves_rejected, 0, "{report}");
    assert!(report.traffic.deliveries > 0.0 && report.traffic.messages > 0.0);
}

#[test]
fn who_has_no_right_to_broadcast_is_told_so() {
    let address = server(|_| {});
    let mut plan = plan(address, accounts(None));
    plan.pace = Pace::Idle;
    plan.broadcasts = Some(10.0);
    let report = carry_out(&plan);
    let broadcasts = report.broadcasts.unwrap();
    assert_eq!((broadcasts.sent, broadcasts.complete), (3, 0));
    assert_eq!(broadcasts.refused, 3, "{report}");
    assert_eq!(report.errors["permission_denied"], 3);
}

#[test]
fn a_full_server_is_named_in_the_report() {
    let address = server(|settings| settings.limits.connections = 3);
    let mut plan = plan(address, accounts(None));
    plan.connections = 5;
    let report = carry_out(&plan);
    assert_eq!(report.entry.ready, 3, "{report}");
    assert_eq!(report.entry.refused.values().sum::<u64>(), 2, "{report}");
}

#[track_caller]
fn check_attack(attack: Attack, expected: &[&str]) {
    let address = server(|settings| {
        settings.timeouts.hello = Duration::from_secs(1);
        settings.timeouts.frame = Duration::from_secs(1);
        settings.timeouts.write = Duration::from_secs(1);
    });
    let mut plan = plan(address, accounts(None));
    plan.pace = Pace::Open { per_second: 20.0 };
    plan.duration = Duration::from_secs(4);
    plan.patience = Duration::from_secs(5);
    let percent = 50.0;
    plan.hostile = Some(Hostile { attack, percent });
    let report = carry_out(&plan);
    assert!(report.is_clean(), "honest ones suffer: {report}");
    let hostile = report.hostile.as_ref().unwrap();
    if attack == Attack::ConnectStorm {
        assert!(hostile.storms > 10, "{report}");
        return;
    }
    assert_eq!(hostile.fates.values().sum::<u64>(), 2, "{report}");
    for fate in hostile.fates.keys() {
        assert!(
            expected.iter().any(|word| fate.contains(word)),
            "{attack}: {fate}"
        );
    }
}

#[test]
fn a_dribble_is_closed() {
    check_attack(Attack::Dribble, &["closed, KickNotice"]);
}

#[test]
fn a_slow_reader_is_closed() {
    check_attack(Attack::SlowReader, &["closed"]);
}

#[test]
fn a_flood_is_closed() {
    check_attack(Attack::Flood, &["closed"]);
}

#[test]
fn garbage_is_closed() {
    check_attack(Attack::Garbage, &["closed"]);
}

#[test]
fn half_a_hello_is_closed() {
    check_attack(Attack::HalfOpen, &["closed, KickNotice idle"]);
}

#[test]
fn a_storm_of_connections_is_borne() {
    check_attack(Attack::ConnectStorm, &[]);
}

#[test]
fn a_mix_that_needs_the_world_is_refused_for_guests() {
    let mut plan = plan(([127, 0, 0, 1], 1).into(), Entry::Guest);
    plan.mix = "move".parse::<Mix>().unwrap();
    let error = run(&plan, |_| {}).unwrap_err();
    assert!(matches!(error, LoadError::Plan(_)), "{error}");
}
