//! Approvers outside the house, by link and code, from the mail to the receipt; and members who confirm with a code.
//! Nobody here has a script: what is sent is what the forms on the page send.

use std::thread;

use api_journeys::{Guest, Member, Passkey, Town, at, id, send, url, verifier::verdict};
use domain::{
    Choice, Language, Millis, Refusal, Role, StageName,
    bylaws::Codes,
    circuit::{Deadline, Hats, Options, Quorum, Seat, Silence, Step},
    comment::{External, Internal, Remark},
    hours::{Hours, Shift, WorkMinutes},
    outside::{Link, Way},
    party::{Mailbox, Party, Person},
    record::Subject,
};
use serde_json::{Value, json};
use wire::{
    Nothing,
    bylaws::{self, AllowCodes, Open},
    comments, people,
    posts::{self, AskCode, CodeSent, Confirm, PostView, Proof},
};

use crate::{
    circuits::{circuit, draw, everything_through, role, standing, step},
    receipts::{flipped, register, texts, with_passkey},
};

/// An address that no other journey has.
pub fn address(name: &str) -> String {
    format!("{name}-{}@agency.example", api_journeys::new_post())
}

fn mailbox(address: &str) -> Mailbox {
    address.parse().unwrap()
}

fn outside(address: &str) -> Party {
    Party::Outside { mailbox: mailbox(address) }
}

/// A step whose seats are people outside.
pub fn asked(n: u128, quorum: Quorum, addresses: &[&str]) -> Step {
    let parties: Vec<Party> = addresses.iter().map(|address| outside(address)).collect();
    step(n, quorum, &parties)
}

/// Everything goes through this.
fn through(town: &Town, steps: Vec<Step>) {
    let options = Options { hats: Hats::OnceAStep, ..Options::default() };
    draw(town, everything_through(circuit(7, steps, options)));
}

fn waiting(town: &Town) -> PostView {
    let author = town.author();
    author.submit(&author.write(&town.notice("Mañana no hay agua en la calle Mayor.")))
}

fn link<'a>(post: &'a PostView, address: &str) -> &'a Link {
    let found = post.links.iter().rev().find(|link| link.mailbox == mailbox(address));
    found.unwrap_or_else(|| panic!("no link of {address}: {:?}", post.links))
}

/// The entries of the record about links, as (what, address).
fn kept(town: &Town) -> Vec<(String, String)> {
    let chain = crate::record::whole_chain(&town.member(Role::Records), town);
    let of_links = chain.iter().filter(|entry| entry.subject == Subject::Outside);
    let told = of_links.map(|entry| serde_json::from_str::<Value>(entry.body.as_ref().unwrap()).unwrap());
    told.map(|body| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&body["what"]), text(&body["to"][0]))
    })
    .collect()
}

const SECRET: &str = "calle Mayor";

#[test]
fn somebody_outside_reads_decides_and_keeps_the_receipt() {
    let town = Town::found("Villa Consultora");
    let ana = address("ana");
    let seat = Seat { language: Some(Language::english()), ..Seat::from(outside(&ana)) };
    let second = Step { seats: vec![seat], ..step(2, Quorum::Any, &[]) };
    through(&town, vec![step(1, Quorum::Any, &[role(Role::Approver)]), second]);
    let post = waiting(&town);
    assert_eq!(Guest::links(&town, &ana), Vec::<String>::new(), "her step is not open yet");
    let half = town.mayor().approve(&post);
    assert_eq!(link(&half, &ana).times, 1);
    let mail = town.mails(&ana).remove(0);
    assert!(mail.subject.contains("approval is asked for") && !mail.text.contains(SECRET), "{mail:?}");

    let mut guest = Guest::of(&town, &ana);
    let door = guest.get("");
    assert_eq!(door.status, 200);
    assert!(door.text().contains("<html lang=\"en\">") && door.text().contains("a•••@agency.example"));
    assert!(!door.text().contains(SECRET) && !door.text().contains(&ana) && !door.text().contains("<script"));
    for (name, value) in [("cache-control", "no-store"), ("referrer-policy", "same-origin")] {
        assert_eq!(door.header(name), value);
    }
    let policy = door.header("content-security-policy").to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script"), "{policy}");

    let paper = guest.enter();
    assert!(paper.text().contains(SECRET) && paper.text().contains("Corte de agua"), "{}", paper.text());
    assert!(!paper.text().contains("<script"));
    let opened = town.author().read(&half.post.id);
    assert!(link(&opened, &ana).opened.is_some());

    let bare = guest.choose("return", "");
    assert_eq!(bare.status, 422);
    assert!(bare.text().contains("role=\"alert\"") && bare.text().contains(SECRET), "a return says what");
    let asking = guest.choose("reserve", "Ojo: el <martes> & no mañana\r\nni el lunes");
    assert_eq!(asking.status, 200);
    assert!(asking.text().contains("Ojo: el &lt;martes&gt; &amp; no mañana"), "{}", asking.text());
    let code = guest.code();
    let done = guest.submit("decision", "confirmation", &[("code", &format!("{} {}", &code[..4], &code[4..]))]);
    assert!(done.text().contains("You have decided"), "{}", done.text());

    let after = town.author().read(&half.post.id);
    assert_eq!(after.post.stage.name(), StageName::Approved);
    let taken = &after.decisions[1];
    assert_eq!((&taken.decision.by, taken.proof), (&Person::Outside { mailbox: mailbox(&ana) }, Proof::Code));
    assert!(matches!(&taken.decision.choice, Choice::Reserve { comment } if comment.contains('\n')));
    assert!(link(&after, &ana).decided.is_some());

    // The same receipt from the page and from the desk, judged by a program that shares no line with the engine.
    let receipt = guest.receipt();
    let (register, party) = register(&town);
    verdict(&receipt, &register, &party).unwrap();
    assert!(verdict(&receipt, &register, "other.example").unwrap_err().contains("attested_service"));
    let of_desk = town.author().ok(&posts::RECEIPT, &[id(&after), taken.id.as_str()], &Nothing {});
    let of_desk = serde_json::to_value(of_desk).unwrap();
    verdict(&of_desk, &register, &party).unwrap();
    assert_eq!((&of_desk["statement"], &of_desk["attestation"]), (&receipt["statement"], &receipt["attestation"]));
    let mut tampered = 0;
    for path in texts(&receipt, String::new()) {
        let mut bad = receipt.clone();
        let text = bad.pointer_mut(&path).unwrap();
        *text = json!(flipped(text.as_str().unwrap()));
        assert!(verdict(&bad, &register, &party).is_err(), "{path} was changed and not missed");
        tampered += 1;
    }
    assert!(tampered >= 8, "{tampered}");

    // Later, on another device: a code again, and the receipt is there.
    let mut later = Guest::of(&town, &ana);
    assert!(later.enter().text().contains("You have decided"));
    assert_eq!(later.receipt()["statement"], receipt["statement"]);
    let closed = later.submit("", "close", &[]);
    assert!(!closed.text().contains("martes") && later.cookies.is_empty());

    let kept = kept(&town);
    let whats: Vec<&str> = kept.iter().map(|(what, _)| what.as_str()).collect();
    assert_eq!(whats, ["link_sent", "link_opened", "link_opened"]);
    assert!(kept.iter().all(|(_, to)| *to == ana));
    let chain = crate::record::whole_chain(&town.member(Role::Records), &town);
    let decision = chain.iter().rev().find(|entry| entry.subject == Subject::Decision).unwrap();
    let body: Value = serde_json::from_str(decision.body.as_ref().unwrap()).unwrap();
    assert_eq!(body["attested"]["statement"], receipt["statement"]);
    assert_eq!(body["signed"], Value::Null);
}

#[test]
fn a_scanner_that_follows_the_link_opens_nothing_and_learns_nothing() {
    let town = Town::found("Villa Escaneada");
    let ana = address("ana");
    through(&town, vec![asked(1, Quorum::Any, &[&ana])]);
    let post = waiting(&town);
    let guest = Guest::of(&town, &ana);
    let before = town.author().read(&post.post.id);
    for page in ["", "code", "decision", "receipt", "open", "confirmation", "close", "media/00000000000000000000000001"]
    {
        for verb in ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"] {
            let answer = guest.request(verb, page, &[], "");
            assert!(!answer.text().contains(SECRET) && !answer.text().contains("Corte"), "{verb} {page}");
            assert_eq!(answer.header("set-cookie"), "", "{verb} {page}");
        }
    }
    // A robot that presses buttons has no secret of the form, or comes from elsewhere.
    for (origin, csrf) in [(url(), "x"), ("https://malo.example", "x"), ("null", "x")] {
        let form = [("origin", origin), ("content-type", "application/x-www-form-urlencoded")];
        for page in ["code", "open", "close", "decision", "confirmation"] {
            let answer = guest.request("POST", page, &form, &format!("csrf={csrf}&code=12345678&choice=approve"));
            assert!(!answer.text().contains(SECRET), "{page}");
        }
    }
    assert_eq!(guest.codes(), 0, "nobody pressed the button");
    let after = town.author().read(&post.post.id);
    assert_eq!((after.links, after.decisions.len()), (before.links, 0));
    assert_eq!(kept(&town).len(), 1, "the sending, and no opening");
}

#[test]
fn a_forwarded_link_is_worth_nothing_without_the_mailbox() {
    let town = Town::found("Villa Reenviada");
    let ana = address("ana");
    through(&town, vec![asked(1, Quorum::Any, &[&ana])]);
    let post = waiting(&town);
    let mut thief = Guest::of(&town, &ana);
    thief.submit("", "code", &[]);
    let code = thief.code();
    let other = format!("{:08}", (code.parse::<u32>().unwrap() + 1) % 100_000_000);
    for left in ["4", "3", "2", "1", "0"] {
        let answer = thief.submit("code", "open", &[("code", &other)]);
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains(left) && !answer.text().contains(SECRET), "{}", answer.text());
    }
    // Locked: now not even the right one.
    let locked = thief.submit("code", "open", &[("code", &code)]);
    assert!(locked.status == 422 && locked.text().contains("El código ya no vale"), "{}", locked.text());
    // Asking again and again is bounded too.
    let refused = (0..6).map(|_| thief.submit("code", "code", &[])).filter(|answer| answer.status == 422).count();
    assert_eq!((refused, thief.codes()), (2, 5));
    assert!(town.author().read(&post.post.id).links[0].opened.is_none());
}

#[test]
fn a_code_works_once_and_for_what_it_was_sent_for() {
    let town = Town::found("Villa de un Solo Uso");
    let ana = address("ana");
    through(&town, vec![asked(1, Quorum::Any, &[&ana])]);
    let (first, second) = (waiting(&town), waiting(&town));
    let links = Guest::links(&town, &ana);
    assert_eq!(links.len(), 2);
    let mut one = Guest::of(&town, &ana);
    one.enter();
    let opening = one.code();
    let replayed = one.post("open", &[("code", &opening), ("csrf", &"0".repeat(64))]);
    assert!(!replayed.text().contains(SECRET));
    // What opened the door decides nothing.
    one.choose("approve", "");
    let deciding = one.code();
    assert_ne!(opening, deciding);
    let wrong = one.submit("decision", "confirmation", &[("code", &opening)]);
    assert!(wrong.status == 422 && wrong.text().contains("Quedan 4"), "{}", wrong.text());
    // Another choice, another code: the one before is none any more.
    one.choose("return", "Falta la hora.");
    let fresh = one.code();
    let stale = one.submit("decision", "confirmation", &[("code", &deciding)]);
    assert!(stale.status == 422, "{}", stale.text());
    // The visit of one link opens no other, whatever its cookie is called.
    let mut other = Guest::of(&town, &ana);
    other.link = links[usize::from(links[0] == one.link)].clone();
    other.cookies = one.cookies.clone();
    assert!(!other.get("").text().contains(SECRET));
    let name = format!("__Host-pregon-review-{}", second.links[0].id);
    other.cookies = one.cookies.values().map(|value| (name.clone(), value.clone())).collect();
    assert!(!other.get("").text().contains(SECRET));
    let member = town.author();
    other.cookies = [("__Host-pregon".to_owned(), member.session.clone())].into();
    assert!(!other.get("").text().contains(SECRET), "nor does a member's session");
    let secret = one.cookies.values().next().unwrap().clone();
    let raw = api_journeys::send_as(Some(&secret), posts::READ.method, &posts::READ.path(&[id(&first)]), b"");
    assert_eq!(raw.status, 401, "nor is a visit a member's session");

    let done = one.submit("decision", "confirmation", &[("code", &fresh)]);
    assert!(done.text().contains("Su decisión está tomada"), "{}", done.text());
    let again = one.post("confirmation", &[("code", &fresh), ("csrf", &"0".repeat(64))]);
    assert_eq!(again.status, 403);
    let (first, second) = (town.author().read(&first.post.id), town.author().read(&second.post.id));
    assert_eq!(first.decisions.len() + second.decisions.len(), 1);
}

#[test]
fn a_form_from_elsewhere_is_refused() {
    let town = Town::found("Villa Suplantada");
    let ana = address("ana");
    through(&town, vec![asked(1, Quorum::Any, &[&ana])]);
    let post = waiting(&town);
    let mut guest = Guest::of(&town, &ana);
    let paper = guest.enter().text();
    let csrf = api_journeys::guest::csrf_of(&paper, "decision").unwrap();
    let body = format!("csrf={csrf}&choice=approve&comment=");
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let before = guest.codes();
    for headers in [vec![kind], vec![("origin", "https://malo.example"), kind], vec![("origin", "null"), kind]] {
        assert_eq!(guest.request("POST", "decision", &headers, &body).status, 403, "{headers:?}");
    }
    let here = [("origin", url()), kind];
    for bad in ["choice=approve", "csrf=&choice=approve", "csrf=abc&choice=approve"] {
        assert_eq!(guest.request("POST", "decision", &here, bad).status, 403, "{bad}");
    }
    let long = format!("csrf={csrf}&choice=return&comment={}", "a".repeat(1 << 20));
    assert_eq!(guest.request("POST", "decision", &here, &long).status, 403);
    let much = format!("csrf={csrf}&choice=return&comment={}", "a".repeat(2_001));
    assert_eq!(guest.request("POST", "decision", &here, &much).status, 422);
    for choice in ["", "publish"] {
        let odd = format!("csrf={csrf}&choice={choice}&comment=x");
        assert_eq!(guest.request("POST", "decision", &here, &odd).status, 422);
    }
    assert_eq!(guest.codes(), before);
    assert_eq!(town.author().read(&post.post.id).decisions.len(), 0);
}

#[test]
fn a_link_says_plainly_why_it_leads_nowhere() {
    let town = Town::found("Villa de las Puertas");
    let (ana, bea) = (address("ana"), address("bea"));
    through(&town, vec![asked(1, Quorum::Any, &[&ana, &bea])]);
    let author = town.author();
    let says = |guest: &Guest<'_>, sentence: &str| {
        let page = guest.get("");
        assert_eq!(page.status, 410, "{}", page.text());
        assert!(page.text().contains(sentence) && !page.text().contains(SECRET), "{}", page.text());
    };

    // Changed while she reads, with the code in her hand.
    let post = waiting(&town);
    let mut guest = Guest::of(&town, &ana);
    guest.enter();
    guest.choose("approve", "");
    let code = guest.code();
    let page = guest.get("decision").text();
    let csrf = api_journeys::guest::csrf_of(&page, "confirmation").unwrap();
    let again = author.submit(&author.edit(&post, &town.notice("El martes no hay agua en la calle Mayor.")));
    let late = guest.post("confirmation", &[("code", &code), ("csrf", &csrf)]);
    assert_eq!(late.status, 303);
    says(&guest, "El contenido ha cambiado");
    assert_eq!(guest.get("receipt").status, 303);
    assert_eq!(author.read(&post.post.id).decisions.len(), 0);
    // The new round has a link of its own.
    let mut second = Guest::of(&town, &ana);
    assert_ne!(second.link, guest.link);
    let paper = second.enter().text();
    assert!(paper.contains("<del>Mañana</del><ins>El martes</ins>"), "{paper}");

    // Taken back by whoever submitted.
    author.ok(&posts::WITHDRAW, &[id(&again)], &at(&again));
    says(&second, "Ya no hace falta su visto bueno");

    // Settled by the other.
    let post = waiting(&town);
    let (mut first, other) = (Guest::of(&town, &bea), Guest::of(&town, &ana));
    first.enter();
    assert!(first.decide("approve", "").text().contains("Su decisión está tomada"));
    says(&other, "Ya está decidido");
    assert_eq!(author.read(&post.post.id).post.stage.name(), StageName::Approved);

    // Taken back by the house, while she is in; sent again, in vain with the old secret.
    let post = waiting(&town);
    let mut guest = Guest::of(&town, &ana);
    guest.enter();
    let of_ana = link(&post, &ana).id.to_string();
    let view = author.ok(&posts::REVOKE_LINK, &[id(&post), &of_ana], &Nothing {});
    assert!(link(&view, &ana).revoked.is_some());
    author.ok(&posts::REVOKE_LINK, &[id(&post), &of_ana], &Nothing {});
    says(&guest, "Este enlace se ha retirado");
    let view = author.ok(&posts::SEND_LINK, &[id(&post), &of_ana], &Nothing {});
    assert_eq!((link(&view, &ana).revoked, link(&view, &ana).times), (None, 2));
    assert_eq!(guest.get("").status, 404, "the old secret is none any more");
    let mut renewed = Guest::of(&town, &ana);
    assert!(renewed.enter().text().contains(SECRET));
    let whats: Vec<String> = kept(&town).into_iter().map(|(what, _)| what).collect();
    assert_eq!(whats.iter().filter(|what| *what == "link_revoked").count(), 1);
    assert_eq!(whats.iter().filter(|what| *what == "link_sent_again").count(), 1);

    // None at all, and another town's.
    for token in ["x", "..%2F..%2Fdesk", &"A".repeat(43), &"A".repeat(5_000)] {
        assert_eq!(send("GET", &format!("/review/{token}"), &[], b"").status, 404, "{token}");
    }
    let next_door = town.neighbour("Villa de al Lado");
    through(&next_door, vec![asked(1, Quorum::Any, &[&bea])]);
    let foreign = waiting(&next_door);
    let theirs = link(&foreign, &bea).id.to_string();
    for (post, link) in [(id(&post), theirs.as_str()), (id(&foreign), theirs.as_str())] {
        assert_eq!(author.no(&posts::SEND_LINK, &[post, link], &Nothing {}), Refusal::NotFound);
        assert_eq!(author.no(&posts::REVOKE_LINK, &[post, link], &Nothing {}), Refusal::NotFound);
    }
    // What is over is not sent again.
    let over = author.ok(&posts::WITHDRAW, &[id(&post)], &at(&author.read(&post.post.id)));
    assert_eq!(author.no(&posts::SEND_LINK, &[id(&over), &of_ana], &Nothing {}), Refusal::StepClosed);
}

#[test]
fn who_asked_sees_where_their_links_are_and_nobody_elses() {
    let town = Town::found("Villa Preguntona");
    let (ana, bea) = (address("ana"), address("bea"));
    through(&town, vec![asked(1, Quorum::All, &[&ana, &bea])]);
    let (author, other) = (town.author(), town.administrator());
    let links = |of: &Member| of.ok(&posts::LINKS, &[], &Nothing {});
    assert_eq!(links(&author), []);
    let post = waiting(&town);
    let sent = links(&author);
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|one| one.post == post.post.id && one.heading == "Corte de agua"), "{sent:?}");
    assert!(sent.iter().all(|one| one.link.way(town.now()) == Way::Sent && post.links.contains(&one.link)));
    assert_eq!(links(&other), [], "somebody else asked");
    assert!(matches!(town.member(Role::Observer).no(&posts::LINKS, &[], &Nothing {}), Refusal::NotAllowed { .. }));

    let mut guest = Guest::of(&town, &ana);
    guest.enter();
    let way = |address: &str| {
        let all = links(&author).into_iter();
        let found = all.filter(|one| one.link.mailbox == mailbox(address)).map(|one| one.link.way(town.now()));
        found.collect::<Vec<_>>()
    };
    assert_eq!((way(&ana), way(&bea)), (vec![Way::Opened], vec![Way::Sent]));
    let of_bea = link(&post, &bea).id.to_string();
    author.ok(&posts::REVOKE_LINK, &[id(&post), &of_bea], &Nothing {});
    assert_eq!(way(&bea), [Way::Revoked]);
    author.ok(&posts::SEND_LINK, &[id(&post), &of_bea], &Nothing {});
    guest.decide("approve", "");
    assert_eq!((way(&ana), way(&bea)), (vec![Way::Decided], vec![Way::Sent]));

    // What is over waits for nobody; a correction is a round like any other.
    let mut second = Guest::of(&town, &bea);
    second.enter();
    second.decide("approve", "");
    assert_eq!(links(&author), []);
    author.release(&author.read(&post.post.id));
    let out = author.wait_for(&post.post.id, domain::delivery::PublicationState::Out);
    let correct = posts::Correct {
        version: out.post.version,
        content: town.notice("El martes no hay agua en la calle Mayor."),
        reason: "Era otro día.".to_owned(),
        checked: None,
    };
    author.ok(&posts::CORRECT, &[id(&out)], &correct);
    assert_eq!(links(&author).len(), 2, "of the round that waits, and not of the one before");
}

#[test]
fn two_outside_at_once_are_two_words_or_one_as_the_step_wants_it() {
    let town = Town::found("Villa de las Dos");
    let (ana, bea) = (address("ana"), address("bea"));
    for (quorum, words) in [(Quorum::All, 2), (Quorum::Any, 1)] {
        through(&town, vec![asked(1, quorum, &[&ana, &bea])]);
        let post = waiting(&town);
        let mut guests = [Guest::of(&town, &ana), Guest::of(&town, &bea)];
        let ready: Vec<(String, String)> = guests
            .iter_mut()
            .map(|guest| {
                guest.enter();
                let page = guest.choose("approve", "").text();
                (guest.code(), api_journeys::guest::csrf_of(&page, "confirmation").unwrap())
            })
            .collect();
        thread::scope(|scope| {
            for (guest, (code, csrf)) in guests.iter_mut().zip(&ready) {
                scope.spawn(move || guest.post("confirmation", &[("code", code), ("csrf", csrf)]));
            }
        });
        // Who was slower by a moment finds what they chose, and confirms it anew.
        for guest in &mut guests {
            if guest.get("").text().contains("id=\"deciding\"") {
                guest.decide("approve", "");
            }
        }
        let after = town.author().read(&post.post.id);
        assert_eq!((after.decisions.len(), after.post.stage.name()), (words, StageName::Approved));
    }
}

#[test]
fn a_members_own_mailbox_is_that_member() {
    let town = Town::found("Villa Conocida");
    let (author, mayor) = (town.author(), town.mayor());
    let members = town.administrator().ok(&people::MEMBERS, &[], &Nothing {});
    let of = |who: &Member| members.iter().find(|row| row.id == who.me.member).unwrap().email.clone().unwrap();
    let (wrote, decides) = (of(&author), of(&mayor));
    // Whoever wrote it is not asked through the back door.
    through(&town, vec![asked(1, Quorum::Any, &[&wrote, &decides])]);
    let post = waiting(&town);
    assert_eq!(post.links.iter().map(|link| link.mailbox.clone()).collect::<Vec<_>>(), [mailbox(&decides)]);
    let mut guest = Guest::of(&town, &decides);
    guest.enter();
    guest.decide("approve", "");
    let after = author.read(&post.post.id);
    assert_eq!(after.post.stage.name(), StageName::Approved);
    let hats = &after.decisions[0].decision.hats;
    assert_eq!(hats.iter().collect::<Vec<_>>(), [&Person::from(mayor.me.member.clone())], "one hat, the member's");
    // And not twice in two hats.
    let twice = Options { hats: Hats::OnceARound, ..Options::default() };
    let steps = vec![step(1, Quorum::Any, &[role(Role::Approver)]), asked(2, Quorum::Any, &[&decides])];
    draw(&town, everything_through(circuit(8, steps, twice)));
    let half = mayor.approve(&waiting(&town));
    assert_eq!(half.links, vec![]);
    assert!(half.waiting.is_some_and(|waiting| waiting.movers.is_empty() && !waiting.missing.is_empty()));
}

#[test]
fn the_clock_of_the_round_reminds_outside_too_and_old_mails_still_open() {
    let town = Town::alone("Villa Puntual");
    let ana = address("ana");
    let administrator = town.administrator();
    let always = Shift { from: 0, until: 1_440 };
    let hours = Hours { week: std::array::from_fn(|_| vec![always]), ..standing(&administrator).bylaws.hours };
    administrator.ok(&bylaws::OPEN, &[], &Open { version: 0, hours });
    let deadline = Deadline { within: WorkMinutes(120), reminders: vec![WorkMinutes(60)], silence: Silence::Hold };
    through(&town, vec![Step { deadline: Some(deadline), ..asked(1, Quorum::Any, &[&ana]) }]);
    let post = waiting(&town);
    town.ahead(Millis::minutes(61));
    town.tick();
    town.tick();
    api_journeys::eventually("a reminder", || (Guest::links(&town, &ana).len() == 2).then_some(()));
    let links = Guest::links(&town, &ana);
    let mut guest = Guest::of(&town, &ana);
    for link in links {
        guest.link = link;
        guest.cookies.clear();
        assert!(guest.enter().text().contains(SECRET));
    }
    // An hour later the visit is over, ten minutes later a code, a month later the link.
    town.ahead(Millis::minutes(61 + 61));
    assert!(!guest.get("").text().contains(SECRET));
    guest.submit("", "code", &[]);
    let code = guest.code();
    town.ahead(Millis::minutes(61 + 61 + 11));
    let late = guest.submit("code", "open", &[("code", &code)]);
    assert!(late.text().contains("El código ya no vale"), "{}", late.text());
    guest.enter();
    guest.choose("approve", "");
    let code = guest.code();
    town.ahead(Millis::minutes(61 + 61 + 22));
    let late = guest.post("confirmation", &[("code", &code), ("csrf", &"0".repeat(64))]);
    assert_eq!(late.status, 403);
    let late = guest.submit("", "decision", &[("choice", "approve"), ("comment", "")]);
    assert_eq!(late.status, 200);
    town.ahead(Millis::days(31));
    let page = guest.get("");
    assert!(page.status == 410 && page.text().contains("Este enlace ha caducado"), "{}", page.text());
    let author = town.author();
    let of_ana = link(&post, &ana).id.to_string();
    author.ok(&posts::SEND_LINK, &[id(&post), &of_ana], &Nothing {});
    let mut renewed = Guest::of(&town, &ana);
    assert!(renewed.enter().text().contains(SECRET));
    // A month after it has lapsed, the address is gone; the record tells.
    town.ahead(Millis::days(31 + 61));
    town.tick();
    api_journeys::eventually("the sweep", || town.author().read(&post.post.id).links.is_empty().then_some(()));
    assert_eq!(renewed.get("").status, 404);
}

#[test]
fn what_is_said_from_outside_is_read_in_the_house_and_what_the_house_says_among_itself_is_not_read_outside() {
    let town = Town::found("Villa Dialogante");
    let (ana, bea) = (address("ana"), address("bea"));
    through(&town, vec![asked(1, Quorum::All, &[&ana, &bea])]);
    let (author, post) = (town.author(), waiting(&town));
    let inside = comments::Say { remark: Remark::<Internal>::new("Entre nosotros: es por la avería."), answers: None };
    author.ok(&comments::SAY_INSIDE, &[id(&post), crate::comments::new_comment().as_str()], &inside);
    let outside = comments::Say { remark: Remark::<External>::new("Quedo a su disposición."), answers: None };
    author.ok(&comments::SAY_OUTSIDE, &[id(&post), crate::comments::new_comment().as_str()], &outside);
    let mut guest = Guest::of(&town, &ana);
    let paper = guest.enter().text();
    assert!(paper.contains("Quedo a su disposición.") && !paper.contains("Entre nosotros"), "{paper}");
    let said = guest.submit("", "comments", &[("text", "¿Y las cubas <dónde>?\r\nGracias")]);
    assert!(said.text().contains("¿Y las cubas &lt;dónde&gt;?"), "{}", said.text());
    assert_eq!(guest.submit("", "comments", &[("text", "  ")]).status, 422);
    let threads = author.ok(&comments::LIST, &[id(&post)], &Nothing {});
    let last = threads.external.last().unwrap();
    assert_eq!(last.by, Person::Outside { mailbox: mailbox(&ana) });
    // Another one outside knows her only by half.
    let mut other = Guest::of(&town, &bea);
    let paper = other.enter().text();
    assert!(paper.contains("Gracias") && paper.contains("a•••@agency.example") && !paper.contains(&ana), "{paper}");
    let told = town.mails(&email(&town, &author));
    assert!(told.iter().any(|mail| !mail.text.contains("cubas")), "whoever submitted is told, without the words");
}

#[test]
fn pictures_are_shown_to_whoever_is_in_and_to_nobody_else() {
    let town = Town::found("Villa Pintada");
    let ana = address("ana");
    through(&town, vec![asked(1, Quorum::Any, &[&ana])]);
    let author = town.author();
    let (shown, other) = (
        crate::media::stored(&author, &crate::media::png(31, 13)),
        crate::media::stored(&author, &crate::media::png(32, 13)),
    );
    let mut content = town.notice("Mañana no hay agua en la calle Mayor.");
    content.pictures.push(crate::media::picture(&shown, "Un plano de la «calle» con \"la zona\""));
    author.submit(&author.write(&content));
    let mut guest = Guest::of(&town, &ana);
    let path = format!("media/{}", shown.id);
    assert_eq!(guest.get(&path).status, 404);
    let paper = guest.enter().text();
    assert!(paper.contains(&path) && paper.contains("Un plano de la «calle»"), "{paper}");
    let picture = guest.get(&path);
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
    assert!(picture.header("cache-control").starts_with("private"));
    assert_eq!(guest.get(&format!("media/{}", other.id)).status, 404, "only what is in the post");
}

#[test]
fn a_video_is_played_by_whoever_is_in_and_by_nobody_else() {
    let town = Town::found("Villa Proyectada");
    let ana = address("ana");
    through(&town, vec![asked(1, Quorum::Any, &[&ana])]);
    let author = town.author();
    let bytes = crate::video::film(3_000, 31, &[]);
    let shown = crate::video::stored(&author, &bytes);
    let other = crate::video::stored(&author, &crate::video::film(3_000, 32, &[]));
    let mut content = town.notice("Mañana no hay agua en la calle Mayor.");
    content.video = Some(crate::video::video(&shown, "Un «plano» que se mueve"));
    crate::captions::caption(&author, &mut content, crate::captions::FILE);
    let said = content.video.as_ref().unwrap().captions.values().next().unwrap().clone();
    let captions = format!("captions/{}", said.split('-').next().unwrap());
    let others = crate::captions::bring(&author, &shown.id, crate::captions::OTHER).said;
    author.submit(&author.write(&content));
    let mut guest = Guest::of(&town, &ana);
    let path = format!("media/{}", shown.id);
    assert_eq!((guest.get(&path).status, guest.get(&captions).status), (404, 404));
    let page = guest.enter();
    let paper = page.text();
    assert!(paper.contains("<track kind=\"captions\"") && paper.contains(&captions), "{paper}");
    assert!(paper.contains("<video controls") && paper.contains(&path), "{paper}");
    assert!(paper.matches("Un «plano» que se mueve").count() >= 2, "to be read, too");
    assert!(page.header("content-security-policy").contains("media-src 'self'"));
    let video = guest.get(&path);
    assert_eq!((video.status, video.header("content-type"), &video.body), (200, "video/mp4", &bytes));
    assert_eq!(guest.get(&captions).text(), crate::captions::VTT);
    assert_eq!(guest.get(&format!("captions/{}", others.split('-').next().unwrap())).status, 404);
    assert_eq!(guest.get(&format!("media/{}", other.id)).status, 404, "only what is in the post");
}

#[test]
fn thirty_outside_are_let_in_with_a_handful_of_statements() {
    let town = Town::found("Villa Numerosa");
    let names: Vec<String> = (0..30).map(|n| address(&format!("n{n}"))).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    through(&town, vec![asked(1, Quorum::AtLeast { count: 15 }, &names)]);
    let author = town.author();
    let draft = author.write(&town.notice("Mañana no hay agua en la calle Mayor."));
    let body = serde_json::to_vec(&at::<posts::Submit>(&draft)).unwrap();
    let raw = author.raw(posts::SUBMIT.method, &posts::SUBMIT.path(&[id(&draft)]), &body);
    let spent = raw.spent().unwrap();
    let post: PostView = raw.read("submitting").unwrap();
    assert_eq!(post.links.len(), 30);
    assert!(spent.queries <= 40 && spent.trips <= 6, "{spent:?}");
    assert!(names.iter().all(|name| Guest::links(&town, name).len() == 1));
}

/// A code for a decision of a member, asked for as the desk asks.
fn ask_code(member: &Member, post: &PostView, choice: Choice, town: &Town) -> (AskCode, CodeSent) {
    let item = member.ok(&posts::NONCE, &[id(post)], &Nothing {});
    let statement = Passkey::statement(member, &item, &choice, town.now());
    let ask = AskCode { statement: statement.canonical(), choice };
    let sent = member.ok(&posts::CODE, &[id(post)], &ask);
    (ask, sent)
}

pub fn email(town: &Town, member: &Member) -> String {
    let members = town.administrator().ok(&people::MEMBERS, &[], &Nothing {});
    members.into_iter().find(|row| row.id == member.me.member).unwrap().email.unwrap()
}

pub fn code_in(town: &Town, address: &str) -> String {
    let mail = town.mails(address).into_iter().find(|mail| mail.subject.contains("confirmar su decisión")).unwrap();
    mail.text.split_whitespace().find(|word| word.len() == 8 && word.parse::<u32>().is_ok()).unwrap().to_owned()
}

#[test]
fn a_member_without_a_passkey_at_hand_confirms_with_a_code_and_the_receipt_says_so() {
    let town = Town::found("Villa del Código");
    let (_, mayor) = with_passkey(town.mayor());
    let (approved, returned) = (waiting(&town), waiting(&town));
    let address = email(&town, &mayor);
    let item = mayor.ok(&posts::NONCE, &[id(&approved)], &Nothing {});
    assert_eq!(item.code, Some(mailbox(&address).masked()));
    assert!(item.options.is_some(), "the passkey is still the first way");
    let comment = Choice::Return { comment: "Falta la hora — ¿a las 9?".to_owned(), place: None };
    for (post, choice) in [(&approved, Choice::Approve), (&returned, comment)] {
        let (ask, sent) = ask_code(&mayor, post, choice.clone(), &town);
        assert_eq!(sent.mailbox, mailbox(&address).masked());
        let confirm = Confirm { code: code_in(&town, &address), checked: None };
        let body = serde_json::to_vec(&confirm).unwrap();
        let raw = mayor.raw(posts::CONFIRM.method, &posts::CONFIRM.path(&[id(post)]), &body);
        assert!(raw.spent().unwrap().trips <= 5, "{:?}", raw.spent());
        let view: PostView = raw.read("confirming").unwrap();
        assert_eq!((&view.decisions[0].decision.choice, view.decisions[0].proof), (&choice, Proof::Code));
        let receipt = mayor.ok(&posts::RECEIPT, &[id(post), view.decisions[0].id.as_str()], &Nothing {});
        let posts::Receipt::Attested(attested) = &receipt else { panic!("not by code: {receipt:?}") };
        assert_eq!(attested.statement, ask.statement);
        assert!(!attested.attestation.contains(&address), "the address is masked");
        let (register, party) = register(&town);
        verdict(&serde_json::to_value(&receipt).unwrap(), &register, &party).unwrap();
        assert_eq!(mayor.no(&posts::CONFIRM, &[id(post)], &confirm), Refusal::AlreadyDecided);
    }
}

#[test]
fn a_code_of_a_member_confirms_one_statement_and_no_other() {
    let town = Town::found("Villa Precisa");
    let (key, mayor) = with_passkey(town.mayor());
    let post = waiting(&town);
    let here = [id(&post)];
    let address = email(&town, &mayor);
    let no = |code: &str| mayor.no(&posts::CONFIRM, &here, &Confirm { code: code.to_owned(), checked: None });
    assert_eq!(no("12345678"), Refusal::SpentLink, "none was asked for");

    // What could not be signed gets no code.
    let item = mayor.ok(&posts::NONCE, &here, &Nothing {});
    let statement = Passkey::statement(&mayor, &item, &Choice::Approve, town.now());
    let ask = |statement: String, choice: Choice| mayor.no(&posts::CODE, &here, &AskCode { statement, choice });
    let back = Choice::Return { comment: "No".to_owned(), place: None };
    let malformed = Refusal::Malformed { field: "statement".to_owned() };
    assert_eq!(ask(statement.canonical(), back), malformed);
    assert_eq!(ask(statement.canonical().replacen(',', ", ", 1), Choice::Approve), malformed);
    let stranger = domain::statement::Statement { nonce: domain::statement::Nonce::from_bits(7), ..statement.clone() };
    assert_eq!(ask(stranger.canonical(), Choice::Approve), Refusal::SpentLink, "a number that nobody drew");
    let early = domain::statement::Statement { at: town.now().minus(Millis::days(1)), ..statement.clone() };
    assert!(matches!(ask(early.canonical(), Choice::Approve), Refusal::ClockOff { .. }));
    let of_author = town.author();
    let refused =
        of_author.no(&posts::CODE, &here, &AskCode { statement: statement.canonical(), choice: Choice::Approve });
    assert!(matches!(refused, Refusal::NotAllowed { .. }));
    let administrator = town.administrator();
    let refused =
        administrator.no(&posts::CODE, &here, &AskCode { statement: statement.canonical(), choice: Choice::Approve });
    assert_eq!(refused, Refusal::SpentLink, "another member's number");
    assert!(town.mails(&address).iter().all(|mail| !mail.subject.contains("confirmar su decisión")));

    // Wrong ones count down, and lock.
    ask_code(&mayor, &post, Choice::Approve, &town);
    let code = code_in(&town, &address);
    let other = format!("{:08}", (code.parse::<u32>().unwrap() + 1) % 100_000_000);
    for left in [4, 3, 2, 1, 0] {
        assert_eq!(no(&other), Refusal::WrongCode { left });
    }
    assert_eq!(no(&code), Refusal::SpentLink);
    // Another member cannot give it back.
    ask_code(&mayor, &post, Choice::Approve, &town);
    let code = code_in(&town, &address);
    let confirm = Confirm { code: code.clone(), checked: None };
    assert_eq!(administrator.no(&posts::CONFIRM, &here, &confirm), Refusal::SpentLink);
    // Decided with the passkey meanwhile: the code is for nothing.
    mayor.ok(&posts::DECIDE, &here, &key.decide(&mayor, &post, Choice::Approve, town.now()));
    assert_eq!(no(&code), Refusal::AlreadyDecided);

    // Over a content that changed meanwhile.
    let (author, post) = (town.author(), waiting(&town));
    ask_code(&mayor, &post, Choice::Approve, &town);
    let code = code_in(&town, &address);
    let again = author.submit(&author.edit(&post, &town.notice("El martes no hay agua.")));
    assert_eq!(mayor.no(&posts::CONFIRM, &[id(&again)], &Confirm { code, checked: None }), Refusal::OtherContent);
    assert_eq!(author.read(&post.post.id).decisions.len(), 0);
}

#[test]
fn an_organisation_may_want_passkeys_only_and_who_has_no_mailbox_has_no_code() {
    let town = Town::found("Villa de las Llaves");
    let (_, mayor) = with_passkey(town.mayor());
    let administrator = town.administrator();
    let post = waiting(&town);
    ask_code(&mayor, &post, Choice::Approve, &town);
    let code = code_in(&town, &email(&town, &mayor));
    let forbid = AllowCodes { version: standing(&administrator).version, codes: Codes::Forbidden };
    administrator.ok(&bylaws::CODES, &[], &forbid);
    assert_eq!(administrator.no(&bylaws::CODES, &[], &forbid), Refusal::Stale { current: forbid.version + 1 });
    assert_eq!(mayor.ok(&posts::NONCE, &[id(&post)], &Nothing {}).code, None);
    assert_eq!(mayor.no(&posts::CONFIRM, &[id(&post)], &Confirm { code, checked: None }), Refusal::CodeForbidden);
    let item = mayor.ok(&posts::NONCE, &[id(&post)], &Nothing {});
    let statement = Passkey::statement(&mayor, &item, &Choice::Approve, town.now()).canonical();
    let ask = AskCode { statement, choice: Choice::Approve };
    assert_eq!(mayor.no(&posts::CODE, &[id(&post)], &ask), Refusal::CodeForbidden);
    // Outside it is the only way there is.
    let ana = address("ana");
    through(&town, vec![asked(1, Quorum::Any, &[&ana])]);
    waiting(&town);
    let mut guest = Guest::of(&town, &ana);
    guest.enter();
    assert!(guest.decide("approve", "").text().contains("Su decisión está tomada"));

    let allow = AllowCodes { version: standing(&administrator).version, codes: Codes::Allowed };
    administrator.ok(&bylaws::CODES, &[], &allow);
    let row = administrator.ok(&people::MEMBERS, &[], &Nothing {});
    let row = row.into_iter().find(|row| row.id == mayor.me.member).unwrap();
    let change = people::ChangeMember { name: row.name, email: None, role: row.role, access: row.access };
    administrator.ok(&people::CHANGE_MEMBER, &[mayor.me.member.as_str()], &change);
    assert_eq!(mayor.ok(&posts::NONCE, &[id(&post)], &Nothing {}).code, None);
}

#[test]
fn a_code_and_a_tap_at_once_are_one_decision() {
    let town = Town::found("Villa del Empate");
    let (key, mayor) = with_passkey(town.mayor());
    let address = email(&town, &mayor);
    for _ in 0..3 {
        let post = waiting(&town);
        ask_code(&mayor, &post, Choice::Approve, &town);
        let confirm = Confirm { code: code_in(&town, &address), checked: None };
        let signed = key.decide(&mayor, &post, Choice::Approve, town.now());
        let taken = thread::scope(|scope| {
            let with_code = scope.spawn(|| mayor.ask(&posts::CONFIRM, &[id(&post)], &confirm).is_ok());
            let again = scope.spawn(|| mayor.ask(&posts::CONFIRM, &[id(&post)], &confirm).is_ok());
            let with_key = scope.spawn(|| mayor.ask(&posts::DECIDE, &[id(&post)], &signed).is_ok());
            [with_code, again, with_key].into_iter().map(|task| task.join().unwrap()).filter(|ok| *ok).count()
        });
        assert_eq!((taken, town.author().read(&post.post.id).decisions.len()), (1, 1));
    }
}
