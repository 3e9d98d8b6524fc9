//! The pulse: what an open desk asks all day. What moves it and what does not, what it tells of a post and to whom, who is told to
//! be there and until when, and what one question costs.

use api_journeys::{Member, Spent, Town, approval, encode, id, new_post};
use domain::{
    Millis, Network, PostId, Refusal, Role, Target,
    comment::{External, Internal, Remark},
    delivery::PublicationState,
    rhythm::{GONE, TOLD},
};
use wire::{
    Nothing, comments, home,
    posts::{self, PostView, Query},
    pulse::{Look, Looked, PULSE, Pulse},
};

fn pulse(of: &Member) -> Pulse {
    of.ok(&PULSE, &[], &Look::default())
}

/// Looks at a post.
fn at(post: &PostView) -> Look {
    Look { post: Some(post.post.id.clone()), ..Look::default() }
}

/// Writes in it.
fn in_it(post: &PostView) -> Look {
    Look { writing: true, ..at(post) }
}

fn looked(by: &Member, post: &PostView) -> Looked {
    by.ok(&PULSE, &[], &at(post)).post.expect("the post is theirs to see")
}

fn others(by: &Member, look: &Look) -> Vec<domain::MemberId> {
    let heard = by.ok(&PULSE, &[], look).post.expect("the post is theirs to see");
    heard.others.into_iter().map(|editor| editor.member).collect()
}

fn spent(by: &Member, look: &Look) -> Spent {
    let (path, body) = encode(PULSE.method, PULSE.path(&[]), look);
    by.raw(PULSE.method, &path, &body).spent().expect("what it spent")
}

fn drawn() -> domain::CommentId {
    new_post().as_str().parse().unwrap()
}

fn comment_inside(by: &Member, post: &PostView, text: &str) {
    let say = comments::Say::<Internal> { remark: Remark::new(text), answers: None };
    by.ok(&comments::SAY_INSIDE, &[id(post), drawn().as_str()], &say);
}

fn comment_outside(by: &Member, post: &PostView, text: &str) {
    let say = comments::Say::<External> { remark: Remark::new(text), answers: None };
    by.ok(&comments::SAY_OUTSIDE, &[id(post), drawn().as_str()], &say);
}

#[test]
fn the_pulse_moves_when_something_is_done_and_only_then() {
    let town = Town::found("Villa del Pulso");
    let author = town.author();
    let none = pulse(&author);
    let post = author.write(&town.notice("El mercado es el jueves."));
    let written = pulse(&author);
    assert!(written.beats > none.beats);
    // Reading changes nothing, nor does what was refused.
    author.ok(&posts::LIST, &[], &Query::default());
    author.read(&post.post.id);
    let stale = posts::AtVersion { version: 9 };
    assert!(author.ask(&posts::WITHDRAW, &[id(&post)], &stale).is_err());
    let still = pulse(&author);
    assert_eq!((still.beats, still.kept), (written.beats, written.kept));
    // What no calendar shows moves the other mark.
    comment_inside(&author, &post, "¿Avisamos al colegio?");
    let said = pulse(&author);
    assert_eq!(said.beats, written.beats);
    assert!(said.kept > written.kept);
    // That it is sealed behind is no news.
    town.tick();
    assert_eq!(pulse(&author).kept, said.kept);
    author.ok(
        &wire::calendar::KEEP_MARK,
        &[drawn().as_str()],
        &crate::calendar::note("Pleno", "2026-03-26", "2026-03-26"),
    );
    assert!(pulse(&author).beats > said.beats);
    // What another town does moves its own.
    let (still, other) = (pulse(&author), Town::found("Villa de al Lado"));
    other.author().write(&other.notice("Pleno."));
    let now = pulse(&author);
    assert_eq!((now.beats, now.kept), (still.beats, still.kept));
    // And it says what the frame shows of the engine.
    assert!(now.heartbeat.is_some() && now.now >= still.now);
    assert_eq!(now.unread, author.ok(&wire::session::BOOT, &[], &Nothing {}).me.map_or(0, |me| me.unread));
}

#[test]
fn of_a_post_it_tells_what_has_moved() {
    let town = Town::found("Villa de las Marcas");
    let (author, mayor) = (town.author(), town.mayor());
    let post = author.write(&town.notice("Fiesta en la plaza."));
    let first = looked(&author, &post);
    assert_eq!(first, looked(&author, &post), "looking moves nothing");
    assert_eq!((first.version, first.comments, first.going), (post.post.version, 0, false));
    // Another post moves nothing of this one.
    author.write(&town.notice("Otra cosa."));
    assert_eq!(looked(&author, &post), first);
    let edited = author.edit(&post, &town.notice("Fiesta en la plaza, con música."));
    let second = looked(&author, &edited);
    assert_eq!(second.version, edited.post.version);
    comment_inside(&author, &post, "¿Con qué banda?");
    let third = looked(&author, &post);
    assert!(third.comments > second.comments);
    assert_eq!((third.version, &third.ledger), (second.version, &second.ledger), "it is said, and nothing else");
    let waiting = author.submit(&edited);
    let fourth = looked(&author, &waiting);
    assert_ne!(fourth.ledger, third.ledger);
    let approved = mayor.approve(&waiting);
    let fifth = looked(&author, &approved);
    assert_ne!(fifth.ledger, fourth.ledger);
    author.release(&approved);
    author.wait_for(&post.post.id, PublicationState::Out);
    let out = looked(&author, &post);
    assert_ne!(out.ledger, fifth.ledger, "it went");
    assert!(!out.going, "and is out");
}

#[test]
fn what_is_due_in_a_minute_is_about_to_go_and_what_is_due_tomorrow_is_not() {
    let town = Town::found("Villa de la Espera");
    let author = town.author();
    let after = |span: Millis| {
        let approved = town.mayor().approve(&author.submit(&author.write(&town.notice("El pleno es a las ocho."))));
        looked(&author, &author.place(&approved, author.wall(author.now(), span))).going
    };
    assert!(after(Millis::seconds(40)));
    assert!(!after(Millis::hours(24)));
}

#[test]
fn a_post_that_is_none_of_ones_business_is_as_one_that_is_not_there() {
    let town = Town::found("Villa Discreta");
    let (author, administrator) = (town.author(), town.administrator());
    let post = author.write(&town.notice("De la villa."));
    let nothing = Look { post: Some(new_post()), writing: true, left: None };
    assert_eq!(author.ok(&PULSE, &[], &nothing).post, None);
    // Another town's.
    let other = town.neighbour("Villa Vecina");
    assert_eq!(other.administrator().ok(&PULSE, &[], &in_it(&post)).post, None);
    assert_eq!(others(&administrator, &at(&post)), [], "and nobody of there is seen here");
    // An agency's contract names its channels.
    let now = town.now();
    crate::windows::contract(&town, now.minus(Millis::hours(1)), now.plus(Millis::hours(9)));
    let agency = town.member(Role::Agency);
    let channel = administrator.connect_by_hand(Network::Whatsapp, None);
    let mut content = town.notice("Solo para la casa.");
    content.targets = vec![Target::new(channel.id, town.notice("").targets[0].languages.clone())];
    let elsewhere = author.write(&content);
    assert_eq!(agency.ok(&PULSE, &[], &in_it(&elsewhere)).post, None);
    assert_eq!(others(&author, &at(&elsewhere)), []);
    // On its own channels it hears of the thread that it reads, and of no other.
    let before = looked(&agency, &post);
    comment_inside(&author, &post, "La agencia va tarde.");
    assert_eq!(looked(&agency, &post), before);
    comment_outside(&author, &post, "Falta la foto.");
    assert!(looked(&agency, &post).comments > before.comments);
    // What is asked is read whole or not at all.
    let asked = author.raw(PULSE.method, "/api/pulse?posts=1", b"").read::<Pulse>("a pulse").map_err(Refusal::from);
    assert_eq!(asked, Err(Refusal::Malformed { field: "posts".to_owned() }));
}

#[test]
fn who_writes_is_seen_until_they_leave() {
    let town = Town::found("Villa de la Presencia");
    let (author, translator) = (town.author(), town.member(Role::Translator));
    let post = author.write(&town.notice("Fiesta en la plaza."));
    // Who only looks is not told to be there.
    assert_eq!(others(&translator, &at(&post)), []);
    assert_eq!(others(&author, &in_it(&post)), []);
    assert_eq!(others(&translator, &in_it(&post)), std::slice::from_ref(&author.me.member));
    assert_eq!(others(&author, &in_it(&post)), std::slice::from_ref(&translator.me.member));
    let view = author.read(&post.post.id);
    assert_eq!(view.editors.iter().map(|editor| &editor.member).collect::<Vec<_>>(), [&translator.me.member]);
    // Nor is whoever may not write at all.
    let observer = town.member(Role::Observer);
    assert_eq!(others(&observer, &in_it(&post)).len(), 2);
    assert_eq!(others(&author, &in_it(&post)), std::slice::from_ref(&translator.me.member));
    // Whoever leaves says so, and takes nobody else along.
    translator.ok(&PULSE, &[], &Look { left: Some(post.post.id.clone()), ..Look::default() });
    assert_eq!(others(&author, &in_it(&post)), []);
    assert_eq!(others(&translator, &at(&post)), std::slice::from_ref(&author.me.member));
}

#[test]
fn who_closed_the_browser_is_gone_after_a_while() {
    let town = Town::alone("Villa de la Ausencia");
    let (author, translator) = (town.author(), town.member(Role::Translator));
    let post = author.write(&town.notice("Fiesta en la plaza."));
    assert_eq!(others(&author, &in_it(&post)), []);
    town.ahead(Millis(GONE.0 - 20_000));
    assert_eq!(others(&translator, &at(&post)), std::slice::from_ref(&author.me.member), "they think");
    // They are still there: it is written down again, for it was long ago.
    assert_eq!(others(&author, &in_it(&post)), []);
    town.ahead(Millis(2 * GONE.0 - 40_000));
    assert_eq!(others(&translator, &at(&post)), std::slice::from_ref(&author.me.member));
    town.ahead(Millis(3 * GONE.0));
    assert_eq!(others(&translator, &at(&post)), []);
    assert_eq!(author.read(&post.post.id).editors, []);
}

#[test]
fn a_question_costs_a_few_rows_and_seldom_a_write() {
    let town = Town::found("Villa de las Filas");
    let author = town.author();
    let post = author.write(&town.notice("Mañana no hay agua."));
    let nothing = Look::default();
    let (plain, looking) = (spent(&author, &nothing), spent(&author, &at(&post)));
    assert!(plain.trips <= 2 && plain.queries <= 3 && plain.rows <= 40, "{plain:?}");
    assert!(looking.trips <= 2 && looking.queries <= 5 && looking.rows <= 50, "{looking:?}");
    // Written down the first time, and then not for a while.
    assert_eq!(spent(&author, &in_it(&post)).trips, 3);
    assert!(TOLD > Millis::seconds(30));
    assert_eq!(spent(&author, &in_it(&post)).trips, 2);
    // However much there is besides, it costs the same: what the record has not sealed yet is a row each, until the next minute.
    for number in 0..15 {
        author.write(&town.notice(&format!("Aviso {number}.")));
    }
    api_journeys::eventually("it to cost the same", || {
        town.tick();
        let (more, of_it) = (spent(&author, &nothing), spent(&author, &at(&post)));
        (more.rows <= plain.rows + 5 && of_it.rows <= looking.rows + 5).then_some(())
    });
}

#[test]
fn home_finds_in_the_marks_what_it_would_have_found_by_asking() {
    let town = Town::found("Villa del Inicio");
    let (author, mayor) = (town.author(), town.mayor());
    let before = pulse(&mayor);
    let waiting = author.submit(&author.write(&town.notice("Se corta la calle Mayor.")));
    let asked = pulse(&mayor);
    assert!(asked.kept > before.kept);
    let ids = |needs: home::Home| needs.to_decide.into_iter().map(|row| row.id).collect::<Vec<PostId>>();
    assert_eq!(ids(mayor.ok(&home::HOME, &[], &Nothing {})), std::slice::from_ref(&waiting.post.id));
    mayor.ok(&posts::DECIDE, &[id(&waiting)], &approval(&waiting));
    assert!(pulse(&mayor).kept > asked.kept);
    assert_eq!(ids(mayor.ok(&home::HOME, &[], &Nothing {})), []);
}
