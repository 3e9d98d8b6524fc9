//! The library and the register of consents, line by line.

use domain::{
    consent::{Consent, Shows},
    library::Asset,
    listing::{Column, Datum, Event, Row},
};
use wire::library::{Body, Filed, Registered, Used};
use words::{age_name, giver_name, licence_name, scope_name, shows_name};

use super::{
    Known,
    known::{column, flag, hidden, on, tongues},
};
use crate::state::lang;

/// The columns of the library.
pub fn columns() -> Vec<Column> {
    let lang = lang();
    vec![
        hidden("id"),
        column("name", lang.library_name()),
        column("kind", lang.leaving_column_kind()),
        column("alt", lang.leaving_column_alt()),
        column("author", lang.library_author()),
        column("licence", lang.library_licence()),
        column("until", lang.library_until()),
        column("shows", lang.leaving_column_persons()),
        column("consent", lang.leaving_column_consent()),
        column("folder", lang.library_folder()),
        column("tags", lang.leaving_column_tags()),
        column("note", lang.library_note()),
        column("uses", lang.leaving_column_uses()),
        column("more_uses", lang.leaving_column_more()),
        column("added", lang.leaving_column_added()),
        column("by", lang.leaving_column_by()),
        column("file", lang.leaving_column_file()),
        column("bytes", lang.leaving_column_bytes()),
        column("width", lang.leaving_column_width()),
        column("height", lang.leaving_column_height()),
        hidden("sha256"),
        hidden("version"),
    ]
}

/// A line of it. Whose a consent is stands in the register only.
pub fn row(known: &Known, used: Used) -> Row {
    let lang = lang();
    let Used { filed, uses, more } = used;
    let Filed { asset, body, by, added, uncovered } = filed;
    let Asset { media, version, said } = asset;
    let (kind, name, file, hash, [bytes, width, height]) = match body {
        Body::Picture { picture: one } => {
            ("picture", lang.leaving_is_picture(), one.file_name, one.hash, [one.bytes, one.width, one.height])
        }
        Body::Video { video: one } => {
            ("video", lang.library_video(), one.file_name, one.hash, [one.bytes, one.width, one.height])
        }
    };
    let consent = match (said.shows, uncovered) {
        (Shows::Persons, true) => Datum::Code("missing".into(), lang.library_chip_uncovered().to_owned()),
        (Shows::Persons, false) => Datum::Code("running".into(), lang.leaving_is_covered().to_owned()),
        _ => Datum::Nothing,
    };
    let uses = uses.into_iter().map(|one| {
        let heading = if one.heading.is_empty() { lang.post_untitled().to_owned() } else { one.heading };
        (one.post.to_string(), heading)
    });
    let event = said.until.map(|until| Event::Days {
        uid: ["licence-", media.as_str()].concat(),
        first: until,
        last: until,
        text: lang.leaving_days_licence(&said.name),
    });
    let data = vec![
        Datum::text(media.as_str()),
        Datum::text(&said.name),
        Datum::Code(kind.into(), name.to_owned()),
        tongues(&said.alt),
        Datum::text(&said.author),
        Datum::code(&said.licence, licence_name(lang, said.licence)),
        on(said.until),
        Datum::code(&said.shows, shows_name(lang, said.shows)),
        consent,
        Datum::text(&said.folder),
        Datum::Texts(said.tags),
        Datum::text(&said.note),
        Datum::Things(uses.collect()),
        flag(more),
        known.when(Some(added)),
        known.member(&by),
        Datum::Text(file),
        Datum::Number(bytes.into()),
        Datum::Number(width.into()),
        Datum::Number(height.into()),
        Datum::Text(hash),
        Datum::Number(version),
    ];
    Row { data, event }
}

/// The columns of the register.
pub fn registered_columns() -> Vec<Column> {
    let lang = lang();
    vec![
        hidden("id"),
        column("of", lang.leaving_column_picture()),
        column("who", lang.library_who()),
        column("age", lang.library_age()),
        column("giver", lang.library_giver()),
        column("scope", lang.library_scope()),
        column("campaign", lang.library_campaign()),
        column("first", lang.library_first()),
        column("last", lang.library_last()),
        column("proof", lang.library_proof()),
        column("state", lang.sharing_column_state()),
        column("withdrawn", lang.leaving_column_withdrawn()),
        hidden("version"),
    ]
}

/// A line of it. In a calendar it says for what a consent ends, and not whose: calendars are shared.
pub fn registered(known: &Known, one: Registered) -> Row {
    let lang = lang();
    let Registered { media, name, consent } = one;
    let Consent { id, version, who, age, giver, scope, campaign, first, last, proof, withdrawn } = consent;
    let today = known.today();
    let (state, said) = if withdrawn.is_some() {
        ("withdrawn", lang.leaving_is_withdrawn())
    } else if today.is_some_and(|today| last < today) {
        ("ended", lang.library_consent_ended())
    } else if today.is_some_and(|today| today < first) {
        ("coming", lang.library_consent_coming())
    } else {
        ("running", lang.library_consent_running())
    };
    let name = name.unwrap_or_default();
    let event = withdrawn.is_none().then(|| Event::Days {
        uid: ["consent-", id.as_str()].concat(),
        first: last,
        last,
        text: lang.leaving_days_consent(&name),
    });
    let data = vec![
        Datum::text(id.as_str()),
        Datum::Thing(media.to_string(), name),
        Datum::text(&who),
        Datum::code(&age, age_name(lang, age)),
        Datum::code(&giver, giver_name(lang, giver)),
        Datum::code(&scope, scope_name(lang, scope)),
        known.campaign(campaign.as_ref()),
        Datum::Day(first),
        Datum::Day(last),
        Datum::text(&proof),
        Datum::Code(state.into(), said.to_owned()),
        known.when(withdrawn),
        Datum::Number(version),
    ];
    Row { data, event }
}
