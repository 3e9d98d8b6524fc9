//! People: how they come in, with what, how they come back, and how they go.

use api_journeys::{Member, Passkey, Site, Town};
use domain::{Access, Millis, Refusal, Role, record::Subject};
use wire::{
    Method, Nothing,
    people::{self, Invite, OpenInvitation},
    posts,
    session::{self, EnrolBy, EnrolledHow, MailCode, Recover},
};

fn invite(by: &Member, name: &str, role: Role) -> (people::Invited, String) {
    let invite = Invite { name: name.to_owned(), email: None, role, access: Access::Everywhere };
    let invited = by.ok(&people::INVITE, &[], &invite);
    let token = invited.link.split('#').nth(1).unwrap().to_owned();
    (invited, token)
}

fn by_invitation(token: &str) -> EnrolBy {
    EnrolBy::Invitation { token: token.to_owned() }
}

fn opened(token: &str) -> api_journeys::Answer<people::Invitation> {
    let body = serde_json::to_vec(&OpenInvitation { token: token.to_owned() }).unwrap();
    api_journeys::send_as(None, Method::Post, people::OPEN_INVITATION.pattern, &body).read("opening")
}

/// A member with a passkey, come in by invitation.
fn joined(town: &Town, role: Role) -> (Passkey, Member, Vec<String>) {
    let (_, token) = invite(&town.administrator(), "La interventora", role);
    let (passkey, enrolled, session) = Passkey::enrol(None, &by_invitation(&token)).unwrap();
    let codes = enrolled.codes.expect("codes to print").codes;
    (passkey, Member::with(enrolled.me, session.expect("signed in")), codes)
}

#[test]
fn an_invitation_works_once_and_makes_a_member_with_a_passkey() {
    let town = Town::found("Villa Hospitalaria");
    let administrator = town.administrator();
    let (invited, token) = invite(&administrator, "La interventora", Role::Approver);
    let says = opened(&token).unwrap();
    assert_eq!(
        (says.name.as_str(), says.role, says.organisation.as_str()),
        ("La interventora", Role::Approver, "Villa Hospitalaria")
    );
    let open = administrator.ok(&people::INVITATIONS, &[], &Nothing {});
    assert!(open.iter().any(|row| row.id == invited.row.id));

    // Two who hold the same link, both with the challenge in hand: one comes in.
    let (first, second) =
        (Passkey::ask(None, &by_invitation(&token)).unwrap(), Passkey::ask(None, &by_invitation(&token)).unwrap());
    let (passkey, credential) = Passkey::make(&first.options, &Site::default());
    let (enrolled, session) = Passkey::answer(None, &first, credential).unwrap();
    assert_eq!((enrolled.me.role, enrolled.me.name.as_str()), (Role::Approver, "La interventora"));
    assert_eq!(enrolled.codes.unwrap().codes.len(), 10);
    let (_, late) = Passkey::make(&second.options, &Site::default());
    assert_eq!(Passkey::answer(None, &second, late).unwrap_err().fault.refusal, Refusal::SpentLink);
    assert_eq!(opened(&token).unwrap_err().fault.refusal, Refusal::SpentLink);
    assert_eq!(Passkey::ask(None, &by_invitation(&token)).unwrap_err().fault.refusal, Refusal::SpentLink);

    let member = Member::with(enrolled.me.clone(), session.unwrap());
    let devices = member.ok(&session::DEVICES, &[], &Nothing {});
    assert_eq!((devices.passkeys.len(), devices.passkeys[0].how, devices.codes_left), (1, EnrolledHow::Invitation, 10));
    let again = passkey.sign_in().unwrap();
    assert_eq!(again.me.member, enrolled.me.member);
    let members = administrator.ok(&people::MEMBERS, &[], &Nothing {});
    assert_eq!(members.iter().filter(|row| row.name == "La interventora").count(), 1);
}

#[test]
fn an_invitation_taken_back_or_expired_opens_nothing() {
    let town = Town::alone("Villa Arrepentida");
    let administrator = town.administrator();
    let (invited, token) = invite(&administrator, "El becario", Role::Observer);
    administrator.ok(&people::UNINVITE, &[invited.row.id.as_str()], &Nothing {});
    assert_eq!(opened(&token).unwrap_err().fault.refusal, Refusal::SpentLink);
    let (_, token) = invite(&administrator, "El becario", Role::Observer);
    let challenge = Passkey::ask(None, &by_invitation(&token)).unwrap();
    town.ahead(Millis(Millis::days(7).0 + 60_000));
    assert_eq!(opened(&token).unwrap_err().fault.refusal, Refusal::SpentLink);
    let (_, credential) = Passkey::make(&challenge.options, &Site::default());
    let refusal = Passkey::answer(None, &challenge, credential).unwrap_err().fault.refusal;
    assert!(matches!(refusal, Refusal::SpentLink | Refusal::BadPasskey), "{refusal:?}");
    for forged in ["", "x", &"A".repeat(43)] {
        assert_eq!(opened(forged).unwrap_err().fault.refusal, Refusal::SpentLink);
    }
}

#[test]
fn a_passkey_of_another_site_another_challenge_or_nobody_is_refused() {
    let town = Town::found("Villa del Candado");
    let (passkey, _, _) = joined(&town, Role::Author);
    let elsewhere = [
        Site { origin: "https://malo.example".to_owned(), ..Site::default() },
        Site { party: "malo.example".to_owned(), ..Site::default() },
        Site { verified: false, ..Site::default() },
    ];
    for site in &elsewhere {
        let asked = Passkey::challenge();
        let refused = Passkey::sign_in_with(&asked, passkey.prove(&asked.options, site)).err().unwrap();
        assert_eq!(refused.fault.refusal, Refusal::BadPasskey, "{site:?}");
        let (_, token) = invite(&town.administrator(), "El intruso", Role::Observer);
        let asked = Passkey::ask(None, &by_invitation(&token)).unwrap();
        let (_, credential) = Passkey::make(&asked.options, site);
        assert_eq!(
            Passkey::answer(None, &asked, credential).unwrap_err().fault.refusal,
            Refusal::BadPasskey,
            "{site:?}"
        );
    }
    // A proof for one challenge under another; and the same proof twice.
    let (one, two) = (Passkey::challenge(), Passkey::challenge());
    let proof = passkey.prove(&one.options, &Site::default());
    assert_eq!(Passkey::sign_in_with(&two, proof.clone()).err().unwrap().fault.refusal, Refusal::BadPasskey);
    assert!(Passkey::sign_in_with(&one, proof.clone()).is_ok());
    let replayed = Passkey::sign_in_with(&one, proof).err().unwrap();
    assert!(matches!(replayed.fault.refusal, Refusal::SpentLink | Refusal::BadPasskey), "{replayed:?}");
    // The signature of another key.
    let (other, _, _) = joined(&town, Role::Author);
    let asked = Passkey::challenge();
    let mut swapped = passkey.prove(&asked.options, &Site::default());
    swapped["response"]["signature"] = other.prove(&asked.options, &Site::default())["response"]["signature"].clone();
    assert_eq!(Passkey::sign_in_with(&asked, swapped).err().unwrap().fault.refusal, Refusal::BadPasskey);
    let asked = Passkey::challenge();
    let broken = serde_json::json!({ "id": "x", "response": {} });
    assert_eq!(Passkey::sign_in_with(&asked, broken).err().unwrap().fault.refusal, Refusal::BadPasskey);
}

#[test]
fn a_further_passkey_comes_from_a_session_and_the_last_one_stays() {
    let town = Town::found("Villa de las Llaves");
    let (_, member, _) = joined(&town, Role::Author);
    let (second, enrolled, cookie) = Passkey::enrol(Some(&member.session), &EnrolBy::Session {}).unwrap();
    assert!(enrolled.codes.is_none() && cookie.is_none(), "signed in already, and has codes");
    let devices = member.ok(&session::DEVICES, &[], &Nothing {});
    assert_eq!(devices.passkeys.len(), 2);
    let with_second = second.sign_in().unwrap();
    let of_second = devices.passkeys.iter().find(|key| key.how == EnrolledHow::Session).unwrap();
    member.ok(&session::REMOVE_PASSKEY, &[of_second.id.as_str()], &Nothing {});
    assert_eq!(
        with_second.no(&posts::LIST, &[], &posts::Query::default()),
        Refusal::SignedOut,
        "its sessions end with it"
    );
    assert_eq!(second.sign_in().err().unwrap().fault.refusal, Refusal::BadPasskey);
    let last = member.ok(&session::DEVICES, &[], &Nothing {}).passkeys[0].id.to_string();
    assert_eq!(member.no(&session::REMOVE_PASSKEY, &[&last], &Nothing {}), Refusal::LastPasskey);
    assert_eq!(Passkey::ask(None, &EnrolBy::Session {}).unwrap_err().fault.refusal, Refusal::SignedOut);
}

#[test]
fn one_sees_and_ends_ones_own_sessions_and_nobody_elses() {
    let town = Town::found("Villa de las Pantallas");
    let (here, there) = (town.author(), town.author());
    let devices = here.ok(&session::DEVICES, &[], &Nothing {});
    assert!(devices.sessions.len() >= 2);
    let stranger = town.mayor();
    let ending = there.me.session.to_string();
    assert_eq!(stranger.no(&session::END_SESSION, &[&ending], &Nothing {}), Refusal::NotFound);
    here.ok(&session::END_SESSION, &[&ending], &Nothing {});
    assert_eq!(there.no(&posts::LIST, &[], &posts::Query::default()), Refusal::SignedOut);
    here.ok(&posts::LIST, &[], &posts::Query::default());
    here.ok(&session::SIGN_OUT, &[], &Nothing {});
    assert_eq!(here.no(&posts::LIST, &[], &posts::Query::default()), Refusal::SignedOut);
}

#[test]
fn a_role_that_shrinks_ends_the_sessions_and_the_last_administrator_stays() {
    let town = Town::found("Villa del Relevo");
    let (administrator, author) = (town.administrator(), town.author());
    let change = |name: &str, role: Role| people::ChangeMember {
        name: name.to_owned(),
        email: None,
        role,
        access: Access::Everywhere,
    };
    let of_author = author.me.member.to_string();
    administrator.ok(&people::CHANGE_MEMBER, &[&of_author], &change("El técnico", Role::Observer));
    assert_eq!(author.no(&posts::LIST, &[], &posts::Query::default()), Refusal::SignedOut);
    assert_eq!(town.author().me.role, Role::Observer);

    let own = administrator.me.member.to_string();
    assert_eq!(
        administrator.no(&people::CHANGE_MEMBER, &[&own], &change("La secretaria", Role::Observer)),
        Refusal::LastAdministrator
    );
    assert_eq!(administrator.no(&people::REMOVE_MEMBER, &[&own], &Nothing {}), Refusal::LastAdministrator);
    let mayor = town.mayor();
    let of_mayor = mayor.me.member.to_string();
    administrator.ok(&people::CHANGE_MEMBER, &[&of_mayor], &change("La alcaldesa", Role::Administrator));
    administrator.ok(&people::REMOVE_MEMBER, &[&own], &Nothing {});
    assert_eq!(administrator.no(&posts::LIST, &[], &posts::Query::default()), Refusal::SignedOut);
    assert!(Member::try_sign_in(&administrator.me.member, true).is_err());
    let limited = people::ChangeMember {
        access: Access::Limited { channels: vec![], from: domain::Moment(1), until: domain::Moment(2) },
        ..change("X", Role::Agency)
    };
    assert!(matches!(town.mayor().no(&people::CHANGE_MEMBER, &[&of_author], &limited), Refusal::Malformed { .. }));
}

#[test]
fn addresses_are_shown_to_who_manages_people_and_to_oneself() {
    let town = Town::found("Villa Reservada");
    let observer = town.member(Role::Observer);
    let seen = observer.ok(&people::MEMBERS, &[], &Nothing {});
    assert!(seen.iter().all(|row| row.email.is_none() || row.id == observer.me.member));
    assert!(town.administrator().ok(&people::MEMBERS, &[], &Nothing {}).iter().all(|row| row.email.is_some()));
}

fn ask_for_code(email: &str) {
    let body = serde_json::to_vec(&MailCode { email: email.to_owned() }).unwrap();
    let answer: api_journeys::Answer<Nothing> =
        api_journeys::send_as(None, Method::Post, session::MAIL_CODE.pattern, &body).read("a code");
    answer.unwrap();
}

#[test]
fn a_code_by_mail_enrols_a_further_device_once_and_not_after_ten_minutes() {
    let town = Town::alone("Villa del Correo");
    let author = town.author();
    let members = town.administrator().ok(&people::MEMBERS, &[], &Nothing {});
    let email = members.iter().find(|row| row.id == author.me.member).unwrap().email.clone().unwrap();
    ask_for_code(&email);
    ask_for_code("nadie@ninguna.example");
    let letters = town.mails(&email);
    assert!(town.mails("nadie@ninguna.example").is_empty());
    let code = code_in(&letters[0].text);
    let ground = |code: &str| EnrolBy::MailCode { email: email.clone(), code: code.to_owned() };
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    assert_eq!(Passkey::ask(None, &ground(wrong)).unwrap_err().fault.refusal, Refusal::SpentLink);
    let (_, enrolled, _) = Passkey::enrol(None, &ground(&code)).unwrap();
    assert_eq!(enrolled.me.member, author.me.member);
    assert_eq!(Passkey::ask(None, &ground(&code)).unwrap_err().fault.refusal, Refusal::SpentLink, "single use");

    ask_for_code(&email);
    let code = code_in(
        &town.mails(&email).iter().find(|mail| mail.text != letters[0].text && has_code(&mail.text)).unwrap().text,
    );
    town.ahead(Millis(Millis::minutes(10).0 + 5_000));
    assert_eq!(Passkey::ask(None, &ground(&code)).unwrap_err().fault.refusal, Refusal::SpentLink, "ten minutes");
}

fn digits(text: &str) -> Option<String> {
    // As it is printed, perhaps in two groups of four.
    let plain = text.replace([' ', '\u{a0}', '\u{202f}'], "");
    plain.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 8).map(str::to_owned)
}

fn has_code(text: &str) -> bool {
    digits(text).is_some()
}

fn code_in(text: &str) -> String {
    digits(text).unwrap_or_else(|| panic!("no code in {text}"))
}

#[test]
fn a_recovery_needs_a_printed_code_and_somebody_else_or_a_day() {
    let town = Town::alone("Villa del Extravío");
    let administrator = town.administrator();
    let (lost, member, codes) = joined(&town, Role::Author);
    let recover = |code: &str| -> api_journeys::Answer<session::Recovering> {
        let body = serde_json::to_vec(&Recover { code: code.to_owned() }).unwrap();
        api_journeys::send_as(None, Method::Post, session::RECOVER.pattern, &body).read("recovering")
    };
    assert_eq!(recover("0000-0000-0000-0000").unwrap_err().fault.refusal, Refusal::SpentLink);
    let running = recover(&codes[0].to_uppercase()).unwrap();
    assert_eq!(recover(&codes[0]).unwrap_err().fault.refusal, Refusal::SpentLink, "a code works once");
    let ground = |running: &session::Recovering| EnrolBy::Recovery {
        recovery: running.recovery.clone(),
        token: running.token.clone(),
    };
    assert!(
        matches!(Passkey::ask(None, &ground(&running)).unwrap_err().fault.refusal, Refusal::TooEarly { at } if at == running.ready_at)
    );
    let forged = EnrolBy::Recovery { recovery: running.recovery.clone(), token: "A".repeat(43) };
    assert_eq!(Passkey::ask(None, &forged).unwrap_err().fault.refusal, Refusal::SpentLink);

    let waiting = administrator.ok(&session::RECOVERIES, &[], &Nothing {});
    assert!(waiting.iter().any(|row| row.id == running.recovery && !row.confirmed));
    let recovery = running.recovery.to_string();
    assert_eq!(
        member.no(&session::CONFIRM_RECOVERY, &[&recovery], &Nothing {}),
        Refusal::NotAllowed { act: domain::Act::ManagePeople }
    );
    administrator.ok(&session::CONFIRM_RECOVERY, &[&recovery], &Nothing {});
    let (_, enrolled, _) = Passkey::enrol(None, &ground(&running)).unwrap();
    assert_eq!(enrolled.me.member, member.me.member);
    assert!(lost.sign_in().is_ok(), "the old key is removed by its holder, not by the recovery");

    // Nobody confirms: a day passes, in which a device could have stopped it.
    let second = recover(&codes[1]).unwrap();
    member.ok(&session::STOP_RECOVERY, &[second.recovery.as_str()], &Nothing {});
    let third = recover(&codes[2]).unwrap();
    town.ahead(Millis(Millis::hours(24).0 + 5_000));
    assert_eq!(Passkey::ask(None, &ground(&second)).unwrap_err().fault.refusal, Refusal::SpentLink);
    assert!(Passkey::enrol(None, &ground(&third)).is_ok());
    town.ahead(Millis(0));
    let kept = crate::record::whole_chain(&administrator, &town);
    let told = kept
        .iter()
        .filter(|entry| {
            entry.subject == Subject::Access && entry.body.as_deref().is_some_and(|body| body.contains("recovery"))
        })
        .count();
    assert!(told >= 5, "asked, confirmed, stopped: all of it is kept ({told})");
}

#[test]
fn nobody_confirms_their_own_recovery() {
    let town = Town::found("Villa de la Segunda Mano");
    let (_, administrator, codes) = joined(&town, Role::Administrator);
    let body = serde_json::to_vec(&Recover { code: codes[0].clone() }).unwrap();
    let running: session::Recovering =
        api_journeys::send_as(None, Method::Post, session::RECOVER.pattern, &body).read("recovering").unwrap();
    let recovery = running.recovery.to_string();
    assert_eq!(administrator.no(&session::CONFIRM_RECOVERY, &[&recovery], &Nothing {}), Refusal::OwnRecovery);
    let renewed = administrator.ok(&session::RENEW_CODES, &[], &Nothing {});
    assert_eq!(renewed.codes.len(), 10);
    let body = serde_json::to_vec(&Recover { code: codes[1].clone() }).unwrap();
    let old: api_journeys::Answer<session::Recovering> =
        api_journeys::send_as(None, Method::Post, session::RECOVER.pattern, &body).read("recovering");
    assert_eq!(old.unwrap_err().fault.refusal, Refusal::SpentLink, "renewed codes replace the old ones");
}

#[test]
fn a_set_up_link_that_is_forged_or_late_founds_nothing() {
    let _town = Town::found("Villa Ya Fundada");
    let founding = wire::organisations::Founding {
        name: "Villa Usurpada".to_owned(),
        kind: domain::BodyKind::Municipality,
        zone: "Europe/Madrid".to_owned(),
        languages: vec![domain::Language::spanish()],
        colour: domain::Colour::DEFAULT,
        administrator: "El usurpador".to_owned(),
        email: None,
        alone: true,
    };
    let ground = |token: &str| EnrolBy::SetUp { token: token.to_owned(), founding: Box::new(founding.clone()) };
    assert_eq!(Passkey::ask(None, &ground("forged")).unwrap_err().fault.refusal, Refusal::SpentLink);
    if let Some(token) = api_journeys::setup_token() {
        assert_eq!(Passkey::ask(None, &ground(&token)).unwrap_err().fault.refusal, Refusal::SetUpAlready);
    }
}

#[test]
fn codes_asked_for_again_and_again_are_refused_for_a_while() {
    let _town = Town::found("Villa Insistente");
    let body =
        serde_json::to_vec(&MailCode { email: format!("{}@insiste.example", api_journeys::new_post()) }).unwrap();
    let ask = || -> api_journeys::Answer<Nothing> {
        api_journeys::send_as(None, Method::Post, session::MAIL_CODE.pattern, &body).read("a code")
    };
    for _ in 0..3 {
        ask().unwrap();
    }
    assert!(
        matches!(ask().unwrap_err(), no if no.status == 429 && matches!(no.fault.refusal, Refusal::TooMany { .. }))
    );
}
