//! What a test's server logged.
//!
//! A test and its server share one thread, so each thread collects its own lines. The subscriber is one
//! for all of them, set before anything is logged: setting one for each thread would race with the
//! registration of what logs first.

use std::cell::RefCell;
use std::io;
use std::sync::Once;
use tracing::Level;

thread_local! {
    static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Collects warnings and errors from now on.
pub(crate) fn collect() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(Level::WARN)
            .with_writer(|| Lines)
            .init();
    });
}

/// What this thread has logged.
pub(crate) fn text() -> String {
    TEXT.with_borrow(|text| String::from_utf8(text.clone()).unwrap())
}

/// Forgets what this thread has logged.
pub(crate) fn clear() {
    TEXT.with_borrow_mut(Vec::clear);
}

struct Lines;

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        TEXT.with_borrow_mut(|text| text.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
