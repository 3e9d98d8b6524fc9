//! What translators, designers and agencies may touch, and what the table of roles lets through.

use std::collections::BTreeMap;

use api_journeys::{Town, approval, at, because, id};
use domain::{Act, Content, Language, Refusal, Role, may};
use wire::posts;

fn save(version: u64, content: Content) -> posts::Save {
    posts::Save { version, content }
}

#[test]
fn a_translator_changes_words_and_nothing_else() {
    let town = Town::found("Villa Bilingüe");
    let (author, translator) = (town.author(), town.member(Role::Translator));
    let draft = author.write(&town.notice("Mañana no hay agua."));
    let mut translated = draft.post.content.clone();
    translated.texts.insert(Language::english(), "There is no water tomorrow.".to_owned());
    let after = translator.edit(&draft, &translated);
    assert_eq!(after.post.content.texts.len(), 2);

    let mut elsewhere = translated.clone();
    elsewhere.targets[0].languages.push(Language::english());
    let mut linked = translated.clone();
    linked.link = Some("https://ejemplo.example".to_owned());
    let mut another_kind = translated.clone();
    another_kind.kind = domain::Kind::Emergency;
    for content in [elsewhere, linked, another_kind] {
        let refusal = translator.no(&posts::SAVE, &[id(&after)], &save(after.post.version, content));
        assert_eq!(refusal, Refusal::NotAllowed { act: Act::Write });
    }
    let new = translator.ask(&posts::SAVE, &[api_journeys::new_post().as_str()], &save(0, translated));
    assert_eq!(new.unwrap_err().fault.refusal, Refusal::NotAllowed { act: Act::Write });
    assert_eq!(translator.no(&posts::SUBMIT, &[id(&after)], &at(&after)), Refusal::NotAllowed { act: Act::Submit });
    assert_eq!(author.read(&after.post.id).post, after.post);
}

#[test]
fn a_designer_changes_pictures_and_nothing_else() {
    let town = Town::found("Villa Pintada");
    let (author, designer) = (town.author(), town.member(Role::Designer));
    let draft = author.write(&town.notice("Cartel de las fiestas."));
    let mut reworded = draft.post.content.clone();
    reworded.texts = BTreeMap::from([(Language::spanish(), "Otro texto.".to_owned())]);
    let refusal = designer.no(&posts::SAVE, &[id(&draft)], &save(draft.post.version, reworded));
    assert_eq!(refusal, Refusal::NotAllowed { act: Act::Write });

    let picture = crate::media::stored(&designer, &crate::media::png(3, 2));
    let mut pictured = draft.post.content.clone();
    pictured.pictures.push(crate::media::picture(&picture, "Cartel con una guitarra y la fecha."));
    let after = designer.edit(&draft, &pictured);
    assert_eq!(after.post.content.pictures.len(), 1);
}

#[test]
fn the_table_of_roles_is_what_the_doors_obey() {
    let town = Town::found("Villa de la Tabla");
    let author = town.author();
    let draft = author.write(&town.notice("Para todos los papeles."));
    for role in Role::ALL {
        let member = town.member(role);
        // Each is refused for the role, or else for what comes after it: the content, the stage, the reason.
        let answers = [
            (Act::Submit, member.ask(&posts::WITHDRAW, &[id(&draft)], &at(&draft))),
            (Act::Decide, member.ask(&posts::DECIDE, &[id(&draft)], &approval(&draft))),
            (Act::Publish, member.ask(&posts::UNPLACE, &[id(&draft)], &at(&draft))),
            (Act::TakeDown, member.ask(&posts::TAKE_DOWN, &[id(&draft)], &because(&draft, "Prueba."))),
            (Act::Write, member.ask(&posts::CANCEL, &[id(&draft)], &because(&draft, " "))),
        ];
        for (act, answer) in answers {
            let refusal = answer.unwrap_err().fault.refusal;
            let refused_by_role = refusal == Refusal::NotAllowed { act };
            assert_eq!(refused_by_role, !may(role, act), "{role:?} {act:?}: {refusal:?}");
        }
    }
    assert_eq!(author.read(&draft.post.id).post, draft.post);
}
