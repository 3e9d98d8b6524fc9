//! The calendar besides its posts: what stands on the days, and where there is still room.

use std::{fmt::Debug, str::FromStr};

use api_journeys::{Member, Town, id, new_post};
use domain::{
    Content, Kind, MarkId, Millis, Refusal, Role,
    mark::{Mark, MarkKind},
    plan::APART,
    views::{SavedView, Views},
    zone::{Resolved, Zone},
};
use wire::{
    Nothing,
    calendar::{After, DROP_MARK, Days, HOLES, KEEP_MARK, KEEP_VIEWS, KeepMark, MARKS, Marks, Named, VIEWS, ZONE},
    posts,
};

fn new<T: FromStr<Err: Debug>>() -> T {
    new_post().as_str().parse().unwrap()
}

fn days(first: &str, last: &str) -> Days {
    Days { first: first.parse().unwrap(), last: last.parse().unwrap() }
}

/// A form of a mark.
pub fn note(text: &str, first: &str, last: &str) -> KeepMark {
    let Days { first, last } = days(first, last);
    KeepMark { version: 0, kind: MarkKind::Session, text: text.to_owned(), first, last }
}

/// The views of before, and one more.
pub fn with_view(mut before: Views, name: &str) -> Views {
    let (layout, sieve) = ("month".to_owned(), "&network=x&text=feria%20de%20mayo".to_owned());
    before.views.push(SavedView { name: name.to_owned(), layout, sieve });
    before
}

fn keep(by: &Member, mark: &MarkId, form: &KeepMark) -> Result<Mark, Refusal> {
    by.ask(&KEEP_MARK, &[mark.as_str()], form).map_err(Refusal::from)
}

fn texts(marks: &Marks) -> Vec<&str> {
    marks.marks.iter().map(|mark| mark.text.as_str()).collect()
}

/// Where they differ, the library knows something new: `tests/api/calendar/feasts.py` says how ours is renewed.
#[test]
fn public_holidays_are_those_that_an_independent_library_knows() {
    let ours = include_str!("../../../domain/src/feast/spain.csv");
    let theirs = api_journeys::calendar::feasts_elsewhere();
    let differ = ours.lines().zip(theirs.lines()).find(|(one, other)| one != other);
    assert_eq!((differ, ours.lines().count()), (None, theirs.lines().count()));
}

#[test]
fn a_note_stands_on_its_days_until_it_is_taken_away() {
    let town = Town::found("Villa de las Notas");
    let author = town.author();
    let (mark, of) = (new::<MarkId>(), |first, last| author.ok(&MARKS, &[], &days(first, last)));
    let kept = keep(&author, &mark, &note("  Pleno \n ordinario ", "2026-03-26", "2026-03-28")).unwrap();
    assert_eq!((kept.version, kept.text.as_str()), (1, "Pleno ordinario"));
    assert_eq!(
        keep(&author, &mark, &note("Pleno ordinario", "2026-03-26", "2026-03-28")),
        Ok(kept),
        "sent twice, it is one"
    );
    // Both ends count, and no day beside them.
    assert_eq!(texts(&of("2026-03-28", "2026-04-30")), ["Pleno ordinario"]);
    assert_eq!(texts(&of("2026-03-01", "2026-03-26")), ["Pleno ordinario"]);
    assert!(texts(&of("2026-03-29", "2026-04-30")).is_empty() && texts(&of("2026-03-01", "2026-03-25")).is_empty());

    // Two who change it at once: one of them hears of the other.
    let longer = KeepMark { version: 1, ..note("Pleno y comisión", "2026-03-26", "2026-03-28") };
    assert_eq!(keep(&author, &mark, &longer).unwrap().version, 2);
    let other = KeepMark { version: 1, ..note("Otra cosa", "2026-03-26", "2026-03-28") };
    assert_eq!(keep(&town.administrator(), &mark, &other), Err(Refusal::Stale { current: 2 }));

    author.ok(&DROP_MARK, &[mark.as_str()], &Nothing {});
    let again = author.ask(&DROP_MARK, &[mark.as_str()], &Nothing {}).map_err(Refusal::from);
    assert_eq!(again, Err(Refusal::NotFound));
    assert!(texts(&of("2026-03-26", "2026-03-28")).is_empty());
    assert_eq!(keep(&author, &mark, &KeepMark { version: 2, ..other }), Err(Refusal::NotFound), "it is gone");
}

#[test]
fn a_note_that_says_nothing_or_spans_too_much_is_refused() {
    let town = Town::found("Villa de los Errores");
    let author = town.author();
    let refused = |form: &KeepMark| keep(&author, &new(), form).unwrap_err();
    assert_eq!(refused(&note(" ", "2026-03-26", "2026-03-26")), Refusal::Malformed { field: "text".to_owned() });
    assert_eq!(refused(&note("Luto", "2026-03-26", "2026-03-25")), Refusal::TermBackwards);
    assert!(matches!(refused(&note(&"a".repeat(301), "2026-03-26", "2026-03-26")), Refusal::TooLarge { .. }));
    let span = |first, last| author.ask(&MARKS, &[], &days(first, last)).map_err(Refusal::from);
    for (first, last) in [("2026-03-02", "2026-03-01"), ("2026-01-01", "2026-03-04")] {
        assert_eq!(span(first, last), Err(Refusal::Malformed { field: "last".to_owned() }));
    }
    assert!(span("2026-01-01", "2026-03-03").is_ok());
    let reader = town.member(Role::Records);
    assert!(matches!(
        keep(&reader, &new(), &note("Pleno", "2026-03-26", "2026-03-26")),
        Err(Refusal::NotAllowed { .. })
    ));
}

#[test]
fn a_member_is_told_when_the_clocks_of_another_zone_change() {
    let town = Town::found("Villa de los Dos Relojes");
    let author = town.author();
    let named = |name: &str| Named { name: name.to_owned() };
    let (here, there) = (&author.me.zone, author.ok(&ZONE, &[], &named("Atlantic/Canary")));
    assert_eq!((here.name.as_str(), there.name.as_str()), ("Europe/Madrid", "Atlantic/Canary"));
    assert!(here.transitions.len() > 20);
    for (change, _) in &here.transitions {
        for minutes in [-90, -1, 0, 90] {
            let at = change.plus(Millis::minutes(minutes));
            assert_eq!(here.offset_at(at) - there.offset_at(at), 3_600, "{at:?}");
        }
    }
    // It is of no organisation: whoever is signed in is told, and their browser need not ask again that day.
    let asked = |query: &str| town.member(Role::Records).raw(ZONE.method, &[ZONE.pattern, query].concat(), b"");
    let kiritimati = asked("?name=Pacific%2FKiritimati");
    assert_eq!(kiritimati.header("cache-control"), "private, max-age=86400");
    assert_eq!(kiritimati.read::<Zone>("a zone").unwrap().initial, 14 * 3_600);
    for name in ["", "Atlantic/Canaria", "atlantic/canary", "Mars/Olympus"] {
        assert_eq!(author.no(&ZONE, &[], &named(name)), Refusal::UnknownZone, "{name}");
    }
    let refused = |query: &str| asked(query).read::<Zone>("a zone").map_err(Refusal::from);
    let malformed = |field: &str| Err(Refusal::Malformed { field: field.to_owned() });
    assert_eq!((refused(""), refused("?name=UTC&at=1")), (malformed("name"), malformed("at")));
    assert_eq!(refused("?name=UTC&name=UTC"), Err(Refusal::Doubled { field: "query".to_owned() }));
}

#[test]
fn a_hole_is_within_working_hours_and_keeps_its_distance() {
    let town = Town::found("Villa de los Huecos");
    let author = town.author();
    let holes = |post: &posts::PostView, after: Option<i64>| author.ok(&HOLES, &[id(post)], &After { after });
    let post = author.write(&town.notice("El mercado es el jueves."));
    let now = author.now();
    // From tomorrow on: of today's hours, what is left may be no more than one hole.
    let midnight = author.wall(now, Millis::days(1)).date().and_hms_opt(0, 0, 0).unwrap();
    let Resolved::One(tomorrow) = author.me.zone.resolve(midnight) else { panic!("{midnight} is not there once") };
    let free = holes(&post, Some(tomorrow.0));
    assert_eq!(free.len(), 3);
    let on = |at: domain::Moment| author.wall(at, Millis(0));
    for at in &free {
        use chrono::{Datelike, Timelike};
        // Monday to Friday from eight to three, as a town begins.
        assert!(
            *at > tomorrow && on(*at).weekday().num_days_from_monday() < 5 && (8..15).contains(&on(*at).hour()),
            "{:?}",
            on(*at)
        );
    }
    assert!(free.windows(2).all(|two| on(two[0]).date() < on(two[1]).date()), "one a day");
    // What is planned there takes it, and half an hour around it.
    let other = author.write(&town.notice("Se corta el agua."));
    author.place(&other, on(free[0]));
    let left = holes(&post, Some(tomorrow.0));
    assert!(left.iter().all(|at| at.since(free[0]).0.abs() >= APART.0), "{left:?}");
    assert_eq!(left[1], free[1]);
    assert!(holes(&post, None).iter().all(|at| *at > now), "by itself it begins with what is left of today");
    // From when on, as far as anything can be placed.
    assert!(holes(&post, Some(free[1].0))[0] > free[1]);
    let far = After { after: Some(now.plus(Millis::days(4_000)).0) };
    assert_eq!(
        author.ask(&HOLES, &[id(&post)], &far).map_err(Refusal::from),
        Err(Refusal::Malformed { field: "after".to_owned() })
    );
}

#[test]
fn a_day_of_mourning_is_no_hole_for_what_can_wait() {
    let town = Town::found("Villa del Luto");
    let author = town.author();
    let holes = |post: &posts::PostView| author.ok(&HOLES, &[id(post)], &After::default());
    let post = author.write(&town.notice("El mercado es el jueves."));
    let cut = Content { kind: Kind::Service, ..town.notice("Se corta el agua.") };
    let cut = author.write(&cut);
    let free = holes(&post);
    let day = |at: &domain::Moment| author.wall(*at, Millis(0)).date();
    // The first two days that are offered, and whatever lies between them.
    let mourning = KeepMark {
        version: 0,
        kind: MarkKind::Mourning,
        text: "Luto por las víctimas".to_owned(),
        first: day(&free[0]),
        last: day(&free[1]),
    };
    keep(&author, &new(), &mourning).unwrap();
    let left = holes(&post);
    assert_eq!((left.len(), left[0]), (3, free[2]), "{left:?}");
    let days = |holes: &[domain::Moment]| holes.iter().map(day).collect::<Vec<_>>();
    assert_eq!(days(&holes(&cut)), days(&free), "what people must know does not wait");
    // A session of the plenary takes no day away.
    keep(&author, &new(), &KeepMark { kind: MarkKind::Session, first: day(&free[2]), last: day(&free[2]), ..mourning })
        .unwrap();
    assert_eq!(holes(&post), left);
}

#[test]
fn a_view_is_kept_under_a_name_by_one_person_for_that_person() {
    let town = Town::found("Villa de las Vistas");
    let (author, other) = (town.author(), town.member(Role::Observer));
    let of = |member: &Member| member.ok(&VIEWS, &[], &Nothing {});
    let keep = |member: &Member, views: &Views| member.ask(&KEEP_VIEWS, &[], views).map_err(Refusal::from);
    assert_eq!(of(&author), Views::default());
    let form = with_view(Views::default(), "  Feria \n de mayo ");
    let kept = keep(&author, &form).unwrap();
    assert_eq!((kept.version, kept.views[0].name.as_str()), (1, "Feria de mayo"));
    assert_eq!(keep(&author, &form), Ok(kept.clone()), "sent twice, it is one");
    assert_eq!(of(&author), kept);
    // A reader has views too, and sees none of anybody else's.
    assert_eq!(of(&other), Views::default());
    assert_eq!(keep(&other, &with_view(Views::default(), "La mía")).unwrap().views.len(), 1);
    assert_eq!(of(&author), kept);
    // A second window that has not seen the first one's view does not write over it.
    assert_eq!(keep(&author, &with_view(Views::default(), "Otra")), Err(Refusal::Stale { current: 1 }));
    let bad = SavedView { sieve: "&text=a#b".to_owned(), ..kept.views[0].clone() };
    let bad = Views { version: 1, views: vec![bad] };
    assert_eq!(keep(&author, &bad), Err(Refusal::Malformed { field: "sieve".to_owned() }));
    assert_eq!(
        keep(&author, &Views { version: 1, views: Vec::new() }).unwrap(),
        Views { version: 2, views: Vec::new() }
    );
}
