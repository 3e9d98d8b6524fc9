//! What readers see of a correction: every version that the server shows, read back behind the correction and kept with it.

use domain::delivery::Hold;
use wire::publications;

use super::*;

/// The versions that are kept with the last attempt of a post's last act, once they are.
fn versions(author: &Member, post: &PostView, count: usize) -> Vec<(String, Option<String>)> {
    eventually("the versions to be read back", || {
        let view = author.read(&post.post.id);
        let history = view.publications[0].acts.last()?.attempts.last()?.history.clone();
        let read = history.into_iter().map(|version| (version.text, version.warning)).collect::<Vec<_>>();
        (read.len() == count).then_some(read)
    })
}

#[test]
fn every_version_that_readers_can_see_is_kept_with_the_correction() {
    let (town, sandbox, made) = town("Villa de las Versiones");
    let (author, mayor) = (town.author(), town.mayor());
    let out = publish(&town, &notice_on(&town, &made, "El pleno es el jueves.\n\nA las 9 & en la plaza."));
    let first = correct(&author, &mayor, &out, notice_on(&town, &made, "El pleno es el viernes."));
    let was = ("El pleno es el jueves.\n\nA las 9 & en la plaza.".to_owned(), None);
    let friday = ("El pleno es el viernes.".to_owned(), None);
    assert_eq!(versions(&author, &first, 2), [was.clone(), friday.clone()]);
    let mut right = notice_on(&town, &made, "El pleno es el sábado.");
    right.versions.push(Version {
        channel: made.id.clone(),
        language: Language::spanish(),
        text: "El pleno es el sábado.".to_owned(),
        warning: Some("Cambio de fecha".to_owned()),
    });
    let second = correct(&author, &mayor, &first, right);
    let saturday = ("El pleno es el sábado.".to_owned(), Some("Cambio de fecha".to_owned()));
    assert_eq!(versions(&author, &second, 3), [was, friday, saturday]);
    // Somebody else's client reads as many, with the same moments.
    let ActState::Done { receipt } = last_act(&second) else { panic!("{:?}", last_act(&second)) };
    let read = sandbox.history(OWN, &receipt.native_id);
    let kept = author.read(&second.post.id).publications[0].acts.last().unwrap().attempts[0].history.clone();
    let moments: Vec<i64> = kept.iter().map(|version| version.at.0).collect();
    let theirs: Vec<i64> = read
        .iter()
        .map(|version| {
            chrono::DateTime::parse_from_rfc3339(version["at"].as_str().unwrap()).unwrap().timestamp_millis()
        })
        .collect();
    assert_eq!((moments, read.len()), (theirs, 3));
    api_journeys::covered::read(Network::Mastodon, "versions");
}

#[test]
fn what_cannot_be_read_back_leaves_the_correction_as_it_is() {
    let (town, sandbox, made) = town("Villa sin Memoria");
    let (author, mayor) = (town.author(), town.mayor());
    let out = publish(&town, &notice_on(&town, &made, "El mercado es el lunes."));
    sandbox.set(&json!({ "keeps_nothing": true }));
    let edited = correct(&author, &mayor, &out, notice_on(&town, &made, "El mercado es el martes."));
    let is_asked = |request: &Value| request["path"].as_str().is_some_and(|path| path.ends_with("/history"));
    eventually("the question", || sandbox.requests("GET /api/v1/statuses/").iter().any(is_asked).then_some(()));
    let view = author.read(&edited.post.id);
    let act = view.publications[0].acts.last().unwrap();
    assert!(matches!(act.state, ActState::Done { .. }) && act.attempts[0].history.is_empty());
    assert_eq!(view.publications[0].state, PublicationState::Out);
    // The next one is told of all of them.
    sandbox.set(&json!({ "keeps_nothing": false }));
    sandbox
        .arm(&json!([{ "on": "GET /api/v1/statuses/*/history", "then": "status_before", "status": 503, "times": 1 }]));
    let again = correct(&author, &mayor, &edited, notice_on(&town, &made, "El mercado es el miércoles."));
    let last = correct(&author, &mayor, &again, notice_on(&town, &made, "El mercado es el jueves."));
    let texts: Vec<String> = versions(&author, &last, 4).into_iter().map(|(text, _)| text).collect();
    let days = ["lunes", "martes", "miércoles", "jueves"].map(|day| format!("El mercado es el {day}."));
    assert_eq!(texts, days);
}

/// What was done, and how it stands.
fn deeds(post: &PostView) -> Vec<(Deed, &'static str)> {
    post.publications[0].acts.iter().map(|act| (act.deed, act.state.name())).collect()
}

fn propose(author: &Member, mayor: &Member, post: &PostView, content: Content) -> PostView {
    let correct =
        posts::Correct { version: post.post.version, content, reason: "Estaba mal.".to_owned(), checked: None };
    let proposed = author.ok(&posts::CORRECT, &[id(post)], &correct);
    mayor.ok(&posts::DECIDE, &[id(post)], &approval(&proposed))
}

#[test]
fn what_may_be_out_is_corrected_once_it_is_known_to_be() {
    let (town, sandbox) = (Town::alone("Villa de la Duda Corregida"), Sandbox::start());
    let made = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    let (author, mayor) = (town.author(), town.mayor());
    sandbox.arm(&json!([{ "on": "POST /api/v1/statuses", "then": "drop_after" }]));
    let post = release(&town, &notice_on(&town, &made, "El pleno es el jueves."));
    let doubtful = author.wait_for(&post.post.id, PublicationState::Unknown);
    let corrected = propose(&author, &mayor, &doubtful, notice_on(&town, &made, "El pleno es el viernes."));
    assert_eq!(deeds(&corrected), [(Deed::Create, "unknown"), (Deed::Edit, "waiting")]);
    town.ahead(Millis::minutes(2));
    eventually("the correction", || {
        town.tick();
        let done = [(Deed::Create, "done"), (Deed::Edit, "done")];
        (deeds(&author.read(&post.post.id)) == done).then_some(())
    });
    let statuses = sandbox.read(OWN);
    assert_eq!((statuses.len(), &statuses[0]["source"]), (1, &json!("El pleno es el viernes.")));
}

#[test]
fn a_newer_correction_takes_the_place_of_one_that_waits() {
    let (town, sandbox) = (Town::alone("Villa de los Cambios de Idea"), Sandbox::start());
    let made = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    let (author, mayor) = (town.author(), town.mayor());
    let out = publish(&town, &notice_on(&town, &made, "El pleno es el jueves."));
    sandbox.arm(&json!([{ "on": "PUT /api/v1/statuses/*", "then": "throttle", "seconds": 300 }]));
    propose(&author, &mayor, &out, notice_on(&town, &made, "El pleno es el viernes."));
    let waiting = eventually("the network to ask for patience", || {
        let view = author.read(&out.post.id);
        let last = view.publications[0].acts.last()?;
        (last.attempts.len() == 1 && matches!(last.state, ActState::Waiting)).then_some(view)
    });
    let newer = propose(&author, &mayor, &waiting, notice_on(&town, &made, "El pleno es el sábado."));
    assert_eq!(deeds(&newer)[..2], [(Deed::Create, "done"), (Deed::Edit, "cancelled")]);
    town.ahead(Millis::minutes(6));
    eventually("the newer one", || {
        town.tick();
        (deeds(&author.read(&out.post.id)).get(2) == Some(&(Deed::Edit, "done"))).then_some(())
    });
    let view = author.read(&out.post.id);
    assert_eq!(
        (deeds(&view).len(), view.publications[0].state),
        (3, PublicationState::Out),
        "nobody is asked anything"
    );
    assert_eq!(sandbox.read(OWN)[0]["source"], "El pleno es el sábado.");
    assert_eq!(sandbox.requests("PUT /api/v1/statuses/").len(), 2);
}

#[test]
fn what_somebody_saw_at_its_own_address_is_corrected_again_and_taken_down() {
    let (town, sandbox) = (Town::alone("Villa del Mismo Enlace"), Sandbox::start());
    let made = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    let (author, mayor) = (town.author(), town.mayor());
    let out = publish(&town, &notice_on(&town, &made, "El pleno es el jueves."));
    let ActState::Done { receipt } = last_act(&out) else { panic!("{:?}", last_act(&out)) };
    sandbox.arm(&json!([{ "on": "PUT /api/v1/statuses/*", "then": "drop_after" }]));
    propose(&author, &mayor, &out, notice_on(&town, &made, "El pleno es el viernes."));
    let doubtful = author.wait_for(&out.post.id, PublicationState::Unknown);
    let seen = publications::Settle::Out { address: receipt.address.clone().unwrap(), kit: None };
    let settled = author.ok(&publications::SETTLE, &[doubtful.publications[0].id.as_str()], &seen);
    let again = correct(&author, &mayor, &settled, notice_on(&town, &made, "El pleno es el sábado."));
    assert_eq!(sandbox.read(OWN)[0]["source"], "El pleno es el sábado.");
    mayor.ok(&posts::TAKE_DOWN, &[id(&again)], &because(&again, "Se suspende."));
    author.wait_for(&again.post.id, PublicationState::TakenDown);
    assert_eq!(sandbox.read(OWN), Vec::<Value>::new());
}

#[test]
fn an_older_correction_that_lands_late_is_written_over_again() {
    let (town, sandbox) = (Town::alone("Villa de la Corrección Rezagada"), Sandbox::start());
    let made = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    let (author, mayor) = (town.author(), town.mayor());
    let out = publish(&town, &notice_on(&town, &made, "El pleno es el jueves."));
    let says = |text: &str| sandbox.read(OWN)[0]["source"] == text;
    // The server goes on working on it after nobody hears of it any more.
    sandbox.arm(&json!([{ "on": "PUT /api/v1/statuses/*", "then": "late", "seconds": 20 }]));
    propose(&author, &mayor, &out, notice_on(&town, &made, "El pleno es el viernes."));
    let doubtful = author.wait_for(&out.post.id, PublicationState::Unknown);
    propose(&author, &mayor, &doubtful, notice_on(&town, &made, "El pleno es el sábado."));
    town.ahead(Millis::minutes(1));
    eventually("the newer one", || {
        town.tick();
        says("El pleno es el sábado.").then_some(())
    });
    eventually("the older one, behind it", || says("El pleno es el viernes.").then_some(()));
    for minutes in [4, 7] {
        town.ahead(Millis::minutes(minutes));
        eventually("what stands there to be read", || {
            town.tick();
            says("El pleno es el sábado.").then_some(())
        });
    }
    town.tick();
    town.settle();
    let stands = author.read(&out.post.id);
    assert_eq!(deeds(&stands).last(), Some(&(Deed::Edit, "unknown")), "the older one may still be worked on");
    town.ahead(Millis::minutes(30));
    eventually("the newer one to be known to stand", || {
        town.tick();
        (deeds(&author.read(&out.post.id)).last() == Some(&(Deed::Edit, "done"))).then_some(())
    });
    assert!(says("El pleno es el sábado."));
    assert_eq!(sandbox.requests("PUT /api/v1/statuses/").len(), 3, "the older one, and the newer one twice");
    assert_eq!(author.read(&out.post.id).publications[0].state, PublicationState::Out, "nobody is asked anything");
}

#[test]
fn a_takedown_does_not_wait_until_no_older_correction_can_land_any_more() {
    let (town, sandbox) = (Town::alone("Villa que no Espera"), Sandbox::start());
    let made = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    let (author, mayor) = (town.author(), town.mayor());
    let out = publish(&town, &notice_on(&town, &made, "El pleno es el jueves."));
    sandbox.arm(&json!([{ "on": "PUT /api/v1/statuses/*", "then": "late", "seconds": 20 }]));
    propose(&author, &mayor, &out, notice_on(&town, &made, "El pleno es el viernes."));
    let doubtful = author.wait_for(&out.post.id, PublicationState::Unknown);
    propose(&author, &mayor, &doubtful, notice_on(&town, &made, "El pleno es el sábado."));
    town.ahead(Millis::minutes(1));
    let reading = eventually("the newer one to be read back", || {
        town.tick();
        let view = author.read(&out.post.id);
        (deeds(&view).last() == Some(&(Deed::Edit, "unknown")) && deeds(&view).len() == 3).then_some(view)
    });
    mayor.ok(&posts::TAKE_DOWN, &[id(&reading)], &because(&reading, "Se suspende."));
    eventually("it to be gone", || {
        town.tick();
        sandbox.read(OWN).is_empty().then_some(())
    });
    // The correction of what is gone is tried no more.
    eventually("the takedown to be told", || {
        let last = author.read(&out.post.id).publications[0].acts.last()?.clone();
        (last.deed == Deed::Delete && matches!(last.state, ActState::Done { .. })).then_some(())
    });
    author.ok(&publications::LOOK, &[reading.publications[0].id.as_str()], &Nothing {});
    assert_eq!(author.wait_for(&out.post.id, PublicationState::TakenDown).publications[0].acts.len(), 4);
}

#[test]
fn a_correction_that_a_takedown_put_aside_is_asked_about_when_that_is_given_up() {
    let (town, sandbox) = (Town::alone("Villa que se lo Piensa Mejor"), Sandbox::start());
    let made = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    let (author, mayor) = (town.author(), town.mayor());
    let out = publish(&town, &notice_on(&town, &made, "El pleno es el jueves."));
    sandbox.arm(&json!([
        { "on": "PUT /api/v1/statuses/*", "then": "throttle", "seconds": 300 },
        { "on": "DELETE /api/v1/statuses/*", "then": "throttle", "seconds": 300 },
    ]));
    propose(&author, &mayor, &out, notice_on(&town, &made, "El pleno es el viernes."));
    let waiting = eventually("the network to ask for patience", || {
        let view = author.read(&out.post.id);
        let last = view.publications[0].acts.last()?;
        (last.attempts.len() == 1 && matches!(last.state, ActState::Waiting)).then_some(view)
    });
    mayor.ok(&posts::TAKE_DOWN, &[id(&waiting)], &because(&waiting, "Se suspende."));
    let why = publications::Why { reason: "No se suspende.".to_owned() };
    let publication = waiting.publications[0].id.as_str();
    let kept = eventually("the takedown to be given up", || {
        // Whoever has it in hand at this moment puts it back first.
        author.ask(&publications::GIVE_UP, &[publication], &why).ok()
    });
    let expected =
        [(Deed::Create, "done"), (Deed::Edit, "cancelled"), (Deed::Delete, "cancelled"), (Deed::Edit, "held")];
    assert_eq!(deeds(&kept), expected);
    assert_eq!(last_act(&kept), &ActState::Held { reason: Hold::StaysUp });
    let home = author.ok(&wire::home::HOME, &[], &Nothing {});
    assert!(home.troubled.iter().any(|row| row.id == out.post.id), "somebody is asked");
    assert_eq!(sandbox.read(OWN)[0]["source"], "El pleno es el jueves.");
    author.retry(&kept.publications[0], "Que se corrija.").unwrap();
    eventually("the correction", || {
        town.tick();
        (deeds(&author.read(&out.post.id)).last() == Some(&(Deed::Edit, "done"))).then_some(())
    });
    assert_eq!(sandbox.read(OWN)[0]["source"], "El pleno es el viernes.");
}
