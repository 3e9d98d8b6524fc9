//! Campaigns and pillars: the organisation's list, what a post belongs to, and the circuit that follows from it.

use std::{fmt::Debug, str::FromStr};

use api_journeys::{Member, Town, id, new_post};
use domain::{
    Belonging, Campaign, CampaignId, PillarId, Refusal, Role, StageName, Themes,
    bylaws::Draft,
    circuit::{Clause, Facet, Holds, Options, Quorum, Rules, choice::Rule},
};
use serde_json::{Value, json};
use wire::{
    Nothing,
    bylaws::PAST,
    campaigns::{BELONG, Belong, KEEP_CAMPAIGN, KEEP_PILLAR, KeepCampaign, KeepPillar, THEMES},
    posts::{self, PostView},
};

use crate::circuits::{circuit, draw, role, step};

/// A form that says no more than a name.
pub fn named(name: &str) -> KeepCampaign {
    let (goal, basis, budget) = (String::new(), String::new(), None);
    KeepCampaign { version: 0, name: name.to_owned(), first: None, last: None, goal, basis, budget, archived: false }
}

fn new<T: FromStr<Err: Debug>>() -> T {
    new_post().as_str().parse().unwrap()
}

/// A campaign that is kept, or that was kept before under that name.
pub fn campaign(administrator: &Member, name: &str) -> (CampaignId, Campaign) {
    let found = |themes: Themes| themes.campaigns.into_iter().find(|one| one.name == name);
    let themes = administrator.ok(&THEMES, &[], &Nothing {});
    let kept = found(themes).unwrap_or_else(|| {
        let drawn: CampaignId = new();
        found(administrator.ok(&KEEP_CAMPAIGN, &[drawn.as_str()], &named(name))).unwrap()
    });
    (kept.id.clone(), kept)
}

/// A new pillar.
pub fn pillar(administrator: &Member, name: &str) -> PillarId {
    let drawn: PillarId = new();
    let keep = KeepPillar { version: 0, name: name.to_owned(), archived: false };
    administrator.ok(&KEEP_PILLAR, &[drawn.as_str()], &keep);
    drawn
}

fn belong(by: &Member, post: &PostView, belongs: &Belonging) -> Result<PostView, Refusal> {
    let belong = Belong { version: post.post.version, belongs: belongs.clone() };
    by.ask(&BELONG, &[id(post)], &belong).map_err(Refusal::from)
}

/// What the record keeps, entry by entry.
fn bodies(town: &Town) -> Vec<Value> {
    let chain = crate::record::whole_chain(&town.member(Role::Records), town);
    chain.iter().map(|entry| serde_json::from_str(entry.body.as_deref().unwrap()).unwrap()).collect()
}

fn of(campaign: &CampaignId) -> Belonging {
    Belonging { campaign: Some(campaign.clone()), ..Belonging::default() }
}

#[test]
fn the_list_is_kept_by_who_manages_and_read_by_everybody() {
    let town = Town::found("Villa de las Campañas");
    let (administrator, author) = (town.administrator(), town.author());
    let drawn: CampaignId = new();
    let keep =
        |by: &Member, form: &KeepCampaign| by.ask(&KEEP_CAMPAIGN, &[drawn.as_str()], form).map_err(Refusal::from);
    let (first, last) = ("2026-03-01".parse().ok(), "2026-05-31".parse().ok());
    let (goal, basis) = (" Menos  vidrio ".to_owned(), "Ley 7/2022".to_owned());
    let form = KeepCampaign { first, last, goal, basis, budget: Some(1_800), ..named("  Recicla   bien ") };
    assert!(matches!(keep(&author, &form), Err(Refusal::NotAllowed { .. })));
    let kept = keep(&administrator, &form).unwrap();
    assert_eq!(keep(&administrator, &form).unwrap(), kept, "sent twice, it is one");
    let [one] = &kept.campaigns[..] else { panic!("{kept:?}") };
    assert_eq!((one.version, one.name.as_str(), one.first, one.last), (1, "Recicla bien", first, last));
    assert_eq!((one.goal.as_str(), one.basis.as_str(), one.budget), ("Menos vidrio", "Ley 7/2022", Some(1_800)));
    assert_eq!(author.ok(&THEMES, &[], &Nothing {}), kept);
    let dear = KeepCampaign { version: 1, budget: Some(domain::campaign::BUDGET + 1), ..form.clone() };
    assert!(matches!(keep(&administrator, &dear), Err(Refusal::TooLarge { field, .. }) if field == "budget"));

    let backwards = KeepCampaign { version: 1, first: last, last: first, ..form.clone() };
    assert_eq!(keep(&administrator, &backwards), Err(Refusal::TermBackwards));
    let nameless = KeepCampaign { version: 1, ..named(" ") };
    assert_eq!(keep(&administrator, &nameless), Err(Refusal::Malformed { field: "name".to_owned() }));
    let other: CampaignId = new();
    let doubled = administrator.no(&KEEP_CAMPAIGN, &[other.as_str()], &named("RECICLA BIEN"));
    assert_eq!(doubled, Refusal::Doubled { field: "name".to_owned() });
    let archived = KeepCampaign { version: 1, archived: true, ..named("Recicla mejor") };
    let changed = keep(&administrator, &archived).unwrap().campaigns;
    assert_eq!((changed[0].version, changed[0].archived, changed[0].first), (2, true, None));
    assert_eq!(keep(&administrator, &form), Err(Refusal::Stale { current: 2 }));
    // The name is free again.
    administrator.ok(&KEEP_CAMPAIGN, &[other.as_str()], &named("Recicla bien"));

    let theme = pillar(&administrator, "Una villa limpia");
    let pillars = author.ok(&THEMES, &[], &Nothing {}).pillars;
    assert_eq!((pillars.len(), &pillars[0].id), (1, &theme));
    let kept = bodies(&town);
    let count = |what: &str| kept.iter().filter(|body| body["what"] == what).count();
    assert_eq!((count("campaign_kept"), count("pillar_kept")), (3, 1), "what changed nothing is not kept");
}

#[test]
fn what_a_draft_belongs_to_chooses_its_circuit_and_stays_as_it_was_submitted() {
    let town = Town::found("Villa de los Ejes");
    let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
    let (water, _) = campaign(&administrator, "Agua limpia");
    let theme = pillar(&administrator, "Servicios que funcionan");
    let usual = circuit(1, vec![step(1, Quorum::Any, &[role(Role::Approver)])], Options::default());
    let strict = circuit(2, vec![step(2, Quorum::Any, &[role(Role::Administrator)])], Options::default());
    let in_water = Clause { holds: Holds::Any, facet: Facet::Campaigns([water.clone()].into()) };
    let rules =
        Rules { rules: vec![Rule { when: vec![in_water], circuit: strict.id.clone() }], otherwise: usual.id.clone() };
    draw(&town, Draft { circuits: vec![usual.clone(), strict.clone()], rules });

    let draft = author.write(&town.notice("Cambiamos las tuberías de la calle Nueva."));
    let both = Belonging { campaign: Some(water.clone()), pillar: Some(theme.clone()), ..Belonging::default() };
    let filed = belong(&author, &draft, &both).unwrap();
    assert_eq!((&filed.post.belongs, filed.post.version), (&both, draft.post.version + 1));
    assert_eq!(
        (filed.campaign.as_ref().unwrap().name.as_str(), &filed.pillar.as_ref().unwrap().id),
        ("Agua limpia", &theme)
    );
    assert_eq!(filed.content_hash, draft.content_hash, "nothing of it is said to anybody");
    assert_eq!(belong(&author, &draft, &of(&water)), Err(Refusal::Stale { current: filed.post.version }));
    assert!(matches!(belong(&town.member(Role::Translator), &filed, &of(&water)), Err(Refusal::NotAllowed { .. })));

    let waiting = author.submit(&filed);
    assert_eq!(waiting.post.round().unwrap().circuit, strict.id);
    assert_eq!(belong(&author, &waiting, &of(&water)), Err(Refusal::WrongStage));
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&waiting)], &api_journeys::approval(&waiting)), Refusal::NotYourTurn);
    let back = author.ok(&posts::WITHDRAW, &[id(&waiting)], &api_journeys::at(&waiting));
    let out_of_it = belong(&author, &back, &Belonging { pillar: Some(theme), ..Belonging::default() }).unwrap();
    let again = author.submit(&out_of_it);
    assert_eq!(again.post.round().unwrap().circuit, usual.id, "the question was open again");
    assert_eq!(mayor.approve(&again).post.stage.name(), StageName::Approved);

    // What was known of it is what rules are tried on.
    let past = administrator.ok(&PAST, &[], &Nothing {});
    assert_eq!((past.len(), &past[0].facts.campaign, past[0].facts.pillar.is_some()), (1, &None, true));
    let bodies = bodies(&town);
    let belonged: Vec<_> = bodies.iter().filter(|body| body["what"] == "belongs").collect();
    assert_eq!(belonged.len(), 2);
    assert_eq!((&belonged[0]["campaign"], &belonged[0]["by"]), (&json!("Agua limpia"), &json!(author.me.member)));
    let submitted: Vec<_> =
        bodies.iter().filter(|body| body.get("belongs").is_some() && body.get("round").is_some()).collect();
    assert_eq!(submitted[0]["belongs"], json!(both));
}

#[test]
fn nothing_is_put_into_what_is_over_nor_into_what_is_next_door() {
    let town = Town::found("Villa del Archivo");
    let (administrator, author) = (town.administrator(), town.author());
    let (over, kept) = campaign(&administrator, "Fiestas de la Villa");
    let draft = author.write(&town.notice("Pregón de fiestas."));
    let filed = belong(&author, &draft, &of(&over)).unwrap();
    let archive = KeepCampaign { version: kept.version, archived: true, ..named(&kept.name) };
    administrator.ok(&KEEP_CAMPAIGN, &[over.as_str()], &archive);

    // It stays where it is, named for what it is, and takes a pillar besides.
    let theme = pillar(&administrator, "Cultura y fiestas");
    let both = Belonging { campaign: Some(over.clone()), pillar: Some(theme), ..Belonging::default() };
    let still = belong(&author, &filed, &both).unwrap();
    assert!(still.campaign.as_ref().unwrap().archived);
    let other = author.write(&town.notice("Programa de fiestas."));
    assert_eq!(belong(&author, &other, &of(&over)), Err(Refusal::Archived));

    let next_door = town.neighbour("Villa de al Lado");
    let (theirs, _) = campaign(&next_door.administrator(), "Fiestas de la Villa");
    assert_eq!(belong(&author, &other, &of(&theirs)), Err(Refusal::NotFound));
    // Under the very identity of ours, theirs is another.
    let same = named("Otra cosa");
    let taken = next_door.administrator().ok(&KEEP_CAMPAIGN, &[over.as_str()], &same);
    assert!(taken.campaigns.iter().any(|one| one.id == over && one.name == "Otra cosa"));
    assert_eq!(author.read(&still.post.id).campaign.unwrap().name, "Fiestas de la Villa");
}
