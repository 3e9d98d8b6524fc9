//! What outlives a page: who is signed in, what the reader prefers, what was just said, what was typed, the pulse.
//! Separate from the pages, which come and go.

pub mod cache;
pub mod drafts;
pub mod preferences;
pub mod pulse;
pub mod second;
pub mod session;
pub mod toasts;

pub use preferences::lang;
pub use session::session;
