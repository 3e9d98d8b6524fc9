//! The desk: what a person sees and touches.
fn main() {}
