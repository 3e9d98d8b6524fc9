//! Deciding away from the desk: one answer with all that waits, signed where there is no coverage, sent later, perhaps
//! twice, perhaps too late.

use api_journeys::{Member, Passkey, Site, Town, id, send_as, verb};
use domain::{
    Choice, Millis, Moment, Refusal, Role, StepId,
    bylaws::Draft,
    circuit::{Circuit, Options, Quorum, Rules, Seat, Sight, Step},
    party::Party,
};
use wire::{
    Nothing, bylaws,
    deciding::{DECIDING, Deciding, Query, Waits},
    people,
    posts::{self, Decide, PostView},
    session,
};

use crate::receipts::with_passkey;

fn waiting(town: &Town, text: &str) -> PostView {
    let author = town.author();
    author.submit(&author.write(&town.notice(text)))
}

fn pile(member: &Member) -> Deciding {
    member.ok(&DECIDING, &[], &Query::default())
}

fn of<'a>(pile: &'a Deciding, post: &PostView) -> &'a Waits {
    pile.items.iter().find(|waits| waits.post == post.post.id).expect("it waits for this member")
}

/// Signs what was taken along, as a phone without coverage does.
fn signed(key: &Passkey, member: &Member, waits: &Waits, choice: Choice, at: Moment) -> Decide {
    let statement = Passkey::statement(member, &waits.item, &choice, at);
    let signed = Some(key.sign(&statement, &Site::default()));
    let acting_for = waits.item.seats[0].acting_for.clone();
    Decide { content_hash: waits.item.round.content_hash.clone(), choice, acting_for, checked: None, signed }
}

fn back() -> Choice {
    Choice::Return { comment: "Falta la hora.".to_owned(), place: None }
}

#[test]
fn one_answer_has_all_that_is_read_and_signed() {
    let town = Town::found("Villa Recogida");
    let (key, mayor) = with_passkey(town.mayor());
    let (first, second) = (waiting(&town, "Mañana no hay agua."), waiting(&town, "El martes no hay luz."));
    let raw = mayor.raw(DECIDING.method, &DECIDING.path(&[]), b"");
    let spent = raw.spent().unwrap();
    assert!(spent.trips <= 5, "{} {}: {spent:?}", verb(DECIDING.method), DECIDING.pattern);
    let pile: Deciding = raw.read("what waits").unwrap();
    assert_eq!((pile.items.len(), pile.more), (2, 0));
    let waits = of(&pile, &first);
    assert_eq!(waits.content, first.post.content);
    assert_eq!(waits.item.round.content_hash, first.content_hash);
    assert_eq!(waits.findings, first.findings);
    assert_eq!((&waits.before, &waits.correction), (&None, &None));
    assert_eq!(waits.waiting.as_ref().map(|waiting| waiting.needed), Some(1));
    assert!(pile.channels.iter().any(|channel| channel.id == town.founded.noticeboard));
    assert!(pile.names.iter().any(|(member, _)| *member == waits.item.round.by));
    // The one that a notice named is first.
    for post in [&first, &second] {
        let named = mayor.ok(&DECIDING, &[], &Query { post: Some(post.post.id.clone()) });
        assert_eq!(named.items[0].post, post.post.id);
    }
    // What is signed with it is a decision like any other.
    let decide = signed(&key, &mayor, waits, Choice::Approve, town.now());
    assert_eq!(mayor.ok(&posts::DECIDE, &[id(&first)], &decide).decisions.len(), 1);
    assert_eq!(self::pile(&mayor).items.len(), 1);
}

#[test]
fn a_number_is_drawn_once_for_each_content() {
    let town = Town::found("Villa Ahorradora");
    let (_, mayor) = with_passkey(town.mayor());
    let (_, administrator) = with_passkey(town.administrator());
    let post = waiting(&town, "Mañana no hay agua.");
    let first = of(&pile(&mayor), &post).clone();
    let again = of(&pile(&mayor), &post).clone();
    assert_eq!((&first.item.nonce, first.drawn), (&again.item.nonce, again.drawn));
    // The second look only reads: who asks, what waits, the contents.
    let spent = mayor.raw(DECIDING.method, &DECIDING.path(&[]), b"").spent().unwrap();
    assert!(spent.trips <= 3, "{spent:?}");
    assert_ne!(of(&pile(&administrator), &post).item.nonce, first.item.nonce);
    let author = town.author();
    let other = author.submit(&author.edit(&post, &town.notice("El martes no hay agua.")));
    let other = of(&pile(&mayor), &other).clone();
    assert_ne!(other.item.nonce, first.item.nonce);
    // A later round shows what the last one was about.
    assert_eq!(other.before.as_ref(), Some(&post.post.content));
}

#[test]
fn a_correction_comes_with_what_is_out() {
    let town = Town::found("Villa Enmendada");
    let (key, mayor) = with_passkey(town.mayor());
    let post = waiting(&town, "Mañana no hay agua.");
    let approve = signed(&key, &mayor, of(&pile(&mayor), &post), Choice::Approve, town.now());
    let approved = mayor.ok(&posts::DECIDE, &[id(&post)], &approve);
    let author = town.author();
    author.release(&approved);
    let out = author.wait_for(&post.post.id, domain::delivery::PublicationState::Out);
    let content = town.notice("Mañana no hay agua en la calle Menor.");
    let correct = posts::Correct {
        version: out.post.version,
        content: content.clone(),
        reason: "Otra calle.".to_owned(),
        checked: None,
    };
    let proposed = author.ok(&posts::CORRECT, &[id(&out)], &correct);
    let pile = pile(&mayor);
    let waits = of(&pile, &proposed);
    assert_eq!(waits.content, content);
    assert_eq!(waits.before.as_ref(), Some(&out.post.content));
    assert_eq!(waits.correction.as_deref(), Some("Otra calle."));
    let decide = signed(&key, &mayor, waits, Choice::Approve, town.now());
    assert_eq!(mayor.ok(&posts::DECIDE, &[id(&out)], &decide).post.content, content);
}

#[test]
fn nothing_of_it_is_anybody_elses() {
    let town = Town::found("Villa Reservada");
    let next_door = town.neighbour("Villa Curiosa");
    let post = waiting(&town, "Mañana no hay agua.");
    let (key, mayor) = with_passkey(town.mayor());
    let (_, other) = with_passkey(next_door.mayor());
    assert_eq!(pile(&other).items, []);
    // Not even by its name.
    assert_eq!(other.ok(&DECIDING, &[], &Query { post: Some(post.post.id.clone()) }).items, []);
    let decide = signed(&key, &mayor, of(&pile(&mayor), &post), Choice::Approve, town.now());
    assert_eq!(other.no(&posts::DECIDE, &[id(&post)], &decide), Refusal::NotFound);
    // Who wrote it is not asked, and who does not decide is not answered.
    assert!(matches!(town.author().no(&DECIDING, &[], &Query::default()), Refusal::NotAllowed { .. }));
    let administrator = town.administrator();
    let own = administrator.submit(&administrator.write(&town.notice("Pleno el jueves.")));
    assert!(pile(&administrator).items.iter().all(|waits| waits.post != own.post.id));
    // Another member's number is nobody else's.
    let (administrators, administrator) = with_passkey(administrator);
    let waits = of(&pile(&mayor), &post).clone();
    let decide = signed(&administrators, &administrator, &waits, Choice::Approve, town.now());
    assert_eq!(administrator.no(&posts::DECIDE, &[id(&post)], &decide), Refusal::SpentLink);
}

#[test]
fn an_offline_queue_of_two_hundred_of_which_three_are_stale() {
    let town = Town::found("Villa Sin Antena");
    let (key, mayor) = with_passkey(town.mayor());
    let author = town.author();
    // This takes long, and no request is to pay for a clock that nobody wound meanwhile.
    let wind = |number: usize| number.is_multiple_of(25).then(|| town.tick());
    let queue: Vec<(PostView, Decide)> = (0..200)
        .map(|number| {
            wind(number);
            let post = author.submit(&author.write(&town.notice(&format!("Aviso número {number} del ayuntamiento."))));
            let choice = if number % 5 == 0 { back() } else { Choice::Approve };
            let decide = key.decide(&mayor, &post, choice, town.now());
            (post, decide)
        })
        .collect();
    // Meanwhile one is changed and sent again, one is taken back, one is decided by somebody else.
    let (changed, withdrawn, decided) = (&queue[17].0, &queue[101].0, &queue[198].0);
    author.submit(&author.edit(changed, &town.notice("Otro texto del ayuntamiento.")));
    author.ok(&posts::WITHDRAW, &[id(withdrawn)], &api_journeys::at(withdrawn));
    town.administrator().approve(decided);
    let expected = |place: usize| match place {
        17 => Err(Refusal::OtherContent),
        101 | 198 => Err(Refusal::WrongStage),
        _ => Ok(()),
    };
    // Twice: the answers of the first time may all have been lost.
    for _ in 0..2 {
        for (place, (post, decide)) in queue.iter().enumerate() {
            wind(place);
            let answer = mayor.ask(&posts::DECIDE, &[id(post)], decide);
            assert_eq!(answer.map(drop).map_err(Refusal::from), expected(place), "number {place}");
        }
    }
    for (place, (post, _)) in queue.iter().enumerate().filter(|(place, _)| expected(*place).is_ok()) {
        assert_eq!(author.read(&post.post.id).decisions.len(), 1, "number {place}");
    }
    // What cannot be taken is explained by what there is now.
    assert_eq!(pile(&mayor).items.iter().map(|waits| &waits.post).collect::<Vec<_>>(), [&changed.post.id]);
}

#[test]
fn the_same_decision_twice_is_one_and_anything_else_under_its_statement_is_none() {
    let town = Town::found("Villa Repetida");
    let (key, mayor) = with_passkey(town.mayor());
    let post = waiting(&town, "Mañana no hay agua.");
    let decide = signed(&key, &mayor, of(&pile(&mayor), &post), back(), town.now());
    let once = mayor.ok(&posts::DECIDE, &[id(&post)], &decide);
    assert_eq!(mayor.ok(&posts::DECIDE, &[id(&post)], &decide).decisions, once.decisions);
    // Also when the post has gone on since.
    let author = town.author();
    let again = author.submit(&author.edit(&once, &town.notice("Mañana no hay agua de 9 a 11.")));
    assert_eq!(mayor.ok(&posts::DECIDE, &[id(&post)], &decide).decisions, once.decisions);
    let other_words = Decide { choice: Choice::Return { comment: "Otra cosa.".to_owned(), place: None }, ..decide };
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&again)], &other_words), Refusal::SpentLink);
    assert_eq!(author.read(&post.post.id).decisions.len(), 1);
}

#[test]
fn two_who_sign_the_same_step_are_both_taken() {
    let town = Town::found("Villa Doble Firma");
    let (administrators, administrator) = with_passkey(town.administrator());
    let parties = [Role::Approver, Role::Administrator].map(|role| Party::Role { role });
    let seats = parties.map(Seat::from).into();
    let step = Step {
        id: StepId::from_bits(1),
        name: "Las dos".to_owned(),
        seats,
        quorum: Quorum::All,
        when: Vec::new(),
        deadline: None,
        sight: Sight::Everything,
    };
    let circuit = Circuit {
        id: domain::CircuitId::from_bits(2),
        version: 0,
        name: "Con las dos".to_owned(),
        steps: vec![step],
        options: Options::default(),
    };
    let draft = Draft { rules: Rules { rules: Vec::new(), otherwise: circuit.id.clone() }, circuits: vec![circuit] };
    let version = administrator.ok(&bylaws::BYLAWS, &[], &Nothing {}).version;
    administrator.ok(&bylaws::DRAW, &[], &bylaws::Draw { version, draft });
    let (key, mayor) = with_passkey(town.mayor());
    let post = waiting(&town, "Mañana no hay agua.");
    let of_mayor = signed(&key, &mayor, of(&pile(&mayor), &post), Choice::Approve, town.now());
    let waits = of(&pile(&administrator), &post).clone();
    assert_eq!(waits.waiting.as_ref().map(|waiting| (waiting.needed, waiting.movers.len())), Some((2, 2)));
    let of_administrator = signed(&administrators, &administrator, &waits, Choice::Approve, town.now());
    mayor.ok(&posts::DECIDE, &[id(&post)], &of_mayor);
    // Signed before the other's word came: it is the same step over the same content.
    let both = administrator.ok(&posts::DECIDE, &[id(&post)], &of_administrator);
    assert_eq!((both.decisions.len(), both.post.stage.name()), (2, domain::StageName::Approved));
}

#[test]
fn whoever_was_removed_meanwhile_decides_no_more() {
    let town = Town::found("Villa Cesada");
    let (key, mayor) = with_passkey(town.mayor());
    let post = waiting(&town, "Mañana no hay agua.");
    let decide = signed(&key, &mayor, of(&pile(&mayor), &post), Choice::Approve, town.now());
    town.administrator().ok(&people::REMOVE_MEMBER, &[mayor.me.member.as_str()], &Nothing {});
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&post)], &decide), Refusal::SignedOut);
    assert_eq!(mayor.no(&DECIDING, &[], &Query::default()), Refusal::SignedOut);
    assert!(key.sign_in().is_err());
    assert_eq!(town.author().read(&post.post.id).decisions, []);
}

#[test]
fn a_passkey_that_was_revoked_meanwhile_signs_nothing() {
    let town = Town::found("Villa Revocada");
    let (_, mayor) = with_passkey(town.mayor());
    let (lost, _) = with_passkey(town.mayor());
    let post = waiting(&town, "Mañana no hay agua.");
    let decide = signed(&lost, &mayor, of(&pile(&mayor), &post), Choice::Approve, town.now());
    let devices = mayor.ok(&session::DEVICES, &[], &Nothing {});
    let last = devices.passkeys.iter().max_by_key(|key| key.at).unwrap();
    mayor.ok(&session::REMOVE_PASSKEY, &[last.id.as_str()], &Nothing {});
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&post)], &decide), Refusal::BadPasskey);
}

#[test]
fn a_clock_a_day_off_is_refused_and_a_counter_that_went_back_is_not() {
    let town = Town::found("Villa Sin Hora");
    let (mut key, mayor) = with_passkey(town.mayor());
    key.count(9);
    let (first, second) = (waiting(&town, "Mañana no hay agua."), waiting(&town, "El martes no hay luz."));
    let pile = pile(&mayor);
    for at in [town.now().plus(Millis::days(1)), town.now().minus(Millis::days(1))] {
        let decide = signed(&key, &mayor, of(&pile, &first), Choice::Approve, at);
        assert!(matches!(mayor.no(&posts::DECIDE, &[id(&first)], &decide), Refusal::ClockOff { .. }));
    }
    // The number was not used up by that.
    let right = signed(&key, &mayor, of(&pile, &first), Choice::Approve, town.now());
    mayor.ok(&posts::DECIDE, &[id(&first)], &right);
    key.count(2);
    let back = signed(&key, &mayor, of(&pile, &second), Choice::Approve, town.now());
    mayor.ok(&posts::DECIDE, &[id(&second)], &back);
    let kept = crate::record::whole_chain(&town.member(Role::Records), &town);
    let flagged = kept.iter().filter_map(|entry| entry.body.as_ref()).filter(|body| body.contains("counter_went_back"));
    assert_eq!(flagged.count(), 1);
}

#[test]
fn what_was_taken_along_works_for_three_days() {
    let town = Town::alone("Villa Tres Días");
    let (key, mayor) = with_passkey(town.mayor());
    let (first, second) = (waiting(&town, "Mañana no hay agua."), waiting(&town, "El martes no hay luz."));
    let before = pile(&mayor);
    // Half a day later the numbers are other ones, and the old ones work on.
    town.ahead(Millis::hours(11));
    assert_eq!(of(&pile(&mayor), &first).item.nonce, of(&before, &first).item.nonce);
    town.ahead(Millis::hours(23));
    let mayor = key.sign_in().unwrap();
    assert_ne!(of(&pile(&mayor), &first).item.nonce, of(&before, &first).item.nonce);
    let decide = signed(&key, &mayor, of(&before, &first), Choice::Approve, town.now());
    let too_late = signed(&key, &mayor, of(&before, &second), Choice::Approve, town.now());
    town.ahead(Millis::hours(71));
    let mayor = key.sign_in().unwrap();
    mayor.ok(&posts::DECIDE, &[id(&first)], &decide);
    town.ahead(Millis::hours(73));
    let mayor = key.sign_in().unwrap();
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&second)], &too_late), Refusal::SpentLink);
    // What arrived is known to have arrived, however late somebody asks.
    mayor.ok(&posts::DECIDE, &[id(&first)], &decide);
}

#[test]
fn more_than_twenty_are_counted_and_come_by_and_by() {
    let town = Town::found("Villa Atareada");
    let (_, mayor) = with_passkey(town.mayor());
    let posts: Vec<PostView> = (0..23).map(|number| waiting(&town, &format!("Aviso número {number}."))).collect();
    let pile = pile(&mayor);
    assert_eq!((pile.items.len(), pile.more), (20, 3));
    let last = posts.last().unwrap();
    let named = mayor.ok(&DECIDING, &[], &Query { post: Some(last.post.id.clone()) });
    assert_eq!(named.items[0].post, last.post.id);
}

#[test]
fn nobody_who_is_signed_out_is_told_anything() {
    let town = Town::found("Villa Callada");
    waiting(&town, "Mañana no hay agua.");
    let raw = send_as(None, DECIDING.method, &DECIDING.path(&[]), b"");
    assert_eq!(raw.read::<Deciding>("what waits").map_err(Refusal::from), Err(Refusal::SignedOut));
}
