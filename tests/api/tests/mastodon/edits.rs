//! What readers see of a correction: every version that the server shows, read back behind the correction and kept with it.

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
