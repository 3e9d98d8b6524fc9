//! The earlier contents of a post: which are kept, how they are brought back, who reads them; and two people who write in one at
//! the same time, of whom nobody loses a word.

use std::collections::{BTreeMap, BTreeSet};

use api_journeys::{Member, Town, approval, at, because, eventually, id, send};
use domain::{
    Access, Choice, Content, HealthState, Language, Millis, PostId, Refusal, Role, StageName, Target,
    history::{HANDOVER, LeftOut, MOST_DRAFTS, Why},
    merge::{Field, Side, merge},
};
use wire::{
    Nothing, channels,
    history::{Kept, Older, RESTORE, Restore, Restored, VERSIONS, Versions},
    library, organisations, people,
    posts::{self, PostView},
    records, rehearsal,
};

use crate::{
    documents::{self, pdf},
    media::{picture, png, stored},
    poster::pose,
    races::at_once,
    video,
};

fn versions(member: &Member, post: &PostView) -> Versions {
    member.ok(&VERSIONS, &[id(post)], &Older::default())
}

/// What the earlier contents say, newest first.
fn said(member: &Member, post: &PostView) -> Vec<String> {
    versions(member, post).kept.iter().map(|kept| kept.content.texts[&Language::spanish()].clone()).collect()
}

/// Every page of them.
fn all(member: &Member, post: &PostView) -> Vec<Kept> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let page = member.ok(&VERSIONS, &[id(post)], &Older { before });
        assert!(page.kept.len() <= 10);
        all.extend(page.kept);
        before = page.next;
        if before.is_none() {
            return all;
        }
    }
}

fn restore(member: &Member, post: &PostView, of: u64) -> Restored {
    member.ok(&RESTORE, &[id(post)], &Restore { version: post.post.version, of })
}

fn returned(post: &PostView) -> posts::Decide {
    let choice = Choice::Return { comment: "Falta la hora.".to_owned(), place: None };
    posts::Decide { choice, ..approval(post) }
}

#[test]
fn what_was_submitted_is_kept_and_brought_back_and_that_voids_what_was_agreed_to() {
    let town = Town::found("Villa de la Memoria");
    let (author, mayor) = (town.author(), town.mayor());
    let (first, second) = (town.notice("El pleno es el jueves."), town.notice("El pleno es el viernes."));
    let waiting = author.submit(&author.write(&first));
    let back = mayor.ok(&posts::DECIDE, &[id(&waiting)], &returned(&waiting));
    let agreed = mayor.approve(&author.submit(&author.edit(&back, &second)));
    let placed = author.place(&agreed, author.wall(author.now(), Millis::hours(5)));
    assert_eq!(placed.writer.as_ref(), Some(&author.me.member), "whoever agreed or planned wrote nothing");

    let kept = versions(&mayor, &placed);
    let of = |kept: &Kept| (kept.why, kept.by.clone(), kept.content.clone());
    let by = author.me.member.clone();
    assert_eq!(
        kept.kept.iter().map(of).collect::<Vec<_>>(),
        [(Why::Submitted { round: 2 }, by.clone(), second.clone()), (Why::Submitted { round: 1 }, by, first.clone()),]
    );
    assert_eq!((kept.next, kept.gone), (None, vec![]));

    let restored = restore(&author, &placed, kept.kept[1].version);
    assert_eq!((&restored.post.post.content, restored.left_out), (&first, vec![]));
    assert_eq!(restored.post.post.stage.name(), StageName::Draft, "an edit like any other");
    assert!(restored.post.post.plan.is_some() && restored.post.publications.iter().all(|one| !one.is_seen()));
    assert_eq!(author.no(&posts::RELEASE, &[id(&placed)], &at(&restored.post)), Refusal::NotApproved);
    // What stood there was submitted: it is kept already, and undoing is an edit too.
    assert_eq!(versions(&author, &placed).kept.len(), 2);
    let undone = author.edit(&restored.post, &second);
    assert_eq!(undone.post.content, second);
    // The same twice changes nothing.
    let twice = restore(&author, &undone, kept.kept[0].version);
    assert_eq!(twice.post.post.version, undone.post.version);
    let trail = crate::record::whole_chain(&author, &town);
    let told =
        |what: &str| trail.iter().filter(|entry| entry.body.as_deref().is_some_and(|body| body.contains(what))).count();
    assert_eq!(told("\"what\":\"restored\""), 1);
}

#[test]
fn the_autosaves_of_one_sitting_keep_nothing_and_another_hand_or_a_rest_does() {
    let town = Town::alone("Villa del Descanso");
    let (author, administrator) = (town.author(), town.administrator());
    let mut draft = author.write(&town.notice("Uno."));
    for text in ["Uno y dos.", "Uno y dos y tres.", "Uno y dos y tres y cuatro."] {
        draft = author.edit(&draft, &town.notice(text));
    }
    assert_eq!(said(&author, &draft), [""; 0], "a row each few seconds would be none of anybody's use");
    draft = administrator.edit(&draft, &town.notice("Otra cosa."));
    assert_eq!(said(&author, &draft), ["Uno y dos y tres y cuatro."]);
    assert_eq!(versions(&author, &draft).kept[0].by, author.me.member);
    assert_eq!(versions(&author, &draft).kept[0].why, Why::Written);
    draft = administrator.edit(&draft, &town.notice("Otra cosa más."));
    assert_eq!(said(&author, &draft).len(), 1);
    town.ahead(Millis::minutes(11));
    draft = administrator.edit(&draft, &town.notice("Después del café."));
    assert_eq!(said(&author, &draft), ["Otra cosa más.", "Uno y dos y tres y cuatro."]);
    // Going back keeps what stands there, however fresh it is.
    let first = versions(&author, &draft).kept[1].version;
    let restored = restore(&administrator, &draft, first);
    assert_eq!(said(&author, &restored.post)[0], "Después del café.");
    assert_eq!(restored.post.post.content, town.notice("Uno y dos y tres y cuatro."));
}

#[test]
fn an_autosave_writes_no_row_for_the_history() {
    let town = Town::alone("Villa del Ahorro");
    let author = town.author();
    let mut draft = author.write(&town.notice("Uno."));
    let spent = || {
        let raw = send("GET", rehearsal::SPENDING.pattern, &[], b"");
        raw.read::<rehearsal::Spending>("spending").unwrap().rows_written
    };
    let mut written = Vec::new();
    for n in 0..6 {
        spent();
        draft = author.edit(&draft, &town.notice(&format!("Uno, {n}.")));
        written.push(spent());
    }
    println!("rows written by autosaves: {written:?}");
    assert_eq!(versions(&author, &draft).kept, []);
    let least = *written.iter().min().unwrap();
    // What one with a kept version writes more: the row, and its index. The clock that was moved writes too: the least of several.
    let kept = (1..=4).map(|n| {
        town.ahead(Millis::minutes(11 * n));
        // What the clock has to do then is done first.
        author.read(&draft.post.id);
        town.tick();
        std::thread::sleep(std::time::Duration::from_secs(2));
        spent();
        draft = author.edit(&draft, &town.notice(&format!("Después, {n}.")));
        spent()
    });
    let kept = kept.min().unwrap();
    assert_eq!(versions(&author, &draft).kept.len(), 4);
    assert!(kept >= least + 2 && kept <= least + 4, "{kept} against {least}");
}

#[test]
fn so_many_drafts_are_kept_and_whatever_was_submitted() {
    let town = Town::alone("Villa Prolija");
    let (author, administrator) = (town.author(), town.administrator());
    let first = author.submit(&author.write(&town.notice("Lo que se envió.")));
    let mut draft = author.ok(&posts::WITHDRAW, &[id(&first)], &at(&first));
    let most = MOST_DRAFTS as usize;
    // What stands at first was submitted, what stands at last is not overwritten.
    for n in 0..most + 4 {
        let who = if n % 2 == 0 { &administrator } else { &author };
        // Each leaves it to the other.
        town.ahead(Millis(HANDOVER.0 * (n as i64 + 1)));
        draft = who.edit(&draft, &town.notice(&format!("Borrador {n}.")));
    }
    let kept = all(&author, &draft);
    let written: Vec<_> = kept.iter().filter(|one| one.why == Why::Written).collect();
    assert_eq!((kept.len(), written.len()), (most + 1, most));
    assert_eq!(written[0].content, town.notice(&format!("Borrador {}.", most + 2)));
    assert_eq!(written[most - 1].content, town.notice("Borrador 3."), "the oldest went");
    assert_eq!(kept.last().unwrap().why, Why::Submitted { round: 1 });
    assert!(kept.windows(2).all(|pair| pair[0].version > pair[1].version));
}

#[test]
fn what_was_deleted_since_is_left_out_and_said() {
    let town = Town::found("Villa Menguante");
    let (author, administrator) = (town.author(), town.administrator());
    let (bytes, other) = (png(61, 7), png(62, 7));
    let (gone, stays) = (stored(&author, &bytes), stored(&author, &other));
    let channel = administrator.connect_by_hand(domain::Network::Whatsapp, None);
    let mut rich = town.notice("Con fotos y en dos sitios.");
    rich.pictures = vec![picture(&gone, "La fuente vieja"), picture(&stays, "La plaza")];
    rich.video = Some(video::video(&video::stored(&author, &video::film(4_000, 61, &[])), video::ALT));
    pose(&author, &mut rich, 61, None);
    let cover = rich.video.as_ref().and_then(|video| video.poster.clone()).unwrap().media;
    rich.document = Some(documents::document(&documents::stored(&author, &pdf(2, 100, 61, "null")), "Acta"));
    rich.targets.push(Target::new(channel.id.clone(), vec![Language::spanish()]));
    let draft = author.write(&rich);
    let plain = administrator.edit(&draft, &town.notice("Sin nada."));
    for media in [&gone.id, &cover] {
        author.ok(&library::DELETE, &[media.as_str()], &Nothing {});
    }
    administrator.ok(&channels::DISCONNECT, &[channel.id.as_str()], &Nothing {});
    let all = author.ok(&channels::CHANNELS, &[], &Nothing {});
    assert!(all.iter().all(|one| one.id != channel.id || one.health.state == HealthState::Disconnected));

    let found = versions(&author, &plain);
    let is_gone: BTreeSet<_> = found.gone.iter().collect();
    assert_eq!((is_gone, found.kept.len()), (BTreeSet::from([&gone.id, &cover]), 1));
    let restored = restore(&author, &plain, found.kept[0].version);
    let name = "La fuente vieja".to_owned();
    let poster = LeftOut::Poster { name: video::ALT.to_owned() };
    assert_eq!(restored.left_out, [LeftOut::Picture { name }, poster, LeftOut::Channel { channel: channel.id }]);
    let content = &restored.post.post.content;
    assert_eq!(content.video.as_ref().map(|video| video.poster.is_some()), Some(false));
    assert_eq!(content.document, rich.document, "it is there");
    assert_eq!((content.pictures.len(), content.pictures[0].alt[&Language::spanish()].as_str()), (1, "La plaza"));
    assert_eq!((&content.texts, content.targets.len()), (&rich.texts, 1));
    assert_eq!(restored.post.post.stage.name(), StageName::Draft);
}

#[test]
fn whoever_may_not_write_does_not_bring_back_and_whoever_does_not_see_does_not_read() {
    let town = Town::alone("Villa Reservada");
    let (author, administrator) = (town.author(), town.administrator());
    let translator = town.member(Role::Translator);
    let draft = author.write(&town.notice("Uno."));
    let edited = administrator.edit(&draft, &town.notice("Dos."));
    let of = versions(&translator, &edited).kept[0].version;
    let asked = Restore { version: edited.post.version, of };
    // A translator writes words, and these are words.
    assert_eq!(translator.ok(&RESTORE, &[id(&draft)], &asked).post.post.content, town.notice("Uno."));
    let mut wider = town.notice("Tres.");
    let channel = administrator.connect_by_hand(domain::Network::Whatsapp, None);
    wider.targets.push(Target::new(channel.id.clone(), vec![Language::spanish()]));
    let now = author.read(&draft.post.id);
    let wide = author.edit(&now, &wider);
    let back = Restore { version: wide.post.version, of };
    assert_eq!(
        translator.no(&RESTORE, &[id(&draft)], &back),
        Refusal::NotAllowed { act: domain::Act::Write },
        "channels are not words"
    );
    assert_eq!(town.mayor().no(&RESTORE, &[id(&draft)], &back), Refusal::NotAllowed { act: domain::Act::Contribute });

    // An agency of another channel neither reads nor writes it.
    let members = administrator.ok(&people::MEMBERS, &[], &Nothing {});
    let row = members.into_iter().find(|member| member.role == Role::Agency).unwrap();
    let (from, until) = (author.now().minus(Millis::days(1)), author.now().plus(Millis::days(1)));
    let access = Access::Limited { channels: vec![channel.id.clone()], from, until };
    let change = people::ChangeMember { name: row.name, email: row.email, role: Role::Agency, access };
    administrator.ok(&people::CHANGE_MEMBER, &[row.id.as_str()], &change);
    let agency = town.member(Role::Agency);
    town.ahead(HANDOVER);
    let only = administrator.edit(&wide, &town.notice("Solo en el tablón."));
    assert_eq!(agency.no(&VERSIONS, &[id(&only)], &Older::default()), Refusal::OutOfReach);
    let asked = Restore { version: only.post.version, of };
    assert_eq!(agency.no(&RESTORE, &[id(&only)], &asked), Refusal::OutOfReach);
    // What goes to its channel it reads, and of what was before only what it would have seen then.
    let shared = administrator.edit(&only, &Content { targets: vec![wider.targets[1].clone()], ..wider.clone() });
    assert!(
        versions(&agency, &shared).kept.iter().all(|kept| kept
            .content
            .targets
            .iter()
            .any(|one| one.channel == channel.id))
    );
    assert!(versions(&author, &shared).kept.len() > versions(&agency, &shared).kept.len());
}

#[test]
fn a_post_of_another_organisation_has_no_versions_and_none_of_another_post_is_brought_back() {
    let town = Town::found("Villa Propia");
    let (author, administrator) = (town.author(), town.administrator());
    let draft = author.write(&town.notice("Uno."));
    let edited = administrator.edit(&draft, &town.notice("Dos."));
    let of = versions(&author, &edited).kept[0].version;
    let other = town.neighbour("Villa Ajena").author();
    assert_eq!(other.no(&VERSIONS, &[id(&draft)], &Older::default()), Refusal::NotFound);
    let asked = Restore { version: edited.post.version, of };
    assert_eq!(other.no(&RESTORE, &[id(&draft)], &asked), Refusal::NotFound);
    // The version is one of that post, and not of every post.
    let fresh = author.write(&town.notice("Nueva."));
    for of in [of, fresh.post.version, 1 << 40] {
        let asked = Restore { version: fresh.post.version, of };
        assert_eq!(author.no(&RESTORE, &[id(&fresh)], &asked), Refusal::NotFound);
    }
    assert_eq!(author.ok(&VERSIONS, &[id(&edited)], &Older { before: Some(1 << 40) }).kept.len(), 1);
    assert_eq!(author.ok(&VERSIONS, &[id(&edited)], &Older { before: Some(0) }).kept, []);
}

#[test]
fn what_is_out_is_not_gone_back_with() {
    let town = Town::found("Villa Publicada");
    let (author, mayor) = (town.author(), town.mayor());
    let draft = author.write(&town.notice("Uno."));
    let waiting = author.submit(&draft);
    let back = mayor.ok(&posts::DECIDE, &[id(&waiting)], &returned(&waiting));
    let agreed = mayor.approve(&author.submit(&author.edit(&back, &town.notice("Dos."))));
    author.release(&agreed);
    let out = author.wait_for(&agreed.post.id, domain::delivery::PublicationState::Out);
    let first = versions(&author, &out).kept.last().unwrap().version;
    let asked = Restore { version: out.post.version, of: first };
    assert_eq!(author.no(&RESTORE, &[id(&out)], &asked), Refusal::WrongStage);
    // A correction is a submission: it is among them, also where it was returned.
    let right = posts::Correct {
        version: out.post.version,
        content: town.notice("Tres."),
        reason: "Errata.".to_owned(),
        checked: None,
    };
    let proposed = author.ok(&posts::CORRECT, &[id(&out)], &right);
    mayor.ok(&posts::DECIDE, &[id(&out)], &returned(&proposed));
    assert_eq!(said(&author, &out), ["Tres.", "Dos.", "Uno."]);
}

#[test]
fn what_readers_saw_is_kept_when_a_correction_takes_its_place() {
    let town = Town::found("Villa de las Erratas");
    let (administrator, author) = (town.administrator(), town.author());
    let reason = Some("Los cortes se avisan en el acto.".to_owned());
    let kind = domain::Kind::Service;
    administrator.ok(&organisations::DECLARE, &[], &organisations::Declare { kind, reason });
    let says = |text: &str| Content { kind, ..town.notice(text) };
    let submitted = author.submit(&author.write(&says("Uno.")));
    author.release(&submitted);
    let mut out = author.wait_for(&submitted.post.id, domain::delivery::PublicationState::Out);
    // Nobody agrees to these, so that none was ever submitted.
    for text in ["Dos.", "Tres."] {
        let (version, reason) = (out.post.version, "Errata.".to_owned());
        let right = posts::Correct { version, content: says(text), reason, checked: None };
        out = author.ok(&posts::CORRECT, &[id(&out)], &right);
        assert_eq!(out.post.content, says(text));
    }
    assert_eq!(said(&author, &out), ["Dos.", "Uno."], "each once");
}

#[test]
fn going_back_and_an_edit_at_once_and_nobody_loses_a_word() {
    let town = Town::found("Villa del Cruce");
    let (author, administrator) = (town.author(), town.administrator());
    let (mut restored_first, mut edited_first) = (0, 0);
    for n in 0..20 {
        let draft = author.write(&town.notice(&format!("Primero {n}.")));
        let draft = administrator.edit(&draft, &town.notice(&format!("Segundo {n}.")));
        let of = versions(&author, &draft).kept[0].version;
        let back = Restore { version: draft.post.version, of };
        let save = posts::Save { version: draft.post.version, content: town.notice(&format!("Tercero {n}.")) };
        let (restored, edited) = at_once(
            || author.ask(&RESTORE, &[id(&draft)], &back),
            || administrator.ask(&posts::SAVE, &[id(&draft)], &save),
        );
        assert!(restored.is_ok() != edited.is_ok(), "one of them: {restored:?} {edited:?}");
        let after = author.read(&draft.post.id);
        let texts = said(&author, &after);
        let loser = match (restored, edited) {
            (Ok(_), Err(no)) => {
                restored_first += 1;
                assert_eq!(after.post.content, town.notice(&format!("Primero {n}.")));
                assert!(texts.contains(&format!("Segundo {n}.")), "what stood there is kept: {texts:?}");
                Refusal::from(no)
            }
            (Err(no), _) => {
                edited_first += 1;
                assert_eq!(after.post.content, town.notice(&format!("Tercero {n}.")));
                Refusal::from(no)
            }
            _ => unreachable!("both were looked at"),
        };
        assert_eq!(loser, Refusal::Stale { current: after.post.version }, "{n}");
        assert!(texts.contains(&format!("Primero {n}.")), "{texts:?}");
    }
    println!("race of going back and an edit: {restored_first} went back, {edited_first} edited");
}

#[test]
fn two_who_write_at_once_lose_nothing_and_are_asked_only_where_both_changed_the_same() {
    let town = Town::alone("Villa a Dos Manos");
    let (author, administrator) = (town.author(), town.administrator());
    let draft = author.write(&town.notice("Fiestas de agosto."));
    let base = draft.post.content.clone();
    let titled = Content { titles: BTreeMap::from([(Language::spanish(), "Fiestas".to_owned())]), ..base.clone() };
    let worded = Content {
        link: Some("https://ayuntamiento.example/fiestas".to_owned()),
        texts: BTreeMap::from([(Language::spanish(), "Fiestas de agosto, con programa.".to_owned())]),
        ..base.clone()
    };
    author.edit(&draft, &titled);
    let save = posts::Save { version: draft.post.version, content: worded.clone() };
    assert_eq!(administrator.no(&posts::SAVE, &[id(&draft)], &save), Refusal::Stale { current: 2 });
    let theirs = administrator.read(&draft.post.id);
    assert_eq!(theirs.writer.as_ref(), Some(&author.me.member), "it can be said who was faster");
    let merged = merge(&base, &worded, &theirs.post.content, &|_| Side::Mine);
    assert_eq!(merged.clashes, []);
    let both = administrator.edit(&theirs, &merged.content);
    assert_eq!(both.post.content, Content { titles: titled.titles, ..worded.clone() });

    // And where both change the same words, a person chooses; what had stood there for a minute stays among the versions.
    let (here, there) = (town.notice("Fiestas de julio."), town.notice("Fiestas de septiembre."));
    author.edit(&both, &there);
    let theirs = administrator.read(&draft.post.id);
    let asked = merge(&both.post.content, &here, &theirs.post.content, &|_| Side::Mine);
    assert_eq!(asked.clashes, [Field::Text(Language::spanish())]);
    town.ahead(HANDOVER);
    let settled = administrator.edit(&theirs, &asked.content);
    assert_eq!(settled.post.content.texts, here.texts);
    assert_eq!(said(&author, &settled)[0], "Fiestas de septiembre.");
}

#[test]
fn what_has_served_goes_and_what_is_erased_is_gone_here_too() {
    let town = Town::alone("Villa del Olvido Justo");
    let (author, administrator) = (town.author(), town.administrator());
    let archivist = town.member(Role::Records);
    let draft = author.write(&town.notice("Calle del Pozo, número tres."));
    let secret = author.submit(&administrator.edit(&draft, &town.notice("Calle del Pozo, 3.")));
    assert_eq!(said(&author, &secret), ["Calle del Pozo, 3.", "Calle del Pozo, número tres."]);
    let seq = eventually("the seal", || {
        town.tick();
        let kept = crate::record::whole_chain(&archivist, &town);
        kept.iter().find(|entry| entry.subject == domain::record::Subject::Submission).map(|entry| entry.seq)
    });
    archivist.ok(&records::ERASE, &[], &records::Erase { seq, reason: "Artículo 17 del RGPD.".to_owned() });
    assert_eq!(said(&author, &secret), [""; 0], "nor as it was written before");

    let make = |text: &str| {
        let sent = author.submit(&author.write(&town.notice(&format!("{text}, enviado."))));
        let draft = author.ok(&posts::WITHDRAW, &[id(&sent)], &at(&sent));
        let draft = author.edit(&draft, &town.notice(&format!("{text}, borrador.")));
        administrator.edit(&draft, &town.notice(text))
    };
    let (cancelled, open) = (make("Cancelada"), make("Abierta"));
    author.ok(&posts::CANCEL, &[id(&cancelled)], &because(&cancelled, "No se hace."));
    let texts = |author: &Member, post: &PostId| said(author, &author.read(post));
    let sweeps = |after: Millis, left: &[&str]| {
        town.ahead(after);
        // Sessions end meanwhile.
        let author = town.author();
        eventually("the sweep", || {
            town.tick();
            (texts(&author, &cancelled.post.id) == left).then_some(())
        });
        author
    };
    let author = sweeps(Millis::days(91), &["Cancelada, enviado."]);
    assert_eq!(texts(&author, &open.post.id), ["Abierta, enviado."], "nobody touched it for as long");
    let author = sweeps(Millis::days(368), &[]);
    assert_eq!(texts(&author, &open.post.id), ["Abierta, enviado."], "while it is open, it stays");
}
