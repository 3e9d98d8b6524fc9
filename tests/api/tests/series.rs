//! A post that comes again: each day a draft of its own, made once however often it is asked for, agreed to one by one or with one
//! signature over what says the same, and given up together while nobody has agreed to them.

use std::collections::BTreeSet;

use api_journeys::{Member, Passkey, Site, Town, approval, id, new_post, verifier::verdict};
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime};
use domain::{
    Belonging, Choice, Language, Millis, PostId, Refusal, Role, SeriesId, StageName,
    comment::Remark,
    hours::Hours,
    series::{BATCH, End, Every, Pattern, Recurrence, moved},
    sheaf::{Apart, Sheaf, Waiting, gather},
    shift::Mind,
    slot::Fold,
};
use serde_json::Value;
use wire::{
    Nothing,
    bylaws::{self, Open},
    calendar::{Because, REARRANGE, Rearrange},
    campaigns::{BELONG, Belong},
    comments::{SAY_INSIDE, Say},
    deciding::{After, OF_SERIES, Occurrence},
    posts::{self, Decide, PostView, Query, Receipt, Signed},
    series::{self as again, GIVE_UP, GiveUp, LOOK, MAKE, Made, Make, SERIES},
};

/// A new identity of a series.
pub fn new_series() -> SeriesId {
    new_post().as_str().parse().unwrap()
}

/// Nine in the morning so many days on: no night of the clocks keeps anything from being planned then.
fn nine(author: &Member, on: u64) -> NaiveDateTime {
    let today = author.wall(author.now(), Millis(0)).date();
    (today + Days::new(on)).and_hms_opt(9, 0, 0).unwrap()
}

fn from(first: NaiveDateTime, count: u8) -> Recurrence {
    let days = vec![first.weekday().num_days_from_monday() as u8];
    let (every, end) = (Every::Weeks { weeks: 1, days }, End::Count { count });
    Recurrence { every, first, end, without: [].into(), fold: None }
}

/// Every week on the day that is so many days on, so many times.
pub fn weekly(author: &Member, on: u64, count: u8) -> Recurrence {
    from(nine(author, on), count)
}

fn wanted(source: &PostView, rule: &Recurrence) -> Make {
    Make { version: source.post.version, rule: rule.clone() }
}

fn once(author: &Member, source: &PostView, series: &SeriesId, rule: &Recurrence) -> Made {
    author.ok(&MAKE, &[id(source), series.as_str()], &wanted(source, rule))
}

fn members(author: &Member, series: &SeriesId) -> Vec<again::Member> {
    author.ok(&SERIES, &[series.as_str()], &Nothing {})
}

/// Makes all of a series.
pub fn make(author: &Member, source: &PostView, series: &SeriesId, rule: &Recurrence) -> Vec<again::Member> {
    loop {
        let made = once(author, source, series, rule);
        if made.made == made.of {
            return members(author, series);
        }
    }
}

fn kept(town: &Town, what: &str) -> Vec<Value> {
    let bodies = crate::planning::kept(town).into_iter().filter_map(|body| serde_json::from_str::<Value>(&body).ok());
    bodies.filter(|body| body["what"] == what).collect()
}

#[test]
fn a_weekly_market_becomes_drafts_that_are_agreed_to_one_by_one() {
    let town = Town::found("Villa del Mercado");
    let author = town.author();
    let (campaign, _) = crate::campaigns::campaign(&town.administrator(), "Comercio");
    let mut content = town.notice("El mercado abre el {fecha}, de nueve a dos.");
    content.titles.insert(Language::spanish(), "Mercado".to_owned());
    let source = author.write(&content);
    let belongs = Belonging { campaign: Some(campaign), ..Belonging::default() };
    let belong = Belong { version: source.post.version, belongs: belongs.clone() };
    let source = author.ok(&BELONG, &[id(&source)], &belong);
    let mut rule = weekly(&author, 8, 4);
    let feast = rule.occurrences().unwrap()[2].civil.date();
    rule.without.insert(feast);

    let series = new_series();
    assert_eq!(once(&author, &source, &series, &rule), Made { made: 3, of: 3 });
    // The answer was lost, and the same is sent again.
    assert_eq!(once(&author, &source, &series, &rule), Made { made: 3, of: 3 });
    let all = members(&author, &series);
    assert_eq!(all.iter().map(|one| one.number).collect::<Vec<_>>(), [1, 2, 3]);
    let pattern = Pattern { source: &source.post, rule: &rule, zone: &author.me.zone };
    for (one, on) in all.iter().zip(rule.occurrences().unwrap()) {
        let view = author.read(&one.post);
        assert_eq!(view.post.slot().unwrap().civil, on.civil);
        assert_eq!((one.slot, one.stage), (view.post.slot().map(|slot| slot.at), StageName::Draft));
        assert_eq!(view.post.content, pattern.content(on.civil.date()).unwrap());
        let said = view.post.content.texts.values().next().unwrap();
        assert!(!said.contains('{') && said.contains(&on.civil.date().year().to_string()), "{said}");
        assert_eq!((&view.post.author, &view.post.belongs), (&author.me.member, &belongs));
        assert_eq!(view.post.series.as_ref().map(|turn| (&turn.series, turn.number)), Some((&series, one.number)));
    }
    assert!(all.iter().all(|one| one.post != source.post.id));
    assert_eq!(author.read(&source.post.id).post, source.post, "what they were made from stays as it is");

    // Each goes its own way.
    let first = town.mayor().approve(&author.submit(&author.read(&all[0].post)));
    assert_eq!(first.post.stage.name(), StageName::Placed);
    assert!(members(&author, &series)[1..].iter().all(|one| one.stage == StageName::Draft));
    // Another of the house reads them, and so does the record.
    assert_eq!(members(&town.mayor(), &series).len(), 3);
    let [told] = &kept(&town, "series_made")[..] else { panic!("it is told once") };
    assert_eq!((told["post"].as_str(), told["count"].as_u64()), (Some(id(&source)), Some(3)));
    let begun: Vec<Value> =
        kept(&town, "created").into_iter().filter(|body| body["series"] == series.as_str()).collect();
    assert_eq!(begun.len(), 3);
}

#[test]
fn sixty_are_made_in_as_many_calls_as_it_takes_and_none_twice() {
    let town = Town::found("Villa de Diario");
    let author = town.author();
    let source = author.write(&town.notice("Farmacia de guardia."));
    let mut rule = weekly(&author, 2, 60);
    rule.every = Every::Weeks { weeks: 1, days: (0..7).collect() };
    let series = new_series();
    // Whoever asks is thrifty: six trips and forty-five queries at most, or this fails.
    for made in [20, 40, 60, 60] {
        assert_eq!(once(&author, &source, &series, &rule), Made { made, of: 60 });
    }
    let all = members(&author, &series);
    assert_eq!(all.len(), 60);
    assert!(all.is_sorted_by(|one, other| one.slot < other.slot && one.number < other.number));
    let posts = author.ok(&posts::LIST, &[], &Query { stage: Some(StageName::Draft), ..Query::default() });
    assert!(posts.items.iter().any(|row| row.id == all[59].post));

    // A word in the post meanwhile: the rest would say something else.
    let other = new_series();
    assert_eq!(once(&author, &source, &other, &rule).made, 20);
    let edited = author.edit(&source, &town.notice("Farmacia de guardia, otra."));
    let stale = author.no(&MAKE, &[id(&source), other.as_str()], &wanted(&source, &rule));
    assert_eq!(stale, Refusal::Stale { current: edited.post.version });
    assert_eq!(members(&author, &other).len(), BATCH);
    // What is made already is made, whatever was written since.
    assert_eq!(once(&author, &source, &series, &rule), Made { made: 60, of: 60 });
}

#[test]
fn what_is_no_series_is_refused_by_name_and_nothing_is_written() {
    let town = Town::found("Villa Sin Series");
    let author = town.author();
    let source = author.write(&town.notice("Pleno ordinario."));
    let drawn = new_series();
    let no = |rule: &Recurrence| author.no(&MAKE, &[id(&source), drawn.as_str()], &wanted(&source, rule));
    let good = weekly(&author, 5, 3);
    let field = |rule: &Recurrence| match no(rule) {
        Refusal::Malformed { field } => field,
        other => panic!("{other:?}"),
    };
    let every = |every| Recurrence { every, ..good.clone() };
    assert_eq!(field(&every(Every::Weeks { weeks: 0, days: vec![0] })), "weeks");
    assert_eq!(field(&every(Every::Weeks { weeks: 1, days: vec![] })), "days");
    assert_eq!(field(&every(Every::MonthDay { day: 32 })), "day");
    let before: NaiveDate = good.first.date() - Days::new(1);
    assert_eq!(field(&Recurrence { end: End::Until { day: before }, ..good.clone() }), "until");
    assert_eq!(field(&Recurrence { end: End::Count { count: 0 }, ..good.clone() }), "count");
    let all = good.occurrences().unwrap().iter().map(|one| one.civil.date()).collect();
    assert_eq!(field(&Recurrence { without: all, ..good.clone() }), "without");
    let many = Recurrence { end: End::Count { count: 61 }, ..good.clone() };
    assert!(matches!(no(&many), Refusal::TooLarge { limit: 60, .. }));
    // One of them is over, further than can be promised, or on a night of the clocks: then none is made.
    let yesterday = nine(&author, 0) - Days::new(1);
    assert_eq!(no(&from(yesterday, 3)), Refusal::InThePast);
    let yearly = Recurrence { every: Every::Year {}, ..good.clone() };
    assert_eq!(no(&yearly), Refusal::TooFar);
    assert!(matches!(no(&from(author.night(true).1, 1)), Refusal::InAGap { .. }));
    let twice = from(author.night(false).1, 1);
    assert!(matches!(no(&twice), Refusal::InAFold { .. }));
    let stale = Make { version: 9, rule: good.clone() };
    assert_eq!(author.no(&MAKE, &[id(&source), drawn.as_str()], &stale), Refusal::Stale { current: 1 });
    let body = serde_json::json!({ "version": 1, "rule": good, "at_once": true }).to_string();
    let path = MAKE.path(&[id(&source), drawn.as_str()]);
    let refused = author.raw(wire::Method::Put, &path, body.as_bytes()).read::<Value>(&path).unwrap_err();
    assert_eq!(Refusal::from(refused), Refusal::Malformed { field: "at_once".to_owned() });
    assert_eq!(author.no(&SERIES, &[drawn.as_str()], &Nothing {}), Refusal::NotFound);
    let listed = author.ok(&posts::LIST, &[], &Query::default());
    assert_eq!(listed.items.len(), 1, "nothing was written");

    // Told which of the two hours is meant, it is.
    let told = Recurrence { fold: Some(Fold::Second), ..twice };
    assert_eq!(once(&author, &source, &drawn, &told), Made { made: 1, of: 1 });
    // One identity is of one series.
    assert_eq!(no(&good), Refusal::Doubled { field: "series".to_owned() });
    // Whoever may not plan hours makes no series, and another town has no such post.
    for role in [Role::Approver, Role::Community, Role::Translator, Role::Observer] {
        let refused = town.member(role).no(&MAKE, &[id(&source), new_series().as_str()], &wanted(&source, &good));
        assert!(matches!(refused, Refusal::NotAllowed { .. }), "{role:?}: {refused:?}");
    }
    let stranger = Town::found("Villa de al Lado").author();
    let theirs = stranger.no(&MAKE, &[id(&source), new_series().as_str()], &wanted(&source, &good));
    assert_eq!(theirs, Refusal::NotFound);
    assert_eq!(stranger.no(&SERIES, &[drawn.as_str()], &Nothing {}), Refusal::NotFound);
}

#[test]
fn what_is_left_is_moved_and_given_up_together_and_what_was_sent_stays() {
    let town = Town::found("Villa Arrepentida");
    let author = town.author();
    let series = new_series();
    let all = make(&author, &author.write(&town.notice("Contenedores.")), &series, &weekly(&author, 3, 25));
    // As many at a time as one command moves: a day later, at noon.
    let noon = NaiveTime::from_hms_opt(12, 0, 0);
    let later = |one: &again::Member| {
        moved((one.post.clone(), one.version, one.slot.unwrap()), 1, noon, &author.me.zone).unwrap()
    };
    let rearrange = Rearrange { moves: all[5..].iter().map(later).collect(), because: Because::Series };
    assert_eq!(author.ok(&REARRANGE, &[], &rearrange).len(), 20);
    let (was, all) = (all, members(&author, &series));
    let civil = |one: &again::Member| author.me.zone.civil(one.slot.unwrap());
    assert_eq!(civil(&all[5]), (civil(&was[5]).date() + Days::new(1)).and_time(noon.unwrap()));
    assert_eq!(all[..5], was[..5]);
    assert_eq!(kept(&town, "rearranged")[0]["because"], "series");

    author.submit(&author.read(&all[1].post));
    let ask = GiveUp { from: 2, reason: "Ya no se recogen.".to_owned() };
    let silent = GiveUp { reason: "  ".to_owned(), ..ask.clone() };
    assert_eq!(author.no(&GIVE_UP, &[series.as_str()], &silent), Refusal::ReasonWanted);
    assert!(matches!(town.mayor().no(&GIVE_UP, &[series.as_str()], &ask), Refusal::NotAllowed { .. }));
    let stranger = Town::found("Villa Ajena").author();
    assert_eq!(stranger.no(&GIVE_UP, &[series.as_str()], &ask), Refusal::NotFound);
    // Of 25, the first stays as it was chosen and the second was sent.
    for (given_up, left) in [(20, 3), (3, 0), (0, 0)] {
        let now = author.ok(&GIVE_UP, &[series.as_str()], &ask);
        assert_eq!((now.given_up, now.left), (given_up, left));
    }
    let now = members(&author, &series);
    assert_eq!((now[0].stage, now[1].stage), (StageName::Draft, StageName::InReview));
    assert!(now[2..].iter().all(|one| one.stage == StageName::Cancelled && one.slot.is_none()));
    assert!(now[2..].iter().zip(&all[2..]).all(|(now, was)| now.version == was.version + 1));
    let told = crate::planning::kept(&town).iter().filter(|body| body.contains("Ya no se recogen.")).count();
    assert_eq!(told, 23);
}

#[test]
fn what_stands_on_the_days_is_said_beforehand() {
    let town = Town::found("Villa Avisada");
    let (author, administrator) = (town.author(), town.administrator());
    let source = author.write(&town.notice("Mercado."));
    let rule = weekly(&author, 6, 4);
    let days: Vec<NaiveDateTime> = rule.occurrences().unwrap().iter().map(|one| one.civil).collect();
    // What they are made of, the day before the first of them, is repeated on purpose.
    let source = author.place(&source, days[0] - chrono::TimeDelta::days(1));
    let mut other = town.notice("Cine.");
    other.titles.insert(Language::spanish(), "Cine de verano".to_owned());
    author.place(&author.write(&other), days[1] + chrono::TimeDelta::minutes(10));
    author.place(&author.write(&town.notice("Otro corte.")), days[2] + chrono::TimeDelta::days(1));
    let stands = crate::circuits::standing(&administrator);
    let hours = Hours { holidays: [days[3].date()].into(), ..stands.bylaws.hours };
    administrator.ok(&bylaws::OPEN, &[], &Open { version: stands.version, hours });

    let found = author.ok(&LOOK, &[id(&source)], &rule);
    assert_eq!(
        found.iter().map(|one| one.day).collect::<Vec<_>>(),
        days.iter().map(|one| one.date()).collect::<Vec<_>>()
    );
    assert_eq!(found.iter().map(|one| one.holiday).collect::<Vec<_>>(), [false, false, false, true]);
    assert_eq!(found[0].mind, None);
    assert_eq!(found[1].mind, Some(Mind::Near { heading: "Cine de verano".to_owned() }));
    assert!(matches!(found[2].mind, Some(Mind::Again { .. })), "{:?}", found[2].mind);
    // Nothing was made by looking.
    assert_eq!(author.ok(&posts::LIST, &[], &Query::default()).items.len(), 3);
}

/// A market that is announced on so many Saturdays, each of them sent.
fn sent(town: &Town, author: &Member, count: u8) -> (SeriesId, Vec<PostId>) {
    let source = author.write(&town.notice("El mercado abre el {fecha}, de nueve a dos."));
    let series = new_series();
    let all = make(author, &source, &series, &weekly(author, 3, count));
    for one in &all {
        author.submit(&author.read(&one.post));
    }
    (series, all.into_iter().map(|one| one.post).collect())
}

/// What waits of a series, all of it.
fn waiting(member: &Member, series: &SeriesId) -> Vec<Occurrence> {
    let (mut all, mut after): (Vec<Occurrence>, _) = (Vec::new(), 0);
    loop {
        let page = member.ok(&OF_SERIES, &[series.as_str()], &After { after });
        all.extend(page.items);
        match page.next {
            Some(next) if next > after => after = next,
            Some(next) => panic!("after {after} comes {next}"),
            None => return all,
        }
    }
}

/// What the desk shows as one thing.
fn sheaf(member: &Member, all: &[Occurrence]) -> Option<Sheaf> {
    let waiting = all.iter().map(|one| Waiting {
        post: &one.waits.post,
        at: one.at,
        content: &one.waits.content,
        round: &one.waits.item.round,
        step: &one.waits.item.seats[0].step,
        acting_for: one.waits.item.seats[0].acting_for.as_ref(),
        guide: &one.waits.guide,
        findings: &one.waits.findings,
        waivers: &one.waits.waivers,
        remarks: &one.waits.remarks,
        corrects: one.waits.correction.is_some(),
        commented: one.commented,
    });
    gather(&waiting.collect::<Vec<_>>(), &member.me.zone)
}

/// One press: a decision for each, all under one signature.
fn pressed(town: &Town, (key, member): (&Passkey, &Member), all: &[Occurrence]) -> Vec<Decide> {
    let statement = |one: &Occurrence| Passkey::statement(member, &one.waits.item, &Choice::Approve, town.now());
    let statements: Vec<_> = all.iter().map(statement).collect();
    let decide = |(one, signed): (&Occurrence, Signed)| Decide {
        content_hash: one.waits.content.hash(),
        choice: Choice::Approve,
        acting_for: None,
        checked: None,
        signed: Some(signed),
    };
    all.iter().zip(key.sign_together(&statements, &Site::default())).map(decide).collect()
}

#[test]
fn twelve_days_are_approved_by_one_press_and_each_has_its_own_decision() {
    let town = Town::found("Villa de los Doce Mercados");
    let author = town.author();
    let (mut key, mayor) = crate::receipts::with_passkey(town.mayor());
    // A passkey that counts: one press is one count, however many decisions it is for.
    key.count(5);
    let (series, posts) = sent(&town, &author, 12);
    let all = waiting(&mayor, &series);
    assert_eq!(all.iter().map(|one| one.number).collect::<Vec<_>>(), (1..=12).collect::<Vec<_>>());
    assert_eq!(sheaf(&mayor, &all), Some(Sheaf { alike: posts.clone(), apart: Vec::new() }));
    let decides = pressed(&town, (&key, &mayor), &all);
    let send = |place: usize| mayor.ok(&posts::DECIDE, &[posts[place].as_str()], &decides[place]);

    // One is written in while the mayor reads.
    let edited = author.edit(&author.read(&posts[5]), &town.notice("El mercado no abre."));
    let edited = author.submit(&edited);
    // The network is gone after four; what is done stays done, and the rest waits.
    for place in 0..4 {
        let view = send(place);
        assert_eq!((view.post.stage.name(), view.decisions.len()), (StageName::Placed, 1));
    }
    assert_eq!(waiting(&mayor, &series).len(), 8);
    // It goes on with what was signed: nobody is asked for a finger again.
    for place in (4..12).filter(|place| *place != 5) {
        assert_eq!(send(place).decisions.len(), 1);
    }
    let refused = || mayor.no(&posts::DECIDE, &[posts[5].as_str()], &decides[5]);
    assert_eq!(refused(), Refusal::OtherContent);
    // The same press again does nothing twice.
    for place in (0..12).filter(|place| *place != 5) {
        assert_eq!(send(place).decisions.len(), 1);
    }
    assert_eq!(refused(), Refusal::OtherContent);
    let left = waiting(&mayor, &series);
    assert_eq!(
        left.iter().map(|one| (one.number, &one.waits.content)).collect::<Vec<_>>(),
        [(6, &edited.post.content)]
    );
    assert_eq!(sheaf(&mayor, &left), None, "one is no sheaf");

    // Each stands in the record by itself, over its own content, with the list that was signed.
    let bodies = crate::planning::kept(&town).into_iter().filter_map(|body| serde_json::from_str::<Value>(&body).ok());
    let taken: Vec<Value> = bodies.filter(|body| body["signed"]["together"].is_array()).collect();
    let hashes: BTreeSet<&str> = taken.iter().filter_map(|body| body["decision"]["content_hash"].as_str()).collect();
    assert_eq!((taken.len(), hashes.len()), (11, 11));
    assert!(taken.iter().all(|body| body["signed"]["together"].as_array().unwrap().len() == 12));
    assert!(crate::planning::kept(&town).iter().all(|body| !body.contains("counter_went_back")));

    // And is proven by itself to somebody without access.
    for place in [0, 11] {
        let view = author.read(&posts[place]);
        let path = [posts[place].as_str(), view.decisions[0].id.as_str()];
        let receipt = author.ok(&posts::RECEIPT, &path, &Nothing {});
        let Receipt::Signed(signed) = &receipt else { panic!("{receipt:?}") };
        assert_eq!((signed.format.as_str(), signed.together.len()), ("pregon/series-receipt/1", 12));
        let mut receipt = serde_json::to_value(&receipt).unwrap();
        let (register, party) = crate::receipts::register(&town);
        verdict(&receipt, &register, &party).unwrap();
        receipt["together"].as_array_mut().unwrap().swap(3, 4);
        assert!(verdict(&receipt, &register, &party).unwrap_err().contains("challenge"));
    }
}

#[test]
fn what_says_something_else_is_told_and_nobody_signs_for_a_list_that_it_is_not_in() {
    let town = Town::found("Villa de la Firma Única");
    let author = town.author();
    let (key, mayor) = crate::receipts::with_passkey(town.mayor());
    let (series, posts) = sent(&town, &author, 5);
    let suspended = author.edit(&author.read(&posts[1]), &town.notice("El mercado no abre."));
    author.submit(&suspended);
    let say = Say { remark: Remark::new("¿Con la plaza en obras?"), answers: None };
    author.ok(&SAY_INSIDE, &[posts[3].as_str(), crate::comments::new_comment().as_str()], &say);
    let all = waiting(&mayor, &series);
    let told = sheaf(&mayor, &all).unwrap();
    assert_eq!(told.alike, [0, 2, 4].map(|place| posts[place].clone()));
    assert_eq!(told.apart, [(posts[1].clone(), Apart::Words), (posts[3].clone(), Apart::Said)]);

    let decides = pressed(&town, (&key, &mayor), &all);
    let no = |place: usize, change: &dyn Fn(&mut Signed)| {
        let mut decide = decides[place].clone();
        change(decide.signed.as_mut().unwrap());
        mayor.no(&posts::DECIDE, &[posts[place].as_str()], &decide)
    };
    let malformed = || Refusal::Malformed { field: "together".to_owned() };
    assert_eq!(no(0, &|signed| signed.together.clear()), Refusal::BadPasskey, "it was not signed by itself");
    assert_eq!(no(0, &|signed| drop(signed.together.pop())), Refusal::BadPasskey, "another list");
    assert_eq!(no(0, &|signed| drop(signed.together.remove(0))), malformed(), "a list without it");
    let again = |signed: &mut Signed| signed.together.push(signed.together[1].clone());
    assert_eq!(no(0, &again), malformed(), "one of it twice");
    // What is of no series is decided on by itself.
    let other = author.submit(&author.write(&town.notice("Mañana no hay agua.")));
    let item = mayor.ok(&posts::NONCE, &[id(&other)], &Nothing {});
    let statement = |item: &posts::Item| Passkey::statement(&mayor, item, &Choice::Approve, town.now());
    let statements = [statement(&item), statement(&all[0].waits.item)];
    let signed = key.sign_together(&statements, &Site::default()).swap_remove(0);
    let decide = Decide { signed: Some(signed), ..approval(&other) };
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&other)], &decide), malformed());
    // After all that they wait, and are approved.
    for (post, decide) in posts.iter().zip(&decides) {
        assert_eq!(mayor.ok(&posts::DECIDE, &[post.as_str()], decide).decisions.len(), 1);
    }

    // Nobody approves their own, together or not.
    let administrator = town.administrator();
    let (own, posts) = sent(&town, &administrator, 2);
    assert_eq!(waiting(&administrator, &own), []);
    for post in &posts {
        let view = administrator.read(post);
        assert_eq!(administrator.no(&posts::DECIDE, &[id(&view)], &approval(&view)), Refusal::OwnPost);
    }
    assert_eq!(waiting(&mayor, &own).len(), 2);
    assert!(matches!(author.no(&OF_SERIES, &[own.as_str()], &After { after: 0 }), Refusal::NotAllowed { .. }));
    assert_eq!(mayor.no(&OF_SERIES, &[new_series().as_str()], &After { after: 0 }), Refusal::NotFound);
}
