//! What the rules say of a content when the library is asked too. Separate from the pages that show it and the acts that obey
//! it: whatever looks at findings looks here, or one door would let out what another holds back.

use domain::{
    CampaignId, Channel, Content, Moment, Organisation, Slot,
    consent::{self, Days, Facts},
    policy::{self, Context, Finding, Mode, Rule, Waiver},
};

use crate::zones;

/// What is known of a post's pictures and video, for which campaign it is, and when it goes out.
#[derive(Debug, Clone, Copy)]
pub struct Rights<'a> {
    /// What is known of them.
    pub facts: &'a [Facts],
    /// Which campaign it belongs to.
    pub campaign: Option<&'a CampaignId>,
    /// From when on it may go out.
    pub from: Moment,
    /// Until when it may.
    pub until: Moment,
}

impl<'a> Rights<'a> {
    /// Of what goes out at a slot; today, where there is none or it is over: what is out is still to be seen.
    pub fn at(facts: &'a [Facts], campaign: Option<&'a CampaignId>, slot: Option<&Slot>, now: Moment) -> Self {
        let (from, until) = match slot {
            Some(slot) if slot.ends() > now => (slot.at.max(now), slot.ends()),
            _ => (now, now),
        };
        Self { facts, campaign, from, until }
    }

    /// The days, by the organisation's calendar.
    pub fn days(&self, organisation: &Organisation) -> Days {
        let day = |at| zones::civil(&organisation.zone, at).date();
        Days { first: day(self.from), last: day(self.until) }
    }
}

/// What the rules find, the library's among them.
pub fn findings(
    organisation: &Organisation,
    content: &Content,
    channels: &[Channel],
    rights: Rights<'_>,
) -> Vec<Finding> {
    let rules = &organisation.policy.rules;
    let mut found = policy::check(content, Context { channels, languages: &organisation.languages, rules });
    found.extend(of_library(organisation, content, channels, rights));
    found
}

/// What the library alone finds.
pub fn of_library(
    organisation: &Organisation,
    content: &Content,
    channels: &[Channel],
    rights: Rights<'_>,
) -> Vec<Finding> {
    if rights.facts.is_empty() {
        return Vec::new();
    }
    consent::look(content, channels, rights.facts, rights.campaign, rights.days(organisation))
}

/// What of it the library holds back, as far as nobody said in an emergency that it has to go out.
pub fn held_back<'a>(found: &'a [Finding], waivers: &[Waiver]) -> impl Iterator<Item = &'a Finding> {
    let waived = |finding: &Finding| {
        let fingerprint = finding.fingerprint();
        waivers.iter().any(|waiver| waiver.fingerprint == fingerprint)
    };
    found.iter().filter(move |one| one.rule == Rule::Rights && one.mode == Mode::Block && !waived(one))
}
