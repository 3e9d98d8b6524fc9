//! Templates, standard replies and proposals, line by line.

use domain::{
    Template,
    listing::{Column, Datum, Event, Row},
    proposal::Proposal,
    reply::{Body, Reply, Standing},
};
use wire::texts::ReplyRow;
use words::kind_name;

use super::{
    Known,
    known::{column, flag, hidden, on, tongues},
};
use crate::state::lang;

/// The columns of templates.
pub fn template_columns() -> Vec<Column> {
    let lang = lang();
    vec![
        hidden("id"),
        column("name", lang.leaving_column_name()),
        column("kind", lang.texts_kind()),
        column("titles", lang.texts_heading()),
        column("texts", lang.texts_text()),
        column("blanks", lang.leaving_column_blanks()),
        column("basis", lang.campaign_basis()),
        column("channels", lang.texts_channels()),
        column("campaign", lang.sharing_column_campaign()),
        column("pillar", lang.leaving_is_pillar()),
        column("audience", lang.leaving_is_audience()),
        column("first", lang.leaving_column_first()),
        column("last", lang.leaving_column_last()),
        column("owner", lang.texts_owner()),
        hidden("version"),
    ]
}

/// What ends on a day, if it does.
fn ends(uid: &str, id: &str, day: Option<chrono::NaiveDate>, text: String) -> Option<Event> {
    day.map(|day| Event::Days { uid: [uid, id].concat(), first: day, last: day, text })
}

/// A template.
pub fn template(known: &Known, template: Template) -> Row {
    let lang = lang();
    let Template { id, version, body } = template;
    let event = ends("template-", id.as_str(), body.last, lang.leaving_days_template(&body.name));
    let data = vec![
        Datum::text(id.as_str()),
        Datum::text(&body.name),
        Datum::code(&body.kind, kind_name(lang, body.kind)),
        tongues(&body.titles),
        tongues(&body.texts),
        Datum::Texts(body.blanks.into_iter().map(|blank| blank.name).collect()),
        Datum::text(&body.basis),
        known.channels(body.channels.iter()),
        known.campaign(body.belongs.campaign.as_ref()),
        known.pillar(body.belongs.pillar.as_ref()),
        known.audience(body.belongs.audience.as_ref()),
        on(body.first),
        on(body.last),
        known.member(&body.owner),
        Datum::Number(version),
    ];
    Row { data, event }
}

/// The columns of replies.
pub fn reply_columns() -> Vec<Column> {
    let lang = lang();
    vec![
        hidden("id"),
        column("situation", lang.leaving_column_situation()),
        column("texts", lang.texts_text()),
        column("dos", lang.leaving_column_dos()),
        column("donts", lang.leaving_column_donts()),
        column("source", lang.leaving_column_source()),
        column("topics", lang.leaving_column_topics()),
        column("state", lang.sharing_column_state()),
        column("until", lang.leaving_column_until()),
        column("owner", lang.texts_owner()),
        column("agreed_by", lang.leaving_column_agreed_by()),
        column("agreed_at", lang.leaving_column_agreed_at()),
        hidden("version"),
    ]
}

/// A reply.
pub fn reply(known: &Known, row: ReplyRow) -> Row {
    let lang = lang();
    let ReplyRow { reply, standing } = row;
    let Reply { id, version, body, agreed, .. } = reply;
    let Body { situation, texts, dos, donts, source, topics, owner, until } = body;
    let said = match standing {
        Standing::Draft => lang.texts_reply_draft(),
        Standing::Good => lang.texts_reply_good(),
        Standing::Expired => lang.texts_reply_expired(),
    };
    let event = ends("reply-", id.as_str(), until, lang.leaving_days_reply(&situation));
    let data = vec![
        Datum::text(id.as_str()),
        Datum::Text(situation),
        tongues(&texts),
        Datum::text(&dos),
        Datum::text(&donts),
        Datum::text(&source),
        Datum::Texts(topics),
        Datum::code(&standing, said),
        on(until),
        known.member(&owner),
        agreed.as_ref().map_or(Datum::Nothing, |agreed| known.member(&agreed.by)),
        known.when(agreed.map(|agreed| agreed.at)),
        Datum::Number(version),
    ];
    Row { data, event }
}

/// The columns of proposals.
pub fn proposal_columns() -> Vec<Column> {
    let lang = lang();
    vec![
        hidden("id"),
        column("at", lang.leaving_column_at()),
        column("link", lang.leaving_column_link()),
        column("line", lang.leaving_column_line()),
        column("name", lang.leaving_column_who()),
        column("answers", lang.leaving_column_answers()),
        column("pictured", lang.leaving_column_pictured()),
        column("goes", lang.leaving_column_goes()),
    ]
}

/// A proposal.
pub fn proposal(known: &Known, proposal: &Proposal) -> Row {
    vec![
        Datum::text(proposal.id.as_str()),
        known.when(Some(proposal.at)),
        Datum::text(&proposal.link),
        Datum::text(&proposal.line),
        Datum::text(proposal.name.as_deref().unwrap_or_default()),
        flag(proposal.answers),
        flag(proposal.pictured),
        known.when(Some(proposal.goes())),
    ]
    .into()
}
