//! The plan: audiences and promises as they are kept, and how a week and its month stand against them.

use std::{fmt::Debug, str::FromStr, thread};

use api_journeys::{Member, Town, because, id, new_post};
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use domain::{
    Access, AudienceId, Belonging, Language, MessageId, Millis, Network, PillarId, Promise, PromiseId, Refusal, Role,
    Target,
    delivery::PublicationState,
    promise::{Per, Progress},
    window::{View, Window},
};
use serde_json::Value;
use wire::{
    Nothing,
    campaigns::{BELONG, Belong, KEEP_AUDIENCE, KEEP_MESSAGE, KeepAudience, KeepMessage, THEMES},
    people::{CHANGE_MEMBER, ChangeMember, MEMBERS},
    plan::{Around, DROP_PROMISE, KEEP_PROMISE, KeepPromise, PLAN, Plan},
    posts::{self, PostView, Query},
};

fn new<T: FromStr<Err: Debug>>() -> T {
    new_post().as_str().parse().unwrap()
}

/// A form of an audience that says no more than a name.
pub fn named(name: &str) -> KeepAudience {
    KeepAudience {
        version: 0,
        name: name.to_owned(),
        who: String::new(),
        found: String::new(),
        languages: Vec::new(),
        needs: String::new(),
        archived: false,
    }
}

/// A new audience.
pub fn audience(administrator: &Member, name: &str) -> AudienceId {
    let drawn: AudienceId = new();
    administrator.ok(&KEEP_AUDIENCE, &[drawn.as_str()], &named(name));
    drawn
}

/// A form of a message that says no more than its sentence.
pub fn sentence(pillar: &PillarId, name: &str) -> KeepMessage {
    KeepMessage {
        version: 0,
        pillar: pillar.clone(),
        name: name.to_owned(),
        audiences: Vec::new(),
        first: None,
        last: None,
        archived: false,
    }
}

/// A new message.
pub fn message(administrator: &Member, pillar: &PillarId, name: &str) -> MessageId {
    let drawn: MessageId = new();
    administrator.ok(&KEEP_MESSAGE, &[drawn.as_str()], &sentence(pillar, name));
    drawn
}

/// A form of a promise for the noticeboard, from a day on.
pub fn promise(town: &Town, count: u32, per: Per, first: NaiveDate) -> KeepPromise {
    let channel = town.founded.noticeboard.clone();
    KeepPromise { version: 0, channel, count, per, pillar: None, audience: None, first, last: None }
}

fn keep(by: &Member, drawn: &PromiseId, form: &KeepPromise) -> Result<Promise, Refusal> {
    by.ask(&KEEP_PROMISE, &[drawn.as_str()], form).map_err(Refusal::from)
}

/// The plan of the week of a day.
pub fn plan(by: &Member, day: NaiveDate) -> Plan {
    by.ok(&PLAN, &[], &Around { day })
}

fn belong(by: &Member, post: &PostView, belongs: Belonging) -> PostView {
    by.ok(&BELONG, &[id(post)], &Belong { version: post.post.version, belongs })
}

/// Next week, whatever day it is: everything in it is ahead.
fn next_week(by: &Member) -> Window {
    Window::around(View::Week, by.wall(by.now(), Millis::days(7)).date())
}

/// An hour of a day of a week, Monday being 0.
fn hour(week: Window, day: u64, hour: u32, minute: u32) -> NaiveDateTime {
    (week.first() + Days::new(day)).and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap())
}

fn counts(progress: &Progress) -> (Option<u32>, [u32; 4]) {
    (progress.promised, [progress.out, progress.placed, progress.wished, progress.missing()])
}

fn stands(plan: &[Progress], promise: &PromiseId) -> (Option<u32>, [u32; 4]) {
    counts(plan.iter().find(|one| one.promise == *promise).unwrap())
}

/// What the record keeps of a kind.
fn kept(town: &Town, what: &str) -> Vec<Value> {
    let chain = crate::record::whole_chain(&town.member(Role::Records), town);
    let bodies = chain.iter().map(|entry| serde_json::from_str::<Value>(entry.body.as_deref().unwrap()).unwrap());
    bodies.filter(|body| body["what"] == what).collect()
}

#[test]
fn an_audience_is_kept_by_who_manages_and_a_draft_is_put_before_it() {
    let town = Town::found("Villa de los Públicos");
    let (administrator, author) = (town.administrator(), town.author());
    let drawn: AudienceId = new();
    let form = KeepAudience {
        who: "Viven solas".to_owned(),
        needs: " Letra   grande ".to_owned(),
        languages: vec![Language::spanish()],
        ..named("  Personas mayores ")
    };
    let keep =
        |by: &Member, form: &KeepAudience| by.ask(&KEEP_AUDIENCE, &[drawn.as_str()], form).map_err(Refusal::from);
    assert!(matches!(keep(&author, &form), Err(Refusal::NotAllowed { .. })));
    let all = keep(&administrator, &form).unwrap();
    assert_eq!(keep(&administrator, &form).unwrap(), all, "sent twice, it is one");
    let [elders] = &all.audiences[..] else { panic!("{all:?}") };
    assert_eq!((elders.version, elders.name.as_str(), elders.needs.as_str()), (1, "Personas mayores", "Letra grande"));
    assert_eq!(author.ok(&THEMES, &[], &Nothing {}), all);
    let doubled = administrator.no(&KEEP_AUDIENCE, &[new::<AudienceId>().as_str()], &named("PERSONAS MAYORES"));
    assert_eq!(doubled, Refusal::Doubled { field: "name".to_owned() });

    let draft = author.write(&town.notice("Taller de memoria."));
    let to_elders = Belonging { audience: Some(drawn.clone()), ..Belonging::default() };
    let put = belong(&author, &draft, to_elders.clone());
    assert_eq!((&put.post.belongs, put.audience.as_ref().unwrap()), (&to_elders, elders));
    assert_eq!(put.content_hash, draft.content_hash, "nothing of it is said to anybody");
    let rows = author.ok(&posts::LIST, &[], &Query::default()).items;
    assert_eq!(rows[0].audience.as_ref(), Some(&drawn));
    // What was submitted says whom it was for.
    author.submit(&put);
    let chain = crate::record::whole_chain(&town.member(Role::Records), &town);
    let mut bodies = chain.iter().filter_map(|entry| entry.body.as_deref());
    assert!(bodies.any(|body| body.contains("\"round\"") && body.contains(drawn.as_str())));

    let archive = KeepAudience { version: 1, archived: true, ..form };
    keep(&administrator, &archive).unwrap();
    assert!(author.read(&put.post.id).audience.unwrap().archived, "where it is it stays");
    let other = author.write(&town.notice("Paseo por la Alameda."));
    let belongs = Belong { version: other.post.version, belongs: to_elders };
    assert_eq!(author.no(&BELONG, &[id(&other)], &belongs), Refusal::Archived);
    let theirs = audience(&town.neighbour("Villa de al Lado").administrator(), "Personas mayores");
    let belongs = Belong { belongs: Belonging { audience: Some(theirs), ..Belonging::default() }, ..belongs };
    assert_eq!(author.no(&BELONG, &[id(&other)], &belongs), Refusal::NotFound);
    assert_eq!(kept(&town, "audience_kept").len(), 2, "what changed nothing is not kept");
}

#[test]
fn a_promise_is_kept_once_and_nothing_doubled_backwards_or_from_next_door() {
    let town = Town::found("Villa de las Promesas");
    let (administrator, author) = (town.administrator(), town.author());
    let drawn: PromiseId = new();
    let first: NaiveDate = "2026-01-05".parse().unwrap();
    let three = promise(&town, 3, Per::Week, first);
    assert!(matches!(keep(&author, &drawn, &three), Err(Refusal::NotAllowed { .. })));
    let made = keep(&administrator, &drawn, &three).unwrap();
    assert_eq!((keep(&administrator, &drawn, &three), made.version), (Ok(made.clone()), 1), "sent twice, it is one");
    assert_eq!(plan(&author, first).promises, [made]);

    let refused = |form: &KeepPromise| keep(&administrator, &new(), form).unwrap_err();
    assert_eq!(refused(&KeepPromise { count: 5, ..three.clone() }), Refusal::Doubled { field: "promises".to_owned() });
    let monthly = KeepPromise { per: Per::Month, ..three.clone() };
    assert_eq!(refused(&KeepPromise { last: "2026-01-04".parse().ok(), ..monthly.clone() }), Refusal::TermBackwards);
    assert_eq!(refused(&KeepPromise { count: 0, ..monthly.clone() }), Refusal::Malformed { field: "count".to_owned() });
    assert!(matches!(refused(&KeepPromise { count: 1_000, ..monthly.clone() }), Refusal::TooLarge { .. }));
    let next_door = town.neighbour("Villa de al Lado");
    let theirs = crate::campaigns::pillar(&next_door.administrator(), "Movilidad");
    assert_eq!(refused(&KeepPromise { pillar: Some(theirs), ..monthly.clone() }), Refusal::NotFound);
    let channel = next_door.founded.noticeboard.clone();
    assert_eq!(refused(&KeepPromise { channel, ..monthly }), Refusal::NotFound);

    // More from a day on: what was promised before stays as it was.
    let ended = KeepPromise { version: 1, last: "2026-06-28".parse().ok(), ..three.clone() };
    assert_eq!(keep(&administrator, &drawn, &ended).unwrap().version, 2);
    assert_eq!(keep(&administrator, &drawn, &three), Err(Refusal::Stale { current: 2 }));
    let five: PromiseId = new();
    let more = KeepPromise { count: 5, first: "2026-06-29".parse().unwrap(), ..three };
    keep(&administrator, &five, &more).unwrap();
    let promised = |day: &str| plan(&author, day.parse().unwrap()).week.promises[0].promised;
    assert_eq!((promised("2026-06-28"), promised("2026-06-29")), (Some(3), Some(5)));

    // Under the very identity of ours, theirs is another.
    let same = promise(&next_door, 9, Per::Month, first);
    keep(&next_door.administrator(), &drawn, &same).unwrap();
    next_door.administrator().ok(&DROP_PROMISE, &[drawn.as_str()], &Nothing {});
    assert_eq!(plan(&author, first).promises.len(), 2);
    administrator.ok(&DROP_PROMISE, &[five.as_str()], &Nothing {});
    assert_eq!(administrator.no(&DROP_PROMISE, &[five.as_str()], &Nothing {}), Refusal::NotFound);
    assert_eq!((kept(&town, "promise_kept").len(), kept(&town, "promise_dropped").len()), (3, 1));
}

#[test]
fn a_message_stands_under_its_pillar_and_the_plan_counts_how_often_it_is_said() {
    let town = Town::found("Villa de los Mensajes");
    let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
    let mobility = crate::campaigns::pillar(&administrator, "Movilidad");
    let culture = crate::campaigns::pillar(&administrator, "Cultura");
    let (free, late): (MessageId, MessageId) = (new(), new());
    let keep = |by: &Member, drawn: &MessageId, form: &KeepMessage| {
        by.ask(&KEEP_MESSAGE, &[drawn.as_str()], form).map_err(Refusal::from)
    };
    let form = sentence(&mobility, "  El autobús es gratis   hasta los 14. ");
    assert!(matches!(keep(&author, &free, &form), Err(Refusal::NotAllowed { .. })));
    let all = keep(&administrator, &free, &form).unwrap();
    assert_eq!(keep(&administrator, &free, &form).unwrap(), all, "sent twice, it is one");
    let [kept_one] = &all.messages[..] else { panic!("{all:?}") };
    assert_eq!((kept_one.version, kept_one.name.as_str()), (1, "El autobús es gratis hasta los 14."));
    keep(&administrator, &late, &sentence(&mobility, "El último autobús sale a las once.")).unwrap();
    let refused = |form: &KeepMessage| keep(&administrator, &new(), form).unwrap_err();
    let doubled = sentence(&mobility, "EL AUTOBÚS es gratis hasta los 14.");
    assert_eq!(refused(&doubled), Refusal::Doubled { field: "name".to_owned() });
    let theirs = audience(&town.neighbour("Villa de al Lado").administrator(), "Mayores");
    let to_theirs = KeepMessage { audiences: vec![theirs], ..sentence(&mobility, "Otra.") };
    assert_eq!(refused(&to_theirs), Refusal::NotFound);
    let moved = KeepMessage { version: 1, ..sentence(&culture, "El autobús es gratis hasta los 14.") };
    assert_eq!(keep(&administrator, &free, &moved), Err(Refusal::Malformed { field: "pillar".to_owned() }));

    // A post carries it under its own pillar alone.
    let draft = author.write(&town.notice("Los menores viajan gratis."));
    let saying = |pillar: &PillarId| Belonging {
        pillar: Some(pillar.clone()),
        message: Some(free.clone()),
        ..Belonging::default()
    };
    let elsewhere = Belong { version: draft.post.version, belongs: saying(&culture) };
    assert_eq!(author.no(&BELONG, &[id(&draft)], &elsewhere), Refusal::Malformed { field: "message".to_owned() });
    let put = belong(&author, &draft, saying(&mobility));
    assert_eq!(put.message.as_ref(), Some(kept_one));
    assert_eq!(put.content_hash, draft.content_hash, "nothing of it is said to anybody");
    let rows = author.ok(&posts::LIST, &[], &Query::default()).items;
    assert_eq!(rows[0].message.as_ref(), Some(&free));
    let named: Vec<_> = kept(&town, "belongs").iter().map(|body| body["message"].clone()).collect();
    assert_eq!(named, ["El autobús es gratis hasta los 14."]);

    // Said next week, and the other one by nobody.
    let week = next_week(&author);
    let agreed = mayor.approve(&author.submit(&put));
    author.place(&agreed, hour(week, 2, 10, 0));
    let now = plan(&author, week.first());
    assert_eq!(now.week.covers.messages, [(free.clone(), 1)]);
    assert!(now.month.covers.messages.iter().all(|(message, _)| *message != late));

    // Given up: what carries it stays, and nothing new does.
    let archive = KeepMessage { version: 1, archived: true, ..form };
    keep(&administrator, &free, &archive).unwrap();
    assert!(author.read(&put.post.id).message.unwrap().archived);
    let other = author.write(&town.notice("Otra línea."));
    let belongs = Belong { version: other.post.version, belongs: saying(&mobility) };
    assert_eq!(author.no(&BELONG, &[id(&other)], &belongs), Refusal::Archived);
    assert_eq!(kept(&town, "message_kept").len(), 3, "what changed nothing is not kept");
}

#[test]
fn two_are_placed_and_none_speaks_of_mobility() {
    let town = Town::found("Villa del Ritmo");
    let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
    let (week, [three, one, monthly]) = (next_week(&author), [new::<PromiseId>(), new(), new()]);
    let long_ago = week.first() - Days::new(70);
    let mobility = crate::campaigns::pillar(&administrator, "Movilidad");
    let form = promise(&town, 3, Per::Week, long_ago);
    keep(&administrator, &three, &form).unwrap();
    keep(&administrator, &one, &KeepPromise { count: 1, pillar: Some(mobility.clone()), ..form.clone() }).unwrap();
    keep(&administrator, &monthly, &KeepPromise { count: 40, per: Per::Month, ..form }).unwrap();
    let of_week = || plan(&author, week.first() + Days::new(3));
    assert_eq!(stands(&of_week().week.promises, &three), (Some(3), [0, 0, 0, 3]));

    let agreed = |text: &str| mayor.approve(&author.submit(&author.write(&town.notice(text))));
    author.place(&agreed("Abre la biblioteca."), hour(week, 1, 10, 0));
    // The last minutes of the Sunday are its own, and those after midnight the next week's.
    let last = author.place(&agreed("Cierra el mercado."), hour(week, 6, 23, 50));
    author.place(&agreed("Se corta el agua."), hour(week, 7, 0, 10));
    let now = of_week();
    assert_eq!(stands(&now.week.promises, &three), (Some(3), [0, 2, 0, 1]));
    assert_eq!(stands(&now.week.promises, &one), (Some(1), [0, 0, 0, 1]));
    assert_eq!((now.week.covers.posts, now.week.covers.neither), (2, 2));
    let after = plan(&author, week.first() + Days::new(7));
    assert_eq!(stands(&after.week.promises, &three), (Some(3), [0, 1, 0, 2]));

    // One about it, planned and not agreed: it serves both promises, and is said apart.
    let draft = author.write(&town.notice("Nueva línea de autobús."));
    let draft = belong(&author, &draft, Belonging { pillar: Some(mobility.clone()), ..Belonging::default() });
    author.place(&draft, hour(week, 3, 12, 0));
    let now = of_week();
    assert_eq!(stands(&now.week.promises, &three), (Some(3), [0, 2, 1, 0]));
    assert_eq!(stands(&now.week.promises, &one), (Some(1), [0, 0, 1, 0]));
    assert_eq!(now.week.covers.pillars, [(mobility, 1)]);
    assert_eq!((now.week.covers.no_pillar, now.week.covers.no_audience), (2, 3));

    // What is cancelled is no longer said.
    author.ok(&posts::CANCEL, &[id(&last)], &because(&last, "Ya no hace falta."));
    assert_eq!(stands(&of_week().week.promises, &three), (Some(3), [0, 1, 1, 1]));
    assert!(!now.more);
}

#[test]
fn what_is_out_counts_once_in_two_languages_and_no_longer_when_it_is_taken_down() {
    let town = Town::found("Villa de lo Dicho");
    let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
    let (drawn, by_hand) = (new::<PromiseId>(), administrator.connect_by_hand(Network::Facebook, None));
    let long_ago = author.wall(author.now(), Millis(0)).date() - Days::new(70);
    let form = promise(&town, 2, Per::Week, long_ago);
    keep(&administrator, &drawn, &form).unwrap();
    let on_facebook: PromiseId = new();
    keep(&administrator, &on_facebook, &KeepPromise { channel: by_hand.id.clone(), ..form }).unwrap();

    let mut content = town.notice("Mañana abre la piscina.");
    content.texts.insert("en".parse().unwrap(), "The pool opens tomorrow.".to_owned());
    content.titles.insert("en".parse().unwrap(), "Pool".to_owned());
    let both = vec![Language::spanish(), "en".parse().unwrap()];
    content.targets = vec![
        Target::new(town.founded.noticeboard.clone(), both),
        Target::new(by_hand.id.clone(), vec![Language::spanish()]),
    ];
    let released = |content: &domain::Content| author.release(&mayor.approve(&author.submit(&author.write(content))));
    let out = released(&content);
    let day = author.me.zone.civil(out.post.stage.slot().unwrap().at).date();
    let now = || plan(&author, day).week;
    api_journeys::eventually("both languages on the noticeboard", || {
        let view = author.read(&out.post.id);
        let there = view.publications.iter().filter(|one| one.state == PublicationState::Out).count();
        (there == 2).then_some(())
    });
    let stand = now();
    assert_eq!(stands(&stand.promises, &drawn), (Some(2), [1, 0, 0, 1]));
    // With the person on duty it is not out, and nobody should write another one.
    assert_eq!(stands(&stand.promises, &on_facebook), (Some(2), [0, 1, 0, 1]));
    assert_eq!(stand.covers.posts, 1);

    let other = released(&town.notice("Ayer abrió el centro de día."));
    let other = author.wait_for(&other.post.id, PublicationState::Out);
    assert_eq!(stands(&now().promises, &drawn), (Some(2), [2, 0, 0, 0]));
    mayor.ok(&posts::TAKE_DOWN, &[id(&other)], &because(&other, "Llevaba un dato personal."));
    api_journeys::eventually("that it is gone from the noticeboard", || {
        (stands(&now().promises, &drawn) == (Some(2), [1, 0, 0, 1])).then_some(())
    });
}

#[test]
fn a_promise_that_begins_within_the_week_is_shown_and_not_measured() {
    let town = Town::found("Villa del Miércoles");
    let (administrator, author) = (town.administrator(), town.author());
    let (week, drawn) = (next_week(&author), new::<PromiseId>());
    keep(&administrator, &drawn, &promise(&town, 3, Per::Week, week.first() + Days::new(2))).unwrap();
    let on = |day: u64| plan(&author, week.first() + Days::new(day)).week.promises;
    assert_eq!(stands(&on(0), &drawn), (None, [0; 4]), "its Monday is in the week that it begins in");
    assert_eq!(stands(&on(7), &drawn), (Some(3), [0, 0, 0, 3]));
    let before = plan(&author, week.first() - Days::new(1));
    assert_eq!((before.week.promises.len(), before.promises.len()), (0, 1));
}

#[test]
fn an_agency_is_told_of_its_own_channels() {
    let town = Town::found("Villa de la Agencia");
    let (administrator, author) = (town.administrator(), town.author());
    let facebook = administrator.connect_by_hand(Network::Facebook, None);
    let now = author.now();
    let (from, until) = (now.minus(Millis::days(1)), now.plus(Millis::days(30)));
    let access = Access::Limited { channels: vec![facebook.id.clone()], from, until };
    let rows = administrator.ok(&MEMBERS, &[], &Nothing {});
    let row = rows.into_iter().find(|row| row.role == Role::Agency).unwrap();
    let change = ChangeMember { name: row.name, email: row.email, role: Role::Agency, access };
    administrator.ok(&CHANGE_MEMBER, &[row.id.as_str()], &change);
    let agency = town.member(Role::Agency);

    let (week, ours, theirs) = (next_week(&author), new::<PromiseId>(), new::<PromiseId>());
    let form = promise(&town, 3, Per::Week, week.first());
    keep(&administrator, &ours, &form).unwrap();
    keep(&administrator, &theirs, &KeepPromise { channel: facebook.id.clone(), ..form }).unwrap();
    let draft = author.write(&town.notice("Solo en el tablón."));
    author.place(&draft, hour(week, 2, 10, 0));
    let mut content = town.notice("En los dos sitios.");
    content.targets.push(Target::new(facebook.id, vec![Language::spanish()]));
    author.place(&author.write(&content), hour(week, 3, 10, 0));
    let seen = plan(&agency, week.first());
    assert_eq!(seen.promises.iter().map(|one| &one.id).collect::<Vec<_>>(), [&theirs]);
    // All that stands on its channel counts, also what goes elsewhere besides.
    assert_eq!(stands(&seen.week.promises, &theirs), (Some(3), [0, 0, 1, 2]));
    assert_eq!(seen.week.covers.posts, 1);
    assert_eq!(stands(&plan(&author, week.first()).week.promises, &ours), (Some(3), [0, 0, 2, 1]));
}

#[test]
fn of_two_who_promise_the_same_at_once_one_is_heard() {
    let town = Town::found("Villa del Empate");
    let administrator = town.administrator();
    for n in 0..10 {
        let first = "2026-01-05".parse::<NaiveDate>().unwrap() + Days::new(7 * n);
        let week = KeepPromise { last: Some(first + Days::new(6)), ..promise(&town, 3, Per::Week, first) };
        let (one, other) = thread::scope(|scope| {
            let one = scope.spawn(|| keep(&administrator, &new(), &week));
            (keep(&administrator, &new(), &KeepPromise { count: 4, ..week.clone() }), one.join().unwrap())
        });
        let doubled = Err(Refusal::Doubled { field: "promises".to_owned() });
        assert!(one.is_ok() != other.is_ok() && (one == doubled || other == doubled), "{one:?} {other:?}");
    }
    assert_eq!(plan(&town.author(), "2026-01-05".parse().unwrap()).promises.len(), 10);
}
