//! What outlives a page: who is signed in, what the reader prefers, what was just said.
//! Separate from the pages, which come and go.

pub mod preferences;
pub mod session;
pub mod toasts;

pub use preferences::lang;
pub use session::session;
