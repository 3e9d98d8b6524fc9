//! Everything of the browser that is not drawing: the only rooms that speak to `web_sys`.
//! Separate so that pages stay readable and can be moved to another shell.

pub mod bundle;
pub mod caret;
pub mod grid;
pub mod hand;
pub mod page;
pub mod passkey;
pub mod pictures;
pub mod push;
pub mod selection;
pub mod sheets;
pub mod storage;
pub mod time;
pub mod videos;
pub mod worker;
