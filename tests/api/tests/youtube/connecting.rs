//! How a channel is connected, checked, lost and found again, and how its access is renewed. Separate from what goes out: here is
//! a person in each story.

use api_journeys::{
    Member, Town, eventually,
    outside::{Sandbox, agree_at_network, app_of_youtube, channel, publish, release, sent_on},
};
use domain::{HealthState, Network, Refusal, delivery::PublicationState};
use serde_json::json;
use wire::{Method, Nothing, channels};

use super::{filmed, shown, with_channel};
use crate::video::film;

/// The call that renews an access.
const TOKEN: &str = "POST /token";

fn leave(administrator: &Member) -> String {
    match administrator.ok(&channels::CONNECT, &[], &app_of_youtube(None)) {
        channels::Connected::GoTo { address } => address,
        _ => panic!("connected without anybody's consent"),
    }
}

fn land(member: &Member, back: &str) -> String {
    let path = back.strip_prefix(api_journeys::url()).unwrap_or_else(|| panic!("sent back to {back}"));
    member.raw(Method::Get, path, b"").header("location").to_owned()
}

#[test]
fn a_channel_is_connected_by_whoever_left_once_and_with_a_proof() {
    let (town, sandbox) = (Town::found("Villa que se Presenta en YouTube"), Sandbox::start());
    town.stand_in(Network::Youtube, &sandbox.server);
    let administrator = town.administrator();
    let address = leave(&administrator);
    for part in [
        "access_type=offline",
        "prompt=consent",
        "code_challenge_method=S256",
        "code_challenge=",
        "response_type=code",
        "scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fyoutube.force-ssl&",
        "%2Fapi%2Fchannels%2Fyoutube%2Freturn",
        "state=",
    ] {
        assert!(address.contains(part), "{part}: {address}");
    }
    for (setting, said) in
        [(json!({ "deny": true }), "declined"), (json!({ "deny": false, "channel": "" }), "no_pages")]
    {
        sandbox.set(&json!({ "youtube": setting }));
        assert_eq!(land(&administrator, &sent_on(&leave(&administrator))), format!("/desk/channels?refused={said}"));
    }
    sandbox.set(&json!({ "youtube": { "channel": "Villa Serena" } }));
    // Another session, another town, a state that nobody gave out, another network's way back, and the same way twice.
    let back = sent_on(&leave(&administrator));
    assert_eq!(land(&town.administrator(), &back), "/desk/channels?refused=spent_link", "another session");
    let stranger = town.neighbour("Villa Curiosa de YouTube").administrator();
    assert_eq!(land(&stranger, &back), "/desk/channels?refused=spent_link", "another town");
    let guessed = format!("{}?code=x&state=guess", back.split('?').next().unwrap());
    assert_eq!(land(&administrator, &guessed), "/desk/channels?refused=spent_link");
    let crossed = back.replace("/youtube/return", "/x/return");
    assert_eq!(land(&administrator, &crossed), "/desk/channels?refused=spent_link", "another network's");
    let good = sent_on(&leave(&administrator));
    let landed = land(&administrator, &good);
    let (_, made) = landed.split_once("connected=").unwrap_or_else(|| panic!("{landed}"));
    assert_eq!(land(&administrator, &good), "/desk/channels?refused=spent_link", "twice");
    let mut wrong = app_of_youtube(None);
    if let channels::Connect::Youtube { client_secret, .. } = &mut wrong {
        "another".clone_into(client_secret);
    }
    assert_eq!(agree_at_network(&administrator, &wrong).unwrap_err(), "/desk/channels?refused=network_says");
    let settled = agree_at_network(&administrator, &app_of_youtube(None)).unwrap();
    assert_eq!(settled.id.as_str(), made, "by its name it is the same channel");
    assert!(settled.address.unwrap().starts_with("https://www.youtube.com/channel/UC"));
    let told = administrator.raw(Method::Get, "/api/channels", b"").text();
    assert!(!told.contains(networks_sandbox::YOUTUBE_APP.1) && !told.contains("token"), "{told}");
}

#[test]
fn a_channel_by_hand_becomes_automatic_and_goes_back_with_its_history() {
    let (town, sandbox) = (Town::found("Villa a Mano en YouTube"), Sandbox::start());
    town.stand_in(Network::Youtube, &sandbox.server);
    let (administrator, author) = (town.administrator(), town.author());
    let by_hand = administrator.connect_by_hand(Network::Youtube, Some("https://www.youtube.com/@villa"));
    assert!(by_hand.assisted);
    let mut content = filmed(&town, &by_hand, "A mano.", &film(4_000, 90, &[]));
    content.targets[0].showing = None;
    let first = release(&town, &content);
    author.wait_for(&first.post.id, PublicationState::InHand);
    let made = agree_at_network(&administrator, &app_of_youtube(Some(&by_hand.id))).unwrap();
    assert_eq!((&made.id, &made.name, made.assisted), (&by_hand.id, &by_hand.name, false));
    publish(&town, &filmed(&town, &made, "Por sí solo.", &film(4_000, 91, &[])));
    assert_eq!(shown(&sandbox).len(), 1);
    assert_eq!(author.read(&first.post.id).publications[0].state, PublicationState::InHand, "it is still in hand");
    administrator.ok(&channels::DISCONNECT, &[made.id.as_str()], &Nothing {});
    eventually("the access to be given back", || (!sandbox.requests("POST /revoke").is_empty()).then_some(()));
    let again = agree_at_network(&administrator, &app_of_youtube(None)).unwrap();
    assert_eq!((again.id, again.health.state), (made.id, HealthState::Working));
}

#[test]
fn an_access_is_renewed_once_whoever_needs_it_and_a_check_says_when_it_is_lost() {
    let (town, sandbox, made) = with_channel(Town::alone("Villa de la Hora"));
    publish(&town, &filmed(&town, &made, "Con el primero.", &film(4_000, 92, &[])));
    assert_eq!(sandbox.requests(TOKEN).len(), 1, "the exchange of the code");
    sandbox.set(&json!({ "youtube": { "expire": true } }));
    let several: Vec<_> = (0..3)
        .map(|place| {
            release(&town, &filmed(&town, &made, &format!("A la vez, {place}."), &film(4_000, 93 + place, &[])))
        })
        .collect();
    for post in &several {
        town.author().wait_for(&post.post.id, PublicationState::Out);
    }
    assert_eq!((sandbox.requests(TOKEN).len(), shown(&sandbox).len()), (2, 4));
    let administrator = town.administrator();
    let check = || administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {}).health;
    assert_eq!(check().state, HealthState::Working);
    // What renews it stays good though no answer names it again.
    sandbox.set(&json!({ "youtube": { "expire": true } }));
    assert_eq!((check().state, sandbox.requests(TOKEN).len()), (HealthState::Working, 3));
    sandbox.set(&json!({ "youtube": { "revoke": true } }));
    assert_eq!(check().state, HealthState::Refused);
    let again = agree_at_network(&administrator, &app_of_youtube(Some(&made.id))).unwrap();
    assert_eq!((&again.id, again.health.state), (&made.id, HealthState::Working));
    // Another channel of the same person is another channel.
    sandbox.set(&json!({ "youtube": { "channel": "Biblioteca" } }));
    assert_eq!(
        channel(&administrator, agree_at_network(&administrator, &app_of_youtube(None)).unwrap().id.as_str()).name,
        "Biblioteca"
    );
    assert_eq!(administrator.no(&channels::PAGES, &["guess"], &Nothing {}), Refusal::SpentLink);
}
