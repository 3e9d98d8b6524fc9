//! What the organisation asks beside the text: matters found by their words, a checklist of machine and hand, advice;
//! what was ticked is kept, and what is signed stays as it was.

use std::collections::{BTreeMap, BTreeSet};

use api_journeys::{Guest, Member, No, Town, approval, at, id, verifier::verdict};
use domain::{
    Choice, CircuitId, ItemId, Kind, Language, Refusal, Role, StageName, StepId,
    bylaws::Draft,
    circuit::{
        Circuit, Clause, Facet, Holds, Matter, Options, Quorum, Rules, Seat, Sight, Step, choice::Rule as Choosing,
    },
    guidance::{Advice, Asked, Checked, Guidance, Item, Line, Mark, Officer, Scope, Side, Tone, Way},
    matter::Says,
    party::Party,
    policy::Rule,
    record::Subject,
};
use wire::{
    Nothing,
    bylaws::{self, Draw, Guide, Standing},
    posts::{self, Decide, PostView, Remarking, Submit},
};

use crate::receipts::with_passkey;

fn line(text: &str) -> Line {
    Line(BTreeMap::from([(Language::spanish(), text.to_owned())]))
}

fn item(n: u128, asked: Asked, way: Way, required: bool) -> Item {
    Item { id: ItemId::from_bits(n), line: line(&format!("Punto {n}")), asked, way, required, scope: Scope::default() }
}

fn list(checklist: Vec<Item>) -> Guidance {
    Guidance { checklist, ..Guidance::default() }
}

fn standing(reader: &Member) -> Standing {
    reader.ok(&bylaws::BYLAWS, &[], &Nothing {})
}

fn adopt(town: &Town, guidance: Guidance) -> Guidance {
    let administrator = town.administrator();
    let version = standing(&administrator).version;
    administrator.ok(&bylaws::GUIDE, &[], &Guide { version, guidance }).bylaws.guidance
}

fn ticked(version: u32, items: &[u128]) -> Option<Checked> {
    Some(Checked { version, items: items.iter().map(|n| ItemId::from_bits(*n)).collect() })
}

fn submit(author: &Member, post: &PostView, checked: Option<Checked>) -> Result<PostView, No> {
    author.ask(&posts::SUBMIT, &[id(post)], &Submit { version: post.post.version, checked })
}

fn unticked(n: u128) -> Refusal {
    Refusal::Unticked { items: vec![format!("Punto {n}")] }
}

fn remark(by: &Member, post: &PostView, matter: Matter, says: Option<Says>, reason: &str) -> Result<PostView, Refusal> {
    let asked = Remarking { matter, says, reason: reason.to_owned() };
    by.ask(&posts::REMARK, &[id(post)], &asked).map_err(Refusal::from)
}

#[test]
fn what_is_required_is_ticked_by_each_side_and_kept_beside_what_is_signed() {
    let town = Town::found("Villa de la Lista");
    let author = town.author();
    let (key, mayor) = with_passkey(town.mayor());
    let list = adopt(
        &town,
        list(vec![
            item(1, Asked::Author, Way::Hand, true),
            item(2, Asked::Approver, Way::Hand, true),
            item(3, Asked::Both, Way::Rule { rule: Rule::AltText }, true),
        ]),
    );
    assert_eq!(list.version, 1);
    let draft = author.write(&town.notice("Mañana hay pleno."));
    assert_eq!(draft.guide.items.len(), 3);
    let no = |checked| Refusal::from(submit(&author, &draft, checked).unwrap_err());
    assert_eq!(no(None), unticked(1));
    assert_eq!(no(ticked(1, &[2])), unticked(1));
    assert_eq!(no(ticked(7, &[1])), Refusal::OtherChecklist { version: 1 });
    assert_eq!(no(ticked(1, &[1, 99])), Refusal::Malformed { field: "checklist".to_owned() });
    assert_eq!(author.read(&draft.post.id).checks, [], "a refusal leaves nothing behind");
    let waiting = submit(&author, &draft, ticked(1, &[1])).unwrap();
    assert_eq!(waiting.post.stage.name(), StageName::InReview);

    let decide = |checked| Decide { checked, ..key.decide(&mayor, &waiting, Choice::Approve, town.now()) };
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&waiting)], &decide(None)), unticked(2));
    let decided = mayor.ok(&posts::DECIDE, &[id(&waiting)], &decide(ticked(1, &[2])));
    assert_eq!(decided.post.stage.name(), StageName::Approved);

    let marks = |view: &PostView, side| {
        let checks = view.checks.iter().find(|checks| checks.side == side).unwrap();
        assert_eq!((&checks.content_hash, checks.version), (&waiting.content_hash, 1));
        checks.items.iter().map(|item| (item.text.clone(), item.mark)).collect::<Vec<_>>()
    };
    let done = |n| (format!("Punto {n}"), Mark::Done);
    assert_eq!(marks(&decided, Side::Author), [done(1), done(3)]);
    assert_eq!(marks(&decided, Side::Approver), [done(2), done(3)]);
    // In the record, with the very act; and the receipt says what it always said.
    let kept = crate::record::whole_chain(&town.member(Role::Records), &town);
    for subject in [Subject::Submission, Subject::Decision] {
        let entry = kept.iter().find(|entry| entry.subject == subject).unwrap();
        let body: serde_json::Value = serde_json::from_str(entry.body.as_deref().unwrap()).unwrap();
        assert_eq!(body["checks"]["content_hash"], waiting.content_hash.as_str(), "{subject:?}");
        assert_eq!(body["checks"]["items"][0]["mark"], "done", "{subject:?}");
    }
    let receipt = mayor.ok(&posts::RECEIPT, &[id(&decided), decided.decisions[0].id.as_str()], &Nothing {});
    assert!(!serde_json::to_string(&receipt).unwrap().contains("checks"));
    let register = api_journeys::send("GET", &format!("/{}/accounts.json", town.founded.slug), &[], b"");
    let register: serde_json::Value = serde_json::from_slice(&register.body).unwrap();
    let party = register["decision_rp"].as_str().unwrap().to_owned();
    verdict(&serde_json::to_value(&receipt).unwrap(), &register, &party).unwrap();
}

#[test]
fn somebody_outside_is_asked_the_same_list_and_what_they_tick_is_kept() {
    let town = Town::found("Villa Consultada");
    let author = town.author();
    let ana = crate::outside::address("ana");
    let seat = crate::outside::asked(1, Quorum::Any, &[&ana]);
    crate::circuits::draw(
        &town,
        crate::circuits::everything_through(crate::circuits::circuit(1, vec![seat], Options::default())),
    );
    let advice = Advice { tone: Tone::Dont, line: line("Sin abreviaturas."), scope: Scope::default() };
    let asked = vec![
        item(1, Asked::Author, Way::Hand, false),
        item(2, Asked::Approver, Way::Hand, true),
        item(3, Asked::Both, Way::Rule { rule: Rule::AltText }, true),
        item(4, Asked::Approver, Way::Hand, false),
    ];
    adopt(&town, Guidance { advice: vec![advice], ..list(asked.clone()) });
    let waiting = author.submit(&author.write(&town.notice("Mañana no hay agua.")));
    let mut guest = Guest::of(&town, &ana);
    let paper = guest.enter().text();
    let said = |page: &str, text: &str| page.contains(text);
    assert!(said(&paper, "Sin abreviaturas.") && said(&paper, "Punto 2") && said(&paper, "Punto 3"), "{paper}");
    assert!(!said(&paper, "Punto 1"), "what is asked of the author is not asked of her");
    let tick = |n: u128| format!("tick-{}", ItemId::from_bits(n));
    let (second, fourth) = (tick(2), tick(4));

    let before = guest.codes();
    let open = guest.submit("", "decision", &[("choice", "approve"), ("list", "1"), (&fourth, "on")]);
    assert_eq!((open.status, guest.codes()), (422, before), "no code for what would be refused");
    let ticked_again = format!("name=\"{fourth}\" value=\"on\" checked");
    assert!(said(&open.text(), &ticked_again) && said(&open.text(), "Punto 2"), "{}", open.text());
    for (version, boxes) in [("7", &second), ("1", &tick(99))] {
        let other = guest.submit("", "decision", &[("choice", "approve"), ("list", version), (boxes, "on")]);
        assert_eq!((other.status, guest.codes()), (422, before), "{version} {boxes}");
    }

    let asking = guest.submit("", "decision", &[("choice", "approve"), ("list", "1"), (&second, "on")]);
    assert_eq!(asking.status, 200, "{}", asking.text());
    assert!(said(&asking.text(), "Lo que ha marcado") && said(&asking.text(), "Punto 2"), "{}", asking.text());
    // The list changes before the code comes back: it is asked anew, and nothing is taken.
    let more = [asked, vec![item(5, Asked::Approver, Way::Hand, true)]].concat();
    assert_eq!(adopt(&town, list(more)).version, 2);
    let code = guest.code();
    let stale = guest.submit("decision", "confirmation", &[("code", &code)]);
    assert_eq!(stale.status, 422, "{}", stale.text());
    assert!(said(&stale.text(), "Punto 5"), "{}", stale.text());
    assert_eq!(author.read(&waiting.post.id).decisions.len(), 0);

    let fifth = tick(5);
    guest.submit("", "decision", &[("choice", "approve"), ("list", "2"), (&second, "on"), (&fifth, "on")]);
    let code = guest.code();
    let done = guest.submit("decision", "confirmation", &[("code", &code)]);
    assert!(said(&done.text(), "/receipt"), "{}", done.text());
    let decided = author.read(&waiting.post.id);
    assert_eq!(decided.post.stage.name(), StageName::Approved);
    let checks = decided.checks.last().unwrap();
    let marks: Vec<_> = checks.items.iter().map(|item| (item.text.as_str(), item.mark)).collect();
    let (done, left) = (Mark::Done, Mark::Open);
    assert_eq!(marks, [("Punto 2", done), ("Punto 3", done), ("Punto 4", left), ("Punto 5", done)]);
    assert_eq!((checks.side, checks.version, &checks.content_hash), (Side::Approver, 2, &waiting.content_hash));
    assert_eq!(checks.by, domain::party::Person::Outside { mailbox: ana.parse().unwrap() });
    let kept = crate::record::whole_chain(&town.member(Role::Records), &town);
    let entry = kept.iter().find(|entry| entry.subject == Subject::Decision).unwrap();
    let body: serde_json::Value = serde_json::from_str(entry.body.as_deref().unwrap()).unwrap();
    assert_eq!(body["checks"]["items"][0]["mark"], "done");
    let receipt = guest.receipt();
    assert!(!receipt.to_string().contains("tick") && !receipt.to_string().contains("Punto"));
}

#[test]
fn somebody_outside_who_sends_back_needs_no_list() {
    let town = Town::found("Villa Devuelta");
    let author = town.author();
    let ana = crate::outside::address("ana");
    let seat = crate::outside::asked(1, Quorum::Any, &[&ana]);
    crate::circuits::draw(
        &town,
        crate::circuits::everything_through(crate::circuits::circuit(1, vec![seat], Options::default())),
    );
    adopt(&town, list(vec![item(1, Asked::Approver, Way::Hand, true)]));
    let waiting = author.submit(&author.write(&town.notice("Mañana no hay agua.")));
    let mut guest = Guest::of(&town, &ana);
    guest.enter();
    guest.decide("return", "Falta la hora.");
    let returned = author.read(&waiting.post.id);
    assert_eq!(returned.post.stage.name(), StageName::Draft);
    assert_eq!(returned.checks.last().unwrap().items[0].mark, Mark::Open);
}

#[test]
fn who_sends_back_needs_no_list_and_a_new_list_asks_for_new_ticks() {
    let town = Town::found("Villa Repasada");
    let (author, mayor) = (town.author(), town.mayor());
    let both = list(vec![item(1, Asked::Both, Way::Hand, true)]);
    adopt(&town, both.clone());
    let draft = author.write(&town.notice("Mañana hay pleno."));
    let waiting = submit(&author, &draft, ticked(1, &[1])).unwrap();
    let more = Guidance {
        checklist: [both.checklist.clone(), vec![item(2, Asked::Approver, Way::Hand, false)]].concat(),
        ..both
    };
    assert_eq!(adopt(&town, more.clone()).version, 2);
    assert_eq!(adopt(&town, more).version, 2, "the same again is no new version");
    let approve = |checked| Decide { checked, ..approval(&waiting) };
    let old = mayor.no(&posts::DECIDE, &[id(&waiting)], &approve(ticked(1, &[1])));
    assert_eq!(old, Refusal::OtherChecklist { version: 2 });
    let back = Decide { choice: Choice::Return { comment: "Falta la hora.".to_owned(), place: None }, ..approve(None) };
    let returned = mayor.ok(&posts::DECIDE, &[id(&waiting)], &back);
    assert_eq!(returned.post.stage.name(), StageName::Draft);
    let last = returned.checks.last().unwrap();
    assert_eq!((last.version, last.items[0].mark), (2, Mark::Open), "what was left open is said too");
    // What was ticked before stands under its version.
    assert_eq!((returned.checks[0].version, returned.checks[0].items[0].mark), (1, Mark::Done));
}

#[test]
fn a_correction_goes_through_the_list_too() {
    let town = Town::found("Villa Enmendada");
    let (author, mayor) = (town.author(), town.mayor());
    let approved = mayor.approve(&author.submit(&author.write(&town.notice("El pleno es a las ocho."))));
    author.release(&approved);
    let out = author.wait_for(&approved.post.id, domain::delivery::PublicationState::Out);
    adopt(&town, list(vec![item(1, Asked::Both, Way::Hand, true)]));
    let correct = |checked| posts::Correct {
        version: out.post.version,
        content: town.notice("El pleno es a las nueve."),
        reason: "Era a las nueve.".to_owned(),
        checked,
    };
    assert_eq!(author.no(&posts::CORRECT, &[id(&out)], &correct(None)), unticked(1));
    let proposed = author.ok(&posts::CORRECT, &[id(&out)], &correct(ticked(1, &[1])));
    assert_eq!(proposed.checks.len(), 1);
    assert_eq!(proposed.checks[0].content_hash, proposed.content_hash);
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&out)], &approval(&proposed)), unticked(1));
    let approve = Decide { checked: ticked(1, &[1]), ..approval(&proposed) };
    assert_eq!(mayor.ok(&posts::DECIDE, &[id(&out)], &approve).checks.len(), 2);
}

#[test]
fn advice_and_checks_are_for_the_posts_they_are_meant_for() {
    let town = Town::found("Villa Escogida");
    let author = town.author();
    let legal = Scope { kinds: BTreeSet::from([Kind::Legal]), ..Scope::default() };
    let money = Scope { matters: BTreeSet::from([Matter::Money]), ..Scope::default() };
    let advice = |text: &str, scope| Advice { tone: Tone::Dont, line: line(text), scope };
    adopt(
        &town,
        Guidance {
            advice: vec![advice("Sin abreviaturas.", Scope::default()), advice("Cite la norma.", legal)],
            checklist: vec![Item { scope: money, ..item(1, Asked::Author, Way::Hand, true) }],
            ..Guidance::default()
        },
    );
    let plain = author.write(&town.notice("Mañana hay mercado."));
    assert_eq!((plain.guide.advice.len(), plain.guide.items.len()), (1, 0));
    assert_eq!(author.submit(&plain).post.stage.name(), StageName::InReview, "nothing is asked of it");
    let content = domain::Content { kind: Kind::Legal, ..town.notice("La tasa es de 300 euros.") };
    let dear = author.write(&content);
    assert_eq!((dear.guide.advice.len(), dear.guide.items.len()), (2, 1));
    assert_eq!(Refusal::from(submit(&author, &dear, None).unwrap_err()), unticked(1));
    assert_eq!(submit(&author, &dear, ticked(1, &[1])).unwrap().post.stage.name(), StageName::InReview);
}

#[test]
fn a_list_that_says_nothing_or_too_much_is_refused() {
    let town = Town::found("Villa Prolija");
    let administrator = town.administrator();
    let version = standing(&administrator).version;
    let no = |guidance: Guidance| administrator.no(&bylaws::GUIDE, &[], &Guide { version, guidance });
    let malformed = |field: &str| Refusal::Malformed { field: field.to_owned() };
    let mute = Item { line: line(" "), ..item(1, Asked::Both, Way::Hand, true) };
    assert_eq!(no(list(vec![mute])), malformed("line"));
    let twice = vec![item(1, Asked::Both, Way::Hand, true), item(1, Asked::Both, Way::Hand, true)];
    assert_eq!(no(list(twice)), Refusal::Doubled { field: "checklist".to_owned() });
    let many = (0..41).map(|n| item(n, Asked::Both, Way::Hand, false)).collect();
    assert_eq!(no(list(many)), Refusal::TooLarge { field: "checklist".to_owned(), limit: 40, length: 41 });
    let long = Advice { tone: Tone::Do, line: line(&"a".repeat(301)), scope: Scope::default() };
    let long = Guidance { advice: vec![long], ..Guidance::default() };
    assert_eq!(no(long), Refusal::TooLarge { field: "line".to_owned(), limit: 300, length: 301 });
    let nameless = Officer { name: "!?".to_owned(), office: "Alcaldía".to_owned() };
    assert_eq!(no(Guidance { officers: vec![nameless], ..Guidance::default() }), malformed("officers"));
    assert_eq!(standing(&administrator).bylaws.guidance, Guidance::default(), "nothing half-written");
    let good = list(vec![item(1, Asked::Both, Way::Hand, false)]);
    administrator.ok(&bylaws::GUIDE, &[], &Guide { version, guidance: good.clone() });
    assert_eq!(no(good), Refusal::Stale { current: version + 1 });
}

fn step(n: u128, of: Role, when: Vec<Clause>) -> Step {
    Step {
        id: StepId::from_bits(n),
        name: format!("Paso {n}"),
        seats: vec![Seat::from(Party::Role { role: of })],
        quorum: Quorum::Any,
        when,
        deadline: None,
        sight: Sight::Everything,
    }
}

fn circuit(n: u128, steps: Vec<Step>) -> Circuit {
    let options = Options::default();
    Circuit { id: CircuitId::from_bits(n), version: 0, name: format!("Circuito {n}"), steps, options }
}

fn speaks(matters: &[Matter]) -> Clause {
    Clause { holds: Holds::Any, facet: Facet::Matters(matters.iter().copied().collect()) }
}

fn draw(town: &Town, draft: Draft) {
    let administrator = town.administrator();
    let version = standing(&administrator).version;
    administrator.ok(&bylaws::DRAW, &[], &Draw { version, draft });
}

#[test]
fn what_a_text_speaks_of_chooses_the_circuit_and_nobody_says_it_away() {
    let town = Town::found("Villa de los Asuntos");
    let author = town.author();
    let (usual, strict) =
        (circuit(1, vec![step(1, Role::Approver, vec![])]), circuit(2, vec![step(2, Role::Administrator, vec![])]));
    let when = vec![speaks(&[Matter::Money, Matter::Works])];
    let rules = Rules { rules: vec![Choosing { when, circuit: strict.id.clone() }], otherwise: usual.id.clone() };
    draw(&town, Draft { circuits: vec![usual.clone(), strict.clone()], rules });
    let goes_through = |post: &PostView| author.submit(post).post.round().unwrap().circuit.clone();

    let plain = author.write(&town.notice("Una obra de teatro el sábado."));
    assert_eq!(plain.sightings, []);
    assert_eq!(goes_through(&plain), usual.id);

    let dear = author.write(&town.notice("La entrada cuesta 12 euros."));
    assert_eq!((dear.sightings[0].matter, dear.sightings[0].words.as_str()), (Matter::Money, "12 euros"));
    assert_eq!(remark(&author, &dear, Matter::Money, Some(Says::DoesNot), " "), Err(Refusal::ReasonWanted));
    assert_eq!(remark(&author, &dear, Matter::Works, Some(Says::DoesNot), "No."), Err(Refusal::NotFound));
    assert_eq!(remark(&author, &dear, Matter::Works, None, ""), Err(Refusal::NotFound));
    let said = remark(&author, &dear, Matter::Money, Some(Says::DoesNot), "Es un título.").unwrap();
    assert_eq!((said.remarks.len(), said.sightings.len()), (1, 1), "it is said, and the words stay");
    assert_eq!(goes_through(&said), strict.id, "it counts all the same");
    let waiting = author.read(&said.post.id);
    assert_eq!(remark(&author, &waiting, Matter::Works, Some(Says::Speaks), ""), Err(Refusal::WrongStage));

    // What the machine does not see, the author adds; and may take back.
    let hidden = author.write(&town.notice("El lunes se levanta la acera."));
    let added = remark(&author, &hidden, Matter::Works, Some(Says::Speaks), "").unwrap();
    let back = remark(&author, &added, Matter::Works, None, "").unwrap();
    assert_eq!(back.remarks, []);
    let again = remark(&author, &back, Matter::Works, Some(Says::Speaks), "Es una obra.").unwrap();
    assert_eq!(goes_through(&again), strict.id);
    let kept = crate::record::whole_chain(&town.member(Role::Records), &town);
    assert_eq!(kept.iter().filter(|entry| entry.subject == Subject::Matter).count(), 4);
}

#[test]
fn an_optional_step_is_asked_only_if_its_condition_holds() {
    let town = Town::found("Villa Condicional");
    let (author, mayor, administrator) = (town.author(), town.mayor(), town.administrator());
    let steps =
        vec![step(1, Role::Approver, vec![]), step(2, Role::Administrator, vec![speaks(&[Matter::OfficeHolders])])];
    let one = circuit(1, steps);
    let rules = Rules { rules: vec![], otherwise: one.id.clone() };
    draw(&town, Draft { circuits: vec![one.clone()], rules: rules.clone() });
    let officer = Officer { name: "Clara Campoamor".to_owned(), office: "Alcaldía".to_owned() };
    adopt(&town, Guidance { officers: vec![officer], ..Guidance::default() });
    let plain = author.submit(&author.write(&town.notice("Mañana hay mercado.")));
    assert_eq!(mayor.approve(&plain).post.stage.name(), StageName::Approved);
    let named = author.submit(&author.write(&town.notice("CLARA CAMPOAMOR abre la feria.")));
    assert_eq!(named.sightings[0].words, "CLARA CAMPOAMOR");
    let half = mayor.approve(&named);
    assert_eq!(half.post.stage.name(), StageName::InReview);
    assert_eq!(administrator.approve(&half).post.stage.name(), StageName::Approved);

    // And the desk can say beforehand what it would have been.
    let past = administrator.ok(&bylaws::PAST, &[], &Nothing {});
    let stands = Draft { circuits: vec![one.clone()], rules: rules.clone() };
    let always = Circuit { steps: vec![step(1, Role::Approver, vec![]), step(2, Role::Administrator, vec![])], ..one };
    let trial = Draft { circuits: vec![always], rules }.trial(&stands, &past);
    assert_eq!((trial.of, trial.changed, trial.asked[&StepId::from_bits(2)]), (2, 1, 2));
}

#[test]
fn a_word_on_a_post_is_for_whoever_writes_it() {
    let town = Town::found("Villa Callada");
    let author = town.author();
    let draft = author.write(&town.notice("Comienzan las obras."));
    let translator = town.member(Role::Translator);
    let refused = remark(&translator, &draft, Matter::Works, Some(Says::DoesNot), "No.");
    assert!(matches!(refused, Err(Refusal::NotAllowed { .. })), "{refused:?}");
    // Whoever had an older version is told, as with any change.
    let said = remark(&author, &draft, Matter::Works, Some(Says::DoesNot), "Es una calle.").unwrap();
    assert_eq!(author.no(&posts::SUBMIT, &[id(&draft)], &at(&draft)), Refusal::Stale { current: said.post.version });
}
