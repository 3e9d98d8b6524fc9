//! What all previews share: the text with its links and its overflow marked, the pictures, the link's card.
//! Separate so that each network's file only says how that network differs.

use super::Shown;
use crate::{
    api,
    ui::{Plain, el},
};
use domain::{
    RenderedPicture, RenderedVideo, Rendition,
    mentions::{Place, are_taken},
    poll::takes,
    text::{self, SpanKind},
    video,
};

/// The text exactly as sent, with what becomes clickable marked, and what no longer fits struck.
pub fn text(shown: &Shown<'_>) -> Plain {
    let network = shown.channel.network;
    let limits = shown.channel.limits.beside(shown.rendition.is_pictured());
    let sent = shown.rendition.as_sent(network);
    let cut = text::overflow(&sent, shown.rendition.warning.as_deref(), &limits).unwrap_or(sent.len());
    let (kept, over) = sent.split_at(cut);
    let over = (!over.is_empty()).then(|| el("mark", "preview-over").put(over));
    let named = are_taken(network).then(|| {
        let all = shown.rendition.mentions.as_ref();
        all.map(|all| all.places(kept)).unwrap_or_default()
    });
    let into = el("div", "preview-text").with("lang", shown.language());
    // On a screen and on paper nothing becomes clickable.
    if !network.is_online() {
        return into.put(kept).put(over);
    }
    let marks = marks(kept, named.as_deref());
    // What is behind the fold is read here all the same. That it is behind it the style sheet writes, so that the text stays the text.
    let fold = shown.rendition.folds(network, &sent).unwrap_or(kept.len());
    let (seen, hidden) = marks.split_at(marks.partition_point(|(start, ..)| *start < fold));
    // An address or a name stays whole.
    let fold = seen.last().map_or(fold, |(_, end, _)| fold.max(*end)).min(kept.len());
    let behind = (fold < kept.len()).then(|| {
        let behind = el("span", "preview-behind").with("data-fold", shown.lang.compose_preview_fold());
        marked(behind, kept, (fold, kept.len()), hidden)
    });
    marked(into, kept, (0, fold), seen).put(behind).put(over)
}

/// What becomes clickable in a text: where it begins and ends, and how it is drawn.
type Mark = (usize, usize, &'static str);

/// `named`: the pages that are mentioned, where a mention is a name; a sign before a word makes none there.
fn marks(text: &str, named: Option<&[Place<'_>]>) -> Vec<Mark> {
    let mut marks = Vec::new();
    for span in text::spans(text) {
        let class = match span.kind {
            SpanKind::Link => "preview-link",
            SpanKind::Mention if named.is_some() => continue,
            SpanKind::Mention => "preview-mention",
            SpanKind::Hashtag => "preview-tag",
        };
        marks.push((span.start, span.end, class));
    }
    for place in named.into_iter().flatten() {
        let at = marks.partition_point(|(start, ..)| *start < place.start);
        marks.insert(at, (place.start, place.end, "preview-mention"));
    }
    marks
}

/// A stretch of a text with what is marked in it.
fn marked(mut into: Plain, text: &str, (mut done, end): (usize, usize), marks: &[Mark]) -> Plain {
    for (start, stop, class) in marks {
        into = into.put(&text[done..*start]).put(el("span", class).put(&text[*start..*stop]));
        done = *stop;
    }
    into.put(&text[done..end])
}

/// The video, to be played where it stands, with its captions.
fn film(rendition: &Rendition, video: &RenderedVideo) -> Plain {
    let track = video.captioned().map(|name| {
        let track = el("track", "").with("kind", "captions").with("src", api::captions_address(&name));
        track.with("srclang", rendition.language.as_str()).with("default", "")
    });
    let player = el("video", "")
        .with("controls", "")
        .with("src", api::video_address(&video.media))
        .with("aria-label", video.alt.trim())
        .with("width", video.width.to_string())
        .with("height", video.height.to_string());
    let player = match &video.poster {
        Some(poster) => player.with("poster", api::picture_address(&poster.media)),
        None => player,
    };
    el("div", "preview-picture").put(player.put(track))
}

/// The pictures, and the video before them, as a grid of one to four, with the alt text where networks show that there is one.
pub fn pictures(rendition: &Rendition, most: u32) -> Option<Plain> {
    let pictures = rendition.pictures.iter().take(most as usize).map(picture);
    let drawn: Vec<_> =
        rendition.video.as_ref().map(|video| film(rendition, video)).into_iter().chain(pictures).collect();
    if drawn.is_empty() {
        return None;
    }
    let count = drawn.len().min(4).to_string();
    Some(el("div", "preview-pictures").with("data-count", count).put(drawn))
}

fn picture(picture: &RenderedPicture) -> Plain {
    let alt = picture.alt.trim();
    let badge = (!alt.is_empty()).then(|| el("span", "preview-alt").with("aria-hidden", "true").put("ALT"));
    let image = el("img", "")
        .with("src", api::picture_address(&picture.media))
        .with("alt", alt)
        .with("width", picture.width.to_string())
        .with("height", picture.height.to_string())
        .with("loading", "lazy");
    // What must be seen, to the tenth: the page allows no style of an element's own.
    let image = match picture.focus.map(domain::Focus::tenths) {
        Some((across, down)) => image.with("class", format!("x{across} y{down}")),
        None => image,
    };
    el("div", "preview-picture").put(image).put(badge)
}

/// The document, where there is one: what it is called, of what type and size, to be opened.
pub fn document(shown: &Shown<'_>) -> Option<Plain> {
    let document = shown.rendition.document.as_ref()?;
    let facts = words::document_facts(shown.lang, document.pages, document.bytes);
    let link = el("a", "").with("href", api::document_address(&document.media)).with("target", "_blank");
    let title = link.with("lang", shown.language()).put(document.title.as_str());
    Some(el("div", "preview-card").put(title).put(el("span", "").put(facts)))
}

/// The pictures as one, or as a carousel, with the video first where it may stand there: each whole, in a strip that is moved along.
pub fn carousel(shown: &Shown<'_>) -> Option<Plain> {
    let Rendition { pictures: all, video, .. } = shown.rendition;
    let (lang, most) = (shown.lang, shown.channel.limits.pictures);
    let counted = video::takes(shown.channel.network).is_some_and(|takes| takes.counted);
    let clip = video.as_ref().filter(|_| counted && !all.is_empty());
    if all.len() + usize::from(clip.is_some()) < 2 {
        return pictures(shown.rendition, most);
    }
    let clips = clip.map(|video| film(shown.rendition, video)).into_iter();
    let drawn: Vec<_> = clips.chain(all.iter().map(picture)).take(most as usize).collect();
    let strip = el("div", "preview-strip").with("role", "group").with("tabindex", "0");
    let label = match clip {
        Some(_) => lang.compose_preview_carousel_filmed(drawn.len()),
        None => lang.compose_preview_carousel(drawn.len()),
    };
    Some(strip.with("aria-label", label).put(drawn))
}

/// A word on what the network does with it.
pub fn note(text: &'static str) -> Plain {
    el("p", "preview-by-hand").put(text)
}

/// How the video is shown there, and what is declared of it.
pub fn said(shown: &Shown<'_>) -> Option<Plain> {
    let said = shown.rendition.showing?;
    Some(el("p", "preview-by-hand").put(words::showing(shown.lang, said).join(" ")))
}

/// Who may reply, where the network is told and shows it.
pub fn replies(shown: &Shown<'_>) -> Option<Plain> {
    let sent = shown.rendition.replies.sent(shown.channel.network)?;
    (!sent.is_open()).then(|| note(words::replies(shown.lang, sent)))
}

/// The poll: its answers as they are chosen from, and for how long and how it is counted.
pub fn poll(shown: &Shown<'_>) -> Option<Plain> {
    let poll = shown.rendition.poll.as_ref()?;
    let sign = if poll.several { "☐" } else { "○" };
    let line = |answer: &String| {
        let sign = el("i", "").with("aria-hidden", "true").put(sign);
        el("li", "").put(sign).put(" ").put(answer.as_str())
    };
    let lines = el("ul", "preview-poll").with("lang", shown.language());
    let terms = words::poll_terms(shown.lang, poll.minutes, poll.several, poll.hidden);
    let lines = lines.put(poll.answers.iter().map(line).collect::<Vec<_>>());
    Some(el("div", "").put(lines).put(el("p", "preview-by-hand").put(terms)))
}

/// The first comment, below what it is written under.
pub fn comment(shown: &Shown<'_>) -> Plain {
    let sent = shown.rendition.as_sent(shown.channel.network);
    let said = el("p", "").with("lang", shown.language());
    let said = marked(said, &sent, (0, sent.len()), &marks(&sent, None));
    el("div", "preview-comment").put(el("p", "hint").put(shown.lang.comment_shown())).put(said)
}

/// A story: who tells it, what is seen, and what is not.
pub fn story(shown: &Shown<'_>) -> Plain {
    let name = el("strong", "").put(shown.channel.handle.trim_start_matches('@'));
    el("article", "preview-instagram preview-story")
        .put(el("div", "preview-head").put(avatar(shown)).put(el("p", "preview-who").put(name)))
        .put(pictures(shown.rendition, 1))
        .put(note(shown.lang.story_shown()))
        .put(by_hand(shown))
}

/// A reel: the video upright, below who shows it, with its text.
pub fn reel(shown: &Shown<'_>) -> Plain {
    let name = el("strong", "").put(shown.channel.name.as_str());
    el("article", "preview-facebook preview-reel")
        .put(el("div", "preview-head").put(avatar(shown)).put(el("p", "preview-who").put(name)))
        .put(pictures(shown.rendition, 0))
        .put(text(shown))
        .put(note(shown.lang.reel_shown()))
        .put(by_hand(shown))
}

/// Who is invited to share it.
pub fn invited(shown: &Shown<'_>) -> Option<Plain> {
    let all = shown.rendition.collaborators.as_ref()?;
    Some(el("p", "preview-by-hand").put(shown.lang.collaborators_said(all.written())))
}

/// Whom it mentions, and where that leads.
pub fn mentioned(shown: &Shown<'_>) -> Option<Plain> {
    let names = shown.rendition.mentioned(shown.channel.network)?;
    Some(el("p", "preview-by-hand").put(shown.lang.mentions_said(names)))
}

/// The link as a card, where the network makes one.
pub fn card(rendition: &Rendition) -> Option<Plain> {
    // A network shows pictures or a card, never both.
    let link = rendition.link.as_deref().filter(|_| !rendition.is_pictured())?;
    let title = rendition.title.as_deref().unwrap_or(link);
    Some(el("div", "preview-card").put(el("strong", "").put(title)).put(el("span", "").put(host(link))))
}

/// Where the card leads, where links are marked (`typed` is the address as it was written): of the address itself a card shows no more
/// than the host. One that stands in the text is read there.
pub fn leads(shown: &Shown<'_>, typed: Option<&str>) -> Option<Plain> {
    let link = shown.rendition.link.as_deref().filter(|link| Some(*link) != typed)?;
    let is_read = text::carries(&shown.rendition.as_sent(shown.channel.network), link);
    (!is_read).then(|| el("p", "preview-by-hand").put(shown.lang.utm_leads(link)))
}

/// The host of a web address.
pub fn host(link: &str) -> &str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// The account's picture: its initials on the organisation's colour.
pub fn avatar(shown: &Shown<'_>) -> Plain {
    el("span", "preview-avatar").with("aria-hidden", "true").put(shown.initials())
}

/// Who says it: the organisation, and what the network writes beside it.
pub fn who(shown: &Shown<'_>, beside: &str) -> Plain {
    let name = el("strong", "").put(shown.organisation);
    el("p", "preview-who").put(name).put((!beside.is_empty()).then(|| el("span", "").put(beside)))
}

/// The account as the network writes it.
pub fn handle(shown: &Shown<'_>) -> String {
    ["@", shown.channel.handle.trim_start_matches('@')].concat()
}

/// The signs below a post, which do nothing here.
pub fn acts(signs: [&str; 4]) -> Plain {
    let signs: Vec<_> = signs.into_iter().map(|sign| el("i", "").put(sign)).collect();
    el("p", "preview-acts").with("aria-hidden", "true").put(signs)
}

/// A post under who says it: words, pictures, the link's card, what else the network puts below, its signs, and whether a person
/// puts it there.
pub fn stacked(
    shown: &Shown<'_>,
    (name, beside): (&str, &str),
    below: Option<Plain>,
    signs: Option<[&str; 4]>,
) -> Plain {
    let who = el("p", "preview-who").put(el("strong", "").put(name)).put(el("span", "").put(beside));
    el("article", "preview-facebook")
        .put(el("div", "preview-head").put(avatar(shown)).put(who))
        .put(text(shown))
        .put(pictures(shown.rendition, shown.channel.limits.pictures))
        .put(document(shown))
        .put(card(shown.rendition))
        .put(below)
        .put(signs.map(acts))
        .put(by_hand(shown))
}

/// A post beside the picture of who says it.
pub fn beside(shown: &Shown<'_>, who: Plain, pictures: Option<Plain>, has_card: bool, signs: [&str; 4]) -> Plain {
    let who = who.put(el("span", "").put(shown.lang.compose_preview_now()));
    let card = if has_card { card(shown.rendition) } else { None };
    let column = el("div", "preview-column").put(who).put(text(shown)).put(pictures).put(card);
    // X has polls, and the others that are drawn so have none from us.
    let poll = takes(shown.channel.network).and_then(|_| poll(shown));
    let column = column.put(poll).put(replies(shown)).put(acts(signs));
    el("article", "preview-bluesky").put(avatar(shown)).put(column)
}

/// That a person puts it there, where one does.
pub fn by_hand(shown: &Shown<'_>) -> Option<Plain> {
    shown.channel.assisted.then(|| note(shown.lang.compose_preview_by_hand()))
}
