//! What several pages share and what knows the domain's words: a problem and its sentence, a call under way, a
//! passkey being made, languages to choose from. Separate from `ui`, which knows none of it.

mod bringing;
mod ceremony;
pub mod checklist;
mod codes;
mod coding;
mod comments;
mod demo;
mod difference;
mod entry;
mod feasts;
mod kept;
mod languages;
mod order;
mod own;
mod planned;
mod pointing;
mod problem;
mod quoting;
mod reserving;
mod returning;
mod sheet;
mod since;
pub mod urgent;
mod work;

pub use bringing::{
    Brought, as_picture, as_poster, as_video, bring_document, bring_picture, bring_poster, bring_video,
    prepare_picture, store_picture, tell_stilled,
};
pub use ceremony::{Ceremony, CeremonyNotice, Stop, decide, enrol, sign, sign_in, sign_together};
pub use codes::Codes;
pub use coding::Coding;
pub use comments::Comments;
pub use demo::DemoPeople;
pub use difference::{by_word, changed};
pub use entry::Entry;
pub use feasts::{Chosen, FeastFields, RegionField, last_region};
pub use kept::{archiving, kept_line, term};
pub use languages::{LanguagePicker, ZonePicker};
pub use order::arrange;
pub use own::OwnMenu;
pub use planned::planned;
pub use pointing::pointing;
pub use problem::{ProblemNotice, problem_sentence};
pub use quoting::byte_at;
pub use reserving::Reserving;
pub use returning::Returning;
pub use sheet::{basis, channel_name, described, destinations, findings, letters, mark, name_of, network_key, when};
pub use since::{earlier, since};
pub use work::Work;
