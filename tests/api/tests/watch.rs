//! Channels are watched over: a network that shuts us out is noticed before a post fails for it, people hear of what is placed
//! there, once, and who manages channels sees what failed lately.

use api_journeys::{
    Member, Town, eventually,
    outside::{Sandbox, agree_at, agree_at_network, channel, notice_on, publish, release, sent_on, threads_app},
};
use domain::{
    Channel, HealthState, Millis, Network, delivery::PublicationState, errors::Class, telling::Kind, watch::Outlook,
};
use serde_json::{Value, json};
use wire::{Nothing, channels, home, notices};

/// The call by which a Mastodon server is asked whether it still lets us in.
const ASKED: &str = "GET /api/v1/accounts/verify_credentials";

fn with_account(name: &str) -> (Town, Sandbox, Channel) {
    let (town, sandbox) = (Town::alone(name), Sandbox::start());
    let made = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    (town, sandbox, made)
}

/// Places a post on a channel, so long from now.
fn placed(town: &Town, on: &Channel, text: &str, span: Millis) {
    let author = town.author();
    let post = author.submit(&author.write(&notice_on(town, on, text)));
    let post = town.mayor().approve(&post);
    author.place(&post, author.wall(author.now(), span));
}

/// What somebody was told of channels, the oldest first.
fn told(member: &Member) -> Vec<Value> {
    let all = member.ok(&notices::LIST, &[], &notices::Query::default()).items;
    let of_channels = all.into_iter().filter(|row| row.kind == Kind::Channel).rev();
    of_channels.map(|row| serde_json::from_str(&row.what).unwrap()).collect()
}

fn outlooks(member: &Member) -> Vec<Outlook> {
    member.ok(&home::HOME, &[], &Nothing {}).outlooks
}

fn troubles(member: &Member, on: &Channel) -> channels::Troubles {
    member.ok(&channels::TROUBLES, &[on.id.as_str()], &Nothing {})
}

/// Ticks, and lets what the tick sent for be done.
fn later(town: &Town, span: Millis) {
    town.ahead(span);
    for _ in 0..3 {
        town.tick();
        // The runtime takes a moment to hand a message on.
        std::thread::sleep(std::time::Duration::from_millis(300));
        let _ = (0..50).find(|_| {
            std::thread::sleep(std::time::Duration::from_millis(100));
            town.rests()
        });
    }
}

#[test]
fn a_network_that_shuts_us_out_is_noticed_within_the_hour_and_what_is_placed_there_is_counted() {
    let (town, sandbox, made) = with_account("Villa a la Puerta");
    let administrator = town.administrator();
    for (text, hours) in [("Mañana, una.", 30), ("Mañana, dos.", 31)] {
        placed(&town, &made, text, Millis::hours(hours));
    }
    let asked = || sandbox.requests(ASKED).len();
    let before = asked();
    later(&town, Millis::minutes(50));
    assert_eq!(asked(), before, "it worked less than an hour ago");
    later(&town, Millis::minutes(70));
    assert_eq!(asked(), before + 1);
    assert!(told(&administrator).is_empty() && outlooks(&administrator).is_empty());
    assert_eq!(troubles(&administrator, &made), channels::Troubles::default());

    sandbox.set(&json!({ "revoke": true }));
    town.ahead(Millis::minutes(140));
    eventually("the channel to be refused", || {
        town.tick();
        (channel(&administrator, made.id.as_str()).health.state == HealthState::Refused).then_some(())
    });
    let said = eventually("people to be told", || Some(told(&administrator)).filter(|told| !told.is_empty()));
    assert_eq!(said.len(), 1);
    assert_eq!(
        (&said[0]["name"], &said[0]["placed"], &said[0]["warning"]),
        (&json!(made.name), &json!(2), &json!("shut_out"))
    );
    let [Outlook { placed: 2, channel: on, .. }] = &outlooks(&administrator)[..] else {
        panic!("{:?}", outlooks(&administrator))
    };
    assert_eq!(*on, made.id);
    assert_eq!(troubles(&administrator, &made).outlook.map(|outlook| outlook.placed), Some(2));

    // Whoever is shut out is asked once a day, and nobody is told twice.
    let refused = asked();
    later(&town, Millis::hours(6));
    assert_eq!(asked(), refused);
    later(&town, Millis::hours(28));
    assert_eq!((asked(), told(&town.administrator()).len()), (refused + 1, 1));

    let administrator = town.administrator();
    let again = agree_at(&administrator, &sandbox.server, sent_on).unwrap();
    assert_eq!((again.id, again.health.state), (made.id.clone(), HealthState::Working));
    assert!(outlooks(&administrator).is_empty());
    assert_eq!(troubles(&administrator, &made).outlook, None);
}

#[test]
fn an_access_that_ends_before_what_is_placed_is_told_a_week_before_and_a_day_before() {
    let town = Town::alone("Villa del Permiso que se Acaba");
    let sandbox = Sandbox::start();
    sandbox.stands_for_threads(&town);
    let made = agree_at_network(&town.administrator(), &threads_app(None)).unwrap();
    // It cannot be renewed.
    sandbox.arm(&json!([{ "on": "GET /refresh_access_token", "then": "status_before", "times": 500 }]));
    placed(&town, &made, "Dentro de dos meses y medio.", Millis::days(75));
    let count = || told(&town.administrator()).len();
    later(&town, Millis::days(51));
    assert_eq!(count(), 0);
    later(&town, Millis::days(54));
    assert_eq!(count(), 1);
    later(&town, Millis::days(56));
    assert_eq!(count(), 1, "told once");
    let [Outlook { placed: 1, .. }] = &outlooks(&town.administrator())[..] else { panic!("not on the home page") };
    later(&town, Millis::hours(59 * 24 + 4));
    let said = told(&town.administrator());
    let warnings: Vec<_> = said.iter().map(|told| (told["warning"].clone(), told["placed"].clone())).collect();
    assert_eq!(warnings, [(json!("ahead"), json!(1)), (json!("last_word"), json!(1))]);
}

#[test]
fn what_failed_lately_is_shown_with_what_it_means() {
    let (town, sandbox, made) = with_account("Villa de los Tropiezos");
    publish(&town, &notice_on(&town, &made, "Esta sale."));
    sandbox.arm(&json!([{ "on": "POST /api/v1/statuses", "then": "status_before", "status": 422 }]));
    let post = release(&town, &notice_on(&town, &made, "Esta no."));
    town.author().wait_for(&post.post.id, PublicationState::Failed);
    let found = troubles(&town.administrator(), &made);
    let [failed] = &found.failures[..] else { panic!("{found:?}") };
    assert_eq!((&failed.post, failed.status), (&post.post.id, Some(422)));
    assert_eq!(failed.meaning, Some(Class::ContentRefused));
    assert_eq!(found.outlook, None);
    assert_eq!(made.network, Network::Mastodon);
}
