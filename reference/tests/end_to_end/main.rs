//! The reference server and client over real sockets on the loopback interface.

mod backlog;
mod programs;
mod refusals;
mod shutdown;
mod support;
mod talk;
