//! One connection: bytes from the socket to the session, and from the session to the socket.
//!
//! In: a stream and what the server shares. Out: nothing; what a packet means and when a session is over is decided
//! elsewhere, this only carries it out.
//!
//! One task does both directions. It is a future written by hand: there are tens of thousands of these, and what one
//! holds while it waits is what is seen below and no more. Bytes are read into a buffer of the thread, so a connection
//! has none of its own; only what is left of a packet that is not whole, or of answers that the client has not taken, is
//! kept. Answers to all that came in one read go out in one write.

use super::admission::Permit;
use super::context::Context;
use super::dispatch::{Dispatch, Round};
use super::ending::Ending;
use super::tally::Timed;
use super::transport::Transport;
use crate::game::Framing;
use packet_runtime::Reassembler;
use packet_runtime::stream::Budget;
use std::cell::RefCell;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll, Waker, ready};
use std::time::{Duration, Instant};
use tokio::time::{Sleep, sleep_until};

/// Bytes that are read at once.
const READ: usize = 64 * 1024;
/// Reads that a connection may do before others have their turn.
const TURNS: usize = 4;
/// Pieces that are written at once.
const PIECES: usize = 16;
/// How long memory is kept for the next packets of a connection that has fallen silent.
const KEPT: Duration = Duration::from_secs(1);
/// What storage grows by. It holds only what straddles two reads, so it is small.
const GROWTH: usize = 256;

thread_local! {
    /// What all connections of a thread read into, one after the other.
    static BUFFER: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ].into_boxed_slice());
}

/// A connection that is being served: a task that ends with it.
pub(super) struct Connection {
    transport: Transport,
    reassembler: Reassembler<Framing>,
    dispatch: Dispatch,
    alarm: Pin<Box<Sleep>>,
    /// How this task is woken, as others were told.
    waker: Option<Waker>,
    /// Since when the client takes nothing of what is written.
    stalled: Option<Instant>,
    /// When something came or went last, as long as memory is held for more.
    busy: Option<Instant>,
    /// Whether whole frames may wait in the reassembler.
    held: bool,
    closing: Option<Closing>,
    /// Counted as long as the connection is there.
    _permit: Permit,
}

/// The end of a connection whose session is over: the last packets are written, then the client is waited for. To close
/// a socket with unread bytes resets the connection, and the reset can overtake what was just sent.
#[derive(Clone, Copy, Debug)]
struct Closing {
    until: Instant,
    /// Whether the client was told that nothing more comes.
    shut: bool,
}

/// What came of trying to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Read {
    Some,
    /// The task is woken when there is something.
    Nothing,
    /// Something else has to happen first.
    Blocked,
}

impl Connection {
    /// A connection that begins now.
    pub(super) fn new(
        transport: Transport,
        peer: SocketAddr,
        local: SocketAddr,
        permit: Permit,
        context: Arc<Context>,
    ) -> Self {
        let now = now();
        Self {
            transport,
            reassembler: Reassembler::with_read_len(Framing, GROWTH),
            alarm: Box::pin(sleep_until((now + context.timeouts.hello).into())),
            dispatch: Dispatch::new(context, peer, local, now),
            waker: None,
            stalled: None,
            busy: None,
            held: false,
            closing: None,
            _permit: permit,
        }
    }

    /// One turn: all that can be done now, or as much as is fair to others.
    fn turn(&mut self, task: &mut task::Context<'_>, round: &mut Round) -> Poll<()> {
        // The alarm has to be polled when it rang, and by a task that is to be woken by it.
        if (self.listen(task) || self.alarm.is_elapsed())
            && self.alarm.as_mut().poll(task).is_ready()
        {
            self.expire(round);
        }
        for _ in 0..TURNS {
            if self.closing.is_some() {
                return self.close(task, round);
            }
            let before = self.dispatch.backlog.len();
            let done = self.dispatch.catch_up(task, round);
            let done = done.and_then(|()| self.read(task, round));
            let read = match done {
                Ok(read) => read,
                Err(ending) => {
                    self.end(&ending, round);
                    continue;
                }
            };
            let written = self.write(task, round.now);
            if let Err(error) = written {
                self.end(&Ending::Lost(error), round);
                continue;
            }
            if before > 0 || read == Read::Some {
                self.busy = Some(round.now);
            }
            let again = match read {
                Read::Some => true,
                Read::Nothing => self.dispatch.has_more(),
                Read::Blocked => self.dispatch.has_more() || !self.dispatch.is_blocked(),
            };
            if !again {
                self.arm(task, round.now);
                return Poll::Pending;
            }
        }
        // There is more to do, but others have waited long enough.
        task.waker().wake_by_ref();
        self.arm(task, round.now);
        Poll::Pending
    }

    /// Tells others how to wake this task, unless they know. Whether that was new.
    fn listen(&mut self, task: &task::Context<'_>) -> bool {
        let waker = task.waker();
        if self
            .waker
            .as_ref()
            .is_some_and(|known| known.will_wake(waker))
        {
            return false;
        }
        self.waker = Some(waker.clone());
        self.dispatch.mailbox.set_waker(waker.clone());
        true
    }

    /// Reads once, and serves what came.
    fn read(&mut self, task: &mut task::Context<'_>, round: &mut Round) -> Result<Read, Ending> {
        if self.dispatch.is_blocked() {
            return Ok(Read::Blocked);
        }
        if self.held {
            self.held = false;
            self.serve(&[], round)?;
            return Ok(Read::Some);
        }
        let most = self.read_len();
        BUFFER.with_borrow_mut(|buffer| {
            let room = buffer.get_mut(..most).unwrap_or_default();
            match self.transport.poll_read(task, room) {
                Poll::Pending => Ok(Read::Nothing),
                Poll::Ready(Ok(0)) => Err(match self.reassembler.buffered() {
                    0 => Ending::Closed,
                    buffered => Ending::CutOff { buffered },
                }),
                Poll::Ready(Ok(count)) => {
                    round.read = true;
                    // What came may have been sent a moment ago, behind an answer of this very turn: no earlier moment may be told
                    // as that of its arrival.
                    round.now = now();
                    self.serve(buffer.get(..count).unwrap_or_default(), round)?;
                    Ok(Read::Some)
                }
                Poll::Ready(Err(error)) => Err(Ending::Lost(error)),
            }
        })
    }

    /// How much is read at once: little from those who have not logged in, as what is read may have to be kept.
    fn read_len(&self) -> usize {
        if self.dispatch.session.is_logged_in() {
            READ
        } else {
            usize::from(self.frame_limit()).min(READ)
        }
    }

    fn frame_limit(&self) -> u16 {
        let limits = &self.dispatch.context.settings.limits;
        limits.frame_before_login
    }

    /// Serves the frames that are whole with this chunk, as far as the session goes on with them now.
    fn serve(&mut self, chunk: &[u8], round: &mut Round) -> Result<(), Ending> {
        let begun = self.reassembler.position();
        let mut rest = chunk;
        while !self.dispatch.session.is_logged_in() {
            // One at a time: the limit is one for each frame, and a login lifts it.
            self.reassembler.refill(Budget {
                frames: u64::MAX,
                bytes: self.frame_limit().into(),
            });
            let mut frames = self.reassembler.feed(rest);
            match frames.next_frame() {
                Ok(Some(frame)) => self.dispatch.frame(frame, round)?,
                Ok(None) => {
                    drop(frames);
                    self.rest(begun, round.now);
                    return Ok(());
                }
                Err(error) => return self.dispatch.broken(error, round),
            }
            if self.dispatch.is_blocked() {
                drop(frames); // which keeps what is left
                self.held = true;
                return Ok(());
            }
            rest = frames.into_rest();
        }
        self.reassembler.refill(Budget::UNLIMITED);
        let mut frames = self.reassembler.feed(rest);
        loop {
            match frames.next_frame() {
                Ok(Some(frame)) => self.dispatch.frame(frame, round)?,
                Ok(None) => break,
                Err(error) => return self.dispatch.broken(error, round),
            }
            if self.dispatch.is_blocked() {
                self.held = true;
                break;
            }
        }
        drop(frames);
        if !self.held {
            self.rest(begun, round.now);
        }
        Ok(())
    }

    /// All whole frames were taken: notes whether one has begun, and since when.
    fn rest(&mut self, begun: u64, now: Instant) {
        let left = self.reassembler.buffered() > 0;
        let new = self.reassembler.position() != begun;
        self.dispatch.session.rest(left, new, now);
    }

    /// Writes what waits, as far as the client takes it.
    fn write(&mut self, task: &mut task::Context<'_>, now: Instant) -> io::Result<()> {
        let backlog = &mut self.dispatch.backlog;
        if backlog.is_empty() && !self.transport.needs_flush() {
            return Ok(());
        }
        while !backlog.is_empty() {
            let mut slices = [IoSlice::new(&[]); PIECES];
            let mut count = 0;
            for (slice, piece) in slices.iter_mut().zip(backlog.pieces()) {
                *slice = IoSlice::new(piece);
                count += 1;
            }
            let slices = slices.get(..count).unwrap_or_default();
            match self.transport.poll_write(task, slices) {
                Poll::Ready(Ok(0)) => return Err(io::ErrorKind::WriteZero.into()),
                Poll::Ready(Ok(written)) => {
                    backlog.advance(written);
                    self.stalled = None;
                }
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => {
                    self.stalled.get_or_insert(now);
                    return Ok(());
                }
            }
        }
        match self.transport.poll_flush(task) {
            Poll::Ready(flushed) => {
                self.stalled = None;
                flushed
            }
            Poll::Pending => {
                self.stalled.get_or_insert(now);
                Ok(())
            }
        }
    }

    /// Ends the session; the connection follows when the client has been told.
    fn end(&mut self, ending: &Ending, round: &mut Round) {
        if self.closing.is_some() {
            return;
        }
        self.dispatch.end(ending, round);
        let wait = match ending {
            // There is nobody to wait for.
            Ending::Closed | Ending::CutOff { .. } | Ending::Lost(_) | Ending::Aborted => {
                Duration::ZERO
            }
            _ => self.dispatch.context.settings.timeouts.drain,
        };
        self.closing = Some(Closing {
            until: round.now + wait,
            shut: false,
        });
        self.reassembler.reset();
        self.alarm.as_mut().reset((round.now + wait).into());
    }

    /// Writes the last packets, and throws away what still comes.
    fn close(&mut self, task: &mut task::Context<'_>, round: &mut Round) -> Poll<()> {
        if let Err(Ending::Aborted) = self.dispatch.catch_up(task, round) {
            return Poll::Ready(());
        }
        let Some(closing) = &mut self.closing else {
            return Poll::Ready(());
        };
        // What is on its way to a client that is gone does not matter, but what is left for one that has only
        // stopped sending does: it is tried once, at least.
        let mut shut = closing.shut;
        let until = closing.until;
        if !shut {
            if self.write(task, round.now).is_err() {
                return Poll::Ready(());
            }
            if self.dispatch.backlog.is_empty() {
                self.dispatch.backlog.release();
                match self.transport.poll_shutdown(task) {
                    Poll::Ready(Ok(())) => shut = true,
                    Poll::Ready(Err(_)) => return Poll::Ready(()),
                    Poll::Pending => {}
                }
            }
        }
        self.closing = Some(Closing { until, shut });
        if until <= now() {
            return Poll::Ready(());
        }
        for _ in 0..TURNS {
            let read = BUFFER.with_borrow_mut(|buffer| self.transport.poll_read(task, buffer));
            match read {
                Poll::Ready(Ok(1..)) => {}
                Poll::Ready(_) if shut => return Poll::Ready(()),
                // The client has closed, but is still to be told something.
                Poll::Ready(_) | Poll::Pending => {
                    ready!(self.alarm.as_mut().poll(task));
                    return Poll::Ready(());
                }
            }
        }
        task.waker().wake_by_ref();
        Poll::Pending
    }

    /// What is to be done because of the time.
    fn expire(&mut self, round: &mut Round) {
        if self.closing.is_some() {
            return;
        }
        let now = round.now;
        let timeouts = &self.dispatch.context.timeouts;
        if let Some(expiry) = self.dispatch.session.expired(timeouts, now) {
            return self.end(&Ending::Expired(expiry), round);
        }
        let write = self.dispatch.context.settings.timeouts.write;
        if self.stalled.is_some_and(|since| since + write <= now) {
            return self.end(&Ending::Stalled, round);
        }
        self.dispatch.beat(round);
        if self.busy.is_some_and(|busy| busy + KEPT <= now) {
            self.busy = None;
            self.dispatch.backlog.release();
            self.reassembler.release();
        }
    }

    /// Has the task woken when it is time for something. An alarm that is early costs less than to move it with every
    /// packet.
    fn arm(&mut self, task: &mut task::Context<'_>, now: Instant) {
        let timeouts = &self.dispatch.context.timeouts;
        let write = self.dispatch.context.settings.timeouts.write;
        let times = [
            self.dispatch.session.deadline(timeouts),
            self.stalled.map(|since| since + write),
            self.busy.map(|busy| busy + KEPT),
        ];
        let Some(next) = times.into_iter().flatten().min() else {
            return; // whatever ends the wait wakes the task
        };
        let armed = self.alarm.deadline().into_std();
        if next < armed || armed <= now {
            self.alarm.as_mut().reset(next.into());
            if self.alarm.as_mut().poll(task).is_ready() {
                task.waker().wake_by_ref();
            }
        }
    }
}

impl Future for Connection {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, task: &mut task::Context<'_>) -> Poll<()> {
        let begun = now();
        let mut round = Round::new(begun);
        let turn = self.turn(task, &mut round);
        let context = &self.dispatch.context;
        if round.read {
            context.tally.time(Timed::Handling, begun.elapsed());
        }
        round.finish(context);
        turn
    }
}

/// The clock of the runtime, which tests can stop.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_small() {
        let size = size_of::<Connection>();
        assert!(size <= 1024, "{size} bytes");
    }
}
