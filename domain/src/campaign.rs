//! Campaigns and pillars: why something is said, and which of the standing themes it is about. Whom it is for is in
//! `audience`, what of a pillar is to be understood in `message`; what a post belongs to of all four is here.
//! Separate from the content: none of it is said to anybody. They are facts of a post, which rules look at and later
//! reckonings go by.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Audience, AudienceId, CampaignId, Message, MessageId, PillarId, Refusal, audience::said, text::line};

/// A campaign: something that is said with a purpose, for some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its identity: posts and rules name it.
    pub id: CampaignId,
    /// Counts its changes; 0 is not kept yet.
    pub version: u64,
    /// Its name.
    pub name: String,
    /// The first day, if that is settled.
    pub first: Option<NaiveDate>,
    /// The last day, if that is settled.
    pub last: Option<NaiveDate>,
    /// What is to be different after it; empty where nobody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub goal: String,
    /// The power by which the organisation says it: a law, an ordinance, an agreement.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub basis: String,
    /// What it may cost, in whole euros; nothing where that is not settled, 0 where it is to cost nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<u32>,
    /// Whether it is over: nothing more is put into it.
    pub archived: bool,
}

/// A pillar: one of the standing themes that the organisation wants to be heard about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pillar {
    /// Its identity: posts and rules name it.
    pub id: PillarId,
    /// Counts its changes; 0 is not kept yet.
    pub version: u64,
    /// Its name.
    pub name: String,
    /// Whether it was given up: nothing more is put under it.
    pub archived: bool,
}

/// What a post belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Belonging {
    /// The campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignId>,
    /// The pillar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pillar: Option<PillarId>,
    /// The audience.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<AudienceId>,
    /// The message of the pillar that it carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
}

/// All campaigns, pillars, audiences and messages of an organisation, those that are over too: posts still name them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Themes {
    /// The campaigns.
    pub campaigns: Vec<Campaign>,
    /// The pillars.
    pub pillars: Vec<Pillar>,
    /// The audiences.
    pub audiences: Vec<Audience>,
    /// The messages.
    pub messages: Vec<Message>,
}

/// A campaign a week for ten years; the list is read whole.
pub const CAMPAIGNS: usize = 500;
/// Whoever wants to be heard about everything has no pillars.
pub const PILLARS: usize = 50;
/// The most that a campaign may cost, in euros: what is more was typed with its cents.
pub const BUDGET: u32 = 100_000_000;
/// A name, in bytes.
const NAME: usize = 200;

impl Themes {
    /// Takes a new campaign, or a changed one. Sent twice, it is one.
    ///
    /// # Errors
    /// `Malformed` without a name, `TooLarge`, `Doubled` when another has the name, `TermBackwards`, `Stale`, `NotFound`.
    pub fn campaign(&self, wanted: Campaign) -> Result<Campaign, Refusal> {
        if wanted.first.zip(wanted.last).is_some_and(|(first, last)| last < first) {
            return Err(Refusal::TermBackwards);
        }
        let all = &self.campaigns;
        let before = all.iter().find(|one| one.id == wanted.id);
        let others = all.iter().filter(|one| one.id != wanted.id).map(|one| one.name.as_str());
        let name = named(&wanted.name, others, ("campaigns", CAMPAIGNS))?;
        let (goal, basis) = (said(&wanted.goal, "goal")?, said(&wanted.basis, "basis")?);
        if wanted.budget.is_some_and(|budget| budget > BUDGET) {
            let (limit, length) = (BUDGET.into(), wanted.budget.unwrap_or_default().into());
            return Err(Refusal::TooLarge { field: "budget".to_owned(), limit, length });
        }
        let wanted = Campaign { name, goal, basis, ..wanted };
        match before {
            Some(before) if (Campaign { version: before.version, ..wanted.clone() }) == *before => Ok(before.clone()),
            before => Ok(Campaign { version: next(before.map(|one| one.version), wanted.version)?, ..wanted }),
        }
    }

    /// Takes a new pillar, or a changed one. Sent twice, it is one.
    ///
    /// # Errors
    /// As [`Themes::campaign`].
    pub fn pillar(&self, wanted: Pillar) -> Result<Pillar, Refusal> {
        let all = &self.pillars;
        let before = all.iter().find(|one| one.id == wanted.id);
        let others = all.iter().filter(|one| one.id != wanted.id).map(|one| one.name.as_str());
        let name = named(&wanted.name, others, ("pillars", PILLARS))?;
        let wanted = Pillar { name, ..wanted };
        match before {
            Some(before) if (Pillar { version: before.version, ..wanted.clone() }) == *before => Ok(before.clone()),
            before => Ok(Pillar { version: next(before.map(|one| one.version), wanted.version)?, ..wanted }),
        }
    }

    /// Whether a post that belonged to `before` may belong to `wanted`: what it names is there, nothing is put into what is
    /// over, and a message is carried under its own pillar. Where it is already it may stay.
    ///
    /// # Errors
    /// `NotFound`, `Archived`, `Malformed` for a message of another pillar.
    pub fn admit(&self, before: &Belonging, wanted: &Belonging) -> Result<(), Refusal> {
        let campaigns = self.campaigns.iter().map(|one| (&one.id, one.archived));
        let pillars = self.pillars.iter().map(|one| (&one.id, one.archived));
        open(campaigns, before.campaign.as_ref(), wanted.campaign.as_ref())?;
        let audiences = self.audiences.iter().map(|one| (&one.id, one.archived));
        open(pillars, before.pillar.as_ref(), wanted.pillar.as_ref())?;
        open(audiences, before.audience.as_ref(), wanted.audience.as_ref())?;
        let messages = self.messages.iter().map(|one| (&one.id, one.archived));
        open(messages, before.message.as_ref(), wanted.message.as_ref())?;
        let of = self.messages.iter().find(|one| Some(&one.id) == wanted.message.as_ref()).map(|one| &one.pillar);
        if of.is_some() && of != wanted.pillar.as_ref() {
            return Err(Refusal::Malformed { field: "message".to_owned() });
        }
        Ok(())
    }
}

/// A name that says something, is no novel, and is nobody else's (as people read: case does not tell two apart).
pub(crate) fn named<'a>(
    name: &str,
    others: impl Iterator<Item = &'a str>,
    (field, most): (&str, usize),
) -> Result<String, Refusal> {
    let name = line::name(name, "name", NAME)?;
    let (folded, mut count) = (name.to_lowercase(), 1_usize);
    for other in others {
        count += 1;
        if other.to_lowercase() == folded {
            return Err(Refusal::Doubled { field: "name".to_owned() });
        }
    }
    let (limit, length) = (most as u64, count as u64);
    if length > limit { Err(Refusal::TooLarge { field: field.to_owned(), limit, length }) } else { Ok(name) }
}

/// The version after the one that a change started from.
pub(crate) fn next(stands: Option<u64>, started_from: u64) -> Result<u64, Refusal> {
    match stands {
        None if started_from > 0 => Err(Refusal::NotFound),
        None => Ok(1),
        Some(current) if current == started_from => Ok(current + 1),
        Some(current) => Err(Refusal::Stale { current }),
    }
}

fn open<'a, T: PartialEq + 'a>(
    mut all: impl Iterator<Item = (&'a T, bool)>,
    before: Option<&T>,
    wanted: Option<&T>,
) -> Result<(), Refusal> {
    let Some(wanted) = wanted else { return Ok(()) };
    match all.find(|(id, _)| *id == wanted) {
        None => Err(Refusal::NotFound),
        Some((_, true)) if before != Some(wanted) => Err(Refusal::Archived),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign(n: u128, name: &str) -> Campaign {
        let id = CampaignId::from_bits(n);
        let (goal, basis, budget) = (String::new(), String::new(), None);
        Campaign {
            id,
            version: 0,
            name: name.to_owned(),
            first: None,
            last: None,
            goal,
            basis,
            budget,
            archived: false,
        }
    }

    fn pillar(n: u128, name: &str) -> Pillar {
        Pillar { id: PillarId::from_bits(n), version: 0, name: name.to_owned(), archived: false }
    }

    fn with(campaign: Campaign) -> Themes {
        Themes { campaigns: vec![campaign], ..Themes::default() }
    }

    fn day(text: &str) -> Option<NaiveDate> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_campaign_is_kept_once_however_often_it_is_sent() {
        let kept = Themes::default().campaign(campaign(1, "  Agua \n limpia ")).unwrap();
        assert_eq!((kept.version, kept.name.as_str()), (1, "Agua limpia"));
        assert_eq!(with(kept.clone()).campaign(campaign(1, "Agua limpia")), Ok(kept));
    }

    #[test]
    fn what_it_is_for_is_kept_and_what_nobody_said_is_not_written() {
        let said = |budget| Campaign { goal: " Menos \n vidrio ".to_owned(), budget, ..campaign(1, "Recicla") };
        let kept = Themes::default().campaign(said(Some(BUDGET))).unwrap();
        assert_eq!((kept.goal.as_str(), kept.basis.as_str(), kept.budget), ("Menos vidrio", "", Some(BUDGET)));
        let limit = BUDGET.into();
        let refused = Refusal::TooLarge { field: "budget".to_owned(), limit, length: limit + 1 };
        assert_eq!(Themes::default().campaign(said(Some(BUDGET + 1))), Err(refused));
        let bare = serde_json::to_value(campaign(1, "Recicla")).unwrap();
        assert_eq!(bare.as_object().map(|fields| fields.len()), Some(6), "as it was written before: {bare}");
    }

    #[test]
    fn a_change_names_the_version_that_it_started_from() {
        let kept = Themes::default().pillar(pillar(1, "Limpieza")).unwrap();
        let all = Themes { pillars: vec![kept.clone()], ..Themes::default() };
        let renamed = Pillar { name: "Una villa limpia".to_owned(), ..kept };
        assert_eq!(all.pillar(renamed.clone()).unwrap().version, 2);
        assert_eq!(all.pillar(Pillar { version: 0, ..renamed }), Err(Refusal::Stale { current: 1 }));
        assert_eq!(Themes::default().pillar(Pillar { version: 3, ..pillar(1, "Limpieza") }), Err(Refusal::NotFound));
    }

    #[test]
    fn two_of_one_name_are_not_told_apart_so_there_are_none() {
        let all = with(Themes::default().campaign(campaign(1, "Agua limpia")).unwrap());
        let doubled = Err(Refusal::Doubled { field: "name".to_owned() });
        assert_eq!(all.campaign(campaign(2, "AGUA  limpia")), doubled);
        // A pillar of that name is another thing.
        assert!(all.pillar(pillar(2, "Agua limpia")).is_ok());
    }

    #[test]
    fn a_name_says_something_and_days_run_forward() {
        let none = Themes::default();
        assert_eq!(none.campaign(campaign(1, " \t")), Err(Refusal::Malformed { field: "name".to_owned() }));
        assert_eq!(none.pillar(pillar(1, "a\u{202E}b")), Err(Refusal::Malformed { field: "name".to_owned() }));
        assert_eq!(none.pillar(pillar(1, "a\u{7}b")), Err(Refusal::Malformed { field: "name".to_owned() }));
        assert!(matches!(none.pillar(pillar(1, &"ñ".repeat(101))), Err(Refusal::TooLarge { length: 202, .. })));
        let backwards =
            Campaign { first: day("2026-06-02"), last: day("2026-06-01"), ..campaign(1, "Fiestas de la Villa") };
        assert_eq!(none.campaign(backwards.clone()), Err(Refusal::TermBackwards));
        let one_day = Campaign { last: day("2026-06-02"), ..backwards };
        assert!(none.campaign(one_day).is_ok());
    }

    #[test]
    fn there_is_an_end_to_how_many() {
        let pillars = (1..=PILLARS as u128).map(|n| Pillar { version: 1, ..pillar(n, &format!("Eje {n}")) });
        let full = Themes { pillars: pillars.collect(), ..Themes::default() };
        assert!(matches!(full.pillar(pillar(99, "Otro")), Err(Refusal::TooLarge { limit: 50, length: 51, .. })));
        let archived = Pillar { archived: true, ..full.pillars[0].clone() };
        assert!(full.pillar(archived).is_ok(), "those that are there can be changed");
    }

    #[test]
    fn nothing_is_put_into_what_is_over_but_what_is_in_it_stays() {
        let over = Campaign { version: 1, archived: true, ..campaign(1, "Agua limpia") };
        let all = with(over);
        let in_it = Belonging { campaign: Some(CampaignId::from_bits(1)), ..Belonging::default() };
        assert_eq!(all.admit(&Belonging::default(), &in_it), Err(Refusal::Archived));
        assert_eq!(all.admit(&in_it, &in_it), Ok(()));
        assert_eq!(all.admit(&in_it, &Belonging::default()), Ok(()));
        let unknown = Belonging { pillar: Some(PillarId::from_bits(1)), ..Belonging::default() };
        assert_eq!(all.admit(&Belonging::default(), &unknown), Err(Refusal::NotFound));
        let unheard = Belonging { audience: Some(AudienceId::from_bits(1)), ..Belonging::default() };
        assert_eq!(all.admit(&Belonging::default(), &unheard), Err(Refusal::NotFound));
    }
}
