//! Many clients at once, and what one of them can do to the others.

use crate::support::{Client, PATIENCE, Server, hello};
use packet_runtime::Encode;
use reference::game::{
    ChatMessageScope, Packet, PacketView, RoomChange, RoomCreate, RoomEvent, RoomJoin, RoomMessage,
    WelcomeResult,
};
use socket2::SockRef;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;

/// Connections that come at once, if the system lets a process have so many.
const STORM: u32 = 5000;
/// What else the test's process and the server have open.
const OTHERS: u32 = 500;

/// Greets and takes the answer.
fn greet(mut stream: &TcpStream) -> WelcomeResult {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(&hello().to_vec().unwrap()).unwrap();
    let mut frame = vec![0; 4];
    stream.read_exact(&mut frame).unwrap();
    let size = usize::from(u16::from_be_bytes([frame[0], frame[1]]));
    frame.resize(size, 0);
    stream.read_exact(&mut frame[4..]).unwrap();
    match PacketView::parse(&frame).unwrap() {
        PacketView::Welcome(welcome) => welcome.result(),
        other => panic!("no Welcome but {other:?}"),
    }
}

#[test]
fn a_storm_of_connections_is_let_in() {
    const THREADS: u32 = 8;
    let wanted = u64::from(STORM + OTHERS);
    // The server inherits it.
    let limit = rlimit::increase_nofile_limit(wanted).unwrap().min(wanted);
    let each = (u32::try_from(limit).unwrap() - OTHERS) / THREADS;
    assert!(
        each * THREADS >= 1000,
        "the system allows {limit} open files, which is too few for this test (ulimit -Hn)"
    );
    let server = Server::start(&["--timeouts-hello", "1m", "--timeouts-login", "1m"]);
    let address = server.address;
    let storm = (0..THREADS).map(|_| {
        thread::spawn(move || {
            // All of them first, so that nobody is greeted before the others are there.
            let connect = |_| TcpStream::connect(address).unwrap();
            let streams: Vec<_> = (0..each).map(connect).collect();
            for stream in &streams {
                assert_eq!(greet(stream), WelcomeResult::OK);
            }
            streams
        })
    });
    let storm: Vec<_> = storm.collect();
    let streams: Vec<_> = storm
        .into_iter()
        .flat_map(|thread| thread.join().unwrap())
        .collect();
    let greeted = each * THREADS;
    server.measures(&format!(
        "packet_server_sessions{{state=\"greeted\"}} {greeted}"
    ));
    server.is_well();
    drop(streams);
    server.measures("packet_server_sessions{state=\"greeted\"} 0");
    server.is_well();
}

#[test]
fn who_does_not_read_what_others_say_is_closed_and_they_hear_each_other() {
    const BATCH: usize = 32;
    // The one who does not read is ended by the queue being full, and not by the time that passes.
    let server = Server::start(&[
        "--queues-outgoing",
        "262144",
        "--timeouts-write",
        "1h",
        "--rates-chat-per-second",
        "0",
    ]);
    let mut ada = Client::logged_in(&server, "ada");
    let mut eve = Client::logged_in(&server, "eve");
    let mut slow = Client::logged_in(&server, "slow");
    SockRef::from(&slow.stream)
        .set_recv_buffer_size(4096)
        .unwrap();
    let name = "plaza".to_owned();
    ada.send(RoomCreate { request: 1, name });
    let Some(Packet::RoomResult(created)) = ada.next() else {
        panic!("no room");
    };
    let room = created.room;
    for client in [&mut slow, &mut eve] {
        client.send(RoomJoin { request: 1, room });
        assert!(matches!(client.next(), Some(Packet::RoomResult(_))));
        assert!(matches!(ada.next(), Some(Packet::RoomEvent(_))));
    }
    let said = RoomMessage {
        request: 2,
        room,
        text: "x".repeat(512),
    };
    let batch = said.to_vec().unwrap().repeat(BATCH);
    // What fills the queue has to fill what the system buffers first, some megabytes.
    let ended = "packet_server_ended_sessions_total{reason=\"slow\"} 1";
    let (mut batches, mut gone) = (0, [false; 2]);
    while !server.get("/metrics").contains(ended) {
        batches += 1;
        assert!(batches < 2000, "all is kept for who does not read");
        ada.send_bytes(&batch);
        for (client, gone) in [&mut ada, &mut eve].into_iter().zip(&mut gone) {
            for _ in 0..BATCH {
                hears(client, room, gone);
            }
        }
    }
    for (client, gone) in [&mut ada, &mut eve].into_iter().zip(&mut gone) {
        while !*gone {
            match client.next() {
                Some(Packet::RoomEvent(event)) => *gone = left(&event),
                other => panic!("no RoomEvent but {other:?}"),
            }
        }
        client.echo(3);
    }
    server.is_well();
}

/// Hears what is said in a room; meanwhile somebody may leave it.
#[track_caller]
fn hears(client: &mut Client, room: u32, gone: &mut bool) {
    loop {
        match client.next() {
            Some(Packet::ChatMessage(said)) => {
                return assert_eq!(said.scope, ChatMessageScope::Room(room));
            }
            Some(Packet::RoomEvent(event)) => *gone |= left(&event),
            other => panic!("no message but {other:?}"),
        }
    }
}

/// The one who does not read is the only one who leaves.
fn left(event: &RoomEvent) -> bool {
    assert_eq!(event.player, "slow");
    event.change == RoomChange::LEFT
}
