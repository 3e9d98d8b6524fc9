//! The handlers: one file a noun. Each is four moves: who, what, decide, answer.

pub mod bylaws;
pub mod campaigns;
pub mod channels;
pub mod comments;
pub mod home;
pub mod media;
pub mod notices;
pub mod organisations;
pub mod people;
pub mod posts;
pub mod publications;
pub mod records;
pub mod session;
pub mod tasks;
pub mod videos;
