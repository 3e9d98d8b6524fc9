//! Networks without an interface: at the hour a person gets a kit, and what they say is checked and kept.

use api_journeys::{Member, Town, eventually, id};
use domain::{
    Channel, Content, Language, Network, Poll, Refusal, Role, Target,
    delivery::{ActState, FailureKind, PublicationState},
    kit,
    policy::Rule,
    record::Subject,
    silence::Patience,
};
use wire::{
    Nothing, channels,
    posts::{self, PostView},
    publications::{KIT, Kit, SETTLE, Settle},
};

fn for_facebook(town: &Town, channel: &Channel) -> Content {
    let target = Target::new(channel.id.clone(), vec![Language::spanish()]);
    Content { targets: vec![target], ..town.notice("Mañana no hay agua en la calle Mayor.") }
}

fn in_hand(town: &Town) -> (Member, Channel, PostView) {
    let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
    let facebook = administrator.connect_by_hand(Network::Facebook, Some("https://www.facebook.com/villa"));
    let approved = mayor.approve(&author.submit(&author.write(&for_facebook(town, &facebook))));
    author.release(&approved);
    let view = author.wait_for(&approved.post.id, PublicationState::InHand);
    (author, facebook, view)
}

#[test]
fn at_the_hour_there_is_a_kit_and_the_link_pasted_back_is_checked() {
    let town = Town::found("Villa a Mano");
    let (author, facebook, post) = in_hand(&town);
    let publication = post.publications[0].id.to_string();
    let kit = author.ok(&KIT, &[&publication], &Nothing {});
    assert_eq!((kit.network, &kit.channel, &kit.address), (Network::Facebook, &facebook.name, &facebook.address));
    assert!(kit.text.contains("Mañana no hay agua en la calle Mayor."));
    assert_eq!(kit.post, post.post.id);
    let home = author.ok(&wire::home::HOME, &[], &Nothing {});
    assert!(home.troubled.iter().any(|row| row.id == post.post.id), "somebody is asked to do it");

    let said = |address: &str| Settle::Out { address: address.to_owned(), kit: Some(kit.hash.clone()) };
    for foreign in [
        "https://facebook.com.malo.example/1",
        "https://malo.example/facebook.com",
        "javascript:alert(1)",
        "https://u:p@www.facebook.com/1",
        "",
    ] {
        assert_eq!(author.no(&SETTLE, &[&publication], &said(foreign)), Refusal::ForeignLink, "{foreign}");
    }
    let link = "https://www.facebook.com/villa/posts/123";
    let out = author.ok(&SETTLE, &[&publication], &said(link));
    let ActState::Done { receipt } = &out.publications[0].acts[0].state else { panic!("{out:?}") };
    assert_eq!((receipt.address.as_deref(), receipt.by.as_ref()), (Some(link), Some(&author.me.member)));
    assert_eq!(author.no(&SETTLE, &[&publication], &said(link)), Refusal::WrongState, "said once");
    assert_eq!(author.no(&KIT, &[&publication], &Nothing {}), Refusal::WrongState);
    let kept = crate::record::whole_chain(&author, &town);
    assert!(
        kept.iter().any(|entry| entry.subject == Subject::Publication
            && entry.body.as_deref().is_some_and(|body| body.contains(link)))
    );
}

#[test]
fn what_was_put_out_of_a_kit_from_before_a_correction_is_not_said_to_be_the_correction() {
    let town = Town::found("Villa del Kit de Ayer");
    let (author, facebook, post) = in_hand(&town);
    let publication = post.publications[0].id.to_string();
    let kit = || author.ok(&KIT, &[&publication], &Nothing {});
    let old = kit();
    let mut content = for_facebook(&town, &facebook);
    content.texts.values_mut().for_each(|text| "Mañana no hay agua en la calle Menor.".clone_into(text));
    let reason = "Era la otra calle.".to_owned();
    let correct = posts::Correct { version: post.post.version, content, reason, checked: None };
    town.mayor().approve(&author.ok(&posts::CORRECT, &[id(&post)], &correct));
    let said = |of: &Kit| Settle::Out {
        address: "https://www.facebook.com/villa/posts/7".to_owned(),
        kit: Some(of.hash.clone()),
    };
    assert_eq!(author.no(&SETTLE, &[&publication], &said(&old)), Refusal::OtherKit);
    assert_eq!(author.read(&post.post.id).publications[0].state, PublicationState::InHand, "it is still asked for");
    let now = kit();
    assert!(now.text.contains("calle Menor") && now.hash != old.hash);
    let out = author.ok(&SETTLE, &[&publication], &said(&now));
    assert_eq!(out.publications[0].state, PublicationState::Out);
    let kept = crate::record::whole_chain(&author, &town);
    let bodies: Vec<String> =
        kept.into_iter().filter(|entry| entry.subject == Subject::Publication).filter_map(|entry| entry.body).collect();
    assert!(bodies.len() == 1 && bodies[0].contains("calle Menor") && !bodies[0].contains("calle Mayor"), "{bodies:?}");
}

#[test]
fn not_done_needs_a_reason_and_can_be_tried_again() {
    let town = Town::found("Villa sin Tiempo");
    let (author, _, post) = in_hand(&town);
    let publication = post.publications[0].id.to_string();
    let not_out = |reason: &str| Settle::NotOut { reason: reason.to_owned() };
    assert_eq!(author.no(&SETTLE, &[&publication], &not_out(" ")), Refusal::ReasonWanted);
    let failed = author.ok(&SETTLE, &[&publication], &not_out("La contraseña la tiene el alcalde."));
    let ActState::Failed { failure } = &failed.publications[0].acts[0].state else { panic!("{failed:?}") };
    assert_eq!((failure.kind, failure.message.as_str()), (FailureKind::NotDone, "La contraseña la tiene el alcalde."));
    author.retry(&failed.publications[0], "Ya la tenemos.").unwrap();
    author.wait_for(&post.post.id, PublicationState::InHand);
}

#[test]
fn a_kit_in_hand_is_no_more_once_the_post_is_taken_down() {
    let town = Town::found("Villa que se Echa Atrás");
    let (author, _, post) = in_hand(&town);
    let reason = posts::Reason { version: post.post.version, reason: "Ya no procede.".to_owned() };
    author.ok(&posts::TAKE_DOWN, &[id(&post)], &reason);
    let publication = post.publications[0].id.to_string();
    let said = Settle::Out { address: "https://www.facebook.com/villa/posts/9".to_owned(), kit: None };
    eventually("the kit to be withdrawn", || {
        let state = author.read(&post.post.id).publications[0].acts[0].state.clone();
        matches!(state, ActState::Cancelled { .. }).then_some(())
    });
    let refusal = author.ask(&SETTLE, &[&publication], &said);
    let view = author.read(&post.post.id);
    assert!(!matches!(view.publications[0].acts[0].state, ActState::Done { .. }), "{refusal:?}");
}

#[test]
fn neighbours_a_screen_and_a_paper_have_each_their_kit_and_what_hangs_needs_no_link() {
    const PLACES: [(Network, Option<&str>); 4] = [
        (Network::Nextdoor, None),
        (Network::Parler, Some("https://parler.com/villa")),
        (Network::Screen, None),
        (Network::Paper, Some("https://elvalle.example")),
    ];
    let town = Town::found("Villa del Escaparate");
    let (administrator, author) = (town.administrator(), town.author());
    let channels = PLACES.map(|(network, address)| administrator.connect_by_hand(network, address));
    for (channel, (network, _)) in channels.iter().zip(PLACES) {
        assert_eq!((channel.network, channel.assisted, &channel.limits), (network, true, &network.limits()));
    }
    let photo = crate::media::stored(&author, &crate::media::png(64, 48));
    let targets = channels.each_ref().map(|channel| Target::new(channel.id.clone(), vec![Language::spanish()]));
    let content = Content {
        targets: targets.to_vec(),
        link: Some("https://villa.example/agua".to_owned()),
        pictures: vec![crate::media::picture(&photo, "La calle Mayor, en obras.")],
        ..town.notice("Mañana no hay agua en la calle Mayor.")
    };
    let post = api_journeys::outside::release(&town, &content);
    let in_hand = eventually("four kits", || {
        let view = author.read(&post.post.id);
        view.publications.iter().all(|one| one.state == PublicationState::InHand).then_some(view)
    });
    assert_eq!(in_hand.publications.len(), PLACES.len());
    let of = |network: Network| in_hand.publications.iter().find(|one| one.network == network).unwrap().id.to_string();
    for (network, address) in PLACES {
        let kit = author.ok(&KIT, &[&of(network)], &Nothing {});
        assert_eq!((kit.network, kit.address.as_deref()), (network, address));
        assert_eq!(kit.text, "Mañana no hay agua en la calle Mayor.\n\nhttps://villa.example/agua", "{network:?}");
        assert_eq!(kit.rendition.title.as_deref(), Some("Corte de agua"));
        assert_eq!((kit.rendition.pictures.len(), &kit.rendition.pictures[0].media), (1, &photo.id));
        assert_eq!(kit::seconds(&kit.rendition, network).is_some(), network == Network::Screen);
    }
    let said = |network: Network, address: &str| {
        author
            .ask(&SETTLE, &[&of(network)], &Settle::Out { address: address.to_owned(), kit: None })
            .map_err(Refusal::from)
    };
    for (network, foreign) in [
        (Network::Nextdoor, ""),
        (Network::Parler, ""),
        (Network::Nextdoor, "https://parler.com/villa/1"),
        (Network::Screen, "javascript:alert(1)"),
        (Network::Paper, "https://otro.example/1"),
    ] {
        assert_eq!(said(network, foreign).unwrap_err(), Refusal::ForeignLink, "{network:?} {foreign}");
    }
    for (network, address) in [
        (Network::Nextdoor, "https://es.nextdoor.com/p/1"),
        (Network::Parler, "https://parler.com/villa/1"),
        (Network::Screen, ""),
        (Network::Paper, "https://elvalle.example/agua"),
    ] {
        let view = said(network, address).unwrap();
        let publication = view.publications.iter().find(|one| one.network == network).unwrap();
        let ActState::Done { receipt } = &publication.acts[0].state else { panic!("{publication:?}") };
        assert_eq!(receipt.address.as_deref(), Some(address).filter(|address| !address.is_empty()), "{network:?}");
        assert!(!receipt.native_id.is_empty() && receipt.by.as_ref() == Some(&author.me.member), "{network:?}");
    }
    let kept = crate::record::whole_chain(&author, &town);
    assert_eq!(kept.iter().filter(|entry| entry.subject == Subject::Publication).count(), PLACES.len());
}

#[test]
fn what_cannot_be_shown_on_a_screen_or_on_paper_is_said_before() {
    let town = Town::found("Villa de Papel");
    let (administrator, author) = (town.administrator(), town.author());
    for network in [Network::Screen, Network::Paper] {
        let channel = administrator.connect_by_hand(network, None);
        let mut content = for_facebook(&town, &channel);
        let found = |content: &Content, rule: Rule| {
            author.ok(&posts::CHECK, &[], content).iter().filter(|finding| finding.rule == rule).count()
        };
        assert_eq!((found(&content, Rule::Poll), found(&content, Rule::Length)), (0, 0), "{network:?}");
        content.poll = Some(Poll {
            answers: [(Language::spanish(), "Mayo\nJunio".to_owned())].into_iter().collect(),
            ..Poll::begun()
        });
        assert_eq!(found(&content, Rule::Poll), 1, "{network:?}");
        content.texts.insert(Language::spanish(), "a".repeat(network.limits().text as usize + 1));
        assert_eq!(found(&content, Rule::Length), 1, "{network:?}");
    }
}

#[test]
fn a_channel_is_changed_checked_and_disconnected_and_then_takes_nothing() {
    let town = Town::found("Villa de los Canales");
    let (administrator, author) = (town.administrator(), town.author());
    let channel = administrator.connect_by_hand(Network::Whatsapp, None);
    let all = author.ok(&channels::CHANNELS, &[], &Nothing {});
    assert_eq!(all.iter().map(|one| one.network).collect::<Vec<_>>(), vec![Network::Noticeboard, Network::Whatsapp]);
    let change = channels::ChangeChannel {
        name: "Avisos por WhatsApp".to_owned(),
        languages: vec![Language::spanish()],
        address: Some("https://whatsapp.com/channel/villa".to_owned()),
        patience: Patience::Usual,
    };
    assert_eq!(administrator.ok(&channels::CHANGE, &[channel.id.as_str()], &change).name, "Avisos por WhatsApp");
    let draft = author.write(&for_facebook(&town, &channel));
    administrator.ok(&channels::DISCONNECT, &[channel.id.as_str()], &Nothing {});
    let save = posts::Save { version: 0, content: for_facebook(&town, &channel) };
    assert_eq!(author.no(&posts::SAVE, &[api_journeys::new_post().as_str()], &save), Refusal::ChannelUnfit);
    let refusal = author.no(&posts::SUBMIT, &[id(&draft)], &api_journeys::at(&draft));
    assert!(matches!(refusal, Refusal::ChannelUnfit | Refusal::Blocked), "{refusal:?}");
    let board = town.founded.noticeboard.to_string();
    let refusal = administrator.ask(&channels::DISCONNECT, &[&board], &Nothing {}).map(|_| ()).unwrap_err();
    assert!(refusal.status >= 400, "the noticeboard stays");
    assert_eq!(author.ok(&channels::CHANNELS, &[], &Nothing {})[0].health.state, domain::HealthState::Working);
}

#[test]
fn a_network_that_needs_an_account_cannot_be_connected_by_hand() {
    let town = Town::found("Villa Confundida");
    let connect = channels::Connect::Assisted {
        on: Network::Bluesky,
        channel: None,
        name: "B".to_owned(),
        handle: "b".to_owned(),
        address: None,
    };
    assert!(matches!(town.administrator().no(&channels::CONNECT, &[], &connect), Refusal::Malformed { .. }));
    for server in [
        "http://mastodon.example",
        "https://10.0.0.1",
        "https://[fe80::1]",
        "https://usuario:clave@mastodon.social",
        "ftp://mastodon.social",
        "https://metadata.internal",
    ] {
        let connect = channels::Connect::Mastodon { server: server.to_owned() };
        assert_eq!(town.administrator().no(&channels::CONNECT, &[], &connect), Refusal::ForbiddenAddress, "{server}");
    }
}

#[test]
fn an_agency_stays_within_its_channels() {
    let town = Town::found("Villa de la Agencia");
    let (administrator, author, agency) = (town.administrator(), town.author(), town.member(Role::Agency));
    let facebook = administrator.connect_by_hand(Network::Facebook, None);
    let own = agency.write(&town.notice("Campaña de reciclaje."));

    let mut wider = own.post.content.clone();
    wider.targets.push(Target::new(facebook.id.clone(), vec![Language::spanish()]));
    assert_eq!(
        agency.no(&posts::SAVE, &[id(&own)], &posts::Save { version: own.post.version, content: wider.clone() }),
        Refusal::OutOfReach
    );
    let new = agency.ask(
        &posts::SAVE,
        &[api_journeys::new_post().as_str()],
        &posts::Save { version: 0, content: wider.clone() },
    );
    assert_eq!(new.unwrap_err().fault.refusal, Refusal::OutOfReach);

    let others = author.write(&wider);
    let mut edit = others.post.content.clone();
    edit.texts.insert(Language::spanish(), "Campaña que no es suya.".to_owned());
    assert_eq!(
        agency.no(&posts::SAVE, &[id(&others)], &posts::Save { version: others.post.version, content: edit }),
        Refusal::OutOfReach
    );
    // What is not for it to see, it does not see.
    assert_eq!(agency.no(&posts::READ, &[id(&others)], &wire::Nothing {}), Refusal::OutOfReach);
    let listed = agency.ok(&posts::LIST, &[], &posts::Query::default());
    assert_eq!(listed.items.iter().map(|row| &row.id).collect::<Vec<_>>(), [&own.post.id]);
    assert_eq!(agency.no(&posts::SUBMIT, &[id(&others)], &api_journeys::at(&others)), Refusal::OutOfReach);
    assert_eq!(
        agency.no(&posts::WITHDRAW, &[id(&author.submit(&others))], &api_journeys::at(&author.read(&others.post.id))),
        Refusal::OutOfReach
    );
    let cancel = api_journeys::because(&author.read(&others.post.id), "No.");
    assert_eq!(agency.no(&posts::CANCEL, &[id(&others)], &cancel), Refusal::OutOfReach);
    let submitted = agency.submit(&own);
    assert_eq!(
        agency.no(&posts::RELEASE, &[id(&submitted)], &api_journeys::at(&submitted)),
        Refusal::NotAllowed { act: domain::Act::Publish }
    );
}
