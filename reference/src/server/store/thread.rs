//! The thread that owns the database, and how requests come to it.
//!
//! In: work on the database, as closures, through a bounded queue. Out: its results, none before what it wrote is on
//! disk. Nothing here knows what the work is about.
//!
//! ```text
//! async callers --> queue --> reads:  one after the other, answered at once
//!                        '--> writes: BEGIN, each in a SAVEPOINT, COMMIT, then all are answered
//! ```
//!
//! The thread takes whatever waits, up to [`MAX_BATCH`] requests, and serves it with one commit. So one `fsync` is
//! shared by all who came during the one before: the more there is to do, the less each costs.
//!
//! A request that is refused leaves nothing behind and disturbs no other. Some failures, such as a full disk, make
//! SQLite roll back the whole transaction; then each request is tried once more by itself, so that only those fail that
//! cannot succeed. The thread survives all of this: when the database works again, so does the next request.

use super::error::{Fault, Trouble};
use super::{Clock, tokens};
use rusqlite::Connection;
use std::{io, mem, thread};
use tokio::sync::{mpsc, oneshot};
use tracing::{debug, error, info, warn};

/// Requests that share a transaction at most. It bounds how long the first of them waits for the others.
const MAX_BATCH: usize = 512;

/// How long a batch of expired tokens has to wait for the next, in seconds, unless there are more of them.
const PURGE_INTERVAL: i64 = 60;

/// The way to the thread. It ends when it is closed, or when this is dropped and what waited has been served.
#[derive(Debug)]
pub(super) struct Thread {
    requests: mpsc::Sender<Request>,
}

enum Request {
    Read(Box<dyn Work>),
    Write(Box<dyn Work>),
    Close(oneshot::Sender<()>),
}

impl Thread {
    /// Starts the thread. `queue` requests can wait.
    pub(super) fn start(db: Connection, queue: usize, clock: Clock) -> io::Result<Self> {
        let (sender, requests) = mpsc::channel(queue);
        let owner = Owner {
            db,
            clock,
            failing: false,
            next_purge: 0,
        };
        thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || owner.run(requests))?;
        Ok(Self { requests: sender })
    }

    /// Has work done that only reads. It gets the connection and the time in seconds since 1970.
    pub(super) async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&Connection, i64) -> Result<T, Fault<E>> + Send + 'static,
        T: Send + 'static,
        E: From<Trouble> + Send + 'static,
    {
        self.ask(work, Request::Read)?.answer().await
    }

    /// Has work done that writes. It can be called twice, and then has to do the same.
    pub(super) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&Connection, i64) -> Result<T, Fault<E>> + Send + 'static,
        T: Send + 'static,
        E: From<Trouble> + Send + 'static,
    {
        self.ask(work, Request::Write)?.answer().await
    }

    /// Serves what waits, closes the database, and ends the thread. Later requests find it unavailable.
    pub(super) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.requests.send(Request::Close(done)).await.is_ok() {
            // An error says that another call closed it.
            let _ = closed.await;
        }
        self.requests.closed().await;
    }

    /// Requests in the queue.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.requests.max_capacity() - self.requests.capacity()
    }

    /// Puts a request into the queue. Not async, so that what waits for the answer does not hold the work.
    fn ask<T, E, F>(&self, work: F, kind: fn(Box<dyn Work>) -> Request) -> Result<Pending<T, E>, E>
    where
        F: FnMut(&Connection, i64) -> Result<T, Fault<E>> + Send + 'static,
        T: Send + 'static,
        E: From<Trouble> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let call = Call {
            work,
            outcome: None,
            reply,
        };
        match self.requests.try_send(kind(Box::new(call))) {
            Ok(()) => Ok(Pending(answer)),
            Err(mpsc::error::TrySendError::Full(_)) => Err(Trouble::Busy.into()),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(Trouble::Unavailable.into()),
        }
    }
}

/// An answer that is to come.
struct Pending<T, E>(oneshot::Receiver<Result<T, E>>);

impl<T, E: From<Trouble>> Pending<T, E> {
    async fn answer(self) -> Result<T, E> {
        self.0
            .await
            .unwrap_or_else(|_| Err(Trouble::Unavailable.into()))
    }
}

/// A request of any type, as the thread sees it.
trait Work: Send {
    /// Does the work and keeps its outcome.
    fn run(&mut self, db: &Connection, now: i64) -> rusqlite::Result<Ran>;

    /// Sends the outcome, or that there is none if the work was not done or what it did was lost.
    fn answer(self: Box<Self>, kept: bool);
}

/// What became of work that the database did not fail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ran {
    Done,
    Refused,
}

struct Call<F, T, E> {
    work: F,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Work for Call<F, T, E>
where
    F: FnMut(&Connection, i64) -> Result<T, Fault<E>> + Send,
    T: Send,
    E: From<Trouble> + Send,
{
    fn run(&mut self, db: &Connection, now: i64) -> rusqlite::Result<Ran> {
        self.outcome = None;
        match (self.work)(db, now) {
            Ok(value) => {
                self.outcome = Some(Ok(value));
                Ok(Ran::Done)
            }
            Err(Fault::Refused(reason)) => {
                self.outcome = Some(Err(reason));
                Ok(Ran::Refused)
            }
            Err(Fault::Database(error)) => Err(error),
        }
    }

    fn answer(self: Box<Self>, kept: bool) {
        let outcome = self.outcome.filter(|_| kept);
        // Nobody may be waiting any more.
        let _ = self
            .reply
            .send(outcome.unwrap_or_else(|| Err(Trouble::Unavailable.into())));
    }
}

/// The thread's own state.
struct Owner {
    db: Connection,
    clock: Clock,
    /// Whether the log says that the database does not work.
    failing: bool,
    next_purge: i64,
}

/// Why a transaction did not come to its end.
enum Lost {
    /// It could not begin: the database is locked or cannot be written.
    AtOnce(rusqlite::Error),
    /// All that was done in it is undone.
    Underway(rusqlite::Error),
}

impl Owner {
    fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut batch = Vec::new();
        let mut writes = Vec::new();
        let mut closing = Vec::new();
        while requests.blocking_recv_many(&mut batch, MAX_BATCH) > 0 {
            let now = self.clock.now();
            for request in batch.drain(..) {
                match request {
                    Request::Read(work) => self.read(work, now),
                    Request::Write(work) => writes.push(work),
                    Request::Close(done) => {
                        requests.close();
                        closing.push(done);
                    }
                }
            }
            self.write(mem::take(&mut writes), now);
            self.purge(now);
        }
        if let Err((_, error)) = self.db.close() {
            // Everything that was acknowledged is in the write-ahead log, which the next start reads.
            warn!(%error, "the database was not closed in order");
        }
        // Dropping these tells who waits; only now, as the database is closed.
        drop(closing);
    }

    fn read(&mut self, mut work: Box<dyn Work>, now: i64) {
        let ran = self.read_consistently(work.as_mut(), now);
        if let Err(error) = &ran {
            self.note_failure(error);
        }
        work.answer(ran.is_ok());
    }

    /// Lets all statements of a request see the same state.
    fn read_consistently(&self, work: &mut dyn Work, now: i64) -> rusqlite::Result<()> {
        self.execute("BEGIN DEFERRED")?;
        let ran = work.run(&self.db, now);
        self.roll_back();
        ran.map(drop)
    }

    fn write(&mut self, mut batch: Vec<Box<dyn Work>>, now: i64) {
        if batch.is_empty() {
            return;
        }
        let many = batch.len() > 1;
        match self.transaction(&mut batch, now) {
            Ok(kept) => answer(batch, kept),
            Err(Lost::Underway(error)) if many => {
                debug!(%error, requests = batch.len(), "tries each request by itself");
                for work in batch {
                    self.write(vec![work], now);
                }
            }
            Err(Lost::AtOnce(error) | Lost::Underway(error)) => {
                self.note_failure(&error);
                for work in batch {
                    work.answer(false);
                }
            }
        }
    }

    /// Serves requests in one transaction and says for each whether its outcome is good.
    fn transaction(&mut self, batch: &mut [Box<dyn Work>], now: i64) -> Result<Vec<bool>, Lost> {
        self.execute("BEGIN IMMEDIATE").map_err(Lost::AtOnce)?;
        let served = batch
            .iter_mut()
            .map(|work| self.serve(work.as_mut(), now))
            .collect::<rusqlite::Result<Vec<_>>>()
            .and_then(|kept| self.execute("COMMIT").map(|()| kept));
        match served {
            Ok(kept) => {
                if kept.iter().all(|kept| *kept) {
                    self.note_success();
                }
                Ok(kept)
            }
            Err(error) => {
                self.roll_back();
                Err(Lost::Underway(error))
            }
        }
    }

    /// Serves one request of a transaction. An error says that the transaction is lost.
    fn serve(&mut self, work: &mut dyn Work, now: i64) -> rusqlite::Result<bool> {
        self.execute("SAVEPOINT request")?;
        let ran = work.run(&self.db, now);
        if let Err(error) = &ran {
            self.note_failure(error);
        }
        match ran {
            Ok(Ran::Done) => self.execute("RELEASE request")?,
            Err(error) if self.db.is_autocommit() => return Err(error),
            Ok(Ran::Refused) | Err(_) => {
                self.execute("ROLLBACK TO request")?;
                self.execute("RELEASE request")?;
            }
        }
        Ok(ran.is_ok())
    }

    /// Removes a bounded number of expired tokens now and then.
    fn purge(&mut self, now: i64) {
        // A clock that was put back must not stop this for long.
        if now < self.next_purge && self.next_purge - now <= PURGE_INTERVAL {
            return;
        }
        match tokens::purge(&self.db, now) {
            Ok(tokens::Purged::All) => self.next_purge = now.saturating_add(PURGE_INTERVAL),
            Ok(tokens::Purged::Some) => self.next_purge = now,
            Err(error) => {
                self.next_purge = now.saturating_add(PURGE_INTERVAL);
                self.note_failure(&error);
            }
        }
    }

    fn execute(&self, sql: &str) -> rusqlite::Result<()> {
        self.db.prepare_cached(sql)?.execute([]).map(drop)
    }

    /// Ends a transaction without keeping anything, if SQLite has not done so already.
    fn roll_back(&self) {
        if !self.db.is_autocommit()
            && let Err(error) = self.execute("ROLLBACK")
        {
            error!(%error, "cannot roll back");
        }
    }

    /// Tells the operator once, not for each request.
    fn note_failure(&mut self, error: &rusqlite::Error) {
        if mem::replace(&mut self.failing, true) {
            debug!(%error, "the database still does not work");
        } else {
            error!(%error, "the database does not work; what needs it is refused until it does");
        }
    }

    fn note_success(&mut self) {
        if mem::take(&mut self.failing) {
            info!("the database works again");
        }
    }
}

fn answer(batch: Vec<Box<dyn Work>>, kept: Vec<bool>) {
    for (work, kept) in batch.into_iter().zip(kept) {
        work.answer(kept);
    }
}
