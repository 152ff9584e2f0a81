//! The packet log: what went over the wire, as a capture.
//!
//! In: packets, from any thread. Out: a file in the format pcapng, of which each record is one packet without anything
//! around it, so that `packetc decode --pcap` reads it. A record says when the packet went, by its flags whether it came
//! or went, and by its comment in which session.
//!
//! Packets of the group `auth` carry passwords and tokens and are left out.
//!
//! A thread of its own writes. Between it and the sessions is a queue; what finds that full is left out and counted,
//! since no session may wait for a disk.

use super::player::SessionId;
use super::tally::{Direction, Event, Tally};
use crate::game::PacketKind;
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption,
};
use pcap_file::pcapng::{PcapNgBlock, PcapNgWriter};
use pcap_file::{DataLink, PcapError};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};
use tracing::error;

/// Packets that wait to be written.
const QUEUE: usize = 8192;
/// How long a packet may wait in memory before it is in the file.
const FLUSH: Duration = Duration::from_millis(200);
/// The link type that the registry of link types leaves to users.
const LINK: DataLink = DataLink::USER0;

/// A packet log that is being written.
#[derive(Debug)]
pub(super) struct PacketLog {
    queue: Mutex<Option<SyncSender<Record>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    tally: Arc<Tally>,
}

#[derive(Debug)]
struct Record {
    time: SystemTime,
    session: SessionId,
    direction: Direction,
    bytes: Box<[u8]>,
}

impl PacketLog {
    /// Begins a log; a file that is there is replaced.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn create(path: &Path, tally: Arc<Tally>) -> io::Result<Self> {
        let file = BufWriter::new(File::create(path)?);
        let (queue, records) = sync_channel(QUEUE);
        let mut capture = begin(file).map_err(plain)?;
        let shown = path.to_owned();
        let writer = thread::Builder::new()
            .name("packet-log".to_owned())
            .spawn(move || {
                if let Err(error) = write_all(&mut capture, &records) {
                    let error = plain(error);
                    error!(path = %shown.display(), %error, "the packet log ends here");
                }
            })?;
        Ok(Self {
            queue: Mutex::new(Some(queue)),
            writer: Mutex::new(Some(writer)),
            tally,
        })
    }

    /// Takes a packet, or leaves it out.
    pub(super) fn record(
        &self,
        session: SessionId,
        direction: Direction,
        kind: PacketKind,
        bytes: &[u8],
    ) {
        if is_secret(kind) {
            return self.tally.event(Event::Unlogged, "secret");
        }
        let record = Record {
            time: SystemTime::now(),
            session,
            direction,
            bytes: bytes.into(),
        };
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = match queue.as_ref() {
            Some(queue) => queue.try_send(record),
            None => Err(TrySendError::Disconnected(record)),
        };
        drop(queue);
        match sent {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => self.tally.event(Event::Unlogged, "queue_full"),
            Err(TrySendError::Disconnected(_)) => self.tally.event(Event::Unlogged, "ended"),
        }
    }

    /// Writes what waits, and ends the log.
    pub(super) fn close(&self) {
        drop(
            self.queue
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        let writer = self
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if writer.is_some_and(|writer| writer.join().is_err()) {
            error!("the thread that writes the packet log panicked");
        }
    }
}

/// Whether a packet can hold a password or a token.
fn is_secret(kind: PacketKind) -> bool {
    matches!(
        kind,
        PacketKind::LoginRequest
            | PacketKind::LoginResponse
            | PacketKind::RegisterRequest
            | PacketKind::RegisterResponse
            | PacketKind::ResumeRequest
            | PacketKind::ResumeResponse
            | PacketKind::Logout
            | PacketKind::LogoutResponse
    )
}

fn begin<W: Write>(file: W) -> Result<PcapNgWriter<W>, PcapError> {
    let mut capture = PcapNgWriter::new(file)?;
    let interface = InterfaceDescriptionBlock {
        linktype: LINK,
        snaplen: 0,
        options: vec![
            InterfaceDescriptionOption::IfName(Cow::Borrowed("packet-server")),
            // Times are in nanoseconds.
            InterfaceDescriptionOption::IfTsResol(9),
        ],
    };
    capture.write_block(&interface.into_block())?;
    Ok(capture)
}

fn write_all(
    capture: &mut PcapNgWriter<BufWriter<File>>,
    records: &Receiver<Record>,
) -> Result<(), PcapError> {
    loop {
        match records.recv_timeout(FLUSH) {
            Ok(record) => write(capture, &record)?,
            Err(RecvTimeoutError::Timeout) => {
                capture.get_mut().flush().map_err(PcapError::IoError)?;
            }
            Err(RecvTimeoutError::Disconnected) => {
                return capture.get_mut().flush().map_err(PcapError::IoError);
            }
        }
    }
}

fn write<W: Write>(capture: &mut PcapNgWriter<W>, record: &Record) -> Result<(), PcapError> {
    let since = record.time.duration_since(SystemTime::UNIX_EPOCH);
    let comment = format!("session {}", record.session.0);
    let packet = EnhancedPacketBlock {
        interface_id: 0,
        timestamp: since.unwrap_or_default(),
        original_len: u32::try_from(record.bytes.len()).unwrap_or(u32::MAX),
        data: Cow::Borrowed(&record.bytes),
        options: vec![
            EnhancedPacketOption::Comment(Cow::Owned(comment)),
            // The lowest two bits: 01 came in, 10 went out.
            EnhancedPacketOption::Flags(match record.direction {
                Direction::In => 1,
                Direction::Out => 2,
            }),
        ],
    };
    capture.write_block(&packet.into_block())?;
    Ok(())
}

fn plain(error: PcapError) -> io::Error {
    match error {
        PcapError::IoError(error) => error,
        error => io::Error::other(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::{Heartbeat, Packet};
    use packet_runtime::Encode;
    use pcap_file::pcapng::PcapNgReader;

    #[test]
    fn packets_can_be_read_again_and_secrets_are_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.pcapng");
        let tally = Arc::new(Tally::default());
        let log = PacketLog::create(&path, Arc::clone(&tally)).unwrap();
        let beat = Packet::from(Heartbeat {
            sequence: 1,
            sent_at: 2,
            rtt: 3,
        });
        let beat = beat.to_vec().unwrap();
        log.record(SessionId(7), Direction::In, PacketKind::Heartbeat, &beat);
        log.record(
            SessionId(7),
            Direction::In,
            PacketKind::LoginRequest,
            b"secret!",
        );
        log.record(SessionId(8), Direction::Out, PacketKind::Heartbeat, &beat);
        log.close();
        log.record(SessionId(8), Direction::Out, PacketKind::Heartbeat, &beat);
        let expected = [("ended", 1), ("secret", 1)];
        assert_eq!(tally.events(Event::Unlogged), expected);

        let mut reader = PcapNgReader::new(File::open(&path).unwrap()).unwrap();
        let mut found = Vec::new();
        while let Some(block) = reader.next_block() {
            if let Some(packet) = block.unwrap().into_enhanced_packet() {
                assert_eq!(packet.data, beat);
                let age = SystemTime::UNIX_EPOCH + packet.timestamp;
                assert!(age.elapsed().unwrap() < Duration::from_secs(60));
                found.push(format!("{:?}", packet.options));
            }
        }
        let expected = [
            "[Comment(\"session 7\"), Flags(1)]",
            "[Comment(\"session 8\"), Flags(2)]",
        ];
        assert_eq!(found, expected);
    }
}
