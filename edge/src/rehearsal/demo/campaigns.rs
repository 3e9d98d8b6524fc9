//! What the town of the demo wants to be heard about: two campaigns, one of them over, and three pillars.

use chrono::TimeDelta;
use domain::{Belonging, Campaign, CampaignId, Millis, Pillar, PillarId, Refusal, Themes, json, record::Subject};

use super::{Town, keep as keep_entry, misread};
use crate::store::{Unit, campaigns as store};

/// The word of the script, the name, the first and the last day from today, whether it is over.
const CAMPAIGNS: [(&str, &str, i64, i64, bool); 2] =
    [("recicla", "Recicla bien", -12, 40, false), ("invierno", "Villaserena en invierno", -30, -1, true)];

const PILLARS: [(&str, &str); 3] = [
    ("servicios", "Servicios que funcionan"),
    ("cultura", "Cultura y fiestas"),
    ("limpia", "Una villa limpia y sostenible"),
];

/// Keeps them.
///
/// # Errors
/// Whatever a rule refuses: then the names are wrong.
pub fn keep(town: &mut Town<'_>, unit: &mut Unit) -> Result<(), Refusal> {
    let at = town.now.minus(Millis::days(18));
    let by = town.person("secretaria")?.clone();
    let today = town.zone.civil(town.now).date();
    let day = |days: i64| today.checked_add_signed(TimeDelta::days(days)).ok_or_else(|| misread("day"));
    let themes = Themes::default();
    for (word, name, first, last, archived) in CAMPAIGNS {
        let id = CampaignId::from_bits(town.app.bits());
        let (first, last) = (Some(day(first)?), Some(day(last)?));
        let wanted = Campaign { id: id.clone(), version: 0, name: name.to_owned(), first, last, archived };
        let campaign = themes.campaign(wanted)?;
        store::keep_campaign(unit, &town.org, &campaign, at);
        let body = json!({ "what": "campaign_kept", "campaign": campaign, "name": name, "by": by });
        keep_entry(town, unit, Subject::Policy, &body, at);
        town.campaigns.push((word, id));
    }
    for (word, name) in PILLARS {
        let id = PillarId::from_bits(town.app.bits());
        let pillar = themes.pillar(Pillar { id: id.clone(), version: 0, name: name.to_owned(), archived: false })?;
        store::keep_pillar(unit, &town.org, &pillar, at);
        let body = json!({ "what": "pillar_kept", "pillar": pillar, "name": name, "by": by });
        keep_entry(town, unit, Subject::Policy, &body, at);
        town.pillars.push((word, id));
    }
    Ok(())
}

/// What a scene is filed under.
///
/// # Errors
/// `Malformed` for a word that nothing is called by.
pub fn of(town: &Town<'_>, [campaign, pillar]: &[String; 2]) -> Result<Belonging, Refusal> {
    fn found<T: Clone>(all: &[(&str, T)], word: &str) -> Result<Option<T>, Refusal> {
        if word.is_empty() {
            return Ok(None);
        }
        let one = all.iter().find(|(known, _)| *known == word).ok_or_else(|| misread(word))?;
        Ok(Some(one.1.clone()))
    }
    Ok(Belonging { campaign: found(&town.campaigns, campaign)?, pillar: found(&town.pillars, pillar)? })
}
