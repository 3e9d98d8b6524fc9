//! What is outside of the engine: the servers that stand for the networks, and the networks' own clients that read
//! what came there. Separate from `http`, which speaks to the engine alone.

use std::{
    env, fs, io,
    path::Path,
    process::{self, Command},
    sync::atomic::{AtomicU32, Ordering},
};

use domain::{Channel, ChannelId, Content, Language, Network, delivery::PublicationState};
use networks_sandbox as sandbox;
use serde_json::{Value, json};
use wire::{Method, channels, posts::PostView};

use crate::{
    http,
    member::Member,
    town::{Town, eventually},
};

/// Where a server or a program is that `cargo xtask test api` starts or finds.
///
/// # Panics
/// When it is not there: a journey that cannot be made has failed.
pub fn place(variable: &str) -> String {
    let found = env::var(variable).unwrap_or_default();
    assert!(
        !found.is_empty(),
        "{variable} is not set: `cargo xtask test api` starts the networks' servers and says where"
    );
    found.trim_end_matches('/').to_owned()
}

/// Has a network's own client do one thing; see `tests/networks/node`.
pub fn client(script: &str, order: &Value) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../networks/node");
    let mut command = Command::new(place("PREGON_NODE"));
    let output = command.arg(folder.join(script)).arg(order.to_string()).output();
    let output = output.unwrap_or_else(|error| panic!("{script} does not start: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script} {order}: {said}");
    let answer = serde_json::from_slice(&output.stdout);
    answer.unwrap_or_else(|error| panic!("{script} {order} answered what is no JSON ({error}): {said}"))
}

/// Has a client that is not ours do something, in Python; `network` names its folder in `tests/networks`.
pub fn other_client(network: &str, order: &Value) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../networks").join(network).join("client.py");
    let output = Command::new(place("PREGON_PYTHON")).arg(script).arg(order.to_string()).output();
    let output = output.unwrap_or_else(|error| panic!("the client of {network} does not start: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{order}: {said}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{order}: no JSON ({error}): {said}"))
}

/// Has something done with a file of these bytes, which is gone afterwards.
pub fn with_file<T>(bytes: &[u8], act: impl FnOnce(&Path) -> T) -> T {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let name = format!("pregon-{}-{}.mp4", process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    let file = env::temp_dir().join(name);
    let failed = |error: io::Error| panic!("{}: {error}", file.display());
    fs::write(&file, bytes).unwrap_or_else(failed);
    let done = act(&file);
    fs::remove_file(&file).unwrap_or_else(failed);
    done
}

/// The sandbox networks, started for one journey alone. When the journey ends, nothing may have come there, or been
/// answered there, that is not of a network's interface.
pub struct Sandbox {
    /// Where it answers.
    pub server: String,
    objects: bool,
}

impl Sandbox {
    /// Starts it.
    pub fn start() -> Self {
        let address = sandbox::start().unwrap_or_else(|error| panic!("the sandbox networks do not start: {error}"));
        crate::secrets::keep(sandbox::PASSWORD);
        Self { server: format!("http://{address}"), objects: true }
    }

    /// For a journey that says something wrong on purpose, and looks at the objections itself.
    pub fn without_judgement(mut self) -> Self {
        self.objects = false;
        self
    }

    fn door(&self, verb: &str, door: &str, body: &Value) -> Value {
        let raw = http::abroad(
            verb,
            &format!("{}{door}", self.server),
            &[("content-type", "application/json")],
            body.to_string().as_bytes(),
        );
        assert_eq!(raw.status, 200, "{door}: {}", raw.text());
        serde_json::from_slice(&raw.body).unwrap_or_else(|error| panic!("{door}: {error}"))
    }

    /// Makes one call there with nothing of ours in front of it, as JSON and with the token of the clients of others, unless `more`
    /// carries another; answers the status, and all that was said.
    pub fn bare(&self, call: &str, more: &[(&str, &str)], body: &Value) -> (u16, String) {
        let (verb, path) = call.split_once(' ').unwrap_or(("POST", call));
        let reader = format!("Bearer {}", sandbox::READER);
        let mut headers = vec![("content-type", "application/json")];
        if !more.iter().any(|(name, _)| *name == "authorization") {
            headers.push(("authorization", reader.as_str()));
        }
        headers.extend(more);
        let raw = http::abroad(verb, &format!("{}{path}", self.server), &headers, body.to_string().as_bytes());
        (raw.status, raw.text())
    }

    /// Changes how it behaves.
    pub fn set(&self, settings: &Value) {
        self.door("PUT", "/_settings", settings);
    }

    /// Arms faults.
    pub fn arm(&self, faults: &Value) {
        self.door("PUT", "/_faults", faults);
    }

    /// What readers would see at the Mastodon server, by its own account.
    pub fn statuses(&self) -> Vec<Value> {
        self.door("GET", "/_posts", &Value::Null)["mastodon"].as_array().cloned().unwrap_or_default()
    }

    /// What came, oldest first, of a method and path.
    pub fn requests(&self, call: &str) -> Vec<Value> {
        let all = self.door("GET", "/_requests", &Value::Null);
        let is_it = |request: &&Value| {
            format!(
                "{} {}",
                request["method"].as_str().unwrap_or_default(),
                request["path"].as_str().unwrap_or_default()
            )
            .starts_with(call)
        };
        all.as_array().into_iter().flatten().filter(is_it).cloned().collect()
    }

    /// What readers would see on the pages, by the sandbox's own account.
    pub fn pages_posts(&self) -> Vec<Value> {
        self.door("GET", "/_posts", &Value::Null)["facebook"].as_array().cloned().unwrap_or_default()
    }

    /// Has Meta's own client do something on a page, newest first where it reads.
    pub fn on_page(&self, act: &str, name: &str) -> Vec<Value> {
        self.set(&json!({ "page_reader": name }));
        let order = json!({
            "act": act, "server": self.server, "app": sandbox::APP, "token": sandbox::READER,
            "page": sandbox::page_id(name),
        });
        other_client("facebook", &order).as_array().cloned().unwrap_or_default()
    }

    /// Has Meta's own client make a video on a page of one at an address, or read those that are there.
    pub fn with_film(&self, act: &str, name: &str, film: &str) -> Vec<Value> {
        self.set(&json!({ "page_reader": name }));
        let order = json!({
            "act": act, "server": self.server, "app": sandbox::APP, "token": sandbox::READER,
            "page": sandbox::page_id(name), "film": film,
        });
        other_client("facebook", &order).as_array().cloned().unwrap_or_default()
    }

    /// What readers would see in the channel of Telegram, oldest first, by the sandbox's own account.
    pub fn messages(&self) -> Vec<Value> {
        self.door("GET", "/_posts", &Value::Null)["telegram"].as_array().cloned().unwrap_or_default()
    }

    /// What a client that is not ours reads in the channel of Telegram: what is pinned, and then each of some messages.
    pub fn in_telegram(&self, messages: &[i64]) -> Vec<Value> {
        let chat = format!("@{}", sandbox::CHANNEL);
        let order = json!({
            "act": "read", "server": self.server, "token": sandbox::BOT, "chat": chat, "messages": messages,
        });
        other_client("telegram", &order).as_array().cloned().unwrap_or_default()
    }

    /// What readers would see at X, oldest first, by the sandbox's own account.
    pub fn posts_of_x(&self) -> Vec<Value> {
        self.door("GET", "/_posts", &Value::Null)["x"].as_array().cloned().unwrap_or_default()
    }

    /// Every version of a status, as an independent client of Mastodon reads them, oldest first.
    pub fn history(&self, account: &str, status: &str) -> Vec<Value> {
        self.set(&json!({ "reader": account }));
        let order = json!({ "act": "history", "server": self.server, "token": sandbox::READER, "status": status });
        client("mastodon-client.mjs", &order).as_array().cloned().unwrap_or_default()
    }

    /// Has an independent client of Mastodon make something as an account; `film` is the file of a video.
    pub fn at_mastodon(&self, act: &str, account: &str, film: &Path) -> Vec<Value> {
        self.set(&json!({ "reader": account }));
        let order = json!({ "act": act, "server": self.server, "token": sandbox::READER, "film": film });
        client("mastodon-client.mjs", &order).as_array().cloned().unwrap_or_default()
    }

    /// Has X's own client do something there, newest first where it reads.
    pub fn at_x(&self, act: &str) -> Vec<Value> {
        let order = json!({ "act": act, "server": self.server, "token": sandbox::READER });
        other_client("x", &order).as_array().cloned().unwrap_or_default()
    }

    /// Has X's own client post a video of these bytes, in pieces; or read the videos that are there.
    pub fn at_x_with(&self, act: &str, film: &Path) -> Vec<Value> {
        let order = json!({ "act": act, "server": self.server, "token": sandbox::READER, "film": film });
        other_client("x", &order).as_array().cloned().unwrap_or_default()
    }

    /// Has LinkedIn's own client do something there, newest first where it reads.
    pub fn at_linkedin(&self, act: &str) -> Vec<Value> {
        let order = json!({ "act": act, "server": self.server, "token": sandbox::READER });
        client("linkedin-client.mjs", &order).as_array().cloned().unwrap_or_default()
    }

    /// The same with a file that is a video.
    pub fn at_linkedin_with(&self, act: &str, film: &Path) -> Vec<Value> {
        let order = json!({ "act": act, "server": self.server, "token": sandbox::READER, "film": film });
        client("linkedin-client.mjs", &order).as_array().cloned().unwrap_or_default()
    }

    /// Has Tumblr's own client do something on a blog, newest first where it reads.
    pub fn on_tumblr(&self, act: &str, blog: &str) -> Vec<Value> {
        let order = json!({ "act": act, "server": self.server, "token": sandbox::READER, "blog": blog });
        client("tumblr-client.mjs", &order).as_array().cloned().unwrap_or_default()
    }

    /// The same with a file that is a video.
    pub fn on_tumblr_with(&self, act: &str, blog: &str, film: &Path) -> Vec<Value> {
        let order = json!({ "act": act, "server": self.server, "token": sandbox::READER, "blog": blog, "film": film });
        client("tumblr-client.mjs", &order).as_array().cloned().unwrap_or_default()
    }

    /// Has Google's own client do something on the channel of YouTube, newest first where it reads.
    pub fn at_youtube(&self, act: &str) -> Vec<Value> {
        let order = json!({ "act": act, "server": self.server, "token": sandbox::READER });
        client("youtube-client.mjs", &order).as_array().cloned().unwrap_or_default()
    }

    /// Has a client that is not ours sign in to TikTok and make a post of a file or of addresses (`film`, `pictures`), or ask how one
    /// `stands`; answers its identity and how it stands.
    pub fn at_tiktok(&self, act: &str, with: &Value) -> Vec<Value> {
        let order = json!({ "act": act, "server": self.server, "app": sandbox::TIKTOK_APP, "with": with });
        other_client("tiktok", &order).as_array().cloned().unwrap_or_default()
    }

    /// Every webhook that came to the website, oldest first, with its very bytes.
    pub fn webhooks(&self) -> Vec<Value> {
        self.door("GET", "/_webhooks", &Value::Null).as_array().cloned().unwrap_or_default()
    }

    /// Has the Standard Webhooks library, which is not ours, do something with webhooks: `verify` those that came, or
    /// `send` some to the website.
    pub fn by_library(&self, act: &str, secret: &str, webhooks: &[Value]) -> Vec<Value> {
        let to = [&*self.server, sandbox::WEBSITE].concat();
        let order = json!({ "act": act, "secret": secret, "to": to, "webhooks": webhooks });
        client("website-client.mjs", &order).as_array().cloned().unwrap_or_default()
    }

    /// What readers would see on a network, oldest first, by the sandbox's own account.
    pub fn published(&self, network: &str) -> Vec<Value> {
        self.door("GET", "/_posts", &Value::Null)[network].as_array().cloned().unwrap_or_default()
    }

    /// Has Meta's own client do something on the account of Instagram that is linked to a page.
    pub fn on_instagram(&self, act: &str, page: &str, picture: &str) -> Vec<Value> {
        self.set(&json!({ "page_reader": page }));
        let order = json!({
            "act": act, "server": self.server, "app": sandbox::APP, "token": sandbox::READER,
            "account": sandbox::account_of(&sandbox::page_id(page)), "picture": picture,
        });
        other_client("instagram", &order).as_array().cloned().unwrap_or_default()
    }

    /// Where its Threads answers.
    pub fn threads(&self) -> String {
        self.door("GET", "/_threads", &Value::Null).as_str().unwrap_or_default().to_owned()
    }

    /// Has an independent client do something on the profile of Threads; `film` is the address of a video.
    pub fn on_threads(&self, act: &str, film: &str) -> Vec<Value> {
        self.set(&json!({ "page_reader": "" }));
        let order = json!({ "act": act, "server": self.threads(), "token": sandbox::READER,
            "profile": sandbox::PROFILE.0, "film": film });
        other_client("threads", &order).as_array().cloned().unwrap_or_default()
    }

    /// Has it stand for Threads, for one town.
    pub fn stands_for_threads(&self, town: &Town) {
        town.stand_in(Network::Threads, &self.threads());
    }

    /// Has it stand for Instagram's own login, for one town.
    pub fn stands_for_instagram(&self, town: &Town) {
        let server = self.door("GET", "/_instagram", &Value::Null);
        town.stand_in(Network::Instagram, server.as_str().unwrap_or_default());
    }

    /// Has it stand for Facebook, for one town.
    pub fn stands_for_facebook(&self, town: &Town) {
        town.stand_in(Network::Facebook, &self.server);
    }

    /// Every secret that it has given out.
    pub fn secrets(&self) -> Vec<String> {
        let issued = self.door("GET", "/_secrets", &Value::Null);
        issued.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// What was not of a network's interface.
    pub fn objections(&self) -> Vec<Value> {
        self.door("GET", "/_objections", &Value::Null).as_array().cloned().unwrap_or_default()
    }

    /// What the independent client reads of an account there.
    pub fn read(&self, account: &str) -> Vec<Value> {
        self.set(&json!({ "reader": account }));
        let whoami = json!({ "act": "whoami", "server": self.server, "token": sandbox::READER });
        let account = client("mastodon-client.mjs", &whoami)["id"].clone();
        let order = json!({ "act": "statuses", "server": self.server, "token": sandbox::READER, "account": account });
        client("mastodon-client.mjs", &order).as_array().cloned().unwrap_or_default()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.secrets().iter().for_each(|secret| crate::secrets::keep(secret));
        }
        if self.objects && !std::thread::panicking() {
            assert_eq!(self.objections(), Vec::<Value>::new(), "not of the network's interface");
        }
    }
}

/// Sends an administrator to a Mastodon server to agree there, and back. `agree` is what happens in their browser: it
/// gets the address to go to and answers where the server sends the browser.
pub fn agree_at(administrator: &Member, server: &str, agree: impl FnOnce(&str) -> String) -> Result<Channel, String> {
    let connect = channels::Connect::Mastodon { server: server.to_owned() };
    let channels::Connected::GoTo { address } = administrator.ok(&channels::CONNECT, &[], &connect) else {
        panic!("connected without anybody's consent")
    };
    come_back(administrator, &agree(&address))
}

/// Follows a network back to the desk: a channel, or where else it ends.
fn come_back(administrator: &Member, back: &str) -> Result<Channel, String> {
    let path = back.strip_prefix(http::url()).unwrap_or_else(|| panic!("sent back to {back}"));
    let landed = administrator.raw(Method::Get, path, b"");
    let to = landed.header("location").to_owned();
    match to.split_once("?connected=") {
        Some((_, id)) => Ok(channel(administrator, id)),
        None => Err(to),
    }
}

/// What connects a page with the sandbox's developer app.
pub fn facebook_app(onto: Option<&ChannelId>) -> channels::Connect {
    let (app_id, app_secret) = (sandbox::APP.0.to_owned(), sandbox::APP.1.to_owned());
    channels::Connect::Facebook { app_id, app_secret, configuration: None, channel: onto.cloned() }
}

/// What connects an account of X with the sandbox's developer app.
pub fn app_of_x(onto: Option<&ChannelId>) -> channels::Connect {
    let (client_id, client_secret) = (sandbox::X_APP.0.to_owned(), sandbox::X_APP.1.to_owned());
    channels::Connect::X { client_id, client_secret, channel: onto.cloned() }
}

/// What connects a page at LinkedIn with the sandbox's developer app.
pub fn app_of_linkedin(onto: Option<&ChannelId>) -> channels::Connect {
    let (client_id, client_secret) = (sandbox::LINKEDIN_APP.0.to_owned(), sandbox::LINKEDIN_APP.1.to_owned());
    channels::Connect::Linkedin { client_id, client_secret, channel: onto.cloned() }
}

/// What connects a blog of Tumblr with the sandbox's app.
pub fn app_of_tumblr(onto: Option<&ChannelId>) -> channels::Connect {
    let (client_id, client_secret) = (sandbox::TUMBLR_APP.0.to_owned(), sandbox::TUMBLR_APP.1.to_owned());
    channels::Connect::Tumblr { client_id, client_secret, channel: onto.cloned() }
}

/// What connects a channel of YouTube with the sandbox's project.
pub fn app_of_youtube(onto: Option<&ChannelId>) -> channels::Connect {
    let (client_id, client_secret) = (sandbox::YOUTUBE_APP.0.to_owned(), sandbox::YOUTUBE_APP.1.to_owned());
    channels::Connect::Youtube { client_id, client_secret, channel: onto.cloned() }
}

/// What connects an account of TikTok with the sandbox's app.
pub fn app_of_tiktok(onto: Option<&ChannelId>) -> channels::Connect {
    let (client_id, client_secret) = (sandbox::TIKTOK_APP.0.to_owned(), sandbox::TIKTOK_APP.1.to_owned());
    channels::Connect::Tiktok { client_id, client_secret, channel: onto.cloned() }
}

/// What connects the account of Instagram that is linked to a page.
pub fn instagram_app(onto: Option<&ChannelId>) -> channels::Connect {
    let (app_id, app_secret) = (sandbox::APP.0.to_owned(), sandbox::APP.1.to_owned());
    channels::Connect::Instagram { app_id, app_secret, configuration: None, channel: onto.cloned() }
}

/// What connects an account of Instagram by its own login.
pub fn instagram_itself(onto: Option<&ChannelId>) -> channels::Connect {
    let (app_id, app_secret) = (sandbox::INSTAGRAM_APP.0.to_owned(), sandbox::INSTAGRAM_APP.1.to_owned());
    channels::Connect::InstagramItself { app_id, app_secret, channel: onto.cloned() }
}

/// What connects a profile of Threads.
pub fn threads_app(onto: Option<&ChannelId>) -> channels::Connect {
    let (app_id, app_secret) = (sandbox::THREADS_APP.0.to_owned(), sandbox::THREADS_APP.1.to_owned());
    channels::Connect::Threads { app_id, app_secret, channel: onto.cloned() }
}

/// Sends an administrator to the network of a connection to agree there, and back.
pub fn agree_at_network(administrator: &Member, connect: &channels::Connect) -> Result<Channel, String> {
    let channels::Connected::GoTo { address } = administrator.ok(&channels::CONNECT, &[], connect) else {
        panic!("connected without anybody's consent")
    };
    come_back(administrator, &sent_on(&address))
}

/// Where a server sends the browser of whoever opens an address.
pub fn sent_on(address: &str) -> String {
    let raw = http::abroad("GET", address, &[], b"");
    assert!((300..400).contains(&raw.status), "{address}: {} {}", raw.status, raw.text());
    // What is behind the number sign a browser keeps to itself.
    raw.header("location").split('#').next().unwrap_or_default().to_owned()
}

/// A channel by its identity.
pub fn channel(member: &Member, id: &str) -> Channel {
    let all = member.ok(&channels::CHANNELS, &[], &wire::Nothing {});
    all.into_iter().find(|channel| channel.id.as_str() == id).unwrap_or_else(|| panic!("there is no channel {id}"))
}

/// A notice for one channel, in Spanish.
pub fn notice_on(town: &Town, channel: &Channel, text: &str) -> Content {
    let mut content = town.notice(text);
    content.targets[0].channel = channel.id.clone();
    content.targets[0].languages = vec![Language::spanish()];
    content
}

/// Has a content written, approved and released; answers before anything came of it.
pub fn release(town: &Town, content: &Content) -> PostView {
    let author = town.author();
    let approved = town.mayor().approve(&author.submit(&author.write(content)));
    author.release(&approved)
}

/// The same, until it is out in every language.
pub fn publish(town: &Town, content: &Content) -> PostView {
    let released = release(town, content);
    let author = town.author();
    eventually("it to be out", || {
        let view = author.read(&released.post.id);
        let states: Vec<PublicationState> = view.publications.iter().map(|publication| publication.state).collect();
        let stuck = |state: &PublicationState| matches!(state, PublicationState::Failed | PublicationState::Held);
        assert!(!states.iter().any(stuck), "{:?}", view.publications);
        states.iter().all(|state| *state == PublicationState::Out).then_some(view)
    })
}
