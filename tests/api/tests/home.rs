//! The home page: what needs somebody now, each told to who can do something about it.

use std::collections::BTreeMap;

use api_journeys::{Member, Town, id};
use chrono::{Days, NaiveDate};
use domain::{
    Access, Content, Language, Millis, Network, Role,
    beginning::FirstStep::{self, Connect, Invite, Publish, Settle, Write},
    delivery::PublicationState,
    promise::Per,
    reply, template,
    window::{View, Window},
};
use wire::{
    Nothing, bylaws,
    home::{EndingKind, HOME, Home},
    library::{KEEP_CONSENT, KeepConsent},
    people,
    plan::KEEP_PROMISE,
};

use crate::{
    library::{describe, drawn, form},
    media::{png, stored},
    texts,
};

fn home(who: &Member) -> Home {
    who.ok(&HOME, &[], &Nothing {})
}

fn today(who: &Member) -> NaiveDate {
    who.wall(who.now(), Millis(0)).date()
}

#[test]
fn while_nothing_happens_the_page_is_the_same_whatever_the_clock_does() {
    let town = Town::alone("Villa Quieta");
    let author = town.author();
    author.write(&town.notice("Un borrador que espera."));
    town.tick();
    let before = home(&author);
    town.tick();
    // The desk draws it anew only when it says something else: the focus and what is unfolded stay.
    assert_eq!(home(&author), before);
}

#[test]
fn who_translates_is_told_of_drafts_that_lack_a_language() {
    let town = Town::found("Villa de las Lenguas");
    let (author, translator) = (town.author(), town.member(Role::Translator));
    let draft = author.write(&town.notice("Mañana hay mercado."));
    // Nothing to translate from, and nothing to translate any more.
    let both = |es: &str| Content {
        texts: BTreeMap::from([(Language::spanish(), es.to_owned()), (Language::english(), "A market.".to_owned())]),
        ..town.notice(es)
    };
    author.write(&both(" "));
    author.write(&both("Otro mercado."));
    author.submit(&author.write(&town.notice("El pleno es el jueves.")));

    let told = home(&translator).to_translate;
    let told: Vec<_> = told.iter().map(|one| (one.row.id.as_str(), one.lacks.as_slice())).collect();
    assert_eq!(told, [(id(&draft), &[Language::english()][..])]);
    assert!(home(&author).to_translate.is_empty(), "who writes has it among their drafts");
    translator.edit(&draft, &both("Mañana hay mercado."));
    assert!(home(&translator).to_translate.is_empty());
}

#[test]
fn what_ends_soon_what_was_proposed_and_what_is_missing_are_told_to_who_sees_to_them() {
    let town = Town::found("Villa de los Plazos");
    let (author, mayor, administrator) = (town.author(), town.mayor(), town.administrator());
    let today = today(&author);
    let after = |days: u64| Some(today + Days::new(days));
    let owner = &administrator.me.member;
    let template = |name: &str, days| template::Body { last: after(days), ..texts::works(owner, name) };
    texts::template(&administrator, template("Obras en la plaza", 10));
    texts::template(&administrator, template("Obras de verano", 15));
    texts::reply(
        &author,
        reply::Body { until: after(3), ..texts::answer(owner, "¿Hay piscina?", "Hasta el domingo.") },
    );
    let photo = stored(&author, &png(52, 9));
    describe(&author, &photo.id, |said| said.until = after(5));
    let consent = KeepConsent { last: today + Days::new(2), ..form("Ana") };
    author.ok(&KEEP_CONSENT, &[photo.id.as_str(), drawn().as_str()], &consent);

    let ending = |who: &Member| home(who).ending.into_iter().map(|one| (one.what, one.day - today)).collect::<Vec<_>>();
    let days = chrono::TimeDelta::days;
    let (consent, reply) = ((EndingKind::Consent, days(2)), (EndingKind::Reply, days(3)));
    let licence = (EndingKind::Licence, days(5));
    assert_eq!(ending(&author), [consent, reply, licence]);
    assert_eq!(ending(&administrator), [consent, reply, licence, (EndingKind::Template, days(10))]);
    assert_eq!(ending(&mayor), [consent, licence], "who keeps consents, and no texts");
    assert_eq!(ending(&town.member(Role::Observer)), []);
    assert_eq!(ending(&town.neighbour("Villa sin Plazos").administrator()), []);

    let made = texts::link(&author, "Todas las áreas");
    for line in ["El lunes abre la feria.", "Han pintado la biblioteca."] {
        assert!(texts::propose(&made, line, "Ana", "", None).status < 400);
    }
    assert_eq!((home(&author).proposals, home(&mayor).proposals), (2, 0));

    let monday = Window::around(View::Week, today).first();
    let promised: domain::PromiseId = api_journeys::new_post().as_str().parse().unwrap();
    administrator.ok(&KEEP_PROMISE, &[promised.as_str()], &crate::plan::promise(&town, 3, Per::Week, monday));
    assert_eq!((home(&author).missing, home(&mayor).missing), (3, 0));
}

/// The first steps that somebody is shown, and whether each was taken.
fn steps(who: &Member) -> Vec<(FirstStep, bool)> {
    let shown = home(who).first.map(|first| first.steps).unwrap_or_default();
    shown.into_iter().map(|stride| (stride.step, stride.done)).collect()
}

#[test]
fn the_first_steps_are_read_off_what_there_is_and_go_once_they_are_taken() {
    let town = Town::found("Villa que Empieza");
    let (administrator, author) = (town.administrator(), town.author());
    let all = |written, published, connected, settled| {
        [(Write, written), (Publish, published), (Connect, connected), (Invite, true), (Settle, settled)]
    };
    // The people of a journey are there from its beginning.
    assert_eq!(steps(&administrator), all(false, false, false, false));
    assert_eq!(home(&administrator).first.unwrap().noticeboard, town.founded.noticeboard);
    assert_eq!(steps(&author), [(Write, false), (Publish, false)], "what else there is to do is not theirs");
    for role in [Role::Approver, Role::Translator, Role::Community, Role::Agency, Role::Observer] {
        assert_eq!(steps(&town.member(role)), [], "{role:?} brings nothing out");
    }

    let draft = author.write(&town.notice("El primer anuncio."));
    assert_eq!(steps(&author), [(Write, true), (Publish, false)]);
    author.release(&town.mayor().approve(&author.submit(&draft)));
    author.wait_for(&draft.post.id, PublicationState::Out);
    assert_eq!(steps(&author), []);
    administrator.connect_by_hand(Network::Facebook, Some("https://www.facebook.com/villa"));
    assert_eq!(steps(&administrator), all(true, true, true, false));

    let stands = administrator.ok(&bylaws::BYLAWS, &[], &Nothing {});
    let mut hours = stands.bylaws.hours;
    hours.holidays.insert(today(&administrator));
    administrator.ok(&bylaws::OPEN, &[], &bylaws::Open { version: stands.version, hours });
    assert_eq!(home(&administrator).first, None);
    assert_eq!(steps(&town.neighbour("Villa de al Lado").administrator()), all(false, false, false, false));
}

#[test]
fn who_is_alone_is_asked_to_invite_somebody_and_an_invitation_is_enough() {
    let town = Town::found("Villa de Una Sola");
    let administrator = town.administrator();
    for (_, member) in town.founded.members.iter().filter(|(role, _)| *role != Role::Administrator) {
        administrator.ok(&people::REMOVE_MEMBER, &[member.as_str()], &Nothing {});
    }
    let invited = || steps(&administrator).contains(&(Invite, true));
    let invite = |role| {
        let invite = people::Invite { name: "Otra".to_owned(), email: None, role, access: Access::Everywhere };
        administrator.ok(&people::INVITE, &[], &invite).row.id
    };
    assert!(!invited());
    invite(Role::Observer);
    assert!(!invited(), "who only reads approves nothing");
    let approver = invite(Role::Approver);
    assert!(invited());
    administrator.ok(&people::UNINVITE, &[approver.as_str()], &Nothing {});
    assert!(!invited());
}
