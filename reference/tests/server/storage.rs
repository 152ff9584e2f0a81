//! Accounts and guilds when the server is killed, the disk is full or the database locked.

use crate::settings::{refused, run};
use crate::shutdown::traffic;
use crate::support::{Client, PASSWORD, PATIENCE, Server, login};
use reference::game::{
    Broadcast, EnterWorld, ErrorCode, GuildCreate, GuildLeave, GuildListRequest, LoginResult,
    Packet, RegisterRequest, RegisterResult,
};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What the server said that it keeps.
#[derive(Clone, Debug, Default)]
struct Acknowledged {
    accounts: BTreeSet<String>,
    guilds: BTreeSet<String>,
}

fn register(name: &str) -> RegisterRequest {
    RegisterRequest {
        request: 1,
        name: name.to_owned(),
        password: PASSWORD.to_owned(),
    }
}

fn create(name: &str) -> GuildCreate {
    GuildCreate {
        request: 3,
        name: name.to_owned(),
        tag: name.to_owned(),
    }
}

/// Makes accounts and a guild for each, and notes what is acknowledged, until the server is gone.
fn fill(server: &Server, prefix: char, notes: &Mutex<Acknowledged>) -> Option<()> {
    for number in 0.. {
        let name = format!("{prefix}{number}x");
        let mut client = Client::try_greeted(server)?;
        client.send(register(&name));
        let Packet::RegisterResponse(response) = client.next()? else {
            panic!("no RegisterResponse");
        };
        assert_eq!(response.result, RegisterResult::OK);
        notes.lock().unwrap().accounts.insert(name.clone());
        client.send(login(&name));
        client.next()?;
        client.send(create(&name));
        let answer = client.next()?;
        assert!(matches!(answer, Packet::GuildResult(_)), "{answer:?}");
        notes.lock().unwrap().guilds.insert(name);
    }
    None
}

#[test]
fn the_right_to_broadcast_is_given_and_taken_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--data", folder.path().to_str().unwrap()];
    let server = Server::start(&flags);
    let mut client = Client::logged_in(&server, "ada");
    let check = |client: &mut Client, may: bool| {
        client.send(Broadcast {
            request: 7,
            text: "hear".to_owned(),
        });
        match client.next() {
            Some(Packet::ChatMessage(message)) => assert!(may && message.text == "hear"),
            Some(Packet::Error(error)) => {
                assert_eq!((may, error.code), (false, ErrorCode::PERMISSION_DENIED));
            }
            other => panic!("neither a message nor an error but {other:?}"),
        }
    };
    check(&mut client, false);
    for (flag, may) in [("--allow-broadcast", true), ("--forbid-broadcast", false)] {
        let output = run(&[&flags[..], &[flag, "Ada"]].concat(), &[]);
        assert!(output.status.success(), "{output:?}");
        let mut client = Client::greeted(&server);
        assert_eq!(client.login("ada").result, LoginResult::OK);
        check(&mut client, may);
    }
    refused(
        &[&flags[..], &["--allow-broadcast", "eve"]].concat(),
        &[],
        "no account is called \"eve\"",
    );
}

#[test]
fn a_folder_has_one_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let mut server = Server::start(&["--data", path]);
    let second = ["--data", path, "--address", "127.0.0.1:0"];
    refused(&second, &[], "store.data: another server uses");
    server.signal("KILL");
    assert_eq!(server.ended().code(), None);
    Server::start(&["--data", path]);
    // Nor is one made by mistake.
    let nothing = folder.path().join("nothing");
    let flags = ["--data", nothing.to_str().unwrap()];
    refused(
        &[&flags[..], &["--allow-broadcast", "ada"]].concat(),
        &[],
        "no account is called",
    );
    assert!(!nothing.exists());
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--data", folder.path().to_str().unwrap()];
    let mut server = Server::start(&flags);
    let clients = traffic(&server);
    let notes = Arc::new(Mutex::new(Acknowledged::default()));
    thread::scope(|scope| {
        for prefix in ['a', 'b', 'c'] {
            let (server, notes) = (&server, &notes);
            scope.spawn(move || fill(server, prefix, notes));
        }
        let start = Instant::now();
        while notes.lock().unwrap().guilds.len() < 4 {
            assert!(start.elapsed() < PATIENCE, "{notes:?}");
            thread::sleep(Duration::from_millis(5));
        }
        server.signal("KILL");
    });
    assert_eq!(server.ended().code(), None);
    drop(clients);

    let server = Server::start(&flags);
    let notes = notes.lock().unwrap().clone();
    for name in &notes.accounts {
        let mut client = Client::greeted(&server);
        assert_eq!(client.login(name).result, LoginResult::OK, "{name}");
    }
    let mut client = Client::greeted(&server);
    assert_eq!(client.login("ada").result, LoginResult::OK, "in traffic");
    let found = guilds(&mut client);
    let lost: Vec<_> = notes.guilds.difference(&found).collect();
    assert_eq!(lost, [""; 0]);
}

fn guilds(client: &mut Client) -> BTreeSet<String> {
    client.send(GuildListRequest {
        request: 5,
        after: 0,
    });
    match client.next() {
        Some(Packet::GuildList(list)) => list.guilds.into_iter().map(|guild| guild.name).collect(),
        other => panic!("no GuildList but {other:?}"),
    }
}

#[track_caller]
fn registers(client: &mut Client, name: &str, expected: RegisterResult) {
    client.send(register(name));
    match client.next() {
        Some(Packet::RegisterResponse(response)) => assert_eq!(response.result, expected),
        other => panic!("no RegisterResponse but {other:?}"),
    }
}

/// Whether somebody who is logged in can go on: what is said and done in the world needs no disk.
#[track_caller]
fn plays(client: &mut Client) {
    client.echo(6);
    client.send(EnterWorld {
        request: 7,
        spawn: None,
    });
    let answer = client.next();
    assert!(
        matches!(answer, Some(Packet::WorldEntered(_))),
        "{answer:?}"
    );
}

/// The disk is full for the server: no file may become larger than some hundred KiB.
#[test]
fn a_full_disk_refuses_accounts_and_play_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let flags = ["--data", data, "--rates-guild-per-second", "0"];
    // Blocks of 512 or 1024 bytes, as the shell likes. To write more is an error, as soon as the signal is ignored.
    let mut server = Server::start_after("trap '' XFSZ && ulimit -f 400", &flags);
    let mut ada = Client::logged_in(&server, "ada");
    let mut founded = None;
    let mut number = 0;
    let refused = loop {
        number += 1;
        assert!(number < 10_000, "the disk is never full");
        let name = format!("g{number}");
        if founded.take().is_some() {
            ada.send(GuildLeave { request: 4 });
        } else {
            ada.send(create(&name));
            founded = Some(name);
        }
        match ada.next() {
            Some(Packet::GuildResult(_)) => {}
            Some(Packet::Error(error)) => break error,
            other => panic!("no GuildResult but {other:?}"),
        }
    };
    assert_eq!(refused.code, ErrorCode::UNAVAILABLE, "{refused:?}");
    let mut bob = Client::greeted(&server);
    registers(&mut bob, "bob", RegisterResult::UNAVAILABLE);
    plays(&mut ada);
    server.is_well();
    server.signal("TERM");
    server.ended();

    let server = Server::start(&flags);
    let mut ada = Client::greeted(&server);
    assert_eq!(ada.login("ada").result, LoginResult::OK);
    // A request that was refused changed nothing: a guild that was to be founded is not there, one that was to be left is.
    let expected: BTreeSet<_> = match refused.packet {
        3000 => BTreeSet::new(),
        _ => BTreeSet::from([format!("g{}", number - 1)]),
    };
    assert_eq!(guilds(&mut ada), expected);
    let mut bob = Client::greeted(&server);
    registers(&mut bob, "bob", RegisterResult::OK);
}

/// A backup, or somebody with a tool, has the database for themselves.
#[test]
fn a_locked_database_refuses_accounts_and_play_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&["--data", folder.path().to_str().unwrap()]);
    let mut ada = Client::logged_in(&server, "ada");
    let other = rusqlite::Connection::open(folder.path().join("game.db")).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let mut bob = Client::greeted(&server);
    registers(&mut bob, "bob", RegisterResult::UNAVAILABLE);
    ada.send(create("Dawn"));
    match ada.next() {
        Some(Packet::Error(error)) => assert_eq!(error.code, ErrorCode::UNAVAILABLE),
        other => panic!("no Error but {other:?}"),
    }
    plays(&mut ada);
    other.execute_batch("ROLLBACK").unwrap();
    registers(&mut bob, "bob", RegisterResult::OK);
}
