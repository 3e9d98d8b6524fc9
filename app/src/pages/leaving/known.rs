//! What the lines of every list are said with: the names of channels, campaigns and people, and the town's clock. Asked
//! once for a file, and not for each of its pages.

use chrono::NaiveDate;
use domain::{
    AudienceId, CampaignId, Channel, ChannelId, Language, MemberId, Moment, PillarId, Themes,
    listing::{Column, Datum},
    zone::Zone,
};
use leptos::prelude::*;
use wire::{
    Nothing,
    campaigns::THEMES,
    channels::CHANNELS,
    people::{MEMBERS, MemberRow},
};
use words::{campaign_name, language_name, named_audience, pillar_name};

use crate::{
    api::{self, Answer},
    platform::time,
    state::{lang, session},
};

/// What is known.
#[derive(Debug, Clone)]
pub struct Known {
    /// The channels.
    pub channels: Vec<Channel>,
    /// The campaigns, pillars and audiences.
    pub themes: Themes,
    /// Who is here.
    pub members: Vec<MemberRow>,
    /// The town's clock.
    pub zone: Option<Zone>,
}

impl Known {
    /// The clock, and no names.
    pub fn bare() -> Self {
        let zone = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.clone()));
        Self { channels: Vec::new(), themes: Themes::default(), members: Vec::new(), zone }
    }

    /// All of it.
    ///
    /// # Errors
    /// As `api::call`.
    pub async fn fetched() -> Answer<Self> {
        let channels = api::call(&CHANNELS, &[], &Nothing {}).await?;
        let themes = api::call(&THEMES, &[], &Nothing {}).await?;
        let members = api::call(&MEMBERS, &[], &Nothing {}).await?;
        Ok(Self { channels, themes, members, ..Self::bare() })
    }

    /// Today, on the town's calendar.
    pub fn today(&self) -> Option<NaiveDate> {
        self.day(time::now())
    }

    /// On which day something is.
    pub fn day(&self, at: Moment) -> Option<NaiveDate> {
        self.zone.as_ref().map(|zone| zone.civil(at).date())
    }

    /// When something was.
    pub fn when(&self, at: Option<Moment>) -> Datum {
        match (at, &self.zone) {
            (Some(at), Some(zone)) => Datum::When(at, zone.civil(at)),
            _ => Datum::Nothing,
        }
    }

    /// The day and the hour, in two columns.
    pub fn apart(&self, at: Option<Moment>) -> [Datum; 2] {
        match (at, &self.zone) {
            (Some(at), Some(zone)) => {
                let civil = zone.civil(at);
                [Datum::Day(civil.date()), Datum::Hour(civil.time())]
            }
            _ => [Datum::Nothing, Datum::Nothing],
        }
    }

    /// What the clock is called.
    pub fn zone_name(&self) -> &str {
        self.zone.as_ref().map_or("", |zone| &zone.name)
    }

    /// Channels, each once.
    pub fn channels<'a>(&self, ids: impl Iterator<Item = &'a ChannelId>) -> Datum {
        let mut all: Vec<(String, String)> = Vec::new();
        for id in ids {
            if !all.iter().any(|(other, _)| other == id.as_str()) {
                let name = self.channels.iter().find(|one| one.id == *id).map(|one| one.name.clone());
                all.push((id.to_string(), name.unwrap_or_default()));
            }
        }
        Datum::Things(all)
    }

    /// One channel.
    pub fn channel(&self, id: &ChannelId) -> Datum {
        let name = self.channels.iter().find(|one| one.id == *id).map(|one| one.name.clone());
        Datum::Thing(id.to_string(), name.unwrap_or_default())
    }

    /// Somebody; of who has left, that nobody is known.
    pub fn member(&self, id: &MemberId) -> Datum {
        let name = self.members.iter().find(|one| one.id == *id).map(|one| one.name.clone());
        Datum::Thing(id.to_string(), name.unwrap_or_else(|| lang().texts_owner_gone().to_owned()))
    }

    /// A campaign, if there is one.
    pub fn campaign(&self, id: Option<&CampaignId>) -> Datum {
        let find = |id: &CampaignId| self.themes.campaigns.iter().find(|one| one.id == *id);
        thing(id, |id| find(id).map(|one| campaign_name(lang(), one)))
    }

    /// A pillar, if there is one.
    pub fn pillar(&self, id: Option<&PillarId>) -> Datum {
        let find = |id: &PillarId| self.themes.pillars.iter().find(|one| one.id == *id);
        thing(id, |id| find(id).map(|one| pillar_name(lang(), one)))
    }

    /// An audience, if there is one.
    pub fn audience(&self, id: Option<&AudienceId>) -> Datum {
        let find = |id: &AudienceId| self.themes.audiences.iter().find(|one| one.id == *id);
        thing(id, |id| find(id).map(|one| named_audience(lang(), one)))
    }
}

/// What has an identity, by the name that is found for it.
pub fn thing<T: ToString>(id: Option<&T>, name: impl FnOnce(&T) -> Option<String>) -> Datum {
    id.map_or(Datum::Nothing, |id| Datum::Thing(id.to_string(), name(id).unwrap_or_default()))
}

/// Texts in several languages.
pub fn tongues<'a>(texts: impl IntoIterator<Item = (&'a Language, &'a String)>) -> Datum {
    Datum::Tongues(texts.into_iter().map(|(language, text)| (language.to_string(), text.clone())).collect())
}

/// Languages by their names.
pub fn languages(all: &[Language]) -> Datum {
    let one = |language: &Language| (language.as_str().into(), language_name(lang(), language).into_owned());
    Datum::Codes(all.iter().map(one).collect())
}

/// A day, if there is one.
pub fn on(day: Option<NaiveDate>) -> Datum {
    day.map_or(Datum::Nothing, Datum::Day)
}

/// Whether something is so.
pub fn flag(so: bool) -> Datum {
    Datum::Flag(so, lang().general_yes().to_owned())
}

/// A column that people read.
pub const fn column(key: &'static str, head: &'static str) -> Column {
    Column { key, head: Some(head) }
}

/// A column that programs read.
pub const fn hidden(key: &'static str) -> Column {
    Column { key, head: None }
}
