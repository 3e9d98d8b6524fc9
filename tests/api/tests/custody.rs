//! Custody: who answers for the account behind a channel is written down, said when it is too few, and handed over in one act.
//! And channels on which nobody speaks.

use std::thread;

use api_journeys::{Member, Town, outside};
use domain::{
    Access, Act, Channel, ChannelId, MemberId, Millis, Network, Refusal, Role,
    custody::{Custody, Handover, Need, Standing, Worry},
    record::Subject,
    silence::Patience,
};
use serde_json::{Value, json};
use wire::{
    Nothing, channels,
    custody::{APPOINT, Appoint, CUSTODY, HAND_OVER, HandOver},
    home, people,
};

use crate::circuits::joined;

fn all(who: &Member) -> Vec<Custody> {
    who.ok(&CUSTODY, &[], &Nothing {})
}

fn of(who: &Member, channel: &Channel) -> Custody {
    all(who).into_iter().find(|custody| custody.channel == channel.id).unwrap()
}

fn ids(custody: &Custody) -> Vec<MemberId> {
    custody.custodians.iter().map(|one| one.member.clone()).collect()
}

fn naming(before: &Custody, members: &[&MemberId]) -> Appoint {
    Appoint { before: ids(before), custodians: members.iter().map(|one| (*one).clone()).collect() }
}

fn name(by: &Member, channel: &Channel, members: &[&MemberId]) -> Custody {
    by.ok(&APPOINT, &[channel.id.as_str()], &naming(&of(by, channel), members));
    of(by, channel)
}

fn needs(who: &Member) -> Vec<Need> {
    who.ok(&home::HOME, &[], &Nothing {}).custody
}

/// Hands over, as the desk does: what the rule lists is what is agreed to.
fn handing(who: &Member, handover: Handover, channels: &[&Channel]) -> (HandOver, Vec<Custody>) {
    let asked = HandOver { handover, channels: channels.iter().map(|channel| channel.id.clone()).collect() };
    let now = who.ok(&HAND_OVER, &[], &asked);
    (asked, now)
}

/// The entries of the record on channels that tell of one kind of change.
fn entries(town: &Town, change: &str) -> Vec<Value> {
    let kept = crate::record::whole_chain(&town.member(Role::Records), town);
    let bodies = kept.into_iter().filter(|entry| entry.subject == Subject::Channel).filter_map(|entry| entry.body);
    bodies.map(|body| serde_json::from_str::<Value>(&body).unwrap()).filter(|body| body["change"] == change).collect()
}

#[test]
fn whoever_connects_a_channel_answers_for_it_and_an_administrator_names_the_second() {
    let town = Town::found("Villa de las Llaves");
    let (administrator, author, observer) = (town.administrator(), town.author(), town.member(Role::Observer));
    let channel = administrator.connect_by_hand(Network::Facebook, None);
    let (one, two) = (&administrator.me.member, &author.me.member);

    // Anybody of the house reads it: whoever sees something odd has to know whom to call.
    let found = of(&observer, &channel);
    assert_eq!(found.by.as_ref().map(|(by, _)| by), Some(one));
    assert!(found.connected.is_some());
    assert_eq!((ids(&found), found.worry()), (vec![one.clone()], Some(Worry::OnlyOne)));
    assert_eq!(needs(&administrator), vec![Need::Few { channels: vec![channel.name.clone()] }]);
    assert_eq!(needs(&author), vec![], "it is the business of whoever says who answers");

    let path = [channel.id.as_str()];
    let refused = |wanted: &[&MemberId]| administrator.no(&APPOINT, &path, &naming(&found, wanted));
    let mayor = town.mayor();
    let field = "custodians".to_owned();
    assert_eq!(refused(&[one, two, &mayor.me.member]), Refusal::TooLarge { field, limit: 2, length: 3 });
    assert_eq!(refused(&[one, one]), Refusal::Doubled { field: "custodians".to_owned() });
    assert_eq!(refused(&[one, &observer.me.member]), Refusal::NoCustodian);
    let stranger = town.neighbour("Villa de al Lado").author();
    assert_eq!(refused(&[one, &stranger.me.member]), Refusal::NotFound);
    let act = Act::NameCustodians;
    assert_eq!(author.no(&APPOINT, &path, &naming(&found, &[one, two])), Refusal::NotAllowed { act });
    let board = town.founded.noticeboard.to_string();
    let nobody = Appoint { before: Vec::new(), custodians: vec![one.clone()] };
    assert_eq!(administrator.no(&APPOINT, &[&board], &nobody), Refusal::WrongState);
    assert_eq!(ids(&of(&administrator, &channel)), vec![one.clone()], "nothing was written");

    let named = name(&administrator, &channel, &[one, two]);
    assert_eq!((named.custodians.len(), named.worry()), (2, None));
    assert_eq!(needs(&administrator), vec![]);
    // Who looked before that takes nothing back unseen; the same form sent twice is one.
    assert_eq!(administrator.no(&APPOINT, &path, &naming(&found, &[&mayor.me.member])), Refusal::CustodyElsewhere);
    administrator.ok(&APPOINT, &path, &naming(&found, &[two, one]));
    let kept = entries(&town, "custodians_named");
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!((&kept[0]["channel"], &kept[0]["by"]), (&json!(channel.id), &json!(one)));
    assert_eq!((&kept[0]["before"], &kept[0]["custodians"]), (&json!([one]), &json!([one, two])));
}

#[test]
fn a_channel_that_somebody_else_connects_again_keeps_who_answers_for_it() {
    let town = Town::found("Villa de la Segunda Vez");
    let administrator = town.administrator();
    let channel = administrator.connect_by_hand(Network::Whatsapp, None);
    let (_, second) = joined(&town, Role::Administrator, "El vicesecretario");
    assert_eq!(second.connect_by_hand(Network::Whatsapp, None).id, channel.id);
    let found = of(&administrator, &channel);
    assert_eq!(found.by, Some((second.me.member.clone(), "El vicesecretario".to_owned())));
    assert_eq!(ids(&found), vec![administrator.me.member.clone()]);
}

#[test]
fn who_is_removed_is_said_to_who_administers_until_everything_is_handed_over() {
    let town = Town::found("Villa del Relevo");
    let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
    let (_, leaves) = joined(&town, Role::Author, "La jefa de prensa");
    let made: Vec<Channel> = [Network::Facebook, Network::Instagram, Network::Tiktok]
        .map(|network| administrator.connect_by_hand(network, None))
        .into();
    let (gone, one, two) = (leaves.me.member.clone(), author.me.member.clone(), mayor.me.member.clone());
    name(&administrator, &made[0], &[&gone, &one]);
    name(&administrator, &made[1], &[&gone, &two]);
    name(&administrator, &made[2], &[&one, &two]);
    assert_eq!(needs(&administrator), vec![]);

    administrator.ok(&people::REMOVE_MEMBER, &[gone.as_str()], &Nothing {});
    let names = || made[..2].iter().map(|channel| channel.name.clone()).collect();
    let said = Need::Gone {
        member: gone.clone(),
        name: "La jefa de prensa".to_owned(),
        standing: Standing::Left,
        channels: names(),
    };
    assert_eq!(needs(&administrator), vec![said.clone()]);
    assert_eq!(of(&administrator, &made[0]).worry(), Some(Worry::OnlyOne));

    // To who may not, to nobody, other channels than were shown, and by who may not: nothing happens.
    let one_to = |to: &MemberId| Handover::One { from: gone.clone(), to: to.clone() };
    let asked = |handover: Handover, channels: &[&Channel]| HandOver {
        handover,
        channels: channels.iter().map(|channel| channel.id.clone()).collect(),
    };
    let both = [&made[0], &made[1]];
    let observer = town.member(Role::Observer).me.member;
    let no = |asked: HandOver| administrator.no(&HAND_OVER, &[], &asked);
    assert_eq!(no(asked(one_to(&observer), &both)), Refusal::NoCustodian);
    assert_eq!(no(asked(one_to(&gone), &both)), Refusal::Malformed { field: "to".to_owned() });
    assert_eq!(no(asked(one_to(&two), &both[..1])), Refusal::CustodyElsewhere);
    assert_eq!(no(asked(Handover::All { to: vec![] }, &both)), Refusal::Malformed { field: "to".to_owned() });
    let act = Act::NameCustodians;
    assert_eq!(author.no(&HAND_OVER, &[], &asked(one_to(&two), &both)), Refusal::NotAllowed { act });
    assert_eq!(needs(&administrator), vec![said]);

    // The mayor has one of the two already, and is one person all the same: it is said.
    let (asked, now) = handing(&administrator, one_to(&two), &both);
    let held = |n: usize| ids(now.iter().find(|custody| custody.channel == made[n].id).unwrap());
    assert_eq!((held(0), held(1), held(2).len()), (vec![one.clone(), two.clone()], vec![two.clone()], 2));
    assert_eq!(needs(&administrator), vec![Need::Few { channels: vec![made[1].name.clone()] }]);
    assert_eq!(administrator.no(&HAND_OVER, &[], &asked), Refusal::NotFound, "there is nothing left");

    let kept = entries(&town, "handed_over");
    let told: Vec<_> = kept.iter().map(|body| (body["channel"].clone(), body["leaves"].clone())).collect();
    let wanted: Vec<_> = both.iter().map(|channel| (json!(channel.id), json!(gone))).collect();
    assert_eq!(told.len(), 2);
    assert!(wanted.iter().all(|one| told.contains(one)), "{told:?}");
}

#[test]
fn a_contract_that_ends_and_a_role_that_may_not_any_more_are_said_as_that() {
    let town = Town::alone("Villa de la Contrata");
    let administrator = town.administrator();
    let channel = administrator.connect_by_hand(Network::Facebook, None);
    let (now, own) = (town.now(), administrator.me.member.clone());
    let members = administrator.ok(&people::MEMBERS, &[], &Nothing {});
    let agency = members.into_iter().find(|member| member.role == Role::Agency).unwrap();
    // It works for other channels: it cannot answer for this one.
    let before = of(&administrator, &channel);
    let refused = administrator.no(&APPOINT, &[channel.id.as_str()], &naming(&before, &[&own, &agency.id]));
    assert_eq!(refused, Refusal::NoCustodian);
    let access = Access::Limited {
        channels: vec![channel.id.clone()],
        from: now.minus(Millis::days(1)),
        until: now.plus(Millis::days(10)),
    };
    let person = |name: &str, role, access| people::ChangeMember { name: name.to_owned(), email: None, role, access };
    administrator.ok(&people::CHANGE_MEMBER, &[agency.id.as_str()], &person("La agencia", Role::Agency, access));
    assert_eq!(name(&administrator, &channel, &[&own, &agency.id]).worry(), None);

    town.ahead(Millis::days(11));
    let administrator = town.administrator();
    let gone = |member: &MemberId, name: &str, standing| Need::Gone {
        member: member.clone(),
        name: name.to_owned(),
        standing,
        channels: vec![channel.name.clone()],
    };
    assert_eq!(needs(&administrator), vec![gone(&agency.id, "La agencia", Standing::Ended)]);

    let author = town.author().me.member;
    name(&administrator, &channel, &[&own, &author]);
    assert_eq!(needs(&administrator), vec![]);
    let translator = person("El técnico", Role::Translator, Access::Everywhere);
    administrator.ok(&people::CHANGE_MEMBER, &[author.as_str()], &translator);
    assert_eq!(needs(&administrator), vec![gone(&author, "El técnico", Standing::MayNot)]);
}

#[test]
fn a_new_team_takes_over_every_account_in_one_act_and_one_entry_each() {
    let town = Town::found("Villa del Nuevo Mandato");
    let administrator = town.administrator();
    let networks = [Network::Facebook, Network::Instagram, Network::Threads, Network::X, Network::Youtube];
    let made = networks.map(|network| administrator.connect_by_hand(network, None));
    let new = [town.author().me.member, town.mayor().me.member];
    // One of them has the right two already: it is not handed over again.
    name(&administrator, &made[4], &[&new[1], &new[0]]);
    let moving: Vec<&Channel> = made[..4].iter().collect();
    let (_, now) = handing(&administrator, Handover::All { to: new.to_vec() }, &moving);
    for channel in &made {
        let custody = now.iter().find(|custody| custody.channel == channel.id).unwrap();
        let mut held = ids(custody);
        held.sort();
        let mut wanted = new.to_vec();
        wanted.sort();
        assert_eq!((held, custody.worry()), (wanted, None), "{}", channel.name);
    }
    let kept = entries(&town, "handed_over");
    assert_eq!(kept.len(), 4);
    assert!(kept.iter().all(|body| body["leaves"].is_null() && body["before"] == json!([administrator.me.member])));
}

#[test]
fn of_two_administrators_who_name_at_once_one_hears_of_the_other() {
    let town = Town::found("Villa de las Dos Secretarias");
    let administrator = town.administrator();
    let channel = administrator.connect_by_hand(Network::Facebook, None);
    let before = of(&administrator, &channel);
    let wanted = [town.author().me.member, town.mayor().me.member];
    let answers: Vec<_> = thread::scope(|scope| {
        let asking = wanted.each_ref().map(|member| {
            let (town, before, channel) = (&town, &before, &channel);
            scope.spawn(move || {
                let asked = naming(before, &[&before.custodians[0].member, member]);
                town.administrator().ask(&APPOINT, &[channel.id.as_str()], &asked).map(|_| ()).map_err(Refusal::from)
            })
        });
        asking.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    assert!(answers.contains(&Err(Refusal::CustodyElsewhere)), "{answers:?}");
    assert_eq!(of(&administrator, &channel).custodians.len(), 2);
    assert_eq!(entries(&town, "custodians_named").len(), 1);
}

/// The channels whose silence somebody is told of.
fn silent(who: &Member) -> Vec<ChannelId> {
    who.ok(&home::HOME, &[], &Nothing {}).silent.into_iter().map(|channel| channel.id).collect()
}

fn patience(by: &Member, channel: &Channel, patience: Patience) -> channels::ChangeChannel {
    let Channel { name, languages, address, .. } = outside::channel(by, channel.id.as_str());
    channels::ChangeChannel { name, languages, address, patience }
}

#[test]
fn a_channel_on_which_nothing_goes_out_is_told_after_its_days_to_who_can_speak() {
    let town = Town::alone("Villa Callada");
    let administrator = town.administrator();
    let board = outside::channel(&administrator, town.founded.noticeboard.as_str());
    // By hand and new: nobody knows what a person says there by themselves.
    let by_hand = administrator.connect_by_hand(Network::Facebook, None);
    assert_eq!(board.voice.published, None);
    outside::publish(&town, &town.notice("Hoy hay mercado."));
    let spoke = outside::channel(&administrator, board.id.as_str()).voice.published;
    assert!(spoke.is_some_and(|at| town.now().since(at) < Millis::minutes(2)), "{spoke:?}");
    assert_eq!(silent(&administrator), vec![]);

    town.ahead(Millis::days(29));
    assert_eq!(silent(&town.author()), vec![]);
    town.ahead(Millis::days(31));
    let author = town.author();
    assert_eq!(silent(&author), vec![board.id.clone()]);
    assert_eq!(silent(&town.mayor()), vec![], "who cannot publish cannot do anything about it");
    assert_ne!(by_hand.id, board.id);

    // As long as the channel says, or never; and no nonsense.
    let (administrator, path) = (town.administrator(), [board.id.as_str()]);
    let change = |to: Patience| patience(&administrator, &board, to);
    let refused = administrator.no(&channels::CHANGE, &path, &change(Patience::Days { days: 0 }));
    assert_eq!(refused, Refusal::Malformed { field: "patience".to_owned() });
    for (to, told) in [
        (Patience::Days { days: 60 }, false),
        (Patience::Days { days: 14 }, true),
        (Patience::Endless, false),
        (Patience::Usual, true),
    ] {
        let changed = administrator.ok(&channels::CHANGE, &path, &change(to));
        assert_eq!(changed.voice.patience, to);
        assert_eq!(outside::channel(&administrator, path[0]).voice.patience, to);
        assert_eq!(silent(&author).contains(&board.id), told, "{to:?}");
    }

    outside::publish(&town, &town.notice("Y mañana también."));
    assert_eq!(silent(&author), vec![]);
}
