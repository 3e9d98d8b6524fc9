//! The sandbox networks.
fn main() {}
