//! Networks that fetch pictures themselves, Instagram and Threads, on our sandbox: what they have in common is told once, of each.
//! Instagram's calls and answers are held against Meta's own description; what came to either is read back with a client that is
//! not ours. No server of theirs can be had: what they do beyond that, nobody here has seen.

mod connecting;
mod instagram;
mod itself;
mod threads;
mod videos;

use api_journeys::{
    Member, Town, abroad, because, eventually, id, last_act,
    outside::{
        Sandbox, agree_at_network, channel, instagram_app, instagram_itself, notice_on, publish, release, threads_app,
    },
    tries_again,
};
use domain::{
    Channel, Content, HealthState, Millis, Moment, Network,
    delivery::{ActState, Deed, FailureKind, Hold, PublicationState},
    telling::Kind,
};
use serde_json::{Value, json};
use wire::{
    Nothing,
    channels::Connect,
    notices,
    posts::{self, PostView},
    publications::{self, ActView, Came},
};

use crate::media;

/// The page that the sandbox's person has, unless it is told otherwise.
const PAGE: &str = "Ayuntamiento";

/// One of the networks: its names for the same things.
#[derive(Clone, Copy)]
struct House {
    network: Network,
    name: &'static str,
    words: &'static str,
    makes: &'static str,
    publishes: &'static str,
    version: &'static str,
    /// By its own login, where the network has another one too.
    itself: bool,
}

/// Instagram by its own login.
const ITSELF: House = House { itself: true, ..INSTAGRAM };

const INSTAGRAM: House = House {
    network: Network::Instagram,
    name: "instagram",
    words: "caption",
    makes: "media",
    publishes: "media_publish",
    version: "v25.0",
    itself: false,
};

const THREADS: House = House {
    network: Network::Threads,
    name: "threads",
    words: "text",
    makes: "threads",
    publishes: "threads_publish",
    version: "v1.0",
    itself: false,
};

impl House {
    fn account(&self) -> String {
        match self.network {
            Network::Instagram => networks_sandbox::account_of(&networks_sandbox::page_id(PAGE)),
            _ => networks_sandbox::PROFILE.0.to_owned(),
        }
    }

    /// The call that makes a post visible, as the sandbox writes calls down.
    fn visible(&self) -> String {
        format!("POST /{}/{}/{}", self.version, self.account(), self.publishes)
    }

    /// Where containers are made and where they are published begins alike; what was made is counted by its whole name.
    fn made(&self, sandbox: &Sandbox) -> Vec<Value> {
        let path = format!("/{}/{}/{}", self.version, self.account(), self.makes);
        let all = sandbox.requests(&format!("POST {path}"));
        all.into_iter().filter(|request| request["path"] == path).collect()
    }

    fn published(&self, sandbox: &Sandbox) -> Vec<Value> {
        sandbox.published(self.name)
    }

    fn tried(&self, sandbox: &Sandbox) -> usize {
        sandbox.requests(&self.visible()).len()
    }

    fn app(&self) -> Connect {
        match self.network {
            Network::Instagram if self.itself => instagram_itself(None),
            Network::Instagram => instagram_app(None),
            _ => threads_app(None),
        }
    }

    fn stands(&self, sandbox: &Sandbox, town: &Town) {
        match self.network {
            Network::Instagram if self.itself => sandbox.stands_for_instagram(town),
            Network::Instagram => sandbox.stands_for_facebook(town),
            _ => sandbox.stands_for_threads(town),
        }
    }

    /// A town with a sandbox of its own, and an account there.
    fn connected(&self, town: Town) -> (Town, Sandbox, Channel) {
        let sandbox = Sandbox::start();
        self.stands(&sandbox, &town);
        let channel = agree_at_network(&town.administrator(), &self.app()).unwrap();
        (town, sandbox, channel)
    }
}

/// Puts pictures into a content; answers how readers are to see them.
fn pictures(author: &Member, content: &mut Content, count: u8) -> Vec<Value> {
    let picture = |place: u8| {
        let bytes = media::jpeg(320 + u16::from(place), 320, place + 1);
        let alt = format!("La plaza, {place}.");
        content.pictures.push(media::picture(&media::stored_jpeg(author, &bytes), &alt));
        json!({ "alt": alt, "sha256": domain::record::sha256_hex(&bytes) })
    };
    (0..count).map(picture).collect()
}

/// A post with a picture.
fn pictured(town: &Town, made: &Channel, text: &str) -> Content {
    let mut content = notice_on(town, made, text);
    pictures(&town.author(), &mut content, 1);
    content
}

/// The addresses that came to a sandbox.
pub fn addresses(sandbox: &Sandbox) -> Vec<String> {
    let found = |request: Value| {
        let body = request["body"].as_str()?.to_owned();
        let named = |pair: &'static str| body.split('&').find_map(|field| field.strip_prefix(pair));
        let address = ["image_url=", "video_url=", "file_url="].into_iter().find_map(named)?;
        Some(address.replace("%3A", ":").replace("%2F", "/"))
    };
    sandbox.requests("POST ").into_iter().filter_map(found).collect()
}

fn first_act(author: &Member, post: &PostView) -> ActView {
    author.read(&post.post.id).publications[0].acts[0].clone()
}

/// Waits until a try of a post is over and it waits for the next.
fn tried_and_waiting(author: &Member, post: &PostView, tries: usize) -> ActView {
    eventually("a try that is to be repeated", || {
        let act = first_act(author, post);
        // The next one may have come before anybody looked.
        let over = act.attempts.len() > tries || (act.attempts.len() == tries && tries_again(&act));
        over.then_some(act)
    })
}

fn native_id(post: &PostView) -> String {
    let ActState::Done { receipt } = last_act(post) else { panic!("{:?}", last_act(post)) };
    receipt.native_id.clone()
}

/// Lets the looks at what nobody knows come.
pub fn look_twice(town: &Town) {
    for minutes in [20, 40] {
        town.ahead(Millis::minutes(minutes));
        town.tick();
        town.settle();
    }
}

fn slow_processing_is_waited_for_with_one_container(house: House) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa de la Paciencia"));
    let author = town.author();
    // More looks than one invocation makes.
    sandbox.set(&json!({ "preparing": 6 }));
    let before = town.now();
    let post = release(&town, &pictured(&town, &made, "Cuando esté."));
    let waiting = tried_and_waiting(&author, &post, 1);
    assert_eq!(waiting.attempts[0].outcome, Some(Came::Preparing), "{:?}", waiting.attempts[0]);
    assert_eq!((house.published(&sandbox).len(), house.tried(&sandbox)), (0, 0), "nothing is published half done");
    assert!(waiting.due.since(before) < Millis::minutes(2), "{:?}", waiting.due.since(before));
    town.ahead(Millis::minutes(2));
    town.tick();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!((house.made(&sandbox).len(), house.tried(&sandbox)), (1, 1), "the same container, once");
}

fn what_expired_is_made_again(house: House) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa Caducada"));
    let author = town.author();
    sandbox.set(&json!({ "preparing": 1_000 }));
    let post = release(&town, &pictured(&town, &made, "Caducó."));
    tried_and_waiting(&author, &post, 1);
    sandbox.set(&json!({ "preparing": 0, "expire_containers": true }));
    town.ahead(Millis::minutes(1));
    town.tick();
    tried_and_waiting(&author, &post, 2);
    town.ahead(Millis::minutes(3));
    town.tick();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!((house.made(&sandbox).len(), house.tried(&sandbox), house.published(&sandbox).len()), (2, 1, 1));
}

fn a_carousel_goes_on_where_it_stopped(house: House) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa del Carrusel"));
    let author = town.author();
    sandbox.set(&json!({ "late_children": 1 }));
    let mut content = notice_on(&town, &made, "Tres imágenes.");
    let shown = pictures(&author, &mut content, 3);
    let post = release(&town, &content);
    let waiting = tried_and_waiting(&author, &post, 1);
    assert_eq!(waiting.attempts[0].outcome, Some(Came::Preparing));
    town.ahead(Millis::minutes(1));
    town.tick();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!(house.published(&sandbox)[0]["pictures"], json!(shown));
    assert_eq!(house.made(&sandbox).len(), 5, "three children, and the whole twice: no child is made again");
    assert_eq!(addresses(&sandbox).len(), 3);
}

fn a_lost_answer_is_looked_up_and_never_sent_again(house: House) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa de la Duda Lejana"));
    town.arm("impatient=1");
    let author = town.author();
    let faults = [
        json!({ "then": "drop_after" }),
        json!({ "then": "hang_after" }),
        json!({ "then": "status_after", "status": 502 }),
        json!({ "then": "malformed" }),
        json!({ "then": "refuse_after", "code": 2, "status": 500 }),
    ];
    for (place, mut fault) in faults.into_iter().enumerate() {
        town.ahead(Millis(0));
        fault["on"] = house.visible().into();
        let calls = house.tried(&sandbox);
        sandbox.arm(&json!([fault]));
        let text = format!("¿Salió el número {place}?");
        let post = release(&town, &pictured(&town, &made, &text));
        author.wait_for(&post.post.id, PublicationState::Unknown);
        // The list is late: found by the second look, though the container says at once that it is out.
        sandbox.set(&json!({ "lag": 1 }));
        look_twice(&town);
        let out = author.wait_for(&post.post.id, PublicationState::Out);
        let there: Vec<Value> =
            house.published(&sandbox).into_iter().filter(|post| post[house.words] == text).collect();
        let [one] = &there[..] else { panic!("{fault}: {there:?}") };
        assert_eq!(json!(native_id(&out)), one["id"], "{fault}");
        assert_eq!(house.tried(&sandbox), calls + 1, "{fault}: once, and only once");
    }
}

fn what_was_done_though_it_was_refused_is_found_by_its_container(house: House) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa de los Dos Testigos"));
    let author = town.author();
    // It is done, and yet we are asked to wait: the next try reads that the container is published.
    sandbox.arm(&json!([{ "on": house.visible(), "then": "refuse_after", "code": 4 }]));
    let post = release(&town, &pictured(&town, &made, "Dos veces no."));
    tried_and_waiting(&author, &post, 1);
    town.ahead(Millis::minutes(1));
    town.tick();
    let out = author.wait_for(&post.post.id, PublicationState::Out);
    let there = house.published(&sandbox);
    assert_eq!((there.len(), house.tried(&sandbox), &there[0]["id"]), (1, 1, &json!(native_id(&out))));
}

/// Has somebody correct a post, and somebody else agree.
fn corrected(town: &Town, post: &PostView, content: &Content, text: &str) -> PostView {
    let (author, mut right) = (town.author(), content.clone());
    right.texts.values_mut().for_each(|old| text.clone_into(old));
    let now = author.read(&post.post.id);
    let correct =
        posts::Correct { version: now.post.version, content: right, reason: "Estaba mal.".to_owned(), checked: None };
    let proposed = author.ok(&posts::CORRECT, &[id(post)], &correct);
    town.mayor().ok(&posts::DECIDE, &[id(&proposed)], &api_journeys::approval(&proposed))
}

/// Gives a post up; whoever has it in hand at this moment puts it back first.
fn given_up(author: &Member, post: &PostView) -> PostView {
    let why = publications::Why { reason: "Ya no hace falta.".to_owned() };
    eventually("it to be given up", || {
        author.ask(&publications::GIVE_UP, &[post.publications[0].id.as_str()], &why).ok()
    })
}

fn what_was_done_though_it_was_refused_is_never_done_twice(house: House) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa del No que era Sí"));
    town.arm("impatient=1");
    let author = town.author();
    let counts = || (house.made(&sandbox).len(), house.tried(&sandbox), house.published(&sandbox).len());
    let says = |text: &str| house.published(&sandbox).iter().filter(|one| one[house.words] == text).count();
    let refused = |text: &str, then: &str, code: i64, subcode: Option<i64>| {
        town.ahead(Millis(0));
        sandbox.arm(&json!([{ "on": house.visible(), "then": then, "code": code, "subcode": subcode }]));
        let content = pictured(&town, &made, text);
        let post = release(&town, &content);
        (content, post)
    };
    // "Action blocked", and it is out: whoever tries it again has no second one made.
    let (_, post) = refused("El mercado abre a las ocho.", "refuse_after", 4, Some(2_207_051));
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    author.retry(&failed.publications[0], "Otra vez.").unwrap();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!(counts(), (1, 1, 1), "as a person who trusted the answer");

    // Asked to wait, and its window is over before the next try.
    let (_, post) = refused("La biblioteca abre a las nueve.", "refuse_after", 4, None);
    tried_and_waiting(&author, &post, 1);
    author.let_out_late(&town, &post.post.id);
    assert_eq!(counts(), (2, 2, 2));

    // Corrected while it waits: what is out is known before, and the correction is a person's.
    let (content, post) = refused("La feria es el jueves.", "refuse_after", 4, None);
    tried_and_waiting(&author, &post, 1);
    corrected(&town, &post, &content, "La feria es el viernes.");
    eventually("the kit of the correction", || {
        town.tick();
        let view = author.read(&post.post.id);
        let last = view.publications[0].acts.last()?;
        (last.deed == Deed::Edit && matches!(last.state, ActState::InHand { .. })).then_some(())
    });
    assert_eq!((counts(), says("La feria es el jueves."), says("La feria es el viernes.")), ((3, 3, 3), 1, 0));

    // A no that names the content is one: it is corrected and tried again, and nobody has to look for anything.
    let (content, post) = refused("Con una falta.", "refuse", 100, None);
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    corrected(&town, &failed, &content, "Sin ella.");
    let failed = author.read(&post.post.id);
    assert_eq!(failed.publications[0].state, PublicationState::Failed);
    author.retry(&failed.publications[0], "Corregida.").unwrap();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!((counts(), says("Con una falta."), says("Sin ella.")), ((5, 5, 4), 0, 1));
}

fn what_may_be_out_is_looked_for_before_it_is_given_up(house: House) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa que Renuncia a Tiempo"));
    town.arm("impatient=1");
    let author = town.author();
    // Long enough that no next try comes meanwhile.
    let refused = |text: &str, then: &str| {
        sandbox.arm(&json!([{ "on": house.visible(), "then": then, "code": 4, "seconds": 600 }]));
        let post = release(&town, &pictured(&town, &made, text));
        tried_and_waiting(&author, &post, 1);
        assert_eq!(given_up(&author, &post).publications[0].state, PublicationState::Unknown);
        post
    };
    let post = refused("El baile es a las once.", "refuse_after");
    eventually("it to be known to be out", || {
        town.tick();
        (author.read(&post.post.id).publications[0].state == PublicationState::Out).then_some(())
    });
    assert_eq!((house.tried(&sandbox), house.published(&sandbox).len()), (1, 1));
    // Nobody wants it any more, and readers see it.
    eventually("somebody to be told", || {
        let rows = town.administrator().ok(&notices::LIST, &[], &notices::Query::default()).items;
        rows.into_iter().find(|row| row.kind == Kind::Person && row.post.as_ref() == Some(&post.post.id))
    });
    // The no was one: a person says so, and it is given up then.
    town.ahead(Millis::minutes(11));
    let post = refused("No hay baile.", "refuse");
    look_twice(&town);
    let asked = eventually("a person to be asked", || {
        let view = author.read(&post.post.id);
        matches!(last_act(&view), ActState::Unknown { asked: true, .. }).then_some(view)
    });
    let told = publications::Settle::NotOut { reason: "No está en la cuenta.".to_owned() };
    author.ok(&publications::SETTLE, &[asked.publications[0].id.as_str()], &told);
    assert_eq!(given_up(&author, &post).publications[0].state, PublicationState::Cancelled);
    assert_eq!((house.tried(&sandbox), house.published(&sandbox).len()), (2, 1));
}

fn what_nobody_knows_of_is_looked_for_in_the_words_that_were_sent(house: House) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa que Busca lo que Dijo"));
    let author = town.author();
    sandbox.arm(&json!([{ "on": house.visible(), "then": "refuse", "code": 4, "subcode": 2_207_051 }]));
    let content = pictured(&town, &made, "El mercado es el lunes.");
    let failed = author.wait_for(&release(&town, &content).post.id, PublicationState::Failed);
    assert_eq!(failed.publications[0].acts[0].sent, None, "what is known says it itself");
    corrected(&town, &failed, &content, "El mercado es el martes.");
    look_twice(&town);
    let asked = eventually("a person to be asked", || {
        let act = first_act(&author, &failed);
        matches!(act.state, ActState::Unknown { asked: true, .. }).then_some(act)
    });
    let sent = asked.sent.expect("what was sent");
    assert_eq!(sent.text, "El mercado es el lunes.", "not what is agreed to now");
    assert_eq!(house.tried(&sandbox), 1);
}

fn what_says_that_it_broke_after_it_was_told_to_be_shown_is_looked_up(house: House) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa del Frasco Roto"));
    let author = town.author();
    // Long enough that no next try comes meanwhile.
    sandbox.arm(&json!([{ "on": house.visible(), "then": "refuse_after", "code": 4, "seconds": 600 }]));
    let post = release(&town, &pictured(&town, &made, "Salió, y luego se rompió."));
    tried_and_waiting(&author, &post, 1);
    sandbox.set(&json!({ "break_containers": 2_207_009 }));
    town.ahead(Millis::minutes(11));
    eventually("nobody to know", || {
        town.tick();
        matches!(first_act(&author, &post).state, ActState::Unknown { .. }).then_some(())
    });
    let counts = (house.made(&sandbox).len(), house.tried(&sandbox), house.published(&sandbox).len());
    assert_eq!(counts, (1, 1, 1), "what it says of itself does not have another made");
}

fn what_cannot_be_proven_is_asked_of_a_person(house: House) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa sin Testigos"));
    town.arm("impatient=1");
    let author = town.author();
    sandbox.arm(&json!([{ "on": house.visible(), "then": "drop_before" }]));
    let lost = release(&town, &pictured(&town, &made, "No llegó."));
    author.wait_for(&lost.post.id, PublicationState::Unknown);
    look_twice(&town);
    let asked = eventually("a person to be asked", || {
        let view = author.read(&lost.post.id);
        matches!(last_act(&view), ActState::Unknown { asked: true, .. }).then_some(view)
    });
    assert_eq!((house.published(&sandbox).len(), house.tried(&sandbox)), (0, 1));
    // Whoever says that it is not out and wants it out has it made anew.
    let told = publications::Settle::NotOut { reason: "No está en la cuenta.".to_owned() };
    let failed = author.ok(&publications::SETTLE, &[asked.publications[0].id.as_str()], &told);
    author.retry(&failed.publications[0], "Otra vez.").unwrap();
    author.wait_for(&lost.post.id, PublicationState::Out);
    assert_eq!((house.published(&sandbox).len(), house.made(&sandbox).len()), (1, 2));
}

fn a_quota_is_read_before_anything_is_made(house: House) {
    let (town, sandbox, made) = house.connected(Town::found("Villa del Cupo"));
    let author = town.author();
    sandbox.set(&json!({ "quota": 1 }));
    publish(&town, &pictured(&town, &made, "La primera."));
    let (before, calls) = (town.now(), house.made(&sandbox).len());
    let post = release(&town, &pictured(&town, &made, "La segunda."));
    // A place is free in a day, and its window is over by then: somebody decides.
    let held = author.wait_for(&post.post.id, PublicationState::Held);
    assert_eq!(*last_act(&held), ActState::Held { reason: Hold::Late });
    let attempt = &held.publications[0].acts[0].attempts[0];
    assert_eq!(attempt.outcome, Some(Came::Throttled), "{attempt:?}");
    assert!(attempt.message.contains("1 of the 1"), "{}", attempt.message);
    assert_eq!((house.made(&sandbox).len(), house.tried(&sandbox)), (calls, 1), "nothing was made for nothing");
    assert!(town.now().since(before) < Millis::minutes(2));
    sandbox.set(&json!({ "quota": 2 }));
    author.retry(&held.publications[0], "Mañana no: ahora.").unwrap();
    author.wait_for(&post.post.id, PublicationState::Out);
}

/// One of these codes is refused for a reason, another passes (none where it is 0).
fn a_picture_that_cannot_be_prepared_is_told_by_its_code(
    house: House,
    (refused, kind): (u32, FailureKind),
    passing: u32,
) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa de lo Roto"));
    let author = town.author();
    sandbox.set(&json!({ "breaks": refused }));
    let post = release(&town, &pictured(&town, &made, "Se rompe."));
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
    assert_eq!(failure.kind, kind);
    assert!(failure.message.contains(&refused.to_string()), "{}", failure.message);
    assert_eq!(house.tried(&sandbox), 0);
    if passing > 0 {
        sandbox.set(&json!({ "breaks": passing }));
        let post = release(&town, &pictured(&town, &made, "Y esta se repite."));
        tried_and_waiting(&author, &post, 1);
        town.ahead(Millis::minutes(1));
        town.tick();
        author.wait_for(&post.post.id, PublicationState::Out);
    }
}

fn each_answer_leads_where_its_code_says(house: House, codes: &[(i64, Option<i64>, FailureKind)]) {
    let (town, sandbox, made) = house.connected(Town::found("Villa de los Otros Códigos"));
    let author = town.author();
    for (code, subcode, kind) in codes {
        sandbox.arm(&json!([{ "on": house.visible(), "then": "refuse", "code": code, "subcode": subcode }]));
        let post = release(&town, &pictured(&town, &made, &format!("Código {code} {subcode:?}.")));
        let failed = author.wait_for(&post.post.id, PublicationState::Failed);
        let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
        assert_eq!((failure.kind, failure.status), (*kind, Some(400)), "{code}");
    }
    assert_eq!(house.published(&sandbox), Vec::<Value>::new());
    let states = channel(&town.administrator(), made.id.as_str()).health.state;
    assert!(states.may_send(), "a refused post is no refused channel: {states:?}");
}

fn what_is_given_away_for_the_picture_is_not_kept(house: House) {
    let (town, sandbox, made) = house.connected(Town::found("Villa Discreta"));
    let author = town.author();
    let path = house.visible().replace(house.publishes, house.makes);
    sandbox.arm(&json!([{ "on": path, "then": "echo_body", "code": 100 }]));
    let post = release(&town, &pictured(&town, &made, "No se repite."));
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    let [address] = &addresses(&sandbox)[..] else { panic!("one address") };
    let signed = address.rsplit('/').next().unwrap();
    let said = serde_json::to_string(&failed).unwrap();
    assert!(said.contains("image_url"), "what was sent came back, and is kept: {said}");
    assert!(!said.contains(signed), "but not what opens the picture: {said}");
    assert_eq!(abroad("GET", address, &[], b"").status, 200, "it does open it");
}

fn a_takedown_is_done_and_a_correction_is_a_person_s(house: House) {
    let (town, sandbox, made) = house.connected(Town::found("Villa que se Corrige"));
    let (author, mayor) = (town.author(), town.mayor());
    let content = pictured(&town, &made, "El pleno es el jueves.");
    let out = publish(&town, &content);
    let mut right = content.clone();
    right.texts.values_mut().for_each(|text| "El pleno es el viernes.".clone_into(text));
    let correct =
        posts::Correct { version: out.post.version, content: right, reason: "Estaba mal.".to_owned(), checked: None };
    let proposed = author.ok(&posts::CORRECT, &[id(&out)], &correct);
    let sent = mayor.ok(&posts::DECIDE, &[id(&proposed)], &api_journeys::approval(&proposed));
    let handed = eventually("the kit", || {
        let view = author.read(&sent.post.id);
        let last = view.publications[0].acts.last()?;
        (last.deed == Deed::Edit && matches!(last.state, ActState::InHand { .. })).then_some(view)
    });
    assert_eq!(house.published(&sandbox)[0][house.words], "El pleno es el jueves.");
    // A newer one is read in the same kit, and nobody is asked twice.
    let mut newer = content.clone();
    newer.texts.values_mut().for_each(|text| "El pleno es el sábado.".clone_into(text));
    let version = handed.post.version;
    let correct = posts::Correct { version, content: newer, reason: "Estaba mal.".to_owned(), checked: None };
    let proposed = author.ok(&posts::CORRECT, &[id(&handed)], &correct);
    let handed = mayor.ok(&posts::DECIDE, &[id(&proposed)], &api_journeys::approval(&proposed));
    let kit = author.ok(&publications::KIT, &[handed.publications[0].id.as_str()], &Nothing {});
    assert_eq!((handed.publications[0].acts.len(), &*kit.text), (2, "El pleno es el sábado."));
    let told = publications::Settle::NotOut { reason: "Se deja como estaba.".to_owned() };
    let kept = author.ok(&publications::SETTLE, &[handed.publications[0].id.as_str()], &told);
    mayor.ok(&posts::TAKE_DOWN, &[id(&kept)], &because(&kept, "Se suspende."));
    author.wait_for(&kept.post.id, PublicationState::TakenDown);
    assert_eq!(house.published(&sandbox), Vec::<Value>::new());
    if !house.itself {
        let read = match house.network {
            Network::Threads => sandbox.on_threads("posts", ""),
            _ => sandbox.on_instagram("posts", PAGE, ""),
        };
        assert_eq!(read, Vec::<Value>::new());
        api_journeys::covered::read(house.network, "takedown");
    }
    // What is gone already counts as taken down.
    let other = publish(&town, &pictured(&town, &made, "Lo borra otro."));
    sandbox.set(&json!({ "page_reader": PAGE }));
    let server = if house.network == Network::Threads { sandbox.threads() } else { sandbox.server.clone() };
    let address = format!("{server}/{}/{}?access_token={}", house.version, native_id(&other), networks_sandbox::READER);
    let proof = networks_sandbox::proof(networks_sandbox::READER);
    let proof = if house.network == Network::Threads { String::new() } else { format!("&appsecret_proof={proof}") };
    assert_eq!(abroad("DELETE", &(address + &proof), &[], b"").status, 200);
    mayor.ok(&posts::TAKE_DOWN, &[id(&other)], &because(&other, "Se suspende."));
    author.wait_for(&other.post.id, PublicationState::TakenDown);
}

fn a_revoked_access_stops_the_channel(house: House) {
    let (town, sandbox, made) = house.connected(Town::found("Villa Cerrada"));
    let (administrator, author) = (town.administrator(), town.author());
    sandbox.set(&json!({ "revoke": true }));
    let post = release(&town, &pictured(&town, &made, "¿Sale?"));
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
    assert_eq!(failure.kind, FailureKind::AccessRefused);
    assert!(failure.message.contains("#190"), "{}", failure.message);
    assert_eq!(channel(&administrator, made.id.as_str()).health.state, HealthState::Refused);
    let again = agree_at_network(&administrator, &house.app()).unwrap();
    assert_eq!((again.id, again.health.state), (made.id, HealthState::Working));
    author.retry(&failed.publications[0], "Permiso nuevo.").unwrap();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!(house.published(&sandbox).len(), 1);
}

fn as_many_pictures_as_fit_a_post_fit_an_invocation(house: House, most: u8) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa de los Grandes Carruseles"));
    let author = town.author();
    let waiting: Vec<PostView> = (0..2)
        .map(|place| {
            let mut content = notice_on(&town, &made, &format!("Carrusel {place}."));
            pictures(&author, &mut content, most);
            release(&town, &content)
        })
        .collect();
    let mut ahead = 0;
    eventually("all of them to be out", || {
        ahead += 1;
        town.ahead(Millis::minutes(ahead));
        town.tick();
        town.settle();
        let is_out = |post: &PostView| author.read(&post.post.id).publications[0].state == PublicationState::Out;
        waiting.iter().all(is_out).then_some(())
    });
    assert_eq!((house.published(&sandbox).len(), house.tried(&sandbox)), (2, 2));
    assert_eq!(house.made(&sandbox).len(), 2 * (usize::from(most) + 1), "each child once");
}

/// A moment that a network wrote, to the second.
fn seconds(moment: Moment) -> i64 {
    moment.0.div_euclid(1_000)
}
