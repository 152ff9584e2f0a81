//! A wake-up that is more exact than the millisecond that the system's polling is rounded to.
//!
//! Where there is none, polling is told a timeout alone, and packets of an open loop are up to a millisecond late; the report
//! says how late they were.

use mio::{Registry, Token};
use std::io;
use std::time::Duration;

#[cfg(target_os = "linux")]
pub(super) struct Timer(std::os::fd::OwnedFd);

#[cfg(target_os = "linux")]
impl Timer {
    /// A timer that wakes a poll with this token.
    pub(super) fn new(registry: &Registry, token: Token) -> io::Result<Self> {
        use rustix::time::{TimerfdClockId, TimerfdFlags, timerfd_create};
        use std::os::fd::AsRawFd;
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
        let raw = timer.as_raw_fd();
        registry.register(
            &mut mio::unix::SourceFd(&raw),
            token,
            mio::Interest::READABLE,
        )?;
        Ok(Self(timer))
    }

    /// Wakes after this time, once. Nobody has to read from it: setting it again forgets that it rang.
    pub(super) fn set(&self, after: Duration) -> io::Result<()> {
        use rustix::time::{Itimerspec, TimerfdTimerFlags, Timespec, timerfd_settime};
        let never = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        let after = Timespec {
            tv_sec: i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            // 0 would be never.
            tv_nsec: after.subsec_nanos().max(1).into(),
        };
        let times = Itimerspec {
            it_interval: never,
            it_value: after,
        };
        timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &times)?;
        Ok(())
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) struct Timer;

#[cfg(not(target_os = "linux"))]
impl Timer {
    /// A timer that is as exact as polling.
    pub(super) fn new(_registry: &Registry, _token: Token) -> io::Result<Self> {
        Ok(Self)
    }

    /// Does nothing: the timeout of the poll has to do.
    pub(super) fn set(&self, _after: Duration) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use mio::{Events, Poll};
    use std::time::Instant;

    #[test]
    fn wakes_again_and_again() {
        let mut poll = Poll::new().unwrap();
        let timer = Timer::new(poll.registry(), Token(7)).unwrap();
        let mut events = Events::with_capacity(4);
        for _ in 0..3 {
            let start = Instant::now();
            timer.set(Duration::from_micros(300)).unwrap();
            poll.poll(&mut events, Some(Duration::from_secs(10)))
                .unwrap();
            let tokens: Vec<_> = events.iter().map(mio::event::Event::token).collect();
            assert_eq!(tokens, [Token(7)]);
            assert!(start.elapsed() >= Duration::from_micros(300));
        }
    }
}
