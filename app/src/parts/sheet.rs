//! A post as people see it, part by part: where it goes and how it will look there, what is said of its pictures, what
//! the rules say of it, names, a moment in words. Separate from the pages: the desk and the approver's own page show
//! the very same.

use domain::{
    Channel, Content, MemberId, Moment, Network,
    captions::Said,
    policy::{Field, Finding, Mode, Waiver},
};
use leptos::prelude::*;
use words::{Lang, language_name, network_name};

use crate::{
    api,
    platform::time::{self, Form},
    state::{lang, session},
    ui::{Plain, el, preview::preview, unique},
};

/// A moment in the organisation's zone and the desk's language.
pub fn when(at: Moment, form: Form) -> String {
    time::moment(at, &session().zone(), lang().tag(), form)
}

/// The name of a member among those that came with a post.
pub fn name_of(names: &[(MemberId, String)], member: &MemberId) -> String {
    let found = names.iter().find(|(id, _)| id == member);
    found.map_or_else(|| lang().general_unknown().to_owned(), |(_, name)| name.clone())
}

/// A network's mark: two letters on its colour. The name stands beside it or in a label around it.
pub fn mark(network: Network) -> AnyView {
    letters(network).into_any()
}

/// A network as the style sheet and an address of the desk call it.
pub fn network_key(network: Network) -> &'static str {
    sign(network).0
}

/// The same mark, for who draws with `Plain`.
pub fn letters(network: Network) -> Plain {
    let (class, letters) = sign(network);
    el("span", "mark")
        .with("data-network", class)
        .with("title", network_name(lang(), network))
        .with("aria-hidden", "true")
        .put(letters)
}

const fn sign(network: Network) -> (&'static str, &'static str) {
    match network {
        Network::Noticeboard => ("noticeboard", "T"),
        Network::Bluesky => ("bluesky", "B"),
        Network::Mastodon => ("mastodon", "M"),
        Network::Telegram => ("telegram", "Tg"),
        Network::Facebook => ("facebook", "F"),
        Network::X => ("x", "X"),
        Network::Tumblr => ("tumblr", "tm"),
        Network::Youtube => ("youtube", "Y"),
        Network::Tiktok => ("tiktok", "Tk"),
        Network::Website => ("website", "www"),
        Network::Linkedin => ("linkedin", "in"),
        Network::Instagram => ("instagram", "Ig"),
        Network::Threads => ("threads", "Th"),
        Network::Whatsapp => ("whatsapp", "W"),
        Network::Nextdoor => ("nextdoor", "Nd"),
        Network::Parler => ("parler", "P"),
        Network::Screen => ("screen", "tv"),
        Network::Paper => ("paper", "Pr"),
        Network::Other => ("other", "O"),
    }
}

/// Exactly what goes out: who may reply, if not everybody, and every destination of a content, as it will look.
pub fn destinations(content: &Content, channels: &[Channel]) -> Plain {
    let lang = lang();
    let (zone, organisation) = session()
        .me
        .with_untracked(|me| me.as_ref().map(|me| (me.organisation.zone.clone(), me.organisation.name.clone())))
        .unwrap_or_default();
    let drawn = content.destinations().filter_map(|(id, language)| {
        let channel = channels.iter().find(|channel| channel.id == *id)?;
        let rendition = content.rendition(id, language);
        let heading = unique("destination");
        let head = el("header", "destination-head")
            .with("id", heading.as_str())
            .put(letters(channel.network))
            .put(el("b", "").put(channel.name.as_str()))
            .put(el("span", "hint").put(language_name(lang, language).to_string()));
        let preview = preview(&zone, &organisation, channel, rendition.as_ref());
        Some(el("article", "destination").with("aria-labelledby", heading).put(head).put(preview))
    });
    let replies = (!content.replies.is_open()).then(|| el("p", "notice").put(words::replies(lang, content.replies)));
    el("div", "previews").put(replies.map(|replies| replies.with("data-hue", "warn"))).put(drawn.collect::<Vec<_>>())
}

/// The pictures with what is said of them, to read: what a preview hides in an attribute.
pub fn described(lang: Lang, content: &Content) -> Option<Plain> {
    if content.pictures.is_empty() && content.video.is_none() && content.document.is_none() {
        return None;
    }
    let mut lines = Vec::new();
    for (index, picture) in content.pictures.iter().enumerate() {
        for (language, alt) in &picture.alt {
            let name = [lang.compose_picture_number(index + 1), language_name(lang, language).to_string()];
            let alt = el("span", "").with("lang", language.as_str()).put(alt.as_str());
            lines.push(el("li", "").put(el("b", "").put(name.join(" · "))).put(" ").put(alt));
        }
    }
    for (language, alt) in content.video.iter().flat_map(|video| &video.alt) {
        let name = [lang.video_title().to_owned(), language_name(lang, language).to_string()];
        let alt = el("span", "").with("lang", language.as_str()).put(alt.as_str());
        lines.push(el("li", "").put(el("b", "").put(name.join(" · "))).put(" ").put(alt));
    }
    if let Some(poster) = content.video.as_ref().and_then(|video| video.poster.as_ref()) {
        let name = el("b", "").put(lang.video_poster_title());
        lines.push(el("li", "").put(name).put(" ").put(words::poster(lang, poster)));
    }
    for (language, said) in content.video.iter().flat_map(|video| &video.captions) {
        let name = [lang.video_captions_title().to_owned(), language_name(lang, language).to_string()].join(" · ");
        let line = el("li", "").put(el("b", "").put(name)).put(" ");
        lines.push(match Said::read(said) {
            Some(Said::File(file)) => {
                let read = el("a", "").with("href", api::captions_address(&file)).put(lang.video_captions_read());
                line.put(read.with("target", "_blank"))
            }
            _ => line.put(lang.video_captions_in_picture()),
        });
    }
    if let Some(document) = &content.document {
        let facts = words::document_facts(lang, document.pages, document.bytes);
        for (language, title) in &document.title {
            let name = [lang.document_title().to_owned(), language_name(lang, language).to_string()];
            let open = el("a", "").with("href", api::document_address(&document.media)).with("target", "_blank");
            let open = open.with("lang", language.as_str()).put(title.as_str());
            let line = el("li", "").put(el("b", "").put(name.join(" · "))).put(" ").put(open);
            lines.push(line.put([" (", &facts, ")"].concat()));
        }
    }
    let heading = el("h3", "").put(lang.approvals_described());
    Some(el("section", "described").put(heading).put(el("ul", "").put(lines)))
}

/// By what right it is said; nothing where nobody says so.
pub fn basis(lang: Lang, content: &Content) -> Option<Plain> {
    content.basis.as_ref().map(|basis| el("p", "soft").put(words::basis(lang, basis)))
}

/// What the rules say of it, and what somebody let pass and why.
pub fn findings(
    findings: &[Finding],
    waivers: &[Waiver],
    names: &[(MemberId, String)],
    channels: &[Channel],
) -> AnyView {
    let lang = lang();
    if findings.is_empty() {
        return el("p", "findings-none").put(lang.approvals_no_findings()).into_any();
    }
    let lines = findings.iter().map(|finding| {
        let sentence = words::finding(lang, finding);
        let waiver = waiver_of(finding, waivers);
        let class = match (finding.mode, waiver) {
            (Mode::Block, None) => "finding finding-block",
            (Mode::Block, Some(_)) => "finding finding-waived",
            _ => "finding finding-warn",
        };
        let waived = waiver.map(|waiver| {
            let said = lang.approvals_waived(name_of(names, &waiver.by), waiver.reason.clone());
            el("p", "finding-reason").put(said)
        });
        let channel = finding.place.channel.as_ref().map(|id| channel_name(channels, id));
        let picture = match finding.place.field {
            Field::Picture { index } => Some(lang.compose_picture_number(index + 1)),
            Field::Video => Some(lang.video_title().to_owned()),
            Field::Document => Some(lang.document_title().to_owned()),
            Field::Comment => Some(lang.comment_title().to_owned()),
            _ => None,
        };
        let language = finding.place.language.as_ref().map(|language| language_name(lang, language).to_string());
        let place = [channel, picture, language].into_iter().flatten();
        let place: Vec<_> = place.map(|text| el("span", "finding-where").put(text)).collect();
        el("li", class).put(el("p", "").put(place).put(&*sentence.what)).put(waived)
    });
    let list = el("ul", "findings").put(lines.collect::<Vec<_>>());
    el("section", "findings-box").put(el("h3", "").put(lang.approvals_findings())).put(list).into_any()
}

fn waiver_of<'a>(finding: &Finding, waivers: &'a [Waiver]) -> Option<&'a Waiver> {
    let fingerprint = finding.fingerprint();
    waivers.iter().find(|waiver| waiver.fingerprint == fingerprint)
}

/// The name of a channel, also of one that is no longer connected.
pub fn channel_name(channels: &[Channel], id: &domain::ChannelId) -> String {
    let found = channels.iter().find(|channel| channel.id == *id);
    found.map_or_else(|| lang().general_unknown().to_owned(), |channel| channel.name.clone())
}
