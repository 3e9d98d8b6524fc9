//! The frame of every page: head, band with the crest, sections, and the foot with the subscriptions.

use maud::{DOCTYPE, Markup, html};
use words::{Lang, language_endonym};

use super::{look, site::Site};

/// The sections of an organisation's pages, with their paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The noticeboard.
    Board,
    /// The events.
    Agenda,
    /// The official accounts.
    Accounts,
    /// The record's daily heads.
    Record,
}

impl Section {
    const ALL: [Section; 4] = [Section::Board, Section::Agenda, Section::Accounts, Section::Record];

    const fn path(self) -> &'static str {
        match self {
            Section::Board => "",
            Section::Agenda => "events",
            Section::Accounts => "accounts",
            Section::Record => "record",
        }
    }

    const fn name(self, lang: Lang) -> &'static str {
        match self {
            Section::Board => lang.public_board(),
            Section::Agenda => lang.public_events(),
            Section::Accounts => lang.public_accounts(),
            Section::Record => lang.public_record(),
        }
    }
}

/// What a page says of itself.
pub struct Page<'a> {
    /// Whose it is.
    pub site: &'a Site,
    /// Its section.
    pub section: Section,
    /// Its own path (`posts/…`).
    pub path: String,
    /// Its title, without the organisation's name.
    pub title: String,
    /// Two lines for search engines and social cards.
    pub description: String,
    /// The picture of its social card: path and alt text.
    pub image: Option<(String, String)>,
}

/// The whole page.
pub fn frame(page: &Page<'_>, body: Markup) -> Markup {
    let Page { site, section, path, title, description, image } = page;
    let (lang, organisation) = (site.lang, &site.organisation);
    let icon = look::emblem(site);
    let whole_title =
        if *title == organisation.name { title.clone() } else { format!("{title} · {}", organisation.name) };
    let several = organisation.languages.len() > 1;
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                title { (whole_title) }
                meta name="description" content=(description);
                meta name="theme-color" content=(look::band(organisation));
                link rel="stylesheet" href=(look::style_path(organisation));
                link rel="icon" href=(icon);
                link rel="canonical" href=(site.address(path));
                @if several {
                    @for language in &organisation.languages {
                        link rel="alternate" hreflang=(language)
                            href={ (site.address(path)) "?lang=" (language) };
                    }
                    link rel="alternate" hreflang="x-default" href=(site.address(path));
                }
                link rel="alternate" type="application/atom+xml" title=(lang.public_feed_atom()) href=(site.path("feed.atom"));
                link rel="alternate" type="application/feed+json" title=(lang.public_feed_json()) href=(site.path("feed.json"));
                link rel="alternate" type="text/calendar" title=(lang.public_feed_calendar()) href=(site.path("events.ics"));
                meta property="og:site_name" content=(organisation.name);
                meta property="og:type" content=(if path.starts_with("posts/") { "article" } else { "website" });
                meta property="og:title" content=(title);
                meta property="og:description" content=(description);
                meta property="og:url" content=(site.address(path));
                meta property="og:locale" content=(site.language);
                @if let Some((picture, alt)) = image {
                    meta property="og:image" content={ (site.origin) (picture) };
                    meta property="og:image:alt" content=(alt);
                    meta name="twitter:card" content="summary_large_image";
                }
            }
            body {
                a.skip href="#main" { (lang.public_skip()) }
                header.band {
                    div.wide {
                        a.brand href=(site.path("")) {
                            img src=(icon) alt="" width="64" height="64";
                            span { (organisation.name) }
                        }
                        @if several {
                            nav.tongues aria-label=(lang.public_languages()) {
                                @for language in &organisation.languages {
                                    a href={ "/" (organisation.slug) "/" (path) "?lang=" (language) }
                                        lang=(language) hreflang=(language)
                                        aria-current=[(*language == site.language).then_some("true")] {
                                        (language_endonym(language))
                                    }
                                }
                            }
                        }
                    }
                    nav.sections aria-label=(lang.public_sections()) {
                        ul.wide {
                            @for one in Section::ALL {
                                li {
                                    a href=(site.path(one.path()))
                                        aria-current=[(one == *section).then_some(if *path == one.path() { "page" } else { "true" })] {
                                        (one.name(lang))
                                    }
                                }
                            }
                        }
                    }
                }
                main.wide #main { (body) }
                footer {
                    div.wide {
                        section {
                            h2 { (lang.public_subscribe()) }
                            p { (lang.public_subscribe_hint()) }
                            ul {
                                li { a href=(site.path("feed.atom")) { (lang.public_feed_atom()) } }
                                li { a href=(site.path("feed.json")) { (lang.public_feed_json()) } }
                                li { a href=(site.path("events.ics")) { (lang.public_feed_calendar()) } }
                            }
                        }
                        p.made { (organisation.name) br; (lang.public_made_with()) }
                    }
                }
            }
        }
    }
}

/// A page of no organisation.
pub fn plain(lang: Lang, title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) }
                link rel="stylesheet" href=(look::PLAIN_STYLE);
            }
            body.plain { main.wide #main { h1 { (title) } (body) } }
        }
    }
}

/// The page for what does not exist.
pub fn not_found(lang: Lang, home: &str) -> Markup {
    let body = html! {
        p { (lang.public_not_found_what()) }
        p { a.button href=(home) { (lang.public_not_found_next()) } }
    };
    plain(lang, lang.public_not_found(), body)
}

/// The page for when the database is away.
pub fn unavailable(lang: Lang) -> Markup {
    plain(lang, lang.public_unavailable(), html! { p { (lang.public_unavailable_next()) } })
}

/// The notice of an empty page: what is not here, and what to do.
pub fn empty(what: &str, next: &str) -> Markup {
    html! { div.empty { p { strong { (what) } } p { (next) } } }
}
