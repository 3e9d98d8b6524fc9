//! The organisation whose pages are read, and the language they are read in.

use domain::{Language, Moment, Organisation, Slug};
use serde::Deserialize;
use serde_json::Value;
use words::Lang;

use super::visit::{Trouble, Visit, preferred};
use crate::{
    binds, clock,
    store::{json, notices::Notice, organisations},
};

/// An organisation as a visitor sees it.
pub struct Site {
    /// The organisation.
    pub organisation: Organisation,
    /// The language of the notices the visitor wants.
    pub language: Language,
    /// The language of our own words.
    pub lang: Lang,
    /// `https://host`.
    pub origin: String,
    /// What time it is.
    pub now: Moment,
    /// The public key that its decisions are verified with (JWK), once it has one.
    pub decision_key: Option<Value>,
    /// Whether the visitor chose the language; the links then keep it.
    chosen: bool,
}

impl Site {
    /// Finds the organisation of the path. One query, which also looks whether the clock that publishes still ticks.
    ///
    /// # Errors
    /// `NotFound`, `Down`.
    pub async fn open(visit: &Visit) -> Result<Self, Trouble> {
        #[derive(Deserialize)]
        struct Row {
            beat: Option<f64>,
            decision_key: Option<String>,
            organisation: organisations::Row,
        }
        let slug: Slug = visit.part("slug")?;
        let sql = format!(
            "SELECT {}, (SELECT MAX(COALESCE(cron_at, 0), COALESCE(wake_at, 0)) FROM heartbeat WHERE id = 1) AS beat,
             (SELECT public FROM organisation_key WHERE org = organisation.id) AS decision_key
             FROM organisation WHERE slug = ?1",
            organisations::COLUMNS
        );
        let row: Row = visit.app.db.first(&sql, binds![slug.as_str()]).await?.ok_or(Trouble::NotFound)?;
        clock::mind_the_beat(&visit.app, row.beat.map(|at| Moment(at as i64)).filter(|at| at.0 > 0));
        let decision_key = row.decision_key.as_deref().map(json).transpose()?;
        let organisation: Organisation = row.organisation.try_into()?;
        let chosen = visit.query("lang").and_then(|tag| spoken_here(&organisation, &tag));
        let wanted = || preferred(&visit.headers).iter().find_map(|tag| spoken_here(&organisation, tag));
        let first = organisation.languages.first().cloned().unwrap_or_else(Language::spanish);
        let language = chosen.clone().or_else(wanted).unwrap_or(first);
        let lang = Lang::of_tag(language.as_str()).unwrap_or_default();
        let (origin, now) = (visit.origin(), visit.app.now());
        Ok(Self { organisation, language, lang, origin, now, decision_key, chosen: chosen.is_some() })
    }

    /// Where a page of the organisation is (`events`; empty for the noticeboard).
    pub fn path(&self, page: &str) -> String {
        let query = if self.chosen { format!("?lang={}", self.language) } else { String::new() };
        format!("/{}/{page}{query}", self.organisation.slug)
    }

    /// The same with another field in the query.
    pub fn path_with(&self, page: &str, name: &str, value: &str) -> String {
        let path = self.path(page);
        let sign = if path.contains('?') { '&' } else { '?' };
        format!("{path}{sign}{name}={value}")
    }

    /// The whole address of a page, in no particular language.
    pub fn address(&self, page: &str) -> String {
        format!("{}/{}/{page}", self.origin, self.organisation.slug)
    }

    /// The language of a post that the visitor reads best.
    pub fn choose<'a>(&self, languages: &'a [Notice]) -> Option<&'a Notice> {
        let in_language = |wanted: &Language| {
            let exact = languages.iter().find(|notice| notice.rendition.language == *wanted);
            exact.or_else(|| languages.iter().find(|notice| notice.rendition.language.primary() == wanted.primary()))
        };
        let own = self.organisation.languages.iter();
        std::iter::once(&self.language).chain(own).find_map(in_language).or_else(|| languages.first())
    }
}

/// The language of the organisation that a tag means.
fn spoken_here(organisation: &Organisation, tag: &str) -> Option<Language> {
    let tag: Language = tag.parse().ok()?;
    let own = &organisation.languages;
    own.iter().find(|own| **own == tag).or_else(|| own.iter().find(|own| own.primary() == tag.primary())).cloned()
}
