//! Calendars of others: seen beside one's own, asked for when they are due, and told of when they cannot be had. Their servers are
//! this journey's own, and say what no town's would on purpose.

use std::{fmt::Debug, str::FromStr};

use api_journeys::{
    Member, Town,
    calendar::days_elsewhere,
    elsewhere::{Elsewhere, Says},
    eventually, new_post, send,
};
use chrono::{Datelike, Days as More, NaiveDate};
use domain::{
    ForeignId, Millis, Refusal, Role,
    foreign::{MOST, Stand, Trouble},
    ics::read::{A_MONTH, Ground, Shortfall, read},
    zone::Zone,
};
use wire::{
    Nothing,
    calendar::{Days, MARKS, Others},
    foreign::{DROP_FOREIGN, FETCH_FOREIGN, FOREIGN, ForeignView, KEEP_FOREIGN, KeepForeign},
    pulse::{Look, PULSE},
    sharing::RENEW_FEED,
};

fn new<T: FromStr<Err: Debug>>() -> T {
    new_post().as_str().parse().unwrap()
}

/// A form of a calendar.
pub fn calendar(name: &str, address: &str) -> KeepForeign {
    KeepForeign { version: 0, name: name.to_owned(), address: address.to_owned(), on: true }
}

fn keep(by: &Member, id: &ForeignId, form: &KeepForeign) -> Result<Vec<ForeignView>, Refusal> {
    by.ask(&KEEP_FOREIGN, &[id.as_str()], form).map_err(Refusal::from)
}

/// How the only one fares.
fn stand(all: &[ForeignView]) -> Stand {
    let [one] = all else { panic!("{all:?}") };
    one.stand
}

fn day_of(member: &Member, days: i64) -> NaiveDate {
    member.wall(member.now(), Millis::days(days)).date()
}

fn compact(day: NaiveDate) -> String {
    day.to_string().replace('-', "")
}

fn whole(events: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

/// An event with all that is nobody's to see here.
fn event(uid: &str, title: &str, when: &str) -> String {
    format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\n{when}\r\nSUMMARY:{title}\r\nDESCRIPTION:Secreto del colegio\r\n\
         ATTENDEE;CN=Secreto:mailto:secreto@colegio.example\r\nLOCATION:Secreto\r\nEND:VEVENT\r\n"
    )
}

fn others(member: &Member, first: NaiveDate, last: NaiveDate) -> Vec<Others> {
    member.ok(&MARKS, &[], &Days { first, last }).others
}

fn titles(member: &Member, day: NaiveDate) -> Vec<String> {
    let all = others(member, day, day);
    all.iter().flat_map(|of| of.happenings.iter().map(|one| one.title.clone())).collect()
}

#[test]
fn what_others_plan_is_seen_beside_ones_own_and_asked_for_when_it_is_due() {
    let town = Town::alone("Villa de los Vecinos");
    let (administrator, author) = (town.administrator(), town.author());
    let (tomorrow, then) = (day_of(&author, 1), day_of(&author, 3));
    let meeting = event("a", "Consejo escolar", &format!("DTSTART;TZID=Europe/Madrid:{}T183000", compact(tomorrow)));
    let holidays = event("b", "Semana cultural", &format!("DTSTART:{}\r\nDURATION:P3D", compact(then)));
    let said = whole(&(meeting.clone() + &holidays));
    let school = Elsewhere::saying(Says::Text(said, Some("\"1\"".to_owned())));
    let (id, beats) = (new::<ForeignId>(), author.ok(&PULSE, &[], &Look::default()).beats);
    let feed = author.ok(&RENEW_FEED, &[], &Nothing {}).path;
    let tag = send("GET", &feed, &[], b"").header("etag").to_owned();
    let form = calendar(" Colegio ", &school.at("/agenda.ics?llave=secreta"));
    assert!(matches!(keep(&author, &id, &form), Err(Refusal::NotAllowed { .. })));
    let kept = keep(&administrator, &id, &form).unwrap();
    let Stand { read, trouble, kept: count, shortfall, .. } = stand(&kept);
    assert_eq!((read.is_some(), trouble, count, shortfall), (true, None, 2, Shortfall::default()));
    assert_eq!(keep(&administrator, &id, &form).unwrap(), kept, "sent twice, it is one");
    assert_eq!(school.known().len(), 1, "and asked for once");

    // Everybody who plans sees what it is and when, and nothing else of it; the address is for who manages alone.
    assert!(author.ok(&PULSE, &[], &Look::default()).beats > beats);
    // One's own calendar program has nothing of theirs, and nothing to read anew.
    assert_eq!(send("GET", &feed, &[("if-none-match", &tag)], b"").status, 304);
    let [seen] = &others(&author, tomorrow, then + More::new(7))[..] else { panic!("one calendar") };
    let shown: Vec<_> =
        seen.happenings.iter().map(|one| (one.first, one.last, one.minute, one.title.as_str())).collect();
    assert_eq!(
        (seen.name.as_str(), shown),
        (
            "Colegio",
            vec![
                (tomorrow, tomorrow, Some(1_110), "Consejo escolar"),
                (then, then + More::new(2), None, "Semana cultural"),
            ]
        )
    );
    assert_eq!(titles(&author, then + More::new(1)), ["Semana cultural"]);
    assert_eq!(titles(&author, then + More::new(3)), [""; 0]);
    let (path, _) = api_journeys::encode(wire::Method::Get, MARKS.path(&[]), &Days { first: tomorrow, last: then });
    assert!(!author.raw(wire::Method::Get, &path, b"").text().contains("ecret"));
    assert!(matches!(author.no(&FOREIGN, &[], &Nothing {}), Refusal::NotAllowed { .. }));
    let record = crate::record::whole_chain(&town.member(Role::Records), &town);
    let bodies: String = record.iter().filter_map(|entry| entry.body.clone()).collect();
    assert!(bodies.contains("foreign_kept") && !bodies.contains("llave"), "the record has the host alone");

    // Not before it is due; then with what its server called it, and the same is written nowhere.
    let later = |span: Millis| {
        town.ahead(span);
        for _ in 0..3 {
            town.tick();
            std::thread::sleep(std::time::Duration::from_millis(300));
        }
    };
    let still = author.ok(&PULSE, &[], &Look::default()).beats;
    let (month, asked) = (day_of(&author, 0).month(), || school.known().len());
    later(Millis::hours(5));
    assert_eq!(asked(), 1);
    later(Millis::minutes(6 * 60 + 5));
    eventually("it to be asked for", || (asked() == 2).then_some(()));
    if day_of(&town.author(), 0).month() == month {
        assert_eq!(school.known()[1], "\"1\"");
        assert_eq!(author.ok(&PULSE, &[], &Look::default()).beats, still);
    }
    let moved = event("a", "Consejo aplazado", &format!("DTSTART;TZID=Europe/Madrid:{}T100000", compact(then)));
    school.say(Says::Text(whole(&moved), Some("\"2\"".to_owned())));
    town.ahead(Millis::minutes(12 * 60 + 15));
    town.tick();
    let author = town.author();
    eventually("the change to be seen", || (titles(&author, then) == ["Consejo aplazado"]).then_some(()));
    assert_eq!(titles(&author, tomorrow), [""; 0]);

    // A server that drips for ever is left; what was read stays, and since when is said. To everybody who plans, where it is old.
    assert!(others(&author, then, then).iter().all(|of| of.as_of.is_none()));
    town.arm("impatient=1");
    school.say(Says::Drips);
    town.ahead(Millis::days(3));
    let (author, administrator) = (town.author(), town.administrator());
    let fetched = administrator.ok(&FETCH_FOREIGN, &[id.as_str()], &Nothing {});
    let Stand { read, trouble, since, .. } = stand(&fetched);
    assert_eq!((trouble, read.is_some(), since.is_some()), (Some(Trouble::Unreached), true, true));
    assert_eq!(titles(&author, then), ["Consejo aplazado"]);
    let of_when = |day: NaiveDate| others(&author, day, day).iter().map(|of| of.as_of).collect::<Vec<_>>();
    // Where nothing stands too: it may do by now.
    assert_eq!((of_when(then), of_when(tomorrow)), (vec![read], vec![read]));

    // Renamed it is not asked for; off, nothing of it is kept; gone, it is gone.
    let before = asked();
    let renamed = KeepForeign { version: 1, name: "Instituto".to_owned(), ..form.clone() };
    keep(&administrator, &id, &renamed).unwrap();
    assert_eq!((asked(), others(&author, then, then)[0].name.as_str()), (before, "Instituto"));
    assert_eq!(keep(&administrator, &id, &renamed), Ok(administrator.ok(&FOREIGN, &[], &Nothing {})));
    keep(&administrator, &id, &KeepForeign { version: 2, on: false, ..renamed.clone() }).unwrap();
    assert_eq!(titles(&author, then), [""; 0]);
    let off = administrator.ask(&FETCH_FOREIGN, &[id.as_str()], &Nothing {}).map_err(Refusal::from);
    assert_eq!(off, Err(Refusal::NotFound));
    assert_eq!(administrator.ok(&DROP_FOREIGN, &[id.as_str()], &Nothing {}), []);
    assert_eq!(administrator.no(&DROP_FOREIGN, &[id.as_str()], &Nothing {}), Refusal::NotFound);
    assert_eq!(asked(), before);
}

#[test]
fn whatever_a_server_says_it_is_read_as_far_as_it_is_a_calendar_and_told_where_it_is_not() {
    let town = Town::found("Villa de los Malos Calendarios");
    let administrator = town.administrator();
    for inward in
        ["http://colegio.es/x.ics", "https://10.0.0.1/x.ics", "webcal://intranet/x.ics", "https://a:b@colegio.es"]
    {
        assert_eq!(
            keep(&administrator, &new(), &calendar("Dentro", inward)),
            Err(Refusal::ForbiddenAddress),
            "{inward}"
        );
    }
    let nameless = keep(&administrator, &new(), &calendar(" ", "https://colegio.es"));
    assert_eq!(nameless, Err(Refusal::Malformed { field: "name".to_owned() }));

    let tomorrow = day_of(&administrator, 1);
    let date = compact(tomorrow);
    let at = |hour: &str| format!("DTSTART:{date}T{hour}");
    let club = Elsewhere::saying(Says::Status(404));
    let (id, mut version) = (new::<ForeignId>(), 0);
    // Each at an address of its own: nothing is known of it, and nothing of the one before is left.
    let mut met = |says: Says| {
        club.say(says);
        let form = KeepForeign { version, ..calendar("Club", &club.at(&format!("/{version}.ics"))) };
        version += 1;
        stand(&keep(&administrator, &id, &form).unwrap())
    };
    let text = |events: &str| Says::Text(whole(events), None);
    for (says, trouble) in [
        (Says::Status(404), Trouble::Says { status: 404 }),
        (Says::Status(304), Trouble::Says { status: 304 }),
        (Says::SendsOn("https://10.0.0.1/agenda.ics".to_owned()), Trouble::Inward),
        (Says::SendsOn("https://metadata.internal/".to_owned()), Trouble::Inward),
        (Says::SendsOn("file:///etc/passwd".to_owned()), Trouble::Inward),
        (Says::SendsOn("/again.ics".to_owned()), Trouble::Unreached),
        (Says::Floods, Trouble::TooLarge),
        (text(&event("x", &"x".repeat(1_000_000), &at("100000"))), Trouble::TooLarge),
        (Says::Text("<!doctype html><title>Aula virtual</title>".to_owned(), None), Trouble::NoCalendar),
        (
            Says::Text(whole(&event("x", "Entreno", &at("100000"))).replace("END:VCALENDAR", ""), None),
            Trouble::NoCalendar,
        ),
        (Says::Text(String::new(), None), Trouble::NoCalendar),
    ] {
        let told: String = format!("{says:?}").chars().take(80).collect();
        let Stand { read, trouble: found, since, kept, .. } = met(says);
        assert_eq!((read, found, since.is_some(), kept), (None, Some(trouble), true, 0), "{told}");
        assert_eq!(titles(&administrator, tomorrow), [""; 0], "{told}");
    }

    let zones = event("x", "Partido", &format!("DTSTART;TZID=Mars/Olympus:{date}T100000"));
    let rules = event("y", "Liga", &format!("{}\r\nRRULE:FREQ=MONTHLY;BYDAY=SA;BYSETPOS=2", at("110000")));
    let times = event("z", "Algún día", "DTSTART:pronto");
    let broken = met(text(&[zones, rules, times].concat()));
    let shortfall = Shortfall { zones: 1, rules: 1, times: 1, left: 0 };
    assert_eq!((broken.trouble, broken.kept, broken.shortfall), (None, 2, shortfall));
    let [seen] = &others(&administrator, tomorrow, tomorrow)[..] else { panic!("one calendar") };
    assert_eq!(seen.happenings[0].minute, Some(600), "on the organisation's wall");

    let hostile = event("x", "<b>Torneo</b>\u{202e}\\n\u{200b}de ajedrez", &at("100000"));
    assert_eq!(met(text(&hostile)).kept, 1);
    assert_eq!(titles(&administrator, tomorrow), ["<b>Torneo</b> de ajedrez"]);

    // Five thousand: a month shows as many as anybody reads, and how many there are besides is said.
    let many = (0..5_000).map(|n| {
        format!(
            "BEGIN:VEVENT\r\nUID:{n}\r\n{}\r\nSUMMARY:Acto {n}\r\nEND:VEVENT\r\n",
            at(&format!("{:02}0000", n % 24))
        )
    });
    let many = met(text(&many.collect::<String>()));
    assert_eq!((many.trouble, many.kept as usize, many.shortfall.left as usize), (None, A_MONTH, 5_000 - A_MONTH));
    let shown = others(&administrator, tomorrow, tomorrow);
    assert_eq!(shown[0].happenings.len(), A_MONTH);

    // There is an end to how many are kept, and to how often one is asked for.
    for n in 1..MOST {
        keep(&administrator, &new(), &KeepForeign { on: false, ..calendar(&format!("Otro {n}"), &club.at("/")) })
            .unwrap();
    }
    let more = keep(&administrator, &new(), &calendar("Uno de más", &club.at("/")));
    assert!(matches!(more, Err(Refusal::TooLarge { field, .. }) if field == "foreign"));
    let tries: Vec<_> =
        (0..7).map(|_| administrator.ask(&FETCH_FOREIGN, &[id.as_str()], &Nothing {}).map_err(Refusal::from)).collect();
    assert!(tries[..6].iter().all(Result::is_ok) && matches!(tries[6], Err(Refusal::TooMany { .. })));
}

#[test]
fn what_repeats_does_so_on_the_days_that_an_independent_library_names() {
    let rules = [
        ("FREQ=DAILY;INTERVAL=3", "2026-05-01"),
        ("FREQ=DAILY;BYDAY=MO,WE,FR;COUNT=40", "2026-05-01"),
        ("FREQ=DAILY;BYMONTH=6,7", "2026-06-15"),
        ("FREQ=WEEKLY", "2021-02-03"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "2026-05-05"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "2026-05-05"),
        ("FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20261030", "2026-01-05"),
        ("FREQ=MONTHLY", "2026-01-31"),
        ("FREQ=MONTHLY;INTERVAL=5", "2020-02-29"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15,-1", "2026-05-01"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-05-29"),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO;COUNT=9", "2026-05-04"),
        ("FREQ=MONTHLY;BYDAY=SA", "2026-05-02"),
        ("FREQ=YEARLY", "2024-02-29"),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,25", "2020-12-24"),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", "2026-05-10"),
        ("FREQ=YEARLY;BYMONTH=3,9;COUNT=4", "2026-03-20"),
    ];
    let last: NaiveDate = "2029-12-31".parse().unwrap();
    let asked: Vec<_> = rules.iter().map(|(rule, start)| (*rule, start.parse::<NaiveDate>().unwrap(), last)).collect();
    let theirs = days_elsewhere(&asked);
    let home = Zone::utc();
    for ((rule, start, last), theirs) in asked.iter().zip(theirs) {
        let text = whole(&event("x", "x", &format!("DTSTART;VALUE=DATE:{}\r\nRRULE:{rule}", compact(*start))));
        let found = read(&text, Ground { home: &home, first: *start, last: *last }, &|_| None).unwrap();
        let ours: Vec<_> = found.months.values().flatten().map(|one| one.first).collect();
        assert_eq!((found.shortfall, ours), (Shortfall::default(), theirs), "{rule}");
    }
}
