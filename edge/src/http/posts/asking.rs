//! What is asked beside the text: what it speaks of and what people say of that, and the organisation's checklist.
//! Separate from the other acts on a post: nothing here changes what will be said.

use std::collections::BTreeSet;

use domain::{
    Act, Content, Effect, Organisation, OrganisationId, Refusal, Role, Stage,
    circuit::Matter,
    guidance::{Checked, Checks, Look, Side, Ticked},
    json,
    matter::{self, Remark, Says, Sighting},
    party::Person,
    policy::Finding,
    post::parse_reason,
    record::Subject,
};
use wire::{
    campaigns::Belong,
    posts::{self, Remarking, Translated},
};

use super::{at_version, finish, put_down, whole, within_reach, write};
use crate::{
    answer::Refused,
    ask::Ask,
    binds,
    store::{
        Unit, campaigns, guidance as store,
        posts::{self as posts_store, Whole},
        records,
    },
};

/// What is known of a content besides what the policy says.
pub struct Seen {
    /// What it speaks of, by which words.
    pub sightings: Vec<Sighting>,
    /// What counts of it.
    pub matters: BTreeSet<Matter>,
}

impl Seen {
    /// Looks.
    pub fn of(whole: &Whole, content: &Content) -> Self {
        let sightings = matter::spoken_of(content, &whole.bylaws.guidance.officers);
        let matters = matter::counted(&sightings, &whole.remarks);
        Self { sightings, matters }
    }

    /// What the checklist is held against.
    pub fn look<'a>(
        &'a self,
        organisation: &'a Organisation,
        whole: &'a Whole,
        content: &'a Content,
        findings: &'a [Finding],
    ) -> Look<'a> {
        let rules = &organisation.policy.rules;
        Look { content, findings, waivers: &whole.stored.waivers, rules, matters: &self.matters }
    }
}

/// Goes through the checklist of one side. `agrees` is false for who sends back.
///
/// # Errors
/// What `Guidance::check` refuses.
pub fn go_through(
    organisation: &Organisation,
    whole: &Whole,
    look: Look<'_>,
    side: Side,
    checked: Option<&Checked>,
    agrees: bool,
) -> Result<Vec<Ticked>, Refusal> {
    whole.bylaws.guidance.check(side, look, checked, agrees, &organisation.languages)
}

/// A checklist as it is kept; nothing where nothing was asked.
pub fn kept(
    items: Vec<Ticked>,
    whole: &Whole,
    side: Side,
    by: Person,
    round: (u32, String),
    at: domain::Moment,
) -> Option<Checks> {
    let (round, content_hash) = round;
    let version = whole.bylaws.guidance.version;
    (!items.is_empty()).then_some(Checks { side, round, by, at, version, content_hash, items })
}

/// Writes a checklist beside the post, and into the entry of the record that the business makes of it.
pub fn keep(
    unit: &mut Unit,
    org: &OrganisationId,
    whole: &Whole,
    effects: &mut [Effect],
    subject: Subject,
    checks: Option<&Checks>,
) -> bool {
    let Some(checks) = checks else { return true };
    store::keep(unit, org, &whole.stored.post.id, checks);
    let mut written = false;
    for effect in effects {
        if let Effect::Keep { subject: of, body } = effect
            && *of == subject
        {
            body["checks"] = json!(checks);
            written = true;
        }
    }
    written
}

/// Says that a post speaks of something, or that what was found is not so. Only of a draft: what is on its way was sent
/// by what was known then.
pub async fn remark(ask: Ask<Remarking>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    let post = &whole.stored.post;
    within_reach(caller, &post.content, &post.content)?;
    if !matches!(post.stage, Stage::Draft { .. }) {
        return Err(Refusal::WrongStage.into());
    }
    let Remarking { matter, says, reason } = &ask.body;
    let before = whole.remarks.iter().find(|remark| remark.matter == *matter);
    let (org, mut unit) = (caller.org(), Unit::new());
    let kept = match says {
        None => {
            let before = before.ok_or(Refusal::NotFound)?;
            store::take_back(&mut unit, org, &post.id, before);
            json!({ "what": "taken_back", "post": post.id, "matter": matter, "by": caller.member })
        }
        Some(says) => {
            let found: Vec<Sighting> = Seen::of(&whole, &post.content).sightings;
            let found: Vec<&Sighting> = found.iter().filter(|one| one.matter == *matter).collect();
            let reason = match says {
                // Of nothing nobody can say that it is not so.
                Says::DoesNot if found.is_empty() => return Err(Refusal::NotFound.into()),
                Says::Speaks if reason.trim().is_empty() => String::new(),
                _ => parse_reason(reason)?,
            };
            let remark = Remark { matter: *matter, says: *says, reason, by: caller.member.clone(), at: ask.app.now() };
            store::remark(&mut unit, org, &post.id, &remark);
            json!({ "what": "said", "post": post.id, "remark": remark, "found": found })
        }
    };
    records::keep(&ask.app, &mut unit, org, Subject::Matter, &kept);
    // Somebody may have sent it meanwhile.
    let standing = "(SELECT version FROM post WHERE org = ?1 AND id = ?2) = ?3";
    unit.expect(standing, binds![org, &post.id, post.version]);
    let sql = "UPDATE post SET version = version + 1, changed_at = ?3, changed_by = ?4 WHERE org = ?1 AND id = ?2";
    unit.then(sql, binds![org, &post.id, ask.app.now(), &caller.member]);
    finish(&ask, caller, unit).await
}

/// Says that a translation is up to date though its source has changed: what changed may be nothing to translate.
pub async fn translated(ask: Ask<Translated>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    at_version(&whole, ask.body.version)?;
    let (post, before) = (&whole.stored.post, &whole.stored.behind);
    within_reach(caller, &post.content, &post.content)?;
    // Whoever brings pictures has no word in what is said.
    if caller.role == Role::Designer {
        return Err(Refusal::NotAllowed { act: Act::Write }.into());
    }
    if matches!(post.stage, Stage::Out { .. } | Stage::Cancelled { .. }) {
        return Err(Refusal::WrongStage.into());
    }
    let behind = before.without(&ask.body.language);
    if behind == *before {
        return super::view(&ask.app, caller, whole);
    }
    let mut unit = Unit::new();
    posts_store::catch_up(&mut unit, caller.org(), post, &behind, &caller.member, ask.app.now());
    // Whoever looked goes on writing: their sitting is not over.
    put_down(&ask, caller, unit).await
}

/// Says what a post belongs to.
pub async fn belong(ask: Ask<Belong>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    at_version(&whole, ask.body.version)?;
    let (post, belongs) = (&whole.stored.post, &ask.body.belongs);
    within_reach(caller, &post.content, &post.content)?;
    if post.belongs == *belongs {
        return super::view(&ask.app, caller, whole);
    }
    let step = post.clone().belong(belongs.clone())?;
    let themes = campaigns::read(&ask.app.db, caller.org()).await?;
    themes.admit(&post.belongs, belongs)?;
    let mut unit = Unit::new();
    campaigns::belong(&mut unit, caller.org(), &post.id, belongs);
    // With the names of today: a campaign may be called otherwise when somebody reads this.
    let campaign = themes.campaigns.iter().find(|one| Some(&one.id) == belongs.campaign.as_ref());
    let pillar = themes.pillars.iter().find(|one| Some(&one.id) == belongs.pillar.as_ref());
    let audience = themes.audiences.iter().find(|one| Some(&one.id) == belongs.audience.as_ref());
    let message = themes.messages.iter().find(|one| Some(&one.id) == belongs.message.as_ref());
    let name = |name: Option<&String>| name.cloned().unwrap_or_default();
    let kept = json!({
        "what": "belongs", "post": post.id, "by": caller.member, "belongs": belongs,
        "campaign": name(campaign.map(|one| &one.name)), "pillar": name(pillar.map(|one| &one.name)),
        "audience": name(audience.map(|one| &one.name)), "message": name(message.map(|one| &one.name)),
    });
    records::keep(&ask.app, &mut unit, caller.org(), Subject::Drafting, &kept);
    write(&ask, caller, &mut unit, &whole, step).await?;
    finish(&ask, caller, unit).await
}
