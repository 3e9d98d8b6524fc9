//! What the desk and the approver's page share: the way to the engine, the parts of pages, the browser, what outlives a
//! page. Separate from both: each is a program of its own, and neither carries what only the other needs.

pub mod api;
pub mod parts;
pub mod platform;
pub mod state;
pub mod ui;
