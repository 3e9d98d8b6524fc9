//! Comments: two threads that never mix, what may not be said and by whom, what is told, what stays; and what a round is
//! compared with.

use api_journeys::{Member, Town, approval, id, new_post, outside, send_as, url};
use domain::{
    Act, Choice, CommentId, Language, Refusal, Role,
    approval::TextPlace,
    comment::{Anchor, Audience, External, Internal, Remark},
    delivery::PublicationState,
    party::Person,
    record::Subject,
};
use wire::{
    Method, Nothing,
    comments::{self, Resolve, Reword, Say, Threads},
    people,
    posts::{self, Before, Decide, PostView},
};

/// An identity as the desk draws one.
pub fn new_comment() -> CommentId {
    new_post().as_str().parse().unwrap()
}

fn remark<A: Audience>(text: &str) -> Say<A> {
    Say { remark: Remark::new(text), answers: None }
}

fn inside(by: &Member, post: &PostView, say: &Say<Internal>) -> Threads {
    by.ok(&comments::SAY_INSIDE, &[id(post), new_comment().as_str()], say)
}

fn outside_of(by: &Member, post: &PostView, say: &Say<External>) -> Threads {
    by.ok(&comments::SAY_OUTSIDE, &[id(post), new_comment().as_str()], say)
}

fn list(by: &Member, post: &PostView) -> Threads {
    by.ok(&comments::LIST, &[id(post)], &Nothing {})
}

fn draft(town: &Town) -> PostView {
    town.author().write(&town.notice("Mañana no hay agua de 9 a 11."))
}

fn person(member: &Member) -> Person {
    member.me.member.clone().into()
}

fn told(town: &Town, role: &str, heading: &str) -> usize {
    let address = format!("{role}@{}.example", town.founded.slug);
    town.mails(&address).iter().filter(|mail| mail.subject.contains(heading)).count()
}

#[test]
fn both_threads_are_written_answered_worded_anew_resolved_and_deleted() {
    let town = Town::found("Villa Conversadora");
    let (author, mayor) = (town.author(), town.mayor());
    let post = draft(&town);
    let threads = inside(&author, &post, &remark("¿Avisamos al colegio?"));
    let first = threads.internal.as_ref().unwrap()[0].clone();
    let threads = outside_of(&mayor, &post, &remark("Falta la calle."));
    assert_eq!((threads.internal.as_ref().unwrap().len(), threads.external.len()), (1, 1));
    let answer = Say { remark: Remark::new("Sí, ya está."), answers: Some(first.id.clone()) };
    let threads = inside(&mayor, &post, &answer);
    let answered = &threads.internal.as_ref().unwrap()[1];
    assert_eq!(answered.answers.as_ref(), Some(&first.id));

    let path = [first.id.as_str()];
    let reword = |text: &str| Reword { text: text.to_owned() };
    assert_eq!(mayor.no(&comments::REWORD, &path, &reword("No")), Refusal::NotYours);
    let threads = author.ok(&comments::REWORD, &path, &reword("¿Avisamos al instituto?"));
    let said = &threads.internal.as_ref().unwrap()[0];
    assert_eq!(said.text.as_deref(), Some("¿Avisamos al instituto?"));
    assert!(said.edited.is_some());
    let threads = mayor.ok(&comments::RESOLVE, &path, &Resolve { done: true });
    assert_eq!(threads.internal.as_ref().unwrap()[0].resolved.as_ref().map(|mark| &mark.by), Some(&person(&mayor)));
    let again = author.ok(&comments::RESOLVE, &path, &Resolve { done: true });
    assert_eq!(again, threads, "said twice, resolved once");
    author.ok(&comments::RESOLVE, &path, &Resolve { done: false });
    assert_eq!(mayor.no(&comments::DELETE, &path, &Nothing {}), Refusal::NotYours);
    let threads = author.ok(&comments::DELETE, &path, &Nothing {});
    let gone = &threads.internal.as_ref().unwrap()[0];
    assert!(gone.text.is_none() && gone.deleted.is_some());
    assert_eq!(author.no(&comments::DELETE, &path, &Nothing {}), Refusal::NotFound);
    assert_eq!(author.no(&comments::REWORD, &path, &reword("Otra vez")), Refusal::NotFound);

    // What it said stays in the record: written three times, worded anew, resolved once, opened again, deleted.
    let kept = crate::record::whole_chain(&author, &town);
    let kept: Vec<_> = kept.iter().filter(|entry| entry.subject == Subject::Comment).collect();
    assert_eq!(kept.len(), 7);
    let all: String = kept.iter().filter_map(|entry| entry.body.as_deref()).collect();
    assert!(all.contains("colegio") && all.contains("instituto") && all.contains("comment_deleted"), "{all}");
}

#[test]
fn what_is_sent_twice_is_said_once_and_told_once() {
    let town = Town::found("Villa Repetida");
    let (author, mayor, other) = (town.author(), town.mayor(), town.administrator());
    let post = draft(&town);
    let comment = new_comment();
    let path = [id(&post), comment.as_str()];
    let say = Say {
        remark: Remark::<Internal> {
            mentions: vec![person(&mayor), person(&author)],
            ..Remark::new("@La alcaldesa ¿vale?")
        },
        answers: None,
    };
    let once = author.ok(&comments::SAY_INSIDE, &path, &say);
    assert_eq!(author.ok(&comments::SAY_INSIDE, &path, &say), once);
    assert_eq!(once.internal.unwrap().len(), 1);
    assert_eq!((told(&town, "approver", "Corte de agua"), told(&town, "author", "Corte de agua")), (1, 0));
    let mail = &town.mails(&format!("approver@{}.example", town.founded.slug))[0];
    assert!(mail.text.contains("El técnico de comunicación") && mail.text.contains("#comments"), "{}", mail.text);
    assert!(!mail.text.contains("vale"), "a mail never carries what was said: {}", mail.text);
    let doubled = Refusal::Doubled { field: "comment".to_owned() };
    assert_eq!(other.no(&comments::SAY_INSIDE, &path, &say), doubled);
    // The identity of a comment in the other thread, or of another post, is taken too.
    assert_eq!(author.no(&comments::SAY_OUTSIDE, &path, &remark("Hola")), doubled);
    let elsewhere = draft(&town);
    assert_eq!(author.no(&comments::SAY_INSIDE, &[id(&elsewhere), comment.as_str()], &say), doubled);
    let kept = crate::record::whole_chain(&author, &town);
    assert_eq!(kept.iter().filter(|entry| entry.subject == Subject::Comment).count(), 1);
}

#[test]
fn what_may_not_be_said_is_refused_with_its_own_word() {
    let town = Town::found("Villa Callada");
    let (author, mayor, observer) = (town.author(), town.mayor(), town.member(Role::Observer));
    let neighbour = town.neighbour("Villa Chismosa");
    let (stranger, post) = (neighbour.author(), draft(&town));
    let no = |say: &Say<Internal>| author.no(&comments::SAY_INSIDE, &[id(&post), new_comment().as_str()], say);
    let with = |change: fn(&mut Remark<Internal>)| {
        let mut say = remark("Ojo");
        change(&mut say.remark);
        no(&say)
    };
    assert_eq!(no(&remark(" \n")), Refusal::ReasonWanted);
    let long = "a".repeat(8_001);
    let large = |limit, length| Refusal::TooLarge { field: "comment".to_owned(), limit, length };
    assert_eq!(no(&remark(&long)), large(8_000, 8_001));
    // A megabyte does not pass the door, and nothing of it is stored.
    let megabyte = no(&remark(&"a".repeat(1 << 20)));
    assert!(matches!(megabyte, Refusal::TooLarge { limit: 1_000_000, .. }), "{megabyte:?}");
    let anchor = Refusal::Malformed { field: "anchor".to_owned() };
    assert_eq!(with(|remark| remark.anchor = Anchor::Picture { hash: "0".repeat(63), x: 1, y: 1 }), Refusal::NotFound);
    let backwards = |remark: &mut Remark<Internal>| {
        let place = TextPlace { language: Language::spanish(), start: 2, end: 1, quote: "a".to_owned() };
        remark.anchor = Anchor::Text { place };
    };
    assert_eq!(with(backwards), anchor);
    assert_eq!(with(|remark| remark.attached = vec!["0".repeat(26).parse().unwrap()]), Refusal::NotFound);
    let nobody = |remark: &mut Remark<Internal>| {
        remark.mentions = vec![Person::from(domain::MemberId::from_bits(7))];
    };
    assert_eq!(with(nobody), Refusal::NotFound);
    let outsider = |remark: &mut Remark<Internal>| {
        remark.mentions = vec![Person::Outside { mailbox: "a@b.example".parse().unwrap() }];
    };
    assert_eq!(with(outsider), Refusal::OutOfReach);
    let agency = Say {
        remark: Remark::<Internal> { mentions: vec![person(&town.member(Role::Agency))], ..Remark::new("Ojo") },
        answers: None,
    };
    assert_eq!(no(&agency), Refusal::OutOfReach, "who cannot read it cannot be called");
    assert_eq!(no(&Say { answers: Some(new_comment()), ..remark("Ojo") }), Refusal::NotFound);

    let not_allowed = Refusal::NotAllowed { act: Act::Comment };
    let path = [id(&post), &new_comment().to_string()].map(str::to_owned);
    let path = [path[0].as_str(), path[1].as_str()];
    assert_eq!(observer.no(&comments::SAY_INSIDE, &path, &remark("Ojo")), not_allowed);
    assert_eq!(observer.no(&comments::SAY_OUTSIDE, &path, &remark("Ojo")), not_allowed);
    assert_eq!(stranger.no(&comments::SAY_INSIDE, &path, &remark("Ojo")), Refusal::NotFound);
    assert_eq!(stranger.no(&comments::LIST, &[id(&post)], &Nothing {}), Refusal::NotFound);
    // A picture of another town is none of ours.
    let picture = crate::media::stored(&stranger, &crate::media::png(23, 13));
    let say = Say { remark: Remark::<Internal> { attached: vec![picture.id], ..Remark::new("Ojo") }, answers: None };
    assert_eq!(no(&say), Refusal::NotFound);
    let hers = stranger.me.member.clone();
    let say = Say { remark: Remark::<Internal> { mentions: vec![hers.into()], ..Remark::new("Ojo") }, answers: None };
    assert_eq!(no(&say), Refusal::NotFound);

    let said = inside(&author, &post, &remark("Bien"));
    let said = said.internal.unwrap()[0].id.clone();
    // An answer in the other thread is an answer to nothing.
    let across = Say { answers: Some(said.clone()), ..remark::<External>("Sí") };
    let path = [id(&post), path[1]];
    assert_eq!(mayor.no(&comments::SAY_OUTSIDE, &path, &across), Refusal::NotFound);
    assert_eq!(observer.no(&comments::RESOLVE, &[said.as_str()], &Resolve { done: true }), not_allowed);
    for other in [&stranger, &neighbour.administrator()] {
        assert_eq!(other.no(&comments::DELETE, &[said.as_str()], &Nothing {}), Refusal::NotFound);
        assert_eq!(other.no(&comments::REWORD, &[said.as_str()], &Reword { text: "x".into() }), Refusal::NotFound);
        assert_eq!(other.no(&comments::RESOLVE, &[said.as_str()], &Resolve { done: true }), Refusal::NotFound);
    }
    // An observer reads both.
    let read = list(&observer, &post);
    assert_eq!((read.internal.unwrap().len(), read.external.len()), (1, 0));
}

#[test]
fn what_the_house_says_has_no_other_door() {
    let town = Town::found("Villa Discreta en el Hilo");
    let author = town.author();
    let post = draft(&town);
    // The words for one thread do not go in at the door of the other, whatever the field says.
    for (body, path) in [
        (serde_json::to_vec(&remark::<Internal>("Ojo")).unwrap(), "external"),
        (serde_json::to_vec(&remark::<External>("Ojo")).unwrap(), "internal"),
        (br#"{"remark":{"anchor":{"anchor":"post"},"text":"Ojo"}}"#.to_vec(), "external"),
    ] {
        let path = format!("/api/posts/{}/threads/{path}/{}", id(&post), new_comment());
        let raw = author.raw(Method::Put, &path, &body);
        assert_eq!(raw.status, 422, "{path}: {} {}", raw.text(), url());
    }
    assert_eq!(list(&author, &post).internal.unwrap(), []);
}

#[test]
fn an_agency_reads_and_writes_only_the_thread_for_everybody_and_only_on_its_channels() {
    let town = Town::found("Villa con Agencia");
    let (author, agency) = (town.author(), town.member(Role::Agency));
    let post = draft(&town);
    inside(&author, &post, &remark("La agencia va tarde."));
    let said = inside(&author, &post, &remark("Otra cosa de casa.")).internal.unwrap()[1].id.clone();
    let calls = Say {
        remark: Remark::<External> { mentions: vec![person(&agency)], ..Remark::new("@La agencia externa, la foto") },
        answers: None,
    };
    outside_of(&author, &post, &calls);
    assert_eq!(told(&town, "agency", "Corte de agua"), 1);
    let raw = agency.raw(Method::Get, &format!("/api/posts/{}/comments", id(&post)), b"");
    assert!(raw.text().contains("la foto") && !raw.text().contains("tarde"), "{}", raw.text());
    let threads = list(&agency, &post);
    assert_eq!((threads.internal, threads.external.len()), (None, 1));
    assert_eq!(outside_of(&agency, &post, &remark("Va ahora.")).external.len(), 2);
    let path = [id(&post), &new_comment().to_string()].map(str::to_owned);
    assert_eq!(agency.no(&comments::SAY_INSIDE, &[&path[0], &path[1]], &remark("Hola")), Refusal::OutOfReach);
    for refusal in [
        agency.no(&comments::RESOLVE, &[said.as_str()], &Resolve { done: true }),
        agency.no(&comments::DELETE, &[said.as_str()], &Nothing {}),
    ] {
        assert_eq!(refusal, Refusal::NotFound, "not even that there is something");
    }
    let facebook = town.administrator().connect_by_hand(domain::Network::Facebook, None);
    let elsewhere = author.write(&outside::notice_on(&town, &facebook, "En otro canal."));
    let theirs = outside_of(&author, &elsewhere, &remark("Aquí no.")).external[0].id.clone();
    assert_eq!(agency.no(&comments::LIST, &[id(&elsewhere)], &Nothing {}), Refusal::OutOfReach);
    let path = [id(&elsewhere), path[1].as_str()];
    assert_eq!(agency.no(&comments::SAY_OUTSIDE, &path, &remark("Hola")), Refusal::OutOfReach);
    assert_eq!(agency.no(&comments::RESOLVE, &[theirs.as_str()], &Resolve { done: true }), Refusal::OutOfReach);
    assert_eq!(agency.no(&posts::SUBMITTED, &[id(&elsewhere)], &Before { before: 9 }), Refusal::OutOfReach);
}

#[test]
fn an_internal_comment_reaches_no_outsider_no_network_and_no_page() {
    let town = Town::found("Villa Hermética");
    let sandbox = outside::Sandbox::start();
    let channel = outside::agree_at(&town.administrator(), &sandbox.server, outside::sent_on).unwrap();
    let (author, mayor) = (town.author(), town.mayor());
    let mut content = outside::notice_on(&town, &channel, "Mañana no hay agua de 9 a 11.");
    content.targets.push(town.notice("").targets.remove(0));
    let post = author.write(&content);
    const SECRET: &str = "zarzaparrilla";
    const SHARED: &str = "membrillo";
    inside(&author, &post, &remark(&format!("Entre nosotros: {SECRET}.")));
    outside_of(&author, &post, &remark(&format!("Para quien decide: {SHARED}.")));
    let waiting = author.submit(&post);
    inside(&mayor, &waiting, &remark(&format!("Que no salga {SECRET}.")));
    let approved = mayor.approve(&waiting);
    author.release(&approved);
    let out = api_journeys::eventually("it to be out", || {
        let view = author.read(&post.post.id);
        view.publications.iter().all(|one| one.state == PublicationState::Out).then_some(view)
    });
    // What is out is still spoken of inside.
    inside(&author, &out, &remark(&format!("Salió, y de {SECRET} nada.")));
    assert_eq!(list(&mayor, &out).internal.unwrap().len(), 3);

    let came = format!("{:?}{:?}", sandbox.requests(""), sandbox.statuses());
    assert!(came.contains("Mañana no hay agua"), "the network got the post");
    let slug = &town.founded.slug;
    let mut seen = vec![came];
    for page in ["", "feed.atom", "feed.json", "events", "record", "record.json", &format!("posts/{}", id(&out))] {
        let page = send_as(None, Method::Get, &format!("/{slug}/{page}"), b"");
        assert_eq!(page.status, 200);
        seen.push(page.text());
    }
    seen.push(list(&town.member(Role::Agency), &draft(&town)).external.len().to_string());
    let view = serde_json::to_string(&out).unwrap();
    seen.extend(town.mails(&format!("approver@{slug}.example")).into_iter().map(|mail| mail.text));
    seen.push(view);
    for text in seen {
        assert!(!text.contains(SECRET) && !text.contains(SHARED), "{text}");
    }
    // All that is for outside, and nothing of the house.
    let external = serde_json::to_string(&list(&author, &out).external).unwrap();
    assert!(external.contains(SHARED) && !external.contains(SECRET), "{external}");
}

#[test]
fn two_who_change_the_same_comment_at_once_do_not_undo_each_other() {
    let town = Town::found("Villa Simultánea");
    let (author, post) = (town.author(), draft(&town));
    let said = inside(&author, &post, &remark("0")).internal.unwrap()[0].id.clone();
    let tries: Vec<_> = std::thread::scope(|scope| {
        let run = |n: u32| {
            let (said, author) = (&said, &author);
            scope.spawn(move || {
                author.ask(&comments::REWORD, &[said.as_str()], &Reword { text: format!("versión {n}") })
            })
        };
        let running: Vec<_> = (0..4).map(run).collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let done = tries.iter().filter(|answer| answer.is_ok()).count();
    for no in tries.into_iter().filter_map(Result::err) {
        assert_eq!(Refusal::from(no), Refusal::CommentElsewhere);
    }
    assert!(done >= 1);
    let kept = crate::record::whole_chain(&author, &town);
    let worded =
        |entry: &&domain::record::Entry| entry.body.as_deref().is_some_and(|body| body.contains("comment_reworded"));
    assert_eq!(kept.iter().filter(worded).count(), done, "each that was answered is kept, and no other");
}

#[test]
fn a_round_is_compared_with_what_was_submitted_before_it() {
    let town = Town::found("Villa de las Rondas");
    let (author, mayor) = (town.author(), town.mayor());
    let post = draft(&town);
    let before = |by: &Member, round| by.ok(&posts::SUBMITTED, &[id(&post)], &Before { before: round }).submitted;
    assert_eq!(before(&author, 1), None);
    let waiting = author.submit(&post);
    assert_eq!(before(&mayor, 1), None, "a first round comes after nothing");
    let back = Choice::Return { comment: "Falta la calle.".to_owned(), place: None };
    let decide = Decide { choice: back, ..approval(&waiting) };
    let returned = mayor.ok(&posts::DECIDE, &[id(&post)], &decide);
    let first = before(&author, 2).unwrap();
    assert_eq!((first.round, &first.content, &first.by), (1, &post.post.content, &author.me.member));

    let changed = author.edit(&returned, &town.notice("Mañana no hay agua en la calle Mayor."));
    let again = author.submit(&changed);
    assert_eq!(before(&mayor, 2).unwrap().content, post.post.content);
    // Taken back, changed and submitted once more: compared with the second, and the first is only in the record.
    let withdrawn = author.ok(&posts::WITHDRAW, &[id(&post)], &api_journeys::at(&again));
    let third =
        author.submit(&author.edit(&withdrawn, &town.notice("Mañana no hay agua en la calle Mayor, de 9 a 11.")));
    assert_eq!(before(&mayor, 3).unwrap().content, changed.post.content);
    assert_eq!(before(&mayor, 2), None);

    // A correction is a round as well.
    let approved = mayor.approve(&third);
    author.release(&approved);
    let out = author.wait_for(&post.post.id, PublicationState::Out);
    let correct = posts::Correct {
        version: out.post.version,
        content: town.notice("Mañana no hay agua en la calle Mayor, de 9 a 12."),
        reason: "Otra hora.".to_owned(),
        checked: None,
    };
    author.ok(&posts::CORRECT, &[id(&post)], &correct);
    assert_eq!(before(&mayor, 4).unwrap().content, third.post.content);
    assert_eq!(before(&mayor, 5).unwrap().content, correct.content);
    let kept = crate::record::whole_chain(&author, &town);
    assert_eq!(kept.iter().filter(|entry| entry.subject == Subject::Submission).count(), 4);
}

#[test]
fn a_comment_knows_its_round_and_who_left_is_not_called() {
    let town = Town::found("Villa Cambiante");
    let (author, designer) = (town.author(), town.member(Role::Designer));
    let post = draft(&town);
    assert_eq!(inside(&designer, &post, &remark("Antes")).internal.unwrap()[0].round, 0);
    let waiting = author.submit(&post);
    assert_eq!(inside(&designer, &waiting, &remark("Ahora")).internal.unwrap()[1].round, 1);
    let threads = list(&author, &waiting);
    let voice = |threads: &Threads| {
        threads
            .people
            .iter()
            .find(|voice| voice.member == designer.me.member)
            .map(|voice| (voice.internal, voice.external))
    };
    assert_eq!(voice(&threads), Some((true, true)));
    town.administrator().ok(&people::REMOVE_MEMBER, &[designer.me.member.as_str()], &Nothing {});
    let threads = list(&author, &waiting);
    assert_eq!(voice(&threads), Some((false, false)), "named, for what they said stays, and no longer called");
    let say =
        Say { remark: Remark::<Internal> { mentions: vec![person(&designer)], ..Remark::new("Ojo") }, answers: None };
    let no = author.no(&comments::SAY_INSIDE, &[id(&post), new_comment().as_str()], &say);
    assert_eq!(no, Refusal::NotFound);
}
