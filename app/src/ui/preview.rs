//! A post as it will look on each network. Separate from the composer: approvals and the post page show the very same,
//! so that what is approved is what was seen.

mod bluesky;
mod body;
mod by_hand;
mod facebook;
mod instagram;
mod linkedin;
mod mastodon;
mod noticeboard;
mod telegram;
mod threads;
mod tiktok;
mod tumblr;
mod website;
mod x;
mod youtube;

use domain::{Channel, Guise, Network, Rendition};
use leptos::prelude::*;
use words::{Lang, language_name, network_name};

use super::{Plain, el, live};
use crate::state::lang;

/// What every network's drawing is given.
struct Shown<'a> {
    lang: Lang,
    zone: &'a str,
    /// The name of the organisation, as the account shows it.
    organisation: &'a str,
    channel: &'a Channel,
    rendition: &'a Rendition,
}

impl Shown<'_> {
    /// What stands in the account's round picture.
    fn initials(&self) -> String {
        let words =
            self.organisation.split_whitespace().filter(|word| word.chars().next().is_some_and(char::is_uppercase));
        words.filter_map(|word| word.chars().next()).take(2).collect()
    }
    fn language(&self) -> String {
        self.rendition.language.to_string()
    }
}

/// One destination as it will look. Nothing is said where there is no text in that language yet.
#[component]
pub fn Preview(
    /// The organisation's zone, by name.
    zone: String,
    /// The organisation's name.
    organisation: String,
    /// Where it goes.
    channel: Channel,
    /// What goes there.
    #[prop(into)]
    rendition: Signal<Option<Rendition>>,
) -> AnyView {
    live(move || rendition.with(|rendition| preview(&zone, &organisation, &channel, rendition.as_ref())).into_any())
}

/// The same of what does not change while it is looked at.
pub fn preview(zone: &str, organisation: &str, channel: &Channel, rendition: Option<&Rendition>) -> Plain {
    let lang = lang();
    let drawn = match rendition {
        None => el("p", "preview-empty").put(lang.compose_preview_empty()),
        Some(rendition) => {
            let (language, network) = (language_name(lang, &rendition.language), network_name(lang, channel.network));
            let mut drawn = el("section", "").with("aria-label", lang.compose_preview_of(language, network));
            let mut parts = rendition.parts(channel.network);
            let (many, typed) = (parts.len(), rendition.link.as_deref());
            for (place, rendition) in parts.iter_mut().enumerate() {
                if many > 1 {
                    drawn = drawn.put(el("p", "hint").put(lang.chain_part(place + 1, many)));
                }
                // A network that shows another poster is drawn without this one.
                if let Some(video) = &mut rendition.video {
                    let is_kept = |poster: &domain::Poster| channel.assisted || poster.is_kept(channel.network);
                    video.poster = video.poster.take().filter(is_kept);
                }
                let shown = Shown { lang, zone, organisation, channel, rendition };
                drawn = drawn.put(draw(&shown)).put(body::leads(&shown, typed));
                // Where it is no part of what the network shows, it still is of what is agreed to.
                if domain::poll::takes(channel.network).is_none() {
                    drawn = drawn.put(body::poll(&shown));
                }
            }
            if let Some(comment) = rendition.first_comment(channel.network) {
                drawn = drawn.put(body::comment(&Shown { lang, zone, organisation, channel, rendition: &comment }));
            }
            drawn
        }
    };
    el("div", "preview").put(drawn)
}

fn draw(shown: &Shown<'_>) -> Plain {
    match shown.rendition.guise(shown.channel.network) {
        Guise::Story => return body::story(shown),
        Guise::Reel => return body::reel(shown),
        Guise::Post => {}
    }
    match shown.channel.network {
        Network::Noticeboard => noticeboard::draw(shown),
        Network::Bluesky => bluesky::draw(shown),
        Network::Mastodon => mastodon::draw(shown),
        Network::Telegram => telegram::draw(shown),
        Network::Facebook => facebook::draw(shown),
        Network::X => x::draw(shown),
        Network::Tumblr => tumblr::draw(shown),
        Network::Youtube => youtube::draw(shown),
        Network::Tiktok => tiktok::draw(shown),
        Network::Website => website::draw(shown),
        Network::Linkedin => linkedin::draw(shown),
        Network::Instagram => instagram::draw(shown),
        Network::Threads => threads::draw(shown),
        Network::Whatsapp | Network::Nextdoor | Network::Parler | Network::Screen | Network::Paper | Network::Other => {
            by_hand::draw(shown)
        }
    }
}
