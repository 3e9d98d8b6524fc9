//! The contract: every message and every path that crosses between the desk and the engine, once.
//! A type stands here only where it differs from the domain's; paths are constants that carry the types of what goes
//! in and what comes back, so that neither side can misread the other.

pub mod brand;
pub mod bylaws;
pub mod calendar;
pub mod campaigns;
pub mod channels;
pub mod comments;
pub mod contacts;
pub mod copies;
pub mod custody;
pub mod deciding;
pub mod documents;
pub mod emergencies;
pub mod endpoint;
pub mod entry;
pub mod fault;
pub mod foreign;
pub mod history;
pub mod home;
pub mod library;
pub mod media;
pub mod notices;
pub mod organisations;
pub mod page;
pub mod people;
pub mod plan;
pub mod posts;
pub mod publications;
pub mod pulse;
pub mod records;
pub mod rehearsal;
pub mod series;
pub mod session;
pub mod sharing;
pub mod tasks;
pub mod texts;
pub mod videos;
pub mod webpages;

pub use endpoint::{Endpoint, Listed, Method, Nothing, Who};
pub use fault::Fault;
pub use page::Page;

/// Every endpoint, for the isolation test and for the router's own check.
pub fn all() -> Vec<Listed> {
    [
        session::LISTED,
        people::LISTED,
        organisations::LISTED,
        brand::LISTED,
        copies::LISTED,
        bylaws::LISTED,
        calendar::LISTED,
        pulse::LISTED,
        foreign::LISTED,
        sharing::LISTED,
        campaigns::LISTED,
        plan::LISTED,
        texts::LISTED,
        contacts::LISTED,
        channels::LISTED,
        custody::LISTED,
        media::LISTED,
        library::LISTED,
        videos::LISTED,
        documents::LISTED,
        posts::LISTED,
        webpages::LISTED,
        history::LISTED,
        series::LISTED,
        comments::LISTED,
        deciding::LISTED,
        publications::LISTED,
        emergencies::LISTED,
        records::LISTED,
        tasks::LISTED,
        notices::LISTED,
        home::LISTED,
    ]
    .concat()
}
