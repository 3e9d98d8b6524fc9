//! Notices: in the desk, by mail as ever, on a device, in a digest; quiet hours; and what stays unread goes up.

use std::collections::{BTreeMap, BTreeSet};

use api_journeys::{
    Member, Town, approval, eventually, id,
    push::{Browser, Pushed, Service, claims},
};
use domain::{
    Choice, Millis, Refusal, Role,
    delivery::PublicationState,
    task::{About, Assignee, Request, Urgency},
    telling::{Allowance, Choices, Group, Kind, Passes, Quiet, Way},
};
use wire::{
    Nothing,
    notices::{self, Allow, Delivery, NoticeRow, Push, Query, Until},
    organisations,
    posts::{self, PostView},
    session, tasks,
};

fn list(member: &Member) -> Vec<NoticeRow> {
    member.ok(&notices::LIST, &[], &Query::default()).items
}

fn kinds(member: &Member) -> Vec<Kind> {
    list(member).iter().map(|row| row.kind).collect()
}

fn unread(member: &Member) -> u32 {
    member.ok(&session::BOOT, &[], &Nothing {}).me.map_or(0, |me| me.unread)
}

fn ways(group: Group, ways: &[Way]) -> Choices {
    Choices { ways: BTreeMap::from([(group, ways.iter().copied().collect())]), ..Choices::default() }
}

fn choose(member: &Member, choices: &Choices) {
    assert_eq!(member.ok(&notices::CHOOSE, &[], choices).choices, *choices);
}

fn listen(member: &Member, browser: &Browser, label: &str) -> Push {
    member.ok(&notices::SUBSCRIBE, &[], &browser.subscription(label))
}

fn submitted(town: &Town) -> PostView {
    let author = town.author();
    author.submit(&author.write(&town.notice("Secreto hasta que se publique.")))
}

fn address(town: &Town, role: &str) -> String {
    format!("{role}@{}.example", town.founded.slug)
}

fn mails(town: &Town, role: &str, subject: &str) -> usize {
    town.mails(&address(town, role)).iter().filter(|mail| mail.subject.contains(subject)).count()
}

fn first_push(service: &Service, so_many: usize) -> Vec<Pushed> {
    eventually("the push", || Some(service.came()).filter(|came| came.len() >= so_many))
}

fn allow(town: &Town, allowed: &[Allowance]) {
    let administrator = town.administrator();
    let version = administrator.ok(&organisations::ORGANISATION, &[], &Nothing {}).version;
    let allow = Allow { version, allowed: allowed.iter().copied().collect() };
    administrator.ok(&notices::ALLOW, &[], &allow);
}

fn task(by: &Member, to: &Member, title: &str) {
    let request = Request {
        title: title.to_owned(),
        instructions: String::new(),
        about: About::Nothing,
        assignee: Assignee::Member { member: to.me.member.clone() },
        due: None,
        urgency: Urgency::Normal,
    };
    by.ok(&tasks::ASK, &[crate::tasks::new_task().as_str()], &request);
}

#[test]
fn everything_is_told_at_the_desk_and_by_mail_as_ever_until_somebody_chooses() {
    let town = Town::found("Villa Avisada");
    let (author, mayor) = (town.author(), town.mayor());
    let post = submitted(&town);
    let rows = list(&mayor);
    let waiting = rows.first().unwrap();
    assert_eq!(
        (waiting.kind, &waiting.post, waiting.heading.as_str()),
        (Kind::Waiting, &Some(post.post.id.clone()), "Corte de agua")
    );
    assert_eq!((waiting.ways.clone(), waiting.read), (BTreeSet::from([Way::Mail]), None));
    assert_eq!((unread(&mayor), unread(&author)), (1, 0));
    assert_eq!(mails(&town, "approver", "Corte de agua"), 1);

    // Read is read, twice too, and only by its own.
    let path = [waiting.id.as_str()];
    assert_eq!(author.no(&notices::READ, &path, &Nothing {}), Refusal::NotFound);
    assert_eq!(mayor.ok(&notices::READ, &path, &Nothing {}).unread, 0);
    let read = list(&mayor)[0].read;
    assert!(read.is_some());
    mayor.ok(&notices::READ, &path, &Nothing {});
    assert_eq!(list(&mayor)[0].read, read);

    // Whoever has the thing before them has read of it.
    let choice = Choice::Return { comment: "Es el viernes.".to_owned(), place: None };
    mayor.ok(&posts::DECIDE, &[id(&post)], &posts::Decide { choice, ..approval(&post) });
    assert_eq!((kinds(&author), unread(&author)), (vec![Kind::Returned], 1));
    author.read(&post.post.id);
    eventually("that it was read", || (unread(&author) == 0).then_some(()));

    for number in 0..12 {
        task(&mayor, &author, &format!("Tarea {number}"));
    }
    assert_eq!(unread(&author), notices::MOST_UNREAD, "a bell counts so far");
    let newest = list(&author)[0].at;
    let before = Until { until: newest.minus(Millis(1)) };
    assert!(author.ok(&notices::READ_ALL, &[], &before).unread >= 1, "what came since stays unread");
    assert_eq!(author.ok(&notices::READ_ALL, &[], &Until { until: newest }).unread, 0);
}

#[test]
fn a_long_list_comes_in_pages_without_losing_one() {
    let town = Town::found("Villa Prolija");
    let (mayor, author) = (town.mayor(), town.author());
    for number in 0..33 {
        task(&mayor, &author, &format!("Tarea {number}"));
    }
    let first = author.ok(&notices::LIST, &[], &Query::default());
    let second = author.ok(&notices::LIST, &[], &Query { cursor: first.next.clone() });
    assert_eq!((first.items.len(), second.items.len(), second.next), (30, 3, None));
    assert_eq!((first.items[0].what.as_str(), second.items[2].what.as_str()), ("Tarea 32", "Tarea 0"));
    let nonsense = Query { cursor: Some("ayer".to_owned()) };
    assert_eq!(author.no(&notices::LIST, &[], &nonsense), Refusal::Malformed { field: "cursor".to_owned() });
}

#[test]
fn a_push_is_signed_sealed_of_one_length_and_says_only_that_something_waits() {
    let (town, service) = (Town::found("Villa del Timbre"), Service::start());
    let mayor = town.mayor();
    let browser = Browser::at(&service);
    let key = listen(&mayor, &browser, "El móvil").key;
    choose(&mayor, &ways(Group::Decisions, &[Way::Push]));
    let post = submitted(&town);
    let pushed = first_push(&service, 1).remove(0);
    assert!(browser.endpoint.ends_with(&pushed.path));
    assert_eq!((pushed.header("urgency"), pushed.header("ttl"), pushed.header("topic")), ("high", "14400", id(&post)));
    assert_eq!(pushed.body.len(), 86 + 2_048 + 16, "its length says nothing");

    let claims = claims(&pushed, &key);
    assert_eq!(claims["aud"], service.origin());
    let now = town.now().0 / 1_000;
    let until = claims["exp"].as_i64().unwrap();
    assert!(until > now && until <= now + 24 * 3_600, "{until}");
    assert!(claims["sub"].as_str().unwrap().starts_with("http"), "{claims}");

    let said = browser.open(&pushed);
    assert_eq!(said["url"], format!("/decide/?post={}", post.post.id));
    let text = said.to_string();
    assert!(
        !text.contains("Corte") && !text.contains("Secreto") && said["body"].as_str().unwrap().contains("espera"),
        "{text}"
    );
    let row = eventually("that it was told", || list(&mayor).into_iter().find(|row| row.ways.contains(&Way::Push)));
    assert_eq!(row.ways, BTreeSet::from([Way::Push]));
    assert_eq!(mails(&town, "approver", "Corte de agua"), 0);

    // With the organisation's leave it says what; the text stays where it is.
    allow(&town, &[Allowance::Headings]);
    submitted(&town);
    let pushed = first_push(&service, 2).remove(1);
    let said = browser.open(&pushed).to_string();
    assert!(said.contains("Corte de agua") && !said.contains("Secreto"), "{said}");
    let devices = mayor.ok(&notices::PUSH, &[], &Nothing {}).devices;
    assert!(devices[0].used.is_some() && devices[0].label == "El móvil");
}

#[test]
fn a_device_that_is_gone_is_dropped_and_said_and_the_notice_is_a_mail() {
    for gone in [404, 410] {
        let (town, service) = (Town::found("Villa del Móvil Perdido"), Service::start());
        let mayor = town.mayor();
        listen(&mayor, &Browser::at(&service), "El móvil viejo");
        choose(&mayor, &ways(Group::Decisions, &[Way::Push]));
        service.answer(&[gone]);
        submitted(&town);
        let lost = eventually("that it is said", || list(&mayor).into_iter().find(|row| row.kind == Kind::PushLost));
        assert_eq!(lost.what, "El móvil viejo");
        assert_eq!(mayor.ok(&notices::PUSH, &[], &Nothing {}).devices, []);
        assert_eq!((mails(&town, "approver", "dispositivo"), mails(&town, "approver", "Corte de agua")), (1, 1));
        assert_eq!(service.came().len(), 1);
    }
}

#[test]
fn a_busy_service_is_tried_again_and_then_it_is_a_mail() {
    let (town, service) = (Town::alone("Villa Ocupada"), Service::start());
    let mayor = town.mayor();
    listen(&mayor, &Browser::at(&service), "El móvil");
    choose(&mayor, &ways(Group::Decisions, &[Way::Push]));
    service.answer(&[429, 503, 500]);
    submitted(&town);
    first_push(&service, 1);
    assert_eq!(mails(&town, "approver", "Corte de agua"), 0);
    for (minutes, tries) in [(3, 2), (10, 3)] {
        town.ahead(Millis::minutes(minutes));
        town.tick();
        first_push(&service, tries);
    }
    eventually("the mail instead", || (mails(&town, "approver", "Corte de agua") == 1).then_some(()));
    let rows = list(&mayor);
    assert_eq!(rows[0].ways, BTreeSet::from([Way::Mail]));
    town.ahead(Millis::minutes(20));
    town.tick();
    assert_eq!(mayor.ok(&notices::PUSH, &[], &Nothing {}).devices.len(), 1, "busy is not gone");
}

#[test]
fn a_test_push_says_what_each_service_answered() {
    let (town, service) = (Town::found("Villa de Prueba"), Service::start());
    let mayor = town.mayor();
    assert_eq!(mayor.ok(&notices::TEST, &[], &Nothing {}).devices, []);
    let browser = Browser::at(&service);
    listen(&mayor, &browser, "El móvil");
    for (status, delivery) in
        [(201, Delivery::Taken), (503, Delivery::Later), (403, Delivery::Refused), (410, Delivery::Gone)]
    {
        service.answer(&[status]);
        let tested = mayor.ok(&notices::TEST, &[], &Nothing {}).devices;
        assert_eq!(tested.iter().map(|(_, delivery)| *delivery).collect::<Vec<_>>(), [delivery]);
    }
    assert_eq!(browser.open(&service.came()[0])["url"], "/desk/notices");
    assert_eq!(mayor.ok(&notices::PUSH, &[], &Nothing {}).devices, []);
    let refused = (0..10).fold(None, |before, _| mayor.ask(&notices::TEST, &[], &Nothing {}).err().or(before));
    assert!(matches!(refused.map(Refusal::from), Some(Refusal::TooMany { .. })));
}

#[test]
fn an_endpoint_that_points_inward_and_keys_that_are_none_are_refused() {
    let town = Town::found("Villa Amurallada");
    let mayor = town.mayor();
    for inward in [
        "https://10.0.0.1/push",
        "https://[fd00::1]/push",
        "https://169.254.169.254/latest/meta-data",
        "https://db.internal/push",
        "https://printer.local/push",
        "https://intranet/push",
        "http://push.example.org/device",
        "https://me:secret@push.example.org/device",
        "ftp://push.example.org/device",
        "push.example.org/device",
        "",
    ] {
        let no = mayor.no(&notices::SUBSCRIBE, &[], &Browser::with(inward).subscription("El móvil"));
        assert_eq!(no, Refusal::ForbiddenAddress, "{inward}");
    }
    let good = Browser::with("https://push.services.mozilla.com/wpush/v2/abc").subscription("El móvil");
    let malformed = |field: &str| Refusal::Malformed { field: field.to_owned() };
    let no = |body: notices::Subscribe| mayor.no(&notices::SUBSCRIBE, &[], &body);
    assert_eq!(no(notices::Subscribe { auth: "AAAA".to_owned(), ..good.clone() }), malformed("auth"));
    assert_eq!(no(notices::Subscribe { p256dh: "AAAA".to_owned(), ..good.clone() }), malformed("p256dh"));
    // Of the right form, and no point of the curve.
    let off = format!("B{}", "A".repeat(86));
    assert_eq!(no(notices::Subscribe { p256dh: off, ..good.clone() }), malformed("p256dh"));
    assert_eq!(no(notices::Subscribe { lang: "tlh".to_owned(), ..good.clone() }), malformed("lang"));
    assert_eq!(no(notices::Subscribe { label: " ".to_owned(), ..good.clone() }), malformed("label"));
    let long = format!("https://push.example.org/{}", "x".repeat(2_000));
    assert!(matches!(no(notices::Subscribe { endpoint: long, ..good }), Refusal::TooLarge { .. }));
    assert_eq!(mayor.ok(&notices::PUSH, &[], &Nothing {}).devices, []);
}

#[test]
fn a_browser_belongs_to_whoever_signed_in_on_it_last_and_to_nobody_who_only_knows_its_address() {
    let (town, service) = (Town::found("Villa Compartida"), Service::start());
    let other = town.neighbour("Villa de Enfrente");
    let (mayor, author, stranger) = (town.mayor(), town.author(), other.mayor());
    let browser = Browser::at(&service);
    let device = listen(&mayor, &browser, "El ordenador del pleno").devices.remove(0);
    // Subscribed again, it is the same one.
    assert_eq!(listen(&mayor, &browser, "El ordenador").devices.len(), 1);
    let thief = Browser::with(&browser.endpoint).subscription("Mío");
    for somebody in [&author, &stranger] {
        assert_eq!(somebody.no(&notices::SUBSCRIBE, &[], &thief), Refusal::Doubled { field: "endpoint".to_owned() });
        assert_eq!(somebody.no(&notices::UNSUBSCRIBE, &[device.id.as_str()], &Nothing {}), Refusal::NotFound);
    }
    assert_eq!(mayor.ok(&notices::PUSH, &[], &Nothing {}).devices.len(), 1);
    // The same browser with another person in front of it.
    assert_eq!(listen(&stranger, &browser, "El ordenador").devices.len(), 1);
    assert_eq!(mayor.ok(&notices::PUSH, &[], &Nothing {}).devices, []);
    let own = stranger.ok(&notices::PUSH, &[], &Nothing {}).devices.remove(0);
    assert_eq!(stranger.ok(&notices::UNSUBSCRIBE, &[own.id.as_str()], &Nothing {}).devices, []);
    assert_eq!(stranger.no(&notices::UNSUBSCRIBE, &[own.id.as_str()], &Nothing {}), Refusal::NotFound);
    for number in 0..8 {
        listen(&mayor, &Browser::at(&service), &format!("Dispositivo {number}"));
    }
    let no = mayor.no(&notices::SUBSCRIBE, &[], &Browser::at(&service).subscription("Uno más"));
    assert_eq!(no, Refusal::TooLarge { field: "devices".to_owned(), limit: 8, length: 9 });
}

#[test]
fn what_is_urgent_cannot_be_silenced_and_the_rest_where_the_organisation_allows_it() {
    let town = Town::found("Villa Silenciosa");
    let (author, mayor) = (town.author(), town.mayor());
    let no = |choices: Choices| mayor.no(&notices::CHOOSE, &[], &choices);
    assert_eq!(no(ways(Group::Decisions, &[])), Refusal::CannotSilence);
    assert_eq!(no(ways(Group::Tasks, &[])), Refusal::CannotSilence);
    let malformed = |field: &str| Refusal::Malformed { field: field.to_owned() };
    assert_eq!(no(ways(Group::Duty, &[Way::Mail, Way::Digest])), malformed("ways"));
    let quiet = Quiet { from: 0, until: 1_439, passes: Passes::Nothing };
    assert_eq!(no(Choices { quiet: Some(quiet), ..Choices::default() }), malformed("quiet"));
    allow(&town, &[Allowance::Silence]);
    assert_eq!(no(ways(Group::Duty, &[])), Refusal::CannotSilence);
    choose(&mayor, &ways(Group::Tasks, &[]));
    task(&author, &mayor, "Firmar el bando");
    assert_eq!(kinds(&mayor), [Kind::Task]);
    assert_eq!(mails(&town, "approver", "Firmar el bando"), 0);
    assert_eq!(
        author.no(&notices::ALLOW, &[], &Allow { version: 1, allowed: BTreeSet::new() }),
        Refusal::NotAllowed { act: domain::Act::ManageOrganisation }
    );
    let stale = Allow { version: 1, allowed: BTreeSet::new() };
    assert_eq!(town.administrator().no(&notices::ALLOW, &[], &stale), Refusal::Stale { current: 2 });
}

/// Minutes after midnight on the town's wall, so long from now.
fn wall_minute(member: &Member, town: &Town, span: Millis) -> u16 {
    use chrono::Timelike;
    let wall = member.wall(town.now(), span);
    (wall.hour() * 60 + wall.minute()) as u16
}

#[test]
fn quiet_hours_keep_what_can_wait_and_let_through_what_cannot() {
    let town = Town::alone("Villa Tranquila");
    let (author, mayor) = (town.author(), town.mayor());
    let quiet = |passes| {
        let at = |hours| wall_minute(&mayor, &town, Millis::hours(hours));
        Choices { quiet: Some(Quiet { from: at(-1), until: at(2), passes }), ..Choices::default() }
    };
    choose(&mayor, &quiet(Passes::Urgent));
    task(&author, &mayor, "Firmar el bando");
    submitted(&town);
    town.tick();
    eventually("what is urgent", || (mails(&town, "approver", "Por aprobar") == 1).then_some(()));
    assert_eq!(mails(&town, "approver", "Firmar el bando"), 0, "it can wait");
    assert_eq!(kinds(&mayor).len(), 2, "at the desk there are no quiet hours");
    choose(&mayor, &quiet(Passes::Nothing));
    submitted(&town);
    town.ahead(Millis::minutes(90));
    town.tick();
    assert_eq!((mails(&town, "approver", "Por aprobar"), mails(&town, "approver", "Firmar el bando")), (1, 0));
    town.ahead(Millis::minutes(125));
    town.tick();
    eventually("all of it, when they are over", || {
        let come = (mails(&town, "approver", "Por aprobar"), mails(&town, "approver", "Firmar el bando"));
        (come == (2, 1)).then_some(())
    });
}

#[test]
fn the_digest_is_one_mail_a_day_of_what_is_unread() {
    let town = Town::alone("Villa Resumida");
    let (author, mayor) = (town.author(), town.mayor());
    let digest_at = wall_minute(&mayor, &town, Millis::hours(1));
    choose(&mayor, &Choices { digest_at, ..ways(Group::Tasks, &[Way::Digest]) });
    for title in ["Firmar el bando", "Revisar el acta", "Leer el informe"] {
        task(&author, &mayor, title);
    }
    let read = list(&mayor).into_iter().find(|row| row.what == "Leer el informe").unwrap();
    mayor.ok(&notices::READ, &[read.id.as_str()], &Nothing {});
    town.ahead(Millis::minutes(30));
    town.tick();
    assert_eq!(mails(&town, "approver", "lo que ha pasado"), 0);
    town.ahead(Millis::minutes(61));
    town.tick();
    let digest =
        || town.mails(&address(&town, "approver")).into_iter().filter(|mail| mail.subject.contains("lo que ha pasado"));
    let mail = eventually("the digest", || digest().next());
    assert!(mail.text.contains("Firmar el bando") && mail.text.contains("Revisar el acta"), "{}", mail.text);
    assert!(!mail.text.contains("Leer el informe"), "it was read");
    town.ahead(Millis::minutes(70));
    town.tick();
    eventually("that both were told", || {
        let told = list(&mayor).into_iter().filter(|row| row.ways.contains(&Way::Digest)).count();
        (told == 2).then_some(())
    });
    assert_eq!(digest().count(), 1);
    assert_eq!(mails(&town, "approver", "Firmar el bando"), 0);
}

/// A publication that was held because it came too late: the clock stands 65 minutes ahead.
fn held(town: &Town) -> PostView {
    let (author, mayor) = (town.author(), town.mayor());
    let approved = mayor.approve(&submitted(town));
    let placed = author.place(&approved, author.wall(town.now(), Millis::minutes(5)));
    town.ahead(Millis::minutes(65));
    town.tick();
    author.wait_for(&placed.post.id, PublicationState::Held)
}

#[test]
fn an_unread_failure_goes_by_the_other_way_and_then_to_whoever_is_on_duty() {
    let (town, service) = (Town::alone("Villa Despierta"), Service::start());
    let (administrator, community) = (town.administrator(), town.member(Role::Community));
    let now = administrator.ok(&organisations::ORGANISATION, &[], &Nothing {});
    let change = organisations::ChangePolicy {
        version: now.version,
        rules: now.policy.rules,
        window: now.policy.window,
        alert: vec![administrator.me.member.clone()],
        duty: vec![community.me.member.clone()],
    };
    administrator.ok(&organisations::CHANGE_POLICY, &[], &change);
    listen(&administrator, &Browser::at(&service), "El móvil");
    choose(&administrator, &ways(Group::Duty, &[Way::Push]));
    held(&town);
    first_push(&service, 1);
    let person = |member: &Member| list(member).into_iter().find(|row| row.kind == Kind::Person);
    assert_eq!(mails(&town, "administrator", "Necesita a una persona"), 0);
    town.ahead(Millis::minutes(81));
    town.tick();
    eventually("the other way", || (mails(&town, "administrator", "Necesita a una persona") == 1).then_some(()));
    assert!(!kinds(&community).contains(&Kind::Raised));
    town.ahead(Millis::minutes(97));
    town.tick();
    let raised = eventually("the next people", || list(&community).into_iter().find(|row| row.kind == Kind::Raised));
    assert_eq!(raised.heading, "Corte de agua");
    assert_eq!(mails(&town, "community", "Sin leer"), 1);
    // Once, and by each way once.
    town.ahead(Millis::minutes(150));
    town.tick();
    town.tick();
    assert_eq!(service.came().len(), 1);
    assert_eq!(person(&administrator).unwrap().ways, BTreeSet::from([Way::Push, Way::Mail]));
    assert_eq!(kinds(&community).iter().filter(|kind| **kind == Kind::Raised).count(), 1);
}

#[test]
fn what_was_read_or_settled_goes_no_further() {
    let town = Town::alone("Villa Puntual");
    let administrator = town.administrator();
    // Nobody is on duty: it would go up to the other administrator.
    let (_, second) = crate::circuits::joined(&town, Role::Administrator, "El segundo");
    let late = held(&town);
    let row = eventually("the notice", || list(&administrator).into_iter().find(|row| row.kind == Kind::Person));
    administrator.ok(&notices::READ, &[row.id.as_str()], &Nothing {});
    let own = list(&second).into_iter().find(|row| row.kind == Kind::Person).unwrap();
    assert_eq!(own.read, None);
    let why = wire::publications::Why { reason: "Ya pasó.".to_owned() };
    town.author().ok(&wire::publications::GIVE_UP, &[late.publications[0].id.as_str()], &why);
    town.ahead(Millis::hours(4));
    town.tick();
    let later = eventually("the look", || list(&second).into_iter().find(|row| row.id == own.id));
    assert_eq!(later.ways, own.ways);
    for member in [&administrator, &second] {
        assert!(!kinds(member).contains(&Kind::Raised));
    }
}

#[test]
fn a_decision_that_nobody_reads_goes_to_whom_the_rounds_ladder_names_and_one_that_was_read_does_not() {
    use domain::{
        circuit::{Deadline, Options, Quorum, Rung, Silence},
        hours::{Hours, Shift, WorkMinutes},
    };
    let town = Town::alone("Villa de la Escalera");
    let (mayor, administrator, author) = (town.mayor(), town.administrator(), town.author());
    let (_, deputy) = crate::circuits::joined(&town, Role::Approver, "La teniente de alcalde");
    let ladder = vec![Rung { after: WorkMinutes::hours(24), party: crate::circuits::member(&deputy) }];
    let deadline =
        Deadline { within: WorkMinutes::hours(40), reminders: vec![], silence: Silence::Escalate { ladder } };
    let step = domain::circuit::Step {
        deadline: Some(deadline),
        ..crate::circuits::step(1, Quorum::Any, &[crate::circuits::member(&mayor)])
    };
    let circuit = crate::circuits::circuit(5, vec![step], Options::default());
    let drawn = crate::circuits::draw(&town, crate::circuits::everything_through(circuit));
    // Somebody is always there, so that an hour is an hour whatever the day.
    let week = std::array::from_fn(|_| vec![Shift { from: 0, until: 1_440 }]);
    let hours = Hours { week, holidays: BTreeSet::new() };
    administrator.ok(&wire::bylaws::OPEN, &[], &wire::bylaws::Open { version: drawn.version, hours });

    let read = submitted(&town);
    mayor.read(&read.post.id);
    let unread_one = submitted(&town);
    assert_eq!(kinds(&deputy), []);
    for minutes in [20, 62, 64] {
        town.ahead(Millis::minutes(minutes));
        town.tick();
    }
    let raised = eventually("the deputy", || list(&deputy).into_iter().find(|row| row.kind == Kind::Raised));
    assert_eq!((raised.post, raised.name), (Some(unread_one.post.id.clone()), mayor.me.name.clone()));
    assert_eq!(kinds(&deputy), [Kind::Raised], "of the one that was read nobody else is told");
    // Nobody is on duty, and the ladder names somebody: the administrators are left alone.
    assert!(!kinds(&administrator).contains(&Kind::Raised) && !kinds(&author).contains(&Kind::Raised));

    // A third, decided on before anybody had to be asked.
    let decided = submitted(&town);
    mayor.approve(&mayor.read(&decided.post.id));
    town.ahead(Millis::hours(3));
    town.tick();
    town.tick();
    assert_eq!(kinds(&deputy), [Kind::Raised]);
}

#[test]
fn notices_are_kept_for_a_season() {
    let town = Town::alone("Villa Olvidadiza");
    let (author, mayor) = (town.author(), town.mayor());
    task(&author, &mayor, "Firmar el bando");
    assert_eq!(kinds(&mayor).len(), 1);
    town.ahead(Millis::days(89));
    town.tick();
    assert_eq!(kinds(&Member::sign_in(&mayor.me.member, false)), [Kind::Task]);
    town.ahead(Millis::days(91));
    town.tick();
    let later = Member::sign_in(&mayor.me.member, false);
    eventually("the sweep", || (!kinds(&later).contains(&Kind::Task)).then_some(()));
}
