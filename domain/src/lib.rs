//! The rules: what may happen to a post, and why not. Pure: no clock, no chance, no I/O; the same crate runs in the
//! desk and in the engine, so what the desk promises is what the engine enforces.
//!
//! The life of a post: [`Content`] is written and checked ([`policy`]), a [`Round`] of a [`circuit`] decides on its
//! hash, a [`Slot`] places it, [`delivery`] judges what each network answers, [`record`] keeps it.

pub mod approval;
pub mod attestation;
pub mod bylaws;
pub mod campaign;
pub mod channel;
pub mod circuit;
pub mod comment;
pub mod content;
pub mod csv;
pub mod delegation;
pub mod delivery;
pub mod difference;
pub mod effect;
pub mod emergency;
pub mod errors;
pub mod guidance;
pub mod hours;
mod id;
pub mod json;
mod language;
pub mod matter;
pub mod media;
pub mod member;
mod moment;
pub mod network;
pub mod organisation;
pub mod outbox;
pub mod outside;
pub mod party;
pub mod people;
pub mod plan;
pub mod policy;
pub mod post;
pub mod price;
pub mod pull;
pub mod record;
mod refusal;
pub mod round;
mod seating;
pub mod slot;
pub mod statement;
pub mod task;
pub mod telling;
pub mod text;
pub mod video;
pub mod watch;
pub mod zone;

pub use approval::Approval;
pub use bylaws::Bylaws;
pub use campaign::{Belonging, Campaign, Pillar, Themes};
pub use channel::{Channel, Health, HealthState};
pub use content::{Content, Event, Kind, Picture, RenderedPicture, RenderedVideo, Rendition, Target, Version, Video};
pub use effect::{Effect, Notice};
pub use id::*;
pub use language::{Language, NotALanguage};
pub use member::{Access, Act, Role, may};
pub use moment::{Millis, Moment};
pub use network::{Counting, Limits, Marks, Network, PictureType, Shapes};
pub use organisation::{BodyKind, Colour, Declaration, Organisation, Pause, Policy, Slug};
pub use plan::Plan;
pub use post::{Post, Stage, StageName, Step};
pub use refusal::Refusal;
pub use round::{Ballot, Choice, Decision, Round};
pub use slot::Slot;
