//! Marks in links: the organisation says which websites are its own, a post goes out on each network with that network's name in the
//! links to them, on the noticeboard as it was written, and what was agreed to is what is sent, corrected and looked for.

use api_journeys::{
    Member, Town, approval, eventually, id, last_act,
    outside::{Sandbox, agree_at, notice_on, publish, release, sent_on},
    send,
};
use domain::{
    Act, Channel, Content, Language, Millis, Organisation, Refusal, Target, Utm,
    delivery::{ActState, Deed, PublicationState},
    difference::{OtherChange, difference},
    history::LeftOut,
    utm::{Host, Sites, Tag},
};
use serde_json::{Value, json};
use wire::{
    Nothing,
    history::{Older, RESTORE, Restore, VERSIONS},
    organisations::{CHANGE_UTM, ChangeUtm, ORGANISATION},
    posts::{self, PostView},
};

use crate::{campaigns::campaign, telegram};

fn sites(hosts: &[&str], usual: bool) -> Sites {
    Sites { hosts: hosts.iter().map(|host| Host::typed(host).unwrap()).collect(), usual }
}

fn change(by: &Member, sites: Sites) -> Result<Organisation, Refusal> {
    let version = by.ok(&ORGANISATION, &[], &Nothing {}).version;
    by.ask(&CHANGE_UTM, &[], &ChangeUtm { version, sites }).map_err(Refusal::from)
}

/// A town whose own websites are those below `villa.example`, and its marks of a campaign.
fn named(town: &Town) -> Utm {
    let (administrator, campaign) = (town.administrator(), campaign(&town.administrator(), "Agua limpia").1);
    let kept = change(&administrator, sites(&["villa.example"], true)).unwrap();
    kept.policy.utm.begun(Tag::of(&campaign.name)).unwrap()
}

const LINKS: &str =
    "Bases: https://villa.example/bases?a=1#plazo y https://otra.example/x. Cita: https://sede.villa.example";

/// What becomes of them on a network.
fn marked(source: &str) -> String {
    let marks = format!("utm_source={source}&utm_medium=social&utm_campaign=agua-limpia");
    format!(
        "Bases: https://villa.example/bases?a=1&{marks}#plazo y https://otra.example/x. \
         Cita: https://sede.villa.example?{marks}"
    )
}

/// What stands in a sandbox: on Mastodon, and on Telegram.
fn said(sandbox: &Sandbox) -> [Vec<Value>; 2] {
    [sandbox.statuses(), sandbox.messages()].map(|all| all.iter().map(|one| one["text"].clone()).collect())
}

fn on_the_board(town: &Town, post: &PostView) -> String {
    let path = format!("/{}/posts/{}", town.founded.slug, post.post.id);
    send("GET", &path, &[("accept-language", "es")], b"").text()
}

fn going_to(town: &Town, channels: &[&Channel], text: &str) -> Content {
    let mut content = town.notice(text);
    let target = |channel: &&Channel| Target::new(channel.id.clone(), vec![Language::spanish()]);
    content.targets.extend(channels.iter().map(target));
    content
}

#[test]
fn each_network_is_given_its_own_name_and_the_noticeboard_none_and_a_correction_keeps_them() {
    let (town, sandbox) = (Town::found("Villa de las Visitas"), Sandbox::start());
    let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
    let mastodon = agree_at(&administrator, &sandbox.server, sent_on).unwrap();
    let telegram = telegram::connect(&administrator, &sandbox);
    let utm = named(&town);
    let content = Content { utm: Some(utm), ..going_to(&town, &[&mastodon, &telegram], LINKS) };
    let out = publish(&town, &content);
    assert_eq!(said(&sandbox), [vec![json!(marked("mastodon"))], vec![json!(marked("telegram"))]]);
    let board = on_the_board(&town, &out);
    assert!(board.contains("https://villa.example/bases?a=1#plazo") && !board.contains("utm_"), "{board}");

    let mut right = content.clone();
    right.texts.values_mut().for_each(|text| text.insert_str(0, "Ya están. "));
    let correct = posts::Correct {
        version: out.post.version,
        content: right,
        reason: "Faltaba decirlo.".to_owned(),
        checked: None,
    };
    let proposed = author.ok(&posts::CORRECT, &[id(&out)], &correct);
    mayor.ok(&posts::DECIDE, &[id(&out)], &approval(&proposed));
    eventually("the edits to be out", || {
        let view = author.read(&out.post.id);
        let is_edited = |state: &ActState, deed: Deed| deed == Deed::Edit && matches!(state, ActState::Done { .. });
        let mut last = view.publications.iter().filter_map(|publication| publication.acts.last());
        last.all(|act| is_edited(&act.state, act.deed)).then_some(())
    });
    let now = |source: &str| vec![json!(format!("Ya están. {}", marked(source)))];
    assert_eq!(said(&sandbox), [now("mastodon"), now("telegram")]);
    assert!(!on_the_board(&town, &out).contains("utm_"));
}

#[test]
fn a_lost_answer_is_found_again_by_the_links_as_they_went_out() {
    let (town, sandbox) = (Town::alone("Villa de la Respuesta Marcada"), Sandbox::start());
    let mastodon = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    let utm = named(&town);
    sandbox.arm(&json!([{ "on": "POST /api/v1/statuses", "then": "drop_after" }]));
    let mut content = notice_on(&town, &mastodon, LINKS);
    content.utm = Some(utm);
    let post = release(&town, &content);
    let author = town.author();
    author.wait_for(&post.post.id, PublicationState::Unknown);
    town.ahead(Millis::minutes(2));
    town.tick();
    let out = author.wait_for(&post.post.id, PublicationState::Out);
    assert!(matches!(last_act(&out), ActState::Done { .. }));
    assert_eq!(
        (said(&sandbox)[0].len(), out.publications[0].acts[0].attempts.len()),
        (1, 1),
        "looked for, not sent again"
    );
}

#[test]
fn the_marks_are_the_organisation_s_and_agreed_to_with_the_words() {
    let town = Town::found("Villa de las Webs");
    let (administrator, author) = (town.administrator(), town.author());
    assert_eq!(change(&author, Sites::default()), Err(Refusal::NotAllowed { act: Act::ManageOrganisation }));
    let stale = ChangeUtm { version: 99, sites: Sites::default() };
    assert!(matches!(administrator.no(&CHANGE_UTM, &[], &stale), Refusal::Stale { .. }));
    let twice = Refusal::Doubled { field: "hosts".to_owned() };
    assert_eq!(change(&administrator, sites(&["a.example", "a.example"], false)), Err(twice));

    let utm = named(&town);
    let plain = town.notice(LINKS);
    let with = Content { utm: Some(utm), ..plain.clone() };
    let draft = author.write(&with);
    assert_eq!(draft.post.content, with);
    let waiting = author.submit(&draft);
    let unmarked = author.edit(&waiting, &plain);
    assert_ne!(unmarked.content_hash, waiting.content_hash, "what was asked for is another content");
    assert!(matches!(difference(&with, &plain).others[..], [OtherChange::Utm { after: None, .. }]));

    // Nobody marks what is not the organisation's, and what stands stays when it names others.
    let foreign = Content { utm: Utm::try_from("otra.example".to_owned()).ok(), ..plain.clone() };
    let save = posts::Save { version: unmarked.post.version, content: foreign };
    assert_eq!(author.no(&posts::SAVE, &[id(&unmarked)], &save), Refusal::OtherSites);
    let marked = author.edit(&unmarked, &with);
    let earlier = Content { utm: with.utm.clone(), ..town.notice("Programa: https://villa.example/programa") };
    let other = administrator.edit(&author.write(&earlier), &plain);
    change(&administrator, Sites::default()).unwrap();
    let mut said_otherwise = with.clone();
    said_otherwise.texts.values_mut().for_each(|text| text.push_str(" hoy."));
    let kept = author.edit(&marked, &said_otherwise);
    assert_eq!(kept.post.content.utm, with.utm);
    let fresh = posts::Save { version: 0, content: with.clone() };
    let new = api_journeys::new_post();
    assert_eq!(author.no(&posts::SAVE, &[new.as_str()], &fresh), Refusal::OtherSites);

    // An earlier version does not bring back what was given up, and says so.
    let found = author.ok(&VERSIONS, &[id(&other)], &Older::default());
    assert_eq!(found.kept[0].content, earlier);
    let asked = Restore { version: other.post.version, of: found.kept[0].version };
    let restored = author.ok(&RESTORE, &[id(&other)], &asked);
    assert_eq!(restored.left_out, [LeftOut::Marks { host: Host::typed("villa.example").unwrap() }]);
    assert_eq!(restored.post.post.content, Content { utm: None, ..earlier });
}
