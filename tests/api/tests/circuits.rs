//! Circuits: drawn, chosen by rules, gone through by whoever must, with substitutes, absences and units; and what cannot
//! be gone through is not drawn.

use std::{collections::BTreeSet, thread};

use api_journeys::{Member, No, Passkey, Town, approval, eventually, id, verifier::verdict};
use domain::{
    Choice, CircuitId, DelegationId, Kind, Language, MemberId, Millis, Refusal, Role, StageName, StepId, UnitId,
    bylaws::{Draft, Unit},
    circuit::{
        Again, Circuit, Clause, Deadline, Facet, Hats, Holds, Options, Quorum, Rules, Rung, Seat, Sight, Silence, Step,
        choice::Rule,
    },
    delegation::Scope,
    hours::{Hours, Shift, WorkMinutes},
    party::Party,
    record::Subject,
};
use wire::{
    Nothing,
    bylaws::{self, Draw, Excuse, Group, Open, Standing, Substitute},
    people,
    posts::{self, Decide, PostView},
};

use crate::receipts::with_passkey;

pub fn standing(reader: &Member) -> Standing {
    reader.ok(&bylaws::BYLAWS, &[], &Nothing {})
}

pub fn step(n: u128, quorum: Quorum, parties: &[Party]) -> Step {
    let seats = parties.iter().cloned().map(Seat::from).collect();
    let (id, name) = (StepId::from_bits(n), format!("Paso {n}"));
    Step { id, name, seats, quorum, when: Vec::new(), deadline: None, sight: Sight::Everything }
}

pub fn circuit(n: u128, steps: Vec<Step>, options: Options) -> Circuit {
    Circuit { id: CircuitId::from_bits(n), version: 0, name: format!("Circuito {n}"), steps, options }
}

pub fn role(role: Role) -> Party {
    Party::Role { role }
}

pub fn member(member: &Member) -> Party {
    Party::Member { member: member.me.member.clone() }
}

pub fn everything_through(one: Circuit) -> Draft {
    let otherwise = one.id.clone();
    Draft { circuits: vec![one], rules: Rules { rules: Vec::new(), otherwise } }
}

/// Draws, over whatever stands.
pub fn draw(town: &Town, draft: Draft) -> Standing {
    let administrator = town.administrator();
    let version = standing(&administrator).version;
    administrator.ok(&bylaws::DRAW, &[], &Draw { version, draft })
}

/// Another member, come in by invitation and signed in with their passkey.
pub fn joined(town: &Town, role: Role, name: &str) -> (Passkey, Member) {
    let invite = people::Invite { name: name.to_owned(), email: None, role, access: domain::Access::Everywhere };
    let invited = town.administrator().ok(&people::INVITE, &[], &invite);
    let token = invited.link.split('#').nth(1).unwrap().to_owned();
    let ground = wire::session::EnrolBy::Invitation { token };
    let (key, enrolled, session) = Passkey::enrol(None, &ground).unwrap();
    (key, Member::with(enrolled.me, session.unwrap()))
}

/// A decree of today and tomorrow: the administrator acts for the mayor.
pub fn decree(of: &Member, to: &Member) -> Substitute {
    let today = of.wall(of.now(), Millis(0)).date();
    Substitute {
        id: DelegationId::from_bits(77),
        of: of.me.member.clone(),
        to: to.me.member.clone(),
        reference: "Decreto 2026/114".to_owned(),
        first: today,
        last: today.succ_opt().unwrap(),
        scope: Scope::ALL,
    }
}

pub fn submitted(town: &Town, text: &str) -> PostView {
    let author = town.author();
    author.submit(&author.write(&town.notice(text)))
}

pub fn movers(post: &PostView) -> BTreeSet<MemberId> {
    let waiting = post.waiting.as_ref().expect("it waits");
    waiting.movers.iter().filter_map(|mover| mover.person.member().cloned()).collect()
}

pub fn decide(decider: &Member, post: &PostView) -> Result<PostView, No> {
    decider.ask(&posts::DECIDE, &[id(post)], &approval(post))
}

#[test]
fn two_steps_are_gone_through_in_their_order_and_each_is_told_who_waits_for_them() {
    let town = Town::found("Villa de los Pasos");
    let (mayor, administrator) = (town.mayor(), town.administrator());
    let steps = vec![step(1, Quorum::Any, &[role(Role::Administrator)]), step(2, Quorum::Any, &[role(Role::Approver)])];
    draw(&town, everything_through(circuit(5, steps, Options::default())));
    let post = submitted(&town, "Mañana hay pleno.");
    assert_eq!(movers(&post), BTreeSet::from([administrator.me.member.clone()]));
    let waits_for = |member: &Member| {
        let query = posts::Query { waiting: Some(true), ..posts::Query::default() };
        member.ok(&posts::LIST, &[], &query).items.iter().any(|row| row.id == post.post.id)
    };
    assert_eq!((waits_for(&administrator), waits_for(&mayor)), (true, false));
    assert_eq!(Refusal::from(decide(&mayor, &post).unwrap_err()), Refusal::NotYourTurn);
    let half = decide(&administrator, &post).unwrap();
    assert_eq!(
        (half.post.stage.name(), movers(&half)),
        (StageName::InReview, BTreeSet::from([mayor.me.member.clone()]))
    );
    assert_eq!((waits_for(&administrator), waits_for(&mayor)), (false, true));
    assert_eq!(Refusal::from(decide(&administrator, &half).unwrap_err()), Refusal::TwoHats);
    assert_eq!(town.author().no(&posts::RELEASE, &[id(&half)], &api_journeys::at(&half)), Refusal::NotApproved);
    let whole = decide(&mayor, &half).unwrap();
    assert_eq!((whole.post.stage.name(), whole.decisions.len(), whole.waiting), (StageName::Approved, 2, None));
}

#[test]
fn what_waits_for_somebody_is_found_and_counted_whatever_waits_for_others() {
    let town = Town::found("Villa de las Colas");
    let (mayor, secretary) = (town.mayor(), town.administrator());
    let through = |n, party: Party| {
        draw(&town, everything_through(circuit(n, vec![step(n, Quorum::Any, &[party])], Options::default())))
    };
    through(5, member(&secretary));
    for n in 0..130 {
        submitted(&town, &format!("El aviso número {n} es de la secretaría."));
    }
    through(6, role(Role::Approver));
    let newest = submitted(&town, "El último aviso es de la alcaldía.");

    let list = |member: &Member| {
        member.ok(&posts::LIST, &[], &posts::Query { waiting: Some(true), ..posts::Query::default() })
    };
    let counted = |role: Role| {
        let me = town.member(role).me;
        (me.waiting, me.waiting_more)
    };
    let of_mayor: Vec<_> = list(&mayor).items.into_iter().map(|row| row.id).collect();
    assert_eq!(of_mayor, std::slice::from_ref(&newest.post.id), "behind a hundred and thirty that are not his");
    assert_eq!(counted(Role::Approver), (1, false));
    let home = mayor.ok(&wire::home::HOME, &[], &Nothing {});
    assert_eq!(home.to_decide.iter().map(|row| &row.id).collect::<Vec<_>>(), [&newest.post.id]);
    let pile = mayor.ok(&wire::deciding::DECIDING, &[], &wire::deciding::Query::default());
    assert_eq!((pile.items.len(), pile.more, &pile.items[0].post), (1, 0, &newest.post.id));
    // Whoever has more than are counted is told so.
    assert_eq!((list(&secretary).items.len(), counted(Role::Administrator)), (100, (100, true)));
    assert_eq!(counted(Role::Author), (0, false));

    // By a decree the others are his too: behind what is his own.
    town.administrator().ok(&bylaws::SUBSTITUTE, &[], &decree(&secretary, &mayor));
    let both = list(&mayor).items;
    assert_eq!((both.len(), both.iter().position(|row| row.id == newest.post.id)), (100, Some(0)));
    assert_eq!(counted(Role::Approver), (100, true));
    decide(&mayor, &newest).unwrap();
    assert!(list(&mayor).items.iter().all(|row| row.id != newest.post.id));
}

#[test]
fn the_rules_choose_the_circuit_and_a_post_keeps_the_one_it_was_submitted_under() {
    let town = Town::found("Villa de las Reglas");
    let (author, mayor) = (town.author(), town.mayor());
    let usual = circuit(1, vec![step(1, Quorum::Any, &[role(Role::Approver)])], Options::default());
    let two = [role(Role::Approver), role(Role::Administrator)];
    let strict = circuit(2, vec![step(2, Quorum::All, &two)], Options::default());
    let sensitive = Clause { holds: Holds::Any, facet: Facet::Kinds([Kind::Sensitive].into()) };
    let rules =
        Rules { rules: vec![Rule { when: vec![sensitive], circuit: strict.id.clone() }], otherwise: usual.id.clone() };
    let drawn = draw(&town, Draft { circuits: vec![usual.clone(), strict.clone()], rules });
    let routine = submitted(&town, "Mañana hay mercado.");
    let content = domain::Content { kind: Kind::Sensitive, ..town.notice("El alcalde responde a las críticas.") };
    let delicate = author.submit(&author.write(&content));
    assert_eq!(decide(&mayor, &routine).unwrap().post.stage.name(), StageName::Approved);
    // The circuit is redrawn meanwhile: what runs goes on under the version that it began with.
    let easier = circuit(2, vec![step(2, Quorum::Any, &two)], Options::default());
    let draft = Draft { circuits: vec![usual, easier], rules: drawn.bylaws.rules.clone() };
    let redrawn = draw(&town, draft);
    assert_eq!(redrawn.bylaws.circuits.iter().map(|circuit| circuit.version).max(), Some(2));
    let half = decide(&mayor, &delicate).unwrap();
    assert_eq!(half.post.stage.name(), StageName::InReview);
    assert_eq!(decide(&town.administrator(), &half).unwrap().post.stage.name(), StageName::Approved);

    // New rules are tried on what was: the desk reckons, with the facts that were kept.
    let past = town.administrator().ok(&bylaws::PAST, &[], &Nothing {});
    assert_eq!(past.len(), 2);
    let everything = Rules { rules: Vec::new(), otherwise: CircuitId::from_bits(1) };
    let trial = domain::circuit::choice::what_would_change(&everything, &past);
    assert_eq!((trial.of, trial.changed.len()), (2, 1));
}

#[test]
fn what_nobody_could_go_through_is_not_drawn_and_a_stale_draft_neither() {
    let town = Town::found("Villa Imposible");
    let administrator = town.administrator();
    let version = standing(&administrator).version;
    let no = |draft: Draft| administrator.no(&bylaws::DRAW, &[], &Draw { version, draft });
    let all = |steps: Vec<Step>| everything_through(circuit(5, steps, Options::default()));
    let stranger = Party::Member { member: MemberId::from_bits(9) };
    let three = Quorum::AtLeast { count: 3 };
    for draft in [
        all(vec![]),
        all(vec![step(1, Quorum::Any, &[stranger])]),
        all(vec![step(1, three, &[role(Role::Approver), role(Role::Administrator)])]),
        all(vec![step(1, Quorum::All, &[role(Role::Approver), role(Role::Approver)])]),
        all(vec![step(1, Quorum::Any, &[Party::Unit { unit: UnitId::from_bits(4) }])]),
        Draft { circuits: vec![], rules: Rules { rules: vec![], otherwise: CircuitId::from_bits(1) } },
    ] {
        assert_eq!(no(draft.clone()), Refusal::FlawedCircuit, "{draft:?}");
        let people = standing(&administrator);
        let people = people.bylaws.people(people.colleagues);
        assert!(draft.flaws(&people).iter().any(domain::circuit::Flaw::stops), "the desk says so before");
    }
    // Rules: one that matches everything, one that can match nothing, one that another one catches before; a circuit
    // of which every step may be left out, and a step that is never asked for.
    let kinds = |these: &[Kind]| Clause { holds: Holds::Any, facet: Facet::Kinds(these.iter().copied().collect()) };
    let ruled = |rules: Vec<Vec<Clause>>| {
        let one = circuit(5, vec![step(1, Quorum::Any, &[role(Role::Approver)])], Options::default());
        let rules = rules.into_iter().map(|when| Rule { when, circuit: one.id.clone() }).collect();
        let rules = Rules { rules, otherwise: one.id.clone() };
        Draft { circuits: vec![one], rules }
    };
    let conditional = |when: Vec<Clause>| Step { when, ..step(2, Quorum::Any, &[role(Role::Administrator)]) };
    for (draft, flaw) in [
        (ruled(vec![vec![]]), "matches_everything"),
        (ruled(vec![vec![kinds(&Kind::ALL)]]), "matches_everything"),
        (ruled(vec![vec![kinds(&[])]]), "never_matches"),
        (ruled(vec![vec![kinds(&[Kind::Legal, Kind::Event])], vec![kinds(&[Kind::Legal])]]), "shadowed"),
        (all(vec![conditional(vec![kinds(&[Kind::Legal])])]), "every_step_conditional"),
        (all(vec![step(1, Quorum::Any, &[role(Role::Approver)]), conditional(vec![kinds(&[])])]), "never_applies"),
    ] {
        assert_eq!(no(draft.clone()), Refusal::FlawedCircuit, "{flaw}");
        let people = standing(&administrator);
        let people = people.bylaws.people(people.colleagues);
        let found = serde_json::to_string(&draft.flaws(&people)).unwrap();
        assert!(found.contains(flaw), "{found}");
    }
    let good = all(vec![step(1, Quorum::Any, &[role(Role::Approver)])]);
    administrator.ok(&bylaws::DRAW, &[], &Draw { version, draft: good.clone() });
    assert_eq!(no(good), Refusal::Stale { current: version + 1 });
    let kept = crate::record::whole_chain(&town.member(Role::Records), &town);
    assert_eq!(kept.iter().filter(|entry| entry.subject == Subject::Bylaws).count(), 1);
}

#[test]
fn a_substitute_decides_by_decree_and_the_receipt_says_so() {
    let town = Town::found("Villa del Decreto");
    let mayor = town.mayor();
    let (key, substitute) = joined(&town, Role::Approver, "La teniente de alcalde");
    draw(&town, everything_through(circuit(5, vec![step(1, Quorum::Any, &[member(&mayor)])], Options::default())));
    let post = submitted(&town, "Se convoca el pleno.");
    assert_eq!(substitute.no(&posts::NONCE, &[id(&post)], &Nothing {}), Refusal::NotYourTurn);
    let administrator = town.administrator();
    let named = decree(&mayor, &substitute);
    administrator.ok(&bylaws::SUBSTITUTE, &[], &named);
    // The same form twice is one decree; another one for the same time is refused by name.
    assert_eq!(administrator.ok(&bylaws::SUBSTITUTE, &[], &named).bylaws.delegations.len(), 1);
    let other = Substitute { id: DelegationId::from_bits(78), to: administrator.me.member.clone(), ..named.clone() };
    let overlaps = Refusal::DelegationOverlaps { reference: "Decreto 2026/114".to_owned() };
    assert_eq!(administrator.no(&bylaws::SUBSTITUTE, &[], &other), overlaps);

    assert!(movers(&town.author().read(&post.post.id)).contains(&substitute.me.member));
    let decided = Decide {
        acting_for: Some(mayor.me.member.clone()),
        ..key.decide(&substitute, &post, Choice::Approve, town.now())
    };
    let approved = substitute.ok(&posts::DECIDE, &[id(&post)], &decided);
    assert_eq!(approved.post.stage.name(), StageName::Approved);
    let receipt = substitute.ok(&posts::RECEIPT, &[id(&approved), approved.decisions[0].id.as_str()], &Nothing {});
    let posts::Receipt::Signed(signed) = &receipt else { panic!("not signed: {receipt:?}") };
    assert!(signed.statement.contains("Decreto 2026/114"));
    let register = api_journeys::send("GET", &format!("/{}/accounts.json", town.founded.slug), &[], b"");
    let register: serde_json::Value = serde_json::from_slice(&register.body).unwrap();
    let party = register["decision_rp"].as_str().unwrap().to_owned();
    verdict(&serde_json::to_value(&receipt).unwrap(), &register, &party).unwrap();

    // Over is over: signed while it was in force, sent after it was revoked.
    let second = submitted(&town, "Se aplaza el pleno.");
    let prepared = Decide {
        acting_for: Some(mayor.me.member.clone()),
        ..key.decide(&substitute, &second, Choice::Approve, town.now())
    };
    administrator.ok(&bylaws::REVOKE, &[named.id.as_str()], &Nothing {});
    assert_eq!(substitute.no(&posts::DECIDE, &[id(&second)], &prepared), Refusal::NoDelegation);
    assert_eq!(administrator.no(&bylaws::REVOKE, &[named.id.as_str()], &Nothing {}), Refusal::NotFound);
}

#[test]
fn two_of_three_are_two_different_people_and_whoever_wrote_is_none_of_them() {
    let town = Town::found("Villa de los Tres");
    let (first, second) =
        (joined(&town, Role::Approver, "Concejal de obras"), joined(&town, Role::Approver, "Concejal de fiestas"));
    let seat = Seat { places: 3, ..Seat::from(role(Role::Approver)) };
    let two = Step { seats: vec![seat], ..step(1, Quorum::AtLeast { count: 2 }, &[]) };
    draw(&town, everything_through(circuit(5, vec![two], Options::default())));
    let post = submitted(&town, "Se corta la calle Mayor.");
    let sign = |(key, who): &(Passkey, Member), post: &PostView| {
        who.ask(&posts::DECIDE, &[id(post)], &key.decide(who, post, Choice::Approve, town.now()))
    };
    let half = sign(&first, &post).unwrap();
    assert_eq!(half.waiting.as_ref().map(|waiting| (waiting.taken, waiting.needed)), Some((1, 2)));
    assert_eq!(first.1.no(&posts::NONCE, &[id(&half)], &Nothing {}), Refusal::TwoHats);
    assert_eq!(sign(&second, &half).unwrap().post.stage.name(), StageName::Approved);

    // Two at once, and both are needed: both count.
    let post = submitted(&town, "Se abre la calle Mayor.");
    let ready: Vec<(&Member, Decide)> = [&first, &second]
        .into_iter()
        .map(|(key, who)| (who, key.decide(who, &post, Choice::Approve, town.now())))
        .collect();
    let answers: Vec<Result<PostView, No>> = thread::scope(|scope| {
        let tasks: Vec<_> =
            ready.iter().map(|(who, decide)| scope.spawn(|| who.ask(&posts::DECIDE, &[id(&post)], decide))).collect();
        tasks.into_iter().map(|task| task.join().unwrap()).collect()
    });
    for (answer, (who, decide)) in answers.into_iter().zip(&ready) {
        // Who was slower by a moment is told so, and what they signed is as good as before.
        if let Err(no) = answer {
            assert!(matches!(Refusal::from(no), Refusal::Stale { .. }));
            who.ok(&posts::DECIDE, &[id(&post)], decide);
        }
    }
    let done = town.author().read(&post.post.id);
    assert_eq!((done.post.stage.name(), done.decisions.len()), (StageName::Approved, 2));

    // An administrator who touches the text has a hand in it.
    let (author, administrator) = (town.author(), town.administrator());
    let steps = vec![step(1, Quorum::Any, &[role(Role::Administrator), role(Role::Approver)])];
    draw(&town, everything_through(circuit(6, steps, Options::default())));
    let touched = administrator.edit(&author.write(&town.notice("Hoy hay cine.")), &town.notice("Hoy hay teatro."));
    let waiting = author.submit(&touched);
    assert_eq!(Refusal::from(decide(&administrator, &waiting).unwrap_err()), Refusal::OwnPost);
    assert!(!movers(&waiting).contains(&administrator.me.member));
}

#[test]
fn only_what_changed_is_agreed_to_again_where_the_organisation_wants_it_so() {
    let town = Town::found("Villa Bilingüe");
    let (author, mayor, administrator) = (town.author(), town.mayor(), town.administrator());
    let sees = |language: Language, step: Step| Step { sight: Sight::Languages { these: vec![language] }, ..step };
    let steps = vec![
        sees(Language::spanish(), step(1, Quorum::Any, &[role(Role::Approver)])),
        sees(Language::english(), step(2, Quorum::Any, &[role(Role::Administrator)])),
    ];
    let options = Options { again: Again::OnlyChanged, hats: Hats::OnceARound, ..Options::default() };
    draw(&town, everything_through(circuit(5, steps, options)));
    let mut content = town.notice("Hoy hay cine en la plaza.");
    content.titles.insert(Language::english(), "Cinema".to_owned());
    content.texts.insert(Language::english(), "Cinema in the square today.".to_owned());
    content.targets[0].languages.push(Language::english());
    let post = author.submit(&author.write(&content));
    let half = decide(&mayor, &post).unwrap();
    let back = Decide {
        choice: Choice::Return { comment: "Falta la hora en inglés.".to_owned(), place: None },
        ..approval(&half)
    };
    let returned = administrator.ok(&posts::DECIDE, &[id(&half)], &back);
    content.texts.insert(Language::english(), "Cinema in the square today at ten.".to_owned());
    let again = author.submit(&author.edit(&returned, &content));
    assert_eq!(movers(&again), BTreeSet::from([administrator.me.member.clone()]), "the Spanish did not change");
    assert_eq!(decide(&administrator, &again).unwrap().post.stage.name(), StageName::Approved);
}

#[test]
fn of_three_steps_only_the_language_that_changed_is_asked_again() {
    let town = Town::found("Villa Trilingüe");
    let (author, mayor, administrator) = (town.author(), town.mayor(), town.administrator());
    let (key, reviewer) = joined(&town, Role::Approver, "Servicio lingüístico");
    let sees = |language: Language, step: Step| Step { sight: Sight::Languages { these: vec![language] }, ..step };
    let catalan: Language = "ca".parse().unwrap();
    let steps = vec![
        sees(Language::spanish(), step(1, Quorum::Any, &[member(&mayor)])),
        sees(catalan.clone(), step(2, Quorum::Any, &[member(&administrator)])),
        sees(Language::english(), step(3, Quorum::Any, &[member(&reviewer)])),
    ];
    let options = Options { again: Again::OnlyChanged, ..Options::default() };
    draw(&town, everything_through(circuit(5, steps, options)));
    let mut content = town.notice("Hoy hay cine en la plaza.");
    for (language, text) in [(catalan, "Avui hi ha cinema a la plaça."), (Language::english(), "Cinema in the square.")]
    {
        content.titles.insert(language.clone(), "Cine".to_owned());
        content.texts.insert(language.clone(), text.to_owned());
        content.targets[0].languages.push(language);
    }
    let signs = |post: &PostView| {
        let signed = key.decide(&reviewer, post, Choice::Approve, town.now());
        reviewer.ok(&posts::DECIDE, &[id(post)], &signed)
    };
    let post = author.submit(&author.write(&content));
    let two = decide(&administrator, &decide(&mayor, &post).unwrap()).unwrap();
    assert_eq!(movers(&two), BTreeSet::from([reviewer.me.member.clone()]));
    let whole = signs(&two);
    assert_eq!(whole.post.stage.name(), StageName::Approved);

    content.texts.insert(Language::english(), "Cinema in the square tonight.".to_owned());
    let again = author.submit(&author.edit(&whole, &content));
    assert_eq!(again.post.stage.name(), StageName::InReview);
    assert_eq!(movers(&again), BTreeSet::from([reviewer.me.member.clone()]), "only the English changed");
    assert_eq!(Refusal::from(decide(&mayor, &again).unwrap_err()), Refusal::TwoHats);
    assert_eq!(signs(&again).post.stage.name(), StageName::Approved);

    // A picture, a link, the kind are in everybody's sight: all three again.
    content.link = Some("https://town.example/cine".to_owned());
    let all = author.submit(&author.edit(&author.read(&again.post.id), &content));
    assert_eq!(movers(&all), BTreeSet::from([mayor.me.member]));
}

#[test]
fn substitutes_in_a_circle_are_said() {
    let town = Town::found("Villa en Círculo");
    let (mayor, administrator) = (town.mayor(), town.administrator());
    administrator.ok(&bylaws::SUBSTITUTE, &[], &decree(&mayor, &administrator));
    let back = Substitute { id: DelegationId::from_bits(79), ..decree(&administrator, &mayor) };
    let standing = administrator.ok(&bylaws::SUBSTITUTE, &[], &back);
    let found = domain::circuit::flaw::substitute_cycles(&standing.bylaws.delegations, town.now());
    let members = BTreeSet::from([mayor.me.member.clone(), administrator.me.member.clone()]);
    assert_eq!(found, [domain::circuit::Flaw::SubstituteCycle { members }]);
    // Nobody's own substitute, by whatever way round.
    let own = Substitute { id: DelegationId::from_bits(80), to: mayor.me.member.clone(), ..decree(&mayor, &mayor) };
    assert_eq!(administrator.no(&bylaws::SUBSTITUTE, &[], &own), Refusal::OwnSubstitute);
}

#[test]
fn whoever_is_away_is_not_waited_for_and_the_desk_says_who_is_missing() {
    let town = Town::found("Villa Vacacional");
    let (mayor, administrator) = (town.mayor(), town.administrator());
    draw(
        &town,
        everything_through(circuit(5, vec![step(1, Quorum::Any, &[role(Role::Approver)])], Options::default())),
    );
    let today = mayor.wall(town.now(), Millis(0)).date();
    let excuse = Excuse { member: mayor.me.member.clone(), first: today, last: today };
    mayor.ok(&bylaws::EXCUSE, &[], &excuse);
    let post = submitted(&town, "Hoy no hay mercado.");
    let waiting = post.waiting.clone().unwrap();
    assert!(waiting.movers.is_empty() && !waiting.missing.is_empty(), "{waiting:?}");
    // Who decides on holiday has decided.
    assert_eq!(decide(&mayor, &post).unwrap().post.stage.name(), StageName::Approved);
    let of_another = Excuse { member: administrator.me.member.clone(), ..excuse.clone() };
    assert!(matches!(mayor.no(&bylaws::EXCUSE, &[], &of_another), Refusal::NotAllowed { .. }));
    let absence = standing(&mayor).bylaws.absences[0].clone();
    assert_eq!(mayor.ok(&bylaws::RECALL, &[], &absence).bylaws.absences, vec![]);
    let past = Excuse { first: today.pred_opt().unwrap(), ..excuse.clone() };
    assert_eq!(mayor.no(&bylaws::EXCUSE, &[], &past), Refusal::DelegationInThePast);
    let backwards = Excuse { last: today.pred_opt().unwrap(), ..excuse };
    assert_eq!(mayor.no(&bylaws::EXCUSE, &[], &backwards), Refusal::TermBackwards);
}

#[test]
fn a_unit_is_asked_together_and_hours_have_hours() {
    let town = Town::found("Villa Unida");
    let (mayor, administrator) = (town.mayor(), town.administrator());
    let unit = |members: Vec<MemberId>| Unit { id: UnitId::from_bits(3), name: "Alcaldía".to_owned(), members };
    let version = standing(&administrator).version;
    let grouped = Group { version, units: vec![unit(vec![mayor.me.member.clone()])] };
    let now = administrator.ok(&bylaws::GROUP, &[], &grouped);
    let party = Party::Unit { unit: UnitId::from_bits(3) };
    draw(&town, everything_through(circuit(5, vec![step(1, Quorum::Any, &[party])], Options::default())));
    let post = submitted(&town, "Pleno el jueves.");
    assert_eq!(movers(&post), BTreeSet::from([mayor.me.member.clone()]));
    let empty = Group { version: now.version + 1, units: vec![unit(vec![])] };
    assert_eq!(administrator.no(&bylaws::GROUP, &[], &empty), Refusal::FlawedCircuit);
    let nobody = Group { version: now.version + 1, units: vec![unit(vec![MemberId::from_bits(5)])] };
    assert_eq!(administrator.no(&bylaws::GROUP, &[], &nobody), Refusal::NotFound);

    let never = domain::hours::Hours { week: Default::default(), ..standing(&administrator).bylaws.hours };
    let open = Open { version: now.version + 1, hours: never };
    assert_eq!(administrator.no(&bylaws::OPEN, &[], &open), Refusal::Malformed { field: "hours".to_owned() });
}

#[test]
fn a_signed_word_in_a_circuit_is_bound_to_its_step() {
    let town = Town::found("Villa del Orden");
    let (key, administrator) = with_passkey(town.administrator());
    let steps = vec![step(1, Quorum::Any, &[role(Role::Approver)]), step(2, Quorum::Any, &[role(Role::Administrator)])];
    draw(&town, everything_through(circuit(5, steps, Options { hats: Hats::OnceAStep, ..Options::default() })));
    let post = submitted(&town, "Se abre la piscina.");
    assert_eq!(administrator.no(&posts::NONCE, &[id(&post)], &Nothing {}), Refusal::NotYourTurn);
    let half = decide(&town.mayor(), &post).unwrap();
    let decided = key.decide(&administrator, &half, Choice::Approve, town.now());
    let done = administrator.ok(&posts::DECIDE, &[id(&half)], &decided);
    assert_eq!(done.post.stage.name(), StageName::Approved);
    assert_eq!((done.decisions[0].proof, done.decisions[1].proof), (posts::Proof::Nothing, posts::Proof::Passkey));
    let reserved = submitted(&town, "Se cierra la piscina.");
    let comment = "Que conste el horario de invierno.".to_owned();
    let with_reserve = Decide { choice: Choice::Reserve { comment }, ..approval(&reserved) };
    let half = town.mayor().ok(&posts::DECIDE, &[id(&reserved)], &with_reserve);
    assert!(matches!(&half.decisions[0].decision.choice, Choice::Reserve { .. }));
    assert_eq!(movers(&half), BTreeSet::from([administrator.me.member.clone()]));
}

#[test]
fn silence_reminds_asks_more_people_and_says_so_each_once_and_publishes_nothing() {
    let town = Town::alone("Villa Callada y Tarde");
    // Beside it stands what nobody can read, and was due long before.
    crate::copies::unreadable(&town);
    let (mayor, administrator) = (town.mayor(), town.administrator());
    let always = Shift { from: 0, until: 1_440 };
    let hours = Hours { week: std::array::from_fn(|_| vec![always]), ..standing(&administrator).bylaws.hours };
    administrator.ok(&bylaws::OPEN, &[], &Open { version: 0, hours });
    let deadline = Deadline {
        within: WorkMinutes(60),
        reminders: vec![WorkMinutes(30)],
        silence: Silence::Escalate { ladder: vec![Rung { after: WorkMinutes(30), party: role(Role::Administrator) }] },
    };
    let slow = Step { deadline: Some(deadline), ..step(1, Quorum::Any, &[role(Role::Approver)]) };
    draw(&town, everything_through(circuit(5, vec![slow], Options::default())));
    let post = submitted(&town, "Se abre el plazo.");
    assert!(post.waiting.as_ref().is_some_and(|waiting| waiting.deadline.is_some()));
    let address = |role: Role| {
        let members = administrator.ok(&people::MEMBERS, &[], &Nothing {});
        members.into_iter().find(|member| member.role == role).unwrap().email.unwrap()
    };
    let (approver, admin, author) = (address(Role::Approver), address(Role::Administrator), address(Role::Author));
    let letters = |to: &str, subject: &str| town.mails(to).iter().filter(|mail| mail.subject.contains(subject)).count();
    let (still, late) = ("Sigue por aprobar", "Nadie ha decidido a tiempo");
    let strike = |minutes: i64, what: &str, told: &dyn Fn() -> bool| {
        town.ahead(Millis::minutes(minutes));
        town.tick();
        town.tick();
        eventually(what, || told().then_some(()));
    };
    strike(31, "a reminder", &|| letters(&approver, still) == 1);
    assert_eq!((letters(&admin, still), letters(&author, late)), (0, 0));
    strike(61, "the end of the time", &|| letters(&author, late) == 1 && letters(&admin, late) == 1);
    assert_eq!(movers(&town.author().read(&post.post.id)), BTreeSet::from([mayor.me.member.clone()]));
    strike(91, "more people", &|| letters(&admin, still) == 1 && letters(&approver, still) == 2);
    let waiting = town.author().read(&post.post.id);
    assert_eq!(movers(&waiting), BTreeSet::from([mayor.me.member, administrator.me.member.clone()]));
    assert_eq!(waiting.post.stage.name(), StageName::InReview, "silence agrees to nothing");
    strike(300, "nothing more", &|| true);
    assert_eq!((letters(&approver, still), letters(&author, late)), (2, 1));
    let administrator = town.administrator();
    assert_eq!(decide(&administrator, &waiting).unwrap().post.stage.name(), StageName::Approved);
    let kept = crate::record::whole_chain(&town.member(Role::Records), &town);
    let said =
        kept.iter().filter_map(|entry| entry.body.as_ref()).filter(|body| body.contains("nobody_decided_in_time"));
    assert_eq!(said.count(), 1);
}
