//! The rules: what may happen to a post, and why not. Pure: no clock, no chance, no I/O; the same crate runs in the
//! desk and in the engine, so what the desk promises is what the engine enforces.
//!
//! The life of a post: [`Content`] is written and checked ([`policy`]), a [`Round`] of a [`circuit`] decides on its
//! hash, a [`Slot`] places it, [`delivery`] judges what each network answers, [`record`] keeps it.

pub mod approval;
pub mod attestation;
pub mod audience;
pub mod budget;
pub mod bylaws;
pub mod campaign;
pub mod captions;
pub mod channel;
pub mod circuit;
pub mod clash;
pub mod comment;
pub mod consent;
pub mod content;
pub mod csv;
pub mod custody;
pub mod delegation;
pub mod delivery;
pub mod difference;
pub mod document;
pub mod effect;
pub mod emergency;
pub mod errors;
pub mod feast;
pub mod guidance;
pub mod hours;
pub mod ics;
mod id;
pub mod import;
pub mod json;
mod language;
pub mod library;
pub mod look;
pub mod mark;
pub mod matter;
pub mod media;
pub mod member;
mod moment;
pub mod network;
pub mod organisation;
pub mod outbox;
pub mod outside;
pub mod overview;
pub mod party;
pub mod people;
pub mod pin;
pub mod plan;
pub mod policy;
pub mod post;
pub mod price;
pub mod promise;
pub mod proposal;
pub mod pull;
pub mod record;
mod refusal;
pub mod replies;
pub mod reply;
pub mod round;
mod seating;
pub mod series;
pub mod share;
pub mod shift;
pub mod showing;
pub mod silence;
pub mod slot;
pub mod statement;
pub mod task;
pub mod telling;
pub mod template;
pub mod text;
pub mod topic;
pub mod video;
pub mod views;
pub mod watch;
pub mod window;
pub mod zone;

pub use approval::Approval;
pub use audience::Audience;
pub use bylaws::Bylaws;
pub use campaign::{Belonging, Campaign, Pillar, Themes};
pub use channel::{Channel, Health, HealthState};
pub use content::{
    Content, Document, Event, Kind, Picture, RenderedDocument, RenderedPicture, RenderedVideo, Rendition, Target,
    Version, Video,
};
pub use effect::{Effect, Notice};
pub use id::*;
pub use language::{Language, NotALanguage};
pub use member::{Access, Act, Role, may};
pub use moment::{Millis, Moment};
pub use network::{Counting, Limits, Marks, Network, PictureType, Shapes};
pub use organisation::{BodyKind, Colour, Declaration, Organisation, Pause, Policy, Slug};
pub use plan::Plan;
pub use post::{Post, Stage, StageName, Step};
pub use promise::Promise;
pub use refusal::Refusal;
pub use replies::Replies;
pub use round::{Ballot, Choice, Decision, Round};
pub use showing::Showing;
pub use slot::Slot;
pub use template::Template;
pub use topic::Topic;
