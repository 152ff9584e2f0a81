//! The task of a client: makes connections, and carries bytes between them and the [`Machine`].
//!
//! In: a machine. Out: its bytes on the network, and what came there. It holds no rules.

use super::ClientError;
use super::machine::{Machine, Step};
use super::options::Options;
use super::transport::{Dialer, Stream};
use crate::game::Framing;
use packet_runtime::io::ReadError;
use packet_runtime::tokio::PacketReader;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};
use tokio::io::{AsyncWrite, AsyncWriteExt as _, WriteHalf};
use tokio::sync::Notify;
use tokio::time::timeout;

/// How long the orderly end of a connection may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// A machine, and who is to be woken when it has changed.
#[derive(Debug)]
pub(super) struct Shared {
    machine: Mutex<Machine>,
    /// The task has something to do.
    wake: Notify,
    /// Something happened that the client's user may wait for.
    changed: Notify,
}

impl Shared {
    pub(super) fn new(machine: Machine) -> Self {
        Self {
            machine: Mutex::new(machine),
            wake: Notify::new(),
            changed: Notify::new(),
        }
    }

    /// The machine; it is never locked while something is awaited.
    pub(super) fn machine(&self) -> MutexGuard<'_, Machine> {
        // What it holds stays in order between its calls, whoever panicked.
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The machine was told something that the task has to see.
    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Waits until the machine gives what is asked for.
    pub(super) async fn wait_for<T>(&self, mut ask: impl FnMut(&mut Machine) -> Option<T>) -> T {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // From here on no change is missed.
            changed.as_mut().enable();
            if let Some(found) = ask(&mut self.machine()) {
                return found;
            }
            changed.await;
        }
    }

    fn tell<T>(&self, tell: impl FnOnce(&mut Machine) -> T) -> T {
        let told = tell(&mut self.machine());
        self.changed.notify_waiters();
        told
    }
}

/// Runs until the client has ended.
pub(super) async fn drive(shared: Arc<Shared>, options: Options) {
    loop {
        let step = shared.machine().step();
        match step {
            Step::End => return,
            Step::Rest => {
                let woken = shared.wake.notified();
                let until = deadline(&shared);
                tokio::select! {
                    () = woken => {}
                    () = sleep_until(until) => {}
                }
                // Without a connection nothing can be wrong with one.
                let _ = shared.tell(|machine| machine.tick(Instant::now()));
            }
            Step::Connect => {
                let error = match connect(&shared, &options).await {
                    Ok(stream) => converse(&shared, stream).await,
                    Err(error) => error,
                };
                shared.tell(|machine| machine.lost(error, Instant::now()));
            }
        }
    }
}

/// Makes a connection, while requests go on to expire.
async fn connect(shared: &Shared, options: &Options) -> Result<Stream, ClientError> {
    let patience = options.connect_timeout;
    let dialing = timeout(patience, async {
        Dialer::new(&options.address, options.tls.as_ref())?
            .dial()
            .await
    });
    tokio::pin!(dialing);
    loop {
        tokio::select! {
            dialed = &mut dialing => return dialed.unwrap_or(Err(ClientError::Timeout {
                waiting_for: "a connection",
                patience,
            })),
            () = shared.wake.notified() => {}
            () = sleep_until(deadline(shared)) => {}
        }
        let _ = shared.tell(|machine| machine.tick(Instant::now()));
        if let Some(error) = shared.machine().end() {
            return Err(error);
        }
    }
}

/// Carries bytes until the connection has ended, and says why.
async fn converse(shared: &Shared, stream: Stream) -> ClientError {
    let (reading, mut writing) = tokio::io::split(stream);
    let mut reader = PacketReader::frames(reading, Framing);
    if let Err(error) = shared.tell(|machine| machine.connected(Instant::now())) {
        return error;
    }
    let (mut unflushed, mut greeted) = (false, false);
    let error = loop {
        let (wanted, until, finished) = {
            let machine = shared.machine();
            let wanted = machine.has_output() || unflushed;
            (wanted, machine.deadline(), machine.is_finished())
        };
        if finished && !wanted {
            break ClientError::Finished;
        }
        let went = tokio::select! {
            frame = reader.next_frame() => match frame {
                Ok(Some(frame)) => {
                    greeted = true;
                    shared.tell(|machine| machine.received(frame, Instant::now()))
                }
                Ok(None) => Err(ended(ClientError::Closed, greeted)),
                Err(error) => Err(ended(read_error(error), greeted)),
            },
            written = write(shared, &mut writing), if wanted => {
                unflushed = false;
                written.map_err(io_error)
            }
            () = shared.wake.notified() => {
                unflushed |= wanted;
                Ok(())
            }
            () = sleep_until(until) => shared.tell(|machine| machine.tick(Instant::now())),
        };
        if let Err(error) = went {
            break error;
        }
    };
    // What was written is to arrive, but nobody waits for a peer that is gone.
    let _ = timeout(FAREWELL, writing.shutdown()).await;
    error
}

/// Writes what there is, and flushes it. What was written is known whenever this is dropped.
async fn write(shared: &Shared, stream: &mut WriteHalf<Stream>) -> io::Result<()> {
    std::future::poll_fn(|cx| poll_write(shared, Pin::new(stream), cx)).await
}

fn poll_write(
    shared: &Shared,
    mut stream: Pin<&mut WriteHalf<Stream>>,
    cx: &mut Context<'_>,
) -> Poll<io::Result<()>> {
    loop {
        let mut machine = shared.machine();
        let pieces = machine.output();
        if pieces.is_empty() {
            drop(pieces);
            drop(machine);
            return stream.poll_flush(cx);
        }
        let count = ready!(stream.as_mut().poll_write_vectored(cx, &pieces))?;
        drop(pieces);
        if count == 0 {
            return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
        }
        machine.wrote(count);
        drop(machine);
        shared.changed.notify_waiters();
    }
}

/// Why the connection has ended, told with that if no packet ever came.
fn ended(error: ClientError, greeted: bool) -> ClientError {
    if greeted {
        error
    } else {
        ClientError::Ungreeted(Box::new(error))
    }
}

fn read_error(error: ReadError) -> ClientError {
    match error {
        ReadError::Io(error) => io_error(error),
        ReadError::Frame(error) => ClientError::Frame(error),
        ReadError::Decode { error, .. } => ClientError::Decode(error),
        other => io_error(io::Error::other(other)),
    }
}

fn io_error(error: io::Error) -> ClientError {
    ClientError::Io(Arc::new(error))
}

fn deadline(shared: &Shared) -> Option<Instant> {
    shared.machine().deadline()
}

async fn sleep_until(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until.into()).await,
        None => std::future::pending().await,
    }
}
