//! What waits for somebody outside, exactly as it will go out: every channel and language, the pictures with what is said
//! of them, what the rules point out, when and where; and the form to decide with.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use domain::{
    Approval, Content, Guise, Language, MediaId, Rendition, Stage,
    outside::Standing,
    policy::{Field, Finding, Mode},
    round::Envelope,
};
use maud::{Markup, html};
use words::{Sentence, kind_name, language_endonym, language_name, network_name};

use super::{Call, Guest, changes, checklist, deciding, door, frame, thread};
use crate::{
    codes,
    http::{self, documents::Way},
    public::{prose, visit::Trouble},
    rights,
    store::{captions as tracks, documents, media, submissions, videos},
};

/// The first page of a link: the door, or for whoever is in what waits for them.
pub async fn page(call: Call) -> Result<Response<Body>, Trouble> {
    let guest = Guest::at(call).await?;
    match (&guest.visit, guest.standing) {
        (Some(_), Standing::Open) => waiting(&guest, StatusCode::OK, None, &deciding::Draft::default()).await,
        (Some(_), Standing::Decided) => deciding::done(&guest).await,
        _ => Ok(door::closed(&guest)),
    }
}

/// The page with what waits. `said`: what somebody had chosen when something was wrong with it.
pub async fn waiting(
    guest: &Guest,
    status: StatusCode,
    wrong: Option<&Sentence>,
    said: &deciding::Draft,
) -> Result<Response<Body>, Trouble> {
    let l = guest.lang;
    let Some(content) = guest.content() else { return Ok(door::closed(guest)) };
    let before = before(guest).await?;
    let thread = thread::of(guest).await?;
    let csrf = guest.visit.as_deref().map(codes::csrf).unwrap_or_default();
    let guide = checklist::guide(guest, content);
    let body = html! {
        @if let Some(sentence) = wrong { (frame::alert(sentence)) }
        h1 { (heading(guest, content)) }
        (facts(guest, content))
        @if let Some(before) = &before { (changes::since(guest, before, content)) }
        (going(guest, content))
        (findings(guest, content))
        (checklist::advice(guest, &guide))
        (thread::shown(guest, &thread, &csrf))
        (deciding::form(guest, &csrf, &guide, said, wrong.is_some()))
        (leaving(guest, &csrf))
    };
    Ok(guest.page(status, l.outside_title(), body))
}

/// What was submitted in the round before, if there was one.
async fn before(guest: &Guest) -> Result<Option<Content>, Trouble> {
    let (org, round) = (&guest.door.organisation.id, guest.door.link.round);
    if round < 2 {
        return Ok(None);
    }
    let found = submissions::before(&guest.call.app.db, org, &guest.door.post, round).await?;
    Ok(found.and_then(|(_, submitted)| submitted).map(|submitted| submitted.content))
}

/// The way out.
pub fn leaving(guest: &Guest, csrf: &str) -> Markup {
    html! {
        form.again method="post" action=(guest.path("close")) {
            input type="hidden" name="csrf" value=(csrf);
            p.hint { (guest.lang.outside_close_hint()) }
            button.button { (guest.lang.outside_close()) }
        }
    }
}

pub fn heading(guest: &Guest, content: &Content) -> String {
    let heading = content.heading();
    if heading.is_empty() { guest.lang.post_untitled().to_owned() } else { heading }
}

/// What is asked, by whom, and when it would go out.
fn facts(guest: &Guest, content: &Content) -> Markup {
    let (l, post) = (guest.lang, &guest.whole.stored.post);
    let round = post.round().ok();
    let by = round.and_then(|round| guest.whole.names.iter().find(|(member, _)| *member == round.by));
    let deadline = round.and_then(|round| round.waiting(guest.bench.now())).and_then(|waiting| waiting.deadline);
    let between = round.map(|round| match &round.envelope {
        Envelope::Times { from, until } => l.outside_between(guest.written(*from), guest.written(*until)),
        Envelope::Series { first, last, .. } => {
            l.outside_between(super::super::when::day(l, *first), super::super::when::day(l, *last))
        }
    });
    let correction = match &post.stage {
        Stage::Out { correction: Some(correction), .. } => Some(&correction.reason),
        _ => None,
    };
    html! {
        p.lead { (l.outside_lead()) }
        @if let Some(reason) = correction {
            p.note { strong { (l.approvals_correction()) } ": " (reason) }
        }
        dl.facts {
            div { dt { (l.outside_kind()) } dd { (kind_name(l, content.kind)) } }
            @if !content.replies.is_open() {
                div { dt { (l.replies_title()) } dd { strong { (words::replies(l, content.replies)) } } }
            }
            @if let Some(basis) = &content.basis {
                div { dt { (l.basis_title()) } dd { (words::basis(l, basis)) } }
            }
            @if let Some((round, (_, name))) = round.zip(by) {
                div { dt { (l.outside_by()) } dd { (name) ", " (guest.written(round.at)) } }
            }
            @if let Some(slot) = post.stage.slot() {
                div { dt { (l.outside_slot()) } dd { (guest.written(slot.at)) } }
            } @else if let Some(between) = between {
                div { dt { (l.outside_when()) } dd { (between) } }
            }
            @if let Some(at) = deadline {
                div { dt { (l.outside_deadline()) } dd { strong { (guest.written(at)) } } }
            }
        }
    }
}

/// Every destination, as it will look in words and pictures.
pub fn going(guest: &Guest, content: &Content) -> Markup {
    let l = guest.lang;
    let channel = |id: &domain::ChannelId| guest.whole.channels.iter().find(|channel| channel.id == *id);
    html! {
        h2 { (l.outside_content()) }
        div.languages {
            @for (id, language) in content.destinations() {
                @if let Some(rendition) = content.rendition(id, language) {
                    article.sheet {
                        p.tongue {
                            @if let Some(channel) = channel(id) {
                                (channel.name)
                                @let network = network_name(l, channel.network);
                                @if channel.name != network { " (" (network) ")" }
                                " · "
                            }
                            span lang=(language) { (language_endonym(language)) }
                        }
                        @let guise = channel(id).map_or(Guise::Post, |channel| rendition.guise(channel.network));
                        @let comment = channel(id).and_then(|channel| rendition.first_comment(channel.network));
                        @let parts = match channel(id) {
                            Some(channel) => rendition.parts(channel.network),
                            None => vec![rendition],
                        };
                        @for (place, part) in parts.iter().enumerate() {
                            @if parts.len() > 1 { p.tongue { (l.chain_part(place + 1, parts.len())) } }
                            (rendered(guest, part, guise))
                            @if let Some(names) = channel(id).and_then(|channel| part.mentioned(channel.network)) {
                                p { (l.mentions_said(names)) }
                            }
                        }
                        @if let Some(comment) = comment {
                            p.tongue { (l.comment_shown()) }
                            div lang=(language) dir="auto" { div.text { (prose::whole(&comment.text)) } }
                        }
                    }
                }
            }
        }
    }
}

fn rendered(guest: &Guest, rendition: &Rendition, guise: Guise) -> Markup {
    let (l, tag) = (guest.lang, &rendition.language);
    html! {
        div lang=(tag) dir="auto" {
            @if let Some(title) = &rendition.title { h3.title { (title) } }
            @if let Some(warning) = &rendition.warning {
                p.note { span lang=(l.tag()) { (l.outside_warning()) ": " } (warning) }
            }
            @if guise == Guise::Story {
                p.note lang=(l.tag()) { (l.story_shown()) }
            } @else {
                div.text { (prose::whole(&rendition.text)) }
            }
            @if guise == Guise::Reel { p.note lang=(l.tag()) { (l.reel_shown()) } }
            @if let Some(poll) = &rendition.poll { ul { @for answer in &poll.answers { li { (answer) } } } }
        }
        @if let Some(poll) = &rendition.poll {
            p.note { strong { (l.poll_title()) ": " } (words::poll_terms(l, poll.minutes, poll.several, poll.hidden)) }
        }
        @for picture in &rendition.pictures {
            figure {
                img src=(guest.path(&format!("media/{}", picture.media))) alt=(picture.alt) lang=(tag)
                    width=(picture.width) height=(picture.height) decoding="async";
                figcaption aria-hidden="true" {
                    strong { (l.outside_alt()) ": " }
                    @if picture.alt.trim().is_empty() { (l.outside_no_alt()) } @else { span lang=(tag) { (picture.alt) } }
                }
            }
        }
        @if let Some(video) = &rendition.video {
            figure {
                video controls preload="metadata" src=(guest.path(&format!("media/{}", video.media)))
                    poster=[video.poster.as_ref().map(|poster| guest.path(&format!("media/{}", poster.media)))]
                    width=(video.width) height=(video.height) aria-label=(video.alt) lang=(tag) {
                    @if let Some(name) = video.captioned() {
                        track kind="captions" src=(guest.path(&format!("captions/{}", name.hash))) srclang=(tag)
                            label=(language_endonym(&rendition.language)) default;
                    }
                }
                figcaption {
                    strong { (l.video_described()) ": " }
                    @if video.alt.trim().is_empty() { (l.outside_no_alt()) } @else { span lang=(tag) { (video.alt) } }
                }
                @if let Some(poster) = &video.poster {
                    p { strong { (l.video_poster_title()) ": " } (words::poster(l, poster)) }
                }
                @if let Some(name) = video.captioned() {
                    p { a href=(guest.path(&format!("captions/{}", name.hash))) { (l.video_captions_read()) } }
                }
            }
            @if let Some(said) = rendition.showing { p { (words::showing(l, said).join(" ")) } }
        }
        @if let Some(document) = &rendition.document {
            p {
                strong { (l.document_title()) ": " }
                a href=(guest.path(&format!("media/{}", document.media))) type=(domain::document::MIME) {
                    span lang=(tag) { (document.title) }
                    " (" (words::document_facts(l, document.pages, document.bytes)) ")"
                }
            }
        }
        @if rendition.pin { p { (l.pin_said()) } }
        @if let Some(topic) = &rendition.topic { p { (l.topic_said(topic.as_str())) } }
        @if let Some(all) = &rendition.collaborators { p { (l.collaborators_said(all.written())) } }
        @if let Some(link) = rendition.link.as_deref().filter(|link| domain::content::is_web_address(link)) {
            p { (l.public_address()) ": " a href=(link) rel="noopener noreferrer" { (prose::shown(link)) } }
        }
        @if let Some(event) = &rendition.event {
            dl.facts {
                div { dt { (l.outside_event()) } dd {
                    (guest.written(event.start))
                    @if let Some(end) = event.end { " – " (guest.written(end)) }
                } }
                div { dt { (l.outside_place()) } dd { (event.place) } }
                @if event.cancelled { div { dt {} dd { strong { (l.public_event_cancelled()) } } } }
            }
        }
    }
}

/// What the rules point out, and what somebody let pass and why.
fn findings(guest: &Guest, content: &Content) -> Markup {
    let (l, organisation) = (guest.lang, &guest.door.organisation);
    let found =
        rights::findings(organisation, content, &guest.whole.channels, guest.whole.rights(None, guest.bench.at));
    let waived = |finding: &Finding| {
        let fingerprint = finding.fingerprint();
        guest.whole.stored.waivers.iter().find(|waiver| waiver.fingerprint == fingerprint)
    };
    html! {
        @if !found.is_empty() {
            h2 { (l.approvals_findings()) }
            ul.findings {
                @for finding in &found {
                    li.stop[finding.mode == Mode::Block && waived(finding).is_none()] {
                        (place(guest, finding))
                        (words::finding(l, finding).what)
                        @if let Some(waiver) = waived(finding) {
                            " " em { (l.outside_waived(&waiver.reason)) }
                        }
                    }
                }
            }
        }
    }
}

fn place(guest: &Guest, finding: &Finding) -> Markup {
    let l = guest.lang;
    let named = |language: &Language| language_name(l, language);
    let channel = finding.place.channel.as_ref();
    let channel = channel.and_then(|id| guest.whole.channels.iter().find(|channel| channel.id == *id));
    html! {
        @if let Some(channel) = channel { strong { (channel.name) } " · " }
        @if finding.place.field == Field::Document { strong { (l.document_title()) } " · " }
        @if finding.place.field == Field::Comment { strong { (l.comment_title()) } " · " }
        @if finding.place.field == Field::Video { strong { (l.video_title()) } " · " }
        @if let Field::Picture { index } = finding.place.field { strong { (l.compose_picture_number(index + 1)) } " · " }
        @if let Some(language) = &finding.place.language { strong { (named(language)) } " · " }
    }
}

/// A picture of what waits, or its video or document, for whoever is in.
pub async fn picture(call: Call) -> Result<Response<Body>, Trouble> {
    let guest = Guest::at(call).await?;
    let wanted: MediaId = guest.call.parts.get("media").and_then(|id| id.parse().ok()).ok_or(Trouble::NotFound)?;
    let content = guest.content().filter(|_| guest.visit.is_some() && guest.standing.opens());
    let content = content.ok_or(Trouble::NotFound)?;
    let shows_video = |content: &Content| content.video.as_ref().is_some_and(|video| video.media == wanted);
    let shows_document = |content: &Content| content.document.as_ref().is_some_and(|document| document.media == wanted);
    let poster = |content: &Content| content.video.as_ref().and_then(|video| video.poster.clone());
    let shows = |content: &Content| {
        let among = content.pictures.iter().any(|picture| picture.media == wanted);
        let posed = || poster(content).is_some_and(|poster| poster.media == wanted);
        shows_video(content) || shows_document(content) || among || posed()
    };
    // What was taken out since the round before is shown beside what came instead.
    let earlier = if shows(content) { None } else { before(&guest).await? };
    let content = earlier.as_ref().unwrap_or(content);
    if !shows(content) {
        return Err(Trouble::NotFound);
    }
    let (app, org) = (&guest.call.app, &guest.door.organisation.id);
    if shows_video(content) {
        let found = videos::find(&app.db, org, &wanted).await?;
        return Ok(http::videos::serve(app, found, "private, max-age=600", &guest.call.headers)?);
    }
    if shows_document(content) {
        let found = documents::find(&app.db, org, &wanted).await?;
        return Ok(http::documents::serve(app, found, (Way::Saved, "private, max-age=600"), &guest.call.headers)?);
    }
    let found = media::find(&app.db, org, &wanted).await?.ok_or(Trouble::NotFound)?;
    Ok(http::media::serve(app, org, &found, "private, max-age=600", &guest.call.headers).await?)
}

/// The captions of the video of what waits, for whoever is in.
pub async fn captions(call: Call) -> Result<Response<Body>, Trouble> {
    let guest = Guest::at(call).await?;
    let wanted = guest.call.parts.get("captions").ok_or(Trouble::NotFound)?;
    let content = guest.content().filter(|_| guest.visit.is_some() && guest.standing.opens());
    let files = content.and_then(|content| content.video.as_ref());
    let files = files.map(|video| domain::captions::files(&video.captions)).unwrap_or_default();
    if !files.iter().any(|name| name.hash == *wanted) {
        return Err(Trouble::NotFound);
    }
    let found = tracks::find(&guest.call.app.db, &guest.door.organisation.id, wanted).await?;
    let kind = wire::videos::Kind::Vtt;
    Ok(http::captions::serve(found, (wanted, kind), "private, max-age=600", &guest.call.headers)?)
}

/// Whether what was decided still stands as it was.
pub fn stands(guest: &Guest) -> bool {
    let agreed = matches!(guest.whole.stored.post.stage.approval(), Some(Approval::Agreed { .. }));
    agreed || guest.whole.stored.post.round().is_ok()
}
