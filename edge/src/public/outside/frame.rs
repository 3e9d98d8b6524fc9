//! The frame of these pages: whose they are, and nothing else. No menu: there is nowhere to go from here.

use domain::Organisation;
use maud::{DOCTYPE, Markup, html};
use words::{Lang, Sentence};

use crate::public::{frame::plain, look};

/// A page of an organisation on which somebody decides.
pub fn page(organisation: &Organisation, lang: Lang, title: &str, body: Markup) -> Markup {
    let parts = Parts { kind: "review", beside: html! {}, foot: lang.outside_only_you() };
    sheet(organisation, lang, title, &parts, body)
}

/// What one kind of page has and another has not.
pub struct Parts<'a> {
    /// The classes of its body.
    pub kind: &'static str,
    /// What stands in the head beside whose it is.
    pub beside: Markup,
    /// The last line.
    pub foot: &'a str,
}

/// A page of an organisation that is shown to whoever has its address.
pub fn sheet(organisation: &Organisation, lang: Lang, title: &str, parts: &Parts<'_>, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="robots" content="noindex,nofollow";
                title { (title) " · " (organisation.name) }
                link rel="stylesheet" href=(look::style_path(organisation));
                link rel="stylesheet" href=(look::outside_path());
                link rel="icon" href=(look::emblem_of(organisation));
            }
            body class=(parts.kind) {
                a.skip href="#main" { (lang.public_skip()) }
                header.band {
                    div.wide {
                        span.brand {
                            img src=(look::emblem_of(organisation)) alt="" width="64" height="64";
                            span { (organisation.name) }
                        }
                        (parts.beside)
                    }
                }
                main.wide #main tabindex="-1" { (body) }
                footer { div.wide { p.made { (parts.foot) } } }
            }
        }
    }
}

/// For a link that is none: cut by a mail program, or long over.
pub fn unknown(lang: Lang) -> Markup {
    plain(lang, lang.outside_unknown_what(), html! { p { (lang.outside_unknown_next()) } })
}

/// For a form that did not stand on this page.
pub fn foreign(lang: Lang) -> Markup {
    let sentence = words::refusal(lang, &domain::Refusal::ForeignRequest);
    plain(lang, &sentence.what, html! { p { (lang.outside_foreign_next()) } })
}

/// What went wrong, where a screen reader says it first.
pub fn alert(sentence: &Sentence) -> Markup {
    html! { p.alert #alert role="alert" { strong { (sentence.what) } " " (sentence.next) } }
}

/// The field for a code, and its button.
pub fn code_form(action: &str, csrf: &str, label: &str, button: &str, wrong: bool) -> Markup {
    html! {
        form method="post" action=(action) autocomplete="off" {
            input type="hidden" name="csrf" value=(csrf);
            label for="code" { (label) }
            input.code #code name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12"
                pattern="[0-9 ]{8,12}" required aria-invalid=[wrong.then_some("true")]
                aria-describedby=[wrong.then_some("alert")];
            button.button.strong { (button) }
        }
    }
}
