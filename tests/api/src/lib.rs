//! A client of the engine's real doors, typed by the contract: what the journeys over HTTP are told with.
//! Separate from the journeys so that each of them reads as the story it tells.

pub mod calendar;
pub mod covered;
pub mod elsewhere;
pub mod export;
pub mod guest;
mod http;
mod member;
pub mod outside;
mod passkey;
pub mod push;
pub mod secrets;
mod town;
pub mod verifier;

pub use guest::Guest;
pub use http::{Answer, No, Raw, Spent, abroad, encode, here, send, send_as, setup_token, spendings, url, verb};
pub use member::{Member, approval, at, because, id, last_act, slot, tries_again};
pub use passkey::{Passkey, Site};
pub use town::{Town, eventually, new_post};
