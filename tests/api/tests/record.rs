//! The record: everything that happened, chained, checked from outside with the same rules.

use api_journeys::{Member, Town, eventually};
use domain::{
    Refusal, Role,
    delivery::PublicationState,
    record::{Entry, GENESIS, Subject, verify},
};
use wire::records;

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
            return all;
        }
    }
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
