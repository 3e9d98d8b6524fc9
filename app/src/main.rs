//! The desk: what a person sees and touches.

mod api;
mod platform;

fn main() {}
