//! The pages: one file each; a part that only one page uses lives under that page.

pub mod approvals;
mod around;
pub mod calendar;
pub mod channels;
pub mod circuits;
pub mod compose;
pub mod devices;
mod handing;
pub mod home;
pub mod import;
pub mod join;
pub mod library;
pub mod lost;
pub mod notices;
pub mod organisation;
pub mod people;
pub mod plan;
pub mod post;
pub mod receipt;
pub mod record;
pub mod recover;
pub mod repeat;
pub mod search;
pub mod set_up;
pub mod sign_in;
pub mod tasks;
pub mod texts;
