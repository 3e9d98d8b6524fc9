//! The ledger in the open: of every attempt it can be read when it began and ended, what was sent, what came back, what
//! that means and what comes next. And of a session that expires under many hands: it is renewed once.

use std::{thread, time::Duration};

use api_journeys::{
    Member, Town, eventually, last_act,
    outside::{Sandbox, notice_on, publish, release},
    secrets,
};
use domain::{
    Channel, HealthState, Millis,
    delivery::{ActState, FailureKind, PublicationState},
    errors::{Class, MOST_KEPT},
};
use serde_json::{Value, json};
use wire::{
    Nothing,
    channels::{self, Connect, Connected},
    posts::PostView,
    publications::{AttemptView, Came},
};

const PUT: &str = "POST /xrpc/com.atproto.repo.putRecord";
const SESSION: &str = "GET /xrpc/com.atproto.server.getSession";
const REFRESH: &str = "POST /xrpc/com.atproto.server.refreshSession";

pub fn connect(administrator: &Member, sandbox: &Sandbox) -> Channel {
    let connect = Connect::Bluesky {
        server: sandbox.server.clone(),
        identifier: "villa.test".to_owned(),
        app_password: networks_sandbox::PASSWORD.to_owned(),
    };
    match administrator.ok(&channels::CONNECT, &[], &connect) {
        Connected::Channel { channel } => *channel,
        other => panic!("{other:?}"),
    }
}

fn attempts(post: &PostView) -> &[AttemptView] {
    &post.publications[0].acts[0].attempts
}

fn answer(attempt: &AttemptView) -> Value {
    let kept = attempt.answer.as_deref().unwrap_or_else(|| panic!("{attempt:?}"));
    serde_json::from_str(kept).unwrap()
}

#[test]
fn each_attempt_says_what_was_sent_what_came_back_and_what_that_means() {
    let (town, sandbox) = (Town::alone("Villa del Libro Abierto"), Sandbox::start());
    let (administrator, author) = (town.administrator(), town.author());
    let channel = connect(&administrator, &sandbox);
    // Longer than anything is claimed ahead: whichever tick comes next, it waits.
    sandbox.arm(&json!([{ "on": PUT, "then": "throttle", "seconds": 300 }]));
    let content = notice_on(&town, &channel, "Mañana no hay agua en la calle Mayor.");
    let rendition = content.rendition(&channel.id, &domain::Language::spanish()).unwrap();
    let post = release(&town, &content).post.id;
    let waiting = eventually("the first attempt to end", || {
        let view = author.read(&post);
        view.publications[0].acts[0].attempts.first()?.ended.map(|_| view)
    });
    let [first] = attempts(&waiting) else { panic!("{:?}", attempts(&waiting)) };
    assert_eq!((first.outcome, first.meaning), (Some(Came::Throttled), Some(Class::Throttled)));
    assert_eq!((first.status, first.code.as_deref()), (Some(429), Some("RateLimitExceeded")));
    assert_eq!(first.sent.as_deref(), Some(&*rendition.hash()), "what was sent is named before it is sent");
    assert_eq!(answer(first)["error"], "RateLimitExceeded");
    // What comes next, and when: not before the network said.
    assert_eq!(last_act(&waiting), &ActState::Waiting);
    let act = &waiting.publications[0].acts[0];
    assert!(act.due.since(first.ended.unwrap()) >= Millis::seconds(295), "{act:?}");

    town.ahead(Millis::minutes(6));
    town.tick();
    let out = author.wait_for(&post, PublicationState::Out);
    let [_, second] = attempts(&out) else { panic!("{:?}", attempts(&out)) };
    assert_eq!((second.outcome, second.meaning, second.status), (Some(Came::Accepted), None, Some(200)));
    let ActState::Done { receipt } = last_act(&out) else { panic!("{:?}", last_act(&out)) };
    assert_eq!(answer(second)["uri"], receipt.native_id, "the answer as it came");
    assert_eq!(second.sent, first.sent);
}

#[test]
fn what_the_network_does_not_take_is_said_in_its_class_and_kept_as_it_came() {
    let (town, sandbox) = (Town::found("Villa del Reparo"), Sandbox::start());
    let channel = connect(&town.administrator(), &sandbox);
    let author = town.author();
    let fails = |status: u16, meaning: Class, kind: FailureKind| {
        sandbox.arm(&json!([{ "on": PUT, "then": "status_before", "status": status }]));
        let post = release(&town, &notice_on(&town, &channel, &format!("Aviso {status}."))).post.id;
        let failed = author.wait_for(&post, PublicationState::Failed);
        let [attempt] = attempts(&failed) else { panic!("{:?}", attempts(&failed)) };
        assert_eq!(
            (attempt.outcome, attempt.meaning, attempt.status),
            (Some(Came::Refused), Some(meaning), Some(status))
        );
        assert!(attempt.ended.is_some() && attempt.sent.is_some() && attempt.answer.is_some(), "{attempt:?}");
        let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
        assert_eq!(failure.kind, kind);
    };
    fails(422, Class::ContentRefused, FailureKind::ContentRefused);
    fails(403, Class::Permission, FailureKind::Forbidden);
    fails(404, Class::Unknown, FailureKind::Nonsense);
}

#[test]
fn a_network_that_says_our_own_token_back_is_not_quoted() {
    let (town, sandbox) = (Town::found("Villa del Eco Indiscreto"), Sandbox::start());
    let channel = connect(&town.administrator(), &sandbox);
    let author = town.author();
    sandbox.arm(&json!([{ "on": PUT, "then": "echo_token", "status": 422 }]));
    let post = release(&town, &notice_on(&town, &channel, "No lo repitas.")).post.id;
    let failed = author.wait_for(&post, PublicationState::Failed);
    let [attempt] = attempts(&failed) else { panic!("{:?}", attempts(&failed)) };
    let kept = attempt.answer.as_deref().unwrap();
    assert!(kept.len() <= MOST_KEPT && kept.contains("•••"), "{kept}");
    // The journey's last step looks for it in everything; here, where it would first be seen.
    let whole = serde_json::to_string(&failed).unwrap();
    for token in sandbox.secrets() {
        secrets::keep(&token);
        assert!(!whole.contains(&token), "{whole}");
    }
}

/// Has fifty hands meet an expired session at once, forty-five that check the channel and five that publish on it;
/// answers how often it was renewed.
fn renewals(town: &Town, sandbox: &Sandbox, channel: &Channel) -> usize {
    let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
    let calls = |call: &str| sandbox.requests(call).len();
    let approved: Vec<PostView> = (0..5)
        .map(|n| notice_on(town, channel, &format!("Aviso {}-{n}.", calls(PUT))))
        .map(|content| mayor.approve(&author.submit(&author.write(&content))))
        .collect();
    let before = (calls(REFRESH), calls(SESSION));
    sandbox.set(&json!({ "expire": "access" }));
    // Long enough for all of them to meet it.
    sandbox.arm(&json!([{ "on": REFRESH, "then": "slow", "seconds": 8, "times": 1000 }]));
    thread::scope(|scope| {
        for _ in 0..45 {
            scope.spawn(|| {
                let checked = administrator.ok(&channels::CHECK, &[channel.id.as_str()], &Nothing {});
                assert_eq!(checked.health.state, HealthState::Working);
            });
        }
        for post in &approved {
            scope.spawn(|| author.release(post));
        }
    });
    for post in &approved {
        author.wait_for(&post.post.id, PublicationState::Out);
    }
    sandbox.arm(&json!([]));
    // Whoever met it expired asked twice. The queue takes two at a time: most of the five come when it is renewed.
    let asked = calls(SESSION) - before.1;
    assert!(asked >= 70, "they did not meet: {asked}");
    calls(REFRESH) - before.0
}

#[test]
fn fifty_hands_that_meet_an_expired_session_renew_it_once() {
    let (town, sandbox) = (Town::alone("Villa de las Cincuenta Manos"), Sandbox::start());
    let channel = connect(&town.administrator(), &sandbox);
    assert_eq!(renewals(&town, &sandbox, &channel), 1);
    assert_eq!(sandbox.requests("POST /xrpc/com.atproto.server.createSession").len(), 1, "only when it was connected");
    // The same with the lease left out, so that this journey is known to be able to fail.
    town.arm("bug_renew_at_once=1");
    assert!(renewals(&town, &sandbox, &channel) > 20);
}

#[test]
fn what_a_renewal_brought_outlives_a_write_that_fails() {
    let (town, sandbox) = (Town::alone("Villa del Disco Lento"), Sandbox::start());
    let channel = connect(&town.administrator(), &sandbox);
    sandbox.set(&json!({ "expire": "access" }));
    town.arm("before_keeping=2");
    publish(&town, &notice_on(&town, &channel, "A la tercera."));
    publish(&town, &notice_on(&town, &channel, "Con lo mismo."));
    assert_eq!(sandbox.requests(REFRESH).len(), 1, "the third try kept it");
    // Where none arrives, what was fetched does for what is being done.
    sandbox.set(&json!({ "expire": "access" }));
    town.arm("before_keeping=3");
    publish(&town, &notice_on(&town, &channel, "Aunque no se guarde."));
    assert_eq!(sandbox.requests(REFRESH).len(), 2);
}

#[test]
fn whoever_dies_renewing_is_replaced_when_the_lease_lapses() {
    let (town, sandbox) = (Town::alone("Villa del Relevo"), Sandbox::start());
    let (administrator, author) = (town.administrator(), town.author());
    let channel = connect(&administrator, &sandbox);
    sandbox.set(&json!({ "expire": "access" }));
    town.arm("during_renewal=1");
    let post = release(&town, &notice_on(&town, &channel, "Con relevo.")).post.id;
    let waiting = eventually("the holder to die", || {
        let view = author.read(&post);
        view.publications[0].acts[0].attempts.first()?.ended.map(|_| view)
    });
    assert_eq!(attempts(&waiting)[0].outcome, Some(Came::NotSent), "nothing was sent without an access");
    assert_eq!(sandbox.requests(REFRESH).len(), 0);
    // The lease holds: whoever comes now waits, and gives up before it lapses.
    let began = std::time::Instant::now();
    let checked = administrator.ok(&channels::CHECK, &[channel.id.as_str()], &Nothing {});
    let waited = began.elapsed();
    assert_eq!((checked.health.state, sandbox.requests(REFRESH).len()), (HealthState::Troubled, 0));
    assert!((Duration::from_secs(10)..Duration::from_secs(45)).contains(&waited), "{waited:?}");
    town.ahead(Millis::minutes(1));
    town.tick();
    author.wait_for(&post, PublicationState::Out);
    assert_eq!(sandbox.requests(REFRESH).len(), 1);
}
