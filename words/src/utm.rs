//! What is said of the marks in links. Separate because the composer, whoever agrees and the engine's own pages say the very same.

use domain::{Utm, utm::Host};

use crate::Lang;

fn sites(utm: &Utm) -> String {
    utm.hosts().iter().map(Host::as_str).collect::<Vec<_>>().join(", ")
}

/// To which websites, and of which campaign.
pub fn utm(lang: Lang, utm: &Utm) -> String {
    match utm.campaign() {
        Some(tag) => lang.utm_on_campaign(sites(utm), tag.as_str()),
        None => sites(utm),
    }
}

/// What becomes of the links.
pub fn utm_explained(lang: Lang, utm: &Utm) -> String {
    lang.utm_explained(utm.parameters("…"), sites(utm))
}

/// What changed in them.
pub fn utm_changed(lang: Lang, before: Option<&Utm>, after: Option<&Utm>) -> String {
    let said = |one: Option<&Utm>| one.map_or_else(|| lang.difference_none().to_owned(), |one| utm(lang, one));
    lang.utm_changed(said(after), said(before))
}
