//! After it is out: corrected with a decision of somebody else, taken down without one.

use api_journeys::{Member, Town, approval, at, because, eventually, id};
use domain::{
    Content, Refusal, Stage, StageName,
    delivery::{ActState, Deed, PublicationState},
};
use wire::posts::{self, PostView};

fn out(town: &Town, text: &str) -> (Member, Member, PostView) {
    let (author, mayor) = (town.author(), town.mayor());
    let approved = mayor.approve(&author.submit(&author.write(&town.notice(text))));
    author.release(&approved);
    let out = author.wait_for(&approved.post.id, PublicationState::Out);
    (author, mayor, out)
}

fn correction(post: &PostView, content: Content, reason: &str) -> posts::Correct {
    posts::Correct { version: post.post.version, content, reason: reason.to_owned(), checked: None }
}

#[test]
fn a_correction_goes_out_as_an_edit_after_somebody_else_approved_it() {
    let town = Town::found("Villa de la Errata");
    let (author, mayor, post) = out(&town, "El pleno es el jueves.");
    let right = town.notice("El pleno es el viernes.");
    assert_eq!(author.no(&posts::CORRECT, &[id(&post)], &correction(&post, right.clone(), "")), Refusal::ReasonWanted);
    let proposed = author.ok(&posts::CORRECT, &[id(&post)], &correction(&post, right.clone(), "Era el viernes."));
    assert_eq!(proposed.content_hash, right.hash(), "a decision is over the correction");
    assert_eq!(proposed.post.content, post.post.content, "what is out has not changed yet");
    let twice = author.no(&posts::CORRECT, &[id(&post)], &correction(&proposed, right.clone(), "Otra."));
    assert!(matches!(twice, Refusal::Doubled { .. }));
    assert_eq!(
        author.no(&posts::DECIDE, &[id(&post)], &approval(&proposed)),
        Refusal::NotAllowed { act: domain::Act::Decide }
    );
    let waiting = mayor.ok(&posts::LIST, &[], &posts::Query { waiting: Some(true), ..Default::default() });
    assert!(waiting.items.iter().any(|row| row.id == post.post.id && row.correcting));

    mayor.approve(&proposed);
    let corrected = eventually("the edit to be out", || {
        let view = author.read(&post.post.id);
        let last = view.publications[0].acts.last()?;
        (last.deed == Deed::Edit && matches!(last.state, ActState::Done { .. })).then_some(view)
    });
    assert_eq!(corrected.post.content, right);
    assert_eq!(corrected.publications[0].acts.len(), 2);
    let kept = crate::record::whole_chain(&author, &town);
    assert!(kept.iter().any(|entry| entry.subject == domain::record::Subject::Correction
        && entry.body.as_deref().is_some_and(|body| body.contains("Era el viernes."))));
}

#[test]
fn a_correction_that_is_returned_leaves_what_is_out_as_it_was() {
    let town = Town::found("Villa Terca");
    let (author, mayor, post) = out(&town, "Abre a las nueve.");
    let proposed =
        author.ok(&posts::CORRECT, &[id(&post)], &correction(&post, town.notice("Abre a las diez."), "Cambio."));
    let back = posts::Decide {
        content_hash: proposed.content_hash.clone(),
        choice: domain::Choice::Return { comment: "Es a las nueve.".to_owned(), place: None },
        acting_for: None,
        checked: None,
        signed: None,
    };
    let returned = mayor.ok(&posts::DECIDE, &[id(&post)], &back);
    assert!(matches!(returned.post.stage, Stage::Out { correction: None, .. }));
    assert_eq!((returned.post.content, returned.publications[0].acts.len()), (post.post.content, 1));
}

#[test]
fn a_correction_does_not_change_to_whom_it_was_said() {
    let town = Town::found("Villa de los Destinos");
    let (author, _, post) = out(&town, "Para el tablón.");
    let mut wider = town.notice("Para el tablón, corregido.");
    wider.targets[0].languages.push(domain::Language::english());
    let refusal = author.no(&posts::CORRECT, &[id(&post)], &correction(&post, wider, "Más idiomas."));
    assert_eq!(refusal, Refusal::Malformed { field: "targets".to_owned() });
    let draft = author.write(&town.notice("Aún no ha salido."));
    let early = author.no(&posts::CORRECT, &[id(&draft)], &correction(&draft, town.notice("Otro."), "Antes."));
    assert_eq!(early, Refusal::WrongStage);
}

#[test]
fn a_takedown_needs_a_role_and_a_reason_and_no_approval() {
    let town = Town::found("Villa del Retiro");
    let (author, mayor, post) = out(&town, "Esto no debía salir.");
    assert_eq!(author.no(&posts::TAKE_DOWN, &[id(&post)], &because(&post, "")), Refusal::ReasonWanted);
    let translator = town.member(domain::Role::Translator);
    let refusal = translator.no(&posts::TAKE_DOWN, &[id(&post)], &because(&post, "No me gusta."));
    assert_eq!(refusal, Refusal::NotAllowed { act: domain::Act::TakeDown });
    mayor.ok(&posts::TAKE_DOWN, &[id(&post)], &because(&post, "Llevaba un dato personal."));
    let gone = author.wait_for(&post.post.id, PublicationState::TakenDown);
    assert_eq!(gone.post.stage.name(), StageName::Out, "it was out: that stays true");
    assert_eq!(gone.publications[0].acts.len(), 2);
    let again = mayor.ok(&posts::TAKE_DOWN, &[id(&post)], &because(&gone, "Otra vez."));
    assert_eq!(again.publications[0].acts.len(), 2, "taken down once");
    let draft = author.write(&town.notice("Ni siquiera salió."));
    assert_eq!(mayor.no(&posts::TAKE_DOWN, &[id(&draft)], &because(&draft, "Por si acaso.")), Refusal::WrongStage);
    assert_eq!(author.no(&posts::UNPLACE, &[id(&gone)], &at(&author.read(&post.post.id))), Refusal::WrongStage);
}
