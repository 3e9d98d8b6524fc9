//! Contracts: an agency has access from one moment to another, at every door, and whoever administers sees the end coming.

use api_journeys::{Member, Passkey, Town, id};
use domain::{
    Access, Millis, Moment, Refusal, Role,
    record::Subject,
    task::{About, Assignee, Request, State, Urgency},
};
use wire::{
    Nothing, home, media, people,
    posts::{self, Decide},
    pulse::{Look, PULSE},
    session, tasks,
};

/// Gives the agency a contract.
pub fn contract(town: &Town, from: Moment, until: Moment) -> people::MemberRow {
    let administrator = town.administrator();
    let members = administrator.ok(&people::MEMBERS, &[], &Nothing {});
    let agency = members.into_iter().find(|member| member.role == Role::Agency).unwrap();
    let access = Access::Limited { channels: vec![town.founded.noticeboard.clone()], from, until };
    let change = people::ChangeMember { name: agency.name, email: agency.email, role: Role::Agency, access };
    administrator.ok(&people::CHANGE_MEMBER, &[agency.id.as_str()], &change)
}

fn try_sign_in(town: &Town) -> Result<Member, Refusal> {
    let of_role = town.founded.members.iter().find(|(role, _)| *role == Role::Agency).unwrap();
    Member::try_sign_in(&of_role.1, false).map_err(Refusal::from)
}

fn task_for(member: &people::MemberRow) -> Request {
    Request {
        title: "El cartel de fiestas".to_owned(),
        instructions: String::new(),
        about: About::Nothing,
        assignee: Assignee::Member { member: member.id.clone() },
        due: None,
        urgency: Urgency::Normal,
    }
}

#[test]
fn a_contract_begins_when_it_begins() {
    let town = Town::alone("Villa Aún No");
    let hour = Millis::hours(1);
    let now = town.now();
    contract(&town, now.plus(hour), now.plus(Millis::days(30)));
    assert_eq!(try_sign_in(&town).err(), Some(Refusal::OutOfReach));
    town.ahead(Millis(hour.0 + 1_000));
    let agency = try_sign_in(&town).unwrap();
    assert_eq!(agency.me.access.until(), Some(now.plus(Millis::days(30))));
    agency.write(&town.notice("Por fin."));
}

#[test]
fn a_contract_ends_at_every_door_for_whoever_was_inside() {
    let town = Town::alone("Villa Hasta Aquí");
    let now = town.now();
    let row = contract(&town, now.minus(Millis::days(1)), now.plus(Millis::hours(2)));
    let rehearsed = try_sign_in(&town).unwrap();
    let (key, ..) = Passkey::enrol(Some(&rehearsed.session), &session::EnrolBy::Session {}).unwrap();
    let agency = key.sign_in().unwrap();
    let author = town.author();
    let draft = agency.write(&town.notice("Vengan a las fiestas."));
    let waiting = agency.submit(&draft);
    let task = crate::tasks::new_task();
    author.ok(&tasks::ASK, &[task.as_str()], &task_for(&row));
    let doing = tasks::Advance { state: State::Doing };
    agency.ok(&tasks::ADVANCE, &[task.as_str()], &doing);
    // What was asked for before the end is of no use after it.
    town.ahead(Millis::minutes(118));
    let asked = Passkey::challenge();
    agency.read(&waiting.post.id);

    town.ahead(Millis::hours(2));
    let png = crate::media::png(9, 9);
    let upload = agency.raw(media::STORE.method, &media::STORE.path(&[]), &png).read::<serde_json::Value>("an upload");
    assert_eq!(upload.map_err(Refusal::from).unwrap_err(), Refusal::SignedOut);
    let save = posts::Save { version: waiting.post.version, content: town.notice("Vengan.") };
    assert_eq!(agency.no(&posts::SAVE, &[id(&waiting)], &save), Refusal::SignedOut);
    assert_eq!(agency.no(&posts::READ, &[id(&waiting)], &Nothing {}), Refusal::SignedOut);
    assert_eq!(agency.no(&posts::LIST, &[], &posts::Query::default()), Refusal::SignedOut);
    let look = Look { post: Some(waiting.post.id.clone()), writing: true, left: None };
    assert_eq!(agency.no(&PULSE, &[], &look), Refusal::SignedOut);
    let decide = Decide {
        content_hash: waiting.content_hash.clone(),
        choice: domain::Choice::Approve,
        acting_for: None,
        signed: None,
        checked: None,
    };
    assert_eq!(agency.no(&posts::DECIDE, &[id(&waiting)], &decide), Refusal::SignedOut);
    let done = tasks::Advance { state: State::Done };
    assert_eq!(agency.no(&tasks::ADVANCE, &[task.as_str()], &done), Refusal::SignedOut);
    assert_eq!(agency.no(&session::DEVICES, &[], &Nothing {}), Refusal::SignedOut);
    let proof = key.prove(&asked.options, &api_journeys::Site::default());
    assert_eq!(Passkey::sign_in_with(&asked, proof).map(|_| ()).map_err(Refusal::from), Err(Refusal::OutOfReach));
    assert_eq!(key.sign_in().map(|_| ()).map_err(Refusal::from), Err(Refusal::OutOfReach));
    assert_eq!(try_sign_in(&town).err(), Some(Refusal::OutOfReach));
    // Nobody gives them work, and whoever did is told that nobody will do it.
    let again = author.ask(&tasks::ASK, &[crate::tasks::new_task().as_str()], &task_for(&row));
    assert_eq!(again.map(|_| ()).map_err(Refusal::from), Err(Refusal::NotFound));
    let listed = author.ok(&tasks::LIST, &[], &tasks::Query { whose: tasks::Whose::Asked, ..tasks::Query::default() });
    assert!(listed.items.iter().any(|row| row.task.id == task && row.orphan));
    // And nothing is written to them: what comes back goes to whoever is there.
    let address = row.email.clone().unwrap();
    let before = town.mails(&address).len();
    let choice = domain::Choice::Return { comment: "Más corto.".to_owned(), place: None };
    let back = Decide { choice, ..decide };
    town.mayor().ok(&posts::DECIDE, &[id(&waiting)], &back);
    assert_eq!(town.mails(&address).len(), before);

    // Prolonged: who was inside goes on where they were.
    contract(&town, now.minus(Millis::days(1)), now.plus(Millis::days(60)));
    assert!(agency.read(&waiting.post.id).post.stage.returned().is_some());
    // Cut short: out at once, though the day has not come.
    contract(&town, now.minus(Millis::days(1)), now.plus(Millis::days(50)));
    assert_eq!(agency.no(&posts::LIST, &[], &posts::Query::default()), Refusal::SignedOut);
    let kept = crate::record::whole_chain(&town.member(Role::Records), &town);
    let changes = kept.iter().filter(|entry| {
        entry.subject == Subject::Access && entry.body.as_deref().is_some_and(|body| body.contains("member_changed"))
    });
    assert_eq!(changes.count(), 3);
}

#[test]
fn whoever_administers_sees_contracts_end_and_prolongs_them() {
    let town = Town::alone("Villa Previsora");
    let now = town.now();
    let windows = |who: &Member| who.ok(&home::HOME, &[], &Nothing {}).windows;
    let end = now.plus(Millis::days(30));
    contract(&town, now.minus(Millis::days(1)), end);
    assert_eq!(windows(&town.administrator()), vec![]);
    town.ahead(Millis::days(17));
    let seen = windows(&town.administrator());
    assert_eq!((seen.len(), seen[0].until), (1, end));
    assert_eq!(windows(&town.author()), vec![], "it is the business of whoever manages people");
    // A contract that ended by oversight is still seen.
    town.ahead(Millis::days(33));
    assert_eq!(windows(&town.administrator()).len(), 1);
    contract(&town, now.minus(Millis::days(1)), now.plus(Millis::days(300)));
    assert_eq!(windows(&town.administrator()), vec![]);
    assert!(try_sign_in(&town).is_ok());
    // One that ended long ago is no news.
    contract(&town, now.minus(Millis::days(1)), now.plus(Millis::days(10)));
    assert_eq!(windows(&town.administrator()), vec![]);
}
