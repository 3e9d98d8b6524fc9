//! Consents: whether people who can be recognised in a picture or a video said that it may be used, where, for what and until
//! when. Separate from the library: what is said of a file helps to find it; what people allowed decides whether it goes out.
//! GDPR art. 4(11), 7 and 17; LO 1/1982 art. 2, 3 and 8; LOPDGDD art. 7 (from fourteen one consents oneself).

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    CampaignId, Channel, ConsentId, Content, MediaId, Millis, Moment, Network, Refusal,
    policy::{Evidence, Field, Finding, Mode, Place, Rule},
    text::line,
};

/// Whether people can be recognised in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    /// Nobody has said.
    #[default]
    Unsaid,
    /// Nobody can be recognised.
    Nobody,
    /// Only who holds a public office, in a public act, or who is there by the way in a public event: no consent is asked
    /// for (LO 1/1982 art. 8.2).
    Public,
    /// People who have to consent.
    Persons,
}

impl Shows {
    /// Every answer, in the order in which a form offers them.
    pub const ALL: [Shows; 4] = [Shows::Unsaid, Shows::Nobody, Shows::Public, Shows::Persons];
}

/// How old whoever is seen was when they consented: no day of birth is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Age {
    /// Of age.
    #[default]
    Adult,
    /// A minor of fourteen or more, who consents to the use of their own data.
    Fourteen,
    /// Under fourteen: whoever has parental authority consents.
    Child,
}

impl Age {
    /// Every age, in the order in which a form offers them.
    pub const ALL: [Age; 3] = [Age::Adult, Age::Fourteen, Age::Child];
}

/// Who gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Giver {
    /// Whoever is seen.
    #[default]
    Themselves,
    /// Their parents or guardians.
    Guardians,
}

impl Giver {
    /// Both, in the order in which a form offers them.
    pub const ALL: [Giver; 2] = [Giver::Themselves, Giver::Guardians];
}

/// Where it may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// On what the organisation runs itself: its noticeboard and its website.
    #[default]
    Own,
    /// On social networks.
    Social,
    /// On both.
    Any,
}

impl Scope {
    /// Every scope, in the order in which a form offers them.
    pub const ALL: [Scope; 3] = [Scope::Own, Scope::Social, Scope::Any];

    /// Whether a network is within it.
    pub const fn covers(self, network: Network) -> bool {
        let own = matches!(network, Network::Noticeboard | Network::Website);
        match self {
            Scope::Own => own,
            // A screen in a window and a paper are neither: who agreed to the one or to the other did not speak of them.
            Scope::Social => !own && network.is_online(),
            Scope::Any => true,
        }
    }
}

/// What somebody allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Its identity.
    pub id: ConsentId,
    /// Counts its changes; 0 is not kept yet.
    pub version: u64,
    /// Who, as the organisation writes it: a register's number, a group, a name only where nothing else will do. Empty of one
    /// that is over and whose name was erased: it still bars.
    pub who: String,
    /// How old they are.
    pub age: Age,
    /// Who gave it.
    pub giver: Giver,
    /// Where it may be used.
    pub scope: Scope,
    /// For this campaign only.
    pub campaign: Option<CampaignId>,
    /// From this day on.
    #[serde(with = "crate::slot::day")]
    pub first: NaiveDate,
    /// To the end of this day. There is always one: what has no end is never asked for again.
    #[serde(with = "crate::slot::day")]
    pub last: NaiveDate,
    /// Where it is written: a register's number, the name of a file. The paper itself stays where it is kept.
    pub proof: String,
    /// When it was taken back.
    pub withdrawn: Option<Moment>,
}

/// "Who" and the proof, each in bytes: a reference, not a file on somebody.
const TEXT: usize = 200;
/// Ten years: after longer nobody knows what they agreed to, and is asked again.
pub const LONGEST: Months = Months::new(120);
/// A group has one line; a picture with more lines than this is a crowd.
pub const MOST: usize = 50;
/// How long it is kept of what is over whose it was: until nobody can be held to account for it any more (LOPDGDD art. 72.1:
/// three years).
pub const KEPT: Millis = Millis::days(3 * 366);

/// Takes a consent, a new one or a changed one, among those of the same picture. Sent twice, it is one. Of one that was taken
/// back nothing is changed, but whose it was can be erased: then neither words nor proof are given.
///
/// # Errors
/// `Malformed`, `TooLarge`, `TermBackwards`, `LongConsent`, `GuardianWanted`, `Stale`, `NotFound`, `WrongState` for one that was
/// taken back, or whose words stand at another one.
pub fn keep(all: &[Consent], wanted: Consent) -> Result<Consent, Refusal> {
    let before = all.iter().find(|one| one.id == wanted.id);
    if let Some(before) =
        before.filter(|one| one.withdrawn.is_some() && wanted.who.is_empty() && wanted.proof.is_empty())
    {
        return erase(all, before, wanted.version);
    }
    let wanted = Consent {
        who: line::name(&wanted.who, "who", TEXT)?,
        proof: line::name(&wanted.proof, "proof", TEXT)?,
        ..wanted
    };
    if wanted.last < wanted.first {
        return Err(Refusal::TermBackwards);
    }
    if wanted.first.checked_add_months(LONGEST).is_none_or(|longest| wanted.last > longest) {
        return Err(Refusal::LongConsent);
    }
    if wanted.age == Age::Child && wanted.giver != Giver::Guardians {
        return Err(Refusal::GuardianWanted);
    }
    match before {
        Some(before) if before.withdrawn.is_some() => Err(Refusal::WrongState),
        Some(before) if (Consent { version: before.version, ..wanted.clone() }) == *before => Ok(before.clone()),
        Some(before) if before.version != wanted.version => Err(Refusal::Stale { current: before.version }),
        None if wanted.version != 0 => Err(Refusal::NotFound),
        None if all.len() >= MOST => {
            Err(Refusal::TooLarge { field: "consents".to_owned(), limit: MOST as u64, length: all.len() as u64 + 1 })
        }
        _ => Ok(Consent { version: wanted.version + 1, withdrawn: None, ..wanted }),
    }
}

/// Erases whose a consent was that was taken back. Not while the same words stand at one that was not: who consented again
/// would be barred by one that nobody knows to be theirs.
fn erase(all: &[Consent], before: &Consent, version: u64) -> Result<Consent, Refusal> {
    if before.who.is_empty() {
        return Ok(before.clone());
    }
    if version != before.version {
        return Err(Refusal::Stale { current: before.version });
    }
    if all.iter().any(|one| one.withdrawn.is_none() && one.is_of(before)) {
        return Err(Refusal::WrongState);
    }
    Ok(Consent { version: version + 1, who: String::new(), proof: String::new(), ..before.clone() })
}

/// Notes that a consent is taken back, and with it whatever else whoever gave it consented to in the same picture: who takes
/// their word back takes all of it back. What they give afterwards counts. Empty where that was noted already.
///
/// # Errors
/// `NotFound`, `Stale`.
pub fn withdraw(all: &[Consent], id: &ConsentId, version: u64, now: Moment) -> Result<Vec<Consent>, Refusal> {
    let named = all.iter().find(|one| one.id == *id).ok_or(Refusal::NotFound)?;
    // Twice: an answer that was lost.
    if named.withdrawn.is_some() {
        return Ok(Vec::new());
    }
    if named.version != version {
        return Err(Refusal::Stale { current: named.version });
    }
    let theirs = all.iter().filter(|one| one.withdrawn.is_none() && one.is_of(named));
    Ok(theirs.map(|one| Consent { version: one.version + 1, withdrawn: Some(now), ..one.clone() }).collect())
}

/// Of what is deleted: takes back a consent, with whatever else whoever gave it consented to there, and erases whose they were. That
/// they were taken back stays, and bars if the file comes back. Empty where it is nobody's any more.
///
/// # Errors
/// `NotFound`.
pub fn forget(all: &[Consent], id: &ConsentId, now: Moment) -> Result<Vec<Consent>, Refusal> {
    let named = all.iter().find(|one| one.id == *id).ok_or(Refusal::NotFound)?;
    if named.who.is_empty() {
        return Ok(Vec::new());
    }
    let theirs = all.iter().filter(|one| one.is_of(named));
    let nobody = |one: &Consent| Consent {
        version: one.version + 1,
        who: String::new(),
        proof: String::new(),
        withdrawn: Some(one.withdrawn.unwrap_or(now)),
        ..one.clone()
    };
    Ok(theirs.map(nobody).collect())
}

/// A day as numbers: year, month, day of the month. For who writes it in words.
pub fn parts(day: NaiveDate) -> (i32, u32, u32) {
    (day.year(), day.month(), day.day())
}

/// The days on which something may go out: that of its hour, and that of the end of its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub first: NaiveDate,
    /// The last.
    pub last: NaiveDate,
}

/// What is known of a stored picture or video that a post has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Which one, as it stands in the content.
    pub media: MediaId,
    /// Counts every change of what is known of it.
    pub version: u64,
    /// Whether people can be recognised.
    pub shows: Shows,
    /// The last day of its licence, if it has one.
    pub until: Option<NaiveDate>,
    /// What they consented to.
    pub consents: Vec<Consent>,
}

/// Why it may not be used. Nobody is named: who reads a finding may be from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Flaw {
    /// It shows people, and nobody's consent is registered.
    Nobody,
    /// A consent was taken back.
    Withdrawn,
    /// A consent ended, or ends before the post could go out.
    Ended {
        /// Its last day.
        #[serde(with = "crate::slot::day")]
        last: NaiveDate,
    },
    /// A consent has not begun.
    Early {
        /// Its first day.
        #[serde(with = "crate::slot::day")]
        first: NaiveDate,
    },
    /// A consent is for another campaign.
    Campaign,
    /// A consent is not for that channel.
    Channel {
        /// Where it holds.
        scope: Scope,
    },
    /// The licence ended, or ends before the post could go out.
    Licence {
        /// Its last day.
        #[serde(with = "crate::slot::day")]
        last: NaiveDate,
    },
    /// Nobody said whether people can be recognised in it. That is asked, and stops nothing.
    Unsaid,
}

impl Consent {
    /// Whether it is of the same as another: under the same words. One that has lost its words is of nobody else's.
    pub fn is_of(&self, other: &Consent) -> bool {
        self.id == other.id || (!self.who.is_empty() && self.who.to_lowercase() == other.who.to_lowercase())
    }

    /// What speaks against relying on it. Without a network, whatever holds on all of them.
    pub fn flaw(&self, network: Option<Network>, campaign: Option<&CampaignId>, days: Days) -> Option<Flaw> {
        if self.withdrawn.is_some() {
            Some(Flaw::Withdrawn)
        } else if self.last < days.last {
            Some(Flaw::Ended { last: self.last })
        } else if days.first < self.first {
            Some(Flaw::Early { first: self.first })
        } else if self.campaign.is_some() && self.campaign.as_ref() != campaign {
            Some(Flaw::Campaign)
        } else if network.is_some_and(|network| !self.scope.covers(network)) {
            Some(Flaw::Channel { scope: self.scope })
        } else {
            None
        }
    }
}

impl Facts {
    /// What speaks against its use. Everybody who is seen must have a consent that holds; who consented again under the
    /// same words is one person, and the consent that holds counts.
    pub fn flaw(&self, network: Option<Network>, campaign: Option<&CampaignId>, days: Days) -> Option<Flaw> {
        if let Some(last) = self.until.filter(|last| *last < days.last) {
            return Some(Flaw::Licence { last });
        }
        if self.shows != Shows::Persons {
            return None;
        }
        if self.consents.is_empty() {
            return Some(Flaw::Nobody);
        }
        let of = |who: &Consent| {
            let mut theirs = self.consents.iter().filter(|one| one.is_of(who));
            let flaw = |one: &Consent| one.flaw(network, campaign, days);
            let first = theirs.next().and_then(flaw)?;
            // The last one that was given says most of where they stand.
            theirs.try_fold(first, |_, one| flaw(one))
        };
        self.consents.iter().find_map(of)
    }
}

/// Looks at the pictures and the video of a content: what blocks it, on which channel if not on all; and of which of them nobody
/// said whether people are seen, which is only told.
pub fn look(
    content: &Content,
    channels: &[Channel],
    facts: &[Facts],
    campaign: Option<&CampaignId>,
    days: Days,
) -> Vec<Finding> {
    let pictures = content.pictures.iter().enumerate();
    let pictures = pictures.map(|(index, picture)| (Field::Picture { index }, &picture.media));
    let video = content.video.iter().map(|video| (Field::Video, &video.media));
    let poster = content.video.iter().filter_map(|video| video.poster.as_ref());
    let poster = poster.map(|poster| (Field::Video, &poster.media));
    let mut found = Vec::new();
    for (field, media) in pictures.chain(video).chain(poster) {
        let Some(known) = facts.iter().find(|one| one.media == *media) else { continue };
        let mut find = |channel, mode, flaw| {
            let place = Place { channel, language: None, field, range: None };
            let evidence = Evidence::Rights { media: media.clone(), flaw };
            found.push(Finding { rule: Rule::Rights, mode, place, evidence });
        };
        if let Some(flaw) = known.flaw(None, campaign, days) {
            find(None, Mode::Block, flaw);
            continue;
        }
        if known.shows == Shows::Unsaid {
            find(None, Mode::Warn, Flaw::Unsaid);
        }
        for target in &content.targets {
            let network = channels.iter().find(|channel| channel.id == target.channel).map(|channel| channel.network);
            if let Some(flaw) = network.and_then(|network| known.flaw(Some(network), campaign, days)) {
                find(Some(target.channel.clone()), Mode::Block, flaw);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::draft::bench;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn on(text: &str) -> Days {
        Days { first: day(text), last: day(text) }
    }

    fn consent(n: u128, who: &str) -> Consent {
        Consent {
            id: ConsentId::from_bits(n),
            version: 0,
            who: who.to_owned(),
            age: Age::Adult,
            giver: Giver::Themselves,
            scope: Scope::Any,
            campaign: None,
            first: day("2026-01-01"),
            last: day("2026-12-31"),
            proof: "REG-2026-14".to_owned(),
            withdrawn: None,
        }
    }

    fn facts(consents: Vec<Consent>) -> Facts {
        Facts { media: MediaId::from_bits(1), version: 1, shows: Shows::Persons, until: None, consents }
    }

    fn flaw(consents: Vec<Consent>, network: Network, days: Days) -> Option<Flaw> {
        facts(consents).flaw(Some(network), None, days)
    }

    #[test]
    fn who_can_be_recognised_has_to_consent_and_who_holds_an_office_does_not() {
        let mut facts = facts(vec![]);
        assert_eq!(facts.flaw(None, None, on("2026-06-01")), Some(Flaw::Nobody));
        for shows in [Shows::Unsaid, Shows::Nobody, Shows::Public] {
            facts.shows = shows;
            assert_eq!(facts.flaw(None, None, on("2026-06-01")), None, "{shows:?}");
        }
    }

    #[test]
    fn it_holds_from_its_first_day_to_the_end_of_its_last() {
        let holds = |days: Days| flaw(vec![consent(1, "Ana")], Network::Bluesky, days);
        assert_eq!(holds(on("2025-12-31")), Some(Flaw::Early { first: day("2026-01-01") }));
        assert_eq!(holds(on("2026-01-01")), None);
        assert_eq!(holds(on("2026-12-31")), None);
        assert_eq!(holds(on("2027-01-01")), Some(Flaw::Ended { last: day("2026-12-31") }));
        // Placed on the last evening, it could still go out after midnight.
        let over_midnight = Days { first: day("2026-12-31"), last: day("2027-01-01") };
        assert_eq!(holds(over_midnight), Some(Flaw::Ended { last: day("2026-12-31") }));
    }

    #[test]
    fn own_channels_and_social_networks_are_two_things() {
        let june = on("2026-06-01");
        for network in Network::ALL {
            let with = |scope| flaw(vec![Consent { scope, ..consent(1, "Ana") }], network, june).is_none();
            assert!(with(Scope::Any));
            let own = matches!(network, Network::Noticeboard | Network::Website);
            assert_eq!(with(Scope::Own), own, "{network:?}");
            assert_eq!(with(Scope::Social), !own && network.is_online(), "{network:?}");
        }
    }

    #[test]
    fn one_who_takes_it_back_is_enough_and_the_consent_of_another_does_not_stand_in() {
        let june = on("2026-06-01");
        let back = Consent { withdrawn: Some(Moment(1)), ..consent(2, "Luis") };
        assert_eq!(flaw(vec![consent(1, "Ana"), back.clone()], Network::Bluesky, june), Some(Flaw::Withdrawn));
        let again = consent(3, "LUIS");
        assert_eq!(flaw(vec![consent(1, "Ana"), back, again], Network::Bluesky, june), None);
    }

    #[test]
    fn a_new_consent_takes_the_place_of_one_that_ended() {
        let old = Consent { last: day("2026-03-31"), ..consent(1, "Ana") };
        assert_eq!(
            flaw(vec![old.clone()], Network::Bluesky, on("2026-06-01")),
            Some(Flaw::Ended { last: day("2026-03-31") })
        );
        assert_eq!(flaw(vec![old, consent(2, "ana")], Network::Bluesky, on("2026-06-01")), None);
    }

    #[test]
    fn what_was_given_for_a_campaign_holds_in_no_other() {
        let fair = CampaignId::from_bits(7);
        let facts = facts(vec![Consent { campaign: Some(fair.clone()), ..consent(1, "Ana") }]);
        assert_eq!(facts.flaw(None, Some(&fair), on("2026-06-01")), None);
        assert_eq!(facts.flaw(None, None, on("2026-06-01")), Some(Flaw::Campaign));
        assert_eq!(facts.flaw(None, Some(&CampaignId::from_bits(8)), on("2026-06-01")), Some(Flaw::Campaign));
    }

    #[test]
    fn a_licence_ends_whoever_is_seen() {
        let facts = Facts { until: Some(day("2026-05-31")), shows: Shows::Nobody, ..facts(vec![]) };
        assert_eq!(facts.flaw(None, None, on("2026-05-31")), None);
        assert_eq!(facts.flaw(None, None, on("2026-06-01")), Some(Flaw::Licence { last: day("2026-05-31") }));
    }

    #[test]
    fn under_fourteen_somebody_else_consents_and_above_they_do() {
        let with = |age, giver| keep(&[], Consent { age, giver, ..consent(1, "Alumnado de 3.º") });
        assert_eq!(with(Age::Child, Giver::Themselves), Err(Refusal::GuardianWanted));
        for (age, giver) in [
            (Age::Child, Giver::Guardians),
            (Age::Fourteen, Giver::Themselves),
            (Age::Fourteen, Giver::Guardians),
            (Age::Adult, Giver::Themselves),
            // Somebody of age who is represented.
            (Age::Adult, Giver::Guardians),
        ] {
            assert!(with(age, giver).is_ok(), "{age:?} {giver:?}");
        }
    }

    #[test]
    fn it_has_words_a_proof_and_an_end_within_ten_years() {
        let no = |wanted: Consent| keep(&[], wanted).unwrap_err();
        assert_eq!(no(consent(1, "  ")), Refusal::Malformed { field: "who".to_owned() });
        assert_eq!(no(consent(1, "Ana\u{202E}")), Refusal::Malformed { field: "who".to_owned() });
        assert_eq!(
            no(Consent { proof: String::new(), ..consent(1, "Ana") }),
            Refusal::Malformed { field: "proof".to_owned() }
        );
        assert_eq!(no(Consent { last: day("2025-12-31"), ..consent(1, "Ana") }), Refusal::TermBackwards);
        assert_eq!(no(Consent { last: day("2036-01-02"), ..consent(1, "Ana") }), Refusal::LongConsent);
        assert!(keep(&[], Consent { last: day("2036-01-01"), ..consent(1, "Ana") }).is_ok());
        assert!(matches!(no(consent(1, &"a".repeat(201))), Refusal::TooLarge { .. }));
    }

    #[test]
    fn what_was_taken_back_is_not_changed_any_more_and_two_do_not_write_over_each_other() {
        let kept = keep(&[], consent(1, "Ana")).unwrap();
        assert_eq!(kept.version, 1);
        let all = [kept.clone()];
        assert_eq!(keep(&all, consent(1, "Ana")), Ok(kept.clone()), "sent twice");
        let change = |version| Consent { version, scope: Scope::Own, ..consent(1, "Ana") };
        assert_eq!(keep(&all, change(0)), Err(Refusal::Stale { current: 1 }));
        assert_eq!(keep(&all, change(1)).map(|kept| kept.version), Ok(2));
        let all = [Consent { withdrawn: Some(Moment(1)), ..kept }];
        assert_eq!(keep(&all, change(1)), Err(Refusal::WrongState));
    }

    #[test]
    fn whose_it_was_is_erased_once_it_is_taken_back_and_it_goes_on_barring() {
        let june = on("2026-06-01");
        let back = Consent { version: 2, withdrawn: Some(Moment(1)), ..consent(1, "Ana López") };
        let blank = |version| Consent { version, who: String::new(), proof: String::new(), ..consent(1, "") };
        let erased = keep(std::slice::from_ref(&back), blank(2)).unwrap();
        assert_eq!((erased.who.as_str(), erased.proof.as_str(), erased.version), ("", "", 3));
        assert_eq!(erased.withdrawn, back.withdrawn);
        assert_eq!(keep(std::slice::from_ref(&erased), blank(2)), Ok(erased.clone()), "sent twice");
        assert_eq!(keep(std::slice::from_ref(&back), blank(1)), Err(Refusal::Stale { current: 2 }));
        assert_eq!(flaw(vec![consent(2, "Luis"), erased], Network::Bluesky, june), Some(Flaw::Withdrawn));
        // Nobody would know that who consented again is the same one.
        assert_eq!(keep(&[back, consent(3, "ana lópez")], blank(2)), Err(Refusal::WrongState));
        // One that holds is changed, not emptied.
        let running = Consent { version: 2, ..consent(1, "Ana") };
        assert_eq!(keep(&[running], blank(2)), Err(Refusal::Malformed { field: "who".to_owned() }));
    }

    #[test]
    fn who_is_forgotten_has_taken_all_of_it_back() {
        let before = Consent { withdrawn: Some(Moment(5)), ..consent(1, "Ana") };
        let all = [before, consent(2, "ANA"), consent(3, "Luis")];
        let gone = forget(&all, &all[1].id, Moment(9)).unwrap();
        assert_eq!(gone.iter().map(|one| &one.id).collect::<Vec<_>>(), [&all[0].id, &all[1].id]);
        assert_eq!(gone.iter().map(|one| one.withdrawn).collect::<Vec<_>>(), [Some(Moment(5)), Some(Moment(9))]);
        assert!(gone.iter().all(|one| one.who.is_empty() && one.proof.is_empty() && one.version == 1));
        assert_eq!(forget(&gone, &gone[0].id, Moment(10)), Ok(vec![]));
        assert_eq!(forget(&gone, &all[2].id, Moment(10)), Err(Refusal::NotFound));
    }

    #[test]
    fn who_takes_their_word_back_takes_all_of_it_back_and_what_they_give_afterwards_counts() {
        let june = on("2026-06-01");
        let all = [Consent { scope: Scope::Own, ..consent(1, "Ana") }, consent(2, "ANA"), consent(3, "Luis")];
        let back = withdraw(&all, &all[0].id, 0, Moment(9)).unwrap();
        assert_eq!(
            back.iter().map(|one| (&one.id, one.version)).collect::<Vec<_>>(),
            [(&all[0].id, 1), (&all[1].id, 1)]
        );
        assert!(back.iter().all(|one| one.withdrawn == Some(Moment(9))));
        let mut now = back.clone();
        now.push(all[2].clone());
        assert_eq!(flaw(now.clone(), Network::Bluesky, june), Some(Flaw::Withdrawn));
        assert_eq!(withdraw(&now, &all[1].id, 0, Moment(10)), Ok(vec![]), "twice");
        assert_eq!(withdraw(&all, &all[0].id, 7, Moment(9)), Err(Refusal::Stale { current: 0 }));
        assert_eq!(withdraw(&all, &ConsentId::from_bits(99), 0, Moment(9)), Err(Refusal::NotFound));
        now.push(consent(4, "ana"));
        assert_eq!(flaw(now, Network::Bluesky, june), None);
    }

    #[test]
    fn what_a_content_lacks_is_said_once_for_all_channels_or_for_the_one_it_concerns() {
        let town = bench::town();
        let mut content = bench::notice();
        content.pictures = vec![bench::picture("La plaza")];
        content.targets = vec![bench::target(bench::noticeboard(), &["es"]), bench::target(bench::bluesky(), &["es"])];
        let media = content.pictures[0].media.clone();
        let look = |consents| {
            let facts = Facts { media: media.clone(), ..facts(consents) };
            let found = look(&content, &town.channels, &[facts], None, on("2026-06-01"));
            found.into_iter().map(|finding| (finding.place.channel, finding.evidence)).collect::<Vec<_>>()
        };
        let rights = |flaw| Evidence::Rights { media: media.clone(), flaw };
        assert_eq!(look(vec![]), [(None, rights(Flaw::Nobody))]);
        assert_eq!(look(vec![consent(1, "Ana")]), []);
        let own = Consent { scope: Scope::Own, ..consent(1, "Ana") };
        assert_eq!(look(vec![own]), [(Some(bench::bluesky()), rights(Flaw::Channel { scope: Scope::Own }))]);
    }

    #[test]
    fn that_nobody_said_whether_people_are_seen_is_told_and_blocks_nothing() {
        let town = bench::town();
        let mut content = bench::notice();
        content.pictures = vec![bench::picture("La plaza")];
        let media = content.pictures[0].media.clone();
        let look = |shows, until| {
            let facts = Facts { media: media.clone(), shows, until, ..facts(vec![]) };
            let found = look(&content, &town.channels, &[facts], None, on("2026-06-01"));
            found.into_iter().map(|finding| (finding.mode, finding.place.field, finding.evidence)).collect::<Vec<_>>()
        };
        let rights = |mode, flaw| {
            let evidence = Evidence::Rights { media: media.clone(), flaw };
            vec![(mode, Field::Picture { index: 0 }, evidence)]
        };
        assert_eq!(look(Shows::Unsaid, None), rights(Mode::Warn, Flaw::Unsaid));
        // What stops it is the one thing to mend first.
        let over = day("2026-05-31");
        assert_eq!(look(Shows::Unsaid, Some(over)), rights(Mode::Block, Flaw::Licence { last: over }));
        for shows in [Shows::Nobody, Shows::Public] {
            assert_eq!(look(shows, None), vec![]);
        }
    }

    #[test]
    fn what_is_not_known_of_a_picture_blocks_nothing() {
        let town = bench::town();
        let mut content = bench::notice();
        content.pictures = vec![bench::picture("La plaza")];
        assert_eq!(look(&content, &town.channels, &[], None, on("2026-06-01")), []);
    }

    #[test]
    fn more_consents_of_others_never_make_a_picture_usable_and_each_day_within_all_of_them_does() {
        // Over a grid of two people's terms: it may be used exactly on the days that are within both.
        let june = |n: u32| NaiveDate::from_ymd_opt(2026, 6, n).unwrap();
        for (a, b, c, d) in [(1, 10, 5, 20), (1, 5, 6, 9), (3, 3, 1, 30), (10, 20, 10, 20)] {
            let one = Consent { first: june(a), last: june(b), ..consent(1, "Ana") };
            let other = Consent { first: june(c), last: june(d), ..consent(2, "Luis") };
            for n in 1..=30 {
                let days = Days { first: june(n), last: june(n) };
                let within = (a..=b).contains(&n) && (c..=d).contains(&n);
                assert_eq!(flaw(vec![one.clone(), other.clone()], Network::Bluesky, days).is_none(), within, "{n}");
            }
        }
    }
}
