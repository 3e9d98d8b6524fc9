//! Bluesky, on the network's own server: what goes out is read back with the network's own client, as its readers'
//! programs would. What a real server cannot be made to do is rehearsed on the sandbox.

mod limits;
mod signing_in;

use std::{
    sync::{
        PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU32, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use api_journeys::{
    Member, Town, abroad, approval, because, eventually, id, last_act,
    outside::{Sandbox, channel, client, notice_on, place, publish, release, with_file},
};
use domain::{
    Channel, HealthState, Language, Network, Refusal, Replies,
    delivery::{ActState, Deed, FailureKind, PublicationState, Receipt},
};
use serde_json::{Value, json};
use wire::{
    Nothing,
    channels::{self, Connect, Connected},
    posts::{self, PostView},
};

use crate::media;

/// The real server has one clock for all accounts: the journey that moves it has the server to itself.
static CLOCK: RwLock<()> = RwLock::new(());

/// How a journey holds the server; never read.
#[expect(dead_code, reason = "held, not read")]
enum Hold {
    Shared(RwLockReadGuard<'static, ()>),
    Alone(RwLockWriteGuard<'static, ()>),
    /// By the account next door.
    Neighbour,
}

/// An account at the real server, as whoever owns it sees it.
pub struct Account {
    server: String,
    handle: String,
    did: String,
    hold: Hold,
}

const PASSWORD: &str = "una contraseña que nadie más usa";

impl Account {
    fn make() -> Self {
        Self::held(Hold::Shared(CLOCK.read().unwrap_or_else(PoisonError::into_inner)))
    }

    /// One at a server whose clock may be moved.
    fn alone() -> Self {
        Self::held(Hold::Alone(CLOCK.write().unwrap_or_else(PoisonError::into_inner)))
    }

    fn held(hold: Hold) -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let server = place("PREGON_BLUESKY");
        // The server may be older than this run.
        let run = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() % 1_000_000_000;
        let handle = format!("v{}-{run}.test", MADE.fetch_add(1, Ordering::Relaxed));
        let mut account = Self { server, handle, did: String::new(), hold };
        account.did = account.ask("account", &json!({}))["did"].as_str().unwrap().to_owned();
        account
    }

    fn ask(&self, act: &str, more: &Value) -> Value {
        let mut order = json!({
            "act": act, "server": self.server, "handle": self.handle, "did": self.did, "password": PASSWORD,
        });
        order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        client("bluesky-client.mjs", &order)
    }

    /// A new one; no two may have the same name.
    fn app_password(&self) -> String {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("Pregón {}", MADE.fetch_add(1, Ordering::Relaxed));
        let password = self.ask("app_password", &json!({ "name": name }))["password"].as_str().unwrap().to_owned();
        api_journeys::secrets::keep(&password);
        password
    }

    fn with(&self, password: &str) -> Connect {
        let identifier = format!("@{}", self.handle);
        Connect::Bluesky { server: self.server.clone(), identifier, app_password: password.to_owned() }
    }

    fn connect(&self, administrator: &Member) -> Channel {
        connected(administrator.ok(&channels::CONNECT, &[], &self.with(&self.app_password())))
    }

    /// What readers see, newest first.
    pub fn posts(&self) -> Vec<Value> {
        let posts = self.ask("posts", &json!({})).as_array().unwrap().clone();
        for post in &posts {
            assert_eq!(post["valid"], true, "by the network's own lexicon");
        }
        posts
    }
}

impl Drop for Account {
    /// Whoever moved the server's clock sets it right before anybody else is let in.
    fn drop(&mut self) {
        if matches!(self.hold, Hold::Alone(_)) {
            let _ = abroad("POST", &format!("{}/_clock", self.server), &[], br#"{"back":true}"#);
        }
    }
}

/// What says who may reply to a post of an account, and lets in no others than it names.
fn gates(account: &Account) -> Vec<Value> {
    let gates = account.ask("gates", &json!({})).as_array().unwrap().clone();
    for gate in &gates {
        assert_eq!(gate["valid"], true, "by the network's own lexicon");
    }
    gates
}

fn connected(connected: Connected) -> Channel {
    let Connected::Channel { channel } = connected else { panic!("{connected:?}") };
    *channel
}

/// A town with an account and a channel.
pub fn town(name: &str) -> (Town, Account, Channel) {
    of(name, Account::make())
}

/// The same, connected by signing in.
pub fn signed_in(name: &str) -> (Town, Account, Channel) {
    let (town, account) = (Town::found(name), Account::make());
    let channel = signing_in::sign_in(&town, &account);
    (town, account, channel)
}

fn of(name: &str, account: Account) -> (Town, Account, Channel) {
    let town = Town::found(name);
    let channel = account.connect(&town.administrator());
    (town, account, channel)
}

/// Moves the server's clock on: every session there ages.
fn later(account: &Account, hours: u64) {
    assert!(matches!(account.hold, Hold::Alone(_)), "other journeys are at this server");
    let body = json!({ "forward": hours * 3_600_000 }).to_string();
    let raw = abroad("POST", &format!("{}/_clock", account.server), &[], body.as_bytes());
    assert_eq!(raw.status, 200);
}

fn receipt(post: &PostView) -> &Receipt {
    let ActState::Done { receipt } = last_act(post) else { panic!("{:?}", last_act(post)) };
    receipt
}

#[test]
fn an_account_is_connected_with_an_app_password_and_with_nothing_else() {
    let town = Town::found("Villa del Cielo");
    let (administrator, account) = (town.administrator(), Account::make());
    let refused = |connect: &Connect| administrator.no(&channels::CONNECT, &[], connect);
    let wrong = refused(&account.with("abcd-efgh-ijkl-mnop"));
    assert!(matches!(&wrong, Refusal::NetworkSays { message } if !message.is_empty()), "{wrong:?}");
    // The account's own password would open everything, and could not be taken back by itself.
    assert_eq!(refused(&account.with(PASSWORD)), Refusal::Malformed { field: "app_password".to_owned() });
    let elsewhere = Connect::Bluesky {
        server: place("PREGON_MASTODON_MOCK"),
        identifier: account.handle.clone(),
        app_password: "abcd-efgh-ijkl-mnop".to_owned(),
    };
    assert_eq!(refused(&elsewhere), Refusal::OtherServer { network: Network::Bluesky });
    assert_eq!(administrator.ok(&channels::CHANNELS, &[], &Nothing {}).len(), 1, "only the noticeboard");

    let made = account.connect(&administrator);
    assert_eq!(made.handle, format!("@{}", account.handle));
    assert_eq!(made.address, Some(format!("https://bsky.app/profile/{}", account.handle)));
    assert_eq!(made.health.state, HealthState::Working);
    let again = account.connect(&administrator);
    assert_eq!(again.id, made.id, "connected again it is the same channel");
    let checked = administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {});
    assert_eq!(checked.health.state, HealthState::Working);
}

#[test]
fn a_mention_a_link_and_a_hashtag_are_clickable_where_they_stand() {
    let (town, account, channel) = town("Villa de las Facetas");
    let neighbour = Account::held(Hold::Neighbour);
    // Before each of them: letters of two bytes, an emoji of four, a family of eighteen.
    let text = format!(
        "¡Mañana, fiesta! 🎉 👨‍👩‍👧 #FiestaMayor según @{} y @nadie.invalid-xyz.test. Más en https://villa.example/agenda?a=1&b=2 ¿Vienes?",
        neighbour.handle
    );
    let out = publish(&town, &notice_on(&town, &channel, &text));
    let posts = account.posts();
    let [post] = &posts[..] else { panic!("{posts:?}") };
    assert_eq!((&post["text"], &post["langs"]), (&json!(text), &json!(["es"])));
    let clickable: Vec<(&str, &Value)> = post["pieces"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|piece| {
            let kind = ["link", "mention", "tag"].into_iter().find(|kind| !piece[kind].is_null())?;
            Some((piece["text"].as_str().unwrap(), &piece[kind]))
        })
        .collect();
    let mention = format!("@{}", neighbour.handle);
    let link = "https://villa.example/agenda?a=1&b=2";
    // Who does not exist stays a name in the text.
    assert_eq!(
        clickable,
        [("#FiestaMayor", &json!("FiestaMayor")), (&*mention, &json!(neighbour.did)), (link, &json!(link))]
    );
    api_journeys::covered::read(Network::Bluesky, "text, mentions");

    let receipt = receipt(&out);
    assert_eq!((json!(receipt.native_id), json!(receipt.revision)), (post["uri"].clone(), post["cid"].clone()));
    let page = format!("https://bsky.app/profile/{}/post/{}", account.handle, post["key"].as_str().unwrap());
    assert_eq!(receipt.address.as_deref(), Some(&*page));
}

#[test]
fn two_pictures_go_out_with_what_they_show_in_each_language() {
    let (town, account, channel) = town("Villa del Álbum");
    let author = town.author();
    let bytes = [media::png(8, 5), media::png(9, 6)];
    let alts = [
        ["La plaza con farolillos.", "The square with lanterns."],
        ["El cartel: 3 de agosto.", "The poster: 3 August."],
    ];
    let mut content = notice_on(&town, &channel, "Fiestas de agosto, del 3 al 6.");
    content.texts.insert(Language::english(), "August festival, from 3 to 6.".to_owned());
    content.titles.insert(Language::english(), "Festival".to_owned());
    content.targets[0].languages = vec![Language::spanish(), Language::english()];
    content.link = Some("https://villa.example/fiestas".to_owned());
    for (bytes, [spanish, english]) in bytes.iter().zip(alts) {
        let mut picture = media::picture(&media::stored(&author, bytes), spanish);
        picture.alt.insert(Language::english(), english.to_owned());
        content.pictures.push(picture);
    }
    publish(&town, &content);
    let posts = account.posts();
    assert_eq!(posts.len(), 2, "each language is a post of its own");
    for (language, place, text) in
        [("es", 0, "Fiestas de agosto, del 3 al 6."), ("en", 1, "August festival, from 3 to 6.")]
    {
        let post = posts.iter().find(|post| post["langs"] == json!([language])).unwrap();
        // Below a text hangs one thing: beside pictures, the address is in the text, and clickable.
        assert_eq!(post["text"], format!("{text}\n\nhttps://villa.example/fiestas"));
        assert!(
            post["pieces"].as_array().unwrap().iter().any(|piece| piece["link"] == "https://villa.example/fiestas")
        );
        let images = post["images"].as_array().unwrap();
        assert_eq!(images.len(), 2);
        for (image, (bytes, alt)) in images.iter().zip(bytes.iter().zip(alts)) {
            assert_eq!((&image["alt"], &image["mime"]), (&json!(alt[place]), &json!("image/png")));
            assert_eq!(image["sha256"], domain::record::sha256_hex(bytes), "the very bytes that were approved");
        }
        assert_eq!(images[1]["aspectRatio"], json!({ "width": 9, "height": 6 }));
    }
    api_journeys::covered::read(Network::Bluesky, "pictures");
}

#[test]
fn a_link_without_pictures_is_a_card() {
    let (town, account, channel) = town("Villa de la Tarjeta");
    let mut content = notice_on(&town, &channel, "Ya se puede pedir cita.");
    content.link = Some("https://villa.example/cita".to_owned());
    publish(&town, &content);
    let posts = account.posts();
    let card = json!({ "uri": "https://villa.example/cita", "title": "Corte de agua", "description": "" });
    assert_eq!((&posts[0]["card"], &posts[0]["text"]), (&card, &json!("Ya se puede pedir cita.")));
    api_journeys::covered::read(Network::Bluesky, "card");
}

#[test]
fn a_correction_stays_in_its_place_and_a_takedown_leaves_nothing() {
    let (town, account, channel) = town("Villa de la Fe de Erratas");
    let (author, mayor) = (town.author(), town.mayor());
    let first = publish(&town, &notice_on(&town, &channel, "El pleno es el jueves a las 19:00."));
    let before = account.posts().remove(0);
    let bytes = media::png(7, 4);
    let mut right = notice_on(&town, &channel, "El pleno es el viernes a las 19:00. #Pleno");
    right.pictures.push(media::picture(&media::stored(&author, &bytes), "El salón de plenos, con las sillas vacías."));
    let correct = posts::Correct {
        version: first.post.version,
        content: right,
        reason: "Era el viernes.".to_owned(),
        checked: None,
    };
    let proposed = author.ok(&posts::CORRECT, &[id(&first)], &correct);
    mayor.ok(&posts::DECIDE, &[id(&first)], &approval(&proposed));
    let corrected = eventually("the edit to be out", || {
        let view = author.read(&first.post.id);
        let last = view.publications[0].acts.last()?;
        (last.deed == Deed::Edit && matches!(last.state, ActState::Done { .. })).then_some(view)
    });
    let posts = account.posts();
    let [after] = &posts[..] else { panic!("{posts:?}") };
    assert_eq!((&after["uri"], &after["created"]), (&before["uri"], &before["created"]), "edited, not made again");
    assert_eq!(after["text"], "El pleno es el viernes a las 19:00. #Pleno");
    assert_eq!(after["images"][0]["sha256"], domain::record::sha256_hex(&bytes));
    assert_ne!(after["cid"], before["cid"]);
    assert_eq!(json!(receipt(&corrected).revision), after["cid"]);

    // What somebody else's program wrote into the account is none of ours to touch.
    account.ask("write", &json!({ "text": "Escrito a mano desde el teléfono." }));
    mayor.ok(&posts::TAKE_DOWN, &[id(&first)], &because(&corrected, "Se suspende."));
    author.wait_for(&first.post.id, PublicationState::TakenDown);
    let left = account.posts();
    assert_eq!(left.iter().map(|post| &post["text"]).collect::<Vec<_>>(), ["Escrito a mano desde el teléfono."]);
    api_journeys::covered::made(Network::Bluesky, "text");
    api_journeys::covered::read(Network::Bluesky, "correction, takedown");
}

#[test]
fn the_network_s_own_client_makes_each_kind_here_too() {
    let account = Account::make();
    let film = crate::video::film(9_000, 651, &[]);
    let made = with_file(&film, |file| account.ask("make", &json!({ "film": file })));
    let read = account.posts();
    let uris: Vec<Value> = read.iter().rev().map(|post| post["uri"].clone()).collect();
    assert_eq!(json!(uris), made, "what was taken down is gone");
    let [second, first, mentioned, linked, filmed, pictured] = &read[..] else { panic!("{read:?}") };
    let picture = &pictured["images"][0];
    assert_eq!((&picture["alt"], &picture["mime"]), (&json!("A point."), &json!("image/png")));
    let video = &filmed["video"];
    assert_eq!((&video["alt"], &video["sha256"]), (&json!("A film."), &json!(domain::record::sha256_hex(&film))));
    let words = "WEBVTT\n\n00:00:00.500 --> 00:00:01.000\nBy another program.\n";
    assert_eq!(video["captions"], json!([{ "lang": "es", "mime": "text/vtt", "text": words }]));
    let card = json!({ "uri": "https://town.example/", "title": "Town", "description": "" });
    assert_eq!((&linked["card"], &linked["text"]), (&card, &json!("A card, corrected.")));
    assert_eq!(mentioned["pieces"][1]["mention"], account.did);
    let above = json!({ "uri": first["uri"], "cid": first["cid"] });
    assert_eq!(second["reply"], json!({ "root": above, "parent": above }));
    let gate = json!({ "key": first["key"], "post": first["uri"], "allow": ["mentionRule"], "valid": true });
    assert_eq!(gates(&account), [gate]);
    let kinds = "pictures, video, captions, card, mentions, thread, replies, correction, takedown";
    api_journeys::covered::made(Network::Bluesky, kinds);
}

#[test]
fn who_may_reply_is_made_with_the_post_kept_by_a_correction_and_gone_with_it() {
    let (town, account, channel) = town("Villa en Silencio");
    let (author, mayor) = (town.author(), town.mayor());
    // What everybody may answer has no gate; of a thread the first part has one.
    publish(&town, &notice_on(&town, &channel, "Abierto a todos."));
    assert_eq!(gates(&account), Vec::<Value>::new());
    let mut content = notice_on(&town, &channel, "Con pesar.\n---\nMañana, duelo oficial.");
    content.replies = Replies::Nobody;
    let out = publish(&town, &content);
    let gate = |allow: Value| {
        let posts = account.posts();
        let root = posts.iter().find(|post| post["text"] == "Con pesar.").unwrap();
        assert_eq!(
            gates(&account),
            [json!({ "key": root["key"], "post": root["uri"], "allow": allow, "valid": true })]
        );
        root.clone()
    };
    let before = gate(json!([]));
    assert_eq!(account.posts().len(), 3, "each part once");
    api_journeys::covered::read(Network::Bluesky, "replies");

    let correct = |replies| {
        let mut right = notice_on(&town, &channel, "Con pesar.\n---\nMañana, dos días de duelo oficial.");
        right.replies = replies;
        posts::Correct { version: out.post.version, content: right, reason: "Son dos.".to_owned(), checked: None }
    };
    for other in [Replies::Everybody, Replies::Mentioned] {
        assert_eq!(author.no(&posts::CORRECT, &[id(&out)], &correct(other)), Refusal::OtherReplies);
    }
    let proposed = author.ok(&posts::CORRECT, &[id(&out)], &correct(Replies::Nobody));
    mayor.ok(&posts::DECIDE, &[id(&out)], &approval(&proposed));
    let corrected = eventually("the edit to be out", || {
        let view = author.read(&out.post.id);
        let last = view.publications[0].acts.last()?;
        (last.deed == Deed::Edit && matches!(last.state, ActState::Done { .. })).then_some(view)
    });
    assert_eq!(gate(json!([])), before);

    mayor.ok(&posts::TAKE_DOWN, &[id(&out)], &because(&corrected, "Se suspende."));
    author.wait_for(&out.post.id, PublicationState::TakenDown);
    let left = account.posts();
    assert_eq!(left.iter().map(|post| &post["text"]).collect::<Vec<_>>(), ["Abierto a todos."]);
    assert_eq!(gates(&account), Vec::<Value>::new());

    for (replies, rule) in [(Replies::Following, "followingRule"), (Replies::Mentioned, "mentionRule")] {
        let mut content = notice_on(&town, &channel, &format!("Solo {}.", replies.word()));
        content.replies = replies;
        let out = publish(&town, &content);
        let key = receipt(&out).native_id.rsplit('/').next().unwrap().to_owned();
        let gates = gates(&account);
        let gate = gates.iter().find(|gate| gate["key"] == json!(key)).unwrap();
        assert_eq!(gate["allow"], json!([rule]));
    }
}

#[test]
fn a_session_that_expired_is_renewed_and_nobody_notices() {
    let (town, account, channel) = of("Villa que Madruga", Account::alone());
    let session = account.ask("session", &json!({}));
    let opens = |token: &str, method: &str| {
        let address = format!("{}/xrpc/{method}", account.server);
        let bearer = format!("Bearer {}", session[token].as_str().unwrap());
        let verb = if method.ends_with("getSession") { "GET" } else { "POST" };
        abroad(verb, &address, &[("authorization", &bearer)], b"")
    };
    assert_eq!(opens("access", "com.atproto.server.getSession").status, 200);
    // Access tokens live two hours, refresh tokens ninety days: then only the app password is left.
    let tale = [
        (3, "access", "com.atproto.server.getSession", "Primero."),
        (24 * 100, "refresh", "com.atproto.server.refreshSession", "Segundo."),
    ];
    for (hours, token, method, text) in tale {
        later(&account, hours);
        let refused = opens(token, method);
        assert!(refused.status == 400 && refused.text().contains("ExpiredToken"), "{}", refused.text());
        let out = publish(&town, &notice_on(&town, &channel, text));
        let attempts = &out.publications[0].acts[0].attempts;
        assert_eq!(attempts.len(), 1, "{attempts:?}");
    }
    let texts: Vec<Value> = account.posts().iter().map(|post| post["text"].clone()).collect();
    assert_eq!(texts.len(), 2);
    assert!(texts.contains(&json!("Primero.")) && texts.contains(&json!("Segundo.")));
}

#[test]
fn an_expired_session_is_refreshed_without_the_password() {
    let (town, sandbox) = (Town::found("Villa del Refresco"), Sandbox::start());
    let connect = Connect::Bluesky {
        server: sandbox.server.clone(),
        identifier: "villa.test".to_owned(),
        app_password: networks_sandbox::PASSWORD.to_owned(),
    };
    let channel = connected(town.administrator().ok(&channels::CONNECT, &[], &connect));
    let sessions = || {
        let count = |call: &str| sandbox.requests(&format!("POST /xrpc/com.atproto.server.{call}Session")).len();
        (count("create"), count("refresh"))
    };
    assert_eq!(sessions(), (1, 0));
    sandbox.set(&json!({ "expire": "access" }));
    publish(&town, &notice_on(&town, &channel, "Con el pase renovado."));
    assert_eq!(sessions(), (1, 1));
    // What was renewed is kept: the next one needs no renewal.
    publish(&town, &notice_on(&town, &channel, "Y otra vez."));
    assert_eq!(sessions(), (1, 1));
    sandbox.set(&json!({ "expire": "all" }));
    publish(&town, &notice_on(&town, &channel, "Con la contraseña."));
    assert_eq!(sessions(), (2, 2));
}

#[test]
fn a_revoked_app_password_stops_the_channel_until_it_is_connected_again() {
    let (town, account, made) = of("Villa sin Llave", Account::alone());
    let (administrator, author) = (town.administrator(), town.author());
    assert_eq!(account.ask("revoke", &json!({})), json!({ "revoked": 1 }));
    // The server lets a session that is open live on until it expires.
    later(&account, 3);
    let post = release(&town, &notice_on(&town, &made, "¿Sale o no sale?"));
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
    assert_eq!(failure.kind, FailureKind::AccessRefused);
    assert!(!failure.message.is_empty() && failure.status == Some(401), "{failure:?}");
    let health = channel(&administrator, made.id.as_str()).health;
    assert_eq!(health.state, HealthState::Refused);
    assert!(health.last_error.is_some_and(|said| !said.is_empty()), "in the network's own words");
    let checked = administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {});
    assert_eq!(checked.health.state, HealthState::Refused);
    assert_eq!(account.posts(), Vec::<Value>::new());

    let again = account.connect(&administrator);
    assert_eq!((again.id, again.health.state), (made.id, HealthState::Working));
    author.retry(&failed.publications[0], "Hay contraseña nueva.").unwrap();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!(account.posts().len(), 1);
}

#[test]
fn an_answer_that_never_came_is_looked_up_and_the_post_stands_once() {
    let town = Town::alone("Villa del Silencio");
    let account = Account::make();
    let made = account.connect(&town.administrator());
    town.arm("network_silent_after=1");
    let post = release(&town, &notice_on(&town, &made, "¿Llegó?"));
    let author = town.author();
    author.wait_for(&post.post.id, PublicationState::Unknown);
    town.ahead(domain::Millis::minutes(2));
    town.tick();
    let out = author.wait_for(&post.post.id, PublicationState::Out);
    let posts = account.posts();
    assert_eq!((posts.len(), out.publications[0].acts[0].attempts.len()), (1, 1));
    assert_eq!(json!(receipt(&out).native_id), posts[0]["uri"]);
}

#[test]
fn the_same_act_delivered_twice_is_one_record() {
    let town = Town::alone("Villa del Eco Lejano");
    let account = Account::make();
    let made = account.connect(&town.administrator());
    let author = town.author();
    // One record, and two by one commit.
    for (count, replies) in [(1, Replies::Everybody), (2, Replies::Nobody)] {
        // A known bug is planted: what got no answer is sent again without a look. Even so the key is the same.
        town.arm("network_silent_after=1, bug_retry_timeout=1");
        let mut content = notice_on(&town, &made, &format!("Una sola vez, la {count}."));
        content.replies = replies;
        let post = release(&town, &content);
        eventually("the first delivery", || {
            let attempts = &author.read(&post.post.id).publications[0].acts[0].attempts;
            attempts.first().is_some_and(|attempt| attempt.ended.is_some()).then_some(())
        });
        town.ahead(domain::Millis::minutes(2 * count));
        town.tick();
        let out = author.wait_for(&post.post.id, PublicationState::Out);
        assert_eq!(out.publications[0].acts[0].attempts.len(), 2, "it went there twice");
        let posts = account.posts();
        assert_eq!((posts.len() as i64, gates(&account).len() as i64), (count, count - 1));
        let receipt = receipt(&out);
        let there = posts.iter().find(|post| post["uri"] == json!(receipt.native_id)).unwrap();
        assert_eq!(json!(receipt.revision), there["cid"]);
    }
}

#[test]
fn a_disconnected_channel_has_given_its_session_back() {
    let (town, sandbox) = (Town::found("Villa que se Despide"), Sandbox::start());
    let connect = Connect::Bluesky {
        server: sandbox.server.clone(),
        identifier: "villa.test".to_owned(),
        app_password: networks_sandbox::PASSWORD.to_owned(),
    };
    let administrator = town.administrator();
    let made = connected(administrator.ok(&channels::CONNECT, &[], &connect));
    administrator.ok(&channels::DISCONNECT, &[made.id.as_str()], &Nothing {});
    eventually("the session to be closed", || {
        (!sandbox.requests("POST /xrpc/com.atproto.server.deleteSession").is_empty()).then_some(())
    });
    assert_eq!(channel(&administrator, made.id.as_str()).health.state, HealthState::Disconnected);
    assert_eq!(administrator.no(&channels::CHECK, &[made.id.as_str()], &Nothing {}), Refusal::ChannelUnfit);
}
