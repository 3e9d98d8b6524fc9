//! The journeys over HTTP: one file a journey, one binary for all of them, one engine that they share.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a journey that cannot go on is a failure, and says where")]

mod after;
mod assisted;
mod bad_input;
mod bluesky;
mod circuits;
mod clock;
mod comments;
mod deciding;
mod duties;
mod emergency;
mod facebook;
mod guidance;
mod hats;
mod isolation;
mod ledger;
mod ledger_open;
mod life;
mod limits;
mod mastodon;
mod media;
mod notices;
mod outside;
mod pause;
mod people;
mod planning;
mod public;
mod pulled;
mod pulling;
mod races;
mod receipts;
mod record;
mod rotation;
mod tasks;
mod telegram;
mod windows;
