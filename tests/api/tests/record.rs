//! The record: everything that happened, chained, checked from outside with the same rules.

use api_journeys::{
    Answer, Member, Passkey, Site, Town, because, encode, eventually,
    export::{Taken, take_out},
    id, send,
    verifier::export_verdict,
};
use domain::{
    Choice, Kind, Language, Millis, Moment, Network, Refusal, Role, Target, UnitId,
    bylaws::Unit,
    delivery::PublicationState,
    record::{Actor, Entry, GENESIS, Subject, verify},
    task::{About, Assignee, Request, Urgency},
};
use serde_json::{Value, json};
use wire::{
    Method, Nothing, bylaws, organisations, people, posts, publications,
    records::{self, Found, Search},
    session::{self, EnrolBy},
    tasks,
};

/// Seals what waits and reads the whole chain of the member's organisation, verified as any citizen could.
pub fn whole_chain(reader: &Member, town: &Town) -> Vec<Entry> {
    let began = std::time::Instant::now();
    eventually("the seal", || {
        let page = reader.ok(&records::RECORDS, &[], &records::From { after: 0 });
        if page.unsealed > 0 && began.elapsed().as_millis().is_multiple_of(3) {
            town.tick();
        }
        (page.unsealed == 0).then_some(())
    });
    let (mut all, mut after) = (Vec::new(), (0, GENESIS.to_owned()));
    loop {
        let page = reader.ok(&records::RECORDS, &[], &records::From { after: after.0 });
        assert_eq!(page.before, after.1);
        let (head, chain) = (page.head, page.head_chain);
        after =
            verify((after.0, &after.1), &page.entries).unwrap_or_else(|broken| panic!("the chain breaks: {broken:?}"));
        all.extend(page.entries);
        if after.0 >= head {
            assert_eq!(after, (head, chain));
            all.iter().for_each(says_who);
            return all;
        }
    }
}

/// No entry of any journey may keep silent on who did it; that nobody is known is only said of who was not let in.
fn says_who(entry: &Entry) {
    let Some(body) = &entry.body else { return };
    let body: Value = serde_json::from_str(body).unwrap();
    let refused = body["what"] == "sign_in_refused";
    match Actor::of(&body) {
        Some(Actor::Member { device, how, .. } | Actor::Outside { device, how, .. }) => {
            assert!(!device.is_empty() && !how.is_empty() && !refused, "{body}");
        }
        Some(Actor::Stranger { .. }) => assert!(refused, "nobody did this: {body}"),
        Some(Actor::Engine { job }) => assert!(!job.is_empty(), "{body}"),
        None => panic!("an entry does not say who did it: {body}"),
    }
}

fn body(entry: &Entry) -> Value {
    serde_json::from_str(entry.body.as_deref().unwrap()).unwrap()
}

fn find(reader: &Member, search: &Search) -> Found {
    reader.ok(&records::SEARCH, &[], search)
}

/// The subjects of what is found, the newest first.
fn subjects(found: &Found) -> Vec<&str> {
    found.entries.iter().map(|kept| kept.entry.subject.as_str()).collect()
}

/// The heads of the town, as anybody reads them.
fn heads(town: &Town) -> Value {
    let answer = send("GET", &format!("/{}/record.json", town.founded.slug), &[], b"");
    serde_json::from_slice(&answer.body).unwrap()
}

#[test]
fn a_life_is_kept_step_by_step_and_the_chain_verifies() {
    let town = Town::found("Villa de la Memoria");
    let (author, mayor) = (town.author(), town.mayor());
    let content = town.notice("Mañana, limpieza de la acequia.");
    let approved = mayor.approve(&author.submit(&author.write(&content)));
    author.release(&approved);
    author.wait_for(&approved.post.id, PublicationState::Out);
    let kept = whole_chain(&town.member(Role::Records), &town);
    let subjects: Vec<Subject> = kept.iter().map(|entry| entry.subject).collect();
    let told: Vec<Subject> =
        [Subject::Submission, Subject::Decision, Subject::Placement, Subject::Publication].to_vec();
    let of_the_post: Vec<Subject> = subjects.into_iter().filter(|subject| told.contains(subject)).collect();
    assert_eq!(of_the_post, told);
    let publication = kept.iter().find(|entry| entry.subject == Subject::Publication).unwrap();
    assert!(publication.body.as_deref().unwrap().contains("Mañana, limpieza de la acequia."));
    assert!(kept.iter().all(|entry| entry.salt.as_deref().is_some_and(|salt| salt.len() == 32)));
}

#[test]
fn an_erased_body_is_gone_and_the_chain_still_verifies() {
    let town = Town::found("Villa del Olvido");
    let (author, archivist) = (town.author(), town.member(Role::Records));
    author.submit(&author.write(&town.notice("Un dato que no debía estar: calle del Pozo.")));
    let before = whole_chain(&archivist, &town);
    let submission = before.iter().find(|entry| entry.subject == Subject::Submission).unwrap();
    let erase = |reason: &str| records::Erase { seq: submission.seq, reason: reason.to_owned() };
    assert_eq!(author.no(&records::ERASE, &[], &erase("Sí.")), Refusal::NotAllowed { act: domain::Act::EraseRecord });
    assert_eq!(archivist.no(&records::ERASE, &[], &erase(" ")), Refusal::ReasonWanted);
    archivist.ok(&records::ERASE, &[], &erase("Artículo 17 del RGPD, petición 12."));
    assert_eq!(archivist.no(&records::ERASE, &[], &erase("Otra vez.")), Refusal::NotFound);

    let after = whole_chain(&archivist, &town);
    let erased = &after[submission.seq as usize - 1];
    assert_eq!((&erased.body, &erased.salt, &erased.digest), (&None, &None, &submission.digest));
    assert!(!format!("{after:?}").contains("calle del Pozo"));
    assert!(after.iter().any(|entry| entry.subject == Subject::Erasure));
    let verified = archivist.ok(&records::VERIFY, &[], &records::From { after: 0 });
    assert_eq!((verified.broken, verified.upto), (None, after.len() as u64));
}

#[test]
fn acts_in_parallel_do_not_fork_the_chain() {
    let town = Town::found("Villa de la Prisa");
    let (author, administrator) = (town.author(), town.administrator());
    std::thread::scope(|scope| {
        for place in 0..8 {
            let who = if place % 2 == 0 { &author } else { &administrator };
            let town = &town;
            scope.spawn(move || {
                for number in 0..5 {
                    who.submit(&who.write(&town.notice(&format!("Aviso {place}-{number}."))));
                    if number % 2 == 0 {
                        town.tick();
                    }
                }
            });
        }
    });
    let kept = whole_chain(&author, &town);
    let submissions = kept.iter().filter(|entry| entry.subject == Subject::Submission).count();
    assert_eq!(submissions, 40);
    let numbers: Vec<u64> = kept.iter().map(|entry| entry.seq).collect();
    assert_eq!(numbers, (1..=kept.len() as u64).collect::<Vec<_>>());
}

#[test]
fn every_organisation_has_a_chain_of_its_own() {
    let town = Town::found("Villa Primera");
    let other = town.neighbour("Villa Segunda");
    let (author, stranger) = (town.author(), other.author());
    author.submit(&author.write(&town.notice("De la primera.")));
    stranger.submit(&stranger.write(&other.notice("De la segunda.")));
    let (first, second) = (whole_chain(&author, &town), whole_chain(&stranger, &other));
    assert_eq!((first[0].seq, second[0].seq), (1, 1));
    assert!(!format!("{second:?}").contains("De la primera.") && !format!("{first:?}").contains("De la segunda."));
}

/// Takes out, and keeps the public heads beside it. Today's head grows: if an entry was sealed between the two, as the
/// export itself will be, it is done again, as anybody would.
fn proven(reader: &Member, town: &Town, search: &Search) -> (Taken, Value) {
    eventually("an export under a head that is still published", || {
        let (taken, heads) = (take_out(reader, search), heads(town));
        match export_verdict(&taken.file, &heads) {
            Ok(()) => Some((taken, heads)),
            Err(said) if said.contains("published") => None,
            Err(said) => panic!("{said}"),
        }
    })
}

/// A town in which everything was done that the record tells of, but what needs a network.
fn lived_in(town: &Town) {
    let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
    // People and devices.
    let invite = people::Invite {
        name: "La interventora".to_owned(),
        email: None,
        role: Role::Records,
        access: domain::Access::Everywhere,
    };
    let invited = administrator.ok(&people::INVITE, &[], &invite);
    let token = invited.link.split('#').nth(1).unwrap().to_owned();
    let (key, enrolled, session) = Passkey::enrol(None, &EnrolBy::Invitation { token }).unwrap();
    let member = Member::with(enrolled.me, session.unwrap());
    let again = key.sign_in().unwrap();
    member.ok(&session::END_SESSION, &[again.me.session.as_str()], &Nothing {});
    member.ok(&session::RENEW_CODES, &[], &Nothing {});
    let asked = Passkey::challenge();
    let elsewhere = Site { origin: "https://malo.example".to_owned(), ..Site::default() };
    assert!(Passkey::sign_in_with(&asked, key.prove(&asked.options, &elsewhere)).is_err());
    member.ok(&session::SIGN_OUT, &[], &Nothing {});
    administrator.ok(&people::REMOVE_MEMBER, &[member.me.member.as_str()], &Nothing {});
    // How the town works.
    let policy = &administrator.me.organisation.policy;
    let change = organisations::ChangePolicy {
        version: administrator.me.organisation.version,
        rules: policy.rules.clone(),
        window: Millis::minutes(20),
        alert: Vec::new(),
        duty: Vec::new(),
    };
    administrator.ok(&organisations::CHANGE_POLICY, &[], &change);
    let reason = Some("Acuerdo de pleno.".to_owned());
    administrator.ok(&organisations::DECLARE, &[], &organisations::Declare { kind: Kind::Service, reason });
    let standing = administrator.ok(&bylaws::BYLAWS, &[], &Nothing {});
    let unit = Unit { id: UnitId::from_bits(7), name: "Prensa".to_owned(), members: Vec::new() };
    administrator.ok(&bylaws::GROUP, &[], &bylaws::Group { version: standing.version, units: vec![unit] });
    let by_hand = administrator.connect_by_hand(Network::Facebook, None);
    // A post from the first word to its end, twice.
    let draft = author.write(&town.notice("Llama al 612 345 678 por la acequia."));
    let draft = author.edit(&draft, &town.notice("Llama al 612 345 678 por la fuente."));
    let finding = draft.findings.iter().find(|finding| finding.rule == domain::policy::Rule::PersonalData).unwrap();
    let (rule, fingerprint) = (finding.rule, finding.fingerprint());
    let waived = author.ok(
        &posts::WAIVE,
        &[id(&draft)],
        &posts::Waive { rule, fingerprint, reason: "Es el teléfono público.".to_owned() },
    );
    let waiting = author.submit(&waived);
    let choice = Choice::Return { comment: "Falta la hora.".to_owned(), place: None };
    let mut decide = api_journeys::approval(&waiting);
    decide.choice = choice;
    let returned = mayor.ok(&posts::DECIDE, &[id(&waiting)], &decide);
    let edited = author.edit(&returned, &town.notice("Corte de agua mañana a las 9."));
    let approved = mayor.approve(&author.submit(&edited));
    let placed = author.place(&approved, author.wall(town.now(), Millis::hours(5)));
    administrator.ok(&organisations::PAUSE, &[], &organisations::PauseAll { reason: "Luto.".to_owned() });
    administrator.ok(&organisations::RESUME, &[], &Nothing {});
    let held = author.wait_for(&placed.post.id, PublicationState::Held);
    let why = publications::Why { reason: "Ya no hace falta.".to_owned() };
    author.ok(&publications::GIVE_UP, &[held.publications[0].id.as_str()], &why);
    let approved = mayor.approve(&author.submit(&author.write(&town.notice("Fiestas del barrio."))));
    author.release(&approved);
    let out = author.wait_for(&approved.post.id, PublicationState::Out);
    let content = town.notice("Fiestas del barrio, el sábado.");
    let correct =
        posts::Correct { version: out.post.version, content, reason: "Faltaba el día.".to_owned(), checked: None };
    let corrected = mayor.approve(&author.ok(&posts::CORRECT, &[id(&out)], &correct));
    author.ok(&posts::TAKE_DOWN, &[id(&corrected)], &because(&corrected, "Se suspenden."));
    let cancelled = author.write(&town.notice("No saldrá."));
    author.ok(&posts::CANCEL, &[id(&cancelled)], &because(&cancelled, "Repetida."));
    // By hand, and it could not be done.
    let mut content = town.notice("A mano.");
    content.targets = vec![Target::new(by_hand.id.clone(), vec![Language::spanish()])];
    let approved = mayor.approve(&author.submit(&author.write(&content)));
    author.release(&approved);
    let in_hand = author.wait_for(&approved.post.id, PublicationState::InHand);
    let settle = publications::Settle::NotOut { reason: "Sin acceso.".to_owned() };
    author.ok(&publications::SETTLE, &[in_hand.publications[0].id.as_str()], &settle);
    let request = Request {
        title: "Foto de la fuente".to_owned(),
        instructions: String::new(),
        about: About::Post { post: approved.post.id },
        assignee: Assignee::Member { member: mayor.me.member.clone() },
        due: None,
        urgency: Urgency::Normal,
    };
    author.ok(&tasks::ASK, &[crate::tasks::new_task().as_str()], &request);
    // And what is done with the record itself.
    let archivist = town.member(Role::Records);
    let kept = whole_chain(&archivist, town);
    let seq = kept.iter().find(|entry| entry.subject == Subject::Waiver).unwrap().seq;
    archivist.ok(&records::ERASE, &[], &records::Erase { seq, reason: "Artículo 17 del RGPD.".to_owned() });
    take_out(&archivist, &Search::default());
}

#[test]
fn every_entry_of_a_town_that_was_lived_in_says_who_did_it_and_from_where() {
    let town = Town::found("Villa Vivida");
    lived_in(&town);
    let kept = whole_chain(&town.member(Role::Records), &town);
    let told: Vec<Subject> = kept.iter().map(|entry| entry.subject).collect();
    for subject in [
        Subject::Drafting,
        Subject::Submission,
        Subject::Decision,
        Subject::Waiver,
        Subject::Placement,
        Subject::Publication,
        Subject::Correction,
        Subject::Takedown,
        Subject::Incident,
        Subject::Pause,
        Subject::Declaration,
        Subject::Policy,
        Subject::Bylaws,
        Subject::Access,
        Subject::Channel,
        Subject::Task,
        Subject::Export,
        Subject::Erasure,
    ] {
        assert!(told.contains(&subject), "nothing tells of {subject:?}");
    }
    let did = |what: &str| kept.iter().filter(|entry| entry.body.is_some()).map(body).find(|body| body["what"] == what);
    for what in ["signed_in", "signed_out", "session_ended", "sign_in_refused", "exported", "created", "written"] {
        assert!(did(what).is_some(), "nobody {what}");
    }
    // Who did it is sealed with it, and says how it is known.
    let joined = did("member_joined").unwrap();
    assert_eq!((&joined["actor"]["who"], &joined["actor"]["how"]), (&json!("member"), &json!("invitation")));
    let author = town.author();
    let submitted = kept.iter().find(|entry| entry.subject == Subject::Submission).map(body).unwrap();
    let Some(Actor::Member { member, role, session, how, .. }) = Actor::of(&submitted) else { panic!("{submitted}") };
    assert_eq!((member, role, how.as_str()), (author.me.member, Some(Role::Author), "rehearsal"));
    assert!(session.is_some());
    let out = kept.iter().find(|entry| entry.subject == Subject::Publication).map(body).unwrap();
    assert_eq!(Actor::of(&out), Some(Actor::Engine { job: "deliver".to_owned() }));
}

#[test]
fn a_sitting_of_writing_is_one_entry_and_comes_before_what_is_done_with_it() {
    let town = Town::alone("Villa Escribiente");
    town.tick();
    let (author, administrator) = (town.author(), town.administrator());
    let mut post = author.write(&town.notice("Uno."));
    for text in ["Dos.", "Tres.", "Cuatro."] {
        post = author.edit(&post, &town.notice(text));
    }
    let post = administrator.edit(&post, &town.notice("Cinco."));
    let waiting = author.submit(&post);
    // What is submitted and then changed is told at once, and the writing when nobody goes on with it.
    author.edit(&waiting, &town.notice("Seis."));
    town.ahead(Millis::minutes(20));
    town.tick();
    let before = written(&author, &town);
    town.ahead(Millis::minutes(40));
    town.tick();
    let after = written(&author, &town);
    town.ahead(Millis(0));
    assert_eq!(before, [("created", 0), ("written", 4), ("written", 1), ("reopened", 0)]);
    assert_eq!(after, [before, vec![("written", 1)]].concat());
    let trail = find(&author, &Search { post: Some(waiting.post.id.clone()), ..Search::default() });
    assert_eq!(subjects(&trail), ["drafting", "drafting", "submission", "drafting", "drafting", "drafting"]);
    let heading = author.read(&waiting.post.id).post.content.heading();
    assert!(trail.entries.iter().all(|kept| kept.heading.as_ref() == Some(&heading)));
}

/// What the record tells of writing: what, and how often it was saved.
fn written(reader: &Member, town: &Town) -> Vec<(&'static str, u64)> {
    let kept = whole_chain(reader, town);
    let drafting = kept.iter().filter(|entry| entry.subject == Subject::Drafting).map(body);
    let name =
        |body: &Value| ["created", "written", "reopened"].into_iter().find(|what| body["what"] == *what).unwrap();
    drafting.map(|body| (name(&body), body["saves"].as_u64().unwrap_or_default())).collect()
}

#[test]
fn the_record_is_looked_through_by_who_what_when_where_and_words() {
    let town = Town::found("Villa Buscada");
    lived_in(&town);
    let (reader, author) = (town.member(Role::Records), town.author());
    let all = whole_chain(&reader, &town);
    let search = |change: &dyn Fn(&mut Search)| {
        let mut search = Search::default();
        change(&mut search);
        find(&reader, &search)
    };
    // Page by page, the newest first, each once.
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = find(&reader, &Search { cursor, ..Search::default() });
        assert!(page.entries.len() == 50 || page.next.is_none());
        seen.extend(page.entries.into_iter().map(|kept| (kept.entry.at, kept.entry.seq)));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let mut sorted = seen.clone();
    sorted.sort_unstable_by(|one, other| other.cmp(one));
    sorted.dedup();
    assert_eq!((&seen, seen.len()), (&sorted, all.len()));

    let about_hand = search(&|search| search.text = Some("SIN ACCESO".to_owned()));
    assert_eq!(subjects(&about_hand), ["incident"]);
    // Accents, capitals, a number, and words that stand apart.
    for text in ["corte manana", "Mañana CORTE", "612", "\"", "acuerdo de pleno"] {
        let found = search(&|search| search.text = Some(text.to_owned()));
        assert_eq!(found.entries.is_empty(), text == "\"", "{text}");
    }
    // A name of a field is no word that was kept.
    assert!(search(&|search| search.text = Some("content_hash".to_owned())).entries.is_empty());
    assert_eq!(search(&|search| search.text = Some("reaparición".to_owned())).next, None);

    let mine = search(&|search| search.person = Some(author.me.member.clone()));
    assert!(!mine.entries.is_empty());
    let names_me = |kept: &records::Kept| kept.entry.body.as_deref().unwrap().contains(author.me.member.as_str());
    assert!(mine.entries.iter().all(names_me));
    let by_engine = search(&|search| search.engine = Some(true));
    assert!(by_engine.entries.iter().all(|kept| kept.entry.body.as_deref().unwrap().contains("\"who\":\"engine\"")));
    let both = search(&|search| {
        search.person = Some(author.me.member.clone());
        search.subjects = Some("task,waiver".to_owned());
    });
    assert_eq!(subjects(&both), ["task"], "the waiver was erased: it names nobody any more");
    assert_eq!(subjects(&search(&|search| search.subjects = Some("waiver".to_owned()))), ["waiver"]);
    let channel = mine.channels.iter().find(|(_, name)| name == "Facebook").unwrap().0.clone();
    let there = search(&|search| search.channel = Some(channel.clone()));
    assert_eq!(subjects(&there), ["incident", "channel"]);
    let (first, last) = (all[0].at, all[all.len() - 1].at);
    assert!(search(&|search| search.until = Some(first)).entries.is_empty());
    assert!(search(&|search| search.from = Some(last.plus(Millis(1)))).entries.is_empty());
    let early = search(&|search| search.until = Some(Moment(first.0 + 1)));
    assert!(early.entries.iter().all(|kept| kept.entry.at == first) && !early.entries.is_empty());
    let no = |change: &dyn Fn(&mut Search)| {
        let mut search = Search::default();
        change(&mut search);
        reader.no(&records::SEARCH, &[], &search)
    };
    for cursor in ["x", "1-x", "-"] {
        let refused = no(&|search| search.cursor = Some(cursor.to_owned()));
        assert_eq!(refused, Refusal::Malformed { field: "search".to_owned() });
    }
    assert!(matches!(no(&|search| search.subjects = Some("x') OR 1".to_owned())), Refusal::Malformed { .. }));
    assert!(matches!(no(&|search| search.text = Some("x".repeat(300))), Refusal::TooLarge { .. }));
}

#[test]
fn what_is_taken_out_verifies_by_itself_and_the_taking_out_is_kept() {
    let town = Town::found("Villa Comprobada");
    lived_in(&town);
    let archivist = town.member(Role::Records);
    whole_chain(&archivist, &town);
    let everything = take_out(&archivist, &Search::default());
    let part = take_out(&archivist, &Search { text: Some("fiestas".to_owned()), ..Search::default() });
    let sought = Search { text: Some("libro de hojas".to_owned()), ..Search::default() };
    archivist.ok(&records::EXPORT, &[], &records::Export { search: sought, format: records::Format::Xlsx });
    let begun = whole_chain(&archivist, &town);
    let (again, heads) = proven(&archivist, &town, &Search { text: Some("fiestas".to_owned()), ..Search::default() });
    assert!(part.entries.len() > 3 && part.entries.len() < everything.entries.len());
    assert_eq!(everything.entries.len() as u64, everything.begun.upto);
    let kept = begun.iter().filter(|entry| entry.subject == Subject::Export).map(body).collect::<Vec<_>>();
    let of_part = kept.iter().find(|body| body["search"]["text"] == "fiestas").unwrap();
    assert_eq!((&of_part["by"], &of_part["format"]), (&json!(archivist.me.member), &json!("json")));
    let of_workbook = kept.iter().find(|body| body["format"] == "xlsx").unwrap();
    assert_eq!(of_workbook["search"]["text"], "libro de hojas");

    let seq = part.entries[0].seq;
    let tampered = |change: &dyn Fn(&mut Value)| {
        let mut file = again.file.clone();
        change(&mut file);
        export_verdict(&file, &heads).unwrap_err()
    };
    let body_of = "/runs/0/entries/0/body";
    assert!(tampered(&|file| *file.pointer_mut(body_of).unwrap() = json!("{}")).contains("content"));
    assert!(tampered(&|file| file["runs"][0]["entries"].as_array_mut().unwrap().truncate(1)).contains("refused"));
    assert!(tampered(&|file| file["runs"][0]["head"]["chain"] = json!(GENESIS)).contains("head"));
    assert!(tampered(&|file| file["entries"] = json!(1)).contains("count"));
    let next_door = town.neighbour("Villa Ajena");
    let (stranger, other) = (next_door.member(Role::Records), next_door.author());
    other.submit(&other.write(&next_door.notice("De otra.")));
    whole_chain(&stranger, &next_door);
    let theirs = take_out(&stranger, &Search::default());
    assert!(export_verdict(&theirs.file, &heads).unwrap_err().contains("published"));

    // An erased content leaves what is found and what is taken out; the file verifies all the same.
    archivist.ok(&records::ERASE, &[], &records::Erase { seq, reason: "Artículo 17.".to_owned() });
    let begun = whole_chain(&archivist, &town);
    let found = find(&archivist, &Search { text: Some("fiestas".to_owned()), ..Search::default() });
    assert!(found.entries.iter().all(|kept| kept.entry.seq != seq));
    let after =
        take_out(&archivist, &Search { until: Some(begun[seq as usize - 1].at.plus(Millis(1))), ..Search::default() });
    let erased = after.entries.iter().find(|entry| entry.seq == seq).unwrap();
    assert_eq!((&erased.body, &erased.salt), (&None, &None));
    let (after, _) = proven(&archivist, &town, &Search { text: Some("fiestas".to_owned()), ..Search::default() });
    assert!(after.entries.iter().all(|entry| entry.seq != seq));

    // What somebody else took out is theirs, and an entry that is no export is none.
    let onward = records::Onward::default();
    assert_eq!(town.author().no(&records::EXPORTED, &[again.begun.export.as_str()], &onward), Refusal::NotFound);
    assert_eq!(archivist.no(&records::EXPORTED, &[begun[0].id.as_str()], &onward), Refusal::NotFound);
    assert_eq!(
        archivist.no(&records::LINKS, &[], &records::Stand { from: 0 }),
        Refusal::Malformed { field: "from".to_owned() }
    );
}

#[test]
fn who_sees_only_some_channels_sees_nothing_of_the_record() {
    let town = Town::found("Villa Discreta");
    let agency = town.member(Role::Agency);
    let refused = Refusal::NotAllowed { act: domain::Act::ReadRecord };
    assert_eq!(agency.no(&records::SEARCH, &[], &Search::default()), refused);
    assert_eq!(agency.no(&records::RECORDS, &[], &records::From { after: 0 }), refused);
    let export = records::Export { search: Search::default(), format: records::Format::Csv };
    assert_eq!(agency.no(&records::EXPORT, &[], &export), refused);
}

#[test]
fn a_page_reads_what_it_shows_however_much_is_kept() {
    let town = Town::found("Villa Sin Fondo");
    let (author, reader) = (town.author(), town.member(Role::Records));
    let post = author.submit(&author.write(&town.notice("La que se busca.")));
    for number in 0..60 {
        author.submit(&author.write(&town.notice(&format!("Otra más, la {number}."))));
    }
    whole_chain(&reader, &town);
    let rows = |search: &Search| {
        let (path, body) = encode(Method::Get, records::SEARCH.path(&[]), search);
        let raw = reader.raw(Method::Get, &path, &body);
        let found: Answer<Found> = raw.read("the search");
        (raw.spent().unwrap().rows as usize, found.unwrap().entries.len())
    };
    let names = 40;
    let (read, shown) = rows(&Search { post: Some(post.post.id.clone()), ..Search::default() });
    assert_eq!(shown, 3);
    assert!(read <= 4 * shown + names, "{read} rows read for {shown}");
    for search in [
        Search::default(),
        Search { person: Some(author.me.member.clone()), ..Search::default() },
        Search { subjects: Some("submission".to_owned()), ..Search::default() },
    ] {
        let (read, shown) = rows(&search);
        assert_eq!(shown, 50);
        assert!(read <= 4 * shown + names, "{read} rows read for {shown}: {search:?}");
    }
}
