//! One connection: bytes from the socket to the session, packets from the queue to the socket.
//!
//! In: a stream and a seat in the hub. Out: nothing but one line in the log that says why it ended. What
//! a packet means and when a session has to end is decided elsewhere; this only carries it out.
//!
//! One task does both directions, so that neither outlives the other.

use super::hub::{Frame, Outbox, Seat};
use super::session::{Refusal, Session, Timeouts};
use crate::game::Framing;
use packet_runtime::Reassembler;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};
use tracing::{info, warn};

/// Packets that are written together at most.
const BATCH: usize = 64;

/// A connection before it is served.
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    pub(super) peer: SocketAddr,
    pub(super) seat: Seat,
    pub(super) outbox: Outbox,
    pub(super) timeouts: Timeouts,
    /// How long the last packets may take to be written.
    pub(super) drain: Duration,
    /// Becomes true when the server shuts down.
    pub(super) stop: watch::Receiver<bool>,
}

/// Why a connection ended.
enum Ending {
    /// The client closed it between two packets.
    Closed,
    /// The client closed it inside a packet.
    CutOff { buffered: usize },
    /// The client broke the protocol with the packet at this position of the stream.
    Refused { position: u64, refusal: Refusal },
    /// The client sent no packet in time.
    TimedOut,
    /// The client reads too slowly.
    Overflow,
    /// The server shuts down.
    Stopped,
    /// The network failed.
    Lost(io::Error),
}

impl Connection {
    /// Serves the connection until it ends.
    pub(super) async fn serve(mut self) {
        let session = self.seat.session().0;
        info!(session, peer = %self.peer, "connected");
        let Outbox {
            frames,
            mut overflow,
        } = self.outbox;
        let (mut reader, writer) = self.stream.split();
        let mut writer = pin!(write(writer, frames));
        let ending = tokio::select! {
            ending = read(&reader, &self.seat, self.timeouts) => ending,
            written = &mut writer => match written {
                // While there is a seat, the queue ends only if the session is given up.
                Ok(()) => Ending::Overflow,
                Err(error) => Ending::Lost(error),
            },
            Ok(()) = &mut overflow => Ending::Overflow,
            _ = self.stop.wait_for(|stop| *stop) => Ending::Stopped,
        };
        log(session, self.peer, &ending);
        drop(self.seat);
        if matches!(ending, Ending::Overflow | Ending::Lost(_)) {
            return; // nothing more can be sent
        }
        let wind_down = async {
            writer.await?;
            // Closing a socket with unread bytes resets the connection, and the reset can overtake
            // what was just sent. So the client goes first.
            tokio::io::copy(&mut reader, &mut tokio::io::sink()).await
        };
        // Whatever fails here, the session is over, and its end is in the log.
        let _ = timeout(self.drain, wind_down).await;
    }
}

/// Reads packets and has them served, until there is a reason to stop.
async fn read(reader: &ReadHalf<'_>, seat: &Seat, timeouts: Timeouts) -> Ending {
    let mut session = Session::new(now(), timeouts);
    let mut reassembler = Reassembler::new(Framing);
    let mut alarm = pin!(sleep_until(session.deadline().into()));
    loop {
        // Memory for a read is taken only when there is something to be read: a connection that is
        // silent holds none.
        reassembler.release();
        tokio::select! {
            ready = reader.readable() => if let Err(error) = ready {
                return Ending::Lost(error);
            },
            // Packets move the deadline without touching the alarm, so it may be early.
            () = &mut alarm => {
                if now() >= session.deadline() {
                    return Ending::TimedOut;
                }
                alarm.as_mut().reset(session.deadline().into());
                continue;
            }
        }
        match reader.try_read(reassembler.spare_mut()) {
            Ok(0) => return ended(&reassembler),
            Ok(count) => reassembler.advance(count),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            Err(error) => return Ending::Lost(error),
        }
        if let Err(ending) = serve_frames(&mut reassembler, &mut session, seat) {
            return ending;
        }
        // A login can bring the deadline forward.
        if alarm.deadline() > session.deadline().into() {
            alarm.as_mut().reset(session.deadline().into());
        }
    }
}

fn serve_frames(
    reassembler: &mut Reassembler<Framing>,
    session: &mut Session,
    seat: &Seat,
) -> Result<(), Ending> {
    loop {
        let position = reassembler.position();
        let refused = |refusal| Ending::Refused { position, refusal };
        let frame = reassembler.next_frame().map_err(|e| refused(e.into()))?;
        let Some(frame) = frame else {
            return Ok(());
        };
        if let Some(request) = session.admit(frame, now()).map_err(refused)? {
            let state = seat.serve(request);
            session.enter(state, now());
        }
    }
}

fn ended(reassembler: &Reassembler<Framing>) -> Ending {
    match reassembler.buffered() {
        0 => Ending::Closed,
        buffered => Ending::CutOff { buffered },
    }
}

/// Writes packets as they come, all that wait at once, until the queue ends; then says so to the client.
async fn write(mut writer: WriteHalf<'_>, mut frames: mpsc::Receiver<Frame>) -> io::Result<()> {
    let mut batch = Vec::new();
    while frames.recv_many(&mut batch, BATCH).await > 0 {
        match batch.as_slice() {
            [frame] => writer.write_all(frame).await?,
            frames => writer.write_all(&frames.concat()).await?,
        }
        batch.clear();
    }
    writer.shutdown().await
}

/// The clock of the runtime, which tests can stop.
fn now() -> std::time::Instant {
    Instant::now().into_std()
}

/// One line for each connection that ends. Nothing in it was written by the client, save for numbers.
fn log(session: u64, peer: SocketAddr, ending: &Ending) {
    match ending {
        Ending::Closed => info!(session, %peer, "closed by the client"),
        Ending::CutOff { buffered } => {
            warn!(session, %peer, buffered, "closed by the client inside a packet");
        }
        Ending::Refused { position, refusal } => {
            warn!(session, %peer, position, "refused: {refusal}");
        }
        Ending::TimedOut => warn!(session, %peer, "timed out"),
        Ending::Overflow => warn!(session, %peer, "the client reads too slowly"),
        Ending::Stopped => info!(session, %peer, "closed by the server"),
        Ending::Lost(error) => warn!(session, %peer, %error, "connection lost"),
    }
}
