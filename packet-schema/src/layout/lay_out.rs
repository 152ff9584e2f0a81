//! Placeholder until the stage stands.
/// Lays out.
pub fn lay_out() {}
