//! The handlers: one file a noun. Each is four moves: who, what, decide, answer.

pub mod arrival;
pub mod bylaws;
pub mod calendar;
pub mod campaigns;
pub mod captions;
pub mod channels;
pub mod comments;
pub mod copies;
pub mod custody;
pub mod documents;
pub mod foreign;
pub mod home;
pub mod library;
pub mod media;
pub mod notices;
pub mod organisations;
pub mod people;
pub mod plan;
pub mod posts;
pub mod publications;
pub mod records;
pub mod session;
pub mod sharing;
mod stretches;
pub mod tasks;
pub mod texts;
pub mod videos;
