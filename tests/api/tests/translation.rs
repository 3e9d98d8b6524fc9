//! Translations that are older than their source: known wherever the post is opened, whoever changed it and however it was changed,
//! until somebody writes in them or says that there is nothing to write; and no part of what is agreed to.

use api_journeys::{Member, Town, approval, at, eventually, id};
use domain::{
    Content, Language, Refusal, Role, StageName,
    delivery::PublicationState,
    record::Subject,
    translation::{Behind, Original},
};
use wire::{
    history::{Older, RESTORE, Restore, VERSIONS},
    posts::{self, PostView},
    records,
};

/// A notice in Spanish and in English; it goes out in Spanish.
fn notice(town: &Town, spanish: &str, english: &str) -> Content {
    let mut content = town.notice(spanish);
    content.texts.insert(Language::english(), english.to_owned());
    content
}

/// What the source of the English text said when that was written, if it has changed since.
fn lag(member: &Member, post: &PostView) -> Option<Original> {
    let content = &post.post.content;
    post.behind.lag(&Language::english(), content, content, &member.me.organisation.languages)
}

fn text(member: &Member, post: &PostView) -> Option<String> {
    lag(member, post).map(|original| original.text)
}

fn looked_at(by: &Member, post: &PostView) -> PostView {
    let translated = posts::Translated { version: post.post.version, language: Language::english() };
    by.ok(&posts::TRANSLATED, &[id(post)], &translated)
}

#[test]
fn a_translation_is_behind_until_somebody_writes_in_it_or_says_that_it_is_not() {
    let town = Town::found("Villa Bilingüe");
    let (author, mayor, translator) = (town.author(), town.mayor(), town.member(Role::Translator));
    let draft = author.write(&notice(&town, "El pleno es el jueves.", "The session is on Thursday."));
    assert_eq!(text(&author, &draft), None);
    let moved = author.edit(&draft, &notice(&town, "El pleno es el viernes.", "The session is on Thursday."));
    let later = author.edit(&moved, &notice(&town, "El pleno es el viernes 3.", "The session is on Thursday."));
    // In any browser, and of what it was made from: not of what it said in between.
    let read = translator.read(&draft.post.id);
    assert_eq!(text(&translator, &read).as_deref(), Some("El pleno es el jueves."));
    let written =
        translator.edit(&read, &notice(&town, "El pleno es el viernes 3.", "The session is on Friday the 3rd."));
    assert_eq!(written.behind, Behind::default());

    let again = author.edit(&written, &notice(&town, "El pleno es el viernes 3", "The session is on Friday the 3rd."));
    assert_eq!(text(&author, &again).as_deref(), Some("El pleno es el viernes 3."));
    let early = posts::Translated { version: later.post.version, language: Language::english() };
    let stale = Refusal::Stale { current: again.post.version };
    assert_eq!(translator.no(&posts::TRANSLATED, &[id(&again)], &early), stale);
    let designer = town.member(Role::Designer);
    let mine = posts::Translated { version: again.post.version, language: Language::english() };
    assert!(matches!(designer.no(&posts::TRANSLATED, &[id(&again)], &mine), Refusal::NotAllowed { .. }));
    let settled = looked_at(&translator, &again);
    assert_eq!((&settled.behind, &settled.content_hash), (&Behind::default(), &again.content_hash));
    assert_eq!((settled.writer, settled.written), (again.writer, again.written), "who looked wrote nothing");
    assert_eq!(author.read(&draft.post.id).behind, Behind::default());
    // The same twice changes nothing.
    let twice = looked_at(&translator, &author.read(&draft.post.id));
    assert_eq!(twice.post.version, settled.post.version);

    // It is nothing that anybody agrees to: what was asked for stays asked for, and agreed to.
    let behind = author.edit(&twice, &notice(&town, "El pleno es el sábado.", "The session is on Friday the 3rd."));
    let waiting = looked_at(&author, &author.submit(&behind));
    assert_eq!((waiting.post.stage.name(), waiting.behind.is_empty()), (StageName::InReview, true));
    let agreed = mayor.ok(&posts::DECIDE, &[id(&waiting)], &approval(&waiting));
    assert_eq!((agreed.post.stage.name(), agreed.content_hash), (StageName::Approved, behind.content_hash));
}

#[test]
fn a_correction_and_an_earlier_version_leave_it_behind_too() {
    let town = Town::found("Villa de las Dos Lenguas");
    let (author, mayor) = (town.author(), town.mayor());
    let first = notice(&town, "Abre a las nueve.", "Opens at nine.");
    let approved = mayor.approve(&author.submit(&author.write(&first)));
    author.release(&approved);
    let out = author.wait_for(&approved.post.id, PublicationState::Out);
    let content = notice(&town, "Abre a las diez.", "Opens at nine.");
    let correct =
        posts::Correct { version: out.post.version, content, reason: "Era a las diez.".to_owned(), checked: None };
    let proposed = author.ok(&posts::CORRECT, &[id(&out)], &correct);
    assert_eq!(text(&author, &proposed), None, "what is out still says the same in both");
    let corrected = mayor.approve(&proposed);
    assert_eq!(text(&author, &corrected).as_deref(), Some("Abre a las nueve."));
    let late = posts::Translated { version: corrected.post.version, language: Language::english() };
    assert_eq!(author.no(&posts::TRANSLATED, &[id(&out)], &late), Refusal::WrongStage, "it is corrected as well");

    let sent = author.submit(&author.write(&first));
    let draft = author.ok(&posts::WITHDRAW, &[id(&sent)], &at(&sent));
    let both = author.edit(&draft, &notice(&town, "Cierra a las dos.", "Closes at two."));
    let one = author.edit(&both, &notice(&town, "Cierra a las tres.", "Closes at two."));
    assert_eq!(text(&author, &one).as_deref(), Some("Cierra a las dos."));
    let kept = author.ok(&VERSIONS, &[id(&one)], &Older::default()).kept;
    let of = kept.iter().find(|kept| kept.content == first).unwrap().version;
    let restored = author.ok(&RESTORE, &[id(&one)], &Restore { version: one.post.version, of }).post;
    assert_eq!((&restored.post.content, text(&author, &restored)), (&first, None), "both came back together");
}

#[test]
fn what_is_erased_stands_nowhere_as_what_a_translation_was_made_from() {
    let town = Town::alone("Villa sin Rastro");
    let (author, archivist) = (town.author(), town.member(Role::Records));
    let sent = author.submit(&author.write(&notice(&town, "Calle del Pozo, 3.", "Well Street, 3.")));
    let draft = author.ok(&posts::WITHDRAW, &[id(&sent)], &at(&sent));
    let clean = author.edit(&draft, &notice(&town, "Calle del Pozo.", "Well Street, 3."));
    assert_eq!(text(&author, &clean).as_deref(), Some("Calle del Pozo, 3."));
    let seq = eventually("the seal", || {
        town.tick();
        let kept = crate::record::whole_chain(&archivist, &town);
        kept.iter().find(|entry| entry.subject == Subject::Submission).map(|entry| entry.seq)
    });
    archivist.ok(&records::ERASE, &[], &records::Erase { seq, reason: "Artículo 17 del RGPD.".to_owned() });
    assert_eq!(author.read(&clean.post.id).behind, Behind::default());
}
