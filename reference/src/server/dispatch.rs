//! What one session does with its packets: answers them at once, has the store or the world work on them, or rejects
//! them.
//!
//! In: frames from the client, and what others queued for it. Out: bytes that wait to be written, and the [`Ending`] if
//! the session is over. This knows no socket; the time comes in with each [`Round`].

use super::accounts;
use super::context::Context;
use super::ending::Ending;
use super::guilds;
use super::mailbox::{Mailbox, Order};
use super::outgoing::Outgoing;
use super::policy::{Consequence, Reject};
use super::session::Session;
use super::tally::{Direction, Event, Run, Timed};
use crate::PROTOCOL_VERSION;
use crate::game::{
    EchoReplyRef, Error, ErrorCode, FINGERPRINT, Framing, HeartbeatReply, HelloView, KickNotice,
    LoginRequest, Logout, Packet, PacketKind, PacketView, RegisterRequest, ResumeRequest, State,
    TimeSyncResponse, Welcome, WelcomeResult,
};
use packet_runtime::stream::{Backlog, ConstFraming};
use packet_runtime::{Encode, FrameError};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll};
use std::time::Instant;
use tracing::{debug, error, info};

/// Name and version of this software, for Welcome.
const SOFTWARE: &str = concat!("packet-server/", env!("CARGO_PKG_VERSION"));

/// Work of the store for a session. It answers by the session's queue.
type Operation = Pin<Box<dyn Future<Output = ()> + Send>>;

/// One session's packets.
pub(super) struct Dispatch {
    pub(super) context: Arc<Context>,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) session: Session,
    pub(super) backlog: Backlog,
    peer: SocketAddr,
    local: SocketAddr,
    operation: Option<(Operation, Instant)>,
    /// Whether the world has not made room for requests.
    full: bool,
    /// Whether packets for the client are queued for which there was no room.
    queued: bool,
}

/// One turn of a session's task: when it began, and what it counted.
pub(super) struct Round {
    pub(super) now: Instant,
    /// Whether something was read.
    pub(super) read: bool,
    incoming: Run,
    outgoing: Run,
}

impl Round {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            now,
            read: false,
            incoming: Run::new(Direction::In),
            outgoing: Run::new(Direction::Out),
        }
    }

    /// Adds up what was counted.
    pub(super) fn finish(&mut self, context: &Context) {
        context.tally.add(&mut self.incoming);
        context.tally.add(&mut self.outgoing);
    }
}

impl Dispatch {
    pub(super) fn new(
        context: Arc<Context>,
        peer: SocketAddr,
        local: SocketAddr,
        now: Instant,
    ) -> Self {
        let limit = context.settings.queues.outgoing_before_login;
        let mailbox = context.registry.open(limit);
        Self {
            mailbox,
            session: Session::new(now),
            backlog: Backlog::new(),
            context,
            peer,
            local,
            operation: None,
            full: false,
            queued: false,
        }
    }

    /// Whether nothing more is to be read now.
    pub(super) fn is_blocked(&self) -> bool {
        self.operation.is_some() || self.full || !self.has_room()
    }

    fn has_room(&self) -> bool {
        self.backlog.len() < self.context.unwritten(self.session.is_logged_in())
    }

    /// Whether there is something to go on with at once, though nobody wakes the task for it.
    pub(super) fn has_more(&self) -> bool {
        self.queued && self.has_room()
    }

    /// Goes on with what others did: packets that they queued, an order to end, room for requests, work of the store.
    pub(super) fn catch_up(
        &mut self,
        task: &mut task::Context<'_>,
        round: &mut Round,
    ) -> Result<(), Ending> {
        if let Some((operation, begun)) = &mut self.operation
            && let Poll::Ready(()) = operation.as_mut().poll(task)
        {
            let took = begun.elapsed();
            self.context.tally.time(Timed::Stored, took);
            self.operation = None;
            self.session.set_working(false, round.now);
        }
        if self.mailbox.take_signal() || self.queued {
            self.collect(round)?;
        }
        Ok(())
    }

    fn collect(&mut self, round: &mut Round) -> Result<(), Ending> {
        self.full = self.full && self.mailbox.is_full();
        let mailbox = Arc::clone(&self.mailbox);
        let (queued, order) = mailbox.collect(self.has_room(), |packet| {
            self.deliver(&packet, round);
            self.has_room()
        });
        self.queued = queued;
        match order {
            Some(Order::Abort) => Err(Ending::Aborted),
            Some(Order::Kick(reason)) if self.session.state() != State::Leaving => {
                Err(Ending::Kicked(reason))
            }
            _ if self.is_over() => Err(Ending::Left),
            _ => Ok(()),
        }
    }

    fn is_over(&self) -> bool {
        self.session.state() == State::Leaving
    }

    /// Serves a frame.
    pub(super) fn frame(&mut self, frame: &[u8], round: &mut Round) -> Result<(), Ending> {
        let view = match PacketView::parse(frame) {
            Ok(view) => view,
            Err(error) => {
                let id = Framing::RULE.id.read(frame).ok().flatten();
                let id = id.and_then(|id| u16::try_from(id).ok()).unwrap_or(0);
                return self.reject(Reject::Decode(error), id, 0, round);
            }
        };
        let admitted = self.session.admit(&view, &self.context.rates, round.now);
        let kind = match admitted {
            Ok(kind) => kind,
            Err(reject) => return self.reject(reject, view.id(), request(&view), round),
        };
        round.incoming.count(kind, frame.len(), &self.context.tally);
        if let Some(log) = &self.context.packet_log {
            log.record(self.mailbox.session(), Direction::In, kind, frame);
        }
        match view {
            PacketView::EchoRequest(view) => {
                let reply = EchoReplyRef {
                    request: view.request(),
                    payload: view.payload(),
                };
                self.reply(PacketKind::EchoReply, &reply, round);
            }
            PacketView::Heartbeat(view) => {
                let reply = HeartbeatReply {
                    sequence: view.sequence(),
                    sent_at: view.sent_at(),
                };
                self.reply(PacketKind::HeartbeatReply, &reply, round);
            }
            PacketView::HeartbeatReply(view) => {
                if let Some(trip) = self.session.pulse(&view, round.now) {
                    self.context.tally.time(Timed::RoundTrip, trip);
                }
            }
            PacketView::TimeSyncRequest(view) => {
                let reply = TimeSyncResponse {
                    request: view.request(),
                    client_sent_at: view.client_sent_at(),
                    server_received_at: self.context.clock.at(round.now),
                    server_sent_at: self.context.clock.at(Instant::now()),
                };
                self.reply(PacketKind::TimeSyncResponse, &reply, round);
            }
            PacketView::Hello(view) => return self.greet(&view, round),
            PacketView::LoginRequest(view) => self.login(LoginRequest::from(view), round),
            PacketView::RegisterRequest(view) => self.register(RegisterRequest::from(view), round),
            PacketView::ResumeRequest(view) => self.resume(ResumeRequest::from(view), round),
            PacketView::Logout(view) => self.logout(Logout::from(view), round),
            PacketView::GuildCreate(_)
            | PacketView::GuildInvite(_)
            | PacketView::GuildJoin(_)
            | PacketView::GuildLeave(_)
            | PacketView::GuildListRequest(_)
            | PacketView::GuildWarStart(_)
            | PacketView::GuildWarEnd(_) => self.guild(Packet::from(view), round),
            view => self.ask_world(Packet::from(view)),
        }
        Ok(())
    }

    /// Ends a session whose stream cannot be cut into frames any further.
    pub(super) fn broken(&mut self, error: FrameError, round: &mut Round) -> Result<(), Ending> {
        let id = match error.kind() {
            packet_runtime::FrameErrorKind::TooShortForId { id, .. }
            | packet_runtime::FrameErrorKind::TooLongForId { id, .. } => {
                u16::try_from(id).unwrap_or(0)
            }
            _ => 0,
        };
        self.reject(Reject::Frame(error), id, 0, round)
    }

    fn reject(
        &mut self,
        reject: Reject,
        packet: u16,
        request: u32,
        round: &mut Round,
    ) -> Result<(), Ending> {
        let (code, consequence) = reject.verdict();
        let text = reject.to_string();
        self.context.tally.event(Event::Rejected, reject.name());
        let session = self.mailbox.session().0;
        let end = match consequence {
            Consequence::GoesOn => None,
            Consequence::Close(reason) => Some(reason),
            Consequence::Strike(reason) => {
                let forgiven = self.session.strike(&self.context.rates, round.now);
                (!forgiven).then_some(reason)
            }
        };
        if end.is_none() {
            debug!(session, "not obeyed: {reject}");
        }
        self.error(request, packet, code, text, round);
        match end {
            Some(reason) => Err(Ending::Rejected { reject, reason }),
            None => Ok(()),
        }
    }

    fn error(
        &mut self,
        request: u32,
        packet: u16,
        code: ErrorCode,
        text: String,
        round: &mut Round,
    ) {
        let error = Packet::from(Error {
            request,
            packet,
            code,
            text,
        });
        self.send(&error, round);
    }

    fn greet(&mut self, hello: &HelloView<'_>, round: &mut Round) -> Result<(), Ending> {
        let result = if hello.version() != PROTOCOL_VERSION {
            WelcomeResult::UNSUPPORTED_VERSION
        } else if hello.fingerprint() != FINGERPRINT {
            WelcomeResult::INCOMPATIBLE_SCHEMA
        } else {
            WelcomeResult::OK
        };
        let (session, client) = (self.mailbox.session().0, hello.client());
        info!(session, ?client, "greeted");
        self.send(&Packet::from(welcome(result, &self.context)), round);
        if self.is_over() {
            return Err(Ending::Left);
        }
        Ok(())
    }

    fn login(&mut self, asked: LoginRequest, round: &Round) {
        let (context, mailbox) = (Arc::clone(&self.context), Arc::clone(&self.mailbox));
        let local = self.local;
        self.begin(round, async move {
            accounts::login(&context, &mailbox, asked, local).await;
        });
    }

    fn register(&mut self, asked: RegisterRequest, round: &Round) {
        let (context, mailbox) = (Arc::clone(&self.context), Arc::clone(&self.mailbox));
        self.begin(round, async move {
            accounts::register(&context, &mailbox, asked).await;
        });
    }

    fn resume(&mut self, asked: ResumeRequest, round: &Round) {
        let (context, mailbox) = (Arc::clone(&self.context), Arc::clone(&self.mailbox));
        self.begin(round, async move {
            accounts::resume(&context, &mailbox, asked).await;
        });
    }

    fn logout(&mut self, asked: Logout, round: &Round) {
        let (context, mailbox) = (Arc::clone(&self.context), Arc::clone(&self.mailbox));
        self.begin(round, async move {
            accounts::logout(&context, &mailbox, asked).await;
        });
    }

    fn guild(&mut self, asked: Packet, round: &Round) {
        let (context, mailbox) = (Arc::clone(&self.context), Arc::clone(&self.mailbox));
        self.begin(round, async move {
            guilds::serve(&context, &mailbox, asked).await;
        });
    }

    /// Begins work of the store. Until it is done nothing more is read, so there is never a second one.
    fn begin(&mut self, round: &Round, work: impl Future<Output = ()> + Send + 'static) {
        self.operation = Some((Box::pin(work), round.now));
        self.session.set_working(true, round.now);
    }

    fn ask_world(&mut self, packet: Packet) {
        let most = self.context.settings.queues.requests;
        let queued = self.mailbox.request(packet, most);
        self.full = queued.full;
        if queued.first {
            self.context.simulation.ready(Arc::clone(&self.mailbox));
        }
    }

    /// Sends the heartbeat that is due, if one is.
    pub(super) fn beat(&mut self, round: &mut Round) {
        let clock = self.context.clock.at(round.now);
        if let Some(beat) = self.session.beat(&self.context.timeouts, clock, round.now) {
            self.reply(PacketKind::Heartbeat, &beat, round);
        }
    }

    /// Writes a packet that moves nothing straight to those that wait.
    fn reply(&mut self, kind: PacketKind, packet: &impl Encode, round: &mut Round) {
        if !self.session.may_send(kind) {
            return;
        }
        match self.backlog.push(packet) {
            Ok(len) => {
                round.outgoing.count(kind, len, &self.context.tally);
                if let Some(log) = &self.context.packet_log
                    && let Some(piece) = self.backlog.pieces().last()
                {
                    let frame = piece.get(piece.len().saturating_sub(len)..);
                    let session = self.mailbox.session();
                    log.record(session, Direction::Out, kind, frame.unwrap_or_default());
                }
            }
            // Nothing of ours is too long for its packet, so this is a mistake of the server.
            Err(error) => error!(session = self.mailbox.session().0, %error, "cannot encode"),
        }
    }

    /// Sends a packet that is seldom.
    fn send(&mut self, packet: &Packet, round: &mut Round) {
        match Outgoing::new(packet) {
            Ok(packet) => self.deliver(&packet, round),
            Err(error) => error!(session = self.mailbox.session().0, %error, "cannot encode"),
        }
    }

    /// Adds a packet to those that wait, and moves on as it says. One that the state does not allow any more came too
    /// late and is left out.
    fn deliver(&mut self, packet: &Outgoing, round: &mut Round) {
        let kind = packet.kind();
        if !self.session.may_send(kind) {
            return;
        }
        round
            .outgoing
            .count(kind, packet.len(), &self.context.tally);
        if let Some(log) = &self.context.packet_log {
            log.record(self.mailbox.session(), Direction::Out, kind, packet.bytes());
        }
        if let Some(state) = packet.moves_to() {
            self.enter(state, round.now);
        }
        self.backlog.push_bytes(packet.bytes().clone());
    }

    fn enter(&mut self, state: State, now: Instant) {
        let before = self.session.state();
        if before != state {
            self.context.registry.moved(before, state);
            self.session.enter(state, now);
        }
    }

    /// Says in the log why the session is over, and to the client if it can still hear it.
    pub(super) fn end(&mut self, ending: &Ending, round: &mut Round) {
        self.context.tally.event(Event::Ended, ending.name());
        ending.log(self.mailbox.session().0, self.peer);
        self.operation = None;
        if let Some(reason) = ending.reason() {
            let text = match ending {
                Ending::Expired(expiry) => expiry.to_string(),
                _ => String::new(),
            };
            let notice = Packet::from(KickNotice { reason, text });
            self.send(&notice, round);
        }
        self.enter(State::Leaving, round.now);
    }
}

impl Drop for Dispatch {
    fn drop(&mut self) {
        let last = self
            .context
            .registry
            .close(&self.mailbox, self.session.state());
        if let Some(identity) = self.mailbox.identity().filter(|_| last) {
            self.context
                .simulation
                .command(super::simulation::Command::Lose {
                    session: self.mailbox.session(),
                    player: identity.player.id,
                });
        }
    }
}

/// The answer to a greeting.
pub(super) fn welcome(result: WelcomeResult, context: &Context) -> Welcome {
    let seconds = context.timeouts.heartbeat.as_secs().clamp(1, 3600);
    Welcome {
        result,
        version: PROTOCOL_VERSION,
        fingerprint: FINGERPRINT,
        server: SOFTWARE.to_owned(),
        heartbeat_seconds: u16::try_from(seconds).unwrap_or(3600),
    }
}

/// The number of a request, for its Error; 0 for packets that carry none.
fn request(view: &PacketView<'_>) -> u32 {
    match view {
        PacketView::LoginRequest(view) => view.request(),
        PacketView::RegisterRequest(view) => view.request(),
        PacketView::ResumeRequest(view) => view.request(),
        PacketView::Logout(view) => view.request(),
        PacketView::EnterWorld(view) => view.request(),
        PacketView::LeaveWorld(view) => view.request(),
        PacketView::Attack(view) => view.request(),
        PacketView::GuildCreate(view) => view.request(),
        PacketView::GuildInvite(view) => view.request(),
        PacketView::GuildJoin(view) => view.request(),
        PacketView::GuildLeave(view) => view.request(),
        PacketView::GuildListRequest(view) => view.request(),
        PacketView::GuildWarStart(view) => view.request(),
        PacketView::GuildWarEnd(view) => view.request(),
        PacketView::Say(view) => view.request(),
        PacketView::Whisper(view) => view.request(),
        PacketView::Broadcast(view) => view.request(),
        PacketView::RoomCreate(view) => view.request(),
        PacketView::RoomJoin(view) => view.request(),
        PacketView::RoomLeave(view) => view.request(),
        PacketView::RoomListRequest(view) => view.request(),
        PacketView::RoomMessage(view) => view.request(),
        PacketView::TimeSyncRequest(view) => view.request(),
        PacketView::EchoRequest(view) => view.request(),
        _ => 0,
    }
}
