//! The sans-IO reassembler.
