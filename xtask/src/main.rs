//! cargo xtask run | test | bench | backup | restore | deploy.
fn main() {}
