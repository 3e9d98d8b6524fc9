//! A post as people see it, part by part: where it goes and how it will look there, what is said of its pictures, what
//! the rules say of it, names, a moment in words. Separate from the pages: the desk and the approver's own page show
//! the very same.

use domain::{
    Channel, Content, MemberId, Moment, Network,
    policy::{Field, Finding, Mode, Waiver},
};
use leptos::prelude::*;
use words::{Lang, language_name, network_name};

use crate::{
    platform::time::{self, Form},
    state::{lang, session},
    ui::{preview::Preview, unique},
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
    let (class, letters) = match network {
        Network::Noticeboard => ("noticeboard", "T"),
        Network::Bluesky => ("bluesky", "B"),
        Network::Mastodon => ("mastodon", "M"),
        Network::Telegram => ("telegram", "Tg"),
        Network::Facebook => ("facebook", "F"),
        Network::Whatsapp => ("whatsapp", "W"),
        Network::Other => ("other", "O"),
    };
    view! {
        <span class="mark" data-network=class title=network_name(lang(), network) aria-hidden="true">{letters}</span>
    }
    .into_any()
}

/// Exactly what goes out: every destination of a content, as it will look.
pub fn destinations(content: &Content, channels: &[Channel]) -> AnyView {
    let lang = lang();
    let (zone, organisation) = session()
        .me
        .with_untracked(|me| me.as_ref().map(|me| (me.organisation.zone.clone(), me.organisation.name.clone())))
        .unwrap_or_default();
    let drawn = content.destinations().filter_map(|(id, language)| {
        let channel = channels.iter().find(|channel| channel.id == *id)?.clone();
        let rendition = content.rendition(id, language);
        let name = channel.name.clone();
        let language = words::language_name(lang, language);
        let heading = unique("destination");
        let labelled_by = heading.clone();
        Some(view! {
            <article class="destination" aria-labelledby=labelled_by>
                <header class="destination-head" id=heading>
                    {mark(channel.network)}
                    <b>{name}</b>
                    <span class="hint">{language}</span>
                </header>
                <Preview zone=zone.clone() organisation=organisation.clone() channel
                    rendition=Signal::stored(rendition) />
            </article>
        })
    });
    view! { <div class="previews">{drawn.collect::<Vec<_>>()}</div> }.into_any()
}

/// The pictures with what is said of them, to read: what a preview hides in an attribute.
pub fn described(lang: Lang, content: &Content) -> AnyView {
    if content.pictures.is_empty() {
        return ().into_any();
    }
    let lines = content.pictures.iter().enumerate().flat_map(|(index, picture)| {
        picture.alt.iter().map(move |(language, alt)| {
            view! {
                <li>
                    <b>{lang.compose_picture_number(index + 1)}" · "{words::language_name(lang, language)}</b>
                    <span lang=language.to_string()>{alt.clone()}</span>
                </li>
            }
        })
    });
    view! {
        <section class="described">
            <h3>{lang.approvals_described()}</h3>
            <ul>{lines.collect::<Vec<_>>()}</ul>
        </section>
    }
    .into_any()
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
        return view! { <p class="findings-none">{lang.approvals_no_findings()}</p> }.into_any();
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
            view! { <p class="finding-reason">{lang.approvals_waived(name_of(names, &waiver.by), waiver.reason.clone())}</p> }
        });
        let place = finding.place.language.as_ref().map(|language| language_name(lang, language));
        let channel = finding.place.channel.as_ref().map(|id| channel_name(channels, id));
        let picture = match finding.place.field {
            Field::Picture { index } => Some(lang.compose_picture_number(index + 1)),
            _ => None,
        };
        view! {
            <li class=class>
                <p>
                    {[channel, picture, place.map(|name| name.to_string())].into_iter().flatten()
                        .map(|text| view! { <span class="finding-where">{text}</span> }).collect::<Vec<_>>()}
                    {sentence.what}
                </p>
                {waived}
            </li>
        }
    });
    view! {
        <section class="findings-box">
            <h3>{lang.approvals_findings()}</h3>
            <ul class="findings">{lines.collect::<Vec<_>>()}</ul>
        </section>
    }
    .into_any()
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
