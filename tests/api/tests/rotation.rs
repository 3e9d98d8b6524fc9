//! A new sealing key: everything goes on, everything is sealed again, and the old key may go. And what opens under no key
//! is said before something is due there.

use api_journeys::{
    Member, Town, eventually, id,
    outside::{Sandbox, channel, notice_on, publish},
    secrets,
};
use domain::{HealthState, Millis, delivery::PublicationState};
use serde_json::json;
use wire::{
    Nothing,
    channels::{self, VaultView},
};

use crate::ledger_open::connect;

const NEW: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
const OTHER: &str = "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=";

fn vault(administrator: &Member) -> VaultView {
    administrator.ok(&channels::VAULT, &[], &Nothing {})
}

/// Strikes the clock until everything is sealed under the first key.
fn resealed(town: &Town, administrator: &Member) -> VaultView {
    eventually("everything to be sealed again", || {
        town.tick();
        let view = vault(administrator);
        view.keys[1..].iter().all(|key| key.spare.is_some()).then_some(view)
    })
}

#[test]
fn a_new_key_seals_everything_again_and_the_old_one_may_go() {
    let (town, sandbox) = (Town::alone("Villa de la Llave Nueva"), Sandbox::start());
    let administrator = town.administrator();
    [NEW, OTHER].into_iter().for_each(secrets::keep);
    let made = connect(&administrator, &sandbox);
    // The organisation's own key is made when its register is first read.
    let register = format!("/{}/accounts.json", town.founded.slug);
    let published = api_journeys::send("GET", &register, &[], b"").text();
    let before = vault(&administrator);
    let [own] = &before.keys[..] else { panic!("{before:?}") };
    assert!(own.secrets >= 2 && own.spare.is_none() && before.unopened == 0, "{before:?}");

    // Everything may be sealed again by the ticks of what is published meanwhile: not before this.
    let now = town.now();
    town.change_keys(NEW, &[""]);
    let changed = vault(&administrator);
    let [new, old] = &changed.keys[..] else { panic!("{changed:?}") };
    assert_eq!((new.secrets, old.secrets, &old.id), (0, own.secrets, &own.id));
    assert!(old.spare.is_none(), "it is still needed");
    publish(&town, &notice_on(&town, &made, "Con la llave de antes."));
    // A token that is renewed while everything is sealed again stays: it is under the new key already.
    sandbox.set(&json!({ "expire": "access" }));
    publish(&town, &notice_on(&town, &made, "Con un pase recién renovado."));

    let done = resealed(&town, &administrator);
    assert_eq!((done.keys[0].secrets, done.keys[1].secrets, done.unopened), (own.secrets, 0, 0));
    let spare = done.keys[1].spare.unwrap();
    assert!(
        spare.since(now) >= Millis::days(1) && spare.since(town.now()) <= Millis::days(1),
        "a day after, not at once"
    );
    let again = resealed(&town, &administrator);
    assert_eq!(again.keys, done.keys, "nothing left to do, and nothing done");

    town.change_keys(NEW, &[]);
    let calls = sandbox.requests("POST /xrpc/com.atproto.server").len();
    publish(&town, &notice_on(&town, &made, "Solo con la nueva."));
    assert_eq!(sandbox.requests("POST /xrpc/com.atproto.server").len(), calls, "the very session, sealed anew");
    assert_eq!(api_journeys::send("GET", &register, &[], b"").text(), published, "the organisation's key is the same");

    town.change_keys("", &[NEW]);
    resealed(&town, &administrator);
    publish(&town, &notice_on(&town, &made, "Y de vuelta."));
}

#[test]
fn what_opens_under_no_key_is_said_by_channel_before_something_is_due() {
    let (town, sandbox) = (Town::alone("Villa de la Llave Perdida"), Sandbox::start());
    let (administrator, author) = (town.administrator(), town.author());
    let made = connect(&administrator, &sandbox);
    assert_eq!(vault(&administrator).lost, []);
    // As after a restore with another key.
    town.change_keys(OTHER, &[]);
    let lost = vault(&administrator);
    assert_eq!((lost.lost, lost.unopened >= 2), (vec![made.id.clone()], true));
    eventually("the channel to be refused", || {
        town.tick();
        (channel(&administrator, made.id.as_str()).health.state == HealthState::Refused).then_some(())
    });
    let approved = town.mayor().approve(&author.submit(&author.write(&notice_on(&town, &made, "¿Sale?"))));
    let released = author.ok(&wire::posts::RELEASE, &[id(&approved)], &api_journeys::at(&approved));
    author.wait_for(&released.post.id, PublicationState::Held);

    // Connected again it is sealed under the key that there is, and nothing is lost any more.
    let again = connect(&administrator, &sandbox);
    assert_eq!((again.id, again.health.state), (made.id.clone(), HealthState::Working));
    let mended = vault(&administrator);
    assert_eq!((mended.lost, mended.keys[0].secrets), (vec![], 2));
    town.change_keys("", &[OTHER]);
    resealed(&town, &administrator);
    author.retry(&author.read(&released.post.id).publications[0], "Conectado otra vez.").unwrap();
    author.wait_for(&released.post.id, PublicationState::Out);
}
