//! Decisions as signed acts: what is signed, what is refused, and the receipt, judged by a program that shares no line
//! with the engine.

use std::thread;

use api_journeys::{Member, No, Passkey, Site, Town, approval, id, send, send_as, verb, verifier::verdict};
use domain::{Choice, Language, Millis, Refusal, Role, approval::TextPlace, record::Subject};
use serde_json::{Value, json};
use wire::{
    Nothing,
    posts::{self, Decide, PostView, Proof, Receipt},
    session::{self, EnrolBy},
};

/// A member of the town with a passkey, signed in with it: no rehearsal any more.
pub fn with_passkey(member: Member) -> (Passkey, Member) {
    let (key, ..) = Passkey::enrol(Some(&member.session), &EnrolBy::Session {}).unwrap();
    let signed_in = key.sign_in().unwrap();
    (key, signed_in)
}

fn waiting(town: &Town) -> PostView {
    let author = town.author();
    author.submit(&author.write(&town.notice("Mañana no hay agua en la calle Mayor.")))
}

fn receipt(reader: &Member, post: &PostView, number: usize) -> Receipt {
    let decided = &post.decisions[number];
    assert_ne!(decided.proof, Proof::Nothing);
    reader.ok(&posts::RECEIPT, &[id(post), decided.id.as_str()], &Nothing {})
}

/// The town's register, as anybody reads it, and the relying party that it names.
pub fn register(town: &Town) -> (Value, String) {
    let answer = send("GET", &format!("/{}/accounts.json", town.founded.slug), &[], b"");
    let register: Value = serde_json::from_slice(&answer.body).unwrap();
    let party = register["decision_rp"].as_str().expect("a town with a receipt has a key").to_owned();
    (register, party)
}

fn comment() -> Choice {
    let place = TextPlace { language: Language::spanish(), start: 0, end: 7, quote: "Mañana".to_owned() };
    Choice::Return { comment: "¿Mañana o el martes? — «ojo»".to_owned(), place: Some(place) }
}

#[test]
fn what_was_decided_is_proven_to_somebody_without_access() {
    let town = Town::found("Villa Firmante");
    let (key, mayor) = with_passkey(town.mayor());
    let (first, second) = (waiting(&town), waiting(&town));
    let approved = mayor.ok(&posts::DECIDE, &[id(&first)], &key.decide(&mayor, &first, Choice::Approve, town.now()));
    let returned = mayor.ok(&posts::DECIDE, &[id(&second)], &key.decide(&mayor, &second, comment(), town.now()));
    for post in [&approved, &returned] {
        let receipt = serde_json::to_value(receipt(&town.author(), post, 0)).unwrap();
        let (register, party) = register(&town);
        verdict(&receipt, &register, &party).unwrap();
        assert!(verdict(&receipt, &register, "other.example").unwrap_err().contains("relying_party"));

        // Another town's key: a receipt that is right in itself, made by somebody else.
        let next_door = town.neighbour("Villa Falsaria");
        let (key, mayor) = with_passkey(next_door.mayor());
        let waiting = waiting(&next_door);
        let forged =
            mayor.ok(&posts::DECIDE, &[id(&waiting)], &key.decide(&mayor, &waiting, Choice::Approve, next_door.now()));
        let forged = serde_json::to_value(self::receipt(&mayor, &forged, 0)).unwrap();
        assert!(verdict(&forged, &register, &party).unwrap_err().contains("organisation_key"));
    }
    // Every text of a receipt, with one letter changed, is another receipt.
    let (register, party) = register(&town);
    let good = serde_json::to_value(receipt(&mayor, &returned, 0)).unwrap();
    let mut tampered = 0;
    for path in texts(&good, String::new()) {
        let mut bad = good.clone();
        let text = bad.pointer_mut(&path).unwrap();
        *text = json!(flipped(text.as_str().unwrap()));
        assert!(verdict(&bad, &register, &party).is_err(), "{path} was changed and not missed");
        tampered += 1;
    }
    assert!(tampered >= 12, "{tampered}");
}

/// The paths of all texts in a value.
pub fn texts(value: &Value, path: String) -> Vec<String> {
    match value {
        Value::Object(members) => {
            members.iter().flat_map(|(name, member)| texts(member, format!("{path}/{name}"))).collect()
        }
        Value::String(text) if !text.is_empty() => vec![path],
        _ => Vec::new(),
    }
}

pub fn flipped(text: &str) -> String {
    let at = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
    let old = text[at..].chars().next().unwrap();
    let new = if old == 'A' { 'B' } else { 'A' };
    format!("{}{new}{}", &text[..at], &text[at + old.len_utf8()..])
}

#[test]
fn the_proof_stands_in_the_record_and_costs_five_trips() {
    let town = Town::found("Villa Anotada");
    let (key, mayor) = with_passkey(town.mayor());
    let waiting = waiting(&town);
    let decide = key.decide(&mayor, &waiting, Choice::Approve, town.now());
    let body = serde_json::to_vec(&decide).unwrap();
    let raw = send_as(Some(&mayor.session), posts::DECIDE.method, &posts::DECIDE.path(&[id(&waiting)]), &body);
    let spent = raw.spent().unwrap();
    assert!(spent.trips <= 5, "{} {}: {spent:?}", verb(posts::DECIDE.method), posts::DECIDE.pattern);
    raw.read::<PostView>("deciding").unwrap();
    let kept = crate::record::whole_chain(&town.member(Role::Records), &town);
    let entry = kept.iter().rev().find(|entry| entry.subject == Subject::Decision).unwrap();
    let body: Value = serde_json::from_str(entry.body.as_ref().unwrap()).unwrap();
    assert_eq!(body["signed"]["statement"], decide.signed.unwrap().statement.as_str());
    assert!(body["signed"]["assertion"]["signature"].is_string());
}

#[test]
fn a_decision_without_the_right_signature_is_none() {
    let town = Town::found("Villa Incrédula");
    let (key, mayor) = with_passkey(town.mayor());
    let post = waiting(&town);
    let here = [id(&post)];
    let no = |decide: &Decide| mayor.no(&posts::DECIDE, &here, decide);
    let good = || key.decide(&mayor, &post, Choice::Approve, town.now());
    assert_eq!(no(&approval(&post)), Refusal::SignatureWanted);

    // Another choice than the one that was signed.
    let changed = Decide { choice: comment(), ..good() };
    assert_eq!(no(&changed), Refusal::Malformed { field: "statement".to_owned() });
    // A signature of a sign-in: the same key, the same site, another purpose.
    let asked = Passkey::challenge();
    let mut borrowed = good();
    borrowed.signed.as_mut().unwrap().credential = key.prove(&asked.options, &Site::default());
    assert_eq!(no(&borrowed), Refusal::BadPasskey);
    // Another site, nobody verified, a stranger's key.
    for site in [
        Site { origin: "https://desk.example.evil".to_owned(), ..Site::default() },
        Site { verified: false, ..Site::default() },
    ] {
        let item = mayor.ok(&posts::NONCE, &here, &Nothing {});
        let statement = Passkey::statement(&mayor, &item, &Choice::Approve, town.now());
        let signed = Some(key.sign(&statement, &site));
        let decide = Decide {
            content_hash: post.content_hash.clone(),
            choice: Choice::Approve,
            acting_for: None,
            checked: None,
            signed,
        };
        assert_eq!(no(&decide), Refusal::BadPasskey, "{site:?}");
    }
    let (stranger, _) = with_passkey(town.administrator());
    assert_eq!(no(&stranger.decide(&mayor, &post, Choice::Approve, town.now())), Refusal::BadPasskey);
    // A clock a day off, either way.
    let day = Millis::days(1);
    for at in [town.now().plus(day), town.now().minus(day)] {
        assert!(matches!(no(&key.decide(&mayor, &post, Choice::Approve, at)), Refusal::ClockOff { .. }));
    }
    // A number that was drawn for another post, or for another member, or for nobody.
    let (other, administrator) = (waiting(&town), with_passkey(town.administrator()));
    let of_other = mayor.ok(&posts::NONCE, &[id(&other)], &Nothing {});
    let of_administrator = administrator.1.ok(&posts::NONCE, &here, &Nothing {});
    for item in [of_other, of_administrator] {
        let mine = posts::Item { round: mayor.ok(&posts::NONCE, &here, &Nothing {}).round, ..item };
        let statement = Passkey::statement(&mayor, &mine, &Choice::Approve, town.now());
        let signed = Some(key.sign(&statement, &Site::default()));
        let decide = Decide {
            content_hash: post.content_hash.clone(),
            choice: Choice::Approve,
            acting_for: None,
            checked: None,
            signed,
        };
        assert_eq!(no(&decide), Refusal::SpentLink);
    }
    // After all that the round still waits, and the right one goes through, once.
    let right = good();
    let approved = mayor.ok(&posts::DECIDE, &here, &right);
    assert_eq!(approved.decisions.len(), 1);
    // The very same once more is what a lost answer looks like: it stands, and nothing is added.
    assert_eq!(mayor.ok(&posts::DECIDE, &here, &right).decisions, approved.decisions);
    // The same words under another number are another decision.
    assert_eq!(no(&approval(&post)), Refusal::AlreadyDecided);
}

#[test]
fn nobody_signs_for_a_content_that_changed_meanwhile() {
    let town = Town::found("Villa Mudable");
    let (key, mayor) = with_passkey(town.mayor());
    let (author, post) = (town.author(), waiting(&town));
    let stale = key.decide(&mayor, &post, Choice::Approve, town.now());
    let again = author.submit(&author.edit(&post, &town.notice("El martes no hay agua en la calle Mayor.")));
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&again)], &stale), Refusal::OtherContent);
    // The new content's hash over the old statement: what was signed does not say so.
    let grafted = Decide { content_hash: again.content_hash.clone(), ..stale };
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&again)], &grafted), Refusal::OtherContent);
    let approved = mayor.ok(&posts::DECIDE, &[id(&again)], &key.decide(&mayor, &again, Choice::Approve, town.now()));
    assert_eq!(approved.decisions.len(), 1);
}

#[test]
fn a_passkey_that_was_taken_away_signs_no_more_and_what_it_signed_stands() {
    let town = Town::found("Villa Prudente");
    let (key, mayor) = with_passkey(town.mayor());
    let (second, _) = with_passkey(town.mayor());
    let (first, post) = (waiting(&town), waiting(&town));
    let before = mayor.ok(&posts::DECIDE, &[id(&first)], &second.decide(&mayor, &first, Choice::Approve, town.now()));
    let prepared = second.decide(&mayor, &post, Choice::Approve, town.now());
    let devices = mayor.ok(&session::DEVICES, &[], &Nothing {});
    let last = devices.passkeys.iter().max_by_key(|key| key.at).unwrap();
    mayor.ok(&session::REMOVE_PASSKEY, &[last.id.as_str()], &Nothing {});
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&post)], &prepared), Refusal::BadPasskey);
    let receipt = serde_json::to_value(receipt(&mayor, &before, 0)).unwrap();
    let (register, party) = register(&town);
    verdict(&receipt, &register, &party).unwrap();
    mayor.ok(&posts::DECIDE, &[id(&post)], &key.decide(&mayor, &post, Choice::Approve, town.now()));
}

#[test]
fn a_counter_that_went_back_is_flagged_and_the_decision_stands() {
    let town = Town::found("Villa Contadora");
    let (mut key, mayor) = with_passkey(town.mayor());
    let (first, second) = (waiting(&town), waiting(&town));
    key.count(7);
    mayor.ok(&posts::DECIDE, &[id(&first)], &key.decide(&mayor, &first, Choice::Approve, town.now()));
    key.count(3);
    mayor.ok(&posts::DECIDE, &[id(&second)], &key.decide(&mayor, &second, Choice::Approve, town.now()));
    let kept = crate::record::whole_chain(&town.member(Role::Records), &town);
    let flagged = kept.iter().filter_map(|entry| entry.body.as_ref()).filter(|body| body.contains("counter_went_back"));
    assert_eq!(flagged.count(), 1);
}

#[test]
fn two_who_decide_at_once_are_one_decision() {
    let town = Town::found("Villa Simultánea");
    let (key, mayor) = with_passkey(town.mayor());
    let (other, administrator) = with_passkey(town.administrator());
    for _ in 0..4 {
        let post = waiting(&town);
        let now = town.now();
        let ready = [
            (&mayor, key.decide(&mayor, &post, Choice::Approve, now)),
            (&administrator, other.decide(&administrator, &post, comment(), now)),
            // The same tap twice.
            (&mayor, key.decide(&mayor, &post, Choice::Approve, now)),
        ];
        let answers: Vec<Result<PostView, No>> = thread::scope(|scope| {
            let tasks: Vec<_> = ready
                .iter()
                .map(|(member, decide)| scope.spawn(|| member.ask(&posts::DECIDE, &[id(&post)], decide)))
                .collect();
            tasks.into_iter().map(|task| task.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        assert_eq!(town.author().read(&post.post.id).decisions.len(), 1);
    }
}

#[test]
fn a_number_works_for_three_days_and_a_correction_is_signed_too() {
    let town = Town::alone("Villa Sin Cobertura");
    let (key, mayor) = with_passkey(town.mayor());
    let (first, second) = (waiting(&town), waiting(&town));
    let late = key.decide(&mayor, &first, Choice::Approve, town.now());
    let too_late = key.decide(&mayor, &second, Choice::Approve, town.now());
    town.ahead(Millis::hours(71));
    let mayor = key.sign_in().unwrap();
    let approved = mayor.ok(&posts::DECIDE, &[id(&first)], &late);
    town.ahead(Millis::hours(73));
    let mayor = key.sign_in().unwrap();
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&second)], &too_late), Refusal::SpentLink);

    let author = town.author();
    author.release(&approved);
    let out = author.wait_for(&approved.post.id, domain::delivery::PublicationState::Out);
    let content = town.notice("Mañana no hay agua en la calle Menor.");
    let correct =
        posts::Correct { version: out.post.version, content, reason: "Era la otra calle.".to_owned(), checked: None };
    let proposed = author.ok(&posts::CORRECT, &[id(&out)], &correct);
    let corrected = mayor.ok(&posts::DECIDE, &[id(&out)], &key.decide(&mayor, &proposed, Choice::Approve, town.now()));
    let receipt = serde_json::to_value(receipt(&mayor, &corrected, 1)).unwrap();
    let (register, party) = register(&town);
    verdict(&receipt, &register, &party).unwrap();
}

#[test]
fn what_is_no_statement_is_refused_by_name() {
    let town = Town::found("Villa Estricta");
    let (key, mayor) = with_passkey(town.mayor());
    let post = waiting(&town);
    let good = key.decide(&mayor, &post, Choice::Approve, town.now());
    let with = |statement: String| {
        let mut decide = good.clone();
        decide.signed.as_mut().unwrap().statement = statement;
        mayor.no(&posts::DECIDE, &[id(&post)], &decide)
    };
    let statement = good.signed.clone().unwrap().statement;
    let malformed = Refusal::Malformed { field: "statement".to_owned() };
    for other in [
        String::new(),
        "{}".to_owned(),
        statement.replacen(',', ", ", 1),
        statement.replacen("\"version\":1", "\"version\":1,\"version\":1", 1),
        statement.replacen("{\"at\"", "{\"admin\":true,\"at\"", 1),
    ] {
        assert_eq!(with(other.clone()), malformed, "{other}");
    }
    assert!(matches!(with(" ".repeat(5_000)), Refusal::TooLarge { .. }));
    let receipt = [id(&post), "00000000000000000000000001"];
    assert_eq!(mayor.no(&posts::RECEIPT, &receipt, &Nothing {}), Refusal::NotFound);
}
