//! Planned before it is agreed: the hour that is wished, its landing, what becomes of it while nobody decides.

use std::collections::BTreeSet;

use api_journeys::{Member, Town, approval, at, eventually, id, new_post, slot};
use domain::{
    Act, Content, Kind, Millis, Moment, Plan, Refusal, Role, Stage, StageName,
    circuit::{Deadline, Duties, Options, Quorum, Silence},
    delivery::PublicationState,
    hours::{Hours, Shift, WorkMinutes},
    mark::MarkKind,
    plan::{APART, Missed},
    round::{Envelope, Margin},
};
use wire::{
    Nothing,
    bylaws::{self, Open},
    calendar::{KEEP_MARK, KeepMark},
    home, organisations, people,
    posts::{self, Narrow, PostRow, PostView},
    rehearsal,
};

use crate::circuits::{circuit, decide, draw, everything_through, role, standing, step};

/// Somebody is there at every hour: what is tried does not depend on when.
pub fn always_open(town: &Town) {
    let administrator = town.administrator();
    let stands = standing(&administrator);
    let day = vec![Shift { from: 0, until: 1_440 }];
    let hours = Hours { week: std::array::from_fn(|_| day.clone()), ..stands.bylaws.hours };
    administrator.ok(&bylaws::OPEN, &[], &Open { version: stands.version, hours });
}

/// One step of whoever approves, within these minutes.
pub fn within(minutes: u32, silence: Silence, options: Options) -> domain::bylaws::Draft {
    let deadline = Deadline { within: WorkMinutes(minutes), reminders: vec![], silence };
    let step = domain::circuit::Step { deadline: Some(deadline), ..step(1, Quorum::Any, &[role(Role::Approver)]) };
    everything_through(circuit(5, vec![step], options))
}

/// Written, planned and submitted.
pub fn planned(town: &Town, author: &Member, text: &str, span: Millis) -> PostView {
    let draft = author.write(&town.notice(text));
    author.submit(&author.place(&draft, author.wall(town.now(), span)))
}

fn row_of(rows: &[PostRow], post: &PostView) -> Option<PostRow> {
    rows.iter().find(|row| row.id == post.post.id).cloned()
}

fn unplaced(reader: &Member) -> Vec<PostRow> {
    reader.ok(&posts::LIST, &[], &posts::Query { unplaced: Some(true), ..posts::Query::default() }).items
}

fn week(reader: &Member, now: Moment) -> Vec<PostRow> {
    let (from, until) = (Some(now.0), Some(now.plus(Millis::days(7)).0));
    reader.ok(&posts::LIST, &[], &posts::Query { from, until, ..posts::Query::default() }).items
}

fn missed(post: &PostView) -> Option<Missed> {
    post.post.missed().map(|(_, why)| why)
}

/// The bodies of the record.
pub fn kept(town: &Town) -> Vec<String> {
    let chain = crate::record::whole_chain(&town.member(Role::Records), town);
    chain.into_iter().filter_map(|entry| entry.body).collect()
}

/// How often the record says something of a post.
pub fn counted(kept: &[String], post: &PostView, what: &str) -> usize {
    kept.iter().filter(|body| body.contains(post.post.id.as_str()) && body.contains(what)).count()
}

/// The same, of the record as it stands.
pub fn told(town: &Town, post: &PostView, what: &str) -> usize {
    counted(&kept(town), post, what)
}

#[test]
fn what_is_planned_is_in_the_calendar_moves_there_and_is_placed_by_itself_when_it_is_agreed() {
    let town = Town::found("Villa Previsora");
    let (author, mayor) = (town.author(), town.mayor());
    let now = town.now();
    let draft = author.write(&town.notice("El jueves hay mercado."));
    assert!(row_of(&unplaced(&author), &draft).is_some());
    let wished = author.place(&draft, author.wall(now, Millis::hours(30)));
    assert_eq!((wished.post.stage.name(), wished.publications.len()), (StageName::Draft, 0));
    assert!(row_of(&unplaced(&author), &wished).is_none());
    let row = row_of(&week(&author, now), &wished).expect("it stands in the calendar");
    assert_eq!((row.stage, row.slot), (StageName::Draft, wished.post.slot().map(|slot| slot.at)));

    let waiting = author.submit(&wished);
    let moved = author.place(&waiting, author.wall(now, Millis::hours(50)));
    assert_eq!(moved.post.round().unwrap(), waiting.post.round().unwrap(), "the round does not notice");
    let taken_away = author.ok(&posts::UNPLACE, &[id(&moved)], &at(&moved));
    assert_eq!((taken_away.post.stage.name(), taken_away.post.plan.clone()), (StageName::InReview, None));
    assert_eq!(author.no(&posts::UNPLACE, &[id(&taken_away)], &at(&taken_away)), Refusal::WrongStage);
    let again = author.place(&taken_away, author.wall(now, Millis::hours(54)));
    assert_eq!(author.no(&posts::RELEASE, &[id(&again)], &at(&again)), Refusal::NotApproved);
    assert_eq!(
        mayor.no(&posts::PLACE, &[id(&again)], &slot(&again, author.wall(now, Millis::hours(1)))),
        Refusal::NotAllowed { act: Act::Publish }
    );

    let placed = decide(&mayor, &again).unwrap();
    let Stage::Placed { slot: at_last, .. } = &placed.post.stage else { panic!("{:?}", placed.post.stage) };
    assert_eq!((Some(at_last), placed.post.plan.clone()), (again.post.slot(), None));
    let act = &placed.publications[0].acts[0];
    assert_eq!(
        (placed.publications.len(), placed.publications[0].state, act.due),
        (1, PublicationState::Waiting, at_last.at)
    );
    assert_eq!(told(&town, &placed, "\"landed\":true"), 1);
    // Changed, it is in the calendar still, and has to be agreed to again.
    let changed = author.edit(&placed, &town.notice("El jueves no hay mercado."));
    assert_eq!((changed.post.stage.name(), changed.publications.len()), (StageName::Draft, 0));
    assert_eq!(changed.post.slot().map(|slot| slot.at), Some(at_last.at));
}

#[test]
fn what_can_be_placed_is_listed_before_a_hundred_drafts_and_the_rest_is_counted() {
    let town = Town::found("Villa de los Cajones");
    let (author, mayor) = (town.author(), town.mayor());
    let agreed = mayor.approve(&author.submit(&author.write(&town.notice("El martes se corta el agua."))));
    let drafts: Vec<_> = (0..102).map(|n| author.write(&town.notice(&format!("Borrador {n} de una hoja.")))).collect();
    let page = |cursor| {
        author.ok(&posts::LIST, &[], &posts::Query { unplaced: Some(true), cursor, ..posts::Query::default() })
    };
    let first = page(None);
    assert_eq!((first.items.len(), first.left), (100, Some(3)));
    assert_eq!(first.items[0].id, agreed.post.id, "changed before all the others, and the only one that can be placed");
    let rest = page(first.next.clone());
    assert_eq!((rest.items.len(), rest.next, rest.left), (3, None, None));
    let all: BTreeSet<_> = first.items.iter().chain(&rest.items).map(|row| row.id.clone()).collect();
    assert!(all.len() == 103 && drafts.iter().all(|draft| all.contains(&draft.post.id)), "each once");
    for cursor in ["x", "1-2", "x-1-2", "0-9-'"] {
        let query = posts::Query { unplaced: Some(true), cursor: Some(cursor.to_owned()), ..posts::Query::default() };
        assert_eq!(author.no(&posts::LIST, &[], &query), Refusal::Malformed { field: "cursor".to_owned() });
    }
}

#[test]
fn what_lands_within_the_minute_goes_out_without_another_hand() {
    let town = Town::found("Villa Puntual");
    let (author, mayor) = (town.author(), town.mayor());
    let waiting = planned(&town, &author, "Se abre la exposición.", Millis::seconds(40));
    decide(&mayor, &waiting).unwrap();
    author.wait_for(&waiting.post.id, PublicationState::Out);
}

#[test]
fn the_clocks_questions_are_asked_of_a_wish_too() {
    let town = Town::found("Villa del Reloj Previsto");
    let author = town.author();
    let draft = author.write(&town.notice("De madrugada."));
    let civil = |text: &str| domain::slot::parse_civil(text).unwrap();
    let no = |civil| author.no(&posts::PLACE, &[id(&draft)], &slot(&draft, civil));
    assert!(matches!(no(author.night(true).1), Refusal::InAGap { .. }));
    assert!(matches!(no(author.night(false).1), Refusal::InAFold { .. }));
    let (past, far) = (no(civil("2019-03-31T10:00")), no(civil("2099-03-31T10:00")));
    assert_eq!((past, far), (Refusal::InThePast, Refusal::TooFar));
    assert_eq!(author.read(&draft.post.id).post.version, draft.post.version);
}

#[test]
fn what_is_agreed_too_late_is_held_and_said_and_waits_for_another_hour() {
    let town = Town::alone("Villa Tardía");
    let (author, administrator) = (town.author(), town.administrator());
    let noticed = planned(&town, &author, "Dicho a tiempo.", Millis::minutes(10));
    let unnoticed = planned(&town, &author, "Aprobado antes de que suene el reloj.", Millis::minutes(10));
    town.ahead(Millis::minutes(11));
    // Within the window of half an hour, and before the clock struck: still too late.
    let (author, mayor) = (town.author(), town.mayor());
    let held = decide(&mayor, &unnoticed).unwrap();
    assert_eq!(
        (held.post.stage.name(), missed(&held), held.publications.len()),
        (StageName::Approved, Some(Missed::Passed), 0)
    );
    town.tick();
    let lost = eventually("the hour is lost", || {
        let view = author.read(&noticed.post.id);
        missed(&view).map(|_| view)
    });
    assert_eq!((lost.post.stage.name(), missed(&lost)), (StageName::InReview, Some(Missed::Passed)));
    let approved = decide(&mayor, &lost).unwrap();
    let members = administrator.ok(&people::MEMBERS, &[], &Nothing {});
    let address = members.into_iter().find(|member| member.role == Role::Author).unwrap().email.unwrap();
    let letters = |post: &PostView| {
        let of_it = |mail: &rehearsal::Mail| mail.subject.contains("Se queda sin hora") && mail.text.contains(id(post));
        town.mails(&address).iter().filter(|mail| of_it(mail)).count()
    };
    // Of the one that was held one letter, or two: any request may have wound the clock before the mayor decided.
    eventually("a letter each time", || {
        town.tick();
        (letters(&approved) == 2 && letters(&held) >= 1).then_some(())
    });
    let to_place = author.ok(&home::HOME, &[], &Nothing {}).to_place;
    for post in [&approved, &held] {
        let row = row_of(&to_place, post).expect("the home page says it");
        assert_eq!(row.missed.map(|miss| miss.why), Some(Missed::Passed));
        assert!(row_of(&unplaced(&author), post).is_some_and(|row| row.missed.is_some()), "and the calendar");
    }
    town.ahead(Millis::hours(5));
    town.tick();
    let later = town.author().read(&approved.post.id);
    assert_eq!((later.post.stage.name(), later.publications.len()), (StageName::Approved, 0), "never by itself");
    let author = town.author();
    let placed = author.place(&later, author.wall(town.now(), Millis::hours(1)));
    assert_eq!((placed.post.stage.name(), placed.post.plan.clone()), (StageName::Placed, None));
    assert_eq!(told(&town, &approved, "hour_lost"), 2, "when it was over, and when it was agreed to");
}

/// Strikes until a post is as it should be.
fn until(town: &Town, post: &PostView, what: &str, is: impl Fn(&PostView) -> bool) -> PostView {
    let author = town.author();
    eventually(what, || {
        town.tick();
        let view = author.read(&post.post.id);
        is(&view).then_some(view)
    })
}

#[test]
fn an_hour_is_given_up_at_the_deadline_where_the_circuit_holds() {
    let town = Town::alone("Villa que Cede");
    always_open(&town);
    draw(&town, within(60, Silence::Hold, Options::default()));
    let waiting = planned(&town, &town.author(), "Nadie lo mira.", Millis::hours(5));
    town.ahead(Millis::minutes(59));
    town.tick();
    assert!(town.author().read(&waiting.post.id).post.slot().is_some());
    town.ahead(Millis::minutes(61));
    let given_up = until(&town, &waiting, "the hour is given up", |view| missed(view) == Some(Missed::GivenUp));
    assert_eq!((given_up.post.stage.name(), given_up.post.slot()), (StageName::InReview, None));
    let now = town.now();
    assert!(row_of(&week(&town.author(), now), &given_up).is_none(), "its hour is free");
    let approved = decide(&town.mayor(), &given_up).unwrap();
    assert_eq!((approved.post.stage.name(), missed(&approved)), (StageName::Approved, Some(Missed::GivenUp)));
    assert_eq!(told(&town, &waiting, "nobody_decided_in_time"), 1);
}

#[test]
fn the_next_free_hole_is_on_no_day_of_mourning() {
    let town = Town::alone("Villa que Guarda Luto");
    always_open(&town);
    draw(&town, within(60, Silence::Replan, Options::default()));
    let author = town.author();
    let waiting = planned(&town, &author, "Puede esperar.", Millis::minutes(70));
    let before = waiting.post.slot().unwrap();
    let day = before.civil.date();
    let (kind, text) = (MarkKind::Mourning, "Luto oficial".to_owned());
    let mark = KeepMark { version: 0, kind, text, first: day, last: day + chrono::Days::new(1) };
    author.ok(&KEEP_MARK, &[new_post().as_str()], &mark);
    town.ahead(Millis::minutes(62));
    let moved =
        until(&town, &waiting, "another hour", |view| view.post.slot().is_some_and(|slot| slot.at != before.at));
    assert_eq!(moved.post.slot().unwrap().civil, (day + chrono::Days::new(2)).and_hms_opt(0, 0, 0).unwrap());
}

#[test]
fn the_next_free_hole_is_taken_where_the_circuit_replans_and_lost_where_there_is_none() {
    let town = Town::alone("Villa que Recoloca");
    always_open(&town);
    draw(&town, within(60, Silence::Replan, Options::default()));
    let author = town.author();
    let waiting = planned(&town, &author, "A las y pico.", Millis::minutes(70));
    // The next two hours of the same channel are taken but for one hole.
    let others: Vec<PostView> = (0..4)
        .map(|n| {
            author.place(
                &author.write(&town.notice(&format!("Otra {n}."))),
                author.wall(town.now(), Millis::minutes(85 + 29 * n)),
            )
        })
        .collect();
    let today = author.wall(town.now(), Millis(0));
    let narrow = author.write(&town.notice("Solo en este rato."));
    let until_then = author.wall(town.now(), Millis::minutes(75));
    let margin = Some(Margin::Between { from: today, until: until_then });
    let narrow = author.ok(&posts::NARROW, &[id(&narrow)], &Narrow { version: narrow.post.version, margin });
    let narrow = author.submit(&author.place(&narrow, author.wall(town.now(), Millis::minutes(68))));
    let before = waiting.post.slot().unwrap().at;

    town.ahead(Millis::minutes(62));
    let moved = until(&town, &waiting, "another hour", |view| view.post.slot().is_some_and(|slot| slot.at != before));
    let hole = moved.post.slot().unwrap();
    assert_eq!(moved.post.stage.name(), StageName::InReview, "silence agrees to nothing");
    assert!(hole.at > before && hole.at.0 % Millis::minutes(15).0 == 0, "{hole:?}");
    for other in &others {
        let taken = other.post.slot().unwrap().at;
        assert!((taken.0 - hole.at.0).abs() >= APART.0, "{hole:?} beside {taken:?}");
    }
    let lost = until(&town, &narrow, "no hole", |view| missed(view).is_some());
    assert_eq!((missed(&lost), lost.post.stage.name()), (Some(Missed::NoRoom), StageName::InReview));
    assert_eq!(told(&town, &waiting, "next_free_hole"), 1);
    // Agreed to after that hour, too: the next hole again, and never at once.
    town.ahead(Millis::hours(9));
    let late = decide(&town.mayor(), &moved).unwrap();
    let Stage::Placed { slot, .. } = &late.post.stage else { panic!("{:?} {:?}", late.post.stage, late.post.plan) };
    assert!(slot.at > town.now() && slot.at > hole.at);
    assert_eq!(late.publications[0].acts[0].due, slot.at);
}

#[test]
fn where_more_people_are_asked_the_hour_stays_until_it_is_over() {
    let town = Town::alone("Villa que Insiste");
    always_open(&town);
    let ladder = vec![domain::circuit::Rung { after: WorkMinutes(30), party: role(Role::Administrator) }];
    draw(&town, within(60, Silence::Escalate { ladder }, Options::default()));
    let waiting = planned(&town, &town.author(), "Que decida alguien.", Millis::hours(2));
    town.ahead(Millis::minutes(61));
    town.tick();
    let still = town.author().read(&waiting.post.id);
    assert_eq!(still.post.slot(), waiting.post.slot());
    town.ahead(Millis::minutes(121));
    until(&town, &waiting, "the hour is over", |view| missed(view) == Some(Missed::Passed));
    assert_eq!(decide(&town.administrator(), &waiting).unwrap().post.stage.name(), StageName::Approved);
}

#[test]
fn narrower_times_are_what_is_agreed_to_and_nothing_goes_out_after_them() {
    let town = Town::found("Villa Ceñida");
    let (author, mayor) = (town.author(), town.mayor());
    let now = town.now();
    let draft = author.write(&town.notice("Solo hasta el mediodía."));
    let (from, until) = (author.wall(now, Millis::hours(1)), author.wall(now, Millis::hours(3)));
    let narrow = |post: &PostView, margin: Option<Margin>| Narrow { version: post.post.version, margin };
    let between = Some(Margin::Between { from, until });
    let backwards = narrow(&draft, Some(Margin::Between { from: until, until: from }));
    assert_eq!(author.no(&posts::NARROW, &[id(&draft)], &backwards), Refusal::TermBackwards);
    let past = author.wall(now, Millis::hours(-1));
    let over = narrow(&draft, Some(Margin::Between { from: past, until: past }));
    assert_eq!(author.no(&posts::NARROW, &[id(&draft)], &over), Refusal::InThePast);
    let narrowed = author.ok(&posts::NARROW, &[id(&draft)], &narrow(&draft, between.clone()));
    let outside = slot(&narrowed, author.wall(now, Millis::hours(4)));
    assert_eq!(author.no(&posts::PLACE, &[id(&narrowed)], &outside), Refusal::OutsideEnvelope);
    let wished = author.place(&narrowed, author.wall(now, Millis::minutes(170)));
    let waiting = author.submit(&wished);
    let round = waiting.post.round().unwrap();
    let Envelope::Times { until: last, .. } = round.envelope.clone() else { panic!("{:?}", round.envelope) };
    assert_eq!(author.me.zone.civil(last), until);
    let outside = slot(&waiting, author.wall(now, Millis::hours(4)));
    assert_eq!(author.no(&posts::PLACE, &[id(&waiting)], &outside), Refusal::OutsideEnvelope);
    assert_eq!(author.no(&posts::NARROW, &[id(&waiting)], &narrow(&waiting, None)), Refusal::WrongStage);
    let placed = decide(&mayor, &waiting).unwrap();
    assert_eq!(placed.publications[0].acts[0].ends, last, "its window is cut to what was agreed to");
    let outside = slot(&placed, author.wall(now, Millis::hours(4)));
    assert_eq!(author.no(&posts::PLACE, &[id(&placed)], &outside), Refusal::OutsideEnvelope);
}

#[test]
fn a_declared_kind_lands_at_the_hour_that_was_planned() {
    let town = Town::found("Villa Declarada y Prevista");
    let reason = Some("Los cortes se avisan en el acto.".to_owned());
    town.administrator().ok(&organisations::DECLARE, &[], &organisations::Declare { kind: Kind::Service, reason });
    let author = town.author();
    let draft = author.write(&Content { kind: Kind::Service, ..town.notice("Corte de luz.") });
    let wished = author.place(&draft, author.wall(town.now(), Millis::hours(3)));
    let placed = author.submit(&wished);
    assert_eq!((placed.post.stage.slot(), placed.publications.len()), (wished.post.slot(), 1));
}

#[test]
fn where_duties_are_apart_somebody_else_places_what_its_writer_planned_and_is_told() {
    let town = Town::found("Villa de las Manos Separadas");
    let options = Options { duties: Duties::Apart, ..Options::default() };
    draw(&town, within(600, Silence::Hold, options));
    let (author, mayor, administrator) = (town.author(), town.mayor(), town.administrator());
    let held = decide(&mayor, &planned(&town, &author, "Lo escribe y lo prevé.", Millis::hours(3))).unwrap();
    assert_eq!((held.post.stage.name(), missed(&held)), (StageName::Approved, Some(Missed::DutiesApart)));
    assert_eq!(held.placers, vec![administrator.me.member.clone()]);
    let hour = author.wall(town.now(), Millis::hours(3));
    assert_eq!(author.no(&posts::PLACE, &[id(&held)], &slot(&held, hour)), Refusal::DutiesApart);
    assert_eq!(administrator.place(&held, hour).post.stage.name(), StageName::Placed);
    // Planned by the one who publishes, it lands.
    let draft = author.write(&town.notice("Lo prevé quien publica."));
    let wished = administrator.place(&draft, hour);
    assert_eq!(decide(&mayor, &author.submit(&wished)).unwrap().post.stage.name(), StageName::Placed);
}

#[test]
fn nothing_lands_while_everything_is_paused() {
    let town = Town::found("Villa en Pausa Prevista");
    let (author, mayor) = (town.author(), town.mayor());
    let waiting = planned(&town, &author, "Fiesta mayor.", Millis::hours(2));
    mayor.ok(&organisations::PAUSE, &[], &organisations::PauseAll { reason: "Luto.".to_owned() });
    // Planning goes on: nothing goes out by it.
    let draft = author.write(&town.notice("Para cuando pase."));
    author.place(&draft, author.wall(town.now(), Millis::days(2)));
    let held = decide(&town.mayor(), &waiting).unwrap();
    assert_eq!(
        (held.post.stage.name(), missed(&held), held.publications.len()),
        (StageName::Approved, Some(Missed::Paused), 0)
    );
    assert!(matches!(held.post.plan, Some(Plan::Missed { .. })));
    town.administrator().ok(&organisations::RESUME, &[], &Nothing {});
    town.tick();
    assert_eq!(author.read(&held.post.id).post.stage.name(), StageName::Approved);
    let author = town.author();
    assert_eq!(author.place(&held, author.wall(town.now(), Millis::hours(2))).post.stage.name(), StageName::Placed);
}

#[test]
fn a_word_over_another_content_lands_nothing() {
    let town = Town::found("Villa del Texto Cambiado");
    let (author, mayor) = (town.author(), town.mayor());
    let waiting = planned(&town, &author, "El viernes.", Millis::hours(2));
    let changed = author.submit(&author.edit(&waiting, &town.notice("El sábado.")));
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&changed)], &approval(&waiting)), Refusal::OtherContent);
    let unchanged = author.read(&changed.post.id);
    assert_eq!((unchanged.post.stage.name(), unchanged.publications.len()), (StageName::InReview, 0));
    assert_eq!(unchanged.post.slot(), waiting.post.slot());
}
